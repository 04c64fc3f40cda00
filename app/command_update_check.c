/* hopquy update-check: is the image signed, what does that cover, and is it by a key that was
 * given? */
#include <string.h>

#include "app/command.h"
#include "app/image.h"
#include "app/process_unpack.h"
#include "app/update_check.h"
#include "base/arena.h"
#include "base/json.h"

/* What is known of the image, with or without facts that cannot be read to their end. */
static enum status
gather(struct invocation *invocation, const char *path, struct unpack_request *request,
    struct fact_list *facts)
{
	struct image image;
	enum status status;

	TRY(image_open(invocation->job, path, &image));
	request->image = image.bytes;
	status = process_unpack(invocation->job, request, facts);
	image_close(&image);
	return status == STATUS_OK ? status : fail_in(invocation->job, status, "%s", path);
}

static enum status
print_json(struct job *job, const char *path, const struct fact_list *facts,
    const struct update_answer *answer)
{
	struct json json = json_new(job);
	const char *line;

	json_open_object(&json);
	json_member_string(&json, "file", path);
	json_member_string(&json, "outcome", answer->name);
	json_member_string(&json, "reason", answer->reason);
	json_name(&json, "containers");
	json_open_array(&json);
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_update_signature)
			fact_to_json(&json, &facts->facts[i]);
	json_close_array(&json);
	json_close_object(&json);
	TRY(json_finish(&json, &line));
	say("%s\n", line);
	return STATUS_OK;
}

static enum status
run(struct invocation *invocation)
{
	const char *memory = NULL;
	struct option_list trust = {0}, operands;
	bool json = false, no_sandbox = false;
	const struct option options[] = {
	    {"trust", OPTION_LIST, &trust},
	    {"json", OPTION_FLAG, &json},
	    {"memory", OPTION_TEXT, &memory},
	    {"no-sandbox", OPTION_FLAG, &no_sandbox},
	};
	struct unpack_request request = {
	    .mode = UNPACK_FACTS, .max_unread_bytes = IMAGE_MAX_UNREAD, .folder = -1};
	struct fact_list facts = {0};
	struct update_answer answer;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	if (memory != NULL)
		TRY(image_parse_memory(invocation->job, memory, &request.memory));
	request.no_sandbox = no_sandbox;
	TRY(image_load_trusted(invocation->job, &trust, &request.trusted, &request.trusted_count));
	TRY(gather(invocation, operands.values[0], &request, &facts));
	answer = update_answer_of(&facts);
	invocation->job->reason[0] = '\0';
	if (json)
		TRY(print_json(invocation->job, operands.values[0], &facts, &answer));
	else
		TRY(update_answer_print(invocation->job, invocation->language, &facts, &answer));
	return answer.status;
}

const struct command command_update_check = {
    .name = "update-check",
    .summary = "How a firmware image is signed as an update, and whether a given key made it.",
    .usage = "update-check IMAGE [--trust KEYFILE]… [--json] [--memory N] [--no-sandbox]",
    .run = run,
};
