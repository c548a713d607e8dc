"""The errors that the bot raises on purpose, beside those of the engine.

    BriefingError (index.errors)
    ├── BadSettings      a setting is unknown or its value cannot be used
    ├── BadDecision      what is to be decided about documents makes no sense
    ├── BadBatch         a batch file cannot be opened
    ├── OutputNotWritten the disk is full, or whatever else the output goes to
    ├── BadPeriod        what should be a day, a month or a year is none
    ├── UnknownConflict  a conflict is settled already, or its statements have changed
    ├── UnknownGap       a question is settled, answered or taken back already
    ├── UnknownPage      a document has no page of that number
    ├── Busy             more questions are waiting than can be answered soon
    │   └── Ending       the bot ends, and answers no more questions
    ├── TooMany          one person asks faster than one person reads
    ├── HandledElsewhere another bot deals with it already
    ├── NotAllowed       it takes a right that this person does not have
    ├── BadUpload        a file cannot become a document: its type, its size, its name
    ├── UploadGone       what was sent no longer waits for a yes
    ├── CorpusNotChanged the disk does not let a file into the corpus, or out of it
    ├── StillInCorpus    a document is to be purged, and its file would bring it back
    ├── NothingToPurge   nothing is kept of the document that is to be purged
    ├── ReindexFailed    a reindex ended without a report
    ├── BackupNotTaken   a backup cannot be written, or what it should hold not be read
    ├── BackupUnusable   a backup is damaged, or would be restored over something
    ├── AlreadyRunning   another bot works with the same records
    ├── DemoUnavailable  a package of the demo is missing, or its port is taken
    ├── NoToken          DISCORD_TOKEN is not set, or Discord does not take it
    ├── RecordsNotMoved  records cannot go from the folder to a server, or back
    └── RecordsUnavailable   what the bot remembers cannot be read or written
        ├── RecordsBlocked   the disk, a missing right or another program prevents it
        ├── RecordsDamaged   its file is cut off, altered, or something else
        ├── RecordsNewer     its file is of a later version of this program
        └── RecordsOutdated  its file is from before the first release

Their messages follow the rule of `index.errors`, and can be translated (`bot.localization`).
"""

from __future__ import annotations

from pathlib import Path

from bot.localization import _, ngettext
from index.errors import BriefingError


class BackupNotTaken(BriefingError):
    """A backup could not be made; nothing was written."""


class BackupUnusable(BriefingError):
    """A backup cannot be restored; nothing was."""


class BadSettings(BriefingError):
    """A setting, from the environment or the file `.env`, cannot be used."""


class BadBatch(BriefingError):
    """A file of questions cannot be opened."""


class BadDecision(BriefingError):
    """What is to be decided about documents makes no sense; nothing was."""


class BadPeriod(BriefingError):
    pass


class OutputNotWritten(BriefingError):
    """The output of a command could not be written."""


class UnknownPage(BriefingError):
    def __init__(self, name: str, page: int, pages: int) -> None:
        if pages:
            template = ngettext(
                "{name!r} has one page, so there is no page {page}.",
                "{name!r} has {n} pages, so there is no page {page}.",
                pages,
            )
        else:
            template = _("{name!r} has no pages, so there is no page {page}.")
        super().__init__(template.format(name=name, n=pages, page=page))
        self.pages = pages


class UnknownConflict(BriefingError):
    def __init__(self, conflict: str) -> None:
        super().__init__(
            _("There is no conflict {conflict!r} (any more).").format(conflict=conflict)
        )


class UnknownGap(BriefingError):
    def __init__(self, gap: int) -> None:
        super().__init__(_("There is no open question {gap} (any more).").format(gap=gap))


class Busy(BriefingError):
    def __init__(self, seconds: int) -> None:
        super().__init__(
            ngettext(
                "I am busy just now. Please try again in a second.",
                "I am busy just now. Please try again in {n} seconds.",
                seconds,
            ).format(n=seconds)
        )
        self.seconds = seconds


class Ending(Busy):
    """The bot ends, and answers no more questions."""


class TooMany(BriefingError):
    def __init__(self, seconds: int) -> None:
        super().__init__(
            ngettext(
                "That was a lot of questions in a short time. Please ask again in a second.",
                "That was a lot of questions in a short time. Please ask again in {n} seconds.",
                seconds,
            ).format(n=seconds)
        )
        self.seconds = seconds


class NotAllowed(BriefingError):
    """A person has no right to what they asked for."""


class BadUpload(BriefingError):
    """A file that was sent cannot become a document; completes "<name> is left out: …"."""


class UploadGone(BriefingError):
    """An upload does not wait any more, or is another person's."""


class CorpusNotChanged(BriefingError):
    """A file could not be put into the corpus or taken out of it."""


class StillInCorpus(BriefingError):
    """A document cannot be purged while its file is, or may be, in the corpus; nothing was done."""


class NothingToPurge(BriefingError):
    """Nothing is kept of the document that is to be purged; nothing was done."""


class ReindexFailed(BriefingError):
    """A reindex ended without a report."""


class AlreadyRunning(BriefingError):
    """Another bot works with the same records."""


class DemoUnavailable(BriefingError):
    """The demo's package is missing, or its port is taken."""


class NoToken(BriefingError):
    """There is no token, or Discord refuses it."""


class HandledElsewhere(BriefingError):
    """Another bot deals with it; nothing is to be said."""


class RecordsUnavailable(BriefingError):
    """The records cannot be used; the subclasses say why. `path` is a file, or names a server."""

    def __init__(self, path: Path | str, message: str) -> None:
        super().__init__(message)
        self.path = path


class RecordsBlocked(RecordsUnavailable):
    def __init__(self, path: Path | str, problem: str) -> None:
        on_disk = _(
            "The bot's records {path} cannot be used: {problem}. Check that the disk has room, "
            "that this user may write there, and that no other program holds the file."
        )
        on_server = _(
            "The bot's records on {path} cannot be used: {problem}. Check that the server runs and "
            "can be reached, that its disk has room, and that this user may write there."
        )
        said = on_disk if isinstance(path, Path) else on_server
        super().__init__(path, said.format(path=path, problem=problem))


class RecordsDamaged(RecordsUnavailable):
    def __init__(self, path: Path | str, problem: str) -> None:
        on_disk = _(
            "The bot's records are damaged: {path} {problem}. Put a copy from a backup in its "
            "place, or move {name}* away to begin without the questions and feedback in it."
        )
        on_server = _(
            "The bot's records are damaged: {path} {problem}. Restore the database from a backup."
        )
        said = on_disk if isinstance(path, Path) else on_server
        name = path.name if isinstance(path, Path) else ""
        super().__init__(path, said.format(path=path, problem=problem, name=name))


class RecordsNewer(RecordsUnavailable):
    def __init__(self, path: Path | str, expected: int, found: int) -> None:
        super().__init__(
            path,
            _(
                "The bot's records {path} have format {found}, but this version knows only up to "
                "{expected}. Install the version that wrote them, or a later one."
            ).format(path=path, found=found, expected=expected),
        )
        self.expected = expected
        self.found = found


class RecordsNotMoved(BriefingError):
    """Records cannot go where they should; the message says why."""


class RecordsOutdated(RecordsUnavailable):
    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            _(
                "The bot's records {path} are from before version 0.5.0, and cannot be read any "
                "more. Move {name}* away; the bot then begins with empty records."
            ).format(path=path, name=path.name),
        )
