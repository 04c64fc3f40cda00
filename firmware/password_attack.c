/* Default passwords are few and known: a short list opens more than a long search. */
#include "firmware/password_attack.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/reading.h"

#define MAX_CANDIDATES 65536
#define MAX_WORDS 16    /* names the image gives itself */
#define MAX_REGIONS 256 /* that are asked for them */
#define MAX_MADE 96     /* bytes of a password made by a rule */
#define MANY 200        /* candidates among which guesses from the name are worth their price */

/* What people put behind a name or a word. */
static const char *const endings[] = {
    "123", "1234", "12345", "123456", "1", "12", "@123", "!", "admin", "2020"};

struct searched {
	const struct password_hash *hash;
	const char *user, *password;
	int64_t tried, elapsed_ms;
};

struct password_attack {
	struct job *job;
	const struct collection *collection;
	struct password_hasher *hasher; /* NULL until the first hash is tried */
	/* Passwords of the dictionary without repetition, and which of them each pair names. */
	const char **passwords;
	size_t password_count;
	uint32_t *of_pair;
	size_t pair_count;
	uint8_t *tried; /* one byte a password, cleared for each hash */
	const char *words[MAX_WORDS];
	size_t word_count;
	struct searched searched[PASSWORD_ATTACK_MAX];
	size_t searched_count;
};

struct password_attack *
password_attack_new(struct job *job, const struct collection *collection)
{
	struct password_attack *attack = arena_allocate(job, sizeof *attack);

	if (attack != NULL) {
		attack->job = job;
		attack->collection = collection;
	}
	return attack;
}

static uint32_t
slot_of(const char *password, size_t slots)
{
	uint32_t hash = 2166136261u;

	for (; *password != '\0'; password++)
		hash = (hash ^ (uint8_t)*password) * 16777619u;
	return hash & (uint32_t)(slots - 1);
}

static enum status
read_dictionary(struct password_attack *attack)
{
	size_t count = attack->collection->candidate_count, slots = 64;
	uint32_t *table;

	count = count < MAX_CANDIDATES ? count : MAX_CANDIDATES;
	while (slots < count * 2)
		slots *= 2;
	table = arena_array(attack->job, slots, sizeof *table); /* index + 1 */
	attack->passwords = arena_array(attack->job, count, sizeof *attack->passwords);
	attack->of_pair = arena_array(attack->job, count, sizeof *attack->of_pair);
	attack->tried = arena_array(attack->job, count, 1);
	if (table == NULL || attack->passwords == NULL || attack->of_pair == NULL ||
	    attack->tried == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < count; i++) {
		const char *tab = strchr(attack->collection->candidates[i], '\t');
		const char *password = tab == NULL ? "" : tab + 1;
		uint32_t slot = slot_of(password, slots);

		while (
		    table[slot] != 0 && strcmp(attack->passwords[table[slot] - 1], password) != 0)
			slot = (slot + 1) & (uint32_t)(slots - 1);
		if (table[slot] == 0) {
			attack->passwords[attack->password_count++] = password;
			table[slot] = (uint32_t)attack->password_count;
		}
		attack->of_pair[i] = table[slot] - 1;
	}
	attack->pair_count = count;
	return STATUS_OK;
}

/* Models and makers stand between quotes in what the formats say of their regions. */
static enum status
read_words(struct password_attack *attack)
{
	const struct tree *tree = attack->collection->tree;
	size_t regions = tree == NULL ? 0 : tree->region_count;

	for (size_t i = 0; i < regions && i < MAX_REGIONS; i++) {
		struct span rest =
		    span_of_string(tree->regions[i].detail == NULL ? "" : tree->regions[i].detail);

		field_next(&rest, '"');
		while (rest.size != 0 && attack->word_count < MAX_WORDS) {
			struct span word = field_next(&rest, '"');

			if (word.size >= 3 && word.size <= 32) {
				attack->words[attack->word_count] = span_text(attack->job, word);
				if (attack->words[attack->word_count++] == NULL)
					return STATUS_LIMIT;
			}
			field_next(&rest, '"');
		}
	}
	return STATUS_OK;
}

/* One search: goes on while nothing opened and the budget lasts. */
struct search {
	struct password_attack *attack;
	struct searched *of;
};

static bool
goes_on(const struct search *search)
{
	return search->of->password == NULL && search->of->tried < search->of->hash->budget;
}

static void
try_one(struct search *search, const char *password)
{
	if (!goes_on(search))
		return;
	search->of->tried++;
	if (password_hash_opens(search->attack->hasher, search->of->hash, password))
		search->of->password =
		    text_from_bytes(search->attack->job, password, strlen(password), 256);
}

