/*
 * An entry of the registry, for a person and for a program.
 */
#ifndef APP_REGISTRY_PRINT_H
#define APP_REGISTRY_PRINT_H

#include "app/command.h"
#include "cert/registry.h"

/* One JSON object on one line. */
enum status entry_print_json(struct job *job, const struct registry_entry *entry);
/* An entry of registry_find. */
void entry_print(int language, const struct registry_entry *entry);

#endif
