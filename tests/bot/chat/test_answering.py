"""What is asked of the engine for those who will see the answer, and what is recorded of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.chat.answering import Answering
from bot.config.settings import Settings
from bot.errors import NotAllowed
from bot.services import Services
from index.answering.answer import (
    Choice,
    CitedCell,
    Computed,
    ListedDocument,
    QuestionKind,
    Response,
    Verdict,
)
from index.document import Span
from index.errors import BadQuestion
from testing.services import services_of
from tests.bot.chat.chatting import ANN, BEN, FORCE, POLICY, WAREHOUSE, Scripted, asked, excerpt_of

FOUND = Response("", Verdict.ANSWERED, 0.9, 1, excerpts=(excerpt_of(WAREHOUSE),))
SECRET = replace(FOUND, excerpts=(excerpt_of(FORCE), excerpt_of(WAREHOUSE, 2)))
BOTH = replace(FOUND, excerpts=(excerpt_of(WAREHOUSE), excerpt_of(FORCE, 2)))
UNCLEAR = Response(
    "",
    Verdict.UNSURE,
    0.5,
    1,
    kind=QuestionKind.UNCLEAR,
    excerpts=(excerpt_of(FORCE),),
    choices=(Choice("Norway", "who leads Norway?"), Choice("Sweden", "who leads Sweden?")),
)
NAMED = replace(
    UNCLEAR,
    verdict=Verdict.SILENT,
    excerpts=(),
    choices=tuple(replace(one, document=FORCE) for one in UNCLEAR.choices),
)
"""Asked back in the names of documents, with none of their words beside."""


@pytest.fixture
def engine() -> Scripted:
    return Scripted()


@pytest.fixture
def services(indexed: Settings, engine: Scripted) -> Services:
    return services_of(indexed, engine=engine, policy=POLICY)


# What is asked of the engine


@pytest.mark.parametrize(
    ("narrowed", "planner", "documents"),
    [
        ({}, False, {WAREHOUSE, "hostile.md"}),
        ({"document": WAREHOUSE}, True, {WAREHOUSE}),
        ({"document": FORCE}, True, {FORCE}),
        ({"document": FORCE}, False, set()),
        ({"folder": "Norway/"}, True, {FORCE}),
        ({"since": date(2026, 1, 19)}, True, {FORCE}),
        ({"folder": "norway", "since": date(2026, 1, 19)}, True, {FORCE}),
        ({"folder": "", "document": WAREHOUSE}, True, {WAREHOUSE}),
    ],
)
async def test_a_question_of_some_documents(
    narrowed: dict[str, Any],
    planner: bool,
    documents: set[str],
    services: Services,
    engine: Scripted,
) -> None:
    answered = await services.answering.answer(asked("who?", planner=planner, **narrowed))
    assert engine.documents == [documents]
    exchange = answered.exchange
    assert {"document": exchange.document, "folder": exchange.folder, "since": exchange.since} == {
        "document": None, "folder": None, "since": None, **narrowed,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("narrowed", "planner"),
    [
        ({"folder": "nowhere"}, True),
        # As if it were not there.
        ({"folder": "norway"}, False),
        ({"since": date(2026, 1, 19)}, False),
        ({"since": date(2026, 1, 20)}, True),
    ],
)
async def test_a_question_of_no_document(
    narrowed: dict[str, Any], planner: bool, services: Services, engine: Scripted
) -> None:
    with pytest.raises(BadQuestion, match="There is no document"):
        await services.answering.answer(asked("who?", planner=planner, **narrowed))
    assert engine.asked == []


async def test_the_day_is_that_of_the_asker(services: Services, engine: Scripted) -> None:
    await services.answering.answer(asked("who?", today=date(2026, 6, 30)))
    answering = Answering(
        engine,
        services.admission,
        services.records,
        services.access,
        clock=lambda: datetime(2026, 7, 1, 12, tzinfo=UTC),
    )
    await answering.answer(asked("who?"))
    assert engine.days == [date(2026, 6, 30), date(2026, 7, 1)]


# What is recorded


@pytest.mark.parametrize(
    ("response", "excerpts", "named"),
    [
        (FOUND, [(1, WAREHOUSE)], ()),
        (replace(FOUND, verdict=Verdict.UNSURE), [(1, WAREHOUSE)], ()),
        (
            Response("", Verdict.SILENT, 0.1, 1, closest=(excerpt_of(WAREHOUSE),)),
            [(1, WAREHOUSE)],
            (),
        ),
        # Buttons know a quote by its number, so those of a list go on where the excerpts end.
        (
            replace(
                FOUND,
                kind=QuestionKind.COLLECTION,
                documents=(
                    ListedDocument(FORCE, "Force", quote=excerpt_of(FORCE)),
                    ListedDocument("hostile.md", "Hostile"),
                ),
            ),
            [(1, WAREHOUSE), (2, FORCE)],
            ("hostile.md",),
        ),
        (
            replace(
                FOUND,
                kind=QuestionKind.TABLE,
                computed=(Computed("count", "1", (CitedCell(FORCE, "8", Span(0, 1), "", ""),)),),
            ),
            [(1, WAREHOUSE)],
            (FORCE,),
        ),
        (UNCLEAR, [(1, FORCE)], (FORCE,)),
    ],
)
async def test_what_is_recorded(
    response: Response,
    excerpts: list[tuple[int, str]],
    named: tuple[str, ...],
    services: Services,
    engine: Scripted,
) -> None:
    engine.says["who?"] = response
    answered = await services.answering.answer(asked("who?"))
    exchange = answered.exchange
    assert (exchange.verdict, exchange.question_kind) == (response.verdict, response.kind)
    assert [(one.number, one.document) for one in exchange.excerpts] == excerpts
    assert exchange.named_documents == named
    assert exchange.choices == response.choices
    quotes = [one.quote.number for one in answered.response.documents if one.quote]
    assert quotes == [number for number, _ in excerpts[len(response.excerpts) :] if quotes]


# What one person may see beyond others


@pytest.mark.parametrize(
    ("response", "extra"),
    [
        (SECRET, True),
        (BOTH, False),  # the best of it is for all
        (FOUND, False),
        (replace(SECRET, verdict=Verdict.UNSURE), False),
        (Response("", Verdict.SILENT, 0.1, 1, closest=(excerpt_of(FORCE),)), False),
        (replace(BOTH, kind=QuestionKind.SUMMARY), True),
        (
            Response(
                "", Verdict.ANSWERED, 1.0, 1, kind=QuestionKind.COLLECTION,
                documents=(ListedDocument(WAREHOUSE, ""), ListedDocument(FORCE, "")),
            ),
            True,
        ),
        (
            Response(
                "", Verdict.ANSWERED, 1.0, 1, kind=QuestionKind.COLLECTION,
                documents=(ListedDocument(WAREHOUSE, ""),),
            ),
            False,
        ),
        (Response("", Verdict.ANSWERED, 1.0, 1, kind=QuestionKind.TALK), False),
    ],
)  # fmt: skip
async def test_an_extra_answer(
    response: Response, extra: bool, services: Services, engine: Scripted
) -> None:
    everybody = asked("", planner=False).viewer
    public = await services.answering.answer(asked("who?", planner=False))
    engine.says["who?"] = response
    found = await services.answering.answer_extra(
        asked("who?", private=True), public.exchange, everybody
    )
    assert (found is not None) is extra


# Choices


@pytest.mark.parametrize(
    ("number", "question"), [(1, "who leads Norway?"), (2, "who leads Sweden?")]
)
async def test_a_choice_is_asked_as_it_stands(
    number: int, question: str, services: Services, engine: Scripted
) -> None:
    engine.says["who leads it?"] = UNCLEAR
    before = (await services.answering.answer(asked("who leads it?", folder="norway"))).exchange
    answered = await services.answering.choose(asked("", BEN), before, number)
    assert engine.asked == ["who leads it?", question]
    assert engine.conversations[-1] == []
    assert engine.documents == [{FORCE}, {FORCE}]
    exchange = answered.exchange
    assert (exchange.question, exchange.rewritten, exchange.person) == (question, question, BEN)
    assert (exchange.follows, exchange.source_people) == (before.id, (ANN,))
    assert exchange.source_documents == (FORCE,)


@pytest.mark.parametrize(
    ("unclear", "number", "planner"),
    [(UNCLEAR, 0, True), (UNCLEAR, 3, True), (UNCLEAR, 1, False), (NAMED, 1, False)],
)
async def test_a_choice_that_is_not_offered_to_everybody_who_sees_it(
    unclear: Response, number: int, planner: bool, services: Services, engine: Scripted
) -> None:
    engine.says["who leads it?"] = unclear
    before = (await services.answering.answer(asked("who leads it?"))).exchange
    with pytest.raises(NotAllowed, match="no longer kept"):
        await services.answering.choose(asked("", BEN, planner=planner), before, number)
    assert engine.asked == ["who leads it?"]
