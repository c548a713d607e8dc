"""Takes pictures of the real bot in a simulated Discord: `make pictures`.

    python -m tools.release.pictures [--out FOLDER] [--only NAME,NAME]

Needs simcord[screenshot] and a Chromium; the environment variable CHROMIUM may name its place. It
works on copies of the corpus and the index.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bot.app import composition
from bot.config.guilds import GuildBook
from bot.config.settings import load_settings
from bot.demo.page import copy_settings
from bot.demo.update import prepare
from bot.demo.world import MakeBot, World, open_world
from bot.documents.reindexing.process import ReindexProcess
from bot.records import Records
from index.errors import BriefingError
from testing.layouts import buttons_of
from tools.report import ROOT, parser_of

if TYPE_CHECKING:
    from simcord import InteractionResult, MemberActor

    from bot.discord.gateway.client import BriefingBot

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
_HOW_TO_INSTALL = (
    "Pictures need playwright and a Chromium. Run\n"
    '    .venv/bin/pip install "simcord[screenshot]==3.2.1"\n'
    "    .venv/bin/playwright install --with-deps chromium\n"
    "or, instead of the second, `apt-get install chromium` (or name one in CHROMIUM)."
)


class NoPictures(BriefingError):
    """This machine has no browser to take pictures with."""


# The scenes


@dataclass(slots=True)
class Stage:
    """The people of a scene; each of their acts returns when the bot has nothing left to do."""

    world: World

    @property
    def member(self) -> MemberActor:
        return self.world.members[0]

    async def ask(self, question: str) -> Any:
        """Write into #questions, and return the bot's reply."""
        await self.member.send(self.world.questions, question)
        await self.world.finished()
        return self.world.questions.last_message

    async def command(self, name: str, **options: Any) -> InteractionResult:
        return await self._finished(self.member.slash(self.world.questions, name, **options))

    async def click(self, message: Any, label: str) -> InteractionResult:
        """Click the button with this label or emoji."""
        message = getattr(message, "response", message)
        return await self._finished(self.member.click(message, custom_id=_button(message, label)))

    async def _finished(self, doing: Awaitable[InteractionResult]) -> InteractionResult:
        result = await doing
        await self.world.finished()
        return result


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture. `act` returns its subject: a message, a modal, or the result of a command.

    `whole` shows the channel around the message, `height` pixels high; otherwise the picture is of
    the message alone. `room` shows in which conversation.
    A `sample` shows what stands in the sample documents alone. With `browse` the picture is of the
    page itself, after what that does in it.
    """

    name: str
    act: Callable[[Stage], Awaitable[Any]]
    width: int = 760
    height: int = 2400
    whole: bool = False
    room: int = 0
    sample: bool = False
    browse: Callable[[Any], Awaitable[None]] | None = None


async def _in_general(stage: Stage) -> Any:
    """Ask where each answer opens a thread."""
    general, me = stage.world.general, stage.world.bot.user
    assert me is not None
    await stage.member.send(general, f"{me.mention} who drives Heron 4?")
    await stage.world.finished()
    return general.last_message


async def _open_apps(page: Any) -> None:
    await page.locator("#channel-message-list [data-message-id]").last.click(button="right")
    await page.locator("#demo-apps").wait_for()


async def _enter_thread(page: Any) -> None:
    await page.locator(".thread-summary").first.click()
    await page.locator("#demo-rooms [aria-current]", has_text="›").wait_for()
    await page.locator("#channel-message-list [data-message-id]").last.wait_for()


async def _answer(stage: Stage) -> Any:
    return await stage.ask("what roles would Norway's force take")


async def _no_answer(stage: Stage) -> Any:
    return await stage.ask("What is the capital of Mongolia?")


async def _source(stage: Stage) -> Any:
    return await stage.click(await _answer(stage), "Source")


async def _page_picture(stage: Stage) -> Any:
    shown = await stage.command("source", document="Quarterly operations report", place="2")
    return await stage.click(shown, "Page")


async def _help(stage: Stage) -> Any:
    return await stage.command("help")


async def _differ(stage: Stage) -> Any:
    return await stage.ask("within how many days are claims handed in?")


async def _changed(stage: Stage) -> Any:
    result = await stage.command("changes")
    await stage.click(result, "2")
    return result


SCENES = (
    Scene("conversation", _answer, width=1100, height=780, whole=True),
    Scene("answer-on-a-phone", _answer, width=390, height=1180, whole=True),
    Scene("not-in-the-documents", _no_answer),
    Scene("source", _source),
    Scene("page", _page_picture, sample=True),
    Scene("apps", _in_general, width=390, height=700, room=1, sample=True, browse=_open_apps),
    Scene("thread", _in_general, width=390, height=844, room=1, sample=True, browse=_enter_thread),
    Scene("help", _help),
    Scene("differ", _differ),
    Scene("differ-on-a-phone", _differ, width=390, height=844, whole=True),
    Scene("old-beside-new", _changed, sample=True),
)


def _button(message: Any, label: str) -> str:
    """Return the custom_id of a button of a message, wherever in its layout it stands."""
    for button in buttons_of(message.components):
        if label in (button.get("label"), (button.get("emoji") or {}).get("name")):
            return str(button["custom_id"])
    raise LookupError(f"There is no button {label!r} to click.")


# The pictures


async def take(make_bot: MakeBot, scenes: Sequence[Scene], folder: Path) -> list[tuple[str, str]]:
    """Write FOLDER/NAME.png for each scene; return the name and reason of those that failed."""
    failed = []
    async with _browser() as browser:
        for scene in scenes:
            # A world of its own, so that no scene shows what another one left.
            async with open_world(make_bot) as world:
                try:
                    await _take(Stage(world), scene, browser, folder)
                except Exception as exc:
                    failed.append((scene.name, f"{type(exc).__name__}: {exc}".splitlines()[0]))
                else:
                    print(folder / f"{scene.name}.png", flush=True)
                finally:
                    await world.finished()
    return failed


async def _take(stage: Stage, scene: Scene, browser: Any, folder: Path) -> None:
    preview = stage.world.rooms[scene.room].preview
    if scene.browse is not None:
        viewport = {"width": scene.width, "height": scene.height}
        page = await browser.new_page(viewport=viewport)
        try:
            await scene.act(stage)
            await page.goto(preview.url)
            await scene.browse(page)
            await page.screenshot(path=folder / f"{scene.name}.png")
        finally:
            await page.close()
        return
    # simcord would start a browser itself, and there is no way to tell it where that is.
    preview._capture_manager._browser = browser
    try:
        layout: Literal["channel", "message"] = "channel" if scene.whole else "message"
        await preview.screenshot(
            folder / f"{scene.name}.png",
            viewer=stage.member,
            target=await scene.act(stage),
            mode="viewport" if scene.whole else "surface",
            viewport=(scene.width, scene.height),
            layout=layout,
            allow_incomplete=True,
        )
    finally:
        preview._capture_manager._browser = None


@asynccontextmanager
async def _browser() -> AsyncIterator[Any]:
    try:
        playwright = import_module("playwright.async_api")
    except ImportError as exc:
        raise NoPictures(_HOW_TO_INSTALL) from exc
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, _BROWSERS)), None)
    async with playwright.async_playwright() as running:
        try:
            browser = await running.chromium.launch(executable_path=found)
        except playwright.Error as exc:
            raise NoPictures(_HOW_TO_INSTALL) from exc
        try:
            yield browser
        finally:
            await browser.close()


class _ForgetfulRecords(Records):
    """Records that forget the first server, to which alone the documents belong.

    Each scene has another server, which is then the first.
    """

    def recall(self, key: str) -> str | None:
        return None if key == "home guild" else super().recall(key)


def main() -> int:
    parser = parser_of("tools.release.pictures", __doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--only", help="names of scenes, with commas between them")
    arguments = parser.parse_args()
    only = arguments.only.split(",") if arguments.only else [scene.name for scene in SCENES]
    arguments.out.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings = copy_settings(load_settings(), Path(folder))
            ReindexProcess(settings).run()
            prepare(settings)
            services = replace(
                composition.services(settings, guilds=GuildBook.read(None)),
                records=_ForgetfulRecords(settings.records / "records.sqlite"),
            )

            def make_bot(guilds: GuildBook) -> BriefingBot:
                return composition.discord_bot(replace(services, guilds=guilds), sync_anyway=True)

            scenes = [scene for scene in SCENES if scene.name in only]
            failed = asyncio.run(take(make_bot, scenes, arguments.out))
    except BriefingError as exc:
        print(exc, file=sys.stderr)
        return 1
    for name, reason in failed:
        print(f"{name}: {reason}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
