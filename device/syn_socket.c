/* The raw socket of a SYN scan: a filter in the kernel, and a port nobody else uses. */
#include "device/scan_syn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#define RECEIVE_BUFFER (8 << 20)

uint32_t
syn_sum(const uint8_t *at, size_t size, uint32_t sum)
{
	for (size_t i = 0; i + 1 < size; i += 2)
		sum += (uint32_t)at[i] << 8 | at[i + 1];
	return sum;
}

static uint32_t
load_u32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Only resets and SYN-ACKs from the unit to our port come up from the kernel. */
static bool
attach_filter(const struct syn_socket *syn, const struct address *address)
{
	const struct sockaddr_storage *unit = &address->socket;
	struct sock_filter code[24];
	size_t words = syn->v6 ? 4 : 1, n = 0, at;
	uint8_t source[16];

	if (syn->v6)
		memcpy(source, &((const struct sockaddr_in6 *)unit)->sin6_addr, 16);
	else
		memcpy(source, &((const struct sockaddr_in *)unit)->sin_addr, 4);
	for (size_t i = 0; i < words; i++) { /* at 8 in an IPv6 header, at 12 in one of IPv4 */
		code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    (uint32_t)SKF_NET_OFF + (syn->v6 ? 8 : 12) + 4 * (uint32_t)i);
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
		    load_u32(source + 4 * i), 0, 0 /* to the end, below */);
	}
	code[n++] = syn->v6 ? (struct sock_filter)BPF_STMT(BPF_LDX | BPF_W | BPF_IMM, 0)
			    : (struct sock_filter)BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2);
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, syn->own_port, 0, 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_B | BPF_IND, 13);
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, FLAG_RST, 2, 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, FLAG_SYN | FLAG_ACK);
	code[n++] =
	    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FLAG_SYN | FLAG_ACK, 0, 1);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 128);
	at = n;
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	for (size_t i = 0; i + 4 < at; i++)
		if (code[i].code == (BPF_JMP | BPF_JEQ | BPF_K))
			code[i].jf = (uint8_t)(at - i - 1);
	return setsockopt(syn->raw, SOL_SOCKET, SO_ATTACH_FILTER,
		   &(struct sock_fprog){.len = (unsigned short)n, .filter = code},
		   sizeof(struct sock_fprog)) == 0;
}

/* A port of the address we send from, bound and never used: the kernel resets what comes to it. */
static bool
reserve_port(struct syn_socket *syn, const struct address *address)
{
	struct sockaddr_storage own = {0};
	socklen_t size = sizeof own;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&own;
	struct sockaddr_in *v4 = (struct sockaddr_in *)&own;
	uint32_t sum = IPPROTO_TCP + SYN_SIZE;

	if (getsockname(syn->raw, (struct sockaddr *)&own, &size) != 0)
		return false;
	if (syn->v6)
		v6->sin6_port = 0;
	else
		v4->sin_port = 0;
	syn->reserved = socket(own.ss_family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
	if (syn->reserved < 0 || bind(syn->reserved, (struct sockaddr *)&own, size) != 0 ||
	    getsockname(syn->reserved, (struct sockaddr *)&own, &size) != 0)
		return false;
	syn->own_port = ntohs(syn->v6 ? v6->sin6_port : v4->sin_port);
	if (!syn->v6) {
		const struct sockaddr_in *unit = (const struct sockaddr_in *)&address->socket;

		uint32_t from = ntohl(v4->sin_addr.s_addr), to = ntohl(unit->sin_addr.s_addr);

		sum += (from >> 16) + (from & 0xffff) + (to >> 16) + (to & 0xffff);
	}
	syn->pseudo = sum;
	return true;
}

static int
open_raw(const struct address *address)
{
	return socket(
	    address->socket.ss_family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
}

static enum status
refused(struct job *job, int error)
{
	return fail(job, STATUS_UNAVAILABLE,
	    "SYN scan: no right to raw sockets (%s): run it as root or with CAP_NET_RAW, or scan "
	    "by connecting",
	    strerror(error));
}

enum status
dialer_may_syn(struct job *job, const struct address *address)
{
	int raw = open_raw(address);

	if (raw < 0)
		return refused(job, errno);
	close(raw);
	return STATUS_OK;
}

enum status
syn_socket_open(struct job *job, const struct address *address, struct syn_socket *syn)
{
	int room = RECEIVE_BUFFER, offset = 16;

	*syn = (struct syn_socket){
	    .raw = -1, .reserved = -1, .v6 = address->socket.ss_family == AF_INET6};

	syn->raw = open_raw(address);
	if (syn->raw < 0)
		return refused(job, errno);
	if (setsockopt(syn->raw, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0)
		(void)setsockopt(syn->raw, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
	if (connect(syn->raw, (const struct sockaddr *)&address->socket, address->size) != 0 ||
	    !reserve_port(syn, address) || !attach_filter(syn, address) ||
	    (syn->v6 &&
		setsockopt(syn->raw, IPPROTO_IPV6, IPV6_CHECKSUM, &offset, sizeof offset) != 0))
		return fail(job, STATUS_FAULT, "SYN scan: %s", strerror(errno));
	return STATUS_OK;
}

void
syn_socket_close(struct syn_socket *syn)
{
	if (syn->raw >= 0)
		close(syn->raw);
	if (syn->reserved >= 0)
		close(syn->reserved);
	syn->raw = syn->reserved = -1;
}
