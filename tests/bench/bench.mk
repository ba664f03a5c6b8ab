# The programs that tests/bench/run measures with; included by the Makefile.
# Built with the flags of livescore itself, so that the floor is linked the same
# way (STATIC=1 too).

BENCH := .build/bench
bench_swarm := $(patsubst %,$(BENCH)/%.o,swarm client publisher samples)

.PHONY: bench-programs
bench-programs: $(BENCH)/floor $(BENCH)/swarm

$(BENCH)/floor: $(BENCH)/floor.o
$(BENCH)/swarm: $(bench_swarm)
$(BENCH)/floor $(BENCH)/swarm:
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $^

$(BENCH)/%.o: tests/bench/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(wildcard $(BENCH)/*.d)

bench: all bench-programs
	tests/bench/run
