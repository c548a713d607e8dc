"""Documents that name other files, servers and programs: parsing them reaches for none of these.

`sandbox/test_process.py` shows that a parser which did reach for them would be refused. Here it is
shown that none does, even where the system enforces nothing: the parsers run unconfined, and an
audit hook of the test records what Python is asked to open, to connect to and to run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from index.parsing import SUFFIXES
from testing.msgs import msg, properties
from testing.small_files import small_files
from tests.index.parsing.pdfs import pdf
from tests.index.parsing.test_bombs import CATALOG, FONT, PAGES, SHOWN, SMALL, members
from tools.hardening.fuzz_seeds import rezipped

REMOTE, LOCAL = "http://127.0.0.1:9/x", "file:///etc/passwd"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KINDS = (
    *("attachedTemplate", "image", "hyperlink", "oleObject", "externalLink", "subDocument"),
    *("frame", "audio", "video", "externalLinkPath", "header", "footnotes"),
)


def reaching_package(suffix: str) -> bytes:
    """Everything that a part may be related to lies elsewhere."""
    package = members(SMALL[suffix])
    parts = {
        ".docx": ["word/document.xml"],
        ".pptx": [name for name in package if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)],
        ".xlsx": ["xl/workbook.xml", "xl/worksheets/sheet1.xml"],
    }[suffix]
    related = "".join(
        f'<Relationship Id="e{number}{at}" Type="{_OFFICE}/{kind}" Target="{target}" '
        'TargetMode="External"/>'
        for number, kind in enumerate(_KINDS)
        for at, target in enumerate((REMOTE, LOCAL, "\\\\127.0.0.1\\share\\x", "../../../x"))
    )
    for part in parts:
        folder, _, name = part.rpartition("/")
        path = f"{folder}/_rels/{name}.rels"
        there = package.get(path, f'<Relationships xmlns="{_LINKS}"></Relationships>'.encode())
        there = re.sub(rb"<Relationships([^>]*)/>", rb"<Relationships\1></Relationships>", there)
        package[path] = there.replace(b"</Relationships>", f"{related}</Relationships>".encode())
    return rezipped(package)


def reaching_pdf(contents: bytes = b"4 0 R") -> bytes:
    """Links and actions at opening; of its streams, 6 has its bytes elsewhere."""
    actions = (
        f"<< /S /URI /URI ({REMOTE}) >>",
        f"<< /S /Launch /F ({LOCAL}) >>",
        f"<< /S /GoToR /F ({LOCAL}) /D [0 /Fit] >>",
        f"<< /S /SubmitForm /F << /FS /URL /F ({REMOTE}) >> >>",
        f"<< /S /ImportData /F ({LOCAL}) >>",
        f"<< /S /JavaScript /JS (app.launchURL\\('{REMOTE}'\\)) >>",
    )
    links = " ".join(
        f"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A {one} >>" for one in actions
    )
    return pdf(
        {
            1: CATALOG.replace(b" >>", f" /OpenAction {actions[1]} /URI << /Base ({REMOTE}) >>"
            " >>".encode()),
            2: PAGES,
            3: b"<< /Type /Page /Parent 2 0 R /Contents " + contents + b" /Resources "
            b"<< /Font << /F1 5 0 R >> >> /Annots [" + links.encode() + b"] >>",
            4: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(SHOWN), SHOWN),
            5: FONT,
            6: f"<< /Length 0 /F << /FS /URL /F ({REMOTE}) >> /FFilter /FlateDecode >>\n"
            "stream\n\nendstream".encode(),
        }
    )  # fmt: skip


HTML = (
    f"<html><head><base href='{REMOTE}'><link rel='stylesheet' href='{REMOTE}'><script src="
    f"'{REMOTE}'></script><meta http-equiv='refresh' content='0;url={REMOTE}'></head><body "
    f"background='{REMOTE}'><h1>Aims</h1><p>Go.</p><img src='{REMOTE}' srcset='{REMOTE} 2x'>"
    f"<iframe src='{LOCAL}'></iframe><object data='{LOCAL}'></object><embed src='{LOCAL}'>"
    f"<video src='{REMOTE}'></video><svg><use href='{REMOTE}#a'/></svg>"
    f"<style>@import url({REMOTE});</style></body></html>"
)
FILES: dict[str, bytes] = {
    "a.docx": reaching_package(".docx"),
    "a.pptx": reaching_package(".pptx"),
    "a.xlsx": reaching_package(".xlsx"),
    "a.pdf": reaching_pdf(),
    "elsewhere.pdf": reaching_pdf(b"[4 0 R 6 0 R]"),
    "a.html": HTML.encode(),
    "a.md": (
        f"# Aims\n\n![a]({REMOTE}) [b]({LOCAL}) <{REMOTE}>\n\n[c]: {REMOTE}\n\n{HTML}\n\n"
        f'--8<-- "/etc/passwd"\n\n{{% include "/etc/passwd" %}}\n\n!INCLUDE {LOCAL}\n'
    ).encode(),
    "b.md": (
        f"---\ntitle: Aims\nx: !!python/object/apply:os.system ['id']\ny: !include {LOCAL}\n---\n"
        "\nGo.\n"
    ).encode(),
    "a.txt": f"Aims\n\n.. include:: /etc/passwd\n\\input{{/etc/passwd}} {REMOTE}\n".encode(),
    "a.csv": (
        f"Aims,b\n\"=WEBSERVICE(\"\"{REMOTE}\"\")\",=cmd|' /C calc'!A0\n@SUM(1),+1\n"
    ).encode(),
    "a.json": json.dumps({"Aims": f"=WEBSERVICE({REMOTE})", "$ref": LOCAL, "b": HTML}).encode(),
    "a.ics": (
        f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Aims\nDTSTART;TZID={LOCAL}:20310502T090000\n"
        f"URL:{REMOTE}\nATTACH:{LOCAL}\nDESCRIPTION:{HTML}\nEND:VEVENT\nEND:VCALENDAR\n"
    ).encode(),
    "a.vtt": f"WEBVTT\n\n00:01.000 --> 00:02.000\nAims <c.{LOCAL}>{REMOTE}\n".encode(),
    "a.tsv": f"Aims\tb\n=IMPORTXML(\"{REMOTE}\")\t={LOCAL}\n".encode(),
    "a.eml": (
        "From: a@example.org\nSubject: Aims\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/external-body; "
        f'access-type=URL; URL="{REMOTE}"\n\nContent-Type: text/plain\n\n--b\n'
        "Content-Type: message/external-body; access-type=local-file; name=/etc/passwd\n\n\n--b\n"
        f"Content-Type: text/html\n\n{HTML}\n--b--\n"
    ).encode(),
    "a.mht": f"MIME-Version: 1.0\nContent-Type: text/html\n\n{HTML}\n".encode(),
    "a.mbox": (
        "From a@example.org Tue Jan  6 10:00:00 2026\nSubject: Aims\nContent-Type: text/html\n\n"
        f"{HTML}"
    ).encode(),
    "a.msg": msg(
        "Aims",
        page=HTML.encode(),
        attachments=[
            properties({0x3707: f"{place}.txt", 0x3708: place, 0x370D: place}, {}, {0x3705: method})
            for place in (REMOTE, LOCAL, "/etc/passwd")
            for method in (2, 4, 7)
        ],
    ),
    "a.zip": rezipped(
        [("../../../../etc/passwd", b"x"), ("/etc/passwd.txt", b"Go."), ("a.html", HTML.encode())]
    ),
}  # fmt: skip
FILES |= {f"a{suffix}": data for suffix, data in small_files(REMOTE).items()}
FILES |= {f"local{suffix}": data for suffix, data in small_files(LOCAL).items()}

PROGRAM = """
import json, mimetypes, os, sys
import pypdfium2_raw  # importing it and ctypes counts as reaching
from pathlib import Path
from index.errors import UnreadableDocument
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes

