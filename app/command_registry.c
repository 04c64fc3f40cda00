/*
 * The registry's acts and questions, one subcommand each.
 */
#include <string.h>

#include "app/registry_print.h"
#include "app/words.h"
#include "base/file.h"
#include "base/message.h"
#include "base/text.h"
#include "cert/registry.h"

#define SEARCH_LIMIT 200

/* Opens the registry, does one thing with it, closes it. */
static enum status
with_registry(struct invocation *invocation, const char *folder, bool acting,
    enum status (*act)(struct invocation *invocation, struct registry *registry, void *context),
    void *context)
{
	struct registry *registry;
	enum status status;

	TRY(registry_open(invocation->job, folder, acting, &registry));
	status = act(invocation, registry, context);
	registry_close(registry);
	return status;
}

static enum status
run_init(struct invocation *invocation)
{
	const char *authority = NULL;
	const struct option options[] = {{"authority", OPTION_TEXT, &authority}};
	struct option_list operands;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	TRY(words_need(invocation->job, "authority", authority));
	return registry_create(invocation->job, operands.values[0], authority, invocation->now);
}

struct accepting {
	const char *submission, *output;
};

static enum status
accept(struct invocation *invocation, struct registry *registry, void *context)
{
	const struct accepting *accepting = context;
	struct job *job = invocation->job;
	char number[NUMBER_SIZE];
	struct span submission, file;

	TRY(file_read(job, accepting->submission, CERTIFICATE_MAX_SIZE, &submission));
	TRY(registry_accept(job, registry, submission, invocation->now, number, &file));
	if (accepting->output != NULL)
		TRY(file_write(job, accepting->output, file, 0644));
	say("%s\n", number);
	return STATUS_OK;
}

static enum status
run_accept(struct invocation *invocation)
{
	struct accepting accepting = {0};
	const struct option options[] = {{"output", OPTION_TEXT, &accepting.output}};
	struct option_list operands;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 2, 2, &operands));
	accepting.submission = operands.values[1];
	return with_registry(invocation, operands.values[0], true, accept, &accepting);
}

struct showing {
	const char *number, *output;
	bool json;
};

static enum status
show(struct invocation *invocation, struct registry *registry, void *context)
{
	const struct showing *showing = context;
	struct job *job = invocation->job;
	struct registry_entry entry;

	if (!number_read(showing->number, NULL, NULL))
		return fail(job, STATUS_NO,
		    "%s: no certificate number; a digit is wrong or missing", showing->number);
	TRY(registry_find(job, registry, showing->number, &entry));
	if (showing->output != NULL)
		TRY(file_write(job, showing->output, entry.file, 0644));
	if (showing->json)
		return entry_print_json(job, &entry);
	entry_print(invocation->language, &entry);
	return STATUS_OK;
}

static enum status
run_show(struct invocation *invocation)
{
	struct showing showing = {0};
	const struct option options[] = {
	    {"json", OPTION_FLAG, &showing.json}, {"output", OPTION_TEXT, &showing.output}};
	struct option_list operands;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 2, 2, &operands));
	showing.number = operands.values[1];
	return with_registry(invocation, operands.values[0], false, show, &showing);
}

struct searching {
	const char *words;
	bool json;
};

static enum status
search(struct invocation *invocation, struct registry *registry, void *context)
{
	const struct searching *searching = context;
	struct registry_entry *entries;
	size_t count;

	TRY(registry_search(
	    invocation->job, registry, searching->words, SEARCH_LIMIT, &entries, &count));
	for (size_t i = 0; i < count; i++) {
		if (searching->json)
			TRY(entry_print_json(invocation->job, &entries[i]));
		else
			say("%s  %-9s  %s  %s  %s  %s\n", entries[i].number,
			    message(invocation->language, state_name(entries[i].state)),
			    entries[i].expires, entries[i].model, entries[i].product,
			    entries[i].holder);
	}
	if (count == SEARCH_LIMIT)
		tell("only the first %d are shown; use more words\n", SEARCH_LIMIT);
	return count > 0 ? STATUS_OK
			 : fail(invocation->job, STATUS_NO, "no certificate has these words");
}

static enum status
run_search(struct invocation *invocation)
{
	struct searching searching = {0};
	const struct option options[] = {{"json", OPTION_FLAG, &searching.json}};
	struct text words = text_new(invocation->job);
	struct option_list operands;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 2, 64, &operands));
	for (size_t i = 1; i < operands.count; i++)
		text_printf(&words, "%s ", operands.values[i]);
	TRY(text_finish(&words, &searching.words));
	return with_registry(invocation, operands.values[0], false, search, &searching);
}

struct changing {
	const char *number, *reason;
	enum event_type type;
	struct option_list removed;
};

static enum status
change(struct invocation *invocation, struct registry *registry, void *context)
{
	const struct changing *changing = context;

	TRY(registry_change(invocation->job, registry, changing->number, changing->type,
	    changing->reason, changing->removed.values, changing->removed.count, invocation->now));
	say("%s  %s\n", changing->number, event_type_name(changing->type));
	return STATUS_OK;
}

