/* Everything about kinds is read off kinds.def: this file holds no domain word. */
#include "facts/fact.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define FIELD(kind, type, name, unit, doc)                                                         \
	{#name, unit, doc, FIELD_##type, false, offsetof(struct fact, as.kind.name)},
#define VOLATILE(kind, type, name, unit, doc)                                                      \
	{#name, unit, doc, FIELD_##type, true, offsetof(struct fact, as.kind.name)},
#define KIND(name, doc, ...) static const struct field_description name##_fields[] = {__VA_ARGS__};
#include "facts/kinds.def"
#undef KIND
#undef FIELD
#undef VOLATILE

const struct kind_description fact_kinds[FACT_KIND_COUNT] = {
#define KIND(name, doc, ...) {#name, doc, name##_fields, ARRAY_SIZE(name##_fields)},
#include "facts/kinds.def"
#undef KIND
};

#define COMMON(type, name, doc)                                                                    \
	{                                                                                          \
#name, "", doc, FIELD_##type, false, offsetof(struct fact, name)                   \
	}
const struct field_description fact_common[] = {
    COMMON(TEXT, source, "collector, probe, dossier or role that says so"),
    COMMON(TEXT, path, "path in the image, containers included"),
    COMMON(INTEGER, offset, "byte in that file or image"),
    COMMON(TEXT, address, "address of the unit"),
    COMMON(INTEGER, port, "port of the unit"),
    COMMON(INTEGER, exchange, "event of the transcript"),
    COMMON(TEXT, state, "factory_default, initialised or after_reset"),
    COMMON(TEXT, reach, "local or remote"),
    COMMON(TEXT, level, "observe, login or stress"),
    COMMON(TEXT, excerpt, "the line or the few bytes at that place, secrets shortened"),
};
const size_t fact_common_count = ARRAY_SIZE(fact_common);

const char *
fact_get_text(const struct fact *fact, const struct field_description *field)
{
	const char *value;

	memcpy(&value, (const char *)fact + field->at, sizeof value);
	return value;
}

int64_t
fact_get_integer(const struct fact *fact, const struct field_description *field)
{
	int64_t value;

	memcpy(&value, (const char *)fact + field->at, sizeof value);
	return value;
}

void
fact_set_text(struct fact *fact, const struct field_description *field, const char *value)
{
	memcpy((char *)fact + field->at, &value, sizeof value);
}

void
fact_set_integer(struct fact *fact, const struct field_description *field, int64_t value)
{
	memcpy((char *)fact + field->at, &value, sizeof value);
}

static void
forget(struct fact *fact, const struct field_description *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (fields[i].type == FIELD_TEXT)
			fact_set_text(fact, &fields[i], NULL);
		else
			fact_set_integer(fact, &fields[i], UNKNOWN);
	}
}

struct fact
fact_new(enum fact_kind kind)
{
	struct fact fact = {.kind = kind};

	forget(&fact, fact_common, fact_common_count);
	forget(&fact, fact_kinds[kind].fields, fact_kinds[kind].field_count);
	return fact;
}

enum fact_kind
fact_kind_named(const char *name)
{
	for (size_t i = 0; i < FACT_KIND_COUNT; i++)
		if (strcmp(fact_kinds[i].name, name) == 0)
			return (enum fact_kind)i;
	return FACT_KIND_COUNT;
}

static enum status
check_text(struct job *job, const struct fact *fact, const char *field, const char *value)
{
	size_t size = strlen(value);

	if (size > FACT_TEXT_MAX)
		return fail(job, STATUS_MALFORMED, "fact %s.%s: %zu bytes, at most %d",
		    fact_kinds[fact->kind].name, field, size, FACT_TEXT_MAX);
	if (!text_is_utf8(value, size))
		return fail(job, STATUS_MALFORMED, "fact %s.%s: not UTF-8",
		    fact_kinds[fact->kind].name, field);
	for (size_t i = 0; i < size; i++)
		if (((unsigned char)value[i] < 0x20 && value[i] != '\n' && value[i] != '\t') ||
		    value[i] == 0x7f)
			return fail(job, STATUS_MALFORMED, "fact %s.%s: control character at %zu",
			    fact_kinds[fact->kind].name, field, i);
	return STATUS_OK;
}

static enum status
check_fields(
    struct job *job, const struct fact *fact, const struct field_description *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (fields[i].type == FIELD_TEXT) {
			const char *value = fact_get_text(fact, &fields[i]);

			if (value != NULL)
				TRY(check_text(job, fact, fields[i].name, value));
		} else if (fields[i].type == FIELD_BOOLEAN) {
			int64_t value = fact_get_integer(fact, &fields[i]);

			if (value != UNKNOWN && value != 0 && value != 1)
				return fail(job, STATUS_MALFORMED, "fact %s.%s: not 0 or 1",
				    fact_kinds[fact->kind].name, fields[i].name);
		}
	}
	return STATUS_OK;
}

