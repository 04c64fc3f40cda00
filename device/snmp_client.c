/* A wrong community is answered by silence: only an answer with our number says anything. */
#include "device/snmp_client.h"

#include <string.h>

#include "base/arena.h"
#include "device/ber.h"

#define STRAYS_MAX 16
#define BATCH 4 /* small products queue few datagrams */
#define BATCH_PATIENCE_MS 80
#define LAST_PATIENCE_MS 800
#define FIRST_TRIAL 0x4000
#define REPORTABLE 4
#define AUTHENTICATED 1
#define USM 3
#define MESSAGE_SIZE 4096

#define OBJECT(...)                                                                                \
	{                                                                                          \
		(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})             \
	}

const struct span snmp_sys_descr = OBJECT(0x2b, 6, 1, 2, 1, 1, 1, 0);
const struct span snmp_sys_object_id = OBJECT(0x2b, 6, 1, 2, 1, 1, 2, 0);
const struct span snmp_sys_name = OBJECT(0x2b, 6, 1, 2, 1, 1, 5, 0);
const struct span snmp_if_phys_address = OBJECT(0x2b, 6, 1, 2, 1, 2, 2, 1, 6);
const struct span snmp_unsupported_level = OBJECT(0x2b, 6, 1, 6, 3, 15, 1, 1, 1, 0);
const struct span snmp_unknown_user = OBJECT(0x2b, 6, 1, 6, 3, 15, 1, 1, 3, 0);
const struct span snmp_unknown_engine = OBJECT(0x2b, 6, 1, 6, 3, 15, 1, 1, 4, 0);
const struct span snmp_wrong_digest = OBJECT(0x2b, 6, 1, 6, 3, 15, 1, 1, 5, 0);

/* ---- writing ---- */

static void
put_pdu(struct ber_writer *out, const struct snmp_question *question)
{
	size_t end = out->start;
	size_t list = out->start;

	if (question->object.size != 0) {
		if (question->pdu == SNMP_SET)
			ber_put(out, BER_OCTETS, question->value);
		else
			ber_put(out, BER_NULL, (struct span){0});
		ber_put(out, BER_OID, question->object);
		ber_wrap(out, BER_SEQUENCE, list);
	}
	ber_wrap(out, BER_SEQUENCE, list);
	ber_put_integer(out, BER_INTEGER, 0);
	ber_put_integer(out, BER_INTEGER, 0);
	ber_put_integer(out, BER_INTEGER, question->id);
	ber_wrap(out, question->pdu, end);
}

/* RFC 3412 section 6 around the PDU that is there; where the signature will stand. */
static size_t
put_v3(struct ber_writer *out, const struct snmp_question *question)
{
	static const struct snmp_engine none = {0};
	const struct snmp_engine *engine = question->engine == NULL ? &none : question->engine;
	struct span id = {engine->id, engine->id_size};
	static const uint8_t unsigned_yet[DIGEST_LARGEST];
	const uint8_t flags = question->key == NULL ? REPORTABLE : REPORTABLE | AUTHENTICATED;
	size_t end = BER_ROOM, security, signature;

	ber_put(out, BER_OCTETS, (struct span){0}); /* context name */
	ber_put(out, BER_OCTETS, id);
	ber_wrap(out, BER_SEQUENCE, end);
	security = out->start;
	ber_put(out, BER_OCTETS, (struct span){0}); /* privacy */
	ber_put(out, BER_OCTETS,
	    (struct span){unsigned_yet, question->key == NULL ? 0 : question->key->signature_size});
	signature = out->start + 2;
	ber_put(out, BER_OCTETS, span_of_string(question->name));
	ber_put_integer(out, BER_INTEGER, engine->time);
	ber_put_integer(out, BER_INTEGER, engine->boots);
	ber_put(out, BER_OCTETS, id);
	ber_wrap(out, BER_SEQUENCE, security);
	ber_wrap(out, BER_OCTETS, security);
	security = out->start;
	ber_put_integer(out, BER_INTEGER, USM);
	ber_put(out, BER_OCTETS, (struct span){&flags, 1});
	ber_put_integer(out, BER_INTEGER, MESSAGE_SIZE);
	ber_put_integer(out, BER_INTEGER, question->id);
	ber_wrap(out, BER_SEQUENCE, security);
	return signature;
}

enum status
snmp_write(struct job *job, const struct snmp_question *question, struct span *datagram)
{
	struct ber_writer *out = arena_allocate(job, sizeof *out);
	size_t signature = 0;

	if (out == NULL)
		return STATUS_LIMIT;
	ber_begin(out);
	put_pdu(out, question);
	if (question->version == SNMP_V3)
		signature = put_v3(out, question);
	else
		ber_put(out, BER_OCTETS, span_of_string(question->name));
	ber_put_integer(out, BER_INTEGER, question->version);
	ber_wrap(out, BER_SEQUENCE, BER_ROOM);
	if (out->failed)
		return fail(job, STATUS_USAGE, "snmp: a name or value is too long");
	if (question->key != NULL)
		TRY(snmp_sign(job, question->key, out->bytes + out->start, BER_ROOM - out->start,
		    signature - out->start));
	*datagram = ber_bytes(out);
	return STATUS_OK;
}

