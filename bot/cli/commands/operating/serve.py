"""`run` and `demo`: the bot in Discord, and in a local page that looks like it."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.app import composition
from bot.cli.session import session_of
from bot.config.token import token_of

if TYPE_CHECKING:
    from bot.config.guilds import GuildBook
    from bot.discord.gateway.client import BriefingBot
    from bot.services import Services


def run(
    context: typer.Context,
    sync: Annotated[
        bool, typer.Option("--sync", help="Tell Discord of the commands, changed or not.")
    ] = False,
) -> None:
    """Connect to Discord and answer there until stopped. Needs a token.

    It is in DISCORD_TOKEN, or in the file that DISCORD_TOKEN_FILE names. Of two with the same
    records, the second ends, or waits for BRIEFING_WAIT_FOR_OTHER seconds; with BRIEFING_DATABASE
    it stands by for as long as it takes.
    """
    session = session_of(context)
    secret = token_of(session.settings)
    with suppress(AttributeError):  # Windows has no such signal
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until it means reading the policy anew
    from bot.observing.logs import log_to_stderr
    from bot.observing.state_log import log_start

    log_to_stderr(
        session.settings.log, debug=session.debug, secrets=[secret, *session.settings.secrets]
    )
    log_start(session.settings)
    # Only for the first connection: a bot that reconnects has the same commands.
    anyway = [sync]

    def load() -> Services:
        return composition.services(session.settings)

    def build(services: Services) -> BriefingBot:
        return composition.discord_bot(services, sync_anyway=bool(anyway and anyway.pop()))

    from bot.records.databases.one_instance import one_instance

    settings = session.settings
    alone: AbstractContextManager[None] = nullcontext()
    if settings.database is None:
        alone = one_instance(settings.records, patience=settings.wait_for_other or 0)
    with alone:
        from bot.discord.gateway.serving import load_and_serve

        # In this thread, since a thread inherits the cores of the one that starts it.
        composition.keep_to_cores(settings.threads)
        turn = composition.share_lock(settings)
        asyncio.run(load_and_serve(settings, load, build, secret, turn=turn))


def demo(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Of the local page; 0 takes any that is free.")
    ] = 0,
) -> None:
    """Try the real bot in a page on this machine that looks like Discord; needs no account."""
    from bot.demo.page import copy_settings, run_demo
    from bot.demo.update import prepare
    from bot.observing.logs import log_to_stderr

    session = session_of(context)
    log_to_stderr(session.settings.log, debug=session.debug)
    with tempfile.TemporaryDirectory() as folder:
        settings = copy_settings(session.settings, Path(folder))
        prepare(settings, say=session.screen.note)

        def build(guilds: GuildBook) -> BriefingBot:
            return composition.discord_bot(composition.services(settings, guilds=guilds))

        run_demo(build, port=port, say=session.screen.note)
