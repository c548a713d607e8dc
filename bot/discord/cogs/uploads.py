"""/upload and /remove: what the documents are, changed from Discord, after a yes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

import discord
from discord import ButtonStyle, app_commands
from discord.ext import commands

from bot import messages
from bot.access import Viewer
from bot.app.services import Services
from bot.discord.cogs.reindexing import CANCEL, reindex, tell
from bot.discord.permissions.admins import is_admin, require_admin, shown_to_admins
from bot.discord.permissions.interaction import Interaction, ServingClient
from bot.discord.permissions.lookup import library_of, looked_up
from bot.discord.rendering.changes import Refused, confirm_removal, confirm_upload
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.rendering.limits import units
from bot.discord.rendering.message import Button, MessagePart, packed
from bot.discord.ui.auditing import audit
from bot.discord.ui.buttons import Click
from bot.discord.ui.choices import document_choices
from bot.discord.ui.errors import sentence_of
from bot.discord.ui.live_message import LiveMessage
from bot.discord.ui.sending import follow_up
from bot.documents.file_names import folded, safe_folder, safe_name
from bot.documents.uploads import TOKEN, CorpusChanges, Waiting
from bot.errors import BadUpload, CorpusNotChanged
from bot.library import Library, key_of
from bot.text import visible_line
from index.document import Document
from index.errors import BriefingError, IndexMissing, IndexUnavailable, UnknownDocument

__all__ = ["Corpus"]

_NAME = 300
"""Units of a name in a sentence."""


async def folder_choices(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Folders of documents that are indexed, with what was typed in their names."""
    services = interaction.client.services
    if not is_admin(interaction, services.guilds):
        return []
    library = await library_of(interaction)
    try:
        rows = await services.admission.run_quick(library.rows)
    except BriefingError:
        return []
    found = {folder for row in rows for folder in _folders_of(row.name)}
    fitting = [one for one in sorted(found) if typed.casefold() in one.casefold()]
    # One that shows otherwise than it is written takes no upload either.
    plain = [one for one in fitting if units(one) <= 100 and one == visible_line(one)]
    return [app_commands.Choice(name=one, value=one) for one in plain[:25]]


def _folders_of(name: str) -> Iterator[str]:
    return (str(parent) for parent in PurePosixPath(name).parents if parent.name)


class Corpus(commands.Cog):
    def __init__(self, bot: ServingClient) -> None:
        self.bot = bot
        self.services = bot.services
        self.changes = CorpusChanges(bot.services.settings)

    async def cog_load(self) -> None:
        self.bot.add_dynamic_items(*_BUTTONS)
        await asyncio.to_thread(self.changes.tidy)

    async def cog_unload(self) -> None:
        self.bot.remove_dynamic_items(*_BUTTONS)

    @app_commands.command(name="upload", description=messages.UPLOAD_DESCRIPTION)
    @app_commands.describe(
        file=messages.UPLOAD_FILE,
        file2=messages.UPLOAD_ANOTHER,
        file3=messages.UPLOAD_ANOTHER,
        file4=messages.UPLOAD_ANOTHER,
        file5=messages.UPLOAD_ANOTHER,
        folder=messages.UPLOAD_FOLDER,
    )
    @app_commands.autocomplete(folder=folder_choices)
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
        await asyncio.to_thread(self.changes.require_corpus)
        sent = [one for one in (file, file2, file3, file4, file5) if one is not None]
        viewer = await self.bot.viewers.asker(interaction)
        token = await asyncio.to_thread(self.changes.begin)
        files: list[Waiting] = []
        refused: list[Refused] = []
        for one in sent:
            try:
                files.append(await self._receive(viewer, token, one, folder, files))
            except BadUpload as exc:
                refused.append((_name_of(one), str(exc)))
            except discord.HTTPException:  # it is gone from Discord already
                refused.append((_name_of(one), messages.NOT_HANDED_OVER))
            except BaseException:
                await asyncio.to_thread(self.changes.discard, token)
                raise
        if not files:
            await asyncio.to_thread(self.changes.discard, token)
            await follow_up(interaction, confirm_upload([], refused, rows=[]), private=True)
            return
        who, where = interaction.user.id, interaction.guild_id
        await asyncio.to_thread(self.changes.seal, token, who, where, files)
        replaces = any(one.replaces for one in files)
        yes = Button(
            messages.REPLACE if replaces else messages.PUT_IN,
            f"x:up:{token}",
            ButtonStyle.danger if replaces else ButtonStyle.primary,
        )
        rows = [[yes, Button(messages.CANCEL, f"x:nu:{token}")]]
        await follow_up(interaction, confirm_upload(files, refused, rows=rows), private=True)

    async def _receive(
        self,
        viewer: Viewer,
        token: str,
        sent: discord.Attachment,
        folder: str,
        before: list[Waiting],
    ) -> Waiting:
        """One file at a time, since each is in memory for a moment. Raises BadUpload."""
        # Before the disk is asked, whose answer could tell what is there.
        wanted = "/".join((*safe_folder(folder), safe_name(_name_of(sent))))
        await asyncio.to_thread(require_right, self.services, viewer, wanted)
        name = await asyncio.to_thread(self.changes.place, _name_of(sent), folder, sent.size)
        await asyncio.to_thread(require_right, self.services, viewer, name)
        if any(folded(one.name) == folded(name) for one in before):
            raise BadUpload(messages.TWICE)
        data = await sent.read()
        return await asyncio.to_thread(self.changes.receive, token, name, data)

    @app_commands.command(name="remove", description=messages.REMOVE_DESCRIPTION)
    @app_commands.describe(document=messages.REMOVE_DOCUMENT)
    @app_commands.autocomplete(document=document_choices)
    @shown_to_admins
    async def remove(self, interaction: Interaction, document: str) -> None:
        require_admin(interaction, self.services.guilds)
        await interaction.response.defer(thinking=True, ephemeral=True)
        found = await looked_up(interaction, _found, self.services, document)
        key = key_of(found.name)
        yes = Button(messages.REMOVE, f"x:rm:{key}:{_version(found)}", ButtonStyle.danger)
        parts = confirm_removal(title=found.title, name=found.name, rows=[[yes, CANCEL]])
        await follow_up(interaction, parts, private=True)


