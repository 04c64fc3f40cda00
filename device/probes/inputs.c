/* Every web server is given what it must not take: by nobody, then by its owner, who gets further.
 */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "device/inputs.h"
#include "device/probe.h"

#define SERVER_MS (90 * 1000) /* of one server and role: others are to have their turn */

static enum status
try_in_time(struct inputs *inputs)
{
	struct target *target = inputs->target;
	int64_t deadline = target->deadline, end = target_now(target) + SERVER_MS;
	enum status status;

	target->deadline = end < deadline ? end : deadline;
	inputs->silent = 0;
	status = inputs_learn(inputs);
	if (status == STATUS_OK)
		status = inputs_try(inputs);
	target->deadline = deadline;
	return status;
}

/* Signs in as the owner; *open false where nobody can. */
static enum status
sign_in(
    struct inputs *inputs, const struct login *login, const struct credential *owner, bool *open)
{
	struct job *job = inputs->job;
	struct login_result control, result;
	uint8_t random[16];
	const char *name;
	enum status status;

	*open = false;
	TRY(target_random(job, inputs->target, random, sizeof random));
	name = hex_of_bytes(job, (struct span){random, sizeof random});
	if (name == NULL)
		return STATUS_LIMIT;
	status = http_sign_in(
	    job, inputs->target, login, name, name + 16, NULL, &control, &inputs->session);
	if (status == STATUS_OK && control.answer == LOGIN_REFUSED)
		status = http_sign_in(job, inputs->target, login, owner->user, owner->password,
		    &control, &result, &inputs->session);
	else if (status == STATUS_OK)
		return STATUS_OK;
	*open = status == STATUS_OK && result.answer == LOGIN_ACCEPTED;
	return fault_is_ours(status) ? status : STATUS_OK;
}

/* The first log-in of the server that its owner gets through. */
static enum status
try_as_owner(struct inputs *inputs)
{
	struct target *target = inputs->target;
	bool open = false, asked = false;

	for (size_t i = 0; i < target->login_count && !open; i++) {
		const struct login *login = &target->logins[i];
		const struct credential *owner = target_owner(target, login->protocol);

		if (login->port != inputs->service->port ||
		    strcmp(login->protocol, inputs->service->name) != 0)
			continue;
		asked = true;
		if (login->recognised && owner != NULL)
			TRY(sign_in(inputs, login, owner, &open));
	}
	if (open) {
		inputs->role = "right";
		return try_in_time(inputs);
	}
	if (asked)
		outcome_lack(inputs->job, &inputs->outcome,
		    "port %u: nobody is let in, and what lies behind the log-in was given nothing",
		    inputs->service->port);
	return STATUS_OK;
}

static enum status
talk(struct job *job, struct target *target, struct evidence *evidence)
{
	struct inputs inputs = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {
		.lack = target_services_lack(target), .required = UNKNOWN, .tried = UNKNOWN}};
	size_t count = target->service_count;

	for (size_t i = 0; i < count; i++) {
		const struct login nobody = {.port = target->services[i].port,
		    .tls = target->services[i].tls,
		    .protocol = target->services[i].name};

		inputs.service = &target->services[i];
		if (!service_is_web(inputs.service))
			continue;
		inputs.role = "none";
		inputs.session =
		    (struct http_session){.login = &nobody, .cookies = "", .before = ""};
		TRY(try_in_time(&inputs));
		TRY(try_as_owner(&inputs));
	}
	if (inputs.outcome.count == 0)
		inputs.outcome.note = "there is no web server";
	return outcome_look(job, &inputs.outcome, evidence, FACT_input_trial);
}

const struct probe probe_inputs = {
    .name = "inputs",
    .title = "Whether web servers take input for files, scripts, headers or commands",
    .source = "EN 303 645 provision 5.13-1, TS 103 701 test case 5.13-1-2",
    .looks_for = {"input_trial"},
    .needs = "ports,http,default_passwords",
    .intrusion = INTRUSION_LOGIN,
    .limit_ms = 5 * 60 * 1000,
    .talk = talk,
};
