"""/conflicts, as admins see it."""

from __future__ import annotations

from bot.access import Audience, Policy
from bot.config.settings import Settings
from testing.command import reindexer_of
from testing.services import bot_of, services_of, write_corpus
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.visible_text import seen

RULES = (
    "---\ndate: 2026-04-28\nowner: Anna Berg\n---\n# Rules\n\n"
    "The daily allowance abroad is {} euros.\n"
)
HANDBOOK = "# Handbook\n\nThe daily allowance abroad is {} euros.\n"


def written(indexed: Settings, **values: int) -> None:
    texts = {"norway/rules": RULES, "handbook": HANDBOOK, "plans/secret": HANDBOOK}
    write_corpus(
        indexed.corpus,
        {f"{name}.md": text.format(values[name.rpartition('/')[2]]) for name, text in texts.items()
         if name.rpartition("/")[2] in values},
    )  # fmt: skip
    reindexer_of(indexed).run()


async def test_they_are_listed_until_they_are_done(guild: Guild, indexed: Settings) -> None:
    written(indexed, rules=72, handbook=68)
    listed = await guild.ada.slash(guild.channel, "conflicts")
    assert listed.ephemeral
    assert listed.response is not None
    shown = seen(listed.response)
    assert "72 euros** or **68 euros" in shown
    assert "The daily allowance abroad is **68 euros**." in shown
    assert "28 Apr 2026, owner: Anna Berg" in shown
    done = await guild.ada.click(listed.response, label="Done with 1")
    assert "no key figures" in seen(done.response)
    again = await guild.ada.slash(guild.channel, "conflicts")
    assert "no key figures" in seen(again.response)
    written(indexed, rules=72, handbook=65)
    changed = await guild.ada.slash(guild.channel, "conflicts")
    assert "72 euros** or **65 euros" in seen(changed.response)


async def test_an_admin_sees_those_of_documents_they_may_see(
    guild: Guild, indexed: Settings
) -> None:
    written(indexed, rules=72, secret=68)
    policy = Policy(
        guilds=frozenset({guild.handle.id}), folders=(("plans/", Audience(people=frozenset({7}))),)
    )
    await guild.env.restart_bot(bot_of(services_of(indexed, policy=policy)))
    listed = await guild.ada.slash(guild.channel, "conflicts")
    assert "no key figures" in seen(listed.response)
