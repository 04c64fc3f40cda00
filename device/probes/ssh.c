/* What an SSH server offers is in its first packet; its host keys take one key exchange each. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "device/probe.h"
#include "device/ssh_client.h"

/* sshd_config(5) "Match User": each user may have ways in of its own. */
#define USERS_MAX 11

struct server_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome offers;
	struct outcome keys;
	struct outcome logins;
	uint16_t port;
};

/* Which host key algorithms name the same key. */
static const struct {
	const char *prefix; /* of an offered name */
	const char *names;  /* what to ask for */
} families[] = {
    {"ssh-ed25519", "ssh-ed25519"},
    {"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256"},
    {"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384"},
    {"ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521"},
    {"rsa-sha2-512", "rsa-sha2-512"},
    {"rsa-sha2-256", "rsa-sha2-256"},
    {"ssh-rsa", "ssh-rsa"},
};

static enum status
add_offer(struct server_talk *talk, const char *class, const char *name, int64_t exchange)
{
	struct fact fact = fact_new(FACT_ssh_offer);

	fact.port = talk->port;
	fact.exchange = exchange;
	fact.as.ssh_offer.class = class;
	fact.as.ssh_offer.name = name;
	return evidence_add(talk->evidence, talk->job, &fact);
}

static bool
is_in(const struct ssh_list *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list->names[i], name) == 0)
			return true;
	return false;
}

/* The lists of both directions as one, each name once. */
static enum status
add_lists(struct server_talk *talk, const struct ssh_hello *hello)
{
	static const char *const classes[SSH_LISTS] = {
	    "kex", "hostkey", "cipher", "cipher", "mac", "mac", "compression", "compression"};

	for (size_t i = 0; i < SSH_LISTS; i++) {
		const struct ssh_list *list = &hello->lists[i];
		bool second = i > 0 && strcmp(classes[i], classes[i - 1]) == 0;

		for (size_t j = 0; j < list->count; j++)
			if (!is_in(list, j, list->names[j]) &&
			    !(second && is_in(&hello->lists[i - 1], hello->lists[i - 1].count,
					    list->names[j])))
				TRY(add_offer(talk, classes[i], list->names[j], hello->exchange));
	}
	return STATUS_OK;
}

static enum status
add_banner(struct server_talk *talk, const struct ssh_hello *hello)
{
	struct fact fact = fact_new(FACT_disclosure);

	fact.port = talk->port;
	fact.exchange = hello->exchange;
	fact.as.disclosure.protocol = "ssh";
	fact.as.disclosure.type =
	    strpbrk(hello->banner + strcspn(hello->banner, "-") + 1, "0123456789_") != NULL
		? "version"
		: "banner";
	fact.as.disclosure.value = hello->banner;
	return evidence_add(talk->evidence, talk->job, &fact);
}

static enum status
add_key(struct server_talk *talk, struct span blob, int64_t exchange)
{
	struct fact fact = fact_new(FACT_key);
	struct ssh_key key;

	if (!ssh_read_key(talk->job, blob, &key)) {
		outcome_lack(
		    talk->job, &talk->keys, "port %u: a host key that cannot be read", talk->port);
		return STATUS_OK;
	}
	fact.port = talk->port;
	fact.exchange = exchange;
	fact.as.key.algorithm = key.algorithm;
	fact.as.key.curve = key.curve;
	fact.as.key.bits = key.bits;
	fact.as.key.fingerprint = key.fingerprint;
	fact.as.key.private = 0;
	fact.as.key.format = "ssh host key";
	return evidence_add(talk->evidence, talk->job, &fact);
}

static bool
is_ours(enum status status)
{
	return status == STATUS_LIMIT || status == STATUS_FAULT || status == STATUS_IO;
}

