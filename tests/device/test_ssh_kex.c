/* A host key is taken from whatever answers a key exchange, and nothing that answers it is believed
 * further than its bytes. */
#include "tests/support/support.h"

#include <string.h>

#include "base/arena.h"
#include "base/frames.h"
#include "base/text.h"
#include "device/probe.h"
#include "device/ssh_client.h"
#include "tests/support/scripted_unit.h"

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

/* ---- a server ---- */

static void
put_be(struct text *out, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		put_u8(out, (uint8_t)(value >> shift));
}

static void
put_words(struct text *out, const void *at, size_t size)
{
	put_be(out, (uint32_t)size);
	text_put_bytes(out, at, size);
}

static void
say_message(int socket, const struct text *message)
{
	struct text packet = text_new(message->job);
	size_t padding = 16 - (message->size + 5) % 8;

	put_be(&packet, (uint32_t)(message->size + padding + 1));
	put_u8(&packet, (uint8_t)padding);
	text_put_bytes(&packet, message->at, message->size);
	text_put_bytes(&packet, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", padding);
	unit_say(socket, packet.at, packet.size);
}

/* The next message of the client; false when it hung up. */
static bool
hear_message(int socket, uint8_t *type, uint8_t *payload, size_t room, size_t *size)
{
	uint8_t head[6];
	size_t rest;

	for (size_t got = 0; got < sizeof head; got++)
		if (recv(socket, head + got, 1, 0) != 1)
			return false;
	rest = ((size_t)head[2] << 8 | head[3]) - 2;
	*type = head[5];
	if (rest > room)
		return false;
	for (size_t got = 0; got < rest; got++)
		if (recv(socket, payload + got, 1, 0) != 1)
			return false;
	*size = rest - head[4];
	return true;
}

enum manner { HONEST, NO_BLOB, LONG_BLOB, FILLING, OTHER, FAREWELL, SILENT };

struct server {
	struct job *own; /* the server's thread has a job of its own */
	const char *banner;
	const char *kex;
	const char *host_keys;
	enum manner manner;
	struct span blob;
	unsigned smallest; /* prime it hands out */
	uint32_t asked[8][3];
	unsigned groups;
};

static void
say_hello(struct server *server, int socket)
{
	struct text message = text_new(server->own);
	const char *const lists[] = {server->kex, server->host_keys, "aes128-ctr,3des-cbc",
	    "aes128-ctr", "hmac-sha2-256", "hmac-sha2-256", "none", "none", "", ""};

	unit_say_text(socket, server->banner);
	put_u8(&message, 20);
	text_put_bytes(&message, "0123456789abcdef", 16);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		put_words(&message, lists[i], strlen(lists[i]));
	text_put_bytes(&message, "\0\0\0\0\0", 5);
	say_message(socket, &message);
}

static void
say_reply(struct server *server, int socket, uint8_t type)
{
	struct text message = text_new(server->own);

	put_u8(&message, type);
	if (server->manner == LONG_BLOB)
		put_be(&message, 0x7fffffff);
	else if (server->manner == HONEST)
		put_words(&message, server->blob.at, server->blob.size);
	if (server->manner == OTHER)
		message.at[0] = 99;
	if (server->manner == FAREWELL) {
		message.at[0] = 1;
		put_be(&message, 2);
		put_words(&message, "no\x1b[31m", 7);
	}
	if (server->manner != FILLING) {
		say_message(socket, &message);
		return;
	}
	message.at[0] = 2;
	for (unsigned i = 0; i < 2000; i++)
		say_message(socket, &message);
}

static bool
say_group(struct server *server, int socket, const uint8_t *request)
{
	struct text message = text_new(server->own);
	uint8_t prime[1024] = {0x80};
	uint32_t *asked = server->asked[server->groups++ % 8];
	size_t bits;

	for (size_t i = 0; i < 3; i++)
		asked[i] = (uint32_t)(request[4 * i + 2] << 8 | request[4 * i + 3]);
	bits = asked[1] > server->smallest ? asked[1] : server->smallest;
	if (bits > asked[2])
		return false;
	put_u8(&message, 31);
	put_words(&message, prime, bits / 8);
	put_words(&message, "\x02", 1);
	say_message(socket, &message);
	return true;
}

static void
serve(void *context, int socket, unsigned number)
{
	struct server *server = context;
	char line[64];
	uint8_t payload[4096], type;
	size_t size;

	(void)number;
	unit_hear(socket, line, sizeof line, "\r\n");
	say_hello(server, socket);
	while (server->manner != SILENT &&
	       hear_message(socket, &type, payload, sizeof payload, &size)) {
		if (type == 30)
			say_reply(server, socket, 31);
		else if (type == 32)
			say_reply(server, socket, 33);
		else if (type == 34 && size >= 12 && !say_group(server, socket, payload))
			return; /* it hangs up */
	}
}

/* ssh-dss with small numbers: libssh cannot speak it, so no session interferes. */
static struct span
dss_blob(void)
{
	struct text blob = text_new(job);
	uint8_t number[128] = {0x80};

	put_words(&blob, "ssh-dss", 7);
	for (unsigned i = 0; i < 4; i++)
		put_words(&blob, number, sizeof number);
	return (struct span){(const uint8_t *)blob.at, blob.size};
}

static struct server
new_server(void)
{
	return (struct server){.own = job_new((size_t)64 << 20),
	    .banner = "SSH-2.0-test\r\n",
	    .kex = "curve25519-sha256",
	    .host_keys = "ssh-dss",
	    .blob = dss_blob(),
	    .smallest = 2048};
}

/* ---- tests ---- */

static void
every_exchange_leads_to_the_host_key(void **state)
{
	static const char *const kexes[] = {"curve25519-sha256", "curve448-sha512",
	    "ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521",
	    "mlkem768x25519-sha256", "sntrup761x25519-sha512@openssh.com",
	    "diffie-hellman-group1-sha1", "diffie-hellman-group18-sha512",
	    "diffie-hellman-group-exchange-sha1"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kexes); i++) {
		struct server server = new_server();
		struct scripted_unit unit = {.serve = serve, .context = &server};
		struct ssh_exchange exchange = SSH_EXCHANGE_NEW;
		struct ssh_hello *hello = arena_allocate(job, sizeof *hello);
		enum status exchanged = STATUS_FAULT;
		struct target target;

		server.kex = kexes[i];
		unit_start(&unit, &target);
		assert_ok(job, ssh_meet(job, &target, 22, hello, &exchange, &exchanged));
		assert_ok(job, exchanged);
		assert_true(span_equal(exchange.blob, server.blob));
		unit_stop(&unit, &target);
		job_free(server.own);
	}
}

