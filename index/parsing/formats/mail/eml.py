"""Parser of e-mails saved as files, through the email package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage, Message
from functools import lru_cache, partial
from typing import TypeVar

from index.errors import UnreadableDocument
from index.parsing.builder import one_line
from index.parsing.draft import Draft, Enclosed, Source
from index.parsing.formats.mail.message import SHOWN, SUFFIX_OF_TYPE, Mail, MailBody, draft_of
from index.parsing.text.dates import iso_date, iso_moment
from index.parsing.text.decoding import decode

_MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""Errors of the email package about malformed headers."""
_TYPICAL = ("from", "to", "subject", "date", "received", "mime-version", "content-type")
_BEFORE_HEADERS = re.compile(rb"\s*(?:>?From [^\s:][^\n]*\n)?")
_SPACED_NAME = re.compile(rb"^([!-9;-~]+)[ \t]+:", re.MULTILINE)
_END_OF_HEADERS = re.compile(rb"\n\r?\n|\Z")
_AS_IT_IS = policy.compat32.clone(max_line_length=None)
_SIGNATURES = ("pkcs7-signature", "x-pkcs7-signature", "pgp-signature", "pgp-keys", "pgp-encrypted")
"""Subtypes of attachments that hold nothing for a person."""
_TEXTS = ("text/plain", "text/html", "application/plain")
_Parts = TypeVar("_Parts", bound="MailParts")
_ENCRYPTED = "Its message is encrypted and was not read."


def parse(source: Source) -> Draft:
    message, parts = read_parts(source.data, MailParts())
    headers = {name: _header(message, name) for name in (*SHOWN, "Subject")}
    return draft_of(
        Mail(
            headers, _date(message, headers["Date"]), parts.bodies, parts.attachments, parts.remarks
        ),
        source,
    )


def read_parts(data: bytes, parts: _Parts) -> tuple[EmailMessage, _Parts]:
    """Return a message and what its parts hold; raises UnreadableDocument."""
    # The email package parses a header each time that it is asked for.
    remembering = policy.default.clone(header_factory=lru_cache(64)(HeaderRegistry()))
    message = message_from_bytes(_from_its_headers(data), policy=remembering)
    if not isinstance(message, EmailMessage) or not any(name in message for name in _TYPICAL):
        raise UnreadableDocument("it is not an e-mail: it has no headers")
    parts.read(message)
    return message, parts


