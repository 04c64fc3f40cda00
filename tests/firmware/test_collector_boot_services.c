/* What is started at boot is told from what is only mentioned. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "base/arena.h"
#include "firmware/tree.h"
#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_boot_services;

/* A file of the image, a link (`link` is its target), or an empty folder (neither). */
struct item {
	const char *path, *text, *link;
	unsigned mode; /* 0: 0755 */
};

static struct node *
child_named(const struct node *folder, struct span name)
{
	for (struct node *node = folder->child; node != NULL; node = node->next)
		if (strlen(node->name) == name.size && memcmp(node->name, name.at, name.size) == 0)
			return node;
	return NULL;
}

/* The folder of `path`, made where missing; `*last` is its last component. */
static struct node *
make_folders(struct collecting *collecting, struct tree *tree, struct node *top, const char *path,
    struct span *last)
{
	struct node *at = top;
	const char *slash;

	for (path++; (slash = strchr(path, '/')) != NULL; path = slash + 1) {
		struct span name = {(const uint8_t *)path, (size_t)(slash - path)};
		struct entry entry = {.name = name, .type = NODE_FOLDER, .mode = 0755};
		struct node *next = child_named(at, name);

		if (next == NULL)
			assert_int_equal(
			    tree_add(collecting->job, tree, at, &entry, &next), STATUS_OK);
		at = next;
	}
	*last = span_of_string(path);
	return at;
}

static void
offer(struct collecting *collecting, const struct node *node, struct span content)
{
	struct evidence evidence = evidence_to_list(&collecting->list);
	uint8_t *block = block_resize(NULL, content.size == 0 ? 1 : content.size);
	struct offer offered = {.node = node, .content = {block, content.size}};
	struct finds finds[64] = {0};
	bool only[64] = {0};
	size_t at = 0;

	while (firmware_collectors[at] != &collector_boot_services)
		at++;
	only[at] = true;

	assert_non_null(block);
	if (content.size != 0)
		memcpy(block, content.at, content.size);
	evidence.source = collector_boot_services.name;
	if (collector_boot_services.wants(
		node, span_part(offered.content, 0, content.size < 64 ? content.size : 64))) {
		assert_int_equal(
		    seeker_find(collecting->job, collecting->seeker, offered.content, only, finds),
		    STATUS_OK);
		offered.finds = finds[at].finds;
		offered.find_count = finds[at].count;
		assert_int_equal(collector_boot_services.collect(
				     collecting->job, &collecting->collection, &offered, &evidence),
		    STATUS_OK);
	}
	block_free(block);
}

static void
put_item(struct collecting *collecting, struct tree *tree, struct node *top,
    const struct item *item, struct span content)
{
	struct entry entry = {.type = item->link != NULL   ? NODE_LINK
				      : item->text != NULL ? NODE_FILE
							   : NODE_FOLDER,
	    .mode = item->mode == 0 ? 0755 : item->mode,
	    .bytes = content.size};
	struct node *node, *folder = make_folders(collecting, tree, top, item->path, &entry.name);

	if (item->link != NULL)
		entry.target = span_of_string(item->link);
	assert_int_equal(tree_add(collecting->job, tree, folder, &entry, &node), STATUS_OK);
	if (item->text != NULL)
		offer(collecting, node, content);
}

/* The collector over an image of these items; of the first, only `content`. */
static enum status
boot(struct collecting *collecting, const struct item *items, size_t count, struct span content)
{
	struct evidence evidence = evidence_to_list(&collecting->list);
	struct tree *tree = tree_new(collecting->job, 1);
	struct kept *kept = arena_allocate(collecting->job, sizeof *kept);
	struct node *top;

	assert_non_null(tree);
	assert_non_null(kept);
	kept->job = collecting->job;
	assert_int_equal(
	    tree_add_container(collecting->job, tree, tree->root, 0, "squashfs", &top), STATUS_OK);
	collecting->collection.tree = tree;
	collecting->collection.kept = kept;
	for (size_t i = 0; i < count; i++)
		put_item(collecting, tree, top, &items[i],
		    i == 0                  ? content
		    : items[i].text == NULL ? (struct span){0}
					    : span_of_string(items[i].text));
	evidence.source = collector_boot_services.name;
	return collector_boot_services.conclude(
	    collecting->job, &collecting->collection, &evidence);
}

