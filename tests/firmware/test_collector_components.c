/* A version is told only where its maker writes it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "base/arena.h"
#include "firmware/tree.h"
#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_components;

/* A binary: an ELF's first bytes, then these strings, each with its NUL. */
#define BINARY(strings)                                                                            \
	"\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"  \
	"\0\0\0\0" strings

static const struct component_fact *
component(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_component, n);

	assert_non_null(fact);
	return &fact->as.component;
}

static void
knows_components_by_their_strings(void **state)
{
	static const char binary[] =
	    BINARY("BusyBox v1.22.1 (2014)\0OpenSSL 1.0.2k  26 Jan 2017\0SSH-2.0-dropbear_2011.54\0"
		   "OpenSSH_7.4p1 Debian\0lighttpd/1.4.69\0 inflate 1.2.3 Copyright\0U-Boot "
		   "2014.07-rc1 (x)\0Lua 5.1.4  Copyright\0"
		   "OpenVPN 2.2.2 mips [SSL] built on Mar 12 2013\0avahi 0.8\0libdbus 1.14.10\n\0"
		   "miniupnpd 2.3.1 Dec 21 2022\0ncurses 6.4.20221231\0SAMBA_4.17.12_DEBIAN\0"
		   "U-Boot 2010.06-svn1234 (Jan 01 2015)\0udhcp 0.9.8\0udhcp 0.9.87\1\0");
	static const struct {
		const char *name, *version, *cpe;
	} rows[] = {
	    {"busybox", "1.22.1", "cpe:2.3:a:busybox:busybox:1.22.1:*:*:*:*:*:*:*"},
	    {"openssl", "1.0.2k", "cpe:2.3:a:openssl:openssl:1.0.2k:*:*:*:*:*:*:*"},
	    {"dropbear", "2011.54",
		"cpe:2.3:a:dropbear_ssh_project:dropbear_ssh:2011.54:*:*:*:*:*:*:*"},
	    {"openssh", "7.4p1", "cpe:2.3:a:openbsd:openssh:7.4:p1:*:*:*:*:*:*"},
	    {"lighttpd", "1.4.69", "cpe:2.3:a:lighttpd:lighttpd:1.4.69:*:*:*:*:*:*:*"},
	    {"zlib", "1.2.3", "cpe:2.3:a:zlib:zlib:1.2.3:*:*:*:*:*:*:*"},
	    {"u-boot", "2014.07-rc1", "cpe:2.3:a:denx:u-boot:2014.07-rc1:*:*:*:*:*:*:*"},
	    {"lua", "5.1.4", "cpe:2.3:a:lua:lua:5.1.4:*:*:*:*:*:*:*"},
	    {"openvpn", "2.2.2", "cpe:2.3:a:openvpn:openvpn:2.2.2:*:*:*:*:*:*:*"},
	    {"avahi", "0.8", "cpe:2.3:a:avahi:avahi:0.8:*:*:*:*:*:*:*"},
	    {"dbus", "1.14.10", "cpe:2.3:a:freedesktop:dbus:1.14.10:*:*:*:*:*:*:*"},
	    {"ncurses", "6.4", "cpe:2.3:a:gnu:ncurses:6.4:*:*:*:*:*:*:*"},
	    {"samba", "4.17.12", "cpe:2.3:a:samba:samba:4.17.12:*:*:*:*:*:*:*"},
	    {"u-boot", "2010.06", "cpe:2.3:a:denx:u-boot:2010.06:*:*:*:*:*:*:*"},
	    {"udhcp", "0.9.8", NULL},
	};
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(
	    collecting_bytes(collecting, &collector_components, "/bin/x", binary, sizeof binary));
	assert_int_equal(collecting_count(collecting, FACT_component), ARRAY_SIZE(rows));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_string_equal(component(collecting, i)->name, rows[i].name);
		assert_string_equal(component(collecting, i)->version, rows[i].version);
		if (rows[i].cpe != NULL)
			assert_string_equal(component(collecting, i)->cpe, rows[i].cpe);
		else
			assert_null(component(collecting, i)->cpe);
		assert_string_equal(component(collecting, i)->origin, "elf");
	}
	assert_string_equal(component(collecting, 0)->purl, "pkg:generic/busybox@1.22.1");
	assert_string_equal(component(collecting, 0)->licence, "GPL-2.0-only");
	collecting_free(collecting);
}

