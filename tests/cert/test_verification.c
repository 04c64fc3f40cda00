/*
 * A customs officer's question, asked of good certificates, altered ones and
 * ones nobody registered.
 */
#include "tests/support/pki.h"
#include "tests/support/support.h"

#include <string.h>

#include "base/text.h"

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

static bool
has_reason(const struct verification *verification, const char *start)
{
	for (size_t i = 0; i < verification->reason_count; i++)
		if (text_starts_with(verification->reasons[i].text, start))
			return true;
	return false;
}

static struct verification
verify(struct pki *pki, struct span file, const struct bundle *bundle, int64_t at)
{
	struct trust trust = pki_trust(pki);
	struct verification_request request = {
	    .trust = &trust, .root_known = true, .bundle = bundle, .at = at};
	struct verification verification;

	assert_ok(pki->job, certificate_verify(pki->job, NULL, file, &request, &verification));
	return verification;
}

static void
a_registered_certificate_is_valid(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	struct span file = pki_register(pki, "a", PKI_NOW, number);
	struct bundle bundle = pki_bundle(pki, PKI_NOW + 60);
	struct verification verification = verify(pki, file, &bundle, PKI_NOW + DAY);

	assert_int_equal(verification.outcome, OUTCOME_VALID);
	assert_int_equal(verification.reason_count, 0);
	assert_string_equal(verification.number, number);
	assert_true(verification.status_known);
	assert_string_equal(verification.certificate.model, "C-200");
}

static void
without_a_status_list_it_cannot_be_told(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	struct span file = pki_register(pki, "a", PKI_NOW, number);
	struct verification verification = verify(pki, file, NULL, PKI_NOW);

	assert_int_equal(verification.outcome, OUTCOME_UNDECIDED);
	assert_true(verification.genuine);
	assert_string_equal(verification.number, number);
}

static void
signed_but_not_registered_is_not_valid(void **state)
{
	struct pki *pki = *state;
	struct certificate claims = pki_claims(pki);
	struct span file = pki_sign(pki, &claims);
	struct bundle after = pki_bundle(pki, PKI_NOW + 60);
	struct bundle before = after;
	struct verification verification = verify(pki, file, &after, PKI_NOW + 60);

	assert_int_equal(verification.outcome, OUTCOME_NOT_VALID);
	assert_true(has_reason(&verification, "It is signed but not in the registry"));
	before.made = PKI_NOW - 60;
	verification = verify(pki, file, &before, PKI_NOW + 60);
	assert_int_equal(verification.outcome, OUTCOME_UNDECIDED);
}

static void
registered_after_the_status_list_cannot_be_told(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	struct bundle bundle = pki_bundle(pki, PKI_NOW);
	struct span file = pki_register(pki, "a", PKI_NOW + 60, number);

	assert_int_equal(verify(pki, file, &bundle, PKI_NOW + 120).outcome, OUTCOME_UNDECIDED);
}

/* Every altered byte is refused; the loop covers signature, claims and receipt. */
static void
no_altered_byte_verifies(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	struct span file = pki_register(pki, "a", PKI_NOW, number);
	struct bundle bundle = pki_bundle(pki, PKI_NOW);
	struct trust trust = pki_trust(pki);
	struct verification_request request = {
	    .trust = &trust, .root_known = true, .bundle = &bundle, .at = PKI_NOW + 1};
	struct identity_cache *cache = identity_cache_new();
	uint8_t *copy = arena_allocate(pki->job, file.size);

	assert_non_null(copy);
	assert_non_null(cache);
	memcpy(copy, file.at, file.size);
	for (size_t i = 0; i < file.size; i++)
		for (unsigned bit = 0; bit < 8; bit += 3) {
			struct arena_mark mark = arena_mark(pki->job->arena);
			struct verification verification;
			enum status status;

			copy[i] ^= (uint8_t)(1U << bit);
			status = certificate_verify(pki->job, cache, (struct span){copy, file.size},
			    &request, &verification);
			if (status == STATUS_OK)
				assert_int_equal(verification.outcome, OUTCOME_NOT_VALID);
			else
				assert_int_equal(status, STATUS_MALFORMED);
			copy[i] ^= (uint8_t)(1U << bit);
			arena_release(pki->job->arena, mark);
		}
	identity_cache_free(cache);
}

static void
no_cut_file_verifies(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	struct span file = pki_register(pki, "a", PKI_NOW, number);
	struct trust trust = pki_trust(pki);
	struct verification_request request = {.trust = &trust, .root_known = true, .at = PKI_NOW};

	for (size_t size = 0; size < file.size; size++) {
		uint8_t *exact = block_resize(NULL, size + 1);
		struct verification verification;

		memcpy(exact, file.at, size);
		assert_int_equal(certificate_verify(pki->job, NULL, (struct span){exact, size},
				     &request, &verification),
		    STATUS_MALFORMED);
		block_free(exact);
	}
}

