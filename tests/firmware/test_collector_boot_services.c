/* The collector boot_services tells what is started at boot from what is only mentioned. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "tests/support/booting.h"

#include <cmocka.h>

static void
reads_an_inittab_and_not_its_comments(void **state)
{
	struct collecting *collecting = BOOTED({"/etc/inittab",
	    "::sysinit:/etc/init.d/rcS\n#::respawn:/bin/telnetd -p 99\n::respawn:/bin/telnetd -F "
	    "-l /bin/sh\n"
	    "::respawn:/usr/sbin/dropbear -F -p 192.168.1.1:2222 -p "
	    "2200\nttyS0::respawn:/sbin/getty 38400 tty1\n"
	    "::shutdown:/usr/sbin/sshd\n",
	    NULL, 0});

	(void)state;
	assert_int_equal(collecting_count(collecting, FACT_boot_service), 4);
	assert_string_equal(booting_service(collecting, "telnetd")->protocol, "telnet");
	assert_string_equal(
	    booting_service(collecting, "telnetd")->command, "/bin/telnetd -F -l /bin/sh");
	assert_int_equal(booting_service(collecting, "telnetd")->listen_port, 23);
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, 1);
	assert_string_equal(booting_service(collecting, "telnetd")->user, "root");
	assert_string_equal(booting_service(collecting, "telnetd")->started_by, "inittab");
	assert_string_equal(
	    booting_named(collecting, "dropbear", 0)->listen_address, "192.168.1.1");
	assert_int_equal(booting_named(collecting, "dropbear", 0)->listen_port, 2222);
	assert_null(booting_named(collecting, "dropbear", 1)->listen_address);
	assert_int_equal(booting_named(collecting, "dropbear", 1)->listen_port, 2200);
	assert_string_equal(booting_service(collecting, "getty")->protocol, "console");
	assert_non_null(collecting_fact(collecting, FACT_boot_service, 0)->excerpt);
	collecting_free(collecting);
}

static void
reads_a_boot_script_as_a_shell_would(void **state)
{
	struct collecting *collecting = BOOTED({"/etc/init.d/rcS",
	    "#!/bin/sh\nOPTIONS=\"-p 2323 -l /bin/login\"\necho \"telnetd ; telnetd\" # "
	    "telnetd\nkillall telnetd\n"
	    "[ -x /usr/sbin/sshd ] && /usr/sbin/sshd -p 22 &\n/bin/busybox telnetd $OPTIONS 2>&1\n"
	    "if [ -f /tmp/x ]; then\n\tvsftpd /etc/vsftpd.conf\nfi\nlighttpd -t\ntcpsvd -vE "
	    "0.0.0.0 21 ftpd -w /\n"
	    "cat <<EOF\ntelnetd -p 7\nEOF\n"
	    "dropbear \\\n  -p 2200\nhttpd -p $PORT\nsnmpd() { true; }\nnc -l -p 4444 -e /bin/sh "
	    "&\n"
	    "sudo -u nobody /usr/bin/vendor -x &\n",
	    NULL, 0});

	(void)state;
	assert_int_equal(collecting_count(collecting, FACT_boot_service), 8);
	assert_int_equal(booting_service(collecting, "sshd")->enabled, UNKNOWN);
	assert_int_equal(booting_service(collecting, "telnetd")->listen_port, 2323);
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, 1);
	assert_int_equal(booting_service(collecting, "vsftpd")->enabled, UNKNOWN);
	assert_string_equal(booting_service(collecting, "ftpd")->listen_address, "0.0.0.0");
	assert_int_equal(booting_service(collecting, "ftpd")->listen_port, 21);
	assert_int_equal(booting_service(collecting, "dropbear")->listen_port, 2200);
	assert_int_equal(booting_service(collecting, "httpd")->listen_port, UNKNOWN);
	assert_string_equal(booting_service(collecting, "nc")->protocol, "shell");
	assert_int_equal(booting_service(collecting, "nc")->listen_port, 4444);
	assert_string_equal(booting_service(collecting, "vendor")->user, "nobody");
	collecting_free(collecting);
}

static void
tells_what_runs_from_what_does_not(void **state)
{
	struct collecting *collecting =
	    BOOTED({"/etc/inittab", "::sysinit:/etc/init.d/rcS\n", NULL, 0},
		{"/etc/init.d/rcS",
		    "#!/bin/sh\nif false; then\ntelnetd\nelse\nsshd\nfi\n"
		    "case \"$1\" in\nstop) ftpd ;;\n*) boa ;;\nesac\n"
		    "start() {\n  thttpd -p 8080\n}\nnever() { tftpd; }\nstart\n"
		    "[ -x /usr/sbin/snmpd ] || goahead\n[ -x /usr/sbin/here ] && mini_httpd\n"
		    "for i in 1 2; do dropbear -p 220$i; done\n"
		    ". /etc/more.sh\n/usr/sbin/app.sh one &\nsh -c 'nginx; exit'\n"
		    "which=$(lighttpd -v)\nexit 0\nvsftpd\n",
		    NULL, 0},
		{"/etc/more.sh", "mosquitto -p 1884\nreturn 0\nunbound\n", NULL, 0},
		{"/usr/sbin/app.sh", "#!/bin/sh\n[ \"$1\" = one ] && httpd -p 81\n", NULL, 0},
		{"/usr/sbin/here", "#!/bin/sh\n", NULL, 0});

	(void)state;
	for (size_t i = 0; i < 10; i++) {
		static const char *const started[] = {"sshd", "boa", "thttpd", "goahead",
		    "mini_httpd", "dropbear", "mosquitto", "httpd", "app.sh", "nginx"};

		assert_int_equal(booting_service(collecting, started[i])->enabled, 1);
	}
	for (size_t i = 0; i < 6; i++) {
		static const char *const idle[] = {
		    "telnetd", "ftpd", "tftpd", "snmpd", "unbound", "vsftpd"};

		assert_null(booting_named(collecting, idle[i], 0));
	}
	assert_int_equal(booting_named(collecting, "dropbear", 0)->listen_port, 2201);
	assert_int_equal(booting_named(collecting, "dropbear", 1)->listen_port, 2202);
	assert_int_equal(booting_service(collecting, "thttpd")->listen_port, 8080);
	assert_null(booting_named(collecting, "lighttpd", 0));
	collecting_free(collecting);
}

static void
runs_numbered_scripts_and_knows_what_start_stop_daemon_starts(void **state)
{
	struct collecting *collecting = BOOTED(
	    {"/etc/inittab", "::sysinit:/etc/init.d/rcS\n", NULL, 0},
	    {"/etc/init.d/rcS",
		"#!/bin/sh\nfor i in /etc/init.d/S??* ;do\n[ ! -f \"$i\" ] && continue\ncase "
		"\"$i\" "
		"in\n*.sh)\n(\ntrap - INT\nset start\n. $i\n)\n;;\n*)\n$i start\n;;\nesac\ndone\n",
		NULL, 0},
	    {"/etc/init.d/S50mosquitto",
		"#!/bin/sh\nDAEMON=/usr/sbin/mosquitto\ncase \"$1\" in\nstart)\n"
		"start-stop-daemon --start -c mqtt:mqtt --exec $DAEMON -- -p 1884\n;;\nstop)\n"
		"start-stop-daemon --stop --exec ${DAEMON}\n;;\nesac\n",
		NULL, 0},
	    {"/etc/init.d/telnet", "#!/bin/sh\ntelnetd\n", NULL, 0},
	    {"/usr/bin/lost.sh", "#!/bin/sh\nsnmpd -c x\n", NULL, 0});

	(void)state;
	assert_int_equal(booting_service(collecting, "mosquitto")->listen_port, 1884);
	assert_int_equal(booting_service(collecting, "mosquitto")->enabled, 1);
	assert_string_equal(booting_service(collecting, "mosquitto")->user, "mqtt");
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, 0);
	assert_int_equal(booting_service(collecting, "snmpd")->enabled, UNKNOWN);
	collecting_free(collecting);
}

static void
follows_system_v_links_of_the_run_level(void **state)
{
	struct collecting *collecting =
	    BOOTED({"/etc/inittab",
		       "id:3:initdefault:\nsi::sysinit:/etc/init.d/rcS\nl2:2:wait:/etc/init.d/rc "
		       "2\nl3:3:wait:/etc/init.d/rc 3\n5:2:respawn:/sbin/getty 9600 ttyS1\n",
		       NULL, 0},
		{"/etc/init.d/rc", "#!/bin/sh\nfoo\n", NULL, 0},
		{"/etc/init.d/rcS", "#!/bin/sh\n", NULL, 0},
		{"/etc/init.d/web", "#!/bin/sh\ncase $1 in start) boa ;; esac\n", NULL, 0},
		{"/etc/init.d/ftp", "#!/bin/sh\ncase $1 in start) ftpd ;; esac\n", NULL, 0},
		{"/etc/rc3.d/S20web", NULL, "../init.d/web", 0},
		{"/etc/rc3.d/S30telnet", NULL, "../init.d/telnet", 0},
		{"/etc/rc3.d/K20ftp", NULL, "../init.d/ftp", 0},
		{"/etc/rc2.d/S20ftp", NULL, "../init.d/ftp", 0});

	(void)state;
	assert_int_equal(booting_service(collecting, "boa")->enabled, 1);
	assert_int_equal(booting_service(collecting, "ftpd")->enabled, 0);
	assert_int_equal(booting_service(collecting, "telnet")->enabled, 1);
	assert_string_equal(booting_service(collecting, "telnet")->protocol, "telnet");
	assert_null(booting_named(collecting, "getty", 0));
	collecting_free(collecting);
}

static void
follows_openwrt(void **state)
{
	struct collecting *collecting = BOOTED(
	    {"/etc/inittab",
		"::sysinit:/etc/init.d/rcS S boot\n::askconsole:/usr/libexec/login.sh\n", NULL, 0},
	    {"/sbin/procd", "x", NULL, 0}, {"/etc/rc.d/S19dropbear", NULL, "../init.d/dropbear", 0},
	    {"/etc/rc.d/S50uhttpd", NULL, "../init.d/uhttpd", 0},
	    {"/etc/rc.d/S60off", NULL, "../init.d/off", 0},
	    {"/etc/init.d/dropbear",
		"#!/bin/sh /etc/rc.common\nSTART=19\nUSE_PROCD=1\nPROG=/usr/sbin/dropbear\n"
		"instance() {\nlocal port on\nconfig_get_bool on \"$1\" enable 1\n[ \"$on\" -eq 0 "
		"] && "
		"return 1\nconfig_get port \"$1\" Port 22\nprocd_open_instance\n"
		"procd_set_param command \"$PROG\" -F\nprocd_append_param command -p $port\n"
		"procd_set_param user nobody\nprocd_close_instance\n}\n"
		"start_service() {\nconfig_load dropbear\nconfig_foreach instance dropbear\n}\n",
		NULL, 0},
	    {"/etc/config/dropbear",
		"config dropbear\n\toption Port '2222'\n\nconfig dropbear\n\toption enable '0'\n"
		"\toption Port 23\n",
		NULL, 0},
	    {"/etc/init.d/uhttpd",
		"#!/bin/sh /etc/rc.common\nUSE_PROCD=1\nstart_service() {\nprocd_open_instance\n"
		"procd_set_param command /usr/sbin/uhttpd -f\nprocd_close_instance\n}\n",
		NULL, 0},
	    {"/etc/config/uhttpd",
		"config uhttpd main\n\tlist listen_http 0.0.0.0:80\n\tlist listen_http "
		"'[::]:80'\n\tlist listen_https 127.0.0.1:443\n",
		NULL, 0},
	    {"/etc/init.d/off",
		"#!/bin/sh /etc/rc.common\nstart() {\nconfig_load off\nconfig_get_bool on main on "
		"0\n"
		"[ $on = 1 ] && service_start /usr/sbin/vsftpd\n}\n",
		NULL, 0},
	    {"/etc/config/off", "config off main\n\toption on no\n", NULL, 0},
	    {"/etc/init.d/telnet",
		"#!/bin/sh /etc/rc.common\nstart() {\nservice_start telnetd\n}\n", NULL, 0});

	(void)state;
	assert_int_equal(booting_service(collecting, "dropbear")->listen_port, 2222);
	assert_int_equal(booting_service(collecting, "dropbear")->enabled, 1);
	assert_string_equal(booting_service(collecting, "dropbear")->user, "nobody");
	assert_null(booting_named(collecting, "dropbear", 1));
	assert_int_equal(booting_named(collecting, "uhttpd", 0)->listen_port, 80);
	assert_string_equal(booting_named(collecting, "uhttpd", 1)->listen_address, "[::]");
	assert_string_equal(booting_named(collecting, "uhttpd", 2)->listen_address, "127.0.0.1");
	assert_string_equal(booting_named(collecting, "uhttpd", 2)->protocol, "https");
	assert_null(booting_named(collecting, "vsftpd", 0));
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, 0);
	collecting_free(collecting);
}

static void
starts_what_the_default_target_wants(void **state)
{
	struct collecting *collecting = BOOTED({"/lib/systemd/systemd", "x", NULL, 0},
	    {"/etc/machine-id", "1", NULL, 0},
	    {"/lib/systemd/system/default.target", NULL, "multi-user.target", 0},
	    {"/lib/systemd/system/multi-user.target", "[Unit]\nRequires=basic.target\n", NULL, 0},
	    {"/lib/systemd/system/multi-user.target.wants/getty.target", NULL, "../getty.target",
		0},
	    {"/lib/systemd/system/ssh.service",
		"[Unit]\nConditionPathExists=!/etc/ssh/off\n[Service]\nEnvironmentFile=-/etc/"
		"default/ssh\nExecStart=/usr/sbin/"
		"sshd -D "
		"$SSHD_OPTS\n[Install]\nWantedBy=multi-user.target\nAlias=sshd.service\n",
		NULL, 0},
	    {"/etc/default/ssh", "SSHD_OPTS=\"-p 2022\"\n", NULL, 0},
	    {"/etc/systemd/system/multi-user.target.wants/ssh.service", NULL,
		"/lib/systemd/system/ssh.service", 0},
	    {"/lib/systemd/system/web.service",
		"[Service]\nUser=www\nExecStart=-/usr/bin/web --port 80\n[Install]\n"
		"WantedBy=multi-user.target\n",
		NULL, 0},
	    {"/etc/systemd/system/multi-user.target.wants/web.service", NULL,
		"/lib/systemd/system/web.service", 0},
	    {"/etc/systemd/system/web.service.d/more.conf",
		"[Service]\nExecStart=\nExecStart=/usr/bin/web2\nDynamicUser=yes\nUser=\n", NULL,
		0},
	    {"/etc/systemd/system/multi-user.target.wants/adbd.service", NULL,
		"/lib/systemd/system/adbd.service", 0},
	    {"/lib/systemd/system/adbd.service",
		"[Unit]\nConditionPathExists=/data/enable-adb\n[Service]\nExecStart=/sbin/adbd\n",
		NULL, 0},
	    {"/lib/systemd/system/telnet.service",
		"[Service]\nExecStart=/usr/sbin/telnetd\n[Install]\nWantedBy=multi-user.target\n",
		NULL, 0},
	    {"/etc/systemd/system/multi-user.target.wants/ftp.service", NULL,
		"/lib/systemd/system/ftp.service", 0},
	    {"/lib/systemd/system/ftp.service", "[Service]\nExecStart=/usr/sbin/vsftpd\n", NULL, 0},
	    {"/etc/systemd/system/ftp.service", NULL, "/dev/null", 0},
	    {"/lib/systemd/system/x.socket",
		"[Socket]\nListenStream=127.0.0.1:99\nListenStream=/run/x\n", NULL, 0},
	    {"/etc/systemd/system/sockets.target.wants/x.socket", NULL,
		"/lib/systemd/system/x.socket", 0},
	    {"/etc/systemd/system/getty.target.wants/serial-getty@ttyS0.service", NULL,
		"/lib/systemd/system/serial-getty@.service", 0},
	    {"/lib/systemd/system/serial-getty@.service",
		"[Service]\nExecStart=-/sbin/agetty -o '-p -- \\u' 115200 %I $TERM\n", NULL, 0});

	(void)state;
	assert_int_equal(booting_service(collecting, "sshd")->enabled, 1);
	assert_int_equal(booting_service(collecting, "sshd")->listen_port, 2022);
	assert_string_equal(booting_service(collecting, "sshd")->user, "root");
	assert_null(booting_named(collecting, "web", 0));
	assert_string_equal(booting_service(collecting, "web2")->user, "web");
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, 0);
	assert_int_equal(booting_service(collecting, "vsftpd")->enabled, 0);
	assert_string_equal(booting_service(collecting, "x")->listen_address, "127.0.0.1");
	assert_int_equal(booting_service(collecting, "x")->listen_port, 99);
	assert_int_equal(booting_service(collecting, "agetty")->enabled, 1);
	assert_int_equal(booting_service(collecting, "adbd")->enabled, UNKNOWN);
	collecting_free(collecting);
}

static void
reads_inetd_and_xinetd_as_started_or_not(void **state)
{
	static const char conf[] =
	    "#ftp stream tcp nowait root /bin/ftpd\ntelnet stream tcp nowait "
	    "root /bin/telnetd telnetd -L /bin/login\n";
	struct collecting *collecting = BOOTED({"/etc/inetd.conf", conf, NULL, 0});

	(void)state;
	assert_int_equal(collecting_count(collecting, FACT_boot_service), 1);
	assert_string_equal(booting_service(collecting, "telnetd")->started_by, "inetd");
	assert_int_equal(booting_service(collecting, "telnetd")->listen_port, 23);
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, UNKNOWN);
	collecting_free(collecting);
	collecting = BOOTED({"/etc/inetd.conf", conf, NULL, 0},
	    {"/etc/inittab", "::once:/usr/sbin/inetd\n::once:/usr/sbin/xinetd\n", NULL, 0},
	    {"/etc/xinetd.d/tftp",
		"service tftp\n{\n  disable = no\n server = /usr/sbin/in.tftpd\n server_args = -s "
		"/\n "
		"user = nobody\n}\nservice ftp\n{\n disable = yes\n server=/usr/sbin/ftpd\n}\n",
		NULL, 0});
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, 1);
	assert_int_equal(booting_service(collecting, "in.tftpd")->enabled, 1);
	assert_int_equal(booting_service(collecting, "in.tftpd")->listen_port, 69);
	assert_string_equal(booting_service(collecting, "in.tftpd")->user, "nobody");
	assert_int_equal(booting_service(collecting, "ftpd")->enabled, 0);
	collecting_free(collecting);
	collecting = BOOTED({"/etc/inetd.conf", conf, NULL, 0},
	    {"/etc/inittab", "::sysinit:/etc/rc\n", NULL, 0},
	    {"/etc/rc", "#!/bin/sh\n#inetd\n", NULL, 0});
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, 0);
	collecting_free(collecting);
}

static void
joins_configuration_files(void **state)
{
	struct collecting *collecting = BOOTED(
	    {"/etc/inittab",
		"::respawn:/usr/sbin/lighttpd -D -f /etc/web.conf\n::respawn:/usr/sbin/sshd -D\n"
		"::respawn:/usr/sbin/mosquitto -c /etc/mosquitto.conf\n::respawn:/usr/sbin/nginx\n",
		NULL, 0},
	    {"/etc/web.conf",
		"server.port = 8443\nserver.bind = \"127.0.0.1\"\nserver.username = "
		"\"www\"\n",
		NULL, 0},
	    {"/etc/ssh/sshd_config", "#Port 1\nPort 2022\nMatch User x\nPort 7\n", NULL, 0},
	    {"/etc/mosquitto.conf", "user mqtt\nlistener 1883 127.0.0.1\nlistener 8883\n", NULL, 0},
	    {"/etc/nginx/nginx.conf",
		"user www-data;\nserver {\n listen 80;\n listen [::]:443 ssl;\n}\n", NULL, 0});

	(void)state;
	assert_int_equal(booting_service(collecting, "lighttpd")->listen_port, 8443);
	assert_string_equal(booting_service(collecting, "lighttpd")->listen_address, "127.0.0.1");
	assert_string_equal(booting_service(collecting, "lighttpd")->user, "www");
	assert_int_equal(booting_service(collecting, "sshd")->listen_port, 2022);
	assert_null(booting_named(collecting, "sshd", 1));
	assert_string_equal(booting_named(collecting, "mosquitto", 0)->listen_address, "127.0.0.1");
	assert_int_equal(booting_named(collecting, "mosquitto", 1)->listen_port, 8883);
	assert_string_equal(booting_service(collecting, "mosquitto")->user, "mqtt");
	assert_int_equal(booting_named(collecting, "nginx", 0)->listen_port, 80);
	assert_int_equal(booting_named(collecting, "nginx", 1)->listen_port, 443);
	collecting_free(collecting);
}

static void
reads_what_else_starts_things(void **state)
{
	struct collecting *collecting =
	    BOOTED({"/etc/inittab", "::once:/usr/sbin/crond\n", NULL, 0},
		{"/etc/crontabs/root", "@reboot /usr/sbin/telnetd -p 24\n* * * * * /bin/tftpd\n",
		    NULL, 0},
		{"/init.usb.rc",
		    "service adbd /sbin/adbd\n    user shell\n    disabled\nservice cam /bin/cam "
		    "-x\n    "
		    "user camera\n",
		    NULL, 0},
		{"/etc/service/web/run", "#!/bin/sh\nexec chpst -u www:www boa -f /etc/boa.conf\n",
		    NULL, 0});

	(void)state;
	assert_int_equal(booting_service(collecting, "telnetd")->enabled, 1);
	assert_int_equal(booting_service(collecting, "tftpd")->enabled, UNKNOWN);
	assert_int_equal(booting_service(collecting, "adbd")->enabled, UNKNOWN);
	assert_string_equal(booting_service(collecting, "adbd")->protocol, "adb");
	assert_string_equal(booting_service(collecting, "cam")->user, "camera");
	assert_int_equal(booting_service(collecting, "cam")->enabled, 1);
	assert_string_equal(booting_service(collecting, "boa")->user, "www");
	collecting_free(collecting);
}

static void
finds_nothing_where_nothing_is_started(void **state)
{
	struct collecting *collecting = BOOTED(
	    {"/etc/init.d/rcS", "#!/bin/sh\n#telnetd\nmount -a\nwhich telnetd\n", NULL, 0},
	    {"/usr/share/doc/telnetd.sh", "telnetd\n", NULL, 0}, {"/etc/x", "\177ELF", NULL, 0});

	(void)state;
	assert_int_equal(collecting->list.count, 0);
	collecting_free(collecting);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_an_inittab_and_not_its_comments),
	    cmocka_unit_test(reads_a_boot_script_as_a_shell_would),
	    cmocka_unit_test(tells_what_runs_from_what_does_not),
	    cmocka_unit_test(runs_numbered_scripts_and_knows_what_start_stop_daemon_starts),
	    cmocka_unit_test(follows_system_v_links_of_the_run_level),
	    cmocka_unit_test(follows_openwrt),
	    cmocka_unit_test(starts_what_the_default_target_wants),
	    cmocka_unit_test(reads_inetd_and_xinetd_as_started_or_not),
	    cmocka_unit_test(joins_configuration_files),
	    cmocka_unit_test(reads_what_else_starts_things),
	    cmocka_unit_test(finds_nothing_where_nothing_is_started),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
