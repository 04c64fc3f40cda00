/* "../../etc/passwd" in an archive is a finding, never a path. */
#include "firmware/archive.h"

#include "base/arena.h"
#include "base/text.h"

#define MAX_TARGET 4095u /* no system follows a longer one */

struct archive_tree {
	struct unpack *unpack;
	struct node *container;
	struct folders *folders;
};

struct archive_tree *
archive_tree_new(struct unpack *unpack, struct node *container)
{
	struct job *job = unpack_tree_job(unpack);
	struct archive_tree *archive = arena_allocate(job, sizeof *archive);

	if (archive == NULL)
		return NULL;
	archive->unpack = unpack;
	archive->container = container;
	archive->folders = folders_new(job, unpack_tree(unpack), container);
	return archive->folders == NULL ? NULL : archive;
}

/* Bytes that would be passed over; NULL: there are none. */
static const char *
complaint(const struct entry *entry, bool named, struct span content)
{
	switch (entry->type) {
	case NODE_FILE:
		return !named && content.size != 0 ? "a file without a name" : NULL;
	case NODE_LINK:
		if (entry->target.size > MAX_TARGET)
			return "a link whose target is longer than any may be";
		return !named && entry->target.size != 0 ? "a link without a name" : NULL;
	default:
		return content.size != 0 ? "content of what is no file" : NULL;
	}
}

static enum status
tell(struct archive_tree *archive, const struct entry *entry, struct span content, const char *why)
{
	const char *name = text_from_bytes(
	    unpack_tree_job(archive->unpack), entry->name.at, entry->name.size, 200);

	if (name == NULL)
		return STATUS_LIMIT;
	return unpack_damage(archive->unpack, archive->container, 0,
	    entry->type == NODE_LINK ? entry->target.size : content.size, COVERAGE_DAMAGED,
	    "%s: %s", name, why);
}

enum status
archive_tree_add(struct archive_tree *archive, const struct entry *entry, struct span content)
{
	struct job *job = unpack_tree_job(archive->unpack);
	struct entry own = *entry;
	struct node *folder, *node;
	enum status status = folders_split(job, archive->folders, entry->name, &folder, &own.name);
	const char *why =
	    status == STATUS_OK ? complaint(entry, own.name.size != 0, content) : NULL;

	if (why != NULL)
		TRY(tell(archive, entry, content, why));
	if (status == STATUS_OK && own.name.size == 0)
		return STATUS_OK; /* the top itself */
	if (status == STATUS_OK && entry->type == NODE_FOLDER)
		status = folders_enter(job, archive->folders, folder, &own, &node);
	else if (status == STATUS_OK && entry->type == NODE_FILE)
		status = unpack_file(archive->unpack, folder, &own, content, NULL);
	else if (status == STATUS_OK)
		status = unpack_entry(archive->unpack, folder, &own, &node);
	if (status == STATUS_MALFORMED)
		return unpack_damage(archive->unpack, archive->container, 0, content.size,
		    COVERAGE_DAMAGED, "%s", job->reason);
	return status;
}
