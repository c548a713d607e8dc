from __future__ import annotations

import hashlib
import os
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import CorpusUnavailable
from index.sources.folder import CorpusFile, FileState, scan

SUFFIXES = frozenset({".txt", ".md"})
LATER = 2**62
"""A time at which every file here has long been as it is."""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


def write(path: Path, content: str = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def problems(corpus: Path) -> dict[str, str | None]:
    return {name: file.problem for name, file in scan(corpus, SUFFIXES).items()}


# What is found


def test_nested_files_are_found_in_order_of_name(corpus: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/b/c/d.txt", "A.TXT"):
        write(corpus / name)
    found = scan(corpus, SUFFIXES)
    assert list(found) == ["A.TXT", "a/b/c/d.txt", "a/z.md", "b.txt"]
    assert {file.problem for file in found.values()} == {None}
    stat = (corpus / "b.txt").stat()
    assert found["b.txt"] == CorpusFile(
        "b.txt", corpus / "b.txt", FileState(4, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
    )


def test_hidden_and_lock_files_are_passed_over(corpus: Path) -> None:
    for name in (".hidden.txt", ".git/a.txt", "a/.b/c.txt", "~$briefing.md", "a/seen.txt"):
        write(corpus / name)
    assert list(scan(corpus, SUFFIXES)) == ["a/seen.txt"]


@pytest.mark.parametrize(
    "name",
    [
        "with space.txt",
        "new\nline.txt",
        "😀.txt",
        "Støre é.txt",
        "a'b\"c.txt",
        "-rf.txt",
        "a%20b.txt",
    ],
)
def test_any_name_is_a_name(corpus: Path, name: str) -> None:
    write(corpus / "folder" / name)
    assert problems(corpus) == {f"folder/{name}": None}


def test_a_name_that_is_no_utf8_is_shown_escaped_and_still_opened(corpus: Path) -> None:
    folder = os.fsencode(corpus) + b"/caf\xe9"
    Path(os.fsdecode(folder)).mkdir()
    with open(folder + b"/\xff.txt", "wb") as file:  # noqa: PTH123 # Path takes no bytes
        file.write(b"text")
    ((name, found),) = scan(corpus, SUFFIXES).items()
    assert name == "caf\\xe9/\\xff.txt"
    assert found.path.read_bytes() == b"text"


def test_an_empty_corpus_has_no_files(corpus: Path) -> None:
    assert scan(corpus, SUFFIXES) == {}


def test_a_corpus_that_is_not_there_is_not_an_empty_one(corpus: Path) -> None:
    for missing in (corpus / "nowhere", write(corpus / "a.txt")):
        with pytest.raises(CorpusUnavailable, match="Create or mount it") as caught:
            scan(missing, SUFFIXES)
        assert caught.value.path == missing


def test_the_corpus_may_be_a_link(corpus: Path, tmp_path: Path) -> None:
    write(corpus / "a.txt")
    (tmp_path / "link").symlink_to(corpus)
    assert problems(tmp_path / "link") == {"a.txt": None}


def test_a_name_relative_to_the_working_directory_will_do(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus / "a.txt")
    monkeypatch.chdir(corpus.parent)
    assert problems(Path("corpus")) == {"a.txt": None}


# What cannot be read


def test_files_of_other_kinds_are_named_with_what_to_do(corpus: Path) -> None:
    for name in ("a.jpg", "Makefile", "b.tar.gz"):
        write(corpus / name)
    assert problems(corpus) == {
        "a.jpg": ".jpg files are not read; put them in a PDF and run OCR on it, or "
        "install the extra ocr and set BRIEFING_OCR",
        "b.tar.gz": ".gz files are not read; unpack them",
        "Makefile": "a file without a suffix is not read; save them as PDF, .docx, .xlsx or .txt",
    }


def test_links_are_followed_to_files_of_the_corpus_only(corpus: Path, tmp_path: Path) -> None:
    write(corpus / "in" / "a.txt")
    write(tmp_path / "outside.txt")
    write(tmp_path / "corpus-beside" / "b.txt")
    (corpus / "good.txt").symlink_to(corpus / "in" / "a.txt")
    (corpus / "relative.txt").symlink_to("in/a.txt")
    (corpus / "out.txt").symlink_to(tmp_path / "outside.txt")
    (corpus / "beside.txt").symlink_to("../corpus-beside/b.txt")
    (corpus / "folder").symlink_to(corpus / "in")
    (corpus / "up").symlink_to(tmp_path)
    (corpus / "dead.txt").symlink_to("nowhere")
    found = problems(corpus)
    loops = {name: found.pop(name) for name in ("dead.txt",)}
    assert found == {
        "in/a.txt": None,
        "good.txt": None,
        "relative.txt": None,
        "out.txt": "it is a link that leads out of the corpus",
        "beside.txt": "it is a link that leads out of the corpus",
        "up": "it is a link that leads out of the corpus",
        "folder": "it is a link to a folder; what lies there is read in its own place",
    }
    assert loops == {"dead.txt": "it cannot be opened (No such file or directory)"}


def test_loops_of_links_end(corpus: Path) -> None:
    (corpus / "self.txt").symlink_to("self.txt")
    (corpus / "one.txt").symlink_to("two.txt")
    (corpus / "two.txt").symlink_to("one.txt")
    (corpus / "sub").mkdir()
    (corpus / "sub" / "back").symlink_to(corpus)
    found = problems(corpus)
    assert found.pop("sub/back") == (
        "it is a link to a folder; what lies there is read in its own place"
    )
    assert set(found) == {"self.txt", "one.txt", "two.txt"}
    for problem in found.values():
        assert problem is not None
        assert problem.startswith("it cannot be opened (")


def test_a_pipe_or_socket_is_no_document(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(corpus / "pipe.txt")
    monkeypatch.chdir(corpus)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.txt")
        assert problems(corpus) == {
            "pipe.txt": "it is not an ordinary file",
            "socket.txt": "it is not an ordinary file",
        }


def test_a_folder_that_cannot_be_opened_stops_no_other(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus / "a" / "hidden.txt")
    write(corpus / "b" / "seen.txt")
    scandir = os.scandir

    def refuse(folder: Path) -> object:
        if folder.name == "a":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)  # root may open any folder
    found = scan(corpus, SUFFIXES)
    assert list(found) == ["a", "b/seen.txt"]
    assert found["a"].problem == "its folder cannot be opened (Permission denied)"
    assert found["a"].is_folder


def test_a_file_that_goes_while_it_is_looked_at_stops_no_other(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus / "a.txt")
    write(corpus / "b.txt")
    stat = Path.stat

    def vanish(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if path.name == "a.txt":
            path.unlink(missing_ok=True)
        return stat(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", vanish)
    assert problems(corpus) == {
        "a.txt": "it cannot be opened (No such file or directory)",
        "b.txt": None,
    }


# What changed


def look(path: Path) -> CorpusFile:
    return scan(path.parent, SUFFIXES)[path.name]


def known(path: Path) -> FileState:
    """What a reindex would remember of the file as it is now."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return replace(look(path).state, sha256=digest)


def test_a_file_with_the_same_dates_is_not_read(corpus: Path) -> None:
    path = write(corpus / "a.txt")
    state = replace(known(path), sha256="not its hash")
    assert look(path).is_unchanged(state, LATER)


def test_a_file_changed_shortly_before_it_was_looked_at_is_read(corpus: Path) -> None:
    path = write(corpus / "a.txt", "one")
    state = known(path)
    assert look(path).is_unchanged(state, time.time_ns())
    racy = max(state.mtime_ns, state.ctime_ns) + 1_900_000_000
    assert not look(path).is_unchanged(replace(state, sha256="another"), racy)
    assert look(path).is_unchanged(replace(state, sha256="another"), racy + 200_000_000)


def test_same_size_and_dates_but_other_content_is_seen_within_two_seconds(corpus: Path) -> None:
    path = write(corpus / "a.txt", "one")
    state = known(path)
    path.write_text("two")
    os.utime(path, ns=(state.mtime_ns, state.mtime_ns))
    now = look(path)
    # As on a file system that keeps no time of change, or keeps it in steps of two seconds.
    same_dates = replace(now, state=replace(now.state, ctime_ns=state.ctime_ns))
    assert replace(same_dates.state, sha256=state.sha256) == state
    assert not same_dates.is_unchanged(state, state.ctime_ns + 1)
    assert not now.is_unchanged(state, LATER)


def test_a_touched_or_copied_file_is_compared_by_content(corpus: Path) -> None:
    path = write(corpus / "a.txt", "one")
    state = known(path)
    os.utime(path, ns=(0, 0))
    assert look(path).is_unchanged(state, LATER)
    path.unlink()
    write(path, "one")
    assert look(path).is_unchanged(state, LATER)
    path.write_text("two")
    assert not look(path).is_unchanged(state, LATER)
    path.write_text("longer")
    assert not look(path).is_unchanged(state, LATER)


def test_a_file_that_could_not_be_read_is_the_same_while_its_dates_are(corpus: Path) -> None:
    path = write(corpus / "a.txt")
    state = look(path).state
    assert look(path).is_unchanged(state, LATER)
    os.utime(path, ns=(0, 0))
    assert not look(path).is_unchanged(state, LATER)


def test_a_file_that_cannot_be_opened_any_more_is_not_the_same(corpus: Path) -> None:
    path = write(corpus / "a.txt")
    state, before = known(path), look(path)
    path.unlink()
    assert not before.is_unchanged(state, 0)


def test_an_inode_beyond_63_bits_fits_the_catalog(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(corpus / "a.txt")
    stat = Path.stat

    def big(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        values = list(stat(path, follow_symlinks=follow_symlinks))
        values[1] = 2**64 - 1
        return os.stat_result(values, {"st_mtime_ns": 5, "st_ctime_ns": 6})

    monkeypatch.setattr(Path, "stat", big)
    assert look(path).state.inode == 2**63 - 1
