/* A server of streams that lies about its paths opens no stream, and hides none. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/login.h"
#include "device/probe.h"
#include "device/rtsp_play.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_rtsp, probe_rtsp_login;

static struct job *job;

static int
set_up(void **state)
{
	(void)state;
	job = job_new((size_t)256 << 20);
	return job == NULL;
}

static int
tear_down(void **state)
{
	(void)state;
	job_free(job);
	return 0;
}

static const char description[] =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=Session\r\nt=0 0\r\n"
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\nm=audio 0 RTP/SAVP 0\r\n";

/* ---- descriptions ---- */

static void
a_description_names_its_media(void **state)
{
	struct sdp sdp;
	bool found;

	(void)state;
	assert_int_equal(sdp_read(job, span_of_string(description), &sdp, &found), STATUS_OK);
	assert_true(found);
	assert_int_equal(sdp.count, 2);
	assert_string_equal(sdp_words(job, &sdp), "video RTP/AVP, audio RTP/SAVP");
}

static void
what_names_no_media_is_no_description(void **state)
{
	static const char *const bodies[] = {"", "v=0\r\n", "<html>m=video 0 RTP/AVP 96</html>",
	    "m=video 0 RTP/AVP 96\r\n", "v=0\r\nm=", "v=0\r\n m=video 0 RTP/AVP 1\r\n"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
		struct sdp sdp;
		bool found = true;

		assert_int_equal(sdp_read(job, span_of_string(bodies[i]), &sdp, &found), STATUS_OK);
		assert_false(found);
	}
}

static void
a_description_cut_or_flipped_anywhere_is_read_within_bounds(void **state)
{
	size_t whole = strlen(description);

	(void)state;
	for (size_t size = 0; size <= whole; size++)
		for (unsigned bit = 0; bit < 8; bit++) {
			struct arena_mark mark = arena_mark(job->arena);
			uint8_t *cut = arena_allocate(job, size);
			struct sdp sdp;
			bool found;

			memcpy(cut, description, size);
			if (size > 0)
				cut[size * 7 % size] ^= (uint8_t)(1u << bit);
			assert_int_equal(
			    sdp_read(job, (struct span){cut, size}, &sdp, &found), STATUS_OK);
			assert_true(sdp.count <= SDP_MEDIA_MAX);
			arena_release(job->arena, mark);
		}
}

static void
a_thousand_media_are_as_many_as_are_kept(void **state)
{
	struct text out = text_new(job);
	struct sdp sdp;
	bool found;

	(void)state;
	text_put(&out, "v=0\n");
	for (unsigned i = 0; i < 2000; i++)
		text_put(&out, "m=video 0 RTP/AVP 96\n");
	assert_int_equal(sdp_read(job, span_of_string(out.at), &sdp, &found), STATUS_OK);
	assert_int_equal(sdp.count, SDP_MEDIA_MAX);
}

/* ---- servers ---- */

/* How a scripted server answers a description. */
struct script {
	const char *open_path; /* described to anybody; NULL: none; "*": every path */
	const char *guarded;   /* asks for a log-in; NULL: none; "*": every other path */
	const char *otherwise; /* status line of the rest */
	bool hangs_up;
	bool no_length;
	unsigned names; /* how often somebody gave a name */
	/* of a session */
	const char *setup; /* status line; NULL: it is set up, where there is something */
	const char *play;  /* the same of PLAY */
	bool sends;
	const char *transport; /* NULL: as asked for */
	unsigned set_up, torn_down;
};

/* Packets of RTP, and of its control, before the answer and after it. */
static void
send_packets(int socket)
{
	uint8_t media[4 + 12 + 100] = {'$', 0, 0, 112, 0x80, 26, 0, 1};
	static const uint8_t control[] = {'$', 1, 0, 8, 0x80, 200, 0, 1, 1, 2, 3, 4};

	unit_say(socket, control, sizeof control);
	for (unsigned i = 0; i < 4; i++) {
		media[7] = (uint8_t)i;
		unit_say(socket, media, sizeof media);
	}
}

static const char refused[] = "RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\n"
			      "WWW-Authenticate: Basic realm=\"Login to 3L09876PAZ12345\"\r\n\r\n";

