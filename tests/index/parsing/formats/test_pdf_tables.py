"""Each page is drawn with characters: words, and `-`, `|` and `+` for rules.

A word's characters are half as wide as the type is high, so that one space is one between words,
and two part two columns.
"""

from __future__ import annotations

import io
import re
import time
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from reportlab.lib import colors
from reportlab.pdfgen import canvas
from reportlab.platypus import SimpleDocTemplate, Table

from index.document import BlockKind
from index.parsing.formats.pdf.tables.tables import continued, find_tables
from index.parsing.page_content import Box, PageContent, PageTable, Word
from index.parsing.tables.grid import spread

WIDE, HIGH, SIZE = 5.0, 12.0, 10.0


def page(drawing: str) -> PageContent:
    """Words between asterisks are bold."""
    words: list[Word] = []
    rules: list[tuple[float, float, float, float]] = []
    for number, line in enumerate(drawing.strip("\n").split("\n")):
        top = 40 + number * HIGH
        for match in re.finditer(r"-{3,}(?:\+-+)*|(?<=\+)-{3,}", line.replace("+", "-")):
            middle = top + HIGH / 2
            rules.append((match.start() * WIDE, middle, match.end() * WIDE, middle))
        for match in re.finditer(r"[|+]", line):
            x = (match.start() + 0.5) * WIDE
            rules.append((x, top, x, top + HIGH))
        for match in re.finditer(
            r"[^\s|]+", re.sub(r"[-+]{3,}|\+", lambda m: " " * len(m[0]), line)
        ):
            text = match.group()
            box = Box(match.start() * WIDE, top, match.end() * WIDE, top + HIGH - 1)
            words.append(Word(text.strip("*"), box, SIZE, is_bold=text.startswith("*")))
    return PageContent(595, 842, words, np.array(rules, np.float32).reshape(-1, 4))


def rows(table: PageTable) -> list[str]:
    return [" | ".join(" ".join(cell.split()) for cell in row) for row in spread(table.cells)]


