"""Views of the segments of a catalog: the rows of what may be seen."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from index.ports import Filter
from index.store.rows import compact_json
from index.store.segments.segments import Segments, VisibleRows
from index.store.tables import Tables
from index.store.visibility import VisibilityClasses

_CACHED = 32
"""What may be seen, of which the rows are kept."""
_KEYS_OF = "SELECT key FROM documents WHERE name IN (SELECT value FROM json_each(?)) ORDER BY key"


class Views:
    """Finds what may be seen, in documents that no longer change. Safe for several threads."""

    def __init__(self, db: Tables, segments: Segments, classes: VisibilityClasses) -> None:
        self.segments = segments
        self._classes = classes
        self._seen = lru_cache(_CACHED)(
            partial(segments.visible_rows, keys_of=partial(_keys_of, db))
        )

    def of(self, allowed: Filter | None) -> VisibleRows:
        """Return the rows of what a filter lets be seen, None for all."""
        return self._seen(allowed)

    def of_names(self, names: Collection[str] | None) -> VisibleRows:
        """Return the rows of the documents of these names, None for all."""
        return self._seen(None if names is None else self._classes.filter_of(names))


def _keys_of(db: Tables, names: Collection[str]) -> NDArray[np.int64]:
    found = db.execute(_KEYS_OF, (compact_json(sorted(names)),))
    return np.fromiter((key for (key,) in found), np.int64)
