/* A table of upstream projects joins what distributions and builders call differently. */
#include "firmware/component.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/reading.h"
#include "firmware/release.h"

#define LONGEST_ENCODED 128

static const struct upstream upstreams[] = {
#define UPSTREAM(name, cpe, licence) {name, cpe, licence},
#define PACKAGE(package, name)
#include "firmware/upstream.def"
#undef UPSTREAM
#undef PACKAGE
};

/* What packages are called that are not called as their upstream. */
static const struct {
	const char *package, *name;
} packages[] = {
#define UPSTREAM(name, cpe, licence)
#define PACKAGE(package, name) {package, name},
#include "firmware/upstream.def"
#undef UPSTREAM
#undef PACKAGE
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
	    version != NULL) {
		component->cpe = cpe_of(job, upstream, version);
		if (component->cpe == NULL)
			return STATUS_LIMIT;
	}
	if (component->licence == NULL && upstream != NULL)
		component->licence = upstream->licence;
	return evidence_add(evidence, job, fact);
}
