/* A yes needs a given key, for every byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "app/update_check.h"

#include <cmocka.h>

#define MAX_FACTS 8

struct sample {
	struct fact facts[MAX_FACTS];
	struct fact_list list;
};

/* An image of which everything was read. */
static void
begin(struct sample *sample)
{
	struct fact looked = fact_new(FACT_looked);

	*sample = (struct sample){0};
	looked.as.looked.kind = "update_signature";
	looked.as.looked.complete = 1;
	sample->list.facts = sample->facts;
	sample->facts[sample->list.count++] = looked;
}

static struct update_signature_fact *
add(struct sample *sample, const char *path, const char *container, int64_t offset, int64_t present)
{
	struct fact *fact = &sample->facts[sample->list.count++];

	*fact = fact_new(FACT_update_signature);
	fact->path = path;
	fact->offset = offset;
	fact->as.update_signature.container = container;
	fact->as.update_signature.present = present;
	fact->as.update_signature.scheme = present == 1 ? "rsa" : "checksum";
	return &fact->as.update_signature;
}

static void
verify(struct update_signature_fact *signature, const char *with, const char *covers)
{
	signature->verified = 1;
	signature->verified_with = with;
	signature->covers = covers;
}

/* Of "0.gzip/data": how far the container in it reaches, and the file. */
static void
add_sizes(struct sample *sample, int64_t container, int64_t bytes)
{
	struct fact *region = &sample->facts[sample->list.count++];
	struct fact *file = &sample->facts[sample->list.count++];

	*region = fact_new(FACT_region);
	region->offset = 0;
	region->as.region.parent = "0.gzip/data";
	region->as.region.format = "fit";
	region->as.region.coverage = "read";
	region->as.region.bytes = container;
	*file = fact_new(FACT_file);
	file->path = "0.gzip/data";
	file->as.file.bytes = bytes;
}

static void
a_given_key_over_everything_is_a_yes(void **state)
{
	struct sample sample;

	(void)state;
	begin(&sample);
	verify(add(&sample, "0.fit", "fit", 0, 1), "vendor.pem", "everything");
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_OK);
	/* a second container beside it, that nobody signed */
	add(&sample, "1000.uimage", "uimage", 4096, 0);
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_UNDECIDED);
}

static void
an_embedded_key_alone_is_none(void **state)
{
	struct sample sample;

	(void)state;
	begin(&sample);
	verify(add(&sample, "0.swu", "swu", 0, 1), "embedded", "everything");
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_UNDECIDED);
}

static void
a_part_or_a_gap_is_no_yes(void **state)
{
	struct sample sample;
	struct fact *gap;

	(void)state;
	begin(&sample);
	verify(add(&sample, "0.fit", "fit", 0, 1), "vendor.pem", "part");
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_UNDECIDED);
	begin(&sample);
	verify(add(&sample, "0.fit", "fit", 0, 1), "vendor.pem", "everything");
	gap = &sample.facts[sample.list.count++];
	*gap = fact_new(FACT_region);
	gap->as.region.parent = "";
	gap->as.region.coverage = "gap";
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_UNDECIDED);
	gap->as.region.coverage = "padding";
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_OK);
}

static void
what_does_not_verify_or_is_not_signed_is_a_no(void **state)
{
	struct sample sample;

	(void)state;
	begin(&sample);
	add(&sample, "0.fit", "fit", 0, 1)->verified = 0;
	verify(add(&sample, "1000.swu", "swu", 4096, 1), "vendor.pem", "everything");
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_NO);
	assert_string_equal(update_answer_of(&sample.list).name, "not verified");
	begin(&sample);
	add(&sample, "0.trx", "trx", 0, 0);
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_NO);
	assert_string_equal(update_answer_of(&sample.list).name, "not signed");
	sample.facts[0].as.looked.complete = 0; /* what was not read may be signed */
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_UNDECIDED);
	begin(&sample);
	add(&sample, "0.xz", "xz", 0, 0);
	add(&sample, "0.xz/data/0.fit", "fit", 0, UNKNOWN);
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_UNDECIDED);
}

static void
what_a_signature_covers_needs_none_of_its_own(void **state)
{
	struct sample sample;

	(void)state;
	begin(&sample);
	add(&sample, "0.squashfs", "squashfs", 0, 0);
	verify(add(&sample, "800.fwtool", "fwtool", 2048, 1), "build.pub", "everything");
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_OK);
	sample.facts[1].offset = 4096; /* behind it: nobody signed that */
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_UNDECIDED);
	begin(&sample);
	add(&sample, "0.gzip", "gzip", 0, 0);
	verify(add(&sample, "0.gzip/data", "fit", UNKNOWN, 1), "vendor.pem", "everything");
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_UNDECIDED);
	add_sizes(&sample, 1000, 1000);
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_OK);
	sample.facts[sample.list.count - 1].as.file.bytes = 1001; /* one more byte behind it */
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_UNDECIDED);
	begin(&sample);
	add(&sample, "0.zip", "zip", 0, 0);
	verify(add(&sample, "0.zip/update.swu", "swu", UNKNOWN, 1), "vendor.pem", "everything");
	assert_int_equal(update_answer_of(&sample.list).status, STATUS_UNDECIDED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_given_key_over_everything_is_a_yes),
	    cmocka_unit_test(an_embedded_key_alone_is_none),
	    cmocka_unit_test(a_part_or_a_gap_is_no_yes),
	    cmocka_unit_test(what_does_not_verify_or_is_not_signed_is_a_no),
	    cmocka_unit_test(what_a_signature_covers_needs_none_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
