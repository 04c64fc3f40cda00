/* What a program asks of its loader is told by name, each thing once, and only what matters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <elf.h>
#include <string.h>

#include "base/file.h"
#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_elf_imports;

#define BASE 0x10000

/* A program of 32 bits, laid out as a linker does, with versions of symbols. */
struct program {
	Elf32_Ehdr header;
	Elf32_Phdr segments[2];
	Elf32_Dyn dynamic[12];
	Elf32_Sym symbols[7];
	uint16_t versions[8];
	Elf32_Verneed need;
	Elf32_Vernaux wanted;
	char names[120];
};

#define AT(member) (BASE + (uint32_t)offsetof(struct program, member))

static struct program
program(void)
{
	static const char names[] = "\0libc.so.6\0libssl.so.3\0SSL_CTX_set_verify\0strcpy\0"
				    "strcpying\0system\0OPENSSL_3.0.0\0strcp";
	const Elf32_Dyn dynamic[] = {{DT_NEEDED, {1}}, {DT_NEEDED, {11}}, {DT_STRTAB, {AT(names)}},
	    {DT_STRSZ, {sizeof names}}, {DT_SYMTAB, {AT(symbols)}}, {DT_VERSYM, {AT(versions)}},
	    {DT_VERNEED, {AT(need)}}, {DT_VERNEEDNUM, {1}}, {DT_NULL, {0}}};
	const Elf32_Sym symbols[] = {{0}, {.st_name = 23}, {.st_name = 42}, {.st_name = 49},
	    {.st_name = 59, .st_shndx = 3}, {.st_name = 42}, {.st_name = 80}};
	struct program program = {.versions = {0, 2, 1, 1, 1, 1, 1, 0},
	    .need = {.vn_version = 1, .vn_cnt = 1, .vn_file = 11, .vn_aux = sizeof(Elf32_Verneed)},
	    .wanted = {.vna_other = 2, .vna_name = 66}};

	memcpy(program.header.e_ident, ELFMAG, SELFMAG);
	program.header.e_ident[EI_CLASS] = ELFCLASS32;
	program.header.e_ident[EI_DATA] = ELFDATA2LSB;
	program.header.e_ident[EI_VERSION] = EV_CURRENT;
	program.header.e_type = ET_DYN;
	program.header.e_machine = EM_ARM;
	program.header.e_version = EV_CURRENT;
	program.header.e_ehsize = sizeof program.header;
	program.header.e_phentsize = sizeof program.segments[0];
	program.header.e_phoff = offsetof(struct program, segments);
	program.header.e_phnum = 2;
	program.segments[0] = (Elf32_Phdr){.p_type = PT_LOAD,
	    .p_vaddr = BASE,
	    .p_filesz = sizeof program,
	    .p_memsz = sizeof program};
	program.segments[1] = (Elf32_Phdr){.p_type = PT_DYNAMIC,
	    .p_offset = offsetof(struct program, dynamic),
	    .p_vaddr = AT(dynamic),
	    .p_filesz = sizeof dynamic,
	    .p_memsz = sizeof dynamic};
	memcpy(program.dynamic, dynamic, sizeof dynamic);
	memcpy(program.symbols, symbols, sizeof symbols);
	memcpy(program.names, names, sizeof names);
	return program;
}

static const struct fact *
import(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_import, n);

	assert_non_null(fact);
	return fact;
}

static void
names_libraries_and_what_matters(void **state)
{
	struct collecting *collecting = collecting_new();
	struct program bytes = program();

	(void)state;
	assert_true(
	    collecting_bytes(collecting, &collector_elf_imports, "/bin/x", &bytes, sizeof bytes));
	assert_int_equal(collecting_count(collecting, FACT_import), 4);
	assert_null(import(collecting, 0)->as.import.symbol);
	assert_string_equal(import(collecting, 0)->as.import.library, "libc.so.6");
	assert_string_equal(import(collecting, 1)->as.import.library, "libssl.so.3");
	assert_string_equal(import(collecting, 2)->as.import.symbol, "SSL_CTX_set_verify");
	assert_string_equal(import(collecting, 2)->as.import.concern, "verification");
	assert_string_equal(import(collecting, 2)->as.import.library, "libssl.so.3");
	assert_int_equal(import(collecting, 2)->offset, offsetof(struct program, names) + 23);
	/* once; not strcpying, which is another, nor system, which is its own */
	assert_string_equal(import(collecting, 3)->as.import.symbol, "strcpy");
	assert_null(import(collecting, 3)->as.import.library);
	collecting_free(collecting);
}

static void
the_table_is_in_order(void **state)
{
	static const char *const names[] = {
#define IMPORT(symbol, concern) #symbol,
#include "firmware/collectors/elf_imports.def"
#undef IMPORT
	};

	(void)state;
	for (size_t i = 1; i < ARRAY_SIZE(names); i++)
		assert_true(strcmp(names[i - 1], names[i]) < 0);
}

static void
reads_this_very_program(void **state)
{
	struct collecting *collecting = collecting_new();
	struct span bytes;
	bool found = false;

	(void)state;
	assert_int_equal(file_map(collecting->job, "/proc/self/exe", &bytes), STATUS_OK);
	collecting_bytes(collecting, &collector_elf_imports, "/bin/self", bytes.at, bytes.size);
	file_unmap(bytes);
	for (size_t i = 0; i < collecting_count(collecting, FACT_import); i++)
		found |= import(collecting, i)->as.import.symbol == NULL &&
			 strcmp(import(collecting, i)->as.import.library, "libc.so.6") == 0;
	assert_true(found);
	collecting_free(collecting);
}

static void
says_nothing_of_other_files(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_false(collecting_text(collecting, &collector_elf_imports, "/bin/x", "strcpy"));
	assert_true(
	    collecting_text(collecting, &collector_elf_imports, "/bin/x", "\177ELF strcpy system"));
	assert_int_equal(collecting->list.count, 0);
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	struct program bytes = program();

	(void)state;
	collecting_bear(&collector_elf_imports, "/bin/x", &bytes, sizeof bytes, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_libraries_and_what_matters),
	    cmocka_unit_test(the_table_is_in_order),
	    cmocka_unit_test(reads_this_very_program),
	    cmocka_unit_test(says_nothing_of_other_files),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
