# The fuzz targets; tests/tests.mk includes it.  See README.md.
#
#   make fuzz                   the targets, in .build/fuzz (needs clang and its runtime)
#   make fuzz-all MINUTES=10    all of them, for that long altogether

.PHONY: fuzz fuzz-all fuzz-seeds
FUZZ_CC    ?= clang
MINUTES    ?= 10
fuzz_flags := -std=c11 -gline-tables-only -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
fuzz_ld    := $(if $(shell command -v ld.lld),-fuse-ld=lld) # in a third of the time
fuzz_built := $(patsubst tests/fuzz/%.c,.build/fuzz/%,$(wildcard tests/fuzz/*.c))

fuzz: $(fuzz_built) fuzz-seeds

fuzz-all: fuzz
	tests/fuzz/all $(MINUTES)

fuzz-seeds: all
	tests/fuzz/seeds .build/fuzz/seeds

# src is instrumented, but for folders that no target calls, in one library per program: a target
# links what it calls, from feeder's if its name begins with feeder_.  The target itself is only
# sanitized, since its own branches are not explored.
not_fuzzed   := $(filter-out %/sse.c,$(wildcard src/service/routes/*.c)) \
                $(addprefix src/service/,serve.c listen/% follow/% sandbox/% net/admission.c net/conn.c net/rate.c)
fuzz_library = .build/fuzz/$(1).a: $(patsubst src/%.c,.build/fuzz/src/%.o,$(filter-out $(not_fuzzed),$($(1))))
$(eval $(call fuzz_library,base))
$(eval $(call fuzz_library,service))
$(eval $(call fuzz_library,feeder))
.build/fuzz/%.a:
	rm -f $@
	ar rcs $@ $^

.build/fuzz/src/%.o: src/%.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(CPPFLAGS) $(fuzz_flags) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

fuzz_embedded := $(addprefix $(BUILD)/,base/sqlite/sql.embed.o service/rows/sql.embed.o web/assets.embed.o feeder/store/sql.embed.o feeder/help.embed.o)
.build/fuzz/feeder_%: fuzz_libraries = .build/fuzz/feeder.a .build/fuzz/base.a
.build/fuzz/%: fuzz_libraries = .build/fuzz/service.a .build/fuzz/base.a
.build/fuzz/%: tests/fuzz/%.c .build/fuzz/base.a .build/fuzz/service.a .build/fuzz/feeder.a $(fuzz_embedded)
	$(FUZZ_CC) $(CPPFLAGS) $(fuzz_flags) -MMD -MP -MT $@ -MF $@.d -c -o $@.o $<
	$(FUZZ_CC) $(fuzz_flags) $(fuzz_ld) -fsanitize=fuzzer -o $@ $@.o $(fuzz_libraries) $(fuzz_embedded) $(LIBS)

-include $(shell find .build/fuzz -name '*.d' 2>/dev/null)
