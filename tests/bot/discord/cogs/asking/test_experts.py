"""Asking a person: who is asked what, who reads it, and how the answer comes back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import discord
import pytest
import simcord

from bot.access import Audience, Policy
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.config.shard import Shard
from bot.discord.gateway.client import BriefingBot
from bot.discord.ui.answers import handing
from bot.records.parts.handed import MOST_OPEN, HandedState
from bot.services import Services
from index.answering.answer import Verdict
from testing.exchanges import ask
from testing.layouts import buttons_of
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import ids_of, press, take_away
from tests.bot.discord.helpers.briefings import forged, reindex
from tests.bot.discord.helpers.channels import channel_for
from tests.bot.discord.helpers.visible_text import seen

VAIN = "which helicopters fly?"
LEASE = "who signs the lease of the warehouse?"
WORDS = "The two *old* ones, @everyone: <@1> https://evil.example"
ASK = "Ask a person"


@dataclass
class Hall:
    """Eve is an expert: she has the role, and alone reads #experts beside Ada, who manages."""

    guild: Guild
    services: Services
    eve: simcord.MemberActor
    role: simcord.RoleHandle
    experts: simcord.ChannelHandle

    @property
    def wanted(self) -> discord.Message:
        """Return the last message that asks an expert."""
        found = self.experts.last_message
        assert found is not None
        return found

    async def ask(self, question: str = VAIN) -> discord.Message:
        guild = self.guild
        await guild.ann.send(guild.channel, f"{guild.me} {question}")
        answer = guild.channel.last_message
        assert answer is not None
        return answer

    def states(self) -> list[HandedState]:
        return [one.state for one in self.services.records.handed.of_person(self.guild.ann.id)]

    def pings(self) -> list[Any]:
        """Return whom each message that the bot sent by itself or as a reply pings."""
        sent = [r for r in self.guild.env.http_requests if r.method == "POST"]
        return [
            cast("dict[str, Any]", request.json)["allowed_mentions"]
            for request in sent
            if request.path.endswith("/messages")
        ]


@pytest.fixture
def hall(guild: Guild, services: Services) -> Hall:
    role = guild.handle.create_role("Experts")
    eve = guild.handle.add_member(guild.env.create_user("eve"), roles=[role])
    experts = channel_for(guild, "experts", role)
    hall = Hall(guild, services, eve, role, experts)
    settle(hall, {"/": f"role:{role.id}"}, experts.id)
    return hall


def settle(hall: Hall, experts: dict[str, object], channel: int | None = None) -> None:
    hall.services.guilds.sections[hall.guild.handle.id] = GuildSettings.model_validate(
        {"experts": experts, "experts_channel": channel}
    )


def text_of(done: simcord.InteractionResult) -> str:
    assert done.response is not None
    assert done.response.ephemeral
    return seen(done.response)


# Who is asked what


async def test_the_question_goes_to_the_role_and_the_answer_comes_back(hall: Hall) -> None:
    guild = hall.guild
    answer = await hall.ask()
    done = await guild.ann.click(answer, label=ASK)
    assert text_of(done).startswith(f"**I have asked <@&{hall.role.id}> in <#{hall.experts.id}>.**")
    link = f"https://discord.com/channels/{guild.handle.id}/{guild.channel.id}/{answer.id}"
    assert seen(hall.wanted) == (
        f"<@&{hall.role.id}>, ann asks:\n**{VAIN}**\n"
        f"-# Asked in <#{guild.channel.id}> ([my answer]({link})), where your answer is shown with "
        "your name.\n"
        "-# **Reply** to this message with its ping left on, or use the button. Only words are "
        "passed on, as yours.\n"
        "I found nothing close in the documents.\n[Answer]"
    )
    await hall.eve.send(hall.experts, WORDS, reply_to=hall.wanted)
    told = guild.channel.last_message
    assert told is not None
    assert told.reference is not None
    assert told.reference.message_id == answer.id
    assert seen(told) == (
        f"{guild.ann.mention} **eve answers your question.** These are a person's words, not the "
        "documents'.\n"
        "> The two *old* ones, \\@everyone: \\<\\@1> https\\://evil.example"
    )
    assert hall.states() == [HandedState.ANSWERED]
    thanks, asked = hall.experts.last_message, hall.experts.history()[0]
    assert seen(thanks) == "Thank you. ann can read it where they asked."
    assert "✅ Answered by eve." in seen(asked)
    assert "[Answer]" not in seen(asked)


