"""What is kept of a person or a document as the JSON objects that are documented for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.cli.output.as_json import answers as answers_as_json

if TYPE_CHECKING:
    from datetime import datetime

    from bot.documents.purge import PurgeReport
    from bot.documents.uploads.waiting_files import Upload
    from bot.records import Exchange, PersonCounts, PersonData
    from bot.records.parts.decisions import DeciderData
    from bot.records.parts.handed import HandedQuestion
    from bot.records.parts.watches import Watch


def forgotten(person: int, held: PersonCounts, uploads: int) -> answers_as_json.Json:
    """Return what was removed; `actions_kept` are lines that stay in the log of what admins did."""
    return {
        "person": str(person),
        "exchanges": held.exchanges,
        "marks": held.marks,
        "uploads": uploads,
        "watches": held.watches,
        "handed": held.handed,
        "actions_kept": held.actions,
    }


def of_person(
    person: int,
    found: PersonData,
    decided: DeciderData,
    uploads: Sequence[Upload],
    watches: Sequence[Watch],
    handed: Sequence[HandedQuestion],
) -> answers_as_json.Json:
    """Return all that is kept of a person.

    Ids are strings, as many programs cannot hold such numbers; moments are in ISO 8601, in UTC.
    `elsewhere` is the number of other people's questions that may hold their words. `reviews` and
    `successions` are what they said of documents. `visited` is when they last looked
    at what changed.
    """
    return {
        "person": str(person),
        "exchanges": [_exchange(exchange) for exchange in found.exchanges],
        "marks": [
            {
                "exchange": str(one.exchange),
                "at": _at(one.at),
                "mark": one.mark,
                "fault": one.fault,
                "reason": one.reason,
            }
            for one in found.marks
        ],
        "actions": [
            {
                "at": _at(entry.at),
                "guild": _id(entry.guild),
                "action": entry.action,
                "detail": entry.detail,
                "document": entry.document,
            }
            for entry in found.actions
        ],
        "reviews": [
            {"document": document, "is_right": is_right, "at": _at(at)}
            for document, is_right, at in decided.reviews
        ],
        "successions": [
            {"old": old, "new": new, "replaces": confirmed, "at": _at(at)}
            for old, new, confirmed, at in decided.successions
        ],
        "uploads": [
            {
                "guild": _id(upload.guild),
                "files": [{"document": file.name, "bytes": file.size} for file in upload.files],
            }
            for upload in uploads
        ],
        "watches": [_watch(watch) for watch in watches],
        "handed": [_handed(each, person) for each in handed],
        "elsewhere": found.elsewhere,
        "visited": _at(found.visited) if found.visited else None,
    }


def _watch(watch: Watch) -> answers_as_json.Json:
    """Return a watch; `question` is null where it may hold other people's words.

    `waits_for` is "answer" or "change". `told_in` is the channel whose readers are told, null where
    the person alone is. `excerpts` are those to which the next answer is compared.
    """
    return {
        "question": None if watch.people else watch.question,
        "waits_for": "answer" if watch.awaits_answer else "change",
        "guild": _id(watch.guild),
        "channel": _id(watch.channel),
        "told_in": str(watch.channel) if watch.is_here else None,
        "began": _at(watch.began),
        "ends": _at(watch.ends),
        "untold": watch.is_untold,
        "only_document": watch.document,
        "only_folder": watch.folder,
        "only_since": None if watch.since is None else watch.since.isoformat(),
        "excerpts": [answers_as_json.excerpt(one) for one in watch.baseline.shown],
    }


def _handed(handed: HandedQuestion, person: int) -> answers_as_json.Json:
    """Return a question that they had handed to a person or a role, or that they answered.

    `question` is null where it is no longer open, or may hold other people's words.
    """
    own = handed.person == person
    return {
        "question": (handed.question if own and not handed.people else "") or None,
        "by_them": own,
        "state": handed.state,
        "guild": _id(handed.guild),
        "channel": _id(handed.channel) if own else None,
        "place": _id(handed.place or None),
        "recipient": _id(handed.recipient or None),
        "is_role": handed.is_role,
        "began": _at(handed.began),
    }


def of_watches(watches: Sequence[Watch]) -> answers_as_json.Json:
    """Return how many watches there are, without their words; moments are null where none is."""
    return {
        "watches": len(watches),
        "people": len({watch.person for watch in watches}),
        "for_changes": sum(not watch.awaits_answer for watch in watches),
        "for_answers": sum(watch.awaits_answer for watch in watches),
        "told_in_threads": sum(watch.is_here for watch in watches),
        "untold": sum(watch.is_untold for watch in watches),
        "oldest": _at(min(watch.began for watch in watches)) if watches else None,
        "next_end": _at(min(watch.ends for watch in watches)) if watches else None,
    }


def _exchange(exchange: Exchange) -> answers_as_json.Json:
    """Return an exchange, without words that may be other people's.

    `kind` is "ask", "claim" where it was a message on which they used "Find sources", or "search".
    `question` and `rewritten` are null where words are not kept, or may be another person's.
    `excerpts` are those that were shown, and the closest where nothing was said to answer.
    """
    others = bool(exchange.source_people)
    own = not (others and exchange.question == exchange.rewritten)  # else a choice that they took
    return {
        "exchange": str(exchange.id),
        "kind": exchange.kind,
        "at": _at(exchange.at),
        "guild": _id(exchange.guild),
        "channel": _id(exchange.channel),
        "message": _id(exchange.message),
        "replies": [str(reply) for reply in exchange.replies],
        "private": exchange.private,
        "question": (exchange.question if own else "") or None,
        "rewritten": ("" if others else exchange.rewritten) or None,
        "question_kind": exchange.question_kind,
        "verdict": exchange.verdict,
        "confidence": exchange.confidence,
        "generation": exchange.generation,
        "only_document": exchange.document,
        "only_folder": exchange.folder,
        "only_since": None if exchange.since is None else exchange.since.isoformat(),
        "follows": _id(exchange.follows),
        "choices": [] if others else [choice.label for choice in exchange.choices],
        "excerpts": [answers_as_json.excerpt(one) for one in exchange.excerpts],
        "named_documents": list(exchange.named_documents),
    }


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)


def purged(done: PurgeReport) -> answers_as_json.Json:
    """Return what was done; `generation` is the only one now, null where there is no index.

    `kept_files`, `uploads` and `exchanges` are how many were removed. `copies` are documents of
    other names with the same bytes, which still answer.
    """
    return asdict(done)
