/*
 * The registry of certificates: an append-only log in one SQLite file, and the
 * authority's acts upon it.
 *
 *     registry.db  the log and its indexes (registry.sql)
 *     authority    symbolic link to the authority's folder (office.h)
 *     checkpoint   the newest signed checkpoint
 *
 * Only one process writes at a time; readers are never blocked.  Times are
 * Unix seconds and come from the caller; they never run backwards in the log.
 */
#ifndef CERT_REGISTRY_H
#define CERT_REGISTRY_H

#include "cert/bundle.h"
#include "cert/number.h"

struct registry;

/* Makes a registry that acts with the keys of `authority`; STATUS_CANNOT_CREATE when there is one.
 */
enum status registry_create(
    struct job *job, const char *folder, const char *authority, int64_t now);

/*
 * Opens one; with `acting` also the authority's keys and newest trust list,
 * else with the newest list of its own log, of the authority's root if the
 * authority is at hand.
 * STATUS_MISSING, STATUS_MALFORMED: no registry there
 */
enum status registry_open(
    struct job *job, const char *folder, bool acting, struct registry **registry);
void registry_close(struct registry *registry); /* also NULL */

/* The trust list by which it acts, or the newest in its log. */
const struct trust *registry_trust(const struct registry *registry);

/*
 * Accepts a certificate signed by a body: checks signature, form, schema and
 * the body's rights, allots the number, appends, and returns the file with the
 * receipt in it.
 *
 * STATUS_REFUSED    the body has no right to it, or it is registered already
 * STATUS_MALFORMED  not a signed certificate
 * STATUS_BUSY       another process is writing: try again
 */
enum status registry_accept(struct job *job, struct registry *registry, struct span submission,
    int64_t now, char number[NUMBER_SIZE], struct span *with_receipt);

/*
 * Suspends, reinstates, withdraws, annuls or reduces (`removed` names firmware
 * versions or models then no longer covered).
 *
 * STATUS_NO       no such number
 * STATUS_REFUSED  not possible from its present state
 */
enum status registry_change(struct job *job, struct registry *registry, const char *number,
    enum event_type type, const char *reason, const char *const *removed, size_t removed_count,
    int64_t now);

struct registry_entry {
	const char *number;
	const char *body, *holder, *product, *model, *issued, *expires;
	bool trial;
	int64_t accepted;
	enum state state;
	struct change *changes;
	size_t change_count;
	struct certificate certificate; /* only by registry_find */
	struct span file;               /* with receipt; only by registry_find */
};

/* STATUS_NO: that number was never allotted. */
enum status registry_find(
    struct job *job, struct registry *registry, const char *number, struct registry_entry *entry);

/* Entries that hold every word (case and accents do not matter), at most `limit`. */
enum status registry_search(struct job *job, struct registry *registry, const char *words,
    size_t limit, struct registry_entry **entries, size_t *count);

/* One signed file for offline use; see bundle.h. */
enum status registry_bundle(
    struct job *job, struct registry *registry, int64_t now, struct span *der);

/* The newest checkpoint, as signed. */
enum status registry_checkpoint(struct job *job, struct registry *registry, const char **note);

/*
 * Recomputes everything from the signed rows: each signature and each right,
 * every hash, every stored checkpoint, every index; and, with `against`, that
 * a checkpoint seen earlier (or the one in a bundle) begins this log.
 *
 * STATUS_NO  something was altered, dropped or put in: the reason says what
 */
struct audit {
	uint64_t events, certificates, checkpoints;
	struct digest root;
};
enum status registry_audit(
    struct job *job, struct registry *registry, struct span against, struct audit *audit);

/* Empties the indexes and fills them from the log. */
enum status registry_rebuild(struct job *job, struct registry *registry);

#endif