static struct collecting *
booted_as(const struct item *items, size_t count, enum status status)
{
	struct collecting *collecting = collecting_new();

	assert_int_equal(
	    boot(collecting, items, count,
		items[0].text == NULL ? (struct span){0} : span_of_string(items[0].text)),
	    status);
	return collecting;
}

static struct collecting *
booted(const struct item *items, size_t count)
{
	return booted_as(items, count, STATUS_OK);
}

#define BOOTED(...)                                                                                \
	booted((const struct item[]){__VA_ARGS__},                                                 \
	    sizeof(const struct item[]){__VA_ARGS__} / sizeof(struct item))

/* The n-th fact of a service of that name; NULL when there are fewer. */
static const struct boot_service_fact *
named(const struct collecting *collecting, const char *name, size_t n)
{
	const struct fact *fact;

	for (size_t i = 0; (fact = collecting_fact(collecting, FACT_boot_service, i)) != NULL; i++)
		if (strcmp(fact->as.boot_service.name, name) == 0 && n-- == 0)
			return &fact->as.boot_service;
	return NULL;
}

static const struct boot_service_fact *
service(const struct collecting *collecting, const char *name)
{
	const struct boot_service_fact *fact = named(collecting, name, 0);

	if (fact == NULL)
		fail_msg("no service %s", name);
	return fact;
}

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
	assert_string_equal(service(collecting, "telnetd")->protocol, "telnet");
	assert_string_equal(service(collecting, "telnetd")->command, "/bin/telnetd -F -l /bin/sh");
	assert_int_equal(service(collecting, "telnetd")->listen_port, 23);
	assert_int_equal(service(collecting, "telnetd")->enabled, 1);
	assert_string_equal(service(collecting, "telnetd")->user, "root");
	assert_string_equal(service(collecting, "telnetd")->started_by, "inittab");
	assert_string_equal(named(collecting, "dropbear", 0)->listen_address, "192.168.1.1");
	assert_int_equal(named(collecting, "dropbear", 0)->listen_port, 2222);
	assert_null(named(collecting, "dropbear", 1)->listen_address);
	assert_int_equal(named(collecting, "dropbear", 1)->listen_port, 2200);
	assert_string_equal(service(collecting, "getty")->protocol, "console");
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
	assert_int_equal(service(collecting, "sshd")->enabled, UNKNOWN);
	assert_int_equal(service(collecting, "telnetd")->listen_port, 2323);
	assert_int_equal(service(collecting, "telnetd")->enabled, 1);
	assert_int_equal(service(collecting, "vsftpd")->enabled, UNKNOWN);
	assert_string_equal(service(collecting, "ftpd")->listen_address, "0.0.0.0");
	assert_int_equal(service(collecting, "ftpd")->listen_port, 21);
	assert_int_equal(service(collecting, "dropbear")->listen_port, 2200);
	assert_int_equal(service(collecting, "httpd")->listen_port, UNKNOWN);
	assert_string_equal(service(collecting, "nc")->protocol, "shell");
	assert_int_equal(service(collecting, "nc")->listen_port, 4444);
	assert_string_equal(service(collecting, "vendor")->user, "nobody");
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

		assert_int_equal(service(collecting, started[i])->enabled, 1);
	}
	for (size_t i = 0; i < 6; i++) {
		static const char *const idle[] = {
		    "telnetd", "ftpd", "tftpd", "snmpd", "unbound", "vsftpd"};

		assert_null(named(collecting, idle[i], 0));
	}
	assert_int_equal(named(collecting, "dropbear", 0)->listen_port, 2201);
	assert_int_equal(named(collecting, "dropbear", 1)->listen_port, 2202);
	assert_int_equal(service(collecting, "thttpd")->listen_port, 8080);
	assert_null(named(collecting, "lighttpd", 0));
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
	assert_int_equal(service(collecting, "mosquitto")->listen_port, 1884);
	assert_int_equal(service(collecting, "mosquitto")->enabled, 1);
	assert_string_equal(service(collecting, "mosquitto")->user, "mqtt");
	assert_int_equal(service(collecting, "telnetd")->enabled, 0);
	assert_int_equal(service(collecting, "snmpd")->enabled, UNKNOWN);
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
	assert_int_equal(service(collecting, "boa")->enabled, 1);
	assert_int_equal(service(collecting, "ftpd")->enabled, 0);
	assert_int_equal(service(collecting, "telnet")->enabled, 1);
	assert_string_equal(service(collecting, "telnet")->protocol, "telnet");
	assert_null(named(collecting, "getty", 0));
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
	assert_int_equal(service(collecting, "dropbear")->listen_port, 2222);
	assert_int_equal(service(collecting, "dropbear")->enabled, 1);
	assert_string_equal(service(collecting, "dropbear")->user, "nobody");
	assert_null(named(collecting, "dropbear", 1));
	assert_int_equal(named(collecting, "uhttpd", 0)->listen_port, 80);
	assert_string_equal(named(collecting, "uhttpd", 1)->listen_address, "[::]");
	assert_string_equal(named(collecting, "uhttpd", 2)->listen_address, "127.0.0.1");
	assert_string_equal(named(collecting, "uhttpd", 2)->protocol, "https");
	assert_null(named(collecting, "vsftpd", 0));
	assert_int_equal(service(collecting, "telnetd")->enabled, 0);
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
	assert_int_equal(service(collecting, "sshd")->enabled, 1);
	assert_int_equal(service(collecting, "sshd")->listen_port, 2022);
	assert_string_equal(service(collecting, "sshd")->user, "root");
	assert_null(named(collecting, "web", 0));
	assert_string_equal(service(collecting, "web2")->user, "web");
	assert_int_equal(service(collecting, "telnetd")->enabled, 0);
	assert_int_equal(service(collecting, "vsftpd")->enabled, 0);
	assert_string_equal(service(collecting, "x")->listen_address, "127.0.0.1");
	assert_int_equal(service(collecting, "x")->listen_port, 99);
	assert_int_equal(service(collecting, "agetty")->enabled, 1);
	assert_int_equal(service(collecting, "adbd")->enabled, UNKNOWN);
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
	assert_string_equal(service(collecting, "telnetd")->started_by, "inetd");
	assert_int_equal(service(collecting, "telnetd")->listen_port, 23);
	assert_int_equal(service(collecting, "telnetd")->enabled, UNKNOWN);
	collecting_free(collecting);
	collecting = BOOTED({"/etc/inetd.conf", conf, NULL, 0},
	    {"/etc/inittab", "::once:/usr/sbin/inetd\n::once:/usr/sbin/xinetd\n", NULL, 0},
	    {"/etc/xinetd.d/tftp",
		"service tftp\n{\n  disable = no\n server = /usr/sbin/in.tftpd\n server_args = -s "
		"/\n "
		"user = nobody\n}\nservice ftp\n{\n disable = yes\n server=/usr/sbin/ftpd\n}\n",
		NULL, 0});
	assert_int_equal(service(collecting, "telnetd")->enabled, 1);
	assert_int_equal(service(collecting, "in.tftpd")->enabled, 1);
	assert_int_equal(service(collecting, "in.tftpd")->listen_port, 69);
	assert_string_equal(service(collecting, "in.tftpd")->user, "nobody");
	assert_int_equal(service(collecting, "ftpd")->enabled, 0);
	collecting_free(collecting);
	collecting = BOOTED({"/etc/inetd.conf", conf, NULL, 0},
	    {"/etc/inittab", "::sysinit:/etc/rc\n", NULL, 0},
	    {"/etc/rc", "#!/bin/sh\n#inetd\n", NULL, 0});
	assert_int_equal(service(collecting, "telnetd")->enabled, 0);
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
	assert_int_equal(service(collecting, "lighttpd")->listen_port, 8443);
	assert_string_equal(service(collecting, "lighttpd")->listen_address, "127.0.0.1");
	assert_string_equal(service(collecting, "lighttpd")->user, "www");
	assert_int_equal(service(collecting, "sshd")->listen_port, 2022);
	assert_null(named(collecting, "sshd", 1));
	assert_string_equal(named(collecting, "mosquitto", 0)->listen_address, "127.0.0.1");
	assert_int_equal(named(collecting, "mosquitto", 1)->listen_port, 8883);
	assert_string_equal(service(collecting, "mosquitto")->user, "mqtt");
	assert_int_equal(named(collecting, "nginx", 0)->listen_port, 80);
	assert_int_equal(named(collecting, "nginx", 1)->listen_port, 443);
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
	assert_int_equal(service(collecting, "telnetd")->enabled, 1);
	assert_int_equal(service(collecting, "tftpd")->enabled, UNKNOWN);
	assert_int_equal(service(collecting, "adbd")->enabled, UNKNOWN);
	assert_string_equal(service(collecting, "adbd")->protocol, "adb");
	assert_string_equal(service(collecting, "cam")->user, "camera");
	assert_int_equal(service(collecting, "cam")->enabled, 1);
	assert_string_equal(service(collecting, "boa")->user, "www");
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
	struct collecting *collecting = booted_as(items, ARRAY_SIZE(items), STATUS_MALFORMED);

	(void)state;
	assert_int_equal(service(collecting, "socat")->listen_port, 1337);
	assert_string_equal(service(collecting, "socat")->listen_address, "0.0.0.0");
	assert_string_equal(service(collecting, "socat")->protocol, "shell");
	assert_int_equal(service(collecting, "tcpsvd")->listen_port, 1234);
	assert_string_equal(service(collecting, "tcpsvd")->protocol, "shell");
	assert_string_equal(service(collecting, "udpsvd")->protocol, "shell");
	assert_int_equal(service(collecting, "cgi")->listen_port, 8081);
	assert_null(service(collecting, "cgi")->protocol);
	assert_int_equal(named(collecting, "nc", 0)->listen_port, 4445);
	assert_string_equal(named(collecting, "nc", 0)->protocol, "shell");
	assert_null(named(collecting, "nc", 1));
	assert_string_equal(service(collecting, "ncat")->protocol, "shell");
	assert_int_equal(service(collecting, "netcat")->listen_port, 4447);
	assert_string_equal(service(collecting, "netcat")->protocol, "netcat");
	assert_int_equal(named(collecting, "python3", 0)->listen_port, 8080);
	assert_string_equal(named(collecting, "python3", 0)->listen_address, "10.0.0.1");
	assert_string_equal(named(collecting, "python3", 0)->protocol, "http");
	assert_null(named(collecting, "python3", 1)->protocol);
	assert_string_equal(named(collecting, "socat", 1)->protocol, "tls");
	assert_string_equal(service(collecting, "sh")->protocol, "shell");
	assert_int_equal(service(collecting, "sh")->listen_port, 4449);
	assert_string_equal(service(collecting, "telnetd")->protocol, "telnet");
	assert_int_equal(service(collecting, "gdbserver")->listen_port, 2345);
	assert_string_equal(service(collecting, "gdbserver")->listen_address, "10.0.0.1");
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
	assert_string_equal(service(collecting, "debug")->protocol, "shell");
	assert_int_equal(service(collecting, "debug")->listen_port, 4444);
	assert_string_equal(service(collecting, "old")->protocol, "shell");
	assert_string_equal(service(collecting, "key")->protocol, "ssh");
	assert_string_equal(service(collecting, "sh")->protocol, "console");
	assert_null(named(collecting, "sh", 1));
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
	assert_int_equal(service(collecting, "telnetd")->listen_port, 24);
	assert_int_equal(service(collecting, "telnetd")->enabled, UNKNOWN);
	assert_string_equal(service(collecting, "telnetd")->started_by, "udev");
	assert_string_equal(service(collecting, "ftpd")->started_by, "mdev");
	assert_null(named(collecting, "tftpd", 0));
	assert_null(named(collecting, "kmod", 0));
	assert_null(named(collecting, "dropbear", 0));
	assert_null(named(collecting, "httpd", 0));
	assert_int_equal(service(collecting, "utelnetd")->enabled, 1);
	assert_string_equal(service(collecting, "utelnetd")->user, "admin");
	assert_int_equal(service(collecting, "late")->enabled, UNKNOWN);
	collecting_free(collecting);
	/* a part of OpenWrt, whose procd lies elsewhere */
	collecting = BOOTED({"/etc/init.d/debug",
	    "#!/bin/sh /etc/rc.common\nUSE_PROCD=1\nstart_service() {\nprocd_open_instance\n"
	    "procd_set_param command /usr/sbin/telnetd -F\nprocd_set_param respawn 3600 5\n"
	    "procd_close_instance\n}\n",
	    NULL, 0});
	assert_int_equal(service(collecting, "telnetd")->enabled, UNKNOWN);
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
	assert_string_equal(service(collecting, "snmpd")->user, "Debian-snmp");
	assert_string_equal(service(collecting, "httpd")->user, "www");
	assert_string_equal(service(collecting, "atftpd")->user, "tftp");
	assert_null(service(collecting, "boa")->user);
	assert_null(named(collecting, "sshd", 0));
	assert_null(named(collecting, "lighttpd", 0));
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
	assert_string_equal(
	    service(collecting, "app")->command, "/bin/app a\\\\nb c\"d e\\\\f g$h i\\\\nj knl");
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
	assert_int_equal(service(collecting, "httpd")->listen_port, 82);
	assert_null(named(collecting, "httpd", 1));
	collecting_free(collecting);
}

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
		struct collecting *collecting = booted(inits[i], 3);

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
	boot(collecting, only, 1, content);
	assert_string_equal(
	    unread(collecting), "there are programs and no init: what starts was not read");
	collecting_free(collecting);
	collecting = collecting_new();
	boot(collecting, with, 2, content);
	assert_null(unread(collecting));
	collecting_free(collecting);
	collecting = collecting_new();
	boot(collecting, module, 1, span_of_string("\177ELF"));
	assert_null(unread(collecting));
	collecting_free(collecting);
}

