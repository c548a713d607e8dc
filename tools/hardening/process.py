"""Starts the bot that load and soak measure, over a copy of corpus/."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.config.settings import PREFIX, Settings
from bot.documents.reindexing.process import ReindexProcess
from testing.command import reindexer_of
from testing.loopback import Loopback
from tools.report import ROOT

QUESTIONS = ROOT / "tests/data/corpus-questions.jsonl"
_PLAIN = ("*.md", "*.txt")
"""What is copied where no models are loaded, so that all of it takes seconds."""


@dataclass
class BotProcess:
    process: Process
    seconds_to_end: float = 0.0
    """From SIGTERM to the end of the process."""
    killed: bool = False

    async def ask(self, name: str) -> bytes:
        """Return the line of JSON that the bot answers to `name`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{name}\n".encode())
        return await asyncio.wait_for(self.process.stdout.readline(), 60)

    async def kill(self) -> None:
        """Kill it as a lack of memory would."""
        self.killed = True
        self.process.kill()
        await self.process.wait()


def settings_in(folder: Path, **other: Any) -> Settings:
    """Return the default settings, whatever `.env` says, with words of questions kept.

    The words are needed to check that each answer is to its own question.
    """
    return Settings.model_construct(
        corpus=folder / "corpus",
        index=folder / "index",
        records=folder / "records",
        keep_questions_days=30,
        **other,
    )


def copy_corpus(settings: Settings, *, fake: bool) -> None:
    for pattern in _PLAIN if fake else ("*",):
        for path in filter(Path.is_file, (ROOT / "corpus").rglob(pattern)):
            target = settings.corpus / path.relative_to(ROOT / "corpus")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)


def build_index(settings: Settings, *, fake: bool) -> None:
    if fake:
        reindexer_of(settings).run()
    else:
        reindexing = ReindexProcess(settings)
        reindexing.run()
        reindexing.stop()


@asynccontextmanager
async def running_bot(
    server: Loopback, settings: Settings, folder: Path, *flags: str, number: int = 1
) -> AsyncIterator[BotProcess]:
    """Run the bot of tools/hardening/bot.py while it lasts; its log is FOLDER/bot.log.

    It is the `number`th at this server. Raises RuntimeError where it does not end well after
    SIGTERM.
    """
    name = "bot.log" if number == 1 else f"bot-{number}.log"
    with (folder / name).open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tools.hardening.bot", server.url, *flags),
            cwd=folder,  # where no `.env` changes what is measured
            env=_environment(settings),
            stdin=PIPE,
            stdout=PIPE,
            stderr=log,
            limit=2**24,  # bytes of a line
        )
        bot = BotProcess(process)
        try:
            await server.identified(count=number, timeout=120)
            yield bot
            if bot.killed:
                return
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            code = await asyncio.wait_for(process.wait(), 30)
            bot.seconds_to_end = time.monotonic() - began
            if code:
                raise RuntimeError(f"The bot ended with {code}: see {folder / name}")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


@asynccontextmanager
async def running_workers(settings: Settings, folder: Path, number: int) -> AsyncIterator[None]:
    """Run so many workers while it lasts; the log of each is FOLDER/worker-NUMBER.log."""
    workers = []
    try:
        for each in range(1, number + 1):
            with (folder / f"worker-{each}.log").open("wb") as log:
                workers.append(
                    await asyncio.create_subprocess_exec(
                        *(sys.executable, "-m", "bot.cli", "work"),
                        cwd=folder,
                        env=_environment(settings),
                        stdout=log,
                        stderr=log,
                    )
                )
        yield
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            await worker.wait()


def _environment(settings: Settings) -> dict[str, str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
    environment |= {"PYTHONPATH": str(ROOT), "DISCORD_TOKEN": ""}
    environment["MALLOC_ARENA_MAX"] = "2"  # as in the Dockerfile and the systemd unit
    return environment | settings.environment()
