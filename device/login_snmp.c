/* A community is a password without a user; nobody is locked out by a wrong one. */
#include <string.h>

#include "base/arena.h"
#include "device/login.h"
#include "device/snmp_client.h"

#define FIRMWARE_MAX 64
#define FIRST_USER_QUESTION 0x7000

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

static bool
reports(const struct snmp_answer *answer, struct span what)
{
	return answer->pdu == SNMP_REPORT && answer->count > 0 &&
	       span_equal(answer->bindings[0].object, what);
}

/* One password of one user, by each digest he may have been given it for. */
static enum status
try_user(struct job *job, struct channel *channel, const char *user, const char *password,
    struct login_result *result)
{
	struct snmp_engine engine;
	struct snmp_key key;
	struct snmp_question question = {.version = SNMP_V3,
	    .name = user,
	    .pdu = SNMP_GET,
	    .object = snmp_sys_descr,
	    .engine = &engine,
	    .key = &key};

	TRY(snmp_discover(job, channel, &engine));
	for (unsigned n = 0; n < SNMP_KEY_KINDS; n++) {
		struct snmp_answer answer;

		TRY(snmp_make_key(job, n, password, &engine, &key));
		question.id = FIRST_USER_QUESTION + n;
		TRY(snmp_ask(job, channel, &question, &answer));
		if (reports(&answer, snmp_unknown_user) || reports(&answer, snmp_unsupported_level))
			return STATUS_OK; /* no password opens what is not there */
		if (reports(&answer, snmp_wrong_digest))
			continue;
		/* Whatever it may read: it was known. */
		result->answer = answer.pdu == SNMP_RESPONSE ? LOGIN_ACCEPTED : LOGIN_UNSURE;
		return STATUS_OK;
	}
	return STATUS_OK;
}

enum status
login_try_snmp(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	struct snmp_trial trial = {.community = password};
	struct channel channel;
	enum status status = channel_open_udp(job, target, login->port, &channel);

	bool by_user = login->scheme != NULL && strcmp(login->scheme, "usm") == 0;

	(void)control;
	result->exchange = channel.exchange;
	/* A user without a name or a password is none that a password opens. */
	if (status == STATUS_OK && by_user && user[0] != '\0' && password[0] != '\0')
		status = try_user(job, &channel, user, password, result);
	else if (status == STATUS_OK && !by_user)
		status = snmp_try(job, &channel, &trial, 1);
	channel_hang_up(job, &channel);
	if (trial.v1 || trial.v2c)
		result->answer = LOGIN_ACCEPTED;
	else if (trial.doubtful)
		result->answer = LOGIN_UNSURE;
	return status;
}
