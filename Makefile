# Attention Atlas: `make run` starts the app, `make test` checks it, `make` alone lists the commands.
# Every command may be run again at any time, and does only what is still to be done.

PYTHON ?=
PORT ?= 8501
# HOST is not taken from the environment: some shells keep the machine's name there.
HOST = localhost
PYTEST_ARGS ?=
WORKERS ?= 3
# Workers share the processors: the threads of their sums would wait for one another, ten times as long as alone.
ALONE = OMP_NUM_THREADS=1
BENCH_ARGS ?=
MINUTES ?= 10
PEOPLE ?= 10 30 100
LOOKS ?= 15 45

SHELL = /bin/sh
.DEFAULT_GOAL = help
.NOTPARALLEL:
.PHONY: help setup setup-dev browser run quick test lint format types messages bench soak load \
	licences lock audit coverage replicas clean

# The interpreter that makes .venv; everything after that is run by the one inside it.
BASE_PYTHON = $(or $(PYTHON),python3)
INSTALL = $(BASE_PYTHON) .ci/install.py $(if $(PYTHON),--only-this-python)
VENV_PYTHON = .venv/bin/python
FIND_PYTHON = command -v "$(BASE_PYTHON)" >/dev/null || { echo "Python 3.11 to 3.13 is needed, and \
	'$(BASE_PYTHON)' is not here. Install one, or name one: make PYTHON=/path/to/python3.12 setup" >&2; exit 1; }

help:  ## list the commands
	@echo "Attention Atlas. Commands, to be given to make:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile
	@echo "Settings: PYTHON=python3.12 (any but bench and clean)  PORT=8501 HOST=localhost (run)"
	@echo "          PYTEST_ARGS='-k words' (quick, test)  WORKERS=3 (test)  BENCH_ARGS=all (bench)  MINUTES=10 (soak)"
	@echo "          PEOPLE='10 30 100' LOOKS='15 45' (load)"

setup:  ## make .venv and install what the app needs
	@$(FIND_PYTHON)
	@$(INSTALL) requirements.txt

setup-dev:
	@$(FIND_PYTHON)
	@$(INSTALL) requirements.txt requirements-dev.txt

browser:
	@$(VENV_PYTHON) -m tests.harness.browser

run: setup  ## start the app and print its address
	@echo "Attention Atlas is starting at http://$(patsubst 0.0.0.0,localhost,$(HOST)):$(PORT) (stop it with Ctrl+C)"
	@$(VENV_PYTHON) -m streamlit run app.py --server.address "$(HOST)" --server.port "$(PORT)"

quick: setup-dev lint types  ## check what can be checked in three minutes, without a browser or a server
	@echo "Tests: pytest, but for what is marked server or slow, and tests/e2e"
	@$(ALONE) $(VENV_PYTHON) -m pytest -n logical --dist loadfile --no-loadscope-reorder --ignore tests/e2e \
		--hypothesis-profile quick -m "not server and not slow" $(PYTEST_ARGS)

test: setup-dev browser lint types  ## install what the tests need, then run every check
	@echo "Tests: pytest"
	@$(ALONE) $(VENV_PYTHON) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

lint: setup-dev  ## look for mistakes in the code, its layout and the arrows between its rooms
	@echo "Code: ruff check, ruff format --check, lint-imports"
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m ruff format --check .
	@.venv/bin/lint-imports

format: setup-dev  ## lay the code out, and mend what can be mended by itself
	@$(VENV_PYTHON) -m ruff check --fix .
	@$(VENV_PYTHON) -m ruff format .

types: setup-dev  ## check the types
	@echo "Types: mypy"
	@$(VENV_PYTHON) -m mypy

messages: setup-dev  ## bring the translation catalogues up to date with the code
	@$(VENV_PYTHON) .ci/messages.py

bench: setup-dev browser  ## time the app side by side with a tutorial's script and with bertviz
	@$(VENV_PYTHON) -m benchmarks $(BENCH_ARGS)

licences: setup-dev  ## list the licences of all dependencies in docs/licences.md, and check them
	@$(VENV_PYTHON) .ci/licences.py

lock: setup-dev  ## renew the lock files, hashes included (asks the package index)
	@$(VENV_PYTHON) .ci/lock.py

# --strict: a package that the index knows nothing about fails, instead of being left out in silence.
audit: setup-dev  ## look for known vulnerabilities of what is locked (needs pypi.org itself)
	@$(VENV_PYTHON) -m uv tool run --from pip-audit==2.10.1 pip-audit --strict --disable-pip --require-hashes \
		-r requirements.lock

coverage: setup-dev browser  ## run the tests and print how much of each module of viz/ they run
	@$(ALONE) $(VENV_PYTHON) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-report= $(PYTEST_ARGS)
	@$(VENV_PYTHON) .ci/coverage_of_modules.py

replicas: setup-dev browser  ## try two replicas behind nginx, one of them killed (needs nginx)
	@$(VENV_PYTHON) -m pytest tests/e2e/replicas.py

soak: setup-dev  ## use the app for MINUTES=10 without a pause, and draw its memory
	@$(VENV_PYTHON) -m benchmarks.soak $(MINUTES)

load: setup-dev browser  ## have PEOPLE='10 30 100' use the app at once, and time what they see
	@$(VENV_PYTHON) -m benchmarks.load $(PEOPLE) --looks $(LOOKS)

clean:  ## remove .venv and all that was made here
	rm -rf .venv .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/e2e/screenshots benchmarks/out
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
