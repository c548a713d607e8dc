"""`questions`: a file of the questions that people asked and rated, for `eval`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from bot import messages
from bot.cli.output.screen import json_line
from bot.cli.session import session_of
from bot.errors import OutputNotWritten
from bot.localization import _

_KEYS = ("question", "document", "excerpt", "answerable")
_PERSON = re.compile(r"<@[!&]?\d+>")


def questions(
    context: typer.Context,
    out: Annotated[
        Path, typer.Argument(metavar="OUT.jsonl", help="The file to write; there must be none yet.")
    ],
) -> None:
    """Write the questions that were rated or not surely answered, for `eval` to ask again.

    One whose answer was marked up expects what it quoted first. The others say nothing yet: put
    true or false under `answerable`, and where it is true, the document and words of it. Questions
    whose answer only the asker saw are left out. BRIEFING_KEEP_QUESTIONS_DAYS says for how long
    questions are kept; without it there are none to write.
    """
    session = session_of(context)
    if session.settings.keep_questions_days is None:
        session.screen.note(
            _(
                "Questions are not kept, so nothing was written. The setting "
                "BRIEFING_KEEP_QUESTIONS_DAYS keeps them from then on."
            )
        )
        return
    rows = []
    if session.has_records():
        with session.records() as records:
            rows = _distinct(records.export())
    if rows:
        _write(out, "".join(f"{json_line(row)}\n" for row in rows))
    known = sum(row["answerable"] is True for row in rows)
    session.screen.note(
        _("{out} has {questions}, {known:,} of them with what to expect.").format(
            out=out, questions=messages.questions(len(rows)), known=known
        )
        if rows
        else _("No question was rated, and none was left open, so nothing was written.")
    )


def _distinct(exported: Iterable[dict[str, object]]) -> list[dict[str, object]]:
    """Return each question once, in the order of its first asking.

    Of several answers that were marked up, the last one counts.
    """
    rows: dict[str, dict[str, object]] = {}
    for found in exported:
        question = _PERSON.sub("somebody", str(found["question"]))
        row = {**dict.fromkeys(_KEYS), **found, "question": question}
        if row["answerable"] or question not in rows:
            rows[question] = row
    return list(rows.values())


def _write(path: Path, text: str) -> None:
    """Write a new file that only this user can read, as the records.

    An existing file is never overwritten: somebody may have filled it in by hand.
    """
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(text, encoding="utf-8")
    except FileExistsError as exc:
        raise OutputNotWritten(
            _("{path} is there already; name another file.").format(path=path)
        ) from exc
    except OSError as exc:
        raise OutputNotWritten(messages.not_written(path=path, reason=exc.strerror)) from exc
