/* What the linker wrote is read from program headers, with or without sections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <elf.h>
#include <string.h>

#include "base/file.h"
#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_elf_hardening;

/* A program as a linker lays it out, small enough to know every byte of. */
struct program {
	Elf64_Ehdr header;
	Elf64_Phdr segments[8];
	Elf64_Dyn dynamic[12];
	Elf64_Sym symbols[4];
	uint32_t hash[8];
	char interpreter[16];
	unsigned char note[20];
	unsigned char property[32];
	char names[96];
};

static const struct elf_fact *
elf(const struct collecting *collecting)
{
	const struct fact *fact = collecting_fact(collecting, FACT_elf, 0);

	assert_non_null(fact);
	return &fact->as.elf;
}

static void
add_segment(struct program *program, uint32_t type, uint32_t flags, size_t offset, size_t size)
{
	program->segments[program->header.e_phnum++] = (Elf64_Phdr){.p_type = type,
	    .p_flags = flags,
	    .p_offset = offset,
	    .p_vaddr = 0x10000 + offset,
	    .p_filesz = size,
	    .p_memsz = size};
}

/* Full RELRO, PIE, canary, FORTIFY, RUNPATH. */
static struct program
hardened(void)
{
	static const char names[] =
	    "\0__stack_chk_fail\0__printf_chk\0/opt/lib\0libx.so.1\0libc.so.6\0printf";
	struct program program = {.interpreter = "/lib/ld.so",
	    .note = {4, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 'G', 'N', 'U', 0, 0xde, 0xad, 0xbe, 0xef},
	    .property = {4, 0, 0, 0, 16, 0, 0, 0, 5, 0, 0, 0, 'G', 'N', 'U', 0, 0, 0, 0, 0xc0, 4, 0,
		0, 0, 3, 0, 0, 0, 0, 0, 0, 0},
	    .symbols = {{0}, {.st_name = 1}, {.st_name = 18}},
	    .hash = {1, 3}};
	Elf64_Dyn dynamic[] = {{DT_STRTAB, {0x10000 + offsetof(struct program, names)}},
	    {DT_STRSZ, {sizeof names}}, {DT_FLAGS, {DF_BIND_NOW}},
	    {DT_FLAGS_1, {DF_1_NOW | DF_1_PIE}}, {DT_RUNPATH, {31}}, {DT_DEBUG, {0}},
	    {DT_SYMTAB, {0x10000 + offsetof(struct program, symbols)}},
	    {DT_HASH, {0x10000 + offsetof(struct program, hash)}}, {DT_NEEDED, {50}},
	    {DT_NULL, {0}}};

	memcpy(program.header.e_ident, ELFMAG, SELFMAG);
	program.header.e_ident[EI_CLASS] = ELFCLASS64;
	program.header.e_ident[EI_DATA] = ELFDATA2LSB;
	program.header.e_ident[EI_VERSION] = EV_CURRENT;
	program.header.e_type = ET_DYN;
	program.header.e_machine = EM_AARCH64;
	program.header.e_version = EV_CURRENT;
	program.header.e_ehsize = sizeof program.header;
	program.header.e_phentsize = sizeof program.segments[0];
	program.header.e_phoff = offsetof(struct program, segments);
	memcpy(program.dynamic, dynamic, sizeof dynamic);
	memcpy(program.names, names, sizeof names);
	add_segment(&program, PT_LOAD, PF_R, 0, sizeof program);
	add_segment(
	    &program, PT_DYNAMIC, PF_R, offsetof(struct program, dynamic), sizeof program.dynamic);
	add_segment(&program, PT_INTERP, PF_R, offsetof(struct program, interpreter),
	    sizeof program.interpreter);
	add_segment(&program, PT_NOTE, PF_R, offsetof(struct program, note), sizeof program.note);
	add_segment(&program, PT_GNU_STACK, PF_R | PF_W, 0, 0);
	add_segment(&program, PT_GNU_RELRO, PF_R, 0, 16);
	add_segment(
	    &program, PT_NOTE, PF_R, offsetof(struct program, property), sizeof program.property);
	return program;
}

