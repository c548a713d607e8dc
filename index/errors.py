"""Everything the engine raises on purpose.

    BriefingError
    ├── UnreadableDocument      one file cannot be read; the others go on
    ├── ParsingUnavailable      the process that reads files cannot be started: no file is read
    ├── UnknownDocument         no document of that name is indexed
    ├── CorpusUnavailable       the corpus folder is not there or cannot be opened
    ├── CorpusShrunk            most documents are gone from the corpus: meant, or a lost mount?
    ├── BadQuestion             empty, or too long to be a question
    ├── ModelUnavailable        a model is missing, damaged, or not the one asked for
    ├── IndexUnavailable        there is no generation to answer from
    │   ├── IndexMissing        nothing was indexed yet
    │   ├── IndexMismatch       made by another model or with other prompts, as set
    │   │   ├── IndexOutdated   made by an older version, of this program or of the weights of
    │   │   │                   the same model: a reindex reads everything anew
    │   │   └── IndexNewer      made by a later version
    │   └── IndexDamaged        a file is missing, cut off or altered
    ├── IndexBusy               another process is reindexing
    ├── IndexNotWritten         full or read-only disk; the old generation stands
    ├── NothingToRollBack       there is no earlier generation
    ├── BadEvaluationSet        an evaluation set cannot be read
    └── ExcerptMismatch         a defect: an excerpt is not what the document says

A message is one or two sentences for a person: what is wrong, and what to do. Facts that a caller
may want to act on are attributes. A library's exception is translated where the library is called.
"""

from __future__ import annotations

from pathlib import Path

__all__ = [
    "BadEvaluationSet",
    "BadQuestion",
    "BriefingError",
    "CorpusShrunk",
    "CorpusUnavailable",
    "ExcerptMismatch",
    "IndexBusy",
    "IndexDamaged",
    "IndexMismatch",
    "IndexMissing",
    "IndexNewer",
    "IndexNotWritten",
    "IndexOutdated",
    "IndexUnavailable",
    "ModelUnavailable",
    "NothingToRollBack",
    "ParsingUnavailable",
    "UnknownDocument",
    "UnreadableDocument",
]


class BriefingError(Exception):
    """Root of the tree; `str(error)` is fit to be shown to a person."""


class UnreadableDocument(BriefingError):
    """`reason` completes the sentence "<name> was not read: <reason>". `unopened` if that is no
    fault of the file as it is, but of the disk or a missing right."""

    def __init__(self, reason: str, *, unopened: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.unopened = unopened


class ParsingUnavailable(BriefingError):
    def __init__(self, problem: str) -> None:
        super().__init__(
            f"Documents cannot be read: the process that reads them cannot be used ({problem}). "
            "Allow this program to start processes, and give it memory, then reindex again."
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
            "Is it mounted? If they are meant to go, run `briefing-bot reindex --drop-missing`."
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


class IndexMismatch(IndexUnavailable):
    _remedy = (
        "If that is meant, run `briefing-bot reindex --full` to build it anew; else set it back."
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
        "It is of a later version of this program: install that one or a later, or run "
        "`briefing-bot reindex --full` to build the index anew with this one."
    )


class IndexDamaged(IndexUnavailable):
    def __init__(self, path: str, problem: str) -> None:
        super().__init__(
            f"The index is damaged: {path} {problem}. Run `briefing-bot reindex --rollback` to go "
            "back one generation, or `briefing-bot reindex --full` to build it anew."
        )
        self.path = path


class IndexBusy(BriefingError):
    """Another reindex holds the lock."""


class IndexNotWritten(BriefingError):
    def __init__(self, path: str, problem: str) -> None:
        super().__init__(
            f"The new index could not be written to {path}: {problem}. Nothing was changed and the "
            "last generation still answers; make room or allow writing there, then reindex again."
        )
        self.path = path


class NothingToRollBack(BriefingError):
    """There is no earlier generation to return to."""


class BadEvaluationSet(BriefingError):
    """An evaluation set is missing or malformed."""


class ExcerptMismatch(BriefingError):
    """A defect in this program: the excerpt must not be shown."""