static void
trailing_bytes_are_refused(void **state)
{
	struct pki *pki = *state;
	struct certificate claims = pki_claims(pki);
	struct span file = pki_sign(pki, &claims);
	char *longer = arena_string(pki->job, (const char *)file.at, file.size);
	struct signature signature;

	assert_int_equal(signature_read(pki->job, (struct span){(uint8_t *)longer, file.size + 1},
			     (struct span){0}, &signature),
	    STATUS_MALFORMED);
}

static void
dates_are_legal_days(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	struct span file = pki_register(pki, "a", PKI_NOW, number);
	struct bundle bundle = pki_bundle(pki, PKI_NOW);
	struct verification verification;
	int64_t last = INT64_C(1889974800) + DAY - 1; /* 2029-11-22T23:59:59+07:00 */

	verification = verify(pki, file, &bundle, last);
	assert_false(has_reason(&verification, "It expired"));
	verification = verify(pki, file, &bundle, last + 1);
	assert_true(has_reason(&verification, "It expired"));
	assert_int_equal(verification.outcome, OUTCOME_NOT_VALID);
	verification = verify(pki, file, &bundle, PKI_NOW - 7 * 3600 - 1);
	assert_true(has_reason(&verification, "It is valid only from"));
}

static void
an_old_status_list_and_an_old_trust_list_cannot_tell(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	struct span file = pki_register(pki, "a", PKI_NOW, number);
	struct bundle bundle = pki_bundle(pki, PKI_NOW);
	struct verification verification = verify(pki, file, &bundle, PKI_NOW + 8 * DAY);

	assert_int_equal(verification.outcome, OUTCOME_UNDECIDED);
	assert_true(has_reason(&verification, "The status list is of"));
	assert_false(has_reason(&verification, "The trust list ran out"));
	verification = verify(pki, file, &bundle, PKI_NOW + 91 * DAY);
	assert_int_equal(verification.outcome, OUTCOME_UNDECIDED);
	assert_true(has_reason(&verification, "The trust list ran out"));
}

static void
a_trial_has_no_legal_effect(void **state)
{
	struct pki *pki = *state;
	struct certificate claims = pki_claims(pki);
	struct registry *registry;
	struct span file;
	char number[NUMBER_SIZE];
	struct bundle bundle;
	struct trust trust;
	struct verification_request request = {
	    .trust = &trust, .root_known = true, .bundle = &bundle, .at = PKI_NOW};
	struct verification verification;

	claims.trial = true;
	assert_ok(pki->job, registry_open(pki->job, pki->registry, true, &registry));
	assert_ok(pki->job,
	    registry_accept(pki->job, registry, pki_sign(pki, &claims), PKI_NOW, number, &file));
	registry_close(registry);
	bundle = pki_bundle(pki, PKI_NOW);
	trust = pki_trust(pki);
	assert_ok(pki->job, certificate_verify(pki->job, NULL, file, &request, &verification));
	assert_int_equal(verification.outcome, OUTCOME_UNDECIDED);
	request.accept_trial = true;
	assert_ok(pki->job, certificate_verify(pki->job, NULL, file, &request, &verification));
	assert_int_equal(verification.outcome, OUTCOME_VALID);
}

static void
change(struct pki *pki, const char *number, enum event_type type, int64_t now)
{
	static const char *const removed[] = {"C-200 VN"};
	struct registry *registry;

	assert_ok(pki->job, registry_open(pki->job, pki->registry, true, &registry));
	assert_ok(pki->job, registry_change(pki->job, registry, number, type, "lỗ hổng <1>",
				removed, type == EVENT_REDUCE, now));
	registry_close(registry);
}

static void
a_withdrawn_certificate_was_valid_before(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	struct span file = pki_register(pki, "a", PKI_NOW, number);
	struct bundle bundle;
	struct verification verification;

	change(pki, number, EVENT_WITHDRAW, PKI_NOW + 2 * DAY);
	bundle = pki_bundle(pki, PKI_NOW + 3 * DAY);
	verification = verify(pki, file, &bundle, PKI_NOW + 3 * DAY);
	assert_int_equal(verification.outcome, OUTCOME_NOT_VALID);
	assert_int_equal(verification.state, STATE_WITHDRAWN);
	assert_string_equal(verification.reasons[0].data[0], "2026-11-24");
	assert_string_equal(verification.reasons[0].data[1], "lỗ hổng <1>");
	verification = verify(pki, file, &bundle, PKI_NOW + DAY);
	assert_int_equal(verification.outcome, OUTCOME_VALID);
}

