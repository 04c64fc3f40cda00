/*
 * Offline: everything it knows comes from the files it is given.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/verification_print.h"
#include "app/words.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "cert/office.h"

#define INSTALLED_ROOT "/etc/hopquy/root.pem"

struct verifying {
	const char *trust_path, *bundle_path, *at, *record;
	struct option_list expected;
	bool trial, json;
	struct expectation expectations[64];
	struct trust trust; /* given on the command line */
	struct bundle bundle;
	struct verification_request request;
};

/* "name=value" each. */
static enum status
read_expectations(struct job *job, struct verifying *verifying)
{
	for (size_t i = 0; i < verifying->expected.count; i++) {
		const char *text = verifying->expected.values[i];
		const char *equals = strchr(text, '=');
		size_t known = 0;
		struct expectation *expectation = &verifying->expectations[i];

		if (equals == NULL)
			return fail(job, STATUS_USAGE, "--expect %s: wanted name=value", text);
		expectation->name = arena_string(job, text, (size_t)(equals - text));
		expectation->value = equals + 1;
		if (expectation->name == NULL)
			return STATUS_LIMIT;
		while (known < expectation_name_count &&
		       strcmp(expectation_names[known], expectation->name) != 0)
			known++;
		if (known == expectation_name_count)
			return fail(job, STATUS_USAGE,
			    "--expect %s: not one of model, brand, manufacturer, factory, origin, "
			    "applicant, tax-code, importer, hardware, firmware, gtin, hs, lot, "
			    "declaration",
			    expectation->name);
	}
	verifying->request.expectations = verifying->expectations;
	verifying->request.expectation_count = verifying->expected.count;
	return STATUS_OK;
}

/*
 * What --trust names: an authority's folder, its trust list, or its root
 * certificate alone (PEM), for which a bundle must bring the list.
 */
static enum status
read_trust(
    struct job *job, const char *path, struct trust *trust, struct digest *root, bool *has_list)
{
	struct identity identity;
	struct stat status;
	struct span bytes;

	*has_list = true;
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
		TRY(office_read_trust(job, path, trust));
		*root = trust->root.fingerprint;
		return STATUS_OK;
	}
	TRY(file_read(job, path, TRUST_MAX_SIZE, &bytes));
	if (span_starts_with(bytes, "-----BEGIN", 10)) {
		*has_list = false;
		TRY(identity_read_pem(job, bytes, &identity));
		*root = identity.fingerprint;
		return STATUS_OK;
	}
	TRY(trust_read(job, bytes, NULL, trust));
	*root = trust->root.fingerprint;
	return STATUS_OK;
}

/* The root is whom the asker names; a bundle that brings its own proves nothing. */
static const char *
find_trust(const struct verifying *verifying)
{
	const char *path = verifying->trust_path;

	if (path == NULL)
		path = getenv("HOPQUY_TRUST");
	if (path != NULL && path[0] != '\0')
		return path;
	return access(INSTALLED_ROOT, F_OK) == 0 ? INSTALLED_ROOT : NULL;
}

/* Trust list and status list; of two trust lists of one root the newer counts. */
static enum status
read_sources(struct job *job, struct verifying *verifying)
{
	struct verification_request *request = &verifying->request;
	const char *path = find_trust(verifying);
	bool has_list = false;
	struct digest root;
	struct span bytes;

	if (path == NULL && verifying->bundle_path == NULL)
		return fail(job, STATUS_USAGE,
		    "whom to believe? --trust names the authority's root or trust list, --bundle "
		    "its status list");
	if (path != NULL)
		TRY(read_trust(job, path, &verifying->trust, &root, &has_list));
	request->root_known = path != NULL;
	if (has_list)
		request->trust = &verifying->trust;
	if (verifying->bundle_path == NULL)
		return has_list ? STATUS_OK
				: fail(job, STATUS_USAGE,
				      "%s: a root, but no trust list; give --bundle as well", path);
	TRY(file_read(job, verifying->bundle_path, BUNDLE_MAX_SIZE, &bytes));
	TRY(bundle_read(job, bytes, path == NULL ? NULL : &root, &verifying->bundle));
	request->bundle = &verifying->bundle;
	if (!has_list || verifying->bundle.trust.sequence > verifying->trust.sequence)
		request->trust = &verifying->bundle.trust;
	return STATUS_OK;
}

