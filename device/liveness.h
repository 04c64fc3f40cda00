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

#endif