/* SETUP, PLAY, TEARDOWN; false: it is another request. */
static bool
answer_session(struct script *script, int socket, const char *request, bool there)
{
	bool knows = strstr(request, "YWRtaW46YWRtaW4=") != NULL;

	if (strncmp(request, "TEARDOWN", 8) == 0) {
		script->torn_down++;
		unit_say_text(socket, "RTSP/1.0 200 OK\r\nCSeq: 9\r\n\r\n");
	} else if (strncmp(request, "SETUP", 5) == 0 && script->setup != NULL && !knows) {
		unit_say_text(socket, script->setup);
	} else if (strncmp(request, "SETUP", 5) == 0 && !there) {
		unit_say_text(socket, script->otherwise);
	} else if (strncmp(request, "SETUP", 5) == 0) {
		assert_non_null(strstr(request, "Transport: RTP/"));
		script->set_up++;
		unit_say_text(socket, "RTSP/1.0 200 OK\r\nSession: abc;timeout=60\r\nTransport: ");
		unit_say_text(socket,
		    script->transport != NULL ? script->transport : "RTP/AVP/TCP;interleaved=0-1");
		unit_say_text(socket, "\r\n\r\n");
	} else if (strncmp(request, "PLAY", 4) == 0) {
		assert_non_null(strstr(request, "Session: abc\r\n"));
		if (script->sends)
			send_packets(socket);
		unit_say_text(socket, script->play != NULL && !knows
					  ? script->play
					  : "RTSP/1.0 200 OK\r\nCSeq: 8\r\n\r\n");
		if (script->sends)
			send_packets(socket);
	} else {
		return false;
	}
	return true;
}

static void
answer(struct script *script, int socket, const char *request)
{
	const char *path = strstr(request, ":554"), *end;
	char head[512];
	bool describe = strncmp(request, "DESCRIBE", 8) == 0;
	size_t size;

	path = path == NULL ? "" : path + 4;
	end = strchr(path, ' ');
	size = end == NULL ? 0 : (size_t)(end - path);
#define IS(word)                                                                                   \
	((word) != NULL &&                                                                         \
	    (strcmp(word, "*") == 0 || (strlen(word) == size && strncmp(path, word, size) == 0)))
#define BEGINS(word)                                                                               \
	((word) != NULL && (strcmp(word, "*") == 0 || strncmp(path, word, strlen(word)) == 0))
	if (answer_session(
		script, socket, request, BEGINS(script->open_path) || BEGINS(script->guarded)))
		return;
	if (!describe)
		unit_say_text(socket, "RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: Rtsp/3.1\r\n\r\n");
	else if (IS(script->open_path) || strstr(request, "YWRtaW46YWRtaW4=") != NULL) {
		snprintf(head, sizeof head, "RTSP/1.0 200 OK\r\nContent-Length: %zu\r\n\r\n",
		    strlen(description));
		unit_say_text(socket,
		    script->no_length ? "RTSP/1.0 200 OK\r\nContent-Type: application/sdp\r\n\r\n"
				      : head);
		unit_say_text(socket, description);
	} else if (IS(script->guarded))
		unit_say_text(socket,
		    "RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\n"
		    "WWW-Authenticate: Basic realm=\"Login to 3L09876PAZ12345\"\r\n\r\n");
	else
		unit_say_text(socket, script->otherwise);
#undef IS
#undef BEGINS
}

static void
serve(void *context, int socket, unsigned number)
{
	struct script *script = context;
	char request[4096];

	(void)number;
	while (unit_hear(socket, request, sizeof request, "\r\n\r\n") > 0) {
		script->names += strstr(request, "Authorization:") != NULL;
		answer(script, socket, request);
		if (script->hangs_up)
			return;
	}
}

/* What became of the script the last probe talked to. */
static struct script copy;

/* Runs the probe against the script. */
static struct fact_list
probe(const struct script *script, struct target *target, struct scripted_unit *unit)
{
	struct service service = {.port = 554, .name = "rtsp"};
	struct fact_list list = {0};
	struct evidence evidence = evidence_to_list(&list);

	copy = *script;
	*unit = (struct scripted_unit){.serve = serve, .context = &copy};
	unit_start(unit, target);
	target_add_service(target, &service);
	evidence.source = "rtsp";
	assert_int_equal(probe_rtsp.talk(job, target, &evidence), STATUS_OK);
	return list;
}

