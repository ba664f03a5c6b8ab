# The packages; the Makefile includes it.
#
#   make dist    .build/livescore-VERSION.tar.gz: the tracked files as they are now.  The same commit gives the same
#                bytes; the tree in it builds, tests and makes the same tarball without git
#   make deb     .build/deb/livescore_*.deb, and its source package, from that tarball and systemd/debian
#                (needs debhelper).  DEB_VERSION= names another version

.PHONY: dist deb
DEB_VERSION ?= $(VERSION)-1
name        := livescore-$(VERSION)
tarball     := .build/$(name).tar.gz
debs        := .build/deb

# Times are the commit's, which the Makefile of an unpacked tarball has, too; modes are those git knows.
dist:
	@mkdir -p .build
	if [ -e .git ]; then git ls-files -z; \
	else find . -type f ! -path './.build/*' ! -path ./bin/livescore ! -path ./bin/feeder -printf '%P\0'; fi >.build/names
	LC_ALL=C sort -z -o .build/names .build/names
	tar -c --null -T .build/names --format=ustar --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --transform='s|^|$(name)/|' \
	    --mtime=@$$(if [ -e .git ]; then git log -1 --format=%ct; else stat -c %Y Makefile; fi) >.build/$(name).tar
	gzip -9nf .build/$(name).tar

deb: dist
	rm -rf $(debs)
	mkdir -p $(debs)
	cp $(tarball) $(debs)/livescore_$(firstword $(subst -, ,$(DEB_VERSION))).orig.tar.gz
	tar -xzf $(tarball) -C $(debs)
	cp -r $(debs)/$(name)/systemd/debian $(debs)/$(name)/debian
	sed -i '1s/(.*)/($(DEB_VERSION))/' $(debs)/$(name)/debian/changelog
	cd $(debs)/$(name) && env -u MAKEFLAGS -u MAKELEVEL dpkg-buildpackage -us -uc $(DEB_FLAGS)
