# Every verb a person needs. A machine with make and Python >= 3.11 (with pip) can run all of them.
# Arguments: make up ARGS="--port 9000"   make test T=tests/ledger   make PYTHON=/path/to/python3 test

SHELL := /bin/sh
.DEFAULT_GOAL := help
# Compiled modules are kept: a server starts in half the time, and tests start many.
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE

ARGS ?=
T ?=
KILLS ?= 50:10
SEEDS ?= 300
EXAMPLES ?= 200
LINES ?= 100000
# Each process has a PostgreSQL of its own; most of the time tests wait, for disks and clocks.
# Files keep their order, so that what a story finds of others in its installation hardly depends on chance.
PARALLEL ?= -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
MIGRATIONS := $(sort $(wildcard src/commissary/migrations/*.sql))

.PHONY: help ready up console ui apitypes e2e axe screenshots pictures demo check bench chaos sim x1 fuzz test test16 suite lint types contracts migrations fmt clean

help: ## list the targets (the default)
	@sed -n 's/^\([a-z0-9]*\):.*## /\1            /p' Makefile | sed 's/^\(.\{12\}\) */  \1/'

up: ready ## start the mall with an example inside: http://127.0.0.1:8000
	@.venv/bin/python tools/ui.py start
	@.venv/bin/commissary up --demo $(ARGS)

console: ready ## build the console into src/commissary/web/dist; `make up` does it too (COMMISSARY_SKIP_UI=1 leaves it)
	@.venv/bin/python tools/ui.py build

demo: ready ## run the main job end to end in a fresh mall and print what happened
	@.venv/bin/commissary demo $(ARGS)

check: ready ## audit the whole database: every invariant
	@.venv/bin/commissary check $(ARGS)

bench: ready ## measure against the yardsticks
	@.venv/bin/commissary bench $(ARGS)

chaos: ready ## kill -9 the server 50 times and PostgreSQL 10 times under load (KILLS=50:10); nothing acknowledged is lost
	@COMMISSARY_CHAOS=$(KILLS) .venv/bin/pytest -s tests/chaos

sim: ready ## 300 seeded worlds (SEEDS=300) beside an auditor that knows the truth, and the planted bugs
	@COMMISSARY_SEEDS=$(SEEDS) .venv/bin/pytest -s tests/simulation

x1: ready ## 100,000 lines from suppliers that time out, fail, forge and repeat (LINES=100000): nothing is bought twice
	@COMMISSARY_X1=$(LINES) .venv/bin/pytest -s tests/experiments

fuzz: ready ## requests that nobody thought of, by the API's own description (EXAMPLES=200 per operation)
	@COMMISSARY_FUZZ_EXAMPLES=$(EXAMPLES) .venv/bin/pytest tests/api

test: lint types contracts migrations ui suite ## everything a change must pass: the targets below and the suite

test16: ready ## the suite on PostgreSQL 16, the oldest we support (T=tests/ledger narrows it)
	@COMMISSARY_TEST_PG=16 .venv/bin/pytest $(PARALLEL) $(T)

suite: ready ## the tests alone (T=tests/ledger narrows them; PARALLEL= runs them one after another)
	@.venv/bin/pytest $(PARALLEL) $(T)

lint: ready ## style and common faults
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check

types: ready ## mypy --strict
	@.venv/bin/mypy

contracts: ready ## who may import whom
	@.venv/bin/lint-imports --no-logo

migrations: ready ## can the migrations be applied while the old code runs?
	@$(if $(MIGRATIONS),.venv/bin/squawk $(MIGRATIONS),:)

ui: ready ## the console: style, texts in both languages, types, tests, build, and how much a browser fetches
	@.venv/bin/python tools/ui.py check

apitypes: ready ## make the console's types again from the API as it is now
	@.venv/bin/python tools/ui.py types

e2e: ready ## the console in a browser (on PATH, else fetched): journeys, keys, accessibility in both themes
	@.venv/bin/python tools/ui.py build
	@COMMISSARY_E2E=1 .venv/bin/pytest $(or $(T),tests/e2e)

axe: ready ## of those, accessibility alone: no violation on any page, in both themes
	@.venv/bin/python tools/ui.py axe

screenshots: ready ## pictures of every page, wide and on a phone, into tests/e2e/screenshots
	@.venv/bin/python tools/ui.py build
	@.venv/bin/python tests/e2e/screenshots.py $(ARGS)

pictures: ready ## pictures of ten key pages in both languages, into docs/images
	@.venv/bin/python tools/ui.py build
	@.venv/bin/python tests/e2e/key_pages.py

fmt: ready ## rewrite the sources into the one style
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format
	@.venv/bin/python tools/ui.py fmt

clean: ## remove what the targets made, except data
	rm -rf .venv .uv frontend/node_modules src/commissary/web/dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# Fetches uv, then everything uv.lock names; at once when nothing changed.
ready:
	@PYTHON="$(PYTHON)" tools/bootstrap.sh
