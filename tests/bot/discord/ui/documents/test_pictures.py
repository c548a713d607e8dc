"""Pictures of pages, parts and tables: who gets them, what is said with them, how they turn."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import discord
import pytest
from PIL import Image

from bot.access import CLOSED, Policy
from bot.chat.admission import AdmissionLimits
from bot.config.settings import Settings
from bot.discord.rendering.layout import view_of
from bot.discord.rendering.message import Button, MessagePart
from bot.discord.ui.documents.pictures import picture_button
from bot.library import key_of
from bot.library.visible_documents import checksum
from index.document import Document, Span, Style, StyleKind
from index.parsing import ParsingLimits
from index.picturing.pdf_page import draw_page
from index.picturing.picture import Picture
from index.picturing.process import Drawing
from index.picturing.setting import set_document
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.briefings import (
    DOCUMENTS,
    HALL,
    answer_of,
    click,
    forged,
    reindex,
    write_manual,
)
from tests.bot.discord.helpers.visible_text import seen

PRICES = "| Item | Price |\n|---|---|\n" + "".join(f"| Part {n} | {n} EUR |\n" for n in range(90))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Draw in this process, which is faster; what was drawn is listed."""
    found: list[str] = []

    def page(
        self: Drawing, data: bytes, sha256: str, number: int, *, excerpt: str = "", before: str = ""
    ) -> Picture:
        found.append(f"page {number}")
        return draw_page(data, number, excerpt, before, ParsingLimits())

    def text(self: Drawing, part: Document, marks: Sequence[Span]) -> Picture:
        found.append("text")
        return set_document(part, marks)

    monkeypatch.setattr(Drawing, "page", page)
    monkeypatch.setattr(Drawing, "text", text)
    return found


@pytest.fixture
def indexed(settings: Settings, drawn: list[str]) -> Settings:
    write_manual(settings, "Keep calm.", "Call the depot.", "Sign the form.")
    reindex(settings, {**DOCUMENTS, "prices.md": PRICES})
    return settings


async def _image(message: Any) -> Image.Image:
    (attachment,) = message.attachments
    assert attachment.filename.endswith(".png")
    return Image.open(io.BytesIO(await attachment.read()))


async def _opened(guild: Guild, document: str, **places: Any) -> Any:
    shown = await guild.ann.slash(guild.channel, "source", document=document, **places)
    return shown.response


async def test_an_excerpt_is_marked_in_a_picture_for_whoever_clicks(guild: Guild) -> None:
    opened = await click(guild.bob, await answer_of(guild), "Source 2")
    shown = await click(guild.bob, opened, "Picture")
    assert shown.id != opened.id
    assert shown.ephemeral
    image = await _image(shown)
    assert image.width == 1080
    (attachment,) = shown.attachments
    assert attachment.description == f"The north depot › Fuel › Tanks. Marked: “{HALL}”"
    assert seen(shown) == (
        "**The north depot** › Fuel › Tanks\n-# Part 1 of 2, as I set it.\n(‹ Part) | [Part 2 ›]"
    )


async def test_pages_of_a_pdf_turn_in_their_message(guild: Guild, drawn: list[str]) -> None:
    shown = await click(guild.ann, await _opened(guild, "manual.pdf", place="2"), "Page")
    assert (await _image(shown)).height == 1800
    assert seen(shown) == "**The manual**, page 2\n[‹ Page 1] | [Page 3 ›]"
    turned = await click(guild.ann, shown, "Page 3 ›")
    assert turned.id == shown.id
    assert len(turned.attachments) == 1
    assert seen(turned) == "**The manual**, page 3\n[‹ Page 2] | (Page ›) | [↩ The excerpt]"
    back = await click(guild.ann, turned, "↩ The excerpt")
    assert seen(back) == "**The manual**, page 2\n[‹ Page 1] | [Page 3 ›]"
    assert drawn == ["page 2", "page 3"]  # what was drawn once is known


