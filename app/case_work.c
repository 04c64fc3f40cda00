/* The supervisor's work on a case: each step is one journal entry, or nothing. */
#include "app/case_steps.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/candidates.h"
#include "app/image.h"
#include "app/process_read.h"
#include "app/process_unpack.h"
#include "assess/evaluate.h"
#include "assess/report.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "profiles/dossier.h"

#define DOSSIER_MAX ((size_t)16 << 20)

enum status
work_profile(struct job *job, const char *name, const struct profile **profile)
{
	const char *path = name;

	if (strchr(name, '/') == NULL && !text_ends_with(name, ".xml")) {
		path = arena_printf(job, "%s/profiles/%s.xml", app_home(job), name);
		if (path == NULL)
			return STATUS_LIMIT;
	}
	return profile_load(job, path, profile);
}

static const char *
actor_name(struct job *job)
{
	const struct passwd *account = getpwuid(getuid());
	const char *name = account == NULL ? "" : account->pw_name;

	return text_from_bytes(job, name, strlen(name), 200);
}

enum status
work_begin(struct work *work, const char *command, const char *detail)
{
	struct case_author author = {
	    .now = work->now, .actor = actor_name(work->job), .command = command, .detail = detail};

	return author.actor == NULL ? STATUS_LIMIT : case_begin(work->job, work->file, &author);
}

const char *
work_cage(const struct work *work)
{
	int landlock = sandbox_landlock_abi(work->mask_landlock);

	if (work->no_sandbox)
		return "none";
	return landlock == 0 ? "seccomp"
			     : arena_printf(work->job, "seccomp and Landlock %d", landlock);
}