async def test_the_bot_pings_the_role_and_then_the_asker_and_nobody_else(hall: Hall) -> None:
    await hall.guild.ann.click(await hall.ask("@everyone <@&1> which helicopters fly?"), label=ASK)
    await hall.eve.send(hall.experts, WORDS, reply_to=hall.wanted)
    pinging = [each for each in hall.pings() if each.get("users") or each.get("roles")]
    assert pinging == [
        {"parse": [], "users": [], "roles": [hall.role.id]},
        {"parse": [], "users": [hall.guild.ann.id], "roles": []},
    ]
    assert all(each["parse"] == [] for each in hall.pings())


async def handed_although_answered(hall: Hall, question: str = LEASE) -> str:
    """Hand over, from the form of 👎, what was answered; return what the asker is told."""
    guild = hall.guild
    answer = await hall.ask(question)
    ids = [one["custom_id"] for one in buttons_of(answer.components)]
    form = await guild.ann.click(answer, custom_id=next(x for x in ids if x.endswith(":down")))
    done = await guild.ann.submit_modal(form, {"fault": "incomplete"})
    return text_of(await press(guild.ann, done, ASK))


async def test_what_the_documents_say_goes_with_it(hall: Hall) -> None:
    await handed_although_answered(hall)
    assert "The lease of the warehouse is signed by Ines Vidal." in seen(hall.wanted).replace(
        "**", ""
    )
    place = await hall.eve.click(hall.wanted, label="Source 1")
    assert "The Karsk warehouse" in text_of(place)
    await hall.eve.send(hall.experts, "Omar does, since May.", reply_to=hall.wanted)
    assert "Ines" not in seen(hall.experts.history()[0])  # others may read here by now


async def test_the_owner_of_the_document_comes_before_the_expert_on_its_folder(
    hall: Hall, settings: Settings
) -> None:
    guild = hall.guild
    text = "---\nowner: Bob the keeper\n---\n# Keys\n\nThe key of the yard hangs by the door.\n"
    reindex(settings, {"yard/keys.md": text})
    section = {
        "experts": {"/": hall.eve.id, "yard/": f"role:{hall.role.id}"},
        "owners": {"Bob the keeper": guild.bob.id},
    }
    hall.services.guilds.sections[guild.handle.id] = GuildSettings.model_validate(section)
    told = await handed_although_answered(hall, "where hangs the key of the yard?")
    assert told.startswith("**I have asked bob.**")
    asked = guild.bob.user.dm_channel.last_message
    assert "hangs by the door" in seen(asked).replace("**", "")


async def test_a_person_is_asked_and_answers_directly(hall: Hall) -> None:
    guild = hall.guild
    settle(hall, {"/": hall.eve.id})
    await guild.ann.click(await hall.ask(), label=ASK)
    direct = hall.eve.user.dm_channel
    assert f"{hall.eve.mention}, ann asks:" in seen(direct.last_message)
    form = await hall.eve.user.click(direct.last_message, label="Answer")
    assert form.modal is not None
    done = await hall.eve.user.submit_modal(form, {"answer": "  None does. "})
    assert seen(done.response).startswith("Thank you.")
    assert seen(guild.channel.last_message).endswith("\n> None does.")


