/* How a program was linked decides what one bug in it is worth. */
#include <gelf.h>
#include <libelf.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/reading.h"

#define MAX_HEADERS 256 /* program headers */
#define MAX_SECTIONS 8192
#define MAX_DYNAMIC 4096 /* entries of the dynamic section */

/* What the headers say, before it becomes a fact. */
struct program {
	Elf *elf;
	struct span file;
	GElf_Ehdr header;
	struct span dynamic_names, static_names; /* string tables of symbols */
	bool has_stack_header, stack_executable, has_relro, has_interpreter, has_dynamic;
	bool bind_now, pie_flag, debug_entry, has_soname, has_symbols, is_module;
	GElf_Addr names_address;
	GElf_Xword names_size, rpath_at;
	bool has_rpath;
	struct span interpreter, build_id;
};

static bool
wants(const struct node *node, struct span head)
{
	return node->type == NODE_FILE && span_starts_with(head, ELFMAG, SELFMAG);
}

static const char *
machine_name(unsigned machine)
{
	static const struct {
		unsigned machine;
		const char *name;
	} names[] = {{EM_ARM, "ARM"}, {EM_AARCH64, "AArch64"}, {EM_MIPS, "MIPS"}, {EM_386, "x86"},
	    {EM_X86_64, "x86-64"}, {EM_PPC, "PowerPC"}, {EM_PPC64, "PowerPC64"},
	    {EM_RISCV, "RISC-V"}, {EM_SH, "SuperH"}, {EM_SPARC, "SPARC"}, {EM_ARC, "ARC"},
	    {EM_ARC_COMPACT, "ARC"}, {EM_XTENSA, "Xtensa"}, {EM_NDS32, "NDS32"}, {EM_CSKY, "C-SKY"},
	    {EM_68K, "m68k"}, {EM_MICROBLAZE, "MicroBlaze"}, {EM_ALTERA_NIOS2, "Nios II"},
	    {EM_OPENRISC, "OpenRISC"}, {EM_TRICORE, "TriCore"}, {EM_BPF, "BPF"}};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].machine == machine)
			return names[i].name;
	return "other";
}

static struct span
string_at(struct span table, uint64_t at)
{
	struct span rest = span_from(table, at);

	return rest.size == 0 ? rest : field_next(&rest, '\0');
}

/* A note: name size, description size, type, each padded to four (gABI, "Note Section"). */
static void
read_notes(struct program *program, struct span notes)
{
	bool big = program->header.e_ident[EI_DATA] == ELFDATA2MSB;
	struct reader reader = {.rest = notes};

	for (int i = 0; i < 64 && reader.rest.size >= 12; i++) {
		uint32_t name_size = big ? read_u32_be(&reader) : read_u32_le(&reader);
		uint32_t size = big ? read_u32_be(&reader) : read_u32_le(&reader);
		uint32_t type = big ? read_u32_be(&reader) : read_u32_le(&reader);
		struct span name = read_bytes(&reader, name_size);
		struct span description;

		read_bytes(&reader, -name_size & 3);
		description = read_bytes(&reader, size);
		read_bytes(&reader, -size & 3);
		if (reader.overrun && description.size == 0)
			return;
		if (type == NT_GNU_BUILD_ID && name.size == 4 && memcmp(name.at, "GNU", 4) == 0 &&
		    size <= 64)
			program->build_id = description;
	}
}

static void
read_dynamic_entry(struct program *program, const GElf_Dyn *entry)
{
	switch (entry->d_tag) {
	case DT_STRTAB:
		program->names_address = entry->d_un.d_ptr;
		break;
	case DT_STRSZ:
		program->names_size = entry->d_un.d_val;
		break;
	case DT_BIND_NOW:
		program->bind_now = true;
		break;
	case DT_FLAGS:
		program->bind_now |= (entry->d_un.d_val & DF_BIND_NOW) != 0;
		break;
	case DT_FLAGS_1:
		program->bind_now |= (entry->d_un.d_val & DF_1_NOW) != 0;
		program->pie_flag |= (entry->d_un.d_val & DF_1_PIE) != 0;
		break;
	case DT_DEBUG:
		program->debug_entry = true;
		break;
	case DT_SONAME:
		program->has_soname = true;
		break;
	case DT_RPATH:
	case DT_RUNPATH:
		program->has_rpath = true;
		program->rpath_at = entry->d_un.d_val;
		break;
	}
}

