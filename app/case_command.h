/*
 * How a step of `hopquy case` begins and ends.
 */
#ifndef APP_CASE_COMMAND_H
#define APP_CASE_COMMAND_H

#include "app/case_work.h"

struct work case_start(const struct invocation *invocation, const char *path);
/* Opens the case, does the work, closes it. */
enum status case_with(struct work *work, bool writable,
    enum status (*run)(struct work *work, void *context), void *context);

#endif