static void
an_annulled_certificate_never_was_valid(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	struct span file = pki_register(pki, "a", PKI_NOW, number);
	struct bundle bundle;

	change(pki, number, EVENT_ANNUL, PKI_NOW + 2 * DAY);
	bundle = pki_bundle(pki, PKI_NOW + 3 * DAY);
	assert_int_equal(verify(pki, file, &bundle, PKI_NOW + DAY).outcome, OUTCOME_NOT_VALID);
}

static void
a_suspension_can_be_lifted(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	struct span file = pki_register(pki, "a", PKI_NOW, number);
	struct bundle bundle;

	change(pki, number, EVENT_SUSPEND, PKI_NOW + DAY);
	change(pki, number, EVENT_REINSTATE, PKI_NOW + 2 * DAY);
	bundle = pki_bundle(pki, PKI_NOW + 3 * DAY);
	assert_int_equal(verify(pki, file, &bundle, PKI_NOW + DAY).outcome, OUTCOME_NOT_VALID);
	assert_int_equal(verify(pki, file, &bundle, PKI_NOW + 2 * DAY).outcome, OUTCOME_VALID);
}

static void
goods_are_matched_by_meaning_not_spelling(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	struct span file = pki_register(pki, "a", PKI_NOW, number);
	struct bundle bundle = pki_bundle(pki, PKI_NOW);
	struct trust trust = pki_trust(pki);
	static const struct {
		const char *name, *value;
		enum outcome outcome;
	} rows[] = {
	    {"model", "c 200", OUTCOME_VALID},
	    {"model", "Ｃ－200", OUTCOME_VALID},
	    {"model", "C200-VN", OUTCOME_VALID},
	    {"model", "C-2000", OUTCOME_NOT_VALID},
	    {"model", "-", OUTCOME_NOT_VALID},
	    {"firmware", "1.2.3", OUTCOME_VALID},
	    {"firmware", "1.2.4", OUTCOME_NOT_VALID},
	    {"hs", "8525.81.10", OUTCOME_VALID},
	    {"hs", "8525.89.10", OUTCOME_NOT_VALID},
	    {"gtin", "8931234567890", OUTCOME_VALID},
	    {"gtin", "8931234567891", OUTCOME_NOT_VALID},
	    {"importer", "Somebody", OUTCOME_NOT_VALID},
	    {"lot", "7", OUTCOME_NOT_VALID},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct expectation expectation = {rows[i].name, rows[i].value};
		struct verification_request request = {.trust = &trust,
		    .root_known = true,
		    .bundle = &bundle,
		    .at = PKI_NOW,
		    .expectations = &expectation,
		    .expectation_count = 1};
		struct verification verification;

		assert_ok(
		    pki->job, certificate_verify(pki->job, NULL, file, &request, &verification));
		if (verification.outcome != rows[i].outcome)
			fail_msg("%s=%s", rows[i].name, rows[i].value);
	}
}

static void
a_reduced_certificate_no_longer_covers_what_was_removed(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	struct span file = pki_register(pki, "a", PKI_NOW, number);
	struct trust trust = pki_trust(pki);
	struct bundle bundle;
	struct expectation expectation = {"model", "C 200"};
	struct verification_request request = {.trust = &trust,
	    .root_known = true,
	    .bundle = &bundle,
	    .at = PKI_NOW + DAY,
	    .expectations = &expectation,
	    .expectation_count = 1};
	struct verification verification;

	change(pki, number, EVENT_REDUCE, PKI_NOW);
	bundle = pki_bundle(pki, PKI_NOW);
	assert_ok(pki->job, certificate_verify(pki->job, NULL, file, &request, &verification));
	assert_int_equal(verification.outcome, OUTCOME_VALID);
	assert_true(has_reason(&verification, "Reduced since"));
	expectation.value = "C-200VN";
	assert_ok(pki->job, certificate_verify(pki->job, NULL, file, &request, &verification));
	assert_int_equal(verification.outcome, OUTCOME_NOT_VALID);
}

static void
an_unallotted_number_is_not_valid(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE], other[NUMBER_SIZE];
	struct trust trust = pki_trust(pki);
	struct bundle bundle;
	struct verification_request request = {
	    .trust = &trust, .root_known = true, .bundle = &bundle, .at = PKI_NOW};
	struct verification verification;

	pki_register(pki, "a", PKI_NOW, number);
	bundle = pki_bundle(pki, PKI_NOW);
	number_make(2026, 77, other);
	assert_ok(pki->job, number_verify(pki->job, other, &request, &verification));
	assert_int_equal(verification.outcome, OUTCOME_NOT_VALID);
	assert_ok(pki->job, number_verify(pki->job, number, &request, &verification));
	assert_int_equal(verification.outcome, OUTCOME_UNDECIDED);
	number[9] = number[9] == '9' ? '0' : '9';
	assert_ok(pki->job, number_verify(pki->job, number, &request, &verification));
	assert_int_equal(verification.outcome, OUTCOME_NOT_VALID);
}

