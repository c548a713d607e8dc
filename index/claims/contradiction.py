"""Contradictions: whether two statements say different things of the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from index.claims.clause import Clause, Reading
from index.claims.context import Context
from index.claims.measures import Amount
from index.claims.reading import read
from index.claims.statement import Statement
from index.claims.subject import same_subject
from index.claims.updating import recorded_on
from index.claims.words import LIGHT, OF_ALL
from index.document import Span

_MOST_CLAUSES = 8
_ROUGHLY = Decimal("0.1")
_ROUNDED = Decimal("0.05")
_SAME = Decimal("0.02")
_UNEVEN = Decimal("0.085")
"""Between four weeks and a month."""
_BEGINNINGS = frozenset({"start", "open"})
_EDGES = _BEGINNINGS | {"end", "close"}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What two statements say differently: the words of each, as spans of its document.

    `kind` is "number", "money", "date", "duration", "percentage", "name" or "polarity".
    """

    kind: str
    one: Span
    other: Span


def contradiction(
    one: Statement, other: Statement, asked: frozenset[str] = frozenset()
) -> Contradiction | None:
    """Return how two statements contradict each other; None where they do not, or in doubt.

    `asked` are the terms of a question that both answer, which thus are said of both.
    """
    if one.document == other.document and one.span.overlaps(other.span):
        return None
    if one.document == other.document and (one.cells or other.cells):
        return None  # rows of one document are of different things
    if recorded_on(one) and recorded_on(other) and recorded_on(one) != recorded_on(other):
        return None  # each row held on its own day
    first, second = read(one), read(other)
    if not _same_matter(first.context, second.context):
        return None
    for clause, against in product(_asked_of(first, asked), _asked_of(second, asked)):
        if found := _differ(clause, against, first, second, asked):
            kind, here, there = found
            return Contradiction(kind, here.moved(one.start), there.moved(other.start))
    return None


def _asked_of(reading: Reading, asked: frozenset[str]) -> tuple[Clause, ...]:
    """Return the clauses of a statement; of a row those whose column is asked for, if any is."""
    clauses = reading.clauses[:_MOST_CLAUSES]
    columns = tuple(each for each in clauses if each.form == "row" and each.column & asked)
    return columns or clauses


def _same_matter(one: Context, other: Context) -> bool:
    """Return whether what stands above two statements does not tell that they are of different
    things: of other years, or of two of a kind."""
    if one.years and other.years and not one.years & other.years:
        return False
    if one.dates and other.dates and not one.dates & other.dates:
        return False
    if one.scopes ^ other.scopes:
        return False
    return not (_are_parallel(one.title, other.title) or _are_parallel(one.heading, other.heading))


