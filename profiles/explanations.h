/*
 * What a supplier says about findings: why each is no weakness, and who says so.
 */
#ifndef PROFILES_EXPLANATIONS_H
#define PROFILES_EXPLANATIONS_H

#include "facts/evidence.h"

#define EXPLANATIONS_MAX_SIZE ((size_t)4 << 20)
#define EXPLANATIONS_MAX 5000 /* findings in one file */

/*
 * Reads an explanations file (profiles/explanations.rng): one explanation fact
 * for each finding it names, in the file's order, source "supplier".  The file
 * is the supplier's, so it is read where nothing can be opened.
 *
 * STATUS_MALFORMED  file:line: what the schema asked for, or what stands twice
 */
enum status explanations_read(
    struct job *job, struct span bytes, const char *name, struct fact_list *facts);

#endif
