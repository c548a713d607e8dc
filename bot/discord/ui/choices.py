"""What is offered while somebody types a command's options."""

from __future__ import annotations

from collections.abc import Callable

from discord import app_commands

from bot.access import Viewer
from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.limits import split, units
from bot.library import Suggestion
from bot.text import isolated, visible_line
from index.errors import BriefingError

__all__ = ["document_choices", "heading_choices"]

_LONGEST = 100
"""Units of a choice's name and of its value."""
_LEAST_TITLE = 40
"""Units of a title that are shown before a long name."""

Choices = list[app_commands.Choice[str]]


async def document_choices(interaction: Interaction, typed: str) -> Choices:
    """Documents whose name or title is nearly what was typed."""
    library = interaction.client.services.libraries.of(await _viewer(interaction))

    def suggested() -> Choices:
        found = library.suggest_documents(typed)
        return [_choice(suggestion, library.key_of(suggestion.name)) for suggestion in found]

    return await _offered(interaction, suggested)


async def heading_choices(interaction: Interaction, typed: str) -> Choices:
    """Headings and pages of the document that was chosen in the same command."""
    library = interaction.client.services.libraries.of(await _viewer(interaction))
    document = str(getattr(interaction.namespace, "document", None) or "")

    def suggested() -> Choices:
        places = library.suggest_headings(library.find_document(document), typed)
        # A longer heading is found by its beginning just as well.
        return [
            app_commands.Choice(name=_shortened(place), value=split(place, _LONGEST)[0].strip())
            for place in places
        ]

    return await _offered(interaction, suggested)


async def _viewer(interaction: Interaction) -> Viewer:
    """Whoever will see what the command brings: all who are here, or the person alone."""
    options, command = interaction.namespace, interaction.command
    shown_to_all = options.share or (
        command is not None and command.name == "ask" and not options.private
    )
    viewers = interaction.client.viewers
    return await (viewers.here if shown_to_all else viewers.asker)(interaction)


async def _offered(interaction: Interaction, suggested: Callable[[], Choices]) -> Choices:
    try:
        return await interaction.client.services.admission.run_quick(suggested)
    except BriefingError:
        return []  # the command itself says what is wrong


def _choice(suggestion: Suggestion, key: str) -> app_commands.Choice[str]:
    """A name may be too long for a value, or not stand being sent to and fro; its key does."""
    name = suggestion.name
    fits = units(name) <= _LONGEST and name == visible_line(name).strip()
    return app_commands.Choice(name=_label(suggestion), value=name if fits else key)


def _label(suggestion: Suggestion) -> str:
    """Title and name; where both are too long, the end of the name tells one from the other."""
    title, name = _on_one_line(suggestion.title), _on_one_line(suggestion.name)
    if title == name:
        return _shortened(name)
    most = _LONGEST - 3 - sum(units(isolated(one)) - units(one) for one in (title, name))
    title = _shortened(title, max(_LEAST_TITLE, most - units(name)))
    room = most - units(title)
    if units(name) > room:
        name = f"…{split(name[::-1], room - 1)[0][::-1]}"
    return f"{isolated(title)} ({isolated(name)})"


def _shortened(text: str, most: int = _LONGEST) -> str:
    text = _on_one_line(text)
    return text if units(text) <= most else f"{split(text, most - 1)[0].rstrip()}…"


def _on_one_line(text: str) -> str:
    return " ".join(visible_line(text).split())
