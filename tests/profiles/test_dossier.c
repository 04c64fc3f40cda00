/* A supplier's dossier is read as said, or refused with the line where it is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "base/xml.h"
#include "profiles/dossier.h"

#include <cmocka.h> /* last: it defines fail */

#define BUDGET ((size_t)256 << 20)
#define GOOD "fixtures/dossiers/camera-good.xml"
#define BAD "fixtures/dossiers/camera-bad.xml"

static struct span
bytes_of(struct job *job, const char *path)
{
	struct span bytes;

	assert_int_equal(file_read(job, path, XML_MAX_SIZE, &bytes), STATUS_OK);
	return bytes;
}

static struct dossier
read_good(struct job *job, const char *path)
{
	struct dossier dossier = {0};
	enum status status = dossier_read(job, bytes_of(job, path), path, &dossier);

	if (status != STATUS_OK)
		print_error("%s\n", job->reason);
	assert_int_equal(status, STATUS_OK);
	return dossier;
}

/* `whole` with `from` become `to`, everywhere. */
static struct span
changed(struct job *job, struct span whole, const char *from, const char *to)
{
	struct text out = text_new(job);
	size_t at = 0, next;

	assert_true(span_find(whole, from, strlen(from), 0) != SIZE_MAX);
	while ((next = span_find(whole, from, strlen(from), at)) != SIZE_MAX) {
		text_put_bytes(&out, whole.at + at, next - at);
		text_put(&out, to);
		at = next + strlen(from);
	}
	text_put_bytes(&out, whole.at + at, whole.size - at);
	return (struct span){(const uint8_t *)out.at, out.size};
}

static const struct fact *
field_named(const struct dossier *dossier, const char *table, const char *entry, const char *field)
{
	for (size_t i = 0; i < dossier->facts.count; i++) {
		const struct fact *fact = &dossier->facts.facts[i];

		if (fact->kind == FACT_ixit && strcmp(fact->as.ixit.ixit_table, table) == 0 &&
		    strcmp(fact->as.ixit.entry, entry) == 0 &&
		    strcmp(fact->as.ixit.field, field) == 0)
			return fact;
	}
	return NULL;
}

static const struct fact *
looked_for(const struct dossier *dossier, const char *kind)
{
	for (size_t i = 0; i < dossier->facts.count; i++)
		if (dossier->facts.facts[i].kind == FACT_looked &&
		    strcmp(dossier->facts.facts[i].as.looked.kind, kind) == 0)
			return &dossier->facts.facts[i];
	return NULL;
}

static bool
has_table(const struct dossier *dossier, const char *table)
{
	for (size_t i = 0; i < dossier->facts.count; i++) {
		const struct fact *fact = &dossier->facts.facts[i];

		if (fact->kind == FACT_identity && strcmp(fact->as.identity.value, table) == 0)
			return true;
	}
	return false;
}

static void
who_and_what_are_read(void **state)
{
	struct job *job = job_new(BUDGET);
	struct dossier dossier = read_good(job, GOOD), bad = read_good(job, BAD);

	(void)state;
	assert_string_equal(dossier.applicant, "Công ty TNHH Mắt Sáng");
	assert_string_equal(dossier.applicant_tax_code, "0109999999");
	assert_string_equal(dossier.factory, "Nhà máy Mắt Sáng số 2");
	assert_string_equal(dossier.model, "MS-C200");
	assert_int_equal(dossier.model_alias_count, 2);
	assert_string_equal(dossier.model_aliases[0], "MS-C200W");
	assert_string_equal(dossier.hs_code, "8525.89.90");
	assert_string_equal(dossier.origin_country, "VN");
	assert_string_equal(dossier.firmware_version, "2.1.0");
	assert_string_equal(dossier.support_end, "2031-12-31");
	assert_int_equal(dossier.credential_count, 0);
	assert_int_equal(bad.credential_count, 1);
	assert_string_equal(bad.credentials[0].user, "admin");
	assert_string_equal(bad.credentials[0].password, "admin");
	job_free(job);
}

static void
the_file_is_a_subject_with_its_digest(void **state)
{
	struct job *job = job_new(BUDGET);
	struct dossier dossier = read_good(job, GOOD);
	const struct fact *subject = &dossier.facts.facts[0];
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];

	(void)state;
	assert_int_equal(digest_of(job, bytes_of(job, GOOD), &digest), STATUS_OK);
	digest_to_hex(&digest, hex);
	assert_int_equal(subject->kind, FACT_subject);
	assert_string_equal(subject->as.subject.type, "dossier");
	assert_string_equal(subject->as.subject.name, "camera-good.xml");
	assert_string_equal(subject->as.subject.sha256, hex);
	assert_string_equal(subject->as.subject.model, "MS-C200");
	assert_string_equal(subject->source, "dossier");
	job_free(job);
}

