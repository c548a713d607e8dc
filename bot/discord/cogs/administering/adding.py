"""Message, Apps, "Add to the documents": what somebody wrote becomes a document, after a yes.

Discord hands over the one message that an admin points at, so that this needs no intent. It goes
into a folder that the guilds' file names for the channel, if nobody may see that folder who cannot
read the channel; and it gets there as an upload does.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import discord
from discord import app_commands

from bot.discord.cogs.administering.uploads import put_in
from bot.discord.cogs.bot_cog import BotCog, Menus
from bot.discord.permissions.admins import begin_for_admin, shown_to_admins
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.narrower import all_can_read
from bot.discord.permissions.ownership import channel_of
from bot.discord.rendering.documents.uploading import confirm_upload
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.actions import Click
from bot.discord.ui.documents.uploading import intake_of, receive_one, yes_or_no
from bot.discord.ui.sending import NOT_SENT, follow_up, send
from bot.documents.uploads.file_names import safe_folder
from bot.documents.uploads.notes import Note, note_file
from bot.documents.uploads.waiting_files import TOKEN
from bot.errors import BadUpload, NotAllowed
from bot.localization import N_, _, speaking
from bot.services import Services
from bot.text import folded_name
from index.errors import BriefingError

ADD_TO_DOCUMENTS = N_("Add to the documents")
_NAME = 80
_log = logging.getLogger(__name__)


class Adding(BotCog):
    def menus(self) -> Menus:
        return (app_commands.ContextMenu(name=ADD_TO_DOCUMENTS, callback=self.add),)

    @shown_to_admins
    async def add(self, interaction: Interaction, message: discord.Message) -> None:
        """Ask an admin whether a message shall become a document."""
        await begin_for_admin(interaction)
        words = _words_of(message)
        folder = await _folder_for(interaction)
        await asyncio.to_thread(self.services.uploads.require_corpus)
        name, data = note_file(
            Note(
                number=message.id,
                words=words,
                author=message.author.display_name,
                at=message.created_at,
                source=message.jump_url,
                channel=f"#{getattr(interaction.channel, 'name', '')}",
            )
        )
        try:
            token, waiting = await receive_one(interaction, name, folder, data)
        except BadUpload as exc:
            reason = str(exc)
            raise NotAllowed(f"{reason[:1].upper()}{reason[1:]}.") from exc
        yes = f"x:ad:{message.id}-{_edited(message)}:{token}"
        rows = [yes_or_no([waiting], yes, token)]
        viewer, intake = await self.bot.viewers.asker(interaction), intake_of(self.services)
        arriving = await asyncio.to_thread(intake.incoming, viewer, token, waiting)
        names_people = self.services.access.sees_all(viewer)
        parts = confirm_upload([arriving], [], names_people=names_people, rows=rows)
        parts[0] = replace(parts[0], content=_note(message, interaction.user.id))
        await follow_up(interaction, parts)


def _words_of(message: discord.Message) -> str:
    """Return what a person wrote, with names for mentions; raise NotAllowed for anything else."""
    if message.author.bot or message.webhook_id:
        raise NotAllowed(_("Only what people wrote can be added, and that is a bot's message."))
    if message.message_snapshots:
        raise NotAllowed(_("That message was forwarded. Add it where it was written, if you can."))
    # Discord's library puts an invisible character into "@everyone".
    words = message.clean_content.replace("@\u200b", "@").strip()
    if not words:
        raise NotAllowed(
            _("Only words are added, and that message has none. /upload takes its files.")
            if message.attachments
            else _("Only words are added, and that message has none.")
        )
    return words


def _edited(message: discord.Message) -> int:
    """Return when a message was edited last, in milliseconds; 0 if it never was."""
    return int(message.edited_at.timestamp() * 1_000) if message.edited_at else 0


async def _folder_for(interaction: Interaction) -> str:
    """Return where messages of this channel go; raise NotAllowed where they go nowhere."""
    services, channel = interaction.client.services, interaction.channel
    folders = services.guilds.of(interaction.guild_id).add_to
    places = (getattr(channel, "id", 0), getattr(channel, "parent_id", 0))
    folder = next((folders[one] for one in places if one in folders), None)
    if folder is None:
        raise NotAllowed(
            _(
                "No folder is named for this channel, so nothing of it can be added. Whoever runs "
                "me can name one: add_to, in the file of the servers' settings."
            )
        )
    audiences = services.access.policy.audiences_of(f"{folder}/x.md", None)
    if not await all_can_read(interaction.client.viewers, channel, audiences):
        raise NotAllowed(
            _(
                "Not everybody who may see {folder} can read this channel, so nothing of it goes "
                "there. Whoever runs me can name another folder, or close that one to others."
            ).format(folder=f"{folder}/")
        )
    return folder


async def _require_same_folder(interaction: Interaction, token: str) -> None:
    """Raise NotAllowed if a message waits for another folder than the channel's go to by now."""
    folder, uploads = await _folder_for(interaction), interaction.client.services.uploads
    upload = await asyncio.to_thread(uploads.waiting, token)
    wanted = folded_name("/".join(safe_folder(folder)))
    if any(folded_name(file.name.rpartition("/")[0]) != wanted for file in upload.files):
        await asyncio.to_thread(uploads.discard, token)
        raise NotAllowed(
            _(
                "Messages of this channel go to another folder now, so nothing was added. Add it "
                "again."
            )
        )


