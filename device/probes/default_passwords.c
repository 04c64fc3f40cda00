/* First a pair that cannot exist: a log-in that accepts it says nothing about any other. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "device/login.h"
#include "device/probe.h"
#include "device/snmp_client.h"

#define USERS_MAX 2048

/* Tries so far of one user name, all protocols together: what a lock-out counts. */
struct user_count {
	const char *user;
	int64_t tries;
};

/* One log-in while it is tried. */
struct door {
	const struct login *login;
	bool closed;   /* its control was accepted or unsure, or it is lost */
	bool open;     /* one pair was accepted: more would only cost tries */
	bool done;     /* its own words are all tried */
	int64_t pairs; /* distinct ones carried out */
	struct login_result control;
};

struct attack {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	struct door doors[TARGET_MAX_LOGINS];
	size_t door_count;
	int64_t wanted; /* pairs at each door */
	struct user_count users[USERS_MAX];
	size_t user_count;
};

static enum status
add_attempt(struct attack *attack, const struct door *door, const struct guess *guess, bool control,
    const struct login_result *result)
{
	struct fact fact = fact_new(FACT_login_attempt);
	struct login_attempt_fact *as = &fact.as.login_attempt;

	fact.port = door->login->port;
	fact.exchange = result->exchange;
	as->protocol = door->login->protocol;
	as->user = guess->user;
	as->password = guess->password;
	as->origin = guess->origin;
	as->control = control;
	as->accepted = result->answer == LOGIN_UNSURE ? UNKNOWN : result->answer == LOGIN_ACCEPTED;
	as->forced_change =
	    result->answer == LOGIN_ACCEPTED && strcmp(door->login->protocol, "telnet") == 0
		? result->forced_change
		: UNKNOWN;
	as->error_text_class = result->error_text_class;
	return evidence_add(attack->evidence, attack->job, &fact);
}

static bool
is_ours(enum status status)
{
	return status == STATUS_LIMIT || status == STATUS_FAULT || status == STATUS_IO;
}

/* One pair at one door; twice where the first time there was no answer.  A door that gives none is
 * lost. */
static enum status
try_pair(struct attack *attack, struct door *door, const struct guess *guess, bool control,
    struct login_result *result)
{
	enum status status = STATUS_UNAVAILABLE;

	for (unsigned again = 0; again < 2 && status != STATUS_OK; again++) {
		status = login_try(attack->job, attack->target, door->login, guess->user,
		    guess->password, control ? NULL : &door->control, result);
		if (is_ours(status))
			return status;
	}
	if (status != STATUS_OK) {
		door->closed = true;
		outcome_lack(attack->job, &attack->outcome, "after %lld pairs: %s",
		    (long long)door->pairs, attack->job->reason);
		return STATUS_OK;
	}
	return add_attempt(attack, door, guess, control, result);
}

