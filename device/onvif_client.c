/* Refusals come as HTTP 401, as a fault in an error, and as a fault in a page that says 200. */
#include "device/onvif_client.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define NUMBER_MAX 8

const struct onvif_operation onvif_operations[] = {
#define ONVIF_OPERATION(service_, name_, class_, body_)                                            \
	{.service = ONVIF_##service_, .name = #name_, .access_class = #class_, .body = body_},
#include "device/onvif_operations.def"
#undef ONVIF_OPERATION
};

const size_t onvif_operation_count = ARRAY_SIZE(onvif_operations);

static const char *const spaces[] = {
    [ONVIF_DEVICE] = "http://www.onvif.org/ver10/device/wsdl",
    [ONVIF_MEDIA] = "http://www.onvif.org/ver10/media/wsdl",
};

const struct onvif_operation *
onvif_operation_named(const char *name)
{
	for (size_t i = 0; i < onvif_operation_count; i++)
		if (strcmp(onvif_operations[i].name, name) == 0)
			return &onvif_operations[i];
	return NULL;
}

static enum status
make_request(struct ask *ask, const struct onvif_place *place,
    const struct onvif_operation *operation, const struct onvif_who *who, const char **request)
{
	const char *space = spaces[operation->service], *host = ask_host(ask->job, ask->target);
	const char *body = arena_printf(ask->job, "<%s xmlns=\"%s\">%s</%s>", operation->name,
	    space, operation->body, operation->name);
	const char *envelope =
	    body == NULL ? NULL
			 : soap_envelope(ask->job, who->token == NULL ? "" : who->token, body);

	if (envelope == NULL || host == NULL)
		return STATUS_LIMIT;
	*request = arena_printf(ask->job,
	    "POST %s HTTP/1.1\r\nHost: %s:%u\r\nUser-Agent: " HTTP_USER_AGENT "\r\n%s"
	    "Content-Type: application/soap+xml; charset=utf-8; action=\"%s/%s\"\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    place->path, host, place->port, who->authorization == NULL ? "" : who->authorization,
	    space, operation->name, strlen(envelope), envelope);
	return *request == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* Is the body's element "<operation>Response"? */
static bool
is_response(const struct soap_answer *soap, const char *operation)
{
	const char *name = soap->markup.elements[soap->body].name;
	size_t size = strlen(operation);

	return strncmp(name, operation, size) == 0 && strcmp(name + size, "Response") == 0;
}

static enum status
judge(struct job *job, const struct onvif_operation *operation, struct onvif_answer *answer)
{
	enum status status = soap_read(job, answer->http.body, &answer->soap);

	if (status != STATUS_OK && status != STATUS_MALFORMED)
		return status;
	answer->is_soap = status == STATUS_OK;
	answer->reason = answer->is_soap && answer->soap.is_fault
			     ? answer->soap.reason
			     : arena_printf(job, "HTTP %d", answer->http.status);
	if (answer->reason == NULL)
		return STATUS_LIMIT;
	if (answer->http.status == 401 || (answer->is_soap && answer->soap.not_authorized))
		answer->result = ONVIF_REFUSED;
	else if (answer->is_soap && !answer->soap.is_fault && answer->http.status == 200 &&
		 is_response(&answer->soap, operation->name))
		answer->result = ONVIF_ANSWERED;
	if (answer->result == ONVIF_ANSWERED)
		answer->reason = NULL;
	return STATUS_OK;
}

enum status
onvif_call(struct ask *ask, const struct onvif_place *place,
    const struct onvif_operation *operation, const struct onvif_who *who,
    struct onvif_answer *answer)
{
	static const struct onvif_who nobody;
	const char *request;

	if (who == NULL)
		who = &nobody;
	*answer = (struct onvif_answer){.result = ONVIF_OTHERWISE};
	TRY(make_request(ask, place, operation, who, &request));
	TRY(ask_for(ask, span_of_string(request), who->token != NULL || who->authorization != NULL,
	    &answer->http));
	return judge(ask->job, operation, answer);
}

static bool
read_number(struct job *job, const struct markup *markup, size_t from, const char *name,
    int64_t maximum, int64_t *value)
{
	const char *words =
	    from == MARKUP_NONE ? NULL : markup_text_of(job, markup, from, name, NUMBER_MAX);

	*value = 0;
	return words != NULL && text_parse_integer(words, 0, maximum, value);
}

/* "2026-11-30T12:00:00Z" of the answer's UTCDateTime; NULL when there is none. */
static const char *
read_clock(struct job *job, const struct soap_answer *soap)
{
	const struct markup *markup = &soap->markup;
	size_t utc = markup_find(markup, soap->body, "UTCDateTime", MARKUP_NONE);
	size_t date = utc == MARKUP_NONE ? utc : markup_find(markup, utc, "Date", MARKUP_NONE);
	size_t time = utc == MARKUP_NONE ? utc : markup_find(markup, utc, "Time", MARKUP_NONE);
	int64_t year, month, day, hour, minute, second;

	if (!read_number(job, markup, date, "Year", 9999, &year) ||
	    !read_number(job, markup, date, "Month", 12, &month) ||
	    !read_number(job, markup, date, "Day", 31, &day) ||
	    !read_number(job, markup, time, "Hour", 23, &hour) ||
	    !read_number(job, markup, time, "Minute", 59, &minute) ||
	    !read_number(job, markup, time, "Second", 60, &second))
		return NULL;
	return arena_printf(job, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)year, (int)month, (int)day,
	    (int)hour, (int)minute, (int)second);
}

enum status
onvif_clock(struct ask *ask, const struct onvif_place *place, struct onvif_answer *answer,
    const char **created)
{
	static const struct onvif_operation operation = {.service = ONVIF_DEVICE,
	    .name = "GetSystemDateAndTime",
	    .access_class = "PRE_AUTH",
	    .body = ""};
	const char *told = NULL;

	TRY(onvif_call(ask, place, &operation, NULL, answer));
	if (answer->result == ONVIF_ANSWERED)
		told = read_clock(ask->job, &answer->soap);
	*created = told == NULL ? "1970-01-01T00:00:00Z" : told;
	return STATUS_OK;
}

/* The header line for the first challenge of that scheme; NULL when there is none. */
static enum status
answer_challenge(struct ask *ask, const struct onvif_place *place, const char *scheme,
    const char *user, const char *password, const struct onvif_answer *refusal, const char **line)
{
	struct http_challenge *challenges =
	    arena_array(ask->job, HTTP_CHALLENGES_MAX, sizeof *challenges);
	size_t count;

	*line = NULL;
	if (challenges == NULL)
		return STATUS_LIMIT;
	TRY(http_read_challenges(ask->job, &refusal->http, challenges, &count));
	for (size_t i = 0; i < count; i++)
		if (strcmp(challenges[i].scheme, scheme) == 0 && http_can_answer(&challenges[i]))
			return http_answer(ask->job, ask->target, &challenges[i], "POST",
			    place->path, user, password, line);
	return STATUS_OK;
}

enum status
onvif_call_as(struct ask *ask, const struct onvif_place *place,
    const struct onvif_operation *operation, const char *scheme, const char *user,
    const char *password, struct onvif_answer *answer)
{
	struct onvif_who who = {0};
	const char *created;

	if (strcmp(scheme, "ws-username-token") == 0) {
		TRY(onvif_clock(ask, place, answer, &created));
		TRY(soap_username_token(
		    ask->job, ask->target, user, password, created, &who.token));
		return onvif_call(ask, place, operation, &who, answer);
	}
	TRY(onvif_call(ask, place, operation, NULL, answer));
	TRY(answer_challenge(ask, place, scheme, user, password, answer, &who.authorization));
	return who.authorization == NULL ? STATUS_OK
					 : onvif_call(ask, place, operation, &who, answer);
}
