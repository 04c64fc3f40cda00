/*
 * The bundle is what an office without a network relies on: one signed file
 * with the trust list, the log's checkpoint and the standing of every
 * certificate there is.  A number that is not in it was never allotted.
 */
#ifndef CERT_BUNDLE_H
#define CERT_BUNDLE_H

#include "cert/event.h"

#define BUNDLE_MAX_SIZE ((size_t)128 << 20)
#define BUNDLE_MAX_ENTRIES ((size_t)1 << 20)

/* A change of standing, in the order of the log. */
struct change {
	const char *state; /* state_name */
	int64_t since;     /* time of the log */
	const char *reason;
	const char *const *removed;
	size_t removed_count;
};

struct bundle_entry {
	const char *number;
	struct digest certificate; /* SHA-256 of its XML */
	int64_t accepted;
	const struct change *changes;
	size_t changes_count;
};

struct bundle {
	int64_t made, next_update;               /* Unix seconds */
	struct span trust_list, checkpoint_note; /* as signed */
	const struct bundle_entry *entries;      /* ascending by number */
	size_t entries_count;
	/* read from the two signed parts, not part of the record */
	struct trust trust;
	struct checkpoint checkpoint;
};

/* Writes and signs; `made` is the signing time. */
enum status bundle_sign(struct job *job, const struct bundle *bundle, const struct key *key,
    const struct identity *registrar, struct span *der);

/*
 * Reads a bundle and all it holds.
 *
 * root  fingerprint the trust list's root must have; NULL: whoever relies on
 *       the file named it, see trust_read
 *
 * STATUS_REFUSED, STATUS_MALFORMED  not a bundle of that authority
 */
enum status bundle_read(
    struct job *job, struct span der, const struct digest *root, struct bundle *bundle);

/* NULL: no such number, or no such certificate, had been registered. */
const struct bundle_entry *bundle_find_number(const struct bundle *bundle, const char *number);
const struct bundle_entry *bundle_find_certificate(
    const struct bundle *bundle, const struct digest *certificate);

/*
 * The last change at or before `at`; NULL when it stands as granted.  An
 * annulment reaches back: it is returned for every `at`.
 */
const struct change *bundle_standing(const struct bundle_entry *entry, int64_t at);

#endif
