/*
 * The HTML form while it is written: one page, several files.
 */
#ifndef ASSESS_REPORT_PAGE_H
#define ASSESS_REPORT_PAGE_H

#include "assess/report_text.h"

struct page {
	struct job *job;
	const struct assessment *assessment; /* already without secrets when the form is public */
	const struct report_options *options;
	const char *number;
	struct text out;
};

/* Our own words, translated; anybody's words, cleaned; both escaped. */
void page_say(struct page *page, const char *english);
void page_data(struct page *page, const char *string);
/* Words that may be either. */
void page_detail(struct page *page, const char *string);
/* "<tag class="class">…</tag>" around words of ours. */
void page_element(struct page *page, const char *tag, const char *class, const char *english);
/* The verdict as a badge with its sign, so that it needs no colour. */
void page_verdict(struct page *page, enum verdict verdict);

/* Sections of the document. */
void page_style(struct page *page);
enum status page_repairs(struct page *page);
void page_open_questions(struct page *page);
void page_requirements(struct page *page);
void page_items(struct page *page);
void page_closing(struct page *page);

#endif