static void
fields_keep_prose_and_code_apart(void **state)
{
	struct job *job = job_new(BUDGET);
	struct dossier dossier = read_good(job, GOOD);
	const struct fact *field =
	    field_named(&dossier, "11-ComMech", "https", "cryptographic_details");

	(void)state;
	assert_string_equal(field->as.ixit.code, "tls_minimum=TLSv1.2");
	assert_non_null(strstr(field->as.ixit.value, "ECDHE"));
	assert_null(field->as.ixit.refers_to);
	field = field_named(&dossier, "15-Intf", "tcp-22", "port");
	assert_string_equal(field->as.ixit.code, "22");
	assert_null(field->as.ixit.value);
	field = field_named(&dossier, "13-SoftServ", "lighttpd", "authentication_mechanism");
	assert_string_equal(field->as.ixit.refers_to, "1-AuthMech:web");
	job_free(job);
}

static void
a_field_with_two_references_is_two_facts(void **state)
{
	struct job *job = job_new(BUDGET);
	struct dossier dossier = read_good(job, BAD);
	const struct fact *first =
	    field_named(&dossier, "13-SoftServ", "httpd", "authentication_mechanism");

	(void)state;
	assert_string_equal(first[0].as.ixit.refers_to, "1-AuthMech:web");
	assert_string_equal(first[1].as.ixit.refers_to, "1-AuthMech:web-plain");
	assert_string_equal(first[1].as.ixit.field, "authentication_mechanism");
	job_free(job);
}

static void
an_empty_table_is_an_answer_and_a_missing_one_is_not(void **state)
{
	struct job *job = job_new(BUDGET);
	struct span good = bytes_of(job, GOOD);
	struct dossier dossier = read_good(job, GOOD);

	(void)state;
	assert_true(has_table(&dossier, "24-TelData"));
	assert_int_equal(looked_for(&dossier, "ics")->as.looked.complete, 1);
	assert_int_equal(looked_for(&dossier, "ics")->as.looked.count, 43);
	assert_int_equal(looked_for(&dossier, "ixit")->as.looked.complete, 1);
	good = changed(job, good, "<Intf>", "<Intf></Intf><!--");
	good = changed(job, good, "</Intf>\n", "-->\n");
	assert_int_equal(dossier_read(job, good, "x", &dossier), STATUS_OK);
	assert_int_equal(looked_for(&dossier, "ixit")->as.looked.complete, 1);
	good = changed(job, good, "<Intf></Intf>", "");
	assert_int_equal(dossier_read(job, good, "x", &dossier), STATUS_OK);
	assert_false(has_table(&dossier, "15-Intf"));
	assert_int_equal(looked_for(&dossier, "ixit")->as.looked.complete, 0);
	assert_string_equal(
	    looked_for(&dossier, "ixit")->as.looked.reason, "IXIT tables left out: 15-Intf");
	job_free(job);
}

static void
hostile_dossiers_are_refused(void **state)
{
	static const struct {
		const char *name, *reason;
	} hostile[] = {
	    {"entity-bomb", "entity"},
	    {"external-entity", "entity"},
	    {"unknown-element", "verdict"},
	    {"wrong-code", ":29: "},
	    {"duplicate-entry", "stands twice in its table: web"},
	    {"duplicate-field", "stands twice in its entry: port"},
	    {"duplicate-provision", "speaks twice of 5.1-1"},
	    {"dangling-reference", "refers to 1-AuthMech:web, which is not there"},
	    {"reason-missing", ":24: "},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		struct job *job = job_new(BUDGET);
		const char *path =
		    arena_printf(job, "fixtures/dossiers/hostile/%s.xml", hostile[i].name);
		struct dossier dossier = {.model = "untouched"};

		assert_int_equal(
		    dossier_read(job, bytes_of(job, path), path, &dossier), STATUS_MALFORMED);
		if (strstr(job->reason, hostile[i].reason) == NULL ||
		    strstr(job->reason, path) == NULL)
			fail_msg("%s: %s", path, job->reason);
		assert_string_equal(dossier.model, "untouched");
		job_free(job);
	}
}

