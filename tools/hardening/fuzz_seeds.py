"""Sound files of every format: those of a corpus, and some as small as can be."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path

from testing.msgs import attached, attached_message, message, msg
from testing.ole import wrapped_file
from testing.small_files import small_files
from tools.hardening.fuzz_sheets import SHEET_PARTS, SHEETS, SLIDE_PARTS, SLIDES

_PAPER = (1980, 1, 1, 0, 0, 0)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FORMATS = "application/vnd.openxmlformats-officedocument."
_WORD_BODY = """<w:body>
<w:p><w:pPr><w:pStyle w:val="H"/><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr>
<w:r><w:t>Aims</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>
<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF a</w:instrText></w:r>
<w:r><w:fldChar w:fldCharType="separate"/></w:r>
<w:del w:id="1"><w:r><w:delText>north</w:delText></w:r></w:del>
<w:r><w:rPr><w:vanish/><w:vertAlign w:val="superscript"/></w:rPr><w:t>6</w:t></w:r>
<w:r><w:sym w:font="Symbol" w:char="F061"/>
<w:pict><w:txbxContent><w:p><w:r><w:t>b</w:t></w:r></w:p></w:txbxContent></w:pict>
<w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" DrawAspect="Icon"
r:id="rId5"/></w:object></w:r></w:p>
<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>
<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>
<w:tc><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl></w:tc></w:tr>
<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>
<w:sectPr><w:headerReference w:type="default" r:id="rId4"/></w:sectPr></w:body>"""
_WORD_PARTS: dict[str, str | bytes] = {
    "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
    + "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATION}/{kind}" Target="{kind}.xml"/>'
        for number, kind in enumerate(
            ("styles", "numbering", "footnotes", "header", "oleObject"), start=1
        )
    )
    + "</Relationships>",
    "word/oleObject.xml": wrapped_file(b"a.md", b"# Aims"),
    "word/styles.xml": f"""<w:styles xmlns:w="{_WORD}"><w:style w:type="paragraph" w:styleId="H">
<w:name w:val="heading 1"/><w:basedOn w:val="H"/></w:style></w:styles>""",
    "word/numbering.xml": f"""<w:numbering xmlns:w="{_WORD}"><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>""",
    "word/footnotes.xml": f"""<w:footnotes xmlns:w="{_WORD}"><w:footnote w:id="2"><w:p><w:r>
<w:footnoteRef/><w:t> A note.</w:t></w:r></w:p></w:footnote></w:footnotes>""",
    "word/header.xml": f"""<w:hdr xmlns:w="{_WORD}"><w:p><w:fldSimple w:instr="PAGE"><w:r>
