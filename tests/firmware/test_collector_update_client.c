/* An update client tells by few words whether it knows who answers; most fetches are no updates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "base/arena.h"
#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_update_client;

/* A file and the one setting that is looked at in it; name NULL: there must be none at all. */
struct sample {
	const char *path, *text, *name, *value, *confidence;
};

static void
check_samples(const struct sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct sample *sample = &samples[i];
		struct collecting *collecting = collecting_new();
		bool found = false;

		collecting_text(collecting, &collector_update_client, sample->path, sample->text);
		if (sample->name == NULL && collecting->list.count != 0)
			fail_msg("%s gave %s", sample->text,
			    collecting_fact(collecting, FACT_setting, 0)->as.setting.value);
		for (size_t n = 0; n < collecting_count(collecting, FACT_setting); n++) {
			const struct fact *fact = collecting_fact(collecting, FACT_setting, n);

			if (sample->name == NULL ||
			    strcmp(fact->as.setting.name, sample->name) != 0 ||
			    strcmp(fact->as.setting.value, sample->value) != 0)
				continue;
			found = true;
			if (sample->confidence == NULL)
				assert_null(fact->as.setting.confidence);
			else
				assert_string_equal(
				    fact->as.setting.confidence, sample->confidence);
		}
		if (sample->name != NULL && !found)
			fail_msg(
			    "%s did not give %s %s", sample->text, sample->name, sample->value);
		collecting_free(collecting);
	}
}

static void
tells_how_a_script_fetches_its_update(void **state)
{
	static const struct sample samples[] = {
	    {"/usr/bin/ota.sh",
		"#!/bin/sh\nwget --no-check-certificate -O /tmp/fw.bin "
		"https://fw.camera.vn/fw.bin\n"
		"flashcp /tmp/fw.bin /dev/mtd3\n",
		"update_client.verify", "off: --no-check-certificate", "certain"},
	    {"/etc/crontabs/root",
		"0 * * * * curl -k -u fw:Zq7XkW9v22 https://ota.camera.vn/firmware.bin\n",
		"update_client.schedule",
		"cron: 0 * * * * curl -k -u fw:Zq… https://ota.camera.vn/firmware.bin", "likely"},
	    {"/usr/bin/ota.sh", "#!/bin/sh\ncurl -sSkL https://fw.camera.vn/a -o /tmp/a\n",
		"update_client.verify", "off: curl -k", "likely"},
	    {"/usr/bin/get", "#!/bin/sh\nX=$(curl --insecure \"https://$HOST/firmware/latest\")\n",
		"update_client.verify", "off: curl --insecure", "likely"},
	    {"/usr/bin/get",
		"#!/bin/sh\nuclient-fetch --no-check-certificate -O /tmp/x $update_url\n",
		"update_client.verify", "off: --no-check-certificate", "possible"},
	    {"/usr/bin/upgrade",
		"#!/bin/sh\ncurl --cacert /etc/vendor-ca.pem https://fw.camera.vn/a\n",
		"update_client.verify", "pinned: /etc/vendor-ca.pem", "likely"},
	    {"/usr/bin/upgrade",
		"#!/bin/sh\ncurl --pinnedpubkey=sha256//AAA= https://fw.camera.vn/a\n",
		"update_client.verify", "pinned: sha256//AAA=", "likely"},
	    {"/usr/bin/upgrade", "#!/bin/sh\nFW_URL=http://fw.camera.vn/latest.bin\n",
		"update_client.url", "http://fw.camera.vn/latest.bin", "likely"},
	    {"/usr/bin/upgrade", "#!/bin/sh\nwget http://${server}/firmware/new.bin\n",
		"update_client.url", "http://${server}/firmware/new.bin", "likely"},
	    {"/usr/bin/up.py", "#!/usr/bin/python3\nr = requests.get(firmware_url, verify=False)\n",
		"update_client.verify", "off: verify=False", "likely"},
	    {"/usr/bin/cloud.py", "#!/usr/bin/python3\nc = ssl._create_unverified_context()\n",
		"client.verify", "off: ssl._create_unverified_context", NULL},
	    {"/usr/lib/upgrade.lua", "local p = { mode = \"client\", verify = \"none\" }\n",
		"update_client.verify", "off: verify none", "likely"},
	    {"/www/upgrade.php", "curl_setopt($c, CURLOPT_SSL_VERIFYPEER, false);\n",
		"update_client.verify", "off: SSL_VERIFYPEER false", "likely"},
	    /* in a variable, which may have another value */
	    {"/usr/bin/ota.sh",
		"#!/bin/sh\nO=\"-s -k\"\ncurl $O https://fw.camera.vn/a -o /tmp/a\n"
		"flashcp /tmp/a /dev/mtd3\n",
		"update_client.verify", "off: curl -k", "likely"},
	    {"/usr/bin/ota.sh",
		"#!/bin/sh\nOPT=-q\nOPT=\"$OPT\"\nOPT='--no-check-certificate'\n"
		"wget ${OPT} -O /tmp/a $FW_URL\n",
		"update_client.verify", "off: --no-check-certificate", "likely"},
	    {"/usr/bin/up.py",
		"#!/usr/bin/python3\ns = requests.Session()\ns.verify = False\n"
		"s.get('https://fw.camera.vn/firmware/latest')\n",
		"update_client.verify", "off: verify = False", "possible"},
	    /* far from the address it is for */
	    {"/usr/bin/get.py",
		"#!/usr/bin/python3\nc = ssl._create_unverified_context()\n\n\n\n"
		"u = urlopen('https://fw.camera.vn/firmware/a.bin', context=c)\n",
		"update_client.verify", "off: ssl._create_unverified_context", "possible"},
	    {"/root/.curlrc", "# all of them\ninsecure\n", "update_client.verify",
		"off: curlrc insecure", "possible"},
	    {"/etc/wgetrc", "check_certificate = off\n", "update_client.verify",
		"off: wgetrc check_certificate", "possible"},
	    {"/etc/ota.conf", "firmware_server = \"cdn.camera.vn/\"\n", "update_client.host",
		"cdn.camera.vn", "likely"},
	    {"/usr/lib/firmware_server.txt", "up.camera.vn/fw/\n", "update_client.host",
		"up.camera.vn", "likely"},
	    {"/usr/bin/report", "#!/bin/sh\ncurl -k https://api.camera.vn/v1\n", "client.verify",
		"off: curl -k", NULL},
	    {"/usr/bin/install-it", "#!/bin/sh\nswupdate -i /tmp/a.swu\n",
		"update_client.signature", "off: swupdate without -k", "possible"},
	    {"/usr/bin/install-it", "#!/bin/sh\nswupdate -k /etc/key.pem -i /tmp/a.swu\n",
		"update_client.signature", "on: swupdate -k", "likely"},
	};

	(void)state;
	check_samples(samples, ARRAY_SIZE(samples));
}

