/* libssh runs without blocking, so that the deadline and the byte budget stay ours. */
#include <fcntl.h>
#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <openssl/evp.h>
#include <poll.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/ssh_client.h"

#define STEP_MS                                                                                    \
	20000 /* one step of the protocol: some servers think for seconds before they refuse */
#define ROUNDS_MAX 100000
#define WORDS_MAX_SIZE 1000

enum status
ssh_prepare(struct job *job)
{
	return ssh_init() == SSH_OK ? STATUS_OK
				    : fail(job, STATUS_FAULT, "ssh: libssh cannot be set up");
}

/* Everything libssh would otherwise read from this machine is set, or turned off; without a host
 * name it reads no known_hosts. */
static bool
configure(ssh_session session, const char *host_keys, const char *user)
{
	bool no = false;
	int strict = 0, level = SSH_LOG_NOLOG, rsa_bits = 768;
	static const char kex[] =
	    "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,"
	    "ecdh-sha2-nistp521,"
	    "diffie-hellman-group18-sha512,diffie-hellman-group16-sha512,diffie-hellman-group-"
	    "exchange-sha256,diffie-hellman-group14-sha256,"
	    "diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1,"
	    "diffie-hellman-group1-sha1";
	static const char ciphers[] = "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-"
				      "gcm@openssh.com,aes256-ctr,aes192-ctr,"
				      "aes128-ctr,aes256-cbc,aes192-cbc,aes128-cbc,3des-cbc";
	static const char macs[] = "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,"
				   "hmac-sha2-256,hmac-sha2-512,"
				   "hmac-sha1-etm@openssh.com,hmac-sha1";

	return ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &no) == 0 &&
	       ssh_options_set(session, SSH_OPTIONS_SSH_DIR, "/nonexistent") == 0 &&
	       ssh_options_set(session, SSH_OPTIONS_KNOWNHOSTS, "/nonexistent/known_hosts") == 0 &&
	       ssh_options_set(
		   session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/nonexistent/known_hosts") == 0 &&
	       ssh_options_set(session, SSH_OPTIONS_USER, user) == 0 &&
	       ssh_options_set(session, SSH_OPTIONS_STRICTHOSTKEYCHECK, &strict) == 0 &&
	       ssh_options_set(session, SSH_OPTIONS_LOG_VERBOSITY, &level) == 0 &&
	       ssh_options_set(session, SSH_OPTIONS_RSA_MIN_SIZE, &rsa_bits) == 0 &&
	       ssh_options_set(session, SSH_OPTIONS_KEY_EXCHANGE, kex) == 0 &&
	       ssh_options_set(session, SSH_OPTIONS_CIPHERS_C_S, ciphers) == 0 &&
	       ssh_options_set(session, SSH_OPTIONS_CIPHERS_S_C, ciphers) == 0 &&
	       ssh_options_set(session, SSH_OPTIONS_HMAC_C_S, macs) == 0 &&
	       ssh_options_set(session, SSH_OPTIONS_HMAC_S_C, macs) == 0 &&
	       ssh_options_set(session, SSH_OPTIONS_HOSTKEYS,
		   host_keys != NULL ? host_keys
				     : "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-"
				       "sha2-nistp521,rsa-sha2-512,rsa-sha2-256,ssh-rsa") == 0;
}

struct step {
	const struct ssh_talk *talk;
	int64_t end;
	unsigned rounds;
};

/* Waits until libssh can go on; false when time, rounds or patience are used up. */
static bool
wait_more(struct step *step)
{
	const struct channel *channel = &step->talk->channel;
	const struct ssh_counter_struct *counter = step->talk->counter;
	struct pollfd wait = {.fd = channel->descriptor, .events = POLLIN};
	int64_t limit = channel->target->began + channel->deadline;
	int64_t end = step->end < limit ? step->end : limit;
	int64_t left = end - monotonic_ms();

	if ((ssh_get_poll_flags(step->talk->session) & SSH_WRITE_PENDING) != 0)
		wait.events |= POLLOUT;
	if (left <= 0 || ++step->rounds > ROUNDS_MAX || counter->in_bytes > CHANNEL_BUDGET)
		return false;
	poll(&wait, 1, (int)(left < 200 ? left : 200));
	return true;
}

static enum status
failed(struct job *job, const struct ssh_talk *talk, const char *what)
{
	const char *words = talk->session == NULL ? "out of memory" : ssh_get_error(talk->session);
	char *text = text_from_bytes(job, words, strlen(words), 200);

	return fail(job, STATUS_UNAVAILABLE, "port %u: ssh: %s: %s", talk->channel.port, what,
	    text == NULL ? "?" : text);
}

static enum status
decode_base64(struct job *job, const char *base64, struct span *blob)
{
	size_t size = strlen(base64);
	uint8_t *bytes = arena_allocate(job, size + 4);
	int got = bytes == NULL ? 0 : EVP_DecodeBlock(bytes, (const uint8_t *)base64, (int)size);

	if (bytes == NULL)
		return STATUS_LIMIT;
	if (got < 3)
		return fail(job, STATUS_MALFORMED, "ssh: host key of %d bytes", got);
	for (size_t i = size; i > size - 2 && base64[i - 1] == '='; i--)
		got--;
	*blob = (struct span){bytes, (size_t)got};
	return STATUS_OK;
}

