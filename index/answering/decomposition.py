"""A question that asks several things, as questions that each stand alone.

"When was the depot built and who runs it?" asks two things, and "compare the Malmö store with the
Turku store" is about two. By rules, for English, and wary: where a cut may be wrong there is none,
since the whole question is asked in any case. Names and nouns joined by "and" are never cut apart
but where words of comparison say so. What the later part lacks, a pronoun's noun or the rest of "by
whom?", comes from the part before, as in a conversation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.rewriting import Turn, understand
from index.rewriting.english import AUXILIARY, DETERMINER, IMPERATIVE, PERSONAL, PREPOSITION, WH
from index.rewriting.phrases import cut_question
from index.rewriting.tokens import Word, is_plural, unended, words_of

__all__ = ["QuestionPart", "parts_of"]

_MOST = 3
"""Parts; who asks for more is better served by the answer to the whole."""
_LONGEST = 60
"""Words; rules made for a sentence would misread what is longer."""

_BETWEEN = r"(?P<one>.+?) (?:and|versus|vs\.?) (?P<other>.+)"
_DIFFERENCE = r"(?:the )?(?:\w+ )?(?:differences?|similarities|comparison)"
_COMPARISONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:please )?compare (?P<one>.+?) (?:with|to|against|versus|vs\.?) (?P<other>.+)",
        rf"(?:please )?compare (?:both )?{_BETWEEN}",
        rf"(?:(?:what|which) (?:is|are|was|were) |what['’]s |explain |describe |tell me )?"
        rf"{_DIFFERENCE} (?:in (?P<what>.+?) )?between {_BETWEEN}",
        r"how (?:do|does|did) (?P<one>.+?) (?:differ|compare) (?:from|to|with) (?P<other>.+)",
        r"how do (?P<one>.+?) and (?P<other>.+?) (?:differ|compare)",
        r"how (?:is|are|was|were) (?P<one>.+?) different (?:from|to) (?P<other>.+)",
        r"(?:differentiate|distinguish) (?:between )?(?P<one>.+?) (?:and|from) (?P<other>.+)",
        r"(?P<one>.+?) (?:versus|vs\.?|compared (?:to|with)) (?P<other>.+)",
    )
)
_JOINING = re.compile(r"\b(?:and|or|versus|vs)\b|[,;:?]", re.IGNORECASE)
_NOT_IN_A_SIDE = WH | AUXILIARY | PERSONAL
_THAT_OF = re.compile(r"(?:that|those|the ones?) (?=\w)", re.IGNORECASE)
_AND = re.compile(r"^(?:and|also|but)\b[\s,]*", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=\?)\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """`question` stands alone; `named` is what it asks for, in the words of who asked."""

    question: str
    named: str


def parts_of(question: str) -> tuple[QuestionPart, ...]:
    """Two or three parts, or none: then the question asks one thing, or cannot be cut surely."""
    text = unended(question)
    if len(words_of(text)) > _LONGEST:
        return ()
    sides = _sides(text)
    if sides:
        return sides
    clauses = [clause for sentence in _sentences(text) for clause in _clauses(sentence)]
    if not 2 <= len(clauses) <= _MOST:
        return ()
    standing = list(_standing_alone(clauses))
    if len(standing) < len(clauses):
        return ()
    return tuple(
        QuestionPart(f"{whole}?", clause if _has_verb(clause) else whole)
        for clause, whole in zip(clauses, standing, strict=True)
    )


# Comparisons


def _sides(text: str) -> tuple[QuestionPart, ...]:
    for comparison in _COMPARISONS:
        found = comparison.fullmatch(text)
        if not found:
            continue
        one, other = found["one"].strip(), found["other"].strip()
        # Of "Bosnia and Herzegovina and Serbia" nobody knows where the first ends.
        if _JOINING.search(f"{one} {other}"):
            return ()
        one, other = _evened(one.removeprefix("both "), other)
        # A side is a noun with what belongs to it; this is a clause, or points at the other side.
        if any(word.low in _NOT_IN_A_SIDE for word in words_of(f"{one} {other}")):
            return ()
        what = found.groupdict().get("what")
        if what:
            one, other = f"{what} of {one}", f"{what} of {other}"
        return tuple(QuestionPart(_asked_for(side), side) for side in (one, other))
    return ()


def _evened(one: str, other: str) -> tuple[str, str]:
    """Both sides with what is said for one only: "kits in Sweden | in Finland", "the Malmö | the
    Turku store", "Sweden's | Finland's army"."""
    first, second = words_of(one), words_of(other)
    that_of = _THAT_OF.match(other)
    if that_of and second[1].low in PREPOSITION:
        second = words_of(other[that_of.end() :])
        other = other[that_of.end() :]
    if second[0].low in PREPOSITION:
        shared = [word for word in first if word.low == second[0].low]
        return (one, f"{one[: shared[-1].start]}{other}") if shared else (one, other)
    names = _trailing_names(first)
    if all(word.is_name for word in second) and names and names[0] > 0:
        before = first[names[0] - 1]
        if before.low in PREPOSITION:
            return one, f"{one[: first[names[0]].start]}{other}"
    noun = next((n for n, word in enumerate(second) if n and not word.is_name), len(second))
    bare = [word for word in first if word.low not in DETERMINER]
    named = second[noun - 1].is_name and all(word.is_name for word in bare)
    if named and noun < len(second) and second[noun].low not in PREPOSITION | WH:
        return f"{one} {other[second[noun].start :]}", other
    return one, other


