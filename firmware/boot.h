/*
 * What an image starts at boot: shared by the files boot_*.c, one a start system.
 */
#ifndef FIRMWARE_BOOT_H
#define FIRMWARE_BOOT_H

#include "facts/evidence.h"
#include "firmware/collector.h"
#include "firmware/launch.h"
#include "firmware/script.h"

#define BOOT_MAX_SERVICES 1024 /* of one image */
#define BOOT_MAX_ROOTS 64

struct boot;

/* A program that serves, and how its command line says where. */
struct daemon {
	const char *name, *protocol;
	unsigned short port;
	char port_option, address_option;
	bool lowers; /* it gives up root by itself, whatever starts it */
};

/* The daemon of that name, or NULL. */
const struct daemon *boot_daemon(const char *name);
/* The daemon that a program of another name is a link to; NULL where it is to none. */
const char *boot_real_name(const struct boot *boot, const char *word);
/* The protocol of a service called so ("telnet" is telnetd's); NULL. */
const char *boot_protocol(const char *name);

/* A kept file with what became of it. */
struct boot_file {
	const struct kept_file *kept;
	const struct node *root;
	enum truth reached; /* it was run, or read by what starts things */
};

/* What one fact will say; more than one may say the same. */
struct boot_service {
	const struct kept_file *file; /* where it stands; NULL: `node` alone */
	const struct node *node;
	size_t offset;
	const char *name, *command, *user, *address, *protocol, *started_by;
	int64_t port, enabled;
	bool any_port; /* the command line could name one, and does not: its configuration may */
	const struct node *root;
};

struct boot {
	struct job *job;
	struct places *places;
	const struct kept *kept;
	struct boot_file *files, **index; /* as they were kept; by node */
	size_t file_count;
	const struct node *roots[BOOT_MAX_ROOTS]; /* those with kept files */
	size_t root_count;
	struct script *script;
	struct boot_service *services;
	size_t service_count;
	/* of the root at hand */
	const struct node *root;
	const char *started_by;
	const char *user; /* as whom the unit at hand runs; NULL */
	bool known;       /* its start system is recognised … */
	bool open_ended;  /* … but something it runs could not be followed */
	enum truth inetd, xinetd, cron, supervisor;
	enum { PIPE_NONE, PIPE_FROM_SHELL, PIPE_FROM_LISTENER } pipe; /* into the next command */
	/* of all roots */
	bool begins;        /* one of them has an init */
	const char *unread; /* path of an init that is none of those read here; NULL */
};

/*
 * Finds what all roots of the image start, from the files kept by the collector `by`.
 *
 * STATUS_LIMIT  not everything was followed; what was found stands in `boot`
 */
enum status boot_read(struct boot *boot, const struct collection *collection, const char *by);

/* Keeps of a program what tells whether it may be an init; `offer` has finds where it reads a
 * table.
 */
enum status boot_keep_program(
    struct job *job, const struct collection *collection, const struct offer *offer);
/* Why not all is known that starts, after boot_read; NULL. */
enum status boot_unread(struct boot *boot, const char **reason);
/* The init of the root at hand, and whether it would be BusyBox; NULL. */
const struct node *boot_first_init(const struct boot *boot);
bool boot_is_busybox(const struct boot *boot, const struct node *node);
/* Runs an init that is a script. */
enum status boot_init_script(struct boot *boot);
/* Notes the inits of the root at hand. */
void boot_note_init(struct boot *boot);

/* Of the kept files, for boot_*.c */
struct boot_file *boot_file_of(const struct boot *boot, const struct node *node);
/* The file at a path of the root at hand; NULL. */
struct boot_file *boot_find(const struct boot *boot, const char *path);
/* Whether there is anything at a path of the root at hand. */
const struct node *boot_node(const struct boot *boot, const char *path);

static inline int64_t
boot_enabled(enum truth truth)
{
	return truth == SURELY ? 1 : truth == MAYBE ? UNKNOWN : 0;
}

/* What a command starts, at `offset` of `file`. */
struct boot_start {
	const struct kept_file *file;
	size_t offset;
	int64_t enabled;
	bool any;         /* a service whatever it is called */
	const char *user; /* NULL: the start system's own, root */
	const char *name; /* of the unit where it has one; NULL: of the program */
};
enum status boot_add_command(
    struct boot *boot, const struct shell_command *command, const struct boot_start *start);
/* What puts another program on a port fills in `service`, and perhaps the name of what it serves;
 * true: it serves, whatever it is called. */
bool boot_relay(struct boot *boot, const struct shell_command *command, const struct launch *launch,
    struct boot_service *service, const char **name);
/* After a command that was run: a shell in a pipe with what listens is on its port. */
void boot_note_pipe(struct boot *boot, const struct shell_command *command, size_t services_before);
bool boot_is_shell(const char *name);
/* Adds it unless it stands there already; what is surely started wins. */
enum status boot_add(struct boot *boot, const struct boot_service *service);
/* "23", "192.168.1.1:23", "[::1]:23" */
enum status boot_read_address(struct boot *boot, const char *value, struct boot_service *service);
const char *boot_text(struct boot *boot, const char *string, size_t size, size_t limit);

/* Runs a script as the start system does. */
enum status boot_run(
    struct boot *boot, struct boot_file *file, const char *argument, enum truth truth);
/* Runs one command line, as of inittab. */
enum status boot_run_line(struct boot *boot, const struct kept_file *file, struct span line,
    size_t offset, bool stays, enum truth truth);
/*
 * Runs what is behind the words of a command that are no program's: the text of sh -c, a script of
 * the image.  `*known` when that told all there is to tell.
 */
enum status boot_run_words(struct boot *boot, const struct shell_command *command,
    const struct boot_start *start, bool *known);
/* Runs what is named like "S50name" in a folder, in the order of the names. */
enum status boot_run_folder(
    struct boot *boot, const struct node *folder, const char *argument, enum truth truth);

/* One a start system: nothing where the root has none of it. */
enum status boot_inittab(struct boot *boot);
enum status boot_rc(struct boot *boot);
enum status boot_systemd(struct boot *boot);
enum status boot_android(struct boot *boot);
enum status boot_supervised(struct boot *boot); /* runit, s6 */
/* What serves on demand of another: after those above. */
enum status boot_inetd(struct boot *boot);
enum status boot_xinetd(struct boot *boot);
enum status boot_cron(struct boot *boot);
enum status boot_supervisor(struct boot *boot);
enum status boot_hotplug(struct boot *boot); /* udev, mdev */
/* Scripts nothing runs, as far as it is known. */
enum status boot_leftovers(struct boot *boot);
/* Ports, addresses and users that stand in configuration files. */
enum status boot_configuration(struct boot *boot);

bool boot_is_unit(const struct node *node);
bool boot_is_start_name(const char *name);
/* Are they kept for boot_hotplug, boot_supervisor, boot_configuration? */
bool boot_is_hotplug(const struct node *node);
bool boot_is_supervisor(const struct node *node);
bool boot_is_configuration(const struct node *node);

#endif
