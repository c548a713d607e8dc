"""The forms of /upload: files with the folder that they go to, or another folder alone.

A form, like a button, is known by its id alone, so it works after a restart as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import discord

from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.limits import split
from bot.discord.rendering.message import label_of
from bot.discord.ui.actions import Form, form_of
from bot.discord.ui.documents.uploading import folders_for
from bot.errors import BadUpload
from bot.library import key_of
from bot.localization import LazyText, _

_FILES, _FOLDER, _NEW = "files", "folder", "new"
_MOST_FILES, _MOST_FOLDERS, _LONGEST = 10, 24, 300
_FOLDER_GONE = LazyText("That folder is no longer there, or you may not see what is in it.")


def upload_form(folders: Mapping[str, str], folder: str) -> discord.ui.Modal:
    """Return a form for files, with the folders to choose from, by their keys."""
    files: discord.ui.FileUpload[Any] = discord.ui.FileUpload(
        custom_id=_FILES, min_values=1, max_values=_MOST_FILES
    )
    label = discord.ui.Label(
        text=_("Files"),
        description=_("Text, Markdown, HTML, PDF, Word, PowerPoint, Excel, CSV or e-mail"),
        component=files,
    )
    where = _folder(folders, _("Where files like them are"), folder)
    return form_of(_("Put files into the documents"), "x:uf::form", label, *where)


def folder_form(folders: Mapping[str, str], token: str) -> discord.ui.Modal:
    where = _folder(folders, _("Into no folder"), "")
    return form_of(_("Another folder"), f"x:uf:{token}:form", *where)


def _folder(
    folders: Mapping[str, str], otherwise: str, typed: str
) -> Iterator[discord.ui.Label[Any]]:
    known = next((key for key, folder in folders.items() if folder == typed), None)
    options = [
        discord.SelectOption(label=label_of(folder), value=key, default=key == known)
        for key, folder in list(folders.items())[:_MOST_FOLDERS]
    ]
    if options:
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=_FOLDER, placeholder=otherwise, options=options, required=False, min_values=0
        )
        yield discord.ui.Label(text=_("Folder"), component=select)
    new: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=_NEW,
        required=False,
        max_length=_LONGEST,
        default=split(typed, _LONGEST)[0] if typed and known is None else None,
    )
    yield discord.ui.Label(
        text=_("Or its name"), description=_("It is made if there is none"), component=new
    )


async def folder_in(interaction: Interaction, form: Form) -> str | None:
    """Return the folder that was typed or chosen in a form; None where none was."""
    if typed := form.filled(_NEW).strip():
        return typed
    keys = form.chosen(_FOLDER)
    return await folder_of(interaction, keys[0]) if keys else None


async def folder_of(interaction: Interaction, key: str) -> str:
    """Return the folder with that key, of those that the person may see, or the corpus itself."""
    if key == key_of(""):
        return ""
    folders = await folders_for(interaction)
    if key not in folders:
        raise BadUpload(_FOLDER_GONE)
    return folders[key]


def files_in(interaction: Interaction, form: Form) -> list[discord.Attachment]:
    sent = form.data.get("resolved", {}).get("attachments", {})
    state = interaction._state
    return [
        discord.Attachment(data=sent[each], state=state)
        for each in form.chosen(_FILES)[:_MOST_FILES]
        if each in sent
    ]
