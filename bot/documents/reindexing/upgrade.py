"""The rebuild, at the start, of an index that an older version made."""

from __future__ import annotations

import logging

from bot.documents.reindexing.process import ReindexProcess
from index.errors import BriefingError, IndexOutdated, IndexUnavailable
from index.store.current import CurrentGeneration

_log = logging.getLogger(__name__)


def rebuild_outdated(current: CurrentGeneration, reindexing: ReindexProcess) -> None:
    """Reindex if an older version made the index, and log the result; raise nothing.

    An index that was made by another model, as set, is left alone: the setting may be a mistake,
    and the index may be answering for another process. Blocks its caller, which is a worker thread.
    """
    try:
        if not _is_outdated(current):
            return
        report = reindexing.run()
        _log.info("The index was made anew: generation %s", report.generation)
    except BriefingError as exc:
        if not reindexing.stopped:
            _log.error("The index of an older version was not made anew: %s", exc)
    except Exception:
        _log.exception("The index of an older version was not made anew")


def _is_outdated(current: CurrentGeneration) -> bool:
    try:
        current.generation()
    except IndexOutdated as exc:
        _log.warning("The index is of an older version; all documents are read anew: %s", exc)
        return True
    except IndexUnavailable:  # the next question gets the reason as its answer
        pass
    return False
