"""Parsing in a worker process: the same documents, and a bad file harms no other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import Block, BlockKind, Document, Span, Style, StyleKind
from index.errors import ParsingUnavailable, UnreadableDocument
from index.indexing.reindex import Reindexer
from index.parsing import SUFFIXES, ParsingLimits, parse_file
from index.parsing.sandbox.process import ParsingProcess
from index.parsing.sandbox.protocol import pack, unpack
from index.store.folder.store import IndexStore
from testing.budget import in_full
from testing.fakes import WordEmbedder, recipe_of
from tests.index.parsing.pdfs import ENDLESS_PDF

pytestmark = pytest.mark.processes

CORPUS = Path(__file__).parents[4] / "corpus"
LIMITS = ParsingLimits()
BRIEF = ParsingLimits(max_seconds=1)

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces it")


@pytest.fixture(scope="module")
def process():  # type: ignore[no-untyped-def]
    with ParsingProcess() as process:
        yield process


def test_documents_are_what_they_are_without_it(process: ParsingProcess) -> None:
    paths = sorted(path for path in CORPUS.rglob("*") if path.suffix in SUFFIXES)
    found = list(process.parse_files([(path, path.name) for path in paths], limits=LIMITS))
    assert found == [parse_file(path, path.name, limits=LIMITS) for path in paths]


def test_reasons_are_what_they_are_without_it(process: ParsingProcess, tmp_path: Path) -> None:
    contents = {"a.txt": b"", "b.pdf": b"x", "c.docx": b"PK", "d.txt": b"\0", "e.xyz": b"x"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UnreadableDocument) as here:
            parse_file(tmp_path / name, name, limits=LIMITS)
        with pytest.raises(UnreadableDocument) as there:
            process.parse_file(tmp_path / name, name, limits=LIMITS)
        assert there.value.reason == here.value.reason


def test_many_files_come_back_in_order(process: ParsingProcess, tmp_path: Path) -> None:
    names = [f"{n}.txt" for n in range(150)]
    for number, name in enumerate(names):
        (tmp_path / name).write_text(f"File {number}\n" * (number % 7 * 30) if number % 5 else "")
    files = [(tmp_path / name, name) for name in [*names, "gone.txt"]]
    found = list(process.parse_files(files, limits=LIMITS))
    assert len(found) == len(files)
    for number, each in enumerate(found[:-1]):
        assert isinstance(each, Document) == (number % 5 > 0 and number % 7 > 0)
        assert not isinstance(each, Document) or each.name == f"{number}.txt"
    assert str(found[-1]) == "it is no longer there"


@in_full
@posix
def test_a_file_that_never_ends_harms_no_other(tmp_path: Path) -> None:
    for name in ("a.txt", "c.txt"):
        (tmp_path / name).write_text("Aims of it\n")
    (tmp_path / "b.pdf").write_bytes(ENDLESS_PDF)
    names = ["a.txt", "b.pdf", "c.txt"]
    with ParsingProcess() as process:
        files = [(tmp_path / name, name) for name in names]
        found = list(process.parse_files(files, limits=BRIEF))
    assert [str(each) for each in found if not isinstance(each, Document)] == [
        "reading it takes more than 1 seconds"
    ]
    assert [each.name for each in found if isinstance(each, Document)] == ["a.txt", "c.txt"]


@pytest.mark.search
@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS limits no process' memory")
def test_a_file_that_takes_all_memory_harms_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x\n\n" * 300_000)
    (tmp_path / "b.txt").write_text("Aims of it\n")
    limits = ParsingLimits(max_memory=150_000_000)
    with ParsingProcess() as process:
        with pytest.raises(UnreadableDocument, match="memory"):
            process.parse_file(tmp_path / "a.txt", "a.txt", limits=limits)
        assert process.parse_file(tmp_path / "b.txt", "b.txt", limits=limits).text == "Aims of it\n"


@pytest.mark.search
def test_a_process_that_was_killed_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Aims of it\n")
    others = set(psutil.Process().children())
    with ParsingProcess() as process:
        process.parse_file(tmp_path / "a.txt", "a.txt", limits=LIMITS)
        (child,) = set(psutil.Process().children()) - others
        child.kill()
        psutil.wait_procs([child])
        with pytest.raises(UnreadableDocument, match="crashes a library"):
            process.parse_file(tmp_path / "a.txt", "a.txt", limits=LIMITS)
        assert process.parse_file(tmp_path / "a.txt", "a.txt", limits=LIMITS).text == "Aims of it\n"
    assert set(psutil.Process().children()) == others


@pytest.mark.search
def test_the_memory_that_its_parent_once_took_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Aims of it\n")
    taken = b"x" * 400_000_000
    del taken
    with ParsingProcess() as process:
        process.parse_file(tmp_path / "a.txt", "a.txt", limits=LIMITS)
        assert 0 < process.peak < 200_000_000


def test_it_knows_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("Aims of it\n")
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    others = set(psutil.Process().children())
    with ParsingProcess() as process:
        process.parse_file(tmp_path / "a.txt", "a.txt", limits=LIMITS)
        (child,) = set(psutil.Process().children()) - others
        assert "secret" not in str(child.environ())


@posix
@pytest.mark.parametrize("script", ["kill -9 $$", "echo nonsense", "exit 0"])
def test_a_process_that_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    (tmp_path / "a.txt").write_text("Aims of it\n")
    fake = tmp_path / "python"
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    for executable in (fake, tmp_path / "nowhere"):
        monkeypatch.setattr(sys, "executable", str(executable))
        with ParsingProcess() as process, pytest.raises(ParsingUnavailable):
            process.parse_file(tmp_path / "a.txt", "a.txt", limits=LIMITS)


@pytest.mark.search
@posix
def test_a_reindex_goes_on_and_does_not_try_again(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "good.txt").write_text("Aims of it\n")
    (corpus / "bad.pdf").write_bytes(ENDLESS_PDF)
    asked: list[str] = []
    embedder = WordEmbedder()
    with ParsingProcess() as process:

        def read(files, **how):  # type: ignore[no-untyped-def]
            asked.extend(name for _, name in files)
            return process.parse_files(files, **how)

        reindexer = Reindexer(
            corpus, IndexStore(tmp_path / "index"), recipe_of(), lambda: embedder, BRIEF, read
        )
        first = reindexer.run()
        assert first.added == ("good.txt",)
        (failure,) = first.failed
        assert (failure.document, failure.stale) == ("bad.pdf", False)
        assert "takes more than" in failure.reason
        asked.clear()
        second = reindexer.run()
        assert second.failed == first.failed
        assert asked == []
        # With other limits it may be readable after all.
        replace(reindexer, limits=replace(BRIEF, max_memory=10**9)).run()
        assert asked == ["bad.pdf"]


# What comes back is not believed


def sound() -> Document:
    text = "Aims\n\n• one\n  • two\n\na | b"
    blocks = (
        Block(BlockKind.HEADING, Span(0, 4), 1),
        Block(BlockKind.ITEM, Span(6, 11), 0, 1),
        Block(BlockKind.ITEM, Span(14, 19), 1, 1),
        Block(BlockKind.ROW, Span(21, 26), 0, 2),
    )
    return Document("a", "Aims", text, blocks, (Span(0, 26),), {"date": "é"}, "0", ("It is.",))


def test_a_document_survives_the_wire() -> None:
    assert unpack(pack(sound()), "a", "0") == sound()


@pytest.mark.parametrize(
    "false",
    [
        {"blocks": (Block(BlockKind.ROW, Span(0, 27)),)},
        {"blocks": (Block(BlockKind.ROW, Span(3, 3)),)},
        {"blocks": (Block(BlockKind.ROW, Span(5, 9)), Block(BlockKind.ROW, Span(8, 11)))},
        {"blocks": (Block(BlockKind.HEADING, Span(0, 4), 7),)},
        {"blocks": (Block(BlockKind.ROW, Span(0, 4), 1),)},
        {"blocks": ()},
        {"pages": (Span(0, 27),)},
        {"title": "\ud800"},
        {"metadata": {"a": 1}},
        {"remarks": (None,)},
        {"styles": (Style(StyleKind.BOLD, Span(0, 27)),)},
        {"styles": (Style(StyleKind.BOLD, Span(3, 3)),)},
        {"styles": (Style(StyleKind.BOLD, Span(3, 4)), Style(StyleKind.BOLD, Span(0, 1)))},
        {"styles": (Style(StyleKind.LINK, Span(0, 4), text="x" * 100_000),)},
    ],
)
def test_a_false_document_is_refused(false: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        unpack(pack(replace(sound(), **false)), "a", "0")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("metadata", "[]"),
        ("sizes", "[Infinity, 0, 0, 0, 0]"),
        ("sizes", "[true, 0, 0, 0, 0]"),
        ("styles", '[[0.5, ""]]'),
        ("styles", "[[0, 1]]"),
        ("styles", "[[0]]"),
        ("remarks", "[" * 60_000),
    ],
)
def test_what_json_can_say_and_a_worker_does_not_is_refused(key: str, value: str) -> None:
    head, rest = pack(sound())[8:].split(b"\n", 1)
    before = json.dumps(json.loads(head)[key])
    false = head.replace(f'"{key}": {before}'.encode(), f'"{key}": {value}'.encode()) + b"\n" + rest
    assert false != head + b"\n" + rest
    with pytest.raises(ValueError):  # noqa: PT011
        unpack(len(false).to_bytes(8, "little") + false, "a", "0")


def holding(**false: object) -> Document:
    """A file without a text of its own, with one document in it."""
    inner = replace(sound(), name="a/b/c.md", file="a", sha256="0" * 64, pages=())
    return Document("a", "a", "", (), sha256="0", enclosed=(replace(inner, **false),))  # type: ignore[arg-type]


def test_enclosed_documents_survive_the_wire() -> None:
    assert unpack(pack(holding()), "a", "0") == holding()
    both = replace(sound(), enclosed=holding().enclosed)
    assert unpack(pack(both), "a", "0") == both


@pytest.mark.parametrize(
    "false",
    [
        {"blocks": ()},
        {"sha256": "0"},
        {"sha256": "x" * 64},
        *({"name": f"a/{name}"} for name in ("", "..", "b/../c", "b//c", "/b", "b\\c", "b\nc")),
        *({"name": f"a/{name}"} for name in ("b ", "x" * 300, "b/" * 200 + "c")),
        {"metadata": {"audience": None}},
    ],
)
def test_a_false_enclosed_document_is_refused(false: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        unpack(pack(holding(**false)), "a", "0")


def test_two_enclosed_documents_of_one_name_are_refused() -> None:
    twice = replace(holding(), enclosed=holding().enclosed * 2)
    with pytest.raises(ValueError, match="same name"):
        unpack(pack(twice), "a", "0")


@given(st.data())
def test_damaged_answers_are_refused_or_sound_enough(data: st.DataObject) -> None:
    packed = bytearray(pack(data.draw(st.sampled_from([sound(), holding()]))))
    for _ in range(data.draw(st.integers(1, 4))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    try:
        document = unpack(bytes(packed), "a", "0")
    except ValueError:
        return
    for block in document.blocks:
        assert block.span.of(document.text)
    str(document).encode()


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(packed: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        unpack(packed, "a", "0")


# What it cannot do


ATTEMPTS = {
    "write": ("writing", "open(folder + '/w', 'w')"),
    "write under Python": ("writing", "did(libc.creat(f'{folder}/w'.encode(), 0o600))"),
    "make a folder under Python": ("writing", "did(libc.mkdir(f'{folder}/d'.encode(), 0o700))"),
    "remove under Python": ("writing", "did(libc.unlink(f'{folder}/kept'.encode()))"),
    "rename": ("writing", "os.rename(folder + '/kept', folder + '/moved')"),
    "read another file": ("reading", "open(folder + '/kept')"),
    "read under Python": ("reading", "did(libc.open(f'{folder}/kept'.encode(), 0))"),
    "list a folder under Python": ("reading", "did(libc.open(folder.encode(), os.O_DIRECTORY))"),
    "read of its parent under Python": ("reading", "open(f'/proc/{os.getppid()}/environ')"),
    "connect": ("network", "socket.create_connection(('127.0.0.1', port))"),
    "connect under Python": ("network", "did(raw_connect(port))"),
    "make a unix socket under Python": ("network", "did(libc.socket(socket.AF_UNIX, 1, 0))"),
    "run a program": ("programs", "subprocess.run(['true'])"),
    "run a program under Python": ("programs", "did(libc.execv(b'/bin/true', arguments))"),
    "fork under Python": ("processes", "did(libc.fork() or os._exit(0))"),
    "signal under Python": ("signals", "did(libc.kill(os.getppid(), 0))"),
    "change a mode under Python": ("modes", "did(libc.chmod(f'{folder}/kept'.encode(), 0o777))"),
    "change an owner under Python": ("modes", "did(libc.chown(f'{folder}/kept'.encode(), 0, 0))"),
    "change a time under Python": ("modes", "did(libc.utimes(f'{folder}/kept'.encode(), None))"),
    "set an attribute under Python": (
        "modes",
        "did(libc.setxattr(f'{folder}/kept'.encode(), b'user.x', b'1', 1, 0))",
    ),
    "much memory": ("memory", "bytearray(600_000_000)"),
}
"""What is tried, and what of `enforced` refuses it."""
PROGRAM = """
import ctypes, os, socket, struct, subprocess, sys
from index.parsing.sandbox.confinement import Tripwire, confine
libc, folder, port = ctypes.CDLL(None), sys.argv[1], int(sys.argv[2])
arguments = (ctypes.c_char_p * 2)(b"true", None)
def did(result):
    if result < 0: raise OSError
