/* A profile is refused unless every word of it is understood. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "base/xml.h"
#include "profiles/profile.h"

#include <cmocka.h>

#define BUDGET ((size_t)256 << 20)
#define SMALL "fixtures/profiles/small"

static const char *const endings[] = {".xml", ".ocil.en.xml", ".ocil.vi.xml"};

static const struct profile_requirement *
row_named(const struct profile *profile, const char *id)
{
	for (size_t i = 0; i < profile->requirement_count; i++)
		if (strcmp(profile->requirements[i].id, id) == 0)
			return &profile->requirements[i];
	return NULL;
}

static const struct profile_rule *
case_named(const struct profile *profile, const char *name)
{
	for (size_t i = 0; i < profile->requirement_count; i++)
		for (size_t j = 0; j < profile->requirements[i].rule_count; j++)
			if (strcmp(profile->requirements[i].rules[j].test_case, name) == 0)
				return &profile->requirements[i].rules[j];
	return NULL;
}

static const struct profile *
load(struct job *job, const char *path)
{
	const struct profile *profile = NULL;
	enum status status = profile_load(job, path, &profile);

	if (status != STATUS_OK)
		print_error("%s\n", job->reason);
	assert_int_equal(status, STATUS_OK);
	return profile;
}

/* The three small files in a folder of their own, one of them replaced. */
struct copy {
	char folder[32];
	char path[3][64];
};

static void
copy_small(struct job *job, struct copy *copy)
{
	strncpy(copy->folder, "/tmp/profile-XXXXXX", sizeof copy->folder);
	assert_non_null(mkdtemp(copy->folder));
	for (size_t i = 0; i < 3; i++) {
		const char *from = arena_printf(job, SMALL "%s", endings[i]);
		struct span bytes;

		assert_int_equal(file_read(job, from, 1 << 20, &bytes), STATUS_OK);
		snprintf(
		    copy->path[i], sizeof copy->path[i], "%s/small%s", copy->folder, endings[i]);
		assert_int_equal(file_write(job, copy->path[i], bytes, 0600), STATUS_OK);
	}
}

static void
remove_copy(const struct copy *copy)
{
	for (size_t i = 0; i < 3; i++)
		unlink(copy->path[i]);
	rmdir(copy->folder);
}

/* Loads the small profile after `from` became `to`, everywhere, in its file `which`. */
static enum status
load_changed(struct job *job, size_t which, const char *from, const char *to)
{
	const struct profile *profile = NULL;
	struct copy copy;
	struct text changed = text_new(job);
	struct span bytes;
	size_t at = 0, next, found = 0;
	enum status status;

	copy_small(job, &copy);
	assert_int_equal(file_read(job, copy.path[which], 1 << 20, &bytes), STATUS_OK);
	while ((next = span_find(bytes, from, strlen(from), at)) != SIZE_MAX) {
		text_put_bytes(&changed, bytes.at + at, next - at);
		text_put(&changed, to);
		at = next + strlen(from);
		found++;
	}
	text_put_bytes(&changed, bytes.at + at, bytes.size - at);
	assert_true(found > 0);
	assert_int_equal(file_write(job, copy.path[which],
			     (struct span){(const uint8_t *)changed.at, changed.size}, 0600),
	    STATUS_OK);
	status = profile_load(job, copy.path[0], &profile);
	remove_copy(&copy);
	assert_true((status == STATUS_OK) == (profile != NULL));
	return status;
}

static void
the_small_profile_is_read_whole(void **state)
{
	struct job *job = job_new(BUDGET);
	const struct profile *profile = load(job, SMALL ".xml");
	const struct profile_requirement *row = &profile->requirements[0];
	int64_t day;

	(void)state;
	assert_string_equal(profile->id, "small");
	assert_string_equal(profile->title[LANGUAGE_VI], "Nhỏ");
	assert_true(text_parse_time("2026-06-30T17:00:00Z", &day) && profile->valid_from == day);
	assert_true(text_parse_time("2026-07-31T16:59:59Z", &day) && profile->valid_to == day);
	assert_int_equal(profile->guess_budget, 4);
	assert_int_equal(profile->min_pairs, 60);
	assert_int_equal(profile->max_unread_bytes, 65536);
	assert_int_equal(profile->requirement_count, 1);
	assert_string_equal(row->group[LANGUAGE_VI], "Khóa");
	assert_string_equal(row->condition, "12");
	assert_string_equal(row->condition_text[LANGUAGE_VI], "có cơ chế cập nhật");
	assert_true(row->mandatory && !row->project_row);
	assert_int_equal(row->rule_count, 2);
	assert_int_equal(row->rules[0].automation, AUTOMATION_MACHINE);
	assert_null(row->rules[0].procedure);
	assert_int_equal(row->rules[0].checks[0].power, POWER_DECIDES);
	assert_int_equal(row->rules[0].state_count, 1);
	assert_string_equal(row->rules[1].procedure, "S-1-2");
	assert_string_equal(row->rules[1].procedure_text[LANGUAGE_VI], "Xem các khóa.");
	assert_string_equal(row->rules[1].checks[0].check, "crypto/rsa_key_length");
	assert_string_equal(row->rules[1].checks[0].parameters[0].name, "min_bits");
	assert_string_equal(row->rules[1].checks[0].parameters[0].value, "2048");
	assert_true(row->rules[1].checks[0].parameters[0].is_integer);
	assert_true(row->rules[1].publication_counts);
	assert_string_equal(row->rules[1].reach, "remote");
	assert_int_equal(row->rules[1].images, 2);
	assert_true(profile_rule_line(&row->rules[1]) > profile_rule_line(&row->rules[0]));
	job_free(job);
}

