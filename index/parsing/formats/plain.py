"""Parser of plain text files."""

from __future__ import annotations

from index.parsing.draft import Draft, Source
from index.parsing.text.cutting import beginning, too_long
from index.parsing.text.dates import date_near_top
from index.parsing.text.decoding import decode
from index.parsing.text.flowing import flow_styles
from index.parsing.text.invisible import INVISIBLE
from index.parsing.text.structure import structure

__all__ = ["parse"]


def parse(source: Source) -> Draft:
    decoded = decode(source.data)
    most = source.limits.max_characters
    whole = INVISIBLE.sub("", decoded.text)
    text = beginning(whole, most)
    remarks = [decoded.remark] if decoded.remark else []
    if len(text) < len(whole):
        remarks.append(too_long(most))
    del decoded, whole  # a long text takes much memory as it is
    date = date_near_top(text)
    blocks = tuple(structure(text))
    return Draft(
        text=text,
        blocks=blocks,
        styles=tuple(flow_styles(text, blocks)),
        metadata={"date": date} if date else {},
        remarks=tuple(remarks),
    )
