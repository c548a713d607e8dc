"""Parser of web pages, through lxml and without any network."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Draft, Source
from index.parsing.formats.html.page import root_of, write_blocks
from index.parsing.options import ParsingOptions
from index.parsing.text.dates import iso_date
from index.parsing.text.decoding import decode

_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE
)
_META_DATE = re.compile(
    r"date|dc\.date|dcterms\.(created|date)|article:published_time|datepublished"
)
_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')  # in schema.org's JSON
_META_KEPT = {name: name for name in ("author", "description", "keywords")} | {
    "replaces": "replaces",
    "supersedes": "replaces",
    "dcterms.replaces": "replaces",
    "replaced-by": "replaced_by",
    "superseded-by": "replaced_by",
    "dcterms.isreplacedby": "replaced_by",
}
_DEFAULT = ParsingOptions()


def parse(source: Source) -> Draft:
    declared = _CHARSET.search(source.data[:4096])
    decoded = decode(source.data, declared[1].decode("ascii") if declared else None)
    builder = DocumentBuilder(source.limits)
    if decoded.remark:
        builder.remark(decoded.remark)
    title, metadata = write_page(decoded.text, builder, source.options)
    del decoded  # a long page takes much memory as it is
    return builder.draft(title=title, metadata=metadata)


def write_page(
    page: str, builder: DocumentBuilder, options: ParsingOptions = _DEFAULT
) -> tuple[str, dict[str, str]]:
    """Add the visible text of a page; return its title and metadata."""
    root = root_of(page)
    if root is None:
        return "", {}
    with builder.within_limit():
        write_blocks(page, root, builder, options)
    return _head(root)


def _head(root: etree._Element) -> tuple[str, dict[str, str]]:
    metadata: dict[str, str] = {}
    for element in root.iter("meta"):
        key = str(element.get("name") or element.get("property") or element.get("itemprop") or "")
        content = one_line(str(element.get("content") or ""))
        key = key.strip().lower()
        if _META_DATE.fullmatch(key) and content:
            metadata.setdefault("date", iso_date(content) or content)
        elif key in _META_KEPT and content:
            metadata[_META_KEPT[key]] = content
    published = {iso for written in _published(root) if (iso := iso_date(written))}
    if "date" not in metadata and len(published) == 1:  # several are of pages that it lists
        metadata["date"] = published.pop()
    if language := root.get("lang"):
        metadata["language"] = one_line(str(language))
    title = next((one_line("".join(_strings(each))) for each in root.iter("title")), "")
    first = next((one_line("".join(_strings(each))) for each in root.iter("h1")), "")
    # "Aims - The Ministry" above a first heading "Aims" only adds the name of the site.
    return (first if first and title.startswith(first) else title), metadata


def _published(root: etree._Element) -> Iterator[str]:
    """Yield the dates of publication that a page gives to search engines."""
    for script in root.iter("script"):
        if str(script.get("type") or "").lower().strip() == "application/ld+json":
            yield from _PUBLISHED.findall(str(script.text or ""))
    for time in root.iter("time"):
        marks = str(time.get("class") or "").split()
        if "published" in marks or time.get("itemprop") == "datePublished":
            yield str(time.get("datetime") or "")


def _strings(element: etree._Element) -> Iterator[str]:
    return (str(each) for each in element.itertext(etree.Element))
