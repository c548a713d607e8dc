"""Long web pages, read piece by piece, are what they are when they are read whole."""

from __future__ import annotations

import pytest

from index.document import Document
from index.errors import UnreadableDocument
from index.parsing import ParsingLimits
from index.parsing.formats.html import long_pages
from index.parsing.parser import parse_bytes

_HEAD = """<html lang="en"><head><title>Quay</title><meta name="author" content="K. Vik">
<style>.w {color: #fff}</style></head><body>"""
_PAGES = {
    "headings": "<h1>Quay <b>two</b></h1><p>Open <i>all</i> day.</p><h2>Rules</h2><p>No fires.",
    "a list": "<ol><li>One<li>Two <b>now</b><ul><li>deep</ul><li>Three</ol> after it",
    "definitions": "<dl><dt>Berth<dd>A place<dt>Quay<dd>A wall</dl>tail",
    "a table": "<table><tr><th>Ship<th>Crew</tr>"
    + "".join(f"<tr><td>No {n}</td><td>{n}</td></tr>" for n in range(30))
    + "</table><p>Behind it.</p>",
    "merged cells": "<table><tr><th rowspan=2>Ship<th colspan=2>Crew</tr><tr><th>A<th>B</tr>"
    + "<tr><td>Hauk<td>1<td>2</tr>" * 9
    + "</table>",
    "what a button opens": '<button aria-expanded="false">Who may enter the yard?</button>'
    "<div hidden>The crew.</div><div hidden>Not this one, whatever it says.</div>"
    '<a href="#" data-target="#p">more</a> and <div id="p" style="display:none">Opened.</div>',
    "hidden": "<p>Seen.</p><!-- six words that nobody sees here --><p class=w>Not seen at all.</p>",
    "quotes, code and breaks": "<blockquote><p>Said.</p></blockquote><pre> a\n  b</pre>x<br>y",
    "text between": "before <div>in <div>deep</div> it</div> behind <footer>Foot</footer> end",
    "links alone": "<nav><a href=x>One</a> <a href=y>Two</a></nav>",
    "powers": "<p>10<sup>6</sup> litres, H<sub>2</sub>O</p>" * 3,
    "not closed": "<div><p>One<div><b>Two<p>Three</div>",
}


def _parsed(page: str) -> Document:
    return parse_bytes(page.encode(), "a.html", ".html", limits=ParsingLimits())


@pytest.mark.parametrize("page", _PAGES.values(), ids=_PAGES)
@pytest.mark.parametrize(("piece", "large"), [(7, 10), (90, 20), (100_000, 40)])
def test_a_page_in_pieces_is_the_same_document(
    page: str, piece: int, large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _parsed(_HEAD + page)
    monkeypatch.setattr(long_pages, "LONG", 0)
    monkeypatch.setattr(long_pages, "_PIECE", piece)
    monkeypatch.setattr(long_pages, "_LARGE", large)
    assert _parsed(_HEAD + page) == whole


def test_elements_in_each_other_beyond_measure_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_pages, "LONG", 0)
    with pytest.raises(UnreadableDocument, match="nested too deeply"):
        _parsed("<div>" * 3000 + "deep")


def test_names_of_attributes_that_are_none_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_pages, "LONG", 0)
    assert _parsed('<html xmlns:og="x" "a=1><p aria-controls="a" v:b="1">Open.').text == "Open."
