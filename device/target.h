/*
 * A unit as the prober knows it: where it is, what the scan found, which
 * services and log-ins the probes that ran before have recognised.
 *
 * The prober itself can reach nothing: connections come from the dialer.
 */
#ifndef DEVICE_TARGET_H
#define DEVICE_TARGET_H

#include <sys/socket.h>

#include "base/job.h"
#include "base/span.h"
#include "facts/evidence.h"

#define PORT_COUNT 65536
#define PORT_SET_SIZE (PORT_COUNT / 8)
#define TARGET_MAX_SERVICES 256 /* more open ports than that are reported, not talked to */
#define TARGET_MAX_LOGINS 64
#define TARGET_MAX_PLACES 1024
#define TARGET_MAX_DEATHS 32
#define TARGET_MAX_STREAMS 32
#define TARGET_NONCE_SIZE 16
#define TARGET_MAX_OPENED 16
#define TARGET_MAX_LOCKED 2 /* users; then the unit is taken to be locked to everybody */

enum intrusion {
	INTRUSION_OBSERVE, /* what any visitor does */
	INTRUSION_LOGIN,   /* tries passwords, below the guess budget */
	INTRUSION_STRESS,  /* may lock, reboot or change the unit */
};

struct address {
	struct sockaddr_storage socket; /* port 0 */
	socklen_t size;
	char text[64]; /* canonical literal */
};

/* What the dialer's scan found; written by dialer.c, read by the probe "ports". */
struct scan {
	bool reached;  /* something answered, be it a refusal */
	bool complete; /* every port got an answer or timed out twice, and the unit was alive at the
			  end */
	const char *reason; /* why it is not complete; NULL */
	uint32_t required;
	uint32_t closed;
	uint32_t filtered;
	uint32_t untried;
	size_t open_count;
	const uint16_t *open; /* ascending */
};

struct service {
	uint16_t port;
	bool udp;
	bool tls;             /* it speaks TLS from the first byte */
	const char *starttls; /* smtp, imap, pop3, ftp …: how it is asked to; NULL: it is not */
	const char *name;     /* http, https, ssh, telnet, ftp, rtsp, mqtt, tls, unknown … */
	bool faceless;        /* a web server without a front page or a log-in that shows */
	bool has_use;         /* one that is there for what was found: ONVIF, UPnP */
};

/* A place that asks for a log-in, as a probe of its protocol found it. */
struct login {
	uint16_t port;
	bool tls;
	bool recognised;       /* login_try knows how to log in here */
	const char *protocol;  /* http, https, ssh, telnet, ftp, rtsp … */
	const char *scheme;    /* basic, digest, form, password … */
	const char *path;      /* of http, rtsp and onvif; NULL elsewhere */
	bool no_user;          /* it asks for a password alone: the user is "" */
	const char *interface; /* of http: isapi, rpc2, ubus, with answers of its own; NULL */
};

/* Another path that asks for the same log-in: other hands may judge there. */
struct login_place {
	const struct login *login;
	const char *path;
};

/* Where a stream is, as the unit itself told. */
struct stream {
	uint16_t port;
	const char *path; /* with its query */
};

#define TARGET_TALKED 3

/* One pair of the plan. */
struct guess {
	const char *user;
	const char *password;
	const char *origin; /* firmware, vendor, common */
};

/* What is known to open the unit, from the laboratory: never tried as a guess. */
struct credential {
	const char *protocol; /* of the log-in; NULL: any */
	const char *user;
	const char *password;
	const char *role; /* owner, user; NULL: not told */
};

/* A probe after which the unit did not answer as before. */
struct death {
	const char *after;
	int64_t exchange; /* the last one */
	bool came_back;
	const char *detail;
};

struct snmp_trial;

/* What the probe of SNMP found out about words at a port, so that nobody asks them again. */
struct communities {
	uint16_t port;
	int64_t exchange;
	const struct snmp_trial *trials; /* in the order of snmp_guesses; NULL: none were tried */
	size_t count;
};

struct replay; /* a transcript played again: see transcript.h */

struct transcript {
	int descriptor;        /* FRAME_EVENT goes there; −1: nobody records */
	size_t size;           /* bytes sent so far */
	int64_t exchange;      /* connections so far */
	struct replay *replay; /* NULL: the unit is live */
};

