/* A broker is believed where its packets are whole: who is let in, and what he is shown. */
#include "tests/support/support.h"

#include <string.h>
#include <sys/socket.h>

#include "base/text.h"
#include "device/login.h"
#include "device/mqtt_client.h"
#include "device/probe.h"
#include "tests/support/datagram_unit.h"

extern const struct probe probe_mqtt;

/* ---- bytes ---- */

static const uint8_t publish[] = {
    0x31, 0x0c, 0, 5, 'c', 'a', 'm', '/', '1', 'h', 'e', 'l', 'l', 'o'};

static void
read_mutilated(struct job *job, struct span part, bool cut)
{
	struct mqtt_packet packet;
	struct span topic, codes;
	size_t size;
	bool taken = mqtt_take(part, &packet, &size);

	(void)job;
	assert_false(cut && taken);
	if (!taken) {
		assert_true(size == 0 || size == SIZE_MAX);
		return;
	}
	assert_true(size <= part.size);
	if (mqtt_read_topic(&packet, &topic))
		assert_true(topic.size <= packet.body.size);
	if (mqtt_read_suback(MQTT_5, &packet, &codes))
		assert_true(codes.size <= packet.body.size);
}

static void
packets_are_taken_whole_or_not_at_all(void **state)
{
	struct mqtt_packet packet;
	struct span topic;
	size_t size;

	assert_true(mqtt_take((struct span){publish, sizeof publish}, &packet, &size));
	assert_int_equal(size, sizeof publish);
	assert_true(mqtt_read_topic(&packet, &topic));
	assert_true(span_equal(topic, span_of_string("cam/1")));
	unit_mutilate(*state, (struct span){publish, sizeof publish}, read_mutilated);
}

static void
lengths_without_end_or_too_long_are_refused(void **state)
{
	static const uint8_t endless[] = {0x30, 0xff, 0xff, 0xff, 0xff, 0x01},
			     long_one[] = {0x30, 0xff, 0xff, 0xff, 0x7f},
			     liar[] = {0x30, 3, 0, 200, 'x'};
	struct mqtt_packet packet;
	struct span topic;
	size_t size;

	(void)state;
	assert_false(mqtt_take((struct span){endless, sizeof endless}, &packet, &size));
	assert_true(size == SIZE_MAX);
	assert_false(mqtt_take((struct span){long_one, sizeof long_one}, &packet, &size));
	assert_true(size == SIZE_MAX);
	assert_true(mqtt_take((struct span){liar, sizeof liar}, &packet, &size));
	assert_false(mqtt_read_topic(&packet, &topic));
}

static void
properties_of_a_suback_are_passed_over(void **state)
{
	static const uint8_t body[] = {0, 1, 2, 9, 9, 0, 0x87}, beyond[] = {0, 1, 200, 1};
	struct mqtt_packet packet = {.type = MQTT_SUBACK, .body = {body, sizeof body}};
	struct span codes;

	(void)state;
	assert_true(mqtt_read_suback(MQTT_5, &packet, &codes));
	assert_int_equal(codes.size, 2);
	assert_int_equal(codes.at[1], 0x87);
	packet.body = (struct span){beyond, sizeof beyond};
	assert_false(mqtt_read_suback(MQTT_5, &packet, &codes));
}

static void
connect_is_written_as_the_standard_says(void **state)
{
	static const uint8_t wanted[] = {0x10, 0x1a, 0, 4, 'M', 'Q', 'T', 'T', 5, 0xc2, 0, 30, 0, 0,
	    1, 'x', 0, 4, 'u', 's', 'e', 'r', 0, 4, 'p', 'a', 's', 's'};
	struct job *job = *state;
	struct span packet;

	assert_ok(job, mqtt_write_connect(job, MQTT_5, "x", "user", "pass", &packet));
	assert_int_equal(packet.size, sizeof wanted);
	assert_memory_equal(packet.at, wanted, sizeof wanted);
}

