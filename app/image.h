/*
 * The image a command was given.
 */
#ifndef APP_IMAGE_H
#define APP_IMAGE_H

#include "app/command.h"
#include "base/span.h"
#include "firmware/key_ring.h"

/* Of one image: above it nobody can say what is not there. */
#define IMAGE_MAX_UNREAD ((int64_t)64 << 10)

struct image {
	struct span bytes;
	bool mapped;
};

/* Maps a file, or reads standard input for "-". STATUS_MISSING, STATUS_LIMIT. */
enum status image_open(struct job *job, const char *path, struct image *image);
void image_close(struct image *image);

/* The files of --trust: read, and not looked into. STATUS_MISSING, STATUS_LIMIT. */
enum status image_load_trusted(struct job *job, const struct option_list *files,
    const struct key_file **trusted, size_t *count);

/* "; trusts vendor.pem (SHA-256), …" for the journal; "" when there are none. */
enum status image_name_trusted(
    struct job *job, const struct key_file *trusted, size_t count, const char **words);

/* "512", "64M", "2G": bytes of memory. STATUS_USAGE. */
enum status image_parse_memory(struct job *job, const char *text, size_t *bytes);

#endif
