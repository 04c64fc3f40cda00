/* Wrong passwords, by turns for a user that exists and for one that cannot: another answer, or
 * another delay, tells a stranger who has an account. */
#include <string.h>

#include "base/arena.h"
#include "device/access.h"

/* Wrong passwords of a user that exists, and of one that cannot; two where no more are granted. */
#define TELL_ROUNDS 3
#define TELL_ROUNDS_LEAST 2
#define SLOW_MS 1000 /* a unit that takes longer to refuse is asked twice at once */
#define TELL_MS 250  /* slower by at least that, each time: no network does it by chance */

struct telling {
	const char *trace; /* the same each time; NULL */
	bool steady;
	int64_t least_ms, most_ms; /* of the tries whose time is known */
};

/* took: UNKNOWN where something else may have delayed it. */
static void
note(struct telling *telling, const struct login_result *result, int64_t took)
{
	const char *trace = result->trace == NULL ? "" : result->trace;

	if (telling->trace == NULL)
		*telling = (struct telling){.trace = trace, .steady = true, .least_ms = INT64_MAX};
	telling->steady = telling->steady && strcmp(telling->trace, trace) == 0;
	if (took == UNKNOWN)
		return;
	telling->least_ms = took < telling->least_ms ? took : telling->least_ms;
	telling->most_ms = took > telling->most_ms ? took : telling->most_ms;
}

/* A try that is over: what it tells, and *refused. */
static enum status
judge(struct access *access, const char *user, enum status status,
    const struct login_result *result, struct telling *telling, int64_t took, bool *refused)
{
	if (strcmp(user, access->right->user) == 0)
		(void)login_note_lock(access->target, user, result);
	*refused = status == STATUS_OK && result->answer == LOGIN_REFUSED;
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK)
		outcome_lack(access->job, &access->trials, "%s", access->job->reason);
	if (*refused)
		note(telling, result, took);
	return STATUS_OK;
}

static enum status
hear(struct access *access, const char *user, struct telling *telling, bool *refused)
{
	struct login_result result;
	int64_t began = target_now(access->target);
	enum status status = login_try(access->job, access->target, access->login, user,
	    access->wrong.password, access->control, &result);

	return judge(
	    access, user, status, &result, telling, target_now(access->target) - began, refused);
}

/* One try of two that are made at once. */
struct side {
	const char *user;
	struct telling *telling;
	struct login_talk talk;
	int64_t began;
	enum status started;
};

static enum status
start(struct access *access, struct side *side)
{
	side->began = target_now(access->target);
	side->started = login_start(access->job, access->target, access->login, side->user,
	    access->wrong.password, access->control, &side->talk);
	return fault_is_ours(side->started) ? side->started : STATUS_OK;
}

/*
 * Of two tries at once the first is heard when its answer comes: its time is its own.  The
 * other was delayed, perhaps, by the first or by us: only its words count.
 */
static enum status
hear_two(struct access *access, struct side sides[2], bool *refused)
{
	struct login_result result;
	bool second = true;
	enum status status;

	TRY(start(access, &sides[0]));
	if (sides[0].started != STATUS_OK)
		return judge(access, sides[0].user, sides[0].started, &sides[0].talk.result, NULL,
		    UNKNOWN, refused);
	TRY(start(access, &sides[1]));
	status = login_finish(access->job, access->target, &sides[0].talk, &result);
	TRY(judge(access, sides[0].user, status, &result, sides[0].telling,
	    target_now(access->target) - sides[0].began, refused));
	if (sides[1].started != STATUS_OK) /* one visitor at a time */
		return *refused ? hear(access, sides[1].user, sides[1].telling, refused)
				: STATUS_OK;
	status = login_finish(access->job, access->target, &sides[1].talk, &result);
	TRY(judge(access, sides[1].user, status, &result, sides[1].telling, UNKNOWN, &second));
	*refused = *refused && second;
	return STATUS_OK;
}