static void
the_digest_covers_all_three_files_in_order(void **state)
{
	struct job *job = job_new(BUDGET);
	struct text all = text_new(job);
	struct digest digest;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct span bytes;

		assert_int_equal(
		    file_read(job, arena_printf(job, SMALL "%s", endings[i]), 1 << 20, &bytes),
		    STATUS_OK);
		text_put_bytes(&all, bytes.at, bytes.size);
	}
	assert_int_equal(
	    digest_of(job, (struct span){(const uint8_t *)all.at, all.size}, &digest), STATUS_OK);
	assert_true(digest_equal(&digest, &load(job, SMALL ".xml")->digest));
	job_free(job);
}

struct change {
	size_t file;
	const char *from, *to;
	const char *reason; /* must stand in the message */
};

static const struct change refused[] = {
    {0, "operator=\"AND\"", "operator=\"OR\"", "OR: checks and procedure are joined by AND"},
    {0, "operator=\"AND\"", "operator=\"AND\" negate=\"true\"", "not negated"},
    {0, "<check system=\"urn:hopquy:check:1\">",
	"<check negate=\"true\" system=\"urn:hopquy:check:1\">", "neither negated"},
    {0, "urn:hopquy:check:1", "urn:other:check", "unknown check system"},
    {0, "<complex-check operator=\"AND\">",
	"<complex-check operator=\"AND\"><complex-check operator=\"OR\"/>", "side by side"},
    {0, "value-id=\"xccdf_vn.hopquy_value_min_rsa_bits\"",
	"value-id=\"xccdf_vn.hopquy_value_none\"", "unknown value"},
    {0, "<value>2048</value>", "<value>many</value>", "wanted an integer"},
    {0, "_value_guess_budget", "_value_other", "guess_budget"},
    {0, "<h:use check=\"crypto/rsa_key_length\" power=\"refutes\"/>", "", "what power"},
    {0, "<h:use check=\"crypto/rsa_key_length\" power=\"refutes\"/>",
	"<h:use check=\"crypto/rsa_key_length\" power=\"proves\"/>", "power is \"proves\""},
    {0, "<h:use check=\"crypto/rsa_key_length\" power=\"refutes\"/>",
	"<h:use check=\"crypto/rsa_key_length\" power=\"refutes\"/><h:use check=\"crypto/x\" "
	"power=\"refutes\"/>",
	"no <check>"},
    {0, "href=\"checks/crypto/rsa_key_length.sql\"", "href=\"checks/../rsa_key_length.sql\"",
	"FAMILY/NAME.sql"},
    {0, "href=\"checks/crypto/rsa_key_length.sql\"", "href=\"/etc/passwd\"", "FAMILY/NAME.sql"},
    {0, "href=\"small.ocil.en.xml\"", "href=\"other.ocil.en.xml\"",
	"procedures stand in small.ocil.en.xml"},
    {0, "questionnaire:1\"", "questionnaire:2\"", "unknown procedure"},
    {0, "automation=\"evidenced\"", "automation=\"machine\"", "is the machine's"},
    {0, "automation=\"machine\"", "automation=\"witnessed\"", "wants a procedure"},
    {0, "power=\"decides\"", "power=\"refutes\"", "a check that decides"},
    {0, "id=\"S-1-2\"", "id=\"S-1-1\"", "procedure ocil:vn.hopquy:questionnaire:1 is of S-1-2"},
    {0, "hopquy_rule_S-1-2", "hopquy_rule_S-1-1", "stands twice"},
    {0, "states=\"initialised\"", "states=\"initialised asleep\"", "unknown state"},
    {0, "reach=\"remote\"", "reach=\"far\"", "reach is \"far\""},
    {0, "selected=\"true\"", "selected=\"false\"", "every Rule counts"},
    {0, "mandatory=\"true\"", "mandatory=\"perhaps\"", "wanted true or false"},
    {0, "project=\"false\"", "project=\"true\"", "not mandatory"},
    {0, "status=\"reading\"", "status=\"approved\"", "wanted reading or in_force"},
    {0, "from=\"2026-07-01\"", "from=\"2026-08-01\"", "before from"},
    {0, "from=\"2026-07-01\"", "from=\"2026-02-30\"", "YYYY-MM-DD"},
    {0, "<param name=\"overall.any-mandatory-FAIL\">FAIL<",
	"<param name=\"overall.any-mandatory-FAIL\">PASS<", "wanted param"},
    {0, "<param name=\"overall.project-row-FAIL\">refer</param>", "", "no param"},
    {0, "<title xml:lang=\"vi\">Khóa đủ dài.</title>", "", "in en and in vi"},
    {0, "<h:condition code=\"12\" xml:lang=\"vi\">có cơ chế cập nhật</h:condition>", "",
	"is not told"},
    {0, "http://checklists.nist.gov/xccdf/1.2", "http://checklists.nist.gov/xccdf/1.1",
	"not an XCCDF 1.2"},
    {0, "<Value id=\"xccdf_vn.hopquy_value_guess_budget\"",
	"<Profile id=\"xccdf_vn.hopquy_profile_p\"><select idref=\"a\" "
	"selected=\"false\"/></Profile>"
	"<Value id=\"xccdf_vn.hopquy_value_guess_budget\"",
	"changes nothing"},
    {1, "<title>S-1-2</title>", "<title>S-1-3</title>", "is of S-1-3"},
    {2, "questionnaire:1\"", "questionnaire:2\"", "in Vietnamese"},
    {2, "testaction:1</", "testaction:9</", "leads to no boolean question"},
    {2, "<question_text>Xem các khóa.</question_text>", "<question_text> </question_text>",
	"has no text"},
    {2, "ocil/2.0", "ocil/1.0", "not an OCIL 2.0"},
};

