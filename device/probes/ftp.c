/* Who may list files without a password, and whether a password would travel in the clear, is told
 * by the replies to USER. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "device/findings.h"
#include "device/ftp_client.h"
#include "device/probe.h"

struct file_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome logins;
	struct outcome resources;
	const struct service *service;
};

/* Two or three numbers joined by dots; four are an address. */
static bool
names_version(const char *words)
{
	while (*words != '\0') {
		size_t size = strspn(words, "0123456789."), dots = 0;

		for (size_t i = 1; i + 1 < size; i++)
			dots += words[i] == '.';
		if (size > 0 && words[0] != '.' && dots >= 1 && dots <= 2)
			return true;
		words += size + (words[size] != '\0');
	}
	return false;
}

static enum status
add_words(struct file_talk *talk, const char *words, int64_t exchange)
{
	const struct finding finding = {
	    talk->job, talk->evidence, "ftp", talk->service->port, exchange};

	if (words[0] == '\0')
		return STATUS_OK;
	return finding_disclosure(&finding, names_version(words) ? "version" : "banner", words);
}

/* What USER came to, of a name that cannot exist. */
struct asked {
	bool clear;   /* without TLS it went on to ask for a password */
	bool secured; /* TLS is offered, or there from the first byte */
	bool open;    /* let in by name alone */
	const char *prompt;
	int64_t exchange;
};

static enum status
add_login(struct file_talk *talk, const struct asked *asked)
{
	struct login login = {.port = talk->service->port,
	    .tls = asked->secured && !asked->clear,
	    .path = talk->service->tls ? "implicit" : NULL,
	    .recognised = true,
	    .protocol = asked->clear ? "ftp" : "ftps",
	    .scheme = asked->open ? "none" : "password"};
	const struct finding finding = {
	    talk->job, talk->evidence, login.protocol, login.port, asked->exchange};

	if (!asked->open)
		target_add_login(talk->target, &login);
	/* Where both ways stand open, a user takes the one that does not ask for more. */
	return finding_login(&finding, login.scheme, !asked->clear, asked->prompt, true);
}

/* The words of the system, and of its features, that anybody may ask for. */
static enum status
ask_features(struct file_talk *talk, struct ftp *ftp, bool *tls)
{
	struct ftp_reply reply;

	TRY(ftp_ask(talk->job, ftp, "FEAT", NULL, &reply));
	*tls = reply.code == 211 && strcasestr(reply.text, "AUTH") != NULL &&
	       strcasestr(reply.text, "TLS") != NULL;
	TRY(ftp_ask(talk->job, ftp, "SYST", NULL, &reply));
	return reply.code == 215 ? add_words(talk, reply.text, ftp->channel.exchange) : STATUS_OK;
}

/* Does a refusal of USER ask for TLS (RFC 4217 section 5, RFC 2228), or is it about the name? */
static bool
wants_tls(const struct ftp_reply *reply)
{
	static const char *const words[] = {"TLS", "SSL", "encrypt", "cleartext", "clear text"};

	if (reply->code == 534 || reply->code == 522 || reply->code == 521)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (reply->code >= 400 && strcasestr(reply->text, words[i]) != NULL)
			return true;
	return false;
}

