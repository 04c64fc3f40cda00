/* An RPM is a lead nobody needs, two tables of tags, and a compressed cpio. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "firmware/unpack.h"

#define LEAD_SIZE 96u
#define INTRO_SIZE 16u
#define ENTRY_SIZE 16u
#define MAX_ENTRIES 65536u
#define MAX_STORE ((uint32_t)256 << 20)

enum { TYPE_INT32 = 4, TYPE_INT64 = 5, TYPE_STRING = 6, TYPE_STRINGS = 8, TYPE_I18N = 9 };

enum {
	SIGNATURE_LONG_SIZE = 270,
	SIGNATURE_SHA256 = 273,
	SIGNATURE_SIZE = 1000,
	TAG_NAME = 1000,
	TAG_VERSION = 1001,
	TAG_RELEASE = 1002,
	TAG_ARCH = 1022,
	TAG_COMPRESSOR = 1125,
	TAG_PAYLOAD_DIGEST = 5092,
};

/* A table of tags and its store. */
struct table {
	uint32_t count;
	struct span entries, store;
	size_t size; /* with its intro */
};

struct parts {
	struct table signature, header;
	struct span header_bytes;
	size_t payload; /* where it begins */
	uint64_t end;   /* as said; UINT64_MAX: not said */
};

static bool
read_table(struct span at, struct table *table)
{
	struct reader reader = {.rest = at};
	uint32_t store;

	if (!span_starts_with(at, "\x8e\xad\xe8\x01", 4))
		return false;
	read_bytes(&reader, 8);
	table->count = read_u32_be(&reader);
	store = read_u32_be(&reader);
	if (table->count > MAX_ENTRIES || store > MAX_STORE)
		return false;
	table->entries = read_bytes(&reader, (size_t)table->count * ENTRY_SIZE);
	table->store = read_bytes(&reader, store);
	table->size = INTRO_SIZE + table->entries.size + store;
	return !reader.overrun;
}

/* Where the store holds the first value of a tag; empty when it is not there or of another type. */
static struct span
find_tag(const struct table *table, uint32_t tag, uint32_t type, uint32_t other_type)
{
	struct reader reader = {.rest = table->entries};

	for (uint32_t i = 0; i < table->count; i++) {
		uint32_t this = read_u32_be(&reader), kind = read_u32_be(&reader);
		uint32_t offset = read_u32_be(&reader);

		read_u32_be(&reader);
		if (this == tag && (kind == type || kind == other_type))
			return span_from(table->store, offset);
	}
	return (struct span){0};
}

static bool
has_tag(const struct table *table, uint32_t tag)
{
	struct reader reader = {.rest = table->entries};

	for (uint32_t i = 0; i < table->count; i++) {
		if (read_u32_be(&reader) == tag)
			return true;
		read_bytes(&reader, ENTRY_SIZE - 4);
	}
	return false;
}

static struct span
find_string(const struct table *table, uint32_t tag)
{
	struct span value = find_tag(table, tag, TYPE_STRING, TYPE_STRINGS);

	return value.size == 0 ? value
			       : span_part(value, 0, strnlen((const char *)value.at, value.size));
}

static bool
read_parts(struct span at, struct parts *parts)
{
	struct reader reader = {0};
	size_t begin;

	if (!read_table(span_from(at, LEAD_SIZE), &parts->signature))
		return false;
	begin = LEAD_SIZE + (parts->signature.size + 7) / 8 * 8;
	if (!read_table(span_from(at, begin), &parts->header))
		return false;
	parts->header_bytes = span_part(at, begin, parts->header.size);
	parts->payload = begin + parts->header.size;
	parts->end = UINT64_MAX;
	reader.rest = find_tag(&parts->signature, SIGNATURE_SIZE, TYPE_INT32, TYPE_INT32);
	if (reader.rest.size >= 4)
		parts->end = begin + (uint64_t)read_u32_be(&reader);
	reader.rest = find_tag(&parts->signature, SIGNATURE_LONG_SIZE, TYPE_INT64, TYPE_INT64);
	if (reader.rest.size >= 8)
		parts->end = read_u64_be(&reader);
	if (reader.rest.size >= 8 && parts->end <= UINT64_MAX - begin)
		parts->end += begin;
	return parts->end >= parts->payload;
}

/* " good", " bad", or " absent" for a SHA-256 in hexadecimal. */
static const char *
judge(struct job *job, struct span said, struct span bytes)
{
	struct digest digest;
	char text[DIGEST_HEX_SIZE];

	if (said.size == 0)
		return "absent";
	if (digest_of(job, bytes, &digest) != STATUS_OK)
		return "unknown";
	digest_to_hex(&digest, text);
	return span_equal(said, span_of_string(text)) ? "good" : "bad";
}

static const char *
text_of(struct job *job, struct span text)
{
	const char *string = text_from_bytes(job, text.at, text.size, 100);

	return string == NULL || string[0] == '\0' ? "?" : string;
}

static bool
is_signed(const struct table *signature)
{
	static const uint32_t tags[] = {267, 268, 1002, 1005}; /* DSA, RSA, PGP, GPG */

	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		if (has_tag(signature, tags[i]))
			return true;
	return false;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct parts parts;
	bool whole;

	if (!read_parts(at, &parts)) {
		if (!claim->expected)
			return;
		claim->bytes = at.size;
		claim->coverage = COVERAGE_DAMAGED;
		claim->detail = "its tables are damaged or cut short";
		claim->incomplete = "the tables of the package cannot be read";
		return;
	}
	whole = parts.end <= at.size;
	claim->bytes = whole ? parts.end : at.size;
	if (!whole && parts.end != UINT64_MAX) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the payload is cut short";
	}
	claim->detail = arena_printf(job,
	    "package %s %s-%s for %s, %s, header sha256 %s, payload sha256 %s, %s%s",
	    text_of(job, find_string(&parts.header, TAG_NAME)),
	    text_of(job, find_string(&parts.header, TAG_VERSION)),
	    text_of(job, find_string(&parts.header, TAG_RELEASE)),
	    text_of(job, find_string(&parts.header, TAG_ARCH)),
	    text_of(job, find_string(&parts.header, TAG_COMPRESSOR)),
	    judge(job, find_string(&parts.signature, SIGNATURE_SHA256), parts.header_bytes),
	    judge(job, find_string(&parts.header, TAG_PAYLOAD_DIGEST),
		span_part(at, parts.payload, claim->bytes - parts.payload)),
	    is_signed(&parts.signature) ? "signed" : "not signed",
	    claim->incomplete != NULL ? ", cut short" : "");
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct parts parts;
	struct hint hint = {0};

	if (!read_parts(content, &parts))
		return fail(job, STATUS_MALFORMED, "rpm: its tables cannot be read");
	hint.offset = parts.payload;
	/* LZMA has no magic worth the name: the tag is needed */
	if (span_equal(find_string(&parts.header, TAG_COMPRESSOR), span_of_string("lzma")))
		hint.format = "lzma";
	return unpack_search(unpack, container, content, parts.payload, &hint, 1);
}

static const struct magic magics[] = {
    {.pattern = "\\xed\\xab\\xee\\xdb[\\x03\\x04].\\x00[\\x00\\x01]", .length = 8}};

const struct format format_rpm = {
    .name = "rpm",
    .title = "RPM package",
    .source = "RPM Package Manager reference manual, Package Format V4; Linux Standard Base 5.0, "
	      "chapter 22",
    .gaps =
	"owners are those of the payload, not the names in the header; files of 4 GiB and more; "
	"signatures are not verified",
    .nature = NATURE_WRAPPER,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
