"""Questions about what changed in the documents, and about two of them beside each other.

What is said goes by the documents that may be seen alone: a document that was opened since counts
like one that was added, so that nothing tells which of both it was. Of two documents the sentences
that differ are quoted; what one document said earlier is not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby

from index.answering.answer import Excerpt, QuestionKind, Reply, Says
from index.answering.excerpts.quoting import excerpt_of
from index.answering.kinds.collection.collection import answer_collection
from index.answering.kinds.collection.listing import listed
from index.answering.scope import Findings, Scope
from index.answering.tuning import TUNING
from index.answering.understanding.forms import Form
from index.answering.understanding.names.document_names import names_kind
from index.answering.understanding.times import AskedTime, asked_time
from index.answering.versions.named_version import (
    document_called,
    is_version_phrase,
    without_version,
)
from index.answering.versions.succession import successors
from index.answering.visible_documents import days_of, visible
from index.chunking.passage import Unit
from index.comparing.comparison import Comparison, Pair, Relation, compare
from index.comparing.stretches import stretches
from index.comparing.words import differing_words
from index.document import BlockKind, Document, Span
from index.store.catalog.history import ChangeKind, DocumentEvent
from index.store.words.name_index import DocumentName

_LATELY = timedelta(days=31)
_LONGEST = 200
"""Characters of a question about changes."""
_WORDS = {
    "THE": "the|our|your|my|all|any|these|recent|latest|last",
    "DOCS": "documents?|docs?|files?|briefings?|briefs?|papers?|corpus|library|collection|index",
    "DONE": "changed|change|updated|revised|modified|edited|amended|different",
    "WHAT": "what|whats|what's|what is|what has|what have|what was|anything|has anything"
    "|did anything|is anything|has something",
    "SHOW": "list|show|show me|give me|tell me|what are|what were|what|any|were there any"
    "|are there any",
}
_OF_DOCUMENTS = Form(
    """
    (what|which) [of] [THE]* DOCS [were|was|have|has|got|are]* [been] DONE
    WHAT [been] DONE (in|with|to|among|across) [THE]* DOCS
    [SHOW] [THE]* (changes|updates|revisions) (in|to|of|among|across) [THE]* DOCS
    [SHOW] [THE]* document (changes|updates|revisions)
    """,
    _WORDS,
)
_BARE = Form(
    """
    WHAT [been] DONE [here]
    [SHOW] [THE]* changes
    """,
    _WORDS,
)
_CHANGES_OF_DOCUMENT = Form(
    """
    WHAT [been] (DONE|new) (in|with|to|about) <document>
    (how|has|have|did) [has|have|did] <document> [been] DONE
    [SHOW] [THE]* (changes|revisions|updates) (in|to|of|for|made to) <document>
    """,
    _WORDS,
)
_COMPARISONS = Form(
    """
    compare <one> (with|to|and|against) <other>
    (what is|what's|whats|what are|show|show me|tell me|list) [the] (difference|differences)
        between <one> and <other>
    [the] (difference|differences) between <one> and <other>
    how (does|do|did|is|are) <one> (differ|different) from <other>
    WHAT [been] (DONE|new) (in|with|to|about) <document> (between|from) <one> (and|to) <other>
    """,
    _WORDS,
)
_LAST_SEEN = re.compile(
    r" since (?:my last (?:visit|time)|last time|i (?:was last here|last looked|looked last"
    r"|was here last))$",
    re.IGNORECASE,
)
_NEWS = Form("WHAT [been] (DONE|new) [here|in [THE]* DOCS]", _WORDS)


def answer_changes(question: str, scope: Scope) -> Findings | None:
    """Return which documents changed, or how two of them differ; None for any other question."""
    if len(question) > _LONGEST:
        return None
    typed = " ".join(question.replace("’", "'").split()).rstrip("?!. ")
    if (last := _LAST_SEEN.search(typed)) and _matches(_NEWS, typed[: last.start()]):
        return _found([], scope, Reply(Says.CHANGED_LAST_SEEN))
    for found in _COMPARISONS.match(typed):
        if answer := _beside(found, scope):
            return answer
    time = asked_time(typed, scope.today)
    rest = time.without(typed).rstrip("?!. ") if time else typed
    if _matches(_OF_DOCUMENTS, rest):
        return _changed_since(time, scope) or _found(
            [], scope, Reply(Says.NOTHING_CHANGED, _days(time))
        )
    if time and _is_lately(time, scope.today) and _matches(_BARE, rest):
        # Where no change is known, such as in a new index, documents tell by their own dates.
        of_dates = typed.replace(rest, "what is new", 1)
        return _changed_since(time, scope) or answer_collection(of_dates, scope)
    for found in _CHANGES_OF_DOCUMENT.match(rest):
        if document := document_called(found.get("document", ""), scope):
            return _changed(document, time, scope) or _from_before(document, time, scope)
    return None


def _is_lately(time: AskedTime, today: date) -> bool:
    """Return whether a time is of the documents as they come in, rather than of what they tell."""
    return time.since or today - time.period.first <= _LATELY


def _matches(form: Form, text: str) -> bool:
    return any(True for _ in form.match(text))


def _changed_since(time: AskedTime | None, scope: Scope) -> Findings | None:
    """Return the documents that were added or changed in a time, the last first; None without."""
    last = {name: events[-1].moment for name, events in _events(time, scope).items()}
    documents = [each for each in visible(scope) if each.name in last]
    if not documents:
        return None
    documents.sort(key=lambda each: last[each.name].at, reverse=True)
    reply = Reply(Says.CHANGED_SINCE, {"number": len(documents), **_days(time)})
    return _found(documents[: TUNING.listed_documents], scope, reply)


def _changed(document: DocumentName, time: AskedTime | None, scope: Scope) -> Findings | None:
    """Return when a document changed; None where that is not known, so that its text may say it."""
    events = _events(time, scope, document.name).get(document.name, [])
    # Without its text kept, the last one may have opened the document to whoever asks.
    changes = [each for each in events if each.became is ChangeKind.CHANGED]
    if not changes or not changes[-1].has_text:
        return None
    values: dict[str, str | int | tuple[str, ...]] = {
        "title": document.title,
        "number": len(changes),
        "date": changes[-1].moment.at[:10],
    }
    return _found([document], scope, Reply(Says.CHANGED, values))


def _events(
    time: AskedTime | None, scope: Scope, document: str | None = None
) -> Mapping[str, list[DocumentEvent]]:
    """Return the events of a time by document, without what is not to be shown."""
    wanted = scope.names if document is None else [document]
    by_name: defaultdict[str, list[DocumentEvent]] = defaultdict(list)
    for event in scope.catalog.history.events(wanted):
        before = by_name[event.name]
        if before and before[-1].places != event.places:
            # Others could see it from then on: to them it is new, and what was before never was.
            before[:] = [replace(before[-1], became=ChangeKind.ADDED)]
        before.append(event)
        if (event.name, event.moment.at) in scope.decisions.withheld:
            before.clear()  # what was before it is not to be shown either
    return {
        name: within
        for name, events in by_name.items()
        if (within := [each for each in events if _is_of(time, each)])
    }


def _is_of(time: AskedTime | None, event: DocumentEvent) -> bool:
    return time is None or time.period.first <= _day(event) <= time.period.last


def _day(event: DocumentEvent) -> date:
    return datetime.fromisoformat(event.moment.at).date()


def _beside(found: Mapping[str, str], scope: Scope) -> Findings | None:
    """Return how two documents differ; None unless both are surely meant."""
    phrase, other_phrase = found.get("one", ""), found.get("other", "")
    if document := found.get("document"):
        if not (is_version_phrase(phrase) and is_version_phrase(other_phrase)):
            return None
        phrase = f"{document} {phrase}"
    if is_version_phrase(other_phrase):
        other_phrase = f"{without_version(phrase)} {other_phrase}"
    if not (names_kind(phrase) and names_kind(other_phrase)):
        return None
    one, other = (document_called(each, scope) for each in (phrase, other_phrase))
    if one is None or other is None or one.name == other.name:
        return None
    return _compared(one, other, scope)


def _from_before(document: DocumentName, time: AskedTime | None, scope: Scope) -> Findings | None:
    """Return how a document differs from the one that it replaced, if it did in that time."""
    dates = {name: scope.catalog.date(name) or "" for name in (document.name,)}
    replaced = successors(scope)
    before = [name for name, by in replaced.items() if by.document == document.name]
    dates |= {name: scope.catalog.date(name) or "" for name in before}
    days = days_of(dates[document.name])
    if time and not (days and time.period.first <= days.last <= time.period.last):
        return None
    last = max(before, key=lambda name: (dates[name], name), default=None)
    old = next((each for each in visible(scope) if each.name == last), None)
    return _compared(old, document, scope) if old else None


def _compared(one: DocumentName, other: DocumentName, scope: Scope) -> Findings | None:
    """Return how two documents differ: how much, and the first sentences that do."""
    old, new = scope.catalog.document(one.name), scope.catalog.document(other.name)
    if old is None or new is None or len(old.text) + len(new.text) > TUNING.compared_characters:
        return None
    comparison = compare(old, new)
    counts = [each.relation for each in stretches(comparison)]
    values: dict[str, str | int | tuple[str, ...]] = {
        "one": one.title,
        "other": other.title,
        **_days_of_both(one, other, scope),
        "differ": counts.count(Relation.CHANGED),
        "only_one": counts.count(Relation.REMOVED),
        "only_other": counts.count(Relation.ADDED),
        "agree": comparison.count(Relation.SAME),
    }
    quoted = tuple(_differing_sentences(comparison, scope))
    reply = Reply(Says.COMPARED, {**values, "quoted": len(quoted)})
    return replace(_found([one, other], scope, reply), excerpts=quoted)


def _differing_sentences(comparison: Comparison, scope: Scope) -> Iterator[Excerpt]:
    """Yield the first sentences and rows that differ, each new one before what it was."""
    old, new = _Quotable(comparison.old, scope), _Quotable(comparison.new, scope)
    left = TUNING.compared_sentences
    for pair in _new_before_old(comparison):
        before = None if pair.old is None else comparison.old_units[pair.old]
        after = None if pair.new is None else comparison.new_units[pair.new]
        if not all(side.has(unit) for side, unit in ((old, before), (new, after)) if unit):
            continue
        was, now = _words_apart(comparison, before, after)
        found = [new.excerpt(after, now)] if after else []
        found += [old.excerpt(before, was)] if before else []
        yield from filter(None, found)
        left -= 1
        if not left:
            return


def _new_before_old(comparison: Comparison) -> Iterator[Pair]:
    """Yield what differs; between two units that agree, what is gone comes last."""
    for agrees, pairs in groupby(comparison.pairs, lambda pair: pair.relation is Relation.SAME):
        if not agrees:
            differing = (pair for pair in pairs if pair.relation is not Relation.MOVED)
            yield from sorted(differing, key=lambda pair: pair.new is None)


def _words_apart(
    comparison: Comparison, before: Unit | None, after: Unit | None
) -> tuple[Sequence[Span], Sequence[Span]]:
    """Return the spans of words that differ in two sentences; none of a sentence alone."""
    if before is None or after is None:
        return (), ()
    old, new = before.span.of(comparison.old.text), after.span.of(comparison.new.text)
    was, now = differing_words(old, new)
    return _placed(was, before.span.start), _placed(now, after.span.start)


def _placed(spans: Sequence[Span], start: int) -> list[Span]:
    return [Span(start + span.start, start + span.end) for span in spans]


class _Quotable:
    """Quotes of a document what differs, without headings and what only tells its version."""

    def __init__(self, document: Document, scope: Scope) -> None:
        self._name = document.name
        self._catalog = scope.catalog
        self._of_itself = [
            each.span for each in scope.catalog.particulars.of(document.name) if each.span
        ]

    def has(self, unit: Unit) -> bool:
        is_said = unit.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW)
        return is_said and not any(unit.span.overlaps(span) for span in self._of_itself)

    def excerpt(self, unit: Unit, emphasis: Sequence[Span]) -> Excerpt | None:
        passage = self._catalog.passage_at(self._name, unit.span)
        return excerpt_of(unit.span, passage, self._catalog, emphasis) if passage else None


def _days_of_both(one: DocumentName, other: DocumentName, scope: Scope) -> dict[str, str]:
    """Return the dates of two documents of one title, by which they are told apart."""
    dates = scope.catalog.date(one.name), scope.catalog.date(other.name)
    if one.title != other.title or not all(dates):
        return {}
    return {"written": dates[0] or "", "date": dates[1] or ""}


def _days(time: AskedTime | None) -> dict[str, str]:
    return time.days() if time else {}


def _found(documents: list[DocumentName], scope: Scope, reply: Reply) -> Findings:
    return Findings(
        QuestionKind.COLLECTION,
        confidence=TUNING.ruled_confidence,
        replies=(reply,),
        documents=listed(documents, scope),
    )
