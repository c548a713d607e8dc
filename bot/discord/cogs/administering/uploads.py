"""/upload and /remove: changes of the documents from Discord, after a confirmation."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import discord
from discord import app_commands

from bot import messages
from bot.discord.cogs.administering.reindexing import reindex_and_tell
from bot.discord.cogs.bot_cog import BotCog, Menus
from bot.discord.permissions.admins import begin_for_admin, require_admin, shown_to_admins
from bot.discord.permissions.interaction import Interaction, ServingClient
from bot.discord.permissions.lookup import library_of
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.ui.actions import Click, Form, Shown, ShownParts
from bot.discord.ui.audit_log import audit
from bot.discord.ui.choices import document_choices, upload_folder_choices
from bot.discord.ui.documents.removing import ask_removal, version_of
from bot.discord.ui.documents.upload_forms import (
    files_in,
    folder_form,
    folder_in,
    folder_of,
    upload_form,
)
from bot.discord.ui.documents.uploading import (
    asked_anew,
    folders_for,
    intake_of,
    move_upload,
    receive_all,
)
from bot.discord.ui.sending import begin, follow_up
from bot.documents.uploads.waiting_files import TOKEN, WaitingFile
from bot.errors import CorpusNotChanged
from bot.localization import N_, NP_, LazyText, _
from bot.services import Services

_UPLOAD_FILE = N_("A text, Markdown, HTML, PDF, Word, PowerPoint, Excel, CSV or e-mail file")
_UPLOAD_ANOTHER = N_("Another one")
_UPLOAD_FOLDER = N_("The folder below the documents that they go to; it is made if there is none")
UPLOAD_THESE = N_("Upload these files")
NO_FILES = LazyText("There are no files at that message.")
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


class Uploading(BotCog):
    def __init__(self, bot: ServingClient) -> None:
        super().__init__(bot)
        self.uploads = bot.services.uploads

    def menus(self) -> Menus:
        these = app_commands.ContextMenu(name=UPLOAD_THESE, callback=self.upload_these)
        return (shown_to_admins(these),)

    async def cog_load(self) -> None:
        await super().cog_load()
        await asyncio.to_thread(self.uploads.tidy)

    @app_commands.command(
        name=NP_("command", "upload"),
        description=N_("Put files into the documents, and index them at once"),
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
        file: discord.Attachment | None = None,
        file2: discord.Attachment | None = None,
        file3: discord.Attachment | None = None,
        file4: discord.Attachment | None = None,
        file5: discord.Attachment | None = None,
        folder: str | None = None,
    ) -> None:
        require_admin(interaction, self.services.guilds)
        attachments = [sent for sent in (file, file2, file3, file4, file5) if sent is not None]
        if not attachments:
            folders = await folders_for(interaction)
            await interaction.response.send_modal(upload_form(folders, folder or ""))
            return
        await begin(interaction)
        await receive_all(interaction, attachments, folder)

    async def upload_these(self, interaction: Interaction, message: discord.Message) -> None:
        """Ask whether to put the files of a message into the documents."""
        await begin_for_admin(interaction)
        snapshots = (sent for each in message.message_snapshots for sent in each.attachments)
        if attachments := [*message.attachments, *snapshots]:
            await receive_all(interaction, attachments, None)
        else:
            await follow_up(interaction, NO_FILES)

    @app_commands.command(
        name=NP_("command", "remove"), description=N_("Take a document out; its file is kept aside")
    )
    @app_commands.describe(document=N_("Which one"))
    @app_commands.autocomplete(document=document_choices)
    @shown_to_admins
    async def remove(self, interaction: Interaction, document: str) -> None:
        await begin_for_admin(interaction)
        parts = await ask_removal(interaction, lambda library: library.file_of(document))
        await follow_up(interaction, parts)


class UploadForm(Form, template=rf"x:uf:(?P<token>{TOKEN})?:form", admins=True):
    """Receives the files of a form, or lets those of an upload that waits go to another folder."""

    async def sent(self, interaction: Interaction, services: Services) -> None:
        folder = await folder_in(interaction, self)
        if token := self.found["token"]:
            await move_upload(interaction, token, folder or "")
        else:
            await receive_all(interaction, files_in(interaction, self), folder)


class ConfirmUpload(
    Click, template=rf"x:up:(?P<for_whom>[0-9a-f]{{8}}):(?P<token>{TOKEN})", admins=True
):
    """Puts the files of an upload into the documents, and reindexes; or asks again, if others would
    see them than was said."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        if not await asked_anew(interaction, self.found["token"], self.found["for_whom"]):
            await put_in(interaction, services, self.found["token"])


