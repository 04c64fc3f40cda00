/*
 * Text that grows in a job's arena, and the rules by which strange bytes become text.
 *
 * A text remembers a failed allocation: `failed` is set and later writes do
 * nothing, so a writer checks once, with text_finish().
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/job.h"
#include "base/span.h"

struct text {
	struct job *job;
	char *at; /* NUL-terminated once anything was written */
	size_t size;
	size_t room;
	bool failed;
};

struct text text_new(struct job *job);
void text_put(struct text *text, const char *string);
void text_put_bytes(struct text *text, const void *at, size_t size);
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* STATUS_LIMIT when any write failed; else *string is the text ("" when empty). */
enum status text_finish(struct text *text, const char **string);

bool text_is_utf8(const char *at, size_t size);
/*
 * Untrusted bytes as a UTF-8 string of at most `limit` bytes: invalid bytes and
 * control characters become \xNN, a backslash becomes \\, a cut ends in "…".
 * NULL only when out of budget.
 */
char *text_from_bytes(struct job *job, const void *at, size_t size, size_t limit);

/* Lower-case ASCII comparison and search, independent of locale. */
bool text_equal_ignoring_case(const char *a, const char *b);
bool text_starts_with(const char *string, const char *prefix);
bool text_ends_with(const char *string, const char *suffix);
/* Whole string as a decimal integer in [minimum, maximum]. */
bool text_parse_integer(const char *string, int64_t minimum, int64_t maximum, int64_t *value);

/* Date helpers: "YYYY-MM-DD" and "YYYY-MM-DDThh:mm:ssZ", UTC.  Formatting writes at most 21 bytes.
 */
bool text_parse_date(const char *string, int64_t *unix_seconds);
bool text_parse_time(const char *string, int64_t *unix_seconds);
void text_format_date(int64_t unix_seconds, char out[32]);
void text_format_time(int64_t unix_seconds, char out[32]);

#endif
