/* A step opens its case, works on it and closes it, whatever became of the work. */
#include "app/case_command.h"

struct work
case_start(const struct invocation *invocation, const char *path)
{
	return (struct work){.job = invocation->job,
	    .path = path,
	    .now = invocation->now,
	    .language = invocation->language};
}

enum status
case_with(struct work *work, bool writable, enum status (*run)(struct work *work, void *context),
    void *context)
{
	enum status status;

	TRY(work_open(work, writable));
	status = run(work, context);
	case_close(work->file);
	return status;
}
