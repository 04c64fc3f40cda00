# hopquy: one Makefile.  Everything built stands under build/.
# make            release build            make SANITIZE=1   with ASan and UBSan
# make check      every test              make lint         style, layers, analysers
# make bench      ratios beside public tools                make fuzz          each harness for FUZZ_SECONDS
# make accuracy   precision and recall of each collector, into docs/accuracy.md
# make install    below $(DESTDIR)$(PREFIX)
.DEFAULT_GOAL := all
SANITIZE ?= 0
PKG = libxml-2.0 jansson libcrypto libssl sqlite3 libarchive libdeflate liblzma libzstd liblz4 libseccomp libelf libssh libhs ext2fs
BUILD = build/$(if $(filter 1,$(SANITIZE)),sanitize,release)
VERSION = 0.1.0
WARN = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror
CFLAGS_BASE = -std=c17 -D_GNU_SOURCE -I. -I$(BUILD)/generated -DHOPQUY_VERSION='"$(VERSION)"' $(WARN) $(shell pkg-config --cflags $(PKG))
ifeq ($(origin CC),default)
CC = gcc
endif
ifeq ($(FUZZ),1)
CC = clang
endif
ifneq ($(findstring clang,$(CC)),)
WARN += -Wno-string-concatenation
endif
ifeq ($(FUZZ),1)
BUILD = build/fuzz
CFLAGS_MODE = -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer -DHOPQUY_SANITIZE=1
LDFLAGS_MODE = -fsanitize=fuzzer,address,undefined
else ifeq ($(SANITIZE),1)
CFLAGS_MODE = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -DHOPQUY_SANITIZE=1
LDFLAGS_MODE = -fsanitize=address,undefined
else
CFLAGS_MODE = -O2 -g -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2 -fPIE $(if $(filter x86_64,$(shell uname -m)),-fcf-protection)
LDFLAGS_MODE = -pie -Wl,-z,relro,-z,now,-z,noexecstack
endif
LIBS = $(shell pkg-config --libs $(PKG)) -lbz2 -lcrypt -lpthread -lm
SOURCES = $(wildcard base/*.c facts/*.c firmware/*.c firmware/*/*.c device/*.c device/*/*.c profiles/*.c assess/*.c cert/*.c app/*.c)
MAINS = app/main.c app/signer.c
OBJECTS = $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(MAINS),$(SOURCES)))
SIGNER_OBJECTS = $(filter $(BUILD)/base/% $(BUILD)/facts/% $(BUILD)/cert/%,$(OBJECTS))
GENERATED = $(BUILD)/generated/messages.inc
TESTS = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/*/test_*.c tests/*/*/test_*.c))
TEST_SUPPORT = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/support/*.c))

all: $(BUILD)/hopquy $(BUILD)/hopquy-signer

$(BUILD)/cert/embedded.o: cert/registry.sql cert/certificate.rng
$(BUILD)/profiles/schema.o: profiles/dossier.rng profiles/answers.rng profiles/explanations.rng

$(BUILD)/generated/messages.inc: $(wildcard po/*vi.po) scripts/make-messages
	@mkdir -p $(@D)
	scripts/make-messages po/vi.po > $@.new && mv $@.new $@

$(BUILD)/%.o: %.c $(GENERATED)
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) $(CFLAGS_BASE) $(CFLAGS_MODE) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/libhopquy.a: $(OBJECTS)
	@rm -f $@ && ar rcs $@ $^

$(BUILD)/hopquy: $(BUILD)/app/main.o $(BUILD)/libhopquy.a
	@echo "  ld $@"
	@$(CC) $(LDFLAGS_MODE) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/hopquy-signer: $(BUILD)/app/signer.o $(SIGNER_OBJECTS)
	@echo "  ld $@"
	@$(CC) $(LDFLAGS_MODE) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tests/bench/bench_floor: LDFLAGS_MODE += -Wl,--wrap=codec_decode
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(TEST_SUPPORT) $(BUILD)/libhopquy.a
	@echo "  ld $@"
	@$(CC) $(LDFLAGS_MODE) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka -llzo2

tests: all $(TESTS)

check:
	scripts/check

bench: all
	scripts/setup bench
	scripts/bench-unpack
	scripts/bench-device
	scripts/bench-cert

accuracy: all
	scripts/setup accuracy
	scripts/accuracy --write

FUZZ_SECONDS ?= 60
HARNESSES = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/libhopquy.a
	@echo "  ld $@"
	@$(CC) $(LDFLAGS_MODE) $(LDFLAGS) -o $@ $^ $(LIBS)

# All at once; seeds of fuzz_formats are the little samples, one of each way to pack.
SEEDS_fuzz_formats = build/fixtures/images/little
fuzz/%: $(BUILD)/tests/fuzz/%
	bash fixtures/images/build.sh build/fixtures/images
	mkdir -p $(BUILD)/corpus/$*
	$< -max_total_time=$(FUZZ_SECONDS) -timeout=20 -rss_limit_mb=3000 -max_len=131072 -print_final_stats=1 -verbosity=0 \
		-artifact_prefix=$(BUILD)/ $(BUILD)/corpus/$* $(SEEDS_$*)
fuzz:
	$(MAKE) -s -j2 FUZZ=1 $(patsubst $(BUILD)/tests/fuzz/%,fuzz/%,$(HARNESSES))

PREFIX ?= /usr/local
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/hopquy
	install $(BUILD)/hopquy $(BUILD)/hopquy-signer $(DESTDIR)$(PREFIX)/bin
	install -m 644 docs/hopquy.1 $(DESTDIR)$(PREFIX)/share/man/man1
	cp -R checks data profiles $(DESTDIR)$(PREFIX)/share/hopquy

lint:
	scripts/lint

clean:
	rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
.PHONY: all tests check bench accuracy fuzz install lint clean
.SECONDARY:
