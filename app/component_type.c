/* The type of a component follows from its name; files are asked of what nobody knows. */
#include "app/component_type.h"

#include <string.h>

#include "base/text.h"
#include "firmware/component.h"

static bool
is_system(const struct component_fact *component)
{
	static const char *const systems[] = {"linux", "debian", "ubuntu", "alpine", "openwrt",
	    "freertos", "zephyr", "vxworks", "riot", "contiki"};

	for (size_t i = 0; i < ARRAY_SIZE(systems); i++)
		if (strcmp(component->name, systems[i]) == 0)
			return true;
	return sighting_compare_text(component->origin, "distribution") == 0;
}

/* Of the kernel: "x.ko", "x.ko.xz". */
static bool
is_module(const char *path)
{
	return text_ends_with(path, ".ko") || strstr(path, ".ko.") != NULL;
}

static bool
is_shared_object(const char *path)
{
	return text_ends_with(path, ".so") || strstr(path, ".so.") != NULL;
}

/* Is each file it was seen in of that sort?  A list of packages is no such file. */
static bool
all_are(const struct group *group, bool (*is)(const char *path))
{
	size_t files = 0;

	for (size_t i = 0; i < group->count; i++) {
		const char *path = group->list[i].fact->path;

		if (sighting_is_package(&group->list[i]) || path == NULL)
			continue;
		if (!is(path))
			return false;
		files++;
	}
	return files != 0;
}

const char *
component_type_of(const struct group *group)
{
	const struct component_fact *best = sighting_component(group_best(group));
	const struct upstream *upstream = upstream_named(best->name);

	if (group->list[0].world[0] != '\0')
		return "library";
	if (is_system(best))
		return "operating-system";
	if (upstream != NULL)
		return upstream_is_library(upstream) ? "library" : "application";
	/* OpenWrt's packages of modules */
	if (text_starts_with(best->name, "kmod-") || all_are(group, is_module))
		return "device-driver";
	if (text_starts_with(best->name, "lib") || all_are(group, is_shared_object))
		return "library";
	return "application";
}
