/*
 * One SNMP port while it is asked, and the facts its answers become.
 */
#ifndef DEVICE_SNMP_FACTS_H
#define DEVICE_SNMP_FACTS_H

#include "device/snmp_client.h"

struct snmp_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	uint16_t port;
	bool known;    /* a datagram was answered from there */
	bool v3;       /* an engine named itself */
	bool careless; /* a community that cannot exist is answered */
	struct snmp_engine engine;
	int64_t exchange;
};

/* Each adds one fact about the port; a value or detail of NULL is our own lack of memory. */
enum status snmp_add_disclosure(struct snmp_talk *talk, const char *type, const char *value);
enum status snmp_add_resource(struct snmp_talk *talk, const char *name, const char *access,
    bool needs_login, const char *detail);
/* Where nobody did before; the service is remembered as well. */
enum status snmp_add_port(struct snmp_talk *talk);
enum status snmp_add_login(
    struct snmp_talk *talk, const char *scheme, int64_t encrypted, bool recognised);

/* What the engine's own name tells. */
enum status snmp_tell_engine(struct snmp_talk *talk);
/* An answer that holds an octet string, without an error. */
bool snmp_has_value(const struct snmp_answer *answer);
/* What the communities that were accepted open; whether they write at level stress alone. */
enum status snmp_use_trials(
    struct snmp_talk *talk, struct channel *channel, const struct snmp_trial *trials, size_t count);

#endif
