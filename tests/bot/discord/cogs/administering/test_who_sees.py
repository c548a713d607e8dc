"""/access, as admins see it."""

from __future__ import annotations

import discord

from bot.access import OPEN, Audience, Policy
from bot.config.settings import Settings
from bot.discord.cogs.administering.who_sees import NOT_ALL
from testing.command import reindexer_of
from testing.services import bot_of, services_of, write_corpus
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.visible_text import seen


async def said(guild: Guild, **options: str) -> str:
    shown = await guild.ada.slash(guild.channel, "access", **options)
    assert shown.ephemeral
    return seen(shown.response)


async def test_without_a_policy_all_see_all(guild: Guild) -> None:
    assert await said(guild, folder="norway") == (
        "**Who sees norway**\n"
        "Seen by everybody on the documents' servers.\n"
        f"In public answers in: <#{guild.channel.id}>"
    )
    assert (await said(guild)).startswith("**Who sees the documents in no folder**")


async def test_a_folder_of_a_few(guild: Guild, indexed: Settings) -> None:
    write_corpus(
        indexed.corpus,
        {
            "norway/own.md": "---\naudience: open\n---\n# Own\n\nText.\n",
            "norway/b.md": "# B\n\nB.\n",
        },
    )
    reindexer_of(indexed).run()
    planners = guild.handle.create_role("Planners")
    guild.env.backend.add_member_role(guild.handle.id, guild.ada.id, planners.id)
    plans = guild.handle.create_text_channel(
        "plans",
        overwrites={
            guild.handle.default_role: discord.PermissionOverwrite(view_channel=False),
            planners: discord.PermissionOverwrite(view_channel=True),
        },
    )
    hidden = guild.handle.create_text_channel(
        "hidden",
        overwrites={guild.handle.default_role: discord.PermissionOverwrite(view_channel=False)},
    )
    audience = Audience(roles=frozenset({planners.id}), people=frozenset({7}))
    policy = Policy(
        guilds=frozenset({guild.handle.id}),
        audiences={"open": OPEN, "planners": audience},
        folders=(("norway/", audience),),
        path=indexed.corpus,
    )
    await guild.env.restart_bot(bot_of(services_of(indexed, policy=policy)))
    shown = await said(guild, folder="norway")
    assert shown == (
        "**Who sees norway**\n"
        f"Seen by whoever has <@&{planners.id}>; <@7> in person.\n"
        "1 document there is for others: it names an audience itself, or its folder has one of its"
        " own.\n"
        "Here I use them only in private answers, to people who may see them.\n"
        f"In public answers in: <#{plans.id}>\n"
        f"Only in private answers in: <#{guild.channel.id}>"
    )
    assert str(hidden.id) not in shown, "a channel that the admin cannot view"


async def test_it_is_for_admins_who_are_in_every_audience(guild: Guild, indexed: Settings) -> None:
    audience = Audience(people=frozenset({7}))
    policy = Policy(guilds=frozenset({guild.handle.id}), folders=(("plans/", audience),))
    await guild.env.restart_bot(bot_of(services_of(indexed, policy=policy)))
    assert await said(guild) == NOT_ALL
    assert guild.env.errors
