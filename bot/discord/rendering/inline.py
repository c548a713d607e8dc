"""One line of text set in bold, italics and so on, so that Discord and CommonMark show the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush

from bot.discord.rendering.escape import escaped, is_mark, may_stand
from index.document import StyleKind

_ORDER = {
    StyleKind.STRUCK: 0,
    StyleKind.BOLD: 1,
    StyleKind.ITALIC: 2,
    StyleKind.MONOSPACED: 3,
}
_SIGNS = {StyleKind.STRUCK: "~~", StyleKind.BOLD: "**", StyleKind.ITALIC: "_"}
_MOST = 100
"""Runs of one line; where there are more, no person set them."""
_UNSAFE = re.compile(
    r"`|@(?:everyone|here)|<(?:@|\#|/|t:|id:|a?:)|discord(?:app)?\.\w|://", re.IGNORECASE
)
"""In code nothing can be escaped; what Discord's servers might act on is not set as code."""


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """The characters `[start, end)` of a line, set in one way."""

    start: int
    end: int
    kind: StyleKind


def set_line(seen: str, runs: Iterable[Run]) -> str:
    """Return markup that shows a line, with the runs set as their kinds say.

    A run is shortened, or left out, where its signs would not work.
    """
    runs = list(runs)
    if len(runs) > _MOST:
        runs = []
    codes = [
        run
        for run in _joined(run for run in runs if run.kind is StyleKind.MONOSPACED)
        if is_safe_code(seen[run.start : run.end])
    ]
    others = _joined(_around(run, codes) for run in runs if run.kind in _SIGNS)
    nested = _nested(others, codes, seen)
    marked = escaped(seen)
    if nested:  # a single one beside two that are signs
        marked = ["\\~" if one == "~" else one for one in marked]
    for run in codes:
        marked[run.start : run.end] = seen[run.start : run.end]
        marked[run.start] = f"`{marked[run.start]}"
        marked[run.end - 1] += "`"
    for run, sign in reversed(nested):  # the innermost signs stand nearest to the words
        marked[run.start] = sign + marked[run.start]
        marked[run.end - 1] += sign
    return "".join(marked)


def is_safe_code(text: str) -> bool:
    return bool(text.strip()) and text == text.strip() and not _UNSAFE.search(text)


def code_block(lines: Sequence[str]) -> list[str] | None:
    """Return lines as a block of code; None where its text cannot stand in one."""
    text = "\n".join(lines)
    if not text.strip() or _UNSAFE.search(text):
        return None
    return ["```", *(line.rstrip() for line in lines), "```"]


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Return the runs of each kind, those that touch made one."""
    found: list[Run] = []
    for run in sorted(runs, key=lambda run: (_ORDER[run.kind], run.start)):
        last = found[-1] if found else None
        if last and last.kind is run.kind and run.start <= last.end:
            found[-1] = replace(last, end=max(last.end, run.end))
        elif run.start < run.end:
            found.append(run)
    return found


def _around(run: Run, codes: Sequence[Run]) -> Run:
    """Return a run as wide as the code that it begins or ends in, since none can within code."""
    start, end = run.start, run.end
    for code in codes:
        if code.start < start < code.end:
            start = code.start
        if code.start < end < code.end:
            end = code.end
    return replace(run, start=start, end=end)


def _nested(runs: Iterable[Run], codes: Sequence[Run], seen: str) -> list[tuple[Run, str]]:
    """Return the runs with their signs, each within another or apart from it, the outer ones first.

    What is left of each works where it stands.
    """
    all_ = list(runs)
    waiting = [(run.start, -run.end, _ORDER[run.kind], run.kind) for run in all_]
    heapify(waiting)
    found: list[tuple[Run, str]] = []
    above: list[Run] = []
    while waiting:
        start, end, order, kind = heappop(waiting)
        run = Run(start, -end, kind)
        while above and above[-1].end <= run.start:
            above.pop()
        if above and above[-1].end < run.end:
            heappush(waiting, (above[-1].end, -run.end, order, kind))
            run = replace(run, end=above[-1].end)
        run = _shortened(run, codes, seen)
        if run.start != start and run.start < run.end:
            heappush(waiting, (run.start, -run.end, order, kind))
        elif sign := _sign_of(run, codes, seen, all_, above):
            found.append((run, sign))
            above.append(run)
    return found


def _shortened(run: Run, codes: Sequence[Run], seen: str) -> Run:
    """Return as much of a run as signs can enclose: none work beside white space.

    What is struck through cannot end with a tilde: Discord takes that for one of its signs, also
    behind a backslash.
    """
    begins = {code.start for code in codes}
    ends = {code.end for code in codes}
    start, end = run.start, run.end
    while start < end and not may_stand(
        seen[start - 1] if start else "", "`" if start in begins else seen[start]
    ):
        start += 1
    while start < end and (
        not may_stand(seen[end : end + 1], "`" if end in ends else seen[end - 1])
        or (run.kind is StyleKind.STRUCK and seen[end - 1] == "~")
    ):
        end -= 1
    return replace(run, start=start, end=end)


def _sign_of(
    run: Run, codes: Sequence[Run], seen: str, others: Sequence[Run], above: Sequence[Run]
) -> str:
    """Return the sign that works around a run, "" where none does."""
    if run.start >= run.end or any(
        code.start < run.start < code.end or code.start < run.end < code.end for code in codes
    ):
        return ""
    outside = seen[run.start - 1 : run.start] if run.start else "", seen[run.end : run.end + 1]
    in_word = any(one and not one.isspace() and not is_mark(one) for one in outside)
    edges = [outer.kind for outer in above if outer.start == run.start or outer.end == run.end]
    if edges and (in_word or (run.kind is StyleKind.STRUCK and StyleKind.ITALIC in edges)):
        return ""
    sign = _SIGNS[run.kind]
    if run.kind is StyleKind.ITALIC:
        beside = [one for one in others if one.kind is not run.kind]
        if any(run.start == one.end for one in beside):
            return ""
        if in_word:
            clear = "*" not in seen[run.start : run.end]
            alone = all(one.end < run.start or one.start > run.end for one in beside)
            sign = "*" if clear and alone else ""
    enclosed = (seen[code.start : code.end] for code in codes if run.start <= code.start < run.end)
    return "" if not sign or any(sign in code for code in enclosed) else sign
