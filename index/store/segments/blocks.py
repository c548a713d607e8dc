"""Files of arrays: written once, read by memory map.

A file is one line of JSON, filled up with spaces, then the arrays one after the other. The line has
the name of each array, its type, how many values it has, where it begins, and the CRC-32 of those
that are checked whenever the file is opened.
"""

from __future__ import annotations

import json
import mmap
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.store.cached_results import keep_results

__all__ = [
    "ArrayEntry",
    "Arrays",
    "StringArray",
    "listed_in",
    "narrowed",
    "read_blocks",
    "strings_of",
    "write_blocks",
]

Arrays = Mapping[str, NDArray[Any]]

_ALIGNED = 64
_PROBED = 2_048
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


def read_blocks(path: Path) -> dict[str, NDArray[Any]]:
    """Map the arrays of a file; raises OSError, also where that is no such file or damaged."""
    with path.open("rb") as file:
        head = file.readline()
        try:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            arrays = {}
            for listed in listed_in(head):
                array = np.frombuffer(mapped, listed.kind, listed.size, listed.begin)
                listed.check(array)
                arrays[listed.name] = array
        except (ValueError, TypeError) as exc:
            raise OSError(f"{path.name} is no file of arrays, or damaged") from exc
    return arrays


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
        # A search by halves begins at the same strings each time.
        self._probed = keep_results(self.encoded, _PROBED)

    def __len__(self) -> int:
        return len(self._ends)

    def encoded(self, number: int) -> bytes:
        """Return a string in UTF-8."""
        start = int(self._ends[number - 1]) if number else 0
        return self._text[start : int(self._ends[number])].tobytes()

    def __getitem__(self, number: int) -> str:
        return self.encoded(number).decode()

    def find(self, wanted: str) -> int | None:
        """Return the number of a string, where they are in order; None where it is not there."""
        sought = wanted.encode(errors="replace")
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._probed(middle) < sought:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self.encoded(low) == sought else None


def strings_of(name: str, strings: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Return the arrays of strings, by names that begin with `name`."""
    encoded = [each.encode() for each in strings]
    ends = np.cumsum(np.fromiter(map(len, encoded), np.uint64, len(encoded)), dtype=np.uint64)
    text = np.frombuffer(b"".join(encoded), np.uint8)
    return {f"{name}.text": text, f"{name}.ends": ends}