def _trailing_names(words: Sequence[Word]) -> list[int]:
    start = len(words)
    while start and words[start - 1].is_name:
        start -= 1
    return list(range(start, len(words)))


def _asked_for(side: str) -> str:
    words = words_of(side)
    head = next((n for n, word in enumerate(words) if n and word.low in PREPOSITION), len(words))
    return f"What {'are' if is_plural(words[head - 1]) else 'is'} {side}?"


# Clauses


def _sentences(text: str) -> list[str]:
    """The sentences, where each is a question; else the whole as one."""
    sentences = [_AND.sub("", unended(piece)) for piece in _SENTENCE.split(text)]
    return sentences if all(map(_asks, sentences)) else [text]


def _asks(text: str) -> bool:
    words = words_of(text)
    return bool(words) and (words[0].low in AUXILIARY | IMPERATIVE or _question_word(words, 0) >= 0)


def _question_word(words: Sequence[Word], at: int) -> int:
    """Where the question word of a clause that begins at `at` is; -1 where it begins otherwise."""
    at += at < len(words) and words[at].low in PREPOSITION
    return at if at < len(words) and words[at].low in WH else -1


def _clauses(text: str) -> Iterator[str]:
    """Cut at each "and" behind which another question begins."""
    words = words_of(text)
    for at, word in enumerate(words):
        if word.low != "and" or not 0 < at < len(words) - 1:
            continue
        head, tail = text[: words[at - 1].end].rstrip(" ,;"), text[words[at + 1].start :]
        if _two_words_of_one(head, tail):
            rest = _behind_opener(tail)
            yield from (f"{head} {rest}", tail)
            return
        if _another_begins(head, words, at + 1):
            yield head
            yield from _clauses(tail)
            return
    yield text


def _two_words_of_one(head: str, tail: str) -> bool:
    """ "when | where was it signed": all that the first has is its question word."""
    cut, behind = cut_question(head), cut_question(tail)
    return bool(cut.wh and behind.wh and behind.inverted and cut.opener >= len(cut.words))


def _behind_opener(clause: str) -> str:
    cut = cut_question(clause)
    return clause[cut.words[cut.opener].start :]


def _another_begins(head: str, words: Sequence[Word], at: int) -> bool:
    cut = cut_question(head)
    if not _asks(head) or not _has_verb(head) or len(cut.words) < 3:
        return False
    low, after = words[at].low, words[at + 1].low if at + 1 < len(words) else ""
    commands = cut.words[0].low in IMPERATIVE
    if low in AUXILIARY:
        return after in PERSONAL and after not in DETERMINER
    if low in IMPERATIVE:
        return commands and (after in DETERMINER or after in WH)
    asked = _question_word(words, at)
    if asked < 0:
        return False
    own = cut.opener if cut.wh else 1
    inner = [word for word in cut.words[own:] if word.low in WH | {"that"}]
    if not inner or (commands and cut.words[1].low in WH and len(inner) == 1):
        return True
    # "the guards who patrol and who search": only the order of words tells another question.
    tail = cut_question(" ".join(word.text for word in words[at:]))
    return tail.inverted or tail.opener >= len(tail.words)


def _has_verb(clause: str) -> bool:
    cut = cut_question(clause)
    return bool(cut.verbs) or any(word.low in AUXILIARY for word in cut.words)


def _standing_alone(clauses: Sequence[str]) -> Iterator[str]:
    """Each clause with what it lacks from those before; ends early where that is not known."""
    turns: list[Turn] = []
    for clause in clauses:
        whole = clause
        if turns:
            whole = _AND.sub("", understand(f"and {clause}", turns).question)
        lacks_verb = not _has_verb(whole)
        open_pronoun = any(
            word.low in PERSONAL and word.low not in DETERMINER | {"there", "i", "we", "you", "us"}
            for word in words_of(whole)
        )
        if turns and (lacks_verb or open_pronoun or whole.startswith(turns[-1].question)):
            return
        yield whole
        turns.append(Turn(whole))
