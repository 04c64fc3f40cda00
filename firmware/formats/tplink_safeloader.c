/* TP-Link's later images carry their table of partitions as lines of text behind 4 KiB of vendor
 * text. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/header.h"

#define SUMMED_FROM ((uint64_t)0x14)
#define VENDOR_AT ((uint64_t)0x18)
#define VENDOR_SIZE ((uint64_t)0xffc)
#define TABLE_AT ((uint64_t)0x1014)
#define TABLE_SIZE ((uint64_t)0x800)
#define META_HEADER_SIZE ((uint64_t)8) /* before the text of a support-list or soft-version */

struct image {
	uint32_t size, vendor_size;
	struct span md5;
	struct blob parts[HEADER_MAX_BLOBS];
	size_t part_count;
	uint64_t end; /* of the farthest part */
};

/* The next word of a line; empty at its end. */
static struct span
next_word(struct span *line)
{
	size_t start = 0, end;
	struct span word;

	while (start < line->size && line->at[start] == ' ')
		start++;
	end = start;
	while (end < line->size && line->at[end] > ' ' && line->at[end] < 0x7f)
		end++;
	word = span_part(*line, start, end - start);
	*line = span_from(*line, end);
	return word;
}

static bool
is_word(struct span word, const char *text)
{
	return span_equal(word, span_of_string(text));
}

/* "0x…" of at most eight digits. */
static bool
read_number(struct span word, uint64_t *value)
{
	*value = 0;
	if (word.size < 3 || word.size > 10 || word.at[0] != '0' || word.at[1] != 'x')
		return false;
	for (size_t i = 2; i < word.size; i++) {
		uint8_t c = word.at[i];
		unsigned digit = c >= '0' && c <= '9'   ? c - 48u
				 : c >= 'a' && c <= 'f' ? c - 87u
				 : c >= 'A' && c <= 'F' ? c - 55u
							: 16u;

		if (digit == 16)
			return false;
		*value = *value << 4 | digit;
	}
	return true;
}

/* "fwup-ptn NAME base 0x… size 0x…" */
static bool
read_line(struct span line, struct blob *part)
{
	uint64_t base;

	if (!is_word(next_word(&line), "fwup-ptn"))
		return false;
	part->name = next_word(&line);
	if (part->name.size == 0 || !is_word(next_word(&line), "base") ||
	    !read_number(next_word(&line), &base) || !is_word(next_word(&line), "size") ||
	    !read_number(next_word(&line), &part->bytes))
		return false;
	part->offset = TABLE_AT + base; /* counted from the table */
	return base >= 1;
}

static bool
read_image(struct span at, struct image *image)
{
	struct reader reader = {.rest = at};
	struct span table = span_part(at, TABLE_AT, TABLE_SIZE);
	size_t from = 0, end;

	*image = (struct image){.size = read_u32_be(&reader)};
	image->md5 = read_bytes(&reader, HEADER_MD5_SIZE);
	image->vendor_size = read_u32_be(&reader);
	while (image->part_count < HEADER_MAX_BLOBS &&
	       (end = span_find(table, "\n", 1, from)) != SIZE_MAX) {
		struct blob *part = &image->parts[image->part_count];

		if (!read_line(span_part(table, from, end - from), part))
			break;
		if (part->offset + part->bytes > image->end)
			image->end = part->offset + part->bytes;
		image->part_count++;
		from = end + 1;
	}
	return !reader.overrun && image->part_count != 0;
}

/* The text of a partition that has a length before it. */
static struct span
meta_of(struct span at, const struct image *image, const char *name)
{
	for (size_t i = 0; i < image->part_count; i++) {
		struct span part = span_part(at, image->parts[i].offset, image->parts[i].bytes);
		struct reader reader = {.rest = part};
		uint32_t size;

		if (!is_word(image->parts[i].name, name))
			continue;
		size = read_u32_be(&reader);
		return span_part(part, META_HEADER_SIZE, size);
	}
	return (struct span){0};
}

/* The version as numbers or as text. */
static const char *
version_of(struct job *job, struct span at, const struct image *image)
{
	struct span meta = meta_of(at, image, "soft-version");
	const uint8_t *v = meta.at;
	const char *text;

	if (meta.size < 12)
		return "no version";
	if (header_text_is_good(meta))
		return arena_printf(job, "version \"%s\"", header_text(job, meta));
	text = arena_printf(job, "version %u.%u.%u of %02x%02x-%02x-%02x", v[1], v[2], v[3], v[4],
	    v[5], v[6], v[7]);
	return text;
}

/* The first device that the support list names. */
static const char *
device_of(struct job *job, struct span at, const struct image *image)
{
	struct span list = meta_of(at, image, "support-list");
	size_t from = span_find(list, "\n", 1, 0), end;

	from = from == SIZE_MAX ? 0 : from + 1;
	end = span_find(list, "\r", 1, from);
	if (end == SIZE_MAX)
		end = span_find(list, "\n", 1, from);
	if (end == SIZE_MAX)
		end = list.size;
	if (end <= from)
		return "no device named";
	return arena_printf(job, "for %s", header_text(job, span_part(list, from, end - from)));
}

static bool
md5_is_good(struct span at, uint64_t size, struct span md5)
{
	static const uint8_t salt[] = {0x7a, 0x2b, 0x15, 0xed, 0x9b, 0x98, 0x59, 0x6d, 0xe5, 0x04,
	    0xab, 0x44, 0xac, 0x2a, 0x9f, 0x4e};
	struct span parts[] = {{salt, sizeof salt}, span_part(at, SUMMED_FROM, size - SUMMED_FROM)};

	return header_md5_is(parts, ARRAY_SIZE(parts), md5);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct image image;
	uint64_t size;
	bool whole, good;

	if (!read_image(at, &image))
		return;
	/* images of other tools tell their size otherwise: the table is believed then */
	size = image.size >= image.end && image.size <= at.size ? image.size : image.end;
	whole = header_claim(claim, at, size);
	good = whole && md5_is_good(at, size, image.md5);
	claim->detail = arena_printf(job, "%zu partitions, %s, %s, %s", image.part_count,
	    version_of(job, at, &image), device_of(job, at, &image),
	    !whole ? "cut short"
	    : good ? "md5 good"
		   : "md5 bad or of another kind");
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct image image;

	if (!read_image(content, &image))
		return fail(job, STATUS_MALFORMED, "tplink_safeloader: table cut short");
	TRY(header_add_blobs(unpack, container, content, image.parts, image.part_count));
	return header_add_rest(
	    job, unpack, container, content, TABLE_AT + TABLE_SIZE, image.parts, image.part_count);
}

static const struct magic magics[] = {
    {.pattern = "fwup-ptn [\\x21-\\x7e]", .length = 10, .offset = TABLE_AT}};

const struct format format_tplink_safeloader = {
    .name = "tplink_safeloader",
    .title = "TP-Link SafeLoader image (table of fwup-ptn lines)",
    .source = "OpenWrt firmware-utils: tplink-safeloader.c",
    .gaps = "the signature of cloud images is not checked; older images with a smaller block of "
	    "vendor text",
    .nature = NATURE_ARCHIVE,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
