# The only task runner. `make` alone lists the targets. Every target makes the virtual environment it needs.

VENV := .venv
PYTHON := $(VENV)/bin/python
TCPLINT := $(VENV)/bin/tcplint
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check

# Stamps: what is installed in the virtual environment. A changed pyproject.toml installs anew.
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev

DEMO_GOOD := corpus/teardown/close-by-client/capture.pcap
DEMO_BAD := corpus/teardown/data-after-fin/capture.pcap

.PHONY: help demo test lint types subset pytest bench corpus clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "  make %-8s %s\n", $$1, $$2 }'

demo: $(RUN) ## a real connection that conforms, and one that does not
	@echo "== A connection that conforms: tcplint show $(DEMO_GOOD) --connection 0"
	@$(TCPLINT) show $(DEMO_GOOD) --connection 0
	@echo
	@echo "== One that does not: tcplint check $(DEMO_BAD)"
	@$(TCPLINT) check --fail-on never $(DEMO_BAD)

test: lint types subset pytest ## lint, types, portable subset, tests

lint: $(DEV) ## ruff
	$(PYTHON) -m ruff check

types: $(DEV) ## mypy --strict
	$(PYTHON) -m mypy

subset: $(DEV) ## does core/ stay in the portable subset of Python?
	$(PYTHON) -m tcplint.luagen.subset

pytest: $(DEV)
	$(PYTHON) -m pytest

bench: $(DEV) ## speed, beside tshark on the same capture
	$(PYTHON) -m tools.bench

corpus: $(DEV) ## label and describe every case of corpus/ anew from its recording
	$(PYTHON) -m tools.build_corpus

clean: ## remove everything that was built
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PYTHON):
	tools/bootstrap.sh venv $(VENV)

$(RUN): pyproject.toml | $(PYTHON)
	$(PIP) --editable '.[fast]'
	@touch $@

$(DEV): pyproject.toml | $(PYTHON)
	tools/bootstrap.sh tshark
	$(PIP) --editable '.[dev]'
	@touch $@ $(RUN)
