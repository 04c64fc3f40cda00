/*
 * The registry accepts by right, allots numbers in order, and cannot be edited unseen.
 */
#include "tests/support/pki.h"
#include "tests/support/support.h"

#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

#define DAY INT64_C(86400)

static int
setup(void **state)
{
	*state = pki_new();
	return 0;
}

static int
teardown(void **state)
{
	pki_free(*state);
	return 0;
}

static enum status
accept_claims(struct pki *pki, const struct certificate *claims, int64_t now)
{
	struct registry *registry;
	char number[NUMBER_SIZE];
	struct span file;
	enum status status;

	assert_ok(pki->job, registry_open(pki->job, pki->registry, true, &registry));
	status = registry_accept(pki->job, registry, pki_sign(pki, claims), now, number, &file);
	registry_close(registry);
	return status;
}

static void
refused_because(struct pki *pki, const struct certificate *claims, int64_t now, const char *part)
{
	assert_int_equal(accept_claims(pki, claims, now), STATUS_REFUSED);
	if (strstr(pki->job->reason, part) == NULL)
		fail_msg("wanted \"%s\" in: %s", part, pki->job->reason);
}

static enum status
audit(struct pki *pki, struct span against)
{
	struct registry *registry;
	struct audit result;
	enum status status = registry_open(pki->job, pki->registry, false, &registry);

	if (status != STATUS_OK)
		return status;
	status = registry_audit(pki->job, registry, against, &result);
	registry_close(registry);
	return status;
}

