/*
 * The interfaces by which the pages of cameras and routers log people in: what
 * a unit says there, and whether it speaks one at all.
 *
 * Each is told by an answer of its own, never by a name; an answer that is none
 * of those known says nothing.  No vendor's device was at hand: the formats are those that
 * public clients agree on.
 *
 * Source: ISAPI: Hikvision, Security/userCheck; RPC2: DahuaConsole and other public clients
 * of RPC2_Login; ubus: OpenWrt rpcd session.c, uhttpd ubus.c.
 */
#ifndef DEVICE_INTERFACES_H
#define DEVICE_INTERFACES_H

#include "device/http_client.h"
#include "device/login.h"

#define ISAPI_PATH "/ISAPI/Security/userCheck"
#define RPC2_PATH "/RPC2_Login"
#define UBUS_PATH "/ubus"
#define INTERFACE_BODY_MAX ((size_t)64 << 10)

/* One question in JSON; `secret` as in struct http_request. */
enum status interface_ask(struct job *job, struct target *target, uint16_t port, bool tls,
    const char *path, const char *body, bool secret, struct http_response *response);

enum interface_says {
	SAYS_OTHER, /* nothing that is known */
	SAYS_IN,
	SAYS_REFUSED,
	SAYS_LOCKED,    /* nobody is let in for now */
	SAYS_CHALLENGE, /* of RPC2 */
};

/* An answer of userCheck: XML whatever its status.  *last_try as in struct login_result. */
enum status isapi_read(
    struct job *job, int status, struct span body, enum interface_says *says, bool *last_try);

struct rpc2_answer {
	enum interface_says says;
	const char *class; /* of a refusal's words, as of struct login_result; NULL */
	bool last_try;     /* as there */
	const char *realm; /* of a challenge */
	const char *random;
	const char *encryption;
	const char *session; /* as it stands in JSON; NULL: none */
};

enum status rpc2_read(struct job *job, int status, struct span body, struct rpc2_answer *answer);
/* The first question, which holds no password: *answer is its challenge, or something else. */
enum status rpc2_begin(struct job *job, struct target *target, uint16_t port, bool tls,
    const char *user, struct http_response *response, struct rpc2_answer *answer);
/* The request; `password` "" and `session` NULL in the first one. */
enum status rpc2_write_login(struct job *job, const char *user, const char *password,
    const char *session, const char **body);
const char *rpc2_logout(struct job *job, const char *session); /* NULL: out of memory */
enum status rpc2_conclude(
    struct job *job, const struct rpc2_answer *answer, struct login_result *result);
/* We know how to answer it. */
bool rpc2_can_answer(const struct rpc2_answer *challenge);
/* What stands for the password: MD5 of user, random and the MD5 of user, realm and password.  NULL:
 * out of memory. */
const char *rpc2_hash(
    struct job *job, const struct rpc2_answer *challenge, const char *user, const char *password);

enum status ubus_read(
    struct job *job, int status, struct span body, enum interface_says *says, const char **session);
/* Asks what there is to call: *speaks when there is a log-in among it. */
enum status ubus_look(struct job *job, struct target *target, uint16_t port, bool tls,
    struct http_response *response, bool *speaks);

#endif
