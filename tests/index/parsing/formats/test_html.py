from __future__ import annotations

from typing import Any

import pytest

from index.document import Document
from index.parsing.limits import ParsingLimits
from index.parsing.options import HiddenContent, ParsingOptions
from index.parsing.parser import parse_bytes

PAGE = """<?xml version="1.0" encoding="utf-8"?>
<html lang=en><head><title>Aims - Ministry</title><meta name=date content="6 January 2026">
<script>no</script></head><body><nav>no</nav><h1>Aims</h1>
<p>One<br>two &amp; three&nbsp;four <span>in</span>line</p>loose <b>text</b>
<ol start=3><li>c<ul><li>n1<li><p>n2<p>more</ul>tail<li>d</ol>
<table><caption>Cap
<thead><tr><th colspan=2>A<th>B<tbody><tr><td rowspan=2>1<td>2<td><p>3<ul><li>x</ul>
<tr><td>5<td>6</table>
<dl><dt>Term<dd>Def</dl><pre>  code
    more</pre><blockquote>q<p>r</blockquote><div hidden>no</div><div style="display: none">no</div>
<!-- no --><template>no</template><li>stray<li>other</body>"""


def test_blocks(parse: Any, outline: Any) -> None:
    document = parse("a.html", PAGE)
    assert outline(document) == [
        ("heading", 1, "Aims"),
        ("paragraph", 0, "One\ntwo & three four inline"),
        ("paragraph", 0, "loose text"),
        ("item", 0, "3. c"),
        ("item", 1, "• n1"),
        ("item", 1, "• n2\nmore"),
        ("paragraph", 0, "tail"),
        ("item", 0, "4. d"),
        ("paragraph", 0, "Cap"),
        ("header", 0, "A | A | B"),
        ("row", 0, "1 | 2 | 3 x"),
        ("row", 0, "1 | 5 | 6"),
        ("item", 0, "• Term: Def"),
        ("code", 0, "code\n  more"),
        ("paragraph", 0, "q"),
        ("paragraph", 0, "r"),
        ("item", 0, "• stray"),
        ("item", 0, "• other"),
    ]
    assert document.title == "Aims"
    assert document.metadata == {"date": "2026-01-06", "language": "en"}


