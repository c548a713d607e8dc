"""The bot on real sockets: logging in, staying connected, and getting through to Discord."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import discord
import discord.http
import discord.webhook.async_
import pytest
from aiohttp.client_exceptions import ClientError

from tests.bot.discord.loopback import Intent, Loopback, Op
from tests.bot.discord.loopback.payloads import (
    ALICE,
    BOB,
    BOT,
    GENERAL,
    TOKEN,
    click,
    message,
    slash,
)
from tests.bot.discord.running import SampleBot, hears, running, until

make_bot = SampleBot


class Impatient:
    """`asyncio` for one module of discord.py, whose sleeps are noted and a hundredth as long."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        if seconds:
            self.slept.append(seconds)
        await asyncio.sleep(seconds / 100)


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> Impatient:
    """discord.py's pauses before another try, in seconds; they are cut short."""
    impatient = Impatient()
    for module in (discord.http, discord.webhook.async_, discord.client):
        monkeypatch.setattr(module, "asyncio", impatient)
    return impatient


class TestLoggingIn:
    async def test_identifies_itself_over_a_zlib_stream_and_hears_of_its_guild(self) -> None:
        async with Loopback() as server, running(bot := make_bot(), server):
            frame = await server.identified()
            await hears(bot)
        assert bot.application_id == BOT.id
        assert [guild.name for guild in bot.guilds] == ["The Team"]
        assert frame.data["token"] == "..."  # it was the right one, and is written down nowhere
        assert server.gateway.opened == [("/gateway", "zlib-stream")]
        assert [(r.path, r.authorization) for r in server.requests] == [
            ("/users/@me", "Bot"),
            ("/oauth2/applications/@me", "Bot"),
        ]

    async def test_a_message_of_the_gateway_may_come_in_two_pieces(self) -> None:
        async with Loopback() as server:
            server.gateway.split = True
            async with running(bot := make_bot(), server):
                server.send(message(ALICE, f"<@{BOT.id}> hi", mentions=[BOT]))
                await until(lambda: bot.heard)
        assert bot.heard == [f"<@{BOT.id}> hi"]

    async def test_is_told_when_the_token_is_wrong(self) -> None:
        async with Loopback() as server:
            bot = make_bot()
            with pytest.raises(discord.LoginFailure):
                await bot.start("another-token")
            await bot.close()
        assert [request.status for request in server.requests] == [401]

    async def test_is_told_when_the_token_is_changed_before_it_connects(self) -> None:
        async with Loopback() as server:
            bot = make_bot()
            await bot.login(TOKEN)
            server.gateway.token = "another-token"
            with pytest.raises(discord.ConnectionClosed) as closed:
                await bot.connect()
            await bot.close()
        assert closed.value.code == 4004

    async def test_is_told_when_an_intent_is_not_granted(self) -> None:
        async with Loopback() as server:
            server.gateway.granted = Intent.PRESENCES
            bot = make_bot(intents=discord.Intents(guilds=True, message_content=True))
            with pytest.raises(discord.PrivilegedIntentsRequired):
                await bot.start(server.token)
            await bot.close()

    async def test_is_told_when_an_intent_does_not_exist(self) -> None:
        async with Loopback() as server:
            intents = discord.Intents(guilds=True)
            intents.value |= 1 << 30
            bot = make_bot(intents=intents)
            with pytest.raises(discord.ConnectionClosed) as closed:
                await bot.start(server.token)
            await bot.close()
        assert closed.value.code == 4013

    async def test_does_without_the_content_of_messages(self) -> None:
        """What mentions the bot, or is written to it directly, comes whole all the same."""
        async with Loopback() as server, running(bot := make_bot(), server):
            server.send(message(ALICE, "not for the bot"))
            server.send(message(ALICE, "to the bot", mentions=[BOT]))
            server.send(message(ALICE, "to the bot alone", channel=ALICE.dm_channel))
            await until(lambda: len(bot.heard) == 3)
        assert bot.heard == ["", "to the bot", "to the bot alone"]


