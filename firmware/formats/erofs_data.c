/* What is stored as it is in EROFS is borrowed from the image; only what is in pieces is put
 * together. */
#include <string.h>

#include "base/arena.h"
#include "firmware/formats/erofs.h"

#define HOLE UINT32_MAX
#define CHUNK_LOG 0x1f
#define CHUNK_INDEXES 0x20

static enum status
allocate(const struct erofs *fs, uint64_t size, uint8_t **out)
{
	if (size > unpack_room(fs->unpack))
		return STATUS_LIMIT;
	TRY(unpack_allow(fs->unpack, fs->job, size));
	*out = arena_allocate(fs->job, (size_t)size);
	return *out == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* Whole blocks, and the rest behind the inode. */
static enum status
read_inline(const struct erofs *fs, const struct erofs_inode *inode, struct span *content)
{
	uint64_t tail = inode->size % fs->block, front = inode->size - tail;
	uint64_t place = (uint64_t)inode->place << fs->super.block_log;
	struct span first = span_part(fs->image, place, front);
	struct span last = span_part(fs->image, inode->end, tail);
	uint8_t *out;

	if (front == 0) {
		*content = last;
		return last.size == tail ? STATUS_OK : STATUS_MALFORMED;
	}
	if (first.size != front || last.size != tail)
		return STATUS_MALFORMED;
	if (tail == 0) {
		*content = first;
		return STATUS_OK;
	}
	TRY(allocate(fs, inode->size, &out));
	memcpy(out, first.at, first.size);
	memcpy(out + front, last.at, last.size);
	*content = (struct span){out, (size_t)inode->size};
	return STATUS_OK;
}

static enum status
read_chunks(const struct erofs *fs, const struct erofs_inode *inode, struct span *content)
{
	bool indexes = (inode->place & CHUNK_INDEXES) != 0;
	uint64_t entry = indexes ? 8 : 4, done = 0;
	uint64_t chunk = (uint64_t)fs->block << (inode->place & CHUNK_LOG);
	struct reader table = {
	    .rest = span_from(fs->image, (inode->end + entry - 1) & ~(entry - 1))};
	uint8_t *out;

	TRY(allocate(fs, inode->size, &out));
	while (done < inode->size) {
		uint64_t size = inode->size - done < chunk ? inode->size - done : chunk;
		uint32_t device = indexes ? read_u32_le(&table) >> 16 : 0;
		uint32_t block = read_u32_le(&table);
		struct span bytes =
		    span_part(fs->image, (uint64_t)block << fs->super.block_log, size);

		if (table.overrun)
			return STATUS_MALFORMED;
		if (device != 0 && block != HOLE)
			return STATUS_UNAVAILABLE;
		if (block != HOLE && bytes.size != size)
			return STATUS_MALFORMED;
		if (block != HOLE)
			memcpy(out + done, bytes.at, bytes.size);
		done += size;
	}
	*content = (struct span){out, (size_t)inode->size};
	return STATUS_OK;
}

enum status
erofs_read_content(const struct erofs *fs, const struct erofs_inode *inode, struct span *content)
{
	uint64_t place = (uint64_t)inode->place << fs->super.block_log;
	uint8_t *out;

	*content = (struct span){0};
	if (inode->size == 0)
		return STATUS_OK;
	switch (inode->layout) {
	case EROFS_PLAIN:
		*content = span_part(fs->image, place, inode->size);
		return content->size == 0 ? STATUS_MALFORMED : STATUS_OK;
	case EROFS_INLINE:
		return read_inline(fs, inode, content);
	case EROFS_CHUNKS:
		return read_chunks(fs, inode, content);
	default:
		break;
	}
	TRY(allocate(fs, inode->size, &out));
	TRY(erofs_read_compressed(fs, inode, out));
	*content = (struct span){out, (size_t)inode->size};
	return STATUS_OK;
}
