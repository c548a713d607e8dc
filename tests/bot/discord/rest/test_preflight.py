"""What `check` finds in Discord, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
from pydantic import SecretStr

from bot import messages
from bot.check_results import CheckResult
from bot.config.settings import Settings
from bot.config.token import TOKEN_MALFORMED
from bot.discord.rest import client as rest_client
from bot.discord.rest.preflight import PERMISSIONS, find_in_discord
from testing.loopback import Loopback
from testing.loopback.payloads import (
    ADMINS,
    APPLICATION,
    FORUM,
    GENERAL,
    GUILD,
    QUESTIONS,
    Payload,
    guild_channel,
    snowflake,
    thread,
)
from testing.loopback.sockets import HERE, only_this_machine

TOKEN = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.GaBcDe.no-token-that-discord-has-ever-given-out"
ELSEWHERE = 1_100_000_000_000_000_999
VIEW, SEND, EMBED, SEND_IN_THREADS, REACT = 1 << 10, 1 << 11, 1 << 14, 1 << 38, 1 << 6
MANAGE_THREADS, OPEN_THREADS = 1 << 34, 1 << 35
INVITE = (
    f"https://discord.com/oauth2/authorize?client_id={APPLICATION}"
    "&scope=bot+applications.commands&permissions=326417632320"
)


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    async with Loopback(token=TOKEN) as server:
        yield server


@pytest.fixture
def with_token(settings: Settings) -> Settings:
    return settings.model_copy(update={"discord_token": SecretStr(TOKEN)})


def _guilds(settings: Settings, text: str) -> Settings:
    Path("guilds.toml").write_text(text)
    return settings.model_copy(update={"guilds": Path("guilds.toml")})


def _policy(settings: Settings, text: str) -> Settings:
    Path("policy.toml").write_text(text)
    return settings.model_copy(update={"policy": Path("policy.toml")})


def _take(server: Loopback, channel: int, rights: int, whom: int = APPLICATION) -> None:
    """Take permissions in a channel from the bot itself, or from a role."""
    overwrites: list[Payload] = server.state.channels[channel]["permission_overwrites"]
    before = next((int(one["deny"]) for one in overwrites if one["id"] == str(whom)), 0)
    taken = {"id": str(whom), "type": int(whom == APPLICATION), "allow": "0"}
    overwrites[:] = [one for one in overwrites if one["id"] != str(whom)]
    overwrites.append({**taken, "deny": str(before | rights)})


async def _wrong(settings: Settings) -> list[CheckResult]:
    return [finding for finding in await find_in_discord(settings) if not finding.ok]


async def test_all_is_well(with_token: Settings, server: Loopback) -> None:
    section = f"question_channels = [{QUESTIONS}, {FORUM}]\naudit_channel = {GENERAL}"
    settings = _guilds(with_token, f"[guild.{GUILD}]\n{section}\nadmin_roles = [{ADMINS}]")
    assert await find_in_discord(_policy(settings, f"guilds = [{GUILD}]")) == [
        CheckResult("Token", True, "it is that of briefing-bot"),
        CheckResult("Intents", True, "Message Content is on, as channels for questions need it"),
        CheckResult("Channels", True, "The Team: the bot can answer in 3 channels"),
    ]
    assert not server.frames


def test_what_it_uses_is_what_people_are_told_to_grant() -> None:
    readme = Path(__file__).parents[4].joinpath("README.md").read_text(encoding="utf-8")
    invite = discord.utils.oauth_url("ID", permissions=PERMISSIONS)
    assert invite in readme


class TestToken:
    async def test_without_one_nobody_is_asked(self, settings: Settings, server: Loopback) -> None:
        (finding,) = await find_in_discord(settings)
        assert finding == CheckResult("Token", False, str(messages.TOKEN_MISSING))
        assert not server.requests

    @pytest.mark.parametrize("token", ["hunter2", "a.b.c", f"Bot {TOKEN}", f'"{TOKEN}"', "ü" * 70])
    async def test_one_of_another_form_is_sent_to_nobody(
        self, token: str, settings: Settings, server: Loopback
    ) -> None:
        settings = settings.model_copy(update={"discord_token": SecretStr(token)})
        assert await find_in_discord(settings) == [
            CheckResult("Token", False, str(TOKEN_MALFORMED))
        ]
        assert not server.requests

    async def test_one_that_discord_refuses(self, with_token: Settings) -> None:
        async with Loopback(token="another"):
            found = await find_in_discord(with_token)
        assert found == [CheckResult("Token", False, str(messages.TOKEN_REFUSED))]

    async def test_it_is_shown_nowhere(self, with_token: Settings, server: Loopback) -> None:
        server.fault("GET", "/guilds/*", status=403, times=9)
        assert TOKEN not in str(await find_in_discord(with_token))


class TestNetwork:
    async def test_no_way_out(self, with_token: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(discord.http.Route, "BASE", f"http://{HERE}:1/api/v10")
        with only_this_machine():
            (finding,) = await find_in_discord(with_token)
        assert (finding.name, finding.ok) == ("Discord", False)
        assert "Cannot connect to host" in finding.detail
        assert "--offline" in finding.remedy

    async def test_no_answer(
        self, with_token: Settings, server: Loopback, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rest_client, "_PATIENCE", 0.5)
        server.fault("GET", f"/guilds/{GUILD}/channels", delay=3)
        found = await find_in_discord(with_token)
        assert [(one.name, one.ok) for one in found] == [
            ("Token", True),
            ("Intents", True),
            ("Discord", False),
        ]

    async def test_an_answer_that_is_none(self, with_token: Settings, server: Loopback) -> None:
        server.fault("GET", f"/guilds/{GUILD}", status=403)
        assert (await _wrong(with_token))[0].detail == (
            "Discord cannot be asked (it answers with status 403), so its side is not checked."
        )

    async def test_what_discord_has_since_invented(
        self, with_token: Settings, server: Loopback
    ) -> None:
        server.state.channels[GENERAL]["type"] = 99
        (finding,) = await _wrong(with_token)
        assert "Unknown channel type 99" in finding.detail


class TestApplication:
    async def test_an_intent_is_missing(self, with_token: Settings, server: Loopback) -> None:
        server.state.application |= {"flags": 0, "flags_new": "0"}
        settings = _guilds(with_token, f"[default]\nquestion_channels = [{QUESTIONS}]")
        assert await _wrong(settings) == [
            CheckResult("Intents", False, str(messages.INTENT_MISSING))
        ]
        assert not await _wrong(with_token)

    async def test_commands_that_go_elsewhere(self, with_token: Settings, server: Loopback) -> None:
        server.state.application["interactions_endpoint_url"] = "https://example.org"
        (finding,) = await _wrong(with_token)
        assert "Interactions Endpoint URL" in finding.detail

    async def test_the_bot_is_in_no_server(self, with_token: Settings, server: Loopback) -> None:
        server.state.invited = False
        (finding,) = await _wrong(with_token)
        assert (finding.name, finding.needed) == ("Servers", True)
        assert INVITE in finding.remedy

    async def test_invited_without_commands(self, with_token: Settings, server: Loopback) -> None:
        server.fault("GET", f"/applications/*/guilds/{GUILD}/commands", status=403)
        (finding,) = await _wrong(with_token)
        assert finding.detail == "The Team: invited without the scope applications.commands."
        assert INVITE in finding.remedy


class TestChannels:
    async def test_one_without_a_right(self, with_token: Settings, server: Loopback) -> None:
        _take(server, GENERAL, SEND)
        _take(server, QUESTIONS, EMBED | SEND_IN_THREADS)
        first, second = await _wrong(with_token)
        assert first.detail == "The Team: in #general the bot lacks Send Messages."
        assert second.detail == (
            "The Team: in #questions the bot lacks Send Messages in Threads, Embed Links."
        )
        assert not first.needed

    async def test_those_with_the_same_fault_are_told_in_one_line(
        self, with_token: Settings, server: Loopback
    ) -> None:
        for number in range(13):
            id_ = snowflake()
            server.state.channels[id_] = guild_channel(id_, f"room-{number}", 0)
            _take(server, id_, VIEW)
        (finding,) = await _wrong(with_token)
        assert finding.detail.startswith("The Team: in #room-0, #room-1, ")
        assert "#room-9 and 3 more the bot lacks View Channel" in finding.detail

    async def test_what_is_closed_to_everyone_is_meant_to_be(
        self, with_token: Settings, server: Loopback
    ) -> None:
        _take(server, GENERAL, VIEW, whom=GUILD)
        _take(server, QUESTIONS, SEND, whom=GUILD)
        found = await find_in_discord(with_token)
        assert found[-1] == CheckResult(
            "Channels",
            True,
            "The Team: the bot can answer in 1 channel; #general hidden from it; #questions closed "
            "to writing",
        )

    async def test_a_forum_takes_no_right_to_begin_posts(
        self, with_token: Settings, server: Loopback
    ) -> None:
        _take(server, FORUM, SEND)
        assert not await _wrong(with_token)
        _take(server, FORUM, SEND_IN_THREADS)
        (finding,) = await _wrong(with_token)
        assert finding.detail == "The Team: in #forum the bot lacks Send Messages in Threads."

    async def test_a_voice_channel_has_no_threads(
        self, with_token: Settings, server: Loopback
    ) -> None:
        server.state.channels[GENERAL] |= {"type": 2, "bitrate": 64_000, "user_limit": 0}
        _take(server, GENERAL, SEND_IN_THREADS)
        assert not await _wrong(with_token)

    async def test_nowhere(self, with_token: Settings, server: Loopback) -> None:
        for channel in (GENERAL, QUESTIONS, FORUM):
            _take(server, channel, VIEW, whom=GUILD)
        (finding,) = await _wrong(with_token)
        assert finding.needed
        assert finding.detail.startswith("The Team: the bot can answer in 0 channels; #general, ")


class TestGuildSettings:
    async def test_channels_that_do_not_exist(self, with_token: Settings, server: Loopback) -> None:
        section = f"question_channels = [{ELSEWHERE}]\naudit_channel = {ELSEWHERE + 1}"
        found = await _wrong(_guilds(with_token, f"[guild.{GUILD}]\n{section}"))
        assert [(one.name, one.detail, one.needed) for one in found] == [
            (
                "Question channel",
                f"{ELSEWHERE} does not exist, or is in no server of the bot's.",
                True,
            ),
            (
                "Audit channel",
                f"{ELSEWHERE + 1} does not exist, or is in no server of the bot's.",
                True,
            ),
        ]

    async def test_channels_that_the_bot_cannot_write_to(
        self, with_token: Settings, server: Loopback
    ) -> None:
        section = f"question_channels = [{QUESTIONS}]\naudit_channel = {GENERAL}"
        settings = _guilds(with_token, f"[guild.{GUILD}]\n{section}")
        _take(server, QUESTIONS, SEND, whom=GUILD)
        _take(server, GENERAL, EMBED)
        (finding,) = await _wrong(settings)
        assert finding.needed
        assert finding.detail == "#questions in The Team: the bot lacks Send Messages."
        _take(server, GENERAL, VIEW)
        finding = (await _wrong(settings))[0]
        assert (finding.name, finding.needed) == ("Audit channel", True)

    async def test_reactions_are_useful_where_every_message_is_a_question(
        self, with_token: Settings, server: Loopback
    ) -> None:
        section = f"question_channels = [{QUESTIONS}]\naudit_channel = {GENERAL}"
        settings = _guilds(with_token, f"[guild.{GUILD}]\n{section}")
        _take(server, GENERAL, REACT)
        assert not await _wrong(settings)
        _take(server, QUESTIONS, REACT)
        (finding,) = await _wrong(settings)
        assert (finding.name, finding.needed) == ("Question channel", False)
        assert finding.detail == (
            "#questions in The Team: the bot lacks Add Reactions, so it says nothing to thanks."
        )

    @pytest.mark.parametrize(
        ("channel", "setting", "taken", "said"),
        [
            (
                GENERAL,
                "answer_threads = true",
                OPEN_THREADS,
                "#general in The Team: the bot lacks Create Public Threads, so its answers are "
                "not put into threads.",
            ),
            (GENERAL, f"answer_threads = [{QUESTIONS}]", OPEN_THREADS, None),
            (
                FORUM,
                f"question_channels = [{FORUM}]",
                MANAGE_THREADS,
                "#forum in The Team: the bot lacks Manage Threads, so it does not tag posts.",
            ),
            (FORUM, "", MANAGE_THREADS, None),
            (
                FORUM,
                f'question_channels = [{FORUM}]\nopen_tag = "offen"',
                0,
                "#forum in The Team: there is no tag called offen, and the bot makes none without "
                "Manage Channels.",
            ),
            (FORUM, f'question_channels = [{FORUM}]\nopen_tag = ""', 0, None),
        ],
    )
    async def test_what_is_useful_where_a_setting_asks_for_it(
        self,
        with_token: Settings,
        server: Loopback,
        channel: int,
        setting: str,
        taken: int,
        said: str | None,
    ) -> None:
        settings = _guilds(with_token, f"[guild.{GUILD}]\n{setting}")
        _take(server, channel, taken)
        found = await _wrong(settings)
        assert [(finding.detail, finding.needed) for finding in found] == (
            [] if said is None else [(said, False)]
        )

    async def test_in_the_audit_channel_it_only_writes_lines(
        self, with_token: Settings, server: Loopback
    ) -> None:
        settings = _guilds(with_token, f"[guild.{GUILD}]\naudit_channel = {GENERAL}")
        _take(server, GENERAL, SEND_IN_THREADS | EMBED)
        assert not await _wrong(settings)
        _take(server, GENERAL, SEND)
        (finding,) = await _wrong(settings)
        assert (finding.name, finding.needed) == ("Audit channel", True)
        assert finding.detail == "#general in The Team: the bot lacks Send Messages."

    async def test_a_digest_needs_to_be_embedded(
        self, with_token: Settings, server: Loopback
    ) -> None:
        settings = _guilds(with_token, f"[guild.{GUILD}]\ndigest_channel = {GENERAL}")
        _take(server, GENERAL, SEND_IN_THREADS)
        assert not await _wrong(settings)
        _take(server, GENERAL, EMBED)
        (finding,) = await _wrong(settings)
        assert finding.name == "Digest channel"
        assert finding.detail == "#general in The Team: the bot lacks Embed Links."

    async def test_in_an_audit_thread_it_only_writes_lines(
        self, with_token: Settings, server: Loopback
    ) -> None:
        id_ = snowflake()
        server.state.channels[id_] = thread(id_, "A thread", GENERAL)
        settings = _guilds(with_token, f"[guild.{GUILD}]\naudit_channel = {id_}")
        _take(server, GENERAL, SEND | EMBED)
        assert [one.name for one in await _wrong(settings)] == ["Channels"]
        _take(server, GENERAL, SEND_IN_THREADS)
        finding = (await _wrong(settings))[-1]
        assert (finding.name, finding.needed) == ("Audit channel", True)
        assert finding.detail == "#general in The Team: the bot lacks Send Messages in Threads."

    async def test_reminders_of_reviews_are_more_than_lines(
        self, with_token: Settings, server: Loopback
    ) -> None:
        settings = _guilds(with_token, f"[guild.{GUILD}]\nreview_channel = {GENERAL}")
        assert not await _wrong(settings)
        _take(server, GENERAL, EMBED)
        (finding,) = await _wrong(settings)
        assert (finding.name, finding.needed) == ("Review channel", True)
        assert finding.detail == "#general in The Team: the bot lacks Embed Links."

    async def test_roles_that_cannot_be_reminded(
        self, with_token: Settings, server: Loopback
    ) -> None:
        owners = f'[guild.{GUILD}.owners]\nA = "role:{ADMINS}"\nB = 7'
        (finding,) = await _wrong(_guilds(with_token, f"[guild.{GUILD}]\n{owners}"))
        assert (finding.name, finding.needed) == ("Review channel", False)
        assert "is not reminded, as no channel is named" in finding.detail
        channel = f"[guild.{GUILD}]\nreview_channel = {GENERAL}\n{owners}"
        (finding,) = await _wrong(_guilds(with_token, channel))
        assert "can be named in a reminder, but not pinged" in finding.detail

    async def test_a_role_that_cannot_be_asked_or_not_be_pinged(
        self, with_token: Settings, server: Loopback
    ) -> None:
        experts = f'[guild.{GUILD}.experts]\n"/" = "role:{ADMINS}"\n"hr/" = 7'
        (finding,) = await _wrong(_guilds(with_token, f"[guild.{GUILD}]\n{experts}"))
        assert (finding.name, finding.needed) == ("Experts' channel", False)
        assert "cannot be asked, as no channel is named" in finding.detail
        channel = f"[guild.{GUILD}]\nexperts_channel = {GENERAL}\n{experts}"
        (finding,) = await _wrong(_guilds(with_token, channel))
        assert "can be asked, but not pinged" in finding.detail

    async def test_a_channel_whose_messages_can_be_added_and_that_there_is_not(
        self, with_token: Settings, server: Loopback
    ) -> None:
        added = f'[guild.{GUILD}.add_to]\n{GENERAL} = "notes"\n{ELSEWHERE} = "notes"'
        (finding,) = await _wrong(_guilds(with_token, added))
        assert finding.detail == f"No server of the bot's has channel {ELSEWHERE}."

    async def test_a_thread_has_its_channel_s_rights(
        self, with_token: Settings, server: Loopback
    ) -> None:
        id_ = snowflake()
        server.state.channels[id_] = thread(id_, "A thread", GENERAL)
        settings = _guilds(with_token, f"[guild.{GUILD}]\nquestion_channels = [{id_}]")
        assert not await _wrong(settings)
        _take(server, GENERAL, SEND_IN_THREADS)
        assert (await _wrong(settings))[-1].name == "Question channel"

    async def test_a_channel_that_is_named_for_another_server(
        self, with_token: Settings, server: Loopback
    ) -> None:
        settings = _guilds(
            with_token, f"[guild.{GUILD}]\n[guild.{ELSEWHERE}]\nquestion_channels = [{QUESTIONS}]"
        )
        found = await _wrong(settings)
        assert [(one.name, one.detail) for one in found] == [
            ("Question channel", "#questions is in The Team, and named for another server."),
            ("Guild settings", f"The bot is not in server {ELSEWHERE}."),
        ]

    async def test_a_file_that_cannot_be_read_is_not_told_of_twice(
        self, with_token: Settings, server: Loopback
    ) -> None:
        assert not await _wrong(_policy(_guilds(with_token, "["), "["))

    async def test_a_file_that_cannot_be_read_hides_no_mistake_in_another(
        self, with_token: Settings, server: Loopback
    ) -> None:
        good_policy = _policy(_guilds(with_token, "["), f"guilds = [{ELSEWHERE}]")
        (finding,) = await _wrong(good_policy)
        assert finding.detail == f"The bot is not in server {ELSEWHERE}."
        good_guilds = _policy(_guilds(with_token, f"[guild.{ELSEWHERE}]"), "[")
        (finding,) = await _wrong(good_guilds)
        assert finding.name == "Guild settings"


async def test_ids_that_discord_does_not_know(with_token: Settings, server: Loopback) -> None:
    settings = _policy(
        with_token,
        f"guilds = [{GUILD}, {ELSEWHERE}]\n[audiences.planners]\nroles = [{ADMINS}, {ELSEWHERE}]\n"
        f"channels = [{GENERAL}, {ELSEWHERE}, 17]\npeople = [{ELSEWHERE}]\n",
    )
    settings = _guilds(settings, f"[default]\nadmin_roles = [{ELSEWHERE}]")
    found = await _wrong(settings)
    assert [(one.name, one.detail, one.needed) for one in found] == [
        ("Guild settings", f"No server of the bot's has role {ELSEWHERE}.", False),
        ("Policy", f"The bot is not in server {ELSEWHERE}.", False),
        ("Policy", f"No server of the bot's has role {ELSEWHERE}.", False),
        ("Policy", f"No server of the bot's has channel {ELSEWHERE}.", False),
    ]


async def test_nothing_is_left_open(with_token: Settings, server: Loopback) -> None:
    before = asyncio.all_tasks()
    await find_in_discord(with_token)
    assert asyncio.all_tasks() == before
