# Heinola ES: what a fresh checkout can do, with Python 3.11 or newer and make alone.

PYTHON ?= python3
VENV ?= .venv
DEMO ?= .demo
# Arguments for pytest: make test PYTEST_ARGS="-k correction", or "-n 0 --pdb" for one process and a debugger
PYTEST_ARGS ?=
PYTEST := python -m pytest -n auto --dist loadgroup
# Newer releases of everything: make lock UPGRADE=--upgrade
UPGRADE ?=

SAMPLE := examples/hyvinvointi-2020-q2.txt
ENTER := . "$(VENV)/bin/activate"
PIP_INSTALL := python -m pip install --quiet --disable-pip-version-check
LOCKED := $(PIP_INSTALL) --require-hashes --only-binary :all:
COMPILE := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" $(UPGRADE) pyproject.toml

.PHONY: help demo install install-dev test coverage faults lint format types docs lock clean

help:
	@echo 'make demo     import the sample report into a fresh store under $(DEMO)/ and print it'
	@echo '              with CITY=1, the sample city: its statement, sectors and investments of two years'
	@echo 'make test     run the whole test suite, on all cores'
	@echo 'make coverage which lines and branches of the program the suite comes through, and which not'
	@echo 'make faults   kill, starve and tamper with stores in every way, for an hour, and print how much was missed'
	@echo 'make lint     check the style; make format mends what can be mended'
	@echo 'make types    check the types'
	@echo 'make docs     write what commands say of themselves into docs/command-line.md'
	@echo 'make lock     pin the exact versions and hashes anew'
	@echo 'make clean    remove everything made here'

demo: install
	@rm -rf "$(DEMO)" && mkdir -p "$(DEMO)"
ifdef CITY
	@$(ENTER) && export HEINOLA_STORE="$(abspath $(DEMO))/heinola.db" HEINOLA_ACTOR=demo \
		&& sh examples/kaupunki/tee.sh \
		&& heinola snapshot 1-6/2025 \
		&& heinola report 1-6/2025 -o "$(DEMO)/report.html"
else
	@$(ENTER) && export HEINOLA_STORE="$(DEMO)/heinola.db" HEINOLA_ACTOR=demo \
		&& heinola init \
		&& heinola import report $(SAMPLE) \
		&& heinola snapshot 1.4.–30.6.2020 \
		&& heinola report 1.4.–30.6.2020 -o "$(DEMO)/report.html"
endif
	@echo 'The store is $(DEMO)/heinola.db; ask it more with: $(VENV)/bin/heinola --store $(DEMO)/heinola.db --help'
	@echo "or walk through it in a browser: $(VENV)/bin/pip install '.[web]', and then $(VENV)/bin/heinola --store $(DEMO)/heinola.db serve --open"

test: install-dev
	@$(ENTER) && $(PYTEST) $(PYTEST_ARGS)

# The whole of what `make test` does a little of: tests/faults, with the numbers at the end, and then whoever else asks it.
faults: install-dev
	@$(ENTER) && export HEINOLA_FAULTS=whole PYTEST_TIMEOUT=7200 && python -m pytest tests/faults $(PYTEST_ARGS) \
		&& $(PYTEST) $$(grep -rl 'tests.faults.whole import' tests --include='test_*.py' --exclude-dir=faults) $(PYTEST_ARGS)

# Which lines and branches of the program the suite comes through: PYTEST_ARGS="tests/events" asks it of a part. Whether
# tests pass is for `make test`: what is claimed of the start and of seconds does not hold for a program that is measured.
coverage: install-dev
	@$(ENTER) && export COVERAGE_FILE="$(abspath $(VENV))/coverage/data" && mkdir -p "$(VENV)/coverage" && coverage erase \
		&& { coverage run -m pytest -n auto --dist loadgroup $(PYTEST_ARGS) || true; } && coverage combine --quiet && coverage report

lint: install-dev
	@$(ENTER) && ruff check --quiet . && ruff format --check --quiet . && echo 'The style is as agreed.'

format: install-dev
	@$(ENTER) && ruff check --quiet --fix . ; ruff format .

types: install-dev
	@$(ENTER) && mypy

docs: install-dev
	@$(ENTER) && python -m tests.docs.command_page

# ---------------------------------------------------------------- set-up, done once and again when its inputs change

install: $(VENV)/installed
install-dev: $(VENV)/installed-dev

$(VENV)/bin/activate:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Heinola ES needs Python 3.11 or newer, and "$(PYTHON)" is not. Name one: make PYTHON=/path/to/python3.11' >&2; \
		exit 1; }
	@echo 'Setting up $(VENV) ...'
	@$(PYTHON) -m venv "$(VENV)" || { \
		echo 'Python could not create an environment; on Debian and Ubuntu: apt install python3-venv' >&2; \
		rm -rf "$(VENV)"; exit 1; }

$(VENV)/installed: $(VENV)/bin/activate requirements.lock pyproject.toml
	@$(ENTER) && $(LOCKED) -r requirements.lock && $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch "$@"

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	@$(ENTER) && $(LOCKED) -r requirements-dev.lock
	@touch "$@"

# ---------------------------------------------------------------- upkeep

lock:
	@tools=$$(mktemp -d) && trap 'rm -rf "$$tools"' EXIT \
		&& $(PYTHON) -m venv "$$tools" && "$$tools/bin/python" -m pip install --quiet --disable-pip-version-check uv \
		&& "$$tools/bin/uv" $(COMPILE) --group build -o requirements.lock >/dev/null \
		&& "$$tools/bin/uv" $(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock >/dev/null
	@grep -c '==' requirements.lock requirements-dev.lock

clean:
	@rm -rf "$(VENV)" "$(DEMO)" build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name .git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
