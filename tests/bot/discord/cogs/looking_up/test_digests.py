"""Digests of what changed, as the readers of a channel see them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.access import OPEN, Audience, Policy
from bot.config.guilds import GuildSettings
from bot.config.settings import Settings
from bot.discord.cogs.looking_up.digests import Digests
from bot.discord.permissions.interaction import ServingClient
from bot.services import Services
from testing.clock import Clock
from testing.command import reindexer_of
from testing.services import bot_of, services_of, write_corpus
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.visible_text import seen

MONDAY = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


class Channel:
    """A channel for digests, and the bot's cog with a clock of ours."""

    def __init__(self, guild: Guild, services: Services, **settings: object) -> None:
        self.guild = guild
        self.services = services
        self.clock = Clock(MONDAY)
        assert isinstance(guild.env.bot, ServingClient)
        self.cog = Digests(guild.env.bot, self.clock)
        self.set(**settings)

    def set(self, **settings: object) -> None:
        given = {"digest_channel": self.guild.channel.id, **settings}
        self.services.guilds.sections[self.guild.handle.id] = GuildSettings.model_validate(given)

    async def told(self, hours: float = 0) -> list[str]:
        """Return what is sent so many hours later."""
        before = len(self.guild.channel.history())
        self.clock.now += timedelta(hours=hours)
        await self.cog.send_due()
        return [seen(message) for message in self.guild.channel.history()[before:]]


@pytest.fixture
def indexed(settings: Settings) -> Settings:
    change(settings, a="# Aid\n\nOne.", b="# B\n\nTwo.")
    return settings


def change(settings: Settings, **texts: str) -> None:
    write_corpus(settings.corpus, {f"{name}.md": f"{text}\n" for name, text in texts.items()})
    reindexer_of(settings).run()


async def test_after_each_reindex(guild: Guild, services: Services) -> None:
    channel = Channel(guild, services, digest="reindex")
    assert await channel.told() == [], "the first time there is nothing to compare with"
    change(services.settings, a="# Aid\n\nOnce.", c="# C\n\nThree.")
    (digest,) = await channel.told()
    assert "1 changed, 1 new" in digest
    assert "**Aid** · changed on" in digest
    assert await channel.told() == [], "each is told once"
    change(services.settings, c="# C\n\nThrice.")
    (digest,) = await channel.told()
    assert "**Aid**" not in digest


async def test_daily_at_eight_by_the_clock_of_the_guild(guild: Guild, services: Services) -> None:
    channel = Channel(guild, services, digest="daily", timezone="Europe/Oslo")
    await channel.told()
    change(services.settings, a="# Aid\n\nOnce.")
    assert await channel.told(23) == []  # 06:30 UTC is 07:30 in Oslo
    assert len(await channel.told(0.75)) == 1
    assert await channel.told(1) == []
    assert await channel.told(24) == [], "nothing changed"


async def test_weekly_on_mondays(guild: Guild, services: Services) -> None:
    channel = Channel(guild, services, digest="weekly")
    await channel.told()
    change(services.settings, a="# Aid\n\nOnce.")
    assert len(await channel.told(1)) == 1
    change(services.settings, a="# Aid\n\nTwice.")
    assert await channel.told(24 * 6) == []
    assert len(await channel.told(24)) == 1


async def test_killed_before_it_is_noted_it_comes_twice_and_is_never_lost(
    guild: Guild, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Channel(guild, services, digest="reindex")
    await channel.told()
    change(services.settings, a="# Aid\n\nOnce.")

    def killed(*_: object) -> None:
        raise KeyError

    with monkeypatch.context() as patch:
        patch.setattr(services.records, "remember", killed)
        with pytest.raises(KeyError):
            await channel.told()
    assert len(await channel.told()) == 1
    assert await channel.told() == []


async def test_what_not_all_readers_may_see_is_not_in_it(guild: Guild, indexed: Settings) -> None:
    planners = guild.handle.create_role("Planners")
    policy = Policy(
        guilds=frozenset({guild.handle.id}),
        audiences={"open": OPEN},
        folders=(("plans/", Audience(roles=frozenset({planners.id}))),),
        path=indexed.corpus,
    )
    services = services_of(indexed, policy=policy)
    await guild.env.restart_bot(bot_of(services))
    channel = Channel(guild, services, digest="reindex")
    await channel.told()
    change(indexed, **{"plans/x": "# Zanzibar\n\nText."})
    assert await channel.told() == []
    change(indexed, a="# Aid\n\nOnce.", **{"plans/x": "# Zanzibar\n\nOther."})
    (digest,) = await channel.told()
    assert "1 changed" in digest
    assert "Zanzibar" not in digest


async def test_a_long_one_is_cut(guild: Guild, services: Services) -> None:
    channel = Channel(guild, services, digest="reindex")
    await channel.told()
    change(services.settings, **{f"n{number}": f"# N{number}\n\nText." for number in range(20)})
    (digest,) = await channel.told()
    assert "… and 8 more: `/changes`" in digest


async def test_a_channel_that_is_closed_to_the_bot_is_told_later(
    guild: Guild, services: Services
) -> None:
    channel = Channel(guild, services, digest="reindex")
    await channel.told()
    change(services.settings, a="# Aid\n\nOnce.")
    guild.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    assert await channel.told() == []
    assert len(await channel.told()) == 1
