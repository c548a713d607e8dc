from __future__ import annotations

from typing import Any

import markdown_it.helpers
import pytest

from index.document import StyleKind
from index.parsing.limits import ParsingLimits
from index.parsing.options import HiddenContent, ParsingOptions
from index.parsing.parser import parse_bytes
from index.parsing.text.heading_words import heading_words

BRIEFING = """---
title: The force
date: 2026-01-06
tags: [norway, ukraine]
nested: {a: b}
---
# Aims *of* it ##

Intro text
goes on.

* one

  still one
  * nested
* two
  ```
  code
  ```
  after

> quote
>
> - listed
>   # heading

| A | B |
|---|---|
| 1 | 2 |

Setext
------

[a]: http://x
***
"""
OUTLINE = [
    ("heading", 1, "# Aims *of* it ##"),
    ("paragraph", 0, "Intro text\ngoes on."),
    ("item", 0, "* one\n\n  still one"),
    ("item", 1, "* nested"),
    ("item", 0, "* two"),
    ("code", 0, "```\n  code\n  ```"),
    ("paragraph", 0, "after"),
    ("paragraph", 0, "> quote\n>"),
    ("item", 0, "> - listed"),
    ("heading", 1, ">   # heading"),
    ("header", 0, "| A | B |\n|---|---|"),
    ("row", 0, "| 1 | 2 |"),
    ("heading", 2, "Setext\n------"),
    ("paragraph", 0, "[a]: http://x"),
    ("paragraph", 0, "***"),
]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_blocks(parse: Any, outline: Any, line_break: str) -> None:
    document = parse("a.md", BRIEFING.replace("\n", line_break))
    found = [
        (kind, level, text.replace(line_break, "\n")) for kind, level, text in outline(document)
    ]
    assert found[0][0] == "front matter"
    assert found[1:] == OUTLINE
    assert document.title == "The force"
    assert document.metadata == {
        "title": "The force",
        "date": "2026-01-06",
        "tags": "norway, ukraine",
    }


def test_title_without_marks(parse: Any) -> None:
    assert parse("a.md", "## Aims of **the** [force](x.md) ##\n\ntext").title == "Aims of the force"
    assert parse("a.md", "The snake_case_name\n===\n\ntext").title == "The snake_case_name"


def test_front_matter_that_is_not_yaml(parse: Any) -> None:
    document = parse("a.md", "---\na: [\n---\nwords")
    assert document.remarks == ("Its front matter is not valid YAML and was not understood.",)
    assert [block.kind for block in document.blocks] == ["front matter", "paragraph"]


def test_a_rule_is_no_front_matter(parse: Any) -> None:
    document = parse("a.md", "---\nJust words\n---\nmore")
    assert "front matter" not in {block.kind for block in document.blocks}


def test_yaml_that_explodes(parse: Any) -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert parse("a.md", "---\n" + "\n".join(lines) + "\n---\nwords").metadata == {"a0": "x, x"}


@pytest.mark.parametrize(
    ("front_matter", "audience"),
    [
        ("audience: board", "board"),
        ("Audience: [board, staff]", "board, staff"),
        ("audience:", "?"),
        ("audience: []", "?"),
        ("audience: {board: 1}", "?"),
        ("audience: board\ntitle: [", "?"),
        ("title: Board", None),
        ("title: [", None),
    ],
)
def test_who_it_is_for_is_not_lost(parse: Any, front_matter: str, audience: str | None) -> None:
    document = parse("a.md", f"---\n{front_matter}\n---\n\nText.\n")
    assert document.metadata.get("audience") == audience


@pytest.mark.parametrize(
    ("front_matter", "metadata"),
    [
        (
            "---\ntitle: Pilots: who they are\ndate: 2031-05-02\ntags: [a, b]\n---",
            {"title": "Pilots: who they are", "date": "2031-05-02", "tags": "a, b"},
        ),
        ("---\ntitle: [Draft] Plan\nby: @kari\n---", {"title": "[Draft] Plan", "by": "@kari"}),
        ("---\ntitle: It's: so\naudience: board\n---", {"title": "It's: so", "audience": "board"}),
        (
            "+++\ntitle = 'Pilots: who'\ndate = 2031-05-02\ntags = ['a', 'b']\n+++",
            {"title": "Pilots: who", "date": "2031-05-02", "tags": "a, b"},
        ),
        ("+++\naudience = 'board'\n+++", {"audience": "board"}),
        (
            '{\n"title": "Pilots",\n"audience": ["board", "staff"]\n}',
            {"title": "Pilots", "audience": "board, staff"},
        ),
    ],
)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_front_matter(
    parse: Any, front_matter: str, metadata: dict[str, str], line_break: str
) -> None:
    text = f"{front_matter}\n\nWords.\n".replace("\n", line_break)
    document = parse("a.md", text)
    assert (document.text, document.metadata, document.remarks) == (text, metadata, ())
    assert [block.kind for block in document.blocks] == ["front matter", "paragraph"]


