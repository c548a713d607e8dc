"""Documents inside of files: their names, how many there may be, and remarks on what is not read.

What a file calls its parts is the word of whoever made it. Nothing is written under these names;
still, none may pass for a document outside of the file.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from index.document import Document
from index.errors import UnreadableDocument
from index.parsing.draft import Enclosed
from index.parsing.limits import ParsingLimits

_NO_CHARACTERS = ("Cc", "Cs", "Zl", "Zp")
_LONGEST_PART = 100
_MOST_PARTS = 16
_DEEPEST = 8
_NAMED = 3
"""Files that a remark names."""


@dataclass(slots=True)
class Allowance:
    """What may still be read of one file and of all that lies in it."""

    limits: ParsingLimits
    documents: int = field(init=False)
    size: int = field(init=False)
    characters: int = field(init=False)

    def __post_init__(self) -> None:
        self.documents = self.limits.max_enclosed
        self.size = self.limits.max_unpacked_bytes
        self.characters = self.limits.max_characters

    def require(self, size: int) -> None:
        """Raise UnreadableDocument where one more enclosed file of that size is too much."""
        if not self.documents:
            raise UnreadableDocument(
                f"no more than {self.limits.max_enclosed:,} documents of a file are read"
            )
        if size > self.limits.max_bytes:
            raise UnreadableDocument(f"it is larger than {self.limits.max_bytes / 1e6:g} MB")
        if size > self.size:
            raise UnreadableDocument(
                "together with what is before it, it holds more than"
                f" {self.limits.max_unpacked_bytes / 1e6:g} MB"
            )

    def take(self, size: int) -> None:
        """Count an enclosed file; raises UnreadableDocument where that is too much."""
        self.require(size)
        self.documents -= 1
        self.size -= size

    def take_text(self, characters: int) -> None:
        """Count a document's text; raises UnreadableDocument where that is too much."""
        if characters > self.characters:
            raise UnreadableDocument(
                f"it holds more than {self.limits.max_characters:,} characters"
            )
        self.characters -= characters


def read_enclosed(
    enclosed: Iterable[Enclosed],
    allowance: Allowance,
    suffixes: Collection[str],
    parse: Callable[[bytes, str, str], Document],
) -> tuple[list[Document], list[str]]:
    """Return all documents in a file, and remarks on what was not read.

    `parse` makes a document of bytes, the name within the file, and one of `suffixes`; it raises
    UnreadableDocument, which is a remark here.
    """
    documents: list[Document] = []
    remarks: list[str] = []
    unread: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, suffix, each in named(enclosed, suffixes):
        try:
            document = _read(each, name, suffix, allowance, suffixes, parse)
        except UnreadableDocument as exc:
            unread[each.called, exc.reason].append(name)
            continue
        if document.blocks:
            documents.append(document)
        else:
            remarks += (f"{name}: {remark}" for remark in document.remarks)
        documents += document.enclosed
    return documents, [*remarks, *_remarks(unread)]


def named(
    enclosed: Iterable[Enclosed], suffixes: Collection[str]
) -> Iterator[tuple[str, str, Enclosed]]:
    """Yield each file in a file with the name and the suffix that its document gets."""
    names = _Names()
    for each in enclosed:
        suffix = _suffix_of(each, suffixes)
        yield names.name(each.name, suffix), suffix, each


def read_one(each: Enclosed, allowance: Allowance) -> bytes:
    """Return the bytes of a file in a file; raises UnreadableDocument."""
    allowance.require(each.size)
    try:
        data = each.read()
    except (UnreadableDocument, MemoryError, RecursionError):
        raise
    except Exception as exc:  # the libraries raise anything on a damaged file
        raise UnreadableDocument("it is damaged") from exc
    if not data:
        raise UnreadableDocument("it is empty")
    allowance.take(len(data))
    return data


def is_inner_name(name: str) -> bool:
    """Return whether a name is one that `read_enclosed` gives."""
    parts = name.split("/")
    return len(parts) <= _MOST_PARTS * _DEEPEST and all(
        len(part) < 2 * _LONGEST_PART and part.strip(".") and part == _shown(part) for part in parts
    )


def _read(
    each: Enclosed,
    name: str,
    suffix: str,
    allowance: Allowance,
    suffixes: Collection[str],
    parse: Callable[[bytes, str, str], Document],
) -> Document:
    if suffix not in suffixes:
        kind = f"{suffix} files" if suffix else "files without a suffix"
        raise UnreadableDocument(f"{kind} are not read")
    return parse(read_one(each, allowance), name, suffix)


def _suffix_of(each: Enclosed, suffixes: Collection[str]) -> str:
    """Return the suffix of its name, or that of its kind where its name has none that is read."""
    written = PurePosixPath(each.name.replace("\\", "/").strip()).suffix.lower()
    return each.suffix if written not in suffixes and each.suffix in suffixes else written


class _Names:
    """Names of the files in one file: paths that lead nowhere else, each of them once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def name(self, written: str, suffix: str) -> str:
        """Return the name for a file that is called something, with its suffix."""
        parts = [_part(part) for part in written.replace("\\", "/").split("/")][-_MOST_PARTS:]
        path = PurePosixPath(*filter(None, parts)) if any(parts) else PurePosixPath("unnamed")
        if suffix and path.suffix.lower() != suffix:
            path = path.with_name(f"{path.name}{suffix}")
        name = wanted = str(path)
        while name in self._taken:
            number = self._numbers[wanted] = self._numbers.get(wanted, 1) + 1
            name = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        self._taken.add(name)
        return name


def _part(part: str) -> str:
    """Return a part of a path as it is shown; empty where it leads elsewhere."""
    words = _shown(part)
    if not words.strip(".") or (len(words) == 2 and words[1] == ":"):
        return ""  # "..", or a drive of Windows
    if len(words) > _LONGEST_PART:
        suffix = PurePosixPath(words).suffix
        suffix = suffix if len(suffix) < _LONGEST_PART // 2 else ""
        words = f"{words[: _LONGEST_PART - len(suffix)].rstrip()}{suffix}"
    return words


def _shown(part: str) -> str:
    """Return a part of a path on one line, without what is no character."""
    visible = "".join(
        " " if sign in "/\\" or unicodedata.category(sign) in _NO_CHARACTERS else sign
        for sign in part
    )
    return " ".join(unicodedata.normalize("NFC", visible).split())


def _remarks(unread: Mapping[tuple[str, str], list[str]]) -> Iterator[str]:
    for (called, reason), names in unread.items():
        if len(names) == 1:
            yield f"The {called} {names[0]} was not read: {reason}."
            continue
        left = len(names) - _NAMED
        more = f" and {left:,} other{'s' if left > 1 else ''}" if left > 0 else ""
        listed = ", ".join(names[:_NAMED])
        yield f"{len(names):,} {called}s were not read: {reason} ({listed}{more})."
