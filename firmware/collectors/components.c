/* Most components of a firmware tell their own version: a package list, or a string they print. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/reading.h"

#define MAX_VERSION 48
#define MAX_FOUND 64       /* components of one binary */
#define MAX_PACKAGES 16384 /* rows of one package list */
#define MAX_NODES ((size_t)1 << 20)

enum shape {
	PLAIN,     /* 1.2 or 1.2.3, perhaps -rc1, p1, a letter */
	DATED,     /* the same, then blanks and a day of the month: OpenSSL */
	BRACKET,   /* the same, then " (" */
	COPYRIGHT, /* the same, then "Copyright" */
	BUILT,     /* the same, then " built on " in the same string */
	PORTABLE,  /* 1.2p1: OpenSSH's list of peers has no p */
	KERNEL,    /* 1.2.3, what its builder added, then blank or end */
};

/* A version string as its maker writes it: the words before it, and how it goes on. */
struct banner {
	const char *anchor, *name, *cpe; /* cpe: part:vendor:product */
	enum shape shape;
	bool likely; /* other software prints it too: of a peer, a build host, a copy */
};

static const struct banner banners[] = {
#define PATTERN(anchor, name, cpe, shape, likely) {anchor, name, cpe, shape, likely},
#include "firmware/collectors/components.def"
#undef PATTERN
};

/* A version that stands alone: the string beside one that only its program prints. */
static const struct {
	const char *beside, *name, *cpe;
} neighbours[] = {
    {"mosquitto version %s", "mosquitto", "a:eclipse:mosquitto"},
    {"pppd version %s", "ppp", "a:point-to-point_protocol_project:point-to-point_protocol"},
};

/* Libraries whose file name carries the release of the project. */
static const struct {
	const char *prefix, *name, *cpe;
} file_names[] = {
    {"libuClibc-", "uclibc", "a:uclibc:uclibc"},
    {"libxml2.so.", "libxml2", "a:xmlsoft:libxml2"},
    {"libz.so.", "zlib", "a:zlib:zlib"},
};

/* A release as read from a binary. */
struct release {
	char version[MAX_VERSION];
	size_t size; /* bytes read for it */
};

struct reading {
	struct job *job;
	const struct node *node;
	struct evidence *evidence;
	const char *origin;
	struct {
		const char *name;
		char version[MAX_VERSION];
	} found[MAX_FOUND];
	size_t found_count;
};

static bool
is_package_list(const struct node *node)
{
	return text_ends_with(node->local, "/dpkg/status") ||
	       strstr(node->local, "/dpkg/status.d/") != NULL ||
	       text_ends_with(node->local, "/opkg/status") ||
	       text_ends_with(node->local, "/ipkg/status") ||
	       text_ends_with(node->local, "/apk/db/installed");
}

static bool
wants(const struct node *node, struct span head)
{
	if (node->type != NODE_FILE || node->bytes < 64)
		return false;
	return is_package_list(node) || !span_looks_like_text(head);
}

static bool
is_digit(struct span at, size_t i)
{
	return i < at.size && at.at[i] >= '0' && at.at[i] <= '9';
}

static bool
is_letter(struct span at, size_t i)
{
	return i < at.size && ((at.at[i] | 0x20) >= 'a' && (at.at[i] | 0x20) <= 'z');
}

static size_t
digits(struct span at, size_t i)
{
	while (is_digit(at, i))
		i++;
	return i;
}

/* 1.2[.3…][-]{rc,pre,beta,p,letters}[digits] up to something that ends a word, or the
 * numbers alone when `bare`; 0 when it is no release. */
static size_t
release_size(struct span at, bool bare)
{
	size_t end = digits(at, 0), dots = 0, letters;

	if (end == 0 || end > 8)
		return 0;
	while (end < at.size && at.at[end] == '.' && is_digit(at, end + 1) && dots < 5) {
		end = digits(at, end + 1);
		dots++;
	}
	if (bare)
		return dots == 0 || end >= MAX_VERSION ? 0 : end;
	letters = end + (end < at.size && at.at[end] == '-' && is_letter(at, end + 1));
	if (is_letter(at, letters)) {
		size_t start = letters;

		while (is_letter(at, letters) && letters - start < 6)
			letters++;
		end = digits(at, letters);
	}
	if (dots == 0 || end >= MAX_VERSION || is_letter(at, end) ||
	    (end < at.size && at.at[end] == '_'))
		return 0;
	return end;
}

