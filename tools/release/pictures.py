"""Takes pictures of the real bot in a simulated Discord: `make pictures`.

    python -m tools.release.pictures [--out FOLDER] [--only NAME,NAME | --all]

Without `--only` and `--all` it takes those that a page of the repository shows.
Needs simcord[screenshot] and a Chromium; the environment variable CHROMIUM may name its place. It
works on copies of the corpus and the index.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
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
    from simcord import ChannelHandle, InteractionResult, MemberActor

    from bot.discord.gateway.client import BriefingBot

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
_HOW_TO_INSTALL = (
    "Pictures need playwright and a Chromium. Run\n"
    '    .venv/bin/pip install "simcord[screenshot]==3.2.1"\n'
    "    .venv/bin/playwright install --with-deps chromium\n"
    "or, instead of the second, `apt-get install chromium` (or name one in CHROMIUM)."
)


_SHOWN = re.compile(r"pictures/([\w-]+)\.png")


class NoPictures(BriefingError):
    """This machine has no browser to take pictures with."""


# The scenes


@dataclass(slots=True)
class Stage:
    """The people of a scene; each of their acts returns when the bot has nothing left to do."""

    world: World
    corpus: Path

    @property
    def member(self) -> MemberActor:
        return self.world.members[0]

    @property
    def admin(self) -> MemberActor:
        return self.world.admin

    async def ask(self, question: str, *, reply_to: Any = None) -> Any:
        """Write into #questions, and return the bot's reply."""
        await self.member.send(self.world.questions, question, reply_to=reply_to)
        await self.world.finished()
        return self.world.questions.last_message

    async def command(
        self, name: str, *, by: MemberActor | None = None, **options: Any
    ) -> InteractionResult:
        return await self._finished(
            (by or self.member).slash(self.world.questions, name, **options)
        )

    async def click(
        self, message: Any, label: str, *, by: MemberActor | None = None
    ) -> InteractionResult:
        """Click the button with this label or emoji."""
        message = getattr(message, "response", message)
        return await self._finished(
            (by or self.member).click(message, custom_id=_button(message, label))
        )

    async def _finished(self, doing: Awaitable[InteractionResult]) -> InteractionResult:
        result = await doing
        await self.world.finished()
        return result


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture. `act` returns its subject: a message, a modal, or the result of a command.

    `whole` shows the channel around the message, `height` pixels high; otherwise the picture is of
    the message alone. `by_admin` shows it as the admin sees it, and `room` in which conversation.
    A `sample` shows what stands in the sample documents alone. With `browse` the picture is of the
    page itself, after what that does in it.
    """

    name: str
    act: Callable[[Stage], Awaitable[Any]]
    width: int = 760
    height: int = 2400
    whole: bool = False
    by_admin: bool = False
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


async def _several(stage: Stage) -> Any:
    return await stage.ask("How do Sweden and Finland differ?")


async def _steps(stage: Stage) -> Any:
    return await stage.ask("what are the steps of the evacuation in Velin?")


async def _row(stage: Stage) -> Any:
    return await stage.ask("who drives Heron 4?")


async def _not_sure(stage: Stage) -> Any:
    return await stage.ask("who pays for alcohol?")


async def _listed(stage: Stage) -> Any:
    return await stage.ask("which documents mention Karsk?")


async def _computed(stage: Stage) -> Any:
    return await stage.ask("how many seats do the vehicles have in all?")


async def _small_talk(stage: Stage) -> Any:
    await stage.ask("who drives Heron 4?")
    await stage.ask("thanks!")
    return await stage.ask("what can you do?")


async def _no_answer(stage: Stage) -> Any:
    return await stage.ask("What is the capital of Mongolia?")


async def _closest(stage: Stage) -> Any:
    return await stage.click(await _no_answer(stage), "Closest passages")


async def _source(stage: Stage) -> Any:
    return await stage.click(await _answer(stage), "Source")


async def _why_not(stage: Stage) -> Any:
    return await stage.click(await _no_answer(stage), "👎")


async def _page_picture(stage: Stage) -> Any:
    shown = await stage.command("source", document="Quarterly operations report", place="2")
    return await stage.click(shown, "Page")


async def _table_picture(stage: Stage) -> Any:
    answer = await stage.ask("what does Orlik charge from Rzeszów to Dorosh?")
    return await stage.click(await stage.click(answer, "Source"), "Table")


async def _search(stage: Stage) -> Any:
    return await stage.command("search", words="quarry road flood")


async def _documents(stage: Stage) -> Any:
    return await stage.command("documents")


async def _help(stage: Stage) -> Any:
    return await stage.command("help")


async def _reindexed(stage: Stage) -> Any:
    (stage.corpus / "notes.md").write_text(
        "# Notes\n\nThe depot moves in June.\n", encoding="utf-8"
    )
    (stage.corpus / "scan.pdf").write_bytes(b"%PDF-1.7 cut off")
    return await stage.command("reindex", by=stage.admin)


async def _upload(stage: Stage) -> Any:
    plan = stage.corpus / "operations" / "evacuation-plan-velin.md"
    changed = plan.read_text("utf-8").replace("48", "36") + "\nThe plan is practised in May.\n"
    return await stage.command("upload", by=stage.admin, file=(plan.name, changed.encode()))


async def _rollback(stage: Stage) -> Any:
    (stage.corpus / "notes.md").write_text("# Notes\n\nThe depot moves in June.\n", "utf-8")
    await stage.command("reindex", by=stage.admin)
    return await stage.command("rollback", by=stage.admin)


async def _held(stage: Stage) -> Any:
    asked = await _rollback(stage)
    assert asked.response is not None
    await stage.admin.click(asked.response, label="Go back")
    return await stage.command("reindex", by=stage.admin)


async def _access(stage: Stage) -> Any:
    return await stage.command("access", by=stage.admin, folder="operations")


async def _removal(stage: Stage) -> Any:
    name = "operations/evacuation-plan-velin.md"
    return await stage.command("remove", by=stage.admin, document=name)


async def _gaps(stage: Stage) -> Any:
    for question in ("What is the capital of Mongolia?", "Which city is Mongolia's capital?"):
        await stage.ask(question)
    return await stage.command("gaps", by=stage.admin)


async def _status(stage: Stage) -> Any:
    await stage.ask("what roles would Norway's force take")
    return await stage.command("status", by=stage.admin)


async def _replaced(stage: Stage) -> Any:
    return await stage.ask("how many people does the evacuation plan for Velin cover?")


async def _differ(stage: Stage) -> Any:
    return await stage.ask("within how many days are claims handed in?")


async def _changes(stage: Stage) -> Any:
    return await stage.command("changes")


async def _changed(stage: Stage) -> Any:
    result = await _changes(stage)
    await stage.click(result, "2")
    return result


async def _compared(stage: Stage) -> Any:
    other: dict[str, Any] = {"with": "operations/duty-officers-2026-11.md"}
    return await stage.command("compare", document="operations/duty-officers-2026-03.md", **other)


async def _list(stage: Stage) -> Any:
    return await stage.command("list", topic="Karsk")


async def _deadlines(stage: Stage) -> Any:
    return await stage.command("list", topic="deadlines")


async def _conflicts(stage: Stage) -> Any:
    return await stage.command("conflicts", by=stage.admin)


async def _successions(stage: Stage) -> Any:
    return await stage.command("documents", by=stage.admin, show="replacements")


async def _overdue(stage: Stage) -> Any:
    return await stage.command("documents", by=stage.admin, show="overdue")


_LIMIT = re.compile(r"(?<=up to )\d+(?= euros)")
_ADVANCE = "how much is an advance at most?"


async def _watch(stage: Stage) -> Any:
    return await stage.click(await stage.ask(_ADVANCE), "Tell me when this changes")


async def _watches(stage: Stage) -> Any:
    await _watch(stage)
    return await stage.command("watches")


async def _update(stage: Stage) -> None:
    """Have the admin take in a guide that says otherwise than it did."""
    guide = stage.corpus / "operations" / "field-office-guide.md"
    text = guide.read_text(encoding="utf-8")
    guide.write_text(_LIMIT.sub(lambda found: f"{int(found[0]) + 100}", text), encoding="utf-8")
    await stage.command("reindex", by=stage.admin)


async def _written(stage: Stage, channel: ChannelHandle) -> Any:
    """Return the next thing that the bot writes into a channel after an update."""
    before = getattr(channel.last_message, "id", None)
    await _update(stage)
    for _ in range(150):
        if getattr(channel.last_message, "id", None) != before:
            break
        await asyncio.sleep(0.2)
    return channel.last_message


async def _told(stage: Stage) -> Any:
    await _watch(stage)
    return await _written(stage, stage.member.user.dm_channel)


async def _digest(stage: Stage) -> Any:
    await asyncio.sleep(8)  # until the bot has noted how far the channel has been told
    return await _written(stage, stage.world.general)


async def _outdated(stage: Stage) -> Any:
    answer = await stage.ask(_ADVANCE)
    await _update(stage)
    return await stage.click(answer, "Source")


SCENES = (
    Scene("conversation", _answer, width=1100, height=780, whole=True),
    Scene("answer", _answer),
    Scene("answer-on-a-phone", _answer, width=390, height=1180, whole=True),
    Scene("several-excerpts", _several),
    Scene("steps", _steps),
    Scene("steps-on-a-phone", _steps, width=390, height=1300, whole=True),
    Scene("row-of-a-table", _row),
    Scene("table-on-a-phone", _several, width=390, height=1300, whole=True),
    Scene("not-sure", _not_sure),
    Scene("documents-that-mention", _listed),
    Scene("computed", _computed),
    Scene("small-talk", _small_talk, width=1000, height=800, whole=True),
    Scene("not-in-the-documents", _no_answer),
    Scene("closest-passages", _closest),
    Scene("source", _source),
    Scene("page", _page_picture, sample=True),
    Scene("page-on-a-phone", _page_picture, width=390, height=900, sample=True),
    Scene("table", _table_picture, sample=True),
    Scene("apps", _in_general, width=390, height=700, room=1, sample=True, browse=_open_apps),
    Scene("thread", _in_general, width=390, height=844, room=1, sample=True, browse=_enter_thread),
    Scene("search", _search),
    Scene("documents", _documents),
    Scene("help", _help),
    Scene("feedback", _why_not, width=760, height=600),
    Scene("replaced", _replaced),
    Scene("differ", _differ),
    Scene("differ-on-a-phone", _differ, width=390, height=844, whole=True),
    Scene("changes", _changes),
    Scene("old-beside-new", _changed, sample=True),
    Scene("compared", _compared, sample=True),
    Scene("list", _list),
    Scene("deadlines", _deadlines),
    Scene("conflicts", _conflicts, by_admin=True),
    Scene("what-replaces-what", _successions, by_admin=True),
    Scene("overdue", _overdue, by_admin=True),
    Scene("watch", _watch, sample=True),
    Scene("watches", _watches, sample=True),
    Scene("told", _told, room=2, sample=True),
    Scene("digest", _digest, room=1, sample=True),
    Scene("outdated", _outdated, sample=True),
    Scene("reindexed", _reindexed, by_admin=True),
    Scene("upload", _upload, by_admin=True, sample=True),
    Scene("rollback", _rollback, by_admin=True),
    Scene("held", _held, by_admin=True),
    Scene("access", _access, by_admin=True),
    Scene("removal", _removal, by_admin=True, sample=True),
    Scene("status", _status, by_admin=True),
    Scene("gaps", _gaps, by_admin=True),
)


def _button(message: Any, label: str) -> str:
    """Return the custom_id of a button of a message, wherever in its layout it stands."""
    for button in buttons_of(message.components):
        if label in (button.get("label"), (button.get("emoji") or {}).get("name")):
            return str(button["custom_id"])
    raise LookupError(f"There is no button {label!r} to click.")


# The pictures


async def take(
    make_bot: MakeBot, corpus: Path, scenes: tuple[Scene, ...], folder: Path
) -> list[tuple[str, str]]:
    """Write FOLDER/NAME.png for each scene; return the name and reason of those that failed."""
    failed = []
    async with _browser() as browser:
        for scene in scenes:
            # A world of its own, so that no scene shows what another one left.
            async with open_world(make_bot) as world:
                try:
                    await _take(Stage(world, corpus), scene, browser, folder)
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
            viewer=stage.admin if scene.by_admin else stage.member,
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


def in_pages() -> set[str]:
    """Return the names of the pictures that a page of the repository shows."""
    pages = (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    return {name for page in pages for name in _SHOWN.findall(page.read_text("utf-8"))}


def main() -> int:
    parser = parser_of("tools.release.pictures", __doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--only", help="names of scenes, with commas between them")
    parser.add_argument("--all", action="store_true", help="also what no page shows")
    parser.add_argument("--width", type=int, help="of all pictures, in pixels; a phone has 390")
    arguments = parser.parse_args()
    only = arguments.only.split(",") if arguments.only else in_pages()
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

            scenes = tuple(
                replace(scene, width=arguments.width or scene.width)
                for scene in SCENES
                if arguments.all or scene.name in only
            )
            failed = asyncio.run(take(make_bot, settings.corpus, scenes, arguments.out))
    except BriefingError as exc:
        print(exc, file=sys.stderr)
        return 1
    for name, reason in failed:
        print(f"{name}: {reason}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
