"""What is offered while somebody types a command's options."""

from __future__ import annotations

from discord import app_commands

from bot.discord.buttons import Interaction
from bot.library import Suggestion
from index.errors import BriefingError

__all__ = ["document_choices", "heading_choices"]

_LONGEST = 100
"""Characters of a choice's name and of its value."""


async def document_choices(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Documents whose name or title is nearly what was typed."""
    services = interaction.client.services
    try:
        found = await services.desk.look_up(lambda: services.library.suggest_documents(typed))
    except BriefingError:
        return []  # the command itself says what is wrong
    return [_choice(suggestion, services.library.key_of(suggestion.name)) for suggestion in found]


async def heading_choices(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Headings and pages of the document that was chosen in the same command."""
    services = interaction.client.services
    document = str(getattr(interaction.namespace, "document", None) or "")

    def suggested() -> list[str]:
        name = services.library.find_document(document)
        return services.library.suggest_headings(name, typed)

    try:
        found = await services.desk.look_up(suggested)
    except BriefingError:
        return []
    # A longer heading is found by its beginning just as well.
    return [
        app_commands.Choice(name=shortened(heading), value=heading[:_LONGEST]) for heading in found
    ]


def _choice(suggestion: Suggestion, key: str) -> app_commands.Choice[str]:
    """A name may be too long for a value; its key never is."""
    title = suggestion.title
    text = title if title == suggestion.name else f"{title} ({suggestion.name})"
    value = suggestion.name if len(suggestion.name) <= _LONGEST else key
    return app_commands.Choice(name=shortened(text), value=value)


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