async def test_a_direct_reply_is_no_question(hall: Hall) -> None:
    settle(hall, {"/": hall.eve.id})
    await hall.guild.ann.click(await hall.ask(), label=ASK)
    direct = hall.eve.user.dm_channel
    assert direct.last_message is not None
    reference = {"channel_id": str(direct.id), "message_id": str(direct.last_message.id)}
    await hall.eve.send_dm("None does.", reference=reference)
    assert seen(direct.last_message).startswith("Thank you.")
    assert hall.services.records.of_person(hall.eve.id).exchanges == ()


async def test_nobody_is_offered_where_nobody_is_named(hall: Hall) -> None:
    hall.services.guilds.sections.clear()
    answer = await hall.ask()
    assert f"[{ASK}]" not in seen(answer)
    told = await forged(hall.guild, hall.guild.ann, "g:ask:1")
    assert told == "There is nobody whom I could ask about this. An admin can name people."


async def test_an_answer_that_is_sure_has_no_such_button(hall: Hall) -> None:
    assert f"[{ASK}]" not in seen(await hall.ask(LEASE))


async def test_an_expert_is_not_sent_to_themselves(hall: Hall) -> None:
    settle(hall, {"/": hall.guild.ann.id})
    done = await hall.guild.ann.click(await hall.ask(), label=ASK)
    assert text_of(done).startswith("There is nobody whom I could ask")


async def test_it_is_asked_once(hall: Hall) -> None:
    answer = await hall.ask()
    await hall.guild.ann.click(answer, label=ASK)
    again = text_of(await hall.guild.ann.click(answer, label=ASK))
    assert again.startswith(f"You asked <@&{hall.role.id}>")
    assert again.endswith("[Withdraw]")
    other = text_of(await hall.guild.bob.click(answer, label=ASK))
    assert other.startswith(f"Somebody asked <@&{hall.role.id}>")
    assert len(hall.experts.history()) == 1


async def test_a_person_can_withdraw_it(hall: Hall) -> None:
    done = await hall.guild.ann.click(await hall.ask(), label=ASK)
    withdrawn = await press(hall.guild.ann, done, "Withdraw")
    assert text_of(withdrawn) == "Withdrawn. I no longer keep its words."
    assert seen(hall.wanted) == "-# ann needs no answer any more."
    await hall.eve.send(hall.experts, "Two.", reply_to=hall.wanted)
    assert seen(hall.wanted) == "That question was withdrawn, so nothing was passed on."
    assert hall.states() == [HandedState.WITHDRAWN]


async def test_one_person_has_few_open_at_a_time(hall: Hall) -> None:
    for number in range(MOST_OPEN):
        await hall.guild.ann.click(await hall.ask(f"{VAIN} {number}"), label=ASK)
    done = await hall.guild.ann.click(await hall.ask(), label=ASK)
    assert text_of(done).startswith("5 questions of yours wait for people already")
    assert len(hall.experts.history()) == MOST_OPEN


# A private question


async def asked_privately(hall: Hall, question: str = VAIN) -> simcord.InteractionResult:
    guild = hall.guild
    done = await guild.ann.slash(guild.channel, "ask", question=question, private=True)
    return await press(guild.ann, done, ASK)


async def test_a_private_question_is_handed_over_after_a_yes_alone(hall: Hall) -> None:
    guild = hall.guild
    asks = await asked_privately(hall)
    said = text_of(asks)
    assert said.startswith(
        f"**Hand your question to <@&{hall.role.id}>?** Everybody who can read "
        f"<#{hall.experts.id}> will read it.\nQuestion: **{VAIN}**"
    )
    assert hall.experts.history() == []
    done = await press(guild.ann, asks, "Hand it over")
    assert "I write the answer to you directly." in text_of(done)
    assert "Asked in private: your answer goes to them alone" in seen(hall.wanted)
    before = guild.channel.history()
    await hall.eve.send(hall.experts, "Two.", reply_to=hall.wanted)
    assert seen(guild.ann.user.dm_channel.last_message) == (
        f"{guild.ann.mention} **eve answers your question.** These are a person's words, not the "
        f"documents'.\nQuestion: **{VAIN}**\n> Two."
    )
    assert len(guild.channel.history()) == len(before)


