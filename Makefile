# make demo   sets everything up and opens a Soundings filled with a sample agency
# make test   sets everything up and runs what CI runs
#
# make bench SIZE=S|M|L   how long the work takes, as ratios
# make mutants            plants faults in the figures, and says which no test caught
# make proofs             kills everything again and again, at full size, and compares the figures
#
# PYTHON names the Python to begin with: make test PYTHON=/usr/bin/python3.11

PYTHON ?= python3
BIN := .venv/bin
ready := .venv/ready

.PHONY: setup demo test lint bench mutants proofs requirements screens
.DEFAULT_GOAL := demo

# Translations that were written since are compiled.
setup: $(ready)
	@$(BIN)/python -m agency.catalogues

$(ready): requirements/run.txt requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Soundings needs Python 3.11 or newer; $(PYTHON) is not: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "This Python has no venv: on Debian, apt install python3-venv."; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements/run.txt -r requirements/dev.txt
	@touch $@

demo: setup
	@exec $(BIN)/python manage.py demo

test: lint
	$(BIN)/python -m pytest $(PYTEST)

lint: setup
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/python -c "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_logo=True))"
	@if [ -n "$$(find . -name '*.html' -not -path './.*' -print -quit)" ]; then $(BIN)/python -m djlint --quiet --check --lint .; fi

SIZE ?= S

bench: $(ready)
	$(BIN)/python -m tests.bench $(SIZE)

mutants: $(ready)
	$(BIN)/python -m tests.mutants $(MUTANTS)

proofs: $(ready)
	$(BIN)/python -m tests.proofs.hostile_files
	$(BIN)/python -m pytest --full-size -k 'four_loads or every_cell or killed_at_any_moment' \
		tests/accounts/exchange/test_loading_beside_others.py tests/metrics/test_oracle_agreement.py \
		tests/accounts/test_mailing.py
	$(BIN)/python -m pytest --full-size tests/accounts/wall tests/agency/test_routes.py tests/agency/test_hostile_requests.py
	$(BIN)/python -m tests.proofs.faults --faults 60

# The pictures in docs/screens, of the sample agency as it is today.
screens: $(ready)
	$(BIN)/python -m tests.screens

# Writes requirements/ from pyproject.toml: versions and hashes, no addresses.
requirements: $(ready)
	$(compile) --output-file requirements/run.txt pyproject.toml
	$(compile) --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt pyproject.toml

compile = CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/python -m piptools compile --quiet --generate-hashes \
	--allow-unsafe --strip-extras --no-config --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	--no-emit-options $(UPGRADE)
