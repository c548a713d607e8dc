"""Asking a person what the documents do not answer, and showing the asker what the person says.

A question goes to the person or role that the guild's settings name, and nowhere else. The answer
comes by a reply to the bot's message, or by a form; it is passed on and not kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import replace

import discord
from discord.ext import commands

from bot import messages
from bot.config.guilds import Owner
from bot.discord.cogs.asking.refusing import Refusals
from bot.discord.cogs.bot_cog import BotCog, Work
from bot.discord.permissions.experts import Expert, may_answer, name_of
from bot.discord.permissions.interaction import Interaction, ServingClient
from bot.discord.rendering.answers.handed import confirmation, handed_over, still_open
from bot.discord.rendering.message import Button, MessagePart
from bot.discord.ui.actions import Click, Form, Shown, ShownParts, form_of, text_field
from bot.discord.ui.answers.handing import (
    Delivery,
    HandoverPlan,
    deliver,
    hand,
    plan_handover,
    retitle,
)
from bot.discord.ui.errors import sentence_of
from bot.discord.ui.sending import NOT_SENT, begin, begin_turn, reply
from bot.errors import Busy, NotAllowed, TooMany
from bot.localization import LazyText, _, speak
from bot.records.parts.handed import HandedQuestion, HandedState
from bot.services import Services
from index.errors import BriefingError

_FIELD = "answer"
_LONGEST = 2_000
"""Characters of an answer in the form."""
_LOOKED_BACK = 100
"""Messages after a question in which its answer is looked for at the start."""
_GONE = LazyText("That question is no longer open, or it is not yours.")
_passing_on: set[int] = set()
"""Handed questions whose answers are passed on at this moment."""
_log = logging.getLogger(__name__)


class Experts(BotCog):
    def __init__(self, bot: ServingClient) -> None:
        super().__init__(bot)
        self._refusals = Refusals()

    def background(self) -> Iterable[Work]:
        yield self._catch_up()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Pass on a reply to a question that was handed to its author."""
        handed = await handed_in_reply(message, self.services)
        if handed is None:
            return
        if not await self.services.claiming.is_first(f"message {message.id}"):
            return
        try:
            self.services.admission.enter(message.author.id)
            speak(self.bot.languages.of_message(message))
            await self._replied(message, handed)
        except discord.HTTPException as exc:
            _log.warning("A person's answer could not be passed on: %s", type(exc).__name__)
        except (Busy, TooMany) as exc:
            await self._refusals.refuse(message, exc)
        except Exception as exc:
            await reply(message, [MessagePart(sentence_of(exc))])

    async def _replied(
        self, message: discord.Message, handed: HandedQuestion, *, late: bool = False
    ) -> None:
        """Pass on a reply, if it is from one who was asked; people may talk about it.

        One that came `late`, while the bot did not run, is not answered where it cannot be passed
        on, since it may have been before.
        """
        if not await may_answer(self.bot, handed, message.author.id):
            return
        words = message.clean_content.replace("@\u200b", "@").strip()
        if words or not handed.is_open:
            said = await _pass_on(self.bot, handed, message.author, words)
        elif late:
            return
        else:
            said = _("I can pass on words only.")
            if not message.attachments:
                said = _(
                    "I cannot see the words of that reply. Leave its ping switched on, or use the "
                    "button **Answer**."
                )
        await reply(message, [MessagePart(said)])

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Withdraw a question that was deleted where it was asked."""
        records, run_quick = self.services.records, self.services.admission.run_quick
        for private in (False, True):
            exchange = await run_quick(records.by_question, payload.message_id, private=private)
            if exchange is None:
                continue
            handed = await run_quick(records.handed.of_exchange, exchange.id)
            if handed is not None and handed.is_open and handed.person == exchange.person:
                await run_quick(records.handed.end, handed.id, HandedState.WITHDRAWN)
                await retitle(self.bot, replace(handed, state=HandedState.WITHDRAWN))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget what was handed to people of a server that the bot has left."""
        await self.services.admission.run_quick(self.services.records.handed.end_of_guild, guild.id)

    async def _catch_up(self) -> None:
        """Pass on the replies that came while the bot did not run."""
        await self.bot.wait_until_ready()
        try:
            found = await asyncio.to_thread(self.services.records.handed.all_open)
        except BriefingError as exc:
            _log.warning("Answers of people were not looked for: %s", type(exc).__name__)
            return
        for handed in found:
            if handed.message is None:
                continue
            try:
                place = self.bot.get_partial_messageable(handed.place, guild_id=handed.guild)
                after = discord.Object(handed.message)
                async for message in place.history(
                    limit=_LOOKED_BACK, after=after, oldest_first=True
                ):
                    if await handed_in_reply(message, self.services) == handed:
                        speak(self.bot.languages.of_message(message))
                        await self._replied(message, handed, late=True)
            except (BriefingError, *NOT_SENT) as exc:  # the channel is gone, or closed to the bot
                _log.info("An answer could not be looked for: %s", type(exc).__name__)


