/* libxml2 is asked for nothing but elements and text: no entities, no network, no types. */
#include "base/xml.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

enum { VALUE_SHOWN = 40 }; /* bytes of a value that a schema refuses */

struct xml_document {
	xmlDoc *document;
	const char *name;
};

/* Elements are libxml2's nodes; the cast goes through these two functions only. */
static const xmlNode *
inner(const struct xml_node *node)
{
	return (const xmlNode *)(const void *)node;
}

static const struct xml_node *
outer(const xmlNode *node)
{
	return (const struct xml_node *)(const void *)node;
}

void
xml_start(void)
{
	xmlInitParser();
}

void
xml_stop(void)
{
	xmlCleanupParser();
}

static void
keep_first(void *context, const xmlError *error)
{
	struct text *first = context;

	if (first->size != 0 || error == NULL || error->message == NULL)
		return;
	text_printf(first, "%d: ", error->line);
	for (const char *at = error->message; *at != '\0'; at++)
		if (*at != '\n')
			text_put_bytes(first, at, 1);
}

static void
put_attributes(struct text *out, const xmlNode *node)
{
	for (const xmlAttr *attribute = node->properties; attribute != NULL;
	     attribute = attribute->next) {
		const char *value =
		    attribute->children == NULL ? NULL : (const char *)attribute->children->content;

		text_printf(out, "%s %s=\"%.*s\"", attribute == node->properties ? ":" : ",",
		    (const char *)attribute->name, VALUE_SHOWN, value == NULL ? "" : value);
	}
}

/* What the schema says of an element, and which of its values is missing: the usual fault of a form
 * that was not filled in. */
static void
keep_first_fault(void *context, xmlErrorPtr error)
{
	struct text *first = context;
	const xmlNode *node = error == NULL ? NULL : error->node;
	bool fresh = first->size == 0;

	keep_first(context, error);
	if (!fresh || first->size == 0 || node == NULL || node->type != XML_ELEMENT_NODE)
		return;
	for (const xmlAttr *attribute = node->properties; attribute != NULL;
	     attribute = attribute->next)
		if (attribute->children == NULL || xmlIsBlankNode(attribute->children)) {
			text_printf(
			    first, ": attribute \"%s\" is empty", (const char *)attribute->name);
			return;
		}
	if (strstr(error->message, "attribute") != NULL) {
		put_attributes(first, node);
		return;
	}
	if (node->children == NULL ||
	    (node->children->next == NULL && xmlIsBlankNode(node->children)))
		text_printf(first, ": element \"%s\" is empty", (const char *)node->name);
}

/* libxml2 2.9 passes the error without const, 2.12 with it. */
static void
keep_first_error(void *context, xmlErrorPtr error)
{
	keep_first(context, error);
}

static bool
has_entities(const xmlDoc *document)
{
	return document->intSubset != NULL || document->extSubset != NULL;
}

enum status
xml_parse(struct job *job, struct span bytes, const char *name, struct xml_document **document)
{
	struct text first = text_new(job);
	struct xml_document *made;
	xmlParserCtxt *parser;
	xmlDoc *parsed;

	if (bytes.size == 0 || bytes.size > XML_MAX_SIZE)
		return fail(job, STATUS_MALFORMED, "%s: %zu bytes, XML wants 1 to %zu", name,
		    bytes.size, XML_MAX_SIZE);
	made = arena_allocate(job, sizeof *made);
	parser = xmlNewParserCtxt();
	if (made == NULL || parser == NULL) {
		xmlFreeParserCtxt(parser);
		return fail(job, STATUS_LIMIT, "%s: no memory left for XML", name);
	}
	xmlSetStructuredErrorFunc(&first, keep_first_error);
	parsed = xmlCtxtReadMemory(parser, (const char *)bytes.at, (int)bytes.size, name, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES);
	xmlSetStructuredErrorFunc(NULL, NULL);
	xmlFreeParserCtxt(parser);
	if (parsed != NULL && !has_entities(parsed)) {
		*made = (struct xml_document){.document = parsed, .name = name};
		*document = made;
		return STATUS_OK;
	}
	if (parsed != NULL) {
		xmlFreeDoc(parsed);
		return fail(job, STATUS_MALFORMED,
		    "%s: a document type or entity declaration is not allowed", name);
	}
	return fail(job, STATUS_MALFORMED, "%s:%s", name,
	    first.at == NULL ? " not well-formed XML" : first.at);
}

