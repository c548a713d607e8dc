"""Packed styles are the styles that were put in, in a fraction of their memory."""

from __future__ import annotations

import pytest

from index.document import Span, Style, StyleKind
from index.parsing.packed_styles import PackedStyles

_STYLES = (
    Style(StyleKind.BOLD, Span(0, 4)),
    Style(StyleKind.LINK, Span(2, 9), text="https://a.example"),
    Style(StyleKind.INSTEAD, Span(10, 4_000_000_000)),
)


def test_styles_are_what_was_put_in() -> None:
    kept = PackedStyles(_STYLES[:1])
    kept += _STYLES[1:]
    assert tuple(kept) == _STYLES == kept == PackedStyles(_STYLES)
    assert (kept[1], kept[-1], kept[1:]) == (_STYLES[1], _STYLES[-1], _STYLES[1:])
    assert PackedStyles(data=kept.data, texts=kept.texts) == kept != PackedStyles(data=kept.data)
    assert len(kept.data) < 10 * len(kept)
    with pytest.raises(IndexError):
        kept[3]


@pytest.mark.parametrize("kind", StyleKind)
def test_each_kind_has_a_number(kind: StyleKind) -> None:
    style = Style(kind, Span(1, 2))
    assert PackedStyles([style])[0] == style


def test_bytes_that_are_no_whole_styles_are_refused() -> None:
    with pytest.raises(ValueError, match="cut off"):
        PackedStyles(data=PackedStyles(_STYLES).data[:-1])
