"""Library: all that one viewer may look up without asking a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path, PurePosixPath

from bot.access import Access, Names, Viewer
from bot.clock import utc_now
from bot.errors import NotAllowed
from bot.library.cards import Card, card
from bot.library.changes import Changes, Withheld
from bot.library.errors import (
    OriginalNotOffered,
    OriginalUnavailable,
    PassageMoved,
    UnknownFolder,
    UnknownKey,
)
from bot.library.examples import Example
from bot.library.locating import Located, locate
from bot.library.matching import folded_words
from bot.library.originals import Offered, Original, is_offered, original
from bot.library.viewing.pictures import (
    DocumentPicture,
    drawn_page,
    drawn_part,
    drawn_table,
    is_pdf,
)
from bot.library.viewing.views import DocumentViews, View
from bot.library.visible_documents import (
    DocumentMatch,
    GenerationCache,
    VisibleDocuments,
    checksum,
    rows_like,
)
from bot.localization import _
from index.answering.answer import Excerpt, Successor
from index.answering.conflicts import Conflicts
from index.answering.versions.succession import successors_among
from index.comparing.comparison import Comparison
from index.decisions import Decisions, DecisionsSource, Review
from index.document import Document, Span
from index.errors import UnknownDocument
from index.picturing.process import Drawing
from index.store.catalog.document_table import DocumentRow
from index.store.current import CurrentGeneration
from index.store.generation import Generation

_SIMILAR_FOLDERS = 3
_SUGGESTED = 25


@dataclass(frozen=True, slots=True)
class FileDocuments:
    """A file of the corpus with the documents in it; `asked` is the document that was asked for.

    It may be `guessed` from other words than its own. `version` is the SHA-256 of what was indexed.
    """

    name: str
    title: str
    version: str
    enclosed: tuple[str, ...]
    asked: str
    guessed: bool = False


class Libraries:
    """The libraries of all viewers, over the same documents.

    `offered` says which original files are handed out, `decisions` what people said of documents.
    `withheld` returns the changes that are not to be shown, and history is shown for
    `keep_changes_days`.
    """

    def __init__(
        self,
        current: CurrentGeneration,
        corpus: Path,
        access: Access,
        offered: Offered = "without-hidden",
        decisions: DecisionsSource = Decisions,
        *,
        withheld: Callable[[], Withheld] = frozenset,
        keep_changes_days: int = 365,
    ) -> None:
        self.corpus = corpus
        self.access = access
        self.offered = offered
        self.decisions = decisions
        self.withheld = withheld
        self.keep_changes_days = keep_changes_days
        self.cache = GenerationCache(current)
        self.drawing = Drawing()

    def of(self, viewer: Viewer) -> Library:
        return Library(self, viewer)


class Library:
    """The documents that one viewer may see, as if there were no others.

    Each call uses the generation that is current then. Safe to use from several threads. Every
    method may read files, so none belongs on an event loop, and raises IndexMissing, IndexMismatch
    and IndexDamaged where there is no generation.
    """

    def __init__(self, all_: Libraries, viewer: Viewer) -> None:
        self.decisions = all_.decisions
        self._all = all_
        self._viewer = viewer

    # Documents

    def generation_and_names(self) -> tuple[Generation, Names | None]:
        """Return the generation that answers, and the names that may be seen in it; None: all."""
        generation = self._all.cache.opened().generation
        return generation, self._visible(generation)

    def successors(self, today: date) -> Mapping[str, Successor]:
        """Return the document that holds now for each that is replaced, of those on both sides
        that may be seen."""
        return self._successors(self._all.cache.opened().generation, today)

    def _successors(self, generation: Generation, today: date) -> Mapping[str, Successor]:
        seen = generation.answering(self._visible(generation))
        return successors_among(generation.catalog, seen, self.decisions(), today)

    def review_of(self, name: str) -> Review | None:
        """Return what people said of the document as it is, whoever may see it."""
        catalog = self._all.cache.opened().generation.catalog
        return self.decisions().review_of(name, catalog.sha256(name))

    def name_of(self, key: str) -> str:
        """Return the name that has the key; raises UnknownKey where no indexed document has it."""
        try:
            return self._documents().names[key]
        except KeyError:
            raise UnknownKey(key) from None

    def suggest_documents(self, typed: str, limit: int = _SUGGESTED) -> list[DocumentMatch]:
        """Return the documents whose name or title is like what was typed, best first.

        Where nothing was typed, the documents that were indexed last.
        """
        visible = self._documents()
        rows = visible.like(typed, limit) if folded_words(typed) else visible.newest[:limit]
        return [DocumentMatch(row.name, row.title or row.name) for row in rows]

    def named(self, typed: str, *, guess: bool = True) -> DocumentMatch:
        """Return the document that was typed, as `VisibleDocuments.find` does."""
        return self._documents().find(typed, guess=guess)

    def rows(self, words: str | None = None) -> list[DocumentRow]:
        """Return all documents and unreadable files, or those whose name or title has `words`."""
        return rows_like(self._documents().rows, words)

    def folders(self, typed: str = "") -> list[str]:
        """Return the folders that documents are in, or below, with `typed` in their path."""
        wanted = typed.strip().strip("/").casefold()
        return [folder for folder in self._documents().folders if wanted in folder.casefold()]

    def find_folder(self, typed: str) -> str:
        """Return the folder of that path, whatever its case; raises UnknownFolder."""
        wanted = typed.strip().strip("/").casefold()
        like = self.folders(typed)
        for folder in like:
            if folder.casefold() == wanted:
                return folder
        raise UnknownFolder(typed, tuple(like[:_SIMILAR_FOLDERS]) if wanted else ())

    def examples(self, n: int, day: date) -> list[Example]:
        """Return at most `n` questions that these documents may answer, the same ones all day."""
        return self._documents().examples(n, day)

    def original(self, name: str) -> Original:
        """Return the original file, that of the mail for its attachment.

        Raises UnknownDocument, OriginalNotOffered and what `originals.original` raises;
        OriginalUnavailable also where not all that lies in the file may be seen.
        """
        visible, file = self._documents(), self.file_with(name)
        if not visible.has_whole(file):
            raise OriginalUnavailable(
                name, _("it also holds what is not for everybody who would get it")
            )
        if not self.offers_original(name):
            raise OriginalNotOffered(name, has_hidden=visible.has_hidden(file))
        return original(self._all.corpus, file, visible.version(file))

    def offers_original(self, name: str) -> bool:
        """Return whether the original file is handed out; raises UnknownDocument."""
        has_hidden = self._documents().has_hidden(self.file_with(name))
        return is_offered(self._all.offered, has_hidden=has_hidden)

    def file_with(self, name: str) -> str:
        """Return the name of the file that a document is or lies in; raises UnknownDocument."""
        return self._book(name).document.file or name

    def file_of(self, typed: str) -> FileDocuments:
        """Return the file that is or holds a typed document, as `VisibleDocuments.find` finds it.

        Also one that is no document itself. Raises UnknownDocument, and NotAllowed where not all
        that lies in it may be seen.
        """
        visible = self._documents()
        named = visible.names.get(typed, typed)
        found = None if named in visible.files else self.named(typed)
        name = found.name if found else named
        row = visible.rows_by_name.get(name)
        file = row.file or name if row else name
        if not visible.has_whole(file):
            raise NotAllowed(_("That file also holds what you may not see, so it stays as it is."))
        own = visible.rows_by_name.get(file)
        return FileDocuments(
            name=file,
            title=own.title if own and own.title else PurePosixPath(file).name,
            version=visible.version(file),
            enclosed=tuple(row.name for row in visible.rows if row.file == file),
            asked=name,
            guessed=found is not None and found.guessed,
        )

    def card(self, name: str) -> Card:
        """Return the document's title, facts and contents; raises UnknownDocument."""
        found = card(self._book(name), has_original=self.offers_original(name))
        return replace(found, review=self.review_of(name))

    def conflicts(self, decisions: Decisions, today: date) -> Conflicts:
        """Return where these documents contradict each other; the first time may take seconds."""
        opened = self._all.cache.opened()
        return opened.conflicts((self._visible(opened.generation), decisions, today))

    # Documents beside each other

    def changes(self) -> Changes:
        """Return what became of the documents."""
        opened = self._all.cache.opened()
        return Changes(
            opened.generation,
            self._all.access,
            self._viewer,
            withheld=self._all.withheld(),
            compared=opened.compared,
            since=utc_now() - timedelta(days=self._all.keep_changes_days),
            replaced=self._successors(opened.generation, utc_now().date()),
        )

    def compared(self, one: str, other: str) -> Comparison:
        """Compare two documents, the first as the older; raises UnknownDocument."""
        self._book(one)
        self._book(other)
        return self._all.cache.opened().compared(one, other)

    # Places in a document; all raise UnknownDocument

    def suggest_headings(self, name: str, typed: str) -> list[str]:
        """Return headings and pages ("page 3") that `resolve_place` understands, best first."""
        return self._book(name).outline.suggest(typed, _SUGGESTED)

    def resolve_place(self, name: str, place: str | None) -> int:
        """Return the offset of a place: "3", "p. 3", "page 3", or a heading or heading path.

        A heading may be typed with errors. 0 without a place. Raises UnknownPage, and
        UnknownHeading with the nearest headings.
        """
        return self._book(name).outline.resolve(place)

    def document(self, name: str) -> Document:
        return self._book(name).document

    def view(self, name: str, number: int) -> View:
        """Return the view of that number, from 1; the first or last where there is none."""
        return self._reviewed(self._book(name).view(number))

    def view_at(self, name: str, offset: int) -> View:
        """Return the view with the character at `offset`, or the nearest one.

        Its heading and page are those of that place.
        """
        return self._reviewed(self._book(name).view_at(offset))

    def view_of_excerpt(self, name: str, span: Span) -> View:
        """Return the text at `span`, set off, with some text before and after it.

        `locate` gives the span of an excerpt from an earlier generation. A part of `span` outside
        the text is left out.
        """
        return self._reviewed(self._book(name).around(span))

    def page_picture(
        self, name: str, span: Span, number: int | None = None, *, quote_sum: str | None = None
    ) -> DocumentPicture:
        """Return the page with the text at `span` as a picture, with that text marked.

        Or the page of that number, the nearest one. Only a PDF has pages that are drawn as they
        are, and where original files are not handed out, not even that; of all others it is a part
        that we set. `quote_sum` is what `checksum` gave for the text.

        Raises UnknownDocument, PassageMoved, NotDrawn, ParsingUnavailable, and for a PDF
        OriginalUnavailable and OriginalChanged.
        """
        book = self._book_saying(name, span, quote_sum)
        drawing, cache = self._all.drawing, self._all.cache.opened().pictures
        if self.has_pages_drawn(name):
            return drawn_page(book, span, number, lambda: self._bytes(name), drawing, cache)
        return drawn_part(book, span, number, drawing, cache)

    def table_picture(
        self, name: str, span: Span, *, quote_sum: str | None = None
    ) -> DocumentPicture:
        """Return the table that the text at `span` is of as a picture, with its rows marked.

        Raises UnknownDocument, PassageMoved, NotDrawn and ParsingUnavailable.
        """
        book = self._book_saying(name, span, quote_sum)
        return drawn_table(book, span, self._all.drawing, self._all.cache.opened().pictures)

    def has_pages_drawn(self, name: str) -> bool:
        """Return whether the pages of its file are drawn as they are; raises UnknownDocument."""
        return self._all.offered != "none" and is_pdf(self._book(name).document)

    def _book_saying(self, name: str, span: Span, quote_sum: str | None) -> DocumentViews:
        book = self._book(name)
        text = book.document.text
        if not span.start <= span.end <= len(text):
            raise PassageMoved
        if quote_sum is not None and checksum(span.of(text)) != quote_sum:
            raise PassageMoved
        return book

    def _bytes(self, name: str) -> bytes:
        """Return the bytes of a document, also of one that lies in another file."""
        file, version = self.file_with(name), self._documents().version(self.file_with(name))
        with original(self._all.corpus, file, version).open() as opened:
            data = opened.read()
        if file == name:
            return data
        inner, suffix = name.removeprefix(f"{file}/"), PurePosixPath(file).suffix.lower()
        return self._all.drawing.enclosed(data, version, suffix, inner, self.document(name).sha256)

    def locate(self, excerpt: Excerpt) -> Located:
        """Return where the excerpt stands now; a document that is gone is no error."""
        return locate(excerpt, self._documents().book(excerpt.document))

    def _reviewed(self, view: View) -> View:
        return replace(view, review=self.review_of(view.document))

    def _book(self, name: str) -> DocumentViews:
        visible = self._documents()
        book = visible.book(name)
        if book is None:
            raise UnknownDocument(name, tuple(row.name for row in visible.like(name, 3)))
        return book

    def _visible(self, generation: Generation) -> Names | None:
        return self._all.access.visible_in(generation, self._viewer)

    def _documents(self) -> VisibleDocuments:
        opened = self._all.cache.opened()
        return opened.visible_documents(self._visible(opened.generation))
