"""Parses what a question asks of a table, by the question's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from index.answering.kinds.tables.query import (
    Condition,
    DateMention,
    Operation,
    TableQuery,
)
from index.answering.kinds.tables.superlatives import superlative_in
from index.answering.kinds.tables.words import BEGUN, QuestionWord, places_within, question_words
from index.number_words import NUMBERS
from index.rewriting.english import ARTICLE, AUXILIARY, PREPOSITION
from index.tables.dates import PartialDate, date_of, dates_in
from index.tables.values import value_of

_NUMBER = (
    r"(?P<{0}>[€$£]?\s?\d[\d,.]{{0,20}}(?:\s\d{{3}}){{0,5}}(?:\s?%)?|" + "|".join(NUMBERS) + ")"
)
_MORE_THAN = (
    r"more than|greater than|higher than|larger than|bigger than|longer than|older than|over"
    r"|above|exceed(?:s|ed|ing)?"
)
_LESS_THAN = (
    r"less than|fewer than|lower than|smaller than|shorter than|younger than|cheaper than|under"
    r"|below"
)
_FROM = r"at least|no less than|not less than|no fewer than|a minimum of"
_UP_TO = r"at most|no more than|not more than|up to|a maximum of"
_TEST = re.compile(
    rf"\b(?P<word>(?P<above>{_MORE_THAN})|(?P<below>{_LESS_THAN})|(?P<from>{_FROM})|(?P<upto>{_UP_TO}))"
    rf"\s+(?:(?:the|a|an|of|about)\s+)?(?:{_NUMBER.format('number')}(?!\w))?",
    re.IGNORECASE,
)
_OR_MORE = re.compile(
    rf"\b{_NUMBER.format('number')}(?P<noun>(?:\s\w+)?)\s(?P<word>or (?:more|less|fewer|above|over"
    r"|below|under|higher|lower))\b",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"\bbetween\s+{_NUMBER.format('low')}(?:\s\w+)?\s+and\s+{_NUMBER.format('high')}(?!\w)",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\b(?P<after>after|later than)|(?P<since>since|from)\s+$", re.IGNORECASE)
_DATE_RELATION = re.compile(
    r"\b(?:(?P<after>after|later than)|(?P<since>since)|(?P<before>before|earlier than)"
    r"|(?P<until>until|till|by))\s+(?:the\s+)?(?:end of\s+)?$",
    re.IGNORECASE,
)

_DATE_RANGE = re.compile(
    r"\b(?:between|from)\s+(?:the\s+)?(?P<first>\S+(?:\s\S+){0,2})\s+(?:and|to|until|till|through)"
    r"\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_DAY_ALONE = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?")
_DAY_OF_MONTH = re.compile(r"\bthe (?P<day>\d{1,2})(?:st|nd|rd|th)\b(?! (?:of )?[A-Z])")
"""Of a month that is not named, such as "on the 25th"."""

_SUM = re.compile(
    r"\b(?:total|sum|altogether|together|combined|in all|overall|in total|added up)\b", re.I
)
_AVERAGE = re.compile(r"\b(?:average|mean|on average)\b", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"\bdifference (?:in|of|between)\b|\bhow (?:much|many) (?:\w+ )?(?:more|less|fewer|higher"
    r"|lower|longer|further|over|under|above|below)\b(?! than \d)"
    r"|\b(?:go|goes|went|gone) (?:over|under)\b",
    re.IGNORECASE,
)
_TOTAL_NUMBER = re.compile(r"\btotal number of\b", re.IGNORECASE)
_COUNT = re.compile(r"\bhow many\b|\b(?:the )?number of\b|\bcount (?:of|the)\b", re.IGNORECASE)
_LIST_ALL = re.compile(
    r"^(?:please )?(?:list|name|give me|show(?: me)?) all (?:of )?(?:the |our )?"
    r"(?P<head>\w+)[ .!?]*$",
    re.IGNORECASE,
)
"""What names all of a column; how many they are is said with them."""
_WH = re.compile(
    r"^(?:(?:and|so|but|please|also|tell me|in|on|at|for|to|from|by|with|of)\s+)*"
    r"(?P<wh>how many|how much|how long|how far|how fast|how often|how old|how heavy|how high"
    r"|how tall|how big|how large|who|whom|whose|when|where|which|what|why|how)\b",
    re.IGNORECASE,
)
_INNER_WH = re.compile(r"\b(?P<wh>how many|how much|which|what|who)\b", re.IGNORECASE)
_HOW_MANY_FIT = re.compile(
    r"\bhow many (?P<counted>people|persons|guests|kids|children)\b.{0,30}?"
    r"\b(?P<fit>fits?|sit|seated|accommodates?)\b",
    re.IGNORECASE,
)
_YES_NO = re.compile(rf"^(?:and |so |but )?(?:{'|'.join(sorted(AUXILIARY))})\b", re.IGNORECASE)


def parse_table_query(question: str) -> TableQuery:
    """Return what a question asks, as far as its own words tell it."""
    words = tuple(question_words(question))
    reader = _Reader(question, words)
    comparison = reader.comparison()
    taken = comparison.positions if comparison else frozenset[int]()
    superlative, of_superlative = superlative_in(question, words, taken)
    operation, of_operation = reader.operation()
    wh = reader.wh()
    if comparison is not None and wh == "how many" and operation is not Operation.DIFFERENCE:
        operation = Operation.COUNT
    fit = reader.how_many_fit()
    listed = reader.all_listed()
    if listed:
        operation, of_operation = Operation.COUNT, frozenset(range(listed[0]))
    head = fit[1:] or listed or reader.head(wh, of_superlative | of_operation | taken)
    mentions = tuple(m for m in reader.dates() if not m.positions <= taken)
    return TableQuery(
        words,
        wh,
        head,
        operation,
        superlative,
        comparison,
        mentions,
        frozenset((*taken, *of_superlative, *of_operation, *fit[:1])),
        of_operation,
    )


class _Reader:
    """Reads a question by its surface, one aspect after another."""

    def __init__(self, question: str, words: Sequence[QuestionWord]) -> None:
        self._question = question
        self._words = words

    def _at(self, start: int, end: int) -> frozenset[int]:
        return places_within(self._words, start, end)

    def wh(self) -> str:
        """Return the word or words that ask."""
        if match := _WH.match(self._question):
            return match["wh"].lower()
        if _YES_NO.match(self._question):
            return "is"
        if match := _INNER_WH.search(self._question):
            return match["wh"].lower()
        return ""

    def how_many_fit(self) -> tuple[int, ...]:
        """Return the places of the two words in "how many people fit"; none in other questions."""
        if not (match := _HOW_MANY_FIT.search(self._question)):
            return ()
        (counted,), (fit,) = self._at(*match.span("counted")), self._at(*match.span("fit"))
        return counted, fit

    def all_listed(self) -> tuple[int, ...]:
        """Return the place of the noun in "list all drivers"; none in other questions."""
        match = _LIST_ALL.match(self._question)
        return tuple(self._at(*match.span("head"))) if match else ()

    def head(self, wh: str, taken: Iterable[int]) -> tuple[int, ...]:
        """Return the places of the noun after "which", "what" or "how many"."""
        if wh not in ("which", "what", "how many", "how much", "whose"):
            return ()
        match = re.search(rf"\b{wh}\b", self._question, re.IGNORECASE)
        assert match is not None
        found: list[int] = []
        for word in self._words:
            if word.start < match.end():
                continue
            if word.at in taken:
                if found:
                    break
                continue
            if word.low in ARTICLE or word.low in ("total", "kind", "type", "of", "other"):
                if found and word.low == "of":
                    break
                continue
            if word.low in AUXILIARY or word.low in PREPOSITION or word.is_number:
                break
            if found and not _is_noun_run(word.low):
                break
            found.append(word.at)
            if len(found) == 2:
                break
        return tuple(found)

    def dates(self) -> list[DateMention]:
        """Return the dates that are named."""
        found = [
            DateMention(self._at(start, end), date) for start, end, date in dates_in(self._question)
        ]
        if not found and (match := _DAY_OF_MONTH.search(self._question)):
            found.append(
                DateMention(
                    self._at(match.start("day"), match.end()), PartialDate(day=int(match["day"]))
                )
            )
        return found

    def operation(self) -> tuple[Operation, frozenset[int]]:
        """Return what is computed, and the words that ask for it."""
        for operation, pattern in (
            (Operation.DIFFERENCE, _DIFFERENCE),
            (Operation.COUNT, _TOTAL_NUMBER),
            (Operation.AVERAGE, _AVERAGE),
            (Operation.SUM, _SUM),
            (Operation.COUNT, _COUNT),
        ):
            if match := pattern.search(self._question):
                positions = self._at(*match.span())
                if operation is Operation.DIFFERENCE:
                    positions |= {word.at for word in self._words if word.low == "than"}
                return operation, positions
        return Operation.NONE, frozenset()

    def comparison(self) -> Condition | None:
        """Return the test that rows are to pass; None for any other question."""
        return self._date_test() or self._range() or self._or_more() or self._test()

    def _date_test(self) -> Condition | None:
        for start, end, date in dates_in(self._question):
            if (
                (match := _DATE_RANGE.search(self._question[:start]))
                and (first := _first_of_range(match["first"], date))
                and (date.month or BEGUN.intersection(word.low for word in self._words))
            ):
                positions = self._at(match.start(), end)
                return Condition(positions, max(positions), True, since=first, until=date)
            match = _DATE_RELATION.search(self._question[:start])
            if match is None:
                continue
            after = match["after"] or match["since"]
            return Condition(
                self._at(match.start(), end),
                max(self._at(start, end)),
                above=bool(after),
                strict=bool(match["after"] or match["before"]),
                since=date if after else None,
                until=None if after else date,
            )
        return None

    def _range(self) -> Condition | None:
        match = _RANGE.search(self._question)
        if match is None or _DIFFERENCE.search(self._question):
            return None
        low, high = _value(match["low"]), _value(match["high"])
        if low is None or high is None:
            return None
        positions = self._at(*match.span())
        return Condition(positions, max(positions), True, low[0], high[0], unit=low[1] or high[1])

    def _or_more(self) -> Condition | None:
        if not (match := _OR_MORE.search(self._question)):
            return None
        value = _value(match["number"])
        if value is None:
            return None
        positions = self._at(*match.span("number")) | self._at(*match.span("word"))
        above = match["word"].lower().split()[1] in ("more", "above", "over", "higher")
        least, most = (value[0], None) if above else (None, value[0])
        return Condition(positions, max(positions), above, least, most, unit=value[1])

    def _test(self) -> Condition | None:
        for match in _TEST.finditer(self._question):
            above = bool(match["above"] or match["from"])
            value = _value(match["number"]) if match["number"] else None
            positions = self._at(*match.span("word"))
            if value is None:
                if match["from"] or match["upto"] or " than" in match["word"].lower():
                    continue
                return Condition(positions, max(positions), above)
            positions |= self._at(*match.span("number"))
            strict = bool(match["above"] or match["below"])
            least, most = (value[0], None) if above else (None, value[0])
            return Condition(
                positions, max(positions), above, least, most, strict=strict, unit=value[1]
            )
        return None


def _first_of_range(text: str, last: PartialDate) -> PartialDate | None:
    """Return the first day of "1 to 22 October", which the last one completes."""
    if day := _DAY_ALONE.fullmatch(text):
        return replace(last, day=int(day[1])) if last.day else None
    found = date_of(text)
    if found is None or bool(found.month) != bool(last.month):
        return None
    return replace(found, year=found.year or last.year)


def _is_noun_run(low: str) -> bool:
    """Return whether a word may go on with the noun before it; a verb's form ends it."""
    return not low.endswith(("ed", "ing"))


def _value(text: str) -> tuple[Decimal, str] | None:
    text = text.strip().rstrip(".,").lower()
    if text in NUMBERS:
        text = str(NUMBERS[text])
    value = value_of(text)
    return None if value.number is None else (value.number, value.unit)
