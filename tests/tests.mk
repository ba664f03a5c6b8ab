# How the tests are built; the Makefile includes it.
#
#   make unit          the programs of tests/unit, in $(BUILD)/tests
#   make fuzz          the targets of tests/fuzz; see tests/fuzz/fuzz.mk
#   make takeover      a livescore that plays a taken-over viewer; part of unit
#   make report        a livescore that reports what its sandbox would forbid (x86-64)
#   make check         bin/test
#   make lint          findings of static checkers, as file:line; make -k: all of them
#   make format        formats the C sources

.PHONY: unit takeover report fuzz check format lint lint-format lint-tidy lint-cppcheck lint-shell lint-man

check:
	bin/test

# The C sources, and the scripts, by their first lines.
c_sources := $(shell find src tests -name '*.[ch]')
scripts   := $(shell grep -lIrE --exclude='*.md' '^.!(/bin/|/usr/bin/env )(ba)?sh' bin .ci tests) $(wildcard tests/lib/*.sh)
cpus      := $(shell nproc)

lint: lint-format lint-shell lint-man lint-cppcheck lint-tidy

lint-format:
	clang-format --dry-run -Werror $(c_sources)

format:
	clang-format -i $(c_sources)

lint-shell:
	shellcheck -x -S warning -f gcc $(sort $(scripts))

lint-man:
	mandoc -T lint -W warning $(wildcard src/man/*.[1-8])

lint-cppcheck:
	cppcheck --quiet --error-exitcode=1 --template=gcc --inline-suppr --std=c11 -j $(cpus) \
	    --enable=warning,performance,portability --suppress=missingIncludeSystem \
	    -D_GNU_SOURCE -DLIVESCORE_VERSION='""' -Isrc $(filter %.c,$(c_sources))

lint-tidy:
	printf '%s\n' $(filter %.c,$(c_sources)) | xargs -n 1 -P $(cpus) sh -c \
	    'clang-tidy --quiet "$$0" -- -std=c11 -D_GNU_SOURCE -DLIVESCORE_VERSION=\"\" -Isrc 2>/dev/null'

# A unit test links only the objects named here: the linker proves that parsers and formatters
# need no I/O.
unit_test = $(BUILD)/tests/$(1): $(call object,$(addprefix src/,$(2)))
$(eval $(call unit_test,buf,base/text/buf.c base/text/utf8.c))
$(eval $(call unit_test,utf8,base/text/utf8.c))
$(eval $(call unit_test,clock,base/process/clock.c))
$(eval $(call unit_test,http,service/http/request.c base/text/buf.c base/text/utf8.c))
$(eval $(call unit_test,http_values,service/http/request.c service/http/negotiate.c service/http/response.c base/text/buf.c base/text/utf8.c))
$(eval $(call unit_test,auth,base/files/token_file.c base/files/beside.c base/process/failure.c base/process/log.c service/http/token.c service/http/request.c base/text/buf.c base/text/utf8.c))
$(eval $(call unit_test,cgi,service/http/cgi.c service/http/request.c base/text/buf.c base/text/utf8.c))
$(eval $(call unit_test,query,service/http/query.c service/rows/filter.c service/http/request.c base/text/buf.c base/process/clock.c base/text/utf8.c))
$(eval $(call unit_test,sse,service/routes/sse.c base/text/buf.c base/text/utf8.c))
$(eval $(call unit_test,updates,feeder/input/updates.c base/text/json.c base/process/failure.c base/process/log.c base/text/buf.c base/text/utf8.c))
$(eval $(call unit_test,simulation,feeder/simulate/simulation.c feeder/simulate/names.c base/text/buf.c base/text/utf8.c))
$(eval $(call unit_test,record,service/ring/record.c base/text/buf.c base/text/utf8.c))
$(eval $(call unit_test,admission,service/net/admission.c service/net/address.c base/text/buf.c base/text/utf8.c))
$(eval $(call unit_test,rate,service/net/rate.c base/process/clock.c))
$(eval $(call unit_test,address,service/net/address.c base/text/buf.c base/text/utf8.c))
$(eval $(call unit_test,proxy,service/http/proxy.c service/net/address.c service/http/request.c base/text/buf.c base/text/utf8.c))
$(eval $(call unit_test,ring,service/ring/record.c service/ring/guard.c))
$(eval $(call unit_test,ring_trouble,service/ring/record.c service/ring/guard.c))
$(eval $(call unit_test,snapshot,service/ring/record.c service/ring/guard.c service/ring/ring.c))
$(eval $(call unit_test,ring_stress,service/ring/record.c service/ring/guard.c service/ring/ring.c))
$(eval $(call unit_test,guard,service/ring/guard.c))
$(eval $(call unit_test,sandbox_calls,service/sandbox/calls.c service/sandbox/program.c))
$(BUILD)/tests/guard: LINK += -Wl,--wrap=sysconf
$(foreach test,db_holder ring ring_trouble snapshot ring_stress,$(BUILD)/tests/$(test)): $(base_o)

unit: $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*.c))

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(LINK) -MMD -MP -MF $@.d -o $@ $< $(filter %.o,$^) $(LIBS)

# Whole programs, each in its own folder, with some functions replaced by a test's.
unit: takeover
takeover: $(BUILD)/tests/takeover/livescore
report: $(BUILD)/tests/report/livescore
$(BUILD)/tests/takeover/livescore: LINK += -Wl,--wrap=serve,--wrap=http_parse,--wrap=mmap,--wrap=getrandom
$(BUILD)/tests/report/livescore: LINK += -Wl,--wrap=calls_program,--wrap=landlock_enter,--wrap=setrlimit
$(BUILD)/tests/%/livescore: tests/service/sandbox/%.c $(BUILD)/service/main.o $(service_o) $(base_o) $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(LINK) -MMD -MP -MF $@.d -o $@ $< $(filter %.o,$^) $(LIBS)
	ln -sf ../../../../$(BIN)/feeder $(@D)/feeder

include tests/fuzz/fuzz.mk
