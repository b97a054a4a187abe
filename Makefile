# Each verb makes what it needs. `make demo` and `make test` are the two that a newcomer runs.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
  BIN := .venv/Scripts
else
  BIN := .venv/bin
endif
READY := .venv/.ready
JOBS ?= auto

.PHONY: demo test check bench lock translations clean

demo: $(READY)  ## a fictional school with a year of history: records, site, printed sheets
	$(BIN)/python -m schoolpub demo demo

test: $(READY)  ## every test
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

check: $(READY)  ## style, types, tests
	$(BIN)/ruff check schoolpub tests benchmarks
	$(BIN)/mypy
	$(MAKE) test

bench: $(READY)  ## times of the main jobs, as ratios
	$(BIN)/python benchmarks/run.py

translations: $(READY)  ## compile locale/*.po
	$(BIN)/python -m tests.translations

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

lock:  ## refresh requirements.lock (needs uv)
	uv pip compile -q --universal pyproject.toml --extra dev --generate-hashes --python-version 3.11 -o requirements.lock

clean:
	rm -rf .venv demo site print .schoolpub
