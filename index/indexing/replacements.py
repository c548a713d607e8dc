"""Replacements: what a document says that it replaces, or is replaced by.

Only what is said of the document itself counts: "This plan replaces version 3.0 of 2 June 2025",
but not "the ferry replaces the bridge", nor "replaces section 4 of the policy".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from index.document import BlockKind, Document, Span, TextOrigin
from index.indexing.kinds_of_documents import is_generic, kind_of
from index.indexing.mentions import Mention, mention_at, names_document
from index.indexing.naming import iso_of, naming_of, plain_version, version_of
from index.indexing.particulars import Line
from index.parsing.dates import dates_in
from index.store.particulars import Origin, Particular, What
from index.store.successions import Basis, Identity, Naming, Nature, Reach, Statement

__all__ = ["Replacement", "replacements_of", "with_replacements"]

_HEAD = 1_500
_LONGEST = 500
_SHORT_LINE, _MOST_LINES = 50, 4
_SAYING = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW, BlockKind.HEADING)
_MAILS = (".eml", ".msg", ".mbox")

_MONTHS = (
    r"jan\w*|feb\w*|mar\w*|mär\w*|apr\w*|may|mai|jun[ei]|jul[iy]|aug\w*|sept?\w*|o[ck]t\w*|nov\w*"
    r"|de[cszt]\w*"
)
_DATE = rf"(?:the\s+|den\s+|dem\s+)?(?:\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?)?(?:{_MONTHS}|\d{{4}}|\d{{1,2}}[./]\d{{1,2}}[./])"
_SINCE = (
    r"(?:with (?:immediate )?effect(?: from)?|effective(?: from| as of)?|as (?:of|from)|from|since|on"
    r"|starting|ab|mit (?:sofortiger )?wirkung(?: vom| ab| zum)?|zum|seit|am|fra(?: og med)?"
    r"|med (?:umiddelbar )?virkning(?: fra)?|den)"
)
_ADVERB = (
    r"(?:hereby|herewith|now|also|therefore|thus|fully|completely|entirely|formally|hiermit|damit"
    r"|somit|nun|vollständig|auch|herved|dermed|nå|også|helt|fullt ut)"
)
_ACTIVE = re.compile(
    rf"\b(?:(?:has|have|will|shall|do(?:es)?)\s+(?:{_ADVERB}\s+)?(?:replaced?|superseded?)"
    r"|(?:replaces|supersedes|cancels|revokes|repeals|replace|supersede|withdraw|cancel)"
    r"(?:\s+and\s+(?:replaces?|supersedes?|cancels?))?"
    r"|takes? the place of|(?:is|as) the successor (?:of|to)|successor (?:of|to)"
    r"|erstatter|avløser|opphever(?:\s+og\s+erstatter)?|ersetzt|ersetzen|hebt"
    r"|tritt an die stelle (?:von|der|des)|löst|(?:er )?etterfølgeren til|trer i stedet for)\b",
    re.IGNORECASE,
)
_BASE_FORMS = frozenset("replace supersede withdraw cancel ersetzen hebt löst".split())
_REPLACED = re.compile(
    r"\b(?:(?P<aux>(?:has|have)\s+(?:now\s+|since\s+)?been|was|were|is|are|will be|er|ble|har blitt"
    r"|blir|vil bli)\s+)?(?:hereby\s+|now\s+|herved\s+|nå\s+)?"
    r"(?:superseded|replaced|ersetzt|abgelöst|erstattet|erstattes|avløst|avløses)\b"
    rf"(?P<when>,?\s+(?:{_SINCE}\s+)?{_DATE}[^.;,]{{0,24}}?,?)?\s+(?:by|durch|von|av|med)\b",
    re.IGNORECASE,
)
_GERMAN_PASSIVE = re.compile(
    r"\b(?:wurde|wird|ist|sind)\b(?P<when>(?:[^.;,]|(?<=\d)\.){0,50}?)\bdurch\b"
    r"(?P<other>(?:[^.;]|(?<=\d)\.){3,160}?)"
    r"\b(?:ersetzt|abgelöst)\b",
    re.IGNORECASE,
)
_NOW_WITHDRAWN = re.compile(
    r"\b(?:is|are|was|were|wird|werden|er|blir|ist)\s+(?:(?:hereby|herewith|thereby|hiermit|damit"
    r"|herved|dermed)\s+(?:withdrawn|superseded|replaced|cancelled|revoked|ersetzt|aufgehoben"
    r"|abgelöst|opphevet|erstattet)"
    r"|(?:superseded|replaced|ersetzt|erstattet|avløst)\s+(?:by|durch|av|med)\s+(?P<self>.{3,60})"
    r"|durch\s+(?P<selbst>diese\w*\s+[^\W\d_]+)\s+(?:ersetzt|abgelöst|aufgehoben))\b"
    r"|\b(?P<plain>(?:is|are)\s+(?:withdrawn|cancelled|revoked|no longer (?:valid|in force))"
    r"|ceases?\s+to\s+(?:apply|have effect)|tritt\s+(?:[^\W\d_]+\s+){0,3}außer\s+kraft"
    r"|(?:er|blir)\s+(?:opphevet|trukket tilbake)|oppheves)\b",
    re.IGNORECASE,
)
_PREVIOUS = re.compile(
    r"(?:previous|prior|last|vorherige|vorige|forrige|tidligere)\s+(?:version|edition|issue|fassung"
    r"|ausgabe|versjon|utgave)\s*[:|]\s*|(?:vorgänger|predecessor|forgjenger)(?:version|fassung)?\s*[:|]"
    r"\s*",
    re.IGNORECASE,
)
_WITH_THIS = re.compile(
    r"(?:with|by|mit|durch|med|ved)\s+(?P<self>(?:this|the present|diese\w*|denne|dette)\s+.{2,40}?)"
    r",?\s+(?:wird|werden|oppheves|erstattes|blir|we\s+(?:replace|withdraw)|(?=the\b|version\b))\s*",
    re.IGNORECASE,
)
_THIS = re.compile(
    r"(?:this|the present|these|diese[rsnm]?|(?:die|der|das)\s+vorliegende[rsn]?|denne|dette|disse)"
    r"\s+((?:\w+[\s-]+){0,3}?[^\W\d_]+)",
    re.IGNORECASE,
)
_THE = re.compile(
    r"(?:the|our|unsere?|der|die|das|vår|vårt|den|det)\s+(?:(?:new|present|current|revised|updated"
    r"|neue[rsn]?|aktuelle[rsn]?|überarbeitete[rsn]?|nye|oppdaterte|reviderte)\s+)?"
    r"((?:[^\W\d_]+[\s-]+){0,4}?[^\W\d_]+)",
    re.IGNORECASE,
)
_THIS_IS = re.compile(
    r"\A(?:this|dies|das|dette|det)\s+(?:is|ist|er)\s+(?:the|an?|our|die|der|das|eine?|en|et)?\s*", re.IGNORECASE
)
_PRONOUN = re.compile(
    r"(?:it|this|they|es|sie|er|dies|den|det|dette)(?=\s|$)(?:\s+(?:also|auch|også))?", re.IGNORECASE
)
_WE = re.compile(r"(?:we|wir|vi)\b", re.IGNORECASE)
_OWN_VERSION = re.compile(
    r"(?:version|versjon|fassung|ausgabe|utgave|edition|revision|rev\.?|v)\s?\.?(?:\d[\d.]*|[a-h]\b)",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    rf"(?:(?:note|hinweis|merk|status|nb|important|validity|gültigkeit|gyldighet)\s*[:|–-]\s*)?"
    rf"(?:{_SINCE}\s+{_DATE}[^,;:]{{0,20}}?(?:,\s*|\s+(?=this|the|diese|it\b|version|$|replac|supersed))"
    r"|(?:please note(?: that)?|note that|bitte beachten sie(?: dass)?:?|merk at)[,:]?\s+)?",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?:status|validity|note|hinweis|merk)\s*[:|–-]|document|dokument(?:et)?)?[\s:|*]*", re.IGNORECASE
)
_OLD_LABEL = re.compile(
    rf"(?:(?:status|note|validity|gültigkeit|gyldighet)\s*[:|–-]\s*)?(?:(?:withdrawn|obsolete|expired"
    rf"|archived|no longer (?:valid|in force)|zurückgezogen|ungültig|außer kraft|trukket tilbake"
    rf"|utgått|opphevet|not in force)(?:\s+{_SINCE}?\s*{_DATE}[^,;]{{0,20}})?\s*[,;:–—-]?\s*"
    r"(?:and|und|og)?\s*)?$",
    re.IGNORECASE,
)
_BETWEEN = frozenset(
    "hereby herewith now also therefore thus fully completely entirely formally and which has have"
    " will it that of dated from as with effect on issued in force the valid since is approved"
    " adopted published immediate hiermit damit somit nun vollständig auch und vom von ab gilt seit"
    " mit wirkung herved dermed nå også og av fra med virkning som er gjelder den dem der die das"
    " wird tritt kraft fassung stand at once".split()
)
"""Words between the document and the verb that leave it the subject."""
_SUBORDINATE = re.compile(
    r"\b(?:that|how|when|where|whether|if|because|whose|while|why|what|who|says|describes|explains"
    r"|dass|wie|wann|wenn|weil|ob|wo|hvordan|når|hvis|fordi|at|om|hvem|but|than|aber|men)\b",
    re.IGNORECASE,
)
_NOT_WHOLE = re.compile(
    r"\b(?:not|never|in part|partly|partially|only|as regards|with regard to|with respect to"
    r"|in respect of|insofar|so far as|except|temporarily|for the time being|until|nicht|nie"
    r"|teilweise|nur|soweit|außer|ausgenommen|vorübergehend|bis|ikke|aldri|delvis|bare|kun|unntatt"
    r"|midlertidig|inntil|if|unless|wenn|falls|hvis|dersom|once approved|proposed|would|could)\b",
    re.IGNORECASE,
)
_MUST_NOT = re.compile(
    r"\b(?:to|may|can|could|should|must|might|would|not|never|yet|kan|bør|må|skal|kann|soll|muss"
    r"|ikke|nicht|often|usually|sometimes|already|when|if|once|until)\s*(?:be|been)?\s*$",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?<!\d)\d{1,2}\.$")
_GOES_ON = re.compile(rf"(?:{_MONTHS})\b", re.IGNORECASE)
_BEFORE_SINCE = re.compile(rf"\b{_SINCE}\s*(?:the\s+|den\s+|dem\s+)?$", re.IGNORECASE)
_AND = re.compile(r"\s*,?\s*(?:and|und|og|as well as|sowie|samt)\s+(?:also\s+)?", re.IGNORECASE)
_QUOTES = "\"“„«»‘'”>"
_CONTROL = re.compile(
    r"(?:document (?:control|history|information)|revision|version|history|validity|status|change log"
    r"|changes|in force|entry into force|final provisions|schlussbestimmungen|gültigkeit|inkrafttreten"
    r"|dokumentenlenkung|historie|gyldighet|ikrafttredelse|dokumentkontroll|about this)",
    re.IGNORECASE,
)
_MOST_WORDS = 80
_MOST = 12
"""Documents that one document says it replaces."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A statement with the words that name the other document."""

    statement: Statement
    words: str


