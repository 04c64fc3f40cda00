/* What an SSH server offers is in its first packet; its host keys take the beginning of one key
 * exchange each. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/findings.h"
#include "device/probe.h"
#include "device/ssh_client.h"

#define KEYS_MAX 24
#define FAILURES_MAX 3 /* a server that answers no more would take all the time there is */

struct server_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome offers;
	struct outcome keys;
	struct outcome logins;
	uint16_t port;
};

static enum status
add_offer(struct server_talk *talk, const char *class, const char *name, int64_t exchange)
{
	struct fact fact = fact_new(FACT_ssh_offer);

	fact.port = talk->port;
	fact.exchange = exchange;
	if (name == NULL)
		return STATUS_LIMIT;
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

/* What anybody is told; a number in it may be a version. */
static enum status
add_words(struct server_talk *talk, const char *words, int64_t exchange)
{
	const struct finding finding = {talk->job, talk->evidence, "ssh", talk->port, exchange};

	return finding_disclosure(&finding, finding_banner_type(words), words);
}

/* The identification line, with the software behind its second hyphen. */
static enum status
add_banner(struct server_talk *talk, const struct ssh_hello *hello)
{
	const struct finding finding = {
	    talk->job, talk->evidence, "ssh", talk->port, hello->exchange};
	const char *software = hello->banner + strcspn(hello->banner, "-") + 1;

	software += strcspn(software, "-");
	return finding_disclosure(&finding,
	    strpbrk(software, "0123456789_") != NULL ? "version" : "banner", hello->banner);
}

static enum status
add_hello(struct server_talk *talk, const struct ssh_hello *hello)
{
	const char *protocol = arena_printf(talk->job, "SSH-%s", hello->version);

	TRY(add_banner(talk, hello));
	if (hello->preface != NULL)
		TRY(add_words(talk, hello->preface, hello->exchange));
	TRY(add_offer(talk, "protocol", protocol, hello->exchange));
	return add_lists(talk, hello);
}

static enum status
add_key_fact(struct server_talk *talk, const struct ssh_key *key, int64_t exchange)
{
	struct fact fact = fact_new(FACT_key);

	fact.port = talk->port;
	fact.exchange = exchange;
	fact.as.key.algorithm = key->algorithm;
	fact.as.key.curve = key->curve;
	fact.as.key.bits = key->bits;
	fact.as.key.fingerprint = key->fingerprint;
	fact.as.key.private = 0;
	fact.as.key.format =
	    strstr(key->type, "-cert-v0") != NULL ? "ssh host certificate" : "ssh host key";
	return evidence_add(talk->evidence, talk->job, &fact);
}

/* What a key exchange showed. */
static enum status
take_key(struct server_talk *talk, const struct ssh_exchange *exchange, enum status status)
{
	struct ssh_key key;

	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK)
		outcome_lack(talk->job, &talk->keys, "%s", talk->job->reason);
	else if (ssh_read_key(talk->job, exchange->blob, &key))
		return add_key_fact(talk, &key, exchange->exchange);
	else
		outcome_lack(
		    talk->job, &talk->keys, "port %u: a host key that cannot be read", talk->port);
	return STATUS_OK;
}

/* Names by which the same key signs are one family. */
static bool
is_same_key(const char *a, const char *b)
{
	bool both_rsa = strstr(a, "rsa") != NULL && strstr(b, "rsa") != NULL &&
			strncmp(a, "x509", 4) != 0 && strncmp(b, "x509", 4) != 0;

	return strcmp(a, b) == 0 ||
	       (both_rsa && (strstr(a, "-cert-v0") != NULL) == (strstr(b, "-cert-v0") != NULL));
}

/* The host keys beside the first, one connection each. */
static enum status
ask_keys(struct server_talk *talk, const struct ssh_list *offered)
{
	struct ssh_hello *hello = arena_allocate(talk->job, sizeof *hello);
	unsigned failures = 0, asked = 0;

	if (hello == NULL)
		return STATUS_LIMIT;
	for (size_t i = 1; i < offered->count; i++) {
		struct ssh_exchange exchange = SSH_EXCHANGE_NEW;
		enum status exchanged = STATUS_OK, status;
		bool known = strcmp(offered->names[i], "null") == 0;

		for (size_t j = 0; j < i && !known; j++)
			known = is_same_key(offered->names[i], offered->names[j]);
		if (known)
			continue;
		if (failures == FAILURES_MAX || asked++ == KEYS_MAX) {
			outcome_lack(talk->job, &talk->keys,
			    "port %u: more host keys than are asked for", talk->port);
			break;
		}
		exchange.host_key = offered->names[i];
		status =
		    ssh_meet(talk->job, talk->target, talk->port, hello, &exchange, &exchanged);
		if (status == STATUS_OK)
			status = exchanged;
		failures += status != STATUS_OK;
		TRY(take_key(talk, &exchange, status));
	}
	return STATUS_OK;
}

static enum status
ask_groups(struct server_talk *talk, const struct ssh_list *kexes)
{
	struct ssh_groups groups;

	TRY(ssh_find_groups(talk->job, talk->target, talk->port, kexes, &groups));
	for (size_t i = 0; i < groups.count; i++)
		TRY(add_offer(talk, "gex_bits",
		    arena_printf(talk->job, "%lld", (long long)groups.bits[i]),
		    groups.exchanges[i]));
	if (groups.kex != NULL && groups.count == 0 && !groups.refused)
		outcome_lack(
		    talk->job, &talk->offers, "port %u: %s gave no group", talk->port, groups.kex);
	return STATUS_OK;
}

