/* What a page says after a log-in is compared part by part with what it says to a pair that cannot
 * exist: what differs between two such pairs says nothing. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/http_login.h"

#define LANDING_HOPS_MAX 3
#define PART_END '\x1f'

/* Which page came in the end. */
enum asking { ASKS_NO_MORE, ASKS_AGAIN, ASKS_ELSE, ASKS_ELSEWHERE };

struct form_answer {
	enum asking asking;
	int status;   /* of the page one comes to */
	bool sent_on; /* by a redirection */
	bool locked;
	bool wants_change; /* it asks for a new password */
	bool sounds_refused;
	bool refuses_now; /* with words that the page did not have before */
	bool given;   /* cookies other than those of the page with the form: a session, perhaps */
	bool says_in; /* it offers to log out, and did not before */
	bool says_nothing; /* the page with the form again, with not one word more */
	const char *words;
	const char *trace; /* parts, each ending in PART_END */
	const char *cookies;
	const char *before; /* as the page with the form set them */
};

struct form_talk {
	struct job *job;
	struct target *target;
	const struct login *login;
	struct http_response *response;
	struct http_form form;    /* as the page shows it before */
	const char *before;       /* the page's words then */
	const char *control_user; /* of the second control pair */
};

static void
put_encoded(struct text *out, const char *word)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *word != '\0'; word++) {
		if (strchr(plain, *word) != NULL)
			text_put_bytes(out, word, 1);
		else
			text_printf(out, "%%%02X", (unsigned)(unsigned char)*word);
	}
}

static void
put_field(struct text *out, const char *name, const char *value)
{
	if (out->size > 0)
		text_put(out, "&");
	put_encoded(out, name);
	text_put(out, "=");
	put_encoded(out, value);
}

