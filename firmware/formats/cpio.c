/*
 * A cpio archive is entries up to one named TRAILER!!!; of hard links only the last carries the
 * data.
 */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/archive.h"

#define HEADER_SIZE 110
#define MAX_PATH ((size_t)4096)
#define MAX_PENDING 4096 /* hard links waiting for their data */

struct header {
	bool crc; /* the variant with sums */
	uint32_t inode, mode, uid, gid, links, size, major, minor, device_major, device_minor, sum;
	struct span name; /* without its NUL */
	struct span content;
};

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

/* Reads one entry; `*known` tells whether its header was good when false comes back. */
static bool
read_entry(struct reader *reader, struct span archive, struct header *header, bool *known)
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

static bool
is_trailer(const struct header *header)
{
	return span_equal(header->name, span_of_string("TRAILER!!!"));
}

/* Only of regular files: GNU cpio writes none for links. */
static bool
sum_is_good(const struct header *header)
{
	uint32_t sum = 0;

	if ((header->mode & 0170000) != 0100000)
		return true;

	for (size_t i = 0; i < header->content.size; i++)
		sum += header->content.at[i];
	return !header->crc || header->size == 0 || sum == header->sum;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct reader reader = {.rest = at};
	uint64_t count = 0, bad_sums = 0;
	struct header header = {0};
	bool known, whole;

	while ((whole = read_entry(&reader, at, &header, &known)) && !is_trailer(&header)) {
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
	struct header *pending; /* links whose data are still to come */
	size_t pending_count;
};

static enum status
add(struct cpio *cpio, const struct header *header, struct span content)
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
same_file(const struct header *a, const struct header *b)
{
	return a->inode == b->inode && a->major == b->major && a->minor == b->minor;
}

/* An entry with data gives them to the links that came before it. */
static enum status
add_or_wait(struct cpio *cpio, const struct header *header)
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

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct cpio cpio = {.archive = archive_tree_new(unpack, container)};
	struct reader reader = {.rest = content};
	struct header header;
	bool known;

	cpio.pending = arena_array(job, MAX_PENDING, sizeof *cpio.pending);
	if (cpio.archive == NULL || cpio.pending == NULL)
		return STATUS_LIMIT;
	while (read_entry(&reader, content, &header, &known) && !is_trailer(&header)) {
		if (!sum_is_good(&header))
			TRY(unpack_damage(unpack, container,
			    (uint64_t)(header.content.at - content.at), header.size,
			    COVERAGE_DAMAGED, "cpio: the sum of an entry is bad"));
		TRY(add_or_wait(&cpio, &header));
	}
	for (size_t i = 0; i < cpio.pending_count; i++) /* empty after all */
		TRY(add(&cpio, &cpio.pending[i], (struct span){0}));
	return STATUS_OK;
}

static const struct magic magics[] = {{.pattern = "07070[12]", .length = 6}};

const struct format format_cpio = {
    .name = "cpio",
    .title = "cpio archive, newc and newc with sums",
    .source = "Linux Documentation/driver-api/early-userspace/buffer-format.rst",
    .gaps = "the binary and the portable ASCII (odc) headers",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
