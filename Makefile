# Thin: everything also works with plain go once ./scripts/setup.sh has run.
.DEFAULT_GOAL := help
export OMP_THREAD_LIMIT := 1
GO ?= go
IMAGE_ARGS = --build-arg VERSION=$$(git describe --tags --always --dirty) --build-arg REVISION=$$(git rev-parse HEAD)

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: ## Install what building and testing need (Debian; apt, if root)
	@./scripts/setup.sh

build: setup ## Build bin/nianbao
	$(GO) build -o bin/nianbao ./cmd/nianbao

demo: build ## Set up, build, and convert the sample reports of testdata/
	@./scripts/demo.sh bin/nianbao

test: setup ## Set up, then run all tests, with cgo and without (those of the desk drive a real Chromium, that of the Windows program runs under wine)
	@./scripts/setup.sh chromium fonts-noto-cjk libreoffice-writer-nogui libreoffice-calc-nogui postgresql wine64 jq
	@./scripts/axe.sh
	@./scripts/servers.sh
	$(GO) vet ./...
	CGO_ENABLED=0 $(GO) build ./...
	$(GO) test -timeout 20m ./...

race: setup ## Run all tests under the race detector
	$(GO) test -race -timeout 40m ./...

arm64: ## Test the networks' code for arm64 (NEON), emulated (qemu-user is needed)
	GOARCH=arm64 CGO_ENABLED=0 $(GO) test -exec qemu-aarch64 ./ocr/tile ./ocr/reading ./ocr/lstm

golden: setup ## Rewrite the golden files; read the diff
	$(GO) test $$(grep -rl --include='*_test.go' internal/dev/golden . | xargs -n1 dirname | sort -u) -update
	git diff --stat

accuracy: setup ## Measure accuracy, on the scans of FOREIGN folders too, rewrite docs/accuracy.md and its record (ten minutes)
	$(GO) run ./internal/dev/accuracy/measure $(addprefix -foreign ,$(FOREIGN))

readings: setup ## Record the readers' misreadings anew, for the simulation of package check (an hour)
	$(GO) run ./internal/dev/accuracy/readings

bench: setup ## Time a scanned page by stage, one thread, COUNT (6) times; the output is for benchstat
	@echo 'Unit pages/s better=higher'
	@$(GO) test ./stages -run '^$$' -bench '^BenchmarkScan$$' -cpu 1 -count $${COUNT:-6}

benchmark: build ## Measure the tables of DOCUMENTS (docs/benchmark.md) against other programs, which pip fetches (five minutes)
	@test -n "$(DOCUMENTS)" || { echo "DOCUMENTS names the folder of the ICDAR 2013 documents: see docs/benchmark.md"; exit 2; }
	@python3 -m venv .cache/benchmark && .cache/benchmark/bin/pip -q install pdfplumber==0.11.10 camelot-py==2.0.0
	@.cache/benchmark/bin/python scripts/benchmark.py $(DOCUMENTS) bin/nianbao

verapdf: ## Fetch veraPDF, which checks the PDF/A of the tests (Java and Maven are needed)
	@mvn -q -B -f tools/verapdf/pom.xml dependency:copy-dependencies -DoutputDirectory=$$PWD/tools/verapdf/jars

fuzz: setup ## Run every fuzz target for FUZZTIME (30s)
	@for p in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz'); do \
	    $(GO) test $$p -run '^$$' -fuzz "^$$f$$" -fuzztime $${FUZZTIME:-30s} || exit 1; \
	  done; done

dist: ## Build the release: archives for Linux, macOS and Windows, with checksums
	./scripts/dist.sh

image: ## Build the container images nianbao:slim (also nianbao) and nianbao:full
	docker build -t nianbao -t nianbao:slim --target slim $(IMAGE_ARGS) .
	docker build -t nianbao:full --target full $(IMAGE_ARGS) .

image-test: ## Build both images and try them, locked in (IMAGE_FLAGS=--if-possible: or say why not)
	./scripts/image.sh $(IMAGE_FLAGS)

lint: setup ## Run golangci-lint, of the version that tools/go.mod pins (minutes the first time: it is built)
	$(GO) tool -modfile=tools/go.mod golangci-lint run ./...

.PHONY: help setup build demo test race golden accuracy readings bench benchmark verapdf arm64 fuzz dist image image-test lint
