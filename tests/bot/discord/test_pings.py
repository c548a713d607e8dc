"""Who can be pinged: by the client's default nobody, and elsewhere one person or role by id."""

from __future__ import annotations

import re
from pathlib import Path

import discord
import pytest

import bot.discord
from bot.config.guilds import Owner
from bot.config.settings import Settings
from bot.discord.ui.sending import pings_of
from testing.services import bot_of, services_of

SOURCES = Path(bot.discord.__file__).parent
MAKER = "ui/sending.py"
PINGING = {
    "cogs/administering/stewardship.py",  # the owner of a document, whom the settings name
    "ui/answers/handing.py",  # who is asked, by the settings; who asked, by a click of theirs
    "ui/answers/telling.py",  # who watches, by a click of theirs
}
_MADE = re.compile(r"AllowedMentions\((?P<inside>[^()]*(?:\([^()]*\)[^()]*)*)\)")


def made() -> dict[str, list[str]]:
    """Return what is made in each module, beside "none", which allows nothing."""
    found = {}
    for path in SOURCES.rglob("*.py"):
        inside = [match["inside"] for match in _MADE.finditer(path.read_text(encoding="utf-8"))]
        if inside:
            found[path.relative_to(SOURCES).as_posix()] = inside
    return found


def test_nothing_else_in_the_program_can_ping() -> None:
    assert set(made()) == {MAKER}
    texts = {path: path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py")}
    asking = {path.relative_to(SOURCES).as_posix() for path in texts if "pings_of(" in texts[path]}
    assert asking == {MAKER, *PINGING}


def test_everyone_is_never_pinged_and_people_only_by_id() -> None:
    for inside in made()[MAKER]:
        assert "everyone=False" in inside
        assert not re.search(r"(?:users|roles|replied_user)=True", inside)


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        (Owner(77), {"parse": [], "users": [77], "roles": []}),
        (Owner(88, is_role=True), {"parse": [], "users": [], "roles": [88]}),
    ],
)
def test_an_expert_is_pinged_and_nobody_else(owner: Owner, expected: dict[str, object]) -> None:
    assert pings_of(owner).to_dict() == expected


def test_by_default_nobody_is_pinged(settings: Settings) -> None:
    allowed = bot_of(services_of(settings)).allowed_mentions
    assert allowed is not None
    assert allowed.to_dict() == discord.AllowedMentions.none().to_dict()
    assert not allowed.to_dict()["parse"]
