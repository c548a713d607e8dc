from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from index.answering.answer import QuestionKind, Reply, Says, Verdict
from index.answering.calibration import Calibration, Curve, CurvePoint, Logistic, calibration_for
from index.answering.engine import Engine
from index.answering.finding.confidence import CONFIDENCE_FEATURES
from index.answering.finding.evidence import UNIT_FEATURES
from index.answering.tuning import TUNING
from index.answering.understanding.spelling import Speller
from index.errors import BadQuestion, ExcerptMismatch, IndexMissing
from index.models.reranking_reader import RerankingReader
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from index.question import LONGEST_QUESTION
from index.rewriting import Turn
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.fakes import FakeReranker, WordEmbedder, document_of, publish, recipe_of


def logistic(names: tuple[str, ...], feature: str) -> Logistic:
    """Return a regression on one feature, which says yes where it is positive."""
    weights = tuple(float(name == feature) for name in names)
    return Logistic(features=names, weights=weights, bias=0.0, threshold=0.5)


CALIBRATION = Calibration(
    evidence=logistic(UNIT_FEATURES, "logit"),
    confidence=logistic(CONFIDENCE_FEATURES, "best unit"),
    curve=Curve(questions={}, points=(CurvePoint(threshold=0.5, wrong=0.2, missed=0.1),)),
    unsure_from=0.5,
)


READER = RerankingReader(FakeReranker(), TUNING.evidence_passages)


@pytest.fixture
def engine(store: IndexStore) -> Engine:
    return Engine(CurrentGeneration(store, recipe_of()), WordEmbedder(), READER, CALIBRATION)


FORCE = document_of("The force guards the border.", "It costs a million.", name="force.txt")


def test_a_question_is_answered_with_its_source(store: IndexStore, engine: Engine) -> None:
    publish(store, FORCE, document_of("Ships carry grain.", name="ships.txt"))
    answer = engine.ask("  who guards the border?\n")
    assert answer.answered
    assert answer.question == "who guards the border?"
    assert [(e.document, e.quote) for e in answer.excerpts] == [
        ("force.txt", "The force guards the border.")
    ]
    assert 0.5 <= answer.confidence <= 1
    assert next(iter(answer.milliseconds)) == "total"
    assert answer.milliseconds["total"] >= answer.milliseconds["read"] >= 0


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("shop phone", QuestionKind.TABLE),
        ("shop mobile number", QuestionKind.FACT),
        ("desks phones", QuestionKind.FACT),
        ("which desks have a phone over 11", QuestionKind.TABLE),
    ],
)
def test_a_row_answers_where_it_has_the_form_and_reads_best(
    store: IndexStore, engine: Engine, typed: str, kind: QuestionKind
) -> None:
    rows = parse_bytes(
        b"Office,Phone\nDesk,12\nShop,13\n", "items.csv", ".csv", limits=ParsingLimits()
    )
    said = "The desks have two phones."
    publish(store, rows, document_of(said, name="office.txt"))
    assert engine.ask(typed).kind is kind


@pytest.mark.parametrize(
    ("read_sure", "kind"), [(0.5, QuestionKind.FACT), (1.0, QuestionKind.TABLE)]
)
def test_rows_answer_where_text_does_but_hardly(
    store: IndexStore, read_sure: float, kind: QuestionKind
) -> None:
    rows = b"Office,Phone\nDesk,12\nShop,13\n"
    table = parse_bytes(rows, "items.csv", ".csv", limits=ParsingLimits())
    publish(store, table, document_of("The desks have two phones.", name="office.txt"))
    generation, tuning = CurrentGeneration(store, recipe_of()), replace(TUNING, read_sure=read_sure)
    engine = Engine(generation, WordEmbedder(), READER, CALIBRATION, tuning=tuning)
    assert engine.ask("desks phones").kind is kind


def test_where_the_documents_do_not_say_nothing_is_cited(store: IndexStore, engine: Engine) -> None:
    publish(store, FORCE)
    silence = engine.ask("which port do tanks land in")
    assert not silence.answered
    assert silence.confidence < 0.5
    assert silence.closest


