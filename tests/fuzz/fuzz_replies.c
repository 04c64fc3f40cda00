/* What units say, as each pure parser of device/ reads it: the first byte chooses the parser, the
 * rest is what was received.  A span that points outside what was received is read, so that the
 * sanitizer sees it. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "base/text.h"
#include "device/ber.h"
#include "device/camera_frames.h"
#include "device/certificate_facts.h"
#include "device/coap_message.h"
#include "device/discovery.h"
#include "device/dns_message.h"
#include "device/dtls_hello.h"
#include "device/ftp_client.h"
#include "device/http_client.h"
#include "device/http_page.h"
#include "device/interfaces.h"
#include "device/markup.h"
#include "device/mqtt_client.h"
#include "device/recognise.h"
#include "device/rtsp_play.h"
#include "device/sip_answer.h"
#include "device/snmp_client.h"
#include "device/soap.h"
#include "device/ssdp.h"
#include "device/ssh_client.h"
#include "device/telnet_client.h"
#include "device/tftp_client.h"
#include "device/tls_hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint8_t seen;

static void
touch(struct span bytes)
{
	for (size_t i = 0; i < bytes.size; i++)
		seen ^= bytes.at[i];
}

static void
read_snmp(struct job *job, struct span said)
{
	struct snmp_answer answer;
	struct ber_item item;

	if (snmp_read(said, &answer)) {
		for (size_t i = 0; i < answer.count; i++) {
			touch(answer.bindings[i].object);
			touch(answer.bindings[i].value);
			(void)ber_oid_text(job, answer.bindings[i].object);
		}
	}
	for (struct span rest = said; ber_next(&rest, &item);)
		touch(item.value);
}

static void
read_mqtt(struct job *job, struct span said)
{
	struct mqtt_packet packet;
	struct span part;
	size_t size;
	uint8_t code;

	(void)job;
	while (mqtt_take(said, &packet, &size)) {
		if (size == 0 || size > said.size)
			abort();
		touch(packet.body);
		(void)mqtt_read_connack(&packet, &code);
		if (mqtt_read_topic(&packet, &part))
			touch(part);
		for (enum mqtt_version version = MQTT_3_1_1; version <= MQTT_5; version++)
			if (mqtt_read_suback(version, &packet, &part))
				touch(part);
		said = (struct span){said.at + size, said.size - size};
	}
}

static void
read_coap(struct job *job, struct span said)
{
	struct coap_message message;
	struct dtls_answer answer;
	struct span target;

	(void)job;
	if (coap_read(said, &message)) {
		touch(message.token);
		touch(message.payload);
	}
	while (coap_next_link(&said, &target))
		touch(target);
	dtls_read(said, &answer);
	touch(answer.cookie);
	touch(answer.hello);
}

static void
read_dns(struct job *job, struct span said)
{
	struct dns_message message;

	(void)dns_read(job, said, &message);
}

static void
read_markup(struct job *job, struct span said)
{
	struct ws_match matches[WS_MATCHES_MAX];
	struct upnp_description description;
	struct ssdp_answer ssdp;
	struct soap_answer soap;
	struct markup markup;
	size_t count;

	(void)soap_read(job, said, &soap);
	(void)ssdp_read(job, said, &ssdp);
	(void)upnp_read_description(job, said, &description);
	(void)ws_read_matches(job, said, matches, &count);
	if (markup_read(job, said, &markup) != STATUS_OK)
		return;
	for (size_t i = 0; i < markup.count && i < 16; i++) {
		touch(markup.elements[i].text);
		(void)markup_text(job, &markup, i, 256);
		(void)markup_attribute(job, &markup, i, "token", 64);
		(void)markup_text_of(job, &markup, i, "Uri", 256);
	}
}

static void
read_ftp(struct job *job, struct span said)
{
	struct ftp_reply reply;
	size_t used;

	while (ftp_read_reply(job, said, &reply, &used) == STATUS_OK && used > 0) {
		if (used > said.size)
			abort();
		touch(reply.words);
		(void)ftp_data_port(&reply);
		said = (struct span){said.at + used, said.size - used};
	}
}

static void
read_tftp(struct job *job, struct span said)
{
	struct tftp_answer answer;

	(void)tftp_read_answer(job, said, &answer);
}

static void
read_ssh(struct job *job, struct span said)
{
	struct ssh_hello hello;
	struct ssh_old old;
	struct ssh_key key;
	size_t used;
	bool whole;

	(void)ssh_read_hello(job, said, &hello, &used, &whole);
	(void)ssh_read_kexinit(job, said, &hello);
	(void)ssh_read_key(job, said, &key);
	(void)ssh_read_old(job, said, &old);
}

static void
read_http(struct job *job, struct span said)
{
	struct http_response response;
	struct http_scripts scripts;
	struct http_form form;
	const char *links[16];
	size_t count;
	bool whole;

	if (http_read_response(job, said, true, &response, &whole) == STATUS_OK && whole) {
		touch(response.body);
		(void)http_cookies(job, &response, "");
	}
	if (http_read_scripts(job, said, &scripts) == STATUS_OK)
		for (size_t i = 0; i < scripts.own_count; i++) {
			touch(scripts.own[i]);
			(void)http_script_login(scripts.own[i]);
			(void)http_script_meddles(scripts.own[i]);
		}
	(void)http_read_form(job, said, &form);
	(void)http_read_links(job, said, links, 16, &count);
	(void)http_title(job, said);
	(void)http_words(job, said);
}

static void
read_media(struct job *job, struct span said)
{
	struct sip_answer answer;
	struct rtsp_item item;
	struct sdp sdp;
	bool found;

	(void)sip_read(job, said, &answer);
	if (sdp_read(job, said, &sdp, &found) == STATUS_OK && found)
		(void)sdp_words(job, &sdp);
	for (rtsp_next_item(said, &item); item.type == RTSP_FRAME || item.type == RTSP_ANSWER;
	     rtsp_next_item(said, &item)) {
		touch(item.body);
		(void)rtsp_is_media(item.body);
		said = span_from(said, item.size);
	}
}

static void
read_telnet(struct job *job, struct span said)
{
	struct telnet telnet = {.words = text_new(job)};
	struct text reply = text_new(job);
	const char *words;

	telnet_take(&telnet, said, &reply);
	words = telnet_words(&telnet);
	if (words != NULL) {
		(void)telnet_prompt_of(words);
		(void)telnet_question_of(words);
		(void)telnet_has_refusal(words);
	}
	(void)recognise_banner(said);
	(void)recognise_only_tls(said);
}

static void
read_tls(struct job *job, struct span said)
{
	struct tls_answer answer;
	struct ssl2_answer old;
	char host[254];

	if (tls_answer_parse(job, said, true, &answer) == STATUS_OK)
		touch(answer.dh_prime);
	if (tls_flight_parse(job, said, true, &answer) == STATUS_OK)
		for (size_t i = 0; i < answer.chain_count; i++)
			certificate_host(answer.chain[i], host, sizeof host);
	certificate_host(said, host, sizeof host);
	ssl2_answer_parse(said, true, &old);
	touch(old.certificate);
}

static void
read_interfaces(struct job *job, struct span said)
{
	struct rpc2_answer answer;
	struct camera_frame frame;
	enum interface_says says;
	const char *session, *class;
	bool last_try;
	size_t size;

	(void)isapi_read(job, 401, said, &says, &last_try);
	(void)ubus_read(job, 200, said, &says, &session);
	if (rpc2_read(job, 200, said, &answer) == STATUS_OK && rpc2_can_answer(&answer))
		(void)rpc2_hash(job, &answer, "admin", "admin");
	if (camera_frame_read(CAMERA_DVRIP, said, &frame, &size) && size > 0)
		(void)dvrip_read(job, frame.body, &says, &class, &session);
	if (camera_frame_read(CAMERA_DHIP, said, &frame, &size))
		touch(frame.body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(struct job *, struct span) = {read_snmp, read_mqtt,
	    read_coap, read_dns, read_markup, read_ftp, read_tftp, read_ssh, read_http, read_media,
	    read_telnet, read_tls, read_interfaces};
	static struct job *job;
	struct arena_mark mark;
	uint8_t *own;

	if (job == NULL) {
		json_prepare();
		job = job_new((size_t)64 << 20);
	}
	if (job == NULL)
		abort();
	if (size < 2)
		return 0;
	/* A block of its own: nothing readable stands behind what was received. */
	own = malloc(size - 1);
	if (own == NULL)
		abort();
	memcpy(own, data + 1, size - 1);
	mark = arena_mark(job->arena);
	readers[data[0] % (sizeof readers / sizeof *readers)](job, (struct span){own, size - 1});
	arena_release(job->arena, mark);
	free(own);
	return 0;
}
