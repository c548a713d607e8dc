"""Furniture of a page: salutations, signatures, page numbers and the like, which state nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.document import BlockKind
from index.parsing.text.dates import iso_date

_SPEAKER = r"(?:[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’ -]{2,40}:\s*)?"
_COURTESY = re.compile(
    rf"{_SPEAKER}(?:(?:dear|hi|hello|hey)\b[^.!?:;\n]{{0,60}}[,.!:]?"
    r"|good (?:morning|afternoon|evening|day)\b[^.?:;]{0,40}"
    r"|welcome,? (?:everyone|everybody|all)\b[^.?:;]{0,20}"
    r"|(?:many |with )?(?:thanks|thank you)"
    r"(?: (?:a lot|all|again|and|ever so|everyone|for|in advance|so|to|very)\b[^.!?:;]{0,60}"
    r"|,[^.!?:;]{0,30})?[.!,]?"
    r"|(?:any )?(?:questions|comments)\?)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:(?:with )?(?:best|kind|warm|kindest|warmest)(?: regards| wishes)?|regards|cheers|sincerely"
    r"|yours(?: sincerely| truly| faithfully)?|(?:many )?thanks(?: and (?:best |kind )?regards)?"
    r"|best,|all the best|mit freundlichen grüßen|med vennlig hilsen)"
    r"(?:[^\S\n]*+[,.!]?(?=[^\S\n]*+(?:\n|\Z))|,\s++(?=\w++(?:\s++\w++){0,2}\s*\Z))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:page|p\.|slide|sheet|seite|side)?[\s–—|-]*\d{1,4}(?:\s*(?:of|/|von|av)\s*\d{1,4})?"
    r"[\s–—|-]*",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"(?:©|\(c\)|copyright\b)[^\n]{0,120}|all rights reserved\.?|(?:strictly )?confidential\.?"
    r"|this e-?mail (?:and|is|may|contains)\b.*|sent from my \w+.*|-+\s*original message\s*-+"
    r"|unsubscribe\b.*|on .{5,120} wrote:|begin forwarded message:",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = re.compile(
    r"(?:(?:tel|phone|mobile|fax|e-?mail|web)\b[.:]?\s*)?"
    r"(?:[^\s@]+@\S+\.\w+|https?://\S+|www\.\S+|\+?\d[\d ()/-]{6,})",
    re.IGNORECASE,
)
_MAIL_HEADER = re.compile(
    r"(?:from|to|cc|bcc|sent|date|subject|reply-to|message-id|attachments?|importance|received"
    r"|return-path|x-[\w-]+|mime-version|content-[\w-]+)\s*:.*",
    re.IGNORECASE,
)
_APPEAL = re.compile(
    r"(?:please )?(?:sign up|subscribe|register)\b[^.]*"
    r"\b(?:newsletters?|alerts|updates|mailing list|e-?mails?|today|now|free)\b.*"
    r"|i would like to (?:subscribe|receive)\b.*|(?:follow|like) us (?:on|at)\b.*"
    r"|(?:click here|learn more|read more|find out more|apply now|buy now)"
    r"(?:\W*|\W+(?:about|at|here|in|now|on|to)\b.*)"
    r"|(?:please )?(?:see|view|read|visit) (?:our|the) [\w ]*policy(?: page)?\b.*",
    re.IGNORECASE | re.DOTALL,
)
_EXCUSE = re.compile(
    r"\b(?:terms (?:and conditions )?apply|we use cookies"
    r"|our (?:privacy|cookie|advertising) policy)\b"
    r"|(?:\bwe|\w\.(?:com|net|org)) (?:may )?(?:receives?|earns?) (?:an? )?(?:affiliate )?"
    r"(?:compensation|commission)\b",
    re.IGNORECASE,
)
_FIELD = re.compile(r"[^\W\d_][\w /-]{0,30}:(?:\s|$)")
_NAMES = re.compile(
    r"[A-ZÀ-ÖØ-Þ][^\n\d:;.!?|]{1,50}(?:\n[ \t]*[A-ZÀ-ÖØ-Þ][^\n\d:;.!?|]{1,50}){1,4}"
)
"""Lines of a signature: names, a post, a place."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|^\W*+[\d.]++[.)]?\s")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|must|shall|should"
    r"|cannot|does|did|do not|don['’]t|needs?|costs?|pays?|rose|fell|grew|rises|falls|grows|gets?"
    r"|takes?|took|opens|closes|begins|began|becomes?|became|remains?|stands? \w+|gives|makes|made"
    r"|keeps|kept|brings|brought|came|went|saw|won|lost|sold|bought|paid|reached|reaches"
    r"|exceed(?:s|ed)|(?:in|de)creased|dropped|declined|doubled|tripled|halved|improved|slowed|stayed"
    r"|moves? to|moved|starts|started|ends|ended|belongs?|applies|apply|requires?|allows"
    r"|expects|expected|replaces)\b",
    re.IGNORECASE,
)
_RULING = re.compile(r"(?:no|every|all|only|never|always|nobody|everybody|everyone|each)\s", re.I)
"""Begins a heading that may rule something without a verb: "No fires on the beach"."""
_ASKING = re.compile(
    r"(?:what|when|where|who|whom|whose|which|why|how|if|in case|whether)\b|.*\?[^\w?]*$",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_SIGNATURE = 160
_RELATIVE = re.compile(r"\w+ (?:\w+ )?(?:that|which|who)\b", re.IGNORECASE)
_LEAST_OF_RULE = 4
_MOST_NAMES = 4
_SENTENCE = re.compile(r"[a-zß-öø-ÿ0-9)][.!?][\"'”’»)\]]*(?:\s|$)")


def is_furniture(text: str, kind: BlockKind = BlockKind.PARAGRAPH) -> bool:
    """Return whether a line says nothing by itself, whatever is asked."""
    if kind in (BlockKind.ROW, BlockKind.HEADER, BlockKind.CODE):
        return not any(character.isalnum() for character in text)
    bare = text.strip().strip("*_> ")
    return (
        not any(character.isalnum() for character in bare)
        or bool(_COURTESY.fullmatch(bare))
        or is_closing(bare)
        or (kind is BlockKind.PARAGRAPH and bool(_NUMBERED.fullmatch(bare)))
        or bool(_LEGAL.fullmatch(bare))
        or bool(_ADDRESS.fullmatch(bare))
        or iso_date(bare) is not None
        or (kind is BlockKind.PARAGRAPH and _is_named_below(bare))
    )


def _is_named_below(text: str) -> bool:
    """Return whether a text is a few short lines, each of names, as below a letter."""
    lines = text.split("\n")
    return bool(_NAMES.fullmatch(text)) and all(
        len(words := line.split()) <= _MOST_NAMES
        and 2 * sum(word[0].isupper() for word in words) >= len(words)
        for line in lines
    )


def is_closing(text: str) -> bool:
    """Return whether a text closes a letter, such as "Best regards, Marta"."""
    closing = _CLOSING.match(text)
    return closing is not None and is_signature(text[closing.end() :])


def is_signature(text: str) -> bool:
    """Return whether a text has the form of a signature: short lines, and no sentence."""
    return len(text) <= _LONGEST_SIGNATURE and not _SENTENCE.search(text)


def is_appeal(text: str) -> bool:
    """Return whether a text of a web page wants its reader to do something, or excuses itself.

    It may be asked for, such as what the advertising policy is, but carries nothing of the page.
    """
    words = " ".join(text.split()).strip("*_>•- ")
    return bool(_APPEAL.fullmatch(words) or _EXCUSE.search(words))


def is_mail_header(text: str) -> bool:
    """Return whether a text begins as the header of a mail or memo does, and has only its lines."""
    lines: Sequence[str] = text.split("\n")
    return bool(_MAIL_HEADER.match(lines[0])) and all(
        _FIELD.match(line) or line[:1].isspace() for line in lines
    )


def states_something(heading: str) -> bool:
    """Return whether a heading may be the fact itself, such as "Overtime is paid twice".

    It has a figure, other than a year and its own number, or a verb, and asks nothing.
    """
    words = heading.strip().lstrip("#").strip()
    if _ASKING.match(words):
        return False
    return any(c.isdigit() for c in _YEAR.sub("", words)) or has_verb(words)


def has_verb(heading: str) -> bool:
    """Return whether a heading has a verb, and asks nothing."""
    words = heading.strip().lstrip("#").strip()
    if _RELATIVE.match(words) and len(_VERB.findall(words)) < 2:
        return False  # "Things that are often forgotten"
    is_rule = _RULING.match(words) and len(words.split()) >= _LEAST_OF_RULE
    return bool(is_rule or _VERB.search(words)) and not _ASKING.match(words)
