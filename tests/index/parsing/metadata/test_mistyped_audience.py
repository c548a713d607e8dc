"""Keys that may have been meant as the audience close a document, and are named."""

from __future__ import annotations

from typing import Any

import pytest

from index.parsing.metadata.mistyped_audience import audience_mistake, other_word

TEXT = "\n\n# Heading\n\nText of it.\n"


@pytest.mark.parametrize(
    "key",
    [
        *("audiance", "audence", "audienc", "audeince", "auidence", "audianse", "Audince"),
        *("audince", "audiencee", "adience", "audienz", "audiens", "aud1ence", "aud-ience"),
        *("audience_", "_audience", "audienses", "AUDIANCE", "'audiance'", "- audiance"),
        *(
            "\u0430udience",
            "aud\u03b9ence",
            "audienc\u0435",
            "\u0430\u03c5\u0501\u0456\u0435\u03bd\u0441\u0435",
        ),
        *("audi\u180eence", "audi\u2061ence", "audi\u034fence", "audi\u3164ence", "audi\u0301ence"),
    ],
)
def test_it_is_closed_and_named(parse: Any, key: str) -> None:
    for text in (
        f"---\ntitle: x\n{key}: planners\n---{TEXT}",
        f"---\naudience: open\n{key}: planners\n---{TEXT}",
        f"---\ntitle: x\n{key}: planners\n{TEXT}",
        f"{key}: planners\n{TEXT}",
    ):
        document = parse("a.md", text)
        assert document.metadata["audience"] == "?", text
        assert "nobody may see it" in " ".join(document.remarks), text


def test_the_remark_says_what_is_meant() -> None:
    assert audience_mistake(f"---\naudiance: planners\n---{TEXT}") == (
        "Its front matter says 'audiance', which may mean 'audience'; where there is a policy, "
        "nobody may see it until that is corrected."
    )
    assert "'\\u0430udience', which may mean" in audience_mistake(
        f"---\n\u0430udience: planners\n---{TEXT}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "---\naudience: planners\naudience: open\n---",
        "---\nAudience: planners\ntitle: x\naudience: open\n---",
        "---\n'audience': planners\naudience: open\n---",
        "---\n{audience: planners, title: x, audience: open}\n---",
        "---\n  audience: planners\n  audience: open\n---",
        '{"audience": "planners", "audience": "open"}',
        '{\n "audience": "planners",\n "audience": "open"\n}',
    ],
)
def test_a_doubled_key_is_closed_and_named(parse: Any, text: str) -> None:
    document = parse("a.md", text + TEXT)
    assert document.metadata["audience"] == "?"
    assert "more than once" in document.remarks[0]


@pytest.mark.parametrize(
    "text",
    [
        "---\naudience: planners\n---",
        "---\naudience: planners\naudiences: x\nmeta:\n  audience: y\n---",
        "---\nambience: quiet\nevidence: much\nscience: 1\nradiance: 2\naudit: 3\naudio: x\n---",
        "---\ntarget_audience: x\naudience-level: 2\nprudence: 1\nobedience: 2\ncadence: 3\n---",
        "---\ntitle: an audiance of ten\n# audiance: x\n---",
        "---\ntitle: x\n---\n\nThe audiance: it was there.",
        "# Audiance: planners",
        "The text.\n\naudiance: planners",
    ],
)
def test_what_is_no_mistake(text: str) -> None:
    assert audience_mistake(text + TEXT) == ""


def test_no_line_takes_long() -> None:
    for line in ("{," * 400, " " * 5_000 + "x", "a b " * 2_000, "a-.-" * 2_000 + ":", "a: " * 900):
        text = "---\n" + f"{line}\n" * 200 + "audiance: planners\n---" + TEXT
        assert "audiance" in audience_mistake(text)


@pytest.mark.parametrize(
    "key",
    [
        *("access", "Readers", "restricted_to", "visible-to", "målgruppe", "Zielgruppe"),
        *("target_audience", "audience-list", "for audience"),
    ],
)
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_another_word_is_named_and_closes_nothing(parse: Any, name: str, key: str) -> None:
    document = parse(name, f"---\ntitle: x\n{key}: planners\n---{TEXT}")
    assert "audience" not in document.metadata
    assert f"says {key!a}, which decides nothing" in " ".join(document.remarks)
    closed = parse("a.md", f"---\naudience: staff\n{key}: planners\n---{TEXT}")
    assert "decides nothing" not in " ".join(closed.remarks)


def test_what_says_nothing_of_who_may_see_it() -> None:
    for fields in ("title: Access to the roof\nauthor: x", "accessories: bolts", "meta:\n- access"):
        assert other_word(f"---\n{fields}\n---{TEXT}") == ""
    assert other_word(f"Access: by the north gate.{TEXT}") == ""
