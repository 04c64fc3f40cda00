/* Wrong passwords, as fast as the unit answers: what matters is how many of them it judges in a
 * minute, and whom a lock shuts out. */
#include <string.h>

#include "base/arena.h"
#include "device/probe.h"
#include "device/siege.h"

#define ATTEMPTS_FIRST 10 /* then the right password shows whether it is locked unseen */
#define ATTEMPTS_MAX 40
#define ATTACK_MS 60000
#define MINUTE_MS 60000
#define SURELY_FAST 120 /* a minute: more may go through, but so many are too many already */

/*
 * How many it judges in a minute, a lock included as far as it was seen.  A
 * lock that lasts a minute or more leaves at most what came before it.
 */
static int64_t
per_minute(const struct siege *siege, int64_t locked_ms, bool over)
{
	int64_t ms = siege->ended - siege->began - siege->stalled_ms, rate;
	int64_t answered = siege->answered;

	/* From lock to lock: what came after the last one counts when it was more than one lets by.
	 */
	if (!siege->locked && siege->gaps >= 2 &&
	    (answered - siege->gaps_answered) * siege->gaps <= siege->gaps_answered) {
		ms = siege->gaps_ended - siege->began;
		answered = siege->gaps_answered;
	}
	if (siege->locked)
		ms += locked_ms;
	if (siege->deaf || ms < 1)
		return UNKNOWN;
	if (siege->locked && ms >= MINUTE_MS)
		return siege->answered;
	if (siege->locked && !over)
		return UNKNOWN;
	rate = (answered * MINUTE_MS + ms - 1) / ms;
	if (siege->locked)
		return rate;
	/* Between two locks they come as fast as that, but for how long? */
	if (siege->best > rate && siege->gaps >= 2)
		return UNKNOWN;
	if (siege->best > rate)
		rate = siege->best;
	/* Where more at once may bring more, so many are the least. */
	return siege->is_most || rate >= SURELY_FAST ? rate : UNKNOWN;
}

/* Was it locked?  Silences that ended count where they came again: one is a stall. */
static int64_t
was_locked(const struct siege *siege)
{
	if (siege->deaf)
		return UNKNOWN;
	if (siege->locked || siege->gaps >= 2)
		return 1;
	/* Without a password that should open it, a silent lock looks like none. */
	return siege->known ? 0 : UNKNOWN;
}

static enum status
add_fact(struct siege *siege, int64_t locked_ms, bool ended, int64_t addresses, int64_t per_address)
{
	struct fact fact = fact_new(FACT_lockout);
	struct lockout_fact *as = &fact.as.lockout;

	fact.port = siege->login->port;
	fact.exchange = siege->exchange;
	as->protocol = siege->login->protocol;
	as->scheme = siege->login->scheme;
	as->attempts = siege->answered;
	as->window_s = (siege->ended - siege->began + 999) / 1000;
	as->attempts_per_minute = per_minute(siege, locked_ms, ended);
	as->locked = was_locked(siege);
	if (siege->locked && ended && !siege->deaf)
		as->lock_s = (locked_ms + 999) / 1000;
	else if (!siege->locked && siege->gaps >= 2)
		as->lock_s = (siege->gap_ms / siege->gaps + 999) / 1000;
	else
		as->lock_s = UNKNOWN;
	as->from_addresses = addresses;
	as->per_address = per_address;
	siege->outcome.count++;
	return evidence_add(siege->evidence, siege->job, &fact);
}

/* Our other address is judged by itself: it gets a storm of its own, and its own lock is measured.
 */
static enum status
storm_from_other(struct siege *siege)
{
	struct siege other = *siege;
	int64_t locked_at;
	bool over = false;

	other.locked = other.silent = other.deaf = false;
	other.answered = other.best = other.stalled_ms = other.gap_ms = 0;
	other.gaps = 0;
	other.overlap = 1;
	other.began = target_now(siege->target);
	other.until = other.began + ATTACK_MS / 2;
	TRY(siege_storm(&other, ATTEMPTS_MAX));
	locked_at = other.ended;
	if (other.locked)
		TRY(siege_await_ready(&other, &over));
	siege->outcome.count++;
	return add_fact(
	    &other, other.locked ? target_now(siege->target) - locked_at : 0, over, 2, 1);
}

/* Wrong ones seem to be judged as before: a lock shows when the right one is not taken either. */
static enum status
look_for_silent_lock(struct siege *siege)
{
	bool ready;

	if (siege->locked || !siege->known)
		return STATUS_OK;
	TRY(siege_is_ready(siege, &ready));
	if (!ready)
		TRY(siege_is_ready(siege, &ready)); /* one lost connection is no lock */
	siege->locked = !ready;
	return STATUS_OK;
}