/* A pair nobody can have set: drawn from the job's nonce. */
static enum status
make_control(struct attack *attack, struct guess *guess)
{
	uint8_t random[16];

	TRY(target_random(attack->job, attack->target, random, sizeof random));
	guess->user =
	    arena_printf(attack->job, "u%.8s", hex_of_bytes(attack->job, (struct span){random, 4}));
	guess->password = hex_of_bytes(attack->job, (struct span){random + 4, 8});
	guess->origin = "control";
	return guess->user == NULL || guess->password == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
try_control(struct attack *attack, struct door *door)
{
	struct guess guess;

	TRY(make_control(attack, &guess));
	TRY(try_pair(attack, door, &guess, true, &door->control));
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

static bool
is_by_community(const struct door *door)
{
	return strcmp(door->login->protocol, "snmp") == 0 && door->login->scheme != NULL &&
	       strcmp(door->login->scheme, "community") == 0;
}

static enum status
add_trials(struct attack *attack, struct door *door, const struct guess *guesses,
    const struct snmp_trial *trials, size_t count, int64_t exchange)
{
	for (size_t i = 0; i < count; i++) {
		struct login_result result = {.answer = LOGIN_REFUSED, .exchange = exchange};

		if (trials[i].v1 || trials[i].v2c)
			result.answer = LOGIN_ACCEPTED;
		else if (trials[i].doubtful)
			result.answer = LOGIN_UNSURE;
		door->open = door->open || result.answer == LOGIN_ACCEPTED;
		door->pairs++;
		TRY(add_attempt(attack, door, &guesses[i], false, &result));
	}
	door->done = true;
	return STATUS_OK;
}

/* SNMP has words of its own and no users to lock out: all of them, at once. */
static enum status
deal_communities(struct attack *attack, struct door *door)
{
	struct snmp_trial *trials;
	struct guess *guesses;
	struct channel channel;
	size_t count;
	enum status status;

	TRY(snmp_guesses(attack->job, attack->target, &guesses, &count));
	trials = arena_array(attack->job, count, sizeof *trials);
	if (trials == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < count; i++)
		trials[i].community = guesses[i].password;
	status = channel_open_udp(attack->job, attack->target, door->login->port, &channel);
	if (status == STATUS_OK)
		status = snmp_try(attack->job, &channel, trials, count);
	channel_hang_up(attack->job, &channel);
	if (is_ours(status))
		return status;
	if (status == STATUS_OK)
		return add_trials(attack, door, guesses, trials, count, channel.exchange);
	door->closed = true;
	outcome_lack(attack->job, &attack->outcome, "communities: %s", attack->job->reason);
	return STATUS_OK;
}

static struct user_count *
count_of(struct attack *attack, const char *user)
{
	for (size_t i = 0; i < attack->user_count; i++)
		if (strcmp(attack->users[i].user, user) == 0)
			return &attack->users[i];
	if (attack->user_count == USERS_MAX)
		return NULL;
	attack->users[attack->user_count] = (struct user_count){.user = user};
	return &attack->users[attack->user_count++];
}

/* One pair at every door, as far as its user's budget goes; which door is first goes round. */
static enum status
deal(struct attack *attack, size_t turn, const struct guess *guess)
{
	struct user_count *user = count_of(attack, guess->user);

	for (size_t i = 0; user != NULL && i < attack->door_count; i++) {
		struct door *door = &attack->doors[(turn + i) % attack->door_count];
		struct arena_mark mark = arena_mark(attack->job->arena);
		const char *lack = attack->outcome.lack;
		struct login_result result;

		if (door->closed || door->open || door->pairs >= attack->wanted ||
		    is_by_community(door) || user->tries >= attack->target->guess_budget)
			continue;
		if (target_time_is_up(attack->target)) {
			outcome_lack(
			    attack->job, &attack->outcome, "time is up after %zu pairs", turn);
			return STATUS_OK;
		}
		user->tries++;
		TRY(try_pair(attack, door, guess, false, &result));
		if (!door->closed)
			door->pairs++;
		door->open = !door->closed && result.answer == LOGIN_ACCEPTED;
		if (door->open)
			target_add_opened(
			    attack->target, door->login->protocol, guess->user, guess->password);
		if (lack == attack->outcome.lack)
			arena_release(attack->job->arena, mark);
	}
	return STATUS_OK;
}

/* The log-ins that can be tried; the others leave the plan undone. */
static void
find_doors(struct attack *attack)
{
	const struct target *target = attack->target;

	for (size_t i = 0; i < target->login_count; i++) {
		const struct login *login = &target->logins[i];

		if (login->recognised)
			attack->doors[attack->door_count++] = (struct door){.login = login};
		else
			outcome_lack(attack->job, &attack->outcome,
			    "port %u: a %s log-in nobody here knows how to try", login->port,
			    login->protocol);
	}
}

/* Is `name` in a comma-separated list? */
static bool
is_in_list(const char *list, const char *name)
{
	size_t size = strlen(name);

	for (const char *at = list; at != NULL && *at != '\0';) {
		size_t length = strcspn(at, ",");

		if (length == size && memcmp(at, name, size) == 0)
			return true;
		at += length + (at[length] == ',');
	}
	return false;
}

/* Services whose log-in, if they have one, no probe looks at. */
static void
note_strangers(struct attack *attack)
{
	for (size_t i = 0; i < attack->target->service_count; i++) {
		const struct service *service = &attack->target->services[i];
		bool known = false;

		for (size_t j = 0; j < probe_catalogue_count; j++)
			known = known || is_in_list(probe_catalogue[j]->speaks, service->name);
		if (!known)
			outcome_lack(attack->job, &attack->outcome,
			    "port %u (%s): nobody looked for a log-in there", service->port,
			    service->name);
	}
}

/*
 * How many pairs the door that saw fewest has seen: a pair counts where every
 * log-in was asked.  A door that opened needs no more, nor one whose own words are all tried.
 */
static int64_t
fewest_pairs(const struct attack *attack)
{
	int64_t fewest = INT64_MAX, most = 0;

	for (size_t i = 0; i < attack->door_count; i++) {
		int64_t pairs = attack->doors[i].pairs;

		most = pairs > most ? pairs : most;
		fewest = !attack->doors[i].open && !attack->doors[i].done && pairs < fewest
			     ? pairs
			     : fewest;
	}
	return fewest == INT64_MAX ? most : fewest;
}

/* Is there a log-in left that has seen fewer pairs than the plan wants? */
static bool
is_wanting(const struct attack *attack)
{
	for (size_t i = 0; i < attack->door_count; i++)
		if (!attack->doors[i].closed && !attack->doors[i].open && !attack->doors[i].done &&
		    attack->doors[i].pairs < attack->wanted)
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

static enum status
talk(struct job *job, struct target *target, struct evidence *evidence)
{
	struct attack *attack = arena_allocate(job, sizeof *attack);

	if (attack == NULL)
		return STATUS_LIMIT;
	attack->job = job;
	attack->target = target;
	attack->evidence = evidence;
	attack->outcome.lack =
	    target->services_lack != NULL ? target->services_lack : target->logins_lack;
	attack->wanted = target->min_pairs > 0 ? target->min_pairs : (int64_t)target->guess_count;
	find_doors(attack);
	note_strangers(attack);
	for (size_t i = 0; i < attack->door_count; i++)
		TRY(try_control(attack, &attack->doors[i]));
	for (size_t i = 0; i < attack->door_count; i++)
		if (!attack->doors[i].closed && is_by_community(&attack->doors[i]))
			TRY(deal_communities(attack, &attack->doors[i]));
	for (size_t i = 0; i < target->guess_count && is_wanting(attack); i++)
		TRY(deal(attack, i, &target->guesses[i]));
	attack->outcome.tried = fewest_pairs(attack);
	attack->outcome.required = target->login_count == 0 ? 0 : target->min_pairs;
	if (attack->door_count > 0 && are_done(attack)) /* there are fewer communities than pairs */
		attack->outcome.required = attack->outcome.tried;
	if (target->login_count == 0)
		attack->outcome.note = "there is no log-in";
	return outcome_look(job, &attack->outcome, evidence, FACT_login_attempt);
}

const struct probe probe_default_passwords = {
    .name = "default_passwords",
    .title = "Whether a default pair of user and password opens a log-in",
    .source = "EN 303 645 provision 5.1-1, TS 103 701 test case 5.1-1-2",
    .looks_for = {"login_attempt"},
    .needs = "ports,udp,ssh,http,telnet,ftp,tftp,rtsp,onvif,snmp,mqtt,coap,sip",
    .intrusion = INTRUSION_LOGIN,
    .limit_ms = 2 * 60 * 1000,
    .talk = talk,
};
