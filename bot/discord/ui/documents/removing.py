"""The question whether a file shall be removed, with what that means."""

from __future__ import annotations

from collections.abc import Callable

from discord import ButtonStyle

from bot import messages
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import look_up
from bot.discord.rendering.documents.changes import confirm_removal
from bot.discord.rendering.message import Button, MessagePart
from bot.discord.rendering.naming import with_guesses
from bot.documents.successions import replaced_by
from bot.library import DocumentMatch, FileDocuments, Library, key_of
from bot.localization import LazyText

REMOVE = LazyText("Remove")


async def ask_removal(
    interaction: Interaction, find: Callable[[Library], FileDocuments]
) -> list[MessagePart]:
    """Return the question, for the file that is found in the person's library."""
    access = interaction.client.services.access
    sees_all = access.sees_all(await interaction.client.viewers.asker(interaction))

    def asked(library: Library) -> list[MessagePart]:
        file = find(library)
        generation, names = library.generation_and_names()
        gone = {file.name, *file.enclosed}
        yes = Button(
            str(REMOVE), f"x:rm:{key_of(file.name)}:{version_of(file)}", ButtonStyle.danger
        )
        cancel = Button(str(messages.CANCEL), "x:no")
        parts = confirm_removal(
            file,
            audiences=access.audiences_of(file.name) if sees_all else frozenset(),
            again=replaced_by(generation.catalog, library.decisions(), gone, names),
            rows=[[yes, cancel]],
        )
        return with_guesses(parts, DocumentMatch(file.asked, file.title, file.guessed))

    return await look_up(interaction, asked)


def version_of(file: FileDocuments) -> str:
    """Return enough of the file's hash to notice that it has changed since the question."""
    return file.version[:8]
