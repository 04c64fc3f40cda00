/* Whom a command at boot starts, on which port and as whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "tests/support/booting.h"

#include <cmocka.h>

/* A shell or a debugger that something puts on a port. */
static void
tells_what_is_put_on_a_port(void **state)
{
	const struct item items[] = {{"/etc/inittab", "::sysinit:/etc/init.d/rcS\n", NULL, 0},
	    {"/etc/init.d/rcS",
		"#!/bin/sh\nsocat TCP-LISTEN:1337,bind=0.0.0.0,fork EXEC:'/bin/sh -i' &\n"
		"tcpsvd -c 3 0 1234 /bin/sh &\nudpsvd 0 53 sh &\ntcpsvd 0 8081 /app/cgi &\n"
		"sh -i | nc -l 4445 &\nncat -l 4446 | sh\nnetcat -w 5 -lp 4447 > /tmp/x &\n"
		"python3 -m http.server --bind 10.0.0.1 8080 &\n"
		/* these put no shell anywhere, or nothing */
		"socat OPENSSL-LISTEN:4448,cert=/x EXEC:/bin/cat &\nnc 10.0.0.2 99 < /bin/sh\n"
		"python3 /app/main.py http.server &\ncat /x | sh | logger\n"
		"gdbserver --once 10.0.0.1:2345 /app/main &\n",
		NULL, 0},
	    {"/etc/inetd.conf",
		"2323 stream tcp nowait root /sbin/telnetd telnetd -i\n4449 stream tcp nowait "
		"root /bin/sh sh -i\n",
		NULL, 0}};
	/* what comes through a pipe into a shell, nobody knows */
	struct collecting *collecting = booting_as(items, ARRAY_SIZE(items), STATUS_MALFORMED);

	(void)state;
	assert_int_equal(booting_service(collecting, "socat")->listen_port, 1337);
	assert_string_equal(booting_service(collecting, "socat")->listen_address, "0.0.0.0");
	assert_string_equal(booting_service(collecting, "socat")->protocol, "shell");
	assert_int_equal(booting_service(collecting, "tcpsvd")->listen_port, 1234);
	assert_string_equal(booting_service(collecting, "tcpsvd")->protocol, "shell");
	assert_string_equal(booting_service(collecting, "udpsvd")->protocol, "shell");
	assert_int_equal(booting_service(collecting, "cgi")->listen_port, 8081);
	assert_null(booting_service(collecting, "cgi")->protocol);
	assert_int_equal(booting_named(collecting, "nc", 0)->listen_port, 4445);
	assert_string_equal(booting_named(collecting, "nc", 0)->protocol, "shell");
	assert_null(booting_named(collecting, "nc", 1));
	assert_string_equal(booting_service(collecting, "ncat")->protocol, "shell");
	assert_int_equal(booting_service(collecting, "netcat")->listen_port, 4447);
	assert_string_equal(booting_service(collecting, "netcat")->protocol, "netcat");
	assert_int_equal(booting_named(collecting, "python3", 0)->listen_port, 8080);
	assert_string_equal(booting_named(collecting, "python3", 0)->listen_address, "10.0.0.1");
	assert_string_equal(booting_named(collecting, "python3", 0)->protocol, "http");
	assert_null(booting_named(collecting, "python3", 1)->protocol);
	assert_string_equal(booting_named(collecting, "socat", 1)->protocol, "tls");
	assert_string_equal(booting_service(collecting, "sh")->protocol, "shell");
	assert_int_equal(booting_service(collecting, "sh")->listen_port, 4449);
	assert_string_equal(booting_service(collecting, "telnetd")->protocol, "telnet");
	assert_int_equal(booting_service(collecting, "gdbserver")->listen_port, 2345);
	assert_string_equal(booting_service(collecting, "gdbserver")->listen_address, "10.0.0.1");
	collecting_free(collecting);
}