async def test_a_large_table_is_drawn_where_it_counts(guild: Guild) -> None:
    quote = "| Part 70 | 70 EUR |"
    start = PRICES.index(quote)
    span = Span(start, start + len(quote))
    button = picture_button("prices.md", span, quote, [Style(StyleKind.ROW, span)])
    told = await _click_forged(guild, button.custom_id)
    assert seen(told) == ("**prices**\n-# 24 of the table's 90 rows are drawn.\n[In its place]")
    assert told.attachments[0].description == f"prices. Marked: “{quote}”"


async def test_a_file_that_changed_is_not_drawn(guild: Guild, settings: Settings) -> None:
    opened = await _opened(guild, "manual.pdf")
    write_manual(settings, "Panic.")
    told = await click(guild.ann, opened, "Page")
    assert told.attachments == []
    assert told.content.startswith("The file of 'manual.pdf' has changed since it was indexed")


async def test_where_files_are_not_handed_out_the_text_is_set(
    guild: Guild, indexed: Settings, drawn: list[str]
) -> None:
    kept = indexed.model_copy(update={"offer_originals": "none"})
    await guild.env.restart_bot(bot_of(services_of(kept)))
    shown = await click(guild.ann, await _opened(guild, "manual.pdf", place="2"), "Page")
    assert seen(shown).startswith("**The manual**, page 2\n-# Part 2 of 3, as I set it.\n")
    assert drawn == ["text"]


async def test_pictures_count_as_questions(guild: Guild, indexed: Settings) -> None:
    await guild.env.restart_bot(bot_of(services_of(indexed, limits=AdmissionLimits(per_minute=2))))
    opened = await _opened(guild, "manual.pdf")
    for _ in range(2):
        assert (await click(guild.ann, opened, "Page")).attachments
    told = await click(guild.ann, opened, "Page")
    assert told.attachments == []
    assert told.content.startswith("That was a lot of questions in a short time.")


# Rights


@pytest.mark.parametrize("sort", ["i:p", "i:t", "j:p2", "j:t"])
async def test_an_outsider_gets_nothing(
    guild: Guild, indexed: Settings, drawn: list[str], sort: str
) -> None:
    policy = Policy(folders=(("depot/", CLOSED),))
    await guild.env.restart_bot(bot_of(services_of(indexed, policy=policy)))
    start = DOCUMENTS["depot/north.md"].index(HALL)
    place = f"{start}-{start + len(HALL)}:{checksum(HALL)}"
    hidden = await forged(guild, guild.ann, f"{sort}:{key_of('depot/north.md')}:{place}")
    absent = await forged(guild, guild.ann, f"{sort}:{key_of('depot/none.md')}:{place}")
    assert hidden == absent == "That document is no longer indexed."
    assert drawn == []


async def test_old_and_forged_places_get_nothing(guild: Guild, drawn: list[str]) -> None:
    key = key_of("depot/north.md")
    moved = "The document has changed since, and that passage no longer stands there."
    for place in (f"5-20:{checksum('other')}", "0-999999999:00000000", "9-2:00000000"):
        assert await forged(guild, guild.ann, f"i:p:{key}:{place}") == moved
    assert drawn == []


async def test_a_document_that_is_gone_is_not_shown_again(guild: Guild, settings: Settings) -> None:
    opened = await _opened(guild, "manual.pdf")
    shown = await click(guild.ann, opened, "Page")
    (settings.corpus / "manual.pdf").unlink()
    reindex(settings, {})
    result = await guild.ann.click(shown, label="Page 2 ›")
    told = result.followups[0] if result.followups else result.response
    assert told is not None
    assert told.content == "That document is no longer indexed."


async def _click_forged(guild: Guild, custom_id: str) -> Any:
    channel = guild.env.bot.get_channel(guild.channel.id)
    assert isinstance(channel, discord.TextChannel)
    view = view_of(MessagePart("?", rows=((Button("?", custom_id),),)))
    assert isinstance(view, discord.ui.View)
    result = await guild.ann.click(await channel.send("look", view=view), custom_id=custom_id)
    return result.response
