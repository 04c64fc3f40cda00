/* A try that had no answer is made once more, alone: some units serve one visitor at a time. */
#include "device/guessing.h"

#include <string.h>

#include "base/arena.h"

#define SLOW_MS 1000 /* a unit that takes longer to refuse is asked several times at once */

enum status
guessing_add(struct attack *attack, const struct door *door, const struct guess *guess,
    bool control, const struct login_result *result)
{
	struct fact fact = fact_new(FACT_login_attempt);
	struct login_attempt_fact *as = &fact.as.login_attempt;

	fact.port = door->login->port;
	fact.exchange = result->exchange;
	as->protocol = door->login->protocol;
	as->user = guess->user;
	as->password = guess->password;
	as->origin = guess->origin;
	as->control = control;
	as->accepted = result->answer == LOGIN_UNSURE ? UNKNOWN : result->answer == LOGIN_ACCEPTED;
	as->forced_change =
	    result->answer == LOGIN_ACCEPTED && strcmp(door->login->protocol, "telnet") == 0
		? result->forced_change
		: UNKNOWN;
	as->error_text_class = result->error_text_class;
	return evidence_add(attack->evidence, attack->job, &fact);
}

/* Where a unit says that it locks a user, every door is left alone with that user. */
static bool
mind_lock(struct attack *attack, const struct door *door, const struct attempt *attempt,
    const struct login_result *result)
{
	if (attempt->control || !login_note_lock(attack->target, attempt->guess.user, result))
		return false;
	outcome_lack(attack->job, &attack->outcome,
	    "port %u: it says that %s is locked, or soon: not guessed at any more, at any log-in",
	    door->login->port, attempt->guess.user);
	return true;
}

/* A try that came to an answer. */
static enum status
conclude(struct attack *attack, struct door *door, const struct attempt *attempt,
    struct login_result *result)
{
	struct target *target = attack->target;

	if (attempt->control) {
		door->control = *result;
		if (attempt->talk.waited_ms >= SLOW_MS && login_can_overlap(door->login))
			door->overlap = GUESSING_OVERLAP;
		return guessing_add(attack, door, &attempt->guess, true, result);
	}
	(void)mind_lock(attack, door, attempt, result);
	if (result->answer == LOGIN_ACCEPTED)
		TRY(guessing_believe(attack, door, result));
	door->pairs++;
	attack->refused += result->answer == LOGIN_REFUSED;
	attack->accepted += result->answer == LOGIN_ACCEPTED;
	attack->unsure += result->answer == LOGIN_UNSURE;
	if (result->answer == LOGIN_ACCEPTED)
		target_add_opened(
		    target, door->login->protocol, attempt->guess.user, attempt->guess.password);
	door->open = door->open || result->answer == LOGIN_ACCEPTED;
	return guessing_add(attack, door, &attempt->guess, false, result);
}

static enum status
start(struct attack *attack, struct door *door, struct attempt *attempt)
{
	return login_start(attack->job, attack->target, door->login, attempt->guess.user,
	    attempt->guess.password, attempt->control ? NULL : &door->control, &attempt->talk);
}

static enum status
finish(struct attack *attack, struct attempt *attempt, struct login_result *result)
{
	enum status status = login_finish(attack->job, attack->target, &attempt->talk, result);

	attack->waited_ms += attempt->talk.waited_ms;
	return status;
}

/* Once more, alone, what had no answer; a door that gives none again is lost. */
static enum status
try_again(struct attack *attack, struct door *door, struct attempt *attempt)
{
	struct login_result result;
	enum status status;

	door->overlap = 1;
	TRY(guessing_drain(attack, door, 0));
	if (mind_lock(attack, door, attempt, &attempt->talk.result)) {
		attempt->talk.result.answer = LOGIN_UNSURE; /* nobody judged it */
		return conclude(attack, door, attempt, &attempt->talk.result);
	}
	status = start(attack, door, attempt);
	if (status == STATUS_OK)
		status = finish(attack, attempt, &result);
	if (fault_is_ours(status))
		return status;
	if (status == STATUS_OK)
		return conclude(attack, door, attempt, &result);
	door->closed = true;
	outcome_lack(attack->job, &attack->outcome, "after %lld pairs: %s", (long long)door->pairs,
	    attack->job->reason);
	return STATUS_OK;
}

/* Awaits the oldest tries, until `keep` are under way. */
enum status
guessing_drain(struct attack *attack, struct door *door, size_t keep)
{
	while (door->waiting > keep) {
		struct attempt *attempt = door->attempts[0];
		struct login_result result;
		enum status status = finish(attack, attempt, &result);

		door->waiting--;
		memmove(
		    door->attempts, door->attempts + 1, door->waiting * sizeof(struct attempt *));
		if (fault_is_ours(status))
			return status;
		TRY(status == STATUS_OK ? conclude(attack, door, attempt, &result)
					: try_again(attack, door, attempt));
	}
	return STATUS_OK;
}

/* One pair at one door; its answer may come later. */
enum status
guessing_try(struct attack *attack, struct door *door, const struct guess *guess, bool control)
{
	struct attempt *attempt = arena_allocate(attack->job, sizeof *attempt);
	struct login_result result;
	enum status status;

	if (attempt == NULL)
		return STATUS_LIMIT;
	TRY(guessing_drain(attack, door, door->overlap - 1));
	*attempt = (struct attempt){.guess = *guess, .control = control};
	status = start(attack, door, attempt);
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK)
		return try_again(attack, door, attempt);
	if (!attempt->talk.waiting || control || door->overlap == 1) {
		status = finish(attack, attempt, &result);
		if (fault_is_ours(status))
			return status;
		return status == STATUS_OK ? conclude(attack, door, attempt, &result)
					   : try_again(attack, door, attempt);
	}
	door->attempts[door->waiting++] = attempt;
	return STATUS_OK;
}
