"""`audience`: who can see a document, what a person can see; and `check` on the policy."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import discord
import pytest
from pydantic import SecretStr

from bot import messages
from bot.config.token import TOKEN_MALFORMED
from bot.discord.rest import client as rest_client
from bot.text import visible_line
from testing.command import CommandLine, Done
from testing.loopback import Loopback
from testing.loopback.payloads import (
    ADA,
    ADMINS,
    ALICE,
    APPLICATION,
    BOB,
    BOT,
    BOTS,
    FORUM,
    GENERAL,
    GUILD,
    QUESTIONS,
    snowflake,
    thread,
)
from testing.loopback.sockets import HERE, only_this_machine

POLICY = """
guilds = [100000000000000001]
[audiences.board]
roles = [100000000000000022]
[audiences.partners]
guilds = [100000000000000004]
people = [7]
[audiences.nobody]
[[folders]]
path = "plans/"
audience = ["board"]
[[folders]]
path = "empty/"
audience = ["board"]
"""


@pytest.fixture
def indexed(command: CommandLine) -> CommandLine:
    command.write("note.txt", "Bread is baked daily.\n")
    command.write("plans/a.md", "# Plan A\n\nWords.\n")
    command.write("plans/b.md", "---\naudience: [partners]\n---\n\n# Plan B\n\nWords.\n")
    command.write("c.md", "---\naudience: bord\n---\n\n# C\n\nWords.\n")
    policy = command.settings.corpus.parent / "policy.toml"
    policy.write_text(POLICY, encoding="utf-8")
    command.settings = command.settings.model_copy(update={"policy": policy})
    assert command("reindex", "--quiet").code == 0
    return command


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            "note.txt",
            "Seen by:\n"
            "  members of the servers that the documents belong to (100000000000000001)\n",
        ),
        ("plans/a.md", "Seen by:\n  who has role 100000000000000022\n"),
        (
            "plans/b.md",
            "Seen by whoever is in all of these:\n  person 7; members of server 100000000000000004"
            "\n  who has role 100000000000000022\n",
        ),
        ("c.md", "Seen by:\n  nobody\nIts front matter names what is no audience: bord\n"),
    ],
)
def test_who_can_see_a_document(indexed: CommandLine, document: str, expected: str) -> None:
    assert indexed("audience", document).out == expected


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ((), set()),
        (("--guild", "100000000000000001"), {"note.txt"}),
        (("--role", "100000000000000022"), {"plans/a.md"}),
        (("--role", "100000000000000022", "--person", "7"), {"plans/a.md", "plans/b.md"}),
    ],
)
def test_what_a_person_can_see(
    indexed: CommandLine, arguments: tuple[str, ...], names: set[str]
) -> None:
    shown = indexed("audience", *arguments).out
    all_names = ("note.txt", "plans/a.md", "plans/b.md", "c.md")
    assert {name for name in all_names if name in shown} == names


def test_who_can_see_nothing_is_told_of_in_words(indexed: CommandLine) -> None:
    assert indexed("audience", "--person", "8").out == "None of the documents.\n"


def test_a_document_that_is_not_there(indexed: CommandLine) -> None:
    done = indexed("audience", "plans/x.md")
    assert done.code == 1
    assert "plans/x.md" in done.err


@pytest.mark.slow
def test_check_names_mistakes(indexed: CommandLine) -> None:
    said = " ".join(indexed("check").out.split())
    assert "3 audiences" in said
    assert "7 is no id of Discord's." in said
    assert "The audience nobody has no members." in said
    assert "No document lies in empty/." in said
    assert "c.md is for bord, which is no audience, so nobody else sees it." in said


def test_check_says_what_is_wrong_with_the_file(indexed: CommandLine) -> None:
    assert indexed.settings.policy is not None
    indexed.settings.policy.write_text("[audience]", encoding="utf-8")
    done = indexed("check")
    assert done.code == 1
    assert "has a mistake in line 1, [audience], at audience: there is no such key" in " ".join(
        done.out.split()
    )


class TestAskingDiscord:
    """By --in, and for names."""

    TOKEN = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.GaBcDe.no-token-that-discord-has-ever-given-out"

    @pytest.fixture
    def indexed(self, indexed: CommandLine) -> CommandLine:
        assert indexed.settings.policy is not None
        indexed.settings.policy.write_text(
            f"""
guilds = [{GUILD}]
[audiences.board]
roles = [{ADMINS}]
[audiences.partners]
channels = [{QUESTIONS}, 44]
guilds = [{GUILD}]
people = [7]
[[folders]]
path = "plans/"
audience = ["board"]
""",
            encoding="utf-8",
        )
        token = {"discord_token": SecretStr(self.TOKEN)}
        indexed.settings = indexed.settings.model_copy(update=token)
        return indexed

    @pytest.fixture
    async def server(self) -> AsyncIterator[Loopback]:
        async with Loopback(token=self.TOKEN) as server:
            yield server

    async def ask(self, command: CommandLine, person: int, channel: int) -> Done:
        """In a thread, as the command has an event loop of its own."""
        numbers = ("--person", str(person), "--in", str(channel))
        return await asyncio.to_thread(command, "audience", *numbers)

    async def test_what_is_told(self, indexed: CommandLine, server: Loopback) -> None:
        post = snowflake()
        server.state.channels[post] = thread(post, "More\u202e", QUESTIONS)
        server.state.channels[QUESTIONS]["permission_overwrites"] = [
            {"id": str(GUILD), "type": 0, "allow": "0", "deny": str(1 << 10)},
            {"id": str(ADMINS), "type": 0, "allow": str(1 << 10), "deny": "0"},
            {"id": str(ALICE.id), "type": 1, "allow": str(1 << 10), "deny": "0"},
            {"id": str(APPLICATION), "type": 1, "allow": str(1 << 10), "deny": "0"},
        ]
        done = await self.ask(indexed, ADA.id, post)
        assert done.err == ""
        shown = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "(then)          ", done.out)
        expected = f"""\
