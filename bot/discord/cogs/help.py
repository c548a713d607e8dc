"""/help: what the bot can do, by what one wants to do, with examples from the documents."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence

from discord import app_commands

from bot import messages
from bot.chat.examples import TriedExamples
from bot.discord.cogs.bot_cog import BotCog
from bot.discord.permissions.admins import is_admin, require_admin
from bot.discord.permissions.interaction import Interaction, ServingClient
from bot.discord.permissions.viewer_sources import asker_alone
from bot.discord.rendering.colours import INFO
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.message import Button, MessagePart, in_rows, packed
from bot.discord.ui.actions import Click, Shown, ShownParts
from bot.discord.ui.errors import sentence_of
from bot.discord.ui.sending import begin, begin_turn, follow_up
from bot.library.examples import Example
from bot.localization import N_, NP_, _, together
from bot.services import Services
from bot.wording.command_names import without_off
from index.errors import IndexMissing, IndexUnavailable

_MOST_CHANNELS = 10


class HelpPage(enum.StrEnum):
    """A page of the help."""

    START = "start"
    ASKING = "asking"
    CHECKING = "checking"
    NEWS = "news"
    LISTS = "lists"
    YOURS = "yours"
    ADMINS = "admins"


class Help(BotCog):
    def __init__(self, bot: ServingClient) -> None:
        super().__init__(bot)
        services = bot.services
        self.examples = TriedExamples(
            services.access,
            services.current,
            services.libraries,
            services.answering,
            services.admission,
        )

    @app_commands.command(
        name=NP_("command", "help"),
        description=N_("What I can do, with examples from your documents"),
    )
    async def help(self, interaction: Interaction) -> None:
        await begin(interaction)
        await follow_up(interaction, await self.page(interaction, HelpPage.START))

    async def page(self, interaction: Interaction, topic: HelpPage) -> list[MessagePart]:
        guilds = self.bot.services.guilds
        text = await self._start(interaction) if topic is HelpPage.START else _text(topic)
        admin = is_admin(interaction, guilds)
        text = without_off(text, guilds.of(interaction.guild_id).commands_off)
        return packed([text], colour=INFO, rows=_buttons(topic, admin=admin))

    async def _start(self, interaction: Interaction) -> str:
        assert self.bot.user is not None
        viewers = self.bot.viewers
        viewer, alone = await viewers.asker(interaction), asker_alone(viewers, interaction)
        today = self.bot.services.today(interaction.guild_id)
        tried = await self.examples.get(viewer, alone, today)
        return _start(
            me=None if viewers.is_away(interaction) else self.bot.user.mention,
            examples=_general_examples() if tried == [] else tried or (),
            note=await self._note(interaction) if tried is None else "",
            channels=self._question_channels(interaction),
        )

    async def _note(self, interaction: Interaction) -> str:
        """Return why there is nothing to ask about, and what to do first."""
        services = self.bot.services
        admin = is_admin(interaction, services.guilds)
        try:
            await services.admission.run_quick(services.current.generation)
        except IndexMissing as exc:
            reading = services.reindexing.running
            if admin and not reading:
                return str(messages.FIRST_DOCUMENTS)
            return sentence_of(exc, reading=reading)
        except IndexUnavailable as exc:
            return sentence_of(exc)
        return str(messages.NOTHING_TO_SEE)

    def _question_channels(self, interaction: Interaction) -> list[int]:
        """Return this guild's channels for questions; the settings may list those of all guilds."""
        if interaction.guild is None:
            return []
        known = {channel.id for channel in interaction.guild.channels}
        guilds = self.bot.services.guilds
        return sorted(known & guilds.of(interaction.guild_id).question_channels)


