/* Messages are a sorted table made from po/ at build time, so a translation needs no locale. */
#include "base/message.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

enum {
	HOLES_MAX = 12,  /* of one pattern */
	DEPTH_MAX = 6,   /* words in words in words */
	FITS_MAX = 24,   /* patterns looked at for the same words */
	TRIES_MAX = 400, /* patterns that fit, of one message: what a unit says may fit many */
};

static const struct {
	const char *english, *vietnamese;
	size_t letters; /* beside the holes; 0: it has none */
} translations[] = {
#include "messages.inc"
};

struct hole {
	struct span data;
	bool words; /* to be translated */
};

const char *
message(int language, const char *english)
{
	size_t low = 0, high = ARRAY_SIZE(translations);

	if (language != 1 || !english)
		return english;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(english, translations[middle].english);

		if (order == 0)
			return translations[middle].vietnamese;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return english;
}

/* The size of the hole there; 0 where there is none. */
static size_t
hole_size(const char *pattern)
{
	return strncmp(pattern, "{}", 2) == 0 ? 2 : strncmp(pattern, "{~}", 3) == 0 ? 3 : 0;
}

static size_t
letters_size(const char *pattern)
{
	size_t size = 0;

	while (pattern[size] != '\0' && hole_size(pattern + size) == 0)
		size++;
	return size;
}

/* Where the pattern's next `size` letters stand: the last ones at the end; NULL: nowhere. */
static const char *
find_letters(const char *string, const char *pattern, size_t size)
{
	size_t rest = strlen(string);

	if (size > rest)
		return NULL;
	if (pattern[size] != '\0')
		return memmem(string, rest, pattern, size);
	return memcmp(string + rest - size, pattern, size) == 0 ? string + rest - size : NULL;
}

static bool
fits(const char *pattern, const char *string, struct hole holes[HOLES_MAX])
{
	size_t size = letters_size(pattern), hole;

	if (strncmp(pattern, string, size) != 0)
		return false;
	pattern += size;
	string += size;
	for (size_t i = 0; (hole = hole_size(pattern)) != 0; i++) {
		const char *end;

		if (i == HOLES_MAX)
			return false;
		pattern += hole;
		size = letters_size(pattern);
		end = find_letters(string, pattern, size);
		if (end == NULL)
			return false;
		holes[i].data = (struct span){(const uint8_t *)string, (size_t)(end - string)};
		holes[i].words = hole == 3;
		pattern += size;
		string = end + size;
	}
	return *string == '\0';
}

/* What is being translated, and how many patterns may still be tried. */
struct translating {
	struct job *job;
	int language;
	size_t tries;
};

static size_t put_words(
    struct translating *self, struct text *text, const char *english, size_t depth);

/* Letters of the words in the holes that are known. */
static size_t
put_pattern(struct translating *self, struct text *text, const char *pattern,
    const struct hole *holes, size_t depth)
{
	size_t known = 0;

	for (;; holes++) {
		size_t size = letters_size(pattern);
		const char *data;

		text_put_bytes(text, pattern, size);
		pattern += size;
		if (*pattern == '\0')
			return known;
		pattern += hole_size(pattern);
		data = arena_string(self->job, (const char *)holes->data.at, holes->data.size);
		if (data == NULL) {
			text->failed = true;
			return known;
		}
		if (holes->words)
			known += put_words(self, text, data, depth + 1);
		else
			text_put(text, data);
	}
}

/* Ours are ASCII, but for the mark of what is left out. */
static bool
may_be_english(const char *words)
{
	for (; *words != '\0'; words++)
		if ((*words & 0x80) != 0) {
			if (strncmp(words, "…", strlen("…")) != 0)
				return false;
			words += strlen("…") - 1;
		}
	return true;
}

/* The patterns that fit, those of most letters first; of two alike the earlier one. */
static size_t
find_fits(const char *english, size_t found[FITS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(translations); i++) {
		struct hole holes[HOLES_MAX] = {0};
		size_t at = count;

		if (translations[i].letters == 0 || !fits(translations[i].english, english, holes))
			continue;
		while (at > 0 && translations[found[at - 1]].letters < translations[i].letters)
			at--;
		if (at == FITS_MAX)
			continue;
		count += count < FITS_MAX;
		memmove(&found[at + 1], &found[at], (count - at - 1) * sizeof *found);
		found[at] = i;
	}
	return count;
}

/* All that a pattern could know: its letters, and every word in its holes. */
static size_t
most_known(const struct hole *holes, const char *pattern, size_t letters)
{
	for (; *pattern != '\0'; pattern++)
		if (hole_size(pattern) != 0)
			letters += holes->words ? holes->data.size : 0, holes++;
	return letters;
}

/*
 * The best is what knows most letters: those of a pattern and of the words in
 * its holes.  Words in a hole may be what a supplier wrote, where a phrase of
 * ours stands by chance: there it has to be a good part of them.
 */
static size_t
put_words(struct translating *self, struct text *text, const char *english, size_t depth)
{
	const char *best = message(self->language, english);
	size_t known = best != english ? strlen(english) : 0, found[FITS_MAX];
	size_t count = known != 0 || depth == DEPTH_MAX || (depth > 0 && !may_be_english(english))
			   ? 0
			   : find_fits(english, found);

	for (size_t i = 0; i < count && self->tries > 0; i++) {
		const char *pattern = translations[found[i]].english;
		struct text filled = text_new(self->job);
		size_t letters = translations[found[i]].letters;
		struct hole holes[HOLES_MAX] = {0};

		if (!fits(pattern, english, holes) || most_known(holes, pattern, letters) <= known)
			continue;
		self->tries--;
		letters +=
		    put_pattern(self, &filled, translations[found[i]].vietnamese, holes, depth);
		text->failed |= filled.failed;
		if (filled.failed || letters <= known ||
		    (depth > 0 && hole_size(pattern) != 0 && letters < strlen(english) / 3))
			continue;
		known = letters;
		best = filled.at == NULL ? "" : filled.at;
	}
	text_put(text, best);
	return known;
}

const char *
message_of(struct job *job, int language, const char *english)
{
	struct translating self = {job, language, TRIES_MAX};
	struct text text = text_new(job);
	const char *string;

	if (language != 1 || !english || message(language, english) != english)
		return message(language, english);
	put_words(&self, &text, english, 0);
	return text_finish(&text, &string) == STATUS_OK ? string : NULL;
}
