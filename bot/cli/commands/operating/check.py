"""`check`: whether all that is needed is here, and what to do if not."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot.check_results import CheckResult
from bot.cli.output import report
from bot.cli.output.as_json import index as index_as_json
from bot.cli.session import AsJson, session_of
from bot.config.settings import Settings
from bot.config.token import require_form, token_of
from bot.errors import NoToken
from bot.localization import _


def check(
    context: typer.Context,
    json: AsJson = False,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask Discord.")] = False,
) -> None:
    """Check that all that is needed is here; the exit code is 1 if something is missing.

    That is what `briefing-bot run` needs, the token included. Discord is asked what the bot may do
    in each channel. Who can see a document, and
    what somebody can see, is told by `briefing-bot audience`.
    """
    from bot.app.checks import find_all

    session = session_of(context)
    found = list(find_all(session.settings))
    if offline:
        found.append(_token(session.settings))
    else:
        from bot.discord.rest.preflight import find_in_discord

        found += asyncio.run(find_in_discord(session.settings))
    session.tell(index_as_json.findings, report.findings, found, json=json)
    if any(finding.needed and not finding.ok for finding in found):
        raise typer.Exit(1)


def _token(settings: Settings) -> CheckResult:
    try:
        require_form(token_of(settings))
    except NoToken as exc:
        return CheckResult("Token", False, str(exc))
    return CheckResult("Token", True, _("there is one; Discord was not asked about it"))
