/* A community is a password without a user; nobody is locked out by a wrong one. */
#include <string.h>

#include "base/arena.h"
#include "device/login.h"
#include "device/snmp_client.h"

#define FIRMWARE_MAX 64

static const char *const usual[] = {
#define COMMUNITY(name) name,
#include "device/snmp_communities.def"
#undef COMMUNITY
};

static bool
is_there(const struct guess *guesses, size_t count, const char *community)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(guesses[i].password, community) == 0)
			return true;
	return false;
}

enum status
snmp_guesses(struct job *job, const struct target *target, struct guess **guesses, size_t *count)
{
	struct guess *list = arena_array(job, FIRMWARE_MAX + ARRAY_SIZE(usual), sizeof *list);

	*count = 0;
	if (list == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < target->guess_count && *count < FIRMWARE_MAX; i++)
		if (target->guesses[i].user[0] == '\0' && target->guesses[i].password[0] != '\0' &&
		    strcmp(target->guesses[i].origin, "firmware") == 0 &&
		    !is_there(list, *count, target->guesses[i].password))
			list[(*count)++] = target->guesses[i];
	for (size_t i = 0; i < ARRAY_SIZE(usual); i++)
		if (!is_there(list, *count, usual[i]))
			list[(*count)++] = (struct guess){"", usual[i], "common"};
	*guesses = list;
	return STATUS_OK;
}

enum status
login_try_snmp(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	struct snmp_trial trial = {.community = password};
	struct channel channel;
	enum status status = channel_open_udp(job, target, login->port, &channel);

	(void)control;
	(void)user;
	result->exchange = channel.exchange;
	if (status == STATUS_OK)
		status = snmp_try(job, &channel, &trial, 1);
	channel_hang_up(job, &channel);
	if (trial.v1 || trial.v2c)
		result->answer = LOGIN_ACCEPTED;
	else if (trial.doubtful)
		result->answer = LOGIN_UNSURE;
	return status;
}