static void
tells_what_answers_at_a_socket(void **state)
{
	struct collecting *collecting = BOOTED({"/lib/systemd/systemd", "x", NULL, 0},
	    {"/etc/machine-id", "1", NULL, 0},
	    {"/etc/systemd/system/debug.socket", "[Socket]\nListenStream=4444\nAccept=yes\n", NULL,
		0},
	    {"/etc/systemd/system/debug@.service",
		"[Service]\nExecStart=-/bin/sh -i\nStandardInput=socket\n", NULL, 0},
	    {"/etc/systemd/system/sockets.target.wants/debug.socket", NULL, "../debug.socket", 0},
	    {"/etc/systemd/system/old.socket", "[Socket]\nListenStream=4445\n", NULL, 0},
	    {"/etc/systemd/system/old.service",
		"[Service]\nExecStart=/bin/sh -i\nStandardInput=socket\n", NULL, 0},
	    {"/etc/systemd/system/sockets.target.wants/old.socket", NULL, "../old.socket", 0},
	    {"/etc/systemd/system/key.socket", "[Socket]\nListenStream=2222\n", NULL, 0},
	    {"/etc/systemd/system/key@.service", "[Service]\nExecStart=-/usr/sbin/dropbear -i\n",
		NULL, 0},
	    {"/etc/systemd/system/sockets.target.wants/key.socket", NULL, "../key.socket", 0},
	    {"/etc/systemd/system/rescue.service",
		"[Service]\nExecStart=/bin/sh\nStandardInput=tty\n", NULL, 0},
	    {"/etc/systemd/system/multi-user.target.wants/rescue.service", NULL,
		"../rescue.service", 0});

	(void)state;
	assert_string_equal(booting_service(collecting, "debug")->protocol, "shell");
	assert_int_equal(booting_service(collecting, "debug")->listen_port, 4444);
	assert_string_equal(booting_service(collecting, "old")->protocol, "shell");
	assert_string_equal(booting_service(collecting, "key")->protocol, "ssh");
	assert_string_equal(booting_service(collecting, "sh")->protocol, "console");
	assert_null(booting_named(collecting, "sh", 1));
	collecting_free(collecting);
}

static void
tells_what_devices_and_supervisors_start(void **state)
{
	struct collecting *collecting = BOOTED(
	    {"/etc/inittab", "::once:/usr/bin/supervisord -c /etc/supervisord.conf\n", NULL, 0},
	    {"/etc/udev/rules.d/99-x.rules",
		"# RUN+=\"/usr/sbin/dropbear\"\nKERNEL==\"sd*\", RUN+=\"/bin/kmod load\", "
		"RUN+=\"/usr/sbin/telnetd -p 24 -l /bin/sh\"\nENV{RUN}=\"httpd\"\n",
		NULL, 0},
	    {"/etc/mdev.conf",
		"sd[a-z] 0:0 660 @/usr/sbin/ftpd -w /\nnull root:root 666\n"
		"x 0:0 660 $/usr/sbin/tftpd\n",
		NULL, 0},
	    {"/etc/supervisord.conf",
		"[supervisord]\nuser=nobody\n[program:shell]\ncommand=/usr/sbin/utelnetd -p 25\n"
		"user=admin\n[program:late]\nautostart=false\ncommand=/usr/bin/late\n",
		NULL, 0});

	(void)state;
	assert_int_equal(booting_service(collecting, "telnetd")->listen_port, 24);
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, UNKNOWN);
	assert_string_equal(booting_service(collecting, "telnetd")->started_by, "udev");
	assert_string_equal(booting_service(collecting, "ftpd")->started_by, "mdev");
	assert_null(booting_named(collecting, "tftpd", 0));
	assert_null(booting_named(collecting, "kmod", 0));
	assert_null(booting_named(collecting, "dropbear", 0));
	assert_null(booting_named(collecting, "httpd", 0));
	assert_int_equal(booting_service(collecting, "utelnetd")->enabled, 1);
	assert_string_equal(booting_service(collecting, "utelnetd")->user, "admin");
	assert_int_equal(booting_service(collecting, "late")->enabled, UNKNOWN);
	collecting_free(collecting);
	/* a part of OpenWrt, whose procd lies elsewhere */
	collecting = BOOTED({"/etc/init.d/debug",
	    "#!/bin/sh /etc/rc.common\nUSE_PROCD=1\nstart_service() {\nprocd_open_instance\n"
	    "procd_set_param command /usr/sbin/telnetd -F\nprocd_set_param respawn 3600 5\n"
	    "procd_close_instance\n}\n",
	    NULL, 0});
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, UNKNOWN);
	assert_int_equal(collecting_count(collecting, FACT_boot_service), 1);
	collecting_free(collecting);
}

