/* An answer is judged by what it holds, never by its HTTP status alone. */
#include "device/onvif_facts.h"
#include "device/findings.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/discovery.h"

#define VALUE_MAX 200
#define URL_MAX 600
#define SCOPES_MAX 64
#define USERS_MAX 32

static const char scope_start[] = "onvif://www.onvif.org/";

/* Scopes that name the product: "onvif://www.onvif.org/hardware/IPC-122". */
static const struct {
	const char *scope;
	const char *type;
} scope_types[] = {{"hardware", "model"}, {"model", "model"}, {"name", "name"},
    {"location", "location"}, {"mac", "mac"}, {"macaddr", "mac"}, {"serial", "serial"},
    {"serialnumber", "serial"}, {"manufacturer", "manufacturer"}, {"firmware", "firmware"},
    {"version", "firmware"}};

static enum status
tell_scope(
    struct job *job, struct evidence *evidence, uint16_t port, int64_t exchange, const char *scope)
{
	const char *key = scope + sizeof scope_start - 1, *value = strchr(key, '/');
	const char *word;

	if (value == NULL)
		return STATUS_OK;
	word = arena_string(job, key, (size_t)(value - key));
	if (word == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < ARRAY_SIZE(scope_types); i++)
		if (text_equal_ignoring_case(scope_types[i].scope, word))
			return discovery_tell(job, evidence, port, exchange, "ws-discovery",
			    scope_types[i].type, value + 1);
	return STATUS_OK;
}

enum status
onvif_tell_scopes(
    struct job *job, struct evidence *evidence, uint16_t port, int64_t exchange, const char *scopes)
{
	const char *at = scopes, *scope;

	for (unsigned i = 0; i < SCOPES_MAX && (scope = list_word(job, &at, true)) != NULL; i++)
		if (text_starts_with(scope, scope_start))
			TRY(tell_scope(job, evidence, port, exchange, scope));
	return STATUS_OK;
}

/* ---- what operations tell ---- */

static const struct {
	const char *operation;
	const char *element;
	const char *type;
} telling[] = {
    {"GetHostname", "Name", "hostname"},
    {"GetDeviceInformation", "Manufacturer", "manufacturer"},
    {"GetDeviceInformation", "Model", "model"},
    {"GetDeviceInformation", "FirmwareVersion", "firmware"},
    {"GetDeviceInformation", "SerialNumber", "serial"},
    {"GetDeviceInformation", "HardwareId", "hardware"},
    {"GetNetworkInterfaces", "HwAddress", "mac"},
};

/* Every element of that name, in one line. */
static const char *
list_of(struct job *job, const struct soap_answer *soap, const char *name, size_t *count)
{
	struct text out = text_new(job);
	size_t element = MARKUP_NONE;
	const char *words;

	*count = 0;
	while ((element = markup_find(&soap->markup, soap->body, name, element)) != MARKUP_NONE) {
		const char *word =
		    *count < USERS_MAX ? markup_text(job, &soap->markup, element, VALUE_MAX) : "";

		if (word == NULL)
			return NULL;
		if (word[0] != '\0')
			text_printf(&out, "%s%s", out.size == 0 ? "" : ", ", word);
		(*count)++;
	}
	return text_finish(&out, &words) == STATUS_OK ? words : NULL;
}

static enum status
tell(struct onvif_visit *visit, const char *operation, const struct onvif_answer *answer)
{
	int64_t exchange = answer->http.exchange;
	size_t count;

	for (size_t i = 0; i < ARRAY_SIZE(telling); i++)
		if (strcmp(telling[i].operation, operation) == 0)
			TRY(discovery_tell(visit->job, visit->evidence, visit->port, exchange,
			    "onvif", telling[i].type,
			    markup_text_of(visit->job, &answer->soap.markup, answer->soap.body,
				telling[i].element, VALUE_MAX)));
	if (strcmp(operation, "GetUsers") == 0)
		return discovery_tell(visit->job, visit->evidence, visit->port, exchange, "onvif",
		    "user_list", list_of(visit->job, &answer->soap, "Username", &count));
	return STATUS_OK;
}

/* What is worth a line of detail. */
static const char *
detail_of(struct onvif_visit *visit, const struct onvif_operation *operation,
    const struct onvif_answer *answer)
{
	const char *words = answer->reason;
	size_t count;

	if (answer->result == ONVIF_ANSWERED && operation->service == ONVIF_MEDIA) {
		words = markup_text_of(
		    visit->job, &answer->soap.markup, answer->soap.body, "Uri", URL_MAX);
		if (words == NULL &&
		    list_of(visit->job, &answer->soap, operation->name + 3, &count) != NULL)
			words = arena_printf(visit->job, "%zu", count);
	}
	return words == NULL ? operation->access_class
			     : arena_printf(visit->job, "%s: %s", operation->access_class, words);
}

