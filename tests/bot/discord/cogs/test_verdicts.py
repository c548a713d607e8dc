"""The three verdicts in Discord: what is shown, opened, shared, rated and counted of each."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest

from bot import messages
from bot.config.settings import Settings
from bot.discord.cogs.asking.sharing import SHARE_ANSWER
from bot.discord.cogs.looking_up.sources import FIND_SOURCES
from bot.records import Mark
from bot.services import Services
from index.answering.answer import (
    CitedCell,
    Computed,
    Excerpt,
    QuestionKind,
    Quote,
    Response,
    Verdict,
)
from index.document import Span
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import press
from tests.bot.discord.helpers.briefings import answer_of, click, reindex
from tests.bot.discord.helpers.canned import Canned
from tests.bot.discord.helpers.hidden_documents import press_crafted
from tests.bot.discord.helpers.visible_text import seen

STOCK = (
    "# Stock\n\n| Tank | Litres |\n| --- | --- |\n| North | 40 |\n| South | 60 |\n\nAll is well.\n"
)
FLEET = "# Fleet\n\n| Boat | Fuel of the boat, and where to get it |\n| --- | --- |\n" + "".join(
    f"| Heron {number} | diesel, at the pier of the old harbour |\n" for number in range(1, 21)
)
BOATS = "which boats take diesel?"
WELL, LITRES, SILENT = "is all well?", "how many litres in all?", "who won?"
NOT_SURE = "**I am not sure that this answers it.**"


def _excerpt(
    number: int, stored: str, quote: str, header: str = "", document: str = "stock.md"
) -> Excerpt:
    def found(text: str) -> Quote:
        return Quote(text, Span(stored.index(text), stored.index(text) + len(text)))

    return Excerpt(
        number,
        quote,
        document,
        "Stock",
        (),
        None,
        found(quote).span,
        "0" * 20,
        1.0,
        header=found(header) if header else None,
    )


SETTINGS = {"keep_questions_days": 30}


@pytest.fixture
def services(settings: Settings) -> Services:
    reindex(settings, {"stock.md": STOCK, "fleet.md": FLEET})
    services = services_of(settings)
    fleet = services.current.generation().catalog.document("fleet.md")
    assert fleet is not None
    header, _, *lines = fleet.text.splitlines()[-22:]
    boats = tuple(
        _excerpt(number, fleet.text, line, header, "fleet.md")
        for number, line in enumerate(lines, start=1)
    )
    many = Response(BOATS, Verdict.ANSWERED, 0.9, 1, kind=QuestionKind.TABLE, excerpts=boats)
    stored = services.current.generation().catalog.document("stock.md")
    assert stored is not None
    text = stored.text
    well = _excerpt(1, text, "All is well.")
    rows = tuple(
        _excerpt(number, text, row, "Tank | Litres")
        for number, row in enumerate(("North | 40", "South | 60"), start=1)
    )
    cells = tuple(
        CitedCell("stock.md", row.quote[-2:], Span(row.span.end - 2, row.span.end), "Litres", name)
        for row, name in zip(rows, ("North", "South"), strict=True)
    )
    two = (well, replace(rows[0], number=2))
    unsure = Response(WELL, Verdict.UNSURE, 0.31, 1, excerpts=two)
    total = Response(
        LITRES,
        Verdict.ANSWERED,
        0.9,
        1,
        kind=QuestionKind.TABLE,
        excerpts=rows,
        computed=(Computed("sum", "100", cells),),
    )
    silent = Response(
        SILENT, Verdict.SILENT, 0.05, 1, closest=(*boats[:3], replace(well, number=4))
    )
    engine = Canned(
        settings, {WELL: unsure, LITRES: total, SILENT: silent, BOATS: many, "All is well!": unsure}
    )
    return services_of(settings, engine=engine)


async def test_a_doubtful_answer_is_shown_at_once(guild: Guild, services: Services) -> None:
    shown = await answer_of(guild, WELL)
    assert seen(shown) == (
        f"{NOT_SURE}\n\n"
        "> All is well.\n\n\\[1] **Stock**\n[Source 1]\n\n"
        "> Tank | Litres\n> North | 40\n\n\\[2] **Stock**\n[Source 2]\n"
        "(Confidence 31%)\n"
        "[👍] | [👎] | [Tell me once you know]"
    )
    opened = await click(guild.bob, shown, "Source 2")
    assert "> North · 40" in seen(opened)
    assert "-# Excerpt 2 of 2" in seen(opened)


async def test_what_is_computed_is_shown_with_its_cells(guild: Guild, services: Services) -> None:
    assert seen(await answer_of(guild, LITRES)) == (
        "**The sum, computed: 100**\n"
        "**Litres**: “40” \\[1] · “60” \\[2]\n\n"
        "> Tank | Litres\n> North | 40\n> South | 60\n"
        "(\\[1] \\[2] **Stock**)\n\n[Source 1] | [Source 2]\n"
        "(Confidence 90%)\n"
        "[👍] | [👎] | [Tell me when this changes]"
    )


async def test_a_long_table_is_shown_in_parts(
    guild: Guild, services: Services, settings: Settings
) -> None:
    shown = await answer_of(guild, BOATS)
    assert "Heron 6 |" in seen(shown)
    assert "Heron 7 |" not in seen(shown)
    opened = await click(guild.bob, shown, "14 more rows")
    assert opened.ephemeral
    assert "Heron 7 |" in seen(opened)
    assert "(Page 1 of 3)" in seen(opened)
    turned = await click(guild.bob, opened, "Next page")
    assert "Heron 13 |" in seen(turned)
    place = await click(guild.bob, turned, "Source 13")
    assert "Heron 13" in seen(place)
    for made_up in ("u:o:1:90-99", "u:o:99:1-2", "u:t:1:9-3:1"):
        refused = await press_crafted(guild.bob, guild.channel, made_up)
        assert seen(refused.response) == messages.EXCHANGE_GONE
    reindex(settings, {"fleet.md": FLEET.replace("Heron 7 ", "Egret 7 ")})
    again = seen(await click(guild.bob, shown, "14 more rows"))
    assert "Heron 8 |" in again
    assert "Heron 7 |" not in again
    reindex(settings, {"fleet.md": "# Fleet\n\nNone."})
    assert seen(await click(guild.bob, shown, "14 more rows")) == messages.EXCHANGE_GONE


async def test_a_row_that_was_hidden_since_is_shown_nowhere(
    guild: Guild, settings: Settings
) -> None:
    book = openpyxl.Workbook()
    for line in FLEET.splitlines()[2:]:
        if "---" not in line:
            book.active.append([cell.strip() for cell in line.strip("|").split("|")])
    place = settings.corpus / "fleet.xlsx"
    book.save(place)
    reindex(settings, {})
    services = services_of(settings)
    fleet = services.current.generation().catalog.document("fleet.xlsx")
    assert fleet is not None
    header, *lines = fleet.text.splitlines()[-21:]
    rows = tuple(
        _excerpt(number, fleet.text, line, header, "fleet.xlsx")
        for number, line in enumerate(lines, start=1)
    )
    answer = Response(BOATS, Verdict.ANSWERED, 0.9, 1, kind=QuestionKind.TABLE, excerpts=rows)
    engine = Canned(settings, {BOATS: answer})
    await guild.env.restart_bot(bot_of(services_of(settings, engine=engine)))
    shown = await answer_of(guild, BOATS)
    opened = await click(guild.bob, shown, "12 more rows")
    assert "Heron 9 " in seen(opened)
    book.active.row_dimensions[10].hidden = True
    book.save(place)
    reindex(settings, {})
    again = seen(await click(guild.bob, shown, "12 more rows"))
    assert "Heron 10 " in again
    assert "Heron 9" not in again
    source = seen(await click(guild.bob, opened, "Source 9"))
    assert "no longer stands there" in source
    assert "Heron 9" not in source


async def test_silence_offers_what_comes_closest(guild: Guild, services: Services) -> None:
    shown = await answer_of(guild, SILENT)
    assert "> All" not in seen(shown)
    closest = await click(guild.bob, shown, "Closest passages")
    assert seen(closest).count("Heron") == 2, "a table takes no more than two rows"
    assert "> All is well.\n\n\\[3] **Stock**" in seen(closest)
    made_up = await press_crafted(guild.bob, guild.channel, "s:1:1")
    assert seen(made_up.response) == messages.EXCHANGE_GONE


async def test_there_is_nothing_closest_to_a_doubtful_answer(
    guild: Guild, services: Services
) -> None:
    await answer_of(guild, WELL)
    made_up = await press_crafted(guild.bob, guild.channel, "c:1")
    assert seen(made_up.response) == messages.EXCHANGE_GONE


@pytest.mark.parametrize(("question", "shared"), [(WELL, True), (LITRES, True), (SILENT, False)])
async def test_what_is_shown_can_be_shared(
    guild: Guild, services: Services, question: str, shared: bool
) -> None:
    done = await guild.ann.slash(guild.channel, "ask", question=question, private=True)
    assert (f"[{SHARE_ANSWER}]" in seen(done.response)) == shared
    if not shared:
        made_up = await press_crafted(guild.ann, guild.channel, "v:1")
        assert "cannot be shared" in seen(made_up.response)
        return
    await press(guild.ann, done, str(SHARE_ANSWER))
    last = guild.channel.last_message
    assert last is not None
    assert (NOT_SURE in seen(last)) == (question == WELL)


async def test_a_claim_that_is_doubtful(guild: Guild, services: Services) -> None:
    claim = await guild.bob.send(guild.channel, "All is well!")
    found = await guild.ann.context_menu(guild.channel, FIND_SOURCES, claim)
    said = seen(found.response)
    assert said.startswith(
        f"Passages about what {guild.bob.mention} wrote: **All is well!**\n"
        "**I am not sure that this bears on it.**\n\n> All is well.\n"
    )
    assert "[👍]" in said


async def test_each_is_rated_and_counted(guild: Guild, services: Services) -> None:
    for question in (WELL, LITRES, SILENT):
        shown = await answer_of(guild, question)
        assert "[👍]" in seen(shown)
    services.records.rate(2, guild.bob.id, Mark.DOWN)
    status = seen((await guild.ada.slash(guild.channel, "status")).response)
    assert "1 answered, 1 unsure, 1 silent." in status
    gaps = seen((await guild.ada.slash(guild.channel, "gaps")).response)
    assert all(question.rstrip("?") in gaps for question in (WELL, LITRES, SILENT))
