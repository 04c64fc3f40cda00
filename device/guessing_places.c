/* One log-in may be asked for at many paths, and judged by other hands in another folder: a
 * camera's pages by one program, its interface by another.  Whoever is let in sees which are really
 * there. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "device/guessing.h"
#include "device/http_paths.h"

#define PLACES_MAX 4   /* of one log-in, beside its own */
#define REFUSALS_MAX 2 /* of the right pair: more might lock its owner out */

struct places {
	struct attack *attack;
	const struct door *door;
	bool learned;
	struct login_result nowhere; /* what a name nobody can have came to; status 0: nothing */
	size_t first;                /* of the doors found */
	unsigned refusals;
};

static enum status
try_right(
    struct places *places, const struct login *at, struct login_result *result, bool *answered)
{
	struct attack *attack = places->attack;
	const struct credential *right = places->door->right;
	enum status status = login_try(attack->job, attack->target, at,
	    at->no_user ? "" : right->user, right->password, &places->door->control, result);

	*answered = status == STATUS_OK;
	return fault_is_ours(status) ? status : STATUS_OK;
}

static enum status
learn_nowhere(struct places *places)
{
	struct attack *attack = places->attack;
	struct login at = *places->door->login;
	struct login_result result;
	uint8_t random[6];
	const char *name;
	bool answered;

	TRY(target_random(attack->job, attack->target, random, sizeof random));
	name = hex_of_bytes(attack->job, (struct span){random, sizeof random});
	at.path = name == NULL ? NULL : arena_printf(attack->job, "/q%s/q%s", name, name);
	at.interface = NULL;
	if (at.path == NULL)
		return STATUS_LIMIT;
	TRY(try_right(places, &at, &result, &answered));
	if (answered && result.answer != LOGIN_REFUSED)
		places->nowhere = result;
	places->learned = true;
	places->refusals += answered && result.answer == LOGIN_REFUSED;
	return STATUS_OK;
}

/* Is there anything, as far as whoever is let in can see? */
static bool
is_there(const struct places *places, const struct login_result *result)
{
	const struct login_result *nowhere = &places->nowhere;
	bool worded = result->trace != NULL && nowhere->trace != NULL;

	if (http_is_absence(result->status))
		return false;
	return nowhere->status != result->status ||
	       (worded && strcmp(nowhere->trace, result->trace) != 0);
}

static bool
has_folder(const struct places *places, const char *path)
{
	size_t size = path_first_folder(path);

	for (size_t i = places->first; i < places->attack->door_count; i++) {
		const char *other = places->attack->doors[i].at.path;

		if (path_first_folder(other) == size && strncmp(other, path, size) == 0)
			return true;
	}
	return false;
}

/* Is there something at `path` that asks?  Then it is a door. */
static enum status
look_at(struct places *places, const char *path)
{
	struct attack *attack = places->attack;
	struct arena_mark mark = arena_mark(attack->job->arena);
	struct login at = *places->door->login;
	struct login_result result;
	struct door *door;
	bool answered, there;

	at.path = path;
	at.interface = NULL; /* its answers are those of its own path */
	TRY(try_right(places, &at, &result, &answered));
	there = answered && is_there(places, &result);
	arena_release(attack->job->arena, mark);
	places->refusals += answered && result.answer == LOGIN_REFUSED;
	if (!there)
		return STATUS_OK;
	if (attack->door_count == ARRAY_SIZE(attack->doors) ||
	    attack->door_count - places->first == PLACES_MAX) {
		outcome_lack(attack->job, &attack->outcome,
		    "port %u: one log-in stands in more folders than are tried", at.port);
		return STATUS_OK;
	}
	door = &attack->doors[attack->door_count++];
	*door = (struct door){.family = places->door->family,
	    .place = true,
	    .at = at,
	    .right = result.answer == LOGIN_ACCEPTED ? places->door->right : NULL,
	    .wanted = places->door->wanted,
	    .overlap = 1};
	door->login = &door->at;
	return STATUS_OK;
}

enum status
guessing_find_places(struct attack *attack, const struct door *door)
{
	struct target *target = attack->target;
	struct places places = {.attack = attack, .door = door, .first = attack->door_count};
	int64_t left = target->deadline - target_now(target);

	for (size_t i = 0; i < target->place_count && places.refusals < REFUSALS_MAX; i++) {
		const struct login_place *place = &target->places[i];

		if (place->login != door->login || has_folder(&places, place->path))
			continue;
		if (target_time_is_up(target)) {
			outcome_lack(attack->job, &attack->outcome,
			    "port %u: time is up before every folder was looked at",
			    door->login->port);
			break;
		}
		if (!places.learned)
			TRY(learn_nowhere(&places));
		TRY(look_at(&places, place->path));
	}
	/* The pairs are to have as long as without. */
	if (places.learned)
		target_allow(target, left);
	return STATUS_OK;
}
