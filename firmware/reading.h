/*
 * What collectors share: lines, words and fields of a text file as borrowed
 * spans, and a fact about a place in a file.
 */
#ifndef FIRMWARE_READING_H
#define FIRMWARE_READING_H

#include "facts/fact.h"
#include "firmware/node.h"

/* A fact about byte `offset` of the file `node`. */
struct fact fact_in(enum fact_kind kind, const struct node *node, uint64_t offset);

/* Text of untrusted bytes, at most 1024 bytes: NULL only when out of budget. */
const char *span_text(struct job *job, struct span bytes);

/* Takes the next line, without its end, off `rest`; false when nothing is left. */
bool line_next(struct span *rest, struct span *line);
/* Takes the next run of non-blanks off `rest`; false when nothing is left. */
bool word_next(struct span *rest, struct span *word);
/* Takes what stands before `separator`, or everything, off `rest`, which then begins after it. */
struct span field_next(struct span *rest, char separator);
/* Without blanks at either end. */
struct span span_trim(struct span bytes);
/* Without one pair of ' or " around it. */
struct span span_unquote(struct span bytes);

bool span_is(struct span bytes, const char *string);
/* Case of ASCII letters does not matter. */
bool span_is_word(struct span bytes, const char *string);
bool span_begins(struct span bytes, const char *string);
bool span_ends(struct span bytes, const char *string);
/* Whole span as a decimal number up to `maximum`; UNKNOWN when it is none. */
int64_t span_number(struct span bytes, int64_t maximum);

/* The first 512 bytes hold no NUL: read it as lines. */
bool span_looks_like_text(struct span content);

/* The node after `node` in depth-first order; NULL after the last. */
const struct node *node_after(const struct node *node);

#endif
