"""The policy and the guild settings while the bot runs: read anew, or left as they were."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from bot.access import OPEN, ChannelReaders, Person, Policy
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.gateway import reloading as reloading_module
from bot.discord.gateway import serving as serving_module
from bot.discord.gateway.reloading import Reloading
from bot.discord.permissions.languages import Languages
from bot.errors import BadSettings, NoToken, RecordsBlocked
from bot.observing.logs import formatter
from bot.services import Services
from testing.services import services_of

MEMBER = Person(1, frozenset({10}), at_home=True)
OUTSIDER = Person(2, frozenset({99}), at_home=True)
PLANNERS = "[audiences.planners]\nroles = [10]\n[[folders]]\npath = 'norway'\naudience = ['{}']\n"
AUDIT = 555
FACT = "what the policy opened"


@dataclass
class Viewers:
    policy: Policy
    readers: ChannelReaders | Person = OUTSIDER

    def readers_in(self, channel: int) -> Any:
        assert channel == AUDIT
        return self.readers


@dataclass
class Bot:
    """As much of a bot as is told."""

    viewers: Viewers
    sent: list[str] = field(default_factory=list)
    message_content: bool = False
    languages: Languages = field(default_factory=lambda: Languages(GuildBook(GuildSettings(), {})))

    def get_channel(self, channel: int) -> None:
        assert channel == AUDIT

    @property
    def intents(self) -> Any:
        return self

    def get_partial_messageable(self, channel: int) -> Any:
        assert channel == AUDIT
        return self

    async def send(self, content: str) -> None:
        self.sent.append(content)


@pytest.fixture
def files(indexed: Settings, tmp_path: Path) -> Settings:
    paths = {"policy": tmp_path / "policy.toml", "guilds": tmp_path / "guilds.toml"}
    paths["policy"].write_text(PLANNERS.format("planners"))
    paths["guilds"].write_text(f"[default]\naudit_channel = {AUDIT}\n")
    return indexed.model_copy(update=paths)


@pytest.fixture
def services(files: Settings) -> Iterator[Services]:
    services = services_of(
        files, policy=Policy.read(files.policy), guilds=GuildBook.read(files.guilds)
    )
    yield services
    services.records.close()


@pytest.fixture
def bot(services: Services) -> Bot:
    return Bot(Viewers(services.access.policy))


@pytest.fixture
def reloading(services: Services, bot: Bot) -> Reloading:
    reloading = Reloading(services)
    reloading.bot = cast("Any", bot)
    return reloading


async def test_another_policy_counts_at_once(
    files: Settings, services: Services, reloading: Reloading, bot: Bot
) -> None:
    assert files.policy is not None
    assert "norway/force.md" not in (services.access.visible(OUTSIDER) or ())
    files.policy.write_text(PLANNERS.format("open"))
    assert await reloading.reload()
    assert services.access.visible(OUTSIDER) is None
    assert services.access.opened([("norway/force.md", None)]), "what it said before is not shown"
    assert services.access.opened([("travel.md", None)]) is None
    assert bot.viewers.policy is services.access.policy
    files.policy.write_text(PLANNERS.format("closed"))
    assert await reloading.reload()
    assert "norway/force.md" not in (services.access.visible(MEMBER) or ())
    assert [said.startswith("**The settings were read anew**") for said in bot.sent] == [True, True]


@pytest.mark.parametrize(
    "text",
    [
        "[audience",
        "[audiences.planners]\nrole = [1]\n",
        "",
        " \n",
        "# who\n",
        None,
        "default = 'shut'",
    ],
)
async def test_with_a_mistake_the_old_one_stays_and_admins_are_told(
    text: str | None,
    files: Settings,
    services: Services,
    reloading: Reloading,
    bot: Bot,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert files.policy is not None
    before = services.access.policy
    files.policy.unlink() if text is None else files.policy.write_text(text)
    assert not await reloading.reload()
    assert not await reloading.reload(), "the same mistake is told once"
    assert services.access.policy is bot.viewers.policy is before
    assert "norway/force.md" not in (services.access.visible(OUTSIDER) or ())
    (said,) = bot.sent
    assert "were not read anew" in said
    assert "planners" not in said
    (error,) = (record for record in caplog.records if record.levelno >= logging.ERROR)
    assert "policy.toml" in formatter("json").format(error), "what the log leaves of it"
    files.policy.write_text(PLANNERS.format("open"))
    assert await reloading.reload()


async def test_the_mistake_is_shown_to_readers_who_may_see_all(
    files: Settings, reloading: Reloading, bot: Bot
) -> None:
    assert files.policy is not None
    bot.viewers.readers = MEMBER
    files.policy.write_text("[audiences.planners]\nrole = [1]\n")
    await reloading.reload()
    assert "in line 2" in bot.sent[0]


async def test_guild_settings_are_those_of_all_who_hold_them(
    files: Settings, services: Services, reloading: Reloading, bot: Bot
) -> None:
    assert files.guilds is not None
    held = services.guilds
    files.guilds.write_text(f"[default]\naudit_channel = {AUDIT}\n[guild.3]\nadmin_people = [4]\n")
    assert await reloading.reload()
    assert held.of(3).admin_people == {4}
    files.guilds.write_text(f"[default]\naudit_channel = {AUDIT}\n[guild.3]\nadmin_people = 4\n")
    assert not await reloading.reload()
    assert held.of(3).admin_people == {4}
    files.guilds.write_text(f"[default]\naudit_channel = {AUDIT}\nquestion_channels = [7]\n")
    assert await reloading.reload()
    assert "after the bot is started again" in bot.sent[-1]


class Looks:
    """A pause that lets something happen between two looks, and ends after the last."""

    def __init__(self, *steps: Any) -> None:
        self.steps = list(steps)

    async def __call__(self, _: float) -> None:
        if not self.steps:
            raise asyncio.CancelledError
        self.steps.pop(0)()


async def test_a_changed_file_is_read_when_it_is_written(
    files: Settings, services: Services, reloading: Reloading, bot: Bot
) -> None:
    path = files.policy
    assert path is not None

    def unchanged() -> None:
        assert services.access.policy.folders[0][1] != OPEN

    def written_in_part() -> None:
        unchanged()
        path.write_text(PLANNERS.format("open")[:40])

    def written() -> None:
        path.write_text(PLANNERS.format("open") + "# the end\n")

    looks = Looks(unchanged, unchanged, written_in_part, written, unchanged, lambda: None)
    with pytest.raises(asyncio.CancelledError):
        await reloading.keep(asyncio.Event(), looks)
    assert services.access.policy.folders[0][1] == OPEN
    assert len(bot.sent) == 1


async def test_a_defect_does_not_end_it(
    files: Settings, services: Services, reloading: Reloading, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError

    assert files.policy is not None
    asked = asyncio.Event()
    monkeypatch.setattr(Policy, "read", fail)

    def repaired() -> None:
        monkeypatch.undo()
        asked.set()

    files.policy.write_text(PLANNERS.format("open"))
    with pytest.raises(asyncio.CancelledError):
        await reloading.keep(asked, Looks(asked.set, repaired))
    assert services.access.policy.folders[0][1] == OPEN


async def test_what_cannot_be_written_down_counts_at_once_and_is_tried_again(
    files: Settings,
    services: Services,
    reloading: Reloading,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As while the server of the records is away."""
    assert files.policy is not None
    stored = services.records.recall(FACT)

    def away(*_: object) -> None:
        raise RecordsBlocked("server", "is away")

    def closed() -> None:
        assert services.access.policy == Policy.read(files.policy)
        assert services.records.recall(FACT) == stored

    def back() -> None:
        closed()
        monkeypatch.undo()

    monkeypatch.setattr(services.records, "remember", away)
    files.policy.write_text(PLANNERS.format("closed"))
    nothing = [lambda: None] * 2
    with pytest.raises(asyncio.CancelledError):
        await reloading.keep(asyncio.Event(), Looks(*nothing, closed, closed, back, *nothing))
    assert services.records.recall(FACT) not in (None, stored)
    assert len([each for each in caplog.records if each.levelno >= logging.ERROR]) == 1


