"""The corpus folder as a source of documents: its files, and whether each has changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import CorpusUnavailable
from index.sources.opening import open_below
from index.sources.unread_kinds import why_unread

_RACY_NS = 2_000_000_000
"""A file that changed so shortly before the last scan may have changed again within the same tick
of the disk's clock, so its content is compared (git's "racily clean"; FAT's clock ticks in 2 s)."""


@dataclass(frozen=True, slots=True)
class FileState:
    """What a scan sees of a file; equal states almost always mean equal content."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    sha256: str = ""


UNOPENED = FileState(0, 0, 0, 0)
"""The state of a file that could not be opened."""


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file of the corpus; `problem` says why it cannot be a document, whatever it holds.

    `name` is the path below the corpus with `/` between its parts; bytes that are not UTF-8 are
    shown as `\\xNN`. With `is_folder`, the problem is that of everything below it.
    """

    name: str
    path: Path
    state: FileState
    problem: str | None = None
    is_folder: bool = False

    def is_unchanged(self, known: FileState, looked_at_ns: int) -> bool:
        """Return whether the content is still that of `known`, which was seen at `looked_at_ns`.

        The file is read only where its dates have changed. A file that was UNOPENED is unchanged
        as long as it cannot be opened.
        """
        if known == UNOPENED and not self.problem:
            return not self._opens()
        if self.state.size != known.size:
            return False
        newest = max(self.state.mtime_ns, self.state.ctime_ns)
        if replace(self.state, sha256=known.sha256) == known and newest < looked_at_ns - _RACY_NS:
            return True
        if self.problem or not known.sha256:
            return replace(self.state, sha256=known.sha256) == known
        return self.sha256() == known.sha256

    def sha256(self) -> str:
        """Return the SHA-256 of the file as it is now; empty where it cannot be read."""
        try:
            with os.fdopen(self._open(), "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return ""

    def _opens(self) -> bool:
        try:
            with os.fdopen(self._open(), "rb") as file:
                file.read(1)
        except OSError:
            return False
        return True

    def _open(self) -> int:
        return open_below(self.path.parents[self.name.count("/")], self.path)


def scan(corpus: Path, suffixes: frozenset[str]) -> Mapping[str, CorpusFile]:
    """Return every file below the corpus that is not hidden, by name and in order of name.

    Links are followed only to files within the corpus. Raises CorpusUnavailable where there is no
    such folder: a disk that is not mounted must not look like an empty corpus.
    """
    try:
        root = corpus.resolve(strict=True)
        if not root.is_dir():
            raise NotADirectoryError
        os.scandir(root).close()
    except OSError as exc:
        raise CorpusUnavailable(corpus, exc) from exc
    found = {file.name: file for file in _walk(root, root, suffixes)}
    return dict(sorted(found.items()))


def look_at(
    corpus: Path, names: Iterable[str], suffixes: frozenset[str]
) -> Mapping[str, CorpusFile] | None:
    """Return what `scan` would find of some files, without looking at any other; those that are not
    there are left out.

    None where only a scan can tell: for a folder, and for what lies below a link, or in a folder
    that cannot be opened.
    """
    found = {}
    try:
        root = corpus.resolve(strict=True)
        for name in sorted(names):
            path = root.joinpath(*name.split("/"))
            if "\\" in name or _name(path, root) != name:
                return None  # a byte that is no UTF-8 is shown with a backslash
            if any(map(_is_hidden, name.split("/"))):
                return None
            if path.parent.resolve(strict=True) != path.parent:
                return None
            os.scandir(path.parent).close()
            if path.is_dir() and not path.is_symlink():
                return None
            if os.path.lexists(path):
                found[name] = _look_at(path, root, suffixes)
    except (OSError, ValueError):
        return None
    return found


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or not name


def _walk(folder: Path, root: Path, suffixes: frozenset[str]) -> Iterator[CorpusFile]:
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as exc:
        problem = f"its folder cannot be opened ({exc.strerror or exc})"
        yield CorpusFile(_name(folder, root), folder, UNOPENED, problem, is_folder=True)
        return
    for entry in listed:
        if _is_hidden(entry.name):
            continue
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, root, suffixes)
            continue
        yield _look_at(path, root, suffixes)


def _look_at(path: Path, root: Path, suffixes: frozenset[str]) -> CorpusFile:
    name = _name(path, root)
    problem = None
    try:
        if path.is_symlink():
            target = path.resolve(strict=True)
            if not target.is_relative_to(root):
                problem = "it is a link that leads out of the corpus"
            elif target.is_dir():
                problem = "it is a link to a folder; what lies there is read in its own place"
        stat = path.stat()
    except (OSError, RuntimeError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else None
        return CorpusFile(name, path, UNOPENED, f"it cannot be opened ({reason or exc})")
    if problem is None and not path.is_file():
        problem = "it is not an ordinary file"
    if problem is None and path.suffix.lower() not in suffixes:
        problem = why_unread(path.suffix)
    state = FileState(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino % 2**63)
    return CorpusFile(name, path, state, problem)


def _name(path: Path, root: Path) -> str:
    relative = os.fsencode(path.relative_to(root).as_posix())
    return relative.decode("utf-8", "backslashreplace")
