# livescore: GNU make.  The programs are built into bin/, everything else into .build/.
#
#   make               bin/livescore and bin/feeder
#   make SANITIZE=1    the same under ASan and UBSan, in .build/sanitize/bin
#   make STATIC=1      static programs, where libsqlite3.a exists
#   make check         every test (bin/test installs what they need)
#   make bench         every benchmark; writes the figures of the READMEs
#   make lint          formatting, clang-tidy, cppcheck, shellcheck, mandoc
#   make install       DESTDIR= PREFIX=/usr/local
#   make uninstall     removes what install installed
#   make dist, deb     a tarball; a Debian package (systemd/packages.mk)
#   make clean

PREFIX     ?= /usr/local
CC         ?= cc
CFLAGS     ?= $(if $(SANITIZE),-Og,-O2) -g # -Og takes a third of the time to compile with sanitizers
INSTALL    ?= install
VERSION    := 0.1.0

WERROR     ?= -Werror
WARNINGS   := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
              -Wmissing-prototypes -Wwrite-strings -Wvla $(WERROR)
HARDENING  := -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fPIE
LIBS       := -lsqlite3

ifdef SANITIZE
BUILD      := .build/sanitize
BIN        := $(BUILD)/bin
HARDENING  := -fPIE -fsanitize=address,undefined -fno-sanitize-recover=all \
              -fno-omit-frame-pointer -DSANITIZED # gcc has a macro for it, the clang of Debian 13 none
# gcc's runtimes are linked statically, which halves the start time of a program.
LINK       := -pie -fsanitize=address,undefined $(if $(findstring clang,$(shell $(CC) --version)),,-static-libasan -static-libubsan)
else ifdef STATIC
BUILD      := .build/static
BIN        := bin
LINK       := -static-pie -Wl,-z,relro,-z,now
LIBS       := -lsqlite3 -lm
$(info STATIC=1: ld warns of dlopen, which SQLite calls for extensions only, and of getpwnam and its like: \
'feeder check --user' then knows the users in /etc/passwd; others only with the libraries of this glibc)
else
BUILD      := .build/release
BIN        := bin
LINK       := -pie -Wl,-z,relro,-z,now -Wl,--as-needed
endif

override CPPFLAGS += -D_GNU_SOURCE -DLIVESCORE_VERSION='"$(VERSION)"' -Isrc
override CFLAGS   += -std=c11 $(WARNINGS) $(HARDENING)

# The objects of each program, and the files embedded in it (the lists are src/base/sqlite/sql.h,
# src/service/rows/sql.h, src/feeder/store/sql.h, src/feeder/help.h, src/web/assets.h).
base      := $(wildcard src/base/*/*.c)
service   := $(filter-out src/service/main.c,$(wildcard src/service/*.c src/service/*/*.c))
feeder    := $(filter-out src/feeder/main.c,$(wildcard src/feeder/*.c src/feeder/*/*.c))
object     = $(patsubst src/%.c,$(BUILD)/%.o,$(1))
base_o    := $(call object,$(base)) $(BUILD)/base/sqlite/sql.embed.o
service_o := $(call object,$(service)) $(addprefix $(BUILD)/,service/rows/sql.embed.o web/assets.embed.o)
feeder_o  := $(call object,$(feeder)) $(addprefix $(BUILD)/feeder/,store/sql.embed.o help.embed.o)

.PHONY: all install uninstall clean FORCE
.DELETE_ON_ERROR:
all: $(BIN)/livescore $(BIN)/feeder

$(BIN)/livescore: $(BUILD)/service/main.o $(service_o) $(base_o) $(BUILD)/flags
$(BIN)/feeder: $(BUILD)/feeder/main.o $(feeder_o) $(base_o) $(BUILD)/flags
$(BIN)/livescore $(BIN)/feeder:
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $(filter %.o,$^) $(LIBS)