static void
keep_url(struct onvif_visit *visit, const char *operation, const struct onvif_answer *answer)
{
	const char *url =
	    markup_text_of(visit->job, &answer->soap.markup, answer->soap.body, "Uri", URL_MAX);
	struct ask_place place;

	if (url == NULL)
		return;
	if (strcmp(operation, "GetSnapshotUri") == 0 && visit->snapshot_count < ONVIF_SNAPSHOTS_MAX)
		visit->snapshots[visit->snapshot_count++] = url;
	if (strcmp(operation, "GetStreamUri") == 0 &&
	    ask_read_url(visit->job, visit->target, url, &place) &&
	    strncmp(place.scheme, "rtsp", 4) == 0)
		target_add_stream(visit->target, place.port, place.path);
}

/* True the first time these words are seen. */
static bool
is_new(struct onvif_visit *visit, const char *words)
{
	for (size_t i = 0; i < visit->seen_count; i++)
		if (strcmp(visit->seen[i], words) == 0)
			return false;
	if (visit->seen_count == ONVIF_SEEN_MAX)
		return false;
	visit->seen[visit->seen_count++] = words;
	return true;
}

static enum status
add_resource(struct onvif_visit *visit, const char *protocol, const char *name, const char *access,
    int64_t needs_login, const char *detail, int64_t exchange)
{
	const struct finding finding = {
	    visit->job, visit->evidence, protocol, visit->port, exchange};
	const char *words =
	    arena_printf(visit->job, "%s %s %lld", protocol, name, (long long)needs_login);

	if (words == NULL || detail == NULL)
		return STATUS_LIMIT;
	if (!is_new(visit, words))
		return STATUS_OK;
	return finding_resource(&finding, name, access, needs_login, detail);
}

/* ---- log-ins ---- */

static enum status
add_login(
    struct onvif_visit *visit, const char *scheme, const char *realm, bool can, int64_t exchange)
{
	struct login login = {.port = visit->place->port,
	    .tls = visit->place->tls,
	    .recognised = can,
	    .protocol = "onvif",
	    .scheme = scheme,
	    .path = visit->place->path};
	const struct finding finding = {visit->job, visit->evidence, "onvif", login.port, exchange};
	const char *words = arena_printf(visit->job, "login %s", scheme);

	if (words == NULL)
		return STATUS_LIMIT;
	if (!is_new(visit, words))
		return STATUS_OK;
	target_add_login(visit->target, &login);
	return finding_login(&finding, scheme, login.tls, realm, can);
}

/* A fault asks for a name in the envelope, a 401 for one in the header. */
static enum status
add_logins(struct onvif_visit *visit, const struct onvif_answer *answer)
{
	struct http_challenge *challenges =
	    arena_array(visit->job, HTTP_CHALLENGES_MAX, sizeof *challenges);
	size_t count = 0;

	if (challenges == NULL)
		return STATUS_LIMIT;
	if (answer->http.status == 401)
		TRY(http_read_challenges(visit->job, &answer->http, challenges, &count));
	for (size_t i = 0; i < count; i++) {
		bool can = false;

		for (size_t j = 0; j < count; j++)
			can = can || (strcmp(challenges[i].scheme, challenges[j].scheme) == 0 &&
					 http_can_answer(&challenges[j]));
		TRY(add_login(
		    visit, challenges[i].scheme, challenges[i].realm, can, answer->http.exchange));
	}
	if (count == 0)
		return answer->is_soap && answer->soap.not_authorized
			   ? add_login(
				 visit, "ws-username-token", NULL, true, answer->http.exchange)
			   : add_login(visit, "unknown", NULL, false, answer->http.exchange);
	return STATUS_OK;
}

/* The unit has no such operation: nobody was let in. */
static bool
is_missing(const struct onvif_answer *answer)
{
	return !answer->is_soap || !answer->soap.is_fault ||
	       strcasestr(answer->reason, "NotSupported") != NULL ||
	       strcasestr(answer->reason, "not supported") != NULL ||
	       strcasestr(answer->reason, "NotImplemented") != NULL ||
	       strcasestr(answer->reason, "not implemented") != NULL ||
	       strcasestr(answer->reason, "UnknownAction") != NULL ||
	       strcasestr(answer->reason, "method") != NULL;
}