TABLES = {
    "all rules": (
        """
        +----------+-------------------+-----------+
        | Post     | Task of the post  | Paid from |
        +----------+-------------------+-----------+
        | Clerk    | Keeps the list of | Port fund |
        |          | the berths        |           |
        +----------+-------------------+-----------+
        | Porter   | Opens the gates   | City      |
        +----------+-------------------+-----------+
        """,
        1,
        [
            "Post | Task of the post | Paid from",
            "Clerk | Keeps the list of the berths | Port fund",
            "Porter | Opens the gates | City",
        ],
    ),
    "cells over several columns and rows": (
        """
        +--------+-----------------+-----------------+
        | Quay   | Ships           | Fees            |
        |        +--------+--------+--------+--------+
        |        | 2031   | 2030   | 2031   | 2030   |
        +--------+--------+--------+--------+--------+
        | North  | 12     | 14     | 1,304  | 1,198  |
        +--------+--------+--------+--------+--------+
        | South  | 64     | 70     | 9,041  | 8,870  |
        +--------+--------+--------+--------+--------+
        """,
        2,
        [
            "Quay | Ships | Ships | Fees | Fees",
            "Quay | 2031 | 2030 | 2031 | 2030",
            "North | 12 | 14 | 1,304 | 1,198",
            "South | 64 | 70 | 9,041 | 8,870",
        ],
    ),
    "no rules between rows": (
        """
        +---------+-------------+---------+
        | Valve   | Place       | Torque  |
        +---------+-------------+---------+
        | V-11    | Pump room   | 35 Nm   |
        |         |             |         |
        | V-12    | Boiler room | 48 Nm   |
        |         |             |         |
        | V-13    | North shaft | 22 Nm   |
        +---------+-------------+---------+
        """,
        1,
        [
            "Valve | Place | Torque",
            "V-11 | Pump room | 35 Nm",
            "V-12 | Boiler room | 48 Nm",
            "V-13 | North shaft | 22 Nm",
        ],
    ),
    "merged cells in the middle of their rows": (
        """
        Team       Task                 Who

                   Check the engine     Ada
        Deck       Wash the deck        Ben
                   Coil the ropes       Cleo
                   Log the weather      Dag
        Bridge     Call the harbour     Eli
                   Read the chart       Finn
        """,
        1,
        [
            "Team | Task | Who",
            " | Check the engine | Ada",
            "Deck | Wash the deck | Ben",
            " | Coil the ropes | Cleo",
            " | Log the weather | Dag",
            "Bridge | Call the harbour | Eli",
            " | Read the chart | Finn",
        ],
    ),
    "rules between rows only": (
        """
        ------------------------------------------------
        Post        Task                      Paid from
        ------------------------------------------------
        Clerk       Keeps the list of the     Port fund
                    berths and of all ships
        ------------------------------------------------
        Porter      Opens the gates           City
        ------------------------------------------------
        Pilot       Brings the ships in       Fees
        ------------------------------------------------
        """,
        1,
        [
            "Post | Task | Paid from",
            "Clerk | Keeps the list of the berths and of all ships | Port fund",
            "Porter | Opens the gates | City",
            "Pilot | Brings the ships in | Fees",
        ],
    ),
    "a rule below the header only": (
        """
        Art    Goods         Qty  Unit       Price
        ------------------------------------------
        A-1    Rope, nylon    12  m       1,304.00
        A-2    Crane hook      3  pcs        87.50
        A-3    Lamp oil       40  l         112.20
        """,
        1,
        [
            "Art | Goods | Qty | Unit | Price",
            "A-1 | Rope, nylon | 12 | m | 1,304.00",
            "A-2 | Crane hook | 3 | pcs | 87.50",
            "A-3 | Lamp oil | 40 | l | 112.20",
        ],
    ),
    "a frame only": (
        """
        +--------------------------------+
        | Quay      Ships       Fees     |
        | North        12      1,304     |
        | South        64      9,041     |
        | East          8        877     |
        +--------------------------------+
        """,
        1,
        ["Quay | Ships | Fees", "North | 12 | 1,304", "South | 64 | 9,041", "East | 8 | 877"],
    ),
    "a statement without rules": (
        """
                                              Year ended 31 December
        (in thousands of EUR)         Note      2031      2030      2029
        Revenue                          4    $  1,304  $  1,198  $    977
        Cost of what was sold                    (812)     (790)     (655)
        Operating expenses:
          Wages, and all that belongs
          to them                       17       (101)      (99)      (87)
          Other                                      —        12         5
        Profit                                $    391  $    321  $    240
        """,
        2,
        [
            " |  | Year ended 31 December | Year ended 31 December | Year ended 31 December",
            "(in thousands of EUR) | Note | 2031 | 2030 | 2029",
            "Revenue | 4 | $ 1,304 | $ 1,198 | $ 977",
            "Cost of what was sold |  | (812) | (790) | (655)",
            "Operating expenses: |  |  |  | ",
            "Wages, and all that belongs to them | 17 | (101) | (99) | (87)",
            "Other |  | — | 12 | 5",
            "Profit |  | $ 391 | $ 321 | $ 240",
        ],
    ),
    "dots between label and figure": (
        """
                                          2031    2030
        Berths .......................      64      70
        Cranes ................. . . .      12      12
        Tugs and pilot boats..........       8       9
        """,
        1,
        [" | 2031 | 2030", "Berths | 64 | 70", "Cranes | 12 | 12", "Tugs and pilot boats | 8 | 9"],
    ),
    "rules above a sum": (
        """
                            2031      2030
        Ships             12,304    11,198
        Quays              4,102     4,988
                          ------    ------
        Total             16,406    16,186
        """,
        1,
        [
            " | 2031 | 2030",
            "Ships | 12,304 | 11,198",
            "Quays | 4,102 | 4,988",
            "Total | 16,406 | 16,186",
        ],
    ),
    "times": (
        """
        Stop        Bus 1    Bus 2    Bus 3
        Lomsey      06:10    07:10    08:10
        Rossvik     06:35    07:35    08:35
        Tolvik      07:02    08:02    09:02
        """,
        1,
        [
            "Stop | Bus 1 | Bus 2 | Bus 3",
            "Lomsey | 06:10 | 07:10 | 08:10",
            "Rossvik | 06:35 | 07:35 | 08:35",
            "Tolvik | 07:02 | 08:02 | 09:02",
        ],
    ),
    "short texts": (
        """
        *Plan*           *Owner*    *State*
        Dredge basin     P. Moe     done
        Paint cranes     L. Dahl    open
        Renew lights     K. Ek      late
        """,
        1,
        [
            "Plan | Owner | State",
            "Dredge basin | P. Moe | done",
            "Paint cranes | L. Dahl | open",
            "Renew lights | K. Ek | late",
        ],
    ),
    "labels and values": (
        """
        Carrier:      Lund Travel
        Contact:      Pia Moe
        Terms:        Net 45
        """,
        0,
        ["Carrier | Lund Travel", "Contact | Pia Moe", "Terms | Net 45"],
    ),
    "labels and values in two pairs of columns": (
        """
        Carrier:   Lund Travel      Contact:   Pia Moe
        Terms:     Net 45           Region:    Northern
                                               isles
        """,
        0,
        ["Carrier | Lund Travel", "Contact | Pia Moe", "Terms | Net 45", "Region | Northern isles"],
    ),
    "labels before their values, two on a line": (
        """
        Carrier: Lund Travel        Contact: Pia Moe
        Terms: Net 45               Region: North
        """,
        0,
        ["Carrier | Lund Travel", "Contact | Pia Moe", "Terms | Net 45", "Region | North"],
    ),
    "labels and values with rules": (
        """
        +-----------+--------------+-----------+-----------+
        | Carrier:  | Lund Travel  | Contact:  | Pia Moe   |
        +-----------+--------------+-----------+-----------+
        | Terms:    | Net 45       | Region:   | North     |
        +-----------+--------------+-----------+-----------+
        """,
        0,
        ["Carrier | Lund Travel", "Contact | Pia Moe", "Terms | Net 45", "Region | North"],
    ),
    "a table of contents": (
        """
        Foreword ............................... 3
        The year ............................... 5
        Accounts .............................. 41
        """,
        0,
        ["Foreword | 3", "The year | 5", "Accounts | 41"],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_table(name: str) -> None:
    drawing, header_rows, expected = TABLES[name]
    (table,) = find_tables(page(drawing))
    assert rows(table) == expected
    assert table.header_rows == header_rows


NO_TABLES = {
    "two columns of prose": """
        The harbour board approved a     of the winter season. Ships that
        plan for new berths and cranes   called at Lomsey in 2031 paid a
        with loans of 45 million from    higher fee, and the contract of
        banks, which it will pay back    the pilots was renewed for three
        until the end of 2039. Revenue   years. The board believes that
        rose as the ice left early and   the growth of 2031 will go on.
        """,
    "a numbered list": """
        1.   The board approved a plan for new berths and cranes.
        2.   Ships paid higher fees.
        3.   The contract of the pilots was renewed until 2039.
        """,
    "two addresses": """
        Seller                       Buyer
        Lund Travel AS               Harbour Board of Lomsey
        Quay street 4                Castle road 12
        5020 Lomsey                  7000 Rossvik
        """,
    "code": """
        def main(path):
            total = 0          # sum of all
            for x in range(3):
                total += x     # add
            return total
        """,
    "equations": """
                      e = m c + 3 x                        (1)

        where m is the mass of the ship and c its speed, so that we find

                      f = a b - 4 y                        (2)
        """,
    "a form that is not filled in": """
        Name:                        Office:
        Street:                      Town:
        Date:                        Signature:
        """,
    "numbered lines": """
        1   He went to the harbour and saw
        2   that the ships had left
        3   in the night, without a light
        4   or a word
        """,
    "heads and feet of a page": """
        Annual report 2031                                  17
        ------------------------------------------------------
        The harbour board approved a plan for new berths in May.
        ------------------------------------------------------
        Harbour board                                       17
        """,
    "a box around a text": """
        +----------------------------------------+
        | Ships that call at Lomsey pay the fee  |
        | of the day on which they were reported |
        +----------------------------------------+
        """,
    "a chart": """
        80 |
        60 |                   ----
        40 |         ----
        20 |  ----
           +------------------------------
              2029     2030     2031
        """,
}


@pytest.mark.parametrize("name", NO_TABLES)
def test_no_table(name: str) -> None:
    assert find_tables(page(NO_TABLES[name])) == []


def test_table_beside_prose() -> None:
    content = page(
        """
        The harbour board approved a       Quay       2031     2030
        plan for new berths and cranes     North     1,304    1,198
        with loans of 45 million from      South       812      790
        banks, which it will pay back      Total     2,116    1,988
        until the end of 2039.
        """
    )
    (table,) = find_tables(content)
    assert rows(table)[0] == "Quay | 2031 | 2030"
    assert [row.split(" | ")[0] for row in rows(table)] == ["Quay", "North", "South", "Total"]


def test_tables_below_each_other_keep_their_headers() -> None:
    content = page(
        """
        Note 3 Ships
                          2031     2030
        North            1,304    1,198
        South              812      790

        Note 4 Fees
                          2031     2030     2029
        Quays              101       99       87
        Cranes              55       54       53
        """
    )
    first, second = find_tables(content)
    assert rows(first) == [" | 2031 | 2030", "North | 1,304 | 1,198", "South | 812 | 790"]
    assert rows(second)[:2] == [" | 2031 | 2030 | 2029", "Quays | 101 | 99 | 87"]


def test_all_words_in_a_table_s_box_are_in_its_cells() -> None:
    for drawing, _, _ in TABLES.values():
        content = page(drawing)
        (table,) = find_tables(content)
        inside = [word.text for word in content.words if table.box.holds(word.box)]
        cells = " ".join(cell.text for cell in table.cells)
        assert sum(map(str.isalnum, "".join(inside))) == sum(map(str.isalnum, cells))


HEAD = """
        Quay       Ships       Fees
        North         12      1,304
        South         64      9,041
        """


def test_table_that_goes_on_takes_its_header_along() -> None:
    (before,) = find_tables(page(HEAD))
    rest = "\n".join(f"        Quay {n}       {n}      {n},304" for n in range(3, 6))
    (after,) = find_tables(page(rest))
    assert after.header_rows == 0
    whole = continued(before, after)
    assert whole is not None
    assert rows(whole)[:2] == ["Quay | Ships | Fees", "Quay 3 | 3 | 3,304"]
    assert whole.header_rows == 1


def test_table_with_a_header_of_its_own_does_not_go_on() -> None:
    (before,) = find_tables(page(HEAD))
    (after,) = find_tables(page(HEAD.replace("Ships", "Tugs ")))
    assert continued(before, after) is None
    assert continued(before, before) == before


def test_header_is_repeated_on_the_next_page(parse: Any) -> None:
    cells = [["Quay", "Ships"], *([f"Quay {n}", f"{n},304"] for n in range(1, 60))]
    buffer = io.BytesIO()
    grid = [("GRID", (0, 0), (-1, -1), 1, colors.black)]
    SimpleDocTemplate(buffer).build([Table(cells, style=grid, colWidths=100)])
    document = parse("a.pdf", buffer.getvalue())
    kinds = [block.kind for block in document.blocks]
    assert kinds.count(BlockKind.HEADER) == 2
    assert kinds.count(BlockKind.ROW) == 59
    assert document.text.count("Quay | Ships") == 2


def test_turned_words_of_a_cell_stay_in_order() -> None:
    drawn = page(
        """
        +------+--------+
        |      | Torque |
        +------+--------+
        |      | 35 Nm  |
        +------+--------+
        """
    )
    turned = [
        Word(text, Box(50, top, 60, top + 8), SIZE, turned=270)
        for text, top in (("North", 84.0), ("shaft", 78.0))
    ]
    content = PageContent(595, 842, [*drawn.words, *turned], drawn.rules)
    (table,) = find_tables(content)
    assert rows(table)[1] == "North shaft | 35 Nm"


def test_arabic_cell_is_read_from_the_right() -> None:
    drawn = page(
        """
        +----------------+--------+
        | Name           | Ships  |
        +----------------+--------+
        | ג ב א          | 35     |
        +----------------+--------+
        """
    )
    (table,) = find_tables(drawn)
    assert rows(table)[1] == "א ב ג | 35"


def test_pages_made_to_cost_much_do_not() -> None:
    x, y = np.meshgrid(np.arange(100), np.arange(90))
    places = np.column_stack((x.ravel() * 6.0, y.ravel() * 9.0)).tolist()
    words = [Word("1", Box(left, top, left + 3, top + 8), 8) for left, top in places]
    rules = np.random.default_rng(1).uniform(0, 600, (100_000, 4)).astype(np.float32)
    rules[::2, 3] = rules[::2, 1]
    rules[1::2, 2] = rules[1::2, 0]
    start = time.process_time()
    find_tables(PageContent(600, 800, words, rules[:20_000]))
    find_tables(PageContent(600, 800, words * 12, rules))
    wide = [
        Word("1", Box(3.3 * n, row, 3.3 * n + 1, row + 8), 1) for n in range(3000) for row in (0, 9)
    ]
    find_tables(PageContent(10_000, 800, wide))
    odd = [Word("1", Box(float("nan"), 0, float("inf"), 9), 8)] * 9
    find_tables(PageContent(600, 800, odd, np.full((9, 4), np.nan, np.float32)))
    assert time.process_time() - start < 10


def test_rules_need_not_meet() -> None:
    """Cells that are filled one by one have edges a little apart."""
    cells = [
        (left, top, left + 98.0, top + 18.0) for top in (40.0, 60.0, 80.0) for left in (50.0, 150.0)
    ]
    rules = [
        rule
        for left, top, right, bottom in cells
        for rule in (
            (left, top, right, top),
            (left, bottom, right, bottom),
            (left, top, left, bottom),
            (right, top, right, bottom),
        )
    ]
    texts = ["Quay", "Ships", "North", "twelve", "South", "four"]
    words = [
        Word(text, Box(left + 4, top + 4, left + 40, bottom - 4), SIZE)
        for text, (left, top, _, bottom) in zip(texts, cells, strict=True)
    ]
    (table,) = find_tables(PageContent(595, 842, words, np.array(rules, np.float32)))
    assert rows(table) == ["Quay | Ships", "North | twelve", "South | four"]
    assert all(one < two for one, two in pairwise(table.edges))


_EDGES = (40, 70, 140, 180, 250)
_SHEET = (
    ("Pos", "Description", "Qty", "Price"),
    ("1", "Rope of hemp, 14 mm by 14 mm", "12", "3.50"),
    ("2", "Flare for night use at sea", "4", "12.25"),
    ("3", "Lamp", "1", "99.00"),
    ("4", "Anchor chain galvanised 8 mm", "20", "7.10"),
)


def _printed_sheet(*, has_rules: bool) -> bytes:
    """Return a sheet as Excel prints it: each cell in a frame that hides what does not fit."""
    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer, pagesize=(420, 300))
    for number, row in enumerate(_SHEET):
        foot = 250 - 14 * number
        for column, text in enumerate(row):
            left, right = _EDGES[column : column + 2]
            drawing.saveState()
            drawing.setFont("Helvetica", 10)
            frame = drawing.beginPath()
            frame.rect(left, foot - 3, right - left, 14)
            drawing.clipPath(frame, stroke=int(has_rules), fill=0)
            if column == 1:
                drawing.drawString(left + 1, foot, text)
            else:
                drawing.drawRightString(right - 2, foot, text)
            drawing.restoreState()
    drawing.save()
    return buffer.getvalue()


@pytest.mark.parametrize("has_rules", [True, False])
def test_cells_of_a_sheet_that_are_cut_off_are_read_whole(has_rules: bool, parse: Any) -> None:
    document = parse("a.pdf", _printed_sheet(has_rules=has_rules))
    assert document.text.split("\n") == [" | ".join(row) for row in _SHEET]
