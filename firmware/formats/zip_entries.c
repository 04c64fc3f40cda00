/* Each entry is described twice: programs that believe one header see other files than those that
 * believe the other. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/archive.h"
#include "firmware/formats/zip.h"

#define EXTRA_OWNERS 0x7875u
#define MAX_SALVAGED ((size_t)1 << 20)

enum { MADE_ON_FAT = 0, MADE_ON_UNIX = 3, MADE_ON_NTFS = 10, MADE_ON_VFAT = 14, MADE_ON_MAC = 19 };

/* What an entry covers of the archive. */
struct extent {
	uint64_t from, to;
};

struct zip {
	struct job *job;
	struct unpack *unpack;
	struct node *container;
	struct archive_tree *tree;
	struct span content;
	struct buffer buffer;
	struct extent *extents;
	size_t extent_count;
};

/* A part that is not as it should be. */
static enum status
tell(struct zip *zip, const struct zip_entry *entry, struct extent extent, enum coverage coverage,
    const char *what)
{
	const char *name = text_from_bytes(zip->job, entry->name.at, entry->name.size, 200);

	if (name == NULL)
		return STATUS_LIMIT;
	return unpack_damage(zip->unpack, zip->container, extent.from, extent.to - extent.from,
	    coverage, "%s: %s", name, what);
}

static uint32_t
read_number(struct reader *reader)
{
	struct span bytes = read_bytes(reader, read_u8(reader));
	uint32_t value = 0;

	for (size_t i = bytes.size < 4 ? bytes.size : 4; i-- > 0;)
		value = value << 8 | bytes.at[i];
	return value;
}

static void
read_owners(const struct zip_entry *from, struct entry *entry)
{
	struct reader reader = {.rest = from->extra}, field = {0};

	while (reader.rest.size >= 4) {
		uint16_t id = read_u16_le(&reader), size = read_u16_le(&reader);

		field.rest = read_bytes(&reader, size);
		if (id != EXTRA_OWNERS || read_u8(&field) != 1)
			continue;
		entry->uid = read_number(&field);
		entry->gid = read_number(&field);
	}
}

/* Programs of Windows write '\\' where '/' belongs. */
static struct span
name_of(struct job *job, const struct zip_entry *from)
{
	uint16_t host = from->made_by >> 8;
	char *copy;

	if ((host != MADE_ON_FAT && host != MADE_ON_NTFS && host != MADE_ON_VFAT) ||
	    span_find(from->name, "/", 1, 0) != SIZE_MAX ||
	    span_find(from->name, "\\", 1, 0) == SIZE_MAX)
		return from->name;
	copy = arena_string(job, (const char *)from->name.at, from->name.size);
	if (copy == NULL)
		return from->name;
	for (size_t i = 0; i < from->name.size; i++)
		copy[i] = copy[i] == '\\' ? '/' : copy[i];
	return (struct span){(const uint8_t *)copy, from->name.size};
}

static struct entry
entry_of(struct job *job, const struct zip_entry *from)
{
	uint16_t host = from->made_by >> 8;
	uint32_t mode = host == MADE_ON_UNIX || host == MADE_ON_MAC ? from->attributes >> 16 : 0;
	struct entry entry = {.name = name_of(job, from), .mode = mode & 07777};

	entry.type = node_type_of(mode);
	if (entry.name.size != 0 && entry.name.at[entry.name.size - 1] == '/')
		entry.type = NODE_FOLDER;
	else if (entry.type != NODE_LINK)
		entry.type = NODE_FILE;
	if (mode == 0)
		entry.mode = entry.type == NODE_FOLDER ? 0755 : 0644;
	read_owners(from, &entry);
	return entry;
}

static enum status
add_decoded(
    struct zip *zip, const struct zip_entry *from, struct extent extent, struct span content)
{
	struct entry entry = entry_of(zip->job, from);

	if (entry.type == NODE_LINK)
		entry.target = content;
	if (crc32_of(0, content) != from->crc)
		TRY(tell(zip, from, extent, COVERAGE_DAMAGED, "its crc32 is bad"));
	return archive_tree_add(zip->tree, &entry, content);
}

