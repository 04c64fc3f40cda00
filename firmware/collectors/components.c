/* Most programs of a firmware tell their own version in a string they print. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collectors/components_loaded.h"
#include "firmware/component.h"
#include "firmware/lone.h"
#include "firmware/reading.h"
#include "firmware/release.h"

#define MAX_FOUND 64    /* components of one binary */
#define LONGEST_TAIL 48 /* what a builder puts behind a release, before the bracket */
#define FAR ((size_t)1 << 16)

#define CERTAIN "certain"
#define LIKELY "likely"
#define POSSIBLE "possible"

enum shape {
	PLAIN,     /* 1.2 or 1.2.3, perhaps -rc1, p1, a letter */
	TRIPLE,    /* the same, with two dots at least */
	WHOLE,     /* anchor and release are the whole string */
	DATED,     /* then blanks and a day of the month: OpenSSL */
	BRACKET,   /* then what its builder added, then " (" */
	COPYRIGHT, /* then "Copyright" */
	BUILT,     /* then words of the program's own in the same string */
	PORTABLE,  /* 1.2p1: OpenSSH's list of peers has no p */
	SYMBOL,    /* 1.2.3 and '_' or the end: the name of a version of symbols */
	PATCHED,   /* 6.4 and the day of the patch: ncurses */
	FROM_ZERO, /* the anchor ends in the release's "0." */
};

struct banner {
	const char *anchor, *name;
	enum shape shape;
	const char *confidence;
	const char *file; /* NULL: any */
};

static const struct banner banners[] = {
#define BANNER(anchor, name, shape, confidence, file) {anchor, name, shape, confidence, file},
#include "firmware/collectors/components.def"
};

#define NONE LONE_NO_TAIL, false
#define DATE LONE_DATE, false
#define AS_NAMED LONE_NO_TAIL, true

/* A version that stands alone, by what only its program says or by the file's name. */
struct rule {
	const char *key, *name;
	size_t dots;
	const char *begins;
	enum lone_tail tail;
	bool as_named; /* the file's name gives the first two numbers */
};

static const struct rule markers[] = {
#define LONE_BY(marker, name, dots, begins, tail) {marker, name, dots, begins, tail},
#include "firmware/collectors/components.def"
};

static const struct rule files[] = {
#define LONE_IN(file, name, dots, begins, tail) {file, name, dots, begins, tail},
#include "firmware/collectors/components.def"
};

enum naming { DIRECT, FROM_TWO, GLIB, PNG16, PNG12 };

static const struct {
	const char *prefix, *name;
	size_t dots;
	enum naming rule;
	const char *confidence;
} file_names[] = {
#define FILE_NAME(prefix, name, dots, rule, confidence) {prefix, name, dots, rule, confidence},
#include "firmware/collectors/components.def"
};

/* What a file says: each release of each component once, as surely as anywhere in it. */
struct found {
	const char *name, *confidence;
	char version[RELEASE_MAX];
	size_t offset;
};

struct reading {
	struct job *job;
	const struct offer *offer;
	struct found found[MAX_FOUND];
	size_t found_count;
	struct lones lones; /* read when first asked for */
	bool lones_read;
};

static bool
wants(const struct node *node, struct span head)
{
	return node->type == NODE_FILE && node->bytes >= 64 && !span_looks_like_text(head);
}

/* How much a confidence says. */
static unsigned
rank_of(const char *confidence)
{
	return strcmp(confidence, CERTAIN) == 0 ? 2 : strcmp(confidence, LIKELY) == 0;
}

/* Was this said already?  `name` NULL: of any component. */
static struct found *
find_said(struct reading *reading, const char *name, const char *version)
{
	for (size_t i = 0; i < reading->found_count; i++)
		if ((name == NULL || strcmp(reading->found[i].name, name) == 0) &&
		    strcmp(reading->found[i].version, version) == 0)
			return &reading->found[i];
	return NULL;
}

static void
add_release(struct reading *reading, const char *name, const char *version, size_t offset,
    const char *confidence)
{
	struct found *found = find_said(reading, name, version);

	if (found != NULL && rank_of(found->confidence) >= rank_of(confidence))
		return;
	if (found == NULL) {
		if (reading->found_count == MAX_FOUND)
			return;
		found = &reading->found[reading->found_count++];
		memcpy(found->version, version, strlen(version) + 1);
	}
	found->name = name;
	found->offset = offset;
	found->confidence = confidence;
}

