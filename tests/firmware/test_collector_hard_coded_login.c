/* Users with their passwords in code are found; forms, texts and remarks are left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "base/arena.h"
#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_hard_coded_login;

/* The only log-in of this file; NULL when there is none. */
static const struct secret_fact *
only(struct collecting *collecting, const char *local, const char *text)
{
	size_t before = collecting_count(collecting, FACT_secret);
	const struct fact *fact;

	assert_true(collecting_text(collecting, &collector_hard_coded_login, local, text));
	fact = collecting_fact(collecting, FACT_secret, before);
	assert_null(collecting_fact(collecting, FACT_secret, before + 1));
	if (fact != NULL)
		assert_string_equal(fact->as.secret.type, "hard-coded login");
	return fact == NULL ? NULL : &fact->as.secret;
}

static void
expect(const char *local, const char *text, const char *user, const char *confidence)
{
	struct collecting *collecting = collecting_new();
	const struct secret_fact *secret = only(collecting, local, text);

	assert_non_null(secret);
	if (user == NULL)
		assert_null(secret->name);
	else
		assert_string_equal(secret->name, user);
	assert_string_equal(secret->confidence, confidence);
	assert_null(strstr(secret->detail, "12345"));
	collecting_free(collecting);
}

static void
expect_nothing(const char *local, const char *text)
{
	struct collecting *collecting = collecting_new();

	assert_null(only(collecting, local, text));
	collecting_free(collecting);
}

static void
finds_what_login_code_compares(void **state)
{
	(void)state;
	expect("/www/cgi-bin/login",
	    "#!/bin/sh\nif [ \"$user\" = \"admin\" ] && [ \"$pass\" = \"12345\" ]; then\n", "admin",
	    "certain");
	expect("/www/login.cgi",
	    "#!/bin/sh\n[ \"x$USER\" = \"xroot\" -a \"x$PASS\" = \"xa12345\" ] && ok\n", "root",
	    "certain");
	expect("/www/login.js",
	    "function check(){ if (username == 'service' && password === \"12345\") go(); }",
	    "service", "likely");
	expect("/www/index.html",
	    "<script>if(document.getElementById(\"user\").value==\"tech\"&&\n"
	    "document.getElementById(\"passwd\").value==\"x12345\")ok();</script>",
	    "tech", "likely");
	expect("/www/a.html",
	    "<?php if ($_POST['user'] == 'tech' &&\n    $_POST['pwd'] == 'x12345') ok();", "tech",
	    "certain");
	expect("/usr/lib/auth.py", "if user == \"tech\" and \\\n   passwd == \"x12345\":\n", "tech",
	    "certain");
	expect("/www/a.php",
	    "<?php if ($_POST['username'] == 'admin' && $_POST['password'] == 'z12345') login();",
	    "admin", "certain");
	expect("/www/b.php",
	    "<?php if (strcmp($user, \"admin\") == 0 && strcmp($pwd, \"12345\") == 0) {", "admin",
	    "certain");
	expect("/usr/lib/lua/login.lua",
	    "if http.formvalue(\"username\") == \"dev\" and http.formvalue(\"password\") == "
	    "\"d12345\" then",
	    "dev", "certain");
}

/* What one condition does not hold together may be something else. */
static void
is_sure_within_one_condition_alone(void **state)
{
	(void)state;
	expect("/www/cgi-bin/login",
	    "#!/bin/sh\nif [ \"$user\" = \"admin\" ]; then\n  if [ \"$pass\" = \"a12345\" ]; "
	    "then\n",
	    "admin", "likely");
	expect("/usr/lib/auth.py",
	    "def a(user):\n    return user == \"root\"\ndef b(x):\n    return x and passwd == "
	    "\"x12345\"\n",
	    "root", "likely");
	expect("/www/nested.js", "if (user == 'tech') { if (pass == 'x12345') go(); }", "tech",
	    "likely");
	expect("/www/pick.js",
	    "if (user==\"admin\" && password==\"x12345\") showError(\"pick another\");", "admin",
	    "likely");
	/* who may log in stands before it, who may not in the condition before that */
	expect("/www/two.php",
	    "<?php if ($user == 'a1' && $pass == $x || $user == 'tech' && $pass == 'x12345')",
	    "tech", "certain");
}