/* By program header, since vendors cut the section headers off. */
static void
read_dynamic(struct program *program, const GElf_Phdr *segment)
{
	Elf_Data *data;
	GElf_Dyn entry;

	if (span_part(program->file, segment->p_offset, segment->p_filesz).size == 0)
		return;
	program->has_dynamic = true;
	data = elf_getdata_rawchunk(
	    program->elf, (int64_t)segment->p_offset, segment->p_filesz, ELF_T_DYN);
	for (int i = 0; data != NULL && i < MAX_DYNAMIC; i++) {
		if (gelf_getdyn(data, i, &entry) == NULL || entry.d_tag == DT_NULL)
			return;
		read_dynamic_entry(program, &entry);
	}
}

static void
read_segment(struct program *program, const GElf_Phdr *segment)
{
	struct span bytes = span_part(program->file, segment->p_offset, segment->p_filesz);

	switch (segment->p_type) {
	case PT_GNU_STACK:
		program->has_stack_header = true;
		program->stack_executable = (segment->p_flags & PF_X) != 0;
		break;
	case PT_GNU_RELRO:
		program->has_relro = true;
		break;
	case PT_INTERP:
		program->has_interpreter = true;
		program->interpreter = string_at(bytes, 0);
		break;
	case PT_NOTE:
		read_notes(program, bytes);
		break;
	case PT_DYNAMIC:
		read_dynamic(program, segment);
		break;
	}
}

/* The dynamic string table's address, found in the file through the loaded segments. */
static void
find_dynamic_names(struct program *program, size_t count)
{
	GElf_Phdr segment;

	for (int i = 0; i < (int)count; i++) {
		uint64_t inside = program->names_address;

		if (gelf_getphdr(program->elf, i, &segment) == NULL || segment.p_type != PT_LOAD ||
		    inside < segment.p_vaddr || inside - segment.p_vaddr >= segment.p_filesz)
			continue;
		program->dynamic_names =
		    span_part(span_part(program->file, segment.p_offset, segment.p_filesz),
			inside - segment.p_vaddr, program->names_size);
		return;
	}
}

static void
read_sections(struct program *program)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header, names;
	size_t name_index;

	if (elf_getshdrstrndx(program->elf, &name_index) != 0)
		return;
	for (int i = 0; i < MAX_SECTIONS && (section = elf_nextscn(program->elf, section)) != NULL;
	     i++) {
		const char *name;

		if (gelf_getshdr(section, &header) == NULL)
			continue;
		name = elf_strptr(program->elf, name_index, header.sh_name);
		if (name != NULL && (strcmp(name, ".modinfo") == 0 ||
					strcmp(name, ".gnu.linkonce.this_module") == 0))
			program->is_module = true;
		if (header.sh_type == SHT_NOTE && program->header.e_phnum == 0)
			read_notes(
			    program, span_part(program->file, header.sh_offset, header.sh_size));
		if (header.sh_type != SHT_SYMTAB)
			continue;
		program->has_symbols = true;
		if (gelf_getshdr(elf_getscn(program->elf, header.sh_link), &names) != NULL)
			program->static_names =
			    span_part(program->file, names.sh_offset, names.sh_size);
	}
}

/* __memcpy_chk and its like; not __stack_chk_fail, which is the other protection's. */
static void
find_checks(struct span names, bool *canary, bool *fortify)
{
	struct span name;

	while (names.size != 0) {
		name = field_next(&names, '\0');
		if (name.size < 7)
			continue;
		if (span_is(name, "__stack_chk_fail") || span_is(name, "__stack_chk_guard") ||
		    span_is(name, "__stack_chk_fail_local") ||
		    span_is(name, "__stack_smash_handler"))
			*canary = true;
		else if (span_begins(name, "__") && span_ends(name, "_chk"))
			*fortify = true;
	}
}

