/* One line in catalogue.def is all it takes to add a probe. */
#include "device/probe.h"

#include <string.h>

#include "base/arena.h"

#define PROBE(name) extern const struct probe probe_##name;
#include "device/probes/catalogue.def"
#undef PROBE

const struct probe *const probe_catalogue[] = {
#define PROBE(name) &probe_##name,
#include "device/probes/catalogue.def"
#undef PROBE
};

const size_t probe_catalogue_count = ARRAY_SIZE(probe_catalogue);

static const char *const intrusions[] = {
    [INTRUSION_OBSERVE] = "observe", [INTRUSION_LOGIN] = "login", [INTRUSION_STRESS] = "stress"};

const char *
intrusion_name(enum intrusion intrusion)
{
	return intrusions[intrusion];
}

bool
intrusion_parse(const char *word, enum intrusion *intrusion)
{
	for (size_t i = 0; word != NULL && i < ARRAY_SIZE(intrusions); i++)
		if (strcmp(word, intrusions[i]) == 0) {
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

/* Is `name` in a comma-separated list? */
static bool
is_in_list(const char *list, const char *name)
{
	size_t size = strlen(name);

	for (const char *at = list; at != NULL && *at != '\0';) {
		size_t length = strcspn(at, ",");

		if (length == size && memcmp(at, name, size) == 0)
			return true;
		at += length + (at[length] == ',');
	}
	return false;
}

static bool
has_login(const struct target *target, uint16_t port)
{
	for (size_t i = 0; i < target->login_count; i++)
		if (target->logins[i].port == port)
			return true;
	return false;
}

enum status
probe_note_strangers(struct job *job, struct target *target)
{
	for (size_t i = 0; i < target->service_count && target->logins_lack == NULL; i++) {
		const struct service *service = &target->services[i];
		bool known = false;

		for (size_t j = 0; j < probe_catalogue_count; j++)
			known = known || is_in_list(probe_catalogue[j]->speaks, service->name);
		if (known &&
		    (!service->faceless || service->has_use || has_login(target, service->port)))
			continue;
		target->logins_lack = arena_printf(job,
		    known ? "port %u (%s) shows no log-in: log in by hand"
			  : "port %u (%s): nobody looked for a log-in there",
		    service->port, service->name);
		if (target->logins_lack == NULL)
			return STATUS_LIMIT;
	}
	return STATUS_OK;
}