async def handed_in_reply(message: discord.Message, services: Services) -> HandedQuestion | None:
    """Return the question, handed to somebody, that a person's message replies to."""
    reference = message.reference
    if message.type is not discord.MessageType.reply or message.author.bot:
        return None  # a pin and a forwarded message have references as well
    if reference is None or reference.message_id is None:
        return None
    by_message = services.records.handed.by_message
    return await services.admission.run_quick(by_message, reference.message_id)


async def _pass_on(
    client: ServingClient, handed: HandedQuestion, by: discord.User | discord.Member, words: str
) -> str:
    """Show the asker an answer, and return what the person who gave it is told."""
    if not handed.is_open or handed.id in _passing_on:
        return _ended(handed)
    _passing_on.add(handed.id)
    try:
        with client.answering():
            delivered = await deliver(client, handed, by, words)
    finally:
        _passing_on.discard(handed.id)
    asker = await name_of(client, handed.guild, Owner(handed.person))
    return {
        Delivery.HERE: _("Thank you. {asker} can read it where they asked."),
        Delivery.DIRECTLY: _("Thank you. I have written it to {asker}."),
        Delivery.NOT: _(
            "I cannot write to {asker}, who accepts no direct messages. The question stays "
            "open; you may want to tell them yourself."
        ),
        Delivery.GONE: _("Whoever asked is no longer here, so nothing was passed on."),
    }[delivered].format(asker=asker)


def _ended(handed: HandedQuestion) -> str:
    if handed.state is HandedState.WITHDRAWN:
        return _("That question was withdrawn, so nothing was passed on.")
    return _("That question has been answered already, so nothing was passed on.")


