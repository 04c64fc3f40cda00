/*
 * Certificate numbers: VN-YYYY-NNNNNN-C, allotted in order within a year, with
 * a check digit that catches every single wrong digit and every swap of
 * neighbours, so a mistyped number is not another product's.
 *
 * Source: H. M. Damm, Totally anti-symmetric quasigroups (2004).
 */
#ifndef CERT_NUMBER_H
#define CERT_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#define NUMBER_SIZE 17 /* with its NUL */
#define NUMBER_LAST 999999

/* year 2000 to 9999, serial 1 to NUMBER_LAST. */
void number_make(int64_t year, int64_t serial, char out[NUMBER_SIZE]);
/* Well-formed, with the right check digit; *year and *serial may be NULL. */
bool number_read(const char *number, int64_t *year, int64_t *serial);

#endif
