# Two commands matter: `make report` and `make test`. Both set up .venv on first use.
# Every path here is relative, so a checkout in a folder with spaces works too.

PYTHON ?= python3
# Tests wait for processes, browsers and each other a third of their time: two cores have room for
# one worker more.
WORKERS ?= 3
NOTEBOOK ?= 02_monitor

VENV := .venv
PY := $(VENV)/bin/python
PYTEST = PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder \
	--junitxml=.cache/tests.xml $(PYTEST_OPTIONS)
UV := $(shell command -v uv 2>/dev/null)
INSTALL := $(if $(UV),uv pip install --quiet --python $(PY) --compile-bytecode,\
	$(PY) -m pip install --quiet --disable-pip-version-check)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' Makefile

# --- set-up ---------------------------------------------------------------------------------
# .venv is complete when .locked stands in it: an interrupted set-up is done again from nothing.

.PHONY: setup
setup: $(VENV)/.ready ## Set up .venv from the lock file (every other target does it when needed)

$(VENV)/.locked: requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) on PATH; faiwatch needs Python 3.11 to 3.14."; exit 1; }
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info < (3, 15) or sys.exit("faiwatch needs Python 3.11 to 3.14, but $(PYTHON) is %d.%d. Name another: make setup PYTHON=python3.12" % sys.version_info[:2])'
	@$(if $(UV),:,$(PYTHON) -c 'import ensurepip') 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments: install its venv package (Debian and Ubuntu: apt-get install python3-venv) or uv."; exit 1; }
	@echo "Setting up $(VENV) with $(if $(UV),uv,pip): once, one to three minutes."
	@rm -rf $(VENV)
	@$(if $(UV),uv venv --quiet --seed --python "$$(command -v $(PYTHON))" $(VENV),$(PYTHON) -m venv $(VENV))
	@$(INSTALL) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.ready: $(VENV)/.locked pyproject.toml
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@$(PY) -m compileall -q lib
	@touch $@

# what is tested: every extra but akshare, which is somebody else's way to the same figures
EXTRAS := alerts cluster lab s3 sql word

.PHONY: lock
lock: ## Renew requirements.lock (needs uv; newest versions: LOCK_OPTIONS=--upgrade)
	@command -v uv >/dev/null || { echo "make lock needs uv on PATH."; exit 1; }
	uv pip compile pyproject.toml $(EXTRAS:%=--extra %) --group dev --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" --quiet $(LOCK_OPTIONS) -o requirements.lock
	uv pip compile --group docs --universal --python-version 3.11 --generate-hashes -c requirements.lock \
		--custom-compile-command "make lock" --quiet $(LOCK_OPTIONS) -o docs/requirements.lock

# --- use ------------------------------------------------------------------------------------

.PHONY: report
report: $(VENV)/.ready ## Run every notebook on the embedded figures and build the site under site/
	@$(PY) -m faiwatch report $(REPORT_OPTIONS)

.PHONY: run
run: $(VENV)/.ready ## Run one: NOTEBOOK=02_monitor REGION=610000 AS_OF=2026-08 PAGE_LANG=en P="months=24"
	@$(PY) -m faiwatch run $(NOTEBOOK) $(if $(REGION),-p 'region=$(REGION)') \
		$(if $(AS_OF),-p 'as_of=$(AS_OF)') $(if $(PAGE_LANG),-p 'lang=$(PAGE_LANG)') \
		$(foreach pair,$(P),-p '$(pair)')

.PHONY: publish
publish: $(VENV)/.ready ## Copy the pages for everybody, checked, into TO=public (EDITION=internal: with those that name projects)
	@$(PY) -m faiwatch publish --to '$(or $(TO),public)' $(if $(EDITION),--edition '$(EDITION)')

.PHONY: params
params: $(VENV)/.ready ## List the parameters of a notebook: NOTEBOOK=02_monitor
	@$(PY) -m faiwatch params $(NOTEBOOK)

.PHONY: lab
lab: $(VENV)/.ready ## Open the notebooks in JupyterLab (it fetches nothing from outside)
	@$(PY) -m jupyterlab --ServerApp.root_dir=notebooks --LabApp.news_url=None \
		--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate \
		--LabApp.extension_manager=readonly $(LAB_OPTIONS)

