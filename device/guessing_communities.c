/* SNMP has words of its own and no users to lock out: all of them are tried at once. */
#include <string.h>

#include "base/arena.h"
#include "device/guessing.h"
#include "device/snmp_client.h"

bool
guessing_is_by_community(const struct login *login)
{
	return strcmp(login->protocol, "snmp") == 0 && login->scheme != NULL &&
	       strcmp(login->scheme, "community") == 0;
}

static enum status
add_trials(struct attack *attack, struct door *door, const struct guess *guesses,
    const struct snmp_trial *trials, size_t count, int64_t exchange)
{
	for (size_t i = 0; i < count; i++) {
		struct login_result result = {.answer = LOGIN_REFUSED, .exchange = exchange};

		if (trials[i].v1 || trials[i].v2c)
			result.answer = LOGIN_ACCEPTED;
		else if (trials[i].doubtful)
			result.answer = LOGIN_UNSURE;
		door->open = door->open || result.answer == LOGIN_ACCEPTED;
		door->pairs++;
		TRY(guessing_add(attack, door, &guesses[i], false, &result));
	}
	door->done = true;
	return STATUS_OK;
}

enum status
guessing_try_communities(struct attack *attack, struct door *door)
{
	const struct communities *known = &attack->target->communities;
	struct snmp_trial *trials;
	struct guess *guesses;
	struct channel channel;
	size_t count;
	enum status status;

	TRY(snmp_guesses(attack->job, attack->target, &guesses, &count));
	if (known->trials != NULL && known->port == door->login->port && known->count == count)
		return add_trials(attack, door, guesses, known->trials, count, known->exchange);
	trials = arena_array(attack->job, count, sizeof *trials);
	if (trials == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < count; i++)
		trials[i].community = guesses[i].password;
	status = channel_open_udp(attack->job, attack->target, door->login->port, &channel);
	if (status == STATUS_OK)
		status = snmp_try(attack->job, &channel, trials, count);
	channel_hang_up(attack->job, &channel);
	if (fault_is_ours(status))
		return status;
	if (status == STATUS_OK)
		return add_trials(attack, door, guesses, trials, count, channel.exchange);
	door->closed = true;
	outcome_lack(attack->job, &attack->outcome, "communities: %s", attack->job->reason);
	return STATUS_OK;
}
