/* How short a prime a server hands out is seen by asking for short ones. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/ssh_client.h"

static const char prefix[] = "diffie-hellman-group-exchange-sha";

static enum status
ask_group(struct job *job, struct target *target, uint16_t port, const uint32_t request[3],
    struct ssh_groups *groups)
{
	struct ssh_hello *hello = arena_allocate(job, sizeof *hello);
	struct ssh_exchange exchange = SSH_EXCHANGE_NEW;
	enum status exchanged = STATUS_OK, status;

	if (hello == NULL)
		return STATUS_LIMIT;
	exchange.kex = groups->kex;
	exchange.group_min = request[0];
	exchange.group_bits = request[1];
	exchange.group_max = request[2];
	exchange.group_only = true;
	status = ssh_meet(job, target, port, hello, &exchange, &exchanged);
	/* Ending the conversation is a refusal; one that never was, or silence, is none. */
	groups->refused = groups->refused && status == STATUS_OK && exchanged == STATUS_UNAVAILABLE;
	if (status == STATUS_OK)
		status = exchanged;
	for (size_t i = 0; i < groups->count; i++)
		if (groups->bits[i] == exchange.prime_bits)
			return status;
	if (exchange.prime_bits != UNKNOWN) {
		groups->exchanges[groups->count] = exchange.exchange;
		groups->bits[groups->count++] = exchange.prime_bits;
	}
	return status;
}

enum status
ssh_find_groups(struct job *job, struct target *target, uint16_t port, const struct ssh_list *kexes,
    struct ssh_groups *groups)
{
	static const uint32_t requests[SSH_GROUP_REQUESTS][3] = {
	    {512, 1024, 1024}, {1024, 1024, 8192}, {2048, 2048, 8192}};

	*groups = (struct ssh_groups){.refused = true};
	for (size_t i = 0; i < kexes->count && groups->kex == NULL; i++)
		if (ssh_can_exchange(kexes->names[i]) && text_starts_with(kexes->names[i], prefix))
			groups->kex = kexes->names[i];
	for (size_t i = 0; i < ARRAY_SIZE(requests) && groups->kex != NULL; i++) {
		enum status status = ask_group(job, target, port, requests[i], groups);

		/* A refusal is the right answer to the first two. */
		if (fault_is_ours(status))
			return status;
	}
	return STATUS_OK;
}
