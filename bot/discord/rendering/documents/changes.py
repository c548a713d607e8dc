"""What admins confirm before a change of documents or index, and the audit log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot import messages
from bot.access import Audience
from bot.discord.rendering.audiences import people
from bot.discord.rendering.colours import ALERT
from bot.discord.rendering.escape import bold, escape_line, timestamp
from bot.discord.rendering.message import Button, MessagePart, packed
from bot.discord.rendering.naming import named_list
from bot.documents.reindexing.rollback import RollbackPlan
from bot.library import FileDocuments
from bot.localization import LazyText, _, ngettext
from bot.records import AuditEntry

_GO_BACK = LazyText(
    "**Go back to the documents as I read them {built}?**\n"
    "I would answer from {documents}. What came or changed since then stays out until its file "
    "changes again, or an admin takes it in; `/documents` names it."
)
CURRENT_DAMAGED = LazyText("The index that should answer now is damaged.")
_WOULD_ANSWER_AS_BEFORE = LazyText("Would answer with their earlier text ({number:,})")
_REMOVE = LazyText(
    "**Remove {title}?**\nIt no longer answers then. Its file {name} is kept aside where I run."
)

_LIES_IN_IT = LazyText("{document} lies in that file, and can only be removed with it.")

_NAME, _REASON, _DETAIL = 400, 700, 1_500
_ENTRY = 100
"""Units of what an admin did, in a list of such lines; the audit channel has all of it."""
_LISTED = 40


def confirm_removal(
    file: FileDocuments,
    *,
    audiences: frozenset[Audience] = frozenset(),
    again: Sequence[str] = (),
    rows: Sequence[Sequence[Button]],
) -> list[MessagePart]:
    """Ask whether a file shall be removed.

    Whoever is in all `audiences` sees it; empty where that is not for the reader. `again` are
    documents that it replaces, and that nothing else does.
    """
    said = [_REMOVE.format(title=escape_line(file.title, _NAME), name=bold(file.name, _NAME))]
    if file.asked != file.name:
        said.append(_LIES_IN_IT.format(document=bold(file.asked, _NAME)))
    if file.enclosed:
        said.append(_goes_with_it(len(file.enclosed)))
    if audiences:
        said.append(_("Seen by {people}.").format(people=" · ".join(people(audiences))))
    said += [
        _("{name}, which it replaces, comes first again.").format(name=bold(name, _NAME))
        for name in again[:_LISTED]
    ]
    return packed(said, between="\n", colour=ALERT, rows=rows)


def confirm_rollback(plan: RollbackPlan, *, rows: Sequence[Sequence[Button]]) -> list[MessagePart]:
    lines = [
        _GO_BACK.format(
            built=timestamp(plan.built_at, "R"),
            documents=messages.documents(plan.documents),
        )
    ]
    if plan.damaged:
        lines.append(str(CURRENT_DAMAGED))
    for head, names in (
        (_("Would answer again ({number:,})"), plan.returning),
        (str(_WOULD_ANSWER_AS_BEFORE), plan.changed),
        (_("Would no longer answer ({number:,})"), plan.leaving),
    ):
        escaped = [escape_line(name, _NAME) for name in names]
        lines += named_list(head.format(number=len(names)), escaped, _LISTED)
    return packed(lines, between="\n", colour=ALERT, rows=rows)


def audit_entries(entries: Sequence[AuditEntry]) -> Iterator[str]:
    """Yield a line with its time for each entry."""
    for entry in entries:
        yield f"- {timestamp(entry.at, 'R')} {audit_line(entry, _ENTRY)}"


def _goes_with_it(number: int) -> str:
    return ngettext(
        "One document that lies in it goes as well.",
        "{n:,} documents that lie in it go as well.",
        number,
    ).format(n=number)


def audit_line(entry: AuditEntry, most: int = _DETAIL) -> str:
    """Return a line with a mention of the person, which pings nobody in the bot's messages."""
    action, detail = escape_line(entry.action, most), escape_line(entry.detail, most)
    who = f"<@{entry.person}>" if entry.person else _("At the terminal")
    return " · ".join(filter(None, (who, f"**{action}**", detail)))
