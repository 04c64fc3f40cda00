/* Secrets are found and shortened; their absence is not invented. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_secrets;

static const struct secret_fact *
secret(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_secret, n);

	assert_non_null(fact);
	return &fact->as.secret;
}

static void
finds_secrets_in_configurations(void **state)
{
	static const struct {
		const char *path, *text, *type, *detail;
	} rows[] = {
	    {"/etc/wpa_supplicant.conf", "network={\n  psk=\"correct horse\"\n}\n", "psk",
		"co… (13 bytes)"},
	    {"/etc/config/wireless", "\toption key 'hunter22'\n", "psk", "hu… (8 bytes)"},
	    {"/etc/app.ini", "Password = s3cr3t\n", "password", "s… (6 bytes)"},
	    {"/etc/app.json", "{\n \"api_key\": \"0123456789abcdef\",\n}", "token",
		"01… (16 bytes)"},
	    {"/usr/bin/start.sh", "wget http://cam:zzTop123@192.0.2.1/x\n", "url password",
		"zz… (8 bytes)"},
	    {"/usr/bin/up.py", "key = 'AKIAIOSFODNN7EXAMPLE'\n", "AWS access key",
		"AK… (20 bytes)"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct collecting *collecting = collecting_new();

		assert_true(
		    collecting_text(collecting, &collector_secrets, rows[i].path, rows[i].text));
		assert_int_equal(collecting_count(collecting, FACT_secret), 1);
		assert_string_equal(secret(collecting, 0)->type, rows[i].type);
		assert_string_equal(secret(collecting, 0)->detail, rows[i].detail);
		assert_string_equal(secret(collecting, 0)->confidence, "likely");
		collecting_free(collecting);
	}
}

static void
finds_a_url_password_in_a_program(void **state)
{
	static const char program[] =
	    "\177ELF\1\1\1\0\0\0\0mqtt://dev:Passw0rd!@broker.example\0ftp://%s:%s@%s\0";
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(
	    collecting_bytes(collecting, &collector_secrets, "/bin/x", program, sizeof program));
	assert_int_equal(collecting_count(collecting, FACT_secret), 1);
	assert_string_equal(secret(collecting, 0)->detail, "Pa… (9 bytes)");
	assert_int_equal(collecting_fact(collecting, FACT_secret, 0)->offset, 18);
	collecting_free(collecting);
}

static void
finds_nothing_in_placeholders_comments_and_other_keys(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(collecting_text(collecting, &collector_secrets, "/etc/app.conf",
	    "#password=abc123\npassword=\npassword=$PASS\npassword=********\npasswords="
	    "abc123\npassword=yes\nurl=http://example.com/a@b\n"
	    "AKIAshort AKIAIOSFODNN7EXAMPLELONGER\n"));
	assert_true(collecting_text(
	    collecting, &collector_secrets, "/etc/nsswitch.conf", "passwd: files\n"));
	assert_true(collecting_text(
	    collecting, &collector_secrets, "/usr/lib/x.lua", "password = secret123\n"));
	assert_int_equal(collecting->list.count, 0);
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	static const char text[] =
	    "psk=\"\n://\n=://a:b@\npassword:\n\"secret\":\"\xff\xfe\x80zzz\",\nAKIA\noption key "
	    "'x'\noption";

	(void)state;
	collecting_bear(&collector_secrets, "/etc/x.json", text, sizeof text - 1, 1);
	collecting_bear(&collector_secrets, "/etc/config/wireless", text, sizeof text - 1, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_secrets_in_configurations),
	    cmocka_unit_test(finds_a_url_password_in_a_program),
	    cmocka_unit_test(finds_nothing_in_placeholders_comments_and_other_keys),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
