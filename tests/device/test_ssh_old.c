/* A server of SSH-1 is one with whom nobody should speak: it must be seen. */
#include "tests/support/support.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/probe.h"
#include "device/ssh_client.h"
#include "tests/support/scripted_unit.h"
#include "tests/support/ssh_server.h"

extern const struct probe probe_ssh;

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

static size_t
count_of(const struct fact_list *facts, enum fact_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->count; i++)
		count += facts->facts[i].kind == kind;
	return count;
}

static const struct looked_fact *
looked_of(const struct fact_list *facts, const char *kind)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_looked &&
		    strcmp(facts->facts[i].as.looked.kind, kind) == 0)
			return &facts->facts[i].as.looked;
	return NULL;
}

static bool
offers(const struct fact_list *facts, const char *class, const char *name)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_ssh_offer &&
		    strcmp(facts->facts[i].as.ssh_offer.class, class) == 0 &&
		    strcmp(facts->facts[i].as.ssh_offer.name, name) == 0)
			return true;
	return false;
}

static void
probe(struct scripted_unit *unit, struct fact_list *facts)
{
	struct evidence evidence = evidence_to_list(facts);
	struct target target;

	*facts = (struct fact_list){0};
	evidence.source = "ssh";
	unit_start(unit, &target);
	target_add_service(&target, &(struct service){.port = 22, .name = "ssh"});
	assert_ok(job, probe_ssh.talk(job, &target, &evidence));
	unit_stop(unit, &target);
}

/* ---- SSH-1 ---- */

static struct span
old_packet(void)
{
	struct text body = text_new(job), packet = text_new(job);
	uint8_t number[128] = {0xc0};

	put_u8(&body, 2);
	text_put_bytes(&body, "cookie!!", 8);
	ssh_put_u32(&body, 768);
	text_put_bytes(&body, "\0\6\x23\3\0", 5);
	text_put_bytes(&body, number, 96);
	ssh_put_u32(&body, 1024);
	text_put_bytes(&body, "\0\6\x23\4\0", 5);
	text_put_bytes(&body, number, 128);
	ssh_put_u32(&body, 0);
	ssh_put_u32(&body, 1u << 3 | 1u << 6);
	ssh_put_u32(&body, 1u << 2 | 1u << 3);
	ssh_put_u32(&body, 0x12345678);
	ssh_put_u32(&packet, (uint32_t)body.size);
	text_put_bytes(&packet, "\0\0\0\0\0\0\0\0", 8 - body.size % 8);
	text_put_bytes(&packet, body.at, body.size);
	return (struct span){(const uint8_t *)packet.at, packet.size};
}

static void
an_old_server_shows_its_key_and_its_ciphers(void **state)
{
	struct span packet = old_packet();
	struct ssh_old old;

	(void)state;
	assert_ok(job, ssh_read_old(job, packet, &old));
	assert_int_equal(ssh_bits(old.modulus), 1024);
	assert_int_equal(old.ciphers, 1u << 3 | 1u << 6);
	assert_string_equal(ssh_old_cipher(3), "3des");
	assert_string_equal(ssh_old_way(SSH_OLD_PASSWORD), "password");
	for (size_t size = 0; size < packet.size; size++) {
		uint8_t *cut = arena_allocate(job, size);

		memcpy(cut, packet.at, size);
		assert_int_equal(
		    ssh_read_old(job, (struct span){cut, size}, &old), STATUS_MALFORMED);
	}
	for (size_t bit = 0; bit < packet.size * 8; bit++) {
		uint8_t *copy = arena_allocate(job, packet.size);

		memcpy(copy, packet.at, packet.size);
		copy[bit / 8] = (uint8_t)(copy[bit / 8] ^ (1u << (bit % 8)));
		(void)ssh_read_old(job, (struct span){copy, packet.size}, &old);
	}
}

struct old_server {
	const char *banner;
	struct span packet;
};

static void
serve_old(void *context, int socket, unsigned number)
{
	const struct old_server *server = context;
	char line[64];

	(void)number;
	unit_say_text(socket, server->banner);
	unit_hear(socket, line, sizeof line, "\n");
	if (strncmp(line, "SSH-1", 5) == 0)
		unit_say(socket, server->packet.at, server->packet.size);
}

static void
a_server_of_the_old_protocol_is_found_out(void **state)
{
	struct old_server server = {"SSH-1.5-1.2.27\n", old_packet()};
	struct scripted_unit unit = {.serve = serve_old, .context = &server};
	struct fact_list facts;

	(void)state;
	probe(&unit, &facts);
	assert_true(offers(&facts, "protocol", "SSH-1.5"));
	assert_true(offers(&facts, "cipher", "ssh1-3des"));
	assert_true(offers(&facts, "auth", "ssh1-password"));
	assert_int_equal(count_of(&facts, FACT_key), 1);
	assert_int_equal(count_of(&facts, FACT_login_service), 1);
	assert_int_equal(looked_of(&facts, "key")->complete, 1);
	server.packet.size = 0; /* it says so, and gives nothing */
	probe(&unit, &facts);
	assert_int_equal(count_of(&facts, FACT_key), 0);
	assert_int_equal(looked_of(&facts, "key")->complete, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		an_old_server_shows_its_key_and_its_ciphers, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_server_of_the_old_protocol_is_found_out, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
