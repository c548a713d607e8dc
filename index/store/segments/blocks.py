"""Files of arrays: written once, read by memory map.

A file is one line of JSON, filled up with spaces, then the arrays one after the other. The line has
the name of each array, its type, how many values it has, where it begins, and the CRC-32 of those
that are checked whenever the file is opened.
"""

from __future__ import annotations

import json
import mmap
import os
import weakref
import zlib
from abc import abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged

Arrays = Mapping[str, NDArray[Any]]
_K = TypeVar("_K", str, bytes)

_ALIGNED = 64
_KEPT_OF = 16
"""Of so many strings in order, the key of one is kept."""
_MOST_MAPPED = 768 << 20
"""Bytes of files that a process has mapped in memory, about; a third may be those of libraries."""
_TYPES = frozenset(("|u1", "<u2", "<u4", "<u8", "<i8", "<f2", "<f4"))


def write_blocks(path: Path, arrays: Arrays, checked: Collection[str] = ()) -> None:
    """Write a file of arrays, of which those named are checked at each opening."""
    listed, at = list[list[object]](), 0
    for name, array in arrays.items():
        crc = [_crc(array)] if name in checked else []
        listed.append([name, array.dtype.str, array.size, at, *crc])
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    head = json.dumps(listed).encode()
    head += b" " * (-(len(head) + 1) % _ALIGNED) + b"\n"
    with path.open("wb") as file:
        file.write(head)
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data if array.size else b"")
            file.write(bytes(-array.nbytes % _ALIGNED))


def read_blocks(path: Path) -> MappedArrays:
    """Map the arrays of a file; raises OSError, also where that is no such file or damaged."""
    with path.open("rb") as file:
        head = file.readline()
        try:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            arrays, begins = {}, {}
            for listed in listed_in(head):
                array = np.frombuffer(mapped, listed.kind, listed.size, listed.begin)
                listed.check(array)
                arrays[listed.name] = array
                begins[listed.name] = listed.begin
        except (ValueError, TypeError) as exc:
            raise OSError(f"{path.name} is no file of arrays, or damaged") from exc
    return MappedArrays(path, arrays, begins)


class StoredArrays(Mapping[str, NDArray[Any]]):
    """The arrays of one file."""

    @abstractmethod
    def rows(self, name: str, numbers: NDArray[np.int64], width: int) -> NDArray[Any]:
        """Return some rows of an array of rows of so many values, and read no others."""


class MappedArrays(StoredArrays):
    """The arrays of a file of this machine, mapped.

    Single rows are not read from the map: the system may map 2 MB for each of them.
    """

    def __init__(
        self, path: Path, arrays: Mapping[str, NDArray[Any]], begins: Mapping[str, int]
    ) -> None:
        """Take where each array begins in the file."""
        self._path = path
        self._arrays = arrays
        self._begins = begins

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def rows(self, name: str, numbers: NDArray[np.int64], width: int) -> NDArray[Any]:
        array = self._arrays[name]
        if self._file is None or not len(numbers):
            return np.asarray(array.reshape(-1, width)[numbers])
        begin, size = self._begins[name], width * array.itemsize
        places = (begin + numbers * size).tolist()
        found = b"".join([os.pread(self._file, size, place) for place in places])
        if len(found) < len(places) * size:
            raise IndexDamaged(str(self._path), "is cut off")
        return np.frombuffer(found, array.dtype).reshape(len(places), width)

    @cached_property
    def _file(self) -> int | None:
        """The open file; None where it was removed meanwhile, and only the map is left."""
        try:
            file = os.open(self._path, os.O_RDONLY)
        except OSError:
            return None
        weakref.finalize(self, os.close, file)
        return file


def bound_mapped(files: Iterable[Arrays]) -> None:
    """Take what is mapped of files out of this process where it has much of any; what is read of
    them again comes from the system's cache."""
    if _mapped_bytes() > _MOST_MAPPED:
        for arrays in files:
            base: Any = next(iter(arrays.values()), None)
            while isinstance(base, np.ndarray | memoryview):
                base = base.base if isinstance(base, np.ndarray) else base.obj
            if isinstance(base, mmap.mmap):
                base.madvise(mmap.MADV_DONTNEED)


