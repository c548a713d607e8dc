"""Makes unanswerable questions from answerable ones.

What a reader misses are statements with one word changed: another name, another number, the
opposite, a "not". Such questions are made here, by rules on the words' shape, with names and
numbers from the same document, so that all the words of the question may stand in the passage.
"""

from __future__ import annotations

import enum
import random
import re
from collections import Counter
from collections.abc import Collection, Sequence

_ANTONYMS = """
first last|earliest latest|early late|earlier later|before after|begin end|began ended|start stop
started stopped|beginning ending|increase decrease|increased decreased|increasing decreasing
increases decreases|more less|most least|largest smallest|larger smaller|large small|big little
biggest smallest|greater lesser|greatest least|highest lowest|higher lower|high low|long short
longest shortest|longer shorter|oldest youngest|older younger|old new|oldest newest|north south
northern southern|east west|eastern western|northeast southwest|northwest southeast|win lose
won lost|winner loser|winning losing|male female|men women|man woman|boys girls|father mother
husband wife|son daughter|brother sister|king queen|accept reject|accepted rejected|allow forbid
allowed banned|support oppose|supported opposed|import export|imported exported|imports exports
buy sell|bought sold|legal illegal|public private|major minor|majority minority|maximum minimum
positive negative|internal external|above below|inside outside|upper lower|left right|gain lose
gained lost|join leave|joined left|rise fall|rose fell|best worst|better worse|rich poor
strong weak|stronger weaker|strongest weakest|fast slow|faster slower|hot cold|hottest coldest
warm cool|urban rural|domestic foreign|include exclude|included excluded|success failure
successful unsuccessful|possible impossible|common rare|widely rarely|always never|often rarely
advantage disadvantage|advantages disadvantages|benefit drawback|benefits drawbacks|ally enemy
allies enemies|attack defend|attacked defended|arrive depart|arrived departed|open close
opened closed|create destroy|created destroyed|build demolish|built demolished|born killed
cause prevent|caused prevented|causes prevents|ancient modern|natural artificial|simple complex
primary secondary|senior junior|lead follow|led followed|teach learn|employer employee
present absent|same different|similar dissimilar|true false
agree disagree|agreed disagreed|popular unpopular|victory defeat|peace war
""".strip().replace("\n", "|")
_OPPOSITES: dict[str, list[str]] = {}
for _pair in _ANTONYMS.split("|"):
    _one, _other = _pair.split()
    _OPPOSITES.setdefault(_one, []).append(_other)
    _OPPOSITES.setdefault(_other, []).append(_one)

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_NUMBERS = "two three four five six seven eight nine ten eleven twelve twenty thirty fifty".split()
_KINDS = (
    ("year", re.compile(r"\b(?:1[0-9]{3}|20[0-9]{2})s?\b")),
    ("number", re.compile(r"\b\d[\d,]*(?:\.\d+)?\b(?!\s*%)")),
    ("month", re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b")),
    ("count", re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b", re.IGNORECASE)),
)
_NAME = re.compile(
    r"(?<=[a-z,;)] )(?:[A-Z][\w'’.-]*[\w])(?: (?:of |the |de |von )?[A-Z][\w'’-]+){0,3}"
)
_AUXILIARY = re.compile(
    r"\b(did|does|do|is|are|was|were|has|have|had|can|could|would|will)\b", re.I
)
_ASKED_FOR = re.compile(r"who\b|(?:what|which) (?!is|was|are|were|did|do|does|\w+ed)\w+", re.I)
_NAMED = re.compile(r"[\w'’.-]+(?: [\w'’.-]+){0,5}")
_CONTRACTED = {"can": "can't", "will": "won't"}
_WORD = re.compile(r"[A-Za-z]+")


def entities(text: str) -> dict[str, list[str]]:
    """Return what a text names by kind: years, numbers, months, counts and names, each once."""
    found = {kind: list(dict.fromkeys(pattern.findall(text))) for kind, pattern in _KINDS}
    years = set(found["year"])
    found["number"] = [n for n in found["number"] if n not in years]
    common = set(re.findall(r"\b[a-z]+\b", text))
    found["name"] = [
        name
        for name in dict.fromkeys(_NAME.findall(text))
        if name not in _MONTHS and len(name) > 2 and name.lower() not in common
    ]
    return found


class Rule(enum.StrEnum):
    """What makes a question unanswerable, in the words of SQuAD2-CR (Lee et al. 2020)."""

    ENTITY = "another entity"
    ANTONYM = "antonym"
    NEGATION = "negation"
    NUMBER = "number"
    NOTHING = "no information"
    EXCLUSION = "mutual exclusion"


SHARES = {
    Rule.ENTITY: 0.44,
    Rule.ANTONYM: 0.21,
    Rule.NEGATION: 0.14,
    Rule.NUMBER: 0.12,
    Rule.NOTHING: 0.06,
    Rule.EXCLUSION: 0.02,
}
"""How often each makes a question of SQuAD 2.0 unanswerable, by an analysis of 49,443 of them."""


_AHEAD = 0.15
"""By how much of its share a rule may be ahead."""


class Mix:
    """Draws rules so that over many questions each has its share, though not all apply to each."""

    def __init__(self) -> None:
        self.made: Counter[Rule] = Counter()

    def draw(self, applying: Collection[Rule]) -> Rule | None:
        """Return that one of the rules that is furthest behind its share.

        None where all that apply are well ahead of theirs.
        """
        after = self.made.total() + 1
        behind = {rule: SHARES[rule] * after - self.made[rule] for rule in Rule if rule in applying}
        rule = max(behind, key=lambda rule: behind[rule], default=None)
        if rule is None or behind[rule] < -_AHEAD * SHARES[rule] * after - 1:
            return None
        self.made[rule] += 1
        return rule


def swapped(
    question: str,
    pool: dict[str, list[str]],
    passage: str,
    gold: str,
    answers: Sequence[str],
    rng: random.Random,
) -> dict[Rule, str]:
    """Return what each rule makes of the question, so that `gold` no longer answers it.

    `pool` is what the document names. Rules that do not apply are left out.
    """
    made = {
        Rule.ENTITY: _another(question, pool, passage, gold, answers, rng, names=True),
        Rule.NUMBER: _another(question, pool, passage, gold, answers, rng, names=False),
        Rule.ANTONYM: _opposite(question, rng),
        Rule.NEGATION: _negated(question),
        Rule.EXCLUSION: _excluded(question, answers),
    }
    return {rule: m for rule, m in made.items() if m and m.lower() != question.lower()}


def transplanted(
    question: str, own: dict[str, list[str]], names: Sequence[str], rng: random.Random
) -> str | None:
    """Return a question about another document, with one of `names` in place of a name.

    `own` is what that other document names.
    """
    mentions = _mentions(question, {"name": own.get("name", [])}) or [
        ("name", match.group()) for match in _NAME.finditer(question)
    ]
    if not mentions or not names:
        return None
    _, mention = max(mentions, key=lambda m: len(m[1]))
    other = rng.choice(list(names))
    return None if _alike(other, mention) else _replaced(question, mention, other)


def _another(
    question: str,
    pool: dict[str, list[str]],
    passage: str,
    gold: str,
    answers: Sequence[str],
    rng: random.Random,
    *,
    names: bool,
) -> str | None:
    mentions = [m for m in _mentions(question, pool) if (m[0] == "name") == names]
    rng.shuffle(mentions)
    low_gold, low_question = gold.lower(), question.lower()
    for kind, mention in mentions:
        others = [
            other
            for other in pool.get(kind, ())
            if not _alike(other, mention)
            and other.lower() not in low_gold
            and other.lower() not in low_question
            and not any(_alike(other, answer) for answer in answers)
        ]
        near = [other for other in others if other in passage]
        if near and rng.random() < 0.6:
            others = near
        same_length = [o for o in others if len(o.split()) == len(mention.split())]
        if kind in ("year", "number") and len(others) < 3:
            others.append(_nearby(mention, rng))
        if same_length and rng.random() < 0.7:
            others = same_length
        if others:
            return _replaced(question, mention, rng.choice(others))
    return None


def _mentions(question: str, pool: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return what the question names; the pool finds names that people type as "norway"."""
    found = [(kind, m) for kind, pattern in _KINDS for m in pattern.findall(question)]
    years = {m for kind, m in found if kind == "year"}
    found = [(kind, m) for kind, m in found if kind == "year" or m not in years]
    # Who types without capitals does so throughout; elsewhere a name is written as one.
    typed = question == question.lower()
    names = [
        name
        for name in pool.get("name", ())
        if re.search(rf"\b{re.escape(name.lower() if typed else name)}(?!\w)", question)
    ]
    names += [m.group() for m in _NAME.finditer(question)]
    names = [n for n in names if not any(n != o and n.lower() in o.lower() for o in names)]
    return found + [("name", name) for name in dict.fromkeys(names)]


def _nearby(number: str, rng: random.Random) -> str:
    digits = re.sub(r"\D", "", number.split(".")[0]) or "3"
    changed = max(1, int(digits) + rng.choice([-30, -12, -7, -3, -2, -1, 1, 2, 3, 5, 9, 20]))
    return f"{changed}s" if number.endswith("s") else str(changed)


def _opposite(question: str, rng: random.Random) -> str | None:
    places = [m for m in _WORD.finditer(question) if m.group().lower() in _OPPOSITES]
    if not places:
        return None
    place = rng.choice(places)
    other = rng.choice(_OPPOSITES[place.group().lower()])
    return f"{question[: place.start()]}{other}{question[place.end() :]}"


def _negated(question: str) -> str | None:
    place = _AUXILIARY.search(question)
    # "Isn't it so?" asks for what "is it so?" asks for.
    if place is None or place.start() == 0:
        return None
    word = place.group()
    contracted = _CONTRACTED.get(word.lower(), f"{word}n't")
    return f"{question[: place.start()]}{contracted}{question[place.end() :]}"


def _excluded(question: str, answers: Sequence[str]) -> str | None:
    """Return the question for something other than the one answer."""
    asked = _ASKED_FOR.match(question)
    if asked is None or len(answers) != 1 or not _NAMED.fullmatch(answers[0]):
        return None
    return f"{asked.group()} other than {answers[0]}{question[asked.end() :]}"


def _replaced(question: str, mention: str, other: str) -> str:
    return re.sub(rf"\b{re.escape(mention)}(?!\w)", lambda _: other, question, count=1, flags=re.I)


def _alike(one: str, other: str) -> bool:
    """Return whether two names may mean the same thing, because they share a word."""
    return bool(set(one.lower().split()) & set(other.lower().split()) - {"of", "the", "de", "von"})
