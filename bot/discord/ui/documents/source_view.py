"""Views of a document: an excerpt or a passage in its place, pages, its card, the original file.

A view that is opened from a message for everybody is shown to the person who clicks. The buttons
of that view then replace it with the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

import discord

from bot import messages
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import look_up
from bot.discord.permissions.ownership import exchange_of
from bot.discord.rendering.answers.answers import SOURCE_OF
from bot.discord.rendering.answers.listed import card_message
from bot.discord.rendering.documents.sources import source
from bot.discord.rendering.limits import BUTTONS_IN_ROW
from bot.discord.rendering.message import Button, MessagePart, label_of
from bot.discord.ui.actions import Click, LookUpClick, Shown
from bot.discord.ui.ages import Age, age_of, with_ask_again
from bot.discord.ui.documents.pictures import picture_button
from bot.discord.ui.paging import turn_button
from bot.errors import NotAllowed
from bot.library import Card, ContentsEntry, ExcerptStatus, Library, Original, View, key_of
from bot.library.visible_documents import checksum
from bot.localization import LazyText, _
from bot.records import Exchange
from bot.services import Services
from bot.text import visible_line
from index.answering.answer import Excerpt
from index.document import Span, clip_styles

DOCUMENT_GONE = LazyText("The document is no longer among those that I can show you.")
EXCERPT_MOVED = LazyText(
    "The document has changed since. The excerpt still stands in it, at another place."
)
EXCERPT_CHANGED = LazyText(
    "The document has changed since, and no longer says this. Here is what stands there now."
)
EXCERPT_LOST = LazyText(
    "The document has changed since, and nothing like the excerpt is left in it. This is "
    "how it begins now."
)
PASSAGE_CHANGED = LazyText(
    "The document has changed since, and that passage no longer stands there. Here is what does."
)
ORIGINAL_TOO_LARGE = LazyText("The file is too large for Discord. An admin can give it to you.")
ORIGINAL = LazyText("Original file")

_NOTES = {
    ExcerptStatus.MOVED: EXCERPT_MOVED,
    ExcerptStatus.CHANGED: EXCERPT_CHANGED,
}


def reading(
    library: Library,
    view: View,
    *,
    note: str | None = None,
    back: str = "",
    rows: Sequence[Sequence[Button]] = (),
) -> list[MessagePart]:
    """Return a view with `rows` of buttons, and a last row: text before and after, picture, file.

    `back` is the id of the button that leads back to the excerpt, the passage or the card.
    """
    key = key_of(view.document)
    end = f":{back}" if back else ""
    # The same part may have both; two buttons of a message must not have the same id.
    before, after = (
        None if number is None else f"d:{key}:{zero}{number}{end}"
        for zero, number in (("", view.previous), ("0", view.following))
    )
    if after and after == before:  # both are of one part, and no two buttons have one id
        after = f"d:{key}:0{view.following}{end}"
    turns = [
        turn_button(_("↑ Text before"), before, f"d:{key}:0"),
        turn_button(_("↓ Text after"), after, f"d:{key}:00"),
    ]
    ways = turns if before or after else []
    place = view.place
    ways = [
        *ways,
        picture_button(view.document, place, view.excerpt, clip_styles(view.styles, place)),
    ]
    if library.offers_original(view.document):
        ways.append(Button(str(ORIGINAL), f"o:{key}"))
    return source(view, note=note, rows=[*rows, *([ways] if ways else [])])


# An excerpt of an answer


class TurnToExcerpt(LookUpClick, template=r"e:(?P<exchange>\d+):(?P<number>\d+)"):
    """On a view: shows another excerpt of the same answer in its place."""

    def found_in(self, library: Library, interaction: Interaction) -> list[MessagePart]:
        services = interaction.client.services
        exchange = exchange_of(interaction, services, self.number("exchange"))
        by_number = {excerpt.number: excerpt for excerpt in exchange.shown}
        excerpt = by_number.get(self.number("number"))
        if excerpt is None:
            raise NotAllowed(messages.EXCHANGE_GONE)
        age = age_of(services, library, exchange)
        *others, last = _in_place(library, exchange, excerpt, age)
        if age is not None and age.is_stale:
            last = with_ask_again(last, exchange)
        first, *others = *others, last
        if len(by_number) > 1:
            said = _("-# Excerpt {number} of {count}").format(
                number=excerpt.number, count=len(by_number)
            )
            first = replace(first, content=f"{said}\n{first.content}".strip())
        return [first, *others]


class OpenExcerpt(
    TurnToExcerpt, template=r"s:(?P<exchange>\d+):(?P<number>\d+)", shown=Shown.APART
):
    """On an answer: shows the person who clicks an excerpt in its place."""


def _in_place(
    library: Library, exchange: Exchange, excerpt: Excerpt, age: Age | None
) -> list[MessagePart]:
    rows = [row] if (row := _other_excerpts(exchange, excerpt)) else []
    located = library.locate(excerpt)
    if located.status is ExcerptStatus.GONE:
        return [MessagePart(str(DOCUMENT_GONE), rows=tuple(map(tuple, rows)))]
    if located.span is None:
        view = library.view(excerpt.document, 1)
        note: str | None = str(EXCERPT_LOST)
    else:
        view = library.view_of_excerpt(excerpt.document, located.span)
        moved = _NOTES.get(located.status)
        note = str(moved) if moved else (age.line if age is not None else None)
    return reading(library, view, note=note, back=_excerpt_id(exchange, excerpt.number), rows=rows)


def _other_excerpts(exchange: Exchange, excerpt: Excerpt) -> list[Button]:
    """Return buttons to the previous and the next excerpt, or none if there is only one."""
    numbers = sorted(known.number for known in exchange.excerpts)
    if len(numbers) == 1:
        return []
    at = numbers.index(excerpt.number)
    before = numbers[at - 1] if at > 0 else None
    after = numbers[at + 1] if at + 1 < len(numbers) else None
    ids = [None if number is None else _excerpt_id(exchange, number) for number in (before, after)]
    labels = (  # without a number it leads nowhere
        _("‹ Excerpt") if before is None else _("‹ Excerpt {number}"),
        _("Excerpt ›") if after is None else _("Excerpt {number} ›"),
    )
    return [
        turn_button(labels[0].format(number=before), ids[0], "e:0:0"),
        turn_button(labels[1].format(number=after), ids[1], "e:0:1"),
    ]


def _excerpt_id(exchange: Exchange, number: int) -> str:
    return f"e:{exchange.id}:{number}"


# A passage that a search found

_PASSAGE = r"(?P<key>[\w-]{12}):(?P<start>\d{1,19})-(?P<end>\d{1,19}):(?P<sum>[0-9a-f]{8})"
"""The id holds all that is known of the passage, since results of a search are not recorded."""
_DISTINCT_IDS = 8
"""Passages in a row whose buttons have ids of their own, by zeros before a number."""
_LONGEST_PASSAGE = 20_000
"""Characters; the chunker's longest passages have some thousands, a document may have millions."""


