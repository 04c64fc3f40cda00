/* What people say becomes facts only with who, as what, when, and the digest of what stands behind
 * it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "base/xml.h"
#include "profiles/dossier.h"
#include "profiles/profile.h"

#include <cmocka.h> /* last: it defines fail */

#define BUDGET ((size_t)256 << 20)
#define GOOD "fixtures/dossiers/answers-good.xml"
#define WHO "person=\"Nguyễn Thị Thử\" role=\"tester\" time=\"2026-11-20T08:00:00Z\""

/* A folder with "evidence.txt", "sub/photo.txt" and a link out of it. */
struct folder {
	char path[32];
};

static void
make_folder(struct job *job, struct folder *folder)
{
	const struct span text = {(const uint8_t *)"seen\n", 5};

	strncpy(folder->path, "/tmp/answers-XXXXXX", sizeof folder->path);
	assert_non_null(mkdtemp(folder->path));
	assert_int_equal(mkdir(arena_printf(job, "%s/sub", folder->path), 0700), 0);
	assert_int_equal(
	    file_write(job, arena_printf(job, "%s/evidence.txt", folder->path), text, 0600),
	    STATUS_OK);
	assert_int_equal(
	    file_write(job, arena_printf(job, "%s/sub/photo.txt", folder->path), text, 0600),
	    STATUS_OK);
	assert_int_equal(symlink("/etc/passwd", arena_printf(job, "%s/link", folder->path)), 0);
	assert_int_equal(symlink("/etc", arena_printf(job, "%s/way", folder->path)), 0);
}

static void
remove_folder(struct job *job, const struct folder *folder)
{
	static const char *const names[] = {"evidence.txt", "sub/photo.txt", "link", "way"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unlink(arena_printf(job, "%s/%s", folder->path, names[i]));
	rmdir(arena_printf(job, "%s/sub", folder->path));
	rmdir(folder->path);
}

/* Reads "<answers>BODY</answers>" beside the folder's files. */
static enum status
read_body(struct job *job, const char *body, struct answers *answers)
{
	const char *whole =
	    arena_printf(job, "<answers xmlns=\"urn:hopquy:answers:1\">\n%s\n</answers>", body);
	struct folder folder;
	enum status status;

	make_folder(job, &folder);
	status = answers_read(job, span_of_string(whole), "a.xml", folder.path, answers);
	remove_folder(job, &folder);
	return status;
}

static void
every_procedure_of_the_profile_has_its_answer(void **state)
{
	struct job *job = job_new(BUDGET);
	const struct profile *profile;
	struct answers answers;
	struct span bytes;
	size_t procedures = 0;

	(void)state;
	assert_int_equal(profile_load(job, "profiles/qcvn-11-2026.xml", &profile), STATUS_OK);
	assert_int_equal(file_read(job, GOOD, XML_MAX_SIZE, &bytes), STATUS_OK);
	assert_int_equal(answers_read(job, bytes, GOOD, "fixtures/dossiers", &answers), STATUS_OK);
	for (size_t i = 0; i < profile->requirement_count; i++)
		for (size_t j = 0; j < profile->requirements[i].rule_count; j++) {
			const char *procedure = profile->requirements[i].rules[j].procedure;
			size_t found = 0;

			for (size_t k = 0; procedure != NULL && k < answers.facts.count; k++)
				found += strcmp(answers.facts.facts[k].as.answer.procedure,
					     procedure) == 0;
			assert_int_equal(found, procedure != NULL);
			procedures += found;
		}
	assert_int_equal(procedures, answers.facts.count);
	assert_int_equal(answers.attachment_count, 0);
	job_free(job);
}

static void
an_answer_carries_who_when_and_what(void **state)
{
	struct job *job = job_new(BUDGET);
	struct answers answers;
	const struct answer_fact *answer;
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];
	int64_t time;

	(void)state;
	assert_int_equal(
	    read_body(job,
		"<answer procedure=\"5.1-1-2\" result=\"fail\" " WHO "><note> Đã xem. </note>"
		"<attachment href=\"sub/photo.txt\"/></answer>"
		"<close finding=\"0123456789abcdef\" " WHO
		"><note>why</note><attachment href=\"sub/photo.txt\"/></close>",
		&answers),
	    STATUS_OK);
	assert_int_equal(answers.facts.count, 2);
	answer = &answers.facts.facts[0].as.answer;
	assert_string_equal(answers.facts.facts[0].source, "tester");
	assert_string_equal(answer->procedure, "5.1-1-2");
	assert_string_equal(answer->result, "fail");
	assert_string_equal(answer->person, "Nguyễn Thị Thử");
	assert_string_equal(answer->note, "Đã xem.");
	assert_null(answer->closes_fact);
	assert_true(text_parse_time("2026-11-20T08:00:00Z", &time) && answer->time == time);
	assert_int_equal(digest_of(job, span_of_string("seen\n"), &digest), STATUS_OK);
	digest_to_hex(&digest, hex);
	assert_string_equal(answer->attachment, hex);
	assert_int_equal(answers.attachment_count, 1);
	assert_true(text_ends_with(answers.attachments[0], "/sub/photo.txt"));
	assert_true(text_starts_with(answers.attachments[0], "/tmp/answers-"));
	answer = &answers.facts.facts[1].as.answer;
	assert_string_equal(answer->closes_fact, "0123456789abcdef");
	assert_string_equal(answer->result, "pass");
	assert_null(answer->procedure);
	job_free(job);
}

