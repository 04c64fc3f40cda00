/* A delay before each answer slows who waits for it; an attacker opens more connections instead. */
#include "device/siege.h"

#define MINUTE_MS 60000
#define DELAYED_MS 100 /* who answers sooner judges so many in any case: */
#define FAST (MINUTE_MS / DELAYED_MS)
#define SHELL_AT_ONCE_MAX 8 /* servers of shells have room for few who are not in yet */

/* Some sent at once were not judged at once: a lock, or no room for so many connections? */
static enum status
explain(struct siege *siege, const struct burst *burst, bool *again)
{
	const char *password = siege->right.password;
	enum reaction reaction = REACTION_NONE, free = REACTION_OPENED;

	*again = false;
	for (unsigned i = 0; i < 2 && reaction == REACTION_NONE; i++) {
		if (!siege->known)
			TRY(siege_draw_password(siege, &password));
		TRY(siege_ask_once(siege, password, &reaction));
	}
	siege->is_most = true;
	if (!siege->known)
		free = REACTION_JUDGED;
	if (reaction == REACTION_NONE) {
		siege->deaf = siege->locked = siege->silent = true;
	} else if (reaction != free || burst->late > 0) {
		siege->locked = true;
		siege->silent = reaction == free;
	} else if (burst->another > 0 && siege->known && !siege->odd_is_judged) {
		/* The right one opens in spite of other words: they were judged, too. */
		siege->odd_is_judged = *again = true;
		siege->answered += (int64_t)burst->another;
		siege->is_most = false;
	}
	return STATUS_OK;
}

enum status
siege_press(struct siege *siege)
{
	size_t most = login_is_shell(siege->login) ? SHELL_AT_ONCE_MAX : SIEGE_AT_ONCE_MAX;

	siege->best = 0;
	siege->is_most = siege_usual_ms(siege) < DELAYED_MS;
	if (siege->is_most || !login_can_overlap(siege->login))
		return STATUS_OK;
	siege->best = MINUTE_MS / siege_usual_ms(siege);
	for (size_t many = 2; many <= most && !siege->is_most;) {
		struct burst burst;
		bool again = false;

		if (target_now(siege->target) >= siege->until)
			return STATUS_OK;
		TRY(siege_burst(siege, many, &burst));
		if (burst.judged < many)
			TRY(explain(siege, &burst, &again));
		if (siege->locked)
			return STATUS_OK;
		if (again)
			continue;
		/* not even a quarter more */
		siege->is_most = siege->is_most || burst.per_minute * 4 < siege->best * 5 ||
				 burst.per_minute >= FAST;
		if (burst.per_minute > siege->best) {
			siege->best = burst.per_minute;
			siege->overlap = many;
		}
		many *= 2;
	}
	return STATUS_OK;
}
