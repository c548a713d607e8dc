"""Overdue documents and what people say of them, successions that admins decide, reminders."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, cast

import discord
import pytest
import simcord

from bot import messages
from bot.access import Audience, Policy
from bot.config.guilds import GuildSettings
from bot.config.settings import Settings
from bot.discord.cogs.administering.stewardship import Stewardship
from bot.discord.gateway.client import BriefingBot
from bot.discord.rendering.documents.stewardship import NO_SUCCESSIONS, NOTHING_OVERDUE
from bot.discord.ui.documents.overdue import REVIEW_NOT_YOURS, REVIEW_OVERTAKEN
from bot.services import Services
from bot.wording.standings import short_day
from index.decisions import Decisions
from testing.command import reindexer_of
from testing.layouts import buttons_of
from testing.services import bot_of, services_of, write_corpus
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import as_it_is, ids_of, let_in, replay, take_away
from tests.bot.discord.helpers.visible_text import seen

TODAY = date(2026, 11, 3)
RULES = "Staff go by train within Norway, and hand in receipts within a month of the way home.\n"
VERSIONS = {f"plan-v{n}.md": f"# The plan v{n}\n\n{RULES}\nIt costs {n} kroner.\n" for n in (1, 2)}
OTHER = "The crane in the harbour lifts masts at noon, and sails are mended in the old loft.\n"
PAIR = ("plan-v1.md", "plan-v2.md")
DOCUMENTS = {
    "travel.md": (
        "---\ntitle: Travel policy\ndate: 2025-01-10\nowner: Ann Moe\nreview: 2025-07-10\n---\n\n"
        "# Travel\n\nWe go by train.\n"
    ),
    "keys.md": "---\nowner: Security team\nvalid_until: 2025-12-31\n---\n\n# Keys\n\nAsk Bob.\n",
    "bread.md": "# Bread\n\nBread is baked daily.\n",
}


INDEXED = DOCUMENTS


@pytest.fixture
def proposed(indexed: Settings) -> None:
    """Two documents of which one seems to replace the other."""
    write_corpus(indexed.corpus, VERSIONS)
    reindexer_of(indexed).run()


async def shows(member: simcord.MemberActor, guild: Guild, **options: str) -> Any:
    done = await member.slash(guild.channel, "documents", **options)
    assert done.ephemeral
    return done.response


async def pressed(member: simcord.MemberActor, shown: Any, label: str) -> Any:
    return (await member.click(shown, label=label)).response


def own(services: Services, guild: Guild, review_channel: int | None = None) -> simcord.RoleHandle:
    """Map the owners of the documents to Ann and to a role."""
    team = guild.handle.create_role("Security")
    services.guilds.sections[guild.handle.id] = GuildSettings.model_validate(
        {
            "owners": {"Ann Moe": guild.ann.id, "security team": f"role:{team.id}"},
            "review_channel": review_channel,
        }
    )
    return team


class TestOverdue:
    async def test_by_owner_with_a_way_there(self, guild: Guild) -> None:
        shown = await shows(guild.bob, guild)
        assert seen(shown).endswith("[2 overdue for review]")
        page = seen(await pressed(guild.bob, shown, "2 overdue for review"))
        assert page == (
            "__Owner: Ann Moe__\n**1.** **Travel policy**\n"
            "review due by 10 Jul 2025 · travel.md\n\xa0\n"
            "__Owner: Security team__\n**2.** **Keys**\nit held until 31 Dec 2025 · keys.md"
        )

    async def test_an_admin_says_that_it_is_right(self, guild: Guild, services: Services) -> None:
        page = await shows(guild.ada, guild, show="overdue")
        said = await pressed(guild.ada, page, "1: Still right")
        assert seen(said).startswith(
            "Recorded: **Travel policy** is still right. I ask again after"
        )
        assert "Travel policy**\nits" not in seen(said)
        confirmed = f"confirmed on {short_day(services.today(None).isoformat())}"
        for shown in (
            await shows(guild.bob, guild, filter="travel"),
            (await guild.bob.slash(guild.channel, "source", document="travel.md")).response,
            (
                await guild.bob.slash(guild.channel, "ask", question="send me the Travel policy")
            ).response,
        ):
            assert confirmed in seen(shown), seen(shown)
        (entry,) = services.records.audits(1)
        assert (entry.action, entry.document) == ("still right", "travel.md")

    async def test_what_was_said_can_be_undone(self, guild: Guild, services: Services) -> None:
        page = await shows(guild.ada, guild, show="overdue")
        said = await pressed(guild.ada, page, "1: Still right")
        undone = await pressed(guild.ada, said, "Undo")
        assert "Undone" in seen(undone)
        assert "review due by 10 Jul 2025" in seen(undone)
        assert services.records.decided.decisions() == Decisions()

    async def test_a_changed_document_needs_a_new_word(
        self, guild: Guild, services: Services, indexed: Settings
    ) -> None:
        page = await shows(guild.ada, guild, show="overdue")
        write_corpus(indexed.corpus, {"travel.md": DOCUMENTS["travel.md"] + "\nBy bus, too.\n"})
        reindexer_of(indexed).run()
        done = await guild.ada.click(page, label="1: Still right")
        assert seen(done.followups[0]) == REVIEW_OVERTAKEN
        assert not services.records.decided.decisions().reviews

    async def test_the_owner_decides_on_theirs_alone(
        self, guild: Guild, services: Services
    ) -> None:
        own(services, guild)
        page = await shows(guild.ann, guild, show="overdue")
        assert seen(page).endswith("[1: Still right] | [1: No longer right]")
        said = await pressed(guild.ann, page, "1: Still right")
        assert "Recorded" in seen(said)
        card = await guild.bob.slash(guild.channel, "source", document="travel.md")
        assert "confirmed by its owner on" in seen(card.response)
        assert services.records.decided.decisions().reviews["travel.md"].by_owner

    async def test_nobody_else_decides(self, guild: Guild, services: Services) -> None:
        own(services, guild)
        done = await guild.ann.slash(guild.channel, "documents", show="overdue")
        forged = await replay(guild.bob, as_it_is(done), ids_of(done)[0])
        assert seen(forged.followups[0]) == REVIEW_NOT_YOURS
        assert not services.records.decided.decisions().reviews

    async def test_whoever_has_the_owners_role(self, guild: Guild, services: Services) -> None:
        team = own(services, guild)
        guild.env.backend.add_member_role(guild.handle.id, guild.bob.id, team.id)
        page = await shows(guild.bob, guild, show="overdue")
        assert seen(page).endswith("[2: Still right] | [2: No longer right]")
        take_away(guild.bob, team)
        done = await guild.bob.click(page, label="2: Still right")
        assert seen(done.followups[0]) == REVIEW_NOT_YOURS

    async def test_not_right_any_more_is_told_to_admins(
        self, guild: Guild, services: Services
    ) -> None:
        own(services, guild)
        log = guild.handle.create_text_channel("log")
        settings = services.guilds.sections[guild.handle.id]
        services.guilds.sections[guild.handle.id] = settings.model_copy(
            update={"audit_channel": log.id}
        )
        page = await shows(guild.ann, guild, show="overdue")
        said = seen(await pressed(guild.ann, page, "1: No longer right"))
        assert "`/upload`" in said
        assert "no longer right, as its owner said on" in said
        assert seen(log.last_message) == (
            f"{guild.ann.mention} · **not right any more** · travel.md, by its owner"
        )

    async def test_in_pages(self, guild: Guild, indexed: Settings) -> None:
        late = "---\nreview: 2025-07-10\n---\n\n# Late {}\n\nWords.\n"
        write_corpus(indexed.corpus, {f"late/{n}.md": late.format(n) for n in range(7)})
        reindexer_of(indexed).run()
        page = await shows(guild.ada, guild, show="overdue")
        assert "(Page 1 of 3)" in seen(page)
        second = await pressed(guild.ada, page, "Next page")
        assert "(Page 2 of 3)" in seen(second)
        said = seen(await pressed(guild.ada, second, "5: Still right"))
        assert "Recorded" in said
        assert "(Page 2 of 2)" in said
        assert "Undo" in said

    async def test_of_what_somebody_may_not_see_there_is_nothing(
        self, guild: Guild, indexed: Settings
    ) -> None:
        few = Audience(people=frozenset({guild.ann.id}))
        policy = Policy(guilds=frozenset({guild.handle.id}), default=few)
        await guild.env.restart_bot(bot_of(services_of(indexed, policy=policy)))
        assert seen(await shows(guild.bob, guild, show="overdue")) == NOTHING_OVERDUE
        assert "overdue" not in seen(await shows(guild.bob, guild))
        assert "Travel policy" in seen(await shows(guild.ann, guild, show="overdue"))


@pytest.mark.usefixtures("proposed")
class TestSuccessions:
    async def test_they_are_for_admins(self, guild: Guild) -> None:
        assert "proposal" not in seen(await shows(guild.bob, guild))
        assert seen(await shows(guild.bob, guild, show="replacements")) == messages.ADMINS_ONLY
        guild.env.errors.clear()  # simcord keeps them, though they were shown

    async def test_one_is_confirmed_and_undone(self, guild: Guild, services: Services) -> None:
        shown = await shows(guild.ada, guild)
        page = await pressed(guild.ada, shown, "1 proposal: what replaces what")
        assert seen(page) == (
            "**1.** **The plan v2** · plan-v2.md\n"
            "seems to replace **The plan v1** · plan-v1.md\n"
            "Their names differ in date or version, and they share 76% of their text.\n"
            "[1: Yes, it replaces it] | [1: No]"
        )
        said = await pressed(guild.ada, page, "1: Yes, it replaces it")
        assert seen(said).startswith("Recorded: **plan-v2.md** replaces **plan-v1.md**.")
        assert services.records.decided.decisions().confirmed == {PAIR}
        (entry,) = services.records.audits(1)
        assert (entry.action, entry.document, entry.other) == ("succession", *PAIR)
        assert "proposal" not in seen(await shows(guild.ada, guild))
        undone = await pressed(guild.ada, said, "1: Undo")
        assert "seems to replace" in seen(undone)
        assert services.records.decided.decisions() == Decisions()

    async def test_what_was_refused_does_not_come_again(
        self, guild: Guild, services: Services
    ) -> None:
        page = await shows(guild.ada, guild, show="replacements")
        said = seen(await pressed(guild.ada, page, "1: No"))
        assert "seems to replace" not in said
        assert "does not replace" in said
        assert services.records.decided.decisions().refused == {PAIR}

    async def test_a_refusal_lapses_once_a_document_is_another(
        self, guild: Guild, services: Services, indexed: Settings
    ) -> None:
        page = await shows(guild.ada, guild, show="replacements")
        await pressed(guild.ada, page, "1: No")
        write_corpus(indexed.corpus, {"plan-v2.md": f"# The plan v2\n\n{OTHER}"})
        reindexer_of(indexed).run()
        await guild.env.restart_bot(bot_of(services))
        await guild.env.settle()
        assert not services.records.decided.decisions().refused

    async def test_after_a_reindex_in_the_report(
        self, guild: Guild, services: Services, indexed: Settings
    ) -> None:
        write_corpus(indexed.corpus, {"plan-v2.md": VERSIONS["plan-v2.md"] + "\nAsk Ann.\n"})
        done = await guild.ada.slash(guild.channel, "reindex")
        assert "Changed (1)" in seen(done.response)
        (proposal,) = done.followups
        assert "seems to replace" in seen(proposal)
        said = await guild.ada.click(proposal, label="1: Yes, it replaces it")
        assert seen(said.response).endswith("[Undo]")
        assert services.records.decided.decisions().confirmed == {PAIR}

    async def test_a_reindex_of_others_proposes_nothing(
        self, guild: Guild, indexed: Settings
    ) -> None:
        write_corpus(indexed.corpus, {"bread.md": "# Bread\n\nNo more.\n"})
        done = await guild.ada.slash(guild.channel, "reindex")
        assert not done.followups

    async def test_each_admin_sees_those_of_documents_that_they_may_both_see(
        self, guild: Guild, indexed: Settings
    ) -> None:
        few = Audience(people=frozenset({guild.ann.id}))
        policy = Policy(
            guilds=frozenset({guild.handle.id}), audiences={"few": few}, path=Path("policy.toml")
        )
        hidden = f"---\naudience: few\n---\n\n{VERSIONS['plan-v2.md']}"
        write_corpus(indexed.corpus, {"plan-v2.md": hidden})
        reindexer_of(indexed).run()
        services = services_of(indexed, policy=policy)
        services.guilds.sections[guild.handle.id] = GuildSettings(
            admin_people=frozenset({guild.ann.id})
        )
        await guild.env.restart_bot(bot_of(services))
        assert seen(await shows(guild.ada, guild, show="replacements")) == NO_SUCCESSIONS
        shown = await shows(guild.ann, guild, show="replacements")
        assert "**The plan v2** · plan-v2.md\nseems to replace" in seen(shown)
        place = _place(shown)
        done = await guild.ann.click(shown, label="1: Yes, it replaces it")
        assert "Recorded" in seen(done.response)
        forged = await replay(guild.ada, as_it_is(done), f"x:su:{place}")
        assert "no longer indexed" in seen(forged.followups[0])
        assert "plan-v2" not in seen(await shows(guild.ada, guild, show="replacements"))
        status = await guild.ada.slash(guild.channel, "status")
        assert "succession" not in seen(status.response)


def _place(shown: Any) -> str:
    return cast(str, buttons_of(shown.components)[0]["custom_id"]).split(":", 2)[2]


class TestReplaced:
    async def test_it_counts_from_the_next_question_on(
        self, guild: Guild, services: Services
    ) -> None:
        done = await guild.ada.slash(guild.channel, "replaced", document="Bread", by="keys.md")
        assert seen(done.response).startswith("Recorded: **keys.md** replaces **bread.md**.")
        assert services.records.decided.decisions().confirmed == {("bread.md", "keys.md")}
        for decision, count in (("it does not", 1), ("undo", 0)):
            await guild.ada.slash(
                guild.channel, "replaced", document="bread.md", by="keys.md", decision=decision
            )
            assert len(services.records.decided.decisions().refused) == count
        assert services.records.decided.decisions() == Decisions()

    async def test_not_by_itself(self, guild: Guild) -> None:
        done = await guild.ada.slash(guild.channel, "replaced", document="bread", by="bread.md")
        assert seen(done.response) == "A document cannot replace itself."
        guild.env.errors.clear()

    async def test_it_is_for_admins(self, guild: Guild) -> None:
        let_in(guild, guild.bob, "replaced")
        done = await guild.bob.slash(guild.channel, "replaced", document="bread", by="keys.md")
        assert seen(done.response) == messages.ADMINS_ONLY
        guild.env.errors.clear()


class TestReminders:
    async def remind(self, guild: Guild, day: date = TODAY) -> None:
        bot = guild.env.bot
        assert isinstance(bot, BriefingBot)
        cog = bot.get_cog("Stewardship")
        assert isinstance(cog, Stewardship)
        await cog.remind(day)
        await guild.env.settle()

    def sent(self, guild: Guild) -> list[dict[str, Any]]:
        """Return what the bot sent by itself, as Discord got it."""
        return [
            cast("dict[str, Any]", request.json)
            for request in guild.env.http_requests
            if request.method == "POST" and request.path.endswith("/messages")
        ]

    async def test_an_owner_is_reminded_directly_once_a_week(
        self, guild: Guild, services: Services
    ) -> None:
        own(services, guild)
        for _ in range(2):
            await self.remind(guild)
        (message,) = self.sent(guild)
        assert message["allowed_mentions"] == {"parse": [], "users": [guild.ann.id], "roles": []}
        shown = guild.ann.user.dm_channel.last_message
        assert seen(shown) == (
            f"{guild.ann.mention} A document of yours is due for a review. Is it still right?\n"
            "**1.** **Travel policy**\nreview due by 10 Jul 2025 · travel.md\n"
            "[1: Still right] | [1: No longer right]"
        )

    async def test_the_owner_says_so_there(self, guild: Guild, services: Services) -> None:
        own(services, guild)
        await self.remind(guild)
        shown = guild.ann.user.dm_channel.last_message
        done = await guild.ann.user.click(shown, label="1: Still right")
        assert seen(done.response).startswith("Recorded: **Travel policy** is still right.")
        assert services.records.decided.decisions().reviews["travel.md"].by_owner

    async def test_in_a_channel_the_person_or_the_role_is_pinged_and_nobody_else(
        self, guild: Guild, services: Services
    ) -> None:
        reviews = guild.handle.create_text_channel("reviews")
        team = own(services, guild, reviews.id)
        await self.remind(guild)
        pings = [message["allowed_mentions"] for message in self.sent(guild)]
        assert pings == [
            {"parse": [], "users": [guild.ann.id], "roles": []},
            {"parse": [], "users": [], "roles": [team.id]},
        ]
        assert f"<@&{team.id}>" in seen(reviews.last_message)
        assert "Keys" in seen(reviews.last_message)
        assert reviews.last_message is not None
        done = await guild.ada.click(reviews.last_message, label="1: Still right")
        assert done.ephemeral

    async def test_who_does_not_read_the_channel_is_reminded_directly(
        self, guild: Guild, services: Services
    ) -> None:
        hidden = discord.PermissionOverwrite(view_channel=False)
        reviews = guild.handle.create_text_channel(
            "reviews", overwrites={guild.handle.default_role: hidden}
        )
        own(services, guild, reviews.id)
        await self.remind(guild)
        assert "Travel policy" in seen(guild.ann.user.dm_channel.last_message)
        assert all("Travel policy" not in seen(message) for message in reviews.history())

    async def test_only_where_all_may_see_the_document(
        self, guild: Guild, indexed: Settings
    ) -> None:
        few = Audience(people=frozenset({guild.ann.id}))
        policy = Policy(guilds=frozenset({guild.handle.id}), default=few)
        services = services_of(indexed, policy=policy)
        reviews = guild.handle.create_text_channel("reviews")
        own(services, guild, reviews.id)
        await guild.env.restart_bot(bot_of(services))
        await self.remind(guild)
        assert not reviews.history()
        assert "Travel policy" in seen(guild.ann.user.dm_channel.last_message)
        assert len(self.sent(guild)) == 1

    async def test_nobody_who_may_not_see_it(self, guild: Guild, indexed: Settings) -> None:
        policy = Policy(guilds=frozenset({guild.handle.id}), default=Audience())
        services = services_of(indexed, policy=policy)
        own(services, guild)
        await guild.env.restart_bot(bot_of(services))
        await self.remind(guild)
        assert not self.sent(guild)

    async def test_a_few_at_once_and_the_others_the_next_day(
        self, guild: Guild, services: Services, indexed: Settings
    ) -> None:
        late = "---\nowner: Ann Moe\nreview: 2025-08-{:02}\n---\n\n# Late {}\n\nWords.\n"
        write_corpus(indexed.corpus, {f"late/{n}.md": late.format(n, n) for n in range(1, 8)})
        reindexer_of(indexed).run()
        own(services, guild)
        for titles in (("Travel policy", "Late 1", "Late 4"), ("Late 5", "Late 7"), ()):
            before = len(self.sent(guild))
            await self.remind(guild)
            sent = self.sent(guild)[before:]
            assert len(sent) == bool(titles)
            assert all(f"**{title}**" in str(sent) for title in titles)

    async def test_not_of_what_somebody_said_a_word_on(
        self, guild: Guild, services: Services
    ) -> None:
        own(services, guild)
        page = await shows(guild.ada, guild, show="overdue")
        await guild.ada.click(page, label="1: No longer right")
        await self.remind(guild)
        assert not self.sent(guild)

    async def test_whoever_takes_no_messages_is_reminded_when_they_do(
        self, guild: Guild, services: Services, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own(services, guild)

        async def refuse(*_: object, **__: object) -> None:
            raise OSError("no")

        with monkeypatch.context() as patched:
            patched.setattr(discord.User, "send", refuse)
            await self.remind(guild)
        await self.remind(guild)
        assert len(self.sent(guild)) == 1

    async def test_without_owners_nobody_is(self, guild: Guild) -> None:
        await self.remind(guild)
        assert not self.sent(guild)
