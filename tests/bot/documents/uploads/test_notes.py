"""A message of a chat as a Markdown document: its name, its fields, its lines."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord.rendering.typesetting import typeset
from bot.documents.uploads.file_names import safe_name
from bot.documents.uploads.notes import Note, note_file
from index.document import Span, clip_styles, shift_styles
from index.parsing import ParsingLimits, parse_file
from testing.budget import amount
from testing.discord_client import discord_client

NOTE = Note(
    number=1456074443980800042,
    words="**Launch** moved to 3 May\nPlace: Oslo\n\nBring boots",
    author="Bob",
    at=datetime(2026, 5, 2, 23, 30, tzinfo=UTC),
    source="https://discord.com/channels/1/2/3",
    channel="#general",
)


def test_what_is_written() -> None:
    name, data = note_file(NOTE)
    assert re.fullmatch(r"2026-05-02-launch-moved-to-3-may-[0-9a-z]{12}\.md", name)
    assert data.decode() == (
        '---\ntitle: "Launch moved to 3 May"\ndate: "2026-05-02"\nauthor: "Bob"\n'
        'source: "https://discord.com/channels/1/2/3"\nchannel: "#general"\n---\n\n'
        "**Launch** moved to 3 May  \nPlace: Oslo\n\nBring boots\n"
    )


def test_another_message_has_another_name_and_the_same_one_the_same() -> None:
    names = {note_file(replace(NOTE, number=number))[0] for number in range(10**18, 10**18 + 99)}
    assert len(names) == 99
    assert note_file(NOTE)[0] == note_file(replace(NOTE, words=f"{NOTE.words}!"))[0]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("at <t:1767225600:R> <:wave:123456789>", "at 2026-01-01 00:00 UTC :wave:"),
        ("<t:999999999999:F>", "<t:999999999999:F>"),
        ("```\na\nb\n```\nc", "```\na\nb\n```\nc"),
        ("- a\n- b", "- a  \n- b"),
    ],
)
def test_what_only_a_chat_understands(words: str, shown: str) -> None:
    assert note_file(replace(NOTE, words=words))[1].decode().endswith(f"---\n\n{shown}\n")


@pytest.mark.parametrize(
    "words",
    [
        "Before <!-- the port is closed --> after",
        "Use <name> as <b>bold</b> key, or <script>x</script>",
        "Fish &amp; chips &copy; 2026",
        "`<!-- code -->` and `` a ` <b> `` <i>",
        "a ` b\n\n<!-- x --> c",
        "C:\\Users\\Ann and \\<b> end\\\nnext",
        "```Oslo <b> has no end",
        "~~~\nwaves",
        "Ferries sail\nat noon\n---\nand\n===\n\n   ---\nat night",
        "see ```js\nlet a = <b>\n```and ```one``` more",
    ],
)
def test_no_word_or_sign_is_lost(tmp_path: Path, words: str) -> None:
    """What Discord shows of the message is what it shows of the document."""
    name, data = note_file(replace(NOTE, words=words))
    (tmp_path / name).write_bytes(data)
    document = parse_file(tmp_path / name, name, limits=ParsingLimits())
    body = Span(document.text.index("\n---\n", 4) + 5, len(document.text))
    styles = shift_styles(clip_styles(document.styles, body), -body.start)
    shown = typeset(body.of(document.text), styles)
    seen, written = ("".join(discord_client(one).text.split()) for one in (shown, words))
    assert seen == written


TEXTS = st.text(max_size=60) | st.sampled_from(
    [
        "---\naudience: open\n---",
        'audience: "x"',
        "title: a",
        '"',
        "\\",
        ": #",
        "+++",
        "{}",
        "😀" * 70,
    ]
)


@settings(max_examples=amount(80))
@given(TEXTS, TEXTS, TEXTS)
def test_whatever_is_written_the_fields_are_ours(
    tmp_path_factory: pytest.TempPathFactory, words: str, author: str, channel: str
) -> None:
    """The words of a message cannot name an audience, or another title or date."""
    name, data = note_file(replace(NOTE, words=words, author=author, channel=channel))
    assert safe_name(name) == name
    path: Path = tmp_path_factory.mktemp("note") / name
    path.write_bytes(data)
    document = parse_file(path, name, limits=ParsingLimits())
    assert document.metadata["date"] == "2026-05-02"
    assert document.metadata["source"] == NOTE.source
    assert document.metadata.get("audience") in (None, "?")
