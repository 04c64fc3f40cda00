/* Settings are told as written, and comments are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_settings;

static const struct setting_fact *
setting(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_setting, n);

	assert_non_null(fact);
	return &fact->as.setting;
}

static void
reads_sshd_config_whatever_the_case_of_its_words(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(collecting_text(collecting, &collector_settings, "/etc/ssh/sshd_config",
	    "#PermitRootLogin no\n  permitrootlogin yes\nCiphers aes128-cbc,3des-cbc\r\nMatch User "
	    "a\nPasswordAuthentication no\nBanner x\n"));
	assert_int_equal(collecting_count(collecting, FACT_setting), 3);
	assert_string_equal(setting(collecting, 0)->name, "sshd.PermitRootLogin");
	assert_string_equal(setting(collecting, 0)->value, "yes");
	assert_int_equal(collecting_fact(collecting, FACT_setting, 0)->offset, 20);
	assert_string_equal(setting(collecting, 1)->value, "aes128-cbc,3des-cbc");
	assert_string_equal(setting(collecting, 2)->name, "sshd.Match.PasswordAuthentication");
	collecting_free(collecting);
}

/* nginx needs no line ends: a whole server may stand in one line, and behind a comment stands none.
 */
static void
reads_all_that_stands_in_one_line(void **state)
{
	static const char text[] =
	    "http { server { listen 443 ssl; ssl_protocols SSLv3; ssl_ciphers \"RC4;x\"; } }\n"
	    "# ssl_protocols SSLv2; ssl_ciphers NULL;\nssl on; # user root;\n\tuser ${who};#root "
	    "x;\n";
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(
	    collecting_text(collecting, &collector_settings, "/etc/nginx/nginx.conf", text));
	assert_int_equal(collecting_count(collecting, FACT_setting), 5);
	assert_string_equal(setting(collecting, 0)->value, "443 ssl");
	assert_string_equal(setting(collecting, 1)->name, "nginx.ssl_protocols");
	assert_string_equal(setting(collecting, 1)->value, "SSLv3");
	assert_int_equal(collecting_fact(collecting, FACT_setting, 1)->offset, 31);
	assert_string_equal(setting(collecting, 2)->value, "RC4;x");
	assert_string_equal(setting(collecting, 3)->value, "on");
	assert_string_equal(setting(collecting, 4)->name, "nginx.user");
	assert_string_equal(setting(collecting, 4)->value, "${who}");
	collecting_bear(&collector_settings, "/etc/nginx/nginx.conf", text, sizeof text - 1, 1);
	collecting_free(collecting);
}

