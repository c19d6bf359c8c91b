# Thin on purpose: every line here is a command that you could type.
.PHONY: demo deb deb-test deb-footprint test api-test slurm-test cohort-readers delivery-soak stream-test console-speed console-footprint scenarios kernel-test usb-report qa-report bench archive-bench instructions fuzz setup build check lint readme clean

program = .build/release/dopplerbridge

demo: setup build
	rm -rf out/demo
	$(program) exam run --probe sim:healthy --output out/demo/healthy --report
	$(program) exam run --probe sim:borderline --output out/demo/borderline --report || [ $$? -eq 1 ]
	$(program) exam run --probe sim:ccsvi --output out/demo/ccsvi --report
	@echo "Open this report: $(CURDIR)/out/demo/ccsvi/report.pdf"
	@echo "Open the console: $(CURDIR)/$(program) console --open"

test: setup
	.ci/test

# A Debian package that needs no Swift to run: out/deb/dopplerbridge_VERSION_ARCHITECTURE.deb. About twenty minutes.
deb: setup
	packaging/build-program .build-deb
	packaging/build-deb .build-deb/release/dopplerbridge out/deb

# That package installed in a bare Debian, used, removed and purged; as root, with debootstrap.
deb-test: deb
	.ci/deb/test "$$(ls -t out/deb/dopplerbridge_*.deb | head -1)"

# 1000 exams to faulty receivers, the sender killed every 50 documents: none lost, none doubled. About ten minutes.
delivery-soak: setup
	.ci/peers
	swift build --build-tests
	DOPPLERBRIDGE_SOAK_EXAMS=1000 swift test --skip-build --filter DeliverySoakTests

# 10,000 simulated exams analysed again on a one-machine Slurm cluster, tasks killed at random and resumed: the same table as
# of one process, with the speed-up. `EXAMS=500` takes fewer. It needs Debian's slurm-wlm and munge, and says so.
slurm-test: setup build
	.ci/slurm/test $(program) --exams $(or $(EXAMS),10000)

# Whether DuckDB, Arrow and Spark read a cohort's table as it is; it needs Debian's default-jre-headless, and says so.
cohort-readers: setup build
	.ci/cohort-readers $(program)

# 24 hours of signal to Lab Streaming Layer and OpenIGTLink clients at once, accelerated: some minutes. `HOURS=1` takes less;
# `REAL_TIME_MINUTES=60` goes by the clock on the wall.
stream-test: setup build
	.ci/streams $(program) $(or $(HOURS),24)

# Every simulated patient from samples to score, compared with what its scenario states.
scenarios: setup build
	$(program) simulate check

kernel-test: setup
	.ci/kernel/test

setup:
	@.ci/setup

build:
	swift build -c release --product dopplerbridge

check: lint
	.ci/run

lint:
	swift format lint --strict -r Sources Simulator DeviceProfiles Tests Benchmarks/Sources Benchmarks/Package.swift Package.swift
	.ci/check-layers
	.ci/check-tests
	.ci/check-constructs

readme:
	.ci/update-readme

# The table of the USB layer in README.md, measured: about five minutes. `QUICK=1` takes a tenth and changes nothing.
usb-report: setup
	swift build -c release --product USBReport
	.build/release/USBReport $(if $(QUICK),--quick,--update-readme)

# How fast the console's page draws, and how old a sample is when it is seen and heard, in a real browser.
console-speed: setup build
	DOPPLERBRIDGE=$(CURDIR)/$(program) .ci/browser test_speed

# What a running console with a live picture of 128 gates costs: memory and processor. MINUTES=120 shows whether it stays flat.
console-footprint: setup build
	DOPPLERBRIDGE=$(CURDIR)/$(program) python3 Tests/Browser/footprint.py --minutes $(or $(MINUTES),1)

# The same of the program that the Debian package brings, which may take half as much memory.
deb-footprint: deb
	DOPPLERBRIDGE=$(CURDIR)/.build-deb/release/dopplerbridge python3 Tests/Browser/footprint.py --minutes $(or $(MINUTES),1) --memory-mib 64

# The console's interface for programs: schemathesis against its OpenAPI file, and the Python client.
api-test: setup build
	.ci/api

# An archive of 10 to 10,000 exams, measured: its list, one exam, a look at everything. It needs 1 GB; nothing is left.
archive-bench: setup
	swift build -c release --product ArchiveActs
	.build/release/ArchiveActs bench $(or $(FOLDER),out/archive-bench)

# The table of the Doppler chain in README.md, measured: every clause with all its scenes, about six minutes.
qa-report: setup build
	.ci/update-qa

# The product beside its peers: about ten minutes, as text, out/bench.json and out/bench.svg. `QUICK=1` only shows that
# everything works.
bench: setup build
	.ci/setup Benchmarks/debian-packages
	test -d Benchmarks/.venv || python3 -m venv Benchmarks/.venv
	Benchmarks/.venv/bin/pip install --quiet --requirement Benchmarks/requirements.txt
	swift build -c release --product ArchiveActs
	swift build -c release --package-path Benchmarks
	mkdir -p out
	Benchmarks/.build/release/DopplerBench $(if $(QUICK),--quick) --json out/bench.json --picture out/bench.svg

# What the hot loops execute, against Benchmarks/instructions.json with 2 % tolerance. `UPDATE=1` keeps what is.
instructions: setup
	.ci/setup Benchmarks/debian-packages
	Benchmarks/instructions $(if $(UPDATE),--update)

# Every reader of bytes from outside, SECONDS each; READERS="odp-decoder wav" picks some.
SECONDS ?= 60
fuzz: setup
	.ci/fuzz $(SECONDS) $(READERS)

clean:
	rm -rf .build out
