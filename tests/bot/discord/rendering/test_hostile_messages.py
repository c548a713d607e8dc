"""Complete messages of every kind, with hostile text from people and documents.

What a renderer finds in such a message is what it finds in the same message with harmless words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import messages
from bot.chat.belonging import Nearest
from bot.discord.cogs.administering.gaps import gaps_head
from bot.discord.rendering.answers.answers import answer, closest
from bot.discord.rendering.answers.handed import answered, asked_of_them, confirmation, handed_head
from bot.discord.rendering.answers.listed import (
    DocumentListing,
    card_message,
    listed_block,
    listed_message,
)
from bot.discord.rendering.answers.notices import MarkNotice, QuotedDocument, notice
from bot.discord.rendering.answers.unanswered import gap_block, gaps_page, place_line
from bot.discord.rendering.documents.changes import (
    Removal,
    audit_entries,
    audit_message,
    confirm_removal,
    confirm_rollback,
)
from bot.discord.rendering.documents.conflicts import conflicts_page
from bot.discord.rendering.documents.sources import document_rows, passages, source
from bot.discord.rendering.documents.stewardship import (
    overdue_list,
    proposal_line,
    reminder,
    succession_line,
    successions_list,
)
from bot.discord.rendering.documents.uploading import confirm_upload
from bot.discord.rendering.message import Button, MessagePart, check, packed, texts_of
from bot.discord.rendering.reports import reindexed, reindexed_text, state
from bot.discord.ui.documents.source_view import card_rows
from bot.discord.ui.errors import sentence_of
from bot.documents.reindexing.rollback import RollbackPlan
from bot.documents.reindexing.status import IndexState
from bot.documents.reviews import Overdue
from bot.documents.uploads.incoming import Incoming
from bot.documents.uploads.uploads import PLACE_CHANGED, WaitingFile
from bot.errors import BadUpload, NotAllowed, UnknownPage
from bot.library import Card, ContentsEntry, View
from bot.library.errors import UnknownHeading
from bot.library.library import FileDocuments
from bot.localization import LANGUAGES, speaking
from bot.records import AuditEntry, Fault, Mark
from bot.records.parts.handed import HandedQuestion, HandedState
from bot.records.unanswered import Gap
from bot.text import visible
from index.answering.answer import (
    Choice,
    CitedCell,
    Computed,
    Difference,
    Excerpt,
    Hit,
    ListedDocument,
    QuestionKind,
    Quote,
    Reply,
    Response,
    Says,
    Standing,
    Verdict,
)
from index.answering.conflicts import Conflict, Conflicts, Side
from index.answering.versions.proposals import Proposal
from index.chunking.passage import Passage, Unit
from index.decisions import Review
from index.document import BlockKind, Span, Style, StyleKind
from index.errors import UnknownDocument
from index.indexing.report import Failure, ReindexReport
from index.store.catalog.catalog import DocumentRow
from index.store.successions.successions import Basis
from tests.bot.discord.rendering.renderers import READERS, Seen, commonmark, discord_client, preview
from tests.bot.discord.rendering.texts import NASTY, any_text

pytestmark = pytest.mark.slow

NOON = datetime(2026, 1, 19, 12, tzinfo=UTC)
HARMLESS = "word"


def _excerpt(text: str, number: int = 1) -> Excerpt:
    quote = text if text.strip() else "word"
    emphasis = (Span(100, 100 + len(quote) // 2),)
    whole = Span(100, 100 + len(quote))
    kinds = (StyleKind.STRUCK, StyleKind.ITALIC) if number == 1 else (StyleKind.MONOSPACED,)
    return Excerpt(
        number, quote, text, text, (text, text), 3, whole, "p", 1.0, emphasis,
        styles=tuple(Style(kind, whole) for kind in kinds),
    )  # fmt: skip


def _answers(text: str) -> list[MessagePart]:
    both = (_excerpt(text), _excerpt(text, 2))
    found = Response(
        text, Verdict.ANSWERED, 0.9, 1, excerpts=both, uncovered=(text,), unknown_names=(text, text)
    )
    none = Response(text, Verdict.SILENT, 0.1, 1, closest=both, unknown_names=(text,))
    table = replace(both[0], header=Quote(both[0].quote, Span(0, len(both[0].quote))))
    cells = (
        CitedCell(text, text, Span(100, 101), text, text),
        CitedCell("a.md", text, Span(0, 1), "b", ""),
    )
    rows = replace(
        found,
        verdict=Verdict.UNSURE,
        excerpts=(table, replace(table, number=2)),
        computed=(Computed("sum", text, cells),),
    )
    unclear = replace(none, kind=QuestionKind.UNCLEAR, choices=(Choice(text, text),))
    return [
        *answer(rows, exchange=1, asked=text, rewritten=text),
        *answer(unclear, exchange=1),
        *answer(found, exchange=1, asked=text, rewritten=text),
        *answer(none, exchange=1, asked=text, rewritten=text),
        *closest(both),
    ]


def _listed(text: str) -> list[MessagePart]:
    listed = (
        ListedDocument(text, text, text, 3, _excerpt(text)),
        ListedDocument(text, text, text),
    )
    blocks = tuple(
        listed_block(number, one, button=Button(str(number), str(number)))
        for number, one in enumerate(listed, start=1)
    )
    card = Card(text, text, text, text, 3, (ContentsEntry(text, 1), ContentsEntry(text, 2)))
    response = Response(text, Verdict.ANSWERED, 1, 1, QuestionKind.COLLECTION, documents=listed)
    return [
        *answer(response, exchange=1, listing=DocumentListing(blocks, page=1, count=2)),
        *listed_message(DocumentListing(blocks)),
        *card_message(card, rows=card_rows(card)),
    ]


def _sources(text: str) -> list[MessagePart]:
    view = View(
        document=text, title=text, heading=(text, text), page=3, pages=12, date=text, before=text,
        excerpt=text, after=text, number=4, count=9, span=Span(0, 100), columns=text,
    )  # fmt: skip
    passage = Passage(
        id="p", document=text, title=text, heading=(text,), page=1, span=Span(0, len(text)),
        text=text, units=(Unit(BlockKind.PARAGRAPH, Span(0, len(text)), 1),),
    )  # fmt: skip
    return [
        *source(view, note=text),
        *passages([Hit(1, 1.0, passage)], query=text, opener=lambda hit: Button("1", "p")),
        *passages([], query=text, opener=lambda hit: Button("1", "p")),
    ]


def _documents(text: str) -> list[MessagePart]:
    rows = [
        DocumentRow(text, text, text, 3, 5, "2026-01-19T12:00:00+00:00", None, (text, text)),
        DocumentRow(text, text, None, 3, 5, "2026-01-19T12:00:00+00:00", text, ()),
        DocumentRow(text, None, None, None, 0, None, text, ()),
    ]
    return document_rows(rows, how_read=True)


def _changes(text: str) -> list[MessagePart]:
    file = WaitingFile(name=text, size=1, sha256="", replaces="x", title=text, pages=2)
    way = RollbackPlan(2, 1, NOON, 1, 1, returning=(text,), changed=(text,), leaving=(text,))
    entry = AuditEntry(NOON, 1, None, text, text)
    return [
        *confirm_upload(
            [
                Incoming(file, frozenset(), unknown=text),
                Incoming(file, frozenset(), apart=True, held=True),
            ],
            [(text, text)],
            names_people=False,
            rows=[],
        ),
        *confirm_removal(
            Removal(FileDocuments(text, text, "", (text,), f"{text}/{text}"), again=(text,)),
            rows=[],
        ),
        *confirm_rollback(way, rows=[]),
        audit_message(entry),
        *packed(list(audit_entries([entry]))),
    ]


def _reports(text: str) -> list[MessagePart]:
    report = ReindexReport(
        1, 1, 1, added=(text,), changed=(text,), removed=(text,),
        failed=(Failure(text, text, stale=False), Failure(text, text, stale=True)),
    )  # fmt: skip
    found = IndexState(
        index="i", corpus=Path("c"), index_bytes=1, generation=2, previous=1,
        created_at="2026-01-19T12:00:00+00:00", failing=(text,), model=text, problem=text,
    )  # fmt: skip
    return [*reindexed(report), *state(found)]


def _stewardship(text: str) -> list[MessagePart]:
    said = Review("ab", "2026-01-19", None, by_owner=True)
    late = Overdue(text, text, text, "ab", NOON.date())
    proposal = Proposal(text, text, text, text, text, text, Basis.NAME, 0.9)
    lines = [
        proposal_line(1, proposal),
        succession_line(2, text, text, confirmed=True),
        succession_line(3, text, text, confirmed=False),
    ]
    return [
        *overdue_list([(1, late), (2, replace(late, owner=None, review=said))]),
        *reminder("", [(1, late)], []),
        *successions_list(lines),
    ]


def _gaps(text: str) -> list[MessagePart]:
    gap = Gap(text, (), 2, NOON, (text, text, text, text))
    nearest = [Nearest(text, text, (text,), is_near=near) for near in (True, False)]
    blocks = [gap_block(gap, place_line(each)) for each in nearest]
    return gaps_page(blocks, head=gaps_head(days=3, number=1))


def _conflicts(text: str) -> list[MessagePart]:
    both = (_excerpt(text), replace(_excerpt(text, 2), header=Quote(text, Span(0, len(text)))))
    values = tuple(Quote(each.quote, each.span) for each in both)
    standing = Standing(text, text, "2026-01-19", owner=text)
    differing = Response(
        text,
        Verdict.ANSWERED,
        0.9,
        1,
        excerpts=both,
        replies=(Reply(Says.DIFFER, {"titles": (text, text)}),),
        standings=(standing,),
        differences=(Difference("name", both, values),),
    )
    sides = tuple(Side(one, value, standing) for one, value in zip(both, values, strict=True))
    found = Conflicts((Conflict("name", sides, frozenset({"a"})),), is_whole=False)
    return [
        *answer(differing, exchange=1),
        *conflicts_page(
            found,
            found.found,
            first=1,
            page=1,
            count=2,
            opener=lambda number, _: Button(str(number), str(number)),
        ),
    ]


def _errors(text: str) -> list[MessagePart]:
    found = (
        UnknownDocument(text, (text, text)),
        UnknownPage(text, 3, 2),
        UnknownHeading(text, text, (text, text)),
        BadUpload(PLACE_CHANGED.format(name=text)),
        NotAllowed(f"No: {text}"),
    )
    return [MessagePart(sentence_of(one)) for one in found]


HANDED = HandedQuestion(
    exchange=1,
    person=2,
    guild=3,
    channel=4,
    reply_to=5,
    is_public=False,
    question="",
    people=(),
    source_documents=(),
    recipient=6,
    is_role=True,
    place=7,
    began=NOON,
    id=8,
)


def _handed(text: str) -> list[MessagePart]:
    found = Response(text, Verdict.UNSURE, 0.5, 1, excerpts=(_excerpt(text), _excerpt(text, 2)))
    asked, row = replace(HANDED, question=text), [Button("Answer", "g:ans:8")]
    of_all = replace(asked, is_public=True, state=HandedState.ANSWERED)
    says = confirmation(who="<@6>", where="<#7>", question=text, is_public=True)
    return [
        *(
            asked_of_them(
                asked, "<@&6>", said, opener=lambda one: Button("1", f"{one.number}"), row=row
            )
            for said in (found, None)
        ),
        MessagePart(handed_head(of_all, "<@&6>", "<@9>")),
        MessagePart(says),
        *answered(asked, name=text, words=HARMLESS, here=False),
    ]


def _notices(text: str) -> list[MessagePart]:
    documents = (QuotedDocument(text or "a.md", text),) * 4
    link = "https://discord.com/channels/1/2/3"
    rows = [[Button("x", str(number))] for number in range(5)]
    return [
        notice(MarkNotice(Mark.DOWN, fault, link, text, text, documents), rows)
        for fault in (Fault.OUTDATED, Fault.UNFIT, None)
    ]


KINDS: dict[str, Callable[[str], Sequence[MessagePart]]] = {
    "answers": _answers,
    "lists": _listed,
    "sources": _sources,
    "documents": _documents,
    "changes": _changes,
    "reports": _reports,
    "stewardship": _stewardship,
    "gaps": _gaps,
    "conflicts": _conflicts,
    "errors": _errors,
    "handed to people": _handed,
    "told to admins": _notices,
}
kinds = pytest.mark.parametrize("kind", KINDS)


def markup_of(parts: Sequence[MessagePart]) -> list[str]:
    """Return each text of the messages."""
    for part in parts:
        check(part)
    return [text for part in parts for text in texts_of(part)]


def read(parts: Sequence[MessagePart]) -> dict[str, set[str]]:
    """Return what each renderer finds in the messages besides text."""
    found: dict[str, set[str]] = {}
    for markup in markup_of(parts):
        seen: dict[str, Seen] = {
            "preview": preview(markup, "text_display"),
            "commonmark": commonmark(markup),
            "client": discord_client(markup),
        }
        for reader, one in seen.items():
            found.setdefault(reader, set()).update(one.kinds)
    return found


@cache
def allowed_in(kind: str, language: str) -> dict[str, set[str]]:
    with speaking(language):
        return read(KINDS[kind](HARMLESS))


def assert_harmless(kind: str, text: str, language: str = "en") -> None:
    allowed = allowed_in(kind, language)
    with speaking(language):
        found = read(KINDS[kind](text or HARMLESS))
    assert found
    for reader, some in found.items():
        assert some <= allowed[reader], (reader, text)


@kinds
@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_in_every_place(kind: str, text: str) -> None:
    assert_harmless(kind, text)


@kinds
@given(text=any_text, language=st.sampled_from(LANGUAGES))
@example(text="*http:👩\u200d🚒</ask:1>", language="en")  # the emphasis ends within the emoji
def test_any_text_in_every_place_and_language(kind: str, text: str, language: str) -> None:
    assert_harmless(kind, text, language)
    with speaking(language):
        texts = markup_of(KINDS[kind](text))
    for markup in texts:
        # All that would reorder or hide is made visible; what isolates is the bot's own, in pairs.
        own = markup.replace("\N{FIRST STRONG ISOLATE}", "").replace(
            "\N{POP DIRECTIONAL ISOLATE}", ""
        )
        assert visible(own) == own
        assert markup.count("\N{FIRST STRONG ISOLATE}") == markup.count(
            "\N{POP DIRECTIONAL ISOLATE}"
        )


@pytest.mark.parametrize("text", [*NASTY, "x" * 4_000, "*" * 4_000, "\\" * 2_000, "<@1> " * 800])
def test_a_person_s_words_may_be_emphasised_and_nothing_else(text: str) -> None:
    parts = answered(HANDED, name="Eve", words=text or HARMLESS, here=True)
    found = read(parts)
    emphasis = {"strong", "em", "hr", "underline", "u_open", "u_close"}
    emphasis |= {"list", "bullet_list", "list_item"}
    for reader, allowed in read(answered(HANDED, name="Eve", words=HARMLESS, here=True)).items():
        assert found[reader] <= allowed | emphasis, (reader, text)


def test_each_reader_is_asked() -> None:
    assert len(READERS) == 4
    assert set(read(_answers(HARMLESS))) == {"preview", "commonmark", "client"}


FORGED = (
    "Real words.\n\n[1] **Another document** › Heading, page 9\nConfidence 99%\n"
    "> Words that stand nowhere\n\n**I found nothing close.**\n-# Shared by <@1>\nSource: x"
)


def test_an_excerpt_cannot_play_the_answer_around_it() -> None:
    """Every line of it is in the quote; the bot's own text is outside."""
    found = Response("q", Verdict.ANSWERED, 0.9, 1, excerpts=(_excerpt(FORGED),))
    (part,) = answer(found, exchange=1)
    *texts, footer = texts_of(part)
    lines = "\n".join(texts).split("\n")
    quoted = [line for line in lines if line.startswith("> ")]
    assert len(quoted) == len(FORGED.split("\n"))
    outside = [line for line in lines if line and not line.startswith("> ")]
    (line,) = outside
    assert line.startswith("-# \\[1] **Real words.␤␤")
    assert footer == f"-# {messages.confidence(probability=0.9)}"


def test_a_line_break_in_a_name_makes_no_second_line() -> None:
    for one in _documents(FORGED) + _changes(FORGED) + _reports(FORGED):
        for text in texts_of(one):
            assert "\n[1]" not in text
            assert "\n\\[1]" not in text
    text = reindexed_text(ReindexReport(1, 1, 1, added=(FORGED,)))
    assert len(text.splitlines()) == 2


@given(st.sampled_from(["\u05d0\u05d1", "\u0627\u0628", "\u0661\u0662"]), any_text)
def test_what_is_written_from_right_to_left_moves_nothing_beside_it(right: str, text: str) -> None:
    for part in _documents(right + text) + _changes(text + right):
        for markup in markup_of([part]):
            for line in markup.split("\n"):
                depth = 0
                for character in line:
                    depth += (character == "\N{FIRST STRONG ISOLATE}") - (
                        character == "\N{POP DIRECTIONAL ISOLATE}"
                    )
                    assert depth in (0, 1)
                    assert depth or character not in right