static void
reads_every_shape_of_file(void **state)
{
	static const struct {
		const char *path, *text, *name, *value;
	} rows[] = {
	    {"/etc/lighttpd/lighttpd.conf", "server.port = 8080\n", "lighttpd.server.port", "8080"},
	    {"/etc/lighttpd/lighttpd.conf",
		"server.modules = (\n\t\"mod_access\", # x\n#\t\"mod_dav\",\n\t\"mod_cgi\"\n)\n",
		"lighttpd.server.modules", "( \"mod_access\", \"mod_cgi\" )"},
	    {"/etc/lighttpd/lighttpd.conf", "server.modules += ( \"mod_cgi\" )\n",
		"lighttpd.server.modules", "( \"mod_cgi\" )"},
	    {"/etc/lighttpd/conf-enabled/10-ssl.conf", "ssl.engine = \"enable\"\n",
		"lighttpd.ssl.engine", "enable"},
	    {"/etc/nginx/nginx.conf", "  listen 443 ssl; # x\n", "nginx.listen", "443 ssl"},
	    {"/etc/nginx/sites-enabled/default", "ssl_protocols TLSv1 TLSv1.2;\n",
		"nginx.ssl_protocols", "TLSv1 TLSv1.2"},
	    {"/etc/mosquitto/mosquitto.conf", "allow_anonymous true\n", "mosquitto.allow_anonymous",
		"true"},
	    {"/etc/snmp/snmpd.conf", "rwcommunity private\n", "snmpd.rwcommunity", "private"},
	    {"/etc/vsftpd.conf", "anonymous_enable=YES\n", "vsftpd.anonymous_enable", "YES"},
	    {"/etc/config/dropbear", "\toption PasswordAuth 'on'\n", "dropbear.PasswordAuth", "on"},
	    {"/etc/dnsmasq.conf", "#port=1\nenable-tftp\n", "dnsmasq.enable-tftp", ""},
	    {"/etc/stunnel/x.conf", "[a]\nsslVersion = TLSv1\n", "stunnel.sslVersion", "TLSv1"},
	    {"/etc/mediamtx.yml", "# rtsp: no\nrtspAddress: :8554\n", "mediamtx.rtspAddress",
		":8554"},
	    {"/etc/openvpn/server.conf", "tls-version-min 1.2\n", "openvpn.tls-version-min", "1.2"},
	    {"/etc/hostapd/wlan0.conf", "wpa_passphrase=verysecret1\n", "hostapd.wpa_passphrase",
		"(set)"},
	    {"/etc/config/rpcd", "config login\n\toption username 'root'\n", "rpcd.username",
		"root"},
	    {"/etc/default/tftpd-hpa", "TFTP_ADDRESS=\":69\"\n", "tftpd.TFTP_ADDRESS", ":69"},
	    {"/etc/samba/smb.conf", "[global]\n map to guest = Bad User\n", "samba.map to guest",
		"Bad User"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct collecting *collecting = collecting_new();

		assert_true(
		    collecting_text(collecting, &collector_settings, rows[i].path, rows[i].text));
		assert_int_equal(collecting_count(collecting, FACT_setting), 1);
		assert_string_equal(setting(collecting, 0)->name, rows[i].name);
		assert_string_equal(setting(collecting, 0)->value, rows[i].value);
		collecting_free(collecting);
	}
}

static void
finds_nothing_in_other_files(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_false(collecting_text(
	    collecting, &collector_settings, "/etc/ssh/ssh_config", "PermitRootLogin yes\n"));
	assert_false(collecting_text(
	    collecting, &collector_settings, "/usr/share/dropbear", "option Port 1\n"));
	assert_true(collecting_text(
	    collecting, &collector_settings, "/etc/ssh/sshd_config", "# nothing\n\n"));
	assert_int_equal(collecting->list.count, 0);
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	static const char text[] = "server.port=\"\n=\nssl.engine+=\"\"\noption \nlisten\xff 1;\n";

	(void)state;
	collecting_bear(
	    &collector_settings, "/etc/lighttpd/lighttpd.conf", text, sizeof text - 1, 1);
	collecting_bear(&collector_settings, "/etc/lighttpd/lighttpd.conf",
	    "server.modules=(\n\"a\",\n#\n)\nserver.modules=(", 37, 1);
	collecting_bear(&collector_settings, "/etc/config/dropbear", text, sizeof text - 1, 1);
	collecting_bear(&collector_settings, "/etc/nginx/nginx.conf", text, sizeof text - 1, 1);
}

/* What a secret is, nobody reads in a report. */
static void
hides_secrets_in_settings(void **state)
{
	struct collecting *collecting = collecting_new();
	const struct fact *fact;

	(void)state;
	collecting_text(collecting, &collector_settings, "/etc/snmp/snmpd.conf",
	    "createUser admin SHA verysecret1 AES verysecret2\n");
	fact = collecting_fact(collecting, FACT_setting, 0);
	assert_non_null(fact);
	assert_string_equal(fact->as.setting.value, "(set)");
	assert_int_not_equal(fact->hide.size, 0);
	collecting_free(collecting);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_sshd_config_whatever_the_case_of_its_words),
	    cmocka_unit_test(reads_all_that_stands_in_one_line),
	    cmocka_unit_test(reads_every_shape_of_file),
	    cmocka_unit_test(finds_nothing_in_other_files),
	    cmocka_unit_test(bears_any_bytes),
	    cmocka_unit_test(hides_secrets_in_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