static enum status
ask_user(struct file_talk *talk, struct ftp *ftp, struct asked *asked, struct ftp_reply *reply)
{
	uint8_t random[4];
	const char *user;

	TRY(target_random(talk->job, talk->target, random, sizeof random));
	user = arena_printf(
	    talk->job, "u%s", hex_of_bytes(talk->job, (struct span){random, sizeof random}));
	if (user == NULL)
		return STATUS_LIMIT;
	TRY(ftp_ask(talk->job, ftp, "USER", user, reply));
	/* It cannot say now: nothing is known of its log-in. */
	if (reply->code < 500 && reply->code >= 400 && !wants_tls(reply))
		return fail(talk->job, STATUS_UNAVAILABLE, "port %u: ftp: %d %s", ftp->channel.port,
		    reply->code, reply->text);
	asked->exchange = ftp->channel.exchange;
	asked->prompt = arena_printf(talk->job, "%d %s", reply->code, reply->text);
	/* A server that knows no users has nobody's password to ask for. */
	asked->open = reply->code == 230 ||
		      (reply->code == 530 && strcasestr(reply->text, "anonymous only") != NULL);
	return asked->prompt == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* Welcome, features, a name in the clear. */
static enum status
ask_clear(struct file_talk *talk, struct asked *asked)
{
	struct ftp_reply reply = {0};
	struct ftp ftp;
	enum status status = ftp_begin(
	    talk->job, talk->target, talk->service->port, talk->service->tls, &ftp, &reply);

	if (status == STATUS_OK)
		status = add_words(talk, reply.text, ftp.channel.exchange);
	if (status == STATUS_OK)
		status = ask_features(talk, &ftp, &asked->secured);
	if (status == STATUS_OK)
		status = ask_user(talk, &ftp, asked, &reply);
	if (status == STATUS_OK)
		asked->clear = !talk->service->tls && !wants_tls(&reply);
	ftp_end(talk->job, &ftp);
	return status;
}

/* Not every server that speaks TLS says so among its features. */
static enum status
ask_secured(struct file_talk *talk, struct asked *asked)
{
	struct asked under = {0};
	struct ftp_reply reply;
	struct ftp ftp;
	bool secured = false;
	enum status status =
	    ftp_begin(talk->job, talk->target, talk->service->port, false, &ftp, &reply);

	if (status == STATUS_OK)
		status = ftp_secure(talk->job, &ftp, &secured);
	if (status == STATUS_OK && secured && !asked->clear) {
		status = ask_user(talk, &ftp, &under, &reply);
		asked->open = under.open;
		asked->prompt = under.prompt;
		asked->exchange = under.exchange;
	}
	ftp_end(talk->job, &ftp);
	asked->secured = secured;
	return status;
}

static enum status
add_resource(struct file_talk *talk, int64_t needs_login, const char *detail, int64_t exchange)
{
	const struct finding finding = {talk->job, talk->evidence,
	    talk->service->tls ? "ftps" : "ftp", talk->service->port, exchange};

	return finding_resource(&finding, "/", "read", needs_login, detail);
}

/* As anybody would log in (RFC 1635): the word sent is no password. */
static enum status
log_in_anonymously(struct file_talk *talk, struct ftp *ftp, bool secure, struct ftp_reply *reply)
{
	bool secured;

	TRY(ftp_begin(
	    talk->job, talk->target, talk->service->port, talk->service->tls, ftp, reply));
	if (secure && !talk->service->tls)
		TRY(ftp_secure(talk->job, ftp, &secured));
	TRY(ftp_ask(talk->job, ftp, "USER", "anonymous", reply));
	if (reply->code == 331)
		TRY(ftp_ask(talk->job, ftp, "PASS", "anonymous@", reply));
	return STATUS_OK;
}

/* One try; *refused is the unit's clear answer, and *words what it said. */
static enum status
try_anonymous(
    struct file_talk *talk, bool secure, bool *refused, const char **words, int64_t *exchange)
{
	struct ftp_reply reply = {0};
	struct ftp ftp;
	bool listed = false;
	enum status status = log_in_anonymously(talk, &ftp, secure, &reply);

	if (status == STATUS_OK)
		*words = arena_printf(talk->job, "%d %s", reply.code, reply.text);
	if (status == STATUS_OK && reply.code == 230)
		status = ftp_list(talk->job, &ftp, &listed, words);
	ftp_end(talk->job, &ftp);
	*exchange = ftp.channel.exchange;
	*refused = status == STATUS_OK && (reply.code >= 500 || wants_tls(&reply));
	if (fault_is_ours(status))
		return status;
	if (listed)
		return add_resource(talk, 0, *words, *exchange);
	if (*refused)
		return STATUS_OK;
	if (status == STATUS_OK)
		(void)fail(talk->job, STATUS_UNDECIDED,
		    "port %u: ftp: anonymous gets %d, and no list", talk->service->port,
		    reply.code);
	outcome_lack(talk->job, &talk->resources, "%s", talk->job->reason);
	return reply.code == 230 ? add_resource(talk, UNKNOWN, *words, *exchange) : STATUS_OK;
}

/* In the clear, and where that is refused under TLS: servers let strangers in by one of them. */
static enum status
ask_anonymous(struct file_talk *talk, bool tls)
{
	const char *words = NULL;
	int64_t exchange;
	bool refused;

	TRY(try_anonymous(talk, false, &refused, &words, &exchange));
	if (refused && tls && !talk->service->tls)
		TRY(try_anonymous(talk, true, &refused, &words, &exchange));
	return refused ? add_resource(talk, 1, words, exchange) : STATUS_OK;
}

static enum status
ask_server(struct file_talk *talk)
{
	struct asked asked = {0};
	enum status status = ask_clear(talk, &asked);

	if (status == STATUS_OK && !talk->service->tls)
		status = ask_secured(talk, &asked);
	else
		asked.secured = talk->service->tls;
	if (fault_is_ours(status))
		return status;
	if (status == STATUS_OK && !asked.clear && !asked.secured)
		status = fail(talk->job, STATUS_UNDECIDED,
		    "port %u: ftp: it wants TLS and does not offer it", talk->service->port);
	if (asked.prompt == NULL || (status != STATUS_OK && !asked.clear))
		outcome_lack(talk->job, &talk->logins, "%s", talk->job->reason);
	else
		TRY(add_login(talk, &asked));
	return ask_anonymous(talk, asked.secured);
}

static enum status
talk_ftp(struct job *job, struct target *target, struct evidence *evidence)
{
	struct outcome none = {
	    .lack = target_services_lack(target), .required = UNKNOWN, .tried = UNKNOWN};
	struct file_talk talk = {
	    .job = job, .target = target, .evidence = evidence, .logins = none, .resources = none};

	for (size_t i = 0; i < target->service_count; i++) {
		talk.service = &target->services[i];
		if (!talk.service->udp && strcmp(talk.service->name, "ftp") == 0)
			TRY(ask_server(&talk));
	}
	if (talk.logins.lack != NULL && target->logins_lack == NULL)
		target->logins_lack = talk.logins.lack;
	TRY(outcome_look(job, &talk.logins, evidence, FACT_login_service));
	TRY(outcome_look(job, &talk.logins, evidence, FACT_disclosure));
	return outcome_look(job, &talk.resources, evidence, FACT_resource);
}

const struct probe probe_ftp = {
    .name = "ftp",
    .title = "Whether FTP lists files to anybody, and asks for passwords in the clear",
    .source = "RFC 959, RFC 1635, RFC 4217",
    .looks_for = {"login_service", "disclosure", "resource"},
    .needs = "ports",
    .speaks = "ftp",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 3 * 60 * 1000,
    .talk = talk_ftp,
};
