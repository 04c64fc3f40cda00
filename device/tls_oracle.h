/*
 * Messages that a sound TLS server refuses and an unsound one gives itself away by.
 *
 * Source: RFC 6520 (CVE-2014-0160), CVE-2014-0224, Böck, Somorovsky and Young, "Return Of
 * Bleichenbacher's Oracle Threat" (2018).
 */
#ifndef DEVICE_TLS_ORACLE_H
#define DEVICE_TLS_ORACLE_H

#include "device/channel.h"

#define TLS_HEARTBEAT_CLAIMED 20 /* bytes the long heartbeat says it holds */
#define ROBOT_VARIANTS 5         /* 0 is well formed */

/* What came after a message. */
enum tls_reaction_type {
	REACTION_SILENT,
	REACTION_CLOSED,
	REACTION_ALERT,
	REACTION_HEARTBEAT,
	REACTION_OTHER
};

struct tls_reaction {
	enum tls_reaction_type type;
	uint8_t alert; /* description, when it came in the clear; 0 */
	size_t size;   /* bytes of the record */
};

/* Reads one record.  STATUS_OK whatever it is. */
enum status tls_react(
    struct job *job, struct channel *channel, int patience_ms, struct tls_reaction *reaction);
bool tls_reaction_equal(const struct tls_reaction *a, const struct tls_reaction *b);
/* Pure: the reaction in what was received; SILENT when no whole record is there. */
void tls_reaction_parse(struct span received, struct tls_reaction *reaction);

/* A ChangeCipherSpec before any key exchange, twice in one go. */
struct span tls_early_change(struct job *job, uint16_t version);
/* A heartbeat that says it holds sixteen bytes more than it does. */
struct span tls_long_heartbeat(struct job *job, uint16_t version);
/*
 * ClientKeyExchange whose premaster secret is padded as `variant` says,
 * encrypted to the RSA key of `certificate`; when it is to be `whole`, then ChangeCipherSpec and a
 * Finished that no key fits.  *usable is false when the certificate holds no RSA key that can be
 * used.
 */
enum status tls_robot_flight(struct job *job, struct target *target, struct span certificate,
    uint16_t version, unsigned variant, bool whole, struct span *flight, bool *usable);

#endif
