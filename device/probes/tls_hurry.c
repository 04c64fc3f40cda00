/*
 * While the unit works at one answer the next question is under way.  Only what it chose is
 * believed of that: whatever else comes may come of there being two, so all that is left is
 * asked again with no other connection open.
 */
#include "base/arena.h"
#include "device/probes/tls.h"

#define LANES 2 /* of a browser a unit takes six */
#define MANY 3  /* suites of one version: there are more, and time can be won */
#define WAIT_MS 500

/* A part of what is left to be asked, and the question about it that is under way. */
struct lane {
	uint16_t suites[TLS_SUITES_MAX];
	size_t count;
	struct channel channel;
	bool asked;
};

static void
hang_up_lane(struct tls_talk *talk, struct lane *lane)
{
	channel_hang_up(talk->job, &lane->channel);
	lane->asked = false;
}

static enum status
ask_lane(struct tls_talk *talk, uint16_t version, struct lane *lane)
{
	struct arena_mark mark = arena_mark(talk->job->arena);
	struct tls_offer offer = {.version = version,
	    .suites = lane->suites,
	    .count = lane->count,
	    .server_name = talk->server_name};
	enum status status =
	    tls_question_put(talk->job, talk->target, talk->port, &offer, &lane->channel);

	lane->asked = status == STATUS_OK;
	if (lane->asked) {
		arena_release(talk->job->arena, mark);
		return STATUS_OK;
	}
	hang_up_lane(talk, lane);
	talk->alone = true;
	return status == STATUS_UNAVAILABLE ? STATUS_OK : status;
}

/* Hears one answer; a suite chosen out of the lane's is noted, and the lane asks on. */
static enum status
hear_lane(
    struct tls_talk *talk, uint16_t version, struct lane *lane, uint16_t *suites, size_t *count)
{
	struct arena_mark mark = arena_mark(talk->job->arena);
	struct tls_answer answer;

	lane->asked = false;
	TRY(tls_question_hear(talk->job, &answer, &lane->channel));
	if (answer.type == TLS_ALERT)
		return STATUS_OK;
	if (answer.type != TLS_HELLO || answer.version != version ||
	    !tls_take_out(lane->suites, &lane->count, answer.suite)) {
		talk->alone = true;
		return STATUS_OK;
	}
	tls_take_out(suites, count, answer.suite);
	TRY(tls_note_suite(talk, version, &answer, lane->channel.exchange));
	if (talk->offers.lack == NULL && talk->certificates.lack == NULL)
		arena_release(talk->job->arena, mark);
	return lane->count == 0 || talk->alone ? STATUS_OK : ask_lane(talk, version, lane);
}

/* Hears every question that is under way, and those that follow, in the order they were asked. */
static enum status
hear_lanes(struct tls_talk *talk, uint16_t version, struct lane lanes[LANES], uint16_t *suites,
    size_t *count)
{
	enum status status = STATUS_OK;
	size_t under_way;

	do {
		under_way = 0;
		for (size_t i = 0; i < LANES; i++) {
			if (lanes[i].asked && status == STATUS_OK)
				status = hear_lane(talk, version, &lanes[i], suites, count);
			else if (lanes[i].asked)
				hang_up_lane(talk, &lanes[i]);
			under_way += lanes[i].asked;
		}
	} while (under_way > 0);
	return status;
}

/* A question that begins with STARTTLS waits for the unit, which may wait for the one before. */
static bool
may_hurry(struct tls_talk *talk, uint16_t version)
{
	return tls_spoken_in(talk, version)->count == MANY && !talk->alone && !talk->plain &&
	       talk->starttls == NULL;
}

enum status
tls_hurry(struct tls_talk *talk, uint16_t version, uint16_t *suites, size_t *count)
{
	struct lane *lanes;
	enum status status = STATUS_OK, heard;

	if (!may_hurry(talk, version))
		return STATUS_OK;
	lanes = arena_array(talk->job, LANES, sizeof *lanes);
	if (lanes == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < *count; i++) {
		struct lane *lane = &lanes[i % LANES];

		lane->suites[lane->count++] = suites[i];
	}
	for (size_t i = 0; i < LANES && status == STATUS_OK && !talk->alone; i++)
		status = lanes[i].count == 0 ? STATUS_OK : ask_lane(talk, version, &lanes[i]);
	heard = hear_lanes(talk, version, lanes, suites, count);
	TRY(status);
	TRY(heard);
	/* One that choked is given time to forget what it held open. */
	return talk->alone ? target_wait(talk->job, talk->target, WAIT_MS) : STATUS_OK;
}
