# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

PRODUCTS := renclave-host renclave-enclave renclave-enclave-dev renclave
CHECKS := --explicit-target-dependency-import-check error
SWIFT_SOURCES := Sources Tests Fuzz Benchmarks Package.swift
RELEASE_DIR = $(shell swift build -c release --show-bin-path)

.PHONY: help setup setup-to-build setup-to-test build build-pair dev-build run run-enclave run-host
.PHONY: test fuzz fmt lint clippy bench clean

help: ## List the targets (this is the default)
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
	while IFS='|' read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

setup: ## Install what is missing to build, run and test (Debian 12)
	@scripts/setup.sh

setup-to-build:
	@scripts/setup.sh --check --build-only || $(MAKE) --no-print-directory setup

setup-to-test:
	@scripts/setup.sh --check || $(MAKE) --no-print-directory setup

build: setup-to-build ## Build what ships: the release executables
	@scripts/build.sh $(PRODUCTS)
	@scripts/check-imports.sh --release

dev-build: setup-to-build ## Build everything for debugging
	@swift build $(CHECKS)

build-pair: setup-to-build
	@scripts/build.sh renclave-enclave-dev renclave-host

run: build-pair ## Run enclave and gateway together; Ctrl-C stops both
	@exec scripts/run.sh "$(RELEASE_DIR)"

run-enclave: build-pair ## Run the development enclave alone
	@exec "$(RELEASE_DIR)/renclave-enclave-dev"

run-host: build-pair ## Run the gateway alone
	@exec "$(RELEASE_DIR)/renclave-host"

test: setup-to-test ## Build and run all tests and checks, the API of a running pair among them
	@scripts/test.sh

fuzz: setup-to-build ## Feed made-up input to every decoder (ARGS=60: seconds for each)
	@scripts/fuzz.sh $(ARGS)

fmt: ## Format the Swift sources in place
	@swift format -i -p -r $(SWIFT_SOURCES)

lint: ## Check format, documentation and imports; builds nothing
	@swift format lint -s -p -r $(SWIFT_SOURCES)
	@scripts/check-format.sh
	@scripts/check-docs.sh
	@scripts/check-imports.sh --sources

clippy: lint ## The same as lint

bench: build ## Measure the pair against a bare Hummingbird and a Node server
	@scripts/setup.sh --check --bench || scripts/setup.sh --bench
	@scripts/build.sh bare-hummingbird
	@scripts/bench.py $(ARGS)

clean: ## Remove everything that was built
	@rm -rf .build