async def test_a_no_hands_nothing_over(hall: Hall) -> None:
    done = await press(hall.guild.ann, await asked_privately(hall), "Cancel")
    assert text_of(done) == "Nothing was handed over."
    assert hall.experts.history() == []
    assert hall.states() == []


async def test_who_reads_it_is_asked_again_if_they_are_others_by_then(hall: Hall) -> None:
    asks = await asked_privately(hall)
    hall.guild.env.backend.edit_channel(hall.experts.id, {}, overwrites=[])
    again = await press(hall.guild.ann, asks, "Hand it over")
    assert text_of(again).startswith("Who would read it has changed since.")
    assert hall.experts.history() == []
    await press(hall.guild.ann, again, "Hand it over")
    assert len(hall.experts.history()) == 1


async def test_a_question_asked_directly_is_private(hall: Hall) -> None:
    guild = hall.guild
    await guild.ann.send_dm(VAIN)
    answer = guild.ann.user.dm_channel.last_message
    asks = await guild.ann.user.click(answer, label=ASK)
    assert seen(asks.response).startswith("**Hand your question to @Experts?**")
    assert hall.experts.history() == []
    await guild.ann.user.click(asks.response, label="Hand it over")
    assert len(hall.experts.history()) == 1
    await hall.eve.send(hall.experts, "Two.", reply_to=hall.wanted)
    assert seen(guild.ann.user.dm_channel.last_message).endswith("> Two.")


async def test_one_of_a_channel_that_not_all_experts_read_is_asked_about(hall: Hall) -> None:
    guild = hall.guild
    alone = channel_for(guild, "alone", guild.ann, guild.bob)
    await guild.ann.send(alone, f"{guild.me} {VAIN}")
    answer = alone.last_message
    assert answer is not None
    refused = text_of(await guild.bob.click(answer, label=ASK))
    assert refused.startswith("Only who asked this can hand it over")
    asks = text_of(await guild.ann.click(answer, label=ASK))
    assert asks.startswith("**Hand your question to")
    assert hall.experts.history() == []


async def test_nobody_else_confirms_or_withdraws_it(hall: Hall) -> None:
    guild = hall.guild
    asks = await asked_privately(hall)
    yes = ids_of(asks)[0]
    gone = "This answer is no longer kept, so I cannot show what belongs to it."
    assert await forged(guild, guild.bob, yes) == gone
    done = await press(guild.ann, asks, "Hand it over")
    not_yours = "That question is no longer open, or it is not yours."
    assert await forged(guild, guild.bob, ids_of(done)[0]) == not_yours
    for made_up in ("g:end:1", f"g:end:{9 * 10**17}", "g:ans:7", f"g:ans:{10**30}"):
        assert await forged(guild, guild.bob, made_up) == not_yours
    assert await forged(guild, guild.bob, f"g:yes:999:{'0' * 16}") == gone
    assert hall.states() == [HandedState.ASKED]


# What may be seen


async def hide(hall: Hall, settings: Settings) -> None:
    """Let Ann alone see the documents in plans/."""
    guild = hall.guild
    vault = "# The vault\n\nZoe keeps the vault of Tromso, and nobody else.\n"
    reindex(settings, {"plans/vault.md": vault})
    planner = guild.handle.create_role("Planner")
    guild.env.backend.add_member_role(guild.handle.id, guild.ann.id, planner.id)
    few = Audience(roles=frozenset({planner.id}))
    policy = Policy(
        guilds=frozenset({guild.handle.id}),
        folders=(("plans/", few),),
        audiences={"planners": few},
        path=Path("policy.toml"),
    )
    section = {"experts": {"/": f"role:{hall.role.id}"}, "experts_channel": hall.experts.id}
    book = GuildBook(GuildSettings(), {guild.handle.id: GuildSettings.model_validate(section)})
    hall.services = services_of(settings, policy=policy, guilds=book)
    await guild.env.restart_bot(bot_of(hall.services))