static enum status
tell_found(struct reading *reading, const struct collection *collection, const struct found *found,
    struct evidence *evidence)
{
	const struct offer *offer = reading->offer;
	struct fact fact = fact_in(FACT_component, offer->node, found->offset);
	struct component_fact *component = &fact.as.component;

	component->name = found->name;
	component->version = found->version;
	component->origin = span_starts_with(offer->content, "\177ELF", 4) ? "elf" : "string";
	component->confidence = found->confidence;
	if (components_only_loads(offer, found->name)) {
		component->confidence = POSSIBLE;
		if (components_keep_loaded(reading->job, collection, offer, &fact))
			return STATUS_OK;
	}
	return component_add(reading->job, evidence, &fact);
}

/* What a builder puts behind a release, as "+dfsg-2" or "-g1234abc", up to " (". */
static bool
ends_in_bracket(struct span rest)
{
	size_t size = 0;

	while (size < rest.size && size < LONGEST_TAIL &&
	       (byte_is_letter(rest, size) || byte_is_digit(rest, size) ||
		   (rest.at[size] != 0 && strchr("+~-._", rest.at[size]) != NULL)))
		size++;
	return (size == 0 || !byte_is_letter(rest, 0)) && span_begins(span_from(rest, size), " (");
}

/* Does what stands behind a release show that it is the maker's own, and no mention of it? */
static bool
goes_on(struct span rest, enum shape shape)
{
	struct span window = span_part(rest, 0, rest.size < 256 ? rest.size : 256);
	struct span string = field_next(&window, '\0');

	switch (shape) {
	case DATED:
		return span_begins(string, " ") && byte_is_digit(span_trim(string), 0);
	case BRACKET:
		return ends_in_bracket(string);
	case COPYRIGHT:
		return span_begins(span_trim(string), "Copyright");
	case BUILT:
		return span_find(string, " built on ", 10, 0) != SIZE_MAX ||
		       span_find(string, " [SSL", 5, 0) != SIZE_MAX ||
		       span_find(string, " standalone mode", 16, 0) != SIZE_MAX;
	case WHOLE:
		return span_trim(string).size == 0;
	case SYMBOL:
		return string.size == 0 || string.at[0] == '_';
	case FROM_ZERO: /* in a packet's options the next one may follow at once */
		return string.size == 0 || string.at[0] == ' ' || string.at[0] == '\n';
	case PLAIN:
	case TRIPLE:
	case PORTABLE:
	case PATCHED:
		break;
	}
	return !span_begins(string, "*"); /* OpenSSH_7.0* names peers */
}

static bool
read_shape(struct span at, enum shape shape, struct release *release)
{
	bool bare = shape == SYMBOL || shape == BRACKET;
	size_t dots;

	if (!release_read(at, false, release) && (!bare || !release_read(at, true, release)))
		return false;
	/* of "2010.06-svn1234" the builder's own part is none of the maker's */
	if (shape == BRACKET && strchr(release->version, '-') != NULL &&
	    strstr(release->version, "-rc") == NULL && !release_read(at, true, release))
		return false;
	dots = release_dots(release->version);
	if (!goes_on(span_from(at, release->size), shape) ||
	    (dots < 2 && (shape == TRIPLE || shape == SYMBOL || shape == PATCHED)))
		return false;
	if (shape == PATCHED) /* 6.4.20221231 is 6.4 */
		*strrchr(release->version, '.') = '\0';
	return shape != PORTABLE || strchr(release->version, 'p') != NULL;
}

/* "mydnsmasq-2.0" is not dnsmasq, and what is the whole string has nothing before it. */
static bool
begins_well(const struct banner *banner, struct span content, size_t at)
{
	if (at == 0)
		return true;
	if (banner->shape == WHOLE)
		return content.at[at - 1] == '\0' || content.at[at - 1] == '\n';
	return !byte_is_letter(content, at - 1) || !byte_is_letter(content, at);
}

static void
try_banner(struct reading *reading, const struct banner *banner, size_t at)
{
	struct span content = reading->offer->content;
	size_t start = at + strlen(banner->anchor) - (banner->shape == FROM_ZERO ? 2 : 0);
	struct release release;

	if (banner->file != NULL && !text_starts_with(reading->offer->node->name, banner->file))
		return;
	if (!begins_well(banner, content, at) ||
	    !read_shape(span_from(content, start), banner->shape, &release))
		return;
	add_release(reading, banner->name, release.version, at, banner->confidence);
}

