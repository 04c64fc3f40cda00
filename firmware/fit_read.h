/*
 * What the format and the signature of a FIT share: the images of a FIT and what it says of them.
 */
#ifndef FIRMWARE_FIT_READ_H
#define FIRMWARE_FIT_READ_H

#include "firmware/device_tree.h"
#include "firmware/unpack.h"

#define FIT_MAX_IMAGES 1024u
#define FIT_MAX_HASHES 4u

struct fit_hash {
	struct span name, algorithm, value; /* name of its node */
};

struct fit_image {
	struct span name;
	bool has_data, external, by_position;
	uint64_t at, size; /* of the data, within the FIT */
	struct span data;  /* as much of it as is there */
	bool encrypted;
	struct span cipher, cipher_key;
	struct fit_hash hashes[FIT_MAX_HASHES];
	size_t hash_count;
};

struct fit {
	struct device_tree tree;
	struct span description, preferred;
	struct fit_image *images;
	size_t image_count, image_room;
	size_t configurations;
	/* the first signature: of what, how, by which key */
	size_t signatures;
	struct span signed_thing, signature_algorithm, signature_key;
	bool damaged; /* its tokens make no sense from somewhere on */
	uint64_t structure_end;
	uint64_t end;        /* of all that is there */
	const char *missing; /* why some data are not there */
};

/* Reads what `at` begins with; false when it is no FIT.  Strings lie in `at`. */
bool fit_read(struct job *job, struct span at, struct fit *fit);

#endif