/* ---- reading ---- */

static bool
read_bindings(struct span list, struct snmp_answer *answer)
{
	while (list.size > 0) {
		struct snmp_binding binding = {0};
		struct span pair;
		struct ber_item value;

		if (!ber_take(&list, BER_SEQUENCE, &pair) ||
		    !ber_take(&pair, BER_OID, &binding.object) || !ber_next(&pair, &value) ||
		    pair.size != 0)
			return false;
		binding.tag = value.tag;
		binding.value = value.value;
		if (answer->count < SNMP_BINDINGS_MAX)
			answer->bindings[answer->count++] = binding;
	}
	return true;
}

static bool
read_pdu(struct span *rest, struct snmp_answer *answer)
{
	struct ber_item pdu;
	struct span list;
	int64_t index;

	if (!ber_next(rest, &pdu) || (pdu.tag != SNMP_RESPONSE && pdu.tag != SNMP_REPORT))
		return false;
	answer->pdu = pdu.tag;
	return ber_take_integer(&pdu.value, &answer->id) &&
	       ber_take_integer(&pdu.value, &answer->error) &&
	       ber_take_integer(&pdu.value, &index) && ber_take(&pdu.value, BER_SEQUENCE, &list) &&
	       pdu.value.size == 0 && read_bindings(list, answer);
}

static bool
read_engine(struct span octets, struct snmp_answer *answer)
{
	struct span security, id, bytes;

	if (!ber_take(&octets, BER_SEQUENCE, &security) || octets.size != 0 ||
	    !ber_take(&security, BER_OCTETS, &id) || id.size > sizeof answer->engine.id ||
	    !ber_take_integer(&security, &answer->engine.boots) ||
	    !ber_take_integer(&security, &answer->engine.time) ||
	    !ber_take(&security, BER_OCTETS, &answer->name) ||
	    !ber_take(&security, BER_OCTETS, &bytes) || !ber_take(&security, BER_OCTETS, &bytes))
		return false;
	answer->engine.id_size = id.size;
	if (id.size != 0)
		memcpy(answer->engine.id, id.at, id.size);
	return security.size == 0;
}

/* An encrypted one is nobody's who asked in the clear. */
static bool
read_v3(struct span *rest, struct snmp_answer *answer)
{
	struct span header, security, scoped, bytes;
	int64_t number;

	return ber_take(rest, BER_SEQUENCE, &header) &&
	       ber_take_integer(&header, &answer->message_id) &&
	       ber_take_integer(&header, &number) && ber_take(&header, BER_OCTETS, &bytes) &&
	       ber_take_integer(&header, &number) && number == USM && header.size == 0 &&
	       ber_take(rest, BER_OCTETS, &security) && read_engine(security, answer) &&
	       ber_take(rest, BER_SEQUENCE, &scoped) && ber_take(&scoped, BER_OCTETS, &bytes) &&
	       ber_take(&scoped, BER_OCTETS, &bytes) && read_pdu(&scoped, answer) &&
	       scoped.size == 0;
}

bool
snmp_read(struct span datagram, struct snmp_answer *answer)
{
	struct span message;

	*answer = (struct snmp_answer){0};
	if (!ber_take(&datagram, BER_SEQUENCE, &message) || datagram.size != 0 ||
	    !ber_take_integer(&message, &answer->version))
		return false;
	if (answer->version == SNMP_V3)
		return read_v3(&message, answer) && message.size == 0;
	return (answer->version == SNMP_V1 || answer->version == SNMP_V2C) &&
	       ber_take(&message, BER_OCTETS, &answer->name) && read_pdu(&message, answer) &&
	       message.size == 0;
}

/* ---- asking ---- */

/* Is it the answer to this question?  A report may come without our request's number. */
static bool
is_answer(const struct snmp_question *question, const struct snmp_answer *answer)
{
	if (answer->version != (int64_t)question->version)
		return false;
	if (question->version == SNMP_V3)
		return answer->message_id == question->id;
	return answer->id == question->id && answer->pdu == SNMP_RESPONSE &&
	       span_equal(answer->name, span_of_string(question->name));
}

/* Waits for it; what else comes is passed over, to a number. */
static enum status
await(struct job *job, struct channel *channel, const struct snmp_question *question,
    uint8_t *buffer, struct snmp_answer *answer)
{
	for (unsigned i = 0; i < STRAYS_MAX; i++) {
		size_t got;

		TRY(channel_receive(
		    job, channel, buffer, SNMP_DATAGRAM_MAX, SNMP_PATIENCE_MS, &got));
		if (snmp_read((struct span){buffer, got}, answer) && is_answer(question, answer))
			return STATUS_OK;
	}
	return fail(job, STATUS_MALFORMED, "port %u: snmp: answers to nothing that was asked",
	    channel->port);
}

