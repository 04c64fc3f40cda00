/* What a page says without being asked: who made it, how it protects itself, whether its cookies
 * can be guessed. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/findings.h"
#include "device/web.h"

#define DRAWS 4 /* of each cookie */
#define STEP_MAX 1000
#define CLOCK_REACH 86400 /* seconds a unit's cookie and its Date may be apart */

static enum status
add_disclosure(struct web *web, const char *type, const char *value, int64_t exchange)
{
	const struct finding finding = {
	    web->job, web->evidence, web->protocol, web->service->port, exchange};

	if (value == NULL || value[0] == '\0')
		return STATUS_OK;
	return finding_disclosure(&finding, type, value);
}

static bool
has_digit(const char *text)
{
	return strpbrk(text, "0123456789") != NULL;
}

enum status
web_add_disclosures(struct web *web, const struct http_response *response)
{
	static const char *const telling[] = {"Server", "X-Powered-By"};
	const char *title = http_title(web->job, response->body);

	for (size_t i = 0; i < ARRAY_SIZE(telling); i++) {
		size_t from = 0;
		const char *value = http_header(response, telling[i], &from);

		if (value != NULL)
			TRY(add_disclosure(web, has_digit(value) ? "version" : "banner", value,
			    response->exchange));
	}
	if (title != NULL && response->status == 200)
		TRY(add_disclosure(
		    web, has_digit(title) ? "version" : "model", title, response->exchange));
	if (response->status == 401) {
		struct http_challenge *challenges =
		    arena_array(web->job, HTTP_CHALLENGES_MAX, sizeof *challenges);
		size_t count;

		if (challenges == NULL)
			return STATUS_LIMIT;
		TRY(http_read_challenges(web->job, response, challenges, &count));
		for (size_t i = 0; i < count; i++)
			if (i == 0 || challenges[i].realm == NULL ||
			    challenges[i - 1].realm == NULL ||
			    strcmp(challenges[i].realm, challenges[i - 1].realm) != 0)
				TRY(add_disclosure(
				    web, "realm", challenges[i].realm, response->exchange));
	}
	return STATUS_OK;
}

enum status
web_add_headers(struct web *web, const struct http_response *response)
{
	static const char *const names[] = {"Strict-Transport-Security", "Content-Security-Policy",
	    "X-Frame-Options", "X-Content-Type-Options", "Cache-Control", "Referrer-Policy",
	    "Access-Control-Allow-Origin"};

	if (web->headers_seen)
		return STATUS_OK;
	web->headers_seen = true;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct fact fact = fact_new(FACT_http_header);
		size_t from = 0;
		const char *value = http_header(response, names[i], &from);

		if (i == 0 && !web->service->tls)
			continue; /* in the clear it would be ignored: RFC 6797 section 7.2 */
		fact.port = web->service->port;
		fact.exchange = response->exchange;
		fact.as.http_header.protocol = web->protocol;
		fact.as.http_header.name = names[i];
		fact.as.http_header.present = value != NULL;
		fact.as.http_header.value = value;
		TRY(evidence_add(web->evidence, web->job, &fact));
	}
	return STATUS_OK;
}

/* ---- cookies ---- */

/* The value of a cookie this answer sets, NULL; *attributes is what follows it. */
static const char *
cookie_of(struct job *job, const struct http_response *response, const char *name,
    const char **attributes)
{
	size_t from = 0, size = strlen(name);
	const char *line;

	while ((line = http_header(response, "Set-Cookie", &from)) != NULL)
		if (strncmp(line, name, size) == 0 && line[size] == '=') {
			size_t value = strcspn(line + size + 1, ";");

			*attributes = line + size + 1 + value;
			return arena_string(job, line + size + 1, value);
		}
	return NULL;
}

static bool
has_attribute(const char *attributes, const char *word)
{
	size_t size = strlen(word);

	for (const char *at = attributes; *at == ';'; at += strcspn(at, ";")) {
		at += 1 + strspn(at + 1, " ");
		if (strncasecmp(at, word, size) == 0 && strcspn(at, " ;=") == size)
			return true;
	}
	return false;
}

static const char *
same_site_of(const char *attributes)
{
	static const char *const ways[] = {"strict", "lax", "none"};

	for (const char *at = attributes; *at == ';'; at += strcspn(at, ";")) {
		at += 1 + strspn(at + 1, " ");
		if (strncasecmp(at, "samesite=", 9) != 0)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
			if (strncasecmp(at + 9, ways[i], strlen(ways[i])) == 0)
				return ways[i];
	}
	return NULL;
}

/* A cookie that keeps the language is equal for all, and may be. */
static bool
is_session(const char *name)
{
	static const char *const words[] = {
	    "sess", "sid", "token", "auth", "login", "ticket", "jwt"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcasestr(name, words[i]) != NULL)
			return true;
	return false;
}

