"""Tells reactions to an answer from questions: doubt, rejection, a wish for more, a correction.

"Are you sure?" and "no, the other depot" say nothing without the question before them. Each
pattern covers the whole of what was typed, so that a question which only begins like one is none.
"""

from __future__ import annotations

import re

_END = r"[\s?!.…]*$"
_THAT = r"(?:that|this|it|these|those|they)"
_IS = r"(?:['’]?s| is| was|['’]?re| are| were)"
_ISNT = rf"(?:{_IS} not|{_IS}n['’]?t|['’]s not)"
_ABOUT_THAT = rf"(?: (?:about|of|on) {_THAT})?"

_DOUBT = re.compile(
    rf"^(?:(?:but|and|hm+|wait|ok|okay|so)[\s,.…]+)*(?:(?:are|r) (?:you|u) (?:\w+ly |quite )?"
    rf"(?:sure|certain|serious|positive){_ABOUT_THAT}|(?:you|u) sure{_ABOUT_THAT}"
    rf"|(?:is|was) {_THAT} (?:\w+ly )?(?:right|correct|true|so|accurate)"
    rf"|how (?:sure|certain) are (?:you|u){_ABOUT_THAT}|says who|who says(?: so)?"
    rf"|how do (?:you|u) know{_ABOUT_THAT}|where (?:does|did) (?:it|that|this) say(?: {_THAT}| so)?"
    rf"|where{_IS} {_THAT} (?:written|stated|from|said)|where do(?:es)? {_THAT} come from"
    rf"|(?:the )?sources?|which (?:document|page|source|file)"
    rf"(?:{_IS} {_THAT}(?: from| in)?| sa(?:ys|id) (?:{_THAT}|so))?"
    rf"|according to (?:who|whom|what))(?: (?:though|then))?{_END}",
    re.I,
)
_DOUBT_ASKED = re.compile(
    rf"^(?:but |oh )?(?:sure|certain|really|seriously|honestly|for real|true|correct|is it"
    rf"|{_THAT}{_IS} (?:right|correct|true))\s*\?[\s?!]*$",
    re.I,
)
_WISHES = (
    r"(?:asked|asking|ask|meant|mean|wanted|want|needed|need|looking|look|was asking|am asking"
    r"|was looking|am looking|wanted to know|want to know)(?: for| about)?"
)
_I_ASKED = rf"what (?:i|we)(?:['’]m| am)? {_WISHES}"
_REJECTION = (
    rf"(?:(?:no|nope|nah|sorry|but|hm+)[\s,.!…]+)*(?:"
    rf"(?:{_THAT}{_IS} |^)(?:\w+ly )?(?:wrong|incorrect|false|nonsense|useless|irrelevant"
    rf"|off topic)(?: (?:answer|one|document|place|thing))?"
    rf"|(?:{_THAT}{_ISNT} |^not )(?:\w+ly )?(?:right|correct|true|helpful|useful|relevant"
    rf"|(?:it|that)|the (?:right )?answer(?: to (?:my|the) question)?|an answer|my question"
    rf"|{_I_ASKED})|{_THAT} (?:does|did)(?: not|n['’]?t) (?:really )?(?:answer|help)(?: me)?"
    rf"(?: (?:my|the) question| {_THAT})?"
    rf"|(?:you|u) (?:have )?(?:misunderstood|got (?:me|it|that) wrong)"
    rf"(?: (?:me|it|that|my question|the question))?"
    rf"|try again|(?:show|give) me (?:something|anything) else"
    rf")(?: (?:at all|though|either))?"
)
_REJECTED = re.compile(rf"^{_REJECTION}{_END}", re.I)
_REJECTED_FIRST = re.compile(rf"^{_REJECTION}\s*[.,!;:…–—-]+\s*(?=\w)", re.I)

_DETAILS = r"(?:\s+(?:details?|info|information|context|text|please|pls))*"
_MORE_DETAILS = re.compile(
    rf"^(?:(?:and|ok|okay|please|pls|yes)[\s,]+)*(?:"
    rf"(?:(?:can|could|would|will) you\s+)?(?:please\s+)?(?:tell|give|show)(?:\s+(?:me|us))?"
    rf"\s+(?:some\s+|a bit\s+|a little\s+)?more{_DETAILS}"
    rf"|(?:some\s+|any\s+)?more{_DETAILS}|(?:further|more|any)\s+details"
    rf"|(?:give (?:me|us) )?(?:an example|(?:some |any )?examples|(?:for )?example)"
    rf"|go on|continue|carry on|keep (?:going|reading)|read on|next"
    rf"|(?:show|read|give)(?:\s+(?:me|us))?\s+(?:the rest|the next (?:one|part)|what follows)"
    rf"|(?:what(?:['’]?s| is|\s+about)?\s+)?the rest"
    rf"|(?:(?:can|could) you\s+)?(?:please\s+)?(?:elaborate|explain|expand)"
    rf"(?:\s+(?:on\s+{_THAT}|{_THAT}))?(?:\s+(?:more|further|again))?"
    rf"|(?:is there\s+|was there\s+)?(?:anything|something)\s+(?:else|more)|what\s+else"
    rf"|is {_THAT} (?:all|everything|it)|and then(?: what)?|then what|(?:and )?after (?:that|this)"
    rf"|what (?:happens|happened|comes|came|follows|is) (?:next|then|afterwards?|after that)"
    rf"|(?:where|what) does (?:it|that|this) (?:continue|go on)"
    rf")(?:\s+(?:please|pls|then|on|about\s+{_THAT}|of\s+{_THAT}|on\s+{_THAT}))*{_END}",
    re.I,
)
_GOING_ON = re.compile(
    r"^(?:(?:tell|give|show) (?:me|us) (?:(?:some |a bit )?more|an example|(?:some )?examples)"
    r"|(?:is there )?(?:any|some)thing (?:else|more)|what else|(?:some )?more|further details)\b"
    r".* (?:about|of) ",
    re.I,
)