static const struct fact *
find(const struct fact_list *list, enum fact_kind kind, size_t number)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->facts[i].kind == kind && number-- == 0)
			return &list->facts[i];
	return NULL;
}

static const char not_found[] = "RTSP/1.0 404 Not Found\r\nCSeq: 2\r\n\r\n";

static void
a_stream_without_a_log_in_is_found_among_the_usual_paths(void **state)
{
	const struct script scripts[] = {
	    {.open_path = "/live/ch0", .otherwise = not_found, .sends = true},
	    {.open_path = "/live/ch0", .otherwise = not_found, .sends = true, .hangs_up = true},
	    {.open_path = "/live/ch0", .otherwise = not_found, .sends = true, .no_length = true}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(scripts); i++) {
		struct scripted_unit unit;
		struct target target;
		struct fact_list list = probe(&scripts[i], &target, &unit);
		const struct fact *stream = find(&list, FACT_resource, 0);

		assert_non_null(stream);
		assert_string_equal(stream->as.resource.name, "/live/ch0");
		assert_string_equal(stream->as.resource.access, "stream");
		/* who hangs up on a session plays nothing */
		assert_int_equal(
		    stream->as.resource.needs_login, scripts[i].hangs_up ? UNKNOWN : 0);
		assert_string_equal(stream->as.resource.detail,
		    scripts[i].hangs_up
			? "video RTP/AVP, audio RTP/SAVP; described, not played: PLAY "
			  "without an answer"
			: "video RTP/AVP, audio RTP/SAVP; media came");
		assert_null(find(&list, FACT_resource, 1));
		assert_string_equal(find(&list, FACT_disclosure, 0)->as.disclosure.type, "version");
		assert_int_equal(find(&list, FACT_looked, 0)->as.looked.complete, 1);
		unit_stop(&unit, &target);
	}
}

static void
one_path_left_open_among_guarded_ones_is_found(void **state)
{
	const struct script script = {.open_path = "/onvif2",
	    .guarded = "*",
	    .otherwise = not_found,
	    .setup = refused,
	    .sends = true};
	struct scripted_unit unit;
	struct target target;
	struct fact_list list = probe(&script, &target, &unit);

	(void)state;
	assert_string_equal(find(&list, FACT_resource, 0)->as.resource.name, "any path");
	assert_int_equal(find(&list, FACT_resource, 0)->as.resource.needs_login, 1);
	assert_string_equal(find(&list, FACT_resource, 1)->as.resource.name, "/onvif2");
	/* described, and then refused: no picture came to a stranger */
	assert_int_equal(find(&list, FACT_resource, 1)->as.resource.needs_login, 1);
	assert_string_equal(find(&list, FACT_resource, 1)->as.resource.detail,
	    "video RTP/AVP, audio RTP/SAVP; described, not played: SETUP 401");
	assert_null(find(&list, FACT_resource, 2));
	assert_int_equal(find(&list, FACT_looked, 0)->as.looked.complete, 1);
	assert_int_equal(target.login_count, 1);
	assert_string_equal(
	    find(&list, FACT_disclosure, 2)->as.disclosure.value, "3L09876PAZ12345");
	unit_stop(&unit, &target);
}

static void
a_stream_at_every_path_is_one_stream(void **state)
{
	const struct script script = {.open_path = "*", .otherwise = not_found};
	struct scripted_unit unit;
	struct target target;
	struct fact_list list = probe(&script, &target, &unit);

	(void)state;
	assert_string_equal(find(&list, FACT_resource, 0)->as.resource.name, "any path");
	assert_int_equal(find(&list, FACT_resource, 0)->as.resource.needs_login, 0);
	assert_null(find(&list, FACT_resource, 1));
	unit_stop(&unit, &target);
}

