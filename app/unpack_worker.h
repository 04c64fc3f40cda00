/*
 * The unpacker's own process: what runs on the far side of the fork.
 */
#ifndef APP_UNPACK_WORKER_H
#define APP_UNPACK_WORKER_H

#include <stdnoreturn.h>

#include "app/process_unpack.h"
#include "firmware/unpack.h"

/*
 * Enters the sandbox, unpacks the request's image, sends frames to the
 * descriptor, the last of them FRAME_DONE, and ends the process.
 */
noreturn void unpack_worker(
    const struct unpack_request *request, int descriptor, volatile struct progress *progress);

/* CPU seconds the worker may take. */
unsigned unpack_worker_seconds(const struct unpack_request *request);

#endif
