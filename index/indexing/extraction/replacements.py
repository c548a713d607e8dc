"""Replacements: what a document says that it replaces, or is replaced by.

Only what is said of the document itself counts: "This plan replaces version 3.0 of 2 June 2025",
but not "the ferry replaces the bridge", nor "replaces section 4 of the policy".
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from index.document import BlockKind, Document, TextOrigin
from index.indexing.extraction import replacement_phrases as phrases
from index.indexing.extraction.mentions import Mention, mention_at, without_article
from index.indexing.extraction.naming import iso_of, naming_of, plain_version
from index.indexing.extraction.particulars import ContextLine
from index.indexing.extraction.self_reference import SelfReference
from index.parsing.text.dates import dates_in
from index.store.catalog.particulars import Origin, Particular, ParticularKind
from index.store.successions.successions import Basis, Identity, Naming, Reach, SuccessionStatement

_LONGEST, _LONGEST_FIELD = 500, 4_000
_SHORT_LINE, _MOST_LINES = 50, 4
_SAYING = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW, BlockKind.HEADING)
_MOST_WORDS = 80
_MOST = 12
"""Documents that one document says it replaces."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A statement with the words that name the other document; it may be of a day to come."""

    statement: SuccessionStatement
    words: str
    is_to_come: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """What a line says: whether the document is the newer one, since when it holds, which other one
    it means."""

    is_newer: bool
    since: str
    mention: Mention
    is_to_come: bool = False


def replacements_of(
    document: Document,
    lines: Sequence[ContextLine],
    particulars: Sequence[Particular],
    identity: Identity,
) -> list[Replacement]:
    """Return what a document says that it replaces or is replaced by, in fields and in its text."""
    found: dict[tuple[bool, str], Replacement] = {}
    for each in chain(_of_fields(document.name, particulars), _Reader(identity).read(lines)):
        found[each.statement.is_newer, each.words] = each
        if len(found) == _MOST:
            break  # whatever else a document says, it costs nothing
    return list(found.values())


def with_replacements(
    particulars: Sequence[Particular], replacements: Sequence[Replacement]
) -> list[Particular]:
    """Return what a document says of itself, with what it replaces, and by what it is replaced."""
    said = [_particular(each) for each in replacements if each.statement.basis is Basis.STATEMENT]
    told = {each.span for each in said}
    return [
        *(
            each
            for each in particulars
            if each.what is not ParticularKind.REPLACED or each.span not in told
        ),
        *said,
    ]


def _particular(each: Replacement) -> Particular:
    """Return what a statement says of its document: until it is replaced, it holds."""
    statement = each.statement
    if each.is_to_come:
        return Particular(
            ParticularKind.UNTIL, _day_before(statement.since), statement.span, Origin.TEXT
        )
    what = ParticularKind.REPLACES if statement.is_newer else ParticularKind.REPLACED
    return Particular(what, each.words, statement.span, Origin.TEXT)


def _day_before(since: str) -> str:
    try:
        return (datetime.date.fromisoformat(since) - datetime.timedelta(days=1)).isoformat()
    except ValueError:
        return since


def _of_fields(name: str, particulars: Sequence[Particular]) -> Iterator[Replacement]:
    for each in particulars:
        if each.what not in (ParticularKind.REPLACES, ParticularKind.REPLACED) or not each.value:
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
            is_newer = each.what is ParticularKind.REPLACES
            yield Replacement(
                SuccessionStatement(name, is_newer, Basis.FIELD, reach, naming, file, each.span),
                words,
            )


def _values(value: str) -> list[str]:
    """Return the documents that a field names: one, unless each of several is a name by itself."""
    listed = re.split(r"[,;]\s+", value[:_LONGEST_FIELD], maxsplit=_MOST)[:_MOST]
    pieces = [piece.strip().strip("\"'") for piece in listed]
    namings = [
        piece
        for piece in pieces
        if piece and (naming := naming_of(piece)) and (naming.words or naming.kinds)
    ]
    return pieces if len(namings) == len(pieces) else [value[:_LONGEST_FIELD].strip()]


