"""Worker process that draws: receives a PDF or a part of a document, and sends back a picture."""

from __future__ import annotations

import json
import sys
from typing import Any

from index.document import Span
from index.errors import UnreadableDocument
from index.parsing.limits import ParsingLimits
from index.parsing.sandbox.confinement import Tripwire, allow_seconds, confine
from index.parsing.sandbox.pipes import own_pipes
from index.parsing.sandbox.protocol import receive, send, unpack
from index.parsing.unpacking import unpacked
from index.picturing.pdf_page import draw_page
from index.picturing.picture import Picture
from index.picturing.setting import set_document

_TOO_MUCH = "it takes more memory to draw than there is"


def serve(settings: str) -> None:
    """Confine this process, then draw what is sent to it until the pipe is closed.

    `settings` is JSON: `memory` in bytes and `seconds` of processor time for one picture. A request
    is its particulars in JSON and the bytes of a PDF, a packed document, or a file in which a PDF
    lies; the answer is a result in JSON and a PNG, or that PDF.
    """
    requests, answers = own_pipes()
    wanted = json.loads(settings)
    limits = ParsingLimits()
    enforced = confine(wanted["memory"])
    tripwire = Tripwire()
    send(answers, json.dumps(enforced).encode())
    while True:
        try:
            asked = json.loads(receive(requests, 1 << 20))
            data = receive(requests, limits.max_bytes)
        except EOFError:
            return
        allow_seconds(wanted["seconds"])
        result: dict[str, object] = {"reason": "", "cause": ""}
        made = b""
        try:
            if asked["sort"] == "enclosed":
                made = _unpacked(asked, data, limits)
            else:
                picture = _draw(asked, data, limits)
                made = picture.png
                result |= {
                    "size": (picture.width, picture.height),
                    "marked": picture.is_marked,
                    "missing": picture.missing,
                    "left_out": (picture.left_out_lines, picture.left_out_columns),
                }
        except UnreadableDocument as exc:
            result |= {"reason": exc.reason}
        except MemoryError:
            result |= {"reason": _TOO_MUCH}
        if tripwire.attempts:
            result |= {"reason": "it reaches for other files or the network when it is drawn"}
        del data
        send(answers, json.dumps(result).encode(), b"" if result["reason"] else made)


def _unpacked(asked: Any, data: bytes, limits: ParsingLimits) -> bytes:
    try:
        return unpacked(data, asked["suffix"], asked["inner"], asked["sha256"], limits)
    except (UnreadableDocument, MemoryError):
        raise
    except Exception as exc:  # the libraries raise anything on a damaged file
        raise UnreadableDocument("it is damaged") from exc


def _draw(asked: Any, data: bytes, limits: ParsingLimits) -> Picture:
    if asked["sort"] == "page":
        return draw_page(data, asked["number"], asked["excerpt"], asked["before"], limits)
    return set_document(unpack(data, "", ""), [Span(*mark) for mark in asked["marks"]])


if __name__ == "__main__":
    serve(sys.argv[1])
