from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import index.store.catalog.passage_table
from index.answering.answer import Excerpt
from index.answering.excerpts.selection import select_excerpts
from index.answering.excerpts.verification import verify
from index.answering.finding.evidence import Evidence
from index.answering.scope import Candidate
from index.answering.tuning import TUNING
from index.chunking.chunker import ChunkLimits, split
from index.chunking.passage import Unit
from index.document import BlockKind, Document, Span, TextOrigin
from index.ports import PassageScores
from index.store import rows
from index.store.catalog.catalog import Catalog
from index.store.catalog.passage_table import PassageTable
from index.store.folder.store import IndexStore
from testing.fakes import count_words, document_of, publish

NOTES = document_of(
    "# Force",
    "The condition is a truce. Nothing else was said. Oslo decides alone.",
    "Its roles would be:",
    "* watching the truce",
    "* guarding the border",
    "* helping the people",
    "# Costs",
    "The costs are unknown.",
    "! year amount",
    "| 2025 nothing",
    "| 2026 a million",
    name="notes.txt",
)
LONG = document_of(
    "Steps to be taken:", *(f"* step {n} {'word ' * 12}end{n}" for n in range(6)), name="steps.txt"
)


DUTIES = document_of(
    "Its duties are these:",
    "* watching the whole truce",
    "  * by day",
    "  * by night",
    "* guarding the border at night",
    "* helping all the people",
    name="duties.txt",
)
DUTIES_WHOLE = DUTIES.text.strip()


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    store = IndexStore(tmp_path)
    publish(store, NOTES, LONG, replace(NOTES, name="copy.txt"))
    generation = store.open(None)
    yield generation.catalog
    generation.catalog.close()


def evidence(catalog: Catalog, likely: dict[str, float], document: str) -> list[Evidence]:
    """Return every unit of a document as evidence.

    `likely` gives probabilities by how a unit begins; the others have 0.01.
    """
    pieces = []
    for key, passage in enumerate(catalog.passages_of(document)):
        candidate = Candidate(key, passage, 1.0)
        for unit in passage.units:
            text = unit.span.of(" " * passage.span.start + passage.text)
            if unit.kind is not BlockKind.HEADING:
                chance = next((p for start, p in likely.items() if text.startswith(start)), 0.01)
                pieces.append(Evidence(candidate, unit, 10 * chance - 5, chance))
    return pieces


def _select(
    question: str, pieces: Sequence[Evidence], threshold: float, catalog: Catalog
) -> tuple[Excerpt, ...]:
    return select_excerpts(question, pieces, threshold, catalog, TUNING)


def quotes(excerpts: Sequence[Excerpt]) -> list[str]:
    return [excerpt.quote for excerpt in excerpts]


def with_short_answer(
    pieces: Sequence[Evidence], answer: str, margin: float, document: Document = NOTES
) -> list[Evidence]:
    """Return the pieces as if the reader had found this short answer."""
    start = document.text.index(answer)
    scores = PassageScores(
        1.0, 1.0, np.zeros(0), answer=Span(start, start + len(answer)), margin=margin
    )
    return [
        replace(piece, candidate=replace(piece.candidate, passage_scores=scores))
        for piece in pieces
    ]


@pytest.mark.parametrize(
    ("question", "answer", "margin", "emphasised"),
    [
        ("how much was it", "18", 3.0, ["18,000"]),
        ("how much was it", "18", 0.5, []),
        ("explain it", "18", 3.0, []),
        ("which roles are there and how much", "18", 3.0, []),
    ],
)
def test_a_likely_short_answer_is_set_off_in_whole_words(
    tmp_path: Path, question: str, answer: str, margin: float, emphasised: list[str]
) -> None:
    document = document_of("The lease of the depot in Karsk costs 18,000 euros a year.")
    store = IndexStore(tmp_path)
    publish(store, document)
    catalog = store.open(None).catalog
    pieces = with_short_answer(
        evidence(catalog, {"The lease": 0.9}, "notes.txt"), answer, margin, document
    )
    (excerpt,) = _select(question, pieces, 0.2, catalog)
    assert excerpt.quote == document.text.strip()
    assert [span.of(document.text) for span in excerpt.emphasis] == emphasised
    catalog.close()


