"""Versions of one thing: whether two documents are that, and which comes first.

All goes by the two documents alone.
"""

from __future__ import annotations

import re

from index.store.successions.successions import Identity, Naming, Nature, stem_of
from index.text import words_of

_TELLING = 4
"""Letters from which a word of a file's name is more than a code."""
_FILE = re.compile(r"\.(?:eml|msg|mbox|zip|tar|gz|tgz|7z|docx|pptx|xlsx|pdf)$")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[-_]\d\d)?")
_ARCHIVES = frozenset(
    "old archive archived archiv arkiv superseded obsolete previous versions earlier history alt"
    " gammelt tidligere frühere".split()
)


def is_same_thing(one: Identity, other: Identity) -> bool:
    """Return whether two documents are versions of one thing, by what they are called."""
    titles, files = _agree(one.titled, other.titled), _agree(one.filed, other.filed)
    if titles is False or (files is False and _differ(one.filed, other.filed)):
        return False
    if not (titles or files):
        return False
    named = (one.titled.words and titles) or (one.filed.words and files)
    return bool(named) or shares_folder(one, other)


def is_before(one: Identity, other: Identity) -> bool:
    """Return whether a document is an earlier version than another: by version, or by date."""
    if one.version and other.version and one.version != other.version:
        return _numbers(one.version) < _numbers(other.version)
    first, second = _date(one), _date(other)
    if first and second and _differs(first, second):
        return first < second
    return False


def order_of(each: Identity) -> tuple[str, tuple[int, ...], str]:
    """Return by what versions of one thing are sorted, the oldest first."""
    return _date(each), _numbers(each.version), each.document


def is_record(each: Identity) -> bool:
    """Return whether a document is a thing of its own, as minutes and reports of a period are."""
    if each.titled.nature is not Nature.UNKNOWN:
        return each.titled.nature is Nature.RECORD
    return each.filed.nature is Nature.RECORD


def shares_folder(one: Identity, other: Identity) -> bool:
    """Return whether documents lie in one folder, or one of them in an archive beside the other."""
    return folder_of(one) == folder_of(other)


def naming_words(each: Identity) -> frozenset[str]:
    """Return the telling words of a document's names and folder, as stems."""
    return frozenset(
        word
        for word in {*each.titled.words, *each.filed.words, *_placed(each)}
        if len(word) >= _TELLING or word.isdigit()
    )


def times_of(each: Identity) -> frozenset[str]:
    """Return the dates that a document may be called by, as precisely as anyone may write them."""
    return frozenset(
        written
        for date in {*each.titled.dates, *each.filed.dates, *each.times, each.date, each.since}
        - {""}
        for written in _written(date)
    )


def _agree(one: Naming, other: Naming) -> bool | None:
    """Return True where names are the same, False where they are of two things, else None."""
    if one.is_empty or other.is_empty:
        return None
    if one.words == other.words and one.kinds == other.kinds:
        return True
    if one.kinds and other.kinds and one.head != other.head:
        return False
    if one.words <= other.words or other.words <= one.words:
        return None
    return False


def _differ(one: Naming, other: Naming) -> bool:
    """Return whether each name has a word that the other lacks and that is more than a code."""
    if one.kinds and other.kinds and one.head != other.head:
        return True
    sides = one.words - other.words, other.words - one.words
    return all(any(len(word) >= _TELLING and word.isalpha() for word in side) for side in sides)


def _written(date: str) -> set[str]:
    """Return a date, and the less precise ways to write it."""
    if len(date) == 10 and date[4] == "-":
        return {date, date[:7], date[:4], f"-{date[4:]}", f"-{date[4:7]}"}
    if len(date) == 7 and date[4] == "-" and date[5:].isdigit():
        return {date, date[:4], f"-{date[4:]}"}
    return {date}


def _date(each: Identity) -> str:
    """Return the date that tells which version a document is: the one it is called by, if any."""
    named = [date for date in (*each.titled.dates, *each.filed.dates) if date[:1].isdigit()]
    if each.is_stated or not named:
        return each.date
    return max(named, key=len)


def _differs(one: str, other: str) -> bool:
    length = min(len(one), len(other))
    return one[:length] != other[:length]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _placed(each: Identity) -> set[str]:
    return {stem_of(word) for word in words_of(folder_of(each).replace("_", " ")) if word.isalpha()}


def folder_of(each: Identity) -> str:
    """Return a document's folder: of one in a file that of the file, of an archived one the one
    above."""
    parts = [part for part in each.folder.lower().split("/") if part and not _FILE.search(part)]
    while parts and (parts[-1] in _ARCHIVES or _YEAR.fullmatch(parts[-1])):
        parts.pop()
    return "/".join(parts)
