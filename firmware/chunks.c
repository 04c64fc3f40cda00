/* Sorted by address, pieces that touch make one stretch. */
#include "firmware/chunks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define LARGEST_HOLE 256u

struct chunk {
	uint64_t address;
	size_t at, size; /* in the bytes */
};

struct chunks {
	uint8_t *bytes;
	size_t used, room;
	struct chunk *chunks;
	size_t count, most;
	bool sorted;
};

struct chunks *
chunks_new(struct job *job, size_t bytes, size_t count)
{
	struct chunks *chunks = arena_allocate(job, sizeof *chunks);

	if (chunks == NULL)
		return NULL;
	chunks->bytes = arena_allocate(job, bytes);
	chunks->chunks = arena_array(job, count + 1, sizeof *chunks->chunks);
	chunks->room = bytes;
	chunks->most = count;
	return chunks->bytes == NULL || chunks->chunks == NULL ? NULL : chunks;
}

void
chunks_add(struct chunks *chunks, uint64_t address, struct span bytes)
{
	struct chunk *last = chunks->count == 0 ? NULL : &chunks->chunks[chunks->count - 1];

	if (bytes.size == 0 || bytes.size > chunks->room - chunks->used)
		return;
	if (last == NULL || last->address + last->size != address) {
		if (chunks->count == chunks->most)
			return;
		last = &chunks->chunks[chunks->count++];
		*last = (struct chunk){.address = address, .at = chunks->used};
	}
	memcpy(chunks->bytes + chunks->used, bytes.at, bytes.size);
	chunks->used += bytes.size;
	last->size += bytes.size;
	chunks->sorted = false;
}

static int
compare(const void *left, const void *right)
{
	const struct chunk *a = left, *b = right;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

static void
sort(struct chunks *chunks)
{
	if (!chunks->sorted && chunks->count > 1)
		qsort(chunks->chunks, chunks->count, sizeof *chunks->chunks, compare);
	chunks->sorted = true;
}

/* One past the last chunk of the stretch that begins with `first`; `*size` is what it spans. */
static size_t
end_of_stretch(const struct chunks *chunks, size_t first, size_t *size)
{
	const struct chunk *all = chunks->chunks;
	uint64_t end = all[first].address + all[first].size;
	size_t next = first + 1;

	for (; next < chunks->count; next++) {
		if (all[next].address < end || all[next].address - end > LARGEST_HOLE)
			break;
		end = all[next].address + all[next].size;
	}
	*size = (size_t)(end - all[first].address);
	return next;
}

size_t
chunks_count(struct chunks *chunks)
{
	size_t count = 0, size;

	sort(chunks);
	for (size_t i = 0; i < chunks->count; i = end_of_stretch(chunks, i, &size))
		count++;
	return count;
}

size_t
chunks_bytes(const struct chunks *chunks)
{
	return chunks->used;
}

static enum status
write_stretch(struct job *job, struct unpack *unpack, struct node *container,
    const struct chunks *chunks, size_t first, size_t end, size_t size)
{
	struct entry entry = {.type = NODE_FILE, .mode = 0644};
	uint64_t address = chunks->chunks[first].address;
	char name[32];
	uint8_t *bytes;

	TRY(unpack_allow(unpack, job, size));
	bytes = arena_allocate(job, size);
	if (bytes == NULL)
		return STATUS_LIMIT;
	memset(bytes, 0xff, size);
	for (size_t i = first; i < end; i++) {
		const struct chunk *chunk = &chunks->chunks[i];

		memcpy(bytes + (chunk->address - address), chunks->bytes + chunk->at, chunk->size);
	}
	snprintf(name, sizeof name, "0x%08" PRIx64 ".bin", address);
	entry.name = span_of_string(name);
	return unpack_file(unpack, container, &entry, (struct span){bytes, size}, NULL);
}

enum status
chunks_write(struct job *job, struct unpack *unpack, struct node *container, struct chunks *chunks)
{
	uint64_t reached = 0;

	sort(chunks);
	for (size_t i = 0; i < chunks->count;) {
		struct arena_mark mark = arena_mark(job->arena);
		uint64_t address = chunks->chunks[i].address;
		size_t size, end = end_of_stretch(chunks, i, &size);

		if (address < reached)
			TRY(unpack_damage(unpack, container, address, size, COVERAGE_DAMAGED,
			    "the bytes at 0x%08" PRIx64 " are given twice", address));
		if (address + size > reached)
			reached = address + size;
		TRY(write_stretch(job, unpack, container, chunks, i, end, size));
		arena_release(job->arena, mark);
		i = end;
	}
	return STATUS_OK;
}

static unsigned
digit(uint8_t c)
{
	return c >= '0' && c <= '9'   ? c - 48u
	       : c >= 'A' && c <= 'F' ? c - 55u
	       : c >= 'a' && c <= 'f' ? c - 87u
				      : 16u;
}

void
read_hex_bytes(struct reader *reader, uint8_t *out, size_t count)
{
	struct span digits = read_bytes(reader, 2 * count);

	memset(out, 0, count);
	for (size_t i = 0; i + 1 < digits.size; i += 2) {
		unsigned high = digit(digits.at[i]), low = digit(digits.at[i + 1]);

		if ((high | low) > 15)
			reader->overrun = true;
		out[i / 2] = (uint8_t)(high << 4 | (low & 15));
	}
}

void
read_line_end(struct reader *reader)
{
	size_t blank = 0;

	while (blank < reader->rest.size &&
	       (reader->rest.at[blank] == '\r' || reader->rest.at[blank] == '\n' ||
		   reader->rest.at[blank] == ' ' || reader->rest.at[blank] == '\t'))
		blank++;
	read_bytes(reader, blank);
}
