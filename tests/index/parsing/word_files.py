"""Maker of Word documents from pieces of their XML."""

from __future__ import annotations

from collections.abc import Mapping

from testing.made_files import zipped

_SPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)
_ROOTS = {
    "header": "w:hdr",
    "footer": "w:ftr",
    "diagramData": "dgm:dataModel",
    "chart": "c:chartSpace",
}
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def word(body: str, **parts: str | bytes) -> bytes:
    """The bytes of a document with this body.

    A part is named by the type of its relation, `styles`, `footnotes`, `header` and so on, which
    is its relation's id too; it is the inside of its root, or the whole part as bytes.
    """
    return odd_word(body, parts)


def odd_word(
    body: str,
    parts: Mapping[str, str | bytes] | None = None,
    *,
    main: str = "word/document.xml",
    strict: bool = False,
) -> bytes:
    """A document whose main part has another name, or with the names of Strict Office XML."""
    relations = ""
    files: dict[str, str | bytes] = {}
    for name, content in (parts or {}).items():
        kind = name.rstrip("0123456789")
        suffix = "xml" if isinstance(content, str) else "bin" if kind != "aFChunk" else "html"
        relations += (
            f'<Relationship Id="{name}" Type="{_TYPE}/{kind}" Target="/word/{name}.{suffix}"/>'
        )
        root = _ROOTS.get(kind, f"w:{kind}")
        files[f"word/{name}.{suffix}"] = (
            f"<{root} {_SPACES}>{content}</{root}>" if isinstance(content, str) else content
        )
    files[main] = f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>"
    folder, _, name = main.rpartition("/")
    files[f"{folder}/_rels/{name}.rels"] = _relations(relations)
    files["_rels/.rels"] = _relations(
        f'<Relationship Id="r" Type="{_TYPE}/officeDocument" Target="{main}"/>'
    )
    if strict:
        files = {path: _strict(of) if isinstance(of, str) else of for path, of in files.items()}
    return zipped(files)


def _strict(content: str) -> str:
    content = content.replace("schemas.openxmlformats.org", "purl.oclc.org/ooxml")
    return content.replace("/2006/", "/").replace("/ooxml/package/", "/package/2006/")


def _relations(entries: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def paragraph(*runs: str, properties: str = "") -> str:
    """A paragraph of runs; what does not begin with `<` is the text of one."""
    inner = "".join(each if each.startswith("<") else run(each) for each in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def cell(content: str, properties: str = "") -> str:
    inner = content if content.startswith("<") else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    inner = "".join(each if each.startswith("<w:tc>") else cell(each) for each in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def box(content: str) -> str:
    """A text box, as Word writes it: twice, for itself and for older programs."""
    inner = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{inner}</w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
