/* What is started at boot is told from what is only mentioned. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_boot_services;

static const struct boot_service_fact *
service(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_boot_service, n);

	assert_non_null(fact);
	return &fact->as.boot_service;
}

static void
reads_an_inittab_and_not_its_comments(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(collecting_text(collecting, &collector_boot_services, "/etc/inittab",
	    "::sysinit:/etc/init.d/rcS\n#::respawn:/bin/telnetd -p 99\n::respawn:/bin/telnetd -F "
	    "-l /bin/sh\n"
	    "::respawn:/usr/sbin/dropbear -F -p 192.168.1.1:2222 -p "
	    "2200\n1:2345:respawn:/sbin/getty 38400 tty1\n"
	    "::shutdown:/usr/sbin/sshd\n"));
	assert_int_equal(collecting_count(collecting, FACT_boot_service), 4);
	assert_string_equal(service(collecting, 0)->name, "telnetd");
	assert_string_equal(service(collecting, 0)->protocol, "telnet");
	assert_string_equal(service(collecting, 0)->command, "/bin/telnetd -F -l /bin/sh");
	assert_int_equal(service(collecting, 0)->listen_port, 23);
	assert_int_equal(service(collecting, 0)->enabled, 1);
	assert_string_equal(service(collecting, 0)->started_by, "inittab");
	assert_string_equal(service(collecting, 1)->listen_address, "192.168.1.1");
	assert_int_equal(service(collecting, 1)->listen_port, 2222);
	assert_int_equal(service(collecting, 2)->listen_port, 2200);
	assert_string_equal(service(collecting, 3)->protocol, "console");
	collecting_free(collecting);
}

static void
reads_a_boot_script_as_a_shell_would(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(collecting_text(collecting, &collector_boot_services, "/etc/init.d/rcS",
	    "#!/bin/sh\nOPTIONS=\"-p 2323 -l /bin/login\"\necho \"telnetd ; telnetd\" # "
	    "telnetd\nkillall telnetd\n"
	    "[ -x /usr/sbin/sshd ] && /usr/sbin/sshd -p 22 &\n/bin/busybox telnetd $OPTIONS 2>&1\n"
	    "if [ -f /tmp/x ]; then\n\tvsftpd /etc/vsftpd.conf\nfi\nlighttpd -t\ntcpsvd -vE "
	    "0.0.0.0 21 ftpd -w /\n"
	    "dropbear \\\n  -p 2200\nhttpd -p $PORT\nsnmpd() { true; }\n"));
	assert_int_equal(collecting_count(collecting, FACT_boot_service), 6);
	assert_string_equal(service(collecting, 0)->name, "sshd");
	assert_string_equal(service(collecting, 1)->name, "telnetd");
	assert_int_equal(service(collecting, 1)->listen_port, 2323);
	assert_int_equal(service(collecting, 1)->enabled, 1);
	assert_string_equal(service(collecting, 2)->name, "vsftpd");
	assert_int_equal(service(collecting, 2)->enabled, UNKNOWN);
	assert_string_equal(service(collecting, 3)->name, "ftpd");
	assert_string_equal(service(collecting, 3)->listen_address, "0.0.0.0");
	assert_int_equal(service(collecting, 3)->listen_port, 21);
	assert_int_equal(service(collecting, 4)->listen_port, 2200);
	assert_int_equal(service(collecting, 5)->listen_port, UNKNOWN);
	collecting_free(collecting);
}

static void
knows_what_start_stop_daemon_starts(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_text(collecting, &collector_boot_services, "/etc/init.d/S50mosquitto",
	    "#!/bin/sh\nDAEMON=/usr/sbin/mosquitto\ncase \"$1\" in\nstart)\n"
	    "start-stop-daemon --start --exec $DAEMON -- -p 1884\n;;\nstop)\nstart-stop-daemon "
	    "--stop --exec ${DAEMON}\n;;\nesac\n");
	assert_int_equal(collecting_count(collecting, FACT_boot_service), 1);
	assert_string_equal(service(collecting, 0)->name, "mosquitto");
	assert_int_equal(service(collecting, 0)->listen_port, 1884);
	assert_int_equal(service(collecting, 0)->enabled, 1);
	collecting_free(collecting);
}

static void
reads_units_and_inetd(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_text(collecting, &collector_boot_services, "/lib/systemd/system/ssh.service",
	    "[Service]\nUser=root\nExecStart=-/usr/sbin/sshd -D -p 2022\n");
	collecting_text(collecting, &collector_boot_services, "/lib/systemd/system/x.socket",
	    "[Socket]\nListenStream=127.0.0.1:99\nListenStream=/run/x\n");
	collecting_text(collecting, &collector_boot_services, "/etc/inetd.conf",
	    "#ftp stream tcp nowait root /bin/ftpd\ntelnet stream tcp nowait root /bin/telnetd "
	    "telnetd -L /bin/login\n");
	assert_int_equal(collecting_count(collecting, FACT_boot_service), 3);
	assert_string_equal(service(collecting, 0)->user, "root");
	assert_int_equal(service(collecting, 0)->listen_port, 2022);
	assert_string_equal(service(collecting, 1)->listen_address, "127.0.0.1");
	assert_int_equal(service(collecting, 1)->listen_port, 99);
	assert_string_equal(service(collecting, 2)->name, "telnetd");
	assert_string_equal(service(collecting, 2)->started_by, "inetd");
	assert_int_equal(service(collecting, 2)->listen_port, 23);
	collecting_free(collecting);
}

static void
concludes_from_links_what_is_enabled(void **state)
{
	struct collecting *collecting = collecting_new();
	struct evidence evidence = evidence_to_list(&collecting->list);
	struct node root = {.name = "", .path = "", .local = "", .type = NODE_FOLDER};
	struct node folder = {.name = "rc.d",
	    .path = "0.squashfs/etc/rc.d",
	    .local = "/etc/rc.d",
	    .type = NODE_FOLDER,
	    .parent = &root};
	struct node start = {.name = "S50telnet",
	    .path = "0.squashfs/etc/rc.d/S50telnet",
	    .local = "/etc/rc.d/S50telnet",
	    .type = NODE_LINK,
	    .parent = &folder};
	struct node stop = {.name = "K50telnet",
	    .path = "p",
	    .local = "/etc/rc.d/K50telnet",
	    .type = NODE_LINK,
	    .parent = &folder};
	struct node wants = {.name = "multi-user.target.wants",
	    .path = "w",
	    .local = "/w",
	    .type = NODE_FOLDER,
	    .parent = &root};
	struct node unit = {.name = "ssh.service",
	    .path = "u",
	    .local = "/w/u",
	    .type = NODE_LINK,
	    .parent = &wants};
	struct tree tree = {.root = &root};

	(void)state;
	root.child = &folder;
	folder.next = &wants;
	folder.child = &start;
	start.next = &stop;
	wants.child = &unit;
	collecting->collection.tree = &tree;
	assert_int_equal(
	    collector_boot_services.conclude(collecting->job, &collecting->collection, &evidence),
	    STATUS_OK);
	assert_int_equal(collecting_count(collecting, FACT_boot_service), 2);
	assert_string_equal(service(collecting, 0)->name, "telnet");
	assert_string_equal(service(collecting, 0)->protocol, "telnet");
	assert_int_equal(service(collecting, 0)->enabled, 1);
	assert_string_equal(service(collecting, 1)->name, "ssh");
	assert_string_equal(service(collecting, 1)->protocol, "ssh");
	collecting_free(collecting);
}

static void
finds_nothing_where_nothing_is_started(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(collecting_text(collecting, &collector_boot_services, "/etc/init.d/rcS",
	    "#!/bin/sh\n#telnetd\nmount -a\nwhich telnetd\n"));
	assert_false(collecting_text(
	    collecting, &collector_boot_services, "/usr/share/doc/telnetd.txt", "telnetd\n"));
	assert_false(collecting_bytes(
	    collecting, &collector_boot_services, "/etc/init.d/rcS", "\177ELF\0", 5));
	assert_int_equal(collecting->list.count, 0);
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	static const char script[] =
	    "#!/bin/sh\nA=\"-p 1\";B='x\nif [ -x $A ]; then `telnetd ${A:-2}` \\\n; fi\n( dropbear "
	    "-p $A ) && tcpsvd 1 2\nstart-stop-daemon -x";
	static const char table[] = "::respawn:-/bin/telnetd -p\n:::\n::once:\"\n::respawn:\n";
	static const char unit[] =
	    "[Service]\nUser=\nExecStart=@-\nListenStream=[::1]:22\nExecStart=/x/sshd -p";
	static const char inetd[] =
	    "a:b stream tcp nowait root /x/tcpd /y/ftpd\nx dgram udp wait r";

	(void)state;
	collecting_bear(&collector_boot_services, "/etc/init.d/rcS", script, sizeof script - 1, 1);
	collecting_bear(&collector_boot_services, "/etc/inittab", table, sizeof table - 1, 1);
	collecting_bear(
	    &collector_boot_services, "/etc/systemd/system/x.service", unit, sizeof unit - 1, 1);
	collecting_bear(&collector_boot_services, "/etc/inetd.conf", inetd, sizeof inetd - 1, 1);
}

static void
bears_a_command_longer_than_it_keeps(void **state)
{
	struct collecting *collecting = collecting_new();
	static char script[20000];

	(void)state;
	memset(script, 'a', sizeof script - 1);
	memcpy(script, "telnetd ", 8);
	for (size_t i = 16; i < 2000; i += 8)
		script[i] = ' ';
	collecting_text(collecting, &collector_boot_services, "/etc/rc.local", script);
	assert_string_equal(service(collecting, 0)->name, "telnetd");
	assert_int_equal(service(collecting, 0)->listen_port, UNKNOWN);
	collecting_free(collecting);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_an_inittab_and_not_its_comments),
	    cmocka_unit_test(reads_a_boot_script_as_a_shell_would),
	    cmocka_unit_test(knows_what_start_stop_daemon_starts),
	    cmocka_unit_test(reads_units_and_inetd),
	    cmocka_unit_test(concludes_from_links_what_is_enabled),
	    cmocka_unit_test(finds_nothing_where_nothing_is_started),
	    cmocka_unit_test(bears_any_bytes),
	    cmocka_unit_test(bears_a_command_longer_than_it_keeps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
