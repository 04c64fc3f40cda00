/*
 * A dictionary held against password hashes, within a budget of tries.
 *
 * In this order: what is known to belong to the user, the user's name and
 * what is made of it, names the image gives itself, every other password of
 * the dictionary, then what people make of those.
 */
#ifndef FIRMWARE_PASSWORD_ATTACK_H
#define FIRMWARE_PASSWORD_ATTACK_H

#include "firmware/collector.h"
#include "firmware/password_hash.h"

#define PASSWORD_ATTACK_MAX 8 /* distinct hashes of one file that are tried */

struct password_attack;

/* For the hashes of one file; NULL when out of budget.  The dictionary is read with the first. */
struct password_attack *password_attack_new(struct job *job, const struct collection *collection);

/*
 * Tries to open `hash`, which was not tried before unless its text is the
 * same; fills in password, tried and elapsed_ms, and empty_password where
 * the empty one opens it.  A hash that is not tried (too dear, or too many of
 * them) has `tried` 0.
 */
enum status password_attack_try(struct password_attack *attack, const struct password_hash *hash,
    const char *user, struct account_fact *account);

#endif
