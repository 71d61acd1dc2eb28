# Makefile - builds, shows and checks spurn. `make help` lists what there is to make.

VERSION != sed -n 's/^\#define SPURN_VERSION "\(.*\)"/\1/p' src/spurn.h
BUILD ?= build
JOBS != nproc 2>/dev/null || echo 2
# `make V=1` shows each command; otherwise a line says what is being made.
Q = $(if $(V),,@)
say = @$(if $(V),:,echo '  $(1)')
CC ?= cc
OBJCOPY ?= objcopy
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local

LUA != sh src/build/lua-names.sh lua
CJSON != sh src/build/lua-names.sh cjson
LIBRARIES = $(LUA) $(CJSON) libcurl sqlite3 libssl libcrypto libpcre2-8
LIBRARY_FLAGS != pkg-config --cflags $(LIBRARIES) libmicrohttpd 2>/dev/null
LIBS != pkg-config --libs $(LIBRARIES) 2>/dev/null
SERVER_LIBS != pkg-config --libs $(LUA) $(CJSON) libcrypto libmicrohttpd 2>/dev/null
WARNINGS = -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes \
           -Wwrite-strings -Wvla -Wformat=2 -Werror=implicit-function-declaration
ALL_CFLAGS = -std=c11 -Isrc -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 $(WARNINGS) \
             -fPIC -fvisibility=hidden -fstack-protector-strong -MMD -MP \
             $(LIBRARY_FLAGS) $(CFLAGS) $(SANITIZE)
# Bound at the start: at a function's first call all registers, parts of keys among them, would be put on the stack.
LINK = $(CC) $(CFLAGS) $(SANITIZE) -Wl,--as-needed -Wl,-z,relro,-z,now $(LDFLAGS)

