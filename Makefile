# One command per job; `make` alone lists them. Needs GNU make, git's files and Python 3.11 or newer.

PORT ?= 8501
# 3.11 first: it is the release that every figure in README.md was measured with.
PYTHONS := $(if $(PYTHON),"$(PYTHON)",python3.11 python3.12 python3.13 python3)
PY := .venv/bin/python
DONE := .venv/.setup-done
PIP := $(PY) -m pip --disable-pip-version-check --no-input
EVAL_DATA := build/eval-data

.DEFAULT_GOAL := help
.PHONY: help setup run test check corpus-files eval clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 | \2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'
	@echo "  Settings: PORT=8501 for run, PYTHON=/path/to/python for setup, KB_DATA and the others of README.md"

setup: $(DONE) ## make .venv with everything that is needed (again only when pyproject.toml or constraints.txt change)

$(DONE): pyproject.toml constraints.txt
	@if ! $(PY) -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  found=; \
	  for python in $(PYTHONS); do \
	    if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found="$$python"; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "setup: no Python 3.11 or newer with venv was found (tried: '$(PYTHONS)'). Install one (on Debian or Ubuntu: apt install python3 python3-venv), or say where it is: make setup PYTHON=/path/to/python" >&2; \
	    exit 1; \
	  fi; \
	  echo "Making .venv with $$("$$found" --version)"; \
	  "$$found" -m venv --clear .venv; \
	fi
	@echo "Installing into .venv (some 600 MB the first time; a few minutes)"
	@$(PIP) install -qq -c constraints.txt -e ".[dev]"
	@touch $(DONE)

run: setup ## open the pages on this machine; reads the starter documents first if nothing is published yet
	@if ! $(PY) -m ingest status 2>/dev/null | grep -q '^generation '; then \
	  echo "Reading the starter documents (about a minute, only this once)"; \
	  $(PY) -m ingest || [ $$? -eq 1 ]; \
	fi
	@echo "Open http://localhost:$(PORT) (Ctrl-C stops it)"
	@$(PY) -m streamlit run app.py --server.address localhost --server.port $(PORT)

check: setup ## lint, layout and types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check --quiet .
	$(PY) -m mypy

test: check ## lint, layout, types and every test
	$(PY) -m pytest

corpus-files: setup ## build the corpus's .html, .docx and .pdf files from corpus/text
	$(PY) corpus/build_files.py

eval: setup ## ask the golden questions of the starter documents and print the measures
	@$(PY) -m ingest --data $(EVAL_DATA) --yes
	$(PY) -m kb eval corpus/golden.jsonl --data $(EVAL_DATA)

clean: ## remove .venv and what tools left behind; data and documents stay
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
