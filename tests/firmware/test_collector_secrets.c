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
	    {"/usr/bin/up.py", "key = 'AKIAQ4ZTHB2N7MKD3XVW'\n", "AWS access key",
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

/* Each row a file, and the one secret in it.  None of them opens anything: they are made up. */
static void
finds_tokens_keys_and_commands(void **state)
{
	static const struct {
		const char *path, *text, *type, *name, *value;
	} rows[] = {
	    {"/etc/app.json",
		"{\"mqtt\":{\"user\":\"cam\",\"mqtt_password\":\"T0pLine9\"},\"a\":1}", "password",
		"mqtt_password", "T0pLine9"},
	    {"/etc/wpa_supplicant.conf", "network={\n ssid=\"Lab\"\n psk=\"longer word\"\n}\n",
		"psk", "Lab", "longer word"},
	    {"/usr/bin/up.sh",
		"openssl enc -d -aes-128-cbc -K 00112233445566778899aabbccddeeff -in a\n",
		"symmetric key", "-K", "00112233445566778899aabbccddeeff"},
	    {"/usr/bin/up.sh", "openssl aes-256-cbc -d -salt -k Fir3m4n -in $1 -out $2\n",
		"password", "-k", "Fir3m4n"},
	    {"/usr/bin/up.sh", "x=1; openssl rsa -passin pass:Zq91hh -in k.pem\n", "password",
		"-passin", "Zq91hh"},
	    {"/www/login.js", "var k = CryptoJS.enc.Utf8.parse('1a2b3c4d5e6f7g8h');",
		"symmetric key", NULL, "1a2b3c4d5e6f7g8h"},
	    {"/usr/lib/lua/net.lua", "local aes_key = \"q8Zp1vXw3LmN5tRy\"\n", "symmetric key",
		"aes_key", "q8Zp1vXw3LmN5tRy"},
	    {"/usr/share/x.c",
		"const u8 AES_KEY[16] = {0x01,0x22,0x03,0x04,0x05,0x06,0x07,0x08,0x09,0x0a,"
		"0x0b,0x0c,0x0d,0x0e,0x0f,0x10};\n",
		"symmetric key", "AES_KEY", "0x01,0x22"},
	    {"/bin/agent",
		"id "
		"AccountKey=n0G9W8uw8de9puyHB9d3xvE/pg3mKBxfeN4/"
		"YYsakj8DuzdoRy7q3sRjKMPMEiOennEgIQD43wE1xjf1+yrfKg==;",
		"Azure storage key", NULL, "AccountKey=n0G9W8"},
	    {"/bin/agent", "token LTAI5tQ9sXw1LmN5tRyAa0Bc\n", "Alibaba access key", NULL,
		"LTAI5tQ9sXw1"},
	    {"/bin/agent",
		"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJjYW1lcmEifQ."
		"Q9sXw1LmN5tRyAa0Bc2De4Fg6Hi8Jk",
		"JSON web token", NULL, "eyJhbGciOiJIUzI1NiIsInR5cCI6"},
	    {"/etc/wg0.conf", "PrivateKey = gI6EdUSYvn8ugXOt8QQD6Yc+JyiZxIhp3GInSWRfWGE=\n",
		"private key", "PrivateKey", "gI6EdUSYvn8ugXOt8QQD6Yc"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct collecting *collecting = collecting_new();
		const struct fact *fact;

		assert_true(
		    collecting_text(collecting, &collector_secrets, rows[i].path, rows[i].text));
		assert_int_equal(collecting_count(collecting, FACT_secret), 1);
		fact = collecting_fact(collecting, FACT_secret, 0);
		assert_string_equal(fact->as.secret.type, rows[i].type);
		if (rows[i].name == NULL)
			assert_null(fact->as.secret.name);
		else
			assert_string_equal(fact->as.secret.name, rows[i].name);
		/* what is shown of it: in the detail two letters, in the excerpt none */
		assert_null(strstr(fact->excerpt, rows[i].value));
		assert_non_null(strstr(fact->excerpt, "…"));
		assert_true(strncmp(fact->as.secret.detail, rows[i].value, 2) == 0 ||
			    strncmp(fact->as.secret.detail, rows[i].value, 1) == 0 ||
			    fact->as.secret.detail[0] == '{');
		assert_null(strstr(fact->as.secret.detail, rows[i].value));
		collecting_bear(
		    &collector_secrets, rows[i].path, rows[i].text, strlen(rows[i].text), 1);
		collecting_free(collecting);
	}
}

static void
finds_no_token_in_what_only_looks_like_one(void **state)
{
	static const char *const rows[][2] = {
	    {"/usr/bin/up.sh", "openssl enc -aes-128-cbc -K $KEY -iv $IV -k \"$PASS\" -in a\n"},
	    {"/etc/config/luci", "\toption passwd '/etc/passwd'\n"},
	    {"/usr/bin/up.sh", "openssl dgst -sha256 -verify key.pem -signature a.sig a\n"},
	    {"/usr/bin/up.sh", "openssl rsa -passin pass:$PW -in k; grep -k word\n"},
	    {"/www/a.js", "key = CryptoJS.enc.Utf8.parse(password); b = Utf8.parse('hello');"},
	    {"/www/a.js", "var aes_key = getKey(); var aesKey = 'abcdefghijklmnop';"},
	    {"/usr/share/doc/aws", "AKIAIOSFODNN7EXAMPLE ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
	    {"/bin/x", "eyJhbGciOiJIUzI1NiJ9 alone, eyJ.eyJ.x, LTAIxxxxxxxxxxxxxxxx"},
	    {"/etc/app.json", "{\"password\": \"\", \"token\": null, \"api_key\": "
			      "\"YOUR_API_KEY\", \"psk\": \"${PSK}\"}"},
	};
	struct collecting *collecting = collecting_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		collecting_text(collecting, &collector_secrets, rows[i][0], rows[i][1]);
		assert_int_equal(collecting->list.count, 0);
	}
	collecting_free(collecting);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_secrets_in_configurations),
	    cmocka_unit_test(finds_a_url_password_in_a_program),
	    cmocka_unit_test(finds_nothing_in_placeholders_comments_and_other_keys),
	    cmocka_unit_test(finds_tokens_keys_and_commands),
	    cmocka_unit_test(finds_no_token_in_what_only_looks_like_one),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
