/* What a loader needs is in the segments; sections are for those who debug, and are cut off. */
#include "firmware/elf_file.h"

#include <gelf.h>
#include <libelf.h>
#include <string.h>

#include "base/digest.h"
#include "firmware/reading.h"

#define MAX_HEADERS 256 /* program headers */
#define MAX_SECTIONS 8192
#define MAX_DYNAMIC 4096 /* entries of the dynamic section */
#define MAX_NOTES 64
#define MAX_NAME ((size_t)1024)
#define MAX_VERSIONS 4096 /* wanted, of all libraries */

#define KERNEL_HALF_32 UINT64_C(0x80000000)
#define KERNEL_HALF_64 (UINT64_C(1) << 63)

/* Addresses the dynamic section names; zero when it does not. */
struct places {
	GElf_Addr names, symbols, hash, gnu_hash, versions, version_needs;
	uint64_t names_size, mips_count, version_need_count;
	uint64_t needed[ELF_MAX_NEEDED], soname, path;
	size_t needed_count;
	bool has_soname, has_path;
};

const char *
elf_file_machine(const struct elf_file *file)
{
	static const struct {
		unsigned machine;
		const char *name;
	} names[] = {{EM_ARM, "ARM"}, {EM_AARCH64, "AArch64"}, {EM_MIPS, "MIPS"}, {EM_386, "x86"},
	    {EM_X86_64, "x86-64"}, {EM_PPC, "PowerPC"}, {EM_PPC64, "PowerPC64"},
	    {EM_RISCV, "RISC-V"}, {EM_SH, "SuperH"}, {EM_SPARC, "SPARC"}, {EM_ARC, "ARC"},
	    {EM_ARC_COMPACT, "ARC"}, {195 /* ARCv2 */, "ARC"}, {EM_XTENSA, "Xtensa"},
	    {EM_NDS32, "NDS32"}, {EM_CSKY, "C-SKY"}, {EM_68K, "m68k"},
	    {EM_MICROBLAZE, "MicroBlaze"}, {EM_ALTERA_NIOS2, "Nios II"}, {EM_OPENRISC, "OpenRISC"},
	    {EM_TRICORE, "TriCore"}, {EM_BPF, "BPF"}, {EM_S390, "S/390"},
	    {258 /* EM_LOONGARCH */, "LoongArch"}};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].machine == file->machine)
			return names[i].name;
	return "other";
}

/* Up to its NUL, or cut: names may be as long as the file. */
static struct span
string_at(struct span table, uint64_t at)
{
	struct span rest = span_from(table, at);

	if (rest.size > MAX_NAME)
		rest.size = MAX_NAME;
	return rest.size == 0 ? rest : field_next(&rest, '\0');
}

static uint32_t
read_word(const struct elf_file *file, struct reader *reader)
{
	return file->big ? read_u32_be(reader) : read_u32_le(reader);
}

/* Properties: type, size, data, padded to the size of a word of the machine. */
static void
read_properties(struct elf_file *file, struct span description)
{
	const uint32_t wanted = file->machine == EM_AARCH64 ? GNU_PROPERTY_AARCH64_FEATURE_1_AND
							    : GNU_PROPERTY_X86_FEATURE_1_AND;
	const uint32_t align = file->wide ? 8 : 4;
	struct reader reader = {.rest = description};

	for (int i = 0; i < MAX_NOTES && reader.rest.size >= 8; i++) {
		uint32_t type = read_word(file, &reader), size = read_word(file, &reader);
		struct reader data = {.rest = read_bytes(&reader, size)};

		read_bytes(&reader, -size & (align - 1));
		if (type != wanted || size != 4 || data.rest.size != 4)
			continue;
		file->has_features = true;
		file->features = read_word(file, &data);
	}
}

/* A note: name size, description size, type, each padded to four (gABI, "Note Section"). */
static void
read_notes(struct elf_file *file, struct span notes)
{
	struct reader reader = {.rest = notes};

	for (int i = 0; i < MAX_NOTES && reader.rest.size >= 12; i++) {
		uint32_t name_size = read_word(file, &reader), size = read_word(file, &reader);
		uint32_t type = read_word(file, &reader);
		struct span name = read_bytes(&reader, name_size);
		struct span description;

		read_bytes(&reader, -name_size & 3);
		description = read_bytes(&reader, size);
		read_bytes(&reader, -size & 3);
		if (reader.overrun && description.size == 0)
			return;
		if (name.size != 4 || memcmp(name.at, "GNU", 4) != 0)
			continue;
		if (type == NT_GNU_BUILD_ID && size <= 64)
			file->build_id = description;
		else if (type == NT_GNU_ABI_TAG)
			file->has_system_note = true;
		else if (type == NT_GNU_PROPERTY_TYPE_0)
			read_properties(file, description);
	}
}

