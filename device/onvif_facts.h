/*
 * What an ONVIF service's answers say, as facts.
 */
#ifndef DEVICE_ONVIF_FACTS_H
#define DEVICE_ONVIF_FACTS_H

#include "device/onvif_client.h"

#define ONVIF_SEEN_MAX 48
#define ONVIF_SNAPSHOTS_MAX 4

/* One service at one path, and what was said of it already. */
struct onvif_visit {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	const struct onvif_place *place; /* of the device service: where its log-in is */
	uint16_t port;                   /* that was asked last */
	const char *seen[ONVIF_SEEN_MAX];
	size_t seen_count;
	const char *snapshots[ONVIF_SNAPSHOTS_MAX]; /* URLs told without a log-in */
	size_t snapshot_count;
};

/*
 * The facts of one answer to a stranger: the resource, unless ONVIF lets
 * anybody ask (PRE_AUTH), the log-in a refusal asks for, what it tells.
 */
enum status onvif_judge(struct onvif_visit *visit, const struct onvif_operation *operation,
    const struct onvif_answer *answer);

/* Disclosures of the scopes a WS-Discovery match lists. */
enum status onvif_tell_scopes(struct job *job, struct evidence *evidence, uint16_t port,
    int64_t exchange, const char *scopes);

/* Where an answer to GetCapabilities or GetServices says the media service is; NULL. */
const char *onvif_media_url(struct job *job, const struct onvif_answer *answer);

/* The tokens of GetProfiles' answer, at most `room`. */
enum status onvif_read_profiles(struct job *job, const struct onvif_answer *answer,
    const char **tokens, size_t room, size_t *count);

/* Fetches the pictures that were told of, as far as they are the unit's own. */
enum status onvif_try_snapshots(
    struct onvif_visit *visit, struct ask *ask, struct onvif_answer *answer);

#endif