static const char *
type_of(const struct program *program)
{
	switch (program->header.e_type) {
	case ET_EXEC:
		return "program";
	case ET_DYN:
		return program->pie_flag || (program->has_interpreter && !program->has_soname)
			   ? "program"
			   : "library";
	}
	return program->is_module ? "kernel module" : "object";
}

static void
judge_linking(const struct program *program, struct elf_fact *elf)
{
	bool canary = false, fortify = false;

	find_checks(program->dynamic_names, &canary, &fortify);
	find_checks(program->static_names, &canary, &fortify);
	/* a static program without symbols says nothing about its functions */
	elf->canary =
	    program->dynamic_names.size + program->static_names.size == 0 ? UNKNOWN : canary;
	elf->stripped = !program->has_symbols;
	if (program->header.e_type != ET_EXEC && program->header.e_type != ET_DYN)
		return; /* the rest is decided when it is linked */
	elf->fortify = elf->canary == UNKNOWN ? UNKNOWN : fortify;
	elf->nx = program->has_stack_header && !program->stack_executable;
	elf->pie = program->header.e_type == ET_DYN;
	elf->relro = !program->has_relro ? "none" : program->bind_now ? "full" : "partial";
}

static enum status
add_program(struct job *job, const struct program *program, const struct node *node,
    struct evidence *evidence)
{
	struct fact fact = fact_in(FACT_elf, node, 0);
	struct elf_fact *elf = &fact.as.elf;

	elf->machine = machine_name(program->header.e_machine);
	elf->bits = program->header.e_ident[EI_CLASS] == ELFCLASS64 ? 64 : 32;
	elf->endian = program->header.e_ident[EI_DATA] == ELFDATA2MSB ? "big" : "little";
	elf->type = type_of(program);
	judge_linking(program, elf);
	if (program->has_rpath)
		elf->rpath = span_text(job, string_at(program->dynamic_names, program->rpath_at));
	if (program->interpreter.size != 0)
		elf->interpreter = span_text(job, program->interpreter);
	if (program->build_id.size != 0)
		elf->build_id = hex_of_bytes(job, program->build_id);
	return evidence_add(evidence, job, &fact);
}

static void
read_program(struct program *program)
{
	size_t count = 0;
	GElf_Phdr segment;

	if (elf_getphdrnum(program->elf, &count) != 0)
		count = 0;
	count = count < MAX_HEADERS ? count : MAX_HEADERS;
	for (int i = 0; i < (int)count; i++)
		if (gelf_getphdr(program->elf, i, &segment) != NULL)
			read_segment(program, &segment);
	if (program->has_dynamic)
		find_dynamic_names(program, count);
	read_sections(program);
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	const struct node *node = offer->node;
	struct span content = offer->content;
	struct program program = {.file = content};
	enum status status = STATUS_OK;

	(void)collection;
	if (content.size < EI_NIDENT || elf_version(EV_CURRENT) == EV_NONE)
		return STATUS_OK;
	/* libelf takes a writable pointer; opened by elf_memory it only reads */
	program.elf = elf_memory((char *)(uintptr_t)content.at, content.size);
	if (program.elf != NULL && elf_kind(program.elf) == ELF_K_ELF &&
	    gelf_getehdr(program.elf, &program.header) != NULL) {
		read_program(&program);
		status = add_program(job, &program, node, evidence);
	}
	elf_end(program.elf);
	return status;
}

static const enum fact_kind looks_for[] = {FACT_elf};

const struct collector collector_elf_hardening = {
    .name = "elf_hardening",
    .title = "how programs and libraries were linked: stack, RELRO, PIE, canary, FORTIFY",
    .source = "System V gABI chapters 4 and 5; Linux Standard Base 5.0, program headers",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .whole_files = true,
    .wants = wants,
    .collect = collect,
};