async def test_discord_holds_no_corrected_file_up(
    files: Settings,
    services: Services,
    reloading: Reloading,
    bot: Bot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, answers = files.policy, asyncio.Event()
    assert path is not None
    send = bot.send

    async def send_late(content: str) -> None:
        await answers.wait()
        await send(content)

    monkeypatch.setattr(reloading_module, "_PATIENCE", 0.01)
    monkeypatch.setattr(bot, "send", send_late)
    path.write_text("[audience")
    assert not await reloading.reload()
    path.write_text(PLANNERS.format("open"))
    assert await reloading.reload()
    assert services.access.policy.folders[0][1] == OPEN
    assert bot.sent == []
    answers.set()
    await asyncio.gather(*reloading._telling)
    assert len(bot.sent) == 2


async def test_another_owner_of_the_file_is_a_change(
    files: Settings, services: Services, reloading: Reloading, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What root wrote for nobody else to read, and then gave to the bot."""
    path = files.policy
    assert path is not None
    path.write_text(PLANNERS.format("open"))

    def unreadable(_: object) -> None:
        raise BadSettings("It cannot be read.")

    def given() -> None:
        monkeypatch.undo()
        os.chown(path, os.getuid(), os.getgid())

    monkeypatch.setattr(Policy, "read", unreadable)
    nothing = [lambda: None] * 3
    with pytest.raises(asyncio.CancelledError):
        await reloading.keep(asyncio.Event(), Looks(*nothing, given, *nothing))
    assert services.access.policy.folders[0][1] == OPEN


async def test_a_signal_asks_for_it_and_ends_nothing() -> None:
    reload = asyncio.Event()
    before = signal.getsignal(signal.SIGHUP)
    try:
        with serving_module._reload_on_signal(reload):
            os.kill(os.getpid(), signal.SIGHUP)
            await asyncio.wait_for(reload.wait(), 60)
        os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


async def test_who_stood_by_serves_by_what_the_files_say_then(services: Services) -> None:
    policy, served = cast("Path", services.settings.policy), []

    class Turn:
        def wait(self) -> bool:
            policy.write_text('default = "closed"\n')
            return True

        @asynccontextmanager
        async def watched(self, lost: asyncio.Event) -> AsyncIterator[None]:
            yield

    def build(of: Services) -> Any:
        served.append(of.access.policy)
        raise NoToken

    with pytest.raises(NoToken):
        await serving_module.load_and_serve(
            services.settings, lambda: services, build, "", turn=cast("Any", Turn())
        )
    assert served == [Policy.read(policy)]
