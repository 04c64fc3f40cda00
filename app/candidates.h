/*
 * The dictionary of default pairs, as the collectors take it.
 */
#ifndef APP_CANDIDATES_H
#define APP_CANDIDATES_H

#include "facts/evidence.h"

/*
 * Reads data/default_pairs.tsv below app_home(): a header line with columns
 * `user` and `password` among others.  `*pairs` are strings "user\tpassword"
 * in the file's order, in the job's arena.  Without the file there are none,
 * which is no failure: facts then say how many were tried.
 *
 * STATUS_MALFORMED  no such columns
 */
enum status candidates_load(struct job *job, const char *const **pairs, size_t *count);

/* Only the pairs of one vendor, by a name that the file's column `vendors` holds (none for NULL or
 * ""). */
enum status candidates_of_vendor(
    struct job *job, const char *vendor, const char *const **pairs, size_t *count);

/*
 * In front of the list: what the dossier calls the product (brand, model,
 * aliases), as it stands, without its signs, and in small letters, for any user.
 */
enum status candidates_add_names(
    struct job *job, const struct fact_list *facts, const char *const **pairs, size_t *count);

#endif