# What belongs where: the command, the emulator, and everything else is the library.
COMMAND_C := $(wildcard src/command/*.c)
EMULATOR_C := $(wildcard src/emulator/*.c) src/server.c
LIBRARY_C := $(filter-out $(COMMAND_C) $(EMULATOR_C),$(wildcard src/*.c src/*/*.c src/*/*/*.c))
EMBEDDED_LIBRARY := $(sort $(wildcard lua/*.lua lua/starter/*.lua src/*.sql src/*/*.sql))
EMBEDDED_EMULATOR := $(sort $(wildcard lua/emulator/*.lua))
UNIT_C := $(wildcard tests/unit/*_test.c)

objects = $(patsubst %.c,$(BUILD)/%.o,$(1))
LIBRARY_O := $(call objects,$(LIBRARY_C)) $(BUILD)/embedded-library.o
COMMAND_O := $(call objects,$(COMMAND_C))
EMULATOR_O := $(call objects,$(EMULATOR_C)) $(BUILD)/embedded-emulator.o
# The emulator stands on the lowest floors only, with its own embedded files.
EMULATOR_FLOORS_O := $(call objects,$(addprefix src/,buf.c secret.c error.c digest.c file.c log.c json.c json_write.c request.c clock.c))
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(UNIT_C))
BENCH := $(patsubst tests/bench/%.c,$(BUILD)/tests/bench/%,$(filter-out %/bench.c,$(wildcard tests/bench/*.c)))
MODEL_O := $(call objects,$(filter-out %/main.c %/walk.c,$(wildcard tests/model/*.c)))
PROGRAMS = $(BUILD)/spurn $(BUILD)/spurn-emulator

.PHONY: all built help packages demo test test-unit test-policies test-program test-model test-clients test-node test-valgrind bench lint \
        format words sanitize install clean
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:

all: packages
	@$(MAKE) --no-print-directory -j$(JOBS) built

built: $(PROGRAMS) $(BUILD)/libspurn.so $(BUILD)/libspurn.a
	@:

help:
	@echo 'make            build spurn, spurn-emulator and libspurn into $(BUILD)/'
	@echo 'make demo       watch spurn turn away invitations on two emulated clouds'
	@echo 'make test       every test'
	@echo 'make lint       format, static analysis, who may include what'
	@echo 'make sanitize   every test under the address and undefined-behaviour sanitizers'
	@echo 'make test-model  every way that a sweep can go, in a model of it'
	@echo 'make test-clients  real cloud clients against the emulator'
	@echo 'make test-node  the SDKs for JavaScript against the emulator; fetches their packages'
	@echo 'make test-valgrind  the main job under a memory checker'
	@echo 'make bench      timings beside those of others'
	@echo 'make format     settle the formatting of the C code'
	@echo 'make words      write the words of policies into the guide, editors'\'' types and .luacheckrc'
	@echo 'make install    into $$(DESTDIR)$$(PREFIX), /usr/local unless said otherwise'
	@echo 'make clean      remove $(BUILD)/'

# Installs what is missing through the system's package manager; silent when all is there.
packages:
	@sh src/build/packages.sh build

$(BUILD)/spurn: $(COMMAND_O) $(BUILD)/libspurn.a
	$(call say,link $@)
	$(Q)$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/spurn-emulator: $(EMULATOR_O) $(EMULATOR_FLOORS_O)
	$(call say,link $@)
	$(Q)$(LINK) -o $@ $^ $(SERVER_LIBS)

# One object in which only the public names can be seen from outside.
$(BUILD)/libspurn.a: $(LIBRARY_O)
	$(call say,link $@)
	$(Q)$(CC) -r -nostdlib -o $(BUILD)/libspurn.o $^
	$(Q)$(OBJCOPY) --localize-hidden $(BUILD)/libspurn.o
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $(BUILD)/libspurn.o

# Stays once it is loaded: libcurl may go on using our memory functions for its host after we are closed.
$(BUILD)/libspurn.so: $(LIBRARY_O)
	$(call say,link $@)
	$(Q)$(LINK) -shared -Wl,-soname,libspurn.so.0 -Wl,-z,nodelete -o $@ $^ $(LIBS)
	$(Q)ln -sf libspurn.so $(BUILD)/libspurn.so.0

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,cc $<)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/embedded-%.o: $(BUILD)/embedded-%.c
	$(call say,cc $<)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/embedded-library.c: $(EMBEDDED_LIBRARY) src/build/embed.sh
	@mkdir -p $(@D)
	$(Q)sh src/build/embed.sh $(EMBEDDED_LIBRARY) >$@

$(BUILD)/embedded-emulator.c: $(EMBEDDED_EMULATOR) src/build/embed.sh
	@mkdir -p $(@D)
	$(Q)sh src/build/embed.sh $(EMBEDDED_EMULATOR) >$@

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/tests/unit/unit.o $(filter-out %/main.o,$(COMMAND_O)) $(LIBRARY_O)
	$(call say,link $@)
	$(Q)$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/tests/model/main: $(BUILD)/tests/model/main.o $(MODEL_O)
	$(call say,link $@)
	$(Q)$(LINK) -o $@ $^

$(BUILD)/tests/model/walk: $(BUILD)/tests/model/walk.o $(MODEL_O) $(BUILD)/tests/unit/unit.o $(LIBRARY_O)
	$(call say,link $@)
	$(Q)$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(BUILD)/tests/bench/bench.o $(LIBRARY_O)
	$(call say,link $@)
	$(Q)$(LINK) $(BENCH_LINK) -o $@ $^ $(LIBS)

$(BUILD)/tests/bench/pair.o $(BUILD)/tests/bench/timed.o: CFLAGS += -D_DEFAULT_SOURCE  # wait4
# The policy bench takes the count hook and the memory cap away from one of its engines.
$(BUILD)/tests/bench/policy: BENCH_LINK = -Wl,--wrap=lua_sethook,--wrap=lua_newstate

demo: all
	@BUILD=$(BUILD) sh examples/demo/run.sh

test: all
	@sh src/build/packages.sh test
	@$(MAKE) --no-print-directory -j$(JOBS) $(UNIT)
	@BUILD=$(BUILD) CC='$(CC)' CFLAGS='$(CFLAGS) $(SANITIZE)' sh tests/run.sh unit policies program

test-unit: all
	@$(MAKE) --no-print-directory -j$(JOBS) $(UNIT)
	@BUILD=$(BUILD) sh tests/run.sh unit

test-policies: all
	@BUILD=$(BUILD) sh tests/run.sh policies

test-program: all
	@sh src/build/packages.sh test
	@BUILD=$(BUILD) CC='$(CC)' CFLAGS='$(CFLAGS) $(SANITIZE)' sh tests/run.sh program

# The sweep as a model, through every state that it can reach, and the journal beside it.
test-model: all
	@$(MAKE) --no-print-directory -j$(JOBS) $(BUILD)/tests/model/main $(BUILD)/tests/model/walk
	@BUILD=$(BUILD) sh tests/run.sh model

test-clients: all
	@sh src/build/packages.sh test clients
	@BUILD=$(BUILD) sh tests/run.sh clients

# The SDKs for JavaScript: their packages are fetched, so this stands apart.
test-node: all
	@sh src/build/packages.sh test clients node
	@BUILD=$(BUILD) sh tests/clients/node/run.sh

# The main job under a memory checker: any error or leak is exit 99, which no test expects.
test-valgrind: all
	@sh src/build/packages.sh test valgrind
	@BUILD=$(BUILD) WRAPPER='valgrind -q --leak-check=full --error-exitcode=99' \
	    lua5.4 tests/program/run.lua tests/program/main_job_test.lua

# Timings, each as a ratio to something else measured beside it in the same run; `make bench ONLY="sign plan"` for some of them.
bench: all
	@sh src/build/packages.sh test clients node
	@$(MAKE) --no-print-directory -j$(JOBS) $(BENCH)
	@BUILD=$(BUILD) sh tests/bench/run.sh $(ONLY)

sanitize:
	@$(MAKE) --no-print-directory test BUILD=$(BUILD)/sanitized \
	    CFLAGS='-O1 -g -fno-omit-frame-pointer' \
	    SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=undefined'

lint:
	@sh src/build/packages.sh build lint
	@BUILD=$(BUILD) sh src/build/lint.sh

format:
	clang-format -i $$(git ls-files 'src/*.[ch]' 'tests/*.[ch]' 'examples/*.[ch]')

# What repeats the vocabulary; a test fails when it differs.
words: all
	@sh src/build/packages.sh test
	@lua5.4 src/build/words.lua $(BUILD)/spurn

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib $(DESTDIR)$(PREFIX)/include \
	    $(DESTDIR)$(PREFIX)/share/spurn/policies $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BUILD)/libspurn.so $(DESTDIR)$(PREFIX)/lib/libspurn.so.$(VERSION)
	ln -sf libspurn.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/libspurn.so.0
	ln -sf libspurn.so.0 $(DESTDIR)$(PREFIX)/lib/libspurn.so
	install -m 644 $(BUILD)/libspurn.a $(DESTDIR)$(PREFIX)/lib
	install -m 644 src/spurn.h $(DESTDIR)$(PREFIX)/include
	install -m 644 src/spurn.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 policies/* $(DESTDIR)$(PREFIX)/share/spurn/policies

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
