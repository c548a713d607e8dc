"""Kinds of files that are not read, in a line each."""

from __future__ import annotations

from collections.abc import Iterable

from bot.localization import ngettext
from bot.wording.engine import translate
from index.sources.unread_kinds import UnreadKind, unread_kinds


def unread_lines(reasons: Iterable[str]) -> list[str]:
    """Return, for the kinds of files that are not read, a line each: how many, and what to do.

    `reasons` are why files were not read; those that were not for their kind are left out.
    """
    return [_line(kind) for kind in unread_kinds(reasons)]


def _line(kind: UnreadKind) -> str:
    if kind.suffix:
        template = ngettext(
            "{n:,} {suffix} file: {advice}", "{n:,} {suffix} files: {advice}", kind.count
        )
    else:
        template = ngettext(
            "{n:,} file without a suffix: {advice}",
            "{n:,} files without a suffix: {advice}",
            kind.count,
        )
    return template.format(n=kind.count, suffix=kind.suffix, advice=translate(kind.advice))
