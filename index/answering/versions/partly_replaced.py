"""Sections of documents that other documents replace, while the rest of them holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.answering.answer import Excerpt, Reply, Says
from index.answering.scope import Scope
from index.answering.understanding.names.document_names import documents_called
from index.parsing.text.heading_words import heading_words
from index.store.successions.versions import shares_folder

_PART = (
    r"(?P<part>(?:sections?|chapters?|clauses?|paragraphs?|articles?|annex|appendix|abschnitt"
    r"|kapitel|ziffer|nummer|artikel|anhang|anlage|kapittel|punkt|avsnitt|vedlegg)"
    r"\s+(?P<number>\d{1,3}(?:\.\d{1,3}){0,3}|[A-Z]))"
)
_OF_THE = r"\s+(?:of|in|der|des|von|im|i|av)\s+(?:(?:the|our|der|die|das|den)\s+)?"
_NAME = r"(?P<name>[^\n.;:()]{3,120}?)"
_ACTIVE = re.compile(
    rf"\b(?:replaces|supersedes|ersetzt|erstatter|avløser)\s+(?:the\s+)?{_PART}{_OF_THE}{_NAME}"
    r"(?=[.;:(\n]|,|$|\s+(?:with effect|from|as of|as from|on|by|ab|mit wirkung|fra)\b)",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    rf"\b{_PART}{_OF_THE}{_NAME}\s+(?:is|has been|was|wird|er|blir)\s+(?:hereby\s+|hiermit\s+)?"
    r"(?:replaced|superseded|ersetzt|erstattet)\s+(?:by|with|durch|av|med)\s+"
    r"(?:this|the following|dies\w{1,2}|denne|dette|følgende|folgende)\b",
    re.IGNORECASE,
)
_NOT_SO = re.compile(
    r"\b(?:not|never|no longer|if|unless|when|whether|may|might|could|would|should|will|shall"
    r"|draft|propos\w{0,4}|suggest\w{0,3}|plan(?:s|ned)?|until|once|example|except|nicht|kein\w{0,2}"
    r"|wenn|falls|könnte|soll\w{0,2}|würde|entwurf|ikke|hvis|kan|skal|bør|utkast)\b|[?“”\"«»]",
    re.IGNORECASE,
)
_ASKED_FOR = ("replaces section clause chapter", "supersedes section clause", "section replaced by")
_FOREIGN = ("ersetzt Abschnitt Kapitel Ziffer", "erstatter kapittel punkt avsnitt")
_MOST = 100
"""Passages for each of these that are looked through."""
_NUMBERED = re.compile(
    r"(?:§\s*|(?:section|chapter|clause|paragraph|article|annex|appendix|abschnitt|kapitel|ziffer"
    r"|nummer|artikel|anhang|anlage|kapittel|punkt|avsnitt|vedlegg)\s+)?"
    r"(?P<number>\d{1,3}(?:\.\d{1,3}){0,3}|[A-Z](?=[.):]))(?=[.):\s]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Replaced:
    """A section, as the statement calls it, and the document that replaces it."""

    part: str
    number: str
    by: str


def sections_replaced(excerpts: Sequence[Excerpt], scope: Scope) -> tuple[Reply, ...]:
    """Return a reply for each section that is quoted and that another document replaces.

    Only documents that may be seen count, on either side.
    """
    numbered = [(each, found) for each in excerpts if (found := _numbers(each))]
    if not numbered:
        return ()
    stated = scope.catalog.succession_index().stated_among(scope.names)
    replaced = stated.kept("sections", lambda: _all(scope))
    replies: list[Reply] = []
    for excerpt, numbers in numbered:
        for one in replaced.get(excerpt.document, ()):
            if not any(_is_within(number, one.number) for number in numbers):
                continue
            values = {
                "part": one.part,
                "title": excerpt.title,
                "by": scope.catalog.title(one.by) or one.by,
            }
            if date := scope.catalog.date(one.by):
                values["date"] = date
            reply = Reply(Says.SECTION_REPLACED, values)
            if reply not in replies:
                replies.append(reply)
    return tuple(replies)


def _is_within(number: str, other: str) -> bool:
    return number == other or number.startswith(f"{other}.")


def _numbers(excerpt: Excerpt) -> list[str]:
    """Return the numbers of the sections that an excerpt stands in."""
    lines = (*map(heading_words, excerpt.heading), heading_words(excerpt.quote[:80]))
    return [found["number"].upper() for line in lines if (found := _NUMBERED.match(line.strip()))]


def _all(scope: Scope) -> Mapping[str, Sequence[_Replaced]]:
    found: dict[str, list[_Replaced]] = {}
    keys: set[int] = set()
    for words in (*_ASKED_FOR, *_FOREIGN):
        keys.update(key for key, _ in scope.catalog.search(words, _MOST, scope.allowed))
    for passage in scope.catalog.passages(sorted(keys)).values():
        for unit in passage.units:
            for one, name in _stated(passage.text_of(unit.span), passage.document):
                if (old := _meant(name, passage.document, scope)) is not None:
                    found.setdefault(old, []).append(one)
    return found


def _stated(text: str, document: str) -> Iterator[tuple[_Replaced, str]]:
    """Yield the sections that a text says to be replaced, each with how it calls their document."""
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-ZÄÖÜÅÆØ])", text):
        if _NOT_SO.search(sentence):
            continue
        for found in (_ACTIVE.search(sentence), _PASSIVE.search(sentence)):
            if found:
                part = " ".join(found["part"].split())
                one = _Replaced(part[0].upper() + part[1:], found["number"].upper(), document)
                yield one, found["name"].strip(" *_")


def _meant(name: str, by: str, scope: Scope) -> str | None:
    """Return the one older document that is called so; None where that is not sure."""
    called = documents_called(name, scope)
    if len(called) != 1 or called[0].name == by:
        return None
    identities = scope.catalog.succession_index().identities
    one, other = identities.get(called[0].name), identities.get(by)
    if not (one and other and shares_folder(one, other)):
        return None  # whoever writes in a folder may not speak for another
    old, new = scope.catalog.date(called[0].name), scope.catalog.date(by)
    return None if old and new and old > new else called[0].name
