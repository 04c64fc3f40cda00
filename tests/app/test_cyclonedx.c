/* A component seen in several ways is one, and says how sure each way is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "app/cyclonedx.h"
#include "app/licences.h"
#include "base/arena.h"

#include <cmocka.h>

static void
add(struct job *job, struct fact_list *list, const char *path, const char *name,
    const char *version, const char *purl, const char *origin, const char *confidence)
{
	struct evidence evidence = evidence_to_list(list);
	struct fact fact = fact_new(FACT_component);

	fact.path = path;
	fact.offset = 64;
	fact.as.component.name = name;
	fact.as.component.version = version;
	fact.as.component.purl = purl;
	fact.as.component.origin = origin;
	fact.as.component.confidence = confidence;
	evidence.source = "components";
	assert_int_equal(evidence_add(&evidence, job, &fact), STATUS_OK);
}

static const char *
bill_of(struct job *job, const struct fact_list *list, int64_t time)
{
	struct cyclonedx_image image = {.name = "a.bin", .time = time};
	const char *document;

	assert_int_equal(cyclonedx_write(job, list, &image, &document), STATUS_OK);
	return document;
}

static size_t
occurrences(const char *text, const char *word)
{
	size_t count = 0;

	for (; (text = strstr(text, word)) != NULL; text++)
		count++;
	return count;
}

static void
merges_what_is_one_component(void **state)
{
	struct job *job = job_new((size_t)16 << 20);
	struct fact_list list = {0};
	const char *bill;

	(void)state;
	add(job, &list, "0.tar/bin/a", "openssl", "3.0.11", "pkg:generic/openssl@3.0.11", "elf",
	    "likely");
	add(job, &list, "0.tar/status", "openssl", "3.0.11", "pkg:deb/debian/libssl3@3.0.11-1",
	    "package", "certain");
	add(job, &list, "0.tar/bin/b", "openssl", "3.0.11", "pkg:generic/openssl@3.0.11", "elf",
	    "possible");
	add(job, &list, "0.tar/x", "openssl", "1.0.2", "pkg:generic/openssl@1.0.2", "elf",
	    "possible");
	add(job, &list, "0.tar/y", "openssl", "3.0.11", "pkg:npm/openssl@3.0.11", "package",
	    "certain");
	bill = bill_of(job, &list, UNKNOWN);
	assert_int_equal(occurrences(bill, "\"bom-ref\":\"openssl@3.0.11\""), 1);
	assert_int_equal(occurrences(bill, "\"bom-ref\":\"openssl@1.0.2\""), 1);
	assert_int_equal(occurrences(bill, "\"bom-ref\":\"npm:openssl@3.0.11\""), 1);
	assert_int_equal(occurrences(bill, "\"location\":"), 5);
	/* one identity a package URL */
	assert_int_equal(occurrences(bill, "\"concludedValue\":\"pkg:generic/openssl@3.0.11\""), 1);
	assert_non_null(strstr(bill, "\"purl\":\"pkg:deb/debian/libssl3@3.0.11-1\""));
	assert_non_null(strstr(bill, "\"confidence\":0.4"));
	assert_non_null(strstr(bill, "\"confidence\":0.8"));
	/* the image has them all, and that is all that is known */
	assert_non_null(
	    strstr(bill, "\"dependencies\":[{\"ref\":\"image\",\"dependsOn\":["
			 "\"openssl@1.0.2\",\"openssl@3.0.11\",\"npm:openssl@3.0.11\"]}]"));
	assert_null(strstr(bill, "timestamp"));
	assert_non_null(strstr(bill, "\"aggregate\":\"unknown\""));
	assert_non_null(strstr(bill_of(job, &list, 0), "\"timestamp\":\"1970-01-01T00:00:00Z\""));
	job_free(job);
}

