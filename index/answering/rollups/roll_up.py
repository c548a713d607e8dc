"""Lists over all documents that may be seen: gathered, counted, ordered, and quoted in part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.answering.answer import Excerpt, Successor
from index.answering.excerpts.quoting import excerpt_of, header_above
from index.answering.excerpts.setting import style_excerpt
from index.answering.excerpts.verification import verify
from index.answering.list_requests import Extent, Lists, RollUpRequest
from index.answering.rollups.contacts import add_addresses, add_phones
from index.answering.rollups.dated import ALL_TIME, add_dated, add_deadlines
from index.answering.rollups.decisions import DECISION_WORDS, add_decisions
from index.answering.rollups.figures import add_figures
from index.answering.rollups.mentions import add_mentions
from index.answering.rollups.rows import RollUp, RollUpRow
from index.answering.rollups.standing import TIME_WORDS, add_standing
from index.answering.rollups.statements import Gathering, ListedStatement
from index.answering.rollups.topic import Topic
from index.answering.scope import Scope
from index.answering.scope.stopwatch import Stopwatch
from index.answering.tuning import TUNING
from index.answering.versions.succession import successors
from index.answering.visible_documents import day_of, days_of, visible
from index.chunking.passage import Passage
from index.decisions import Decisions
from index.store.generation import Generation
from index.store.words.name_index import DocumentName
from index.tables.units import is_unit_word

NO_DECISIONS = Decisions()
_BATCH = 500
"""Passages that are read together to quote from."""
_STATED = frozenset({Lists.DEADLINES, Lists.DATES, Lists.DECISIONS})
"""Lists whose period is that of what is stated, and not that of the document."""


def verified_roll_up(
    request: RollUpRequest,
    generation: Generation,
    names: Collection[str] | None = None,
    *,
    today: date,
    decisions: Decisions = NO_DECISIONS,
    first: int = 1,
    most: int = TUNING.listed_documents,
) -> RollUp:
    """Return a list over the documents of a generation, its quotes verified; no model is needed.

    With `names`, all other documents are ignored as if they did not exist. Raises ExcerptMismatch,
    which is a defect.
    """
    allowed = generation.catalog.filter_of(names)
    scope = Scope(generation, names, allowed, today, Stopwatch(), decisions)
    found = roll_up(request, scope, first, most)
    verify((row.quote for row in found.rows if row.quote), generation.catalog)
    return replace(found, generation=generation.number)


def roll_up(
    request: RollUpRequest, scope: Scope, first: int = 1, most: int = TUNING.listed_documents
) -> RollUp:
    """Return a list over all documents that may be seen, with `most` rows from `first` on.

    Documents of the very same content are one, named after the first of their names. Those that
    are replaced come last.
    """
    documents = {each.name: each for each in visible(scope)}
    topic = Topic(request.about, scope) if request.about else None
    gathered = _gathered(request, topic, documents, scope)
    named = {document for document, _ in gathered.found} | gathered.titled
    undated = 0
    if request.period and request.lists not in _STATED:
        days = {name: days_of(documents[name].date) for name in named}
        undated = sum(day is None for day in days.values())
        named = {name for name, day in days.items() if day and request.period.holds(day)}
    copies = _copies(named, scope)
    statements: defaultdict[str, list[ListedStatement]] = defaultdict(list)
    for each in gathered.found.values():
        if each.document in copies:
            statements[each.document].append(each)
    replaced = successors(scope)
    if request.lists is Lists.MENTIONS:
        listed = _by_document(copies, statements, gathered.titled, documents, replaced)
    else:
        listed = _by_statement(request, statements, documents, replaced, scope)
    start = max(0, first - 1)
    shown = listed[start : start + most]
    quotes = _quotes(shown, topic, scope)
    extent = Extent(
        request,
        documents=len(copies) if request.lists is Lists.MENTIONS else len(statements),
        statements=sum(map(len, statements.values())),
        rows=len(listed),
        undated=undated,
        is_whole=gathered.is_whole,
    )
    rows = tuple(
        RollUpRow(
            each.document,
            documents[each.document].title,
            day_of(documents[each.document]),
            quote,
            further=each.further,
            day=each.statement.day if each.statement else None,
            values=each.statement.values if each.statement else (),
            replaced_by=replaced.get(each.document),
            copies=copies[each.document],
        )
        for each, quote in zip(shown, quotes, strict=True)
    )
    return RollUp(extent, rows, start + 1)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A row before it is quoted; `statement` is None for a document by its title alone."""

    document: str
    statement: ListedStatement | None
    further: int = 0


