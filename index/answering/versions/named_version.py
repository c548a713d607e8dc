"""The one document that a phrase names, of several versions the one whose number it has."""

from __future__ import annotations

import re

from index.answering.scope import Scope
from index.answering.tuning import TUNING
from index.answering.understanding.names.document_names import documents_called
from index.answering.versions.succession import successors
from index.answering.visible_documents import visible
from index.store.catalog.particulars import ParticularKind
from index.store.words.name_index import DocumentName
from index.text import words_of

_NUMBER = re.compile(r"(?<!\d)(?<!\d\.)\d{1,8}(?:\.\d{1,8}){0,3}")
_VERSION_WORD = r"(?:\b(?:version|revision|edition)\s+|\b(?:v|rev)\.?\s?)"
_VERSION = re.compile(
    rf"{_VERSION_WORD}?(?<!\w)\d{{1,8}}(?:\.\d{{1,8}}){{0,3}}(?!\w)|\bv\d{{1,4}}\b", re.IGNORECASE
)
_WITH_WORD = re.compile(rf"{_VERSION_WORD}\d{{1,8}}(?:\.\d{{1,8}}){{0,3}}(?!\w)", re.IGNORECASE)


def is_version_phrase(phrase: str) -> bool:
    """Return whether a phrase is a version alone: "version 2", "v3", "2025"."""
    return _VERSION.fullmatch(phrase) is not None


def has_version(phrase: str) -> bool:
    """Return whether a phrase names a version by a word for it: "the plan, version 4"."""
    return _WITH_WORD.search(phrase) is not None


def without_version(phrase: str) -> str:
    return " ".join(_VERSION.sub("", phrase).split())


def document_called(phrase: str, scope: Scope) -> DocumentName | None:
    """Return the one document that a phrase surely names; of versions of one, that which holds.

    Of several of the same name, numbers in the phrase tell which one is meant.
    """
    for words in (phrase, without_version(phrase)):
        named = documents_called(words, scope)
        most = max((each.sure for each in named), default=0.0)
        if most >= TUNING.surely_named:
            break
    else:
        return None
    names = [each.name for each in named if each.sure == most]
    if len(names) > 1 and (numbers := _numbers_in(phrase)):
        names = [name for name in names if numbers <= _numbers_of(name, scope)]
    if len(names) > 1:
        replaced = successors(scope)
        ends = {replaced[name].document if name in replaced else name for name in names}
        names = sorted(ends)
    if len(names) > 1:  # "the travel policy" is not the amendment to it
        titled = [
            each.name
            for each in visible(scope)
            if each.name in names and _bare(each.title) == _bare(phrase)
        ]
        names = titled or names
    return next((each for each in visible(scope) if names == [each.name]), None)


def _bare(title: str) -> str:
    """Return the words of a title, or of a phrase that may name it, without versions and years."""
    words = words_of(_VERSION.sub("", title))
    return " ".join(word for word in words if word not in ("the", "our", "a", "an"))


def _numbers_of(name: str, scope: Scope) -> set[str]:
    """Return the numbers by which people may tell a document from others of its title."""
    said = [name.rpartition("/")[2]]
    for each in scope.catalog.particulars.of(name):
        if each.what in (ParticularKind.VERSION, ParticularKind.DATE):
            said.append(each.value)
    return {number for text in said for number in _numbers_in(text)}


def _numbers_in(text: str) -> set[str]:
    """Return the numbers in a text; version 4.0 is version 4."""
    return {re.sub(r"(?:\.0)+$", "", number) for number in _NUMBER.findall(text)}
