"""Answers, search results and lists as the JSON objects that are documented for machines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.exports import row_as_json
from bot.wording.places import Place, place_of, place_of_hit
from bot.wording.replies import Surface, reply_text

if TYPE_CHECKING:
    from index.answering.answer import (
        Computed,
        Difference,
        Excerpt,
        Hit,
        ListedDocument,
        Quote,
        Response,
        SearchResult,
        Standing,
        Successor,
        SummaryHeading,
    )
    from index.answering.list_requests import Extent
    from index.answering.rollups.rows import RollUp
    from index.decisions import Review
    from index.document import Span

Json: TypeAlias = dict[str, Any]


def answer(response: Response, asked: str) -> Json:
    """Return what is said to a question that was `asked`.

    `kind` is what was asked for: "fact", "list", "table", "collection", "summary", "timeline",
    "more", "talk" or "unclear". `verdict` is "answered", "unsure" where what is shown may not
    answer, or "silent" where nothing close was found; `answered` is true for the first alone.
    `understood` is the question that was answered, with its spelling corrected and completed by the
    conversation; null where it is as typed. `confidence` is the probability that the documents
    answer it.

    `excerpts` are shown, `closest` only come near. `reply` is what is said in words of ours, and ""
    if nothing is. `documents` are those that were asked for, each with its `date` in ISO 8601 or
    null, the number of its `mentions` and a `quote`, an excerpt or null. `computed` are values that
    no document states, each with the cells that it comes from. `choices` are readings of an unclear
    question, each with a `question` that stands alone. `contents` are the headings of a document
    that is summarised. `differences` are where documents that hold answer differently: the `kind`
    of what differs, and for each document, the newest first, the number of the excerpt, and the
    words that differ, from `start` to `end`. `uncovered` are parts of the question for which
    nothing close was found, `unmentioned` names in it that the documents do not hold. `standings`
    has one object for each document that is shown, in the order in which they are. `list` says how
    long the list over all documents is of which the beginning is shown, or which can be had
    besides, or is null.
    """
    replies = (reply_text(one, where=Surface.TERMINAL, escape=str) for one in response.replies)
    return {
        "question": response.question,
        "understood": None if response.question.strip() == asked.strip() else response.question,
        "kind": response.kind,
        "verdict": response.verdict,
        "answered": response.answered,
        "confidence": response.confidence,
        "generation": response.generation,
        "milliseconds": _total_first(response.milliseconds),
        "reply": "\n".join(replies),
        "excerpts": [excerpt(one) for one in response.excerpts],
        "closest": [excerpt(one) for one in response.closest],
        "documents": [_listed(document) for document in response.documents],
        "computed": [_computed(value) for value in response.computed],
        "choices": [
            {"label": choice.label, "question": choice.question} for choice in response.choices
        ],
        "contents": [_heading(heading) for heading in response.contents],
        "differences": [_difference(each, response) for each in response.differences],
        "uncovered": list(response.uncovered),
        "unmentioned": list(response.unknown_names),
        "standings": [standing(one) for one in response.standings],
        "list": response.extent and _extent(response.extent),
    }


def standing(found: Standing) -> Json:
    """Return how old a document is, and whether it still holds, all as far as it is stated.

    `date`, `holds_from`, `holds_until` and `review_by` are in ISO 8601, as precise as they are
    written. `date_from` is where the date is from: "field", "text", "properties" of the file, or
    "name". `replaced_by` is the newest document that replaces it, `since` a day or null.
    `withdrawn` tells whether it says itself that it no longer holds. `said` is what people said of
    this version of it, or null: whether `is_right`, on which day, and until when that counts.
    """
    return {
        "document": found.document,
        "title": found.title,
        "date": found.date,
        "date_from": found.date_from,
        "version": found.version,
        "owner": found.owner,
        "classification": found.classification,
        "holds_from": found.since,
        "holds_until": found.until,
        "review_by": found.review,
        "withdrawn": found.is_withdrawn,
        "said": found.reviewed and said(found.reviewed),
        "replaced_by": found.replaced_by and successor(found.replaced_by),
    }


def successor(found: Successor) -> Json:
    return {"document": found.document, "title": found.title, "since": found.since}


def _difference(difference: Difference, response: Response) -> Json:
    known = {standing.document: standing for standing in response.standings}
    return {
        "kind": difference.kind,
        "sides": [
            {
                "excerpt": excerpt.number,
                "document": excerpt.document,
                "title": excerpt.title,
                "date": known[excerpt.document].date if excerpt.document in known else None,
                "owner": known[excerpt.document].owner if excerpt.document in known else None,
                "text": value.text,
                **_span(value.span),
            }
            for excerpt, value in zip(difference.excerpts, difference.values, strict=True)
        ],
    }


def said(review: Review) -> Json:
    """Return what people said of a document; it counts for the version with that SHA-256."""
    return {
        "is_right": review.is_right,
        "on": review.on,
        "until": review.until,
        "by_owner": review.by_owner,
        "sha256": review.sha256,
    }


def _heading(heading: SummaryHeading) -> Json:
    """Return a heading; from `start` to `end` it stands in the text with the format's marks."""
    return {
        "text": heading.text,
        "level": heading.level,
        "document": heading.document,
        **_span(heading.span),
    }


