"""The simulated people of soak, who ask, edit, delete, click, rate and search.

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
from random import Random
from typing import Any

from bot import messages
from bot.discord.cogs.asking.addressing import ASKED_BY_FILE, NOTHING_ASKED, TYPED_COMMAND
from bot.discord.cogs.looking_up.sources import FIND_SOURCES
from bot.discord.ui.errors import sentence_of, unexpected
from bot.errors import TooMany
from index.errors import BadQuestion
from index.question import checked
from testing.crowd import percentile
from testing.layouts import buttons_of, is_laid_out, text_of
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

__all__ = [
    "Given",
    "People",
    "Responses",
    "Shared",
    "custom_ids",
    "planned",
    "text_of",
]

PATIENCE = 60.0
"""Seconds that anybody waits for anything."""
_REFUSED_WITHOUT_A_WORD = 60.0
"""Seconds after a refusal in which the bot may be silent to the one whom it refused."""
_AFTER_FLOOD = 2.0
"""Seconds, at least, after which somebody who asked too much at once expects no more answers."""
_MORE = re.compile(r"u:o:\d+:(\d+)-(\d+)$")
_EXCHANGE = re.compile(r"\bf:(\d+):up\b")
_UNEXPECTED = unexpected("")
_TOO_MANY = str(TooMany(9)).partition("9")[0]

Key = tuple[str, int]


def planned(text: str) -> bool:
    """Return whether a sentence is one that the bot means to say, and not a defect's."""
    return bool(text.strip()) and not text.startswith(_UNEXPECTED)


def custom_ids(payload: Payload) -> list[str]:
    """Return the ids of the buttons that can be clicked."""
    buttons = buttons_of(payload.get("components") or [])
    return [str(button["custom_id"]) for button in buttons if not button.get("disabled")]


class Responses:
    """Gives what the bot did to the person who waits for it, by a key.

    ("interaction", its id) for what ends an interaction, ("reply", id) for a reply to that message,
    or for the reaction, without an id, that says that its author asks too much, ("edited", id) and
    ("deleted", id) for the bot's own messages, and ("told", channel) for what it writes of its own
    accord. `told` counts the latter.
    """

    def __init__(self) -> None:
        self.told = 0
        self._loop = asyncio.get_running_loop()
        self._queues: dict[Key, asyncio.Queue[Payload]] = {}

    def take(self, request: Request, interactions: dict[int, Interaction]) -> None:
        """Note a request of the bot; called in the server's thread."""
        for key, payload in _meanings(request, interactions):
            self._loop.call_soon_threadsafe(self._give, key, payload)

    def _give(self, key: Key, payload: Payload) -> None:
        self.told += key[0] == "told"
        if queue := self._queues.get(key):
            queue.put_nowait(payload)

    @contextmanager
    def expected(
        self, key: Key, *, patience: float = PATIENCE
    ) -> Iterator[Callable[[], Coroutine[Any, Any, Payload]]]:
        """Give a function that waits for the next response of this key.

        It raises TimeoutError after `patience` seconds.
        """
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
    """Yield what a request of the bot means to the people, with its payload."""
    done = request.status in (200, 201, 204)
    body: Payload = request.json if isinstance(request.json, dict) else {}
    path = request.path.split("/")[1:]
    answer: Payload = request.answer if done and isinstance(request.answer, dict) else {}
    if (number := request.interaction_id) is not None:
        if path[-1] == "callback":
            found = interactions.get(number)
            # It counts also where only Discord's answer was lost.
            if body.get("type") in (4, 7, 8, 9) and found and found.response is body:
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
            case "PUT", [id_, "reactions", *_]:  # the words are a direct message, once a minute
                yield ("reply", int(id_)), {"content": _TOO_MANY}
            case "POST", []:
                if reference := body.get("message_reference"):
                    yield ("reply", int(reference["message_id"])), answer
                else:
                    yield ("told", int(path[1])), answer
            case "PATCH", [id_]:
                yield ("edited", int(id_)), answer


