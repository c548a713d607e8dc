"""Suggestions while a person types a command's options, and documents to choose afterwards."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from discord import AppCommandOptionType, app_commands

from bot import messages
from bot.access import Viewer
from bot.discord.permissions.admins import is_admin
from bot.discord.permissions.interaction import Interaction, require_on
from bot.discord.rendering.limits import shortened, split, units
from bot.discord.ui.actions import Click, Shown
from bot.errors import NotAllowed
from bot.library import DocumentMatch, Library, folders_of, key_of
from bot.services import Services
from bot.text import isolated, visible_line
from index.errors import BriefingError

_LONGEST = 100
"""Most units of a choice's name, and of its value."""
_MOST_CHOICES = 25
"""Choices that Discord accepts."""
_LEAST_TITLE = 40
"""Units of a title that are always shown before a long name."""

Choices = list[app_commands.Choice[str]]


async def document_choices(interaction: Interaction, typed: str) -> Choices:
    """Return documents whose name or title is similar to what was typed."""

    def find(library: Library) -> Choices:
        found = library.suggest_documents(typed)
        titles = Counter(each.title for each in found)
        return [_choice(each, is_only=titles[each.title] == 1) for each in found]

    return await _suggest(interaction, find)


async def heading_choices(interaction: Interaction, typed: str) -> Choices:
    """Return headings and pages of the document that was chosen in the same command."""
    document = str(getattr(interaction.namespace, "document", None) or "")

    def find(library: Library) -> Choices:
        places = library.suggest_headings(library.named(document).name, typed)
        # The beginning of a long heading is enough to find it.
        return [
            app_commands.Choice(
                name=shortened(each, _LONGEST), value=split(each, _LONGEST)[0].strip()
            )
            for each in places
        ]

    return await _suggest(interaction, find)


async def folder_choices(interaction: Interaction, typed: str) -> Choices:
    """Return folders of documents that those who will see the answer may see."""
    return await _suggest(interaction, lambda library: _paths(library.folders(typed)))


async def upload_folder_choices(interaction: Interaction, typed: str) -> Choices:
    """Return folders of files, readable or not, whose path contains what was typed."""
    if not is_admin(interaction, interaction.client.services.guilds):
        return []

    def find(library: Library) -> Choices:
        folders = {folder for row in library.rows() for folder in folders_of(row.file or row.name)}
        return _paths(path for path in sorted(folders) if typed.casefold() in path.casefold())

    return await _suggest(interaction, find)


def _paths(folders: Iterable[str]) -> Choices:
    # A folder with invisible characters in its name could not be sent as it is.
    plain = [path for path in folders if units(path) <= _LONGEST and path == visible_line(path)]
    return [app_commands.Choice(name=path, value=path) for path in plain[:_MOST_CHOICES]]


async def _viewer(interaction: Interaction) -> Viewer:
    """Return who will see the result of the command: everybody here, or the person alone."""
    options, command = interaction.namespace, interaction.command
    viewers = interaction.client.viewers
    shown_to_all = not viewers.is_away(interaction) and (
        options.share or (command is not None and command.name == "ask" and not options.private)
    )
    return await (viewers.here if shown_to_all else viewers.asker)(interaction)


async def _suggest(interaction: Interaction, find: Callable[[Library], Choices]) -> Choices:
    services = interaction.client.services
    try:
        library = services.libraries.of(await _viewer(interaction))
        return await services.admission.run_quick(find, library)
    except BriefingError:
        return []  # the command itself says what is wrong


def _choice(suggestion: DocumentMatch, *, is_only: bool) -> app_commands.Choice[str]:
    """Return a choice for a document: its name, or its key if Discord would change the name."""
    name = suggestion.name
    fits = units(name) <= _LONGEST and name == visible_line(name).strip()
    label = _label(suggestion, is_only=is_only)
    return app_commands.Choice(name=label, value=name if fits else key_of(name))


def _label(suggestion: DocumentMatch, *, is_only: bool) -> str:
    """Return title and name; of a long name the end is kept, which differs between documents.

    Unless it `is_only` that document's title, the file's name comes first: a phone shows the
    beginning alone.
    """
    title, name = _on_one_line(suggestion.title), _on_one_line(suggestion.name)
    if title == name:
        return shortened(name, _LONGEST)
    most = _LONGEST - 3 - sum(units(isolated(text)) - units(text) for text in (title, name))
    title = shortened(title, max(_LEAST_TITLE, most - units(name)))
    room = most - units(title)
    if units(name) > room:
        name = f"…{split(name[::-1], room - 1)[0][::-1]}"
    if is_only:
        return f"{isolated(title)} ({isolated(name)})"
    folder, slash, last = name.rpartition("/")
    return f"{isolated(last)} ({isolated(f'{folder}{slash}' or title)})"


def _on_one_line(text: str) -> str:
    return " ".join(visible_line(text).split())


# A document chosen where the name that was typed is none

_KINDS = {AppCommandOptionType.string: str, AppCommandOptionType.boolean: bool}
"""Options whose values are given again as they are."""


class TakeDocument(
    Click,
    template=r"n:as:(?P<command>[a-z]{1,32}):(?P<option>[a-z]{1,32}):(?P<key>[\w-]{12}):"
    r"(?P<rest>(?s:.*))",
    shown=Shown.BY_ITSELF,
):
    """Gives a command with the document that was chosen, by the rights of whoever clicks."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        command = interaction.client.tree.get_command(self.found["command"])
        if not isinstance(command, app_commands.Command):
            raise NotAllowed(messages.EXCHANGE_GONE)
        require_on(interaction, command.name)
        given = _rest(self.found["rest"]) | {self.found["option"]: self.found["key"]}
        run: Any = command.callback
        await run(command.binding, interaction, **_arguments(command, given))


def _rest(text: str) -> dict[str, object]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NotAllowed(messages.EXCHANGE_GONE)
    return found


def _arguments(
    command: app_commands.Command[Any, ..., Any], given: Mapping[str, object]
) -> dict[str, object]:
    """Return the values for the command's function; raises NotAllowed where they do not fit it."""
    parameters = {each.display_name: each for each in command.parameters}
    for name, each in parameters.items():
        kind = _KINDS.get(each.type)
        fits = kind is not None and isinstance(given.get(name), kind)
        fits = fits and (not each.choices or given[name] in [one.value for one in each.choices])
        if (name in given and not fits) or (each.required and name not in given):
            raise NotAllowed(messages.EXCHANGE_GONE)
    if not given.keys() <= parameters.keys():
        raise NotAllowed(messages.EXCHANGE_GONE)
    return {parameters[name].name: value for name, value in given.items()}