$(VENV)/.docs: $(VENV)/.ready docs/requirements.lock
	@$(INSTALL) --require-hashes -r docs/requirements.lock
	@touch $@

site/index.html:
	@$(MAKE) report

.PHONY: docs
docs: $(VENV)/.docs site/index.html ## Build the documentation under site-docs/, both languages, with the charts of site/
	@$(PY) docs/build.py $(DOCS_OPTIONS)

.PHONY: pictures
pictures: $(VENV)/.ready site/index.html ## Take the pictures of README anew from site/ (needs Chromium)
	@$(PY) docs/pictures.py

# --- prove ----------------------------------------------------------------------------------

.PHONY: test
test: $(VENV)/.ready ## Run every test
	$(PYTEST)

.PHONY: slowest
slowest: ## List the slowest tenth of the files of the last test run, with their seconds
	@$(PY) .ci/slowest.py

test-unit: ## Test the arithmetic, the tables, the house rules, the examples in docstrings
test-golden: ## Test against published figures
test-property: ## Test laws that hold for any figures
test-notebooks: ## Test the shape of the notebooks, and run each
test-runs: ## Test verdicts, exit codes and publication when runs fail
test-report: ## Test the built pages: no outside address, both languages, size
test-browser: ## Test the built pages in Chromium with the network off

KINDS := unit golden property notebooks runs report browser
.PHONY: $(KINDS:%=test-%)
$(KINDS:%=test-%): test-%: $(VENV)/.ready
	$(PYTEST) tests/$* $(if $(filter unit,$*),lib)

.PHONY: wheel
wheel: $(VENV)/.ready ## Build the wheel, which holds all that runs without a checkout, into dist/
	@$(PY) -m hatchling build -t wheel

.PHONY: test-wheel
test-wheel: $(VENV)/.ready ## Install the wheel into a new environment and use it in an empty folder (minutes, and a package index; no part of test)
	@$(PY) .ci/wheel.py $(WHEEL_OPTIONS)

.PHONY: test-peers
test-peers: $(VENV)/.ready ## Run the tests of papermill, nbclient and jupyter_client with plain and with warm kernels (an hour at most, and a package index; no part of test)
	@$(PY) .ci/peers.py $(PEERS_OPTIONS)

.PHONY: check
check: $(VENV)/.ready ## Lint, format, types, notebooks, spelling, known vulnerabilities; changes no file of yours (may fetch pip-audit into .venv)
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(PY) -m nbstripout --verify --keep-id notebooks/*.ipynb
	$(PY) -m codespell_lib
	@$(PY) .ci/audit.py $(AUDIT_OPTIONS)

.PHONY: audit
audit: $(VENV)/.ready ## Look the locked packages up among known vulnerabilities; fails without an answer
	@$(PY) .ci/audit.py --strict $(AUDIT_OPTIONS)

.PHONY: format
format: $(VENV)/.ready ## Mend what check can mend by itself
	$(PY) -m ruff check --fix
	$(PY) -m ruff format
	$(PY) -m nbstripout --keep-id notebooks/*.ipynb

.PHONY: mutants
mutants: $(VENV)/.ready ## Change the code that figures come from and see whether a test notices (an hour; fetches cosmic-ray into .venv)
	@$(PY) .ci/mutants.py --workers 2 $(MUTANTS_OPTIONS)

.PHONY: fuzz
fuzz: $(VENV)/.ready ## Feed readers, command line, settings, templates and records what nobody would write (10,000 cases; FUZZ_OPTIONS="--cases 500 --seconds 60")
	@$(PY) tests/fuzz.py $(FUZZ_OPTIONS) 2>/dev/null

.PHONY: benchmark
benchmark: $(VENV)/.ready ## Time the arithmetic against a plain pandas loop
	@$(PY) benchmarks/measures.py

.PHONY: clean
clean: ## Remove what make made: .venv, site, caches
	rm -rf $(VENV) site site-docs .cache/docs dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find lib tests benchmarks notebooks -name __pycache__ -prune -exec rm -rf {} +
	find notebooks -name .ipynb_checkpoints -prune -exec rm -rf {} +
