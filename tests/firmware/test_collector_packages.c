/* Package databases say what was installed, each in its own words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_packages;

static const struct component_fact *
component(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_component, n);

	assert_non_null(fact);
	return &fact->as.component;
}

static void
reads_package_lists_of_three_makers(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_text(collecting, &collector_packages, "/var/lib/dpkg/status",
	    "Package: libssl3\nStatus: install ok installed\nMaintainer: A <a@x>\nArchitecture: "
	    "armhf\nSource: openssl (3.0.11-1)\nVersion: 1:3.0.11-1~deb12u2+b1\nDescription: x\n "
	    "Version: 9\n\n"
	    "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n");
	collecting_text(collecting, &collector_packages, "/usr/lib/opkg/status",
	    "Package: dropbear\nVersion: 2011.54-2\nStatus: install user installed\nArchitecture: "
	    "ar71xx\n\nPackage: kernel\nVersion: 5.10.176-1-abcdef\nStatus: install user "
	    "installed\n");
	collecting_text(collecting, &collector_packages, "/lib/apk/db/installed",
	    "C:Q1abc\nP:musl\nV:1.2.4-r2\nA:x86_64\nL:MIT\n\nP:libfoo\nV:1.2.13-r1\nA:x86_64\nL:"
	    "Zlib\n");
	assert_int_equal(collecting_count(collecting, FACT_component), 5);
	assert_string_equal(component(collecting, 0)->name, "openssl");
	assert_string_equal(component(collecting, 0)->version, "3.0.11");
	assert_string_equal(component(collecting, 0)->purl,
	    "pkg:deb/debian/libssl3@1%3A3.0.11-1~deb12u2%2Bb1?arch=armhf");
	assert_string_equal(component(collecting, 0)->supplier, "A <a@x>");
	assert_string_equal(component(collecting, 0)->architecture, "armhf");
	assert_string_equal(
	    component(collecting, 0)->cpe, "cpe:2.3:a:openssl:openssl:3.0.11:*:*:*:*:*:*:*");
	assert_string_equal(component(collecting, 1)->purl, "pkg:generic/dropbear@2011.54-2");
	assert_string_equal(component(collecting, 1)->version, "2011.54");
	assert_string_equal(component(collecting, 2)->name, "linux");
	assert_string_equal(component(collecting, 2)->version, "5.10.176");
	assert_string_equal(
	    component(collecting, 3)->purl, "pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64");
	assert_string_equal(component(collecting, 4)->name, "libfoo");
	assert_string_equal(component(collecting, 4)->licence, "Zlib");
	collecting_free(collecting);
}

static void
reads_files_of_single_packages(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_text(collecting, &collector_packages, "/usr/lib/opkg/info/libopenssl1.1.control",
	    "Package: libopenssl1.1\nVersion: 1.1.1k-1\nLicense: OpenSSL\n");
	collecting_text(collecting, &collector_packages, "/var/lib/dpkg/status.d/base",
	    "Package: base-files\nVersion: 12.4+deb12u5\n");
	collecting_text(collecting, &collector_packages,
	    "/usr/lib/python3/dist-packages/Foo_Bar-1.2.dist-info/METADATA",
	    "Metadata-Version: 2.1\nName: Foo_Bar\nVersion: 1.2\nLicense: MIT\n\nVersion: 9\n");
	collecting_text(collecting, &collector_packages,
	    "/usr/lib/node_modules/@scope/thing/package.json",
	    "{\"scripts\":{\"version\":\"x\"},\"a\":[\"name\"],\"name\":\"@scope/thing\","
	    "\"version\":\"4.17.20\",\"license\":\"MIT\"}");
	collecting_text(collecting, &collector_packages, "/x.jar/META-INF/maven/g/a/pom.properties",
	    "#x\nversion=2.14.1\ngroupId=org.apache.logging.log4j\nartifactId=log4j-core\n");
	collecting_text(collecting, &collector_packages,
	    "/usr/lib/luarocks/rocks/luasocket/3.0rc1-2/luasocket-3.0rc1-2.rockspec",
	    "package = \"LuaSocket\"\n");
	assert_int_equal(collecting_count(collecting, FACT_component), 6);
	assert_string_equal(component(collecting, 0)->name, "openssl");
	assert_string_equal(component(collecting, 0)->version, "1.1.1k");
	assert_string_equal(component(collecting, 1)->version, "12.4");
	assert_string_equal(component(collecting, 2)->purl, "pkg:pypi/foo-bar@1.2");
	assert_string_equal(component(collecting, 3)->purl, "pkg:npm/%40scope/thing@4.17.20");
	assert_string_equal(
	    component(collecting, 4)->purl, "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1");
	assert_string_equal(component(collecting, 5)->purl, "pkg:luarocks/luasocket@3.0rc1-2");
	assert_string_equal(component(collecting, 5)->version, "3.0rc1");
	collecting_free(collecting);
}

/* OpenWrt calls packages by what they are for, and versions by the day it took them. */
static void
knows_whose_packages_of_openwrt_are(void **state)
{
	static const struct {
		const char *package, *version, *source;
		const char *name, *upstream_version, *cpe, *licence;
	} cases[] = {
	    {"libc", "0.9.33.2-1", "package/toolchain", "uclibc", "0.9.33.2",
		"cpe:2.3:a:uclibc:uclibc:0.9.33.2:*:*:*:*:*:*:*", "LGPL-2.1-or-later"},
	    {"libpthread", "1.1.16-1", "package/libs/toolchain", "musl", "1.1.16",
		"cpe:2.3:a:musl-libc:musl:1.1.16:*:*:*:*:*:*:*", "MIT"},
	    {"librt", "2.27-1", "", "glibc", "2.27", "cpe:2.3:a:gnu:glibc:2.27:*:*:*:*:*:*:*",
		"LGPL-2.1-or-later"},
	    {"librt", "7.0-1", "", "librt", "7.0", NULL, NULL},
	    {"libgcc", "4.6-linaro-1", "package/toolchain", "gcc", "4.6-linaro", NULL, NULL},
	    {"libgcc1", "12.3.0-4", "package/libs/toolchain", "gcc", "12.3.0",
		"cpe:2.3:a:gnu:gcc:12.3.0:*:*:*:*:*:*:*", NULL},
	    {"libopenssl1.1", "1.1.1k-1", "package/libs/openssl", "openssl", "1.1.1k",
		"cpe:2.3:a:openssl:openssl:1.1.1k:*:*:*:*:*:*:*", "OpenSSL"},
	    {"libopenssl3", "3.0.15-r1", "package/libs/openssl", "openssl", "3.0.15",
		"cpe:2.3:a:openssl:openssl:3.0.15:*:*:*:*:*:*:*", "Apache-2.0"},
	    {"wpad-mini", "20120910-1", "", "hostapd", "20120910", NULL, "BSD-3-Clause"},
	    {"wpad-basic-mbedtls", "2022-01-16-cff80b4f-17", "package/network/services/hostapd",
		"hostapd", "2022-01-16-cff80b4f", NULL, "BSD-3-Clause"},
	    {"uboot-envtools", "2012.04.01-1", "", "u-boot", "2012.04.01",
		"cpe:2.3:a:denx:u-boot:2012.04.01:*:*:*:*:*:*:*", "GPL-2.0-or-later"},
	    {"kmod-tun", "5.10.176-1", "package/kernel/linux", "kmod-tun", "5.10.176", NULL, NULL},
	    {"kernel", "5.10.176-1-abcdef", "", "linux", "5.10.176",
		"cpe:2.3:o:linux:linux_kernel:5.10.176:*:*:*:*:*:*:*",
		"GPL-2.0-only WITH Linux-syscall-note"},
	};
	struct collecting *collecting = collecting_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *source = cases[i].source;
		const char *text = arena_printf(collecting->job, "Package: %s\nVersion: %s\n%s%s\n",
		    cases[i].package, cases[i].version,
		    source[0] == '\0' ? "" : "Source: ", source);

		collecting_text(
		    collecting, &collector_packages, "/usr/lib/opkg/info/x.control", text);
		assert_string_equal(component(collecting, i)->name, cases[i].name);
		assert_string_equal(component(collecting, i)->version, cases[i].upstream_version);
		if (cases[i].cpe == NULL)
			assert_null(component(collecting, i)->cpe);
		else
			assert_string_equal(component(collecting, i)->cpe, cases[i].cpe);
		if (cases[i].licence == NULL)
			assert_null(component(collecting, i)->licence);
		else
			assert_string_equal(component(collecting, i)->licence, cases[i].licence);
	}
	/* a package called so elsewhere is not OpenWrt's */
	collecting_text(collecting, &collector_packages, "/var/lib/dpkg/status",
	    "Package: libc\nVersion: 1.2.3-1\nStatus: install ok installed\n");
	assert_string_equal(component(collecting, ARRAY_SIZE(cases))->name, "libc");
	collecting_free(collecting);
}

