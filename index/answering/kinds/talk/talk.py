"""Small talk, and questions about the bot itself.

A message is talk only if phrases of talk cover all of it, so anything that may be a question about
the documents is none: "who are you?" is talk, and "who are you allowed to call?" is not. Where talk
stands before or after a question, as in "thanks, and what is the per diem?", it is cut off.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from index.answering.answer import QuestionKind, Reply, Says
from index.answering.kinds.talk.phrases import PHRASES, THIS_BOT, TO_THE_END
from index.answering.scope import Findings
from index.rewriting.english import AUXILIARY, IMPERATIVE, WH
from index.text import fold

_FILLERS = frozenset(
    "then so well oh ah um uh hmm hm now again too also very much really just and but please"
    " anyway anyways still my dear sir madam man dude bro mate buddy pal friend friends bot robot"
    " chatbot all everyone everybody folks guys team there ok okay amigo amigos"
    " today yes yeah yep no".split()
)
_ADDRESSED = frozenset("there all everyone everybody team folks guys my dear bot again too".split())
_STANDS_FOR = {
    **dict.fromkeys(("u", "ya", "yu", "yuo"), "you"),
    **{"r": "are", "ur": "your", "pls": "please", "plz": "please", "plss": "please"},
    **{"whos": "who is", "wat": "what", "wht": "what", "wut": "what", "cn": "can", "hw": "how"},
    **{"thnak": "thank", "thak": "thank", "tahnk": "thank", "hlep": "help", "hepl": "help"},
    **{"hwo": "how", "whi": "who", "oyu": "you", "thabks": "thanks", "thansk": "thanks"},
    **{"cu": "see you", "cus": "see you"},
    **{"goodmorning": "good morning", "goodnight": "good night", "gracias": "gracias"},
    **{"gud": "good", "mornin": "morning", "tks": "thanks", "thnaks": "thanks", "alot": "a lot"},
    **{"tahnks": "thanks", "thx": "thanks", "heelo": "hello", "hellow": "hello", "nite": "night"},
}
_ORDER = (
    Says.HELP,
    Says.WHO,
    Says.HOW,
    Says.THANKS,
    Says.FAREWELL,
    Says.APOLOGY,
    Says.NO_MATTER,
    Says.GREETING,
    Says.AGREEMENT,
)
"""Which of several is replied to."""
_SOFTENING = re.compile(r"\b(?:exactly|actually|please|really|just|kindly|even|precisely) ?\b")
_WRAPPING = re.compile(
    r"^(?:(?:can|could|would|will) you )?(?:(?:tell|show|explain to) (?:me|us) )?(?=\w)"
)
_THE_BOT = re.compile(THIS_BOT.replace("|that", "") + r"\b")
_TAG = frozenset("right correct no yes ok okay then".split())
_LONGEST_PHRASE = 14
"""Words."""
_MOST_PIECES = 60
"""Words and marks of a message that may be talk or hold talk."""
_NEVER_ASKED = frozenset({Says.AGREEMENT, Says.FAREWELL})
"""With a "?" behind them they ask something: "ok?", "fine?"."""
_CORRECTING = frozenset("no nope nah nein not sorry actually wait oops".split())
"""Before anything but a question, these correct what was said: "no, the other depot"."""
_ABOUT_THE_BOT = frozenset({Says.HELP, Says.WHO, Says.HOW})
_INTERJECTED = frozenset({Says.GREETING, Says.THANKS, Says.AGREEMENT, Says.APOLOGY, Says.NO_MATTER})
"""What may stand before a question without punctuation: "ok who signs the claims"."""
_JOINING = frozenset({"and", "but", "so"})
_BEGINS = WH | AUXILIARY | IMPERATIVE | _JOINING | {"whats", "wheres", "hows"}
_MENTION = re.compile(r"<[@#][!&]?\d+>|<a?:\w+:\d+>|@[\w.]+(?: ?bot\b)?|:[a-z_]+:", re.IGNORECASE)
_PIECE = re.compile(r"[^\W_]+(?:['’‘`´.-][^\W_]+)*|\n|[^\w\s]+")
_PAUSE = frozenset(",.!?;:…\n-–—()")
_SMILEY = re.compile(r"[:;=8xX][-'^o]?[)(DPp/\\|*3]+(?!\w)|<3|\^\^|\^_\^|\\o/|[oO]7")
_RUN = re.compile(r"(.)\1+")
_EDITED_FROM = 6
"""Letters of a word that may have another typing error than two letters in the wrong order."""


@dataclass(frozen=True, slots=True)
class Talk:
    """The talk in a message: what it `says`, the most important first, and the `rest` of it."""

    says: tuple[Says, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of a message in its usual form, or "|" for punctuation, with its place."""

    word: str
    text: str
    start: int
    end: int


