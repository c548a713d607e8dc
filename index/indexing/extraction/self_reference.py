"""Self-reference: whether the words of a document are about the document itself."""

from __future__ import annotations

import re
from itertools import islice

from index.document import TextOrigin
from index.indexing.extraction import replacement_phrases as phrases
from index.indexing.extraction.document_kinds import is_generic, kind_of
from index.indexing.extraction.mentions import names_document
from index.indexing.extraction.naming import naming_of, version_of
from index.indexing.extraction.particulars import ContextLine
from index.parsing.text.dates import dates_in
from index.store.successions.successions import Identity, Nature

_PAGES = ("page", "side", "seite")


class SelfReference:
    """Tells what a document calls itself."""

    def __init__(self, own: Identity) -> None:
        self._own = own
        self._is_mail = own.document.lower().endswith(phrases.MAILS)
        self._is_record = Nature.RECORD in (own.titled.nature, own.filed.nature)
        self._kinds = own.titled.kinds | own.filed.kinds
        self._heads = {own.titled.head, own.filed.head} - {""}

    def begins_with_own(self, text: str, line: ContextLine) -> bool:
        text = text[phrases.introduction_end(text) :]
        if found := phrases.THIS.match(phrases.THIS_IS.sub("this ", text, count=1)):
            return self.noun_end(found, line) is not None
        found = phrases.THE.match(text)
        return found is not None and _is_at_head(line) and self._kind_end(found) is not None

    def was_withdrawn(self, subject: str, line: ContextLine, own: bool) -> bool:
        """Return whether a subject is the document with a verb: "This plan was withdrawn on …"."""
        withdrawn = phrases.WITHDRAWN.search(subject)
        return withdrawn is not None and self.is_own(subject[: withdrawn.start()], line, own)

    def is_own(self, subject: str, line: ContextLine, before_is_own: bool) -> bool:
        """Return whether the subject of a sentence is the document."""
        subject = subject.strip(" *_")
        subject = subject[phrases.introduction_end(subject) :]
        if phrases.THIS_ONE.fullmatch(subject):
            return not (self._is_mail or self._is_record)
        if found := phrases.THIS.match(subject):
            end = self.noun_end(found, line)
            if end is not None:
                return self._leaves_subject(subject[end:])
        if found := phrases.PRONOUN.match(subject):
            is_this = found[0].lower() in ("this", "dies", "dette")
            is_near = before_is_own or (is_this and _is_at_head(line) and not self._is_record)
            is_near = is_near and not self._is_mail
            return is_near and self._leaves_subject(subject[found.end() :])
        if found := phrases.WE.match(subject):
            return not self._is_record and self._leaves_subject(subject[found.end() :])
        if found := phrases.OWN_VERSION.match(subject):
            is_version = version_of(found[0]) == self._own.version
            return is_version and self._leaves_subject(subject[found.end() :])
        if self._is_record or not _is_at_head(line):
            return False
        if found := phrases.THE.match(subject):
            end = self._kind_end(found)
            if end is not None and self._leaves_subject(subject[end:]):
                return True
        if found := phrases.LETTERS.match(subject):  # "Policyen", with no article before
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

    def unknown_noun(self, subject: str, line: ContextLine) -> str:
        """Return the noun after "this" at the head of a document, as "card"; empty without one."""
        found = phrases.THIS.fullmatch(subject.strip(" *_"))
        if found is None or self._is_mail or self._is_record or not _is_at_head(line):
            return ""
        return found[1].split()[-1]

    def noun_end(
        self, found: re.Match[str], line: ContextLine, *, is_first: bool = False
    ) -> int | None:
        """Return where the noun after "this" ends if it is the document's; None if it is not.

        It is the last of nouns that follow each other, or the first.
        """
        text = found.string[found.start(1) : found.end(1) + 60]
        for word in islice(phrases.LETTERS.finditer(text), 5):
            low = word[0].lower()
            if not names_document(low) and low not in _PAGES:
                if low in phrases.BETWEEN:
                    return None
                continue
            end = found.start(1) + word.end()
            following = phrases.GOES_WITH.match(found.string[end:])
            if following and names_document(following[1]) and not is_first:
                continue
            if is_generic(low) or low in _PAGES:
                return None if self._is_mail else end
            kind = kind_of(low)
            assert kind is not None
            if self._is_mail or self._is_record:
                return end if kind[0] in self._kinds or kind[0] == "letter" else None
            return end
        return None

    def _kind_end(self, found: re.Match[str]) -> int | None:
        """Return where the noun after "the" ends, if it is of the document's kind and name."""
        if self._is_record or self._is_mail:
            return None
        known = self._own.titled.words | self._own.filed.words
        text = found.string[found.start(1) : found.start(1) + 80]
        end = None
        for word in islice(phrases.LETTERS.finditer(text), 6):
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
        if phrases.SUBORDINATE.search(between) or phrases.NOT_WHOLE.search(between):
            return False
        dates = dates_in(between)
        rest = between
        for date in reversed(dates):
            rest = f"{rest[: date.start]} {rest[date.end :]}"
        rest = phrases.VERSION_NUMBER.sub(" ", rest)
        words = phrases.LETTERS.findall(rest.lower())
        if all(word in phrases.BETWEEN for word in words):
            return True
        return phrases.JOINED.search(f"{between.rstrip()} ") is not None

    def is_label(self, line: ContextLine) -> bool:
        """Return whether a line without a subject is of the document: at its head, say."""
        if self._is_mail or (self._is_record and line.span.start > phrases.HEAD // 3):
            return False
        return (
            _is_at_head(line)
            or line.origin is TextOrigin.MARGIN
            or bool(line.heading and phrases.CONTROL.match(line.heading[-1].lstrip("0123456789. ")))
        )


def _is_at_head(line: ContextLine) -> bool:
    return line.span.start < phrases.HEAD
