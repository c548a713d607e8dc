"""`gaps`: what people asked in vain, and where the answers would belong."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.app import composition
from bot.cli.output.gaps import gaps_json, listed
from bot.cli.session import AsJson, Session, session_of
from bot.clock import utc_now
from bot.errors import UnknownGap
from bot.localization import _

if TYPE_CHECKING:
    from bot.chat.belonging import Nearest
    from bot.records import Records
    from bot.records.unanswered import Gap

_MOST = 1_000
"""Questions that are put together, the newest ones."""


def gaps(
    context: typer.Context,
    days: Annotated[
        int, typer.Option("--days", metavar="N", min=1, max=365, help="Of how many days.")
    ] = 30,
    most: Annotated[
        int, typer.Option("--most", metavar="N", min=1, help="So many, the most frequent first.")
    ] = 20,
    done: Annotated[
        int | None,
        typer.Option("--done", metavar="ID", help="Settle one, so that it is not listed again."),
    ] = None,
    json: AsJson = False,
) -> None:
    """List what people asked in vain, put together by what they asked, the most frequent first.

    Beside each stands the place in the documents where its answer would belong, and whether
    anything close is there. What only its asker saw is left out, and so is what its asker deleted.
    One that is done comes back when somebody asks it again. BRIEFING_KEEP_QUESTIONS_DAYS says for
    how long questions are kept; without it there are none.
    """
    session = session_of(context)
    if session.settings.keep_questions_days is None:
        session.screen.note(
            _(
                "Questions are not kept, so there is nothing to list. The setting "
                "BRIEFING_KEEP_QUESTIONS_DAYS keeps them from then on."
            )
        )
    with session.records() as records:
        found = _found(session, records, days)
        if done is not None:
            gap = next((gap for gap in found if done in [one.id for one in gap.exchanges]), None)
            if gap is None:
                raise UnknownGap(done)
            records.closed_gaps.settle([each.id for each in gap.exchanges])
            session.screen.note(_("Done. It is listed again when somebody asks it again."))
            return
    shown = [(gap, _place(session, gap)) for gap in found[:most]]
    session.tell(gaps_json, listed, shown, len(found), json=json, fill=False)


def _found(session: Session, records: Records, days: int) -> list[Gap]:
    """Return the open gaps; the model is loaded where there are questions alone."""
    from bot.records.unanswered import gaps_in

    generation = composition.current_generation(session.settings).generation()
    documents = frozenset(generation.catalog.document_names())
    closed = records.closed_gaps.closed_by(documents)
    questions = [
        each
        for each in records.unsatisfied_anywhere(utc_now() - timedelta(days=days))
        if each.exchange.id not in closed
    ]
    if not questions:
        return []
    # Without the server: what people asked is not put on a queue for workers.
    here = session.reindexer_for(session.settings.model_copy(update={"database": None}))
    return gaps_in(questions[-_MOST:], here.embedder())


def _place(session: Session, gap: Gap) -> Nearest | None:
    from bot.chat.belonging import nearest_of

    return nearest_of(session.engine().search(gap.question, 3))