def test_a_question_put_to_some_documents_knows_no_others(
    store: IndexStore, engine: Engine, tmp_path: Path
) -> None:
    other = document_of("The navy guards the border of the sea.", name="navy.txt")
    publish(store, FORCE, other)
    allowed = engine.ask("who guards the border?", {"navy.txt"})
    found = engine.search("border", documents={"navy.txt"})
    alone = IndexStore(tmp_path / "alone")
    publish(alone, other)
    lone = Engine(
        CurrentGeneration(alone, recipe_of()),
        WordEmbedder(),
        RerankingReader(FakeReranker(), TUNING.evidence_passages),
        CALIBRATION,
    )
    expected = lone.ask("who guards the border?")
    assert allowed.answered
    assert expected.answered
    assert allowed.excerpts == expected.excerpts
    assert allowed.confidence == expected.confidence
    assert {hit.passage.document for hit in found.hits} == {"navy.txt"}
    assert not engine.ask("who guards the border?", ()).answered


def test_each_part_of_a_question_is_answered(store: IndexStore, engine: Engine) -> None:
    ships = document_of("The navy sails the harbour lanes.", name="ships.txt")
    publish(store, FORCE, ships)
    answer = engine.ask("who guards the border and who sails the harbour?")
    assert answer.answered
    assert [e.document for e in answer.excerpts] == ["force.txt", "ships.txt"]
    assert [e.number for e in answer.excerpts] == [1, 2]
    assert answer.uncovered == ()


def test_the_part_that_is_not_answered_is_named(store: IndexStore, engine: Engine) -> None:
    publish(store, FORCE)
    answer = engine.ask("Who guards the border and which port do tanks land in?")
    assert answer.answered
    assert [e.quote for e in answer.excerpts] == ["The force guards the border."]
    assert answer.uncovered == ("which port do tanks land in",)
    silence = engine.ask("where does Oslo lie and which port do tanks land in?")
    assert not silence.answered
    assert silence.unknown_names == ("Oslo",)


def test_parts_are_answered_in_the_order_in_which_they_were_asked(
    store: IndexStore, engine: Engine
) -> None:
    publish(
        store,
        document_of("The navy sails the harbour lanes.", name="ships.txt"),
        document_of("The mayor opens the market.", name="market.txt"),
        FORCE,
    )
    answer = engine.ask(
        "1. who opens the market\n2. who guards the border\n3. who sails the harbour"
    )
    assert [e.document for e in answer.excerpts] == ["market.txt", "force.txt", "ships.txt"]
    assert answer.uncovered == ()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("hi! thanks a lot :)", Says.THANKS),
        ("who are you?", Says.WHO),
        ("Sweden?? lol, never mind", None),
        ("Hello Sweden", Says.GREETING),
    ],
)
def test_talk_is_replied_to_without_a_quotation(
    store: IndexStore, engine: Engine, typed: str, said: Says | None
) -> None:
    publish(store, FORCE)
    response = engine.ask(typed, conversation=[Turn("who guards the border?")])
    assert [reply.says for reply in response.replies] == ([said] if said else [])
    if said:
        assert (response.kind, response.verdict) == (QuestionKind.TALK, Verdict.ANSWERED)
        assert response.excerpts == response.closest == ()
        assert response.unknown_names == ()
        assert not response.carried


def test_talk_before_a_question_does_not_change_its_answer(
    store: IndexStore, engine: Engine
) -> None:
    publish(store, FORCE)
    alone = engine.ask("who guards the border?")
    thanked = engine.ask("thanks! who guards the border?")
    introduced = engine.ask("Who are you? who guards the border?")
    assert alone.excerpts == thanked.excerpts == introduced.excerpts
    assert alone.confidence == thanked.confidence == introduced.confidence
    assert thanked.replies == ()
    assert [reply.says for reply in introduced.replies] == [Says.WHO]


def test_what_is_believed_is_asked(store: IndexStore, engine: Engine) -> None:
    publish(store, FORCE)
    said = engine.ask("I heard that the force guards the border, right?")
    assert said.answered
    assert said.question == "I heard that the force guards the border, right?"
    assert [e.quote for e in said.excerpts] == ["The force guards the border."]


