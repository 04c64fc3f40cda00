/*
 * One exchange of a recorded talk, as a person reads it.
 */
#ifndef APP_EXCHANGE_H
#define APP_EXCHANGE_H

#include "base/job.h"
#include "base/span.h"

struct exchange_view {
	int64_t exchange;
	const char *unit;    /* its name, and … */
	const char *service; /* what speaks at the port; NULL: not known */
	int language;
	bool secrets; /* passwords sent are shown */
	bool json;    /* one object a line */
};

/* The first line of a talk. */
struct exchange_talk {
	const char *address, *state, *reach, *level; /* "" where not said */
	int64_t began;                               /* Unix seconds */
	struct {
		const char *at[64];
		size_t count;
	} passwords; /* the laboratory's own */
};

/* STATUS_MALFORMED when it is no transcript. */
enum status exchange_read_head(struct job *job, struct span transcript, struct exchange_talk *talk);
/* The port of an exchange; −1 when the talk has no such exchange. */
int64_t exchange_port(struct job *job, struct span transcript, int64_t exchange);

/*
 * Text where it is text, else a dump; in lines of at most 80 columns, or JSON.
 * STATUS_USAGE when the talk has no such exchange.
 */
enum status exchange_print(
    struct job *job, struct span transcript, const struct exchange_view *view, const char **out);

#endif
