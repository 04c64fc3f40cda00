/*
 * The answer to verify: for an officer at a counter, and as one JSON object.
 */
#ifndef APP_VERIFICATION_PRINT_H
#define APP_VERIFICATION_PRINT_H

#include "app/command.h"
#include "cert/verification.h"

void verification_print(int language, const struct verification_request *request,
    const struct verification *verification);

/* *line ends without a newline.  `file` names what was verified, `now` when. */
enum status verification_to_json(struct job *job, const char *file, int64_t now,
    const struct verification_request *request, const struct verification *verification,
    const char **line);

#endif