@pytest.mark.parametrize(
    ("inner", "stored"),
    [
        # Headers
        ("<tr><th>A<th>B<tr><td>1<td>2", ["= A | B", "1 | 2"]),
        ("<thead><tr><td>A<td>B<tbody><tr><td>1<td>2", ["= A | B", "1 | 2"]),
        ("<tr><td>Town<td>Ships<tr><td>Arvik<td>2", ["= Town | Ships", "Arvik | 2"]),
        ("<tr><td><th>2031<tr><th>Arvik<td>2", ["= | 2031", "Arvik | 2"]),
        ("<tr><th>Name<td>Marit<tr><th>Room<td>4", ["Name | Marit", "Room | 4"]),
        ("<tr><th scope=row>Name<td>Marit", ["Name | Marit"]),
        (
            "<tr><th rowspan=2>Town<th colspan=2>2031<tr><th>In<th>Out<tr><td>Arvik<td>4<td>5",
            ["= Town | 2031 | 2031\nTown | In | Out", "Arvik | 4 | 5"],
        ),
        (
            "<tr><td><td colspan=2>Year 2031<tr><td>Town<td>In<td>Out<tr><td>Arvik<td>4<td>5",
            ["= | Year 2031 | Year 2031\nTown | In | Out", "Arvik | 4 | 5"],
        ),
        # Merged cells
        (
            "<tr><th>Mill<th>Shift<tr><td rowspan=2>Lower<td>1<tr><td>2",
            ["= Mill | Shift", "Lower | 1", "Lower | 2"],
        ),
        ("<tr><th>A<th>B<tr><td rowspan=0>x<td>1<tr><td>2", ["= A | B", "x | 1", "x | 2"]),
        ("<tr><th>A<th>B<tr><td rowspan=9>x<td>1", ["= A | B", "x | 1"]),
        ("<thead><tr><th rowspan=9>A<th>B</thead><tr><td>1<td>2", ["= A | B", "1 | 2"]),
        ("<tr><th>A<th colspan=99>B<tr><td>1<td>2", ["= A | B", "1 | 2"]),
        ("<tr><td colspan=2>a<td colspan=3>b<tr><td colspan=2>c<td>d", ["= a | b", "c | d"]),
        # Lines above, below and between
        (
            "<caption>Ships</caption><tr><th colspan=2>in thousands<tr><th>A<th>B<tr><td>1<td>2"
            "<tr><td colspan=2>Source: port",
            ["Ships", "in thousands", "= A | B", "1 | 2", "Source: port"],
        ),
        (
            "<tr><th>A<th>B<tr><td colspan=2>North<tr><td>1<td>2<tr><td>3<td>4",
            ["= A | B", "North |", "1 | 2", "3 | 4"],
        ),
        # Tables in cells
        (
            "<tr><th>Boat<th>Use<tr><td>Hauk<td>Rescue<table><tr><td>Crew<td>4</table>now"
            "<tr><td>Solvang<td>Ferry",
            ["= Boat | Use", "Hauk | Rescue Crew 4 now", "Solvang | Ferry"],
        ),
        (
            "<tr><th>Boat<th>Use<tr><td>Hauk<td>Crew <table><tr><th>Name<th>Age<tr><td>Ida<td>40"
            "</table>now<tr><td>Solvang<td>Ferry",
            [
                "= Boat | Use",
                "Hauk | Crew now",
                "= Name | Age",
                "Ida | 40",
                "= Boat | Use",
                "Solvang | Ferry",
            ],
        ),
        # Tables that only lay out
        (
            "<tr><td><p>Words<table><tr><th>A<th>B<tr><td>1<td>2</table>",
            ["Words", "= A | B", "1 | 2"],
        ),
        ("<tr><td><h2>Left</h2>Text<td>Right", ["Left", "Text", "Right"]),
        ("<tr><td>One<tr><td>Two", ["One", "Two"]),
    ],
)
def test_tables(parse: Any, outline: Any, inner: str, stored: list[str]) -> None:
    document = parse("a.html", f"<table>{inner}</table>")
    found = [("= " if kind == "header" else "") + text for kind, _, text in outline(document)]
    assert found == stored


def test_a_table_that_unfolds_to_millions_of_cells_is_stored_as_written(parse: Any) -> None:
    rows = "<tr><td rowspan=3000 colspan=1>a" + "<td>b" * 1500 + "<tr>" * 3000
    document = parse("a.html", f"<p>Words<table>{rows}</table>")
    assert document.text.startswith("Words\n\na | b | b")
    assert document.remarks == ("The merged cells of a very large table were not spread.",)