static enum status
read_blob(struct job *job, struct ssh_talk *talk, struct span *blob)
{
	ssh_key key = NULL;
	char *base64 = NULL;
	enum status status = STATUS_OK;

	if (ssh_get_server_publickey(talk->session, &key) != SSH_OK ||
	    ssh_pki_export_pubkey_base64(key, &base64) != SSH_OK)
		status = failed(job, talk, "host key");
	if (status == STATUS_OK)
		status = decode_base64(job, base64, blob);
	ssh_string_free_char(base64);
	ssh_key_free(key);
	return status;
}

/* libssh gets a descriptor of its own to close. */
static bool
hand_over(struct ssh_talk *talk)
{
	int descriptor = fcntl(talk->channel.descriptor, F_DUPFD_CLOEXEC, 0);

	return descriptor >= 0 && ssh_options_set(talk->session, SSH_OPTIONS_FD, &descriptor) == 0;
}

/* The key exchange itself. */
static enum status
exchange_keys(struct job *job, const char *host_keys, const char *user, struct ssh_talk *talk,
    struct span *blob)
{
	struct step step = {.talk = talk, .end = monotonic_ms() + STEP_MS};
	int result;

	talk->session = ssh_new();
	if (talk->session == NULL || !configure(talk->session, host_keys, user) || !hand_over(talk))
		return failed(job, talk, "options");
	ssh_set_counters(talk->session, talk->counter, NULL);
	ssh_set_blocking(talk->session, 0);
	while ((result = ssh_connect(talk->session)) == SSH_AGAIN)
		if (!wait_more(&step))
			return fail(job, STATUS_UNAVAILABLE,
			    "port %u: ssh: key exchange without end", talk->channel.port);
	if (result != SSH_OK)
		return failed(job, talk, "key exchange");
	return read_blob(job, talk, blob);
}

enum status
ssh_begin(struct job *job, struct target *target, uint16_t port, const char *host_keys,
    const char *user, struct ssh_talk *talk, struct span *blob)
{
	struct ssh_counter_struct *counter = arena_allocate(job, sizeof *counter);

	*talk =
	    (struct ssh_talk){.channel = {.target = target, .descriptor = -1}, .counter = counter};
	*blob = (struct span){0};
	if (counter == NULL)
		return STATUS_LIMIT;
	TRY(channel_open(job, target, port, &talk->channel));
	if (channel_is_replay(&talk->channel))
		return channel_retell(job, &talk->channel, "ssh host key", blob);
	return channel_tell(job, &talk->channel, "ssh host key",
	    exchange_keys(job, host_keys, user, talk, blob), *blob);
}

static enum status
ask_ways(struct job *job, struct ssh_talk *talk, struct ssh_ways *ways)
{
	struct step step = {.talk = talk, .end = monotonic_ms() + STEP_MS};
	unsigned methods;
	char *words;
	size_t size;
	int result;

	while ((result = ssh_userauth_none(talk->session, NULL)) == SSH_AUTH_AGAIN)
		if (!wait_more(&step))
			return fail(job, STATUS_UNAVAILABLE, "port %u: ssh: no answer to a log-in",
			    talk->channel.port);
	if (result == SSH_AUTH_ERROR)
		return failed(job, talk, "log-in with none");
	methods = (unsigned)ssh_userauth_list(talk->session, NULL);
	ways->none = result == SSH_AUTH_SUCCESS;
	ways->password = (methods & SSH_AUTH_METHOD_PASSWORD) != 0;
	ways->key = (methods & SSH_AUTH_METHOD_PUBLICKEY) != 0;
	ways->interactive = (methods & SSH_AUTH_METHOD_INTERACTIVE) != 0;
	words = ssh_get_issue_banner(talk->session);
	size = words == NULL ? 0 : strlen(words);
	while (size > 0 && strchr("\r\n ", words[size - 1]) != NULL)
		size--;
	if (size > 0)
		ways->words = text_from_bytes(job, words, size, WORDS_MAX_SIZE);
	ssh_string_free_char(words);
	return STATUS_OK;
}

/* The ways in, as words: "ways: none password key interactive"; what it says stands below. */
static bool
has_word(struct span words, const char *word)
{
	return span_find(words, word, strlen(word), 0) != SIZE_MAX;
}

static enum status
retell_ways(struct job *job, struct ssh_talk *talk, struct ssh_ways *ways)
{
	struct span words, line;
	size_t end;

	TRY(channel_retell(job, &talk->channel, "ssh ways", &words));
	end = span_find(words, "\n", 1, 0);
	line = end == SIZE_MAX ? words : span_part(words, 0, end);
	*ways = (struct ssh_ways){.none = has_word(line, "none"),
	    .password = has_word(line, "password"),
	    .key = has_word(line, "key"),
	    .interactive = has_word(line, "interactive")};
	if (end == SIZE_MAX)
		return STATUS_OK;
	words = span_from(words, end + 1);
	ways->words = arena_string(job, (const char *)words.at, words.size);
	return ways->words == NULL ? STATUS_LIMIT : STATUS_OK;
}

