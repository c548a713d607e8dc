"""Parser of web archives (.mht): a page, its pictures, frames and files, packed like a mail.

Wikis export their pages as such under the name of a Word document.
"""

from __future__ import annotations

import re
from dataclasses import replace
from email.message import Message
from urllib.parse import unquote, urlsplit

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Draft, Enclosed, Source
from index.parsing.formats.html.parser import write_page
from index.parsing.formats.mail.eml import MailParts, file_name, read_parts
from index.parsing.options import HiddenContent
from index.parsing.unread.hidden import HiddenParts

_OF_PAGE = re.compile(
    r"(?:image|font|audio|video)/.*|text/(?:css|xml|(?:x-)?(?:java|ecma)script)"
    r"|application/(?:(?:x-)?(?:java|ecma)script|x-font\S*|font\S*|xml|vnd\.ms-officetheme"
    r"|x-mso|vnd\.ms-fontobject)"
)
"""Types of what a page is shown with: it holds no text of its own."""
_PAGES = ("text/html", "application/xhtml+xml")
_TARGET = re.compile(r"""["'(=\s]([^\s"'()<>=]{1,2000})""")
"""What may be the address of something that a page shows or links to."""


def parse(source: Source) -> Draft:
    _, parts = read_parts(source.data, _ArchiveParts())
    body = next((each for each in parts.bodies if each.page or each.plain), None)
    if body is None:
        raise UnreadableDocument("it holds no page")
    builder = DocumentBuilder(source.limits)
    for remark in parts.remarks:
        builder.remark(remark)
    unread = HiddenParts(builder, source.options)
    enclosed = parts.attachments
    if not unread.reads(HiddenContent.HIDDEN):
        enclosed = parts.shown_from(body.page or body.plain)
        unread.left_out(
            HiddenContent.HIDDEN, "part in no page", len(parts.attachments) - len(enclosed)
        )
    unread.remark()
    title, metadata = "", dict[str, str]()
    if body.page:
        title, metadata = write_page(body.page, builder, source.options)
    else:
        with builder.within_limit():
            builder.plain(body.plain)
    return replace(builder.draft(title=title, metadata=metadata), enclosed=enclosed)


class _ArchiveParts(MailParts):
    """What a web archive holds; pages behind the first one, such as frames, are files."""

    def __init__(self) -> None:
        super().__init__()
        self._shown_as: dict[str, list[int]] = {}
        """The files, by the last part of the addresses that a page shows them by."""
        self._pages: dict[int, str] = {}
        """The text of those that are pages themselves."""
        self._attached: list[int] = []

    def shown_from(self, page: str) -> list[Enclosed]:
        """Return the files that the page shows, and that these show, and those attached to it."""
        shown, pages = set(self._attached), [page]
        while pages:
            for target in set(map(_end_of, _TARGET.findall(pages.pop()))):
                new = set(self._shown_as.pop(target, ())) - shown
                shown |= new
                pages += [self._pages[number] for number in new if number in self._pages]
        return [each for number, each in enumerate(self.attachments) if number in shown]

    def read(self, part: Message) -> None:
        if self.bodies and not part.is_multipart():
            self.attach(part)
        else:
            super().read(part)

    def attach(self, part: Message) -> None:
        if _OF_PAGE.fullmatch(part.get_content_type()):
            return
        number = len(self.attachments)
        super().attach(part)
        if len(self.attachments) == number:
            return
        written, address = file_name(part), one_line(str(part.get("Content-Location") or ""))
        inner = one_line(str(part.get("Content-ID") or "")).strip("<>")
        for name in {_end_of(address), _end_of(f"cid:{inner}"), written} - {""}:
            self._shown_as.setdefault(name, []).append(number)
        if part.get_content_disposition() == "attachment":
            self._attached.append(number)
        elif part.get_content_type() in _PAGES:
            self._pages[number] = self._text(part)
        if not written:
            kept = self.attachments[number]
            self.attachments[number] = replace(
                kept, name=_end_of(address) or kept.name, called="file"
            )


def _end_of(address: str) -> str:
    """Return the last part of an address, as of "cid:frame-1@mhtml.blink" or "x_files/a.htm"."""
    return _path_of(address).replace("\\", "/").rpartition("/")[2]


def _path_of(address: str) -> str:
    try:
        return unquote(urlsplit(address).path)
    except ValueError:
        return ""
