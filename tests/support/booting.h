/*
 * An image made of a few files, and what of it is started at boot.
 */
#ifndef TESTS_SUPPORT_BOOTING_H
#define TESTS_SUPPORT_BOOTING_H

#include "tests/support/collecting.h"

/* A file of the image, a link (`link` is its target), or an empty folder (neither). */
struct item {
	const char *path, *text, *link;
	unsigned mode; /* 0: 0755 */
};

/* The collector over an image of these items; of the first, only `content`. */
enum status booting_run(
    struct collecting *collecting, const struct item *items, size_t count, struct span content);
struct collecting *booting_as(const struct item *items, size_t count, enum status status);
struct collecting *booting_well(const struct item *items, size_t count);
/* The n-th fact of a service of that name; NULL when there are fewer. */
const struct boot_service_fact *booting_named(
    const struct collecting *collecting, const char *name, size_t n);
const struct boot_service_fact *booting_service(
    const struct collecting *collecting, const char *name);

/* The image of these items, whose collector ended well. */
#define BOOTED(...)                                                                                \
	booting_well((const struct item[]){__VA_ARGS__},                                           \
	    sizeof(const struct item[]){__VA_ARGS__} / sizeof(struct item))

#endif