class TurnHelp(Click, template=rf"x:hp:(?P<topic>{'|'.join(HelpPage)})", shown=Shown.BY_ITSELF):
    """Shows another page of /help."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        topic = HelpPage(self.found["topic"])
        if topic is HelpPage.ADMINS:
            require_admin(interaction, services.guilds)
        await begin_turn(interaction)
        cog = interaction.client.get_cog(Help.__name__)
        assert isinstance(cog, Help)
        return await cog.page(interaction, topic)


def _buttons(topic: HelpPage, *, admin: bool) -> Sequence[Sequence[Button]]:
    """Return a button for each page; that of the page itself is disabled, so that none moves."""
    labels = {
        HelpPage.START: _("Start"),
        HelpPage.ASKING: _("Ask"),
        HelpPage.CHECKING: _("Check an answer"),
        HelpPage.NEWS: _("See what is new"),
        HelpPage.LISTS: _("Find and list"),
        HelpPage.YOURS: _("You and I"),
        HelpPage.ADMINS: _("For admins"),
    }
    return in_rows(
        [
            Button(label, f"x:hp:{each}", disabled=each is topic)
            for each, label in labels.items()
            if admin or each is not HelpPage.ADMINS
        ]
    )


def _general_examples() -> Sequence[Example]:
    """Return questions that any documents answer."""
    questions = _("Which documents do you have?"), _("What is new this month?")
    return [Example(question, "") for question in questions]


def _start(
    *, me: str | None, examples: Sequence[Example], channels: Sequence[int], note: str = ""
) -> str:
    """Return the first page; `me` is the bot's mention, None where it cannot be mentioned.

    `channels` are ids and may be none; `note` says what keeps it from answering.
    """
    blocks = [
        _(
            "**I answer from the briefing documents, word for word.** Where I am not sure, or find "
            "nothing close, I say so."
        )
    ]
    if note:
        blocks.append(note)
    if examples:
        lines = "\n".join(line for example in examples for line in _tried(example))
        blocks.append(_("**Try**\n{examples}").format(examples=lines))
    if me is None:
        blocks.append(_("**How**\nUse `/ask` here, or write to me directly. Only you see it."))
        return "\n\n".join(blocks)
    where = [f"<#{channel}>" for channel in channels[:_MOST_CHANNELS]]
    named = together(where) if len(channels) <= _MOST_CHANNELS else f"{', '.join(where)} …"
    also = _(" In {channels} every message is a question.").format(channels=named)
    blocks.append(
        _(
            "**How**\n"
            "Mention {me} or write to me directly. `/ask` does the same.{also}\n"
            "Reply to an answer to go on."
        ).format(me=me, also=also if channels else "")
    )
    return "\n\n".join(blocks)


def _tried(example: Example) -> Iterator[str]:
    """Yield an example, and what may follow it up."""
    yield f"- {escape_line(example.question)}"
    if example.then:
        then = f"*{escape_line(example.then)}*"
        yield "  - " + _("and then, in reply to the answer: {question}").format(question=then)


def _text(topic: HelpPage) -> str:
    texts = {
        HelpPage.ASKING: _(
            "**Ask**\n"
            "Ask for facts, lists, tables and summaries, or about the documents themselves: *what "
            "is new since May?*\n"
            "`/ask` can look in one folder or document; with `private` only you see the answer.\n"
            "Reply to an answer to go on. Edit your question, and I answer again; delete it, and "
            "the answer goes."
        ),
        HelpPage.CHECKING: _(
            "**Check an answer**\n"
            "Every quote is compared with the stored document before you see it.\n"
            "**Source** beside an excerpt shows it in its place, with the text around it and the "
            "original file.\n"
            "`/source` opens a document at a page or a heading. `/search` finds passages.\n"
            "Right-click a message (on a phone, press it long), *Apps*, *Find sources*: "
            "passages about what somebody wrote."
        ),
        HelpPage.NEWS: _(
            "**See what holds, and what is new**\n"
            "Newer documents come first; one that was replaced says so. Where two say different "
            "things, I show both.\n"
            "`/changes` shows what changed since you looked last, old beside new. `/compare` shows "
            "two documents beside each other.\n"
            "**Tell me when this changes**, below an answer: I write to you. `/watches` lists what "
            "you watch."
        ),
        HelpPage.LISTS: _(
            "**Find and list**\n"
            "`/list` finds every document that mentions a word, or *deadlines in the next 30 "
            "days*, also as a file.\n"
            "`/documents` lists what I know, and with `show` what is overdue for a review."
        ),
        HelpPage.YOURS: _(
            "**You and I**\n"
            "👍 and 👎 tell the admins what works, and what does not.\n"
            "**Ask a person**, where I am not sure: I hand your question to somebody who knows, if "
            "your server has named people for that.\n"
            "`/forget-me` shows what I keep of you, and deletes it."
        ),
        HelpPage.ADMINS: _(
            "**For admins**\n"
            "`/status` shows how I am. `/gaps` shows what people asked in vain. `/access` shows "
            "who sees a folder.\n"
            "`/upload` puts documents in. `/remove` takes one out. `/reindex` takes in what "
            "changed. `/rollback` undoes that.\n"
            "`/documents show` lists what seems to replace what. `/replaced` says it. `/conflicts` "
            "lists where documents contradict each other.\n"
            "Right-click a message, *Apps*: *Upload these files*, and *Add to the documents*, "
            "which makes a document of its words where a folder is named for the channel."
        ),
    }
    return texts[topic]