class TestStayingConnected:
    async def test_heartbeats_at_once_and_at_the_interval(self) -> None:
        async with Loopback() as server:
            server.gateway.heartbeat_interval = 0.05
            async with running(bot := make_bot(), server):
                await hears(bot)
                so_far = [frame.op for frame in server.frames].count(Op.HEARTBEAT)
                await server.wait_for_frame(Op.HEARTBEAT, count=so_far + 3)
                await until(lambda: bot.latency < 1)
        assert [frame.op for frame in server.frames][:2] == [Op.HEARTBEAT, Op.IDENTIFY]
        beats = [frame for frame in server.frames if frame.op == Op.HEARTBEAT]
        assert beats[0].data is None
        assert beats[so_far + 2].data == 2  # READY and GUILD_CREATE have come
        assert beats[so_far + 2].time - beats[so_far].time > 0.09

    async def test_heartbeats_when_asked(self) -> None:
        async with Loopback() as server, running(make_bot(), server):
            server.ask_for_heartbeat()
            await server.wait_for_frame(Op.HEARTBEAT, count=2)

    async def test_resumes_when_the_line_is_cut_and_hears_once_what_it_missed(self) -> None:
        async with Loopback() as server, running(bot := make_bot(), server):
            server.send(message(ALICE, "before", mentions=[BOT]))
            await until(lambda: bot.heard)
            server.drop()
            server.send(message(ALICE, "meanwhile", mentions=[BOT]))
            resumed = await server.wait_for_frame(Op.RESUME)
            server.send(message(ALICE, "after", mentions=[BOT]))
            await until(lambda: len(bot.heard) == 3)
        assert bot.heard == ["before", "meanwhile", "after"]
        assert bot.happened.count("resumed") == 1
        assert resumed.data["seq"] == 3  # READY, GUILD_CREATE, "before"
        assert [frame.op for frame in server.frames].count(Op.IDENTIFY) == 1
        assert [path for path, _ in server.gateway.opened] == ["/gateway", "/resume"]

    @pytest.mark.parametrize("code", [1000, 1001, 4000, 4009])
    async def test_comes_back_when_discord_closes(self, code: int, naps: Impatient) -> None:
        async with Loopback() as server, running(bot := make_bot(), server):
            server.close(code)
            await server.wait_for_frame(Op.RESUME)
            server.send(message(ALICE, "after", mentions=[BOT]))
            await until(lambda: bot.heard)
        assert bot.heard == ["after"]

    async def test_reconnects_and_resumes_when_discord_asks(self) -> None:
        async with Loopback() as server, running(bot := make_bot(), server):
            server.ask_to_reconnect()
            await server.wait_for_frame(Op.RESUME)
            server.send(message(ALICE, "after", mentions=[BOT]))
            await until(lambda: bot.heard)
        assert [frame.op for frame in server.frames].count(Op.IDENTIFY) == 1

    async def test_identifies_anew_when_its_session_is_gone(self, naps: Impatient) -> None:
        """discord.py waits 5 s before another IDENTIFY: cut short here."""
        async with Loopback() as server, running(bot := make_bot(), server):
            server.invalidate()
            await server.identified(count=2)
            server.send(message(ALICE, "after", mentions=[BOT]))
            await until(lambda: bot.heard)
        assert bot.heard == ["after"]
        assert Op.RESUME not in [frame.op for frame in server.frames]
        assert naps.slept == [5.0]

    async def test_identifies_anew_when_it_comes_too_late_to_resume(self, naps: Impatient) -> None:
        async with Loopback() as server, running(bot := make_bot(), server):
            server.forget_sessions()
            server.drop()
            await server.identified(count=2)
            server.send(message(ALICE, "after", mentions=[BOT]))
            await until(lambda: bot.heard)
        ops = [frame.op for frame in server.frames if frame.op != Op.HEARTBEAT]
        assert ops == [Op.IDENTIFY, Op.RESUME, Op.IDENTIFY]

    async def test_resumes_when_discord_falls_silent(self) -> None:
        async with Loopback() as server:
            server.gateway.heartbeat_interval = 0.05
            server.gateway.acknowledges_heartbeats = False
            async with running(make_bot(heartbeat_timeout=0.2), server):
                await server.wait_for_frame(Op.RESUME)

    async def test_an_event_that_discord_py_cannot_read_ends_the_connection(self) -> None:
        """Hence the supervisor: `Client.start` raises, and its socket stays open until `close`."""
        async with Loopback() as server:
            async with running(make_bot(), server) as task:
                server.dispatch("MESSAGE_CREATE", {"unreadable": True})
                with pytest.raises(KeyError):
                    await task
                assert len(server.gateway.connections) == 1
            await until(lambda: not server.gateway.connections)
            async with running(bot := make_bot(), server):
                await server.identified(count=2)
                server.send(message(ALICE, "after", mentions=[BOT]))
                await until(lambda: bot.heard)
        assert bot.heard == ["after"]


