/* What ONVIF lets anybody ask is little; many cameras answer the rest to anybody as well. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/xml.h"
#include "device/discovery.h"
#include "device/onvif_client.h"
#include "device/onvif_facts.h"
#include "device/probe.h"

#define WS_PORT 3702
#define WS_PATIENCE_MS 1500
#define PLACES_MAX 16
#define PROFILES_MAX 4
#define USUAL_PATH "/onvif/device_service"

struct found_place {
	struct onvif_place place;
	bool told; /* by discovery */
};

struct onvif_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	struct found_place places[PLACES_MAX];
	size_t place_count;
	bool heard; /* discovery was answered */
	struct ask ask;
	struct onvif_place here, media;
	struct onvif_answer *answer;
	struct onvif_visit *visit;
};

/* ---- discovery ---- */

static void
add_place(struct onvif_talk *talk, const struct onvif_place *place, bool told)
{
	for (size_t i = 0; i < talk->place_count; i++)
		if (talk->places[i].place.port == place->port &&
		    strcmp(talk->places[i].place.path, place->path) == 0)
			return;
	if (talk->place_count == PLACES_MAX) {
		outcome_lack(talk->job, &talk->outcome, "more ONVIF services than are asked");
		return;
	}
	talk->places[talk->place_count++] = (struct found_place){.place = *place, .told = told};
}

/* Only what leads to the unit itself, at a port the scan found open. */
static bool
read_place(struct onvif_talk *talk, const char *url, struct onvif_place *place)
{
	struct ask_place found;
	const struct service *service;

	if (url == NULL || !ask_read_url(talk->job, talk->target, url, &found) ||
	    strncmp(found.scheme, "http", 4) != 0)
		return false;
	service = ask_web_service(talk->target, found.port);
	if (service == NULL)
		return false;
	*place = (struct onvif_place){.port = found.port, .tls = service->tls, .path = found.path};
	return true;
}

static enum status
take_match(struct onvif_talk *talk, const struct ws_match *match, int64_t exchange)
{
	const char *at = match->places, *url;

	TRY(discovery_tell(
	    talk->job, talk->evidence, WS_PORT, exchange, "ws-discovery", "uuid", match->address));
	TRY(onvif_tell_scopes(talk->job, talk->evidence, WS_PORT, exchange, match->scopes));
	for (unsigned i = 0; i < PLACES_MAX && (url = list_word(talk->job, &at, false)) != NULL;
	     i++) {
		struct onvif_place place;

		if (read_place(talk, url, &place))
			add_place(talk, &place, true);
	}
	return STATUS_OK;
}

static enum status
take_answers(struct onvif_talk *talk, const struct discovery *discovery)
{
	struct ws_match *matches = arena_array(talk->job, WS_MATCHES_MAX, sizeof *matches);

	if (matches == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < discovery->count; i++) {
		size_t count;
		enum status status =
		    ws_read_matches(talk->job, discovery->datagrams[i], matches, &count);

		if (fault_is_ours(status))
			return status;
		if (!talk->heard) {
			TRY(discovery_add_port(talk->job, talk->evidence, WS_PORT, "ws-discovery",
			    discovery->exchange));
			talk->heard = true;
		}
		for (size_t j = 0; status == STATUS_OK && j < count; j++)
			TRY(take_match(talk, &matches[j], discovery->exchange));
	}
	return STATUS_OK;
}

/* Some answer only the group, some only who asks for cameras: the first way that is answered will
 * do.
 */
static enum status
discover(struct onvif_talk *talk)
{
	struct discovery *discovery = arena_allocate(talk->job, sizeof *discovery);

	if (discovery == NULL)
		return STATUS_LIMIT;
	for (unsigned way = 0; way < 4 && !talk->heard; way++) {
		const char *id, *message;

		TRY(soap_message_id(talk->job, talk->target, &id));
		message = ws_probe_message(talk->job, id, way % 2 == 1);
		if (message == NULL)
			return STATUS_LIMIT;
		if (way < 2)
			TRY(discovery_ask_unit(talk->job, talk->target, WS_PORT,
			    span_of_string(message), WS_PATIENCE_MS, discovery));
		else
			TRY(discovery_ask_group(talk->job, talk->target, GROUP_WS_DISCOVERY,
			    span_of_string(message), WS_PATIENCE_MS, discovery));
		if (discovery->lack != NULL)
			outcome_lack(talk->job, &talk->outcome, "%s", discovery->lack);
		if (discovery->no_group)
			talk->outcome.note = "its group cannot be asked from here";
		TRY(take_answers(talk, discovery));
	}
	return STATUS_OK;
}

/* ---- operations ---- */

static enum status
call(struct onvif_talk *talk, const struct onvif_operation *operation)
{
	const struct onvif_place *place =
	    operation->service == ONVIF_MEDIA ? &talk->media : &talk->here;

	if (place->port != talk->ask.port) {
		ask_end(&talk->ask);
		talk->ask.port = place->port;
		talk->ask.tls = place->tls;
	}
	TRY(onvif_call(&talk->ask, place, operation, NULL, talk->answer));
	talk->visit->port = place->port;
	return onvif_judge(talk->visit, operation, talk->answer);
}

/* GetCapabilities and GetServices say where the media service is. */
static void
learn_media(struct onvif_talk *talk)
{
	struct onvif_place place;
	const char *url = onvif_media_url(talk->job, talk->answer);

	if (read_place(talk, url, &place))
		talk->media = place;
}

