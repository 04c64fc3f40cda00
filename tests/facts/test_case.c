/* A case cannot be edited unseen: whatever is changed behind our back is found when it is opened.
 */
#include "tests/support/support.h"

#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "facts/case.h"

static const struct case_author author = {
    .now = 1000, .actor = "tester", .command = "test", .detail = ""};

static int64_t
add_image(struct job *job, struct case_file *file, const char *name, int64_t bits)
{
	struct fact subject = fact_new(FACT_subject), key = fact_new(FACT_key);
	char hex[DIGEST_HEX_SIZE];

	assert_ok(job, case_begin(job, file, &author));
	subject.as.subject.type = "image";
	subject.as.subject.name = name;
	assert_ok(job, case_add_fact(job, file, &subject));
	key.subject = subject.fact;
	key.source = "keys";
	key.as.key.bits = bits;
	key.as.key.algorithm = "RSA";
	assert_ok(job, case_add_fact(job, file, &key));
	assert_ok(job, case_attach(job, file, "note", span_of_string("words"), hex));
	assert_ok(job, case_add_run(job, file, "image:a", subject.fact));
	assert_ok(job, case_commit(job, file));
	return subject.fact;
}

static const char *
make_case(struct job *job)
{
	const char *path = scratch_path(job, "case.hopquy");
	struct case_file *file;

	unlink(path);
	assert_ok(job, case_create(job, path, &file));
	add_image(job, file, "a", 1024);
	case_close(file);
	return path;
}

static void
edit(const char *path, const char *sql)
{
	sqlite3 *database;
	char *message = NULL;

	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
	sqlite3_close(database);
}

static size_t
count_kind(const struct fact_list *facts, enum fact_kind kind, int64_t *bits)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == kind) {
			count++;
			*bits = facts->facts[i].as.key.bits;
		}
	return count;
}

static void
what_was_written_is_read_back_and_a_new_build_supersedes_the_old(void **state)
{
	struct job *job = *state;
	const char *path = make_case(job), *identity;
	struct fact_list facts = {0}, later = {0};
	struct case_file *file;
	struct digest before, after;
	int64_t bits = 0, subject;

	assert_ok(job, case_open(job, path, true, &file));
	assert_ok(job, case_identity(job, file, &identity));
	assert_int_equal(strlen(identity), 32);
	assert_ok(job, case_facts(job, file, &facts));
	assert_int_equal(count_kind(&facts, FACT_key, &bits), 1);
	assert_int_equal(bits, 1024);
	assert_ok(job, case_head(job, file, &before));
	subject = add_image(job, file, "b", 4096);
	assert_ok(job, case_head(job, file, &after));
	assert_false(digest_equal(&before, &after));
	assert_ok(job, case_facts(job, file, &later));
	assert_int_equal(count_kind(&later, FACT_key, &bits),
	    1); /* the old build's key stays in the file and is read no more */
	assert_int_equal(bits, 4096);
	assert_int_equal(later.facts[0].fact, subject);
	case_close(file);
	unlink(path);
}

static void
a_case_is_its_owners_alone(void **state)
{
	mode_t before = umask(0);
	const char *path = make_case(*state);
	struct stat made;

	umask(before);
	assert_int_equal(stat(path, &made), 0);
	assert_int_equal(made.st_mode & 0777, 0600);
	unlink(path);
}

static void
every_edit_behind_our_back_is_found(void **state)
{
	static const char *const edits[] = {
	    "UPDATE key SET bits = 4096",
	    "DELETE FROM key",
	    "UPDATE attachment SET bytes = x'00'",
	    "UPDATE journal SET actor = 'nobody'",
	    "DELETE FROM journal WHERE entry = 1",
	    "INSERT INTO run VALUES (1, 'image:b', 1)",
	    "INSERT INTO key (fact, journal_entry, bits) VALUES (99, 7, 4096)",
	    "INSERT INTO meta VALUES (0, 'profile', 'other')",
	    "UPDATE subject SET under_test = 0",
	    "DROP TABLE key; CREATE VIEW key AS SELECT 1 AS fact",
	    "CREATE TRIGGER t AFTER INSERT ON key BEGIN DELETE FROM journal; END",
	    "CREATE INDEX i ON key (bits)",
	    "ALTER TABLE key ADD COLUMN extra TEXT",
	    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', "
	    "'') WHERE name = 'key'",
	};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(edits); i++) {
		const char *path = make_case(job);
		struct case_file *file;

		edit(path, edits[i]);
		if (case_open(job, path, false, &file) != STATUS_MALFORMED)
			fail_msg("not found: %s", edits[i]);
		unlink(path);
	}
}

