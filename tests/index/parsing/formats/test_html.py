from __future__ import annotations

from typing import Any

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
        ("header", 0, "A |  | B"),
        ("row", 0, "1 | 2 | 3 x"),
        ("row", 0, "| 5 | 6"),
        ("item", 0, "• Term: Def"),
        ("code", 0, "code\n  more"),
        ("paragraph", 0, "q"),
        ("paragraph", 0, "r"),
        ("item", 0, "• stray"),
        ("item", 0, "• other"),
    ]
    assert document.title == "Aims"
    assert document.metadata == {"date": "2026-01-06", "language": "en"}


def test_tables_that_only_lay_out(parse: Any, outline: Any) -> None:
    page = "<table><tr><td><p>Words<table><tr><th>A<th>B<tr><td>1<td>2</table></table>"
    assert outline(parse("a.html", page)) == [
        ("paragraph", 0, "Words"),
        ("header", 0, "A | B"),
        ("row", 0, "1 | 2"),
    ]


def test_declared_encoding(parse: Any) -> None:
    page = '<meta charset="koi8-r"><p>Норвегия готова'.encode("koi8-r")
    document = parse("a.html", page)
    assert (document.text, document.remarks) == ("Норвегия готова", ())


def test_markers_and_marks_of_the_walk_do_not_reach_the_text(parse: Any) -> None:
    assert "\0" not in parse("a.html", "<li>a<br>b<p>c<td>&#0;d").text