def _gathered(
    request: RollUpRequest, topic: Topic | None, documents: Mapping[str, DocumentName], scope: Scope
) -> Gathering:
    """Return all statements that a request asks for, whatever its period is of its documents."""
    gathering, period = Gathering(scope, TUNING.rolled_up_passages, topic), request.period
    keys = None
    if topic:
        # A unit may be a sign in the header of a column.
        unit = is_unit_word if request.lists is Lists.FIGURES else lambda _: False
        keys = _in_order(topic.candidates(unit), documents, scope)
    match request.lists:
        case Lists.MENTIONS if topic and keys is not None:
            add_mentions(gathering, topic, keys)
        case Lists.FIGURES if topic and keys is not None:
            add_figures(gathering, request.about, topic, keys)
        case Lists.DEADLINES:
            add_deadlines(gathering, keys, period or ALL_TIME)
            wanted = _in_order(_both(_keys_with(TIME_WORDS, scope), keys), documents, scope)
            add_standing(gathering, wanted, period)
        case Lists.DATES:
            add_dated(gathering, keys, period or ALL_TIME)
        case Lists.DECISIONS:
            wanted = _in_order(_both(_keys_with(DECISION_WORDS, scope), keys), documents, scope)
            days = {n: day for n, each in documents.items() if (day := days_of(each.date))}
            add_decisions(gathering, wanted, period, days)
        case Lists.PHONES | Lists.ADDRESSES:
            if keys is None:
                keys = _in_order(scope.catalog.keys_of(documents), documents, scope)
            add = add_phones if request.lists is Lists.PHONES else add_addresses
            add(gathering, keys)
    return gathering


def _keys_with(words: Iterable[str], scope: Scope) -> list[int]:
    """Return the keys of the passages that may hold one of these words."""
    lexical = scope.catalog.lexical()
    found = (lexical.mentions([word], scope.allowed)[0] for word in words)
    return sorted({mention.key for some in found for mention in some})


def _both(keys: Sequence[int], others: Sequence[int] | None) -> Sequence[int]:
    """Return the keys that are among the others too, if there are others."""
    return keys if others is None else sorted(set(keys).intersection(others))


def _in_order(
    keys: Sequence[int], documents: Mapping[str, DocumentName], scope: Scope
) -> list[int]:
    """Return the keys of passages, those of the newest documents first, since these are read."""
    of = scope.catalog.documents_of(keys)
    newest = sorted(set(of.values()), key=lambda name: (documents[name].day, name), reverse=True)
    place = {name: number for number, name in enumerate(newest)}
    return sorted(keys, key=lambda key: (place[of[key]], key))


def _copies(names: Collection[str], scope: Scope) -> dict[str, tuple[str, ...]]:
    """Return the first of the documents of each content, in order of name, with the others."""
    digests = scope.catalog.digests(names)
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        alike[digests[name] or name].append(name)
    return {first: tuple(others) for first, *others in alike.values()}


def _by_document(
    names: Iterable[str],
    statements: Mapping[str, Sequence[ListedStatement]],
    titled: Collection[str],
    documents: Mapping[str, DocumentName],
    replaced: Mapping[str, Successor],
) -> list[_Listed]:
    """Return a row for each document: those called so and those with most statements first."""
    ordered = sorted(names)
    ordered.sort(key=lambda name: documents[name].day, reverse=True)
    ordered.sort(key=lambda name: (name in titled, len(statements.get(name, ()))), reverse=True)
    ordered.sort(key=lambda name: name in replaced)
    rows = []
    for name in ordered:
        found = statements.get(name, ())
        best = min(found, key=lambda each: each.rank, default=None)
        rows.append(_Listed(name, best, max(0, len(found) - 1)))
    return rows


def _by_statement(
    request: RollUpRequest,
    statements: Mapping[str, Sequence[ListedStatement]],
    documents: Mapping[str, DocumentName],
    replaced: Mapping[str, Successor],
    scope: Scope,
) -> list[_Listed]:
    """Return a row for each statement.

    What is dated is in order of its day, what is to come before what is over; decisions and figures
    begin with those of the newest document.
    """
    found = [each for some in statements.values() for each in some]
    found.sort(key=lambda each: (each.document, each.span))
    if request.lists in (Lists.DEADLINES, Lists.DATES):
        today = scope.today
        found.sort(key=lambda each: each.day.first if each.day else date.max)
        found.sort(key=lambda each: each.day is not None and each.day.last < today)
    elif request.lists is Lists.DECISIONS:
        found.sort(key=lambda each: each.day.first.toordinal() if each.day else 0, reverse=True)
    else:
        found.sort(key=lambda each: documents[each.document].day, reverse=True)
    found.sort(key=lambda each: each.document in replaced)
    return [_Listed(each.document, each, len(statements[each.document]) - 1) for each in found]


def _quotes(shown: Sequence[_Listed], topic: Topic | None, scope: Scope) -> list[Excerpt | None]:
    """Return the quote of each row, with the words of the topic set off."""
    quotes: list[Excerpt | None] = []
    for at in range(0, len(shown), _BATCH):
        some = [each.statement for each in shown[at : at + _BATCH]]
        passages = scope.catalog.passages(sorted({each.key for each in some if each}))
        quotes += (
            _quote(each, passages[each.key], topic, scope) if each else None for each in some
        )
    return quotes


def _quote(
    statement: ListedStatement, passage: Passage, topic: Topic | None, scope: Scope
) -> Excerpt:
    span = statement.span
    words = [value.span for value in statement.values]
    if topic and not words:
        words = topic.places(passage.text_of(span), span.start)
    within = sorted({word for word in words if span.contains(word)})
    unit = next((unit for unit in passage.units if unit.span == span), None)
    header = header_above(unit, passage, scope.catalog)
    excerpt = replace(excerpt_of(span, passage, scope.catalog, within), header=header)
    return style_excerpt(excerpt, scope.catalog)