/* Does what stands behind a release show that it is the maker's own, and no mention of it? */
static bool
goes_on(struct span rest, enum shape shape)
{
	struct span window = span_part(rest, 0, rest.size < 256 ? rest.size : 256);
	struct span string = field_next(&window, '\0');

	switch (shape) {
	case DATED:
		return span_begins(string, " ") && is_digit(span_trim(string), 0);
	case BRACKET:
		return span_begins(string, " (");
	case COPYRIGHT:
		return span_begins(span_trim(string), "Copyright");
	case BUILT:
		return span_find(string, " built on ", 10, 0) != SIZE_MAX;
	case KERNEL:
		return true;
	case PLAIN:
	case PORTABLE:
		break;
	}
	return !span_begins(string, "*"); /* OpenSSH_7.0* names peers */
}

static bool
read_release(struct span at, enum shape shape, struct release *release)
{
	size_t size = release_size(span_part(at, 0, at.size < 64 ? at.size : 64), shape == KERNEL);

	if (size == 0 || !goes_on(span_from(at, size), shape))
		return false;
	if (shape == PORTABLE && memchr(at.at, 'p', size) == NULL)
		return false;
	*release = (struct release){.size = size};
	memcpy(release->version, at.at, size);
	return true;
}

static bool
is_known(struct reading *reading, const char *name, const char *version)
{
	for (size_t i = 0; i < reading->found_count; i++)
		if (strcmp(reading->found[i].name, name) == 0 &&
		    strcmp(reading->found[i].version, version) == 0)
			return true;
	return false;
}

/* CPE 2.3 writes a patch level, as OpenSSH's p1, in a field of its own. */
static const char *
cpe_of(struct job *job, const char *product, const char *version)
{
	const char *patch = strcmp(product, "a:openbsd:openssh") == 0 ? strchr(version, 'p') : NULL;
	int size = (int)(patch == NULL ? strlen(version) : (size_t)(patch - version));

	return arena_printf(job, "cpe:2.3:%s:%.*s:%s:*:*:*:*:*:*", product, size, version,
	    patch == NULL ? "*" : patch);
}

static enum status
add_release(struct reading *reading, const char *name, const char *cpe, const char *version,
    size_t offset, bool likely)
{
	struct fact fact = fact_in(FACT_component, reading->node, offset);
	struct component_fact *component = &fact.as.component;

	if (is_known(reading, name, version) || reading->found_count == MAX_FOUND)
		return STATUS_OK;
	reading->found[reading->found_count].name = name;
	memcpy(reading->found[reading->found_count++].version, version, strlen(version) + 1);
	component->name = name;
	component->version = arena_copy_string(reading->job, version);
	component->purl = arena_printf(reading->job, "pkg:generic/%s@%s", name, version);
	component->cpe = cpe_of(reading->job, cpe, version);
	component->origin = strcmp(name, "linux") == 0 ? "kernel" : reading->origin;
	component->confidence = likely ? "likely" : "certain";
	if (component->version == NULL || component->purl == NULL || component->cpe == NULL)
		return STATUS_LIMIT;
	return evidence_add(reading->evidence, reading->job, &fact);
}

static enum status
add_kernel(struct job *job, const struct node *node, size_t offset, struct span release,
    struct evidence *evidence)
{
	struct fact fact = fact_in(FACT_kernel, node, offset);

	fact.as.kernel.version =
	    span_text(job, span_part(release, 0, release.size < 96 ? release.size : 96));
	return fact.as.kernel.version == NULL ? STATUS_LIMIT : evidence_add(evidence, job, &fact);
}

static enum status
try_banner(struct reading *reading, const struct banner *banner, struct span content, size_t at)
{
	size_t anchor = strlen(banner->anchor);
	/* "Lua 5." is anchor and beginning of the release at once */
	size_t start = strcmp(banner->name, "lua") == 0 ? 4 : anchor;
	struct span rest = span_from(content, at);
	struct release release;

	if (!span_starts_with(rest, banner->anchor, anchor) ||
	    !read_release(span_from(rest, start), banner->shape, &release))
		return STATUS_OK;
	/* "mydnsmasq-2.0" is not dnsmasq */
	if (at != 0 && is_letter(content, at - 1) && banner->anchor[0] != ' ')
		return STATUS_OK;
	if (strcmp(banner->name, "linux") == 0 && !is_known(reading, "linux", release.version)) {
		struct span words = span_from(rest, start);

		words = span_part(words, 0, words.size < 96 ? words.size : 96);
		TRY(add_kernel(
		    reading->job, reading->node, at, field_next(&words, ' '), reading->evidence));
	}
	return add_release(reading, banner->name, banner->cpe, release.version, at, banner->likely);
}

