/* A version is told only where its maker writes it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

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
		   "OpenVPN 2.2.2 mips [SSL] built on Mar 12 2013\0");
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
	};
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(
	    collecting_bytes(collecting, &collector_components, "/bin/x", binary, sizeof binary));
	assert_int_equal(collecting_count(collecting, FACT_component), ARRAY_SIZE(rows));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_string_equal(component(collecting, i)->name, rows[i].name);
		assert_string_equal(component(collecting, i)->version, rows[i].version);
		assert_string_equal(component(collecting, i)->cpe, rows[i].cpe);
		assert_string_equal(component(collecting, i)->origin, "elf");
	}
	assert_string_equal(component(collecting, 0)->purl, "pkg:generic/busybox@1.22.1");
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
tells_a_kernel_with_and_without_what_its_builder_added(void **state)
{
	static const char image[] =
	    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0Linux "
	    "version 3.0.8-gm+ (u@h) #1\n\0Linux version 3.0.8-gm+ (u@h)";
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(
	    collecting_bytes(collecting, &collector_components, "/data", image, sizeof image));
	assert_int_equal(collecting_count(collecting, FACT_kernel), 1);
	assert_string_equal(
	    collecting_fact(collecting, FACT_kernel, 0)->as.kernel.version, "3.0.8-gm+");
	assert_string_equal(component(collecting, 0)->version, "3.0.8");
	assert_string_equal(component(collecting, 0)->origin, "kernel");
	assert_string_equal(
	    component(collecting, 0)->cpe, "cpe:2.3:o:linux:linux_kernel:3.0.8:*:*:*:*:*:*:*");
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
reads_package_lists_of_three_makers(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_text(collecting, &collector_components, "/var/lib/dpkg/status",
	    "Package: libssl3\nStatus: install ok installed\nArchitecture: armhf\nVersion: "
	    "1:3.0.11-1~deb12u2+b1\nDescription: x\n y\n\n"
	    "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n");
	collecting_text(collecting, &collector_components, "/usr/lib/opkg/status",
	    "Package: dropbear\nVersion: 2011.54-2\nStatus: install user installed\nArchitecture: "
	    "ar71xx\n");
	collecting_text(collecting, &collector_components, "/lib/apk/db/installed",
	    "C:Q1abc\nP:musl\nV:1.2.4-r2\nA:x86_64\nL:MIT\n\nP:zlib\nV:1.2.13-r1\nA:x86_64\nL:"
	    "Zlib\n");
	assert_int_equal(collecting_count(collecting, FACT_component), 4);
	assert_string_equal(component(collecting, 0)->name, "libssl3");
	assert_string_equal(component(collecting, 0)->version, "3.0.11");
	assert_string_equal(component(collecting, 0)->purl,
	    "pkg:deb/debian/libssl3@1%3A3.0.11-1~deb12u2%2Bb1?arch=armhf");
	assert_string_equal(component(collecting, 1)->purl, "pkg:generic/dropbear@2011.54-2");
	assert_string_equal(component(collecting, 1)->version, "2011.54");
	assert_string_equal(component(collecting, 2)->purl, "pkg:apk/alpine/musl@1.2.4-r2");
	assert_string_equal(component(collecting, 3)->licence, "Zlib");
	collecting_free(collecting);
}

static void
concludes_the_kernel_from_its_modules_folder(void **state)
{
	struct collecting *collecting = collecting_new();
	struct evidence evidence = evidence_to_list(&collecting->list);
	struct node modules = {.name = "modules",
	    .path = "0.x/lib/modules",
	    .local = "/lib/modules",
	    .type = NODE_FOLDER};
	struct node release = {.name = "3.3.8",
	    .path = "0.x/lib/modules/3.3.8",
	    .local = "/lib/modules/3.3.8",
	    .type = NODE_FOLDER,
	    .parent = &modules};
	struct tree tree = {.root = &modules};

	(void)state;
	modules.child = &release;
	collecting->collection.tree = &tree;
	assert_int_equal(
	    collector_components.conclude(collecting->job, &collecting->collection, &evidence),
	    STATUS_OK);
	assert_string_equal(
	    collecting_fact(collecting, FACT_kernel, 0)->as.kernel.version, "3.3.8");
	assert_string_equal(component(collecting, 0)->name, "linux");
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	static const char binary[] =
	    BINARY("BusyBox v1.22.1 (2014)\0OpenSSL 1.0.2k  2\0Linux version 3.0.8-gm+\0"
		   "2.0.11\0mosquitto version %s");
	static const char list[] =
	    "Package: a\nVersion: 1:2-3\nStatus: x installed\n\n:\nPackage:\nVersion: "
	    ":-\n\nPackage: b\nVersion: -1";

	(void)state;
	collecting_bear(&collector_components, "/bin/x", binary, sizeof binary - 1, 1);
	collecting_bear(&collector_components, "/lib/libz.so.1.2.3", binary, sizeof binary - 1, 7);
	collecting_bear(&collector_components, "/var/lib/dpkg/status", list, sizeof list - 1, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(knows_components_by_their_strings),
	    cmocka_unit_test(does_not_take_a_mention_for_a_component),
	    cmocka_unit_test(tells_a_kernel_with_and_without_what_its_builder_added),
	    cmocka_unit_test(knows_a_version_by_its_neighbour_and_a_library_by_its_name),
	    cmocka_unit_test(reads_package_lists_of_three_makers),
	    cmocka_unit_test(concludes_the_kernel_from_its_modules_folder),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
