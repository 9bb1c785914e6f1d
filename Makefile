# Everything a person or CI does with this repository. `make` alone lists the commands.

PYTHON ?= python3
# Where to take torch from; `make setup TORCH_INDEX_URL=…` with the address of PyTorch's own CPU index avoids
# gigabytes of CUDA libraries on Linux. Empty: from where everything else comes.
TORCH_INDEX_URL ?=
# More arguments for pytest: make test ARGS="-m 'not slow' -k store"
ARGS ?=

# How many tests run at once: one more than there are processors, for the slow ones mostly wait for servers.
JOBS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))

# How long make fuzz runs.
SECONDS ?= 60

VENV := .venv
SYNAPSE := .synapse-venv
# The variable, not --constraint: it also holds for what packages are built with.
PIP := PIP_CONSTRAINT=constraints.txt $(VENV)/bin/python -m pip --disable-pip-version-check install --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test lint format types check demo bench fuzz clean dev

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/ready ## make the environment in .venv and install caveat there: .venv/bin/caveat

run: setup ## start the bot; with no platform set up, the terminal chat
	@$(VENV)/bin/caveat run

test: dev $(SYNAPSE)/ready ## run every test, those against a real Matrix homeserver included
	$(VENV)/bin/python -m pytest --numprocesses $(JOBS) --dist loadfile $(ARGS)

lint: dev ## check style and formatting
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

format: dev ## format the code
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

types: dev ## check types
	$(VENV)/bin/mypy

check: lint types test ## all of the above checks

demo: dev $(SYNAPSE)/ready ## play a short conversation on a Matrix homeserver of its own and print it
	@$(VENV)/bin/python -m tests.demo

bench: dev $(SYNAPSE)/ready ## measure speed, memory and how long others wait; prints a table
	@$(VENV)/bin/python -m tests.bench

fuzz: dev ## feed the readers of addresses, pages and text with rubbish for a minute: make fuzz SECONDS=600
	@$(VENV)/bin/python -m tests.fuzz --seconds $(SECONDS)

clean: ## delete the environments and everything that was built
	rm -rf $(VENV) $(SYNAPSE) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

dev: $(VENV)/ready-dev

$(VENV)/ready: pyproject.toml constraints.txt
	@echo "Making the environment in $(VENV) (some minutes the first time; torch is large) …"
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else \
		"caveat needs Python 3.11 or newer, and $(PYTHON) is %d.%d; try: make PYTHON=python3.11" % v[:2])'
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing torch …"
	@$(PIP) $(if $(TORCH_INDEX_URL),--index-url $(TORCH_INDEX_URL)) --no-deps torch
	@echo "Installing caveat and what it needs …"
	@$(PIP) --editable '.[eval]'
	@touch $@
	@echo "Ready: $(VENV)/bin/caveat"

$(VENV)/ready-dev: $(VENV)/ready
	@echo "Installing what the tests and checks need …"
	@$(PIP) --editable '.[dev,eval]'
	@touch $@

$(SYNAPSE)/ready: tests/servers/synapse-constraints.txt
	@echo "Installing the Matrix homeserver for the tests in $(SYNAPSE) …"
	@test -x $(SYNAPSE)/bin/python || $(PYTHON) -m venv $(SYNAPSE)
	@PIP_CONSTRAINT=$< $(SYNAPSE)/bin/python -m pip --disable-pip-version-check install --quiet matrix-synapse
	@touch $@