static bool
may_go_on(const struct access *access, bool refused)
{
	return refused && !target_is_locked(access->target, access->right->user);
}

/* Both at once, where each takes its time; who is first goes round. */
static enum status
compare_at_once(
    struct access *access, struct telling *known, struct telling *unknown, bool *refused)
{
	struct side *sides = arena_array(access->job, 2, sizeof *sides);

	if (sides == NULL)
		return STATUS_LIMIT;
	for (unsigned i = 0; may_go_on(access, *refused) && i < TELL_ROUNDS; i++) {
		struct side *of_known = &sides[i % 2], *of_unknown = &sides[1 - i % 2];

		*of_known = (struct side){.user = access->right->user, .telling = known};
		*of_unknown =
		    (struct side){.user = arena_printf(access->job, "%s%u", access->wrong.user, i),
			.telling = unknown};
		if (of_unknown->user == NULL)
			return STATUS_LIMIT;
		TRY(hear_two(access, sides, refused));
	}
	return STATUS_OK;
}

static enum status
compare_in_turn(struct access *access, unsigned rounds, struct telling *known,
    struct telling *unknown, bool *refused)
{
	for (unsigned i = 0; may_go_on(access, *refused) && i < rounds; i++) {
		TRY(hear(access, access->right->user, known, refused));
		if (*refused && (i > 0 || unknown->trace == NULL))
			TRY(hear(access, arena_printf(access->job, "%s%u", access->wrong.user, i),
			    unknown, refused));
	}
	return STATUS_OK;
}

static enum status
add_telling(struct access *access, const char *value)
{
	struct fact fact = fact_new(FACT_disclosure);

	fact.port = access->login->port;
	fact.as.disclosure.protocol = access->login->protocol;
	fact.as.disclosure.type = "user_enumeration";
	fact.as.disclosure.value = value;
	return evidence_add(access->evidence, access->job, &fact);
}

enum status
access_compare_users(struct access *access)
{
	const char *user = access->right->user;
	struct telling known = {0}, unknown = {0};
	struct login_result last;
	bool refused = true;
	enum status status;
	unsigned rounds =
	    access->target->guess_budget < TELL_ROUNDS ? TELL_ROUNDS_LEAST : TELL_ROUNDS;
	bool overlap = login_can_overlap(access->login);

	if (access->target->guess_budget < rounds) {
		outcome_lack(access->job, &access->told,
		    "port %u: too few tries are granted to compare users", access->login->port);
		return STATUS_OK;
	}
	/* The impossible pair was such a try, where it is sent once as any other is. */
	if (overlap)
		note(&unknown, access->control, access->control_ms);
	if (overlap && rounds == TELL_ROUNDS && access->control_ms >= SLOW_MS)
		TRY(compare_at_once(access, &known, &unknown, &refused));
	else
		TRY(compare_in_turn(access, rounds, &known, &unknown, &refused));
	/* The owner's own log-in lets most units forget the wrong ones. */
	status = login_try(access->job, access->target, access->login, user,
	    access->right->password, access->control, &last);
	(void)login_note_lock(access->target, user, &last);
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK)
		outcome_lack(access->job, &access->trials, "%s", access->job->reason);
	if (!may_go_on(access, refused) || !known.steady || !unknown.steady) {
		outcome_lack(access->job, &access->told,
		    target_is_locked(access->target, user)
			? "port %u: the unit said that it locks the user: left alone"
			: "port %u: its refusals differ from one to the next",
		    access->login->port);
		return STATUS_OK;
	}
	if (strcmp(known.trace, unknown.trace) != 0)
		return add_telling(access, "another answer where the user exists");
	if (known.least_ms > unknown.most_ms + TELL_MS ||
	    unknown.least_ms > known.most_ms + TELL_MS)
		return add_telling(access, "another delay where the user exists");
	return STATUS_OK;
}