def test_what_is_denied_is_introduced_as_such(store: IndexStore, engine: Engine) -> None:
    publish(store, document_of("The force does not guard the border.", name="force.txt"))
    denied = engine.ask("why does the force guard the border?")
    assert denied.excerpts
    assert [reply.says for reply in denied.replies] == [Says.INSTEAD]


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("should we send the force to the sea?", Verdict.SILENT),
        ("is the force a good choice?", Verdict.UNSURE),
        ("do you recommend the navy?", Verdict.SILENT),
        ("when does the force sleep?", Verdict.SILENT),
    ],
)
def test_what_bears_on_an_opinion_is_shown_with_a_word_of_doubt(
    store: IndexStore, question: str, verdict: Verdict
) -> None:
    strict = CALIBRATION.at(0.99).model_copy(update={"unsure_from": 0.98})
    engine = Engine(CurrentGeneration(store, recipe_of()), WordEmbedder(), READER, strict)
    publish(store, FORCE)
    response = engine.ask(question)
    assert response.verdict is verdict
    assert bool(response.excerpts) == (verdict is Verdict.UNSURE)


def test_what_the_documents_do_not_mention_is_named(store: IndexStore, engine: Engine) -> None:
    publish(store, FORCE)
    assert engine.ask("what does Sweden guard").unknown_names == ("Sweden",)
    assert engine.ask("who guards the border of Sweden").unknown_names == ("Sweden",)
    assert engine.ask("who guards the border").unknown_names == ()


def test_what_is_said_of_others_is_no_sure_answer_for_an_unknown_name(
    store: IndexStore, engine: Engine
) -> None:
    publish(store, document_of("Norway guards the border and the coast.", name="force.txt"))
    assert engine.ask("does Norway guard the border and the coast").answered
    assert not engine.ask("does Sweden guard the border and the coast").answered


def test_an_index_of_nothing_says_so(store: IndexStore, engine: Engine) -> None:
    publish(store)
    silence = engine.ask("who guards the border")
    assert (silence.verdict, silence.confidence) == (Verdict.SILENT, 0.0)
    assert engine.search("border").hits == ()


def test_no_index_is_an_error_that_says_what_to_run(engine: Engine) -> None:
    with pytest.raises(IndexMissing, match="briefing-bot reindex"):
        engine.ask("who guards the border")


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ("", "is empty"),
        (" \n\t ", "is empty"),
        ("🎉🎉 ?!", "no letter and no digit"),
        ("a" * 20_000, "has 20,000 characters"),
    ],
)
def test_what_is_no_question_is_refused_in_a_sentence(
    store: IndexStore, engine: Engine, question: str, problem: str
) -> None:
    publish(store, FORCE)
    for ask in (engine.ask, engine.search):
        with pytest.raises(BadQuestion, match=problem):
            ask(question)


@pytest.mark.parametrize(
    "question",
    [
        "Hva slags oppgaver får styrken?",
        "部隊の役割は何ですか",
        'NEAR(a, b) AND "border" OR (',
        "x" * LONGEST_QUESTION,
        "\u202eborder\u0000\ud83d",
    ],
)
def test_odd_questions_are_answered_or_not_but_never_fail(
    store: IndexStore, engine: Engine, question: str
) -> None:
    publish(store, FORCE)
    assert engine.ask(question).kind


def test_search_ranks_from_one_and_keeps_to_k(store: IndexStore, engine: Engine) -> None:
    publish(store, *(document_of(f"border {n}", name=f"{n:02}.txt") for n in range(30)))
    hits = engine.search("border", k=20).hits
    assert [hit.rank for hit in hits] == list(range(1, 21))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_search_names_words_that_no_document_has(store: IndexStore, engine: Engine) -> None:
    publish(store, FORCE, document_of("A zebra guards.", name="zoo.txt"))
    for query, documents, absent, is_none_said in (
        ("border", None, (), False),
        ("The border, Okapi", None, ("Okapi",), False),
        ("zebra", None, (), False),
        ("zebra", [FORCE.name], ("zebra",), True),
    ):
        found = engine.search(query, documents=documents)
        assert (found.absent, found.is_none_said) == (absent, is_none_said)


def test_a_search_says_where_the_words_stand_and_below_which_header(
    store: IndexStore, engine: Engine
) -> None:
    rows = "".join(f"| Heron {n} | {n} | {'calm ' * 40}|\n" for n in range(20))
    table = f"| Boat | Seats | Sea |\n|---|---|---|\n{rows}"
    publish(store, parse_bytes(table.encode(), "a.md", ".md", limits=ParsingLimits()))
    hits = engine.search("the herons' seats").hits
    for hit in hits:
        text = hit.passage.text_of
        assert {text(word) for word in hit.matches} <= {"Heron", "Seats"}
        assert any(text(word) == "Heron" for word in hit.matches)
    below = [hit.header.text for hit in hits if hit.header]
    assert below == ["| Boat | Seats | Sea |"] * (len(hits) - 1)


