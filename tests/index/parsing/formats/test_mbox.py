"""Mailboxes: each mail is a document."""

from __future__ import annotations

from tests.index.parsing.conftest import Parse, Refused

_MAIL = "From: kari@example.org\nSubject: {0}\n\n{1}\n\n"
_LINE = "From kari@example.org Tue Jan  6 10:00:00 2026\n"


def test_each_mail_is_a_document(parse: Parse) -> None:
    first = _MAIL.format("One", "We go.\n\n>From here it is far.\nFrom there it is not.")
    document = parse("box.mbox", f"{_LINE}{first}{_LINE}{_MAIL.format('Two', 'We stay.')}")
    assert [each.title for each in document.enclosed] == ["One", "Two"]
    text = document.enclosed[0].text
    assert "From here it is far.\nFrom there it is not." in text
    assert ">From" not in text
    assert document.enclosed[1].name == "box.mbox/mail 2.eml"


def test_lines_of_other_ends_and_one_broken_mail(parse: Parse) -> None:
    box = f"{_LINE}{_MAIL.format('One', 'We go.')}{_LINE}\n\n".replace("\n", "\r\n")
    document = parse("box.mbox", box)
    assert [each.title for each in document.enclosed] == ["One"]
    assert document.remarks == (
        "The mail mail 2.eml was not read: it is not an e-mail: it has no headers.",
    )


def test_another_file(refused: Refused) -> None:
    assert refused("box.mbox", "Only words.\n") == "it is not a mailbox"


def test_a_long_line_of_times_takes_linear_time(refused: Refused) -> None:
    assert refused("box.mbox", "From " + "10:1" * 100_000) == "it is not a mailbox"