_TALK = re.compile(
    r"^(?:(?:ok(?:ay)?|thanks?|thank (?:you|u)|thx|ty|cheers|great|good|nice|perfect|cool|super"
    r"|got it|i see|understood|right|yes|yeah|yep|alright|fine|awesome|hi|hello|hey|bye"
    r"|good (?:morning|afternoon|evening)|very much|so much|a lot|for (?:that|this|the help))"
    r"[\s,.!]*)+$",
    re.I,
)

_SLIP = r"(?:no+|nope|nah|sorry|oops|ups|wait|ah|oh|actually|well|hm+|my bad|pardon|i|correction)"
_CORRECTION = re.compile(
    rf"^(?:(?:{_SLIP})[\s,.!…:–—-]+)*(?:i(?:['’]m| am| was|['’]ve| have)?\s+"
    rf"(?:meant|mean|said|asked|asking|talking|talked|should have said|wanted)(?:\s+(?:to (?:say"
    rf"|ask|know)|about))*|make (?:that|it)|or rather|rather)\b"
    rf"(?!\s+(?:that|it|this)\b)[\s,:–—-]*(?=\w)",
    re.I,
)
_SLIPPED = re.compile(
    r"^(?:(?:no+|nope|nah|sorry|oops|ups|wait|actually|pardon|my bad|correction)"
    r"(?:\s*[,.!…:–—-]+\s*|\s+(?=(?:in|on|at|for|the|not|of)\b)))+(?=\w)",
    re.I,
)
_MEANING = re.compile(
    r"""^(?:(?:no|sorry|well|but)[\s,.!…–—-]+)*(?:when i (?:say|said|write|wrote)|by|with) """
    r"""["“'‘](?P<said>[^"”'’]+?)[,.]?["”'’],? """
    r"""i(?:['’]m| am| was)? (?:mean|meant|meaning|referring to|refer to|talking about)"""
    r""" (?P<meant>[^,;.?!]+)""",
    re.I,
)
_CIRCUMSTANCE = re.compile(
    r"^(?:(?:ok|okay|well|so|and|but)[\s,.]+)*(?:i(?:['’]m| am)|we(?:['’]re| are)|it(?:['’]s| is))"
    r" (?P<where>(?:in|at|on|from|under|over|with|without|near) [^,;.?!]+)[.!…]*$",
    re.I,
)
_PART = r"[^,;.?!]+?"
_CONTRASTS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"^not (?P<old>{_PART})(?:\s*[,;.–—]\s*(?:but )?|\s+but )(?P<new>{_PART}){_END}",
        rf"^(?P<new>{_PART})(?:\s*[,;])?\s+(?:and )?(?:not|instead of|rather than)"
        rf" (?P<old>{_PART}){_END}",
    )
)


def is_talk(text: str) -> bool:
    """Return whether the text is only a greeting, thanks or agreement."""
    return bool(_TALK.match(text.strip()))


def doubts(text: str) -> bool:
    """Return whether the text asks if the answer is right: "are you sure?", "really?"."""
    return bool(_DOUBT.match(text) or _DOUBT_ASKED.match(text))


def rejects(text: str) -> bool:
    """Return whether the text only says that the answer is none: "that's wrong"."""
    return bool(_REJECTED.match(text))


def wants_more(text: str) -> bool:
    """Return whether the text asks for what comes next: "tell me more", "go on"."""
    return bool(_MORE_DETAILS.match(text))


def goes_on(question: str) -> bool:
    """Return whether an earlier question, as rewritten, only asked for more."""
    return bool(_GOING_ON.match(question))


def unreacted(text: str) -> str:
    """Return what follows a rejection: the question in "that's not it. How many came?"."""
    rejected = _REJECTED_FIRST.match(text)
    return text[rejected.end() :] if rejected else text


def corrected_question(text: str) -> str:
    """Return what follows "I meant", "sorry" or "no"; "" where the text does not begin so."""
    found = _CORRECTION.match(text) or _SLIPPED.match(text)
    return text[found.end() :] if found else ""


def meaning(text: str) -> tuple[str, str] | None:
    """Return a word and what is meant by it: 'when I say "America", I mean the continent'."""
    found = _MEANING.match(" ".join(text.split()))
    return (found["said"], found["meant"]) if found else None


def circumstance(text: str) -> str:
    """Return what somebody says of their own case: "in Oslo" of "I am in Oslo."; else ""."""
    found = _CIRCUMSTANCE.match(text.strip())
    return found["where"] if found else ""


def contrasted(text: str) -> tuple[str, str] | None:
    """Return what is meant and what is not: "Bergen" and "Oslo" of "not Oslo, Bergen"."""
    text = " ".join(text.split())
    found = next((match for each in _CONTRASTS if (match := each.match(text))), None)
    return (found["new"], found["old"]) if found else None
