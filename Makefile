# make demo: three LEDs of a Pyboard flash in this terminal.  make test: everything that must hold.
# make test-gpio: the same on real lines, those of a simulated chip of a real kernel in a virtual machine; make bench-gpio: how fast.
# On Debian both install what they miss; Swift 6.2 or newer has to be there.

SWIFT ?= swift
# One file to copy to another machine, and a quicker start. The checks for overlapping access, which debug builds and
# tests make, would cost a task switch a third of its time. A program for a fixed address has nothing to relocate when it
# starts, which is a tenth of that.
# Symbols would be two thirds of it: make build STRIP= leaves them in, for a profiler, and what unwinds stacks, which nothing in
# here does: its index (half a megabyte) and, where Swift comes with lld, its tables (two).
STRIP := -Xlinker -s -Xlinker --no-eh-frame-hdr
ifneq ($(wildcard $(dir $(shell command -v $(SWIFT)))ld.lld),)
WITHOUT_UNWINDING = $(if $(STRIP),-Xswiftc -Xclang-linker -Xswiftc -fuse-ld=lld -Xlinker -T -Xlinker $(CURDIR)/tools/without-unwinding.ld)
endif
# The runtime's libraries in C++ in the program itself, where Debian's archive of them is: to look their symbols up would be a twelfth
# of its start. The linker takes a library before an archive of the same folder, so the archive gets a folder of its own.
CXX_ARCHIVE := $(wildcard $(shell $(dir $(shell command -v $(SWIFT)))clang -print-file-name=libstdc++.a))
CXX_FOLDER := $(CURDIR)/.build/libstdc++
ifneq ($(CXX_ARCHIVE),)
OWN_RUNTIME := -Xswiftc -L$(CXX_FOLDER) -Xswiftc -Xclang-linker -Xswiftc -static-libgcc
endif
# Each function a section of its own, of which the linker leaves out those that nobody calls and keeps one of those that are alike; one
# trap for all checks of a function: two megabytes, and the loops of make bench are as fast.
SMALL := -Xswiftc -Xfrontend -Xswiftc -function-sections -Xswiftc -Xfrontend -Xswiftc -mergeable-traps -Xlinker --icf=all
RELEASE := -c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked -Xlinker --no-pie \
	-Xlinker --no-export-dynamic $(SMALL) $(STRIP)
RELEASE_HERE = $(RELEASE) $(WITHOUT_UNWINDING) $(OWN_RUNTIME)
# For vpyboard --version; a "+" says that there were changes besides. One small file is compiled anew when it changes.
build dist install product pi-product: export VPYBOARD_COMMIT = $(shell git describe --always --exclude='*' --dirty=+ 2>/dev/null)
VPYBOARD := .build/release/vpyboard

.PHONY: demo build install dist pi product pi-product test test-gc test-threads test-pi test-gpio check-gpiod-headers bench-gpio bench conformance fuzz fuzz-asan format lint packages clean

demo: build
	$(VPYBOARD) run --speed 1 Examples/aledflash/aledflash.py

build: packages
	$(SWIFT) build $(RELEASE_HERE) --product vpyboard

# The command with its completions, board files, examples, pages and systemd unit; DESTDIR is for packages.
PREFIX ?= /usr/local
install: build
	tools/install $(VPYBOARD) $(PREFIX)

# dist/: an archive, and on Debian a package, for this machine's kind of processor.
dist: build
	tools/pack $(VPYBOARD)

# The same for a Raspberry Pi; with PRODUCT=Blink the executable of a firmware in Swift.
PRODUCT ?= vpyboard
CROSS_BUILT := .build-aarch64/aarch64-unknown-linux-gnu/release
pi: pi-product
ifeq ($(PRODUCT),vpyboard)
	RUN="tools/cross-aarch64 run" tools/pack $(CROSS_BUILT)/vpyboard
else
	mkdir -p dist
	cp $(CROSS_BUILT)/$(PRODUCT) dist/$(PRODUCT)-linux-aarch64
	@echo dist/$(PRODUCT)-linux-aarch64
