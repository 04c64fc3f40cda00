/* compress writes codes in groups of eight, and leaves the group where their width changes. */
#include <string.h>

#include "base/arena.h"
#include "firmware/codecs/codec.h"

enum { FIRST_WIDTH = 9, LARGEST_WIDTH = 16, CLEAR = 256 };
#define CODES ((size_t)1 << LARGEST_WIDTH)
#define STEP ((size_t)1 << 20)
#define NONE UINT32_MAX

struct lzw {
	struct span in; /* behind the header */
	uint64_t bit;   /* next to be read */
	uint64_t group; /* bit where codes of this width began */
	bool clears;    /* code 256 empties the table */
	unsigned width, widest;
	uint32_t next;     /* code to be given */
	uint32_t previous; /* code read before, or NONE */
	uint8_t first;     /* byte of what that one stood for */
	uint16_t prefix[CODES];
	uint8_t suffix[CODES];
	uint8_t stack[CODES + 1];
};

static bool
read_header(struct lzw *lzw, struct span in)
{
	struct reader reader = {.rest = in};
	uint8_t flags;

	read_bytes(&reader, 2);
	flags = read_u8(&reader);
	lzw->in = reader.rest;
	lzw->bit = lzw->group = 0;
	lzw->clears = flags & 0x80;
	lzw->width = FIRST_WIDTH;
	lzw->widest = flags & 0x1f;
	lzw->next = lzw->clears ? CLEAR + 1 : CLEAR;
	lzw->previous = NONE;
	return !reader.overrun && (flags & 0x60) == 0 && lzw->widest >= FIRST_WIDTH &&
	       lzw->widest <= LARGEST_WIDTH;
}

/* The rest of a group of eight codes is not used. */
static void
change_width(struct lzw *lzw, unsigned width)
{
	uint64_t group = 8 * (uint64_t)lzw->width, begun = (lzw->bit - lzw->group) % group;

	if (begun != 0)
		lzw->bit += group - begun;
	lzw->group = lzw->bit;
	lzw->width = width;
}

/* False at the end of the input. */
static bool
read_code(struct lzw *lzw, uint32_t *code)
{
	size_t byte = (size_t)(lzw->bit / 8);
	uint32_t value = 0;

	if (lzw->next == (uint32_t)1 << lzw->width && lzw->width < lzw->widest) {
		change_width(lzw, lzw->width + 1);
		byte = (size_t)(lzw->bit / 8);
	}
	if (lzw->bit + lzw->width > (uint64_t)lzw->in.size * 8)
		return false;
	for (unsigned i = 0; i < 4 && byte + i < lzw->in.size; i++)
		value |= (uint32_t)lzw->in.at[byte + i] << 8 * i;
	*code = value >> lzw->bit % 8 & (((uint32_t)1 << lzw->width) - 1);
	lzw->bit += lzw->width;
	return true;
}

/* What a code stands for, at the end of the stack; empty when there is no such code. */
static struct span
expand(struct lzw *lzw, uint32_t code)
{
	size_t top = sizeof lzw->stack;

	if (code > lzw->next || (code == lzw->next && lzw->previous == NONE))
		return (struct span){0};
	if (code == lzw->next) { /* the one about to be given: ends as it begins */
		lzw->stack[--top] = lzw->first;
		code = lzw->previous;
	}
	while (code >= CLEAR && top > 1) {
		lzw->stack[--top] = lzw->suffix[code];
		code = lzw->prefix[code]; /* always a smaller one */
	}
	lzw->stack[--top] = (uint8_t)code;
	lzw->first = (uint8_t)code;
	return (struct span){lzw->stack + top, sizeof lzw->stack - top};
}

static enum stream_end
run(struct lzw *lzw, struct buffer *out)
{
	uint32_t code;

	while (read_code(lzw, &code)) {
		struct span bytes;

		if (code == CLEAR && lzw->clears) {
			change_width(lzw, FIRST_WIDTH);
			lzw->next = CLEAR + 1;
			lzw->previous = NONE;
			continue;
		}
		bytes = expand(lzw, code);
		if (bytes.size == 0)
			return STREAM_DAMAGED;
		if (out->room - out->size < bytes.size &&
		    (!buffer_reserve(out, STEP) || out->room - out->size < bytes.size))
			return STREAM_LIMIT;
		memcpy(out->at + out->size, bytes.at, bytes.size);
		out->size += bytes.size;
		if (lzw->previous != NONE && lzw->next < (uint32_t)1 << lzw->widest) {
			lzw->prefix[lzw->next] = (uint16_t)lzw->previous;
			lzw->suffix[lzw->next++] = lzw->first;
		}
		lzw->previous = code;
	}
	return STREAM_ENDED;
}

enum stream_end
lzw_decode(struct span in, struct buffer *out, size_t *used)
{
	struct lzw *lzw = block_resize(NULL, sizeof *lzw);
	enum stream_end end = STREAM_FOREIGN;

	*used = 0;
	if (lzw == NULL)
		return STREAM_LIMIT;
	if (read_header(lzw, in)) {
		end = run(lzw, out);
		if (end == STREAM_ENDED)
			*used = in.size;
	}
	block_free(lzw);
	return end;
}