mimetypes.init([])
paths = (*sys.path, sys.prefix, sys.base_prefix)  # "" is where this runs
libraries = tuple({os.path.realpath(path) for path in paths})
refused = (
    "socket. subprocess. os.system os.exec os.posix_spawn os.fork os.mkdir os.rename os.remove "
    "os.symlink os.link os.truncate os.chmod shutil. tempfile. urllib. http. ftplib. smtplib. "
    "webbrowser. sqlite3. ctypes.dlopen"
)
heard, on = [], False

def hear(event, arguments):
    if not on:
        return
    if event == "open":
        path, _, flags = arguments
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        library = not isinstance(path, int) and os.path.realpath(path).startswith(libraries)
        if isinstance(path, int) or (library and not writes) or path == os.devnull:
            return
    elif not event.startswith(tuple(refused.split())):
        return
    heard.append(" ".join([event, *map(str, arguments[:1])]))

sys.addaudithook(hear)
found = {}
for name, path in json.loads(sys.argv[1]).items():
    data, heard = Path(path).read_bytes(), []
    on = True
    try:
        document = parse_bytes(data, name, Path(name).suffix, limits=ParsingLimits())
        read = " ".join(each.text for each in (document, *document.enclosed))
    except UnreadableDocument as exc:
        read = "refused: " + exc.reason
    on = False
    found[name] = [heard, read]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[str], str]]:
    """Return what parsing each file reached for, and its text."""
    folder = tmp_path_factory.mktemp("reaching")
    paths = {}
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
        paths[name] = str(folder / name)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(paths)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert {path.name for path in folder.iterdir()} == set(FILES)
    read: dict[str, tuple[list[str], str]] = json.loads(done.stdout)
    return read


def test_every_format_has_one_that_reaches() -> None:
    ours = {Path(name).suffix for name in FILES}
    alike = {".docm", ".dotm", ".dotx", ".markdown", ".text", ".htm", ".xhtml", ".log"}
    alike |= {".xlsm", ".xltx", ".xltm", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"}
    alike |= {".jsonl", ".srt", ".rst", ".adoc", ".asciidoc", ".mhtml"}
    alike |= {".ott", ".otp", ".ots", ".dot", ".xlt", ".pps", ".pot"}
    assert ours | alike >= SUFFIXES


@pytest.mark.processes
@pytest.mark.parametrize("name", FILES)
def test_parsing_reaches_for_nothing(found: dict[str, tuple[list[str], str]], name: str) -> None:
    reached, read = found[name]
    assert reached == []
    assert "root:x:" not in read
    assert "uid=" not in read
    assert "Aims" in read or name == "elsewhere.pdf", read