@pytest.mark.parametrize(
    ("inner", "stored"),
    [
        ("10<sup>6</sup> litres, 25 m<sup>2</sup>, CO<sub>2</sub>", "10⁶ litres, 25 m², CO2"),
        (
            "log<sub>2</sub>8, the 1<sup>st</sup> fee<sup><a href=#n>1</a></sup>",
            "log₂8, the 1st fee¹",
        ),
        ("the fee<sup>[1]</sup> of 40", "the fee[¹] of 40"),
        ('in 2025<a epub:type="noteref" href="#n">1</a>, <a role=doc-noteref>2</a>', "in 2025¹, ²"),
        ("<math><mi>E</mi><mo>=</mo><msup><mi>c</mi><mn>2</mn></msup></math>", "E=c²"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> litre", "1/2 litre"),
        ("Press <button>Save</button><button>Send</button>.", "Press Save Send ."),
        ("<a>Home</a><a>News</a> and <b>Un</b><i>likely</i>", "Home News and Unlikely"),
        ("<a>Kari</a><time>4 May</time></span><span>Tide</span>", "Kari 4 May Tide"),
        ("<pre><a>go</a><b>()</b></pre>", "go()"),
        ("word<sup><a>1</a></sup><sup><a>2</a></sup>", "word¹ ²"),
        ("<b>Brand am Hafen<i class=day>20. Mai</i></b>", "Brand am Hafen 20. Mai"),
        ("CO<span class=x>2</span> und har<span class=x>bour</span>", "CO2 und harbour"),
        ("<label>Name<input value=Marit></label><input type=hidden value=x>", "Name Marit"),
        ("<input type=checkbox checked>Yes <input type=checkbox>No", "☒ Yes ☐ No"),
        ("<select><option>Oslo<option selected>Bergen</select>", "Bergen"),
        ("<select><option>Oslo<option>Bergen</select>", "Oslo"),
        ("<select multiple><option>Oslo<option>Bergen</select>", "Oslo Bergen"),
        ("<textarea>Two\nlines</textarea>", "Two lines"),
        ("3 k<span style='font-family:Symbol'>W &#61619;</span> 2", "3 kΩ ≥ 2"),
        ('Thanks <span style="color:red;font-family:Wingdings">J</span>', "Thanks ☺"),
        ("<font face=Wingdings>à</font> <b style='font-family:Symbol'>W</b>", "→ W"),
        ("<font face=Symbol>W <b style='font:9pt Arial'>words</b> a</font>", "Ω words α"),
        ("<span style='font-family:Arial;mso-bidi-font-family:Symbol'>W</span>", "W"),
        ("<svg><title>no</title><text>North</text><text>412</text></svg>", "North 412"),
    ],
)
def test_text_within_a_line(parse: Any, inner: str, stored: str) -> None:
    assert parse("a.html", f"<p>{inner}").text == stored


@pytest.mark.parametrize(
    ("page", "stored"),
    [
        (
            "<h2><button aria-expanded=false>How do I get a locker?</button></h2>"
            "<div hidden><p>Ask the porter.</div>",
            [("heading", 2, "How do I get a locker?"), ("paragraph", 0, "Ask the porter.")],
        ),
        (
            "<h1>Help</h1><button aria-expanded=false>Who repairs bicycles?</button>"
            "<div style='display:none'>The workshop.</div>",
            [
                ("heading", 1, "Help"),
                ("heading", 2, "Who repairs bicycles?"),
                ("paragraph", 0, "The workshop."),
            ],
        ),
        (
            "<a onclick=\"toggle('p1')\">More</a><p><div id=p1 hidden>Ask the porter.</div>",
            [("paragraph", 0, "More"), ("paragraph", 0, "Ask the porter.")],
        ),
        (
            "<details><summary>Tools</summary>In yard two.<details><summary>Keys</summary>"
            "At the gate.</details></details><details><summary>Bus</summary>Line 4.</details>",
            [
                ("heading", 2, "Tools"),
                ("paragraph", 0, "In yard two."),
                ("heading", 3, "Keys"),
                ("paragraph", 0, "At the gate."),
                ("heading", 2, "Bus"),
                ("paragraph", 0, "Line 4."),
            ],
        ),
        (
            "<dl><dt>Tide<dt>Ebb<dd>Water<dd>Moon<dt>Alone</dl>",
            [
                ("item", 0, "• Tide, Ebb: Water"),
                ("item", 0, "• Tide, Ebb: Moon"),
                ("item", 0, "• Alone"),
            ],
        ),
        (
            "<ol><li>a<li value=7>b<li>c</ol><ol reversed><li>d<li>e</ol>",
            [
                ("item", 0, "1. a"),
                ("item", 0, "7. b"),
                ("item", 0, "8. c"),
                ("item", 0, "2. d"),
                ("item", 0, "1. e"),
            ],
        ),
        ("<ol type=a><li>a<li>b</ol><ol type=I start=4><li>c</ol>"
         "<ol style='list-style-type: lower-roman'><li>d</ol>",
         [("item", 0, "a. a"), ("item", 0, "b. b"), ("item", 0, "IV. c"), ("item", 0, "i. d")]),
        ("<figure><img alt=x><figcaption>A map</figure>", [("paragraph", 0, "A map")]),
        ("<nav><a>Home</a></nav>", [("paragraph", 0, "Home")]),
        ("<div id=cookie-banner>We use cookies</div><p>A", [("paragraph", 0, "A")]),
        ("<li>Intro<h3>Title</h3>Body", [
            ("item", 0, "• Intro"), ("heading", 3, "Title"), ("paragraph", 0, "Body"),
        ]),
    ],
)  # fmt: skip
def test_blocks_of_modern_pages(parse: Any, outline: Any, page: str, stored: Any) -> None:
    document = parse("a.html", page)
    assert (outline(document), document.remarks) == (stored, ())


HIDING = """<p>Seen<del>, it was 90 until last year</del>.<!-- TODO: it was 40 until the complaint
of K. Brandt --><p hidden>The old price was 90.</p><!-- end of header --><i aria-hidden=true>x</i>
<table><tr><th>A<th>B<tr><td>1<td>2<tr style="display:none"><td>The deleted row<td>of 5 m</table>
<footer>Port of Arvik</footer>"""


def read(page: str, *hidden: HiddenContent) -> Document:
    options = ParsingOptions(hidden=frozenset(hidden))
    return parse_bytes(page.encode(), "a.html", ".html", limits=ParsingLimits(), options=options)


@pytest.mark.parametrize(
    "page",
    [
        "<p style='color:#fff'>It was 90 at most.</p>",
        "<p style='COLOR: rgb(255, 255, 255) !important'>It was 90 at most.</p>",
        "<p><font color=white>It was 90 at most.</font></p>",
        "<p style='font-size:1px'>It was 90 at most.</p>",
        "<div style='background:#008'><p style='color:#000088'>It was 90 at most.</div>",
        "<style>.x { color: white }</style><p class=x>It was 90 at most.</p>",
        "<style>.a .b, .x { color: white }</style><p class=x>It was 90 at most.</p>",
        "<style media=screen>.x { color: white }</style><p class=x>It was 90 at most.</p>",
        "<style>@media print { p { color: red } }</style><p style='color:#fff'>It was 90 at most.",
        "<p style='color:rgb(255 255 255 / 100%)'>It was 90 at most.</p>",
    ],
)
def test_text_in_the_colour_of_what_is_behind_it_is_hidden(page: str) -> None:
    document = read(f"<p>The price is 80.</p>{page}")
    assert document.text == "The price is 80."
    assert document.has_hidden
    assert read(page, HiddenContent.HIDDEN).text == "It was 90 at most."


@pytest.mark.parametrize(
    "page",
    [
        "<style>p { color: white } body { background: navy }</style><p>It was 90.</p>",
        "<style>.a .b { background: navy }</style><p style='color:#fff'>It was 90.</p>",
        "<link rel=stylesheet href=a.css><p style='color:#fff'>It was 90.</p>",
        "<table bgcolor=navy><tr><td><font color=white>It was 90.</font></table>",
        "<p style='background:url(a.png)'><b style='color:#fff'>It was 90.</b>",
        "<div style='font-size:0'><p style='font-size:12px'>It was 90.</p></div>",
        "<font color=white><a href=a.html>It was 90.</a></font>",
        "<p style='color:rgb(0,0,0); background-color:rgba(0, 0, 0, 0)'>It was 90.</p>",
        "<p style='color:#000; background:rgb(0 0 0 / 5%)'>It was 90.</p>",
        "<p style='color:#fff; background:linear-gradient(rgb(255,255,255), red)'>It was 90.</p>",
        "<div style='background-image:url(a.jpg)'><b style='color:#fff'>It was 90.</b></div>",
        "<table><tr><td background=a.gif><font color=white>It was 90.</font></table>",
        "<p><img src=a.jpg><b style='position:absolute; color:#fff'>It was 90.</b></p>",
        "<p style='color:#fff; text-shadow:0 0 2px #000'>It was 90.</p>",
        "<p style='color:#fff'><mark>It was 90.</mark></p>",
        "<p style='color:#fff'><button>It was 90.</button></p>",
        "<div style='font-size:0'><p style='font-size:1rem'>It was 90.</p></div>",
        "<div style='font-size:0'><p style='font:12px Arial'>It was 90.</p></div>",
        "<div style='font-size:0'><font size=3>It was 90.</font></div>",
        "<style>.a { font-size: 0 } .a i { font-size: 9px }</style><p class=a><i>It was 90.",
        "<style>p { color: white } .a p { color: red }</style><div class=a><p>It was 90.</p></div>",
        "<style>.a { color: white } .b { color: red }</style><p class='a b'>It was 90.</p>",
        "<style>p { background: red; i { top: 0 } }</style><p><b style='color:#fff'>It was 90.",
        "<style>@import 'a.css';</style><p style='color:#fff'>It was 90.</p>",
        "<style media=print>p { color: white }</style><p>It was 90.</p>",
        "<style>p { background: red } @media print { p { background: none } }</style>"
        "<p><b style='color:#fff'>It was 90.</b>",
        "<style>@media (width < 9em) { p { color: #fff } }</style><p>It was 90.</p>",
    ],
)
def test_text_that_may_stand_on_another_colour_is_seen(page: str) -> None:
    assert read(page).text == "It was 90."


def test_what_is_hidden_is_remarked() -> None:
    document = read(HIDING)
    assert document.text == "Seen.\n\nA | B\n1 | 2\n\nPort of Arvik"
    assert document.remarks == (
        "1 deleted part was not read (BRIEFING_READ_HIDDEN=deleted).",
        "1 comment in its source was not read (BRIEFING_READ_HIDDEN=comments).",
        "2 hidden parts were not read (BRIEFING_READ_HIDDEN=hidden).",
    )
    assert document.has_hidden


@pytest.mark.parametrize("how", ["hidden", "style='visibility: collapse'", "style='display:none'"])
@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><th>A<th>B<tr><td>1<td>2<tr {}><td>99<td></table>",
        "<table><tr><th>A<th>B<tr><td>1<td>2<td {}>99</table>",
        "<table><tr><th>A<th>B<tr><td>1<td><table {}><tr><th>C<th>D<tr><td>99<td></table></table>",
        "<table><tr><th>A<th>B<tr><td>1<td>2<table><tr><th>C<tr {}><td>99<tr><td>3</table></table>",
    ],
)
def test_one_word_in_a_hidden_part_of_a_table_is_remarked(table: str, how: str) -> None:
    document = read(table.format(how))
    assert "99" not in document.text
    assert document.has_hidden