def excerpt(shown: Excerpt) -> Json:
    """Return an excerpt: `quote` is the text from `start` to `end`, as is that of `header`.

    `header` is the header row of the table that a row stands in, and null for all else. `origin` is
    where in its file the text stands: "body", or "header or footer", "speaker notes", "comment",
    "hidden", "deleted", "recognised text", "quoted message" or "signature or disclaimer".
    """
    return {
        "number": shown.number,
        "quote": shown.quote,
        "document": shown.document,
        "title": shown.title,
        "heading": list(shown.heading),
        "page": shown.page,
        **_place_in_file(place_of(shown)),
        **_span(shown.span),
        "header": _header(shown.header),
        "origin": shown.origin,
        "passage": shown.passage,
        "score": shown.score,
    }


def _header(header: Quote | None) -> Json | None:
    if header is None:
        return None
    return {"text": header.text, **_span(header.span)}


def _place_in_file(where: Place) -> Json:
    """Return where a text stands by what its format has, and null for what it has not.

    `rows` are the numbers of the first and the last row in the sheet, and `clause` is the number,
    such as "4.2", of the clause or of the heading above.
    """
    return {
        "slide": where.slide,
        "sheet": where.sheet or None,
        "rows": [where.rows[0][0], where.rows[-1][1]] if where.rows else None,
        "clause": where.clause or None,
    }


def _listed(document: ListedDocument) -> Json:
    return {
        "document": document.name,
        "title": document.title,
        "date": document.date,
        "mentions": document.mentions,
        "quote": document.quote and excerpt(document.quote),
    }


def _computed(value: Computed) -> Json:
    """Return a value; `operation` is "sum", "difference", "count", "average", "greatest", "least".

    The `quote` of a cell is the text from `start` to `end` of its document. `column` is the text of
    its column's header, and `row` that of the first cell in its row.
    """
    return {
        "operation": value.operation,
        "value": value.value,
        "cells": [
            {
                "document": cell.document,
                "quote": cell.text,
                **_span(cell.span),
                "column": cell.column,
                "row": cell.row,
            }
            for cell in value.cells
        ],
    }


def search(result: SearchResult) -> Json:
    """Return the hits; `standings` has one object for each of their documents, as in an answer.

    `absent` are the words of the query that no document has.
    """
    return {
        "query": result.query,
        "generation": result.generation,
        "milliseconds": _total_first(result.milliseconds),
        "hits": [_hit(hit) for hit in result.hits],
        "standings": [standing(one) for one in result.standings],
        "absent": list(result.absent),
    }


def _hit(hit: Hit) -> Json:
    """Return a hit; `header` is the header row of the table in whose rows it begins."""
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": hit.score,
        "document": passage.document,
        "title": passage.title,
        "heading": list(passage.heading),
        "page": passage.page,
        **_place_in_file(place_of_hit(hit)),
        **_span(passage.span),
        "header": _header(hit.header),
        "origin": passage.origin,
        "text": passage.text,
        "passage": passage.id,
    }


def roll_up(found: RollUp) -> Json:
    """Return a list: `documents`, `statements` and `entries` count all of it, `rows` has some.

    Unless `is_whole`, it has at least so many. `undated` documents hold what was asked for and
    state no date, where one of a time was asked for. See `row_as_json` for a row.
    """
    return {
        "generation": found.generation,
        **_extent(found.extent),
        "rows": [row_as_json(row, number) for number, row in enumerate(found.rows, found.first)],
    }


def _extent(extent: Extent) -> Json:
    days = extent.request.days()
    return {
        "list": extent.request.lists,
        "about": extent.request.about,
        "first": days.get("first"),
        "last": days.get("last"),
        "documents": extent.documents,
        "statements": extent.statements,
        "entries": extent.rows,
        "undated": extent.undated,
        "is_whole": extent.is_whole,
    }


def _span(span: Span) -> Json:
    return {"start": span.start, "end": span.end}


def _total_first(milliseconds: Mapping[str, float]) -> Json:
    return {"total": milliseconds.get("total", 0.0), **milliseconds}
