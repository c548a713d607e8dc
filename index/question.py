"""What may be asked: the checks that every question passes first."""

from __future__ import annotations

import unicodedata

from index.errors import BadQuestion

LONGEST_QUESTION = 2_000
"""Characters; Discord's own limit for a message."""


def checked(question: str) -> str:
    """Return the question without white space at its ends. Raises BadQuestion."""
    # Half of a surrogate pair, as a truncated emoji leaves it, is no text to a tokenizer.
    question = question.encode("utf-8", "replace").decode().strip()
    if not question:
        raise BadQuestion("The question is empty. Ask in a few words, or in a sentence.")
    if len(question) > LONGEST_QUESTION:
        raise BadQuestion(
            f"The question has {len(question):,} characters; {LONGEST_QUESTION:,} is the most. "
            "Ask for one thing at a time."
        )
    if not any(unicodedata.category(character)[0] in "LN" for character in question):
        raise BadQuestion("The question has no letter and no digit in it. Ask in words.")
    return question
