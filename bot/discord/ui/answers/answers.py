"""What is said to a question, with the documents that it lists: in pages, or as the card of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.chat.answering import RecordedAnswer
from bot.chat.recheck import ViewerSource
from bot.config.guilds import GuildSettings
from bot.discord.permissions.asked import asked_again
from bot.discord.permissions.experts import can_be_handed, has_experts
from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.answers.answers import UNSURE, answer
from bot.discord.rendering.answers.listed import (
    DocumentListing,
    card_block,
    contents_block,
    listed_block,
    listed_message,
)
from bot.discord.rendering.limits import BUTTONS_IN_ROW, LAYOUT_AIM
from bot.discord.rendering.message import Button, MessagePart, label_of, with_button
from bot.discord.ui.actions import Click, ShownParts
from bot.discord.ui.answers.rolled_up import list_buttons
from bot.discord.ui.documents.differences import compare_button, version_button
from bot.discord.ui.documents.pictures import picture_button
from bot.discord.ui.documents.source_view import (
    card_rows,
    document_button,
    passage_button,
    place_buttons,
)
from bot.discord.ui.paging import page_that_fits
from bot.errors import NotAllowed
from bot.library import Card, ContentsEntry, key_of
from bot.localization import LazyText, _
from bot.records import Exchange, Kind
from bot.services import Services
from index.answering.answer import ListedDocument, Reply, Response, Says, Verdict
from index.errors import BriefingError

QUESTION_FORGOTTEN = LazyText("I no longer know what was asked. Please ask again.")

_ON_A_PAGE = BUTTONS_IN_ROW
_BESIDES = 450
"""Units of a document's block besides its texts."""
_ROOM = LAYOUT_AIM - 100
"""Units for the documents of a page; the rest is for what separates them."""


async def answer_parts(
    services: Services,
    answered: RecordedAnswer,
    seen_by: ViewerSource,
    *,
    asked: str | None = None,
    doubt: LazyText | str = UNSURE,
) -> list[MessagePart]:
    """Return the messages of what is said to a question.

    `seen_by` tells who will see them. `asked` and `doubt` are as in `rendering.answers.answer`.
    """
    response, exchange = answered.response, answered.exchange.id
    card = await _only_card(services, response, seen_by)
    here = services.guilds.of(answered.exchange.guild)

    def rendered() -> list[MessagePart]:
        return answer(
            response,
            exchange=exchange,
            asked=asked,
            rewritten=answered.rewritten,
            listing=_listing_of(exchange, response, card),
            doubt=doubt,
            further=_further(answered, here),
            watch=answered.exchange.kind is Kind.ASK,
            table=lambda row: picture_button(row.document, row.span, row.quote, row.styles),
            off=here.commands_off,
        )

    if not response.documents:
        parts = rendered()
    else:
        parts = await services.admission.run_quick(rendered)
    return with_ask_person(services, parts, answered.exchange)


def with_ask_person(
    services: Services, parts: Sequence[MessagePart], exchange: Exchange, *, anyway: bool = False
) -> list[MessagePart]:
    """Return the messages with the button in the last row, where the bot is not sure, or `anyway`.

    Without it where nobody can be asked.
    """
    wanted = anyway or exchange.verdict is not Verdict.ANSWERED
    if not (wanted and can_be_handed(exchange) and has_experts(services.guilds, exchange)):
        return list(parts)
    *before, last = parts
    return [*before, with_button(last, Button(_("Ask a person"), f"g:ask:{exchange.id}"))]


def _further(answered: RecordedAnswer, here: GuildSettings) -> list[Button]:
    response, exchange = answered.response, answered.exchange
    differ = [each for each in response.replies if each.says in (Says.COMPARED, Says.CHANGED)]
    if differ:
        return [
            button
            for reply in differ
            for button in _differing(reply, response.documents, here, is_only=len(differ) == 1)
        ]
    extent = getattr(response, "extent", None)
    if here.is_off("list") or not extent or not extent.rows:
        return []
    if exchange.document or exchange.since:
        return []
    return list_buttons(extent, key_of(exchange.folder) if exchange.folder else "")