async def test_they_are_not_shown_what_not_all_of_them_may_see(
    hall: Hall, settings: Settings
) -> None:
    await hide(hall, settings)
    guild = hall.guild
    question = "who keeps the vault of Tromso?"
    done = await guild.ann.slash(guild.channel, "ask", question=question, private=True)
    assert "Zoe" in seen(done.response)
    assert done.response is not None
    form = await guild.ann.click(done.response, custom_id="f:1:down")
    thanks = await guild.ann.submit_modal(form, {"fault": "incomplete"})
    asks = await press(guild.ann, thanks, ASK)
    await press(guild.ann, asks, "Hand it over")
    assert question in seen(hall.wanted)
    assert "Zoe" not in seen(hall.wanted)
    assert "I found nothing close in the documents." in seen(hall.wanted)


async def test_whom_a_document_names_that_was_closed_meanwhile_is_not_told(
    hall: Hall, settings: Settings
) -> None:
    """An answer that was shown to all stays; who owns the document now is no longer for all."""
    await hide(hall, settings)
    guild = hall.guild
    keys = "# Keys\n\nThe key of the yard hangs by the door.\n"
    reindex(settings, {"yard/keys.md": keys})
    section = {
        "experts": {"/": f"role:{hall.role.id}"},
        "experts_channel": hall.experts.id,
        "owners": {"Zoe": guild.ann.id},
    }
    hall.services.guilds.sections[guild.handle.id] = GuildSettings.model_validate(section)
    await guild.bob.send(guild.channel, f"{guild.me} where hangs the key of the yard?")
    answer = guild.channel.last_message
    assert answer is not None
    assert "by the door" in seen(answer).replace("**", "")
    closed = "---\naudience: planners\nowner: Zoe\n---\n"
    reindex(settings, {"yard/keys.md": closed + keys})
    told = await forged(guild, guild.bob, "g:ask:1")
    assert "ann" not in told.replace("planner", "")
    assert told.startswith(f"**I have asked <@&{hall.role.id}>")


async def test_words_of_a_hidden_document_are_not_handed_over(
    hall: Hall, settings: Settings
) -> None:
    await hide(hall, settings)
    guild = hall.guild
    ask(
        hall.services.records,
        "And what of the vault?",
        rewritten="And what of the vault?",
        person=guild.ann.id,
        guild=guild.handle.id,
        channel=guild.channel.id,
        verdict=Verdict.SILENT,
        private=True,
        source_documents=("plans/vault.md",),
    )
    told = await forged(guild, guild.ann, "g:ask:1")
    assert told.startswith("That question uses words from before")
    assert hall.experts.history() == []


# Who may answer


async def test_only_whom_it_was_handed_to_answers(hall: Hall) -> None:
    guild = hall.guild
    open_to_all = guild.handle.create_text_channel("open")
    settle(hall, {"/": f"role:{hall.role.id}"}, open_to_all.id)
    await guild.ann.click(await hall.ask(), label=ASK)
    asked = open_to_all.last_message
    assert asked is not None
    before = len(guild.channel.history())
    await guild.bob.send(open_to_all, "I think none.", reply_to=asked)
    done = await guild.bob.click(asked, label="Answer")
    assert text_of(done) == "That question was handed to somebody else."
    take_away(hall.eve, hall.role)
    done = await hall.eve.click(asked, label="Answer")
    assert text_of(done) == "That question was handed to somebody else."
    await hall.eve.send(open_to_all, "None.", reply_to=asked)
    assert len(guild.channel.history()) == before
    assert hall.states() == [HandedState.ASKED]


