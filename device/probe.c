/* One line in catalogue.def is all it takes to add a probe. */
#include "device/probe.h"

#include <string.h>

#define PROBE(name) extern const struct probe probe_##name;
#include "device/probes/catalogue.def"
#undef PROBE

const struct probe *const probe_catalogue[] = {
#define PROBE(name) &probe_##name,
#include "device/probes/catalogue.def"
#undef PROBE
};

const size_t probe_catalogue_count = ARRAY_SIZE(probe_catalogue);

bool
intrusion_parse(const char *word, enum intrusion *intrusion)
{
	static const char *const words[] = {[INTRUSION_OBSERVE] = "observe",
	    [INTRUSION_LOGIN] = "login",
	    [INTRUSION_STRESS] = "stress"};

	for (size_t i = 0; word != NULL && i < ARRAY_SIZE(words); i++)
		if (strcmp(word, words[i]) == 0) {
			*intrusion = (enum intrusion)i;
			return true;
		}
	return false;
}

static size_t
probe_named(const struct probe *const *probes, size_t count, const char *name, size_t size)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(probes[i]->name) == size && memcmp(probes[i]->name, name, size) == 0)
			return i;
	return count;
}

static enum status
choose_list(struct job *job, const struct probe *const *probes, size_t count, const char *list,
    bool *chosen)
{
	for (const char *at = list; *at != '\0';) {
		size_t size = strcspn(at, ",");
		size_t i = probe_named(probes, count, at, size);

		if (i == count)
			return fail(
			    job, STATUS_USAGE, "probe: there is no probe \"%.*s\"", (int)size, at);
		chosen[i] = true;
		at += size + (at[size] == ',');
	}
	return STATUS_OK;
}

enum status
probe_choose(struct job *job, const struct probe *const *probes, size_t count, const char *only,
    bool *chosen)
{
	if (only != NULL)
		TRY(choose_list(job, probes, count, only, chosen));
	for (size_t i = count; i-- > 0;) {
		chosen[i] = chosen[i] || only == NULL;
		if (chosen[i])
			TRY(choose_list(job, probes, count, probes[i]->needs, chosen));
	}
	return STATUS_OK;
}
