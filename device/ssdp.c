/* An answer of SSDP is the head of an answer of HTTP, in one datagram. */
#include "device/ssdp.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/ask.h"

#define VALUE_MAX 200
#define URL_MAX 600

const char *
ssdp_search(struct job *job, const struct target *target, const char *what, bool group)
{
	const char *host = group ? "239.255.255.250" : ask_host(job, target);

	if (group && strchr(target->address, ':') != NULL)
		host = "[ff02::c]";
	return host == NULL
		   ? NULL
		   : arena_printf(job,
			 "M-SEARCH * HTTP/1.1\r\nHOST: %s:1900\r\nMAN: \"ssdp:discover\"\r\n%sST: "
			 "%s\r\nUSER-AGENT: " HTTP_USER_AGENT "\r\n\r\n",
			 host, group ? "MX: 1\r\n" : "", what);
}

enum status
ssdp_read(struct job *job, struct span datagram, struct ssdp_answer *answer)
{
	struct http_response *response = arena_allocate(job, sizeof *response);
	size_t location = 0, server = 0, usn = 0;
	bool whole;

	if (response == NULL)
		return STATUS_LIMIT;
	TRY(http_read_response(job, datagram, true, response, &whole));
	if (response->status != 200)
		return fail(job, STATUS_MALFORMED, "ssdp: HTTP %d", response->status);
	*answer = (struct ssdp_answer){.location = http_header(response, "LOCATION", &location),
	    .server = http_header(response, "SERVER", &server),
	    .usn = http_header(response, "USN", &usn)};
	return STATUS_OK;
}

static enum status
read_services(struct job *job, const struct markup *markup, struct upnp_description *description)
{
	size_t at = MARKUP_NONE;

	while (description->service_count < UPNP_SERVICES_MAX &&
	       (at = markup_find(markup, MARKUP_NONE, "service", at)) != MARKUP_NONE) {
		struct upnp_service *service = &description->services[description->service_count];

		service->type = markup_text_of(job, markup, at, "serviceType", VALUE_MAX);
		service->control = markup_text_of(job, markup, at, "controlURL", URL_MAX);
		service->description = markup_text_of(job, markup, at, "SCPDURL", URL_MAX);
		if (service->type != NULL)
			description->service_count++;
	}
	return STATUS_OK;
}

enum status
upnp_read_description(struct job *job, struct span bytes, struct upnp_description *description)
{
	struct markup markup;
	size_t device;

	*description = (struct upnp_description){0};
	TRY(markup_read(job, bytes, &markup));
	device = markup_find(&markup, MARKUP_NONE, "device", MARKUP_NONE);
	if (strcmp(markup.elements[0].name, "root") != 0 || device == MARKUP_NONE)
		return fail(job, STATUS_MALFORMED, "upnp: no description of a device");
	description->name = markup_text_of(job, &markup, device, "friendlyName", VALUE_MAX);
	description->manufacturer = markup_text_of(job, &markup, device, "manufacturer", VALUE_MAX);
	description->model = markup_text_of(job, &markup, device, "modelName", VALUE_MAX);
	description->model_number = markup_text_of(job, &markup, device, "modelNumber", VALUE_MAX);
	description->serial = markup_text_of(job, &markup, device, "serialNumber", VALUE_MAX);
	description->udn = markup_text_of(job, &markup, device, "UDN", VALUE_MAX);
	description->base = markup_text_of(job, &markup, MARKUP_NONE, "URLBase", URL_MAX);
	return read_services(job, &markup, description);
}

static bool
is_clean(const char *path)
{
	for (; *path != '\0'; path++)
		if (*path <= ' ' || *path == 0x7f)
			return false;
	return true;
}

const char *
upnp_resolve(struct job *job, const struct target *target, uint16_t port, const char *path,
    const char *base, const char *link)
{
	const char *slash;
	struct ask_place place;

	if (link == NULL || link[0] == '\0' || !is_clean(link))
		return NULL;
	if (strstr(link, "://") != NULL)
		return ask_read_url(job, target, link, &place) && place.port == port ? place.path
										     : NULL;
	if (base != NULL && base[0] != '\0') {
		if (!ask_read_url(job, target, base, &place) || place.port != port)
			return NULL;
		path = place.path;
	}
	if (link[0] == '/')
		return link;
	slash = strrchr(path, '/');
	return arena_printf(job, "%.*s/%s", (int)(slash == NULL ? 0 : slash - path), path, link);
}
