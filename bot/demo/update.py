"""An update in the demo's copy of the sample documents: what is new, and what is yet to come.

The index of the demo begins with the documents as they once were, so that there is something to
tell of what changed; one document on the disk is newer than the index, so that an admin's
`/reindex` changes answers that people watch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.config.settings import Settings
from bot.documents.reindexing.process import ReindexProcess
from bot.localization import _

_GUIDE = "operations/field-office-guide.md"
_COMES = "operations/duty-officers-2026-11.md"
"""What was not there yet."""
_IS_STILL = {"up to 400 euros": "up to 300 euros"}
"""What the index says of the guide when the demo begins, in the place of what lies on the disk."""
_WAS = _IS_STILL | {
    "for five nights at most": "for three nights at most",
    "collected on Wednesdays": "collected on Fridays",
}


def _reindex(settings: Settings) -> None:
    reindexing = ReindexProcess(settings)
    reindexing.run()
    reindexing.stop()


def prepare(
    settings: Settings,
    reindex: Callable[[Settings], object] = _reindex,
    say: Callable[[str], object] = lambda _: None,
) -> None:
    """Index the copied sample documents twice: as they were, and as they are but for what waits.

    Documents of others stay as they are.
    """
    corpus = settings.corpus
    try:
        now = {name: (corpus / name).read_text(encoding="utf-8") for name in (_GUIDE, _COMES)}
    except OSError:  # not our sample
        return
    say(_("One moment: an update of the sample documents is made ready."))
    try:
        (corpus / _COMES).unlink()
        (corpus / _GUIDE).write_text(_with(now[_GUIDE], _WAS), encoding="utf-8")
        # Without a history, or what is taken back here would count as a change.
        reindex(settings.model_copy(update={"keep_changes_days": 0}))
        (corpus / _COMES).write_text(now[_COMES], encoding="utf-8")
        (corpus / _GUIDE).write_text(_with(now[_GUIDE], _IS_STILL), encoding="utf-8")
        reindex(settings)
    finally:
        for name, text in now.items():
            (corpus / name).write_text(text, encoding="utf-8")


def _with(text: str, edits: Mapping[str, str]) -> str:
    for now, then in edits.items():
        text = text.replace(now, then)
    return text
