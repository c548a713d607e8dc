"""Asking: the questions of the simulated people, and what may come of each."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.discord.cogs.asking.addressing import ASKED_BY_FILE, NOTHING_ASKED, TYPED_COMMAND
from bot.discord.ui.errors import sentence_of
from bot.errors import TooMany
from index.errors import BadQuestion
from index.question import checked
from testing.crowd import percentile
from testing.layouts import is_laid_out, text_of
from testing.loopback.payloads import (
    BOT,
    GENERAL,
    QUESTIONS,
    Payload,
    Person,
    crowd,
    message,
    now,
    slash,
    snowflake,
    thread,
)
from tools.hardening.soak.responses import PATIENCE, Given, Key, Shared, custom_ids, planned

_REFUSED_WITHOUT_A_WORD = 60.0
"""Seconds after a refusal in which the bot may be silent to the one whom it refused."""
_AFTER_FLOOD = 2.0
"""Seconds, at least, after which somebody who asked too much at once expects no more answers."""
_MORE = re.compile(r"u:o:\d+:(\d+)-(\d+)$")
_EXCHANGE = re.compile(r"\bf:(\d+):up\b")
_TOO_MANY = str(TooMany(9)).partition("9")[0]


@dataclass(slots=True)
class Member:
    person: Person
    rng: Random
    thread: int
    answer: Payload | None = None
    """The last answer that has buttons, and can be clicked on and replied to."""
    refused: float = float("-inf")
    """When this person was last told that they ask too much (`time.monotonic()`)."""


class Asking:
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
            Member(person, Random(f"{seed}:{number}"), snowflake())
            for number, person in enumerate(crowd(size))
        ]
        for member in self._members:
            person = member.person
            shared.server.state.people[person.id] = person
            opened = thread(member.thread, person.name, GENERAL, owner=person)
            shared.server.dispatch("THREAD_CREATE", opened)

    # Questions

    async def _ask(self, member: Member) -> None:
        await self._answer(member, self._message(member, self._worded(member)))

    async def _ask_by_command(self, member: Member) -> None:
        options: dict[str, Any] = {"question": self._worded(member)}
        if member.rng.random() < 0.3:
            options["private"] = True
        channel = member.rng.choice([GENERAL, QUESTIONS, member.thread, member.person.dm_channel])
        await self._command(member, channel, options)

    async def _command(
        self, member: Member, channel: int, options: dict[str, Any], refusal: str | None = None
    ) -> None:
        self.shared.asked += 1
        before = time.monotonic()
        answer = await self.shared.interact(slash("ask", member.person, channel, **options))
        self._judge(member, options["question"], before, answer, refusal, _TOO_MANY)

    async def _answer(self, member: Member, sent: Payload, refusal: str | None = None) -> Payload:
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
        self, member: Member, text: str, channel: int | None = None, **other: Any
    ) -> Payload:
        direct = member.person.dm_channel
        if channel is None:
            channel = member.rng.choice([GENERAL, QUESTIONS, member.thread, member.thread, direct])
        if channel == direct:
            return message(member.person, text, channel=channel, **other)
        text = f"<@{BOT.id}> {text}"
        return message(member.person, text, channel=channel, mentions=[BOT], **other)

    async def _follow_up(self, member: Member) -> None:
        last = member.answer
        if last is None or last.get("flags", 0) & 64 or "channel_id" not in last:
            return await self._ask(member)
        text, channel = member.rng.choice(_FOLLOW_UPS), int(last["channel_id"])
        await self._answer(member, self._message(member, text, channel, reply_to=last))
        return None

    async def _edit(self, member: Member) -> None:
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

    async def _edit_at_once(self, member: Member) -> None:
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

    def _changed(self, member: Member, sent: Payload) -> Payload:
        mention = sent["content"].split(" ", 1)[0] if "guild_id" in sent else ""
        text = f"{mention} {self._worded(member)} ({member.rng.randrange(10**6)})"
        return {**sent, "content": text.strip(), "edited_timestamp": now()}

    async def _delete(self, member: Member) -> None:
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

    async def _flood(self, member: Member) -> None:
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

    async def _ask_nonsense(self, member: Member) -> None:
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

    async def _ask_what_is_no_question(self, member: Member) -> None:
        if member.rng.random() < 0.5:
            sent = self._message(member, "/ask who decides?")
            await self._answer(member, sent, str(TYPED_COMMAND))
            return
        file = self.shared.server.upload("plan.txt", b"A plan.\n", "text/plain")
        sent = self._message(member, "", attachments=[file])
        await self._answer(member, sent, str(ASKED_BY_FILE))

    async def _talk_to_others(self, member: Member) -> None:
        """Send a message that is not meant for the bot."""
        sent = message(member.person, self._worded(member), channel=GENERAL)
        self.replies[int(sent["id"])] = (0,)
        await self.shared.open.wait()
        self.shared.server.send(sent)

    def _judge(
        self,
        member: Member,
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

    async def _look(self, member: Member, payload: Payload) -> Payload:
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

    def _problem(self, member: Member, what: str) -> None:
        self.shared.problems.append(f"{member.person.name} {what}")

    def _worded(self, member: Member) -> str:
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
_NONSENSE = (
    "", "   ", "?", "...", "😀", "😀🎉👩‍👩‍👧‍👦", "\u200b\u200b", "\u202eabc?", "a", "ﷺ" * 50,
    "x" * 1_990, "word " * 390, "y" * 2_300, "Ω≈ç√∫ who?", "who\x00is?", "1 2 3",
    "**who** `decides` ||it||?",
    "' OR 1=1; --", "\ud800 who?", "मैं कौन हूँ?", "谁决定？", "e\u0301" * 300,
)  # fmt: skip
