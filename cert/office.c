/*
 * The folder is the authority's desk: whoever can read its keys is the authority.
 */
#include "cert/office.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/file.h"
#include "cert/office_amend.h"

#define YEAR ((int64_t)365 * 86400 + 86400 / 4)
#define PEM_MAX_SIZE ((size_t)64 << 10)

/* Digest of Circular 14/2026/TT-BKHCN: methods 1 to 8 and the longest validity of each. */
static const struct method default_methods[] = {
    {DEFAULT_CIRCULAR ":1", 12, false},
    {DEFAULT_CIRCULAR ":2", 36, false},
    {DEFAULT_CIRCULAR ":3", 36, false},
    {DEFAULT_CIRCULAR ":4", 36, false},
    {DEFAULT_CIRCULAR ":5", 36, false},
    {DEFAULT_CIRCULAR ":6", 36, false},
    {DEFAULT_CIRCULAR ":7", 36, true},
    {DEFAULT_CIRCULAR ":8", 36, true},
};

static enum status
make_folder(struct job *job, const char *path)
{
	if (mkdir(path, 0755) == 0 || errno == EEXIST)
		return STATUS_OK;
	return fail(job, STATUS_CANNOT_CREATE, "%s: %s", path, strerror(errno));
}

static enum status
read_identity(struct job *job, const char *folder, const char *name, struct identity *identity)
{
	const char *path = file_path_join(job, folder, name);
	struct span pem;

	if (path == NULL)
		return STATUS_LIMIT;
	TRY(file_read(job, path, PEM_MAX_SIZE, &pem));
	return identity_read_pem(job, pem, identity);
}

static enum status
write_identity(
    struct job *job, const char *folder, const char *name, const struct identity *identity)
{
	const char *path = file_path_join(job, folder, name);
	struct span pem;

	if (path == NULL)
		return STATUS_LIMIT;
	TRY(identity_to_pem(job, identity->der, &pem));
	return file_write(job, path, pem, 0644);
}

/* Generates and writes a key. */
static enum status
new_key(struct job *job, const char *folder, const char *name, enum key_type type, struct key **key)
{
	const char *path = file_path_join(job, folder, name);
	enum status status;

	if (path == NULL)
		return STATUS_LIMIT;
	TRY(key_generate(job, type, key));
	status = key_write_new(job, *key, path);
	if (status == STATUS_OK)
		return STATUS_OK;
	key_free(*key);
	*key = NULL;
	return status;
}

static enum status
open_key(
    struct job *job, const char *folder, const char *name, enum key_type type, struct key **key)
{
	const char *path = file_path_join(job, folder, name);

	return path == NULL ? STATUS_LIMIT : key_read(job, path, type, key);
}

/* Signs and writes the list: the next in the sequence, fresh from `now`. */
static enum status
publish(struct job *job, const char *folder, struct trust *trust, const struct key *root_key,
    int64_t now)
{
	const char *path = file_path_join(job, folder, "trust.p7m");
	struct span der;

	if (path == NULL)
		return STATUS_LIMIT;
	trust->sequence++;
	trust->issued = now;
	trust->next_update = now + (int64_t)OFFICE_TRUST_DAYS * 86400;
	TRY(trust_sign(job, trust, root_key, &trust->root, &der));
	return file_write(job, path, der, 0644);
}

static enum status
make_root(struct job *job, const char *folder, const char *name, int64_t now, const struct key *key,
    struct identity *root)
{
	struct identity_request request = {.name = name,
	    .organisation = name,
	    .role = "root",
	    .not_before = now,
	    .not_after = now + 20 * YEAR,
	    .is_authority = true,
	    .key = key};

	TRY(identity_issue(job, &request, NULL, key, root));
	return write_identity(job, folder, "root.pem", root);
}

static enum status
make_registrar(struct job *job, const char *folder, const char *name, int64_t now,
    const struct key *key, const struct identity *root, const struct key *root_key,
    struct identity *registrar)
{
	struct identity_request request = {.name = "Registry",
	    .organisation = name,
	    .role = "registrar",
	    .not_before = now,
	    .not_after = now + 10 * YEAR,
	    .key = key};

