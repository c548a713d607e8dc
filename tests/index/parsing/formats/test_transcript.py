from __future__ import annotations

from typing import Any

import pytest

from index.parsing.limits import ParsingLimits
from index.parsing.options import HiddenContent, ParsingOptions
from index.parsing.parser import parse_bytes

MEETING = """WEBVTT - Meeting
Kind: captions

NOTE written by
a machine

STYLE
::cue { color: red }

1
00:00:01.000 --> 00:00:04.000 align:start
<v Kari Nordmann>The crane lifts</v>

2
00:00:04.000 --> 00:00:06.000
<v Kari Nordmann>32 tonnes &amp; no more.</v>

b7d8-id
01:07.000 --> 01:08.500
<v Ola>Since <i>when</i>?</v>

00:02:09.000 --> 00:02:10.000
- Pia Moe: Since May.
- Ola: Note: it is 1:2.
"""


def test_turns_of_speakers(parse: Any) -> None:
    document = parse("board_meeting.vtt", MEETING)
    assert document.text.split("\n\n") == [
        "00:00:01 Kari Nordmann: The crane lifts 32 tonnes & no more.",
        "00:01:07 Ola: Since when?",
        "00:02:09 Pia Moe: Since May.",
        "00:02:09 Ola: Note: it is 1:2.",
    ]
    assert document.title == "board meeting"
    assert document.has_hidden


def test_notes_are_read_where_that_is_set(sound: Any) -> None:
    options = ParsingOptions(hidden=frozenset({HiddenContent.COMMENTS}))
    document = parse_bytes(
        MEETING.encode(), "a.vtt", ".vtt", limits=ParsingLimits(), options=options
    )
    sound(document)
    assert document.blocks[-1].origin == "comment"
    assert document.text.endswith("\n\nwritten by\na machine")


@pytest.mark.parametrize(
    ("content", "stored"),
    [
        (
            "1\r\n00:00:01,000 --> 00:00:02,000\r\nThe crane lifts\r\n32\r\n2\r\n"
            "00:00:03,000 --> 00:00:04,000\r\n{\\an8}tonnes.\r\n\r\n3\r\n"
            "00:00:04,000 --> 00:00:05,000\r\ntonnes.\r\nNext.\r\n\r\nAnd more.\r\n",
            "00:00:01 The crane lifts 32 tonnes. Next. And more.",
        ),
        (
            "00:00:01,000 --> 00:00:02,000\nYes.\n\n00:00:05,000 --> 00:00:06,000\nYes.",
            "00:00:01 Yes. Yes.",
        ),
        ("Words without any times.", "Words without any times."),
    ],
)
def test_subtitles(parse: Any, content: str, stored: str) -> None:
    assert parse("a.srt", content).text == stored


def test_a_long_turn_is_divided_behind_a_sentence(parse: Any) -> None:
    cues = "".join(
        f"00:{n // 60:02}:{n % 60:02},000 --> 00:{n // 60:02}:{n % 60:02},900\n"
        f"{'Kari: ' if n == 0 else ''}and sentence {n}{'.' if n % 5 == 4 else ''}\n\n"
        for n in range(100)
    )
    paragraphs = parse("a.srt", cues).text.split("\n\n")
    assert all(one.endswith(".") and " Kari: " in one and len(one) < 800 for one in paragraphs)
    assert len(paragraphs) == 3
