/* First a pair that cannot exist: a log-in that accepts it says nothing about any other. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/guessing.h"
#include "device/probe.h"

#define CONFIRM_EVERY 10 /* pairs at a door, after which the right one must still open it */
#define DEPTH 3          /* passwords of its usual user that every door is to have refused */

static enum status
try_control(struct attack *attack, struct door *door)
{
	struct guess guess;

	TRY(guessing_make_control(attack, door->login, &guess));
	TRY(guessing_try(attack, door, &guess, true));
	if (door->closed || door->control.answer == LOGIN_REFUSED)
		return STATUS_OK;
	door->closed = true;
	outcome_lack(attack->job, &attack->outcome,
	    door->control.answer == LOGIN_ACCEPTED
		? "port %u: negative control accepted"
		: "port %u: a refusal cannot be told from a log-in",
	    door->login->port);
	return STATUS_OK;
}

/* Whom a product of this sort has, if it has anybody. */
static const char *
usual_user(const struct door *door)
{
	return door->family == FAMILY_SYSTEM ? "root" : "admin";
}

static struct user_count *
count_of(struct attack *attack, const char *user)
{
	for (size_t i = 0; i < attack->user_count; i++)
		if (strcmp(attack->users[i].user, user) == 0)
			return &attack->users[i];
	if (attack->user_count == GUESSING_MAX_USERS)
		return NULL;
	attack->users[attack->user_count] = (struct user_count){.user = user};
	return &attack->users[attack->user_count++];
}

static bool
wants_more(const struct door *door)
{
	return !door->closed && !door->open && !door->done && door->dealt < door->wanted;
}

/*
 * A pair goes to every door of a family or to none, so that no door misses the
 * commonest ones; a user's first pair always goes.
 */
static bool
is_within_budget(const struct attack *attack, const struct user_count *user, enum family family)
{
	int64_t doors = 0;

	for (size_t i = 0; i < attack->door_count; i++)
		doors += attack->doors[i].family == family && !attack->doors[i].login->no_user &&
			 wants_more(&attack->doors[i]);
	return user->tries[family] == 0 ||
	       user->tries[family] + doors <= attack->target->guess_budget;
}

/*
 * The owner's own log-in lets units forget the wrong ones: where the laboratory knows what opens a
 * door of the family as this user, his budget begins again.
 */
static enum status
begin_again(struct attack *attack, struct user_count *user, enum family family)
{
	for (size_t i = 0; i < attack->door_count; i++) {
		struct door *door = &attack->doors[i];

		if (door->family != family || door->right == NULL || door->closed || door->open ||
		    strcmp(door->right->user, user->user) != 0)
			continue;
		TRY(guessing_confirm(attack, door));
		if (!door->closed) {
			user->tries[family] = 0;
			return STATUS_OK;
		}
	}
	return STATUS_OK;
}

/* A door without users is asked each password once. */
static bool
is_new_password(const struct attack *attack, size_t turn)
{
	const struct guess *guesses = attack->target->guesses;

	for (size_t i = 0; i < turn; i++)
		if (strcmp(guesses[i].password, guesses[turn].password) == 0)
			return false;
	return true;
}

/* One pair at every door, as far as its user's budget goes; which door is first goes round. */
static enum status
deal(struct attack *attack, size_t turn, const struct guess *guess)
{
	struct user_count *user = count_of(attack, guess->user);
	bool within[FAMILY_COUNT];

	for (int family = 0; user != NULL && family < FAMILY_COUNT; family++) {
		if (!is_within_budget(attack, user, (enum family)family))
			TRY(begin_again(attack, user, (enum family)family));
		within[family] = is_within_budget(attack, user, (enum family)family);
	}
	for (size_t i = 0; user != NULL && i < attack->door_count; i++) {
		struct door *door = &attack->doors[(turn + i) % attack->door_count];
		struct guess one = *guess;
		struct arena_mark mark = arena_mark(attack->job->arena);
		const char *lack = attack->outcome.lack;
		bool no_user = door->login->no_user;

		if (!wants_more(door) ||
		    (no_user ? !is_new_password(attack, turn) : !within[door->family]))
			continue;
		if (target_time_is_up(attack->target)) {
			outcome_lack(
			    attack->job, &attack->outcome, "time is up after %zu pairs", turn);
			return STATUS_OK;
		}
		if (target_is_locked(attack->target, no_user ? "" : guess->user))
			continue;
		if (no_user)
			one.user = "";
		else
			user->tries[door->family]++;
		if (door->dealt > 0 && door->dealt % CONFIRM_EVERY == 0)
			TRY(guessing_confirm(attack, door));
		if (door->closed)
			continue;
		door->dealt++;
		door->depth += !no_user && strcmp(one.user, usual_user(door)) == 0;
		TRY(guessing_try(attack, door, &one, false));
		if (lack == attack->outcome.lack && door->waiting == 0)
			arena_release(attack->job->arena, mark);
	}
	return STATUS_OK;
}

