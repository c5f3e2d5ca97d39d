# Everything a person types. A fresh machine needs Python 3.11 and Node 20, nothing else.
PY := .venv/bin/python
STAMP := .venv/.synced
# Compiled modules are kept, also where a shell forbids it: they halve the time of every start.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test test-postgresql test-all explore bench mutation soak check format setup setup-train web client lock

$(STAMP): requirements/dev.txt pyproject.toml
	test -x $(PY) || python3.11 -m venv .venv || python3 -m venv .venv
	$(PY) -m pip install -q --disable-pip-version-check uv
	.venv/bin/uv pip sync -q --python $(PY) --require-hashes requirements/dev.txt
	.venv/bin/uv pip install -q --python $(PY) uv
	touch $(STAMP)

setup: $(STAMP)

# Training needs torch (the extra `train`); `setup` drops it again when the lock changes.
.venv/.trained: $(STAMP)
	$(PY) -m pip install -q --disable-pip-version-check torch==2.13.0
	touch $@

setup-train: .venv/.trained

format: setup
	.venv/bin/ruff check -q --fix . ; .venv/bin/ruff format -q .

check: setup
	.venv/bin/ruff check -q . && .venv/bin/ruff format -q --check .
	.venv/bin/lint-imports
	.venv/bin/mypy xingqu simulator bench

# --- front end -----------------------------------------------------------------------------------------------
web/node_modules/.synced: web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.synced

WEB_SOURCES := $(shell find web/apps web/packages web/package-lock.json -type f -not -path '*/node_modules/*' 2>/dev/null)

web/dist/.built: web/node_modules/.synced $(WEB_SOURCES)
	cd web && npm run --silent build
	touch $@

web: web/dist/.built

# The typed client follows the API: run this after changing an endpoint.
client: setup web/node_modules/.synced
	$(PY) -m xingqu export_openapi > web/packages/client/openapi.json
	cd web && npm run --silent generate

# --- run -----------------------------------------------------------------------------------------------------
run: setup web
	XINGQU_DEMO=$${XINGQU_DEMO:-1} $(PY) -m xingqu up

# --- tests ---------------------------------------------------------------------------------------------------
# XINGQU_TEST_DATABASE=postgresql runs the same on a PostgreSQL of its own (Debian's package `postgresql`).
WITH_DATABASE := $(if $(filter postgresql,$(XINGQU_TEST_DATABASE)),$(PY) -m bench.postgresql)

test: check web/node_modules/.synced
	$(WITH_DATABASE) $(PY) -m pytest -n 2 --dist loadscope
	cd web && npm run --silent typecheck && npm run --silent lint && npm test --silent

# The rooms that keep tables. What kills a site and its PostgreSQL is among the slow tests.
DATABASE_ROOMS := $(foreach room,accounts aftersale alliance catalogue collaboration config content experience fulfilment governance interest invoice kit ledger live matching openapi programmes review settlement support trade,xingqu/$(room))

test-postgresql: setup
	$(PY) -m bench.postgresql $(PY) -m pytest -n 2 --dist loadscope $(DATABASE_ROOMS)
	$(PY) -m bench.postgresql $(PY) -m pytest -m slow -p no:xdist xingqu/catalogue xingqu/trade

test-all: setup-train test test-postgresql web
	$(WITH_DATABASE) $(PY) -m pytest -m "slow or browser" -p no:xdist

# New examples for every property and state machine, as often as asked, or more of them: `make explore ROUNDS=10 TIMES=5`. What
# it finds becomes a test.
ROUNDS := 1
TIMES := 1
explore: setup
	for round in $$(seq $(ROUNDS)); do XINGQU_EXPLORE_TIMES=$(TIMES) $(PY) -m pytest -n 2 -m hypothesis --hypothesis-profile=explore || exit 1; done

bench: setup
	$(PY) -m bench

# Takes each guard of the trading chain away and sees its test fail; half an hour and more.
mutation: setup
	$(PY) -m bench.mutation $(OPTIONS)

# A real site under crashes, clock jumps and a full disk: `make soak OPTIONS="--minutes 60 --database postgresql"`.
soak: setup
	$(PY) -m bench.soak $(OPTIONS)

lock: setup
	for name in platform dev; do \
	  extras="--extra platform"; [ $$name = platform ] || extras="$$extras --extra test --extra dev"; \
	  .venv/bin/uv pip compile -q --python-version 3.11 --no-emit-index-url --no-emit-find-links --generate-hashes \
	    $$extras pyproject.toml -o requirements/$$name.txt; \
	done
