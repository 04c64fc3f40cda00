/*
 * A cpio archive is entries up to one named TRAILER!!!; of hard links only the last carries the
 * data.
 */
#include "firmware/newc.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/archive.h"

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
	struct archive_tree *archive;
	struct newc *pending; /* links whose data are still to come */
	size_t pending_count;
};

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

/* An entry with data gives them to the links that came before it. */
static enum status
add_or_wait(struct cpio *cpio, const struct newc *header)
{
	bool linked = header->links > 1 && node_type_of(header->mode) == NODE_FILE;
	size_t kept = 0;

	if (linked && header->size == 0 && cpio->pending_count < MAX_PENDING) {
		cpio->pending[cpio->pending_count++] = *header;
		return STATUS_OK;
	}
	for (size_t i = 0; linked && i < cpio->pending_count; i++) {
		if (same_file(&cpio->pending[i], header))
			TRY(add(cpio, &cpio->pending[i], header->content));
		else
			cpio->pending[kept++] = cpio->pending[i];
	}
	if (linked)
		cpio->pending_count = kept;
	return add(cpio, header, header->content);
}

/* Told as what it is, and not looked at. */
static enum status
refuse(struct unpack *unpack, struct node *container, struct span archive, const struct newc *entry,
    enum coverage coverage, const char *why)
{
	return unpack_damage(unpack, container, (uint64_t)(entry->content.at - archive.at),
	    entry->size, coverage, "%s", why);
}

enum status
newc_extract(struct job *job, struct unpack *unpack, struct node *container, struct span content,
    const struct newc_judge *judge)
{
	struct cpio cpio = {.archive = archive_tree_new(unpack, container)};
	struct reader reader = {.rest = content};
	struct newc header;
	const char *why;
	bool known;

	cpio.pending = arena_array(job, MAX_PENDING, sizeof *cpio.pending);
	if (cpio.archive == NULL || cpio.pending == NULL)
		return STATUS_LIMIT;
	while (newc_next(&reader, content, &header, &known) && !newc_is_trailer(&header)) {
		if (!sum_is_good(&header))
			TRY(refuse(unpack, container, content, &header, COVERAGE_DAMAGED,
			    "cpio: the sum of an entry is bad"));
		why = judge == NULL ? NULL : judge->judge(judge->context, job, &header);
		if (why != NULL)
			TRY(refuse(unpack, container, content, &header, judge->coverage, why));
		else
			TRY(add_or_wait(&cpio, &header));
	}
	for (size_t i = 0; i < cpio.pending_count; i++) /* empty after all */
		TRY(add(&cpio, &cpio.pending[i], (struct span){0}));
	return STATUS_OK;
}
