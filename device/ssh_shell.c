/* A shell over SSH is told as it was typed and read: libssh keeps the wire to itself. */
#include <libssh/libssh.h>
#include <poll.h>
#include <string.h>

#include "base/arena.h"
#include "device/ssh_client.h"

#define STEP_MS 10000
#define ROUNDS_MAX 10000
#define PORTION_SIZE 2048

static enum status
failed(struct job *job, const struct ssh_talk *talk, const char *what)
{
	return fail(
	    job, STATUS_UNAVAILABLE, "port %u: ssh: %s: not granted", talk->channel.port, what);
}

/* Waits for the socket, at most to `end`; false when there is no time left. */
static bool
wait_until(const struct ssh_talk *talk, int64_t end)
{
	const struct channel *channel = &talk->channel;
	struct pollfd wait = {.fd = channel->descriptor, .events = POLLIN};
	int64_t limit = channel->target->began + channel->deadline;
	int64_t left = (end < limit ? end : limit) - monotonic_ms();

	if (left <= 0)
		return false;
	poll(&wait, 1, (int)(left < 100 ? left : 100));
	return true;
}

/* The steps to a shell, each asked again until it is answered. */
static enum status
open_shell(struct job *job, struct ssh_talk *talk)
{
	int64_t end = monotonic_ms() + STEP_MS;
	int result;

	talk->shell = ssh_channel_new(talk->session);
	if (talk->shell == NULL)
		return failed(job, talk, "channel");
	while ((result = ssh_channel_open_session(talk->shell)) == SSH_AGAIN)
		if (!wait_until(talk, end))
			break;
	if (result != SSH_OK)
		return failed(job, talk, "session");
	while (ssh_channel_request_pty(talk->shell) == SSH_AGAIN)
		if (!wait_until(talk, end))
			break;
	while ((result = ssh_channel_request_shell(talk->shell)) == SSH_AGAIN)
		if (!wait_until(talk, end))
			break;
	return result == SSH_OK ? STATUS_OK : failed(job, talk, "shell");
}

enum status
ssh_shell_open(struct job *job, struct ssh_talk *talk)
{
	struct span nothing;

	if (channel_is_replay(&talk->channel))
		return channel_retell(job, &talk->channel, "ssh shell", &nothing);
	return channel_tell(
	    job, &talk->channel, "ssh shell", open_shell(job, talk), (struct span){0});
}

static enum status
receive(struct job *job, struct ssh_talk *talk, int patience_ms, struct span *words)
{
	int64_t end = monotonic_ms() + patience_ms;
	uint8_t *bytes = arena_allocate(job, PORTION_SIZE);

	if (bytes == NULL)
		return STATUS_LIMIT;
	for (unsigned round = 0; round < ROUNDS_MAX; round++) {
		int got = ssh_channel_read_nonblocking(talk->shell, bytes, PORTION_SIZE, 0);

		if (got > 0)
			*words = (struct span){bytes, (size_t)got};
		if (got > 0 || ssh_channel_is_eof(talk->shell) ||
		    ssh_channel_is_closed(talk->shell))
			return STATUS_OK;
		if (got < 0 && got != SSH_AGAIN)
			return failed(job, talk, "reading");
		if (!wait_until(talk, end))
			break;
	}
	return fail(job, STATUS_UNDECIDED, "port %u: ssh: silence", talk->channel.port);
}

enum status
ssh_shell_receive(struct job *job, struct ssh_talk *talk, int patience_ms, struct span *words)
{
	enum status status;

	*words = (struct span){0};
	if (channel_is_replay(&talk->channel))
		return channel_retell(job, &talk->channel, "ssh words", words);
	status = receive(job, talk, patience_ms, words);
	return channel_tell(job, &talk->channel, "ssh words", status, *words);
}

enum status
ssh_shell_send(struct job *job, struct ssh_talk *talk, const char *line)
{
	const char *bytes = arena_printf(job, "%s\n", line);
	struct span nothing;
	enum status status = STATUS_OK;

	if (bytes == NULL)
		return STATUS_LIMIT;
	if (channel_is_replay(&talk->channel))
		return channel_retell(job, &talk->channel, "ssh typed", &nothing);
	if (ssh_channel_write(talk->shell, bytes, (uint32_t)strlen(bytes)) < 0)
		status = failed(job, talk, "typing");
	return channel_tell(job, &talk->channel, "ssh typed", status, (struct span){0});
}
