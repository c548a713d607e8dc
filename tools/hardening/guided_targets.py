"""What a coverage-guided search gives inputs to: what people type, write and send."""

from __future__ import annotations

import asyncio
import io
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from bot.config.settings import Settings
from index.document import Document
from index.errors import BadQuestion, UnreadableDocument
from index.parsing import ParsingLimits
from index.parsing.draft import Source
from index.parsing.formats.mail import eml
from index.parsing.formats.markdown import parser as markdown
from index.parsing.options import ParsingOptions
from index.parsing.parser import parse_bytes
from index.parsing.sandbox.protocol import pack, receive, unpack
from index.rewriting import Turn
from testing.command import reindexer_of
from testing.crowd import read_questions
from testing.layouts import text_of
from testing.loopback import Loopback
from testing.loopback.payloads import ADA, ALICE, BOT, click, message, slash, submit
from testing.running import hears, running
from testing.services import BRIEFINGS, bot_of, engine_of, services_of, write_corpus
from testing.soundness import assert_sound
from tools.hardening.fuzz_seeds import seeds
from tools.hardening.process import QUESTIONS
from tools.hardening.soak.responses import Responses, Shared, planned
from tools.report import ROOT

Run = Callable[[bytes], object]
"""Takes an input; raises what nobody should meet."""

_TODAY = date(2026, 6, 15)
_TURNS = b"\n\n"
"""Between the questions of a conversation."""
_FORM = 9
"""What opens a form."""
_SETTLED = 50
"""Clicks after which what the loopback knows of them is forgotten."""
_IDS = (
    *("s:1:1", "e:1:1", "k:AAAAAAAAAAAA", "h:AAAAAAAAAAAA:9", "o:AAAAAAAAAAAA", "q:1:1", "l:1:a"),
    *("i:p:AAAAAAAAAAAA:0-99:00000000", "j:p0:AAAAAAAAAAAA:0-99:00000000", "m:1:1", "r:t1:1:1"),
    *("a:1:1", "f:1:up", "f:1:reason", "f:1:down", "v:1", "w:1", "w:again:1", "w:list:1", "y:not"),
    *("g:ask:1", "g:yes:1:0123456789abcdef", "g:no", "g:end:1", "g:ans:1", "n:on:1", "c:1"),
    *("z:c:1:AA:1", "z:d:1:AA:1", "z:p:AA:BB:1", "z:h:1:AA", "z:s:1:AA", "x:hp:ask", "x:drop"),
    *("x:sp:1", "x:od:1", "x:rb:1", "x:hl:1", "x:no", "x:cf:1", "x:cd:0123456789abcdef:1"),
    *("x:gp:30:1", "x:gd:1:30:1", "x:fd:1", "x:ro:AAAAAAAAAAAA", "x:rm:AAAAAAAAAAAA:00000000"),
    'n:as:list:topic:AAAAAAAAAAAA:{"kind":"x"}',
)


@dataclass(frozen=True, slots=True)
class Target:
    """`made` prepares, in an empty folder, what takes inputs; `seeds` are inputs to begin with."""

    name: str
    what: str
    made: Callable[[Path], Run]
    seeds: Callable[[], list[bytes]]
    most: int
    """Bytes of an input."""

    @contextmanager
    def opened(self, folder: Path) -> Iterator[Run]:
        """Prepare it as `made` does, and leave nothing of it in this process afterwards."""
        run = self.made(folder)
        try:
            yield run
        finally:
            if isinstance(run, _Clicks):
                run.close()


def _questions(folder: Path) -> Run:
    engine = engine_of(_indexed(folder))

    def run(data: bytes) -> None:
        question = data.decode(errors="surrogateescape")
        with suppress(BadQuestion):
            assert engine.ask(question, today=_TODAY).question
        with suppress(BadQuestion):
            engine.search(question)

    return run


def _follow_ups(folder: Path) -> Run:
    engine = engine_of(_indexed(folder))

    def run(data: bytes) -> None:
        turns: list[Turn] = []
        for question in data.split(_TURNS)[:4]:
            with suppress(BadQuestion):
                said = question.decode(errors="surrogateescape")
                response = engine.ask(said, conversation=turns, today=_TODAY)
                turns.append(Turn(response.rewritten, response.excerpts))

    return run


def _parsed(parse: Callable[[Source], object], suffix: str) -> Run:
    """Return what parses as the format itself does: `parse_bytes` makes a reason of any error."""
    limits, options = ParsingLimits(), ParsingOptions()

    def run(data: bytes) -> None:
        with suppress(UnreadableDocument):
            parse(Source(data, suffix, "a", limits, options, lambda _: None))
            assert_sound(parse_bytes(data, f"a{suffix}", suffix, limits=limits))

    return run


def _wire(folder: Path) -> Run:
    def run(data: bytes) -> None:
        # What comes first is a length; one that is no more than right would end most tries.
        with suppress(ValueError):
            assert_whole(unpack(len(data).to_bytes(8, "little") + data, "a", "0"))
        with suppress(ValueError, EOFError):
            assert_whole(unpack(receive(io.BytesIO(data), 1 << 20), "a", "0"))

    return run


