from __future__ import annotations

import pytest

from index.answering.finding.furniture import (
    is_appeal,
    is_closing,
    is_furniture,
    is_mail_header,
    is_signature,
    states_something,
)
from index.document import BlockKind


@pytest.mark.parametrize(
    "text",
    [
        "---",
        "* * *",
        "Dear all,",
        "Hi Marta,",
        "Good morning everyone",
        "Thank you!",
        "Thanks a lot.",
        "INGRID SOLVANG: Thank you, Elin.",
        "Best regards,\nMarta",
        "Kind regards",
        "Page 3 of 12",
        "- 7 -",
        "12",
        "23 February 2026",
        "Monday, 6 January 2026",
        "© 2024 Larkfield Relief",
        "All rights reserved.",
        "CONFIDENTIAL",
        "marta@larkfield.example",
        "https://larkfield.example/a",
        "Tel. +47 22 33 44 55",
        "Yusuf Demir\nRzeszów",
        "Marta Kowalczyk\nHub manager, Rzeszów\nLarkfield Relief",
        "On Mon, 3 Mar 2031 Ole wrote:",
        "Sent from my phone",
    ],
)
def test_furniture_says_nothing(text: str) -> None:
    assert is_furniture(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nobody leaves on foot.",
        "Thank you notes are sent by the office within two days of the visit.",
        "Dear life! The bridge holds.",
        "Regards are not needed.",
        "Hello,\nwe now keep backups for 90 days.",
        "Moderator: Elin Bergqvist.",
        "On 23 February 2026 the convoy left.",
        "Page 3 of the form is signed by the driver.",
        "Weapons are confidential.",
        "No.",
        "Cost 31,250 euros",
        "Velin, Brenna bridge, Harlow junction, border post at Medik.",
        "Ships carry grain\nThey leave at night",
    ],
)
def test_what_says_something_is_none(text: str) -> None:
    assert not is_furniture(text)


def test_a_number_of_a_list_or_table_is_a_value() -> None:
    assert not is_furniture("12", BlockKind.ITEM)
    assert not is_furniture("Medik | 12", BlockKind.ROW)
    assert is_furniture("| --- | --- |", BlockKind.ROW)


def test_letters_are_closed() -> None:
    assert is_closing("Best regards,\nMarta")
    assert not is_closing("Best wishes were sent to Oslo. They arrived.")
    assert is_signature("Marta Kowalczyk\nHub manager")
    assert not is_signature("The road is closed.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("From: Ann <a@example.org>\nTo: Ole <o@example.org>,\n Ida <i@example.org>", True),
        ("From:     Yusuf Demir\nHandling: internal", True),
        ("From: Oslo we sail on.\nThe ship is old.", False),
        ("Moderator: Elin", False),
    ],
)
def test_the_header_of_a_mail_or_memo(text: str, expected: bool) -> None:
    assert is_mail_header(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sign up for the free daily harbour newsletter!", True),
        ("• Subscribe to our mailing list", True),
        ("I would like to subscribe to special email promotions.", True),
        ("Terms apply to the offers listed on this page.", True),
        ("We may receive compensation when you\nclick on links.", True),
        ("Learn more", True),
        ("Please view our advertising policy page for more information.", True),
        ("Sign up for the first-aid course before 1 May.", False),
        ("Subscribe the buoy line to the ring.", False),
        ("The newsletter goes to 400 readers each month.", False),
        ("Read more than one map before you sail.", False),
        ("The travel policy is reviewed in May.", False),
        ("Injured workers receive compensation from the fund.", False),
    ],
)
def test_appeals_of_web_pages(text: str, expected: bool) -> None:
    assert is_appeal(text) is expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("67,845 crowns", True),
        ("## Overtime is paid at double rate", True),
        ("Sales fell by 12 per cent in 2031", True),
        ("## Working hours: 37.5 a week", True),
        ("## No fires on the beach", True),
        ("Two of three docks stand empty in winter", True),
        ("Every employee gets a bicycle", True),
        ("All staff", False),
        ("Things that are often forgotten", False),
        ("People who drive are paid twice", True),
        ("Only for members", False),
        ("Overview", False),
        ("3.2 Accidents", False),
        ("Report for 2026", False),
        ("What was planned", False),
        ("If you are late", False),
        ("Is it 12 per cent?", False),
    ],
)
def test_headings_that_state_something(heading: str, expected: bool) -> None:
    assert states_something(heading) is expected
