/*
 * libarchive is given one format by name and no filter: some of its filters start programs.
 */
#include "firmware/libarchive.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/archive.h"
#include "firmware/hard_links.h"

#define MAX_ENTRIES ((size_t)2 << 20)
#define MAX_LINKS 8u /* from one name to the next */

struct reading {
	struct job *job;
	struct unpack *unpack;
	struct node *container;
	struct span content; /* the whole archive */
	enum libarchive_format format;
	struct archive_tree *tree;
	struct archive *archive;
	struct buffer buffer;
	struct hard_links links; /* where the headers of files are: of a tar */
};

static struct span
span_of(const char *string)
{
	return string == NULL ? (struct span){0} : span_of_string(string);
}

/* The bytes of the name as they stand where that can be had. */
static struct span
path_of(struct archive_entry *entry)
{
	const char *path = archive_entry_pathname(entry);

	return span_of(path != NULL ? path : archive_entry_pathname_utf8(entry));
}

static struct span
target_of(struct archive_entry *entry)
{
	const char *target = archive_entry_symlink(entry);

	return span_of(target != NULL ? target : archive_entry_symlink_utf8(entry));
}

static enum node_type
type_of(struct archive_entry *entry)
{
	switch (archive_entry_filetype(entry)) {
	case AE_IFDIR:
		return NODE_FOLDER;
	case AE_IFLNK:
		return NODE_LINK;
	case AE_IFCHR:
	case AE_IFBLK:
		return NODE_DEVICE;
	case AE_IFIFO:
		return NODE_FIFO;
	case AE_IFSOCK:
		return NODE_SOCKET;
	default:
		return NODE_FILE;
	}
}

/* Adds a block where it belongs, zeros before it; false at the limit. */
static bool
append(struct buffer *buffer, struct span block, uint64_t offset)
{
	if (offset < buffer->size || offset - buffer->size > buffer->limit)
		return false;
	if (offset == buffer->size && block.size == 0)
		return true;
	for (size_t hole = (size_t)(offset - buffer->size), wanted = hole + block.size;
	     wanted > buffer->room - buffer->size;)
		if (!buffer_reserve(buffer, wanted) || wanted > buffer->limit - buffer->size)
			return false;
	memset(buffer->at + buffer->size, 0, (size_t)(offset - buffer->size));
	memcpy(buffer->at + offset, block.at, block.size);
	buffer->size = (size_t)offset + block.size;
	return true;
}

static bool
lies_in(struct span part, struct span whole)
{
	uintptr_t at = (uintptr_t)part.at, from = (uintptr_t)whole.at;

	return at >= from && at - from <= whole.size && part.size <= whole.size - (at - from);
}

/* One whole file of the archive that lies there as it is needs no copy. */
static bool
borrow(const struct reading *reading, struct archive_entry *entry, struct span block,
    uint64_t offset, struct span *content)
{
	if (offset != 0 || block.size == 0 || !lies_in(block, reading->content) ||
	    archive_entry_sparse_count(entry) != 0 ||
	    block.size != (uint64_t)archive_entry_size(entry))
		return false;
	*content = block;
	return true;
}

/* The entry's data; false when damaged, larger than the limit or encrypted. */
static bool
read_content(struct reading *reading, struct archive *archive, struct archive_entry *entry,
    struct span *content)
{
	struct buffer *buffer = &reading->buffer;
	int64_t size = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : -1;
	struct span block, borrowed = {0};
	const void *at;
	la_int64_t offset;
	int result;

	buffer->size = 0;
	while (
	    (result = archive_read_data_block(archive, &at, &block.size, &offset)) == ARCHIVE_OK) {
		block.at = at;
		if (block.size == 0)
			continue;
		if (borrowed.size != 0)
			return false;
		if (borrow(reading, entry, block, (uint64_t)offset, &borrowed))
			continue;
		if (!append(buffer, block, (uint64_t)offset))
			return false;
	}
	*content = borrowed.size != 0 ? borrowed : buffer_span(buffer);
	if (result != ARCHIVE_EOF || size < 0 || (uint64_t)size == content->size)
		return result == ARCHIVE_EOF;
	/* a hole may stand at the end, in a tar */
	if (reading->format != LIBARCHIVE_TAR ||
	    !append(buffer, span_of_string(""), (uint64_t)size))
		return false;
	*content = buffer_span(buffer);
	return true;
}

