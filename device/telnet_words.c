/* What a unit asks for is told by its last line; what it thinks of an answer by all of its words.
 */
#include <ctype.h>
#include <string.h>

#include "base/job.h"
#include "base/text.h"
#include "device/telnet_client.h"

#define TAIL_SIZE 2048

/* Lower case, without trailing blanks and the escape sequences of coloured prompts. */
static size_t
simplify(const char *words, char *out, size_t room)
{
	size_t size = 0;
	size_t length = strlen(words);

	for (size_t i = length > room ? length - room : 0; i < length && size + 1 < room; i++) {
		if (words[i] == '\033') {
			while (i + 1 < length && !isalpha((unsigned char)words[i]))
				i++;
			continue;
		}
		out[size++] = (char)tolower((unsigned char)words[i]);
	}
	while (size > 0 && isspace((unsigned char)out[size - 1]))
		size--;
	out[size] = '\0';
	return size;
}

static bool
has_any(const char *words, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(words, list[i]) != NULL)
			return true;
	return false;
}

static bool
ends_in_any(const char *line, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_ends_with(line, list[i]))
			return true;
	return false;
}

/* What a question asks for, without its colon.  UTF-8, and GBK as Chinese products write it. */
static const char *const user_words[] = {"login", "log in", "login as", "login name", "username",
    "user name", "user id", "userid", "user", "account", "name", "tên đăng nhập", "tên người dùng",
    "người dùng", "tài khoản", "用户名", "用户", "账号", "帐号", "登录名", "登录",
    "\xd3\xc3\xbb\xa7\xc3\xfb", "\xd5\xca\xba\xc5", "\xb5\xc7\xc2\xbc"};
static const char *const password_words[] = {"password", "passwd", "passcode", "pass", "pass word",
    "pin", "mật khẩu", "密码", "口令", "パスワード", "\xc3\xdc\xc2\xeb", "\xbf\xda\xc1\xee"};
/* Questions that are no shell, though they end like one. */
static const char *const choices[] = {
    "choice", "choose", "select", "selection", "option", "menu", "continue", "lựa chọn", "选择"};
static const char *const refusals[] = {"incorrect", "failed", "failure", "denied", "invalid",
    "wrong", "bad password", "not allowed", "unknown user", "not match", "authentication error",
    "unauthorized", "không đúng", "sai mật khẩu", "错误", "失败"};
static const char *const locks[] = {"locked", "too many", "try again later", "try again in",
    "temporarily", "blocked", "tạm khóa", "bị khóa", "锁定"};
static const char *const renewals[] = {"new password", "new unix password", "change your password",
    "change the password", "must change", "required to change", "has expired", "password expired",
    "set a password", "set password", "(current) unix password", "mật khẩu mới", "đổi mật khẩu",
    "新密码", "修改密码"};

/* Takes the sign off that a question ends in: its last byte, 0 when there is none. */
static char
take_sign(char *line, size_t *size)
{
	static const char wide[] = "：";
	char sign = 0;

	if (text_ends_with(line, wide)) {
		*size -= sizeof wide - 1;
		sign = ':';
	} else if (*size > 0 && strchr(":>?#$%", line[*size - 1]) != NULL)
		sign = line[--*size];
	if (sign != 0)
		while (*size > 0 && isspace((unsigned char)line[*size - 1]))
			--*size;
	line[*size] = '\0';
	return sign;
}

/* By the last line alone. */
static enum telnet_prompt
question_of(const char *line)
{
	char words[TAIL_SIZE];
	size_t size = strlen(line);
	char sign;

	memcpy(words, line, size + 1);
	sign = take_sign(words, &size);
	if (sign == 0)
		return TELNET_OTHER;
	if (sign == '#' || sign == '$')
		return TELNET_SHELL;
	if (ends_in_any(words, password_words, ARRAY_SIZE(password_words)) ||
	    strstr(words, "password for ") != NULL || strstr(words, "'s password") != NULL)
		return TELNET_PASSWORD;
	/* "user>" is the prompt of a shell as well. */
	if (ends_in_any(words, user_words, ARRAY_SIZE(user_words)) &&
	    (sign != '>' || text_ends_with(words, "login") || text_ends_with(words, "name")))
		return TELNET_LOGIN;
	if (sign == ':' || sign == '?' || has_any(words, choices, ARRAY_SIZE(choices)))
		return TELNET_OTHER;
	return TELNET_SHELL;
}

/* The last words simplified, and their last line. */
struct tail {
	char text[TAIL_SIZE];
	size_t size;
	enum telnet_prompt question;
	bool refused;
	bool locked;
};

static void
read_tail(const char *words, struct tail *tail)
{
	const char *line;

	tail->size = simplify(words, tail->text, sizeof tail->text);
	line = strrchr(tail->text, '\n');
	tail->question = question_of(line == NULL ? tail->text : line + 1);
	tail->refused = has_any(tail->text, refusals, ARRAY_SIZE(refusals));
	tail->locked =
	    has_any(tail->text, locks, ARRAY_SIZE(locks)) && strstr(tail->text, "will be") == NULL;
}

enum telnet_prompt
telnet_question_of(const char *words)
{
	struct tail tail;

	read_tail(words, &tail);
	if (tail.size == 0)
		return TELNET_NOTHING;
	return tail.question == TELNET_OTHER && tail.locked ? TELNET_LOCKED : tail.question;
}

enum telnet_prompt
telnet_prompt_of(const char *words)
{
	struct tail tail;
	char last;

	read_tail(words, &tail);
	if (tail.size == 0)
		return TELNET_NOTHING;
	last = tail.text[tail.size - 1];
	/* A shell may greet with the log-ins that failed before. */
	if (tail.question == TELNET_SHELL && (last == '#' || last == '$' || !tail.refused))
		return TELNET_SHELL;
	/* "Access by others will be denied" is no refusal: a knock tells. */
	if (tail.question == TELNET_SHELL)
		return TELNET_OTHER;
	if (tail.locked)
		return TELNET_LOCKED;
	if (tail.question == TELNET_PASSWORD &&
	    has_any(tail.text, renewals, ARRAY_SIZE(renewals)) && !tail.refused)
		return TELNET_NEW_PASSWORD;
	/* Above a menu such words may be the law's: who is refused is asked again, or sent away. */
	if (tail.refused && (tail.question == TELNET_LOGIN || tail.question == TELNET_PASSWORD))
		return TELNET_REFUSED;
	return tail.question;
}

bool
telnet_has_refusal(const char *words)
{
	struct tail tail;

	read_tail(words, &tail);
	return tail.refused;
}
