/*
 * SSDP answers and the device descriptions they lead to.
 *
 * Source: UPnP Device Architecture 1.1, sections 1 and 2.
 */
#ifndef DEVICE_SSDP_H
#define DEVICE_SSDP_H

#include "device/markup.h"
#include "device/target.h"

#define UPNP_SERVICES_MAX 32

/* An M-SEARCH for `what`; `group`: with the wait a group is given. NULL: out of memory. */
const char *ssdp_search(struct job *job, const struct target *target, const char *what, bool group);

struct ssdp_answer {
	const char *location; /* NULL: none told */
	const char *server;
	const char *usn;
};

/* STATUS_MALFORMED: no answer to a search. */
enum status ssdp_read(struct job *job, struct span datagram, struct ssdp_answer *answer);

/* What a description tells; fields are NULL where it does not. */
struct upnp_description {
	const char *name;
	const char *manufacturer;
	const char *model;
	const char *model_number;
	const char *serial;
	const char *udn;
	const char *base; /* URLBase */
	size_t service_count;
	struct upnp_service {
		const char *type;
		const char *control;     /* as written */
		const char *description; /* SCPDURL, as written */
	} services[UPNP_SERVICES_MAX];
};

/* STATUS_MALFORMED: no device description.  Services behind the 32nd are left out. */
enum status upnp_read_description(
    struct job *job, struct span bytes, struct upnp_description *description);

/*
 * The path that `link` of a description at `path` leads to; NULL when it is of
 * another host or port, or out of memory.
 */
const char *upnp_resolve(struct job *job, const struct target *target, uint16_t port,
    const char *path, const char *base, const char *link);

#endif
