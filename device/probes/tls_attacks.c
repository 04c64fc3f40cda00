/*
 * What is tried at which level, and why.
 *
 * A ChangeCipherSpec too early is one message out of order on a connection of
 * our own: it reads nothing and changes nothing, so it is observed.  Heartbleed
 * hands out memory of the unit, however little of it, and ROBOT and a
 * renegotiation are attacks carried out, if harmlessly: they need level login.
 */
#include <string.h>

#include "base/arena.h"
#include "device/probes/tls.h"
#include "device/tls_oracle.h"

#define PATIENCE_MS 1500
#define NEEDS_LOGIN "tried at level login"

enum { UNEXPECTED = 10, BAD_RECORD_MAC = 20, DECRYPTION_FAILED = 21 };

static bool
is_any(const char *name)
{
	return name[0] != '\0';
}

static bool
granted(const struct tls_talk *talk)
{
	return talk->target->granted >= INTRUSION_LOGIN;
}

/*
 * Goes as far as the end of the unit's flight; the channel stays open.
 * *ready is false when it did not get there.
 */
static enum status
begin(struct tls_talk *talk, struct tls_offer *offer, bool (*fits)(const char *name),
    struct tls_answer *answer, struct channel *channel, bool *ready)
{
	uint16_t *suites = arena_array(talk->job, TLS_SUITES_MAX, sizeof *suites);
	unsigned tries = 0;
	enum status status;

	*ready = false;
	*channel = (struct channel){.target = talk->target, .descriptor = -1};
	if (suites == NULL)
		return STATUS_LIMIT;
	offer->version = tls_highest_before_13(talk);
	offer->suites = suites;
	offer->count = tls_choose(talk, offer->version, fits, suites);
	offer->starttls = talk->starttls;
	offer->server_name = talk->server_name;
	if (offer->count == 0)
		return STATUS_OK;
	do {
		status =
		    tls_ask_openly(talk->job, talk->target, talk->port, offer, answer, channel);
		if (status != STATUS_OK)
			channel_hang_up(talk->job, channel);
	} while (tls_try_again(talk, status, &tries));
	TRY(status);
	*ready = answer->type == TLS_HELLO && answer->done && answer->version == offer->version;
	return STATUS_OK;
}

/* Sends, and sees what comes of it. */
static enum status
provoke(struct tls_talk *talk, struct channel *channel, struct span message,
    struct tls_reaction *reaction)
{
	enum status status;

	if (message.size == 0)
		return STATUS_LIMIT;
	status = channel_send(talk->job, channel, message);
	if (status == STATUS_UNAVAILABLE) {
		*reaction = (struct tls_reaction){.type = REACTION_CLOSED};
		return STATUS_OK;
	}
	TRY(status);
	return tls_react(talk->job, channel, PATIENCE_MS, reaction);
}

static enum status
try_early_change(struct tls_talk *talk)
{
	struct tls_offer offer = {0};
	struct tls_reaction reaction = {0};
	struct tls_answer answer;
	struct channel channel;
	int64_t present = UNKNOWN;
	bool ready;
	enum status status = begin(talk, &offer, is_any, &answer, &channel, &ready);

	if (status == STATUS_OK && ready)
		status =
		    provoke(talk, &channel, tls_early_change(talk->job, offer.version), &reaction);
	channel_hang_up(talk->job, &channel);
	TRY(status);
	if (ready)
		present = reaction.type == REACTION_ALERT &&
			  (reaction.alert == BAD_RECORD_MAC || reaction.alert == DECRYPTION_FAILED);
	return tls_add_weakness(talk, "ccs injection", present,
	    !ready                             ? "no handshake to try it in"
	    : reaction.type == REACTION_ALERT  ? arena_printf(talk->job, "alert %u", reaction.alert)
	    : reaction.type == REACTION_CLOSED ? "it hung up"
					       : "passed over in silence",
	    channel.exchange);
}

static enum status
ask_too_much(struct tls_talk *talk)
{
	struct tls_offer offer = {.features = true};
	struct tls_reaction reaction = {0};
	struct tls_answer answer;
	struct channel channel;
	bool ready, bleeds;
	enum status status = begin(talk, &offer, is_any, &answer, &channel, &ready);

	if (status == STATUS_OK && ready)
		status = provoke(
		    talk, &channel, tls_long_heartbeat(talk->job, offer.version), &reaction);
	channel_hang_up(talk->job, &channel);
	TRY(status);
	/* One that gives back what it got and no more is lenient, not leaky. */
	bleeds = reaction.type == REACTION_HEARTBEAT && reaction.size >= 3 + TLS_HEARTBEAT_CLAIMED;
	return tls_add_weakness(talk, "heartbleed", ready ? bleeds : UNKNOWN,
	    !ready   ? "no handshake to try it in"
	    : bleeds ? arena_printf(talk->job, "%zu bytes for a heartbeat of 7", reaction.size)
		     : "a heartbeat that says too much brings nothing to light",
	    channel.exchange);
}

static enum status
try_heartbleed(struct tls_talk *talk)
{
	if (!talk->heartbeat_known)
		return tls_add_weakness(talk, "heartbleed", UNKNOWN,
		    "whether it knows heartbeats is not told", UNKNOWN);
	if (!talk->heartbeat)
		return tls_add_weakness(
		    talk, "heartbleed", 0, "it knows no heartbeats", talk->feature_exchange);
	if (!granted(talk))
		return tls_add_weakness(
		    talk, "heartbleed", UNKNOWN, NEEDS_LOGIN, talk->feature_exchange);
	return ask_too_much(talk);
}

