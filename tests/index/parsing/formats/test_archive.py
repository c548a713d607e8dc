"""Zip archives: a folder of documents, whatever its members are called."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

import pytest

from index.document import Document
from index.errors import UnreadableDocument
from index.parsing import ParsingLimits
from index.parsing.parser import parse_bytes
from testing.made_files import zipped

WORDS = b"The crane is tested on Thursday."


def read(data: bytes, **limits: int) -> Document:
    return parse_bytes(data, "a.zip", ".zip", limits=ParsingLimits(**limits))


def refused(data: bytes, **limits: int) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read(data, **limits)
    return caught.value.reason


def names(document: Document) -> list[str]:
    return [each.name for each in document.enclosed]


def test_its_members_are_documents_and_it_has_no_text_of_its_own() -> None:
    found = read(zipped({"plan.md": b"# Plan\n\nWords.", "deep/notes.txt": WORDS}))
    assert (found.text, found.blocks, found.remarks) == ("", (), ())
    assert [(each.name, each.title, each.file) for each in found.enclosed] == [
        ("a.zip/plan.md", "Plan", "a.zip"),
        ("a.zip/deep/notes.txt", "The crane is tested on Thursday.", "a.zip"),
    ]


@pytest.mark.parametrize(
    ("member", "name"),
    [
        ("../../etc/plan.txt", "etc/plan.txt"),
        ("/etc/plan.txt", "etc/plan.txt"),
        ("C:\\plans\\..\\plan.txt", "plans/plan.txt"),
        ("a/./b//plan.txt", "a/b/plan.txt"),
        ("a\nb\x07/plan.txt", "a b/plan.txt"),
        (f"{'x' * 300}.txt", f"{'x' * 96}.txt"),
        (f"{'d/' * 99}plan.txt", f"{'d/' * 15}plan.txt"),
        ("Plan\u202e.txt", "Plan\u202e.txt"),  # made visible where it is shown
    ],
)
def test_a_path_leads_nowhere_else(member: str, name: str) -> None:
    assert names(read(zipped({member: WORDS}))) == [f"a.zip/{name}"]


def test_names_in_utf_8_that_do_not_say_so() -> None:
    data = zipped({"prüfung.txt": WORDS})
    plain = data.replace(struct.pack("<HH", 20, 0x800), struct.pack("<HH", 20, 0))
    assert plain != data
    assert names(read(plain)) == ["a.zip/prüfung.txt"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_equal_names_are_told_apart() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("plan.txt", "plan.txt", "../plan.txt", "plan (2).txt"):
            archive.writestr(name, WORDS)
    assert names(read(packed.getvalue())) == [
        "a.zip/plan.txt",
        "a.zip/plan (2).txt",
        "a.zip/plan (3).txt",
        "a.zip/plan (2) (2).txt",
    ]


def test_what_systems_leave_behind_is_passed_over() -> None:
    left = ("__MACOSX/._plan.txt", ".DS_Store", ".git/config.txt", "deep/~$plan.docx")
    found = read(zipped({**dict.fromkeys(left, WORDS), "plan.txt": WORDS}))
    assert (names(found), found.remarks) == (["a.zip/plan.txt"], ())


def test_what_is_not_read_is_said_by_reason() -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("plan.txt", WORDS)
        archive.writestr(link, "/etc/passwd")
        archive.writestr("broken.pdf", b"x")
        archive.writestr("empty.txt", b"")
        archive.writestr("README", WORDS)
        for number in range(5):
            archive.writestr(f"{number}.pages", b"x")
    found = read(packed.getvalue())
    assert names(found) == ["a.zip/plan.txt"]
    assert found.remarks == (
        "The file link.txt was not read: it is a link.",
        "The file broken.pdf was not read: it is not a PDF.",
        "The file empty.txt was not read: it is empty.",
        "The file README was not read: files without a suffix are not read.",
        "5 files were not read: .pages files are not read (0.pages, 1.pages, 2.pages and 2"
        " others).",
    )


def test_one_with_a_password() -> None:
    data = bytearray(zipped({"plan.txt": WORDS}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(data)) == (
        "nothing in it was read: The file plan.txt was not read: it is protected by a password"
    )


def test_a_damaged_member_harms_no_other() -> None:
    data = zipped({"bad.txt": WORDS * 9, "plan.txt": WORDS})
    found = read(data.replace(WORDS, WORDS.upper(), 1))
    assert (names(found), found.remarks) == (
        ["a.zip/plan.txt"],
        ("The file bad.txt was not read: it is damaged.",),
    )


def test_archives_in_archives_to_a_depth() -> None:
    data = zipped({"plan.txt": WORDS, "plan.pages": b"x"})
    for _ in range(3):
        data = zipped({"in.zip": data})
    found = read(data)
    assert names(found) == ["a.zip/in.zip/in.zip/in.zip/plan.txt"]
    assert found.remarks == (
        "in.zip: in.zip: in.zip: The file plan.pages was not read: .pages files are not read.",
    )
    deeper = read(zipped({"in.zip": data, "plan.txt": WORDS}))
    assert names(deeper) == ["a.zip/plan.txt"]
    assert "it lies too deep in other files" in deeper.remarks[0]


@pytest.mark.parametrize(
    ("limits", "remark"),
    [
        ({"max_enclosed": 3}, "no more than 3 documents of a file are read"),
        ({"max_unpacked_bytes": 100}, "together with what is before it, it holds more than 0.0001"),
        ({"max_bytes": 1_000, "max_characters": 100}, "it holds more than 100 characters"),
    ],
)
def test_limits_are_of_the_whole_file(limits: dict[str, int], remark: str) -> None:
    inner = zipped({"a.txt": WORDS, "b.txt": WORDS})
    members = {"first.txt": WORDS, "in.zip": inner, "last.txt": WORDS}
    if "max_unpacked_bytes" in limits:
        members.pop("in.zip")
        members |= {"more.txt": WORDS, "most.txt": WORDS}
    found = read(zipped(members), **limits)
    assert 0 < len(found.enclosed) <= 3
    assert remark in " ".join(found.remarks)


def test_bombs_are_not_unpacked() -> None:
    bomb = zipped({f"{number}.txt": b"0" * 1_000_000 for number in range(50)}, zipfile.ZIP_DEFLATED)
    found = read(bomb, max_unpacked_bytes=2_000_000)
    assert len(found.enclosed) == 2
    assert "48 files were not read" in found.remarks[0]
    large = read(zipped({"a.txt": b"0" * 2_000, "b.txt": WORDS}), max_bytes=1_000)
    assert large.remarks == ("The file a.txt was not read: it is larger than 0.001 MB.",)


@pytest.mark.parametrize("data", [b"PK", b"x" * 100, zipped({"a.txt": WORDS})[:-30]])
def test_what_is_no_archive(data: bytes) -> None:
    assert refused(data) == "it is damaged, cut off, or not a zip archive"


def test_an_empty_one() -> None:
    assert refused(zipped({})) == "it holds nothing but white space"
