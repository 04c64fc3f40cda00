/* "../../etc/passwd" in an archive is a finding, never a path. */
#include "firmware/archive.h"

#include "base/arena.h"

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

enum status
archive_tree_add(struct archive_tree *archive, const struct entry *entry, struct span content)
{
	struct job *job = unpack_tree_job(archive->unpack);
	struct entry own = *entry;
	struct node *folder, *node;
	enum status status = folders_split(job, archive->folders, entry->name, &folder, &own.name);

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
