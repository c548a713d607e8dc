"""One stream of lines on the standard error: ours, discord.py's, and every other library's.

A line is for whoever runs the bot, who need not be allowed to read what people ask or what the
documents say. So of an exception only its kind and its place are logged, as its message may hold
any text; tokens are cut out; and nothing in a line can pass for another one.
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

__all__ = ["described", "formatter", "log_to_stderr", "traceback_of"]

_SPEAK = (OSError, aiohttp.ClientError, IndexUnavailable, RecordsUnavailable)
"""Their messages are about the machine and the network, and are needed to mend what is wrong."""
_BLOCKS = ("exception", "stack")
"""Fields of several lines."""
_SHORTEST_SECRET = 8
_TOKENS = re.compile(
    r"[\w-]{18,}\.[\w-]{6,}\.[\w-]{25,}"  # a bot's
    r"|(?<=interactions/)\d+/[\w-]{20,}|(?<=webhooks/)\d+/[\w-]{20,}"  # in an address
)
_REDACTED = "[redacted]"


def log_to_stderr(
    form: LogForm | None, *, debug: bool = False, secrets: Collection[str] = ()
) -> None:
    """Once, at the start. Without a `form`, people at a terminal get "human", machines "json"."""
    form = form or ("human" if sys.stderr.isatty() else "json")
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(form, secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    if debug:
        for own in ("bot", "index"):  # at DEBUG, libraries show content
            logging.getLogger(own).setLevel(logging.DEBUG)
    # None of them says anything at INFO that a person on call wants.
    for chatty in ("discord", "asyncio", "watchfiles"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # Python itself would print the messages of these.
    threading.excepthook = lambda found: _uncaught(found.exc_value)
    sys.unraisablehook = lambda found: _uncaught(found.exc_value)
    # The bot has no voice, so nobody needs to be told what that would take.
    discord_log = logging.getLogger("discord.client")
    discord_log.addFilter(lambda record: "voice will NOT" not in record.getMessage())


def _uncaught(error: BaseException | None) -> None:
    logging.getLogger(__name__).error("Nobody caught an error", exc_info=error)


def formatter(form: LogForm, secrets: Collection[str] = ()) -> logging.Formatter:
    """Makes one line of a record; with "human", its traceback follows, indented."""
    human = form == "human"
    moment = TimeStamper("%Y-%m-%d %H:%M:%S", utc=False) if human else TimeStamper("iso")
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
        record = logging.makeLogRecord(record.__dict__)  # other handlers have the same one
        if isinstance(record.args, tuple):
            record.args = tuple(
                described(arg) if isinstance(arg, BaseException) else arg for arg in record.args
            )
        if record.name == "asyncio":  # what follows is tasks with their exceptions' messages
            record.msg, record.args = record.getMessage().partition("\n")[0], ()
        return super().format(record)


def _without_messages(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if found := event.pop("exc_info", None):
        event["exception"] = "\n".join(traceback_of(found[1]))
    return event


def traceback_of(error: BaseException | None) -> Iterator[str]:
    """What led to what, the first cause first, as Python prints it but for the messages."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for one in reversed(chain):
        for frame in traceback.format_tb(one.__traceback__):
            yield from frame.rstrip("\n").split("\n")
        yield described(one)


def described(error: BaseException) -> str:
    """Its kind; its message only where that is about the machine."""
    name = type(error).__qualname__
    if isinstance(error, _SPEAK) and str(error):
        return f"{name}: {error}"
    # Discord's refusals, above all.
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
    """The last step, so that nothing comes after it. A short secret would tear words apart, and
    is none that Discord gives."""
    known = [secret for secret in secrets if len(secret) >= _SHORTEST_SECRET]

    def redacted(_: WrappedLogger, __: str, line: object) -> str:
        text = str(line)
        for secret in known:
            text = text.replace(secret, _REDACTED)
        return _TOKENS.sub(_REDACTED, text)

    return redacted