def raw_connect(port):
    handle = libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    place = struct.pack("=HH4s8x", socket.AF_INET, socket.htons(port), bytes([127, 0, 0, 1]))
    return libc.connect(handle, place, len(place))
enforced = confine(500_000_000)
wire = Tripwire() if "under" not in sys.argv[3] else None
try:
    {attempt}
    print("done", *enforced)
except (OSError, MemoryError):
    print("refused", *enforced)
"""


SERVER = """
import socket, sys
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
sys.stdin.read()
"""


FIRST_OF_KIND = {kind: attempt for attempt, (kind, _) in reversed(ATTEMPTS.items())}


@linux
@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param(attempt, marks=() if FIRST_OF_KIND[kind] == attempt else pytest.mark.search)
        for attempt, (kind, _) in ATTEMPTS.items()
    ],
)
def test_what_is_refused(tmp_path: Path, attempt: str) -> None:
    kind, code = ATTEMPTS[attempt]
    kept = tmp_path / "kept"
    kept.write_text("kept")
    os.utime(kept, (1_000, 1_000))
    before = kept.stat()
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(attempt=code), tmp_path, port, attempt],
            capture_output=True,
            text=True,
            cwd=CORPUS.parent,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        server.communicate("")
    outcome, *enforced = done.stdout.split() or [done.stderr]
    if kind not in enforced and "under" in attempt:
        pytest.skip(f"this system does not enforce {kind}")
    assert outcome == "refused", done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert kept.stat() == before


@pytest.mark.search
@linux
def test_what_lies_beside_the_program_cannot_be_read(tmp_path: Path) -> None:
    """Neither in the folder that it was started in, nor in one of the search path."""
    (tmp_path / ".env").write_text("DISCORD_TOKEN=secret")
    code = (
        "import os, sys\n"
        "from index.parsing.sandbox.confinement import confine\n"
        "enforced = confine(500_000_000)\n"
        "for path in sys.argv[1:]:\n"
        "    try: os.open(path, 0); print(path)\n"
        "    except PermissionError: pass\n"
        "print(*enforced)"
    )
    beside = [str(tmp_path / ".env"), str(CORPUS.parent / "pyproject.toml")]
    done = subprocess.run(
        [sys.executable, "-c", code, *beside],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(CORPUS.parent), str(tmp_path)])},
    )
    *opened, enforced = done.stdout.splitlines()
    assert opened == [] or "reading" not in enforced.split(), done.stderr


@pytest.mark.search
@linux
def test_threads_and_libraries_still_run_when_confined() -> None:
    code = (
        "import mimetypes, threading; mimetypes.init([])\n"
        "from index.parsing.sandbox.confinement import confine\n"
        "confine(1_500_000_000)\n"
        "thread = threading.Thread(target=print, args=('ran',)); thread.start(); thread.join()\n"
        "import docx, lxml.html, numpy, openpyxl, pptx, pypdfium2, zoneinfo\n"
        "print(zoneinfo.ZoneInfo('Europe/Oslo'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=CORPUS.parent
    )
    assert done.stdout.split() == ["ran", "Europe/Oslo"], done.stderr
