"""The bot on real sockets: it logs in, stays connected and reaches Discord.

It is the real one wherever that makes a difference; `SampleBot` shows what discord.py does by
itself.
"""

from __future__ import annotations

import asyncio
import gc
import io
from collections.abc import Callable
from typing import Any

import discord
import discord.http
import discord.webhook.async_
import pytest
from aiohttp.client_exceptions import ClientError

from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.gateway import transport
from bot.discord.gateway.client import BriefingBot
from bot.discord.rendering.answers.answers import SOURCE
from bot.discord.ui.documents.source_view import ORIGINAL
from bot.errors import BadSettings, NoToken
from bot.services import Services
from testing.engines import Held
from testing.layouts import buttons_of, text_of
from testing.loopback import Intent, Loopback, Op, Request
from testing.loopback.payloads import (
    ALICE,
    BOB,
    BOT,
    GENERAL,
    QUESTIONS,
    Payload,
    click,
    message,
    now,
    slash,
)
from testing.running import SampleBot, hears, running, serving, until
from testing.services import bot_of, engine_of, services_of

pytestmark = pytest.mark.processes

LEASE = "who signs the lease of the warehouse?"


class Impatient:
    """An `asyncio` for one module; its sleeps are recorded, and take a hundredth of the time."""

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
    """Return discord.py's pauses before another try, in seconds; they are shortened."""
    impatient = Impatient()
    for module in (discord.http, discord.webhook.async_, discord.client):
        monkeypatch.setattr(module, "asyncio", impatient)
    return impatient


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Impatient:
    """Return our own pauses before another try, likewise."""
    impatient = Impatient()
    monkeypatch.setattr(transport, "asyncio", impatient)
    return impatient


@pytest.fixture
def bot(services: Services) -> BriefingBot:
    return bot_of(services)


def ask(server: Loopback, question: str = LEASE, **where: Any) -> Payload:
    return server.send(message(ALICE, f"<@{BOT.id}> {question}", mentions=[BOT], **where))