def test_the_next_question_sees_the_next_generation(store: IndexStore, engine: Engine) -> None:
    publish(store, FORCE)
    before = engine.ask("who guards the border")
    publish(store, document_of("The navy guards the border.", name="navy.txt"))
    after = engine.ask("who guards the border")
    assert (before.generation, after.generation) == (1, 2)
    assert after.answered
    assert [excerpt.document for excerpt in after.excerpts] == ["navy.txt"]


def test_a_changed_quote_never_leaves_the_engine(
    store: IndexStore, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store, FORCE)
    monkeypatch.setattr(
        "index.store.catalog.catalog.Catalog.quote", lambda *_: "The force guards nothing."
    )
    with pytest.raises(ExcerptMismatch, match="report"):
        engine.ask("who guards the border")


def test_many_may_ask_at_once(store: IndexStore, engine: Engine) -> None:
    publish(store, FORCE, *(document_of(f"word{n} stands here", name=f"{n}") for n in range(20)))
    wrong: list[object] = []

    def ask(n: int) -> None:
        for _ in range(10):
            answer = engine.ask(f"word{n} stands here")
            if not answer.answered or answer.excerpts[0].document != str(n):
                wrong.append(answer)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize(
    "reranker", ["briefing-reader", "ms-marco-MiniLM-L-12-v2", "none", "some/other"]
)
def test_what_was_fitted_fits_the_features(reranker: str) -> None:
    calibration = calibration_for(reranker)
    assert calibration.evidence.features == UNIT_FEATURES
    assert calibration.confidence.features == CONFIDENCE_FEATURES
    for model in (calibration.evidence, calibration.confidence):
        assert len(model.weights) == len(model.features)
        assert 0 < model.threshold < 1


def test_that_nothing_mentions_a_name_is_said_though_it_is_silent(
    store: IndexStore, engine: Engine
) -> None:
    publish(store, FORCE)
    response = engine.ask("which documents mention Oslo?")
    assert response.verdict is Verdict.SILENT
    assert [reply.says for reply in response.replies] == [Says.NOT_MENTIONED]
    assert response.unknown_names == ()


@pytest.mark.parametrize(
    ("typed", "documents", "says"),
    [
        ("by the travel policy, guests wear helmets", {"travel-policy.txt"}, Says.IN_DOCUMENT),
        ("in the fleet handbook drivers wear helmets", {"fleet-handbook.txt"}, Says.IN_DOCUMENT),
        ("in the fleet handbook alcohol is paid", {"travel-policy.txt"}, Says.NOT_IN_DOCUMENT),
        ("they wear helmets", {"travel-policy.txt", "fleet-handbook.txt"}, None),
    ],
)
def test_a_question_that_points_at_a_document(
    store: IndexStore, engine: Engine, typed: str, documents: set[str], says: Says | None
) -> None:
    publish(
        store,
        document_of(
            "Guests wear helmets.", "In the end alcohol is paid.", name="travel-policy.txt"
        ),
        document_of("Drivers wear helmets.", name="fleet-handbook.txt"),
    )
    found = engine.ask(typed)
    assert {excerpt.document for excerpt in found.excerpts} <= documents
    assert [reply.says for reply in found.replies] == ([says] if says else [])


def test_a_question_in_a_language_that_the_models_do_not_read(store: IndexStore) -> None:
    publish(store, document_of("The force guards the border.", name="force.txt"))
    reader = RerankingReader(FakeReranker(), TUNING.evidence_passages)
    current = CurrentGeneration(store, recipe_of())
    engine = Engine(current, WordEmbedder(), reader, CALIBRATION, languages={"en"})
    (reply,) = engine.ask("Wer bewacht die Grenze?").replies
    assert reply == Reply(Says.LANGUAGE, {"asked": "de", "read": ("en",)})
    assert engine.ask("who guards the border?").replies == ()


