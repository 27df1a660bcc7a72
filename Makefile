# `make run` and `make test` do everything from a bare clone. See README.md.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check torture bench bench-sessions bench-reminders bench-analysis lint lock clean chromium gallery architecture weights

run: .venv/run
	@$(BIN)/kollegial run --demo --playground

test: .venv/dev node_modules/.package-lock.json chromium
	@tests/run

torture: .venv/dev node_modules/.package-lock.json chromium
	@tests/run torture

bench: .venv/dev
	@$(BIN)/python -m tests.bench

bench-sessions: .venv/dev
	@$(BIN)/python -m tests.bench.meeting

bench-reminders: .venv/dev
	@$(BIN)/python -m tests.bench.reminding

bench-analysis: .venv/dev
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.bench_analysis # as the command runs

weights: .venv/dev
	@$(BIN)/python -c "from dialogs.writing.learning import main; main()"

architecture: .venv/dev
	@$(BIN)/python -m tests.architecture

gallery: .venv/dev node_modules/.package-lock.json chromium
	@$(BIN)/python -m tests.e2e.gallery_of_methods

check: .venv/dev
	@tests/run check

lint: .venv/dev
	@tests/run lint

# A stamp for each set of packages: made again only when its lock changes.
.venv/run: requirements.lock pyproject.toml
	@echo "The first time, this fetches what it needs: a minute or two."
	@test -x $(BIN)/python || { echo "Making a Python environment in .venv ..."; $(PYTHON) -m venv .venv; }
	@echo "Installing Python packages (once) ..."
	@deploy/packages requirements.lock
	@echo "Installing Kollegial itself ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements-dev.lock .venv/run
	@echo "Installing the tools for the tests (once) ..."
	@deploy/packages requirements-dev.lock
	@touch $@

# What the tests in a browser need beside Python. npm writes this file last.
node_modules/.package-lock.json: cli/npm/package-lock.json | .venv/run
	@$(BIN)/python -m cli.playground

chromium:
	@tests/chromium

lock:
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile -q --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml --group build -o requirements-server.lock
	@$(BIN)/uv pip compile -q --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml --extra research --group build -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml --extra research --group build --group dev -o requirements-dev.lock

clean:
	@rm -rf .venv node_modules package.json package-lock.json
