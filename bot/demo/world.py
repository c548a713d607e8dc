"""The demo's world: a server with people, the real bot in it, and a page for each conversation."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.config.guilds import GuildBook, GuildSettings
from bot.demo.apps import Room
from bot.demo.live import BOT, Live
from bot.errors import DemoUnavailable
from bot.localization import LazyText, _

if TYPE_CHECKING:
    import discord
    from simcord import ChannelHandle, Env, MemberActor

MakeBot = Callable[[GuildBook], "discord.Client"]
"""Builds the bot for guilds with these settings."""

_GUILD = "Larkfield Relief"
_OWNER = "Marta Kowalczyk"
_WELCOME = LazyText(
    "Hello! Ask me anything about the briefing documents, right here:\n"
    "> what roles would Norway's force take\n"
    "> Who signs the lease for the new Karsk warehouse?\n"
    "> which documents mention Karsk?\n"
    "> within how many days are claims handed in?\n"
    "\n"
    "**More to try**\n"
    "- Type `/`: `/changes`, `/compare`, `/list` …\n"
    "- Ask *how much is an advance at most?* and click *Tell me when this changes*. Then "
    "become Ada at the top, who is an admin: her `/reindex` takes in an update that is "
    "waiting."
)
_APPS = LazyText(
    "- Right-click a message (on a phone, press it long) for its *Apps*.\n"
    "- In #general, each answer opens a thread; the line at the top leads there and back."
)


@dataclass(frozen=True, slots=True)
class World:
    """A guild where messages in #questions are questions and Ada has Manage Server.

    `finished` waits until the bot has nothing left to do, which tests and pictures need.
    """

    env: Env
    bot: discord.Client
    admin: MemberActor
    members: tuple[MemberActor, ...]
    questions: ChannelHandle
    general: ChannelHandle
    audit: ChannelHandle
    finished: Callable[[], Awaitable[None]]
    rooms: tuple[Room, ...] = ()


@asynccontextmanager
async def open_world(make_bot: MakeBot, *, port: int = 0) -> AsyncIterator[World]:
    """Start the bot and yield the world that it is in. Raises DemoUnavailable."""
    with _quiet():
        import simcord

    async with AsyncExitStack() as stack:
        live = Live()
        world = _people_a_guild(live, make_bot)
        env = world.env
        await env.start()
        stack.push_async_callback(_end, world)
        stack.push_async_callback(live.stop)
        everybody = (*world.members, world.admin)
        private = world.members[0].user
        rooms = []
        for name, channel, viewers, wanted in (
            ("#questions", world.questions, everybody, port),
            ("#general", world.general, everybody, 0),
            ("a private chat", private.dm_channel, (private,), 0),
            ("#bot-log", world.audit, (world.admin,), 0),
        ):
            try:
                preview = await live.show(stack, channel, viewers, wanted)
            except simcord.SetupError as exc:
                raise DemoUnavailable(
                    _(
                        "The demo cannot start ({reason}). `--port` names another port; without "
                        "it, any that is free is taken."
                    ).format(reason=exc)
                ) from exc
            rooms.append(Room(name, channel, preview))
        live.apps.rooms = rooms
        live.start()
        with env._bot_scope():
            await _welcome(world)
        yield replace(world, rooms=tuple(rooms))


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the warning of discord.py, at simcord's import, that the bot has no voice."""
    warns = logging.getLogger("discord.state")
    before, warns.disabled = warns.disabled, True
    try:
        yield
    finally:
        warns.disabled = before


def _people_a_guild(live: Live, make_bot: MakeBot) -> World:
    import discord

    env = live.env
    env.backend.bot_user.name = BOT
    owner = env.create_user("larkfield", global_name="Larkfield Relief")
    guild = env.create_guild(_GUILD, owner=owner)
    admins = guild.create_role(
        "Administrators", permissions=discord.Permissions(manage_guild=True), color=0x2F6F4F
    )
    ada = guild.add_member(env.create_user("ada", global_name="Ada (admin)"), roles=[admins])
    ben = guild.add_member(env.create_user("ben", global_name="Ben"))
    chloe = guild.add_member(env.create_user("chloe", global_name="Chloe"))
    marta = guild.add_member(env.create_user("marta", global_name=_OWNER))
    questions = guild.create_text_channel("questions", topic=_("Every message here is a question."))
    general = guild.create_text_channel(
        "general", topic=_("Mention @{name} to ask it something.").format(name=BOT)
    )
    audit = guild.create_text_channel("bot-log", topic=_("What admins did with the bot."))
    book = GuildBook(
        GuildSettings(),
        {
            guild.id: GuildSettings.model_validate(
                {
                    "question_channels": [questions.id],
                    "audit_channel": audit.id,
                    "review_channel": general.id,
                    "owners": {_OWNER: marta.id},
                    "digest_channel": general.id,
                    "digest": "reindex",
                    "mark_outdated": True,
                    "answer_threads": [general.id],
                    "experts": {"/": marta.id},
                    "add_to": {str(general.id): "notes"},
                }
            )
        },
    )
    env.bot = make_bot(book)
    return World(env, env.bot, ada, (ben, chloe, marta), questions, general, audit, live.finished)


async def _welcome(world: World) -> None:
    import discord

    channel = world.bot.get_channel(world.questions.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.send(f"{_WELCOME}\n{_APPS}")


async def _end(world: World) -> None:
    """End the bot as SIGTERM does; what still runs then ends with the process."""
    try:
        await world.bot.close()
    finally:
        with suppress(TimeoutError):
            await world.env.shutdown()