@pytest.mark.parametrize(
    ("typed", "says", "kind"),
    [
        ("how much is it", Says.UNCLEAR, QuestionKind.UNCLEAR),
        ("that was wrong", Says.APOLOGY, QuestionKind.TALK),
    ],
)
def test_what_refers_to_what_was_said_where_nothing_was(
    store: IndexStore, engine: Engine, typed: str, says: Says, kind: QuestionKind
) -> None:
    publish(store, FORCE)
    found = engine.ask(typed)
    assert (found.kind, [reply.says for reply in found.replies]) == (kind, [says])
    assert kind is QuestionKind.TALK or not found.answered


@pytest.mark.parametrize(
    ("typed", "asked", "is_unclear"),
    [
        ("bordr", "border", False),
        ("gards bordr", "guards border", False),
        ("asdf qwer", "asdf qwer", True),
        ("GDPR", "GDPR", False),
        ("svømmehall", "svømmehall", False),
    ],
)
def test_a_message_says_nothing_only_if_its_spelling_helps_nobody(
    store: IndexStore, typed: str, asked: str, is_unclear: bool
) -> None:
    publish(store, FORCE)
    current = CurrentGeneration(store, recipe_of())
    engine = Engine(current, WordEmbedder(), READER, CALIBRATION, speller=Speller({"who"}))
    found = engine.ask(typed)
    assert (found.question, found.kind is QuestionKind.UNCLEAR) == (asked, is_unclear)


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("what was the budget of 2026?", True),
        ("what was the budget of 2027?", False),
        ("what was the budget?", True),
    ],
)
def test_the_figure_of_another_year_is_no_answer(
    store: IndexStore, engine: Engine, typed: str, answered: bool
) -> None:
    publish(store, document_of("# Money in 2026", "The budget was a million.", name="money.txt"))
    assert engine.ask(typed).answered is answered


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("Ada's email", False),
        ("what is the phone number of Bo?", True),
        ("what is the phone number of Ada?", False),
        ("does Ada answer by email?", True),
    ],
)
def test_what_has_a_form_is_not_answered_without_it(
    store: IndexStore, engine: Engine, typed: str, answered: bool
) -> None:
    lines = ("Ada does answer by email at night.", "The phone number of Bo is 0664 123 456.")
    publish(store, *(document_of(line, name=f"{line[0]}.txt") for line in lines))
    assert engine.ask(typed, None if "Bo" in typed else {"A.txt"}).answered is answered


@pytest.mark.parametrize("sign", ["> \u2060", "| … |", "* \u2060", "\u0301", "# ---"])
def test_what_has_no_letter_and_no_digit_is_never_shown(
    sign: str, store: IndexStore, engine: Engine
) -> None:
    publish(store, document_of("The force guards it.", *[sign] * 40, name="a.md", title="Force"))
    for question in ("who guards it?", "Force", "what about ships?", "summary of Force"):
        found = engine.ask(question)
        quotes = [each.quote for each in (*found.excerpts, *found.closest)]
        texts = [hit.passage.text for hit in engine.search(question).hits]
        assert all(any(map(str.isalnum, text)) for text in (*quotes, *texts))


def test_the_outlook_of_a_list_tells_when_a_document_is_on_it_no_longer(
    store: IndexStore, engine: Engine
) -> None:
    question = "which documents mention grain?"
    ships, mill = (document_of(f"{it} take grain.", name=f"{it}.txt") for it in ("Ships", "Mills"))
    publish(store, ships, mill)
    before = engine.outlook(question)
    publish(store, ships, document_of("Mills take rye.", name=mill.name))
    assert engine.outlook(question).listing not in before.all
    publish(store, ships, mill)
    assert engine.outlook(question).listing in before.all


@pytest.mark.parametrize(
    ("typed", "is_same"),
    [("how many documents are there?", True), ("newest document", True), ("latest on rye", False)],
)
def test_the_outlook_of_a_count_changes_with_what_it_goes_by(
    typed: str, is_same: bool, store: IndexStore, engine: Engine
) -> None:
    ships = document_of("Ships take grain.", name="Ships.txt")
    publish(store, ships, document_of("Mills take rye.", name="Mills.txt"))
    before = engine.outlook(typed)
    publish(store, ships, document_of("Mills take rye and oats.", name="Mills.txt"))
    assert (engine.outlook(typed).listing == before.listing) is is_same
    publish(store, ships)
    assert engine.outlook(typed).listing != before.listing
