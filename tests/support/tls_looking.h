/*
 * The TLS probe at a server of tls_server.h, and what it found.
 */
#ifndef TESTS_SUPPORT_TLS_LOOKING_H
#define TESTS_SUPPORT_TLS_LOOKING_H

#include "device/probe.h"
#include "facts/evidence.h"
#include "tests/support/tls_server.h"

/* cmocka's, of each test. */
int tls_looking_set_up(void **state);
int tls_looking_tear_down(void **state);

void tls_look(struct old_server *server, enum intrusion granted, struct fact_list *facts);
/* The same within `ms`. */
void tls_look_for(
    struct old_server *server, enum intrusion granted, int ms, struct fact_list *facts);

/* Of a weakness that must be spoken of. */
int64_t tls_weakness_seen(const struct fact_list *facts, const char *name);
/* How often a suite was accepted; NULL: any. */
size_t tls_offers_seen(const struct fact_list *facts, const char *version, const char *cipher);
/* It is told and was taken. */
bool tls_parameter_seen(const struct fact_list *facts, const char *class, const char *name);
/* The reason why a kind was not wholly looked at; NULL when it was. */
const char *tls_lack(const struct fact_list *facts, const char *kind);

#endif