static void
leaves_rules_about_passwords_alone(void **state)
{
	(void)state;
	expect_nothing("/www/set.js",
	    "if (user == \"admin\") hint();\n"
	    "if (password == user || password == \"password\") { alert(\"too weak\"); }");
	expect_nothing("/www/set.js",
	    "function weak(password, user) { if (user == \"root\") return true;\n"
	    "return password == \"12345678\" }");
	expect_nothing("/www/set.js", "if (user == 'admin' || password == '12345678') weak();");
	expect_nothing(
	    "/www/set.php", "<?php if ($user == 'admin' || $password == 'password') weak();");
	expect_nothing("/www/text.js", "t = { password: \"Password\", username: \"admin\" };");
	expect_nothing("/www/text.js", "t = { username: \"admin\", password: \"password\" };");
	expect_nothing(
	    "/usr/lib/text.lua", "t = { username = \"admin\", password = \"Password\" }");
}

static void
finds_log_ins_under_other_names(void **state)
{
	(void)state;
	expect("/www/a.php",
	    "<?php if ($_SERVER['PHP_AUTH_USER'] === 'tech' && $_SERVER['PHP_AUTH_PW'] === "
	    "'x12345') ok();",
	    "tech", "certain");
	expect("/www/b.php", "<?php $valid_user = 'service';\n$valid_pass = 'S12345#Cam';\n",
	    "service", "likely");
	expect("/www/c.php",
	    "<?php define('ADMIN_USER', 'admin');\ndefine('ADMIN_PASS', 'x12345');\n", "admin",
	    "likely");
	expect("/www/d.php", "<?php $users = array('admin' => 'x12345');", "admin", "likely");
	expect("/usr/lib/e.py",
	    "app.config['BASIC_AUTH_USERNAME'] = 'admin'\n"
	    "app.config['BASIC_AUTH_PASSWORD'] = 'x12345'\n",
	    "admin", "likely");
	expect("/usr/lib/f.py", "USERS = {\n    \"admin\": \"x12345\",\n}\n", "admin", "likely");
	expect("/usr/lib/g.lua", "users = { root = \"x12345\" }\n", "root", "likely");
	expect("/www/h.js", "if (u == \"factory\" && p == \"Fact12345\") { go(); }", "factory",
	    "likely");
	expect("/www/i.js", "login({user:\"oem\",pwd:\"x12345\"});", "oem", "likely");
	expect("/www/j.js", "switch (user) { case \"tech\": ok = pass == \"x12345\"; break; }",
	    "tech", "likely");
}

static void
leaves_look_alikes_of_those_alone(void **state)
{
	(void)state;
	expect_nothing("/www/a.js", "if(u==\"string\"&&p==\"number\")x();");
	expect_nothing("/www/a.js", "if(u==\"h\"&&p==\"h2\")x(); if(p==\"abc123\")y();");
	expect_nothing("/www/a.js", "if (step == \"abc123\" && http == \"abc123\") x();");
	expect_nothing(
	    "/www/b.js", "form = {user: \"userField1\", title: 1, password: \"abc123\"};");
	expect_nothing("/www/c.js", "roles = 1, users = {\"admin\": \"Administrator\"};");
	expect_nothing("/usr/lib/d.py", "users = {'admin': '10.0.0.1', 'root': '/var/1'}");
	expect_nothing("/usr/lib/d.py", "users = {'alice': 'a12345'}\nusers = load('a12345')");
	expect_nothing(
	    "/www/e.js", "switch (user) { case \"tech\": go(); break; } ok = pass == \"x12345\";");
	expect_nothing(
	    "/www/f.php", "<?php define('ADMIN_USER', 'admin'); define('PASS_MIN', '12');");
}

static void
finds_what_is_assigned_beside_each_other(void **state)
{
	(void)state;
	expect("/usr/bin/web.sh", "#!/bin/sh\nUSERNAME=\"admin\"\nPASSWORD=\"12345\"\n", "admin",
	    "likely");
	expect("/usr/bin/onvif.py", "login = {'user': 'admin', 'password': '12345'}\n", "admin",
	    "likely");
	expect("/www/config.lua", "local user = \"root\"\nlocal passwd = \"12345\"\n", "root",
	    "likely");
}

