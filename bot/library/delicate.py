"""Delicate documents: reports of harm, or about persons, of which no example is made unasked.

Whoever asks for such a document is answered from it like from any other. Nobody is to meet it by
opening the help.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from index.document import BlockKind, Document

_HARM = (
    r"abduct|abus(?:e|iv)|accident|after[ -]action|arrest|assault|attack|bereave|bulli|bully"
    r"|burglar|casualt|complain|corps|dead\b|death|detain|detention|died\b|dying|disciplin|dismiss|exploit|extort"
    r"|fatal|grievanc|gunshot|harass|hijack|hostage|incident|injur|investigat|kidnap|kill|looting"
    r"|misconduct|murder|near[ -]miss|rape[ds]?\b|redundanc|robb(?:e|er)|self[ -]harm|sexual"
    r"|shooting|shot\b|stabb|suicid|survivor|terminat|theft|threat|tortur|trauma|victim|violen"
    r"|whistle[ -]?blow|wound"
    r"|angriff|belästig|beschwerde|diebstahl|entführ|entlass|ermittl|geisel|gestorben|getötet"
    r"|gewalt|kündigung|missbrauch|mobbing|mord|opfer|suizid|todes|tot\b|tote[nrs]?\b|überfall"
    r"|unfall|unfälle|verletz|verstorben|vorfall|vorfälle|verhaft"
    r"|angrep|arrester|bortfør|drap|drept|dødsfall|døde?\b|gissel|hendelse|klage|krenk|mobbing"
    r"|oppsigelse|overfall|overgrep|ranet|selvmord|skadd|skadet|trakasser|tyveri|ulykke|vold"
)
_PERSONAL = (
    r"absence|applicant|applications? of|appraisal|beneficiar(?:y|ies) list|candidate"
    r"|case (?:file|notes?|work)|contact list|curriculum|cv\b|diagnos|disabilit|health record"
    r"|hiv\b|home address|hr\b|human resources|illness|interview|medical|minutes of (?:a |the )?"
    r"hearing|next of kin|passport|patient|payroll|performance review|personal data|personnel"
    r"|pregnan|psycholog|references? for|safeguard|salar(?:y|ies)|sick(?:ness)? (?:leave|list|note)"
    r"|staff list|wages?\b"
    r"|befund|bewerb|gehalt|gehälter|krank(?:heit|meldung|schreibung)|lebenslauf|lohn|patient"
    r"|personalakte|personalgespräch|schwanger"
    r"|helse(?:opplysning|journal)|lønn|medarbeidersamtale|pasient|personalmappe|pårørende|søker"
    r"|sykemelding"
)
_DELICATE = re.compile(rf"\b(?:{_HARM}|{_PERSONAL})", re.IGNORECASE)
_RESTRICTED = re.compile(
    r"\b(?:confidential|eyes only|need[ -]to[ -]know|private|restricted|secret|sensitive"
    r"|geheim|nur für den dienstgebrauch|streng|vertraulich|verschlusssache"
    r"|begrenset|fortrolig|hemmelig|unntatt offentlighet)",
    re.IGNORECASE,
)
_CLASSIFICATION_KEYS = (
    "classification",
    "security classification",
    "confidentiality",
    "sensitivity",
)
_LOOKED_THROUGH = 400
"""Blocks of a document, and characters of each, in which words of harm are counted."""
_LONGEST = 600
_SORTS, _ONE_IN = 3, 80
"""Different words of harm or of persons that make a text delicate, where there is one of them in so
many words: rules for safety have some, a report of what happened to somebody is full of them."""
_ROLE = re.compile(
    r"\b(?:applicant|beneficiar(?:y|ies)|candidate|child|children|client|colleague|employee|famil"
    r"(?:y|ies)|(?:first|full|last|sur)? ?names? of (?:the )?(?:staff|person|people)|(?:first|full|"
    r"last) name|surname|member|participant|passenger|patient|people|person|staff|student|survivor"
    r"|trainee|victim|volunteer|witness|mitarbeiter\w*|person\w*|bewerber\w*|ansatte?|deltaker"
    r"|kandidat)s?\b",
    re.IGNORECASE,
)
_OF_ANYTHING = frozenset({"name", "names", "navn", "who", "wer", "hvem"})


def says_delicate(text: str) -> bool:
    """Return whether a question has a word of harm or of a person's own affairs."""
    return _DELICATE.search(text) is not None


def are_persons(header: str, labels: Sequence[str]) -> bool:
    """Return whether a column with this header, and these cells, names persons."""
    if _ROLE.search(header[:_LONGEST]):
        return True
    if header.strip(" *_").casefold() not in _OF_ANYTHING:
        return False
    return 2 * sum(map(_is_like_a_full_name, labels)) >= len(labels)


def _is_like_a_full_name(label: str) -> bool:
    words = label[:_LONGEST].split()
    return 2 <= len(words) <= 4 and all(word[0].isupper() and word.isalpha() for word in words)


def is_delicate(document: Document) -> bool:
    """Return whether its name or title says that it is about harm or about persons, or its text is
    full of that, or it says itself that it is not for everybody."""
    named = " ".join([re.sub(r"[-_./\\]", " ", document.name), document.title])
    if says_delicate(named):
        return True
    stated = " ".join(document.metadata.get(key, "") for key in _CLASSIFICATION_KEYS)
    if _RESTRICTED.search(stated):
        return True
    found: list[str] = []
    words = 0
    for block in islice(document.blocks, _LOOKED_THROUGH):
        text = block.span.of(document.text)[:_LONGEST]
        if block.kind is BlockKind.FRONT_MATTER and _RESTRICTED.search(text):
            return True
        found += _DELICATE.findall(text.casefold())
        words += len(text.split())
    return len(set(found)) >= _SORTS and len(found) * _ONE_IN >= words