static void
looks_at_no_other_files(void **state)
{
	static const char text[] = "Package: x\nVersion: 1\n";
	static const char *const others[] = {"/etc/status", "/usr/share/doc/x/package.json",
	    "/var/lib/dpkg/status.d/x.md5sums", "/root/x.control"};
	struct collecting *collecting = collecting_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_false(collecting_text(collecting, &collector_packages, others[i], text));
	/* not of a release: the program's own */
	collecting_text(collecting, &collector_packages, "/node_modules/x/package.json",
	    "{\"name\":\"x\",\"version\":\"workspace\"}");
	collecting_text(collecting, &collector_packages, "/node_modules/x/package.json", "[1]");
	assert_int_equal(collecting->list.count, 0);
	collecting_free(collecting);
}

static void
says_that_a_database_is_not_read(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_text(collecting, &collector_packages, "/var/lib/rpm/Packages", "\1\2\3");
	collecting_text(collecting, &collector_packages, "/var/lib/rpm/rpmdb.sqlite", "x");
	assert_int_equal(collecting_count(collecting, FACT_looked), 2);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(
		    collecting_fact(collecting, FACT_looked, i)->as.looked.complete, 0);
	assert_int_equal(collecting->list.count, 2);
	collecting_free(collecting);
}

/* Made by fixtures/rpm/rpmdb.py: 43 packages, over interior pages, one over overflow pages. */
static struct span
read_database(struct job *job)
{
	struct span bytes;

	assert_int_equal(file_read(job, "fixtures/rpm/rpmdb.sqlite", 1 << 20, &bytes), STATUS_OK);
	return bytes;
}

