/* Edimax and its kin (Realtek's old loader) read "CSYS", a model, a size, and a sum that comes to
 * zero. */
#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)20)
#define SUM_SIZE 2u
#define LARGEST ((uint32_t)64 << 20)

struct header {
	uint32_t start, flash, size;
	struct span model;
};

static uint32_t
number(struct reader *reader, bool is_big)
{
	return is_big ? read_u32_be(reader) : read_u32_le(reader);
}

static bool
read_header(struct span at, bool is_big, struct header *header)
{
	struct reader reader = {.rest = at};

	read_bytes(&reader, 4); /* magic */
	header->start = number(&reader, is_big);
	header->flash = number(&reader, is_big);
	header->model = read_bytes(&reader, 4);
	header->size = number(&reader, is_big);
	return !reader.overrun && header->size > SUM_SIZE && header->size <= LARGEST &&
	       header->size % 2 == 0 && header_text_is_good(header->model);
}

static bool
sum_is_good(struct span body, bool is_big)
{
	uint16_t sum = 0;

	for (size_t i = 0; i + 1 < body.size; i += 2)
		sum = (uint16_t)(sum + (body.at[i + is_big] | body.at[i + !is_big] << 8));
	return body.size != 0 && sum == 0;
}

static void
claim_image(struct job *job, struct span at, bool is_big, bool good, struct claim *claim)
{
	struct header header;

	if (!read_header(at, is_big, &header))
		return;
	header_claim(claim, at, HEADER_SIZE + header.size);
	claim->detail = arena_printf(job, "model %s, %s-endian, start %08x, flash %06x, %s",
	    header_text(job, header.model), is_big ? "big" : "little", header.start, header.flash,
	    good ? "sum good" : "cut short");
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct header header;
	uint32_t sizes[2] = {UINT32_MAX, UINT32_MAX};

	for (unsigned is_big = 0; is_big <= 1 && claim->bytes == 0; is_big++) {
		if (!read_header(at, is_big != 0, &header))
			continue;
		sizes[is_big] = header.size;
		claim->searched += header.size;
		if (sum_is_good(span_part(at, HEADER_SIZE, header.size), is_big != 0))
			claim_image(job, at, is_big != 0, true, claim);
	}
	/* of both orders the smaller size makes sense */
	if (claim->bytes == 0 && claim->expected && HEADER_SIZE + sizes[0] > at.size &&
	    HEADER_SIZE + sizes[1] > at.size)
		claim_image(job, at, sizes[1] < sizes[0], false, claim);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	static const struct hint hints[] = {{HEADER_SIZE, "lzma"}, {HEADER_SIZE, NULL}};

	(void)job;
	content.size -= content.size > HEADER_SIZE + SUM_SIZE ? SUM_SIZE : 0;
	return unpack_search(unpack, container, content, HEADER_SIZE, hints, ARRAY_SIZE(hints));
}

static const struct magic magics[] = {{.pattern = "CSYS", .length = 4}};

const struct format format_edimax = {
    .name = "edimax",
    .title = "Edimax image (CSYS)",
    .source = "OpenWrt firmware-utils: mkedimaximg.c",
    .gaps = "images whose sum is bad are not recognised",
    .nature = NATURE_WRAPPER,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
