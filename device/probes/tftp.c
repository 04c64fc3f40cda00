/* TFTP knows no log-in: whoever names a file gets it.  Only reading is tried. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "device/findings.h"
#include "device/probe.h"
#include "device/tftp_client.h"

#define PORT 69
#define REFUSAL_MS 400 /* by then the unit has said that nobody listens */
#define PATIENCE_MS 3000
#define LATER_MS 50 /* for each further answer, when all were asked at once */
#define ATTEMPTS 2

/* What cameras, routers and boot loaders are known to give or ask for by this name; the first is
 * replaced by one that cannot be there. */
static const char *const names[] = {"", "firmware.bin", "config.cfg", "config.bin", "config.xml",
    "upgrade.bin", "update.bin", "update.img", "uImage", "u-boot.bin", "rootfs.squashfs",
    "romfs-x.cramfs.img", "user-x.cramfs.img", "digicap.dav", "startup-config", "running-config",
    "pxelinux.cfg/default", "/etc/passwd"};
#define NAMES ARRAY_SIZE(names)

struct file_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	const char *control;
	bool answered[NAMES];
	struct tftp_answer answers[NAMES];
	int64_t exchanges[NAMES];
	size_t count; /* of answers */
};

static const char *
name_of(const struct file_talk *talk, size_t i)
{
	return i == 0 ? talk->control : names[i];
}

static enum status
make_control(struct file_talk *talk)
{
	uint8_t random[8];

	TRY(target_random(talk->job, talk->target, random, sizeof random));
	talk->control = hex_of_bytes(talk->job, (struct span){random, sizeof random});
	return talk->control == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* One answer, if it comes in time; what is none is passed over. */
static enum status
hear(struct file_talk *talk, struct channel *channel, int patience_ms, size_t i)
{
	uint8_t bytes[TFTP_DATAGRAM_MAX];
	size_t got = 0;
	enum status status =
	    channel_receive(talk->job, channel, bytes, sizeof bytes, patience_ms, &got);

	if (status != STATUS_OK)
		return status;
	if (!tftp_read_answer(talk->job, (struct span){bytes, got}, &talk->answers[i]))
		return fail(
		    talk->job, STATUS_MALFORMED, "port %u: it answers, and not in TFTP", PORT);
	talk->count += !talk->answered[i];
	talk->answered[i] = true;
	talk->exchanges[i] = channel->exchange;
	return STATUS_OK;
}

/* A connected socket hears whether anybody listens at all. */
static enum status
is_anybody_there(struct file_talk *talk, bool *refused)
{
	struct channel channel;
	struct span request = tftp_request(talk->job, talk->control);
	enum status status;

	if (request.size == 0)
		return STATUS_LIMIT;
	status = channel_open_udp(talk->job, talk->target, PORT, &channel);
	if (status == STATUS_OK)
		status = channel_send(talk->job, &channel, request);
	if (status == STATUS_OK)
		status = hear(talk, &channel, REFUSAL_MS, 0);
	channel_hang_up(talk->job, &channel);
	/* The unit's word that nobody listens; a network that is gone says something else. */
	*refused = status == STATUS_UNAVAILABLE && text_ends_with(talk->job->reason, "refused");
	return fault_is_ours(status) ? status : STATUS_OK;
}

/* Every name that has no answer yet, at once, so that silence costs its time once. */
static enum status
ask_names(struct file_talk *talk)
{
	struct channel channels[NAMES];
	int patience_ms = PATIENCE_MS;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < NAMES; i++) {
		struct span request = tftp_request(talk->job, name_of(talk, i));

		channels[i] = (struct channel){.target = talk->target, .descriptor = -1};
		if (request.size == 0)
			status = STATUS_LIMIT;
		if (fault_is_ours(status) || talk->answered[i])
			continue;
		status =
		    channel_ask_unit(talk->job, talk->target, PORT, request, false, &channels[i]);
		if (status != STATUS_OK)
			outcome_lack(talk->job, &talk->outcome, "%s", talk->job->reason);
	}
	for (size_t i = 0; i < NAMES; i++) {
		if (channels[i].open && !fault_is_ours(status)) {
			status = hear(talk, &channels[i], patience_ms, i);
			if (status == STATUS_MALFORMED)
				outcome_lack(talk->job, &talk->outcome, "%s", talk->job->reason);
			patience_ms = LATER_MS;
		}
		channel_hang_up(talk->job, &channels[i]);
	}
	return fault_is_ours(status) ? status : STATUS_OK;
}

