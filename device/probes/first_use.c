/* Who logs in for the first time must not get past a new password; and a page that lets any visitor
 * set the first one is told, too. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/http_client.h"
#include "device/http_login.h"
#include "device/http_page.h"
#include "device/http_paths.h"
#include "device/probe.h"
#include "device/shell_talk.h"

#define SECOND_MAX 40 /* paths asked for behind a page that wants a new password */

struct first_use {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome attempts;
	struct outcome pages;
};

/* Words by which a unit says that a password has to be set. */
static bool
asks_for_change(const char *words)
{
	static const char *const list[] = {"required to change your password",
	    "must change your password", "password has expired", "change your password",
	    "set a new password", "new password:", "enforce password change",
	    "password change required"};

	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		if (strcasestr(words, list[i]) != NULL)
			return true;
	return false;
}

static enum status
add_attempt(struct first_use *use, const struct login *login, const struct credential *credential,
    bool accepted, int64_t forced, int64_t exchange)
{
	struct fact fact = fact_new(FACT_login_attempt);
	struct login_attempt_fact *as = &fact.as.login_attempt;

	fact.port = login->port;
	fact.exchange = exchange;
	as->protocol = login->protocol;
	as->user = credential->user;
	as->password = credential->password;
	as->origin = "known";
	as->control = 0;
	as->accepted = accepted;
	as->forced_change = accepted ? forced : UNKNOWN;
	use->attempts.count++;
	return evidence_add(use->evidence, use->job, &fact);
}

/* A question for a new password that Enter leads past forces nobody.  Another question for one is
 * not answered: it might set it. */
static enum status
see_whether_skipped(struct first_use *use, struct shell *shell, int64_t *forced)
{
	enum status status = shell_ask(use->job, shell, "", false);

	if (fault_is_ours(status))
		return status;
	*forced =
	    status != STATUS_OK || (shell->prompt != TELNET_SHELL && shell->prompt != TELNET_OTHER);
	return STATUS_OK;
}

/*
 * A greeting may only mention that a password should be changed: who is answered to a
 * harmless command is past it.
 */
static enum status
see_whether_forced(struct first_use *use, struct shell *shell, int64_t *forced)
{
	bool asks = asks_for_change(shell->words);
	enum status status;

	*forced = 0;
	if (shell->prompt == TELNET_NEW_PASSWORD)
		return see_whether_skipped(use, shell, forced);
	if (!asks)
		return STATUS_OK;
	*forced = UNKNOWN;
	if (shell->prompt == TELNET_PASSWORD) {
		*forced = 1;
		return STATUS_OK;
	}
	status = shell_ask(use->job, shell, "help", false);
	if (fault_is_ours(status))
		return status;
	if (status == STATUS_OK && shell->prompt == TELNET_NEW_PASSWORD)
		*forced = 1;
	else if (status == STATUS_OK &&
		 (shell->prompt == TELNET_SHELL || shell->prompt == TELNET_OTHER))
		*forced = 0;
	return STATUS_OK;
}

/* A shell says at once whether it is one. */
static enum status
look_at_shell(struct first_use *use, const struct login *login, const struct credential *credential)
{
	struct shell shell;
	enum status status = shell_open(
	    use->job, use->target, login, credential->user, credential->password, &shell);
	int64_t exchange = shell.exchange, forced = UNKNOWN;
	bool refused = status == STATUS_REFUSED;

	if (status == STATUS_OK)
		status = see_whether_forced(use, &shell, &forced);
	shell_close(use->job, &shell);
	if (refused)
		return add_attempt(use, login, credential, false, UNKNOWN, exchange);
	TRY(status);
	return add_attempt(use, login, credential, true, forced, exchange);
}

/* Fields of a page that take a password. */
static unsigned
count_password_fields(struct span page)
{
	static const char word[] = "password";
	unsigned count = 0;

	for (size_t i = 0; i + 4 < page.size; i++) {
		const char *at = (const char *)page.at + i;
		size_t left = page.size - i, skip = 5;

		if (left < sizeof word + 6 || strncasecmp(at, "type=", 5) != 0)
			continue;
		skip += at[5] == '"' || at[5] == '\'';
		count += strncasecmp(at + skip, word, sizeof word - 1) == 0;
	}
	return count;
}

