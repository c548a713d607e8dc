"""Namings: what a title, a file's name or a phrase calls a document, taken apart."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from index.indexing.extraction.document_kinds import is_generic, is_periodic, kind_of
from index.number_words import ALSO_WORDS, MONTH_NUMBERS
from index.parsing.text.dates import dates_in
from index.store.successions.successions import Naming, Nature, stem_of
from index.text import WORD

_MOST = 240
_BEFORE_CAPITAL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_COPY = re.compile(
    r"\s\(\d{1,2}\)\s*$|(?<![ _-])[ _-]+(?:copy|kopie|kopi)(?:[ _-]?\d{1,2})?\s*$", re.I
)
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_. ]?(0[1-9]|1[0-2])[-_. ]?(0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.](0[1-9]|1[0-2])(?!\d)")
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/–]((?:19|20)?\d\d)(?!\d)")
_QUARTER = re.compile(r"(?<![^\W_])([QHqh][1-4])(?![^\W_])")
_YEAR = re.compile(r"(?<![^\W_])((?:19[5-9]|20[0-4])\d)(?![^\W_])")
_MONTH_NUMBERS = {name: number for name, number in MONTH_NUMBERS.items() if len(name) > 4} | {
    name: number
    for number, names in (
        (1, "januar jänner"),
        (2, "februar"),
        (3, "märz mars"),
        (5, "may mai"),
        (6, "june juni"),
        (7, "july juli"),
        (10, "oktober"),
        (12, "dezember desember"),
    )
    for name in names.split()
}
_BARE_MONTH = re.compile(
    rf"(?<![^\W_])(?:May|March|(?i:{'|'.join(set(_MONTH_NUMBERS) - set(ALSO_WORDS))}))(?![^\W_])"
)
_LOW_MONTH = re.compile(rf"(?<![^\W_])(?:{'|'.join(ALSO_WORDS)})(?![^\W_])")
_JOINTS = re.compile(r"(?<!\d)[-_.]+|[-_]+(?!\d)|_+")
_VERSION = re.compile(
    r"(?<![^\W_])(?:version|versjon|fassung|ausgabe|utgave|edition|revision|revisjon|rev|ver|issue"
    r"|draft|entwurf|utkast|v|r)\.?[\s_-]?(?:(?:no|nr|number)\.?\s?)?(\d{1,3}(?:\.\d{1,3}){0,3})"
    r"(?![^\W_])|(?<![^\W_])rev(?:ision)?\.?[\s_-]?([A-Ha-h])(?![^\W_])"
    r"|(?<![^\W_])(\d{1,2})(?:st|nd|rd|th|\.)\s(?:edition|version|ausgabe|auflage|utgave|fassung"
    r"|revision)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?<=[\s_-])(\d{1,2}(?:\.\d{1,2}){1,3})\s*$")
"""How a name ends that has its version without a word for it: "Radio procedure 1.3"."""
_NTH = {
    word: str(number)
    for number, words in enumerate(
        (
            "first erste ersten første",
            "second zweite zweiten andre",
            "third dritte dritten tredje",
            "fourth vierte vierten fjerde",
            "fifth fünfte fünften femte",
        ),
        start=1,
    )
    for word in words.split()
}
_NTH_VERSION = re.compile(
    rf"\b({'|'.join(_NTH)})\s(?:edition|version|ausgabe|auflage|utgave|fassung|revision|versjon)\b",
    re.IGNORECASE,
)
_VERSION_OF_MONTH = re.compile(
    r"\b((?:version|edition|revision|issue|ausgabe|fassung|utgave|versjon) \d+)"
    r"(?= (?:of|from|av|fra|vom) [^\W\d])",
    re.IGNORECASE,
)
"""Its number is no day of that month."""
_BREAK = re.compile(
    r"\s[-–—|]\s|[:;,()\[\]]|\b(?:of|on|for|to|about|in|at|with|by|from|regarding|concerning|von"
    r"|vom|zu|zur|zum|für|über|der|des|im|in|am|om|av|til|for|ved|på|i|fra)\b",
    re.IGNORECASE,
)
_DRAFT = frozenset("draft entwurf utkast proposed vorläufig foreløpig wip".split())
_STATUS = frozenset(
    "final endgültig endelig new neu neue neuer neues ny nytt nye old alt alte gammel updated"
    " update aktualisiert oppdatert revised revidiert überarbeitet revidert current aktuell"
    " aktuelle gjeldende latest signed approved adopted dated published stand per valid effective"
    " as since datert datiert vedtatt utgitt erlassen beschlossen issued circulated sent previous"
    " earlier former prior present existing superseded obsolete archived archive archiv arkiv clean"
    " fixed copy kopie kopi bisherige bisherigen frühere früheren vorherige vorherigen tidligere"
    " forrige".split()
)
_NO_NAMES = frozenset(
    "scan img imag image pic picture doc docx pdf fil file untitled unnamed download upload page"
    " attachment anlag vedlegg unbenannt".split()
)
"""Words that scanners and programs name files with, as stems."""
_STOP = frozenset(
    "a an and are as at by from for in into is it its of on or our that the this to with und der"
    " die das den dem des ein eine einer eines von vom zu zur zum für über im am mit og en et ei"
    " den det de om av til for ved på i fra med vår vårt våre unser unsere unserer your their all"
    " alle any every sämtliche sämtlichen".split()
)


def naming_of(text: str) -> Naming:
    """Return what a title or a phrase calls a document."""
    text = _VERSION_OF_MONTH.sub(r"\1,", _COPY.sub("", text[:_MOST]))
    dates, text = _without_dates(text)
    version, text = _without_version(text)
    words: set[str] = set()
    kinds: list[str] = []
    head, nature = "", Nature.UNKNOWN
    is_draft = is_period = False
    for segment in _BREAK.split(text):
        ends_in: tuple[str, Nature] | None = None
        for word in WORD.findall(segment):
            low = word.lower()
            is_draft = is_draft or low in _DRAFT
            is_period = is_period or is_periodic(low)
            if low in _STATUS or low in _STOP or (is_generic(low) and not word.isdigit()):
                continue
            if low in _DRAFT:
                continue
            if found := kind_of(low):
                kind, kind_nature, before = found
                kinds.append(kind)
                ends_in = kind, kind_nature
                words.update(filter(None, [stem_of(before)]))
            else:
                words.add(stem_of(low))
        if ends_in and not head:
            head, nature = ends_in
    if is_period and head:
        nature = Nature.RECORD
    if not kinds and all(word in _NO_NAMES or word.isdigit() for word in words):
        words = set()
    return Naming(frozenset(words), frozenset(kinds), head, nature, version, tuple(dates), is_draft)


def naming_of_file(name: str) -> Naming:
    """Return what a file's name calls its document."""
    stem = _JOINTS.sub(" ", _COPY.sub("", PurePosixPath(name).stem[:_MOST]))
    stem = _LOW_MONTH.sub(lambda found: found[0].title(), stem)
    return naming_of(_BEFORE_CAPITAL.sub(" ", stem))


