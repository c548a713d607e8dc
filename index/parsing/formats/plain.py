"""Parser of plain text files."""

from __future__ import annotations

from index.parsing.draft import Draft, Source
from index.parsing.text.dates import date_near_top
from index.parsing.text.decoding import decode
from index.parsing.text.flowing import flow_styles
from index.parsing.text.invisible import INVISIBLE
from index.parsing.text.structure import structure

__all__ = ["parse"]


def parse(source: Source) -> Draft:
    decoded = decode(source.data)
    text = INVISIBLE.sub("", decoded.text)
    date = date_near_top(text)
    blocks = tuple(structure(text))
    return Draft(
        text=text,
        blocks=blocks,
        styles=tuple(flow_styles(text, blocks)),
        metadata={"date": date} if date else {},
        remarks=(decoded.remark,) if decoded.remark else (),
    )
