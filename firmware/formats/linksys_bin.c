/* A Linksys BIN is 32 bytes before a TRX: for which board it is, from when, and which version. */
#include "base/arena.h"
#include "base/text.h"
#include "firmware/unpack.h"

#define HEADER_SIZE 32
#define ID_AT 14

struct header {
	struct span board;
	uint8_t year, month, day; /* year from 2000 on */
	uint8_t version[3];
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};

	header->board = read_bytes(&reader, 4);
	read_bytes(&reader, 4); /* reserved */
	header->year = read_u8(&reader);
	header->month = read_u8(&reader);
	header->day = read_u8(&reader);
	for (size_t i = 0; i < sizeof header->version; i++)
		header->version[i] = read_u8(&reader);
	return !reader.overrun && at.size > HEADER_SIZE;
}

static bool
makes_sense(const struct header *header)
{
	for (size_t i = 0; i < header->board.size; i++)
		if (header->board.at[i] < 0x20 || header->board.at[i] > 0x7e)
			return false;
	return header->year < 100 && header->month >= 1 && header->month <= 12 &&
	       header->day >= 1 && header->day <= 31;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct span rest = span_from(at, HEADER_SIZE);
	struct reader trx = {.rest = span_from(rest, 4)};
	uint64_t size = read_u32_le(&trx);
	struct header header;
	const char *board;
	bool cut;

	if (!read_header(at, &header) || !makes_sense(&header) ||
	    !span_starts_with(rest, "HDR0", 4) || trx.overrun)
		return;
	board = text_from_bytes(job, header.board.at, header.board.size, 16);
	cut = size > rest.size;
	claim->bytes = HEADER_SIZE + (cut ? rest.size : size);
	claim->detail = arena_printf(job, "board \"%s\", 20%02u-%02u-%02u, version %u.%u.%u%s",
	    board == NULL ? "" : board, header.year, header.month, header.day, header.version[0],
	    header.version[1], header.version[2], cut ? ", cut short" : "");
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the image is cut short";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	static const struct hint trx = {HEADER_SIZE, "trx"};

	(void)job;
	return unpack_search(unpack, container, content, HEADER_SIZE, &trx, 1);
}

static const struct magic magics[] = {{.pattern = "U2ND", .length = 4, .offset = ID_AT}};

const struct format format_linksys_bin = {
    .name = "linksys_bin",
    .title = "Linksys BIN header",
    .source = "OpenWrt tools/firmware-utils addpattern.c, struct code_header",
    .gaps = "flags and hardware version are not told",
    .nature = NATURE_WRAPPER,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