/* One host key of each family offered; a family libssh cannot speak leaves the keys incomplete. */
static enum status
ask_keys(struct server_talk *talk, const struct ssh_list *offered)
{
	bool rsa = false;

	for (size_t i = 0; i < offered->count; i++) {
		const char *names = NULL;
		struct ssh_talk session;
		struct span blob;
		enum status status;

		for (size_t j = 0; j < ARRAY_SIZE(families) && names == NULL; j++)
			if (strcmp(offered->names[i], families[j].prefix) == 0)
				names = families[j].names;
		if (names == NULL && strstr(offered->names[i], "-cert-v0") == NULL &&
		    strncmp(offered->names[i], "sk-", 3) != 0)
			outcome_lack(talk->job, &talk->keys,
			    "port %u: the host key for %s was not fetched", talk->port,
			    offered->names[i]);
		if (names == NULL || (rsa && strstr(names, "rsa") != NULL))
			continue;
		rsa = rsa || strstr(names, "rsa") != NULL;
		status = ssh_begin(
		    talk->job, talk->target, talk->port, names, "hopquy", &session, &blob);
		if (status == STATUS_OK)
			status = add_key(talk, blob, session.channel.exchange);
		ssh_end(talk->job, &session);
		if (is_ours(status))
			return status;
		if (status != STATUS_OK)
			outcome_lack(talk->job, &talk->keys, "%s", talk->job->reason);
	}
	return STATUS_OK;
}

static enum status
add_login(struct server_talk *talk, const char *scheme, bool recognised, int64_t exchange)
{
	struct login login = {
	    .port = talk->port, .recognised = recognised, .protocol = "ssh", .scheme = scheme};
	struct fact fact = fact_new(FACT_login_service);

	fact.port = talk->port;
	fact.exchange = exchange;
	fact.as.login_service.protocol = "ssh";
	fact.as.login_service.scheme = scheme;
	fact.as.login_service.encrypted = 1;
	fact.as.login_service.recognised = recognised;
	if (strcmp(scheme, "key") != 0 && strcmp(scheme, "none") != 0)
		target_add_login(talk->target, &login);
	return evidence_add(talk->evidence, talk->job, &fact);
}

/* The ways of all users asked for, each with the connection that first showed it. */
struct way {
	const char *name;
	const char *scheme;
	bool recognised;
	int64_t exchange; /* UNKNOWN: not offered */
};

enum { WAY_NONE, WAY_PASSWORD, WAY_INTERACTIVE, WAY_KEY, WAYS };

static enum status
add_ways(struct server_talk *talk, const struct way ways[WAYS])
{
	for (size_t i = 0; i < WAYS; i++) {
		if (ways[i].exchange == UNKNOWN)
			continue;
		TRY(add_offer(talk, "auth", ways[i].name, ways[i].exchange));
		/* Where a password may be given both ways it is one log-in. */
		if (i != WAY_INTERACTIVE || ways[WAY_PASSWORD].exchange == UNKNOWN)
			TRY(add_login(talk, ways[i].scheme, ways[i].recognised, ways[i].exchange));
	}
	return STATUS_OK;
}

/* Without a password: whether `user` may come in, and how. */
static enum status
ask_ways_of(struct server_talk *talk, const char *user, struct way ways[WAYS])
{
	struct ssh_talk session;
	struct ssh_ways named = {0};
	struct span blob;
	enum status status =
	    ssh_begin(talk->job, talk->target, talk->port, NULL, user, &session, &blob);

	if (status == STATUS_OK)
		status = ssh_ask_ways(talk->job, &session, &named);
	if (status == STATUS_OK) {
		const bool offered[WAYS] = {
		    named.none, named.password, named.interactive, named.key};

		for (size_t i = 0; i < WAYS; i++)
			if (offered[i] && ways[i].exchange == UNKNOWN)
				ways[i].exchange = session.channel.exchange;
	}
	ssh_end(talk->job, &session);
	return status;
}

