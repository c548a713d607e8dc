"""Parser of web archives (.mht): a page and its pictures, packed like a mail.

Wikis export their pages as such under the name of a Word document.
"""

from __future__ import annotations

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder
from index.parsing.draft import Draft, Source
from index.parsing.formats.html.parser import write_page
from index.parsing.formats.mail.eml import read_parts

__all__ = ["parse"]


def parse(source: Source) -> Draft:
    _, parts = read_parts(source.data)
    body = next((each for each in parts.bodies if each.page or each.plain), None)
    if body is None:
        raise UnreadableDocument("it holds no page")
    builder = DocumentBuilder(source.limits)
    for remark in parts.remarks:
        builder.remark(remark)
    if not body.page:
        with builder.within_limit():
            builder.plain(body.plain)
        return builder.draft()
    title, metadata = write_page(body.page, builder, source.options)
    return builder.draft(title=title, metadata=metadata)
