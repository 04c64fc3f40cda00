/* UPnP has no log-in: what it controls, anyone in the network controls. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/ask.h"
#include "device/discovery.h"
#include "device/findings.h"
#include "device/http_page.h"
#include "device/probe.h"
#include "device/soap.h"
#include "device/ssdp.h"

#define SSDP_PORT 1900
#define PATIENCE_MS 1800 /* more than the second that MX grants */
#define LOCATIONS_MAX 8
#define TOLD_MAX 64

struct upnp_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	bool heard;
	struct discovery *discovery;
	struct http_response *response;
	struct upnp_description *description;
	const char *locations[LOCATIONS_MAX];
	size_t location_count;
	const char *told[TOLD_MAX];
	size_t told_count;
	struct ask ask;
	const struct service *service;
	const char *path;
};

static enum status
tell(struct upnp_talk *talk, uint16_t port, int64_t exchange, const char *type, const char *value)
{
	const char *words =
	    value == NULL ? "" : arena_printf(talk->job, "%u %s=%s", port, type, value);

	if (words == NULL)
		return STATUS_LIMIT;
	if (value == NULL || !discovery_is_new(talk->told, &talk->told_count, TOLD_MAX, words))
		return STATUS_OK;
	return discovery_tell(talk->job, talk->evidence, port, exchange, "upnp", type, value);
}

/* ---- SSDP ---- */

static const char *
version_or_banner(const char *words)
{
	return words != NULL && strpbrk(words, "0123456789") != NULL ? "version" : "banner";
}

static enum status
take_answer(struct upnp_talk *talk, const struct ssdp_answer *answer)
{
	int64_t exchange = talk->discovery->exchange;

	TRY(tell(talk, SSDP_PORT, exchange, version_or_banner(answer->server), answer->server));
	if (answer->usn != NULL && text_starts_with(answer->usn, "uuid:"))
		TRY(tell(talk, SSDP_PORT, exchange, "uuid",
		    arena_string(talk->job, answer->usn, strcspn(answer->usn + 5, ":") + 5)));
	if (answer->location != NULL &&
	    discovery_is_new(
		talk->locations, &talk->location_count, LOCATIONS_MAX, answer->location) &&
	    talk->location_count == LOCATIONS_MAX)
		outcome_lack(talk->job, &talk->outcome, "more descriptions than are fetched");
	return STATUS_OK;
}

static enum status
take_answers(struct upnp_talk *talk)
{
	for (size_t i = 0; i < talk->discovery->count; i++) {
		struct ssdp_answer answer;
		enum status status = ssdp_read(talk->job, talk->discovery->datagrams[i], &answer);

		if (fault_is_ours(status))
			return status;
		if (!talk->heard)
			TRY(discovery_add_port(talk->job, talk->evidence, SSDP_PORT, "upnp",
			    talk->discovery->exchange));
		talk->heard = true;
		if (status == STATUS_OK)
			TRY(take_answer(talk, &answer));
	}
	return STATUS_OK;
}

/* Some answer only the group, some only who asks for root devices. */
static enum status
search(struct upnp_talk *talk)
{
	static const char *const what[] = {"ssdp:all", "upnp:rootdevice"};

	for (unsigned way = 0; way < 4 && !talk->heard; way++) {
		const char *message = ssdp_search(talk->job, talk->target, what[way % 2], way >= 2);

		if (message == NULL)
			return STATUS_LIMIT;
		if (way < 2)
			TRY(discovery_ask_unit(talk->job, talk->target, SSDP_PORT,
			    span_of_string(message), PATIENCE_MS, talk->discovery));
		else
			TRY(discovery_ask_group(talk->job, talk->target, GROUP_SSDP,
			    span_of_string(message), PATIENCE_MS, talk->discovery));
		if (talk->discovery->lack != NULL)
			outcome_lack(talk->job, &talk->outcome, "%s", talk->discovery->lack);
		if (talk->discovery->no_group)
			talk->outcome.note = "its group cannot be asked from here";
		TRY(take_answers(talk));
	}
	return STATUS_OK;
}

