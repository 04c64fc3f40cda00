/* The dialogue of passwd, whatever a shell is reached by. */
#include <string.h>

#include "base/text.h"
#include "device/credential_change.h"

#define QUESTIONS_MAX 8

static bool
has_word(const char *words, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcasestr(words, list[i]) != NULL)
			return true;
	return false;
}

/* What the unit said of a new password, in its own words. */
static int64_t
said_taken(const char *words)
{
	static const char *const good[] = {"password changed", "changed by", "updated successfully",
	    "password updated", "successfully changed"};
	static const char *const bad[] = {"unchanged", "too short", "too weak", "bad password",
	    "not changed", "failure", "error", "do not match", "incorrect", "too similar",
	    "too simple", "dictionary"};

	/* Who is allowed to is warned of a weak one, and gets it all the same. */
	if (has_word(words, good, ARRAY_SIZE(good)))
		return 1;
	return has_word(words, bad, ARRAY_SIZE(bad)) ? 0 : UNKNOWN;
}

/* What a question of passwd asks for: the present password, or the new one. */
static const char *
answer_to(const char *words, const char *present, const char *new)
{
	static const char *const present_words[] = {
	    "old password", "current password", "(current)", "current unix"};
	static const char *const new_words[] = {"new password", "new unix password", "retype",
	    "re-enter", "again", "confirm", "repeat"};
	const char *line = strrchr(words, '\n') == NULL ? words : strrchr(words, '\n') + 1;

	if (strchr(line, ':') == NULL)
		return NULL;
	if (has_word(line, new_words, ARRAY_SIZE(new_words)))
		return new;
	return has_word(line, present_words, ARRAY_SIZE(present_words)) ? present : NULL;
}

/* The dialogue of passwd in an open shell. */
static enum status
run_passwd(
    struct change *change, struct shell *shell, const char *present, const char *new, int64_t *said)
{
	struct text all = text_new(change->job);

	*said = UNKNOWN;
	TRY(shell_ask(change->job, shell, "passwd", false));
	for (unsigned i = 0; i < QUESTIONS_MAX; i++) {
		const char *answer = answer_to(shell->words, present, new);

		text_put(&all, shell->words);
		if (answer == NULL)
			break;
		TRY(shell_ask(change->job, shell, answer, true));
	}
	if (all.failed)
		return STATUS_LIMIT;
	if (all.size > 0)
		*said = said_taken(all.at);
	return STATUS_OK;
}

/* A fresh shell for one dialogue: some close it after a wrong answer. */
enum status
change_by_shell(struct change *change, const char *as, const char *new, int64_t *said)
{
	struct shell shell;
	enum status status;

	*said = UNKNOWN;
	status = shell_open(change->job, change->target, change->login, change->user, as, &shell);
	change->exchange = shell.exchange;
	if (status == STATUS_OK)
		status = run_passwd(change, &shell, as, new, said);
	shell_close(change->job, &shell);
	return fault_is_ours(status) ? status : STATUS_OK;
}

enum status
change_by_first_shell(struct change *change, const char *new, int64_t *said)
{
	enum status status = run_passwd(change, change->first, change->current, new, said);

	change->exchange = change->first->exchange;
	return fault_is_ours(status) ? status : STATUS_OK;
}
