/* An answer is the first block, or an error that says why not. */
#include "device/tftp_client.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define BLOCK_SIZE 512
#define CODE_MAX 8

enum { OPCODE_DATA = 3, OPCODE_ERROR = 5 };

bool
tftp_read_answer(struct job *job, struct span datagram, struct tftp_answer *answer)
{
	struct reader reader = {.rest = datagram};
	uint16_t opcode = read_u16_be(&reader), number = read_u16_be(&reader);
	const uint8_t *end;

	*answer = (struct tftp_answer){.size = reader.rest.size};
	if (reader.overrun)
		return false;
	if (opcode == OPCODE_DATA)
		return number == 1 && reader.rest.size <= BLOCK_SIZE;
	answer->kind = TFTP_ERROR;
	answer->code = number;
	end = reader.rest.size == 0 ? NULL : memchr(reader.rest.at, 0, reader.rest.size);
	/* Some leave the closing zero out. */
	if (opcode != OPCODE_ERROR || number > CODE_MAX)
		return false;
	answer->message = text_from_bytes(job, reader.rest.at,
	    end == NULL ? reader.rest.size : (size_t)(end - reader.rest.at), 200);
	return answer->message != NULL;
}

struct span
tftp_request(struct job *job, const char *name)
{
	static const char mode[] = "octet";
	size_t size = strlen(name);
	uint8_t *bytes = arena_allocate(job, 2 + size + 1 + sizeof mode);

	if (bytes == NULL)
		return (struct span){0};
	bytes[1] = 1;
	memcpy(bytes + 2, name, size);
	memcpy(bytes + 2 + size + 1, mode, sizeof mode);
	return (struct span){bytes, 2 + size + 1 + sizeof mode};
}