/* CERT, or CERT.p7m where only that stands. */
static enum status
read_certificate(struct job *job, const char *path, struct span *bytes)
{
	const char *longer = arena_printf(job, "%s.p7m", path);

	if (longer != NULL && strcmp(path, "-") != 0 && access(path, F_OK) != 0 &&
	    access(longer, F_OK) == 0)
		path = longer;
	return file_read(job, path, CERTIFICATE_MAX_SIZE, bytes);
}

/* Appends the answer, with its moment, as one line. */
static enum status
record(struct job *job, const char *path, const char *line)
{
	const char *text = arena_printf(job, "%s\n", line);
	int descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	size_t size;
	bool good;

	if (descriptor < 0 || text == NULL)
		return fail(job, STATUS_CANNOT_CREATE, "%s: %s", path, strerror(errno));
	size = strlen(text);
	good = write(descriptor, text, size) == (ssize_t)size && fsync(descriptor) == 0;
	close(descriptor);
	return good ? STATUS_OK : fail(job, STATUS_IO, "%s: cannot append", path);
}

static enum status
answer(struct invocation *invocation, const struct verifying *verifying, const char *name,
    const struct verification *verification)
{
	static const enum status statuses[] = {STATUS_OK, STATUS_UNDECIDED, STATUS_NO};
	const char *line;

	invocation->job->reason[0] = '\0';
	TRY(verification_to_json(
	    invocation->job, name, invocation->now, &verifying->request, verification, &line));
	if (verifying->json)
		say("%s\n", line);
	else
		verification_print(invocation->language, &verifying->request, verification);
	if (verifying->record != NULL)
		TRY(record(invocation->job, verifying->record, line));
	return statuses[verification->outcome];
}

static enum status
verify(struct invocation *invocation, struct verifying *verifying, const char *name)
{
	struct job *job = invocation->job;
	struct verification verification;
	struct span file;

	if (text_starts_with(name, "VN-") && access(name, F_OK) != 0) {
		TRY(number_verify(job, name, &verifying->request, &verification));
	} else {
		TRY(read_certificate(job, name, &file));
		TRY(certificate_verify(job, NULL, file, &verifying->request, &verification));
	}
	return answer(invocation, verifying, name, &verification);
}

static enum status
run(struct invocation *invocation)
{
	struct verifying verifying = {0};
	const struct option options[] = {{"trust", OPTION_TEXT, &verifying.trust_path},
	    {"bundle", OPTION_TEXT, &verifying.bundle_path}, {"at", OPTION_TEXT, &verifying.at},
	    {"expect", OPTION_LIST, &verifying.expected}, {"trial", OPTION_FLAG, &verifying.trial},
	    {"record", OPTION_TEXT, &verifying.record}, {"json", OPTION_FLAG, &verifying.json}};
	struct job *job = invocation->job;
	struct option_list operands;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	TRY(read_expectations(job, &verifying));
	verifying.request.at = invocation->now;
	verifying.request.accept_trial = verifying.trial;
	if (verifying.at != NULL)
		TRY(words_moment(job, "at", verifying.at, true, &verifying.request.at));
	TRY(read_sources(job, &verifying));
	return verify(invocation, &verifying, operands.values[0]);
}

const struct command command_verify = {
    .name = "verify",
    .summary = "Is this certificate genuine, in force, and for these goods?  Offline.",
    .usage = "verify CERT|NUMBER [--trust T] [--bundle B] [--at DATE] [--expect NAME=VALUE]…\n"
	     "              [--trial] [--record F] [--json]",
    .run = run,
};