static enum status
add_port(struct file_talk *talk, int64_t exchange)
{
	const struct finding finding = {talk->job, talk->evidence, "tftp", PORT, exchange};
	struct target *target = talk->target;

	for (size_t i = 0; i < target->service_count; i++)
		if (target->services[i].udp && target->services[i].port == PORT)
			return STATUS_OK;
	return finding_udp_port(&finding, target, false);
}

/* A file given; or one that is there and kept back. */
static enum status
add_file(struct file_talk *talk, size_t i)
{
	const struct tftp_answer *answer = &talk->answers[i];
	const struct finding finding = {
	    talk->job, talk->evidence, "tftp", PORT, talk->exchanges[i]};
	const char *detail;

	if (answer->kind == TFTP_ERROR && answer->code != 2)
		return STATUS_OK;
	detail = answer->kind == TFTP_ERROR
		     ? arena_printf(talk->job, "error %u %s", answer->code, answer->message)
		     : arena_printf(talk->job, "first block of %zu bytes", answer->size);
	if (detail == NULL)
		return STATUS_LIMIT;
	/* One that gives what cannot be there gives nothing away by a name. */
	return finding_resource(&finding, name_of(talk, i), "read",
	    talk->answered[0] && talk->answers[0].kind == TFTP_DATA ? UNKNOWN
								    : answer->kind == TFTP_ERROR,
	    detail);
}

static enum status
ask_server(struct file_talk *talk)
{
	bool refused;

	TRY(make_control(talk));
	TRY(is_anybody_there(talk, &refused));
	for (unsigned i = 0; i < ATTEMPTS && !refused && talk->count < NAMES; i++)
		TRY(ask_names(talk));
	if (target_time_is_up(talk->target))
		outcome_lack(talk->job, &talk->outcome, "time is up");
	if (talk->count == 0) {
		talk->outcome.note = refused ? "port 69 is closed" : "port 69 is silent";
		return STATUS_OK;
	}
	if (talk->count < NAMES)
		outcome_lack(talk->job, &talk->outcome, "port %u: %zu of %zu names got no answer",
		    PORT, NAMES - talk->count, NAMES);
	for (size_t i = 0; i < NAMES; i++)
		if (talk->answered[i]) {
			TRY(add_port(talk, talk->exchanges[i]));
			TRY(add_file(talk, i));
		}
	return STATUS_OK;
}

static enum status
talk_tftp(struct job *job, struct target *target, struct evidence *evidence)
{
	struct file_talk *talk = arena_allocate(job, sizeof *talk);

	if (talk == NULL)
		return STATUS_LIMIT;
	talk->job = job;
	talk->target = target;
	talk->evidence = evidence;
	talk->outcome = (struct outcome){.required = UNKNOWN, .tried = UNKNOWN};
	TRY(ask_server(talk));
	TRY(outcome_look(job, &talk->outcome, evidence, FACT_open_port));
	return outcome_look(job, &talk->outcome, evidence, FACT_resource);
}

const struct probe probe_tftp = {
    .name = "tftp",
    .title = "Whether TFTP answers, and gives files that products are known to keep",
    .source = "RFC 1350",
    .looks_for = {"open_port", "resource"},
    .needs = "ports",
    .speaks = "tftp",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 60 * 1000,
    .talk = talk_tftp,
};
