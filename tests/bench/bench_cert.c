/*
 * How many different certificates a second are verified in full: signature,
 * claims, rights, receipt, status and one expectation.
 */
#include "tests/support/pki.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <time.h>

#define CERTIFICATES 200
#define SECONDS 3.0

static double
elapsed(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static void
measure(struct pki *pki, const struct span *files, const struct verification_request *request,
    const char *name)
{
	struct identity_cache *cache = identity_cache_new();
	struct timespec start;
	unsigned long count = 0;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (elapsed(&start) < SECONDS) {
		struct arena_mark mark = arena_mark(pki->job->arena);
		struct verification verification;

		assert_ok(pki->job, certificate_verify(pki->job, cache,
					files[count++ % CERTIFICATES], request, &verification));
		assert_int_equal(verification.outcome, OUTCOME_VALID);
		arena_release(pki->job->arena, mark);
	}
	printf("%s %.0f\n", name, (double)count / elapsed(&start));
	identity_cache_free(cache);
}

int
main(void)
{
	struct pki *pki = pki_new();
	struct span files[CERTIFICATES], bare[CERTIFICATES];
	struct expectation expectation = {"model", "C 200"};
	struct verification_request request = {.root_known = true,
	    .at = PKI_NOW,
	    .expectations = &expectation,
	    .expectation_count = 1};
	struct bundle bundle;
	struct trust trust = pki_trust(pki);
	char number[NUMBER_SIZE];

	for (unsigned i = 0; i < CERTIFICATES; i++) {
		struct certificate claims = pki_claims(pki);

		claims.reference = arena_printf(pki->job, "B-%u", i);
		files[i] = pki_register(pki, claims.reference, PKI_NOW, number);
		bare[i] = pki_sign(pki, &claims);
	}
	bundle = pki_bundle(pki, PKI_NOW);
	request.bundle = &bundle;
	request.trust = &trust;
	measure(pki, bare, &request, "certificate");
	measure(pki, files, &request, "with-receipt");
	pki_free(pki);
	return 0;
}