static void
renew(struct siege *siege)
{
	siege->until = target_now(siege->target) + ATTACK_MS;
	if (siege->until > siege->target->deadline - SIEGE_POLLS_MS)
		siege->until = siege->target->deadline - SIEGE_POLLS_MS;
}

/* Up to the number that tells; more where one silence came that ended by itself. */
static enum status
storm_on(struct siege *siege)
{
	renew(siege);
	if (siege->answered <= ATTEMPTS_MAX)
		TRY(siege_storm(siege, ATTEMPTS_MAX + 1 - siege->answered));
	TRY(look_for_silent_lock(siege));
	if (siege->locked || siege->gaps != 1)
		return STATUS_OK;
	renew(siege);
	TRY(siege_storm(siege, ATTEMPTS_MAX));
	TRY(look_for_silent_lock(siege));
	if (siege->gaps == 1 && !siege->locked)
		siege->stalled_ms = siege->gap_ms;
	return STATUS_OK;
}

/*
 * Waits for the lock to end.  One that was nothing but silence, and ended within a minute, must
 * come again: a unit, or a network, that stalled is not locked, nor is one that many passwords at
 * once overwhelmed.
 */
static enum status
await_end(struct siege *siege, int64_t *locked_ms, bool *over)
{
	int64_t locked_at = siege->ended;
	bool silent = siege->silent;

	*locked_ms = 0;
	if (!siege->locked)
		return STATUS_OK;
	TRY(siege_await_ready(siege, over));
	*locked_ms = target_now(siege->target) - locked_at;
	if (!silent || !*over || (*locked_ms >= MINUTE_MS && !siege->deaf))
		return STATUS_OK;
	siege->overlap = 1;
	renew(siege);
	TRY(siege_storm(siege, ATTEMPTS_MAX));
	TRY(look_for_silent_lock(siege));
	if (!siege->locked) {
		siege->stalled_ms += *locked_ms;
		return STATUS_OK;
	}
	siege->deaf = false;
	locked_at = siege->ended;
	TRY(siege_await_ready(siege, over));
	*locked_ms = target_now(siege->target) - locked_at;
	return STATUS_OK;
}

/* What the fact alone does not tell. */
static void
say_lacks(struct siege *siege)
{
	struct outcome *outcome = &siege->outcome;
	unsigned port = siege->login->port;

	if (siege->deaf)
		outcome_lack(siege->job, outcome,
		    "port %u: sent wrong passwords at once, it no longer answered: a lock, or a "
		    "failure",
		    port);
	/* Nobody judges passwords of a user that is none. */
	if (!siege->known && !siege->login->no_user)
		outcome_lack(siege->job, outcome,
		    "port %u: nobody told a pair that opens it: %s may be no user of it", port,
		    siege->user);
	if (!siege->locked && !siege->deaf && per_minute(siege, 0, false) == UNKNOWN)
		outcome_lack(siege->job, outcome,
		    "port %u: it answers slowly, and more may be judged when more are sent at once "
		    "than are tried here",
		    port);
}

static enum status
lay_siege(struct siege *siege)
{
	struct target *target = siege->target;
	int64_t per_address = UNKNOWN, locked_ms;
	bool over = false;

	renew(siege);
	TRY(siege_storm(siege, ATTEMPTS_FIRST));
	TRY(look_for_silent_lock(siege));
	if (!siege->locked) {
		renew(siege);
		TRY(siege_press(siege));
	}
	if (!siege->locked)
		TRY(storm_on(siege));
	if (siege->locked && target->source_count >= 2) {
		bool ready;

		target->source = 1;
		TRY(siege_is_ready(siege, &ready));
		per_address = ready;
		target->source = 0;
	}
	TRY(await_end(siege, &locked_ms, &over));
	TRY(add_fact(siege, locked_ms, over, 1, per_address));
	say_lacks(siege);
	if (per_address != 1)
		return STATUS_OK;
	target->source = 1;
	TRY(storm_from_other(siege));
	target->source = 0;
	return STATUS_OK;
}

static const char *
usual_user(const struct login *login)
{
	if (login->no_user)
		return "";
	return login_is_shell(login) ||
		       (login->interface != NULL && strcmp(login->interface, "ubus") == 0)
		   ? "root"
		   : "admin";
}

