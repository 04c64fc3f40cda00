/* A port that answered and now does not is a finding of its own, whatever the probe was about. */
#include "device/liveness.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/channel.h"

#define WITNESSES 3
#define RETURN_MS 40000 /* a small product's reboot */
#define PAUSE_MS 2000
#define TIME_MS 90000

/* Does the port answer?  Faults of ours are told by the status. */
static enum status
answers(struct job *job, struct target *target, uint16_t port, bool *alive)
{
	struct channel channel;
	enum status status = channel_open(job, target, port, &channel);

	*alive = status == STATUS_OK;
	channel_hang_up(job, &channel);
	return status == STATUS_UNAVAILABLE ? STATUS_OK : status;
}

/* The witnesses: the first open ports; `silent` are named. */
static enum status
ask_witnesses(struct job *job, struct target *target, size_t *alive, const char **silent)
{
	struct text out = text_new(job);
	size_t count = target->scan.open_count < WITNESSES ? target->scan.open_count : WITNESSES;

	*alive = 0;
	for (size_t i = 0; i < count; i++) {
		bool one;

		TRY(answers(job, target, target->scan.open[i], &one));
		*alive += one;
		if (!one)
			text_printf(
			    &out, "%s%u", out.size == 0 ? "port " : ", ", target->scan.open[i]);
	}
	return text_finish(&out, silent);
}

static enum status
wait_for_return(struct job *job, struct target *target, bool *back)
{
	int64_t end = target_now(target) + RETURN_MS;

	*back = false;
	while (!*back && target_now(target) < end) {
		size_t alive;
		const char *silent;

		if (target_wait(job, target, PAUSE_MS) == STATUS_UNAVAILABLE)
			return STATUS_OK;
		TRY(ask_witnesses(job, target, &alive, &silent));
		*back = silent[0] == '\0';
	}
	return STATUS_OK;
}

enum status
liveness_check(struct job *job, struct target *target, const char *after, bool *gone)
{
	size_t alive;
	const char *silent;
	int64_t last = target->transcript.exchange;
	bool back = false;

	*gone = false;
	if (target->scan.open_count == 0 || target->death_count == TARGET_MAX_DEATHS)
		return STATUS_OK;
	target_allow(target, TIME_MS);
	if (target_time_is_up(target)) {
		/* nobody was asked: neither alive nor dead */
		if (target->liveness_lack == NULL)
			target->liveness_lack =
			    arena_printf(job, "time was up after the probe %s", after);
		return STATUS_OK;
	}
	TRY(ask_witnesses(job, target, &alive, &silent));
	if (silent[0] == '\0')
		return STATUS_OK;
	TRY(wait_for_return(job, target, &back));
	*gone = alive == 0 && !back;
	target->deaths[target->death_count++] = (struct death){.after = after,
	    .exchange = last,
	    .came_back = back,
	    .detail = arena_printf(
		job, "%s no longer answered%s", silent, back ? ", and did again later" : "")};
	return STATUS_OK;
}
