"""A guild of people around the real bot, in simcord's Discord."""

from __future__ import annotations

from dataclasses import dataclass

import discord
import pytest
import simcord

from bot.app.services import Services
from bot.config.settings import Settings
from bot.discord.gateway.client import BriefingBot
from testing.command import reindexer_of
from testing.world import bot_of, services_of, write_corpus


@dataclass
class Guild:
    """A server: `ann` and `bob` are members, `ada` may manage it."""

    env: simcord.Env
    handle: simcord.GuildHandle
    channel: simcord.ChannelHandle
    ann: simcord.MemberActor
    bob: simcord.MemberActor
    ada: simcord.MemberActor

    @property
    def me(self) -> str:
        user = self.env.bot.user
        assert user is not None
        return user.mention


@pytest.fixture
def indexed(settings: Settings) -> Settings:
    """Return settings with the sample briefings, indexed."""
    write_corpus(settings.corpus)
    reindexer_of(settings).run()
    return settings


@pytest.fixture
def services(indexed: Settings) -> Services:
    return services_of(indexed)


@pytest.fixture
def simcord_bot(services: Services) -> BriefingBot:
    """Return the bot that simcord's own fixture `simcord_env` runs."""
    return bot_of(services)


@pytest.fixture
def guild(simcord_env: simcord.Env) -> Guild:
    return people(simcord_env)


def people(env: simcord.Env) -> Guild:
    handle = env.create_guild("Larkfield")
    channel = handle.create_text_channel("general")
    manager = handle.create_role("Manager", permissions=discord.Permissions(manage_guild=True))
    return Guild(
        env=env,
        handle=handle,
        channel=channel,
        ann=handle.add_member(env.create_user("ann")),
        bob=handle.add_member(env.create_user("bob")),
        ada=handle.add_member(env.create_user("ada"), roles=[manager]),
    )