static void
tells_what_configurations_of_update_clients_say(void **state)
{
	static const struct sample samples[] = {
	    {"/etc/opkg.conf", "src/gz base http://feed.camera.vn/base\n#option check_signature\n",
		"update_client.signature", "off: opkg without check_signature", "likely"},
	    {"/etc/opkg.conf", "src/gz base https://feed.camera.vn/base\noption check_signature\n",
		"update_client.signature", "on: opkg check_signature", "likely"},
	    {"/etc/opkg/distfeeds.conf", "src/gz base http://feed.camera.vn/base\n",
		"update_client.url", "http://feed.camera.vn/base", "possible"},
	    {"/etc/opkg/distfeeds.conf", "src/gz base https://u:Zq7XkW9vTn31@feed.camera.vn/base\n",
		"update_client.url", "https://u:Zq…@feed.camera.vn/base", "possible"},
	    {"/etc/crontabs/root", "0 3 * * * /usr/bin/update; curl -k -u fw:Zq7XkW9vTn24 $URL\n",
		"update_client.schedule", "cron: 0 3 * * * /usr/bin/update; curl -k -u fw:Zq… $URL",
		"possible"},
	    {"/etc/apt/sources.list", "deb [trusted=yes] http://deb.camera.vn/a stable main\n",
		"update_client.signature", "off: apt trusted=yes", "likely"},
	    {"/etc/apt/apt.conf.d/99", "Acquire::https::Verify-Peer \"false\";\n",
		"update_client.verify", "off: apt Verify-Peer", "likely"},
	    {"/etc/apt/apt.conf.d/20auto-upgrades", "APT::Periodic::Unattended-Upgrade \"1\";\n",
		"update_client.schedule", "apt, days between: 1", "likely"},
	    {"/etc/mender/mender.conf", "{\n \"ServerURL\": \"https://up.camera.vn\"\n}\n",
		"update_client.url", "https://up.camera.vn", "certain"},
	    {"/etc/mender/mender.conf", "{\n \"ServerURL\": \"https://up.camera.vn\"\n}\n",
		"update_client.signature", "off: mender without ArtifactVerifyKey", "certain"},
	    {"/etc/mender/mender.conf",
		"{\n \"SkipVerify\": true,\n \"ArtifactVerifyKey\": \"/etc/a.pem\"\n}\n",
		"update_client.verify", "off: mender SkipVerify", "certain"},
	    {"/etc/rauc/system.conf", "[system]\ncompatible=a\n[keyring]\npath=/etc/ca.pem\n",
		"update_client.signature", "on: rauc keyring /etc/ca.pem", "certain"},
	    {"/etc/rauc-hawkbit-updater/config.conf",
		"[client]\nhawkbit_server = up.camera.vn\nssl = false\n", "update_client.url",
		"http://up.camera.vn", "certain"},
	    {"/etc/rauc-hawkbit-updater/config.conf",
		"[client]\nhawkbit_server = up.camera.vn\nssl_verify = false\n",
		"update_client.verify", "off: hawkbit ssl_verify", "certain"},
	    {"/etc/swupdate.cfg", "globals : {\n public-key-file = \"/etc/key.pem\";\n};\n",
		"update_client.signature", "on: swupdate public-key-file /etc/key.pem", "certain"},
	    {"/etc/config/easycwmp", "config acs\n\toption url 'http://acs.isp.vn:7547/'\n",
		"update_client.url", "http://acs.isp.vn:7547/", "likely"},
	    {"/etc/stunnel/stunnel.conf", "client = yes\nverify = 0\n", "client.verify",
		"off: stunnel verify", NULL},
	    {"/etc/crontabs/root", "0 3 * * * /usr/sbin/firmware-check\n", "update_client.schedule",
		"cron: 0 3 * * * /usr/sbin/firmware-check", "likely"},
	    {"/lib/systemd/system/upgrade.timer", "[Timer]\nOnCalendar=daily\n",
		"update_client.schedule", "timer: OnCalendar=daily", "likely"},
	};

	(void)state;
	check_samples(samples, ARRAY_SIZE(samples));
}

