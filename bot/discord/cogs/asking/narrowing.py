"""What a question by /ask is narrowed to, and whether its answer is for the asker alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot import messages
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import find_document, find_folder, leaves_none
from bot.discord.rendering.naming import guesses
from bot.errors import NotAllowed
from bot.localization import LazyText
from bot.requests.periods import first_day

FOR_YOU_ALONE = LazyText("-# For you alone: not everybody here may see that document.")
CHOSEN_FOR_YOU_ALONE = LazyText(
    "-# For you alone: not everybody here may see the documents that you chose."
)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Documents that are asked; `notes` say why it is `private`, and what was guessed.

    All are asked where nothing is named.
    """

    private: bool
    document: str | None = None
    folder: str | None = None
    since: date | None = None
    notes: str = ""


async def narrowed(
    interaction: Interaction,
    document: str | None,
    folder: str | None,
    since: str | None,
    *,
    private: bool,
) -> Narrowed:
    """Find what was typed, before anything is shown to others: only the asker sees a misspelt name.

    The answer becomes private where it would be from documents that only the asker may see. Raises
    UnknownDocument, UnknownFolder, BadPeriod, and NotAllowed where no document is left.
    """
    viewers = interaction.client.viewers
    asker, readers = await viewers.asker(interaction), await viewers.here(interaction)
    private = private or viewers.is_away(interaction)
    first = None if since is None else first_day(since)
    why = guess = ""
    if document is not None:
        found, hidden = await find_document(interaction, document, asker if private else readers)
        document, guess = found.name, guesses(found)
        private, why = private or hidden, str(FOR_YOU_ALONE if hidden else why)
    if folder is not None:
        folder, hidden = await find_folder(interaction, folder, asker if private else readers)
        private, why = private or hidden, str(CHOSEN_FOR_YOU_ALONE if hidden else why)
    if first is not None and await leaves_none(
        interaction, asker if private else readers, folder, first
    ):
        if private or await leaves_none(interaction, asker, folder, first):
            raise NotAllowed(messages.none_narrowed(folder=folder, since=first))
        private, why = True, str(CHOSEN_FOR_YOU_ALONE)
    notes = "\n".join(filter(None, (why, guess)))
    return Narrowed(private, document, folder, first, notes)
