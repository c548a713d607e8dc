"""Mails of Outlook: what they hold in their properties, and what is stored."""

from __future__ import annotations

from typing import Any

import compressed_rtf
import pytest

from index.document import TextOrigin
from testing.msgs import attached, attached_message, message, msg, ole, properties

REPLY = "No, on Thursday.\r\n\r\nFrom: Ole\r\nSent: Monday\r\nSubject: Crane\r\n\r\nTuesday."


def test_fields_and_text(parse: Any) -> None:
    found = parse(
        "a.msg",
        msg("Kran – Prüfung", plain="Am Donnerstag.", cc=[("Strand, Mia", "m@example.org")]),
    )
    assert found.title == "Kran – Prüfung"
    assert found.text.split("\n") == [
        "Kran – Prüfung",
        "",
        "From: Ann Birk <ann@example.org>",
        "To: Ole Strand <ole@example.org>",
        'Cc: "Strand, Mia" <m@example.org>',
        "Date: Tue, 04 Mar 2031 09:00:00 +0000",
        "",
        "Am Donnerstag.",
    ]
    assert found.metadata["date"] == "2031-03-04T09:00:00+00:00"
    assert found.remarks == ()


def test_what_it_quotes(parse: Any) -> None:
    found = parse("a.msg", msg("RE: Crane", plain=REPLY))
    assert [(b.origin, b.span.of(found.text)) for b in found.blocks[2:]] == [
        (TextOrigin.BODY, "No, on Thursday."),
        (TextOrigin.QUOTED, "From: Ole\nSent: Monday\nSubject: Crane"),
        (TextOrigin.QUOTED, "Tuesday."),
    ]


def test_texts_in_a_code_page(parse: Any) -> None:
    found = parse("a.msg", msg("Причал", plain="Кран проверяют в четверг.", ansi="cp1251"))
    assert found.text.startswith("Причал\n")
    assert found.text.endswith("Кран проверяют в четверг.")


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        ({"page": "<p>Am Gerüst</p><ul><li>ziehen</ul>".encode()}, "Am Gerüst\n\n• ziehen"),
        ({"page": b"<p>Words</p>", "plain": "Words"}, "Words"),
        (
            {
                "page": b"<p>Costs</p><table><tr><th>Year<th>Crowns<tr><td>2031<td>91,500</table>",
                "plain": "Costs\n\nYear\n\nCrowns\n\n2031\n\n91,500",
            },
            "Costs\n\nYear | Crowns\n2031 | 91,500",
        ),
        (
            {"page": b"<p>The crane is tested on Thursday.</p>", "plain": "View it in a browser."},
            "The crane is tested on Thursday.",
        ),
    ],
)
def test_the_form_that_says_most(parse: Any, forms: dict[str, Any], expected: str) -> None:
    found = parse("a.msg", msg("Crane", to=(), sent=None, **forms))
    assert found.text == f"Crane\n\nFrom: Ann Birk <ann@example.org>\n\n{expected}"


def test_rich_text_alone(parse: Any) -> None:
    rich = compressed_rtf.compress(rb"{\rtf1\ansi The crane is tested on Thursday.\par}")
    found = parse("a.msg", msg("Crane", rich=rich))
    read = [each.text for each in found.enclosed]
    assert read == ["The crane is tested on Thursday."] or found.remarks == (
        "Its message has no text.",
        "The attachment message.rtf was not read: .rtf files are not read.",
    )
    damaged = parse("a.msg", msg("Crane", rich=b"x" * 40))
    assert "The attachment message.rtf was not read" in damaged.remarks[1]


def test_attachments_and_a_mail_in_the_mail(parse: Any) -> None:
    inner = message(
        "Offer/2031",
        plain="It is 91,500 crowns.",
        attachments=[attached("notes.md", b"# Notes\n\nWords.")],
        head=24,
    )
    found = parse(
        "a.msg",
        msg(
            "Fwd: Offer",
            plain="See below.",
            attachments=[
                attached("log.txt", b"Pump two stopped at 03:12. " * 400),
                attached("table", b"a,b\n1,2", "text/csv"),
                attached_message(inner),
                attached("photo.png", b"x", "image/png"),
                properties({0x3707: "far.txt"}, {}, {0x3705: 2}),
            ],
        ),
    )
    assert [each.name for each in found.enclosed] == [
        "a.msg/log.txt",
        "a.msg/table.csv",
        "a.msg/Offer 2031.eml",
        "a.msg/Offer 2031.eml/notes.md",
    ]
    assert found.enclosed[0].text.startswith("Pump two stopped at 03:12.")
    assert "It is 91,500 crowns." in found.enclosed[2].text
    assert found.remarks == (
        "The attachment photo.png was not read: .png files are not read.",
        "The attachment far.txt was not read: it is empty.",
    )


@pytest.mark.parametrize(
    "data", [b"x" * 100, ole({"WordDocument": b"x" * 99}), msg("Crane", plain="Words")[:600]]
)
def test_what_is_no_mail(refused: Any, data: bytes) -> None:
    reason = refused("a.msg", data)
    assert reason in ("it is not a mail of Outlook", "it is damaged, or not a mail of Outlook")