/* ---- descriptions ---- */

static enum status
fetch(struct upnp_talk *talk, const char *method, const char *path, const char *headers,
    const char *body)
{
	const char *host = ask_host(talk->job, talk->target);
	const char *request =
	    host == NULL
		? NULL
		: arena_printf(talk->job,
		      "%s %s HTTP/1.1\r\nHost: %s:%u\r\nUser-Agent: " HTTP_USER_AGENT "\r\n"
		      "Connection: close\r\n%s\r\n%s",
		      method, path, host, talk->service->port, headers, body);

	if (request == NULL)
		return STATUS_LIMIT;
	return ask_for(&talk->ask, span_of_string(request), false, talk->response);
}

static enum status
add_resource(struct upnp_talk *talk, const char *type, const char *action, const char *access,
    int64_t needs_login, const char *detail)
{
	const struct finding finding = {
	    talk->job, talk->evidence, "upnp", talk->service->port, talk->response->exchange};
	const char *start = strstr(type, "WAN");

	return finding_resource(&finding,
	    arena_printf(talk->job, "%s %s", start == NULL ? type : start, action), access,
	    needs_login, detail);
}

/* Does the service offer to open ports?  It is read in its description, never tried. */
static enum status
look_for_mappings(struct upnp_talk *talk, const struct upnp_service *service)
{
	const char *path = upnp_resolve(talk->job, talk->target, talk->service->port, talk->path,
	    talk->description->base, service->description);
	struct markup markup;
	size_t name = MARKUP_NONE;
	enum status status;

	if (path == NULL)
		return STATUS_OK;
	TRY(fetch(talk, "GET", path, "", ""));
	status = markup_read(talk->job, talk->response->body, &markup);
	if (status != STATUS_OK)
		return status == STATUS_MALFORMED ? STATUS_OK : status;
	while ((name = markup_find(&markup, MARKUP_NONE, "name", name)) != MARKUP_NONE) {
		const char *words = markup_text(talk->job, &markup, name, 64);

		if (words != NULL && strcmp(words, "AddPortMapping") == 0)
			return add_resource(talk, service->type, "AddPortMapping", "configure",
			    UNKNOWN, "offered in its description; not tried");
	}
	return STATUS_OK;
}

/* What a gateway's control says to anyone: a question that changes nothing. */
static enum status
ask_address(struct upnp_talk *talk, const struct upnp_service *service)
{
	const char *path = upnp_resolve(talk->job, talk->target, talk->service->port, talk->path,
	    talk->description->base, service->control);
	const char *body = arena_printf(talk->job,
	    "<?xml version=\"1.0\"?><s:Envelope "
	    "xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
	    "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>"
	    "<u:GetExternalIPAddress xmlns:u=\"%s\"/></s:Body></s:Envelope>",
	    service->type);
	const char *headers = body == NULL ? NULL
					   : arena_printf(talk->job,
						 "Content-Type: text/xml; charset=\"utf-8\"\r\n"
						 "SOAPAction: \"%s#GetExternalIPAddress\"\r\n"
						 "Content-Length: %zu\r\n",
						 service->type, strlen(body));
	struct soap_answer *answer = arena_allocate(talk->job, sizeof *answer);
	enum status status;

	if (body == NULL || headers == NULL || answer == NULL)
		return STATUS_LIMIT;
	if (path == NULL || strpbrk(service->type, "<>&\"\\ ") != NULL)
		return STATUS_OK;
	TRY(fetch(talk, "POST", path, headers, body));
	if (talk->response->status == 401 || talk->response->status == 403)
		return add_resource(
		    talk, service->type, "GetExternalIPAddress", "read", 1, "it asks for a log-in");
	status = soap_read(talk->job, talk->response->body, answer);
	if (status != STATUS_OK)
		return status == STATUS_MALFORMED ? STATUS_OK : status;
	if (strcmp(answer->markup.elements[answer->body].name, "GetExternalIPAddressResponse") != 0)
		return STATUS_OK;
	return add_resource(talk, service->type, "GetExternalIPAddress", "read", 0,
	    markup_text_of(talk->job, &answer->markup, answer->body, "NewExternalIPAddress", 64));
}

