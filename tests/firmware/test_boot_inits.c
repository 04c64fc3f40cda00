/* An init that nobody can read, or that never ends, is said and not guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "base/arena.h"
#include "tests/support/booting.h"

#include <cmocka.h>

/* Why it is not known all that starts; NULL where it is. */
static const char *
unread(const struct collecting *collecting)
{
	const struct fact *looked = collecting_fact(collecting, FACT_looked, 0);

	return looked == NULL ? NULL : looked->as.looked.reason;
}

static void
knows_an_init_that_is_read_here(void **state)
{
	static const struct item inits[][3] = {
	    {{"/bin/busybox", "\177ELF BusyBox", NULL, 0},
		{"/sbin/init", NULL, "../bin/busybox", 0}, {"/etc/passwd", "root\n", NULL, 0}},
	    {{"/sbin/init", "\177ELF reads /etc/inittab", NULL, 0},
		{"/etc/inittab", "::respawn:/bin/app\n", NULL, 0},
		{"/etc/init/job.conf", "exec x\n", NULL, 0}},
	    {{"/sbin/init", "\177ELF /sbin/procd", NULL, 0},
		{"/etc/preinit", "#!/bin/sh\nexec /sbin/init\n", NULL, 0},
		{"/sbin/procd", "\177ELF", NULL, 0}},
	    {{"/lib/systemd/systemd", "\177ELF", NULL, 0},
		{"/sbin/init", NULL, "/lib/systemd/systemd", 0},
		{"/init", NULL, "/lib/systemd/systemd", 0}},
	    {{"/init", "#!/bin/sh\ntelnetd -l /bin/sh\n", NULL, 0},
		{"/bin/busybox", "\177ELF", NULL, 0}, {"/linuxrc", NULL, "bin/busybox", 0}},
	    {{"/www/index.html", "<p>\n", NULL, 0}, {"/www/logo.png", "\211PNG\n", NULL, 0},
		{"/kernel", "\177ELF", NULL, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof inits / sizeof *inits; i++) {
		struct collecting *collecting = booting_well(inits[i], 3);

		if (unread(collecting) != NULL)
			fail_msg("%zu: %s", i, unread(collecting));
		collecting_free(collecting);
	}
}

static void
says_that_an_unknown_init_was_not_read(void **state)
{
	struct collecting *collecting = BOOTED({"/sbin/rc", "\177ELF telnetd", NULL, 0},
	    {"/sbin/init", NULL, "rc", 0}, {"/etc/passwd", "root\n", NULL, 0});

	(void)state;
	assert_string_equal(unread(collecting), "what /sbin/init starts was not read");
	collecting_free(collecting);
	/* no text at all; a table that it does not read */
	collecting = BOOTED({"/linuxrc", "\177ELF", NULL, 0});
	assert_null(unread(collecting)); /* no root is known where nothing is */
	collecting_free(collecting);
	collecting = BOOTED(
	    {"/sbin/init", "\177ELF", NULL, 0}, {"/etc/inittab", "::respawn:/bin/app\n", NULL, 0});
	assert_string_equal(unread(collecting), "what /sbin/init starts was not read");
	collecting_free(collecting);
	collecting = BOOTED({"/init", NULL, "/elsewhere/main", 0}, {"/etc/x", "y\n", NULL, 0});
	assert_string_equal(unread(collecting), "what /init starts was not read");
	collecting_free(collecting);
}

/* A little-endian program of 32 bits whose loader is named. */
static size_t
put_program(uint8_t *at)
{
	static const uint8_t head[] = {0x7f, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
	    0, 40, 0, 1, 0, 0, 0, 0, 0, 1, 0, 52, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 52, 0, 32, 0, 1,
	    0, 40, 0, 0, 0, 0, 0,
	    /* its one program header: an interpreter of 12 bytes */
	    3, 0, 0, 0, 84, 0, 0, 0, 84, 0, 1, 0, 84, 0, 1, 0, 12, 0, 0, 0, 12, 0, 0, 0, 4, 0, 0, 0,
	    1, 0, 0, 0, '/', 'l', 'i', 'b', '/', 'l', 'd', '.', 's', 'o', '.', 0};

	memcpy(at, head, sizeof head);
	return sizeof head;
}

static void
asks_who_starts_programs_without_an_init(void **state)
{
	static const struct item only[] = {{"/app/ipc", "", NULL, 0}},
				 with[] = {{"/app/ipc", "", NULL, 0},
				     {"/sbin/init", NULL, "/bin/busybox", 0}},
				 module[] = {{"/lib/x", "\177ELF", NULL, 0}};
	uint8_t program[128];
	struct span content = {program, put_program(program)};
	struct collecting *collecting = collecting_new();

	(void)state;
	booting_run(collecting, only, 1, content);
	assert_string_equal(
	    unread(collecting), "there are programs and no init: what starts was not read");
	collecting_free(collecting);
	collecting = collecting_new();
	booting_run(collecting, with, 2, content);
	assert_null(unread(collecting));
	collecting_free(collecting);
	collecting = collecting_new();
	booting_run(collecting, module, 1, span_of_string("\177ELF"));
	assert_null(unread(collecting));
	collecting_free(collecting);
}

static void
runs_an_init_that_is_a_script(void **state)
{
	struct collecting *collecting =
	    BOOTED({"/sbin/init", "#!/bin/sh\ntelnetd -l /bin/sh\nexec /app/main\n", NULL, 0});

	(void)state;
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, 1);
	collecting_free(collecting);
}

/* The first item cut at every place, and with every bit changed. */
static void
bear(const char *path, const char *text)
{
	const struct item items[] = {{path, text, NULL, 0},
	    {"/etc/inittab", "::sysinit:/etc/init.d/rcS\n::once:/x/run.sh a b\n", NULL, 0},
	    {"/etc/init.d/S10x", NULL, "rcS", 0}, {"/lib/systemd/systemd", "x", NULL, 0}};
	size_t size = strlen(text);
	uint8_t *changed = block_resize(NULL, size);
	struct collecting *collecting;

	assert_non_null(changed);
	memcpy(changed, text, size);
	for (size_t cut = 0; cut < size; cut++) {
		collecting = collecting_new();
		booting_run(collecting, items, 4, (struct span){changed, cut});
		collecting_free(collecting);
	}
	for (size_t i = 0; i < size; i++) {
		changed[i] ^= (uint8_t)(1u << (i % 8));
		collecting = collecting_new();
		booting_run(collecting, items, 4, (struct span){changed, size});
		collecting_free(collecting);
		changed[i] = (uint8_t)text[i];
	}
	block_free(changed);
}

static void
bears_any_bytes(void **state)
{
	(void)state;
	bear("/etc/init.d/rcS",
	    "#!/bin/sh\nA=\"-p 1\";B='x\nif [ -x $A ]; then `telnetd ${A:-2}` \\\n; fi\n( dropbear "
	    "-p $A ) && tcpsvd 1 2\nf() { return 1; }; f || for i in a /etc/init.d/S*; do $i; "
	    "done\n"
	    "case $1 in a|b) x;; *) y & esac\nwhile true; do break; done <<E\nE\n"
	    "start-stop-daemon -c a:b -x");
	bear("/x/run.sh",
	    "#!/bin/sh /etc/rc.common\nconfig_load x\nconfig_foreach g a b\nprocd_open_instance\n"
	    "procd_set_param command $(x) a\nprocd_close_instance\n. $0\nexec sh -c \"telnetd -p "
	    "1\"\n");
	bear("/etc/inittab", "::respawn:-/bin/telnetd -p\n:::\n::once:\"\n::respawn:\n");
	bear("/etc/systemd/system/multi-user.target.wants/x@y.service",
	    "[Service]\nUser=\nExecStart=@-\nExecStart=/x/sshd -p\nEnvironment=\"A=b "
	    "c\"\n[Socket]\n"
	    "ListenStream=[::1]:22\n");
	bear("/etc/inetd.conf", "a:b stream tcp nowait root /x/tcpd /y/ftpd\nx dgram udp wait r");
	bear(
	    "/etc/xinetd.d/x", "service a\n{\n disable=no\nserver = x\nport=1\n}\nservice\n{\n}\n");
	bear("/etc/config/x", "config a 'b\n option c \"d\nlist x\nconfig\n");
	bear("/init.rc", "service a b c\n user\n disabled\nservice\non x\n");
	bear("/etc/udev/rules.d/x.rules", "A, RUN+=\"/x y\", RUN{program}:=\"\nRUN\"RUN=\"a\n");
	bear("/etc/mdev.conf", "a b c @\na b c d *telnetd\n$\n");
	bear("/etc/supervisord.conf", "[program:x]\ncommand=telnetd\nuser=\n=\n[");
	bear("/etc/init.d/rcS", "tcpsvd -c\nsocat tcp-l: ,bind= EXEC:\nnc -l -p\nsh|nc -l "
				"1|sh\npython -m http.server -b\n"
				"tcpsvd - - - -\n");
	bear("/etc/crontab", "@reboot root telnetd\n1 2 3 4 5 x y\n*\n");
}

static void
bears_a_command_longer_than_it_keeps(void **state)
{
	static char script[20000];
	struct collecting *collecting;

	(void)state;
	memset(script, 'a', sizeof script - 1);
	memcpy(script, "telnetd ", 8);
	for (size_t i = 16; i < 2000; i += 8)
		script[i] = ' ';
	collecting = BOOTED({"/etc/rc.local", script, NULL, 0});
	assert_int_equal(booting_service(collecting, "telnetd")->listen_port, UNKNOWN);
	collecting_free(collecting);
}

/* Loops, recursion and braces without end are bounded. */
static void
bears_scripts_that_never_end(void **state)
{
	static char braces[60000], calls[60000];
	struct collecting *collecting;

	(void)state;
	collecting = BOOTED({"/etc/rc.local",
	    "#!/bin/sh\nf() { f; g; }\ng() { f & f; }\nf\n. /etc/rc.local\n/etc/rc.local\n"
	    "while true; do /etc/rc.local x$i; telnetd; done\n",
	    NULL, 0});
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, 1);
	collecting_free(collecting);
	memset(braces, '(', sizeof braces - 1);
	collecting = BOOTED({"/etc/rc.local", braces, NULL, 0});
	collecting_free(collecting);
	for (size_t i = 0; i + 3 < sizeof calls; i += 3)
		memcpy(calls + i, "`$(", 3);
	collecting = collecting_new();
	assert_int_equal(booting_run(collecting, &(struct item){"/etc/rc.local", calls, NULL, 0}, 1,
			     span_of_string(calls)),
	    STATUS_MALFORMED); /* what they give would be run */
	collecting_free(collecting);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(knows_an_init_that_is_read_here),
	    cmocka_unit_test(says_that_an_unknown_init_was_not_read),
	    cmocka_unit_test(asks_who_starts_programs_without_an_init),
	    cmocka_unit_test(runs_an_init_that_is_a_script),
	    cmocka_unit_test(bears_any_bytes),
	    cmocka_unit_test(bears_a_command_longer_than_it_keeps),
	    cmocka_unit_test(bears_scripts_that_never_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
