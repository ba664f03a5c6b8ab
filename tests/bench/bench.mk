# The programs that tests/bench/run measures with; included by the Makefile.
# They have the flags of livescore, so that the floor is linked alike (STATIC=1 too).

BENCH := .build/bench
bench_swarm := $(patsubst %,$(BENCH)/%.o,swarm client page publisher samples)

.PHONY: bench-programs
bench-programs: $(BENCH)/floor $(BENCH)/swarm

$(BENCH)/floor: $(BENCH)/floor.o $(BENCH)/flags
$(BENCH)/swarm: $(bench_swarm) $(BENCH)/flags
$(BENCH)/floor $(BENCH)/swarm:
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $(filter %.o,$^)

$(BENCH)/%.o: tests/bench/%.c $(BENCH)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# A separate file, since every kind of build shares this folder.
$(BENCH)/flags: FORCE
	@mkdir -p $(@D)
	@echo "$$flags" | cmp -s - $@ || echo "$$flags" >$@

-include $(wildcard $(BENCH)/*.d)

bench: all bench-programs
	tests/bench/run --record
