"""Parser of mails as Outlook saves them (.msg): made into an e-mail as others save it.

An OLE file with a stream for each property; [MS-OXMSG] says how, [MS-OXPROPS] which.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

import compressed_rtf
import olefile

from index.errors import UnreadableDocument
from index.parsing.builder import clean, one_line
from index.parsing.draft import Draft, Source
from index.parsing.formats.mail import eml
from index.parsing.text.decoding import decode

_SUBJECT, _CLASS, _BODY, _PAGE, _RICH_TEXT = 0x0037, 0x001A, 0x1000, 0x1013, 0x1009
_SENT, _DELIVERED, _CODE_PAGE, _PAGE_CODE_PAGE = 0x0039, 0x0E06, 0x3FFD, 0x3FDE
_SENDERS = ((0x0042, (0x5D02, 0x0065)), (0x0C1A, (0x5D01, 0x0C1F)))
"""Names and addresses: whom it is from, and who sent it."""
_NAME, _ADDRESSES, _KIND_OF_RECIPIENT = 0x3001, (0x39FE, 0x3003), 0x0C15
_SHOWN_TO = {"To": 0x0E04, "Cc": 0x0E03}
_DATA, _METHOD, _FILE_NAMES, _TYPE, _CONTENT_ID = 0x3701, 0x3705, (0x3707, 0x3704), 0x370E, 0x3712
_MESSAGE, _LINKS = 5, (2, 4, 7)
"""Methods of attaching: as a message, and by a path or address alone."""

_UTF_16, _BYTES, _BINARY, _STORAGE, _TIME = 0x001F, 0x001E, 0x0102, 0x000D, 0x0040
_ENTRY = struct.Struct("<HHIQ")
_FIRST_DAY = datetime(1601, 1, 1, tzinfo=UTC)
_TYPE_NAME = re.compile(r"[\w.+-]+/[\w.+-]+")
_CODE_PAGES = {65001: "utf-8", 1200: "utf-16-le", 20127: "cp1252", 28591: "cp1252"}
_RECIPIENT, _ATTACHMENT = "__recip_version1.0_", "__attach_version1.0_"
_HEADS = {_RECIPIENT: 8, _ATTACHMENT: 8}
"""Bytes before the entries of the properties; a message has 32, one inside of another 24."""


def parse(source: Source) -> Draft:
    if not source.data.startswith(olefile.MAGIC):
        raise UnreadableDocument("it is not a mail of Outlook")
    with olefile.OleFileIO(io.BytesIO(source.data)) as file:
        message = _Storage(file, (), 32)
        if not message.text(_CLASS) and not message.text(_SUBJECT) and not message.has_body():
            raise UnreadableDocument("it is not a mail of Outlook")
        mail = _mail_of(message, source, 0)
    return eml.parse(replace(source, data=mail.as_bytes()))


class _Storage:
    """The properties of a message, a recipient or an attachment."""

    def __init__(self, file: olefile.OleFileIO, place: tuple[str, ...], head: int) -> None:
        self._file = file
        self._place = place
        self._fixed: dict[int, int] = {}
        entries = self._stream("__properties_version1.0")[head:]
        for kind, number, _, value in _ENTRY.iter_unpack(entries[: len(entries) // 16 * 16]):
            self._fixed[number] = value & 0xFFFFFFFF if kind == 3 else value

    def value(self, number: int) -> int | None:
        return self._fixed.get(number)

    def text(self, number: int) -> str:
        """Return a property that is a text; empty where there is none."""
        if data := self.binary(number, _UTF_16):
            return data.decode("utf-16-le", "replace").rstrip("\0")
        data = self.binary(number, _BYTES).rstrip(b"\0")
        return decode(data, self._encoding(_CODE_PAGE)).text if data else ""

    def binary(self, number: int, kind: int = _BINARY) -> bytes:
        return self._stream(f"__substg1.0_{number:04X}{kind:04X}")

    def page(self) -> str:
        """Return the HTML form of a message."""
        data = self.binary(_PAGE).rstrip(b"\0")
        encoding = self._encoding(_PAGE_CODE_PAGE) or self._encoding(_CODE_PAGE)
        return decode(data, encoding).text if data else self.text(_PAGE)

    def has_body(self) -> bool:
        return bool(self.text(_BODY) or self.page() or self.binary(_RICH_TEXT))

    def date(self) -> datetime | None:
        """Return when a message was sent, or else when it arrived."""
        ticks = self.value(_SENT) or self.value(_DELIVERED)
        try:
            return _FIRST_DAY + timedelta(microseconds=ticks // 10) if ticks else None
        except OverflowError:
            return None

    def parts(self, beginning: str) -> Iterator[_Storage]:
        """Yield the recipients or attachments, in order."""
        depth = len(self._place)
        found = {
            tuple(path[: depth + 1])
            for path in self._file.listdir(streams=True, storages=True)
            if tuple(path[:depth]) == self._place
            and len(path) > depth
            and path[depth].startswith(beginning)
        }
        for place in sorted(found):
            yield _Storage(self._file, place, _HEADS[beginning])

    def message(self) -> _Storage | None:
        """Return the message that an attachment is."""
        place = (*self._place, f"__substg1.0_{_DATA:04X}{_STORAGE:04X}")
        return _Storage(self._file, place, 24) if self._file.exists(list(place)) else None

    def _stream(self, name: str) -> bytes:
        path = [*self._place, name]
        if self._file.get_type(path) != olefile.STGTY_STREAM:
            return b""
        return bytes(self._file.openstream(path).read())

    def _encoding(self, number: int) -> str | None:
        page = self.value(number)
        return _CODE_PAGES.get(page, f"cp{page}") if page else None


def _mail_of(message: _Storage, source: Source, depth: int) -> EmailMessage:
    mail = EmailMessage()
    _set(mail, "Subject", message.text(_SUBJECT))
    _set(mail, "From", next(filter(None, (_sender(message, *each) for each in _SENDERS)), ""))
    for name, kind in (("To", 1), ("Cc", 2)):
        people = [
            _person(each.text(_NAME), *map(each.text, _ADDRESSES))
            for each in message.parts(_RECIPIENT)
            if each.value(_KIND_OF_RECIPIENT) == kind
        ]
        _set(mail, name, ", ".join(people) or message.text(_SHOWN_TO[name]).replace(";", ","))
    if moment := message.date():
        mail["Date"] = format_datetime(moment)
    plain, page = clean(message.text(_BODY)), message.page()
    mail.set_content(plain, cte="base64")
    if page.strip():
        mail.add_alternative(clean(page), subtype="html", cte="base64")
    elif not plain.strip() and (rich := message.binary(_RICH_TEXT)):
        _attach(mail, _unpacked(rich), "message.rtf", "text/rtf")
    for attachment in message.parts(_ATTACHMENT):
        _add(mail, attachment, source, depth)
    return mail


def _unpacked(rich: bytes) -> bytes:
    """Return rich text; where it is damaged, as it is, of which its parser will say so."""
    try:
        return bytes(compressed_rtf.decompress(rich))
    except Exception:  # of no kind of its own
        return rich


def _sender(message: _Storage, name: int, addresses: tuple[int, ...]) -> str:
    return _person(message.text(name), *map(message.text, addresses))


def _person(name: str, *addresses: str) -> str:
    address = next((one_line(each) for each in addresses if "@" in each), "")
    if not address or not address.isascii():
        return f"{name} <{address}>" if address else name
    return formataddr((one_line(name) if name != address else "", address))


def _add(mail: EmailMessage, attachment: _Storage, source: Source, depth: int) -> None:
    method = attachment.value(_METHOD)
    name = next(filter(None, map(attachment.text, _FILE_NAMES)), attachment.text(_NAME))
    inner = attachment.message() if method == _MESSAGE else None
    if inner is not None and depth < source.limits.max_depth:
        data = _mail_of(inner, source, depth + 1).as_bytes()
        title = inner.text(_SUBJECT) or name or "forwarded"
        _attach(mail, data, f"{one_line(title)[:80]}.eml".replace("/", " "), "application/eml")
    elif method in _LINKS:
        _attach(mail, b"", name or "(a link)", "")
    else:
        kind = attachment.text(_TYPE)
        _attach(mail, attachment.binary(_DATA), name, kind, attachment.text(_CONTENT_ID))


def _attach(mail: EmailMessage, data: bytes, name: str, kind: str, known_as: str = "") -> None:
    kind = kind if _TYPE_NAME.fullmatch(kind) else "application/octet-stream"
    main, _, sub = kind.partition("/")
    if main in ("multipart", "message"):
        main, sub = "application", "octet-stream"
    mail.add_attachment(data, main, sub, filename=one_line(name) or None, cte="base64")
    part = list(mail.iter_attachments())[-1]
    _set(part, "Content-ID", known_as)


def _set(mail: EmailMessage, name: str, value: str) -> None:
    if value := one_line(value):
        mail[name] = value