/* The one release that stands alone as the rule says; of several the nearest to `near`. */
/* A program that calls zlib tells it which release it was built for. */
static bool
is_of_zlib(const struct reading *reading, const char *version)
{
	return (text_starts_with(version, "1.2.") || strcmp(version, "1.3") == 0 ||
		   text_starts_with(version, "1.3.")) &&
	       (span_find(reading->offer->content, "inflateInit", 11, 0) != SIZE_MAX ||
		   span_find(reading->offer->content, "deflateInit", 11, 0) != SIZE_MAX);
}

static void
try_rule(struct reading *reading, const struct rule *rule, const char *begins, size_t near)
{
	const struct lone *best = NULL;
	bool several = false;
	size_t best_far = SIZE_MAX;

	if (!reading->lones_read)
		lones_find(reading->offer->content, &reading->lones);
	reading->lones_read = true;
	for (size_t i = 0; i < reading->lones.count; i++) {
		const struct lone *lone = &reading->lones.list[i];
		size_t far = lone->at > near ? lone->at - near : near - lone->at;

		if (lone->tail != rule->tail || release_dots(lone->version) != rule->dots ||
		    !text_starts_with(lone->version, begins) ||
		    find_said(reading, NULL, lone->version) != NULL ||
		    is_of_zlib(reading, lone->version))
			continue;
		several |= best != NULL && strcmp(best->version, lone->version) != 0;
		if (far < best_far) {
			best_far = far;
			best = lone;
		}
	}
	if (best == NULL || (several && best_far > FAR))
		return;
	add_release(reading, rule->name, best->version, best->at, several ? POSSIBLE : LIKELY);
}

static void
read_finds(struct reading *reading)
{
	const struct offer *offer = reading->offer;
	bool seen[ARRAY_SIZE(markers)] = {false};

	for (size_t i = 0; i < offer->find_count; i++)
		if (offer->finds[i].sought < ARRAY_SIZE(banners))
			try_banner(reading, &banners[offer->finds[i].sought], offer->finds[i].at);
	for (size_t i = 0; i < offer->find_count; i++) {
		size_t index = offer->finds[i].sought - ARRAY_SIZE(banners);

		if (offer->finds[i].sought < ARRAY_SIZE(banners) || index >= ARRAY_SIZE(markers) ||
		    seen[index])
			continue;
		seen[index] = true;
		try_rule(reading, &markers[index], markers[index].begins, offer->finds[i].at);
	}
}

/* A program by its whole name, a library or a language by how its name begins. */
static bool
is_named(const char *name, const char *key)
{
	if (text_ends_with(key, ".so") || text_ends_with(key, "."))
		return text_starts_with(name, key);
	return strcmp(name, key) == 0;
}

static enum status
read_by_name(struct reading *reading)
{
	const char *name = reading->offer->node->name;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		const char *begins = files[i].begins;

		if (!is_named(name, files[i].key))
			continue;
		if (files[i].as_named) {
			struct release release;
			struct span rest =
			    span_of_string(name + strlen(files[i].key) - strlen(begins));

			if (!release_read(rest, true, &release))
				continue;
			begins = arena_printf(reading->job, "%s.", release.version);
			if (begins == NULL)
				return STATUS_LIMIT;
		}
		try_rule(reading, &files[i], begins, 0);
	}
	return STATUS_OK;
}

/* The release a library's file name carries, as its project numbers its files. */
static bool
read_naming(struct span rest, enum naming rule, struct release *release)
{
	char own[RELEASE_MAX];
	char *dot;
	size_t size;

	if (rule == FROM_TWO)
		rest = (struct span){rest.at - 2, rest.size + 2};
	if (span_ends(rest, ".so"))
		rest.size -= 3;
	if (!release_read(rest, false, release) || release->size != rest.size)
		return false;
	if (rule == DIRECT || rule == FROM_TWO)
		return true;
	memcpy(own, release->version, sizeof own);
	dot = strchr(own, '.');
	*dot = '\0';
	size = strlen(own);
	if (rule == PNG16 || rule == PNG12) { /* libpng16.so.16.39.0 is 1.6.39 */
		if (size > 3)
			return false;
		memcpy(release->version, rule == PNG16 ? "1.6." : "1.2.", 4);
		memcpy(release->version + 4, own, size + 1);
		return true;
	}
	if (size < 3 || size > 6 || strcmp(own + size - 2, "00") != 0) /* 7400.6 is 2.74.6 */
		return false;
	own[size - 2] = '\0';
	size = strlen(dot + 1);
	if (size > 4)
		return false;
	memcpy(release->version, "2.", 2);
	memcpy(release->version + 2, own, strlen(own));
	release->version[2 + strlen(own)] = '.';
	memcpy(release->version + 3 + strlen(own), dot + 1, size + 1);
	return true;
}

