"""The scenes of `make pictures`, without models and without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config.guilds import GuildBook
from bot.config.settings import Settings
from bot.demo.world import open_world
from bot.discord.gateway.client import BriefingBot
from testing.command import reindexer_of
from testing.loopback.sockets import only_this_machine
from testing.services import BRIEFINGS, bot_of, services_of, write_corpus
from tools.release.pictures import SCENES, Stage
from tools.report import ROOT

pytestmark = pytest.mark.processes
_SHOWN = re.compile(r"pictures/([\w-]+)\.png")


@pytest.fixture(autouse=True)
def sockets() -> Iterator[None]:
    with only_this_machine():
        yield


def test_each_picture_is_taken_and_shown_by_a_page() -> None:
    pages = (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    shown = {name for page in pages for name in _SHOWN.findall(page.read_text("utf-8"))}
    kept = {picture.stem for picture in (ROOT / "docs" / "pictures").iterdir()}
    assert kept == shown == {scene.name for scene in SCENES}


@pytest.mark.search
async def test_every_scene_has_a_subject(tmp_path: Path) -> None:
    """All of them in one world, unlike the pictures, as a world takes a second to open."""
    settings = Settings(
        corpus=tmp_path / "corpus", index=tmp_path / "index", records=tmp_path / "records"
    )
    names = ("norway/force.md", "hostile.md")  # these do not answer what is to have no answer
    write_corpus(settings.corpus, {name: BRIEFINGS[name] for name in names})
    reindexer_of(settings).run()

    def make_bot(guilds: GuildBook) -> BriefingBot:
        return bot_of(services_of(settings, guilds=guilds))

    async with open_world(make_bot) as world:
        for scene in SCENES:
            if scene.sample:
                continue
            assert await scene.act(Stage(world)) is not None, scene.name
        await world.finished()
