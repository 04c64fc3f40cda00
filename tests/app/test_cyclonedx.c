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
	bill = bill_of(job, &list, UNKNOWN);
	assert_non_null(strstr(bill, "\"name\":\"hopquy:not-read\",\"value\":\"a database\""));
	assert_non_null(strstr(bill, "\"aggregate\":\"incomplete\""));
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
	    cmocka_unit_test(knows_expressions_of_licences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
