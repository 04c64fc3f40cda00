/* An excerpt tells where; it does not tell secrets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/collector.h"
#include "firmware/excerpt.h"
#include "firmware/seeker.h"

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

static void
what_is_sought_is_found_once_and_in_order(void **state)
{
	struct job *job = job_new((size_t)64 << 20);
	struct seeker *seeker = seeker_new(job);
	struct finds finds[64] = {0};
	bool wanted[64] = {false};
	size_t before = 0, seekers = 0;

	(void)state;
	assert_non_null(seeker);
	memset(wanted, 1, sizeof wanted);
	assert_int_equal(
	    seeker_find(job, seeker, span_of_string("x://y -----BEGIN A http://b -----BEGIN C"),
		wanted, finds),
	    STATUS_OK);
	for (size_t i = 0; i < firmware_collector_count; i++) {
		if (strcmp(firmware_collectors[i]->name, "keys") != 0) {
			seekers += finds[i].count != 0;
			continue;
		}
		for (size_t k = 0; k < finds[i].count; k++) {
			assert_true(finds[i].finds[k].at > before);
			before = finds[i].finds[k].at;
		}
		assert_int_equal(before, 28);
	}
	assert_true(seekers != 0);
	seeker_free(seeker);
	job_free(job);
}

static void
more_than_anybody_may_ask_for_is_said_to_be_cut(void **state)
{
	struct job *job = job_new((size_t)64 << 20);
	struct seeker *seeker = seeker_new(job);
	struct finds finds[64] = {0};
	bool wanted[64] = {false};
	size_t cut = 0, size = 3 * (COLLECTOR_MAX_FINDS + 2);
	uint8_t *bytes = arena_allocate(job, size);

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t) "://"[i % 3];
	memset(wanted, 1, sizeof wanted);
	assert_int_equal(
	    seeker_find(job, seeker, (struct span){bytes, size}, wanted, finds), STATUS_OK);
	for (size_t i = 0; i < firmware_collector_count; i++) {
		assert_true(finds[i].count <= COLLECTOR_MAX_FINDS);
		cut += finds[i].cut;
	}
	assert_true(cut >= 2);
	seeker_free(seeker);
	job_free(job);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shows_the_line_and_no_other),
	    cmocka_unit_test(hides_a_key_that_stands_in_the_line),
	    cmocka_unit_test(hides_what_it_is_told_to_and_what_looks_secret),
	    cmocka_unit_test(shows_bytes_up_to_what_is_hidden),
	    cmocka_unit_test(what_is_sought_is_found_once_and_in_order),
	    cmocka_unit_test(more_than_anybody_may_ask_for_is_said_to_be_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