def _from_its_headers(data: bytes) -> bytes:
    """Return the bytes from the first header on, in an encoding that contains ASCII."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")) or b"\0" in data[:100]:
        data = decode(data).text.encode()
    begin = _BEFORE_HEADERS.match(data)
    data = data[begin.end() :] if begin else data
    end = _END_OF_HEADERS.search(data)
    place = end.start() if end else len(data)
    return _SPACED_NAME.sub(rb"\1:", data[:place]) + data[place:]


class MailParts:
    """What the parts of a message hold, in order."""

    def __init__(self) -> None:
        self.bodies: list[MailBody] = []
        self.attachments: list[Enclosed] = []
        self.remarks: list[str] = []

    def read(self, part: Message) -> None:
        """Read a part and the parts in it."""
        kind = part.get_content_type()
        parts = _parts_in(part)
        if kind == "multipart/alternative":
            self._read_alternatives(parts)
        elif kind == "multipart/encrypted":
            self.remarks.append(_ENCRYPTED)
        elif parts:
            for inner in parts:
                self.read(inner)
        elif kind in _TEXTS and not _is_attached(part):
            text = self._text(part)
            self.bodies.append(MailBody(page=text) if kind == "text/html" else MailBody(plain=text))
        else:
            self.attach(part)

    def _read_alternatives(self, parts: list[Message]) -> None:
        """Read one text in several forms, and what goes with only one of these."""
        texts = {"plain": "", "page": ""}
        place = len(self.bodies)
        for part in parts:
            kind = part.get_content_type()
            inner = _first_text(part)
            if inner is None:
                if kind != "text/x-amp-html":
                    self.read(part)
                continue
            form = "page" if inner.get_content_type() == "text/html" else "plain"
            texts[form] = texts[form] or self._text(inner)
            for other in _leaves(part):
                if other is not inner:
                    self.attach(other)
        self.bodies.insert(place, MailBody(**texts))

    def _text(self, part: Message) -> str:
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or not payload:
            return ""
        try:
            decoded = decode(payload, _parameter(part, "charset") or None)
        except UnreadableDocument as exc:
            self.remarks.append(f"A part of its message was not read: {exc.reason}.")
            return ""
        if decoded.remark and decoded.remark not in self.remarks:
            self.remarks.append(decoded.remark)
        if _parameter(part, "format").lower() == "flowed":
            return _unwrapped(decoded.text, _parameter(part, "delsp").lower() == "yes")
        return decoded.text

    def attach(self, part: Message) -> None:
        """Keep a part as a file, unless it is one within the text or a signature."""
        kind, written = part.get_content_type(), file_name(part)
        main, _, sub = kind.partition("/")
        is_shown = main == "image" and not written and part.get("Content-ID")  # within the text
        if sub in _SIGNATURES or is_shown:
            return
        if sub in ("pkcs7-mime", "x-pkcs7-mime"):
            self.remarks.append(_ENCRYPTED)
            return
        suffix = SUFFIX_OF_TYPE.get(kind, ".txt" if main in ("text", "message") else "")
        name = written or ("forwarded" if suffix == ".eml" else sub if suffix else f"({kind})")
        self.attachments.append(Enclosed(name, partial(_content, part), suffix=suffix))


def _parts_in(part: Message) -> list[Message]:
    """Return the parts in a multipart; none in an enclosed message, which is one of its own."""
    payload = part.get_payload() if part.get_content_maintype() == "multipart" else None
    if not isinstance(payload, list):
        return []
    parts = [inner for inner in payload if isinstance(inner, Message)]
    root = _parameter(part, "start") if part.get_content_subtype() == "related" else ""
    if root:  # the part that is shown; the others are what it shows
        parts.sort(key=lambda inner: str(inner.get("Content-ID") or "").strip() != root.strip())
    return parts


def _first_text(part: Message) -> Message | None:
    """Return the plain text or page that an alternative is, or that goes first in it."""
    for inner in _leaves(part):
        if inner.get_content_type() in _TEXTS and not _is_attached(inner):
            return inner
    return None


def _leaves(part: Message) -> Iterator[Message]:
    parts = _parts_in(part)
    if not parts:
        yield part
    for inner in parts:
        yield from _leaves(inner)


def _is_attached(part: Message) -> bool:
    """Return whether mail programs show a part as a file, rather than in the text."""
    if part.get_content_disposition() == "attachment":
        return True
    return bool(file_name(part)) and part.get_content_disposition() != "inline"


def file_name(part: Message) -> str:
    """Return the name that a part has as a file; empty where it has none."""
    try:
        return one_line(part.get_filename() or "")
    except _MALFORMED:
        return ""


def _parameter(part: Message, name: str) -> str:
    try:
        return str(part.get_param(name) or "")
    except _MALFORMED:
        return ""


def _content(part: Message) -> bytes:
    """Return the bytes of an attachment; those of an enclosed message as it would be saved."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        data = part.get_payload(decode=True)
        return data if isinstance(data, bytes) else b""
    messages = [inner.as_bytes(policy=_AS_IT_IS) for inner in payload if isinstance(inner, Message)]
    data = b"\n".join(messages)
    if "base64" in str(part.get("Content-Transfer-Encoding") or "").lower() and len(messages) == 1:
        encoded = Message()
        encoded["Content-Transfer-Encoding"] = "base64"
        encoded.set_payload(data.strip())
        decoded = encoded.get_payload(decode=True)
        return decoded if isinstance(decoded, bytes) and b":" in decoded[:1000] else data
    return data


def _header(message: EmailMessage, name: str) -> str:
    try:
        value = str(message.get(name) or "")
    except _MALFORMED:
        value = ""
    if value and "\ufffd" not in value:
        return one_line(value)
    raw = next((each for key, each in message.raw_items() if key.lower() == name.lower()), "")
    try:
        return one_line(decode(str(raw).encode("ascii", "surrogateescape")).text)
    except (UnicodeError, UnreadableDocument):
        return one_line(value)


def _date(message: EmailMessage, written: str) -> str | None:
    """Return when a message was sent, or else when the first server received it."""
    if not written:
        hops = [value for name, value in message.raw_items() if name.lower() == "received"]
        return iso_date(str(hops[-1]).rpartition(";")[2]) if hops else None
    try:
        moment = getattr(message.get("Date"), "datetime", None)
    except _MALFORMED:
        moment = None
    return iso_moment(moment) if moment is not None else iso_date(written)


def _unwrapped(text: str, delete_space: bool) -> str:
    """Join the lines of flowed text (RFC 3676), each with those of as deep a quotation."""
    paragraphs: list[list[str]] = []
    open_depth = -1
    for line in text.replace("\r\n", "\n").split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        if open_depth != depth or content == "-- ":
            paragraphs.append([f"{'>' * depth} "] if depth else [])
        paragraphs[-1].append(content[:-1] if flows and delete_space else content)
        open_depth = depth if flows else -1
    return "\n".join(map("".join, paragraphs))