static void
runs_an_init_that_is_a_script(void **state)
{
	struct collecting *collecting =
	    BOOTED({"/sbin/init", "#!/bin/sh\ntelnetd -l /bin/sh\nexec /app/main\n", NULL, 0});

	(void)state;
	assert_int_equal(service(collecting, "telnetd")->enabled, 1);
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
		boot(collecting, items, 4, (struct span){changed, cut});
		collecting_free(collecting);
	}
	for (size_t i = 0; i < size; i++) {
		changed[i] ^= (uint8_t)(1u << (i % 8));
		collecting = collecting_new();
		boot(collecting, items, 4, (struct span){changed, size});
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
	assert_int_equal(service(collecting, "telnetd")->listen_port, UNKNOWN);
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
	assert_int_equal(service(collecting, "telnetd")->enabled, 1);
	collecting_free(collecting);
	memset(braces, '(', sizeof braces - 1);
	collecting = BOOTED({"/etc/rc.local", braces, NULL, 0});
	collecting_free(collecting);
	for (size_t i = 0; i + 3 < sizeof calls; i += 3)
		memcpy(calls + i, "`$(", 3);
	collecting = collecting_new();
	assert_int_equal(boot(collecting, &(struct item){"/etc/rc.local", calls, NULL, 0}, 1,
			     span_of_string(calls)),
	    STATUS_MALFORMED); /* what they give would be run */
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
	enum status status =
	    boot(collecting, items, sizeof items / sizeof *items, span_of_string(items[0].text));
	const struct boot_service_fact *telnetd = named(collecting, "telnetd", 0);

	*enabled = telnetd == NULL ? 0 : telnetd->enabled;
	if (telnetd != NULL)
		assert_string_equal(telnetd->protocol, "telnet");
	assert_null(named(collecting, "dropbear", 0));
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
	assert_string_equal(service(collecting, "nc")->protocol, "telnet");
	assert_int_equal(service(collecting, "nc")->listen_port, 23);
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
	assert_string_equal(service(collecting, "httpd")->command, "/sbin/httpd --pass Zq…");
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
	assert_int_equal(service(collecting, "telnetd")->enabled, 1);
	assert_string_equal(service(collecting, "telnetd")->user, "web");
	assert_null(named(collecting, "sh", 0));
	collecting_free(collecting);
	collecting = BOOTED(UNIT("[Service]\nExecStart=/bin/true\nExecStartPost=/usr/sbin/telnetd\n"
				 "ExecStartPre=-/usr/sbin/vsftpd\nExecStop=/usr/sbin/sshd\n"));
	assert_int_equal(service(collecting, "telnetd")->enabled, 1);
	assert_int_equal(service(collecting, "vsftpd")->enabled, 1);
	assert_null(named(collecting, "sshd", 0));
	collecting_free(collecting);
	collecting = BOOTED(UNIT("[Service]\nType=oneshot\nExecStart=/bin/true\n"
				 "ExecStart=/usr/sbin/telnetd\n"));
	assert_int_equal(service(collecting, "telnetd")->enabled, 1);
	collecting_free(collecting);
	collecting = BOOTED(UNIT("[Service]\nExecStart=/usr/sbin/telnetd\nExecStartPre=/sbin/sshd\n"
				 "ExecStart=\nExecStart=/usr/sbin/httpd\n"));
	assert_null(named(collecting, "telnetd", 0));
	assert_int_equal(service(collecting, "sshd")->enabled, 1);
	collecting_free(collecting);
	collecting = BOOTED(UNIT("[Unit]\nWants=t.socket\n[Service]\nExecStart=/bin/true\n"),
	    {"/usr/lib/systemd/system/t.socket", "[Socket]\nListenStream=23\nAccept=yes\n", NULL,
		0},
	    {"/usr/lib/systemd/system/t@.service", "[Service]\nExecStart=/usr/sbin/telnetd -i\n",
		NULL, 0});
	assert_int_equal(service(collecting, "telnetd")->enabled, 1);
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
	    cmocka_unit_test(tells_what_is_put_on_a_port),
	    cmocka_unit_test(tells_what_answers_at_a_socket),
	    cmocka_unit_test(tells_what_devices_and_supervisors_start),
	    cmocka_unit_test(knows_whom_a_server_becomes_and_what_is_no_start),
	    cmocka_unit_test(keeps_backslashes_in_double_quotes),
	    cmocka_unit_test(points_at_the_command_of_a_procd_instance),
	    cmocka_unit_test(keeps_a_function_once),
	    cmocka_unit_test(knows_an_init_that_is_read_here),
	    cmocka_unit_test(says_that_an_unknown_init_was_not_read),
	    cmocka_unit_test(asks_who_starts_programs_without_an_init),
	    cmocka_unit_test(runs_an_init_that_is_a_script),
	    cmocka_unit_test(bears_any_bytes),
	    cmocka_unit_test(bears_a_command_longer_than_it_keeps),
	    cmocka_unit_test(bears_scripts_that_never_end),
	    cmocka_unit_test(sees_through_what_hides_a_name),
	    cmocka_unit_test(takes_a_log_in_behind_a_bare_socket_for_telnet),
	    cmocka_unit_test(tells_no_secret_of_a_command),
	    cmocka_unit_test(says_that_it_cannot_tell_what_runs),
	    cmocka_unit_test(runs_all_that_a_unit_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