static void
each_flaw_is_refused_with_its_file_and_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct job *job = job_new(BUDGET);
		enum status status =
		    load_changed(job, refused[i].file, refused[i].from, refused[i].to);

		if (status != STATUS_MALFORMED || strstr(job->reason, refused[i].reason) == NULL)
			fail_msg("%s -> %s: status %d, %s", refused[i].from, refused[i].to, status,
			    job->reason);
		assert_non_null(strstr(job->reason, ".xml:"));
		job_free(job);
	}
}

static void
a_missing_translation_is_missing(void **state)
{
	struct job *job = job_new(BUDGET);
	const struct profile *profile = NULL;
	struct copy copy;

	(void)state;
	copy_small(job, &copy);
	unlink(copy.path[2]);
	assert_int_equal(profile_load(job, copy.path[0], &profile), STATUS_MISSING);
	remove_copy(&copy);
	job_free(job);
}

/* One file of the copy replaced by `bytes`: no crash, and only ever these answers. */
static void
try_bytes(const struct copy *copy, size_t which, struct span bytes)
{
	struct job *job = job_new(BUDGET);
	const struct profile *profile = NULL;
	enum status status;

	assert_int_equal(file_write(job, copy->path[which], bytes, 0600), STATUS_OK);
	status = profile_load(job, copy->path[0], &profile);
	assert_true(status == STATUS_OK || status == STATUS_MALFORMED);
	job_free(job);
}

static void
truncated_and_flipped_profiles_are_refused_or_read(void **state)
{
	struct job *job = job_new(BUDGET);
	struct copy copy;

	(void)state;
	copy_small(job, &copy);
	for (size_t which = 0; which < 2; which++) {
		struct span whole;
		uint8_t *flipped;

		assert_int_equal(file_read(job, copy.path[which], 1 << 20, &whole), STATUS_OK);
		flipped = arena_allocate(job, whole.size);
		for (size_t cut = 0; cut < whole.size; cut += 61)
			try_bytes(&copy, which, span_part(whole, 0, cut));
		for (size_t at = 0; at < whole.size; at += 23) {
			memcpy(flipped, whole.at, whole.size);
			flipped[at] ^= (uint8_t)(1u << (at % 7));
			try_bytes(&copy, which, (struct span){flipped, whole.size});
		}
		try_bytes(&copy, which, whole);
	}
	remove_copy(&copy);
	job_free(job);
}

