/* A unit that says anything at all: the first byte chooses the probe, the rest is what the unit
 * says. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "base/text.h"
#include "device/login.h"
#include "device/probe.h"
#include "device/transcript.h"
#include "facts/fact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint16_t ports[] = {21, 22, 23, 80, 443, 554, 1883, 8080};

/* Facts outlive what the probe lets go of: the list is of copies, in an arena of their own. */
static struct job *kept;

static enum status
keep(struct evidence *self, struct job *unused, const struct fact *fact)
{
	struct evidence list = evidence_to_list(self->context);
	struct text copy = text_new(kept);
	struct fact own;
	const char *bytes;

	(void)unused;
	fact_encode(&copy, fact);
	TRY(text_finish(&copy, &bytes));
	TRY(fact_decode(kept, (struct span){(const uint8_t *)bytes, copy.size}, &own));
	return list.add(&list, kept, &own);
}

/* A service of every name the probe speaks, in the clear and over TLS, by TCP and by UDP. */
static void
add_services(struct job *job, struct target *target, const struct probe *probe)
{
	const char *list = probe->speaks == NULL ? "unknown" : probe->speaks;

	for (const char *at = list; *at != '\0';) {
		size_t length = strcspn(at, ",");
		const char *name = arena_string(job, at, length);

		for (unsigned i = 0; name != NULL && i < 3; i++)
			target_add_service(target,
			    &(struct service){
				.port = ports[i], .udp = i == 2, .tls = i == 1, .name = name});
		at += length + (at[length] == ',');
	}
	/* Descriptions, ONVIF and tunnels of RTSP stand behind a web server. */
	target_add_service(target, &(struct service){.port = 8080, .name = "http"});
}

static void
add_logins(struct target *target, uint8_t choice)
{
	static const char *const protocols[] = {
#define LOGIN(protocol, name) protocol,
#include "device/logins.def"
#undef LOGIN
	};
	static const char *const schemes[] = {"password", "basic", "digest", "form"};

	target_add_login(
	    target, &(struct login){.port = 80,
			.recognised = true,
			.protocol = protocols[choice % (sizeof protocols / sizeof *protocols)],
			.scheme = schemes[choice / 16 % 4],
			.path = "/"});
}

static void
talk(struct job *job, const struct probe *probe, uint8_t choice, struct span said)
{
	static const struct guess guesses[] = {
	    {"admin", "admin", "common"}, {"root", "", "common"}};
	static const struct credential credential = {NULL, "owner", "secret", "owner"};
	struct target *target = arena_allocate(job, sizeof *target);
	struct fact_list facts = {0};
	struct evidence evidence = {.add = keep, .context = &facts, .source = probe->name};

	if (target == NULL || address_parse(job, "192.0.2.1", &target->peer) != STATUS_OK ||
	    transcript_feed(job, target, said) != STATUS_OK)
		return;
	target->address = "192.0.2.1";
	target->scan = (struct scan){.reached = true,
	    .complete = true,
	    .open_count = sizeof ports / sizeof *ports,
	    .open = ports};
	target->guesses = guesses;
	target->guess_count = 2;
	target->guess_budget = 4;
	target->min_pairs = 2;
	target->credentials = &credential;
	target->credential_count = 1;
	add_services(job, target, probe);
	add_logins(target, choice);
	target_allow(target, 60000);
	(void)probe->talk(job, target, &evidence);
	for (size_t i = 0; i < facts.count; i++)
		if (fact_check(job, &facts.facts[i]) != STATUS_OK)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct job *job;

	if (job == NULL) {
		json_prepare();
		job = job_new((size_t)64 << 20);
		kept = job_new((size_t)64 << 20);
	}
	if (job == NULL || kept == NULL)
		abort();
	if (size > 2) {
		struct arena_mark mark = arena_mark(job->arena);
		struct arena_mark mark_kept = arena_mark(kept->arena);

		talk(job, probe_catalogue[data[0] % probe_catalogue_count], data[1],
		    (struct span){data + 2, size - 2});
		arena_release(job->arena, mark);
		arena_release(kept->arena, mark_kept);
	}
	return 0;
}
