/* Messages are a sorted table made from po/ at build time, so a translation needs no locale. */
#include "base/message.h"

#include <stddef.h>
#include <string.h>

#include "base/job.h"

static const struct {
	const char *english, *vietnamese;
} translations[] = {
#include "messages.inc"
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
