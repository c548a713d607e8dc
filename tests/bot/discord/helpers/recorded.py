"""What people asked and rated before, and what an admin may not see of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import simcord

from bot.access import Audience, Policy
from bot.config.settings import Settings
from bot.records import Exchange, Mark, Records
from bot.services import Services
from index.answering.answer import Verdict
from testing.exchanges import ask
from testing.services import services_of
from tests.bot.discord.conftest import Guild


def plain(text: str) -> str:
    """Replace times, which differ from run to run, by placeholders."""
    return re.sub(r"<t:\d+:R>", "<moment>", text)


def hiding_norway(guild: Guild, indexed: Settings, *roles: simcord.RoleHandle) -> Services:
    """Return services over the sample briefings, with those on Norway for the roles alone."""
    audience = Audience(roles=frozenset(role.id for role in roles))
    policy = Policy(guilds=frozenset({guild.handle.id}), folders=(("norway/", audience),))
    return services_of(indexed, policy=policy)


def rate(services: Services, guild: Guild, mark: Mark, reason: str | None = None) -> Exchange:
    """Rate the newest exchange in the channel."""
    since = datetime.now(UTC) - timedelta(hours=1)
    for person in (guild.ann, guild.bob, guild.ada):
        exchange = services.records.last(person.id, guild.channel.id, since)
        if exchange is not None:
            services.records.rate(exchange.id, guild.bob.id, mark, reason)
            return exchange
    raise AssertionError("nothing was asked")


def unanswered(
    records: Records, where: Guild, question: str, *, person: int = 1, **more: object
) -> Exchange:
    where_asked = {"guild": where.handle.id, "channel": where.channel.id}
    how = {"person": person, "confidence": 0.1, "verdict": Verdict.SILENT}
    return ask(records, question, **{**where_asked, **how, **more})
