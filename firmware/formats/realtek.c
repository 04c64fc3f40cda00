/* Realtek's loader knows its sections by four letters and a sum that comes to zero. */
#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)16)
#define LARGEST ((uint32_t)64 << 20)
#define LEAST 64u

struct header {
	struct span kind;
	uint32_t start, place, size;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};

	header->kind = read_bytes(&reader, 4);
	header->start = read_u32_be(&reader);
	header->place = read_u32_be(&reader);
	header->size = read_u32_be(&reader);
	return !reader.overrun && header->place < LARGEST && header->size >= LEAST &&
	       header->size <= LARGEST;
}

static const char *
kind_name(struct span kind)
{
	switch (kind.at[0]) {
	case 'c':
		return kind.at[1] == 'r' || (kind.at[1] == 's' && kind.at[2] == 'r')
			   ? "kernel and root file system"
			   : "kernel";
	case 'r':
		return "root file system";
	default:
		return "web pages";
	}
}

/* Web pages are summed by bytes, all else by big-endian words. */
static bool
sum_is_good(struct span body, bool by_bytes)
{
	uint16_t sum = 0;

	if (by_bytes) {
		for (size_t i = 0; i < body.size; i++)
			sum = (uint16_t)(sum + body.at[i]);
		return (sum & 0xff) == 0;
	}
	for (size_t i = 0; i + 1 < body.size; i += 2)
		sum = (uint16_t)(sum + (body.at[i] << 8 | body.at[i + 1]));
	return body.size % 2 == 0 && sum == 0;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct header header;
	struct span body;
	bool whole, good;

	if (!read_header(at, &header))
		return;
	whole = HEADER_SIZE + header.size <= at.size;
	body = span_part(at, HEADER_SIZE, header.size);
	claim->searched = body.size;
	good = whole && sum_is_good(body, header.kind.at[0] == 'w');
	/* the sum of web pages is too short to rely on */
	if (!claim->expected && (!good || header.kind.at[0] == 'w'))
		return;
	header_claim(claim, at, HEADER_SIZE + header.size);
	claim->detail = arena_printf(job, "%.4s, %s, start %08x, flash %06x, %s",
	    (const char *)header.kind.at, kind_name(header.kind), header.start, header.place,
	    !whole ? "cut short"
	    : good ? "sum good"
		   : "sum bad");
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	static const struct hint hints[] = {{HEADER_SIZE, "lzma"}, {HEADER_SIZE, NULL}};
	struct header header;

	if (!read_header(content, &header))
		return fail(job, STATUS_MALFORMED, "realtek: header cut short");
	if (content.size == HEADER_SIZE + header.size) /* what completes the sum was looked at */
		content.size -= header.kind.at[0] == 'w' ? 1 : 2;
	return unpack_search(unpack, container, content, HEADER_SIZE, hints, ARRAY_SIZE(hints));
}

static const struct magic magics[] = {
    {.pattern = "(cs6[bc]|cr6[bc]|csys|csro|r6[bc]r)[\\x00\\x80-\\xbf]", .length = 5},
    {.pattern = "w6[bc][a-z]\\x00", .length = 5},
};

const struct format format_realtek = {
    .name = "realtek",
    .title = "Realtek loader section (cs6c, cr6c, r6cr, w6c.)",
    .source = "Realtek bootcode init/rtk.h; NEC cvimg.c",
    .gaps =
	"boot, root, ALL1 and ALL2 sections, whose four letters are common words; web pages that "
	"do not stand where a section is expected",
    .nature = NATURE_WRAPPER,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
