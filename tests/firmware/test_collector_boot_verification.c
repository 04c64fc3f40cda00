/* What is told of verified boot is what a stage would do, not what a manual speaks of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "firmware/tree.h"
#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_boot_verification;

#define KEYS_MAX 512

static const struct boot_verification_fact *
found(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_boot_verification, n);

	assert_non_null(fact);
	return &fact->as.boot_verification;
}

/* The one fact a file gives: mechanism and whether it is in use; NULL for none. */
static void
expect(const char *local, const void *bytes, size_t size, const char *mechanism, int64_t active)
{
	struct collecting *collecting = collecting_new();

	collecting_bytes(collecting, &collector_boot_verification, local, bytes, size);
	assert_int_equal(
	    collecting_count(collecting, FACT_boot_verification), mechanism == NULL ? 0 : 1);
	if (mechanism != NULL) {
		assert_string_equal(found(collecting, 0)->mechanism, mechanism);
		assert_int_equal(found(collecting, 0)->active, active);
	}
	collecting_free(collecting);
}

static void
expect_text(const char *local, const char *text, const char *mechanism, int64_t active)
{
	expect(local, text, strlen(text), mechanism, active);
}

static size_t
append_number(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
	return 4;
}

static size_t
append_string(uint8_t *at, const char *string)
{
	const size_t size = strlen(string) + 1;

	memset(at, 0, (size + 3) & ~(size_t)3);
	memcpy(at, string, size);
	return (size + 3) & ~(size_t)3;
}

static size_t
append_property(uint8_t *at, uint32_t name, const char *value)
{
	size_t size = append_number(at, 3);

	size += append_number(at + size, (uint32_t)strlen(value) + 1);
	size += append_number(at + size, name);
	return size + append_string(at + size, value);
}

static size_t
append_node(uint8_t *at, const char *name)
{
	return append_number(at, 1) + append_string(at + 4, name);
}

/* The control tree of a U-Boot with one key, `required` for something or for nothing. */
static size_t
make_keys(uint8_t bytes[KEYS_MAX], const char *folder, const char *required, bool another)
{
	static const char strings[] = "algo\0required";
	size_t at = 56, strings_at;

	memset(bytes, 0, KEYS_MAX);
	at += append_node(bytes + at, "");
	at += append_property(bytes + at, 0, "model");
	at += append_node(bytes + at, folder);
	at += append_node(bytes + at, "key-dev");
	at += append_property(bytes + at, 0, "sha256,rsa2048");
	if (required != NULL)
		at += append_property(bytes + at, 5, required);
	at += append_number(bytes + at, 2);
	if (another) { /* one that is not required */
		at += append_node(bytes + at, "key-old");
		at += append_number(bytes + at, 2);
	}
	for (int i = 0; i < 2; i++)
		at += append_number(bytes + at, 2);
	at += append_number(bytes + at, 9);
	strings_at = at;
	memcpy(bytes + at, strings, sizeof strings);
	at += sizeof strings;
	append_number(bytes, 0xd00dfeed);
	append_number(bytes + 4, (uint32_t)at);
	append_number(bytes + 8, 56);
	append_number(bytes + 12, (uint32_t)strings_at);
	append_number(bytes + 16, 40);
	append_number(bytes + 20, 17);
	append_number(bytes + 24, 16);
	append_number(bytes + 32, sizeof strings);
	append_number(bytes + 36, (uint32_t)(strings_at - 56));
	return at;
}

static void
a_boot_loader_that_requires_a_key_verifies(void **state)
{
	struct collecting *collecting = collecting_new();
	uint8_t bytes[KEYS_MAX], within[KEYS_MAX + 64] = {0};
	size_t size = make_keys(bytes, "signature", "conf", false);

	(void)state;
	memcpy(within + 33, bytes, size); /* behind a boot loader, at any place */
	assert_true(collecting_bytes(
	    collecting, &collector_boot_verification, "/u-boot.bin", within, sizeof within));
	assert_string_equal(found(collecting, 0)->stage, "boot loader");
	assert_string_equal(found(collecting, 0)->mechanism, "FIT signature");
	assert_string_equal(found(collecting, 0)->evidence, "key-dev, sha256,rsa2048, required");
	assert_int_equal(found(collecting, 0)->active, 1);
	assert_int_equal(collecting_count(collecting, FACT_boot_verification), 1);
	collecting_free(collecting);
	size = make_keys(bytes, "signature", NULL, false);
	expect("/u-boot.dtb", bytes, size, "FIT signature", 0);
	size = make_keys(bytes, "signatures", "conf", false); /* somebody else's node */
	expect("/board.dtb", bytes, size, NULL, 0);
}