static void
read_flags(struct elf_file *file, const GElf_Dyn *entry)
{
	switch (entry->d_tag) {
	case DT_BIND_NOW:
		file->bind_now = true;
		break;
	case DT_FLAGS:
		file->bind_now |= (entry->d_un.d_val & DF_BIND_NOW) != 0;
		break;
	case DT_FLAGS_1:
		file->bind_now |= (entry->d_un.d_val & DF_1_NOW) != 0;
		file->pie_flag |= (entry->d_un.d_val & DF_1_PIE) != 0;
		break;
	}
}

static void
read_names(struct elf_file *file, struct places *places, const GElf_Dyn *entry)
{
	const uint64_t value = entry->d_un.d_val;

	switch (entry->d_tag) {
	case DT_NEEDED:
		if (places->needed_count < ELF_MAX_NEEDED)
			places->needed[places->needed_count++] = value;
		else
			file->needed_cut = true;
		break;
	case DT_SONAME:
		places->has_soname = true;
		places->soname = value;
		break;
	case DT_RPATH:
	case DT_RUNPATH:
		places->has_path = true;
		places->path = value;
		break;
	}
}

static void
read_place(const struct elf_file *file, struct places *places, const GElf_Dyn *entry)
{
	const struct {
		int64_t tag;
		uint64_t *at;
	} known[] = {{DT_STRTAB, &places->names}, {DT_STRSZ, &places->names_size},
	    {DT_SYMTAB, &places->symbols}, {DT_HASH, &places->hash},
	    {DT_GNU_HASH, &places->gnu_hash}, {DT_VERSYM, &places->versions},
	    {DT_VERNEED, &places->version_needs}, {DT_VERNEEDNUM, &places->version_need_count}};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (entry->d_tag == known[i].tag)
			*known[i].at = entry->d_un.d_val;
	if (file->machine == EM_MIPS && entry->d_tag == DT_MIPS_SYMTABNO)
		places->mips_count = entry->d_un.d_val;
}

static void *
raw(const struct elf_file *file, uint64_t at, uint64_t size, Elf_Type type)
{
	if (size == 0 || span_part(file->content, at, size).size != size)
		return NULL;
	return elf_getdata_rawchunk(file->handle, (int64_t)at, size, type);
}

static void
read_dynamic(struct elf_file *file, const GElf_Phdr *segment, struct places *places)
{
	const size_t step = file->wide ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn);
	/* a loader reads on to the end mark, whatever its size in the file is said to be */
	uint64_t size = segment->p_filesz > segment->p_memsz ? segment->p_filesz : segment->p_memsz;
	const uint64_t room = span_from(file->content, segment->p_offset).size;
	Elf_Data *data;
	GElf_Dyn entry;

	if (size > room)
		size = room;
	if (size > MAX_DYNAMIC * step)
		size = MAX_DYNAMIC * step;
	data = raw(file, segment->p_offset, size - size % step, ELF_T_DYN);

	file->has_dynamic |= data != NULL;
	for (int i = 0; data != NULL && i < MAX_DYNAMIC; i++) {
		if (gelf_getdyn(data, i, &entry) == NULL || entry.d_tag == DT_NULL)
			return;
		read_flags(file, &entry);
		read_names(file, places, &entry);
		read_place(file, places, &entry);
	}
}

static void
read_segment(struct elf_file *file, const GElf_Phdr *segment, struct places *places)
{
	struct span bytes = span_part(file->content, segment->p_offset, segment->p_filesz);

	switch (segment->p_type) {
	case PT_GNU_STACK:
		file->has_stack_header = true;
		file->stack_executable = (segment->p_flags & PF_X) != 0;
		break;
	case PT_GNU_RELRO:
		file->has_relro = true;
		break;
	case PT_TLS:
		file->has_thread_storage = true;
		break;
	case PT_LOAD:
		file->in_kernel_space |=
		    segment->p_vaddr >= (file->wide ? KERNEL_HALF_64 : KERNEL_HALF_32);
		break;
	case PT_INTERP:
		file->interpreter = string_at(bytes, 0);
		break;
	case PT_NOTE:
		read_notes(file, bytes);
		break;
	case PT_DYNAMIC:
		read_dynamic(file, segment, places);
		break;
	}
}

