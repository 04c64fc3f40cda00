/* ASUS appends the build's number and two sums of sixteen bits to an image. */
#include "base/arena.h"
#include "firmware/header.h"

#define CONTENT_SIZE ((size_t)12)
#define FOOTER_SIZE ((size_t)12)
#define FOOTER_SUM_AT 4
#define TYPE 0x10

/* The complement of all words put together by exclusive or. */
static uint16_t
sum_of(struct span bytes, size_t left_out)
{
	uint8_t even = 0, odd = 0;

	for (size_t i = 0; i + 1 < bytes.size; i += 2) {
		if (i == left_out)
			continue;
		even ^= bytes.at[i];
		odd ^= bytes.at[i + 1];
	}
	return (uint16_t) ~(even << 8 | odd);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct span content = span_part(at, 0, CONTENT_SIZE);
	struct span footer = span_part(at, CONTENT_SIZE, FOOTER_SIZE);
	struct reader said = {.rest = content}, sums = {.rest = footer};
	uint32_t extended = read_u32_be(&said);
	uint16_t build = read_u16_be(&said);
	uint32_t type_and_size = read_u32_be(&sums);
	uint16_t footer_sum = read_u16_be(&sums), content_sum = read_u16_be(&sums);

	if (sums.overrun || said.overrun ||
	    type_and_size != ((uint32_t)TYPE << 24 | CONTENT_SIZE) ||
	    sum_of(footer, FOOTER_SUM_AT) != footer_sum || sum_of(content, SIZE_MAX) != content_sum)
		return;
	claim->bytes = CONTENT_SIZE + FOOTER_SIZE;
	claim->detail = arena_printf(job, "build %u, extended %u, sums good", build, extended);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	(void)job;
	(void)unpack;
	(void)container;
	(void)content; /* all of it is told in its line */
	return STATUS_OK;
}

static const struct magic magics[] = {
    {.pattern = "\\x2a\\xfe\\xd4\\x14", .length = 4, .offset = CONTENT_SIZE + FOOTER_SIZE - 4}};

const struct format format_asus_trailer = {
    .name = "asus_trailer",
    .title = "ASUS trailer with the number of the build",
    .source = "OpenWrt firmware-utils: mkasustrx.c",
    .gaps = "the trailer of 64 bytes behind a TRX, which has no magic, is a gap; longer content",
    .nature = NATURE_WRAPPER,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
