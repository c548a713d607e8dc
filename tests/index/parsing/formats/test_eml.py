from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest


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


def parts(*bodies: str, kind: str = "mixed") -> str:
    """A mail of parts; each has its header lines, an empty line and its content."""
    head = f"Subject: Crane\nContent-Type: multipart/{kind}; boundary=B\n\n"
    return head + "".join(f"--B\n{body}\n" for body in bodies) + "--B--\n"


TEXT = "Content-Type: text/plain; charset=utf-8\n\n"
PICTURE = "Content-Type: image/png\nContent-ID: <a>\n\nx"


@pytest.mark.parametrize(
    ("mail", "text"),
    [
        # Parts in order, with a picture between.
        (parts(f"{TEXT}Before.", PICTURE, f"{TEXT}After."), "Before.\n\nAfter."),
        (
            parts(f"{TEXT}Before.", "Content-Type: text/html\n\n<p>After <b>it</b>.</p>"),
            "Before.\n\nAfter it.",
        ),
        # A stub, and two forms of the same.
        (
            parts(
                f"{TEXT}This message is in HTML, which your mail program does not show.",
                "Content-Type: text/html\n\n<p>The crane is tested on Thursday.</p>",
                kind="alternative",
            ),
            "The crane is tested on Thursday.",
        ),
        (
            parts(
                f"{TEXT}On Thursday.",
                "Content-Type: text/html\n\n<p>On <b>Thursday</b>.</p>",
                kind="alternative",
            ),
            "On Thursday.",
        ),
        # Lines that flow, and those that do not.
        (
            "Subject: Crane\nContent-Type: text/plain; format=flowed\n\nThe crane \nis up.\nEnd.",
            "The crane is up.\nEnd.",
        ),
        (
            "Subject: Crane\nContent-Type: text/plain; format=flowed; delsp=yes\n\nThur \nsday.",
            "Thursday.",
        ),
        # What stands before the headers.
        ("\ufeffSubject: Crane\n\nWords.", "Words."),
        ("\n \nSubject: Crane\n\nWords.", "Words."),
        ("From ann@example.org Tue Mar  4 09:00:00 2031\nSubject: Crane\n\nWords.", "Words."),
        ("Subject  : Crane\n\nWords.", "Words."),
        ("Subject: Crane\nContent-Type: application/plain\n\nWords.", "Words."),
    ],
)
def test_the_message(parse: Any, mail: str, text: str) -> None:
    document = parse("a.eml", mail)
    assert document.text == f"Crane\n\n{text}"
    assert document.remarks == ()


@pytest.mark.parametrize(
    ("headers", "date"),
    [
        ("Date: Tue, 4 Mar 2031 09:00:00 +0100", "2031-03-04T09:00:00+01:00"),
        (
            "Received: by b; Wed, 5 Mar 2031 09:09:00 +0100\n"
            "Received: from a\n by b; Wed, 5 Mar 2031 09:08:00 +0100",
            "2031-03-05T09:08:00+01:00",
        ),
        ("Date: <HR>", None),
        ("Date: tomorrow", None),
        ("Received: by b", None),
        ("To: ola@example.org", None),
    ],
)
def test_the_date(parse: Any, headers: str, date: str | None) -> None:
    document = parse("a.eml", f"Subject: Crane\n{headers}\n\nThe crane is up.")
    assert document.metadata.get("date") == date


def test_a_file_in_utf_16(parse: Any) -> None:
    assert parse("a.eml", "Subject: Prüfung\n\nWörter.".encode("utf-16")).text.endswith("Wörter.")


def test_a_mail_without_a_text(parse: Any) -> None:
    document = parse(
        "a.eml", "Subject: The crane is tested on Thursday\nDate: 4 Mar 2031 09:00\n\n"
    )
    assert document.remarks == ("Its message has no text.",)


ATTACHED = "Content-Disposition: attachment; filename="


@pytest.mark.parametrize(
    ("part", "name", "text"),
    [
        (f"Content-Type: text/plain\n{ATTACHED}log.txt\n\nWords.", "log.txt", "Words."),
        (f"Content-Type: text/plain\n{ATTACHED}pump.log\n\nWords.", "pump.log.txt", "Words."),
        ("Content-Type: text/csv; name=a\n\na,b\n1,2", "a.csv", "a | b\n1 | 2"),
        (f'Content-Type: text/markdown\n{ATTACHED}"../../x.md"\n\nWords.', "x.md", "Words."),
        (
            f'Content-Type: text/plain\n{ATTACHED}"=?utf-8?q?W=C3=B6rter.txt?="\n\nW.',
            "Wörter.txt",
            "W.",
        ),
        (
            "Content-Type: message/rfc822\n\nSubject: Offer\n\nIt is 91,500 crowns.",
            "forwarded.eml",
            "Offer\n\nIt is 91,500 crowns.",
        ),
        (
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n"
            f"{ATTACHED}offer.eml\n\nU3ViamVjdDogT2ZmZXIKCjkxLDUwMC4=",
            "offer.eml",
            "Offer\n\n91,500.",
        ),
        ("Content-Type: message/delivery-status\n\nStatus: 5.1.1", "delivery-status.txt", None),
    ],
)
def test_an_attachment(parse: Any, part: str, name: str, text: str | None) -> None:
    document = parse("a.eml", parts(f"{TEXT}See below.", part))
    assert document.text == "Crane\n\nSee below."
    (found,) = document.enclosed
    assert (found.name, found.file) == (f"a.eml/{name}", "a.eml")
    assert text is None or found.text == text


@pytest.mark.parametrize(
    ("part", "remark"),
    [
        (
            f"Content-Type: application/ms-tnef\n{ATTACHED}winmail.dat\n\nx",
            "The attachment winmail.dat was not read: .dat files are not read.",
        ),
        (
            "Content-Type: image/png\n\nx",
            "The attachment (image/png) was not read: files without a suffix are not read.",
        ),
        (
            f"Content-Type: application/pkcs7-mime\n{ATTACHED}smime.p7m\n\nx",
            "Its message is encrypted and was not read.",
        ),
        (f"Content-Type: application/pgp-signature\n{ATTACHED}a.asc\n\nx", None),
    ],
)
def test_what_is_not_read(parse: Any, part: str, remark: str | None) -> None:
    document = parse("a.eml", parts(f"{TEXT}See below.", part))
    assert document.remarks == ((remark,) if remark else ())


def test_mails_in_mails_to_a_depth(parse: Any) -> None:
    mail = "Subject: Innermost\n\nWords."
    for number in range(8):
        boundary = f"B{number}"
        mail = (
            f"Subject: Mail {number}\nContent-Type: multipart/mixed; boundary={boundary}\n\n"
            f"--{boundary}\nContent-Type: message/rfc822\n\n{mail}\n--{boundary}--\n"
        )
    document = parse("a.eml", mail)
    assert [each.name for each in document.enclosed] == [
        f"a.eml{'/forwarded.eml' * depth}" for depth in range(1, 5)
    ]
    assert "too deep" in document.enclosed[-1].remarks[-1]
