"""Documents without a question: /source, /search, /documents and "Find sources"."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.chat.answering import SEARCH_FORGOTTEN
from bot.config.settings import Settings
from bot.discord.cogs.looking_up.sources import FIND_SOURCES, NO_CLAIM
from testing.budget import one_in
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import press
from tests.bot.discord.helpers.briefings import (
    DATED,
    DIESEL,
    DOCUMENTS,
    HALL,
    MANUAL,
    TYRES,
    answer_of,
    click,
    reindex,
    write_manual,
)
from tests.bot.discord.helpers.canned import NOTHING, Canned
from tests.bot.discord.helpers.visible_text import seen

pytestmark = pytest.mark.slow

LINE = "\N{NO-BREAK SPACE}"
PAGE_2 = (
    f"**The manual**\npage 2 of 3 · dated 1 Jan 2000 · manual.pdf\n{LINE}\nCall the depot.\n"
    "(Part 2 of 3)\n[↑ Text before] | [↓ Text after] | [Page] | [Original file]"
)


@pytest.fixture
def indexed(settings: Settings) -> Settings:
    write_manual(settings, "Keep calm.", "Call the depot.", "Sign the form.")
    reindex(settings, DOCUMENTS)
    return settings


async def use(guild: Guild, command: str, **options: object) -> Any:
    """Return what the command shows Ann."""
    done = await guild.ann.slash(guild.channel, command, **options)
    assert done.acknowledged
    assert done.followups == []
    return done.response


async def told(guild: Guild, command: str, **options: object) -> str:
    """Return the sentence with which the command refuses, shown to Ann alone."""
    shown = await use(guild, command, **options)
    assert shown.ephemeral
    assert not shown.embeds
    assert len(guild.env.errors) == 1
    return str(shown.content)


def without_days(text: str) -> str:
    return re.sub(r"<t:\d+:d>", "today", text)


# /source


@pytest.mark.parametrize("place", ["2", "p. 2", "page 2"])
async def test_a_document_at_a_page(guild: Guild, place: str) -> None:
    shown = await use(guild, "source", document=MANUAL, place=place)
    assert shown.ephemeral
    assert seen(shown) == PAGE_2
    turned = await click(guild.ann, shown, "↓ Text after")
    assert turned.id == shown.id
    assert seen(turned) == (
        f"**The manual**\npage 3 of 3 · dated 1 Jan 2000 · manual.pdf\n{LINE}\nSign the form.\n"
        "(Part 3 of 3)\n[↑ Text before] | (↓ Text after) | [Page] | [Original file]"
    )


@pytest.mark.parametrize("place", ["Spares", "spars", "SPARES"])
async def test_a_document_at_a_heading(guild: Guild, place: str) -> None:
    shown = await use(guild, "source", document="the north depot", place=place)
    assert seen(shown) == (
        f"**The north depot** › Spares\ndated 3 Feb 2026 · depot/north.md\n{LINE}\n"
        f"## Spares\n\n{TYRES}\n(Part 2 of 2)\n"
        "[↑ Text before] | (↓ Text after) | [Picture] | [Original file]"
    )


async def test_a_document_from_its_beginning(guild: Guild) -> None:
    shown = await use(guild, "source", document="south")
    assert seen(shown) == (
        f"**The south depot**\ndepot/south.txt\n{LINE}\n## The south depot\n\n"
        "The diesel is kept in the yard. Nobody guards it.\n[Picture] | [Original file]"
    )


@pytest.mark.parametrize("share", one_in(2, [False, True]))
@pytest.mark.parametrize(
    ("document", "place", "said"),
    [
        (MANUAL, "9", "'manual.pdf' has 3 pages, so there is no page 9."),
        ("depot/south.txt", "9", "'depot/south.txt' has no pages, so there is no page 9."),
        (
            "depot/north.md",
            "Spraes and tyres",
            "'depot/north.md' has no heading 'Spraes and tyres'. Did you mean 'Spares' or "
            "'Cranes'?",
        ),
        (
            "depot/north.md",
            "@everyone",
            "'depot/north.md' has no heading '\\@everyone'. Its headings begin with 'Fuel', "
            "'Tanks', 'Cranes'.",
        ),
        ("note.txt", "Jam", "'note.txt' has no heading 'Jam'. It has no headings and no pages."),
        (
            "depot",
            None,
            "I am not sure which document “depot” is. Did you mean depot/north.md or "
            "depot/south.txt? `/documents` lists them all.",
        ),
        ("zebra", None, "I know no document called “zebra”. `/documents` lists them all."),
    ],
)
async def test_what_there_is_not(
    guild: Guild, document: str, place: str | None, said: str, share: bool
) -> None:
    options = {} if place is None else {"place": place}
    assert await told(guild, "source", document=document, share=share, **options) == said
    assert guild.channel.history(viewer=guild.bob) == []


@pytest.mark.parametrize("typed", ["the noth depo", "north", "NORTH.MD", "depot/north"])
async def test_a_document_by_a_name_that_is_near(guild: Guild, typed: str) -> None:
    said = seen(await use(guild, "source", document=typed))
    guess = "-# I took that to mean **The north depot** (depot/north.md).\n"
    assert said.startswith(guess) == (typed in ("the noth depo", "depot/north"))
    assert "**The north depot**\n" in said


async def test_a_document_is_chosen_of_several_and_the_rest_is_as_it_was_typed(
    guild: Guild,
) -> None:
    asked = await guild.ann.slash(guild.channel, "source", document="depot", place="Spares")
    guild.env.errors.clear()
    shown = await press(guild.ann, asked, "south.txt")
    guild.env.errors.clear()
    assert "'depot/south.txt' has no heading 'Spares'" in seen(shown.response)
    shown = await press(guild.ann, asked, "north.md")
    assert "**The north depot**" in seen(shown.response)


async def test_a_question_about_one_of_several_is_asked_of_the_one_that_is_chosen(
    guild: Guild,
) -> None:
    asked = await guild.bob.slash(guild.channel, "ask", question=DIESEL, document="depot")
    guild.env.errors.clear()
    assert asked.response is not None
    assert asked.response.ephemeral
    shown = await press(guild.bob, asked, "north.md")
    assert HALL in seen(shown.response)
    assert "the yard" not in seen(shown.response)


async def test_what_does_not_fit_into_a_button_is_only_said(guild: Guild) -> None:
    asked = await guild.bob.slash(guild.channel, "ask", question=DIESEL * 3, document="depot")
    guild.env.errors.clear()
    assert asked.response is not None
    assert not asked.response.components


async def test_a_source_that_is_shared(guild: Guild) -> None:
    shown = await use(guild, "source", document=MANUAL, place="2", share=True)
    assert not shown.ephemeral
    assert seen(shown) == PAGE_2
    # Nobody turns the page under the others' eyes: whoever clicks gets a copy.
    bobs = await click(guild.bob, shown, "↓ Text after")
    assert bobs.ephemeral
    assert "Sign the form." in seen(bobs)
    assert seen(shown) == PAGE_2
    turned = await click(guild.bob, bobs, "↑ Text before")
    assert (turned.id, seen(turned)) == (bobs.id, PAGE_2)


# /search

HALL_PASSAGE = (
    f"> ## Fuel\n> \n> ### Tanks\n> \n> {HALL}\n\n"
    "\\[3] **The north depot** › Fuel › Tanks · 3 Feb 2026\n[Source 3]\n\n"
)
FIRST_HITS = (
    "Passages for: **where is diesel kept**\n"
    f"> ## Spares\n> \n> {TYRES}\n\n\\[1] **The north depot** › Spares · 3 Feb 2026\n"
    "[Source 1]\n\n"
    "> ## The south depot\n> \n> The diesel is kept in the yard. Nobody guards it.\n\n"
    "\\[2] **The south depot**\n[Source 2]\n\n"
    f"{HALL_PASSAGE}"
    "> Bread is baked daily.\n\n\\[4] **Bread is baked daily.**\n[Source 4]\n"
    "(Page 1 of 3)\n(Previous page) | [Next page]"
)


async def test_passages_and_their_place(guild: Guild) -> None:
    shown = await use(guild, "search", words="where is diesel kept")
    assert shown.ephemeral
    assert seen(shown) == FIRST_HITS
    opened = await click(guild.ann, shown, "Source 2")
    assert opened.id != shown.id
    assert seen(opened) == (
        f"**The south depot**\ndepot/south.txt\n{LINE}\n"
        "> ## The south depot\n> \n> The diesel is kept in the yard. Nobody guards it.\n"
        "[Picture] | [Original file]"
    )
    assert seen(shown) == FIRST_HITS


async def test_the_pages_of_a_search(guild: Guild) -> None:
    first = await use(guild, "search", words="where is diesel kept")
    second = await click(guild.ann, first, "Next page")
    assert second.id == first.id
    assert "[Source 8]\n(Page 2 of 3)\n[Previous page] | [Next page]" in seen(second)
    third = await click(guild.ann, second, "Next page")
    assert "(Page 3 of 3)" in seen(third)
    assert "\n[Previous page] | (Next page)" in seen(third)
    assert "[Source 8]" in seen(await click(guild.ann, third, "Previous page"))
    assert seen(await click(guild.ann, second, "Previous page")) == FIRST_HITS


async def test_another_page_is_of_the_documents_as_they_are_now(
    guild: Guild, settings: Settings
) -> None:
    settings = settings.model_copy(update={"keep_questions_days": 1})
    await guild.env.restart_bot(bot_of(services_of(settings)))
    first = await use(guild, "search", words="where is diesel kept")
    reindex(settings, {"depot/south.txt": None, "depot/north.md": None})
    (settings.corpus / MANUAL).unlink()
    reindex(settings, {"new.txt": "Diesel? Where it is kept is secret.\n"})
    await guild.env.restart_bot(bot_of(services_of(settings)))
    assert seen(await click(guild.ann, first, "Next page")) == (
        "Passages for: **where is diesel kept**\n"
        "> Diesel? Where it is kept is secret.\n\n"
        "\\[1] **Diesel? Where it is kept is secret.**\n[Source 1]\n\n"
        "> Bread is baked daily.\n\n\\[2] **Bread is baked daily.**\n[Source 2]"
    )


async def test_another_page_of_a_search_whose_words_are_not_kept(
    guild: Guild, settings: Settings
) -> None:
    first = await use(guild, "search", words="where is diesel kept")
    assert seen(await click(guild.ann, first, "Next page")).startswith("Passages for: **where is")
    await guild.env.restart_bot(bot_of(services_of(settings)))
    turned = await guild.ann.click(first, label="Next page")
    assert [one.content for one in turned.followups] == [SEARCH_FORGOTTEN]


async def test_a_search_within_a_document(guild: Guild) -> None:
    shown = await use(guild, "search", words="diesel", document="The south depot")
    assert seen(shown) == (
        "Passages for: **diesel**\n"
        "> ## The south depot\n> \n> The diesel is kept in the yard. Nobody guards it.\n\n"
        "\\[1] **The south depot**\n[Source 1]"
    )
    shown = await use(guild, "search", words="diesel", document="note.txt")
    assert seen(shown) == "Passages for: **diesel**\nNothing was found."


async def test_a_search_that_finds_nothing(guild: Guild) -> None:
    shown = await use(guild, "search", words="zebra **@here**")
    assert seen(shown) == ("Passages for: **zebra \\*\\*\\@here\\*\\***\nNothing was found.")


async def test_a_search_that_is_shared(guild: Guild) -> None:
    shown = await use(guild, "search", words="where is diesel kept", share=True)
    assert not shown.ephemeral
    bobs = await click(guild.bob, shown, "Next page")
    assert bobs.ephemeral
    assert "(Page 2 of 3)" in seen(bobs)
    assert seen(shown) == FIRST_HITS


async def test_what_cannot_be_searched_for(guild: Guild) -> None:
    assert await told(guild, "search", words="?!") == (
        "The question has no letter and no digit in it. Ask in words."
    )


async def test_a_search_within_an_unknown_document(guild: Guild) -> None:
    assert await told(guild, "search", words="diesel", document="zebra", share=True) == (
        "I know no document called “zebra”. `/documents` lists them all."
    )


@pytest.mark.search
async def test_long_passages_take_more_pages_and_never_a_second_message(
    guild: Guild, settings: Settings
) -> None:
    # Every character of it is escaped.
    rows = "\n\n".join(f"# H{n}\n\nzebra " + "*_" * 900 for n in range(6))
    reindex(settings, {"marks.md": rows})
    shown = await use(guild, "search", words="zebra")
    pages = [seen(shown)]
    while "[Next page]" in pages[-1]:
        result = await guild.ann.click(shown, label="Next page")
        assert result.followups == []
        shown = result.response
        pages.append(seen(shown))
    ranks = [int(rank) for page in pages for rank in re.findall(r"^\\\[(\d+)]", page, re.M)]
    ranks = list(dict.fromkeys(ranks))  # one that is longer than an embed says so twice
    assert ranks == list(range(1, len(ranks) + 1))
    assert len(pages) > 1


# /documents


async def test_the_documents(guild: Guild) -> None:
    shown = await use(guild, "documents")
    assert shown.ephemeral
    assert without_days(seen(shown)) == (
        "**The north depot**\ndepot/north.md · 3 Feb 2026\n"
        f"{LINE}\n"
        "**The south depot**\ndepot/south.txt\n"
        f"{LINE}\n"
        "**The manual**\nmanual.pdf · 1 Jan 2000 · 3 pages\n"
        f"{LINE}\n"
        "**Bread is baked daily.**\nnote.txt"
    )


@pytest.mark.parametrize("wanted", ["SOUTH", "  south ", "*south*", "depot/s?uth.*"])
async def test_some_of_the_documents(guild: Guild, wanted: str) -> None:
    assert without_days(seen(await use(guild, "documents", filter=wanted))) == (
        "**The south depot**\ndepot/south.txt"
    )


async def test_no_such_documents(guild: Guild) -> None:
    shown = await use(guild, "documents", filter="zebra")
    assert seen(shown) == "No document of that name is known."


async def test_many_documents_some_of_them_not_read(guild: Guild, settings: Settings) -> None:
    reindex(settings, {f"log {n:02}.txt": f"Day {n} was quiet.\n" for n in range(21)})
    (settings.corpus / "log 20.txt").write_bytes(b"")
    (settings.corpus / "log 21.pdf").write_bytes(b"no PDF at all")
    reindex(settings, {})
    first = await use(guild, "documents", filter="log ")
    assert (
        without_days(seen(first))
        == f"\n{LINE}\n".join(f"**Day {n} was quiet.**\nlog {n:02}.txt" for n in range(8))
        + "\n(Page 1 of 3)\n(Previous page) | [Next page]"
    )
    second = await click(guild.ann, first, "Next page")
    assert second.id == first.id
    assert "(Page 2 of 3)\n[Previous page] | [Next page]" in seen(second)
    third = await click(guild.ann, second, "Next page")
    lines = without_days(seen(third)).splitlines()
    assert lines[:2] == ["**Day 16 was quiet.**", "log 16.txt"]
    assert lines[-8:] == [
        "🕒 **Day 20 was quiet.**",
        "log 20.txt",
        "The file as it is now could not be read: it is empty. Its last good version answers.",
        LINE,
        "❌ **log 21.pdf**",
        "Not read: it is not a PDF.",
        "(Page 3 of 3)",
        "[Previous page] | (Next page)",
    ]
    assert seen(await click(guild.ann, third, "Previous page")) == seen(second)


async def test_a_filter_as_long_as_a_button_can_carry(guild: Guild, settings: Settings) -> None:
    name = "🦓" * 45
    reindex(settings, {f"{name}{n}.txt": f"Stripes, {n}.\n" for n in range(9)})
    first = await use(guild, "documents", filter=name)
    assert "**Stripes, 8.**" in seen(await click(guild.ann, first, "Next page"))
    told = await use(guild, "documents", filter=f"{name}!")
    assert seen(told) == (
        "That is too long to look for in names and titles: 90 characters is the most."
    )


# Find sources


async def find(guild: Guild, message: Any) -> Any:
    """Return what "Find sources" on Bob's message shows Ann."""
    done = await guild.ann.context_menu(guild.channel, FIND_SOURCES, message)
    assert done.ephemeral
    assert done.followups == []
    assert done.response is not None
    return done.response


