"""The people of `tools/hardening/soak.py`: what they do all day in the loopback's Discord.

Each of them does one thing after the other, chosen by a random number generator of their own, and
knows what may come of it. What comes otherwise is a problem, in a sentence.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import bot
from bot import messages
from bot.discord.cogs.asking import ASKED_BY_FILE, NOTHING_ASKED, TYPED_COMMAND
from bot.discord.cogs.sources import FIND_SOURCES
from bot.discord.ui.errors import sentence_of
from bot.errors import Busy, TooMany, UnknownPage
from bot.library.errors import OriginalChanged, OriginalUnavailable, UnknownHeading, UnknownKey
from index.answering.question import checked
from index.errors import BadQuestion, BriefingError, IndexBusy, UnknownDocument
from testing.loopback import Interaction, Loopback, Request
from testing.loopback.payloads import (
    BOT,
    GENERAL,
    QUESTIONS,
    Payload,
    Person,
    autocomplete,
    click,
    crowd,
    message,
    message_command,
    now,
    slash,
    snowflake,
    submit,
    thread,
)
from testing.texts import texts_of

__all__ = [
    "Arrivals",
    "People",
    "Told",
    "Town",
    "custom_ids",
    "letters",
    "pattern_of",
    "planned",
    "said_in",
]

PATIENCE = 60.0
"""Seconds that anybody waits for anything."""
_ENOUGH = 2.0
"""Seconds, at least, after which whoever asked too much at once expects no more."""
_BOT = Path(bot.__file__).parent
_ERRORS = _BOT / "discord" / "ui" / "errors.py"
_ANY, _NUMBER = "whatever", 987_654_321
"""Stand for whatever is filled in, until they are made a pattern."""
_EXCHANGE = re.compile(r"\bf:(\d+):up\b")

Key = tuple[str, int]


def _sentences() -> Iterator[str]:
    """Everything that may be said instead of what was wanted, with marks for what is filled in."""
    for found in texts_of(_BOT):
        # Of those in that file, which tell what went wrong, the errors below have what is planned.
        if found.path != _ERRORS and "{" not in found.forms[-1]:
            yield from found.forms
    errors: list[BriefingError] = [
        Busy(_NUMBER),
        Busy(1),
        TooMany(_NUMBER),
        TooMany(1),
        IndexBusy(""),
        UnknownDocument(_ANY),
        UnknownDocument(_ANY, (_ANY,)),
        UnknownPage(_ANY, _NUMBER, _NUMBER),
        UnknownPage(_ANY, _NUMBER, 1),
        UnknownPage(_ANY, _NUMBER, 0),
        UnknownHeading(_ANY, _ANY, (_ANY,)),
        UnknownHeading(_ANY, _ANY, pages=_NUMBER),
        UnknownHeading(_ANY, _ANY, first=(_ANY,)),
        UnknownHeading(_ANY, _ANY),
        UnknownKey(_ANY),
        OriginalChanged(_ANY),
        OriginalUnavailable(_ANY, _ANY),
    ]
    for text in ("", " " * 2_001 + "a", "x" * 2_001, "!"):
        try:
            checked(text)
        except BadQuestion as exc:
            errors.append(exc)
    yield from map(sentence_of, errors)


def pattern_of(sentence: str) -> str:
    """That matches it whatever is filled in for the marks."""
    escaped = re.escape(sentence).replace(_ANY, "(?s:.*)").replace("'(?s:.*)'", "(?s:.*)")
    for number in (f"{_NUMBER:,}", f"{_NUMBER}", f"{2_001:,}"):
        escaped = escaped.replace(re.escape(number), r"[\d,]+")
    return re.sub(r"\b(second|document|passage|page)s\b", r"\1s?", escaped)


_PLANNED = re.compile("|".join(map(pattern_of, _sentences())))
_TOO_MANY = re.compile(f"{pattern_of(str(TooMany(_NUMBER)))}|{re.escape(str(TooMany(1)))}")


def planned(text: str) -> bool:
    """Whether it is a sentence that the bot means to say, whatever is filled in."""
    return _PLANNED.fullmatch(text) is not None


def letters(text: str) -> str:
    """What is left of it whatever markup is around."""
    return "".join(filter(str.isalnum, text))


def said_in(payload: Payload) -> str:
    """A message's words: its content, else its embeds'."""
    embeds = (str(embed.get("description") or "") for embed in payload.get("embeds") or [])
    return "\n".join(filter(None, [payload.get("content"), *embeds]))


def custom_ids(payload: Payload) -> list[str]:
    """Of the buttons that can be clicked."""
    rows = payload.get("components") or []
    buttons = [button for row in rows for button in row.get("components") or []]
    return [str(one["custom_id"]) for one in buttons if not one.get("disabled")]


class Arrivals:
    """Hands what the bot did to whoever waits for it: ("interaction", its id) for what ends one,
    ("reply", id) for a reply to that message, ("edited", id) and ("deleted", id) for its own."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queues: dict[Key, asyncio.Queue[Payload]] = {}

    def heard(self, request: Request, interactions: dict[int, Interaction]) -> None:
        """In the server's thread."""
        for key, payload in _meanings(request, interactions):
            self._loop.call_soon_threadsafe(self._give, key, payload)

    def _give(self, key: Key, payload: Payload) -> None:
        if queue := self._queues.get(key):
            queue.put_nowait(payload)

    @contextmanager
    def waiting(
        self, key: Key, *, patience: float = PATIENCE
    ) -> Iterator[Callable[[], Coroutine[Any, Any, Payload]]]:
        """Within it, each call waits for the next of them; raises TimeoutError."""
        queue = self._queues[key] = asyncio.Queue()

        async def following() -> Payload:
            async with asyncio.timeout(patience):
                return await queue.get()

        try:
            yield following
        finally:
            del self._queues[key]