static void
changes_that_the_schema_forbids_are_refused(void **state)
{
	static const char *const changes[][2] = {
	    {"tax_code=\"0109999999\"", "tax_code=\"12\""},
	    {"hs_code=\"8525.89.90\"", "hs_code=\"camera\""},
	    {"<support_end>2031-12-31<", "<support_end>2031-13-31<"},
	    {"support=\"Y\"", "support=\"yes\""},
	    {"provision=\"5.1-1\"", "provision=\"5.1.1\""},
	    {"<firmware version=\"2.1.0\"/>",
		"<firmware version=\"2.1.0\"><sha256>abc</sha256></firmware>"},
	    {"code=\"443\"", "code=\"0\""},
	    {"code=\"443\"", "code=\"65536\""},
	    {"code=\"tls_minimum=TLSv1.2\"", "code=\"strong\""},
	    {"<TelData/>", "<TelData/><TelData/>"},
	    {"<alias>MS-C200W</alias>", "<alias>MS-C200-VN</alias>"},
	    {"urn:hopquy:dossier:1", "urn:hopquy:dossier:2"},
	    {"Lô A5", "&#x1b;[2J"},
	    {"Nhãn dưới đế và trang thông tin.", "trên&#13;dưới"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		struct job *job = job_new(BUDGET);
		struct span whole = changed(job, bytes_of(job, GOOD), changes[i][0], changes[i][1]);
		struct dossier dossier;
		enum status status = dossier_read(job, whole, "x.xml", &dossier);

		if (status != STATUS_MALFORMED)
			fail_msg("%s: %d", changes[i][1], status);
		job_free(job);
	}
}

static void
text_too_long_for_a_fact_is_refused_with_its_line(void **state)
{
	struct job *job = job_new(BUDGET);
	struct text long_text = text_new(job);
	struct dossier dossier;
	struct span whole;

	(void)state;
	for (size_t i = 0; i < 2500; i++)
		text_put(&long_text, "ấ");
	whole = changed(job, bytes_of(job, GOOD), "Nhãn dưới đế và trang thông tin.", long_text.at);
	assert_int_equal(dossier_read(job, whole, "x.xml", &dossier), STATUS_MALFORMED);
	assert_non_null(strstr(job->reason, "x.xml:"));
	job_free(job);
}

static void
blanks_around_a_code_do_not_reach_the_fact(void **state)
{
	struct job *job = job_new(BUDGET);
	struct span whole = changed(job, bytes_of(job, GOOD), "code=\"443\"", "code=\" 443 \"");
	struct dossier dossier;

	(void)state;
	assert_int_equal(dossier_read(job, whole, "x.xml", &dossier), STATUS_OK);
	assert_string_equal(
	    field_named(&dossier, "15-Intf", "tcp-443", "port")->as.ixit.code, "443");
	job_free(job);
}

static void
try_bytes(struct span bytes)
{
	struct job *job = job_new(BUDGET);
	struct dossier dossier;
	enum status status = dossier_read(job, bytes, "x.xml", &dossier);

	assert_true(status == STATUS_OK || status == STATUS_MALFORMED);
	job_free(job);
}

static void
truncated_and_flipped_dossiers_are_refused_or_read(void **state)
{
	struct job *job = job_new(BUDGET);
	struct span whole = bytes_of(job, BAD);
	uint8_t *flipped = arena_allocate(job, whole.size);

	(void)state;
	for (size_t cut = 0; cut < whole.size; cut += 97)
		try_bytes(span_part(whole, 0, cut));
	for (size_t at = 0; at < whole.size; at += 53) {
		memcpy(flipped, whole.at, whole.size);
		flipped[at] ^= (uint8_t)(1u << (at % 7));
		try_bytes((struct span){flipped, whole.size});
	}
	job_free(job);
}

static void
every_failed_allocation_ends_in_a_status(void **state)
{
	struct job *outer = job_new(BUDGET);
	struct span bytes = bytes_of(outer, BAD);

	(void)state;
	for (size_t n = 1; n < 20000; n += n < 200 ? 1 : 37) {
		struct job *job = job_new(BUDGET);
		struct dossier dossier;
		enum status status;

		arena_fail_after(job->arena, n);
		status = dossier_read(job, bytes, "x.xml", &dossier);
		job_free(job);
		if (status == STATUS_OK) {
			job_free(outer);
			return;
		}
	}
	fail_msg("never read");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_and_what_are_read),
	    cmocka_unit_test(the_file_is_a_subject_with_its_digest),
	    cmocka_unit_test(fields_keep_prose_and_code_apart),
	    cmocka_unit_test(a_field_with_two_references_is_two_facts),
	    cmocka_unit_test(an_empty_table_is_an_answer_and_a_missing_one_is_not),
	    cmocka_unit_test(hostile_dossiers_are_refused),
	    cmocka_unit_test(changes_that_the_schema_forbids_are_refused),
	    cmocka_unit_test(text_too_long_for_a_fact_is_refused_with_its_line),
	    cmocka_unit_test(blanks_around_a_code_do_not_reach_the_fact),
	    cmocka_unit_test(truncated_and_flipped_dossiers_are_refused_or_read),
	    cmocka_unit_test(every_failed_allocation_ends_in_a_status),
	};
	int failed;

	xml_start();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xml_stop();
	return failed;
}