async def test_who_floods_a_question_with_replies_is_refused_alone(hall: Hall) -> None:
    guild = hall.guild
    open_to_all = guild.handle.create_text_channel("open")
    settle(hall, {"/": f"role:{hall.role.id}"}, open_to_all.id)
    await guild.ann.click(await hall.ask(), label=ASK)
    asked = open_to_all.last_message
    assert asked is not None
    limits = hall.services.admission.limits
    hall.services.admission._present[guild.bob.id] = limits.per_person + limits.at_once
    for _ in range(3):
        await guild.bob.send(open_to_all, "Me! Me!", reply_to=asked)
    me = guild.env.bot.user
    assert me is not None
    assert [one.author.id for one in open_to_all.history()].count(me.id) == 1
    assert len(guild.bob.user.dm_channel.history()) == 1


async def test_a_role_that_was_taken_away_before_the_form_was_sent(hall: Hall) -> None:
    open_to_all = hall.guild.handle.create_text_channel("open")
    settle(hall, {"/": f"role:{hall.role.id}"}, open_to_all.id)
    await hall.guild.ann.click(await hall.ask(), label=ASK)
    assert open_to_all.last_message is not None
    form = await hall.eve.click(open_to_all.last_message, label="Answer")
    take_away(hall.eve, hall.role)
    done = await hall.eve.submit_modal(form, {"answer": "Two."})
    assert text_of(done) == "That question was handed to somebody else."
    assert hall.states() == [HandedState.ASKED]


async def test_it_is_answered_once(hall: Hall) -> None:
    await hall.guild.ann.click(await hall.ask(), label=ASK)
    asked, form = hall.wanted, await hall.eve.click(hall.wanted, label="Answer")
    await hall.eve.send(hall.experts, "Two.", reply_to=asked)
    before = len(hall.guild.channel.history())
    done = await hall.eve.submit_modal(form, {"answer": "Three."})
    assert text_of(done) == "That question has been answered already, so nothing was passed on."
    assert len(hall.guild.channel.history()) == before


async def test_a_reply_without_words(hall: Hall) -> None:
    await hall.guild.ann.click(await hall.ask(), label=ASK)
    await hall.eve.send(hall.experts, "", reply_to=hall.wanted, attachments=[("plan.png", b"x")])
    assert seen(hall.wanted) == "I can pass on words only."
    assert hall.states() == [HandedState.ASKED]


# What may have happened meanwhile


async def test_who_has_left_is_not_told(hall: Hall) -> None:
    await press(hall.guild.ann, await asked_privately(hall), "Hand it over")
    hall.guild.handle.remove_member(hall.guild.ann)
    await hall.eve.send(hall.experts, "Two.", reply_to=hall.wanted)
    told = "Whoever asked is no longer here, so nothing was passed on."
    assert seen(hall.wanted) == told
    assert hall.states() == [HandedState.WITHDRAWN]


async def test_an_expert_who_has_left_answers_nothing_here(hall: Hall) -> None:
    settle(hall, {"/": hall.eve.id})
    await hall.guild.ann.click(await hall.ask(), label=ASK)
    direct = hall.eve.user.dm_channel
    form = await hall.eve.user.click(direct.last_message, label="Answer")
    hall.guild.handle.remove_member(hall.eve)
    before = len(hall.guild.channel.history())
    assert form.modal is not None
    done = await hall.eve.user.submit_modal(form, {"answer": "Two."})
    assert text_of(done) == "That question was handed to somebody else."
    assert len(hall.guild.channel.history()) == before
    assert hall.states() == [HandedState.ASKED]


