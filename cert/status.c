/*
 * The table of transitions is the whole law of a certificate's life.
 */
#include "cert/status.h"

#include <stddef.h>
#include <string.h>

static const char *const event_names[EVENT_TYPE_COUNT] = {
    "acceptance", "suspend", "reinstate", "withdraw", "annul", "reduce"};
static const char *const state_names[STATE_COUNT] = {
    "granted", "suspended", "reduced", "withdrawn", "annulled"};

/* STATE_COUNT: not allowed. */
static const enum state transitions[STATE_COUNT][EVENT_TYPE_COUNT] = {
    [STATE_GRANTED] = {STATE_COUNT, STATE_SUSPENDED, STATE_COUNT, STATE_WITHDRAWN, STATE_ANNULLED,
	STATE_REDUCED},
    [STATE_SUSPENDED] = {STATE_COUNT, STATE_COUNT, STATE_GRANTED, STATE_WITHDRAWN, STATE_ANNULLED,
	STATE_COUNT},
    [STATE_REDUCED] = {STATE_COUNT, STATE_SUSPENDED, STATE_COUNT, STATE_WITHDRAWN, STATE_ANNULLED,
	STATE_REDUCED},
    [STATE_WITHDRAWN] = {STATE_COUNT, STATE_COUNT, STATE_COUNT, STATE_COUNT, STATE_ANNULLED,
	STATE_COUNT},
    [STATE_ANNULLED] = {STATE_COUNT, STATE_COUNT, STATE_COUNT, STATE_COUNT, STATE_COUNT,
	STATE_COUNT},
};

const char *
event_type_name(enum event_type type)
{
	return event_names[type];
}

const char *
state_name(enum state state)
{
	return state_names[state];
}

static unsigned
find(const char *const *names, unsigned count, const char *name)
{
	unsigned i = 0;

	while (i < count && (name == NULL || strcmp(names[i], name) != 0))
		i++;
	return i;
}

enum event_type
event_type_named(const char *name)
{
	return (enum event_type)find(event_names, EVENT_TYPE_COUNT, name);
}

enum state
state_named(const char *name)
{
	return (enum state)find(state_names, STATE_COUNT, name);
}

bool
state_after(enum state before, bool was_reduced, enum event_type type, enum state *after)
{
	*after = transitions[before][type];
	if (type == EVENT_REINSTATE && *after == STATE_GRANTED && was_reduced)
		*after = STATE_REDUCED;
	return *after != STATE_COUNT;
}
