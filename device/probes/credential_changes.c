/* A password that is changed is set back, whatever happens in between: the shell that was opened
 * first stays open until the old one is proven to work again. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "device/probe.h"
#include "device/shell_talk.h"

#define QUESTIONS_MAX 8
#define RESTORE_TRIES 3
#define PAUSE_MS 5000
#define RESERVE_MS 120000 /* kept for setting the old password back */

/* One account behind one log-in. */
struct change {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	const struct login *login;
	const char *user;
	const char *old;
	const char *current; /* what opens it now, as far as is known */
	int64_t exchange;
	bool lost; /* the old password could not be set back */
};

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

/* The dialogue of passwd in an open shell. *said is what its words came to. */
static enum status
run_passwd(struct change *change, struct shell *shell, const char *new, int64_t *said)
{
	struct text all = text_new(change->job);

	*said = UNKNOWN;
	TRY(shell_ask(change->job, shell, "passwd", false));
	for (unsigned i = 0; i < QUESTIONS_MAX; i++) {
		const char *answer = answer_to(shell->words, change->current, new);

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

/* Does a password open the log-in?  UNKNOWN when there was no answer, twice. */
static enum status
opens(struct change *change, const char *password, int64_t *yes)
{
	*yes = UNKNOWN;
	for (unsigned i = 0; i < 2 && *yes == UNKNOWN; i++) {
		struct login_result result;
		enum status status = login_try(change->job, change->target, change->login,
		    change->user, password, NULL, &result);

		if (fault_is_ours(status))
			return status;
		if (status == STATUS_OK && result.answer != LOGIN_UNSURE)
			*yes = result.answer == LOGIN_ACCEPTED;
	}
	return STATUS_OK;
}

/* A fresh shell for one dialogue: some close it after a wrong answer. */
static enum status
set_password(struct change *change, const char *new, int64_t *said)
{
	struct shell shell;
	enum status status;

	*said = UNKNOWN;
	status = shell_open(
	    change->job, change->target, change->login, change->user, change->current, &shell);
	change->exchange = shell.exchange;
	if (status == STATUS_OK)
		status = run_passwd(change, &shell, new, said);
	shell_close(change->job, &shell);
	return fault_is_ours(status) ? status : STATUS_OK;
}

/*
 * Sets the old password again and proves it; through the first shell where no
 * other way is left.  What cannot be undone is said as loudly as can be.
 */
static enum status
restore(struct change *change, struct shell *first, int64_t *restored)
{
	int64_t said;

	TRY(opens(change, change->old, restored));
	for (unsigned i = 0; i < RESTORE_TRIES && *restored != 1; i++) {
		enum status status =
		    i == 0 ? STATUS_OK : target_wait(change->job, change->target, PAUSE_MS);

		if (fault_is_ours(status))
			return status;
		if (i % 2 == 0)
			TRY(set_password(change, change->old, &said));
		else
			status = run_passwd(change, first, change->old, &said);
		if (fault_is_ours(status))
			return status;
		TRY(opens(change, change->old, restored));
	}
	if (*restored == 1) {
		change->current = change->old;
		return STATUS_OK;
	}
	change->lost = true;
	change->outcome.lack = arena_printf(change->job,
	    "THE PASSWORD OF %s COULD NOT BE SET BACK at %s port %u: the one set last is in the "
	    "transcript, exchange %lld; set it by hand",
	    change->user, change->login->protocol, change->login->port,
	    (long long)change->exchange);
	return change->outcome.lack == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
make_password(struct change *change, const char **password)
{
	uint8_t random[8];

	TRY(target_random(change->job, change->target, random, sizeof random));
	*password = arena_printf(change->job, "Kq7%sWz",
	    hex_of_bytes(change->job, (struct span){random, sizeof random}));
	return *password == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* One change to a strong password and back. */
static enum status
change_once(struct change *change, struct shell *first, bool *changed)
{
	struct fact fact = fact_new(FACT_credential_change);
	struct credential_change_fact *as = &fact.as.credential_change;
	const char *new;
	int64_t said;

	TRY(make_password(change, &new));
	TRY(set_password(change, new, &said));
	fact.port = change->login->port;
	fact.exchange = change->exchange;
	as->protocol = change->login->protocol;
	as->user = change->user;
	TRY(opens(change, new, &as->new_works));
	TRY(opens(change, change->old, &as->old_still_works));
	as->changed = as->new_works == 1 || said == 1 ? 1 : said == 0 ? 0 : as->new_works;
	if (as->new_works == 1 || (said == 1 && as->old_still_works != 1))
		change->current = new;
	*changed = as->new_works == 1;
	TRY(restore(change, first, &as->restored));
	change->outcome.count++;
	return evidence_add(change->evidence, change->job, &fact);
}

/* One kind of password, taken or not, and back. */
static enum status
try_variant(struct change *change, struct shell *first, const char *variant, const char *password)
{
	struct fact fact = fact_new(FACT_password_trial);
	struct password_trial_fact *as = &fact.as.password_trial;
	bool same = strcmp(password, change->old) == 0;
	int64_t said, restored;

	TRY(set_password(change, password, &said));
	fact.port = change->login->port;
	fact.exchange = change->exchange;
	as->protocol = change->login->protocol;
	as->variant = variant;
	as->length = (int64_t)strlen(password);
	as->accepted = said;
	/* The old password opens it in any case: only the words tell. */
	if (!same) {
		TRY(opens(change, password, &as->accepted));
		if (as->accepted == 1)
			change->current = password;
	}
	TRY(restore(change, first, &restored));
	return evidence_add(change->evidence, change->job, &fact);
}

/* Too little time is left to change anything and be sure to undo it. */
static bool
is_late(struct change *change)
{
	if (target_now(change->target) + RESERVE_MS < change->target->deadline)
		return false;
	outcome_lack(change->job, &change->outcome, "time is up");
	return true;
}

static enum status
try_variants(struct change *change, struct shell *first)
{
	static const char long_one[] =
	    "Vq3-long-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEF";
	const struct {
		const char *variant, *password;
	} trials[] = {{"unchanged", change->old}, {"long", long_one}, {"common", "12345678"},
	    {"same_as_user", change->user}, {"short", "k7"}, {"empty", ""}};

	for (size_t i = 0; i < ARRAY_SIZE(trials) && !change->lost; i++) {
		if (is_late(change))
			break;
		/* What is the old one already is only unchanged. */
		if (i == 0 || strcmp(trials[i].password, change->old) != 0)
			TRY(try_variant(change, first, trials[i].variant, trials[i].password));
	}
	return STATUS_OK;
}

/* The account behind one log-in; `first` stays open all the while. */
static enum status
work_on(struct change *change)
{
	struct shell first;
	bool changed = false;
	enum status status = shell_open(
	    change->job, change->target, change->login, change->user, change->old, &first);

	if (status == STATUS_OK && first.prompt != TELNET_SHELL)
		status = fail(change->job, STATUS_UNDECIDED,
		    "port %u: it asks for a new password before anything else",
		    change->login->port);
	if (status == STATUS_OK)
		status = change_once(change, &first, &changed);
	/* Where a strong one is not taken, nothing can be told of weak ones. */
	if (status == STATUS_OK && changed && !change->lost)
		status = try_variants(change, &first);
	shell_close(change->job, &first);
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK)
		outcome_lack(change->job, &change->outcome, "%s", change->job->reason);
	return STATUS_OK;
}

/* ONVIF SetUser would be a second way, by the protocol of the log-in. */
static enum status
change_at(struct change *change, const struct login *login)
{
	struct credential credential;

	/* Every log-in with a standard way is looked at; the others are changed by a person. */
	if (!shell_is_behind(login)) {
		change->outcome.note =
		    arena_printf(change->job, "port %u: no standard way to change a password by %s",
			login->port, login->protocol);
		return change->outcome.note == NULL ? STATUS_LIMIT : STATUS_OK;
	}
	if (!login->recognised || !login_find_credential(change->target, login, &credential)) {
		outcome_lack(change->job, &change->outcome,
		    "port %u: no password of its %s log-in is known", login->port, login->protocol);
		return STATUS_OK;
	}
	if (is_late(change))
		return STATUS_OK;
	change->login = login;
	change->user = credential.user;
	change->old = change->current = credential.password;
	return work_on(change);
}

static enum status
talk(struct job *job, struct target *target, struct evidence *evidence)
{
	struct change change = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.required = UNKNOWN, .tried = UNKNOWN}};

	TRY(probe_note_strangers(job, target));
	change.outcome.lack = target->logins_lack;
	for (size_t i = 0; i < target->login_count && !change.lost; i++)
		TRY(change_at(&change, &target->logins[i]));
	if (target->login_count == 0)
		change.outcome.note = "there is no log-in";
	TRY(outcome_look(job, &change.outcome, evidence, FACT_credential_change));
	return outcome_look(job, &change.outcome, evidence, FACT_password_trial);
}

const struct probe probe_credential_changes = {
    .name = "credential_changes",
    .title = "Whether a password can be changed, the old one stops, and weak ones are refused",
    .source = "EN 303 645 provision 5.1-4, TS 103 701 test case 5.1-4-2",
    .looks_for = {"credential_change", "password_trial"},
    .needs = "ports,ssh,telnet,default_passwords",
    .intrusion = INTRUSION_STRESS,
    .limit_ms = 10 * 60 * 1000,
    .talk = talk,
};
