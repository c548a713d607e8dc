"""Decomposes a question that asks several things into parts that each stand alone.

"When was the depot built and who runs it?" asks two things, and "compare the Malmö store with the
Turku store" is about two. The rules are for English, and careful: in doubt there are no parts, and
the whole question is asked in any case. Names and nouns joined by "and" are separated only by words
of comparison. What a later part lacks, such as a pronoun's noun, comes from the part before, as in
a conversation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.answering.tuning import Tuning
from index.rewriting import Turn, rewrite
from index.rewriting.english import (
    ADVERB,
    AUXILIARY,
    BE,
    DETERMINER,
    HAVE,
    IMPERATIVE,
    PERSONAL,
    PREDICATIVE,
    PREPOSITION,
    WH,
)
from index.rewriting.phrases import parse_question
from index.rewriting.tokens import Word, is_participle, is_plural, is_verb, tokenize, unended
from index.rewriting.turns import PREFIXED

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
_MARK = re.compile(r"^\s*(?:\(?(?:\d{1,2}|[a-hA-H])[.):]|[-*•–])\s+(?=\S)")
_INLINE_MARK = re.compile(r"(?:^|(?<=[\s,;:?.]))(?:\((\d)\)|(\d)[.)])\s+(?=\S)")
_COUNTED = re.compile(r"how (?:many|much) \w", re.IGNORECASE)
"""Begins a question that needs no verb: "how many complaints?"."""
_STANDS_ALONE = frozenset(
    "there i we you us me anyone anything anybody someone something somebody everyone everything"
    " nobody nothing none".split()
)
_HARDLY_BEGINS = frozenset({"be", "being", "been", "not"})


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """A part as a `question` that stands alone, and as the asker's `wording` of it."""

    question: str
    wording: str
    compared: bool = False
    """Whether it is a side of a comparison."""


def parts_of(question: str, tuning: Tuning) -> tuple[QuestionPart, ...]:
    """Return two or more parts, or none if the question asks one thing or is in doubt."""
    text = unended(question)
    if len(tokenize(text)) > tuning.longest_decomposed:
        return ()
    sides = _sides(text)
    if sides:
        return sides
    listed = _listed(text)
    clauses = listed or [clause for piece in _sentences(text) for clause in _clauses(piece)]
    clauses = [clause for clause in clauses if tokenize(clause)]
    if not 2 <= len(clauses) <= tuning.most_parts:
        return ()
    standing = list(_standing_alone(clauses, bool(listed) or len(_sentences(text)) > 1))
    if len(standing) < len(clauses):
        return ()
    return tuple(
        QuestionPart(f"{whole}?", clause if _has_verb(clause) else whole)
        for clause, whole in zip(clauses, standing, strict=True)
    )


# Comparisons


def _sides(text: str) -> tuple[QuestionPart, ...]:
    """Return a question for each side of a comparison; none if the text is no comparison."""
    for comparison in _COMPARISONS:
        found = comparison.fullmatch(" ".join(text.split()))
        if not found:
            continue
        one, other = found["one"].strip().removeprefix("both "), found["other"].strip()
        # In "Bosnia and Herzegovina and Serbia" it is unclear where the first side ends.
        if _JOINING.search(f"{one} {other}") or not (tokenize(one) and tokenize(other)):
            return ()
        one, other = _completed(one, other)
        # A side must be a noun phrase; this is a clause, or refers to the other side.
        if any(word.low in _NOT_IN_A_SIDE for word in tokenize(f"{one} {other}")):
            return ()
        what = found.groupdict().get("what")
        if what:
            one, other = f"{what} of {one}", f"{what} of {other}"
        return tuple(QuestionPart(_question_about(side), side, True) for side in (one, other))
    return ()


