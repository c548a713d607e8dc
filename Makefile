# make demo          sets up, and shows the bot in a local page that looks like Discord
# make run           sets up, and connects to Discord; needs DISCORD_TOKEN
# make ask Q="..."   sets up, indexes corpus/ when it has changed, answers
# make install TO=…  installs the bot in a folder of its own, without this one; OPERATIONS.md
# make test          sets up, passes the tests
# make search        faults among many inputs, kills, load, servers, sandboxes: part of check
# make catalog       brings the texts that are translated up to date, after one changed
# make test-fast     sets up, passes the quick tests, in half a minute
# make harden        searches for hours: the tests in full, kills, damaged files, load, months
# make check         what CI runs: format, lint, types, what is installed, tests, searches

PYTHON ?= python3
# The pinned torch is a CPU build wherever pip serves one. Where pip would fetch CUDA builds, name
# an index of CPU builds: make setup TORCH_INDEX=<the address PyTorch's "Get started" page shows>
TORCH_INDEX ?=
# Empty where the bot only runs (OPERATIONS.md): make setup EXTRAS=
EXTRAS ?= [dev]
# Where `make install` puts the bot, and which extras with it: WITH=[ocr]
TO ?= /opt/briefing-bot
WITH ?=
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
FAST := not slow and not models and not processes and not search
PIP := $(BIN)/pip --disable-pip-version-check --quiet

# Compiled once: the tests start many processes.
export PYTHONDONTWRITEBYTECODE :=

# Reaches the shell as it was typed, whatever quotes are in it.
export Q

.PHONY: catalog setup install demo run ask test search test-fast coverage check audit format bench bench-scale harden manual crash fuzz guided slow load soak calibrate reader corpus pictures hashes

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@echo "Setting up $(VENV); the first time this takes some minutes ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "$$(grep '^torch==' constraints.txt)"
	@$(PIP) install --constraint constraints.txt --editable ".$(EXTRAS)"
	@$(BIN)/python -m compileall -q -j 0 bot index testing tools
	@touch $@

# From a wheel: what is installed stays as it is, whatever is done in this folder.
install:
	@test -x $(TO)/.venv/bin/python || $(PYTHON) -m venv $(TO)/.venv
	@$(TO)/.venv/bin/pip --disable-pip-version-check --quiet install $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "$$(grep '^torch==' constraints.txt)"
	@$(TO)/.venv/bin/pip --disable-pip-version-check --quiet install --constraint constraints.txt ".$(WITH)"
	@install -m 644 OPERATIONS.md SECURITY.md CHANGELOG.md .env.example $(TO)/
	@$(TO)/.venv/bin/briefing-bot --version

demo: setup
	@$(BIN)/briefing-bot reindex
	@$(BIN)/briefing-bot demo

run: setup
	@$(BIN)/briefing-bot run

ask: setup
	@$(BIN)/briefing-bot reindex --quiet
	@$(BIN)/briefing-bot ask -- "$$Q"

# bot/locales has each text of the bot, with its translations. A new language begins with
# pybabel init --domain bot --input-file .bot.pot --output-dir bot/locales --locale fr
catalog: setup
	@$(BIN)/pybabel --quiet extract --keyword LazyText --keyword NP_:1c,2 --add-location file --sort-by-file --project briefing-bot --output .bot.pot bot
	@$(BIN)/pybabel --quiet update --domain bot --input-file .bot.pot --output-dir bot/locales --width 100 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

# Three workers on two cores: some tests wait for processes and sockets.
PYTEST := $(BIN)/python -m pytest -q -n 3 --dist worksteal
test: setup
	@$(PYTEST) -m "not search"

# What looks for faults among many inputs, or needs servers, sandboxes or models in processes.
search: setup
	@$(PYTEST) -m search

# What docs/TESTS.md says is in which.
test-fast: setup
	@TEST_BUDGET=fast $(BIN)/python -m pytest -q -n 2 --dist worksteal -m "$(FAST)"

