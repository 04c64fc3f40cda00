/*
 * Whether the unit still answers after a probe, on the ports that had answered.
 */
#ifndef DEVICE_LIVENESS_H
#define DEVICE_LIVENESS_H

#include "device/target.h"

/*
 * Connects once more to a few ports of the scan; when none answers, waits a
 * while for the unit to come back.  What it finds wrong is remembered in
 * target->deaths.  *gone: it did not come back.
 */
enum status liveness_check(struct job *job, struct target *target, const char *after, bool *gone);

/*
 * Does something answer at an open TCP port?  Where it is known to speak, a word
 * is wanted: systems accept for programs that hang.  Faults of ours alone are
 * told by the status.
 */
enum status liveness_port_answers(
    struct job *job, struct target *target, uint16_t port, bool *alive);

#endif