/* Bytes that cannot be read; the entry's name is said as far as it is one. */
static enum status
cannot_read(struct reading *reading, struct archive_entry *entry)
{
	bool encrypted = archive_entry_is_data_encrypted(entry) == 1;
	struct span path = path_of(entry);
	const char *name = text_from_bytes(reading->job, path.at, path.size, 200);
	const char *why = archive_error_string(reading->archive);
	int64_t said = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : 0;
	const char *reason =
	    why == NULL ? "too large" : text_from_bytes(reading->job, why, strlen(why), 150);

	if (name == NULL || reason == NULL)
		return STATUS_LIMIT;
	return unpack_damage(reading->unpack, reading->container, 0, said < 0 ? 0 : (uint64_t)said,
	    encrypted ? COVERAGE_ENCRYPTED : COVERAGE_DAMAGED, "%s: %s", name,
	    encrypted ? "encrypted" : reason);
}

static int
enable(struct archive *archive, enum libarchive_format format)
{
	switch (format) {
	case LIBARCHIVE_TAR:
		return archive_read_support_format_tar(archive);
	case LIBARCHIVE_7ZIP:
		return archive_read_support_format_7zip(archive);
	case LIBARCHIVE_CAB:
		return archive_read_support_format_cab(archive);
	case LIBARCHIVE_RAR:
		return archive_read_support_format_rar(archive);
	case LIBARCHIVE_RAR5:
		return archive_read_support_format_rar5(archive);
	}
	return ARCHIVE_FATAL;
}

/* The archive in these bytes; NULL without memory. */
static struct archive *
open_archive(enum libarchive_format format, struct span content)
{
	struct archive *archive = archive_read_new();

	if (archive != NULL && enable(archive, format) == ARCHIVE_OK &&
	    archive_read_open_memory(archive, content.at, content.size) == ARCHIVE_OK)
		return archive;
	archive_read_free(archive);
	return NULL;
}

/* A header to be tried again is damaged too: what stands there is none. */
static bool
is_header(int result)
{
	return result == ARCHIVE_OK || result == ARCHIVE_WARN;
}

/*
 * Looks at the entry whose header stands there, which must be of that name: the
 * data of a file, or what it is a link to in its turn.
 */
static bool
read_linked(struct reading *reading, uint64_t place, struct span *target, struct span *content)
{
	struct archive *archive = open_archive(reading->format, span_from(reading->content, place));
	struct archive_entry *entry;
	const char *next;
	bool good = archive != NULL && is_header(archive_read_next_header(archive, &entry)) &&
		    hard_links_same_path(path_of(entry), *target);

	if (good && (next = archive_entry_hardlink(entry)) != NULL) {
		next = arena_copy_string(reading->job, next);
		good = next != NULL;
		*target = span_of(next);
	} else if (good) {
		*target = (struct span){0};
		good =
		    type_of(entry) == NODE_FILE && read_content(reading, archive, entry, content);
	}
	/* what was read is the archive's own, or stands in the buffer */
	archive_read_free(archive);
	return good;
}

/* The data of the file a hard link leads to. */
static bool
follow(struct reading *reading, struct span target, struct span *content)
{
	uint64_t place;

	for (unsigned i = 0; i < MAX_LINKS && target.size != 0; i++)
		if (!hard_links_find(&reading->links, target, &place) ||
		    !read_linked(reading, place, &target, content))
			return false;
	return target.size == 0;
}

/* The same file by another name: told once more, as what it is. */
static enum status
add_hard_link(struct reading *reading, struct entry *entry, struct span target)
{
	struct span content;

	if (reading->format != LIBARCHIVE_TAR) {
		entry->type = NODE_LINK;
		entry->target = target;
		return archive_tree_add(reading->tree, entry, (struct span){0});
	}
	entry->type = NODE_FILE;
	if (target.size == 0 || !follow(reading, target, &content))
		return unpack_damage(reading->unpack, reading->container, 0, 0, COVERAGE_DAMAGED,
		    "a hard link to what is not there");
	hard_links_put(
	    &reading->links, entry->name, (uint64_t)archive_read_header_position(reading->archive));
	return archive_tree_add(reading->tree, entry, content);
}