def test_where_a_short_answer_settles_the_question_less_is_shown(catalog: Catalog) -> None:
    likely = {"The condition": 0.7, "The costs": 0.27}
    pieces = evidence(catalog, likely, "notes.txt")
    open_ = _select("who decides", with_short_answer(pieces, "truce", 0.0), 0.2, catalog)
    settled = _select("who decides", with_short_answer(pieces, "truce", 3.0), 0.2, catalog)
    assert quotes(open_) == ["The condition is a truce.", "The costs are unknown."]
    assert quotes(settled) == ["The condition is a truce."]


def test_a_description_may_take_more(catalog: Catalog) -> None:
    pieces = evidence(catalog, {"The condition": 0.9, "The costs": 0.15}, "notes.txt")
    assert len(_select("who decides", pieces, 0.2, catalog)) == 1
    assert len(_select("explain what was decided", pieces, 0.2, catalog)) == 2


INTERVIEW = document_of(
    "MODERATOR: Welcome. Why was it closed?",
    "INGRID SOLVANG: The road was mined. We closed in June. " + "It was hard. " * 30 + "Goodbye.",
    name="interview.txt",
)


@pytest.mark.parametrize(
    ("answer", "quote"),
    [
        (
            "We closed",
            "MODERATOR: Welcome. Why was it closed?\n"
            "INGRID SOLVANG: The road was mined. We closed in June.",
        ),
        ("Goodbye", "Goodbye."),
        (
            "Why was",
            "Why was it closed?\nINGRID SOLVANG: The road was mined. We closed in June. "
            + "It was hard. " * 4,
        ),
    ],
)
def test_in_a_transcript_who_speaks_and_the_question_are_shown(
    tmp_path: Path, answer: str, quote: str
) -> None:
    store = IndexStore(tmp_path)
    publish(store, INTERVIEW)
    catalog = store.open(None).catalog
    found = _select("what", evidence(catalog, {answer: 0.9}, "interview.txt"), 0.2, catalog)
    assert [" ".join(q.split()) for q in quotes(found)] == [" ".join(quote.split())]
    verify(found, catalog)
    catalog.close()


def test_one_sentence_where_one_answers(catalog: Catalog) -> None:
    found = _select(
        "what is the condition",
        evidence(catalog, {"The condition": 0.9}, "notes.txt"),
        0.2,
        catalog,
    )
    assert quotes(found) == ["The condition is a truce."]
    (excerpt,) = found
    assert (excerpt.number, excerpt.document, excerpt.heading) == (1, "notes.txt", ("Force",))
    assert excerpt.span.of(NOTES.text) == excerpt.quote
    assert excerpt.emphasis == ()


def test_the_best_is_shown_even_where_nothing_is_likely(catalog: Catalog) -> None:
    found = _select("who", evidence(catalog, {"Oslo": 0.05}, "notes.txt"), 0.2, catalog)
    assert quotes(found) == ["Oslo decides alone."]


def test_a_short_sentence_between_two_is_shown_with_them(catalog: Catalog) -> None:
    likely = {"The condition": 0.9, "Oslo": 0.6}
    found = _select("who decides", evidence(catalog, likely, "notes.txt"), 0.2, catalog)
    assert quotes(found) == ["The condition is a truce. Nothing else was said. Oslo decides alone."]
    assert found[0].emphasis == ()


def test_what_answers_is_set_off_in_what_is_shown_with_it(catalog: Catalog) -> None:
    likely = {"* guarding": 0.9}
    (found,) = _select("what roles", evidence(catalog, likely, "notes.txt"), 0.2, catalog)
    assert [span.of(NOTES.text) for span in found.emphasis] == ["* guarding the border"]


WHOLE = "Its roles would be:\n* watching the truce\n* guarding the border\n* helping the people"


@pytest.mark.parametrize("best", ["* guarding", "Its roles"])
def test_a_list_is_shown_whole_with_its_lead_in(catalog: Catalog, best: str) -> None:
    found = _select("what roles", evidence(catalog, {best: 0.9}, "notes.txt"), 0.2, catalog)
    assert quotes(found) == [WHOLE]