@pytest.mark.parametrize(
    "text", ["+++\nWords.\n+++\n\nWords.", "{% raw %} words", '{"a": 1} words', "{}x"]
)
def test_what_is_no_front_matter(parse: Any, text: str) -> None:
    document = parse("a.md", text)
    assert document.text == text
    assert "front matter" not in {block.kind for block in document.blocks}


DATA = "data:image/png;base64," + "iVBORw0KGgo+" * 50_000


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        # Comments
        ("# Speed\n\n<!-- TODO: it was 40 -->\n\nIt is 30.", ["# Speed", "It is 30."]),
        ("# Speed <!-- omit in toc -->\n\nIt <!-- was 40 -->is 30.", ["# Speed", "It is 30."]),
        ("- a\n- <!-- b -->\n- c", ["- a", "- c"]),
        ("<!-- one\n\ntwo -->\nIt is 30.", ["It is 30."]),
        ("It is 30.\n\n<!-- never closed\n\nIt was 40.", ["It is 30."]),
        ("| A | B <!-- x --> |\n|---|---|\n| 1 | 2 |", ["| A | B  |\n|---|---|", "| 1 | 2 |"]),
        # Pictures
        (f"The chart.\n\n![]({DATA})\n\nEnd.", ["The chart.", "End."]),
        (f"The ![chart]({DATA}) shows it.", ["The ![chart]() shows it."]),
        (f"![chart][1]\n\n[1]: <{DATA}>", ["![chart][1]"]),
        (f"Words.\n\n<img src='{DATA}' alt=x>", ["Words."]),
        ("Har\u00adbour \u200b", ["Harbour"]),
        # HTML
        (
            "<table>\n<tr><th>A<th colspan=2>B</tr>\n\n<tr><td>1<td>2<td>3</tr>\n</table>\n\n- x",
            ["A | B | B", "1 | 2 | 3", "- x"],
        ),
        ('<h1 align="center">Title</h1>\n\n<p align=center><b>A</b> line</p>', ["Title", "A line"]),
        (
            "<details>\n<summary>Who?</summary>\n\nThe **porter**.\n\n</details>",
            ["Who?", "The **porter**."],
        ),
        ("Words.\n\n<style>p { color: red }</style>\n\n<script>\nx()\n</script>", ["Words."]),
    ],
)
def test_what_is_shown(parse: Any, outline: Any, text: str, stored: list[str]) -> None:
    document = parse("a.md", text)
    assert [written for _, _, written in outline(document)] == stored


@pytest.mark.parametrize(
    "text",
    [
        "```html\n<!-- x -->\n```",
        "Write `<!-- x -->` or ``a ` <!-- x -->`` here.",
        "A \\<!-- x --> that is none, and <!-- none",
        "An <Unknown> tag, and <b>bold</b> words 10<sup>6</sup>.",
        "    <!-- code -->",
    ],
)
def test_what_is_shown_as_it_stands(parse: Any, text: str) -> None:
    document = parse("a.md", text)
    assert (document.text, document.remarks, document.has_hidden) == (text, (), False)


def test_comments_and_pictures_are_remarked(parse: Any) -> None:
    document = parse("a.md", f"A <!-- b --> c ![d]({DATA})\n\n<!-- e -->")
    assert document.remarks == (
        "2 comments were not read (BRIEFING_READ_HIDDEN=comments).",
        "1 embedded file was not read, such as a picture.",
    )
    assert document.has_hidden