static void
finds_commands_that_set_a_password(void **state)
{
	(void)state;
	expect("/etc/init.d/S10user", "#!/bin/sh\necho \"root:12345\" | chpasswd\n", "root",
	    "certain");
	expect("/etc/init.d/rcS",
	    "#!/bin/sh\nPW=12345\necho \"support:$PW\" | /usr/sbin/chpasswd\n", "support",
	    "certain");
	expect("/usr/sbin/setup.sh", "printf 'a12345\\na12345\\n' | passwd admin\n", "admin",
	    "certain");
	expect("/etc/rc.local", "#!/bin/sh\nhtpasswd -bc /etc/htpasswd admin 12345\n", "admin",
	    "certain");
	expect("/usr/sbin/init.sh",
	    "nvram set http_username=\"root\"\nnvram set http_passwd=\"12345\"\n", "root",
	    "likely");
	expect("/usr/sbin/poll.sh", "curl -u admin:12345 http://127.0.0.1/status\n", "admin",
	    "likely");
	expect("/usr/sbin/poll.sh", "sshpass -p 12345 scp a b:\n", NULL, "likely");
	expect("/etc/init.d/S10user", "#!/bin/sh\necho \"root:12345\" | chpasswd\npasswd -e root\n",
	    "root", "possible");
}