@pytest.mark.parametrize(
    ("typed", "came"),
    [
        ("who guards the border", "* guarding the border at night"),
        ("what is guarded", "* guarding the border at night"),
        ("is the border guarded", "* guarding the border at night"),
        ("how far is the truce watched", "* watching the whole truce\n  * by day\n  * by night"),
        ("what are the roles", DUTIES_WHOLE),
        ("list the roles", DUTIES_WHOLE),
        ("duties", DUTIES_WHOLE),
    ],
)
def test_one_entry_is_shown_alone_where_one_is_asked_for(
    tmp_path: Path, typed: str, came: str
) -> None:
    store = IndexStore(tmp_path)
    publish(store, DUTIES)
    catalog = store.open(None).catalog
    likely = {"* watching" if "truce" in typed else "* guarding": 0.9}
    (found,) = _select(typed, evidence(catalog, likely, "duties.txt"), 0.2, catalog)
    assert found.quote == came
    catalog.close()


def test_what_is_less_likely_in_another_document_is_not_shown(catalog: Catalog) -> None:
    pieces = evidence(catalog, {"The condition": 0.9}, "notes.txt")
    pieces += evidence(catalog, {"The costs": 0.4}, "copy.txt")
    assert [e.document for e in _select("who", pieces, 0.2, catalog)] == ["notes.txt"]
    pieces += evidence(catalog, {"The costs": 0.4}, "notes.txt")
    assert len(_select("who", pieces, 0.2, catalog)) == 2


def test_a_list_that_runs_over_passages_is_complete(catalog: Catalog) -> None:
    assert len(catalog.passages_of("steps.txt")) > 2
    found = _select("which steps", evidence(catalog, {"* step 3": 0.9}, "steps.txt"), 0.2, catalog)
    assert quotes(found) == [LONG.text.strip()]


@pytest.mark.parametrize(
    ("document", "best"), [(LONG, "* step 3"), (INTERVIEW, "We closed"), (INTERVIEW, "Goodbye")]
)
def test_a_document_is_not_read_whole_for_one_excerpt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: Document, best: str
) -> None:
    store = IndexStore(tmp_path)
    publish(store, document)
    catalog = store.open(None).catalog
    pieces = evidence(catalog, {best: 0.9}, document.name)
    whole = _select("which", pieces, 0.2, catalog)
    monkeypatch.delattr(PassageTable, "passages_of")
    assert _select("which", pieces, 0.2, catalog) == whole
    catalog.close()


def test_of_a_transcript_what_is_near_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (f"ANNA: This is line {n}, {'and ' * 20}so on." for n in range(200))
    store = IndexStore(tmp_path)
    publish(store, document_of(*lines))
    catalog = store.open(None).catalog
    passages = catalog.passages_of("notes.txt")
    parsed: list[str] = []
    parse = rows.units_of

    def noted(units: str) -> tuple[Unit, ...]:
        parsed.append(units)
        return parse(units)

    monkeypatch.setattr(index.store.catalog.passage_table, "units_of", noted)
    (last,) = catalog.units_before("notes.txt", passages[-1].span.start)
    assert last == passages[-2].units[-1]
    assert len(passages) == 400
    assert len(parsed) == 2
    catalog.close()


LINES = st.sampled_from(
    [
        *["# Aims", "One. Two is long. Three.", "A: b c d e f g h. I j k l m n.", "So it is:"],
        *["* one", "* two and a half", "  * nested", "> code", "! a b", "| c d", "Far " * 9],
    ]
)


@given(st.lists(LINES, min_size=1, max_size=30))
def test_what_is_near_is_as_if_the_document_were_read_whole(lines: list[str]) -> None:
    catalog = Catalog.create(Path(":memory:"))
    document = document_of(*lines)
    for passage in split(document, count_words, ChunkLimits(target=8, most=12, short=2)):
        catalog.put_passage(passage, b"")
    units = [unit for passage in catalog.passages_of("notes.txt") for unit in passage.units]
    for offset in sorted({0, *(spot for u in units for spot in (u.span.start, u.span.end))}):
        before = [unit for unit in units if unit.span.end <= offset]
        expected = [unit for unit in before if unit.block == before[-1].block]
        assert catalog.units_before("notes.txt", offset) == expected
    for group in {unit.group for unit in units}:
        spans = [unit.span for unit in units if unit.group == group]
        whole = Span(min(span.start for span in spans), max(span.end for span in spans))
        assert catalog.span_of_group("notes.txt", group) == whole
    assert catalog.span_of_group("notes.txt", 99) is None
    assert catalog.units_before("other.txt", 9) == []
    catalog.close()


def test_of_a_long_list_only_the_entry_that_stands_out(catalog: Catalog) -> None:
    found = _select("when is it", evidence(catalog, {"* step 3": 0.9}, "steps.txt"), 0.2, catalog)
    assert quotes(found) == [f"* step 3 {'word ' * 12}end3"]


