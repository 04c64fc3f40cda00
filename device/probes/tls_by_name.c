/* Web servers have settings for each name they know, and others for who tells them none. */
#include <string.h>

#include "base/arena.h"
#include "device/probes/tls.h"

/* What was not accepted without the name is offered with it: every answer is a difference. */
static enum status
takes_more(struct tls_talk *talk, uint16_t version, bool *differs, bool *senseless)
{
	const struct tls_spoken *spoken = tls_spoken_in(talk, version);
	uint16_t suites[TLS_SUITES_MAX];
	struct tls_offer offer = {
	    .version = version, .suites = suites, .count = tls_suites_of(version, suites)};
	struct tls_answer answer;
	int64_t exchange;

	for (size_t i = 0; i < spoken->count; i++)
		tls_take_out(suites, &offer.count, spoken->suites[i]);
	if (offer.count == 0)
		return STATUS_OK;
	TRY(tls_try(talk, &offer, &answer, &exchange));
	if (answer.type == TLS_HELLO && answer.version == version &&
	    tls_take_out(suites, &offer.count, answer.suite))
		*differs = true;
	*senseless = answer.type == TLS_SILENT || answer.type == TLS_STRANGE;
	return STATUS_OK;
}

/* The certificate may be another one where the suites are the same. */
static enum status
shows_another(struct tls_talk *talk, bool *differs)
{
	size_t seen = talk->seen_count;
	uint16_t version = tls_highest_before_13(talk);

	if (version < TLS_1_0)
		TRY(tls_shake_hands(talk, NULL));
	else {
		struct tls_offer offer = {.version = version,
		    .suites = tls_spoken_in(talk, version)->suites,
		    .count = tls_spoken_in(talk, version)->count};
		struct tls_answer answer;
		int64_t exchange;

		TRY(tls_try(talk, &offer, &answer, &exchange));
		if (answer.type == TLS_HELLO)
			TRY(tls_add_chain(talk, answer.chain, answer.chain_count, exchange));
	}
	*differs = *differs || talk->seen_count > seen;
	return STATUS_OK;
}

static enum status
try_versions(struct tls_talk *talk, bool *differs)
{
	for (uint16_t version = TLS_1_3; version >= TLS_1_0 && !*differs; version--) {
		bool senseless = false;

		TRY(takes_more(talk, version, differs, &senseless));
		if (!senseless)
			continue;
		outcome_lack(talk->job, &talk->offers,
		    "port %u: no sensible answer to a %s hello that tells a name", talk->port,
		    tls_version_name(version));
		return STATUS_OK;
	}
	return *differs ? STATUS_OK : shows_another(talk, differs);
}

enum status
tls_try_name(struct tls_talk *talk, const char *name, bool *differs)
{
	enum status status;

	*differs = false;
	talk->server_name = name;
	status = try_versions(talk, differs);
	talk->server_name = NULL;
	return status;
}
