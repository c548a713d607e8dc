"""After an update: an index that an older version made is made anew, without anybody's asking."""

from __future__ import annotations

import logging

from bot.app.services import Services
from index.errors import BriefingError, IndexOutdated, IndexUnavailable

__all__ = ["rebuild_outdated"]

_log = logging.getLogger(__name__)


def rebuild_outdated(services: Services) -> None:
    """Reindexes if the index is of an older version, and logs what came of it; raises nothing.

    Not if it was made by another model, as set: that may be a mistake of who started this process,
    and the index may be answering for another one. Blocks its caller, which is a worker thread.
    """
    try:
        if not _is_outdated(services):
            return
        report = services.reindexing.run()
        _log.info("The index was made anew: generation %s", report.generation)
    except BriefingError as exc:
        if not services.reindexing.stopped:
            _log.error("The index of an older version was not made anew: %s", exc)
    except Exception:
        _log.exception("The index of an older version was not made anew")


def _is_outdated(services: Services) -> bool:
    try:
        services.live.generation()
    except IndexOutdated as exc:
        _log.warning("The index is of an older version; all documents are read anew: %s", exc)
        return True
    except IndexUnavailable:  # whoever asks is told
        pass
    return False
