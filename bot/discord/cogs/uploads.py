"""/upload and /remove: changes of the documents from Discord, after a confirmation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import PurePosixPath

import discord
from discord import ButtonStyle, app_commands
from discord.ext import commands

from bot import messages
from bot.access import Viewer
from bot.discord.cogs.reindexing import cancel_button, reindex, show_report
from bot.discord.permissions.admins import require_admin, shown_to_admins
from bot.discord.permissions.interaction import Interaction, ServingClient
from bot.discord.permissions.lookup import library_of, looked_up
from bot.discord.rendering.changes import Refused, confirm_removal, confirm_upload
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.rendering.message import Button, MessagePart, packed
from bot.discord.ui.audit_log import audit
from bot.discord.ui.buttons import Click
from bot.discord.ui.choices import document_choices, upload_folder_choices
from bot.discord.ui.errors import sentence_of
from bot.discord.ui.live_message import LiveMessage
from bot.discord.ui.sending import follow_up
from bot.documents.file_names import safe_folder, safe_name
from bot.documents.uploads import TOKEN, WaitingFile
from bot.errors import BadUpload, CorpusNotChanged
from bot.library import File, Library, key_of
from bot.localization import N_, LazyText, _
from bot.services import Services
from bot.text import folded_name
from index.errors import IndexMissing, IndexUnavailable

__all__ = ["Uploading", "put_in", "removal_parts", "require_uploadable"]

_UPLOAD_FILE = N_("A text, Markdown, HTML, PDF, Word, PowerPoint, Excel, CSV or e-mail file")
_UPLOAD_ANOTHER = N_("Another one")
_UPLOAD_FOLDER = N_("The folder below the documents that they go to; it is made if there is none")
FOLDER_NOT_YOURS = LazyText("you may not see what is kept there, so you cannot put anything there")
NAME_TAKEN = LazyText("there is a file of that name, which you cannot replace; choose another name")
RIGHT_NOT_KNOWN = LazyText(
    "the index cannot be used just now, and without it nobody can tell whether you may put it there"
)
REMOVE = LazyText("Remove")
REMOVE_OVERTAKEN = LazyText("That document has changed since you were asked, so nothing was done.")
_PUT_IN_BUT = LazyText("Put in: {names}, but not indexed yet; /reindex tries again. {problem}")
_REPLACED_ARE_KEPT = LazyText("What was replaced is kept where I run, in {folder}.")
_WAS_REMOVED = LazyText("Removed: {title}. Its file is kept where I run, in {folder}.")
_REMOVED_BUT = LazyText(
    "The file of {title} was moved to {folder} where I run, but the document **still "
    "answers** until a /reindex has come to its end. {problem}"
)

_NAME = 300
"""Most units of a name in a sentence."""


class Uploading(commands.Cog):
    def __init__(self, bot: ServingClient) -> None:
        self.bot = bot
        self.services = bot.services
        self.uploads = bot.services.uploads

    async def cog_load(self) -> None:
        self.bot.add_dynamic_items(*_BUTTONS)
        await asyncio.to_thread(self.uploads.tidy)

    async def cog_unload(self) -> None:
        self.bot.remove_dynamic_items(*_BUTTONS)

    @app_commands.command(
        name="upload", description=N_("Put files into the documents, and index them at once")
    )
    @app_commands.describe(
        file=_UPLOAD_FILE,
        file2=_UPLOAD_ANOTHER,
        file3=_UPLOAD_ANOTHER,
        file4=_UPLOAD_ANOTHER,
        file5=_UPLOAD_ANOTHER,
        folder=_UPLOAD_FOLDER,
    )
    @app_commands.autocomplete(folder=upload_folder_choices)
    @shown_to_admins
    async def upload(
        self,
        interaction: Interaction,
        file: discord.Attachment,
        file2: discord.Attachment | None = None,
        file3: discord.Attachment | None = None,
        file4: discord.Attachment | None = None,
        file5: discord.Attachment | None = None,
        folder: str = "",
    ) -> None:
        require_admin(interaction, self.services.guilds)
        await interaction.response.defer(thinking=True, ephemeral=True)
        await asyncio.to_thread(self.uploads.require_corpus)
        attachments = [sent for sent in (file, file2, file3, file4, file5) if sent is not None]
        viewer = await self.bot.viewers.asker(interaction)
        token = await asyncio.to_thread(self.uploads.begin)
        files: list[WaitingFile] = []
        refused: list[Refused] = []
        for sent in attachments:
            try:
                files.append(await self._receive(viewer, token, sent, folder, files))
            except BadUpload as exc:
                refused.append((_name_of(sent), str(exc)))
            except discord.HTTPException:  # it is gone from Discord already
                refused.append((_name_of(sent), _("Discord did not hand it over; send it again")))
            except BaseException:
                await asyncio.to_thread(self.uploads.discard, token)
                raise
        if not files:
            await asyncio.to_thread(self.uploads.discard, token)
            await follow_up(interaction, confirm_upload([], refused, rows=[]), private=True)
            return
        person, guild = interaction.user.id, interaction.guild_id
        await asyncio.to_thread(self.uploads.seal, token, person, guild, files)
        replaces = any(waiting.replaces for waiting in files)
        yes = Button(
            _("Put in and replace") if replaces else _("Put in"),
            f"x:up:{token}",
            ButtonStyle.danger if replaces else ButtonStyle.primary,
        )
        rows = [[yes, Button(str(messages.CANCEL), f"x:nu:{token}")]]
        await follow_up(interaction, confirm_upload(files, refused, rows=rows), private=True)

    async def _receive(
        self,
        viewer: Viewer,
        token: str,
        sent: discord.Attachment,
        folder: str,
        before: list[WaitingFile],
    ) -> WaitingFile:
        """Store one file until it is confirmed, and return it. Raises BadUpload.

        Called for one file at a time, since each is in memory for a moment.
        """
        # Before looking at the disk, since an error from there could tell which files exist.
        wanted = "/".join((*safe_folder(folder), safe_name(_name_of(sent))))
        await asyncio.to_thread(require_uploadable, self.services, viewer, wanted)
        name = await asyncio.to_thread(self.uploads.place, _name_of(sent), folder, sent.size)
        await asyncio.to_thread(require_uploadable, self.services, viewer, name)
        if any(folded_name(earlier.name) == folded_name(name) for earlier in before):
            raise BadUpload(_("two of the files have that name"))
        data = await sent.read()
        return await asyncio.to_thread(self.uploads.receive, token, name, data)

    @app_commands.command(
        name="remove", description=N_("Take a document out; its file is kept aside")
    )
    @app_commands.describe(document=N_("Which one"))
    @app_commands.autocomplete(document=document_choices)
    @shown_to_admins
    async def remove(self, interaction: Interaction, document: str) -> None:
        require_admin(interaction, self.services.guilds)
        await interaction.response.defer(thinking=True, ephemeral=True)
        found = await looked_up(interaction, Library.file_of, document)
        await follow_up(interaction, removal_parts(found), private=True)


def removal_parts(found: File) -> list[MessagePart]:
    """Return the question whether a file shall be removed."""
    yes = Button(str(REMOVE), f"x:rm:{key_of(found.name)}:{_version(found)}", ButtonStyle.danger)
    return confirm_removal(found, rows=[[yes, cancel_button()]])


class ConfirmUpload(Click, template=rf"x:up:(?P<token>{TOKEN})"):
    """Puts the files of an upload into the documents, and reindexes."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        require_admin(interaction, services.guilds)
        await interaction.response.defer()
        await put_in(interaction, services, self.found["token"])