def _meanings(
    request: Request, interactions: dict[int, Interaction]
) -> Iterator[tuple[Key, Payload]]:
    done = request.status in (200, 201, 204)
    body: Payload = request.json if isinstance(request.json, dict) else {}
    path = request.path.split("/")[1:]
    answer: Payload = request.answer if done and isinstance(request.answer, dict) else {}
    if (number := request.interaction_id) is not None:
        if path[-1] == "callback":
            found = interactions.get(number)
            # It counts also where only Discord's answer was lost.
            if body.get("type") in (4, 8, 9) and found and found.response is body:
                shown = (answer.get("resource") or {}).get("message")
                yield (
                    ("interaction", number),
                    shown or {**(body.get("data") or {}), "type": body["type"]},
                )
        elif done and request.method in ("PATCH", "POST"):
            yield ("interaction", number), answer
    elif (request.method, path[::2]) == ("DELETE", ["channels", "messages"]):
        if done or request.status == 404:  # it went the first time, and only that was not heard
            yield ("deleted", int(path[3])), answer
    elif done and path[0] == "channels" and path[2:3] == ["messages"]:
        match request.method, path[3:]:
            case "POST", []:
                if reference := body.get("message_reference"):
                    yield ("reply", int(reference["message_id"])), answer
            case "PATCH", [id_]:
                yield ("edited", int(id_)), answer


@dataclass
class Town:
    """What all of them share. `open` is cleared while nothing that happens would reach the bot."""

    server: Loopback
    arrivals: Arrivals
    open: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    """From each question to its answer."""
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open.set()

    async def interact(self, payload: Payload) -> tuple[Interaction, Payload]:
        """What ends the interaction; raises TimeoutError."""
        await self.open.wait()
        with self.arrivals.waiting(("interaction", int(payload["id"]))) as ended:
            begun = self.server.interact(payload)
            return begun, await ended()

    async def wait(
        self,
        asked: int,
        *,
        seconds: float = float("inf"),
        meanwhile: Callable[[], bool] = lambda: True,
    ) -> bool:
        """Whether so many questions were asked within these seconds, or while that holds."""
        end = time.monotonic() + seconds
        while self.asked < asked and time.monotonic() < end and meanwhile():
            await asyncio.sleep(min(0.1, max(0.0, end - time.monotonic())))
        return self.asked >= asked

    def wrong(self, what: str) -> None:
        self.problems.append(what)


@dataclass(frozen=True, slots=True)
class Told:
    """A question that was answered. `before` and `after` are moments (`time.monotonic()`) between
    which it was; `shown` are the letters of the answer, which was one message."""

    person: int
    question: str
    exchange: int
    before: float
    after: float
    shown: str


@dataclass(slots=True)
class _One:
    person: Person
    rng: Random
    thread: int
    answer: Payload | None = None
    """The last answer that has buttons, and can be clicked on and replied to."""


