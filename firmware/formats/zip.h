/*
 * A zip from its end and from its beginning: the directory, the headers it points to, and what lies
 * between them.
 */
#ifndef FIRMWARE_FORMATS_ZIP_H
#define FIRMWARE_FORMATS_ZIP_H

#include "firmware/unpack.h"

#define ZIP_LOCAL_SIZE 30u
#define ZIP_CENTRAL_SIZE 46u

enum { ZIP_ENCRYPTED = 1, ZIP_HAS_END_MARK = 2, ZIP_HAS_DESCRIPTOR = 8 };
enum { ZIP_STORED = 0, ZIP_DEFLATED = 8, ZIP_BZIP2 = 12, ZIP_LZMA = 14, ZIP_ZSTD_OLD = 20 };
enum { ZIP_ZSTD = 93, ZIP_XZ = 95, ZIP_AES = 99 };

/* Where the directory is, by the archive's end. */
struct zip_end {
	uint64_t directory, size, entries;
	uint64_t shift;                /* of all its offsets: they count from before the archive */
	uint64_t bytes;                /* of the archive, with its comment */
	uint64_t loose_from, loose_to; /* bytes between the larger end record and its locator */
	uint16_t comment;
	bool is_zip64, is_part; /* one of several disks */
};

/* What a header of either kind says. */
struct zip_entry {
	uint16_t made_by, flags, method;
	uint32_t crc, attributes;
	uint64_t packed, size;
	uint64_t offset; /* of the local header, as the directory says */
	struct span name, extra, comment;
	size_t header; /* bytes of this header */
};

/* Finds the end of the archive that begins with `at`. */
bool zip_find_end(struct span at, struct zip_end *end);
/* The entry of the directory that begins here. */
bool zip_read_central(struct span at, struct zip_entry *entry);
/* The header before an entry's data. */
bool zip_read_local(struct span at, struct zip_entry *entry);
/* How many bytes after an entry's data repeat its sizes. */
uint64_t zip_descriptor_size(struct span at, const struct zip_entry *entry);

/* What is said beside the entries: is it of a kind that is known, or too small to matter? */
bool zip_extra_is_known(struct span extra);
bool zip_comment_is_known(struct span comment);
/* Zeros, and the block of signatures that Android has before the directory. */
bool zip_is_signing_block(struct span bytes);

/* Unpacks an entry's data; `*content` is borrowed from it or stands in the buffer. */
enum zip_result {
	ZIP_READ,
	ZIP_DAMAGED,
	ZIP_UNKNOWN_METHOD,
};
enum zip_result zip_decode(
    const struct zip_entry *entry, struct span data, struct buffer *buffer, struct span *content);

/* Adds every entry of the directory, and tells what no entry or two of them claim. */
enum status zip_extract(struct job *job, struct unpack *unpack, struct node *container,
    struct span content, const struct zip_end *end);
/* Adds the entries that stand one behind the other, without a directory. */
enum status zip_salvage(
    struct job *job, struct unpack *unpack, struct node *container, struct span content);

#endif