def _completed(one: str, other: str) -> tuple[str, str]:
    """Return both sides with the words that only one of them has.

    Examples: "kits in Sweden | in Finland", "the Malmö | the Turku store", "Sweden's | Finland's
    army".
    """
    first, second = tokenize(one), tokenize(other)
    that_of = _THAT_OF.match(other)
    if that_of and len(second) > 1 and second[1].low in PREPOSITION:
        second = tokenize(other[that_of.end() :])
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


def _question_about(side: str) -> str:
    words = tokenize(side)
    head = next((n for n, word in enumerate(words) if n and word.low in PREPOSITION), len(words))
    return f"What {'are' if is_plural(words[head - 1]) else 'is'} {side}?"


# Clauses


def _listed(text: str) -> list[str]:
    """Return the lines of a list of questions, and questions on lines of their own; else none."""
    lines = [line for line in text.splitlines() if line.strip()]
    marked = [_MARK.sub("", line) for line in lines if _MARK.match(line)]
    if len(marked) < 2:
        marked = _numbered(text)
    if len(marked) < 2 and len(lines) > 1:
        marked = [line for line in lines if not line.rstrip().endswith(":")]
        if not all(line.rstrip().endswith("?") or _asks(line.strip()) for line in marked):
            return []
    pieces = [sentence for line in marked for sentence in _sentences(line.strip(" ;,"))]
    return [_AND.sub("", unended(piece)) for piece in pieces] if len(pieces) > 1 else []