/* A page with two fields for a password, a new one and the same again. */
static bool
offers_to_set_password(struct job *job, struct span page)
{
	static const char *const words[] = {"set password", "create password", "new password",
	    "create a password", "set a password", "confirm password", "activate", "activation",
	    "first use", "set-up", "setup wizard"};
	const char *text = text_from_bytes(job, (const char *)page.at, page.size, page.size + 1);

	if (text == NULL || count_password_fields(page) < 2)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcasestr(text, words[i]) != NULL)
			return true;
	return false;
}

static enum status
get(struct first_use *use, uint16_t port, bool tls, const char *path, const char *headers,
    struct http_response **response)
{
	struct http_request request = {
	    .method = "GET", .path = path, .protocol = "HTTP/1.1", .headers = headers};

	*response = arena_allocate(use->job, sizeof **response);
	return *response == NULL ? STATUS_LIMIT
				 : http_ask(use->job, use->target, port, tls, &request, *response);
}

/* The challenge of this log-in that can be answered; NULL. */
static enum status
find_challenge(struct first_use *use, const struct login *login,
    const struct http_response *response, const struct http_challenge **found)
{
	struct http_challenge *challenges =
	    arena_array(use->job, HTTP_CHALLENGES_MAX, sizeof *challenges);
	size_t count;

	*found = NULL;
	if (challenges == NULL)
		return STATUS_LIMIT;
	TRY(http_read_challenges(use->job, response, challenges, &count));
	for (size_t i = 0; i < count && *found == NULL; i++)
		if (strcmp(challenges[i].scheme, login->scheme) == 0 &&
		    http_can_answer(&challenges[i]))
			*found = &challenges[i];
	return STATUS_OK;
}

/*
 * A page that asks for a new password may be passed by: 1 where another known page, there
 * for who may see it, is refused to the same pair, 0 where one answers; else UNKNOWN.
 */
static enum status
see_second_page(struct first_use *use, const struct login *login,
    const struct credential *credential, struct http_response *response, int64_t *forced)
{
	const struct http_session session = {.login = login,
	    .user = credential->user,
	    .password = credential->password,
	    .cookies = "",
	    .before = ""};
	unsigned asked = 0;

	*forced = UNKNOWN;
	for (size_t i = 0; i < http_path_count && asked < SECOND_MAX; i++) {
		enum status status;

		if (http_paths[i].guess)
			continue;
		asked++;
		status = http_get_as(use->job, use->target, &session, http_paths[i].path,
		    HTTP_PATH_BODY_MAX, response);
		if (fault_is_ours(status))
			return status;
		if (status != STATUS_OK)
			return STATUS_OK;
		if (http_path_answers(&http_paths[i], response))
			*forced = 0;
		else if (response->status == 403 && *forced == UNKNOWN)
			*forced = 1;
		if (*forced == 0)
			break;
	}
	return STATUS_OK;
}

/* The page behind Basic or Digest: does it only let a new password be set? */
static enum status
look_behind_challenge(
    struct first_use *use, const struct login *login, const struct credential *credential)
{
	const struct http_challenge *challenge;
	struct http_response *response;
	const char *line;
	int64_t forced = UNKNOWN, exchange;

	TRY(get(use, login->port, login->tls, login->path, "", &response));
	TRY(find_challenge(use, login, response, &challenge));
	if (challenge == NULL)
		return fail(use->job, STATUS_UNDECIDED, "port %u: no %s challenge any more",
		    login->port, login->scheme);
	TRY(http_answer(use->job, use->target, challenge, "GET", login->path, credential->user,
	    credential->password, &line));
	TRY(get(use, login->port, login->tls, login->path, line, &response));
	if (response->status == 401)
		return add_attempt(use, login, credential, false, UNKNOWN, response->exchange);
	if (response->status != 200)
		return fail(use->job, STATUS_UNDECIDED, "port %u: status %d behind the log-in",
		    login->port, response->status);
	exchange = response->exchange;
	/* A page without such words may still be shown by a script, or let everything pass. */
	if (offers_to_set_password(use->job, response->body))
		TRY(see_second_page(use, login, credential, response, &forced));
	return add_attempt(use, login, credential, true, forced, exchange);
}

