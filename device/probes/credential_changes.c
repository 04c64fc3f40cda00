/* A password that is changed is set back, whatever happens in between: the new one is told to the
 * operator before it is sent, and a shell that was opened first stays open until the old one is
 * proven to work again. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "device/credential_change.h"
#include "device/probe.h"

#define RESTORE_TRIES 3
#define PAUSE_MS 5000
#define RESERVE_MS 120000 /* kept for setting the old password back */
#define RESERVE_CONNECTIONS 40

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

static enum status
tell(const struct change *change, enum password_news news, const char *password)
{
	return target_tell_password(
	    change->job, change->target, news, change->place, change->user, password);
}

static bool
is_onvif(const struct login *login)
{
	return strcmp(login->protocol, "onvif") == 0;
}

/* Sets `new` as whoever knows `as`; `new` is told first, and can then be lost no more. */
static enum status
set_password(struct change *change, const char *as, const char *new, int64_t *said)
{
	if (strcmp(new, change->old) != 0) {
		TRY(tell(change, PASSWORD_TO_BE, new));
		change->sent = new;
		change->open = true;
	}
	return is_onvif(change->login) ? change_by_onvif(change, as, new, said)
				       : change_by_shell(change, as, new, said);
}

/* What cannot be undone is said as loudly as can be. */
static enum status
give_up(struct change *change)
{
	change->lost = true;
	change->outcome.lack = arena_printf(change->job,
	    "THE PASSWORD OF %s COULD NOT BE SET BACK at %s: the one sent last was told when it "
	    "was "
	    "sent, and stands in the transcript, exchange %lld; set it by hand",
	    change->user, change->place, (long long)change->exchange);
	return change->outcome.lack == NULL ? STATUS_LIMIT
					    : tell(change, PASSWORD_IS_LOST, change->sent);
}

/*
 * Sets the old password again and proves it: with the one it should have now, then through the
 * first shell, then with the one sent last, in case that was taken without a word.
 */
static enum status
restore(struct change *change, int64_t *restored)
{
	int64_t said;

	*restored = UNKNOWN;
	/* Where the old one works beside the new one, that it opens proves nothing. */
	if (change->current == change->old)
		TRY(opens(change, change->old, restored));
	for (unsigned i = 0; i < RESTORE_TRIES && *restored != 1; i++) {
		enum status status =
		    i == 0 ? STATUS_OK : target_wait(change->job, change->target, PAUSE_MS);

		if (fault_is_ours(status))
			return status;
		if (i == 1 && change->first != NULL)
			TRY(change_by_first_shell(change, change->old, &said));
		else
			TRY(set_password(
			    change, i == 0 ? change->current : change->sent, change->old, &said));
		TRY(opens(change, change->old, restored));
	}
	if (*restored != 1)
		return give_up(change);
	change->current = change->old;
	if (!change->open)
		return STATUS_OK;
	change->open = false;
	return tell(change, PASSWORD_IS_BACK, change->old);
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
change_once(struct change *change, bool *changed)
{
	struct fact fact = fact_new(FACT_credential_change);
	struct credential_change_fact *as = &fact.as.credential_change;
	const char *new;
	int64_t said;

	TRY(make_password(change, &new));
	TRY(set_password(change, change->old, new, &said));
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
	TRY(restore(change, &as->restored));
	change->outcome.count++;
	return evidence_add(change->evidence, change->job, &fact);
}

/* One kind of password, taken or not, and back. */
static enum status
try_variant(struct change *change, const char *variant, const char *password)
{
	struct fact fact = fact_new(FACT_password_trial);
	struct password_trial_fact *as = &fact.as.password_trial;
	bool same = strcmp(password, change->old) == 0;
	int64_t said, restored;

	TRY(set_password(change, change->old, password, &said));
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
	TRY(restore(change, &restored));
	return evidence_add(change->evidence, change->job, &fact);
}

/* Too little time, or too few connections, are left to change anything and be sure to undo it. */
static bool
is_late(struct change *change)
{
	const struct target *target = change->target;

	if (target_now(target) + RESERVE_MS >= target->deadline)
		outcome_lack(change->job, &change->outcome, "time is up");
	else if (target->connections != 0 &&
		 target->transcript.exchange + RESERVE_CONNECTIONS > target->connections)
		outcome_lack(change->job, &change->outcome,
		    "too few connections are left to change a password and set it back");
	else
		return false;
	return true;
}

static enum status
try_variants(struct change *change)
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
			TRY(try_variant(change, trials[i].variant, trials[i].password));
	}
	return STATUS_OK;
}

/* To a strong password, then to weak ones, and back each time. */
static enum status
work_on(struct change *change)
{
	bool changed = false;

	TRY(change_once(change, &changed));
	/* Where a strong one is not taken, nothing can be told of weak ones. */
	if (changed && !change->lost)
		TRY(try_variants(change));
	return STATUS_OK;
}

/* The first shell stays open all the while. */
static enum status
work_in_shell(struct change *change)
{
	struct shell first;
	enum status status = shell_open(
	    change->job, change->target, change->login, change->user, change->old, &first);

	change->first = &first;
	if (status == STATUS_OK && first.prompt != TELNET_SHELL)
		status = fail(change->job, STATUS_UNDECIDED,
		    "port %u: it asks for a new password before anything else",
		    change->login->port);
	if (status == STATUS_OK)
		status = work_on(change);
	shell_close(change->job, &first);
	change->first = NULL;
	return status;
}

static enum status
work_by_onvif(struct change *change)
{
	TRY(change_find_rights(change));
	return work_on(change);
}

static enum status
begin(struct change *change, const struct login *login, const struct credential *credential)
{
	change->login = login;
	change->user = credential->user;
	change->old = change->current = change->sent = credential->password;
	change->place = arena_printf(change->job, "%s port %u", login->protocol, login->port);
	return change->place == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
change_at(struct change *change, const struct login *login)
{
	const struct credential *credential = target_owner(change->target, login->protocol);
	enum status status;

	/* Where there is no standard way a person has to change it. */
	if (!shell_is_behind(login) && !is_onvif(login)) {
		outcome_lack(change->job, &change->outcome,
		    "port %u: no standard way to change a password by %s", login->port,
		    login->protocol);
		return STATUS_OK;
	}
	if (!login->recognised || credential == NULL) {
		outcome_lack(change->job, &change->outcome,
		    "port %u: no password of its %s log-in is known", login->port, login->protocol);
		return STATUS_OK;
	}
	if (is_late(change))
		return STATUS_OK;
	TRY(begin(change, login, credential));
	status = is_onvif(login) ? work_by_onvif(change) : work_in_shell(change);
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK)
		outcome_lack(change->job, &change->outcome, "%s", change->job->reason);
	return STATUS_OK;
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
    .needs = "ports,ssh,telnet,onvif,default_passwords",
    .intrusion = INTRUSION_STRESS,
    .limit_ms = 10 * 60 * 1000,
    .talk = talk,
};