def _numbered(text: str) -> list[str]:
    """Return the entries of a list in one line: "1) who signs? 2) when?"."""
    marks = list(_INLINE_MARK.finditer(text))
    numbers = [mark[1] or mark[2] for mark in marks]
    if len(marks) < 2 or numbers != [str(number) for number in range(1, len(marks) + 1)]:
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [text[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]


def _sentences(text: str) -> list[str]:
    """Return the sentences if each is a question, else the whole text as one."""
    sentences = [_AND.sub("", unended(piece)) for piece in _SENTENCE.split(text)]
    marked = text.count("?") >= len(sentences) - 1
    return sentences if all(map(_asks, sentences)) or (marked and _all_end(text)) else [text]


def _all_end(text: str) -> bool:
    """Return whether each sentence ends with a question mark, whatever it begins with."""
    pieces = _SENTENCE.split(text)
    return len(pieces) > 1 and not any(re.search(r"[.!]\s+[A-Z]", piece) for piece in pieces)


def _asks(text: str) -> bool:
    words = tokenize(text)
    return bool(words) and (words[0].low in AUXILIARY | IMPERATIVE or _question_word(words, 0) >= 0)


def _question_word(words: Sequence[Word], at: int) -> int:
    """Return where the question word of a clause beginning at `at` is; -1 without one."""
    at += at < len(words) and words[at].low in PREPOSITION
    return at if at < len(words) and words[at].low in WH else -1


def _clauses(text: str) -> Iterator[str]:
    """Yield the text's clauses, split at each "and" before another question."""
    words = tokenize(text)
    for at, word in enumerate(words):
        if not 0 < at < len(words) - 1:
            continue
        if word.text in {",", ";"} and _is_inverted(words, at + 1):
            head = text[: words[at - 1].end]
            parsed = parse_question(head)
            is_condition = parsed.wh == "when" and not parsed.inverted
            if _asks(head) and _has_verb(head) and len(parsed.words) > 2 and not is_condition:
                yield head
                yield from _clauses(text[words[at + 1].start :])
                return
        if word.low != "and":
            continue
        head, tail = text[: words[at - 1].end].rstrip(" ,;"), text[words[at + 1].start :]
        if _share_a_clause(head, tail):
            rest = _behind_opener(tail)
            yield from (f"{head} {rest}", tail)
            return
        if _another_begins(head, words, at + 1):
            yield head
            yield from _clauses(tail)
            return
    yield text


def _share_a_clause(head: str, tail: str) -> bool:
    """Return whether the head has only a question word: "when" in "when and where was it"."""
    first, second = parse_question(head), parse_question(tail)
    has_opener_only = first.opener >= len(first.words)
    return bool(first.wh and second.wh and second.inverted and has_opener_only)


def _behind_opener(clause: str) -> str:
    parsed = parse_question(clause)
    return clause[parsed.words[parsed.opener].start :]


def _another_begins(head: str, words: Sequence[Word], at: int) -> bool:
    """Return whether another question begins at `at`, after the clause `head`."""
    parsed = parse_question(head)
    if not _asks(head) or not _has_verb(head) or len(parsed.words) < 3:
        return False
    low, after = words[at].low, words[at + 1].low if at + 1 < len(words) else ""
    commands = parsed.words[0].low in IMPERATIVE
    if low in AUXILIARY:
        return (after in PERSONAL and after not in DETERMINER) or _is_yes_or_no(words, at)
    if low in IMPERATIVE:
        return commands and (after in DETERMINER or after in WH)
    asked = _question_word(words, at)
    if asked < 0:
        return False
    opener = parsed.opener if parsed.wh else 1
    inner = [word for word in parsed.words[opener:] if word.low in WH | {"that"}]
    if not inner or (commands and parsed.words[1].low in WH and len(inner) == 1):
        return True
    # "the guards who patrol and who search": only the order of words shows another question.
    tail = parse_question(" ".join(word.text for word in words[at:]))
    return tail.inverted or tail.opener >= len(tail.words)


def _is_inverted(words: Sequence[Word], at: int) -> bool:
    """Return whether a question word and an auxiliary with a subject stand from `at` on."""
    tail = parse_question(" ".join(word.text for word in words[at:]))
    return bool(tail.wh) and tail.inverted


def _is_yes_or_no(words: Sequence[Word], at: int) -> bool:
    """Return whether a question such as "is the lease signed" begins at `at`.

    "is in force" and "can carry fuel" go on with the clause before them.
    """
    following = words[at + 1 :]
    if len(following) < 2:
        return False
    low, after = words[at].low, following[0].low
    if after in PREPOSITION | _HARDLY_BEGINS | ADVERB or after.endswith("ly"):
        return False
    if low in BE:
        later = {word.low for word in following[1:]}
        return bool(later & PREDICATIVE) or any(is_participle(one) for one in later)
    if is_verb(after) or low in HAVE:
        return False
    tail = parse_question(" ".join(word.text for word in words[at:]))
    return bool(tail.verbs) and tail.inverted


def _has_verb(clause: str) -> bool:
    parsed = parse_question(clause)
    return bool(parsed.verbs) or any(word.low in AUXILIARY for word in parsed.words)


def _standing_alone(clauses: Sequence[str], separate: bool) -> Iterator[str]:
    """Yield each clause with what it lacks; end early where that is not known.

    Of `separate` questions, one in keywords lacks nothing.
    """
    turns: list[Turn] = []
    for clause in clauses:
        whole = clause
        is_named = not _asks(clause) or _COUNTED.match(clause)
        is_keywords = separate and not _has_verb(clause) and is_named
        first = next((word.low for word in tokenize(clause)), "")
        before = {word.low for word in tokenize(turns[-1].question)} if turns else set()
        if is_keywords and first in PREPOSITION and first in before:
            # "capital of Norway? and of Sweden?"
            whole = rewrite(f"and {clause}", turns).question
            if whole.lower().startswith("and "):
                return
            yield whole
            turns.append(Turn(whole))
            continue
        if is_keywords and not {word.low for word in tokenize(clause)} & PERSONAL:
            yield clause
            turns.append(Turn(clause))
            continue
        if turns:
            whole = _AND.sub("", rewrite(f"and {clause}", turns).question)
            if PREFIXED.match(whole):
                whole = clause
        lacks_verb = not _has_verb(whole)
        open_pronoun = any(
            word.low in PERSONAL and word.low not in DETERMINER | _STANDS_ALONE
            for word in tokenize(whole)
        )
        if turns and (lacks_verb or open_pronoun or whole.startswith(turns[-1].question)):
            return
        yield whole
        turns.append(Turn(whole))