static enum status
add(struct zip *zip, const struct zip_entry *from, struct extent extent, struct span data)
{
	struct span content;

	if (from->method == ZIP_AES || from->flags & ZIP_ENCRYPTED)
		return tell(zip, from, extent, COVERAGE_ENCRYPTED,
		    from->method == ZIP_AES ? "encrypted with AES" : "encrypted");
	TRY(unpack_allow(zip->unpack, zip->job, from->size));
	zip->buffer.limit = unpack_room(zip->unpack);
	switch (zip_decode(from, data, &zip->buffer, &content)) {
	case ZIP_READ:
		return add_decoded(zip, from, extent, content);
	case ZIP_DAMAGED:
		return tell(zip, from, extent, COVERAGE_DAMAGED, "its data are damaged");
	case ZIP_UNKNOWN_METHOD:
		break;
	}
	return tell(zip, from, extent, COVERAGE_UNSUPPORTED,
	    arena_printf(zip->job, "compression method %u is not read", from->method));
}

/* What the two headers of an entry disagree in; NULL when in nothing. */
static const char *
difference(const struct zip_entry *central, const struct zip_entry *local)
{
	if (!span_equal(central->name, local->name))
		return "its two headers differ in the name";
	if (central->method != local->method ||
	    ((central->flags ^ local->flags) & ZIP_ENCRYPTED) != 0)
		return "its two headers differ in the method";
	if (local->flags & ZIP_HAS_DESCRIPTOR)
		return NULL; /* the sizes stand behind the data */
	if (central->packed != local->packed || central->size != local->size ||
	    central->crc != local->crc)
		return "its two headers differ in size or crc32";
	return NULL;
}

static enum status
add_central(struct zip *zip, const struct zip_end *end, const struct zip_entry *central)
{
	struct extent extent = {.from = central->offset - end->shift};
	struct zip_entry local;
	const char *unlike;
	struct span data;

	extent.to = extent.from;
	if (central->offset < end->shift || extent.from > end->directory ||
	    !zip_read_local(span_from(zip->content, extent.from), &local) ||
	    central->packed > end->directory - extent.from ||
	    local.header > end->directory - extent.from - central->packed)
		return tell(zip, central, (struct extent){0, 0}, COVERAGE_DAMAGED,
		    "it is not where the directory says");
	data = span_part(zip->content, extent.from + local.header, central->packed);
	extent.to = extent.from + local.header + central->packed;
	extent.to += zip_descriptor_size(
	    span_part(zip->content, extent.to, end->directory - extent.to), central);
	zip->extents[zip->extent_count++] = extent;
	unlike = difference(central, &local);
	if (unlike != NULL)
		TRY(tell(zip, central, extent, COVERAGE_DAMAGED, unlike));
	if (!zip_extra_is_known(central->extra) || !zip_extra_is_known(local.extra) ||
	    !zip_comment_is_known(central->comment))
		TRY(tell(zip, central,
		    (struct extent){extent.from, extent.from + central->extra.size +
						     local.extra.size + central->comment.size},
		    COVERAGE_GAP, "extra fields or a comment nobody knows"));
	return add(zip, central, extent, data);
}

static int
compare(const void *left, const void *right)
{
	const struct extent *a = left, *b = right;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->to < b->to ? -1 : a->to > b->to;
}

static bool
is_zero(struct span bytes)
{
	for (size_t i = 0; i < bytes.size; i++)
		if (bytes.at[i] != 0)
			return false;
	return true;
}

/* Bytes before the directory that no entry covers. */
static enum status
tell_between(struct zip *zip, uint64_t from, uint64_t to, bool before_directory)
{
	struct span bytes = span_part(zip->content, from, to - from);

	if (is_zero(bytes) || (before_directory && zip_is_signing_block(bytes)))
		return STATUS_OK;
	return unpack_damage(zip->unpack, zip->container, from, to - from, COVERAGE_GAP,
	    span_starts_with(bytes, "PK\x03\x04", 4) ? "zip: an entry the directory does not name"
						     : "zip: bytes that belong to no entry");
}

static enum status
check_extents(struct zip *zip, uint64_t directory)
{
	uint64_t covered = 0;

	qsort(zip->extents, zip->extent_count, sizeof *zip->extents, compare);
	for (size_t i = 0; i < zip->extent_count; i++) {
		const struct extent *extent = &zip->extents[i];

		if (extent->from > covered)
			TRY(tell_between(zip, covered, extent->from, false));
		else if (extent->from < covered)
			TRY(unpack_damage(zip->unpack, zip->container, extent->from, 0,
			    COVERAGE_DAMAGED, "zip: two entries overlap"));
		covered = extent->to > covered ? extent->to : covered;
	}
	return covered < directory ? tell_between(zip, covered, directory, true) : STATUS_OK;
}

