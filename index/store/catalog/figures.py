"""Key figures in a catalog: where documents claim what other documents may contradict.

Only what one document says is stored. Which claims contradict each other is found when asked, among
the documents that may be seen then, so that no others have a part in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from index.document import Span
from index.store.rows import compact_json
from index.store.tables import Tables

CREATE_FIGURES = """CREATE TABLE figures (
    document TEXT NOT NULL, key INTEGER NOT NULL, start INTEGER NOT NULL,
    stop INTEGER NOT NULL, passage INTEGER NOT NULL, digest INTEGER NOT NULL,
    weighty INTEGER NOT NULL, said INTEGER NOT NULL,
    PRIMARY KEY (document, key, start, stop)
) STRICT, WITHOUT ROWID"""


@dataclass(frozen=True, slots=True, order=True)
class KeyFigure:
    """A statement under one of its keys; `passage` is the key of the first passage with it.

    `digest` is the same for the same words. `weighty` and `said` are bits for the terms of its
    clauses (`index.claims.keys`), by which most pairs are told apart without their texts.
    """

    key: int
    document: str
    span: Span
    passage: int
    digest: int
    weighty: int = 0
    said: int = 0


class KeyFigures:
    """The key figures in a catalog."""

    def __init__(self, db: Tables) -> None:
        self._db = db

    def put(self, figures: Iterable[KeyFigure]) -> None:
        """Store key figures."""
        self._db.executemany(
            "INSERT OR IGNORE INTO main.figures VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    each.document,
                    each.key,
                    each.span.start,
                    each.span.end,
                    each.passage,
                    each.digest,
                    each.weighty,
                    each.said,
                )
                for each in figures
            ],
        )

    def delete(self, document: str) -> None:
        """Delete the key figures of a document."""
        self._db.execute("DELETE FROM main.figures WHERE document = ?", (document,))

    def shared(self, most: int, names: Collection[str] | None = None) -> list[list[KeyFigure]]:
        """Return the figures with a key that several have, key by key, at most `most` in all.

        With `names`, only documents of these names count. Keys that few have come first, since
        they tell most.
        """
        seen = "" if names is None else "WHERE document IN (SELECT value FROM json_each(:names))"
        rows = self._db.execute(
            f"WITH seen AS (SELECT * FROM figures {seen}),"
            " several AS"
            " (SELECT key, count(*) AS number FROM seen GROUP BY key HAVING count(*) > 1)"
            " SELECT key, document, start, stop, passage, digest, weighty, said"
            " FROM several JOIN seen USING (key)"
            " ORDER BY number, key, document, start, stop LIMIT :most",
            {"names": None if names is None else compact_json(sorted(names)), "most": most},
        )
        found: dict[int, list[KeyFigure]] = {}
        for key, document, start, stop, *others in rows:
            figure = KeyFigure(key, document, Span(start, stop), *others)
            found.setdefault(key, []).append(figure)
        return list(found.values())

    def of(self, document: str) -> dict[int, set[int]]:
        """Return the keys of a document, each with the digests of the statements under it."""
        found: dict[int, set[int]] = {}
        for key, digest in self._db.execute(
            "SELECT key, digest FROM figures WHERE document = ?", (document,)
        ):
            found.setdefault(key, set()).add(digest)
        return found
