# The only task runner. `make` alone lists the targets. Every target makes the virtual environment it needs.

VENV := .venv
PYTHON := $(VENV)/bin/python
TCPLINT := $(VENV)/bin/tcplint
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check

# Stamps: what is installed in the virtual environment. A changed pyproject.toml installs anew.
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev

DEMO_GOOD := corpus/teardown/half-close-with-data/capture.pcap
DEMO_BAD := corpus/teardown/data-after-fin/capture.pcap

.PHONY: help demo test lint types subset pytest bench corpus clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "  make %-8s %s\n", $$1, $$2 }'

demo: $(RUN) ## a real connection that conforms, and one that does not
	@echo "tcplint reads packet captures and judges how TCP connections open and close. Here are two of them."
	@echo
	@echo "1. A real one, recorded from a Linux kernel: every segment, the state of both ends after it, why the close"
	@echo "   took four segments, and who stays in TIME-WAIT.   tcplint show $(DEMO_GOOD)"
	@echo
	@$(TCPLINT) show $(DEMO_GOOD)
	@echo
	@echo "2. A broken one: a client that goes on sending after its FIN.   tcplint check $(DEMO_BAD)"
	@echo
	@$(TCPLINT) check --fail-on never $(DEMO_BAD)
	@echo
	@echo "Go on:   . $(VENV)/bin/activate         then tcplint is a command of this shell"
	@echo "         tcplint check YOUR.pcap      what is wrong in a capture of yours"
	@echo "         tcplint rule data-after-fin  what a rule says, and why; --lang zh for Chinese"
	@echo "         corpus/README.md             all the captures that come with tcplint"

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

corpus: $(DEV) ## write crafted captures, the pages of corpus/ and the outputs in README anew
	$(PYTHON) -m tools.build_corpus
	$(PYTHON) -m tools.build_readme

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