static enum status
ask_media(struct onvif_talk *talk, const char *token)
{
	const char *name = xml_escape(talk->job, token);
	struct onvif_operation stream = {
	    .service = ONVIF_MEDIA, .name = "GetStreamUri", .access_class = "READ_MEDIA"};
	struct onvif_operation snapshot = {
	    .service = ONVIF_MEDIA, .name = "GetSnapshotUri", .access_class = "READ_MEDIA"};

	if (name == NULL)
		return STATUS_LIMIT;
	snapshot.body = arena_printf(talk->job, "<ProfileToken>%s</ProfileToken>", name);
	stream.body = onvif_stream_body(talk->job, name);
	if (snapshot.body == NULL || stream.body == NULL)
		return STATUS_LIMIT;
	TRY(call(talk, &stream));
	return call(talk, &snapshot);
}

static enum status
ask_profiles(struct onvif_talk *talk, const char *const *tokens, size_t count)
{
	/* A unit that guards its profiles may still say where their streams are. */
	if (count == 0)
		return ask_media(talk, "Profile_1");
	for (size_t i = 0; i < count; i++)
		TRY(ask_media(talk, tokens[i]));
	return STATUS_OK;
}

static enum status
ask_operations(struct onvif_talk *talk)
{
	const char *tokens[PROFILES_MAX];
	size_t token_count = 0;

	for (size_t i = 0; i < onvif_operation_count; i++) {
		const struct onvif_operation *operation = &onvif_operations[i];

		TRY(call(talk, operation));
		if (talk->answer->result != ONVIF_ANSWERED)
			continue;
		if (strcmp(operation->name, "GetCapabilities") == 0 ||
		    strcmp(operation->name, "GetServices") == 0)
			learn_media(talk);
		if (strcmp(operation->name, "GetProfiles") == 0)
			TRY(onvif_read_profiles(
			    talk->job, talk->answer, tokens, PROFILES_MAX, &token_count));
	}
	TRY(ask_profiles(talk, tokens, token_count));
	return onvif_try_snapshots(talk->visit, &talk->ask, talk->answer);
}

/* Is there an ONVIF service at this path?  A server that asks for a password everywhere does not
 * say. */
static enum status
is_onvif(struct onvif_talk *talk, bool told, bool *yes)
{
	const char *created;

	TRY(onvif_clock(&talk->ask, &talk->here, talk->answer, &created));
	*yes = talk->answer->result == ONVIF_ANSWERED || (talk->answer->is_soap && told) ||
	       (talk->answer->is_soap && talk->answer->result == ONVIF_REFUSED) ||
	       (talk->answer->result == ONVIF_REFUSED && told);
	return STATUS_OK;
}

static enum status
visit_place(struct onvif_talk *talk, const struct found_place *found)
{
	enum status status;
	bool yes;

	talk->here = talk->media = found->place;
	TRY(ask_begin(talk->job, talk->target, talk->here.port, talk->here.tls, &talk->ask));
	*talk->visit = (struct onvif_visit){.job = talk->job,
	    .target = talk->target,
	    .evidence = talk->evidence,
	    .place = &talk->here,
	    .port = talk->here.port};
	status = is_onvif(talk, found->told, &yes);
	if (status == STATUS_OK && yes) {
		target_note_use(talk->target, talk->here.port);
		status = ask_operations(talk);
	}
	ask_end(&talk->ask);
	if (!fault_is_ours(status) && status != STATUS_OK) {
		/* What is no HTTP is no ONVIF; a service that was told and is silent was not looked
		 * at. */
		if (found->told || status != STATUS_MALFORMED)
			outcome_lack(talk->job, &talk->outcome, "%s", talk->job->reason);
		return STATUS_OK;
	}
	return status;
}

static enum status
visit_places(struct onvif_talk *talk)
{
	for (size_t i = 0; i < talk->target->service_count; i++) {
		const struct service *service =
		    ask_web_service(talk->target, talk->target->services[i].port);
		struct onvif_place place;

		if (service != &talk->target->services[i])
			continue;
		place = (struct onvif_place){
		    .port = service->port, .tls = service->tls, .path = USUAL_PATH};
		add_place(talk, &place, false);
	}
	for (size_t i = 0; i < talk->place_count; i++)
		TRY(visit_place(talk, &talk->places[i]));
	return STATUS_OK;
}

static enum status
talk_onvif(struct job *job, struct target *target, struct evidence *evidence)
{
	struct onvif_talk *talk = arena_allocate(job, sizeof *talk);

	if (talk == NULL)
		return STATUS_LIMIT;
	*talk = (struct onvif_talk){.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.lack = target_services_lack(target),
		.required = UNKNOWN,
		.tried = UNKNOWN},
	    .answer = arena_allocate(job, sizeof *talk->answer),
	    .visit = arena_allocate(job, sizeof *talk->visit)};
	if (talk->answer == NULL || talk->visit == NULL)
		return STATUS_LIMIT;
	TRY(discover(talk));
	TRY(visit_places(talk));
	if (talk->outcome.lack != NULL && target->logins_lack == NULL)
		target->logins_lack = talk->outcome.lack;
	TRY(outcome_look(job, &talk->outcome, evidence, FACT_open_port));
	TRY(outcome_look(job, &talk->outcome, evidence, FACT_resource));
	TRY(outcome_look(job, &talk->outcome, evidence, FACT_login_service));
	return outcome_look(job, &talk->outcome, evidence, FACT_disclosure);
}

const struct probe probe_onvif = {
    .name = "onvif",
    .title = "What ONVIF and WS-Discovery tell and do without a log-in",
    .source = "ONVIF Core specification section 5.12, WS-Discovery (April 2005)",
    .looks_for = {"open_port", "resource", "login_service", "disclosure"},
    .needs = "ports",
    .speaks = "ws-discovery,onvif",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 3 * 60 * 1000,
    .talk = talk_onvif,
};
