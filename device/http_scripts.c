/* A front end in JavaScript is not run here: it is searched for fixed words, and said not to be
 * understood. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/http_login.h"
#include "device/http_tags.h"

#define WORDS_MAX_SIZE 3000
#define COOKIES_MAX 8

enum status
http_read_scripts(struct job *job, struct span page, struct http_scripts *scripts)
{
	struct tag *tag = arena_allocate(job, sizeof *tag);
	struct span rest = page;

	*scripts = (struct http_scripts){0};
	if (tag == NULL)
		return STATUS_LIMIT;
	for (unsigned i = 0; i < TAGS_MAX && tag_next(&rest, tag); i++) {
		struct span address = tag_attribute(tag, "src");

		if (!tag_is(tag->name, "script"))
			continue;
		if (address.size > 0) {
			if (scripts->address_count == HTTP_SCRIPTS_MAX)
				scripts->more = true;
			else if ((scripts->addresses[scripts->address_count++] =
					 tag_text(job, address)) == NULL)
				return STATUS_LIMIT;
		} else if (tag->script.size > 0) {
			if (scripts->own_count == HTTP_SCRIPTS_MAX)
				scripts->more = true;
			else
				scripts->own[scripts->own_count++] = tag->script;
		}
	}
	return STATUS_OK;
}

bool
http_mentions(struct span page, const char *word)
{
	size_t size = strlen(word);

	for (size_t i = 0; i + size <= page.size; i++)
		if (tolower(page.at[i]) == tolower((unsigned char)word[0]) &&
		    strncasecmp((const char *)page.at + i, word, size) == 0)
			return true;
	return false;
}

const char *
http_script_login(struct span script)
{
	/* Dahua, Hikvision, OpenWrt, Reolink, Huawei, Realtek SDK, Hi3510, D-Link, TP-Link … */
	static const char *const places[] = {"/RPC2_Login", "/ISAPI/Security/userCheck",
	    "/ISAPI/Security/sessionLogin", "/cgi-bin/luci", "/ubus", "cmd=Login",
	    "/api/user/login", "/api/v1/login", "/api/login", "/api/auth", "/auth/login",
	    "/boafrm/formLogin", "/boaform/", "/goform/login", "/goform/", "/web/cgi-bin/hi3510/",
	    "/cgi-bin/login.cgi", "/login.cgi", "/HNAP1/", "/userRpm/", "stok=", "/webapi/auth.cgi",
	    "/LAPI/V1.0/", "/onvif/", "/cgi-bin/web_cgi", "/checkLogin", "/doLogin", "/userLogin"};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (http_mentions(script, places[i]))
			return places[i];
	return NULL;
}

bool
http_script_meddles(struct span script)
{
	static const char *const ways[] = {"submit", "preventdefault", "xmlhttprequest", "fetch(",
	    "$.post", "$.ajax", "axios", "md5", "sha1", "sha256", "sha512", "encrypt", "btoa",
	    "base64", "crypto", "document.write", "innerhtml", "password", "passwd", "pwd"};

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (http_mentions(script, ways[i]))
			return true;
	return false;
}

const char *
http_words(struct job *job, struct span page)
{
	struct tag *tag = arena_allocate(job, sizeof *tag);
	struct text out = text_new(job);
	struct span rest = page;
	const char *words;

	if (tag == NULL)
		return NULL;
	for (unsigned i = 0; i < TAGS_MAX && rest.size > 0; i++) {
		size_t end = span_find(rest, "<", 1, 0);
		bool gap = true;

		end = end == SIZE_MAX ? rest.size : end;
		for (size_t at = 0; at < end && out.size < WORDS_MAX_SIZE; at++) {
			bool space = rest.at[at] <= ' ';

			if (space ? !gap : true)
				text_put_bytes(&out, space ? " " : (const char *)rest.at + at, 1);
			gap = space;
		}
		if (!gap)
			text_put(&out, " ");
		rest = span_from(rest, end);
		if (rest.size == 0 || !tag_next(&rest, tag))
			break;
		if (span_starts_with(rest, ">", 1))
			rest = span_from(rest, 1);
	}
	if (text_finish(&out, &words) != STATUS_OK)
		return NULL;
	return text_from_bytes(job, words, out.size, WORDS_MAX_SIZE);
}

const char *
http_settled(struct job *job, const char *words, const char *name)
{
	struct text out = text_new(job);
	size_t named = name == NULL ? 0 : strlen(name);
	const char *settled;

	while (*words != '\0') {
		size_t size = 0;
		bool digit = false;

		for (; isalnum((unsigned char)words[size]) || (words[size] & 0x80) != 0; size++)
			digit = digit || isdigit((unsigned char)words[size]);
		if (size == 0) {
			text_put_bytes(&out, words++, 1);
			continue;
		}
		if (digit || size > 24 || (size == named && memcmp(words, name, size) == 0))
			text_put(&out, "#");
		else
			text_put_bytes(&out, words, size);
		words += size;
	}
	return text_finish(&out, &settled) == STATUS_OK ? settled : NULL;
}

static bool
names_same(const char *a, const char *b)
{
	size_t size = strcspn(a, "=;");

	return size == strcspn(b, "=;") && memcmp(a, b, size) == 0;
}

static void
put_cookie(struct text *out, const char *pair)
{
	text_put(out, out->size == 0 ? "Cookie: " : "; ");
	text_put_bytes(out, pair, strcspn(pair, ";\r\n"));
}

const char *
http_cookies(struct job *job, const struct http_response *response, const char *before)
{
	struct text out = text_new(job);
	const char *set[COOKIES_MAX], *line;
	size_t count = 0, from = 0;

	while (count < COOKIES_MAX &&
	       (set[count] = http_header(response, "Set-Cookie", &from)) != NULL)
		put_cookie(&out, set[count++]);
	/* What was set before stays, unless it was set again. */
	before += before[0] == '\0' ? 0 : strlen("Cookie: ");
	while (before[0] != '\0' && before[0] != '\r') {
		bool again = false;

		for (size_t i = 0; i < count; i++)
			again = again || names_same(before, set[i]);
		if (!again)
			put_cookie(&out, before);
		before += strcspn(before, ";\r");
		before += before[0] == ';' ? 2 : 0;
	}
	if (out.size > 0)
		text_put(&out, "\r\n");
	return text_finish(&out, &line) == STATUS_OK ? line : NULL;
}

const char *
http_next_cookie(const char *line, size_t *size)
{
	if (text_starts_with(line, "Cookie: "))
		line += strlen("Cookie: ");
	else
		line += line[0] == ';' ? 2 : 0;
	*size = strcspn(line, ";\r");
	return *size == 0 ? NULL : line;
}
