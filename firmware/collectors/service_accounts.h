/*
 * What the parts of the collector service_accounts share.
 */
#ifndef FIRMWARE_COLLECTORS_SERVICE_ACCOUNTS_H
#define FIRMWARE_COLLECTORS_SERVICE_ACCOUNTS_H

#include "firmware/collector.h"
#include "firmware/password_attack.h"

struct service_reading {
	struct job *job;
	const struct node *node;
	struct span content;
	struct evidence *evidence;
	struct password_attack *attack;
	size_t count;
	size_t row_offset; /* of a row of a database, whose values may lie outside the file */
	bool is_sofia;     /* one of the files of Xiongmai, Dahua and their like */
	bool in_force; /* the file itself is read on the product; not a default, an example, a copy
			*/
};

/* One account as a file states it; what it does not say is empty (at NULL). */
struct service_account {
	struct span user, password, realm; /* parts of the file, or of a row of it put together */
	enum password_store store;
	const char *service;
	bool in_force;
	bool defers; /* to the system's password of that user */
};

/*
 * Adds the account, or nothing where the password is a place-holder.
 * STATUS_LIMIT when the file holds too many.
 */
enum status service_accounts_add(
    struct service_reading *reading, const struct service_account *account);

/* What a name of a value says its value is. */
enum service_word {
	WORD_OTHER,
	WORD_USER,
	WORD_NAME,
	WORD_PASSWORD,
	WORD_REALM,
	WORD_SSID,
	WORD_KEY
};
enum service_word service_word_of(struct span name);
/* A group of values about somebody else's service (mail, PPPoE, DDNS …): no account of the product.
 */
bool service_is_elsewhere(struct span group);

/* What one group of values told, until its end. */
struct service_group {
	struct span user, name, password, realm, ssid, key;
	struct span password_name; /* what the password is called */
};
void service_group_hear(struct service_group *group, struct span name, struct span value);
/* `names`: a bare "name" is a user's, because the file is about users. */
enum status service_group_end(struct service_reading *reading, const struct service_group *group,
    const char *service, enum password_store store, bool names);

/* Readers of whole files. */
enum status service_accounts_read_htpasswd(struct service_reading *reading);
enum status service_accounts_read_htdigest(struct service_reading *reading);
enum status service_accounts_read_httpd_conf(struct service_reading *reading);
enum status service_accounts_read_numbered(struct service_reading *reading);
enum status service_accounts_read_uci(struct service_reading *reading);
enum status service_accounts_read_values(struct service_reading *reading);
enum status service_accounts_read_json(struct service_reading *reading);
enum status service_accounts_read_xml(struct service_reading *reading);
enum status service_accounts_read_database(struct service_reading *reading);

#endif
