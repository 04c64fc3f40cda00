/*
 * The tags of a page, one after the other: as browsers read them, forgiving.
 *
 * Comments are skipped, and so is what stands in a script: it is no page.
 */
#ifndef DEVICE_HTTP_TAGS_H
#define DEVICE_HTTP_TAGS_H

#include "base/job.h"
#include "base/span.h"

#define TAGS_MAX 20000
#define TAG_ATTRIBUTES_MAX 40

struct tag_attribute {
	struct span name;
	struct span value;
};

struct tag {
	struct span name; /* with its "/" where it closes */
	size_t count;
	struct tag_attribute attributes[TAG_ATTRIBUTES_MAX];
	struct span script; /* what stands between <script> and </script> */
};

/* The next tag of `rest`, which then begins behind it; false at the end. */
bool tag_next(struct span *rest, struct tag *tag);
/* The word, in small letters, is all of `text`, whatever its case. */
bool tag_is(struct span text, const char *word);
/* Empty where there is none. */
struct span tag_attribute(const struct tag *tag, const char *name);
bool tag_has(const struct tag *tag, const char *name);
/* tag_text gives them to the letter, but for entities. */
bool tag_is_plain(struct span bytes);
/* Bytes of a page as text of a bounded size; NULL only when out of budget. */
const char *tag_text(struct job *job, struct span bytes);

#endif
