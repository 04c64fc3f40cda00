/* What is known of a unit's passwords: whose opens it, whom it locks, what was changed. */
#include <string.h>

#include "base/arena.h"
#include "base/frames.h"
#include "device/target.h"
#include "device/transcript.h"

void
target_add_opened(
    struct target *target, const char *protocol, const char *user, const char *password)
{
	if (target->opened_count < TARGET_MAX_OPENED)
		target->opened[target->opened_count++] =
		    (struct credential){.protocol = protocol, .user = user, .password = password};
}

const struct credential *
target_owner(const struct target *target, const char *protocol)
{
	const struct credential *any = NULL;

	for (size_t i = 0; i < target->credential_count; i++) {
		const struct credential *one = &target->credentials[i];

		if (one->role != NULL && strcmp(one->role, "user") == 0)
			continue;
		if (one->protocol != NULL && strcmp(one->protocol, protocol) == 0)
			return one;
		if (one->protocol == NULL && any == NULL)
			any = one;
	}
	for (size_t i = 0; i < target->opened_count && any == NULL; i++)
		if (strcmp(target->opened[i].protocol, protocol) == 0)
			any = &target->opened[i];
	return any;
}

bool
target_is_locked(const struct target *target, const char *user)
{
	for (size_t i = 0; i < target->locked_count; i++)
		if (strcmp(target->locked[i], user) == 0)
			return true;
	return target->locked_count == TARGET_MAX_LOCKED;
}

void
target_add_locked(struct target *target, const char *user)
{
	if (!target_is_locked(target, user))
		target->locked[target->locked_count++] = user;
}

enum status
target_tell_password(struct job *job, const struct target *target, enum password_news news,
    const char *place, const char *user, const char *password)
{
	struct arena_mark mark = arena_mark(job->arena);
	struct text out = text_new(job);
	enum status status;

	if (target->transcript.replay != NULL || target->transcript.descriptor < 0)
		return STATUS_OK;
	put_u16(&out, (uint16_t)news);
	put_string(&out, place);
	put_string(&out, user);
	put_string(&out, password);
	if (out.failed)
		return STATUS_LIMIT;
	status = frame_send(job, target->transcript.descriptor, FRAME_PASSWORD,
	    (struct span){(const uint8_t *)out.at, out.size});
	arena_release(job->arena, mark);
	return status;
}
