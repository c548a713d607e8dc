"""Questions in German and Norwegian, and the sentences that answer them outright."""

from __future__ import annotations

import pytest

from index.answering.finding.evidence import Evidence
from index.answering.finding.germanic import raise_germanic
from index.answering.scope import Candidate
from index.answering.tuning import TUNING
from index.chunking.chunker import ChunkLimits, split
from index.document import BlockKind
from testing.fakes import count_words, document_of

RULES = document_of(
    "# Ruhezeiten",
    "Die Mittagsruhe gilt von 13 bis 15 Uhr. Musik stört.",
    "# Garten",
    "Rasenmähen ist werktags erlaubt. Gegrillt wird auf dem Platz.",
    "# Wasser",
    "Gegossen wird mit Regenwasser. Das Trinkwasser wird vom 1. November an abgestellt.",
    "# Beete",
    "Der Jahresbeitrag beträgt 48 Euro. Jedes Beet hat 12 Quadratmeter.",
    "# Dugnad",
    "Vårdugnaden er lørdag 25. april. Container kommer torsdag.",
    "# Büro",
    "Das Büro in der Torstraße ist im Dezember bis 17:00 Uhr geöffnet. Besucher brauchen einen"
    " Ausweis. Die Heizung schaltet sich um 21:00 Uhr automatisch ab.",
    "# Anmeldung",
    "Die Probezeit ist ein Thema für sich. Die Kündigungsfrist beträgt sechs Wochen.",
    "# Hytta",
    "I juli er hytta stengt. Hytta kan leies av alle.",
    "Hunder må holdes i bånd. Nøkkelen hentes i resepsjonen.",
    "# Sauna",
    "In die Sauna darf man ab zwei Stunden nach dem Essen.",
    "# Standorte",
    "! Standort | Adresse | Ansprechpartner",
    "| Köln | Domgasse 3 | Yilmaz",
    "| Berlin | Lindenufer 8 | Albrecht",
    "# Belege",
    "Belege sind innerhalb von vier Wochen einzureichen. Das Pfand wird am Tag der Rückgabe"
    " bis 10 Uhr zurückgezahlt.",
    "# Müll",
    "Sperrmüll ist bis zu zwei Kubikmetern kostenlos. Im Hof wird nicht gegrillt, da Kinder dort"
    " spielen.",
    "# Bil",
    "Biler lades i garasjen; strømmen koster 2,10 kroner.",
    "# Leihgeräte",
    "! Gerät | Preis (EUR)",
    "| Walze | 19,90",
    name="rules.md",
)
PIECES = [
    Evidence(Candidate(key, passage, 1.0), unit, 0.0, 0.3)
    for key, passage in enumerate(split(RULES, count_words, ChunkLimits()))
    for unit in passage.units
    if unit.kind is not BlockKind.HEADING
]