def answer_talk(question: str) -> Findings | None:
    """Return the reply to small talk; None for anything that may be a question."""
    talk = talk_in(question)
    if not talk.says or talk.rest:
        return None
    reply = Reply(talk.says[0])
    return Findings(QuestionKind.TALK, confidence=1.0, replies=(reply,))


def talk_in(message: str) -> Talk:
    """Return the talk of a message and the question that is left of it.

    Greetings and the like before a question are cut off in silence: `says` has only what asks for
    a reply of its own, such as "who are you?".
    """
    pieces = _pieces(message)
    if len(pieces) > _MOST_PIECES:
        return Talk((), message)
    line = " ".join(piece.word for piece in pieces)
    starts = _starts(pieces)
    at, said = _covered(pieces, line, starts)
    if at == len(pieces):
        return Talk(tuple(sorted(set(said), key=_ORDER.index)), "" if said else message)
    end = _without_ending(pieces, line, starts, at)
    first = next((piece.word for piece in pieces if piece.word != "|"), "")
    if first in _CORRECTING and at < len(pieces) and pieces[at].word not in _BEGINS:
        at = 0
    begin = pieces[at].start if at else 0
    rest = message[begin : pieces[end - 1].end] if end < len(pieces) else message[begin:]
    replied = [says for says in _ORDER if says in said and says in _ABOUT_THE_BOT]
    return Talk(tuple(replied), rest.strip() or message)


def _covered(pieces: Sequence[_Piece], line: str, starts: Sequence[int]) -> tuple[int, list[Says]]:
    """Return how many pieces are talk, from the first on, and what they say.

    All pieces are, or the count ends where a question begins.
    """
    at, cut = 0, 0
    said: list[Says] = []
    said_at_cut: list[Says] = []
    last: Says | None = None
    while at < len(pieces):
        if pieces[at].word == "|":
            at += 1
            cut, said_at_cut = at, list(said)
            continue
        begins = pieces[at].word in _BEGINS and at + 2 < len(pieces)
        joined = at > cut and pieces[at - 1].word in _JOINING
        if begins and not joined and (last is None or last in _INTERJECTED):
            cut, said_at_cut = at, list(said)
        says, length = _longest(line, starts, pieces, at)
        if says is not None:
            said.append(says)
            last = says
            at += length
        elif (
            (last in _ABOUT_THE_BOT and pieces[at].word in _TAG and at + 2 >= len(pieces))
            or (pieces[at].word in _FILLERS and _may_stand(pieces, at))
            or (last and _is_addressed(pieces, at))
        ):
            at += 1
        else:
            break
    else:
        return at, said
    return (cut, said_at_cut) if said_at_cut else (0, [])


def _longest(
    line: str, starts: Sequence[int], pieces: Sequence[_Piece], at: int
) -> tuple[Says | None, int]:
    """Return the intent of the longest phrase at a piece, and how many pieces it takes."""
    stop = next((n for n in range(at, len(pieces)) if pieces[n].word == "|"), len(pieces))
    asks = stop < len(pieces) and "?" in pieces[stop].text
    for end in range(min(stop, at + _LONGEST_PHRASE), at, -1):
        phrase = line[starts[at] : starts[end] - 1]
        forms = {phrase, _plainly(phrase)}
        for says, pattern in _patterns(end == stop and not asks).items():
            if any(map(pattern.fullmatch, forms)) and not (
                says in _NEVER_ASKED and asks and end == stop
            ):
                return says, end - at
    return None, 0


def _plainly(phrase: str) -> str:
    """Return a phrase as it is said to "you", without what softens it."""
    said = _WRAPPING.sub("", _SOFTENING.sub("", _THE_BOT.sub("you", phrase)))
    said = said.replace("is you", "are you").replace("does you", "do you")
    return said.replace("whats you", "what are you") or phrase


def _may_stand(pieces: Sequence[_Piece], at: int) -> bool:
    """Return whether a filler may stand here: "there" may not begin a clause, but end one."""
    follows = at > 0 and pieces[at - 1].word != "|"
    ends = at + 1 == len(pieces) or pieces[at + 1].word == "|"
    return follows or ends or pieces[at].word not in _ADDRESSED


