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

struct collecting *
collecting_new(void)
{
	struct job *job = job_new(BUDGET);
	struct collecting *collecting;

	assert_non_null(job);
	collecting = arena_allocate(job, sizeof *collecting);
	assert_non_null(collecting);
	collecting->job = job;
	return collecting;
}

void
collecting_free(struct collecting *collecting)
{
	job_free(collecting->job);
}

bool
collecting_bytes(struct collecting *collecting, const struct collector *collector,
    const char *local, const void *bytes, size_t size)
{
	struct evidence evidence = evidence_to_list(&collecting->list);
	uint8_t *block = block_resize(NULL, size == 0 ? 1 : size);
	struct span content = {.at = block, .size = size};
	const char *slash = strrchr(local, '/');
	struct node node = {
	    .local = local, .name = slash == NULL ? local : slash + 1, .bytes = size};
	bool wanted;

	assert_non_null(block);
	if (size != 0)
		memcpy(block, bytes, size);
	node.path = arena_printf(collecting->job, "0.squashfs%s", local);
	evidence.source = collector->name;
	wanted = collector->wants(&node, span_part(content, 0, size < 64 ? size : 64));
	if (wanted)
		assert_int_equal(collector->collect(collecting->job, &collecting->collection, &node,
				     content, &evidence),
		    STATUS_OK);
	block_free(block);
	return wanted;
}

bool
collecting_text(struct collecting *collecting, const struct collector *collector, const char *local,
    const char *text)
{
	return collecting_bytes(collecting, collector, local, text, strlen(text));
}

void
collecting_bear(const struct collector *collector, const char *local, const void *bytes,
    size_t size, size_t step)
{
	uint8_t *changed = block_resize(NULL, size);
	struct collecting *collecting;

	assert_non_null(changed);
	memcpy(changed, bytes, size);
	for (size_t cut = 0; cut < size; cut += step) {
		collecting = collecting_new();
		collecting_bytes(collecting, collector, local, changed, cut);
		collecting_free(collecting);
	}
	for (size_t i = 0; i < size; i += step) {
		changed[i] ^= (uint8_t)(1u << (i / step % 8));
		collecting = collecting_new();
		collecting_bytes(collecting, collector, local, changed, size);
		collecting_free(collecting);
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
