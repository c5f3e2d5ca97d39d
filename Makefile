# Everything a person types. A fresh machine needs Python 3.11 and Node 20, nothing else.
PY := .venv/bin/python
STAMP := .venv/.synced

.PHONY: run test test-all bench check format setup web client lock

$(STAMP): requirements/dev.txt pyproject.toml
	test -x $(PY) || python3.11 -m venv .venv || python3 -m venv .venv
	$(PY) -m pip install -q --disable-pip-version-check uv
	.venv/bin/uv pip sync -q --python $(PY) --require-hashes requirements/dev.txt
	.venv/bin/uv pip install -q --python $(PY) uv
	touch $(STAMP)

setup: $(STAMP)

format: setup
	.venv/bin/ruff check -q --fix . ; .venv/bin/ruff format -q .

check: setup
	.venv/bin/ruff check -q . && .venv/bin/ruff format -q --check .
	.venv/bin/lint-imports
	.venv/bin/mypy xingqu simulator bench
