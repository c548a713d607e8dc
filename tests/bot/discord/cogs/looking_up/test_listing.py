"""/list, its pages and its files, and lists that are asked for in words."""

from __future__ import annotations

import csv
import io
import json

import pytest
import simcord

from bot.access import Audience, Policy
from bot.chat.admission import AdmissionLimits
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import press
from tests.bot.discord.helpers.visible_text import seen

DOCUMENTS = {
    **{
        f"depots/{number}.md": f"---\ndate: 2026-05-{number:02}\n---\n# Depot {number}\n\n"
        f"The crane of depot {number} is old. A crane costs {number}00 euros.\n"
        for number in range(1, 8)
    },
    "plans/a.md": "# Plans\n\n=1+1 is a crane.\n\nThe report is due by 12 June 2026.\n",
    "copy.md": "# Plans\n\n=1+1 is a crane.\n\nThe report is due by 12 June 2026.\n",
}


INDEXED = DOCUMENTS


async def listed(guild: Guild, **options: str) -> simcord.InteractionResult:
    shown = await guild.bob.slash(guild.channel, "list", **options)
    assert shown.ephemeral
    return shown


async def test_every_document_is_there_once_and_pages_go_on(guild: Guild) -> None:
    shown = await listed(guild, topic="cranes")
    first = seen(shown.response)
    assert first.startswith("8 documents mention cranes.")
    assert "\\[5]" in first
    assert "\\[6]" not in first
    assert "Page 1 of 2" in first
    turned = await press(guild.bob, shown, "Next page")
    second = seen(turned.response)
    assert "\\[8] **Plans**" in second
    assert "also as plans/a.md" in second
    assert "Page 2 of 2" in second
    back = await press(guild.bob, turned, "Previous page")
    assert seen(back.response) == first


async def test_a_number_opens_its_place(guild: Guild) -> None:
    shown = await listed(guild, topic="crane", folder="depots", until="2026-05-01")
    assert seen(shown.response).startswith("1 document until 1 May 2026 mentions crane.")
    opened = await press(guild.bob, shown, "Source 1")
    assert "The crane of depot 1 is old." in seen(opened.response)


async def test_what_is_listed_may_be_said_in_words_or_chosen(guild: Guild) -> None:
    translate = await listed(guild, topic="all deadlines in June 2026")
    chosen = await listed(guild, kind="deadlines", since="2026-06", until="June 2026")
    assert seen(chosen.response).startswith(
        "I found 1 deadline from 1 June 2026 to 30 June 2026, in 1 document."
    )
    assert seen(translate.response) == seen(chosen.response)
    named = await listed(guild, topic="Deadlines", since="2026-06", until="June 2026")
    assert seen(named.response) == seen(chosen.response)
    nothing = await listed(guild, topic="zeppelin")
    assert seen(nothing.response) == "The documents do not mention zeppelin."


async def exported(guild: Guild, label: str, **options: str) -> tuple[str, str, bytes]:
    shown = await listed(guild, **options)
    choice = await press(guild.bob, shown, "Export")
    sent = await press(guild.bob, choice, label)
    assert sent.ephemeral
    assert sent.response
    (file,) = sent.response.attachments
    return seen(sent.response), file.filename, await file.read()


async def test_files_hold_all_rows(guild: Guild) -> None:
    said, name, data = await exported(guild, "JSON Lines", topic="crane")
    assert (said.splitlines()[0], name) == ("8 entries, all of the list.", "mentions-crane.jsonl")
    head, *rows = map(json.loads, data.decode().splitlines())
    assert (head["documents"], len(rows)) == (8, 8)
    assert rows[-1]["quote"] == "=1+1 is a crane."
    _, name, data = await exported(guild, "Markdown", topic="crane")
    assert name == "mentions-crane.md"
    assert "\n=1+1 is a crane.\n" in data.decode()
    _, name, data = await exported(guild, "Spreadsheet (CSV)", topic="crane")
    cells = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert cells[-1]["quote"] == "'=1+1 is a crane."
    assert cells[-1]["apostrophe added before"] == "quote"
    assert len(cells) == 8