/* ---- brokers ---- */

enum temper {
	OPEN,
	OPEN_BUT_MUTE,
	OPEN_TO_MORE,
	LOCKED,
	FIVE_ONLY,
	BUSY,
	HANGS_UP,
	FLOOD,
	ENDLESS,
	SHORT
};

static void
welcome(int socket, unsigned version, unsigned code)
{
	const uint8_t four[] = {0x20, 2, 0, (uint8_t)code}, five[] = {0x20, 3, 0, (uint8_t)code, 0};

	if (version == 5)
		unit_say(socket, five, sizeof five);
	else
		unit_say(socket, four, sizeof four);
}

static void
show_topics(enum temper temper, int socket, unsigned version)
{
	const uint8_t grants[2] = {temper == OPEN ? 0 : 0x80, temper == OPEN ? 0 : 0x80};
	const uint8_t four[] = {0x90, 4, 0, 1, grants[0], grants[1]},
		      five[] = {0x90, 5, 0, 1, 0, grants[0], grants[1]};

	if (version == 5)
		unit_say(socket, five, sizeof five);
	else
		unit_say(socket, four, sizeof four);
	if (temper == OPEN)
		unit_say(socket, publish, sizeof publish);
}

static void
misbehave(enum temper temper, int socket)
{
	if (temper == FLOOD)
		for (unsigned i = 0; i < 100000; i++)
			unit_say(socket, publish, sizeof publish);
	if (temper == ENDLESS)
		unit_say(socket, "\x20\xff\xff\xff\xff\xff", 6);
	if (temper == SHORT)
		unit_say(socket, "\x20\x02\x00", 3);
}

/* Right is the pair admin and secret. */
static void
serve_broker(void *context, int socket, unsigned number)
{
	enum temper temper = *(const enum temper *)context;
	uint8_t packet[1024] = {0};
	ssize_t size = recv(socket, packet, sizeof packet, 0);
	unsigned version = packet[8];
	bool right = size > 10 && memmem(packet, (size_t)size, "\0\5admin\0\6secret", 15) != NULL;

	(void)number;
	if (temper == OPEN_TO_MORE && (packet[9] & 0x80) != 0)
		welcome(socket, version, right ? 0 : version == 5 ? 0x87 : 5);
	else if (temper <= OPEN_TO_MORE)
		welcome(socket, version, 0);
	else if (temper == LOCKED)
		welcome(socket, version, right ? 0 : version == 5 ? 0x87 : 5);
	else if (temper == FIVE_ONLY)
		welcome(socket, version, version != 5 ? 1 : right ? 0 : 0x86);
	else if (temper == BUSY)
		welcome(socket, version, version == 5 ? 0x89 : 3);
	misbehave(temper, socket);
	if (temper > OPEN_TO_MORE)
		return;
	if (recv(socket, packet, sizeof packet, 0) <= 0)
		return;
	show_topics(temper, socket, version);
	while (recv(socket, packet, sizeof packet, 0) > 0)
		continue;
}

static void
run(struct job *job, enum temper temper, enum intrusion granted, struct fact_list *facts,
    struct target *target)
{
	struct scripted_unit unit = {.serve = serve_broker, .context = &temper};
	struct evidence evidence = evidence_to_list(facts);

	*facts = (struct fact_list){0};
	unit_start(&unit, target);
	target->granted = granted;
	target->services[target->service_count++] = (struct service){.port = 1883, .name = "mqtt"};
	evidence.source = "mqtt";
	assert_ok(job, probe_mqtt.talk(job, target, &evidence));
	unit_stop(&unit, target);
}

static const struct resource_fact *
resource_of(const struct fact_list *facts, const char *name)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_resource &&
		    strcmp(facts->facts[i].as.resource.name, name) == 0)
			return &facts->facts[i].as.resource;
	return NULL;
}

static int64_t
is_complete(const struct fact_list *facts)
{
	return facts->facts[facts->count - 1].as.looked.complete;
}