async def test_what_bears_on_a_claim(guild: Guild) -> None:
    claim = await guild.bob.send(guild.channel, "I hear the diesel is kept in **Hall A**")
    shown = await find(guild, claim)
    assert seen(shown) == (
        f"Passages about what {guild.bob.mention} wrote: "
        "**I hear the diesel is kept in \\*\\*Hall A\\*\\***\n"
        f"> {HALL}\n\n\\[1] **The north depot** › Fuel › Tanks{DATED}\n[Source 1]\n\n"
        "> The diesel is kept in the yard.\n\n\\[2] **The south depot**\n[Source 2]\n"
        "(Confidence 90%)\n[👍] | [👎]"
    )
    assert "⚠" not in seen(await click(guild.ann, shown, "Source 2"))
    assert [m.id for m in guild.channel.history(viewer=guild.bob)] == [claim.id]


async def test_a_claim_without_evidence(guild: Guild) -> None:
    claim = await guild.bob.send(
        guild.channel, f"{guild.ann.mention} says that penguins are\n\nkept in @everyone's pool"
    )
    shown = await find(guild, claim)
    assert seen(shown) == (
        f"Passages about what {guild.bob.mention} wrote: "
        "**@ann says that penguins are kept in \\@everyone's pool**\n"
        "**I found nothing close in the documents.** These passages come nearest, but I do "
        "not think that they bear on it.\n\n"
        f"> {HALL}\n\n\\[1] **The north depot** › Fuel › Tanks\n[Source 1]\n\n"
        f"> {TYRES}\n\n\\[2] **The north depot** › Spares\n[Source 2]\n\n"
        "> Keep calm.\n\n\\[3] **The manual**, page 1\n[Source 3]\n\n"
        "> The diesel is kept in the yard.\n\n\\[4] **The south depot**\n[Source 4]"
    )
    opened = await click(guild.ann, shown, "Source 1")
    assert f"> {HALL}" in seen(opened)