static void
knows_whom_a_server_becomes_and_what_is_no_start(void **state)
{
	struct collecting *collecting = BOOTED(
	    {"/etc/inittab", "::sysinit:/etc/init.d/rcS\n", NULL, 0},
	    {"/etc/init.d/rcS",
		"#!/bin/sh\nsnmpd -LS -u Debian-snmp -g x\nhttpd -p 81 -u www:www\natftpd --user "
		"tftp\nboa -u x\n( sshd -\\? 2>&1 | grep -q OpenSSH )\nsshd -T\n"
		"exec runuser -u www-data /etc/cron.daily/lighttpd\n",
		NULL, 0});

	(void)state;
	assert_string_equal(booting_service(collecting, "snmpd")->user, "Debian-snmp");
	assert_string_equal(booting_service(collecting, "httpd")->user, "www");
	assert_string_equal(booting_service(collecting, "atftpd")->user, "tftp");
	assert_null(booting_service(collecting, "boa")->user);
	assert_null(booting_named(collecting, "sshd", 0));
	assert_null(booting_named(collecting, "lighttpd", 0));
	collecting_free(collecting);
}

/* A backslash in double quotes is one, unless it quotes what a shell would read. */
static void
keeps_backslashes_in_double_quotes(void **state)
{
	struct collecting *collecting = BOOTED({"/etc/inittab",
	    "::respawn:/bin/app \"a\\nb\" \"c\\\"d\" \"e\\\\f\" \"g\\$h\" 'i\\nj' k\\nl\n", NULL,
	    0});

	(void)state;
	assert_string_equal(booting_service(collecting, "app")->command,
	    "/bin/app a\\\\nb c\"d e\\\\f g$h i\\\\nj knl");
	collecting_free(collecting);
}

static void
points_at_the_command_of_a_procd_instance(void **state)
{
	static const char script[] =
	    "#!/bin/sh /etc/rc.common\nstart_service() {\nprocd_open_instance\n"
	    "procd_set_param command /usr/sbin/app\nprocd_set_param respawn\n"
	    "procd_close_instance\n}\n";
	struct collecting *collecting =
	    BOOTED({"/etc/inittab", "::sysinit:/etc/init.d/rcS\n", NULL, 0},
		{"/etc/init.d/rcS", "#!/bin/sh\n/etc/init.d/app start\n", NULL, 0},
		{"/etc/init.d/app", script, NULL, 0});
	const struct fact *fact = collecting_fact(collecting, FACT_boot_service, 0);

	(void)state;
	assert_non_null(fact);
	assert_int_equal(fact->offset, strstr(script, "procd_set_param command") - script);
	assert_non_null(strstr(fact->excerpt, "/usr/sbin/app"));
	collecting_free(collecting);
}

/* Sourcing the same functions again and again makes no more of them. */
static void
keeps_a_function_once(void **state)
{
	static const char again[] = ". /lib/functions.sh\n";
	static char script[30000];
	struct collecting *collecting;
	size_t at = 0;

	(void)state;
	while (at + sizeof again < sizeof script - 10) {
		memcpy(script + at, again, sizeof again - 1);
		at += sizeof again - 1;
	}
	memcpy(script + at, "serve\n", 7);
	collecting = BOOTED({"/etc/rc.local", script, NULL, 0},
	    {"/lib/functions.sh", "serve() { httpd -p 81; }\nserve() { httpd -p 82; }\n", NULL, 0});
	assert_int_equal(booting_service(collecting, "httpd")->listen_port, 82);
	assert_null(booting_named(collecting, "httpd", 1));
	collecting_free(collecting);
}

