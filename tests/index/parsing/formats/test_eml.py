from __future__ import annotations

from email.message import EmailMessage
from typing import Any


def message(subject: str = "Støtte til Ukraina") -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = "Kari <kari@example.org>"
    mail["To"] = "ola@example.org"
    mail["Date"] = "Tue, 6 Jan 2026 10:00:00 +0100"
    return mail


def test_plain_text_goes_before_the_page(parse: Any, outline: Any) -> None:
    mail = message()
    mail.set_content("Dear all,\n\nNorway offers:\n- troops\n- money\n\n> So be it.\n")
    mail.add_alternative("<p>page</p>", subtype="html")
    mail.add_attachment(b"x", maintype="application", subtype="pdf", filename="a b.pdf")
    document = parse("a.eml", mail.as_bytes())
    assert outline(document) == [
        ("heading", 1, "Støtte til Ukraina"),
        (
            "paragraph",
            0,
            "From: Kari <kari@example.org>\nTo: ola@example.org\n"
            "Date: Tue, 06 Jan 2026 10:00:00 +0100",
        ),
        ("paragraph", 0, "Dear all,"),
        ("paragraph", 0, "Norway offers:"),
        ("item", 0, "- troops"),
        ("item", 0, "- money"),
        ("paragraph", 0, "> So be it."),
    ]
    assert document.title == "Støtte til Ukraina"
    assert document.metadata == {
        "from": "Kari <kari@example.org>",
        "to": "ola@example.org",
        "date": "2026-01-06T10:00:00+01:00",
    }
    assert document.remarks == ("The attachment a b.pdf was not read: it is not a PDF.",)


def test_a_page_alone(parse: Any, outline: Any) -> None:
    mail = message()
    mail.set_content("<h2>Aims</h2><ul><li>troops</ul>", subtype="html")
    assert outline(parse("a.eml", mail.as_bytes()))[2:] == [
        ("heading", 2, "Aims"),
        ("item", 0, "• troops"),
    ]


def test_old_encodings(parse: Any) -> None:
    raw = "Subject: x\nContent-Type: text/plain; charset=iso-8859-1\n\nStøre".encode("latin-1")
    document = parse("a.eml", raw)
    assert document.text.endswith("Støre")
    assert document.remarks == ()