static void
publications_and_corrections_are_facts(void **state)
{
	struct job *job = job_new(BUDGET);
	struct answers answers;

	(void)state;
	assert_int_equal(
	    read_body(job,
		"<publication what=\"support period\" url=\"https://matsang.example/a\" "
		"fetched=\"2026-11-20T08:00:00Z\" language=\"vi\" "
		"person=\"A\" role=\"tester\"><elements>end date</elements><attachment "
		"href=\"evidence.txt\"/></publication>"
		"<correction finding=\"0123456789abcdef\" ruling=\"false_positive\" tester=\"A\" "
		"reviewer=\"B\" time=\"2026-11-20T08:00:00Z\">"
		"<reason>test key</reason><attachment href=\"evidence.txt\"/></correction>",
		&answers),
	    STATUS_OK);
	assert_int_equal(answers.facts.count, 2);
	assert_int_equal(answers.facts.facts[0].kind, FACT_publication);
	assert_string_equal(answers.facts.facts[0].as.publication.what, "support period");
	assert_string_equal(answers.facts.facts[0].as.publication.elements, "end date");
	assert_non_null(answers.facts.facts[0].as.publication.sha256);
	assert_int_equal(answers.facts.facts[1].kind, FACT_correction);
	assert_string_equal(answers.facts.facts[1].as.correction.reviewer, "B");
	assert_string_equal(answers.facts.facts[1].as.correction.reason, "test key");
	assert_non_null(answers.facts.facts[1].as.correction.evidence);
	job_free(job);
}

static void
an_attachment_never_comes_from_elsewhere(void **state)
{
	static const struct {
		const char *href;
		enum status status;
	} cases[] = {
	    {"evidence.txt", STATUS_OK},
	    {"missing.txt", STATUS_MISSING},
	    {"link", STATUS_MISSING},
	    {"way/passwd", STATUS_MISSING},
	    {"sub", STATUS_MISSING},
	    {"/etc/passwd", STATUS_MALFORMED},
	    {"../passwd", STATUS_MALFORMED},
	    {"sub/../evidence.txt", STATUS_MALFORMED},
	    {"", STATUS_MALFORMED},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct job *job = job_new(BUDGET);
		struct answers answers;
		const char *body = arena_printf(job,
		    "<answer procedure=\"5.1-1-2\" result=\"pass\" " WHO
		    "><note>n</note><attachment href=\"%s\"/></answer>",
		    cases[i].href);
		enum status status = read_body(job, body, &answers);

		if (status != cases[i].status)
			fail_msg("%s: %d %s", cases[i].href, status, job->reason);
		job_free(job);
	}
}

