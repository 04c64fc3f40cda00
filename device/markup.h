/*
 * XML of a unit: elements, their attributes and text, and nothing else.
 *
 * A strict little reader for bytes that may be hostile: no document type, no
 * entity but the five and characters by number, a bound for everything.
 * Prefixes of namespaces are left out: operations are told by local names.
 *
 * Source: XML 1.0 (fifth edition).
 */
#ifndef DEVICE_MARKUP_H
#define DEVICE_MARKUP_H

#include "base/job.h"
#include "base/span.h"

#define MARKUP_MAX_SIZE ((size_t)256 << 10)
#define MARKUP_MAX_DEPTH 48
#define MARKUP_MAX_ELEMENTS 4000
#define MARKUP_NONE SIZE_MAX

struct markup_element {
	const char *name;       /* local name */
	struct span attributes; /* as written */
	struct span text;       /* from its first character to its last, as written */
	size_t parent;          /* index; MARKUP_NONE of the root */
	size_t end;             /* index behind its last descendant */
};

struct markup {
	struct markup_element *elements; /* in document order, the root first */
	size_t count;
};

/* STATUS_MALFORMED: no XML, cut short, a document type, or beyond a bound. */
enum status markup_read(struct job *job, struct span bytes, struct markup *markup);

/*
 * The first element of that local name below `from` (MARKUP_NONE: anywhere),
 * behind `after` (MARKUP_NONE: from the start); MARKUP_NONE when there is none.
 */
size_t markup_find(const struct markup *markup, size_t from, const char *name, size_t after);

/* Its own text, decoded, trimmed, at most `limit` bytes; that of its children is left out. "" when
 * it has none, NULL: out of memory. */
const char *markup_text(struct job *job, const struct markup *markup, size_t element, size_t limit);
/* The same of the first element of that name below `from`; NULL when there is none, or out of
 * memory. */
const char *markup_text_of(
    struct job *job, const struct markup *markup, size_t from, const char *name, size_t limit);
/* An attribute by its local name; NULL when there is none, or out of memory. */
const char *markup_attribute(
    struct job *job, const struct markup *markup, size_t element, const char *name, size_t limit);

#endif