def assert_whole(document: Document) -> None:
    """What is relied on in a document that came from a process that nobody trusts."""
    for each in (document, *document.enclosed):
        length = len(each.text.encode().decode())
        spans = [*each.pages, *each.doubtful, *(block.span for block in each.blocks)]
        for span in (*spans, *(style.span for style in each.styles)):
            assert type(span.start) is type(span.end) is int
            assert 0 <= span.start <= span.end <= length
        assert all(type(each) is str for pair in each.metadata.items() for each in pair)


class _Clicks:
    """Clicks on buttons and sends forms with any id, to the whole bot."""

    def __init__(self, folder: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._settings = _indexed(folder)
        self._stack = AsyncExitStack()
        self._done = 0
        self._errors: list[str] = []
        self._handler = handler = logging.Handler(logging.ERROR)
        handler.emit = lambda record: self._errors.append(record.getMessage())  # type: ignore[method-assign]
        logging.getLogger().addHandler(handler)
        self._loop.run_until_complete(self._begin())

    def close(self) -> None:
        self._loop.run_until_complete(self._stack.aclose())
        self._loop.close()
        logging.getLogger().removeHandler(self._handler)

    async def _begin(self) -> None:
        responses = Responses()
        self._server = await self._stack.enter_async_context(
            Loopback(
                strict=False,
                heard=lambda sent: responses.take(sent, self._server.state.interactions),
            )
        )
        self._shared = Shared(self._server, responses)
        bot = bot_of(services_of(self._settings))
        await self._stack.enter_async_context(running(bot, self._server))
        await hears(bot)
        self._templates = list(bot._connection._view_store._dynamic_items)
        await self._shared.interact(slash("ask", question="Who signs the lease of the warehouse?"))

    def __call__(self, data: bytes) -> None:
        custom_id = data.decode(errors="ignore")[:100]
        self._loop.run_until_complete(self._both(custom_id))

    async def _both(self, custom_id: str) -> None:
        if any(template.fullmatch(custom_id) for template in self._templates):
            button = {"type": 2, "style": 2, "label": "?", "custom_id": custom_id}
            on = message(BOT, "?", components=[{"type": 1, "components": [button]}])
            for person in (ALICE, ADA):
                ended = await self._shared.interact(click(on, custom_id, person))
                # A form that opens has no text.
                assert ended.get("type") == _FORM or planned(text_of(ended)), custom_id
        for person in (ALICE, ADA):
            self._server.interact(submit(custom_id, {"reason": custom_id}, person))
        assert not self._errors, self._errors
        self._done += 1
        if self._done % _SETTLED == 0:
            await self._server.forget(time.time() + 1)
        assert not (found := self._server.problems()), found


def _indexed(folder: Path) -> Settings:
    settings = Settings(
        corpus=folder / "corpus", index=folder / "index", records=folder / "records"
    )
    write_corpus(settings.corpus, {**BRIEFINGS, "table.md": _TABLE})
    reindexer_of(settings).run()
    return settings


_TABLE = """# Depots of Norway

| Depot | Built | Cost |
|---|---|---|
| Karsk | 1931 | 12.5 m€ |
| Oslo | 12 May 2026 | 7 % |

1. Ann runs it.
2. Status: superseded

The budget for 2025 is 4 m€. The budget for 2026 is 5 m€. It closes on 4 March 2027.
"""


def _asked() -> list[bytes]:
    more = "what changed since May?", "list all deadlines", "compare Karsk and Oslo", "hi", "sum?"
    found = (question.encode() for question in read_questions(QUESTIONS))
    return [*(each.encode() for each in more), *islice(found, 60)]


def _conversations() -> list[bytes]:
    follow = b"why?", b"and in Oslo?", b"tell me more", b"what about the second one?", b"and 2025?"
    return [_TURNS.join((question, *follow)) for question in _asked()[:20]]


def _of(suffix: str) -> list[bytes]:
    return [data for kind, data in seeds(ROOT / "corpus") if kind == suffix]


def _packed() -> list[bytes]:
    texts = [*_of(".md")[:3], _TABLE.encode()]
    limits = ParsingLimits()
    return [bytes(pack(parse_bytes(text, "a.md", ".md", limits=limits))[8:]) for text in texts]


TARGETS = (
    Target("questions", "a question or a search", _questions, _asked, 2_000),
    Target("follow-ups", "up to four questions in a row", _follow_ups, _conversations, 600),
    Target(
        "markdown",
        "a Markdown file",
        lambda _: _parsed(markdown.parse, ".md"),
        lambda: _of(".md"),
        8_000,
    ),
    Target("mail", "a mail", lambda _: _parsed(eml.parse, ".eml"), lambda: _of(".eml"), 8_000),
    Target("wire", "what a process that parses sends back", _wire, _packed, 8_000),
    Target(
        "ids", "a button or a form with any id", _Clicks, lambda: [i.encode() for i in _IDS], 100
    ),
)
