#include "device/siege.h"

#include <string.h>

#include "base/arena.h"
#include "base/digest.h"

#define POLL_MS 5000
#define REST_MS 1000 /* for the others, when one sent at the same time got no answer */
#define SLOWER 4     /* times the usual answer */

enum status
siege_draw_password(struct siege *siege, const char **password)
{
	uint8_t random[8];

	TRY(target_random(siege->job, siege->target, random, sizeof random));
	*password = hex_of_bytes(siege->job, (struct span){random, sizeof random});
	return *password == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum reaction
reaction_of(const struct siege *siege, enum status status, const struct login_result *result)
{
	const char *was = siege->first.error_text_class, *is = result->error_text_class;

	if (status != STATUS_OK && (is == NULL || strcmp(is, "locked") != 0))
		return REACTION_NONE;
	if (status == STATUS_OK && result->answer == LOGIN_ACCEPTED)
		return REACTION_OPENED;
	if (siege->odd_is_judged)
		return REACTION_JUDGED;
	if (result->answer == LOGIN_UNSURE)
		return REACTION_ANOTHER;
	if (is != NULL && (was == NULL || strcmp(is, was) != 0) && strcmp(is, "locked") == 0)
		return REACTION_ANOTHER;
	return REACTION_JUDGED;
}

enum status
siege_ask_once(struct siege *siege, const char *password, enum reaction *reaction)
{
	struct login_talk talk;
	struct login_result result;
	enum status status = login_start(siege->job, siege->target, siege->login, siege->user,
	    password, siege->first.exchange == UNKNOWN ? NULL : &siege->first, &talk);

	result = talk.result;
	if (status == STATUS_OK)
		status = login_finish(siege->job, siege->target, &talk, &result);
	if (fault_is_ours(status))
		return status;
	if (status == STATUS_OK)
		siege->exchange = result.exchange;
	*reaction = reaction_of(siege, status, &result);
	if (siege->first.exchange == UNKNOWN && *reaction == REACTION_JUDGED)
		siege->first = result;
	return STATUS_OK;
}

enum status
siege_is_ready(struct siege *siege, bool *ready)
{
	enum reaction reaction = REACTION_NONE;
	const char *password = siege->right.password;

	if (!siege->known)
		TRY(siege_draw_password(siege, &password));
	TRY(siege_ask_once(siege, password, &reaction));
	*ready = reaction == (siege->known ? REACTION_OPENED : REACTION_JUDGED);
	return STATUS_OK;
}

enum status
siege_await_ready(struct siege *siege, bool *ready)
{
	struct target *target = siege->target;
	int64_t began = target_now(target), waited = target->waited_ms;
	enum status status = STATUS_OK;

	while (status == STATUS_OK) {
		TRY(siege_is_ready(siege, ready));
		if (*ready || target_now(target) >= began + SIEGE_POLLS_MS)
			break;
		status = target_wait(siege->job, target, POLL_MS);
	}
	target->waited_ms = waited + target_now(target) - began;
	return status == STATUS_UNAVAILABLE ? STATUS_OK : status;
}

int64_t
siege_usual_ms(const struct siege *siege)
{
	size_t count = siege->time_count < SIEGE_TIMES ? siege->time_count : SIEGE_TIMES;

	/* the one that half of the others are below */
	for (size_t i = 0; i < count; i++) {
		size_t below = 0, same = 0;

		for (size_t j = 0; j < count; j++) {
			below += siege->times[j] < siege->times[i];
			same += siege->times[j] == siege->times[i];
		}
		if (below <= count / 2 && below + same > count / 2)
			return siege->times[i];
	}
	return 0;
}

void
siege_note_time(struct siege *siege, int64_t ms)
{
	siege->times[siege->time_count++ % SIEGE_TIMES] = ms;
}

static bool
is_late(const struct siege *siege, int64_t ms)
{
	return ms > SIEGE_GAP_MS && ms > SLOWER * siege_usual_ms(siege);
}

/* Nothing came where an answer should have come long ago; else it was dropped at once. */
static bool
is_silence(const struct siege *siege, int64_t ms)
{
	return ms > siege_usual_ms(siege) + SIEGE_GAP_MS;
}

/* Where one sent no later got no answer, the others are waited for no longer. */
static void
hurry(struct siege *siege)
{
	int64_t end = target_now(siege->target) + REST_MS;

	for (size_t i = 0; i < siege->waiting; i++) {
		struct login_talk *talk = &siege->talks[i];

		if (talk->channel.deadline > end)
			talk->channel.deadline = end;
		if (talk->ssh.channel.deadline > end)
			talk->ssh.channel.deadline = end;
	}
}

/* The oldest try's answer. */
static enum status
take_oldest(struct siege *siege, enum reaction *reaction)
{
	struct login_result result;
	enum status status = login_finish(siege->job, siege->target, &siege->talks[0], &result);

	siege->waiting--;
	memmove(siege->talks, siege->talks + 1, siege->waiting * sizeof siege->talks[0]);
	if (fault_is_ours(status))
		return status;
	*reaction = reaction_of(siege, status, &result);
	if (*reaction == REACTION_JUDGED) {
		siege->answered++;
		siege->ended = target_now(siege->target);
		siege->exchange = result.exchange;
	}
	return STATUS_OK;
}

/* One more wrong password is sent. */
static enum status
send_one(struct siege *siege, enum reaction *reaction)
{
	struct login_talk *talk = &siege->talks[siege->waiting];
	int64_t began = target_now(siege->target);
	const char *password;
	enum status status;

	*reaction = REACTION_JUDGED;
	TRY(siege_draw_password(siege, &password));
	status = login_start(
	    siege->job, siege->target, siege->login, siege->user, password, &siege->first, talk);
	if (fault_is_ours(status))
		return status;
	if (status == STATUS_OK)
		siege->waiting++;
	else
		*reaction = reaction_of(siege, status, &talk->result);
	if (status != STATUS_OK)
		target_judged(siege->target, target_now(siege->target) - began);
	return STATUS_OK;
}

/* What is still under way counts where it is judged. */
static enum status
take_rest(struct siege *siege)
{
	while (siege->waiting > 0) {
		int64_t began = target_now(siege->target);
		enum reaction reaction = REACTION_NONE;

		TRY(take_oldest(siege, &reaction));
		if (reaction == REACTION_NONE &&
		    is_silence(siege, target_now(siege->target) - began))
			hurry(siege);
	}
	return STATUS_OK;
}

/*
 * Words of a lock are none where the right password opens all the same: `odd`
 * were judged, too.  But a short lock may have ended meanwhile: then a wrong
 * password is judged as at first again.
 */
static enum status
doubt_lock(struct siege *siege, unsigned *odd)
{
	int64_t ended = target_now(siege->target);
	enum reaction reaction = REACTION_NONE;
	const char *wrong;
	bool opens;

	TRY(take_rest(siege));
	TRY(siege_is_ready(siege, &opens));
	if (!opens)
		return STATUS_OK;
	TRY(siege_draw_password(siege, &wrong));
	TRY(siege_ask_once(siege, wrong, &reaction));
	if (reaction == REACTION_JUDGED)
		return STATUS_OK;
	siege->answered += *odd;
	siege->ended = ended;
	siege->odd_is_judged = true;
	*odd = 0;
	return STATUS_OK;
}

/* The last password was judged, or not at once; and the one before it. */
struct pulse {
	unsigned odd;  /* in a row */
	bool spoke;    /* one of them was met in other words */
	int64_t quick; /* when one was last judged at once */
};

/* Takes in one more reaction, `ms` after its password was sent. */
static void
feel(struct siege *siege, struct pulse *pulse, enum reaction reaction, int64_t ms)
{
	int64_t gap = target_now(siege->target) - ms - pulse->quick;
	bool alone = siege->overlap == 1;
	bool late = reaction == REACTION_JUDGED && alone && is_late(siege, ms);

	if (reaction == REACTION_JUDGED && alone)
		siege_note_time(siege, ms);
	if (late)
		siege->ended = pulse->quick; /* what comes then belongs to the lock */
	if (late || reaction != REACTION_JUDGED) {
		pulse->spoke = (pulse->odd > 0 && pulse->spoke) || reaction == REACTION_ANOTHER;
		pulse->odd++;
		return;
	}
	if (pulse->odd > 0 && gap >= SIEGE_GAP_MS) {
		siege->gaps++;
		siege->gap_ms += gap;
		siege->gaps_ended = target_now(siege->target) - ms;
		siege->gaps_answered = siege->answered - (alone ? 1 : 0);
	} else if (pulse->odd > 0 && pulse->spoke) {
		siege->answered++; /* other words, and no pause: perhaps it was judged */
	}
	pulse->odd = 0;
	pulse->quick = target_now(siege->target);
}

enum status
siege_storm(struct siege *siege, int64_t count)
{
	struct pulse pulse = {.quick = target_now(siege->target)};
	int64_t end = siege->until;

	for (int64_t i = 0; i < count && pulse.odd < 2 && target_now(siege->target) < end; i++) {
		int64_t sent = target_now(siege->target);
		enum reaction reaction = REACTION_NONE;

		TRY(send_one(siege, &reaction));
		if (reaction == REACTION_JUDGED &&
		    (siege->waiting >= siege->overlap || pulse.odd > 0))
			TRY(take_oldest(siege, &reaction));
		if (reaction == REACTION_OPENED)
			return fail(siege->job, STATUS_UNDECIDED,
			    "port %u: a random password opened the log-in", siege->login->port);
		feel(siege, &pulse, reaction, target_now(siege->target) - sent);
		if (pulse.odd == 1)
			TRY(take_rest(siege));
		if (pulse.odd >= 2 && siege->known)
			TRY(doubt_lock(siege, &pulse.odd));
	}
	siege->locked = pulse.odd >= 2;
	siege->silent = siege->locked && !pulse.spoke;
	return take_rest(siege);
}

/* How one of those sent at once was met, `ms` after the first was sent. */
static void
count_in(struct siege *siege, struct burst *burst, enum reaction reaction, int64_t ms)
{
	if (reaction == REACTION_JUDGED)
		burst->judged++;
	else if (reaction == REACTION_ANOTHER)
		burst->another++;
	else if (!is_silence(siege, ms))
		burst->lost++;
	else if (burst->late++ == 0)
		hurry(siege);
}

enum status
siege_burst(struct siege *siege, size_t many, struct burst *burst)
{
	int64_t began = target_now(siege->target), ms;

	*burst = (struct burst){0};
	for (size_t i = 0; i < many && burst->lost + burst->late == 0; i++) {
		enum reaction reaction = REACTION_NONE;

		TRY(send_one(siege, &reaction));
		if (reaction != REACTION_JUDGED)
			count_in(siege, burst, reaction, target_now(siege->target) - began);
	}
	while (siege->waiting > 0) {
		enum reaction reaction = REACTION_NONE;

		TRY(take_oldest(siege, &reaction));
		if (reaction == REACTION_OPENED)
			return fail(siege->job, STATUS_UNDECIDED,
			    "port %u: a random password opened the log-in", siege->login->port);
		count_in(siege, burst, reaction, target_now(siege->target) - began);
	}
	ms = burst->judged > 0 ? siege->ended - began : 0;
	burst->per_minute =
	    burst->judged == 0 ? 0 : (int64_t)burst->judged * 60000 / (ms < 1 ? 1 : ms);
	return STATUS_OK;
}
