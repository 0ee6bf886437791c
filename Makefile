# make run [FILE=photo.jpg]   sets up what is missing and opens the editor
# make test                   sets up what is missing and runs all checks

PYTHON ?= python3
FILE ?=
BIN := .venv/bin

.PHONY: run test setup clean

run: setup
	$(BIN)/python main.py $(if $(FILE),"$(FILE)")

setup: .venv/installed
	@PYTHON="$(PYTHON)" sh packaging/system_libraries.sh
	@$(BIN)/python -m compileall -q main.py editor engines # starting reads it, even where Python writes none

.venv/installed: pyproject.toml
	@PYTHON="$(PYTHON)" sh packaging/system_libraries.sh
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Lacuna needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 run"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/installed-test: .venv/installed pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

test: .venv/installed-test
	@PYTHON="$(PYTHON)" sh packaging/system_libraries.sh test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

clean:
	rm -rf .venv build dist *.egg-info
