/* Each visitor has a thread of his own; what the camera counts is everybody's. */
#include "tests/support/shell_camera.h"

#include <string.h>

#include "tests/support/support.h"

#define PACE 10 /* waits are real, and so many times shorter */

static int64_t *
locked_until(struct camera *camera)
{
	return camera->lock_by_address ? &camera->locked_until_of[camera->unit.request.source]
				       : &camera->locked_until;
}

static bool
is_locked(struct camera *camera)
{
	return unit_now(&camera->unit) < *locked_until(camera);
}

/* One wrong password more. */
static void
count_wrong(struct camera *camera)
{
	unsigned *wrong = camera->lock_by_address ? &camera->wrong_of[camera->unit.request.source]
						  : &camera->wrong;

	if (++*wrong >= camera->lock_after && camera->lock_after > 0 && !is_locked(camera)) {
		*locked_until(camera) = unit_now(&camera->unit) + camera->lock_ms;
		*wrong = 0;
	}
}

/* Reads one line; false when the visitor is gone. */
static bool
hear_line(int socket, char *line, size_t room)
{
	if (unit_hear(socket, line, room, "\r\n") == 0)
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	return true;
}

/* busybox's dialogue; false when it hangs up. */
static bool
run_passwd(struct camera *camera, int socket)
{
	char first[200], second[200];
	unsigned run = ++camera->passwd_runs;

	unit_say_text(socket, "passwd\r\nChanging password for root\r\nNew password: ");
	if (!hear_line(socket, first, sizeof first))
		return false;
	if (run == camera->hang_up_at_run) {
		if (camera->takes_half)
			memcpy(camera->password, first, sizeof camera->password);
		return false;
	}
	if (camera->refuse_from_run != 0 && run >= camera->refuse_from_run) {
		unit_say_text(socket, "\r\npasswd: failure\r\n# ");
		return true;
	}
	if (strlen(first) < camera->shortest) {
		unit_say_text(socket, "\r\nBad password: too short\r\n# ");
		return true;
	}
	unit_say_text(socket, "\r\nRetype password: ");
	if (!hear_line(socket, second, sizeof second))
		return false;
	memcpy(camera->password, first, sizeof camera->password);
	unit_say_text(socket, "\r\npasswd: password for root changed by root\r\n# ");
	return true;
}

static void
serve_shell(struct camera *camera, int socket)
{
	char line[200];

	unit_say_text(socket, camera->asks_for_change
				  ? "\r\nYou are required to change your password immediately\r\n"
				    "New password: "
				  : "\r\nBusyBox v1.35\r\n# ");
	if (camera->mentions_change)
		unit_say_text(socket, "Please change your password soon.\r\n# ");
	while (hear_line(socket, line, sizeof line))
		if (strcmp(line, "help") == 0)
			unit_say_text(socket, "help\r\nls ps passwd\r\n# ");
		else if (strcmp(line, "passwd") == 0 && !run_passwd(camera, socket))
			return;
}

/* Lets the visitor in or not; the state is everybody's. */
static bool
judge(struct camera *camera, const char *user, const char *given, bool *locked)
{
	bool right;

	pthread_mutex_lock(&camera->lock);
	right = camera->opens_to_all || ((camera->password_alone || strcmp(user, "root") == 0) &&
					    strcmp(given, camera->password) == 0);
	*locked = is_locked(camera);
	if (*locked && !camera->lock_is_said)
		right = false;
	else if (!right)
		count_wrong(camera);
	if (right && !camera->lock_is_said)
		camera->wrong = camera->wrong_of[camera->unit.request.source] = 0;
	pthread_mutex_unlock(&camera->lock);
	return right;
}

static void
serve_camera(void *context, int socket, unsigned number)
{
	struct camera *camera = context;
	char user[200] = "", given[200];
	bool locked, right;

	(void)number;
	if (camera->lock_by_silence && is_locked(camera))
		return;
	if (!camera->password_alone) {
		unit_say_text(socket, "\r\ncam login: ");
		if (!hear_line(socket, user, sizeof user))
			return;
	}
	unit_say_text(socket, "Password: ");
	if (!hear_line(socket, given, sizeof given))
		return;
	right = judge(camera, user, given, &locked);
	if (!right && camera->delay_ms > 0) {
		unit_pause(&camera->unit, camera->delay_ms);
		camera->delay_ms *= camera->growing ? 2 : 1;
	}
	if (right)
		serve_shell(camera, socket);
	else
		unit_say_text(socket, locked && camera->lock_in_words
					  ? "\r\nAccount locked\r\n"
					  : "\r\nLogin incorrect\r\ncam login: ");
}

void
camera_start(struct camera *camera, struct target *target)
{
	pthread_mutex_init(&camera->lock, NULL);
	if (camera->password[0] == '\0')
		memcpy(camera->password, "s3cret-one", sizeof "s3cret-one");
	camera->unit.serve = serve_camera;
	camera->unit.context = camera;
	camera->unit.at_once = true;
	camera->unit.pace = PACE;
	unit_start(&camera->unit, target);
	target_add_login(target, &(struct login){.port = 23,
				     .recognised = true,
				     .protocol = "telnet",
				     .scheme = "password",
				     .no_user = camera->password_alone});
}

void
camera_run(struct job *job, struct camera *camera, const struct probe *probe, bool with_credential,
    struct target *target, struct fact_list *facts, const struct looked_fact **looked)
{
	static const struct credential known[] = {{"telnet", "root", "s3cret-one", "owner"}};
	struct evidence evidence = evidence_to_list(facts);

	*facts = (struct fact_list){0};
	evidence.source = probe->name;
	camera_start(camera, target);
	target->deadline = target_now(target) + (camera->growing ? 100000 : 300000);
	target->services[target->service_count++] = (struct service){.port = 23, .name = "telnet"};
	target->credentials = known;
	target->credential_count = with_credential ? 1 : 0;
	target->source_count = camera->lock_by_address ? 2 : 0;
	assert_ok(job, probe->talk(job, target, &evidence));
	unit_stop(&camera->unit, target);
	*looked = &facts->facts[facts->count - 1].as.looked;
	assert_int_equal(facts->facts[facts->count - 1].kind, FACT_looked);
}