class CancelUpload(Click, template=rf"x:nu:(?P<token>{TOKEN})"):
    """Removes the files of an upload that was not confirmed."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        require_admin(interaction, services.guilds)
        await interaction.response.defer()
        await asyncio.to_thread(services.uploads.discard, self.found["token"])
        await follow_up(
            interaction, [MessagePart(str(messages.NOTHING_CHANGED_BY_YOU))], private=True
        )


class ConfirmRemoval(Click, template=r"x:rm:(?P<key>[\w-]{12}):(?P<version>[0-9a-f]{8})"):
    """Removes a document, if it has not changed since the question, and reindexes."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        require_admin(interaction, services.guilds)
        await interaction.response.defer()
        library, key = await library_of(interaction), self.found["key"]
        found = await services.admission.run_quick(lambda: library.file_of(library.name_of(key)))
        if _version(found) != self.found["version"]:
            raise CorpusNotChanged(REMOVE_OVERTAKEN)
        kept = await asyncio.to_thread(services.uploads.remove, found.name)
        await audit(interaction, "remove", found.name, document=found.name)
        title, folder = bold(found.title, _NAME), escape_line(str(kept), _NAME)
        await _reindex(
            interaction,
            _WAS_REMOVED.format(title=title, folder=folder),
            lambda problem: _REMOVED_BUT.format(title=title, folder=folder, problem=problem),
            removed=found.name,
        )


