/* An address is told once a file, with what it seems to be for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "base/arena.h"
#include "firmware/endpoint.h"
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
says_that_more_addresses_of_one_file_are_not_told(void **state)
{
	struct collecting *collecting = collecting_new();
	struct text text = text_new(collecting->job);
	const char *all;

	(void)state;
	for (int i = 0; i < 600; i++)
		text_printf(&text, "http://h%d.vendor.example/\n", i);
	assert_int_equal(text_finish(&text, &all), STATUS_OK);
	collecting_text(collecting, &collector_endpoint_reference, "/etc/x.conf", all);
	assert_int_equal(collecting_count(collecting, FACT_endpoint_reference), 512);
	assert_int_equal(collecting_count(collecting, FACT_looked), 1);
	assert_int_equal(collecting_fact(collecting, FACT_looked, 0)->as.looked.complete, 0);
	collecting_free(collecting);
}

/* One row a line or string: what it must give, or NULL for nothing. */
struct sample {
	const char *path, *text, *host, *scheme, *purpose, *provider, *country;
};

static void
check_sample(const struct sample *sample)
{
	static const char begin[] = "\177ELF\1\1\1\0\0";
	bool program = strncmp(sample->path, "/bin/", 5) == 0;
	struct collecting *collecting = collecting_new();
	uint8_t bytes[512] = {0};
	size_t size = strlen(sample->text);

	assert_true(size + sizeof begin < sizeof bytes);
	memcpy(bytes, begin, sizeof begin);
	memcpy(bytes + sizeof begin, sample->text, size + 1);
	assert_true(program ? collecting_bytes(collecting, &collector_endpoint_reference,
				  sample->path, bytes, sizeof begin + size + 1)
			    : collecting_text(collecting, &collector_endpoint_reference,
				  sample->path, sample->text));
	if (sample->host == NULL && collecting->list.count != 0)
		fail_msg("%s gave %s", sample->text, endpoint(collecting, 0)->host);
	if (sample->host != NULL) {
		const struct endpoint_reference_fact *found;

		if (collecting->list.count != 1)
			fail_msg("%s gave %zu facts", sample->text, collecting->list.count);
		found = endpoint(collecting, 0);
		assert_string_equal(found->host, sample->host);
		assert_string_equal(found->purpose, sample->purpose);
		if (sample->scheme == NULL)
			assert_null(found->scheme);
		else
			assert_string_equal(found->scheme, sample->scheme);
		if (sample->provider == NULL)
			assert_null(found->provider);
		else
			assert_string_equal(found->provider, sample->provider);
		if (sample->country == NULL)
			assert_null(found->country);
		else
			assert_string_equal(found->country, sample->country);
	}
	collecting_free(collecting);
}

