/*
 * What a component is, in the words of CycloneDX.
 */
#ifndef APP_COMPONENT_TYPE_H
#define APP_COMPONENT_TYPE_H

#include "app/sightings.h"

/*
 * operating-system, device-driver, library or application.  What is known of
 * the project decides, not in which of its files it was seen: busybox in a
 * libbb.so is no library.
 *
 * Source: CycloneDX 1.6, component type.
 */
const char *component_type_of(const struct group *group);

#endif
