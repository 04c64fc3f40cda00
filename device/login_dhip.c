/* The questions of RPC2 in frames of their own. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/camera_frames.h"

static enum status
ask(struct job *job, struct channel *channel, uint32_t number, uint32_t session, const char *body,
    bool secret, struct rpc2_answer *answer, struct camera_frame *frame)
{
	const struct camera_frame question = {.kind = CAMERA_DHIP,
	    .number = number,
	    .session = session,
	    .body = span_of_string(body)};

	TRY(camera_frame_ask(job, channel, &question, secret, frame));
	return rpc2_read(job, 200, frame->body, answer);
}

enum status
dhip_begin(struct job *job, struct channel *channel, const char *user,
    struct rpc2_answer *challenge, struct camera_frame *answer)
{
	const char *body;

	TRY(rpc2_write_login(job, user, "", NULL, &body));
	return ask(job, channel, 1, 0, body, false, challenge, answer);
}

static enum status
try_pair(struct job *job, struct channel *channel, const char *user, const char *password,
    struct login_result *result)
{
	struct rpc2_answer challenge, answer;
	struct camera_frame frame;
	const char *body, *hash;

	TRY(dhip_begin(job, channel, user, &challenge, &frame));
	answer = challenge;
	if (rpc2_can_answer(&challenge)) {
		hash = rpc2_hash(job, &challenge, user, password);
		if (hash == NULL)
			return STATUS_LIMIT;
		TRY(rpc2_write_login(job, user, hash, challenge.session, &body));
		TRY(ask(job, channel, 2, frame.session, body, true, &answer, &frame));
	} else if (challenge.says != SAYS_LOCKED) {
		return fail(
		    job, STATUS_UNDECIDED, "port %u: no challenge of DHIP any more", channel->port);
	}
	result->exchange = channel->exchange;
	TRY(rpc2_conclude(job, &answer, result));
	if (answer.says == SAYS_IN) {
		enum status status;

		body = rpc2_logout(job, answer.session);
		if (body == NULL)
			return STATUS_LIMIT;
		status = ask(job, channel, 3, frame.session, body, true, &answer, &frame);
		return fault_is_ours(status) ? status : STATUS_OK;
	}
	return STATUS_OK;
}

enum status
login_try_dhip(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	struct channel channel;
	struct tls_peer peer;
	enum status status = channel_open(job, target, login->port, &channel);

	(void)control;
	if (status == STATUS_OK && login->tls)
		status = channel_start_tls(job, &channel, &peer);
	if (status == STATUS_OK)
		status = try_pair(job, &channel, user, password, result);
	channel_hang_up(job, &channel);
	return status;
}
