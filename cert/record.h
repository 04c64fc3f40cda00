/*
 * A record is a structure of named fields with exactly one spelling as XML, so
 * equal records are equal bytes and a signed byte has one meaning.
 *
 * The reader accepts what the writer writes and nothing else: no attribute
 * beside xmlns, no comment, no other order, indentation, escape or encoding.
 * Any XML tool reads the result; we need none to read it back.
 *
 * TEXT     UTF-8 without control or direction-changing characters, no space at its ends
 * INTEGER  int64_t, decimal, 0 to RECORD_INTEGER_MAX
 * FLAG     bool, "true" or "false"
 * DIGEST   struct digest, 64 lower-case hexadecimal digits
 * DATE     const char *, "YYYY-MM-DD", a legal day (UTC+7)
 * TIME     int64_t Unix seconds, "YYYY-MM-DDThh:mm:ssZ"
 * BYTES    struct span, base64 without line ends
 * TEXTS    const char *const *, one element an item
 * DIGESTS  const struct digest *, one element an item
 * RECORDS  array of structures, one nested element an item
 */
#ifndef CERT_RECORD_H
#define CERT_RECORD_H

#include "base/digest.h"
#include "base/job.h"
#include "base/span.h"
#include "base/text.h"

#define RECORD_PROLOGUE "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define RECORD_INTEGER_MAX ((int64_t)1 << 53)

enum record_type {
	RECORD_TEXT,
	RECORD_INTEGER,
	RECORD_FLAG,
	RECORD_DIGEST,
	RECORD_DATE,
	RECORD_TIME,
	RECORD_BYTES,
	RECORD_TEXTS,
	RECORD_DIGESTS,
	RECORD_RECORDS,
};

struct record_shape;

struct record_field {
	const char *name;
	enum record_type type;
	bool optional;   /* NULL text, date or bytes, empty list: no element */
	size_t limit;    /* bytes of a TEXT or BYTES, of each of the TEXTS; else unused */
	size_t at;       /* offset in the structure */
	size_t count_at; /* lists: offset of the size_t count */
	size_t most;     /* lists: number of items allowed */
	const struct record_shape *items;
};

struct record_shape {
	const char *name;  /* root or nested element */
	const char *space; /* namespace of a root element; NULL when nested */
	const struct record_field *fields;
	size_t field_count;
	size_t size; /* of the structure */
};

/* Writes the one spelling; STATUS_MALFORMED names a field that is missing, too long or unfit. */
enum status record_write(
    struct job *job, const struct record_shape *shape, const void *structure, struct span *bytes);

/*
 * Reads `bytes` into `*structure` (zeroed first); everything it points to
 * lives in the job's arena.
 *
 * STATUS_MALFORMED  not the one spelling of such a record: the field, and what was found
 */
enum status record_read(
    struct job *job, const struct record_shape *shape, struct span bytes, void *structure);

/* The root element's name and namespace say it is a record of this shape. */
bool record_is(const struct record_shape *shape, struct span bytes);

#endif
