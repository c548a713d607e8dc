"""How a clause says something: affirmed or denied, demanded or allowed, and of which time."""

from __future__ import annotations

import re

_NEGATED = re.compile(
    r"\b(?:not|never|no|cannot|without|neither|nor|none|nobody|nothing)\b|n['’]t\b", re.IGNORECASE
)
_NOT_NEGATED = re.compile(
    r"\bno\.\s?\d|\bnot only\b|\bno (?:later|earlier|more|less|fewer|longer|doubt|matter)\b"
    r"|\bnot (?:later|earlier|more|less|fewer|all|every|exceed(?:ing)?|yet|just|least|always)\b"
    r"|\bwhether or not\b|\bif not\b|\bnot applicable\b|\bdo not forget\b|\bnot to exceed\b",
    re.IGNORECASE,
)
OPPOSITES = {
    negative: positive
    for pair in (
        "closed:open forbidden:allow prohibited:allow banned:allow disallowed:allow"
        " optional:mandatory voluntary:mandatory impossible:possible unavailable:available"
        " excluded:included disabled:enabled invalid:valid unsafe:safe absent:present"
        " inactive:active illegal:legal unlocked:locked off:on unpaid:paid unsigned:signed"
        " incomplete:complete unnecessary:require exempt:require unlimited:limited"
        " uninsured:insured unlawful:legal denied:granted rejected:accepted dry:wet empty:full"
        " unheated:heated unmanned:staffed"
    ).split()
    for negative, _, positive in [pair.partition(":")]
}
_PERMITS = re.compile(
    r"\b(?:may|can|might|could|need not|do(?:es)? not (?:have|need) to|optional)\b"
)
_NEED_NOT = re.compile(
    r"\b(?:need not|needn['’]t|do(?:es)?(?: not|n['’]t) (?:have|need) to|not (?:required|mandatory"
    r"|obligatory|compulsory|necessary)|optional|voluntary)\b",
    re.IGNORECASE,
)
_MUST = re.compile(
    r"\b(?:must|shall|ha(?:s|ve) to|required|mandatory|obligatory|compulsory|needs? to)\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(r"\b(?:will|shall|going to|is to|are to|would)\b", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:was|were|had|did|took|cost|paid|spent|rose|fell|held|met|left|came|went|bought|sold|built"
    r"|sent|became|began|got|gave|made|ran|grew|led|lost|won|found|saw|used|[a-z]{3,}(?<!e)ed)\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"\b(?:is|are|has|have|does|do|must|may|can|cannot|needs?|costs|takes|holds|opens|closes|starts|ends"
    r"|lasts|runs|leaves|arrives|begins|pays|gets|works|employs|weighs|includes|contains|should|be)\b",
    re.IGNORECASE,
)
VERB = re.compile(rf"{_FUTURE.pattern}|{_PRESENT.pattern}|{_PAST.pattern}", re.IGNORECASE)


def denies(text: str) -> bool:
    """Return whether a clause denies what it says; twice is not at all."""
    plain = _NOT_NEGATED.sub(" ", text)
    return len(_NEGATED.findall(plain)) % 2 == 1


def duty_in(text: str) -> str:
    """Return "must", "may" or "need not"; empty where nothing is demanded or allowed."""
    if _NEED_NOT.search(text):
        return "need not"
    if _MUST.search(text):
        return "must"
    return "may" if _PERMITS.search(text) else ""


def tense_of(text: str) -> str:
    """Return "past", "present" or "future"; empty where no verb is known."""
    if _FUTURE.search(text):
        return "future"
    if re.search(r"\b(?:was|were|had|did)\b", text):
        return "past"
    if _PRESENT.search(text):
        return "present"
    return "past" if _PAST.search(text) else ""
