"""Questions since when something holds, or whether it always did: by versions of its document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from index.answering.answer import Excerpt, Reply, Says
from index.answering.excerpts.quoting import excerpt_at
from index.answering.scope import Findings, Scope
from index.answering.tuning import TUNING
from index.chunking.units import units_of
from index.comparing.comparison import Relation, compare
from index.document import Document, Span
from index.parsing.text.dates import dates_in
from index.store.catalog.particulars import ParticularKind
from index.store.words.lexical import content_stems

_SINCE_WHEN = re.compile(
    r"\W*(?:and )?(?:since when|since what (?:date|day)|from (?:when|what date|which date)(?: on)?"
    r"|seit wann|ab wann|siden når|fra når)\b"
    r"(?! (?:to|until|till|through|and to|and until|bis|til) )",
    re.IGNORECASE,
)
_ALWAYS = re.compile(
    r"(?P<before>\W*(?:and )?(?:has|have|had|was|were|did|war|waren|galt|galten|hat|haben|har"
    r"|gjaldt|var)\b[^?]*?)\s(?:always|(?:schon )?immer|alltid)\b",
    re.IGNORECASE,
)
_MOST_VERSIONS = 6
"""Versions that are compared, the newest first."""


def asked_without_when(question: str) -> str:
    """Return the question whether it is so at all; empty for what is not asked since when."""
    if always := _ALWAYS.match(question):
        return f"{always['before']}{question[always.end() :]}".strip()
    asked = _SINCE_WHEN.match(question)
    return question[asked.end() :].strip() if asked else ""


def says_all(question: str, excerpt: Excerpt) -> bool:
    """Return whether an excerpt has every word of a question that counts, in any form."""
    said = content_stems(" ".join((excerpt.quote, *excerpt.heading, excerpt.title)))
    return content_stems(question) <= said


def say_since_when(question: str, findings: Findings, scope: Scope) -> Findings:
    """Return the findings, with the day since which the first excerpt is said, if that is asked,
    or whether it always was.

    What names a day itself answers by itself. Of versions that may be seen, the oldest in a row
    that says the same counts; what the one before says instead is shown second. Nothing is said
    where these are too long to be compared.
    """
    first = next(iter(findings.excerpts), None)
    thing = asked_without_when(question)
    if first is None or not thing:
        return findings
    new = scope.catalog.document(first.document)
    if new is None:
        return findings
    asked = _asked_unit(thing, first, new)
    if dates_in(said := asked.of(new.text)):
        return findings
    since, before, instead, left = first.document, "", None, TUNING.compared_characters
    for version in _earlier_versions(first.document, scope):
        old = scope.catalog.document(version)
        if old is None:
            return findings
        if not _has_unit(old, said):
            left -= len(old.text) + len(new.text)
            if left < 0:
                return findings
            relation, span = _said_in(old, new, asked)
            if relation not in (Relation.SAME, Relation.MOVED):
                before, instead = version, span
                break
        since = version
    date = _holds_from(since, scope)
    if not date:
        return findings
    values = {"title": first.title, "date": date}
    if before and (written := _holds_from(before, scope)):
        values["written"] = written
    reply = Reply(Says.SAID_SINCE, values)
    excerpts = findings.excerpts
    if instead and (earlier := excerpt_at(before, instead, scope.catalog)):
        others = (each for each in excerpts[1:] if each.document != before)
        excerpts = (first, earlier, *others)
        excerpts = tuple(replace(each, number=n) for n, each in enumerate(excerpts, start=1))
    return replace(findings, excerpts=excerpts, replies=(reply, *findings.replies))


def _asked_unit(question: str, excerpt: Excerpt, document: Document) -> Span:
    """Return the sentence of an excerpt that has most words of a question that its title lacks."""
    asked = content_stems(question) - content_stems(" ".join((excerpt.title, *excerpt.heading)))
    units = (unit.span for unit in units_of(document) if unit.span.overlaps(excerpt.span))
    return max(units, key=lambda span: len(asked & content_stems(span.of(document.text))))


def _earlier_versions(document: str, scope: Scope) -> Iterator[str]:
    """Yield the versions before one of a document, the newest first."""
    successor = scope.replaced.get(document)
    last = successor.document if successor else document
    own = scope.catalog.date(document) or ""
    dated = [
        (scope.catalog.date(old) or "", old)
        for old, new in scope.replaced.items()
        if new.document == last and old != document
    ]
    earlier = sorted((each for each in dated if each[0] and each[0] < own), reverse=True)
    yield from (name for _, name in earlier[:_MOST_VERSIONS])


def _has_unit(document: Document, text: str) -> bool:
    """Return whether a document has a sentence, an item or a row of these very words."""
    return any(unit.span.of(document.text) == text for unit in units_of(document))


def _said_in(old: Document, new: Document, span: Span) -> tuple[Relation, Span | None]:
    """Return what a span of `new` is beside `old`, and where that says it, or what instead."""
    comparison = compare(old, new)
    for pair in comparison.pairs:
        if pair.new is None or not comparison.new_units[pair.new].span.overlaps(span):
            continue
        return pair.relation, None if pair.old is None else comparison.old_units[pair.old].span
    return Relation.ADDED, None


def _holds_from(document: str, scope: Scope) -> str:
    """Return the day from which a document says that it holds, or else its date."""
    particulars = scope.catalog.particulars.of(document)
    begins = [each.value for each in particulars if each.what is ParticularKind.FROM]
    return next(filter(None, begins), scope.catalog.date(document) or "")[:10]