/* Paddings, each sent in a handshake of its own, and what the unit made of them. */
struct paddings {
	bool whole; /* what follows the padded secret is sent too, else the unit is left waiting */
	bool usable;
	bool same;
	int64_t exchange;
	struct tls_reaction reactions[ROBOT_VARIANTS];
};

static enum status
try_padding(struct tls_talk *talk, unsigned variant, struct paddings *paddings)
{
	struct tls_offer offer = {0};
	struct tls_answer answer = {0};
	struct channel channel;
	struct span flight = {0};
	enum status status =
	    begin(talk, &offer, tls_is_static_rsa, &answer, &channel, &paddings->usable);

	paddings->exchange = channel.exchange;
	/* Without a certificate of ours the unit may not even look at the padding. */
	paddings->usable = paddings->usable && answer.chain_count > 0 && !answer.asks_certificate;
	if (status == STATUS_OK && paddings->usable)
		status = tls_robot_flight(talk->job, talk->target, answer.chain[0], offer.version,
		    variant, paddings->whole, &flight, &paddings->usable);
	if (status == STATUS_OK && paddings->usable)
		status = provoke(talk, &channel, flight, &paddings->reactions[variant]);
	channel_hang_up(talk->job, &channel);
	return status;
}

static enum status
try_paddings(struct tls_talk *talk, struct paddings *paddings)
{
	paddings->same = paddings->usable = true;
	for (unsigned i = 0; i < ROBOT_VARIANTS && paddings->usable; i++) {
		TRY(try_padding(talk, i, paddings));
		if (paddings->usable &&
		    !tls_reaction_equal(&paddings->reactions[0], &paddings->reactions[i]))
			paddings->same = false;
	}
	return STATUS_OK;
}

/* A difference counts when it is the same difference twice; *present is UNKNOWN where it is not. */
static enum status
compare_paddings(
    struct tls_talk *talk, bool whole, int64_t *present, const char **detail, int64_t *exchange)
{
	struct paddings first = {.whole = whole}, again = {.whole = whole};
	bool stable = true;

	TRY(try_paddings(talk, &first));
	*exchange = first.exchange;
	if (first.usable && !first.same) {
		TRY(try_paddings(talk, &again));
		*exchange = again.exchange;
		first.usable = again.usable;
		for (unsigned i = 0; i < ROBOT_VARIANTS; i++)
			stable =
			    stable && tls_reaction_equal(&first.reactions[i], &again.reactions[i]);
	}
	*present = !first.usable || !stable ? UNKNOWN : !first.same;
	*detail = !first.usable ? "no handshake to try it in"
		  : !stable     ? "it answers differently each time"
		  : first.same  ? "five paddings are answered alike, whether more follows or not"
		  : whole       ? "wrong paddings are answered differently"
				: "wrong paddings are answered differently where nothing follows";
	return STATUS_OK;
}

static enum status
try_robot(struct tls_talk *talk)
{
	uint16_t suites[TLS_SUITES_MAX];
	int64_t present, exchange;
	const char *detail;

	if (tls_choose(talk, tls_highest_before_13(talk), tls_is_static_rsa, suites) == 0)
		return tls_add_weakness(talk, "robot", talk->lacking ? UNKNOWN : 0,
		    talk->lacking ? "not every suite could be asked for"
				  : "no key exchange by RSA encryption",
		    UNKNOWN);
	if (!granted(talk))
		return tls_add_weakness(talk, "robot", UNKNOWN, NEEDS_LOGIN, UNKNOWN);
	TRY(compare_paddings(talk, true, &present, &detail, &exchange));
	if (present == 0) /* some tell only who waits */
		TRY(compare_paddings(talk, false, &present, &detail, &exchange));
	return tls_add_weakness(talk, "robot", present, detail, exchange);
}

static enum status
try_renegotiation(struct tls_talk *talk)
{
	struct channel channel;
	struct tls_peer peer;
	bool agreed = false;
	enum status status;

	TRY(tls_open(talk, &channel));
	channel.before_13 = true;
	status = channel_start_tls(talk->job, &channel, &peer);
	if (status == STATUS_OK)
		status = channel_renegotiate(talk->job, &channel, &agreed);
	channel_hang_up(talk->job, &channel);
	if (fault_is_ours(status))
		return status;
	return tls_add_weakness(talk, "client renegotiation",
	    status == STATUS_OK ? agreed : UNKNOWN,
	    status != STATUS_OK ? "no handshake to try it in"
	    : agreed            ? "a client may ask for work without end"
				: NULL,
	    channel.exchange);
}

static enum status
nothing_before_13(struct tls_talk *talk)
{
	static const char *const names[] = {
	    "ccs injection", "heartbleed", "robot", "client renegotiation"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		TRY(tls_add_weakness(talk, names[i], talk->lacking ? UNKNOWN : 0,
		    talk->lacking ? "not every suite could be asked for"
				  : "nothing before TLSv1.3 is spoken",
		    UNKNOWN));
	return STATUS_OK;
}

enum status
tls_try_attacks(struct tls_talk *talk)
{
	if (tls_highest_before_13(talk) == 0)
		return nothing_before_13(talk);
	TRY(try_early_change(talk));
	TRY(try_heartbleed(talk));
	TRY(try_robot(talk));
	if (!granted(talk))
		return tls_add_weakness(
		    talk, "client renegotiation", UNKNOWN, NEEDS_LOGIN, UNKNOWN);
	return try_renegotiation(talk);
}
