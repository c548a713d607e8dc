"""`picture`: a page of a document as a picture, with words of it marked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import messages
from bot.cli.session import AsJson, named, session_of
from bot.errors import OutputNotWritten, UnknownPage
from bot.localization import _
from index.document import Span

if TYPE_CHECKING:
    from index.document import Document


def picture(
    context: typer.Context,
    document: Annotated[str, typer.Argument(help="Its name, as `documents` lists it.")],
    file: Annotated[Path, typer.Argument(metavar="FILE.png", help="Where the picture goes.")],
    page: Annotated[
        int | None, typer.Option("--page", metavar="N", min=1, help="This page or slide.")
    ] = None,
    mark: Annotated[
        str | None,
        typer.Option(metavar="WORDS", help="The place with these words, which are marked."),
    ] = None,
    table: Annotated[
        bool, typer.Option("--table", help="The table that the words of --mark are in.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Draw a page of a PDF, or a part of another document as it is set here, as a PNG."""
    from bot.cli.output import pictures

    session = session_of(context)
    library = session.library()
    name = named(session, library.generation_and_names()[0], document)
    span = _place(library.document(name), page, mark)
    drawn = library.table_picture(name, span) if table else library.page_picture(name, span)
    try:
        file.write_bytes(drawn.picture.png)
    except OSError as exc:
        raise OutputNotWritten(messages.not_written(path=file, reason=exc.strerror)) from exc
    session.tell(pictures.as_json, pictures.written, drawn, file, json=json, fill=False)


def _place(document: Document, page: int | None, mark: str | None) -> Span:
    """Return where the words stand, from the beginning of the page on."""
    if page and page > len(document.pages):
        raise UnknownPage(document.name, page, len(document.pages))
    start = document.pages[page - 1].start if page else 0
    if mark is None:
        return Span(start, start)
    found = document.text.find(mark, start)
    if found < 0:
        said = _("the document does not have these words: {words!r}")
        raise typer.BadParameter(said.format(words=mark))
    return Span(found, found + len(mark))
