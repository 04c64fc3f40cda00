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
	bool is_general;   /* it holds other settings too, perhaps of other products' log-ins */
	bool is_sofia;     /* one of the files of Xiongmai, Dahua and their like */
	bool in_force; /* the file itself is read on the product; not a default, an example, a copy
			*/
};

struct service_reader {
	const char *what;
	enum status (*read)(struct service_reading *reading);
};

/* Who reads the file, by its name and first bytes; NULL where it holds no accounts. */
const struct service_reader *service_reader_of(const struct node *node, struct span head);
/* By its name alone: the bytes of other files are not at hand. */
bool service_may_be_read(const struct node *node);
/* Xiongmai, Dahua and their like: JSON in Account1, numbered lines in passwd. */
bool service_is_sofia_folder(const struct node *node);
/* A default, an example or a copy opens nothing by itself. */
bool service_is_in_force(const struct node *node);
/* Settings of all kinds, where an account may be the one of another product it connects to. */
bool service_is_general(const struct node *node);
/* Factory defaults as routers keep them: NAME=VALUE in lines, or between NUL bytes. */
bool service_is_default_file(const struct node *node);
/* Pages and their programs have names of account files too. */
bool service_is_page(const struct node *node);

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
/* A name that says what a password opens without a user beside it. */
bool service_speaks_for_itself(struct span name);
/* A group of values whose "name" is a user's. */
bool service_is_of_users(struct span group);
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
enum status service_accounts_read_yaml(struct service_reading *reading);
enum status service_accounts_read_values(struct service_reading *reading);
enum status service_accounts_read_json(struct service_reading *reading);
enum status service_accounts_read_xml(struct service_reading *reading);
enum status service_accounts_read_database(struct service_reading *reading);

#endif