/* Any other log-in: it opens, and what it asks then is not known. */
static enum status
look_otherwise(
    struct first_use *use, const struct login *login, const struct credential *credential)
{
	return fail(use->job, STATUS_UNDECIDED,
	    "port %u: what a %s log-in of %s asks after the first use is seen by hand", login->port,
	    login->protocol, credential->user);
}

static enum status
look_at_login(struct first_use *use, const struct login *login)
{
	const struct credential *credential = target_owner(use->target, login->protocol);
	enum status status;

	if (!login->recognised || credential == NULL) {
		outcome_lack(use->job, &use->attempts,
		    "port %u: no password of its %s log-in is known", login->port, login->protocol);
		return STATUS_OK;
	}
	if (shell_is_behind(login))
		status = look_at_shell(use, login, credential);
	else if (http_can_sign_in(login) && strcmp(login->scheme, "form") != 0)
		status = look_behind_challenge(use, login, credential);
	else
		status = look_otherwise(use, login, credential);
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK)
		outcome_lack(use->job, &use->attempts, "%s", use->job->reason);
	return STATUS_OK;
}

/* A first page that any visitor may set the password on. */
static enum status
look_at_page(struct first_use *use, const struct service *service)
{
	struct fact fact = fact_new(FACT_resource);
	struct http_response *response;
	enum status status = get(use, service->port, service->tls, "/", "", &response);
	const char *title;

	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK) {
		outcome_lack(use->job, &use->pages, "%s", use->job->reason);
		return STATUS_OK;
	}
	if (response->status != 200 || !offers_to_set_password(use->job, response->body))
		return STATUS_OK;
	title = http_title(use->job, response->body);
	fact.port = service->port;
	fact.exchange = response->exchange;
	fact.as.resource.protocol = service->name;
	fact.as.resource.name = "/";
	fact.as.resource.access = "configure";
	fact.as.resource.needs_login = 0;
	fact.as.resource.detail =
	    arena_printf(use->job, "a page that offers to set a password without a log-in: %s",
		title == NULL ? "no title" : title);
	use->pages.count++;
	return evidence_add(use->evidence, use->job, &fact);
}

static enum status
talk(struct job *job, struct target *target, struct evidence *evidence)
{
	struct first_use use = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .attempts = {.required = UNKNOWN, .tried = UNKNOWN},
	    .pages = {.lack = target_services_lack(target), .required = UNKNOWN, .tried = UNKNOWN}};

	TRY(probe_note_strangers(job, target));
	use.attempts.lack = target->logins_lack;
	for (size_t i = 0; i < target->login_count; i++)
		TRY(look_at_login(&use, &target->logins[i]));
	for (size_t i = 0; i < target->service_count; i++) {
		const struct service *service = &target->services[i];

		if (!service->udp &&
		    (strcmp(service->name, "http") == 0 || strcmp(service->name, "https") == 0))
			TRY(look_at_page(&use, service));
	}
	if (target->login_count == 0)
		use.attempts.note = "there is no log-in";
	TRY(outcome_look(job, &use.attempts, evidence, FACT_login_attempt));
	return outcome_look(job, &use.pages, evidence, FACT_resource);
}

const struct probe probe_first_use = {
    .name = "first_use",
    .title = "Whether the first log-in lets nobody past a new password",
    .source = "EN 303 645 provision 5.1-1, TS 103 701 test case 5.1-1-2",
    .looks_for = {"login_attempt", "resource"},
    .needs = "ports,ssh,http,telnet,default_passwords",
    .intrusion = INTRUSION_LOGIN,
    .limit_ms = 2 * 60 * 1000,
    .talk = talk,
};