class AskPerson(
    Click,
    template=r"g:(?:ask|yes):(?P<exchange>\d+)(?::(?P<digest>[0-9a-f]{16}))?",
    shown=Shown.BY_ITSELF,
):
    """Below an answer: hands its question to a person or a role, at once where all who will read it
    can read it there anyway, and else after a yes, if those are still who were named then."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        digest = self.found["digest"]
        await (begin_turn if digest else begin)(interaction)
        exchange = await self.exchange(interaction)
        if (waiting := await _waiting(interaction, exchange.id)) is not None:
            return waiting
        ready = await plan_handover(interaction, exchange)
        if ready.needs_yes and ready.digest != digest:
            changed = _("Who would read it has changed since. ") if digest else ""
            return await _confirmation(interaction, ready, changed)
        handed = await hand(interaction, ready)
        who, where = await _expert_named(interaction, ready.expert)
        said = handed_over(handed, who=who, where=where)
        return [MessagePart(said, rows=((_withdraw_button(handed),),))]


async def _waiting(interaction: Interaction, exchange: int) -> list[MessagePart] | None:
    services = interaction.client.services
    handed_questions, run_quick = services.records.handed, services.admission.run_quick
    handed = await run_quick(handed_questions.of_exchange, exchange)
    if handed is None or not handed.is_open:
        return None
    if handed.message is None:  # the program ended before it was sent
        await run_quick(handed_questions.drop, handed.id)
        return None
    recipient = Owner(handed.recipient, handed.is_role)
    who = await name_of(interaction.client, handed.guild, recipient, interaction.guild_id)
    is_theirs = handed.person == interaction.user.id
    said = still_open(handed, who=who, is_theirs=is_theirs)
    return [MessagePart(said, rows=((_withdraw_button(handed),),) if is_theirs else ())]


async def _confirmation(
    interaction: Interaction, ready: HandoverPlan, before: str
) -> list[MessagePart]:
    who, where = await _expert_named(interaction, ready.expert)
    said = confirmation(who=who, where=where, question=ready.question, is_public=ready.is_public)
    yes = Button(
        _("Hand it over"),
        f"g:yes:{ready.exchange.id}:{ready.digest}",
        discord.ButtonStyle.primary,
    )
    no = Button(str(messages.CANCEL), "g:no")
    return [MessagePart(before + said, rows=((yes, no),))]


async def _expert_named(interaction: Interaction, expert: Expert) -> tuple[str, str | None]:
    """Return who is asked, and the channel in which they are; None for directly."""
    here = interaction.guild_id
    who = await name_of(interaction.client, expert.guild, expert.owner, here)
    return who, None if expert.channel is None else f"<#{expert.channel}>"


def _withdraw_button(handed: HandedQuestion) -> Button:
    return Button(_("Withdraw"), f"g:end:{handed.id}")


class KeepQuestion(Click, template=r"g:no"):
    """Declines, and hands nothing over."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        return _("Nothing was handed over.")


class Withdraw(Click, template=r"g:end:(?P<handed>\d+)"):
    """Withdraws a question of the person who clicks."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        handed_questions, run_quick = services.records.handed, services.admission.run_quick
        handed = await run_quick(handed_questions.get, self.number("handed"))
        if handed is None or handed.person != interaction.user.id or not handed.is_open:
            raise NotAllowed(_GONE)
        await run_quick(handed_questions.end, handed.id, HandedState.WITHDRAWN)
        await retitle(interaction.client, replace(handed, state=HandedState.WITHDRAWN))
        return _("Withdrawn. I no longer keep its words.")


class Answer(Click, template=r"g:ans:(?P<handed>\d+)", shown=Shown.BY_ITSELF):
    """Below a question that was handed over: opens a form for the answer."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        handed = await _to_answer(interaction, self.number("handed"))
        await interaction.response.send_modal(_form(handed))


class Answered(Form, template=r"g:(?P<handed>\d{1,18}):answer", shown=Shown.APART):
    """Passes on what was written into the form."""

    async def sent(self, interaction: Interaction, services: Services) -> ShownParts:
        handed = await _to_answer(interaction, self.number("handed"))
        words = self.filled(_FIELD).strip()[:_LONGEST]
        if not words:
            raise NotAllowed(_("There were no words in that."))
        return await _pass_on(interaction.client, handed, interaction.user, words)


async def _to_answer(interaction: Interaction, number: int) -> HandedQuestion:
    """Return an open question that the person may answer; raise NotAllowed for any other."""
    services = interaction.client.services
    handed = await services.admission.run_quick(services.records.handed.get, number)
    if handed is None or interaction.channel_id != handed.place:
        raise NotAllowed(_GONE)
    if not await may_answer(interaction.client, handed, interaction.user.id):
        raise NotAllowed(_("That question was handed to somebody else."))
    if not handed.is_open:
        raise NotAllowed(_ended(handed))
    return handed


def _form(handed: HandedQuestion) -> discord.ui.Modal:
    note = (
        _("Shown where it was asked, with your name.")
        if handed.is_public
        else _("Shown to the asker alone, with your name.")
    )
    field = text_field(_FIELD, _LONGEST)
    label = discord.ui.Label(text=_("In your words"), description=note, component=field)
    return form_of(_("Your answer"), f"g:{handed.id}:answer", label)