static enum status
read_banners(struct reading *reading, const struct offer *offer)
{
	for (size_t i = 0; i < offer->find_count; i++)
		if (offer->finds[i].sought < ARRAY_SIZE(banners))
			TRY(try_banner(reading, &banners[offer->finds[i].sought], offer->content,
			    offer->finds[i].at));
	return STATUS_OK;
}

/* The strings just before and after `at`: one of them may be the release. */
static enum status
read_neighbour(struct reading *reading, struct span content, size_t at, size_t index)
{
	size_t from = at < 64 ? 0 : at - 64;
	struct span window =
	    span_part(content, from, content.size - from < 192 ? content.size - from : 192);
	struct release release;

	field_next(&window, '\0'); /* perhaps the rest of a longer string */
	while (window.size != 0) {
		struct span word = field_next(&window, '\0');

		if (word.size < 3 || release_size(word, false) != word.size ||
		    !read_release(word, PLAIN, &release))
			continue;
		return add_release(reading, neighbours[index].name, neighbours[index].cpe,
		    release.version, (size_t)(word.at - content.at), true);
	}
	return STATUS_OK;
}

static enum status
read_neighbours(struct reading *reading, const struct offer *offer)
{
	bool seen[ARRAY_SIZE(neighbours)] = {false};

	for (size_t i = 0; i < offer->find_count; i++) {
		size_t index = offer->finds[i].sought - ARRAY_SIZE(banners);

		if (offer->finds[i].sought < ARRAY_SIZE(banners) || seen[index])
			continue;
		seen[index] = true;
		TRY(read_neighbour(reading, offer->content, offer->finds[i].at, index));
	}
	return STATUS_OK;
}

static enum status
read_file_name(struct reading *reading)
{
	for (size_t i = 0; i < ARRAY_SIZE(file_names); i++) {
		struct span rest = span_of_string(reading->node->name);
		struct release release;

		if (!span_begins(rest, file_names[i].prefix))
			continue;
		rest = span_from(rest, strlen(file_names[i].prefix));
		if (span_ends(rest, ".so"))
			rest.size -= 3;
		if (release_size(rest, false) == rest.size && read_release(rest, PLAIN, &release))
			TRY(add_release(reading, file_names[i].name, file_names[i].cpe,
			    release.version, 0, true));
	}
	return STATUS_OK;
}

/* Percent-encoding of a package URL: all but letters, digits and . - _ ~ */
static const char *
encode(struct job *job, struct span bytes)
{
	struct text text = text_new(job);
	const char *encoded;

	for (size_t i = 0; i < bytes.size && i < 128; i++) {
		if (is_letter(bytes, i) || is_digit(bytes, i) ||
		    (bytes.at[i] != 0 && strchr(".-_~", bytes.at[i]) != NULL))
			text_put_bytes(&text, &bytes.at[i], 1);
		else
			text_printf(&text, "%%%02X", bytes.at[i]);
	}
	return text_finish(&text, &encoded) == STATUS_OK ? encoded : NULL;
}

/* Without Debian's epoch and revision: what upstream calls it. */
static struct span
upstream(struct span version)
{
	struct span rest = version, epoch = field_next(&rest, ':');

	if (epoch.size < version.size && span_number(epoch, 999) != UNKNOWN)
		version = rest;
	for (size_t i = version.size; i > 1; i--)
		if (version.at[i - 1] == '-')
			return span_part(version, 0, i - 1);
	return version;
}

struct package {
	struct span name, version, architecture, licence, status;
	size_t offset;
};

static enum status
add_package(struct reading *reading, const struct package *package, const char *type)
{
	struct fact fact = fact_in(FACT_component, reading->node, package->offset);
	struct component_fact *component = &fact.as.component;
	bool debian = strcmp(type, "deb/debian") == 0;
	const char *name = encode(reading->job, package->name),
		   *version = encode(reading->job, package->version);
	const char *architecture = encode(reading->job, package->architecture);

	if (name == NULL || version == NULL || architecture == NULL)
		return STATUS_LIMIT;
	component->name = span_text(reading->job, package->name);
	component->version = span_text(reading->job, upstream(package->version));
	component->purl = arena_printf(reading->job, "pkg:%s/%s@%s%s%s", type, name, version,
	    debian && *architecture != '\0' ? "?arch=" : "", debian ? architecture : "");
	component->origin = "package";
	component->confidence = "certain";
	if (package->licence.size != 0)
		component->licence = span_text(reading->job, package->licence);
	if (component->name == NULL || component->version == NULL || component->purl == NULL)
		return STATUS_LIMIT;
	return evidence_add(reading->evidence, reading->job, &fact);
}

