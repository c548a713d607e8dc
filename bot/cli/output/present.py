"""Values as text for people: pure functions from a value to what rich prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot import messages
from bot.library.viewing.headings import headings_of
from bot.localization import _
from bot.text import visible, visible_line
from bot.wording.columns import counting_columns
from bot.wording.engine import translate
from bot.wording.places import Place, place_of, place_of_hit
from bot.wording.replies import Surface, reply_text
from bot.wording.standings import marks, replaced, side
from bot.wording.unread_kinds import unread_lines
from index.answering.answer import QuestionKind, Verdict
from index.document import Span
from index.sources.unread_kinds import is_unread_kind

if TYPE_CHECKING:
    from index.answering.answer import (
        Computed,
        Excerpt,
        Hit,
        ListedDocument,
        Response,
        SearchResult,
        Standing,
        Successor,
    )
    from index.chunking.passage import Passage
    from index.document import Document, TextOrigin
    from index.store.catalog.document_table import DocumentRow

_NUMBER, _EMPHASIS, _SOURCE, _HEADING = "bold cyan", "bold yellow", "dim", "bold cyan"
_DOUBT = "bold magenta"


def answer(response: Response) -> Iterator[RenderableType]:
    """Yield all that is said to a question."""
    for reply in response.replies:
        yield Text(reply_text(reply, where=Surface.TERMINAL))
    yield from _differing(response)
    if response.replies and (response.excerpts or response.documents):
        yield ""
    if response.verdict is Verdict.UNSURE and response.excerpts:
        yield Text(str(messages.NOT_SURE), style=_DOUBT)
        yield ""
    standing_of = {each.document: each for each in response.standings}
    for excerpt in response.excerpts:
        quote = Text.assemble("“", emphasised(excerpt), "”")
        standing = standing_of.get(excerpt.document)
        source = _source(excerpt, place_of(excerpt), standing, response.today)
        above = _columns_of(excerpt, response.question)
        yield _numbered(excerpt.number, Group(*above, quote, source))
        yield ""
    for document in response.documents:
        yield Group(*_listed(document, standing_of.get(document.name), response.today))
        yield ""
    for value in response.computed:
        yield Group(*_computed(value))
        yield ""
    if response.contents:
        yield Text(_("Contents"), style="bold")
        for heading in response.contents:
            yield Text(f"{'  ' * heading.level}{visible_line(heading.text)}", style=_SOURCE)
        yield ""
    yield from _said(response)
    if response.kind is not QuestionKind.TALK:
        yield _footer(response)


def _said(response: Response) -> Iterator[RenderableType]:
    """Yield what was not found, and what to ask instead."""
    if response.choices:
        yield Text(str(messages.WHICH_ONE), style="bold")
        for choice in response.choices:
            label, question = visible_line(choice.label), visible_line(choice.question)
            yield Text(f"- {label}" if label == question else f"- {label}: {question}")
        yield ""
    elif response.verdict is Verdict.SILENT and not response.replies:
        yield Text(str(messages.NOTHING_CLOSE), style="bold")
        if response.closest:
            yield Text(_("briefing-bot search shows the passages that come nearest."), style="dim")
    if response.uncovered:
        parts = [visible_line(part) for part in response.uncovered]
        yield Text(messages.uncovered(parts=parts), style="bold")
    if response.unknown_names:
        names = [visible_line(name) for name in response.unknown_names]
        yield Text(messages.unmentioned(names=names), style="bold")


def _differing(response: Response) -> Iterator[Text]:
    """Yield what each of several documents that differ says."""
    known = {standing.document: standing for standing in response.standings}
    for difference in response.differences:
        for excerpt, value in zip(difference.excerpts, difference.values, strict=True):
            of_side = side(excerpt.title, known.get(excerpt.document), visible_line)
            said = messages.says(value=f"“{visible_line(value.text)}”", side=of_side)
            yield Text(f"  [{excerpt.number}] {said}")


def header_of(quoted: Excerpt | Hit) -> Iterator[Text]:
    """Yield the header of the table that a row stands in, if it is one."""
    if quoted.header:
        yield Text(visible(quoted.header.text), style=_SOURCE)


def _columns_of(row: Excerpt, question: str) -> Iterator[Text]:
    """Yield the header above a row; of a very wide table the columns that count, with cells."""
    columns = counting_columns([row], question)
    if columns is None:
        yield from header_of(row)
        return
    for name, cell in zip(columns.names, columns.cells[0], strict=True):
        yield Text(visible(f"{name}: {cell}"), style=_SOURCE)


def _listed(
    document: ListedDocument, standing: Standing | None, today: date | None
) -> Iterator[RenderableType]:
    mentions = messages.mentions(document.mentions) if document.mentions else ""
    dated = [(document.date or "")[:10]]
    if standing is not None:
        dated = list(marks(standing, today, visible_line))
    facts = (document.name, *dated, mentions)
    yield Text.assemble(
        (visible_line(document.title), "bold"),
        (" — " + " — ".join(visible_line(fact) for fact in facts if fact), _SOURCE),
    )
    if quote := document.quote:
        place = _place(place_of(quote), quote.origin)
        text = Text.assemble("“", emphasised(quote), "”", (f" — {place}" if place else "", _SOURCE))
        yield Padding(Group(*header_of(quote), text), (0, 0, 0, 4))


def _computed(value: Computed) -> Iterator[RenderableType]:
    said = messages.computed(operation=value.operation, value=visible_line(value.value))
    yield Text(said, style="bold")
    for cell in value.cells:
        where = " — ".join(visible_line(part) for part in (cell.row, cell.column, cell.document))
        text = Text.assemble(f"“{visible_line(cell.text)}”", (f" — {where}", _SOURCE))
        yield Padding(text, (0, 0, 0, 4))


def _footer(response: Response) -> Text:
    """Say how sure it is, where that is in doubt, and how long it took."""
    said_all = (response.documents or response.replies) and not response.excerpts
    say = messages.confidence_in_differing if response.differences else messages.confidence
    shown = [] if said_all else [say(probability=response.confidence)]
    if (total := response.milliseconds.get("total")) is not None:
        shown.append(f"{total:,.0f} ms")
    return Text(", ".join(shown), style="dim")


def emphasised(excerpt: Excerpt) -> Text:
    """Return the quote with the words that answer emphasised."""
    text = Text()
    position, start = 0, excerpt.span.start
    for span in sorted(excerpt.emphasis):
        at, end = max(position, span.start - start), span.end - start
        text.append(visible(excerpt.quote[position:at]))
        text.append(visible(excerpt.quote[at:end]), style=_EMPHASIS)
        position = max(at, end)
    return text.append(visible(excerpt.quote[position:]))


def _source(
    of: Excerpt | Passage,
    where: Place,
    standing: Standing | None = None,
    today: date | None = None,
) -> Text:
    place = _place(where, of.origin)
    parts = [visible_line(of.title), place, visible_line(of.document)]
    if standing is not None:
        parts += marks(standing, today, visible_line)
    return Text(" — ".join(part for part in parts if part), style=_SOURCE)


def _place(where: Place, origin: TextOrigin) -> str:
    facts = map(visible_line, where.facts)
    parts = [visible_line(" › ".join(where.heading)), *facts, messages.origin(origin)]
    return " — ".join(part for part in parts if part)


def _numbered(number: int, body: RenderableType) -> RenderableType:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(f"[{number}]", style=_NUMBER), body)
    return grid


def search(result: SearchResult) -> Iterator[RenderableType]:
    if not result.hits:
        yield Text(str(messages.NOTHING_FOUND), style="bold")
        return
    if result.absent:
        said = messages.nearest_only if result.is_none_said else messages.absent
        yield Text(said([visible_line(word) for word in result.absent]), style="yellow")
        yield ""
    standing_of = {each.document: each for each in result.standings}
    for hit in result.hits:
        source = _source(hit.passage, place_of_hit(hit), standing_of.get(hit.passage.document))
        source.append(f" — score {hit.score:.3f}")
        yield _numbered(hit.rank, Group(*header_of(hit), Text(visible(hit.passage.text)), source))
        yield ""
    total = result.milliseconds.get("total")
    found = messages.passages(len(result.hits))
    yield Text(found if total is None else f"{found}, {total:,.0f} ms", style="dim")


def document(found: Document, page: int | None = None) -> Iterator[RenderableType]:
    """Yield the stored text with its headings emphasised, or only one page, counted from 1."""
    shown = found.pages[page - 1] if page else Span(0, len(found.text))
    yield Text(visible_line(found.title), style="bold")
    facts = [found.name, found.metadata.get("date", ""), f"page {page}" if page else ""]
    yield Text(" — ".join(visible_line(fact) for fact in facts if fact), style=_SOURCE)
    remarks = map(translate, found.remarks)
    yield from (Text(visible_line(remark), style="yellow") for remark in remarks)
    yield ""
    text = Text()
    position = shown.start
    for span in (heading.span for heading in headings_of(found) if shown.overlaps(heading.span)):
        text.append(visible(found.text[position : span.start]))
        text.append(visible(span.of(found.text)), style=_HEADING)
        position = span.end
    yield text.append(visible(found.text[position : shown.end].rstrip()))


def documents(
    rows: Sequence[DocumentRow], successors: Mapping[str, Successor] = MappingProxyType({})
) -> Iterator[RenderableType]:
    if not rows:
        yield Text(str(messages.NO_DOCUMENTS))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("Document", overflow="fold")
    table.add_column("Date", no_wrap=True)
    table.add_column("Pages", justify="right", no_wrap=True)
    table.add_column("Passages", justify="right", no_wrap=True)
    table.add_column("Indexed", no_wrap=True)
    table.add_column("Read", no_wrap=True)
    for row in rows:
        if is_unread_kind(row.failure or "") and not row.indexed_at:
            continue
        read, why, style = _how_read(row)
        name = Text(visible_line(row.name), style="bold")
        if row.title:
            name.append(f"\n{visible_line(row.title)}", style="not bold")
        if successor := successors.get(row.name):
            said = replaced(successor, row.title or "", visible_line)
            name.append(f"\n{said}", style="not bold dim")
        if why:
            name.append(f"\n{visible_line(why)}", style=f"not bold {style}")
        table.add_row(
            name,
            visible_line(row.date or "")[:10],
            str(row.pages or ""),
            str(row.passages),
            moment(row.indexed_at) if row.indexed_at else "",
            Text(read, style=style),
        )
    yield table
    yield ""
    kinds = unread_lines(row.failure for row in rows if row.failure)
    yield from (Text(visible_line(line), style="yellow") for line in kinds)
    failing = sum(1 for row in rows if row.failure)
    answering = sum(1 for row in rows if row.title and not row.failure)
    template = _("{documents} read, {failing:,} not.") if failing else _("{documents} read.")
    read = messages.documents(answering)
    yield Text(template.format(documents=read, failing=failing), style="dim")


def _how_read(row: DocumentRow) -> tuple[str, str, str]:
    """Return how a document was read in a word, the reason, and the style of both."""
    if row.failure and row.indexed_at:
        return (
            _("stale"),
            _("{reason}; its last good version answers").format(reason=translate(row.failure)),
            "yellow",
        )
    if row.failure:
        return _("not read"), translate(row.failure), "red"
    if row.remarks:
        return _("remark"), " ".join(map(translate, row.remarks)), "yellow"
    return _("ok"), "", "green"


def moment(iso: str) -> str:
    """Return a time in this machine's time zone, to the minute."""
    return datetime.fromisoformat(iso).astimezone().strftime("%Y-%m-%d %H:%M")
