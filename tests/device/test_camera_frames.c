/* Ports for apps: a frame is read by its length, and no answer but a known one means anything. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "device/camera_frames.h"
#include "device/probe.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_dvrip;

#define CHALLENGE                                                                                  \
	"{\"error\":{\"code\":268632079},\"params\":{\"encryption\":\"Default\",\"random\":\"7\"," \
	"\"realm\":\"Login to 3L09876PAZ12345\"},\"result\":false,\"session\":9}"

static void
what_is_written_is_read_again_cut_or_flipped_within_bounds(void **state)
{
	struct job *job = *state;

	for (int kind = CAMERA_DVRIP; kind <= CAMERA_DHIP; kind++) {
		struct camera_frame frame = {.kind = (enum camera_framing)kind,
		    .session = 0x01020304,
		    .number = 7,
		    .type = 1001,
		    .body = span_of_string("{\"Ret\":100}")};
		struct camera_frame read;
		struct span bytes;
		size_t size;

		assert_ok(job, camera_frame_write(job, &frame, &bytes));
		for (size_t cut = 0; cut < bytes.size; cut++) {
			assert_true(camera_frame_read(
			    frame.kind, (struct span){bytes.at, cut}, &read, &size));
			assert_int_equal(size, 0);
		}
		assert_true(camera_frame_read(frame.kind, bytes, &read, &size));
		assert_int_equal(size, bytes.size);
		assert_int_equal(read.session, frame.session);
		assert_int_equal(read.body.size, frame.body.size);
		assert_int_equal(kind == CAMERA_DVRIP ? read.type : read.number,
		    kind == CAMERA_DVRIP ? 1001 : 7);
		for (size_t flip = 0; flip < 8 * bytes.size; flip++) {
			uint8_t *own = arena_allocate(job, bytes.size);

			memcpy(own, bytes.at, bytes.size);
			own[flip / 8] ^= (uint8_t)(1u << flip % 8);
			if (camera_frame_read(
				frame.kind, (struct span){own, bytes.size}, &read, &size))
				assert_true(size <= bytes.size &&
					    (size == 0 || read.body.size < bytes.size));
		}
	}
}

static void
an_answer_of_dvrip_means_what_its_number_says(void **state)
{
	static const struct {
		const char *body;
		enum interface_says says;
		const char *class;
	} cases[] = {{"{\"Ret\":100,\"SessionID\":\"0x00000001\"}", SAYS_IN, NULL},
	    {"{\"Ret\":106,\"SessionID\":\"0x0\"}", SAYS_REFUSED, "generic"},
	    {"{\"Ret\":203}", SAYS_REFUSED, "names_password"},
	    {"{\"Ret\":205}", SAYS_LOCKED, "locked"}, {"{\"Ret\":100}", SAYS_OTHER, NULL},
	    {"{\"Ret\":515,\"SessionID\":\"0x1\"}", SAYS_OTHER, NULL},
	    {"{\"Ret\":\"100\",\"SessionID\":\"0x1\"}", SAYS_OTHER, NULL},
	    {"{\"Ret\":true,\"SessionID\":\"0x1\"}", SAYS_OTHER, NULL},
	    {"{\"SessionID\":\"0x1\"}", SAYS_OTHER, NULL}, {"", SAYS_OTHER, NULL},
	    {"{\"Ret\":100", SAYS_OTHER, NULL}};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		enum interface_says says;
		const char *class, *session;

		assert_ok(
		    job, dvrip_read(job, span_of_string(cases[i].body), &says, &class, &session));
		assert_int_equal(says, cases[i].says);
		assert_int_equal(class != NULL, cases[i].class != NULL);
		if (class != NULL)
			assert_string_equal(class, cases[i].class);
	}
	assert_string_equal(dvrip_hash(job, ""), "tlJwpbo6");
}

/* ---- a camera ---- */

struct camera {
	enum camera_framing kind;
	const char *words; /* its answer to every log-in; NULL: a good one for admin */
	bool noise;        /* no frame at all */
	bool chatters;     /* other frames come first, without end */
	unsigned logouts;
};

static void
say(struct job *job, int socket, const struct camera *camera, unsigned type, const char *words)
{
	struct camera_frame frame = {.kind = camera->kind,
	    .session = 9,
	    .type = (uint16_t)type,
	    .body = span_of_string(words)};
	struct span bytes;

	if (camera_frame_write(job, &frame, &bytes) == STATUS_OK)
		unit_say(socket, bytes.at, bytes.size);
}

static const char *
answer_of(struct camera *camera, const struct camera_frame *frame, const char *asked)
{
	bool admin = strstr(asked, ":\"admin\"") != NULL;

	if (camera->kind == CAMERA_DVRIP && frame->type == 1002)
		camera->logouts++;
	if (strstr(asked, "global.logout") != NULL)
		camera->logouts++;
	if (camera->kind == CAMERA_DHIP && strstr(asked, "\"password\":\"\"") != NULL)
		return CHALLENGE;
	if (camera->words != NULL)
		return camera->words;
	if (camera->kind == CAMERA_DVRIP)
		return admin ? "{\"Ret\":100,\"SessionID\":\"0x00000009\"}" : "{\"Ret\":203}";
	return admin ? "{\"params\":{\"keepAliveInterval\":60},\"result\":true,\"session\":9}"
		     : "{\"error\":{\"code\":268632085},\"result\":false}";
}