class TurnToPassage(LookUpClick, template=f"t:{_PASSAGE}"):
    """On a view: leads back to the passage."""

    def found_in(self, library: Library, interaction: Interaction) -> list[MessagePart]:
        name = library.name_of(self.found["key"])
        span = Span(self.number("start"), self.number("end"))
        view = library.view_of_excerpt(name, span)
        known = checksum(view.excerpt) == self.found["sum"]
        if not known or len(view.excerpt) > _LONGEST_PASSAGE:
            view = library.view_at(name, span.start)
            return reading(library, view, note=str(PASSAGE_CHANGED))
        _, _, rest = self.found[0].partition(":")
        return reading(library, view, back=f"t:{rest}")


class OpenPassage(TurnToPassage, template=f"p:{_PASSAGE}", shown=Shown.APART):
    """On a result: shows the person who clicks a passage in its place."""


def passage_button(number: int, document: str, span: Span, text: str) -> Button:
    """Return the button beside the passage of that number, which opens it in its place.

    Two lines of a list may quote the same, and two buttons of a message must not have the same id.
    """
    label = SOURCE_OF.format(number=number)
    start = f"{'0' * ((number - 1) % _DISTINCT_IDS)}{span.start}"
    return Button(label, f"p:{key_of(document)}:{start}-{span.end}:{checksum(text)}")


