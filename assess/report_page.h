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

/* "VN135-01.1 · EN 303 645 5.1-1", and words of the standard in the reader's language. */
void page_clause(struct page *page, const struct profile_requirement *requirement);
void page_title(struct page *page, const char *const title[2]);
/* Where a finding is, and what was found there; nothing when there is nothing to say. */
void page_place(struct page *page, const char *place);
void page_found(struct page *page, const struct finding *finding);
/* What stands at the place, as a line of code; nothing when there is nothing to show. */
void page_excerpt(struct page *page, const char *excerpt);
/* "+ count more", when any were left out. */
void page_more(struct page *page, const char *tag, size_t count);

/* Sections of the document. */
void page_style(struct page *page);
enum status page_repairs(struct page *page);
enum status page_open_questions(struct page *page);
enum status page_explanations(struct page *page);
void page_requirements(struct page *page);
void page_items(struct page *page);
void page_closing(struct page *page);

#endif