def _is_addressed(pieces: Sequence[_Piece], at: int) -> bool:
    """Return whether a piece is the name of who is greeted or thanked: "thanks Anna!"."""
    after = pieces[at + 1] if at + 1 < len(pieces) else None
    ends = after is None or (after.word == "|" and "?" not in after.text)
    is_name = pieces[at].text[:1].isupper() and pieces[at].text.isalpha()
    return ends and is_name and at > 0 and pieces[at - 1].word != "|"


def _without_ending(pieces: Sequence[_Piece], line: str, starts: Sequence[int], begin: int) -> int:
    """Return where the question ends: before talk that follows it behind punctuation."""
    for at in range(len(pieces) - 1, max(begin, len(pieces) - _LONGEST_PHRASE), -1):
        if pieces[at - 1].word != "|" or pieces[at].word == "|":
            continue
        covered, said = _covered(pieces[at:], line[starts[at] :], _starts(pieces[at:]))
        if covered < len(pieces) - at or not said:
            break
        if set(said) & _ABOUT_THE_BOT:
            break
        if not set(said) - {Says.AGREEMENT}:
            break
        if not any(piece.word != "|" for piece in pieces[begin:at]):
            break
        return at
    return len(pieces)


def _starts(pieces: Sequence[_Piece]) -> list[int]:
    starts = [0]
    for piece in pieces:
        starts.append(starts[-1] + len(piece.word) + 1)
    return starts


def _pieces(message: str) -> list[_Piece]:
    def blank(match: re.Match[str]) -> str:
        return " " * len(match.group())

    text = _SMILEY.sub(blank, _MENTION.sub(blank, message))
    pieces: list[_Piece] = []
    for match in _PIECE.finditer(text):
        typed, start, end = match.group(), match.start(), match.end()
        if not typed[0].isalnum():
            pauses = set(typed) & _PAUSE or any(unicodedata.category(c) == "So" for c in typed)
            if pauses:
                pieces.append(_Piece("|", typed, start, end))
            continue
        for word in _usual(re.sub("['’‘`´]", "", fold(typed))).split():
            pieces.append(_Piece(word, typed, start, end))
    return pieces


@cache
def _patterns(ends: bool) -> dict[Says, re.Pattern[str]]:
    return {
        says: re.compile("|".join([*phrases, *(TO_THE_END.get(says, ()) if ends else ())]))
        for says, phrases in PHRASES.items()
    }


@cache
def _known() -> frozenset[str]:
    words = {w for phrases in PHRASES.values() for p in phrases for w in re.findall(r"\w+", p)}
    return frozenset(words | _FILLERS | {"thanks", "apologise", "helps", "helpful", "helped"})


@cache
def _known_long() -> dict[str, list[str]]:
    """Return the known words that may have another typing error, by their first letter."""
    found: dict[str, list[str]] = {}
    for word in _known():
        if len(word) >= _EDITED_FROM:
            found.setdefault(word[0], []).append(word)
    return found


def _usual(word: str) -> str:
    """Return the word as it is usually written: without its long letters and its typing errors."""
    if word in _STANDS_FOR:
        return _STANDS_FOR[word]
    known = _known()
    if word in known or not word.isalpha() or len(word) > 30:
        return word
    for shorter in _shortened(word):
        if shorter in known or shorter in _STANDS_FOR:
            return _STANDS_FOR.get(shorter, shorter)
    if len(word) >= 4:
        for at in range(1, len(word) - 1):
            swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            if swapped in known and len(swapped) > 3:
                return swapped
    if len(word) >= _EDITED_FROM:
        near = [other for other in _known_long().get(word[0], ()) if _is_one_edit(word, other)]
        if len(near) == 1:
            return near[0]
    return word


def _shortened(word: str) -> Iterator[str]:
    """Yield the word with each run of a letter once or twice: "hellooo", "cooool"."""
    runs = list(_RUN.finditer(word))
    if not runs or len(runs) > 4:
        return
    for lengths in product((2, 1), repeat=len(runs)):
        shorter, last = "", 0
        for run, length in zip(runs, lengths, strict=True):
            shorter += word[last : run.start()] + run[1] * length
            last = run.end()
        yield shorter + word[last:]


def _is_one_edit(word: str, other: str) -> bool:
    """Return whether one letter too many, too few or another makes a word of the other."""
    if abs(len(word) - len(other)) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), len(other))
    return word[at + (len(word) >= len(other)) :] == other[at + (len(other) >= len(word)) :]
