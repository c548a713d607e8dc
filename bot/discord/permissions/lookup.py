"""Looks up what the documents say, without a question, for the people who will see it.

`bot.chat.recheck` checks again, after the lookup and before anything is sent, that they may see it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date
from typing import Concatenate, ParamSpec, TypeVar

from bot.access import Viewer
from bot.chat.recheck import Found, ViewerSource, rechecked
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.viewer_sources import asker_alone
from bot.library import DocumentMatch, Library, UnknownFolder
from bot.services import Services
from index.errors import BriefingError, UnknownDocument

P = ParamSpec("P")
T = TypeVar("T")


async def look_up(
    interaction: Interaction,
    work: Callable[Concatenate[Library, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Return what `work` finds in the library of the person who asks or clicks.

    Only that person will see it. Raises what `work` and `rechecked` raise.
    """
    run = interaction.client.services.admission.run_quick
    return await _found_alone(interaction, lambda library: run(work, library, *args, **kwargs))


async def look_up_in_line(
    interaction: Interaction,
    work: Callable[Concatenate[Library, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Do as `look_up` does what takes longer than a look-up: in line, counted as a question.

    Raises what `look_up` and `Admission.turn` raise.
    """
    admission = interaction.client.services.admission
    async with admission.turn(interaction.user.id):
        return await _found_alone(
            interaction, lambda library: admission.run(work, library, *args, **kwargs)
        )


async def draw(
    interaction: Interaction,
    work: Callable[Concatenate[Library, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Do as `look_up_in_line` does what another process draws: no question waits for it."""
    admission = interaction.client.services.admission
    async with admission.turn(interaction.user.id):
        return await _found_alone(
            interaction, lambda library: admission.run_apart(work, library, *args, **kwargs)
        )


async def look_up_for(
    services: Services,
    source: ViewerSource,
    work: Callable[Concatenate[Library, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Return what `work` finds in the library of those whom the bot writes to."""
    run = services.admission.run_quick
    return await _found(
        services, source, await source(), lambda library: run(work, library, *args, **kwargs)
    )


async def library_of(interaction: Interaction) -> Library:
    """Return the library of what the person who asks or clicks may see at this moment."""
    client = interaction.client
    return client.services.libraries.of(await client.viewers.asker(interaction))


async def find_document(
    interaction: Interaction, typed: str, viewer: Viewer
) -> tuple[DocumentMatch, bool]:
    """Return the document that was typed, and whether it is hidden from `viewer`.

    A document that is hidden from `viewer` may still be open to the asker. The name is for the
    next question or lookup, and must not be shown to anybody before. Raises UnknownDocument if
    the asker may not see the document either.
    """
    services = interaction.client.services

    def named(library: Library, *, guess: bool = True) -> DocumentMatch:
        return library.named(typed, guess=guess)

    # What is a name for the asker is no other document's name with an error for the others.
    with suppress(UnknownDocument):
        library = services.libraries.of(viewer)
        return await services.admission.run_quick(named, library, guess=False), False
    with suppress(UnknownDocument):
        return await look_up(interaction, named, guess=False), True
    return await _find(interaction, named, viewer, UnknownDocument)


async def find_folder(interaction: Interaction, typed: str, viewer: Viewer) -> tuple[str, bool]:
    """Return a folder, and whether all in it is hidden from `viewer`, as `find_document` does.

    Raises UnknownFolder.
    """

    def found(library: Library) -> str:
        return library.find_folder(typed)

    return await _find(interaction, found, viewer, UnknownFolder)


async def leaves_none(
    interaction: Interaction, viewer: Viewer, folder: str | None, since: date | None
) -> bool:
    """Return whether `viewer` may see no document that is in `folder` and dated since then."""
    services = interaction.client.services

    def look() -> bool:
        visible = services.access.visible(viewer)
        return services.access.narrowed(visible, folder=folder, since=since) == frozenset()

    return await services.admission.run_quick(look)


async def _find(
    interaction: Interaction,
    find: Callable[[Library], T],
    viewer: Viewer,
    unknown: type[BriefingError],
) -> tuple[T, bool]:
    services = interaction.client.services
    library = services.libraries.of(viewer)
    try:
        return await services.admission.run_quick(find, library), False
    except unknown:
        return await look_up(interaction, find), True


async def _found_alone(interaction: Interaction, find: Callable[[Library], Awaitable[T]]) -> T:
    viewers = interaction.client.viewers
    alone, viewer = asker_alone(viewers, interaction), await viewers.asker(interaction)
    return await _found(interaction.client.services, alone, viewer, find)


async def _found(
    services: Services,
    source: ViewerSource,
    viewer: Viewer,
    find: Callable[[Library], Awaitable[T]],
) -> T:
    """Return what is found, once those who will see it may see it still."""

    async def look(viewer: Viewer) -> Found[T | BriefingError]:
        names = await services.admission.run_quick(services.access.visible, viewer)
        try:
            return Found(await find(services.libraries.of(viewer)), names)
        except BriefingError as exc:  # it may name documents
            return Found(exc, names)

    found = await rechecked(services.access, services.admission, source, viewer, look)
    if isinstance(found, BriefingError):
        raise found
    return found
