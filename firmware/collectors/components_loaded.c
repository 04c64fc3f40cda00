/* The library that a program loads says its version better than the program. */
#include "firmware/collectors/components_loaded.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/component.h"
#include "firmware/excerpt.h"
#include "firmware/reading.h"
#include "firmware/release.h"

#define KEEPER "components: loaded"

/* Libraries whose version others keep as they were built.  `own`: how the names of its own files
 * begin. */
static const struct {
	const char *name, *soname, *own[3];
} loaded[] = {
    {"openssl", "libcrypto.so", {"libcrypto.", "libssl.", "openssl"}},
    {"openssl", "libssl.so", {"libcrypto.", "libssl.", "openssl"}},
    {"curl", "libcurl", {"libcurl", "curl"}},
    {"zlib", "libz.so", {"libz."}},
    {"libpng", "libpng", {"libpng"}},
    {"gnutls", "libgnutls.so", {"libgnutls.", "gnutls"}},
    {"libssh", "libssh.so", {"libssh."}},
    {"libssh2", "libssh2.so", {"libssh2."}},
    {"mbedtls", "libmbedcrypto.so", {"libmbed"}},
    {"wolfssl", "libwolfssl.so", {"libwolfssl."}},
    {"libpcap", "libpcap.so", {"libpcap."}},
    {"lua", "liblua", {"liblua", "lua"}},
    {"ncurses", "libtinfo.so", {"libtinfo.", "libncurses"}},
};

/* What is kept of one, before its excerpt. */
struct record {
	size_t library; /* index of `loaded` */
	int64_t offset;
	char version[RELEASE_MAX];
	bool is_program; /* an ELF */
};

static bool
is_own(const char *file, const char *const own[3])
{
	for (size_t i = 0; i < 3 && own[i] != NULL; i++)
		if (text_starts_with(file, own[i]))
			return true;
	return false;
}

/* The library of that component that the file loads; ARRAY_SIZE(loaded) when it loads none. */
static size_t
library_of(const struct offer *offer, const char *name)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(loaded) &&
	       (strcmp(loaded[i].name, name) != 0 || is_own(offer->node->name, loaded[i].own) ||
		   span_find(offer->content, loaded[i].soname, strlen(loaded[i].soname), 0) ==
		       SIZE_MAX))
		i++;
	return i;
}

bool
components_only_loads(const struct offer *offer, const char *name)
{
	return library_of(offer, name) < ARRAY_SIZE(loaded);
}

bool
components_keep_loaded(struct job *job, const struct collection *collection,
    const struct offer *offer, const struct fact *fact)
{
	struct record record = {
	    .library = library_of(offer, fact->as.component.name),
	    .offset = fact->offset,
	    .is_program = strcmp(fact->as.component.origin, "elf") == 0,
	};
	const char *excerpt =
	    excerpt_make(job, offer->content, (uint64_t)fact->offset, (struct span){0});
	size_t size = sizeof record + (excerpt == NULL ? 0 : strlen(excerpt) + 1);
	uint8_t *bytes = arena_allocate(job, size);

	if (collection->kept == NULL || excerpt == NULL || bytes == NULL ||
	    record.library == ARRAY_SIZE(loaded))
		return false;
	memcpy(record.version, fact->as.component.version, strlen(fact->as.component.version) + 1);
	memcpy(bytes, &record, sizeof record);
	memcpy(bytes + sizeof record, excerpt, size - sizeof record);
	if (kept_add(job, collection->kept, KEEPER, offer->node, (struct span){bytes, size}) ==
	    STATUS_OK)
		return true;
	job->reason[0] = '\0';
	return false;
}

/* Which of the libraries are in the image, as files. */
static void
find_libraries(const struct tree *tree, bool there[ARRAY_SIZE(loaded)])
{
	for (const struct node *node = tree->root; node != NULL; node = node_after(node))
		for (size_t i = 0; node->type == NODE_FILE && i < ARRAY_SIZE(loaded); i++)
			there[i] |= text_starts_with(node->name, loaded[i].soname) &&
				    strstr(node->name, ".so") != NULL;
}

static enum status
tell(struct job *job, const struct kept_file *file, const struct record *record,
    struct evidence *evidence)
{
	struct fact fact = fact_in(FACT_component, file->node, (size_t)record->offset);
	const char *excerpt = (const char *)file->content.at + sizeof *record;

	fact.excerpt = excerpt[0] == '\0' ? NULL : excerpt;
	fact.as.component.name = loaded[record->library].name;
	fact.as.component.version = record->version;
	fact.as.component.origin = record->is_program ? "elf" : "string";
	fact.as.component.confidence = "possible";
	return component_add(job, evidence, &fact);
}

enum status
components_tell_loaded(
    struct job *job, const struct collection *collection, struct evidence *evidence)
{
	bool there[ARRAY_SIZE(loaded)] = {false};

	if (collection->kept == NULL)
		return STATUS_OK;
	find_libraries(collection->tree, there);
	for (const struct kept_file *file = collection->kept->first; file != NULL;
	     file = file->next) {
		struct arena_mark mark = arena_mark(job->arena);
		struct record record;

		if (strcmp(file->by, KEEPER) != 0)
			continue;
		memcpy(&record, file->content.at, sizeof record);
		if (!there[record.library])
			TRY(tell(job, file, &record, evidence));
		arena_release(job->arena, mark);
	}
	return STATUS_OK;
}
