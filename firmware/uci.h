/*
 * OpenWrt's configuration files: sections with options.
 *
 * Source: OpenWrt documentation, "The UCI system"
 */
#ifndef FIRMWARE_UCI_H
#define FIRMWARE_UCI_H

#include "base/span.h"

#define UCI_MAX_SECTIONS 64

struct uci {
	bool loaded;
	struct span content;
	/* where each section's lines begin, its type and its name (empty: none) */
	size_t count;
	struct {
		struct span lines, type, name;
	} sections[UCI_MAX_SECTIONS];
};

struct uci uci_read(struct span content);
/* Index of the section of that name, "@type[n]" or "#n"; UCI_MAX_SECTIONS when there is none. */
size_t uci_find(const struct uci *uci, const char *name);
/* Option `n` of that name in a section: an option has one value, a list several. Empty at NULL when
 * there is none. */
struct span uci_option(const struct uci *uci, size_t section, const char *name, size_t n);

#endif