static void
a_damaged_or_foreign_file_is_no_case(void **state)
{
	struct job *job = *state;
	const char *path = make_case(job);
	struct case_file *file;
	struct span whole;

	assert_ok(job, file_read(job, path, (size_t)1 << 24, &whole));
	for (size_t part = 0; part < 64; part++) {
		unlink(path); /* a database is not written over */
		assert_ok(
		    job, file_write(job, path, span_part(whole, 0, whole.size / 64 * part), 0600));
		if (case_open(job, path, false, &file) == STATUS_OK)
			fail_msg("%zu of %zu bytes taken for a case", whole.size / 64 * part,
			    whole.size);
	}
	unlink(path);
	assert_ok(job,
	    file_write(job, path,
		span_of_string("not a database at all, but long enough to be looked at"), 0600));
	assert_int_equal(case_open(job, path, false, &file), STATUS_MALFORMED);
	unlink(path);
	assert_int_equal(case_open(job, path, false, &file), STATUS_MISSING);
}

static void
an_entry_is_written_whole_or_not_at_all(void **state)
{
	struct job *job = *state;
	const char *path = make_case(job);
	struct fact_list before = {0}, after = {0};
	struct fact key = fact_new(FACT_key);
	struct case_file *file;

	assert_ok(job, case_open(job, path, true, &file));
	assert_ok(job, case_facts(job, file, &before));
	assert_ok(job, case_begin(job, file, &author));
	key.subject = before.facts[0].fact;
	assert_ok(job, case_add_fact(job, file, &key));
	key.as.key.private = 7; /* not a BOOLEAN */
	assert_int_equal(case_add_fact(job, file, &key), STATUS_MALFORMED);
	case_abandon(file);
	case_close(file);
	assert_ok(job, case_open(job, path, false, &file));
	assert_ok(job, case_facts(job, file, &after));
	assert_int_equal(before.count, after.count);
	case_close(file);
	assert_int_equal(case_create(job, path, &file), STATUS_CANNOT_CREATE);
	unlink(path);
}

/* Two units are probed into one case at once: whoever opens it sees whole entries. */
static void
a_case_that_another_command_writes_is_not_taken_for_edited(void **state)
{
	struct job *job = *state;
	const char *path = make_case(job);
	struct case_file *file;
	int status = 0;
	pid_t writer = fork();

	assert_true(writer >= 0);
	if (writer == 0) {
		if (case_open(job, path, true, &file) != STATUS_OK)
			_exit(1);
		for (int64_t i = 0; i < 80; i++)
			add_image(job, file, "b", 2048 + i);
		case_close(file);
		_exit(0);
	}
	while (waitpid(writer, &status, WNOHANG) == 0) {
		struct arena_mark mark = arena_mark(job->arena);

		assert_ok(job, case_open(job, path, false, &file));
		case_close(file);
		arena_release(job->arena, mark);
	}
	assert_int_equal(status, 0);
}

static void
a_signature_does_not_move_the_head_it_signs(void **state)
{
	struct job *job = *state;
	const char *path = make_case(job);
	struct case_signature signature = {.role = "tester",
	    .person = "An",
	    .statement = span_of_string("s"),
	    .signature = span_of_string("t"),
	    .certificate = span_of_string("c")};
	struct case_signature *read;
	struct digest before, after;
	struct case_file *file;
	size_t count;

	assert_ok(job, case_open(job, path, true, &file));
	assert_ok(job, case_head(job, file, &before));
	assert_ok(job, case_begin(job, file, &author));
	assert_ok(job, case_put_signature(job, file, &signature));
	assert_ok(job, case_commit(job, file));
	assert_ok(job, case_head(job, file, &after));
	assert_true(digest_equal(&before, &after));
	assert_ok(job, case_signatures(job, file, &read, &count));
	assert_int_equal(count, 1);
	assert_string_equal(read[0].person, "An");
	case_close(file);
	unlink(path);
}

static void
a_fact_survives_the_wire_and_a_hostile_one_does_not(void **state)
{
	struct job *job = *state;
	struct fact fact = fact_new(FACT_account), back;
	struct text wire = text_new(job);

	fact.source = "accounts";
	fact.path = "0.squashfs/etc/shadow";
	fact.as.account.user = "root";
	fact.as.account.enabled = 1;
	fact_encode(&wire, &fact);
	assert_ok(job, fact_decode(job, (struct span){(const uint8_t *)wire.at, wire.size}, &back));
	assert_int_equal(fact_compare(&fact, &back), 0);
	for (size_t size = 0; size < wire.size; size++)
		assert_int_equal(
		    fact_decode(job, (struct span){(const uint8_t *)wire.at, size}, &back),
		    STATUS_MALFORMED);
	for (size_t at = 0; at < wire.size;
	     at++) { /* no flipped byte may crash or make a fact that does not check */
		wire.at[at] = (char)(wire.at[at] ^ 0x80);
		if (fact_decode(job, (struct span){(const uint8_t *)wire.at, wire.size}, &back) ==
		    STATUS_OK)
			assert_ok(job, fact_check(job, &back));
		wire.at[at] = (char)(wire.at[at] ^ 0x80);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_case_is_its_owners_alone, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_was_written_is_read_back_and_a_new_build_supersedes_the_old, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		every_edit_behind_our_back_is_found, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_damaged_or_foreign_file_is_no_case, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_entry_is_written_whole_or_not_at_all, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_case_that_another_command_writes_is_not_taken_for_edited, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_signature_does_not_move_the_head_it_signs, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_fact_survives_the_wire_and_a_hostile_one_does_not, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