def _are_parallel(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two titles are of two of a kind: "Oslo depot" and "Bergen depot"."""
    return bool(one & other and one - other - OF_ALL and other - one - OF_ALL)


def _differ(
    one: Clause, other: Clause, first: Reading, second: Reading, asked: frozenset[str]
) -> tuple[str, Span, Span] | None:
    edges = _edges(one, other)
    if (one.scopes != other.scopes and not edges) or one.keys != other.keys:
        return None
    if {one.tense, other.tense} in ({"past", "future"}, {"past", "present"}):
        return None
    if not same_subject(one, other, first, second, asked):
        return None
    if edges:
        here, there, is_other = edges
        return (here.kind, here.span, there.span) if is_other else None
    if one.name and other.name:
        if _other_name(one.name, other.name) and not one.is_negative ^ other.is_negative:
            return "name", one.name_span, other.name_span
        return None
    if one.amounts and other.amounts:
        if one.is_negative != other.is_negative:
            agree = _agree(one.amounts, other.amounts)
            return _other_polarity(one, other) if agree else None
        return _other_amount(one.amounts, other.amounts, exact=one.terms == other.terms)
    if one.amounts or other.amounts or one.name or other.name:
        return ("polarity", one.span, other.span) if _is_none(one, other) else None
    return _other_polarity(one, other)


def _edges(one: Clause, other: Clause) -> tuple[Amount, Amount, bool] | None:
    """Return the hours of two clauses of which one says when a time begins or ends, and the other
    from when to when it is, and whether they differ; None for any other two."""
    for point, whole in ((one, other), (other, one)):
        edge = point.scopes - whole.scopes
        if not (whole.scopes <= point.scopes and len(edge) == 1 and edge <= _EDGES):
            continue
        if not len(point.amounts) == len(whole.amounts) == 1:
            continue
        hour, hours = point.amounts[0], whole.amounts[0]
        if hour.dimension == hours.dimension == "clock" and hours.is_range and not hour.is_range:
            of_range = hours.low if edge <= _BEGINNINGS else hours.high
            is_other = hour.low % 720 != of_range % 720
            return (hour, hours, is_other) if point is one else (hours, hour, is_other)
    return None


def _other_name(one: str, other: str) -> bool:
    words, words_other = ({w.strip(".").lower() for w in text.split()} for text in (one, other))
    return not words & words_other


def _other_amount(
    amounts: tuple[Amount, ...], others: tuple[Amount, ...], *, exact: bool
) -> tuple[str, Span, Span] | None:
    """Return the amounts that differ where all others agree; None where they may be of others."""
    pairs = _paired(amounts, others, exact=exact)
    if pairs is None:
        return None
    apart = [(one, other) for one, other in pairs if _apart(one, other)]
    if not apart or (len(apart) > 1 and not (exact and len({one.kind for one, _ in apart}) == 1)):
        return None
    if len(pairs) > 1 and len(apart) == len(pairs) and not exact:
        return None
    one, other = apart[0]
    return one.kind, one.span, other.span


def _agree(amounts: tuple[Amount, ...], others: tuple[Amount, ...]) -> bool:
    return len(amounts) == len(others) and all(
        (one.dimension, one.low, one.high, one.text)
        == (other.dimension, other.low, other.high, other.text)
        for one, other in zip(amounts, others, strict=True)
    )


def _paired(
    amounts: tuple[Amount, ...], others: tuple[Amount, ...], *, exact: bool
) -> list[tuple[Amount, Amount]] | None:
    """Return which amount is to be compared with which; None where that is not clear."""
    if len(amounts) > len(others):
        found = _paired(others, amounts, exact=exact)
        return None if found is None else [(one, other) for other, one in found]
    left = list(others)
    pairs = []
    for one in amounts:
        like = [each for each in left if _comparable(one, each)]
        same = [each for each in like if each.noun == one.noun] or like
        if not same or (one.noun and same[0].noun and not exact and one.noun != same[0].noun):
            return None
        pairs.append((one, same[0]))
        left.remove(same[0])
    if any(_comparable(one, each) for one in amounts for each in left):
        return None
    if any(each.kind == "date" and each.dimension in ("weekday", "date", "day") for each in left):
        return None
    return pairs


def _comparable(one: Amount, other: Amount) -> bool:
    return (
        _dimension(one) == _dimension(other)
        and (one.per == other.per)
        and not (
            one.noun and other.noun and one.noun[:4] != other.noun[:4] and one.dimension != "count"
        )
    )


def _dimension(amount: Amount) -> str:
    return "date" if amount.dimension == "day" else amount.dimension


def _apart(one: Amount, other: Amount) -> bool:
    """Return whether two amounts cannot both hold."""
    if one.kind == "name":
        return one.text != other.text
    if one.dimension == "clock":
        if one.is_range != other.is_range:
            return False
        return (one.low % 720, one.high % 720) != (other.low % 720, other.high % 720) and (
            one.low,
            one.high,
        ) != (other.low, other.high)
    if one.dimension == "weekday":
        return not (_holds(one, other) or _holds(other, one))
    if one.kind == "date":
        return _other_date(one, other)
    if one.bound and other.bound:
        return one.bound == other.bound and not _near(one, other)
    for limit, value in ((one, other), (other, one)):
        if limit.bound == "least":
            return value.high < limit.low * (1 - _SAME)
        if limit.bound == "most":
            return value.low > limit.high * (1 + _SAME)
    if one.is_range or other.is_range:
        nested = (one.low >= other.low and one.high <= other.high) or (
            other.low >= one.low and other.high <= one.high
        )
        return not nested and not _near(one, other)
    return not _near(one, other)


def _other_date(one: Amount, other: Amount) -> bool:
    if {one.dimension, other.dimension} == {"date", "day"}:
        return False if _holds(one, other) else _without_year(one) != _without_year(other)
    return not (_holds(one, other) or _holds(other, one))


def _holds(one: Amount, other: Amount) -> bool:
    return one.low <= other.low and other.high <= one.high


def _without_year(amount: Amount) -> tuple[int, int]:
    first = date.fromordinal(int(amount.low))
    return first.month, first.day


def _near(one: Amount, other: Amount) -> bool:
    """Return whether two values are the same, or one of them rounds the other."""
    greatest = max(abs(one.low), abs(other.low), abs(one.high), abs(other.high))
    if not greatest:
        return True
    apart = max(abs(one.low - other.low), abs(one.high - other.high)) / greatest
    if apart <= Decimal("0.0001") or (one.per == "time" and apart <= _SAME):
        return True
    if one.is_uneven != other.is_uneven and apart <= _UNEVEN:
        return True
    if one.dimension in ("mass", "length") and apart <= Decimal("0.005"):
        return True
    if one.about or other.about:
        return apart <= _ROUGHLY
    return _rounds(one, other) or _rounds(other, one)


def _rounds(one: Amount, other: Amount) -> bool:
    """Return whether one rounds the other: "2,000" does for "1,987", but not "70" for "68"."""
    if one.is_range or other.is_range or one.digits >= other.digits or not one.low:
        return False
    fewer = other.digits - one.digits
    is_share = one.kind == "percentage" and other.low != other.low.to_integral_value()
    if fewer < 2 and one.digits < 2 and not is_share:
        return False
    step = Decimal(10) ** (one.low.adjusted() - one.digits + 1)
    return abs(one.low - other.low) <= min(step / 2, abs(one.low) * _ROUNDED * (1 + is_share))


def _is_none(one: Clause, other: Clause) -> bool:
    """Return whether one clause says that there is none of what the other one has figures of."""
    for denied, stated in ((one, other), (other, one)):
        if denied.is_of_none and stated.amounts and not stated.is_negative:
            return not (denied.amounts or denied.name or (one.terms ^ other.terms) - LIGHT)
    return False


def _other_polarity(one: Clause, other: Clause) -> tuple[str, Span, Span] | None:
    duties = {one.duty, other.duty}
    if one.is_negative == other.is_negative:
        return None
    if "need not" in duties and "must" not in duties:
        return None
    if len(one.terms & other.terms) < 2 or (one.terms ^ other.terms) - LIGHT:
        return None
    return "polarity", one.span, other.span