endif

product: packages
	$(SWIFT) build $(RELEASE_HERE) --product $(PRODUCT)

# PRODUCT= is all of them.
pi-product: packages
	tools/cross-aarch64 swift build $(RELEASE) $(if $(PRODUCT),--product $(PRODUCT))

# Programs for a Raspberry Pi on emulated processors; UPSTREAM and MICROPYTHON_ASYNC as in tools/test-pi add more.
test-pi: packages
	$(SWIFT) build --build-tests
	tools/test-pi

# One test at a time, so that one that hangs is the last one in the log.
test: packages
	tools/run-tests $(SWIFT) test --no-parallel

# The interpreter's and the port's tests, and the examples, with a collection at every allocation, which overwrites what it frees:
# three minutes of processor time.
test-gc: packages
	VPYBOARD_GC_STRESS=1 tools/run-tests $(SWIFT) test --no-parallel --filter 'MicroPythonTests|MicroPythonPortTests|ExampleTests/printsInPython'

# Ratios to MicroPython's unix port with MICROPYTHON=path/to/micropython; PERF_BENCH=path/to/tests/perf_bench adds its own programs.
# Real lines are measured last, where QEMU and its packages can be had (status 3: they cannot).
bench: build
	$(SWIFT) build $(RELEASE_HERE) --product bench-asyncio
	$(SWIFT) build $(RELEASE_HERE) --product bench-gpio
	tools/bench
	tools/bench-gpio .build/release || [ $$? = 3 ]

# MicroPython's own tests: UPSTREAM is a checkout of micropython/micropython (1.29) or its tests folder. MICROPYTHON=path
# is the reference for tests that come without expected output, otherwise CPython. ARGUMENTS="--diff --only PATTERN" and
# more: tools/conformance/run.py --help. With TOOLS=1 also through a serial port, and mpremote's own tests.
conformance: build
	tools/conformance/run.py $(UPSTREAM) $(ARGUMENTS)
	$(if $(TOOLS),tools/conformance/serial.py $(UPSTREAM))

# Generated programs, arguments, pictures, board files, command lines, traces and signals for FUZZ_MINUTES: none may crash the emulator, keep it
# busy or fill the host's memory (docs/security.md). With MICROPYTHON=path (MICROPYTHON_SINGLE=path in single precision) outputs are compared.
# ARGUMENTS="--seed N" repeats a run, "--gc-stress" collects at every allocation; fuzz-asan does the same with AddressSanitizer.
FUZZ_MINUTES ?= 30
fuzz: build
	tools/fuzz/run.py --minutes $(FUZZ_MINUTES) $(ARGUMENTS)

fuzz-asan: packages
	$(SWIFT) build --sanitize=address --scratch-path .build/asan --product vpyboard
	tools/fuzz/run.py --vpyboard .build/asan/debug/vpyboard --no-memory-bound --timeout 120 --minutes $(FUZZ_MINUTES) $(ARGUMENTS)

# The tests that start threads, with ThreadSanitizer; ten minutes, most of it for the build.
test-threads: packages
	tools/test-threads

# With what make test has built.
test-gpio: packages check-gpiod-headers
	$(SWIFT) build --build-tests
	tools/test-gpio .build/debug

check-gpiod-headers:
	tools/check-gpiod-headers

bench-gpio: build
	$(SWIFT) build $(RELEASE_HERE) --product bench-gpio
	tools/bench-gpio .build/release

format:
	$(SWIFT) format -i -p -r Package.swift Sources Tests Examples Benchmarks

lint:
	$(SWIFT) format lint --strict -p -r Package.swift Sources Tests Examples Benchmarks

packages:
	@tools/install-packages
	@$(if $(CXX_ARCHIVE),mkdir -p $(CXX_FOLDER) && ln -sf $(CXX_ARCHIVE) $(CXX_FOLDER))

clean:
	$(SWIFT) package clean