async def test_a_claim_that_nothing_comes_close_to(guild: Guild, settings: Settings) -> None:
    engine = Canned(settings, {"Zebras!": NOTHING})
    await guild.env.restart_bot(bot_of(services_of(settings, engine=engine)))
    claim = await guild.bob.send(guild.channel, "Zebras!")
    assert seen(await find(guild, claim)) == (
        f"Passages about what {guild.bob.mention} wrote: **Zebras!**\n"
        "**I found nothing close in the documents.**"
    )


async def test_a_message_without_words(guild: Guild) -> None:
    picture = await guild.bob.send(guild.channel, "", attachments=[("a.png", b"png")])
    assert seen(await find(guild, picture)) == NO_CLAIM


async def test_a_message_that_forwards_another(guild: Guild) -> None:
    claim = await guild.bob.send(guild.channel, "the diesel is kept in Hall A")
    forwarded = await guild.bob.forward(claim, guild.channel)
    assert f"> {HALL}" in seen(await find(guild, forwarded))


async def test_an_embed_such_as_news_come_in(guild: Guild) -> None:
    said = await answer_of(guild, "where is diesel kept?")
    assert f"> {HALL}" in seen(await find(guild, said))


async def test_a_message_as_long_as_can_be(guild: Guild) -> None:
    claim = await guild.bob.send(guild.channel, "The diesel is kept in Hall A.")
    # Nitro allows 4,000 characters, simcord 2,000.
    stored = guild.env.backend.get_message(guild.channel.id, claim.id)
    stored.content = f"{claim.content} {'Cranes lift. ' * 300}"[:4_000]
    first, second = seen(await find(guild, claim)).splitlines()[:2]
    assert first.endswith("Cranes li…**")
    assert second == "-# Only the first 2,000 characters of the message were looked up."