def test_a_row_stands_alone_beside_its_header(catalog: Catalog) -> None:
    likely = {"| 2026": 0.9, "| 2025": 0.8}
    found = _select("how much was it", evidence(catalog, likely, "notes.txt"), 0.2, catalog)
    assert quotes(found) == ["| 2026 a million", "| 2025 nothing"]
    headers = [excerpt.header for excerpt in found]
    assert [header and header.text for header in headers] == ["! year amount"] * 2
    for header in headers:
        assert header
        assert header.text == header.span.of(NOTES.text)


def test_a_bare_header_is_no_excerpt(catalog: Catalog) -> None:
    likely = {"! year": 0.9, "| 2025": 0.5}
    found = _select("what happened", evidence(catalog, likely, "notes.txt"), 0.2, catalog)
    assert quotes(found) == ["| 2025 nothing"]


def test_a_heading_that_says_nothing_itself_is_shown_as_the_list_below_it(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    lines = ("# Harbour", "## Things that are often forgotten", "* the red key", "* two ropes")
    publish(store, document_of(*lines, name="harbour.txt", title="Harbour"))
    catalog = store.open(None).catalog
    pieces = evidence(catalog, {"## Things": 0.9}, "harbour.txt")
    found = _select("things we always forget", pieces, 0.2, catalog)
    assert quotes(found) == ["* the red key\n* two ropes"]
    catalog.close()


def test_headings_are_not_run_over(catalog: Catalog) -> None:
    likely = {"* helping": 0.9, "The costs": 0.8}
    found = _select("explain it", evidence(catalog, likely, "notes.txt"), 0.2, catalog)
    assert quotes(found) == [WHOLE, "The costs are unknown."]
    assert [excerpt.number for excerpt in found] == [1, 2]


def test_what_two_documents_say_in_the_same_words_is_shown_once(catalog: Catalog) -> None:
    pieces = evidence(catalog, {"Oslo": 0.9}, "notes.txt")
    pieces += evidence(catalog, {"Oslo": 0.8}, "copy.txt")
    found = _select("who decides", pieces, 0.2, catalog)
    assert [(e.document, e.quote) for e in found] == [("notes.txt", "Oslo decides alone.")]


@given(st.data())
def test_whatever_is_chosen_quotes_exactly(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    store = IndexStore(tmp_path_factory.mktemp("index"))
    documents: list[Document] = [NOTES, LONG]
    publish(store, *documents)
    generation = store.open(None)
    pieces = [
        replace(piece, probability=data.draw(st.floats(0, 1)), logit=data.draw(st.floats(-9, 9)))
        for document in documents
        for piece in evidence(generation.catalog, {}, document.name)
    ]
    question = data.draw(st.sampled_from(["who", "what roles", "list the steps", "why"]))
    threshold = data.draw(st.floats(0, 1))
    found = _select(question, pieces, threshold, generation.catalog)
    texts = {document.name: document.text for document in documents}
    assert found
    assert [excerpt.number for excerpt in found] == list(range(1, len(found) + 1))
    for excerpt in found:
        assert excerpt.quote == excerpt.span.of(texts[excerpt.document])
        assert excerpt.quote == excerpt.quote.strip()
        assert all(excerpt.span.contains(span) for span in excerpt.emphasis)
    shown = [piece for piece in pieces if piece.unit.kind is not BlockKind.HEADER]
    best = max(shown, key=lambda piece: piece.probability)
    assert found[0].document == best.passage.document
    assert found[0].span.contains(best.unit.span)
    for document in documents:
        spans = [excerpt.span for excerpt in found[1:] if excerpt.document == document.name]
        assert spans == sorted(spans)
        of_all = sorted(e.span for e in found if e.document == document.name)
        assert not any(a.overlaps(b) for a, b in itertools.pairwise(of_all))
    generation.catalog.close()


def test_a_row_with_more_of_the_question_stands_for_its_table(catalog: Catalog) -> None:
    likely = {"| 2026": 0.8, "| 2025": 0.9}
    found = _select("how much in 2026", evidence(catalog, likely, "notes.txt"), 0.2, catalog)
    assert quotes(found) == ["| 2026 a million"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("what is a convoy", ["* Convoy: three or more vehicles."]),
        ("cimic?", ["* Civil-military coordination (CIMIC): the dialogue with armed forces."]),
        ("what do the words mean", ["whole"]),
    ],
)
def test_of_definitions_those_that_are_asked_for(
    tmp_path: Path, typed: str, shown: list[str]
) -> None:
    words = document_of(
        "The words are:",
        "* Convoy: three or more vehicles.",
        "* Convoy leader: the person who decides on halts.",
        "* Civil-military coordination (CIMIC): the dialogue with armed forces.",
        name="words.txt",
    )
    store = IndexStore(tmp_path / "words")
    publish(store, words)
    generation = store.open(None)
    likely = {"* C": 0.9}
    found = _select(
        typed, evidence(generation.catalog, likely, "words.txt"), 0.2, generation.catalog
    )
    assert quotes(found) == ([words.text.strip()] if shown == ["whole"] else shown)
    generation.catalog.close()


def test_an_excerpt_knows_where_in_its_file_it_stands(catalog: Catalog) -> None:
    (first, *_) = evidence(catalog, {"Nothing": 0.9}, NOTES.name)
    passage = first.passage
    noted = replace(
        passage, units=tuple(replace(unit, origin=TextOrigin.NOTES) for unit in passage.units)
    )
    pieces = [
        Evidence(replace(first.candidate, passage=noted), unit, 4.0, 0.9)
        for unit in noted.units
        if unit.kind is not BlockKind.HEADING
    ]
    found = _select("what is it", pieces, 0.5, catalog)
    assert {excerpt.origin for excerpt in found} == {TextOrigin.NOTES}


FAQ = document_of(
    "**Where is the roof key?** Ask the porter for it. He is in at night.",
    "**Who mends the lift?** Call the yard.",
    "**Is the lift fast?** No.",
    name="faq.txt",
)


@pytest.mark.parametrize(
    ("typed", "likely", "came"),
    [
        (
            "roof key",
            {"** Ask": 0.9, "**Who": 0.05},
            "**Where is the roof key?** Ask the porter for it.",
        ),
        ("who mends it", {"**Who": 0.9}, "**Who mends the lift?** Call the yard."),
        ("night", {"He is": 0.9}, "He is in at night."),
    ],
)
def test_a_question_of_a_faq_stands_with_its_answer_and_no_other(
    tmp_path: Path, typed: str, likely: dict[str, float], came: str
) -> None:
    store = IndexStore(tmp_path)
    publish(store, FAQ)
    catalog = store.open(None).catalog
    (found,) = _select(typed, evidence(catalog, likely, "faq.txt"), 0.2, catalog)
    assert found.quote == came


def test_to_keywords_nothing_far_less_likely_is_shown(catalog: Catalog) -> None:
    likely = {"The condition": 0.9, "Oslo": 0.3}
    pieces = evidence(catalog, likely, "notes.txt")
    far = [replace(p, logit=-9.0) if p.probability == 0.3 else p for p in pieces]
    assert "Oslo" in _select("describe the truce", far, 0.2, catalog)[0].quote
    assert "Oslo" not in _select("truce", far, 0.2, catalog)[0].quote
    assert "Oslo" in _select("may i see the truce", far, 0.2, catalog)[0].quote


def test_beside_a_sentence_rows_need_to_be_likely_themselves(catalog: Catalog) -> None:
    pieces = evidence(catalog, {"The costs": 0.9, "| 2025": 0.3}, "notes.txt")
    (found,) = _select("describe the costs", pieces, 0.2, catalog)
    assert found.quote == "The costs are unknown."


STEPS = document_of(
    "Man overboard:",
    "* 1. Release the lifebuoy with the smoke.",
    "* 2. Turn hard to the side of the fall.",
    name="steps.txt",
)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("man overboard procedure", STEPS.text.strip()),
        ("lifebuoy smoke", "* 1. Release the lifebuoy with the smoke."),
    ],
)
def test_all_steps_are_shown_unless_one_has_the_keywords(
    tmp_path: Path, typed: str, shown: str
) -> None:
    store = IndexStore(tmp_path)
    publish(store, STEPS)
    generation = store.open(None)
    pieces = [
        replace(piece, logit=10 * piece.probability)
        for piece in evidence(generation.catalog, {"* 1.": 0.9}, STEPS.name)
    ]
    (excerpt,) = select_excerpts(typed, pieces, 0.5, generation.catalog, TUNING)
    assert excerpt.quote == shown
    generation.catalog.close()