async def put_in(interaction: Interaction, services: Services, token: str) -> None:
    """Put the files of an upload of the person who clicks into the documents, and reindex.

    Raises what `Uploads.put` raises, and BadUpload.
    """
    person, guild = interaction.user.id, interaction.guild_id
    viewer = await interaction.client.viewers.asker(interaction)

    def allow(name: str) -> None:
        require_uploadable(services, viewer, name)

    upload = await asyncio.to_thread(services.uploads.put, token, person, guild, allow)
    names = ", ".join(bold(file.name, _NAME) for file in upload.files)
    done = _("Put in: {names}.").format(names=names)
    if any(file.replaces for file in upload.files):
        kept = services.settings.records / "removed"
        done = f"{done} {_REPLACED_ARE_KEPT.format(folder=escape_line(str(kept), _NAME))}"
    try:
        await _reindex(
            interaction, done, lambda problem: _PUT_IN_BUT.format(names=names, problem=problem)
        )
    finally:
        # Not before: until a file is read, nobody knows for whom it says that it is.
        for file in upload.files:
            template = _("{name} (new)") if file.replaces is None else _("{name} (replaced)")
            detail = template.format(name=file.name)
            await audit(interaction, "upload", detail, document=file.name)


async def _reindex(
    interaction: Interaction, done: str, but: Callable[[str], str], removed: str = ""
) -> None:
    """Reindex after a change; show `done` above the result, or `but` with the problem."""
    async with LiveMessage(interaction) as live:
        try:
            report = await reindex(interaction, live, drop_missing=removed, patient=True)
        except Exception as exc:
            await live.end(packed([but(sentence_of(exc))]))
        else:
            await show_report(interaction, live, report, done)


def require_uploadable(services: Services, viewer: Viewer, name: str) -> None:
    """Raise BadUpload if the viewer could not see a document of that name. Blocks.

    A person who may put files into a folder can find out that a name in it is taken, but not by
    which document.
    """
    if not all(map(viewer.is_in, services.access.policy.audiences_of(name, None))):
        raise BadUpload(FOLDER_NOT_YOURS)
    try:
        generation = services.current.generation()
    except IndexMissing:  # nothing is indexed yet, so the folder alone decides
        return
    except IndexUnavailable as exc:  # the audience in a document's front matter is unknown
        if services.access.sees_all(viewer):
            return
        raise BadUpload(RIGHT_NOT_KNOWN) from exc
    if not services.access.may_see_whole(viewer, name, generation):
        raise BadUpload(NAME_TAKEN)


def _version(file: File) -> str:
    """Return enough of the file's hash to notice that it has changed since the question."""
    return file.version[:8]


def _name_of(sent: discord.Attachment) -> str:
    """Return the file's name on the sender's disk; Discord changes spaces in `filename`."""
    if not sent.title:
        return sent.filename
    suffix = PurePosixPath(sent.filename).suffix
    return sent.title if sent.title.lower().endswith(suffix.lower()) else sent.title + suffix


_BUTTONS = (ConfirmUpload, CancelUpload, ConfirmRemoval)
