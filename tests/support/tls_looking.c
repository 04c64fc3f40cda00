/* Facts are kept beyond the service they are about: the probe lets go of what it allocates. */
#include "tests/support/tls_looking.h"

#include <string.h>

#include "base/text.h"
#include "device/probe.h"
#include "tests/support/scripted_unit.h"
#include "tests/support/support.h"

#define PORT 443

extern const struct probe probe_tls;

static struct job *job, *kept;

/* Facts outlive what the probe lets go of. */
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

void
tls_look_for(struct old_server *server, enum intrusion granted, int ms, struct fact_list *facts)
{
	struct scripted_unit unit = {
	    .serve = tls_server_serve, .context = server, .at_once = true, .pace = server->pace};
	struct evidence evidence = {.add = keep, .context = facts, .source = "tls"};
	struct target target;

	*facts = (struct fact_list){0};
	unit_start(&unit, &target);
	target.began = monotonic_ms();
	target.deadline = ms;
	target.granted = granted;
	assert_ok(job, channel_tls_prepare(job, &target));
	target.services[0] = (struct service){.port = PORT, .tls = true, .name = "tls"};
	target.service_count = 1;
	assert_ok(job, probe_tls.talk(job, &target, &evidence));
	unit_stop(&unit, &target);
	channel_tls_release(&target);
}

void
tls_look(struct old_server *server, enum intrusion granted, struct fact_list *facts)
{
	tls_look_for(server, granted, 60000, facts);
}

int64_t
tls_weakness_seen(const struct fact_list *facts, const char *name)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_tls_weakness &&
		    strcmp(facts->facts[i].as.tls_weakness.name, name) == 0)
			return facts->facts[i].as.tls_weakness.present;
	fail_msg("nothing about %s", name);
	return UNKNOWN;
}

size_t
tls_offers_seen(const struct fact_list *facts, const char *version, const char *cipher)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];

		count += fact->kind == FACT_tls_offer && fact->as.tls_offer.accepted == 1 &&
			 strcmp(fact->as.tls_offer.version, version) == 0 &&
			 (cipher == NULL || (fact->as.tls_offer.cipher != NULL &&
						strcmp(fact->as.tls_offer.cipher, cipher) == 0));
	}
	return count;
}

bool
tls_parameter_seen(const struct fact_list *facts, const char *class, const char *name)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_tls_parameter &&
		    strcmp(facts->facts[i].as.tls_parameter.class, class) == 0 &&
		    strcmp(facts->facts[i].as.tls_parameter.name, name) == 0)
			return facts->facts[i].as.tls_parameter.accepted == 1;
	return false;
}

const char *
tls_lack(const struct fact_list *facts, const char *kind)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_looked &&
		    strcmp(facts->facts[i].as.looked.kind, kind) == 0)
			return facts->facts[i].as.looked.complete == 1
				   ? NULL
				   : facts->facts[i].as.looked.reason;
	fail_msg("nothing about %s", kind);
	return NULL;
}

int
tls_looking_set_up(void **state)
{
	(void)state;
	job = job_new((size_t)512 << 20);
	kept = job_new((size_t)64 << 20);
	return job == NULL || kept == NULL;
}

int
tls_looking_tear_down(void **state)
{
	(void)state;
	job_free(job);
	job_free(kept);
	return 0;
}
