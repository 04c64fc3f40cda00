/* What a program asks its loader for is what it cannot do itself: cryptography, commands, copies
 * without bounds. */
#include <string.h>

#include "base/arena.h"
#include "firmware/collector.h"
#include "firmware/elf_file.h"
#include "firmware/reading.h"

static const struct {
	const char *symbol, *concern;
} matters[] = {
#define IMPORT(symbol, concern) {#symbol, concern},
#include "firmware/collectors/elf_imports.def"
#undef IMPORT
};

static bool
wants(const struct node *node, struct span head)
{
	return node->type == NODE_FILE && span_starts_with(head, ELF_FILE_MAGIC, 4);
}

/* Its place in the table, which is sorted; SIZE_MAX when it does not matter. */
static size_t
place_of(struct span name)
{
	size_t low = 0, high = ARRAY_SIZE(matters);

	while (low < high) {
		const size_t middle = low + (high - low) / 2,
			     length = strlen(matters[middle].symbol);
		const size_t shorter = length < name.size ? length : name.size;
		int order = memcmp(name.at, matters[middle].symbol, shorter);

		if (order == 0 && length == name.size)
			return middle;
		if (order < 0 || (order == 0 && name.size < length))
			high = middle;
		else
			low = middle + 1;
	}
	return SIZE_MAX;
}

static enum status
add(struct job *job, const struct offer *offer, struct span at, size_t place, struct span library,
    struct evidence *evidence)
{
	struct fact fact = fact_in(FACT_import, offer->node, (uint64_t)(at.at - offer->content.at));

	if (place != SIZE_MAX) {
		fact.as.import.symbol = matters[place].symbol;
		fact.as.import.concern = matters[place].concern;
	}
	if (library.size != 0) {
		fact.as.import.library = span_text(job, library);
		if (fact.as.import.library == NULL)
			return STATUS_LIMIT;
	}
	return evidence_add(evidence, job, &fact);
}

static enum status
add_libraries(struct job *job, const struct offer *offer, const struct elf_file *file,
    struct evidence *evidence)
{
	for (size_t i = 0; i < file->needed_count; i++)
		if (file->needed[i].size != 0)
			TRY(add(job, offer, file->needed[i], SIZE_MAX, file->needed[i], evidence));
	return STATUS_OK;
}

/* Each once, however often the table names it. */
static enum status
add_functions(struct job *job, const struct offer *offer, const struct elf_file *file,
    struct evidence *evidence)
{
	bool told[ARRAY_SIZE(matters)] = {false};
	struct elf_symbol symbol;

	for (size_t i = 0; i < file->dynamic.count; i++) {
		size_t place;

		if (!elf_file_symbol(&file->dynamic, i, &symbol) || !symbol.undefined)
			continue;
		place = place_of(symbol.name);
		if (place == SIZE_MAX || told[place])
			continue;
		told[place] = true;
		TRY(add(job, offer, symbol.name, place, elf_file_library(file, i), evidence));
	}
	return STATUS_OK;
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	struct elf_file file;
	enum status status = STATUS_OK;

	(void)collection;
	if (elf_file_open(offer->content, &file)) {
		status = add_libraries(job, offer, &file, evidence);
		if (status == STATUS_OK)
			status = add_functions(job, offer, &file, evidence);
		if (status == STATUS_OK && (file.needed_cut || file.symbols_cut))
			status = evidence_looked(evidence, job, FACT_import, false,
			    "limit: a program asks for too many things", UNKNOWN);
	}
	elf_file_close(&file);
	return status;
}

static const enum fact_kind looks_for[] = {FACT_import};

const struct collector collector_elf_imports = {
    .name = "elf_imports",
    .title = "libraries a program is linked with, and the functions it asks for that matter: "
	     "cryptography, random numbers, commands, copies without bounds; a static program asks "
	     "for none",
    .source = "System V gABI chapter 5; Linux Standard Base 5.0, symbol versioning",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .whole_files = true,
    .wants = wants,
    .collect = collect,
};
