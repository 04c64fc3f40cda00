/*
 * What a systemd unit says, with its drop-ins.
 *
 * Source: systemd.unit(5), systemd.service(5), systemd.socket(5), systemd.exec(5)
 */
#ifndef FIRMWARE_BOOT_UNIT_H
#define FIRMWARE_BOOT_UNIT_H

#include "firmware/boot.h"

#define UNIT_MAX_WANTS 64
#define UNIT_MAX_LISTENS 16
#define UNIT_MAX_FILES 16
#define UNIT_MAX_STARTS 32

/* A command line of it: ExecStart=, or what runs before and after. */
struct unit_start {
	struct span line;
	const struct kept_file *file;
	bool main; /* the first ExecStart=: the service itself */
	char when; /* of ExecCondition=, ExecStartPre=, ExecStart=, ExecStartPost= */
};

struct unit {
	const char *name;                              /* "getty@tty1.service" */
	const struct kept_file *files[UNIT_MAX_FILES]; /* of the unit, then of its drop-ins */
	size_t file_count;
	struct unit_start starts[UNIT_MAX_STARTS];
	size_t start_count;
	struct span user, type, service; /* service: Service= or Unit= of a socket or timer */
	bool dynamic_user, has_install, conditional;
	bool on_socket; /* StandardInput=socket: it speaks to who connects */
	bool accepts;   /* a socket, with an instance of its service for each who calls */
	struct span wants[UNIT_MAX_WANTS]; /* whole values: names with blanks between */
	size_t want_count;
	struct span listens[UNIT_MAX_LISTENS];
	const struct kept_file *listen_files[UNIT_MAX_LISTENS];
	size_t listen_count;
};

#define UNIT_FOLDERS 5u
extern const char *const unit_folders[UNIT_FOLDERS]; /* the first that has it wins */

/* An entry of a folder by its name, a link itself. */
const struct node *unit_entry(const struct boot *boot, const struct node *folder, const char *name);
/* A link to /dev/null, or an empty file, in its place. */
bool unit_is_masked(const struct boot *boot, const char *name);
/* Finds its files and reads them; false when there is no such unit in the image. */
bool unit_find(struct boot *boot, const char *name, struct unit *unit);

/* Reads unit->files; `shell` gets the variables of its environment. */
void unit_read(struct boot *boot, struct unit *unit, struct shell *shell);

/* A preset file says that the unit stays off: the first rule that fits. */
bool unit_is_disabled(const struct boot *boot, const char *name);

#endif
