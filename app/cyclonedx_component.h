/*
 * One component of a bill of materials, and what is written in the same way
 * elsewhere in it.
 */
#ifndef APP_CYCLONEDX_COMPONENT_H
#define APP_CYCLONEDX_COMPONENT_H

#include "app/sightings.h"
#include "base/json.h"

/* How the rest of the document calls it: its bom-ref; NULL: out of budget. */
const char *cyclonedx_reference(struct job *job, const struct group *group);

enum status cyclonedx_component(struct json *json, struct job *job, const struct group *group);

void cyclonedx_property(struct json *json, const char *name, const char *value);
void cyclonedx_supplier(struct json *json, const char *name);

#endif
