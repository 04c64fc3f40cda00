/*
 * A probe: one reading of a unit over the network.
 *
 * It talks over channels the dialer connected and puts what it learns into the
 * evidence.  What the unit does is evidence; the network gone, time used up, a
 * reply that makes no sense leave its looked rows incomplete with the reason.
 */
#ifndef DEVICE_PROBE_H
#define DEVICE_PROBE_H

#include "device/target.h"
#include "facts/evidence.h"

#define PROBE_MAX_KINDS 8

struct probe {
	const char *name; /* file, id and source of its facts */
	const char *title;
	const char *source;                     /* specification it follows */
	const char *looks_for[PROBE_MAX_KINDS]; /* kinds, by name; NULL at the end */
	const char *needs;                      /* probes that must have run, comma-separated; "" */
	const char
	    *speaks; /* names of services at which it finds every log-in, comma-separated; NULL */
	enum intrusion intrusion;
	int64_t limit_ms; /* time for the whole unit */
	/*
	 * Adds facts and one looked row for each kind of looks_for.  A failure
	 * leaves its rows incomplete with the job's reason.
	 */
	enum status (*talk)(struct job *job, struct target *target, struct evidence *evidence);
};

/* "observe", "login", "stress"; false for any other word. */
bool intrusion_parse(const char *word, enum intrusion *intrusion);

/* Its word. */
const char *intrusion_name(enum intrusion intrusion);

/*
 * Marks in `chosen` the probes of a comma-separated list (NULL: all) and those
 * they rest on.  STATUS_USAGE for a name that is none's.
 */
enum status probe_choose(struct job *job, const struct probe *const *probes, size_t count,
    const char *only, bool *chosen);

/* Every probe of catalogue.def in its order, which is the order they run in. */
extern const struct probe *const probe_catalogue[];
extern const size_t probe_catalogue_count;

/*
 * Sets the target's logins_lack where a service is open whose log-in, if it has
 * one, no probe looks at.  Every probe of log-ins does it first.
 */
enum status probe_note_strangers(struct job *job, struct target *target);

#endif
