"""Acts of those who ask: questions in every place, and what follows an answer."""

from __future__ import annotations

import re
from typing import Any

import simcord
from simcord.backend.models import Message
from simcord.enums import ChannelType
from simcord.results import to_discord_message

from bot.discord.cogs.forgetting import FORGET_NOT, FORGOTTEN
from bot.discord.cogs.looking_up.watches import Watches
from bot.discord.rendering.limits import BUTTONS_IN_ROW
from bot.library import key_of
from tests.bot.discord.helpers.policies import CANARIES, Stored, canaries_in
from tests.bot.discord.permissions.plays.messages import all_of, last_in
from tests.bot.discord.permissions.plays.play import (
    QUESTIONS,
    Turn,
    about_a_document,
    handle_of,
    what_people_do,
)

LISTED, UNCLEAR = "Which documents name a guard?", "Which gate?"


def _question(canary: str) -> str:
    return f"Who stands at the gate {handle_of(canary)}?"


def _pointed(canary: str) -> str:
    """Return a question that one document alone answers, by two words of a sentence."""
    return f"Who locked {handle_of(canary)}?"


@about_a_document
async def message(turn: Turn, canary: str, document: Stored) -> None:
    await turn.say(_question(canary))
    if turn.all_may_see(document):
        turn.play.expect(turn.last(), canary, "all may see it")


@about_a_document
async def ask_where_all_is_a_question(turn: Turn, canary: str, document: Stored) -> None:
    turn = turn.play.turn(turn.act, QUESTIONS)
    if turn.place is not None:
        await turn.actor.send(turn.place.channel, _question(canary))
        if turn.all_may_see(document):
            turn.play.expect(turn.last(), canary, "all may see it")


@about_a_document
async def edit_a_question(turn: Turn, before: str, _: Stored) -> None:
    """Edit a question into one about another document; the earlier answer is checked as well."""
    other = turn.play.existing(turn.act.document + 1)
    if other is None or other[0] == before:
        return
    canary, document = other
    asked = await turn.say(_question(before))
    turn.play.look()
    await turn.actor.edit(asked, f"{turn.play.me} {_question(canary)}")
    if turn.all_may_see(document):
        turn.play.expect(turn.last(), canary, "it was edited to ask for that")


@about_a_document
async def delete_a_question(turn: Turn, canary: str, _: Stored) -> None:
    """Delete a question, and check that all answers to it are gone, here and directly."""
    play = turn.play
    if turn.place is None:
        return
    channels = (turn.place.channel.id, play.env.backend.get_dm_channel(turn.actor.id).id)
    before = {one.id for one in play.answers_in(*channels)}
    asked = await turn.say(_question(canary))
    if {one.id for one in play.answers_in(*channels)} <= before:
        return
    play.look()
    await turn.actor.delete(asked)
    assert {one.id for one in play.answers_in(*channels)} <= before
    play.succeed()


async def _some_answers(turn: Turn, channel: simcord.ChannelHandle) -> list[Message]:
    """Return the answers in the channel, after a question if there are none yet."""
    play = turn.play
    if not play.answers_in(channel.id) and play.oracle.state:
        await turn.say(_question(min(play.oracle.state)))
    return play.answers_in(channel.id)


@what_people_do
async def reply_to_an_answer(turn: Turn) -> None:
    """Reply to an answer, without the bot's name."""
    play, place = turn.play, turn.place
    channel = turn.actor.dm_channel if place is None else place.channel
    answers = await _some_answers(turn, channel)
    if not answers:
        return
    said, answered = "And when is it locked?", answers[-1 - turn.act.choice % min(3, len(answers))]
    before = len(play.env.backend.messages[channel.id])
    if place is None:
        reference = {"channel_id": str(channel.id), "message_id": str(answered.id)}
        await turn.say(said, reference=reference)
    else:
        await turn.actor.send(channel, said, reply_to=to_discord_message(play.env, answered))
    if "Understood as" in turn.last():
        assert len(play.env.backend.messages[channel.id]) > before + 1
        play.succeed()


@about_a_document
async def ask_in_a_thread(turn: Turn, canary: str, document: Stored) -> None:
    """Ask in a thread that began at an answer, without the bot's name."""
    play, place = turn.play, turn.place
    if place is None or place.channel is not place.parent:
        return
    if place.channel._channel.type not in (ChannelType.TEXT, ChannelType.NEWS):
        return
    answers = await _some_answers(turn, place.channel)
    if not answers:
        return
    thread = play.env.backend.channels.get(answers[-1].id) or play.env.backend.create_thread(
        place.channel.id, "more", turn.actor.id, message_id=answers[-1].id
    )
    there = simcord.ChannelHandle(play.env, place.channel.guild, thread)
    if turn.act.choice % 2:
        await turn.actor.send(there, "And when is it locked?")
        return
    await turn.actor.send(there, _question(canary))
    if turn.all_may_see(document):
        play.expect(last_in(there), canary, "all may see it in the thread")


