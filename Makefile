# The commands of this house. `make` alone lists them.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi

.DEFAULT_GOAL := help
.PHONY: help run test lint unit browser faults test-stripe stripe-key bench messages

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: .venv/.runtime .venv/.messages .venv/.static ## start the marketplace on http://127.0.0.1:8000 (PORT=, HOST=)
	@$(FLASK) serve --prepare --host $(HOST) --port $(PORT)

test: .venv/.development .venv/.messages .venv/.static ## linters, types, layering and every test, on SQLite and PostgreSQL
	@bash .ci/browser.sh
	$(MAKE) --no-print-directory lint
	$(MAKE) --no-print-directory unit
	$(MAKE) --no-print-directory browser

lint: .venv/.development ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: .venv/.development .venv/.messages .venv/.static ## every test but the browser's, with coverage of services, rules and policies
	$(BIN)/pytest -n 2 -m "not browser" --cov=marketplace --cov-branch --cov-report=
	$(BIN)/coverage report --fail-under=100 --skip-covered --show-missing \
		--include='marketplace/*/*/services.py,marketplace/*/*/services/*.py,marketplace/*/*/rules.py,marketplace/*/*/policies.py'

browser: .venv/.development .venv/.messages .venv/.static ## the journeys in a real browser
	$(BIN)/pytest -m browser -n 2 --dist loadfile

faults: .venv/.development .venv/.messages ## the long fault rounds, on each database: 100 kills of the worker, 500 in checkout and webhooks, 5,000 webhooks
	FAULT_ROUNDS=long $(BIN)/pytest -q tests/faults

test-stripe: stripe-key .venv/.development ## what we rely on at Stripe, asked of Stripe itself: STRIPE_SECRET_KEY=sk_test_… make test-stripe
	STRIPE_ITSELF=1 $(BIN)/pytest -q -m stripe tests/stripe_itself

stripe-key:
	@case "$$STRIPE_SECRET_KEY" in \
		sk_test_?*|rk_test_?*) ;; \
		"") echo "STRIPE_SECRET_KEY is missing: give the secret key of a Stripe account's test mode, STRIPE_SECRET_KEY=sk_test_… make test-stripe" >&2; exit 2 ;; \
		*) echo "STRIPE_SECRET_KEY is not a test key (sk_test_…): these tests charge cards, so no other is taken" >&2; exit 2 ;; \
	esac

bench: .venv/.development .venv/.messages .venv/.static ## the benchmarks; tables, and bench/results/*.json
	$(BIN)/python -m bench

messages: .venv/.development ## collect new sentences into the English catalogue
	@mkdir -p build
	$(BIN)/pybabel -q extract -F marketplace/translations/babel.cfg -k N_ -k _l --no-location --omit-header --sort-output -o build/messages.pot .
	$(BIN)/pybabel -q update -N --ignore-obsolete --omit-header -i build/messages.pot -d marketplace/translations -l en

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

.venv/.runtime: requirements.txt | .venv/bin/python
	@echo "Installing the locked dependencies …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/.development: requirements-dev.txt | .venv/bin/python
	@echo "Installing the locked development dependencies …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/.runtime

# a catalogue without a header counts as fuzzy to babel, hence --use-fuzzy
.venv/.messages: $(wildcard marketplace/translations/*/LC_MESSAGES/*.po) | .venv/bin/python
	@test -f .venv/.runtime || $(MAKE) --no-print-directory .venv/.runtime
	@$(BIN)/pybabel -q compile --use-fuzzy -d marketplace/translations
	@touch $@

# compressed copies beside the originals, for the web server to hand out; and the addresses carry the content's hash
.venv/.static: $(shell find static -name '*.css' -o -name '*.js' -o -name '*.svg') | .venv/bin/python
	@test -f .venv/.runtime || $(MAKE) --no-print-directory .venv/.runtime
	@$(BIN)/python -m whitenoise.compress --quiet static
	@touch $@
