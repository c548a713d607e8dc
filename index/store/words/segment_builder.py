"""Builder of segments: from texts in the catalog to the arrays of their words."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import repeat
from typing import Any

import numpy as np

from index.store.rows import compact_json
from index.store.segments.blocks import Arrays, strings_of
from index.store.successions.index import standing_of
from index.store.successions.successions import Successions
from index.store.tables import Tables
from index.store.words.name_index import digests_of_names
from index.store.words.segment_arrays import (
    arrays_of_names,
    arrays_of_postings,
    arrays_of_words,
    word_order,
)
from index.store.words.tokens import OF_STEMS, OF_TEXTS
from index.text import words_of

_DOCUMENTS = (
    "SELECT key, class, words.called, words.placed, words.opening, name FROM documents"
    " JOIN document_words AS words USING (key)"
    " WHERE key IN (SELECT value FROM json_each(?)) ORDER BY class, key"
)
_PASSAGES = (
    "SELECT passages.key, context, passages.text FROM documents"
    " JOIN passages ON document = name WHERE documents.key = ? ORDER BY passages.key"
)
_PLACE_BITS = 31
_COUNTED = "SELECT cnt, term FROM counted ORDER BY term"
_INSTANCES = (
    f"SELECT (doc << {_PLACE_BITS + 1}) + ((col = 'c1') << {_PLACE_BITS}) + offset FROM instances"
    " ORDER BY term"
)
_CUT = bytes(code if code > 127 or chr(code).isalnum() else ord(" ") for code in range(256))


def build_segment(db: Tables, keys: Sequence[int]) -> Arrays:
    """Return the arrays of a segment of the documents with these keys, and their passages."""
    documents = db.execute(_DOCUMENTS, (compact_json(list(keys)),)).fetchall()
    classes = sorted({each[1] for each in documents})
    number_of = {each: number for number, each in enumerate(classes)}
    ends, passage_keys = array("q"), array("q")
    words = _Words()
    with closing(_Tokenizing(OF_TEXTS)) as of_passages:
        for key, *_ in documents:
            for passage, context, text in db.execute(_PASSAGES, (key,)):
                passage_keys.append(passage)
                of_passages.add(context, text)
                words.add(f"{context} {text}")
            ends.append(len(passage_keys))
        passages = of_passages.arrays("passages")
    with closing(_Tokenizing(OF_STEMS)) as of_documents:
        for _, _, called, placed, opening, _ in documents:
            names = dict.fromkeys([*called.split(), *placed.split()])
            of_documents.add(" ".join(names), opening)
        arrays = of_documents.arrays("documents")
    return {
        "documents.key": np.array([each[0] for each in documents], np.int64),
        "documents.class": np.array([number_of[each[1]] for each in documents], np.uint32),
        "documents.passages": np.array(ends, np.uint32),
        "passages.key": np.array(passage_keys, np.int64),
        **strings_of("classes", classes),
        **_names(documents, Successions(db)),
        **arrays,
        **passages,
        **words.arrays(_ends_of_classes(documents, ends)),
    }


def _names(documents: Sequence[tuple[Any, ...]], successions: Successions) -> Arrays:
    """Return the arrays of what documents are called."""
    digests, rows = array("Q"), array("I")
    identities = {
        each.document: each for each in successions.identities([d[-1] for d in documents])
    }
    for row, (_, _, called, placed, _, name) in enumerate(documents):
        identity = identities.get(name)
        found = digests_of_names(name, called, placed, standing_of(identity) if identity else ())
        digests.extend(found)
        rows.extend(repeat(row, len(found)))
    return arrays_of_names(np.array(digests, np.uint64), np.array(rows, np.uint32))


def _ends_of_classes(documents: Sequence[tuple[Any, ...]], ends: Sequence[int]) -> list[int]:
    """Return where the passages of each class end."""
    last = dict(zip((each[1] for each in documents), ends, strict=True))
    return [end for _, end in sorted(last.items())]


class _Tokenizing:
    """The tokens of texts of two columns, found by FTS5 in memory."""

    def __init__(self, tokenizer: str) -> None:
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        self._db.execute(
            f"CREATE VIRTUAL TABLE texts USING fts5(c0, c1, content = '', {tokenizer})"
        )
        self._db.execute("CREATE VIRTUAL TABLE instances USING fts5vocab(texts, instance)")
        self._db.execute("CREATE VIRTUAL TABLE counted USING fts5vocab(texts, row)")
        self._db.execute("BEGIN")
        self._texts = 0

    def close(self) -> None:
        self._db.close()

    def add(self, first: str, second: str) -> None:
        self._db.execute(
            "INSERT INTO texts (rowid, c0, c1) VALUES (?, ?, ?)", (self._texts, first, second)
        )
        self._texts += 1

    def arrays(self, name: str) -> Arrays:
        """Return the arrays of the postings of all texts, by names that begin with `name`."""
        counted = self._db.execute(_COUNTED).fetchall()
        sizes = np.array([count for count, _ in counted], np.int64)
        found = np.fromiter((one for (one,) in self._db.execute(_INSTANCES)), np.int64)
        rows, places = found >> (_PLACE_BITS + 1), found & ((1 << _PLACE_BITS) - 1)
        is_second = (found >> _PLACE_BITS & 1).astype(np.bool_)
        tokens = np.repeat(np.arange(len(counted)), sizes)
        # A posting is all places of a token in a text.
        begins = np.flatnonzero(
            (np.diff(rows, prepend=-1) != 0) | (np.diff(tokens, prepend=-1) != 0)
        )
        all_counts = np.diff(np.append(begins, len(found)))
        second = np.add.reduceat(is_second, begins, dtype=np.int64) if len(begins) else begins
        return arrays_of_postings(
            name,
            [token for _, token in counted],
            (tokens[begins], rows[begins], all_counts - second, second),
            places,
            np.bincount(rows, minlength=self._texts),
        )


class _Words:
    """The words of passages, in lower case."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._held, self._ends = array("I"), array("Q")
        self._known: dict[bytes, list[int]] = {}

    def add(self, text: str) -> None:
        # First split at ASCII signs, which is five times as fast as WORD, so that WORD sees each
        # piece only once.
        pieces = set(text.encode().translate(_CUT).split())
        for piece in pieces.difference(self._known):
            self._known[piece] = self._numbered(words_of(piece.decode()))
        self._held.extend({number for piece in pieces for number in self._known[piece]})
        self._ends.append(len(self._held))

    def _numbered(self, words: Iterable[str]) -> list[int]:
        return [self._numbers.setdefault(word, len(self._numbers)) for word in words]

    def arrays(self, classes: Sequence[int]) -> Arrays:
        """Return the words, the spellings of each together, and those of each passage and class.

        Take where the passages of each class end.
        """
        words = word_order(self._numbers)
        place = np.empty(len(words), np.uint32)
        place[[self._numbers[word] for word in words]] = np.arange(len(words))
        held = place[np.frombuffer(self._held, np.uint32)]
        ends = np.frombuffer(self._ends, np.uint64).astype(np.int64)
        passages = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
        held = held[np.lexsort((held, passages))]
        return arrays_of_words(words, held, ends, np.array(classes, np.int64))