/* The usual owners, a name nobody has, and the first users of the plan, each once. */
static enum status
choose_users(struct server_talk *talk, const char *users[USERS_MAX], size_t *count)
{
	const struct target *target = talk->target;
	uint8_t random[4];

	TRY(target_random(talk->job, talk->target, random, sizeof random));
	users[0] = "root";
	users[1] = "admin";
	users[2] = arena_printf(
	    talk->job, "u%s", hex_of_bytes(talk->job, (struct span){random, sizeof random}));
	if (users[2] == NULL)
		return STATUS_LIMIT;
	*count = 3;
	for (size_t i = 0; i < target->guess_count && *count < USERS_MAX; i++) {
		const char *user = target->guesses[i].user;
		bool known = user[0] == '\0';

		for (size_t j = 0; j < *count && !known; j++)
			known = strcmp(users[j], user) == 0;
		if (!known)
			users[(*count)++] = user;
	}
	return STATUS_OK;
}

static enum status
ask_ways(struct server_talk *talk)
{
	struct way ways[WAYS] = {{"none", "none", true, UNKNOWN},
	    {"password", "password", true, UNKNOWN},
	    {"keyboard-interactive", "keyboard-interactive", true, UNKNOWN},
	    {"publickey", "key", false, UNKNOWN}};
	const char *users[USERS_MAX];
	size_t count;

	TRY(choose_users(talk, users, &count));
	for (size_t i = 0; i < count; i++) {
		enum status status = ask_ways_of(talk, users[i], ways);

		if (is_ours(status))
			return status;
		if (status == STATUS_OK)
			continue;
		outcome_lack(talk->job, &talk->offers, "%s", talk->job->reason);
		outcome_lack(talk->job, &talk->logins, "%s", talk->job->reason);
		break; /* a server that stops answering would take all the time there is */
	}
	return add_ways(talk, ways);
}

static enum status
ask_server(struct server_talk *talk)
{
	struct ssh_hello *hello = arena_allocate(talk->job, sizeof *hello);
	enum status status =
	    hello == NULL ? STATUS_LIMIT : ssh_ask(talk->job, talk->target, talk->port, hello);

	if (status == STATUS_OK) {
		TRY(add_banner(talk, hello));
		TRY(add_lists(talk, hello));
		TRY(ask_keys(talk, &hello->lists[1]));
		return ask_ways(talk);
	}
	outcome_lack(talk->job, &talk->offers, "%s", talk->job->reason);
	outcome_lack(talk->job, &talk->keys, "%s", talk->job->reason);
	outcome_lack(talk->job, &talk->logins, "%s", talk->job->reason);
	return is_ours(status) ? status : STATUS_OK;
}

static enum status
talk_ssh(struct job *job, struct target *target, struct evidence *evidence)
{
	struct outcome none = {
	    .lack = target->services_lack, .required = UNKNOWN, .tried = UNKNOWN};
	struct server_talk talk = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .offers = none,
	    .keys = none,
	    .logins = none};

	for (size_t i = 0; i < target->service_count; i++) {
		if (strcmp(target->services[i].name, "ssh") != 0)
			continue;
		talk.port = target->services[i].port;
		TRY(ask_server(&talk));
	}
	if (talk.logins.lack != NULL && target->logins_lack == NULL)
		target->logins_lack = talk.logins.lack;
	TRY(outcome_look(job, &talk.offers, evidence, FACT_ssh_offer));
	TRY(outcome_look(job, &talk.keys, evidence, FACT_key));
	TRY(outcome_look(job, &talk.logins, evidence, FACT_login_service));
	return outcome_look(job, &talk.offers, evidence, FACT_disclosure);
}

const struct probe probe_ssh = {
    .name = "ssh",
    .title = "Algorithms, host keys and ways to log in of SSH servers",
    .source = "RFC 4253, RFC 4252",
    .looks_for = {"ssh_offer", "key", "login_service", "disclosure"},
    .needs = "ports",
    .speaks = "ssh",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 3 * 60 * 1000,
    .talk = talk_ssh,
};
