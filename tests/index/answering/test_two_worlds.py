"""A search for a hidden document that changes anything of an answer: in two worlds that differ by
hidden documents alone, every kind of question gets the same response.

The hidden documents are of the same words, names, dates and tables as the others, so that they
would win, tie or be near.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

import faiss
import pytest

from index.answering.answer import Response
from index.answering.calibration import Calibration, Curve, CurvePoint, Logistic
from index.answering.conflicts import Conflicts, conflicts_in
from index.answering.engine import Engine
from index.answering.finding.confidence import CONFIDENCE_FEATURES
from index.answering.finding.evidence import UNIT_FEATURES
from index.answering.tuning import TUNING
from index.answering.understanding.spelling import Speller
from index.decisions import Decisions
from index.document import Document
from index.errors import BadQuestion
from index.models.reranking_reader import RerankingReader
from index.rewriting import Turn
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.budget import seeds
from testing.fakes import FakeReranker, WordEmbedder, document_of, publish, recipe_of

TODAY = date(2026, 6, 15)
NOUNS = "convoy depot crane harbour ferry bridge lorry winter diesel bread mast roof".split()
NAMES = "Karsk Dorosh Velin Bystra Støre Store Heron".split()
PEOPLE = ("Olga Berg", "Ida Holm", "Jon Aune")
KINDS = "report plan policy minutes brief glossary".split()
DATES = ("2025-06-01", "2026-05-12", "2026-05-22", "2026-06", "2026")
FOLDERS = ("", "operations/", "security/", "hidden/")
HEADER = "! | Place | Vehicle | Litres | Day"
HEADINGS = ("Summary", "Decisions", "Not decided", "Costs", "If you are detained", "Open points")
CALIBRATION = Calibration(
    evidence=Logistic(
        features=UNIT_FEATURES,
        weights=tuple(float(name == "logit") for name in UNIT_FEATURES),
        bias=0.0,
        threshold=0.6,
    ),
    confidence=Logistic(
        features=CONFIDENCE_FEATURES,
        weights=tuple(0.5 if name == "best unit" else 0.02 for name in CONFIDENCE_FEATURES),
        bias=0.0,
        threshold=0.7,
    ),
    curve=Curve(questions={}, points=(CurvePoint(threshold=0.7, wrong=0.2, missed=0.1),)),
    unsure_from=0.35,
)


def _questions(text: str) -> list[str]:
    return [each.strip() for line in text.strip().splitlines() for each in line.split("|")]


ALONE = _questions(
    """
    which documents mention {name}? | how many documents mention {noun}? | documents on {x}
    what do you have? | how many documents are there? | how many {kind}s do you have?
    what is the latest document? | the oldest {kind} | latest {kind} on {noun} | what's new
    what is new since {day}? | what is new since May 2026 about {noun}? | {kind}s from 2026
    who wrote the {title}? | who wrote {title} | who approved the {kind}? | documents by {p}
    is the {title} still current? | what is due for review? | when was the {title} written?
    when is the {title} reviewed? | which version is the {title}? | who owns the {title}?
    send me the {title} | send me the {noun} {kind} | {title} | what is in {folder}?
    summarise the {title} | summarise {file} | tl;dr {title} | key points of the {noun} {kind}
    what do the documents say about {noun}? | what is {title} about? | everything about {x}
    what was decided on {day}? | decisions in May 2026 | what is not decided about {noun}?
    list all {noun}s | what if you are detained | steps for the {noun} | open points
    litres of {x} | how many litres does the {noun} take at {name}? | which {noun} is cheapest
    sum of the litres at {name} | what is the cheapest {noun}? | litres in {name} and {name2}
    difference between {name} and {name2} in litres | how many rows are at {name}?
    what happened in May 2026? | what happened on {day}? | what happens in June 2026
    events between 1 May 2026 and 30 June 2026 | what happened last month with the {noun}?
    where is the {noun}? | when does the {noun} leave? | who signs for the {noun}?
    is the {noun} at {name}? | why did the {noun} leave {name} before the {noun2}?
    when does the {noun} open? | when does the {noun} close? | how many litres in total?
    which is better, the {noun} or the {noun2}? | so {noun} is not paid? | {noun} {noun2}
    what does the {title} say about {noun}? | in the {noun} {kind}, who is {p}? | {file} {noun}
    according to {title}, where is {name}? | and what does {file} say about {name}?
    where was the {noun} before May 2026? | who signed for the {noun} as of 20 May 2026?
    where was the {noun} previously? | litres of {x} in version 2 | is the {noun} still at {name}?
    where is the {noun} now? | the old {kind} on the {noun} | what did the {noun} take in 2025?
    who is {p}, and where is the {noun}? | where is {name}? and who signs the {noun2}?
    where is the {misspelt}? | which {kind} mentions {misspelt} | who is at Zanzibar?
    everywhere we mention {x} | what do we say about {noun}? | every figure on {noun}
    list all decisions since May | all deadlines in June 2026 | list every phone number
    every figure on litres | all decisions on {noun} | list all dates on {x} | every mention of {p}
    hvor er {noun} og hva sier {kind}? | wo ist der {noun} und wann? | thanks! and the {noun}?
    """
)
"""Questions of all kinds. In the gaps stands what documents are about or called, seen or hidden."""
AFTER = _questions(
    """
    tell me more | why? | are you sure? | no, the other {noun} | I meant {name} | and {name}?
    who decides that? | what about the {noun}? | and if she cannot be reached? | go on
    that's not what I asked | anything else? | and in {name}? | when was it written? | more
    is this still current? | does it still apply? | was it replaced? | how old is that?
    what does it say about {noun}? | summarise it | how many? | and the {title}? | the others
    """
)


@dataclass(frozen=True)
class Matter:
    """The few words that the documents of two worlds are made of, so that many are alike."""

    nouns: Sequence[str]
    names: Sequence[str]
    kinds: Sequence[str]

    @classmethod
    def of(cls, random: Random) -> Matter:
        chosen = ((NOUNS, 5), (NAMES, 4), (KINDS, 3))
        return cls(*(random.sample(words, number) for words, number in chosen))


@dataclass(frozen=True)
class Worlds:
    """The same documents, once alone and once beside others that nobody here may see."""

    without: Engine
    beside: Engine
    seen: tuple[str, ...]
    matter: Matter
    titles: Sequence[str]
    files: Sequence[str]


def sentence(random: Random, matter: Matter) -> str:
    noun, other = random.sample(matter.nouns, 2)
    name, name2 = random.sample(matter.names, 2)
    person = random.choice(PEOPLE)
    return random.choice(
        (
            f"The {noun} leaves {name} on 22 May 2026 with the {other}.",
            f"The {noun} at {name} takes {random.randint(2, 99)} litres of {other} a day.",
            f"{person} signs for the {noun} at {name}.",
            f"It is not decided who pays for the {noun}.",
            f"Nobody was hurt when the {noun} hit the {other} in May 2026.",
            f"The {name} {noun} opens at {random.randint(6, 11)} and closes with the {other}.",
            f"{name} has no {noun}, since the {other} is at {name2}.",
            f"If the {noun} cannot be reached, {person} decides on the {other}.",
        )
    )


def misspelt(noun: str) -> str:
    return f"{noun[:2]}{noun[3]}{noun[2]}{noun[4:]}"


def document(random: Random, matter: Matter, number: int, *, hidden: bool) -> Document:
    noun, kind, name = map(random.choice, (matter.nouns, matter.kinds, matter.names))
    title = random.choice((f"{noun} {kind}", f"{noun} {kind} {name}", noun)).title()
    lines = [f"% date: {random.choice(DATES)}"] if random.random() < 0.4 else []
    lines += [f"# {title}"]
    head = (
        f"Author: {random.choice(PEOPLE)}",
        f"Approved by {random.choice(PEOPLE)} on 2 May 2026",
        f"Next review: {random.choice(('1 June 2026', '1 December 2026'))}",
        f"Version {random.randint(1, 4)}.0",
        f"Valid until {random.choice(('1 March 2026', '1 March 2027'))}",
        f"Updated: {random.randint(10, 28)} May 2026",
        f"This document replaces version {random.randint(1, 3)}.0",
        f"Replaces the {noun} {random.choice(matter.kinds)} of 12 May 2026",
        f"Superseded by version {random.randint(2, 4)}.0",
    )
    lines += random.sample(head, random.randint(0, 3))
    for heading in random.sample(HEADINGS, random.randint(1, 3)):
        lines.append(f"## {heading}")
        lines += [sentence(random, matter) for _ in range(random.randint(1, 3))]
        lines += [f"* {sentence(random, matter)}" for _ in range(random.choice((0, 0, 3)))]
    if random.random() < 0.6:
        lines += ["## Stock", f"Litres of {noun} at each depot:", HEADER]
        lines += [
            f"| {random.choice(matter.names)} | {random.choice(matter.nouns)}"
            f" | {random.randint(1, 40) * 10} | {random.randint(10, 28)} May 2026"
            for _ in range(random.randint(2, 6))
        ]
    if hidden:
        other = misspelt(random.choice(matter.nouns))
        lines.append(f"Zanzibar, the {misspelt(noun)} and the {other} are kept from others.")
    mail = {"from": random.choice(PEOPLE), "date": "2026-05-30"} if random.random() < 0.2 else {}
    ending = "eml" if mail else random.choice(("md", "txt", "pdf"))
    year = random.choice(("", "-2026", "-2025-06"))
    name = f"{random.choice(FOLDERS)}{noun}-{kind}{year}-{number}.{ending}"
    return replace(document_of(*lines, name=name, title=title), metadata=mail)


def worlds(folder: Path, seed: int) -> Worlds:
    random = Random(seed)
    matter = Matter.of(random)
    seen = [document(random, matter, n, hidden=False) for n in range(random.randint(3, 7))]
    hidden = [document(random, matter, 10 + n, hidden=True) for n in range(random.randint(1, 6))]
    if random.random() < 0.5:  # the same text, under another name
        twin = random.choice(seen)
        hidden.append(replace(twin, name=f"a/{twin.name}"))
    both = [*seen, *hidden]
    random.shuffle(both)
    decisions = decided(random, both)
    without = engine_over(folder / "without", [each for each in both if each in seen], decisions)
    beside = engine_over(folder / "beside", both, decisions)
    names = tuple(each.name for each in seen)
    titles = [each.title for each in both]
    files = [each.name.rpartition("/")[2] for each in both]
    return Worlds(without, beside, names, matter, titles, files)


def decided(random: Random, documents: Sequence[Document]) -> Decisions:
    """Return that some documents replace others, hidden ones among them, in chains and circles."""
    names = [each.name for each in documents]
    pairs = {tuple(random.sample(names, 2)) for _ in range(random.randint(0, 6))}
    return Decisions(frozenset((old, new) for old, new in pairs))


def engine_over(
    folder: Path, documents: Sequence[Document], decisions: Decisions | None = None
) -> Engine:
    store = IndexStore(folder)
    publish(store, *documents)
    return Engine(
        CurrentGeneration(store, recipe_of()),
        WordEmbedder(),
        RerankingReader(FakeReranker(), TUNING.evidence_passages),
        CALIBRATION,
        speller=Speller(["where", "which", "what", "mentions", "about", "documents"]),
        languages=["en"],
        decisions=lambda: decisions or Decisions(),
    )


def question(random: Random, forms: Sequence[str], both: Worlds) -> str:
    noun, noun2 = random.sample(both.matter.nouns, 2)
    name, name2 = random.sample(both.matter.names, 2)
    asked = random.choice(forms).format(
        noun=noun,
        noun2=noun2,
        name=name,
        name2=name2,
        x=random.choice((noun, name)),
        kind=random.choice(both.matter.kinds),
        p=random.choice(PEOPLE),
        folder=random.choice(FOLDERS).strip("/") or "the folder",
        day=random.choice(("22 May 2026", "12 May", "May", "last week", "2 May 2026")),
        misspelt=random.choice((misspelt(noun), "zanzibr")),
        title=random.choice(both.titles),
        file=random.choice(both.files),
    )
    return asked if random.random() < 0.6 else asked.lower().rstrip("?")


def comparable(engine: Engine, asked: str, **how: object) -> Response | str:
    """Return all of a response but how long it took, or what it was refused with."""
    try:
        response = engine.ask(asked, today=TODAY, **how)  # type: ignore[arg-type]
    except BadQuestion as exc:
        return str(exc)
    return replace(response, milliseconds={})


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Search few vectors with one thread: to wait for others takes far longer than the search."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    yield
    faiss.omp_set_num_threads(before)


@pytest.mark.parametrize("seed", seeds(12))
def test_hidden_documents_change_no_conflict(tmp_path: Path, seed: int) -> None:
    both = worlds(tmp_path, seed)
    expected = conflicts_of(both.without, both.seen)
    assert conflicts_of(both.beside, both.seen) == expected
    assert conflicts_of(both.without, None) == expected


def conflicts_of(engine: Engine, names: Collection[str] | None) -> Conflicts:
    return conflicts_in(engine._index.generation(), names, Decisions(), TODAY)


@pytest.mark.parametrize("seed", seeds(24, check=4))
def test_hidden_documents_change_no_answer_of_any_kind(tmp_path: Path, seed: int) -> None:
    both = worlds(tmp_path, seed)
    random = Random(-seed - 1)
    conversation: list[Turn] = []
    for _ in range(38):
        forms = AFTER if conversation and random.random() < 0.35 else ALONE
        if forms is ALONE and random.random() < 0.5:
            conversation = []
        asked = question(random, forms, both)
        turns = tuple(conversation)
        expected = comparable(both.without, asked, documents=both.seen, conversation=turns)
        found = comparable(both.beside, asked, documents=both.seen, conversation=turns)
        assert found == expected, asked
        assert repr(found) == repr(expected), asked
        if random.random() < 0.2:
            assert comparable(both.without, asked, conversation=turns) == expected, asked
        if isinstance(found, Response):
            looks = [one.outlook(asked, both.seen) for one in (both.without, both.beside)]
            assert looks[0] == looks[1], asked
            holds = [one.standings(both.seen, both.seen) for one in (both.without, both.beside)]
            assert holds[0] == holds[1]
            for choice in found.choices:
                chosen = comparable(both.beside, choice.question, documents=both.seen)
                assert chosen == comparable(both.without, choice.question, documents=both.seen)
            conversation = [*conversation, Turn(found.rewritten, found.excerpts)][-4:]
