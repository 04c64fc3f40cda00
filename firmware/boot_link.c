/* A program goes by the name of what its link leads to, where that is a daemon. */
#include <stdio.h>
#include <string.h>

#include "firmware/boot.h"

/* The entry at `path` from `folder`, a link itself, though folders on the way may be links. */
static const struct node *
entry_at(const struct boot *boot, const char *folder, const char *path)
{
	const char *name = launch_base_name(path);
	const struct node *parent;
	char way[PLACES_MAX_PATH];
	size_t size = (size_t)(name - path);

	if (size + 2 >= sizeof way || strlen(name) >= 256)
		return NULL;
	memcpy(way, path, size);
	memcpy(way + size, ".", 2);
	parent = places_find(boot->places, boot->root, folder, way);
	if (parent == NULL || strlen(parent->local) + 258 >= sizeof way)
		return NULL;
	snprintf(way, sizeof way, "%s/%s", parent == boot->root ? "" : parent->local, name);
	return places_at(boot->places, boot->root, way);
}

/* The daemon that a program of another name is a link to; NULL where it is to none. */
const char *
boot_real_name(const struct boot *boot, const char *word)
{
	static const char *const folders[] = {"/usr/sbin", "/usr/bin", "/sbin", "/bin"};
	const struct node *node = NULL;

	if (strchr(word, '/') != NULL)
		node = entry_at(boot, "/", word);
	for (size_t i = 0; i < ARRAY_SIZE(folders) && strchr(word, '/') == NULL && node == NULL;
	     i++)
		node = entry_at(boot, folders[i], word);
	for (int links = 0; links < 8 && node != NULL && node->type == NODE_LINK &&
			    node->link_target != NULL && node->parent != NULL;
	     links++) {
		const char *name = launch_base_name(node->link_target);

		/* one program of many names goes by the name it is called */
		if (boot_daemon(name) != NULL && strncmp(name, "dropbear", 8) != 0)
			return name;
		node = entry_at(boot, node->parent == boot->root ? "/" : node->parent->local,
		    node->link_target);
	}
	return NULL;
}
