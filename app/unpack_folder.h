/*
 * Files of an image on disk: below one opened folder, never outside it.
 *
 * Every component of a path is checked again here, because a worker that was
 * taken over may send any path.  Links are written, never followed; devices,
 * pipes and sockets become empty files; no file is setuid, setgid or sticky.
 * A file that is itself a container has its children in "NAME.unpacked".
 */
#ifndef APP_UNPACK_FOLDER_H
#define APP_UNPACK_FOLDER_H

#include "facts/evidence.h"

struct unpack_folder {
	int folder;                   /* the caller's; -1: none */
	int file;                     /* being written; -1: none */
	char path[FACT_TEXT_MAX + 1]; /* of that file; "" when none is */
	uint64_t left_out;            /* entries the disk would not take under their name */
};

struct unpack_folder unpack_folder_new(int folder);

/* Appends bytes to the file at `path`, made at its first call. STATUS_IO, STATUS_MALFORMED for a
 * path that is none. */
enum status unpack_folder_content(
    struct job *job, struct unpack_folder *out, const char *path, struct span bytes);
/* The file is whole: makes it if it is empty, sets its mode, closes it. */
enum status unpack_folder_file(struct job *job, struct unpack_folder *out, const struct fact *fact);
/* Folders, links and the rest, after all files. `facts` is sorted. */
enum status unpack_folder_finish(
    struct job *job, struct unpack_folder *out, const struct fact_list *facts);
void unpack_folder_close(struct unpack_folder *out);

#endif