enum status
ssh_ask_ways(struct job *job, struct ssh_talk *talk, struct ssh_ways *ways)
{
	enum status status;
	const char *text;

	*ways = (struct ssh_ways){0};
	if (channel_is_replay(&talk->channel))
		return retell_ways(job, talk, ways);
	status = ask_ways(job, talk, ways);
	text = arena_printf(job, "ways:%s%s%s%s%s%s", ways->none ? " none" : "",
	    ways->password ? " password" : "", ways->key ? " key" : "",
	    ways->interactive ? " interactive" : "", ways->words == NULL ? "" : "\n",
	    ways->words == NULL ? "" : ways->words);
	if (text == NULL)
		return STATUS_LIMIT;
	return channel_tell(job, &talk->channel, "ssh ways", status, span_of_string(text));
}

/* One turn of keyboard-interactive: the password answers one hidden question; a second one means
 * that something more is asked. */
static enum status
answer_prompts(struct job *job, const struct ssh_talk *talk, const char *password,
    unsigned *questions, int *answer)
{
	ssh_session session = talk->session;
	char echo = 0;
	int prompts;

	*answer = ssh_userauth_kbdint(session, NULL, NULL);
	prompts = *answer == SSH_AUTH_INFO ? ssh_userauth_kbdint_getnprompts(session) : 0;
	if (prompts == 0)
		return STATUS_OK;
	if (++*questions > 1) {
		*answer = SSH_AUTH_PARTIAL;
		return STATUS_OK;
	}
	ssh_userauth_kbdint_getprompt(session, 0, &echo);
	if (prompts != 1 || echo != 0)
		return fail(job, STATUS_UNDECIDED,
		    "port %u: ssh: keyboard-interactive asks for more than a password",
		    talk->channel.port);
	if (ssh_userauth_kbdint_setanswer(session, 0, password) < 0)
		*answer = SSH_AUTH_ERROR;
	return STATUS_OK;
}

static enum status
try_password(struct job *job, struct ssh_talk *talk, const char *password, bool interactive,
    enum ssh_login *result)
{
	struct step step = {.talk = talk, .end = monotonic_ms() + STEP_MS};
	unsigned questions = 0;
	int answer;

	for (;;) {
		if (interactive)
			TRY(answer_prompts(job, talk, password, &questions, &answer));
		else if (talk->started)
			answer = talk->answer;
		else
			answer = ssh_userauth_password(talk->session, NULL, password);
		if (answer != SSH_AUTH_AGAIN && answer != SSH_AUTH_INFO)
			break;
		if (++step.rounds > ROUNDS_MAX || (answer == SSH_AUTH_AGAIN && !wait_more(&step)))
			return fail(job, STATUS_UNAVAILABLE,
			    "port %u: ssh: no answer to a password", talk->channel.port);
		talk->started = false;
	}
	if (answer == SSH_AUTH_ERROR)
		return failed(job, talk, "password");
	/* Refused without having asked: the password was not sent. */
	if (interactive && questions == 0 && answer == SSH_AUTH_DENIED)
		answer = SSH_AUTH_PARTIAL;
	*result = answer == SSH_AUTH_SUCCESS   ? SSH_LOGIN_ACCEPTED
		  : answer == SSH_AUTH_PARTIAL ? SSH_LOGIN_PARTIAL
					       : SSH_LOGIN_REFUSED;
	return STATUS_OK;
}

enum status
ssh_try_password(struct job *job, struct ssh_talk *talk, const char *password, bool interactive,
    enum ssh_login *result)
{
	static const char *const words[] = {[SSH_LOGIN_ACCEPTED] = "accepted",
	    [SSH_LOGIN_REFUSED] = "refused",
	    [SSH_LOGIN_PARTIAL] = "partial"};
	struct target *target = talk->channel.target;
	int64_t began = target_now(target);
	struct span told;
	enum status status;

	*result = SSH_LOGIN_REFUSED;
	if (!channel_is_replay(&talk->channel)) {
		status = try_password(job, talk, password, interactive, result);
		status = channel_tell(
		    job, &talk->channel, "ssh password", status, span_of_string(words[*result]));
		target_judged(target, target_now(target) - began);
		return status;
	}
	TRY(channel_retell(job, &talk->channel, "ssh password", &told));
	target_judged(target, target_now(target) - began);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (told.size == strlen(words[i]) && memcmp(told.at, words[i], told.size) == 0)
			*result = (enum ssh_login)i;
	return STATUS_OK;
}

void
ssh_start_password(struct ssh_talk *talk, const char *password)
{
	talk->started = true;
	if (!channel_is_replay(&talk->channel))
		talk->answer = ssh_userauth_password(talk->session, NULL, password);
}

void
ssh_end(struct job *job, struct ssh_talk *talk)
{
	if (talk->shell != NULL)
		ssh_channel_free(talk->shell);
	talk->shell = NULL;
	if (talk->session != NULL)
		ssh_free(talk->session);
	talk->session = NULL;
	channel_hang_up(job, &talk->channel);
}
