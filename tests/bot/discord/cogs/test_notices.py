"""What admins are told of an answer that was marked down, and what they can do about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import discord
import pytest
import simcord

from bot import messages
from bot.access import Audience, Policy
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.ui.answers import notices
from bot.services import Services
from testing.layouts import buttons_of
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import press
from tests.bot.discord.helpers.briefings import forged, reindex
from tests.bot.discord.helpers.channels import channel_for, manager_of
from tests.bot.discord.helpers.visible_text import seen

LEASE = "who signs the lease of the warehouse?"
SECRET = "who keeps the vault of Tromso?"
OUTDATED, UNFIT = {"fault": "outdated"}, {"fault": "unfit"}
TAKEN_BACK = f"-# {messages.NOT_HELPFUL} on an answer was taken back."


SETTINGS = {"keep_questions_days": 365}


@pytest.fixture
def desk(guild: Guild, services: Services) -> simcord.ChannelHandle:
    """Return the channel that hears of marks, which only Ada reads."""
    found = channel_for(guild, "desk", manager_of(guild))
    services.guilds.sections[guild.handle.id] = GuildSettings(review_channel=found.id)
    return found


async def asked(guild: Guild, question: str = LEASE) -> discord.Message:
    await guild.ann.send(guild.channel, f"{guild.me} {question}")
    answer = guild.channel.last_message
    assert answer is not None
    return answer


async def asked_privately(guild: Guild, question: str = LEASE) -> Any:
    done = await guild.ann.slash(guild.channel, "ask", question=question, private=True)
    return done.response


async def mark_down(
    member: simcord.MemberActor, answer: Any, said: dict[str, str] | None = None
) -> None:
    ids = [one["custom_id"] for one in buttons_of(answer.components)]
    form = await member.click(answer, custom_id=next(one for one in ids if one.endswith(":down")))
    if said:
        await member.submit_modal(form, said)


def told(channel: simcord.ChannelHandle) -> list[str]:
    return [seen(message) for message in channel.history()]


async def test_admins_hear_of_it_at_once_and_of_the_choice_in_its_place(
    guild: Guild, desk: simcord.ChannelHandle
) -> None:
    answer = await asked(guild)
    await mark_down(guild.bob, answer)
    link = f"https://discord.com/channels/{guild.handle.id}/{guild.channel.id}/{answer.id}"
    rest = f"[The answer]({link})\nQuestion: **{LEASE}**\n"
    document = "\\[1] **The Karsk warehouse** · warehouse.txt"
    assert told(desk) == [f"👎 **An answer did not help.** {rest}{document}"]
    await mark_down(guild.bob, answer, {"fault": "wrong", "reason": "It is @everyone, *not* her"})
    reason = "Reason: It is \\@everyone, \\*not\\* her"
    head = "👎 **Somebody says that an answer was wrong.**"
    assert told(desk) == [f"{head} {rest}{reason}\n{document}"]
    await guild.bob.click(answer, custom_id="f:1:up")
    assert told(desk) == [f"{TAKEN_BACK} [The answer]({link})"]


async def test_nobody_is_pinged(guild: Guild, desk: simcord.ChannelHandle) -> None:
    await mark_down(guild.bob, await asked(guild), {"fault": "wrong", "reason": "<@1> @here"})
    sent = [r for r in guild.env.http_requests if f"/channels/{desk.id}/messages" in r.path]
    assert len(sent) == 2  # the notice, and its edit
    pings = [cast("dict[str, Any]", request.json)["allowed_mentions"] for request in sent]
    assert pings == [{"parse": []}] * 2


async def test_thumbs_up_alone_is_not_told(guild: Guild, desk: simcord.ChannelHandle) -> None:
    await guild.bob.click(await asked(guild), custom_id="f:1:up")
    assert told(desk) == []


async def test_without_words_kept_there_is_no_question(guild: Guild, settings: Settings) -> None:
    services = services_of(settings.model_copy(update={"keep_questions_days": None}))
    desk = channel_for(guild, "desk", manager_of(guild))
    services.guilds.sections[guild.handle.id] = GuildSettings(audit_channel=desk.id)
    await guild.env.restart_bot(bot_of(services))
    await mark_down(guild.bob, await asked(guild), {"fault": "misunderstood"})
    (said,) = told(desk)
    assert said.startswith(
        "👎 **Somebody says that an answer was not what was meant.** [The answer]("
    )
    assert "lease" not in said


async def test_the_owner_of_what_is_outdated_is_named_and_not_pinged(
    guild: Guild, desk: simcord.ChannelHandle, services: Services, settings: Settings
) -> None:
    text = "---\nowner: Ines\n---\n# Keys\n\nThe key of the yard hangs by the door.\n"
    reindex(settings, {"yard/keys.md": text})
    section = services.guilds.sections[guild.handle.id]
    owned = GuildSettings.model_validate({"owners": {"Ines": guild.ann.id}}).owners
    services.guilds.sections[guild.handle.id] = section.model_copy(update={"owners": owned})
    await mark_down(guild.bob, await asked(guild, "where hangs the key of the yard?"), OUTDATED)
    assert f"\\[1] **Keys** · yard/keys.md · {guild.ann.mention}" in told(desk)[0]
    sent = [r for r in guild.env.http_requests if f"/channels/{desk.id}/messages" in r.path]
    pings = [cast("dict[str, Any]", request.json)["allowed_mentions"] for request in sent]
    assert pings == [{"parse": []}] * 2


async def test_what_is_outdated_can_be_said_to_be_right(
    guild: Guild, desk: simcord.ChannelHandle, services: Services
) -> None:
    await mark_down(guild.bob, await asked(guild), OUTDATED)
    assert "[1: Still right] | [1: No longer right]" in told(desk)[0]
    assert desk.last_message is not None
    await guild.ada.click(desk.last_message, label="1: No longer right")
    assert not services.records.decided.decisions().reviews["warehouse.txt"].is_right


async def test_what_is_not_to_be_shown_can_be_taken_out(
    guild: Guild, desk: simcord.ChannelHandle, settings: Settings
) -> None:
    await mark_down(guild.bob, await asked(guild), UNFIT)
    assert "should not be shown" in told(desk)[0]
    assert desk.last_message is not None
    asks = await guild.ada.click(desk.last_message, label="Take out 1 …")
    assert seen(asks.response).startswith("**Remove The Karsk warehouse?**")
    await press(guild.ada, asks, "Remove")
    assert not (settings.corpus / "warehouse.txt").exists()


async def test_only_admins_act_on_it(guild: Guild, desk: simcord.ChannelHandle) -> None:
    await mark_down(guild.bob, await asked(guild), UNFIT)
    assert desk.last_message is not None
    ids = [one["custom_id"] for one in buttons_of(desk.last_message.components)]
    for custom_id in ids:
        if custom_id.startswith("x:"):
            assert await forged(guild, guild.bob, custom_id) == messages.ADMINS_ONLY


async def test_the_documents_of_other_answers_are_not_to_be_had(
    guild: Guild, desk: simcord.ChannelHandle
) -> None:
    await asked_privately(guild)
    gone = "That mark is no longer kept, or was taken back."
    for number in (1, 2, 10**18):
        assert await forged(guild, guild.ada, f"x:fd:{number}") == gone


async def test_a_private_answer_is_told_of_without_its_words(
    guild: Guild, desk: simcord.ChannelHandle
) -> None:
    await mark_down(guild.ann, await asked_privately(guild), {"fault": "wrong", "reason": "Ines"})
    (said,) = told(desk)
    assert "lease" not in said
    assert "Karsk" not in said
    assert "Ines" not in said
    assert "where not everybody here can read" in said


class TestWithHidden:
    """Ada, who reads the desk, may not see what Ann may."""

    @pytest.fixture
    async def desk(self, guild: Guild, settings: Settings) -> simcord.ChannelHandle:
        vault = "# The vault\n\nZoe keeps the vault of Tromso.\n"
        reindex(settings, {"plans/vault.md": vault, "warehouse.txt": "The lease is Otto's.\n"})
        planner = guild.handle.create_role("Planner")
        guild.env.backend.add_member_role(guild.handle.id, guild.ann.id, planner.id)
        few = Audience(roles=frozenset({planner.id}))
        policy = Policy(
            guilds=frozenset({guild.handle.id}),
            folders=(("plans/", few),),
            audiences={"planners": few},
            path=Path("policy.toml"),
        )
        found = channel_for(guild, "desk", manager_of(guild))
        section = GuildSettings(review_channel=found.id)
        book = GuildBook(GuildSettings(), {guild.handle.id: section})
        await guild.env.restart_bot(bot_of(services_of(settings, policy=policy, guilds=book)))
        return found

    async def test_nothing_is_told_of_what_not_all_may_see(
        self, guild: Guild, desk: simcord.ChannelHandle
    ) -> None:
        await mark_down(guild.ann, await asked_privately(guild, SECRET), OUTDATED)
        assert told(desk) == []

    async def test_what_is_not_to_be_shown_is_told_without_names(
        self, guild: Guild, desk: simcord.ChannelHandle
    ) -> None:
        await mark_down(guild.ann, await asked_privately(guild, SECRET), UNFIT)
        (said,) = told(desk)
        assert "should not be shown" in said
        assert "vault" not in said
        assert desk.last_message is not None
        done = await guild.ada.click(desk.last_message, label="What does it concern?")
        assert seen(done.response).startswith("No document that you may see.")

    async def test_an_admin_who_may_see_it_is_shown_it(
        self, guild: Guild, desk: simcord.ChannelHandle
    ) -> None:
        planner = guild.handle.roles["Planner"]
        await mark_down(guild.ann, await asked_privately(guild, SECRET), UNFIT)
        guild.env.backend.add_member_role(guild.handle.id, guild.ada.id, planner.id)
        assert desk.last_message is not None
        done = await guild.ada.click(desk.last_message, label="What does it concern?")
        assert "**The vault** · plans/vault.md" in seen(done.response)


async def test_a_question_of_a_channel_that_not_all_read_is_not_told(
    guild: Guild, desk: simcord.ChannelHandle, services: Services
) -> None:
    """The desk is open to everybody, and the question was asked where only Ann reads."""
    alone = channel_for(guild, "alone", guild.ann)
    open_to_all = guild.handle.create_text_channel("open-desk")
    section = GuildSettings(review_channel=open_to_all.id)
    services.guilds.sections[guild.handle.id] = section
    await guild.ann.send(alone, f"{guild.me} {LEASE}")
    await mark_down(guild.ann, alone.last_message, OUTDATED)
    (said,) = told(open_to_all)
    assert "lease" not in said
    assert "https" not in said


async def test_what_is_asked_directly_is_told_at_home(
    guild: Guild, desk: simcord.ChannelHandle
) -> None:
    await guild.ann.send_dm(LEASE)
    answer = guild.ann.user.dm_channel.last_message
    form = await guild.ann.user.click(answer, custom_id="f:1:down")
    await guild.ann.user.submit_modal(form, UNFIT)
    (said,) = told(desk)
    assert "should not be shown" in said
    assert "Karsk" in said  # all who read the desk may see that document
    assert "lease" not in said


async def test_another_server_hears_nothing(guild: Guild, services: Services) -> None:
    """The default section names a channel of the first server for all of them."""
    desk = guild.handle.create_text_channel("desk")
    services.guilds.default = GuildSettings(review_channel=desk.id)
    elsewhere = guild.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("general")
    bob = elsewhere.add_member(guild.bob.user)
    await bob.send(channel, f"{guild.me} {LEASE}")
    await mark_down(bob, channel.last_message, {"fault": "incomplete"})
    assert told(desk) == []


async def test_the_channel_is_gone(guild: Guild, services: Services) -> None:
    services.guilds.sections[guild.handle.id] = GuildSettings(review_channel=10**17)
    await mark_down(guild.bob, await asked(guild), OUTDATED)
    assert len(services.records.feedback()) == 1
    assert guild.env.errors == []


async def test_many_marks_of_one_person_are_not_all_told(
    guild: Guild, desk: simcord.ChannelHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "_MOST_AN_HOUR", 2)
    for _ in range(4):
        await mark_down(guild.bob, await asked(guild))
    assert len(told(desk)) == 2


async def test_a_notice_outlives_a_restart(
    guild: Guild, services: Services, settings: Settings, desk: simcord.ChannelHandle
) -> None:
    answer = await asked(guild)
    await mark_down(guild.bob, answer)
    await guild.env.restart_bot(bot_of(services_of(settings, guilds=services.guilds)))
    await mark_down(guild.bob, answer, OUTDATED)
    (said,) = told(desk)
    assert "outdated" in said
