/* A password in a program opens every unit that runs it, whatever its owner sets. */
#include "firmware/collectors/hard_coded_login.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/reading.h"

#define MAX_TEXT ((size_t)2 << 20)
#define REMARK ((size_t)4096) /* how far back a remark may begin */

/* Code that runs in the browser of whoever logs in: it may ask, the product decides. */
static bool
is_page(const struct node *node, struct span content)
{
	if (span_begins(content, "#!") || span_find(content, "<?php", 5, 0) != SIZE_MAX ||
	    span_find(content, "<%", 2, 0) != SIZE_MAX)
		return false;
	return text_ends_with(node->name, ".js") || text_ends_with(node->name, ".htm") ||
	       text_ends_with(node->name, ".html") || text_ends_with(node->name, ".shtml");
}

bool
hard_coded_is_letter(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '_';
}

static bool
is_script(const struct node *node, struct span head)
{
	return span_starts_with(head, "#!", 2) || text_ends_with(node->name, ".sh") ||
	       strstr(node->local, "/init.d/") != NULL || strcmp(node->name, "rcS") == 0 ||
	       strcmp(node->name, "rc.local") == 0;
}

static bool
lies_beside(const struct node *node)
{
	static const char *const folders[] = {"/doc/", "/docs/", "/example", "/test/", "/tests/",
	    "/_test/", "/man/", "/locale", "/lang", "/i18n"};

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (strstr(node->local, folders[i]) != NULL)
			return true;
	return false;
}

static bool
wants(const struct node *node, struct span head)
{
	static const char *const endings[] = {".lua", ".php", ".js", ".htm", ".html", ".asp",
	    ".cgi", ".py", ".pl", ".rb", ".jsp", ".shtml"};

	if (node->type != NODE_FILE || node->bytes > MAX_TEXT)
		return false;
	if (span_starts_with(head, "\177ELF", 4))
		return true;
	if (!span_looks_like_text(head) || lies_beside(node))
		return false;
	if (is_script(node, head) || strstr(node->local, "/cgi-bin/") != NULL)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (text_ends_with(node->name, endings[i]))
			return true;
	return false;
}

enum status
hard_coded_add(struct login_reading *reading, const struct hard_coded *login)
{
	struct fact fact = fact_in(FACT_secret, reading->node, login->at);
	size_t shown = login->password.size > 6 ? 2 : login->password.size > 2 ? 1 : 0;
	const char *start;

	if (reading->count == HARD_CODED_MAX)
		return STATUS_OK; /* so many say enough */
	reading->places[reading->count++] = login->at;
	start = text_from_bytes(reading->job, login->password.at, shown, 16);
	if (start == NULL)
		return STATUS_LIMIT;
	fact.hide = login->password;
	fact.as.secret.type = "hard-coded login";
	fact.as.secret.detail =
	    arena_printf(reading->job, "%s… (%zu bytes)", start, login->password.size);
	fact.as.secret.confidence = login->confidence;
	if (login->user.size != 0)
		fact.as.secret.name = span_text(reading->job, login->user);
	if (fact.as.secret.detail == NULL || (login->user.size != 0 && fact.as.secret.name == NULL))
		return STATUS_LIMIT;
	return evidence_add(reading->evidence, reading->job, &fact);
}

bool
hard_coded_is_remark(struct span content, size_t at)
{
	size_t line = at, from = at > REMARK ? at - REMARK : 0;
	struct span rest;

	while (line > from && content.at[line - 1] != '\n')
		line--;
	rest = span_trim(span_part(content, line, at - line));
	if (span_begins(rest, "#") || span_begins(rest, "//") || span_begins(rest, "--") ||
	    span_begins(rest, "*"))
		return true;
	for (size_t i = at; i > from; i--) {
		struct span before = span_part(content, from, i - from);

		if (span_ends(before, "*/") || span_ends(before, "-->"))
			return false;
		if (span_ends(before, "/*") || span_ends(before, "<!--"))
			return true;
	}
	return false;
}

static const struct pattern seeks[] = {
    {.expression = "pass", .length = 4, .caseless = true},
    {.expression = "pwd", .length = 3, .caseless = true},
    {.expression = "psw", .length = 3, .caseless = true},
    {.expression = "_pw", .length = 3, .caseless = true},
    {.expression = "p==", .length = 3},
    {.expression = "p ==", .length = 4},
    {.expression = "pw==", .length = 4},
    {.expression = "pw ==", .length = 5},
    {.expression = "users", .length = 5, .caseless = true},
    {.expression = ":0:0:", .length = 5},
    {.expression = ":\\$[156]\\$", .length = 4},
};
/* The first name a password; then one of a table of users, one of a row, and those of hashes. */
enum { SEEKS_USERS = 8, SEEKS_ROW };

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	struct login_reading reading = {.job = job,
	    .node = offer->node,
	    .content = offer->content,
	    .evidence = evidence,
	    .is_page = is_page(offer->node, offer->content)};
	struct span head =
	    span_part(offer->content, 0, offer->content.size < 64 ? offer->content.size : 64);
	bool program = span_starts_with(head, "\177ELF", 4);

	(void)collection;
	for (size_t i = 0; i < offer->find_count && reading.count < HARD_CODED_MAX; i++) {
		const struct find *find = &offer->finds[i];

		if (find->sought == SEEKS_ROW)
			TRY(hard_coded_read_row(&reading, find->at));
		else if (find->sought > SEEKS_ROW)
			TRY(hard_coded_read_hash(&reading, find->at));
		else if (!program && find->sought == SEEKS_USERS)
			TRY(hard_coded_read_users(&reading, find->at));
		else if (!program)
			TRY(hard_coded_read_pair(&reading, find->at));
	}
	return is_script(offer->node, head) ? hard_coded_read_commands(&reading) : STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_secret};

const struct collector collector_hard_coded_login = {
    .name = "hard_coded_login",
    .title = "users with their passwords in scripts and web pages: compared, assigned, or set by a "
	     "command; rows of passwd that scripts and programs write (what a compiled program "
	     "compares is not read)",
    .source = "TS 103 701 test case 5.4-3-1; chpasswd(8), passwd(1), htpasswd(1)",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
};
