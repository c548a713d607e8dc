"""Annual reports of many firms and years, in the manner of those that firms publish.

Text-heavy PDFs with statements without rules and the same words in each; the firm and the year
stand in the file's name and on the first page only. The questions ask for rows of the statements.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfgen import canvas

_FIRMS = (
    *("Arvik Shipping", "Bremsund Mills", "Calder Foods", "Dunmore Textiles", "Elvestad Energy"),
    *("Farrow Insurance", "Grimsay Fisheries", "Halden Paper", "Ivarsund Bank", "Jarlsby Steel"),
    *("Kestrel Optics", "Lomsey Harbours"),
)
_STATEMENTS = {
    "Consolidated statement of income": (
        "Revenue|Cost of sales|Gross profit|Administrative expenses|Operating profit|Finance costs"
        "|Profit before tax|Income tax|Net profit for the year"
    ),
    "Consolidated balance sheet": (
        "Property, plant and equipment|Goodwill|Inventories|Trade receivables"
        "|Cash and cash equivalents|Total assets|Total equity|Long-term borrowings"
    ),
    "Consolidated statement of cash flows": (
        "Cash flow from operating activities|Capital expenditure|Dividends paid"
        "|Repayment of borrowings|Net change in cash"
    ),
    "Note 7: Employees": (
        "Average number of employees|Wages and salaries|Pension costs|Remuneration of the board"
    ),
}
_ASKED = (
    ("What was {firm}'s revenue in {year}?", 0),
    ("{firm} total assets {year}", 1),
    ("How much cash flow from operating activities did {firm} have in {year}?", 2),
    ("How many employees did {firm} have on average in {year}?", 3),
    ("What were the income tax and net profit of {firm} for {year}?", 0),
    ("dividends paid by {firm} in {year}", 2),
)
_PROSE = (
    "The group looks back on a year in which demand was uneven and costs rose in most markets.",
    "The board has reviewed the principal risks and considers the measures taken to be adequate.",
    "Revenue is recognised when control of the goods or services is transferred to the customer.",
    "The group measures its assets at cost less accumulated depreciation and impairment losses.",
    "Employees were offered further training, and the number of accidents fell again.",
    "Cash flow was affected by higher inventories and by the timing of payments from customers.",
    "The board proposes a dividend that reflects the result and the outlook of the group.",
    "Total assets grew because of investments in property, plant and equipment.",
    "Income tax is the sum of the tax currently payable and of deferred tax.",
    "The remuneration of the board is set by the general meeting and reviewed each year.",
    "Borrowings are recognised at fair value, net of the costs of the transaction.",
    "The auditor has examined the consolidated financial statements and the report of the board.",
)
_CHAPTERS = ("Letter to the shareholders", "Review of the business", "Principal risks")
_POLICIES = ("Accounting policies", "Financial risk management", "Report of the auditor")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the document that answers it, and the page there, from 1."""

    text: str
    document: str
    page: int


def write_reports(
    folder: Path, years: Sequence[int], *, firms: int = len(_FIRMS), seed: int = 7
) -> list[Question]:
    """Write a report for each firm and year below `folder`; return questions on them."""
    random_ = random.Random(seed)
    questions: list[Question] = []
    for firm in _FIRMS[:firms]:
        short = firm.split()[0]
        for year in years:
            name = f"reports/{year}/{short.lower()}-annual.pdf"
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            pages = _write(path, firm, year, random_)
            text, statement = random_.choice(_ASKED)
            asked = text.format(firm=short, year=year)
            questions.append(Question(asked, name, pages[statement]))
    return questions


def _write(path: Path, firm: str, year: int, random_: random.Random) -> list[int]:
    """Write one report; return the pages of its statements."""
    drawn = canvas.Canvas(str(path))
    drawn.setTitle(
        f"000{random_.randrange(10**6, 10**7)}-{year % 100}-{random_.randrange(10**6):06}"
    )
    drawn.setFont("Helvetica-Bold", 28)
    drawn.drawString(72, 600, firm)
    drawn.setFont("Helvetica", 20)
    drawn.drawString(72, 560, f"Annual report {year}")
    drawn.showPage()
    pages: list[int] = []
    number = 2
    for chapter in _CHAPTERS:
        _page(drawn, chapter, _prose(random_))
        number += 1
    for title, rows in _STATEMENTS.items():
        pages.append(number)
        lines = [f"{'in millions':<40}{year:>12}{year - 1:>12}"]
        for row in rows.split("|"):
            one, other = (random_.randrange(20, 9_000) for _ in range(2))
            lines.append(f"{row:<40}{one:>12,}{other:>12,}")
        _page(drawn, title, lines, prose=_prose(random_)[:8])
        number += 1
    for policy in _POLICIES:
        _page(drawn, policy, _prose(random_))
        number += 1
    drawn.save()
    return pages


def _prose(random_: random.Random) -> list[str]:
    return [random_.choice(_PROSE) for _ in range(30)]


def _page(
    drawn: canvas.Canvas, title: str, lines: Sequence[str], prose: Sequence[str] = ()
) -> None:
    drawn.setFont("Helvetica-Bold", 14)
    drawn.drawString(72, 780, title)
    for line, place in zip([*lines, *prose], _places(), strict=False):
        drawn.setFont("Helvetica", 9)
        drawn.drawString(72, place, line[:40].rstrip() if "  " in line else line)
        for at, right in ((40, 380), (52, 460)):
            if "  " in line:
                drawn.drawRightString(right, place, line[at : at + 12].strip())
    drawn.showPage()


def _places() -> Iterator[int]:
    yield from range(750, 60, -15)