/* Commits when all went well, gives the entry up otherwise. */
enum status
work_finish(struct work *work, enum status status)
{
	if (status == STATUS_OK)
		return case_commit(work->job, work->file);
	case_abandon(work->file);
	return status;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

enum status
work_add_subject(struct work *work, const struct subject_fact *subject, int64_t *id)
{
	struct fact fact = fact_new(FACT_subject);

	fact.source = "operator";
	fact.as.subject = *subject;
	fact.as.subject.under_test = 1;
	TRY(case_add_fact(work->job, work->file, &fact));
	*id = fact.fact;
	return STATUS_OK;
}

enum status
work_add_facts(struct work *work, const struct fact_list *facts, int64_t subject)
{
	for (size_t i = 0; i < facts->count; i++) {
		struct fact fact = facts->facts[i];

		fact.subject = subject;
		TRY(case_add_fact(work->job, work->file, &fact));
	}
	return STATUS_OK;
}

static enum status
store_dossier(struct work *work, const char *path, struct span bytes, const struct fact_list *facts)
{
	struct fact_list others = {.facts = facts->facts + 1, .count = facts->count - 1};
	struct subject_fact subject;
	char hex[DIGEST_HEX_SIZE];
	int64_t id;

	if (facts->count == 0 || facts->facts[0].kind != FACT_subject)
		return fail(work->job, STATUS_FAULT, "%s: the reader named no subject", path);
	subject = facts->facts[0].as.subject;
	TRY(case_attach(work->job, work->file, base_name(path), bytes, hex));
	subject.sha256 = hex;
	subject.bytes = (int64_t)bytes.size;
	TRY(work_add_subject(work, &subject, &id));
	TRY(work_add_facts(work, &others, id));
	return case_add_run(work->job, work->file, "dossier", id);
}

enum status
work_add_dossier(struct work *work, const char *path)
{
	struct fact_list facts = {0};
	struct span bytes;

	TRY(file_read(work->job, path, DOSSIER_MAX, &bytes));
	TRY(process_read_dossier(work->job, bytes, path, &facts));
	TRY(work_begin(work, "add-dossier", base_name(path)));
	return work_finish(work, store_dossier(work, path, bytes, &facts));
}

static enum status
store_new(struct work *work, const char *name, const struct profile *profile)
{
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex(&profile->digest, hex);
	TRY(case_set(work->job, work->file, "profile", name));
	return case_set(work->job, work->file, "profile_digest", hex);
}

enum status
work_new(struct work *work, const char *name, const char *dossier)
{
	const struct profile *profile;
	struct fact_list facts = {0};
	struct span bytes = {0};
	enum status status;

	TRY(work_profile(work->job, name, &profile));
	if (dossier != NULL) { /* so that a bad dossier leaves no case behind */
		TRY(file_read(work->job, dossier, DOSSIER_MAX, &bytes));
		TRY(process_read_dossier(work->job, bytes, dossier, &facts));
	}
	TRY(case_create(work->job, work->path, &work->file));
	status = work_begin(work, "new", profile->id);
	if (status == STATUS_OK)
		status = store_new(work, name, profile);
	if (status == STATUS_OK && dossier != NULL)
		status = store_dossier(work, dossier, bytes, &facts);
	status = work_finish(work, status);
	if (status != STATUS_OK) {
		case_close(work->file);
		unlink(work->path);
	}
	return status;
}

enum status
work_open(struct work *work, bool writable)
{
	return case_open(work->job, work->path, writable, &work->file);
}

/* The profile of the case; it must still be the one the case was begun under. */
enum status
work_case_profile(struct work *work, const char *other, const struct profile **profile)
{
	const char *name, *digest;
	char hex[DIGEST_HEX_SIZE];

	if (other != NULL)
		return work_profile(work->job, other, profile);
	TRY(case_get(work->job, work->file, "profile", &name));
	TRY(case_get(work->job, work->file, "profile_digest", &digest));
	if (name == NULL || digest == NULL)
		return fail(work->job, STATUS_MALFORMED, "%s: names no profile", work->path);
	TRY(work_profile(work->job, name, profile));
	digest_to_hex(&(*profile)->digest, hex);
	if (strcmp(hex, digest) != 0)
		return fail(work->job, STATUS_REFUSED,
		    "%s: profile %s has changed since this case was begun; give --profile to judge "
		    "by another",
		    work->path, name);
	return STATUS_OK;
}

static const char *
image_key(struct work *work, const char *path)
{
	const char *name =
	    text_from_bytes(work->job, base_name(path), strlen(base_name(path)), 200);

	return name == NULL ? NULL : arena_printf(work->job, "image:%s", name);
}

static enum status
store_firmware(
    struct work *work, const char *path, struct span image, const struct fact_list *facts)
{
	const char *name =
	    text_from_bytes(work->job, base_name(path), strlen(base_name(path)), 200);
	struct subject_fact subject = fact_new(FACT_subject).as.subject;
	struct fact_list known = {0};
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];
	int64_t id;

	TRY(digest_of(work->job, image, &digest));
	digest_to_hex(&digest, hex);
	TRY(case_facts(work->job, work->file, &known));
	subject.type = "image";
	subject.name = name;
	subject.sha256 = hex;
	subject.bytes = (int64_t)image.size;
	subject.model = identity_value(&known, "model");
	subject.firmware_version = identity_value(&known, "firmware_version");
	TRY(work_add_subject(work, &subject, &id));
	TRY(work_add_facts(work, facts, id));
	return case_add_run(work->job, work->file, image_key(work, path), id);
}

enum status
work_check_new(struct work *work, const char *key, const char *what)
{
	bool found;

	if (key == NULL)
		return STATUS_LIMIT;
	TRY(case_has_run(work->job, work->file, key, &found));
	return !found || work->replace
		   ? STATUS_OK
		   : fail(work->job, STATUS_USAGE,
			 "%s is in the case already; what is there is superseded only with "
			 "case … --replace",
			 what);
}

static enum status
unpack_and_store(struct work *work, const char *path, struct span image)
{
	struct unpack_request request = {.image = image,
	    .mode = UNPACK_FACTS,
	    .folder = -1,
	    .no_sandbox = work->no_sandbox,
	    .mask_landlock = work->mask_landlock};
	const struct profile *profile;
	struct fact_list facts = {0}, known = {0};
	const char *trusted;

	TRY(work_check_new(work, image_key(work, path), base_name(path)));
	if (work->trust != NULL)
		TRY(image_load_trusted(
		    work->job, work->trust, &request.trusted, &request.trusted_count));
	TRY(image_name_trusted(work->job, request.trusted, request.trusted_count, &trusted));
	TRY(work_case_profile(work, NULL, &profile));
	request.max_unread_bytes = profile->max_unread_bytes;
	TRY(candidates_load(work->job, &request.candidates, &request.candidate_count));
	TRY(case_facts(work->job, work->file, &known));
	TRY(candidates_add_names(work->job, &known, &request.candidates, &request.candidate_count));
	TRY(process_unpack(work->job, &request, &facts));
	TRY(work_begin(work, "add-firmware",
	    arena_printf(work->job, "%s; cage: %s%s", base_name(path), work_cage(work), trusted)));
	return work_finish(work, store_firmware(work, path, image, &facts));
}

