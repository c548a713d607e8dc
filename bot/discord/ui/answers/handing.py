"""Hands questions to people, and passes on what they answer."""

from __future__ import annotations

import enum
import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import discord

from bot.access import ChannelReaders, Person, Viewer
from bot.chat.question import ChatQuestion
from bot.config.guilds import Owner
from bot.discord.permissions.channel_readers import can_view
from bot.discord.permissions.experts import (
    Expert,
    can_be_handed,
    expert_on,
    member_of,
    name_of,
)
from bot.discord.permissions.interaction import Interaction, ServingClient
from bot.discord.rendering.answers.handed import answered, asked_of_them, handed_head
from bot.discord.rendering.audiences import mention_of
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.layout import layout_of
from bot.discord.rendering.message import Button, MessagePart
from bot.discord.ui.answers.asked_words import question_of
from bot.discord.ui.documents.source_view import passage_button
from bot.discord.ui.sending import NOT_SENT, direct_channel, new, pings_of, send
from bot.errors import NotAllowed
from bot.localization import _, speaking
from bot.records import Exchange
from bot.records.parts.handed import MOST_A_DAY, MOST_OPEN, HandedQuestion, HandedState
from index.answering.answer import Excerpt

_NAME = 80
_in_hand: set[int] = set()
"""Exchanges whose questions are being handed over at this moment."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HandoverPlan:
    """A question that can be handed over: to whom, and with which words.

    `sources` are documents, and `people` others, whose words may be in it. `needs_yes`: not all who
    will read it can read where it was asked, so whoever hands it over is asked first. `digest`
    tells these readers and these words from others.
    """

    exchange: Exchange
    expert: Expert
    question: str
    sources: tuple[str, ...]
    people: tuple[int, ...]
    is_public: bool
    needs_yes: bool
    digest: str


async def plan_handover(interaction: Interaction, exchange: Exchange) -> HandoverPlan:
    """Return how the question of an exchange can be handed over; raise NotAllowed if it cannot."""
    client, person = interaction.client, interaction.user.id
    services = client.services
    if not can_be_handed(exchange):
        raise NotAllowed(_("That is nothing that a person could be asked."))
    expert = await expert_on(interaction, exchange)
    if expert is None:
        raise NotAllowed(
            _("There is nobody whom I could ask about this. An admin can name people.")
        )
    whole = await question_of(interaction, exchange)
    readers = await expert.readers(client)()
    is_public = exchange.guild is not None and not exchange.private
    open_ = is_public and await _all_read(client, expert, readers, exchange.channel)
    if not open_ and exchange.person != person:
        raise NotAllowed(
            _(
                "Only who asked this can hand it over: not everybody who would read it can read "
                "this channel."
            )
        )
    question, sources = whole, exchange.source_documents
    others = tuple(sorted({exchange.person, *exchange.source_people} - {person}))
    may_know = services.access.may_know_of_all
    known = await services.admission.run_quick(may_know, readers, sources)
    if not known or (others and not open_):
        # As it was typed it holds the asker's own words alone.
        question, sources, others = exchange.question, (), ()
        if not question or question == exchange.rewritten:
            raise NotAllowed(
                _(
                    "That question uses words from before, which not everybody who would read "
                    "it may see. Ask it anew in full, and hand that over."
                )
            )
    digest = _digest(expert, readers, question)
    return HandoverPlan(exchange, expert, question, sources, others, is_public, not open_, digest)


async def _all_read(client: ServingClient, expert: Expert, readers: Viewer, channel: int) -> bool:
    """Return whether all who will read a question can read the channel where it was asked."""
    if expert.channel is not None:
        return expert.channel == channel or client.viewers.all_can_read(readers, channel)
    guild, place = client.get_guild(expert.guild), client.get_channel(channel)
    if guild is None or place is None or (isinstance(place, discord.Thread) and place.is_private()):
        return False
    member = await client.viewers.member_now(guild, expert.owner.id)
    return member is not None and can_view(member, place)


def _digest(expert: Expert, readers: Viewer, question: str) -> str:
    who: object = repr(readers)
    if isinstance(readers, ChannelReaders):
        who = readers.everybody, sorted(readers.roles), sorted(readers.people)
    elif isinstance(readers, Person):
        who = readers.id
    told = repr((expert.guild, expert.owner, expert.channel, who, question))
    return hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()[:16]


async def hand(interaction: Interaction, ready: HandoverPlan) -> HandedQuestion:
    """Ask the expert, and return what is kept of that; raise NotAllowed where that cannot be.

    Raises also what asking a question raises.
    """
    exchange = ready.exchange.id
    if exchange in _in_hand:
        raise NotAllowed(_("That question is being handed over just now."))
    _in_hand.add(exchange)
    try:
        return await _hand(interaction, ready)
    finally:
        _in_hand.discard(exchange)


async def _hand(interaction: Interaction, ready: HandoverPlan) -> HandedQuestion:
    client, expert, exchange = interaction.client, ready.expert, ready.exchange
    services, handed_questions = client.services, client.services.records.handed
    run_quick, source = services.admission.run_quick, expert.readers(client)
    new = HandedQuestion(
        exchange=exchange.id,
        person=interaction.user.id,
        guild=expert.guild,
        channel=exchange.channel,
        reply_to=exchange.replies[-1] if exchange.replies else exchange.message,
        is_public=ready.is_public,
        question=ready.question,
        people=ready.people,
        source_documents=ready.sources,
        recipient=expert.owner.id,
        is_role=expert.owner.is_role,
        place=expert.channel or 0,
        began=datetime.now(UTC),
    )
    handed = await run_quick(handed_questions.add, new)
    if handed is None:
        raise NotAllowed(
            _(
                "{most:,} questions of yours wait for people already, or you handed over {day:,} "
                "today, which is the most."
            ).format(most=MOST_OPEN, day=MOST_A_DAY)
        )
    try:
        said = await services.answering.look_again(
            ChatQuestion(
                question=ready.question,
                person=interaction.user.id,
                guild=expert.guild,
                channel=expert.channel or exchange.channel,
                viewer=await source(),
                viewer_source=source,
                today=services.today(expert.guild),
            ),
            # What it was answered does not matter here: who reads it may see other documents.
            replace(
                exchange,
                rewritten=ready.question,
                excerpts=(),
                named_documents=(),
                source_documents=ready.sources,
            ),
        )
        with speaking(_language_of(client, expert)):
            answer = Button(_("Answer"), f"g:ans:{handed.id}", discord.ButtonStyle.primary)
            asker = escape_line(interaction.user.display_name, _NAME)
            part = asked_of_them(
                handed, mention_of(expert.owner), asker, said, opener=_opener, row=[answer]
            )
        place = await _place(client, expert)
        (sent,) = await send(place, [part], pings_of(expert.owner))
    except (discord.Forbidden, discord.NotFound) as exc:
        await run_quick(handed_questions.drop, handed.id)
        refused = _("I cannot write to those who could be asked, so nothing was handed over.")
        raise NotAllowed(refused) from exc
    except BaseException:
        await run_quick(handed_questions.drop, handed.id)
        raise
    await run_quick(handed_questions.sent, handed.id, place.id, sent)
    return replace(handed, place=place.id, message=sent)


def _language_of(client: ServingClient, expert: Expert) -> str:
    guild = client.get_guild(expert.guild)
    if expert.channel is not None:
        return client.languages.here(guild)
    return client.languages.of_person(expert.owner.id, guild)


async def _place(
    client: ServingClient, expert: Expert
) -> discord.PartialMessageable | discord.DMChannel:
    if expert.channel is not None:
        return client.get_partial_messageable(expert.channel, guild_id=expert.guild)
    return await direct_channel(client, expert.owner.id)


def _opener(excerpt: Excerpt) -> Button:
    """Return a button that shows whoever clicks the place, if they may see it then."""
    return passage_button(excerpt.number, excerpt.document, excerpt.span, excerpt.quote)


class Delivery(enum.Enum):
    """What came of an answer."""

    HERE = "here"
    """It is shown where the question was asked."""
    DIRECTLY = "directly"
    NOT = "not"
    """The asker cannot be reached."""
    GONE = "gone"
    """The asker is no longer there."""


async def deliver(
    client: ServingClient, handed: HandedQuestion, by: discord.User | discord.Member, words: str
) -> Delivery:
    """Show the asker what a person answers, record that, and say so where the person was asked.

    Raises Busy where Discord does not say who is there, and what sending raises.
    """
    services = client.services
    end = services.records.handed.end
    member = await member_of(client, handed.guild, handed.person)
    if member is None:
        await services.admission.run_quick(end, handed.id, HandedState.WITHDRAWN)
        await retitle(client, replace(handed, state=HandedState.WITHDRAWN))
        return Delivery.GONE
    delivered = await _shown(client, handed, member, by.display_name, words)
    if delivered is not Delivery.NOT:
        await services.admission.run_quick(end, handed.id, HandedState.ANSWERED, by.id)
        await retitle(
            client, replace(handed, state=HandedState.ANSWERED), escape_line(by.display_name, _NAME)
        )
    return delivered


async def _shown(
    client: ServingClient, handed: HandedQuestion, member: discord.Member, name: str, words: str
) -> Delivery:
    pings = pings_of(Owner(member.id))
    if handed.is_public:
        with speaking(client.languages.here(member.guild)):
            parts = answered(handed, name=name, words=words, here=True)
        try:
            channel = client.get_partial_messageable(handed.channel, guild_id=handed.guild)
            await _reply(channel, handed, parts[0], pings)
            await send(channel, parts[1:])
            return Delivery.HERE
        except (discord.Forbidden, discord.NotFound):
            _log.info("A person's answer cannot be shown where it was asked for")
    try:
        direct = await member.create_dm()
        with speaking(client.languages.of_person(member.id, member.guild)):
            parts = answered(handed, name=name, words=words, here=False)
        await send(direct, parts, pings)
        return Delivery.DIRECTLY
    except (discord.Forbidden, discord.NotFound):
        return Delivery.NOT


async def _reply(
    channel: discord.PartialMessageable,
    handed: HandedQuestion,
    part: MessagePart,
    pings: discord.AllowedMentions,
) -> None:
    missing: discord.MessageReference = discord.utils.MISSING
    reference = missing
    if handed.reply_to is not None:
        reference = discord.MessageReference(
            message_id=handed.reply_to, channel_id=handed.channel, fail_if_not_exists=False
        )
    await channel.send(**new(part), reference=reference, allowed_mentions=pings)


async def retitle(client: ServingClient, handed: HandedQuestion, answered_by: str = "") -> None:
    """Say in the message that asks people what came of the question; nothing if that is gone."""
    if handed.message is None:
        return
    expert = Owner(handed.recipient, handed.is_role)
    with speaking(client.languages.here(client.get_guild(handed.guild))):
        asker = await name_of(client, handed.guild, Owner(handed.person))
        content = handed_head(handed, mention_of(expert), asker, answered_by)
    place = client.get_partial_messageable(handed.place)
    try:
        # Without what the documents said: it may be closed to some who read here by now.
        await place.get_partial_message(handed.message).edit(
            content=None, view=layout_of(MessagePart(content))
        )
    except NOT_SENT as exc:
        _log.info("A handed question could not be marked: %s", type(exc).__name__)
