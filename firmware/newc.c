/*
 * A cpio archive is entries up to one named TRAILER!!!; of hard links one carries the data, the
 * last as a rule.
 */
#include "firmware/newc.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/archive.h"
#include "firmware/hard_links.h"

#define HEADER_SIZE 110
#define MAX_PATH ((size_t)4096)
#define MAX_PENDING 4096 /* hard links waiting for their data */

/* Eight hexadecimal digits; anything else is an overrun. */
static uint32_t
read_hex(struct reader *reader)
{
	struct span digits = read_bytes(reader, 8);
	uint32_t value = 0;

	for (size_t i = 0; i < digits.size; i++) {
		uint8_t c = digits.at[i];
		uint32_t digit = c >= '0' && c <= '9'   ? c - 48u
				 : c >= 'a' && c <= 'f' ? c - 87u
				 : c >= 'A' && c <= 'F' ? c - 55u
							: 16u;

		if (digit == 16)
			reader->overrun = true;
		value = value << 4 | (digit & 15);
	}
	return value;
}

/* To the next multiple of four, counted from the beginning of the archive. */
static void
align(struct reader *reader, struct span archive)
{
	size_t done = archive.size - reader->rest.size;

	read_bytes(reader, (4 - done % 4) % 4);
}

bool
newc_next(struct reader *reader, struct span archive, struct newc *header, bool *known)
{
	struct span magic = read_bytes(reader, 6);
	uint32_t name_size;

	*known = false;
	if (!span_starts_with(magic, "07070", 5) || (magic.at[5] != '1' && magic.at[5] != '2'))
		return false;
	header->crc = magic.at[5] == '2';
	header->inode = read_hex(reader);
	header->mode = read_hex(reader);
	header->uid = read_hex(reader);
	header->gid = read_hex(reader);
	header->links = read_hex(reader);
	read_hex(reader); /* time */
	header->size = read_hex(reader);
	header->major = read_hex(reader);
	header->minor = read_hex(reader);
	header->device_major = read_hex(reader);
	header->device_minor = read_hex(reader);
	name_size = read_hex(reader);
	header->sum = read_hex(reader);
	header->name = read_bytes(reader, name_size);
	if (reader->overrun || name_size == 0 || name_size > MAX_PATH ||
	    header->name.at[name_size - 1] != 0)
		return false;
	header->name.size = strnlen((const char *)header->name.at, name_size);
	*known = true;
	align(reader, archive);
	header->content = read_bytes(reader, header->size);
	if (reader->overrun)
		return false;
	if (reader->rest.size != 0)
		align(reader, archive);
	return true;
}

bool
newc_is_trailer(const struct newc *header)
{
	return span_equal(header->name, span_of_string("TRAILER!!!"));
}

/* Only of regular files: GNU cpio writes none for links. */
static bool
sum_is_good(const struct newc *header)
{
	uint32_t sum = 0;

	if ((header->mode & 0170000) != 0100000)
		return true;

	for (size_t i = 0; i < header->content.size; i++)
		sum += header->content.at[i];
	return !header->crc || header->size == 0 || sum == header->sum;
}

void
newc_measure(struct job *job, struct span at, struct claim *claim)
{
	struct reader reader = {.rest = at};
	uint64_t count = 0, bad_sums = 0;
	struct newc header = {0};
	bool known, whole;

	while ((whole = newc_next(&reader, at, &header, &known)) && !newc_is_trailer(&header)) {
		claim->bytes = at.size - reader.rest.size;
		bad_sums += !sum_is_good(&header);
		count++;
	}
	if (whole) {
		claim->bytes = at.size - reader.rest.size;
	} else if (known || count != 0) {
		/* cut inside an entry, or something else stands where one should */
		claim->bytes = known || reader.overrun ? at.size : claim->bytes;
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the archive has no end";
	}
	if (claim->bytes == 0)
		return;
	claim->detail = arena_printf(job, "%s%s%s", header.crc ? "newc with sums" : "newc",
	    !header.crc     ? ""
	    : bad_sums == 0 ? " good"
			    : " bad",
	    whole ? "" : ", cut short");
}

struct cpio {
	struct job *job;
	struct unpack *unpack;
	struct node *container;
	struct span content;
	struct archive_tree *archive;
	struct newc *pending; /* links whose data are still to come */
	size_t pending_count;
	struct hard_links linked; /* where the headers are of links that came with data */
};

/* Told as what it is, and not looked at. */
static enum status
refuse(struct cpio *cpio, const struct newc *entry, enum coverage coverage, const char *why)
{
	return unpack_damage(cpio->unpack, cpio->container,
	    (uint64_t)(entry->content.at - cpio->content.at), entry->size, coverage, "%s", why);
}

