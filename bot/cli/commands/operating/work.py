"""`work`: parses and embeds documents for reindexes that run elsewhere."""

from __future__ import annotations

import asyncio

import typer

from bot.app import composition
from bot.cli.session import session_of


def work(context: typer.Context) -> None:
    """Take files off the queue on the server of BRIEFING_DATABASE, until stopped.

    As many may run as you like, on as many machines, each with the same documents at its own
    BRIEFING_CORPUS. A file is parsed once; what a worker that is killed had begun, another gets.
    """
    from bot.observing.logs import log_to_stderr

    session = session_of(context)
    settings = session.settings
    log_to_stderr(settings.log, debug=session.debug, secrets=settings.secrets)
    asyncio.run(composition.worker(settings).run())
