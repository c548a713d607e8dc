"""Sequences that are packed into bytes, since a long file has hundreds of thousands of parts."""

from __future__ import annotations

import struct
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, TypeVar, overload

_Part = TypeVar("_Part")


class PackedSequence(Sequence[_Part]):
    """A sequence of parts, each of which is made anew whenever it is asked for.

    `data` are their bytes. Raises ValueError where they are not whole parts.
    """

    LAYOUT: ClassVar[struct.Struct]
    NAME: ClassVar[str]
    """Of one part, in what is raised."""

    def __init__(self, data: bytes | bytearray = b"") -> None:
        if len(data) % self.LAYOUT.size:
            raise ValueError(f"a {self.NAME} is cut off")
        self.data = bytearray(data)

    @abstractmethod
    def _parts(self, fields: Iterable[tuple[Any, ...]], first: int) -> Iterator[_Part]:
        """Return parts that follow each other, from the fields of each; `first` is a number."""

    def __len__(self) -> int:
        return len(self.data) // self.LAYOUT.size

    def __iter__(self) -> Iterator[_Part]:
        return self._parts(self.LAYOUT.iter_unpack(self.data), 0)

    @overload
    def __getitem__(self, at: int) -> _Part: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[_Part]: ...
    def __getitem__(self, at: int | slice) -> _Part | Sequence[_Part]:
        if isinstance(at, slice):
            return tuple(self[number] for number in range(*at.indices(len(self))))
        number = at + len(self) if at < 0 else at
        if not 0 <= number < len(self):
            raise IndexError(at)
        fields = self.LAYOUT.unpack_from(self.data, number * self.LAYOUT.size)
        return next(self._parts([fields], number))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, type(self)):
            return self.data == other.data
        return isinstance(other, tuple) and tuple(self) == other

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(tuple(self))
