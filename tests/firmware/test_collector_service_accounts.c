/* Accounts of web servers, of defaults and of vendors' databases; and what only looks like them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_service_accounts;

static const char *const candidates[] = {
    "admin\tadmin", "admin\tpassword", "root\txc3511", "admin\t", "user\tletmein"};

static struct collecting *
with_candidates(void)
{
	struct collecting *collecting = collecting_new();

	collecting->collection.candidates = candidates;
	collecting->collection.candidate_count = ARRAY_SIZE(candidates);
	return collecting;
}

static const struct account_fact *
account(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_account, n);

	assert_non_null(fact);
	return &fact->as.account;
}

/* The n-th account is this one; NULL where nothing is known. */
static void
expect(const struct collecting *collecting, size_t n, const char *user, const char *scheme,
    const char *password)
{
	const struct account_fact *found = account(collecting, n);

	if (user == NULL)
		assert_null(found->user);
	else
		assert_string_equal(found->user, user);
	assert_string_equal(found->scheme, scheme);
	if (password == NULL)
		assert_null(found->password);
	else
		assert_string_equal(found->password, password);
}

static void
offer(struct collecting *collecting, const char *local, const char *text)
{
	assert_true(collecting_text(collecting, &collector_service_accounts, local, text));
}

static void
reads_every_form_of_a_web_servers_password_file(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	/* made by openssl passwd and htpasswd, the password is "letmein" */
	offer(collecting, "/etc/.htpasswd",
	    "admin:letmein\nroot:abOV.DfJmdnYw\n# user:note\n"
	    "apache:$apr1$saltsalt$vp8dwDjLxkf2CsOZoKETa/\n"
	    "sha:{SHA}t6h1/B6iKLkGEEG3zsS9PFKrPOM=\n"
	    "hex:0d107d09f5bbe40cade3de5c71e9e9b7:real name\n");
	expect(collecting, 0, "admin", "plain", "letmein");
	expect(collecting, 1, "root", "des", "admin");
	expect(collecting, 2, "apache", "apr1", "letmein");
	expect(collecting, 3, "sha", "sha1", "letmein");
	expect(collecting, 4, "hex", "md5", "letmein");
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(account(collecting, i)->enabled, 1);
		assert_string_equal(account(collecting, i)->service, "web server");
	}
	assert_int_equal(collecting_count(collecting, FACT_account), 5);
	collecting_free(collecting);
}

static void
reads_digests_over_a_realm(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	offer(collecting, "/etc/lighttpd/users.digest",
	    "user:camera:5aeb53b36038edd49d249ca2de188d73\n"
	    "admin:camera:0f359740bd1cda994f8b55330c86d845\nbroken:line\n");
	assert_int_equal(collecting_count(collecting, FACT_account), 2);
	expect(collecting, 0, "user", "digest", "letmein");
	expect(collecting, 1, "admin", "digest", NULL);
	assert_true(account(collecting, 1)->tried > 4);
	collecting_free(collecting);
}

static void
reads_plain_users_of_lighttpd_and_folders_of_busybox(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	offer(collecting, "/etc/lighttpd/users", "admin:admin\n");
	offer(collecting, "/etc/httpd.conf",
	    "A:192.168.\n/cgi-bin:admin:admin\n/adm:root:$p$root\n/"
	    "x:op:$1$RYIwEiRA$d5iRRVQ5ZeRTrJwGjRy.B0\n"
	    ".au:audio/basic\n");
	expect(collecting, 0, "admin", "plain", "admin");
	expect(collecting, 1, "admin", "plain", "admin");
	expect(collecting, 2, "root", "none", NULL);
	assert_int_equal(account(collecting, 2)->enabled, UNKNOWN);
	assert_int_equal(account(collecting, 2)->empty_password, 0);
	expect(collecting, 3, "op", "md5crypt", NULL);
	assert_int_equal(collecting_count(collecting, FACT_account), 4);
	collecting_free(collecting);
}