/* What the loaded segments hold from an address on. */
static struct span
at_address(const struct elf_file *file, size_t count, uint64_t address)
{
	GElf_Phdr segment;

	for (int i = 0; i < (int)count && address != 0; i++) {
		if (gelf_getphdr(file->handle, i, &segment) == NULL || segment.p_type != PT_LOAD ||
		    address < segment.p_vaddr || address - segment.p_vaddr >= segment.p_filesz)
			continue;
		return span_from(span_part(file->content, segment.p_offset, segment.p_filesz),
		    address - segment.p_vaddr);
	}
	return (struct span){0};
}

/* The table ends where another begins. */
static uint64_t
room_of_symbols(const struct places *places)
{
	const GElf_Addr others[] = {
	    places->names, places->hash, places->gnu_hash, places->versions, places->version_needs};
	uint64_t room = UINT64_MAX;

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (others[i] > places->symbols && others[i] - places->symbols < room)
			room = others[i] - places->symbols;
	return room;
}

/* Nothing says how many dynamic symbols there are; the hash table has a link for each of them. */
static uint64_t
count_symbols(
    const struct elf_file *file, const struct places *places, size_t headers, size_t entry)
{
	struct reader hash = {.rest = at_address(file, headers, places->hash)};
	uint64_t room = room_of_symbols(places) / entry;

	read_word(file, &hash);
	if (hash.rest.size >= 4)
		return read_word(file, &hash);
	if (places->mips_count != 0)
		return places->mips_count;
	return room;
}

static void
find_symbols(struct elf_file *file, const struct places *places, size_t headers)
{
	const size_t entry =
	    file->wide ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym); /* the same in the file */
	struct span at = at_address(file, headers, places->symbols);
	struct span versions = at_address(file, headers, places->versions);
	uint64_t count = count_symbols(file, places, headers, entry);

	if (count > at.size / entry)
		count = at.size / entry;
	if (count > ELF_MAX_SYMBOLS) {
		count = ELF_MAX_SYMBOLS;
		file->symbols_cut = true;
	}
	if (count == 0)
		return;
	file->dynamic.data =
	    raw(file, (uint64_t)(at.at - file->content.at), count * entry, ELF_T_SYM);
	file->dynamic.count = file->dynamic.data == NULL ? 0 : count;
	if (versions.size >= 2 * count)
		file->dynamic.versions =
		    raw(file, (uint64_t)(versions.at - file->content.at), 2 * count, ELF_T_HALF);
	file->version_needs = at_address(file, headers, places->version_needs);
	file->version_need_count = places->version_need_count;
}

static void
find_names(struct elf_file *file, const struct places *places, size_t headers)
{
	struct span names = at_address(file, headers, places->names);

	names =
	    span_part(names, 0, places->names_size < names.size ? places->names_size : names.size);
	file->dynamic.names = names;
	if (places->has_soname)
		file->soname = string_at(names, places->soname);
	if (places->has_path)
		file->search_path = string_at(names, places->path);
	for (size_t i = 0; i < places->needed_count; i++)
		file->needed[file->needed_count++] = string_at(names, places->needed[i]);
}

/* The table of all symbols, and what only a kernel module has. */
static void
read_section(struct elf_file *file, const GElf_Shdr *header, const char *name)
{
	GElf_Shdr names;
	size_t entry = file->wide ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);

	if (name != NULL &&
	    (strcmp(name, ".modinfo") == 0 || strcmp(name, ".gnu.linkonce.this_module") == 0))
		file->is_module = true;
	if (header->sh_type == SHT_NOTE && !file->has_system_note && file->build_id.size == 0)
		read_notes(file, span_part(file->content, header->sh_offset, header->sh_size));
	if (header->sh_type != SHT_SYMTAB || file->has_symbol_table)
		return;
	file->has_symbol_table = true;
	if (gelf_getshdr(elf_getscn(file->handle, header->sh_link), &names) == NULL)
		return;
	file->all.names = span_part(file->content, names.sh_offset, names.sh_size);
	file->all.data = raw(file, header->sh_offset, header->sh_size, ELF_T_SYM);
	file->all.count = file->all.data == NULL ? 0 : header->sh_size / entry;
	if (file->all.count > ELF_MAX_SYMBOLS)
		file->all.count = ELF_MAX_SYMBOLS;
}

