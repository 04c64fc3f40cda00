/* How a program was linked decides what one bug in it is worth. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/elf_file.h"
#include "firmware/reading.h"

/* What the names of symbols tell of how the file was compiled. */
struct traces {
	bool canary_wanted, canary_given; /* asked of another file; defined in this one */
	bool checks_wanted, checkable;    /* __printf_chk; printf */
	bool cfi;
};

/*
 * Functions that FORTIFY_SOURCE replaces wherever they are called; memcpy and its like only where
 * the size of the target is known, so that they say nothing.
 */
static const char *const checkable[] = {"printf", "fprintf", "sprintf", "snprintf", "vprintf",
    "vfprintf", "vsprintf", "vsnprintf", "dprintf", "vdprintf", "asprintf", "vasprintf", "syslog",
    "vsyslog", "wprintf", "fwprintf", "vwprintf", "vfwprintf", "obstack_printf", "obstack_vprintf"};

static bool
wants(const struct node *node, struct span head)
{
	return node->type == NODE_FILE && span_starts_with(head, ELF_FILE_MAGIC, 4);
}

static bool
is_canary(struct span name)
{
	return span_is(name, "__stack_chk_fail") || span_is(name, "__stack_chk_guard") ||
	       span_is(name, "__stack_smash_handler") || span_is(name, "__stack_chk_fail_local") ||
	       span_is(name, "__intel_security_cookie");
}