static void
every_failed_allocation_ends_in_a_status(void **state)
{
	(void)state;
	for (size_t n = 1; n < 4000; n++) {
		struct job *job = job_new(BUDGET);
		const struct profile *profile = NULL;
		enum status status;

		arena_fail_after(job->arena, n);
		status = profile_load(job, SMALL ".xml", &profile);
		job_free(job);
		if (status == STATUS_OK)
			return;
	}
	fail_msg("never loaded");
}

static void
qcvn_11_has_every_row_and_its_own_two(void **state)
{
	struct job *job = job_new(BUDGET);
	const struct profile *profile = load(job, "profiles/qcvn-11-2026.xml");
	size_t mandatory = 0, project = 0, national = 0;
	int64_t day;

	(void)state;
	assert_string_equal(profile->regulation, "QCVN 11:2026/BCA");
	assert_string_equal(profile->status, "reading");
	assert_true(text_parse_time("2026-06-30T17:00:00Z", &day) && profile->valid_from == day);
	assert_int_equal(profile->valid_to, INT64_MAX);
	for (size_t i = 0; i < profile->requirement_count; i++) {
		mandatory += profile->requirements[i].mandatory;
		project += profile->requirements[i].project_row;
		national += profile->requirements[i].provision[0] == '\0';
	}
	assert_int_equal(mandatory, 36);
	assert_int_equal(project, 2);
	assert_true(profile->requirement_count > mandatory + project); /* recommendations */
	assert_int_equal(national, 2);
	assert_string_equal(row_named(profile, "VN135-01.2")->condition, "2");
	assert_string_equal(row_named(profile, "VN135-03.5")->condition, "11 12");
	assert_string_equal(row_named(profile, "VN135-11.5")->rules[0].test_case, "VN135-11.5-1");
	assert_true(case_named(profile, "5.2-1-2")->publication_counts);
	assert_false(case_named(profile, "5.6-1-2")->publication_counts);
	assert_int_equal(case_named(profile, "5.3-10-1")->kind, CASE_BOTH);
	assert_int_equal(case_named(profile, "5.5-5-2")->state_count, 3);
	job_free(job);
}

static void
qcvn_135_ends_the_day_before_and_lacks_the_new_rows(void **state)
{
	struct job *job = job_new(BUDGET);
	const struct profile *old = load(job, "profiles/qcvn-135-2024.xml");
	const struct profile *new = load(job, "profiles/qcvn-11-2026.xml");

	(void)state;
	assert_int_equal(old->valid_to + 1, new->valid_from);
	assert_int_equal(old->requirement_count + 2, new->requirement_count);
	assert_null(row_named(old, "VN135-11.5"));
	assert_null(row_named(old, "VN135-11.6"));
	assert_non_null(row_named(old, "VN135-11.4"));
	assert_false(digest_equal(&old->digest, &new->digest));
	job_free(job);
}

/* "2.1.1" or "3.10.2": the regulation's own numbering, which nobody here has seen. */
static bool
has_clause_number(struct span text)
{
	for (size_t i = 0; i + 5 <= text.size; i++) {
		const uint8_t *at = text.at + i;

		if ((at[0] == '2' || at[0] == '3') && at[1] == '.' && at[2] >= '1' &&
		    at[2] <= '9' && at[3] == '.' && at[4] >= '1' && at[4] <= '9' &&
		    (i == 0 || (at[-1] != 'V' && at[-1] != '.' && (at[-1] < '0' || at[-1] > '9'))))
			return true;
	}
	return false;
}

static void
no_official_clause_number_is_printed(void **state)
{
	static const char *const names[] = {"profiles/qcvn-11-2026", "profiles/qcvn-135-2024"};
	struct job *job = job_new(BUDGET);

	(void)state;
	assert_true(has_clause_number(span_of_string("see 2.1.1 there")));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (size_t j = 0; j < 3; j++) {
			struct span bytes;

			assert_int_equal(
			    file_read(job, arena_printf(job, "%s%s", names[i], endings[j]), 1 << 20,
				&bytes),
			    STATUS_OK);
			assert_false(has_clause_number(bytes));
		}
	job_free(job);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_small_profile_is_read_whole),
	    cmocka_unit_test(the_digest_covers_all_three_files_in_order),
	    cmocka_unit_test(each_flaw_is_refused_with_its_file_and_line),
	    cmocka_unit_test(a_missing_translation_is_missing),
	    cmocka_unit_test(truncated_and_flipped_profiles_are_refused_or_read),
	    cmocka_unit_test(every_failed_allocation_ends_in_a_status),
	    cmocka_unit_test(qcvn_11_has_every_row_and_its_own_two),
	    cmocka_unit_test(qcvn_135_ends_the_day_before_and_lacks_the_new_rows),
	    cmocka_unit_test(no_official_clause_number_is_printed),
	};
	int failed;

	xml_start();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xml_stop();
	return failed;
}
