/* One pass finds what all seek, and every pattern matches as many bytes as it says. */
#include <hs/hs.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/format.h"
#include "firmware/seeker.h"

#include <cmocka.h>

static void
what_is_sought_is_found_once_and_in_order(void **state)
{
	struct job *job = job_new((size_t)64 << 20);
	struct seeker *seeker = seeker_new(job);
	struct finds finds[64] = {0};
	bool wanted[64] = {false};
	size_t before = 0, seekers = 0;

	(void)state;
	assert_non_null(seeker);
	memset(wanted, 1, sizeof wanted);
	assert_int_equal(
	    seeker_find(job, seeker, span_of_string("x://y -----BEGIN A http://b -----BEGIN C"),
		wanted, finds),
	    STATUS_OK);
	for (size_t i = 0; i < firmware_collector_count; i++) {
		if (strcmp(firmware_collectors[i]->name, "keys") != 0) {
			seekers += finds[i].count != 0;
			continue;
		}
		for (size_t k = 0; k < finds[i].count; k++) {
			assert_true(finds[i].finds[k].at > before);
			before = finds[i].finds[k].at;
		}
		assert_int_equal(before, 28);
	}
	assert_true(seekers != 0);
	seeker_free(seeker);
	job_free(job);
}

static void
more_than_anybody_may_ask_for_is_said_to_be_cut(void **state)
{
	struct job *job = job_new((size_t)64 << 20);
	struct seeker *seeker = seeker_new(job);
	struct finds finds[64] = {0};
	bool wanted[64] = {false};
	size_t cut = 0, size = 3 * (COLLECTOR_MAX_FINDS + 2);
	uint8_t *bytes = arena_allocate(job, size);

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t) "://"[i % 3];
	memset(wanted, 1, sizeof wanted);
	assert_int_equal(
	    seeker_find(job, seeker, (struct span){bytes, size}, wanted, finds), STATUS_OK);
	for (size_t i = 0; i < firmware_collector_count; i++) {
		assert_true(finds[i].count <= COLLECTOR_MAX_FINDS);
		cut += finds[i].cut;
	}
	assert_true(cut >= 2);
	seeker_free(seeker);
	job_free(job);
}

/* A wrong length would shift every place by as much, silently. */
static bool
has_length(const char *owner, const char *expression, bool caseless, size_t length)
{
	unsigned flags = HS_FLAG_DOTALL | (caseless ? HS_FLAG_CASELESS : 0);
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *error = NULL;
	bool good = hs_expression_info(expression, flags, &info, &error) == HS_SUCCESS &&
		    info->min_width == length && info->max_width == length;

	if (!good)
		print_error(
		    "%s: '%s' does not match exactly %zu bytes\n", owner, expression, length);
	hs_free_compile_error(error);
	/* the library's own allocator is the C library's, unless it was told another */
	if (info != NULL)
		(free)(info);
	return good;
}

static void
every_pattern_matches_as_many_bytes_as_it_says(void **state)
{
	size_t wrong = 0, seen = 0;

	(void)state;
	for (size_t i = 0; i < firmware_collector_count; i++)
		for (size_t k = 0; k < firmware_collectors[i]->seeks_count; k++, seen++) {
			const struct pattern *sought = &firmware_collectors[i]->seeks[k];

			wrong += !has_length(firmware_collectors[i]->name, sought->expression,
			    sought->caseless, sought->length);
		}
	for (size_t i = 0; i < firmware_format_count; i++)
		for (size_t k = 0; k < firmware_formats[i]->magic_count; k++, seen++) {
			const struct magic *magic = &firmware_formats[i]->magics[k];

			wrong += !has_length(
			    firmware_formats[i]->name, magic->pattern, false, magic->length);
		}
	assert_true(seen > 250);
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_sought_is_found_once_and_in_order),
	    cmocka_unit_test(more_than_anybody_may_ask_for_is_said_to_be_cut),
	    cmocka_unit_test(every_pattern_matches_as_many_bytes_as_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
