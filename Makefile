# Every target does its own set-up: Python 3.11 or newer, git and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := bot fundraising letters mpesa standins storage trustvoice webhooks

.DEFAULT_GOAL := help
.PHONY: help setup demo run test check bench simulate lock messages clean

help: ## List what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/ready ## Create .venv with the pinned dependencies, nothing else

$(VENV)/ready: requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "TrustVoice needs Python 3.11 or newer; $(PYTHON) is older. Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## Start everything against stand-ins of Telegram and M-Pesa, and print the page to open
	$(BIN)/trustvoice demo

run: setup ## Start TrustVoice with the settings in .env
	$(BIN)/trustvoice run

test: setup ## Run all tests (T=path or T="-k words" for some; DATABASES=all the slow ones on PostgreSQL, too)
	$(BIN)/python -m pytest -n auto --dist loadfile $(T)

check: setup ## Lint, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(PACKAGES) tests benchmarks
	$(BIN)/lint-imports

bench: setup ## Measure: ratios, in one run
	$(BIN)/python -m benchmarks

simulate: setup ## Run simulated worlds (SEEDS=n; SEED=n replays one; MUTANTS=1 plants known mistakes, each must be found)
	$(BIN)/python -m tests.simulation $(if $(MUTANTS),--mutants,$(if $(SEED),--replay $(SEED),--seeds $(or $(SEEDS),200)))

messages: setup ## Collect the texts for translators
	$(BIN)/pybabel -q extract --no-default-keywords -k _ -k noted -k plural:1,2 --add-location=file --omit-header --sort-by-file -o letters/locale/messages.pot letters

lock: ## Pin every dependency anew (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade --output-file requirements.txt --quiet
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade --output-file requirements-dev.txt --quiet

clean: ## Remove what was made here (not data/)
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