def is_answer(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/messages") and request.status == 200


async def answered(server: Loopback, count: int = 1) -> list[Payload]:
    """Return the answers to questions by message, in order."""
    await server.wait_for(is_answer, count=count)
    return [request.answer for request in server.requests if is_answer(request)]


def said(answer: Payload) -> str:
    return text_of(answer)


def tries(server: Loopback, ending: str) -> list[int | None]:
    """Return the statuses of requests to a path with that end; 0 is a cut connection."""
    return [request.status for request in server.requests if request.path.endswith(ending)]


async def edited(server: Loopback, count: int = 1) -> Request:
    return await server.wait_for(
        lambda request: request.method == "PATCH" and request.status == 200, count=count
    )


class TestLoggingIn:
    async def test_identifies_itself_over_a_zlib_stream_and_hears_of_its_guild(
        self, bot: BriefingBot
    ) -> None:
        async with Loopback() as server, running(bot, server):
            frame = await server.identified()
            await hears(bot)
        assert bot.application_id == BOT.id
        assert [guild.name for guild in bot.guilds] == ["The Team"]
        assert frame.data["token"] == "..."  # it was the right one, and is written down nowhere
        assert server.gateway.opened == [("/gateway", "zlib-stream")]
        assert [(r.method, r.path, r.authorization) for r in server.requests] == [
            ("GET", "/users/@me", "Bot"),
            ("GET", "/oauth2/applications/@me", "Bot"),
            ("PUT", f"/applications/{BOT.id}/commands", "Bot"),
        ]

    async def test_says_once_which_commands_it_has(self, services: Services) -> None:
        async with Loopback() as server:
            for count in (1, 2):
                async with running(bot_of(services), server):
                    await server.identified(count=count)
        assert tries(server, "/commands") == [200]

    async def test_a_message_of_the_gateway_may_come_in_two_pieces(self, bot: BriefingBot) -> None:
        async with Loopback() as server:
            server.gateway.split = True
            async with running(bot, server):
                ask(server)
                (answer,) = await answered(server)
        assert "Ines Vidal" in said(answer)

    async def test_is_told_when_the_token_is_wrong(self, services: Services) -> None:
        async with Loopback() as server:
            with pytest.raises(NoToken, match="Discord does not take this DISCORD_TOKEN"):
                await asyncio.wait_for(serving(services, server, token="another"), 60)
        assert [request.status for request in server.requests] == [401]

    async def test_is_told_when_the_token_is_changed_before_it_connects(
        self, services: Services
    ) -> None:
        async with Loopback() as server:
            server.gateway.token = "another-token"
            with pytest.raises(NoToken, match="Discord does not take this DISCORD_TOKEN"):
                await asyncio.wait_for(serving(services, server), 60)
        assert [frame.op for frame in server.frames if frame.op == Op.IDENTIFY] == [Op.IDENTIFY]

    async def test_is_told_when_an_intent_is_not_granted(self, indexed: Settings) -> None:
        async with Loopback() as server:
            server.gateway.granted = Intent.PRESENCES
            book = GuildBook(GuildSettings(question_channels=frozenset({QUESTIONS})), {})
            with pytest.raises(BadSettings, match="needs the Message Content intent"):
                await asyncio.wait_for(serving(services_of(indexed, guilds=book), server), 60)

    async def test_needs_no_intent_that_has_to_be_granted(self, bot: BriefingBot) -> None:
        async with Loopback() as server:
            server.gateway.granted = Intent(0)
            async with running(bot, server):
                await hears(bot)

    async def test_is_told_when_an_intent_does_not_exist(self) -> None:
        async with Loopback() as server:
            intents = discord.Intents(guilds=True)
            intents.value |= 1 << 30
            bot = SampleBot(intents=intents)
            with pytest.raises(discord.ConnectionClosed) as closed:
                await bot.start(server.token)
            await bot.close()
        assert closed.value.code == 4013

    async def test_does_without_the_content_of_messages(self, bot: BriefingBot) -> None:
        """Messages that mention the bot, and direct messages, come with their text all the same."""
        async with Loopback() as server, running(bot, server):
            server.send(message(ALICE, LEASE))
            ask(server)
            server.send(message(ALICE, LEASE, channel=ALICE.dm_channel))
            answers = await answered(server, 2)
        assert {answer["channel_id"] for answer in answers} == {
            str(GENERAL), str(ALICE.dm_channel)
        }  # fmt: skip
        assert all("Ines Vidal" in said(answer) for answer in answers)


class TestStayingConnected:
    async def test_heartbeats_at_once_and_at_the_interval(self, bot: BriefingBot) -> None:
        async with Loopback() as server:
            server.gateway.heartbeat_interval = 0.05
            async with running(bot, server):
                await hears(bot)
                so_far = [frame.op for frame in server.frames].count(Op.HEARTBEAT)
                await server.wait_for_frame(Op.HEARTBEAT, count=so_far + 3)
                await until(lambda: bot.latency < 1)
        assert [frame.op for frame in server.frames][:2] == [Op.HEARTBEAT, Op.IDENTIFY]
        beats = [frame for frame in server.frames if frame.op == Op.HEARTBEAT]
        assert beats[0].data is None
        assert beats[so_far + 2].data == 2  # READY and GUILD_CREATE have come
        assert beats[so_far + 2].time - beats[so_far].time > 0.09

    async def test_heartbeats_when_asked(self, bot: BriefingBot) -> None:
        async with Loopback() as server, running(bot, server):
            server.ask_for_heartbeat()
            await server.wait_for_frame(Op.HEARTBEAT, count=2)

    async def test_resumes_when_the_line_is_cut_and_answers_once_what_it_missed(
        self, bot: BriefingBot
    ) -> None:
        async with Loopback() as server, running(bot, server):
            asked = [ask(server)]
            await answered(server)
            server.drop()
            asked.append(ask(server))
            await server.wait_for_frame(Op.RESUME)
            asked.append(ask(server))
            answers = await answered(server, 3)
        # Two are in work at once, so either may be answered first.
        assert sorted(answer["message_reference"]["message_id"] for answer in answers) == [
            question["id"] for question in asked
        ]
        assert [frame.op for frame in server.frames].count(Op.IDENTIFY) == 1
        assert [path for path, _ in server.gateway.opened] == ["/gateway", "/resume"]

    @pytest.mark.parametrize("code", [1000, 1001, 4000, 4009])
    async def test_comes_back_when_discord_closes(
        self, code: int, naps: Impatient, bot: BriefingBot
    ) -> None:
        async with Loopback() as server, running(bot, server):
            server.close(code)
            await server.wait_for_frame(Op.RESUME)
            ask(server)
            await answered(server)

    async def test_reconnects_and_resumes_when_discord_asks(self, bot: BriefingBot) -> None:
        async with Loopback() as server, running(bot, server):
            server.ask_to_reconnect()
            await server.wait_for_frame(Op.RESUME)
            ask(server)
            await answered(server)
        assert [frame.op for frame in server.frames].count(Op.IDENTIFY) == 1

    async def test_identifies_anew_when_its_session_is_gone(
        self, naps: Impatient, bot: BriefingBot
    ) -> None:
        """discord.py waits 5 s before another IDENTIFY; here it is shortened."""
        async with Loopback() as server, running(bot, server):
            server.invalidate()
            await server.identified(count=2)
            ask(server)
            await answered(server)
        assert Op.RESUME not in [frame.op for frame in server.frames]
        assert naps.slept == [5.0]

    async def test_identifies_anew_when_it_comes_too_late_to_resume(
        self, naps: Impatient, bot: BriefingBot
    ) -> None:
        async with Loopback() as server, running(bot, server):
            server.forget_sessions()
            server.drop()
            await server.identified(count=2)
            ask(server)
            await answered(server)
        ops = [frame.op for frame in server.frames if frame.op != Op.HEARTBEAT]
        assert ops == [Op.IDENTIFY, Op.RESUME, Op.IDENTIFY]

    async def test_resumes_when_discord_falls_silent(self) -> None:
        async with Loopback() as server:
            server.gateway.heartbeat_interval = 0.05
            server.gateway.acknowledges_heartbeats = False
            async with running(SampleBot(heartbeat_timeout=0.2), server):
                await server.wait_for_frame(Op.RESUME)

    async def test_a_gateway_that_hangs_up_again_and_again_is_given_time(
        self, pauses: Impatient, bot: BriefingBot
    ) -> None:
        """By itself discord.py tries several hundred times a second."""
        async with Loopback() as server, running(bot, server):
            for count in range(1, 6):
                server.close(4000)
                await server.wait_for_frame(Op.RESUME, count=count)
        # The first connection and the first after it are made at once.
        assert pauses.slept == [1, 2, 4, 8]

    async def test_a_connection_that_held_is_replaced_at_once(self) -> None:
        now, slept = [0.0], list[float]()

        async def sleep(seconds: float) -> None:
            slept.append(seconds)
            now[0] += seconds

        pace = transport._Pace(lambda: now[0], sleep)
        for held in (0, 100, 100, 0, 0, 0, 0, 0, 0, 0, 61, 0, 0, 0):
            await pace.step()
            now[0] += held
        assert slept == [1, 2, 4, 8, 16, 30, 1]

    async def test_an_event_that_discord_py_cannot_read_ends_the_connection(self) -> None:
        """So `serve` is needed: `Client.start` raises, and its socket stays open until `close`."""
        async with Loopback() as server:
            async with running(SampleBot(), server) as task:
                server.dispatch("MESSAGE_CREATE", {"unreadable": True})
                with pytest.raises(KeyError):
                    await task
                assert len(server.gateway.connections) == 1
            await until(lambda: not server.gateway.connections)

    async def test_leaving_at_once_says_nothing(
        self, bot: BriefingBot, caplog: pytest.LogCaptureFixture
    ) -> None:
        """discord.py would announce "ready" two seconds later, and warn that it cannot."""
        async with Loopback() as server:
            task = asyncio.create_task(bot.start(server.token))
            await hears(bot)
            ready = bot._connection._ready_task
            assert ready is not None
            await bot.close()
            await asyncio.wait({task, ready}, timeout=1)
        assert ready.done()
        assert task.done()
        assert [record for record in caplog.records if record.levelname != "INFO"] == []


class TestGettingThrough:
    async def test_defers_and_edits_the_answer_in(self, bot: BriefingBot) -> None:
        async with Loopback() as server, running(bot, server):
            asked = server.interact(slash("ask", ALICE, question=LEASE))
            edit = await edited(server)
        assert "Ines Vidal" in said(edit.answer)
        assert edit.authorization is None  # the token in the path is enough
        assert asked.response == {"type": 5}
        assert [request.interaction_id for request in server.requests[-2:]] == [asked.id] * 2
        assert server.acknowledged(asked.id) == asked.seconds

    async def test_only_the_asker_sees_a_private_answer(self, bot: BriefingBot) -> None:
        async with Loopback() as server, running(bot, server):
            await hears(bot)
            asked = server.interact(slash("ask", ALICE, question=LEASE, private=True))
            edit = await edited(server)
        assert edit.answer["flags"] & discord.MessageFlags.ephemeral.flag
        assert asked.ephemeral

    async def test_a_button_works_after_a_restart(self, services: Services) -> None:
        async with Loopback() as server:
            async with running(bot_of(services), server):
                ask(server)
                (answer,) = await answered(server)
            async with running(bot_of(services), server):
                await server.identified(count=2)
                server.interact(click(answer, button(answer, str(SOURCE)), BOB))
                shown = await edited(server)
        assert "The lease of the warehouse is signed by Ines Vidal." in said(shown.answer).replace(
            "**", ""
        )

    async def test_sends_the_original_file(self, services: Services) -> None:
        original = (services.settings.corpus / "warehouse.txt").read_bytes()
        async with Loopback() as server, running(bot_of(services), server):
            await show_source(server)
            sent = await original_sent(server)
        assert [(file.filename, file.data == original) for file in sent.files] == [
            ("warehouse.txt", True)
        ]
        assert sent.json["attachments"] == [{"id": 0, "filename": "warehouse.txt"}]
        assert [one["filename"] for one in sent.answer["attachments"]] == ["warehouse.txt"]

    async def test_uploads_a_file_into_a_channel_and_into_an_edit(self) -> None:
        async with Loopback() as server, running(bot := SampleBot(), server):
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
        async with Loopback() as server, running(bot := SampleBot(), server):
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

    async def test_waits_as_long_as_a_429_says(self, naps: Impatient, bot: BriefingBot) -> None:
        async with Loopback() as server, running(bot, server):
            server.fault("POST", "/channels/*/messages", status=429, times=2, retry_after=1.5)
            ask(server)
            await answered(server)
        assert tries(server, "/messages") == [429, 429, 200]
        assert [seconds for seconds in naps.slept if seconds == 1.5] == [1.5, 1.5]

    async def test_waits_with_everything_when_the_limit_is_global(self, naps: Impatient) -> None:
        async with Loopback() as server, running(bot := SampleBot(), server):
            server.fault("POST", "/channels/*", status=429, retry_after=10, everywhere=True)
            sending = asyncio.create_task(bot.get_partial_messageable(GENERAL).send("Through"))
            await server.wait_for(lambda request: request.status == 429)
            await bot.fetch_user(ALICE.id)
            await sending
        assert [request.status for request in server.requests[-3:]] == [429, 200, 200]
        assert naps.slept == [10]

    async def test_others_go_on_where_who_waits_for_all_is_cancelled(
        self, bot: BriefingBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(transport, "_LIMITED", 0.05)
        async with Loopback() as server, running(bot, server):
            server.fault("POST", "/channels/*/typing", status=429, retry_after=60, everywhere=True)
            channel = bot.get_partial_messageable(GENERAL)
            typing = asyncio.create_task(bot.http.send_typing(GENERAL))
            await until(lambda: not bot.http._global_over.is_set())
            sending = asyncio.create_task(channel.send("Through"))
            await asyncio.sleep(0.1)
            assert not sending.done()
            typing.cancel()
            async with asyncio.timeout(60):
                await sending

    async def test_gives_up_on_a_429_that_is_not_discords(self, naps: Impatient) -> None:
        async with Loopback() as server, running(bot := SampleBot(), server):
            server.fault("POST", "/channels/*", status=429, by_discord=False)
            with pytest.raises(discord.HTTPException) as refused:
                await bot.get_partial_messageable(GENERAL).send("Lost")
        assert refused.value.status == 429
        assert naps.slept == []

    async def test_keeps_to_a_rate_limit_by_itself(self) -> None:
        async with Loopback() as server, running(bot := SampleBot(), server):
            server.limit("POST", "/channels/*/messages", 2, 0.15)
            channel = bot.get_partial_messageable(GENERAL)
            await asyncio.gather(*(channel.send(str(number)) for number in range(5)))
        sent = [request for request in server.requests if request.method == "POST"]
        assert [request.status for request in sent] == [200] * 5
        assert sent[-1].time - sent[0].time > 0.25

    async def test_tries_again_after_a_502(self, naps: Impatient, bot: BriefingBot) -> None:
        async with Loopback() as server, running(bot, server):
            server.fault("POST", "/channels/*/messages", status=502, times=2)
            ask(server)
            await answered(server)
        assert tries(server, "/messages") == [502, 502, 200]
        assert [seconds for seconds in naps.slept if seconds in (1, 3)] == [1, 3]

    async def test_gives_up_after_five_502(self, naps: Impatient) -> None:
        async with Loopback() as server, running(bot := SampleBot(), server):
            server.fault("POST", "/channels/*/messages", status=502, times=9)
            with pytest.raises(discord.DiscordServerError):
                await bot.get_partial_messageable(GENERAL).send("Lost")
        assert naps.slept == [1, 3, 5, 7, 9]

    async def test_tries_again_after_a_503(self, pauses: Impatient, bot: BriefingBot) -> None:
        async with Loopback() as server, running(bot, server):
            server.fault("POST", "/channels/*/messages", status=503, times=2)
            ask(server)
            await answered(server)
        assert tries(server, "/messages") == [503, 503, 200]

    async def test_an_edit_in_the_moment_of_the_answer_changes_that_answer(
        self, indexed: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        engine = Held(engine_of(indexed))
        services = services_of(indexed, engine=engine)
        async with Loopback() as server, running(bot_of(services), server):
            by_question, run_quick = services.records.by_question, services.admission.run_quick

            async def overtaken(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
                """The answer is sent between what is looked up and what comes of it."""
                found = await run_quick(work, *args, **kwargs)
                if work == by_question:
                    engine.let.set()
                    await until(lambda: any(map(is_answer, server.requests)))
                return found

            question = ask(server, "who mended the roof?")
            await until(lambda: engine.asked)
            monkeypatch.setattr(services.admission, "run_quick", overtaken)
            changed = {"content": f"<@{BOT.id}> {LEASE}", "edited_timestamp": now()}
            server.dispatch("MESSAGE_UPDATE", question | changed)
            assert "Ines Vidal" in said((await edited(server)).answer)
        assert len([m for m in server.state.messages.values() if m["author"]["bot"]]) == 1

    async def test_an_answer_to_what_was_deleted_meanwhile_is_no_error(
        self, bot: BriefingBot, caplog: pytest.LogCaptureFixture
    ) -> None:
        async with Loopback() as server, running(bot, server):
            on_its_way = server.fault("POST", "/channels/*/messages", delay=0.2)
            question = ask(server)
            await until(lambda: on_its_way.times == 0)
            gone = {key: question[key] for key in ("id", "channel_id", "guild_id")}
            server.dispatch("MESSAGE_DELETE", gone)
            await server.wait_for(lambda request: request.status == 400)
            await until(lambda: not bot.services.admission.state.waiting)
            await asyncio.sleep(0.05)
            gc.collect()  # a task whose failure nobody saw says so when it goes
        assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []

    @pytest.mark.parametrize("status", [429, 502, 503])
    async def test_tries_an_acknowledgement_again(
        self, status: int, naps: Impatient, bot: BriefingBot
    ) -> None:
        async with Loopback() as server, running(bot, server):
            server.fault("POST", "/interactions/*", status=status, retry_after=2)
            server.interact(slash("ask", ALICE, question=LEASE))
            await edited(server)
        assert tries(server, "/callback") == [status, 200]
        assert naps.slept == [2 if status == 429 else 1]

    async def test_by_itself_discord_py_loses_a_message_whose_connection_is_cut(self) -> None:
        """On Linux it does not try again (it looks for other systems' error numbers)."""
        async with Loopback() as server, running(bot := SampleBot(), server):
            server.fault("POST", "/channels/*/messages", drop=True)
            with pytest.raises(ClientError):
                await bot.get_partial_messageable(GENERAL).send("Lost")
        assert server.requests[-1].status == 0


@pytest.mark.usefixtures("pauses")
class TestCutConnections:
    """The bot cannot know whether a request was carried out before the connection was cut."""

    @pytest.fixture(params=[False, True], ids=["before", "after it was carried out"])
    def carried_out(self, request: pytest.FixtureRequest) -> bool:
        return bool(request.param)

    async def test_an_answer_is_sent_again_and_stands_there_once(
        self, carried_out: bool, bot: BriefingBot
    ) -> None:
        async with Loopback() as server, running(bot, server):
            server.fault("POST", "/channels/*/messages", drop=True, carried_out=carried_out)
            ask(server)
            (answer,) = await answered(server)
            await until(lambda: bot.services.records.by_reply(int(answer["id"])))
        assert tries(server, "/messages") == [0, 200]
        assert len([m for m in server.state.messages.values() if m["author"]["bot"]]) == 1

    async def test_an_acknowledgement_is_sent_again(
        self, carried_out: bool, bot: BriefingBot
    ) -> None:
        async with Loopback() as server, running(bot, server):
            server.fault("POST", "/interactions/*", drop=True, carried_out=carried_out)
            server.interact(slash("ask", ALICE, question=LEASE))
            edit = await edited(server)
        assert "Ines Vidal" in said(edit.answer)
        assert tries(server, "/callback") == [0, 400 if carried_out else 200]

    async def test_what_is_edited_in_is_sent_again(
        self, carried_out: bool, bot: BriefingBot
    ) -> None:
        async with Loopback() as server, running(bot, server):
            server.fault("PATCH", "/webhooks/*", drop=True, times=2, carried_out=carried_out)
            server.interact(slash("ask", ALICE, question=LEASE))
            edit = await edited(server)
        assert "Ines Vidal" in said(edit.answer)
        assert tries(server, "/@original") == [0, 0, 200]

    async def test_a_file_is_sent_whole_the_second_time(
        self, carried_out: bool, services: Services
    ) -> None:
        original = (services.settings.corpus / "warehouse.txt").read_bytes()
        async with Loopback() as server, running(bot_of(services), server):
            await show_source(server)
            server.fault("PATCH", "/webhooks/*", drop=True, carried_out=carried_out)
            sent = await original_sent(server)
        assert [file.data for file in sent.files] == [original]

    async def test_it_does_not_try_for_ever(self, bot: BriefingBot, pauses: Impatient) -> None:
        async with Loopback() as server, running(bot, server):
            fault = server.fault("POST", "/channels/*/messages", drop=True, times=9)
            ask(server)
            await until(lambda: fault.times == 5)
            await until(lambda: bot._all_sent.is_set())
        assert tries(server, "/messages") == [0, 0, 0, 0]
        assert pauses.slept == [0.1, 0.4, 1.5]


def button(on: Payload, label: str) -> str:
    """Return the id of the first button with that label."""
    buttons = buttons_of(on["components"])
    return next(str(one["custom_id"]) for one in buttons if one.get("label") == label)


async def show_source(server: Loopback) -> None:
    server.interact(slash("source", ALICE, document="warehouse.txt"))
    await edited(server)


async def original_sent(server: Loopback) -> Request:
    """Click "Original file" on the source that is shown."""
    shown = await edited(server)
    server.interact(click(shown.answer, button(shown.answer, str(ORIGINAL))))
    return await server.wait_for(lambda request: bool(request.files) and request.status == 200)