def test_comments_are_read_where_that_is_set(sound: Any) -> None:
    text = "# A <!-- b -->\n\nIt <!-- was 40 --> is 30.\n\n<!-- e\n\nf -->\n"
    options = ParsingOptions(hidden=frozenset({HiddenContent.COMMENTS}))
    document = parse_bytes(text.encode(), "a.md", ".md", limits=ParsingLimits(), options=options)
    sound(document)
    assert document.text == text
    assert [(block.origin.value, block.span.of(text)) for block in document.blocks] == [
        ("body", "# A"),
        ("comment", "<!-- b -->"),
        ("body", "It"),
        ("comment", "<!-- was 40 -->"),
        ("body", "is 30."),
        ("comment", "<!-- e\n\nf -->"),
    ]


TEXT = "\n# A\n\nText.\n"
FIELDS = "audience: planners\ntitle: x"


@pytest.mark.parametrize(
    "text",
    [
        # How the field is written, where front matter is as it should be
        "---\naudience:planners\n---",
        "---\ntitle: x\n  audience:planners\n---",
        "---\naudience planners\n---",
        "---\naudience planners, press office\n---",
        "---\naudience - planners\n---",
        "---\naudience = planners\n---",
        "---\naudience: planners and then: some\n---",
        "---\naudience\uff1aplanners\n---",
        "---\naudience\u2236 planners\n---",
        "---\n\uff41\uff55\uff44\uff49\uff45\uff4e\uff43\uff45: planners\n---",
        "---\n- audience: planners\n---",
        "---\n- {title: x, audience: planners}\n---",
        "---\n- title: x\n-\n  audience: planners\n---",
        "---\naudiences: planners\n---",
        "---\nAudiences: [planners]\n---",
        "---\n'audience:': planners\n---",
        "---\nmeta:\n  audience: planners\n---",
        "---\nmeta: {title: x, who: [{Audience: planners}]}\n---",
        "---\n? [audience]\n: planners\n---",
        "---\ntitle: x\n---\naudience: planners\n---",
        "---\ntitle: x\n--- \n\naudience: planners\n",
        # Front matter that is not known as such
        f"---\n{FIELDS}\n",
        f"---\ntitle: x\n\n{FIELDS}\n",
        "---\ntitle: x\na line that is no field\naudience: planners\n",
        f"---\n{FIELDS}\n----",
        f"----\n{FIELDS}\n----",
        f"----\n# who may see it\n{FIELDS}\n----",
        f"--- # yaml\n{FIELDS}\n---",
        f"---yaml\n{FIELDS}\n---",
        f"---\N{NO-BREAK SPACE}\n{FIELDS}\n---",
        f"\N{EM DASH}\n{FIELDS}\n\N{EM DASH}",
        f"\n{FIELDS}\n---",
        f"\n\n---\n{FIELDS}\n---",
        f" ---\n{FIELDS}\n---",
        f"# a comment\n---\n{FIELDS}\n---",
        f"# a comment\n# and another\n\n---\n{FIELDS}\n---",
        f"<!-- a comment -->\n---\n{FIELDS}\n---",
        f"\ufeff\ufeff---\n{FIELDS}\n---",
        f"\u200b---\n{FIELDS}\n---",
        "+++\naudience = planners\n+++",
        "+++\ntitle = x\naudience = 'planners'\n+++",
        "+++\n[meta]\naudience = 'planners'\n+++",
        "+++\naudience = {name = 'planners'}\n+++",
        "+++\naudience = []\n+++",
        "+++\naudience = 'planners'\n++++",
        " +++\naudience = 'planners'\n+++",
        '{\n"title": "x",\n"audience": "planners",\n}',
        '{"title": "x", "audience": "planners"',
        '{"title": "x", "audience": {"name": "planners"}}',
        '{"title": "x", "audience": null}',
        '{"meta": [{"audience": "planners"}]}',
        "---\ntitle: a: b\naudience: planners: all\n---",
        "---\ntitle: a: b\naudiences: planners\n---",
        "---\ntitle: a: b\nmeta:\n  audience: planners\n---",
        f"```yaml\n{FIELDS}\n```",
        f"---\n{FIELDS}\n---".replace("\n", "\x85"),
        f"---\n{FIELDS}\n---".replace("\n", "\u2028"),
        "---\n" + "a: b\n" * 99 + "audience: planners\n----",
        # None at all, and a line as in front matter
        "audience: planners\n",
        "Audience: planners, press office\n",
        "**Audience:** planners\n",
        "> - *Audience*: planners\n",
        "<!-- audience: planners -->\n",
        "title: x\ndate: 2026-01-06\naudience: planners\n",
        "Audience:\n- planners\n",
    ],
)
def test_an_audience_with_a_mistake_in_it_is_not_lost(parse: Any, text: str) -> None:
    """So that nobody sees the document, and `briefing-bot check` names it."""
    assert parse("a.md", text + TEXT).metadata.get("audience") == "?"


