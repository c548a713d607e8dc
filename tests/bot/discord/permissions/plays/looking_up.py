"""Acts of those who look documents up: by name and by words, and what changed, differs or holds."""

from __future__ import annotations

from bot.discord.cogs.looking_up.sources import FIND_SOURCES
from bot.discord.rendering.answers.rolled_up import ROWS_ON_A_PAGE
from bot.library import key_of
from tests.bot.discord.helpers.policies import CANARIES, Stored, canaries_in
from tests.bot.discord.permissions.plays.messages import Used
from tests.bot.discord.permissions.plays.play import (
    Turn,
    about_a_document,
    handle_of,
    what_people_do,
)


@what_people_do
async def search(turn: Turn) -> None:
    typed = ("gate guard", "night", turn.handle)[turn.act.choice % 3]
    done = await turn.use("search", words=typed, share=turn.act.choice % 2 == 0)
    turn.play.succeed(done.is_laid_out)


@what_people_do
async def documents(turn: Turn) -> None:
    done, visible = await turn.use("documents"), turn.visible()
    assert canaries_in(done.text) == set(visible)
    turn.play.succeed(visible)


@what_people_do
async def documents_like(turn: Turn) -> None:
    typed = ("*gate*", turn.handle, "a/", "?*")[turn.act.choice % 4]
    turn.play.succeed((await turn.use("documents", filter=typed)).is_laid_out)


@about_a_document
async def source(turn: Turn, canary: str, document: Stored) -> None:
    key, choice = key_of(document.name), turn.act.choice
    names = (key, turn.handle, document.name.rpartition("/")[0], "gate")
    typed = names[choice % 4] or "a"
    to_all = choice % 2 == 0
    done = await turn.use("source", document=typed, share=to_all)
    if typed == key and (turn.all_may_see(document) if to_all else turn.may_see(document)):
        turn.play.expect(done.text, canary, "it was named")


@about_a_document
async def find_sources(turn: Turn, canary: str, document: Stored) -> None:
    if turn.place is None:
        return
    said = f"The guard stands at the gate {handle_of(canary)}."
    claim = await turn.actor.send(turn.place.channel, said)
    done = await turn.actor.context_menu(turn.place.channel, FIND_SOURCES, claim)
    if turn.may_see(document):
        turn.play.expect(Used.of(done).text, canary, "the claimant may see it")
        turn.play.came_of[FIND_SOURCES] += 1


@what_people_do
async def type_a_document(turn: Turn) -> None:
    choice = turn.act.choice
    command = ("ask", "source", "search")[choice % 3]
    filled = {"private" if command == "ask" else "share": True} if choice % 2 else {}
    turn.play.succeed(await turn.offered(command, "document", _typed(turn), **filled))
    if choice % 5 == 0 and (found := turn.play.existing(turn.act.document)):
        await turn.offered("source", "place", "", document=key_of(found[1].name))


def _typed(turn: Turn) -> str:
    canary = CANARIES[turn.act.document]
    return ("", "gate", turn.handle, canary[:4])[turn.act.choice % 4]


@what_people_do
async def ask_for_help(turn: Turn) -> None:
    await turn.use("help")
    turn.play.succeed()


@what_people_do
async def changes(turn: Turn) -> None:
    """Ask what changed: since the last visit, since ever, in a folder, in a document."""
    options: tuple[dict[str, object], ...] = (
        {},
        {"since": "2020"},
        {"since": "generation 1"},
        {"since": "2020", "folder": "a"},
        {"document": turn.play.key_of_some(turn.act.document)},
    )
    done = await turn.use("changes", **options[turn.act.choice % 5])
    turn.play.succeed(done.is_laid_out)


@what_people_do
async def compare(turn: Turn) -> None:
    key, other = map(turn.play.key_of_some, (turn.act.document, turn.act.choice))
    options = {"with": other} if turn.act.choice % 3 else {}
    done = await turn.use("compare", document=key, **options)
    turn.play.succeed(canaries_in(done.text))


@what_people_do
async def list_all(turn: Turn) -> None:
    """List what mentions something, figures and other sorts, of all documents or a folder."""
    options = (
        {"topic": "gate"},
        {"topic": "allowance", "kind": "figures"},
        {"topic": turn.handle},
        {"topic": "guard", "folder": "a"},
        {"topic": "night", "since": "2020"},
        {"kind": "decisions"},
    )[turn.act.choice % 6]
    done = await turn.use("list", **options)
    if turn.act.choice % 6 == 0:
        shown, visible = canaries_in(done.text), set(turn.visible())
        assert shown <= visible
        assert len(shown) == min(len(visible), ROWS_ON_A_PAGE)
    turn.play.succeed(done.is_laid_out)


@what_people_do
async def type_what_is_compared(turn: Turn) -> None:
    typed, key = _typed(turn), turn.play.key_of_some(turn.act.document)
    for command, option in (
        ("changes", "document"),
        ("compare", "document"),
        ("compare", "with"),
        ("changes", "folder"),
        ("list", "folder"),
    ):
        narrowed = "" if option == "folder" and turn.act.choice % 2 else typed
        filled = {"document": key} if option == "with" else {}
        turn.play.succeed(await turn.offered(command, option, narrowed, **filled))
    await turn.play.as_admin.offered("replaced", "document", typed)
    await turn.play.as_admin.offered("replaced", "by", typed, document=key)


@what_people_do
async def see_what_is_to_be_done(turn: Turn) -> None:
    """See conflicts, what is overdue and what may replace what."""
    show = ("overdue", "replacements")[turn.act.choice % 2]
    await turn.play.administrate("documents", show=show)
    done = await turn.play.administrate("conflicts")
    turn.play.succeed(done.is_laid_out)
    await turn.use("documents", show=show)