static void
lack_all(struct server_talk *talk)
{
	outcome_lack(talk->job, &talk->offers, "%s", talk->job->reason);
	outcome_lack(talk->job, &talk->keys, "%s", talk->job->reason);
	outcome_lack(talk->job, &talk->logins, "%s", talk->job->reason);
}

static enum status
add_login(
    struct server_talk *talk, const char *scheme, bool recognised, bool encrypted, int64_t exchange)
{
	struct login login = {
	    .port = talk->port, .recognised = recognised, .protocol = "ssh", .scheme = scheme};
	const struct finding finding = {talk->job, talk->evidence, "ssh", talk->port, exchange};

	if (strcmp(scheme, "key") != 0 && strcmp(scheme, "none") != 0)
		target_add_login(talk->target, &login);
	return finding_login(&finding, scheme, encrypted, NULL, recognised);
}

static enum status
add_ways(struct server_talk *talk, const struct ssh_doors *doors)
{
	static const struct {
		const char *name;
		const char *scheme;
		bool recognised;
	} ways[SSH_WAYS] = {[SSH_WAY_NONE] = {"none", "none", true},
	    [SSH_WAY_PASSWORD] = {"password", "password", true},
	    [SSH_WAY_INTERACTIVE] = {"keyboard-interactive", "keyboard-interactive", true},
	    [SSH_WAY_KEY] = {"publickey", "key", false}};

	for (size_t i = 0; i < SSH_WAYS; i++) {
		int64_t exchange = doors->exchanges[i];

		if (exchange == UNKNOWN)
			continue;
		TRY(add_offer(talk, "auth", ways[i].name, exchange));
		/* Where a password may be given both ways it is one log-in. */
		if (i != SSH_WAY_INTERACTIVE || doors->exchanges[SSH_WAY_PASSWORD] == UNKNOWN)
			TRY(add_login(talk, ways[i].scheme, ways[i].recognised, true, exchange));
	}
	return STATUS_OK;
}

static enum status
ask_ways(struct server_talk *talk)
{
	struct ssh_doors doors;

	TRY(ssh_find_doors(talk->job, talk->target, talk->port, &doors));
	if (doors.lack != NULL) {
		outcome_lack(talk->job, &talk->offers, "%s", doors.lack);
		outcome_lack(talk->job, &talk->logins, "%s", doors.lack);
	}
	if (doors.words != NULL)
		TRY(add_words(talk, doors.words, doors.words_exchange));
	return add_ways(talk, &doors);
}

/* What the two ends of SSH-1 would agree on, under names of their own. */
static enum status
add_old(struct server_talk *talk, const struct ssh_old *old)
{
	for (unsigned i = 0; i < 32; i++) {
		if ((old->ciphers >> i & 1) != 0)
			TRY(add_offer(talk, "cipher",
			    arena_printf(talk->job, "ssh1-%s",
				ssh_old_cipher(i) == NULL ? "unknown" : ssh_old_cipher(i)),
			    old->exchange));
		if ((old->ways >> i & 1) != 0)
			TRY(add_offer(talk, "auth",
			    arena_printf(talk->job, "ssh1-%s",
				ssh_old_way(i) == NULL ? "unknown" : ssh_old_way(i)),
			    old->exchange));
	}
	if ((old->ways & 1u << SSH_OLD_PASSWORD) != 0)
		TRY(add_login(talk, "password", false, (old->ciphers & ~1u) != 0, old->exchange));
	return STATUS_OK;
}

/* A server that names SSH-1 is spoken to as a client of it would. */
static enum status
ask_old(struct server_talk *talk, const struct ssh_hello *hello)
{
	struct ssh_key key = {.bits = UNKNOWN};
	struct ssh_old old;
	enum status status = ssh_meet_old(talk->job, talk->target, talk->port, &old);

	if (fault_is_ours(status))
		return status;
	if (status == STATUS_NO && !ssh_is_old(hello))
		return STATUS_OK;
	if (status != STATUS_OK) {
		lack_all(talk);
		return STATUS_OK;
	}
	if (!ssh_is_old(hello))
		TRY(add_offer(talk, "protocol", "SSH-1.5", old.exchange));
	if (ssh_read_rsa(talk->job, old.exponent, old.modulus, &key)) {
		key.type = "ssh1";
		TRY(add_key_fact(talk, &key, old.exchange));
	}
	return add_old(talk, &old);
}

static enum status
ask_server(struct server_talk *talk)
{
	struct ssh_hello *hello = arena_allocate(talk->job, sizeof *hello);
	struct ssh_exchange first = SSH_EXCHANGE_NEW;
	enum status exchanged = STATUS_OK;
	enum status status = hello == NULL ? STATUS_LIMIT
					   : ssh_meet(talk->job, talk->target, talk->port, hello,
						 &first, &exchanged);

	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK) {
		lack_all(talk);
		return STATUS_OK;
	}
	TRY(add_hello(talk, hello));
	if (!ssh_is_old(hello)) {
		TRY(take_key(talk, &first, exchanged));
		TRY(ask_keys(talk, &hello->lists[1]));
		TRY(ask_groups(talk, &hello->lists[0]));
		TRY(ask_ways(talk));
	}
	return text_starts_with(hello->version, "1.") ? ask_old(talk, hello) : STATUS_OK;
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
		if (target->services[i].udp || strcmp(target->services[i].name, "ssh") != 0)
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
