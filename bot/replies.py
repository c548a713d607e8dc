"""What the bot says in its own words: the text of each reply that the engine chooses."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import TypeAlias

from bot.localization import _
from bot.text import visible_line
from index.answering.answer import Reply, Says

__all__ = ["Where", "reply_text"]


class Where(enum.StrEnum):
    """Where people read the reply: the help has another name there."""

    DISCORD = "`/help`"
    TERMINAL = "briefing-bot --help"


_Values: TypeAlias = Mapping[str, str | int]
"""What a text names, ready to be shown; `help` says where the help is."""

_TEXTS: Mapping[Says, str | Callable[[_Values], str]] = {
    # A text with the values of the reply in it; a function where a number changes the words.
    Says.GREETING: _("Hello! Ask me anything that the documents may say; {help} shows how."),
    Says.THANKS: _("You are welcome."),
    Says.FAREWELL: _("Goodbye! I am here when you need something from the documents."),
    Says.AGREEMENT: _("Good. Ask on whenever you like."),
    Says.APOLOGY: _(
        "Sorry that this did not help. Other words may find more, and {help} shows what else you "
        "can try."
    ),
    Says.HELP: _(
        "Ask me a question in your own words, and I look for the passages in the documents that "
        "answer it. I can also list the documents, sum one up, and read its tables. {help} shows "
        "all that I can do."
    ),
    Says.WHO: _(
        "I am Briefing Bot. I answer questions from the documents of this team, word for word, and "
        "say where each passage stands. {help} shows what I can do."
    ),
    Says.HOW: _(
        "I look for the passages that are nearest to your question, weigh each sentence, and show "
        "you the best ones exactly as they stand in the documents, with their source. I write no "
        "text of my own about them, and nothing that you ask leaves this machine. {help} shows "
        "what I can do."
    ),
}


def reply_text(reply: Reply, *, where: Where, shown: Callable[[str], str] = visible_line) -> str:
    """Return the words of a reply; `shown` makes each value, such as a title, ready for `where`."""
    values: dict[str, str | int] = {"help": where.value}
    for name, value in reply.values.items():
        if isinstance(value, int):
            values[name] = value
        else:
            texts = (value,) if isinstance(value, str) else value
            values[name] = _(", ").join(map(shown, texts))
    text = _TEXTS[reply.says]
    return text.format(**values) if isinstance(text, str) else text(values)
