"""/ask of one folder, or of documents since a date."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import simcord

from bot import messages
from bot.access import Audience, Policy
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.cogs.asking.narrowing import CHOSEN_FOR_YOU_ALONE
from bot.discord.cogs.asking.sharing import SHARE_ANSWER
from bot.services import Services
from testing.budget import one_in
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import press
from tests.bot.discord.helpers.canned import Canned
from tests.bot.discord.helpers.visible_text import seen

FUEL = "who buys the fuel?"


def _note(name: str, date: str = "") -> str:
    head = f"---\ndate: {date}\n---\n" if date else ""
    return f"{head}# Fuel\n\nThe fuel is bought by {name}.\n"


DOCUMENTS = {
    "depots/north/a.md": _note("Ines", "2025-06-01"),
    "depots/south/b.md": _note("Otto", "2026-05-12"),
    "plans/c.md": _note("Olga", "2026-06-01"),
    "d.md": _note("nobody"),
}


@dataclass
class Place:
    guild: Guild
    services: Services
    engine: Canned


INDEXED = DOCUMENTS


@pytest.fixture
async def place(guild: Guild, indexed: Settings) -> Place:
    """`ann` is a planner, and only planners see what is in plans/."""
    planner = guild.handle.create_role("Planner")
    guild.env.backend.add_member_role(guild.handle.id, guild.ann.id, planner.id)
    policy = Policy(
        guilds=frozenset({guild.handle.id}),
        folders=(("plans/", Audience(roles=frozenset({planner.id}))),),
    )
    engine = Canned(indexed, {})
    book = GuildBook(GuildSettings(), {guild.handle.id: GuildSettings(timezone="Asia/Tokyo")})
    services = services_of(indexed, policy=policy, engine=engine, guilds=book)
    await guild.env.restart_bot(bot_of(services))
    return Place(guild, services, engine)


async def ask(
    place: Place, member: simcord.MemberActor, **options: object
) -> simcord.InteractionResult:
    return await member.slash(place.guild.channel, "ask", question=FUEL, **options)


@pytest.mark.parametrize(
    ("options", "documents"),
    [
        ({"folder": "depots"}, {"depots/north/a.md", "depots/south/b.md"}),
        ({"folder": "Depots/South/"}, {"depots/south/b.md"}),
        ({"since": "2026"}, {"depots/south/b.md"}),
        ({"since": "May 2026"}, {"depots/south/b.md"}),
        ({"since": "2025-06-01"}, {"depots/north/a.md", "depots/south/b.md"}),
        ({"folder": "depots", "since": "2026-05-12"}, {"depots/south/b.md"}),
    ],
)
async def test_only_these_documents_are_asked(
    place: Place, options: dict[str, object], documents: set[str]
) -> None:
    done = await ask(place, place.guild.bob, **options)
    assert not done.ephemeral
    (question, asked, _), *_rest = place.engine.asked
    assert (question, set(asked or ())) == (FUEL, documents)
    assert "> The fuel is bought by" in seen(done.response)


async def test_what_others_may_not_see_is_for_the_asker_alone(place: Place) -> None:
    for options in ({"folder": "plans"}, {"since": "June 2026"}):
        done = await ask(place, place.guild.ann, **options)
        assert done.ephemeral
        assert seen(done.response).startswith(str(CHOSEN_FOR_YOU_ALONE))
        assert "Olga" in seen(done.response)
        assert set(place.engine.asked[-1][1] or ()) == {"plans/c.md"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"folder": "plans"}, "No document is in a folder called 'plans'."),
        ({"folder": "nowhere"}, "No document is in a folder called 'nowhere'."),
        (
            {"folder": "depot"},
            "No document is in a folder called 'depot'. Did you mean 'depots', 'depots/north' "
            "or 'depots/south'?",
        ),
        ({"since": "June 2026"}, "There is no document that is dated 2026-06-01 or later."),
        (
            {"folder": "depots", "since": "2027"},
            "There is no document in a folder depots that is dated 2027-01-01 or later.",
        ),
        (
            {"since": "soon"},
            "I do not understand that date. Write a day, a month or a year: 2026-05-01, "
            "12 May 2026, May 2026 or 2026.",
        ),
    ],
)
@pytest.mark.parametrize("private", one_in(2, [False, True]))
async def test_what_leaves_no_document_is_said_to_the_asker(
    place: Place, options: dict[str, object], said: str, private: bool
) -> None:
    done = await ask(place, place.guild.bob, private=private, **options)
    assert done.ephemeral
    assert seen(done.response) == said
    assert place.engine.asked == []
    place.guild.env.errors.clear()  # simcord keeps them, though they were shown


@pytest.mark.parametrize(
    ("member", "private", "typed", "offered"),
    [
        ("bob", False, "", ["depots", "depots/north", "depots/south"]),
        ("bob", False, "SOUTH", ["depots/south"]),
        ("bob", True, "plan", []),
        # What everybody will see goes by what everybody may see.
        ("ann", False, "plan", []),
        ("ann", True, "plan", ["plans"]),
    ],
)
async def test_folders_that_are_offered(
    place: Place, member: str, private: bool, typed: str, offered: list[str]
) -> None:
    actor = getattr(place.guild, member)
    more = {"private": True} if private else {}
    found = await actor.autocomplete(
        place.guild.channel, "ask", "folder", typed, question=FUEL, **more
    )
    assert [one["value"] for one in found] == offered


async def test_a_shared_or_chosen_answer_keeps_to_them(place: Place) -> None:
    guild = place.guild
    done = await ask(place, guild.bob, folder="depots/south", private=True)
    await press(guild.bob, done, str(SHARE_ANSWER))
    last = guild.channel.last_message
    assert last is not None
    assert "Otto" in seen(last)
    assert "Ines" not in seen(last)


async def test_today_is_that_of_the_server(place: Place) -> None:
    guild = place.guild
    await ask(place, guild.bob)
    await guild.bob.send(guild.channel, f"{guild.me} {FUEL}")
    await guild.bob.send_dm(FUEL)
    here, direct = (place.services.today(where) for where in (guild.handle.id, None))
    assert [context["today"] for _, _, context in place.engine.asked] == [here, here, direct]


def test_nothing_is_narrowed_by_nothing() -> None:
    assert messages.none_narrowed(folder="a", since=None) == "There is no document in a folder a."
