/*
 * What a secret looks like: tokens of known forms, symmetric keys, and what is only a stand-in for
 * one.
 */
#ifndef FIRMWARE_SECRET_FORMS_H
#define FIRMWARE_SECRET_FORMS_H

#include "base/span.h"

/* Lines of secret_forms.def. */
extern const size_t secret_form_count;
const char *secret_form_type(size_t form);
/* The whole token of that form whose prefix begins at `at`; empty where there is none. */
struct span secret_form_read(size_t form, struct span content, size_t at);

/* A value that a program fills in later, a mask, a word, or an example of the issuer's. */
bool secret_is_placeholder(struct span value);
/* 16, 24 or 32 bytes as hexadecimal, base64, or letters and digits mixed. */
bool secret_is_symmetric_key(struct span value);

#endif
