/* Arcadyan hides an LZMA stream by exchanging two blocks of 32 bytes and the halves of their
 * bytes. */
#include <string.h>

#include "base/arena.h"
#include "firmware/format.h"

#define FIRST_AT ((size_t)4)
#define SECOND_AT ((size_t)0x68)
#define BLOCK ((size_t)32)
#define LARGEST ((size_t)32 << 20)
#define LEAST_DECODED 4096u

/* The bytes as the encoder wrote them, without the four before the stream. */
static bool
restore(struct span at, struct buffer *copy)
{
	size_t size = (at.size < LARGEST ? at.size : LARGEST) - FIRST_AT;

	copy->limit = LARGEST;
	if (!buffer_reserve(copy, size) || copy->room < size)
		return false;
	memcpy(copy->at, at.at + FIRST_AT, size);
	memcpy(copy->at + SECOND_AT - FIRST_AT, at.at + FIRST_AT, BLOCK);
	for (size_t i = 0; i < BLOCK; i++) {
		uint8_t byte = at.at[SECOND_AT + (i ^ 1)];

		copy->at[i] = (uint8_t)(byte << 4 | byte >> 4);
	}
	copy->size = size;
	return true;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct buffer copy = {0};
	enum stream_end end;
	size_t used = 0;

	if (at.size < SECOND_AT + BLOCK + LEAST_DECODED / 64 || !restore(at, &copy)) {
		buffer_free(&copy);
		return;
	}
	claim->tried = claim->costly = true;
	end = lzma_decode(buffer_span(&copy), &claim->decoded, &used);
	buffer_free(&copy);
	if (claim->decoded.size < LEAST_DECODED || end == STREAM_FOREIGN)
		return;
	if (end == STREAM_DAMAGED && !claim->expected)
		return;
	claim_stream(job, claim, end, used + FIRST_AT, at.size, "");
}

/* "5d 00 00 .. 00" with its halves and neighbours exchanged, then the size */
static const struct magic magics[] = {
    {.pattern = "\\x00\\xd5.\\x00.\\x00..\\x00.\\x00\\x00\\x00\\x00",
	.length = 14,
	.offset = SECOND_AT}};

const struct format format_arcadyan = {
    .name = "arcadyan",
    .title = "Arcadyan obfuscated LZMA stream",
    .source = "binwalk 3: src/extractors/arcadyan.rs",
    .gaps = "the length and checksum behind the stream are not read; streams above 32 MiB",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
