/*
 * What all collectors seek, found in one pass over a file.
 */
#ifndef FIRMWARE_SEEKER_H
#define FIRMWARE_SEEKER_H

#include "firmware/collector.h"

struct seeker;

/* Compiles what every collector seeks, before the sandbox; NULL with the reason in the job. */
struct seeker *seeker_new(struct job *job);
void seeker_free(struct seeker *seeker);

/*
 * Finds of the collectors for which `wanted` says so, indexed as
 * firmware_collectors; in the job's arena.  `finds[i].cut`: there were more
 * than COLLECTOR_MAX_FINDS.
 *
 * STATUS_LIMIT  out of budget
 */
struct finds {
	struct find *finds;
	size_t count, room;
	bool cut;
};
enum status seeker_find(struct job *job, struct seeker *seeker, struct span content,
    const bool *wanted, struct finds *finds);

#endif
