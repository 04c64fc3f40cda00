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

#define MAX_ENTRIES ((size_t)2 << 20)

struct reading {
	struct job *job;
	struct unpack *unpack;
	struct node *container;
	struct archive_tree *tree;
	struct archive *archive;
	struct buffer buffer;
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

/* Reads the entry's data into the buffer; false when damaged, larger than the limit or encrypted.
 */
static bool
read_content(struct reading *reading)
{
	struct buffer *buffer = &reading->buffer;

	buffer->size = 0;
	for (;;) {
		la_ssize_t got;

		if (!buffer_reserve(buffer, (size_t)1 << 16))
			return false;
		got = archive_read_data(
		    reading->archive, buffer->at + buffer->size, buffer->room - buffer->size);
		if (got < 0)
			return false;
		if (got == 0)
			return true;
		buffer->size += (size_t)got;
	}
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

	if (hard_link != NULL) { /* the same file by another name: told as a link to it */
		entry.type = NODE_LINK;
		entry.target = span_of_string(hard_link);
	}
	if (entry.type != NODE_FILE)
		return archive_tree_add(reading->tree, &entry, (struct span){0});
	if (!read_content(reading)) {
		/* no room left for anything: the end of it all */
		TRY(unpack_allow(reading->unpack, reading->job, reading->buffer.size + 1));
		return cannot_read(reading, from);
	}
	return archive_tree_add(reading->tree, &entry, buffer_span(&reading->buffer));
}

static enum status
read_entries(struct reading *reading)
{
	for (size_t i = 0; i < MAX_ENTRIES; i++) {
		struct arena_mark mark = arena_mark(reading->job->arena);
		struct archive_entry *entry;
		int result = archive_read_next_header(reading->archive, &entry);

		if (result == ARCHIVE_EOF)
			return STATUS_OK;
		if (result < ARCHIVE_WARN) {
			const char *why = archive_error_string(reading->archive);

			return fail(reading->job, STATUS_MALFORMED, "archive: %.200s",
			    why == NULL ? "damaged" : why);
		}
		TRY(unpack_allow(reading->unpack, reading->job, 1));
		reading->buffer.limit = unpack_room(reading->unpack);
		TRY(add_entry(reading, entry));
		arena_release(reading->job->arena, mark);
	}
	return fail(
	    reading->job, STATUS_LIMIT, "limit: archive: more than %zu entries", MAX_ENTRIES);
}

static int
enable(struct archive *archive, enum libarchive_format format)
{
	switch (format) {
	case LIBARCHIVE_TAR:
		return archive_read_support_format_tar(archive);
	case LIBARCHIVE_ZIP:
		return archive_read_support_format_zip_seekable(archive);
	case LIBARCHIVE_ZIP_STREAMED:
		return archive_read_support_format_zip_streamable(archive);
	}
	return ARCHIVE_FATAL;
}

enum status
libarchive_extract(struct job *job, struct unpack *unpack, struct node *container,
    struct span content, enum libarchive_format format)
{
	struct reading reading = {
	    .job = job,
	    .unpack = unpack,
	    .container = container,
	    .tree = archive_tree_new(unpack, container),
	    .archive = archive_read_new(),
	};
	enum status status = STATUS_LIMIT;

	if (reading.tree == NULL || reading.archive == NULL)
		goto out;
	if (enable(reading.archive, format) != ARCHIVE_OK ||
	    archive_read_open_memory(reading.archive, content.at, content.size) != ARCHIVE_OK) {
		status = fail(job, STATUS_MALFORMED, "archive: cannot be opened");
		goto out;
	}
	status = read_entries(&reading);
out:
	archive_read_free(reading.archive);
	buffer_free(&reading.buffer);
	return status;
}
