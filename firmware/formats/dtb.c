/* A device tree tells a kernel its board: small, but it names the product, and anything may be a
 * property. */
#include "base/arena.h"
#include "base/text.h"
#include "firmware/device_tree.h"

#define MAX_TEXT 64u

/* What its root says of the board. */
struct board {
	struct span model, compatible;
	bool damaged;
	uint64_t structure_end;
};

static struct board
read_board(const struct device_tree *tree)
{
	struct device_tree_walk walk = device_tree_walk(tree);
	struct board board = {0};
	enum device_tree_token token;

	while ((token = device_tree_next(&walk)) < DEVICE_TREE_END) {
		if (token != DEVICE_TREE_PROPERTY || walk.depth != 1)
			continue;
		if (span_equal(walk.name, span_of_string("model")))
			board.model = device_tree_string(walk.value);
		else if (span_equal(walk.name, span_of_string("compatible")))
			board.compatible = device_tree_string(walk.value);
	}
	board.damaged = token == DEVICE_TREE_DAMAGED;
	board.structure_end = tree->structure_at;
	if (!board.damaged)
		board.structure_end += tree->structure.size - walk.reader.rest.size;
	return board;
}

static const char *
describe(struct job *job, const struct device_tree *tree, const struct board *board)
{
	struct text detail = text_new(job);
	const char *model = text_from_bytes(job, board->model.at, board->model.size, MAX_TEXT);
	const char *compatible =
	    text_from_bytes(job, board->compatible.at, board->compatible.size, MAX_TEXT);
	const char *string;

	if (model == NULL || compatible == NULL)
		return NULL;
	text_printf(&detail, "version %u", tree->version);
	if (model[0] != '\0')
		text_printf(&detail, ", \"%s\"", model);
	if (compatible[0] != '\0')
		text_printf(&detail, ", compatible %s", compatible);
	return text_finish(&detail, &string) == STATUS_OK ? string : NULL;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct device_tree tree;
	struct board board = {0};
	bool cut;

	if (!device_tree_open(at, &tree))
		return;
	cut = tree.total > at.size;
	if (tree.readable)
		board = read_board(&tree);
	/* the number alone is in every boot loader */
	if ((!tree.readable || board.damaged) && tree.reserved_size == 0 && !claim->expected)
		return;
	claim->bytes = cut ? at.size : tree.total;
	claim->detail = describe(job, &tree, &board);
	if (cut)
		claim->incomplete = "the device tree or FIT image is cut short";
	else if (tree.version < 16)
		claim->incomplete = "a device tree of a version before 16 is not read";
	else if (!tree.readable || board.damaged)
		claim->incomplete = "the device tree is damaged";
	if (claim->incomplete != NULL)
		claim->coverage = COVERAGE_DAMAGED;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct extents extents = {0};
	struct device_tree tree;
	struct board board;

	if (!device_tree_open(content, &tree))
		return fail(job, STATUS_MALFORMED, "dtb: no header");
	if (!tree.readable) { /* what is there of it may still hold something */
		TRY(extents_add(job, &extents, 0, 4));
		return extents_tell_rest(&extents, unpack, container, content);
	}
	board = read_board(&tree);
	TRY(device_tree_tell_large(job, unpack, container, &tree, NULL, 0));
	TRY(device_tree_cover(job, &extents, &tree, board.structure_end));
	return extents_tell_rest(&extents, unpack, container, content);
}

static const struct magic magics[] = {{.pattern = "\\xd0\\x0d\\xfe\\xed", .length = 4}};

const struct format format_dtb = {
    .name = "dtb",
    .title = "flattened device tree",
    .source = "Devicetree Specification 0.4, chapter 5",
    .gaps = "versions before 16; properties of 512 bytes and more are files, smaller ones are not "
	    "told",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