struct target {
	const char *address;   /* the literal, for Host: headers */
	struct address peer;   /* the same, parsed */
	int dial;              /* socket of the dialer: see dialer.h; −1 when replayed */
	int64_t began;         /* monotonic milliseconds at the start of the talk */
	int64_t clock;         /* milliseconds since then, as of the last event: see target_now */
	int64_t deadline;      /* of the running probe, by the same clock */
	int64_t pace;          /* so many times faster than real time, for tests; 0 and 1: real */
	int64_t waited_ms;     /* for passwords it judges slowly, and for its locks to end */
	int64_t slowest_ms;    /* to the slowest answer so far */
	unsigned answers;      /* how many were measured */
	int64_t limit;         /* of the whole talk, by the same clock; 0: none */
	int64_t connections;   /* granted to the whole talk; 0: not bounded */
	unsigned source;       /* which of our own addresses connections are made from */
	unsigned source_count; /* how many there are to choose from; 0: the system's choice */
	struct transcript transcript;
	struct scan scan;
	const char *services_lack; /* why the services are not all known; NULL */
	const char *hidden_lack;   /* why those under TLS are not all known; NULL */
	struct service services[TARGET_MAX_SERVICES];
	size_t service_count;
	const char *logins_lack; /* why the log-ins are not all known; NULL */
	struct login logins[TARGET_MAX_LOGINS];
	size_t login_count;
	struct login_place places[TARGET_MAX_PLACES];
	size_t place_count;
	struct stream streams[TARGET_MAX_STREAMS];
	size_t stream_count;
	int64_t guess_budget;
	int64_t min_pairs;
	const struct guess *guesses;
	size_t guess_count;
	const struct credential *credentials;
	size_t credential_count;
	struct credential opened[TARGET_MAX_OPENED]; /* pairs of the plan a log-in accepted */
	size_t opened_count;
	const char *locked[TARGET_MAX_LOCKED]; /* users a log-in said it locks, or is about to */
	size_t locked_count;
	struct communities communities;
	bool spent; /* the connections granted are used up: nobody is asked any more */
	uint16_t talked[TARGET_TALKED]; /* the last TCP ports the running probe came to */
	size_t talked_count;
	struct death deaths[TARGET_MAX_DEATHS];
	size_t death_count;
	enum intrusion granted;    /* how far a probe may go that does more at a higher level */
	const char *liveness_lack; /* why nobody can tell whether it lived; NULL */
	uint8_t nonce[TARGET_NONCE_SIZE];
	uint32_t drawn;    /* how often the nonce was drawn from */
	void *tls_context; /* made by channel_tls_prepare before the sandbox closes */
};

/* How far a probe came with its unit; becomes its looked rows. */
struct outcome {
	const char *lack; /* the first reason for incompleteness; NULL: complete */
	const char *note; /* stands as the reason of a complete row */
	int64_t count;    /* facts found */
	int64_t required; /* UNKNOWN where the plan has no number */
	int64_t tried;
};

/*
 * Parses an IPv4 or IPv6 literal, with %zone where link-local.  STATUS_USAGE
 * for anything else: names are never resolved.
 */
enum status address_parse(struct job *job, const char *literal, struct address *address);

/*
 * The same of a transcript.  A zone (%eth0) names a network of the machine that recorded, which
 * this one need not have: it stays in the text alone, as nobody is called.
 */
enum status address_parse_recorded(struct job *job, const char *literal, struct address *address);

void address_set_port(struct address *address, unsigned port);

/* "80", "1-1024,8080" into a bit a port; NULL is 1-65535.  STATUS_USAGE. */
enum status port_set_parse(struct job *job, const char *list, uint8_t set[PORT_SET_SIZE]);
bool port_set_has(const uint8_t set[PORT_SET_SIZE], unsigned port);

/* Milliseconds of a clock that never jumps.  What a probe decides rests on target_now instead. */
int64_t monotonic_ms(void);
/* Of a live talk: what target_now would be if something happened now. */
int64_t target_live_ms(const struct target *target);
/* Real milliseconds that are `ms` of the target's clock, none where it is past. */
int target_real_ms(const struct target *target, int64_t ms);