static void
reads_accounts_of_openwrt(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	offer(collecting, "/etc/config/rpcd",
	    "config rpcd\n\toption socket /var/run/ubus.sock\n\nconfig login\n\toption username "
	    "'root'\n\toption password '$p$root'\n\tlist read '*'\n\nconfig login\n\toption "
	    "username "
	    "'support'\n\toption password 'letmein'\n");
	offer(collecting, "/etc/config/wireless",
	    "config wifi-iface\n\toption mode 'ap'\n\toption ssid 'Home'\n\toption encryption "
	    "'psk2'\n\toption key 'topsecret1'\n\nconfig wifi-iface\n\toption mode 'sta'\n\toption "
	    "ssid "
	    "'Other'\n\toption key 'topsecret2'\n");
	expect(collecting, 0, "root", "none", NULL);
	expect(collecting, 1, "support", "plain", "letmein");
	assert_int_equal(account(collecting, 1)->enabled, 1);
	expect(collecting, 2, "Home", "plain", "topsecret1");
	assert_string_equal(account(collecting, 2)->service, "Wi-Fi");
	assert_int_equal(account(collecting, 2)->enabled, UNKNOWN);
	assert_int_equal(collecting_count(collecting, FACT_account), 3);
	collecting_free(collecting);
}

static void
reads_factory_defaults_between_nul_bytes_and_in_lines(void **state)
{
	static const char flash[] = "lan_ipaddr=192.168.1.1\0http_username=admin\0"
				    "http_passwd=admin\0wl0_ssid=linksys\0wl0_wpa_psk=12345678\0"
				    "ddns_passwd=\0";
	struct collecting *collecting = with_candidates();

	(void)state;
	assert_true(collecting_bytes(collecting, &collector_service_accounts, "/etc/nvram_default",
	    flash, sizeof flash - 1));
	offer(collecting, "/etc_ro/Wireless/RT2860AP.dat",
	    "#The word of \"Default\" must not be removed\nDefault\nSSID=ralink\nWPAPSK1=87654321\n"
	    "Login=admin\nPassword=admin\n");
	expect(collecting, 0, "linksys", "plain", "12345678");
	expect(collecting, 1, "admin", "plain", "admin");
	assert_int_equal(account(collecting, 1)->enabled, UNKNOWN);
	expect(collecting, 2, "ralink", "plain", "87654321");
	expect(collecting, 3, "admin", "plain", "admin");
	assert_int_equal(collecting_count(collecting, FACT_account), 4);
	collecting_free(collecting);
}

/* As Anyka's and D-Link's cameras keep them. */
static void
reads_the_settings_of_cameras(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	offer(collecting, "/etc/jffs2/anyka_cfg.ini",
	    "[global]\nuser\t\t= admin\nsecret\t\t= letmein\n\n[wireless]\nssid = Office\npassword "
	    "= nnn\n"
	    "[softap]\ns_ssid = CAM_1\ns_password = hd123456\n[ftp_info]\nuser_name = up\nftp_pwd "
	    "= Up_Up\n");
	offer(collecting, "/etc_ro/Wireless/RT2860AP/RT2860_default_vlan",
	    "Default\n#Login=admin\n#Password=admin\nAdminID=admin\nAdminPassword=\nUser1=\nUser2="
	    "\n"
	    "FTPUserName=\nFTPPassword=\nSSID=Test\nPreSharedKey=PSK12345\n");
	expect(collecting, 0, "admin", "plain", "letmein");
	assert_int_equal(account(collecting, 0)->enabled, 1);
	expect(collecting, 1, "CAM_1", "plain", "hd123456");
	expect(collecting, 2, "admin", "none", NULL);
	assert_int_equal(account(collecting, 2)->enabled, UNKNOWN);
	assert_int_equal(account(collecting, 2)->empty_password, 1);
	expect(collecting, 3, "Test", "plain", "PSK12345");
	assert_int_equal(collecting_count(collecting, FACT_account), 4);
	collecting_free(collecting);
}