def _differing(
    reply: Reply, documents: Sequence[ListedDocument], here: GuildSettings, *, is_only: bool
) -> Iterator[Button]:
    """Yield the button to what differs, of the documents that a reply names."""
    is_of_two = reply.says is Says.COMPARED
    titles = [reply.values[key] for key in (("one", "other") if is_of_two else ("title",))]
    stretches = (documents[at : at + len(titles)] for at in range(len(documents)))
    meant = next((some for some in stretches if [each.title for each in some] == titles), None)
    if meant is None or here.is_off("compare" if is_of_two else "changes"):
        return
    names = [each.name for each in meant]
    button = compare_button(*names) if is_of_two else version_button(*names)
    about = " · ".join(map(str, titles))
    yield button if is_only else replace(button, label=label_of(f"{button.label}: {about}"))


def _listing_of(exchange: int, response: Response, card: Card | None) -> DocumentListing | None:
    """Return what is shown of documents: one's card or its contents, or a page of several."""
    if card is not None:
        return DocumentListing((card_block(card),), card_rows(card))
    if _listed(response):
        return _page(exchange, response, 1)
    contents = getattr(response, "contents", ())
    if not contents:
        return None
    places = [ContentsEntry(heading.text, heading.span.start) for heading in contents]
    buttons = place_buttons(contents[0].document, places)
    return DocumentListing((contents_block(places),), [buttons])


async def _only_card(services: Services, response: Response, seen_by: ViewerSource) -> Card | None:
    """Return the card of the one document that was asked for, if it was."""
    listed = response.documents
    if len(listed) != 1 or not any(reply.says is Says.CARD for reply in response.replies):
        return None
    library = services.libraries.of(await seen_by())
    try:
        return await services.admission.run_quick(library.card, listed[0].name)
    except BriefingError:  # it is gone since it was found
        return None


def _page(exchange: int, response: Response, number: int) -> DocumentListing:
    """Return the page of that number, or the nearest one, with a button to each document.

    A button opens the place of the quote, or else the document's card. The numbers go on where
    those of the excerpts end.
    """
    numbered = list(enumerate(_listed(response), start=len(response.excerpts) + 1))
    page = page_that_fits(numbered, number, _ON_A_PAGE, lambda one: _most_units(one[1]), _ROOM)
    standing_of = {each.document: each for each in response.standings}
    return DocumentListing(
        blocks=tuple(
            listed_block(
                number,
                listed,
                standing_of.get(listed.name),
                response.today,
                button=_opener(number, listed),
            )
            for number, listed in page.values
        ),
        rows=[page.turns(f"m:{exchange}:")],
        footer=page.footer,
    )


def _listed(response: Response) -> list[ListedDocument]:
    """Return the documents that are listed: without those that an excerpt above cites already."""
    cited = {excerpt.document for excerpt in response.excerpts}
    return [one for one in response.documents if one.quote or one.name not in cited]


def _opener(number: int, listed: ListedDocument) -> Button:
    found = listed.quote
    if found is None:
        return document_button(number, listed.name)
    return passage_button(number, listed.name, found.span, found.quote)


def _most_units(listed: ListedDocument) -> int:
    """Return an upper bound for the units of a document's block, from its plain texts.

    Rendering thousands of them, only to find which are on a page, would take seconds.
    """
    texts = [listed.title, listed.name]
    if listed.quote is not None:
        texts += [listed.quote.quote, *listed.quote.heading]
    signs = sum(not (sign.isascii() and sign.isalnum()) for text in texts for sign in text)
    return _BESIDES + signs + sum(map(len, texts))


class TurnListed(Click, template=r"m:(?P<exchange>\d+):(?P<page>\d+)"):
    """Shows another page of the documents of an answer, asked again for the person who clicks."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        exchange = await self.exchange(interaction)
        asked = await asked_again(interaction, exchange)
        response = await services.answering.look_again(asked, exchange)
        if response is None:
            raise NotAllowed(QUESTION_FORGOTTEN)
        page = self.number("page")
        return await services.admission.run_quick(
            lambda: listed_message(_page(exchange.id, response, page))
        )