class People:
    """`size` of them; what they were told is in `told`.

    `expected` says for each message how many replies there may be in the end: one, and none where
    it was deleted or not meant for the bot. Of a flood, one refusal may stand for all.
    """

    def __init__(self, town: Town, size: int, seed: int, questions: Sequence[str]) -> None:
        self.town = town
        self.told: list[Told] = []
        self.expected: dict[int, tuple[int, ...]] = {}
        self.edited: dict[int, str] = {}
        """What the messages say now that were edited before they were answered."""
        self._questions = questions
        self._all = [
            _One(person, Random(f"{seed}:{number}"), snowflake())
            for number, person in enumerate(crowd(size))
        ]
        for one in self._all:
            town.server.state.people[one.person.id] = one.person
            opened = thread(one.thread, one.person.name, GENERAL, owner=one.person)
            town.server.dispatch("THREAD_CREATE", opened)

    async def live(self, until: int) -> None:
        """They all go on until `until` questions were asked, and end what they began."""
        await asyncio.gather(*(self._live(one, until) for one in self._all))

    async def _live(self, one: _One, until: int) -> None:
        town = self.town
        while town.asked < until:
            act = one.rng.choices(_ACTS, _WEIGHTS)[0]
            name = act.__name__.strip("_").replace("_", " ")
            try:
                await act(self, one)
            except TimeoutError:
                town.wrong(f"{one.person.name} waited in vain for {PATIENCE:.0f} s: {name}")
            town.done[name] += 1

    # Questions

    async def _ask(self, one: _One) -> None:
        await self._ask_so(one, _worded(one.rng, self._questions))

    async def _ask_by_command(self, one: _One) -> None:
        options: dict[str, Any] = {"question": _worded(one.rng, self._questions)}
        if one.rng.random() < 0.3:
            options["private"] = True
        where = one.rng.choice([GENERAL, QUESTIONS, one.thread, one.person.dm_channel])
        await self._command(one, where, options)

    async def _command(
        self, one: _One, where: int, options: dict[str, Any], expected: str | None = None
    ) -> None:
        self.town.asked += 1
        before = time.monotonic()
        _, answer = await self.town.interact(slash("ask", one.person, where, **options))
        self._judge(one, options["question"], before, answer, expected)

    async def _ask_so(
        self,
        one: _One,
        text: str,
        *,
        expected: str | re.Pattern[str] | None = None,
        where: int | None = None,
        reply_to: Payload | None = None,
        **other: Any,
    ) -> Payload | None:
        """Asks in a message; the reply. `expected` is what is said where nothing can be found."""
        town, sent = self.town, self._message(one, text, where, reply_to, **other)
        await town.open.wait()
        town.asked += 1
        id_, before = int(sent["id"]), time.monotonic()
        self.expected[id_] = (1,)
        with town.arrivals.waiting(_reply_to(sent)) as replied:
            town.server.send(sent)
            answer = await replied()
        self._judge(one, _meant(sent), before, answer, expected)
        return answer

    def _message(
        self,
        one: _One,
        text: str,
        where: int | None = None,
        reply_to: Payload | None = None,
        **other: Any,
    ) -> Payload:
        direct = one.person.dm_channel
        if where is None:
            where = one.rng.choice([GENERAL, QUESTIONS, one.thread, one.thread, direct])
        if where == direct:
            return message(one.person, text, channel=where, reply_to=reply_to, **other)
        text = f"<@{BOT.id}> {text}"
        return message(one.person, text, channel=where, mentions=[BOT], reply_to=reply_to, **other)

    async def _follow_up(self, one: _One) -> None:
        last = one.answer
        if last is None or last.get("flags", 0) & 64 or "channel_id" not in last:
            return await self._ask(one)
        text = one.rng.choice(_FOLLOW_UPS)
        await self._ask_so(one, text, where=int(last["channel_id"]), reply_to=last)
        return None

    async def _edit(self, one: _One) -> None:
        """Once it was answered."""
        town, sent = self.town, self._message(one, _worded(one.rng, self._questions))
        id_, before = int(sent["id"]), time.monotonic()
        await town.open.wait()
        town.asked += 2
        self.expected[id_] = (1,)
        with town.arrivals.waiting(_reply_to(sent)) as replied:
            town.server.send(sent)
            answer = await replied()
        self._judge(one, _meant(sent), before, answer)
        changed = self._changed(one, sent)
        await town.open.wait()
        with town.arrivals.waiting(("edited", int(answer["id"]))) as edited:
            before = time.monotonic()
            town.server.dispatch("MESSAGE_UPDATE", changed)
            answer = await edited()
        self._judge(one, _meant(changed), before, answer)

    async def _edit_at_once(self, one: _One) -> None:
        town, sent = self.town, self._message(one, _worded(one.rng, self._questions))
        changed = self._changed(one, sent)
        id_ = int(sent["id"])
        await town.open.wait()
        town.asked += 2
        self.expected[id_] = (1,)
        with town.arrivals.waiting(_reply_to(sent)) as replied:
            town.server.send(sent)
            await asyncio.sleep(one.rng.random() / 5)
            await town.open.wait()
            town.server.dispatch("MESSAGE_UPDATE", changed)
            self.edited[id_] = _meant(changed)
            await replied()  # to the one or the other, as it comes; in the end to the new one

    def _changed(self, one: _One, sent: Payload) -> Payload:
        text = sent["content"].split(" ", 1)[0] if "guild_id" in sent else ""
        text = f"{text} {_worded(one.rng, self._questions)} ({one.rng.randrange(10**6)})"
        return {**sent, "content": text.strip(), "edited_timestamp": now()}

    async def _delete(self, one: _One) -> None:
        """Before or after it is answered."""
        town, sent = self.town, self._message(one, _worded(one.rng, self._questions))
        id_ = int(sent["id"])
        gone: Payload = {key: sent[key] for key in ("id", "channel_id", "guild_id") if key in sent}
        await town.open.wait()
        town.asked += 1
        self.expected[id_] = (0,)
        with town.arrivals.waiting(_reply_to(sent)) as replied:
            town.server.send(sent)
            if one.rng.random() < 0.5:
                await asyncio.sleep(one.rng.random() / 5)
                await town.open.wait()
                town.server.dispatch("MESSAGE_DELETE", gone)
                return
            answer = await replied()
        await town.open.wait()
        with town.arrivals.waiting(("deleted", int(answer["id"]))) as deleted:
            town.server.dispatch("MESSAGE_DELETE", gone)
            await deleted()

    async def _flood(self, one: _One) -> None:
        """More at once than one person may."""
        town = self.town
        sent = [self._message(one, _worded(one.rng, self._questions)) for _ in range(6)]
        await town.open.wait()
        town.asked += len(sent)
        before = time.monotonic()
        with ExitStack() as stack:
            replied = [stack.enter_context(town.arrivals.waiting(_reply_to(each))) for each in sent]
            for each in sent:
                self.expected[int(each["id"])] = (0, 1)
                town.server.send(each)
            coming = {
                asyncio.create_task(next_()): each
                for next_, each in zip(replied, sent, strict=True)
            }
            patience = PATIENCE
            while pending := [task for task in coming if not task.done()]:
                done, _ = await asyncio.wait(
                    pending, timeout=patience, return_when=asyncio.FIRST_COMPLETED
                )
                if not done:
                    break
                # The others are in work, or were refused without a word.
                patience = max(_ENOUGH, 4 * max(town.seconds[-100:], default=0.0))
            for task, each in coming.items():
                if task.done() and task.exception() is None:
                    self._judge(one, _meant(each), before, task.result(), _TOO_MANY)
                task.cancel()

    async def _ask_nonsense(self, one: _One) -> None:
        text = one.rng.choice(_NONSENSE)
        expected: str | None = None
        try:
            checked(text)
        except BadQuestion as exc:
            expected = sentence_of(exc)
        if one.rng.random() < 0.5 and text.strip() and len(text) <= 6_000:
            return await self._command(one, GENERAL, {"question": text}, expected)
        if not text.strip():
            expected = NOTHING_ASKED
        await self._ask_so(one, text, expected=expected)
        return None

    async def _ask_what_is_no_question(self, one: _One) -> None:
        if one.rng.random() < 0.5:
            await self._ask_so(one, "/ask who decides?", expected=TYPED_COMMAND)
            return
        file = self.town.server.upload("plan.txt", b"A plan.\n", "text/plain")
        await self._ask_so(one, "", expected=ASKED_BY_FILE, attachments=[file])

    async def _talk_to_others(self, one: _One) -> None:
        """What is not meant for the bot."""
        sent = message(one.person, _worded(one.rng, self._questions), channel=GENERAL)
        self.expected[int(sent["id"])] = (0,)
        await self.town.open.wait()
        self.town.server.send(sent)

    def _judge(
        self,
        one: _One,
        question: str,
        before: float,
        answer: Payload,
        expected: str | re.Pattern[str] | None = None,
    ) -> None:
        """`expected` is the sentence, or the pattern of one that may come as well as an answer."""
        after, said = time.monotonic(), said_in(answer)
        self.town.seconds.append(after - before)
        if not answer.get("embeds"):
            if isinstance(expected, re.Pattern):
                fits = expected.fullmatch(said) is not None
            else:
                fits = said == expected
            if fits:
                self.town.refused[re.sub(r"\d+", "…", said)] += 1
            else:
                self.town.wrong(f"{one.person.name} was told “{said}” for: {question[:200]!r}")
            return
        if isinstance(expected, str):
            self.town.wrong(
                f"{one.person.name} should have been told “{expected}”, got: {said[:200]}"
            )
        found = [match for match in map(_EXCHANGE.match, custom_ids(answer)) if match]
        if not found:  # of several messages; the last one has the buttons
            one.answer = None
            return
        exchange = int(found[0][1])
        self.told.append(Told(one.person.id, question, exchange, before, after, letters(said)))
        one.answer = answer

    # What is looked up

    async def _click(self, one: _One) -> None:
        """On the last answer, and on what comes of that."""
        shown = one.answer
        while shown and (ids := [id_ for id_ in custom_ids(shown) if id_[0] not in "f"]):
            _, shown = await self._look(one, click(shown, one.rng.choice(ids), one.person))
            if one.rng.random() < 0.4:
                break

    async def _rate(self, one: _One) -> None:
        ids = [id_ for id_ in custom_ids(one.answer or {}) if id_.startswith("f:")]
        if not ids or one.answer is None:
            return
        chosen = one.rng.choice(ids)
        _, shown = await self._look(one, click(one.answer, chosen, one.person))
        if shown.get("type") == 9 and one.rng.random() < 0.7:
            form = submit(
                str(shown["custom_id"]),
                {"reason": f"It is wrong, by {one.rng.random():.0%}."},
                one.person,
                int(one.answer["channel_id"]),
                on=one.answer,
            )
            await self._look(one, form)

    async def _type(self, one: _One) -> None:
        """What is offered meanwhile."""
        typed = one.rng.choice(["", "nor", "plan", "velin", "zzz", "😀", "2026", "cold chain"])
        for length in range(len(typed) + 1):
            payload = autocomplete("ask", "document", typed[:length], one.person)
            if one.rng.random() < 0.2:
                payload = autocomplete(
                    "source", "place", typed[:length], one.person, document="glossary.html"
                )
            _, offered = await self._look(one, payload)
            if "choices" not in offered:
                self.town.wrong(f"Typing {typed!r} was offered {offered}")

    async def _search(self, one: _One) -> None:
        query = _worded(one.rng, self._questions)
        _, shown = await self._look(one, slash("search", one.person, words=query))
        await self._turn(one, shown)

    async def _see_documents(self, one: _One) -> None:
        wanted = one.rng.choice(_NAMES)
        options: dict[str, Any] = {"filter": wanted} if wanted else {}
        _, shown = await self._look(one, slash("documents", one.person, **options))
        await self._turn(one, shown)

    async def _open_source(self, one: _One) -> None:
        options: dict[str, Any] = {"document": one.rng.choice(_NAMES) or "😀"}
        if one.rng.random() < 0.4:
            options["place"] = one.rng.choice(["2", "page 1", "Roles", "nowhere", "0", "😀"])
        if one.rng.random() < 0.2:
            options["share"] = True
        _, shown = await self._look(one, slash("source", one.person, **options))
        await self._turn(one, shown)

    async def _find_sources(self, one: _One) -> None:
        said = _worded(one.rng, self._questions)
        target = message(one.person, one.rng.choice([said, said, "", "😀"]))
        await self._look(one, message_command(FIND_SOURCES, target, one.person))

    async def _help(self, one: _One) -> None:
        await self._look(one, slash("help", one.person))

    async def _try_what_admins_may(self, one: _One) -> None:
        name = one.rng.choice(["reindex", "rollback", "status", "gaps"])
        _, shown = await self._look(one, slash(name, one.person))
        if said_in(shown) != messages.ADMINS_ONLY:
            self.town.wrong(f"Whoever is no admin got this of /{name}: {said_in(shown)}")

    async def _make_ids_up(self, one: _One) -> None:
        made_up = one.rng.choice(["s:999999999:1", "c:0", "d:AAAAAAAAAAAA:1", "x:drop", "f:0:up"])
        button = {"type": 2, "style": 2, "label": "?", "custom_id": made_up}
        on = message(BOT, "An answer", components=[{"type": 1, "components": [button]}])
        await self._look(one, click(on, made_up, one.person))

    async def _turn(self, one: _One, shown: Payload) -> None:
        for _ in range(one.rng.randrange(3)):
            if not (ids := custom_ids(shown)):
                return
            _, shown = await self._look(one, click(shown, one.rng.choice(ids), one.person))

    async def _look(self, one: _One, payload: Payload) -> tuple[Interaction, Payload]:
        """Whatever comes of it, as long as it is planned."""
        begun, shown = await self.town.interact(payload)
        plain = not (shown.get("embeds") or shown.get("attachments") or "choices" in shown)
        if plain and shown.get("type") != 9:
            said = said_in(shown)
            if planned(said):
                self.town.refused[re.sub(r"“.*?”.*|\d+", "…", said)] += 1
            else:
                self.town.wrong(f"{one.person.name} was told “{said}” for {payload['data']}")
        return begun, shown


