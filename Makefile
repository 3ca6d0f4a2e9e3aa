# make demo: three LEDs of a Pyboard flash in this terminal.  make test: everything that must hold.
# make test-gpio: the same on real lines, those of a simulated chip of a real kernel in a virtual machine; make bench-gpio: how fast.
# On Debian both install what they miss; Swift 6.3 has to be there.

SWIFT ?= swift
# One file to copy to another machine, and a quicker start. The checks for overlapping access, which debug builds and
# tests make, would cost a task switch a third of its time. A program for a fixed address has nothing to relocate when it
# starts, which is a tenth of that.
RELEASE := -c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked -Xlinker --no-pie
VPYBOARD := .build/release/vpyboard

.PHONY: demo build test test-gc test-gpio check-gpiod-headers bench-gpio bench conformance fuzz format lint packages clean

demo: build
	$(VPYBOARD) run --speed 1 Examples/aledflash/aledflash.py

build: packages
	$(SWIFT) build $(RELEASE) --product vpyboard

# One test at a time, so that one that hangs is the last one in the log.
test: packages
	tools/run-tests $(SWIFT) test --no-parallel

# The interpreter's and the port's tests with a collection at every allocation, which overwrites what it frees.
test-gc: packages
	VPYBOARD_GC_STRESS=1 tools/run-tests $(SWIFT) test --no-parallel --filter 'MicroPythonTests|MicroPythonPortTests'

# Ratios to MicroPython's unix port with MICROPYTHON=path/to/micropython; PERF_BENCH=path/to/tests/perf_bench adds its own programs.
# Real lines are measured last, where QEMU and its packages can be had (status 3: they cannot).
bench: build
	$(SWIFT) build $(RELEASE) --product bench-asyncio
	$(SWIFT) build $(RELEASE) --product bench-gpio
	tools/bench
	tools/bench-gpio .build/release || [ $$? = 3 ]

# MicroPython's own tests: UPSTREAM is a checkout of micropython/micropython (1.29) or its tests folder. MICROPYTHON=path
# is the reference for tests that come without expected output, otherwise CPython. ARGUMENTS="--diff --only PATTERN" and
# more: tools/conformance/run.py --help.
conformance: build
	tools/conformance/run.py $(UPSTREAM) $(ARGUMENTS)

# Generated and spoiled programs for FUZZ_MINUTES; none may crash the emulator. With MICROPYTHON=path their outputs are compared.
FUZZ_MINUTES ?= 30
fuzz: build
	tools/fuzz/run.py --minutes $(FUZZ_MINUTES) $(ARGUMENTS)

# With what make test has built.
test-gpio: packages check-gpiod-headers
	$(SWIFT) build --build-tests
	tools/test-gpio .build/debug

check-gpiod-headers:
	tools/check-gpiod-headers

bench-gpio: build
	$(SWIFT) build $(RELEASE) --product bench-gpio
	tools/bench-gpio .build/release

format:
	$(SWIFT) format -i -p -r Package.swift Sources Tests Examples Benchmarks

lint:
	$(SWIFT) format lint --strict -p -r Package.swift Sources Tests Examples Benchmarks

packages:
	@tools/install-packages

clean:
	$(SWIFT) package clean
