"""Decoding of bytes: by mark, as UTF-8, as declared, and last by a guess that is reported."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass

from index.errors import UnreadableDocument

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Encodings to guess from; without this list, DOS and Mac code pages win on short texts.
_WESTERN = "cp1252"
_LIKELY = [
    _WESTERN,
    *(f"cp{page}" for page in (1250, 1251, 1253, 1254, 1255, 1256, 1257, 932, 949)),
]
_LIKELY += ["koi8_r", "iso8859_2", "euc_jp", "gb18030", "big5"]
_GUESSED_FROM = 200_000
# Encodings that write other scripts with the bytes of ASCII, and so are valid UTF-8 as well.
_SEVEN_BIT = re.compile(r"iso2022_(?:jp|kr)\w*|hz|utf-7")
_ESCAPES = (
    (re.compile(rb"\x1b\$[@B]"), "iso2022_jp_ext"),
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
)
# Declared names that mean Windows-1252 in practice (https://encoding.spec.whatwg.org/).
_WINDOWS_1252 = {"ascii", "iso8859-1", "latin-1", "us-ascii"}
_CONTROLS = re.compile("[\x01-\x07\x0e-\x1a\x7f]")
_AMID_WORD = re.compile(r"(?<=[^\W\d_])(?:[^\w\x00-\x7f‘’‐‑–—]|[¹²³])(?=[^\W\d_])")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\ufffd]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and a remark for a person where something was guessed or lost."""

    text: str
    remark: str = ""


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Return the text without its byte order mark; `declared` is the encoding that the file names.

    Raises UnreadableDocument for bytes that are not text.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _checked(_marked(data[len(mark) :], encoding))
    if zeros := data.count(0):
        if zeros > len(data) // 100:
            return _checked(_unmarked_utf16(data))
        rest = decode(data.replace(b"\0", b""), declared)
        remark = f"{zeros:,} NUL byte{' was' if zeros == 1 else 's were'} left out."
        return Decoded(rest.text, f"{rest.remark} {remark}" if rest.remark else remark)
    if seven_bit := _seven_bit(data, declared):
        return _checked(seven_bit)
    try:
        return _checked(Decoded(data.decode("utf-8")))
    except UnicodeDecodeError:
        pass
    return _checked(_as_declared(data, declared) or _mostly_utf8(data) or _guessed(data))


def _marked(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding))
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
        return Decoded(text, _broken(text.count("\ufffd"), encoding.upper()[:6].rstrip("-")))


def _unmarked_utf16(data: bytes) -> Decoded:
    """Decode UTF-16 without a mark: in Western text nearly every second byte is zero, no other."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if len(data) % 2 == 0 and max(even, odd) > len(data) // 5 and min(even, odd) == 0:
        encoding = "utf-16-le" if odd else "utf-16-be"
        try:
            return Decoded(data.decode(encoding), "It has no byte order mark; read as UTF-16.")
        except UnicodeDecodeError:
            pass
    raise UnreadableDocument("it is not text: it holds NUL bytes")


def _seven_bit(data: bytes, declared: str | None) -> Decoded | None:
    """Decode ISO-2022 and its like, known by name or by the escapes before each script."""
    if not data.isascii():
        return None
    names = [name for escape, name in _ESCAPES if escape.search(data)]
    if declared and _SEVEN_BIT.fullmatch(name := _codec(declared)):
        names.insert(0, name)
    for name in names:
        try:
            return Decoded(data.decode(name))
        except UnicodeError:
            continue
    if not names:
        return None
    text = data.decode(names[-1], errors="replace")
    return Decoded(text, _broken(text.count("\ufffd"), names[-1].upper().replace("_", "-")))


def _codec(declared: str) -> str:
    """Return Python's name of an encoding; empty where it knows none of this name."""
    try:
        return codecs.lookup(declared).name
    except (LookupError, ValueError):
        return ""


def _as_declared(data: bytes, declared: str | None) -> Decoded | None:
    if not declared:
        return None
    name = _codec(declared)
    if name == "ascii":  # which it is not: some programs write that whatever they send
        with suppress(UnreadableDocument):
            return _mostly_utf8(data) or _guessed(data)
    try:
        text = data.decode(_WESTERN if name in _WINDOWS_1252 else name)
    except (LookupError, UnicodeError, ValueError):
        return None
    return Decoded(text) if isinstance(text, str) else None


def _mostly_utf8(data: bytes) -> Decoded | None:
    """Decode UTF-8 with a few foreign bytes in it, such as a pasted Latin-1 word."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    sound = len(_BEYOND_ASCII.findall(text))
    if broken > sound or broken > max(3, len(text) // 100):
        return None
    return Decoded(text, _broken(broken, "UTF-8"))


def _guessed(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes

    matches = from_bytes(data[:_GUESSED_FROM], cp_isolation=_LIKELY, enable_fallback=False)
    best = matches.best()
    if best is None:
        raise UnreadableDocument("it is not text, or in an encoding that could not be determined")
    equals = [
        match.encoding
        for match in matches
        if match.chaos <= best.chaos and match.coherence >= best.coherence
    ]
    encoding = min(equals, key=lambda name: (_amid_words(data, name), name != _WESTERN))
    text = data.decode(encoding, errors="replace")
    lost = text.count("\ufffd")
    name = {"cp932": "Shift-JIS"}.get(encoding, encoding.replace("cp125", "Windows-125"))
    remark = f"It is not UTF-8; it was read as {name}, which is a guess."
    return Decoded(text, f"{remark} {_broken(lost, name)}" if lost else remark)


def _amid_words(data: bytes, encoding: str) -> int:
    """Count signs between two letters; a wrong code page puts them there: `Zaj¹c` for `Zając`."""
    return len(_AMID_WORD.findall(data[:_GUESSED_FROM].decode(encoding, errors="replace")))


def _broken(count: int, encoding: str) -> str:
    places = "1 place was" if count == 1 else f"{count:,} places were"
    return f"{places} not valid {encoding} and read as \ufffd."


def _checked(decoded: Decoded) -> Decoded:
    if "\0" in decoded.text:
        raise UnreadableDocument("it is not text: it holds NUL bytes")
    sample = decoded.text[:100_000]
    if len(_CONTROLS.findall(sample)) > max(2, len(sample) // 100):
        raise UnreadableDocument("it is not text: it is full of control characters")
    return decoded


def paired(text: str) -> str:
    """Join the halves of surrogate pairs."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
