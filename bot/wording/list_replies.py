"""Replies that count what a list has: statements, dates and documents that mention a topic."""

from __future__ import annotations

from collections.abc import Mapping

from bot.localization import LazyText, _, ngettext
from bot.wording.reply_values import Values, count_in, first_shown, period_text


def dated_statements(values: Values) -> str:
    number, shown = count_in(values), int(values["shown"])
    said = ngettext(
        "I found {n:,} dated statement{period}.", "I found {n:,} dated statements{period}.", number
    ).format(n=number, period=period_text(values))
    return said if shown == number else f"{said} {first_shown(shown)}"


_SORTS: Mapping[str, tuple[LazyText, LazyText]] = {
    "figures": (LazyText("statement with a figure"), LazyText("statements with a figure")),
    "deadlines": (LazyText("deadline"), LazyText("deadlines")),
    "decisions": (LazyText("decision"), LazyText("decisions")),
    "dates": (LazyText("dated statement"), LazyText("dated statements")),
    "phone numbers": (
        LazyText("place with a telephone number"),
        LazyText("places with a telephone number"),
    ),
    "mail addresses": (
        LazyText("place with a mail address"),
        LazyText("places with a mail address"),
    ),
}
"""What a list has, one and several of it."""


def list_found(values: Values) -> str:
    number, shown = count_in(values), int(values["shown"])
    one, several = _SORTS[str(values["lists"])]
    about = _(" on {name}").format(name=values["name"]) if "name" in values else ""
    if not number:
        return _("I found no {what}{about}{period}.").format(
            what=several, about=about, period=period_text(values)
        )
    count = int(values["documents"])
    documents = ngettext("{n:,} document", "{n:,} documents", count).format(n=count)
    said = _("I found {n:,} {what}{about}{period}, in {documents}.").format(
        n=number,
        what=one if number == 1 else several,
        about=about,
        period=period_text(values),
        documents=documents,
    )
    if "more" in values:
        said = _("{said} There may be more than could be read.").format(said=said)
    return said if shown == number else f"{said} {first_shown(shown)}"


def list_offer(values: Values) -> str:
    number = count_in(values)
    if "list" not in values:
        return ""
    return ngettext(
        "{n:,} document mentions it: {list} {name}",
        "{n:,} documents mention it: {list} {name}",
        number,
    ).format(n=number, list=values["list"], name=values["name"])