static void
reads_the_databases_of_camera_makers(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	offer(collecting, "/mnt/mtd/Config/Account1",
	    "{ \"Groups\" : [ { \"Memo\" : \"administrator group\", \"Name\" : \"admin\" } ],\n"
	    "\"Users\" : [ { \"Group\" : \"admin\", \"Memo\" : \"admin's account\", \"Name\" : "
	    "\"admin\", "
	    "\"Password\" : \"tlJwpbo6\", \"Reserved\" : true }, { \"Name\" : \"user\", "
	    "\"Password\" : "
	    "\"0d107d09f5bbe40cade3de5c71e9e9b7\" } ] }");
	offer(collecting, "/mnt/mtd/Config/passwd", "1:admin:tlJwpbo6:1:CtrPanel, Monitor:admin\n");
	offer(collecting, "/etc/userinfo.xml",
	    "<?xml version=\"1.0\"?><!-- <user name=\"x\" password=\"y\"/> -->\n<Users>\n"
	    "<User id=\"1\"><UserName>admin</UserName><Password>letmein</Password></User>\n"
	    "<user name=\"guest\" password=\"guest\"/><user name=\"off\"/></Users>\n");
	expect(collecting, 0, "admin", "sofia", "");
	assert_int_equal(account(collecting, 0)->empty_password, 1);
	expect(collecting, 1, "user", "md5", "letmein");
	assert_int_equal(account(collecting, 1)->empty_password, 0);
	expect(collecting, 2, "admin", "sofia", "");
	expect(collecting, 3, "admin", "plain", "letmein");
	expect(collecting, 4, "guest", "plain", "guest");
	assert_int_equal(account(collecting, 4)->enabled, 1);
	assert_int_equal(collecting_count(collecting, FACT_account), 5);
	collecting_free(collecting);
}

/* A database of many pages, as SQLite itself writes it; to be let go with sqlite3_free. */
static unsigned char *
database_of(const char *sql, sqlite3_int64 *size)
{
	sqlite3 *database;
	unsigned char *bytes;

	assert_int_equal(sqlite3_open(":memory:", &database), SQLITE_OK);
	assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
	bytes = sqlite3_serialize(database, "main", size, 0);
	sqlite3_close(database);
	assert_non_null(bytes);
	return bytes;
}

static const char users_sql[] =
    "PRAGMA page_size = 512;"
    "CREATE TABLE log (id INTEGER PRIMARY KEY, line TEXT);"
    "CREATE TABLE smtp (username TEXT, password TEXT); INSERT INTO smtp VALUES ('me', 'mail');"
    "CREATE TABLE \"user_info\" (id INTEGER PRIMARY KEY, [name] VARCHAR(32) NOT NULL, level INT, "
    "password TEXT DEFAULT (''), UNIQUE (name));"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) "
    "INSERT INTO user_info (name, level, password) SELECT 'user' || i, i, 'secret' || i FROM n;"
    "INSERT INTO user_info (name, level, password) VALUES ('admin', 1, "
    "'0d107d09f5bbe40cade3de5c71e9e9b7');";

static void
reads_a_table_of_users(void **state)
{
	struct collecting *collecting = with_candidates();
	sqlite3_int64 size;
	unsigned char *bytes = database_of(users_sql, &size);

	(void)state;
	assert_true(size > 2048);
	assert_true(collecting_bytes(
	    collecting, &collector_service_accounts, "/etc/ipc.db", bytes, (size_t)size));
	assert_int_equal(collecting_count(collecting, FACT_account), 61);
	expect(collecting, 0, "user1", "plain", "secret1");
	expect(collecting, 60, "admin", "md5", "letmein");
	assert_int_equal(account(collecting, 60)->enabled, 1);
	sqlite3_free(bytes);
	collecting_free(collecting);
}

static void
reads_rows_longer_than_a_page(void **state)
{
	struct collecting *collecting = with_candidates();
	sqlite3_int64 size;
	unsigned char *bytes =
	    database_of("CREATE TABLE users(note TEXT, name TEXT, password TEXT);"
			"INSERT INTO users VALUES (hex(zeroblob(9000)), 'long', 'secret2');"
			"INSERT INTO users VALUES ('', 'short', 'secret1');",
		&size);

	(void)state;
	assert_true(collecting_bytes(
	    collecting, &collector_service_accounts, "/etc/ipc.db", bytes, (size_t)size));
	assert_int_equal(collecting_count(collecting, FACT_account), 2);
	expect(collecting, 0, "long", "plain", "secret2");
	assert_true(collecting_fact(collecting, FACT_account, 0)->offset < size);
	expect(collecting, 1, "short", "plain", "secret1");
	sqlite3_free(bytes);
	collecting_free(collecting);
}