/* A field of a Debian or OpenWrt control row ("Package: x") or an Alpine one ("P:x"). */
static void
read_field(struct package *package, struct span line, bool alpine)
{
	struct span value = line, key = field_next(&value, ':');

	value = span_trim(value);
	if (span_is(key, alpine ? "P" : "Package"))
		package->name = value;
	else if (span_is(key, alpine ? "V" : "Version"))
		package->version = value;
	else if (span_is(key, alpine ? "A" : "Architecture"))
		package->architecture = value;
	else if (span_is(key, alpine ? "L" : "License"))
		package->licence = value;
	else if (span_is(key, "Status"))
		package->status = value;
}

static enum status
read_packages(struct reading *reading, struct span content)
{
	bool alpine = text_ends_with(reading->node->local, "/apk/db/installed");
	bool debian = strstr(reading->node->local, "/dpkg/") != NULL;
	const char *type = alpine ? "apk/alpine" : debian ? "deb/debian" : "generic";
	struct span rest = content, line;
	struct package package = {0};
	size_t count = 0;
	bool more = true;

	while (more && count < MAX_PACKAGES) {
		more = line_next(&rest, &line);
		if (more && line.size != 0) {
			if (package.name.size == 0)
				package.offset = (size_t)(line.at - content.at);
			if (line.at[0] != ' ' && line.at[0] != '\t')
				read_field(&package, line, alpine);
			continue;
		}
		if (package.name.size != 0 && package.version.size != 0 &&
		    (package.status.size == 0 || span_ends(package.status, " installed"))) {
			TRY(add_package(reading, &package, type));
			count++;
		}
		package = (struct package){0};
	}
	return STATUS_OK;
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	const struct node *node = offer->node;
	struct span content = offer->content;
	struct reading reading = {.job = job, .node = node, .evidence = evidence};

	(void)collection;
	if (is_package_list(node))
		return read_packages(&reading, content);
	reading.origin = span_starts_with(content, "\177ELF", 4) ? "elf" : "string";
	TRY(read_banners(&reading, offer));
	TRY(read_neighbours(&reading, offer));
	return read_file_name(&reading);
}

/* /lib/modules/RELEASE names the kernel even where the kernel itself cannot be read. */
static enum status
conclude(struct job *job, const struct collection *collection, struct evidence *evidence)
{
	const struct node *node = collection->tree == NULL ? NULL : collection->tree->root;

	for (size_t steps = 0; node != NULL && steps < MAX_NODES;
	     steps++, node = node_after(node)) {
		struct reading reading = {
		    .job = job, .node = node, .evidence = evidence, .origin = "kernel"};
		struct span name;
		struct release release;

		if (node->type != NODE_FOLDER || node->parent == NULL ||
		    !text_ends_with(node->parent->local, "lib/modules"))
			continue;
		name = span_of_string(node->name);
		if (!read_release(name, KERNEL, &release))
			continue;
		TRY(add_kernel(job, node, 0, name, evidence));
		TRY(add_release(
		    &reading, "linux", "o:linux:linux_kernel", release.version, 0, true));
	}
	return STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_component, FACT_kernel};

/* First the banners, then the neighbours: an index beyond the former is of the latter. */
static const struct pattern seeks[] = {
#define PATTERN(anchor, name, cpe, shape, likely)                                                  \
	{.expression = "\\Q" anchor "\\E", .length = sizeof(anchor) - 1},
#include "firmware/collectors/components.def"
#undef PATTERN
    {.expression = "\\Qmosquitto version %s\\E", .length = 20},
    {.expression = "\\Qpppd version %s\\E", .length = 15},
};
_Static_assert(ARRAY_SIZE(seeks) == ARRAY_SIZE(banners) + ARRAY_SIZE(neighbours), "in step");

const struct collector collector_components = {
    .name = "components",
    .title = "third-party components and the kernel, by package list and by version string",
    .source = "deb-control(5), package-url specification, CPE 2.3 (NISTIR 7695)",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
    .conclude = conclude,
};