static enum status
add(struct cpio *cpio, const struct newc *header, struct span content)
{
	struct entry entry = {
	    .name = header->name,
	    .type = node_type_of(header->mode),
	    .mode = header->mode,
	    .uid = header->uid,
	    .gid = header->gid,
	    .bytes = content.size,
	    .target = content,
	    .major = header->device_major,
	    .minor = header->device_minor,
	    .is_block = (header->mode & 0170000) == 0060000,
	};

	return archive_tree_add(cpio->archive, &entry, content);
}

static bool
same_file(const struct newc *a, const struct newc *b)
{
	return a->inode == b->inode && a->major == b->major && a->minor == b->minor;
}

/* What a file is known by among those that are linked. */
static struct span
key_of(const struct newc *entry, char *key, size_t room)
{
	snprintf(key, room, "%" PRIx32 "-%" PRIx32 "-%" PRIx32, entry->inode, entry->major,
	    entry->minor);
	return span_of_string(key);
}

/* The link that came with data before this one; false: none did. */
static bool
find_linked(const struct cpio *cpio, const struct newc *header, struct newc *first)
{
	char key[32];
	struct reader reader;
	uint64_t at;
	bool known;

	if (!hard_links_find(&cpio->linked, key_of(header, key, sizeof key), &at))
		return false;
	reader = (struct reader){.rest = span_from(cpio->content, at)};
	return newc_next(&reader, cpio->content, first, &known);
}

/* A link without data has those of one before it, or waits. */
static enum status
add_empty_link(struct cpio *cpio, const struct newc *header)
{
	struct newc first;

	if (find_linked(cpio, header, &first))
		return same_file(&first, header)
			   ? add(cpio, header, first.content)
			   : refuse(cpio, header, COVERAGE_DAMAGED,
				 "cpio: a hard link whose data cannot be told from others");
	if (cpio->pending_count == MAX_PENDING)
		return refuse(cpio, header, COVERAGE_DAMAGED,
		    "cpio: too many hard links wait for their data");
	cpio->pending[cpio->pending_count++] = *header;
	return STATUS_OK;
}

/* An entry with data gives them to the links before and behind it, `place` is of its header. */
static enum status
add_full_link(struct cpio *cpio, const struct newc *header, uint64_t place)
{
	struct newc first;
	char key[32];
	size_t kept = 0;

	if (!find_linked(cpio, header, &first)) {
		TRY(hard_links_reserve(cpio->job, &cpio->linked));
		hard_links_put(&cpio->linked, key_of(header, key, sizeof key), place);
	} else if (!same_file(&first, header) || !span_equal(first.content, header->content)) {
		TRY(refuse(cpio, header, COVERAGE_DAMAGED,
		    "cpio: hard links of one file with other data each"));
	}
	for (size_t i = 0; i < cpio->pending_count; i++) {
		if (same_file(&cpio->pending[i], header))
			TRY(add(cpio, &cpio->pending[i], header->content));
		else
			cpio->pending[kept++] = cpio->pending[i];
	}
	cpio->pending_count = kept;
	return add(cpio, header, header->content);
}

static enum status
add_or_wait(struct cpio *cpio, const struct newc *header, uint64_t place)
{
	if (header->links < 2 || node_type_of(header->mode) != NODE_FILE)
		return add(cpio, header, header->content);
	return header->size == 0 ? add_empty_link(cpio, header)
				 : add_full_link(cpio, header, place);
}

static enum status
add_one(
    struct cpio *cpio, const struct newc *header, uint64_t place, const struct newc_judge *judge)
{
	const char *why = judge == NULL ? NULL : judge->judge(judge->context, cpio->job, header);

	if (!sum_is_good(header))
		TRY(refuse(cpio, header, COVERAGE_DAMAGED, "cpio: the sum of an entry is bad"));
	return why != NULL ? refuse(cpio, header, judge->coverage, why)
			   : add_or_wait(cpio, header, place);
}

enum status
newc_extract(struct job *job, struct unpack *unpack, struct node *container, struct span content,
    const struct newc_judge *judge)
{
	struct cpio cpio = {
	    .job = job,
	    .unpack = unpack,
	    .container = container,
	    .content = content,
	    .archive = archive_tree_new(unpack, container),
	};
	struct reader reader = {.rest = content};
	uint64_t place = 0;
	struct newc header;
	bool known, whole;

	cpio.pending = arena_array(job, MAX_PENDING, sizeof *cpio.pending);
	if (cpio.archive == NULL || cpio.pending == NULL)
		return STATUS_LIMIT;
	while (
	    (whole = newc_next(&reader, content, &header, &known)) && !newc_is_trailer(&header)) {
		TRY(add_one(&cpio, &header, place, judge));
		place = content.size - reader.rest.size;
	}
	for (size_t i = 0; i < cpio.pending_count; i++) /* empty after all */
		TRY(add(&cpio, &cpio.pending[i], (struct span){0}));
	if (whole && header.size != 0)
		return refuse(&cpio, &header, COVERAGE_DAMAGED, "cpio: content of the trailer");
	return STATUS_OK;
}
