/* Version 3 answers a stranger with who it is; versions 1 and 2c answer nothing but a right
 * community. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "device/probe.h"
#include "device/snmp_facts.h"

#define USER_QUESTION 0x5000

extern const struct probe probe_snmp;

static const char *const users[] = {"admin", "user", "public", "private", "snmp", "snmpuser",
    "snmpv3", "initial", "root", "guest", "monitor", "manager", "operator", "test", "default"};

/* ---- users of version 3 ---- */

/* What a user without password comes to: an answer, or the report that says why not. */
static enum status
ask_user(struct snmp_talk *talk, struct channel *channel, const char *user, int64_t number,
    struct snmp_answer *answer)
{
	struct snmp_question question = {.version = SNMP_V3,
	    .name = user,
	    .pdu = SNMP_GET,
	    .id = USER_QUESTION + number,
	    .object = snmp_sys_descr,
	    .engine = &talk->engine};

	return snmp_ask(talk->job, channel, &question, answer);
}

static bool
reports(const struct snmp_answer *answer, struct span what)
{
	return answer->pdu == SNMP_REPORT && answer->count > 0 &&
	       span_equal(answer->bindings[0].object, what);
}

static enum status
tell_user(struct snmp_talk *talk, const char *user, const struct snmp_answer *answer)
{
	if (snmp_has_value(answer))
		return snmp_add_resource(talk, "1.3.6.1.2.1.1.1.0", "read", false,
		    arena_printf(talk->job, "version 3, user %s without a password", user));
	/* Other words than for a user who cannot exist: this one does. */
	if (reports(answer, snmp_unsupported_level) || answer->pdu == SNMP_RESPONSE)
		return snmp_add_disclosure(
		    talk, "user_list", arena_printf(talk->job, "there is a user %s", user));
	return STATUS_OK;
}

static enum status
ask_users(struct snmp_talk *talk, struct channel *channel)
{
	struct snmp_answer answer;
	uint8_t random[6];

	TRY(target_random(talk->job, talk->target, random, sizeof random));
	TRY(ask_user(talk, channel, hex_of_bytes(talk->job, (struct span){random, sizeof random}),
	    0, &answer));
	if (snmp_has_value(&answer))
		return snmp_add_resource(talk, "1.3.6.1.2.1.1.1.0", "read", false,
		    "version 3, a user who cannot exist, without a password");
	if (!reports(&answer, snmp_unknown_user))
		return STATUS_OK; /* nothing can be told from it */
	for (size_t i = 0; i < ARRAY_SIZE(users); i++) {
		TRY(ask_user(talk, channel, users[i], 1 + (int64_t)i, &answer));
		TRY(tell_user(talk, users[i], &answer));
	}
	return STATUS_OK;
}

/* ---- the port ---- */

static enum status
try_communities(struct snmp_talk *talk, struct channel *channel)
{
	struct snmp_trial *trials;
	struct guess *guesses;
	size_t count;

	TRY(snmp_guesses(talk->job, talk->target, &guesses, &count));
	trials = arena_array(talk->job, count, sizeof *trials);
	if (trials == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < count; i++)
		trials[i].community = guesses[i].password;
	TRY(snmp_try(talk->job, channel, trials, count));
	talk->target->communities = (struct communities){
	    .port = talk->port, .exchange = channel->exchange, .trials = trials, .count = count};
	return snmp_use_trials(talk, channel, trials, count);
}

static bool
is_closed(const struct job *job, enum status status)
{
	return status == STATUS_UNAVAILABLE && text_ends_with(job->reason, "refused");
}

/* A word that nobody can have set is answered only where any word is. */
static enum status
try_nonsense(struct snmp_talk *talk, struct channel *channel)
{
	uint8_t random[8];
	struct snmp_trial trial = {0};

	TRY(target_random(talk->job, talk->target, random, sizeof random));
	trial.community = hex_of_bytes(talk->job, (struct span){random, sizeof random});
	if (trial.community == NULL)
		return STATUS_LIMIT;
	TRY(snmp_try(talk->job, channel, &trial, 1));
	talk->careless = trial.v1 || trial.v2c;
	if (trial.doubtful || talk->careless)
		TRY(snmp_add_port(talk));
	if (!talk->careless)
		return STATUS_OK;
	TRY(snmp_add_resource(talk, "1.3.6.1.2.1.1.1.0", "read", false,
	    arena_printf(talk->job, "version %s, any community", trial.v2c ? "2c" : "1")));
	return snmp_use_trials(talk, channel, &trial, 1);
}