def _reply_to(sent: Payload) -> Key:
    return "reply", int(sent["id"])


def _meant(sent: Payload) -> str:
    """The question in a message."""
    return re.sub(r"[ \t]+", " ", str(sent["content"]).replace(f"<@{BOT.id}>", " ")).strip()


def _worded(rng: Random, questions: Sequence[str]) -> str:
    """Hardly ever the same twice, so that whatever remembers questions shows."""
    question = rng.choice(questions)
    number = f"{rng.randrange(10**7):,}"
    match rng.randrange(8):
        case 0:
            return question
        case 1:
            return f"{question} And {rng.choice(questions)}"
        case 2:
            at = rng.randrange(len(question))
            return f"{question[:at]}{question[at + 1 :]} ({number})"
        case 3:
            return f"What does the plan say about item {number}?"
        case 4:
            return f"{question.upper()} No. {number}"
        case 5:
            return f"In case {number}: {question}"
        case 6:
            left = question.split()
            rng.shuffle(left)
            return f"{' '.join(left)} {number}?"
        case _:
            return f"{question} {rng.choice(_TAILS)} {number}"


_TAILS = ("please, it is urgent, for item", "— see\nitem", "“quoted” *item*", "ﬁnally, in Žilina №")
_FOLLOW_UPS = ("and who decides that?", "How long does it take?", "why?", "and in Sweden?", "when")
_NAMES = (None, "glossary.html", "norway*", "Evacuation plan", "nothing like it", "*", "x" * 80)
_NONSENSE = (
    "", "   ", "?", "...", "😀", "😀🎉👩‍👩‍👧‍👦", "\u200b\u200b", "\u202eabc?", "a", "ﷺ" * 50,
    "x" * 1_990, "word " * 390, "y" * 2_300, "Ω≈ç√∫ who?", "who\x00is?", "1 2 3",
    "**who** `decides` ||it||?",
    "' OR 1=1; --", "\ud800 who?", "मैं कौन हूँ?", "谁决定？", "e\u0301" * 300,
)  # fmt: skip

_CHOICES: dict[Callable[[People, _One], Awaitable[None]], int] = {
    People._ask: 40,
    People._ask_by_command: 25,
    People._follow_up: 12,
    People._edit: 3,
    People._edit_at_once: 2,
    People._delete: 3,
    People._flood: 1,
    People._ask_nonsense: 5,
    People._ask_what_is_no_question: 1,
    People._talk_to_others: 2,
    People._click: 10,
    People._rate: 6,
    People._type: 1,
    People._search: 2,
    People._see_documents: 1,
    People._open_source: 2,
    People._find_sources: 1,
    People._help: 1,
    People._try_what_admins_may: 1,
    People._make_ids_up: 1,
}
_ACTS, _WEIGHTS = list(_CHOICES), list(_CHOICES.values())