$(BUILD)/%.o: src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# -MMD does not see .incbin: depend on every file of these kinds.
embedded := $(wildcard sql/*.sql sql/*/*.sql src/web/* src/web/lang/* src/feeder/help/*)
$(BUILD)/%.embed.o: src/%.h src/base/embed.S src/base/embed.h $(embedded)
	@mkdir -p $(@D)
	$(CC) -I$(BUILD) -Isrc -DEMBED_LIST='"$*.h"' -c -o $@ src/base/embed.S

# Formats get the meanings of statuses from sql/schema.sql.
$(BUILD)/feeder/store/sql.embed.o: $(BUILD)/feeder/statuses.sql
$(BUILD)/feeder/statuses.sql: sql/schema.sql
	@mkdir -p $(@D)
	sed -n '/^CREATE TABLE statuses/,/;$$/p; /^INSERT INTO statuses/,/;$$/p' $< >$@

# The page's files, without comments, and compressed; a hash of all of them,
# and the page with links to assets/HASH/ (see src/web/assets.h).  The page gets the meanings of statuses from sql/schema.sql.
statuses := $(BUILD)/web/statuses.js
embed := $(BUILD)/web/embed.js
assets := $(sort $(filter-out src/web/embed.js,$(wildcard src/web/*.js src/web/lang/*.js src/web/*.css src/web/*.svg src/web/*.png src/web/*.webmanifest src/web/templates.html))) $(statuses) $(embed)
asset_names := $(patsubst src/web/%,%,$(patsubst $(BUILD)/web/%,%,$(assets)))
$(BUILD)/web/assets.embed.o: $(addprefix $(BUILD)/web/,$(addsuffix .gz,$(asset_names)) index.html)
$(statuses): sql/schema.sql
	@mkdir -p $(@D)
	{ echo '/* Made by the build from sql/schema.sql: word, state, event, last minute. */'; \
	  echo 'export const STATUSES = new Map(['; \
	  sed -nE "s/^    (\('[^']+', '(upcoming|live|finished|off)', [^,]+, [^,]+), [^,]+\)[,;]$$/  \1),/p" $< | \
	  sed -E "s/NULL/null/g; s/^  \(('[^']+'), (.*)\),$$/  [\1, [\2]],/"; \
	  echo ']);'; } >$@
# Comments go, but not what the build and the service replace: <!-- matches -->, in lower case.
uncommented := sed -E '/^ *<!-- [A-Z].*-->$$/d; /^ *<!-- [A-Z]/,/-->$$/d; /^ *\/\*.*\*\/ *$$/d; /^ *\/\*/,/\*\/ *$$/d; s,(^| ) *// .*$$,,'
# embed.js is one file: the page's words, times, state, feed and hub become a part of it.
inlined := $(statuses) $(addprefix src/web/,lang/en.js language.js types.js times.js words.js state.js feed.js hub.js)
$(embed): src/web/embed.js $(inlined)
	sed -E '/^import /d; s/^export default /const en = /; s/^export //' $(inlined) | sed '/^  .. modules: /r /dev/stdin' $< | $(uncommented) >$@
$(filter-out $(statuses) $(embed),$(addprefix $(BUILD)/web/,$(asset_names))): $(BUILD)/web/%: src/web/%
	@mkdir -p $(@D)
	$(if $(filter %.js %.css %.html,$<),$(uncommented),cat) $< >$@
$(BUILD)/web/%.gz: $(BUILD)/web/%
	gzip -9nc $< >$@
$(BUILD)/web/hash: $(assets) Makefile
	@mkdir -p $(@D)
	sha256sum $(filter-out Makefile,$^) | sed 's| .*/| |' | sha256sum | cut -c 1-16 | tr -d '\n' >$@
space := $() $()
$(BUILD)/web/index.html: src/web/index.html $(BUILD)/web/hash
	$(uncommented) $< | sed -E "s#(src|href)=\"($(subst $(space),|,$(asset_names)))\"#\1=\"assets/$$(cat $(@D)/hash)/\2\"#g" >$@

# Changes when the flags do, and so rebuilds everything.
export flags := $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(LINK) $(LIBS)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo "$$flags" | cmp -s - $@ || echo "$$flags" >$@
FORCE:

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
include tests/tests.mk tests/bench/bench.mk systemd/packages.mk

