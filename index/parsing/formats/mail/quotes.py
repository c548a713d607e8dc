"""Quotations, signatures and disclaimers of mails: which lines are not the sender's own words.

Mail programs mark them in many ways and languages. Packages for this (mail-parser-reply,
quotequail, email-reply-parser) take all that follows the first mark for quoted, so that answers
between and below quotations are lost; here every line is told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from index.document import Block, BlockKind, Span, TextOrigin

_QUOTED, _CLOSING, _BODY = TextOrigin.QUOTED, TextOrigin.CLOSING, TextOrigin.BODY

_LONGEST = 300
"""Characters of a line that are looked at."""
_WRAPPED = 3
"""Lines over which "On …, … wrote:" may run."""
_WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|skrev|a écrit|escribió|escreveu|schreef|geschreven|ha scritto"
    r"|kirjoitti|napisał[ao]?|napsala?|написала?)\b|написал\(а\)|写道",
    re.IGNORECASE,
)
_DATED = re.compile(r"\d{1,2}[:.]\d\d\b|\b\d{4}\b|@|\d{1,2}[./]\d{1,2}[./]\d\d")
_SEPARATOR = re.compile(
    r"""[-_*]{2,}\s*(?:
        original\s(?:message|appointment) | forwarded\s(?:message|by\b.*) | reply\smessage
        | ursprüngliche\s(?:nachricht|e-?mail) | original(?:nachricht|meddelande|melding|besked)
        | weitergeleitete\snachricht | message\s(?:d'origine|transféré|original)
        | mensaje\s(?:original|reenviado) | mensagem\s(?:original|encaminhada)
        | messaggio\s(?:originale|inoltrato) | (?:oorspronkelijk|origineel|doorgestuurd)\sbericht
        | (?:opprinnelig|videresendt)\s(?:melding|besked) | vidarebefordrat\smeddelande
        | alkuperäinen\sviesti | исходное\sсообщение | пересылаемое\sсообщение
    )\s*[-_*]*
    | begin\sforwarded\smessage\s?:? | anfang\sder\sweitergeleiteten\s(?:e-?mail|nachricht)\s?:?
    | début\sdu\smessage\s(?:transféré|réexpédié)\s?:? | _{30,}""",
    re.IGNORECASE | re.VERBOSE,
)
_FIELDS = {
    "from": "from von de från fra van da от",
    "sent": "sent date gesendet datum envoyé enviado skickat sendt verzonden inviato data fecha"
    " dato отправлено дата",
    "to": "to an à para a till til aan кому",
    "subject": "subject betreff objet asunto assunto ämne emne onderwerp oggetto тема",
}
_FIELD_OF = {label: field for field, labels in _FIELDS.items() for label in labels.split()}
_FIELD = re.compile(r"\W{0,3}(?P<label>[^\W\d_]{1,12})(?: le| el)?[*_]{0,3}\s?[:：]\W{0,3}\w")
_FIELD_LINES = 8

_CLOSING_LINES, _LONGEST_REGARDS, _LONGEST_SIGNED = 14, 60, 100
"""Most lines of a signature, and most characters of its first line and of the others."""
_DASHES = ("--", "—")
_LIST_FOOTER = re.compile(r"_{20,}")
_THANKS = r"(?:many thanks|thanks|thank you)(?: (?:and|again|in advance|so much|very much))*"
_REGARDS = re.compile(
    rf"(?:{_THANKS}[\s,&]*)?"
    r"(?:(?:(?:with )?(?:best|kind|kindest|warm|warmest) )?(?:regards|wishes)|all the best|best"
    r"|(?:yours )?(?:sincerely|faithfully|truly)(?: yours)?|yours|cheers|talk soon"
    rf"|{_THANKS}"
    r"|(?:mit )?(?:freundliche|beste|herzliche|liebe|viele|schöne)[nmr]? gr(?:üß|üss|uss)e?n?"
    r"|mfg|lg|vg|(?:bien )?cordialement|(?:meilleures|sincères) salutations|bien à vous"
    r"|(?:med )?(?:vennlig|venlig|vänlig|beste?|mange)(?: hilsen(?:er)?| hälsning(?:ar)?)|mvh"
    r"|(?:med )?(?:vänliga hälsningar|hilsen)|(?:met )?(?:vriendelijke )?groet(?:en|jes)?"
    r"|(?:un )?(?:cordial )?saludos?(?: cordial(?:es)?)?|atentamente|atenciosamente"
    r"|(?:cordiali|distinti) saluti|ystävällisin terveisin|pozdrawiam|с уважением)"
    r"(?: (?:from|aus|fra|från) \w+)?\s*[,.!–-]*\s*(?:[^\W\d_][\w.'-]*\s?){0,4}",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"(?:sent (?:from|via|with) (?:my|the|outlook|yahoo|proton|mail|samsung|a)\b"
    r"|(?:get|holen sie sich) outlook for|von meinem .{1,30} gesendet"
    r"|gesendet (?:von|mit) (?:meinem|outlook)|envoyé (?:de|depuis) mon|enviado desde mi"
    r"|sendt fra min|skickat från min|verzonden vanaf mijn|inviato da(?:l mio)?).{0,80}",
    re.IGNORECASE,
)
_THIS_MAIL = r"this (?:e-?mail|electronic mail|message|communication|transmission)\b"
_DISCLAIMER = re.compile(
    r"\W{0,6}(?:(?:confidentiality|legal|privacy|important)(?: notice)\W|disclaimer\W"
    rf"|(?:the )?(?:information|contents?) (?:contained )?(?:in|of) {_THIS_MAIL}"
    rf"|{_THIS_MAIL}.{{0,160}}\b(?:confidential|intended|privileged|virus)"
    r"|if you are not the (?:intended|named)|if you (?:have )?received? this (?:e-?mail|message) "
    r"(?:in error|by mistake)|(?:please )?(?:consider|think of) the environment before"
    r"|diese (?:e-?mail|nachricht)\b.{0,160}\bvertraulich"
    r"|(?:wenn|falls|sollten) sie nicht der (?:richtige|beabsichtigte)"
    r"|ce (?:message|courriel|mail)\b.{0,160}\bconfidentiel"
    r"|si vous n'êtes pas le destinataire|este (?:mensaje|correo)\b.{0,160}\bconfidencial"
    r"|esta mensagem\b.{0,160}\bconfidencia|questo messaggio\b.{0,160}\briservat"
    r"|dit (?:bericht|e-?mail\w*)\b.{0,160}\bvertrouwelijk"
    r"|denne (?:e-?posten|meldingen|e-?mail)\b.{0,160}\b(?:konfidensiell|fortrolig)"
    r"|to unsubscribe\b|you (?:are receiving|received) this (?:e-?mail|message|because))",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(r"(?:p\.?\s?s\.?|n\.?b\.?)\s?[:.]", re.IGNORECASE)


def with_origins(text: str, blocks: Sequence[Block], start: int) -> Iterator[Block]:
    """Yield the blocks of a mail, those of its message, from `start`, with their origin.

    A block that has one already keeps it. A paragraph is divided where its lines differ.
    """
    spans = _lines(text, Span(start, len(text)))
    origins = dict(
        zip(
            (span.start for span in spans),
            origins_of([span.of(text)[:_LONGEST] for span in spans]),
            strict=True,
        )
    )
    for block in blocks:
        if block.span.start < start or block.origin is not _BODY:
            yield block
            continue
        lines = [line for line in _lines(text, block.span) if len(line)]
        runs = [
            (origin, list(run))
            for origin, run in groupby(lines, key=lambda line: origins.get(line.start, _BODY))
        ]
        if block.kind is not BlockKind.PARAGRAPH:
            runs = [(runs[0][0], lines)]
        for origin, run in runs:
            yield replace(block, span=Span(run[0].start, run[-1].end), origin=origin)


def origins_of(lines: Sequence[str]) -> list[TextOrigin]:
    """Return the origin of each line of a message; lines are without white space at their ends."""
    origins = [_BODY] * len(lines)
    at = 0
    while at < len(lines):
        end = at + 1
        if lines[at].startswith(">"):
            origins[at] = _QUOTED
        elif _begins_older(lines, at):
            end = len(lines)
        elif attributed := _attribution_end(lines, at):
            end = attributed if _is_quoted(lines, attributed) else len(lines)
        else:
            at = end
            continue
        origins[at:end] = [_QUOTED] * (end - at)
        at = end
    begin = 0
    for origin, run in groupby(origins):
        end = begin + len(list(run))
        if origin is _BODY:
            origins[begin:end] = _closings(lines[begin:end])
        begin = end
    return origins


def _lines(text: str, span: Span) -> list[Span]:
    """Return the lines in a span without white space at their ends, empty ones among them."""
    found = []
    start = span.start
    for line in span.of(text).split("\n"):
        stripped = line.strip()
        begin = start + (len(line) - len(line.lstrip()) if stripped else 0)
        found.append(Span(begin, begin + len(stripped)))
        start += len(line) + 1
    return found


def _begins_older(lines: Sequence[str], at: int) -> bool:
    """Return whether an older message begins here and goes on to the end."""
    if _SEPARATOR.fullmatch(lines[at]):
        below = next((n for n in range(at + 1, len(lines)) if lines[n]), at)
        return not lines[at].startswith("___") or _has_fields(lines, below)
    return _has_fields(lines, at)


def _has_fields(lines: Sequence[str], at: int) -> bool:
    """Return whether From, Sent, To and Subject stand here, as Outlook writes them."""
    fields = [_FIELD.match(line) for line in lines[at : at + _FIELD_LINES]]
    found = [_FIELD_OF.get(field["label"].lower()) if field else None for field in fields]
    return found[0] == "from" and len({*found} - {None}) > 2


def _attribution_end(lines: Sequence[str], at: int) -> int:
    """Return the line after "On …, … wrote:", which may run over several; 0 where it is none."""
    joined = ""
    for end in range(at, min(at + _WRAPPED, len(lines))):
        line = lines[end]
        if not line or line.startswith(">") or len(joined) + len(line) > _LONGEST:
            return 0
        joined = f"{joined} {line}"
        if line.endswith((":", "：")):
            named = _DATED.search(joined) or _is_quoted(lines, end + 1)
            return end + 1 if named and _WROTE.search(joined) else 0
    return 0


def _is_quoted(lines: Sequence[str], at: int) -> bool:
    """Return whether the next line that is not empty is a quoted one."""
    return next((line for line in lines[at : at + 4] if line), "").startswith(">")


def _closings(lines: Sequence[str]) -> list[TextOrigin]:
    """Return the origins of lines that quote nothing: signatures and disclaimers are apart."""
    origins = [_BODY] * len(lines)
    filled = [number for number, line in enumerate(lines) if line]
    for place, number in enumerate(filled):
        line = lines[number]
        after = filled[place + 1 :]
        if _DISCLAIMER.match(line):
            end = next((n for n in range(number, len(lines)) if not lines[n]), len(lines))
        elif _SENT_FROM.fullmatch(line):
            end = number + 1
        elif len(after) <= _CLOSING_LINES and (
            line in _DASHES
            or (_LIST_FOOTER.fullmatch(line) and after)
            or (len(line) <= _LONGEST_REGARDS and _REGARDS.fullmatch(line) and _signs(lines, after))
        ):
            rest = range(number + 1, len(lines))
            end = next((n for n in rest if _AFTERWARDS.match(lines[n])), len(lines))
        else:
            continue
        origins[number:end] = [_CLOSING] * (end - number)
    return origins


def _signs(lines: Sequence[str], after: Iterable[int]) -> bool:
    """Return whether what stands below a greeting is a name with what goes with it, no prose."""
    for number in after:
        line = lines[number]
        if _AFTERWARDS.match(line) or _DISCLAIMER.match(line) or line in _DASHES:
            return True
        if len(line) > _LONGEST_SIGNED or (line[-1] in ".!?" and len(line.split()) > 3):
            return False
    return True
