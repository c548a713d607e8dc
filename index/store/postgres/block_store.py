"""The arrays of segments on a server, of which a bot fetches what it needs.

A file is the same as in a folder, byte for byte, so that all that reads arrays reads these: an
array fetches the bytes that it is asked for. Small arrays are kept, and so is what was read last of
great ones.
"""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, cast

import numpy as np
import psycopg
from numpy.typing import NDArray

from index.errors import IndexDamaged, IndexRemoved
from index.store.postgres.connection import Connection
from index.store.segments.block_store import digest_of_file
from index.store.segments.blocks import ArrayEntry, Arrays, StoredArrays, listed_in, write_blocks

PIECE = 1 << 20
"""Bytes of a piece."""
_PAGE = 1 << 15
"""Bytes that are fetched and kept together."""
_WHOLE_BYTES = 1 << 20
"""Bytes up to which an array is fetched and kept as a whole."""
_UNCACHED_BYTES = 8 << 20
"""Bytes from which what is fetched at once is not kept."""
_HEAD = 8 << 10
_MOST_RANGES = 2_000

_FETCH = """SELECT substring(bytes FROM wanted.start + 1 FOR wanted.size)
    FROM unnest(%s::text::int[], %s::text::int[], %s::text::int[])
        WITH ORDINALITY AS wanted (number, start, size, at)
    JOIN briefing_rows.pieces ON pieces.name = %s AND pieces.number = wanted.number
    ORDER BY wanted.at"""
_PIECE = "SELECT bytes FROM briefing_rows.pieces WHERE name = %s AND number = %s"
_PUT = (
    "INSERT INTO briefing_rows.pieces (name, number, bytes, sha256)"
    " VALUES (%s, %s, %b, %b) ON CONFLICT DO NOTHING"
)

_Use = Callable[[Connection], Any]
_Numbers = NDArray[np.int64]


