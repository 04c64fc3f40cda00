/* A table of upstream projects joins what distributions and builders call differently. */
#include "firmware/component.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/reading.h"
#include "firmware/release.h"

#define LONGEST_ENCODED 128

/* The table speaks in these words; each array below takes one of them. */
#define UPSTREAM(name, cpe, licence)
#define EARLIER(name, major, licence)
#define LIBRARY(name)
#define PACKAGE(package, name)
#define C_LIBRARY(version, name)

#undef UPSTREAM
#define UPSTREAM(name, cpe, licence) {name, cpe, licence},
static const struct upstream upstreams[] = {
#include "firmware/upstream.def"
};
#undef UPSTREAM
#define UPSTREAM(name, cpe, licence)

#undef EARLIER
#define EARLIER(name, major, licence) {name, major, licence},
static const struct {
	const char *name;
	int64_t major; /* the first that is not under this licence */
	const char *licence;
} earlier[] = {
#include "firmware/upstream.def"
};
#undef EARLIER
#define EARLIER(name, major, licence)

#undef LIBRARY
#define LIBRARY(name) name,
static const char *const libraries[] = {
#include "firmware/upstream.def"
};
#undef LIBRARY
#define LIBRARY(name)

/* What packages are called that are not called as their upstream. */
#undef PACKAGE
#define PACKAGE(package, name) {package, name},
static const struct {
	const char *package, *name;
} packages[] = {
#include "firmware/upstream.def"
};
#undef PACKAGE
#define PACKAGE(package, name)

#undef C_LIBRARY
#define C_LIBRARY(version, name) {version, name},
static const struct {
	const char *version, *name;
} c_libraries[] = {
#include "firmware/upstream.def"
};

const struct upstream *
upstream_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(upstreams); i++)
		if (strcmp(upstreams[i].name, name) == 0)
			return &upstreams[i];
	return NULL;
}

static const struct upstream *
find(struct span name)
{
	for (size_t i = 0; i < ARRAY_SIZE(packages); i++)
		if (span_is(name, packages[i].package))
			return upstream_named(packages[i].name);
	for (size_t i = 0; i < ARRAY_SIZE(upstreams); i++)
		if (span_is_word(name, upstreams[i].name))
			return &upstreams[i];
	return NULL;
}

/* Without the number of an interface behind it: "libssl3", "lua5.3", "libnl-3-200". */
static struct span
without_number(struct span name)
{
	while (name.size > 1 && (byte_is_digit(name, name.size - 1) ||
				    name.at[name.size - 1] == '.' || name.at[name.size - 1] == '-'))
		name.size--;
	return name;
}

const struct upstream *
upstream_of_package(struct span package, struct span source)
{
	const struct upstream *found = find(package);

	if (found == NULL && source.size != 0)
		found = find(source);
	if (found == NULL && source.size != 0)
		found = find(without_number(source));
	/* a Debian binary package may be called as another project; its source is not */
	if (found == NULL && source.size == 0)
		found = find(without_number(package));
	return found;
}

const struct upstream *
upstream_of_c_library(struct span package, struct span version)
{
	if (!span_is(package, "libc") && !span_is(package, "libpthread") &&
	    !span_is(package, "librt"))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(c_libraries); i++)
		if (span_begins(version, c_libraries[i].version))
			return upstream_named(c_libraries[i].name);
	return NULL;
}

bool
upstream_is_library(const struct upstream *upstream)
{
	for (size_t i = 0; i < ARRAY_SIZE(libraries); i++)
		if (strcmp(libraries[i], upstream->name) == 0)
			return true;
	return text_starts_with(upstream->name, "lib");
}

const char *
purl_encode(struct job *job, struct span bytes)
{
	struct text text = text_new(job);
	const char *encoded;

	for (size_t i = 0; i < bytes.size && i < LONGEST_ENCODED; i++) {
		if (byte_is_letter(bytes, i) || byte_is_digit(bytes, i) ||
		    (bytes.at[i] != 0 && strchr(".-_~", bytes.at[i]) != NULL))
			text_put_bytes(&text, &bytes.at[i], 1);
		else
			text_printf(&text, "%%%02X", bytes.at[i]);
	}
	return text_finish(&text, &encoded) == STATUS_OK ? encoded : NULL;
}

