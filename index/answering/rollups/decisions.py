"""Gathers decisions: what stands below a heading for them, and what is said to be decided."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from index.answering.excerpts.quoting import heading_above
from index.answering.rollups.statements import Gathering
from index.chunking.passage import Passage, Unit
from index.document import BlockKind
from index.parsing.text.dates import Period, dates_in

DECISION_WORDS = (
    "decided decision decisions decides agreed approved adopted resolved resolution concluded"
    " carried passed rejected defeated"
).split()
_HEADING = re.compile(r"\b(?:decisions?|decided|resolutions?|agreed|resolved|approved)\b", re.I)
_OPEN = re.compile(r"\b(?:not|un\w+|open|pending|to be|needed|required|for decision)\b", re.I)
_DECIDED = re.compile(
    r"\b(?:was|were|been|we|they|all|board|committee|council|group|meeting|team|management|cabinet"
    r"|assembly|directors?|ministers?|ministry|government|parliament|coordinators?|managers?|heads?"
    r"|chair|partners|participants|members|donors?|mission|hereby|unanimously|formally)(?: (?:has"
    r"|have|also|then|now|\w{2,12}ly))? (?:decided|decides|agreed|resolved|approved|approves"
    r"|adopted|adopts)\b|\b(?:proposals?|motions?|amendments?|resolutions?) (?:was|were) (?:carried"
    r"|passed|lost|rejected|defeated)\b"
    r"|\b(?:decisions?|resolution)(?: was| is)?(?: taken)?(?: \d{1,3})?\s?[:–]",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:as|not|never|nothing|nobody|none|if|once|until|unless|when|whether|who|which|before"
    r"|(?<=\w )what)(?: \w{1,12}){0,2} ?$",
    re.IGNORECASE,
)
"""What may stand before such words that then tell of no decision: "until the board has agreed",
"below is what we decided"."""
_MINUTES = re.compile(r"(?:\b|_)(?:minutes|meeting|agm|protokoll|referat)(?:\b|_)", re.IGNORECASE)
"""In the name of a document in which the items of one list are all decisions, or none is."""
_REACH = 24
_STATING = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW)


def add_decisions(
    gathering: Gathering, keys: Sequence[int], period: Period | None, days: Mapping[str, Period]
) -> None:
    """Add the decisions in a period, by the day that they name or that of their document.

    `days` has those of the documents that state one.
    """
    for key, passage in gathering.passages(keys):
        said = {unit: _is_decision(unit, passage) for unit in passage.units}
        lists = _lists_of(said, passage)
        for unit, below in said.items():
            if below is None and not (unit.kind is BlockKind.ITEM and unit.group in lists):
                continue
            if not gathering.is_on_topic(unit, passage):
                continue
            day = _day(passage.text_of(unit.span), days.get(passage.document), period, bool(below))
            if period is None or (day and period.holds(day)):
                rank = (int(not below), unit.span.start)
                gathering.add(key, passage, unit, rank=rank, day=day)


def _lists_of(said: Mapping[Unit, bool | None], passage: Passage) -> frozenset[int]:
    """Return the lists of minutes of which an item is a decision; so are their other items."""
    if not _MINUTES.search(f"{passage.title} {passage.document}"):
        return frozenset()
    return frozenset(
        unit.group
        for unit, below in said.items()
        if below is not None and unit.kind is BlockKind.ITEM
    )


def _is_decision(unit: Unit, passage: Passage) -> bool | None:
    """Return whether a decision stands below a heading for it; None for anything else."""
    if unit.kind not in _STATING:
        return None
    headings = heading_above(passage, unit.span.start)
    if any(_OPEN.search(each) for each in headings):
        return None
    text = passage.text_of(unit.span)
    if text.rstrip().endswith(("?", ":")):
        return None
    if any(_HEADING.search(each) for each in headings):
        return True
    for match in _DECIDED.finditer(text):
        before = text[max(0, match.start() - _REACH) : match.start()]
        if not _NOT_YET.search(before):
            return False
    return None


def _day(
    text: str, of_document: Period | None, period: Period | None, below: bool
) -> Period | None:
    """Return the first day in a text that lies in a period, else that of its document.

    What stands `below` a heading was decided on the day of its document, if that lies in the
    period: a day in it is that of what is to be done.
    """
    if below and of_document and (period is None or period.holds(of_document)):
        return of_document
    year = of_document.first.year if of_document else None
    stated = [day for each in dates_in(text) if each.day and (day := each.period(year))]
    within = [day for day in stated if period is None or period.holds(day)]
    return within[0] if within else of_document
