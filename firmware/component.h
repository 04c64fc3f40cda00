/*
 * What is known of components by their name alone, and the fact of one.
 *
 * However a component is seen, by its package, its file or its banner, it has
 * one name: upstream's, in lower case.
 */
#ifndef FIRMWARE_COMPONENT_H
#define FIRMWARE_COMPONENT_H

#include "facts/evidence.h"

struct upstream {
	const char *name;
	const char *cpe;     /* part:vendor:product; NULL: not known */
	const char *licence; /* SPDX expression of its present versions; NULL: not known */
};

/* What is known of the component of that name; NULL when nothing is. */
const struct upstream *upstream_named(const char *name);

/* The upstream of a package by its own name or that of its source (may be empty); NULL: unknown. */
const struct upstream *upstream_of_package(struct span package, struct span source);

/* Which C library OpenWrt's packages libc, libpthread and librt are of that version; NULL: unknown,
 * or another package. */
const struct upstream *upstream_of_c_library(struct span package, struct span version);

/* Is it made to be built into programs?  Whether tools come with it does not matter. */
bool upstream_is_library(const struct upstream *upstream);

/* Has it a version of its maker?  That of a package may be its distribution's own: a date, a
 * branch. */
bool component_is_release(const struct component_fact *component);

/* Percent-encoding of a package URL: all but letters, digits and . - _ ~; NULL: out of budget. */
const char *purl_encode(struct job *job, struct span bytes);

/*
 * Adds a fact of kind component that has name, version, origin and confidence:
 * package URL, CPE and licence are filled in where they are missing and known.
 * There is no CPE for what is no release.
 */
enum status component_add(struct job *job, struct evidence *evidence, struct fact *fact);

#endif