Ada (ada) in #More{visible_line(chr(0x202E))} ({post}), a thread of #questions
({QUESTIONS}), The Team ({GUILD})
The documents are those of The Team ({GUILD}).

In private, by their own rights:
  a member of a server that the documents belong to
  roles: Admins ({ADMINS}), {BOT.name} ({BOTS})
  can read, of what the policy names: #questions ({QUESTIONS})
Document               Date  Pages  Passages  Indexed           Read
note.txt                                   1  (then)            ok
Bread is baked daily.
plans/a.md                                 1  (then)            ok
Plan A
plans/b.md                                 2  (then)            ok
Plan B

3 documents read.

In public, where all who can read the channel see it:
  read by who has role Admins ({ADMINS}); person {ALICE.id};
who owns or administrates the server
Document               Date  Pages  Passages  Indexed           Read
note.txt                                   1  (then)            ok
Bread is baked daily.

1 document read.
"""
        assert shown == expected
        assert not server.frames
        bob = await self.ask(indexed, BOB.id, post)
        assert "\n  Nothing, as they cannot read this channel.\n" in bob.out

    @pytest.mark.parametrize(
        ("person", "channel", "expected"),
        [
            (ALICE.id, 12345, "Discord shows the bot no channel 12345: there is none, or "),
            (ALICE.id, ALICE.dm_channel, f"{ALICE.dm_channel} is no channel of a server that "),
            (ALICE.id, FORUM, f"{FORUM} is no channel of a server that anybody can write in.\n"),
            (42, GENERAL, "42 is no member of The Team, and sees nothing there.\n"),
        ],
    )
    async def test_what_is_not_there(
        self, indexed: CommandLine, server: Loopback, person: int, channel: int, expected: str
    ) -> None:
        server.state.channels[FORUM]["type"] = 4  # a category
        done = await self.ask(indexed, person, channel)
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith(expected)

    async def test_a_channel_that_is_hidden_from_the_bot(
        self, indexed: CommandLine, server: Loopback
    ) -> None:
        server.fault("GET", f"/channels/{GENERAL}", status=403)
        done = await self.ask(indexed, ALICE.id, GENERAL)
        assert (done.code, done.out) == (1, "")
        assert "it is hidden from the bot" in done.err

    async def test_a_token_that_is_refused(self, indexed: CommandLine) -> None:
        async with Loopback(token="another"):
            done = await self.ask(indexed, ALICE.id, GENERAL)
        assert (done.code, done.out, done.err) == (1, "", f"{messages.TOKEN_REFUSED}\n")

    @pytest.mark.parametrize(
        ("token", "expected"),
        [(None, messages.TOKEN_MISSING), (SecretStr("hunter2"), TOKEN_MALFORMED)],
    )
    def test_without_a_token_nobody_is_asked(
        self, indexed: CommandLine, token: SecretStr | None, expected: str
    ) -> None:
        indexed.settings = indexed.settings.model_copy(update={"discord_token": token})
        done = indexed("audience", "--person", "7", "--in", "8")
        assert (done.code, done.out, done.err) == (1, "", f"{expected}\n")

    def test_no_way_to_discord(self, indexed: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(discord.http.Route, "BASE", f"http://{HERE}:1/api/v10")
        with only_this_machine():
            done = indexed("audience", "--person", "7", "--in", "8")
            assert (done.code, done.out) == (1, "")
            assert done.err.startswith("Discord cannot be asked (Cannot connect to host ")
            done = indexed("audience", "plans/a.md")
        assert (done.code, done.out) == (0, f"Seen by:\n  who has role {ADMINS}\n")
        assert done.err.startswith("Only ids are shown, without names. Discord cannot be asked (")

    async def test_no_answer(
        self, indexed: CommandLine, server: Loopback, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rest_client, "_PATIENCE", 0.5)
        server.fault("GET", f"/guilds/{GUILD}/channels", delay=3)
        done = await self.ask(indexed, ALICE.id, GENERAL)
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("Discord cannot be asked (nothing came within ")

    @pytest.mark.parametrize(
        "arguments",
        [
            ("--in", "8"),
            ("--in", "8", "--person", "7", "--role", "9"),
            ("note.txt", "--in", "8", "--person", "7"),
        ],
    )
    def test_what_discord_knows_is_not_typed(
        self, indexed: CommandLine, arguments: tuple[str, ...]
    ) -> None:
        assert indexed("audience", *arguments).code == 2

    def test_without_an_index_discord_is_not_asked(self, indexed: CommandLine) -> None:
        elsewhere = {"index": indexed.settings.index / "none"}
        indexed.settings = indexed.settings.model_copy(update=elsewhere)
        done = indexed("audience", "--person", "7", "--in", "8")
        assert "Run `briefing-bot reindex`" in done.err

    async def test_a_document_s_audience_is_told_by_name(
        self, indexed: CommandLine, server: Loopback
    ) -> None:
        done = await asyncio.to_thread(indexed, "audience", "plans/b.md")
        assert (done.code, done.err) == (0, "")
        assert " ".join(done.out.split()) == (
            "Seen by whoever is in all of these: "
            f"person 7; who can read channel 44 or #questions ({QUESTIONS}); "
            f"members of server The Team ({GUILD}) "
            f"who has role Admins ({ADMINS})"
        )
