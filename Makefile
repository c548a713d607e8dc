# make demo          sets up, and shows the bot in a local page that looks like Discord
# make run           sets up, and connects to Discord; needs DISCORD_TOKEN
# make ask Q="..."   sets up, indexes corpus/ when it has changed, answers
# make test          sets up, passes the tests
# make test-fast     sets up, passes those of the tests that take under half a minute
# make harden        searches for hours: the tests in full, kills, damaged files, load, months
# make check         what CI runs: format, lint, types, what is installed, tests

PYTHON ?= python3
# The pinned torch is a CPU build wherever pip serves one. Where pip would fetch CUDA builds, name
# an index of CPU builds: make setup TORCH_INDEX=<the address PyTorch's "Get started" page shows>
TORCH_INDEX ?=
# Empty where the bot only runs (OPERATIONS.md): make setup EXTRAS=
EXTRAS ?= [dev]
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
FAST := not slow and not models and not processes
PIP := $(BIN)/pip --disable-pip-version-check --quiet

# Compiled once: the tests start many processes.
export PYTHONDONTWRITEBYTECODE :=

# Reaches the shell as it was typed, whatever quotes are in it.
export Q

.PHONY: setup demo run ask test test-fast coverage check audit format bench harden crash fuzz load soak calibrate corpus pictures

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@echo "Setting up $(VENV); the first time this takes some minutes ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "$$(grep '^torch==' constraints.txt)"
	@$(PIP) install --constraint constraints.txt --editable ".$(EXTRAS)"
	@touch $@

demo: setup
	@$(BIN)/briefing-bot reindex
	@$(BIN)/briefing-bot demo

run: setup
	@$(BIN)/briefing-bot run

ask: setup
	@$(BIN)/briefing-bot reindex --quiet
	@$(BIN)/briefing-bot ask -- "$$Q"

test: setup
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal

# What docs/TESTS.md says is in which.
test-fast: setup
	@TEST_BUDGET=fast $(BIN)/python -m pytest -q -n 2 --dist worksteal -m "$(FAST)"

# Also writes the figure into docs/TESTS.md.
coverage: setup
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal --cov --cov-report=
	@$(BIN)/coverage report
	@sed -i.bak "s/^Coverage: .*/Coverage: $$($(BIN)/coverage report --format=total) %/" docs/TESTS.md
	@rm docs/TESTS.md.bak

check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python tools/release/audit.py
	@$(MAKE) --no-print-directory test

format: setup
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# As in `check`, and then asks for published vulnerabilities, which needs a network.
audit: setup
	@$(BIN)/python tools/release/audit.py
	@$(PIP) install --constraint constraints.txt --editable ".[audit]"
	@$(BIN)/pip-audit --strict --requirement constraints.txt --disable-pip --no-deps

bench: setup
	@$(BIN)/python tools/bench/__main__.py

harden: crash fuzz load soak
	@TEST_BUDGET=harden $(BIN)/python -m pytest -q -n 2 --dist worksteal -o timeout=0

crash: setup
	@$(BIN)/python tools/hardening/crash.py --out docs/KILLS.md

fuzz: setup
	@$(BIN)/python tools/hardening/fuzz.py

load: setup
	@$(BIN)/python tools/hardening/load.py

soak: setup
	@$(BIN)/python tools/hardening/soak.py

# Our own reader's takes its two twins: index/models/weights/MODEL_CARD.md.
calibrate: setup
	@$(BIN)/python -m tools.training.calibrate --only cross-encoder --squad 120
	@$(BIN)/python -m tools.training.calibrate --only none --squad 120

corpus: setup
	@$(BIN)/python tools/release/make_corpus.py

# Needs a Chromium as well; tools/release/pictures.py says which and where it looks.
pictures: setup
	@$(PIP) install --constraint constraints.txt --editable ".[pictures]"
	@$(BIN)/python tools/release/pictures.py --out docs/pictures
