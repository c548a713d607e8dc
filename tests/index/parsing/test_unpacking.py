"""The bytes of a document that lies in another file are found by the name that it has there."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage

import pytest

from index.errors import UnreadableDocument
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from index.parsing.unpacking import unpacked
from testing.made_files import zipped

LIMITS = ParsingLimits()


def mail(**attachments: str) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = "Papers", "ann@example.org"
    message.set_content("They are attached.")
    for name, text in attachments.items():
        message.add_attachment(text, filename=f"{name}.md")
    return message.as_bytes()


def test_each_document_by_its_name_and_hash() -> None:
    one = mail(plan="# Plan\n\nWe leave at nine.", map="# Map\n\nNorth is up.")
    data = zipped(
        {
            "papers/one.eml": one,
            "papers\\\\one.eml": mail(plan="# Other"),
            "../b.md": b"# B\n\nB.",
        }
    )
    document = parse_bytes(data, "a.zip", ".zip", limits=LIMITS)
    names = [each.name.removeprefix("a.zip/") for each in document.enclosed]
    assert "papers/one.eml/plan.md" in names
    assert "papers/one (2).eml/plan.md" in names
    for name, each in zip(names, document.enclosed, strict=True):
        found = unpacked(data, ".zip", name, each.sha256, LIMITS)
        assert hashlib.sha256(found).hexdigest() == each.sha256


@pytest.mark.parametrize("inner", ["c.md", "b.md/c.md", "", "b.md"])
def test_what_is_not_there(inner: str) -> None:
    with pytest.raises(UnreadableDocument, match="no longer in the file"):
        unpacked(zipped({"b.md": b"# B\n\nB."}), ".zip", inner, "0" * 64, LIMITS)
