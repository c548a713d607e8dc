"""Looks up what the documents say, without a question, for the people who will see it.

`bot.chat.recheck` checks again, after the lookup and before anything is sent, that they may see it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Concatenate, Generic, ParamSpec, TypeVar

from bot.access import Viewer
from bot.chat.recheck import Recheck, ViewerSource
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.viewer_sources import asker_alone, everyone_here
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

    Only that person will see it.

    Raises what `work` and `Recheck.passed` raise.
    """
    services = interaction.client.services
    run = services.admission.run_quick
    recheck = await _recheck_alone(interaction)
    return await _found(services, recheck, lambda library: run(work, library, *args, **kwargs))


async def _recheck_alone(interaction: Interaction) -> Recheck:
    services, viewers = interaction.client.services, interaction.client.viewers
    alone, viewer = asker_alone(viewers, interaction), await viewers.asker(interaction)
    return Recheck(services.access, services.admission, alone, viewer)


@dataclass(frozen=True, slots=True)
class LookupResult(Generic[T]):
    """What was looked up, and documents that it names besides those that may be seen now."""

    value: T
    gone: Collection[str] = ()


async def look_up_in_line(
    interaction: Interaction,
    work: Callable[Concatenate[Library, P], LookupResult[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Do as `look_up` does what takes longer than a look-up: in line, counted as a question.

    Raises what `work`, `Recheck.passed` and `Admission.turn` raise.
    """
    run = interaction.client.services.admission.run
    return await _in_turn(interaction, lambda library: run(work, library, *args, **kwargs))


async def draw(
    interaction: Interaction,
    work: Callable[Concatenate[Library, P], LookupResult[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Do as `look_up_in_line` does what another process draws: no question waits for it."""
    run = interaction.client.services.admission.run_apart
    return await _in_turn(interaction, lambda library: run(work, library, *args, **kwargs))


async def _in_turn(
    interaction: Interaction, work: Callable[[Library], Awaitable[LookupResult[T]]]
) -> T:
    services, recheck = interaction.client.services, await _recheck_alone(interaction)
    async with services.admission.turn(interaction.user.id):
        found = await _found(services, recheck, work, lambda result: result.gone)
        return found.value


async def look_up_for_all(
    interaction: Interaction,
    work: Callable[Concatenate[Library, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Return what `work` finds in the library of everybody who reads along here."""
    services, viewers = interaction.client.services, interaction.client.viewers
    return await look_up_for(services, everyone_here(viewers, interaction), work, *args, **kwargs)


async def look_up_for(
    services: Services,
    source: ViewerSource,
    work: Callable[Concatenate[Library, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Return what `work` finds in the library of those to whom the bot writes by itself."""
    run = services.admission.run_quick
    recheck = Recheck(services.access, services.admission, source, await source.viewer())
    return await _found(services, recheck, lambda library: run(work, library, *args, **kwargs))


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


def _none_gone(_found: object) -> Collection[str]:
    return ()


async def _found(
    services: Services,
    recheck: Recheck,
    find: Callable[[Library], Awaitable[T]],
    gone: Callable[[T], Collection[str]] = _none_gone,
) -> T:
    """Return what is found, once those who will see it may see it still."""
    while True:
        names = await services.admission.run_quick(services.access.visible, recheck.viewer)
        library = services.libraries.of(recheck.viewer)
        try:
            found = await find(library)
        except BriefingError:
            # The error may name documents, so it is shown only to those who may still see them.
            if await recheck.passed(names):
                raise
        else:
            if await recheck.passed(names, gone(found)):
                return found
