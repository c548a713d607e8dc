"""Who may see the exchange of a button, since anybody can send any id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot import messages
from bot.library import key_of
from bot.services import Services
from tests.bot.discord.conftest import Guild, people
from tests.bot.discord.helpers.briefings import DOCUMENTS, answer_of, forged
from tests.bot.discord.helpers.visible_text import seen

IDS = ("s:1:1", "e:1:2", "f:1:up", "f:1:down")


INDEXED = DOCUMENTS


async def test_what_was_never_made(guild: Guild, services: Services) -> None:
    await answer_of(guild)
    huge = "9" * 90
    for custom_id in (
        *("s:1:9", "s:2:1", "s:0:0", f"s:{huge}:1", f"s:1:{huge}", "s:9223372036854775808:1"),
        *("e:0:0", "e:0:1", "c:1", "c:2", f"c:{huge}", "q:1:1", "q:0:1", f"q:1:{huge}"),
        *(f"f:{huge}:up", "f:2:down"),
    ):
        assert await forged(guild, guild.ann, custom_id) == messages.EXCHANGE_GONE, custom_id
    gone = "That document is no longer indexed."
    for custom_id in (
        *("o:aaaaaaaaaaaa", "d:aaaaaaaaaaaa:1", "d:aaaaaaaaaaaa:1:e:1:1"),
        *("p:aaaaaaaaaaaa:1-2:00000000", "t:aaaaaaaaaaaa:1-2:00000000"),
    ):
        assert await forged(guild, guild.ann, custom_id) == gone, custom_id
    assert services.records.feedback() == []


async def test_numbers_beyond_a_document(guild: Guild) -> None:
    key = key_of("note.txt")
    many = "9" * 19
    for custom_id in (f"d:{key}:{many}", f"d:{key}:0", f"p:{key}:{many}-{many}:0000beef"):
        view = await _seen_of(guild, custom_id)
        assert "Bread is baked daily." in view
    assert "No document" in await _seen_of(guild, f"l:{many}:zebra")


async def _seen_of(guild: Guild, custom_id: str) -> str:
    with pytest.raises(AssertionError):  # it is no bare sentence
        await forged(guild, guild.ann, custom_id)
    last = guild.channel.history(viewer=guild.ann)[-1]
    return seen(last)


async def test_the_closest_passages_are_no_excerpts(guild: Guild) -> None:
    await answer_of(guild, "which helicopters are kept?")
    assert await forged(guild, guild.ann, "s:1:1") == messages.EXCHANGE_GONE


async def test_what_was_asked_in_another_guild(guild: Guild) -> None:
    await answer_of(guild)
    elsewhere = people(guild.env)
    for custom_id in IDS:
        assert await forged(elsewhere, elsewhere.bob, custom_id) == messages.EXCHANGE_GONE


async def test_what_was_asked_in_another_channel(guild: Guild) -> None:
    await answer_of(guild)
    guild.channel = guild.handle.create_text_channel("other")
    for custom_id in IDS:
        assert await forged(guild, guild.bob, custom_id) == messages.EXCHANGE_GONE


async def test_what_is_no_longer_kept(guild: Guild, services: Services) -> None:
    await answer_of(guild)
    services.records.prune(datetime.now(UTC) + timedelta(days=1))
    for custom_id in IDS:
        assert await forged(guild, guild.ann, custom_id) == messages.EXCHANGE_GONE