static void
yes_to_every_path_without_media_is_no_stream_and_proves_nothing(void **state)
{
	static const char *const lies[] = {"RTSP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nOK",
	    "RTSP/1.0 200 OK\r\n\r\n", not_found, "RTSP/1.0 500 Oops\r\n\r\n"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
		const struct script script = {.otherwise = lies[i]};
		struct scripted_unit unit;
		struct target target;
		struct fact_list list = probe(&script, &target, &unit);

		assert_null(find(&list, FACT_resource, 0));
		assert_int_equal(find(&list, FACT_looked, 0)->as.looked.complete, 0);
		assert_non_null(target.logins_lack);
		unit_stop(&unit, &target);
	}
}

static void
a_path_that_the_unit_told_is_asked_first(void **state)
{
	struct script script = {.open_path = "/hidden?x=1", .otherwise = not_found};
	struct service service = {.port = 554, .name = "rtsp"};
	struct scripted_unit unit = {.serve = serve, .context = &script};
	struct fact_list list = {0};
	struct evidence evidence = evidence_to_list(&list);
	struct target target;

	(void)state;
	unit_start(&unit, &target);
	target_add_service(&target, &service);
	target_add_stream(&target, 554, "/hidden?x=1");
	target_add_stream(&target, 554, "/hidden?x=1");
	target_add_stream(&target, 8554, "/other");
	assert_int_equal(target.stream_count, 2);
	evidence.source = "rtsp";
	assert_int_equal(probe_rtsp.talk(job, &target, &evidence), STATUS_OK);
	assert_string_equal(find(&list, FACT_resource, 0)->as.resource.name, "/hidden?x=1");
	unit_stop(&unit, &target);
}

static void
garbage(void *context, int socket, unsigned number)
{
	char request[4096];

	(void)number;
	if (unit_hear(socket, request, sizeof request, "\r\n\r\n") > 0)
		for (unsigned i = 0; i < 20000; i++)
			unit_say_text(socket, context);
}

static void
a_server_that_floods_or_speaks_something_else_is_left(void **state)
{
	static char flood[] = "RTSP/1.0 200 OK\r\nX: 0123456789012345678901234567890123456789\r\n",
		    noise[] = "220 welcome to the wrong protocol, dear visitor\r\n";
	char *const ways[] = {flood, noise};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct scripted_unit unit = {.serve = garbage, .context = ways[i]};
		struct service service = {.port = 554, .name = "rtsp"};
		struct fact_list list = {0};
		struct evidence evidence = evidence_to_list(&list);
		struct target target;

		unit_start(&unit, &target);
		target_add_service(&target, &service);
		evidence.source = "rtsp";
		assert_int_equal(probe_rtsp.talk(job, &target, &evidence), STATUS_OK);
		assert_null(find(&list, FACT_resource, 0));
		assert_int_equal(find(&list, FACT_looked, 0)->as.looked.complete, 0);
		unit_stop(&unit, &target);
	}
}

/* ---- sessions ---- */

static void
what_stands_first_is_a_packet_an_answer_or_noise(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		enum rtsp_item_type type;
		size_t item;
	} cases[] = {{"", 0, RTSP_MORE, 0}, {"$\0\0", 3, RTSP_MORE, 0},
	    {"$\2\0\1x$", 6, RTSP_FRAME, 5}, {"$\2\0\5x", 5, RTSP_MORE, 0},
	    {"$\0\0\0", 4, RTSP_FRAME, 4}, {"RT", 2, RTSP_MORE, 0}, {"RS", 2, RTSP_NOISE, 0},
	    {"RTSP/1.0 200 OK\r\n", 17, RTSP_MORE, 0},
	    {"RTSP/1.0 200 OK\r\n\r\n$", 20, RTSP_ANSWER, 19},
	    {"RTSP/1.0 200 OK\ncontent-Length: 2\n\nab$", 38, RTSP_ANSWER, 37},
	    {"RTSP/1.0 200 OK\nContent-length: 2\n\na", 36, RTSP_MORE, 0},
	    {"<html>", 6, RTSP_NOISE, 0}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rtsp_item item;

		rtsp_next_item(
		    (struct span){(const uint8_t *)cases[i].bytes, cases[i].size}, &item);
		assert_int_equal(item.type, cases[i].type);
		if (item.type == RTSP_FRAME || item.type == RTSP_ANSWER)
			assert_int_equal(item.size, cases[i].item);
	}
}