async def test_rights_are_looked_up_again_for_a_file(guild: Guild) -> None:
    shown = await listed(guild, topic="crane")
    choice = await press(guild.bob, shown, "Export")
    services = guild.env.bot.services  # type: ignore[attr-defined]
    few = Audience(people=frozenset({1}))
    services.access.policy = Policy(
        guilds=frozenset({guild.handle.id}), folders=(("depots/", few),)
    )
    sent = await press(guild.bob, choice, "JSON Lines")
    assert sent.response
    (file,) = sent.response.attachments
    assert b"Depot" not in await file.read()


async def test_an_answer_has_its_whole_list(guild: Guild) -> None:
    await guild.bob.send(guild.channel, f"{guild.me} which documents mention cranes?")
    answer = guild.channel.last_message
    assert answer
    assert "8 documents mention cranes." in seen(answer)
    assert "1 more place" not in seen(answer)
    whole = await guild.bob.click(answer, label="Whole list")
    assert whole.ephemeral
    assert seen(whole.response).startswith("8 documents mention cranes.")
    choice = await guild.bob.click(answer, label="Export")
    assert choice.ephemeral


async def test_a_list_is_offered_where_a_topic_is_asked_about(guild: Guild) -> None:
    shown = await guild.bob.slash(guild.channel, "ask", question="what do we say about cranes?")
    assert "8 documents mention it: /list cranes" in seen(shown.response)


async def test_a_server_can_switch_it_off(guild: Guild, indexed: Settings) -> None:
    shown = await listed(guild, topic="cranes")
    book = GuildBook(GuildSettings(commands_off=frozenset({"list"})), {})
    await guild.env.restart_bot(bot_of(services_of(indexed, guilds=book)))
    refused = await guild.bob.slash(guild.channel, "list", topic="cranes")
    assert "switched off" in seen(refused.response)
    for label in ("Next page", "Export"):
        refused = await press(guild.bob, shown, label)
        assert "switched off" in seen(refused.response)
    for question in ("what do we say about cranes?", "which documents mention cranes?"):
        asked = await guild.bob.slash(guild.channel, "ask", question=question)
        assert "/list" not in seen(asked.response)
        assert "[Export]" not in seen(asked.response)


async def test_lists_pages_and_files_count_as_questions(guild: Guild, indexed: Settings) -> None:
    limits = AdmissionLimits(per_minute=3)
    await guild.env.restart_bot(bot_of(services_of(indexed, limits=limits)))
    shown = await listed(guild, topic="cranes")
    await press(guild.bob, shown, "Next page")
    choice = await press(guild.bob, shown, "Export")
    file = await press(guild.bob, choice, "Markdown")
    assert file.response
    assert file.response.attachments
    for refused in (
        await guild.bob.slash(guild.channel, "list", topic="cranes"),
        await press(guild.bob, choice, "Markdown"),
    ):
        assert "ask again" in seen(refused.response)
    guild.env.errors.clear()


async def test_a_folder_that_is_asked_stays_that_of_its_list(guild: Guild) -> None:
    shown = await guild.bob.slash(
        guild.channel, "ask", question="which documents mention cranes?", folder="plans"
    )
    assert shown.response
    assert "1 document mentions cranes." in seen(shown.response)
    whole = await guild.bob.click(shown.response, label="Whole list")
    assert seen(whole.response).startswith("1 document mentions cranes.")


@pytest.mark.parametrize(
    "options",
    [{}, {"topic": "x" * 60}, {"topic": "x", "since": "soon"}, {"topic": "x", "folder": "none"}],
)
async def test_what_cannot_be_listed_is_refused(guild: Guild, options: dict[str, str]) -> None:
    shown = await guild.bob.slash(guild.channel, "list", **options)
    assert shown.ephemeral
    assert "mention" not in seen(shown.response)
    guild.env.errors.clear()