static void
a_wrong_digest_is_refused(void **state)
{
	struct job *job = job_new(BUDGET);
	struct answers answers;

	(void)state;
	assert_int_equal(
	    read_body(job,
		"<answer procedure=\"5.1-1-2\" result=\"pass\" " WHO "><note>n</note>"
		"<attachment href=\"evidence.txt\" "
		"sha256=\"0000000000000000000000000000000000000000000000000000000000000000\"/>"
		"</answer>",
		&answers),
	    STATUS_MALFORMED);
	assert_non_null(strstr(job->reason, "a.xml:2: is not the file with that digest"));
	job_free(job);
}

static void
hostile_answers_are_refused(void **state)
{
	static const struct {
		const char *name, *reason;
	} hostile[] = {
	    {"answers-twice", "answered twice: 5.1-1-1"},
	    {"answers-outside", ":6: "},
	    {"answers-one-person", "wants two people"},
	    {"answers-no-note", ":5: "},
	    {"entity-bomb", "entity"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		struct job *job = job_new(BUDGET);
		const char *path =
		    arena_printf(job, "fixtures/dossiers/hostile/%s.xml", hostile[i].name);
		struct answers answers = {0};
		struct span bytes;

		assert_int_equal(file_read(job, path, XML_MAX_SIZE, &bytes), STATUS_OK);
		assert_int_equal(
		    answers_read(job, bytes, path, "fixtures/dossiers/hostile", &answers),
		    STATUS_MALFORMED);
		if (strstr(job->reason, hostile[i].reason) == NULL)
			fail_msg("%s: %s", path, job->reason);
		assert_int_equal(answers.facts.count, 0);
		job_free(job);
	}
}

static void
truncated_and_flipped_answers_are_refused_or_read(void **state)
{
	struct job *job = job_new(BUDGET);
	const char *whole =
	    "<answers xmlns=\"urn:hopquy:answers:1\"><answer procedure=\"5.1-1-2\" "
	    "result=\"pass\" " WHO
	    "><note>n</note><attachment href=\"camera-bad.xml\"/></answer><close "
	    "finding=\"0123456789abcdef\" " WHO "><note>why</note></close></answers>";
	size_t size = strlen(whole);
	uint8_t *flipped = arena_allocate(job, size);

	(void)state;
	for (size_t at = 0; at < size; at++) {
		struct job *each = job_new(BUDGET);
		struct answers answers;
		enum status status = answers_read(each, (struct span){(const uint8_t *)whole, at},
		    "a", "fixtures/dossiers", &answers);

		assert_int_equal(status, STATUS_MALFORMED);
		memcpy(flipped, whole, size);
		flipped[at] ^= (uint8_t)(1u << (at % 8));
		status = answers_read(
		    each, (struct span){flipped, size}, "a", "fixtures/dossiers", &answers);
		assert_true(
		    status == STATUS_OK || status == STATUS_MALFORMED || status == STATUS_MISSING);
		job_free(each);
	}
	job_free(job);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_procedure_of_the_profile_has_its_answer),
	    cmocka_unit_test(an_answer_carries_who_when_and_what),
	    cmocka_unit_test(publications_and_corrections_are_facts),
	    cmocka_unit_test(an_attachment_never_comes_from_elsewhere),
	    cmocka_unit_test(a_wrong_digest_is_refused),
	    cmocka_unit_test(hostile_answers_are_refused),
	    cmocka_unit_test(truncated_and_flipped_answers_are_refused_or_read),
	};
	int failed;

	xml_start();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xml_stop();
	return failed;
}