static void
only_a_packet_with_something_in_it_is_media(void **state)
{
	uint8_t packet[64] = {0x80, 96};
	struct span all = {packet, sizeof packet};

	(void)state;
	assert_true(rtsp_is_media(all));
	assert_false(rtsp_is_media((struct span){packet, 12}));
	assert_true(rtsp_is_media((struct span){packet, 13}));
	packet[0] = 0x81; /* a source more */
	assert_false(rtsp_is_media((struct span){packet, 16}));
	packet[0] = 0x90; /* an extension that fills it, or more than that */
	packet[15] = 12;
	assert_false(rtsp_is_media(all));
	packet[14] = packet[15] = 0xff;
	assert_false(rtsp_is_media(all));
	packet[0] = 0x40;
	assert_false(rtsp_is_media(all));
	packet[0] = 0x80;
	packet[1] = 200; /* control */
	assert_false(rtsp_is_media(all));
}

static void
what_comes_cut_or_flipped_anywhere_is_sorted_within_bounds(void **state)
{
	static const char said[] = "$\0\0\2abRTSP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx$\1\0\1y";

	(void)state;
	for (size_t size = 0; size < sizeof said; size++)
		for (unsigned flip = 0; flip < 8 * sizeof said; flip++) {
			struct arena_mark mark = arena_mark(job->arena);
			uint8_t *cut = arena_allocate(job, size);
			struct span rest = {cut, size};
			struct rtsp_item item;

			memcpy(cut, said, size);
			if (flip / 8 < size)
				cut[flip / 8] ^= (uint8_t)(1u << flip % 8);
			for (rtsp_next_item(rest, &item);
			     item.type == RTSP_FRAME || item.type == RTSP_ANSWER;
			     rtsp_next_item(rest, &item)) {
				assert_true(item.size > 0 && item.size <= rest.size);
				(void)rtsp_is_media(item.body);
				rest = span_from(rest, item.size);
			}
			arena_release(job->arena, mark);
		}
}

static void
a_track_is_where_the_description_says_and_never_elsewhere(void **state)
{
	static const struct {
		const char *base, *session, *control, *uri, *play;
	} cases[] = {
	    {NULL, NULL, NULL, "rtsp://192.0.2.1:554/a", "rtsp://192.0.2.1:554/a"},
	    {NULL, "*", "trackID=1", "rtsp://192.0.2.1:554/a/trackID=1", "rtsp://192.0.2.1:554/a"},
	    {"rtsp://192.0.2.1:554/b/", "*", "/t", "rtsp://192.0.2.1:554/b/t",
		"rtsp://192.0.2.1:554/b/"},
	    {"rtsp://10.0.0.9/b/", NULL, "t", "rtsp://192.0.2.1:554/a/t", "rtsp://192.0.2.1:554/a"},
	    {NULL, "rtsp://192.0.2.1/x", "rtsp://192.0.2.1/x/1", "rtsp://192.0.2.1/x/1",
		"rtsp://192.0.2.1/x"},
	    {NULL, "rtsp://10.0.0.9/x", "rtsp://10.0.0.9/x/1", NULL, NULL},
	    {NULL, NULL, "t 1", NULL, NULL},
	};
	struct target target = {.address = "192.0.2.1"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct http_response response = {.status = 200};
		struct sdp sdp = {.control = cases[i].session,
		    .count = 2,
		    .media = {
			{"audio", "RTP/AVP", "other"}, {"video", "RTP/AVP", cases[i].control}}};
		struct rtsp_track track;

		if (cases[i].base != NULL)
			response.headers[response.header_count++] =
			    (struct http_header){.name = "Content-Base", .value = cases[i].base};
		assert_int_equal(rtsp_find_track(job, &target, &response, &sdp,
				     "rtsp://192.0.2.1:554/a", &track),
		    cases[i].uri != NULL);
		if (cases[i].uri == NULL)
			continue;
		assert_string_equal(track.uri, cases[i].uri);
		assert_string_equal(track.session, cases[i].play);
	}
}

