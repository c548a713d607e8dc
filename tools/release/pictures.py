"""Pictures of the main messages, by the real bot in a world of simcord: `make pictures`.

    python tools/release/pictures.py [--out FOLDER] [--only NAME,NAME]

Needs simcord[screenshot] and a Chromium, which CHROMIUM may name. It works on copies of the corpus
and the index, which are then thrown away.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.app import composition  # noqa: E402
from bot.config.guilds import GuildBook  # noqa: E402
from bot.config.settings import load_settings  # noqa: E402
from bot.demo.page import MakeBot, World, copied, open_world  # noqa: E402
from bot.documents.reindex_process import ReindexProcess  # noqa: E402
from bot.records import Records  # noqa: E402
from index.errors import BriefingError  # noqa: E402

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
    """This machine has no browser to take them with."""


# What is on them


@dataclass(slots=True)
class Stage:
    """What the people in a scene do; each act returns when the bot has nothing left to do."""

    world: World
    corpus: Path

    @property
    def member(self) -> MemberActor:
        return self.world.members[0]

    @property
    def admin(self) -> MemberActor:
        return self.world.admin

    async def ask(self, question: str, *, reply_to: Any = None) -> Any:
        """Writes into #questions, and returns the bot's reply."""
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
        """`label` is a button's, or its emoji."""
        return await self._finished(
            (by or self.member).click(message, custom_id=_button(message, label))
        )

    async def _finished(self, doing: Awaitable[InteractionResult]) -> InteractionResult:
        result = await doing
        await self.world.finished()
        return result


@dataclass(frozen=True, slots=True)
class Scene:
    """`act` returns what to take the picture of: a message, a modal, or what a command led to.

    `whole` shows the channel around it, `height` pixels of it; otherwise the message alone is cut
    out. `by_admin` takes it as Ada sees it.
    """

    name: str
    act: Callable[[Stage], Awaitable[Any]]
    width: int = 760
    height: int = 2400
    whole: bool = False
    by_admin: bool = False


async def _answer(stage: Stage) -> Any:
    return await stage.ask("what roles would Norway's force take")


async def _several(stage: Stage) -> Any:
    return await stage.ask("How do Sweden and Finland differ?")


async def _no_answer(stage: Stage) -> Any:
    return await stage.ask("What is the capital of Mongolia?")


async def _closest(stage: Stage) -> Any:
    return await stage.click(await _no_answer(stage), "Closest passages")


async def _source(stage: Stage) -> Any:
    return await stage.click(await _answer(stage), "Sources")


async def _why_not(stage: Stage) -> Any:
    return await stage.click(await _no_answer(stage), "👎")


async def _search(stage: Stage) -> Any:
    return await stage.command("search", words="quarry road flood")


async def _documents(stage: Stage) -> Any:
    return await stage.command("documents")


async def _help(stage: Stage) -> Any:
    return await stage.command("help")


async def _reindexing(stage: Stage) -> Any:
    """Taken while it runs."""
    for path in stage.corpus.rglob("*.md"):
        path.write_text(path.read_text(encoding="utf-8") + "\n\nReviewed.\n", encoding="utf-8")
    result = await stage.admin.slash(stage.world.questions, "reindex")
    before = _shown(result)
    for _ in range(100):
        await asyncio.sleep(0.1)
        if _shown(result) not in (before, ""):
            break
    return result


async def _reindexed(stage: Stage) -> Any:
    (stage.corpus / "notes.md").write_text(
        "# Notes\n\nThe depot moves in June.\n", encoding="utf-8"
    )
    (stage.corpus / "scan.pdf").write_bytes(b"%PDF-1.7 cut off")
    return await stage.command("reindex", by=stage.admin)


async def _upload(stage: Stage) -> Any:
    notes = ("notes-of-the-meeting.md", b"# Notes of the meeting\n\nThe depot moves in June.\n")
    return await stage.command("upload", by=stage.admin, file=notes)


async def _gaps(stage: Stage) -> Any:
    for question in ("What is the capital of Mongolia?", "Which city is Mongolia's capital?"):
        await stage.ask(question)
    return await stage.command("gaps", by=stage.admin)


async def _status(stage: Stage) -> Any:
    await stage.ask("what roles would Norway's force take")
    return await stage.command("status", by=stage.admin)


SCENES = (
    Scene("conversation", _answer, width=1100, height=780, whole=True),
    Scene("answer", _answer),
    Scene("answer-on-a-phone", _answer, width=390, height=844, whole=True),
    Scene("several-excerpts", _several),
    Scene("not-in-the-documents", _no_answer),
    Scene("closest-passages", _closest),
    Scene("source", _source),
    Scene("search", _search),
    Scene("documents", _documents),
    Scene("help", _help),
    Scene("feedback", _why_not, width=760, height=600),
    Scene("reindexing", _reindexing, by_admin=True),
    Scene("reindexed", _reindexed, by_admin=True),
    Scene("upload", _upload, by_admin=True),
    Scene("status", _status, by_admin=True),
    Scene("gaps", _gaps, by_admin=True),
)


def _button(message: Any, label: str) -> str:
    """The custom_id of a button of the message, or of what answered an interaction."""
    if hasattr(message, "response"):
        message = message.response
    rows = [
        row if isinstance(row, dict) else row.to_dict()
        for row in getattr(message, "components", ())
    ]
    for row in rows:
        for button in row.get("components", ()):
            if label in (button.get("label"), (button.get("emoji") or {}).get("name")):
                return str(button["custom_id"])
    raise LookupError(f"There is no button {label!r} to click.")


def _shown(result: InteractionResult) -> str:
    response = result.response
    if response is None:
        return ""
    return response.content + "".join(embed.description or "" for embed in response.embeds)


# Taking them


async def take(
    make_bot: MakeBot, corpus: Path, scenes: tuple[Scene, ...], folder: Path
) -> list[tuple[str, str]]:
    """Writes FOLDER/NAME.png for each scene, and returns those that failed, with the reason."""
    failed = []
    async with _browser() as browser:
        for scene in scenes:
            # Each in a world of its own, so that no scene shows what another one left.
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
    preview = stage.world.rooms[0].preview
    # Filled in by simcord itself otherwise, with no way to name the browser's place.
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


class _EachWorldTheFirst(Records):
    """Every scene has a server of its own, and the documents belong to the first one."""

    def recall(self, key: str) -> None:
        return None


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--only", help="names of scenes, with commas between them")
    arguments = parser.parse_args()
    only = arguments.only.split(",") if arguments.only else [scene.name for scene in SCENES]
    arguments.out.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings = copied(load_settings(), Path(folder))
            ReindexProcess(settings).run()
            services = replace(
                composition.services(settings, guilds=GuildBook.read(None)),
                records=_EachWorldTheFirst(settings.records / "records.sqlite"),
            )

            def make_bot(guilds: GuildBook) -> BriefingBot:
                return composition.discord_bot(replace(services, guilds=guilds), sync_anyway=True)

            scenes = tuple(scene for scene in SCENES if scene.name in only)
            failed = asyncio.run(take(make_bot, settings.corpus, scenes, arguments.out))
    except BriefingError as exc:
        print(exc, file=sys.stderr)
        return 1
    for name, reason in failed:
        print(f"{name}: {reason}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
