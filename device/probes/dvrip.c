/* Apps log in to cameras by a port of their own; default passwords live longest there. */
#include <string.h>

#include "base/arena.h"
#include "device/camera_frames.h"
#include "device/findings.h"
#include "device/probe.h"

struct camera_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	const struct service *service;
};

static enum status
add(struct camera_talk *talk, const char *realm, bool can, int64_t exchange)
{
	const struct finding finding = {
	    talk->job, talk->evidence, talk->service->name, talk->service->port, exchange};
	struct login login = {.port = talk->service->port,
	    .tls = talk->service->tls,
	    .protocol = talk->service->name,
	    .scheme = talk->service->name,
	    .recognised = can};

	target_add_login(talk->target, &login);
	TRY(finding_realm(&finding, realm));
	return finding_login(&finding, login.scheme, login.tls, realm, can);
}

/* DHIP tells who it is in its challenge. */
static enum status
look_at_dhip(struct camera_talk *talk)
{
	struct rpc2_answer challenge = {0};
	struct channel channel;
	struct tls_peer peer;
	struct camera_frame frame;
	enum status status = channel_open(talk->job, talk->target, talk->service->port, &channel);

	if (status == STATUS_OK && talk->service->tls)
		status = channel_start_tls(talk->job, &channel, &peer);
	if (status == STATUS_OK)
		status = dhip_begin(talk->job, &channel, "admin", &challenge, &frame);
	channel_hang_up(talk->job, &channel);
	TRY(status);
	return add(talk, challenge.says == SAYS_CHALLENGE ? challenge.realm : NULL,
	    rpc2_can_answer(&challenge), channel.exchange);
}

static enum status
talk_dvrip(struct job *job, struct target *target, struct evidence *evidence)
{
	struct camera_talk talk = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {
		.lack = target_services_lack(target), .required = UNKNOWN, .tried = UNKNOWN}};

	for (size_t i = 0; i < target->service_count; i++) {
		enum status status = STATUS_OK;

		talk.service = &target->services[i];
		if (talk.service->udp)
			continue;
		if (strcmp(talk.service->name, "dvrip") == 0)
			status = add(&talk, NULL, true, UNKNOWN);
		else if (strcmp(talk.service->name, "dhip") == 0)
			status = look_at_dhip(&talk);
		if (fault_is_ours(status))
			return status;
		if (status != STATUS_OK)
			outcome_lack(job, &talk.outcome, "%s", job->reason);
	}
	if (talk.outcome.lack != NULL && target->logins_lack == NULL)
		target->logins_lack = talk.outcome.lack;
	TRY(outcome_look(job, &talk.outcome, evidence, FACT_login_service));
	return outcome_look(job, &talk.outcome, evidence, FACT_disclosure);
}

const struct probe probe_dvrip = {
    .name = "dvrip",
    .title = "Whether a camera's port for apps asks for a log-in, and what it tells before it",
    .source = "python-dvr (DVRIP), DahuaConsole (DHIP): no document of the makers is public",
    .looks_for = {"login_service", "disclosure"},
    .needs = "ports",
    .speaks = "dvrip,dhip",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 60 * 1000,
    .talk = talk_dvrip,
};