def test_what_is_hidden_is_read_where_that_is_set(sound: Any) -> None:
    document = read(HIDING, *HiddenContent)
    sound(document)
    assert [(block.origin.value, block.span.of(document.text)) for block in document.blocks] == [
        ("body", "Seen."),
        ("deleted", ", it was 90 until last year"),
        ("comment", "TODO: it was 40 until the complaint\nof K. Brandt"),
        ("hidden", "The old price was 90."),
        ("hidden", "x"),
        ("body", "A | B"),
        ("body", "1 | 2"),
        ("hidden", "The deleted row"),
        ("hidden", "of 5 m"),
        ("header or footer", "Port of Arvik"),
    ]
    assert not document.has_hidden


_JSON = '<script type="application/ld+json">{"datePublished": "%s"}</script>'
_TIME = '<time class="entry-date published" datetime="2031-03-04T09:00:00Z">Tuesday</time>'


@pytest.mark.parametrize(
    ("head", "body", "date"),
    [
        ('<meta name="date" content="2031-01-06">', _JSON % "2031-03-04", "2031-01-06"),
        (_JSON % "2031-03-04", "", "2031-03-04"),
        ("", _TIME, "2031-03-04T09:00:00+00:00"),
        (_JSON % "2031-03-04", _JSON % "2031-03-05", None),
        (_JSON % "2031-03-04", _JSON % "2031-03-04", "2031-03-04"),
        (_JSON % "soon enough", "", None),
        ("", '<time datetime="2031-03-04">Next meeting</time>', None),
    ],
)
def test_the_date_of_publication(parse: Any, head: str, body: str, date: str | None) -> None:
    page = f"<html><head>{head}</head><body>{body}<p>The crane is up.</p></body></html>"
    assert parse("a.html", page).metadata.get("date") == date


def test_declared_encoding(parse: Any) -> None:
    page = '<meta charset="koi8-r"><p>Норвегия готова'.encode("koi8-r")
    document = parse("a.html", page)
    assert (document.text, document.remarks) == ("Норвегия готова", ())


def test_markers_and_marks_of_the_walk_do_not_reach_the_text(parse: Any) -> None:
    assert "\0" not in parse("a.html", "<li>a<br>b<p>c<td>&#0;d").text