def _mapped_bytes() -> int:
    """Return how much this process has in memory of files that it mapped; 0 if that is unknown."""
    try:
        with Path("/proc/self/statm").open(encoding="ascii") as sizes:
            return int(sizes.read().split()[2]) * mmap.PAGESIZE
    except OSError:
        return 0


@dataclass(frozen=True, slots=True)
class ArrayEntry:
    """An array of a file: its type, how many values it has, and at which byte it begins."""

    name: str
    kind: np.dtype[Any]
    size: int
    begin: int
    crc: int | None

    def check(self, array: NDArray[Any]) -> None:
        """Raise ValueError where the array is to be checked and is not what was written."""
        if self.crc is not None and self.crc != _crc(array):
            raise ValueError(self.name)


def listed_in(head: bytes) -> list[ArrayEntry]:
    """Return the arrays of a file by its first line; raises ValueError or TypeError where it is
    none."""
    found = []
    for name, kind, size, at, *crc in json.loads(head):
        if kind not in _TYPES:
            raise ValueError(kind)
        found.append(
            ArrayEntry(name, np.dtype(kind), size, len(head) + at, crc[0] if crc else None)
        )
    return found


def _crc(array: NDArray[Any]) -> int:
    return zlib.crc32(np.ascontiguousarray(array).data if array.size else b"")


def narrowed(values: NDArray[Any]) -> NDArray[Any]:
    """Return numbers of at least 0 in the narrowest type that has room for them."""
    most = int(values.max(initial=0))
    for kind in (np.uint8, np.uint16, np.uint32):
        if most <= np.iinfo(kind).max:
            return values.astype(kind)
    return values.astype(np.uint64)


class StringArray:
    """Strings in one array of UTF-8, and where each ends."""

    def __init__(self, text: NDArray[np.uint8], ends: NDArray[np.uint64]) -> None:
        self._text = text
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> str:
        start = int(self._ends[number - 1]) if number else 0
        return self._text[start : int(self._ends[number])].tobytes().decode()

    def some(self, first: int, stop: int) -> list[bytes]:
        """Return those from `first` to `stop`, encoded."""
        ends = self._ends[max(0, first - 1) : stop].tolist()
        bounds = ends if first else [0, *ends]
        begin = bounds[0]
        text = self._text[begin : bounds[-1]].tobytes()
        return [text[start - begin : end - begin] for start, end in pairwise(bounds)]


class SortedStrings(Generic[_K]):
    """Strings in order of their keys, found by the keys of some, which are kept once they are made.

    So what is asked for takes one search among those, and the keys of a few that follow. The first
    search in a large index makes the keys that it compares, not those of every string.
    """

    def __init__(self, strings: StringArray, keys_of: Callable[[list[bytes]], list[_K]]) -> None:
        """Take what makes keys of several encoded strings at once."""
        self._strings = strings
        self._keys_of: Callable[[list[bytes]], list[_K]] = keys_of
        self._kept: dict[int, _K] = {}

    def having(self, key: _K) -> range:
        """Return the numbers of all strings with a key; an empty range where there are none."""
        kept = range(0, len(self._strings), _KEPT_OF)
        low = max(bisect_left(kept, key, key=self._key) - 1, 0)
        high = max(bisect_right(kept, key, lo=low, key=self._key) - 1, 0)
        first = self._following(low)
        last = first if high == low else self._following(high)
        return range(
            low * _KEPT_OF + bisect_left(first, key), high * _KEPT_OF + bisect_right(last, key)
        )

    def _key(self, number: int) -> _K:
        if number not in self._kept:
            (self._kept[number],) = self._keys_of(self._strings.some(number, number + 1))
        return self._kept[number]

    def _following(self, number: int) -> list[_K]:
        first = number * _KEPT_OF
        return self._keys_of(self._strings.some(first, first + _KEPT_OF))


def strings_of(name: str, strings: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Return the arrays of strings, by names that begin with `name`."""
    encoded = [each.encode() for each in strings]
    ends = np.cumsum(np.fromiter(map(len, encoded), np.uint64, len(encoded)), dtype=np.uint64)
    text = np.frombuffer(b"".join(encoded), np.uint8)
    return {f"{name}.text": text, f"{name}.ends": ends}