/*
 * Milliseconds since the talk began, as of the last event of the transcript:
 * the same again when the transcript is replayed.
 */
int64_t target_now(const struct target *target);
/* The running probe has no time left. */
bool target_time_is_up(const struct target *target);
/* Gives the running probe `ms` from now, within the limit of the talk. */
void target_allow(struct target *target, int64_t ms);
/* Lets `ms` go by, at most to the deadline.  STATUS_UNAVAILABLE when time is up afterwards. */
enum status target_wait(struct job *job, struct target *target, int ms);

/* The unit took so long to say something it was asked, or to greet. */
void target_heard(struct target *target, int64_t ms);
/* The unit took so long to judge a password: a delay of its own, unless it is short. */
void target_judged(struct target *target, int64_t ms);
/*
 * How long to wait for the answer to a question that ports of other protocols leave
 * unanswered: `most`, or less once the unit has shown how quick it is; never under
 * what an answer over a real network may take, with one segment lost.
 */
int target_patience(const struct target *target, int most);

/* Bytes nobody outside can guess, the same for the same nonce: SHA-256 in counter mode. */
enum status target_random(struct job *job, struct target *target, uint8_t *at, size_t size);

/* HTTP over TCP, in the clear or under TLS. */
bool service_is_web(const struct service *service);

/* Remembers a service for the probes that come later; the 257th sets services_lack. */
void target_add_service(struct target *target, const struct service *service);

/* Why a probe of services that may stand under TLS cannot know them all; NULL: it does. */
const char *target_services_lack(const struct target *target);

/*
 * Remembers a log-in for the probe that tries pairs; the 65th sets logins_lack, and NULL is
 * returned.
 */
const struct login *target_add_login(struct target *target, const struct login *login);
/*
 * Remembers that a path of another folder asks for the same log-in; NULL is none.  The 1025th sets
 * logins_lack.
 */
void target_add_place(struct target *target, const struct login *login, const char *path);
/* How much of a path is its first folder: "/ISAPI/System" and "/ISAPI/?x" have the same one. */
size_t path_first_folder(const char *path);

/* Remembers a stream for the probe of RTSP; one already known, and the 33rd, are let go. */
void target_add_stream(struct target *target, uint16_t port, const char *path);
/* Remembers what the TCP service at that port is there for. */
void target_note_use(struct target *target, uint16_t port);
/* Remembers that a TCP port was connected to: witnesses of what the probe did to the unit. */
void target_note_talk(struct target *target, uint16_t port);
/* Remembers a pair that a log-in accepted; what there is no room for is forgotten. */
void target_add_opened(
    struct target *target, const char *protocol, const char *user, const char *password);

/*
 * A log-in said that it judges passwords of this user no more, or but one more.  A product may have
 * one count of failures behind all its log-ins, so nobody guesses at any of them any more.
 */
void target_add_locked(struct target *target, const char *user);
bool target_is_locked(const struct target *target, const char *user);

/* What a person at the unit must know at once, whatever becomes of us afterwards. */
enum password_news { PASSWORD_TO_BE, PASSWORD_IS_BACK, PASSWORD_IS_LOST, PASSWORD_NEWS_COUNT };

/*
 * Tells whoever started the probes of a password of the unit, before it is sent: u16 news, then
 * place, user, password as put_string does, in a FRAME_PASSWORD.  A talk played again tells nobody.
 */
enum status target_tell_password(struct job *job, const struct target *target,
    enum password_news news, const char *place, const char *user, const char *password);

/*
 * Whose pair opens a log-in of that protocol: the laboratory's for it, else the laboratory's for
 * any, else one of the plan that was accepted there; NULL: nobody knows.
 */
const struct credential *target_owner(const struct target *target, const char *protocol);

/* A fault of ours ends the job; what the unit does only ends the attempt. */
bool fault_is_ours(enum status status);

/* Notes why an outcome is not complete; the first reason stands.  Copies into the arena. */
void outcome_lack(struct job *job, struct outcome *outcome, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The looked row of `kind` for the source of `evidence`. */
enum status outcome_look(
    struct job *job, const struct outcome *outcome, struct evidence *evidence, enum fact_kind kind);

#endif
