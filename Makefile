# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

PRODUCTS := renclave-host renclave-enclave renclave-enclave-dev renclave genesis_key_generator
CHECKS := --explicit-target-dependency-import-check error
SWIFT_SOURCES := Sources Tests Fuzz Benchmarks Package.swift
RELEASE_DIR = $(shell swift build -c release --show-bin-path)
DEBUG_DIR = $(shell swift build --show-bin-path)

.PHONY: help setup setup-to-build setup-to-test build build-pair dev-build run run-enclave run-host
.PHONY: test test-flow test-thresholds test-forwarding test-documents fuzz fmt lint clippy bench clean

help: ## List the targets (this is the default)
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
	while IFS='|' read -r name text; do printf '  make %-15s %s\n' "$$name" "$$text"; done

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

test-flow: setup-to-test dev-build ## Test a quorum key's whole life, from genesis to recovery
	@RENCLAVE_BIN_DIR="$(DEBUG_DIR)" scripts/test_complete_tee_flow.sh

test-thresholds: setup-to-test dev-build ## Test quorums of 2 of 3, 7 of 7 and 3 of 5
	@RENCLAVE_BIN_DIR="$(DEBUG_DIR)" scripts/test_threshold_configurations.sh

test-forwarding: setup-to-test dev-build ## Test a quorum key's way from instance to instance, on ports from 9000 on
	@RENCLAVE_BIN_DIR="$(DEBUG_DIR)" scripts/test_tee_to_tee_key_sharing.sh
	@RENCLAVE_BIN_DIR="$(DEBUG_DIR)" scripts/test_tee_chain.sh

test-documents: setup-to-test dev-build ## Run the commands that the documents show
	@RENCLAVE_BIN_DIR="$(DEBUG_DIR)" scripts/test-documents.sh docs/tee-instance-management.md
	@RENCLAVE_BIN_DIR="$(DEBUG_DIR)" scripts/test-documents.sh docs/key-management.md
	@RENCLAVE_BIN_DIR="$(DEBUG_DIR)" scripts/test-documents.sh docs/tee-to-tee-sharing.md

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

bench: build ## Measure the pair against other servers, and ceremonies against the curve operations they need
	@scripts/setup.sh --check --bench || scripts/setup.sh --bench
	@scripts/build.sh bare-hummingbird curve-floor
	@scripts/bench.py $(ARGS)

clean: ## Remove everything that was built
	@rm -rf .build
