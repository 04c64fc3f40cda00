/*
 * CoAP messages, as far as a GET needs them, and the list of links a server gives of itself.
 *
 * Source: RFC 7252 sections 3 to 5, RFC 7959 section 2, RFC 6690 section 2.
 */
#ifndef DEVICE_COAP_MESSAGE_H
#define DEVICE_COAP_MESSAGE_H

#include "device/channel.h"

#define COAP_PORT 5683
#define COAPS_PORT 5684
#define COAP_TOKEN_SIZE 4
#define COAP_DATAGRAM_MAX 2048

#define COAP_CONFIRMABLE 0
#define COAP_NON_CONFIRMABLE 1
#define COAP_ACKNOWLEDGEMENT 2
#define COAP_RESET 3

#define COAP_CODE(class, detail) ((class) << 5 | (detail))

struct coap_message {
	uint8_t type;
	uint8_t code; /* class in the upper three bits; 0: empty */
	uint16_t id;
	struct span token;
	bool has_more; /* this is one block, and another follows */
	struct span payload;
};

/* False for anything but one whole message. */
bool coap_read(struct span datagram, struct coap_message *message);

/* GET of "/path?query" (what is not sent as an option is left out), confirmable. */
enum status coap_write_get(struct job *job, uint16_t id, const uint8_t token[COAP_TOKEN_SIZE],
    const char *path, struct span *datagram);

/*
 * Takes the next link off the front of a link format; its target without the
 * angle brackets.  False at the end, or where it is none.
 */
bool coap_next_link(struct span *rest, struct span *target);

/*
 * Asks over an open channel, again where nobody answers, and acknowledges what
 * wants to be.  The message points into the arena.
 *
 * STATUS_UNDECIDED    silence
 * STATUS_UNAVAILABLE  the port is closed
 * STATUS_MALFORMED    something answers, not in CoAP
 */
enum status coap_get(
    struct job *job, struct channel *channel, const char *path, struct coap_message *message);

#endif