static void
finds_other_commands_that_set_a_password(void **state)
{
	static const char *const scripts[] = {
	    "#!/bin/sh\necho -e \"a12345\\na12345\" | passwd tech\n",
	    "#!/bin/sh\n(echo a12345; echo a12345) | passwd tech\n",
	    "#!/bin/sh\n(echo a12345; sleep 1; echo a12345) | passwd tech\n",
	    "#!/bin/sh\nprintf '%s\\n%s\\n' a12345 a12345 | passwd tech\n",
	    "#!/bin/sh\nprintf 'tech:%s' a12345 | chpasswd\n",
	    "#!/bin/sh\npasswd tech <<EOF\na12345\na12345\nEOF\n",
	    "#!/bin/sh\nchpasswd << 'EOF'\ntech:a12345\nEOF\n",
	    "#!/bin/sh\ncat <<-E | chpasswd\nbad line\ntech:a12345\nE\n",
	    "#!/bin/sh\nchpasswd <<< \"tech:a12345\"\n",
	    "#!/bin/sh\nusermod -p '$1$V4UetPzk$CYXluq4wUazHjmCDBCqXF.' tech\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(scripts); i++)
		expect("/etc/init.d/S10user", scripts[i], "tech", "certain");
	expect("/etc/init.d/S10user", "#!/bin/sh\ndropbear -R -Y a12345\n", "root", "likely");
	expect("/etc/uci-defaults/9.sh",
	    "uci set rpcd.@login[0].username='tech'\nuci set rpcd.@login[0].password='a12345'\n",
	    "tech", "likely");
}

static void
leaves_commands_that_set_none_alone(void **state)
{
	static const char *const scripts[] = {
	    "#!/bin/sh\necho setting; echo password\npasswd tech\n",
	    "#!/bin/sh\npasswd tech <<EOF\n$PW\n$PW\nEOF\n",
	    "#!/bin/sh\nchpasswd <<EOF\ntech:$PW\nEOF\n",
	    "#!/bin/sh\nchpasswd <<EOF\ntech:a12345\n",
	    "#!/bin/sh\nusermod -p '!' tech\nusermod -p \"$HASH\" tech\nusermod -aG audio tech\n",
	    "#!/bin/sh\nuci set network.wan.password='a12345'\nuci set rpcd.x.password='$p$root'\n",
	    "#!/bin/sh\nuci set rpcd.x.password=\"$PW\"\ndropbear -Y \"$PW\"\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(scripts); i++)
		expect_nothing("/etc/init.d/S10user", scripts[i]);
}

static void
finds_a_row_of_passwd_in_a_program(void **state)
{
	static const char program[] =
	    "\177ELF\2\1\1\0\0/etc/passwd\0"
	    "root:$1$RYIwEiRA$d5iRRVQ5ZeRTrJwGjRy.B0:0:0:root:/:/bin/sh\0nobody:*:0:0:";
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(collecting_bytes(
	    collecting, &collector_hard_coded_login, "/sbin/rc", program, sizeof program - 1));
	assert_int_equal(collecting_count(collecting, FACT_secret), 1);
	assert_string_equal(collecting_fact(collecting, FACT_secret, 0)->as.secret.name, "root");
	collecting_free(collecting);
	expect("/etc/uci-defaults/99-root",
	    "#!/bin/sh\nsed -i "
	    "'s/root::0:99999:7:::/root:$1$V4UetPzk$CYXluq4wUazHjmCDBCqXF.:0:99999:7:::/g' "
	    "/etc/shadow\n",
	    "root", "certain");
	expect("/usr/sbin/mk.sh", "echo 'root:ab01FAX.bQRSU:0:0:root:/:/bin/sh' > /etc/passwd\n",
	    "root", "certain");
}

static void
leaves_forms_texts_remarks_and_variables_alone(void **state)
{
	(void)state;
	expect_nothing(
	    "/www/text.js", "share.username=\"User Name\";\nshare.passwd=\"Password\";\n");
	expect_nothing("/www/form.js", "fields = {user: \"user\", password: \"password\"};\n");
	expect_nothing("/www/form.html",
	    "<input name=\"user\" type=\"text\"><input name=\"password\" type=\"password\">");
	expect_nothing("/www/check.js", "if (user == \"\" || password == \"\") alert('empty');");
	expect_nothing("/www/check.js", "if (e.type === \"password\") x(); var user='admin';");
	expect_nothing("/www/check.js",
	    "// if (user == 'admin' && password == '12345')\n/* user='root';\n"
	    "password='12345'; */\n");
	expect_nothing("/www/x.html", "<!-- user: 'admin' password: '12345' -->");
	expect_nothing("/usr/bin/a.sh",
	    "#!/bin/sh\n# echo root:12345 | chpasswd\necho \"root:$1\" | chpasswd\n"
	    "PW=$(head -c8 /dev/urandom)\necho \"root:$PW\" | chpasswd\n");
	expect_nothing("/usr/bin/b.sh",
	    "#!/bin/sh\nPASSWORD=\"$2\"\nUSERNAME=\"admin\"\ncurl -u \"$U:$P\" x\n");
	expect_nothing(
	    "/usr/bin/c.sh", "#!/bin/sh\necho 'nobody:*:0:0:x:/:/bin/false' > /etc/passwd\n");
	expect_nothing("/www/mask.js", "var user='admin', password='********';");
	expect_nothing("/www/db.php", "$login = \"me@example.org\"; $password = \"12345\";");
}

static void
does_not_read_manuals_and_tests(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_false(collecting_text(collecting, &collector_hard_coded_login,
	    "/usr/share/doc/x/example.sh", "#!/bin/sh\necho root:12345 | chpasswd\n"));
	assert_false(
	    collecting_text(collecting, &collector_hard_coded_login, "/etc/motd", "user admin\n"));
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	static const char code[] =
	    "#!/bin/sh\nif [ \"x$user\" = \"xadmin\" -a \"x$pass\" = \"x12\" ]; then\n"
	    "passwd <<E\nx1\nx1\nE\nprintf '%s%s' a | chpasswd <<<\"a:b\"\nuci set web.a.pwd=1\n"
	    "usermod -p '$1$a$b' x; strcmp(pwd,'1') echo \"a:b\\na:b\" | chpasswd; "
	    "root:ab01FAX.bQRSU:0:0:\n"
	    "users={'admin':'a1!',root:\"b\" switch(user){case \"x\": u=='a'&&p=='b12345'"
	    "define('ADMIN_PASS','x');/* <!-- pass=='x' */ user:'admin',psw:'12345' --> wget "
	    "--user=a --password=b";

	(void)state;
	collecting_bear(&collector_hard_coded_login, "/etc/init.d/rcS", code, sizeof code - 1, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_what_login_code_compares),
	    cmocka_unit_test(is_sure_within_one_condition_alone),
	    cmocka_unit_test(leaves_rules_about_passwords_alone),
	    cmocka_unit_test(finds_log_ins_under_other_names),
	    cmocka_unit_test(leaves_look_alikes_of_those_alone),
	    cmocka_unit_test(finds_what_is_assigned_beside_each_other),
	    cmocka_unit_test(finds_commands_that_set_a_password),
	    cmocka_unit_test(finds_other_commands_that_set_a_password),
	    cmocka_unit_test(leaves_commands_that_set_none_alone),
	    cmocka_unit_test(finds_a_row_of_passwd_in_a_program),
	    cmocka_unit_test(leaves_forms_texts_remarks_and_variables_alone),
	    cmocka_unit_test(does_not_read_manuals_and_tests),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
