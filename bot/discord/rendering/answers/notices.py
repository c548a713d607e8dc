"""What admins are told of an answer that somebody marked down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot import messages
from bot.discord.rendering.answers.answers import ASKED
from bot.discord.rendering.answers.excerpts import number_mark
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.rendering.message import Button, MessagePart
from bot.localization import _
from bot.records import Fault, Mark

__all__ = ["MarkNotice", "QuotedDocument", "concerned_line", "fault_name", "faults_line", "notice"]

_QUESTION, _REASON, _NAME, _OWNERS = 250, 400, 80, 2
"""Most units; together with four documents and our own words they fit into a message."""


@dataclass(frozen=True, slots=True)
class QuotedDocument:
    """A document that an answer showed words of, and who owns it, as mentions."""

    document: str
    title: str
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkNotice:
    """What those who read a channel may know of a mark.

    `link` is the address of the answer, None where not all of them can read it; then there is no
    `question` and no `reason` either, as where words are not kept.
    """

    mark: Mark
    fault: Fault | None
    link: str | None = None
    question: str | None = None
    reason: str | None = None
    documents: tuple[QuotedDocument, ...] = ()


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


def notice(mark_notice: MarkNotice, rows: Sequence[Sequence[Button]] = ()) -> MessagePart:
    """Return what is told of a mark; it pings nobody."""
    return MessagePart(
        "\n".join(_lines(mark_notice, acts=bool(rows))),
        rows=tuple(tuple(row) for row in rows if row),
    )


def _lines(mark_notice: MarkNotice, *, acts: bool) -> Iterator[str]:
    if mark_notice.mark is Mark.UP:
        taken_back = _("{mark} on an answer was taken back.").format(mark=messages.NOT_HELPFUL)
        yield f"-# {taken_back} {_answer_at(mark_notice.link)}".rstrip()
        return
    yield f"{_head(mark_notice.fault)} {_answer_at(mark_notice.link)}".rstrip()
    if mark_notice.link is None:
        yield _("It was given where not everybody here can read, so its words are not shown.")
    if mark_notice.question:
        yield ASKED.format(question=bold(" ".join(mark_notice.question.split()), _QUESTION))
    if mark_notice.reason:
        reason = escape_line(" ".join(mark_notice.reason.split()), _REASON)
        yield _("Reason: {reason}").format(reason=reason)
    if mark_notice.documents:
        listed = "\n".join(
            concerned_line(n, each) for n, each in enumerate(mark_notice.documents, 1)
        )
        yield listed
    if acts and mark_notice.fault is Fault.OUTDATED:
        yield _("-# The document's owner and admins can say here whether it is still right.")
    elif acts and mark_notice.fault is Fault.UNFIT:
        yield _(
            "-# To close a document to some people instead, name an audience in the policy or "
            "in its front matter; `/access` says who sees a folder."
        )


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


def concerned_line(number: int, each: QuotedDocument) -> str:
    """Return a document with its number, its title, its name and its owners."""
    title, name = bold(each.title or each.document, _NAME), escape_line(each.document, _NAME)
    facts = [title, *([name] if each.title else []), *each.owners[:_OWNERS]]
    return f"{number_mark(number)} {' · '.join(facts)}"