static void
an_exchange_that_leads_nowhere_is_no_key(void **state)
{
	static const enum manner manners[] = {NO_BLOB, LONG_BLOB, FILLING, OTHER, FAREWELL};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(manners); i++) {
		struct server server = new_server();
		struct scripted_unit unit = {.serve = serve, .context = &server};
		struct ssh_exchange exchange = SSH_EXCHANGE_NEW;
		struct ssh_hello *hello = arena_allocate(job, sizeof *hello);
		enum status exchanged = STATUS_OK;
		struct target target;

		server.manner = manners[i];
		unit_start(&unit, &target);
		assert_ok(job, ssh_meet(job, &target, 22, hello, &exchange, &exchanged));
		assert_true(exchanged == STATUS_MALFORMED || exchanged == STATUS_UNAVAILABLE);
		assert_int_equal(exchange.blob.size, 0);
		assert_null(strchr(job->reason, '\x1b'));
		unit_stop(&unit, &target);
		job_free(server.own);
	}
}

static void
an_exchange_nobody_knows_is_not_begun(void **state)
{
	struct server server = new_server();
	struct scripted_unit unit = {.serve = serve, .context = &server};
	struct ssh_exchange exchange = SSH_EXCHANGE_NEW;
	struct ssh_hello *hello = arena_allocate(job, sizeof *hello);
	enum status exchanged = STATUS_OK;
	struct target target;

	(void)state;
	server.kex = "vendor-kex@example.org";
	unit_start(&unit, &target);
	assert_ok(job, ssh_meet(job, &target, 22, hello, &exchange, &exchanged));
	assert_int_equal(exchanged, STATUS_UNDECIDED);
	unit_stop(&unit, &target);
	job_free(server.own);
}