static enum status
judge_description(struct upnp_talk *talk)
{
	const struct upnp_description *told = talk->description;
	int64_t exchange = talk->response->exchange;
	uint16_t port = talk->service->port;

	TRY(tell(talk, port, exchange, "name", told->name));
	TRY(tell(talk, port, exchange, "manufacturer", told->manufacturer));
	TRY(tell(talk, port, exchange, "model", told->model));
	TRY(tell(talk, port, exchange, "version", told->model_number));
	TRY(tell(talk, port, exchange, "serial", told->serial));
	TRY(tell(talk, port, exchange, "uuid", told->udn));
	for (size_t i = 0; i < told->service_count; i++) {
		const struct upnp_service *service = &told->services[i];

		if (strstr(service->type, ":WANIPConnection:") == NULL &&
		    strstr(service->type, ":WANPPPConnection:") == NULL)
			continue;
		TRY(ask_address(talk, service));
		TRY(look_for_mappings(talk, service));
	}
	return STATUS_OK;
}

/* The service the scan found at that port, whatever it was taken for. */
static const struct service *
service_at(const struct target *target, uint16_t port)
{
	for (size_t i = 0; i < target->service_count; i++)
		if (target->services[i].port == port && !target->services[i].udp)
			return &target->services[i];
	return NULL;
}

static enum status
visit(struct upnp_talk *talk, const char *location)
{
	struct ask_place place;
	enum status status;

	/* Only the unit's own, at a port that is open: nobody is sent elsewhere by a unit. */
	if (!ask_read_url(talk->job, talk->target, location, &place) ||
	    strncmp(place.scheme, "http", 4) != 0)
		return STATUS_OK;
	talk->service = service_at(talk->target, place.port);
	talk->path = place.path;
	if (talk->service == NULL)
		return STATUS_OK;
	TRY(ask_begin(
	    talk->job, talk->target, talk->service->port, talk->service->tls, &talk->ask));
	status = fetch(talk, "GET", talk->path, "", "");
	if (status == STATUS_OK)
		status = upnp_read_description(talk->job, talk->response->body, talk->description);
	if (status == STATUS_OK) {
		if (!http_mentions(talk->response->body, "presentationURL"))
			target_note_use(talk->target, place.port);
		status = judge_description(talk);
	}
	ask_end(&talk->ask);
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK)
		outcome_lack(talk->job, &talk->outcome, "%s", talk->job->reason);
	return STATUS_OK;
}

static enum status
talk_upnp(struct job *job, struct target *target, struct evidence *evidence)
{
	struct upnp_talk *talk = arena_allocate(job, sizeof *talk);

	if (talk == NULL)
		return STATUS_LIMIT;
	*talk = (struct upnp_talk){.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.lack = target->services_lack, .required = UNKNOWN, .tried = UNKNOWN},
	    .discovery = arena_allocate(job, sizeof *talk->discovery),
	    .response = arena_allocate(job, sizeof *talk->response),
	    .description = arena_allocate(job, sizeof *talk->description)};
	if (talk->discovery == NULL || talk->response == NULL || talk->description == NULL)
		return STATUS_LIMIT;
	TRY(search(talk));
	for (size_t i = 0; i < talk->location_count; i++)
		TRY(visit(talk, talk->locations[i]));
	TRY(outcome_look(job, &talk->outcome, evidence, FACT_open_port));
	TRY(outcome_look(job, &talk->outcome, evidence, FACT_resource));
	return outcome_look(job, &talk->outcome, evidence, FACT_disclosure);
}

const struct probe probe_upnp = {
    .name = "upnp",
    .title = "What UPnP tells the network, and what it lets anyone control",
    .source = "UPnP Device Architecture 1.1; WANIPConnection:1",
    .looks_for = {"open_port", "resource", "disclosure"},
    .needs = "ports",
    .speaks = "upnp,ssdp", /* it has no log-in */
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 2 * 60 * 1000,
    .talk = talk_upnp,
};