class PutIn(Click, template=rf"x:up:(?P<token>{TOKEN})"):
    async def clicked(self, interaction: Interaction, services: Services) -> None:
        require_admin(interaction, services.guilds)
        await interaction.response.defer()
        changes, who, where = _changes(services), interaction.user.id, interaction.guild_id
        viewer = await interaction.client.viewers.asker(interaction)

        def allow(name: str) -> None:
            require_right(services, viewer, name)

        upload = await asyncio.to_thread(changes.put, self.found["token"], who, where, allow)
        for file in upload.files:
            detail = messages.audit_put_in(name=file.name, replaces=file.replaces is not None)
            await audit(interaction, messages.AUDIT_UPLOAD, detail, document=file.name)
        names = ", ".join(bold(file.name, _NAME) for file in upload.files)
        done = messages.was_put_in(names=names)
        if any(file.replaces for file in upload.files):
            kept = services.settings.records / "removed"
            done = f"{done} {messages.replaced_are_kept(folder=escape_line(str(kept), _NAME))}"
        await _reindex(
            interaction, done, lambda problem: messages.put_in_but(names=names, problem=problem)
        )


class CancelUpload(Click, template=rf"x:nu:(?P<token>{TOKEN})"):
    async def clicked(self, interaction: Interaction, services: Services) -> None:
        require_admin(interaction, services.guilds)
        await interaction.response.defer()
        await asyncio.to_thread(_changes(services).discard, self.found["token"])
        await follow_up(interaction, [MessagePart(messages.NOTHING_CHANGED_BY_YOU)], private=True)


class Remove(Click, template=r"x:rm:(?P<key>[\w-]{12}):(?P<version>[0-9a-f]{8})"):
    async def clicked(self, interaction: Interaction, services: Services) -> None:
        require_admin(interaction, services.guilds)
        await interaction.response.defer()
        library, key = await library_of(interaction), self.found["key"]
        found = await services.admission.run_quick(
            lambda: _document(services, library.name_of(key))
        )
        if _version(found) != self.found["version"]:
            raise CorpusNotChanged(messages.REMOVE_OVERTAKEN)
        kept = await asyncio.to_thread(_changes(services).remove, found.name)
        await audit(interaction, messages.AUDIT_REMOVE, found.name, document=found.name)
        title, folder = bold(found.title, _NAME), escape_line(str(kept), _NAME)
        await _reindex(
            interaction,
            messages.was_removed(title=title, folder=folder),
            lambda problem: messages.removed_but(title=title, folder=folder, problem=problem),
            removed=found.name,
        )


async def _reindex(
    interaction: Interaction, done: str, but: Callable[[str], str], removed: str = ""
) -> None:
    """What was changed is indexed; says that it was `done`, or what else came of it."""
    async with LiveMessage(interaction) as live:
        try:
            report = await reindex(interaction, live, drop_missing=removed, patient=True)
        except Exception as exc:
            await live.end(packed([but(sentence_of(exc))]))
        else:
            await tell(live, report, done)


def require_right(services: Services, viewer: Viewer, name: str) -> None:
    """Raises BadUpload where somebody could not see what they put there. Blocks.

    Who may put files into a folder finds out that a name in it is taken, though not by what.
    """
    if not all(map(viewer.is_in, services.access.policy.audiences_of(name, None))):
        raise BadUpload(messages.FOLDER_NOT_YOURS)
    try:
        generation = services.live.generation()
    except IndexMissing:  # nothing was read yet, so all goes by its folder
        return
    except IndexUnavailable as exc:  # what a document there has in its front matter is not known
        if services.access.sees_all(viewer):
            return
        raise BadUpload(messages.RIGHT_NOT_KNOWN) from exc
    if not services.access.may_see(viewer, name, generation):
        raise BadUpload(messages.NAME_TAKEN)


def _changes(services: Services) -> CorpusChanges:
    return CorpusChanges(services.settings)


def _found(library: Library, services: Services, typed: str) -> Document:
    return _document(services, library.find_document(typed))


def _document(services: Services, name: str) -> Document:
    """Raises UnknownDocument."""
    document = services.live.generation().catalog.document(name)
    if document is None:  # it went between the two looks
        raise UnknownDocument(name)
    return document


def _version(document: Document) -> str:
    """Enough of the file's hash to tell that it is still what somebody was asked about."""
    return document.sha256[:8]


def _name_of(sent: discord.Attachment) -> str:
    """As it is on the sender's disk: Discord takes spaces and other signs out of `filename`."""
    if not sent.title:
        return sent.filename
    suffix = PurePosixPath(sent.filename).suffix
    return sent.title if sent.title.lower().endswith(suffix.lower()) else sent.title + suffix


_BUTTONS = (PutIn, CancelUpload, Remove)
