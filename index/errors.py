"""Errors that the engine raises on purpose.

    BriefingError
    ├── UnreadableDocument      one file cannot be parsed; the others can
    ├── DrawnTooLate            a picture was not there in time; it may be when asked for again
    ├── ParsingUnavailable      no file can be parsed: the worker process cannot be started
    ├── UnknownDocument         no document of that name is indexed
    ├── CorpusUnavailable       the corpus folder does not exist or cannot be opened
    ├── CorpusShrunk            most documents are gone: on purpose, or is the folder not mounted?
    ├── BadQuestion             a question is empty or too long
    ├── ModelUnavailable        a model is missing, damaged, or not the one asked for
    ├── IndexUnavailable        there is no generation to answer from
    │   ├── IndexMissing        nothing has been indexed yet
    │   ├── IndexGone           what answered a moment ago is no longer there
    │   ├── IndexMismatch       it was made with another model or other prompts than are set
    │   │   ├── IndexOutdated   it was made by an older version of this program, or of the weights
    │   │   │                   of the same model: a reindex reads everything anew
    │   │   └── IndexNewer      it was made by a later version of this program
    │   ├── IndexDamaged        a file is missing, cut off or altered
    │   ├── IndexUnreadable     a file may be sound, but a right or a resource to open it is missing
    │   ├── DatabaseUnavailable the server that the index is on does not answer
    │   └── IndexRemoved        this generation was removed on the server while it was asked
    ├── IndexBusy               another process is reindexing
    ├── IndexNotWritten         the disk is full or read-only; the last generation still answers
    ├── IndexNotMoved           there is another index where one is to be moved to
    ├── IndexNotDivided         it cannot be divided over the servers that were named
    ├── NothingToRollBack       there is no earlier generation to return to
    ├── BadEvaluationSet        an evaluation set cannot be read
    └── ExcerptMismatch         a defect: an excerpt is not what its document says

A message is one or two sentences for a person: what is wrong, and what to do. Facts that a caller
may act on are attributes. A library's exception is translated where the library is called.
"""

from __future__ import annotations

from pathlib import Path


class BriefingError(Exception):
    """Root of the tree; `str(error)` is fit to be shown to a person."""


class UnreadableDocument(BriefingError):
    """`reason` completes the sentence "<name> was not read: <reason>".

    `unopened` is true where the fault lies with the disk or a missing right, not with the file.
    """

    def __init__(self, reason: str, *, unopened: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.unopened = unopened


class DrawnTooLate(BriefingError):
    """The same picture may be there in time when it is asked for again."""

    def __init__(self) -> None:
        super().__init__(
            "The picture was not drawn in time, since there is much else to do. Ask again."
        )


class ParsingUnavailable(BriefingError):
    def __init__(self, problem: str) -> None:
        super().__init__(
            f"Documents cannot be read: the process that reads them does not work ({problem}). "
            "Allow this program to start processes, give it enough memory, then reindex again."
        )


class UnknownDocument(BriefingError):
    def __init__(self, name: str, similar: tuple[str, ...] = ()) -> None:
        hint = f" Did you mean {' or '.join(similar)}?" if similar else ""
        super().__init__(
            f"No document named {name!r} is indexed.{hint} "
            "Run `briefing-bot documents` to see them all."
        )
        self.name = name
        self.similar = similar


class CorpusUnavailable(BriefingError):
    def __init__(self, path: Path, problem: OSError) -> None:
        super().__init__(
            f"The corpus folder {path} cannot be opened ({problem.strerror or 'no such folder'}). "
            "Create or mount it, or set BRIEFING_CORPUS to where the documents are."
        )
        self.path = path


class CorpusShrunk(BriefingError):
    def __init__(self, corpus: Path, gone: int, known: int) -> None:
        super().__init__(
            f"{gone:,} of {known:,} documents are no longer in {corpus}, so nothing was changed. "
            "Is it mounted? If they were removed on purpose, run "
            "`briefing-bot reindex --drop-missing`."
        )
        self.gone = gone
        self.known = known


class BadQuestion(BriefingError):
    """The text cannot be taken as a question."""


class ModelUnavailable(BriefingError):
    def __init__(self, model: str, problem: str, remedy: str) -> None:
        super().__init__(f"The model {model} cannot be used: {problem}. {remedy}")
        self.model = model


class IndexUnavailable(BriefingError):
    """No generation can be opened; the subclasses say why."""


class IndexMissing(IndexUnavailable):
    """Nothing has been indexed at this place."""


class IndexGone(IndexUnavailable):
    def __init__(self, place: str) -> None:
        super().__init__(
            f"The index in {place} is gone, though it answered before. Put it back, or run "
            "`briefing-bot reindex` to build it anew."
        )


class IndexMismatch(IndexUnavailable):
    _remedy = (
        "If that is on purpose, run `briefing-bot reindex --full` to build it anew; otherwise "
        "change the setting back."
    )

    def __init__(self, what: str, expected: object, found: object) -> None:
        super().__init__(
            f"The index was made with {what} {found}, but {expected} is in use. {self._remedy}"
        )
        self.expected = expected
        self.found = found


class IndexOutdated(IndexMismatch):
    _remedy = "Run `briefing-bot reindex`, which reads all documents anew."


class IndexNewer(IndexMismatch):
    _remedy = (
        "It was made by a later version of this program: install that version, or run "
        "`briefing-bot reindex --full` to build the index anew with this one."
    )


class IndexDamaged(IndexUnavailable):
    def __init__(self, path: str, problem: str) -> None:
        super().__init__(
            f"The index is damaged: {path} {problem}. Run `briefing-bot reindex --rollback` to go "
            "back one generation, or `briefing-bot reindex --full` to build it anew."
        )
        self.path = path


class IndexUnreadable(IndexUnavailable):
    def __init__(self, path: str, problem: str) -> None:
        super().__init__(
            f"The index cannot be read: {path}: {problem}. It may well be sound. Let the user that "
            "runs this program read and write the index folder and all in it, and leave it memory, "
            "disk and open files."
        )
        self.path = path


class DatabaseUnavailable(IndexUnavailable):
    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The database cannot be used: {problem}. Nothing is lost; as soon as it answers, "
            "the bot does too."
        )
        self.problem = problem


class IndexRemoved(IndexUnavailable):
    def __init__(self, generation: int) -> None:
        super().__init__(
            f"Generation {generation} of the index was replaced meanwhile. Please try again."
        )


class IndexBusy(BriefingError):
    """Another process holds the lock of the index folder."""


class IndexNotWritten(BriefingError):
    def __init__(self, path: str, problem: str) -> None:
        super().__init__(
            f"The new index could not be written to {path}: {problem}. The last generation still "
            "answers; make room or allow writing there, then reindex again."
        )
        self.path = path


class IndexNotMoved(BriefingError):
    def __init__(self, place: str) -> None:
        super().__init__(
            f"There is an index in {place} already, and not the one that is to be moved there. "
            "Nothing was changed; remove it, then move again."
        )


class IndexNotDivided(BriefingError):
    def __init__(self, problem: str) -> None:
        super().__init__(f"The index was not divided, and nothing was changed: {problem}.")


class NothingToRollBack(BriefingError):
    """There is no earlier generation to return to."""


class BadEvaluationSet(BriefingError):
    """An evaluation set is missing or malformed."""


class ExcerptMismatch(BriefingError):
    """A defect in this program: the excerpt must not be shown."""
