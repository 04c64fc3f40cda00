/* What was counted or timed on a living unit is another number each time; the finding is the same.
 */
#include <inttypes.h>
#include <string.h>

#include "assess/judge.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Does `at` begin with that word, and end there or go on with none of its letters? */
static bool
is_word(const char *at, const char *word)
{
	size_t size = strlen(word);

	return strncmp(at, word, size) == 0 && !(at[size] >= 'a' && at[size] <= 'z') &&
	       !is_digit(at[size]);
}

/* Is a number counted, by the word behind it? */
static bool
is_counted(const char *behind)
{
	static const char *const words[] = {"s", "ms", "seconds", "times", "messages", "tries",
	    "pairs", "passwords", "attempts", "names", "ports", "TCP ports", "UDP ports", "paths",
	    "log-ins", "a minute", "refused", "accepted"};

	/* the first number of "19 of 20 pairs" */
	if (strncmp(behind, " of ", 4) == 0 && is_digit(behind[4])) {
		behind += 4;
		behind += strspn(behind, "0123456789");
	}
	if (*behind != ' ')
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (is_word(behind + 1, words[i]))
			return true;
	return false;
}

/* The number of an exchange, which moves with every packet. */
static bool
is_exchange(const char *from, const char *at)
{
	static const char word[] = "exchange ";

	return (size_t)(at - from) >= sizeof word - 1 &&
	       memcmp(at - (sizeof word - 1), word, sizeof word - 1) == 0;
}

static void
put_uncounted(struct text *text, const char *words)
{
	for (const char *at = words; *at != '\0';) {
		size_t digits = 0;

		while (is_digit(at[digits]))
			digits++;
		if (digits == 0)
			text_put_bytes(text, at++, 1);
		else if ((at == words || at[-1] == ' ') &&
			 (is_counted(at + digits) || is_exchange(words, at)))
			text_put(text, "#");
		else
			text_put_bytes(text, at, digits);
		at += digits;
	}
}

void
judge_put_stable_detail(struct text *text, const struct fact *fact, const char *detail)
{
	const char *words =
	    fact != NULL && fact->kind == FACT_resource ? fact->as.resource.detail : NULL;
	const char *listing = words == NULL || words[0] == '\0' ? NULL : strstr(detail, words);

	if (fact == NULL || fact->address == NULL) {
		text_put(text, detail);
		return;
	}
	if (listing != NULL) { /* what a listing or a stream showed at that moment */
		struct text head = text_new(text->job);

		text_put_bytes(&head, detail, (size_t)(listing - detail));
		put_uncounted(text, head.at == NULL ? "" : head.at);
		detail = listing + strlen(words);
		text->failed |= head.failed;
	}
	put_uncounted(text, detail);
}

/* Global addresses of a unit come and go; a link-local one is a door of its own. */
static const char *
family_of(const char *address)
{
	if (strchr(address, ':') == NULL)
		return "";
	return strncmp(address, "fe80:", 5) == 0 ? ":IPv6 of the link" : ":IPv6";
}

void
judge_put_distinction(struct text *text, const struct fact *fact)
{
	if (fact->address == NULL)
		return;
	text_put(text, family_of(fact->address));
	if (fact->kind == FACT_looked)
		text_printf(text, ":%s from %s",
		    fact->as.looked.kind == NULL ? "" : fact->as.looked.kind,
		    fact->as.looked.from_source == NULL ? "" : fact->as.looked.from_source);
	if (fact->kind == FACT_lockout && fact->as.lockout.from_addresses != UNKNOWN)
		text_printf(text, ":from %" PRId64, fact->as.lockout.from_addresses);
}