static enum family
family_of(const char *protocol)
{
	static const char *const web[] = {
	    "http", "https", "rtsp", "rtsps", "onvif", "dvrip", "dhip"};
	static const char *const shells[] = {"ssh", "sftp", "telnet", "telnets", "ftp", "ftps"};

	for (size_t i = 0; i < ARRAY_SIZE(web); i++)
		if (strcmp(protocol, web[i]) == 0)
			return FAMILY_WEB;
	for (size_t i = 0; i < ARRAY_SIZE(shells); i++)
		if (strcmp(protocol, shells[i]) == 0)
			return FAMILY_SYSTEM;
	return FAMILY_OTHER;
}

static void
add_door(struct attack *attack, const struct login *login)
{
	int64_t budget = attack->target->guess_budget;
	bool bounded = login->no_user && budget < attack->wanted;

	attack->doors[attack->door_count++] = (struct door){.login = login,
	    .family = family_of(login->protocol),
	    .wanted = bounded ? budget : attack->wanted,
	    .overlap = 1};
}

/* The log-ins that can be tried; the others leave the plan undone. */
static void
find_doors(struct attack *attack)
{
	const struct target *target = attack->target;

	for (size_t i = 0; i < target->login_count; i++) {
		const struct login *login = &target->logins[i];

		if (login->recognised)
			add_door(attack, login);
		else
			outcome_lack(attack->job, &attack->outcome,
			    "port %u: a %s log-in nobody here knows how to try", login->port,
			    login->protocol);
	}
}

/*
 * How many pairs the door that saw fewest has seen: a pair counts where every
 * log-in was asked.  A door that opened, or saw all its budget allows or all its own
 * words, needs no more.
 */
static int64_t
fewest_pairs(const struct attack *attack)
{
	int64_t fewest = INT64_MAX, most = 0;

	for (size_t i = 0; i < attack->door_count; i++) {
		const struct door *door = &attack->doors[i];
		int64_t pairs = door->pairs >= door->wanted ? attack->wanted : door->pairs;

		most = door->pairs > most ? door->pairs : most;
		fewest = !door->open && !door->done && pairs < fewest ? pairs : fewest;
	}
	return fewest == INT64_MAX ? most : fewest;
}

/* Is there a log-in left that has seen fewer pairs than the plan wants? */
static bool
is_wanting(const struct attack *attack)
{
	for (size_t i = 0; i < attack->door_count; i++)
		if (wants_more(&attack->doors[i]))
			return true;
	return false;
}

/* Has every log-in words of its own, all tried? */
static bool
are_done(const struct attack *attack)
{
	bool done = true;

	for (size_t i = 0; i < attack->door_count; i++)
		done = done && attack->doors[i].done;
	return done;
}

/* How many passwords the plan of a door begins with for a user, at most DEPTH. */
static int64_t
depth_of_plan(const struct target *target, const struct door *door, const char *user)
{
	int64_t depth = 0;

	for (size_t i = 0; i < target->guess_count && (int64_t)i < door->wanted && depth < DEPTH;
	     i++)
		depth += strcmp(target->guesses[i].user, user) == 0;
	return depth;
}