static void
does_not_take_a_mention_for_a_component(void **state)
{
	static const char binary[] = BINARY(
	    "OpenSSL 1.0.2\0OpenSSL support\0BusyBox v1\0BusyBox v1.2x_y\0mydnsmasq-2.55\0"
	    "nginx/\0 deflate 1.2.3\0OpenVPN 2.1 or later\0Linux version %s\0U-Boot "
	    "2014.07\0lighttpd/1.4.69_x\0"
	    "OpenSSH_7.0*,OpenSSH_6.6.1*,OpenSSH_2.5.0p1*\0OpenSSH_6.5,x\0Lua 5.3 or later\0");
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(
	    collecting_bytes(collecting, &collector_components, "/bin/x", binary, sizeof binary));
	assert_int_equal(collecting->list.count, 0);
	assert_false(collecting_text(collecting, &collector_components, "/usr/share/doc/x",
	    "BusyBox v1.22.1 (2014) is mentioned in this text, which is no program at all, and so "
	    "is OpenSSH_7.4p1\n"));
	collecting_free(collecting);
}

static void
knows_a_version_by_its_neighbour_and_a_library_by_its_name(void **state)
{
	static const char binary[] = BINARY("abc\0"
					    "2.0.11\0mosquitto version %s\0");
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_bytes(
	    collecting, &collector_components, "/usr/sbin/mosquitto", binary, sizeof binary);
	collecting_bytes(
	    collecting, &collector_components, "/lib/libuClibc-0.9.33.2.so", binary, 70);
	assert_int_equal(collecting_count(collecting, FACT_component), 2);
	assert_string_equal(component(collecting, 0)->name, "mosquitto");
	assert_string_equal(component(collecting, 0)->version, "2.0.11");
	assert_string_equal(component(collecting, 0)->confidence, "likely");
	assert_string_equal(component(collecting, 1)->name, "uclibc");
	assert_string_equal(component(collecting, 1)->version, "0.9.33.2");
	collecting_free(collecting);
}

static void
tells_what_a_program_was_built_with_from_what_is_there(void **state)
{
	static const char binary[] =
	    BINARY("libssl.so.1.1\0libcrypto.so.1.1\0OpenSSL 1.1.1d  10 Sep "
		   "2019\0nginx/1.14.2\0nginx version: nginx/1.14.2\0nginx/9.9.9\0");
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_bytes(
	    collecting, &collector_components, "/usr/sbin/nginx", binary, sizeof binary);
	collecting_bytes(
	    collecting, &collector_components, "/lib/libcrypto.so.1.1", binary, sizeof binary);
	assert_int_equal(collecting_count(collecting, FACT_component), 6);
	assert_string_equal(component(collecting, 0)->name, "openssl");
	assert_string_equal(component(collecting, 0)->confidence, "possible");
	/* a server may call itself another's name: once, and surer when the program says it of
	 * itself */
	assert_string_equal(component(collecting, 1)->version, "1.14.2");
	assert_string_equal(component(collecting, 1)->confidence, "certain");
	assert_string_equal(component(collecting, 2)->version, "9.9.9");
	assert_string_equal(component(collecting, 2)->confidence, "possible");
	assert_string_equal(component(collecting, 3)->name, "openssl");
	assert_string_equal(component(collecting, 3)->confidence, "certain");
	collecting_free(collecting);
}

/* An image whose tree has a file of that name in /lib. */
static struct collecting *
collecting_beside(const char *library)
{
	struct collecting *collecting = collecting_new();
	struct tree *tree = tree_new(collecting->job, 1);
	struct kept *kept = arena_allocate(collecting->job, sizeof *kept);
	struct entry entry = {
	    .name = span_of_string(library), .type = NODE_FILE, .mode = 0644, .bytes = 100};
	struct node *node;

	assert_non_null(tree);
	assert_non_null(kept);
	kept->job = collecting->job;
	assert_int_equal(tree_add(collecting->job, tree, tree->root, &entry, &node), STATUS_OK);
	collecting->collection.tree = tree;
	collecting->collection.kept = kept;
	return collecting;
}

