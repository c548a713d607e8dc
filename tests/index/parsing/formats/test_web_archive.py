"""Web archives, also those that wikis call Word documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.parsing import ParsingLimits, parse_file
from index.parsing.options import HiddenContent, ParsingOptions
from tests.index.parsing.conftest import Parse, Refused

_ARCHIVE = (
    "Date: Tue, 6 Jan 2026 10:00:00 +0000\nSubject: Exported From A Wiki\nMIME-Version: 1.0\n"
    "Content-Type: multipart/related; boundary=b\n\n--b\n"
    "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    "<html><head><title>Harbour</title></head><body><h1>Harbour</h1><p>The caf=C3=A9 is at the =\n"
    "quay.</p></body></html>\n--b\nContent-Type: image/png\nContent-Location: a.png\n"
    "Content-Transfer-Encoding: base64\n\nAAAA\n--b--\n"
)


@pytest.mark.parametrize("suffix", [".mht", ".mhtml", ".doc"])
def test_the_page_is_read(suffix: str, parse: Parse) -> None:
    document = parse(f"a{suffix}", _ARCHIVE)
    assert document.text == "Harbour\n\nThe café is at the quay."
    assert (document.title, document.enclosed) == ("Harbour", ())


def test_files_and_frames_in_it_are_documents_of_their_own(parse: Parse) -> None:
    parts = [
        (
            "text/csv",
            "Content-Location: https://a.example/files/rota%20May.csv",
            "Day,Who\nMon,Ida",
        ),
        ("text/html", "Content-ID: <f1@mhtml>", "<p>The tide table hangs in the hall."),
        ("text/css", "Content-Location: https://a.example/style.css", "p { color: red }"),
        ("application/x-tar", 'Content-Disposition: attachment; filename="all.tar"', "x"),
        ("text/plain", "Content-Location: http://[\nContent-Disposition: attachment", "Words."),
    ]
    page = (
        "<a href=3D'files/rota%20May.csv'>Rota</a><iframe src=3D\"cid:f1@mhtml\"></iframe></body>"
    )
    archive = _ARCHIVE.replace("</body>", page)
    document = parse("a.mht", archive.replace("--b--", f"{packed(parts)}--b--"))
    assert document.text.removesuffix("\n\nRota") == "Harbour\n\nThe café is at the quay."
    assert {each.name.partition("/")[2]: each.text for each in document.enclosed} == {
        "rota May.csv": "Day | Who\nMon | Ida",
        "html.html": "The tide table hangs in the hall.",
        "plain.txt": "Words.",
    }
    assert document.remarks == ("The attachment all.tar was not read: .tar files are not read.",)


def packed(parts: list[tuple[str, str, str]]) -> str:
    return "".join(f"--b\nContent-Type: {kind}\n{head}\n\n{text}\n" for kind, head, text in parts)


def test_what_no_page_shows_is_hidden(parse: Parse, tmp_path: Path) -> None:
    """Frames in frames are shown; a page that only another hidden one shows is not."""
    parts = [
        ("text/html", "Content-ID: <f1@mhtml>", "<p>One.<iframe src='cid:f2@mhtml'></iframe>"),
        ("text/html", "Content-ID: <f2@mhtml>", "<p>Two."),
        ("text/html", "Content-ID: <g1@mhtml>", "<p>Secret.<iframe src='cid:g2@mhtml'></iframe>"),
        ("text/html", "Content-ID: <g2@mhtml>", "<p>More of it."),
        ("text/html", "X-Of: nothing", "<p>Without a name."),
        ("text/csv", "Content-Location: rota.csv", "Day,Who\nMon,Ida"),
    ]
    frame = '<iframe src=3D"cid:f1@mhtml"></iframe><a href=3D"/">Home</a></body>'
    archive = _ARCHIVE.replace("</body>", frame).replace("--b--", f"{packed(parts)}--b--")
    document = parse("a.mht", archive)
    assert [each.text for each in document.enclosed] == ["One.", "Two."]
    assert document.has_hidden
    assert document.remarks == ("4 parts in no page were not read (BRIEFING_READ_HIDDEN=hidden).",)
    path = tmp_path / "a.mht"
    path.write_text(archive, encoding="utf-8")
    options = ParsingOptions(hidden=frozenset(HiddenContent))
    everything = parse_file(path, "a.mht", limits=ParsingLimits(), options=options)
    assert len(everything.enclosed) == len(parts)


def test_the_part_that_the_archive_names_is_the_page(parse: Parse) -> None:
    """Others are within the page, or shown to nobody, wherever they stand."""
    other = "--b\nContent-Type: text/html\nContent-ID: <other@x>\n\n<p>Nobody sees this.</p>\n"
    named = _ARCHIVE.replace("boundary=b", 'boundary=b; start="<page@x>"').replace(
        "--b\nContent-Type: text/html", f"{other}--b\nContent-ID: <page@x>\nContent-Type: text/html"
    )
    assert parse("a.mht", named).text == "Harbour\n\nThe café is at the quay."


def test_an_archive_without_a_page(parse: Parse, refused: Refused) -> None:
    head = "MIME-Version: 1.0\nContent-Type: text/plain\n\n"
    assert parse("a.mht", f"{head}Only words.\n").text == "Only words."
    assert refused("b.mht", head.replace("plain", "css")) == "it holds no page"
