"""The loopback Discord behaves as Discord does, and measures time right."""

from __future__ import annotations

import io
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import aiohttp
import discord
import discord.gateway
import discord.http
import pytest

from testing.loopback import Loopback, state
from testing.loopback.payloads import (
    ADA,
    ALICE,
    BOT,
    GENERAL,
    QUESTIONS,
    autocomplete,
    click,
    crowd,
    message,
    message_command,
    slash,
    snowflake,
    submit,
    thread,
)
from testing.running import SampleBot, hears, running, until

pytestmark = pytest.mark.processes


class TestPlace:
    async def test_takes_discords_place_and_gives_it_back(self) -> None:
        api, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
        guarded, connect = socket.socket, socket.socket.connect
        async with Loopback() as server:
            assert server.url.startswith("http://127.0.0.1:")
            assert discord.http.Route("GET", "/gateway").url == f"{server.url}/api/v10/gateway"
            assert "127.0.0.1" in str(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY)
        assert discord.http.Route.BASE == api == "https://discord.com/api/v10"
        assert gateway == discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
        assert gateway.host == "gateway.discord.gg"
        assert (socket.socket, socket.socket.connect) == (guarded, connect)

    async def test_gives_it_back_when_the_test_fails(self) -> None:
        with pytest.raises(ZeroDivisionError):
            async with Loopback():
                raise ZeroDivisionError
        assert discord.http.Route.BASE == "https://discord.com/api/v10"

    @pytest.mark.filterwarnings("ignore:A test tried to use socket")
    async def test_opens_no_way_to_anywhere_else(self) -> None:
        async with Loopback():
            with socket.socket() as somewhere, pytest.raises(RuntimeError, match="with host"):
                somewhere.connect(("203.0.113.1", 443))
            with pytest.raises(RuntimeError, match="getaddrinfo"):
                socket.getaddrinfo("discord.com", 443)


class TestConduct:
    async def test_its_own_answers_are_as_discord_describes_them(self) -> None:
        async with Loopback() as server, running(bot := SampleBot(), server):
            if server.contract is None:
                pytest.skip("Discord's description of its API is not beside the checkout")
            await hears(bot)
            await bot.tree.sync()
            await bot.tree.sync(guild=discord.Object(bot.guilds[0].id))
            question = server.send(message(ALICE, "Who?", mentions=[BOT]))
            await until(lambda: bot.cached_messages)
            heard = bot.cached_messages[0]
            reply = await heard.reply("This one", file=discord.File(io.BytesIO(b"x"), "x.txt"))
            embed = discord.Embed(title="A title", description="A text").set_footer(text="Low")
            view = discord.ui.View().add_item(discord.ui.Button(label="1", custom_id="source:1"))
            await reply.edit(embed=embed.add_field(name="n", value="v"), view=view)
            await heard.create_thread(name="On")
            assert [one.id async for one in heard.channel.history()] == [reply.id, heard.id]
            await bot.fetch_channel(QUESTIONS)
            person = await bot.fetch_user(ALICE.id)
            await person.send("Psst")
            await bot.guilds[0].fetch_member(ALICE.id)
            asked = server.interact(slash("ask", question="?"))
            edit = await server.wait_for(lambda request: "@original" in request.path)
            clicked = server.interact(click(edit.answer, "source:1"))
            await server.acknowledgement(asked)
            await server.acknowledgement(clicked)
        assert question["id"] == str(heard.id)
        answered = [request for request in server.requests if request.status]
        assert len(answered) > 15
        for request in answered:
            assert request.status in (200, 201, 204)
            faults = server.contract.faults_of_answer(
                request.method, request.path, request.status, request.answer
            )
            assert faults == []

    async def test_every_kind_of_interaction_reaches_the_bot(self) -> None:
        seen: list[tuple[str, object]] = []

        class Listening(SampleBot):
            async def on_interaction(self, interaction: discord.Interaction) -> None:
                seen.append((interaction.type.name, interaction.permissions.manage_guild))

        async with Loopback() as server, running(bot := Listening(), server):
            target = message(ALICE, "The tax is 3 %.")
            server.interact(slash("ask", ADA, question="?"))
            server.interact(autocomplete("file", "original", "pl", ALICE))
            server.interact(click(message(BOT, "Answer"), "source:1", ALICE))
            server.interact(submit("reason", {"why": "It is wrong."}, ALICE))
            server.interact(message_command("Find sources", target, ALICE))
            server.interact(slash("ask", ALICE, channel=ALICE.dm_channel, question="?"))
            await until(lambda: len(seen) == 6)
            await bot.close()
        assert seen == [
            ("application_command", True),
            ("autocomplete", False),
            ("component", False),
            ("modal_submit", False),
            ("application_command", False),
            ("application_command", False),
        ]

    async def test_a_second_response_and_a_late_one_are_refused(self) -> None:
        async with Loopback() as server, running(SampleBot(), server):
            asked = server.interact(slash("ask", question="?"))
            await server.acknowledgement(asked)
            late = server.interact(slash("nothing", question="?"))
            await until(lambda: late.sent is not None)
            assert late.sent is not None
            late.sent -= state.ACKNOWLEDGE_WITHIN + 0.1
            async with aiohttp.ClientSession() as session:
                codes = []
                for one in (asked, late):
                    url = f"{server.url}/api/v10/interactions/{one.id}/{one.token}/callback"
                    async with session.post(url, json={"type": 5}) as answer:
                        codes.append((answer.status, (await answer.json())["code"]))
        assert codes == [(400, 40060), (404, 10062)]
        with pytest.raises(LookupError, match="was not acknowledged"):
            server.acknowledged(late.id)

    @pytest.mark.parametrize(
        ("content", "code"), [("x" * 2001, 50035), ("😀" * 1001, 50035), ("", 50006)]
    )
    async def test_a_message_over_the_limits_is_refused(self, content: str, code: int) -> None:
        async with Loopback() as server, running(bot := SampleBot(), server):
            with pytest.raises(discord.HTTPException) as refused:
                await bot.get_partial_messageable(GENERAL).send(content)
        assert refused.value.code == code

    async def test_a_reply_to_a_deleted_message_is_refused(self) -> None:
        async with Loopback() as server, running(bot := SampleBot(), server):
            question = server.send(message(ALICE, "Who?", mentions=[BOT]))
            await until(lambda: bot.cached_messages)
            heard = bot.cached_messages[0]
            server.dispatch("MESSAGE_DELETE", {key: question[key] for key in ("id", "channel_id")})
            with pytest.raises(discord.HTTPException, match="Unknown message"):
                await heard.reply("You")

    async def test_an_ephemeral_message_stays_off_the_gateway(self) -> None:
        async with Loopback() as server, running(bot := SampleBot(), server):
            server.interact(slash("ask", question="secret", private=True))
            await server.wait_for(lambda request: "@original" in request.path)
            server.interact(slash("ask", question="open"))
            await until(lambda: len(bot.cached_messages) == 1)
            await until(lambda: bot.cached_messages[0].content)
        assert [one.content for one in bot.cached_messages] == ["You asked: open"]

    async def test_threads_come_with_the_guild(self) -> None:
        async with Loopback() as server:
            async with running(SampleBot(), server):
                server.dispatch("THREAD_CREATE", thread(GENERAL + 900, "On", GENERAL))
            async with running(bot := SampleBot(), server):
                await hears(bot)
                assert [one.id for one in bot.guilds[0].threads] == [GENERAL + 900]