def version_of(text: str) -> str:
    """Return the version that a text names, as "3.1"; empty where it names none."""
    return _without_version(text)[0]


def _without_dates(text: str) -> tuple[list[str], str]:
    """Return the dates in a text, in order of kind, and the text without them."""
    found: list[str] = []

    def day(match: re.Match[str]) -> str:
        found.append("-".join(match.groups()))
        return " "

    for pattern in (_DAY, _YEARS):
        text = pattern.sub(day, text)
    for date in reversed(dates_in(text)):
        if iso := iso_of(date.year, date.month, date.day):
            if date.months == 3 and date.month:
                iso = f"{date.year or ''}-Q{date.month // 3 + 1}"
            found.append(iso)
            text = f"{text[: date.start]} {text[date.end :]}"
    for pattern in (_MONTH, _QUARTER, _YEAR):
        text = pattern.sub(day, text)
    for found_month in reversed(list(_BARE_MONTH.finditer(text))):
        month = _MONTH_NUMBERS[found_month[0].lower()]
        found.append(f"--{month:02}")
        text = f"{text[: found_month.start()]} {text[found_month.end() :]}"
    return list(dict.fromkeys(found)), text


def iso_of(year: int | None, month: int | None, day: int | None) -> str:
    """Return a date in ISO 8601 as precisely as it is written; without a year "--01-19"."""
    if month is None:
        return "" if year is None else str(year)
    begins = "-" if year is None else f"{year:04}"
    return f"{begins}-{month:02}" + ("" if day is None else f"-{day:02}")


def _without_version(text: str) -> tuple[str, str]:
    if found := _VERSION.search(text):
        number, letter, nth = found.groups()
        version = number or nth or str(ord(letter.lower()) - ord("a") + 1)
    elif found := _NTH_VERSION.search(text):
        version = _NTH[found[1].lower()]
    elif found := _NUMBERED.search(text):
        version = found[1]
    else:
        return "", text
    return plain_version(version), f"{text[: found.start()]} {text[found.end() :]}"


def plain_version(version: str) -> str:
    """Return a version without zeros that say nothing: "3.0" and "v03" are "3"."""
    parts = [str(int(part)) for part in re.findall(r"\d{1,6}", version)][:4]
    while len(parts) > 1 and parts[-1] == "0":
        parts.pop()
    return ".".join(parts)
