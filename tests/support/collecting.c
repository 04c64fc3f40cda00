/* A collector is tested as it runs: one node, its bytes, a list of facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "tests/support/collecting.h"

#include <cmocka.h>

#define BUDGET ((size_t)64 << 20)

/* Compiled once a program: a test makes thousands of `struct collecting`. */
static struct seeker *
the_seeker(void)
{
	static struct seeker *seeker;
	static struct job *volatile job; /* lives as long, and is reachable */

	if (seeker == NULL) {
		job = job_new(BUDGET);
		seeker = seeker_new(job);
	}
	return seeker;
}

struct collecting *
collecting_new(void)
{
	struct job *job = job_new(BUDGET);
	struct collecting *collecting;

	assert_non_null(job);
	collecting = arena_allocate(job, sizeof *collecting);
	assert_non_null(collecting);
	collecting->job = job;
	collecting->seeker = the_seeker();
	return collecting;
}

void
collecting_free(struct collecting *collecting)
{
	job_free(collecting->job);
}

enum status
collecting_status(struct collecting *collecting, const struct collector *collector,
    const char *local, const void *bytes, size_t size, bool *wanted)
{
	struct evidence evidence = evidence_to_list(&collecting->list);
	uint8_t *block = block_resize(NULL, size == 0 ? 1 : size);
	struct span content = {.at = block, .size = size};
	const char *slash = strrchr(local, '/');
	struct node node = {
	    .local = local, .name = slash == NULL ? local : slash + 1, .bytes = size};
	struct finds finds[64] = {0};
	struct offer offer = {.node = &node, .content = content};
	bool only[64] = {0};
	enum status status = STATUS_OK;

	assert_true(firmware_collector_count <= 64);
	assert_non_null(collecting->seeker);
	assert_non_null(block);
	if (size != 0)
		memcpy(block, bytes, size);
	node.path = arena_printf(collecting->job, "0.squashfs%s", local);
	evidence.source = collector->name;
	*wanted = collector->wants(&node, span_part(content, 0, size < 64 ? size : 64));
	for (size_t i = 0; i < firmware_collector_count && *wanted; i++) {
		only[i] = firmware_collectors[i] == collector;
		if (!only[i])
			continue;
		assert_int_equal(
		    seeker_find(collecting->job, collecting->seeker, content, only, finds),
		    STATUS_OK);
		offer.finds = finds[i].finds;
		offer.find_count = finds[i].count;
	}
	if (*wanted)
		status =
		    collector->collect(collecting->job, &collecting->collection, &offer, &evidence);
	block_free(block);
	return status;
}

bool
collecting_bytes(struct collecting *collecting, const struct collector *collector,
    const char *local, const void *bytes, size_t size)
{
	bool wanted;

	assert_int_equal(
	    collecting_status(collecting, collector, local, bytes, size, &wanted), STATUS_OK);
	return wanted;
}

bool
collecting_text(struct collecting *collecting, const struct collector *collector, const char *local,
    const char *text)
{
	return collecting_bytes(collecting, collector, local, text, strlen(text));
}

/* What is damaged may be called so; it is read to its end all the same. */
static void
bears(const struct collector *collector, const char *local, const void *bytes, size_t size)
{
	struct collecting *collecting = collecting_new();
	bool wanted;
	enum status status = collecting_status(collecting, collector, local, bytes, size, &wanted);

	assert_true(status == STATUS_OK || status == STATUS_MALFORMED);
	collecting_free(collecting);
}

void
collecting_bear(const struct collector *collector, const char *local, const void *bytes,
    size_t size, size_t step)
{
	uint8_t *changed = block_resize(NULL, size);

	assert_non_null(changed);
	memcpy(changed, bytes, size);
	for (size_t cut = 0; cut < size; cut += step)
		bears(collector, local, changed, cut);
	for (size_t i = 0; i < size; i += step) {
		changed[i] ^= (uint8_t)(1u << (i / step % 8));
		bears(collector, local, changed, size);
		changed[i] = ((const uint8_t *)bytes)[i];
	}
	block_free(changed);
}

const struct fact *
collecting_fact(const struct collecting *collecting, enum fact_kind kind, size_t n)
{
	for (size_t i = 0; i < collecting->list.count; i++)
		if (collecting->list.facts[i].kind == kind && n-- == 0)
			return &collecting->list.facts[i];
	return NULL;
}

size_t
collecting_count(const struct collecting *collecting, enum fact_kind kind)
{
	size_t count = 0;

	while (collecting_fact(collecting, kind, count) != NULL)
		count++;
	return count;
}
