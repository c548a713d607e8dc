"""Replies: what the bot says in its own words, with the values that they name."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class Says(enum.StrEnum):
    """What the bot says in its own words; `bot.wording.replies` has the words."""

    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    AGREEMENT = "agreement"
    APOLOGY = "apology"
    """To who complains."""
    NO_MATTER = "no matter"
    """To who apologises."""
    UNCLEAR = "unclear"
    """To who asks of "it", with nothing said before."""
    HELP = "help"
    WHO = "who"
    HOW = "how"
    IN_DOCUMENT = "in document"
    """Only the documents with these `titles` were searched, since the question points at them."""
    NOT_IN_DOCUMENT = "not in document"
    """The documents with these `titles`, which the question points at, do not seem to answer."""
    LANGUAGE = "language"
    """The question is in the language with the code `asked`; those in `read` are read well."""
    NO_DOCUMENTS = "no documents"
    """There is none that may be seen."""
    DOCUMENT_COUNT = "document count"
    """`number` documents, of a `kind` or in a `folder` where one was named, and from `first` to
    `last` where a time was."""
    MENTIONED_IN = "mentioned in"
    """`name` in `number` documents, in `mentions` passages; `shown` of them are listed."""
    NOT_MENTIONED = "not mentioned"
    """`name`, which stands in no document."""
    LATEST = "latest"
    """The document `title`, of `date`, is the newest, of those with `name` where one was asked."""
    OLDEST = "oldest"
    NEW_SINCE = "new since"
    """`number` documents dated from `first` to `last`; either may be missing."""
    NOTHING_NEW = "nothing new"
    """No document is dated from `first` to `last`; the newest, `title`, is of `date`."""
    UNDATED = "undated"
    """`number` documents state no date, so that they are not among those listed."""
    WRITTEN_BY = "written by"
    """The document `title` names `people`."""
    OWNED_BY = "owned by"
    APPROVED_BY = "approved by"
    DATED = "dated"
    """The document `title` is of `date`, `days` ago."""
    VERSION = "version"
    """The document `title` is `version`."""
    IN_FORCE_FROM = "in force from"
    """The document `title` holds from `date` on."""
    NOT_YET_IN_FORCE = "not yet in force"
    VALID_UNTIL = "valid until"
    EXPIRED = "expired"
    REPLACED = "replaced"
    """The document `title` says that it no longer holds."""
    REPLACED_BY = "replaced by"
    """`by` replaces the document `title`; `written` and `date` are their days, where known."""
    HOLDS = "holds"
    """Nothing says that the document `title` no longer holds."""
    SUCCESSOR_SILENT = "successor silent"
    """The same of the document that is shown first; `by` does not seem to say it."""
    SECTION_REPLACED = "section replaced"
    """The document `by`, of `date` where it has one, replaces the section that `part` names of the
    document `title`, from which it is quoted."""
    REVIEW_DUE = "review due"
    """The document `title` is to be reviewed by `date`; without one, it says only how often."""
    REVIEW_OVERDUE = "review overdue"
    OF_THE_FILE = "of the file"
    """What was said is from the properties of the file, and not from its text."""
    NOT_STATED = "not stated"
    """The document `title` does not say `what`: "author", "owner", "approver", "date", "review",
    "validity", "version" or "confirmation"."""
    CONFIRMED = "confirmed"
    """Somebody said on `date` that the document `title` is right, or, without `right`, that it is
    no longer; with `owner`, its owner did."""
    NEWER = "newer"
    """There is a newer document of the same name: `title`, of `date`."""
    DOCUMENTS_BY = "documents by"
    """`number` documents name `name` as author or owner."""
    DUE_FOR_REVIEW = "due for review"
    """`number` documents are to be reviewed by today, or hold no longer."""
    NOTHING_DUE = "nothing due"
    CHANGED_SINCE = "changed since"
    """`number` documents were added or changed, with `first` and `last` where days were asked
    for."""
    NOTHING_CHANGED = "nothing changed"
    CHANGED = "changed"
    """The document `title` changed `number` times, last on `date`."""
    CHANGED_LAST_SEEN = "changed last seen"
    """What changed since the person looked last was asked for, which is not known here."""
    COMPARED = "compared"
    """The documents `one` and `other` were asked for beside each other: `differ` passages do,
    `only_one` and `only_other` are in one alone, and `agree` sentences are in both. The first are
    `quoted`."""
    SAID_SINCE = "said since"
    """The document `title` and its versions say the first excerpt since `date`; the version of
    `written`, where there is one, does not say it yet."""
    CARD = "card"
    """The document `title` was asked for."""
    HAPPENED = "happened"
    """`number` statements are of the days from `first` to `last`; `shown` of them are shown."""
    DIFFER = "differ"
    """The documents with these `titles`, the newest first, do not say the same."""
    DIFFERS_WITHIN = "differs within"
    """The document `title` does not say the same everywhere."""
    NO_DIFFERENCE = "no difference"
    """Nothing was found on which the documents that are quoted differ."""
    LISTED = "listed"
    """The list called `lists` has `number` statements of `documents` documents, of which `shown`
    are shown: on `name`, and from `first` to `last`, where these were asked for. With `more` it has
    at least that many."""
    LISTABLE = "listable"
    """`number` documents mention `name`, which a list would show."""
    INSTEAD = "instead"
    """What follows denies what the question takes for granted."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Something that the bot says in its own words, with the values that its text names."""

    says: Says
    values: Mapping[str, str | int | tuple[str, ...]] = field(default_factory=dict)
