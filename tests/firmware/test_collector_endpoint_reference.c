/* An address is told once a file, with what it seems to be for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "base/arena.h"
#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_endpoint_reference;

static const struct endpoint_reference_fact *
endpoint(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_endpoint_reference, n);

	assert_non_null(fact);
	return &fact->as.endpoint_reference;
}

static void
tells_scheme_host_and_purpose(void **state)
{
	static const struct {
		const char *path, *text, *scheme, *host, *purpose;
	} rows[] = {
	    {"/etc/update.conf", "upgrade_url=https://dl.vendor.example:8443/x\n", "https",
		"dl.vendor.example", "update"},
	    {"/etc/a.conf", "get HTTP://192.0.2.7/firmware.bin", "http", "192.0.2.7", "update"},
	    {"/etc/a.conf", "x=mqtt://u:p@broker.vendor.example/t", "mqtt", "broker.vendor.example",
		"unknown"},
	    {"/etc/a.conf", "https://t.vendor.example/telemetry/v1", "https", "t.vendor.example",
		"telemetry"},
	    {"/etc/a.conf", "rtsp://[2001:db8::1]:554/", "rtsp", "2001:db8::1", "unknown"},
	    {"/etc/ntp.conf", "server 0.pool.ntp.example iburst\n", "ntp", "0.pool.ntp.example",
		"time"},
	    {"/etc/config/system", "\tlist server '1.pool.ntp.example'\n", "ntp",
		"1.pool.ntp.example", "time"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct collecting *collecting = collecting_new();

		assert_true(collecting_text(
		    collecting, &collector_endpoint_reference, rows[i].path, rows[i].text));
		assert_int_equal(collecting_count(collecting, FACT_endpoint_reference), 1);
		assert_string_equal(endpoint(collecting, 0)->scheme, rows[i].scheme);
		assert_string_equal(endpoint(collecting, 0)->host, rows[i].host);
		assert_string_equal(endpoint(collecting, 0)->purpose, rows[i].purpose);
		collecting_free(collecting);
	}
}

static void
names_each_address_of_a_program_once(void **state)
{
	static const char program[] = "\177ELF\1\1\1\0\0\0\0http://a.vendor.example/1\0http://"
				      "a.vendor.example/2\0http://%s/x\0http://$host/\0"
				      "http://www.w3.org/2000\0http://localhost/\0xhttp://"
				      "b.vendor.example\0://c.vendor.example\0";
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(collecting_bytes(
	    collecting, &collector_endpoint_reference, "/bin/x", program, sizeof program));
	assert_int_equal(collecting_count(collecting, FACT_endpoint_reference), 1);
	assert_string_equal(endpoint(collecting, 0)->host, "a.vendor.example");
	assert_int_equal(collecting_fact(collecting, FACT_endpoint_reference, 0)->offset, 11);
	collecting_free(collecting);
}

static void
stops_at_two_hundred_addresses_of_one_file(void **state)
{
	struct collecting *collecting = collecting_new();
	struct text text = text_new(collecting->job);
	const char *all;

	(void)state;
	for (int i = 0; i < 500; i++)
		text_printf(&text, "http://h%d.vendor.example/\n", i);
	assert_int_equal(text_finish(&text, &all), STATUS_OK);
	collecting_text(collecting, &collector_endpoint_reference, "/etc/x.conf", all);
	assert_int_equal(collecting_count(collecting, FACT_endpoint_reference), 200);
	collecting_free(collecting);
}

static void
finds_nothing_in_comments_and_pages(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(collecting_text(collecting, &collector_endpoint_reference, "/etc/services",
	    "# updated from https://iana.example/x\n"));
	assert_false(collecting_text(collecting, &collector_endpoint_reference, "/www/index.html",
	    "<a href=\"http://x.vendor.example\">"));
	assert_int_equal(collecting->list.count, 0);
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	static const char text[] = "http://[::1]/ ://x http://a@b@c.d/ ftp://.x mqtt://[1:2:3 "
				   "ntp://a.b\nserver\nlist server 'x\npool 1.2.3.4";

	(void)state;
	collecting_bear(&collector_endpoint_reference, "/etc/ntp.conf", text, sizeof text - 1, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tells_scheme_host_and_purpose),
	    cmocka_unit_test(names_each_address_of_a_program_once),
	    cmocka_unit_test(stops_at_two_hundred_addresses_of_one_file),
	    cmocka_unit_test(finds_nothing_in_comments_and_pages),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
