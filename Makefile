# Every target sets up what it needs in .venv: Python 3.11 or newer, make and git are enough
# (Node comes from PyPI where there is no npm).

PYTHON ?= python3
UV ?= uv
HOST ?= 127.0.0.1
PORT ?= 8000
# More for the program that a target runs: make test ARGS='tests/rdf -k turtle'
ARGS ?=
SECONDS ?= 200
# The text of the source document, which is not part of the project
SOURCE ?= ../shared/source/000_8cdd240eb8b84133.txt

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
KEPT := ontology shapes data
# Scripts and styles of the pages, and what they are built from
STATIC := server/econsec/web/static/manifest.json
WEB := server/web
SCRIPTS := $(WEB)/package.json $(WEB)/package-lock.json $(wildcard $(WEB)/*.mjs $(WEB)/src/* $(WEB)/src/*/*)
RECENT := import sys; sys.exit(sys.version_info < (3, 11))

.DEFAULT_GOAL := help
.PHONY: help setup serve test check check-static format-check lint types canonical data-check \
	reference-check fmt reference evidence conformance bench soak fuzz lock clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.* ## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name what; do \
		printf '  %-16s %s\n' "$$name" "$$what"; done

setup: $(READY) ## Make the virtual environment (every other target does it too)

# The stamp is touched last, so that an interrupted set-up is taken up again.
$(READY): requirements.lock pyproject.toml hatch_build.py $(WEB)/node.lock
	@$(PYTHON) -c '$(RECENT)' || { \
		echo "EconSec needs Python 3.11 or newer; $(PYTHON) says: $$($(PYTHON) --version 2>&1)" >&2; \
		echo "Name another one, for example: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; \
		exit 1; }
	@{ $(BIN)/python -c '$(RECENT)' && $(BIN)/python -m pip --version; } >/dev/null 2>&1 || \
		$(PYTHON) -m venv --clear $(VENV)
	@echo "Installing the dependencies of requirements.lock into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement requirements.lock
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet \
		--disable-pip-version-check --require-hashes --requirement $(WEB)/node.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--no-build-isolation --editable .
	@touch $@

# The editable install has built them; this is for what was changed since.
$(STATIC): $(SCRIPTS) | $(READY)
	@$(BIN)/python hatch_build.py

assets: $(READY) ## Build the scripts and styles of the pages anew
	@$(BIN)/python hatch_build.py

serve: $(READY) $(STATIC) ## Build the data set and start the endpoint (HOST, PORT)
	@$(BIN)/econsec serve --host $(HOST) --port $(PORT) $(ARGS)

test: $(READY) $(STATIC) ## Run all tests
	$(BIN)/python -m pytest --numprocesses auto $(ARGS)

check: check-static test ## All that must hold: format, lint, types, data, generated files, tests

check-static: format-check lint types canonical data-check reference-check ## The checks that are no tests

format-check: $(READY) ## Python files are formatted
	$(BIN)/python -m ruff format --check .

lint: $(READY) ## Python files are free of lint
	$(BIN)/python -m ruff check .

types: $(READY) ## The package is typed strictly
	$(BIN)/python -m mypy

canonical: $(READY) ## Turtle files are in canonical form
	$(BIN)/econsec fmt --check $(KEPT)

data-check: $(READY) ## The data set builds; hygiene queries and shapes find nothing
	$(BIN)/econsec build

reference-check: $(READY) ## Generated pages are up to date
	$(BIN)/econsec reference --check

fmt: $(READY) ## Bring Python and Turtle files into form
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .
	$(BIN)/econsec fmt $(KEPT)

reference: $(READY) ## Write the generated pages anew
	$(BIN)/econsec reference

evidence: $(READY) ## Find the passages anew and report what they cover (SOURCE=FILE)
	$(BIN)/econsec evidence build --source $(SOURCE)
	$(BIN)/econsec evidence coverage --source $(SOURCE) --output docs/evidence.md

conformance: $(READY) ## Run the W3C's SPARQL suites and write docs/conformance.md anew
	$(BIN)/python tests/conformance

soak: $(READY) ## Faults for a long time: kills by the hundred, runaways beside light queries
	ECONSEC_TEST_SOAK=1 $(BIN)/python -m pytest tests/service/faults --numprocesses 0 -s $(ARGS)

fuzz: $(READY) ## Spoilt queries, updates and uploads for a long time (SECONDS for each kind)
	ECONSEC_TEST_FUZZ_SECONDS=$(SECONDS) $(BIN)/python -m pytest tests/fuzz --numprocesses auto $(ARGS)

bench: $(READY) $(STATIC) ## Measure building, inference, the guard, the workers and the service
	$(BIN)/python -m pytest tests/bench --numprocesses 0 -s $(ARGS)

lock: ## Resolve requirements.lock anew; needs uv (ARGS=--upgrade takes newer releases)
	@command -v $(UV) >/dev/null || { \
		echo "make lock needs uv on the PATH, or its place: make lock UV=/path/to/uv" >&2; exit 1; }
	$(UV) pip compile $(WEB)/node.in --universal --python-version 3.11 \
		--generate-hashes --custom-compile-command "make lock" --quiet \
		--output-file $(WEB)/node.lock
	$(UV) pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --custom-compile-command "make lock" --quiet \
		--output-file requirements.lock $(ARGS)

clean: ## Remove the virtual environment, caches and built files
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache
	rm -rf $(WEB)/node_modules $(dir $(STATIC))
	find server tests -name __pycache__ -type d -prune -exec rm -rf {} +
