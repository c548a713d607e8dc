"""Parser of OpenDocument texts (.odt), through lxml."""

from __future__ import annotations

from index.parsing.builder import DocumentBuilder
from index.parsing.draft import Draft, Source
from index.parsing.formats.opendocument.forms import OdfForms
from index.parsing.formats.opendocument.lists import ListStyles
from index.parsing.formats.opendocument.package import Package, attribute, names, qn
from index.parsing.formats.opendocument.text import TextWriter
from index.parsing.unread.looks import WHITE

_PARAGRAPH = qn("text:p")
_MARGINS = frozenset(
    names(
        "style:header", "style:footer", "style:header-first", "style:footer-first",
        "style:header-left", "style:footer-left",
    )
)  # fmt: skip


def parse(source: Source) -> Draft:
    package = Package(source, "an OpenDocument text")
    body, roots = package.body("office:text")
    builder = DocumentBuilder(source.limits)
    lists = ListStyles(*roots)
    writer = TextWriter(package, lists, builder, source)
    writer.inlines.forms = OdfForms(roots)
    writer.below_title = any(
        package.style("paragraph", attribute(paragraph, "text:style-name")).is_title
        for paragraph in body.iter(_PARAGRAPH)
    )
    with builder.within_limit():
        writer.inlines.page_colour = WHITE if package.has_white_pages(roots) else ""
        writer.write(body)
        writer.write_margins(each for root in roots for each in root.iter(*_MARGINS))
    writer.finish()
    title, metadata = package.properties()
    return builder.draft(title=title, metadata=metadata)