static enum status
run_change(struct invocation *invocation, enum event_type type)
{
	struct changing changing = {.type = type};
	const struct option options[] = {
	    {"reason", OPTION_TEXT, &changing.reason}, {"remove", OPTION_LIST, &changing.removed}};
	struct option_list operands;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 2, 2, &operands));
	TRY(words_need(invocation->job, "reason", changing.reason));
	if ((type == EVENT_REDUCE) != (changing.removed.count > 0))
		return fail(invocation->job, STATUS_USAGE,
		    "--remove names what reduce takes away, and only that");
	changing.number = operands.values[1];
	return with_registry(invocation, operands.values[0], true, change, &changing);
}

static enum status
run_suspend(struct invocation *invocation)
{
	return run_change(invocation, EVENT_SUSPEND);
}

static enum status
run_reinstate(struct invocation *invocation)
{
	return run_change(invocation, EVENT_REINSTATE);
}

static enum status
run_withdraw(struct invocation *invocation)
{
	return run_change(invocation, EVENT_WITHDRAW);
}

static enum status
run_annul(struct invocation *invocation)
{
	return run_change(invocation, EVENT_ANNUL);
}

static enum status
run_reduce(struct invocation *invocation)
{
	return run_change(invocation, EVENT_REDUCE);
}

static enum status
audit(struct invocation *invocation, struct registry *registry, void *context)
{
	const char *const *against = context;
	struct job *job = invocation->job;
	struct span seen = {0};
	struct audit result;
	char root[DIGEST_HEX_SIZE];

	if (*against != NULL)
		TRY(file_read(job, *against, BUNDLE_MAX_SIZE, &seen));
	TRY(registry_audit(job, registry, seen, &result));
	digest_to_hex(&result.root, root);
	say("%s: %llu events, %llu certificates, %llu checkpoints, root %s\n",
	    message(invocation->language, "The registry is whole"),
	    (unsigned long long)result.events, (unsigned long long)result.certificates,
	    (unsigned long long)result.checkpoints, root);
	return STATUS_OK;
}

static enum status
run_audit(struct invocation *invocation)
{
	const char *against = NULL;
	const struct option options[] = {{"against", OPTION_TEXT, &against}};
	struct option_list operands;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	return with_registry(invocation, operands.values[0], false, audit, &against);
}

static enum status
write_output(struct invocation *invocation, const char *output, struct span bytes)
{
	TRY(words_need(invocation->job, "output", output));
	return file_write(invocation->job, output, bytes, 0644);
}

static enum status
bundle(struct invocation *invocation, struct registry *registry, void *context)
{
	const char *const *output = context;
	struct span der;

	TRY(registry_bundle(invocation->job, registry, invocation->now, &der));
	return write_output(invocation, *output, der);
}

static enum status
checkpoint(struct invocation *invocation, struct registry *registry, void *context)
{
	const char *const *output = context;
	const char *note;

	TRY(registry_checkpoint(invocation->job, registry, &note));
	if (note == NULL)
		return fail(invocation->job, STATUS_MALFORMED, "registry: it has no checkpoint");
	if (*output != NULL)
		return write_output(invocation, *output, span_of_string(note));
	say("%s", note);
	return STATUS_OK;
}

static enum status
rebuild(struct invocation *invocation, struct registry *registry, void *context)
{
	(void)context;
	return registry_rebuild(invocation->job, registry);
}

static enum status
run_output(struct invocation *invocation, bool acting,
    enum status (*act)(struct invocation *invocation, struct registry *registry, void *context))
{
	const char *output = NULL;
	const struct option options[] = {{"output", OPTION_TEXT, &output}};
	struct option_list operands;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	return with_registry(invocation, operands.values[0], acting, act, &output);
}

static enum status
run_bundle(struct invocation *invocation)
{
	return run_output(invocation, true, bundle);
}

static enum status
run_checkpoint(struct invocation *invocation)
{
	return run_output(invocation, false, checkpoint);
}

static enum status
run_rebuild(struct invocation *invocation)
{
	return run_output(invocation, false, rebuild);
}

static const struct subcommand subcommands[] = {
    {"init", run_init},
    {"accept", run_accept},
    {"show", run_show},
    {"search", run_search},
    {"suspend", run_suspend},
    {"reinstate", run_reinstate},
    {"withdraw", run_withdraw},
    {"annul", run_annul},
    {"reduce", run_reduce},
    {"bundle", run_bundle},
    {"checkpoint", run_checkpoint},
    {"audit", run_audit},
    {"rebuild", run_rebuild},
};

static enum status
run(struct invocation *invocation)
{
	return subcommand_run(invocation, subcommands, ARRAY_SIZE(subcommands));
}

const struct command command_registry = {
    .name = "registry",
    .summary = "The register of certificates: append-only, provable, searchable.",
    .usage = "registry init R --authority DIR\n"
	     "       hopquy registry accept R SUBMISSION [-o CERT]\n"
	     "       hopquy registry show R NUMBER [-o CERT] [--json]\n"
	     "       hopquy registry search R WORD… [--json]\n"
	     "       hopquy registry suspend|reinstate|withdraw|annul R NUMBER --reason TEXT\n"
	     "       hopquy registry reduce R NUMBER --remove WHAT… --reason TEXT\n"
	     "       hopquy registry bundle R -o B\n"
	     "       hopquy registry checkpoint R [-o C]\n"
	     "       hopquy registry audit R [--against CHECKPOINT|BUNDLE]\n"
	     "       hopquy registry rebuild R",
    .run = run,
};
