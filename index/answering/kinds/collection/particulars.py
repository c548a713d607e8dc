"""Who wrote a document, when, whether it still holds, when it is reviewed: as it says itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from index.answering.answer import Excerpt, ListedDocument, QuestionKind, Reply, Says, Successor
from index.answering.excerpts.quoting import excerpt_at
from index.answering.kinds.collection.forms import Asks
from index.answering.scope import Findings, Scope
from index.answering.tuning import TUNING
from index.answering.visible_documents import day_of, days_of
from index.store.catalog.particulars import Origin, Particular, ParticularKind
from index.store.successions.versions import is_before
from index.store.words.name_index import DocumentName

_PEOPLE: Mapping[Asks, tuple[tuple[ParticularKind, ...], Says, str]] = {
    Asks.AUTHOR: ((ParticularKind.AUTHOR, ParticularKind.OWNER), Says.WRITTEN_BY, "author"),
    Asks.OWNER: ((ParticularKind.OWNER,), Says.OWNED_BY, "owner"),
    Asks.APPROVER: ((ParticularKind.APPROVER,), Says.APPROVED_BY, "approver"),
}
_SAYS = {ParticularKind.AUTHOR: Says.WRITTEN_BY, ParticularKind.OWNER: Says.OWNED_BY}


def about_documents(asks: Asks, documents: Sequence[DocumentName], scope: Scope) -> Findings:
    """Return what these documents say of themselves, each with the place where it does.

    Where nothing states it, that is said, with no confidence that it answers.
    """
    replies: list[Reply] = []
    excerpts: list[Excerpt] = []
    for document in documents:
        said, stated = _about(asks, document, scope)
        replies += said
        for each in stated:
            excerpt = each.span and excerpt_at(document.name, each.span, scope.catalog)
            if excerpt and excerpt not in excerpts:
                excerpts.append(excerpt)
    is_stated = any(reply.says is not Says.NOT_STATED for reply in replies)
    return Findings(
        QuestionKind.COLLECTION,
        confidence=TUNING.likely_confidence if is_stated else 0.0,
        excerpts=tuple(excerpts),
        replies=tuple(replies),
        documents=tuple(ListedDocument(each.name, each.title, day_of(each)) for each in documents),
    )


def whether_they_hold(names: Sequence[str], scope: Scope) -> Findings:
    """Return whether documents still hold, and by what they are replaced where they do not."""
    documents = [
        DocumentName(name, document.title, document.metadata.get("date"))
        for name in names
        if (document := scope.catalog.beginning(name, 0))
    ]
    found = about_documents(Asks.CURRENT, documents, scope)
    replies = [
        Reply(Says.HOLDS, {"title": each.values["title"]}) if each.says is Says.NOT_STATED else each
        for each in found.replies
    ]
    return replace(found, confidence=TUNING.likely_confidence, replies=tuple(replies))


def _about(
    asks: Asks, document: DocumentName, scope: Scope
) -> tuple[list[Reply], list[Particular]]:
    particulars = _as_confirmed(document.name, scope)
    if asks in _PEOPLE:
        return _people(asks, document, particulars)
    if asks is Asks.CONFIRMED:
        return _confirmed(document, scope) or [_not_stated(document, "confirmation")], []
    if asks is Asks.DATE:
        return _date(document, particulars, scope.today)
    if asks is Asks.REVIEW:
        return _review(document, particulars, scope.today)
    if asks is Asks.VERSION:
        found = [each for each in particulars if each.what is ParticularKind.VERSION]
        if not found:
            return [_not_stated(document, "version")], []
        reply = Reply(Says.VERSION, {"title": document.title, "version": found[0].value})
        return [reply], found[:1]
    return _validity(document, particulars, scope)


def _as_confirmed(name: str, scope: Scope) -> Sequence[Particular]:
    """Return what a document says of itself; its review and its end are no earlier than the day
    until which somebody confirmed it."""
    found = scope.catalog.particulars.of(name)
    confirmed = confirmed_until(name, scope)
    if confirmed is None:
        return found
    days = (ParticularKind.REVIEW, ParticularKind.UNTIL)
    return [
        replace(each, value=max(each.value, confirmed))
        if each.what in days and each.value
        else each
        for each in found
    ]


def confirmed_until(name: str, scope: Scope) -> str | None:
    """Return the day until which a document counts as right, as somebody said of its text."""
    review = scope.decisions.review_of(name, scope.catalog.sha256(name))
    return review.until if review else None


def _confirmed(document: DocumentName, scope: Scope) -> list[Reply]:
    """Return what somebody said last of a document as it is: that it is right, or not any more."""
    review = scope.decisions.review_of(document.name, scope.catalog.sha256(document.name))
    if review is None:
        return []
    flags = {"right": review.is_right, "owner": review.by_owner}
    said = dict.fromkeys((name for name, is_so in flags.items() if is_so), 1)
    return [Reply(Says.CONFIRMED, {"title": document.title, "date": review.on, **said})]


def _people(
    asks: Asks, document: DocumentName, particulars: Sequence[Particular]
) -> tuple[list[Reply], list[Particular]]:
    whats, says, what = _PEOPLE[asks]
    for each in whats:
        if found := [particular for particular in particulars if particular.what is each]:
            people = tuple(dict.fromkeys(particular.value for particular in found))
            reply = Reply(_SAYS.get(each, says), {"title": document.title, "people": people})
            return [reply, *_origin(found)], found
    return [_not_stated(document, what)], []


def _date(
    document: DocumentName, particulars: Sequence[Particular], today: date
) -> tuple[list[Reply], list[Particular]]:
    found = [each for each in particulars if each.what is ParticularKind.DATE]
    days = days_of(found[0].value) if found else None
    if days is None:
        return [_not_stated(document, "date")], []
    values: dict[str, str | int | tuple[str, ...]] = {
        "title": document.title,
        "date": found[0].value[:10],
    }
    if days.first == days.last:
        values["days"] = (today - days.first).days
    return [Reply(Says.DATED, values), *_origin(found)], found


def _review(
    document: DocumentName, particulars: Sequence[Particular], today: date
) -> tuple[list[Reply], list[Particular]]:
    found = [each for each in particulars if each.what is ParticularKind.REVIEW]
    if not found:
        return [_not_stated(document, "review")], []
    dated = [each for each in found if each.value]
    return [_review_reply(document, dated[:1] or found, today)], dated[:1] or found


def _review_reply(document: DocumentName, found: Sequence[Particular], today: date) -> Reply:
    days = days_of(found[0].value)
    if days is None:
        return Reply(Says.REVIEW_DUE, {"title": document.title})
    says = Says.REVIEW_OVERDUE if days.last < today else Says.REVIEW_DUE
    return Reply(says, {"title": document.title, "date": found[0].value})


def _validity(
    document: DocumentName, particulars: Sequence[Particular], scope: Scope
) -> tuple[list[Reply], list[Particular]]:
    """Return from when and until when a document holds, and when it is reviewed."""
    today = scope.today
    successor = scope.replaced.get(document.name)
    replies = _confirmed(document, scope)
    if successor:
        replies.append(replaced_by(Says.REPLACED_BY, document.title, document.date, successor))
    is_over = successor is not None or any(_is_over(each, today) for each in particulars)
    stated: list[Particular] = []
    for each in particulars:
        days = days_of(each.value)
        says: Says | None = None
        if each.what is ParticularKind.REPLACED and successor is None:
            says = Says.REPLACED
        elif each.what is ParticularKind.UNTIL and days:
            says = Says.EXPIRED if days.last < today else Says.VALID_UNTIL
        elif each.what is ParticularKind.FROM and days:
            says = Says.IN_FORCE_FROM if days.first <= today else Says.NOT_YET_IN_FORCE
            if is_over and says is Says.IN_FORCE_FROM:
                stated.append(each)  # it is quoted, and not said to be so still
                continue
        if says:
            values = {"title": document.title} | ({"date": each.value} if days else {})
            replies.append(Reply(says, values))
            stated.append(each)
    if not successor and any(each.what is ParticularKind.REVIEW for each in particulars):
        said, shown = _review(document, particulars, today)
        replies, stated = [*replies, *said], [*stated, *shown]
    if not replies:
        said, shown = _date(document, particulars, today)
        dated = said if said[0].says is Says.DATED else []
        return [_not_stated(document, "validity"), *dated, *_newer(document, scope)], shown
    return replies, stated


def _newer(document: DocumentName, scope: Scope) -> list[Reply]:
    """Return which document of the same name is the newest, if another one is: it may hold."""
    known = scope.catalog.succession_index()
    own, called = known.identities.get(document.name), known.called_like(document.name, scope.names)
    if own is None or not called or not is_before(own, called[-1]) or not called[-1].date:
        return []
    newest = called[-1]
    return [Reply(Says.NEWER, {"title": newest.title, "date": newest.date[:10]})]


def _is_over(each: Particular, today: date) -> bool:
    """Return whether a document says by this that it holds no longer."""
    days = days_of(each.value) if each.what is ParticularKind.UNTIL else None
    return each.what is ParticularKind.REPLACED or (days is not None and days.last < today)


def replaced_by(says: Says, title: str, written: str | None, successor: Successor) -> Reply:
    """Return a reply that names a document, what replaces it, and the days of both if known."""
    days = {"written": written, "date": successor.since}
    known = {name: day[:10] for name, day in days.items() if day}
    return Reply(says, {"title": title, "by": successor.title, **known})


def _origin(found: Sequence[Particular]) -> list[Reply]:
    """Say where something is from that the text does not say."""
    is_said = any(each.span or each.origin is Origin.NAME for each in found)
    return [] if is_said else [Reply(Says.OF_THE_FILE)]


def _not_stated(document: DocumentName, what: str) -> Reply:
    return Reply(Says.NOT_STATED, {"title": document.title, "what": what})
