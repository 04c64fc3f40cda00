/* The collector of what is started needs a whole tree: its folders, links and modes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/tree.h"
#include "tests/support/booting.h"

#include <cmocka.h>

extern const struct collector collector_boot_services;

static struct node *
child_named(const struct node *folder, struct span name)
{
	for (struct node *node = folder->child; node != NULL; node = node->next)
		if (strlen(node->name) == name.size && memcmp(node->name, name.at, name.size) == 0)
			return node;
	return NULL;
}

/* The folder of `path`, made where missing; `*last` is its last component. */
static struct node *
make_folders(struct collecting *collecting, struct tree *tree, struct node *top, const char *path,
    struct span *last)
{
	struct node *at = top;
	const char *slash;

	for (path++; (slash = strchr(path, '/')) != NULL; path = slash + 1) {
		struct span name = {(const uint8_t *)path, (size_t)(slash - path)};
		struct entry entry = {.name = name, .type = NODE_FOLDER, .mode = 0755};
		struct node *next = child_named(at, name);

		if (next == NULL)
			assert_int_equal(
			    tree_add(collecting->job, tree, at, &entry, &next), STATUS_OK);
		at = next;
	}
	*last = span_of_string(path);
	return at;
}

static void
offer(struct collecting *collecting, const struct node *node, struct span content)
{
	struct evidence evidence = evidence_to_list(&collecting->list);
	uint8_t *block = block_resize(NULL, content.size == 0 ? 1 : content.size);
	struct offer offered = {.node = node, .content = {block, content.size}};
	struct finds finds[64] = {0};
	bool only[64] = {0};
	size_t at = 0;

	while (firmware_collectors[at] != &collector_boot_services)
		at++;
	only[at] = true;

	assert_non_null(block);
	if (content.size != 0)
		memcpy(block, content.at, content.size);
	evidence.source = collector_boot_services.name;
	if (collector_boot_services.wants(
		node, span_part(offered.content, 0, content.size < 64 ? content.size : 64))) {
		assert_int_equal(
		    seeker_find(collecting->job, collecting->seeker, offered.content, only, finds),
		    STATUS_OK);
		offered.finds = finds[at].finds;
		offered.find_count = finds[at].count;
		assert_int_equal(collector_boot_services.collect(
				     collecting->job, &collecting->collection, &offered, &evidence),
		    STATUS_OK);
	}
	block_free(block);
}

static void
put_item(struct collecting *collecting, struct tree *tree, struct node *top,
    const struct item *item, struct span content)
{
	struct entry entry = {.type = item->link != NULL   ? NODE_LINK
				      : item->text != NULL ? NODE_FILE
							   : NODE_FOLDER,
	    .mode = item->mode == 0 ? 0755 : item->mode,
	    .bytes = content.size};
	struct node *node, *folder = make_folders(collecting, tree, top, item->path, &entry.name);

	if (item->link != NULL)
		entry.target = span_of_string(item->link);
	assert_int_equal(tree_add(collecting->job, tree, folder, &entry, &node), STATUS_OK);
	if (item->text != NULL)
		offer(collecting, node, content);
}

enum status
booting_run(
    struct collecting *collecting, const struct item *items, size_t count, struct span content)
{
	struct evidence evidence = evidence_to_list(&collecting->list);
	struct tree *tree = tree_new(collecting->job, 1);
	struct kept *kept = arena_allocate(collecting->job, sizeof *kept);
	struct node *top;

	assert_non_null(tree);
	assert_non_null(kept);
	kept->job = collecting->job;
	assert_int_equal(
	    tree_add_container(collecting->job, tree, tree->root, 0, "squashfs", &top), STATUS_OK);
	collecting->collection.tree = tree;
	collecting->collection.kept = kept;
	for (size_t i = 0; i < count; i++)
		put_item(collecting, tree, top, &items[i],
		    i == 0                  ? content
		    : items[i].text == NULL ? (struct span){0}
					    : span_of_string(items[i].text));
	evidence.source = collector_boot_services.name;
	return collector_boot_services.conclude(
	    collecting->job, &collecting->collection, &evidence);
}

struct collecting *
booting_as(const struct item *items, size_t count, enum status status)
{
	struct collecting *collecting = collecting_new();

	assert_int_equal(
	    booting_run(collecting, items, count,
		items[0].text == NULL ? (struct span){0} : span_of_string(items[0].text)),
	    status);
	return collecting;
}

struct collecting *
booting_well(const struct item *items, size_t count)
{
	return booting_as(items, count, STATUS_OK);
}

const struct boot_service_fact *
booting_named(const struct collecting *collecting, const char *name, size_t n)
{
	const struct fact *fact;

	for (size_t i = 0; (fact = collecting_fact(collecting, FACT_boot_service, i)) != NULL; i++)
		if (strcmp(fact->as.boot_service.name, name) == 0 && n-- == 0)
			return &fact->as.boot_service;
	return NULL;
}

const struct boot_service_fact *
booting_service(const struct collecting *collecting, const char *name)
{
	const struct boot_service_fact *fact = booting_named(collecting, name, 0);

	if (fact == NULL)
		fail_msg("no service %s", name);
	return fact;
}
