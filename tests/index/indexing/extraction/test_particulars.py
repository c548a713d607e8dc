"""What a document says of itself, from the lines that say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from index.chunking.chunker import ChunkLimits, split
from index.document import Document, TextOrigin
from index.indexing.extraction.dated_statements import dated_statements
from index.indexing.extraction.particulars import lines_of, particulars_of
from index.parsing import ParsingLimits
from index.parsing.builder import DocumentBuilder
from index.parsing.parser import parse_bytes
from index.store.catalog.particulars import Origin, Particular, ParticularKind
from testing.fakes import count_words, document_of


def particulars(text: str, name: str = "a.txt") -> list[Particular]:
    suffix = PurePosixPath(name).suffix
    document = parse_bytes(text.encode(), name, suffix, limits=ParsingLimits())
    return particulars_of(document, lines_of(document, split(document, count_words, ChunkLimits())))


def stated(text: str, what: ParticularKind, name: str = "a.txt") -> list[str]:
    return [each.value for each in particulars(text, name) if each.what is what]


BODY = "\n\nThe harbour has two quays, and a long text follows that says more about it.\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A note\n\nDate: 12 May 2026", "2026-05-12"),
        ("A note\n\nPublished 15 July 2026. Distribution: donors.", "2026-07-15"),
        ("A note\n\nPrepared by Hanna Lindqvist, 12 May 2026", "2026-05-12"),
        ("A note\n\nEdition 4, 20 October 2025. Kept by Daniel.", "2025-10-20"),
        ("A note\n\nAdopted by the board on 27 November 2025.", "2025-11-27"),
        ("A note\n\nHeld on 17 September 2026, 15:00 to 16:10, in the canteen.", "2026-09-17"),
        ("A note\n\nOslo, 3 May 2026", "2026-05-03"),
        (
            "A note\n\nSigned on 1 May 2026\nThe report is due on 3 June 2027 instead of 3 May.",
            "2026-05-01",
        ),
        ("A note\n\nPresented on 25 September 2026", "2026-09-25"),
        ("A note\n\nby oz on December 4, 2006", "2006-12-04"),
        ("A note\n\n12 May 2026", "2026-05-12"),
        ("A note\n\nLast updated on 1 June 2026. Published 2 May 2025.", "2026-06-01"),
        ("A note\n\nVersion 5, in force from 1 January 2026.", "2026-01-01"),
        ("A note of March 2026\n\nNothing else says when.", "2026-03"),
        ("A note\n\nStand: 12. Mai 2026", "2026-05-12"),
        ("A note\n\nZuletzt geändert am 3. März 2026", "2026-03-03"),
        ("A note\n\nSist oppdatert 3. desember 2026", "2026-12-03"),
        ("A note\n\nOslo, 3. mai 2026", "2026-05-03"),
        ("A note\n\nGültig ab 1. Dezember 2026", "2026-12-01"),
        ("A note\n\nDate: March 2026", "2026-03"),
        ("A note\n12 May 2026\n\nThe harbour has two quays.", "2026-05-12"),
        ("A note\nas of 5 October 2026\n\nThe harbour has two quays.", "2026-10-05"),
        ("A note\nMarch 2026\n\nThe harbour has two quays.", "2026-03"),
        ("A note\n\nThe next round of talks in the town hall is on\n12 May 2026", None),
        ("A note\n\nThe harbour has had two quays, as everybody knows, since\nMarch 2026", None),
        ("A note\n\nVersion 5 | 12 May 2026 | Internal", "2026-05-12"),
        ("Board meeting\nThursday 5 February 2026, 17:00, in the library", "2026-02-05"),
        ("Vorstandssitzung\nDonnerstag, den 5. Februar 2026, 17 Uhr, Bibliothek", "2026-02-05"),
        ("Styremøte\nTorsdag 5. februar 2026 kl. 17.00, biblioteket", "2026-02-05"),
        ("Rundschreiben\n\nBerlin, den 5. Februar 2026", "2026-02-05"),
        ("A note\n\nThe shop opened on Thursday 5 February 2026, 17:00 sharp.", None),
        ("A note\n\nIt replaces version 3.0 of 2 June 2025.", None),
        ("A note\n\nThe minister said on 6 January 2026 that it is ready.", None),
        ("A note\n\nReleased on 3 May 1997, the album sold well.", None),
        ("A note\n\nReview: 1 June 2026", None),
        ("A note\n\nNorway issued on 3 May 2026 a new law.", None),
    ],
)
def test_the_date_of_a_document(text: str, expected: str | None) -> None:
    assert stated(text + BODY, ParticularKind.DATE) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("notes-2026-09-17.txt", "2026-09-17"),
        ("notes_20260917.txt", "2026-09-17"),
        ("report-2026-q2.txt", "2026-06"),
        ("annual-report-2016.txt", "2016"),
        ("levels-winter-2025-26.txt", "2026"),
        ("price-list-2026-01.txt", "2026-01"),
        ("2026_07 prices.txt", "2026-07"),
        ("season-2010-11.txt", "2011"),
        ("order-2026-01-7.txt", "2026"),
        ("wiki2016.txt", None),
        ("5012-2016.txt", None),
        ("notes.txt", None),
    ],
)
def test_the_date_in_the_name_of_a_file(name: str, expected: str | None) -> None:
    (*dates,) = (
        each for each in particulars("Notes" + BODY, name) if each.what is ParticularKind.DATE
    )
    assert [date.value for date in dates] == ([expected] if expected else [])
    assert all(date.origin is Origin.NAME and date.span is None for date in dates)


@pytest.mark.parametrize(
    ("line", "what", "expected"),
    [
        ("Author: Petra Novotná, medical coordinator.", ParticularKind.AUTHOR, ["Petra Novotná"]),
        ("*Version 2.1. Editor: Dee Okafor.*", ParticularKind.AUTHOR, ["Dee Okafor"]),
        ("From:     Yusuf Demir, fleet manager", ParticularKind.AUTHOR, ["Yusuf Demir"]),
        (
            "Prepared by Marta K., Rzeszów, and approved by Ingrid S.",
            ParticularKind.APPROVER,
            ["Ingrid S"],
        ),
        ("Owner: Daniel Okafor, security adviser.", ParticularKind.OWNER, ["Daniel Okafor"]),
        ("Owner: Dr. Ines Faro. Version 3", ParticularKind.OWNER, ["Dr. Ines Faro"]),
        ("Kept by Daniel Okafor.", ParticularKind.OWNER, ["Daniel Okafor"]),
        ("Version 5, in force from 1 January 2026.", ParticularKind.FROM, ["2026-01-01"]),
        ("Version 5, in force from 1 January 2026.", ParticularKind.VERSION, ["5"]),
        ("Valid until 31 December 2026.", ParticularKind.UNTIL, ["2026-12-31"]),
        ("This policy expires on 3 May 2027.", ParticularKind.UNTIL, ["2027-05-03"]),
        ("The batch expires on 30 September 2027.", ParticularKind.UNTIL, []),
        ("Review: 1 June 2026", ParticularKind.REVIEW, ["2026-06-01"]),
        ("Next review: June 2026", ParticularKind.REVIEW, ["2026-06"]),
        ("The next edition is due on 1 June 2026.", ParticularKind.REVIEW, ["2026-06-01"]),
        ("This plan is reviewed every year.", ParticularKind.REVIEW, [""]),
        ("The list of destinations is reviewed each month.", ParticularKind.REVIEW, []),
        ("This policy was reviewed on 3 May 2026.", ParticularKind.REVIEW, []),
        ("Superseded by the plan of 2027.", ParticularKind.REPLACED, [""]),
        ("The bridge was replaced by a ferry.", ParticularKind.REPLACED, []),
        ("He came by car.", ParticularKind.AUTHOR, []),
        # Classification
        ("RESTRICTED", ParticularKind.CLASSIFICATION, ["RESTRICTED"]),
        ("**Confidential**", ParticularKind.CLASSIFICATION, ["Confidential"]),
        ("[STRICTLY CONFIDENTIAL]", ParticularKind.CLASSIFICATION, ["STRICTLY CONFIDENTIAL"]),
        ("Classification: Internal", ParticularKind.CLASSIFICATION, ["Internal"]),
        (
            "Classification: company confidential.",
            ParticularKind.CLASSIFICATION,
            ["company confidential"],
        ),
        ("TLP:AMBER", ParticularKind.CLASSIFICATION, ["TLP:AMBER"]),
        ("TLP: AMBER+STRICT", ParticularKind.CLASSIFICATION, ["TLP: AMBER+STRICT"]),
        (
            "Arvik AS – Internal use only – Page 3",
            ParticularKind.CLASSIFICATION,
            ["Internal use only"],
        ),
        ("For official use only", ParticularKind.CLASSIFICATION, ["For official use only"]),
        ("Klassifizierung: Vertraulich", ParticularKind.CLASSIFICATION, ["Vertraulich"]),
        ("Gradering: Fortrolig", ParticularKind.CLASSIFICATION, ["Fortrolig"]),
        ("Unntatt offentlighet", ParticularKind.CLASSIFICATION, ["Unntatt offentlighet"]),
        ("The restricted area begins at the gate.", ParticularKind.CLASSIFICATION, []),
        ("Intern", ParticularKind.CLASSIFICATION, []),
        ("Public transport is free.", ParticularKind.CLASSIFICATION, []),
        ("Classification of goods is done at the gate.", ParticularKind.CLASSIFICATION, []),
        # Several things on one line
        ("Owner: Marit Moe | Version 2.1 | Internal", ParticularKind.OWNER, ["Marit Moe"]),
        ("Owner: Marit Moe | Version 2.1 | Internal", ParticularKind.VERSION, ["2.1"]),
        ("Owner: Marit Moe | Version 2.1 | Internal", ParticularKind.CLASSIFICATION, ["Internal"]),
        ("Version 3 · Valid from 1 May 2031 · Owner: Per", ParticularKind.FROM, ["2031-05-01"]),
        ("Valid 1 May 2031 – 30 April 2032", ParticularKind.UNTIL, ["2032-04-30"]),
        ("Valid from 1 May 2031 to 30 April 2032", ParticularKind.UNTIL, ["2032-04-30"]),
        # In German and Norwegian
        ("Verfasser: Jana Roth", ParticularKind.AUTHOR, ["Jana Roth"]),
        ("Forfatter: Kari Lie", ParticularKind.AUTHOR, ["Kari Lie"]),
        ("Verantwortlich: Jana Roth", ParticularKind.OWNER, ["Jana Roth"]),
        ("Dokumenteier: Kari Lie", ParticularKind.OWNER, ["Kari Lie"]),
        ("Genehmigt durch: Jana Roth", ParticularKind.APPROVER, ["Jana Roth"]),
        ("Godkjent av Kari Lie", ParticularKind.APPROVER, ["Kari Lie"]),
        ("Fassung 2.3", ParticularKind.VERSION, ["2.3"]),
        ("Versjon: 4", ParticularKind.VERSION, ["4"]),
        ("Gültig ab 1. März 2031", ParticularKind.FROM, ["2031-03-01"]),
        ("Gyldig fra 1. mai 2031", ParticularKind.FROM, ["2031-05-01"]),
        ("In Kraft seit 01.12.2031", ParticularKind.FROM, ["2031-12-01"]),
        ("Gültig bis 31. Dezember 2031", ParticularKind.UNTIL, ["2031-12-31"]),
        ("Gyldig til 31. desember 2031", ParticularKind.UNTIL, ["2031-12-31"]),
        ("Nächste Überprüfung: 1. Juni 2032", ParticularKind.REVIEW, ["2032-06-01"]),
        ("Neste revisjon: 1. juni 2032", ParticularKind.REVIEW, ["2032-06-01"]),
        # Versions
        ("v2.1", ParticularKind.VERSION, ["2.1"]),
        ("Version no. 7", ParticularKind.VERSION, ["7"]),
        ("Rev. 3", ParticularKind.VERSION, ["3"]),
        ("Document version: v1.4 (draft)", ParticularKind.VERSION, ["1.4"]),
        ("Version control is used.", ParticularKind.VERSION, []),
    ],
)
def test_what_lines_near_the_top_say(line: str, what: ParticularKind, expected: list[str]) -> None:
    assert stated(f"A note\n\n{line}{BODY}", what) == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("# Travel policy, version 3", "a.md", ("3", Origin.TEXT)),
        ("# Travel policy v2.1", "a.md", ("2.1", Origin.TEXT)),
        ("# Travel policy (Rev. 4)", "a.md", ("4", Origin.TEXT)),
        ("# Travel policy", "offers_2031-final.v2.md", ("2", Origin.NAME)),
        ("# Travel policy", "policy_v1.2.md", ("1.2", Origin.NAME)),
        ("# Travel policy\n\nVersion 5", "policy_v1.2.md", ("5", Origin.TEXT)),
        ("# Travel policy", "policy.md", None),
        ("# The conversion of 3", "conv3.md", None),
    ],
)
def test_the_version_in_a_title_or_a_name(
    text: str, name: str, expected: tuple[str, Origin] | None
) -> None:
    found = [each for each in particulars(text + BODY, name) if each.what is ParticularKind.VERSION]
    assert [(each.value, each.origin) for each in found] == ([expected] if expected else [])


def test_what_stands_at_the_head_or_foot_of_pages_counts_wherever_it_is_stored() -> None:
    builder = DocumentBuilder(ParsingLimits())
    builder.heading("Welding rules", 1)
    for number in range(60):
        builder.paragraph(f"Rule {number} is about welding at the yard.")
    builder.paragraph("RESTRICTED")
    with builder.origin(TextOrigin.MARGIN):
        builder.paragraph("Arvik | Confidential | Valid from 1 March 2033")
    draft = builder.draft()
    document = Document("a.docx", "Welding rules", draft.text, draft.blocks)
    passages = split(document, count_words, ChunkLimits())
    found = particulars_of(document, lines_of(document, passages))
    assert [(each.what, each.value) for each in found] == [
        (ParticularKind.DATE, "2033-03-01"),
        (ParticularKind.CLASSIFICATION, "Confidential"),
        (ParticularKind.FROM, "2033-03-01"),
    ]


def test_the_fields_of_front_matter_in_three_languages() -> None:
    text = (
        "---\nclassification: RESTRICTED\nversion: 2.1\ngültig_bis: 31. Dezember 2031\n"
        "dokumenteier: Kari Lie\nneste_revisjon: 2032-06-01\n---\n# Rules"
    )
    assert [(each.what, each.value) for each in particulars(text + BODY, "a.md")] == [
        (ParticularKind.CLASSIFICATION, "RESTRICTED"),
        (ParticularKind.VERSION, "2.1"),
        (ParticularKind.UNTIL, "2031-12-31"),
        (ParticularKind.OWNER, "Kari Lie"),
        (ParticularKind.REVIEW, "2032-06-01"),
    ]


def test_the_sender_of_a_mail_is_its_author_once() -> None:
    head = 'From: "Joe Q. Public" <joe@a.example>\nSubject: Boats'
    text = f"{head}\nDate: Tue, 6 Jan 2026 10:00:00 +0100"
    assert stated(f"{text}\n\nDear all,\n\nboats.", ParticularKind.AUTHOR, "a.eml") == [
        "Joe Q. Public"
    ]


def test_front_matter_says_it_with_its_line() -> None:
    text = (
        "---\nauthor: Ines Aalto\napproved_by: Karin\nreview: 2026-09-01\ndate: 2025-09-30\n---\n"
    )
    found = particulars(text + "# Policy" + BODY, "a.md")
    assert [(each.what, each.value, each.origin) for each in found] == [
        (ParticularKind.DATE, "2025-09-30", Origin.FIELD),
        (ParticularKind.AUTHOR, "Ines Aalto", Origin.FIELD),
        (ParticularKind.APPROVER, "Karin", Origin.FIELD),
        (ParticularKind.REVIEW, "2026-09-01", Origin.FIELD),
    ]
    assert [each.span.of(text) for each in found if each.span] == [
        "date: 2025-09-30",
        "author: Ines Aalto",
        "approved_by: Karin",
        "review: 2026-09-01",
    ]


def dated(lines: Sequence[str], date: str | None = None, title: str = "Notes") -> list[list[str]]:
    document = document_of(*lines, title=title)
    passages = split(document, count_words, ChunkLimits())
    found = dated_statements(document, lines_of(document, passages), date, (), range(99))
    return [
        [each.span.of(document.text), f"{each.period.first}", f"{each.period.last}"]
        for each in found
    ]


@pytest.mark.parametrize(
    ("lines", "date", "days"),
    [
        (["It left on 3 March 2026."], None, ("2026-03-03", "2026-03-03")),
        (["It left on 3 March."], "2026-05-01", ("2026-03-03", "2026-03-03")),
        (["It left on 3 December."], "2026-01-10", ("2025-12-03", "2025-12-03")),
        (["It left on 3 January."], "2026-09-17", ("2026-01-03", "2026-01-03")),
        (["# Winter of 2024", "It left on 3 March."], "2026-05-01", ("2024-03-03", "2024-03-03")),
        (["They drove from 9 to 12 February 2026."], None, ("2026-02-09", "2026-02-12")),
        (["It was built in June 2019."], None, ("2019-06-01", "2019-06-30")),
        (["! Day | Place", "| 2026-03-03 | Oslo"], None, ("2026-03-03", "2026-03-03")),
        (["In the second quarter of 2026 all went well."], None, ("2026-04-01", "2026-06-30")),
    ],
)
def test_the_days_of_a_statement(lines: list[str], date: str | None, days: tuple[str, str]) -> None:
    ((_, first, last),) = dated(lines, date)
    assert (first, last) == days


@pytest.mark.parametrize(
    "line",
    ["It left on 3 March.", "You may go.", "Did it leave on 3 March 2026?", "It cost 2,000 euros."],
)
def test_statements_without_a_sure_date_are_none(line: str) -> None:
    assert dated([line]) == []


@pytest.mark.parametrize(
    ("status", "is_withdrawn"), [("withdrawn", True), ("archived", True), ("approved", False)]
)
def test_front_matter_says_that_a_document_no_longer_holds(status: str, is_withdrawn: bool) -> None:
    text = f"---\ntitle: Pets\nstatus: {status}\nwithdrawn: no\n---\n# Pets{BODY}"
    assert bool(stated(text, ParticularKind.REPLACED, "a.md")) is is_withdrawn


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fares-2025.txt", "2025"),
        ("fares-2026.txt", "2026-11-30"),
        ("fares-2027.txt", "2027"),
        ("strategy-2030.txt", "2026-11-30"),
    ],
)
def test_a_year_in_a_name_counts_more_than_a_property_of_another_year(
    name: str, expected: str
) -> None:
    document = replace(
        document_of("Bicycles are free.", name=name), metadata={"created": "2026-11-30"}
    )
    lines = lines_of(document, split(document, count_words, ChunkLimits()))
    (date,) = [
        each.value for each in particulars_of(document, lines) if each.what is ParticularKind.DATE
    ]
    assert date == expected


def test_a_day_in_a_name_counts_more_than_what_a_program_wrote_into_the_file() -> None:
    found = [
        particulars_of(
            replace(document_of("Stock", name=name), metadata={"date": "2026-11-29"}), ()
        )[0]
        for name in ("stock-2026-10-31.xlsx", "stock-2026.xlsx")
    ]

    assert [(each.value, each.origin) for each in found] == [
        ("2026-10-31", Origin.NAME),
        ("2026-11-29", Origin.PROPERTIES),
    ]
