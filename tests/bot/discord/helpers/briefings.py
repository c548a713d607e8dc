"""Documents with several excerpts and pages, and clicks on what is shown."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.config.settings import Settings
from bot.discord.rendering.layout import view_of
from bot.discord.rendering.message import Button, MessagePart
from bot.wording.standings import age
from testing.command import reindexer_of
from testing.made_files import pdf_of
from testing.services import write_corpus
from tests.bot.discord.conftest import Guild

DATED = f" · 3 Feb 2026, {age('2026-02-03', datetime.now(UTC).date())}"
"""What a citation of the north depot says of its date."""
DIESEL = "where is the diesel kept?"
MANUAL = "manual.pdf"
HALL = "The diesel is kept in Hall A."
TYRES = "Where tyres lie, the diesel is kept as well."
CRANES = [f"Crane {n} can lift" + " and lift" * 45 + "." for n in range(4)]
"""Paragraphs of a sentence each."""
DOCUMENTS: Mapping[str, str] = {
    "depot/north.md": "\n\n".join(
        [
            "---\ntitle: The north depot\ndate: 2026-02-03\n---",
            *("# Fuel", "## Tanks", HALL, "## Cranes", *CRANES, "# Spares", TYRES),
        ]
    ),
    "depot/south.txt": "The south depot\n\nThe diesel is kept in the yard. Nobody guards it.\n",
    "note.txt": "Bread is baked daily.\n",
}


def write_manual(settings: Settings, *pages: str) -> None:
    """Write a PDF with one line on each page."""
    (settings.corpus / MANUAL).write_bytes(pdf_of(*pages, title="The manual"))


def reindex(settings: Settings, documents: Mapping[str, str | None]) -> None:
    """Write the documents, remove those that are None, and make another generation.

    The first index of the same documents is made once, and copied after that.
    """
    for name, text in documents.items():
        if text is None:
            (settings.corpus / name).unlink()
    write_corpus(settings.corpus, {n: text for n, text in documents.items() if text is not None})
    if settings.index.exists():
        reindexer_of(settings).run()
        return
    written = _files_in(settings.corpus)
    others = settings.model_dump_json(exclude={"corpus", "index", "records"})
    key = (others, *((name, file.data) for name, file in written.items()))
    if key not in _MADE:
        reindexer_of(settings).run()
        _MADE[key] = written, _files_in(settings.index)
    for folder, files in zip((settings.corpus, settings.index), _MADE[key], strict=True):
        for name, file in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.data)
            os.utime(path, ns=(file.changed_ns, file.changed_ns))


@dataclass(frozen=True, slots=True)
class _File:
    data: bytes
    changed_ns: int


_MADE: dict[object, tuple[Mapping[str, _File], Mapping[str, _File]]] = {}
"""The files of a corpus and of its first index."""


def _files_in(folder: Path) -> dict[str, _File]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): _File(path.read_bytes(), path.stat().st_mtime_ns)
        for path in paths
    }


async def answer_of(guild: Guild, question: str = DIESEL) -> discord.Message:
    """Return the bot's answer in the channel to Ann's question."""
    await guild.ann.send(guild.channel, f"{guild.me} {question}")
    message = guild.channel.last_message
    assert message is not None
    return message


async def click(member: simcord.MemberActor, shown: Any, label: str) -> Any:
    """Return the result of a click: a new message, or the same message changed."""
    result = await member.click(shown, label=label)
    assert result.acknowledged
    return result.response


async def forged(guild: Guild, member: simcord.MemberActor, custom_id: str) -> str:
    """Return what a member is told after a click on a button that the bot never made."""
    channel = guild.env.bot.get_channel(guild.channel.id)
    assert isinstance(channel, discord.TextChannel)
    view = view_of(MessagePart("?", rows=((Button("?", custom_id),),)))
    assert isinstance(view, discord.ui.View)
    message = await channel.send("look", view=view)
    result = await member.click(message, custom_id=custom_id)
    assert result.acknowledged
    told = result.response
    assert told is not None
    assert told.ephemeral
    assert told.content  # a bare sentence, nothing that is laid out
    return told.content
