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