static void
a_receipt_of_another_certificate_is_refused(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	struct span first = pki_register(pki, "a", PKI_NOW, number);
	struct span second = pki_register(pki, "b", PKI_NOW, number);
	struct bundle bundle = pki_bundle(pki, PKI_NOW);
	struct signature signature;
	struct span mixed;

	assert_ok(pki->job, signature_read(pki->job, second, (struct span){0}, &signature));
	assert_ok(pki->job, signature_attach(pki->job, first, signature.receipt, &mixed));
	assert_int_equal(verify(pki, mixed, &bundle, PKI_NOW).outcome, OUTCOME_NOT_VALID);
}

static void
a_bundle_of_another_authority_is_refused(void **state)
{
	struct pki *pki = *state, *other = pki_new();
	struct trust trust = pki_trust(pki);
	struct registry *registry;
	struct bundle bundle;
	struct span der;

	assert_ok(other->job, registry_open(other->job, other->registry, true, &registry));
	assert_ok(other->job, registry_bundle(other->job, registry, PKI_NOW, &der));
	registry_close(registry);
	assert_int_equal(
	    bundle_read(pki->job, der, &trust.root.fingerprint, &bundle), STATUS_REFUSED);
	pki_free(other);
}

/* Complete and consistent, with root, body, registry and bundle: only its root gives it away. */
static void
an_authority_of_ones_own_making_vouches_for_nothing(void **state)
{
	struct pki *pki = *state, *forger = pki_new();
	char number[NUMBER_SIZE], hex[DIGEST_HEX_SIZE];
	struct span file = pki_register(forger, "a", PKI_NOW, number);
	struct bundle forged = pki_bundle(forger, PKI_NOW), bundle = pki_bundle(pki, PKI_NOW);
	struct verification_request request = {
	    .trust = &forged.trust, .bundle = &forged, .at = PKI_NOW};
	struct verification verification;

	assert_ok(
	    forger->job, certificate_verify(forger->job, NULL, file, &request, &verification));
	assert_int_equal(verification.outcome, OUTCOME_UNDECIDED);
	assert_false(verification.genuine);
	assert_false(verification.status_known);
	assert_null(verification.number);
	assert_true(has_reason(&verification, "The root of \"{}\" is not known here"));
	digest_to_hex(&forged.trust.root.fingerprint, hex);
	assert_string_equal(verification.reasons[0].data[1], hex);
	assert_ok(forger->job, number_verify(forger->job, number, &request, &verification));
	assert_int_equal(verification.outcome, OUTCOME_UNDECIDED);
	assert_false(verification.status_known);
	assert_int_equal(verify(pki, file, &bundle, PKI_NOW).outcome, OUTCOME_NOT_VALID);
	pki_free(forger);
}

static void
an_altered_file_is_not_valid_whatever_its_root(void **state)
{
	struct pki *pki = *state;
	char number[NUMBER_SIZE];
	struct span file = pki_register(pki, "a", PKI_NOW, number);
	struct bundle bundle = pki_bundle(pki, PKI_NOW);
	struct verification_request request = {
	    .trust = &bundle.trust, .bundle = &bundle, .at = PKI_NOW};
	struct verification verification;
	uint8_t *copy = arena_allocate(pki->job, file.size);
	size_t at = span_find(file, "C-200", 5, 0);

	assert_non_null(copy);
	assert_true(at < file.size);
	memcpy(copy, file.at, file.size);
	copy[at] = 'D';
	assert_ok(pki->job, certificate_verify(pki->job, NULL, (struct span){copy, file.size},
				&request, &verification));
	assert_int_equal(verification.outcome, OUTCOME_NOT_VALID);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_registered_certificate_is_valid),
	    TEST(without_a_status_list_it_cannot_be_told),
	    TEST(signed_but_not_registered_is_not_valid),
	    TEST(registered_after_the_status_list_cannot_be_told),
	    TEST(no_altered_byte_verifies),
	    TEST(no_cut_file_verifies),
	    TEST(trailing_bytes_are_refused),
	    TEST(dates_are_legal_days),
	    TEST(an_old_status_list_and_an_old_trust_list_cannot_tell),
	    TEST(a_trial_has_no_legal_effect),
	    TEST(a_withdrawn_certificate_was_valid_before),
	    TEST(an_annulled_certificate_never_was_valid),
	    TEST(a_suspension_can_be_lifted),
	    TEST(goods_are_matched_by_meaning_not_spelling),
	    TEST(a_reduced_certificate_no_longer_covers_what_was_removed),
	    TEST(an_unallotted_number_is_not_valid),
	    TEST(a_receipt_of_another_certificate_is_refused),
	    TEST(a_bundle_of_another_authority_is_refused),
	    TEST(an_authority_of_ones_own_making_vouches_for_nothing),
	    TEST(an_altered_file_is_not_valid_whatever_its_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
