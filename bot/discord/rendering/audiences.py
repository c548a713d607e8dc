"""Audiences in words, with mentions that ping nobody in the bot's messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.access import Audience
from bot.config.guilds import Owner
from bot.localization import _

_MOST = 40


def mention_of(someone: Owner) -> str:
    return f"<@&{someone.id}>" if someone.is_role else f"<@{someone.id}>"


def people(audiences: Iterable[Audience]) -> list[str]:
    """Return one line for each audience; whoever is in all of them is meant."""
    return sorted(map(_members, audiences))


def first_of(names: Sequence[str]) -> str:
    more = " …" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def _members(audience: Audience) -> str:
    parts = [_("everybody on the documents' servers")] if audience.home else []
    for template, ids in (
        (_("whoever has {names}"), [f"<@&{number}>" for number in sorted(audience.roles)]),
        (_("{names} in person"), [f"<@{number}>" for number in sorted(audience.people)]),
        (_("whoever can read {names}"), [f"<#{number}>" for number in sorted(audience.channels)]),
        (_("members of server {names}"), [str(number) for number in sorted(audience.guilds)]),
    ):
        if ids:
            parts.append(template.format(names=first_of(ids)))
    return "; ".join(parts) or _("nobody")