static void
reads_a_hardened_program_without_sections(void **state)
{
	struct collecting *collecting = collecting_new();
	struct program program = hardened();

	(void)state;
	assert_true(collecting_bytes(
	    collecting, &collector_elf_hardening, "/bin/x", &program, sizeof program));
	assert_string_equal(elf(collecting)->machine, "AArch64");
	assert_int_equal(elf(collecting)->bits, 64);
	assert_string_equal(elf(collecting)->endian, "little");
	assert_string_equal(elf(collecting)->type, "program");
	assert_int_equal(elf(collecting)->nx, 1);
	assert_int_equal(elf(collecting)->pie, 1);
	assert_string_equal(elf(collecting)->relro, "full");
	assert_int_equal(elf(collecting)->canary, 1);
	assert_int_equal(elf(collecting)->fortify, 1);
	assert_int_equal(elf(collecting)->stripped, 1);
	assert_string_equal(elf(collecting)->rpath, "/opt/lib");
	assert_string_equal(elf(collecting)->interpreter, "/lib/ld.so");
	assert_string_equal(elf(collecting)->build_id, "deadbeef");
	assert_string_equal(elf(collecting)->branch_protection, "bti+pac");
	assert_null(elf(collecting)->soname);
	collecting_free(collecting);
}

static void
names_branch_protection_of_x86(void **state)
{
	struct collecting *collecting = collecting_new();
	struct program program = hardened();

	(void)state;
	program.header.e_machine = EM_X86_64;
	program.property[16] = 2;
	collecting_bytes(collecting, &collector_elf_hardening, "/bin/x", &program, sizeof program);
	assert_string_equal(elf(collecting)->branch_protection, "ibt+shstk");
	collecting_free(collecting);
	collecting = collecting_new();
	program.property[16] = 1; /* not the property of features */
	program.dynamic[4] = (Elf64_Dyn){DT_SONAME, {40}};
	collecting_bytes(collecting, &collector_elf_hardening, "/lib/x", &program, sizeof program);
	assert_string_equal(elf(collecting)->branch_protection, "none");
	assert_string_equal(elf(collecting)->soname, "libx.so.1");
	assert_string_equal(elf(collecting)->type, "program"); /* DF_1_PIE */
	collecting_free(collecting);
}

static void
tells_each_protection_that_is_missing(void **state)
{
	struct collecting *collecting = collecting_new();
	struct program program = hardened();

	(void)state;
	program.header.e_type = ET_EXEC;
	program.segments[4].p_flags |= PF_X;
	program.dynamic[2].d_un.d_val = 0;
	program.dynamic[3].d_un.d_val = 0;
	program.symbols[1].st_name = program.symbols[2].st_name = 60; /* printf */
	collecting_bytes(collecting, &collector_elf_hardening, "/bin/x", &program, sizeof program);
	assert_int_equal(elf(collecting)->nx, 0);
	assert_int_equal(elf(collecting)->pie, 0);
	assert_string_equal(elf(collecting)->relro, "partial");
	assert_int_equal(elf(collecting)->canary, 0);
	assert_int_equal(elf(collecting)->fortify, 0);
	collecting_free(collecting);
}

static void
does_not_know_the_functions_of_a_static_program_without_symbols(void **state)
{
	struct collecting *collecting = collecting_new();
	struct program program = hardened();

	(void)state;
	program.header.e_type = ET_EXEC;
	program.header.e_phnum = 1;
	collecting_bytes(collecting, &collector_elf_hardening, "/bin/x", &program, sizeof program);
	assert_int_equal(elf(collecting)->canary, UNKNOWN);
	assert_int_equal(elf(collecting)->fortify, UNKNOWN);
	assert_int_equal(elf(collecting)->nx, UNKNOWN); /* nothing shows that it runs on Linux */
	assert_string_equal(elf(collecting)->relro, "none");
	collecting_free(collecting);
}

static void
without_a_stack_header_the_machine_decides(void **state)
{
	static const struct {
		unsigned machine;
		int64_t nx;
	} machines[] = {
	    {EM_AARCH64, UNKNOWN}, {EM_RISCV, UNKNOWN}, {EM_X86_64, 0}, {EM_MIPS, 0}, {EM_ARM, 0}};
	struct program program = hardened();

	(void)state;
	program.segments[4].p_type = PT_NULL;
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		struct collecting *collecting = collecting_new();

		program.header.e_machine = (Elf64_Half)machines[i].machine;
		collecting_bytes(
		    collecting, &collector_elf_hardening, "/bin/x", &program, sizeof program);
		assert_int_equal(elf(collecting)->nx, machines[i].nx);
		collecting_free(collecting);
	}
}

