"""Example questions: what documents are asked, and in which order."""

from __future__ import annotations

from datetime import date

import pytest

from bot.library.examples import Example, examples
from index.document import Document
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from index.store.catalog.document_table import DocumentRow

DAY = date(2026, 11, 29)
STOCKS = "Stocks of winter fuel stood at nine hundred tonnes in all five depots in January."


def parsed(text: str, name: str = "a.md") -> Document:
    return parse_bytes(text.encode(), name, ".md", limits=ParsingLimits())


def asked_of(*documents: Document, n: int = 50, day: date = DAY) -> list[Example]:
    rows = [
        DocumentRow(each.name, each.title, None, None, 1, "now", None, ()) for each in documents
    ]
    return examples(rows, {each.name: each for each in documents}.get, n, day)


def questions(text: str) -> set[str]:
    return {example.question for example in asked_of(parsed(text))}


def test_headings() -> None:
    text = f"# Fuel\n\n## Introduction\n\n{STOCKS}\n\n## 2.1 Winter stocks\n\n{STOCKS}\n"
    assert questions(text) == {"What does “Fuel” say about winter stocks?", "Summarise “Fuel”"}


def test_headings_that_are_questions() -> None:
    text = f"# Fuel\n\n## 3. What if a tank leaks?\n\n{STOCKS}\n\n## Why?\n\n{STOCKS}\n"
    assert questions(text) == {"What if a tank leaks?", "Summarise “Fuel”"}


def test_in_the_language_of_the_document() -> None:
    text = (
        "# Treibstoff\n\nDiese Anleitung gilt für alle Büros und wird jedes Jahr geprüft.\n\n"
        "## Lagerung im Winter\n\nDie Lagerung im Winter ist nur in Hallen erlaubt, und das ist "
        "auch für kleine Mengen so, die nicht sofort gebraucht werden.\n"
    )
    assert "Was steht in „Treibstoff“ zu Lagerung im Winter?" in questions(text)


def test_figures_and_names() -> None:
    text = (
        "# Plan\n\nThe primary assembly point is 14 Mill Street. The convoy leader was Ann Lee.\n"
        "The *annual leave* is 7 days. The weather is fine. The second one is 14. The crew are in "
        "Oslo. It is 12.\n"
    )
    assert questions(text) == {
        "What is the primary assembly point?",
        "What was the convoy leader?",
        "What is the annual leave?",
        "Summarise “Plan”",
    }


def test_cells_of_tables() -> None:
    text = (
        "# Cars\n\nEach car has a driver, and seats for all; ask for its unit.\n\n"
        "| Car | Driver | Seats | Approved by | Heron | Unit |\n|---|---|---|---|---|---|\n"
        "| Volvo | Ann Lee | 12 | Bo Ek | 33 | km |\n| Total | – | 12 | – | 33 | km |\n"
    )
    assert questions(text) == {
        "Who is the driver of Volvo?",
        "How many seats does Volvo have?",
        "Summarise “Cars”",
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("incidents/gate.md", f"# Gate\n\n{STOCKS}\n"),
        ("a.md", f"# The accident at Marn\n\n{STOCKS}\n"),
        ("a.md", f"---\nclassification: Restricted\n---\n# Fuel\n\n{STOCKS}\n"),
        (
            "week-11.md",
            "# Week 11\n\n## Gate duty\n\nA guard was wounded at the gate on 3 May 2026, and one "
            "man was arrested. The victim was taken to hospital; a witness was interviewed.\n",
        ),
        ("ferie.md", f"# Krankmeldungen im Mai\n\n{STOCKS}\n"),
        (
            "cars.md",
            "# Staff\n\n| Name | Unit |\n|---|---|\n| Ann Lee | North |\n| Bo Ek | East |\n",
        ),
    ],
)
def test_none_is_about_harm_or_persons(name: str, text: str) -> None:
    assert {each.question for each in asked_of(parsed(text, name))} <= {"Summarise “Staff”"}


def test_what_is_delicate_is_not_asked_of_others() -> None:
    text = (
        f"# Manual\n\n## Accidents on winter roads\n\n{STOCKS} {STOCKS}\n\n"
        f"## Winter stocks\n\n{STOCKS}\n"
    )
    assert asked_of(parsed(text)) == [
        Example("What does “Manual” say about winter stocks?", "a.md"),
        Example("Summarise “Manual”", "a.md"),
    ]


def test_what_may_follow() -> None:
    cars = (
        "# Cars\n\nEach has seats.\n\n| Car | Seats |\n|---|---|\n| Volvo | 12 |\n| Heron | 30 |\n"
    )
    about = f"# Fuel\n\n## Winter stocks\n\n{STOCKS}\n\n## Repairs of tanks\n\n{STOCKS} Tanks.\n"
    figures = "# Plan\n\nThe annual leave is 7 days. The assembly point is 14 Mill Street.\n"
    found = {
        each.question: each.then for each in asked_of(*map(parsed, (cars, about, figures), "abc"))
    }
    assert found["How many seats does Volvo have?"] == "And Heron?"
    assert found["What does “Fuel” say about winter stocks?"] == "And about Repairs of tanks?"
    assert found["What is the annual leave?"] == "And the assembly point?"
    assert found["Summarise “Fuel”"] == ""


def test_days_that_are_past() -> None:
    text = "# Log\n\nWe opened on 3 May 2026, and shall close on 1 May 2031. In June we met.\n"
    assert questions(text) == {"What happened on 3 May 2026?", "Summarise “Log”"}


def test_a_title_that_nobody_would_type() -> None:
    assert questions(f"# ALL OF IT\n\n## Winter stocks\n\n{STOCKS}\n") == set()
    assert questions(f"# “Fuel”\n\n{STOCKS}\n") == {"Summarise “‘Fuel’”"}


def test_the_same_all_day_and_others_on_another() -> None:
    documents = [parsed(f"# Log {n}\n\n{STOCKS}\n", f"{n % 3}/{n}.md") for n in range(40)]
    first = asked_of(*documents, n=5)
    assert asked_of(*reversed(documents), n=5) == first
    assert asked_of(*documents, n=5, day=date(2026, 11, 30)) != first
    assert {example.document[0] for example in first} == {"0", "1", "2"}


def test_what_goes_leaves_the_others_as_they_were() -> None:
    documents = [parsed(f"# Log {n}\n\n{STOCKS}\n", f"{n}.md") for n in range(9)]
    first, *others = asked_of(*documents)
    left = [each for each in documents if each.name != first.document]
    assert asked_of(*left) == others