/* Was each door asked by somebody whose refusals mean something, and deep enough? */
static enum status
look_back(struct attack *attack)
{
	for (size_t i = 0; i < attack->door_count; i++) {
		struct door *door = &attack->doors[i];
		const char *user = usual_user(door);

		TRY(guessing_confirm(attack, door));
		if (door->open || door->closed || door->done)
			continue;
		if (door->right == NULL)
			outcome_lack(attack->job, &attack->outcome,
			    door->told ? "port %u: no pair that was told opens %s: whether it "
					 "judges is not known"
				       : "port %u: nobody told what opens %s: whether it judges is "
					 "not known",
			    door->login->port, door->login->protocol);
		else if (!door->login->no_user &&
			 door->depth < depth_of_plan(attack->target, door, user))
			outcome_lack(attack->job, &attack->outcome,
			    "port %u: only %lld passwords of %s were tried: more are where its own "
			    "is told",
			    door->login->port, (long long)door->depth, user);
	}
	return STATUS_OK;
}

/* What the tries came to; the unit's own slowness is told apart from ours. */
static enum status
write_note(struct attack *attack)
{
	struct outcome *outcome = &attack->outcome;
	int64_t tried = attack->refused + attack->accepted + attack->unsure;
	const char *note = "there is no log-in";

	if (attack->target->login_count > 0)
		note = arena_printf(attack->job,
		    "%lld tries: %lld refused, %lld accepted%s; %lld s of it waiting for the unit",
		    (long long)tried, (long long)attack->refused, (long long)attack->accepted,
		    attack->unsure > 0 ? ", others unclear" : "",
		    (long long)(attack->waited_ms / 1000));
	if (note == NULL)
		return STATUS_LIMIT;
	outcome->note = note;
	if (outcome->lack != NULL && tried > 0)
		outcome->lack = arena_printf(attack->job, "%s; %s", outcome->lack, note);
	return outcome->lack == NULL && outcome->note == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
carry_out(struct attack *attack)
{
	const struct target *target = attack->target;

	for (size_t i = 0; i < attack->door_count; i++)
		TRY(try_control(attack, &attack->doors[i]));
	for (size_t i = 0; i < attack->door_count; i++)
		if (!attack->doors[i].closed && guessing_is_by_community(attack->doors[i].login))
			TRY(guessing_try_communities(attack, &attack->doors[i]));
	for (size_t i = 0; i < attack->door_count; i++)
		if (!attack->doors[i].closed && !attack->doors[i].done)
			TRY(guessing_find_right(attack, &attack->doors[i]));
	for (size_t i = 0; i < target->guess_count && is_wanting(attack); i++)
		TRY(deal(attack, i, &target->guesses[i]));
	return look_back(attack);
}

static enum status
talk(struct job *job, struct target *target, struct evidence *evidence)
{
	struct attack *attack = arena_allocate(job, sizeof *attack);

	if (attack == NULL)
		return STATUS_LIMIT;
	attack->job = job;
	attack->target = target;
	attack->evidence = evidence;
	TRY(probe_note_strangers(job, target));
	attack->outcome.lack =
	    target->services_lack != NULL ? target->services_lack : target->logins_lack;
	attack->wanted = target->min_pairs > 0 ? target->min_pairs : (int64_t)target->guess_count;
	find_doors(attack);
	TRY(carry_out(attack));
	attack->outcome.tried = fewest_pairs(attack);
	attack->outcome.required = target->login_count == 0 ? 0 : target->min_pairs;
	if (attack->door_count > 0 && are_done(attack)) /* there are fewer communities than pairs */
		attack->outcome.required = attack->outcome.tried;
	TRY(write_note(attack));
	return outcome_look(job, &attack->outcome, evidence, FACT_login_attempt);
}

const struct probe probe_default_passwords = {
    .name = "default_passwords",
    .title = "Whether a default pair of user and password opens a log-in",
    .source = "EN 303 645 provision 5.1-1, TS 103 701 test case 5.1-1-2",
    .looks_for = {"login_attempt"},
    .needs = "ports,udp,ssh,http,telnet,ftp,tftp,rtsp,onvif,snmp,mqtt,coap,sip,dvrip",
    .intrusion = INTRUSION_LOGIN,
    .limit_ms = 2 * 60 * 1000,
    .talk = talk,
};
