/*
 * An ELF file as its loader sees it: by program headers and the dynamic
 * section, since vendors cut the section headers off.
 *
 * Source: System V gABI chapters 4 and 5; Linux Standard Base 5.0, program
 * headers; x86-64 and AArch64 psABI supplements, "Program Property".
 */
#ifndef FIRMWARE_ELF_FILE_H
#define FIRMWARE_ELF_FILE_H

#include "base/span.h"

#define ELF_MAX_NEEDED 256u     /* libraries one file asks for */
#define ELF_MAX_SYMBOLS 262144u /* of one table */

/* What `features` says, of whichever machine. */
#define ELF_X86_IBT 1u
#define ELF_X86_SHSTK 2u
#define ELF_AARCH64_BTI 1u
#define ELF_AARCH64_PAC 2u

/* A table of symbols, its bytes turned round where they had to be. */
struct elf_symbols {
	void *data, *versions; /* libelf's own */
	size_t count;
	struct span names;
};

/* Spans point into the file; what is not there is empty. */
struct elf_file {
	void *handle; /* libelf's own */
	struct span content;
	unsigned type, machine; /* e_type, e_machine */
	bool wide, big;         /* 64 bits; big-endian */
	bool is_module;         /* a kernel's */
	bool in_kernel_space;   /* loaded where no program of Linux is */
	bool has_stack_header, stack_executable, has_relro, has_dynamic;
	bool has_thread_storage, has_system_note; /* only a program of an operating system has */
	bool bind_now, pie_flag, has_symbol_table;
	bool has_features;
	uint32_t features; /* GNU_PROPERTY_*_FEATURE_1_AND */
	struct span interpreter, build_id, soname, search_path;
	struct span needed[ELF_MAX_NEEDED];
	size_t needed_count;
	bool needed_cut, symbols_cut;    /* there are more than are read */
	struct elf_symbols dynamic, all; /* `all`: the table that stripping takes away */
	struct span version_needs;
	size_t version_need_count;
};

struct elf_symbol {
	struct span name;
	bool undefined; /* asked of others */
};

/* False when it is none that libelf reads; elf_file_close is called in either case. */
bool elf_file_open(struct span content, struct elf_file *file);
void elf_file_close(struct elf_file *file);

/* The n-th symbol of a table; false when it has no name.  Names are cut at 1024 bytes. */
bool elf_file_symbol(const struct elf_symbols *symbols, size_t n, struct elf_symbol *symbol);
/* The library whose version the n-th dynamic symbol wants; empty when that is not told. */
struct span elf_file_library(const struct elf_file *file, size_t n);

/* "ARM", "x86-64" …; "other" for what is rare. */
const char *elf_file_machine(const struct elf_file *file);

#define ELF_FILE_MAGIC "\177ELF"

/* The machines and types that collectors ask for. */
enum { ELF_TYPE_OBJECT = 1, ELF_TYPE_FIXED = 2, ELF_TYPE_SHARED = 3 };
enum { ELF_MIPS = 8, ELF_X86 = 3, ELF_X86_64 = 62, ELF_AARCH64 = 183, ELF_RISCV = 243 };

#endif
