/* A host key is taken from whatever answers a key exchange, and nothing that answers it is believed
 * further than its bytes. */
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

/* ssh-dss with small numbers: libssh cannot speak it, so no session interferes. */
static struct span
dss_blob(void)
{
	struct text blob = text_new(job);
	uint8_t number[128] = {0x80};

	ssh_put_string(&blob, "ssh-dss", 7);
	for (unsigned i = 0; i < 4; i++)
		ssh_put_string(&blob, number, sizeof number);
	return (struct span){(const uint8_t *)blob.at, blob.size};
}

static struct ssh_server
new_server(void)
{
	return (struct ssh_server){.own = job_new((size_t)64 << 20),
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
		struct ssh_server server = new_server();
		struct scripted_unit unit = {.serve = ssh_server_serve, .context = &server};
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
	static const enum ssh_manner manners[] = {
	    SSH_NO_BLOB, SSH_LONG_BLOB, SSH_FILLING, SSH_OTHER, SSH_FAREWELL};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(manners); i++) {
		struct ssh_server server = new_server();
		struct scripted_unit unit = {.serve = ssh_server_serve, .context = &server};
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
	struct ssh_server server = new_server();
	struct scripted_unit unit = {.serve = ssh_server_serve, .context = &server};
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
		struct ssh_server server = new_server();
		struct scripted_unit unit = {.serve = ssh_server_serve, .context = &server};
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
	struct ssh_server server = new_server();
	struct scripted_unit unit = {.serve = ssh_server_serve, .context = &server};
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
	struct ssh_server server = new_server();
	struct scripted_unit unit = {.serve = ssh_server_serve, .context = &server};
	struct text names = text_new(job);
	struct fact_list facts;

	(void)state;
	for (unsigned i = 0; i < 120; i++)
		text_printf(&names, "%skey-%u@example.org", i == 0 ? "" : ",", i);
	server.host_keys = names.at;
	server.manner = SSH_FAREWELL;
	probe(&unit, &facts);
	assert_int_equal(looked_of(&facts, "key")->complete, 0);
	assert_true(unit.served < 12);
	job_free(server.own);
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
	};

	return ssh_prepare(job = job_new((size_t)1 << 20)) == STATUS_OK
		   ? cmocka_run_group_tests(tests, NULL, NULL)
		   : 1;
}
