/* What the handler says is made before: in it nothing may be allocated or translated. */
#include "app/password_watch.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "device/target.h"

#define AGAIN_MS 1000 /* timeout(1) sends its signal twice at once */

static const int endings[] = {SIGINT, SIGTERM, SIGHUP};

static struct {
	bool open;
	char line[512];
	size_t size;
	struct sigaction before[ARRAY_SIZE(endings)];
	volatile sig_atomic_t came; /* the first signal; 0: none */
	volatile int64_t at;        /* when it came */
} watch;

static void
take_signal(int number)
{
	int kept = errno;
	int64_t now = monotonic_ms();

	if (watch.came == 0) {
		watch.came = number;
		watch.at = now;
		if (write(STDERR_FILENO, watch.line, watch.size) < 0)
			watch.size = 0;
	} else if (now - watch.at >= AGAIN_MS) {
		signal(number, SIG_DFL);
		raise(number);
	}
	errno = kept;
}

void
password_watch_begin(const char *line)
{
	struct sigaction action = {.sa_handler = take_signal, .sa_flags = SA_RESTART};

	if (watch.open)
		return;
	watch.open = true;
	watch.came = 0;
	watch.size = strlen(line);
	if (watch.size > sizeof watch.line)
		watch.size = sizeof watch.line;
	memcpy(watch.line, line, watch.size);
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		sigaddset(&action.sa_mask, endings[i]);
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		/* what nohup ignores stays ignored */
		if (sigaction(endings[i], NULL, &watch.before[i]) == 0 &&
		    watch.before[i].sa_handler != SIG_IGN)
			sigaction(endings[i], &action, NULL);
}

void
password_watch_end(void)
{
	if (!watch.open)
		return;
	watch.open = false;
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		sigaction(endings[i], &watch.before[i], NULL);
	if (watch.came != 0)
		raise(watch.came);
}

void
password_watch_leave(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		signal(endings[i], SIG_IGN);
}
