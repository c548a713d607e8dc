"""Examples are tried before they are shown, and nobody waits long for that."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from bot.access import OPERATOR, STRANGER, Access, Policy
from bot.chat import examples as trying
from bot.chat.admission import Admission
from bot.chat.answering import Answering, QuestionEngine
from bot.chat.examples import TriedExamples
from bot.library import Libraries
from bot.library.examples import Example
from bot.records import Records
from index.answering.answer import Response
from index.rewriting import Turn
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.fakes import document_of, publish
from testing.samples import ANSWER, NO_ANSWER
from tests.bot.observing.asked import Unchanging

DAY, NEXT_DAY = date(2026, 11, 29), date(2026, 11, 30)
ALWAYS = Unchanging(OPERATOR)


class _Engine:
    """Answers questions about roses from the garden that they name, when `asked` lets it."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.asked: Callable[[], object] = lambda: None
        self.conversations: dict[str, str] = {}

    def ask(
        self,
        question: str,
        documents: object = None,
        *,
        conversation: Sequence[Turn] = (),
        today: date | None = None,
    ) -> Response:
        self.questions.append(question)
        for turn in conversation:
            self.conversations[question] = turn.question
        self.asked()
        if conversation and "roses" in question:
            question = conversation[0].question
        if "roses" not in question:
            return NO_ANSWER
        (letter,) = re.findall(r"“Garden (.)", question)
        excerpt = replace(ANSWER.excerpts[0], document=f"{letter}.md")
        return replace(ANSWER, rewritten=question, excerpts=(excerpt,))


@pytest.fixture
def engine() -> _Engine:
    return _Engine()


def example(name: str, flowers: str) -> str:
    return f"What does “Garden {name}” say about Planting {flowers}?"


def garden(name: str, flowers: str) -> Any:
    below = f"Planting {flowers} takes time, and is done in spring, by hand and with gloves on."
    return document_of(
        f"# Planting {flowers}", f"{below} {below}", name=f"{name}.md", title=f"Garden {name}"
    )


ROSES = [garden(name, "tulips" if name == "a" else "roses") for name in "abcdef"]


def examples_of(engine: _Engine, store: IndexStore, tmp_path: Path) -> TriedExamples:
    current, admission = CurrentGeneration(store, None), Admission()
    records, access = Records(tmp_path / "records.sqlite"), Access(current, Policy())
    answering = Answering(cast("QuestionEngine", engine), admission, records, access)
    return TriedExamples(
        access, current, Libraries(current, tmp_path, access), answering, admission
    )


async def test_the_first_four_that_are_answered(
    engine: _Engine, store: IndexStore, tmp_path: Path
) -> None:
    publish(store, *ROSES)
    examples = examples_of(engine, store, tmp_path)
    shown = await examples.get(OPERATOR, ALWAYS, DAY)
    assert shown is not None
    assert len(shown) == 4
    assert {each.question for each in shown} < {example(name, "roses") for name in "bcdef"}
    number = len(engine.questions)
    assert await examples.get(OPERATOR, ALWAYS, DAY) == shown
    assert len(engine.questions) == number


async def test_one_that_another_document_answers_is_none(
    engine: _Engine, store: IndexStore, tmp_path: Path
) -> None:
    publish(store, garden("a", "roses"), replace(garden("b", "roses"), title="Garden a 2"))
    shown = await examples_of(engine, store, tmp_path).get(OPERATOR, ALWAYS, DAY)
    assert shown == [Example(example("a", "roses"), "a.md")]


@pytest.mark.parametrize("answered", [True, False])
async def test_one_has_a_follow_up_if_that_is_answered(
    engine: _Engine, store: IndexStore, tmp_path: Path, answered: bool
) -> None:
    two = f"Pruning {'roses' if answered else 'tulips'}"
    gardens = [
        replace(
            document_of(
                *("# Planting roses", "Planting roses takes time, and is done in spring. " * 2),
                *(f"# {two}", f"{two} takes time, and is done in winter by two of us. " * 2),
                name=f"{name}.md",
                title=f"Garden {name}",
            )
        )
        for name in "ab"
    ]
    publish(store, *gardens)
    shown = await examples_of(engine, store, tmp_path).get(OPERATOR, ALWAYS, DAY)
    then = f"And about {two}?"
    assert shown is not None
    assert [each.then for each in shown] == [then if answered else "", ""]
    assert engine.conversations[then] in {each.question for each in shown}


async def test_who_may_see_none_of_the_documents_by_then_is_shown_none(
    engine: _Engine, store: IndexStore, tmp_path: Path
) -> None:
    publish(store, *ROSES)
    examples = examples_of(engine, store, tmp_path)
    assert await examples.get(OPERATOR, Unchanging(STRANGER), DAY) is None


async def test_another_generation_or_day_is_tried_anew(
    engine: _Engine, store: IndexStore, tmp_path: Path
) -> None:
    examples = examples_of(engine, store, tmp_path)
    assert await examples.get(OPERATOR, ALWAYS, DAY) is None
    publish(store, *ROSES)
    first = await examples.get(OPERATOR, ALWAYS, DAY)
    assert first is not None
    assert len(first) == 4
    assert await examples.get(OPERATOR, ALWAYS, NEXT_DAY) not in (first, [], None)
    publish(store, garden("a", "tulips"))
    assert await examples.get(OPERATOR, ALWAYS, DAY) == []
    publish(store, garden("a", "roses"))
    assert await examples.get(OPERATOR, ALWAYS, DAY) == [Example(example("a", "roses"), "a.md")]


async def test_those_that_are_tried_while_the_trying_takes_too_long(
    engine: _Engine, store: IndexStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "_PATIENCE", 0.5)
    publish(store, *ROSES)
    may_answer = threading.Event()
    engine.asked = lambda: len(engine.questions) < 3 or may_answer.wait(60)
    examples = examples_of(engine, store, tmp_path)
    some = await examples.get(OPERATOR, ALWAYS, DAY)
    assert some is not None
    assert len(some) <= 2  # fewer on a busy machine
    may_answer.set()
    monkeypatch.setattr(trying, "_PATIENCE", 60)
    shown = await examples.get(OPERATOR, ALWAYS, DAY)
    assert shown is not None
    assert shown[: len(some)] == some
    assert len(shown) == 4


async def test_a_defect_of_the_engine_is_logged_and_tried_again(
    engine: _Engine, store: IndexStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    publish(store, *ROSES)
    engine.asked = broken
    examples = examples_of(engine, store, tmp_path)
    assert await examples.get(OPERATOR, ALWAYS, DAY) == []
    assert "Examples could not be tried" in caplog.text
    engine.asked = lambda: None
    assert len(await examples.get(OPERATOR, ALWAYS, DAY) or ()) == 4