/* The start script holds `text`; what the collector says, and of telnetd whether it is started. */
static enum status
ran(const char *text, int64_t *enabled)
{
	const struct item items[] = {{"/etc/inittab", "::sysinit:/etc/init.d/rcS\n", NULL, 0},
	    {"/etc/init.d/rcS", text, NULL, 0},
	    {"/usr/sbin/telnetd",
		"\x7f"
		"ELF",
		NULL, 0},
	    {"/usr/sbin/netmon", NULL, "telnetd", 0},
	    {"/sbin/watch", NULL, "../usr/sbin/netmon", 0}, {"/etc/list", "telnetd\n", NULL, 0},
	    {"/usr/bin/dropbearkey", NULL, "dropbear", 0},
	    {"/usr/bin/dropbear",
		"\x7f"
		"ELF",
		NULL, 0}};
	struct collecting *collecting = collecting_new();
	enum status status = booting_run(
	    collecting, items, sizeof items / sizeof *items, span_of_string(items[0].text));
	const struct boot_service_fact *telnetd = booting_named(collecting, "telnetd", 0);

	*enabled = telnetd == NULL ? 0 : telnetd->enabled;
	if (telnetd != NULL)
		assert_string_equal(telnetd->protocol, "telnet");
	assert_null(booting_named(collecting, "dropbear", 0));
	collecting_free(collecting);
	return status;
}

static void
sees_through_what_hides_a_name(void **state)
{
	static const char *const sure[] = {"eval \"tel\"\"netd -l /bin/sh\"\n",
	    "/usr/sbin/netmon\n", "netmon\n", "watch\n", "sh -ec 'telnetd -F'\n",
	    ">/dev/null telnetd\n", "alias x=telnetd\nx -F\n", "xargs -n1 telnetd </dev/null\n",
	    "sh < /etc/list\n", "start-stop-daemon -S -x /bin/sh -- -c telnetd\n",
	    "V='telnetd -F'\neval \"W=\\$V\"\n${W%% *}\n"};
	static const char *const perhaps[] = {"trap telnetd EXIT\n", "$NOTHING telnetd\n"};
	int64_t enabled;

	(void)state;
	for (size_t i = 0; i < sizeof sure / sizeof *sure; i++) {
		if (ran(sure[i], &enabled) != STATUS_OK || enabled != 1)
			fail_msg("%s", sure[i]);
	}
	for (size_t i = 0; i < sizeof perhaps / sizeof *perhaps; i++) {
		if (ran(perhaps[i], &enabled) != STATUS_OK || enabled != UNKNOWN)
			fail_msg("%s", perhaps[i]);
	}
}

static void
takes_a_log_in_behind_a_bare_socket_for_telnet(void **state)
{
	struct collecting *collecting =
	    BOOTED({"/etc/inittab", "::respawn:/bin/nc -ll -p 23 -e /bin/login\n", NULL, 0});

	(void)state;
	assert_string_equal(booting_service(collecting, "nc")->protocol, "telnet");
	assert_int_equal(booting_service(collecting, "nc")->listen_port, 23);
	collecting_free(collecting);
}

static void
tells_no_secret_of_a_command(void **state)
{
	struct collecting *collecting = BOOTED({"/etc/inittab",
	    "::respawn:/sbin/httpd --pass Zq7XkW9vTn22\n::respawn:/bin/telnetd pw=Zq7XkW9vTn10\n",
	    NULL, 0});
	const struct fact *fact;

	(void)state;
	assert_string_equal(
	    booting_service(collecting, "httpd")->command, "/sbin/httpd --pass Zq…");
	for (size_t i = 0; (fact = collecting_fact(collecting, FACT_boot_service, i)) != NULL;
	     i++) {
		assert_null(strstr(fact->excerpt, "Zq7"));
		assert_null(strstr(fact->as.boot_service.command, "Zq7"));
	}
	collecting_free(collecting);
}

