/*
 * One block of LZMA of which only the properties are known: what its header
 * would have said is made up for the library.
 */
#ifndef FIRMWARE_CODECS_LZMA_STATE_H
#define FIRMWARE_CODECS_LZMA_STATE_H

#include "firmware/codecs/codec.h"

struct lzma_state;

void *lzma_state_open(void);
void lzma_state_close(void *state);

/* The block fills its room, and the range coder ends there. */
bool lzma_state_exact(struct lzma_state *state, uint8_t properties, struct span in, uint8_t *out,
    size_t room, size_t *size);
/* The block has an end mark, which is the last of `in`. */
bool lzma_state_ended(struct lzma_state *state, uint8_t properties, struct span in, uint8_t *out,
    size_t room, size_t *size);
/* The writer puts no end marks: of a block that is shorter than its room the end is not checked. */
bool lzma_state_endless(struct lzma_state *state, uint8_t properties, struct span in, uint8_t *out,
    size_t room, size_t *size);

#endif