# systemd looks below /usr and /usr/local by itself; with another PREFIX its files go to /etc.
# Units, manuals and examples get the PREFIX.  Programs and units are replaced atomically: systemd
# may read them for a viewer at any moment, and a socket whose service is half written fails for
# good.
bindir   := $(DESTDIR)$(PREFIX)/bin
mandir   := $(DESTDIR)$(PREFIX)/share/man
sharedir := $(DESTDIR)$(PREFIX)/share/livescore
bashdir  := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
zshdir   := $(DESTDIR)$(PREFIX)/share/zsh/site-functions
libdir   := $(DESTDIR)$(if $(filter /usr /usr/local,$(PREFIX)),$(PREFIX)/lib,/etc)
unitdir  := $(libdir)/systemd/system
settings := $(DESTDIR)/etc/default/livescore
default  := sed 's|/usr/local/lib/|$(libdir:$(DESTDIR)%=%)/|' systemd/livescore.default
units    := $(wildcard systemd/*.socket systemd/*.service systemd/*.timer systemd/*.slice)

install: all
	$(INSTALL) -d $(bindir) $(mandir)/man1 $(mandir)/man7 $(mandir)/man8 $(unitdir) $(sharedir)
	for program in livescore feeder; do \
	    $(INSTALL) -m 755 $(BIN)/$$program $(bindir)/.$$program.new && \
	    mv -f $(bindir)/.$$program.new $(bindir)/$$program || exit; \
	done
	$(INSTALL) -m 644 src/man/feeder.1 $(mandir)/man1
	$(INSTALL) -m 644 src/man/livescore-metrics.7 $(mandir)/man7
	$(INSTALL) -m 644 src/man/livescore.8 $(mandir)/man8
	sed -i 's|/usr/local/|$(PREFIX)/|g' $(mandir)/man1/feeder.1 $(mandir)/man7/livescore-metrics.7 $(mandir)/man8/livescore.8
	$(INSTALL) -D -m 644 src/completion/feeder.bash $(bashdir)/feeder
	$(INSTALL) -D -m 644 src/completion/_feeder $(zshdir)/_feeder
	for file in $$(find sql -name '*.sql'); do \
	    $(INSTALL) -D -m 644 $$file $(sharedir)/$$file || exit; \
	done
	$(INSTALL) -D -m 644 -t $(sharedir)/examples tests/data/matches.json $(wildcard systemd/examples/*)
	sed -i 's|/usr/local/|$(PREFIX)/|g' $(sharedir)/examples/*.conf
	for unit in $(notdir $(units)); do \
	    sed 's|/usr/local/|$(PREFIX)/|g' systemd/$$unit >$(unitdir)/.$$unit.new && \
	    chmod 644 $(unitdir)/.$$unit.new && \
	    mv -f $(unitdir)/.$$unit.new $(unitdir)/$$unit || exit; \
	done
	$(INSTALL) -D -m 644 systemd/livescore.sysusers $(libdir)/sysusers.d/livescore.conf
	$(INSTALL) -D -m 644 systemd/livescore.tmpfiles $(libdir)/tmpfiles.d/livescore.conf
	[ -e $(settings) ] || $(default) >$(BUILD)/default
	[ -e $(settings) ] || $(INSTALL) -D -m 644 $(BUILD)/default $(settings)

# The database stays, and so do edited settings and what is in /etc/livescore.
uninstall:
	rm -f $(bindir)/livescore $(bindir)/feeder
	rm -f $(mandir)/man1/feeder.1 $(mandir)/man7/livescore-metrics.7 $(mandir)/man8/livescore.8
	rm -f $(bashdir)/feeder $(zshdir)/_feeder
	rm -rf $(sharedir)
	rm -f $(addprefix $(unitdir)/,$(notdir $(units)))
	rm -f $(libdir)/sysusers.d/livescore.conf $(libdir)/tmpfiles.d/livescore.conf
	! $(default) | cmp -s - $(settings) || rm -f $(settings)
	[ ! -d $(DESTDIR)/etc/livescore ] || rmdir --ignore-fail-on-non-empty $(DESTDIR)/etc/livescore

clean:
	rm -rf .build bin/livescore bin/feeder