enum status
work_add_firmware(struct work *work, const char *path)
{
	struct span image;
	enum status status;

	TRY(file_map(work->job, path, &image));
	status = unpack_and_store(work, path, image);
	file_unmap(image);
	return status == STATUS_MALFORMED ? fail_in(work->job, status, "%s", path) : status;
}

static enum status
store_answers(struct work *work, const struct answers *answers)
{
	for (size_t i = 0; i < answers->attachment_count; i++) {
		char hex[DIGEST_HEX_SIZE];
		struct span bytes;

		TRY(file_read(work->job, answers->attachments[i], DOSSIER_MAX, &bytes));
		TRY(case_attach(
		    work->job, work->file, base_name(answers->attachments[i]), bytes, hex));
	}
	return work_add_facts(work, &answers->facts, 0);
}

enum status
work_add_answers(struct work *work, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *folder =
	    slash == NULL ? "." : arena_string(work->job, path, (size_t)(slash - path));
	struct answers answers = {0};
	struct span bytes;

	if (folder == NULL)
		return STATUS_LIMIT;
	TRY(file_read(work->job, path, DOSSIER_MAX, &bytes));
	TRY(answers_read(work->job, bytes, path, folder, &answers));
	TRY(work_begin(work, "answers", base_name(path)));
	return work_finish(work, store_answers(work, &answers));
}

enum status
work_evaluate(struct work *work, const char *name, int64_t now, struct assessment *assessment)
{
	struct fact_list *facts = arena_allocate(work->job, sizeof *facts);
	struct evaluation evaluation = {.now = now, .program_version = HOPQUY_VERSION};
	const char *home = app_home(work->job);

	if (facts == NULL || home == NULL)
		return STATUS_LIMIT;
	evaluation.reference_folder = file_path_join(work->job, home, "data");
	evaluation.facts = facts;
	if (evaluation.reference_folder == NULL)
		return STATUS_LIMIT;
	TRY(work_case_profile(work, name, &evaluation.profile));
	TRY(catalogue_load(
	    work->job, file_path_join(work->job, home, "checks"), &evaluation.catalogue));
	TRY(case_facts(work->job, work->file, facts));
	return evaluate(work->job, &evaluation, assessment);
}

static enum status
store_assessment(struct work *work, const char *profile, int64_t now, const char *json)
{
	TRY(case_set(
	    work->job, work->file, "assessed_at", arena_printf(work->job, "%" PRId64, now)));
	return case_put_assessment(work->job, work->file, profile == NULL ? "" : profile, json);
}

enum status
work_assess(struct work *work, const char *profile, struct assessment *assessment)
{
	const char *json;

	TRY(work_evaluate(work, profile, work->now, assessment));
	TRY(report_json(work->job, assessment, &json));
	TRY(work_begin(work, "assess", assessment->profile->id));
	return work_finish(work, store_assessment(work, profile, work->now, json));
}

enum status
work_replay(struct work *work, struct assessment *assessment, bool *same)
{
	const char *stored, *again, *when, *under;
	int64_t now;

	TRY(case_assessment(work->job, work->file, &stored, &under));
	TRY(case_get(work->job, work->file, "assessed_at", &when));
	if (stored == NULL || when == NULL || !text_parse_integer(when, 0, INT64_MAX, &now))
		return fail(
		    work->job, STATUS_MALFORMED, "%s: has not been assessed yet", work->path);
	TRY(work_evaluate(work, under[0] == '\0' ? NULL : under, now, assessment));
	TRY(report_json(work->job, assessment, &again));
	*same = strcmp(stored, again) == 0;
	return STATUS_OK;
}

enum status
work_verdict_status(struct job *job, const struct assessment *assessment)
{
	job->reason[0] = '\0';
	return assessment->overall == VERDICT_PASS   ? STATUS_OK
	       : assessment->overall == VERDICT_FAIL ? STATUS_NO
						     : STATUS_UNDECIDED;
}