def _note(message: discord.Message, by: int) -> str:
    """Say what goes in, and that it stays."""
    author = bold(message.author.display_name, _NAME)
    said = [
        _(
            "{author}'s message goes in with their name, the day and a link, and stays even if it "
            "is deleted here. `/remove` takes it out again."
        ).format(author=author)
    ]
    if message.author.id != by:
        said.append(_("I tell {author}.").format(author=author))
    if message.attachments:
        said.append(_("Its files do not go in; `/upload` takes them."))
    return "\n".join(said)


class ConfirmAdding(
    Click,
    template=rf"x:ad:(?P<message>\d{{1,19}})-(?P<edited>\d{{1,14}}):(?P<token>{TOKEN})",
    admins=True,
):
    """Puts a message into the documents, if it is still as it was and may still go there."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await _require_same_folder(interaction, self.found["token"])
        place = interaction.client.get_partial_messageable(
            channel_of(interaction), guild_id=interaction.guild_id
        )
        try:
            message = await place.fetch_message(int(self.found["message"]))
        except discord.NotFound:
            await asyncio.to_thread(services.uploads.discard, self.found["token"])
            raise NotAllowed(
                _("The message has been deleted meanwhile, so nothing was added.")
            ) from None
        except discord.Forbidden:
            message = None
        if message is not None and _edited(message) != self.number("edited"):
            await asyncio.to_thread(services.uploads.discard, self.found["token"])
            raise NotAllowed(
                _("The message has been edited meanwhile, so nothing was added. Add it again.")
            )
        await put_in(interaction, services, self.found["token"])
        if message is not None:
            await _tell_author(interaction, message)


async def _tell_author(interaction: Interaction, message: discord.Message) -> None:
    """Tell whoever wrote a message that it is among the documents now, if they can be told."""
    author, by = message.author, interaction.user
    if author.bot or author.id == by.id:
        return
    languages = interaction.client.languages
    with speaking(languages.of_person(author.id, interaction.guild)):
        said = _(
            "{who} has added a message of yours to the documents of {server}: {link}\n"
            "It stays there even if you delete the message. If you do not want that, tell "
            "{who} or another admin: `/remove` takes it out."
        ).format(
            who=bold(by.display_name, _NAME),
            server=escape_line(getattr(interaction.guild, "name", ""), _NAME),
            link=message.jump_url,
        )
    try:
        await send(await author.create_dm(), [MessagePart(said)])
    except (BriefingError, AttributeError, *NOT_SENT) as exc:
        _log.info("The author of an added message was not told: %s", type(exc).__name__)
