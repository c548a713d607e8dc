"""The run: people, an admin and failures at once, and the bot looked at meanwhile."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from pydantic import SecretStr

from testing.crowd import percentile, read_questions
from testing.layouts import text_of
from testing.loopback import Loopback
from testing.loopback.payloads import BOT, Payload
from tools.hardening.caches import CacheUse
from tools.hardening.process import (
    QUESTIONS,
    BotProcess,
    build_index,
    copy_corpus,
    running_bot,
    settings_in,
)
from tools.hardening.soak.checking import at_rest, parse, unplanned, wrong_answers, wrong_replies
from tools.hardening.soak.events import Admin, LostConnections, RequestFaults, write_notes
from tools.hardening.soak.figures import Figures, Plan
from tools.hardening.soak.people import People
from tools.hardening.soak.responses import Responses, Shared
from tools.hardening.vitals import AT_WORK, Memory, Vitals, kinds_grown, left_behind

_REMEMBERED = 400.0
"""Seconds that the loopback remembers a request: longer than anybody waits."""


async def soak(folder: Path, plan: Plan, *, database: SecretStr | None = None) -> Figures:
    """Run the plan; `folder` is empty, and afterwards holds corpus, index, records and log.

    With a `database`, index and records are there.
    """
    began, fake = time.monotonic(), not plan.passages
    settings = settings_in(
        folder,
        read_passages=plan.passages or 1,
        per_minute=1_000,  # people here ask in seconds what others ask in minutes
        most_waiting=1_000,
        database=database,
    )
    copy_corpus(settings, fake=fake)
    write_notes(settings.corpus, plan.seed)
    await asyncio.to_thread(build_index, settings, fake=fake)
    figures, responses = Figures(plan), Responses()
    async with (
        Loopback(
            strict=False,
            heard=lambda request: responses.take(request, server.state.interactions),
        ) as server,
        running_bot(server, settings, folder, *["--fake"] * fake) as bot,
    ):
        shared = Shared(server, responses, began + 60 * plan.minutes)
        people = People(shared, plan.people, plan.seed, read_questions(QUESTIONS))
        admin = Admin(shared, settings, plan.seed, plan.admin)
        faults = RequestFaults(shared, plan.seed, plan.faults)
        losses = LostConnections(shared, plan.seed, plan.losses)
        replies: dict[int, list[str]] = {}
        forgetting = asyncio.create_task(_forget(server, replies))
        before = Vitals({}, {}, {}, {}, {}, {})
        for until in (plan.warm_up, plan.questions):
            await asyncio.gather(
                people.current(until),
                admin.run(until),
                faults.run(until),
                losses.run(until),
                _sample(bot, shared, figures, until),
            )
            # What is read of a generation at its first question is to be there in both looks.
            if until == plan.questions:
                shared.ends = math.inf
            await people.current(shared.asked + 1)
            after, left = await _settled(bot, before, shared.asked, plan.settled)
            if until == plan.warm_up:
                before = after
        grown = [found async for found in _held(bot, before, after, left)]
        forgetting.cancel()
        # Of a long run, the requests of the last minutes are still known.
        figures.problems += [*shared.problems, *grown, *server.problems()]
        figures.at_rest = [*at_rest(before, after)]
        _note(await server.forget(time.time() + 1), replies)
    figures.seconds = time.monotonic() - began
    figures.asked, figures.answered = shared.asked, len(people.answers)
    figures.took = percentile(shared.seconds, 0.5), percentile(shared.seconds, 0.95)
    figures.acts, figures.refused = shared.done, shared.refused
    figures.told = responses.told
    figures.admin, figures.generations = admin.done, len(admin.steps)
    figures.faults, figures.losses = faults.met, losses.lost
    figures.problems += [*wrong_replies(people, replies)]
    figures.problems += [*wrong_answers(settings, people, admin, figures)]
    log = (folder / "bot.log").read_text(encoding="utf-8").splitlines()
    figures.problems += unplanned(log)
    figures.warnings = Counter(text for level, text in map(parse, log) if level == "warning")
    figures.records = sum(path.stat().st_size for path in settings.records.glob("records.sqlite*"))
    return figures


async def _sample(bot: BotProcess, shared: Shared, figures: Figures, until: int) -> None:
    every = figures.plan.sample
    while not shared.enough(until):
        await shared.wait(min(until, (shared.asked // every + 1) * every))
        figures.full.append((shared.asked, Memory(**json.loads(await bot.ask("memory")))))
        found = json.loads(await bot.ask("caches"))
        figures.memory.append((shared.asked, Memory(**found["memory"])))
        figures.caches.note([CacheUse(**each) for each in found["caches"]])


async def _settled(
    bot: BotProcess, before: Vitals, asked: int, within: float
) -> tuple[Vitals, list[str]]:
    """Return what the bot holds once it has come to rest, and what of that was left behind.

    One look is not enough: what was sent a moment ago may not have been received yet.
    """
    end, last = time.monotonic() + within, Vitals({}, {}, {}, {}, {}, {})
    while True:
        now = Vitals.parse(await bot.ask("vitals"))
        left = [*left_behind(before, now, asked)]
        at_rest = (
            now.tasks == last.tasks
            and not now.entries["answers under way"]
            and not now.entries[AT_WORK]
            and not now.children  # who draws pages ends after two minutes without a picture
        )
        if (at_rest and (not left or not before.tasks)) or time.monotonic() > end:
            return now, left
        last = now
        await asyncio.sleep(0.5)


async def _held(
    bot: BotProcess, before: Vitals, after: Vitals, left: Iterable[str]
) -> AsyncIterator[str]:
    """Yield what was left behind, and of objects of which kinds, and what holds them."""
    for problem in left:
        yield problem
        for kind, grown in kinds_grown(before, after, problem.rpartition(" of ")[2]):
            holders = json.loads(await bot.ask(f"holders {kind}"))
            yield f"{grown} more of {kind} are held: {holders}"


async def _forget(server: Loopback, replies: dict[int, list[str]]) -> None:
    """Forget old requests now and then, as they would fill this process' memory."""
    while True:
        await asyncio.sleep(10)
        _note(await server.forget(time.time() - _REMEMBERED), replies)


def _note(messages: Iterable[Payload], replies: dict[int, list[str]]) -> None:
    for message in messages:
        if message["author"]["id"] == str(BOT.id) and "message_reference" in message:
            of = int(message["message_reference"]["message_id"])
            replies.setdefault(of, []).append(f"{message['id']}: {text_of(message)[:120]}")
