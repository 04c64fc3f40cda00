/*
 * Datagrams of a scripted unit, whose other side hangs up without a word.
 */
#ifndef TESTS_SUPPORT_DATAGRAM_UNIT_H
#define TESTS_SUPPORT_DATAGRAM_UNIT_H

#include "tests/support/scripted_unit.h"

/* The next datagram; 0 when the other side is gone. */
size_t unit_hear_datagram(int socket, uint8_t *at, size_t room);

/* Gives a copy of every prefix of `whole` to `read`, and of every single bit turned over. */
void unit_mutilate(
    struct job *job, struct span whole, void (*read)(struct job *job, struct span part, bool cut));

#endif
