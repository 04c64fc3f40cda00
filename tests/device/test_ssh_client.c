/* An SSH server's first packet is read to its last byte, or refused. */
#include "tests/support/support.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/ssh_client.h"
#include "tests/support/scripted_unit.h"

static struct job *job;
static const char hello_file[] = "fixtures/devices/replies/ssh_hello.bin";

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

static void
a_server_names_its_algorithms(void **state)
{
	struct ssh_hello hello = {0};
	size_t used;
	bool whole;

	(void)state;
	assert_int_equal(
	    ssh_read_hello(job, unit_fixture(job, hello_file), &hello, &used, &whole), STATUS_OK);
	assert_true(whole);
	assert_true(text_starts_with(hello.banner, "SSH-2.0-OpenSSH"));
	assert_string_equal(hello.lists[0].names[0], "sntrup761x25519-sha512@openssh.com");
	assert_string_equal(hello.lists[1].names[0], "ssh-ed25519");
	assert_int_equal(hello.lists[2].count, 2);
	assert_string_equal(hello.lists[4].names[0], "hmac-sha2-256-etm@openssh.com");
}

static void
lines_before_the_identification_are_passed_over(void **state)
{
	struct span plain = unit_fixture(job, hello_file);
	struct text both = text_new(job);
	struct ssh_hello hello = {0};
	size_t used;
	bool whole;

	(void)state;
	text_put(&both, "Welcome\r\nto the camera\r\n");
	text_put_bytes(&both, plain.at, plain.size);
	assert_int_equal(ssh_read_hello(job, (struct span){(const uint8_t *)both.at, both.size},
			     &hello, &used, &whole),
	    STATUS_OK);
	assert_true(whole);
}

static void
a_hello_cut_anywhere_is_not_whole(void **state)
{
	struct span plain = unit_fixture(job, hello_file);

	(void)state;
	for (size_t size = 0; size < plain.size; size++) {
		struct arena_mark mark = arena_mark(job->arena);
		uint8_t *cut = arena_allocate(job, size);
		struct ssh_hello hello = {0};
		size_t used;
		bool whole = true;

		memcpy(cut, plain.at, size);
		assert_int_equal(
		    ssh_read_hello(job, (struct span){cut, size}, &hello, &used, &whole),
		    STATUS_OK);
		assert_false(whole);
		arena_release(job->arena, mark);
	}
}

static void
flipped_bits_are_refused_or_read_within_bounds(void **state)
{
	struct span plain = unit_fixture(job, hello_file);
	uint8_t *copy = arena_allocate(job, plain.size);

	(void)state;
	for (size_t bit = 0; bit < plain.size * 8; bit++) {
		struct arena_mark mark = arena_mark(job->arena);
		struct ssh_hello hello = {0};
		enum status status;
		size_t used;
		bool whole;

		memcpy(copy, plain.at, plain.size);
		copy[bit / 8] = (uint8_t)(copy[bit / 8] ^ (1u << (bit % 8)));
		status =
		    ssh_read_hello(job, (struct span){copy, plain.size}, &hello, &used, &whole);
		assert_true(status == STATUS_OK || status == STATUS_MALFORMED);
		for (size_t i = 0; i < SSH_LISTS; i++)
			assert_true(hello.lists[i].count <= SSH_NAMES_MAX);
		arena_release(job->arena, mark);
	}
}

static void
a_list_of_too_many_names_is_refused(void **state)
{
	struct text payload = text_new(job);
	struct ssh_hello hello = {0};

	(void)state;
	text_put_bytes(&payload, "0123456789abcdef", 16);
	text_put_bytes(&payload, "\0\0\4\0", 4);
	for (unsigned i = 0; i < 512; i++)
		text_put(&payload, "a,");
	assert_int_equal(
	    ssh_read_kexinit(job, (struct span){(const uint8_t *)payload.at, payload.size}, &hello),
	    STATUS_MALFORMED);
}

