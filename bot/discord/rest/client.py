"""Discord over REST alone, without the gateway, so that a running bot is not disturbed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord

from bot import messages
from bot.config.settings import Settings
from bot.config.token import require_form, token_of
from bot.errors import NoToken
from bot.localization import _
from index.errors import BriefingError

_PATIENCE = 12.0
"""Seconds for all requests together."""


class DiscordUnanswered(BriefingError):
    """Discord cannot be reached, or its answer cannot be used; `why` says it in a few words."""

    def __init__(self, why: str) -> None:
        super().__init__(_("Discord cannot be asked ({why}).").format(why=why))
        self.why = why


@asynccontextmanager
async def over_rest(settings: Settings) -> AsyncIterator[discord.Client]:
    """Log in as the bot for a few seconds.

    Raises NoToken and DiscordUnanswered, also for requests within; neither contains the token.
    """
    token = token_of(settings)
    require_form(token)
    try:
        async with asyncio.timeout(_PATIENCE), _client() as client:
            await client.login(token)
            yield client
    except discord.LoginFailure as exc:
        raise NoToken(messages.TOKEN_REFUSED) from exc
    except TimeoutError as exc:
        raise DiscordUnanswered(
            _("nothing came within {n:.0f} seconds").format(n=_PATIENCE)
        ) from exc
    except discord.HTTPException as exc:
        raise DiscordUnanswered(
            _("it answers with status {status}").format(status=exc.status)
        ) from exc
    except (aiohttp.ClientError, OSError, discord.DiscordException) as exc:
        raise DiscordUnanswered(str(exc) or type(exc).__name__) from exc


def _client() -> discord.Client:
    return discord.Client(intents=discord.Intents(guilds=True))
