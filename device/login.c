/* A log-in is believed only against the answer to a pair that cannot exist. */
#include "device/login.h"

#include <string.h>

#include "base/job.h"

static const struct {
	const char *words;
	const char *class;
} classes[] = {
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
	*result = (struct login_result){.answer = LOGIN_REFUSED, .exchange = UNKNOWN};
#define LOGIN(protocol_, name)                                                                     \
	if (strcmp(login->protocol, protocol_) == 0)                                               \
		return login_try_##name(job, target, login, user, password, control, result);
#include "device/logins.def"
#undef LOGIN
	return fail(job, STATUS_UNDECIDED, "port %u: nobody here knows how to log in by %s",
	    login->port, login->protocol);
}
