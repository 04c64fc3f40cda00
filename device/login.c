/* A log-in is believed only against the answer to a pair that cannot exist. */
#include "device/login.h"

#include <string.h>

#include "base/job.h"

#define NEAR 60 /* bytes from a number to what it counts */

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

/* Does a word of `list` stand in the `size` bytes at `at`? */
static bool
has_word(const char *at, size_t size, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0, length = strlen(list[i]); j + length <= size; j++)
			if (strncasecmp(at + j, list[i], length) == 0)
				return true;
	return false;
}

/* How many bytes of the same sentence stand at `at`: backwards, or onwards. */
static size_t
sentence_size(const char *from, const char *at, int step)
{
	size_t size = 0;

	while (size < NEAR && (step > 0 ? at[size] != '\0' : at - size > from) &&
	       strchr(".!?\n", step > 0 ? at[size] : at[-1 - (ptrdiff_t)size]) == NULL)
		size++;
	return size;
}

/* "1 attempt left", "Remaining tries: 0": a number of at most one, near words of both kinds. */
bool
login_says_last_try(const char *words)
{
	static const char *const tries[] = {"attempt", "tries", "try", "chance", "lần"};
	static const char *const left[] = {"left", "remain", "còn"};

	for (const char *at = words; at != NULL && *at != '\0'; at++) {
		size_t digits = strspn(at, "0123456789");

		if (digits == 1 && *at <= '1') {
			size_t before = sentence_size(words, at, -1);
			size_t size = before + sentence_size(words, at, 1);

			if (has_word(at - before, size, tries, ARRAY_SIZE(tries)) &&
			    has_word(at - before, size, left, ARRAY_SIZE(left)))
				return true;
		}
		at += digits > 0 ? digits - 1 : 0;
	}
	return false;
}

static bool
says_locked(const struct login_result *result)
{
	return result->error_text_class != NULL && strcmp(result->error_text_class, "locked") == 0;
}

void
login_refuse(struct login_result *result, const char *words)
{
	result->error_text_class = login_error_class(words);
	result->last_try = login_says_last_try(words);
	result->answer = says_locked(result) ? LOGIN_UNSURE : LOGIN_REFUSED;
}

bool
login_note_lock(struct target *target, const char *user, const struct login_result *result)
{
	bool locks = result->answer == LOGIN_UNSURE && says_locked(result);

	if (locks || (result->answer == LOGIN_REFUSED && result->last_try))
		target_add_locked(target, user);
	return target_is_locked(target, user);
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
login_is_protocol(const char *word)
{
	static const char *const words[] = {
#define LOGIN(word, name) word,
#include "device/logins.def"
#undef LOGIN
	    "sftp", "telnets", "rtsps", "mqtts", "coap", "coaps", "sip", "upnp"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

bool
login_is_for(const struct login *login, const char *protocol)
{
	return protocol == NULL || strcmp(protocol, login->protocol) == 0;
}
