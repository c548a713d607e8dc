"""Documents that a question asks for: a list of them, each once, and the card of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot import messages
from bot.discord.rendering.answers.excerpts import number_mark, quoted
from bot.discord.rendering.answers.rows import below_header, short_record
from bot.discord.rendering.colours import INFO
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.rendering.message import EMPTY_LINE, Block, Button, MessagePart, Section, packed
from bot.library import Card, ContentsEntry
from bot.localization import _
from bot.wording.places import place_of
from bot.wording.standings import marks, reviewed, short_day
from index.answering.answer import ListedDocument, Standing

_NAME, _HEADING, _HEADINGS, _MARK, _RECORD = 300, 150, 20, 80, 260
_DOT = " · "


@dataclass(frozen=True, slots=True)
class DocumentListing:
    """The documents of an answer, or those on one page of them, and the line that says which."""

    blocks: tuple[Block, ...]
    rows: Sequence[Sequence[Button]] = ()
    footer: str | None = None


def listed_message(listing: DocumentListing) -> list[MessagePart]:
    return packed(
        listing.blocks or [str(messages.NO_DOCUMENTS)],
        between=EMPTY_LINE,
        colour=INFO,
        footer=listing.footer,
        rows=listing.rows,
    )


def listed_block(
    number: int,
    listed: ListedDocument,
    standing: Standing | None = None,
    today: date | None = None,
    *,
    button: Button,
) -> Block:
    """Return a document with its date, how often it mentions what was asked for, and a quote.

    With `standing`, its age is said, and whether it holds. `button` opens the quote's place, or the
    document's card.
    """
    facts = [f"{number_mark(number)} {bold(listed.title.strip() or listed.name, _NAME)}"]
    if standing:
        facts += marks(standing, today, lambda words: escape_line(words, _MARK))
    elif listed.date:
        facts.append(escape_line(short_day(listed.date)))
    if listed.mentions > 1:
        facts.append(messages.mentions(listed.mentions))
    head = _DOT.join(facts)
    found = listed.quote
    if found is None:
        named = f"\n-# {escape_line(listed.name, _NAME)}" if listed.title.strip() else ""
        return (Section(f"{head}{named}", button),)
    where = place_of(found)
    path = "".join(f"› {escape_line(part, _HEADING)} " for part in where.heading).strip()
    facts = [escape_line(fact, _HEADING) for fact in where.facts]
    place = ", ".join(filter(None, [path, *facts])) or escape_line(listed.name, _NAME)
    if of_file := messages.origin(found.origin):
        place = f"{place}, {of_file}"
    shown = below_header([found])
    if found.header:
        record = short_record(shown, _RECORD)
        first, *others = ["\n".join(f"> {line}" for line in record.split("\n"))]
    else:
        first, *others = quoted(shown.text, styles=shown.styles, emphasis=shown.emphasis)
    return (f"{head}\n{first}", *others, Section(f"-# {place}", button))


def contents_block(places: Sequence[ContentsEntry]) -> str:
    """Return the headings of a document that is summarised."""
    return "\n".join([_("**Contents**"), *_headings(places)])


def card_message(card: Card, *, rows: Sequence[Sequence[Button]] = ()) -> list[MessagePart]:
    return packed([card_block(card)], colour=INFO, rows=rows)


def card_block(card: Card) -> str:
    """Return a document's title, its facts and its headings."""
    return "\n".join(_card(card))


def _card(card: Card) -> Iterator[str]:
    yield bold(card.title.strip() or card.document, _NAME)
    facts = []
    if card.date:
        facts.append(_("dated {date}").format(date=escape_line(short_day(card.date))))
    if card.author:
        facts.append(_("by {author}").format(author=escape_line(card.author, _NAME)))
    if card.pages:
        facts.append(messages.pages(card.pages))
    if card.review:
        facts.append(reviewed(card.review))
    yield f"-# {_DOT.join([*facts, escape_line(card.document, _NAME)])}"
    if card.contents:
        yield ""
        yield from _headings(card.contents)


def _headings(places: Sequence[ContentsEntry]) -> Iterator[str]:
    yield from (f"- {escape_line(place.heading, _HEADING)}" for place in places[:_HEADINGS])
    if len(places) > _HEADINGS:
        yield f"- {messages.and_more(number=len(places) - _HEADINGS)}"
