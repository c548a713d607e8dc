"""What holds for every test: no network, a folder in memory, and searches without a clock."""

from __future__ import annotations

import gc
import logging
import os
import shutil
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import simcord
from filelock import FileLock
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from pytest_socket import disable_socket

from testing.budget import BUDGET, HARDENING, amount
from testing.postgres import postgres_server, postgres_url

if TYPE_CHECKING:
    from index.answering.engine import Engine

__all__ = ["postgres_server", "postgres_url"]

os.environ["HF_HUB_OFFLINE"] = "1"  # read when huggingface_hub is first imported

# Indexes and records are synced to the disk at every step, and most tests make some: in memory
# that takes no time. Small containers have 64 MB of it, which are too few.
_MEMORY = Path("/dev/shm")
if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > 2e9:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))

# To import torch takes seconds, and next to nothing in these is fast.
if BUDGET == "fast":
    collect_ignore = [
        "bot/test_without_pickle.py",
        "index/models/test_embedder.py",
        "index/models/test_sentence_transformers.py",
        "tools/training/test_ablate.py",
        "tools/training/test_calibrate.py",
        "tools/training/test_reader_pairs.py",
    ]

# A busy machine must not fail a test: no deadline, and no complaint about slow examples. What lets
# a change land searches the same examples each time; `make harden` looks for new ones.
settings.register_profile(
    "briefing bot",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=amount(60),
    derandomize=not HARDENING,
    print_blob=True,
)
settings.load_profile("briefing bot")
if not HARDENING:
    # Hypothesis also draws constants that it reads out of our modules: of all of them in each
    # process, and other examples after any of them has changed.
    providers._get_local_constants = lambda: providers._local_constants


# What takes longest, by its work or by waiting: begun last, it would keep one worker busy while
# the others have nothing left.
_LONG = (
    "tools/hardening/test_soak.py",
    "bot/discord/permissions/test_noninterference.py",
    "bot/test_network_and_disk.py",
    "bot/discord/permissions/test_random_policies.py",
    "tools/hardening/test_crash.py",
    "bot/cli/test_end_to_end.py",
    "tools/bench/test_bench.py",
    "test_asked.py",
    "index/parsing/test_bombs.py",
    "tools/hardening/test_load.py",
    "test_corpus.py",  # with three workers on that of test_asked.py, which has made the index
    "index/models/test_sentence_transformers.py",
    "bot/documents/reindexing/test_process.py",
    "bot/test_without_pickle.py",
    "index/parsing/test_ocr.py",
    "index/answering/test_two_worlds.py",
)


# What says of a server whether it does what a folder or a file does.
_ON_A_SERVER = ("test_contract.py", "test_moving.py")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Leave to `make search` what needs a PostgreSQL server, but for the tests named above."""
    needed = getattr(item, "fixturenames", ())
    if "postgres_server" in needed and item.path.name not in _ON_A_SERVER:
        item.add_marker(pytest.mark.search)


@pytest.hookimpl(trylast=True)  # once what another tier passes is left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin each worker's share with a part of what takes long, as `--dist worksteal` deals it."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    here = Path(__file__).parent
    long: dict[Path, list[pytest.Item]] = {here / name: [] for name in _LONG}
    assert all(map(Path.is_file, long)), "a file of _LONG has moved"
    rest = [item for item in items if item.path not in long]
    for item in items:
        if item.path in long:
            long[item.path].append(item)
    heads = [list(chain(*islice(long.values(), n, None, workers))) for n in range(workers)]
    left, items[:] = len(items), []
    for number, head in enumerate(heads):
        size = max(0, left // (workers - number) - len(head))
        items += head + rest[:size]
        left -= len(head) + size
        del rest[:size]


def pytest_runtest_setup() -> None:
    disable_socket(allow_unix_socket=True)


def pytest_collectstart() -> None:
    # What is collected stays: looking through thousands of tests at each collection takes time.
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # a test is over before much of it would be found
    gc.enable()


# After so many seconds something else is shown, sent or kept, or nothing.
_GIVEN_UP = {
    "testing.loopback.state.ACKNOWLEDGE_WITHIN": 60.0,
    "bot.chat.admission._CLAIM_TIMEOUT": 30.0,
    "bot.chat.examples._PATIENCE": 60.0,
    "bot.discord.cogs.asking.feedback._PATIENCE": 60.0,
    "bot.chat.claiming._TIMEOUT": 30.0,
    "bot.discord.ui.answers.threads._PATIENCE": 60.0,
    "bot.records.databases.postgres._PATIENCE": 20.0,
    "index.indexing.report._SECONDS_TO_TELL": 600,
    "index.parsing.sandbox.process._START_SECONDS": 600,
    "index.parsing.sandbox.process._WAITING": 60,
    "index.picturing.process._START_SECONDS": 600,
}


@pytest.fixture(autouse=True)
def _log_level() -> Iterator[None]:
    """Log as before, also after a test in which a command has set up the log."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


@pytest.fixture(scope="session", autouse=True)
def _patience() -> Iterator[None]:
    """Give up nothing after seconds, which may be few on a busy machine."""
    settle = simcord.Env._settle_internal

    async def settle_in_time(
        env: simcord.Env, *, timeout: float | None = None, **options: Any
    ) -> None:
        # Simcord gives a bot five seconds to start.
        await settle(env, timeout=120.0 if timeout == 5.0 else timeout, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simcord.Env, "_settle_internal", settle_in_time)
        for name, seconds in _GIVEN_UP.items():
            patch.setattr(name, seconds)
        yield


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The engine over the corpus that we ship, with the real models; all workers share the index.

    Who reindexes finds it done, but for the first.
    """
    from bot.app import composition
    from bot.config.settings import Settings

    of_all = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        of_all = of_all.parent
    corpus = Path(__file__).resolve().parent.parent / "corpus"
    settings = Settings(corpus=corpus, index=of_all / "shipped")
    with FileLock(of_all / "shipped.lock"):
        report = composition.reindexer(settings).run()
    assert (report.failed, report.documents) == ((), 17)
    return composition.engine(settings)