static void
serve(void *context, int socket, unsigned number)
{
	struct camera *camera = context;
	struct job *job = job_new((size_t)16 << 20);
	uint8_t bytes[4096];
	size_t have = 0;

	(void)number;
	for (;;) {
		struct camera_frame frame;
		size_t size = 0;
		ssize_t got = recv(socket, bytes + have, sizeof bytes - have, 0);
		char asked[2048] = "";

		if (got <= 0)
			break;
		have += (size_t)got;
		if (camera->noise) {
			unit_say_text(socket, "220 welcome, dear visitor, to another protocol\r\n");
			continue;
		}
		if (!camera_frame_read(camera->kind, (struct span){bytes, have}, &frame, &size) ||
		    size == 0 || frame.body.size >= sizeof asked)
			continue;
		memcpy(asked, frame.body.at, frame.body.size);
		for (unsigned i = 0; camera->chatters && i < 40; i++)
			say(job, socket, camera, 7, "{}");
		if (!camera->chatters)
			say(job, socket, camera, frame.type + 1u, answer_of(camera, &frame, asked));
		have -= size;
		memmove(bytes, bytes + size, have);
	}
	job_free(job);
}

static const char *const names[] = {[CAMERA_DVRIP] = "dvrip", [CAMERA_DHIP] = "dhip"};

static enum status
try_one(struct job *job, struct camera *camera, const char *user, struct login_result *control,
    struct login_result *result)
{
	struct scripted_unit unit = {.serve = serve, .context = camera};
	struct login login = {.port = 1,
	    .recognised = true,
	    .protocol = names[camera->kind],
	    .scheme = names[camera->kind]};
	struct target target;
	enum status status;

	unit_start(&unit, &target);
	status = login_try(job, &target, &login, user, "x", control, result);
	unit_stop(&unit, &target);
	return status;
}

static void
a_pair_opens_a_camera_or_does_not_and_leaves_it(void **state)
{
	struct job *job = *state;

	for (int kind = CAMERA_DVRIP; kind <= CAMERA_DHIP; kind++) {
		struct camera camera = {.kind = (enum camera_framing)kind};
		struct login_result control, result;

		assert_ok(job, try_one(job, &camera, "nobody", NULL, &control));
		assert_int_equal(control.answer, LOGIN_REFUSED);
		assert_ok(job, try_one(job, &camera, "admin", &control, &result));
		assert_int_equal(result.answer, LOGIN_ACCEPTED);
		assert_int_equal(camera.logouts, 1);
	}
}

static void
another_answer_leaves_a_pair_undecided(void **state)
{
	static const char *const words[] = {"{}", "{\"Ret\":9}", "no", "[]", "{\"result\":true}"};
	struct job *job = *state;

	for (size_t i = 0; i < 2 * ARRAY_SIZE(words); i++) {
		struct camera camera = {
		    .kind = (enum camera_framing)(i % 2), .words = words[i / 2]};
		struct login_result control = {0}, result;

		assert_ok(job, try_one(job, &camera, "admin", &control, &result));
		assert_int_equal(result.answer, LOGIN_UNSURE);
	}
}

static void
a_lock_is_none_for_a_user_that_cannot_exist(void **state)
{
	struct camera camera = {.kind = CAMERA_DVRIP, .words = "{\"Ret\":205}"};
	struct login_result control, result;
	struct job *job = *state;

	assert_ok(job, try_one(job, &camera, "nobody", NULL, &control));
	assert_int_equal(control.answer, LOGIN_REFUSED);
	assert_ok(job, try_one(job, &camera, "admin", &control, &result));
	assert_int_equal(result.answer, LOGIN_UNSURE);
	assert_string_equal(result.error_text_class, "locked");
}

static void
noise_and_chatter_are_no_answer(void **state)
{
	struct job *job = *state;
	struct camera cameras[] = {{.kind = CAMERA_DVRIP, .noise = true},
	    {.kind = CAMERA_DHIP, .noise = true}, {.kind = CAMERA_DVRIP, .chatters = true}};

	for (size_t i = 0; i < ARRAY_SIZE(cameras); i++) {
		struct login_result result;

		assert_int_equal(
		    try_one(job, &cameras[i], "admin", NULL, &result), STATUS_MALFORMED);
	}
}

static void
each_port_is_a_log_in_and_its_realm_a_disclosure(void **state)
{
	struct job *job = *state;

	for (int kind = CAMERA_DVRIP; kind <= CAMERA_DHIP; kind++) {
		struct camera camera = {.kind = (enum camera_framing)kind};
		struct scripted_unit unit = {.serve = serve, .context = &camera};
		struct service service = {.port = 1, .name = names[kind]};
		struct fact_list facts = {0};
		struct evidence evidence = evidence_to_list(&facts);
		struct target target;

		evidence.source = "dvrip";
		unit_start(&unit, &target);
		target_add_service(&target, &service);
		assert_ok(job, probe_dvrip.talk(job, &target, &evidence));
		unit_stop(&unit, &target);
		assert_int_equal(target.login_count, 1);
		assert_true(target.logins[0].recognised);
		assert_null(target.logins_lack);
		assert_int_equal(facts.count, kind == CAMERA_DVRIP ? 3 : 5);
		if (kind == CAMERA_DHIP)
			assert_string_equal(facts.facts[1].as.disclosure.value, "3L09876PAZ12345");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	    TEST(what_is_written_is_read_again_cut_or_flipped_within_bounds),
	    TEST(an_answer_of_dvrip_means_what_its_number_says),
	    TEST(a_pair_opens_a_camera_or_does_not_and_leaves_it),
	    TEST(another_answer_leaves_a_pair_undecided),
	    TEST(a_lock_is_none_for_a_user_that_cannot_exist),
	    TEST(noise_and_chatter_are_no_answer),
	    TEST(each_port_is_a_log_in_and_its_realm_a_disclosure),
	};

	json_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
