/* A package database lists what was installed, and is believed to the letter. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/component.h"
#include "firmware/json_members.h"
#include "firmware/reading.h"
#include "firmware/release.h"
#include "firmware/rpm_database.h"

#define MAX_PACKAGES 16384 /* rows of one package list */

struct package {
	struct span name, version, architecture, licence, status, source, supplier;
	size_t offset;
	bool of_openwrt;
};

/* How a database writes its packages, and what package URLs call them. */
struct system {
	const char *type;         /* of the package URL, with its namespace */
	const char *keys[7];      /* of the members of struct package, in order, up to supplier */
	const char *architecture; /* qualifier of the package URL, or NULL */
};

static const struct system debian = {"deb/debian",
    {"Package", "Version", "Architecture", "License", "Status", "Source", "Maintainer"}, "arch"};
static const struct system openwrt = {"generic",
    {"Package", "Version", "Architecture", "License", "Status", "Source", "Maintainer"}, NULL};
static const struct system alpine = {"apk/alpine", {"P", "V", "A", "L", "", "o", "m"}, "arch"};
static const struct system python = {
    "pypi", {"Name", "Version", "", "License", "", "", "Author"}, NULL};

/* Which list a file is, by its place; NULL: none. */
static const struct system *
list_of(const char *local)
{
	static const struct {
		const char *end;
		const struct system *system;
	} known[] = {
	    {"/dpkg/status", &debian},
	    {"/opkg/status", &openwrt},
	    {"/ipkg/status", &openwrt},
	    {"/apk/db/installed", &alpine},
	    {".dist-info/METADATA", &python},
	    {".egg-info/PKG-INFO", &python},
	    {".egg-info", &python},
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (text_ends_with(local, known[i].end))
			return known[i].system;
	if (text_ends_with(local, ".control") &&
	    (strstr(local, "/opkg/info/") != NULL || strstr(local, "/ipkg/info/") != NULL))
		return &openwrt;
	/* images without a shell keep a file a package, and sums beside it */
	if (strstr(local, "/dpkg/status.d/") != NULL && !text_ends_with(local, ".md5sums"))
		return &debian;
	return NULL;
}

static bool
is_node_package(const char *local)
{
	return text_ends_with(local, "/package.json") && strstr(local, "/node_modules/") != NULL;
}

static bool
is_rpm(const char *local)
{
	return strstr(local, "/rpm/") != NULL &&
	       (text_ends_with(local, "/Packages") || text_ends_with(local, "/Packages.db") ||
		   text_ends_with(local, "/rpmdb.sqlite"));
}

static bool
wants(const struct node *node, struct span head)
{
	const char *local = node->local;

	(void)head;
	if (node->type != NODE_FILE || node->bytes == 0)
		return false;
	return list_of(local) != NULL || is_node_package(local) || is_rpm(local) ||
	       text_ends_with(local, "/pom.properties") || text_ends_with(local, ".rockspec");
}

/* OpenWrt's source is a folder, "package/libs/openssl"; that of a module is no kernel. */
static const struct upstream *
upstream_in_openwrt(const struct package *package, struct span folder)
{
	const struct upstream *upstream = upstream_of_c_library(package->name, package->version);
	struct span source = {0};

	while (folder.size != 0)
		source = field_next(&folder, '/');
	if (upstream == NULL && !span_begins(package->name, "kmod-"))
		upstream = upstream_of_package(package->name, source);
	/* "libgcc1" of "package/libs/toolchain" */
	if (upstream == NULL)
		upstream = upstream_of_package(package->name, (struct span){0});
	return upstream;
}

/* Upstream's name where it is known, else the package's own. */
static enum status
set_name(struct job *job, struct component_fact *component, const struct package *package)
{
	struct span rest = package->source;
	struct span source = {0};
	const struct upstream *upstream;

	word_next(&rest, &source); /* "glibc (2.36-9)" */
	upstream = package->of_openwrt ? upstream_in_openwrt(package, source)
				       : upstream_of_package(package->name, source);
	if (upstream != NULL) {
		component->name = upstream->name;
		return STATUS_OK;
	}
	component->name = span_text(job, package->name);
	return component->name == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
set_version(struct job *job, struct component_fact *component, const struct package *package)
{
	struct span version = release_upstream(package->version);
	size_t size;

	/* OpenWrt's kernel: 5.10.176-1-<digest of its configuration> */
	if (strcmp(component->name, "linux") == 0 && (size = release_size(version, true)) != 0)
		version.size = size;
	component->version = span_text(job, version);
	return component->version == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
set_text(struct job *job, const char **field, struct span value)
{
	if (value.size == 0)
		return STATUS_OK;
	*field = span_text(job, value);
	return *field == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
add_package(struct job *job, const struct node *node, const struct package *package,
    const char *type, const char *qualifier, struct evidence *evidence)
{
	struct fact fact = fact_in(FACT_component, node, package->offset);
	struct component_fact *component = &fact.as.component;
	const char *name = purl_encode(job, package->name);
	const char *version = purl_encode(job, package->version);
	const char *architecture = purl_encode(job, package->architecture);
	bool qualified = qualifier != NULL && package->architecture.size != 0;

	if (name == NULL || version == NULL || architecture == NULL)
		return STATUS_LIMIT;
	TRY(set_name(job, component, package));
	TRY(set_version(job, component, package));
	component->purl =
	    arena_printf(job, "pkg:%s/%s@%s%s%s%s%s", type, name, version, qualified ? "?" : "",
		qualified ? qualifier : "", qualified ? "=" : "", qualified ? architecture : "");
	component->origin = "package";
	component->confidence = "certain";
	TRY(set_text(job, &component->licence, package->licence));
	TRY(set_text(job, &component->supplier, package->supplier));
	TRY(set_text(job, &component->architecture, package->architecture));
	if (component->purl == NULL)
		return STATUS_LIMIT;
	return component_add(job, evidence, &fact);
}

static void
read_field(struct package *package, const struct system *system, struct span line)
{
	struct span *const members[] = {&package->name, &package->version, &package->architecture,
	    &package->licence, &package->status, &package->source, &package->supplier};
	struct span value = line, key = field_next(&value, ':');

	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (key.size != 0 && span_is(key, system->keys[i]) && members[i]->size == 0)
			*members[i] = span_trim(value);
}

/* PyPI's names are the same in whatever case and with whatever of - _ . between the words. */
static enum status
fold(struct job *job, struct package *package)
{
	char *name = arena_string(job, (const char *)package->name.at, package->name.size);

	if (name == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < package->name.size; i++) {
		if (name[i] >= 'A' && name[i] <= 'Z')
			name[i] = (char)(name[i] | 0x20);
		if (name[i] == '_' || name[i] == '.')
			name[i] = '-';
	}
	package->name.at = (const uint8_t *)name;
	return STATUS_OK;
}

static enum status
finish_package(struct job *job, const struct node *node, struct package *package,
    const struct system *system, struct evidence *evidence)
{
	if (package->name.size == 0 || package->version.size == 0 ||
	    (package->status.size != 0 && !span_ends(package->status, " installed")))
		return STATUS_OK;
	package->of_openwrt = system == &openwrt;
	if (system == &python) {
		TRY(fold(job, package));
		/* a whole text of a licence is no expression */
		if (package->licence.size > 64 || span_is(package->licence, "UNKNOWN"))
			package->licence.size = 0;
	}
	return add_package(job, node, package, system->type, system->architecture, evidence);
}

static enum status
read_list(struct job *job, const struct offer *offer, const struct system *system,
    struct evidence *evidence)
{
	struct span rest = offer->content, line;
	struct package package = {0};
	size_t count = 0;
	bool more = true;

	while (more && count < MAX_PACKAGES) {
		more = line_next(&rest, &line);
		if (more && line.size != 0) {
			if (package.name.size == 0)
				package.offset = (size_t)(line.at - offer->content.at);
			if (line.at[0] != ' ' && line.at[0] != '\t')
				read_field(&package, system, line);
			continue;
		}
		TRY(finish_package(job, offer->node, &package, system, evidence));
		count += package.name.size != 0;
		package = (struct package){0};
		if (system == &python)
			break; /* a description follows, in which anything may stand */
	}
	if (count == MAX_PACKAGES)
		return fail(
		    job, STATUS_LIMIT, "limit: more than %d packages in one list", MAX_PACKAGES);
	return STATUS_OK;
}

static enum status
read_node_package(struct job *job, const struct offer *offer, struct evidence *evidence)
{
	struct json_member members[] = {{.name = "name"}, {.name = "version"}, {.name = "license"}};
	struct package package = {0};
	const char *type = "npm";

	if (!json_members_read(offer->content, members, ARRAY_SIZE(members)))
		return STATUS_OK;
	package.name = members[0].value;
	package.version = members[1].value;
	package.licence = members[2].value;
	if (package.name.size == 0 || !byte_is_digit(package.version, 0))
		return STATUS_OK;
	if (span_begins(package.name, "@")) { /* a scope is the namespace */
		struct span name = package.name, scope = field_next(&name, '/');
		const char *encoded = purl_encode(job, scope);

		if (name.size == 0)
			return STATUS_OK;
		package.name = name;
		type = encoded == NULL ? NULL : arena_printf(job, "npm/%s", encoded);
		if (type == NULL)
			return STATUS_LIMIT;
	}
	return add_package(job, offer->node, &package, type, NULL, evidence);
}

static enum status
read_pom(struct job *job, const struct offer *offer, struct evidence *evidence)
{
	struct span rest = offer->content, line, group = {0};
	struct package package = {0};
	const char *encoded, *type;

	while (line_next(&rest, &line)) {
		struct span value = line, key = span_trim(field_next(&value, '='));

		value = span_trim(value);
		if (span_is(key, "groupId"))
			group = value;
		else if (span_is(key, "artifactId"))
			package.name = value;
		else if (span_is(key, "version"))
			package.version = value;
	}
	if (group.size == 0 || package.name.size == 0 || package.version.size == 0)
		return STATUS_OK;
	encoded = purl_encode(job, group);
	type = encoded == NULL ? NULL : arena_printf(job, "maven/%s", encoded);
	if (type == NULL)
		return STATUS_LIMIT;
	return add_package(job, offer->node, &package, type, NULL, evidence);
}

/* "luasocket-3.0rc1-2.rockspec": name, version, revision */
static enum status
read_rock(struct job *job, const struct offer *offer, struct evidence *evidence)
{
	struct span name = span_of_string(offer->node->name);
	struct package package = {0};
	size_t dash = 0, seen = 0;

	name.size -= strlen(".rockspec");
	for (size_t i = name.size; i > 0 && seen < 2; i--)
		if (name.at[i - 1] == '-') {
			dash = i - 1;
			seen++;
		}
	if (seen != 2 || dash == 0)
		return STATUS_OK;
	package.name = span_part(name, 0, dash);
	package.version = span_from(name, dash + 1);
	return add_package(job, offer->node, &package, "luarocks", NULL, evidence);
}

struct rpm_reading {
	const struct node *node;
	struct evidence *evidence;
};

static enum status
add_rpm(void *context, struct job *job, const struct rpm_package *rpm)
{
	struct rpm_reading *reading = context;
	struct package package = {.name = rpm->name,
	    .version = rpm->version,
	    .architecture = rpm->architecture,
	    .licence = rpm->licence,
	    .supplier = rpm->vendor,
	    .offset = rpm->offset};
	char *version;

	if (rpm->name.size == 0 || rpm->version.size == 0 || rpm->version.size > 256 ||
	    rpm->release.size > 256)
		return STATUS_OK;
	version = arena_printf(job, "%.*s%s%.*s", (int)rpm->version.size,
	    (const char *)rpm->version.at, rpm->release.size == 0 ? "" : "-",
	    (int)rpm->release.size, rpm->release.size == 0 ? "" : (const char *)rpm->release.at);
	if (version == NULL)
		return STATUS_LIMIT;
	package.version = span_of_string(version);
	return add_package(job, reading->node, &package, "rpm", "arch", reading->evidence);
}

static enum status
read_rpm(struct job *job, const struct offer *offer, struct evidence *evidence)
{
	struct rpm_reading reading = {offer->node, evidence};
	const char *why = "it is in a database format that is not read";

	if (text_ends_with(offer->node->local, "/rpmdb.sqlite"))
		TRY(rpm_database_read(job, offer->content, add_rpm, &reading, &why));
	if (why == NULL)
		return STATUS_OK;
	why = arena_printf(job, "%s: %s", offer->node->path, why);
	if (why == NULL)
		return STATUS_LIMIT;
	return evidence_looked(evidence, job, FACT_component, false, why, UNKNOWN);
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	const char *local = offer->node->local;
	const struct system *system = list_of(local);

	(void)collection;
	if (system != NULL)
		return read_list(job, offer, system, evidence);
	if (is_rpm(local))
		return read_rpm(job, offer, evidence);
	if (is_node_package(local))
		return read_node_package(job, offer, evidence);
	if (text_ends_with(local, "/pom.properties"))
		return read_pom(job, offer, evidence);
	return read_rock(job, offer, evidence);
}

static const enum fact_kind looks_for[] = {FACT_component};

const struct collector collector_packages = {
    .name = "packages",
    .title = "components by package databases: dpkg, opkg, apk, rpm, Python, npm, Maven, LuaRocks",
    .source = "deb-control(5), apk-package(5), RPM file format, package-url specification",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .wants = wants,
    .collect = collect,
};