static void
read_sections(struct elf_file *file)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t name_index;

	if (elf_getshdrstrndx(file->handle, &name_index) != 0)
		return;
	for (int i = 0; i < MAX_SECTIONS; i++) {
		section = elf_nextscn(file->handle, section);
		if (section == NULL)
			return;
		if (gelf_getshdr(section, &header) != NULL)
			read_section(
			    file, &header, elf_strptr(file->handle, name_index, header.sh_name));
	}
}

bool
elf_file_open(struct span content, struct elf_file *file)
{
	struct places places = {0};
	size_t count = 0;
	GElf_Ehdr header;
	GElf_Phdr segment;

	*file = (struct elf_file){.content = content};
	if (content.size < EI_NIDENT || elf_version(EV_CURRENT) == EV_NONE)
		return false;
	/* libelf takes a writable pointer; opened by elf_memory it only reads */
	file->handle = elf_memory((char *)(uintptr_t)content.at, content.size);
	if (file->handle == NULL || elf_kind(file->handle) != ELF_K_ELF ||
	    gelf_getehdr(file->handle, &header) == NULL)
		return false;
	file->type = header.e_type;
	file->machine = header.e_machine;
	file->wide = header.e_ident[EI_CLASS] == ELFCLASS64;
	file->big = header.e_ident[EI_DATA] == ELFDATA2MSB;
	if (elf_getphdrnum(file->handle, &count) != 0)
		count = 0;
	count = count < MAX_HEADERS ? count : MAX_HEADERS;
	for (int i = 0; i < (int)count; i++)
		if (gelf_getphdr(file->handle, i, &segment) != NULL)
			read_segment(file, &segment, &places);
	if (file->has_dynamic) {
		find_names(file, &places, count);
		find_symbols(file, &places, count);
	}
	read_sections(file);
	return true;
}

void
elf_file_close(struct elf_file *file)
{
	elf_end(file->handle);
	file->handle = NULL;
}

/* Is version `wanted` among those asked of one library? */
static bool
asks_for(const struct elf_file *file, struct span version, unsigned count, uint16_t wanted)
{
	for (unsigned i = 0; i < count && i < MAX_VERSIONS; i++) {
		struct reader reader = {.rest = version};
		uint16_t index;

		read_bytes(&reader, 6); /* hash, flags */
		index = file->big ? read_u16_be(&reader) : read_u16_le(&reader);
		read_bytes(&reader, 4); /* name */
		if (!reader.overrun && index == wanted)
			return true;
		version = span_from(version, read_word(file, &reader));
		if (reader.overrun)
			return false;
	}
	return false;
}

struct span
elf_file_library(const struct elf_file *file, size_t n)
{
	struct span need = file->version_needs;
	GElf_Versym version;

	if (file->dynamic.versions == NULL ||
	    gelf_getversym(file->dynamic.versions, (int)n, &version) == NULL ||
	    (version & 0x7fff) < 2)
		return (struct span){0};
	for (size_t i = 0; i < file->version_need_count && i < ELF_MAX_NEEDED; i++) {
		struct reader reader = {.rest = need};
		uint16_t count;
		uint32_t name, first, next;

		read_bytes(&reader, 2); /* version of the structure */
		count = file->big ? read_u16_be(&reader) : read_u16_le(&reader);
		name = read_word(file, &reader);
		first = read_word(file, &reader);
		next = read_word(file, &reader);
		if (reader.overrun)
			break;
		if (asks_for(file, span_from(need, first), count, version & 0x7fff))
			return string_at(file->dynamic.names, name);
		if (next == 0)
			break;
		need = span_from(need, next);
	}
	return (struct span){0};
}

bool
elf_file_symbol(const struct elf_symbols *symbols, size_t n, struct elf_symbol *symbol)
{
	GElf_Sym found;

	*symbol = (struct elf_symbol){0};
	if (n >= symbols->count || gelf_getsym(symbols->data, (int)n, &found) == NULL ||
	    found.st_name == 0)
		return false;
	symbol->name = string_at(symbols->names, found.st_name);
	symbol->undefined = found.st_shndx == SHN_UNDEF;
	return symbol->name.size != 0;
}
