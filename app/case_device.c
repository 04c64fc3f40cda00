/* What is to be probed is read whole before anything is: a slip in the last operand costs nothing.
 */
#include <string.h>

#include "app/case_steps.h"
#include "base/arena.h"

bool
work_has_address(const struct work_device *device, const char *address)
{
	for (size_t i = 0; i < device->address_count; i++)
		if (strcmp(device->addresses[i], address) == 0)
			return true;
	return false;
}

/* "ADDRESS[,ADDRESS]…", each as facts have it. */
static enum status
cut_addresses(struct job *job, const char *list, struct work_device *device)
{
	for (const char *at = list; at != NULL;) {
		size_t size = strcspn(at, ",");
		const char *one = arena_string(job, at, size);
		struct address address;

		if (one == NULL)
			return STATUS_LIMIT;
		if (device->address_count == WORK_ADDRESSES_MAX)
			return fail(job, STATUS_USAGE, "%s: more than %d addresses of one unit",
			    list, WORK_ADDRESSES_MAX);
		TRY(probing_parse_address(job, one, &address));
		one = arena_copy_string(job, address.text);
		if (one == NULL)
			return STATUS_LIMIT;
		if (work_has_address(device, one))
			return fail(job, STATUS_USAGE, "%s: %s stands there twice", list, one);
		device->addresses[device->address_count++] = one;
		at = at[size] == '\0' ? NULL : at + size + 1;
	}
	return STATUS_OK;
}

enum status
work_parse_device(
    struct job *job, const char *argument, const char *state, struct work_device *device)
{
	const char *equals = strchr(argument, '='), *at = strchr(argument, '@');
	const char *address = equals == NULL ? argument : equals + 1;

	if (at != NULL && at < address)
		at = NULL;
	*device = (struct work_device){.state = at == NULL ? state : at + 1};
	address = at == NULL ? address : arena_string(job, address, (size_t)(at - address));
	if (address == NULL)
		return STATUS_LIMIT;
	if (address[0] == '\0')
		return fail(job, STATUS_USAGE, "%s: a device is [NAME=]ADDRESS[,ADDRESS]…[@STATE]",
		    argument);
	TRY(cut_addresses(job, address, device));
	device->name = equals == NULL ? arena_string(job, address, strcspn(address, ","))
				      : arena_string(job, argument, (size_t)(equals - argument));
	if (device->name == NULL)
		return STATUS_LIMIT;
	if (strcmp(device->state, "factory_default") != 0 &&
	    strcmp(device->state, "initialised") != 0 && strcmp(device->state, "after_reset") != 0)
		return fail(job, STATUS_USAGE,
		    "%s: state '%s' is not factory_default, initialised or after_reset", argument,
		    device->state);
	if (device->name[0] == '\0')
		return fail(job, STATUS_USAGE, "%s: a device is [NAME=]ADDRESS[,ADDRESS]…[@STATE]",
		    argument);
	return STATUS_OK;
}

/* Whoever reaches an address of the local link stands on it: nothing of it is seen from outside. */
static enum status
check_reach(struct job *job, const struct work_device *device, const char *reach)
{
	for (size_t i = 0; i < device->address_count && strcmp(reach, "remote") == 0; i++) {
		const char *at = device->addresses[i];

		if (strncmp(at, "169.254.", 8) == 0 ||
		    (strncmp(at, "fe", 2) == 0 && at[2] != '\0' && strchr("89ab", at[2]) != NULL))
			return fail(job, STATUS_USAGE,
			    "%s is an address of the local link: --reach remote is not so", at);
	}
	return STATUS_OK;
}

enum status
work_parse_devices(struct job *job, const struct option_list *list, const char *state,
    const char *reach, struct work_device **devices)
{
	*devices = arena_array(job, list->count, sizeof **devices);
	if (*devices == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < list->count; i++) {
		struct work_device *device = &(*devices)[i];

		TRY(work_parse_device(job, list->values[i], state, device));
		TRY(check_reach(job, device, reach));
		for (size_t j = 0; j < i; j++)
			for (size_t k = 0; k < device->address_count; k++)
				if (strcmp((*devices)[j].name, device->name) != 0 &&
				    strcmp((*devices)[j].state, device->state) == 0 &&
				    work_has_address(&(*devices)[j], device->addresses[k]))
					return fail(job, STATUS_USAGE,
					    "%s is already unit %s in state %s",
					    device->addresses[k], (*devices)[j].name,
					    device->state);
	}
	return STATUS_OK;
}
