/* Refusals mean something as long as the right pair is not refused: some units stop judging without
 * a word. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "device/guessing.h"

#define RIGHT_MAX 3 /* pairs of the laboratory's tried at one door */

enum status
guessing_make_control(struct attack *attack, const struct login *login, struct guess *guess)
{
	uint8_t random[16];

	TRY(target_random(attack->job, attack->target, random, sizeof random));
	guess->user = login->no_user ? ""
				     : arena_printf(attack->job, "u%.8s",
					   hex_of_bytes(attack->job, (struct span){random, 4}));
	guess->password = hex_of_bytes(attack->job, (struct span){random + 4, 8});
	guess->origin = "control";
	return guess->user == NULL || guess->password == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* Does this pair open it now?  No answer is a no. */
static enum status
opens(struct attack *attack, const struct door *door, const struct credential *pair, bool *open)
{
	struct login_result result;
	enum status status = login_try(attack->job, attack->target, door->login,
	    door->login->no_user ? "" : pair->user, pair->password, &door->control, &result);

	*open = status == STATUS_OK && result.answer == LOGIN_ACCEPTED;
	return fault_is_ours(status) ? status : STATUS_OK;
}

enum status
guessing_find_right(struct attack *attack, struct door *door)
{
	const struct target *target = attack->target;
	unsigned tried = 0;

	for (size_t i = 0; i < target->credential_count && tried < RIGHT_MAX; i++) {
		bool open;

		if (!login_is_for(door->login, target->credentials[i].protocol))
			continue;
		tried++;
		door->told = true;
		TRY(opens(attack, door, &target->credentials[i], &open));
		if (open) {
			door->right = &target->credentials[i];
			return STATUS_OK;
		}
	}
	return STATUS_OK;
}

enum status
guessing_confirm(struct attack *attack, struct door *door)
{
	bool open;

	TRY(guessing_drain(attack, door, 0));
	if (door->right == NULL || door->closed || door->open)
		return STATUS_OK;
	TRY(opens(attack, door, door->right, &open));
	if (open)
		return STATUS_OK;
	door->closed = true;
	outcome_lack(attack->job, &attack->outcome,
	    "port %u: after %lld pairs the right one is refused too: what it refuses is not judged",
	    door->login->port, (long long)door->pairs);
	return STATUS_OK;
}

enum status
guessing_believe(struct attack *attack, struct door *door, struct login_result *result)
{
	struct login_result second;
	struct guess nobody;
	enum status status;

	TRY(guessing_make_control(attack, door->login, &nobody));
	status = login_try(attack->job, attack->target, door->login, nobody.user, nobody.password,
	    &door->control, &second);
	if (fault_is_ours(status))
		return status;
	if (status == STATUS_OK && second.answer == LOGIN_REFUSED)
		return STATUS_OK;
	result->answer = LOGIN_UNSURE;
	door->closed = true;
	outcome_lack(attack->job, &attack->outcome,
	    "port %u: a pair was accepted, and then one that nobody has: what it accepts says "
	    "nothing",
	    door->login->port);
	return STATUS_OK;
}
