"""Withholds documents that are removed or closed during a reindex, which may take hours.

The generation that answers still holds them. Until the next one is published they do not answer,
and no way back brings them back.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from index.errors import BriefingError
from index.indexing.plan import Plan
from index.parsing import may_name_another_audience
from index.parsing.parser import can_name_audience
from index.sources.folder import CorpusFile
from index.store.catalog.catalog import Catalog
from index.store.ports import Store

_EVERY = 5.0
_SHARE = 20
"""Times as long as a look at the corpus takes, at least, until the next look."""
_log = logging.getLogger(__name__)


def may_be_closed(file: CorpusFile, catalog: Catalog, *, enclosed: bool = True) -> set[str]:
    """Return the documents of a file that may be for others, as the file is now.

    The file has changed, or could not be read, since `catalog` was made; it is not parsed. Without
    `enclosed`, documents that lie in it are left out.
    """
    names = set(filter(can_name_audience, catalog.enclosed_in(file.name))) if enclosed else set()
    last_good = catalog.document(file.name)
    if last_good and may_name_another_audience(file.path, last_good):
        names.add(file.name)
    return names


def shut_by_quarantine(plan: Plan, catalog: Catalog) -> frozenset[str]:
    """Return the documents that may be for others by what is held back in their files.

    Not those that it was taken back for: what they name was compared.
    """
    if not plan.quarantined:
        return frozenset()
    versions = catalog.versions()
    return frozenset(
        name
        for file, taken in plan.quarantined
        if not taken.is_beside(versions)
        for name in may_be_closed(file, catalog)
    )


class Withholding:
    """Looks at the corpus again and again, from `with` to its end; the caller holds the lock.

    `plan` compares the corpus as it is with the generation that answers, whose catalog is given,
    and raises CorpusShrunk where most of it is gone; then nothing is withheld, nor where the corpus
    cannot be looked at. `first` is the plan at the beginning, where one is made already. A look
    that fails is logged, and the next one is tried; after the last it is tried once more.
    """

    def __init__(
        self, store: Store, catalog: Catalog, first: Plan | None, plan: Callable[[], Plan]
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._first = first
        self._plan = plan
        self._early: set[str] = set()
        self._withheld: set[str] = set()
        self._has_looked = True
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="withholding", daemon=True)

    @property
    def late(self) -> frozenset[str]:
        """Return what was withheld for what happened after the reindex had begun.

        The next generation may hold it as it was before.
        """
        return frozenset(self._withheld - self._early)

    @property
    def has_looked(self) -> bool:
        """Whether the last look at the corpus was one: what was closed since may answer else."""
        return self._has_looked

    def __enter__(self) -> Self:
        self._early = self._to_withhold(self._first or self._plan())
        self._withhold(self._early)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        if not self._has_looked and error is None:
            self._look()

    def _keep(self) -> None:
        pause = _EVERY
        while not self._stop.wait(pause):
            began = time.monotonic()
            self._look()
            pause = max(_EVERY, _SHARE * (time.monotonic() - began))

    def _look(self) -> None:
        self._has_looked = False
        try:
            self._withhold(self._to_withhold(self._plan()))
            self._has_looked = True
        except BriefingError as exc:
            _log.warning("What was removed or closed meanwhile cannot be told: %s", exc)
        except Exception:
            _log.exception("What was removed or closed meanwhile cannot be told")

    def _to_withhold(self, plan: Plan) -> set[str]:
        names = set(plan.removed)
        for file in plan.to_parse:
            if file.name in plan.known.files and not file.problem:
                names |= may_be_closed(file, self._catalog)
        return names

    def _withhold(self, names: set[str]) -> None:
        if names - self._withheld:
            self._withheld |= names
            self._store.withhold(self._withheld)
