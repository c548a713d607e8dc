"""Parser of web archives (.mht): a page, its pictures, frames and files, packed like a mail.

Wikis export their pages as such under the name of a Word document.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from email.message import Message
from urllib.parse import unquote, urlsplit

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Draft, Source
from index.parsing.formats.html.parser import write_page
from index.parsing.formats.mail.eml import MailParts, file_name, read_parts

__all__ = ["parse"]

_OF_PAGE = re.compile(
    r"(?:image|font|audio|video)/.*|text/(?:css|xml|(?:x-)?(?:java|ecma)script)"
    r"|application/(?:(?:x-)?(?:java|ecma)script|x-font\S*|font\S*|xml|vnd\.ms-officetheme"
    r"|x-mso|vnd\.ms-fontobject)"
)
"""Types of what a page is shown with: it holds no text of its own."""


def parse(source: Source) -> Draft:
    _, parts = read_parts(source.data, _ArchiveParts())
    body = next((each for each in parts.bodies if each.page or each.plain), None)
    if body is None:
        raise UnreadableDocument("it holds no page")
    builder = DocumentBuilder(source.limits)
    for remark in parts.remarks:
        builder.remark(remark)
    title, metadata = "", dict[str, str]()
    if body.page:
        title, metadata = write_page(body.page, builder, source.options)
    else:
        with builder.within_limit():
            builder.plain(body.plain)
    return replace(builder.draft(title=title, metadata=metadata), enclosed=parts.attachments)


class _ArchiveParts(MailParts):
    """What a web archive holds; pages behind the first one, such as frames, are files."""

    def read(self, part: Message) -> None:
        if self.bodies and not part.is_multipart():
            self.attach(part)
        else:
            super().read(part)

    def attach(self, part: Message) -> None:
        if _OF_PAGE.fullmatch(part.get_content_type()):
            return
        known = len(self.attachments)
        super().attach(part)
        if len(self.attachments) > known and not file_name(part):
            address = one_line(str(part.get("Content-Location") or ""))
            name = posixpath.basename(_path_of(address).replace("\\", "/"))
            kept = self.attachments[known]
            self.attachments[known] = replace(kept, name=name or kept.name, called="file")


def _path_of(address: str) -> str:
    try:
        return unquote(urlsplit(address).path)
    except ValueError:
        return ""