static void
bears_any_database(void **state)
{
	sqlite3_int64 size;
	unsigned char *bytes = database_of(users_sql, &size);

	(void)state;
	for (size_t i = 0; i < (size_t)size; i += 3) {
		struct collecting *collecting = collecting_new();
		bool wanted;

		collecting_status(
		    collecting, &collector_service_accounts, "/etc/ipc.db", bytes, i, &wanted);
		bytes[i] ^= (unsigned char)(1u << (i % 8));
		collecting_status(collecting, &collector_service_accounts, "/etc/ipc.db", bytes,
		    (size_t)size, &wanted);
		bytes[i] ^= (unsigned char)(1u << (i % 8));
		collecting_free(collecting);
	}
	sqlite3_free(bytes);
}

static void
reads_what_a_vendor_keeps_beside_other_settings(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	offer(collecting, "/etc/config/camera",
	    "config system 'system'\n\toption hostname 'IPC'\n\toption web_user 'admin'\n"
	    "\toption web_pass 'x12345'\nconfig user 'tech'\n\toption password 'y12345'\n"
	    "config link\n\toption username 'far'\n\toption password 'z12345'\n");
	offer(collecting, "/etc/config.json",
	    "{\"users\":[{\"name\":\"admin\",\"password\":\"a1\"},{\"name\":\"op\",\"password\":"
	    "\"a2\"}]}");
	offer(collecting, "/etc/config.xml",
	    "<c><user><name>admin</name><password>a3</password></user></c>");
	offer(collecting, "/etc/default.ini", "[u]\nUserName0=admin\nUserPwd0=a4\n");
	offer(collecting, "/mnt/mtd/Config/user.json",
	    "{\"OnvifUser\":\"admin\",\"OnvifPassword\":\"888888\"}");
	expect(collecting, 0, "admin", "plain", "x12345");
	assert_int_equal(account(collecting, 0)->enabled, 1);
	expect(collecting, 1, "tech", "plain", "y12345");
	assert_int_equal(account(collecting, 1)->enabled, 1);
	expect(collecting, 2, "far", "plain", "z12345");
	assert_int_equal(account(collecting, 2)->enabled, UNKNOWN);
	expect(collecting, 3, "admin", "plain", "a1");
	expect(collecting, 4, "op", "plain", "a2");
	expect(collecting, 5, "admin", "plain", "a3");
	expect(collecting, 6, "admin", "plain", "a4");
	expect(collecting, 7, "admin", "plain", "888888");
	assert_int_equal(collecting_count(collecting, FACT_account), 8);
	collecting_free(collecting);
}

static void
reads_yaml_and_toml(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	offer(collecting, "/etc/config.yaml",
	    "---\n# all of it\nusers:\n  - name: admin   # first\n    password: \"a1\"\n  - name: "
	    "op\n"
	    "    password: a2\nweb:\n  web_user: root\n  web_password: a3\nmqtt:\n  user: me\n"
	    "  password: far\nlink:\n  user: far\n  password: a4\n");
	offer(collecting, "/etc/users.toml", "[[users]]\nuser = \"admin\"\npassword = \"a5\"\n");
	expect(collecting, 0, "admin", "plain", "a1");
	expect(collecting, 1, "op", "plain", "a2");
	expect(collecting, 2, "root", "plain", "a3");
	assert_int_equal(account(collecting, 2)->enabled, 1);
	expect(collecting, 3, "far", "plain", "a4");
	assert_int_equal(account(collecting, 3)->enabled, UNKNOWN);
	expect(collecting, 4, "admin", "plain", "a5");
	assert_int_equal(collecting_count(collecting, FACT_account), 5);
	collecting_free(collecting);
}

