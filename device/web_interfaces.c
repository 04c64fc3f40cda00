/* What a page's scripts would do cannot be known; what they would ask can be asked. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/findings.h"
#include "device/interfaces.h"
#include "device/web.h"

static enum status
add(struct web *web, const char *interface, const char *path, const struct http_response *response,
    const struct rpc2_answer *challenge)
{
	enum status status;

	web->interface = interface;
	web->path = path;
	if (strcmp(interface, "isapi") == 0)
		status = web_add_challenges(web, response);
	else
		status = web_add_login(web, interface, challenge == NULL ? NULL : challenge->realm,
		    challenge == NULL || rpc2_can_answer(challenge), web->service->tls,
		    response->exchange);
	web->interface = NULL;
	web->interfaces[web->interface_count++] = interface;
	return status;
}

static enum status
look_for_isapi(struct web *web, struct http_response *response)
{
	enum interface_says says;
	bool last_try;

	TRY(web_get(web, ISAPI_PATH, INTERFACE_BODY_MAX, response));
	if (response->status != 401)
		return STATUS_OK;
	TRY(isapi_read(web->job, response->status, response->body, &says, &last_try));
	return says == SAYS_REFUSED || says == SAYS_LOCKED
		   ? add(web, "isapi", ISAPI_PATH, response, NULL)
		   : STATUS_OK;
}

static enum status
look_for_rpc2(struct web *web, struct http_response *response)
{
	struct finding finding = {
	    web->job, web->evidence, web->protocol, web->service->port, UNKNOWN};
	struct rpc2_answer answer;

	TRY(rpc2_begin(web->job, web->target, web->service->port, web->service->tls, "admin",
	    response, &answer));
	if (answer.says != SAYS_CHALLENGE)
		return STATUS_OK;
	finding.exchange = response->exchange;
	TRY(finding_realm(&finding, answer.realm));
	return add(web, "rpc2", RPC2_PATH, response, &answer);
}

static enum status
look_for_ubus(struct web *web, struct http_response *response)
{
	bool speaks;

	TRY(ubus_look(
	    web->job, web->target, web->service->port, web->service->tls, response, &speaks));
	return speaks ? add(web, "ubus", UBUS_PATH, response, NULL) : STATUS_OK;
}

enum status
web_find_interfaces(struct web *web)
{
	static enum status (*const looks[])(struct web *, struct http_response *) = {
	    look_for_isapi, look_for_rpc2, look_for_ubus};
	struct http_response *response = arena_allocate(web->job, sizeof *response);

	web->interface_count = 0;
	if (response == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < ARRAY_SIZE(looks); i++) {
		enum status status = looks[i](web, response);

		if (fault_is_ours(status))
			return status;
		if (status ==
		    STATUS_UNDECIDED) /* silence: the pages show whether it serves at all */
			break;
	}
	return STATUS_OK;
}

bool
web_asks_by_interface(const struct web *web, const char *place)
{
	static const struct {
		const char *interface, *place;
	} places[] = {{"isapi", "/ISAPI/Security/"}, {"rpc2", RPC2_PATH}, {"ubus", UBUS_PATH}};

	for (size_t i = 0; place != NULL && i < ARRAY_SIZE(places); i++)
		for (size_t j = 0; j < web->interface_count; j++)
			if (strcmp(web->interfaces[j], places[i].interface) == 0 &&
			    text_starts_with(place, places[i].place))
				return true;
	return false;
}
