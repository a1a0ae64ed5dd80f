# Everything a user or developer runs. `make help` lists it.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PORT   ?= 8000

.DEFAULT_GOAL := help
.PHONY: help install demo test check format docs bench accuracy normalisation relevance compare-harvesters clean

help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "oer needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.development: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/.runtime

install: $(VENV)/.development ## Install everything for development into .venv

demo: $(VENV)/.runtime ## Install, harvest two sample providers, serve the catalogue
	OER_DATA_DIR=$${OER_DATA_DIR:-$(CURDIR)/.demo} OER_SITE_NAME=$${OER_SITE_NAME:-Aineisto} $(BIN)/oer demo --port $(PORT)

test: $(VENV)/.development ## Run the test suite
	$(BIN)/python -m pytest -n auto --dist loadgroup

check: $(VENV)/.development ## Lint, format, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.development ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.development ## Measure harvest, search and pages (results: docs/benchmarks.md)
	$(BIN)/python -m benchmarks

accuracy: $(VENV)/.development ## Compare the licence reader with labelled real strings
	$(BIN)/python -m benchmarks.license_accuracy

normalisation: $(VENV)/.development ## Show what becomes canonical of real records
	$(BIN)/python -m benchmarks.normalisation

relevance: $(VENV)/.development ## Compare search results with judged queries
	$(BIN)/python -m benchmarks.relevance

compare-harvesters: $(VENV)/.development ## Run the hostile provider against other harvesters too
	$(BIN)/python -m benchmarks.compare_harvesters

docs: $(VENV)/.development ## Write docs/commands.md from the commands themselves
	$(BIN)/python -m docs.reference

clean: ## Remove what was installed and built here
	rm -rf $(VENV) .demo .bench dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
