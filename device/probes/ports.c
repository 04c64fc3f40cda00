/* The scan is the dialer's; what listens behind each open port is asked here. */
#include <string.h>

#include "base/arena.h"
#include "device/probe.h"
#include "device/recognise.h"

static enum status
add_port(struct job *job, struct evidence *evidence, uint16_t port,
    const struct recognition *recognition)
{
	struct fact fact = fact_new(FACT_open_port);

	fact.port = port;
	fact.exchange = recognition->exchange;
	fact.as.open_port.transport = "tcp";
	fact.as.open_port.status = "open";
	fact.as.open_port.service = recognition->service;
	fact.as.open_port.banner = recognition->banner;
	if (recognition->talked)
		fact.as.open_port.tls = recognition->tls;
	return evidence_add(evidence, job, &fact);
}

/* Who cannot tell what speaks at a port has not looked for its services. */
static enum status
note_stranger(
    struct job *job, struct target *target, uint16_t port, const struct recognition *recognition)
{
	const char *why = target_time_is_up(target) ? "time was up before it was recognised"
			  : recognition->talked     ? "what speaks there was not recognised"
						    : "open, and then it could not be talked to";

	if (recognition->tls && strcmp(recognition->service, "tls") == 0 &&
	    target->hidden_lack == NULL) {
		target->hidden_lack =
		    arena_printf(job, "port %u: what speaks under TLS was not recognised", port);
		return target->hidden_lack == NULL ? STATUS_LIMIT : STATUS_OK;
	}
	if (target->services_lack != NULL ||
	    (recognition->talked && strcmp(recognition->service, "unknown") != 0))
		return STATUS_OK;
	target->services_lack = arena_printf(job, "port %u: %s", port, why);
	return target->services_lack == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
recognise_port(
    struct job *job, struct target *target, uint16_t port, struct recognition *recognition)
{
	*recognition = (struct recognition){.service = "unknown", .exchange = UNKNOWN};
	if (target->service_count == TARGET_MAX_SERVICES) {
		target->services_lack = "more open ports than are talked to";
		return STATUS_OK;
	}
	TRY(recognise(job, target, port, recognition));
	TRY(note_stranger(job, target, port, recognition));
	target->services[target->service_count++] = (struct service){.port = port,
	    .tls = recognition->tls,
	    .starttls = recognition->starttls,
	    .name = recognition->service};
	return STATUS_OK;
}

static bool
is_known(const struct target *target, uint16_t port, const char *service)
{
	for (size_t i = 0; i < target->service_count; i++)
		if (target->services[i].port == port && !target->services[i].tls &&
		    strcmp(target->services[i].name, service) == 0)
			return true;
	return false;
}

/* What was said in clear at a port that speaks TLS is a service of its own. */
static enum status
add_clear(struct job *job, struct target *target, struct evidence *evidence, uint16_t port,
    const struct recognition *clear)
{
	if (!clear->talked && target->services_lack == NULL)
		target->services_lack = arena_printf(
		    job, "port %u: whether it speaks in clear as well was not seen", port);
	if (!clear->talked)
		return target->services_lack == NULL ? STATUS_LIMIT : STATUS_OK;
	if (clear->banner == NULL || is_known(target, port, clear->service))
		return STATUS_OK;
	TRY(note_stranger(job, target, port, clear));
	target_add_service(target, &(struct service){.port = port, .name = clear->service});
	return add_port(job, evidence, port, clear);
}

static enum status
look_in_clear(struct job *job, struct target *target, struct evidence *evidence)
{
	uint16_t ports[TARGET_MAX_SERVICES] = {0};
	struct recognition clear[TARGET_MAX_SERVICES];
	size_t count = 0;

	for (size_t i = 0; i < target->service_count; i++)
		if (target->services[i].tls)
			ports[count++] = target->services[i].port;
	for (size_t i = 0; i < count; i++) {
		TRY(recognise_asking(job, target, ports[i], &clear[i]));
		TRY(add_clear(job, target, evidence, ports[i], &clear[i]));
	}
	TRY(recognise_listening(job, target, ports, count, clear));
	for (size_t i = 0; i < count; i++) {
		if (target_time_is_up(target)) /* it was cut short */
			clear[i].talked = clear[i].banner != NULL;
		TRY(add_clear(job, target, evidence, ports[i], &clear[i]));
	}
	return STATUS_OK;
}

static enum status
talk(struct job *job, struct target *target, struct evidence *evidence)
{
	const struct scan *scan = &target->scan;
	struct outcome outcome = {
	    .lack = scan->complete ? NULL : scan->reason, .count = (int64_t)scan->open_count};

	target->services_lack = outcome.lack;
	target->hidden_lack = NULL;
	outcome.required = PORT_COUNT - 1;
	outcome.tried = scan->required - scan->untried;
	for (size_t i = 0; i < scan->open_count; i++) {
		struct recognition recognition;

		TRY(recognise_port(job, target, scan->open[i], &recognition));
		TRY(add_port(job, evidence, scan->open[i], &recognition));
	}
	TRY(look_in_clear(job, target, evidence));
	if (scan->filtered > 0)
		outcome.note = arena_printf(job, "%u ports filtered: silent twice", scan->filtered);
	return outcome_look(job, &outcome, evidence, FACT_open_port);
}

const struct probe probe_ports = {
    .name = "ports",
    .title = "All TCP ports, and the protocol behind each open one",
    .source = "RFC 9293 section 3.5",
    .looks_for = {"open_port"},
    .needs = "",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 10 * 60 * 1000,
    .talk = talk,
};