class TestGettingThrough:
    async def test_syncs_its_commands(self) -> None:
        async with Loopback() as server, running(bot := make_bot(), server):
            synced = await bot.tree.sync()
            again = await bot.tree.sync()
        assert {command.name for command in synced} == {"ask", "file", "freeze"}
        assert {command.id for command in synced} == {command.id for command in again}

    async def test_defers_and_edits_the_answer_in(self) -> None:
        async with Loopback() as server, running(make_bot(), server):
            asked = server.interact(slash("ask", ALICE, question="How large?"))
            edit = await server.wait_for(lambda request: request.method == "PATCH")
        assert edit.answer["content"] == "You asked: How large?"
        assert edit.authorization is None  # the token in the path is enough
        assert asked.response == {"type": 5}
        assert [request.interaction_id for request in server.requests[-2:]] == [asked.id] * 2
        assert server.acknowledged(asked.id) == asked.seconds < 1.0

    async def test_only_the_asker_sees_a_private_answer(self) -> None:
        async with Loopback() as server, running(bot := make_bot(), server):
            await hears(bot)
            asked = server.interact(slash("ask", ALICE, question="?", private=True))
            edit = await server.wait_for(lambda request: request.method == "PATCH")
        assert edit.answer["flags"] & discord.MessageFlags.ephemeral.flag
        assert asked.ephemeral

    async def test_a_button_works_after_a_restart(self) -> None:
        async with Loopback() as server:
            async with running(make_bot(), server):
                server.interact(slash("ask", ALICE, question="?"))
                edit = await server.wait_for(lambda request: request.method == "PATCH")
            async with running(make_bot(), server):
                await server.identified(count=2)
                clicked = server.interact(click(edit.answer, "source:1", BOB))
                await server.acknowledgement(clicked)
        assert clicked.response is not None
        assert clicked.response["data"]["content"] == "Source 1"

    async def test_reads_a_file_and_uploads_it(self) -> None:
        data = bytes(range(256)) * 1000
        async with Loopback() as server, running(make_bot(), server):
            given = server.interact(slash("file", original=server.upload("a plan.pdf", data)))
            await server.acknowledgement(given)
        request = server.requests[-1]
        assert [(file.filename, file.data == data) for file in request.files] == [
            ("a plan.pdf", True)
        ]
        assert request.json["data"]["attachments"] == [{"id": 0, "filename": "a plan.pdf"}]

    async def test_uploads_a_file_into_a_channel_and_into_an_edit(self) -> None:
        async with Loopback() as server, running(bot := make_bot(), server):
            channel = bot.get_partial_messageable(GENERAL)
            sent = await channel.send("One", file=discord.File(io.BytesIO(b"1"), "one.txt"))
            edited = await sent.edit(
                attachments=[*sent.attachments, discord.File(io.BytesIO(b"22"), "two.txt")]
            )
        assert [(a.filename, a.size) for a in edited.attachments] == [
            ("one.txt", 1),
            ("two.txt", 2),
        ]

    async def test_sends_edits_deletes_replies_and_types(self) -> None:
        async with Loopback() as server, running(bot := make_bot(), server):
            question = server.send(message(ALICE, "Who?", mentions=[BOT]))
            await until(lambda: bot.cached_messages)
            async with bot.cached_messages[0].channel.typing():
                answer = await bot.cached_messages[0].reply("Nobody")
            await answer.edit(content="Somebody")
            await answer.add_reaction("👍")
            await answer.delete()
            person = await bot.fetch_user(ALICE.id)
            await person.send("Psst")
        assert server.requests[-7].json["message_reference"]["message_id"] == int(question["id"])
        assert [(request.method, request.status) for request in server.requests[-8:]] == [
            ("POST", 204),
            ("POST", 200),
            ("PATCH", 200),
            ("PUT", 204),
            ("DELETE", 204),
            ("GET", 200),
            ("POST", 200),
            ("POST", 200),
        ]

    async def test_waits_as_long_as_a_429_says(self, naps: Impatient) -> None:
        async with Loopback() as server, running(bot := make_bot(), server):
            server.fault("POST", "/channels/*/messages", status=429, times=2, retry_after=1.5)
            await bot.get_partial_messageable(GENERAL).send("Through")
        posts = [request for request in server.requests if request.method == "POST"]
        assert [request.status for request in posts] == [429, 429, 200]
        assert naps.slept == [1.5, 1.5]

    async def test_waits_with_everything_when_the_limit_is_global(self, naps: Impatient) -> None:
        async with Loopback() as server, running(bot := make_bot(), server):
            server.fault("POST", "/channels/*", status=429, retry_after=10, everywhere=True)
            sending = asyncio.create_task(bot.get_partial_messageable(GENERAL).send("Through"))
            await server.wait_for(lambda request: request.status == 429)
            await bot.fetch_user(ALICE.id)
            await sending
        assert [request.status for request in server.requests[-3:]] == [429, 200, 200]
        assert naps.slept == [10]

    async def test_gives_up_on_a_429_that_is_not_discords(self, naps: Impatient) -> None:
        async with Loopback() as server, running(bot := make_bot(), server):
            server.fault("POST", "/channels/*", status=429, by_discord=False)
            with pytest.raises(discord.HTTPException) as refused:
                await bot.get_partial_messageable(GENERAL).send("Lost")
        assert refused.value.status == 429
        assert naps.slept == []

    async def test_keeps_to_a_rate_limit_by_itself(self) -> None:
        async with Loopback() as server, running(bot := make_bot(), server):
            server.limit("POST", "/channels/*/messages", 2, 0.15)
            channel = bot.get_partial_messageable(GENERAL)
            await asyncio.gather(*(channel.send(str(number)) for number in range(5)))
        sent = [request for request in server.requests if request.method == "POST"]
        assert [request.status for request in sent] == [200] * 5
        assert sent[-1].time - sent[0].time > 0.25

    async def test_tries_again_after_a_502(self, naps: Impatient) -> None:
        async with Loopback() as server, running(bot := make_bot(), server):
            server.fault("POST", "/channels/*/messages", status=502, times=2)
            await bot.get_partial_messageable(GENERAL).send("Through")
        posts = [request for request in server.requests if request.method == "POST"]
        assert [request.status for request in posts] == [502, 502, 200]
        assert naps.slept == [1, 3]

    async def test_gives_up_after_five_502(self, naps: Impatient) -> None:
        async with Loopback() as server, running(bot := make_bot(), server):
            server.fault("POST", "/channels/*/messages", status=502, times=9)
            with pytest.raises(discord.DiscordServerError):
                await bot.get_partial_messageable(GENERAL).send("Lost")
        assert naps.slept == [1, 3, 5, 7, 9]

    @pytest.mark.parametrize("status", [429, 502, 503])
    async def test_tries_an_acknowledgement_again(self, status: int, naps: Impatient) -> None:
        async with Loopback() as server, running(make_bot(), server):
            server.fault("POST", "/interactions/*", status=status, retry_after=2)
            server.interact(slash("ask", ALICE, question="?"))
            await server.wait_for(lambda request: request.method == "PATCH")
        tries = [request.status for request in server.requests if "callback" in request.path]
        assert tries == [status, 200]
        assert naps.slept == [2 if status == 429 else 1]

    async def test_a_message_whose_connection_was_cut_is_lost(self) -> None:
        """On Linux discord.py does not try again (it looks for other systems' error numbers)."""
        async with Loopback() as server, running(bot := make_bot(), server):
            server.fault("POST", "/channels/*/messages", drop=True)
            with pytest.raises(ClientError):
                await bot.get_partial_messageable(GENERAL).send("Lost")
        assert server.requests[-1].status == 0
