# One command is enough on a fresh machine with Python 3.11 or newer: each target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# One more than there are processors: tests of whole processes wait for those most of the time.
AT_ONCE := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.PHONY: demo test coverage check drill bench bench-reuse fuzz lock clean

demo: $(READY)
	$(BIN)/dateline demo

test: $(READY)
	$(BIN)/python -m pytest -n $(AT_ONCE) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

# The same with the lines that no test reaches; a third slower.
coverage: $(READY)
	$(BIN)/python -m pytest -n $(AT_ONCE) --dist loadfile --no-loadscope-reorder --cov --cov-report=term $(PYTEST_ARGS)

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

drill: $(READY)
	$(BIN)/python -m pytest -m drill $(PYTEST_ARGS)

bench: $(READY)
	$(BIN)/python -m tests.bench

# make bench-reuse PHOTOS=DIR measures a folder of your own; ARGS are those of `python -m tests.bench.reuse --help`.
bench-reuse: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --group bench
	$(BIN)/python -m tests.bench.reuse $(PHOTOS) $(ARGS)

# Ten minutes of damaged pictures; ARGS are those of `python -m tests.fuzz --help`.
fuzz: $(READY)
	$(BIN)/python -m tests.fuzz $(ARGS)

lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Dateline needs Python 3.11 or newer: name one with 'make PYTHON=/path/to/python3.11 ...'."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "This Python has no venv module: install it first (on Debian: apt-get install python3-venv)."; exit 1; }
	@echo "Setting up in $(VENV), once; this takes about a minute."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m bot.reading.places
	touch $(READY)
