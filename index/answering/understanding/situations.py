"""What people tell of themselves, as the question that they mean.

"I lost my key, what now?" asks what to do in a case that the documents may name.
"""

from __future__ import annotations

import re

from index.rewriting.english import AUXILIARY, WH, either

__all__ = ["as_situation"]

_DO = (
    r"(?:what (?:(?:do|should|shall|can|must) (?:i|we)(?: (?:need|have) to)? do|to do|now)"
    r"|(?:what|which) steps (?:do|should|shall|can|must) (?:i|we) (?:take|follow)"
    r"|(?:how|where) (?:do|should|can) (?:i|we) (?:get help|(?:fix|solve) (?:it|this|that)))"
)
_ASKED_AFTER = re.compile(rf"[\s,.;:!?…–—-]+(?:and |so |but )?{_DO}(?: now| then)?\W*$", re.I)
_ASKED_BEFORE = re.compile(rf"{_DO}[\s,:;-]+(?=(?:i|we)(?:['’]?m|['’]?re)?\b)", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:(?:so|ok|okay|well|oh no|hi|hello|hey|help|what if)\b[\s,!.]*){1,3}", re.I
)
_MISHAP = (
    r"(?:lost|forgot|forgotten|broke|missed|damaged|dropped|spilled|spilt|burnt|burned|cut|hurt"
    r"|scalded|scratched|dented|left)"
)
_TOLD = re.compile(
    r"(?:(?:i|we) (?:am|are)|i['’]?m|we['’]re) (?:going to be |feeling |really |too )?"
    r"(?:ill|sick(?! of\b)|unwell|injured|hurt|late|running late|delayed|stuck|locked out|pregnant"
    r"|lost|stranded)\b.*"
    r"|(?:i|we) (?:can['’]?t|cannot|can not|won['’]t be able to|(?:am|are) not able to)"
    r" (?!find (?:it|that|anything)\b|(?:believe|remember|tell|say|see)\b)\w.*"
    rf"|(?:i|we)(?:['’]?ve| have)? (?:just )?{_MISHAP} (?!to\b|about\b|that\b)\w.*"
    rf"|{_MISHAP} (?:my|our|the|an?) \w.*"
    r"|(?:(?:i|we) )?(?:got|been|was)"
    r" (?:bitten|stung|hurt|injured|robbed|stuck|sick|burnt|burned|cut)\b.*",
    re.IGNORECASE,
)
"""What nobody says of themselves who does not want to know what to do."""
_MOST_CHARACTERS = 120
_LONGEST = 14
"""Words: whoever tells a story asks about the rest of it."""
_ELSE = re.compile(rf"\b{either(WH)}\b|[?.!;]\s*\w|\b(?:19|20)\d\d\b", re.IGNORECASE)
"""Another question, another sentence, or a year, in which it happened."""
_ASKS_ITSELF = re.compile(
    rf"[,;] *(?:and |but |so )?(?:right|correct|true|(?:{either(AUXILIARY)})(?:n?['’]?t)?)\b"
    r"|\b(?:can['’]?t|cannot|can not)\b[^?]*\?",
    re.IGNORECASE,
)
"""Questions to be answered by yes or no: "We can't smoke here, can we?"."""
_TIME = re.compile(
    r"\s+(?:today|tomorrow|tonight|now|this (?:morning|afternoon|evening|week))$", re.IGNORECASE
)
_ADDRESSED = (
    (re.compile(rf"^(?={_MISHAP}\b)", re.I), "you "),
    (re.compile(r"^(?:(?:i|we) )?(?:got|been|was)\b(?= \w+(?:ed|en|t|ck|ng)\b)", re.I), "you are"),
    (re.compile(r"\b(?:i am|i['’]?m|we are|we['’]re)\b", re.IGNORECASE), "you are"),
    (re.compile(r"\b(?:i have|i['’]?ve|we have|we['’]ve)\b", re.IGNORECASE), "you have"),
    (re.compile(r"\b(?:can['’]?t|can not)\b", re.IGNORECASE), "cannot"),
    (re.compile(r"\b(?:i|we|me|us)\b", re.IGNORECASE), "you"),
    (re.compile(r"\b(?:my|our)\b", re.IGNORECASE), "your"),
)
"""What somebody says of themselves, as it is said to them."""


def as_situation(text: str) -> str | None:
    """Return the question what to do in a situation, for one that is only told; else None."""
    told = text.strip()
    if len(told) > _MOST_CHARACTERS:
        return None
    if opening := _OPENING.match(told):
        told = told[opening.end() :]
    asking = _ASKED_AFTER.search(told)
    if asking:
        told = told[: asking.start()]
    elif asking := _ASKED_BEFORE.match(told):
        told = told[asking.end() :]
    told = told.strip(" \t,.;:!?…–—-")
    if not told or len(told.split()) > _LONGEST or _ELSE.search(told):
        return None
    if not asking and (_ASKS_ITSELF.search(text) or not _TOLD.fullmatch(told)):
        return None
    told = _TIME.sub("", told)
    for own, addressed in _ADDRESSED:
        told = own.sub(addressed, told)
    return f"What to do if {told}?"
