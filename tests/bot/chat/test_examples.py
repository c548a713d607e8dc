"""Examples are tried before they are shown, and nobody waits long for that."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from bot.access import OPERATOR, STRANGER, Access, Policy
from bot.chat import examples as trying
from bot.chat.admission import Admission, AdmissionLimits
from bot.chat.answering import Answering, QuestionEngine
from bot.chat.examples import TriedExamples
from bot.library import Libraries
from bot.records import Records
from index.answering.answer import Response
from index.store.current import CurrentGeneration
from index.store.folder import IndexStore
from testing.fakes import document_of, publish
from testing.samples import ANSWER, NO_ANSWER
from tests.bot.observing.asked import Unchanging

ME = 7
ALWAYS = Unchanging(OPERATOR)


class _Engine:
    """Answers questions about roses, when `asked` lets it."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.asked: Callable[[], object] = lambda: None

    def ask(self, question: str, documents: object = None, **_: object) -> Response:
        self.questions.append(question)
        self.asked()
        return ANSWER if "roses" in question else NO_ANSWER


@pytest.fixture
def engine() -> _Engine:
    return _Engine()


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    return IndexStore(tmp_path / "index")


def example(name: str, flowers: str) -> str:
    return f"What is said about Planting {flowers} in “Garden {name}”?"


def garden(name: str, flowers: str) -> Any:
    below = f"Planting {flowers} takes time, and is done in spring, by hand and with gloves on."
    return document_of(
        f"# Planting {flowers}", f"{below} {below}", name=f"{name}.md", title=f"Garden {name}"
    )


ROSES = [garden(name, "tulips" if name == "a" else "roses") for name in "abcdef"]


def examples_of(
    engine: _Engine, store: IndexStore, tmp_path: Path, limits: AdmissionLimits | None = None
) -> TriedExamples:
    current, admission = CurrentGeneration(store, None), Admission(limits)
    records, access = Records(tmp_path / "records.sqlite"), Access(current, Policy())
    answering = Answering(cast("QuestionEngine", engine), admission, records, access)
    return TriedExamples(
        access, current, Libraries(current, tmp_path, access), answering, admission
    )


async def test_the_first_three_that_are_answered(
    engine: _Engine, store: IndexStore, tmp_path: Path
) -> None:
    publish(store, *ROSES)
    examples = examples_of(engine, store, tmp_path)
    answered = [example(name, "roses") for name in "bcd"]
    assert await examples.get(ME, OPERATOR, ALWAYS) == answered
    assert await examples.get(ME, OPERATOR, ALWAYS) == answered
    assert engine.questions == [example("a", "tulips"), *answered]


async def test_who_may_see_none_of_the_documents_by_then_is_shown_none(
    engine: _Engine, store: IndexStore, tmp_path: Path
) -> None:
    publish(store, *ROSES)
    examples = examples_of(engine, store, tmp_path)
    assert await examples.get(ME, OPERATOR, Unchanging(STRANGER)) == []


async def test_another_generation_is_tried_anew(
    engine: _Engine, store: IndexStore, tmp_path: Path
) -> None:
    examples = examples_of(engine, store, tmp_path)
    assert await examples.get(ME, OPERATOR, ALWAYS) == []
    publish(store, *ROSES)
    assert len(await examples.get(ME, OPERATOR, ALWAYS)) == 3
    publish(store, garden("a", "tulips"))
    assert await examples.get(ME, OPERATOR, ALWAYS) == []
    publish(store, garden("a", "roses"))
    assert await examples.get(ME, OPERATOR, ALWAYS) == [example("a", "roses")]


async def test_untried_ones_while_the_trying_takes_too_long(
    engine: _Engine, store: IndexStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "_PATIENCE", 0.01)
    publish(store, *ROSES)
    may_answer = threading.Event()
    engine.asked = lambda: may_answer.wait(5)
    examples = examples_of(engine, store, tmp_path)
    untried = [example("a", "tulips"), example("b", "roses"), example("c", "roses")]
    assert await examples.get(ME, OPERATOR, ALWAYS) == untried
    may_answer.set()
    monkeypatch.setattr(trying, "_PATIENCE", 10)
    assert await examples.get(ME, OPERATOR, ALWAYS) == [example(name, "roses") for name in "bcd"]


async def test_untried_ones_while_others_are_asking(
    engine: _Engine, store: IndexStore, tmp_path: Path
) -> None:
    publish(store, *ROSES)
    examples = examples_of(engine, store, tmp_path, AdmissionLimits(waiting=0))
    assert (await examples.get(ME, OPERATOR, ALWAYS))[0] == example("a", "tulips")
    assert engine.questions == []


async def test_a_defect_of_the_engine_is_logged_and_tried_again(
    engine: _Engine, store: IndexStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    publish(store, *ROSES)
    engine.asked = broken
    examples = examples_of(engine, store, tmp_path)
    assert (await examples.get(ME, OPERATOR, ALWAYS))[0] == example("a", "tulips")
    assert "Examples could not be tried" in caplog.text
    engine.asked = lambda: None
    assert (await examples.get(ME, OPERATOR, ALWAYS))[0] == example("b", "roses")
