/* A log-in form is the one around the password field; what a script would do to it cannot be known
 * here. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/http_page.h"
#include "device/http_tags.h"

static bool
is_chosen(struct span type)
{
	return tag_is(type, "checkbox") || tag_is(type, "radio");
}

/* A field that is sent back as it is; where that cannot be done, the form is of no use. */
static void
keep_field(struct job *job, struct span name, struct span value, struct http_form *form)
{
	if (form->field_count == HTTP_FIELDS_MAX || !tag_is_plain(name) || !tag_is_plain(value)) {
		form->usable = false;
		return;
	}
	form->fields[form->field_count++] =
	    (struct http_header){.name = tag_text(job, name), .value = tag_text(job, value)};
}

static void
read_input(struct job *job, const struct tag *tag, struct http_form *form)
{
	struct span type = tag_attribute(tag, "type"), name = tag_attribute(tag, "name");

	/* What a script does before it sends, or instead, cannot be known here. */
	if (tag_has(tag, "onclick") && !is_chosen(type))
		form->usable = false;
	if (tag_is(type, "password")) {
		form->password_count++;
		form->usable = form->usable && form->password_field == NULL && name.size > 0 &&
			       tag_is_plain(name);
		form->asks_password = true;
		form->password_field = tag_text(job, name);
	} else if (name.size > 0 &&
		   (type.size == 0 || tag_is(type, "text") || tag_is(type, "email"))) {
		if (form->user_field == NULL)
			form->user_field = tag_text(job, name);
		else
			form->usable = false; /* a third question: a code, a domain */
	} else if (name.size > 0 && (tag_is(type, "hidden") || tag_is(type, "submit") ||
					(tag_has(tag, "checked") && is_chosen(type)))) {
		keep_field(job, name, tag_attribute(tag, "value"), form);
	}
}

/* The first choice of a list is sent, or the one that is marked. */
static void
read_choice(
    struct job *job, const struct tag *tag, struct span *list, bool *chosen, struct http_form *form)
{
	if (tag_is(tag->name, "select")) {
		*list = tag_attribute(tag, "name");
		*chosen = false;
	} else if (tag_is(tag->name, "/select")) {
		*list = (struct span){0};
	} else if (tag_is(tag->name, "option") && list->size > 0) {
		if (*chosen && tag_has(tag, "selected") && form->field_count > 0)
			form->field_count--;
		if (*chosen && !tag_has(tag, "selected"))
			return;
		if (!tag_has(tag, "value"))
			form->usable = false; /* its words are the value */
		keep_field(job, *list, tag_attribute(tag, "value"), form);
		*chosen = true;
	}
}

static void
begin_form(struct job *job, const struct tag *tag, struct http_form *form)
{
	*form = (struct http_form){.usable = !tag_has(tag, "onsubmit")};
	form->action = tag_text(job, tag_attribute(tag, "action"));
	if (form->action != NULL && strncasecmp(form->action, "javascript:", 11) == 0)
		form->usable = false;
	form->post = tag_is(tag_attribute(tag, "method"), "post");
}

enum status
http_read_form(struct job *job, struct span page, struct http_form *form)
{
	struct http_form current = {0};
	struct tag *tag = arena_allocate(job, sizeof *tag);
	struct span rest = page, list = {0};
	bool chosen = false;

	*form = (struct http_form){0};
	if (tag == NULL)
		return STATUS_LIMIT;
	for (unsigned i = 0; i < TAGS_MAX && tag_next(&rest, tag); i++) {
		if (tag_is(tag->name, "form"))
			begin_form(job, tag, &current);
		else if (tag_is(tag->name, "input") || tag_is(tag->name, "button"))
			read_input(job, tag, &current);
		else
			read_choice(job, tag, &list, &chosen, &current);
		if (current.asks_password)
			*form = current;
		if (tag_is(tag->name, "/form") && form->asks_password)
			break;
		if (tag_is(tag->name, "/form"))
			current = (struct http_form){0};
	}
	form->rest = rest;
	if (http_form_is_known(form) && form->action == NULL)
		form->action = ""; /* it is sent to the page's own address */
	/* Without a method of its own, an address or a name there is no telling where it goes. */
	form->usable = form->usable && form->post && form->action != NULL &&
		       form->user_field != NULL && form->password_field != NULL;
	return STATUS_OK;
}

bool
http_form_is_known(const struct http_form *form)
{
	return form->usable && form->post && form->user_field != NULL &&
	       form->password_field != NULL && strcmp(form->user_field, "luci_username") == 0 &&
	       strcmp(form->password_field, "luci_password") == 0;
}

static bool
same_word(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* What follows ? or ; may be of this visit alone. */
static bool
same_action(const char *a, const char *b)
{
	size_t size = a == NULL ? 0 : strcspn(a, "?;#");

	return a == b ||
	       (a != NULL && b != NULL && strcspn(b, "?;#") == size && memcmp(a, b, size) == 0);
}

bool
http_same_form(const struct http_form *a, const struct http_form *b)
{
	return a->asks_password && b->asks_password && a->password_count == b->password_count &&
	       same_action(a->action, b->action) && same_word(a->user_field, b->user_field) &&
	       same_word(a->password_field, b->password_field);
}