/* Nothing of it is passed as seen; and what ordinary scripts do is. */
static void
says_that_it_cannot_tell_what_runs(void **state)
{
	static const char *const open[] = {"$(echo telnet)d\n", "/usr/sbin/telne?d\n",
	    "sh <<EOF\ntelnetd\nEOF\n", "echo telnetd | sh\n", "base64 -d x | /bin/sh -s\n",
	    "$(printf \"\\164elnetd\")\n", "while read l; do $l; done < /etc/list\n",
	    "eval \"$(cat /etc/list)\"\n", "read x\n[ -n \"$y\" ] && $x\n", "telne$(true)td\n"};
	static const char *const plain[] = {"$NICE sleep 1\n", "eval \"$x=1\"\n",
	    "[ -n \"$x\" ] && echo $x\n", "cat<<EOF>>$file\nx\nEOF\n", "if false; then $x; fi\n",
	    "read t\ncoldplug_$t\n", "${TRACE:+set -x}\n", "for f in /etc/*; do cat $f; done\n",
	    "dropbearkey -t rsa -f x\n", "mount | grep x\n", "x=$(cat y)\n", "D=/sbin\n$D/ok\n",
	    "find / -name x | xargs rm\n", "trap '' INT\ntrap - EXIT\ntrap 'rm -f x' EXIT\n"};
	int64_t enabled;

	(void)state;
	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		if (ran(open[i], &enabled) != STATUS_MALFORMED)
			fail_msg("%s", open[i]);
	}
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		if (ran(plain[i], &enabled) != STATUS_OK || enabled != 0)
			fail_msg("%s", plain[i]);
	}
}

#define UNIT(text)                                                                                 \
	{"/usr/lib/systemd/systemd",                                                               \
	    "\x7f"                                                                                 \
	    "ELF",                                                                                 \
	    NULL, 0},                                                                              \
	    {"/usr/lib/systemd/system/a.service", text, NULL, 0},                                  \
	{                                                                                          \
		"/etc/systemd/system/multi-user.target.wants/a.service", NULL,                     \
		    "/usr/lib/systemd/system/a.service", 0                                         \
	}

static void
runs_all_that_a_unit_says(void **state)
{
	struct collecting *collecting;

	(void)state;
	collecting = BOOTED(UNIT("[Service]\nUser=web\nExecStart=/bin/sh -c \"exec telnetd -l "
				 "/bin/sh\"\n"));
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, 1);
	assert_string_equal(booting_service(collecting, "telnetd")->user, "web");
	assert_null(booting_named(collecting, "sh", 0));
	collecting_free(collecting);
	collecting = BOOTED(UNIT("[Service]\nExecStart=/bin/true\nExecStartPost=/usr/sbin/telnetd\n"
				 "ExecStartPre=-/usr/sbin/vsftpd\nExecStop=/usr/sbin/sshd\n"));
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, 1);
	assert_int_equal(booting_service(collecting, "vsftpd")->enabled, 1);
	assert_null(booting_named(collecting, "sshd", 0));
	collecting_free(collecting);
	collecting = BOOTED(UNIT("[Service]\nType=oneshot\nExecStart=/bin/true\n"
				 "ExecStart=/usr/sbin/telnetd\n"));
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, 1);
	collecting_free(collecting);
	collecting = BOOTED(UNIT("[Service]\nExecStart=/usr/sbin/telnetd\nExecStartPre=/sbin/sshd\n"
				 "ExecStart=\nExecStart=/usr/sbin/httpd\n"));
	assert_null(booting_named(collecting, "telnetd", 0));
	assert_int_equal(booting_service(collecting, "sshd")->enabled, 1);
	collecting_free(collecting);
	collecting = BOOTED(UNIT("[Unit]\nWants=t.socket\n[Service]\nExecStart=/bin/true\n"),
	    {"/usr/lib/systemd/system/t.socket", "[Socket]\nListenStream=23\nAccept=yes\n", NULL,
		0},
	    {"/usr/lib/systemd/system/t@.service", "[Service]\nExecStart=/usr/sbin/telnetd -i\n",
		NULL, 0});
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, 1);
	collecting_free(collecting);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tells_what_is_put_on_a_port),
	    cmocka_unit_test(tells_what_answers_at_a_socket),
	    cmocka_unit_test(tells_what_devices_and_supervisors_start),
	    cmocka_unit_test(knows_whom_a_server_becomes_and_what_is_no_start),
	    cmocka_unit_test(keeps_backslashes_in_double_quotes),
	    cmocka_unit_test(points_at_the_command_of_a_procd_instance),
	    cmocka_unit_test(keeps_a_function_once),
	    cmocka_unit_test(sees_through_what_hides_a_name),
	    cmocka_unit_test(takes_a_log_in_behind_a_bare_socket_for_telnet),
	    cmocka_unit_test(tells_no_secret_of_a_command),
	    cmocka_unit_test(runs_all_that_a_unit_says),
	    cmocka_unit_test(says_that_it_cannot_tell_what_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