def replacements_of(
    document: Document, lines: Sequence[Line], particulars: Sequence[Particular], identity: Identity
) -> list[Replacement]:
    """Return what a document says that it replaces or is replaced by, in fields and in its text."""
    found = [
        *_of_fields(document.name, particulars),
        *_Reader(document, identity).read(lines),
    ]
    return list({(each.statement.is_newer, each.words): each for each in found}.values())[:_MOST]


def with_replacements(
    particulars: Sequence[Particular], replacements: Sequence[Replacement]
) -> list[Particular]:
    """Return what a document says of itself, with what it replaces, and by what it is replaced."""
    said = [
        Particular(
            What.REPLACES if each.statement.is_newer else What.REPLACED,
            each.words,
            each.statement.span,
            Origin.TEXT,
        )
        for each in replacements
        if each.statement.basis is Basis.STATEMENT
    ]
    told = {(each.what, each.span) for each in said}
    return [*(each for each in particulars if (each.what, each.span) not in told), *said]


def _of_fields(name: str, particulars: Sequence[Particular]) -> Iterator[Replacement]:
    for each in particulars:
        if each.what not in (What.REPLACES, What.REPLACED) or not each.value:
            continue
        if each.origin not in (Origin.FIELD, Origin.PROPERTIES):
            continue
        for words in _values(each.value):
            naming, file, reach = naming_of(words), words.lower().strip("[]<> "), Reach.NAMED
            if re.fullmatch(r"v?\s?\d{1,3}(\.\d{1,3}){0,3}", file):
                naming, file = Naming(version=plain_version(file)), ""
            elif " " not in file and "." in file:
                naming = Naming()
            elif mention := mention_at(words):
                naming, reach = mention.naming, mention.reach
            is_newer = each.what is What.REPLACES
            yield Replacement(
                Statement(name, is_newer, Basis.FIELD, reach, naming, file, each.span), words
            )


