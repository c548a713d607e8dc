"""Texts that several modules show. A text that one module shows stands in that module.

All of them, here and there, are in the form that `bot.localization` describes. What is filled in
comes ready to be shown: nothing here escapes markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from bot.localization import N_, LazyText, _, either, ngettext
from index.document import TextOrigin

if TYPE_CHECKING:
    from index.answering.versions.proposals import Proposal

_MOST_WORDS = 5

# Things that are counted


def documents(number: int) -> str:
    return ngettext("{n:,} document", "{n:,} documents", number).format(n=number)


def passages(number: int) -> str:
    return ngettext("{n:,} passage", "{n:,} passages", number).format(n=number)


def pages(number: int) -> str:
    return ngettext("{n:,} page", "{n:,} pages", number).format(n=number)


def questions(number: int) -> str:
    return ngettext("{n:,} question", "{n:,} questions", number).format(n=number)


def files(number: int) -> str:
    return ngettext("{n:,} file", "{n:,} files", number).format(n=number)


def seconds(number: int) -> str:
    return ngettext("{n:,} second", "{n:,} seconds", number).format(n=number)


def time_left(seconds: float) -> str:
    """Return how long something will still take, about."""
    if seconds < 60:
        return _("less than a minute left")
    minutes = round(seconds / 60)
    if minutes < 60:
        return ngettext("{n:,} minute left", "{n:,} minutes left", minutes).format(n=minutes)
    hours = round(minutes / 60)
    return ngettext("{n:,} hour left", "{n:,} hours left", hours).format(n=hours)


def mentions(number: int) -> str:
    return ngettext("{n:,} mention", "{n:,} mentions", number).format(n=number)


def and_more(*, number: int) -> str:
    return _("and {number:,} more").format(number=number)


# Answers and sources

HELPFUL, NOT_HELPFUL = "👍", "👎"
NOT_SURE = LazyText("I am not sure that this answers it.")
NOTHING_CLOSE = LazyText("I found nothing close in the documents.")
WHICH_ONE = LazyText("Which of these do you mean?")

_ORIGINS: Mapping[TextOrigin, LazyText] = {
    TextOrigin.MARGIN: LazyText("header or footer"),
    TextOrigin.NOTES: LazyText("speaker notes"),
    TextOrigin.COMMENT: LazyText("comment"),
    TextOrigin.HIDDEN: LazyText("hidden in the file"),
    TextOrigin.DELETED: LazyText("tracked deletion"),
    TextOrigin.RECOGNISED: LazyText("recognised text"),
    TextOrigin.QUOTED: LazyText("quoted message"),
    TextOrigin.CLOSING: LazyText("signature or disclaimer"),
}

_OPERATIONS: Mapping[str, LazyText] = {
    "sum": LazyText("The sum, computed: {value}"),
    "difference": LazyText("The difference, computed: {value}"),
    "count": LazyText("Counted: {value}"),
    "average": LazyText("The average, computed: {value}"),
    "greatest": LazyText("The greatest, compared: {value}"),
    "least": LazyText("The least, compared: {value}"),
}


def origin(origin: TextOrigin) -> str:
    """Say where in its file a text stands; nothing of the body, which every reader of it sees."""
    return str(_ORIGINS.get(origin, ""))


def doubtful(words: Sequence[str], number: int) -> str:
    """Name the first words of a number of them that were recognised with little confidence."""
    named = ", ".join(f"“{word}”" for word in words)
    if number > len(words):
        named = f"{named} {and_more(number=number - len(words))}"
    return _("Recognised with little confidence: {words}").format(words=named)


FIRST_READING = LazyText("I am reading the documents for the first time. Ask me in a while.")
FIRST_DOCUMENTS = LazyText(
    "I have not read any documents yet. `/upload` puts one in; `/reindex` has me read those in my "
    "folder."
)
INDEX_GONE = LazyText(
    "The folder of my index is gone, so I cannot answer. Put it back, or use `/reindex`, which "
    "reads all documents anew."
)


def computed(*, operation: str, value: str) -> str:
    """Say that a value is computed, and how; `operation` is as in `index.answering.answer`."""
    return _OPERATIONS[operation].format(value=value)


def confidence(*, probability: float) -> str:
    """Say how likely it is, from 0 to 1, that the documents answer the question."""
    return _("Confidence {probability:.0%}").format(probability=probability)


def confidence_in_differing(*, probability: float) -> str:
    """Say how likely it is that documents which differ are about the question."""
    return _("Confidence {probability:.0%} that they are about this").format(
        probability=probability
    )


def says(*, value: str, side: str) -> str:
    """Say what one of several documents that differ says."""
    return _("{value} ({side})").format(value=value, side=side)


def conflicts(number: int) -> str:
    """Say how many conflicts between documents are open."""
    if not number:
        return _("I found no key figures on which documents contradict each other.")
    return ngettext(
        "{n:,} contradiction between documents",
        "{n:,} contradictions between documents",
        number,
    ).format(n=number)


MORE_CONFLICTS = LazyText(
    "There may be more: so many statements are alike that not all were compared."
)
CONFLICT_DONE = LazyText("Done; it comes back only where one of the statements changes.")


def uncovered(*, parts: Sequence[str]) -> str:
    """Name the parts of a question for which nothing close was found."""
    return _("I found nothing on: {parts}.").format(parts="; ".join(parts))


def unmentioned(*, names: Sequence[str]) -> str:
    """Name what a question names and the documents never mention."""
    return _("The documents do not mention {names}.").format(names=either(names))


def none_narrowed(*, folder: str | None, since: date | None) -> str:
    """Say that a question was narrowed to no document."""
    if since is None:
        text = _("There is no document in a folder {folder}.")
    elif folder is None:
        text = _("There is no document that is dated {since} or later.")
    else:
        text = _("There is no document in a folder {folder} that is dated {since} or later.")
    return text.format(folder=folder, since=since)


def why_proposed(proposal: Proposal) -> str:
    """Say why one document seems to replace another."""
    said = _("Their names differ in date or version, and they share {likeness:.0%} of their text.")
    if proposal.basis in ("field", "statement"):
        return _("It says so itself, but lies in another folder, so that counts once confirmed.")
    if proposal.basis == "content":
        said = _("They share {likeness:.0%} of their text.")
    return said.format(likeness=proposal.likeness)


NOTHING_TO_SEE = LazyText("There are no documents yet that you may see.")
NO_DOCUMENTS = LazyText("No document of that name is known.")
NOTHING_FOUND = LazyText("Nothing was found.")


def passages_left_out(number: int) -> str:
    """Say that passages are not shown, since their documents say something else by now."""
    return ngettext(
        "One passage is left out: its document no longer says it.",
        "{n:,} passages are left out: their documents no longer say them.",
        number,
    ).format(n=number)


def absent(words: Sequence[str], *, is_narrowed: bool = False) -> str:
    """Say that no document has some of the words, or none of those that were looked at alone."""
    said = _("I find {words} nowhere there.") if is_narrowed else _("I find {words} nowhere.")
    return said.format(words=_named(words))


def nearest_only(words: Sequence[str], *, is_narrowed: bool = False) -> str:
    """Say the same where it is all of the words that were looked for."""
    said = (
        _("I find {words} nowhere there. These passages come nearest:")
        if is_narrowed
        else _("I find {words} nowhere. These passages come nearest:")
    )
    return said.format(words=_named(words))


def _named(words: Sequence[str]) -> str:
    return either([f"“{word}”" for word in words[:_MOST_WORDS]])


def results_page(*, number: int, count: int) -> str:
    return _("Page {number:,} of {count:,}").format(number=number, count=count)


# The index

NOTHING_CHANGED = LazyText("Nothing has changed.")
READ_ANEW = LazyText("An older version had made the index, so all documents were read anew.")
UNWATCHED = LazyText(
    "Meanwhile it could not be seen which documents were removed or closed. Reindex once more, so "
    "that none of those answers."
)


def would_do(number: int) -> str:
    """Say for how many documents a reindex would do what is listed."""
    return _("A reindex would do this for {documents}. Nothing was done.").format(
        documents=documents(number)
    )


def corpus_shrunk(*, gone: int, known: int) -> str:
    return ngettext(
        "**{n:,} of {documents} is no longer in the folder**, so nothing was changed: it still "
        "answers. If the folder is on another disk, see whether that is there. If the document is "
        "meant to go, `/reindex` drops it once you say so.",
        "**{n:,} of {documents} are no longer in the folder**, so nothing was changed: all of "
        "them still answer. If the folder is on another disk, see whether that is there. If they "
        "are meant to go, `/reindex` drops them once you say so.",
        gone,
    ).format(n=gone, documents=documents(known))


# What an admin changes in Discord

CANCEL = LazyText("Cancel")
NOTHING_CHANGED_BY_YOU = LazyText("Cancelled. Nothing was changed.")
ASK_DOCUMENT = N_("Only this document")

# Refusals

ADMINS_ONLY = LazyText(
    "That is for admins: whoever may manage the documents' server, or has a role that my settings "
    "name."
)
NO_SHARED_SERVER = LazyText(
    "I show documents only to members of their servers, and you and I share none of those. "
    "Once you are a member there, ask me again."
)
EXCHANGE_GONE = LazyText("This answer is no longer kept, so I cannot show what belongs to it.")
TOKEN_REFUSED = LazyText(
    "Discord does not take this DISCORD_TOKEN. Copy it anew from your application's page "
    "(Bot, Reset Token)."
)
TOKEN_MISSING = LazyText(
    'DISCORD_TOKEN is not set. README.md says in a minute how to get one ("Connecting to '
    'Discord"); `make demo` needs none.'
)
INTENT_MISSING = LazyText(
    "The guild settings name channels for questions, which needs the Message Content intent. "
    "Switch it on at your application's page (Bot, Privileged Gateway Intents), or take "
    "question_channels out."
)


def not_written(*, path: object, reason: str | None) -> str:
    return _("{path} could not be written: {reason}.").format(path=path, reason=reason)
