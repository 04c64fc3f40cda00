/*
 * DTLS 1.0 and 1.2: the unit is offered a part of the suites at a time, for what it runs on may
 * have room for no more, and what it chose is taken out.  Only versions and suites are asked for.
 */
#include <string.h>

#include "base/arena.h"
#include "device/dtls_hello.h"
#include "device/probes/tls.h"

#define PART 96
#define TRIES 4 /* it may be busy with the handshake before */
#define PAUSE_MS 300
#define SILENCES_MAX 16 /* of one service: each takes seconds */
#define PROTOCOL_VERSION 70

/* RFC 7252 and RFC 7925 want these, or servers have them: once one is known, silence can be told
 * from a refusal. */
static const uint16_t likely[] = {0xc0a8, 0xc0a4, 0x00a8, 0x00ae, 0x008c, 0xccab, 0xd001, 0xc0ae,
    0xc0ac, 0xc02b, 0xc02f, 0xc023, 0xc027, 0xc009, 0xc013, 0xc014, 0xcca8, 0xcca9, 0x002f, 0x0035,
    0x009c, 0x003c, 0x0033, 0x009e};

enum ending {
	REFUSED,    /* all that was asked for */
	TAKEN,      /* one of them was chosen */
	ASK_FEWER,  /* silence to many */
	NOT_SPOKEN, /* the version itself */
	SENSELESS,  /* no answer that means anything */
};

struct listing {
	uint16_t version; /* of TLS, which DTLS of this version is made from */
	uint16_t name;
	size_t count;           /* suites accepted */
	int64_t exchange;       /* of the last question */
	uint16_t known_version; /* something that was accepted, of any version; 0: nothing */
	uint16_t known_suite;
	unsigned silences;
};

static bool
is_in(const uint16_t *suites, size_t count, uint16_t suite)
{
	for (size_t i = 0; i < count; i++)
		if (suites[i] == suite)
			return true;
	return false;
}

static enum status
note(
    struct tls_talk *talk, struct listing *listing, uint16_t *suites, size_t *count, uint16_t suite)
{
	tls_take_out(suites, count, suite);
	listing->count++;
	listing->known_version = listing->version;
	listing->known_suite = suite;
	return tls_add_offer(
	    talk, listing->name, tls_suite_name(suite), NULL, true, listing->exchange);
}

/* Silence may be the network's, and a refusal by it the end of the handshake before. */
static enum status
ask(struct tls_talk *talk, const struct tls_offer *offer, struct tls_answer *answer,
    int64_t *exchange)
{
	for (unsigned i = 0; i < TRIES; i++) {
		if (i > 0)
			TRY(target_wait(talk->job, talk->target, PAUSE_MS));
		TRY(dtls_offer(talk->job, talk->target, talk->port, offer, answer, exchange));
		if (answer->type != TLS_CLOSED && answer->type != TLS_STRANGE)
			return STATUS_OK;
	}
	return STATUS_OK;
}

/* What was accepted before is accepted again: silence was an answer. */
static enum status
still_answers(struct tls_talk *talk, const struct listing *listing, bool *answers)
{
	const struct tls_offer offer = {
	    .version = listing->known_version, .suites = &listing->known_suite, .count = 1};
	struct tls_answer answer = {.type = TLS_SILENT};
	int64_t exchange;

	if (listing->known_version != 0)
		TRY(ask(talk, &offer, &answer, &exchange));
	*answers = answer.type == TLS_HELLO && answer.suite == listing->known_suite;
	return STATUS_OK;
}

/* What one answer says of the suites it was asked for: all refused, one taken, or nothing yet. */
static enum status
judge(struct tls_talk *talk, struct listing *listing, const struct tls_answer *answer, size_t asked,
    enum ending *ending)
{
	bool answers;

