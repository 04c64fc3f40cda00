/*
 * Pieces of a memory, each with its address, in whatever order a file brings
 * them: they come out as files named by address, one for each stretch.
 *
 * Short holes are filled with 0xff, as erased flash is: what lies behind them
 * keeps its distance.
 */
#ifndef FIRMWARE_CHUNKS_H
#define FIRMWARE_CHUNKS_H

#include "firmware/unpack.h"

struct chunks;

/* Room for `bytes` in at most `count` pieces; NULL when out of budget. */
struct chunks *chunks_new(struct job *job, size_t bytes, size_t count);

/* Copies a piece; the caller keeps within the room it asked for. */
void chunks_add(struct chunks *chunks, uint64_t address, struct span bytes);

/* How many stretches there are, and how many bytes they hold without fill. */
size_t chunks_count(struct chunks *chunks);
size_t chunks_bytes(const struct chunks *chunks);

/* Adds each stretch as a file "0x0000c000.bin"; bytes given twice are a finding. */
enum status chunks_write(
    struct job *job, struct unpack *unpack, struct node *container, struct chunks *chunks);

/* `count` bytes as pairs of hexadecimal digits; anything else is an overrun. */
void read_hex_bytes(struct reader *reader, uint8_t *out, size_t count);

/* The white space behind a line. */
void read_line_end(struct reader *reader);

#endif