static void
is_not_misled_by_other_fetches(void **state)
{
	static const struct sample samples[] = {
	    {.path = "/usr/bin/a", .text = "#!/bin/sh\ncurl -k https://127.0.0.1/status\n"},
	    {.path = "/usr/bin/a", .text = "#!/bin/sh\ncurl -k https://localhost:8443/firmware\n"},
	    {.path = "/usr/bin/a", .text = "#!/bin/sh\n# curl -k https://fw.camera.vn/firmware\n"},
	    {.path = "/usr/bin/a", .text = "#!/bin/sh\ncurl -o k https://api.camera.vn/\n"},
	    {.path = "/usr/bin/a", .text = "#!/bin/sh\ncurl -A \"-k\" https://api.camera.vn/\n"},
	    {.path = "/usr/bin/a", .text = "#!/bin/sh\nwget -q https://api.camera.vn/time\n"},
	    {.path = "/usr/bin/a", .text = "#!/bin/sh\necho \"use curl -k https://a.camera.vn\"\n"},
	    {.path = "/etc/ddns.sh",
		.text = "#!/bin/sh\nwget http://members.dyndns.org/nic/update?a=b\n"},
	    {.path = "/etc/a.xml", .text = "<a xmlns=\"http://www.camera.vn/firmware/2011/x\"/>\n"},
	    {.path = "/etc/a.conf", .text = "firmware_version = 1.2.3.4\nupdate_hostname = yes\n"},
	    {.path = "/etc/a.conf", .text = "#upgrade_server=up.camera.vn\n"},
	    {.path = "/etc/a.conf", .text = "# firmware: http://fw.camera.vn/\n"},
	    {.path = "/etc/crontabs/root", .text = "0 3 * * * /usr/bin/updatedb\n"},
	    {.path = "/etc/crontabs/root", .text = "5 4 * * * /usr/bin/ddns-update\n"},
	    {.path = "/etc/stunnel/stunnel.conf", .text = "client = no\nverify = 0\n"},
	    {.path = "/usr/bin/a.py", .text = "#!/usr/bin/python3\n# verify=False\n"},
	    {.path = "/etc/wgetrc",
		.text = "# check_certificate = off\ncheck_certificate = on\ntries = 20\n"},
	    {.path = "/root/.curlrc", .text = "# insecure\nsilent\ninsecure = false\n"},
	    {.path = "/usr/bin/a",
		.text = "#!/bin/sh\nXO=-k\nO=-s\ncurl $O https://api.camera.vn/\n"},
	    /* what a web library asks for names and the time */
	    {.path = "/usr/bin/swupdate.sh",
		.text = "#!/bin/sh\nDNS=udp://8.8.8.8:53\nDNS6=udp://[2001:4860:4860::8888]:53\n"
			"NTP=udp://time.google.com:123\nDOT=tls://dns.google:853\n"
			"TURN=turn://turn.camera.vn:3478\nswupdate\n"},
	};

	(void)state;
	check_samples(samples, ARRAY_SIZE(samples));
}