static void
names_the_distribution_of_a_package(void **state)
{
	struct job *job = job_new((size_t)16 << 20);
	struct fact_list list = {0};
	const char *bill;

	(void)state;
	add(job, &list, "0.tar/etc/os-release", "debian", "12", "pkg:generic/debian@12",
	    "distribution", "certain");
	add(job, &list, "0.tar/etc/debian_version", "debian", "12.5", "pkg:generic/debian@12.5",
	    "distribution", "certain");
	add(job, &list, "0.tar/status", "zlib", "1.2.13", "pkg:deb/debian/zlib1g@1.2.13?arch=armhf",
	    "package", "certain");
	add(job, &list, "0.tar/bin/a", "zlib", "1.2.13", "pkg:generic/zlib@1.2.13", "elf",
	    "certain");
	bill = bill_of(job, &list, UNKNOWN);
	assert_non_null(
	    strstr(bill, "\"purl\":\"pkg:deb/debian/zlib1g@1.2.13?arch=armhf&distro=debian-12\""));
	assert_non_null(strstr(bill, "\"concludedValue\":\"pkg:generic/zlib@1.2.13\""));
	/* two of them in one image: whose a package is cannot be told */
	add(job, &list, "1.tar/etc/os-release", "openwrt", "22.03", "pkg:generic/openwrt@22.03",
	    "distribution", "certain");
	assert_null(strstr(bill_of(job, &list, UNKNOWN), "distro="));
	job_free(job);
}

static void
does_not_depend_on_the_order_of_facts(void **state)
{
	struct job *job = job_new((size_t)16 << 20);
	struct fact_list one = {0}, two = {0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		add(job, i == 0 ? &one : &two, i == 0 ? "a" : "b", "zlib", "1.2.13",
		    "pkg:generic/zlib@1.2.13", "elf", "certain");
		add(job, i == 0 ? &one : &two, i == 0 ? "b" : "a", "zlib", "1.2.13",
		    "pkg:generic/zlib@1.2.13", "elf", "certain");
	}
	assert_string_equal(bill_of(job, &one, UNKNOWN), bill_of(job, &two, UNKNOWN));
	job_free(job);
}

static void
says_what_was_not_read(void **state)
{
	struct job *job = job_new((size_t)16 << 20);
	struct fact_list list = {0};
	struct evidence evidence = evidence_to_list(&list);
	const char *bill;

	(void)state;
	evidence.source = "packages";
	assert_int_equal(
	    evidence_looked(&evidence, job, FACT_component, false, "a database", UNKNOWN),
	    STATUS_OK);
	for (int i = 0; i < 3; i++) {
		evidence.source = i == 1 ? "kernel" : "components";
		assert_int_equal(evidence_looked(&evidence, job, FACT_component, false,
				     i == 2 ? "a folder" : "a database", UNKNOWN),
		    STATUS_OK);
	}
	bill = bill_of(job, &list, UNKNOWN);
	assert_non_null(strstr(bill, "\"name\":\"hopquy:not-read\",\"value\":\"a database\""));
	assert_int_equal(occurrences(bill, "\"a database\""), 1);
	assert_int_equal(occurrences(bill, "\"a folder\""), 1);
	assert_non_null(strstr(bill, "\"aggregate\":\"incomplete\""));
	job_free(job);
}

