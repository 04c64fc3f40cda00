/* Whether an empty password opens a log-in, and how slowly one is guessed, is set beside the
 * accounts. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/reading.h"

#define MAX_FACTS 256 /* settings of one file */

enum shape { WORDS, EQUALS, TERMINALS, STACK };

struct kind_of_file {
	const char *name, *end; /* of the settings; of the path */
	enum shape shape;
	const char *keys[20];
};

static const struct kind_of_file files[] = {
    {"login.defs", "/etc/login.defs", WORDS,
	{"ENCRYPT_METHOD", "MD5_CRYPT_ENAB", "PASS_MIN_LEN", "PASS_MAX_DAYS", "PASS_MIN_DAYS",
	    "SHA_CRYPT_MIN_ROUNDS", "SHA_CRYPT_MAX_ROUNDS", "YESCRYPT_COST_FACTOR",
	    "BCRYPT_MIN_ROUNDS", "LOGIN_RETRIES", "LOGIN_TIMEOUT", "FAIL_DELAY", "FAILLOG_ENAB",
	    "NO_PASSWORD_CONSOLE", "CONSOLE", "UMASK", "DEFAULT_HOME"}},
    {"securetty", "/etc/securetty", TERMINALS, {NULL}},
    {"dropbear", "/etc/default/dropbear", EQUALS,
	{"NO_START", "DROPBEAR_PORT", "DROPBEAR_EXTRA_ARGS"}},
    {"faillock", "/security/faillock.conf", EQUALS,
	{"deny", "unlock_time", "fail_interval", "even_deny_root", "root_unlock_time"}},
    {"pwquality", "/security/pwquality.conf", EQUALS,
	{"minlen", "minclass", "dictcheck", "usercheck", "enforcing", "enforce_for_root"}},
};

/* Modules and words of a PAM line that decide who gets in. */
static const char *const modules[] = {"pam_permit.so", "pam_faillock.so", "pam_tally.so",
    "pam_tally2.so", "pam_faildelay.so", "pam_pwquality.so", "pam_cracklib.so", "pam_securetty.so",
    "pam_unix.so", "pam_rootok.so", "pam_nologin.so", "pam_wheel.so", "pam_deny.so"};

static const struct kind_of_file stack = {"pam", "", STACK, {NULL}};

static const struct kind_of_file *
kind_of(const struct node *node)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (text_ends_with(node->local, files[i].end))
			return &files[i];
	return text_ends_with(node->local, "/etc/pam.conf") ||
		       strstr(node->local, "/etc/pam.d/") != NULL
		   ? &stack
		   : NULL;
}

static bool
wants(const struct node *node, struct span head)
{
	return node->type == NODE_FILE && span_looks_like_text(head) && kind_of(node) != NULL;
}

static enum status
add(struct job *job, const struct offer *offer, struct span line, const char *name,
    struct span value, struct evidence *evidence)
{
	struct fact fact =
	    fact_in(FACT_setting, offer->node, (uint64_t)(line.at - offer->content.at));

	fact.as.setting.name = name;
	fact.as.setting.value = span_text(job, value);
	if (name == NULL || fact.as.setting.value == NULL)
		return STATUS_LIMIT;
	return evidence_add(evidence, job, &fact);
}

static bool
matters(struct span module)
{
	const uint8_t *slash = memrchr(module.at, '/', module.size);

	if (slash != NULL)
		module = span_from(module, (uint64_t)(slash - module.at) + 1);
	for (size_t i = 0; i < ARRAY_SIZE(modules); i++)
		if (span_is(module, modules[i]))
			return true;
	return false;
}

/* "auth [success=1 default=ignore] pam_unix.so nullok": pam.SERVICE.auth = "pam_unix.so nullok" */
static enum status
read_stack(struct job *job, const struct offer *offer, struct span line, struct evidence *evidence)
{
	bool is_whole = strcmp(offer->node->name, "pam.conf") == 0;
	struct span rest = line, service = span_of_string(offer->node->name), type, word, before;

	if ((is_whole && !word_next(&rest, &service)) || !word_next(&rest, &type))
		return STATUS_OK;
	if (span_begins(type, "-"))
		type = span_from(type, 1);
	rest = span_trim(rest);
	if (span_begins(rest, "["))
		field_next(&rest, ']');
	else if (!word_next(&rest, &word))
		return STATUS_OK;
	before = span_trim(rest);
	if (!word_next(&rest, &word) || !matters(word))
		return STATUS_OK;
	return add(job, offer, line,
	    arena_printf(job, "pam.%.64s.%.16s", span_text(job, service), span_text(job, type)),
	    before, evidence);
}

static enum status
read_key(struct job *job, const struct offer *offer, const struct kind_of_file *kind,
    struct span line, struct evidence *evidence)
{
	struct span rest = line, key;

	if (kind->shape == EQUALS)
		key = span_trim(field_next(&rest, '='));
	else if (!word_next(&rest, &key))
		return STATUS_OK;
	for (size_t i = 0; i < ARRAY_SIZE(kind->keys) && kind->keys[i] != NULL; i++)
		if (span_is(key, kind->keys[i]))
			return add(job, offer, line,
			    arena_printf(job, "%s.%s", kind->name, kind->keys[i]), span_trim(rest),
			    evidence);
	return STATUS_OK;
}

/* Without what stands behind a remark's sign. */
static struct span
without_remark(struct span line)
{
	return span_trim(field_next(&line, '#'));
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	const struct kind_of_file *kind = kind_of(offer->node);
	struct span rest = offer->content, line;
	size_t count = 0;

	(void)collection;
	while (kind != NULL && count < MAX_FACTS && line_next(&rest, &line)) {
		line = without_remark(line);
		if (line.size == 0)
			continue;
		count++;
		if (kind->shape == STACK)
			TRY(read_stack(job, offer, line, evidence));
		else if (kind->shape == TERMINALS)
			TRY(add(job, offer, line, "securetty.terminal", line, evidence));
		else
			TRY(read_key(job, offer, kind, line, evidence));
	}
	return count < MAX_FACTS
		   ? STATUS_OK
		   : fail(job, STATUS_LIMIT, "limit: more than %d settings", MAX_FACTS);
}

static const enum fact_kind looks_for[] = {FACT_setting};

const struct collector collector_login_settings = {
    .name = "login_settings",
    .title =
	"how the system logs in: login.defs, securetty, PAM stacks, lock-out and password quality",
    .source = "login.defs(5), securetty(5), pam.conf(5), faillock.conf(5), pwquality.conf(5)",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .wants = wants,
    .collect = collect,
};