static void
one_required_key_is_enough(void **state)
{
	struct collecting *collecting = collecting_new();
	uint8_t bytes[KEYS_MAX];
	size_t size = make_keys(bytes, "signature", "conf", true);

	(void)state;
	collecting_bytes(collecting, &collector_boot_verification, "/u-boot.dtb", bytes, size);
	assert_int_equal(collecting_count(collecting, FACT_boot_verification), 2);
	assert_int_equal(found(collecting, 0)->active, 1);
	assert_int_equal(found(collecting, 1)->active, UNKNOWN);
	assert_string_equal(found(collecting, 1)->evidence, "key-old, not required");
	collecting_free(collecting);
}

static void
the_kernels_command_line_switches_it_on(void **state)
{
	(void)state;
	expect_text("/boot/extlinux.conf",
	    "LABEL a\n\tAPPEND root=/dev/dm-0 ro dm-mod.create=\"vroot,,,ro,0 4096 verity 1 "
	    "/dev/mmcblk0p2 /dev/mmcblk0p3 4096 4096 512 1 sha256 ab cd\"\n",
	    "dm-verity", 1);
	expect_text("/boot/a.conf",
	    "options root=/dev/vda2 "
	    "roothash=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
	    "dm-verity", 1);
	expect_text("/boot/a.conf", "options root=/dev/dm-0 ro quiet\n", "dm-verity", UNKNOWN);
	expect_text("/boot/a.conf", "options root=/dev/sda2 ima_appraise=enforce\n", "IMA", 1);
	expect_text(
	    "/boot/a.conf", "options root=/dev/sda2 module.sig_enforce=1\n", "module signature", 1);
	expect_text("/init", "#!/bin/sh\nveritysetup open /dev/a root /dev/b $hash\n", "dm-verity",
	    UNKNOWN);
	expect_text("/etc/ima/ima-policy", "# rules\nmeasure func=BPRM_CHECK\nappraise fowner=0\n",
	    "IMA", UNKNOWN);
}

static void
words_that_switch_nothing_on_say_nothing(void **state)
{
	(void)state;
	/* the kernel's own help, manuals, comments, other uses of the same devices */
	expect_text("/vmlinux", "\1\2dm-mod.create=<name>[,<uuid>]\0", NULL, 0);
	expect_text("/etc/a.conf", "# options roothash=0123456789abcdef0123456789abcdef012345678\n",
	    NULL, 0);
	expect_text("/etc/a.conf", "roothash=$(cat /root.hash)\n", NULL, 0);
	expect_text("/boot/a.conf", "options root=/dev/dm-1 rw cryptdevice=/dev/sda2\n", NULL, 0);
	expect_text("/boot/a.conf", "options root=/dev/sda2 ima_appraise=off\n", NULL, 0);
	expect_text("/boot/a.conf", "options root=/dev/sda2 module.sig_enforce=0\n", NULL, 0);
	expect_text("/vmlinux", "\1\2module.sig_enforce\1", NULL, 0);
	expect_text("/usr/lib/libcryptsetup.so", "\1\2veritysetup open\1", NULL, 0);
}

static void
an_overlay_is_told(void **state)
{
	(void)state;
	expect_text("/etc/init.d/S01root",
	    "#!/bin/sh\nmount -t overlay overlay -o lowerdir=/,upperdir=/data/up,workdir=/data/w "
	    "/mnt\n",
	    "overlay", UNKNOWN);
}

static void
a_signature_behind_a_module_is_told(void **state)
{
	(void)state;
	expect_text("/lib/modules/a.ko", "\177ELF and so on~Module signature appended~\n",
	    "module signature", UNKNOWN);
	expect_text("/bin/sign-file", "\177ELF ~Module signature appended~\n and more", NULL, 0);
}

static void
programs_of_uefi_are_looked_at_for_certificates(void **state)
{
	uint8_t bytes[512] = {'M', 'Z', [0x3c] = 0x80, [0x80] = 'P', 'E', [0x98] = 0x0b, 2,
	    [0x98 + 68] = 10, [0x98 + 144] = 0xf0, [0x98 + 148] = 16};

	(void)state;
	expect("/EFI/BOOT/bootaa64.efi", bytes, sizeof bytes, "UEFI secure boot", UNKNOWN);
	bytes[0x98 + 68] = 3; /* a program of Windows */
	expect("/plugin.exe", bytes, sizeof bytes, NULL, 0);
	bytes[0x98 + 68] = 10;
	bytes[0x98 + 148] = 0;
	expect("/EFI/BOOT/bootaa64.efi", bytes, sizeof bytes, NULL, 0);
	expect("/SecureBootEnable-f0a30bc7", "\1", 1, "UEFI secure boot", 1);
	expect("/SecureBootEnable-f0a30bc7", "\0", 1, "UEFI secure boot", 0);
	expect("/SetupMode-8be4df61", "\1", 1, NULL, 0);
}

