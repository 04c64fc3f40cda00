/*
 * What a bill of materials is made of: the components of an image, each with
 * all the places it was seen at.
 */
#ifndef APP_SIGHTINGS_H
#define APP_SIGHTINGS_H

#include "facts/evidence.h"

struct sighting {
	const struct fact *fact; /* of kind component, with a name */
	const char *sha256;      /* of the file; NULL: it is a folder or a region */
	const char *world;       /* "npm", "pypi" …: names mean something in it alone; else "" */
	const char *purl;        /* the fact's, with the distribution where the image names one */
};

/* Sightings of one component: same world, name and upstream version. */
struct group {
	const struct sighting *list;
	size_t count;
};

/* All sightings, sorted by component and place. */
enum status sightings_gather(
    struct job *job, const struct fact_list *facts, struct sighting **list, size_t *count);

/* The component that begins at list[0]; `count` is how many sightings are left. */
struct group sightings_first(const struct sighting *list, size_t count);

const struct component_fact *sighting_component(const struct sighting *sighting);
bool sighting_is_package(const struct sighting *sighting);
/* How sure, in tenths. */
unsigned sighting_confidence(const struct sighting *sighting);
/* The sighting that says most: a package before a string, the surer before the less sure. */
const struct sighting *group_best(const struct group *group);
/*
 * The component's package URL: that of its package where the type of the URL
 * says whose it is, else upstream's, whatever the package is called; NULL:
 * out of budget, or without any.
 */
const char *group_purl(struct job *job, const struct group *group);
/* Like strcmp; NULL is before all others. */
int sighting_compare_text(const char *a, const char *b);

#endif