/* A version may hold what CPE 2.3 reserves: escaped as NISTIR 7695, 6.2 says. */
static const char *
cpe_escape(struct job *job, const char *version, size_t size)
{
	struct text text = text_new(job);
	const char *escaped;

	for (size_t i = 0; i < size; i++) {
		struct span one = {(const uint8_t *)&version[i], 1};

		if (!byte_is_letter(one, 0) && !byte_is_digit(one, 0) &&
		    strchr(".-_", version[i]) == NULL)
			text_put(&text, "\\");
		text_put_bytes(&text, &version[i], 1);
	}
	return text_finish(&text, &escaped) == STATUS_OK ? escaped : NULL;
}

/* CPE 2.3 writes a patch level, as OpenSSH's p1, in a field of its own. */
static const char *
cpe_of(struct job *job, const struct upstream *upstream, const char *version)
{
	const char *patch = strcmp(upstream->name, "openssh") == 0 ? strchr(version, 'p') : NULL;
	const char *escaped =
	    cpe_escape(job, version, patch == NULL ? strlen(version) : (size_t)(patch - version));

	if (escaped == NULL)
		return NULL;
	return arena_printf(job, "cpe:2.3:%s:%s:%s:*:*:*:*:*:*", upstream->cpe, escaped,
	    patch == NULL ? "*" : patch);
}

/* The licence of that version; NULL: not known. */
static const char *
licence_of(const struct upstream *upstream, const char *version)
{
	for (size_t i = 0; i < ARRAY_SIZE(earlier); i++) {
		struct span rest, major;
		int64_t number;

		if (strcmp(earlier[i].name, upstream->name) != 0)
			continue;
		if (version == NULL)
			return NULL;
		rest = span_of_string(version);
		major = field_next(&rest, '.');
		number = span_number(major, 99999999);
		if (number < 0)
			return NULL;
		if (number < earlier[i].major)
			return earlier[i].licence;
	}
	return upstream->licence;
}

/* As 20120910 or 2013-01-29: the day a distribution took the source, no release of anybody. */
static bool
is_date(struct span version)
{
	size_t count = 0;

	while (byte_is_digit(version, count))
		count++;
	return (count == 8 && version.size == 8) ||
	       (count == 4 && version.size > 4 && version.at[4] == '-');
}

bool
component_is_release(const struct component_fact *component)
{
	struct span version;

	if (component->version == NULL)
		return false;
	if (component->origin == NULL || strcmp(component->origin, "package") != 0)
		return true;
	version = span_of_string(component->version);
	return byte_is_digit(version, 0) && !is_date(version) &&
	       strpbrk(component->version, "-~") == NULL;
}

enum status
component_add(struct job *job, struct evidence *evidence, struct fact *fact)
{
	struct component_fact *component = &fact->as.component;
	const struct upstream *upstream = upstream_named(component->name);
	const char *version = component->version;

	if (component->purl == NULL) {
		const char *name = purl_encode(job, span_of_string(component->name));
		const char *encoded =
		    version == NULL ? "" : purl_encode(job, span_of_string(version));

		if (name == NULL || encoded == NULL)
			return STATUS_LIMIT;
		component->purl = arena_printf(
		    job, "pkg:generic/%s%s%s", name, version == NULL ? "" : "@", encoded);
		if (component->purl == NULL)
			return STATUS_LIMIT;
	}
	if (component->cpe == NULL && upstream != NULL && upstream->cpe != NULL &&
	    component_is_release(component)) {
		component->cpe = cpe_of(job, upstream, version);
		if (component->cpe == NULL)
			return STATUS_LIMIT;
	}
	if (component->licence == NULL && upstream != NULL)
		component->licence = licence_of(upstream, version);
	return evidence_add(evidence, job, fact);
}
