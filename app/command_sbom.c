/* hopquy sbom: the components of a firmware image, as CycloneDX 1.6. */
#include <stdlib.h>
#include <string.h>

#include "app/candidates.h"
#include "app/command.h"
#include "app/cyclonedx.h"
#include "app/image.h"
#include "app/process_unpack.h"
#include "base/file.h"
#include "base/text.h"

/* --now, else SOURCE_DATE_EPOCH, else the document has no time. */
static enum status
time_of(struct job *job, const char *now, int64_t *time)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");

	*time = UNKNOWN;
	if (now != NULL) {
		if (!text_parse_time(now, time) && !text_parse_date(now, time))
			return fail(job, STATUS_USAGE,
			    "--now wants YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ, not '%s'", now);
	} else if (epoch != NULL && epoch[0] != '\0' &&
		   !text_parse_integer(epoch, 0, (int64_t)1 << 40, time)) {
		return fail(job, STATUS_USAGE, "SOURCE_DATE_EPOCH wants seconds, not '%s'", epoch);
	}
	return STATUS_OK;
}

static enum status
write_document(struct invocation *invocation, const struct fact_list *facts,
    const struct cyclonedx_image *image, const char *output)
{
	const char *document;

	TRY(cyclonedx_write(invocation->job, facts, image, &document));
	if (output == NULL) {
		say("%s", document);
		return STATUS_OK;
	}
	return file_write(invocation->job, output, span_of_string(document), 0644);
}

static const char *
name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (strcmp(path, "-") == 0)
		return "firmware";
	return slash == NULL || slash[1] == '\0' ? path : slash + 1;
}

static enum status
run(struct invocation *invocation)
{
	const char *output = NULL, *memory = NULL, *now = NULL;
	struct cyclonedx_image described = {.name = NULL};
	const struct option options[] = {
	    {"output", OPTION_TEXT, &output},
	    {"memory", OPTION_TEXT, &memory},
	    {"now", OPTION_TEXT, &now},
	    {"firmware-version", OPTION_TEXT, &described.version},
	    {"supplier", OPTION_TEXT, &described.supplier},
	    {"author", OPTION_TEXT, &described.author},
	};
	struct unpack_request request = {
	    .mode = UNPACK_FACTS, .max_unread_bytes = IMAGE_MAX_UNREAD, .folder = -1};
	struct option_list operands;
	struct fact_list facts = {0};
	struct image image;
	enum status status;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	if (memory != NULL)
		TRY(image_parse_memory(invocation->job, memory, &request.memory));
	TRY(time_of(invocation->job, now, &described.time));
	if (output != NULL)
		TRY(file_check_output(invocation->job, output, operands.values[0]));
	TRY(candidates_load(invocation->job, &request.candidates, &request.candidate_count));
	TRY(image_open(invocation->job, operands.values[0], &image));
	request.image = image.bytes;
	described.name = name_of(operands.values[0]);
	status = digest_of(invocation->job, image.bytes, &described.digest);
	if (status == STATUS_OK)
		status = process_unpack(invocation->job, &request, &facts);
	if (status != STATUS_OK)
		fail_in(invocation->job, status, "%s", operands.values[0]);
	if (status == STATUS_OK)
		status = write_document(invocation, &facts, &described, output);
	image_close(&image);
	return status;
}

const struct command command_sbom = {
    .name = "sbom",
    .summary = "The components of a firmware image as a CycloneDX 1.6 bill of materials.",
    .usage = "sbom IMAGE [-o FILE] [--now TIME] [--memory N]\n"
	     "                   [--firmware-version V] [--supplier NAME] [--author NAME]",
    .run = run,
};
