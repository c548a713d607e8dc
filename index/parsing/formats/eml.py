"""Parser of e-mails saved as files, through the email package."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.dates import iso_date, iso_moment
from index.parsing.decoding import decode
from index.parsing.draft import Draft, Source

__all__ = ["parse"]

_MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""Errors of the email package about malformed headers."""
_SHOWN = ("From", "To", "Cc", "Date")
_TYPICAL = ("from", "to", "subject", "date", "received", "mime-version", "content-type")


def parse(source: Source) -> Draft:
    message = message_from_bytes(source.data, policy=policy.default)
    if not isinstance(message, EmailMessage) or not any(name in message for name in _TYPICAL):
        raise UnreadableDocument("it is not an e-mail: it has no headers")
    builder = DocumentBuilder(source.limits)
    headers = {name: _header(message, name) for name in (*_SHOWN, "Subject")}
    metadata = {name.lower(): value for name, value in headers.items() if value}
    metadata.pop("subject", None)
    if date := _date(message, headers["Date"]):
        metadata["date"] = date
    builder.heading(headers["Subject"], 1)
    builder.paragraph("\n".join(f"{name}: {headers[name]}" for name in _SHOWN if headers[name]))
    attached = _attachments(message)
    if not _write_body(message, builder):
        only = f", only attachments: {', '.join(attached)}" if attached else ""
        raise UnreadableDocument(f"its message has no text{only}")
    for name in attached:
        builder.remark(f"The attachment {name} was not read.")
    return builder.draft(title=headers["Subject"], metadata=metadata)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return one_line(str(message.get(name) or ""))
    except _MALFORMED:
        return ""


def _date(message: EmailMessage, written: str) -> str | None:
    try:
        moment = getattr(message.get("Date"), "datetime", None)
    except _MALFORMED:
        moment = None
    return iso_moment(moment) if moment is not None else iso_date(written)


def _write_body(message: EmailMessage, builder: DocumentBuilder) -> bool:
    """Add the plain text, or else the HTML; return whether either has any text."""
    before = builder.length
    for kind in ("plain", "html"):
        part = message.get_body(preferencelist=(kind,))
        text = _text(part, builder) if part is not None else ""
        if not text.strip():
            continue
        if kind == "plain":
            builder.plain(text)
        else:
            from index.parsing.formats.html import write_page  # loads lxml; few e-mails need it

            write_page(text, builder)
        if builder.length > before:
            return True
    return False


def _text(part: MIMEPart, builder: DocumentBuilder) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload:
        return ""
    decoded = decode(payload, part.get_content_charset())
    if decoded.remark:
        builder.remark(decoded.remark)
    return decoded.text


def _attachments(message: EmailMessage) -> list[str]:
    if not message.is_multipart():
        return []
    names = []
    for part in message.iter_attachments():
        kind = part.get_content_type()
        if part.get_content_maintype() in ("image", "text") and part.get_filename() is None:
            continue  # a signature's picture, or another form of the text
        names.append(one_line(part.get_filename() or f"({kind})"))
    return names