static void
the_shortest_prime_comes_out(void **state)
{
	static const unsigned smallest[] = {1024, 2048, 4096};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(smallest); i++) {
		struct server server = new_server();
		struct scripted_unit unit = {.serve = serve, .context = &server};
		const struct ssh_list kexes = {
		    .count = 1, .names = {"diffie-hellman-group-exchange-sha256"}};
		struct ssh_groups groups;
		struct target target;

		server.kex = kexes.names[0];
		server.smallest = smallest[i];
		unit_start(&unit, &target);
		assert_ok(job, ssh_find_groups(job, &target, 22, &kexes, &groups));
		unit_stop(&unit, &target);
		assert_int_equal(server.groups, 3);
		assert_int_equal(server.asked[0][2], 1024);
		assert_int_equal(groups.bits[0], smallest[i]);
		assert_int_equal(groups.count, smallest[i] == 1024 ? 2 : 1);
		job_free(server.own);
	}
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

static void
keys_are_whole_where_the_log_in_is_not(void **state)
{
	struct server server = new_server();
	struct scripted_unit unit = {.serve = serve, .context = &server};
	struct fact_list facts;

	(void)state;
	server.banner = "Camera of the lobby\r\nSSH-2.0-test\r\n";
	probe(&unit, &facts);
	assert_int_equal(count_of(&facts, FACT_key), 1);
	assert_int_equal(count_of(&facts, FACT_disclosure), 2);
	assert_true(offers(&facts, "protocol", "SSH-2.0"));
	assert_true(offers(&facts, "cipher", "3des-cbc"));
	assert_int_equal(looked_of(&facts, "key")->complete, 1);
	assert_int_equal(looked_of(&facts, "login_service")->complete, 0);
	job_free(server.own);
}

static void
a_server_that_lists_keys_without_end_is_left(void **state)
{
	struct server server = new_server();
	struct scripted_unit unit = {.serve = serve, .context = &server};
	struct text names = text_new(job);
	struct fact_list facts;

	(void)state;
	for (unsigned i = 0; i < 120; i++)
		text_printf(&names, "%skey-%u@example.org", i == 0 ? "" : ",", i);
	server.host_keys = names.at;
	server.manner = FAREWELL;
	probe(&unit, &facts);
	assert_int_equal(looked_of(&facts, "key")->complete, 0);
	assert_true(unit.served < 12);
	job_free(server.own);
}

/* ---- SSH-1 ---- */

static struct span
old_packet(void)
{
	struct text body = text_new(job), packet = text_new(job);
	uint8_t number[128] = {0xc0};

	put_u8(&body, 2);
	text_put_bytes(&body, "cookie!!", 8);
	put_be(&body, 768);
	text_put_bytes(&body, "\0\6\x23\3\0", 5);
	text_put_bytes(&body, number, 96);
	put_be(&body, 1024);
	text_put_bytes(&body, "\0\6\x23\4\0", 5);
	text_put_bytes(&body, number, 128);
	put_be(&body, 0);
	put_be(&body, 1u << 3 | 1u << 6);
	put_be(&body, 1u << 2 | 1u << 3);
	put_be(&body, 0x12345678);
	put_be(&packet, (uint32_t)body.size);
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
		every_exchange_leads_to_the_host_key, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		an_exchange_that_leads_nowhere_is_no_key, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		an_exchange_nobody_knows_is_not_begun, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_shortest_prime_comes_out, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		keys_are_whole_where_the_log_in_is_not, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_server_that_lists_keys_without_end_is_left, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		an_old_server_shows_its_key_and_its_ciphers, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_server_of_the_old_protocol_is_found_out, set_up, tear_down),
	};

	return ssh_prepare(job = job_new((size_t)1 << 20)) == STATUS_OK
		   ? cmocka_run_group_tests(tests, NULL, NULL)
		   : 1;
}