static void
a_description_says_where_its_media_are_set_up(void **state)
{
	static const char words[] = "v=0\na=control:*\nm=video 0 RTP/AVP 96\na=control: t1 \n"
				    "a=control:t9\nm=audio 0 RTP/AVP 0\na=control:\n";
	struct sdp sdp;
	bool found;

	(void)state;
	assert_int_equal(sdp_read(job, span_of_string(words), &sdp, &found), STATUS_OK);
	assert_string_equal(sdp.control, "*");
	assert_string_equal(sdp.media[0].control, "t1");
	assert_null(sdp.media[1].control);
}

static void
what_becomes_of_a_described_stream_is_told(void **state)
{
	static const struct {
		struct script script;
		int64_t needs_login;
		const char *detail;
		unsigned torn_down;
	} cases[] = {
	    {{.sends = true}, 0, "media came", 1},
	    {{.sends = false}, 0, "played, no media came", 1},
	    {{.sends = true, .setup = "RTSP/1.0 461 Unsupported\r\n\r\n"}, 0,
		"described, not played: not over this connection", 0},
	    {{.sends = true, .transport = "RTP/AVP;unicast;client_port=0-1"}, 0,
		"described, not played: not over this connection", 1},
	    {{.setup = "RTSP/1.0 403 No\r\n\r\n"}, 1, "described, not played: SETUP 403", 0},
	    {{.play = refused}, 1, "described, not played: PLAY 401", 1},
	    /* whatever it answers: what came is there */
	    {{.play = refused, .sends = true}, 0, "media came", 1},
	    {{.setup = "RTSP/1.0 453 Busy\r\n\r\n"}, UNKNOWN, "described, not played: SETUP 453",
		0},
	    {{.setup = "nonsense\r\n\r\n"}, UNKNOWN,
		"described, not played: SETUP without an answer", 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct script script = cases[i].script;
		struct scripted_unit unit;
		struct target target;
		struct fact_list list;
		const struct fact *stream;
		char detail[200];

		script.open_path = "/live/ch0";
		script.otherwise = not_found;
		list = probe(&script, &target, &unit);
		stream = find(&list, FACT_resource, 0);
		assert_int_equal(stream->as.resource.needs_login, cases[i].needs_login);
		snprintf(
		    detail, sizeof detail, "video RTP/AVP, audio RTP/SAVP; %s", cases[i].detail);
		assert_string_equal(stream->as.resource.detail, detail);
		unit_stop(&unit, &target);
		assert_int_equal(copy.torn_down, cases[i].torn_down);
		assert_int_equal(copy.names, 0);
	}
}

static void
a_stream_whose_description_alone_is_guarded_is_open(void **state)
{
	const struct script script = {
	    .guarded = "/live/ch0", .otherwise = not_found, .sends = true};
	struct scripted_unit unit;
	struct target target;
	struct fact_list list = probe(&script, &target, &unit);

	(void)state;
	assert_int_equal(find(&list, FACT_resource, 0)->as.resource.needs_login, 1);
	assert_string_equal(find(&list, FACT_resource, 1)->as.resource.name, "/live/ch0");
	assert_int_equal(find(&list, FACT_resource, 1)->as.resource.needs_login, 0);
	assert_string_equal(find(&list, FACT_resource, 1)->as.resource.detail,
	    "RTP/AVP; media came without a description");
	unit_stop(&unit, &target);
	assert_int_equal(copy.set_up, copy.torn_down);
}

static void
a_session_for_strangers_whose_tracks_nobody_knows_is_a_question(void **state)
{
	static const char *const answers[] = {
	    not_found, "RTSP/1.0 461 No\r\n\r\n", refused, "RTSP/1.0 455 No\r\n\r\n"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		const struct script script = {
		    .guarded = "/live/ch0", .otherwise = not_found, .setup = answers[i]};
		struct scripted_unit unit;
		struct target target;
		struct fact_list list = probe(&script, &target, &unit);

		assert_null(find(&list, FACT_resource, 1));
		assert_int_equal(find(&list, FACT_looked, 0)->as.looked.complete, i >= 2);
		unit_stop(&unit, &target);
	}
}

static void
flood_after_play(void *context, int socket, unsigned number)
{
	static const char frame[4 + 1000] = "$\1\3\350";
	char request[4096];

	(void)context;
	(void)number;
	while (unit_hear(socket, request, sizeof request, "\r\n\r\n") > 0)
		if (strncmp(request, "PLAY", 4) != 0)
			unit_say_text(socket, "RTSP/1.0 200 OK\r\nSession: 1\r\n\r\n");
		else
			for (unsigned i = 0; i < 2000; i++)
				unit_say(socket, frame, sizeof frame);
}

static void
a_flood_of_other_packets_is_left(void **state)
{
	const struct service service = {.port = 554, .name = "rtsp"};
	const struct rtsp_track track = {"rtsp://192.0.2.1/a", "rtsp://192.0.2.1/a", "RTP/AVP"};
	struct scripted_unit unit = {.serve = flood_after_play};
	struct rtsp_who stranger = {0};
	struct http_response response;
	struct rtsp_played played;
	struct target target;

	(void)state;
	unit_start(&unit, &target);
	assert_int_equal(
	    rtsp_play(job, &target, &service, &track, &stranger, &response, &played), STATUS_OK);
	assert_int_equal(played.result, RTSP_FAILED);
	unit_stop(&unit, &target);
}

/* ---- log-ins ---- */

static void
a_pair_opens_a_stream_or_does_not(void **state)
{
	static struct script script = {.guarded = "*", .otherwise = not_found, .hangs_up = true};
	static const struct {
		const char *user, *password;
		enum login_answer answer;
	} pairs[] = {{"u1", "x", LOGIN_REFUSED}, {"admin", "admin", LOGIN_ACCEPTED},
	    {"admin", "Admin", LOGIN_REFUSED}};
	struct login login = {.port = 554,
	    .protocol = "rtsp",
	    .scheme = "basic",
	    .path = "/live",
	    .recognised = true};
	struct scripted_unit unit = {.serve = serve, .context = &script};
	struct login_result control, result;
	struct target target;

	(void)state;
	unit_start(&unit, &target);
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		assert_int_equal(login_try(job, &target, &login, pairs[i].user, pairs[i].password,
				     i == 0 ? NULL : &control, &result),
		    STATUS_OK);
		assert_int_equal(result.answer, pairs[i].answer);
		if (i == 0)
			control = result;
	}
	login.scheme = "digest";
	assert_int_equal(
	    login_try(job, &target, &login, "admin", "admin", NULL, &result), STATUS_UNDECIDED);
	unit_stop(&unit, &target);
}

