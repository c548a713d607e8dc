"""Uploads that are meant to do harm, by their content, their name or their folder."""

from __future__ import annotations

import errno
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from bot.config.settings import Settings
from bot.documents.uploads.probe import ProbeResult
from bot.documents.uploads.uploads import PLACE_CHANGED, Uploads
from bot.errors import BadUpload, CorpusNotChanged
from index.parsing import SUFFIXES, ParsingLimits
from index.parsing.sandbox.process import ParsingProcess
from index.sources.folder import scan
from testing.budget import amount, one_in
from testing.made_files import zipped

pytestmark = pytest.mark.processes

ADA, LARKFIELD = 7, 70


def read_anything(path: Path, name: str, limits: ParsingLimits) -> ProbeResult:
    return ProbeResult("Title", 0)


def settings_in(folder: Path) -> Settings:
    (folder / "corpus").mkdir(parents=True)
    return Settings(
        corpus=folder / "corpus", index=folder / "index", records=folder / "state" / "records"
    )


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the files by their path, without following links."""
    found = {}
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(root, name)
            if path.is_symlink():
                found[str(path)] = os.fsencode(path.readlink())
            elif path.is_file():
                found[str(path)] = path.read_bytes()
    return found


def put(changes: Uploads, name: str, folder: str, data: bytes) -> str:
    """Upload a file, confirm it, and return its path."""
    token = changes.begin()
    place = changes.place(name, folder, len(data))
    changes.seal(token, ADA, LARKFIELD, [changes.receive(token, place, data)])
    changes.put(token, ADA, LARKFIELD)
    return place


# Names and folders

NAMES = (
    *("plan.md", "PLAN.md", "Plan.MD", "pla\u0301n.md", "pl\u00e1n.md", "PL\u00c1N.md", "ﬁle.md"),
    *("../plan.md", "..\\plan.md", "a/../../plan.md", "/etc/plan.md", "C:\\plan.md", "\\\\x\\p.md"),
    *("con.md", "NUL.txt", "aux", "com¹.md", "plan.md.", "plan.md ", " plan.md", "plan.md::$DATA"),
    *(".plan.md", ".plan.md.new", "..", ".", "", "~$plan.docx", "-rf.md", "--help.md", "$(x).md"),
    *("plan\0.md", "plan\n.md", "dm.nalp\u202emd.exe", "x\u202egpj.md", "pl\u200ban.md", "😀.md"),
    *("x" * 119 + ".md", "x" * 300 + ".md", "計" * 80 + ".md", "plan.exe", "plan.md.exe", "plan"),
    *("inside.md", "outside.md", "dangling.md", "loop.md", "link.md", "upload.json", "%2e%2e.md"),
)
FOLDERS = (
    *(
        "",
        "/",
        ".",
        "..",
        "../..",
        "a/../..",
        "/etc",
        "C:\\Windows",
        "a\\..\\..",
        "linked",
        "Linked",
    ),
    *("linked/deeper", "loop", "file.md", "a/b/c/d/e/f/g/h/i", "con", "a.", ".git", "a\0b", "~"),
    *("new", "NEW", "ne\u0301w", "\u202enew", "linked/../linked", "new/linked"),
)


@tried(max_examples=amount(150))
@given(
    sent=st.lists(
        st.tuples(
            st.one_of(st.sampled_from(NAMES), st.text(max_size=20).map(lambda n: f"{n}.md")),
            st.one_of(st.sampled_from(FOLDERS), st.text(max_size=20)),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_nothing_is_ever_written_outside(
    tmp_path_factory: pytest.TempPathFactory, sent: list[tuple[str, str]]
) -> None:
    """Whatever lies in the corpus already, such as links that lead out of it."""
    folder = tmp_path_factory.mktemp("uploads")
    outside = folder / "outside"
    outside.mkdir()
    (outside / "secret.md").write_bytes(b"secret")
    settings = settings_in(folder / "here")
    corpus = settings.corpus
    (corpus / "linked").symlink_to(outside)
    (corpus / "link.md").symlink_to(outside / "secret.md")
    (corpus / "dangling.md").symlink_to(outside / "none.md")
    (corpus / "loop").symlink_to(corpus / "loop")
    (corpus / "loop.md").symlink_to("loop.md")
    (corpus / ".plan.md.new").symlink_to(outside / "secret.md")
    (corpus / "inside.md").symlink_to(corpus / "file.md")
    (corpus / "file.md").write_bytes(b"file")
    before = files_in(folder)
    changes = Uploads(settings, probe=read_anything)
    places = []
    for number, (name, where) in enumerate(sent):
        data = f"upload {number}".encode()
        try:
            place = put(changes, name, where, data)
        except (BadUpload, CorpusNotChanged):
            continue
        places.append(place)
        assert (corpus / place).resolve() == corpus.resolve() / place
        assert (corpus / place).read_bytes() == data
    after = files_in(folder)
    changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    # What a link in the corpus stood for may be replaced by the file itself; nothing beyond it.
    allowed = {str(corpus / place) for place in places} | {str(corpus / ".plan.md.new")}
    kept = str(settings.records)
    assert {path for path in changed if not path.startswith(kept)} <= allowed
    assert after[str(outside / "secret.md")] == b"secret"
    assert [path.name for path in outside.iterdir()] == ["secret.md"]
    assert files_in(settings.records / "uploads") == {} or len(places) < len(sent)
    assert set(places) <= set(scan(corpus, SUFFIXES))


def test_a_folder_that_became_a_link_before_the_yes(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir()
    (settings.corpus / "plans").mkdir()
    changes = Uploads(settings, probe=read_anything)
    token = changes.begin()
    place = changes.place("plan.md", "plans", 1)
    changes.seal(token, ADA, LARKFIELD, [changes.receive(token, place, b"x")])
    (settings.corpus / "plans").rmdir()
    (settings.corpus / "plans").symlink_to(outside)
    with pytest.raises(BadUpload, match="another file was put"):
        changes.put(token, ADA, LARKFIELD)
    assert list(outside.iterdir()) == []


def test_names_that_differ_in_case_or_form_are_one_file(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    changes = Uploads(settings, probe=read_anything)
    places = {
        put(changes, name, folder, str(number).encode())
        for number, (name, folder) in enumerate(
            [("Plán.md", "Fúel"), ("PLA\u0301N.MD", "FU\u0301EL"), ("plán.md", "fúel")]
        )
    }
    assert places == {"Fúel/Plán.md"}
    (content,) = files_in(settings.corpus).values()
    assert content == b"2"
    assert sorted(files_in(settings.records / "removed").values()) == [b"0", b"1"]


def test_at_once_under_one_name_each_is_whole_and_none_is_lost(tmp_path: Path) -> None:
    """The second person gets the sentence that the file has changed since they were asked."""
    settings = settings_in(tmp_path)
    tokens = []
    for number in range(8):
        changes = Uploads(settings, probe=read_anything)
        token = changes.begin()
        data = str(number).encode() * 2_000_000
        place = changes.place("plan.md", "", len(data))
        changes.seal(token, number, LARKFIELD, [changes.receive(token, place, data)])
        tokens.append(token)
    together = threading.Barrier(8)

    def say_yes(number: int) -> str:
        together.wait(60)
        try:
            Uploads(settings).put(tokens[number], number, LARKFIELD)
        except BadUpload as exc:
            return str(exc)
        return ""

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(say_yes, range(8)))
    (winner,) = (number for number, one in enumerate(said) if not one)
    assert set(said) == {"", PLACE_CHANGED.format(name="plan.md")}
    found = files_in(settings.corpus)
    assert found == {str(settings.corpus / "plan.md"): str(winner).encode() * 2_000_000}
    waiting = [path for path in files_in(settings.records / "uploads") if path.endswith(".md")]
    assert len(waiting) == 7


# Room


def test_a_disk_that_fills_up_while_files_are_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_in(tmp_path)
    changes = Uploads(settings, probe=read_anything)
    token = changes.begin()

    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:10])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CorpusNotChanged, match="No space left on device"):
        changes.receive(token, "plan.md", b"x" * 100)
    changes.discard(token)
    assert files_in(tmp_path) == {}


def test_a_file_larger_than_it_was_said_to_be(tmp_path: Path) -> None:
    settings = settings_in(tmp_path).model_copy(update={"max_file_mb": 1})
    changes = Uploads(settings)
    token = changes.begin()
    place = changes.place("plan.txt", "", 1)
    with pytest.raises(BadUpload, match="MB"):
        changes.receive(token, place, b"word " * 300_000)
    assert files_in(settings.records) == {}


# What they are


ELF = b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20
SCRIPT = (
    b"<html><head><title>Page</title><script>alert('owned')</script></head><body>"
    b"<p onclick='x()'>Words.</p><iframe src='file:///etc/passwd'></iframe>"
    b"<img src='https://evil.example/pixel'><object data='file:///etc/passwd'></object>"
    b"<svg><script>more()</script></svg><style>p{}</style></body></html>"
)


@pytest.mark.parametrize(
    ("name", "data"),
    one_in(
        4,
        [
            ("zip.md", zipped({"a": b"x" * 5_000})),
            ("zip.csv", zipped({"a": b"x" * 5_000})),
            ("program.txt", ELF),
            ("program.pdf", ELF),
            ("program.docx", b"MZ" + ELF),
            ("page.pdf", SCRIPT),
            ("page.docx", SCRIPT),
            ("other.docx", zipped({"hello": b"x"})),
            ("sheet.docx", zipped({"xl/workbook_xml": b"<x/>"})),
            ("picture.pptx", b"\x89PNG\r\n\x1a\n" + bytes(2_000)),
            ("picture.eml", b"\x89PNG\r\n\x1a\n" + bytes(2_000)),
            ("nothing.xlsx", b""),
            ("traversal.docx", zipped({"/////////etc/passwd": b"x"})),
        ],
    ),
)
def test_what_is_not_what_it_is_called_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    settings = settings_in(tmp_path)
    changes = Uploads(settings)
    token = changes.begin()
    with pytest.raises(BadUpload, match="it could not be read"):
        changes.receive(token, changes.place(name, "", len(data)), data)
    assert files_in(tmp_path) == {}


def test_of_a_page_with_scripts_only_the_words_are_read(tmp_path: Path) -> None:
    polyglot = b"%PDF-1.4\n" + SCRIPT + b"PK\x03\x04"
    with ParsingProcess() as process:
        for name, data in (("page.html", SCRIPT), ("page.htm", polyglot)):
            path = tmp_path / name
            path.write_bytes(data)
            text = process.parse_file(path, name, limits=ParsingLimits()).text
            assert "Words." in text
            for hidden in ("owned", "more()", "root:", "pixel", "p{}"):
                assert hidden not in text


def test_no_executable_suffix_is_ever_taken(tmp_path: Path) -> None:
    changes = Uploads(settings_in(tmp_path), probe=read_anything)
    for suffix in "exe bat cmd com js py sh ps1 lnk docm xlsm pptm dll so svg png html.exe".split():
        with pytest.raises(BadUpload, match=r"only documents are read|files with macros"):
            changes.place(f"plan.{suffix}", "", 1)
    put(changes, "page.html", "", SCRIPT)
    assert not (changes.require_corpus() / "page.html").stat().st_mode & 0o111