# Also writes the figure into docs/TESTS.md. Without the tests that forbid files outside of the named
# folders: coverage writes its own.
coverage: setup
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal --cov --cov-report= --ignore tests/bot/test_network_and_disk.py
	@$(BIN)/coverage report
	@sed -i.bak "s/^Coverage: .*/Coverage: $$($(BIN)/coverage report --format=total) %/" docs/TESTS.md
	@rm docs/TESTS.md.bak

check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-logo --no-cache
	@$(BIN)/mypy
	@$(BIN)/python -m tools.release.audit
	@$(MAKE) --no-print-directory test search

format: setup
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# The file map, and the lists of decisions and files, from what these say of themselves.
.PHONY: docs
docs: setup
	@$(BIN)/python -m tools.release.file_map

# hashes/, after constraints.txt or what the bot needs has changed; asks the registry.
hashes: setup
	@$(BIN)/python -m tools.release.hashes

# As in `check`, and then asks for published vulnerabilities, which needs a network.
audit: setup
	@$(BIN)/python -m tools.release.audit
	@$(PIP) install --constraint constraints.txt --editable ".[audit]"
	@$(BIN)/pip-audit --strict --requirement constraints.txt --disable-pip --no-deps

# SETS is the folder of the evaluation sets `clapnq` and `squad`.
bench: setup
	@$(BIN)/python -m tools.bench --sets "$(SETS)"

# PASSAGES is how many; a million takes 8 minutes, 11 GB of disk and 5 GB of memory, of which the
# reference beside it a half each; ARGUMENTS=--alone leaves it out.
PASSAGES ?= 1000000
bench-scale: setup
	@$(BIN)/python -m tools.bench.scale --passages $(PASSAGES) $(ARGUMENTS)

harden: manual crash fuzz guided slow load soak
	@TEST_BUDGET=harden $(BIN)/python -m pytest -q -n 2 --dist worksteal -o timeout=0

# The commands of OPERATIONS.md, in a clean root; needs root and bubblewrap.
manual: setup
	@$(BIN)/python -m tools.release.manual

crash: setup
	@$(BIN)/python -m tools.hardening.crash

fuzz: setup
	@$(BIN)/python -m tools.hardening.fuzz

guided: setup
	@$(PIP) install --constraint constraints.txt --editable ".[guided]"
	@$(BIN)/python -m tools.hardening.guided

slow: setup
	@$(BIN)/python -m tools.hardening.slow

load: setup
	@$(BIN)/python -m tools.hardening.load

# MINUTES=25 ends it then, with the figures of what was asked by then.
soak: setup
	@$(BIN)/python -m tools.hardening.soak $(if $(MINUTES),--minutes $(MINUTES))

# make calibrate SETS=FOLDER, of the evaluation sets `clapnq` and `squad`; our own reader needs its two twins as well:
# index/models/weights/MODEL_CARD.md.
calibrate: setup
	@$(BIN)/python -m tools.training.calibrate --eval "$(SETS)" --only cross-encoder --squad 120
	@$(BIN)/python -m tools.training.calibrate --eval "$(SETS)" --only none --squad 120

# make reader WORK=FOLDER TRAIN=FOLDER SETS=FOLDER [DEVICE=cuda], with the teacher in WORK/mpnet: docs/TRAINING.md.
reader: setup
	@$(BIN)/python -m tools.training.make_reader --work "$(WORK)" --train "$(TRAIN)" --eval "$(SETS)" --mpnet "$(WORK)/mpnet" --device "$(or $(DEVICE),cpu)"

corpus: setup
	@$(BIN)/python -m tools.release.make_corpus

# Needs a Chromium as well; tools/release/pictures.py says which and where it looks.
pictures: setup
	@$(PIP) install --constraint constraints.txt --editable ".[pictures]"
	@$(BIN)/python -m tools.release.pictures
