/* A telnet server either asks who is there or is an open shell; both are seen without a word of
 * ours. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/findings.h"
#include "device/probe.h"
#include "device/telnet_client.h"

struct shell_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	const struct service *service;
};

static enum status
add_login(struct shell_talk *talk, enum telnet_prompt prompt, const char *words, int64_t exchange)
{
	struct login login = {.port = talk->service->port,
	    .tls = talk->service->tls,
	    .protocol = "telnet",
	    .scheme = "password",
	    .recognised = prompt == TELNET_LOGIN || prompt == TELNET_PASSWORD,
	    .no_user = prompt == TELNET_PASSWORD};
	struct finding finding = {talk->job, talk->evidence, login.protocol, login.port, exchange};
	const char *line = strrchr(words, '\n') == NULL ? words : strrchr(words, '\n') + 1;

	if (prompt == TELNET_SHELL)
		login.scheme = "none";
	if (prompt != TELNET_SHELL)
		target_add_login(talk->target, &login);
	return finding_login(&finding, login.scheme, login.tls,
	    text_from_bytes(talk->job, line, strlen(line), 200),
	    login.recognised || prompt == TELNET_SHELL);
}

static enum status
add_words(struct shell_talk *talk, const char *words, int64_t exchange)
{
	const struct finding finding = {
	    talk->job, talk->evidence, "telnet", talk->service->port, exchange};
	size_t size;

	words += strspn(words, "\n ");
	for (size = strlen(words); size > 0 && strchr("\n ", words[size - 1]) != NULL;)
		size--;
	return finding_disclosure(
	    &finding, finding_banner_type(words), text_from_bytes(talk->job, words, size, 1000));
}

static enum status
ask_server(struct shell_talk *talk)
{
	struct telnet telnet;
	enum telnet_prompt prompt = TELNET_NOTHING;
	struct channel channel;
	const char *words = "";
	enum status status = telnet_begin(
	    talk->job, talk->target, talk->service->port, talk->service->tls, &channel, &telnet);

	if (status == STATUS_OK)
		status = telnet_greet(talk->job, &channel, &telnet, &prompt);
	channel_hang_up(talk->job, &channel);
	TRY(status);
	if (telnet.words.size > 0)
		words = telnet.words.at;
	if (words[strspn(words, "\n ")] != '\0')
		TRY(add_words(talk, words, channel.exchange));
	/* Shut for a while, it shows nothing of how one logs in. */
	if (prompt == TELNET_LOCKED)
		return fail(talk->job, STATUS_UNAVAILABLE, "port %u: telnet: it lets nobody try",
		    channel.port);
	if (prompt != TELNET_SHELL && prompt != TELNET_LOGIN && prompt != TELNET_PASSWORD)
		outcome_lack(talk->job, &talk->outcome,
		    "port %u: telnet: its question was not understood", channel.port);
	return add_login(talk, prompt, words, channel.exchange);
}

static enum status
talk_telnet(struct job *job, struct target *target, struct evidence *evidence)
{
	struct shell_talk talk = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {
		.lack = target_services_lack(target), .required = UNKNOWN, .tried = UNKNOWN}};

	for (size_t i = 0; i < target->service_count; i++) {
		enum status status;

		talk.service = &target->services[i];
		if (talk.service->udp || strcmp(talk.service->name, "telnet") != 0)
			continue;
		status = ask_server(&talk);
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

const struct probe probe_telnet = {
    .name = "telnet",
    .title = "Whether telnet asks for a log-in, and what it tells before it",
    .source = "RFC 854",
    .looks_for = {"login_service", "disclosure"},
    .needs = "ports",
    .speaks = "telnet",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 3 * 60 * 1000,
    .talk = talk_telnet,
};
