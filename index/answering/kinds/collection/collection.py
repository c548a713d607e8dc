"""Questions about the documents themselves: which, how many, how old, by whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from index.answering.answer import Excerpt, ListedDocument, QuestionKind, Reply, Says
from index.answering.excerpts.quoting import excerpt_at
from index.answering.kinds.collection.forms import Asks, Certainty
from index.answering.kinds.collection.listing import (
    TopicMentions,
    by_person,
    in_folder,
    listed,
    mentions_of,
    ranked,
)
from index.answering.kinds.collection.particulars import about_documents, confirmed_until
from index.answering.kinds.collection.questions import CollectionQuestion, collection_questions
from index.answering.list_requests import Lists, RollUpRequest
from index.answering.rollups.roll_up import roll_up
from index.answering.rollups.rows import RollUpRow
from index.answering.scope import Findings, Scope
from index.answering.tuning import TUNING
from index.answering.understanding.names.document_names import (
    documents_called,
    documents_of_kind,
    names_kind,
)
from index.answering.understanding.times import AskedTime, asked_time
from index.answering.versions.named_version import document_called, has_version
from index.answering.visible_documents import day_of, days_of, in_period, newest, visible
from index.rewriting.english import AUXILIARY, WH
from index.store.catalog.particulars import ParticularKind
from index.store.words.lexical import STOP_WORDS
from index.store.words.name_index import DocumentName
from index.text import fold, words_of

_LONGEST = 200
"""Characters of a question about the collection; a longer one is about something else too."""
_OF_A_NAME = 0.75
"""Of the places where a name stands, those with a capital letter."""
_OF_A_TITLE = 0.7
"""Of the words of a title, those that stand for the document without a word such as "report"."""
_AS_SURE = 0.05
"""How much less sure another document may be that the same words name."""
_LONGEST_NEWS = 3
"""Words of what news is asked about."""
_MOST_NAMED = 3
"""Documents that one name may stand for."""
_Values = dict[str, str | int | tuple[str, ...]]

_OF_TIME = re.compile(
    r"(?:since|after|before|from|until|during|last|this|past|older|newer)\b", re.I
)
"""How a time begins that is when documents were written, rather than what they mention."""
_BEGINS_QUESTION = AUXILIARY | WH | {f"{word}s" for word in WH}
_OF_DOCUMENT = frozenset(
    {
        Asks.AUTHOR,
        Asks.OWNER,
        Asks.APPROVER,
        Asks.CONFIRMED,
        Asks.DATE,
        Asks.CURRENT,
        Asks.VERSION,
        Asks.REVIEW,
    }
)
_OF_TOPIC = frozenset({Asks.MENTIONS, Asks.COUNT, Asks.LATEST, Asks.OLDEST})
_OF_NAMES = frozenset({Asks.COUNT, Asks.LIST, Asks.LATEST, Asks.OLDEST})


def answer_collection(question: str, scope: Scope) -> Findings | None:
    """Return what the catalog says; None for any other question."""
    if len(question) > _LONGEST:
        return None
    for asked, time in _readings(question, scope.today):
        if found := _Collection(asked, time, scope).answer():
            return found
    return None


def listed_topic(question: str, today: date) -> str | None:
    """Return what documents shall mention to be listed; None where more decides which are.

    It is empty where their names, titles and dates alone decide: "how many reports are there?".
    """
    asked, time = next(_readings(question, today), (None, None))
    if asked is None or time is not None or len(question) > _LONGEST:
        return None
    if asked.topic:
        return asked.topic if asked.asks in _OF_TOPIC and not asked.kind else None
    return "" if asked.asks in _OF_NAMES and not asked.person else None


def _readings(question: str, today: date) -> Iterator[tuple[CollectionQuestion, AskedTime | None]]:
    """Yield the readings of a question, first those that take its time for that of documents."""
    time = asked_time(question, today)
    if time:
        begins = question[time.span.start : time.span.end]
        if not _OF_TIME.match(begins):
            # "the minutes of 7 May" are one document, and not those that are new since then.
            yield from ((a, None) for a in collection_questions(question) if a.document)
        for asked in collection_questions(time.without(question)):
            if asked.document or (asked.topic and not _OF_TIME.match(begins)):
                continue
            yield asked, time
    for asked in collection_questions(question):
        yield asked, None


def _is_whole_title(phrase: str, title: str) -> bool:
    """Return whether words are most of a title; fewer may be its subject: the pilot boat."""
    words = [word for word in words_of(fold(title)) if word not in STOP_WORDS]
    said = set(words_of(fold(phrase)))
    return sum(word in said for word in words) >= _OF_A_TITLE * len(words)


def _as_listed(row: RollUpRow) -> ListedDocument:
    places = row.further + (row.quote is not None)
    return ListedDocument(row.document, row.title, row.date, places, row.quote)


class _Collection:
    """The answer to one reading of a question."""

    def __init__(self, asked: CollectionQuestion, time: AskedTime | None, scope: Scope) -> None:
        self._asked = asked
        self._scope = scope
        self._time = time

    def answer(self) -> Findings | None:
        asks = self._asked.asks
        if asks in _OF_DOCUMENT:
            named = self._named()
            found = about_documents(asks, named, self._scope) if named else None
            if found and not found.confidence and not names_kind(self._asked.document):
                return None  # "who wrote Peer Gynt?" asks what a document of that title says
            return found
        if asks in (Asks.NEW, Asks.LATEST) and len(words_of(self._asked.topic)) > _LONGEST_NEWS:
            return None
        match asks:
            case Asks.CARD:
                return self._card()
            case Asks.DUE:
                return self._due()
            case Asks.MENTIONS:
                return self._mentions()
            case Asks.COUNT if self._asked.topic:
                return self._mentions()
            case Asks.COUNT | Asks.LIST | Asks.BY:
                return self._list()
            case Asks.NEW:
                return self._new()
            case _:
                return self._latest()

    # Documents that mention something

    def _mentions(self) -> Findings | None:
        topic = self._asked.topic
        if self._asked.sure is Certainty.IF_NAME and not self._is_name(topic):
            return None
        request = RollUpRequest(Lists.MENTIONS, topic, self._time.period if self._time else None)
        scope = self._scope
        if self._asked.kind and (names := {each.name for each in self._documents()}):
            scope = replace(scope, names=names, allowed=scope.catalog.filter_of(names))
        found = roll_up(request, scope)
        if not found.extent.rows and scope is not self._scope:
            found = roll_up(request, self._scope)
            scope = self._scope
        number = found.extent.documents
        if not number:
            is_certain = self._asked.sure is Certainty.ALWAYS or len(words_of(topic)) == 1
            if not is_certain and not self._time:
                return None
            return self._found(
                [], Reply(Says.NOT_MENTIONED, {"name": topic, **self._days()}), confidence=0.0
            )
        values: _Values = {
            "name": topic,
            "number": number,
            "mentions": found.extent.statements,
            "shown": len(found.rows),
        }
        return replace(
            self._found([], Reply(Says.MENTIONED_IN, values | self._days())),
            documents=tuple(map(_as_listed, found.rows)),
            # A list knows no kinds of documents.
            extent=found.extent if scope is self._scope else None,
        )

    def _is_name(self, topic: str) -> bool:
        """Return whether the documents write each word of a topic with a capital letter."""
        written = [
            self._scope.catalog.written(word, self._scope.allowed) for word in words_of(topic)
        ]
        return all(
            sum(forms[form] for form in forms if form[:1].isupper()) > _OF_A_NAME * forms.total()
            for forms in written
        )

    # Lists and counts

    def _list(self) -> Findings | None:
        asked = self._asked
        documents: Sequence[DocumentName] = self._documents()
        said: _Values = {}
        if asked.person:
            written = by_person(documents, asked.person, self._scope)
            documents = written or in_folder(documents, asked.person)
            said["name" if written else "folder"] = asked.person
        elif asked.folder:
            documents = in_folder(documents, asked.folder)
            said["folder"] = asked.folder
        if asked.kind:
            said["kind"] = asked.kind
        if said and not documents:
            return None
        if self._time:
            documents = in_period(documents, self._time.period)
        shown = documents[: TUNING.listed_documents]
        is_bare_count = asked.asks is Asks.COUNT and not said and not self._time
        says = Says.DOCUMENTS_BY if "name" in said else Says.DOCUMENT_COUNT
        reply = Reply(says, {"number": len(documents), "shown": len(shown), **said, **self._days()})
        return self._found([] if is_bare_count else shown, reply)

    def _new(self) -> Findings | None:
        if self._time is None:
            return self._latest() if self._asked.sure is Certainty.ALWAYS else None
        mentions = mentions_of(self._asked.topic, self._scope) if self._asked.topic else None
        documents = self._documents()
        if mentions:
            documents = ranked(mentions, documents)
        if not documents:
            return None
        new = in_period(documents, self._time.period)
        replies = [Reply(Says.NEW_SINCE, {"number": len(new), **self._days()})]
        if not new:
            last = newest(documents)[:1]
            values: _Values = (
                {"title": last[0].title, "date": day_of(last[0]) or ""} if last else {}
            )
            replies = [Reply(Says.NOTHING_NEW, {**values, **self._days()})]
        undated = len(documents) - len(newest(documents))
        if undated:
            replies.append(Reply(Says.UNDATED, {"number": undated}))
        return self._found(new[: TUNING.listed_documents], *replies, mentions=mentions)

    def _latest(self) -> Findings | None:
        asked = self._asked
        mentions = mentions_of(asked.topic, self._scope) if asked.topic else None
        documents = self._documents()
        if mentions:
            documents = ranked(mentions, documents)
        is_oldest = asked.asks is Asks.OLDEST
        dated = self._of_time(newest(documents, oldest=is_oldest))
        if not dated:
            return None
        number = asked.number or (1 if asked.asks is not Asks.NEW and not asked.several else 0)
        shown = dated[: number or TUNING.newest_documents]
        values: _Values = {"title": shown[0].title, "date": day_of(shown[0]) or ""}
        if asked.topic:
            values["name"] = asked.topic
        reply = Reply(Says.OLDEST if is_oldest else Says.LATEST, values)
        return self._found(shown, reply, mentions=mentions)

    def _due(self) -> Findings | None:
        """Return the documents whose review is due, or that hold no longer, by today."""
        last = self._time.period.last if self._time else self._scope.today
        particulars, names = self._scope.catalog.particulars, self._scope.names
        reviews = particulars.values(ParticularKind.REVIEW, names)
        due = {
            document
            for document, value in [*reviews, *particulars.values(ParticularKind.UNTIL, names)]
            if (days := days_of(value)) and days.last <= last
        } | {document for document, _ in particulars.values(ParticularKind.REPLACED, names)}
        due = {name for name in due if (confirmed_until(name, self._scope) or "") < str(last)}
        if not due:
            return self._found([], Reply(Says.NOTHING_DUE)) if reviews else None
        documents = [each for each in self._documents() if each.name in due]
        quotes = {each.name: self._due_quote(each.name) for each in documents}
        return self._found(
            documents[: TUNING.listed_documents],
            Reply(Says.DUE_FOR_REVIEW, {"number": len(documents)}),
            quotes=quotes,
        )

    def _due_quote(self, document: str) -> Excerpt | None:
        spans = [
            each.span
            for each in self._scope.catalog.particulars.of(document)
            if each.what in (ParticularKind.REVIEW, ParticularKind.UNTIL, ParticularKind.REPLACED)
            and each.span
        ]
        return excerpt_at(document, spans[0], self._scope.catalog) if spans else None

    # One document

    def _named(self) -> list[DocumentName]:
        """Return the documents that the question names; none where it may name something else."""
        phrase = self._asked.document
        if has_version(phrase) and (document := document_called(phrase, self._scope)):
            return [document]
        named = documents_called(phrase, self._scope)
        if not names_kind(phrase):
            named = tuple(each for each in named if _is_whole_title(phrase, each.title))
        best = max((each.sure for each in named), default=0.0)
        names = {each.name for each in named if each.sure > best - _AS_SURE}
        if not any(map(str.isdigit, phrase)):  # of versions, that which holds is meant
            ends = {name: self._scope.replaced.get(name) for name in names}
            names = {name for name, end in ends.items() if not (end and end.document in names)}
        if best < TUNING.surely_named or len(names) > _MOST_NAMED:
            return []
        return [each for each in visible(self._scope) if each.name in names]

    def _card(self) -> Findings | None:
        is_name = self._asked.sure is Certainty.IF_NAME
        if self._asked.sure is Certainty.IF_KIND and not names_kind(self._asked.document):
            return None  # "where is the rehearsal?" asks for no mail of that title
        if is_name and not _BEGINS_QUESTION.isdisjoint(words_of(self._asked.document)[:1]):
            return None
        documents = self._named()
        if not documents or (is_name and len(documents) > 1):
            return None
        replies = [Reply(Says.CARD, {"title": each.title}) for each in documents]
        return self._found(documents, *replies)

    # What all have in common

    def _documents(self) -> list[DocumentName]:
        """Return the documents of the kind that is asked for."""
        documents = visible(self._scope)
        if not self._asked.kind:
            return documents
        names = documents_of_kind(self._asked.kind, self._scope)
        return [each for each in documents if each.name in names]

    def _of_time(self, documents: list[DocumentName]) -> list[DocumentName]:
        if self._time is None:
            return documents
        names = {each.name for each in in_period(documents, self._time.period)}
        return [each for each in documents if each.name in names]

    def _days(self) -> _Values:
        """Return the first and the last day that are asked for, where there is one."""
        return {**self._time.days()} if self._time else {}

    def _found(
        self,
        documents: Sequence[DocumentName],
        *replies: Reply,
        mentions: TopicMentions | None = None,
        quotes: dict[str, Excerpt | None] | None = None,
        confidence: float | None = None,
    ) -> Findings:
        is_sure = self._asked.sure is Certainty.ALWAYS
        shown = listed(documents, self._scope, mentions)
        if quotes:
            shown = tuple(replace(each, quote=quotes.get(each.name)) for each in shown)
        if confidence is None:
            confidence = TUNING.ruled_confidence if is_sure else TUNING.likely_confidence
        return Findings(
            QuestionKind.COLLECTION, confidence=confidence, replies=replies, documents=shown
        )