@about_a_document
async def ask(turn: Turn, canary: str, document: Stored) -> None:
    options: dict[str, object] = {"question": _question(canary)}
    if turn.act.choice % 3 == 0:
        options["document"] = key_of(document.name)
    done = await turn.use("ask", **options, private=turn.act.choice % 2 == 0)
    if turn.may_see(document):
        turn.play.expect(done.text, canary, "the asker may see it")


@about_a_document
async def go_on_from_an_answer(turn: Turn, canary: str, document: Stored) -> None:
    """Follow up an answer, with words of it, without success; in private or before others."""
    private = turn.act.choice % 2 == 1
    await turn.use("ask", question=_pointed(canary), private=private)
    done = await turn.use("ask", question="Who feeds her in winter?", private=private)
    if turn.may_see(document) if private else turn.all_may_see(document):
        turn.play.expect(done.text, canary, "it goes on from the document")


@about_a_document
async def share(turn: Turn, canary: str, document: Stored) -> None:
    """Share a private answer with all who can read the channel."""
    if turn.place is None:
        return
    done = await turn.use("ask", question=_pointed(canary), private=True)
    if custom_id := done.id_of("v:"):
        await turn.actor.click(done.response, custom_id=custom_id)
        if turn.all_may_see(document):
            turn.play.expect(turn.last(), canary, "it was shared")


@what_people_do
async def watch(turn: Turn) -> None:
    """Watch what was answered, be told what differs by now, and end it again or not."""
    act = turn.act
    question = ("Which guard stands at the gate?", "Who feeds zebras in winter?")[act.choice % 2]
    done = await turn.use("ask", question=question, private=act.document % 2 == 0)
    for custom_id in done.ids:
        if re.fullmatch(r"w:\d+", custom_id):
            await turn.actor.click(done.response, custom_id=custom_id)
            turn.play.succeed()
    listed = await turn.use("watches")
    await turn.play.cog(Watches).keep()
    if act.choice % 4 == 3 and (ends := listed.id_of("w:end:")):
        await turn.actor.click(listed.response, custom_id=ends)


@what_people_do
async def ask_of_all(turn: Turn) -> None:
    """Ask what every document says, what none says, with a typo, and as a follow-up."""
    canary = CANARIES[turn.act.document]
    mistyped = canary[:3] + canary[4] + canary[3] + canary[5:]
    question = (
        "Which guard stands at the gate?",
        "Who paints the gate at noon?",
        f"Which guard is {mistyped.lower()} at the gate?",
        "And when is it locked?",
        "What does she do at night?",
        "And who is the guard?",
        "Which guard stands at the gate hazel and what is locked at the gate birch?",
        "Who feeds zebras in winter?",
    )[turn.act.choice % 8]
    await turn.use("ask", question=question, private=turn.act.choice % 2 == 0)
    turn.play.succeed()


@what_people_do
async def ask_back(turn: Turn) -> None:
    """Ask what is unclear, and choose one of the readings."""
    done = await turn.use("ask", question=UNCLEAR, private=turn.act.choice % 2 == 0)
    choices = [one for one in done.ids if one.startswith("a:")]
    turn.play.look()
    if choices:
        custom_id = choices[turn.act.document % len(choices)]
        chosen = await turn.actor.click(done.response, custom_id=custom_id)
        turn.play.succeed(chosen.response and chosen.response.components)


@what_people_do
async def list_documents(turn: Turn) -> None:
    """Ask which documents say something: each once, and none that not all viewers may see."""
    done = await turn.use("ask", question=LISTED, private=True)
    shown, visible = canaries_in(done.text), set(turn.visible())
    assert shown <= visible
    assert len(shown) == min(len(visible), BUTTONS_IN_ROW)
    if turn.place is not None:
        await turn.say(LISTED)
    turn.play.succeed(shown)


@what_people_do
async def ask_of_a_folder(turn: Turn) -> None:
    private = turn.act.choice % 2 == 0
    typed = ("", "a", "deep", "B")[turn.act.choice % 4]
    filled: dict[str, Any] = {"private": True} if private else {}
    folders = await turn.offered("ask", "folder", typed, **filled)
    visible = {one for one in turn.folders() if typed.casefold() in one.casefold()}
    assert folders == visible if private or turn.place is None else folders <= visible
    for folder in sorted(folders)[:1]:
        await turn.use("ask", question=LISTED, folder=folder, private=private)
        turn.play.succeed()


@what_people_do
async def forget_me(turn: Turn) -> None:
    done, choice = await turn.use("forget-me"), turn.act.choice % 4
    if not done.ids or choice == 0:
        return
    clicked = await turn.actor.click(done.response, custom_id=done.ids[0 if choice == 1 else 1])
    assert str(FORGOTTEN if choice == 1 else FORGET_NOT) in all_of(clicked.response._message)
    kept = turn.play.services.records.counts_of_person(turn.actor.id).exchanges
    assert choice != 1 or not kept
    turn.play.succeed()
