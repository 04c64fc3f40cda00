/*
 * Borrowed bytes, and the reader through which every parser reads them.
 *
 * All bounds live here: a read past the end sets `overrun` and yields zero,
 * so a parser reads as the specification does and checks once at the end.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	const uint8_t *at;
	size_t size;
};

struct reader {
	struct span rest;
	bool overrun;
};

/* The part [offset, offset+size) of `whole`; empty (at NULL) when it is not wholly inside. */
struct span span_part(struct span whole, uint64_t offset, uint64_t size);
/* From `offset` to the end; empty when beyond. */
struct span span_from(struct span whole, uint64_t offset);
bool span_equal(struct span a, struct span b);
bool span_starts_with(struct span whole, const void *prefix, size_t size);
struct span span_of_string(const char *string);
/* First place of `needle` in `whole` at or after `from`; SIZE_MAX when absent. */
size_t span_find(struct span whole, const void *needle, size_t size, size_t from);

uint8_t read_u8(struct reader *reader);
uint16_t read_u16_le(struct reader *reader);
uint16_t read_u16_be(struct reader *reader);
uint32_t read_u24_be(struct reader *reader);
uint32_t read_u32_le(struct reader *reader);
uint32_t read_u32_be(struct reader *reader);
uint64_t read_u64_le(struct reader *reader);
uint64_t read_u64_be(struct reader *reader);
struct span read_bytes(struct reader *reader, size_t size);

/* The next line of `rest`, without its end; `rest` then begins behind it.  False at the end. */
bool span_next_line(struct span *rest, struct span *line);

#endif
