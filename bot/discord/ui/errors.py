"""Shows an error to a person in one sentence."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Sequence
from pathlib import PurePosixPath

import discord
from discord import app_commands

from bot import messages
from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.limits import CONTENT_AIM, CUSTOM_ID, units
from bot.discord.rendering.message import Button, MessagePart, in_rows, label_of
from bot.discord.ui.sending import new, put
from bot.errors import HandledElsewhere, RecordsUnavailable
from bot.library import key_of
from bot.localization import LazyText, _, either
from bot.wording.command_names import without_off
from bot.wording.engine import translate
from index.errors import (
    BriefingError,
    CorpusShrunk,
    CorpusUnavailable,
    DatabaseUnavailable,
    DrawnTooLate,
    IndexBusy,
    IndexDamaged,
    IndexGone,
    IndexMismatch,
    IndexMissing,
    IndexNotWritten,
    IndexOutdated,
    IndexRemoved,
    IndexUnreadable,
    ModelUnavailable,
    UnknownDocument,
)

_COMMAND_CHANGED = LazyText(
    "I do not know that command as your Discord sent it. Start Discord again, so that it "
    "learns the commands as they are now."
)

INDEX_OUTDATED = LazyText(
    "I was updated, and read all documents anew before I answer again. That takes some "
    "minutes; should it not end, an admin can use `/reindex`."
)
_ENDED = frozenset({10008, 10015, 10062, 50027})
"""Discord's codes for an interaction whose message was deleted, or that is older than 15 minutes.
discord.com/developers/docs/topics/opcodes-and-status-codes#json"""
_THINKING = discord.InteractionResponseType.deferred_channel_message
_NAME = 300
"""Units of a name that are shown."""
_log = logging.getLogger(__name__)


async def tell_error(interaction: Interaction, error: Exception) -> None:
    """Show the person one sentence about an error; an unexpected error is logged."""
    if isinstance(error, HandledElsewhere):
        return
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, discord.HTTPException) and cause.code in _ENDED:
        _log.warning("What somebody waited for could not be shown: %s", cause.text)
        return
    if interaction.client.services.claiming.leave(cause):
        return
    reading = interaction.client.services.reindexing.running
    off = interaction.client.services.guilds.of(interaction.guild_id).commands_off
    said = without_off(sentence_of(error, reading=reading), off)
    part = MessagePart(said, rows=_near_rows(interaction, cause))
    try:
        if interaction.response.is_done():
            # In place of "thinking …", for everybody who saw that; otherwise for the person alone.
            if interaction.response.type is _THINKING:
                await put(interaction, part)
            else:
                await interaction.followup.send(**new(part), ephemeral=True)
        else:
            await interaction.response.send_message(**new(part), ephemeral=True)
    except discord.HTTPException:
        # The interaction has ended: its message was deleted, or 15 minutes have passed.
        _log.warning("An error could not be shown: %s", type(error).__name__)


# `bot.discord.ui.choices` gives the command again, with all else as it was typed.
def _near_rows(interaction: Interaction, error: Exception) -> tuple[tuple[Button, ...], ...]:
    """Return a button for each document that the name in a command may mean.

    None where the rest of what was typed does not fit into an id.
    """
    command = interaction.command
    if not (isinstance(error, UnknownDocument) and isinstance(command, app_commands.Command)):
        return ()
    typed = {name: value for name, value in interaction.namespace if value is not None}
    option = next((name for name, value in typed.items() if value == error.name), None)
    if option is None:
        return ()
    del typed[option]
    try:
        rest = json.dumps(typed, separators=(",", ":"), ensure_ascii=False) if typed else ""
    except TypeError:  # a file cannot be given again
        return ()
    ids = {name: f"n:as:{command.name}:{option}:{key_of(name)}:{rest}" for name in error.similar}
    if any(units(each) > CUSTOM_ID for each in ids.values()):
        return ()
    short = {name: PurePosixPath(name).name for name in ids}
    alike = len(set(short.values())) < len(short)
    buttons = [Button(label_of(name if alike else short[name]), each) for name, each in ids.items()]
    return tuple(in_rows(buttons))


def sentence_of(error: Exception, *, reading: bool = False) -> str:
    """Return a sentence about the error; an unexpected one gets a number, as in the log.

    Where documents are `reading` just now, none are read yet but soon will be.
    """
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, UnknownDocument):
        similar = [escape_line(name, _NAME) for name in cause.similar]
        return unknown_document(name=escape_line(cause.name, _NAME), similar=similar)
    if isinstance(cause, BriefingError):
        if isinstance(cause, IndexMissing) and reading:
            return str(messages.FIRST_READING)
        return _problem(cause) or escape_line(translate(str(cause)), CONTENT_AIM)
    if isinstance(cause, app_commands.CheckFailure):
        return str(messages.ADMINS_ONLY)
    if isinstance(cause, app_commands.AppCommandError):  # raised before our own code ran
        return str(_COMMAND_CHANGED)
    number = secrets.token_hex(3)
    _log.error("Error %s", number, exc_info=cause)
    return unexpected(number)


def unknown_document(*, name: str, similar: Sequence[str]) -> str:
    if similar:
        return _(
            "I am not sure which document “{name}” is. Did you mean {similar}? `/documents` "
            "lists them all."
        ).format(name=name, similar=either(similar))
    return _("I know no document called “{name}”. `/documents` lists them all.").format(name=name)


def unexpected(number: str) -> str:
    return _(
        "Something went wrong that should not have. Please try again; if it goes on, tell whoever "
        "runs me this number: {number}"
    ).format(number=number)


def _problem(error: BriefingError) -> str | None:
    """Return what a person in a chat is told instead of the error's own text.

    That text is for whoever runs the program; None where it does for both.
    """
    if isinstance(error, IndexMissing):
        return _("I have not read any documents yet. An admin has me read them with `/reindex`.")
    if isinstance(error, IndexOutdated):
        return str(INDEX_OUTDATED)
    if isinstance(error, IndexMismatch | IndexDamaged | IndexGone | IndexUnreadable):
        return _("I cannot read my documents just now. An admin sees why with `/status`.")
    if isinstance(error, DatabaseUnavailable):
        _log.error("%s", error)
        return _("I cannot reach my documents just now. Nothing is lost; ask again in a while.")
    if isinstance(error, IndexRemoved):
        return _("The documents were brought up to date at this moment. Please ask again.")
    if isinstance(error, ModelUnavailable | CorpusUnavailable):
        return _("Something I need is missing where I run. An admin sees what with `/status`.")
    if isinstance(error, RecordsUnavailable):
        _log.error("%s", error)
        return _("I cannot write anything down just now, so this was not done. My log says why.")
    if isinstance(error, IndexNotWritten):
        _log.error("%s", error)
        return _("The index could not be written; what answers now goes on. My log says why.")
    if isinstance(error, CorpusShrunk):
        return messages.corpus_shrunk(gone=error.gone, known=error.known)
    if isinstance(error, DrawnTooLate):
        return _("I have a lot to do, and the picture was not ready in time. Please try again.")
    if isinstance(error, IndexBusy):
        return _("A reindex is running already. Please try again when it has ended.")
    return None
