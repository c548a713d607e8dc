"""Makers of OpenDocument files, by hand."""

from __future__ import annotations

from testing import made_files

_NAMES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "chart": "urn:oasis:names:tc:opendocument:xmlns:chart:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "officeooo": "http://openoffice.org/2009/office",
        "presentation": "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)


def zipped(**members: str | bytes) -> bytes:
    """Return a zip file; `__` in a name stands for `/`, and `_dot_` for a dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): of for name, of in members.items()}
    return made_files.zipped(named)


def odf(kind: str, body: str, *, styles: str = "", common: str = "", **members: str) -> bytes:
    """Return a file whose `body` is of a kind such as "text"; `common` is of `styles.xml`."""
    content = (
        f"<office:document-content {_NAMES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>"
    )
    all_members: dict[str, str | bytes] = {"content_dot_xml": content, **members}
    if common:
        all_members["styles_dot_xml"] = (
            f"<office:document-styles {_NAMES}>{common}</office:document-styles>"
        )
    return zipped(**all_members)


def odf_xml(root: str, inner: str) -> str:
    """Return another member of such a file."""
    return f"<office:{root} {_NAMES}>{inner}</office:{root}>"