@dataclass
class Shared:
    """What all of them share. `open` is cleared while nothing that happens would reach the bot.

    At the moment `ends` (`time.monotonic()`) everybody stops, however much was asked.
    """

    server: Loopback
    responses: Responses
    ends: float = float("inf")
    open: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    """From each question to its answer."""
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open.set()

    async def interact(self, payload: Payload) -> Payload:
        """Return what ends the interaction; raises TimeoutError."""
        await self.open.wait()
        with self.responses.expected(("interaction", int(payload["id"]))) as ended:
            self.server.interact(payload)
            return await ended()

    def enough(self, asked: int) -> bool:
        """Return whether so many questions were asked, or the time is over."""
        return self.asked >= asked or time.monotonic() >= self.ends

    async def wait(
        self,
        asked: int,
        *,
        seconds: float = float("inf"),
        meanwhile: Callable[[], bool] = lambda: True,
    ) -> bool:
        """Wait until that is enough, these seconds at most and while `meanwhile` is true.

        Returns whether it is enough.
        """
        end = time.monotonic() + seconds
        while not self.enough(asked) and time.monotonic() < end and meanwhile():
            await asyncio.sleep(min(0.1, max(0.0, end - time.monotonic())))
        return self.enough(asked)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that a person was given, in one message.

    It came between the moments `before` and `after` (`time.monotonic()`); `shown` is its markup.
    `later`: the numbers of the excerpts that a button opens.
    """

    person: int
    question: str
    exchange: int
    before: float
    after: float
    shown: str
    later: tuple[range, ...] = ()


@dataclass(slots=True)
class _Member:
    person: Person
    rng: Random
    thread: int
    answer: Payload | None = None
    """The last answer that has buttons, and can be clicked on and replied to."""
    refused: float = float("-inf")
    """When this person was last told that they ask too much (`time.monotonic()`)."""


class People:
    """People who do things until enough questions were asked; `answers` are those they got.

    `replies` says for each message how many replies there may be in the end: one, or none where it
    was deleted or not meant for the bot. In a flood, one refusal may stand for several messages.
    """

    def __init__(self, shared: Shared, size: int, seed: int, questions: Sequence[str]) -> None:
        self.shared = shared
        self.answers: list[Given] = []
        self.replies: dict[int, tuple[int, ...]] = {}
        self.edited: dict[int, str] = {}
        """The last text of messages that were edited before they were answered."""
        self._questions = questions
        self._members = [
            _Member(person, Random(f"{seed}:{number}"), snowflake())
            for number, person in enumerate(crowd(size))
        ]
        for member in self._members:
            person = member.person
            shared.server.state.people[person.id] = person
            opened = thread(member.thread, person.name, GENERAL, owner=person)
            shared.server.dispatch("THREAD_CREATE", opened)

    async def current(self, until: int) -> None:
        """Go on until `until` questions were asked, and end what was begun."""
        await asyncio.gather(*(self._current(member, until) for member in self._members))

    async def _current(self, member: _Member, until: int) -> None:
        while not self.shared.enough(until):
            act = member.rng.choices(_ACTS, _WEIGHTS)[0]
            name = act.__name__.strip("_").replace("_", " ")
            try:
                await act(self, member)
            except TimeoutError:
                self._problem(member, f"waited {PATIENCE:.0f} s in vain: {name}")
            self.shared.done[name] += 1

    # Questions

    async def _ask(self, member: _Member) -> None:
        await self._answer(member, self._message(member, self._worded(member)))

    async def _ask_by_command(self, member: _Member) -> None:
        options: dict[str, Any] = {"question": self._worded(member)}
        if member.rng.random() < 0.3:
            options["private"] = True
        channel = member.rng.choice([GENERAL, QUESTIONS, member.thread, member.person.dm_channel])
        await self._command(member, channel, options)

    async def _command(
        self, member: _Member, channel: int, options: dict[str, Any], refusal: str | None = None
    ) -> None:
        self.shared.asked += 1
        before = time.monotonic()
        answer = await self.shared.interact(slash("ask", member.person, channel, **options))
        self._judge(member, options["question"], before, answer, refusal, _TOO_MANY)

    async def _answer(self, member: _Member, sent: Payload, refusal: str | None = None) -> Payload:
        """Send a message, wait for its reply and judge that."""
        shared = self.shared
        await shared.open.wait()
        shared.asked += 1
        before = time.monotonic()
        self.replies[int(sent["id"])] = (1,)
        # Whoever was refused lately may be refused without a word.
        refused_lately = before - member.refused < _REFUSED_WITHOUT_A_WORD
        patience = 5 * _AFTER_FLOOD if refused_lately else PATIENCE
        with shared.responses.expected(_reply_to(sent), patience=patience) as replied:
            shared.server.send(sent)
            try:
                answer = await replied()
            except TimeoutError:
                if not refused_lately:
                    raise
                answer = {"content": _TOO_MANY}
        if "id" not in answer:
            self.replies[int(sent["id"])] = (0, 1)
        self._judge(member, _question_in(sent), before, answer, refusal, _TOO_MANY)
        return answer

    def _message(
        self, member: _Member, text: str, channel: int | None = None, **other: Any
    ) -> Payload:
        direct = member.person.dm_channel
        if channel is None:
            channel = member.rng.choice([GENERAL, QUESTIONS, member.thread, member.thread, direct])
        if channel == direct:
            return message(member.person, text, channel=channel, **other)
        text = f"<@{BOT.id}> {text}"
        return message(member.person, text, channel=channel, mentions=[BOT], **other)

    async def _follow_up(self, member: _Member) -> None:
        last = member.answer
        if last is None or last.get("flags", 0) & 64 or "channel_id" not in last:
            return await self._ask(member)
        text, channel = member.rng.choice(_FOLLOW_UPS), int(last["channel_id"])
        await self._answer(member, self._message(member, text, channel, reply_to=last))
        return None

    async def _edit(self, member: _Member) -> None:
        """Edit a question that was answered."""
        shared = self.shared
        sent = self._message(member, self._worded(member))
        answer = await self._answer(member, sent)
        if "id" not in answer or not is_laid_out(answer):  # a sentence is replied to, not edited
            return
        self.replies[int(sent["id"])] = (1, 2)  # what the new answer has more is a reply, too
        changed = self._changed(member, sent)
        await shared.open.wait()
        shared.asked += 1
        with shared.responses.expected(("edited", int(answer["id"]))) as edited:
            before = time.monotonic()
            shared.server.dispatch("MESSAGE_UPDATE", changed)
            answer = await edited()
        self._judge(member, _question_in(changed), before, answer)

    async def _edit_at_once(self, member: _Member) -> None:
        """Edit a question that may not be answered yet."""
        shared, sent = self.shared, self._message(member, self._worded(member))
        changed = self._changed(member, sent)
        id_ = int(sent["id"])
        await shared.open.wait()
        shared.asked += 2
        self.replies[id_] = (1, 2)
        with shared.responses.expected(_reply_to(sent)) as replied:
            shared.server.send(sent)
            await asyncio.sleep(member.rng.random() / 5)
            await shared.open.wait()
            shared.server.dispatch("MESSAGE_UPDATE", changed)
            self.edited[id_] = _question_in(changed)
            answer = await replied()  # first to either text, in the end to the new one
            if "id" not in answer:
                self.replies[id_] = (0, 1)

    def _changed(self, member: _Member, sent: Payload) -> Payload:
        mention = sent["content"].split(" ", 1)[0] if "guild_id" in sent else ""
        text = f"{mention} {self._worded(member)} ({member.rng.randrange(10**6)})"
        return {**sent, "content": text.strip(), "edited_timestamp": now()}

    async def _delete(self, member: _Member) -> None:
        """Delete a question before or after it is answered."""
        shared, sent = self.shared, self._message(member, self._worded(member))
        gone: Payload = {key: sent[key] for key in ("id", "channel_id", "guild_id") if key in sent}
        await shared.open.wait()
        shared.asked += 1
        self.replies[int(sent["id"])] = (0,)
        with shared.responses.expected(_reply_to(sent)) as replied:
            shared.server.send(sent)
            if member.rng.random() < 0.5:
                await asyncio.sleep(member.rng.random() / 5)
                await shared.open.wait()
                shared.server.dispatch("MESSAGE_DELETE", gone)
                return
            answer = await replied()
        if "id" not in answer:
            return
        await shared.open.wait()
        with shared.responses.expected(("deleted", int(answer["id"]))) as deleted:
            shared.server.dispatch("MESSAGE_DELETE", gone)
            await deleted()

    async def _flood(self, member: _Member) -> None:
        """Ask more at once than one person may."""
        shared = self.shared
        messages_sent = [self._message(member, self._worded(member)) for _ in range(6)]
        await shared.open.wait()
        shared.asked += len(messages_sent)
        before = time.monotonic()
        with ExitStack() as stack:
            waiting = {}
            for sent in messages_sent:
                replied = stack.enter_context(shared.responses.expected(_reply_to(sent)))
                waiting[asyncio.create_task(replied())] = sent
                self.replies[int(sent["id"])] = (0, 1)
                shared.server.send(sent)
            patience = PATIENCE
            while pending := [task for task in waiting if not task.done()]:
                done, _ = await asyncio.wait(
                    pending, timeout=patience, return_when=asyncio.FIRST_COMPLETED
                )
                if not done:
                    break
                # The others are in work, or were refused without a word.
                patience = max(_AFTER_FLOOD, 4 * percentile(shared.seconds[-100:], 0.5))
            for task, sent in waiting.items():
                if task.done() and task.exception() is None:
                    question = _question_in(sent)
                    self._judge(member, question, before, task.result(), busy=_TOO_MANY)
                task.cancel()

    async def _ask_nonsense(self, member: _Member) -> None:
        text = member.rng.choice(_NONSENSE)
        refusal: str | None = None
        try:
            checked(text)
        except BadQuestion as exc:
            refusal = sentence_of(exc)
        if member.rng.random() < 0.5 and text.strip() and len(text) <= 6_000:
            return await self._command(member, GENERAL, {"question": text}, refusal)
        if not text.strip():
            refusal = str(NOTHING_ASKED)
        await self._answer(member, self._message(member, text), refusal)
        return None

    async def _ask_what_is_no_question(self, member: _Member) -> None:
        if member.rng.random() < 0.5:
            sent = self._message(member, "/ask who decides?")
            await self._answer(member, sent, str(TYPED_COMMAND))
            return
        file = self.shared.server.upload("plan.txt", b"A plan.\n", "text/plain")
        sent = self._message(member, "", attachments=[file])
        await self._answer(member, sent, str(ASKED_BY_FILE))

    async def _talk_to_others(self, member: _Member) -> None:
        """Send a message that is not meant for the bot."""
        sent = message(member.person, self._worded(member), channel=GENERAL)
        self.replies[int(sent["id"])] = (0,)
        await self.shared.open.wait()
        self.shared.server.send(sent)

    def _judge(
        self,
        member: _Member,
        question: str,
        before: float,
        answer: Payload,
        refusal: str | None = None,
        busy: str | None = None,
    ) -> None:
        """Note the answer, or a problem where it is not what may come.

        `refusal` is the one sentence that may come. With `busy`, a sentence that begins so may come
        as well as an answer.
        """
        after, text = time.monotonic(), text_of(answer)
        self.shared.seconds.append(after - before)
        if not is_laid_out(answer):
            if text == refusal or (busy and text.startswith(busy)):
                self._count_refusal(text)
                if text != refusal:
                    member.refused = after
            else:
                self._problem(member, f"was told “{text}” for: {question[:200]!r}")
            return
        if refusal is not None:
            self._problem(member, f"should have been told “{refusal}”, got: {text[:200]}")
        found = [match for match in map(_EXCHANGE.match, custom_ids(answer)) if match]
        if not found:  # of several messages; the last one has the buttons
            member.answer = None
            return
        exchange = int(found[0][1])
        numbers = [match for match in map(_MORE.match, custom_ids(answer)) if match]
        later = tuple(range(int(each[1]), int(each[2]) + 1) for each in numbers)
        self.answers.append(Given(member.person.id, question, exchange, before, after, text, later))
        member.answer = answer

    # What is looked up

    async def _click(self, member: _Member) -> None:
        """Click on the last answer, and on what comes of that."""
        shown = member.answer
        while shown and (ids := [id_ for id_ in custom_ids(shown) if id_[0] != "f"]):
            shown = await self._look(member, click(shown, member.rng.choice(ids), member.person))
            if member.rng.random() < 0.4:
                break

    async def _rate(self, member: _Member) -> None:
        ids = [id_ for id_ in custom_ids(member.answer or {}) if id_.startswith("f:")]
        if not ids or member.answer is None:
            return
        clicked = click(member.answer, member.rng.choice(ids), member.person)
        shown = await self._look(member, clicked)
        if shown.get("type") == 9 and member.rng.random() < 0.7:
            form = submit(
                str(shown["custom_id"]),
                {"reason": f"It is wrong, by {member.rng.random():.0%}."},
                member.person,
                int(member.answer["channel_id"]),
                on=member.answer,
            )
            await self._look(member, form)

    async def _type(self, member: _Member) -> None:
        """Type the name of a document or place, letter by letter."""
        text = member.rng.choice(["", "nor", "plan", "velin", "zzz", "😀", "2026", "cold chain"])
        for length in range(len(text) + 1):
            payload = autocomplete("ask", "document", text[:length], member.person)
            if member.rng.random() < 0.2:
                payload = autocomplete(
                    "source", "place", text[:length], member.person, document="glossary.html"
                )
            offered = await self._look(member, payload)
            if "choices" not in offered:
                self._problem(member, f"typed {text!r} and was offered {offered}")

    async def _search(self, member: _Member) -> None:
        await self._browse(member, "search", words=self._worded(member))

    async def _see_documents(self, member: _Member) -> None:
        name = member.rng.choice(_NAMES)
        await self._browse(member, "documents", **({"filter": name} if name else {}))

    async def _see_what_changed(self, member: _Member) -> None:
        """Look at what changed, beside what it was, and at what is watched."""
        command, options = member.rng.choice(_LOOKS)
        await self._browse(member, command, **options)

    async def _open_source(self, member: _Member) -> None:
        options: dict[str, Any] = {"document": member.rng.choice(_NAMES) or "😀"}
        if member.rng.random() < 0.4:
            options["place"] = member.rng.choice(["2", "page 1", "Roles", "nowhere", "0", "😀"])
        if member.rng.random() < 0.2:
            options["share"] = True
        await self._browse(member, "source", **options)

    async def _browse(self, member: _Member, command: str, **options: Any) -> None:
        """Run a command, and click on what it shows a few times."""
        shown = await self._look(member, slash(command, member.person, **options))
        for _ in range(member.rng.randrange(3)):
            if not (ids := custom_ids(shown)):
                return
            shown = await self._look(member, click(shown, member.rng.choice(ids), member.person))

    async def _find_sources(self, member: _Member) -> None:
        text = self._worded(member)
        target = message(member.person, member.rng.choice([text, text, "", "😀"]))
        await self._look(member, message_command(FIND_SOURCES, target, member.person))

    async def _help(self, member: _Member) -> None:
        await self._look(member, slash("help", member.person))

    async def _try_what_admins_may(self, member: _Member) -> None:
        name = member.rng.choice(["reindex", "rollback", "status", "gaps"])
        shown = await self._look(member, slash(name, member.person))
        if text_of(shown) != messages.ADMINS_ONLY:
            self._problem(member, f"is no admin and got this of /{name}: {text_of(shown)}")

    async def _make_ids_up(self, member: _Member) -> None:
        id_ = member.rng.choice(["s:999999999:1", "c:0", "d:AAAAAAAAAAAA:1", "x:drop", "f:0:up"])
        button = {"type": 2, "style": 2, "label": "?", "custom_id": id_}
        on = message(BOT, "An answer", components=[{"type": 1, "components": [button]}])
        await self._look(member, click(on, id_, member.person))

    async def _look(self, member: _Member, payload: Payload) -> Payload:
        """Return what comes of an interaction; a sentence must be planned."""
        shown = await self.shared.interact(payload)
        plain = not (is_laid_out(shown) or shown.get("attachments") or "choices" in shown)
        if plain and shown.get("type") != 9:
            text = text_of(shown)
            if planned(text):
                self._count_refusal(text)
            else:
                self._problem(member, f"was told “{text}” for {payload['data']}")
        return shown

    def _count_refusal(self, text: str) -> None:
        self.shared.refused[re.sub(r"“.*?”.*|\d+", "…", text)] += 1

    def _problem(self, member: _Member, what: str) -> None:
        self.shared.problems.append(f"{member.person.name} {what}")

    def _worded(self, member: _Member) -> str:
        """Return a question that is hardly ever the same twice, so that no cache answers it."""
        rng, question = member.rng, member.rng.choice(self._questions)
        number = f"{rng.randrange(10**7):,}"
        match rng.randrange(8):
            case 0:
                return question
            case 1:
                return f"{question} And {rng.choice(self._questions)}"
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
                words = question.split()
                rng.shuffle(words)
                return f"{' '.join(words)} {number}?"
            case _:
                return f"{question} {rng.choice(_TAILS)} {number}"


def _reply_to(sent: Payload) -> Key:
    return "reply", int(sent["id"])


def _question_in(sent: Payload) -> str:
    return re.sub(r"[ \t]+", " ", str(sent["content"]).replace(f"<@{BOT.id}>", " ")).strip()


_TAILS = ("please, it is urgent, for item", "— see\nitem", "“quoted” *item*", "ﬁnally, in Žilina №")
_FOLLOW_UPS = ("and who decides that?", "How long does it take?", "why?", "and in Sweden?", "when")
_NAMES = (None, "glossary.html", "norway*", "Evacuation plan", "nothing like it", "*", "x" * 80)
_LOOKS: tuple[tuple[str, dict[str, str]], ...] = (
    ("changes", {}),
    ("changes", {"since": "yesterday"}),
    ("changes", {"since": "no time"}),
    ("compare", {"document": "glossary.html"}),
    ("compare", {"document": "glossary.html", "with": "Evacuation plan"}),
    ("watches", {}),
)
_NONSENSE = (
    "", "   ", "?", "...", "😀", "😀🎉👩‍👩‍👧‍👦", "\u200b\u200b", "\u202eabc?", "a", "ﷺ" * 50,
    "x" * 1_990, "word " * 390, "y" * 2_300, "Ω≈ç√∫ who?", "who\x00is?", "1 2 3",
    "**who** `decides` ||it||?",
    "' OR 1=1; --", "\ud800 who?", "मैं कौन हूँ?", "谁决定？", "e\u0301" * 300,
)  # fmt: skip

_CHOICES: dict[Callable[[People, _Member], Awaitable[None]], int] = {
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
    People._see_what_changed: 2,
    People._open_source: 2,
    People._find_sources: 1,
    People._help: 1,
    People._try_what_admins_may: 1,
    People._make_ids_up: 1,
}
_ACTS, _WEIGHTS = list(_CHOICES), list(_CHOICES.values())
