/*
 * How far what nobody here reads reaches: one function a kind, 0 when it is none of it.
 */
#ifndef FIRMWARE_FORMATS_FOREIGN_H
#define FIRMWARE_FORMATS_FOREIGN_H

#include "firmware/format.h"

#define FOREIGN_WHOLE_REST UINT64_MAX /* how far it reaches is not told where it begins */

#define FOREIGN(title, pattern, length, offset, size, coverage, where)                             \
	uint64_t size(struct span at);
#include "firmware/formats/foreign.def"
#undef FOREIGN

#endif