def _values(value: str) -> list[str]:
    """Return the documents that a field names: one, unless each of several is a name by itself."""
    pieces = [piece.strip().strip("\"'") for piece in re.split(r"[,;]\s+", value)]
    own = [
        piece
        for piece in pieces
        if piece and (naming := naming_of(piece)) and (naming.words or naming.kinds)
    ]
    return pieces if len(own) == len(pieces) else [value.strip()]


class _Reader:
    """Reads the lines of one document."""

    def __init__(self, document: Document, identity: Identity) -> None:
        self._name = document.name
        self._own = identity
        self._text = document.text
        self._is_mail = document.name.lower().endswith(_MAILS)
        self._is_record = Nature.RECORD in (identity.titled.nature, identity.filed.nature)
        self._kinds = identity.titled.kinds | identity.filed.kinds
        self._heads = {identity.titled.head, identity.filed.head} - {""}

    def read(self, lines: Sequence[Line]) -> Iterator[Replacement]:
        before_is_own = False
        for line in _whole(lines, self._text):
            if line.origin not in (TextOrigin.BODY, TextOrigin.MARGIN):
                continue
            if line.kind not in _SAYING or len(line.text) > _LONGEST:
                before_is_own = False
                continue
            text = _plain(line.text)
            if text and not text.endswith("?") and text[0] not in _QUOTES:
                for is_newer, since, mention in self._first_said(line, before_is_own):
                    statement = Statement(
                        self._name,
                        is_newer,
                        Basis.STATEMENT,
                        mention.reach,
                        mention.naming,
                        mention.file,
                        line.span,
                        since,
                    )
                    yield Replacement(statement, mention.words)
            before_is_own = bool(text) and (self._begins_with_own(text, line) or _is_title(line))

    def _first_said(
        self, line: Line, before_is_own: bool
    ) -> Iterator[tuple[bool, str, Mention]]:
        """Yield what a line says; short lines before it, as a date, are none of its sentence."""
        rest = line.text
        for _ in range(_MOST_LINES):
            if found := list(self._said(_plain(rest), line, before_is_own)):
                yield from found
                return
            first, cut, rest = rest.partition("\n")
            if not cut or len(first) > _SHORT_LINE:
                return

    def _said(
        self, text: str, line: Line, before_is_own: bool
    ) -> Iterator[tuple[bool, str, Mention]]:
        """Yield whether the document is the newer one, since when it holds, and the other one."""
        for read in (self._labelled, self._active, self._withdrawn, self._replaced, self._german):
            if found := list(read(text, line, before_is_own)):
                yield from found
                return

    def _labelled(self, text: str, line: Line, own: bool) -> Iterator[tuple[bool, str, Mention]]:
        """ "Previous version: 2.1 of 3 May 2025": a label, and what it names."""
        label = _PREVIOUS.match(text)
        if label and self._is_label_at(line):
            rest = text[label.end() :]
            named = mention_at(rest) or mention_at(f"version {rest}")
            if named and (named.naming.version or named.naming.dates):
                yield True, "", replace(named, words=rest[: _MOST_WORDS])

    def _active(self, text: str, line: Line, own: bool) -> Iterator[tuple[bool, str, Mention]]:
        """ "This plan replaces version 3.0": what the document itself replaces."""
        verb = _ACTIVE.search(text)
        if verb is None:
            return
        subject, rest = text[: verb.start()], text[verb.end() :]
        word = verb[0].split()[0].lower()
        if word == "ersetzt" and (
            re.match(r"\s+(?:durch|von)\b", rest)
            or re.search(r"\b(?:wird|wurde|werden|ist|sind)\b", subject, re.IGNORECASE)
        ):
            return
        if word in ("löst", "hebt"):
            ended = re.search(r"\s(?:ab|auf)\b", rest)
            if ended is None:
                return
            rest = rest[: ended.start()] + "," + rest[ended.end() :]
        if word in _BASE_FORMS and not (
            word in ("löst", "hebt")
            or re.match(r"(?:these|we|diese|wir|disse|vi)\b", subject, re.IGNORECASE)
        ):
            return
        begins = _INTRODUCED.match(subject)
        bare = subject[begins.end() :] if begins else subject
        if not bare.strip() and (turned := _THIS.match(rest.lstrip())):
            # "Ab 1. Juli ersetzt diese Richtlinie die Fassung vom 3. Mai": the subject comes after.
            noun_end = self._own_noun_end(turned, line, is_first=True)
            if noun_end is None:
                return
            rest = rest.lstrip()[noun_end:]
            is_own = True
        elif _LABEL.fullmatch(bare):
            is_own = self._is_label_at(line)
        else:
            is_own = self._is_own(bare, line, own)
        if not is_own:
            return
        rest = re.sub(rf"^\s*(?:{_ADVERB}\s+)+", " ", rest, flags=re.IGNORECASE)
        yield from self._others(True, rest, subject)

    def _withdrawn(self, text: str, line: Line, own: bool) -> Iterator[tuple[bool, str, Mention]]:
        """ "Version 3.0 is hereby withdrawn", "... is replaced by this plan"."""
        if this := _WITH_THIS.match(text):
            if not self._is_own(this["self"], line, own):
                return
            rest = text[this.end() :]
            ends = re.search(
                r"\b(?:withdrawn|superseded|replaced|cancelled|ersetzt|aufgehoben|abgelöst|opphevet"
                r"|erstattet)\b",
                rest,
            ) or re.search(r"\b(?:oppheves|erstattes|withdraw|replace)\b", this[0])
            if ends:
                yield from self._others(True, rest, "")
            return
        passive = _NOW_WITHDRAWN.search(text)
        if passive is None:
            return
        by = passive["self"] or passive["selbst"]
        if by and not self._is_own(by.rstrip(" ."), line, own):
            return
        begins = _INTRODUCED.match(text)
        before = text[begins.end() if begins else 0 : passive.start()]
        mention = mention_at(before)
        if mention is None or before[mention.end :].strip(" ,)"):
            return
        naming = mention.naming
        if not by and not (naming.version or naming.dates):
            return
        if passive["plain"] and not naming.words <= self._own.titled.words:
            return  # it ends, but this document need not take its place
        yield from self._others(True, before, text[: begins.end() if begins else 0])

    def _replaced(self, text: str, line: Line, own: bool) -> Iterator[tuple[bool, str, Mention]]:
        """ "Superseded by the Travel policy of May 2026": what replaces the document."""
        verb = _REPLACED.search(text)
        if verb is None:
            return
        subject = text[: verb.start()]
        if _MUST_NOT.search(subject):
            return
        bare = subject[_INTRODUCED.match(subject).end() :]  # type: ignore[union-attr]
        if _OLD_LABEL.fullmatch(subject.strip(" *")) or _LABEL.fullmatch(bare):
            is_own = self._is_label_at(line)
        else:
            ended = re.sub(r"[,;]?\s*(?:and|und|og)?\s*$", "", bare)
            is_own = self._is_own(ended, line, own) or self._was_withdrawn(ended, line, own)
        if not is_own:
            return
        found = list(self._others(False, text[verb.end() :], f"{subject} {verb['when'] or ''}"))
        is_to_come = (verb["aux"] or "").lower() in ("will be", "vil bli")
        yield from (each for each in found if each[1] or not is_to_come)

    def _german(self, text: str, line: Line, own: bool) -> Iterator[tuple[bool, str, Mention]]:
        """ "Diese Fassung wurde am 3. Mai 2026 durch die Reiserichtlinie 2026 ersetzt"."""
        passive = _GERMAN_PASSIVE.search(text)
        if passive and self._is_own(text[: passive.start()], line, own):
            found = list(self._others(False, passive["other"], passive["when"]))
            is_to_come = text[passive.start() :].lower().startswith("wird")
            yield from (each for each in found if each[1] or not is_to_come)

    def _others(
        self, is_newer: bool, rest: str, beside: str
    ) -> Iterator[tuple[bool, str, Mention]]:
        """Yield the documents that are named from the beginning of `rest` on."""
        found: list[Mention] = []
        at = 0
        while len(found) < _MOST and (mention := mention_at(rest[at:])):
            found.append(mention)
            at += mention.end
            joined = _AND.match(rest, at)
            if joined is None:
                break
            at = joined.end()
        if not found:
            return
        after = rest[at:]
        clause = re.split(r"[.;]\s|\band\b|\bund\b|\bog\b|,", after, maxsplit=1)[0]
        named = " ".join(each.words for each in found)
        if any(map(_NOT_WHOLE.search, (clause, beside, named))):
            return
        if after[:1] in "-/" and after[1:2].isalnum():
            return
        since = _since(beside) or _since(after)
        if since[:10] < self._own.date[: len(since)]:
            since = ""
        yield from ((is_newer, since, each) for each in found)

    def _begins_with_own(self, text: str, line: Line) -> bool:
        begins = _INTRODUCED.match(text)
        text = text[begins.end() :] if begins else text
        if found := _THIS.match(_THIS_IS.sub("this ", text, count=1)):
            return self._own_noun_end(found, line) is not None
        found = _THE.match(text)
        return found is not None and self._is_at_head(line) and self._own_kind_end(found) is not None

    def _was_withdrawn(self, subject: str, line: Line, own: bool) -> bool:
        """Return whether a subject is the document with a verb: "This plan was withdrawn on …"."""
        withdrawn = re.search(
            r"\s(?:is|was|has been|ist|wurde|er|ble)\s+(?:withdrawn|zurückgezogen|trukket tilbake"
            r"|no longer (?:valid|in force)|opphevet|obsolete|out of date|outdated|veraltet|überholt"
            r"|utgått|foreldet|utdatert)\b",
            subject,
            re.IGNORECASE,
        )
        return withdrawn is not None and self._is_own(subject[: withdrawn.start()], line, own)

    def _is_own(self, subject: str, line: Line, before_is_own: bool) -> bool:
        """Return whether the subject of a sentence is the document."""
        subject = subject.strip(" *_")
        begins = _INTRODUCED.match(subject)
        subject = subject[begins.end() :] if begins else subject
        if found := _THIS.match(subject):
            end = self._own_noun_end(found, line)
            if end is not None:
                return self._leaves_subject(subject[end:])
        if found := _PRONOUN.match(subject):
            is_this = found[0].lower() in ("this", "dies", "dette")
            is_near = before_is_own or (is_this and self._is_at_head(line) and not self._is_record)
            is_near = is_near and not self._is_mail
            return is_near and self._leaves_subject(subject[found.end() :])
        if found := _WE.match(subject):
            return not self._is_record and self._leaves_subject(subject[found.end() :])
        if found := _OWN_VERSION.match(subject):
            is_version = version_of(found[0]) == self._own.version
            return is_version and self._leaves_subject(subject[found.end() :])
        if self._is_record or not self._is_at_head(line):
            return False
        if found := _THE.match(subject):
            end = self._own_kind_end(found)
            if end is not None and self._leaves_subject(subject[end:]):
                return True
        if found := re.match(r"[^\W\d_]+", subject):  # "Policyen", with no article before
            kind = kind_of(found[0])
            words = naming_of(found[0]).words
            if is_generic(found[0]) or (
                kind and kind[0] in self._heads and words <= self._own.titled.words
            ):
                return self._leaves_subject(subject[found.end() :])
        named = naming_of(subject)
        return (
            bool(named.words)
            and named.words == self._own.titled.words
            and named.head == self._own.titled.head
            and named.version in ("", self._own.version)
            and all(date in (*self._own.titled.dates, self._own.date) for date in named.dates)
        )

    def _own_noun_end(
        self, found: re.Match[str], line: Line, *, is_first: bool = False
    ) -> int | None:
        """Return where the noun after "this" ends if it is the document's; None if it is not.

        It is the last of nouns that follow each other, or the first.
        """
        text = found.string[found.start(1) : found.end(1) + 60]
        for word in islice(re.finditer(r"[^\W\d_]+", text), 5):
            low = word[0].lower()
            if not names_document(low) and low not in ("page", "side", "seite"):
                if low in _BETWEEN:
                    return None
                continue
            end = found.start(1) + word.end()
            following = re.match(r"[\s-]+([^\W\d_]+)", found.string[end:])
            if following and names_document(following[1]) and not is_first:
                continue
            if is_generic(low) or low in ("page", "side", "seite"):
                return None if self._is_mail else end
            kind = kind_of(low)
            assert kind is not None
            if self._is_mail or self._is_record:
                return end if kind[0] in self._kinds or kind[0] == "letter" else None
            return end
        return None

    def _own_kind_end(self, found: re.Match[str]) -> int | None:
        """Return where the noun after "the" ends, if it is of the document's kind and name."""
        if self._is_record or self._is_mail:
            return None
        known = self._own.titled.words | self._own.filed.words
        text = found.string[found.start(1) : found.start(1) + 80]
        end = None
        for word in islice(re.finditer(r"[^\W\d_]+", text), 6):
            kind = kind_of(word[0])
            if end is not None and kind is None:
                break
            if is_generic(word[0]) and end is None:
                return found.start(1) + word.end()
            if kind and kind[0] in self._heads and naming_of(text[: word.end()]).words <= known:
                end = found.start(1) + word.end()
        return end

    def _leaves_subject(self, between: str) -> bool:
        """Return whether words between a subject and a verb are of no other subject."""
        if _SUBORDINATE.search(between) or _NOT_WHOLE.search(between):
            return False
        dates = dates_in(between)
        rest = between
        for date in reversed(dates):
            rest = f"{rest[: date.start]} {rest[date.end :]}"
        rest = re.sub(r"\b(?:version|versjon|fassung|v|rev)\.?\s?[\d.]+", " ", rest, flags=re.I)
        words = re.findall(r"[^\W\d_]+", rest.lower())
        if all(word in _BETWEEN for word in words):
            return True
        return bool(re.search(r"(?:\band|\bund|\bog|,)\s*(?:it\s+)?$", between.rstrip() + " "))

    def _is_at_head(self, line: Line) -> bool:
        return line.span.start < _HEAD

    def _is_label_at(self, line: Line) -> bool:
        """Return whether a line without a subject is of the document: at its head, say."""
        if self._is_mail or (self._is_record and line.span.start > _HEAD // 3):
            return False
        return (
            self._is_at_head(line)
            or line.origin is TextOrigin.MARGIN
            or bool(line.heading and _CONTROL.match(line.heading[-1].lstrip("0123456789. ")))
        )


def _is_title(line: Line) -> bool:
    """Return whether a line is the heading of a whole document, after which "it" is that."""
    return line.kind is BlockKind.HEADING and len(line.heading) <= 1 and not line.span.start


def _whole(lines: Sequence[Line], text: str) -> Iterator[Line]:
    """Yield lines, those that a date such as "3. Mai" divides as one."""
    last: Line | None = None
    for line in lines:
        if (
            last
            and _CUT.search(last.text)
            and _GOES_ON.match(line.text)
            and 0 <= line.span.start - last.span.end <= 2
            and len(last.text) <= _LONGEST
        ):
            span = Span(last.span.start, line.span.end)
            last = replace(last, text=span.of(text), span=span)
            continue
        if last:
            yield last
        last = line
    if last:
        yield last


def _since(text: str) -> str:
    """Return the day in a text from which something holds."""
    for date in dates_in(text):
        if date.year and date.month and _BEFORE_SINCE.search(text[: date.start]):
            return iso_of(date.year, date.month, date.day)
    return ""


def _plain(text: str) -> str:
    """Return a line without marks of emphasis and lists."""
    return " ".join(re.sub(r"[*_`#]+(?=\s|\w|$)|(?<=\w)[*`]+", " ", text[:_LONGEST]).lstrip("•>-[( \t").rstrip("])").split())