/* Bytes behind the directory that are no end record. */
static enum status
tell_behind(struct zip *zip, const struct zip_end *end)
{
	uint64_t comment = end->bytes - end->comment;

	if (end->loose_from < end->loose_to)
		TRY(unpack_damage(zip->unpack, zip->container, end->loose_from,
		    end->loose_to - end->loose_from, COVERAGE_GAP,
		    "zip: bytes between the end record and its locator"));
	if (zip_comment_is_known(span_part(zip->content, comment, end->comment)))
		return STATUS_OK;
	return unpack_damage(zip->unpack, zip->container, comment, end->comment, COVERAGE_GAP,
	    "zip: a comment nobody knows");
}

static enum status
add_all(struct zip *zip, const struct zip_end *end)
{
	struct span rest = span_part(zip->content, end->directory, end->size);
	struct zip_entry entry;
	uint64_t count = 0;

	for (; zip_read_central(rest, &entry); count++) {
		struct arena_mark mark = arena_mark(zip->job->arena);

		TRY(add_central(zip, end, &entry));
		arena_release(zip->job->arena, mark);
		rest = span_from(rest, entry.header);
	}
	if (rest.size != 0 || (end->is_zip64 ? count : count & UINT16_MAX) != end->entries)
		TRY(unpack_damage(zip->unpack, zip->container, end->directory, end->size,
		    COVERAGE_DAMAGED, "zip: the directory holds %" PRIu64 " of %" PRIu64 " entries",
		    count, end->entries));
	TRY(tell_behind(zip, end));
	return check_extents(zip, end->directory);
}

enum status
zip_extract(struct job *job, struct unpack *unpack, struct node *container, struct span content,
    const struct zip_end *end)
{
	struct zip zip = {.job = job, .unpack = unpack, .container = container, .content = content};
	enum status status = STATUS_LIMIT;

	zip.tree = archive_tree_new(unpack, container);
	zip.extents =
	    arena_array(job, (size_t)(end->size / ZIP_CENTRAL_SIZE) + 1, sizeof *zip.extents);
	if (zip.tree != NULL && zip.extents != NULL)
		status = add_all(&zip, end);
	buffer_free(&zip.buffer);
	return status;
}

/* The entry whose local header stands here; `*next` is where another may. */
static enum status
salvage_one(struct zip *zip, uint64_t place, struct zip_entry *entry, uint64_t *next)
{
	uint64_t from = place + entry->header;
	struct span rest = span_from(zip->content, from);
	size_t used = 0;

	*next = zip->content.size;
	entry->made_by = MADE_ON_FAT << 8;
	if (entry->flags & ZIP_HAS_DESCRIPTOR && entry->packed == 0) {
		/* its size is known when it is decoded */
		zip->buffer.size = 0;
		zip->buffer.limit = unpack_room(zip->unpack);
		if (entry->method != ZIP_DEFLATED || entry->flags & ZIP_ENCRYPTED ||
		    deflate_decode(rest, &zip->buffer, &used) != STREAM_ENDED)
			return tell(zip, entry, (struct extent){place, zip->content.size},
			    COVERAGE_DAMAGED, "where it ends is not known");
		entry->packed = used;
		entry->size = zip->buffer.size;
		entry->crc = crc32_of(0, buffer_span(&zip->buffer));
	}
	if (entry->packed > rest.size)
		return tell(zip, entry, (struct extent){place, zip->content.size}, COVERAGE_DAMAGED,
		    "it is cut short");
	*next = from + entry->packed;
	*next += zip_descriptor_size(span_from(zip->content, *next), entry);
	return add(zip, entry, (struct extent){place, *next}, span_part(rest, 0, entry->packed));
}

enum status
zip_salvage(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct zip zip = {.job = job, .unpack = unpack, .container = container, .content = content};
	enum status status = STATUS_OK;
	struct zip_entry entry;
	uint64_t place = 0;

	zip.tree = archive_tree_new(unpack, container);
	if (zip.tree == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < MAX_SALVAGED && status == STATUS_OK &&
			   zip_read_local(span_from(content, place), &entry);
	     i++) {
		struct arena_mark mark = arena_mark(job->arena);

		status = salvage_one(&zip, place, &entry, &place);
		arena_release(job->arena, mark);
	}
	buffer_free(&zip.buffer);
	return status;
}
