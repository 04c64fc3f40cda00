/* hopquy unpack: the tree of formats in an image, its files by digest, its files on disk, or what
 * fails. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/command.h"
#include "app/entropy_picture.h"
#include "app/image.h"
#include "app/print_findings.h"
#include "app/print_tree.h"
#include "app/process_unpack.h"
#include "base/arena.h"
#include "base/file.h"

struct wish {
	bool list, json, findings;
	const char *into, *profile;
	struct option_list trust;
	const char *picture; /* path of the picture; NULL: none */
	size_t memory;       /* bytes; 0: the usual */
	int language;
};

static void
print_line(void *context, const char *line)
{
	(void)context;
	say("%s\n", line);
}

static enum status
print_json(struct job *job, const struct fact_list *facts, enum fact_kind kind)
{
	for (size_t i = 0; i < facts->count; i++) {
		struct arena_mark mark = arena_mark(job->arena);
		struct json json = json_new(job);
		const char *line;

		if (facts->facts[i].kind != kind)
			continue;
		fact_to_json(&json, &facts->facts[i]);
		TRY(json_finish(&json, &line));
		say("%s\n", line);
		arena_release(job->arena, mark);
	}
	return STATUS_OK;
}

static int
remove_one(const char *path, const struct stat *about, int type, struct FTW *where)
{
	(void)about;
	(void)type;
	(void)where;
	return remove(path);
}

/* A folder beside the wanted one, which gets its name when everything is there. */
static enum status
make_folder(struct job *job, const char *into, char **beside, int *folder)
{
	size_t size = strlen(into);

	while (size > 1 && into[size - 1] == '/')
		size--;
	if (rmdir(into) != 0 && errno != ENOENT)
		return fail(job, STATUS_CANNOT_CREATE, "%s: %s", into,
		    errno == ENOTEMPTY || errno == EEXIST ? "there is something in it already"
							  : strerror(errno));
	*beside = arena_printf(job, "%.*s.XXXXXX", (int)size, into);
	if (*beside == NULL)
		return STATUS_LIMIT;
	if (mkdtemp(*beside) == NULL)
		return fail(job, STATUS_CANNOT_CREATE, "%s: %s", into, strerror(errno));
	*folder = open(*beside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*folder < 0)
		return fail(job, STATUS_CANNOT_CREATE, "%s: %s", into, strerror(errno));
	return STATUS_OK;
}

/* What goes wrong in an image is told of the image, and nothing else is. */
static enum status
unpack_image(struct job *job, const struct unpack_request *request, const char *name,
    struct fact_list *facts)
{
	enum status status = process_unpack(job, request, facts);

	return status == STATUS_OK ? status : fail_in(job, status, "%s", name);
}

/* Unpacks into a folder that appears whole or not at all. */
static enum status
unpack_into(struct job *job, struct unpack_request *request, const char *into, const char *name,
    struct fact_list *facts)
{
	char *beside = NULL;
	enum status status;

	TRY(make_folder(job, into, &beside, &request->folder));
	status = unpack_image(job, request, name, facts);
	close(request->folder);
	request->folder = -1;
	if (status == STATUS_OK && (chmod(beside, 0755) != 0 || rename(beside, into) != 0))
		status = fail(job, STATUS_CANNOT_CREATE, "%s: %s", into, strerror(errno));
	if (status != STATUS_OK)
		nftw(beside, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return status;
}

/* Something was recognised, yet not all of it read: that is told, and no failure. */
static void
tell_incomplete(const struct fact_list *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];

		if (fact->kind != FACT_looked || fact->as.looked.complete == 1)
			continue;
		tell("hopquy: not complete: %s\n", fact->as.looked.reason);
		return;
	}
}

