"""Maker of files of several formats from the same lines."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from html import escape

import docx
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.index.parsing.packages import saved_bytes

_FIELD = "% "
"""How a line of front matter begins."""


def file_of(suffix: str, title: str, lines: Sequence[str]) -> bytes:
    """Return the bytes of a file with a title and a paragraph for each line."""
    return FORMATS[suffix](title, lines)


def _markdown(title: str, lines: Sequence[str]) -> bytes:
    fields = [line.removeprefix(_FIELD) for line in lines if line.startswith(_FIELD)]
    front = ["---", *fields, "---"] if fields else []
    body = [line for line in lines if not line.startswith(_FIELD)]
    return "\n\n".join(["\n".join([*front, f"# {title}"]), *body]).encode()


def _text(title: str, lines: Sequence[str]) -> bytes:
    return "\n\n".join([title, *lines]).encode()


def _html(title: str, lines: Sequence[str]) -> bytes:
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return (
        f'<html><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    ).encode()


def _mail(title: str, lines: Sequence[str]) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = (
        title,
        "desk@heron.example",
        "all@x.example",
    )
    message.set_content("\n\n".join(lines))
    return message.as_bytes()


def _word(title: str, lines: Sequence[str]) -> bytes:
    document = docx.Document()
    document.add_heading(title, 1)
    for line in lines:
        document.add_paragraph(line)
    return saved_bytes(document)


def _pdf(title: str, lines: Sequence[str]) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(60, 780, title)
    canvas.setFont("Helvetica", 10)
    height = 750.0
    for line in lines:
        words, row = line.split(), ""
        for word in words:
            if len(row) + len(word) > 90:
                canvas.drawString(60, height, row)
                row, height = "", height - 13
            row = f"{row} {word}".strip()
        canvas.drawString(60, height, row)
        height -= 28
    canvas.save()
    return buffer.getvalue()


FORMATS: Mapping[str, Callable[[str, Sequence[str]], bytes]] = {
    "md": _markdown,
    "txt": _text,
    "html": _html,
    "eml": _mail,
    "docx": _word,
    "pdf": _pdf,
}
