#include "device/siege.h"

#include <string.h>

#include "base/arena.h"
#include "base/digest.h"

#define POLL_MS 5000

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

	if (status != STATUS_OK)
		return REACTION_NONE;
	if (result->answer == LOGIN_ACCEPTED)
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
	struct login_result result;
	enum status status = login_try(siege->job, siege->target, siege->login, siege->user,
	    password, siege->first.exchange == UNKNOWN ? NULL : &siege->first, &result);

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
		*reaction = REACTION_NONE;
	if (status != STATUS_OK)
		target_judged(siege->target, target_now(siege->target) - began);
	return STATUS_OK;
}

/* What is still under way counts where it is judged. */
static enum status
take_rest(struct siege *siege)
{
	while (siege->waiting > 0) {
		enum reaction reaction;

		TRY(take_oldest(siege, &reaction));
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

enum status
siege_storm(struct siege *siege, int64_t count)
{
	int64_t end = siege->until;
	unsigned odd = 0;

	for (int64_t i = 0; i < count && odd < 2 && target_now(siege->target) < end; i++) {
		enum reaction reaction;

		TRY(send_one(siege, &reaction));
		if (reaction == REACTION_JUDGED && siege->waiting >= siege->overlap)
			TRY(take_oldest(siege, &reaction));
		if (reaction == REACTION_OPENED)
			return fail(siege->job, STATUS_UNDECIDED,
			    "port %u: a random password opened the log-in", siege->login->port);
		odd = reaction == REACTION_JUDGED ? 0 : odd + 1;
		if (odd == 1)
			TRY(take_rest(siege));
		if (odd >= 2 && siege->known)
			TRY(doubt_lock(siege, &odd));
	}
	siege->locked = odd >= 2;
	return take_rest(siege);
}
