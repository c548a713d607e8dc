"""Words of a PDF's page as lines of pieces: what stands together without a wide gap."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from index.parsing.formats.pdf.lines import reading_order
from index.parsing.page_content import Box, Word

_PIECE_GAP = 0.8  # of the type size: a wider gap parts two pieces
_NUMBERS_APART = 0.45  # as wide as no space within a number
_NUMBER_APART = 0.6  # of a figure and the text of the next column
_CURRENCY = r"(?:[$€£¥₹]|(?:US|A|C|NZ|HK|S)\$|EUR|USD|GBP|CHF|SEK|NOK|DKK|kr\.?|Rs\.?)"
_NUMBER = re.compile(
    rf"[<>~±≈]?\s*[(\[]?\s*[-–−+]?\s*{_CURRENCY}?\s*[-–−+(]?\s*\d[\d.,'’\s]*\)?\s*"
    rf"(?:%|‰|{_CURRENCY}|pts?|bps?|x|°C?|[A-Za-zµ²³/]{{1,5}})?\s*[)\]]?\s*(?:\(\w{{1,2}}\)|[*†‡]{{1,2}})?"
)
_NONE = re.compile(rf"(?:{_CURRENCY}?\s?[-–—−]{{1,3}}|n[./]?[am]\.?|nil)\s?%?", re.IGNORECASE)
_MONTH = (
    r"(?:Jan|Feb|Mar|Apr|Ma[iy]|Jun|Jul|Aug|Sep|O[ck]t|Nov|De[cz]|January|February|March|April|June"
    r"|July|August|September|October|November|December)\.?"
)
_YEAR = re.compile(
    rf"(?:FY\s?|[QH][1-4]\s?|\d{{1,2}}[./-]\d{{1,2}}[./-]|\d{{1,2}}\.?\s{_MONTH}\s|{_MONTH}\s(?:\d{{1,2}},\s)?)?"
    r"(?:19|20)\d\d(?:\s?[-–/]\s?(?:\d\d){1,2})?(?:\s?[A-Za-z*]|\s?\(\w\))?"
)
_TIME = re.compile(r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s?(?:[ap]\.?m\.?)?", re.IGNORECASE)
_MARK = re.compile(rf"{_CURRENCY}|[(\-–−]|\({_CURRENCY}")
_CLOSING = re.compile(r"[)\]%‰]{1,3}|%\)|(?:pts?|bps?)\.?|\(\w{1,2}\)|[*†‡]{1,2}")
_LEADER = re.compile(r"[.·․‥…_]+")
_LEADERS = re.compile(r"[.·․…_]{4,}|…+$")
_ANY_LEADERS = re.compile(r"^\.+(?=\d)|[.·․…_]{4,}|…+$")
_BULLET = re.compile(r"[•▪■◦●○➢✓*–—o·-]|\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]|\[\d{1,3}\]")


def is_number(text: str) -> bool:
    """Return whether a cell's text is a figure, or the sign that there is none."""
    return bool(_NUMBER.fullmatch(text) or _NONE.fullmatch(text) or _TIME.fullmatch(text))


def is_mark(texts: Sequence[str]) -> tuple[bool, bool]:
    """Return whether a column's texts are all signs that open figures, and that close them."""
    if not texts:
        return False, False
    opens = all(_MARK.fullmatch(text) and text not in "-–−" for text in texts)
    return opens, all(_CLOSING.fullmatch(text) for text in texts)


@dataclass(slots=True)
class Piece:
    """Words beside each other on one line."""

    words: list[Word]
    left: float
    right: float
    text: str
    is_number: bool = False
    is_year: bool = False

    @classmethod
    def of(cls, words: list[Word]) -> Piece:
        """Return the piece of these words, which go from left to right."""
        text = " ".join(word.text for word in words)
        year = _YEAR.fullmatch(text) is not None
        return cls(
            words, words[0].box.left, words[-1].box.right, text, year or is_number(text), year
        )

    @property
    def size(self) -> float:
        return self.words[0].size

    @property
    def is_bold(self) -> bool:
        return all(word.is_bold for word in self.words)

    @property
    def has_value(self) -> bool:
        """Return whether it is a figure that is no year, so none of a header."""
        return self.is_number and not self.is_year


@dataclass
class TextLine:
    """Pieces beside each other, from left to right."""

    pieces: list[Piece]
    top: float
    bottom: float

    @cached_property
    def size(self) -> float:
        """The type size of most of its characters."""
        return max(piece.size for piece in self.pieces)

    @property
    def left(self) -> float:
        return self.pieces[0].left

    @property
    def right(self) -> float:
        return max(piece.right for piece in self.pieces)

    @property
    def has_value(self) -> bool:
        return any(piece.has_value for piece in self.pieces)


def lines_of(words: Sequence[Word]) -> list[TextLine]:
    """Return the words' lines from above, each with its pieces."""
    return [line for group in _rows(words) if (line := _line(group)) is not None]