static void
words_for_people_and_other_peoples_servers_are_no_accounts(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	assert_false(collecting_text(collecting, &collector_service_accounts,
	    "/www/lang/users.json", "{\"username\":\"User\",\"password\":\"Password\"}"));
	assert_false(collecting_text(collecting, &collector_service_accounts, "/etc/config/network",
	    "config interface wan\n\toption username 'me'\n\toption password 'isp'\n"));
	offer(collecting, "/etc/user_config.json",
	    "{\"smtp\":{\"username\":\"me\",\"password\":\"mail\"},\"text\":{\"username\":\"Your "
	    "name\","
	    "\"password\":\"Your "
	    "password\"},\"web\":{\"username\":\"$USER\",\"password\":\"${PASS}\"}}");
	offer(collecting, "/etc/default_users.ini",
	    "[ddns]\nuser=me\npassword=dyn\n[web]\nuser=admin\npassword=********\n# user=root\n");
	offer(collecting, "/etc/config/camera",
	    "config ftp\n\toption username 'me'\n\toption password 'far'\nconfig x 'smtp'\n"
	    "\toption user 'me'\n\toption password 'far'\n");
	offer(collecting, "/etc/config.json",
	    "{\"camera\":{\"name\":\"Garden\",\"password\":\"a1\"},\"web_name\":\"x\"}");
	offer(collecting, "/etc/config.yaml",
	    "camera:\n  name: Garden\n  password: a1\nmqtt:\n  a:\n    user: me\n    password: "
	    "far\n");
	offer(collecting, "/etc/httpd.conf", "<Directory />\nAllowOverride None\n/no/user/here\n");
	assert_int_equal(collecting_count(collecting, FACT_account), 0);
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	static const char lines[] =
	    "admin:$apr1$s$Lm41sTKvRKEGIZMRNQ70O0\nb:{SHA}t6h1/B6iKLkGEEG3zsS9\n";
	static const char uci[] = "config login\n\toption username 'a'\n\toption password '$p$a'\n";
	static const char json[] = "{\"Users\":[{\"Name\":\"a\",\"Password\":\"tlJwpbo6\"}]}";
	static const char xml[] =
	    "<u><user name='a' password='b'/><x><user>c</user><pwd>d</pwd></x></u>";
	static const char yaml[] =
	    "users:\n  - name: a # b\n    password: 'c'\nmqtt:\n  user: d\n- \n-  pwd: e";
	static const char values[] = "http_user=a\0http_passwd=b\0wl_ssid=c\0wl_wpa_psk=dddddddd";

	(void)state;
	collecting_bear(&collector_service_accounts, "/etc/.htpasswd", lines, sizeof lines - 1, 1);
	collecting_bear(&collector_service_accounts, "/etc/x.digest", lines, sizeof lines - 1, 1);
	collecting_bear(&collector_service_accounts, "/etc/config/rpcd", uci, sizeof uci - 1, 1);
	collecting_bear(&collector_service_accounts, "/etc/Account1", json, sizeof json - 1, 1);
	collecting_bear(&collector_service_accounts, "/etc/users.xml", xml, sizeof xml - 1, 1);
	collecting_bear(&collector_service_accounts, "/etc/config.yaml", yaml, sizeof yaml - 1, 1);
	collecting_bear(&collector_service_accounts, "/etc/config/camera", uci, sizeof uci - 1, 1);
	collecting_bear(
	    &collector_service_accounts, "/etc/nvram_default", values, sizeof values - 1, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_every_form_of_a_web_servers_password_file),
	    cmocka_unit_test(reads_digests_over_a_realm),
	    cmocka_unit_test(reads_plain_users_of_lighttpd_and_folders_of_busybox),
	    cmocka_unit_test(reads_accounts_of_openwrt),
	    cmocka_unit_test(reads_factory_defaults_between_nul_bytes_and_in_lines),
	    cmocka_unit_test(reads_the_settings_of_cameras),
	    cmocka_unit_test(reads_the_databases_of_camera_makers),
	    cmocka_unit_test(reads_a_table_of_users),
	    cmocka_unit_test(reads_rows_longer_than_a_page),
	    cmocka_unit_test(bears_any_database),
	    cmocka_unit_test(reads_what_a_vendor_keeps_beside_other_settings),
	    cmocka_unit_test(reads_yaml_and_toml),
	    cmocka_unit_test(words_for_people_and_other_peoples_servers_are_no_accounts),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