enum status
onvif_judge(struct onvif_visit *visit, const struct onvif_operation *operation,
    const struct onvif_answer *answer)
{
	bool counts = strcmp(operation->access_class, "PRE_AUTH") != 0;
	int64_t needs_login = UNKNOWN;

	if (answer->result == ONVIF_ANSWERED) {
		TRY(tell(visit, operation->name, answer));
		keep_url(visit, operation->name, answer);
		needs_login = 0;
	} else if (answer->result == ONVIF_REFUSED) {
		TRY(add_logins(visit, answer));
		needs_login = 1;
	} else if (is_missing(answer)) {
		return STATUS_OK;
	}
	if (!counts)
		return STATUS_OK;
	return add_resource(visit, "onvif", operation->name, "read", needs_login,
	    detail_of(visit, operation, answer), answer->http.exchange);
}

/* ---- places and profiles ---- */

const char *
onvif_media_url(struct job *job, const struct onvif_answer *answer)
{
	const struct markup *markup = &answer->soap.markup;
	size_t media = markup_find(markup, answer->soap.body, "Media", MARKUP_NONE);
	size_t service = MARKUP_NONE;

	if (media != MARKUP_NONE)
		return markup_text_of(job, markup, media, "XAddr", URL_MAX);
	while (
	    (service = markup_find(markup, answer->soap.body, "Service", service)) != MARKUP_NONE) {
		const char *space = markup_text_of(job, markup, service, "Namespace", URL_MAX);

		if (space != NULL && strcmp(space, "http://www.onvif.org/ver10/media/wsdl") == 0)
			return markup_text_of(job, markup, service, "XAddr", URL_MAX);
	}
	return NULL;
}

const char *
onvif_stream_body(struct job *job, const char *token)
{
	return arena_printf(job,
	    "<StreamSetup><Stream xmlns=\"http://www.onvif.org/ver10/schema\">RTP-Unicast</Stream>"
	    "<Transport xmlns=\"http://www.onvif.org/ver10/schema\"><Protocol>RTSP</Protocol>"
	    "</Transport></StreamSetup><ProfileToken>%s</ProfileToken>",
	    token);
}

enum status
onvif_read_profiles(struct job *job, const struct onvif_answer *answer, const char **tokens,
    size_t room, size_t *count)
{
	const struct markup *markup = &answer->soap.markup;
	size_t profile = MARKUP_NONE;

	*count = 0;
	while (*count < room && (profile = markup_find(markup, answer->soap.body, "Profiles",
				     profile)) != MARKUP_NONE) {
		const char *token = markup_attribute(job, markup, profile, "token", VALUE_MAX);

		if (token != NULL && token[0] != '\0')
			tokens[(*count)++] = token;
	}
	return STATUS_OK;
}

/* ---- pictures ---- */

static enum status
judge_picture(struct onvif_visit *visit, const struct service *service, const char *path,
    const struct http_response *response)
{
	size_t from = 0;
	const char *type = http_header(response, "Content-Type", &from);
	bool picture = span_starts_with(response->body, "\xff\xd8\xff", 3) ||
		       span_starts_with(response->body, "\x89PNG", 4) ||
		       (type != NULL && text_starts_with(type, "image/"));

	visit->port = service->port;
	if (response->status == 401 || response->status == 403)
		return add_resource(visit, service->name, path, "stream", 1,
		    arena_printf(visit->job, "%d", response->status), response->exchange);
	if (response->status == 200 && picture)
		return add_resource(visit, service->name, path, "stream", 0,
		    type == NULL ? "a picture" : type, response->exchange);
	return STATUS_OK;
}

enum status
onvif_try_snapshots(struct onvif_visit *visit, struct ask *ask, struct onvif_answer *answer)
{
	for (size_t i = 0; i < visit->snapshot_count; i++) {
		const struct service *service;
		const char *request, *host = ask_host(visit->job, visit->target);
		struct ask_place place;
		enum status status;

		if (host == NULL)
			return STATUS_LIMIT;
		if (!ask_read_url(visit->job, visit->target, visit->snapshots[i], &place) ||
		    (service = ask_web_service(visit->target, place.port)) == NULL)
			continue;
		ask_end(ask);
		ask->port = service->port;
		ask->tls = service->tls;
		request = arena_printf(visit->job,
		    "GET %s HTTP/1.1\r\nHost: %s:%u\r\nUser-Agent: " HTTP_USER_AGENT
		    "\r\nConnection: close\r\n"
		    "\r\n",
		    place.path, host, service->port);
		if (request == NULL)
			return STATUS_LIMIT;
		status = ask_for(ask, span_of_string(request), false, &answer->http);
		if (fault_is_ours(status))
			return status;
		if (status == STATUS_OK)
			TRY(judge_picture(visit, service, place.path, &answer->http));
	}
	return STATUS_OK;
}
