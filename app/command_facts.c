/* hopquy facts: all that is known of an image, one JSON object a line. */
#include <string.h>

#include "app/candidates.h"
#include "app/command.h"
#include "app/image.h"
#include "app/process_unpack.h"
#include "base/arena.h"

static enum status
print_facts(struct job *job, const struct fact_list *facts, enum fact_kind only)
{
	for (size_t i = 0; i < facts->count; i++) {
		struct arena_mark mark = arena_mark(job->arena);
		struct json json = json_new(job);
		const char *line;

		if (only != FACT_KIND_COUNT && facts->facts[i].kind != only)
			continue;
		fact_to_json(&json, &facts->facts[i]);
		TRY(json_finish(&json, &line));
		say("%s\n", line);
		arena_release(job->arena, mark);
	}
	return STATUS_OK;
}

static enum status
run(struct invocation *invocation)
{
	const char *kind = NULL, *memory = NULL;
	struct option_list trust = {0};
	const struct option options[] = {
	    {"kind", OPTION_TEXT, &kind},
	    {"memory", OPTION_TEXT, &memory},
	    {"trust", OPTION_LIST, &trust},
	};
	struct unpack_request request = {
	    .mode = UNPACK_FACTS, .max_unread_bytes = IMAGE_MAX_UNREAD, .folder = -1};
	struct option_list operands;
	struct fact_list facts = {0};
	enum fact_kind only = FACT_KIND_COUNT;
	struct image image;
	enum status status;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	if (kind != NULL && (only = fact_kind_named(kind)) == FACT_KIND_COUNT)
		return fail(invocation->job, STATUS_USAGE, "there is no kind of fact '%s'", kind);
	if (memory != NULL)
		TRY(image_parse_memory(invocation->job, memory, &request.memory));
	TRY(candidates_load(invocation->job, &request.candidates, &request.candidate_count));
	TRY(image_load_trusted(invocation->job, &trust, &request.trusted, &request.trusted_count));
	TRY(image_open(invocation->job, operands.values[0], &image));
	request.image = image.bytes;
	status = process_unpack(invocation->job, &request, &facts);
	if (status == STATUS_OK || status == STATUS_MALFORMED) {
		enum status printed = print_facts(invocation->job, &facts, only);

		status = printed != STATUS_OK ? printed : status;
	}
	image_close(&image);
	return status == STATUS_OK ? status
				   : fail_in(invocation->job, status, "%s", operands.values[0]);
}

const struct command command_facts = {
    .name = "facts",
    .summary = "All facts of a firmware image, one JSON object a line.",
    .usage = "facts IMAGE [--kind KIND] [--trust KEYFILE]… [--memory N]",
    .run = run,
};
