/* sw-description is groups of settings: one that names a file says what it is. */
#include "firmware/swu_description.h"
#include "firmware/settings.h"

#define MAX_DEPTH 32u

struct parse {
	struct settings settings;
	struct swu_artefact groups[MAX_DEPTH + 1]; /* what each open group said so far */
	struct swu_description *description;
};

static bool
is(struct span text, const char *string)
{
	return span_equal(text, span_of_string(string));
}

static void
set(struct parse *parse)
{
	struct swu_artefact *group = &parse->groups[parse->settings.depth];
	struct swu_description *description = parse->description;

	if (is(parse->settings.key, "filename"))
		group->name = parse->settings.value;
	else if (is(parse->settings.key, "sha256"))
		group->sha256 = parse->settings.value;
	else if (is(parse->settings.key, "encrypted"))
		group->encrypted =
		    !is(parse->settings.value, "false") && !is(parse->settings.value, "0");
	else if (is(parse->settings.key, "compressed"))
		group->compressed =
		    !is(parse->settings.value, "false") && !is(parse->settings.value, "0");
	else if (is(parse->settings.key, "version") && parse->settings.depth <= 2 &&
		 description->version.size == 0)
		description->version = parse->settings.value;
	else if (is(parse->settings.key, "hardware-compatibility") &&
		 description->hardware.size == 0)
		description->hardware = parse->settings.value;
}

static void
keep(struct swu_description *description, const struct swu_artefact *artefact)
{
	if (artefact->name.size == 0)
		return;
	if (description->count < SWU_MAX_ARTEFACTS)
		description->artefacts[description->count++] = *artefact;
	else
		description->cut = true;
}

void
swu_read_description(struct span text, struct swu_description *description)
{
	struct parse parse = {.settings = {.rest = text}, .description = description};
	enum settings_event event;

	*description = (struct swu_description){0};
	while ((event = settings_next(&parse.settings)) != SETTINGS_END) {
		unsigned depth = parse.settings.depth;

		if (depth >= MAX_DEPTH) {
			description->cut = true;
			return;
		}
		if (event == SETTINGS_OPEN)
			parse.groups[depth] = (struct swu_artefact){0};
		else if (event == SETTINGS_CLOSE)
			keep(description, &parse.groups[depth + 1]);
		else if (event == SETTINGS_VALUE)
			set(&parse);
		else
			description->readable |= is(parse.settings.key, "software");
	}
}

const struct swu_artefact *
swu_artefact_of(const struct swu_description *description, struct span name)
{
	for (size_t i = 0; i < description->count; i++)
		if (span_equal(description->artefacts[i].name, name))
			return &description->artefacts[i];
	return NULL;
}