/* Runs the probe that logs in with these credentials at a server that guards everything. */
static struct fact_list
probe_with(const struct credential *credentials, size_t count, unsigned *names)
{
	struct script script = {.guarded = "*",
	    .otherwise = not_found,
	    .setup = refused,
	    .play = refused,
	    .sends = true};
	struct scripted_unit unit = {.serve = serve, .context = &script};
	struct login login = {.port = 554,
	    .protocol = "rtsp",
	    .scheme = "basic",
	    .path = "/live",
	    .recognised = true};
	struct fact_list list = {0};
	struct evidence evidence = evidence_to_list(&list);
	struct target target;

	unit_start(&unit, &target);
	target_add_login(&target, &login);
	target_add_stream(&target, 554, "/told");
	target.credentials = credentials;
	target.credential_count = count;
	evidence.source = "rtsp_login";
	assert_int_equal(probe_rtsp_login.talk(job, &target, &evidence), STATUS_OK);
	unit_stop(&unit, &target);
	*names = script.names;
	return list;
}

static void
who_is_let_in_sees_what_streams_carry(void **state)
{
	static const struct credential credentials[] = {{"ssh", "root", "x", NULL},
	    {NULL, "guest", "x", "user"}, {"rtsp", "admin", "admin", NULL}};
	unsigned names;
	struct fact_list list = probe_with(credentials, ARRAY_SIZE(credentials), &names);

	(void)state;
	assert_string_equal(find(&list, FACT_resource, 0)->as.resource.name, "/live");
	assert_string_equal(find(&list, FACT_resource, 1)->as.resource.name, "/told");
	assert_int_equal(find(&list, FACT_resource, 0)->as.resource.needs_login, 1);
	assert_string_equal(find(&list, FACT_resource, 0)->as.resource.detail,
	    "video RTP/AVP, audio RTP/SAVP; media came");
	assert_int_equal(find(&list, FACT_looked, 0)->as.looked.complete, 1);
	/* guest's once; the owner's twice described, set up and played; a farewell needs no name */
	assert_int_equal(names, 7);
}

