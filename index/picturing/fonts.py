"""Fonts: which one has a character, at which size, and how wide words are in it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import pymupdf_fonts
from PIL import ImageFont

MISSING = "▯"
"""Stands for a run of characters that no font has."""

_FACES = {
    (False, False, False): "figo",
    (True, False, False): "figbo",
    (False, True, False): "figit",
    (True, True, False): "figbi",
    (False, False, True): "cascadia",
    (True, False, True): "cascadiab",
    (False, True, True): "cascadiai",
    (True, True, True): "cascadiabi",
}
"""Bold, italic and monospaced: FiraGO has Latin, Greek, Cyrillic, Arabic, Hebrew, Thai …"""
_FALLBACKS = ("figo", "notos", "symbol2", "symbol1", "math")
_UNSEEN = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f\u00ad\ufeff\u200e\u200f")


class Face(NamedTuple):
    """How words are set."""

    size: int
    is_bold: bool = False
    is_italic: bool = False
    is_monospaced: bool = False


class Glyphs(NamedTuple):
    """Characters that follow each other in one font."""

    text: str
    font: ImageFont.FreeTypeFont


def runs_of(text: str, face: Face) -> Iterator[tuple[Glyphs, str]]:
    """Yield the text in pieces of one font each, with what is missing in their place."""
    own = _FACES[face.is_bold, face.is_italic, face.is_monospaced]
    named = [(sign, _name_with(sign, own)) for sign in text]
    for name, group in groupby(named, key=lambda pair: pair[1]):
        signs = "".join(sign for sign, _ in group)
        if name:
            yield Glyphs(signs, _font(name, face.size)), ""
        else:
            yield Glyphs(MISSING, _font("symbol2", face.size)), signs


@lru_cache(20_000)
def width_of(text: str, face: Face) -> float:
    """Return how wide a text is, in pixels."""
    return sum(glyphs.font.getlength(glyphs.text) for glyphs, _ in runs_of(text, face))


@lru_cache(20_000)
def _name_with(sign: str, own: str) -> str:
    """Return the first font that has the character; nothing where none has."""
    if sign in _UNSEEN:
        return own
    return next((name for name in (own, *_FALLBACKS) if _has(name, sign)), "")


def _has(name: str, sign: str) -> bool:
    if sign == " ":
        return True
    font = _probe(name)
    # Combining signs are asked for alone; a font without them draws the same as for no character.
    return _drawn(font, sign) != _without(name)


@lru_cache(16)
def _without(name: str) -> tuple[tuple[int, int], bytes]:
    return _drawn(_probe(name), "\U0010fffd")


def _drawn(font: ImageFont.FreeTypeFont, sign: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(sign)
    return mask.size, bytes(mask)


@lru_cache(16)
def _probe(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(_data(name)), 20, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(_data(name)), size)


@lru_cache(16)
def _data(name: str) -> bytes:
    return bytes(pymupdf_fonts.fontbuffers[name]())