/* The values as numbers; `whole`, or without what they begin with in common. */
static bool
read_numbers(const char *const *values, size_t count, int base, bool whole, int64_t *numbers)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	size_t prefix = whole ? 0 : strlen(values[0]);

	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < prefix; j++)
			if (values[i][j] != values[0][j])
				prefix = j;
	while (prefix > 0 && values[0][prefix - 1] >= '1' && values[0][prefix - 1] <= '9')
		prefix--; /* the number began earlier */
	for (size_t i = 0; i < count; i++) {
		const char *at = values[i] + prefix;
		size_t size = strspn(at, base == 10 ? "0123456789" : digits);

		if (size == 0 || size > 15 || at[size] != '\0')
			return false;
		numbers[i] = strtoll(at, NULL, base);
	}
	return true;
}

/* Each a small step after the one before. */
static bool
is_counted(const int64_t *numbers, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (numbers[i] <= numbers[i - 1] || numbers[i] - numbers[i - 1] > STEP_MAX)
			return false;
	return true;
}

static bool
is_clock(const int64_t *numbers, const int64_t *dates, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int64_t at = numbers[i];

		if (at > 100000000000LL)
			at /= at > 100000000000000LL ? 1000000 : 1000;
		if (dates[i] == 0 || llabs(at - dates[i]) > CLOCK_REACH)
			return false;
	}
	return true;
}

int64_t
web_cookie_is_predictable(
    const char *name, const char *const *values, const int64_t *dates, size_t count)
{
	int64_t numbers[DRAWS];
	size_t equal = 0, unlike = 0;

	if (count < 3 || count > DRAWS || !is_session(name))
		return UNKNOWN;
	for (size_t i = 1; i < count; i++) {
		size_t size = strlen(values[i]), same = 0;

		equal += strcmp(values[i], values[i - 1]) == 0;
		while (same < size && values[i][same] == values[i - 1][same])
			same++;
		unlike += size >= same + 12;
	}
	if (equal == count - 1)
		return values[0][0] == '\0' ? UNKNOWN : 1;
	if (equal > 0)
		return UNKNOWN;
	if (read_numbers(values, count, 10, true, numbers) && is_clock(numbers, dates, count))
		return 1;
	for (int base = 10; base <= 16; base += 6)
		if (read_numbers(values, count, base, false, numbers) && is_counted(numbers, count))
			return 1;
	return unlike == count - 1 ? 0 : UNKNOWN;
}

/* RFC 9110 section 5.6.7, the form in use; 0 for anything else. */
static int64_t
date_of(const struct http_response *response)
{
	size_t from = 0;
	const char *value = http_header(response, "Date", &from);
	struct tm when = {0};

	if (value == NULL || strptime(value, "%a, %d %b %Y %H:%M:%S GMT", &when) == NULL)
		return 0;
	return timegm(&when);
}

static enum status
add_cookie(struct web *web, const char *name, const struct http_response *first)
{
	struct fact fact = fact_new(FACT_session_cookie);
	struct http_response *again = arena_allocate(web->job, sizeof *again);
	const char *values[DRAWS], *attributes, *later;
	int64_t dates[DRAWS] = {date_of(first)};
	size_t count = 1;

	values[0] = cookie_of(web->job, first, name, &attributes);
	if (values[0] == NULL || again == NULL)
		return STATUS_LIMIT;
	while (count < DRAWS) {
		enum status status = web_get(web, web->path, HTTP_HEAD_MAX_SIZE, again);

		if (fault_is_ours(status))
			return status;
		if (status != STATUS_OK ||
		    (values[count] = cookie_of(web->job, again, name, &later)) == NULL)
			break;
		dates[count++] = date_of(again);
	}
	fact.port = web->service->port;
	fact.exchange = first->exchange;
	fact.as.session_cookie.protocol = web->protocol;
	fact.as.session_cookie.name = name;
	fact.as.session_cookie.secure = has_attribute(attributes, "secure");
	fact.as.session_cookie.http_only = has_attribute(attributes, "httponly");
	fact.as.session_cookie.same_site = same_site_of(attributes);
	fact.as.session_cookie.predictable = web_cookie_is_predictable(name, values, dates, count);
	return evidence_add(web->evidence, web->job, &fact);
}

enum status
web_add_cookies(struct web *web, const struct http_response *response)
{
	const char *line;
	size_t from = 0;

	while ((line = http_header(response, "Set-Cookie", &from)) != NULL) {
		const char *name = arena_string(web->job, line, strcspn(line, "=; "));
		bool known = false;

		if (name == NULL)
			return STATUS_LIMIT;
		for (size_t i = 0; i < web->cookie_count && !known; i++)
			known = strcmp(web->cookies[i], name) == 0;
		if (known || name[0] == '\0' || line[strlen(name)] != '=' ||
		    web->cookie_count == WEB_COOKIES_MAX)
			continue;
		web->cookies[web->cookie_count++] = name;
		TRY(add_cookie(web, name, response));
	}
	return STATUS_OK;
}