/* Whether version 3 is answered there; *closed when nothing listens. */
static enum status
find_engine(struct snmp_talk *talk, struct channel *channel, bool *closed)
{
	enum status status = snmp_discover(talk->job, channel, &talk->engine);

	*closed = is_closed(talk->job, status);
	if (*closed || status == STATUS_UNDECIDED)
		return STATUS_OK;
	TRY(status);
	talk->v3 = true;
	TRY(snmp_add_port(talk));
	TRY(snmp_add_login(talk, "usm", UNKNOWN, true));
	return snmp_tell_engine(talk);
}

/* One conversation each: it lives half a minute at most. */
static enum status
converse(struct snmp_talk *talk, enum status (*about)(struct snmp_talk *, struct channel *))
{
	struct channel channel;
	enum status status = channel_open_udp(talk->job, talk->target, talk->port, &channel);

	talk->exchange = channel.exchange;
	if (status == STATUS_OK)
		status = about(talk, &channel);
	channel_hang_up(talk->job, &channel);
	/* An answer that failed to come in the middle ends this talk alone. */
	if (status == STATUS_OK || fault_is_ours(status))
		return status;
	outcome_lack(talk->job, &talk->outcome, "%s", talk->job->reason);
	return STATUS_OK;
}

static enum status
ask_first(struct snmp_talk *talk, struct channel *channel)
{
	bool closed;

	TRY(find_engine(talk, channel, &closed));
	return closed ? STATUS_NO : try_nonsense(talk, channel);
}

/* What the probe of passwords may try here. */
static void
remember_logins(struct snmp_talk *talk)
{
	struct login login = {
	    .port = talk->port, .protocol = "snmp", .scheme = "community", .recognised = true};

	target_add_login(talk->target, &login);
	if (!talk->v3)
		return;
	login.scheme = "usm";
	target_add_login(talk->target, &login);
}

static enum status
ask_port(struct snmp_talk *talk)
{
	struct channel channel;
	enum status status = channel_open_udp(talk->job, talk->target, talk->port, &channel);

	talk->exchange = channel.exchange;
	if (status == STATUS_OK)
		status = ask_first(talk, &channel);
	channel_hang_up(talk->job, &channel);
	if (status == STATUS_NO || is_closed(talk->job, status))
		return STATUS_OK;
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK)
		outcome_lack(talk->job, &talk->outcome, "%s", talk->job->reason);
	if (talk->target->granted >= INTRUSION_LOGIN && !talk->careless)
		TRY(converse(talk, try_communities));
	if (talk->target->granted >= INTRUSION_LOGIN && talk->v3)
		TRY(converse(talk, ask_users));
	if (talk->known)
		remember_logins(talk);
	if (talk->known && talk->target->granted < INTRUSION_LOGIN && !talk->careless)
		outcome_lack(talk->job, &talk->outcome,
		    "port %u: communities are tried at level login", talk->port);
	if (talk->known)
		return STATUS_OK;
	if (talk->target->granted < INTRUSION_LOGIN)
		outcome_lack(talk->job, &talk->outcome,
		    "port %u is silent: communities are tried at level login", talk->port);
	else
		talk->outcome.note = arena_printf(
		    talk->job, "port %u is silent, also to the usual communities", talk->port);
	return STATUS_OK;
}

static enum status
talk_snmp(struct job *job, struct target *target, struct evidence *evidence)
{
	struct snmp_talk talk = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.lack = target->services_lack, .required = UNKNOWN, .tried = UNKNOWN}};
	size_t count = target->service_count;
	bool usual = false;

	for (size_t i = 0; i <= count; i++) {
		const struct service *service = i < count ? &target->services[i] : NULL;

		if (service == NULL ? usual : !service->udp || strcmp(service->name, "snmp") != 0)
			continue;
		talk.port = service == NULL ? SNMP_PORT : service->port;
		usual = usual || talk.port == SNMP_PORT;
		talk.known = service != NULL;
		talk.v3 = talk.careless = false;
		TRY(ask_port(&talk));
	}
	if (talk.outcome.lack != NULL && target->logins_lack == NULL)
		target->logins_lack = talk.outcome.lack;
	for (size_t i = 0; i < ARRAY_SIZE(probe_snmp.looks_for) && probe_snmp.looks_for[i] != NULL;
	     i++)
		TRY(outcome_look(
		    job, &talk.outcome, evidence, fact_kind_named(probe_snmp.looks_for[i])));
	return STATUS_OK;
}

const struct probe probe_snmp = {
    .name = "snmp",
    .title = "Whether SNMP names itself to strangers, and which community or user it answers",
    .source = "RFC 3410 to RFC 3416, RFC 3584",
    .looks_for = {"open_port", "login_service", "resource", "disclosure"},
    .needs = "ports",
    .speaks = "snmp",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 2 * 60 * 1000,
    .talk = talk_snmp,
};
