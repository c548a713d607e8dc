"""What an admin is asked before the documents or the index are changed, and told of it after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import discord

from bot import messages
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.rendering.message import Button, MessagePart, packed
from bot.localization import _, ngettext

if TYPE_CHECKING:
    from bot.documents.rollback import RollbackPlan
    from bot.documents.uploads import WaitingFile
    from bot.records import AuditEntry

__all__ = [
    "audit_entries",
    "audit_message",
    "confirm_removal",
    "confirm_rollback",
    "confirm_upload",
]

_GO_BACK = _(
    "**Go back from generation {current:,} to generation {previous:,}?**\n"
    "It was built {built} and holds {documents} in {passages}. The next reindex takes in again "
    "whatever lies in the folder of the documents; until then what is for others now than it was "
    "then does not answer."
)
CURRENT_DAMAGED = _("The one that should answer now is damaged.")
_WOULD_ANSWER_AS_BEFORE = _("Would answer with their earlier text ({number:,})")
_REMOVE = _(
    "**Remove {title}?**\n"
    "Its file {name} is moved out of the folder of the documents and kept aside where I "
    "run. It no longer answers then."
)

_COLOUR = discord.Colour(0xB5651D)
_NAME, _REASON, _DETAIL = 400, 700, 1_500
_ENTRY = 300
_LISTED = 40

Refused = tuple[str, str]
"""A file's name, and why it is left out."""


def confirm_upload(
    files: Sequence[WaitingFile], refused: Sequence[Refused], *, rows: Sequence[Sequence[Button]]
) -> list[MessagePart]:
    lines = [_put_in(len(files))] if files else []
    lines += [f"- {_arriving(file)}" for file in files]
    lines += [
        _("{name} is left out: {reason}.").format(
            name=bold(name, _NAME), reason=escape_line(reason, _REASON)
        )
        for name, reason in refused
    ]
    return packed(lines, between="\n", colour=_COLOUR, rows=rows)


def confirm_removal(
    *, title: str, name: str, rows: Sequence[Sequence[Button]]
) -> list[MessagePart]:
    said = _REMOVE.format(title=escape_line(title, _NAME), name=bold(name, _NAME))
    return packed([said], colour=_COLOUR, rows=rows)


def confirm_rollback(way: RollbackPlan, *, rows: Sequence[Sequence[Button]]) -> list[MessagePart]:
    lines = [
        _GO_BACK.format(
            current=way.current,
            previous=way.previous,
            built=f"<t:{int(way.built_at.timestamp())}:R>",
            documents=messages.documents(way.documents),
            passages=messages.passages(way.passages),
        )
    ]
    if way.damaged:
        lines.append(CURRENT_DAMAGED)
    lines += _listed(
        _("Would answer again ({number:,})").format(number=len(way.returning)), way.returning
    )
    lines += _listed(_WOULD_ANSWER_AS_BEFORE.format(number=len(way.changed)), way.changed)
    lines += _listed(
        _("Would no longer answer ({number:,})").format(number=len(way.leaving)), way.leaving
    )
    return packed(lines, between="\n", colour=_COLOUR, rows=rows)


def audit_message(entry: AuditEntry) -> MessagePart:
    """One line, for the channel where what admins do is told."""
    return MessagePart(_audit_line(entry, _DETAIL))


def audit_entries(entries: Sequence[AuditEntry]) -> Iterator[str]:
    """A line for each, with when it was."""
    for entry in entries:
        yield f"- <t:{int(entry.at.timestamp())}:R> {_audit_line(entry, _ENTRY)}"


def _arriving(file: WaitingFile) -> str:
    facts = [_size(file.size)]
    if file.pages:
        facts.append(messages.pages(file.pages))
    if file.replaces is None:
        template = _("{name} ({facts}): new; titled “{title}”")
    else:
        template = _("{name} ({facts}): **replaces** the one of that name; titled “{title}”")
    return template.format(
        name=bold(file.name, _NAME),
        title=escape_line(file.title, _NAME),
        facts=", ".join(facts),
    )


def _put_in(number: int) -> str:
    return ngettext(
        "**Put this file into the documents?**",
        "**Put these {n:,} files into the documents?**",
        number,
    ).format(n=number)


def _size(number: int) -> str:
    """Return the size of a file in words, from its bytes."""
    if number < 1_000:
        return ngettext("{n:,} byte", "{n:,} bytes", number).format(n=number)
    if number < 1_000_000:
        return _("{size:,.0f} kB").format(size=number / 1e3)
    return _("{size:,.1f} MB").format(size=number / 1e6)


def _listed(head: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"\n**{head}**"
        yield from (f"- {escape_line(name, _NAME)}" for name in names[:_LISTED])
        if len(names) > _LISTED:
            yield f"- {messages.and_more(number=len(names) - _LISTED)}"


def _audit_line(entry: AuditEntry, most: int) -> str:
    """A mention that pings nobody: the bot's messages never do."""
    action, detail = escape_line(entry.action, most), escape_line(entry.detail, most)
    return " · ".join(filter(None, (f"<@{entry.person}>", f"**{action}**", detail)))
