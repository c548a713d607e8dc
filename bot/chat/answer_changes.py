"""Changes of the answer to a watched question, and whether they are new to its readers.

That words stand at another place of their document, or come in another order, is no difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC

from bot import messages
from bot.localization import SOURCE, speaking
from bot.records.parts.watches import Baseline, ReplyText, Watch
from bot.wording.replies import Surface, reply_text
from index.answering.answer import Excerpt, QuestionKind, Response, Standing
from index.answering.outlook import Outlook, digest_of
from index.store.catalog.catalog import Catalog

BY_PASSAGES = frozenset({QuestionKind.FACT, QuestionKind.LIST})
"""Kinds of questions that are answered from the passages found for them, and from nothing else."""
_BY_DOCUMENTS = frozenset({QuestionKind.TABLE, QuestionKind.SUMMARY})
"""Kinds that are answered from more of the same documents. All others but lists of documents take
no model, and so as much time as to tell whether to ask them."""
_VOLATILE = frozenset({"days"})
"""Values of replies that change with every day."""
_MOST_UNITS = 2_000


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """What differs from what was said before.

    `before` are excerpts and `said` other things that are no longer said; documents that may not be
    seen now are left out, and `is_lost` tells whether there were any. `replaced` are documents that
    were shown, and that others replace since.
    """

    before: tuple[Excerpt, ...] = ()
    said: tuple[str, ...] = ()
    replaced: tuple[Standing, ...] = ()
    is_lost: bool = False


@speaking(SOURCE)
def baseline_of(
    response: Response, outlook: Outlook, standings: Collection[Standing], world: str
) -> Baseline:
    """Return what is kept of a response, to be compared with a later one."""
    return Baseline(
        shown=tuple(_shown(response)),
        said=tuple(_said(response)),
        gist=frozenset(_gist(response)),
        units=outlook.all,
        replaced=frozenset(map(_replaced, filter(_is_replaced, standings))),
        world=world,
    )


def known_units(before: Baseline, outlook: Outlook) -> frozenset[str]:
    """Return the texts that bore on the question at any look since it was answered."""
    both = before.units | outlook.all
    return both if len(both) <= _MOST_UNITS else outlook.all


def cannot_differ(
    watch: Watch, outlook: Outlook, catalog: Catalog, names: Collection[str] | None
) -> bool:
    """Return whether all that bears on a watched question did before, and still stands."""
    before = watch.baseline
    if watch.question_kind in BY_PASSAGES:
        is_known = outlook.near <= before.units
    elif watch.question_kind in _BY_DOCUMENTS:
        began = watch.began.astimezone(UTC).isoformat(timespec="seconds")
        is_known = outlook.all <= before.units and all(
            (catalog.indexed_at(name) or began) < began for name in outlook.documents
        )
    elif watch.question_kind is QuestionKind.COLLECTION and outlook.listing is not None:
        listed = {name for one in before.said for name in one.documents}
        there = catalog.document_names()
        seen = there if names is None else there.intersection(names)
        is_known = outlook.listing in before.units and listed <= set(seen)
    else:
        is_known = False
    return (
        is_known
        and bool(before.units)
        and all(stands(excerpt, catalog, names) for excerpt in before.shown)
    )


@speaking(SOURCE)  # or what is said in another language would be something else
def change_of(
    before: Baseline,
    response: Response,
    standings: Collection[Standing],
    catalog: Catalog,
    names: Collection[str] | None,
) -> AnswerChange | None:
    """Return what differs; None where there is nothing to tell.

    `standings` are those of the documents that were shown before, and `names` the documents that
    may be seen, None for all.
    """
    there = catalog.document_names()
    seen = there if names is None else there.intersection(names)
    shown = list(_shown(response))
    texts = {digest_of(excerpt.quote) for excerpt in shown}
    left = [one for one in before.shown if digest_of(one.quote) not in texts]
    gone = [one for one in left if not stands(one, catalog, seen)]
    known = {digest_of(excerpt.quote) for excerpt in before.shown}
    fresh = any(
        digest_of(one.quote) not in known and not _is_known(one, before.units, catalog)
        for one in shown
    )
    replaced = tuple(
        one for one in standings if _is_replaced(one) and _replaced(one) not in before.replaced
    )
    gist = frozenset(_gist(response))
    if not (gone or fresh or replaced or before.is_lost or gist != before.gist):
        return None
    now = {one.text for one in _said(response)}
    told = [one for one in before.said if one.text not in now]
    said = [one for one in told if seen.issuperset(one.documents)]
    return AnswerChange(
        tuple(one for one in left if one.document in seen) if gone or fresh else (),
        tuple(one.text for one in said),
        replaced,
        is_lost=before.is_lost
        or len(said) < len(told)
        or any(one.document not in seen for one in gone),
    )


def stands(excerpt: Excerpt, catalog: Catalog, names: Collection[str] | None) -> bool:
    """Return whether a document that may be seen still holds these words, at whatever place."""
    if names is not None and excerpt.document not in names:
        return False
    if catalog.quote(excerpt.document, excerpt.span) == excerpt.quote:
        return True
    document = catalog.document(excerpt.document)
    return document is not None and _plain(excerpt.quote) in _plain(document.text)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _is_known(excerpt: Excerpt, units: Collection[str], catalog: Catalog) -> bool:
    """Return whether all of an excerpt bore on the question before."""
    passages = catalog.passages_around(excerpt.document, excerpt.span).values()
    inside = {
        digest_of(passage.text_of(unit.span))
        for passage in passages
        for unit in passage.units
        if excerpt.span.contains(unit.span)
    }
    return bool(inside) and inside <= set(units)


def _is_replaced(standing: Standing) -> bool:
    return standing.replaced_by is not None


def _replaced(standing: Standing) -> str:
    # Not by which: of what was replaced already, a newer successor is no news.
    return digest_of(standing.document)


def _shown(response: Response) -> Iterator[Excerpt]:
    yield from response.excerpts
    yield from (listed.quote for listed in response.documents if listed.quote)


def _said(response: Response) -> Iterator[ReplyText]:
    """Yield what is said without an excerpt, and can be shown again by its documents alone."""
    for value in response.computed:
        text = messages.computed(operation=value.operation, value=value.value)
        yield ReplyText(text, tuple(sorted({cell.document for cell in value.cells})))
    for listed in response.documents:
        if not listed.quote:
            yield ReplyText(listed.title, (listed.name,))


def _gist(response: Response) -> Iterator[str]:
    """Yield digests of what is said without an excerpt."""
    for one in _said(response):
        yield digest_of(one.text)
    for heading in response.contents:
        yield digest_of(heading.text)
    if response.kind is QuestionKind.COLLECTION:
        for reply in response.replies:
            if not _VOLATILE.intersection(reply.values):
                yield digest_of(reply_text(reply, where=Surface.TERMINAL))