class _Reader:
    """Reads the lines of one document."""

    def __init__(self, identity: Identity) -> None:
        self._own = identity
        self._self = SelfReference(identity)

    def read(self, lines: Sequence[ContextLine]) -> Iterator[Replacement]:
        before: ContextLine | None = None
        for line in lines:
            if line.origin not in (TextOrigin.BODY, TextOrigin.MARGIN):
                continue
            if line.kind not in _SAYING or len(line.text) > _LONGEST:
                before = None
                continue
            text = _plain(line.text) if phrases.may_say_so(line.text) else ""
            if text and not text.endswith("?") and text[0] not in phrases.QUOTES:
                for said in self._first_said(line, before is not None and self._is_own(before)):
                    statement = SuccessionStatement(
                        self._own.document,
                        said.is_newer,
                        Basis.STATEMENT,
                        said.mention.reach,
                        said.mention.naming,
                        said.mention.file,
                        line.span,
                        said.since,
                    )
                    yield Replacement(statement, said.mention.words, said.is_to_come)
            before = line

    def _is_own(self, line: ContextLine) -> bool:
        """Return whether a line is of the document itself, so that "it" after it is that."""
        text = _plain(line.text)
        if not text:
            return False
        is_own = self._self.begins_with_own(text, line) or _is_title(line)
        return is_own or (bool(phrases.HOLDS.match(text)) and self._self.is_label(line))

    def _first_said(self, line: ContextLine, before_is_own: bool) -> Iterator[_Said]:
        """Yield what a line says; short lines before it, as a date, are none of its sentence."""
        rest = line.text
        for _ in range(_MOST_LINES):
            if found := list(self._said(_plain(rest), line, before_is_own)):
                yield from found
                return
            first, cut, rest = rest.partition("\n")
            if not cut or len(first) > _SHORT_LINE:
                return

    def _said(self, text: str, line: ContextLine, before_is_own: bool) -> Iterator[_Said]:
        """Yield whether the document is the newer one, since when it holds, and the other one."""
        for read in (self._labelled, self._active, self._withdrawn, self._replaced, self._german):
            if found := list(read(text, line, before_is_own)):
                yield from found
                return

    def _labelled(self, text: str, line: ContextLine, about_itself: bool) -> Iterator[_Said]:
        """ "Previous version: 2.1 of 3 May 2025": a label, and what it names."""
        label = phrases.PREVIOUS.match(text)
        if label and self._self.is_label(line):
            rest = text[label.end() :]
            named = mention_at(rest) or mention_at(f"version {rest}")
            if named and (named.naming.version or named.naming.dates):
                yield _Said(True, "", replace(named, words=rest[:_MOST_WORDS]))

    def _active(self, text: str, line: ContextLine, about_itself: bool) -> Iterator[_Said]:
        """ "This plan replaces version 3.0": what the document itself replaces."""
        verb = phrases.ACTIVE.search(text)
        if verb is None:
            return
        subject, rest = text[: verb.start()], text[verb.end() :]
        word = verb[0].split()[0].lower()
        if word == "ersetzt" and (
            re.match(r"\s+(?:durch|von)\b", rest) or phrases.PASSIVE.search(subject)
        ):
            return
        if word in ("löst", "hebt"):
            ended = re.search(r"\s(?:ab|auf)\b", rest)
            if ended is None:
                return
            rest = rest[: ended.start()] + "," + rest[ended.end() :]
        if word in phrases.BASE_FORMS and not (
            word in ("löst", "hebt") or phrases.PLURAL.match(subject)
        ):
            return
        bare = subject[phrases.introduction_end(subject) :]
        if not bare.strip() and (turned := phrases.THIS.match(rest.lstrip())):
            # "Ab 1. Juli ersetzt diese Richtlinie die Fassung vom 3. Mai": the subject comes after.
            noun_end = self._self.noun_end(turned, line, is_first=True)
            if noun_end is None:
                return
            rest = rest.lstrip()[noun_end:]
            is_own = True
        elif phrases.LABEL.fullmatch(bare):
            is_own = self._self.is_label(line)
        else:
            is_own = self._self.is_own(bare, line, about_itself)
        rest = phrases.ADVERBS.sub(" ", rest)
        noun = "" if is_own else self._self.unknown_noun(bare, line)
        if is_own or (noun and mention_at(rest) is None):
            yield from self._others(True, rest, subject, noun)

    def _withdrawn(self, text: str, line: ContextLine, about_itself: bool) -> Iterator[_Said]:
        """ "Version 3.0 is hereby withdrawn", "... is replaced by this plan"."""
        if this := phrases.WITH_THIS.match(text):
            if not self._self.is_own(this["self"], line, about_itself):
                return
            rest = text[this.end() :]
            ends = phrases.ENDED.search(rest) or phrases.ENDS_IT.search(this[0])
            if ends:
                yield from self._others(True, rest, "")
            return
        passive = phrases.NOW_WITHDRAWN.search(text)
        if passive is None:
            return
        by = passive["self"] or passive["selbst"]
        if by and not self._self.is_own(by.rstrip(" ."), line, about_itself):
            return
        begins = phrases.introduction_end(text)
        before = text[begins : passive.start()]
        mention = mention_at(before)
        if mention is None or before[mention.end :].strip(" ,)"):
            return
        naming = mention.naming
        if not by and not (naming.version or naming.dates):
            return
        if passive["plain"] and not naming.words <= self._own.titled.words:
            return  # it ends, but this document need not take its place
        yield from self._others(True, before, text[:begins])

    def _replaced(self, text: str, line: ContextLine, about_itself: bool) -> Iterator[_Said]:
        """ "Superseded by the Travel policy of May 2026": what replaces the document."""
        verb = phrases.REPLACED.search(text)
        if verb is None:
            return
        subject = text[: verb.start()]
        if phrases.MUST_NOT.search(subject):
            return
        bare = subject[phrases.introduction_end(subject) :]
        if phrases.OLD_LABEL.fullmatch(subject.strip(" *")) or phrases.LABEL.fullmatch(bare):
            is_own = self._self.is_label(line)
        else:
            ended = re.sub(r"[,;]?\s*(?:and|und|og)?\s*$", "", bare)
            is_own = self._self.is_own(ended, line, about_itself) or self._self.was_withdrawn(
                ended, line, about_itself
            )
        if not is_own:
            return
        found = self._others(False, text[verb.end() :], f"{subject} {verb['when'] or ''}")
        yield from _told(found, (verb["aux"] or "").lower() in ("will be", "vil bli"))

    def _german(self, text: str, line: ContextLine, about_itself: bool) -> Iterator[_Said]:
        """ "Diese Fassung wurde am 3. Mai 2026 durch die Reiserichtlinie 2026 ersetzt"."""
        passive = phrases.GERMAN_PASSIVE.search(text)
        if passive and self._self.is_own(text[: passive.start()], line, about_itself):
            found = self._others(False, passive["other"], passive["when"])
            yield from _told(found, text[passive.start() :].lower().startswith("wird"))

    def _others(self, is_newer: bool, rest: str, beside: str, noun: str = "") -> Iterator[_Said]:
        """Yield the documents that are named from the beginning of `rest` on.

        `noun` is what the document calls itself, if that tells no kind of document.
        """
        found: list[Mention] = []
        at = 0
        while len(found) < _MOST and (mention := self._mention_at(rest[at:], noun)):
            found.append(mention)
            at += mention.end
            joined = phrases.AND.match(rest, at)
            if joined is None:
                break
            at = joined.end()
        if not found:
            return
        after = rest[at:]
        clause = phrases.CLAUSE_ENDS.split(after, maxsplit=1)[0]
        named = " ".join(each.words for each in found)
        if any(map(phrases.NOT_WHOLE.search, (clause, beside, named))):
            return
        if after[:1] in "-/" and after[1:2].isalnum():
            return
        since = _since(beside) or _since(after)
        if since[:10] < self._own.date[: len(since)]:
            since = ""
        yield from (_Said(is_newer, since, each) for each in found)

    def _mention_at(self, text: str, noun: str) -> Mention | None:
        """Return the mention with which a text begins, also by the document's own title or the
        noun that begins it: "the opening hours of 4 January", "the contacts of 12 January 2025",
        which no noun tells to be a document.
        """
        if mention := mention_at(text):
            return mention
        named, title = without_article(text.lstrip()), self._own.title
        for own in filter(None, (title, noun, title.partition(" ")[0])):
            if not named.lower().startswith(f"{own.lower()} "):
                continue
            version = mention_at(f"version{named[len(own) :]}")
            dates = version.naming.dates if version else ()
            is_told = own == title and version and (version.naming.version or dates)
            if version and (is_told or any(len(each) == len("2026-01-31") for each in dates)):
                added = len(text) - len(named) + len(own) - len("version")
                words = own + version.words.removeprefix("version")
                return replace(version, words=words, end=version.end + added)
        return None


def _told(found: Iterable[_Said], is_to_come: bool) -> Iterator[_Said]:
    """Yield what is said; of what is to come, only that of which the day is told."""
    for each in found:
        if each.since or not is_to_come:
            yield replace(each, is_to_come=is_to_come)


def _is_title(line: ContextLine) -> bool:
    """Return whether a line is the heading of a whole document, after which "it" is that."""
    return line.kind is BlockKind.HEADING and len(line.heading) <= 1 and not line.span.start


def _since(text: str) -> str:
    """Return the day in a text from which something holds."""
    for date in dates_in(text):
        if date.year and date.month and phrases.BEFORE_SINCE.search(text[: date.start]):
            return iso_of(date.year, date.month, date.day)
    return ""


def _plain(text: str) -> str:
    """Return a line without marks of emphasis and lists."""
    return " ".join(
        phrases.EMPHASIS.sub(" ", text[:_LONGEST]).lstrip("•>-[( \t").rstrip("])").split()
    )