/* The first wrong password: what the others are compared with. */
static enum status
try_first(struct siege *siege)
{
	enum reaction reaction;
	const char *password;
	int64_t asked = target_now(siege->target);

	TRY(siege_draw_password(siege, &password));
	TRY(siege_ask_once(siege, password, &reaction));
	siege_note_time(siege, target_now(siege->target) - asked);
	if (reaction == REACTION_JUDGED) {
		siege->answered = 1;
		siege->began = siege->ended = target_now(siege->target);
		return STATUS_OK;
	}
	siege->opens_to_all = reaction == REACTION_OPENED;
	return fail(siege->job, STATUS_UNDECIDED,
	    reaction == REACTION_OPENED
		? "port %u: a random password opened the log-in"
		: "port %u: it does not judge passwords at all, or is still locked",
	    siege->login->port);
}

/* Before the first wrong password everything must be as usual: the lock of another log-in, or of
 * an earlier probe, may last. */
static enum status
prepare(struct siege *siege)
{
	const struct credential *right = target_owner(siege->target, siege->login->protocol);
	bool ready = true;
	enum status status;

	siege->user = usual_user(siege->login);
	siege->known = right != NULL;
	if (siege->known) {
		siege->right = *right;
		siege->user = right->user;
		TRY(siege_is_ready(siege, &ready));
	}
	status = try_first(siege);
	if (status == STATUS_OK) {
		siege->known = siege->known && ready; /* else what we know opens nothing here */
		return STATUS_OK;
	}
	if (fault_is_ours(status) || siege->opens_to_all)
		return status;
	TRY(siege_await_ready(siege, &ready));
	return try_first(siege);
}

static enum status
besiege(struct siege *siege)
{
	enum status status;

	siege->known = siege->locked = siege->opens_to_all = siege->odd_is_judged = false;
	siege->silent = siege->deaf = siege->is_most = false;
	siege->answered = siege->best = siege->gap_ms = siege->stalled_ms = 0;
	siege->gaps = 0;
	siege->time_count = 0;
	siege->overlap = 1;
	siege->first = (struct login_result){.exchange = UNKNOWN};
	siege->waiting = 0;
	siege->exchange = UNKNOWN;
	status = prepare(siege);
	if (status == STATUS_OK)
		status = lay_siege(siege);
	siege->target->source = 0;
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK)
		outcome_lack(siege->job, &siege->outcome, "%s", siege->job->reason);
	return STATUS_OK;
}

/* Where no answer is the refusal, our own patience would be measured. */
static bool
refuses_by_silence(const struct login *login)
{
	return login->scheme != NULL && strcmp(login->scheme, "community") == 0;
}

static enum status
talk(struct job *job, struct target *target, struct evidence *evidence)
{
	struct siege *siege = arena_allocate(job, sizeof *siege);

	if (siege == NULL)
		return STATUS_LIMIT;
	TRY(probe_note_strangers(job, target));
	*siege = (struct siege){.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.lack = target->logins_lack, .required = UNKNOWN, .tried = UNKNOWN},
	    .talks = arena_array(job, SIEGE_AT_ONCE_MAX + 1, sizeof *siege->talks)};
	if (siege->talks == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < target->login_count; i++) {
		siege->login = &target->logins[i];
		if (!siege->login->recognised)
			outcome_lack(job, &siege->outcome,
			    "port %u: a %s log-in nobody here knows how to try", siege->login->port,
			    siege->login->protocol);
		else if (refuses_by_silence(siege->login))
			outcome_lack(job, &siege->outcome,
			    "port %u: a wrong community is met with silence: how many are judged "
			    "cannot be measured",
			    siege->login->port);
		else if (target_now(target) + SIEGE_POLLS_MS >= target->deadline)
			outcome_lack(
			    job, &siege->outcome, "time is up at port %u", siege->login->port);
		else
			TRY(besiege(siege));
	}
	if (target->login_count == 0)
		siege->outcome.note = "there is no log-in";
	return outcome_look(job, &siege->outcome, evidence, FACT_lockout);
}

const struct probe probe_lockouts = {
    .name = "lockouts",
    .title = "How many wrong passwords a log-in judges in a minute, and whom a lock shuts out",
    .source = "EN 303 645 provision 5.1-5, TS 103 701 test case 5.1-5-2",
    .looks_for = {"lockout"},
    .needs = "ports,ssh,http,telnet,default_passwords",
    .intrusion = INTRUSION_STRESS,
    .limit_ms = 20 * 60 * 1000,
    .talk = talk,
};
