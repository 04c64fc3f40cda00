/*
 * The only door to libxml2: documents are read without network, entities or
 * huge-document options, and validated against RelaxNG or W3C schemas.
 *
 * Nodes are borrowed from the document; strings are copied into the job's arena.
 */
#ifndef BASE_XML_H
#define BASE_XML_H

#include "base/job.h"
#include "base/span.h"

#define XML_MAX_SIZE ((size_t)16 << 20)

struct xml_document;
struct xml_node; /* an element */

/*
 * Parses `bytes`.  A document type declaration, an entity, or more than
 * XML_MAX_SIZE bytes is refused.  `name` stands in messages ("name:line: …").
 *
 * STATUS_MALFORMED  not well-formed, or refused as above
 */
enum status xml_parse(
    struct job *job, struct span bytes, const char *name, struct xml_document **document);
void xml_free(struct xml_document *document);

/* Validates against a RelaxNG schema (XML syntax) given as bytes; the first error with its line. */
enum status xml_validate_relaxng(
    struct job *job, struct xml_document *document, struct span schema);

const struct xml_node *xml_root(const struct xml_document *document);
/* Local name of an element, and its namespace ("" when none). */
const char *xml_local_name(const struct xml_node *node);
const char *xml_namespace(const struct xml_node *node);
long xml_line(const struct xml_node *node);
/* First child element, next sibling element; with a name, only elements of that local name. NULL at
 * the end. */
const struct xml_node *xml_child(const struct xml_node *node, const char *name);
const struct xml_node *xml_next(const struct xml_node *node, const char *name);
/* Attribute without namespace; NULL when absent (also when out of budget: then *failed, if given).
 */
const char *xml_attribute(struct job *job, const struct xml_node *node, const char *name);
/* Attribute of a namespace, e.g. xml:lang. */
const char *xml_attribute_in(
    struct job *job, const struct xml_node *node, const char *name, const char *space);
/* All text below the element, white space trimmed at both ends; "" when none, NULL when out of
 * budget. */
const char *xml_text(struct job *job, const struct xml_node *node);

/* Escapes & < > " for element content and attributes. NULL when out of budget. */
const char *xml_escape(struct job *job, const char *string);

/* Process-wide set-up and tear-down, called by app and tests once, before any sandbox. */
void xml_start(void);
void xml_stop(void);

#endif
