"""PointedStore: what every store writes in the same way beside generations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection

from index.store.pointer import Pointer
from index.store.quarantine import Quarantine


class PointedStore(ABC):
    """Changes what the pointer says of the generation that answers, and what is held back.

    All of it needs the lock, and raises IndexNotWritten.
    """

    def withhold(self, names: Collection[str]) -> None:
        """Let documents of the current generation not answer any more."""
        pointer = self.pointer()
        withheld = tuple(sorted({*pointer.withheld, *names}))
        if withheld != pointer.withheld:
            self._point_to(pointer.model_copy(update={"withheld": withheld}))

    def settle(self) -> None:
        """Note that the current generation is: it replaces no damaged one, and withholds
        nothing."""
        pointer = self.pointer()
        if not pointer.is_settled:
            self._point_to(pointer.model_copy(update={"damaged": None, "withheld": ()}))

    def set_quarantine(self, held: Quarantine) -> None:
        """Hold these versions back, and no others."""
        if held != self.quarantine() or held.unknown:
            self._hold(held)

    @abstractmethod
    def pointer(self) -> Pointer:
        """Return which generation answers."""

    @abstractmethod
    def quarantine(self) -> Quarantine:
        """Return what is held back."""

    @abstractmethod
    def _point_to(self, pointer: Pointer) -> None:
        """Write the pointer, at once."""

    @abstractmethod
    def _hold(self, held: Quarantine) -> None:
        """Write what is held back, at once."""