static void
a_credential_that_is_refused_is_not_tried_again(void **state)
{
	static const struct credential credential = {"rtsp", "admin", "wrong", NULL};
	unsigned names;
	struct fact_list list = probe_with(&credential, 1, &names);

	(void)state;
	assert_null(find(&list, FACT_resource, 0));
	assert_int_equal(find(&list, FACT_looked, 0)->as.looked.complete, 0);
	assert_int_equal(names, 1);
}

/* ---- addresses ---- */

static void
only_the_units_own_addresses_are_followed(void **state)
{
	static const struct {
		const char *url;
		const char *path; /* NULL: not followed */
		uint16_t port;
	} urls[] = {{"http://192.0.2.1/a", "/a", 80},
	    {"HTTP://192.0.2.1:8080/a?b=c#d", "/a?b=c", 8080},
	    {"rtsp://admin:x@192.0.2.1/11", "/11", 554}, {"https://192.0.2.1", "/", 443},
	    {"http://192.0.2.10/a", NULL, 0}, {"http://192.0.2.1.example/a", NULL, 0},
	    {"http://192.0.2.1:99999/", NULL, 0}, {"http://192.0.2.1:/", NULL, 0},
	    {"http://evil@192.0.2.9/", NULL, 0}, {"http://192.0.2.9/@192.0.2.1/", NULL, 0},
	    {"ftp://192.0.2.1/", NULL, 0}, {"http://192.0.2.1/a b", NULL, 0},
	    {"http://192.0.2.1/a\r\nX: y", NULL, 0}, {"//192.0.2.1/", NULL, 0}, {"", NULL, 0}};
	struct target target = {.address = "192.0.2.1"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(urls); i++) {
		struct ask_place place;

		assert_int_equal(
		    ask_read_url(job, &target, urls[i].url, &place), urls[i].path != NULL);
		if (urls[i].path == NULL)
			continue;
		assert_string_equal(place.path, urls[i].path);
		assert_int_equal(place.port, urls[i].port);
	}
	target.address = "fe80::1%eth0";
	assert_true(ask_read_url(job, &target, "http://[fe80::1]:81/x", &(struct ask_place){0}));
	assert_false(ask_read_url(job, &target, "http://[fe80::2]:81/x", &(struct ask_place){0}));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_description_names_its_media),
	    TEST(what_names_no_media_is_no_description),
	    TEST(a_description_cut_or_flipped_anywhere_is_read_within_bounds),
	    TEST(a_thousand_media_are_as_many_as_are_kept),
	    TEST(a_stream_without_a_log_in_is_found_among_the_usual_paths),
	    TEST(one_path_left_open_among_guarded_ones_is_found),
	    TEST(a_stream_at_every_path_is_one_stream),
	    TEST(yes_to_every_path_without_media_is_no_stream_and_proves_nothing),
	    TEST(a_path_that_the_unit_told_is_asked_first),
	    TEST(a_server_that_floods_or_speaks_something_else_is_left),
	    TEST(what_stands_first_is_a_packet_an_answer_or_noise),
	    TEST(only_a_packet_with_something_in_it_is_media),
	    TEST(what_comes_cut_or_flipped_anywhere_is_sorted_within_bounds),
	    TEST(a_track_is_where_the_description_says_and_never_elsewhere),
	    TEST(a_description_says_where_its_media_are_set_up),
	    TEST(what_becomes_of_a_described_stream_is_told),
	    TEST(a_stream_whose_description_alone_is_guarded_is_open),
	    TEST(a_session_for_strangers_whose_tracks_nobody_knows_is_a_question),
	    TEST(a_flood_of_other_packets_is_left),
	    TEST(a_pair_opens_a_stream_or_does_not),
	    TEST(who_is_let_in_sees_what_streams_carry),
	    TEST(a_credential_that_is_refused_is_not_tried_again),
	    TEST(only_the_units_own_addresses_are_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
