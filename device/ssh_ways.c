/* sshd_config(5) "Match User": each user may have ways in of its own. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "device/ssh_client.h"

#define USERS_MAX 24 /* a connection each */

/* Without a password: whether `user` may come in, and how. */
static enum status
ask_ways_of(struct job *job, struct target *target, uint16_t port, const char *user,
    struct ssh_doors *doors)
{
	struct ssh_talk session;
	struct ssh_ways named = {0};
	struct span blob;
	enum status status = ssh_begin(job, target, port, NULL, user, &session, &blob);

	if (status == STATUS_OK)
		status = ssh_ask_ways(job, &session, &named);
	if (status == STATUS_OK) {
		const bool offered[SSH_WAYS] = {
		    named.none, named.password, named.interactive, named.key};

		for (size_t i = 0; i < SSH_WAYS; i++)
			if (offered[i] && doors->exchanges[i] == UNKNOWN)
				doors->exchanges[i] = session.channel.exchange;
		if (named.words != NULL && doors->words == NULL) {
			doors->words = named.words;
			doors->words_exchange = session.channel.exchange;
		}
	}
	ssh_end(job, &session);
	return status;
}

static void
add_user(const char *user, const char *users[USERS_MAX], size_t *count)
{
	bool known = user[0] == '\0' || *count == USERS_MAX;

	for (size_t i = 0; i < *count && !known; i++)
		known = strcmp(users[i], user) == 0;
	if (!known)
		users[(*count)++] = user;
}

/* The usual owners, a name nobody has, those the laboratory knows, and the first users of the plan,
 * each once. */
static enum status
choose_users(struct job *job, struct target *target, const char *users[USERS_MAX], size_t *count)
{
	uint8_t random[4];

	TRY(target_random(job, target, random, sizeof random));
	users[0] = "root";
	users[1] = "admin";
	users[2] =
	    arena_printf(job, "u%s", hex_of_bytes(job, (struct span){random, sizeof random}));
	if (users[2] == NULL)
		return STATUS_LIMIT;
	*count = 3;
	for (size_t i = 0; i < target->credential_count; i++)
		add_user(target->credentials[i].user, users, count);
	for (size_t i = 0; i < target->guess_count; i++)
		add_user(target->guesses[i].user, users, count);
	return STATUS_OK;
}

enum status
ssh_find_doors(struct job *job, struct target *target, uint16_t port, struct ssh_doors *doors)
{
	const char *users[USERS_MAX];
	size_t count;

	*doors = (struct ssh_doors){.exchanges = {UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN}};
	TRY(choose_users(job, target, users, &count));
	for (size_t i = 0; i < count; i++) {
		enum status status = ask_ways_of(job, target, port, users[i], doors);

		if (fault_is_ours(status))
			return status;
		if (status == STATUS_OK)
			continue;
		/* A server that stops answering would take all the time there is. */
		doors->lack = arena_copy_string(job, job->reason);
		return doors->lack == NULL ? STATUS_LIMIT : STATUS_OK;
	}
	return STATUS_OK;
}
