# Two commands for newcomers: `make demo` and `make test`. Everything made here lies in .venv/,
# native/build/ and .cache/ (git-ignored) and is used again by the next run.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A quick build has code for this machine's CPU only, and is content with any finished variant in use.
# For what others get: make native NATIVE_FLAGS=   or e.g. NATIVE_FLAGS="--variant cuda --cuda-architectures 90"
NATIVE_FLAGS ?= --quick --keep
OUT ?= demo-report

PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq --constraint requirements.lock
DEPENDENCIES := pyproject.toml requirements.lock native/llama.lock lab_app/__init__.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test app screenshots translations lint format bench native native-core env env-dev env-gui env-test lock wheel clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ready  ## quantize a real model into several levels, measure each, write a report
	$(BIN)/odyssey-lab --batch resources/studies/demo.toml --out $(OUT)
	@echo "The report is $(OUT)/report.html"

test: $(VENV)/.sdist  ## the whole test suite
	@$(MAKE) --no-print-directory -j2 native-core env-test
	@sh packaging/linux/system-libraries.sh
	$(BIN)/python -m pytest $(PYTEST_ARGS)

app: native env-gui  ## open the window
	@sh packaging/linux/system-libraries.sh
	$(BIN)/odyssey-lab

lint: env-dev  ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

screenshots: native env-dev  ## every page in every state, into screenshots/
	$(BIN)/python -m tests.gui.screenshots $(SCENES)

translations: env-gui  ## take over the window's texts into resources/translations, and compile
	$(BIN)/python packaging/translations.py

format: env-dev  ## let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: native env-dev  ## our jobs beside the bare tools
	$(BIN)/python benchmarks/overhead.py $(BENCH_ARGS)

native: $(VENV)/.created  ## build llama.cpp: libraries and all tools
	$(BIN)/python native/build.py $(NATIVE_FLAGS)

# What measuring needs; llama-server and llama-cli take a third of the compile time and are not among it.
native-core: $(VENV)/.created
	$(BIN)/python native/build.py $(NATIVE_FLAGS) --tools core

# The compiler keeps the cores busy while pip waits for the network.
.PHONY: ready
ready: $(VENV)/.sdist
	@$(MAKE) --no-print-directory -j2 native-core env

env: $(VENV)/.base  ## the environment in .venv/
env-dev: $(VENV)/.dev
env-gui: $(VENV)/.gui
env-test: $(VENV)/.convert

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Odyssey Lab needs Python 3.11 or newer; name one with make PYTHON=python3.12 …" >&2; exit 6; }
	@$(PYTHON) -m venv $(VENV) || { echo "Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 6; }
	@touch $@

$(VENV)/.sdist: $(VENV)/.created native/llama.lock
	@$(BIN)/python native/build.py --fetch-only >/dev/null
	@touch $@

# The bindings: the same source archive without a build of its own; they load the libraries of native/build.
$(VENV)/.bindings: $(VENV)/.sdist requirements.lock
	@echo "installing the bindings of llama.cpp"
	@CMAKE_ARGS=-DLLAMA_BUILD=OFF $(PIP) "$$($(BIN)/python native/build.py --fetch-only)"
	@touch $@

$(VENV)/.base: $(VENV)/.bindings $(DEPENDENCIES)
	@echo "installing odyssey-lab and what it needs"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.base
	@echo "installing tools for developers"
	@$(PIP) --editable '.[dev,gui]'
	@touch $@

# PyTorch and transformers, for the tests that hold converted models against the originals.
$(VENV)/.convert: $(VENV)/.dev
	@echo "installing what the converter needs"
	@$(PIP) --editable '.[convert]'
	@touch $@

$(VENV)/.gui: $(VENV)/.base
	@echo "installing the window's toolkit"
	@$(PIP) --editable '.[gui]'
	@touch $@

# Newest versions that fit pyproject.toml, tried in a fresh environment. PyTorch is left out, because what it
# brings differs by platform; pyproject.toml pins it.
lock: $(VENV)/.sdist  ## write requirements.lock anew
	rm -rf .cache/lock && $(PYTHON) -m venv .cache/lock
	CMAKE_ARGS=-DLLAMA_BUILD=OFF .cache/lock/bin/python -m pip install -qq \
	    "$$($(BIN)/python native/build.py --fetch-only)" '.[gui,dev,convert]'
	{ echo "# Exact versions, used as constraints by the Makefile. Written by: make lock"; \
	  .cache/lock/bin/python -m pip list --format=freeze --exclude pip --exclude setuptools --exclude odyssey-lab \
	    | grep -Ev '^(torch|triton|nvidia-|cuda-)'; \
	} > .cache/requirements.lock
	mv .cache/requirements.lock requirements.lock
	rm -rf .cache/lock

wheel: env-dev  ## a wheel in dist/
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:  ## remove .venv/, native/build/ and caches (the data folder stays)
	rm -rf $(VENV) native/build .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
