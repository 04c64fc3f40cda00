/* The unit is offered everything at once and what it chose is taken out, until it declines: as many
 * connections as it accepts suites, not as many as there are. */
#include <string.h>

#include "base/arena.h"
#include "device/probes/tls.h"

/* Some look at the first suites of a long hello only, some fall over it: the rest is asked again.
 */
#define CONFIRM 128
#define SMALL 48
#define ENOUGH 2 /* versions without a sensible answer, and none with one */
#define PROTOCOL_VERSION 70
#define WAITS_MAX 4
#define WAIT_MS 500

enum ending {
	REFUSED,    /* none of what is left */
	NOT_SPOKEN, /* the version itself */
	SENSELESS,  /* no answer that means anything */
};

bool
tls_take_out(uint16_t *suites, size_t *count, uint16_t suite)
{
	for (size_t i = 0; i < *count; i++)
		if (suites[i] == suite) {
			memmove(&suites[i], &suites[i + 1], (*count - i - 1) * sizeof *suites);
			(*count)--;
			return true;
		}
	return false;
}

/* A prime is a fact once a size. */
static enum status
note_prime(struct tls_talk *talk, uint16_t version, struct span prime, int64_t exchange)
{
	uint32_t bits = tls_prime_bits(prime);
	const struct tls_prime *known;

	for (size_t i = 0; i < talk->dh_count; i++)
		if (talk->dh_bits[i] == bits)
			return STATUS_OK;
	if (talk->dh_count == TLS_SIZES_MAX)
		return STATUS_OK;
	talk->dh_bits[talk->dh_count++] = bits;
	TRY(tls_add_parameter(
	    talk, version, "dh_bits", arena_printf(talk->job, "%u", bits), 1, exchange));
	TRY(tls_prime_find(talk->job, prime, &known));
	if (known != NULL)
		TRY(tls_add_parameter(talk, version, "dh_prime", known->name, 1, exchange));
	if (known != NULL && known->bits < 2048)
		talk->dh_common = known->name;
	if (bits < talk->dh_least) {
		talk->dh_least = bits;
		talk->dh_exchange = exchange;
	}
	return STATUS_OK;
}

enum status
tls_note_suite(
    struct tls_talk *talk, uint16_t version, const struct tls_answer *answer, int64_t exchange)
{
	struct tls_spoken *spoken = tls_spoken_in(talk, version);

	if (spoken->count == 0)
		spoken->exchange = exchange;
	if (spoken->count < TLS_SUITES_MAX)
		spoken->suites[spoken->count++] = answer->suite;
	if (spoken->count == 1 && version < TLS_1_3)
		TRY(tls_add_parameter(talk, version, "renegotiation_info", "RFC 5746",
		    answer->secure_renegotiation, exchange));
	TRY(tls_add_offer(talk, version, tls_suite_name(answer->suite), answer, true, exchange));
	if (answer->dh_prime.size > 0)
		TRY(note_prime(talk, version, answer->dh_prime, exchange));
	return tls_add_chain(talk, answer->chain, answer->chain_count, exchange);
}

/* What was accepted once is accepted again; *known is false when nothing was yet. */
static enum status
still_answers(struct tls_talk *talk, bool *known, bool *answers)
{
	uint16_t version = tls_highest_before_13(talk);
	struct tls_offer offer;
	struct tls_answer answer;
	int64_t exchange;

	if (version == 0 && tls_spoken_in(talk, TLS_1_3)->count > 0)
		version = TLS_1_3;
	*known = version != 0;
	*answers = false;
	if (!*known)
		return STATUS_OK;
	offer = (struct tls_offer){
	    .version = version, .suites = tls_spoken_in(talk, version)->suites, .count = 1};
	TRY(tls_try(talk, &offer, &answer, &exchange));
	*answers = answer.type == TLS_HELLO;
	return STATUS_OK;
}

/*
 * To hang up may mean "no such suite" or "not now".  *refuses when it is the
 * former: the unit answers what it answered before.  Else it was given time.
 */
static enum status
judge_hanging_up(struct tls_talk *talk, unsigned *waits, bool *refuses)
{
	bool known, answers;

	TRY(still_answers(talk, &known, &answers));
	*refuses = answers || (!known && *waits > 0);
	if (*refuses || *waits == WAITS_MAX)
		return STATUS_OK;
	(*waits)++;
	return target_wait(talk->job, talk->target, WAIT_MS);
}

/* Offers `*count` suites of one version until none is accepted any more; the rest stays. */
static enum status
drain(struct tls_talk *talk, uint16_t version, uint16_t *suites, size_t *count, enum ending *ending)
{
	unsigned waits = 0;

	*ending = REFUSED;
	while (*count > 0) {
		struct tls_offer offer = {.version = version, .suites = suites, .count = *count};
		struct arena_mark mark = arena_mark(talk->job->arena);
		struct tls_answer answer;
		int64_t exchange;

		TRY(tls_try(talk, &offer, &answer, &exchange));
		if ((answer.type == TLS_HELLO && answer.version != version) ||
		    (answer.type == TLS_ALERT && answer.alert == PROTOCOL_VERSION)) {
			*ending = NOT_SPOKEN;
			return STATUS_OK;
		}
		if (answer.type == TLS_CLOSED) {
			bool refuses;

			TRY(judge_hanging_up(talk, &waits, &refuses));
			*ending = refuses ? REFUSED : SENSELESS;
			if (refuses || waits == WAITS_MAX)
				return STATUS_OK;
			continue;
		}
		*ending = REFUSED;
		if (answer.type == TLS_ALERT)
			return STATUS_OK;
		if (answer.type != TLS_HELLO || !tls_take_out(suites, count, answer.suite)) {
			*ending = SENSELESS;
			return STATUS_OK;
		}
		TRY(tls_note_suite(talk, version, &answer, exchange));
		if (talk->offers.lack == NULL && talk->certificates.lack == NULL)
			arena_release(talk->job->arena, mark);
		TRY(tls_hurry(talk, version, suites, count));
	}
	return STATUS_OK;
}

