/* A log-in is believed only against the answer to a pair that cannot exist. */
#include "device/login.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static const struct {
	const char *words;
	const char *class;
} classes[] = {
    {"locked", "locked"},
    {"too many", "locked"},
    {"try again later", "locked"},
    {"temporarily", "locked"},
    {"unknown user", "names_user"},
    {"no such user", "names_user"},
    {"user does not exist", "names_user"},
    {"invalid user", "names_user"},
    {"user not found", "names_user"},
    {"wrong user", "names_user"},
    {"wrong password", "names_password"},
    {"bad password", "names_password"},
    {"incorrect password", "names_password"},
    {"password incorrect", "names_password"},
    {"password is incorrect", "names_password"},
    {"invalid password", "names_password"},
};

const char *
login_error_class(const char *words)
{
	if (words == NULL || words[0] == '\0')
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++)
		if (strcasestr(words, classes[i].words) != NULL)
			return classes[i].class;
	return "generic";
}

enum status
login_try(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	*result = (struct login_result){.answer = LOGIN_REFUSED, .exchange = UNKNOWN};
#define LOGIN(protocol_, name)                                                                     \
	if (strcmp(login->protocol, protocol_) == 0)                                               \
		return login_try_##name(job, target, login, user, password, control, result);
#include "device/logins.def"
#undef LOGIN
	return fail(job, STATUS_UNDECIDED, "port %u: nobody here knows how to log in by %s",
	    login->port, login->protocol);
}

enum status
login_start(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_talk *talk)
{
	*talk = (struct login_talk){.login = login,
	    .password = password,
	    .channel = {.target = target, .descriptor = -1},
	    .ssh = {.channel = {.target = target, .descriptor = -1}},
	    .result = {.answer = LOGIN_REFUSED, .exchange = UNKNOWN}};
	if (strcmp(login->protocol, "telnet") == 0)
		return login_start_telnet(job, target, user, talk);
	if (strcmp(login->protocol, "ssh") == 0)
		return login_start_ssh(job, target, user, talk);
	return login_try(job, target, login, user, password, control, &talk->result);
}

enum status
login_finish(
    struct job *job, struct target *target, struct login_talk *talk, struct login_result *result)
{
	int64_t began = target_now(target);
	enum status status = STATUS_OK;

	if (talk->waiting && strcmp(talk->login->protocol, "telnet") == 0)
		status = login_finish_telnet(job, talk);
	else if (talk->waiting)
		status = login_finish_ssh(job, talk);
	talk->waited_ms = target_now(target) - began;
	*result = talk->result;
	return status;
}

bool
login_can_overlap(const struct login *login)
{
	return strcmp(login->protocol, "telnet") == 0 || strcmp(login->protocol, "ssh") == 0;
}

bool
login_is_for(const struct login *login, const char *protocol)
{
	return protocol == NULL || strcmp(protocol, login->protocol) == 0;
}

bool
login_find_credential(
    const struct target *target, const struct login *login, struct credential *credential)
{
	/* The owner's first: others may not be allowed what is asked. */
	for (int owner = 1; owner >= 0; owner--)
		for (size_t i = 0; i < target->credential_count; i++) {
			const struct credential *one = &target->credentials[i];
			bool is_owner = one->role == NULL || strcmp(one->role, "owner") == 0;

			if (login_is_for(login, one->protocol) && is_owner == (owner == 1)) {
				*credential = *one;
				return true;
			}
		}
	for (size_t i = 0; i < target->opening_count; i++)
		if (target->openings[i].login == login) {
			*credential = (struct credential){.protocol = login->protocol,
			    .user = target->openings[i].user,
			    .password = target->openings[i].password};
			return true;
		}
	return false;
}
