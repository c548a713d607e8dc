"""Remarks that the engine composes of counts and places, in the language of whoever reads them.

"3 hidden rows on sheet Offers were not read (BRIEFING_READ_HIDDEN=hidden)." is taken apart: the
count with its noun, the places and the setting. What is not known here is no such remark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.localization import _, ngettext

_OPTION = r"(?: \((?P<option>BRIEFING_READ_HIDDEN=\w+)\))?"
_COUNT = r"(?P<count>[0-9][0-9,]{0,15})"
_UNREAD = re.compile(
    rf"{_COUNT} (?P<thing>[a-z][a-z -]*?)"
    r"(?: on (?P<place>(?:page|sheet|slide)s? .+?)| \((?P<places>.+)\))?"
    rf" (?:was|were) not read{_OPTION}\.",
    re.DOTALL,
)
_PLACE = re.compile(r"(?P<kind>pages?|sheets?|slides?|below) (?P<which>.+)", re.DOTALL)
_PLURAL = re.compile(r"s(?= (?:of|in|by) |$)")
_COUNTED = re.compile(rf"{_COUNT} (?P<thing>[a-z][a-z -]*)")


def composed_remark(text: str) -> str | None:
    """Return what was not read, as in "Not read: 3 comments, sheet A."; None for another text."""
    found = _UNREAD.fullmatch(text)
    if found is None or (what := _counted(found)) is None:
        return None
    parts = [what]
    if found["place"]:
        parts.append(_place(found["place"]))
    if found["places"]:
        parts.append(_place(found["places"]))
    if found["option"]:
        return _("Not read: {what} ({option}).").format(
            what=", ".join(parts), option=found["option"]
        )
    return _("Not read: {what}.").format(what=", ".join(parts))


def counted_things(text: str) -> str | None:
    """Return "2 charts and 1 picture"; None where that is not all of a text."""
    parts = [_COUNTED.fullmatch(part) for part in re.split(", | and ", text)]
    said = [None if part is None else _counted(part) for part in parts]
    return None if None in said else list_of(list(filter(None, said)))


def list_of(parts: list[str]) -> str:
    """Return parts in a row: "2, 3 and 7"."""
    if len(parts) < 2:
        return "".join(parts)
    return _("{first} and {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


def _counted(found: re.Match[str]) -> str | None:
    number = int(found["count"].replace(",", ""))
    thing = found["thing"]
    said = _things(number).get(thing) or _things(number).get(_PLURAL.sub("", thing, 1))
    return said and said.format(n=number)


def _place(text: str) -> str:
    found = _PLACE.fullmatch(text)
    if found is None:
        return text
    which = found["which"]
    if found["kind"] == "below":
        return _("below {which}").format(which=which)
    # A name may have the word as well, so only one that must stand between two is translated.
    before, joint, last = which.rpartition(" and ")
    if joint and found["kind"].endswith("s") and " and " not in before:
        which = list_of([before, last])
    return {
        "page": _("page {which}"),
        "pages": _("pages {which}"),
        "slide": _("slide {which}"),
        "slides": _("slides {which}"),
        "sheet": _("sheet {which}"),
        "sheets": _("sheets {which}"),
    }[found["kind"]].format(which=which)


def _things(number: int) -> Mapping[str, str]:
    """Return what is counted, by its English name for one of them or for several."""
    deletion = ngettext("{n:,} tracked deletion", "{n:,} tracked deletions", number)
    page = ngettext("{n:,} page of speaker notes", "{n:,} pages of speaker notes", number)
    symbol = ngettext("{n:,} symbol of a font", "{n:,} symbols of fonts", number)
    drawing = ngettext("{n:,} drawing by hand", "{n:,} drawings by hand", number)
    source = ngettext("{n:,} comment in its source", "{n:,} comments in its source", number)
    return {
        "tracked deletion": deletion,
        "hidden text": ngettext("{n:,} hidden text", "{n:,} hidden texts", number),
        "hidden part": ngettext("{n:,} hidden part", "{n:,} hidden parts", number),
        "part in no page": ngettext("{n:,} part in no page", "{n:,} parts in no page", number),
        "deleted part": ngettext("{n:,} deleted part", "{n:,} deleted parts", number),
        "hidden row": ngettext("{n:,} hidden row", "{n:,} hidden rows", number),
        "hidden column": ngettext("{n:,} hidden column", "{n:,} hidden columns", number),
        "hidden cell": ngettext("{n:,} hidden cell", "{n:,} hidden cells", number),
        "hidden shape": ngettext("{n:,} hidden shape", "{n:,} hidden shapes", number),
        "hidden slide": ngettext("{n:,} hidden slide", "{n:,} hidden slides", number),
        "hidden sheet": ngettext("{n:,} hidden sheet", "{n:,} hidden sheets", number),
        "damaged slide": ngettext("{n:,} damaged slide", "{n:,} damaged slides", number),
        "damaged sheet": ngettext("{n:,} damaged sheet", "{n:,} damaged sheets", number),
        "hidden section": ngettext("{n:,} hidden section", "{n:,} hidden sections", number),
        "page of speaker notes": page,
        "comment": ngettext("{n:,} comment", "{n:,} comments", number),
        "comment in its source": source,
        "note of its authors": ngettext(
            "{n:,} note of its authors", "{n:,} notes of its authors", number
        ),
        "chart": ngettext("{n:,} chart", "{n:,} charts", number),
        "diagram": ngettext("{n:,} diagram", "{n:,} diagrams", number),
        "picture": ngettext("{n:,} picture", "{n:,} pictures", number),
        "drawing by hand": drawing,
        "embedded object": ngettext("{n:,} embedded object", "{n:,} embedded objects", number),
        "inserted file": ngettext("{n:,} inserted file", "{n:,} inserted files", number),
        "symbol of a font": symbol,
    }
