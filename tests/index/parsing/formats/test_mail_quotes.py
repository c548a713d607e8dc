"""Which lines of a mail are the sender's own words; each message has a mark before each line.

`=` own words, `>` quoted, `-` signature or disclaimer.
"""

from __future__ import annotations

import time

import pytest

from index.document import TextOrigin
from index.parsing.formats.mail.pages import parts_of
from index.parsing.formats.mail.quotes import origins_of

MARKS = {"=": TextOrigin.BODY, ">": TextOrigin.QUOTED, "-": TextOrigin.CLOSING}

MESSAGES = {
    "a reply above what it quotes": """
        = No, it was moved to Thursday.
        =
        > On Mon, 3 Mar 2031 Ole wrote:
        > > Is the test on Tuesday?
        > > I think.
    """,
    "answers between and below quotations": """
        > Marc Slemko wrote:
        >
        > > Is it on Tuesday?
        =
        = No, on Thursday.
        =
        > > And who leads it?
        =
        = Mia does.
    """,
    "an attribution over two lines, and nothing marked below it": """
        = Thursday.
        =
        > On Mon, Mar 3, 2031 at 9:00 AM Ole Strand of the Harbour Office
        > <ole@example.org> wrote:
        >
        > It is on Tuesday.
    """,
    "Outlook": """
        = It is on Thursday.
        =
        > From: Ole Strand
        > Sent: Monday, March 3, 2031 9:00 AM
        > To: Ann Birk
        > Subject: Crane
        >
        > The test is on Tuesday.
    """,
    "Outlook in German, with a signature": """
        = Am Donnerstag.
        =
        - Viele Grüße
        - Ann Birk
        - Hafenamt
        -
        > Von: Ole Strand
        > Gesendet: Montag, 3. März 2031
        > An: Ann
        > Betreff: Kran
        >
        > Die Prüfung ist am Dienstag.
    """,
    "French": """
        = Jeudi.
        =
        - Cordialement,
        - Ann
        -
        > Le 3 mars 2031 à 09:00, Ole Strand <ole@example.org> a écrit :
        >
        > > Mardi ?
    """,
    "Norwegian": """
        = Den er på torsdag.
        =
        > man. 3. mar. 2031 kl. 09:00 skrev Ole Strand <ole@example.org>:
        >
        > > Testen er på tirsdag.
    """,
    "original message": """
        = Thursday.
        > -----Original Message-----
        > It is on Tuesday.
    """,
    "forwarded, with words of one's own": """
        = We should not pay this.
        =
        > ---------- Forwarded message ---------
        > From: Mia <mia@example.org>
        > Date: May 8, 2031 1:17 PM
        > Subject: Offer
        >
        > It is 91,500 crowns.
    """,
    "a signature behind dashes": """
        = Thursday.
        =
        - --
        - Ann Birk
        - Harbour office
    """,
    "a greeting with a name, and words after it": """
        = Thursday.
        =
        - Best regards, Ann
        -
        = PS: Bring the keys.
    """,
    "thanks at the beginning are no signature": """
        = Thanks!
        =
        = The test of the crane is on Thursday.
        =
        = Best
        = of all would be the morning, if the tide allows it.
    """,
    "a telephone and a disclaimer": """
        = Thursday.
        =
        - Sent from my iPhone
        =
        - This e-mail is confidential and intended only for those whom it names.
        - Please delete it otherwise.
    """,
    "a list's footer": """
        = Thursday.
        - _______________________________________________
        - Cranes mailing list
        - cranes@example.org
    """,
    "lines that only look like marks": """
        = Results
        = -------------------------
        = From: Oslo
        = To: Bergen
        =
        = As the mayor once wrote:
        = build harbours.
        = -- and then some.
    """,
}


def marked(message: str) -> tuple[list[str], list[TextOrigin]]:
    lines = [line.strip() for line in message.strip().splitlines()]
    return [line[1:].strip() for line in lines], [MARKS[line[0]] for line in lines]


@pytest.mark.parametrize("name", MESSAGES)
def test_lines(name: str) -> None:
    lines, expected = marked(MESSAGES[name])
    found = origins_of(lines)
    assert [(origin, line) for origin, line in zip(found, lines, strict=True) if line] == [
        (origin, line) for origin, line in zip(expected, lines, strict=True) if line
    ]


@pytest.mark.parametrize(
    "line", ["On 2031 " * 40 + ":", "-" * 300, "From: a " * 40, "this mail " * 40, "thanks " * 9]
)
def test_lines_of_any_kind_take_little_time(line: str) -> None:
    begun = time.process_time()
    origins_of([line] * 5_000)
    assert time.process_time() - begun < 5


PAGES = {
    "Gmail": (
        '<div>Thursday.</div><div class="gmail_signature">Ann</div><br>'
        '<div class="gmail_quote gmail_quote_container"><div class="gmail_attr">On Mon Ole wrote:'
        '</div><blockquote class="gmail_quote">Tuesday?</blockquote></div>',
        [("=", "Thursday."), ("-", "Ann"), (">", "On Mon Ole wrote:Tuesday?")],
    ),
    "Apple, with answers between": (
        '<p>Hello.</p><blockquote type="cite">Tuesday?</blockquote><p>quite late: Thursday.</p>'
        '<blockquote type="cite">Who?</blockquote>Mia.',
        [
            ("=", "Hello."),
            (">", "Tuesday?"),
            ("=", "quite late: Thursday."),
            (">", "Who?"),
            ("=", "Mia."),
        ],
    ),
    "Outlook": (
        "<p>Thursday.</p><div style='border:none;border-top:solid #E1E1E1 1.0pt;"
        "padding:3.0pt 0in 0in 0in'><p><b>From:</b> Ole</p></div><p>Tuesday.</p>",
        [("=", "Thursday."), (">", "From: Ole"), (">", "Tuesday.")],
    ),
    "Outlook on the web": (
        '<p>Thursday.</p><div id="x_appendonsend"></div><div>From: Ole</div><div>Tuesday.</div>',
        [("=", "Thursday."), (">", "From: OleTuesday.")],
    ),
    "a quotation in a text of one's own": (
        "<p>He said:</p><blockquote>Build harbours.</blockquote>",
        [("=", "He said:Build harbours.")],
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages(name: str) -> None:
    from lxml import html

    page, expected = PAGES[name]
    found = [
        (origin, "".join(html.fromstring(piece).itertext()).strip())
        for origin, piece in parts_of(f"<html><body>{page}</body></html>")
        if "".join(html.fromstring(f"<div>{piece}</div>").itertext()).strip()
    ]
    assert found == [(MARKS[mark], text) for mark, text in expected]