@pytest.mark.parametrize(
    "text",
    [
        "# Audience",
        "# Audience: planners",
        "# Audience\n\n---\n\nAudience members were asked about the plan and its costs.",
        "# Plan\n\nAudience: planners",
        "# Plan\n\n**Audience:** planners\n\n---\n\nThe plan.",
        "Audience\n========",
        "Audience\n---",
        "Audience: a study\n========",
        "Audience: a study\n-----------------",
        "Audience",
        "Audience members were asked about the plan.",
        "Audience members\n\nThey were asked.",
        "Audience planners",
        "Audience, planners and press: all were there.",
        "Audience's share: a half",
        "Audience-level: beginners",
        "Audience: this paper is for all who plan, and for all those who have to pay for it.",
        "The audience: planners",
        "An introduction.\n\nAudience: planners",
        "Its target\naudience: planners",
        "- An item of some length, as it stands in a list that begins a document\n- Audience: x",
        "".join(f"- item {n}\n" for n in range(20)) + "- Audience: planners",
        "---\nJust words\n---\naudience",
        "---\nAudience members were asked about the plan.\n---\nMore.",
        "---\n\nAn introduction.\n\nAudience: planners",
        "---\ntitle: x\n\n# A heading\n\nAudience: planners",
        "---\ntitle: Audience\n---\n# Audience",
        "---\ntitle: 'Audience: planners'\n---",
        "---\n# audience: planners\ntitle: x\n---",
        "---\ntarget_audience: planners\naudience_size: 4\naudience-level: 2\nAudience of: 4\n---",
        "---\ntags: [audience, planners]\n---",
        "---\ntitle: x\n---\nAudience members were asked about the plan.",
        "---\ntitle: x\n---\n\n# Audience: planners",
    ],
)
def test_a_text_on_an_audience_is_no_field(parse: Any, text: str) -> None:
    assert "audience" not in parse("a.md", text + "\n" + TEXT).metadata


def test_where_it_is_understood_nothing_else_counts(parse: Any) -> None:
    text = "---\naudience: planners\nmeta: {audience: x}\naudiences: y\n---\nAudience: z\n"
    assert parse("a.md", text).metadata["audience"] == "planners"


def test_an_audience_deep_in_aliases(parse: Any) -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    lines += ["b: [*a39, {audience: planners}]"]
    text = "---\n" + "\n".join(lines) + "\n---\nwords"
    assert parse("a.md", text).metadata["audience"] == "?"


def test_a_heading_of_many_line_breaks_takes_no_time() -> None:
    text = "Aims" + "\n>" * 400 + " \n" * 400
    assert heading_words(text) == "Aims" + " >" * 400
    assert heading_words("Aims\n> ===\n") == "Aims"


def test_ends_of_labels_are_looked_for_only_where_one_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each search goes to the end of its paragraph, so that one from each word takes its square."""
    searched = list[int]()
    search = markdown_it.helpers.parseLinkLabel

    def counted(state: Any, start: int, *rest: bool) -> int:
        searched.append(start)
        return search(state, start, *rest)

    monkeypatch.setattr(markdown_it.helpers, "parseLinkLabel", counted)
    text = "The *ferry*: at nine! " * 100 + "[a](b)"
    document = parse_bytes(text.encode(), "a.md", ".md", limits=ParsingLimits())
    assert [style.text for style in document.styles if style.kind is StyleKind.LINK] == ["b"]
    assert set(searched) == {text.index("[")}


@pytest.mark.parametrize("text", ["```\nfoo  ", "a\n\n> ```\n> x  \n", "a\n```\nfoo\n  \n   "])
def test_a_fence_that_is_never_closed_may_end_in_blanks(parse: Any, text: str) -> None:
    document = parse("a.md", text)
    assert all(style.span.start < style.span.end for style in document.styles)
