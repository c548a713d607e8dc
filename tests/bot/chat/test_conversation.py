"""Which turns a question may follow up: what was asked here before, as far as all may know it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.config.settings import Settings
from bot.records import Exchange, Kind
from bot.services import Services
from index.answering.answer import ListedDocument, QuestionKind, Reply, Response, Says, Verdict
from index.rewriting import Turn
from testing.services import services_of
from tests.bot.chat.chatting import ANN, BEN, FORCE, POLICY, WAREHOUSE, Scripted, asked, excerpt_of

ABOUT_FORCE = Response("", Verdict.ANSWERED, 0.9, 1, excerpts=(excerpt_of(FORCE),))
TALK = Response("", Verdict.ANSWERED, 1.0, 1, kind=QuestionKind.TALK, replies=(Reply(Says.THANKS),))


@pytest.fixture
def engine() -> Scripted:
    return Scripted(says={"force?": ABOUT_FORCE, "thanks!": TALK})


@pytest.fixture
def services(indexed: Settings, engine: Scripted) -> Services:
    return services_of(indexed, engine=engine, policy=POLICY)


async def ask(services: Services, question: str, person: int = ANN, **changes: Any) -> Exchange:
    return (await services.answering.answer(asked(question, person, **changes))).exchange


def questions(engine: Scripted) -> list[str]:
    """Return the questions of the last conversation that the engine was given."""
    return [turn.question for turn in engine.conversations[-1]]


@pytest.mark.parametrize(
    ("before", "turns"),
    [
        ([], []),
        (["who signs?"], ["who signs?"]),
        (["who?", "and when?", "why?"], ["who?", "who? and when?", "why?"]),
        # The last four.
        (["1?", "2?", "3?", "4?", "5?"], ["2?", "3?", "4?", "5?"]),
        # Small talk is no turn.
        (["1?", "2?", "3?", "4?", "thanks!", "thanks!"], ["1?", "2?", "3?", "4?"]),
    ],
)
async def test_the_last_turns(
    before: list[str], turns: list[str], services: Services, engine: Scripted
) -> None:
    for question in before:
        await ask(services, question)
    exchange = await ask(services, "and there?")
    assert questions(engine) == turns
    whole = f"{turns[-1]} and there?" if turns else "and there?"
    assert (exchange.question, exchange.rewritten) == ("and there?", whole)


@pytest.mark.parametrize(
    ("verdict", "has_excerpts"),
    [(Verdict.ANSWERED, True), (Verdict.UNSURE, True), (Verdict.SILENT, False)],
)
async def test_a_turn_has_what_was_shown(
    verdict: Verdict, has_excerpts: bool, services: Services, engine: Scripted
) -> None:
    shown = (excerpt_of(WAREHOUSE),)
    silent = verdict is Verdict.SILENT
    engine.says["who?"] = Response(
        "", verdict, 0.4, 1, excerpts=() if silent else shown, closest=shown if silent else ()
    )
    await ask(services, "who?")
    exchange = await ask(services, "and there?")
    assert engine.conversations[-1] == [Turn("who?", shown if has_excerpts else ())]
    assert exchange.source_documents == ((WAREHOUSE,) if has_excerpts else ())


async def test_a_question_that_takes_nothing_from_its_conversation_has_no_sources(
    services: Services,
) -> None:
    first = await ask(services, "force?")
    exchange = await ask(services, "who signs?")
    assert (exchange.source_documents, exchange.source_people) == ((), ())
    assert exchange.follows == first.id


@pytest.mark.parametrize(
    ("before", "planner", "turns"),
    [
        (["who?", "force?", "why?"], True, ["who?", "force?", "why?"]),
        # What was said on the force, and all before it, must not show.
        (["who?", "force?", "why?"], False, ["why?"]),
        (["who?", "force?"], False, []),
        (["force?", "and when?", "why?"], False, ["why?"]),
    ],
)
async def test_who_may_not_know_of_a_turn_gets_nothing_from_before(
    before: list[str], planner: bool, turns: list[str], services: Services, engine: Scripted
) -> None:
    for question in before:
        await ask(services, question)
    await ask(services, "and there?", planner=planner)
    assert questions(engine) == turns


async def test_who_knows_more_does_not_go_on_from_where_others_could_not(
    services: Services, engine: Scripted
) -> None:
    await ask(services, "force?")
    await ask(services, "and there?", planner=False)
    await ask(services, "and then?")
    assert questions(engine) == ["and there?"]


@pytest.mark.parametrize(
    "listed",
    [ListedDocument(FORCE, "Force"), ListedDocument(FORCE, "Force", quote=excerpt_of(FORCE))],
)
async def test_a_listed_document_is_one_that_not_all_may_know_of(
    listed: ListedDocument, services: Services, engine: Scripted
) -> None:
    engine.says["which?"] = Response(
        "", Verdict.ANSWERED, 1.0, 1, kind=QuestionKind.COLLECTION, documents=(listed,)
    )
    exchange = await ask(services, "which?")
    assert exchange.documents == {FORCE}
    await ask(services, "and there?", planner=False)
    assert questions(engine) == []
    await ask(services, "and there?")
    assert questions(engine) == ["and there?"]


@pytest.mark.parametrize(
    ("first", "then", "turns"),
    [
        ({"private": True}, {}, []),
        ({"private": True}, {"private": True}, ["who?"]),
        ({}, {"private": True}, ["who?"]),
        ({"guild": None}, {"guild": None}, ["who?"]),
        ({"channel": 31}, {}, []),
        ({"person": BEN}, {}, []),
    ],
)
async def test_what_was_asked_in_private_stays_private(
    first: dict[str, Any],
    then: dict[str, Any],
    turns: list[str],
    services: Services,
    engine: Scripted,
) -> None:
    await ask(services, "who?", **first)
    await ask(services, "and there?", **then)
    assert questions(engine) == turns


async def test_a_reply_continues_the_conversation_of_what_it_replies_to(
    services: Services, engine: Scripted
) -> None:
    await ask(services, "who?")
    hers = await ask(services, "why?")
    await ask(services, "what else?", BEN)
    exchange = await ask(services, "and there?", BEN, reply_to=hers.id)
    assert questions(engine) == ["who?", "why?"]
    assert exchange.source_people == (ANN,)


async def test_a_thread_continues_what_it_began_at(services: Services, engine: Scripted) -> None:
    await ask(services, "who?")
    began = await ask(services, "why?")
    await ask(services, "and there?", BEN, channel=99, thread_of=began.id)
    assert questions(engine) == ["who?", "why?"]
    await ask(services, "and then?", BEN, channel=99, thread_of=began.id)
    assert questions(engine) == ["who?", "why?", "why? and there?"]


async def test_an_edited_question_does_not_follow_up_its_own_wording(
    services: Services, engine: Scripted
) -> None:
    await ask(services, "wo?", message=1)
    await ask(services, "why?", message=2)
    await ask(services, "who?", message=1)
    assert questions(engine) == ["why?"]


async def test_what_was_forgotten_ends_the_conversation(
    services: Services, engine: Scripted
) -> None:
    hers = await ask(services, "who?")
    his = await ask(services, "why?", BEN, reply_to=hers.id)
    await asyncio.to_thread(services.records.forget_person, ANN)
    await ask(services, "and there?", BEN)
    assert questions(engine) == ["why?"]
    assert his.follows == hers.id


async def test_a_claim_has_no_conversation(services: Services, engine: Scripted) -> None:
    await ask(services, "who?")
    exchange = await ask(services, "and there?", kind=Kind.CLAIM)
    assert engine.conversations[-1] == []
    assert exchange.follows is None


async def test_rights_that_are_lost_while_it_is_answered(
    services: Services, engine: Scripted
) -> None:
    await ask(services, "force?")
    question = asked("and there?")
    nobody = asked("", planner=False).viewer
    late = replace(question, viewer_source=asked("", planner=False).viewer_source)
    assert late.viewer is not nobody
    exchange = (await services.answering.answer(late)).exchange
    assert [[turn.question for turn in each] for each in engine.conversations[-2:]] == [
        ["force?"],
        [],
    ]
    assert exchange.rewritten == "and there?"
