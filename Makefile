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

.PHONY: help demo test lint types subset pytest tried promise faults soak stacks bench corpus pages lua parity \
  wireshark-44 gui clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z0-9-]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

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

test: lint types subset pytest tried ## lint, types, portable subset, tests, a short soak

lint: $(DEV) ## ruff
	$(PYTHON) -m ruff check

types: $(DEV) ## mypy --strict
	$(PYTHON) -m mypy

subset: $(DEV) ## does core/ stay in the portable subset of Python?
	$(PYTHON) -m tcplint.luagen.subset

pytest: $(DEV)
	$(PYTHON) -m pytest

promise: $(DEV) ## damage every capture of the corpus 400 times over, otherwise than yesterday
	TCPLINT_DAMAGES=400 TCPLINT_SEED=$$(date +%j) $(PYTHON) -m pytest tests/promise

tried: $(DEV)
	$(PYTHON) -m tools.soak --connections 300 --if-possible

SOAK := 20000
COPIES := 200000
SEED := 1

soak: $(DEV) ## Linux talks to Linux on a bad wire; SOAK=20000 connections, COPIES=200000 damaged copies, SEED=1
	$(PYTHON) -m tools.soak --connections $(SOAK) --copies $(COPIES) --seed $(SEED)

faults: $(DEV) ## every error and warning, committed on purpose in 120 captures and damaged copies; docs/*/faults.md
	$(PYTHON) -m tools.faults --docs

STACKS := $(PYTHON) -m tools.lab.stacks

stacks: $(DEV) ## other TCP stacks against Linux: installs them (Debian, root), plays them, writes docs/*/stacks.md
	dpkg -s $$($(STACKS) --packages) >/dev/null 2>&1 || { apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$($(STACKS) --packages); }
	$(STACKS) --docs

bench: $(DEV) ## speed, beside tshark on the same capture
	$(PYTHON) -m tools.bench

corpus: pages ## write crafted captures anew, record every kernel story again and compare the labels (Linux, root)
	$(PYTHON) -m tools.lab --verify

pages: $(DEV) ## write crafted captures, the pages of corpus/ and the outputs in README anew
	$(PYTHON) -m tools.build_corpus
	$(PYTHON) -m tools.build_readme

lua: $(DEV) ## translate core/ and the catalogue for Wireshark; pack its profile
	$(PYTHON) -m tools.build_lua
	$(PYTHON) -m tools.build_profile

PARITY := all

parity: $(DEV) ## the plugin in tshark beside tcplint check: 50 damaged copies of every case, and every single damage
	TCPLINT_PARITY=$(PARITY) $(PYTHON) -m pytest -n 0 tests/wireshark/test_parity.py

# Root is needed to make it, once; see tools/wireshark44/build.sh.
WIRESHARK_44 := $(CURDIR)/build/wireshark-44

wireshark-44: $(DEV) ## the same with tshark 4.4 and Lua 5.4, in a Debian of its own under build/ (root; 500 MB)
	tools/wireshark44/build.sh $(WIRESHARK_44)
	TCPLINT_ROOT=$(WIRESHARK_44) PATH="$(CURDIR)/tools/wireshark44:$$PATH" TCPLINT_PARITY=$(PARITY) \
	  $(PYTHON) -m pytest -n 0 tests/wireshark/test_parity.py

gui: $(DEV) ## start Wireshark on a screen without a monitor and look at it; installs both
	tools/bootstrap.sh gui
	$(PYTHON) -m pytest -n 0 -rs tests/wireshark/test_gui.py

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