static void
reads_the_database_of_rpm(void **state)
{
	struct collecting *collecting = collecting_new();
	struct span bytes = read_database(collecting->job);

	(void)state;
	collecting_bytes(collecting, &collector_packages, "/usr/lib/sysimage/rpm/rpmdb.sqlite",
	    bytes.at, bytes.size);
	assert_int_equal(collecting_count(collecting, FACT_looked), 0);
	assert_int_equal(collecting_count(collecting, FACT_component), 43);
	assert_string_equal(
	    component(collecting, 0)->purl, "pkg:rpm/busybox@1.36.1-2?arch=armv7hl");
	assert_string_equal(component(collecting, 0)->version, "1.36.1");
	assert_string_equal(component(collecting, 0)->supplier, "Poky");
	assert_string_equal(component(collecting, 1)->purl, "pkg:rpm/libfoo@3.0-r1?arch=armv7hl");
	assert_string_equal(component(collecting, 2)->name, "linux");
	assert_string_equal(component(collecting, 2)->version, "6.1.20");
	assert_string_equal(component(collecting, 42)->version, "1.39");
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	struct job *job = job_new((size_t)4 << 20);
	struct span database = read_database(job);
	static const char list[] =
	    "Package: a\nVersion: 1:2-3\nStatus: x installed\n\n:\nPackage:\nVersion: "
	    ":-\n\nPackage: b\nVersion: -1";
	static const char json[] =
	    "{\"name\":\"@s/t\\\"\",\"version\":\"1\",\"x\":[{\"y\":\"z\"}]}";
	static const char pom[] = "groupId=a\nartifactId=b\nversion=1";

	(void)state;
	collecting_bear(&collector_packages, "/var/lib/dpkg/status", list, sizeof list - 1, 1);
	collecting_bear(&collector_packages, "/lib/apk/db/installed", list, sizeof list - 1, 7);
	collecting_bear(
	    &collector_packages, "/node_modules/x/package.json", json, sizeof json - 1, 1);
	collecting_bear(&collector_packages, "/pom.properties", pom, sizeof pom - 1, 1);
	collecting_bear(&collector_packages, "/a-b-c.rockspec", pom, sizeof pom - 1, 7);
	collecting_bear(&collector_packages, "/-.rockspec", pom, sizeof pom - 1, 7);
	collecting_bear(&collector_packages, "/rpm/rpmdb.sqlite", database.at, database.size, 41);
	job_free(job);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_package_lists_of_three_makers),
	    cmocka_unit_test(reads_files_of_single_packages),
	    cmocka_unit_test(knows_whose_packages_of_openwrt_are),
	    cmocka_unit_test(looks_at_no_other_files),
	    cmocka_unit_test(says_that_a_database_is_not_read),
	    cmocka_unit_test(reads_the_database_of_rpm),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
