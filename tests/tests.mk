# What the tests are built from; the Makefile includes it.
#
#   make unit          the programs of tests/unit, in $(BUILD)/tests
#   make fuzz          the targets of tests/fuzz, in .build/fuzz (needs clang)

.PHONY: unit fuzz

# A unit test is linked with the objects named here and nothing else: that the
# parsers and formatters need no I/O is seen by the linker.
unit_test = $(BUILD)/tests/$(1): $(call object,$(addprefix src/,$(2)))
$(eval $(call unit_test,buf,base/buf.c base/utf8.c))
$(eval $(call unit_test,utf8,base/utf8.c))
$(eval $(call unit_test,clock,base/clock.c))
$(eval $(call unit_test,http,service/http.c base/buf.c base/utf8.c))
$(eval $(call unit_test,http_values,service/http.c service/http_response.c base/buf.c base/utf8.c))
$(eval $(call unit_test,query,service/query.c service/http.c base/buf.c base/utf8.c))
$(eval $(call unit_test,sse,service/sse.c base/buf.c base/utf8.c))

unit: $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*.c))

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(LINK) -MMD -MP -MF $@.d -o $@ $< $(filter %.o,$^) $(LIBS)

# Fuzz targets have no build of the pure parts in common with anything else:
# clang instruments them too.
FUZZ_CC    ?= clang
fuzz_flags := -std=c11 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
fuzz_pure  := $(addprefix src/,service/http.c service/query.c service/sse.c base/buf.c base/utf8.c)

fuzz: $(patsubst tests/fuzz/%.c,.build/fuzz/%,$(wildcard tests/fuzz/*.c))

.build/fuzz/%: tests/fuzz/%.c $(fuzz_pure) $(wildcard tests/fuzz/*.h tests/unit/*.h src/base/*.h src/service/*.h)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(CPPFLAGS) $(fuzz_flags) -o $@ $< $(fuzz_pure)
