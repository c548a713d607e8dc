"""Suggestions while a person types."""

from __future__ import annotations

import pytest

from bot.config.settings import Settings
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.briefings import DOCUMENTS, MANUAL, reindex, write_manual
from tests.bot.discord.helpers.visible_text import seen

LONG = "A very long title that goes on and on about the stores of fuel and of food"
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"


@pytest.fixture
def indexed(settings: Settings) -> Settings:
    write_manual(settings, "Keep calm.", "Call the depot.", "Sign the form.")
    reindex(settings, DOCUMENTS)
    return settings


async def offered(
    guild: Guild, option: str, typed: str, command: str = "source", **filled: str
) -> list[tuple[str, str]]:
    choices = await guild.ann.autocomplete(guild.channel, command, option, typed, **filled)
    for choice in choices:
        for text in (choice["name"], choice["value"]):
            assert 1 <= len(text.encode("utf-16-le")) // 2 <= 100
    return [(choice["name"], choice["value"]) for choice in choices]


NORTH = ("The north depot (depot/north.md)", "depot/north.md")
SOUTH = ("The south depot (depot/south.txt)", "depot/south.txt")


async def test_documents(guild: Guild) -> None:
    assert await offered(guild, "document", "north") == [NORTH]
    assert await offered(guild, "document", "depto") == [NORTH, SOUTH]
    assert await offered(guild, "document", "zebra") == []
    assert len(await offered(guild, "document", "")) == 4
    assert await offered(guild, "document", "manu", command="ask", question="x") == [
        ("The manual (manual.pdf)", MANUAL)
    ]
    assert await offered(guild, "document", "manu", command="search", words="x") == [
        ("The manual (manual.pdf)", MANUAL)
    ]


async def test_at_most_25(guild: Guild, settings: Settings) -> None:
    reindex(settings, {f"log {n}.txt": f"Day {n}.\n" for n in range(30)})
    assert len(await offered(guild, "document", "log")) == 25


async def test_long_names_can_be_told_apart_and_chosen(guild: Guild, settings: Settings) -> None:
    names = [f"{'stores of the regional directorate/' * 4}volume {n}.md" for n in (1, 2)]
    reindex(settings, {name: f"# {LONG}\n\nAll of it in {name[-4]}.\n" for name in names})
    choices = await offered(guild, "document", "very long title")
    assert [label for label, _ in choices] == [
        "volume 1.md (… of the regional directorate/)",
        "volume 2.md (… of the regional directorate/)",
    ]
    shown = await guild.ann.slash(guild.channel, "source", document=choices[1][1])
    assert "All of it in 2." in seen(shown.response)


async def test_of_documents_of_one_title_the_name_comes_first(
    guild: Guild, settings: Settings
) -> None:
    """A phone shows some forty signs of a choice."""
    rotas = {f"{name}.md": f"# The duty rota\n\nAda in {name}.\n" for name in ("march", "rota/may")}
    reindex(settings, rotas)
    assert await offered(guild, "document", "duty rota") == [
        ("may.md (rota/)", "rota/may.md"),
        ("march.md (The duty rota)", "march.md"),
    ]


async def test_what_cannot_be_seen_is_shown(guild: Guild, settings: Settings) -> None:
    name = f"x{OVERRIDE}fdp.txt"
    reindex(settings, {name: f"Zebra{OVERRIDE} one\tand two\n\n{'🦓' * 9} graze.\n"})
    ((label, value),) = await offered(guild, "document", "zebra")
    assert label == "Zebra‹U+202E› one and two (x‹U+202E›fdp.txt)"
    assert OVERRIDE not in value
    shown = await guild.ann.slash(guild.channel, "source", document=value)
    assert "graze." in seen(shown.response)


async def test_headings_and_pages(guild: Guild) -> None:
    headings = [("Fuel", "Fuel"), ("Tanks", "Tanks"), ("Cranes", "Cranes"), ("Spares", "Spares")]
    assert await offered(guild, "place", "", document="depot/north.md") == headings
    assert await offered(guild, "place", "cran", document="The North Depot") == [headings[2]]
    pages = [(f"page {n}", f"page {n}") for n in (1, 2, 3)]
    assert await offered(guild, "place", "", document=MANUAL) == pages
    assert await offered(guild, "place", "2", document=MANUAL) == [pages[1]]


async def test_a_long_heading_is_found_by_its_beginning(guild: Guild, settings: Settings) -> None:
    long = f"{LONG}, {LONG.lower()} 🦓🦓🦓🦓"
    stores = "# Stores\n\n## Short\n\nFew."
    reindex(settings, {"long.md": f"{stores}\n\n## {long}{OVERRIDE}\n\nMany.\n"})
    choices = await offered(guild, "place", "very", document="long.md")
    ((label, value),) = choices
    assert label == f"{LONG}, A very long title that…".replace(", A", ", a")
    shown = await guild.ann.slash(guild.channel, "source", document="long.md", place=value)
    assert seen(shown.response).startswith("**Stores** › A very long title")


async def test_silence_where_nothing_can_be_offered(guild: Guild, settings: Settings) -> None:
    assert await offered(guild, "place", "x") == []
    assert await offered(guild, "place", "x", document="zebra") == []
    nowhere = settings.model_copy(update={"index": settings.index / "none"})
    await guild.env.restart_bot(bot_of(services_of(nowhere)))
    assert await offered(guild, "document", "north") == []
    assert await offered(guild, "place", "x", document="north") == []