void
xml_free(struct xml_document *document)
{
	if (document != NULL && document->document != NULL) {
		xmlFreeDoc(document->document);
		document->document = NULL;
	}
}

enum status
xml_validate_relaxng(struct job *job, struct xml_document *document, struct span schema)
{
	struct text first = text_new(job);
	xmlRelaxNGParserCtxt *parser;
	xmlRelaxNG *grammar = NULL;
	xmlRelaxNGValidCtxt *validator = NULL;
	int result = -1;

	xmlSetStructuredErrorFunc(&first, keep_first_error);
	parser = xmlRelaxNGNewMemParserCtxt((const char *)schema.at, (int)schema.size);
	if (parser != NULL)
		grammar = xmlRelaxNGParse(parser);
	if (grammar != NULL)
		validator = xmlRelaxNGNewValidCtxt(grammar);
	if (validator != NULL) {
		xmlRelaxNGSetValidStructuredErrors(validator, keep_first_fault, &first);
		result = xmlRelaxNGValidateDoc(validator, document->document);
	}
	xmlRelaxNGFreeValidCtxt(validator);
	xmlRelaxNGFree(grammar);
	xmlRelaxNGFreeParserCtxt(parser);
	xmlSetStructuredErrorFunc(NULL, NULL);
	if (result == 0)
		return STATUS_OK;
	if (validator == NULL || result < 0)
		return fail(job, STATUS_FAULT, "RelaxNG schema: %s",
		    first.at == NULL ? "cannot be read" : first.at);
	return fail(job, STATUS_MALFORMED, "%s:%s", document->name,
	    first.at == NULL ? " does not fit its schema" : first.at);
}

const struct xml_node *
xml_root(const struct xml_document *document)
{
	return outer(xmlDocGetRootElement(document->document));
}

const char *
xml_local_name(const struct xml_node *node)
{
	return (const char *)inner(node)->name;
}

const char *
xml_namespace(const struct xml_node *node)
{
	const xmlNs *space = inner(node)->ns;

	return space == NULL || space->href == NULL ? "" : (const char *)space->href;
}

long
xml_line(const struct xml_node *node)
{
	return xmlGetLineNo(inner(node));
}

static const struct xml_node *
first_element(const xmlNode *node, const char *name)
{
	for (; node != NULL; node = node->next)
		if (node->type == XML_ELEMENT_NODE &&
		    (name == NULL || strcmp((const char *)node->name, name) == 0))
			return outer(node);
	return NULL;
}

const struct xml_node *
xml_child(const struct xml_node *node, const char *name)
{
	return first_element(inner(node)->children, name);
}

const struct xml_node *
xml_next(const struct xml_node *node, const char *name)
{
	return first_element(inner(node)->next, name);
}

static const char *
take_value(struct job *job, xmlChar *value)
{
	const char *copy;

	if (value == NULL)
		return NULL;
	copy = arena_copy_string(job, (const char *)value);
	xmlFree(value);
	return copy;
}

const char *
xml_attribute(struct job *job, const struct xml_node *node, const char *name)
{
	return take_value(job, xmlGetNoNsProp(inner(node), (const xmlChar *)name));
}

const char *
xml_attribute_in(struct job *job, const struct xml_node *node, const char *name, const char *space)
{
	return take_value(
	    job, xmlGetNsProp(inner(node), (const xmlChar *)name, (const xmlChar *)space));
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

const char *
xml_text(struct job *job, const struct xml_node *node)
{
	xmlChar *content = xmlNodeGetContent(inner(node));
	const char *start = content == NULL ? "" : (const char *)content;
	size_t size;
	const char *copy;

	while (is_space(*start))
		start++;
	size = strlen(start);
	while (size > 0 && is_space(start[size - 1]))
		size--;
	copy = arena_string(job, start, size);
	xmlFree(content);
	return copy;
}

const char *
xml_escape(struct job *job, const char *string)
{
	struct text out = text_new(job);
	const char *escaped;

	for (const char *at = string; *at != '\0'; at++) {
		if (*at == '&')
			text_put(&out, "&amp;");
		else if (*at == '<')
			text_put(&out, "&lt;");
		else if (*at == '>')
			text_put(&out, "&gt;");
		else if (*at == '"')
			text_put(&out, "&quot;");
		else if ((unsigned char)*at < 0x20 && *at != '\n' && *at != '\t')
			text_put(&out, "\xef\xbf\xbd");
		else
			text_put_bytes(&out, at, 1);
	}
	return text_finish(&out, &escaped) == STATUS_OK ? escaped : NULL;
}
