/*
 * The RelaxNG schemas of the files that come from people, carried inside the program.
 */
#ifndef PROFILES_SCHEMA_H
#define PROFILES_SCHEMA_H

#include "base/span.h"

struct span schema_dossier(void);
struct span schema_answers(void);
struct span schema_explanations(void);

#endif