/* Asks what is left in hellos of `size` suites. */
static enum status
drain_parts(struct tls_talk *talk, uint16_t version, uint16_t *suites, size_t count, size_t size,
    enum ending *ending)
{
	*ending = REFUSED;
	for (size_t at = 0; at < count && *ending == REFUSED; at += size) {
		size_t part = count - at < size ? count - at : size;

		TRY(drain(talk, version, suites + at, &part, ending));
	}
	return STATUS_OK;
}

size_t
tls_suites_of(uint16_t version, uint16_t suites[TLS_SUITES_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < tls_suite_count && count < TLS_SUITES_MAX; i++)
		if (tls_suites[i].of_13 == (version == TLS_1_3))
			suites[count++] = tls_suites[i].code;
	return count;
}

/*
 * Some that are very old decline whatever has extensions they do not know.
 * Who takes a hello without any is asked for the rest in the same way.
 */
static enum status
try_plainly(struct tls_talk *talk, uint16_t version, enum ending *ending)
{
	static const uint16_t old[] = {0x0005, 0x0004, 0x000a, 0x002f, 0x0035, 0x0033, 0x0039,
	    0x0016, 0x0009, 0x0015, 0x0003, 0x0006, 0x0008, 0x0014, 0x0018, 0x0034, 0x0002, 0x003c,
	    0x009c, 0xc013, 0xc014, 0xc02f};
	uint16_t suites[TLS_SUITES_MAX];
	size_t count = ARRAY_SIZE(old);

	memcpy(suites, old, sizeof old);
	talk->plain = true;
	TRY(drain(talk, version, suites, &count, ending));
	if (tls_spoken_in(talk, version)->count > 0) {
		const struct tls_spoken *spoken = tls_spoken_in(talk, version);

		count = tls_suites_of(version, suites);
		for (size_t i = 0; i < spoken->count; i++)
			tls_take_out(suites, &count, spoken->suites[i]);
		TRY(drain_parts(talk, version, suites, count, SMALL, ending));
	}
	talk->plain = false;
	return STATUS_OK;
}

/* All suites of one version; a row "not accepted" where there was none. */
static enum status
enumerate_version(struct tls_talk *talk, uint16_t version)
{
	uint16_t suites[TLS_SUITES_MAX];
	size_t count = tls_suites_of(version, suites);
	enum ending ending;

	TRY(drain(talk, version, suites, &count, &ending));
	if (ending == SENSELESS)
		TRY(drain_parts(talk, version, suites, count, SMALL, &ending));
	else if (version < TLS_1_3 && count > CONFIRM &&
		 (ending == REFUSED || tls_spoken_in(talk, version)->count > 0))
		TRY(drain_parts(talk, version, suites, count, CONFIRM, &ending));
	if (ending != NOT_SPOKEN && tls_spoken_in(talk, version)->count == 0 && version < TLS_1_3 &&
	    version > SSL_3_0)
		TRY(try_plainly(talk, version, &ending));
	if (ending == SENSELESS) {
		talk->lacking = true;
		talk->senseless++;
		outcome_lack(talk->job, &talk->offers, "port %u: no sensible answer to a %s hello",
		    talk->port, tls_version_name(version));
	} else if (tls_spoken_in(talk, version)->count == 0 && talk->server_name == NULL)
		return tls_add_offer(talk, version, NULL, NULL, false, UNKNOWN);
	return STATUS_OK;
}

/* A server of SSL 2.0 would have answered: every other answer says that it speaks none. */
static enum status
enumerate_ssl2(struct tls_talk *talk)
{
	struct ssl2_answer answer;
	int64_t exchange;

	TRY(ssl2_ask(talk->job, talk->target, talk->port, talk->starttls, &answer, &exchange));
	if (answer.type != TLS_HELLO)
		return tls_add_offer(talk, SSL_2_0, NULL, NULL, false, exchange);
	talk->ssl2 = true;
	talk->ssl2_exchange = exchange;
	talk->ssl2_count = answer.count;
	memcpy(talk->ssl2_suites, answer.suites, sizeof answer.suites);
	for (size_t i = 0; i < answer.count; i++)
		TRY(tls_add_offer(
		    talk, SSL_2_0, ssl2_suite_name(answer.suites[i]), NULL, true, exchange));
	/* A list without a suite says that it listens, not that it takes none (CVE-2015-3197). */
	if (answer.count == 0)
		TRY(tls_add_offer(talk, SSL_2_0, NULL, NULL, true, exchange));
	return tls_add_chain(talk, &answer.certificate, answer.certificate.size > 0, exchange);
}

enum status
tls_enumerate(struct tls_talk *talk)
{
	/* What came before TLS 1.0 knows no names. */
	uint16_t oldest = talk->server_name == NULL ? SSL_3_0 : TLS_1_0;

	for (uint16_t version = TLS_1_3; version >= oldest; version--) {
		TRY(enumerate_version(talk, version));
		/* Slow or silent whatever is asked: the time belongs to other services. */
		if (talk->senseless == ENOUGH && tls_highest_before_13(talk) == 0 &&
		    tls_spoken_in(talk, TLS_1_3)->count == 0)
			return STATUS_OK;
	}
	return talk->server_name == NULL ? enumerate_ssl2(talk) : STATUS_OK;
}
