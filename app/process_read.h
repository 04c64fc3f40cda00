/*
 * The reader: a sandboxed process that parses one supplier's document into facts.
 */
#ifndef APP_PROCESS_READ_H
#define APP_PROCESS_READ_H

#include "facts/evidence.h"

/*
 * Reads a dossier: its subject fact first, then ics, ixit, identity and looked
 * facts (subject 0, source "dossier").
 *
 * STATUS_MALFORMED  file:line: what the schema asked for; or the reader died
 */
enum status process_read_dossier(
    struct job *job, struct span bytes, const char *name, struct fact_list *facts);

/*
 * Reads an explanations file into explanation facts (subject 0, source
 * "supplier"); any other fact is refused.
 *
 * STATUS_MALFORMED  as above
 */
enum status process_read_explanations(
    struct job *job, struct span bytes, const char *name, struct fact_list *facts);

/* The value of an identity fact; NULL when the dossier has none of that name. */
const char *identity_value(const struct fact_list *facts, const char *name);

#endif