static bool
is_checkable(struct span name)
{
	if (!span_ends(name, "f") && !span_ends(name, "syslog"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(checkable); i++)
		if (span_is(name, checkable[i]))
			return true;
	return false;
}

static void
read_trace(struct traces *traces, const struct elf_symbol *symbol)
{
	const struct span name = symbol->name;

	if (is_canary(name)) {
		traces->canary_wanted |= symbol->undefined;
		traces->canary_given |= !symbol->undefined;
	} else if (symbol->undefined && span_begins(name, "__") && span_ends(name, "_chk")) {
		traces->checks_wanted = true;
	} else if (symbol->undefined && is_checkable(name)) {
		traces->checkable = true;
	}
	traces->cfi |= span_begins(name, "__cfi_check") || span_begins(name, "__cfi_slowpath") ||
		       span_begins(name, "__kcfi_typeid_");
}

static void
read_traces(struct traces *traces, const struct elf_symbols *symbols)
{
	struct elf_symbol symbol;

	for (size_t i = 0; i < symbols->count; i++)
		if (elf_file_symbol(symbols, i, &symbol))
			read_trace(traces, &symbol);
}

static bool
is_linked(const struct elf_file *file)
{
	return file->type == ELF_TYPE_FIXED || file->type == ELF_TYPE_SHARED;
}

static bool
is_kernel(const struct elf_file *file)
{
	return file->type == ELF_TYPE_FIXED && file->in_kernel_space && file->interpreter.size == 0;
}

static const char *
type_of(const struct elf_file *file)
{
	if (is_kernel(file))
		return "kernel";
	switch (file->type) {
	case ELF_TYPE_FIXED:
		return "program";
	case ELF_TYPE_SHARED:
		return file->pie_flag || (file->interpreter.size != 0 && file->soname.size == 0)
			   ? "program"
			   : "library";
	}
	return file->is_module ? "kernel module" : "object";
}

/*
 * Without a stack header the kernel decides: on AArch64 and RISC-V by its
 * version, elsewhere the stack is executable.  What has no trait of a program
 * of an operating system may run where there is no such kernel.
 */
static int64_t
judge_stack(const struct elf_file *file)
{
	bool hosted = file->has_dynamic || file->interpreter.size != 0 ||
		      file->has_thread_storage || file->has_system_note;

	if (file->has_stack_header)
		return !file->stack_executable;
	if (!hosted || file->machine == ELF_AARCH64 || file->machine == ELF_RISCV)
		return UNKNOWN;
	return 0;
}

/* musl has no functions that check: headers of its own do it, and leave no trace. */
static bool
is_musl(const struct elf_file *file)
{
	for (size_t i = 0; i < file->needed_count; i++)
		if (span_is(file->needed[i], "libc.so") ||
		    span_begins(file->needed[i], "libc.musl-"))
			return true;
	return span_find(file->interpreter, "ld-musl", 7, 0) != SIZE_MAX;
}

/*
 * Only who asks another file for the function was compiled with it: in a
 * static program, and in the C library, it may be there for others.
 */
static void
judge_functions(const struct elf_file *file, struct elf_fact *elf, struct traces *traces)
{
	const struct elf_symbols *symbols = file->has_dynamic ? &file->dynamic : &file->all;

	read_traces(traces, symbols);
	if (symbols->count == 0)
		return;
	elf->canary = traces->canary_wanted ? 1 : traces->canary_given ? UNKNOWN : 0;
	if (!file->has_dynamic)
		return;
	if (traces->checks_wanted)
		elf->fortify = 1;
	else if (traces->checkable && !is_musl(file))
		elf->fortify = 0;
}

/* "none" only where a compiler could have declared some. */
static enum status
judge_branches(
    struct job *job, const struct elf_file *file, const struct traces *traces, struct elf_fact *elf)
{
	const bool x86 = file->machine == ELF_X86 || file->machine == ELF_X86_64;
	struct text text = text_new(job);
	const struct {
		bool there;
		const char *name;
	} parts[] = {
	    {x86 && (file->features & ELF_X86_IBT), "ibt"},
	    {x86 && (file->features & ELF_X86_SHSTK), "shstk"},
	    {file->machine == ELF_AARCH64 && (file->features & ELF_AARCH64_BTI), "bti"},
	    {file->machine == ELF_AARCH64 && (file->features & ELF_AARCH64_PAC), "pac"},
	    {traces->cfi, "cfi"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i].there)
			text_printf(&text, "%s%s", text.size == 0 ? "" : "+", parts[i].name);
	if (text.size != 0)
		return text_finish(&text, &elf->branch_protection);
	if (x86 || file->machine == ELF_AARCH64)
		elf->branch_protection = "none";
	return STATUS_OK;
}

static enum status
judge_linking(struct job *job, const struct elf_file *file, struct elf_fact *elf)
{
	struct traces traces = {0};

	elf->stripped = !file->has_symbol_table;
	if (is_kernel(file))
		return STATUS_OK;
	judge_functions(file, elf, &traces);
	if (!is_linked(file))
		return STATUS_OK; /* the rest is decided when it is linked */
	elf->nx = judge_stack(file);
	elf->pie = file->type == ELF_TYPE_SHARED;
	elf->relro = !file->has_relro ? "none" : file->bind_now ? "full" : "partial";
	return judge_branches(job, file, &traces, elf);
}

static enum status
put(struct job *job, struct span bytes, const char **text)
{
	if (bytes.at == NULL)
		return STATUS_OK;
	*text = span_text(job, bytes);
	return *text == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
add_program(struct job *job, const struct elf_file *file, const struct node *node,
    struct evidence *evidence)
{
	struct fact fact = fact_in(FACT_elf, node, 0);
	struct elf_fact *elf = &fact.as.elf;

	elf->machine = elf_file_machine(file);
	elf->bits = file->wide ? 64 : 32;
	elf->endian = file->big ? "big" : "little";
	elf->type = type_of(file);
	TRY(judge_linking(job, file, elf));
	TRY(put(job, file->search_path, &elf->rpath));
	TRY(put(job, file->interpreter, &elf->interpreter));
	TRY(put(job, file->soname, &elf->soname));
	if (file->build_id.size != 0) {
		elf->build_id = hex_of_bytes(job, file->build_id);
		if (elf->build_id == NULL)
			return STATUS_LIMIT;
	}
	return evidence_add(evidence, job, &fact);
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	struct elf_file file;
	enum status status = STATUS_OK;

	(void)collection;
	if (elf_file_open(offer->content, &file))
		status = add_program(job, &file, offer->node, evidence);
	elf_file_close(&file);
	return status;
}

static const enum fact_kind looks_for[] = {FACT_elf};

const struct collector collector_elf_hardening = {
    .name = "elf_hardening",
    .title = "how programs and libraries were linked and compiled: stack, RELRO, PIE, canary, "
	     "FORTIFY, branch protection",
    .source = "System V gABI chapters 4 and 5; Linux Standard Base 5.0, program headers; x86-64 "
	      "and AArch64 psABI, program properties; Linux fs/binfmt_elf.c and "
	      "elf_read_implies_exec of each architecture",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .whole_files = true,
    .wants = wants,
    .collect = collect,
};
