/*
 * What the readers of a profile's three files share while it is loaded.
 *
 * Every message names the file and the line.  Counts are bounded here, so that
 * a hostile file of 16 MiB cannot make a search slow.
 */
#ifndef PROFILES_PROFILE_READING_H
#define PROFILES_PROFILE_READING_H

#include "base/xml.h"
#include "profiles/profile.h"

#define PROFILE_MAX_REQUIREMENTS 1000
#define PROFILE_MAX_RULES 2000 /* of the whole profile; also of questionnaires */
#define PROFILE_MAX_VALUES 256
#define PROFILE_MAX_CHECKS 64 /* of one rule; also of parameters of one check */

#define PROFILE_NAMESPACE "urn:hopquy:profile:1"
#define XCCDF_NAMESPACE "http://checklists.nist.gov/xccdf/1.2"
#define OCIL_NAMESPACE "http://scap.nist.gov/schema/ocil/2.0"

struct profile_value {
	const char *id; /* XCCDF id */
	const char *value;
	bool is_integer;
};

struct procedure {
	const char *questionnaire; /* OCIL id */
	const char *name;          /* its title: "5.1-1-2" */
	const char *text;
};

struct procedure_list {
	const struct procedure *items;
	size_t count;
};

struct profile_reading {
	struct job *job;
	const char *path;         /* of the file being read, for messages */
	const char *english_name; /* file name of the English OCIL file, as references give it */
	const struct profile_value *values;
	size_t value_count;
	struct procedure_list procedures[2]; /* by enum language */
};

/* Records "path:line: …" and returns STATUS_MALFORMED. */
enum status profile_wrong(struct profile_reading *reading, const struct xml_node *node,
    const char *format, ...) __attribute__((format(printf, 3, 4), cold));

/* An attribute that must be there; one that is "true" or "false"; one that is an integer from 0 to
 * 1000. */
enum status profile_attribute(struct profile_reading *reading, const struct xml_node *node,
    const char *name, const char **value);
enum status profile_flag(
    struct profile_reading *reading, const struct xml_node *node, const char *name, bool *value);
enum status profile_number(
    struct profile_reading *reading, const struct xml_node *node, const char *name, int64_t *value);

/* English and Vietnamese text of the children called `name`; both must be there, once. */
enum status profile_texts(struct profile_reading *reading, const struct xml_node *node,
    const char *name, const char *texts[2]);

/* Our element `name` in the node's <metadata>, or NULL; the next one after it. */
const struct xml_node *profile_metadata(const struct xml_node *node, const char *name);
const struct xml_node *profile_metadata_next(const struct xml_node *node, const char *name);

/* Number of child elements of that local name; at most `limit`, else STATUS_MALFORMED. */
enum status profile_children(struct profile_reading *reading, const struct xml_node *node,
    const char *name, size_t limit, size_t *count);

/* Reads one Rule. */
enum status profile_read_rule(
    struct profile_reading *reading, const struct xml_node *node, struct profile_rule *rule);

/* Reads the questionnaires of one OCIL file, each with its one question. */
enum status profile_read_procedures(
    struct profile_reading *reading, const struct xml_node *root, struct procedure_list *list);

/* The procedure of a questionnaire id, or NULL. */
const struct procedure *procedure_find(
    const struct procedure_list *list, const char *questionnaire);

#endif
