/*
 * The life of a certificate: what each event of the registry makes of it.
 *
 *     granted → suspended, reduced, withdrawn, annulled
 *     suspended → what it was before (reinstate), withdrawn, annulled
 *     reduced → suspended, reduced further, withdrawn, annulled
 *     withdrawn → annulled; annulled is the end
 *
 * Withdrawn ends validity from its date; annulled means it never was valid.
 * Expiry is a date of the certificate, not an event.
 */
#ifndef CERT_STATUS_H
#define CERT_STATUS_H

#include <stdbool.h>

enum event_type {
	EVENT_ACCEPTANCE,
	EVENT_SUSPEND,
	EVENT_REINSTATE,
	EVENT_WITHDRAW,
	EVENT_ANNUL,
	EVENT_REDUCE,
	EVENT_TYPE_COUNT
};

enum state {
	STATE_GRANTED,
	STATE_SUSPENDED,
	STATE_REDUCED,
	STATE_WITHDRAWN,
	STATE_ANNULLED,
	STATE_COUNT
};

const char *event_type_name(enum event_type type);  /* "withdraw" */
enum event_type event_type_named(const char *name); /* EVENT_TYPE_COUNT: none */
const char *state_name(enum state state);           /* "withdrawn" */
enum state state_named(const char *name);           /* STATE_COUNT: none */

/*
 * The state after `type`; false when that cannot happen in `before`.
 * was_reduced  it had been reduced before it was suspended
 */
bool state_after(enum state before, bool was_reduced, enum event_type type, enum state *after);

#endif
