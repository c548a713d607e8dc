"""Everything that the bot may say in its own words has words."""

from __future__ import annotations

import pytest

from bot import replies
from bot.replies import Where, reply_text
from index.answering.answer import Reply, Says


def test_every_reply_has_its_words() -> None:
    assert set(replies._TEXTS) == set(Says)


@pytest.mark.parametrize(
    ("says", "where", "begins", "names_help"),
    [
        (Says.GREETING, Where.DISCORD, "Hello!", "`/help`"),
        (Says.GREETING, Where.TERMINAL, "Hello!", "briefing-bot --help"),
        (Says.THANKS, Where.DISCORD, "You are welcome.", ""),
        (Says.FAREWELL, Where.DISCORD, "Goodbye!", ""),
        (Says.AGREEMENT, Where.DISCORD, "Good.", ""),
        (Says.APOLOGY, Where.DISCORD, "Sorry", "`/help`"),
        (Says.HELP, Where.DISCORD, "Ask me a question", "`/help`"),
        (Says.WHO, Where.TERMINAL, "I am Briefing Bot.", "briefing-bot --help"),
        (Says.HOW, Where.DISCORD, "I look for the passages", "`/help`"),
    ],
)
def test_small_talk(says: Says, where: Where, begins: str, names_help: str) -> None:
    text = reply_text(Reply(says), where=where)
    assert text.startswith(begins)
    assert names_help in text
    assert ("help" in text.lower().replace("did not help", "")) is bool(names_help)


@pytest.fixture
def template(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {Says.WHO: "{n} in {titles}: {help}", Says.HOW: lambda values: f"{values['n']}!"}
    monkeypatch.setattr(replies, "_TEXTS", texts)


@pytest.mark.usefixtures("template")
def test_values_are_made_ready_to_be_shown() -> None:
    reply = Reply(Says.WHO, {"n": 2, "titles": ("A\nplan", "b")})
    assert reply_text(reply, where=Where.DISCORD) == "2 in A␤plan, b: `/help`"
    shouted = reply_text(reply, where=Where.TERMINAL, shown=str.upper)
    assert shouted == "2 in A\nPLAN, B: briefing-bot --help"
    assert reply_text(Reply(Says.HOW, {"n": 2}), where=Where.DISCORD) == "2!"