static enum status
add_entry(struct reading *reading, struct archive_entry *from)
{
	struct entry entry = {
	    .name = path_of(from),
	    .type = type_of(from),
	    .mode = archive_entry_perm(from),
	    .uid = (uint32_t)archive_entry_uid(from),
	    .gid = (uint32_t)archive_entry_gid(from),
	    .target = target_of(from),
	    .major = (uint32_t)archive_entry_rdevmajor(from),
	    .minor = (uint32_t)archive_entry_rdevminor(from),
	    .is_block = archive_entry_filetype(from) == AE_IFBLK,
	};
	const char *hard_link = archive_entry_hardlink(from);
	struct span content;

	if (entry.name.size ==
	    0) { /* in letters that cannot be had: the file is read all the same */
		const char *name = arena_printf(
		    reading->job, "name-not-read-%d", archive_file_count(reading->archive));

		if (name == NULL)
			return STATUS_LIMIT;
		entry.name = span_of_string(name);
	}
	if (hard_link != NULL)
		return add_hard_link(reading, &entry, span_of_string(hard_link));
	if (entry.type != NODE_FILE)
		return archive_tree_add(reading->tree, &entry, (struct span){0});
	if (!read_content(reading, reading->archive, from, &content)) {
		/* no room left for anything: the end of it all */
		TRY(unpack_allow(reading->unpack, reading->job, reading->buffer.size + 1));
		return cannot_read(reading, from);
	}
	if (reading->format == LIBARCHIVE_TAR)
		hard_links_put(&reading->links, entry.name,
		    (uint64_t)archive_read_header_position(reading->archive));
	return archive_tree_add(reading->tree, &entry, content);
}

/* The next header cannot be read. */
static enum status
cannot_go_on(struct reading *reading)
{
	const char *why = archive_error_string(reading->archive);

	if (archive_read_has_encrypted_entries(reading->archive) == 1)
		return unpack_damage(reading->unpack, reading->container, 0, reading->content.size,
		    COVERAGE_ENCRYPTED, "encrypted, the names of its files perhaps too");
	return fail(
	    reading->job, STATUS_MALFORMED, "archive: %.200s", why == NULL ? "damaged" : why);
}

static enum status
read_entries(struct reading *reading)
{
	for (size_t i = 0; i < MAX_ENTRIES; i++) {
		struct arena_mark mark;
		struct archive_entry *entry;
		int result = archive_read_next_header(reading->archive, &entry);

		TRY(hard_links_reserve(reading->job, &reading->links));
		mark = arena_mark(reading->job->arena);

		if (result == ARCHIVE_EOF)
			return STATUS_OK;
		if (!is_header(result))
			return cannot_go_on(reading);
		TRY(unpack_allow(reading->unpack, reading->job, 1));
		reading->buffer.limit = unpack_room(reading->unpack);
		TRY(add_entry(reading, entry));
		arena_release(reading->job->arena, mark);
	}
	return fail(
	    reading->job, STATUS_LIMIT, "limit: archive: more than %zu entries", MAX_ENTRIES);
}

enum status
libarchive_extract(struct job *job, struct unpack *unpack, struct node *container,
    struct span content, enum libarchive_format format)
{
	struct reading reading = {
	    .job = job,
	    .unpack = unpack,
	    .container = container,
	    .content = content,
	    .format = format,
	    .tree = archive_tree_new(unpack, container),
	    .archive = open_archive(format, content),
	};
	enum status status = STATUS_LIMIT;

	if (reading.archive == NULL)
		status = fail(job, STATUS_MALFORMED, "archive: cannot be opened");
	else if (reading.tree != NULL)
		status = read_entries(&reading);
	archive_read_free(reading.archive);
	buffer_free(&reading.buffer);
	return status;
}
