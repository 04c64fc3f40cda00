/* One connection, one hello, one answer: nothing of one conversation can colour the next. */
#include "base/arena.h"
#include "device/starttls.h"
#include "device/tls_hello.h"

#define ANSWER_MAX_SIZE 65536
#define ANSWER_PATIENCE_MS 4000
#define ANSWER_LIFE_MS 10000 /* of one answer, however slowly it drips */

typedef enum status (*tls_reader)(
    struct job *job, struct span received, bool last, void *answer, bool *more);

static enum status
read_tls(struct job *job, struct span received, bool last, void *answer, bool *more)
{
	TRY(tls_answer_parse(job, received, last, answer));
	*more = ((struct tls_answer *)answer)->type == TLS_MORE;
	return STATUS_OK;
}

static enum status
read_flight(struct job *job, struct span received, bool last, void *answer, bool *more)
{
	TRY(tls_flight_parse(job, received, last, answer));
	*more = ((struct tls_answer *)answer)->type == TLS_MORE;
	return STATUS_OK;
}

static enum status
read_ssl2(struct job *job, struct span received, bool last, void *answer, bool *more)
{
	(void)job;
	ssl2_answer_parse(received, last, answer);
	*more = ((struct ssl2_answer *)answer)->type == TLS_MORE;
	return STATUS_OK;
}

/* Reads until the answer is whole, the unit ends it, or it falls silent; *ending says which. */
static enum status
read_answer(struct job *job, struct channel *channel, tls_reader reader, void *answer,
    enum tls_answer_type *ending)
{
	uint8_t *bytes = arena_allocate(job, ANSWER_MAX_SIZE);
	int64_t until = target_now(channel->target) + ANSWER_LIFE_MS;
	int patience_ms = target_patience(channel->target, ANSWER_PATIENCE_MS);
	struct arena_mark mark;
	size_t size = 0, got = 0;
	enum status status = STATUS_OK;
	bool more = true, last = false;

	if (bytes == NULL)
		return STATUS_LIMIT;
	mark = arena_mark(job->arena);
	while (more && !last) {
		status = channel_receive(
		    job, channel, bytes + size, ANSWER_MAX_SIZE - size, patience_ms, &got);
		if (fault_is_ours(status))
			return status;
		size += got;
		last = status != STATUS_OK || got == 0 || size == ANSWER_MAX_SIZE ||
		       target_now(channel->target) > until;
		arena_release(
		    job->arena, mark); /* the answer borrowed nothing yet: it was not whole */
		TRY(reader(job, (struct span){bytes, size}, last, answer, &more));
	}
	*ending = size > 0 ? TLS_STRANGE : status == STATUS_UNDECIDED ? TLS_SILENT : TLS_CLOSED;
	return STATUS_OK;
}

static enum status
begin(struct job *job, struct target *target, uint16_t port, const char *starttls,
    struct span record, struct channel *channel)
{
	enum status status = channel_open(job, target, port, channel);

	if (status == STATUS_OK && starttls != NULL)
		status = starttls_begin(job, channel, starttls);
	/* What the unit does not say can be no answer: a retry is worth more than a reason. */
	if (status == STATUS_UNDECIDED || status == STATUS_MALFORMED)
		status = STATUS_UNAVAILABLE;
	TRY(status);
	status = channel_send(job, channel, record);
	return status == STATUS_UNAVAILABLE ? STATUS_OK : status;
}

enum status
tls_question_put(struct job *job, struct target *target, uint16_t port,
    const struct tls_offer *offer, struct channel *channel)
{
	struct span record;

	*channel = (struct channel){.target = target, .descriptor = -1};
	TRY(tls_hello_make(job, target, offer, &record));
	return begin(job, target, port, offer->starttls, record, channel);
}

static enum status
hear(struct job *job, tls_reader reader, struct tls_answer *answer, struct channel *channel)
{
	enum tls_answer_type ending = TLS_CLOSED;

	*answer = (struct tls_answer){.type = TLS_MORE};
	TRY(read_answer(job, channel, reader, answer, &ending));
	if (answer->type == TLS_MORE)
		answer->type = ending;
	return STATUS_OK;
}

enum status
tls_question_hear(struct job *job, struct tls_answer *answer, struct channel *channel)
{
	enum status status = hear(job, read_tls, answer, channel);

	channel_hang_up(job, channel);
	return status;
}

enum status
tls_ask(struct job *job, struct target *target, uint16_t port, const struct tls_offer *offer,
    struct tls_answer *answer, int64_t *exchange)
{
	struct channel channel;
	enum status status = tls_question_put(job, target, port, offer, &channel);

	*answer = (struct tls_answer){.type = TLS_MORE};
	*exchange = channel.exchange;
	if (status == STATUS_OK)
		return tls_question_hear(job, answer, &channel);
	channel_hang_up(job, &channel);
	return status;
}

enum status
tls_ask_openly(struct job *job, struct target *target, uint16_t port, const struct tls_offer *offer,
    struct tls_answer *answer, struct channel *channel)
{
	*answer = (struct tls_answer){.type = TLS_MORE};
	TRY(tls_question_put(job, target, port, offer, channel));
	return hear(job, read_flight, answer, channel);
}

enum status
ssl2_ask(struct job *job, struct target *target, uint16_t port, const char *starttls,
    struct ssl2_answer *answer, int64_t *exchange)
{
	enum tls_answer_type ending = TLS_CLOSED;
	struct channel channel = {.target = target, .descriptor = -1};
	struct span record;
	enum status status;

	*answer = (struct ssl2_answer){.type = TLS_MORE};
	TRY(ssl2_hello_make(job, target, &record));
	status = begin(job, target, port, starttls, record, &channel);
	*exchange = channel.exchange;
	if (status == STATUS_OK)
		status = read_answer(job, &channel, read_ssl2, answer, &ending);
	if (status == STATUS_OK && answer->type == TLS_MORE)
		answer->type = ending;
	channel_hang_up(job, &channel);
	return status;
}
