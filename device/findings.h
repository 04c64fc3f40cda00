/*
 * The facts that probes of many protocols add: something told away, something
 * anybody may read, a log-in, a UDP port that answered.
 */
#ifndef DEVICE_FINDINGS_H
#define DEVICE_FINDINGS_H

#include "device/target.h"
#include "facts/evidence.h"

/* Where it was found. */
struct finding {
	struct job *job;
	struct evidence *evidence;
	const char *protocol;
	uint16_t port;
	int64_t exchange;
};

/* STATUS_LIMIT when `value` or `name` is NULL: out of memory. */
enum status finding_disclosure(const struct finding *finding, const char *type, const char *value);
/* The realm of a log-in, and the serial number that some makers put there; NULL tells nothing. */
enum status finding_realm(const struct finding *finding, const char *realm);
enum status finding_resource(const struct finding *finding, const char *name, const char *access,
    int64_t needs_login, const char *detail);

/* The row of a log-in, and nothing else: whether pairs are tried there is target_add_login's. */
enum status finding_login(const struct finding *finding, const char *scheme, int64_t encrypted,
    const char *realm, bool recognised);

/* A service over UDP that answered: the row, and the service for the probes that come later. */
enum status finding_udp_port(const struct finding *finding, struct target *target, bool tls);

/* A software's words with a number in them tell its version. */
const char *finding_banner_type(const char *words);

#endif
