"""Acts that simcord's people do not have, such as one while the bot is still at work."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from typing import Any, cast

import simcord
from simcord.actors import _component_interaction

from testing.layouts import buttons_of, text_of
from tests.bot.discord.conftest import Guild


@contextmanager
def not_waiting(env: simcord.Env) -> Iterator[None]:
    """Let people act again once the bot only waits, even if it is still at work.

    Otherwise simcord's people wait until the bot has nothing left to do, and fail after a while.
    """
    settle = env._settle_internal

    async def wait_a_little(**_arguments: object) -> None:
        idle = 0
        for _ in range(40):
            before = time.process_time()
            with suppress(TimeoutError):
                await settle(timeout=0.05)
                return
            idle = idle + 1 if time.process_time() - before < 0.003 else 0
            if idle == 2:  # once may be because it was not this process's turn
                return

    vars(env)["_settle_internal"] = wait_a_little
    try:
        yield
    finally:
        del vars(env)["_settle_internal"]


def let_happen(loop: asyncio.AbstractEventLoop, happens: Callable[[], object]) -> None:
    """Let something happen on the loop, from another thread, and give it time to deal with that."""
    happened = threading.Event()

    def let() -> None:
        happens()
        happened.set()

    loop.call_soon_threadsafe(let)
    assert happened.wait(60)
    for _ in range(20):
        turn = threading.Event()
        loop.call_soon_threadsafe(turn.set)
        turn.wait(60)
        time.sleep(0.015)


async def until(env: simcord.Env, done: Callable[[], object]) -> None:
    """Within `not_waiting`, give the bot time in small portions until `done`."""
    async with asyncio.timeout(120):
        while not done():
            await env.settle()


def let_in(guild: Guild, member: simcord.MemberActor, *commands: str) -> None:
    """Show admin commands to everybody, as a server's admins can under Integrations."""
    for name in commands:
        found = cast("dict[str, Any]", guild.env.backend.find_command(name, None, type=1))
        guild.handle.set_command_permissions(int(found["id"]), {member: True})


def take_away(member: simcord.MemberActor, role: simcord.RoleHandle) -> None:
    member._env.backend.remove_member_role(member.guild.id, member.id, role.id)


def ids_of(shown: simcord.InteractionResult) -> list[str]:
    """Return the ids of the buttons of a response."""
    assert shown.response is not None
    return [one["custom_id"] for one in buttons_of(shown.response.components)]


async def press(
    actor: simcord.MemberActor, shown: simcord.InteractionResult, label: str
) -> simcord.InteractionResult:
    """Click a button below a response."""
    assert shown.response is not None
    return await actor.click(shown.response, label=label)


def as_it_is(shown: simcord.InteractionResult) -> Any:
    """Return the message as it is now, since a person may still see it a moment later."""
    assert shown.response is not None
    return deepcopy(shown.response._message)


async def replay(
    actor: simcord.MemberActor, message: Any, custom_id: str
) -> simcord.InteractionResult:
    """Click as somebody who does not see the message, or no longer; `as_it_is` gives it."""
    data = {"custom_id": custom_id, "component_type": 2}
    return await _component_interaction(actor, message, data)


def shown_in(env: simcord.Env) -> list[str]:
    """Return the text of every edit of a first response, in order."""
    edits = (r for r in env.http_requests if r.method == "PATCH" and r.path.endswith("@original"))
    return [text_of(cast("dict[str, Any]", request.json)) for request in edits]
