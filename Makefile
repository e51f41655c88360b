# Spona. `make` alone lists what can be made.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
RUN := SPONA_DEMO=1 .venv/bin/spona
STAMP := .venv/.synced

.PHONY: help setup demo test journeys check fix bench bench-names shell stop

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

setup: $(STAMP) web/dist/manifest.json locale/sr/LC_MESSAGES/django.mo ## fill .venv, build pages and languages

$(STAMP): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "Spona needs Python 3.11 to 3.13 as $(PYTHON); name another with PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Python's venv is missing: install it (Debian: apt install python3-venv)."; exit 1; }
	@test -x .venv/bin/uv || { $(PYTHON) -m venv .venv && .venv/bin/python -m pip install -q uv; }
	@.venv/bin/uv sync -q --frozen --all-groups --no-group bench --all-extras --python .venv/bin/python
	@touch $@

web/dist/manifest.json: $(STAMP) web/package-lock.json $(shell find web/src -type f 2>/dev/null)
	@cd web && export PATH="$(CURDIR)/.venv/bin:$$PATH" && npm ci --silent --no-audit --no-fund && npm run --silent build
	@touch $@

locale/sr/LC_MESSAGES/django.mo: $(STAMP) locale/sr_Latn/LC_MESSAGES/django.po
	@$(RUN) messages build
	@touch $@

demo: setup ## a demo with synthetic people on this machine; prints sign-in links
	@$(RUN) demo

test: setup ## all tests but those in a browser
	@.venv/bin/pytest -m "not journey" -n auto --dist loadfile

journeys: setup ## the stories in a real browser; pictures go to shots/
	@.venv/bin/pytest -m journey tests/journeys

check: setup ## format, lint, types, storeys, messages, rule books
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/djangofmt --check $$(git ls-files '*/templates/*.html')
	@.venv/bin/mypy .
	@.venv/bin/lint-imports --no-logo
	@.venv/bin/spona conduct check protocols/*.yaml
	@.venv/bin/spona conduct verify protocols/*.yaml
	@$(RUN) messages check
	@$(RUN) makemigrations --check --dry-run

fix: setup ## format and mend what can be mended
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .
	@.venv/bin/djangofmt $$(git ls-files '*/templates/*.html')

bench: setup ## how fast, beside a peer or a limit
	@.venv/bin/python -m bench.conduct
	@.venv/bin/python -m bench.migrating
	@.venv/bin/python -m bench.drawing
	@.venv/bin/python -m bench.replay
	@SPONA_DEMO=1 .venv/bin/python -m bench.desk
	@SPONA_DEMO=1 .venv/bin/python -m bench.exchange

bench-names: setup ## names across scripts and registers, beside their peers
	@.venv/bin/uv sync -q --frozen --all-groups --all-extras --python .venv/bin/python
	@.venv/bin/python -m bench.names
	@.venv/bin/python -m bench.names_linking

shell: setup ## a Python shell on the demo
	@$(RUN) shell

stop: ## stop the embedded database
	@.venv/bin/python -m config.devdb stop