static void
reads_commands_in_strings_of_programs(void **state)
{
	static const char program[] =
	    "\177ELF\1\1\0\0wget --no-check-certificate -O /tmp/fw.bin "
	    "https://%s/firmware/%s\0--no-check-certificate\0curl -k\0update.count\0";
	struct collecting *collecting = collecting_new();
	const struct fact *fact;

	(void)state;
	assert_true(collecting_bytes(
	    collecting, &collector_update_client, "/usr/bin/ipc", program, sizeof program));
	assert_int_equal(collecting_count(collecting, FACT_setting), 1);
	fact = collecting_fact(collecting, FACT_setting, 0);
	assert_string_equal(fact->as.setting.name, "update_client.verify");
	assert_string_equal(fact->as.setting.value, "off: --no-check-certificate");
	assert_int_equal(fact->offset, 8);
	collecting_free(collecting);
}

static void
names_programs_made_to_update(void **state)
{
	static const char program[] = "\177ELF\1\1\0\0";
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_bytes(
	    collecting, &collector_update_client, "/usr/bin/swupdate", program, sizeof program);
	collecting_bytes(
	    collecting, &collector_update_client, "/usr/bin/ls", program, sizeof program);
	assert_int_equal(collecting_count(collecting, FACT_setting), 1);
	assert_string_equal(
	    collecting_fact(collecting, FACT_setting, 0)->as.setting.value, "swupdate");
	collecting_free(collecting);
}

static void
says_that_not_all_is_told(void **state)
{
	struct collecting *collecting = collecting_new();
	struct text text = text_new(collecting->job);
	const char *all;

	(void)state;
	for (int i = 0; i < 100; i++)
		text_printf(&text, "src/gz f%d http://feed%d.camera.vn/\n", i, i);
	assert_int_equal(text_finish(&text, &all), STATUS_OK);
	collecting_text(collecting, &collector_update_client, "/etc/opkg/distfeeds.conf", all);
	assert_int_equal(collecting_count(collecting, FACT_setting), 64);
	assert_int_equal(collecting_fact(collecting, FACT_looked, 0)->as.looked.complete, 0);
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	static const char script[] =
	    "#!/bin/sh\nX=$(curl -sk \\\n -A \"a b\" \"https://$H/ota\" | sh)\nwget "
	    "--ca-certificate\nswupdate -k\ncurl -";
	static const char mender[] = "{\"ServerURL\": \"https://a.vn\",\n\"SkipVerify\": true}";
	static const char cron[] = "0 3 * * * a/upgrade\n@daily update\n* * * * *";
	static const char hawkbit[] = "hawkbit_server=a.b\nssl = 0\nssl_verify\n=";

	(void)state;
	collecting_bear(&collector_update_client, "/etc/ota.sh", script, sizeof script - 1, 1);
	collecting_bear(&collector_update_client, "/etc/mender.conf", mender, sizeof mender - 1, 1);
	collecting_bear(&collector_update_client, "/etc/crontabs/root", cron, sizeof cron - 1, 1);
	collecting_bear(
	    &collector_update_client, "/etc/hawkbit.conf", hawkbit, sizeof hawkbit - 1, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tells_how_a_script_fetches_its_update),
	    cmocka_unit_test(tells_what_configurations_of_update_clients_say),
	    cmocka_unit_test(is_not_misled_by_other_fetches),
	    cmocka_unit_test(reads_commands_in_strings_of_programs),
	    cmocka_unit_test(names_programs_made_to_update),
	    cmocka_unit_test(says_that_not_all_is_told),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