class BlockCache:
    """What was fetched last, up to so many bytes. Safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str, pages: Sequence[int]) -> dict[int, bytes]:
        """Return those pages of a file that are kept."""
        found = {}
        with self._lock:
            for page in pages:
                if (kept := self._kept.get((name, page))) is not None:
                    self._kept.move_to_end((name, page))
                    found[page] = kept
        return found

    def keep(self, name: str, pages: Mapping[int, bytes]) -> None:
        """Keep pages of a file, and no more of what was used longest ago."""
        with self._lock:
            for page, content in pages.items():
                before = self._kept.pop((name, page), b"")
                self._kept[name, page] = content
                self._bytes += len(content) - len(before)
            while self._bytes > self._most:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest)


class ServerBlockStore:
    """The files of one generation on a server, as a `BlockStore`."""

    def __init__(self, ask: Callable[[_Use], Any], cache: BlockCache, generation: int) -> None:
        """Take what gives a connection to read with; to be written to, it must be one that has set
        the generation."""
        self._ask = ask
        self._cache = cache
        self._generation = generation

    def names(self) -> list[str]:
        found = self._ask(
            lambda db: db.execute("SELECT name FROM briefing.segments ORDER BY name").fetchall()
        )
        return [name for (name,) in found]

    def read(self, name: str) -> StoredArrays:
        head = self.fetch(name, [(0, _HEAD)])[0]
        while b"\n" not in head:
            more = self.fetch(name, [(len(head), _HEAD)])[0]
            if not more:
                raise IndexDamaged(name, "is no file of arrays")
            head += more
        try:
            listed = listed_in(head[: head.index(b"\n") + 1])
        except (ValueError, TypeError) as exc:
            raise IndexDamaged(name, "is no file of arrays") from exc
        return _StoredArrays(self, name, listed)

    def verified(self, name: str) -> Arrays | None:
        return None  # whole files would be sent

    def put(self, ending: str, arrays: Arrays, checked: Collection[str]) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "new"
            write_blocks(path, arrays, checked)
            name = f"{digest_of_file(path)}{ending}"
            self.put_file(name, path)
        self._ask(lambda db: db.execute("INSERT INTO briefing.segments VALUES (%s)", (name,)))
        return name

    def put_file(self, name: str, path: Path) -> None:
        """Store a file under its name."""

        def store(db: Connection) -> None:
            with path.open("rb") as file:
                for number, piece in enumerate(iter(lambda: file.read(PIECE), b"")):
                    row = name, number, piece, hashlib.sha256(piece).digest()
                    psycopg.Cursor(db).execute(_PUT, row)

        self._ask(store)

    def content(self, name: str) -> Iterator[bytes]:
        """Yield a whole file, a piece at a time."""
        for number in count():
            piece = self._ask(partial(_piece, name=name, number=number))
            if piece is None:
                return
            yield bytes(piece[0])

    def digest(self, name: str) -> str:
        """Return the SHA-256 of what is there of a file, in hex."""
        digest = hashlib.sha256()
        for piece in self.content(name):
            digest.update(piece)
        return digest.hexdigest()

    def remove(self, name: str) -> None:
        self._ask(lambda db: db.execute("DELETE FROM briefing.segments WHERE name = %s", (name,)))

    def fetch(self, name: str, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
        """Return the bytes of a file in each range of (begin, size)."""
        found: list[bytes] = []
        for at in range(0, len(ranges), _MOST_RANGES):
            found += self._fetch(name, ranges[at : at + _MOST_RANGES])
        return found

    def _fetch(self, name: str, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
        parts = [list(_parts(begin, size)) for begin, size in ranges]
        flat = [part for those in parts for part in those]
        if not flat:
            return [b"" for _ in ranges]
        # As text: psycopg takes a look at every number of a list.
        columns = (f"{{{','.join(map(str, each))}}}" for each in zip(*flat, strict=True))
        wanted = (*columns, name)
        rows = self._ask(
            lambda db: psycopg.Cursor(db).execute(_FETCH, wanted, binary=True).fetchall()
        )
        if len(rows) != len(flat):
            raise IndexRemoved(self._generation)
        fetched = iter(bytes(content) for (content,) in rows)
        return [b"".join(next(fetched) for _ in those) for those in parts]

    def paged(self, name: str, begin: int, size: int) -> bytes:
        """Return bytes of a file that may be kept, or are kept from now on."""
        if size > _UNCACHED_BYTES:
            return self.fetch(name, [(begin, size)])[0]
        pages = range(begin // _PAGE, -(-(begin + size) // _PAGE))
        found = self._cache.get(name, pages)
        if missing := [page for page in pages if page not in found]:
            found |= self._pages(name, missing)
        whole = b"".join(found[page] for page in pages)
        start = begin - pages.start * _PAGE
        return whole[start : start + size]

    def paged_values(self, name: str, pages: _Numbers) -> dict[int, bytes]:
        """Return some pages of a file, by their numbers."""
        wanted: list[int] = pages.tolist()
        found = self._cache.get(name, wanted)
        if missing := [page for page in wanted if page not in found]:
            found |= self._pages(name, missing)
        return found

    def _pages(self, name: str, pages: Sequence[int]) -> dict[int, bytes]:
        fetched = self.fetch(name, [(page * _PAGE, _PAGE) for page in pages])
        found = dict(zip(pages, fetched, strict=True))
        self._cache.keep(name, found)
        return found


def _piece(db: Connection, *, name: str, number: int) -> tuple[Any, ...] | None:
    return psycopg.Cursor(db).execute(_PIECE, (name, number), binary=True).fetchone()


def _parts(begin: int, size: int) -> Iterator[tuple[int, int, int]]:
    """Yield where a range of a file lies: piece, place in it, and how many bytes."""
    end = begin + size
    while begin < end:
        number, start = divmod(begin, PIECE)
        some = min(end - begin, PIECE - start)
        yield number, start, some
        begin += some


class _StoredArrays(StoredArrays):
    """The arrays of a file, by their names."""

    def __init__(self, pieces: ServerBlockStore, name: str, listed: Sequence[ArrayEntry]) -> None:
        self._pieces = pieces
        self._name = name
        self._listed = {each.name: each for each in listed}
        self._whole: dict[str, NDArray[Any]] = {}

    def __getitem__(self, name: str) -> Any:
        listed = self._listed[name]
        if name in self._whole:
            return self._whole[name]
        nbytes = listed.size * listed.kind.itemsize
        if listed.crc is None and nbytes > _WHOLE_BYTES:
            return _StoredArray(self._pieces, self._name, listed)
        array = np.frombuffer(
            self._pieces.fetch(self._name, [(listed.begin, nbytes)])[0], listed.kind
        )
        try:
            listed.check(array)
        except ValueError as exc:
            raise IndexDamaged(self._name, "is not what was written") from exc
        self._whole[name] = array
        return array

    def rows(self, name: str, numbers: NDArray[np.int64], width: int) -> NDArray[Any]:
        array: Any = self[name]
        if isinstance(array, _StoredArray):
            return array.rows(numbers, width)
        return np.asarray(array.reshape(-1, width)[numbers])

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)


class _StoredArray:
    """An array of which only what is asked for is fetched."""

    def __init__(self, pieces: ServerBlockStore, file: str, listed: ArrayEntry) -> None:
        self._pieces = pieces
        self._file = file
        self._begin = listed.begin
        self.dtype = listed.kind
        self.size = listed.size

    def __len__(self) -> int:
        return self.size

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self[:], dtype)

    def __getitem__(self, index: Any) -> Any:
        width = self.dtype.itemsize
        if isinstance(index, slice):
            start, stop, step = index.indices(self.size)
            assert step == 1
            size = max(0, stop - start) * width
            begin = self._begin + start * width
            return np.frombuffer(self._pieces.paged(self._file, begin, size), self.dtype)
        if isinstance(index, np.ndarray):
            return self._gathered(index)
        begin = self._begin + range(self.size)[int(index)] * width
        return np.frombuffer(self._pieces.paged(self._file, begin, width), self.dtype)[0]

    def _gathered(self, index: NDArray[Any]) -> NDArray[Any]:
        """Return single values, wherever they are. A value begins in one page and ends there, as
        arrays are aligned."""
        if index.dtype == np.bool_:
            index = np.flatnonzero(index)
        if not len(index):
            return np.empty(0, self.dtype)
        width = self.dtype.itemsize
        places = self._begin + index.astype(np.int64) * width
        pages, inverse = np.unique(places // _PAGE, return_inverse=True)
        found = self._pieces.paged_values(self._file, pages)
        joined = np.frombuffer(b"".join(found[page].ljust(_PAGE) for page in pages.tolist()), "u1")
        at = (inverse * _PAGE + places % _PAGE) // width
        return np.asarray(joined.view(self.dtype)[at])

    def rows(self, index: _Numbers, width: int) -> NDArray[Any]:
        """Return rows of so many values, each fetched by itself where they do not follow."""
        if not len(index):
            return np.empty((0, width), self.dtype)
        unique, inverse = np.unique(index, return_inverse=True)
        firsts = np.flatnonzero(np.diff(unique, prepend=-2) != 1)
        sizes = np.diff(np.append(firsts, len(unique)))
        nbytes = width * self.dtype.itemsize
        ranges = [
            (self._begin + first * nbytes, size * nbytes)
            for first, size in zip(unique[firsts].tolist(), sizes.tolist(), strict=True)
        ]
        fetched = np.frombuffer(b"".join(self._pieces.fetch(self._file, ranges)), self.dtype)
        return fetched.reshape(len(unique), width)[inverse]

    def reshape(self, rows: int, columns: int) -> _StoredRows:
        width = self.size // rows if rows else columns
        return _StoredRows(self, (rows, width))

    def ravel(self) -> _StoredArray:
        return self


class _StoredRows:
    """An array of vectors, of which only those that are asked for are fetched."""

    def __init__(self, array: _StoredArray, shape: tuple[int, int]) -> None:
        self._array = array
        self.shape = shape

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: Any) -> NDArray[Any]:
        width = self.shape[1]
        if isinstance(index, slice):
            start, stop, _ = index.indices(self.shape[0])
            values = self._array[start * width : stop * width]
            return cast(NDArray[Any], values.reshape(max(0, stop - start), width))
        return self._array.rows(np.asarray(index, np.int64), width)
