"""The bot's token: from the environment or `.env`, else from a file that only the bot can read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from bot import messages
from bot.config.files import text_of
from bot.config.settings import PREFIX, Settings
from bot.errors import NoToken
from bot.localization import LazyText, _

TOKEN_MALFORMED = LazyText(
    "DISCORD_TOKEN is not what a bot's token looks like, three parts with dots between "
    "them. Copy it from your application's page (Bot, Reset Token); it is not the client "
    "secret."
)

_NAME, _CREDENTIAL = "DISCORD_TOKEN", "discord_token"
_FORM = re.compile(r"[\w-]{18,}\.[\w-]{6,}\.[\w-]{25,}", re.ASCII)
_OTHER_NAMES = frozenset({"TOKEN", "BOTTOKEN", "DISCORDBOTTOKEN", "BOTDISCORDTOKEN"})
_LIKE = 0.8
_ASSIGNED = re.compile(r"^[^\S\n]*(?:export[^\S\n]+)?(\w[\w.-]*)[^\S\n]*=[^\S\n]*\S", re.MULTILINE)


def token_of(settings: Settings) -> str:
    """Return the token; raises NoToken, which names what may have been meant for it.

    DISCORD_TOKEN counts before DISCORD_TOKEN_FILE, and that before a credential of systemd.
    """
    secret = settings.discord_token
    if secret and (token := secret.get_secret_value().strip()):
        return token
    if path := _file(settings):
        return _read(path)
    name = next(_mistyped(), "")
    if not name:
        raise NoToken(messages.TOKEN_MISSING)
    raise NoToken(
        _("DISCORD_TOKEN is not set, but {name} is. If that is the token, rename it.").format(
            name=name
        )
    )


def has_token(settings: Settings) -> bool:
    """Return whether there is a token, or a file that should hold it."""
    secret = settings.discord_token
    return bool(secret and secret.get_secret_value().strip()) or _file(settings) is not None


def require_form(token: str) -> None:
    """Raise NoToken for what cannot be a token, so that it is sent to nobody."""
    if not _FORM.fullmatch(token):
        raise NoToken(TOKEN_MALFORMED)


def _file(settings: Settings) -> Path | None:
    if settings.discord_token_file:
        return settings.discord_token_file
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    path = Path(folder, _CREDENTIAL) if folder else None
    return path if path and path.exists() else None


def _read(path: Path) -> str:
    try:
        token = text_of(path).strip()
    except OSError as exc:
        sentence = _("The file of the token {path} cannot be read: {reason}.")
        raise NoToken(sentence.format(path=path, reason=exc.strerror)) from exc
    except UnicodeDecodeError as exc:
        raise NoToken(TOKEN_MALFORMED) from exc
    if not token:
        raise NoToken(_("The file of the token {path} is empty.").format(path=path))
    return token


def _mistyped() -> Iterator[str]:
    """Yield names in the environment and in .env that may have been meant as DISCORD_TOKEN."""
    wanted = _letters(_NAME)
    for name in (*(name for name, value in os.environ.items() if value), *_names_in_env_file()):
        letters = _letters(name)
        like = SequenceMatcher(None, letters, wanted).ratio() >= _LIKE
        if name != _NAME and (letters in _OTHER_NAMES or like):
            yield name


def _names_in_env_file() -> list[str]:
    try:
        return _ASSIGNED.findall(text_of(Path(".env")))
    except (OSError, UnicodeDecodeError):
        return []


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name.upper().removeprefix(PREFIX))
