/*
 * A fact: one typed, bounded, canonical piece of evidence.
 *
 * kinds.def says what kinds there are; from it come the structures here, the
 * tables of the case, the codec and the documentation.
 */
#ifndef FACTS_FACT_H
#define FACTS_FACT_H

#include "base/frames.h"
#include "base/job.h"
#include "base/json.h"
#include "base/span.h"

#define FACT_TEXT_MAX 4096
#define UNKNOWN INT64_MIN /* an INTEGER or BOOLEAN nobody knows; unknown TEXT is NULL */

#define FACT_C_TEXT const char *
#define FACT_C_INTEGER int64_t
#define FACT_C_BOOLEAN int64_t
#define FIELD(kind, type, name, unit, doc) FACT_C_##type name;
#define VOLATILE FIELD
#define KIND(name, doc, ...)                                                                       \
	struct name##_fact {                                                                       \
		__VA_ARGS__                                                                        \
	};
#include "facts/kinds.def"
#undef KIND
#undef FIELD
#undef VOLATILE

enum fact_kind {
#define KIND(name, doc, ...) FACT_##name,
#include "facts/kinds.def"
#undef KIND
	FACT_KIND_COUNT
};

struct fact {
	enum fact_kind kind;
	int64_t fact;       /* id in the case; 0 before it is stored */
	int64_t subject;    /* id of the subject fact; the supervisor sets it */
	const char *source; /* collector, probe, "dossier" or a role */
	const char *path;   /* path in the image: "0.uimage/40.squashfs/etc/passwd" */
	int64_t offset;     /* byte in that file or image */
	const char *address;
	int64_t port;
	int64_t exchange;    /* event of the transcript */
	const char *state;   /* factory_default, initialised, after_reset */
	const char *reach;   /* local or remote */
	const char *level;   /* observe, login, stress */
	const char *excerpt; /* the line or the few bytes at `offset`, secrets shortened */
	struct span hide;    /* of the content at hand: what no excerpt may show; not kept */
	union {
#define KIND(name, doc, ...) struct name##_fact name;
#include "facts/kinds.def"
#undef KIND
	} as;
};

enum field_type { FIELD_TEXT, FIELD_INTEGER, FIELD_BOOLEAN };

struct field_description {
	const char *name;
	const char *unit;
	const char *doc;
	enum field_type type;
	bool is_volatile;
	size_t at; /* offset in struct fact */
};

struct kind_description {
	const char *name;
	const char *doc;
	const struct field_description *fields;
	size_t field_count;
};

/* All kinds, in the order of kinds.def, indexed by enum fact_kind. */
extern const struct kind_description fact_kinds[FACT_KIND_COUNT];
/* The common columns after fact and subject: source … excerpt. */
extern const struct field_description fact_common[];
extern const size_t fact_common_count;

/* A fact of `kind` with every field unknown. */
struct fact fact_new(enum fact_kind kind);
/* The kind of that name; FACT_KIND_COUNT when there is none. */
enum fact_kind fact_kind_named(const char *name);

/* Field access by description; the field's type says which one. */
const char *fact_get_text(const struct fact *fact, const struct field_description *field);
int64_t fact_get_integer(const struct fact *fact, const struct field_description *field);
void fact_set_text(struct fact *fact, const struct field_description *field, const char *value);
void fact_set_integer(struct fact *fact, const struct field_description *field, int64_t value);

/*
 * Checks that every text is UTF-8, at most FACT_TEXT_MAX bytes and free of
 * control characters except newline and tab, and every BOOLEAN is 0, 1 or
 * UNKNOWN.  Collectors make text with text_from_bytes, so this never fails for them.
 */
enum status fact_check(struct job *job, const struct fact *fact);

/* Order of facts in a case: kind, then columns in order, unknown first.  Ignores fact and subject.
 */
int fact_compare(const struct fact *a, const struct fact *b);

/* Wire form (FRAME_FACT): all fields but fact and subject. */
void fact_encode(struct text *out, const struct fact *fact);
enum status fact_decode(struct job *job, struct span bytes, struct fact *fact);

/* One JSON object: {"kind":…,"path":…,…}; unknown members are left out. */
void fact_to_json(struct json *json, const struct fact *fact);

/* Canonical bytes for digests: like the wire form, with subject, without volatile fields. */
void fact_canonical(struct text *out, const struct fact *fact);

#endif
