/* What XCCDF and OCIL readers need again and again: attributes that must be there, texts in two
 * languages. */
#include "profiles/profile_reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

enum status
profile_wrong(struct profile_reading *reading, const struct xml_node *node, const char *format, ...)
{
	char what[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof what, format, arguments);
	va_end(arguments);
	return fail(
	    reading->job, STATUS_MALFORMED, "%s:%ld: %s", reading->path, xml_line(node), what);
}

enum status
profile_attribute(struct profile_reading *reading, const struct xml_node *node, const char *name,
    const char **value)
{
	*value = xml_attribute(reading->job, node, name);
	if (*value == NULL)
		return profile_wrong(
		    reading, node, "<%s> wants the attribute %s", xml_local_name(node), name);
	return STATUS_OK;
}

enum status
profile_flag(
    struct profile_reading *reading, const struct xml_node *node, const char *name, bool *value)
{
	const char *text;

	TRY(profile_attribute(reading, node, name, &text));
	*value = strcmp(text, "true") == 0;
	if (!*value && strcmp(text, "false") != 0)
		return profile_wrong(
		    reading, node, "%s is \"%s\", wanted true or false", name, text);
	return STATUS_OK;
}

enum status
profile_number(
    struct profile_reading *reading, const struct xml_node *node, const char *name, int64_t *value)
{
	const char *text;

	TRY(profile_attribute(reading, node, name, &text));
	if (!text_parse_integer(text, 0, 1000, value))
		return profile_wrong(reading, node, "%s is \"%s\", wanted 0 to 1000", name, text);
	return STATUS_OK;
}

static int
language_of(struct profile_reading *reading, const struct xml_node *node)
{
	const char *tag =
	    xml_attribute_in(reading->job, node, "lang", "http://www.w3.org/XML/1998/namespace");

	if (tag != NULL && strcmp(tag, "en") == 0)
		return LANGUAGE_EN;
	return tag != NULL && strcmp(tag, "vi") == 0 ? LANGUAGE_VI : -1;
}

enum status
profile_texts(struct profile_reading *reading, const struct xml_node *node, const char *name,
    const char *texts[2])
{
	texts[LANGUAGE_EN] = texts[LANGUAGE_VI] = NULL;
	for (const struct xml_node *child = xml_child(node, name); child != NULL;
	     child = xml_next(child, name)) {
		int language = language_of(reading, child);

		if (language < 0)
			return profile_wrong(reading, child, "<%s> wants xml:lang en or vi", name);
		if (texts[language] != NULL)
			return profile_wrong(
			    reading, child, "<%s> stands twice in one language", name);
		texts[language] = xml_text(reading->job, child);
		if (texts[language] == NULL)
			return fail(
			    reading->job, STATUS_LIMIT, "%s: no memory left", reading->path);
		if (*texts[language] == '\0')
			return profile_wrong(reading, child, "<%s> is empty", name);
	}
	if (texts[LANGUAGE_EN] == NULL || texts[LANGUAGE_VI] == NULL)
		return profile_wrong(
		    reading, node, "<%s> wants <%s> in en and in vi", xml_local_name(node), name);
	return STATUS_OK;
}

static bool
is_ours(const struct xml_node *node)
{
	return strcmp(xml_namespace(node), PROFILE_NAMESPACE) == 0;
}

const struct xml_node *
profile_metadata(const struct xml_node *node, const char *name)
{
	const struct xml_node *metadata = xml_child(node, "metadata");
	const struct xml_node *child = metadata == NULL ? NULL : xml_child(metadata, name);

	return child == NULL || is_ours(child) ? child : profile_metadata_next(child, name);
}

const struct xml_node *
profile_metadata_next(const struct xml_node *node, const char *name)
{
	const struct xml_node *next = xml_next(node, name);

	while (next != NULL && !is_ours(next))
		next = xml_next(next, name);
	return next;
}

enum status
profile_children(struct profile_reading *reading, const struct xml_node *node, const char *name,
    size_t limit, size_t *count)
{
	*count = 0;
	for (const struct xml_node *child = xml_child(node, name); child != NULL;
	     child = xml_next(child, name))
		if (++*count > limit)
			return profile_wrong(reading, child, "more than %zu <%s>", limit, name);
	return STATUS_OK;
}