<w:t>2</w:t></w:r></w:fldSimple><w:r><w:t>Rules</w:t></w:r></w:p></w:hdr>""",
}


def seeds(corpus: Path) -> list[tuple[str, bytes]]:
    """Return suffix and bytes of a corpus' files, and of a few that are as small as can be."""
    files = sorted(path for path in corpus.rglob("*") if path.is_file())
    found = [(path.suffix.lower(), path.read_bytes()) for path in files]
    small = {
        ".txt": b"Aims\n====\n\n1. To go north.\n2. To stay.\n\nA | B\n--|--\n1 | 2\n\n> Said.\n",
        ".md": b'---\ntitle: "Aims"\ndate: 2026-01-06\ntags: [a]\n---\n# Aims\n\n- one\n  - two\n\n'
        b"| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n\n> quoted\n",
        ".html": b'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Aims</title>'
        b'<meta name="date" content="2026-01-06"></head><body><h1>Aims</h1><p>Go<br>north.</p><ul>'
        b"<li>one<ul><li>two</ul></ul><table><tr><th>a<th>b<tr><td colspan=2>1</table><dl><dt>x<dd>"
        b"y</dl><pre>a\n b</pre></body></html>",
        ".csv": b'name,figure\n"a ""quoted"" one",1\n"two\nlines",2\n',
        ".tsv": b"name\tfigure\na\t1\n",
        ".json": b'{"title": "Aims", "list": [{"a": 1.50, "b": {"c": "x"}}, {"a": null}], "text": '
        b'"<p>Go<br>north.</p>"}',
        ".ics": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Aims\nDTSTART;TZID=Europe/Oslo:20260106T10"
        b"0000\nDURATION:PT1H\nRRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=3\nATTENDEE;CN=A:mailto:a@example.org"
        b"\nDESCRIPTION:Go\\nnor\n th.\nEND:VEVENT\nEND:VCALENDAR\n",
        ".vtt": b"WEBVTT\n\nNOTE x\n\n1\n00:01.000 --> 00:02.000\n<v Ida>We go</v>\n\n2\n00:02.000"
        b" --> 00:03.000\nnorth.\n",
        ".eml": b"From: a@example.org\nTo: b@example.org\nSubject: =?utf-8?q?Aims?=\nDate: Tue, "
        b"6 Jan 2026 10:00:00 +0100\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b"
        b"\n\n--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
        b"quoted-printable\n\nWe go=20north.\n--b\nContent-Type: text/html\n\n"
        b"<p>We go.</p>\n--b\n"
        b"Content-Type: application/pdf; name=x.pdf\nContent"
        b"-Transfer-Encoding: base64\n\nAAAA\n--b\nContent-Type: message/rfc822\n\nSubject: Old\n\n"
        b"It goes.\n\nBest regards,\nA\n\nOn 5 Jan 2026, b@example.org wrote:\n> We stay.\n--b--\n",
        ".mht": b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
        b"Content-Type: text/html\n\n<h1>Aims</h1><p>Go.</p>\n--b\nContent-Type: image/png\n\nx\n"
        b"--b--\n",
        ".mbox": b"From a@example.org Tue Jan  6 10:00:00 2026\nFrom: a@example.org\nSubject: "
        b"Aims\n\nGo.\n\nFrom b@example.org Tue Jan  6 11:00:00 2026\nSubject: North\n\n"
        b">From here.\n",
        ".msg": msg(
            "Aims",
            plain="We go.",
            page=b"<p>We go <b>north</b>.</p>",
            attachments=[
                attached("a.txt", b"Aims and words."),
                attached_message(message("Old", plain="We stay.", head=24)),
            ],
        ),
        ".zip": rezipped(
            {
                "a.md": b"---\naudience: few\n---\n# Aims\n",
                "b/c.txt": b"We go north.",
                "d.zip": rezipped({"e.csv": b"a,b\n1,2\n"}),
            }
        ),
        ".pdf": _small_pdf(),
        ".docx": _small_package(
            "word/document.xml",
            "wordprocessingml.document.main+xml",
            f'<w:document xmlns:w="{_WORD}" xmlns:r="{_RELATION}">{_WORD_BODY}</w:document>',
            _WORD_PARTS,
        ),
        ".xlsx": _small_package(
            "xl/workbook.xml",
            "spreadsheetml.sheet.main+xml",
            f'<workbook xmlns="{SHEETS}" xmlns:r="{_RELATION}"><sheets><sheet name="Aims" '
            'sheetId="1" r:id="worksheet"/></sheets></workbook>',
            SHEET_PARTS,
        ),
        ".pptx": _small_package(
            "ppt/presentation.xml",
            "presentationml.presentation.main+xml",
            f'<p:presentation xmlns:p="{SLIDES}" xmlns:r="{_RELATION}"><p:sldIdLst>'
            '<p:sldId id="256" r:id="slide"/></p:sldIdLst></p:presentation>',
            SLIDE_PARTS,
        ),
    }  # fmt: skip
    small |= small_files()
    found += small.items()
    also = {
        ".docm": ".docx",
        ".dotm": ".docx",
        ".dotx": ".docx",
        ".text": ".txt",
        ".rst": ".txt",
        ".adoc": ".txt",
        ".asciidoc": ".txt",
        ".mhtml": ".mht",
        ".markdown": ".md",
        ".htm": ".html",
        ".xhtml": ".html",
        ".jsonl": ".json",
        ".srt": ".vtt",
    }
    also |= dict.fromkeys((".xlsm", ".xltx", ".xltm"), ".xlsx")
    also |= dict.fromkeys((".pptm", ".ppsx", ".ppsm", ".potx", ".potm"), ".pptx")
    also |= {".ott": ".odt", ".otp": ".odp", ".ots": ".ods", ".dot": ".doc", ".xlt": ".xls"}
    also |= {".pps": ".ppt", ".pot": ".ppt"}
    return found + [(suffix, small[like]) for suffix, like in also.items()]


def rezipped(members: Mapping[str, bytes] | list[tuple[str, bytes]]) -> bytes:
    """Return a zip file of these members, the same at any time of day."""
    buffer = io.BytesIO()
    with (
        warnings.catch_warnings(action="ignore"),  # it warns of names that are there twice
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for name, content in members.items() if isinstance(members, Mapping) else members:
            package.writestr(zipfile.ZipInfo(name, _PAPER), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _small_pdf() -> bytes:
    content = b"BT /F1 18 Tf 72 700 Td (Aims) Tj /F1 11 Tf 0 -40 Td (We go north at dawn.) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(a) 7 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 /MediaBox [0 0 612 792] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Page /Parent 2 0 R /Contents [4 0 R 4 0 R] /Rotate 90 /Annots [9 0 R] >>",
        b"<< /Type /Filespec /F (a.md) /UF (a.md) /EF << /F 8 0 R >> >>",
        b"<< /Type /EmbeddedFile /Length 8 >>\nstream\n# Aims\n\n\nendstream",
        b"<< /Type /Annot /Subtype /FileAttachment /Rect [9 9 20 20] /FS 7 0 R >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(data))
    )  # fmt: skip


def _small_package(
    main: str, kind: str, content: str, other: Mapping[str, str | bytes] | None = None
) -> bytes:
    """Return an Office file of one part, and the `other` ones."""
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/{main}" '
        f'ContentType="{_FORMATS}{kind}"/><Override '
        'PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{_FORMATS}spreadsheetml.worksheet+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{_RELATION}/officeDocument" Target="{main}"/></Relationships>',
        main: content,
        **(other or {}),
    }
    return rezipped(
        {name: each.encode() if isinstance(each, str) else each for name, each in members.items()}
    )