/* uClibc ended before 1.0; uClibc-ng began with it, and kept the names of the files. */
static const char *
named_by(const char *name, const char *version)
{
	return strcmp(name, "uclibc") == 0 && version[0] != '0' ? "uclibc-ng" : name;
}

static void
read_file_name(struct reading *reading)
{
	for (size_t i = 0; i < ARRAY_SIZE(file_names); i++) {
		struct span rest = span_of_string(reading->offer->node->name);
		struct release release;

		if (!span_begins(rest, file_names[i].prefix))
			continue;
		rest = span_from(rest, strlen(file_names[i].prefix));
		if (!read_naming(rest, file_names[i].rule, &release) ||
		    release_dots(release.version) < file_names[i].dots)
			continue;
		add_release(reading, named_by(file_names[i].name, release.version), release.version,
		    0, file_names[i].confidence);
	}
}

/* The note that package builders put into a program: {"type":"deb","os":…,"name":…,"version":…}. */
static bool
note_value(struct span note, const char *key, struct span *value)
{
	size_t at = span_find(note, key, strlen(key), 0);

	if (at == SIZE_MAX)
		return false;
	*value = span_from(note, at + strlen(key));
	*value = field_next(value, '"');
	return value->size != 0 && value->size < 64;
}

static void
read_note(struct reading *reading, size_t at)
{
	struct span note = span_from(reading->offer->content, at);
	struct span type, name, version;
	const struct upstream *upstream;
	struct release release = {.size = 0};

	note = span_part(note, 0, note.size < 512 ? note.size : 512);
	note = field_next(&note, '}');
	if (!note_value(note, "\"type\":\"", &type) || !note_value(note, "\"name\":\"", &name) ||
	    !note_value(note, "\"version\":\"", &version))
		return;
	upstream = upstream_of_package(name, (struct span){0});
	version = release_upstream(version);
	if (upstream == NULL || version.size >= RELEASE_MAX || version.size == 0 ||
	    memchr(version.at, '\0', version.size) != NULL)
		return;
	memcpy(release.version, version.at, version.size);
	if (!text_is_utf8(release.version, version.size) || !byte_is_digit(version, 0))
		return;
	add_release(reading, upstream->name, release.version, at, CERTAIN);
}

#define NOTE (ARRAY_SIZE(banners) + ARRAY_SIZE(markers))

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	struct reading *reading = arena_allocate(job, sizeof *reading);

	if (reading == NULL)
		return STATUS_LIMIT;
	reading->job = job;
	reading->offer = offer;
	read_finds(reading);
	for (size_t i = 0; i < offer->find_count; i++)
		if (offer->finds[i].sought == NOTE)
			read_note(reading, offer->finds[i].at);
	TRY(read_by_name(reading));
	read_file_name(reading);
	for (size_t i = 0; i < reading->found_count; i++)
		TRY(tell_found(reading, collection, &reading->found[i], evidence));
	return STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_component};

/* First the banners, then the markers, then the note. */
static const struct pattern seeks[] = {
#define BANNER(anchor, name, shape, confidence, file)                                              \
	{.expression = "\\Q" anchor "\\E", .length = sizeof(anchor) - 1},
#include "firmware/collectors/components.def"
#define LONE_BY(marker, name, dots, begins, tail)                                                  \
	{.expression = "\\Q" marker "\\E", .length = sizeof(marker) - 1},
#include "firmware/collectors/components.def"
    {.expression = "\\Q{\"type\":\"\\E", .length = 9},
};
_Static_assert(ARRAY_SIZE(seeks) == NOTE + 1, "in step");

const struct collector collector_components = {
    .name = "components",
    .title = "third-party components by the version strings of programs and libraries",
    .source = "package-url specification, CPE 2.3 (NISTIR 7695), ELF package metadata",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
    .conclude = components_tell_loaded,
};
