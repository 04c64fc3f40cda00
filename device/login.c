/* A log-in is believed only against the answer to a pair that cannot exist. */
#include "device/login.h"

#include <string.h>

#include "base/job.h"

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

/* "Invalid user name or password": the same sentence speaks of the other part as well. */
static bool
names_both(const char *words, const char *at, size_t size)
{
	const char *first = at, *end = at + size + strcspn(at + size, ".!\n");
	size_t before, after;

	while (first > words && strchr(".!\n", first[-1]) == NULL)
		first--;
	before = (size_t)(at - first);
	after = (size_t)(end - at - (ptrdiff_t)size);
	for (size_t i = 0; i + 8 <= before; i++)
		if (strncasecmp(first + i, "password", 8) == 0)
			return true;
	for (size_t i = 0; i + 4 <= before; i++)
		if (strncasecmp(first + i, "user", 4) == 0 ||
		    strncasecmp(first + i, "name", 4) == 0)
			return true;
	for (size_t i = 0; i + 4 <= after; i++) {
		const char *word = at + size + i;

		if (strncasecmp(word, "user", 4) == 0 ||
		    (i + 8 <= after && strncasecmp(word, "password", 8) == 0))
			return true;
	}
	return false;
}

const char *
login_error_class(const char *words)
{
	if (words == NULL || words[0] == '\0')
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		const char *at = strcasestr(words, classes[i].words);

		if (at != NULL && !names_both(words, at, strlen(classes[i].words)))
			return classes[i].class;
	}
	return "generic";
}

enum status
login_try(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	const char *way = login->interface != NULL ? login->interface : login->protocol;

	*result = (struct login_result){.answer = LOGIN_REFUSED, .exchange = UNKNOWN};
#define LOGIN(word, name)                                                                          \
	if (strcmp(way, word) == 0)                                                                \
		return login_try_##name(job, target, login, user, password, control, result);
#include "device/logins.def"
#undef LOGIN
	return fail(job, STATUS_UNDECIDED, "port %u: nobody here knows how to log in by %s",
	    login->port, way);
}

static bool
is_telnet(const struct login *login)
{
	return strcmp(login->protocol, "telnet") == 0 || strcmp(login->protocol, "telnets") == 0;
}

enum status
login_start(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_talk *talk)
{
	*talk = (struct login_talk){.login = login,
	    .password = password,
	    .control = control,
	    .channel = {.target = target, .descriptor = -1},
	    .ssh = {.channel = {.target = target, .descriptor = -1}},
	    .result = {.answer = LOGIN_REFUSED, .exchange = UNKNOWN}};
	if (is_telnet(login))
		return login_start_telnet(job, target, user, talk);
	if (strcmp(login->protocol, "ssh") == 0)
		return login_start_ssh(job, target, user, talk);
	if (login_http_can_overlap(login))
		return login_start_http(job, target, user, talk);
	return login_try(job, target, login, user, password, control, &talk->result);
}

enum status
login_finish(
    struct job *job, struct target *target, struct login_talk *talk, struct login_result *result)
{
	int64_t began = target_now(target);
	enum status status = STATUS_OK;

	if (talk->waiting && is_telnet(talk->login))
		status = login_finish_telnet(job, talk);
	else if (talk->waiting && login_http_can_overlap(talk->login))
		status = login_finish_http(job, target, talk);
	else if (talk->waiting)
		status = login_finish_ssh(job, talk);
	talk->waited_ms = target_now(target) - began;
	*result = talk->result;
	return status;
}

bool
login_is_shell(const struct login *login)
{
	return is_telnet(login) || strcmp(login->protocol, "ssh") == 0;
}

bool
login_can_overlap(const struct login *login)
{
	return login_is_shell(login) || login_http_can_overlap(login);
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
	for (size_t i = 0; i < target->opened_count; i++)
		if (strcmp(target->opened[i].protocol, login->protocol) == 0) {
			*credential = target->opened[i];
			return true;
		}
	return false;
}