static void
believes_the_library_more_than_who_loads_it(void **state)
{
	static const char binary[] =
	    BINARY("libssl.so.3\0libcrypto.so.3\0OpenSSL 3.4.1 11 Feb 2025\0\0");
	static const struct {
		const char *library;
		size_t told;
	} rows[] = {{"libcrypto.so.3", 0}, {"libcrypto.txt", 1}, {"libz.so.1", 1}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct collecting *collecting = collecting_beside(rows[i].library);
		struct evidence evidence = evidence_to_list(&collecting->list);

		collecting_bytes(collecting, &collector_components, "/sbin/wpa_supplicant", binary,
		    sizeof binary);
		assert_int_equal(collecting_count(collecting, FACT_component), 0);
		assert_int_equal(collector_components.conclude(
				     collecting->job, &collecting->collection, &evidence),
		    STATUS_OK);
		assert_int_equal(collecting_count(collecting, FACT_component), rows[i].told);
		if (rows[i].told == 1) {
			assert_string_equal(component(collecting, 0)->version, "3.4.1");
			assert_string_equal(component(collecting, 0)->confidence, "possible");
			assert_string_equal(component(collecting, 0)->origin, "elf");
			assert_string_equal(collecting_fact(collecting, FACT_component, 0)->excerpt,
			    "OpenSSL 3.4.1 11 Feb 2025");
		}
		collecting_free(collecting);
	}
}

static void
tells_each_release_once_as_surely_as_it_is_said(void **state)
{
	static const char binary[] =
	    BINARY("util-linux 2.41.5\0{\"type\":\"deb\",\"name\":\"util-linux\",\"version\":"
		   "\"2.41.5-0+deb13u1\"}\0");
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_bytes(collecting, &collector_components, "/bin/mount", binary, sizeof binary);
	assert_int_equal(collecting_count(collecting, FACT_component), 1);
	assert_string_equal(component(collecting, 0)->name, "util-linux");
	assert_string_equal(component(collecting, 0)->confidence, "certain");
	collecting_free(collecting);
}

static void
does_not_take_the_zlib_a_program_was_built_for_for_its_own_release(void **state)
{
	static const char two[] = BINARY("GNU Wget %s, a retriever\0inflateInit2_\0\0"
					 "1.2.11\0\0"
					 "1.21.3\0");
	static const char one[] = BINARY("GNU Wget %s, a retriever\0inflateInit2_\0\0"
					 "1.2.11\0\0"
					 "1.21\0");
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_bytes(collecting, &collector_components, "/bin/wget", two, sizeof two);
	collecting_bytes(collecting, &collector_components, "/bin/wget", one, sizeof one);
	assert_int_equal(collecting_count(collecting, FACT_component), 2);
	assert_string_equal(component(collecting, 0)->version, "1.21.3");
	assert_string_equal(component(collecting, 0)->confidence, "likely");
	assert_string_equal(component(collecting, 1)->version, "1.21");
	collecting_free(collecting);
}

static void
takes_a_lone_version_only_when_it_is_the_only_one(void **state)
{
	static const char one[] = BINARY("10.0.0.1\0hostapd v%s\n\0\xff\x7f"
					 "2.10\0802.11\0");
	static const char two[] = BINARY("2.9\0hostapd v%s\n\0"
					 "2.10\0abc\0");
	static const char socat[] = BINARY("socat version %s on %s\0127.0.0.1\0"
					   "1.7.4.4\0");
	static const char python[] = BINARY("1.2.13\0"
					    "3.2.0\0"
					    "3.11.2\0");
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_bytes(collecting, &collector_components, "/a", one, sizeof one);
	collecting_bytes(collecting, &collector_components, "/a", two, sizeof two);
	collecting_bytes(collecting, &collector_components, "/a", socat, sizeof socat);
	collecting_bytes(collecting, &collector_components, "/a/python3.11", python, sizeof python);
	assert_int_equal(collecting_count(collecting, FACT_component), 4);
	assert_string_equal(component(collecting, 0)->version, "2.10");
	assert_string_equal(component(collecting, 0)->confidence, "likely");
	assert_string_equal(component(collecting, 1)->confidence, "possible");
	assert_string_equal(component(collecting, 2)->version, "1.7.4.4");
	assert_string_equal(component(collecting, 3)->version, "3.11.2");
	collecting_free(collecting);
}