/* The page with the form, and the cookies it sets. */
static enum status
open_form(struct form_talk *talk, const char **cookies)
{
	struct job *job = talk->job;

	TRY(http_ask_at(job, talk->target, talk->login, "GET", talk->login->path, "", NULL, false,
	    talk->response));
	TRY(http_read_form(job, talk->response->body, &talk->form));
	if (!talk->form.usable)
		return fail(
		    job, STATUS_UNDECIDED, "port %u: no log-in form any more", talk->login->port);
	talk->before = http_words(job, talk->response->body);
	*cookies = http_cookies(job, talk->response, "");
	return *cookies == NULL || talk->before == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
send_form(struct form_talk *talk, const char *user, const char *password, const char **before,
    const char **cookies)
{
	struct text body = text_new(talk->job);
	const char *encoded, *path;

	TRY(open_form(talk, cookies));
	*before = *cookies;
	put_field(&body, talk->form.user_field, user);
	put_field(&body, talk->form.password_field, password);
	for (size_t i = 0; i < talk->form.field_count; i++)
		put_field(&body, talk->form.fields[i].name, talk->form.fields[i].value);
	TRY(text_finish(&body, &encoded));
	path = http_resolve(talk->job, talk->target, talk->login->port, talk->login->tls,
	    talk->login->path, talk->form.action);
	if (path == NULL)
		return fail(talk->job, STATUS_UNDECIDED, "port %u: the form leads elsewhere",
		    talk->login->port);
	TRY(http_ask_at(talk->job, talk->target, talk->login, "POST", path, *cookies, encoded, true,
	    talk->response));
	*cookies = http_cookies(talk->job, talk->response, *cookies);
	return *cookies == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* Goes where the answer sends the visitor; *elsewhere when that is another server. */
static enum status
land(struct form_talk *talk, const char **cookies, bool *elsewhere)
{
	const char *path = talk->login->path;

	*elsewhere = false;
	for (unsigned hop = 0; talk->response->status >= 300 && talk->response->status < 400;
	     hop++) {
		size_t from = 0;
		const char *location = http_header(talk->response, "Location", &from);

		path = location == NULL || hop == LANDING_HOPS_MAX
			   ? NULL
			   : http_resolve(talk->job, talk->target, talk->login->port,
				 talk->login->tls, path, location);
		*elsewhere = path == NULL;
		if (path == NULL)
			return STATUS_OK;
		TRY(http_ask_at(talk->job, talk->target, talk->login, "GET", path, *cookies, NULL,
		    true, talk->response));
		*cookies = http_cookies(talk->job, talk->response, *cookies);
		if (*cookies == NULL)
			return STATUS_LIMIT;
	}
	return STATUS_OK;
}

/* Names of the cookies, without their values. */
static void
put_cookie_names(struct text *out, const struct http_response *response)
{
	const char *value;
	size_t from = 0;

	while ((value = http_header(response, "Set-Cookie", &from)) != NULL) {
		text_put_bytes(out, value, strcspn(value, "=;"));
		text_put(out, " ");
	}
}

/* A short page that speaks of failure; a long one is what lies behind, with its own words. */
static bool
says_refused(const char *words)
{
	static const char *const refusals[] = {"incorrect", "invalid", "wrong", "failed", "failure",
	    "denied", "error", "unauthor", "không đúng", "sai ", "thất bại"};

	for (size_t i = 0; i < ARRAY_SIZE(refusals) && strlen(words) < 600; i++)
		if (strcasestr(words, refusals[i]) != NULL)
			return true;
	return false;
}

/* Only who is in can go out. */
static bool
offers_logout(const char *words)
{
	static const char *const offers[] = {
	    "log out", "logout", "log off", "logoff", "sign out", "đăng xuất"};

	for (size_t i = 0; i < ARRAY_SIZE(offers); i++)
		if (strcasestr(words, offers[i]) != NULL)
			return true;
	return false;
}

static enum status
read_landing(
    struct form_talk *talk, const char *user, struct form_answer *answer, struct text *trace)
{
	struct http_form form;
	const char *settled;

	TRY(http_read_form(talk->job, talk->response->body, &form));
	answer->status = talk->response->status;
	answer->words = http_words(talk->job, talk->response->body);
	settled = answer->words == NULL ? NULL : http_settled(talk->job, answer->words, user);
	if (settled == NULL)
		return STATUS_LIMIT;
	if (answer->asking != ASKS_ELSEWHERE)
		answer->asking = !form.asks_password                  ? ASKS_NO_MORE
				 : http_same_form(&form, &talk->form) ? ASKS_AGAIN
								      : ASKS_ELSE;
	answer->wants_change = form.password_count >= 2;
	answer->sounds_refused = says_refused(answer->words);
	answer->refuses_now = answer->sounds_refused && !says_refused(talk->before);
	answer->given = strcmp(answer->cookies, answer->before) != 0;
	answer->says_in = offers_logout(answer->words) && !offers_logout(talk->before);
	answer->says_nothing = strcmp(answer->words, talk->before) == 0;
	answer->locked = http_says_locked(talk->response, answer->words) &&
			 !http_says_locked(&(struct http_response){.status = 200}, talk->before);
	text_printf(trace, "%d%c%d%c%s%c", answer->status, PART_END, (int)answer->asking, PART_END,
	    settled, PART_END);
	return STATUS_OK;
}

/* One pair sent, and the page one comes to. */
static enum status
ask_form(struct form_talk *talk, const char *user, const char *password, struct form_answer *answer,
    int64_t *exchange)
{
	struct text trace = text_new(talk->job);
	const char *location;
	size_t from = 0;
	bool elsewhere;

	*answer = (struct form_answer){0};
	TRY(send_form(talk, user, password, &answer->before, &answer->cookies));
	*exchange = talk->response->exchange;
	if (talk->response->unread)
		return fail(talk->job, STATUS_UNDECIDED, "port %u: its answer is compressed",
		    talk->login->port);
	location = http_header(talk->response, "Location", &from);
	location = http_settled(talk->job, location == NULL ? "-" : location, user);
	if (location == NULL)
		return STATUS_LIMIT;
	text_printf(&trace, "%d%c%s%c", talk->response->status, PART_END, location, PART_END);
	put_cookie_names(&trace, talk->response);
	text_printf(&trace, "%c", PART_END);
	answer->sent_on = talk->response->status >= 300 && talk->response->status < 400;
	TRY(land(talk, &answer->cookies, &elsewhere));
	if (elsewhere)
		answer->asking = ASKS_ELSEWHERE;
	TRY(read_landing(talk, user, answer, &trace));
	return text_finish(&trace, &answer->trace);
}

/* A part of what two impossible pairs were told; "*" where they were told different things. */
static const char *
common_trace(struct job *job, const char *a, const char *b)
{
	struct text out = text_new(job);
	const char *trace;

	while (*a != '\0' && *b != '\0') {
		size_t size = strcspn(a, "\x1f"), other = strcspn(b, "\x1f");

		if (size == other && memcmp(a, b, size) == 0)
			text_put_bytes(&out, a, size);
		else
			text_put(&out, "*");
		text_printf(&out, "%c", PART_END);
		a += size + (a[size] != '\0');
		b += other + (b[other] != '\0');
	}
	return text_finish(&out, &trace) == STATUS_OK ? trace : NULL;
}

static bool
same_trace(const char *control, const char *trace)
{
	while (*control != '\0' && *trace != '\0') {
		size_t size = strcspn(control, "\x1f"), other = strcspn(trace, "\x1f");
		bool any = size == 1 && control[0] == '*';

		if (!any && (size != other || memcmp(control, trace, size) != 0))
			return false;
		control += size + (control[size] != '\0');
		trace += other + (trace[other] != '\0');
	}
	return *control == *trace;
}

/*
 * A page may have the form on it for those who are in as well, or be closed to them for another
 * reason: where a session was given and no word of a refusal was said, nothing is known.
 */
static bool
may_be_in(const struct form_answer *answer)
{
	if (answer->says_in)
		return true;
	if (!answer->given)
		return false;
	return answer->asking == ASKS_AGAIN ? answer->says_nothing
					    : answer->sent_on && !answer->sounds_refused;
}

/* A refusal shows the form again or an error; anything else a script may have to read. */
static enum login_answer
judge_control(const struct form_answer *answer)
{
	if (answer->locked || answer->asking == ASKS_ELSE || answer->asking == ASKS_ELSEWHERE ||
	    may_be_in(answer))
		return LOGIN_UNSURE;
	if (answer->asking == ASKS_AGAIN || answer->status == 401 || answer->status == 403)
		return LOGIN_REFUSED;
	return LOGIN_UNSURE;
}

static enum login_answer
judge(const struct form_answer *answer, const char *control)
{
	if (answer->locked)
		return LOGIN_UNSURE;
	if (same_trace(control, answer->trace))
		return LOGIN_REFUSED;
	/* Not what an impossible pair is told: who is in may see the form in a corner as well. */
	if (answer->asking == ASKS_AGAIN)
		return answer->refuses_now && !answer->given && !may_be_in(answer) ? LOGIN_REFUSED
										   : LOGIN_UNSURE;
	if (answer->asking == ASKS_ELSE)
		return answer->wants_change && !answer->sounds_refused ? LOGIN_ACCEPTED
								       : LOGIN_UNSURE;
	if (answer->asking == ASKS_ELSEWHERE || answer->status >= 400 || answer->sounds_refused)
		return LOGIN_UNSURE;
	return LOGIN_ACCEPTED;
}

/* The class of what it says now and did not say before. */
static const char *
class_of(const struct form_talk *talk, const char *words)
{
	const char *now = login_error_class(words), *then = login_error_class(talk->before);

	if (now == NULL || then == NULL || strcmp(now, then) != 0)
		return now;
	return "generic";
}

static enum status
try_control(struct form_talk *talk, const char *user, const char *password,
    struct login_result *result, struct http_session *session)
{
	struct form_answer first, second;
	int64_t exchange;

	TRY(ask_form(talk, user, password, &first, &result->exchange));
	/* The same letters in another order: as impossible as the first. */
	TRY(ask_form(talk, arena_printf(talk->job, "%sx", user),
	    arena_printf(talk->job, "x%s", password), &second, &exchange));
	result->trace = common_trace(talk->job, first.trace, second.trace);
	session->cookies = first.cookies;
	session->before = first.before;
	if (result->trace == NULL)
		return STATUS_LIMIT;
	result->answer = judge_control(&first);
	if (first.asking != second.asking || first.status != second.status ||
	    judge_control(&second) != result->answer)
		result->answer = LOGIN_UNSURE;
	result->error_text_class = class_of(talk, first.words);
	return STATUS_OK;
}

enum status
http_try_form(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result,
    struct http_session *session)
{
	struct form_talk talk = {.job = job,
	    .target = target,
	    .login = login,
	    .response = arena_allocate(job, sizeof *talk.response)};
	struct form_answer answer;

	if (talk.response == NULL)
		return STATUS_LIMIT;
	if (control == NULL)
		return try_control(&talk, user, password, result, session);
	TRY(ask_form(&talk, user, password, &answer, &result->exchange));
	session->cookies = answer.cookies;
	session->before = answer.before;
	result->trace = answer.trace;
	result->answer = judge(&answer, control->trace);
	result->forced_change = result->answer == LOGIN_ACCEPTED && answer.wants_change;
	if (answer.locked)
		result->error_text_class = "locked";
	if (result->answer == LOGIN_REFUSED) {
		result->error_text_class = class_of(&talk, answer.words);
		result->last_try =
		    login_says_last_try(answer.words) && !login_says_last_try(talk.before);
	}
	return STATUS_OK;
}
