"""The settings: from the environment, else from the file `.env`, else the defaults.

Every key begins with BRIEFING_, but for DISCORD_TOKEN and DISCORD_TOKEN_FILE; other keys belong to
other programs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.clock import is_timezone
from bot.config.shard import Shard
from bot.config.wrong_values import wrong_value
from bot.errors import BadSettings
from bot.localization import _

if TYPE_CHECKING:
    from index.parsing import ParsingLimits, ParsingOptions

PREFIX = "BRIEFING_"

TOKEN_FIELDS = frozenset({"discord_token", "discord_token_file"})
"""Fields that no other process gets."""

LogForm = Literal["human", "json"]

_RENAMED = {
    "BRIEFING_RERANKER": "BRIEFING_READER",
    "BRIEFING_PASSAGES_READ": "BRIEFING_READ_PASSAGES",
}
"""What settings were called earlier, and what they are called now."""


def _unset(value: object) -> object:
    """Return None for `KEY=`, which means the same as no such line."""
    return None if value == "" else value


def _folder(value: object) -> object:
    if value == "":
        raise ValueError(_("a folder is needed"))
    return Path(value).expanduser() if isinstance(value, str) else value


_Folder = Annotated[Path, BeforeValidator(_folder)]


def _share(value: object) -> object:
    """Return `1 in 10` or `10%` as a number."""
    if not isinstance(value, str) or not value:
        return _unset(value)
    # A plain number comes from this program, in the environment of a reindex.
    found = re.fullmatch(r"\s*(?:(\d+) in (\d+)|(\d+(?:\.\d+)?) ?%|(0\.\d+))\s*", value)
    above, below = "0", "1"
    if found:
        above, below = found[1] or found[3] or found[4], found[2] or ("100" if found[3] else "1")
    if not 0 < 2 * float(above) <= float(below):
        raise ValueError(_("it must be a share such as '1 in 10' or '10%', of one half at most"))
    return float(above) / float(below)


_SIGN = r"(?:%[0-9a-fA-F]{2}|[^\s%@/?#])"
_HOST = r"(?:\[[^\s\[\]@]*\]|(?:%[0-9a-fA-F]{2}|[^\s%@/?#:,\[\]])*)(?::\d*)?"
_DATABASE_URL = re.compile(
    rf"postgres(?:ql)?://(?:{_SIGN}*@)?{_HOST}(?:,{_HOST})*(?:/{_SIGN}*)?(?:\?(?:{_SIGN}|/)*)?"
)


def _server(url: SecretStr) -> SecretStr:
    """Refuse a URL of which the server's driver would take a part of the password for the host.

    It names the host in its messages.
    """
    if not url.get_secret_value().startswith(("postgresql://", "postgres://")):
        raise ValueError(_("it must begin with postgresql://"))
    if not _DATABASE_URL.fullmatch(url.get_secret_value()):
        raise ValueError(
            _(
                "it is not a URL; in the user name and the password, signs other than letters, "
                "digits, '-', '.', '_' and '~' must be percent-encoded"
            )
        )
    return url


def _shard(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return Shard.parse(value or "1/1")
    except ValueError as exc:
        raise ValueError(_("it must be a share such as 2/4, the second of four")) from exc


def _listed(value: object) -> object:
    """Return `a, b` as a tuple."""
    if not isinstance(value, str):
        return value
    return tuple(part for part in (part.strip().lower() for part in value.split(",")) if part)


def _timezone(name: str) -> str:
    if not is_timezone(name):
        raise ValueError(_("it must be the name of a time zone, such as Europe/Oslo or UTC"))
    return name


Timezone = Annotated[str, AfterValidator(_timezone)]
"""The IANA name of a time zone."""

Language = Literal["en", "de", "nb"]
"""One of `bot.localization.LANGUAGES`."""


class Settings(BaseSettings):
    """All settings of the program; `.env.example` says what each one is for."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        dotenv_filtering="match_prefix",
        extra="forbid",
        frozen=True,
    )

    corpus: _Folder = Path("corpus")
    index: _Folder = Path(".index")
    model: str = Field(default="all-MiniLM-L6-v2", min_length=1)
    query_prompt: str | None = None
    passage_prompt: str | None = None
    reader: str = Field(default="briefing-reader", min_length=1)
    wrong_at_most: Annotated[float | None, BeforeValidator(_share)] = None
    read_passages: int = Field(default=6, ge=1, le=10)
    freshness: float = Field(default=0.5, ge=0, le=1)
    max_file_mb: int = Field(default=50, ge=1, le=1_000)
    max_pages: int = Field(default=5_000, ge=1, le=1_000_000)
    read_hidden: Annotated[
        tuple[Literal["notes", "comments", "deleted", "hidden"], ...],
        NoDecode,
        BeforeValidator(_listed),
    ] = ()
    ocr: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = ()
    offer_originals: Literal["all", "without-hidden", "none"] = "without-hidden"
    threads: Annotated[int | None, BeforeValidator(_unset)] = Field(default=None, ge=1, le=256)
    debug: bool = False
    wait_for_other: Annotated[int | None, BeforeValidator(_unset)] = Field(
        default=None, ge=1, le=3_600
    )
    database: Annotated[
        Annotated[SecretStr, AfterValidator(_server)] | None, BeforeValidator(_unset)
    ] = None
    database_replica: Annotated[
        Annotated[SecretStr, AfterValidator(_server)] | None, BeforeValidator(_unset)
    ] = None
    vector_search: Literal["bot", "server"] = "bot"
    shard: Annotated[Shard, NoDecode, BeforeValidator(_shard)] = Shard()
    records: _Folder = Path(".records")
    keep_questions_days: Annotated[int | None, BeforeValidator(_unset)] = Field(
        default=None, ge=1, le=3_650
    )
    keep_answers_days: int = Field(default=365, ge=1, le=3_650)
    keep_audit_days: Annotated[int | None, BeforeValidator(_unset)] = Field(
        default=None, ge=1, le=36_500
    )
    keep_changes_days: int = Field(default=365, ge=0, le=36_500)
    guilds: Annotated[Path | None, BeforeValidator(_unset)] = None
    policy: Annotated[Path | None, BeforeValidator(_unset)] = None
    most_waiting: int = Field(default=100, ge=1, le=10_000)
    per_person: int = Field(default=3, ge=1, le=100)
    per_minute: int = Field(default=20, ge=1, le=1_000)
    timezone: Timezone = "UTC"
    language: Language = "en"
    log: Annotated[LogForm | None, BeforeValidator(_unset)] = None
    watch_seconds: Annotated[int | None, BeforeValidator(_unset)] = Field(
        default=None, ge=1, le=3_600
    )
    http_port: Annotated[int | None, BeforeValidator(_unset)] = Field(default=None, ge=1, le=65_535)
    http_host: str = Field(default="127.0.0.1", min_length=1)
    discord_token: SecretStr | None = Field(default=None, validation_alias="DISCORD_TOKEN")
    discord_token_file: Annotated[Path | None, BeforeValidator(_unset)] = Field(
        default=None, validation_alias="DISCORD_TOKEN_FILE"
    )

    def environment(self) -> dict[str, str]:
        """Return the settings as variables for another process, without the token."""
        return {
            f"{PREFIX}{name.upper()}": _as_variable(value)
            for name in type(self).model_fields.keys() - TOKEN_FIELDS
            if (value := getattr(self, name)) is not None
        }

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what no log may show, beside the token."""
        known = (self.database, self.database_replica)
        urls = [each.get_secret_value() for each in known if each]
        found = (secret for url in urls for secret in (url, urlsplit(url).password))
        return tuple(secret for secret in found if secret)

    @property
    def records_place(self) -> Path | SecretStr:
        """Return where the records are: a file, or the URL of a server."""
        return self.database or self.records / "records.sqlite"

    @property
    def parsing_limits(self) -> ParsingLimits:
        """Return what a file may have at most to be read."""
        from index.parsing import ParsingLimits  # most commands read no file

        return ParsingLimits(max_bytes=self.max_file_mb * 1_000_000, max_pages=self.max_pages)

    @property
    def parsing_options(self) -> ParsingOptions:
        """Return what is read of a file beside the text that it shows."""
        from index.parsing import HiddenContent, ParsingOptions

        return ParsingOptions(frozenset(map(HiddenContent, self.read_hidden)), self.ocr)


def _as_variable(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ",".join(value) if isinstance(value, tuple) else str(value)


def load_settings() -> Settings:
    """Return the settings; raise BadSettings for an unknown key or a value that cannot be used."""
    _refuse_unknown(name for name in os.environ if name.upper().startswith(PREFIX))
    try:
        settings = Settings()
        _require_apart(settings)
    except ValidationError as exc:
        errors = exc.errors()
        _refuse_unknown(
            f"{PREFIX}{error['loc'][0]}" for error in errors if error["type"] == "extra_forbidden"
        )
        raise BadSettings(_sentence(str(errors[0]["loc"][0]), errors[0])) from exc
    except (OSError, UnicodeDecodeError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else _("it is not UTF-8 text")
        raise BadSettings(
            _("The settings file .env cannot be read: {reason}.").format(reason=reason)
        ) from exc
    return settings


def _require_apart(settings: Settings) -> None:
    """Raise BadSettings where what the bot writes would be read as documents of the team."""
    corpus = Path(os.path.realpath(settings.corpus))  # links that lead in a circle are no error
    for name in ("index", "records"):
        folder: Path = getattr(settings, name)
        lies_in = Path(os.path.realpath(folder))
        if not lies_in.is_relative_to(corpus):
            continue
        if not any(part.startswith(".") for part in lies_in.relative_to(corpus).parts):
            raise BadSettings(
                _(
                    "The setting {setting} names {folder}, which is in the folder of the documents "
                    "({corpus}): what the bot writes there would be read and shown as documents. "
                    "Name a folder outside of it."
                ).format(setting=f"{PREFIX}{name.upper()}", folder=folder, corpus=settings.corpus)
            )


def _refuse_unknown(names: Iterable[str]) -> None:
    """Raise BadSettings for the first name that is no setting, with the one that was meant."""
    known = {name.upper(): f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name in map(str.upper, TOKEN_FIELDS):
        known |= {name: name, name.removeprefix("DISCORD_"): name}
    for name in names:
        if new_name := _RENAMED.get(name.upper()):
            raise BadSettings(
                _(
                    "There is no setting {old} any more; it is called {new} now. Rename it in the "
                    "environment or in .env."
                ).format(old=name.upper(), new=new_name)
            )
        typed = name.upper().removeprefix(PREFIX)
        if known.get(typed) != name.upper():
            from difflib import get_close_matches

            near = get_close_matches(typed, sorted(known), n=1)
            meant = _(" (did you mean {name}?)").format(name=known[near[0]]) if near else ""
            raise BadSettings(
                _(
                    "There is no setting {name}{meant}. Correct or remove it in the environment "
                    "or in .env; .env.example lists them all."
                ).format(name=name.upper(), meant=meant)
            )


def _sentence(field: str, error: object) -> str:
    assert isinstance(error, dict)
    message = wrong_value(error)
    name = f"{PREFIX}{field.upper()}"
    if field in ("database", "database_replica"):  # it has a password
        return _("The setting {name} cannot be used: {message}.").format(name=name, message=message)
    return _("The setting {name} is {value!r}, but {message}.").format(
        name=name, value=error["input"], message=message
    )
