/* A Matter OTA file says in a TLV structure who made it and what its payload's digest is. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "firmware/unpack.h"

#define FIXED_SIZE 16u
#define MAX_FIELDS 32u
#define LARGEST_HEADER 65536u

/* Control bytes of TLV; the tag is one byte, specific to its context. */
enum {
	TYPE_MASK = 0x1f,
	TAG_MASK = 0xe0,
	TAG_NONE = 0x00,
	TAG_CONTEXT = 0x20,
	TYPE_STRUCTURE = 0x15,
	TYPE_END = 0x18,
};

enum {
	FIELD_VENDOR,
	FIELD_PRODUCT,
	FIELD_VERSION,
	FIELD_VERSION_TEXT,
	FIELD_PAYLOAD_SIZE,
	FIELD_LEAST_VERSION,
	FIELD_MOST_VERSION,
	FIELD_NOTES,
	FIELD_DIGEST_KIND,
	FIELD_DIGEST,
	FIELDS,
};

struct field {
	bool there;
	uint64_t number;
	struct span bytes;
};

struct file {
	uint64_t size; /* of all */
	uint64_t header_end;
	struct field fields[FIELDS];
};

/* A whole number of 1 << `log` bytes. */
static uint64_t
read_number(struct reader *reader, unsigned log)
{
	struct span bytes = read_bytes(reader, (size_t)1 << log);
	uint64_t value = 0;

	for (size_t i = bytes.size; i-- > 0;)
		value = value << 8 | bytes.at[i];
	return value;
}

/* One field of the structure; false at its end and where it makes no sense. */
static bool
read_field(struct reader *reader, struct file *file, bool *ended)
{
	uint8_t control = read_u8(reader), type = control & TYPE_MASK, tag;
	struct field field = {.there = true};

	*ended = control == TYPE_END && !reader->overrun;
	if (*ended || (control & TAG_MASK) != TAG_CONTEXT)
		return false;
	tag = read_u8(reader);
	if (type <= 7) { /* signed and unsigned numbers */
		field.number = read_number(reader, type & 3);
	} else if (type >= 0x0c && type <= 0x13) { /* strings of text and of bytes */
		uint64_t size = read_number(reader, type & 3);

		if (size > reader->rest.size)
			return false;
		field.bytes = read_bytes(reader, (size_t)size);
	} else if (type != 8 && type != 9) {
		return false;
	}
	if (tag < FIELDS)
		file->fields[tag] = field;
	return !reader->overrun;
}

static bool
read_file(struct span at, struct file *file)
{
	struct reader reader = {.rest = at};
	uint32_t header_size;
	bool ended = false;

	*file = (struct file){0};
	if (read_u32_le(&reader) != 0x1beef11e)
		return false;
	file->size = read_u64_le(&reader);
	header_size = read_u32_le(&reader);
	file->header_end = FIXED_SIZE + (uint64_t)header_size;
	reader.rest = span_part(at, FIXED_SIZE, header_size);
	if (header_size > LARGEST_HEADER || file->size < file->header_end ||
	    read_u8(&reader) != TYPE_STRUCTURE)
		return false;
	for (unsigned i = 0; i < MAX_FIELDS && read_field(&reader, file, &ended); i++)
		;
	return ended && file->fields[FIELD_VENDOR].there && file->fields[FIELD_PRODUCT].there &&
	       file->fields[FIELD_VERSION].there;
}

/* The name of the digest whose number IANA gave; NULL: it is not known here. */
static const char *
check_digest(const struct file *file, struct span payload, bool *good)
{
	static const struct {
		uint8_t number;
		uint8_t size; /* may be cut */
		enum digest_kind kind;
		const char *name;
	} kinds[] = {{1, 32, DIGEST_SHA256, "sha256"}, {7, 48, DIGEST_SHA384, "sha384"},
	    {8, 64, DIGEST_SHA512, "sha512"}};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].number == file->fields[FIELD_DIGEST_KIND].number) {
			struct span said = file->fields[FIELD_DIGEST].bytes;

			*good = said.size == kinds[i].size &&
				digest_matches(kinds[i].kind, payload, said);
			return kinds[i].name;
		}
	return NULL;
}

static void
describe(struct job *job, const struct file *file, struct text *text)
{
	const struct field *version = &file->fields[FIELD_VERSION_TEXT];
	const struct field *notes = &file->fields[FIELD_NOTES];
	const char *string = text_from_bytes(job, version->bytes.at, version->bytes.size, 64);
	const char *address = text_from_bytes(job, notes->bytes.at, notes->bytes.size, 200);

	text_printf(text, "vendor 0x%04x, product 0x%04x, version %" PRIu64 " \"%s\"",
	    (unsigned)file->fields[FIELD_VENDOR].number & 0xffff,
	    (unsigned)file->fields[FIELD_PRODUCT].number & 0xffff,
	    file->fields[FIELD_VERSION].number, string == NULL ? "" : string);
	if (notes->bytes.size != 0 && address != NULL)
		text_printf(text, ", notes at %s", address);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct file file;
	struct span payload;
	struct text text;
	const char *digest;
	bool good = false, cut;

	if (!read_file(at, &file))
		return;
	text = text_new(job);
	cut = file.size > at.size;
	payload = span_part(at, file.header_end, file.size - file.header_end);
	digest = check_digest(&file, payload, &good);
	claim->bytes = cut ? at.size : file.size;
	describe(job, &file, &text);
	if (digest == NULL)
		text_printf(&text, ", digest of kind %" PRIu64 " not checked",
		    file.fields[FIELD_DIGEST_KIND].number);
	else
		text_printf(&text, ", %s %s", digest, good ? "good" : "bad");
	if (cut || (digest != NULL && !good)) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete =
		    cut ? "the file is cut short" : "the digest of the payload is bad";
	}
	if (text_finish(&text, &claim->detail) != STATUS_OK)
		claim->detail = NULL;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct entry entry = {
	    .name = span_of_string("payload.bin"), .type = NODE_FILE, .mode = 0644};
	struct file file;

	if (!read_file(content, &file))
		return fail(job, STATUS_MALFORMED, "matter: no header");
	return unpack_file(unpack, container, &entry, span_from(content, file.header_end), NULL);
}

static const struct magic magics[] = {
    {.pattern = "\\x1e\\xf1\\xee\\x1b........[^\\x00].\\x00\\x00\\x15", .length = 17}};

const struct format format_matter_ota = {
    .name = "matter_ota",
    .title = "Matter OTA software image",
    .source = "Matter core specification 1.3, 11.21 \"OTA Software Image File Format\", appendix A",
    .gaps = "digests cut to 128 or fewer bits, and those of SHA-3, are not checked",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