static struct span
decode(const char *base64)
{
	size_t size = strlen(base64);
	uint8_t *bytes = arena_allocate(job, size + 4);
	int got = EVP_DecodeBlock(bytes, (const uint8_t *)base64, (int)size);

	for (size_t i = size; base64[i - 1] == '='; i--)
		got--;
	return (struct span){bytes, (size_t)got};
}

static char *
next_field(char **rest)
{
	char *field = *rest, *end = field + strcspn(field, "\t\n");

	*rest = *end == '\0' ? end : end + 1;
	*end = '\0';
	return field;
}

static void
host_keys_get_the_fingerprint_that_openssl_gives_them(void **state)
{
	struct span file = unit_fixture(job, "fixtures/devices/replies/ssh_keys.tsv");
	char *rest = arena_string(job, (const char *)file.at, file.size);
	unsigned keys = 0;

	(void)state;
	rest = strchr(rest, '\n') + 1;
	for (; *rest != '\0'; keys++) {
		struct span blob = decode(next_field(&rest));
		const char *algorithm = next_field(&rest);
		int64_t bits;
		struct ssh_key key;

		assert_true(text_parse_integer(next_field(&rest), 1, 100000, &bits));
		assert_true(ssh_read_key(job, blob, &key));
		assert_string_equal(key.algorithm, algorithm);
		assert_int_equal(key.bits, bits);
		assert_string_equal(key.fingerprint, next_field(&rest));
		for (size_t size = 0; size < blob.size; size++) {
			uint8_t *cut = arena_allocate(job, size);

			memcpy(cut, blob.at, size);
			assert_false(ssh_read_key(job, (struct span){cut, size}, &key));
		}
	}
	assert_int_equal(keys, 10);
}

static void
flood(void *context, int socket, unsigned number)
{
	(void)number;
	for (unsigned i = 0; i < 100000; i++)
		unit_say_text(socket, context);
}

static void
a_server_that_never_comes_to_the_point_is_left(void **state)
{
	static char lines[] = "not yet\r\n", packets[] = "SSH-2.0-x\r\n\0\0\0\0";
	char *const ways[] = {lines, packets};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct scripted_unit unit = {.serve = flood, .context = ways[i]};
		struct ssh_hello *hello = arena_allocate(job, sizeof *hello);
		struct target target;

		unit_start(&unit, &target);
		assert_int_equal(ssh_meet(job, &target, 22, hello, NULL, NULL), STATUS_MALFORMED);
		unit_stop(&unit, &target);
	}
}

static void
half_a_hello(void *context, int socket, unsigned number)
{
	const struct span *hello = context;

	(void)number;
	unit_say(socket, hello->at, hello->size / 2);
}

static void
a_server_that_dies_in_the_middle_is_unavailable(void **state)
{
	struct span plain = unit_fixture(job, hello_file);
	struct scripted_unit unit = {.serve = half_a_hello, .context = &plain};
	struct ssh_hello *hello = arena_allocate(job, sizeof *hello);
	struct ssh_talk talk;
	struct target target;
	struct span blob;

	(void)state;
	unit_start(&unit, &target);
	assert_int_equal(ssh_meet(job, &target, 22, hello, NULL, NULL), STATUS_UNAVAILABLE);
	assert_int_equal(
	    ssh_begin(job, &target, 22, NULL, "root", &talk, &blob), STATUS_UNAVAILABLE);
	ssh_end(job, &talk);
	unit_stop(&unit, &target);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_server_names_its_algorithms, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		lines_before_the_identification_are_passed_over, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_hello_cut_anywhere_is_not_whole, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		flipped_bits_are_refused_or_read_within_bounds, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_list_of_too_many_names_is_refused, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		host_keys_get_the_fingerprint_that_openssl_gives_them, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_server_that_never_comes_to_the_point_is_left, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_server_that_dies_in_the_middle_is_unavailable, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
