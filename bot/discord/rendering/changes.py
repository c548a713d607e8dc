"""What admins confirm before a change of documents or index, and the audit log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import discord

from bot import messages
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.rendering.message import Button, MessagePart, packed

if TYPE_CHECKING:
    from bot.documents.rollback import RollbackPlan
    from bot.documents.uploads import Waiting
    from bot.records import AuditEntry

__all__ = [
    "audit_entries",
    "audit_message",
    "confirm_removal",
    "confirm_rollback",
    "confirm_upload",
]

_COLOUR = discord.Colour(0xB5651D)
_NAME, _REASON, _DETAIL = 400, 700, 1_500
_ENTRY = 300
_LISTED = 40

Refused = tuple[str, str]
"""The name of a file, and why it is left out."""


def confirm_upload(
    files: Sequence[Waiting], refused: Sequence[Refused], *, rows: Sequence[Sequence[Button]]
) -> list[MessagePart]:
    lines = [messages.put_in(number=len(files))] if files else []
    lines += [f"- {_arriving(file)}" for file in files]
    lines += [
        messages.left_out(name=bold(name, _NAME), reason=escape_line(reason, _REASON))
        for name, reason in refused
    ]
    return packed(lines, between="\n", colour=_COLOUR, rows=rows)


def confirm_removal(
    *, title: str, name: str, rows: Sequence[Sequence[Button]]
) -> list[MessagePart]:
    said = messages.remove(title=escape_line(title, _NAME), name=bold(name, _NAME))
    return packed([said], colour=_COLOUR, rows=rows)


def confirm_rollback(plan: RollbackPlan, *, rows: Sequence[Sequence[Button]]) -> list[MessagePart]:
    lines = [
        messages.going_back(
            current=plan.current,
            previous=plan.previous,
            built=f"<t:{int(plan.built_at.timestamp())}:R>",
            documents_held=plan.documents,
            passages_held=plan.passages,
        )
    ]
    if plan.damaged:
        lines.append(messages.CURRENT_DAMAGED)
    lines += _listed(messages.would_return(number=len(plan.returning)), plan.returning)
    lines += _listed(messages.would_answer_as_before(number=len(plan.changed)), plan.changed)
    lines += _listed(messages.would_leave(number=len(plan.leaving)), plan.leaving)
    return packed(lines, between="\n", colour=_COLOUR, rows=rows)


def audit_message(entry: AuditEntry) -> MessagePart:
    """Return one line for the audit channel."""
    return MessagePart(_audit_line(entry, _DETAIL))


def audit_entries(entries: Sequence[AuditEntry]) -> Iterator[str]:
    """Yield a line with its time for each entry."""
    for entry in entries:
        yield f"- <t:{int(entry.at.timestamp())}:R> {_audit_line(entry, _ENTRY)}"


def _arriving(file: Waiting) -> str:
    facts = [messages.size(file.size)]
    if file.pages:
        facts.append(messages.pages(file.pages))
    return messages.arriving(
        name=bold(file.name, _NAME),
        title=escape_line(file.title, _NAME),
        facts=", ".join(facts),
        replaces=file.replaces is not None,
    )


def _listed(head: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"\n**{head}**"
        yield from (f"- {escape_line(name, _NAME)}" for name in names[:_LISTED])
        if len(names) > _LISTED:
            yield f"- {messages.and_more(number=len(names) - _LISTED)}"


def _audit_line(entry: AuditEntry, most: int) -> str:
    """Return a line with a mention of the person, which pings nobody in the bot's messages."""
    return messages.audit_line(
        who=f"<@{entry.person}>",
        action=escape_line(entry.action, most),
        detail=escape_line(entry.detail, most),
    )