	*ending = SENSELESS;
	if ((answer->type == TLS_HELLO && answer->version != listing->version) ||
	    (answer->type == TLS_ALERT && answer->alert == PROTOCOL_VERSION))
		*ending = NOT_SPOKEN;
	else if (answer->type == TLS_HELLO)
		*ending = TAKEN;
	else if (answer->type == TLS_ALERT)
		*ending = REFUSED;
	else if (answer->type == TLS_SILENT && listing->silences < SILENCES_MAX) {
		listing->silences++;
		*ending = ASK_FEWER;
		if (asked > 1)
			return STATUS_OK;
		TRY(still_answers(talk, listing, &answers));
		*ending = answers ? REFUSED : SENSELESS;
	}
	return STATUS_OK;
}

/*
 * Asks for parts of a list until nothing of it is accepted any more.  Who says nothing to many
 * suites may have stumbled over one of them, and is asked for fewer.
 */
static enum status
wear_away(struct tls_talk *talk, struct listing *listing, uint16_t *suites, size_t count,
    enum ending *ending)
{
	size_t at = 0, size = count;

	*ending = REFUSED;
	while (at < count) {
		size_t asked = size < count - at ? size : count - at;
		const struct tls_offer offer = {
		    .version = listing->version, .suites = suites + at, .count = asked};
		struct arena_mark mark = arena_mark(talk->job->arena);
		struct tls_answer answer;

		TRY(ask(talk, &offer, &answer, &listing->exchange));
		arena_release(talk->job->arena, mark); /* nothing borrowed is looked at */
		TRY(judge(talk, listing, &answer, asked, ending));
		if (*ending == REFUSED)
			at += asked;
		else if (*ending == ASK_FEWER)
			size = asked / 2;
		else if (*ending != TAKEN || !is_in(suites + at, asked, answer.suite)) {
			*ending = *ending == TAKEN ? SENSELESS : *ending;
			return STATUS_OK;
		} else
			TRY(note(talk, listing, suites, &count, answer.suite));
	}
	*ending = REFUSED;
	return STATUS_OK;
}

/* The likely ones, then all others. */
static size_t
order_suites(uint16_t suites[TLS_SUITES_MAX])
{
	size_t count = ARRAY_SIZE(likely);

	memcpy(suites, likely, sizeof likely);
	for (size_t i = 0; i < tls_suite_count && count < TLS_SUITES_MAX; i++) {
		if (!tls_suites[i].of_13 && !is_in(likely, ARRAY_SIZE(likely), tls_suites[i].code))
			suites[count++] = tls_suites[i].code;
	}
	return count;
}

static enum status
list_version(struct tls_talk *talk, struct listing *listing)
{
	uint16_t suites[TLS_SUITES_MAX];
	size_t count = order_suites(suites), size = ARRAY_SIZE(likely);
	enum ending ending = REFUSED;

	for (size_t at = 0; at < count && ending == REFUSED; at += size, size = PART) {
		TRY(wear_away(
		    talk, listing, suites + at, size < count - at ? size : count - at, &ending));
	}
	if (ending == SENSELESS || (ending == NOT_SPOKEN && listing->count > 0))
		outcome_lack(talk->job, &talk->offers, "port %u: no sensible answer to a %s hello",
		    talk->port, tls_version_name(listing->name));
	else if (listing->count == 0)
		return tls_add_offer(talk, listing->name, NULL, NULL, false, listing->exchange);
	return STATUS_OK;
}

enum status
tls_list_datagrams(struct tls_talk *talk)
{
	static const uint16_t versions[][2] = {{TLS_1_2, DTLS_1_2}, {TLS_1_1, DTLS_1_0}};
	struct listing listing = {0};

	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		listing.version = versions[i][0];
		listing.name = versions[i][1];
		listing.count = 0;
		TRY(list_version(talk, &listing));
	}
	if (listing.known_version == 0)
		outcome_lack(talk->job, &talk->offers,
		    "port %u speaks DTLS and accepted no suite of DTLS 1.0 and 1.2", talk->port);
	return STATUS_OK;
}