/* A project is what it is, wherever it was seen; files are asked of what nobody knows. */
static void
tells_programs_from_libraries(void **state)
{
	static const struct {
		const char *path, *name, *type;
	} cases[] = {
	    {"0.x/lib/libbb.so.1.1.3", "busybox", "application"},
	    {"0.x/usr/lib/libmosquitto.so.1", "mosquitto", "application"},
	    {"0.x/usr/bin/openssl", "openssl", "library"},
	    {"0.x/usr/sbin/lighttpd", "zlib", "library"},
	    {"0.x/lib/modules/4.4/thing.ko", "thing-driver", "device-driver"},
	    {"0.x/opt/maker.socket", "maker", "application"},
	    {"0.x/opt/plug.so", "plug", "library"},
	    {"0.x/opt/libthing", "libthing", "library"},
	    {"0.x/lib/modules/4.4", "linux", "operating-system"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct job *job = job_new((size_t)16 << 20);
		struct fact_list list = {0};
		const char *head = arena_printf(
		    job, "\"type\":\"%s\",\"bom-ref\":\"%s@1.0\"", cases[i].type, cases[i].name);

		add(job, &list, cases[i].path, cases[i].name, "1.0", "pkg:generic/x@1.0", "string",
		    "certain");
		assert_non_null(strstr(bill_of(job, &list, UNKNOWN), head));
		job_free(job);
	}
}

static void
names_upstream_of_a_package_without_a_type(void **state)
{
	struct job *job = job_new((size_t)16 << 20);
	struct fact_list list = {0};
	const char *bill;

	(void)state;
	add(job, &list, "0.x/status", "openssl", "1.0.1d", "pkg:generic/libopenssl@1.0.1d-1",
	    "package", "certain");
	add(job, &list, "0.x/status", "linux", "3.3.8", "pkg:generic/kernel@3.3.8-1-41", "package",
	    "certain");
	/* the day of a snapshot is no version of hostapd: the package alone can be named */
	add(job, &list, "0.x/status", "hostapd", "20120910", "pkg:generic/wpad-mini@20120910-1",
	    "package", "certain");
	add(job, &list, "0.x/status", "kmod-tun", "3.3.8", "pkg:generic/kmod-tun@3.3.8-1",
	    "package", "certain");
	bill = bill_of(job, &list, UNKNOWN);
	assert_non_null(strstr(bill, "\"purl\":\"pkg:generic/openssl@1.0.1d\""));
	assert_non_null(strstr(bill, "\"concludedValue\":\"pkg:generic/libopenssl@1.0.1d-1\""));
	assert_non_null(strstr(bill, "\"purl\":\"pkg:generic/linux@3.3.8\""));
	assert_non_null(strstr(bill, "\"purl\":\"pkg:generic/wpad-mini@20120910-1\""));
	assert_non_null(strstr(bill, "\"type\":\"device-driver\",\"bom-ref\":\"kmod-tun@3.3.8\""));
	job_free(job);
}

static void
says_whose_firmware_it_is(void **state)
{
	struct job *job = job_new((size_t)16 << 20);
	struct fact_list list = {0};
	struct cyclonedx_image image = {.name = "a.bin",
	    .time = UNKNOWN,
	    .version = "2.1",
	    .supplier = "Maker",
	    .author = "Laboratory"};
	const char *bill;

	(void)state;
	assert_int_equal(cyclonedx_write(job, &list, &image, &bill), STATUS_OK);
	assert_non_null(strstr(bill, "\"authors\":[{\"name\":\"Laboratory\"}]"));
	assert_non_null(strstr(
	    bill, "\"supplier\":{\"name\":\"Maker\"},\"name\":\"a.bin\",\"version\":\"2.1\""));
	bill = bill_of(job, &list, UNKNOWN);
	assert_null(strstr(bill, "supplier"));
	assert_null(strstr(bill, "authors"));
	job_free(job);
}

static void
knows_expressions_of_licences(void **state)
{
	static const char *const good[] = {"MIT", "GPL-2.0-only WITH Linux-syscall-note",
	    "(MIT OR Apache-2.0)", "IJG AND (MIT OR Zlib)"};
	static const char *const bad[] = {"", "GPL", "MIT Apache-2.0", "MIT OR", "(MIT", "MIT)",
	    "MIT OR OR MIT", "()", "AND", "MIT (Zlib)"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_true(licence_is_expression(good[i]));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(licence_is_expression(bad[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(merges_what_is_one_component),
	    cmocka_unit_test(names_the_distribution_of_a_package),
	    cmocka_unit_test(does_not_depend_on_the_order_of_facts),
	    cmocka_unit_test(says_what_was_not_read),
	    cmocka_unit_test(tells_programs_from_libraries),
	    cmocka_unit_test(names_upstream_of_a_package_without_a_type),
	    cmocka_unit_test(says_whose_firmware_it_is),
	    cmocka_unit_test(knows_expressions_of_licences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