static void
knows_hosts_without_a_scheme_and_whose_they_are(void **state)
{
	static const struct sample samples[] = {
	    {"/etc/mqtt.conf", "address m1.tuyaeu.com:8883\n", "m1.tuyaeu.com", "mqtts", "cloud",
		"Tuya", "CN"},
	    {"/etc/a.ini", "[cloud]\nmqtt_broker = iot.camera.vn\n", "iot.camera.vn", "mqtt",
		"unknown", NULL, "VN"},
	    {"/etc/a.json", "{\"server\": \"api.camera.com\", \"n\": 1}", "api.camera.com", NULL,
		"unknown", NULL, NULL},
	    {"/etc/resolv.conf", "nameserver 8.8.8.8\n", "8.8.8.8", "dns", "name resolution",
		"Google", "US"},
	    {"/etc/init.d/S50", "#!/bin/sh\nntpd -p ntp1.aliyun.com -n\n", "ntp1.aliyun.com", "ntp",
		"time", "Alibaba Cloud", "CN"},
	    {"/etc/systemd/timesyncd.conf", "[Time]\nNTP=0.debian.pool.ntp.org\n",
		"0.debian.pool.ntp.org", "ntp", "time", "NTP Pool Project", NULL},
	    {"/usr/lib/firmware_server.txt", "up.camera.vn/fw/\n", "up.camera.vn", NULL, "unknown",
		NULL, "VN"},
	    {"/bin/ipc", "upgrade.secu100.net", "upgrade.secu100.net", NULL, "update",
		"Hangzhou Xiongmai", "CN"},
	    {"/bin/ipc", "a1b2c3-ats.iot.eu-west-1.amazonaws.com:8883",
		"a1b2c3-ats.iot.eu-west-1.amazonaws.com", "mqtts", "cloud", "Amazon Web Services",
		"US"},
	    {"/bin/ipc", "o1.ingest.sentry.io", "o1.ingest.sentry.io", NULL, "telemetry", "Sentry",
		"US"},
	    {"/bin/ipc", "cctvsvr.com", "cctvsvr.com", NULL, "unknown", NULL, NULL},
	    {"/bin/ipc", "114.114.114.114", "114.114.114.114", NULL, "name resolution", "114DNS",
		"CN"},
	    {"/bin/ipc", "update_url=https://fw.vendor.cn/a", "fw.vendor.cn", "https", "update",
		NULL, "CN"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		check_sample(&samples[i]);
}

static void
is_not_misled_by_what_only_looks_like_a_host(void **state)
{
	static const struct sample samples[] = {
	    {.path = "/etc/a.conf", .text = "version=1.2.3.4\nserver_version = 10.20.30.40\n"},
	    {.path = "/etc/a.conf", .text = "listen 203.0.114.9:80\nserver_name www.camera.com;\n"},
	    {.path = "/etc/a.conf",
		.text = "server = 127.0.0.1:1883\nhost = localhost.localdomain\n"},
	    {.path = "/etc/a.conf", .text = "server=www.example.com\nntp = your.server.com\n"},
	    {.path = "/etc/a.conf", .text = "mail = admin@camera.com\n# server=a.camera.com\n"},
	    {.path = "/etc/a.conf",
		.text = "server_script = start.server.sh\nhost-lib=libhost.so.6\n"},
	    {.path = "/etc/a.xml", .text = "<a xmlns:tns=\"http://www.camera.com/2011/topics\"/>"},
	    {.path = "/etc/a.xml",
		.text = "<a xsi:schemaLocation=\"urn:a http://www.camera.com/a.xsd\"/>"},
	    {.path = "/etc/a.lua",
		.text = "-- See http://lua.camera.com/wiki\nx = cloud.server.com\n"},
	    {.path = "/www/a.html", .text = "<b>ask the server at www.camera.vn</b>"},
	    {.path = "/bin/a",
		.text = "\x86\x1d"
			"http://crl.camera.vn/root.crl0"},
	    {.path = "/etc/a.xml", .text = "<!-- one\n<url>http://a.camera.vn/x</url>\n-->\n"},
	    {.path = "/bin/a", .text = "soap.udp://239.255.255.250:3702/"},
	    {.path = "/bin/a", .text = "libssl.so.1.1"},
	    {.path = "/bin/a", .text = "org.freedesktop.network.com"},
	    {.path = "/bin/a", .text = "5.60.120.1"},
	    {.path = "/bin/a", .text = "1.3.6.1.4.1.311.21.20"},
	    {.path = "/bin/a", .text = "255.255.255.128"},
	    {.path = "/bin/a", .text = "192.168.1.108"},
	    {.path = "/bin/a", .text = "hmac-sha2-256-etm@openssh.com"},
	    {.path = "/bin/a", .text = "see camera.com for more"},
	    {.path = "/bin/a", .text = "xmlns:hik=\"http://www.camera.com/2011/event/topics\""},
	    {.path = "/bin/a", .text = "http://www.camera.com/ver10/schema"},
	    {.path = "/bin/a", .text = "http://creativecommons.org/licenses/by/4.0/"},
	    {.path = "/bin/a", .text = "http://xxx.xxx.xxx.xxx/"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		check_sample(&samples[i]);
}

static void
tells_what_is_for_people_to_read(void **state)
{
	static const struct sample samples[] = {
	    {"/bin/a", "You need to read the FAQ, http://www.ssl.vn/support/faq.html", "www.ssl.vn",
		"http", "documentation", NULL, "VN"},
	    {"/bin/a", "Web server v%s https://a.camera.vn/server.html", "a.camera.vn", "https",
		"documentation", NULL, "VN"},
	    {"/bin/a", "@(#)tool 0.5 (http://tool.camera.vn)", "tool.camera.vn", "http",
		"documentation", NULL, "VN"},
	    {"/bin/a", "http://www.camera.vn/", "www.camera.vn", "http", "documentation", NULL,
		"VN"},
	    {"/lib/systemd/a.service", "Documentation=https://docs.camera.vn/x\n", "docs.camera.vn",
		"https", "documentation", NULL, "VN"},
	    {"/www/a.pl", "#!/usr/bin/perl\nprint q{\n href=\"https://a.camera.vn/x\">};\n",
		"a.camera.vn", "https", "documentation", NULL, "VN"},
	    {"/bin/a", "wget http://get.camera.vn -q", "get.camera.vn", "http", "unknown", NULL,
		"VN"},
	    {"/www/index.html", "<a href=\"http://x.camera.vn\">", "x.camera.vn", "http",
		"documentation", NULL, "VN"},
	    {"/www/a.js", "var download = \"http://get.camera.vn:8080/a.exe\";", "get.camera.vn",
		"http", "unknown", NULL, "VN"},
	    {"/bin/a", "http://www.camera.vn/check.php?id=%s", "www.camera.vn", "http", "unknown",
		NULL, "VN"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		check_sample(&samples[i]);
}

static void
finds_nothing_in_comments_and_papers(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(collecting_text(collecting, &collector_endpoint_reference, "/etc/services",
	    "# updated from https://iana.example/x\n"));
	assert_false(collecting_text(collecting, &collector_endpoint_reference, "/usr/share/doc/a",
	    "http://x.vendor.example is where these words come from, and a file of this many "
	    "words, under a name like this one, is a paper, whatever it names."));
	assert_int_equal(collecting->list.count, 0);
	collecting_free(collecting);
}

static void
every_row_of_the_tables_can_be_met(void **state)
{
	static const char *const purposes[] = {"update", "telemetry", "time", "name resolution",
	    "dynamic DNS", "push", "relay", "reachability", "cloud"};
	static const struct provider rows[] = {
#define PROVIDER(suffix, name, country, purpose) {suffix, name, country, purpose},
#include "firmware/providers.def"
#undef PROVIDER
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct span suffix = span_of_string(rows[i].suffix);
		const struct provider *found = endpoint_provider(suffix);
		size_t purpose = 0;

		while (purpose < ARRAY_SIZE(purposes) &&
		       strcmp(purposes[purpose], rows[i].purpose) != 0)
			purpose++;
		if (found == NULL || strcmp(found->purpose, rows[i].purpose) != 0 ||
		    strcmp(found->name, rows[i].name) != 0 || purpose == ARRAY_SIZE(purposes) ||
		    endpoint_is_name_only(suffix) ||
		    (rows[i].country[0] != '\0' && strlen(rows[i].country) != 2))
			fail_msg("%s: not met, or met by another row", rows[i].suffix);
		for (size_t k = i + 1; k < ARRAY_SIZE(rows); k++)
			assert_string_not_equal(rows[i].suffix, rows[k].suffix);
	}
}

static void
bears_any_bytes(void **state)
{
	static const char text[] = "http://[::1]/ ://x http://a@b@c.d/ ftp://.x mqtt://[1:2:3 "
				   "ntp://a.b\nserver\nlist server 'x\npool 1.2.3.4";

	static const char lines[] = "mqtt_broker = \"iot.camera.vn:8883\" # x\nserver 8.8.8.8\n"
				    "<a href='http://a.vn'>xmlns=\"http://b.vn\"\n";
	static const char program[] = "\177ELF\0\0m1.tuyaeu.com:8883\0"
				      "114.114.114.114\0"
				      "see http://a.b.cn/x\0";

	(void)state;
	collecting_bear(&collector_endpoint_reference, "/etc/ntp.conf", text, sizeof text - 1, 1);
	collecting_bear(&collector_endpoint_reference, "/etc/a.conf", lines, sizeof lines - 1, 1);
	collecting_bear(&collector_endpoint_reference, "/bin/a", program, sizeof program, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tells_scheme_host_and_purpose),
	    cmocka_unit_test(names_each_address_of_a_program_once),
	    cmocka_unit_test(says_that_more_addresses_of_one_file_are_not_told),
	    cmocka_unit_test(knows_hosts_without_a_scheme_and_whose_they_are),
	    cmocka_unit_test(is_not_misled_by_what_only_looks_like_a_host),
	    cmocka_unit_test(tells_what_is_for_people_to_read),
	    cmocka_unit_test(finds_nothing_in_comments_and_papers),
	    cmocka_unit_test(every_row_of_the_tables_can_be_met),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