static void
reads_the_release_off_the_names_of_libraries(void **state)
{
	static const struct {
		const char *local, *name, *version;
	} rows[] = {
	    {"/lib/libz.so.1.2.13", "zlib", "1.2.13"},
	    {"/lib/libpng16.so.16.39.0", "libpng", "1.6.39"},
	    {"/lib/libglib-2.0.so.0.7400.6", "glib", "2.74.6"},
	    {"/lib/libc-2.19.so", "glibc", "2.19"},
	    {"/lib/libtinfo.so.6.4", "ncurses", "6.4"},
	    {"/lib/ld-uClibc-0.9.33.2.so", "uclibc", "0.9.33.2"},
	    {"/lib/libuClibc-1.0.31.so", "uclibc-ng", "1.0.31"},
	};
	static const char *const none[] = {"/lib/libz.so.1", "/lib/libglib-2.0.so.0.1.2.3.4",
	    "/lib/libpng16.so.16.x", "/lib/libglib-2.0.so.0.00.6", "/lib/libc-2.so",
	    "/lib/libpng12.so.0.99999.1"};
	static const char binary[] = BINARY("nothing is here that says anything of a version");
	struct collecting *collecting = collecting_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		collecting_bytes(collecting, &collector_components, none[i], binary, sizeof binary);
	assert_int_equal(collecting_count(collecting, FACT_component), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		collecting_bytes(
		    collecting, &collector_components, rows[i].local, binary, sizeof binary);
		assert_string_equal(component(collecting, i)->name, rows[i].name);
		assert_string_equal(component(collecting, i)->version, rows[i].version);
	}
	collecting_free(collecting);
}

static void
reads_the_note_of_a_package_builder(void **state)
{
	static const char binary[] = BINARY(
	    "{\"type\":\"deb\",\"os\":\"Debian\",\"name\":\"systemd\",\"version\":\"252.39-1~"
	    "deb12u2\",\"architecture\":\"armhf\"}\0{\"type\":\"x\"}\0{\"type\":");
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_bytes(collecting, &collector_components, "/a", binary, sizeof binary);
	assert_int_equal(collecting_count(collecting, FACT_component), 1);
	assert_string_equal(component(collecting, 0)->name, "systemd");
	assert_string_equal(component(collecting, 0)->version, "252.39");
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	static const char binary[] =
	    BINARY("BusyBox v1.22.1 (2014)\0OpenSSL 1.0.2k  2\0Linux version 3.0.8-gm+\0"
		   "2.0.11\0mosquitto version "
		   "%s\0{\"type\":\"deb\",\"name\":\"systemd\",\"version\":\"1.2\"}");

	(void)state;
	collecting_bear(&collector_components, "/bin/x", binary, sizeof binary - 1, 1);
	collecting_bear(&collector_components, "/lib/libz.so.1.2.3", binary, sizeof binary - 1, 7);
	collecting_bear(&collector_components, "/lib/libglib-2.0.so.0.7400.6", binary, 80, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(knows_components_by_their_strings),
	    cmocka_unit_test(does_not_take_a_mention_for_a_component),
	    cmocka_unit_test(knows_a_version_by_its_neighbour_and_a_library_by_its_name),
	    cmocka_unit_test(tells_what_a_program_was_built_with_from_what_is_there),
	    cmocka_unit_test(believes_the_library_more_than_who_loads_it),
	    cmocka_unit_test(tells_each_release_once_as_surely_as_it_is_said),
	    cmocka_unit_test(does_not_take_the_zlib_a_program_was_built_for_for_its_own_release),
	    cmocka_unit_test(takes_a_lone_version_only_when_it_is_the_only_one),
	    cmocka_unit_test(reads_the_release_off_the_names_of_libraries),
	    cmocka_unit_test(reads_the_note_of_a_package_builder),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