static char
other_case(char c, bool upper)
{
	if (upper)
		return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* The word behind `ending`s, doubled, capitalised, in small letters. */
static void
try_made(struct search *search, const char *word)
{
	size_t size = strlen(word);
	char made[2 * MAX_MADE];

	if (size == 0 || size > MAX_MADE - 16)
		return;
	memcpy(made, word, size + 1);
	made[0] = other_case(made[0], true);
	if (made[0] != word[0])
		try_one(search, made);
	for (size_t i = 0; i < size; i++)
		made[i] = other_case(word[i], false);
	if (strcmp(made, word) != 0)
		try_one(search, made);
	memcpy(made, word, size);
	for (size_t i = 0; i < ARRAY_SIZE(endings) && goes_on(search); i++) {
		memcpy(made + size, endings[i], strlen(endings[i]) + 1);
		try_one(search, made);
	}
	memcpy(made + size, word, size + 1);
	try_one(search, made);
}

static void
try_dictionary(struct search *search)
{
	struct password_attack *attack = search->attack;

	for (size_t i = 0; i < attack->password_count && goes_on(search); i++)
		if (!attack->tried[i])
			try_one(search, attack->passwords[i]);
	for (size_t i = 0; i < attack->password_count && goes_on(search); i++)
		try_made(search, attack->passwords[i]);
}

static void
search_hash(struct search *search)
{
	struct password_attack *attack = search->attack;
	const char *user = search->of->user;
	size_t user_size = strlen(user);

	if (attack->password_count != 0)
		memset(attack->tried, 0, attack->password_count);
	for (size_t i = 0; i < attack->pair_count && goes_on(search); i++) {
		const char *pair = attack->collection->candidates[i];
		uint32_t password = attack->of_pair[i];

		if (strncmp(pair, user, user_size) != 0 || pair[user_size] != '\t' ||
		    attack->tried[password])
			continue;
		attack->tried[password] = 1;
		try_one(search, attack->passwords[password]);
	}
	try_one(search, user);
	for (size_t i = 0; i < attack->word_count; i++) {
		try_one(search, attack->words[i]);
		try_made(search, attack->words[i]);
	}
	if (search->of->hash->budget >= MANY)
		try_made(search, user);
	try_dictionary(search);
}

static int64_t
now_of(const struct collection *collection)
{
	return collection->milliseconds == NULL ? UNKNOWN : collection->milliseconds();
}

static struct searched *
find_searched(struct password_attack *attack, const struct password_hash *hash, const char *user)
{
	for (size_t i = 0; i < attack->searched_count; i++)
		if (strcmp(attack->searched[i].hash->stored, hash->stored) == 0 &&
		    (hash->realm.size == 0 || strcmp(attack->searched[i].user, user) == 0))
			return &attack->searched[i];
	return NULL;
}

static enum status
search_new(struct password_attack *attack, struct searched *searched)
{
	struct search search = {.attack = attack, .of = searched};
	int64_t began = now_of(attack->collection);

	if (attack->hasher == NULL) {
		TRY(read_dictionary(attack));
		TRY(read_words(attack));
		attack->hasher = password_hasher_new(attack->job);
		if (attack->hasher == NULL)
			return STATUS_LIMIT;
		began = now_of(attack->collection);
	}
	search_hash(&search);
	searched->elapsed_ms =
	    began == UNKNOWN ? UNKNOWN : attack->collection->milliseconds() - began;
	return STATUS_OK;
}

enum status
password_attack_try(struct password_attack *attack, const struct password_hash *hash,
    const char *user, struct account_fact *account)
{
	struct searched *searched = find_searched(attack, hash, user);

	account->tried = 0;
	if (searched == NULL) {
		struct password_hash *kept;

		if (hash->budget == 0 || attack->searched_count == PASSWORD_ATTACK_MAX)
			return STATUS_OK;
		kept = arena_allocate(attack->job, sizeof *kept);
		if (kept == NULL)
			return STATUS_LIMIT;
		*kept = *hash;
		searched = &attack->searched[attack->searched_count++];
		*searched = (struct searched){.hash = kept, .user = user, .elapsed_ms = UNKNOWN};
		TRY(search_new(attack, searched));
	}
	account->tried = searched->tried;
	account->password = searched->password;
	if (searched->password != NULL && searched->password[0] == '\0')
		account->empty_password = 1; /* whose hash it is makes it none the less empty */
	account->elapsed_ms = searched->elapsed_ms;
	return STATUS_OK;
}
