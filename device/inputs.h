/*
 * Input that a unit must not take for what it says: paths that climb out of
 * the pages, text that would run as a script or a command, header lines.
 *
 * Source: TS 103 701 test case 5.13-1-2.
 */
#ifndef DEVICE_INPUTS_H
#define DEVICE_INPUTS_H

#include "device/http_login.h"
#include "facts/evidence.h"

#define INPUTS_FOLDERS_MAX 5
#define INPUTS_PARAMETERS_MAX 12

/* One web server, asked by nobody or by its owner. */
struct inputs {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	const struct service *service;
	const char *role; /* none or right */
	struct http_session session;
	size_t folder_count;
	const char *folders[INPUTS_FOLDERS_MAX]; /* with a slash at both ends */
	size_t parameter_count;
	const char *parameters[INPUTS_PARAMETERS_MAX]; /* path?name= : the value goes behind it */
	unsigned silent;                               /* questions in a row without an answer */
};

/* Folders and parameters that its pages name; "/" is always one. */
enum status inputs_learn(struct inputs *inputs);
enum status inputs_read_page(struct inputs *inputs, const char *path, struct span page);

/* Every way of every class, each place a fact. */
enum status inputs_try(struct inputs *inputs);

/* A file of accounts as Unix keeps it: a line of the superuser. */
bool inputs_shows_accounts(struct span body);

#endif
