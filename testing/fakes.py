"""Stand-ins for models and parsers, simple enough to be computed by hand."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from index.chunking.chunker import ChunkLimits, split
from index.document import Block, BlockKind, Document, Span
from index.errors import UnreadableDocument
from index.indexing.storing import store_document
from index.parsing import ParsingLimits, ParsingOptions
from index.ports import Vectors
from index.store.generation import Manifest, Recipe
from index.store.pointer import Takeover
from index.store.ports import Store
from index.text import words_of


def count_words(texts: Sequence[str]) -> list[int]:
    """Count tokens, where a token is what stands between white space."""
    return [len(text.split()) for text in texts]


class WordEmbedder:
    """Embeds a text as its word counts, with one axis for each word.

    So the cosine of two texts without a common word is 0, of two with the same words in any order
    it is 1, and of "a b" and "a" it is 1/√2. Two words may share an axis (`axis`), but no two of
    `known`. `calls` has the texts of each call of `embed_passages`.
    """

    def __init__(
        self, *, max_tokens: int = 40, dimension: int = 64, known: Sequence[str] = ()
    ) -> None:
        self.max_tokens = max_tokens
        self.dimension = dimension
        self.calls: list[list[str]] = []
        self._known = {word: axis for axis, word in enumerate(known)}

    @property
    def texts(self) -> list[str]:
        return [text for call in self.calls for text in call]

    def axis(self, word: str) -> int:
        free = self.dimension - len(self._known)
        hashed = len(self._known) + zlib.crc32(word.encode()) % free
        return self._known.get(word, hashed)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return count_words(texts)

    def embed_passages(
        self, texts: Sequence[str], embedded: Callable[[int], None] = lambda _: None
    ) -> Vectors:
        self.calls.append(list(texts))
        vectors = np.array([self._vector(text) for text in texts], dtype=np.float32)
        embedded(len(texts))
        return vectors.reshape(len(texts), self.dimension)

    def embed_query(self, text: str) -> Vectors:
        return self._vector(text)

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for word in words_of(text):
            vector[self.axis(word)] += 1
        length = np.linalg.norm(vector)
        return vector / length if length else vector


class FakeReranker:
    """Scores a text by the share of the query's words in it: from -4 (none) to 4 (all)."""

    def score(self, query: str, texts: Sequence[str]) -> Vectors:
        asked = set(words_of(query))
        shares = [len(asked & set(words_of(text))) / max(1, len(asked)) for text in texts]
        return np.array([8 * share - 4 for share in shares], dtype=np.float32)


def document_of(
    *lines: str, name: str = "notes.txt", title: str = "", sha256: str = "", pages: int = 0
) -> Document:
    """Return a document with one block for each line.

    `# ` begins a heading (`## ` one of level 2 …), `* ` an item (two spaces a level before it),
    `! ` a table's header, `| ` a row, `> ` code, `% ` front matter; the rest are paragraphs. Lists
    and tables end where another kind of line begins. `pages` cuts the lines evenly.
    """
    text = ""
    blocks: list[Block] = []
    group = 0
    kinds = {
        "*": BlockKind.ITEM,
        "!": BlockKind.HEADER,
        "|": BlockKind.ROW,
        ">": BlockKind.CODE,
        "%": BlockKind.FRONT_MATTER,
    }
    before = BlockKind.PARAGRAPH
    starts: list[int] = []
    for line in lines:
        starts.append(len(text))
        mark, _, rest = line.strip().partition(" ")
        if mark and rest and set(mark) == {"#"}:
            kind, level = BlockKind.HEADING, len(mark)
        else:
            kind = kinds.get(mark, BlockKind.PARAGRAPH)
            indent = len(line) - len(line.lstrip(" "))
            level = indent // 2 if kind is BlockKind.ITEM else 0
        grouped = kind in (BlockKind.ITEM, BlockKind.HEADER, BlockKind.ROW)
        if grouped and not (
            before is kind or (before is BlockKind.HEADER and kind is BlockKind.ROW)
        ):
            group += 1
        before = kind
        if stripped := line.strip():
            start = len(text) + line.index(stripped)
            span = Span(start, start + len(stripped))
            blocks.append(Block(kind, span, level, group if grouped else 0))
        text += f"{line}\n"
    starts = starts or [0]
    bounds = [starts[len(starts) * number // pages] for number in range(pages)] + [len(text)]
    return Document(
        name=name,
        title=title or name,
        text=text,
        blocks=tuple(blocks),
        pages=tuple(Span(start, end) for start, end in pairwise(bounds)) if pages else (),
        sha256=sha256 or hashlib.sha256(text.encode()).hexdigest(),
    )


class LineParser:
    """Parses a file as `document_of` its lines; one that begins with "BROKEN" is refused.

    `names` are those of the files that were parsed, in order.
    """

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(
        self, path: Path, name: str, *, limits: ParsingLimits, options: ParsingOptions
    ) -> Document:
        self.names.append(name)
        try:
            content = path.read_bytes()
        except OSError as exc:
            raise UnreadableDocument(
                f"it cannot be opened ({exc.strerror})", unopened=True
            ) from exc
        text = content.decode()
        if text.startswith("BROKEN"):
            raise UnreadableDocument("it is broken")
        if not text.strip():
            raise UnreadableDocument("it is empty")
        lines = text.split("\n")
        heading = next((line for line in lines if line.startswith("# ")), "")
        return document_of(
            *lines,
            name=name,
            title=heading.removeprefix("# "),
            sha256=hashlib.sha256(content).hexdigest(),
        )


def publish(
    store: Store,
    *documents: Document,
    recipe: Recipe | None = None,
    base: int | None = None,
    without: Collection[str] = (),
) -> Manifest:
    """Make a generation of these documents the current one, with vectors of a WordEmbedder.

    With `base`, the number of another, they are beside and in place of its documents, but for those
    that it is `without`.
    """
    embedder = WordEmbedder()
    with store.stage(base) as staging:
        staged = store.edit(staging, anew=base is None)
        catalog, vectors = staged.catalog, staged.vectors
        for name in without:
            catalog.delete_passages(name)
            catalog.delete_document(name)
        for document in documents:
            catalog.delete_passages(document.name)
            passages = split(document, count_words, ChunkLimits(target=24, most=40))
            texts = [passage.index_text for passage in passages]
            digests = [hashlib.sha256(text.encode()).digest() for text in texts]
            keys = store_document(document, passages, digests, "2026-01-06T12:00:00+00:00", catalog)
            if keys:
                vectors.add(keys, embedder.embed_passages(texts))
        manifest = Manifest(
            number=0,
            created_at="2026-01-06T12:00:00+00:00",
            looked_at_ns=0,
            documents=len(catalog.document_names()),
            passages=catalog.passage_count(),
            recipe=recipe or recipe_of(),
            limits={},
            options={},
            files={},
        )
        staged.save()
        return store.publish(staging, manifest, Takeover())


def recipe_of(model: str = "words", *, target_tokens: int = 24) -> Recipe:
    return Recipe(
        model=model,
        fingerprint="0" * 64,
        query_prompt="",
        passage_prompt="",
        chunker=1,
        parser=1,
        target_tokens=target_tokens,
    )