enum status
fact_check(struct job *job, const struct fact *fact)
{
	const struct kind_description *kind = &fact_kinds[fact->kind];

	TRY(check_fields(job, fact, fact_common, fact_common_count));
	return check_fields(job, fact, kind->fields, kind->field_count);
}

static int
compare_text(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int
compare_fields(const struct fact *a, const struct fact *b, const struct field_description *fields,
    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int order;

		if (fields[i].type == FIELD_TEXT) {
			order = compare_text(
			    fact_get_text(a, &fields[i]), fact_get_text(b, &fields[i]));
		} else {
			int64_t left = fact_get_integer(a, &fields[i]),
				right = fact_get_integer(b, &fields[i]);

			order = (left > right) - (left < right);
		}
		if (order != 0)
			return order;
	}
	return 0;
}

int
fact_compare(const struct fact *a, const struct fact *b)
{
	int order;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	order = compare_fields(a, b, fact_common, fact_common_count);
	if (order != 0)
		return order;
	return compare_fields(a, b, fact_kinds[a->kind].fields, fact_kinds[a->kind].field_count);
}

static void
encode_fields(struct text *out, const struct fact *fact, const struct field_description *fields,
    size_t count, bool with_volatile)
{
	for (size_t i = 0; i < count; i++) {
		if (fields[i].is_volatile && !with_volatile)
			continue;
		if (fields[i].type == FIELD_TEXT)
			put_string(out, fact_get_text(fact, &fields[i]));
		else
			put_u64(out, (uint64_t)fact_get_integer(fact, &fields[i]));
	}
}

static bool
decode_fields(struct job *job, struct reader *reader, struct fact *fact,
    const struct field_description *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (fields[i].type == FIELD_TEXT) {
			const char *value;

			if (!get_string(job, reader, FACT_TEXT_MAX, &value))
				return false;
			fact_set_text(fact, &fields[i], value);
		} else {
			fact_set_integer(fact, &fields[i], (int64_t)read_u64_le(reader));
		}
	}
	return !reader->overrun;
}

void
fact_encode(struct text *out, const struct fact *fact)
{
	const struct kind_description *kind = &fact_kinds[fact->kind];

	put_string(out, kind->name);
	encode_fields(out, fact, fact_common, fact_common_count, true);
	encode_fields(out, fact, kind->fields, kind->field_count, true);
}

enum status
fact_decode(struct job *job, struct span bytes, struct fact *fact)
{
	struct reader reader = {.rest = bytes};
	struct fact decoded;
	enum fact_kind kind;
	const char *name;

	if (!get_string(job, &reader, 64, &name) || name == NULL)
		return fail(job, STATUS_MALFORMED, "fact: no kind");
	kind = fact_kind_named(name);
	if (kind == FACT_KIND_COUNT)
		return fail(job, STATUS_MALFORMED, "fact: unknown kind");
	decoded = fact_new(kind);
	if (!decode_fields(job, &reader, &decoded, fact_common, fact_common_count) ||
	    !decode_fields(
		job, &reader, &decoded, fact_kinds[kind].fields, fact_kinds[kind].field_count) ||
	    reader.rest.size != 0)
		return fail(job, STATUS_MALFORMED,
		    "fact %s: cut short, too long, or trailing bytes", fact_kinds[kind].name);
	TRY(fact_check(job, &decoded));
	*fact = decoded;
	return STATUS_OK;
}

void
fact_canonical(struct text *out, const struct fact *fact)
{
	const struct kind_description *kind = &fact_kinds[fact->kind];

	put_string(out, kind->name);
	put_u64(out, (uint64_t)fact->subject);
	encode_fields(out, fact, fact_common, fact_common_count, false);
	encode_fields(out, fact, kind->fields, kind->field_count, false);
}

/* The object's own "kind" names the table, so the column of `looked` that is called kind is
 * renamed. */
static const char *
json_field_name(const struct field_description *field)
{
	return strcmp(field->name, "kind") == 0 ? "looked_for" : field->name;
}

static void
fields_to_json(struct json *json, const struct fact *fact, const struct field_description *fields,
    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (fields[i].type == FIELD_TEXT) {
			const char *value = fact_get_text(fact, &fields[i]);

			if (value != NULL)
				json_member_string(json, json_field_name(&fields[i]), value);
			continue;
		}
		int64_t number = fact_get_integer(fact, &fields[i]);

		if (number == UNKNOWN)
			continue;
		if (fields[i].type == FIELD_BOOLEAN)
			json_member_boolean(json, fields[i].name, number != 0);
		else
			json_member_integer(json, fields[i].name, number);
	}
}

void
fact_to_json(struct json *json, const struct fact *fact)
{
	const struct kind_description *kind = &fact_kinds[fact->kind];

	json_open_object(json);
	json_member_string(json, "kind", kind->name);
	if (fact->fact != 0)
		json_member_integer(json, "fact", fact->fact);
	if (fact->subject != 0)
		json_member_integer(json, "subject", fact->subject);
	fields_to_json(json, fact, fact_common, fact_common_count);
	fields_to_json(json, fact, kind->fields, kind->field_count);
	json_close_object(json);
}