class TestLongRuns:
    async def test_what_was_before_is_forgotten_and_the_rest_goes_on(self) -> None:
        heard: list[str] = []
        async with (
            Loopback(heard=lambda request: heard.append(request.path)) as server,
            running(bot := SampleBot(), server),
        ):
            server.interact(slash("ask", question="Old?"))
            await server.wait_for(lambda request: "@original" in request.path)
            server.upload("old.txt", b"Old")
            (said,) = await server.forget(time.time() + 1)
            assert said["content"] == "You asked: Old?"
            state = server.state
            assert not any((state.messages, state.interactions, state.files, server.requests))
            asked = server.interact(slash("ask", question="New?"))
            await server.wait_for(lambda request: "@original" in request.path)
            assert asked.original in state.messages
            assert await server.forget(time.time() - 60) == []
            assert asked.original in state.messages
            assert not bot.is_closed()
        assert sum("@original" in path for path in heard) == 2


class TestJudgement:
    async def test_what_discord_does_not_have_fails_the_test(self) -> None:
        async def ask_for_it() -> None:
            async with Loopback() as server, running(bot := SampleBot(), server):
                with pytest.raises(discord.NotFound):
                    await bot.http.get_bans(1, limit=1)

        with pytest.raises(AssertionError, match="The loopback has no GET /guilds/1/bans"):
            await ask_for_it()

    async def test_and_so_does_what_its_description_forbids(self) -> None:
        async def send_it() -> None:
            async with Loopback() as server, running(bot := SampleBot(), server):
                if server.contract is None:
                    pytest.skip("Discord's description of its API is not beside the checkout")
                await bot.get_partial_messageable(GENERAL).send(
                    embed=discord.Embed(title="x" * 257)
                )

        with pytest.raises(AssertionError, match="is too long"):
            await send_it()

    async def test_a_failed_wait_says_what_came_instead(self) -> None:
        async with Loopback() as server, running(SampleBot(), server):
            with pytest.raises(AssertionError, match="GET /users/@me: 200"):
                await server.wait_for(lambda request: request.method == "PUT", timeout=0.01)


class TestTime:
    async def test_a_frozen_bot_is_late_by_as_long_as_it_was_frozen(self) -> None:
        async with Loopback() as server, running(SampleBot(), server):
            frozen = server.interact(slash("freeze", seconds=0.3))
            assert await server.acknowledgement(frozen) == frozen.seconds
        assert frozen.seconds >= 0.3

    async def test_a_delayed_answer_does_not_count(self) -> None:
        async with Loopback() as server, running(SampleBot(), server):
            server.fault("POST", "/interactions/*", delay=0.3)
            began = time.monotonic()
            asked = server.interact(slash("ask", question="?"))
            await server.acknowledgement(asked)
            assert time.monotonic() - began > asked.seconds + 0.29

    async def test_fifty_people_at_once_are_told_apart(self) -> None:
        async with Loopback() as server, running(SampleBot(), server):
            asked = [
                server.interact(slash("ask", person, question=person.name)) for person in crowd(50)
            ]
            await server.wait_for(lambda request: request.method == "PATCH", count=50)
            for person, interaction in zip(crowd(50), asked, strict=True):
                assert interaction.original is not None
                said = server.state.messages[interaction.original]["content"]
                assert said == f"You asked: {person.name}"
        assert all(server.acknowledged(interaction.id) > 0 for interaction in asked)


def test_ids_are_given_to_several_threads_at_once() -> None:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            given = list(pool.map(lambda _: [snowflake() for _ in range(2_000)], range(4)))
    finally:
        sys.setswitchinterval(usual)
    assert len(set(chain.from_iterable(given))) == 8_000