static void
an_open_broker_shows_its_topics_and_not_what_they_say(void **state)
{
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	run(job, OPEN, INTRUSION_LOGIN, &facts, &target);
	assert_int_equal(resource_of(&facts, "#")->needs_login, 0);
	assert_string_equal(resource_of(&facts, "#")->detail, "1 messages in 2 s: cam/1");
	assert_int_equal(resource_of(&facts, "$SYS/#")->needs_login, 0);
	assert_null(resource_of(&facts, "CONNECT")->access);
	assert_int_equal(target.login_count, 0);
	assert_int_equal(is_complete(&facts), 1);
}

static void
a_broker_that_lets_in_and_shows_nothing_is_told_apart(void **state)
{
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	run(job, OPEN_BUT_MUTE, INTRUSION_OBSERVE, &facts, &target);
	assert_int_equal(resource_of(&facts, "CONNECT")->needs_login, 0);
	assert_int_equal(resource_of(&facts, "#")->needs_login, 1);
}

/* Strangers are let in, and users have passwords all the same. */
static void
users_of_an_open_broker_are_found_at_level_login(void **state)
{
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	run(job, OPEN_TO_MORE, INTRUSION_OBSERVE, &facts, &target);
	assert_int_equal(target.login_count, 0);
	assert_non_null(target.logins_lack);
	run(job, OPEN_TO_MORE, INTRUSION_LOGIN, &facts, &target);
	assert_int_equal(target.login_count, 1);
	assert_true(target.logins[0].recognised);
	/* whatever is said opens it, and something is kept back: nobody knows for whom */
	run(job, OPEN_BUT_MUTE, INTRUSION_LOGIN, &facts, &target);
	assert_int_equal(target.login_count, 1);
	assert_false(target.logins[0].recognised);
}

static void
try_pair(struct job *job, enum temper temper, const char *password, enum login_answer wanted)
{
	struct scripted_unit unit = {.serve = serve_broker, .context = &temper};
	struct login login = {.port = 1883, .protocol = "mqtt", .recognised = true};
	struct login_result result;
	struct target target;

	unit_start(&unit, &target);
	assert_ok(job, login_try(job, &target, &login, "admin", password, NULL, &result));
	assert_int_equal(result.answer, wanted);
	unit_stop(&unit, &target);
}

static void
a_locked_broker_asks_for_a_pair_by_either_version(void **state)
{
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	for (enum temper temper = LOCKED; temper <= FIVE_ONLY; temper++) {
		run(job, temper, INTRUSION_OBSERVE, &facts, &target);
		assert_int_equal(target.login_count, 1);
		assert_string_equal(target.logins[0].scheme, "password");
		assert_int_equal(resource_of(&facts, "#")->needs_login, 1);
		assert_int_equal(is_complete(&facts), 1);
		try_pair(job, temper, "wrong", LOGIN_REFUSED);
		try_pair(job, temper, "secret", LOGIN_ACCEPTED);
	}
	try_pair(job, BUSY, "secret", LOGIN_UNSURE);
}

static void
strange_brokers_leave_the_look_incomplete(void **state)
{
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	for (enum temper temper = BUSY; temper <= SHORT; temper++) {
		run(job, temper, INTRUSION_OBSERVE, &facts, &target);
		assert_int_equal(facts.count, 2);
		assert_int_equal(is_complete(&facts), 0);
		assert_non_null(target.logins_lack);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		packets_are_taken_whole_or_not_at_all, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		lengths_without_end_or_too_long_are_refused, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		properties_of_a_suback_are_passed_over, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		connect_is_written_as_the_standard_says, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_open_broker_shows_its_topics_and_not_what_they_say, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_broker_that_lets_in_and_shows_nothing_is_told_apart, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		users_of_an_open_broker_are_found_at_level_login, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_locked_broker_asks_for_a_pair_by_either_version, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		strange_brokers_leave_the_look_incomplete, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
