"""What follows an answer: what was typed after it, and what was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.answer import QuestionKind, Response, Says, Verdict
from index.answering.calibration import Calibration, Curve, CurvePoint, Logistic
from index.answering.engine import Engine
from index.answering.finding.confidence import CONFIDENCE_FEATURES
from index.answering.finding.evidence import UNIT_FEATURES
from index.answering.finding.joined_reading import JoinedReader
from index.answering.tuning import TUNING, Tuning
from index.chunking.chunker import ChunkLimits, split
from index.chunking.passage import Passage
from index.decisions import Decisions
from index.document import Document, Span
from index.models.reranking_reader import RerankingReader
from index.ports import PassageScores
from index.rewriting import Turn
from index.store.catalog.catalog import Catalog
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.fakes import FakeReranker, WordEmbedder, count_words, document_of, publish, recipe_of


def logistic(names: tuple[str, ...], feature: str, threshold: float) -> Logistic:
    weights = tuple(float(name == feature) for name in names)
    return Logistic(features=names, weights=weights, bias=0.0, threshold=threshold)


CALIBRATION = Calibration(
    evidence=logistic(UNIT_FEATURES, "logit", 0.9),
    confidence=logistic(CONFIDENCE_FEATURES, "best unit", 0.8),
    curve=Curve(questions={}, points=(CurvePoint(threshold=0.8, wrong=0.2, missed=0.1),)),
    unsure_from=0.3,
)

PLAN = document_of(
    "# Evacuation",
    "The director of the mission orders an evacuation of the town when shelling comes near it.",
    "If she cannot be reached then the security adviser decides on it instead of her.",
    "Nobody may overrule a driver who refuses a road because it is unsafe to drive there.",
    "Every vehicle carries two spare wheels and enough fuel for three hundred kilometres of road.",
    "# Rest",
    "Rest leave begins after eight weeks in the field and it lasts for five working days.",
    name="plan.txt",
)
BOARD = document_of(
    "The board of the society orders an evacuation of the depots in a flood.", name="board.txt"
)
SECRET = document_of(
    "A secret council orders an evacuation of the town because shelling comes near it.",
    "If she cannot be reached the secret council decides.",
    name="secret.txt",
)
ORDERS = "who orders an evacuation of the town?"


def engine_over(folder: Path, *documents: Document, tuning: Tuning = TUNING) -> Engine:
    store = IndexStore(folder)
    publish(store, *documents)
    reader = RerankingReader(FakeReranker(), TUNING.evidence_passages)
    index = CurrentGeneration(store, recipe_of())
    return Engine(index, WordEmbedder(), reader, CALIBRATION, tuning=tuning)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return engine_over(tmp_path / "index", PLAN, BOARD)


def talk(engine: Engine, *typed: str, documents: Sequence[str] | None = None) -> list[Response]:
    """Return the responses to what was typed, one after the other in one conversation."""
    turns: list[Turn] = []
    responses = []
    for text in typed:
        response = engine.ask(text, documents, conversation=turns)
        responses.append(response)
        turns.append(Turn(response.rewritten, response.excerpts))
    return responses


def shown(response: Response) -> str:
    return " ".join(excerpt.quote for excerpt in response.excerpts)


def test_the_sentence_after_what_was_shown_answers(engine: Engine) -> None:
    first, second = talk(engine, ORDERS, "and if she cannot be reached?")
    assert shown(first).startswith("The director of the mission orders")
    assert second.carried
    assert "the security adviser decides" in shown(second)


@pytest.mark.parametrize("typed", ["why?", "but why", "why is that?"])
def test_why_asks_for_the_reason_beside_what_was_shown(engine: Engine, typed: str) -> None:
    second = talk(engine, "who may overrule a driver who refuses a road?", typed)[-1]
    assert second.verdict is not Verdict.SILENT
    assert shown(second) == (
        "Nobody may overrule a driver who refuses a road because it is unsafe to drive there."
    )


@pytest.mark.parametrize("typed", ["when?", "since when?"])
def test_when_is_not_surely_answered_by_text_without_a_time(engine: Engine, typed: str) -> None:
    assert talk(engine, ORDERS, typed)[-1].verdict is not Verdict.ANSWERED


@pytest.mark.parametrize("typed", ["tell me more", "go on", "more", "anything else?", "what else?"])
def test_more_is_what_stands_around_and_nothing_twice(engine: Engine, typed: str) -> None:
    first, second = talk(engine, ORDERS, typed)
    assert second.kind is QuestionKind.MORE
    assert second.verdict is Verdict.ANSWERED
    assert "If she cannot be reached" in shown(second)
    assert "Rest leave" not in shown(second)
    for before in first.excerpts:
        for after in second.excerpts:
            assert before.document != after.document or not before.span.overlaps(after.span)


def test_more_of_more_shows_nothing_twice_until_nothing_is_left(engine: Engine) -> None:
    responses = talk(engine, ORDERS, *["more"] * 8)
    spans = [(e.document, e.span) for response in responses for e in response.excerpts]
    for at, (document, span) in enumerate(spans):
        for other, another in spans[:at]:
            assert document != other or not span.overlaps(another)
    assert responses[-1].verdict is Verdict.SILENT
    assert responses[-1].excerpts == ()


@pytest.mark.parametrize("typed", ["are you sure?", "really?", "where does it say that?"])
def test_who_doubts_sees_the_same_with_the_text_around_it(engine: Engine, typed: str) -> None:
    first, second = talk(engine, ORDERS, typed)
    assert second.rewritten == ORDERS
    best, wider = first.excerpts[0], second.excerpts[0]
    assert wider.document == best.document
    assert wider.span.contains(best.span)
    assert len(wider.span) > len(best.span)
    assert "Rest leave" not in wider.quote


@pytest.mark.parametrize("typed", ["that's wrong", "no, that's not what I asked"])
def test_who_rejects_an_answer_sees_the_next_best_as_unsure(engine: Engine, typed: str) -> None:
    first, second = talk(engine, ORDERS, typed)
    assert second.rewritten == ORDERS
    assert second.verdict is Verdict.UNSURE
    assert "The board of the society" in shown(second)
    assert first.excerpts[0].quote not in shown(second)


def test_a_question_that_stands_alone_is_answered_as_without_the_conversation(
    engine: Engine,
) -> None:
    alone = engine.ask("when does rest leave begin?")
    _, after = talk(engine, ORDERS, "when does rest leave begin?")
    assert (after.excerpts[0], after.confidence) == (alone.excerpts[0], alone.confidence)
    assert not after.carried


def test_what_finds_nothing_alone_is_read_after_the_question_before(engine: Engine) -> None:
    before = "does every vehicle carry two spare wheels and enough fuel for the road?"
    typed = "how far can people go?"
    alone = engine.ask(typed)
    assert alone.verdict is Verdict.SILENT
    after = talk(engine, before, typed)[-1]
    assert after.confidence > alone.confidence
    assert any("fuel for three hundred kilometres" in each.quote for each in after.closest)


@pytest.mark.parametrize("typed", ["is there a canteen?", "any bicycles?"])
def test_that_there_is_something_is_not_sure_where_no_word_of_it_is_found(
    engine: Engine, typed: str
) -> None:
    after = talk(engine, "who may overrule a driver who refuses a road?", typed)[-1]
    assert after.verdict is not Verdict.ANSWERED


def test_a_single_word_is_not_sure_of_another_document(engine: Engine) -> None:
    first = "who orders an evacuation of the depots in a flood?"
    response = talk(engine, first, "wheels")[-1]
    assert response.verdict is not Verdict.ANSWERED


FOLLOW_UPS = ["why?", "and if she cannot be reached?", "tell me more", "are you sure?", "wrong"]


@pytest.mark.parametrize("typed", FOLLOW_UPS)
def test_a_document_out_of_sight_changes_nothing(tmp_path: Path, typed: str) -> None:
    with_secret = engine_over(tmp_path / "with", PLAN, SECRET, BOARD)
    without = engine_over(tmp_path / "without", PLAN, BOARD)
    allowed = ["plan.txt", "board.txt"]
    one = talk(with_secret, ORDERS, typed, "more", documents=allowed)
    other = talk(without, ORDERS, typed, "more")
    for seen, expected in zip(one, other, strict=True):
        assert seen.excerpts == expected.excerpts
        assert seen.closest == expected.closest
        assert (seen.verdict, seen.confidence) == (expected.verdict, expected.confidence)


@pytest.mark.parametrize("typed", FOLLOW_UPS)
def test_what_may_no_longer_be_seen_is_not_looked_around(tmp_path: Path, typed: str) -> None:
    engine = engine_over(tmp_path / "index", PLAN, SECRET, BOARD)
    secret = engine.ask(ORDERS, ["secret.txt"])
    assert secret.excerpts
    turns = [Turn(ORDERS, secret.excerpts)]
    allowed = ["plan.txt", "board.txt"]
    response = engine.ask(typed, allowed, conversation=turns)
    assert "secret" not in shown(response)
    assert response.excerpts == engine.ask(typed, allowed, conversation=[Turn(ORDERS)]).excerpts


def test_an_excerpt_that_its_document_no_longer_says_is_not_looked_around(tmp_path: Path) -> None:
    before = engine_over(tmp_path / "before", PLAN).ask(ORDERS)
    engine = engine_over(tmp_path / "now", document_of("All is quiet.", name="plan.txt"), BOARD)
    response = engine.ask("tell me more", conversation=[Turn(ORDERS, before.excerpts)])
    assert "All is quiet" not in shown(response)


LINES = st.lists(st.sampled_from(["# Aims", "One. Two is long.", "* one", "Far " * 9]), max_size=20)


@given(LINES, st.integers(0, 300), st.integers(1, 60))
def test_the_passages_around_a_span_are_those_over_it_and_the_next_ones(
    lines: list[str], start: int, length: int
) -> None:
    catalog = Catalog.create(Path(":memory:"))
    for passage in split(document_of(*lines), count_words, ChunkLimits(8, 12, 2)):
        catalog.put_passage(passage, b"")
    span = Span(start, start + length)
    passages = catalog.passages_of("notes.txt")
    over = [passage for passage in passages if passage.span.overlaps(span)]
    after = [passage for passage in passages if passage.span.start >= span.end]
    before = [passage for passage in passages if passage.span.end <= span.start]
    found = list(catalog.passages_around("notes.txt", span).values())
    assert found == [*over, *after[:1], *before[-1:]]
    assert catalog.passages_around("other.txt", span) == {}
    catalog.close()


def test_more_rows_of_a_table_come_with_their_header(tmp_path: Path) -> None:
    rows = [f"| depot{at} | {at}000 litres" for at in range(9)]
    table = document_of("! depot | stock", *rows, name="table.txt")
    engine = engine_over(tmp_path / "index", table)
    cited = engine.search("depot4 4000 litres").hits[0].passage
    unit = next(u for u in cited.units if "depot4" in cited.text_of(u.span))
    shown_before = replace(
        engine.ask("depot4 4000 litres").excerpts[0], quote=cited.text_of(unit.span), span=unit.span
    )
    turn = Turn("how much stock is in depot4", [shown_before])
    best = engine.ask("more", conversation=[turn]).excerpts[0]
    assert best.quote.startswith("| depot5")
    assert best.header is not None
    assert best.header.text == "! depot | stock"


def test_what_the_topic_does_not_answer_is_asked_of_all_documents(tmp_path: Path) -> None:
    prizes = document_of("Prizes for pilots.", name="news.txt")
    mayor = document_of("Mayor mayor.", name="mayor.txt")
    reads_little = replace(TUNING, read_passages=1, around_passages=1)
    engine = engine_over(tmp_path / "index", mayor, prizes, tuning=reads_little)
    _, second = talk(engine, "where does the mayor live?", "any prizes?")
    assert (second.rewritten, second.carried) == ("any prizes?", False)
    assert shown(second) == "Prizes for pilots."


OLD = document_of(
    "Date: 1 March 2025", "The director orders an evacuation of the town.", name="old.md"
)
NEW = document_of("Date: 1 March 2026", "A board orders an evacuation of the town.", name="new.md")
SILENT = document_of("Date: 1 March 2026", "Bread is baked daily.", name="new.md")


def replacing(folder: Path, *documents: Document) -> Engine:
    """Return an engine over documents of which new.md replaces old.md."""
    store = IndexStore(folder)
    publish(store, *documents)
    reader = RerankingReader(FakeReranker(), TUNING.evidence_passages)
    index = CurrentGeneration(store, recipe_of())
    decisions = Decisions(frozenset({("old.md", "new.md")}))
    return Engine(index, WordEmbedder(), reader, CALIBRATION, decisions=lambda: decisions)


def said(response: Response) -> list[Says]:
    return [reply.says for reply in response.replies]


def test_whether_what_was_shown_still_holds(tmp_path: Path) -> None:
    engine = replacing(tmp_path, OLD, NEW)
    before, still = talk(engine, "who ordered an evacuation of the town before?", "still valid?")
    assert before.excerpts[0].document == "old.md"
    assert still.kind is QuestionKind.COLLECTION
    assert Says.REPLACED_BY in said(still)
    assert still.standings[0].replaced_by
    _, holds = talk(engine, "who orders an evacuation of the town?", "is this still current?")
    assert Says.HOLDS in said(holds)


def test_of_a_replaced_document_its_review_is_no_matter(tmp_path: Path) -> None:
    old = document_of("Date: 1 March 2025", "Review: 1 March 2026", name="old.md", title="Harbour")
    (found,) = talk(replacing(tmp_path, old, NEW), "is the Harbour document still current?")
    assert said(found) == [Says.REPLACED_BY]


def test_it_is_said_where_what_replaces_a_document_is_silent(tmp_path: Path) -> None:
    (speaks,) = talk(replacing(tmp_path / "a", OLD, NEW), ORDERS)
    assert speaks.excerpts[0].document == "new.md"
    assert Says.SUCCESSOR_SILENT not in said(speaks)
    (silent,) = talk(replacing(tmp_path / "b", OLD, SILENT), ORDERS)
    assert silent.excerpts[0].document == "old.md"
    assert Says.SUCCESSOR_SILENT in said(silent)
    assert (speaks.verdict, silent.verdict) == (Verdict.ANSWERED, Verdict.UNSURE)
    hidden = replacing(tmp_path / "c", OLD, SILENT).ask(ORDERS, ["old.md"])
    assert said(hidden) == []
    assert hidden.verdict is Verdict.ANSWERED
    assert hidden.standings[0].replaced_by is None


def test_of_versions_that_a_question_names_the_one_that_holds_is_meant(tmp_path: Path) -> None:
    versions = [
        document_of(f"Date: 1 March {year}", "Owner: Ann Moe", name=name, title="Harbour plan")
        for year, name in ((2025, "old.md"), (2026, "new.md"))
    ]
    (found,) = talk(replacing(tmp_path, *versions), "who owns the harbour plan?")
    assert said(found) == [Says.OWNED_BY]
    assert [each.document for each in found.excerpts] == ["new.md"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Status: withdrawn", Says.REPLACED),
        ("Valid until: 31 March 2026", Says.EXPIRED),
        ("Valid until: 31 March 2027", None),
    ],
)
def test_what_no_longer_holds_is_never_sure_of_now(
    tmp_path: Path, line: str, says: Says | None
) -> None:
    text = "The director orders an evacuation of the town."
    engine = engine_over(tmp_path, document_of(line, text, name="order.md", title="Harbour order"))
    day = date(2026, 6, 1)
    now = engine.ask(ORDERS, today=day)
    assert now.excerpts[0].quote == text
    assert now.verdict is (Verdict.UNSURE if says else Verdict.ANSWERED)
    assert said(now) == ([says] if says else [])
    then = engine.ask(ORDERS, conversation=[Turn("any prizes?", now.excerpts)], today=day)
    assert then.verdict is now.verdict
    for of_then in ("who ordered an evacuation of the town?", f"{ORDERS} by the Harbour order"):
        assert engine.ask(of_then, today=day).verdict is Verdict.ANSWERED


@pytest.mark.parametrize("title", ["Evacuation", "Rules", "Own", "Town"])
def test_a_word_of_a_question_names_no_document_that_no_longer_holds(
    tmp_path: Path, title: str
) -> None:
    lines = ("Status: withdrawn", "The director orders an evacuation of the town.")
    engine = engine_over(tmp_path, document_of(*lines, name="order.md", title=title))
    found = engine.ask(ORDERS, today=date(2026, 6, 1))
    assert (found.verdict, said(found)) == (Verdict.UNSURE, [Says.REPLACED])


def test_a_passage_has_the_mean_of_its_scores_in_both_wordings(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    publish(store, document_of("Kayaks are painted yellow.", name="kayaks.txt"))
    passages = list(store.open(None).catalog.passages([0, 1]).values())
    reader = RerankingReader(FakeReranker(), TUNING.evidence_passages)
    wordings = ("which are yellow?", "what is painted? which are yellow?")
    joined = JoinedReader(reader, wordings[1]).read(wordings[0], passages)
    each = [reader.read(wording, passages) for wording in wordings]
    for scores, *alone in zip(joined, *each, strict=True):
        assert scores.answerability == pytest.approx(sum(a.answerability for a in alone) / 2)
        assert scores.relevance == pytest.approx(sum(a.relevance for a in alone) / 2)
        assert scores.evidence == pytest.approx(sum(a.evidence for a in alone) / 2)


def test_no_passage_is_read_twice_for_one_wording(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[str, str]] = []
    score = RerankingReader.read

    def watched(
        self: RerankingReader, question: str, passages: Sequence[Passage]
    ) -> list[PassageScores]:
        read.extend((question, each.id) for each in passages)
        return score(self, question, passages)

    monkeypatch.setattr(RerankingReader, "read", watched)
    for typed in ("who cooks breakfast?", "and who pays for that?"):
        read.clear()
        engine.ask(typed, conversation=[Turn(ORDERS)])
        assert len(read) == len(set(read)) > 0, typed


@pytest.mark.parametrize("typed", ["two wheels?", "wheels and fuel?"])
def test_few_words_are_not_sure_of_a_document_that_was_not_shown(
    engine: Engine, typed: str
) -> None:
    assert engine.ask(typed).verdict is Verdict.ANSWERED
    elsewhere = talk(engine, "who orders an evacuation of the depots in a flood?", typed)[-1]
    assert elsewhere.verdict is not Verdict.ANSWERED
    within = talk(engine, "when does rest leave begin in the field?", typed)[-1]
    assert within.verdict is Verdict.ANSWERED


def test_what_only_stands_with_an_answer_is_no_more_of_it(tmp_path: Path) -> None:
    order = document_of("The director orders an evacuation of the town.", name="order.txt")
    tulips = document_of("Tulips are sold in the town on Sunday.", name="tulips.txt")
    over = engine_over(tmp_path / "index", order, tulips)
    first, second = talk(over, "who orders an evacuation of the town?", "tell me more")
    assert first.verdict is Verdict.ANSWERED
    assert second.verdict is not Verdict.ANSWERED


def test_more_of_nothing_is_asked_back(engine: Engine) -> None:
    first = "who orders an evacuation of the depots in a flood?"
    for before in ("which documents are there?", "what is the capital of Mongolia?"):
        *_, shown_none, more = talk(engine, first, before, "tell me more")
        assert not shown_none.excerpts
        assert not more.excerpts
        assert Says.UNCLEAR in said(more)
    assert talk(engine, first, "tell me more")[-1].excerpts


def test_the_topic_before_is_no_answer_for_a_name_that_no_document_holds(tmp_path: Path) -> None:
    order = document_of("The director orders an evacuation of the town.", name="order.txt")
    over = engine_over(tmp_path / "index", order, PLAN)
    before = "who orders an evacuation of the town?"
    typed = "what is the capital of Mongolia?"
    assert over.ask(typed).verdict is Verdict.SILENT
    assert talk(over, before, typed)[-1].verdict is Verdict.SILENT
    assert talk(over, before, "what is the capital of the town?")[-1].verdict is Verdict.UNSURE


def test_a_condition_that_is_a_heading_asks_for_its_section(tmp_path: Path) -> None:
    policy = document_of("# If you are detained", "Stay calm, and ask for the mission.")
    over = engine_over(tmp_path / "index", PLAN, replace(policy, name="policy.txt"))
    question = "who orders an evacuation of the town?"
    _, section = talk(over, question, "if you are detained")
    assert section.rewritten == "if you are detained"
    assert [e.document for e in section.excerpts] == ["policy.txt"]
    _, completed = talk(over, question, "if she cannot be reached?")
    assert completed.rewritten.startswith("who orders an evacuation of the town if ")


def test_a_sure_answer_quotes_more_where_no_document_was_shown_yet(tmp_path: Path) -> None:
    """After a reply of others nothing tells which documents are meant."""
    depots = document_of("Depots store diesel fuel for drivers.", name="depots.txt")
    ships = document_of("Ships store diesel fuel for sailors.", name="ships.txt")
    engine = engine_over(tmp_path / "index", depots, ships)
    question = "depots store diesel fuel"
    alone = engine.ask(question)
    replied = engine.ask(question, conversation=[Turn("who drives?", reply="Drivers do.")])
    assert alone.answered
    assert replied.answered
    assert [each.document for each in alone.excerpts] == ["depots.txt"]
    assert [each.document for each in replied.excerpts] == ["depots.txt", "ships.txt"]
