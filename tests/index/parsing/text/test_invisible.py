from __future__ import annotations

from typing import Any

import pytest

TORN = "The har\u00adbour fer\u200bry takes thir\u2060ty"
WHOLE = "The harbour ferry takes thirty"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", TORN),
        ("a.html", f"<p>{TORN}"),
        ("a.html", "<p>The har&shy;bour fer<wbr>ry takes thir&#8203;ty"),
        ("a.csv", f"{TORN}\n"),
        ("a.eml", f"Subject: \nContent-Type: text/plain; charset=utf-8\n\n{TORN}"),
    ],
)
def test_words_are_not_torn_by_what_is_not_seen(parse: Any, name: str, content: str) -> None:
    assert parse(name, content).text == WHOLE


def test_joiners_that_shape_letters_stay(parse: Any) -> None:
    text = "می\u200cخواهم 👩\u200d🔧"
    assert parse("a.html", f"<p>{text}").text == text
