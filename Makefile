# What one does with Comptoir every day. Needs Go and git; on a fresh Debian or
# Ubuntu also make (apt-get install make). Everything else comes by itself.

GOFUMPT  := go run mvdan.cc/gofumpt@v0.12.0
GOLANGCI := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

LISTEN ?= 127.0.0.1:8080
DB     ?= ./data/comptoir.db
BIN    ?= bin/comptoir

.PHONY: run build test bench microbench lint format generate fuzz clean help

run: build ## build and start a sandbox with the demo world on LISTEN
	@mkdir -p data
	./bin/comptoir serve --demo --sandbox --listen $(LISTEN) --db $(DB)

build: ## build ./bin/comptoir, one static program
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -gcflags 'comptoir/internal/portal/...=-l' -o $(BIN) ./cmd/comptoir

test: ## run all tests (scripts/test says what it needs)
	./scripts/test

bench: ## measure against the least possible, and write docs/benchmarks.md (options: BENCH="-million=false")
	go run ./internal/bench $(BENCH)

microbench: ## run the benchmarks of single functions
	go test -run '^$$' -bench . -benchmem ./...

fuzz: ## run all tests, then every fuzz target for FUZZ (30s)
	COMPTOIR_TEST_FUZZ=$(or $(FUZZ),30s) ./scripts/test

lint: ## hold the code against gofumpt and golangci-lint
	@test -z "$$($(GOFUMPT) -l cmd internal | tee /dev/stderr)"
	$(GOLANGCI) run

format: ## write the code as gofumpt does
	$(GOFUMPT) -l -w cmd internal

generate: ## write the Go files of the templates anew
	go tool templ generate
	go generate ./...

clean: ## remove what was built; the database in ./data stays
	rm -rf bin
	go clean -testcache

help: ## list these targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12
