"""Files that an admin sends: received, shown with what they would change, and moved elsewhere."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

import discord
from discord import ButtonStyle

from bot import messages
from bot.access import Audience, Viewer
from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.documents.uploading import Refused, confirm_upload
from bot.discord.rendering.message import Button, MessagePart, label_of
from bot.discord.ui.sending import follow_up
from bot.documents.uploads.file_names import safe_folder, safe_name
from bot.documents.uploads.incoming import Incoming, Intake, like
from bot.documents.uploads.waiting_files import Upload, WaitingFile
from bot.errors import BadUpload
from bot.library import folders_of, key_of
from bot.localization import _
from bot.services import Services
from bot.text import folded_name
from index.errors import IndexUnavailable
from index.store.catalog.document_table import DocumentRow

_FOLDERS_OFFERED = 2
"""Other folders that have a button of their own."""


async def receive_all(
    interaction: Interaction, attachments: Sequence[discord.Attachment], folder: str | None
) -> None:
    """Receive files, and ask whether to put them in; without a folder, each goes where its like is.

    The interaction waits for a follow-up already.
    """
    services, viewers = interaction.client.services, interaction.client.viewers
    uploads = services.uploads
    await asyncio.to_thread(uploads.require_corpus)
    viewer = await viewers.asker(interaction)
    rows = await asyncio.to_thread(_rows, services, viewer)
    token = await asyncio.to_thread(uploads.begin)
    files: list[WaitingFile] = []
    refused: list[Refused] = []
    for sent in attachments:
        try:
            files.append(await _receive(services, viewer, token, sent, folder, rows, files))
        except BadUpload as exc:
            refused.append((_name_of(sent), str(exc)))
        except discord.HTTPException:  # it is gone from Discord already
            refused.append((_name_of(sent), _("Discord did not hand it over; send it again")))
        except BaseException:
            await asyncio.to_thread(uploads.discard, token)
            raise
    if not files:
        await asyncio.to_thread(uploads.discard, token)
        await follow_up(interaction, confirm_upload([], refused, names_people=False, rows=[]))
        return
    person, guild = interaction.user.id, interaction.guild_id
    upload = await asyncio.to_thread(uploads.seal, token, person, guild, files)
    parts = await asyncio.to_thread(_asked, services, viewer, token, upload, rows, refused)
    await follow_up(interaction, parts)


async def _receive(
    services: Services,
    viewer: Viewer,
    token: str,
    sent: discord.Attachment,
    folder: str | None,
    rows: Sequence[DocumentRow],
    before: Sequence[WaitingFile],
) -> WaitingFile:
    """Store one file until it is confirmed, and return it. Raises BadUpload.

    Called for one file at a time, since each is in memory for a moment.
    """
    uploads, name, intake = services.uploads, _name_of(sent), intake_of(services)
    wanted = _first_folder(rows, name) if folder is None else folder
    place = await asyncio.to_thread(_place, services, viewer, name, wanted, sent.size)
    _require_other_names(place, before)
    data = await sent.read()

    def answers(name: str, sha256: str) -> bool:
        return not intake.is_held(viewer, name, sha256)

    file = await asyncio.to_thread(uploads.receive, token, place, data, answers)
    await asyncio.to_thread(intake.require_no_wider, file)
    if folder is None and not wanted and (beside := like(rows, name, file.title)):
        file = await asyncio.to_thread(
            _where_its_like_is, services, viewer, token, file, beside, before
        )
    return file


def _place(services: Services, viewer: Viewer, name: str, folder: str, size: int) -> str:
    """Return where a file goes, if the viewer may put it there; raise BadUpload. Blocks."""
    intake = intake_of(services)
    # Before looking at the disk, since an error from there could tell which files exist.
    intake.require_uploadable(viewer, "/".join((*safe_folder(folder), safe_name(name))))
    place = services.uploads.place(name, folder, size)
    intake.require_uploadable(viewer, place)
    return place


async def receive_one(
    interaction: Interaction, name: str, folder: str, data: bytes
) -> tuple[str, WaitingFile]:
    """Keep a file of ours until it is confirmed, and return it with its token; raise BadUpload."""
    services, person = interaction.client.services, interaction.user.id
    viewer = await interaction.client.viewers.asker(interaction)

    def receive() -> tuple[str, WaitingFile]:
        uploads = services.uploads
        place = _place(services, viewer, name, folder, len(data))
        token = uploads.begin()
        try:
            waiting = uploads.receive(token, place, data)
            intake_of(services).require_no_wider(waiting)
            uploads.seal(token, person, interaction.guild_id, [waiting])
        except BaseException:
            uploads.discard(token)
            raise
        return token, waiting

    return await asyncio.to_thread(receive)


def _where_its_like_is(
    services: Services,
    viewer: Viewer,
    token: str,
    file: WaitingFile,
    beside: Sequence[DocumentRow],
    before: Sequence[WaitingFile],
) -> WaitingFile:
    """Let a file wait for a place in the folder of its like, if it can be put there."""
    uploads, intake = services.uploads, intake_of(services)
    try:
        place = uploads.place(file.name, _folder_of(beside[0].name), file.size)
        intake.require_uploadable(viewer, place)
        _require_other_names(place, before)
        moved = uploads.rename(token, file, place)
        intake.require_no_wider(moved)
    except BadUpload:
        return file
    return moved


async def move_upload(interaction: Interaction, token: str, folder: str) -> None:
    """Let the files of an upload go to another folder, and ask again in the same message."""
    services, viewers = interaction.client.services, interaction.client.viewers
    viewer = await viewers.asker(interaction)
    person, guild = interaction.user.id, interaction.guild_id

    def move() -> list[MessagePart]:
        uploads, intake = services.uploads, intake_of(services)
        places: dict[str, str] = {}
        for file in uploads.waiting(token).files:
            last = PurePosixPath(file.name).name
            places[file.name] = _place(services, viewer, last, folder, file.size)
        if len({folded_name(place) for place in places.values()}) < len(places):
            raise BadUpload(_("two of the files have that name"))
        upload = uploads.move(token, person, guild, places, intake.require_no_wider)
        return _asked(services, viewer, token, upload, _rows(services, viewer), ())

    await follow_up(interaction, await asyncio.to_thread(move))


async def asked_anew(interaction: Interaction, token: str, for_whom: str) -> bool:
    """Ask again whether to put files in, if others would see them than when that was asked.

    Return whether it was asked. Raises UploadGone.
    """
    services = interaction.client.services
    viewer = await interaction.client.viewers.asker(interaction)
    upload = await asyncio.to_thread(services.uploads.waiting, token)
    asked_before = upload.person, upload.guild
    if asked_before != (interaction.user.id, interaction.guild_id):
        return False  # it is refused
    if _for_whom(services, upload) == for_whom:
        return False
    rows = await asyncio.to_thread(_rows, services, viewer)
    parts = await asyncio.to_thread(_asked, services, viewer, token, upload, rows, ())
    said = _("Who would see it has changed since you were asked, so nothing was done yet.")
    await follow_up(interaction, [replace(parts[0], content=said), *parts[1:]])
    return True


def _for_whom(services: Services, upload: Upload) -> str:
    """Return what tells those who would see the files of an upload from others."""
    policy = services.access.policy
    told = [
        (file.name, sorted(map(_members, policy.audiences_of(file.name, file.audience))))
        for file in upload.files
    ]
    return hashlib.sha256(repr(told).encode(errors="surrogatepass")).hexdigest()[:8]


def _members(audience: Audience) -> tuple[object, ...]:
    ids = audience.roles, audience.people, audience.channels, audience.guilds
    return (*map(sorted, ids), audience.home)


def intake_of(services: Services) -> Intake:
    return Intake(services.access, services.current, services.uploads)


async def folders_for(interaction: Interaction) -> dict[str, str]:
    """Return the folders of the files that the person may see, by their keys."""
    services = interaction.client.services
    viewer = await interaction.client.viewers.asker(interaction)
    rows = await services.admission.run_quick(_rows, services, viewer)
    folders = {folder for row in rows for folder in folders_of(row.file or row.name)}
    return {key_of(folder): folder for folder in sorted(folders)}


def _asked(
    services: Services,
    viewer: Viewer,
    token: str,
    upload: Upload,
    rows: Sequence[DocumentRow],
    refused: Sequence[Refused],
) -> list[MessagePart]:
    """Return the question whether to put the files in. Blocks."""
    intake, found = intake_of(services), list[Incoming]()
    others: dict[str, None] = {}
    for file in upload.files:
        near = like(rows, PurePosixPath(file.name).name, file.title)
        folder = _folder_of(file.name)
        beside = next((row for row in near if _folder_of(row.name) == folder), None)
        found.append(intake.incoming(viewer, token, file, beside))
        others |= dict.fromkeys(_folder_of(row.name) for row in near)
    here = {_folder_of(file.name) for file in upload.files}
    elsewhere = [each for each in (*others, "") if {each} != here]
    ways = [
        Button(_into(each), f"x:um:{token}:{key_of(each)}")
        for each in dict.fromkeys(elsewhere[:_FOLDERS_OFFERED])
    ]
    other = Button(_("Another folder …"), f"x:uf:{token}")
    yes = f"x:up:{_for_whom(services, upload)}:{token}"
    buttons = [yes_or_no(upload.files, yes, token), [*ways, other]]
    sees_all = services.access.sees_all(viewer)
    return confirm_upload(found, refused, names_people=sees_all, rows=buttons)


def yes_or_no(files: Sequence[WaitingFile], yes: str, token: str) -> list[Button]:
    """Return the buttons that put files in, which has the id `yes`, and that discard them."""
    replaces = any(file.replaces for file in files)
    label = _("Put in and replace") if replaces else _("Put in")
    style = ButtonStyle.danger if replaces else ButtonStyle.primary
    return [Button(label, yes, style), Button(str(messages.CANCEL), f"x:nu:{token}")]


def _into(folder: str) -> str:
    if not folder:
        return _("Into no folder")
    return label_of(_("Into {folder}").format(folder=folder))


def _first_folder(rows: Sequence[DocumentRow], name: str) -> str:
    """Return the folder of a file of that very name; empty where there is none."""
    same = (row for row in like(rows, name) if folded_name(_last(row.name)) == folded_name(name))
    return next((_folder_of(row.name) for row in same), "")


def _require_other_names(place: str, before: Sequence[WaitingFile]) -> None:
    if any(folded_name(earlier.name) == folded_name(place) for earlier in before):
        raise BadUpload(_("two of the files have that name"))


def _rows(services: Services, viewer: Viewer) -> list[DocumentRow]:
    try:
        return services.libraries.of(viewer).rows()
    except IndexUnavailable:
        return []


def _folder_of(name: str) -> str:
    return name.rpartition("/")[0]


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _name_of(sent: discord.Attachment) -> str:
    """Return the file's name on the sender's disk; Discord changes spaces in `filename`."""
    if not sent.title:
        return sent.filename
    suffix = PurePosixPath(sent.filename).suffix
    return sent.title if sent.title.lower().endswith(suffix.lower()) else sent.title + suffix
