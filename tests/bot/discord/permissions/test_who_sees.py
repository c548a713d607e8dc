"""Who sees what by command, mention, direct message and button, by current rights."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

import discord
import pytest
import simcord

from bot import messages
from bot.access import Audience, Policy
from bot.chat import claiming
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.cogs.administering.gaps import GAPS_NOT_KEPT
from bot.discord.cogs.asking.interaction_answers import ANSWERED_FURTHER
from bot.discord.cogs.asking.narrowing import FOR_YOU_ALONE
from bot.discord.cogs.asking.sharing import NOT_TO_BE_SHARED, SHARE_ANSWER, SHARED, SHARED_BY
from bot.discord.cogs.looking_up.sources import NOT_FOR_ALL
from bot.discord.rendering.answers.answers import SOURCE
from bot.discord.ui.documents.removing import REMOVE
from bot.discord.ui.documents.source_view import DOCUMENT_GONE
from bot.documents.uploads.incoming import FOLDER_NOT_YOURS
from bot.records import Mark
from bot.services import Services
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild, people
from tests.bot.discord.helpers.actions import as_it_is, ids_of, let_in, press, replay, take_away
from tests.bot.discord.helpers.briefings import answer_of, click, reindex
from tests.bot.discord.helpers.visible_text import seen

pytestmark = pytest.mark.slow

SECRET = "The zebra convoy leaves from Tromso."
HIDDEN = "plans/convoy.md"
DOCUMENTS = {
    "note.md": "# Bread\n\nThe bread is baked daily by Olga.\n",
    "yard.md": "# Convoys\n\nEvery convoy is logged in the yard book.\n",
    HIDDEN: f"# The zebra convoy\n\n{SECRET}\n",
}
BREAD = "who bakes the bread daily?"
OVENS = "# Ovens\n\nOlga bakes the bread daily, and where is known.\n"
ASKED = "where does the zebra convoy leave from?"


@dataclass
class Place:
    """`ann` is a planner, `bob` is none; `plans` is a channel that only planners read."""

    guild: Guild
    planner: simcord.RoleHandle
    plans: simcord.ChannelHandle
    services: Services

    def said(self, channel: simcord.ChannelHandle | None = None) -> list[str]:
        history = (channel or self.guild.channel).history()
        return [seen(m) for m in history if m.author.mention == self.guild.me]


@pytest.fixture
def indexed(settings: Settings) -> Settings:
    """Return settings that keep questions."""
    settings = settings.model_copy(update={"keep_questions_days": 30})
    reindex(settings, DOCUMENTS)
    return settings


def policy_for(audience: Audience, *guilds: int) -> Policy:
    return Policy(
        guilds=frozenset(guilds), folders=(("plans/", audience),), audiences={"planners": audience}
    )


Serve = Callable[[Audience], Services]


@pytest.fixture
async def place(guild: Guild, indexed: Settings) -> Place:
    planner = guild.handle.create_role("Planner")
    everyone, me = guild.handle.default_role, guild.env.bot.user
    assert me is not None
    plans = guild.handle.create_text_channel(
        "plans",
        overwrites={
            everyone: discord.PermissionOverwrite(view_channel=False),
            planner: discord.PermissionOverwrite(view_channel=True),
            me: discord.PermissionOverwrite(view_channel=True),
        },
    )
    guild.env.backend.add_member_role(guild.handle.id, guild.ann.id, planner.id)
    audience = Audience(roles=frozenset({planner.id}))
    services = services_of(indexed, policy=policy_for(audience, guild.handle.id))
    await guild.env.restart_bot(bot_of(services))
    return Place(guild, planner, plans, services)


# What is public, and what is for one alone


async def test_by_command_the_answer_comes_in_private_with_the_reason(place: Place) -> None:
    guild = place.guild
    done = await guild.ann.slash(guild.channel, "ask", question=ASKED)
    assert not done.ephemeral
    assert "Tromso" not in seen(done.response)
    (further,) = done.followups
    assert further.ephemeral
    assert seen(further).startswith(ANSWERED_FURTHER.format(where=f"<#{guild.channel.id}>"))
    assert SECRET in seen(further)
    assert str(SHARE_ANSWER) not in seen(further)
    other = await guild.bob.slash(guild.channel, "ask", question=ASKED)
    assert seen(other.response) == seen(done.response)
    assert other.followups == []


async def test_another_bot_that_answers_it_again_sends_neither_message_twice(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed: ContextVar[str | None] = ContextVar("claimed", default="message 1")
    monkeypatch.setattr(claiming, "_claimed", claimed)
    guild = place.guild
    await answer_of(guild, ASKED)
    sent = [r.json for r in guild.env.http_requests if r.path.endswith("/messages") and r.json]
    nonces = [each.get("nonce") for each in sent if isinstance(each, dict)]
    assert len(nonces) == len(set(nonces)) == 2
    assert None not in nonces


async def test_by_mention_it_comes_as_a_direct_message(place: Place) -> None:
    guild = place.guild
    await answer_of(guild, ASKED)
    (public,) = place.said()
    assert "Tromso" not in public
    direct = guild.ann.user.dm_channel.last_message
    assert direct is not None
    assert SECRET in seen(direct)
    assert ASKED in seen(direct)
    opened = await guild.ann.user.click(direct, label=str(SOURCE))
    assert SECRET in seen(opened.response)
    await guild.bob.send(guild.channel, f"{guild.me} {ASKED}")
    assert place.said() == [public, public]


async def test_an_edit_answers_again_and_a_deletion_takes_both_back(place: Place) -> None:
    guild = place.guild
    asked = await guild.ann.send(guild.channel, f"{guild.me} {ASKED}")
    direct = guild.ann.user.dm_channel
    assert len(place.said(direct)) == 1
    await guild.ann.edit(asked, f"{guild.me} who bakes the bread daily?")
    assert place.said(direct) == []
    assert "Olga" in place.said()[0]
    await guild.ann.edit(asked, f"{guild.me} {ASKED}")
    assert len(place.said(direct)) == 1
    await guild.ann.delete(asked)
    assert place.said(direct) == []
    assert place.said() == []


async def test_where_all_may_see_it_the_answer_is_public(place: Place) -> None:
    guild = place.guild
    done = await guild.ann.slash(place.plans, "ask", question=ASKED)
    assert SECRET in seen(done.response)
    assert done.followups == []
    begun = guild.env.backend.create_thread(place.plans.id, "more", guild.ann.id)
    thread = simcord.ChannelHandle(guild.env, guild.handle, begun)
    await guild.ann.send(thread, f"{guild.me} {ASKED}")
    assert SECRET in place.said(thread)[0]


async def test_a_direct_message_goes_by_the_asker(place: Place) -> None:
    guild = place.guild
    await guild.ann.send_dm(ASKED)
    await guild.bob.send_dm(ASKED)
    assert SECRET in place.said(guild.ann.user.dm_channel)[0]
    assert "Tromso" not in place.said(guild.bob.user.dm_channel)[0]
    guild.handle.remove_member(guild.ann)
    await guild.ann.user.send_dm(ASKED)
    assert "Tromso" not in place.said(guild.ann.user.dm_channel)[1]


# Sharing


async def test_a_private_answer_that_all_may_see_is_shared(place: Place) -> None:
    guild = place.guild
    done = await guild.ann.slash(guild.channel, "ask", question=BREAD, private=True)
    assert str(SHARE_ANSWER) in seen(done.response)
    shared = await press(guild.ann, done, str(SHARE_ANSWER))
    assert seen(shared.response) == SHARED
    (public,) = place.said()
    assert public.startswith(SHARED_BY.format(who=guild.ann.mention))
    assert "Olga" in public
    opened = await click(guild.bob, guild.channel.last_message, str(SOURCE))
    assert "Olga" in seen(opened)


async def test_sharing_looks_at_the_channel_as_it_is_then(place: Place) -> None:
    guild = place.guild
    done = await guild.ann.slash(place.plans, "ask", question=ASKED, private=True)
    assert SECRET in seen(done.response)
    guild.env.backend.edit_channel(place.plans.id, {}, overwrites=[])
    refused = await press(guild.ann, done, str(SHARE_ANSWER))
    assert seen(refused.response) == f"{NOT_TO_BE_SHARED}\n[Ask again]"
    assert place.said(place.plans) == []


async def test_another_s_answer_is_not_shared(place: Place) -> None:
    guild = place.guild
    done = await guild.ann.slash(guild.channel, "ask", question=BREAD, private=True)
    share = next(one for one in ids_of(done) if one.startswith("v:"))
    refused = await replay(guild.bob, as_it_is(done), share)
    assert seen(refused.response) == messages.EXCHANGE_GONE


# Rights are those of the moment


async def test_a_role_that_was_taken_away_has_gone_from_old_buttons(place: Place) -> None:
    guild = place.guild
    answered = await guild.ann.slash(guild.channel, "ask", question=ASKED, private=True)
    opened = await press(guild.ann, answered, str(SOURCE))
    found = await guild.ann.slash(guild.channel, "search", words="zebra convoy")
    listed = await guild.ann.slash(guild.channel, "documents")
    assert SECRET in seen(opened.response)
    assert HIDDEN in seen(listed.response)
    kept = [(as_it_is(one), ids_of(one)) for one in (answered, opened, found)]
    take_away(guild.ann, place.planner)
    for message, custom_ids in kept:
        for custom_id in custom_ids:
            if not custom_id.startswith("f:"):
                told = await replay(guild.ann, message, custom_id)
                shown = seen(told.response) if told.response else ""
                assert "Tromso" not in shown, custom_id
                assert "The zebra convoy**" not in shown, custom_id
    again = await guild.ann.slash(guild.channel, "ask", question=ASKED, private=True)
    assert "Tromso" not in seen(again.response)


async def test_what_was_public_goes_by_who_clicks(place: Place) -> None:
    guild = place.guild
    await guild.ann.slash(place.plans, "ask", question=ASKED)
    guild.env.backend.edit_channel(place.plans.id, {}, overwrites=[])
    message = place.plans.last_message
    assert SECRET in seen(await click(guild.ann, message, str(SOURCE)))
    assert str(DOCUMENT_GONE) in seen(await click(guild.bob, message, str(SOURCE)))


async def test_a_conversation_carries_nothing_over_that_not_all_may_see(place: Place) -> None:
    guild = place.guild

    async def told(question: str, **options: object) -> str:
        done = await guild.ann.slash(guild.channel, "ask", question=question, **options)
        return seen(done.response)

    await told(ASKED, private=True)
    assert "convoy" in await told("and who leads it?", private=True)
    assert "convoy" in await told("and when?", private=True)
    take_away(guild.ann, place.planner)
    assert "convoy" not in await told("and when does it come back?", private=True)
    guild.env.backend.add_member_role(guild.handle.id, guild.ann.id, place.planner.id)
    await told(ASKED, private=True)
    assert "convoy" not in await told("and who leads it?")


@pytest.mark.parametrize("closed_to_some", [False, True])
async def test_a_conversation_goes_on_about_a_document_that_is_gone(
    place: Place, closed_to_some: bool
) -> None:
    """Only those who see all can continue it, since its audience is no longer known."""
    guild, settings = place.guild, place.services.settings
    if not closed_to_some:
        await guild.env.restart_bot(bot_of(services_of(settings)))

    async def told(member: simcord.MemberActor) -> str:
        await member.slash(guild.channel, "ask", question=BREAD, private=True)
        reindex(settings, {"note.md": None})
        done = await member.slash(guild.channel, "ask", question="and where?", private=True)
        reindex(settings, DOCUMENTS)
        return seen(done.response)

    assert "bread" in await told(guild.ann)
    assert ("bread" in await told(guild.bob)) != closed_to_some


async def test_what_was_drawn_from_a_document_is_shared_when_it_is_gone_by_who_sees_all(
    place: Place,
) -> None:
    guild, settings = place.guild, place.services.settings
    for channel, may in ((place.plans, True), (guild.channel, False)):
        await guild.ann.slash(channel, "ask", question=BREAD, private=True)
        reindex(settings, {"note.md": None, "ovens.md": OVENS})
        done = await guild.ann.slash(channel, "ask", question="and where?", private=True)
        assert "where is known" in seen(done.response)
        assert (str(SHARE_ANSWER) in seen(done.response)) == may
        reindex(settings, {**DOCUMENTS, "ovens.md": None})


# What is offered and named


async def test_choices_and_names(place: Place) -> None:
    guild = place.guild

    async def offered(member: simcord.MemberActor, command: str, **filled: object) -> set[str]:
        found = await member.autocomplete(guild.channel, command, "document", "convoy", **filled)
        return {choice["value"] for choice in found}

    assert await offered(guild.ann, "source") == {HIDDEN, "yard.md"}
    assert await offered(guild.ann, "source", share=True) == {"yard.md"}
    assert await offered(guild.ann, "ask") == {"yard.md"}
    assert await offered(guild.ann, "ask", private=True) == {HIDDEN, "yard.md"}
    assert await offered(guild.bob, "source") == {"yard.md"}
    refused = await guild.ann.slash(guild.channel, "source", document=HIDDEN, share=True)
    assert refused.ephemeral
    assert seen(refused.response) == NOT_FOR_ALL
    unknown = await guild.bob.slash(guild.channel, "source", document=HIDDEN)
    assert seen(unknown.response).startswith(f"I am not sure which document “{HIDDEN}” is.")
    assert guild.env.errors


async def test_a_document_that_not_all_may_see_is_asked_in_private(place: Place) -> None:
    guild = place.guild
    done = await guild.ann.slash(guild.channel, "ask", question=ASKED, document=HIDDEN)
    assert done.ephemeral
    assert seen(done.response).startswith(str(FOR_YOU_ALONE))
    assert SECRET in seen(done.response)


# Admins


async def test_an_admin_is_told_of_nothing_hidden(place: Place) -> None:
    guild = place.guild
    await guild.ann.slash(place.plans, "ask", question=ASKED)
    await guild.ann.slash(place.plans, "ask", question="and who leads it?")
    drawn = place.services.records.exchange(2)
    assert drawn is not None
    assert drawn.source_documents == (HIDDEN,)
    place.services.records.rate(drawn.id, guild.bob.id, Mark.DOWN)
    await guild.ann.slash(guild.channel, "ask", question="who leads the orchestra?")
    guild.env.backend.edit_channel(place.plans.id, {}, overwrites=[])
    for command, options in (("reindex", {"dry_run": True}), ("status", {}), ("gaps", {})):
        shown = seen((await guild.ada.slash(guild.channel, command, **options)).response)
        assert "plans" not in shown
        assert "zebra" not in shown
        assert shown != GAPS_NOT_KEPT
    assert shown.startswith("**1 question of the last 30 days went without")
    assert "who leads the orchestra?" in shown
    assert "**I answer from 2 documents**" in seen(
        (await guild.ada.slash(guild.channel, "status")).response
    )
    (place.services.settings.corpus / "plans/other.md").write_text("# Other\n\nWords.\n")
    (place.services.settings.corpus / "open.md").write_text("# Open\n\nWords.\n")
    shown = seen((await guild.ada.slash(guild.channel, "reindex")).response)
    assert "open.md" in shown
    assert "plans" not in shown
    assert "I answer from 3 documents." in shown
    back = seen((await guild.ada.slash(guild.channel, "rollback")).response)
    assert "open.md" in back
    assert "plans" not in back
    assert "I would answer from 2 documents." in back
    refused = await guild.ada.slash(guild.channel, "remove", document=HIDDEN)
    assert seen(refused.response).startswith("I am not sure which document")
    assert guild.env.errors


async def test_in_the_audit_channel_nothing_is_told_that_not_all_its_readers_may_see(
    place: Place,
) -> None:
    guild, services = place.guild, place.services
    home, settings = guild.handle.id, services.settings
    log = guild.handle.create_text_channel("log")

    async def audited_in(channel: simcord.ChannelHandle) -> None:
        book = GuildBook(GuildSettings(audit_channel=channel.id), {})
        changed = services_of(settings, policy=services.access.policy, guilds=book)
        await guild.env.restart_bot(bot_of(changed))

    async def removed(*names: str) -> None:
        guild.env.backend.add_member_role(home, guild.ada.id, place.planner.id)
        for name in names:
            done = await guild.ada.slash(guild.channel, "remove", document=name)
            await press(guild.ada, done, str(REMOVE))
        take_away(guild.ada, place.planner)
        reindex(settings, DOCUMENTS)

    await audited_in(log)
    await removed(HIDDEN, "note.md")
    # That there was a reindex is told, and not of what.
    reindexed, named = (
        f"{guild.ada.mention} · **reindex**",
        f"{guild.ada.mention} · **remove** · ",
    )
    assert place.said(log) == [reindexed, f"{named}note.md", reindexed]
    await audited_in(place.plans)
    await removed(HIDDEN, "note.md")
    in_full = [line for line in place.said(place.plans) if not line.startswith(reindexed)]
    assert in_full == [f"{named}{HIDDEN}", f"{named}note.md"]
    assert all("1 removed" in line for line in place.said(place.plans) if line not in in_full)


async def test_what_was_done_to_a_hidden_document_an_admin_is_not_told(place: Place) -> None:
    guild, records = place.guild, place.services.records

    async def told() -> list[str]:
        shown = seen((await guild.ada.slash(guild.channel, "status")).response)
        return [line.partition(" · ")[2] for line in shown.splitlines() if " · **" in line]

    for document in (HIDDEN, "plans/gone.md", "gone.md", "note.md"):
        records.audit(1, guild.handle.id, "remove", document, document=document)
    records.audit(1, guild.handle.id, "reindex", "generation 2: 1 removed")
    assert await told() == ["**reindex**", "**remove** · note.md"]
    guild.env.backend.add_member_role(guild.handle.id, guild.ada.id, place.planner.id)
    assert await told() == [
        "**reindex** · generation 2: 1 removed",
        *(f"**remove** · {one}" for one in ("note.md", "gone.md", "plans/gone.md", HIDDEN)),
    ]


async def test_nothing_is_put_where_an_admin_cannot_look(place: Place) -> None:
    guild = place.guild
    done = await guild.ada.slash(
        guild.channel, "upload", file=("convoy.md", b"# Mine\n\nWords.\n"), folder="Plans"
    )
    assert str(FOLDER_NOT_YOURS) in seen(done.response)
    assert (place.services.settings.corpus / HIDDEN).read_text(encoding="utf-8") == DOCUMENTS[
        HIDDEN
    ]


# Several servers


async def test_what_is_one_guild_s_never_shows_in_another(place: Place) -> None:
    elsewhere = people(place.guild.env)
    let_in(elsewhere, elsewhere.ada, "status")
    for question in (ASKED, BREAD):
        done = await elsewhere.ann.slash(elsewhere.channel, "ask", question=question, private=True)
        assert seen(done.response).startswith(
            f"Question: **{question}**\nThere are no documents yet"
        )
        assert "Closest" not in seen(done.response)
    listed = await elsewhere.ann.slash(elsewhere.channel, "documents")
    assert seen(listed.response) == messages.NOTHING_TO_SEE
    refused = await elsewhere.ada.slash(elsewhere.channel, "status")
    assert seen(refused.response) == messages.ADMINS_ONLY
    assert place.guild.env.errors


async def test_without_a_policy_the_documents_are_the_first_guild_s(
    guild: Guild, indexed: Settings
) -> None:
    await guild.env.restart_bot(bot_of(services_of(indexed)))
    elsewhere = people(guild.env)
    await guild.env.restart_bot(bot_of(services_of(indexed)))
    there = await elsewhere.ann.slash(elsewhere.channel, "ask", question=BREAD)
    here = await guild.ann.slash(guild.channel, "ask", question=BREAD)
    assert "Olga" not in seen(there.response)
    assert "Olga" in seen(here.response)


async def test_a_document_shared_with_another_guild_shows_there(
    guild: Guild, indexed: Settings
) -> None:
    elsewhere = people(guild.env)
    shared = Audience(guilds=frozenset({elsewhere.handle.id}))
    policy = policy_for(shared, guild.handle.id)
    await guild.env.restart_bot(bot_of(services_of(indexed, policy=policy)))
    there = await elsewhere.ann.slash(elsewhere.channel, "ask", question=ASKED)
    assert SECRET in seen(there.response)
    here = await guild.ann.slash(guild.channel, "ask", question=ASKED)
    assert "Tromso" not in seen(here.response)