	TRY(identity_issue(job, &request, root, root_key, registrar));
	return write_identity(job, folder, "registrar.pem", registrar);
}

static enum status
make_folders(struct job *job, const char *folder)
{
	const char *bodies = file_path_join(job, folder, "bodies");
	const char *people = file_path_join(job, folder, "people");

	if (bodies == NULL || people == NULL)
		return STATUS_LIMIT;
	TRY(make_folder(job, folder));
	TRY(make_folder(job, bodies));
	return make_folder(job, people);
}

enum status
office_create(struct job *job, const char *folder, const char *name, int64_t now)
{
	struct key *root_key = NULL, *registrar_key = NULL, *log_key = NULL;
	struct identity registrar;
	struct trust trust = {.authority = name,
	    .status_days = OFFICE_STATUS_DAYS,
	    .log = "hopquy/registry",
	    .methods = default_methods,
	    .methods_count = ARRAY_SIZE(default_methods)};
	enum status status = make_folders(job, folder);

	if (status == STATUS_OK)
		status = new_key(job, folder, "root.key", KEY_P256, &root_key);
	if (status == STATUS_OK)
		status = new_key(job, folder, "registrar.key", KEY_P256, &registrar_key);
	if (status == STATUS_OK)
		status = new_key(job, folder, "log.key", KEY_ED25519, &log_key);
	if (status == STATUS_OK)
		status = make_root(job, folder, name, now, root_key, &trust.root);
	if (status == STATUS_OK)
		status = make_registrar(
		    job, folder, name, now, registrar_key, &trust.root, root_key, &registrar);
	if (status == STATUS_OK)
		status = key_public_bytes(job, log_key, &trust.log_key);
	if (status == STATUS_OK) {
		trust.registrar = registrar.fingerprint;
		status = publish(job, folder, &trust, root_key, now);
	}
	key_free(root_key);
	key_free(registrar_key);
	key_free(log_key);
	return status;
}

enum status
office_read_root(struct job *job, const char *folder, struct identity *root)
{
	return read_identity(job, folder, "root.pem", root);
}

enum status
office_read_trust(struct job *job, const char *folder, struct trust *trust)
{
	const char *path = file_path_join(job, folder, "trust.p7m");
	struct identity root;
	struct span der;

	if (path == NULL)
		return STATUS_LIMIT;
	TRY(office_read_root(job, folder, &root));
	TRY(file_read(job, path, TRUST_MAX_SIZE, &der));
	return trust_read(job, der, &root.fingerprint, trust);
}

enum status
office_amend(struct job *job, const char *folder, int64_t now,
    enum status (*change)(
	struct job *job, struct trust *trust, const struct key *root_key, void *context),
    void *context)
{
	struct trust trust;
	struct key *root_key = NULL;
	enum status status;

	TRY(office_read_trust(job, folder, &trust));
	if (now < trust.issued)
		return fail(
		    job, STATUS_USAGE, "authority: the clock is before the last trust list");
	TRY(open_key(job, folder, "root.key", KEY_P256, &root_key));
	status = change(job, &trust, root_key, context);
	if (status == STATUS_OK)
		status = publish(job, folder, &trust, root_key, now);
	key_free(root_key);
	return status;
}

static enum status
change_nothing(struct job *job, struct trust *trust, const struct key *root_key, void *context)
{
	(void)job;
	(void)trust;
	(void)root_key;
	(void)context;
	return STATUS_OK;
}

enum status
office_renew(struct job *job, const char *folder, int64_t now)
{
	return office_amend(job, folder, now, change_nothing, NULL);
}

enum status
office_open(struct job *job, const char *folder, struct office *office)
{
	enum status status;

	*office = (struct office){0};
	TRY(office_read_trust(job, folder, &office->trust));
	TRY(read_identity(job, folder, "registrar.pem", &office->registrar));
	status = open_key(job, folder, "registrar.key", KEY_P256, &office->registrar_key);
	if (status == STATUS_OK)
		status = open_key(job, folder, "log.key", KEY_ED25519, &office->log_key);
	if (status != STATUS_OK)
		office_close(office);
	return status;
}

void
office_close(struct office *office)
{
	key_free(office->registrar_key);
	key_free(office->log_key);
	office->registrar_key = office->log_key = NULL;
}