@pytest.mark.parametrize(
    ("typed", "came"),
    [
        ("wann ist mittagsruhe?", "Die Mittagsruhe gilt von 13 bis 15 Uhr."),
        ("Wann ist Ruhezeit", "Die Mittagsruhe gilt von 13 bis 15 Uhr."),
        ("ab wann gibt es kein wasser", "Das Trinkwasser wird vom 1. November an abgestellt."),
        ("was kostet ein beet im jahr", "Der Jahresbeitrag beträgt 48 Euro."),
        ("ist das grillen erlaubt", "Gegrillt wird auf dem Platz."),
        ("når er dugnaden", "Vårdugnaden er lørdag 25. april."),
        ("Wie lange ist die Kündigungsfrist?", "Die Kündigungsfrist beträgt sechs Wochen."),
        ("wie hoch ist der jahresbeitrag", "Der Jahresbeitrag beträgt 48 Euro."),
        ("kan jeg ta med hund på hytta", "Hunder må holdes i bånd."),
        ("når er hytta stengt", "I juli er hytta stengt."),
        ("wann darf man in die sauna", "In die Sauna darf man ab zwei Stunden nach dem Essen."),
        (
            "bis wann muss ich belege einreichen",
            "Belege sind innerhalb von vier Wochen einzureichen.",
        ),
        (
            "wann muss ich das Pfand zurückzahlen",
            "Das Pfand wird am Tag der Rückgabe bis 10 Uhr zurückgezahlt.",
        ),
        ("was kostet die walze", "| Walze | 19,90"),
        (
            "warum darf man nicht grillen im hof",
            "Im Hof wird nicht gegrillt, da Kinder dort spielen.",
        ),
        ("wieviel sperrmüll ist umsonst", "Sperrmüll ist bis zu zwei Kubikmetern kostenlos."),
        ("wer ist ansprechpartner in köln", "| Köln | Domgasse 3 | Yilmaz"),
        (
            "Bis wann ist das Büro im Dezember geöffnet?",
            "Das Büro in der Torstraße ist im Dezember bis 17:00 Uhr geöffnet.",
        ),
    ],
)
def test_a_sentence_with_the_words_in_other_forms_answers(typed: str, came: str) -> None:
    raised, least, most = raise_germanic(typed, PIECES, TUNING)
    best = max(raised, key=lambda piece: piece.probability)
    assert best.passage.text_of(best.unit.span) == came
    assert (least, most) == (TUNING.outright_confidence, 1.0)


@pytest.mark.parametrize(
    "typed",
    [
        "wann ist das sommerfest",
        "was kostet das wasser",
        "hva koster en garasje?",
        "hvem er vaktmester?",
        "når er julebordet",
        "Wann ist das Büro in Hamburg im Dezember geöffnet?",
        "Wann ist das Büro im Dezember 2031 geöffnet?",
        "Når er vårdugnaden i Bergen lørdag i april?",
        "Wann kommt der Tisch?",
        "mittagsruhe dresden",
        "heizung in dresden",
        "eingang der torstraße besucher",
        "Darf man hier rauchen?",
        "Wie lange ist die Probezeit?",
        "Warum ist das Büro im Dezember geöffnet?",
    ],
)
def test_without_such_a_sentence_nothing_is_sure(typed: str) -> None:
    assert raise_germanic(typed, PIECES, TUNING) == (PIECES, 0.0, 0.0)


@pytest.mark.parametrize(
    "typed", ["when is it quiet", "Hvor er vårdugnaden?", "öffnungszeiten büro torstraße"]
)
def test_other_questions_are_left_to_the_reader(typed: str) -> None:
    assert raise_germanic(typed, PIECES, TUNING) == (PIECES, 0.0, 1.0)


def test_of_two_sites_the_one_that_a_heading_names_answers_alone() -> None:
    rules = document_of(
        "# Büro Moor",
        "Das Büro ist dienstags von 9 bis 15 Uhr besetzt.",
        "# Büro Heide",
        "Das Büro ist montags von 7 bis 18 Uhr besetzt. Parkplätze gibt es im Hof.",
        name="heide.md",
        title="Regeln der Stadtwerke Heide",
    )
    pieces = [
        Evidence(Candidate(key, passage, 1.0), unit, 0.0, 0.7 - key / 10)
        for key, passage in enumerate(split(rules, count_words, ChunkLimits()))
        for unit in passage.units
        if unit.kind is not BlockKind.HEADING
    ]
    for site, hours in (("heide", "montags von 7"), ("moor", "dienstags von 9")):
        raised, _, most = raise_germanic(f"wann ist das büro {site} besetzt", pieces, TUNING)
        best, *others = sorted(raised, key=lambda piece: -piece.probability)
        assert hours in best.passage.text_of(best.unit.span)
        besetzt = [p for p in others if "besetzt" in p.passage.text_of(p.unit.span)]
        assert [piece.probability for piece in besetzt] == [0.0]
        assert most == 1.0
