/*
 * The signatures of a FIT: where they stand and which bytes of the tree each covers.
 *
 * Source: U-Boot doc/usage/fit/signature.rst, boot/image-fit-sig.c, boot/fdt_region.c (what is
 * hashed).
 */
#ifndef FIRMWARE_SIGNATURES_FIT_H
#define FIRMWARE_SIGNATURES_FIT_H

#include "firmware/fit_read.h"

#define FIT_MAX_CONFIGURATIONS 64u
#define FIT_MAX_SIGNATURES 64u
#define FIT_MAX_REFERENCES 1024u
#define FIT_MAX_PARTS 8192u

struct fit_signature {
	bool of_configuration;
	struct span owner; /* name of the configuration or image */
	struct span algorithm, padding, hint, value, nodes, strings;
};

/* A configuration names the images it starts. */
struct fit_reference {
	struct span configuration, image;
};

struct fit_nodes {
	struct span configurations[FIT_MAX_CONFIGURATIONS];
	size_t configuration_count;
	struct fit_signature signatures[FIT_MAX_SIGNATURES];
	size_t signature_count;
	struct fit_reference references[FIT_MAX_REFERENCES];
	size_t reference_count;
	bool cut; /* there are more */
};

/* Reads the nodes of `fit`, whose images are known. */
void fit_nodes_read(const struct fit *fit, struct fit_nodes *nodes);

/* Is this one of the strings, each ended by NUL? */
bool fit_list_has(struct span list, const char *path, size_t size);

/*
 * The bytes that a signature with this list covers: tokens of the tree, then names of properties.
 * Their number; 0 when there are too many, or `budget`, of bytes looked at, is used up.
 */
size_t fit_nodes_parts(const struct device_tree *tree, const struct fit_signature *signature,
    struct span parts[FIT_MAX_PARTS], uint64_t *budget);

#endif
