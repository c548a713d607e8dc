"""Complete messages of every kind, made of one text in every place where a text can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.chat.answer_changes import AnswerChange
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
from bot.discord.rendering.answers.notices import concerned_line, notice
from bot.discord.rendering.answers.rolled_up import rolled_up_message
from bot.discord.rendering.answers.unanswered import gap_block, gaps_page, place_line
from bot.discord.rendering.answers.watches import begun, changed, watches_page
from bot.discord.rendering.documents.changes import (
    audit_entries,
    audit_line,
    confirm_removal,
    confirm_rollback,
)
from bot.discord.rendering.documents.conflicts import conflicts_page
from bot.discord.rendering.documents.differences import (
    changed_line,
    difference_blocks,
    digest_message,
    two_documents,
)
from bot.discord.rendering.documents.pictures import picture_lines
from bot.discord.rendering.documents.sources import document_rows, passages, source
from bot.discord.rendering.documents.stewardship import (
    overdue_list,
    proposal_line,
    reminder,
    succession_line,
    successions_list,
)
from bot.discord.rendering.documents.uploading import confirm_upload
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.message import EMPTY_LINE, Button, MessagePart, packed
from bot.discord.rendering.reports import reindexed, state
from bot.discord.ui.documents.source_view import card_rows
from bot.discord.ui.errors import sentence_of
from bot.documents.reindexing.rollback import RollbackPlan
from bot.documents.reindexing.status import IndexState
from bot.documents.reviews import Overdue
from bot.documents.uploads.incoming import Incoming
from bot.documents.uploads.uploads import PLACE_CHANGED
from bot.documents.uploads.waiting_files import WaitingFile
from bot.errors import BadUpload, NotAllowed, UnknownPage
from bot.library import Card, ContentsEntry, View
from bot.library.changes import ChangedDocument
from bot.library.errors import UnknownHeading
from bot.library.library import FileDocuments
from bot.library.viewing.pictures import DocumentPicture, RowRange
from bot.records import AuditEntry, Fault, Mark
from bot.records.parts.handed import HandedQuestion, HandedState
from bot.records.unanswered import Gap
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
    Successor,
    Verdict,
)
from index.answering.conflicts import Conflict, Conflicts, Side
from index.answering.list_requests import Extent, Lists, RollUpRequest
from index.answering.rollups.rows import ListedFigure, RollUp, RollUpRow
from index.answering.versions.proposals import Proposal
from index.chunking.passage import Passage, Unit
from index.comparing.comparison import compare
from index.comparing.stretches import stretches
from index.decisions import Review
from index.document import Block, BlockKind, Document, Span, Style, StyleKind
from index.errors import UnknownDocument
from index.indexing.report import Failure, ReindexReport
from index.picturing.picture import Picture
from index.store.catalog.document_table import DocumentRow
from index.store.catalog.history import ChangeKind
from index.store.successions.successions import Basis
from testing.samples import WATCH

NOON = datetime(2026, 1, 19, 12, tzinfo=UTC)
HARMLESS = "word"


def excerpt(text: str, number: int = 1) -> Excerpt:
    quote = text if text.strip() else "word"
    emphasis = (Span(100, 100 + len(quote) // 2),)
    whole = Span(100, 100 + len(quote))
    kinds = (StyleKind.STRUCK, StyleKind.ITALIC) if number == 1 else (StyleKind.MONOSPACED,)
    return Excerpt(
        number, quote, text, text, (text, text), 3, whole, "p", 1.0, emphasis,
        styles=tuple(Style(kind, whole) for kind in kinds),
    )  # fmt: skip


def _answers(text: str) -> list[MessagePart]:
    both = (excerpt(text), excerpt(text, 2))
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
        ListedDocument(text, text, text, 3, excerpt(text)),
        ListedDocument(text, text, text),
    )
    blocks = tuple(
        listed_block(number, one, button=Button(str(number), str(number)))
        for number, one in enumerate(listed, start=1)
    )
    card = Card(text, text, text, text, 3, (ContentsEntry(text, 1), ContentsEntry(text, 2)))
    response = Response(text, Verdict.ANSWERED, 1, 1, QuestionKind.COLLECTION, documents=listed)
    return [
        *answer(response, exchange=1, listing=DocumentListing(blocks, footer="Page 1 of 2")),
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
    way = RollbackPlan(2, NOON, 1, returning=(text,), changed=(text,), leaving=(text,))
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
            FileDocuments(text, text, "", (text,), f"{text}/{text}"), again=(text,), rows=[]
        ),
        *confirm_rollback(way, rows=[]),
        MessagePart(audit_line(entry)),
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
    both = (excerpt(text), replace(excerpt(text, 2), header=Quote(text, Span(0, len(text)))))
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
            list(enumerate(found.found, start=1)),
            footer="Page 1 of 2",
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
    found = Response(text, Verdict.UNSURE, 0.5, 1, excerpts=(excerpt(text), excerpt(text, 2)))
    asked, row = replace(HANDED, question=text), [Button("Answer", "g:ans:8")]
    of_all = replace(asked, is_public=True, state=HandedState.ANSWERED)
    says = confirmation(who="<@6>", where="<#7>", question=text, is_public=True)
    return [
        *(
            asked_of_them(
                asked,
                "<@&6>",
                escape_line(text),
                said,
                opener=lambda one: Button("1", f"{one.number}"),
                row=row,
            )
            for said in (found, None)
        ),
        MessagePart(handed_head(of_all, "<@&6>", escape_line(text), "<@9>")),
        MessagePart(says),
        *answered(asked, name=text, words=HARMLESS, here=False),
    ]


def _notices(text: str) -> list[MessagePart]:
    documents = [concerned_line(number, text or "a.md", text) for number in range(1, 5)]
    link = "https://discord.com/channels/1/2/3"
    rows = [[Button("x", str(number))] for number in range(5)]
    return [
        notice(
            Mark.DOWN,
            fault,
            link=link,
            question=text,
            reason=text,
            documents=documents,
            rows=rows,
        )
        for fault in (Fault.OUTDATED, Fault.UNFIT, None)
    ]


def _watches(text: str) -> list[MessagePart]:
    watch = replace(WATCH, question=text, document=text, folder=text)
    by = Standing(text, text, "2025-01-19", replaced_by=Successor(text, text, "2026-01-19"))
    change = AnswerChange((excerpt(text),), (text, text), (by,), is_lost=True)
    found = Response(text, Verdict.ANSWERED, 0.9, 1, excerpts=(excerpt(text),))
    end = Button("2", "2")
    return [
        MessagePart(begun(watch)),
        *changed(watch, change, Verdict.ANSWERED, answer(found, exchange=1)),
        *watches_page(
            [(number + 1, (replace(watch, id=number), number < 4)) for number in range(5)],
            number=5,
            footer="1",
            turns=[end],
        ),
    ]


def _rolled_up(text: str) -> list[MessagePart]:
    successor = Successor(text, text, None)
    figure = ListedFigure(text, Span(100, 101), label=text)
    row = RollUpRow(text, text, text, excerpt(text), 3, None, (figure,), successor, (text, text))
    rows = (row, replace(row, quote=None), replace(row, title=""))
    request = RollUpRequest(Lists.MENTIONS, text or HARMLESS)
    return [
        part
        for lists in (Lists.MENTIONS, Lists.FIGURES)
        for part in rolled_up_message(
            RollUp(Extent(replace(request, lists=lists), 3, 9, 3, 1, is_whole=False), rows),
            "Page 1 of 2",
            [],
            lambda number, _: Button(str(number), str(number)),
        )
    ]


def _differences(text: str) -> list[MessagePart]:
    # What is read of a file has no half of a pair.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    old, new = (
        Document(text, text, whole, (Block(BlockKind.PARAGRAPH, Span(0, len(whole))),))
        for whole in (f"{text} five", f"{text} six")
    )
    found = stretches(compare(old, new))
    blocks = [b for one in found for b in difference_blocks(one, two_documents(text, text), 1)]
    known = ChangedDocument(
        text, text, ChangeKind.RENAMED, NOON, text, 2, successor=Successor(text, text, None)
    )
    return [
        *packed(["word", *blocks[:8]], footer="Page 1 of 2"),
        *packed(["word", changed_line(1, known)], between=EMPTY_LINE),
        *digest_message([known] * 30, since=NOON),
    ]


def _pictures(text: str) -> list[MessagePart]:
    picture = Picture(b"", 1, 1, missing=text, left_out_lines=1, left_out_columns=2)
    made = DocumentPicture(picture, text, text, text, (text,), 3, 3, 9, rows=RowRange(2, 3, 9))
    whole = tuple(Style(kind, Span(0, len(text))) for kind in (StyleKind.BOLD, StyleKind.LINK))
    return [
        MessagePart(picture_lines(made) or "word"),
        MessagePart(picture_lines(replace(made, is_part=True, styles=whole, clause=text))),
    ]


KINDS: Mapping[str, Callable[[str], Sequence[MessagePart]]] = {
    "watches": _watches,
    "rolled-up lists": _rolled_up,
    "differences": _differences,
    "pictures": _pictures,
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