# A document's card, and the places that it leads to


class OpenCard(LookUpClick, template=r"k:(?P<key>[\w-]{12})"):
    """On a list of documents, or on a view: shows the person who clicks the document's card."""

    def found_in(self, library: Library, interaction: Interaction) -> list[MessagePart]:
        card = library.card(library.name_of(self.found["key"]))
        return card_message(card, rows=card_rows(card))


class OpenPlace(LookUpClick, template=r"h:(?P<key>[\w-]{12}):(?P<offset>\d{1,19})"):
    """On a card or a summary: shows the person who clicks the text below a heading."""

    def found_in(self, library: Library, interaction: Interaction) -> list[MessagePart]:
        name = library.name_of(self.found["key"])
        back = f"k:{key_of(name)}"
        view = library.view_at(name, self.number("offset"))
        return reading(library, view, back=back, rows=[_back_button(back)])


def document_button(number: int, document: str) -> Button:
    """Return the button beside the document of that number in a list, which opens its card."""
    return Button(_("Document {number}").format(number=number), f"k:{key_of(document)}")


def card_rows(card: Card) -> list[list[Button]]:
    """Return the buttons below a card: to its first headings, to its beginning, to its file."""
    key = key_of(card.document)
    ways = [Button(_("Read"), f"d:{key}:1:k:{key}")]
    if card.has_original:
        ways.append(Button(str(ORIGINAL), f"o:{key}"))
    return [place_buttons(card.document, card.contents), ways]


def place_buttons(document: str, places: Sequence[ContentsEntry]) -> list[Button]:
    """Return buttons to the first of these places in a document, as many as stand in a row."""
    key = key_of(document)
    return [
        Button(label_of(place.heading), f"h:{key}:{place.offset}")
        for place in places[:BUTTONS_IN_ROW]
    ]


# A document's pages


class TurnPage(
    LookUpClick,
    template=(
        r"d:(?P<key>[\w-]{12}):(?P<number>\d{1,19})"
        r"(?::(?P<back>e:\d{1,19}:\d{1,9}|t:[\w-]{12}:\d{1,19}-\d{1,19}:[0-9a-f]{8}"
        r"|k:[\w-]{12}))?"
    ),
):
    """On a view: shows the text before or after it, with a button back to where reading began."""

    def found_in(self, library: Library, interaction: Interaction) -> list[MessagePart]:
        view = library.view(library.name_of(self.found["key"]), self.number("number"))
        back = self.found["back"] or ""
        return reading(library, view, back=back, rows=[_back_button(back)] if back else [])


def _back_button(back: str) -> list[Button]:
    labels = {
        "e": _("↩ Back to the excerpt"),
        "t": _("↩ Back to the passage"),
        "k": _("↩ Contents"),
    }
    return [Button(labels[back[0]], back)]


class SendOriginal(Click, template=r"o:(?P<key>[\w-]{12})", shown=Shown.APART):
    """Sends the file that a document was read from, if the file has not changed since.

    It counts as a question, since reading and sending a large file is more work than a page.
    """

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await services.admission.count(interaction.user.id)
        name, original = await look_up(interaction, _original, self)
        if original.size > interaction.filesize_limit:
            await interaction.edit_original_response(content=str(ORIGINAL_TOO_LARGE))
            return
        # Not the name of `original.path`: it may be the target of a symbolic link.
        shown = visible_line(PurePosixPath(name).name)
        with await services.admission.run_quick(original.open) as opened:
            file = discord.File(opened, filename=shown)
            await interaction.edit_original_response(attachments=[file])


def _original(library: Library, click: Click) -> tuple[str, Original]:
    name = library.name_of(click.found["key"])
    return library.file_with(name), library.original(name)