async def test_an_answer_comes_to_a_bot_that_serves_another_share(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(hall, {"/": hall.eve.id})
    await hall.guild.ann.click(await hall.ask(), label=ASK)
    number = hall.guild.handle.id >> 22
    other = Shard((number + 1) % 2, 2)
    elsewhere = hall.services.settings.model_copy(update={"shard": other})
    bot = hall.guild.env.bot
    assert isinstance(bot, BriefingBot)
    monkeypatch.setattr(bot, "get_guild", lambda _: None)
    monkeypatch.setattr(bot, "services", replace(bot.services, settings=elsewhere))
    form = await hall.eve.user.click(hall.eve.user.dm_channel.last_message, label="Answer")
    assert form.modal is not None
    done = await hall.eve.user.submit_modal(form, {"answer": "Two."})
    assert text_of(done) == "Thank you. ann can read it where they asked."
    assert seen(hall.guild.channel.last_message).endswith("> Two.")


async def test_where_it_was_asked_is_gone(hall: Hall) -> None:
    guild = hall.guild
    room = guild.handle.create_text_channel("room")
    await guild.ann.send(room, f"{guild.me} {VAIN}")
    assert room.last_message is not None
    await guild.ann.click(room.last_message, label=ASK)
    guild.env.backend.delete_channel(room.id)
    await hall.eve.send(hall.experts, "Two.", reply_to=hall.wanted)
    assert seen(guild.ann.user.dm_channel.last_message).endswith("> Two.")
    assert seen(hall.wanted) == "Thank you. I have written it to ann."


async def test_the_experts_channel_is_gone_or_closed_to_the_bot(hall: Hall) -> None:
    answer = await hall.ask()
    settle(hall, {"/": f"role:{hall.role.id}"}, 10**17)
    nobody = "There is nobody whom I could ask about this. An admin can name people."
    assert text_of(await hall.guild.ann.click(answer, label=ASK)) == nobody
    closed = hall.guild.handle.create_text_channel(
        "closed",
        overwrites={
            hall.guild.env.bot.user: discord.PermissionOverwrite(send_messages=False)  # type: ignore[dict-item]
        },
    )
    settle(hall, {"/": f"role:{hall.role.id}"}, closed.id)
    told = text_of(await hall.guild.ann.click(answer, label=ASK))
    assert told == ("I cannot write to those who could be asked, so nothing was handed over.")
    assert hall.states() == []


async def test_a_restart_between_the_question_and_the_reply(hall: Hall, settings: Settings) -> None:
    guild = hall.guild
    await guild.ann.click(await hall.ask(), label=ASK)
    again = services_of(settings, guilds=hall.services.guilds)
    await guild.env.restart_bot(bot_of(again))
    await hall.eve.send(hall.experts, "Two.", reply_to=hall.wanted)
    assert seen(guild.channel.last_message).endswith("> Two.")


async def test_a_reply_that_came_while_the_bot_was_away(hall: Hall, settings: Settings) -> None:
    guild = hall.guild
    await guild.ann.click(await hall.ask(), label=ASK)
    asked = hall.wanted
    bot = guild.env.bot
    assert isinstance(bot, BriefingBot)
    await bot.remove_cog("Experts")
    await hall.eve.send(hall.experts, "Two.", reply_to=asked)
    assert hall.states() == [HandedState.ASKED]
    again = services_of(settings, guilds=hall.services.guilds)
    await guild.env.restart_bot(bot_of(again))
    await guild.env.settle()
    assert seen(guild.channel.last_message).endswith("> Two.")
    assert hall.states() == [HandedState.ANSWERED]


async def test_another_server_s_experts_are_not_asked(hall: Hall) -> None:
    elsewhere = hall.guild.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("general")
    ann = elsewhere.add_member(hall.guild.ann.user)
    await ann.send(channel, f"{hall.guild.me} {VAIN}")
    assert f"[{ASK}]" not in seen(channel.last_message)


# What is kept


def on_the_disk(services: Services, words: str) -> bool:
    return any(
        words.encode() in path.read_bytes() for path in services.settings.records.glob("rec*")
    )


async def test_words_are_kept_only_while_it_is_open(hall: Hall) -> None:
    await hall.guild.ann.click(await hall.ask(), label=ASK)
    assert on_the_disk(hall.services, "helicopters")
    await hall.eve.send(hall.experts, "Zweiundvierzig.", reply_to=hall.wanted)
    assert not on_the_disk(hall.services, "helicopters")
    assert not on_the_disk(hall.services, "Zweiundvierzig")


async def test_forget_me_and_time_reach_it(hall: Hall) -> None:
    records = hall.services.records
    await hall.guild.ann.click(await hall.ask(), label=ASK)
    assert records.counts_of_person(hall.guild.ann.id).handed == 1
    records.forget_person(hall.guild.ann.id)
    assert hall.states() == []
    assert not on_the_disk(hall.services, "helicopters")
    await hall.eve.send(hall.experts, "Two.", reply_to=hall.wanted)  # and nothing comes of it
    assert seen(hall.wanted) == "Two."
    await hall.guild.ann.click(await hall.ask(), label=ASK)
    records.prune(datetime.now(UTC) + timedelta(days=1))
    assert hall.states() == []


async def test_forget_me_says_what_is_kept_of_it(hall: Hall) -> None:
    await hall.guild.ann.click(await hall.ask(), label=ASK)
    done = await hall.guild.ann.slash(hall.guild.channel, "forget-me")
    assert "- 1 question that you had handed to a person, or answered" in seen(done.response)


# What people do besides


async def test_who_deletes_the_question_needs_no_answer(hall: Hall) -> None:
    guild = hall.guild
    said = await guild.ann.send(guild.channel, f"{guild.me} {VAIN}")
    assert guild.channel.last_message is not None
    await guild.ann.click(guild.channel.last_message, label=ASK)
    await guild.ann.delete(said)
    assert seen(hall.wanted) == "-# ann needs no answer any more."
    assert hall.states() == [HandedState.WITHDRAWN]


async def test_a_pin_and_a_forwarded_message_are_no_answers(hall: Hall) -> None:
    guild = hall.guild
    await guild.ann.click(await hall.ask(), label=ASK)
    asked = hall.wanted
    await hall.eve.forward(asked, hall.experts)
    guild.env.backend.set_pinned(hall.experts.id, asked.id, True, actor_id=hall.eve.id)
    await guild.env.settle()
    assert not any(seen(m).startswith("I c") for m in hall.experts.history())
    assert hall.states() == [HandedState.ASKED]


async def test_a_long_answer_comes_whole(hall: Hall) -> None:
    words = " ".join(f"word-{number}*" for number in range(180))
    await hall.guild.ann.click(await hall.ask(), label=ASK)
    form = await hall.eve.click(hall.wanted, label="Answer")
    await hall.eve.submit_modal(form, {"answer": words})
    said = "\n".join(seen(message) for message in hall.guild.channel.history()[2:])
    assert all(f"word-{number}" in said for number in range(180))


async def test_two_clicks_at_once_ask_once(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = await hall.ask()
    monkeypatch.setattr(handing, "_in_hand", {1})
    told = text_of(await hall.guild.ann.click(answer, label=ASK))
    assert told == "That question is being handed over just now."
    assert hall.experts.history() == []


async def test_in_a_thread_it_comes_back_into_the_thread(hall: Hall) -> None:
    guild = hall.guild
    thread = guild.env.backend.create_thread(
        guild.channel.id, "depot", owner_id=guild.bob.id, type=11
    )
    handle = next(one for one in guild.channel.threads if one.id == thread.id)
    await guild.ann.send(handle, f"{guild.me} {VAIN}")
    assert handle.last_message is not None
    await guild.ann.click(handle.last_message, label=ASK)
    await hall.eve.send(hall.experts, "Two.", reply_to=hall.wanted)
    assert seen(handle.last_message).endswith("> Two.")
