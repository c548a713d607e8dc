"""What admins are told of an answer that somebody marked down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import messages
from bot.discord.rendering.answers.answers import ASKED
from bot.discord.rendering.answers.excerpts import number_mark
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.rendering.message import Button, MessagePart
from bot.localization import _
from bot.records import Fault, Mark

_QUESTION, _REASON, _NAME, _OWNERS = 250, 400, 80, 2
"""Most units; together with four documents and our own words they fit into a message."""


def fault_name(fault: Fault) -> str:
    """Return a fault as the end of "The answer was …"."""
    return {
        Fault.WRONG: _("wrong"),
        Fault.OUTDATED: _("outdated"),
        Fault.INCOMPLETE: _("incomplete"),
        Fault.MISUNDERSTOOD: _("not what was meant"),
        Fault.UNFIT: _("not to be shown"),
    }[fault]


def faults_line(faults: Mapping[Fault, int]) -> str:
    """Return how often each was chosen, such as "2 wrong, 1 outdated"."""
    return _(", ").join(
        _("{n:,} {fault}").format(n=faults[fault], fault=fault_name(fault))
        for fault in Fault
        if faults.get(fault)
    )


def notice(
    mark: Mark,
    fault: Fault | None,
    *,
    link: str | None = None,
    question: str | None = None,
    reason: str | None = None,
    documents: Sequence[str] = (),
    rows: Sequence[Sequence[Button]] = (),
) -> MessagePart:
    """Return what those who read a channel are told of a mark; it pings nobody.

    `link` is the address of the answer, None where not all of them can read it; then there is no
    `question` and no `reason` either, as where words are not kept. `documents` are lines of those
    that the answer showed words of.
    """
    if mark is Mark.UP:
        said = _("{mark} on an answer was taken back.").format(mark=messages.NOT_HELPFUL)
        return MessagePart(f"-# {said} {_answer_at(link)}".rstrip())
    lines = [f"{_head(fault)} {_answer_at(link)}".rstrip()]
    if link is None:
        lines.append(
            _("It was given where not everybody here can read, so its words are not shown.")
        )
    if question:
        lines.append(ASKED.format(question=bold(" ".join(question.split()), _QUESTION)))
    if reason:
        shown = escape_line(" ".join(reason.split()), _REASON)
        lines.append(_("Reason: {reason}").format(reason=shown))
    lines += documents
    if rows and fault is Fault.OUTDATED:
        lines.append(
            _("-# The document's owner and admins can say here whether it is still right.")
        )
    elif rows and fault is Fault.UNFIT:
        lines.append(
            _(
                "-# To close a document to some people instead, name an audience in the policy or "
                "in its front matter; `/access` says who sees a folder."
            )
        )
    return MessagePart("\n".join(lines), rows=tuple(tuple(row) for row in rows if row))


def _answer_at(link: str | None) -> str:
    """Return a link to the answer, which the bot itself has made."""
    return "" if link is None else _("[The answer]({link})").format(link=link)


def _head(fault: Fault | None) -> str:
    mark = messages.NOT_HELPFUL
    if fault is None:
        return _("{mark} **An answer did not help.**").format(mark=mark)
    if fault is Fault.UNFIT:
        return _("⚠️ **Somebody says that something in an answer should not be shown.**")
    return _("{mark} **Somebody says that an answer was {fault}.**").format(
        mark=mark, fault=fault_name(fault)
    )


def concerned_line(number: int, document: str, title: str, owners: Sequence[str] = ()) -> str:
    names = [escape_line(document, _NAME)] if title else []
    facts = [bold(title or document, _NAME), *names, *owners[:_OWNERS]]
    return f"{number_mark(number)} {' · '.join(facts)}"
