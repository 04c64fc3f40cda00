/*
 * What an X.509 certificate shown on the wire says, as facts.
 */
#ifndef DEVICE_CERTIFICATE_FACTS_H
#define DEVICE_CERTIFICATE_FACTS_H

#include "facts/evidence.h"

/*
 * Adds a certificate fact, and a key fact for its public key, about `port` as
 * seen in `exchange`.  *read is false, and nothing is added, when `der` is not
 * a certificate: that is the unit's fault.
 *
 * Source: RFC 5280 section 4.1.
 */
enum status certificate_add_facts(struct job *job, struct evidence *evidence, struct span der,
    int64_t port, int64_t exchange, bool *read);

/*
 * The first name of a host that the certificate is for, by its subjectAltName, else by its common
 * name; the star of a pattern becomes "camera".  "" where there is none that is one.
 */
void certificate_host(struct span der, char *host, size_t room);

#endif
