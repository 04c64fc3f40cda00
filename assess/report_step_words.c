/* A step is told in the reader's language, and by the command to run where there is one. */
#include "assess/report_advice.h"

#include <string.h>

#include "base/arena.h"
#include "base/message.h"

enum { ITEMS_MAX = 12 }; /* named in one sentence or command */

/* The items with `before` and `behind` each; NULL only when out of budget. */
static const char *
join(struct job *job, int language, const struct step *step, const char *before, const char *behind,
    const char *between)
{
	struct text out = text_new(job);
	const char *string;

	for (size_t i = 0; i < step->item_count && i < ITEMS_MAX; i++) {
		const char *item = report_translate(job, language, step->items[i]);

		if (!item)
			return NULL;
		text_printf(&out, "%s%s%s%s", i ? between : "", before, item, behind);
	}
	if (step->item_count > ITEMS_MAX)
		text_printf(&out, "%s+ %zu %s", between, step->item_count - ITEMS_MAX,
		    message(language, "more"));
	return text_finish(&out, &string) == STATUS_OK ? string : NULL;
}

static const char *
probe_command(struct job *job, const struct step *step)
{
	bool named = step->kind == STEP_PROBE && step->item_count > 0;
	const char *devices = named ? join(job, LANGUAGE_EN, step, " --device ", "=ADDRESS", "")
				    : " --device NAME=ADDRESS";
	const char *state = step->kind == STEP_UNITS ? (step->item_count == 1     ? step->items[0]
							   : step->item_count > 1 ? "STATE"
										  : "")
						     : step->about;

	return devices
		   ? arena_printf(job, "hopquy case probe CASE%s%s%s --level login%s", devices,
			 *state ? " --state " : "", state, step->remote ? " --reach remote" : "")
		   : NULL;
}

static const char *
probe_sentence(struct job *job, int language, const struct step *step)
{
	const char *units = join(job, language, step, "", "", ", ");
	const char *state = message(language, step->about);

	if (!units)
		return NULL;
	if (step->kind == STEP_UNITS && *units)
		return arena_printf(job,
		    message(language, "Probe more units (so far %s) in these states: %s."), state,
		    units);
	if (step->kind == STEP_UNITS)
		return arena_printf(job, message(language, "Probe more units (so far %s)."), state);
	if (!*units)
		units = message(language, "the units");
	if (!*state)
		return arena_printf(job, message(language, "Probe %s."), units);
	return arena_printf(job, message(language, "Probe %s in this state: %s."), units, state);
}

static const char *
rule_sentence(
    struct job *job, const struct assessment *assessment, int language, const struct step *step)
{
	const char *claim = step->about, *remedy, *source;
	const char *rows = join(job, language, step, "", "", "; ");

	if (!rows)
		return NULL;
	check_texts(assessment, step->about, &claim, &remedy, &source);
	return arena_printf(job,
	    step->kind == STEP_EXPLAINED
		? message(language,
		      "A tester has to accept or refuse what the supplier says about what failed: "
		      "%s. The claim: %s (\"hopquy case show CASE %s\" has the findings' ids.)")
		: message(language,
		      "A tester has to rule on what the machine could not tell: %s. The claim: %s "
		      "(\"hopquy case show CASE %s\" has the findings' ids.)"),
	    rows, message(language, claim), step->requirements[0]->requirement->id);
}

static const char *
answer_sentence(
    struct job *job, const struct assessment *assessment, int language, const struct step *step)
{
	const char *names = join(job, language, step, "", "", ", ");

	if (!names)
		return NULL;
	return arena_printf(job,
	    message(language,
		"Carry out and answer the procedures (%zu; \"hopquy profile show %s\" has their "
		"texts): %s."),
	    step->item_count, assessment->profile->id, names);
}

static const char *
finish_sentence(struct job *job, int language, const struct step *step)
{
	const char *places = join(job, language, step, "", "", ", ");
	const char *why = report_translate(job, language, step->about);

	return places && why
		   ? arena_printf(job,
			 message(language, "Look again at %s, which was not seen whole: %s."),
			 places, why)
		   : NULL;
}

/* A look that a higher level would have made whole; its words are those of app/process_talk.c. */
static const char *
finish_command(struct job *job, const struct step *step)
{
	const char *level = strcmp(step->about, "level login is needed") == 0    ? "login"
			    : strcmp(step->about, "level stress is needed") == 0 ? "stress"
										 : NULL;

	return level
		   ? arena_printf(job,
			 "hopquy case probe CASE --device NAME=ADDRESS --state STATE --level %s%s "
			 "--replace",
			 level, step->remote ? " --reach remote" : "")
		   : NULL;
}

void
report_step_words(struct job *job, const struct assessment *assessment, int language,
    const struct step *step, const char **sentence, const char **command)
{
	*command = NULL;
	switch (step->kind) {
	case STEP_DOSSIER:
		*sentence = message(language, "Give the case the supplier's dossier.");
		*command = "hopquy case new CASE --profile PROFILE --dossier FILE";
		break;
	case STEP_FIRMWARE:
		*sentence = message(language, "Give the case the firmware image.");
		*command = "hopquy case add-firmware CASE IMAGE";
		break;
	case STEP_UNITS:
	case STEP_PROBE:
		*sentence = probe_sentence(job, language, step);
		*command = probe_command(job, step);
		break;
	case STEP_FINISH:
		*sentence = finish_sentence(job, language, step);
		*command = finish_command(job, step);
		break;
	case STEP_ANSWER:
		*sentence = answer_sentence(job, assessment, language, step);
		*command = "hopquy case answers CASE FILE";
		break;
	case STEP_RULE:
	case STEP_EXPLAINED:
		*sentence = rule_sentence(job, assessment, language, step);
		*command = "hopquy case answers CASE FILE";
		break;
	case STEP_OTHER:
		*sentence = report_translate(job, language, step->about);
		break;
	}
}
