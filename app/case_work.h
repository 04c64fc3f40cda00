/*
 * The steps of a case, shared by `hopquy test` and `hopquy case …`.
 */
#ifndef APP_CASE_WORK_H
#define APP_CASE_WORK_H

#include "app/command.h"
#include "app/probing.h"
#include "assess/assessment.h"
#include "facts/case.h"

struct work {
	struct job *job;
	struct case_file *file;
	const char *path; /* of the case */
	int64_t now;
	int language;
	bool no_sandbox, mask_landlock;
	const struct option_list *trust; /* files of keys that verify updates; NULL: none */
	bool replace; /* what is there of the same name is superseded, by the operator's own word */
};

/* A profile by name (below profiles/) or path of its XML file. */
enum status work_profile(struct job *job, const char *name, const struct profile **profile);

/* Creates the case under a profile, which the case keeps; with a dossier (NULL: none yet). */
enum status work_new(struct work *work, const char *profile, const char *dossier);
enum status work_open(struct work *work, bool writable);
enum status work_add_dossier(struct work *work, const char *path);
enum status work_add_firmware(struct work *work, const char *path);

#define WORK_ADDRESSES_MAX 4

struct work_device {
	const char *name, *state;                  /* from "[NAME=]ADDRESS[,ADDRESS]…[@STATE]" */
	const char *addresses[WORK_ADDRESSES_MAX]; /* all of one unit: IPv4, IPv6 */
	size_t address_count;
};
enum status work_parse_device(
    struct job *job, const char *argument, const char *state, struct work_device *device);

/* All that are to be probed, before the first packet goes out: no address is two units' in one
 * state.  *devices has one for each of the list. */
enum status work_parse_devices(struct job *job, const struct option_list *list, const char *state,
    const char *reach, struct work_device **devices);

/*
 * Probes one unit in one state, at each of its addresses, and stores what was
 * found, or why not.  Where nobody answered at any address nothing is stored:
 * *unreached is what to tell then, else NULL.
 */
enum status work_probe(struct work *work, const struct work_device *device,
    const struct probing *probing, const char **unreached);
enum status work_add_answers(struct work *work, const char *path);

/* Judges the current facts under the case's profile (or another) as of `now`; stores nothing. */
enum status work_evaluate(
    struct work *work, const char *profile, int64_t now, struct assessment *assessment);
/* The same as of work->now, and stored. */
enum status work_assess(struct work *work, const char *profile, struct assessment *assessment);
/* The stored assessment computed again with its own `now`; *same says whether the bytes are equal.
 */
enum status work_replay(struct work *work, struct assessment *assessment, bool *same);
/* STATUS_OK, STATUS_NO or STATUS_UNDECIDED: the exit status of a verdict. */
enum status work_verdict_status(struct job *job, const struct assessment *assessment);

/* Signs the stored assessment.  STATUS_REFUSED when it is no longer that of the evidence, or the
 * role is not the person's. */
enum status work_sign(
    struct work *work, const char *role, const char *key, const char *certificate);

#endif