/* Some cut the size of the dynamic section to any number. */
static void
a_dynamic_section_goes_on_to_its_end_mark(void **state)
{
	struct collecting *collecting = collecting_new();
	struct program program = hardened();

	(void)state;
	program.segments[1].p_filesz = 3 * sizeof program.dynamic[0] + 5;
	collecting_bytes(collecting, &collector_elf_hardening, "/bin/x", &program, sizeof program);
	assert_string_equal(elf(collecting)->relro, "full");
	assert_int_equal(elf(collecting)->canary, 1);
	collecting_free(collecting);
}

/* The C library has these functions for others; whether it uses them is not told. */
static void
what_is_only_given_to_others_is_unknown(void **state)
{
	struct collecting *collecting = collecting_new();
	struct program program = hardened();

	(void)state;
	program.symbols[1].st_shndx = program.symbols[2].st_shndx = 1;
	collecting_bytes(collecting, &collector_elf_hardening, "/lib/x", &program, sizeof program);
	assert_int_equal(elf(collecting)->canary, UNKNOWN);
	assert_int_equal(elf(collecting)->fortify, UNKNOWN);
	collecting_free(collecting);
}

static void
musl_leaves_no_trace_of_checks(void **state)
{
	struct collecting *collecting = collecting_new();
	struct program program = hardened();

	(void)state;
	program.symbols[2].st_name = 60; /* printf */
	memcpy(program.interpreter, "/lib/ld-musl.so", 16);
	collecting_bytes(collecting, &collector_elf_hardening, "/bin/x", &program, sizeof program);
	assert_int_equal(elf(collecting)->fortify, UNKNOWN);
	assert_int_equal(elf(collecting)->canary, 1);
	collecting_free(collecting);
}

static void
a_kernel_is_no_program(void **state)
{
	struct collecting *collecting = collecting_new();
	struct program program = hardened();

	(void)state;
	program.header.e_type = ET_EXEC;
	program.header.e_phnum = 1;
	program.segments[0].p_vaddr = UINT64_C(0xffff800080000000);
	collecting_bytes(
	    collecting, &collector_elf_hardening, "/vmlinux", &program, sizeof program);
	assert_string_equal(elf(collecting)->type, "kernel");
	assert_int_equal(elf(collecting)->nx, UNKNOWN);
	assert_null(elf(collecting)->relro);
	collecting_free(collecting);
}

static void
reads_this_very_program(void **state)
{
	struct collecting *collecting = collecting_new();
	struct span bytes;

	(void)state;
	assert_int_equal(file_map(collecting->job, "/proc/self/exe", &bytes), STATUS_OK);
	collecting_bytes(collecting, &collector_elf_hardening, "/bin/self", bytes.at, bytes.size);
	file_unmap(bytes);
	assert_string_equal(elf(collecting)->type, "program");
	assert_int_equal(elf(collecting)->stripped, 0);
	assert_int_equal(elf(collecting)->bits, sizeof(void *) * 8);
	assert_non_null(elf(collecting)->interpreter);
	collecting_free(collecting);
}

static void
wants_nothing_but_elf_files(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_false(
	    collecting_text(collecting, &collector_elf_hardening, "/bin/x", "#!/bin/sh\n"));
	assert_true(collecting_text(
	    collecting, &collector_elf_hardening, "/bin/x", "\177ELF is only a word here"));
	assert_int_equal(collecting->list.count, 0);
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	struct program program = hardened();

	(void)state;
	collecting_bear(&collector_elf_hardening, "/bin/x", &program, sizeof program, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_a_hardened_program_without_sections),
	    cmocka_unit_test(tells_each_protection_that_is_missing),
	    cmocka_unit_test(does_not_know_the_functions_of_a_static_program_without_symbols),
	    cmocka_unit_test(names_branch_protection_of_x86),
	    cmocka_unit_test(without_a_stack_header_the_machine_decides),
	    cmocka_unit_test(a_dynamic_section_goes_on_to_its_end_mark),
	    cmocka_unit_test(what_is_only_given_to_others_is_unknown),
	    cmocka_unit_test(musl_leaves_no_trace_of_checks),
	    cmocka_unit_test(a_kernel_is_no_program),
	    cmocka_unit_test(reads_this_very_program),
	    cmocka_unit_test(wants_nothing_but_elf_files),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
