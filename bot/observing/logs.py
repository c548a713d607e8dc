"""Log: one stream of lines on the standard error, from us and from every library.

Its readers run the bot, and may not be allowed to read questions or documents. So of an exception
only its class and its place are logged, since its message may hold any text. Tokens are removed,
and no text can look like a line of its own.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Collection, Iterator

import aiohttp
from structlog.contextvars import merge_contextvars
from structlog.processors import JSONRenderer, TimeStamper
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.config.settings import LogForm
from bot.errors import RecordsUnavailable
from bot.text import visible_line
from index.errors import IndexUnavailable

_SPEAK = (OSError, aiohttp.ClientError, IndexUnavailable, RecordsUnavailable)
"""Exceptions whose messages are about the machine and the network, and are logged."""
_BLOCKS = ("exception", "stack")
"""Fields that have several lines."""
_SHORTEST_SECRET = 8
_TOKENS = re.compile(
    r"(?<![\w-])[\w-]{18,}\.[\w-]{6,}\.[\w-]{25,}"  # a bot's
    r"|(?<=interactions/)\d+/[\w-]{20,}|(?<=webhooks/)\d+/[\w-]{20,}"  # in an address
)
_REDACTED = "[redacted]"


def log_to_stderr(
    form: LogForm | None, *, debug: bool = False, secrets: Collection[str] = ()
) -> None:
    """Set up the log, once, at the start. Without a `form`: "human" at a terminal, else "json"."""
    form = form or ("human" if sys.stderr.isatty() else "json")
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(form, secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    if debug:
        for own in ("bot", "index"):  # not libraries, which log content at DEBUG
            logging.getLogger(own).setLevel(logging.DEBUG)
    # Nothing that they log at INFO helps a person on call.
    for chatty in ("discord", "asyncio", "watchfiles"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # What it says at WARNING, each second while a server is away, is said once by whoever needs it.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    # Otherwise Python would print the messages of these exceptions.
    threading.excepthook = lambda found: _uncaught(found.exc_value)
    sys.unraisablehook = lambda found: _uncaught(found.exc_value)
    # The bot never uses voice, so this warning is of no use.
    discord_log = logging.getLogger("discord.client")
    discord_log.addFilter(lambda record: "voice will NOT" not in record.getMessage())


def _uncaught(error: BaseException | None) -> None:
    logging.getLogger(__name__).error("An error was not handled", exc_info=error)


def formatter(form: LogForm, secrets: Collection[str] = ()) -> logging.Formatter:
    """Return a formatter that makes one line of a record; "human" adds the traceback, indented."""
    human = form == "human"
    moment = TimeStamper("%Y-%m-%d %H:%M:%S%z", utc=False) if human else TimeStamper("iso")
    return _Formatter(
        foreign_pre_chain=[
            moment,
            add_log_level,
            add_logger_name,
            merge_contextvars,
            ExtraAdder(),
            _without_messages,
        ],
        processors=[
            ProcessorFormatter.remove_processors_meta,
            _human if human else JSONRenderer(),
            _redacting(secrets),
        ],
    )


class _Formatter(ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        record = logging.makeLogRecord(
            record.__dict__
        )  # a copy, since other handlers get the same record
        if isinstance(record.args, tuple):
            record.args = tuple(
                describe_error(arg) if isinstance(arg, BaseException) else arg
                for arg in record.args
            )
        if (
            record.name == "asyncio"
        ):  # the other lines show tasks with the messages of their exceptions
            record.msg, record.args = record.getMessage().partition("\n")[0], ()
        return super().format(record)


def _without_messages(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if found := event.pop("exc_info", None):
        event["exception"] = "\n".join(traceback_of(found[1]))
    return event


def traceback_of(error: BaseException | None) -> Iterator[str]:
    """Yield the lines of a traceback, the first cause first, without messages."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for one in reversed(chain):
        for frame in traceback.format_tb(one.__traceback__):
            yield from frame.rstrip("\n").split("\n")
        yield describe_error(one)


def describe_error(error: BaseException) -> str:
    """Return the class of an error, with its message only where that is about the machine."""
    name = type(error).__qualname__
    if isinstance(error, _SPEAK) and str(error):
        return f"{name}: {error}"
    # Above all for Discord's refusals.
    numbers = [
        f"{what} {number}"
        for what in ("status", "code")
        if isinstance(number := getattr(error, what, None), int)
    ]
    return f"{name} ({', '.join(numbers)})" if numbers else name


def _human(_: WrappedLogger, __: str, event: EventDict) -> str:
    blocks = [event.pop(name) for name in _BLOCKS if name in event]
    head = [event.pop(name) for name in ("timestamp", "level", "logger", "event")]
    line = f"{head[0]} {head[1].upper():<7} {head[2]}: {visible_line(head[3])}"
    fields = [f"{name}={visible_line(str(value))}" for name, value in event.items()]
    rest = [f"    {visible_line(line)}" for block in blocks for line in block.splitlines()]
    return "\n".join([" ".join([line, *fields]), *rest])


def _redacting(secrets: Collection[str]) -> Processor:
    """Return the last step of the formatter, which removes secrets.

    Not those that are too short to be Discord's: they would be found inside of words.
    """
    known = [secret for secret in secrets if len(secret) >= _SHORTEST_SECRET]

    def redacted(_: WrappedLogger, __: str, line: object) -> str:
        text = str(line)
        for secret in known:
            text = text.replace(secret, _REDACTED)
        return _TOKENS.sub(_REDACTED, text)

    return redacted