/* As somebody with the file and SQLite's own tool would. */
static void
tamper(struct pki *pki, const char *sql)
{
	const char *path = file_path_join(pki->job, pki->registry, "registry.db");
	sqlite3 *database;
	char *error = NULL;

	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	if (sqlite3_exec(database, sql, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s", error);
	sqlite3_close(database);
}

static void
numbers_are_allotted_in_order_and_checked(void **state)
{
	struct pki *pki = *state;
	char first[NUMBER_SIZE], second[NUMBER_SIZE];
	int64_t year, serial;

	pki_register(pki, "a", PKI_NOW, first);
	pki_register(pki, "b", PKI_NOW, second);
	assert_true(number_read(first, &year, &serial));
	assert_int_equal(year, 2026);
	assert_int_equal(serial, 1);
	assert_true(number_read(second, NULL, &serial));
	assert_int_equal(serial, 2);
	for (size_t i = 0; first[i] != '\0'; i++)
		for (char c = '0'; c <= '9'; c++) {
			char wrong[NUMBER_SIZE];

			memcpy(wrong, first, NUMBER_SIZE);
			wrong[i] = c;
			assert_int_equal(number_read(wrong, NULL, NULL), first[i] == c);
		}
}

static void
the_same_certificate_is_registered_once(void **state)
{
	struct pki *pki = *state;
	struct certificate claims = pki_claims(pki);

	assert_int_equal(accept_claims(pki, &claims, PKI_NOW), STATUS_OK);
	refused_because(pki, &claims, PKI_NOW, "registered already as VN-2026-000001");
}

static void
rights_are_enforced(void **state)
{
	struct pki *pki = *state;
	const struct certificate good = pki_claims(pki);
	struct certificate claims;

	claims = good, claims.profile = "etsi-en-303645";
	refused_because(pki, &claims, PKI_NOW, "not designated for etsi");
	claims = good, claims.profile_digest.bytes[0] ^= 1;
	refused_because(pki, &claims, PKI_NOW, "has not approved");
	claims = good, claims.catalogue_digest.bytes[0] ^= 1;
	refused_because(pki, &claims, PKI_NOW, "has not approved");
	claims = good, claims.reference_digest.bytes[31] ^= 1;
	refused_because(pki, &claims, PKI_NOW, "has not approved");
	claims = good, claims.method_number = "2";
	refused_because(pki, &claims, PKI_NOW, "not designated for method 2");
	claims = good, claims.method_circular = "36/2026";
	refused_because(pki, &claims, PKI_NOW, "not designated for method 5 of 36/2026");
	claims = good, claims.expires = "2029-11-23";
	refused_because(pki, &claims, PKI_NOW, "36 months");
	claims = good, claims.method_number = "1";
	refused_because(pki, &claims, PKI_NOW, "12 months");
	claims = good, claims.method_number = "7";
	refused_because(pki, &claims, PKI_NOW, "names no lot");
	claims = good, claims.regulation = "QCVN 135:2024/BTTTT";
	refused_because(pki, &claims, PKI_NOW, "is of QCVN 11:2026/BCA");
	claims = good, claims.body = "another";
	refused_because(pki, &claims, PKI_NOW, "in the name of");
	claims = good, claims.issued = "2026-11-23";
	refused_because(pki, &claims, PKI_NOW, "dated after today");
	claims = good, claims.issued = "2025-11-22", claims.expires = "2026-11-21";
	refused_because(pki, &claims, PKI_NOW, "expired on");
	claims = good, claims.method_number = "7", claims.lot = "5000 pieces";
	assert_int_equal(accept_claims(pki, &claims, PKI_NOW), STATUS_OK);
}

static void
a_stranger_cannot_submit(void **state)
{
	struct pki *pki = *state, *other = pki_new();
	struct certificate claims = pki_claims(other);
	struct registry *registry;
	char number[NUMBER_SIZE];
	struct span file;

	assert_ok(pki->job, registry_open(pki->job, pki->registry, true, &registry));
	assert_int_equal(
	    registry_accept(pki->job, registry, pki_sign(other, &claims), PKI_NOW, number, &file),
	    STATUS_REFUSED);
	registry_close(registry);
	pki_free(other);
}

static void
a_designation_ends_on_its_day(void **state)
{
	struct pki *pki = *state;
	struct certificate claims = pki_claims(pki);

	for (int64_t day = 80; day <= 1000; day += 80)
		assert_ok(pki->job, office_renew(pki->job, pki->authority, PKI_NOW + day * DAY));
	assert_int_equal(accept_claims(pki, &claims, PKI_NOW + 1000 * DAY), STATUS_OK);
	claims.reference = "late";
	refused_because(
	    pki, &claims, PKI_NOW + 1000 * DAY + 1, "not a designated body at that date");
}

static void
an_old_trust_list_accepts_nothing(void **state)
{
	struct pki *pki = *state;
	struct certificate claims = pki_claims(pki);

	assert_int_equal(accept_claims(pki, &claims, PKI_NOW + 91 * DAY), STATUS_UNDECIDED);
	assert_ok(pki->job, office_renew(pki->job, pki->authority, PKI_NOW + 91 * DAY));
	assert_int_equal(accept_claims(pki, &claims, PKI_NOW + 91 * DAY), STATUS_OK);
}

/* effect → what becomes of a certificate accepted before the suspension */
static void
a_suspended_body_certifies_nothing_new(void **state)
{
	static const struct {
		const char *effect;
		enum outcome outcome;
	} rows[] = {
	    {"future", OUTCOME_VALID}, {"review", OUTCOME_UNDECIDED}, {"all", OUTCOME_NOT_VALID}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct pki *pki = pki_new();
		struct restriction restriction = {.measure = "suspend",
		    .effect = rows[i].effect,
		    .from = PKI_NOW + DAY,
		    .reason = "surveillance"};
		struct certificate claims = pki_claims(pki);
		char number[NUMBER_SIZE];
		struct span file = pki_register(pki, "old", PKI_NOW, number);
		struct verification verification;
		struct bundle bundle;
		struct verification_request request;

		assert_ok(pki->job,
		    office_restrict(pki->job, pki->authority, PKI_BODY, &restriction, PKI_NOW));
		assert_int_equal(accept_claims(pki, &claims, PKI_NOW + DAY - 1), STATUS_OK);
		claims.reference = "new";
		refused_because(pki, &claims, PKI_NOW + DAY, "may not certify since 2026-11-23");
		bundle = pki_bundle(pki, PKI_NOW + 2 * DAY);
		request = (struct verification_request){.trust = &bundle.trust,
		    .root_known = true,
		    .bundle = &bundle,
		    .at = PKI_NOW + 2 * DAY};
		assert_ok(
		    pki->job, certificate_verify(pki->job, NULL, file, &request, &verification));
		assert_int_equal(verification.outcome, rows[i].outcome);
		pki_free(pki);
	}
	(void)state;
}

static void
the_life_of_a_certificate_follows_the_table(void **state)
{
	struct pki *pki = *state;
	static const struct {
		enum event_type type;
		enum status status;
	} acts[] = {
	    {EVENT_REINSTATE, STATUS_REFUSED},
	    {EVENT_REDUCE, STATUS_OK},
	    {EVENT_SUSPEND, STATUS_OK},
	    {EVENT_SUSPEND, STATUS_REFUSED},
	    {EVENT_REINSTATE, STATUS_OK},
	    {EVENT_WITHDRAW, STATUS_OK},
	    {EVENT_WITHDRAW, STATUS_REFUSED},
	    {EVENT_REINSTATE, STATUS_REFUSED},
	    {EVENT_ANNUL, STATUS_OK},
	    {EVENT_ANNUL, STATUS_REFUSED},
	};
	static const char *const removed[] = {"1.2.3"};
	struct registry_entry entry;
	struct registry *registry;
	char number[NUMBER_SIZE];

	pki_register(pki, "a", PKI_NOW, number);
	assert_ok(pki->job, registry_open(pki->job, pki->registry, true, &registry));
	for (size_t i = 0; i < ARRAY_SIZE(acts); i++)
		assert_int_equal(registry_change(pki->job, registry, number, acts[i].type, "why",
				     removed, acts[i].type == EVENT_REDUCE, PKI_NOW + (int64_t)i),
		    acts[i].status);
	assert_ok(pki->job, registry_find(pki->job, registry, number, &entry));
	assert_int_equal(entry.state, STATE_ANNULLED);
	assert_int_equal(entry.change_count, 5);
	assert_string_equal(entry.changes[2].state, "reduced");
	assert_int_equal(registry_change(pki->job, registry, "VN-2026-000099-0", EVENT_WITHDRAW,
			     "why", NULL, 0, PKI_NOW + 100),
	    STATUS_NO);
	assert_int_equal(registry_change(pki->job, registry, number, EVENT_WITHDRAW, "why", NULL, 0,
			     PKI_NOW - 1),
	    STATUS_UNDECIDED);
	registry_close(registry);
	assert_int_equal(audit(pki, (struct span){0}), STATUS_OK);
}

static void
words_are_found_without_accents(void **state)
{
	struct pki *pki = *state;
	static const struct {
		const char *words;
		size_t count;
	} rows[] = {{"may anh", 2}, {"MÁY ẢNH", 2}, {"dai viet", 2}, {"Đại", 2},
	    {"hai phong c-200", 2}, {"camera nothing", 0}, {"8931", 0}, {"0893", 2},
	    {"\"; DROP TABLE event", 0}, {"VN-2026-000002", 1}};
	struct registry_entry *entries;
	struct registry *registry;
	char number[NUMBER_SIZE];
	size_t count;

	pki_register(pki, "a", PKI_NOW, number);
	pki_register(pki, "b", PKI_NOW, number);
	assert_ok(pki->job, registry_open(pki->job, pki->registry, false, &registry));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_ok(pki->job,
		    registry_search(pki->job, registry, rows[i].words, 10, &entries, &count));
		if (count != rows[i].count)
			fail_msg("%s: %zu", rows[i].words, count);
	}
	assert_int_equal(
	    registry_search(pki->job, registry, "  ", 10, &entries, &count), STATUS_USAGE);
	registry_close(registry);
}

static void
a_registry_as_it_was_left_passes_the_audit(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	struct span seen;

	assert_int_equal(audit(pki, (struct span){0}), STATUS_OK);
	assert_ok(
	    pki->job, file_read(pki->job, file_path_join(pki->job, pki->registry, "checkpoint"),
			  4096, &seen));
	for (unsigned i = 0; i < 9; i++)
		pki_register(pki, (const char[]){(char)('a' + i), '\0'}, PKI_NOW + i, number);
	assert_int_equal(audit(pki, seen), STATUS_OK);
	/* a crash between the commit and the file leaves the file behind */
	assert_ok(pki->job, file_write(pki->job,
				file_path_join(pki->job, pki->registry, "checkpoint"), seen, 0644));
	assert_int_equal(audit(pki, (struct span){0}), STATUS_OK);
	unlink(file_path_join(pki->job, pki->registry, "checkpoint"));
	assert_int_equal(audit(pki, (struct span){0}), STATUS_NO);
}

static void
a_failed_creation_leaves_no_registry(void **state)
{
	struct pki *pki = *state;
	const char *folder = file_path_join(pki->job, pki->folder, "second");

	assert_int_equal(
	    registry_create(pki->job, folder, pki->authority, PKI_NOW - DAY), STATUS_UNDECIDED);
	assert_int_equal(access(file_path_join(pki->job, folder, "registry.db"), F_OK), -1);
	assert_ok(pki->job, registry_create(pki->job, folder, pki->authority, PKI_NOW));
}

static void
the_log_refuses_to_be_changed(void **state)
{
	struct pki *pki = *state;
	static const char *const acts[] = {"UPDATE event SET signed = x'00'", "DELETE FROM event",
	    "UPDATE node SET hash = zeroblob(32)", "DELETE FROM node",
	    "UPDATE checkpoint SET note = ''", "DELETE FROM checkpoint"};
	const char *path = file_path_join(pki->job, pki->registry, "registry.db");
	sqlite3 *database;

	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	for (size_t i = 0; i < ARRAY_SIZE(acts); i++)
		assert_int_equal(
		    sqlite3_exec(database, acts[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
	sqlite3_close(database);
}

/* Whoever drops the triggers first is found all the same. */
static void
any_tampered_or_dropped_row_is_found(void **state)
{
	static const char *const acts[] = {
	    "UPDATE event SET signed = CAST(substr(signed, 1, 900) || x'00' || substr(signed, 902) "
	    "AS BLOB) "
	    "WHERE sequence = 1",
	    "UPDATE event SET signed = (SELECT signed FROM event WHERE sequence = 3) "
	    "WHERE sequence = 1",
	    "DELETE FROM event WHERE sequence = 2",
	    "DELETE FROM event WHERE sequence = (SELECT max(sequence) FROM event)",
	    "DELETE FROM event WHERE sequence > 2; DELETE FROM node WHERE level = 0 AND position > "
	    "2; "
	    "DELETE FROM checkpoint WHERE size > 3",
	    "INSERT INTO event SELECT max(sequence) + 1, x'00' FROM event",
	    "INSERT INTO event SELECT (SELECT max(sequence) + 1 FROM event), signed FROM event "
	    "WHERE sequence = 1",
	    "UPDATE node SET hash = zeroblob(32) WHERE level = 1 AND position = 0",
	    "DELETE FROM node WHERE level = 1 AND position = 0",
	    "INSERT INTO node VALUES (9, 9, zeroblob(32))",
	    "DELETE FROM checkpoint",
	    "UPDATE checkpoint SET note = (SELECT note FROM checkpoint ORDER BY size LIMIT 1)",
	    "INSERT INTO checkpoint SELECT 2, note FROM checkpoint ORDER BY size LIMIT 1",
	    "UPDATE certificate SET holder = 'x'",
	    "DELETE FROM certificate WHERE number LIKE '%1-_'",
	    "DELETE FROM change",
	    "UPDATE change SET state = 'granted'",
	    "DELETE FROM words",
	    "DELETE FROM trust",
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_SIZE(acts); i++) {
		struct pki *pki = pki_new();
		struct registry *registry;
		char number[NUMBER_SIZE];

		pki_register(pki, "a", PKI_NOW, number);
		pki_register(pki, "b", PKI_NOW, number);
		assert_ok(pki->job, registry_open(pki->job, pki->registry, true, &registry));
		assert_ok(pki->job, registry_change(pki->job, registry, number, EVENT_WITHDRAW,
					"why", NULL, 0, PKI_NOW));
		registry_close(registry);
		assert_int_equal(audit(pki, (struct span){0}), STATUS_OK);
		tamper(pki,
		    "DROP TRIGGER event_keep; DROP TRIGGER event_stay; DROP TRIGGER node_keep; "
		    "DROP TRIGGER node_stay; DROP TRIGGER checkpoint_keep; "
		    "DROP TRIGGER checkpoint_stay");
		tamper(pki, acts[i]);
		if (audit(pki, (struct span){0}) == STATUS_OK)
			fail_msg("not found: %s", acts[i]);
		pki_free(pki);
	}
}

/* A file put back to an older state is whole in itself; what was seen since tells. */
static void
a_log_put_back_is_found(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	const char *path = file_path_join(pki->job, pki->registry, "registry.db");
	const char *note = file_path_join(pki->job, pki->registry, "checkpoint");
	const char *wal = file_path_join(pki->job, pki->registry, "registry.db-wal");
	struct span old, old_note, seen;

	pki_register(pki, "a", PKI_NOW, number);
	tamper(pki, "PRAGMA wal_checkpoint(TRUNCATE)");
	assert_ok(pki->job, file_read(pki->job, path, (size_t)1 << 24, &old));
	assert_ok(pki->job, file_read(pki->job, note, 4096, &old_note));
	pki_register(pki, "b", PKI_NOW, number);
	tamper(pki, "PRAGMA wal_checkpoint(TRUNCATE)");
	assert_ok(pki->job, file_read(pki->job, note, 4096, &seen));
	unlink(path); /* nothing is written over a database */
	assert_ok(pki->job, file_write(pki->job, path, old, 0644));
	unlink(wal);
	assert_int_equal(audit(pki, (struct span){0}), STATUS_NO);
	assert_ok(pki->job, file_write(pki->job, note, old_note, 0644));
	assert_int_equal(audit(pki, (struct span){0}), STATUS_OK);
	assert_int_equal(audit(pki, seen), STATUS_NO);
	/* another certificate in the place of the lost one */
	pki_register(pki, "c", PKI_NOW + 1, number);
	assert_int_equal(audit(pki, (struct span){0}), STATUS_OK);
	assert_int_equal(audit(pki, seen), STATUS_NO);
}

static void
indexes_can_be_made_again(void **state)
{
	struct pki *pki = *state;
	struct registry *registry;
	char number[NUMBER_SIZE];

	pki_register(pki, "a", PKI_NOW, number);
	tamper(pki, "DELETE FROM certificate; DELETE FROM change; DELETE FROM words");
	assert_int_equal(audit(pki, (struct span){0}), STATUS_NO);
	assert_ok(pki->job, registry_open(pki->job, pki->registry, false, &registry));
	assert_ok(pki->job, registry_rebuild(pki->job, registry));
	registry_close(registry);
	assert_int_equal(audit(pki, (struct span){0}), STATUS_OK);
}

static void
an_old_trust_list_cannot_be_put_back(void **state)
{
	struct pki *pki = *state;
	const char *path = file_path_join(pki->job, pki->authority, "trust.p7m");
	struct certificate claims = pki_claims(pki);
	struct span old;
	char number[NUMBER_SIZE];

	assert_ok(pki->job, file_read(pki->job, path, TRUST_MAX_SIZE, &old));
	assert_ok(pki->job, office_renew(pki->job, pki->authority, PKI_NOW + 1));
	pki_register(pki, "a", PKI_NOW + 2, number);
	unlink(path); /* nothing is written over a database */
	assert_ok(pki->job, file_write(pki->job, path, old, 0644));
	refused_because(pki, &claims, PKI_NOW + 3, "is older than");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(numbers_are_allotted_in_order_and_checked),
	    TEST(the_same_certificate_is_registered_once),
	    TEST(rights_are_enforced),
	    TEST(a_stranger_cannot_submit),
	    TEST(a_designation_ends_on_its_day),
	    TEST(an_old_trust_list_accepts_nothing),
	    TEST(a_suspended_body_certifies_nothing_new),
	    TEST(the_life_of_a_certificate_follows_the_table),
	    TEST(words_are_found_without_accents),
	    TEST(a_registry_as_it_was_left_passes_the_audit),
	    TEST(a_failed_creation_leaves_no_registry),
	    TEST(the_log_refuses_to_be_changed),
	    TEST(any_tampered_or_dropped_row_is_found),
	    TEST(a_log_put_back_is_found),
	    TEST(indexes_can_be_made_again),
	    TEST(an_old_trust_list_cannot_be_put_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
