/* Who asks a group hears neighbours too; the channel lets only the unit's own words through. */
#include "device/discovery.h"
#include "device/findings.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/ask.h"
#include "device/soap.h"

#define WORDS_MAX 4000
#define WORD_MAX 400

/* Keeps datagrams until silence, their number, or the time runs out. */
static enum status
collect(struct job *job, struct channel *channel, int patience_ms, struct discovery *discovery)
{
	uint8_t *room = arena_allocate(job, DISCOVERY_DATAGRAM_SIZE);

	if (room == NULL)
		return STATUS_LIMIT;
	while (discovery->count < DISCOVERY_DATAGRAMS_MAX) {
		size_t got;
		enum status status =
		    channel_receive(job, channel, room, DISCOVERY_DATAGRAM_SIZE, patience_ms, &got);
		uint8_t *copy;

		if (fault_is_ours(status))
			return status;
		if (status != STATUS_OK) {
			/* Silence ends it; a closed port is none that answers. */
			if (status == STATUS_MALFORMED || target_time_is_up(channel->target))
				discovery->lack = arena_copy_string(job, job->reason);
			return STATUS_OK;
		}
		if (got == 0)
			return STATUS_OK;
		copy = arena_allocate(job, got);
		if (copy == NULL)
			return STATUS_LIMIT;
		memcpy(copy, room, got);
		discovery->datagrams[discovery->count++] = (struct span){copy, got};
	}
	return STATUS_OK;
}

/* What became of a question that was sent, or could not be. */
static enum status
finish(struct job *job, struct channel *channel, enum status status, int patience_ms,
    struct discovery *discovery)
{
	discovery->exchange = channel->exchange;
	if (status == STATUS_OK)
		status = collect(job, channel, patience_ms, discovery);
	else if (channel->foreign && strstr(job->reason, "unreachable") != NULL)
		discovery->no_group = true;
	else if (!fault_is_ours(status))
		discovery->lack = arena_copy_string(job, job->reason);
	channel_hang_up(job, channel);
	return fault_is_ours(status) ? status : STATUS_OK;
}

enum status
discovery_ask_unit(struct job *job, struct target *target, uint16_t port, struct span question,
    int patience_ms, struct discovery *discovery)
{
	struct channel channel;
	enum status status = channel_open_udp(job, target, port, &channel);

	*discovery = (struct discovery){0};
	if (status == STATUS_OK) {
		status = channel_send(job, &channel, question);
		/* An earlier datagram's "port unreachable" may come with this one. */
		if (status == STATUS_UNAVAILABLE && strstr(job->reason, "refused") != NULL)
			status = STATUS_OK;
	}
	return finish(job, &channel, status, patience_ms, discovery);
}

enum status
discovery_ask_group(struct job *job, struct target *target, enum dial_group group,
    struct span question, int patience_ms, struct discovery *discovery)
{
	struct channel channel;
	enum status status = channel_ask_group(job, target, group, question, &channel);

	*discovery = (struct discovery){0};
	return finish(job, &channel, status, patience_ms, discovery);
}

enum status
discovery_add_port(struct job *job, struct evidence *evidence, uint16_t port, const char *service,
    int64_t exchange)
{
	struct fact fact = fact_new(FACT_open_port);

	fact.port = port;
	fact.exchange = exchange;
	fact.as.open_port.transport = "udp";
	fact.as.open_port.status = "open";
	fact.as.open_port.service = service;
	fact.as.open_port.tls = 0;
	return evidence_add(evidence, job, &fact);
}

/* Words that dossiers have no code for are told as one they have (table 15-Intf). */
static const struct {
	const char *type, *code, *start;
} codes[] = {{"name", "hostname", ""}, {"manufacturer", "other", "manufacturer "},
    {"location", "other", "location "}, {"hardware", "other", "hardware "}};

bool
discovery_is_new(const char **list, size_t *count, size_t room, const char *word)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(list[i], word) == 0)
			return false;
	if (*count == room)
		return false;
	list[(*count)++] = word;
	return true;
}

enum status
discovery_tell(struct job *job, struct evidence *evidence, uint16_t port, int64_t exchange,
    const char *protocol, const char *type, const char *value)
{
	const struct finding finding = {job, evidence, protocol, port, exchange};

	if (value == NULL || value[0] == '\0')
		return STATUS_OK;
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		if (strcmp(codes[i].type, type) == 0)
			return finding_disclosure(&finding, codes[i].code,
			    arena_printf(job, "%s%s", codes[i].start, value));
	return finding_disclosure(&finding, type, value);
}

/* ---- WS-Discovery ---- */

const char *
ws_probe_message(struct job *job, const char *message_id, bool cameras)
{
	return arena_printf(job,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
	    "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
	    "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
	    "xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\" "
	    "xmlns:dn=\"http://www.onvif.org/ver10/network/wsdl\"><s:Header>"
	    "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>"
	    "<a:MessageID>%s</a:MessageID>"
	    "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>"
	    "<s:Body><d:Probe>%s</d:Probe></s:Body></s:Envelope>",
	    message_id, cameras ? "<d:Types>dn:NetworkVideoTransmitter</d:Types>" : "");
}

static const char *
words_of(struct job *job, const struct markup *markup, size_t match, const char *name)
{
	size_t element = markup_find(markup, match, name, MARKUP_NONE);

	return element == MARKUP_NONE ? "" : markup_text(job, markup, element, WORDS_MAX);
}

enum status
ws_read_matches(
    struct job *job, struct span datagram, struct ws_match matches[WS_MATCHES_MAX], size_t *count)
{
	struct soap_answer answer;
	size_t match = MARKUP_NONE;

	*count = 0;
	TRY(soap_read(job, datagram, &answer));
	if (strcmp(answer.markup.elements[answer.body].name, "ProbeMatches") != 0)
		return fail(job, STATUS_MALFORMED, "ws-discovery: no matches");
	while (*count < WS_MATCHES_MAX) {
		struct ws_match *found = &matches[*count];

		match = markup_find(&answer.markup, answer.body, "ProbeMatch", match);
		if (match == MARKUP_NONE)
			break;
		found->address = words_of(job, &answer.markup, match, "Address");
		found->scopes = words_of(job, &answer.markup, match, "Scopes");
		found->places = words_of(job, &answer.markup, match, "XAddrs");
		if (found->address == NULL || found->scopes == NULL || found->places == NULL)
			return STATUS_LIMIT;
		(*count)++;
	}
	return STATUS_OK;
}

static bool
read_percent(const char *at, char *byte)
{
	unsigned value = 0;

	if (at[0] != '%')
		return false;
	for (unsigned i = 1; i <= 2; i++) {
		if (!isxdigit((unsigned char)at[i]))
			return false;
		value = value * 16 + (unsigned)(isdigit((unsigned char)at[i])
						    ? at[i] - '0'
						    : (at[i] | 32) - 'a' + 10);
	}
	*byte = (char)value;
	return true;
}

const char *
list_word(struct job *job, const char **at, bool decode)
{
	const char *start = *at + strspn(*at, " \t\r\n");
	size_t size = strcspn(start, " \t\r\n");
	struct text out = text_new(job);

	*at = start + size;
	if (size == 0)
		return NULL;
	for (size_t i = 0; i < size; i++) {
		char byte = start[i];

		if (decode && read_percent(start + i, &byte))
			i += 2;
		text_put_bytes(&out, &byte, 1);
	}
	return out.failed ? NULL : text_from_bytes(job, out.at, out.size, WORD_MAX);
}
