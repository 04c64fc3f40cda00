/* A path leads where the image's links lead, and a link to itself leads nowhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/places.h"
#include "firmware/tree.h"
#include "firmware/uci.h"

#include <cmocka.h>

static struct node *
put(struct job *job, struct tree *tree, struct node *parent, const char *name, enum node_type type,
    const char *target)
{
	struct entry entry = {.name = span_of_string(name), .type = type, .mode = 0755};
	struct node *node = NULL;

	if (target != NULL)
		entry.target = span_of_string(target);
	assert_int_equal(tree_add(job, tree, parent, &entry, &node), STATUS_OK);
	return node;
}

static void
follows_links_within_a_file_system(void **state)
{
	struct job *job = job_new((size_t)8 << 20);
	struct tree *tree = tree_new(job, 1);
	struct node *top, *etc, *lib, *deep;
	const struct node *file;
	struct places *places;

	(void)state;
	assert_int_equal(tree_add_container(job, tree, tree->root, 0, "squashfs", &top), STATUS_OK);
	etc = put(job, tree, top, "etc", NODE_FOLDER, NULL);
	lib = put(job, tree, top, "usr", NODE_FOLDER, NULL);
	deep = put(job, tree, lib, "lib", NODE_FOLDER, NULL);
	file = put(job, tree, deep, "x", NODE_FILE, NULL);
	put(job, tree, top, "lib", NODE_LINK, "usr/lib");
	put(job, tree, etc, "S10x", NODE_LINK, "../lib/x");
	put(job, tree, etc, "loop", NODE_LINK, "loop");
	put(job, tree, etc, "ring", NODE_LINK, "/etc/ring2");
	put(job, tree, etc, "ring2", NODE_LINK, "ring");
	places = places_new(job, tree);
	assert_non_null(places);
	assert_ptr_equal(places_root(file), top);
	assert_ptr_equal(places_find(places, top, NULL, "/lib/x"), file);
	assert_ptr_equal(places_find(places, top, NULL, "/etc/S10x"), file);
	assert_ptr_equal(places_find(places, top, "/etc", "../../../usr//lib/./x"), file);
	assert_ptr_equal(places_find(places, top, NULL, "/"), top);
	assert_null(places_find(places, top, NULL, "/etc/loop"));
	assert_null(places_find(places, top, NULL, "/etc/ring"));
	assert_null(places_find(places, top, NULL, "/none/x"));
	assert_null(places_find(places, tree->root, NULL, "/lib/x"));
	assert_int_equal(places_at(places, top, "/lib")->type, NODE_LINK);
	job_free(job);
}

static void
reads_sections_options_and_lists(void **state)
{
	struct uci uci =
	    uci_read(span_of_string("config a 'first'\n\toption x '1 2'\n\tlist y a\n\tlist y "
				    "\"b\"\nconfig b\n\toption x\n\nconfig a\n\toption z 3\n"));

	(void)state;
	assert_int_equal(uci.count, 3);
	assert_int_equal(uci_find(&uci, "first"), 0);
	assert_int_equal(uci_find(&uci, "@a[1]"), 2);
	assert_int_equal(uci_find(&uci, "#1"), 1);
	assert_int_equal(uci_find(&uci, "#9"), UCI_MAX_SECTIONS);
	assert_int_equal(uci_find(&uci, ""), UCI_MAX_SECTIONS);
	assert_true(span_equal(uci_option(&uci, 0, "x", 0), span_of_string("1 2")));
	assert_true(span_equal(uci_option(&uci, 0, "y", 1), span_of_string("b")));
	assert_null(uci_option(&uci, 0, "y", 2).at);
	assert_null(uci_option(&uci, 0, "z", 0).at);
	assert_int_equal(uci_option(&uci, 1, "x", 0).size, 0);
	assert_null(uci_option(&uci, UCI_MAX_SECTIONS, "x", 0).at);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(follows_links_within_a_file_system),
	    cmocka_unit_test(reads_sections_options_and_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