static enum status
unpack(struct job *job, const struct wish *wish, struct span image, const char *name)
{
	struct unpack_request request = {
	    .image = image,
	    .mode = wish->into != NULL ? UNPACK_FILES
		    : wish->list       ? UNPACK_LIST
				       : UNPACK_TREE,
	    .max_unread_bytes = -1, /* the coverage line says it better */
	    .memory = wish->memory,
	    .folder = -1,
	    .line = wish->list && !wish->json ? print_line : NULL,
	};
	struct fact_list facts = {0};

	if (wish->into != NULL)
		TRY(unpack_into(job, &request, wish->into, name, &facts));
	else
		TRY(unpack_image(job, &request, name, &facts));
	tell_incomplete(&facts);
	if (wish->picture != NULL)
		TRY(entropy_picture(job, wish->picture, name, image, &facts, wish->language));
	if (wish->json)
		return print_json(job, &facts, wish->list ? FACT_file : FACT_region);
	return wish->list ? STATUS_OK : print_tree(job, &facts, image.size, name, wish->language);
}

/* 1 when something fails, 2 when that cannot be told: something is open, or was not looked at. */
static enum status
find(const struct invocation *invocation, const struct wish *wish, struct span image,
    const char *name)
{
	struct job *job = invocation->job;
	struct image_findings findings;

	TRY(image_findings(job, image, name, wish->profile == NULL ? "qcvn-11-2026" : wish->profile,
	    &wish->trust, wish->memory, invocation->now, &findings));
	if (wish->json)
		TRY(print_findings_json(job, &findings));
	else
		TRY(print_findings(job, &findings, image.size, name, wish->language));
	job->reason[0] = '\0';
	return findings.failed != 0                            ? STATUS_NO
	       : findings.questions != 0 || !findings.complete ? STATUS_UNDECIDED
							       : STATUS_OK;
}

/* Findings are one way to look at an image, and profile and keys are theirs alone. */
static enum status
check_wish(struct job *job, const struct wish *wish)
{
	if (wish->findings && (wish->list || wish->into != NULL || wish->picture != NULL))
		return fail(job, STATUS_USAGE,
		    "--findings goes with --profile, --trust, --json and --memory alone");
	if (!wish->findings && wish->profile != NULL)
		return fail(job, STATUS_USAGE, "--profile is for --findings");
	if (!wish->findings && wish->trust.count != 0)
		return fail(job, STATUS_USAGE, "--trust is for --findings");
	return STATUS_OK;
}

static enum status
run(struct invocation *invocation)
{
	struct wish wish = {.language = invocation->language};
	const char *memory = NULL;
	const struct option options[] = {
	    {"list", OPTION_FLAG, &wish.list},
	    {"json", OPTION_FLAG, &wish.json},
	    {"findings", OPTION_FLAG, &wish.findings},
	    {"profile", OPTION_TEXT, &wish.profile},
	    {"trust", OPTION_LIST, &wish.trust},
	    {"into", OPTION_TEXT, &wish.into},
	    {"entropy", OPTION_TEXT, &wish.picture},
	    {"memory", OPTION_TEXT, &memory},
	};
	struct option_list operands;
	struct image image;
	enum status status;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	TRY(check_wish(invocation->job, &wish));
	if (wish.picture != NULL)
		TRY(file_check_output(invocation->job, wish.picture, operands.values[0]));
	if (memory != NULL)
		TRY(image_parse_memory(invocation->job, memory, &wish.memory));
	TRY(image_open(invocation->job, operands.values[0], &image));
	status = wish.findings ? find(invocation, &wish, image.bytes, operands.values[0])
			       : unpack(invocation->job, &wish, image.bytes, operands.values[0]);
	image_close(&image);
	return status;
}

const struct command command_unpack = {
    .name = "unpack",
    .summary = "What a firmware image is made of, and its files.",
    .usage = "unpack IMAGE [--list] [--json] [-C FOLDER] [--entropy F.svg] [--memory N]\n"
	     "       hopquy unpack IMAGE --findings [--profile P] [--trust KEYFILE]… [--json] "
	     "[--memory N]",
    .run = run,
};