/* One region of an image; `content` may be NULL. */
static const struct boot_verification_fact *
of_region(
    struct collecting *collecting, const char *format, const char *detail, const char *content)
{
	struct region region = {.path = format[0] == '\0' ? "" : "0.x",
	    .parent = "",
	    .offset = 0x100,
	    .format = format,
	    .detail = detail,
	    .coverage = format[0] == '\0' ? COVERAGE_GAP : COVERAGE_READ};
	struct tree tree = {.regions = &region, .region_count = 1};
	struct evidence evidence = evidence_to_list(&collecting->list);

	if (content != NULL)
		region.content = span_of_string(content);
	collecting->list.count = 0;
	collecting->collection.tree = &tree;
	assert_int_equal(collector_boot_verification.conclude(
			     collecting->job, &collecting->collection, &evidence),
	    STATUS_OK);
	return collecting->list.count == 0 ? NULL : found(collecting, 0);
}

static void
parts_of_the_image_tell_their_signatures(void **state)
{
	static const struct {
		const char *format, *detail, *mechanism;
		int64_t active;
	} regions[] = {
	    {"imx", "version 4.0, with a HAB signature block", "i.MX HAB", UNKNOWN},
	    {"imx", "version 4.0, not signed", "i.MX HAB", 0},
	    {"mcuboot", "version 1, sha256 good, ECDSA P-256 signature", "MCUboot", UNKNOWN},
	    {"mcuboot", "version 1, sha256 good, unsigned", "MCUboot", 0},
	    {"esp_image", "ESP32, secure boot v2: 1 RSA-3072 signature", "ESP secure boot v2",
		UNKNOWN},
	    {"avb", "vbmeta 1.0, avbtool, SHA256_RSA4096, digest good", "AVB", UNKNOWN},
	    {"avb", "vbmeta 1.0, avbtool, SHA256_RSA4096, verification disabled", "AVB", 0},
	    {"fit", "3 images, 1 signatures: conf-1 by key \"dev\"", "FIT signature", UNKNOWN},
	    {"verity", "root hash 00, all blocks agree", "dm-verity", UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(regions); i++) {
		struct collecting *collecting = collecting_new();
		const struct boot_verification_fact *fact =
		    of_region(collecting, regions[i].format, regions[i].detail, NULL);

		assert_non_null(fact);
		assert_string_equal(fact->mechanism, regions[i].mechanism);
		assert_int_equal(fact->active, regions[i].active);
		assert_int_equal(collecting->list.count, 1);
		assert_null(of_region(collecting, "squashfs", regions[i].detail, NULL));
		assert_null(
		    of_region(collecting, "avb", "footer: image of 1 bytes, vbmeta at 0x0", NULL));
		collecting_free(collecting);
	}
}

static void
the_environment_in_flash_is_read(void **state)
{
	struct collecting *collecting = collecting_new();
	const struct boot_verification_fact *fact = of_region(collecting, "", "",
	    "bootargs=console=ttyS0 root=/dev/dm-0 ro dm-mod.create=\"r,,,ro,0 1 verity 1 a b\"");

	(void)state;
	assert_non_null(fact);
	assert_string_equal(fact->mechanism, "dm-verity");
	assert_int_equal(fact->active, 1);
	fact = of_region(collecting, "bootimg",
	    "version 1, command line console=ttyS0 root=/dev/dm-0 ro dm-mod.create=\"r 0 1 verity "
	    "1\"",
	    NULL);
	assert_non_null(fact);
	assert_int_equal(fact->active, 1);
	assert_null(
	    of_region(collecting, "bootimg", "version 1, command line root=/dev/sda1", NULL));
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	uint8_t bytes[KEYS_MAX];
	size_t size = make_keys(bytes, "signature", "conf", false);
	static const char line[] = "#!/bin/sh\nroot=/dev/dm-0 dm-mod.create=\"a verity \" "
				   "roothash=00 lowerdir=/ veritysetup open";

	(void)state;
	collecting_bear(&collector_boot_verification, "/a.dtb", bytes, size, 1);
	collecting_bear(&collector_boot_verification, "/init", line, sizeof line, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_boot_loader_that_requires_a_key_verifies),
	    cmocka_unit_test(one_required_key_is_enough),
	    cmocka_unit_test(the_kernels_command_line_switches_it_on),
	    cmocka_unit_test(words_that_switch_nothing_on_say_nothing),
	    cmocka_unit_test(an_overlay_is_told),
	    cmocka_unit_test(a_signature_behind_a_module_is_told),
	    cmocka_unit_test(programs_of_uefi_are_looked_at_for_certificates),
	    cmocka_unit_test(parts_of_the_image_tell_their_signatures),
	    cmocka_unit_test(the_environment_in_flash_is_read),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