def text_of(words: Sequence[Word]) -> str:
    """Return the text of one cell's words, its lines one below the other."""
    if len(words) == 1:
        return "" if _is_leader(words[0]) else _without_leaders(words[0].text)
    if any(word.turned for word in words):  # they are drawn in the order in which they are read
        return " ".join(word.text for word in words)
    groups = [_as_read(sorted(group, key=_left)) for group in _rows(words)]
    lines = (" ".join(word.text for word in group if not _is_leader(word)) for group in groups)
    return "\n".join(line for line in map(_without_leaders, lines) if line)


def _left(word: Word) -> float:
    return word.box.left


def _as_read(words: list[Word]) -> list[Word]:
    """Return the words of a line in the order of its script."""
    return [words[at] for at in reading_order([word.text for word in words])]


def _is_leader(word: Word) -> bool:
    return len(word.text) > 1 and _LEADER.fullmatch(word.text) is not None


def _without_leaders(text: str) -> str:
    if "." not in text and "…" not in text and "_" not in text and "·" not in text:
        return text
    return " ".join(_LEADERS.sub(" ", text).split())


def _rows(words: Iterable[Word]) -> list[list[Word]]:
    """Group words that share a line: most of the lower one's height is beside the other.

    The feet of those of one size stand at the same height.
    """
    rows: list[list[Word]] = []
    top = bottom = size = float("-inf")
    for word in sorted(words, key=lambda word: word.box.top + word.box.bottom):
        _, start, _, end = word.box
        if start == top and end == bottom:
            rows[-1].append(word)
            continue
        beside = min(bottom, end) - max(top, start)
        near = abs(word.size - size) > 0.15 * size or abs(end - bottom) <= 0.35 * size
        if near and beside > 0.5 * min(bottom - top, end - start):
            rows[-1].append(word)
            if end - start <= bottom - top:
                continue
        else:
            rows.append([word])
        top, bottom, size = start, end, word.size
    return rows


def _line(words: list[Word]) -> TextLine | None:
    words.sort(key=_left)
    if any("." in word.text or "…" in word.text or "_" in word.text for word in words):
        words = _led(words)
    if not words:
        return None
    parts: list[list[Word]] = [[words[0]]]
    for one, two in pairwise(words):
        gap = two.box.left - one.box.right
        opened = two.text[0] in "$£" and one.text[-1] in ")0123456789—–-"
        apart = _PIECE_GAP if one is words[0] else _apart(one.text, two.text)
        of_others = one.cell and two.cell and one.cell != two.cell
        if opened or of_others or gap > apart * max(one.size, two.size, 1.0):
            parts.append([two])
        else:
            parts[-1].append(two)
    pieces = _joined(parts)
    return TextLine(
        pieces, min(word.box.top for word in words), max(word.box.bottom for word in words)
    )


def _apart(one: str, two: str) -> float:
    """Return how far apart two words are of two pieces, in type sizes."""
    if not one[-1].isdigit():
        return _PIECE_GAP
    if two[0].isdigit() and len(two) != 3:
        return _NUMBERS_APART
    return _NUMBER_APART if two[0].isupper() else _PIECE_GAP


def _led(words: list[Word]) -> list[Word]:
    """Return the words without the dots that lead the eye from a label to its figure."""
    dots = sum(word.text == "." for word in words)
    kept: list[Word] = []
    for word in words:
        if _is_leader(word) or (dots > 2 and word.text == "."):
            continue
        match = (_LEADERS if dots < 3 else _ANY_LEADERS).search(word.text)
        if match is None:
            kept.append(word)
            continue
        box, share = word.box, (word.box.right - word.box.left) / len(word.text)
        for start, end in ((0, match.start()), (match.end(), len(word.text))):
            if start < end:
                place = Box(box.left + start * share, box.top, box.left + end * share, box.bottom)
                text = word.text[start:end]
                kept.append(Word(text, place, word.size, word.is_bold, word.turned))
    return kept


def _joined(parts: list[list[Word]]) -> list[Piece]:
    """Join signs that are set apart to their figure, and a list's mark to its item."""
    pieces: list[Piece] = []
    mark: Callable[[str], object] = _MARK.fullmatch
    for part in parts:
        piece = Piece.of(part)
        if pieces:
            last = pieces[-1]
            gap = piece.left - last.right
            signed = mark(last.text) and piece.is_number and not _NONE.fullmatch(last.text)
            signed = signed or (_CURRENCY_ONLY.fullmatch(last.text) and piece.is_number)
            closed = last.is_number and _CLOSING.fullmatch(piece.text) and gap < 2 * piece.size
            listed = (
                len(pieces) == 1
                and not piece.is_number
                and gap < 4 * piece.size
                and _BULLET.fullmatch(last.text)
            )
            if (signed and gap < 8 * piece.size) or closed or listed:
                pieces[-1] = Piece.of(last.words + part)
                continue
        pieces.append(piece)
    return pieces


_CURRENCY_ONLY = re.compile(_CURRENCY)
