# Everything that is done to this project, by name. `make` alone lists it.
#
# A target does the set-up that it needs: .venv is made once, and again when what it is made from changes.
# Another Python than python3: make setup PYTHON=python3.12

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
BENCH_READY := .venv/.ready-bench
PARTS := src tests scripts benchmarks

OLD_PYTHON := Leadline needs Python 3.11 or newer; this one is older. Name another: make setup PYTHON=python3.12

.DEFAULT_GOAL := help
.PHONY: help setup demo predict train test check format bench accuracy builtin clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(READY) ## Make the environment in .venv, nothing else
	@echo "Leadline is set up: $(BIN)/leadline"

demo: $(READY) ## Classify examples/contacts.csv with the built-in model
	@$(BIN)/leadline classify examples/contacts.csv --taxonomy default --taxonomy personas \
		--internal-domain leadline.example

predict: $(READY) ## data/input.csv -> tagged_personas.csv
	@$(BIN)/leadline predict

train: $(READY) ## data/training_data.csv -> a new model of the persona segments, live at once
	@$(BIN)/leadline retrain

test: $(READY) ## Run every test
	@$(BIN)/python -m pytest

check: $(READY) ## Check formatting, lint, types, layers, docs
	@echo "Formatting" && $(BIN)/ruff format --check --output-format concise $(PARTS)
	@echo "Lint" && $(BIN)/ruff check --quiet --output-format concise $(PARTS)
	@echo "Types" && $(BIN)/mypy
	@echo "Layers" && $(BIN)/lint-imports --no-cache --no-logo
	@if [ -d tests/docs ]; then echo "Docs" && $(BIN)/python -m pytest tests/docs; fi

format: $(READY) ## Repair formatting, and what lint can repair
	@$(BIN)/ruff check --quiet --fix --exit-zero $(PARTS) > /dev/null
	@$(BIN)/ruff format $(PARTS)

bench: $(READY) $(BENCH_READY) ## Measure speed and memory: the README's figures
	@$(BIN)/python benchmarks/speed.py

accuracy: $(READY) $(BENCH_READY) ## Measure accuracy: the README's figures
	@$(BIN)/python benchmarks/accuracy.py

builtin: $(READY) ## Rebuild the built-in model after the lexicon changed
	@$(BIN)/python scripts/build_builtin.py

clean: ## Remove the environment and every cache; models and results stay
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist build
	@find src tests scripts benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt scripts/environment.py
	@$(PYTHON) -c 'import sys; sys.exit("$(OLD_PYTHON)" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) scripts/environment.py
	@touch $@

$(BENCH_READY): $(READY)
	@$(PYTHON) scripts/environment.py bench
	@touch $@
