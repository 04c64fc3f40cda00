/* A web server is looked at as a visitor without a name sees it: pages, headers, cookies, and the
 * paths that should have asked who is there. */
#include <string.h>

#include "base/arena.h"
#include "device/probe.h"
#include "device/web.h"

#define SERVER_MS (2 * 60 * 1000) /* of one server: others are to have their turn */

static bool
has_service(const struct target *target, const char *name)
{
	for (size_t i = 0; i < target->service_count; i++)
		if (strcmp(target->services[i].name, name) == 0)
			return true;
	return false;
}

/* One server: its log-ins, then its paths.  Without a front page there is nothing to compare. */
static enum status
look_at(struct web *web)
{
	enum status status;

	web->protocol = web->service->name;
	web->login_count = 0;
	web->cookie_count = 0;
	web->headers_seen = false;
	TRY(web_find_interfaces(web));
	status = web_find_logins(web);
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK) {
		outcome_lack(web->job, &web->pages, "%s", web->job->reason);
		outcome_lack(web->job, &web->resources, "%s", web->job->reason);
		return STATUS_OK;
	}
	return web_find_resources(web);
}

/* The same within its time: what waits beyond it is told that time is up. */
static enum status
look_in_time(struct web *web)
{
	struct target *target = web->target;
	int64_t deadline = target->deadline, end = target_now(target) + SERVER_MS;
	enum status status;

	target->deadline = end < deadline ? end : deadline;
	status = look_at(web);
	target->deadline = deadline;
	return status;
}

/* Its log-in is hidden, unless it turns out what a server is for that has no front page; and only
 * where each usual path was asked for. */
static enum status
judge_face(struct web *web, struct service *service)
{
	const char *lack = web->resources.lack;

	web->absent = false;
	web->resources.lack = NULL;
	TRY(look_in_time(web));
	service->faceless = web->absent && web->resources.lack == NULL;
	web->bare = web->bare || (web->absent && !service->faceless);
	if (lack != NULL)
		web->resources.lack = lack;
	return STATUS_OK;
}

static enum status
talk_http(struct job *job, struct target *target, struct evidence *evidence)
{
	struct web web = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .links = {.required = UNKNOWN, .tried = UNKNOWN},
	    .pages = {.lack = target_services_lack(target), .required = UNKNOWN, .tried = UNKNOWN},
	    .resources = {.lack = target_services_lack(target)}};
	size_t count = target->service_count;

	for (size_t i = 0; i < count; i++) {
		web.service = &target->services[i];
		if (service_is_web(web.service))
			TRY(judge_face(&web, &target->services[i]));
	}
	web.links.lack = web.pages.lack != NULL ? web.pages.lack : web.links.lack;
	web.links.count = web.pages.count;
	if (web.links.lack != NULL && target->logins_lack == NULL)
		target->logins_lack = web.links.lack;
	/* Where a log-in is hidden, a person must find it. */
	if ((web.bare || (web.sent_on && !has_service(target, "https")) ||
		(web.sent_back && !has_service(target, "http"))) &&
	    target->logins_lack == NULL)
		target->logins_lack = "a web server shows no log-in: log in by hand";
	TRY(outcome_look(job, &web.links, evidence, FACT_login_service));
	TRY(outcome_look(job, &web.pages, evidence, FACT_disclosure));
	TRY(outcome_look(job, &web.pages, evidence, FACT_session_cookie));
	TRY(outcome_look(job, &web.pages, evidence, FACT_http_header));
	return outcome_look(job, &web.resources, evidence, FACT_resource);
}

const struct probe probe_http = {
    .name = "http",
    .title = "How web servers ask for a log-in, and what they tell and give before it",
    .source = "RFC 9110, RFC 6265, RFC 7617, RFC 7616, TS 103 701 test cases 5.5-4-2 and 5.6-2-2",
    .looks_for = {"login_service", "disclosure", "session_cookie", "http_header", "resource"},
    .needs = "ports",
    .speaks = "http,https",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 5 * 60 * 1000,
    .talk = talk_http,
};
