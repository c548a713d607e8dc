"""A mail, whatever it is saved as, and how it becomes a document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder
from index.parsing.draft import Draft, Enclosed, Source
from index.parsing.formats.mail.quotes import with_origins
from index.parsing.options import ParsingOptions

SHOWN = ("From", "To", "Cc", "Date")

SUFFIX_OF_TYPE = {
    "application/epub+zip": ".epub",
    "application/json": ".json",
    "application/msword": ".doc",
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-outlook": ".msg",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/x-pdf": ".pdf",
    "application/xhtml+xml": ".xhtml",
    "application/zip": ".zip",
    "message/global": ".eml",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/rtf": ".rtf",
    "text/tab-separated-values": ".tsv",
    "text/vtt": ".vtt",
}
"""Suffixes for attachments whose names have none that is read."""

_STUB = re.compile(
    r"\bhtml\b|\bbrowser|\be?-?mail ?(?:client|program|reader)|\bview (?:it|this) online",
    re.IGNORECASE,
)
_LONGEST_STUB = 500
_LEAST_SUBJECT = 2
"""Words of a subject that says something without a message."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class MailBody:
    """One text of a mail, in the forms that it has; the pieces of a mail follow one another."""

    plain: str = ""
    page: str = ""


@dataclass(slots=True)
class Mail:
    """`headers` are by name, as a person reads them; `date` is in ISO 8601."""

    headers: Mapping[str, str]
    date: str | None
    bodies: Sequence[MailBody]
    attachments: Sequence[Enclosed] = ()
    remarks: list[str] = field(default_factory=list)


def draft_of(mail: Mail, source: Source) -> Draft:
    """Return a mail as a document: its subject, the fields that people see, and its text."""
    builder = DocumentBuilder(source.limits)
    subject = mail.headers.get("Subject", "")
    shown = {name: mail.headers[name] for name in SHOWN if mail.headers.get(name)}
    builder.heading(subject, 1)
    builder.paragraph("\n".join(f"{name}: {value}" for name, value in shown.items()))
    before = builder.length
    with builder.within_limit():
        for body in mail.bodies:
            _write(body, builder, source.options)
    for remark in mail.remarks:
        builder.remark(remark)
    if builder.length == before:
        if not mail.attachments and len(subject.split()) < _LEAST_SUBJECT:
            raise UnreadableDocument("its message has no text")
        if not subject:
            return Draft(text="", blocks=(), enclosed=mail.attachments)
        builder.remark("Its message has no text.")
    metadata = {name.lower(): value for name, value in shown.items() if name != "Date"}
    if mail.date:
        metadata["date"] = mail.date
    draft = builder.draft(title=subject, metadata=metadata)
    blocks = with_origins(draft.text, draft.blocks, before)
    return replace(draft, blocks=tuple(blocks), enclosed=mail.attachments)


def _write(body: MailBody, builder: DocumentBuilder, options: ParsingOptions) -> None:
    if not body.page or not (body.page.strip() and _page_is_better(body)):
        builder.plain(body.plain)
        return
    from index.parsing.formats.html.parser import write_page  # loads lxml; few mails need it
    from index.parsing.formats.mail.pages import parts_of

    for origin, page in parts_of(body.page):
        with builder.origin(origin):
            write_page(page, builder, options)


def _page_is_better(body: MailBody) -> bool:
    """Return whether the page says more than the plain text, which mostly says the same.

    That text may be a stub ("This message is in HTML"), and it has no tables.
    """
    plain = set(_WORD.findall(body.plain.lower()))
    if not plain:
        return True
    from index.parsing.formats.mail.pages import has_table, words_of

    page = set(words_of(body.page))
    if len(page & plain) > 0.7 * len(page):
        return has_table(body.page)
    is_stub = len(body.plain) < _LONGEST_STUB and _STUB.search(body.plain)
    return bool(page) and (bool(is_stub) or len(page) > len(plain))
