/* An excerpt tells where; it does not tell secrets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/excerpt.h"

#include <cmocka.h>

static const char *
excerpt(struct job *job, const char *content, const char *at, const char *hide)
{
	struct span bytes = span_of_string(content), hidden = {0};
	const char *made;

	if (hide != NULL)
		hidden = (struct span){
		    .at = bytes.at + (strstr(content, hide) - content), .size = strlen(hide)};
	made = excerpt_make(job, bytes, (uint64_t)(strstr(content, at) - content), hidden);
	assert_non_null(made);
	return made;
}

static void
shows_the_line_and_no_other(void **state)
{
	struct job *job = job_new((size_t)1 << 20);

	(void)state;
	assert_string_equal(
	    excerpt(job, "one\ntelnetd -l /bin/sh\nthree", "telnetd", NULL), "telnetd -l /bin/sh");
	assert_string_equal(
	    excerpt(job, "\x01\x02OpenSSL 1.0.1j\x03", "1.0", NULL), "OpenSSL 1.0.1j");
	job_free(job);
}

static void
hides_a_key_that_stands_in_the_line(void **state)
{
	struct job *job = job_new((size_t)1 << 20);

	(void)state;
	assert_string_equal(
	    excerpt(job, "{\"u\":\"http://a\",\"k\":\"-----BEGIN PRIVATE KEY-----MIIEvQIBADANB",
		"http", NULL),
	    "{\"u\":\"http://a\",\"k\":\"-----BEGIN PRIVATE KEY-----…");
	assert_string_equal(
	    excerpt(job, "QIBADANBgkqhki-----END PRIVATE KEY-----\\n http://b", "http", NULL),
	    "…-----END PRIVATE KEY-----\\\\n http://b");
	job_free(job);
}

static void
hides_what_it_is_told_to_and_what_looks_secret(void **state)
{
	struct job *job = job_new((size_t)1 << 20);

	(void)state;
	assert_string_equal(
	    excerpt(job, "root:$1$abcdefgh$xyz:0:0", "root", "$1$abcdefgh$xyz"), "root:$1…:0:0");
	assert_string_equal(excerpt(job, "rtsp://admin:hunter22@10.0.0.1/a", "rtsp", NULL),
	    "rtsp://admin:hu…@10.0.0.1/a");
	assert_string_equal(excerpt(job, "{\"Password\": \"hunter22\", \"a\": 1}", "{", NULL),
	    "{\"Password\": \"hu…\", \"a\": 1}");
	assert_string_equal(excerpt(job, "wpa_psk=12 ssid=x", "ssid", NULL), "wpa_psk=… ssid=x");
	assert_string_equal(
	    excerpt(job, "set PASSWD = 'a b' # c", "PASSWD", NULL), "set PASSWD = '… b' # c");
	job_free(job);
}

static void
hides_a_secret_that_was_put_together_elsewhere(void **state)
{
	static const char text[] = "curl -x admin:Zq7XkW9vTn01 https://a\nx";
	struct job *job = job_new((size_t)1 << 20);
	struct span content = span_of_string(text);
	const char *made =
	    excerpt_make(job, content, 0, span_of_string(arena_string(job, "Zq7XkW9vTn01", 12)));
	char far[300];

	(void)state;
	assert_string_equal(made, "curl -x admin:Zq… https://a");
	/* no word, where it is short */
	made = excerpt_make(job, content, 0, span_of_string(arena_string(job, "a", 1)));
	assert_string_equal(made, "curl -x admin:Zq7XkW9vTn01 https://…");
	/* cut off by the end of what is shown */
	memset(far, '.', sizeof far);
	memcpy(far + 90, "Zq7XkW9vTn01", 12);
	content = (struct span){(const uint8_t *)far, sizeof far};
	made = excerpt_make(job, content, 0, span_of_string(arena_string(job, "Zq7XkW9vTn01", 12)));
	assert_null(strstr(made, "Zq7"));
	job_free(job);
}

static void
hides_what_options_give(void **state)
{
	static const char *const told[][2] = {
	    {"httpd --pass Zq7XkW9v22 -p 80", "httpd --pass Zq… -p 80"},
	    {"x --password Zq7XkW9v22", "x --password Zq…"},
	    {"x --db-password='Zq7XkW9v22' y", "x --db-password='Zq…' y"},
	    {"openvpn --auth Zq7XkW9v22", "openvpn --auth Zq…"},
	    {"getty 115200 pw=Zq7XkW9v22", "getty 115200 pw=Zq…"},
	    {"sshpass -p Zq7XkW9v22 ssh a@b -p 22", "sshpass -p Zq… ssh a@b -p …"},
	    {"sshpass -pZq7XkW9v22 ssh a@b", "sshpass -pZq… ssh a@b"},
	    {"curl -k -u fw:Zq7XkW9v22 https://b", "curl -k -u fw:Zq… https://b"},
	    {"echo root:Zq7XkW9v22 | chpasswd", "echo root:Zq… | chpasswd"},
	    {"mosquitto_pub -u a -P Zq7XkW9v22", "mosquitto_pub -u a -P Zq…"},
	    /* and nothing else */
	    {"telnetd -p 23 -l /bin/login", "telnetd -p 23 -l /bin/login"},
	    {"dropbear -p 22 -K 300", "dropbear -p 22 -K 300"},
	    {"app --bypass now", "app --bypass now"}, {"compass: 3", "compass: 3"},
	    {"hostapd -B /etc/hostapd.conf", "hostapd -B /etc/hostapd.conf"}};
	struct job *job = job_new((size_t)1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		assert_string_equal(excerpt_value(job, span_of_string(told[i][0])), told[i][1]);
		assert_string_equal(excerpt(job, told[i][0], told[i][0], NULL), told[i][1]);
	}
	job_free(job);
}

static void
shows_bytes_up_to_what_is_hidden(void **state)
{
	static const uint8_t bytes[] = {0x30, 0x82, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
	struct span content = {.at = bytes, .size = sizeof bytes};
	struct job *job = job_new((size_t)1 << 20);

	(void)state;
	assert_string_equal(excerpt_make(job, content, 0, (struct span){0}),
	    "hex 30 82 01 02 03 04 05 06 07 08 09 0a …");
	assert_string_equal(
	    excerpt_make(job, content, 0, (struct span){bytes + 2, 4}), "hex 30 82 …");
	assert_string_equal(excerpt_make(job, content, 0, content), "");
	assert_string_equal(excerpt_make(job, content, 99, (struct span){0}), "");
	job_free(job);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shows_the_line_and_no_other),
	    cmocka_unit_test(hides_a_key_that_stands_in_the_line),
	    cmocka_unit_test(hides_what_it_is_told_to_and_what_looks_secret),
	    cmocka_unit_test(hides_a_secret_that_was_put_together_elsewhere),
	    cmocka_unit_test(hides_what_options_give),
	    cmocka_unit_test(shows_bytes_up_to_what_is_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
