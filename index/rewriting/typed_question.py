"""A question as it was typed, beside its conversation: what all rules for follow-ups look at."""

from __future__ import annotations

import re

from index.rewriting.english import PREPOSITION
from index.rewriting.phrases import parse_question
from index.rewriting.reactions import unreacted
from index.rewriting.tokens import lowered, mended, unended
from index.rewriting.turns import Conversation, FollowUpKind, Rewritten

_LEAD = re.compile(
    r"^(?:(?:and|but|so|also|then|plus)\b(?!\s+far\b)[\s,:;.…–—-]*"
    r"|(?:ok|okay|thanks|thank you|great|good|well|hm+|yes|no|right|i see|now|by the way|sorry)"
    r"\s*[,.!;:…–—-]+\s*)+",
    re.I,
)
_ABOUT = re.compile(
    r"^(?:what|how)\s+about\s+|^what\s+of\s+"
    r"|^(?:is\s+(?:it|that)\s+)?(?:the\s+)?same\s+(?:for|with)\s+",
    re.I,
)
_TRAILING = re.compile(
    r"(?:(?<![\s,])(?:[\s,]+(?:then|please|though|tho|instead|too|as well|exactly|precisely))+)?"
    r"(?<![\s?!.…])[\s?!.…]*$",
    re.I,
)
_WHY = re.compile(
    r"^(?:why|how come|how so|what for|for what reason|(?:what(?:['’]s| is| was) )?the reason)"
    r"(?:(?:['’]s| is| was| are| were| do| does) (?:that|this|it|they|so))?"
    r"(?: (?:so|the case|that))?$",
    re.I,
)
_THE_ONE = re.compile(rf"^the ones? (?=(?:{'|'.join(sorted(PREPOSITION))})\s)", re.I)

_OTHER = re.compile(r"\b(?:(?:the|any) others?|another)\b", re.I)


class TypedQuestion:
    """A question without what leads to it, and its conversation.

    `text` lacks the "and" or "thanks," before it, and `bare` also a "what about" and the "then"
    after it; `led` says that something of this stood before.
    """

    def __init__(self, question: str, conversation: Conversation) -> None:
        self.question = question
        self.conversation = conversation
        self.stated = conversation.cased(mended(unreacted(question.strip())))
        text = self.stated
        lead = _LEAD.match(text)
        self.text = text[lead.end() :] if lead else text
        about = _ABOUT.match(self.text)
        self.led = bool(lead or about)
        self.asked_about = bool(about)
        self.bare = _THE_ONE.sub("", _TRAILING.sub("", self.text[about.end() if about else 0 :]))
        self.bare = conversation.the_other(self.bare)
        if _WHY.match(self.bare):
            self.bare = "why"
        self.parsed = parse_question(self.text)
        self.parsed_fragment = parse_question(self.bare)

    def prefixed(self) -> Rewritten | None:
        """Put the topic before the question, for a reference that could not be resolved."""
        topic = self.conversation.topic()
        if topic is None:
            question = unended(self.conversation.last.text)
            return self.carrying(f"{question}, and {lowered(self.text)}", question)
        return self.carrying(f"About {topic}: {lowered(self.text)}", topic)

    @property
    def asks(self) -> bool:
        """Whether it ends with a question mark."""
        return self.question.rstrip().endswith("?")

    def carrying(self, text: str, *carried: str) -> Rewritten:
        """Return a question with words of the conversation, a question where it is one."""
        text = text.rstrip()
        if not text.endswith(("?", "!", ".")) and (
            self.asks or (self.led and self.conversation.last.text.rstrip().endswith("?"))
        ):
            text += "?"
        is_other = _OTHER.search(self.question) is not None and _OTHER.search(text) is not None
        return Rewritten(text, tuple(carried), FollowUpKind.OTHER if is_other else FollowUpKind.ON)
