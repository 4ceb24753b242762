# Two commands matter: make demo, make test. Both need only Python 3.11 or newer and make.

PYTHON ?= python3
VENV   ?= .venv
PY     := $(VENV)/bin/python
PORT   ?= 8000
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUNBUFFERED := 1

.PHONY: help demo test lint bench format lock screenshots when-then stop clean

help:
	@echo "make demo    set up and run everything with a synthetic year of one county (PORT=$(PORT))"
	@echo "make test    set up and run every test"
	@echo "make lint    style, types, import directions, templates, missing migrations"
	@echo "make bench   measure speed against floors taken in the same run"
	@echo "make stop    stop the embedded PostgreSQL and Redis"

# --- Setting up -----------------------------------------------------------------------------------

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit("Lodestar needs Python 3.11 or newer: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/local.ready: requirements/local.txt | $(PY)
	$(PY) -m pip install --quiet --require-hashes -r requirements/local.txt
	@touch $@

$(VENV)/dev.ready: requirements/dev.txt | $(PY)
	$(PY) -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@ $(VENV)/local.ready

assets/vendor/packages.json: package-lock.json assets/build.py | $(VENV)/local.ready
	$(PY) assets/build.py

# --- Running --------------------------------------------------------------------------------------

demo: $(VENV)/local.ready assets/vendor/packages.json
	@PORT=$(PORT) FRESH=$(FRESH) $(PY) -m config.demo

test: $(VENV)/dev.ready assets/vendor/packages.json
	$(PY) -m pytest -n 2 --dist loadgroup $(ARGS)

lint: $(VENV)/dev.ready
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djlint --lint --quiet templates
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check
	$(PY) manage.py show_reactions --markdown | diff -u docs/when-then.md - || (echo "docs/when-then.md is out of date: make when-then"; exit 1)

bench: $(VENV)/dev.ready assets/vendor/packages.json
	$(PY) -m bench $(ARGS)

# --- Keeping --------------------------------------------------------------------------------------

format: $(VENV)/dev.ready
	$(VENV)/bin/ruff check --fix --quiet . || true
	$(VENV)/bin/ruff format .

lock: $(VENV)/dev.ready
	for set in base local dev; do \
	  $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header requirements/$$set.in -o requirements/$$set.txt; done

when-then: $(VENV)/dev.ready
	$(PY) manage.py show_reactions --markdown > docs/when-then.md

screenshots: $(VENV)/dev.ready
	$(PY) docs/take_screenshots.py

stop:
	$(PY) -m config.embedded stop

clean:
	-$(PY) -m config.embedded stop
	rm -rf var $(VENV) node_modules assets/vendor staticfiles
