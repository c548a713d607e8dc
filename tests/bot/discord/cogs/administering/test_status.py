"""/status, as admins see it."""

from __future__ import annotations

import shutil

import pytest

from bot import messages
from bot.access import Audience, Policy
from bot.config.settings import Settings
from bot.records import Fault, Mark
from bot.services import Services
from index.errors import CorpusShrunk
from testing.services import bot_of, services_of, write_corpus
from testing.stores import folder_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.recorded import hiding_norway, plain, rate, unanswered
from tests.bot.discord.helpers.visible_text import seen

LEASE = "who signs the lease of the warehouse?"
HELICOPTERS = "which helicopters does Sweden own?"


SETTINGS = {"keep_questions_days": 365}


# /status


async def test_how_it_is(guild: Guild, services: Services) -> None:
    await guild.ann.slash(guild.channel, "ask", question=LEASE)
    rate(services, guild, Mark.UP)
    await guild.ada.slash(guild.channel, "reindex")
    write_corpus(services.settings.corpus, {"new.md": "# New\n\nText.\n"})
    shown = await guild.ada.slash(guild.channel, "status")
    assert shown.ephemeral
    assert plain(seen(shown.response)) == (
        "**I answer from 3 documents**, brought up to date <moment>.\n"
        "Since then: 1 document new. `/reindex` takes that in.\n"
        "**1 question** in the last 30 days: 1 answered, 0 unsure, 0 silent.\n"
        "What people thought of answers: 1 👍, 0 👎.\n"
        "\n**What admins did last**\n"
        f"- <moment> <@{guild.ada.id}> · **reindex** · generation 1: no changes, in"
        " 0 seconds"
    )


async def test_before_anything_was_asked(guild: Guild) -> None:
    said = seen((await guild.ada.slash(guild.channel, "status")).response)
    assert plain(said) == (
        "**I answer from 3 documents**, brought up to date <moment>.\n"
        "Nothing has changed since then.\n"
        "Nobody has asked anything in the last 30 days."
    )


async def test_a_damaged_index_is_said(guild: Guild, services: Services) -> None:
    (folder_of(services.current.store).directory(1) / "catalog.sqlite").write_bytes(b"")
    shown = await guild.ada.slash(guild.channel, "status")
    said = seen(shown.response).replace("\\", "")
    assert said.startswith("⚠️ The index is damaged: ")
    assert "catalog.sqlite is not what was written" in said


async def test_an_index_that_mended_itself_is_said(guild: Guild, services: Services) -> None:
    write_corpus(services.settings.corpus, {"new.md": "# New\n\nText.\n"})
    await guild.ada.slash(guild.channel, "reindex")
    (folder_of(services.current.store).directory(2) / "catalog.sqlite").write_bytes(b"")
    folder_of(services.current.store).directory(2).parent.parent.joinpath("CURRENT").touch()
    await guild.ann.slash(guild.channel, "ask", question=LEASE)
    said = seen((await guild.ada.slash(guild.channel, "status")).response)
    assert "Generation 2 was found damaged and is not used. Generation 3 was made of" in said


async def test_an_index_that_is_gone_is_said(guild: Guild, services: Services) -> None:
    shutil.rmtree(services.settings.index)
    shown = await guild.ada.slash(guild.channel, "status")
    said = seen(shown.response)
    assert said.startswith(f"**{messages.INDEX_GONE}**")
    assert str(services.settings.index) not in said


async def test_a_missing_index_is_said(guild: Guild, settings: Settings) -> None:
    empty = settings.model_copy(update={"index": settings.index / "another"})
    services = services_of(empty)
    await guild.env.restart_bot(bot_of(services))
    shown = await guild.ada.slash(guild.channel, "status")
    said = seen(shown.response)
    assert said.startswith(f"**{messages.FIRST_DOCUMENTS}**")
    assert str(services.settings.index) not in said


async def test_a_reindex_that_failed_is_said(guild: Guild, services: Services) -> None:
    """Also a reindex that nobody started, such as after a change of the documents."""
    for document in services.settings.corpus.rglob("*.*"):
        document.unlink()
    with pytest.raises(CorpusShrunk):
        services.reindexing.run()
    said = seen((await guild.ada.slash(guild.channel, "status")).response)
    assert "⚠️ The last reindex: **3 of 3 documents are no longer in the folder**" in said
    assert "briefing-bot" not in said
    write_corpus(services.settings.corpus)
    services.reindexing.run()
    said = seen((await guild.ada.slash(guild.channel, "status")).response)
    assert "The last reindex" not in said


async def test_what_a_reindex_failed_of_is_told_once(guild: Guild, services: Services) -> None:
    shutil.rmtree(services.settings.corpus)
    await guild.ada.slash(guild.channel, "reindex")
    said = seen((await guild.ada.slash(guild.channel, "status")).response)
    assert said.count("Create or mount it") == 1


async def test_why_a_reindex_failed_is_for_who_sees_all(guild: Guild, indexed: Settings) -> None:
    hidden = (("norway/", Audience(roles=frozenset({1}))),)
    policy = Policy(guilds=frozenset({guild.handle.id}), folders=hidden)
    services = services_of(indexed, policy=policy)
    await guild.env.restart_bot(bot_of(services))
    for document in indexed.corpus.rglob("*.*"):
        document.unlink()
    with pytest.raises(CorpusShrunk):
        services.reindexing.run()
    said = seen((await guild.ada.slash(guild.channel, "status")).response)
    assert "The last reindex" not in said


async def test_marks_are_counted_for_who_sees_all(guild: Guild, indexed: Settings) -> None:
    """They may be on answers from documents or servers that are hidden from an admin."""
    planner = guild.handle.create_role("Planner")
    services = hiding_norway(guild, indexed, planner)
    await guild.env.restart_bot(bot_of(services))
    elsewhere = unanswered(services.records, guild, HELICOPTERS, guild=43, private=True)
    services.records.rate(elsewhere.id, 1, Mark.DOWN, fault=Fault.WRONG)
    said = seen((await guild.ada.slash(guild.channel, "status")).response)
    assert "question" not in said
    assert "👎" not in said
    guild.env.backend.add_member_role(guild.handle.id, guild.ada.id, planner.id)
    said = seen((await guild.ada.slash(guild.channel, "status")).response)
    assert "**1 question** in the last 30 days: 0 answered, 0 unsure, 1 silent. `/gaps`" in said
    assert "0 👍, 1 👎. 👎 1 wrong." in said


async def test_documents_that_cannot_be_read_are_named(guild: Guild, services: Services) -> None:
    write_corpus(services.settings.corpus, {"bad_scan.pdf": "?"})
    await guild.ada.slash(guild.channel, "reindex")
    shown = await guild.ada.slash(guild.channel, "status")
    assert seen(shown.response).endswith("\n**Not read (1)**\n- bad\\_scan.pdf")


async def test_the_audit_is_shown_newest_first_and_as_text(
    guild: Guild, services: Services
) -> None:
    for number in range(7):
        services.records.audit(guild.ada.id, guild.handle.id, "remove", f"*{number}*.md @everyone")
    shown = await guild.ada.slash(guild.channel, "status")
    lines = [line for line in seen(shown.response).splitlines() if "**remove**" in line]
    assert [plain(line) for line in lines] == [
        f"- <moment> <@{guild.ada.id}> · **remove** · \\*{number}\\*.md \\@everyone"
        for number in (6, 5, 4, 3, 2)
    ]
