"""Hundreds of questions, clicks and autocompletions at once: the limits hold, others get in."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.chat import admission
from bot.chat.admission import AdmissionLimits
from bot.config.settings import Settings
from bot.discord.cogs.asking.sharing import SHARE_ANSWER, SHARED
from bot.discord.gateway.client import BriefingBot
from bot.services import Services
from testing.budget import HARDENING
from testing.engines import Held
from testing.layouts import buttons_of, is_laid_out, text_of
from testing.loopback import Loopback, Request
from testing.loopback.payloads import (
    ALICE,
    BOB,
    BOT,
    GENERAL,
    autocomplete,
    click,
    crowd,
    message,
    slash,
)
from testing.running import running, until
from testing.services import bot_of, engine_of, services_of

pytestmark = pytest.mark.processes

LEASE = "who signs the lease of the warehouse?"
MANY = 300 if HARDENING else 60


@asynccontextmanager
async def flooded(services: Services) -> AsyncIterator[tuple[Loopback, BriefingBot]]:
    async with Loopback() as server:
        bot = bot_of(services)
        async with running(bot, server):
            await until(lambda: any(not guild.unavailable for guild in bot.guilds))
            yield server, bot


def said(server: Loopback, path: str) -> list[Request]:
    return [r for r in server.requests if r.method == "POST" and r.path == path]


def in_general(server: Loopback) -> list[Request]:
    return said(server, f"/channels/{GENERAL}/messages")


def replies_to(server: Loopback, question: dict[str, Any]) -> Callable[[Request], bool]:
    def wanted(request: Request) -> bool:
        data = request.json if isinstance(request.json, dict) else {}
        reference = data.get("message_reference") or {}
        return str(reference.get("message_id")) == str(question["id"])

    return wanted


async def quiet(server: Loopback) -> None:
    """Wait until nothing has been requested from Discord for a moment."""
    seen = -1
    while seen != len(server.requests):
        seen = len(server.requests)
        await asyncio.sleep(0.15)


# Questions


async def test_one_who_floods_a_channel_holds_up_nobody_else_in_it(indexed: Settings) -> None:
    engine = Held(engine_of(indexed))
    services = services_of(indexed, engine=engine)
    async with flooded(services) as (server, _):
        for number in range(MANY):
            server.send(message(ALICE, f"<@{BOT.id}> {LEASE} {number}", mentions=[BOT]))
        await until(
            lambda: services.admission.state.waiting == services.admission.limits.per_person
        )
        await quiet(server)
        assert in_general(server) == []
        (refused,) = said(server, f"/channels/{ALICE.dm_channel}/messages")  # not every time
        assert "That was a lot of questions" in refused.json["content"]
        asked = server.send(message(BOB, f"<@{BOT.id}> {LEASE}", mentions=[BOT]))
        await until(
            lambda: services.admission.state.waiting == services.admission.limits.per_person + 1
        )
        engine.let.set()
        answer = await server.wait_for(replies_to(server, asked), timeout=60)
        assert is_laid_out(answer.json)
        await quiet(server)
        assert len(in_general(server)) == services.admission.limits.per_person + 1
        assert len(engine.asked) == services.admission.limits.per_person + 1
        typing = [request.time for request in said(server, f"/channels/{GENERAL}/typing")]
        rounds = 1 + (max(typing) - min(typing)) // 5  # it is shown anew every five seconds
        assert len(typing) <= 5 * rounds
    assert services.admission._present == {}


async def test_commands_of_one_are_each_refused_in_a_sentence(indexed: Settings) -> None:
    engine = Held(engine_of(indexed))
    services = services_of(indexed, engine=engine)
    async with flooded(services) as (server, _):
        asked = [server.interact(slash("ask", ALICE, question=LEASE)) for _ in range(MANY)]
        await until(
            lambda: services.admission.state.waiting == services.admission.limits.per_person
        )
        other = server.interact(slash("ask", BOB, question=LEASE))
        await until(
            lambda: services.admission.state.waiting == services.admission.limits.per_person + 1
        )
        engine.let.set()
        found = await server.wait_for(
            lambda r: r.interaction_id == other.id and r.method == "PATCH", timeout=60
        )
        assert is_laid_out(found.json)
        for one in asked:
            await server.acknowledgement(one, timeout=60)
        await quiet(server)
        told = [told_by(server, one.id) for one in asked]
    refusals = [one for one in told if one]
    assert len(refusals) == MANY - services.admission.limits.per_person
    assert all(one.startswith(("That was a lot of questions", "I am busy")) for one in refusals)
    assert len(engine.asked) == services.admission.limits.per_person + 1


def told_by(server: Loopback, interaction: int) -> str:
    """Return the sentence that an interaction was answered with, if there is one alone."""
    told = ""
    for request in server.requests:
        if request.interaction_id == interaction and isinstance(request.json, dict):
            data = request.json.get("data") or request.json
            told += "" if is_laid_out(data) else text_of(data)
    return told


@pytest.mark.search
async def test_many_at_once_are_answered_or_told_so(indexed: Settings) -> None:
    engine = Held(engine_of(indexed))
    services = services_of(indexed, engine=engine, limits=AdmissionLimits(waiting=20))
    async with flooded(services) as (server, _):
        asked = [server.interact(slash("ask", one, question=LEASE)) for one in crowd(200)]
        await until(lambda: services.admission.state.waiting == 20)
        for one in asked:
            await server.acknowledgement(one, timeout=60)
        await quiet(server)
        assert services.admission.state.waiting == 20
        assert len(services.admission._recent) <= 201
        engine.let.set()
        await until(lambda: services.admission.state.answered == 20, timeout=60)
        await quiet(server)
        told = [told_by(server, one.id) for one in asked]
    assert sum(one.startswith("I am busy just now") for one in told) == 180
    assert told.count("") == 20


# What passes the line


class Slow:
    """Looks nothing up until it is released; `most` is how many lookups waited at once."""

    def __init__(self, services: Services) -> None:
        self.let = threading.Event()
        self.waiting = self.most = 0
        run_quick = services.admission.run_quick

        async def slowly(work: Callable[..., Any], *args: object, **kwargs: object) -> Any:
            if admission._served.get() is None:  # what the bot does by itself
                return await run_quick(work, *args, **kwargs)
            self.waiting += 1
            self.most = max(self.most, self.waiting)
            try:
                await asyncio.to_thread(self.let.wait, 20)
                return await run_quick(work, *args, **kwargs)
            finally:
                self.waiting -= 1

        vars(services.admission)["run_quick"] = slowly


async def test_clicks_and_letters_of_one_are_bounded_and_others_pass(services: Services) -> None:
    slow = Slow(services)
    most = services.admission.limits.per_person + services.admission.limits.at_once
    buttons = [{"type": 2, "style": 2, "label": "1", "custom_id": "l:1:"}]
    async with flooded(services) as (server, _):
        on = message(BOT, "look", components=[{"type": 1, "components": buttons}])
        typed = [
            server.interact(autocomplete("source", "document", "w", ALICE)) for _ in range(MANY)
        ]
        clicked = [server.interact(click(on, "l:1:", ALICE)) for _ in range(MANY)]
        looked = [server.interact(slash("documents", ALICE)) for _ in range(MANY)]
        await until(lambda: slow.waiting == most)
        await quiet(server)
        assert slow.waiting == most
        other = server.interact(autocomplete("source", "document", "ware", BOB))
        await until(lambda: slow.waiting == most + 1)
        slow.let.set()
        await server.acknowledgement(other, timeout=60)
        await until(lambda: slow.waiting == 0, timeout=60)
        await quiet(server)
        told = [told_by(server, one.id) for one in (*clicked, *looked)]
    assert slow.most == most + 1
    assert set(told) <= {"", "I am busy just now. Please try again in a second."}
    refused = sum(bool(one) for one in told)
    assert refused + most >= 2 * MANY
    answered = sum(one.acknowledged is not None for one in typed)
    assert answered <= most
    assert services.admission._present == {}


async def test_all_together_are_bounded(services: Services) -> None:
    services.admission.limits = AdmissionLimits(waiting=5, at_once_in_all=15)
    slow = Slow(services)
    async with flooded(services) as (server, _):
        asked = [server.interact(slash("documents", one)) for one in crowd(100)]
        await until(lambda: slow.waiting == 20)
        for one in asked:
            await server.acknowledgement(one, timeout=60)
        assert slow.most == 20
        slow.let.set()
        await until(lambda: slow.waiting == 0, timeout=60)
        await quiet(server)
        told = [told_by(server, one.id) for one in asked]
    assert sum(one.startswith("I am busy just now") for one in told) == 80


async def test_nobody_shows_others_more_than_they_may_ask(services: Services) -> None:
    """Shared sources and answers count as questions, so they have the same limit."""
    services.admission.limits = AdmissionLimits(per_minute=4)
    async with flooded(services) as (server, _):
        told = []
        for _ in range(8):
            one = server.interact(slash("source", ALICE, document="warehouse.txt", share=True))
            await server.acknowledgement(one)
            await quiet(server)
            told.append(told_by(server, one.id))
        private = server.interact(slash("ask", BOB, question=LEASE, private=True))
        shown = await server.wait_for(
            lambda r: r.interaction_id == private.id and r.method == "PATCH", timeout=60
        )
        await quiet(server)
        (share,) = (
            button["custom_id"]
            for button in buttons_of(shown.json["components"])
            if button.get("label") == SHARE_ANSWER
        )
        shared = []
        for _ in range(6):
            one = server.interact(click(shown.answer, share, BOB))
            await until(lambda number=one.id: told_by(server, number))
            shared.append(told_by(server, one.id))
    assert [bool(one) for one in told] == [False] * 4 + [True] * 4
    assert all(one.startswith("That was a lot of questions") for one in told[4:])
    assert shared[:3] == [SHARED] * 3
    assert all(one.startswith("That was a lot of questions") for one in shared[3:])
