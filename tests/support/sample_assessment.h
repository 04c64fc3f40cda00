/*
 * An assessment made by hand: every verdict, decider and state of a finding,
 * with the words a hostile product would put into a report.
 */
#ifndef TESTS_SUPPORT_SAMPLE_ASSESSMENT_H
#define TESTS_SUPPORT_SAMPLE_ASSESSMENT_H

#include "assess/report.h"

/* Words that must never act, wherever they stand. */
#define SAMPLE_SCRIPT "<script>alert(1)</script>\"' onload='x' &amp; ]]>"
#define SAMPLE_SECRET "S3cretPassw0rd"
#define SAMPLE_SERIAL "SM200-000017"
#define SAMPLE_FILE "sm200-1.4.2.bin"
#define SAMPLE_EXCERPT "root:$1…:15000:0:99999:7:::"
#define SAMPLE_SUPPLIER "Trần Dũng <b>"
#define SAMPLE_REASON "The unit replaces it. " SAMPLE_SCRIPT
#define SAMPLE_TESTER "Nguyễn Thị Hoa"

/* Lives as long as the program; rule ids are those of fixtures/small-benchmark.xml. */
const struct assessment *sample_assessment(void);
/* Options for it, three signatures included. */
struct report_options sample_options(int language, bool is_public);
/* Cells of the widest line of a report; colour sequences take none. */
size_t sample_widest_line(const char *lines);

#endif
