"""Reads statements: what each clause is about, what it says of that, and within which limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from index.claims.amounts import amounts_in
from index.claims.clause import Clause, Reading
from index.claims.context import context_of
from index.claims.manner import OPPOSITES, VERB, denies, duty_in, tense_of
from index.claims.measures import Amount, measure_of
from index.claims.names import is_name, names_of, stated_name
from index.claims.statement import Statement
from index.claims.words import LIGHT, UNSAID, scopes_of, stem, terms_of
from index.document import Span
from index.store.words.lexical import STOP_WORDS
from index.tables.units import unit_of_header
from index.text import WORD

_CLAUSES = re.compile(
    r";\s+|,\s+(?=(?:which|so|because|although|though|while|whereas|but|and (?:the|it|they|we|he"
    r"|she|there|this|these|no|a|an|is|are|was|were|has|have|had|will|must|may)|who|where)\b)"
    r"|\s(?=(?:because|although|whereas)\b)|\s\((?=[^)]{12,}\))"
)
_CONDITION = re.compile(
    r"^\W*(?:if|unless|suppose|imagine|assuming|in case|e\.g\.)\b", re.IGNORECASE
)
_UNSAID = re.compile(
    r"\b(?:for example|for instance|such as|e\.g\.|suppose|imagine|let us say)", re.I
)
_LONGEST_LABEL = 80
_SINGLE = re.compile(
    r"owner|manager|leader|head|lead|chair|contact|responsible|director|commander|coordinator|location"
    r"|place|venue|address|site|supplier|vendor|provider|approv|sign|project|client|customer|base|host"
    r"|city|country|port|capital|status|colour|color|currency|officer|accountable|deputy|speaker|keeper"
    r"|focal|supervisor|warden|representative|advis|auditor|doctor|nurse|trainer|driver|captain|editor|secretary|treasurer|room|hotel|carrier|insurer|bank|mode|model|fuel",
    re.IGNORECASE,
)
"""Labels that have one value."""
OWN_FIELDS = re.compile(
    r"(?:date|dated|version|author|authors|from|to|cc|sent|subject|status|classification|audience"
    r"|page|updated|last updated|last modified|created|revision|edition|reviewed|review|next review"
    r"|review date|approved|approved by|prepared by|written by|published|title|document|document"
    r" owner|owner|id|reference|ref|ref\.|no\.?|number|replaces|supersedes|valid from|valid until"
    r"|distribution|tags|keywords|source|file|filename|url|doi|isbn|isbn-1[03]|printed|time"
    r"|duration|effective|issue|copyright|note|meeting|present|attendees|apologies|minutes|day|step"
    r"|example|figure|table|total|sum|type|kind|q|a|question"
    r"|answer|todo|action|name|message-id|license|licence|price|language|encoding)",
    re.IGNORECASE,
)
"""Labels of what a document says of itself, or that say nothing of what it is about."""
_LETTERS = 0.5
"""Of the signs of a sentence."""
_FRAGMENT = 4
"""Words of what is no sentence, if none of them is one of grammar."""
_SUBJECT = 120
_DEFINITE = re.compile(r"\W*(?:the|our|this|these|those|your|my)\b", re.IGNORECASE)
_POINTING = re.compile(
    r"\W*(?:it|its|he|his|she|her|they|their|this|these|those|that|we|i|you|both|all|some|such"
    r"|is|are|was|were)\b",
    re.IGNORECASE,
)
_PARTICULAR = re.compile(
    r"\W*(?:the|this|these|that|those|our|your|my|its|his|her|their|it|he|she|they|we|i|you|some|such"
    r"|many|few|several|most|other|a|an|there)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"[^su]s$|^(?:staff|personnel|people|children|women|men)$", re.IGNORECASE)
"""The last word of a subject that is of more than one."""
_NONE = re.compile(
    r"\W*(?:(?:at present|currently|now|so far),?\s)?(?:there (?:is|are) (?:currently )?no\b"
    r"|no [\w ]{1,40} (?:applies|apply|is in force|are in force)\b)",
    re.IGNORECASE,
)
_OWNED = re.compile(r"\b(?:its|his|her|their)\b", re.IGNORECASE)
_AGO = re.compile(r"\s(?:ago|earlier|later)\b", re.IGNORECASE)
_BESIDE_AN_EVENT = re.compile(r"\s(?:before|after)\b", re.IGNORECASE)
_PART_OF = re.compile(r"\s(?:[\w-]+\s)?of (?:the|our|all|its|them|these|those|his|her|their)\b")
_VERBS_OF_TIME = re.compile(
    r"\b(?:is|are|be|begins?|starts?|ends?|finish\w*|expires?|due|deadline|launch\w*|takes? place"
    r"|held|opens?|closes?|deliver\w*|submit\w*|valid|effective|established|founded|completed?"
    r"|review\w*|renew\w*|scheduled|runs? (?:until|from)|falls? on|moved to|postponed to|departs?"
    r"|leaves?|arrives?|until|lasts?|meets?|closing|opening|election|appointed|signed|goes live"
    r"|enters? into force|handed? (?:in|over))\b",
    re.IGNORECASE,
)
_DUE = re.compile(r"\w\s(?:by|no later than|not later than)\s(?:the\s)?\Z", re.IGNORECASE)
"""Before a day that ends a clause: until when something is to be done."""
_CACHED = 256
"""Readings: those of one question, each of which is compared several times, and not many more."""


_OfWords = Callable[[str, int, str], Clause]
"""Reads the text of a clause, which begins at a place of its statement, of a form."""


@lru_cache(_CACHED)
def read(statement: Statement) -> Reading:
    """Return what a statement says, clause by clause; no clauses where it claims nothing."""
    context = context_of(statement)
    return Reading(statement, tuple(_clauses(statement, _of_words)), context)


def read_briefly(statement: Statement) -> Iterator[Clause]:
    """Yield the clauses of a statement with their terms, amounts and names alone, in less time."""
    return _clauses(statement, _of_words_briefly)


def _clauses(statement: Statement, of_words: _OfWords) -> Iterator[Clause]:
    text = statement.text
    if text.rstrip().endswith("?") or _UNSAID.search(text) or _CONDITION.match(text):
        return
    low = text.lower()
    if any(word in low for word in UNSAID) and any(
        word.strip(",;:()") in UNSAID for word in low.split()
    ):
        return
    if statement.cells:
        yield from _of_cells(statement)
    elif statement.label:
        if clause := _of_field(statement, of_words):
            yield clause
    elif _is_worded(text):
        yield from _of_sentence(text, statement.text_start, of_words)


def _is_worded(text: str) -> bool:
    """Return whether a text is a sentence for the most part, and not signs, figures and labels."""
    letters = sum(map(str.isalpha, text))
    if letters < _LETTERS * (len(text) - text.count(" ")):
        return False
    words = WORD.findall(text)
    return len(words) > _FRAGMENT or any(word.lower() in STOP_WORDS for word in words)


def _of_cells(statement: Statement) -> Iterator[Clause]:
    """Yield a clause for each cell with a value: what the other cells say is what it is of."""
    texts = [cell for cell in statement.cells if cell.text.strip()]
    first = next((cell for cell in texts if any(map(str.isalpha, cell.text))), None)
    if first is None or len(first.text) > _LONGEST_LABEL:
        return
    at = texts.index(first)
    before = frozenset(filter(None, (" | ".join(cell.text for cell in texts[:at]),)))
    valued = [(cell, amounts_in(cell.text)) for cell in texts[at:]]
    labels = [cell for cell, amounts in valued if not amounts or cell is first]
    dated = [each for _, amounts in valued for each in amounts if each.kind in ("date", "name")]
    before |= frozenset(each.span.of(first.text) for each in amounts_in(first.text))
    order = tuple(stem(word.lower()) for word in WORD.findall(first.text))
    for cell, amounts in valued:
        if cell is first or not cell.header.strip():
            continue
        subject = f"{first.text} {cell.header}"
        others = before | {
            " ".join(sorted(terms_of(each.text)))
            for each in labels
            if each not in (cell, first) and not _SINGLE.search(each.header)
        }
        terms = terms_of(subject)
        span = Span(cell.start, cell.start + len(cell.text))
        scopes = scopes_of(f"{subject} {cell.text}")
        if len(amounts) == 1:
            amount = _with_unit(_shifted(amounts[0], cell.start), cell.header)
            if amount.dimension in ("year", "weekday") or amount.kind == "name":
                continue
            apart = {f"{each.low} {each.text}" for each in dated if each not in amounts}
            yield Clause(
                terms, frozenset(order), (amount,), scopes, order, span=span, form="row",
                keys=others | apart,
            )  # fmt: skip
        elif not amounts and _SINGLE.search(cell.header) and is_name(cell.text):
            yield Clause(
                terms, frozenset(order), (), scopes, order, name=cell.text, name_span=span,
                span=span, form="row", keys=others | {f"{each.low} {each.text}" for each in dated},
            )  # fmt: skip


def _with_unit(amount: Amount, header: str) -> Amount:
    """Return the amount of a cell with the unit that its header names."""
    measure = measure_of(unit_of_header(header)) if amount.dimension == "count" else None
    if measure is None:
        return amount
    return replace(
        amount,
        kind=measure.kind,
        dimension=measure.dimension,
        low=amount.low * measure.factor,
        high=amount.high * measure.factor,
        is_uneven=measure.is_uneven,
    )


def _of_field(statement: Statement, of_words: _OfWords) -> Clause | None:
    label, at = statement.label, statement.value_start
    if OWN_FIELDS.fullmatch(label.strip()):
        return None
    value = statement.text[at:]
    amounts = tuple(_shifted(each, at) for each in amounts_in(value))
    terms = terms_of(label)
    span = Span(at, len(statement.text))
    rest = _without(value, amounts_in(value))
    extra = terms_of(rest)
    name = ""
    if not amounts:
        name = value.strip(" .*") if _SINGLE.search(label) and len(value.split()) <= 6 else ""
        if not name or not is_name(name):
            return of_words(statement.text, 0, "field")
    order = names_of(label, True)
    return Clause(
        terms | extra if not name else terms,
        frozenset(order),
        amounts,
        scopes_of(f"{label} {rest}"),
        order,
        is_negative=denies(value),
        name=name,
        name_span=Span(at, at + len(value.rstrip(" .*"))),
        span=span,
        form="field",
    )


def _of_sentence(text: str, start: int, of_words: _OfWords) -> Iterator[Clause]:
    ends = [match.span() for match in _CLAUSES.finditer(text, start)]
    for end, after in (*ends, (len(text), len(text))):
        piece = text[start:end]
        if len(piece) >= 6:
            yield of_words(piece, start, "sentence")
        start = after


def _of_words(text: str, start: int, form: str) -> Clause:
    """Return a clause of words."""
    amounts = amounts_in(text)
    rest = _without(text, amounts)
    clause, subject, limits = _begun(text, start, form, amounts, rest)
    of_name = {stem(word) for word in WORD.findall(clause.name.lower())}
    order = tuple(each for each in names_of(text, False) if each not in of_name)
    head, is_brief = _head(subject if clause.name else rest)
    return replace(
        clause,
        names=frozenset(order),
        order=order,
        scopes=scopes_of(rest) | _periods(limits) | _parts(amounts, text),
        is_negative=denies(text) ^ bool(len(_opposites(text)) % 2),
        duty=duty_in(text),
        tense=tense_of(text),
        head=head,
        is_brief=is_brief,
        is_general=_is_general(text, amounts),
        is_of_none=_NONE.match(text) is not None,
        is_pointing=_is_pointing(text),
    )


def _of_words_briefly(text: str, start: int, form: str) -> Clause:
    amounts = amounts_in(text)
    return _begun(text, start, form, amounts, _without(text, amounts))[0]


def _begun(
    text: str, start: int, form: str, amounts: tuple[Amount, ...], rest: str
) -> tuple[Clause, str, list[Amount]]:
    """Return a clause with its terms, amounts and name; of what the name is; and the limits."""
    terms = terms_of(rest)
    if opposites := _opposites(text):
        terms = terms.difference(map(stem, opposites)).union(
            stem(OPPOSITES[word]) for word in opposites
        )
    name, name_span, subject = stated_name(text)
    if any(each.span.overlaps(name_span) for each in amounts):
        name, name_span = "", Span(0, 0)
    if name:
        terms = terms_of(subject)
        if subject.startswith(("is ", "will be")):
            terms = terms_of(subject.partition(" ")[2])
    last = max((each.span.start for each in amounts), default=0)
    limits = [
        each
        for each in amounts
        if not _is_value(each, text)
        or _AGO.match(text, each.span.end)
        or (len(amounts) > 1 and _BESIDE_AN_EVENT.match(text, each.span.end))
        or (each.span.start < last and each.dimension == "count" and each.bound and not each.noun)
    ]
    clause = Clause(
        terms,
        frozenset(),
        tuple(_shifted(each, start) for each in amounts if each not in limits),
        frozenset(),
        name=name,
        name_span=name_span.moved(start),
        span=Span(start, start + len(text)),
        form=form,
    )
    return clause, subject, limits


def _opposites(text: str) -> list[str]:
    """Return the words of a text that deny what their opposites say."""
    return [low for word in WORD.findall(text) if (low := word.lower()) in OPPOSITES]


def _is_value(amount: Amount, text: str) -> bool:
    """Return whether an amount is what a clause says, and not when or of what it says it."""
    if amount.kind == "name":
        if amount.dimension in ("phone", "email"):
            return True
        return bool(_VERBS_OF_PLACE.search(text, 0, amount.span.start))
    if amount.kind != "date" or amount.dimension == "clock":
        return True
    if amount.dimension == "year":
        return bool(re.search(r"\b(?:founded|established|built|born|since|dates from)\b", text))
    if _VERBS_OF_TIME.search(text, 0, amount.span.start):
        return True
    return _DUE.search(text, 0, amount.span.start) is not None and not text[
        amount.span.end :
    ].strip(" .")


_VERBS_OF_PLACE = re.compile(
    r"\b(?:is|are|meets?|takes? place|held|from|on|to|uses?|leaves?|departs?|arrives?|kept|stored"
    r"|call|dial|gather|report|located|lies|starts?|in|at|monitor|switch|listen)\b",
    re.IGNORECASE,
)


def _periods(limits: Sequence[Amount]) -> frozenset[str]:
    """Return the times and other amounts that limit what a clause says."""
    return frozenset(f"{each.dimension} {each.low} {each.high}{each.text}" for each in limits)


def _parts(amounts: Sequence[Amount], text: str) -> frozenset[str]:
    """Return a scope where one of the amounts is of a part: "three members of the team"."""
    is_part = any(_PART_OF.match(text, each.span.end) for each in amounts)
    return frozenset(("part of",)) if is_part else frozenset()


def _is_pointing(text: str) -> bool:
    """Return whether the subject of a clause is what another sentence names."""
    verb = VERB.search(text)
    owned = _OWNED.search(text, 0, verb.start()) if verb else None
    return owned is not None or _POINTING.match(text) is not None


def _head(text: str) -> tuple[str, bool]:
    """Return the first word of the subject of a clause, and whether it is the only one."""
    verb = VERB.search(text)
    subject = terms_of(text[: verb.start()]) - LIGHT if verb else frozenset()
    head = next(
        (
            found
            for word in WORD.findall(text[:_SUBJECT])
            if (found := stem(word.lower())) and terms_of(word) and found not in LIGHT
        ),
        "",
    )
    return head, len(subject) <= 1 and _DEFINITE.match(text) is not None


def _is_general(text: str, amounts: tuple[Amount, ...]) -> bool:
    """Return whether the subject of a clause is all of a kind: several, and none of them named."""
    verb = VERB.search(text)
    words = WORD.findall(text[: verb.start()]) if verb else []
    if verb is None or not words or _PARTICULAR.match(text):
        return False
    if any(each.span.start < verb.start() for each in amounts):
        return False
    return _SEVERAL.search(words[-1]) is not None


def _without(text: str, amounts: tuple[Amount, ...]) -> str:
    """Return a text without its amounts."""
    pieces, at = [], 0
    for each in amounts:
        pieces.append(text[at : each.span.start])
        at = max(at, each.span.end)
        label = each.dimension.removeprefix("number of ")
        if label != each.dimension:
            pieces.append(label)
    return " ".join((*pieces, text[at:]))


def _shifted(amount: Amount, start: int) -> Amount:
    return replace(amount, span=amount.span.moved(start))