class MoveUpload(Click, template=rf"x:um:(?P<token>{TOKEN}):(?P<key>[\w-]{{12}})", admins=True):
    """Lets the files of an upload go to another folder."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        folder = await folder_of(interaction, self.found["key"])
        await move_upload(interaction, self.found["token"], folder)


class ChooseFolder(Click, template=rf"x:uf:(?P<token>{TOKEN})", admins=True, shown=Shown.BY_ITSELF):
    """Asks in a form to which folder the files of an upload should go."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        token = self.found["token"]
        await asyncio.to_thread(services.uploads.waiting, token)  # raises where it does not
        folders = await folders_for(interaction)
        await interaction.response.send_modal(folder_form(folders, token))


class CancelUpload(Click, template=rf"x:nu:(?P<token>{TOKEN})", admins=True):
    """Removes the files of an upload that was not confirmed."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        await asyncio.to_thread(services.uploads.discard, self.found["token"])
        return messages.NOTHING_CHANGED_BY_YOU


class ConfirmRemoval(
    Click, template=r"x:rm:(?P<key>[\w-]{12}):(?P<version>[0-9a-f]{8})", admins=True
):
    """Removes a document, if it has not changed since the question, and reindexes."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        library, key = await library_of(interaction), self.found["key"]
        found = await services.admission.run_quick(lambda: library.file_of(library.name_of(key)))
        if version_of(found) != self.found["version"]:
            raise CorpusNotChanged(REMOVE_OVERTAKEN)
        kept = await asyncio.to_thread(services.uploads.remove, found.name)
        await audit(interaction, "remove", found.name, document=found.name)
        title, folder = bold(found.title, _NAME), escape_line(str(kept), _NAME)
        await reindex_and_tell(
            interaction,
            _WAS_REMOVED.format(title=title, folder=folder),
            lambda problem: _REMOVED_BUT.format(title=title, folder=folder, problem=problem),
            drop_missing=found.name,
            only=_to_look_at(services, [found.name]),
            patient=True,
        )


async def put_in(interaction: Interaction, services: Services, token: str) -> None:
    """Put the files of an upload of the person who clicks into the documents, and reindex.

    Raises what `Uploads.put` raises, and BadUpload.
    """
    person, guild = interaction.user.id, interaction.guild_id
    viewer = await interaction.client.viewers.asker(interaction)

    intake = intake_of(services)

    def allow(file: WaitingFile) -> None:
        intake.require_uploadable(viewer, file.name)
        intake.require_no_wider(file)

    upload = await asyncio.to_thread(services.uploads.put, token, person, guild, allow)
    names = ", ".join(bold(file.name, _NAME) for file in upload.files)
    done = _("Put in: {names}.").format(names=names)
    if any(file.replaces for file in upload.files):
        kept = services.settings.records / "removed"
        done = f"{done} {_REPLACED_ARE_KEPT.format(folder=escape_line(str(kept), _NAME))}"
    put = [file.name for file in upload.files]
    try:
        await reindex_and_tell(
            interaction,
            done,
            lambda problem: _PUT_IN_BUT.format(names=names, problem=problem),
            release=put,
            only=_to_look_at(services, put),
            patient=True,
        )
    finally:
        # Not before: until a file is read, nobody knows for whom it says that it is.
        for file in upload.files:
            template = _("{name} (new)") if file.replaces is None else _("{name} (replaced)")
            detail = template.format(name=file.name)
            await audit(interaction, "upload", detail, document=file.name)


def _to_look_at(services: Services, names: Sequence[str]) -> Sequence[str]:
    """Return the files to look at after a change of these; none for all.

    Where nobody watches the folder, another may have been closed.
    """
    return names if services.settings.watch_seconds is not None else ()
