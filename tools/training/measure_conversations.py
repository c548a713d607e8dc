"""Measures how well follow-ups are rewritten, and what that is worth in answers.

    .venv/bin/python -m tools.training.measure_conversations [--half development] [--no-engine]
        [--errors] [--briefing FILE]

The conversations are those of tests/data/conversations.jsonl, over corpus/ and, with --briefing,
another document that some of them need. Each conversation is held with the real engine: a turn is
rewritten with the turns before it, as they were rewritten and answered. Then every follow-up is
asked three times: as typed, in its conversation, and as its gold question. Intervals are 95 %
bootstrap intervals over follow-ups. Rules are tuned on the development half alone.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from bot.app import composition
from bot.config.settings import Settings
from index.answering.answer import Excerpt
from index.answering.engine import Engine
from index.document import Span
from index.evaluation.run import reindex_cached
from index.evaluation.statistics import Estimate, ratio
from index.rewriting import Cited, Rewritten, Turn, rewrite

ROOT = Path(__file__).resolve().parents[2]
CONVERSATIONS = ROOT / "tests/data/conversations.jsonl"


class Shown(BaseModel, frozen=True):
    """What the conversation needs of an answer, for a run without the engine."""

    document: str = ""
    span: Span = Span(0, 0)
    title: str
    heading: tuple[str, ...]
    quote: str


class AskedTurn(BaseModel, frozen=True, extra="forbid"):
    """A turn; `expected` is empty in the first. Any of `documents` will do, of each of `evidence`
    one wording; both are empty where no document answers."""

    question: str
    carries: bool = False
    expected: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    evidence: tuple[tuple[str, ...], ...] = ()
    answer: tuple[Shown, ...] = ()


class Conversation(BaseModel, frozen=True, extra="forbid"):
    id: str
    kind: str
    half: str
    needs: str = ""
    turns: tuple[AskedTurn, ...]


@dataclass(frozen=True)
class Found:
    """What the engine finds for one wording."""

    document_first: bool
    evidence: float
    answered: bool


@dataclass(frozen=True)
class FollowUp:
    conversation: Conversation
    before: str
    asked: AskedTurn
    rewritten: Rewritten
    milliseconds: float
    typed: Found | None = None
    carried: Found | None = None
    gold: Found | None = None

    @property
    def worded(self) -> bool:
        return _plain(self.rewritten.question) in map(_plain, self.asked.expected)

    @property
    def decided(self) -> bool:
        return bool(self.rewritten.carried) == self.asked.carries


def load(half: str, *, with_briefing: bool) -> list[Conversation]:
    """Return the conversations of one half; some need the briefing."""
    lines = CONVERSATIONS.read_text(encoding="utf-8").splitlines()
    conversations = [Conversation.model_validate(json.loads(line)) for line in lines]
    return [
        conversation
        for conversation in conversations
        if conversation.half == half and (with_briefing or not conversation.needs)
    ]


def hold(conversation: Conversation, engine: Engine | None) -> Iterator[FollowUp]:
    turns: list[Turn] = []
    for asked in conversation.turns:
        question = asked.question
        if asked.expected:
            start = time.process_time()
            rewritten = rewrite(question, turns)
            milliseconds = (time.process_time() - start) * 1_000
            follow_up = FollowUp(conversation, turns[-1].question, asked, rewritten, milliseconds)
            if engine:
                follow_up = FollowUp(
                    conversation,
                    turns[-1].question,
                    asked,
                    rewritten,
                    milliseconds,
                    _found(engine, question, asked),
                    _found(engine, question, asked, turns),
                    _found(engine, asked.expected[0], asked),
                )
            yield follow_up
            question = rewritten.question
        turns.append(Turn(question, _shown(engine, question, asked)))


def _shown(engine: Engine | None, question: str, asked: AskedTurn) -> Sequence[Cited]:
    if engine is None:
        return asked.answer
    return engine.ask(question).excerpts


def _found(engine: Engine, question: str, asked: AskedTurn, turns: Sequence[Turn] = ()) -> Found:
    hits = engine.search(rewrite(question, turns).question, k=1).hits
    response = engine.ask(question, conversation=turns)
    answered = response.answered
    excerpts: Sequence[Excerpt] = response.excerpts or response.closest
    texts = [" ".join(e.quote.split()) for e in excerpts if e.document in asked.documents]
    inside = [
        any(" ".join(wording.split()) in text for wording in wordings for text in texts)
        for wordings in asked.evidence
    ]
    return Found(
        document_first=any(hit.passage.document in asked.documents for hit in hits),
        evidence=sum(inside) / len(inside) if inside else 0.0,
        answered=answered,
    )


def engine_over(work: Path, briefing: Path | None) -> Engine:
    """Return an engine over corpus/ and the briefing, if one is given."""
    corpus = work / "corpus"
    if corpus.exists():
        shutil.rmtree(corpus)
    shutil.copytree(ROOT / "corpus", corpus)
    if briefing:
        shutil.copy(briefing, corpus)
    settings = Settings(corpus=corpus, index=work / "index")
    reindex_cached(composition.reindexer(settings))
    return composition.engine(settings)


def report(half: str, follow_ups: Sequence[FollowUp], *, with_engine: bool) -> None:
    print(f"\n## {half}: {len({f.conversation.id for f in follow_ups})} conversations, ", end="")
    print(f"{len(follow_ups)} follow-ups\n")
    carried = [bool(f.rewritten.carried) for f in follow_ups]
    gold = [f.asked.carries for f in follow_ups]
    both = [c and g for c, g in zip(carried, gold, strict=True)]
    _row("carry: accuracy", ratio([f.decided for f in follow_ups]))
    _row("carry: precision", ratio(both, carried))
    _row("carry: recall", ratio(both, gold))
    _row("worded as expected", ratio([f.worded for f in follow_ups]))
    slowest = max(f.milliseconds for f in follow_ups)
    print(f"{'slowest':28} {slowest:.2f} ms of processor time")
    if not with_engine:
        return
    for name, chosen in (
        ("that need the conversation", [f for f in follow_ups if f.asked.carries]),
        ("that stand alone", [f for f in follow_ups if not f.asked.carries]),
    ):
        print(f"\nfollow-ups {name}")
        _answers([f for f in chosen if f.asked.documents], "doc@1")
        _answers([f for f in chosen if f.asked.evidence], "evidence")
        _answers([f for f in chosen if not f.asked.documents], "answered, none")


def _answers(follow_ups: Sequence[FollowUp], figure: str) -> None:
    def values(wording: str) -> list[float]:
        return [_value(getattr(f, wording), figure) for f in follow_ups]

    typed, carried, gold = values("typed"), values("carried"), values("gold")
    _row(f"{figure}, typed", ratio(typed))
    _row(f"{figure}, rewritten", ratio(carried))
    _row(f"{figure}, gold", ratio(gold))
    pairs = (("rewritten - typed", carried, typed), ("gold - rewritten", gold, carried))
    for name, more, less in pairs:
        _row(f"  {name}", ratio([a - b for a, b in zip(more, less, strict=True)]))


def _value(found: Found | None, figure: str) -> float:
    assert found is not None
    if figure == "doc@1":
        return float(found.document_first)
    return found.evidence if figure == "evidence" else float(found.answered)


def _row(name: str, figure: Estimate) -> None:
    if figure.value is None or figure.low is None or figure.high is None:
        print(f"{name:28} -")
    else:
        interval = f"[{figure.low:.3f}, {figure.high:.3f}]"
        print(f"{name:28} {figure.value:6.3f}  {interval:18} n = {figure.n}")


def _plain(question: str) -> str:
    return question.casefold().replace("’", "'").strip(" ?.!")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=("development", "held"), help="one half alone")
    parser.add_argument("--no-engine", action="store_true", help="only what is carried")
    parser.add_argument("--errors", action="store_true", help="list what went wrong")
    parser.add_argument("--work", type=Path, help="a folder to keep the index in")
    parser.add_argument("--briefing", type=Path, help="the document that some conversations need")
    arguments = parser.parse_args()
    halves = [arguments.half] if arguments.half else ["development", "held"]
    with tempfile.TemporaryDirectory() as scratch:
        work = arguments.work or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        engine = None if arguments.no_engine else engine_over(work, arguments.briefing)
        for half in halves:
            conversations = load(half, with_briefing=bool(arguments.briefing) or not engine)
            follow_ups = [f for conversation in conversations for f in hold(conversation, engine)]
            report(half, follow_ups, with_engine=engine is not None)
            for f in follow_ups if arguments.errors else ():
                worse = f.carried and f.gold and f.carried.evidence < f.gold.evidence
                if not f.worded or not f.decided or worse:
                    print(f"\n{f.conversation.id}: {f.before} | {f.asked.question}")
                    print(f"  rewritten  {f.rewritten.question}")
                    print(f"  gold       {f.asked.expected[0]}")


if __name__ == "__main__":
    main()
