/*
 * A collector run on one file made by a test.
 */
#ifndef TESTS_SUPPORT_COLLECTING_H
#define TESTS_SUPPORT_COLLECTING_H

#include "facts/evidence.h"
#include "firmware/collector.h"
#include "firmware/seeker.h"

struct collecting {
	struct job *job;
	struct fact_list list;
	struct collection collection;
	struct seeker *seeker;
};

struct collecting *collecting_new(void);
void collecting_free(struct collecting *collecting);

/* Offers a file `local` of these bytes, in a block of exactly their size; asserts STATUS_OK. False
 * when it is not wanted. */
bool collecting_bytes(struct collecting *collecting, const struct collector *collector,
    const char *local, const void *bytes, size_t size);
/* The same, for what may not end well. */
enum status collecting_status(struct collecting *collecting, const struct collector *collector,
    const char *local, const void *bytes, size_t size, bool *wanted);
bool collecting_text(struct collecting *collecting, const struct collector *collector,
    const char *local, const char *text);

/* The collector must bear every shorter file, and every file with one bit changed in each `step`-th
 * byte. */
void collecting_bear(const struct collector *collector, const char *local, const void *bytes,
    size_t size, size_t step);

/* The n-th fact of a kind; NULL when there are fewer. */
const struct fact *collecting_fact(
    const struct collecting *collecting, enum fact_kind kind, size_t n);
size_t collecting_count(const struct collecting *collecting, enum fact_kind kind);

#endif
