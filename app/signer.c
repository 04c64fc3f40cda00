/*
 * hopquy-signer holds a body's key, and in its cage can do nothing but compute:
 * it signs only a certificate that it built itself from three people's statements.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/frames.h"
#include "base/sandbox.h"
#include "cert/issue.h"

#define BUDGET ((size_t)256 << 20)
#define ADDRESS_SPACE ((size_t)1 << 30)
#define CPU_SECONDS 20
#define REQUEST_TIMEOUT_MS 20000

struct signer {
	struct job *job;
	const char *key_path, *certificate_path, *trust_path;
	int64_t now;
	struct key *key;
	struct identity identity;
	struct span trust_list;
};

static enum status
read_arguments(struct signer *signer, int argc, char **argv)
{
	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--key") == 0)
			signer->key_path = argv[i + 1];
		else if (strcmp(argv[i], "--cert") == 0)
			signer->certificate_path = argv[i + 1];
		else if (strcmp(argv[i], "--trust") == 0)
			signer->trust_path = argv[i + 1];
	}
	if (argc != 7 || signer->key_path == NULL || signer->certificate_path == NULL ||
	    signer->trust_path == NULL)
		return fail(signer->job, STATUS_USAGE,
		    "usage: hopquy-signer --key K --cert C --trust T (a request on standard "
		    "input)");
	return STATUS_OK;
}

/* Everything that needs a file, before the cage. */
static enum status
load(struct signer *signer)
{
	struct span pem;

	TRY(key_read(signer->job, signer->key_path, KEY_P256, &signer->key));
	TRY(file_read(signer->job, signer->certificate_path, IDENTITY_MAX_SIZE, &pem));
	TRY(identity_read_pem(signer->job, pem, &signer->identity));
	return file_read(signer->job, signer->trust_path, TRUST_MAX_SIZE, &signer->trust_list);
}

/* One signature with a key made for it and thrown away. */
static enum status
rehearse_with(struct signer *signer, const struct key *key)
{
	struct identity_request request = {.name = "rehearsal",
	    .not_before = signer->now,
	    .not_after = signer->now + 60,
	    .key = key};
	struct identity rehearsal;
	const struct identity *found;
	struct signature signature;
	char day[32];
	struct span der;

	text_format_date(signer->now, day);
	TRY(identity_issue(signer->job, &request, NULL, key, &rehearsal));
	TRY(signature_make(
	    signer->job, key, &rehearsal, span_of_string(day), false, signer->now, &der));
	TRY(signature_read(signer->job, der, (struct span){0}, &signature));
	return signature_check(signer->job, NULL, &signature, &found);
}

/* OpenSSL reads its configuration and the C library its time zone at first use: not in the cage. */
static enum status
rehearse(struct signer *signer)
{
	struct arena_mark mark = arena_mark(signer->job->arena);
	struct key *key = NULL;
	enum status status;

	TRY(key_generate(signer->job, KEY_P256, &key));
	status = rehearse_with(signer, key);
	key_free(key);
	arena_release(signer->job->arena, mark);
	return status;
}

static enum status
enter_cage(struct signer *signer)
{
	struct sandbox_report report;

	TRY(sandbox_limits(signer->job, ADDRESS_SPACE, CPU_SECONDS));
	return sandbox_enter(signer->job, SANDBOX_COMPUTE, false, &report);
}

static enum status
answer(struct signer *signer)
{
	struct job *job = signer->job;
	enum frame_kind kind;
	struct span request, xml, der;
	struct trust trust;
	bool ended = false;

	TRY(frame_receive(job, STDIN_FILENO, REQUEST_TIMEOUT_MS, &kind, &request, &ended));
	if (ended || kind != FRAME_REQUEST)
		return fail(job, STATUS_MALFORMED, "no request");
	TRY(trust_read(job, signer->trust_list, NULL, &trust));
	TRY(issue_decide(job, request, &trust, &signer->identity, signer->now, &xml));
	TRY(signature_make(job, signer->key, &signer->identity, xml, false, signer->now, &der));
	return frame_send(job, STDOUT_FILENO, FRAME_REPLY, der);
}

/* The reason goes to whoever asked, as a frame. */
static void
refuse(struct job *job, enum status status)
{
	struct text payload = text_new(job);
	const char *bytes;

	put_u16(&payload, (uint16_t)status);
	put_string(&payload, job->reason);
	if (text_finish(&payload, &bytes) != STATUS_OK)
		return;
	if (frame_send(job, STDOUT_FILENO, FRAME_DONE,
		(struct span){(const uint8_t *)bytes, payload.size}) != STATUS_OK)
		fprintf(stderr, "hopquy-signer: %s\n", job->reason);
}

int
main(int argc, char **argv)
{
	struct signer signer = {.job = job_new(BUDGET), .now = (int64_t)time(NULL)};
	enum status status;

	if (signer.job == NULL)
		return status_exit_code(STATUS_FAULT);
	signal(SIGPIPE, SIG_IGN);
	status = read_arguments(&signer, argc, argv);
	if (status == STATUS_USAGE) {
		fprintf(stderr, "hopquy-signer: %s\n", signer.job->reason);
		job_free(signer.job);
		return status_exit_code(status);
	}
	status = load(&signer);
	if (status == STATUS_OK)
		status = rehearse(&signer);
	if (status == STATUS_OK)
		status = enter_cage(&signer);
	if (status == STATUS_OK)
		status = answer(&signer);
	if (status != STATUS_OK)
		refuse(signer.job, status);
	key_free(signer.key);
	job_free(signer.job);
	_exit(status_exit_code(status)); /* nothing that runs at exit may open a file in the cage */
}