enum status
snmp_ask(struct job *job, struct channel *channel, const struct snmp_question *question,
    struct snmp_answer *answer)
{
	uint8_t *buffer = arena_allocate(job, SNMP_DATAGRAM_MAX);
	struct span datagram;
	enum status status = STATUS_UNDECIDED;

	if (buffer == NULL)
		return STATUS_LIMIT;
	TRY(snmp_write(job, question, &datagram));
	for (unsigned again = 0; again < 2 && status == STATUS_UNDECIDED; again++) {
		if (question->name[0] != '\0')
			TRY(channel_send_secret(job, channel, datagram));
		else
			TRY(channel_send(job, channel, datagram));
		status = await(job, channel, question, buffer, answer);
	}
	return status;
}

enum status
snmp_discover(struct job *job, struct channel *channel, struct snmp_engine *engine)
{
	struct snmp_question question = {
	    .version = SNMP_V3, .name = "", .pdu = SNMP_GET, .id = 0x3001};
	struct snmp_answer answer;

	TRY(snmp_ask(job, channel, &question, &answer));
	if (answer.engine.id_size == 0)
		return fail(job, STATUS_MALFORMED, "port %u: snmp: an engine without a name",
		    channel->port);
	*engine = answer.engine;
	return STATUS_OK;
}

/* ---- many communities ---- */

struct crowd {
	struct channel *channel;
	struct snmp_trial *trials;
	size_t count;
	uint8_t *buffer;
	unsigned heard; /* datagrams */
};

static bool
is_answered(const struct snmp_trial *trial, unsigned version)
{
	return trial->doubtful || (version == SNMP_V1 ? trial->v1 : trial->v2c);
}

static void
take_answer(struct crowd *crowd, const struct snmp_answer *answer)
{
	int64_t number = answer->id - FIRST_TRIAL;
	struct snmp_trial *trial;

	if (answer->version > SNMP_V2C || number < 0 || number / 2 >= (int64_t)crowd->count ||
	    number % 2 != answer->version || answer->pdu != SNMP_RESPONSE)
		return;
	trial = &crowd->trials[number / 2];
	if (!span_equal(answer->name, span_of_string(trial->community)))
		return;
	if (answer->error != 0)
		trial->doubtful = true;
	else if (answer->version == SNMP_V1)
		trial->v1 = true;
	else
		trial->v2c = true;
}

/* Everything that comes until it is quiet for so long. */
static enum status
drain(struct job *job, struct crowd *crowd, int patience_ms)
{
	for (;;) {
		struct snmp_answer answer;
		size_t got;
		enum status status = channel_receive(
		    job, crowd->channel, crowd->buffer, SNMP_DATAGRAM_MAX, patience_ms, &got);

		if (status == STATUS_UNDECIDED)
			return STATUS_OK;
		TRY(status);
		if (++crowd->heard > 8 * crowd->count + STRAYS_MAX)
			return fail(job, STATUS_MALFORMED,
			    "port %u: snmp: more answers than questions", crowd->channel->port);
		if (snmp_read((struct span){crowd->buffer, got}, &answer))
			take_answer(crowd, &answer);
	}
}

static enum status
send_trials(struct job *job, struct crowd *crowd, size_t i)
{
	for (unsigned version = SNMP_V1; version <= SNMP_V2C; version++) {
		struct snmp_question question = {.version = (enum snmp_version)version,
		    .name = crowd->trials[i].community,
		    .pdu = SNMP_GET,
		    .id = FIRST_TRIAL + 2 * (int64_t)i + version,
		    .object = snmp_sys_descr};
		struct arena_mark mark = arena_mark(job->arena);
		struct span datagram;

		if (is_answered(&crowd->trials[i], version))
			continue;
		TRY(snmp_write(job, &question, &datagram));
		TRY(channel_send_secret(job, crowd->channel, datagram));
		arena_release(job->arena, mark);
	}
	return STATUS_OK;
}

enum status
snmp_try(struct job *job, struct channel *channel, struct snmp_trial *trials, size_t count)
{
	struct crowd crowd = {.channel = channel,
	    .trials = trials,
	    .count = count,
	    .buffer = arena_allocate(job, SNMP_DATAGRAM_MAX)};

	if (crowd.buffer == NULL)
		return STATUS_LIMIT;
	for (unsigned round = 0; round < 2; round++) {
		for (size_t i = 0; i < count; i++) {
			TRY(send_trials(job, &crowd, i));
			if (i % BATCH == BATCH - 1)
				TRY(drain(job, &crowd, BATCH_PATIENCE_MS));
		}
		TRY(drain(job, &crowd, LAST_PATIENCE_MS));
	}
	return STATUS_OK;
}
