"""/reindex and /rollback, while others ask questions."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from bot import messages
from bot.access import OPEN, Audience, Policy
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.cogs.administering.reindexing import DROP_MISSING, RELEASE_OVERTAKEN
from bot.discord.gateway.client import BriefingBot
from bot.discord.rendering.documents.changes import CURRENT_DAMAGED
from bot.discord.rendering.reports import STATUS_REINDEXING
from bot.discord.ui.live_message import REINDEX_ALL_OF_IT, REINDEX_GOES_ON
from bot.documents.reindexing.process import ReindexProgress
from bot.documents.reindexing.rollback import NOTHING_TO_GO_BACK_TO, ROLLBACK_OVERTAKEN
from bot.errors import ReindexFailed
from bot.library import key_of
from bot.services import Services
from index.indexing.report import ReindexReport
from testing.command import reindexer_of
from testing.services import HereReindexing, bot_of, services_of, write_corpus
from testing.stores import folder_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import (
    as_it_is,
    ids_of,
    let_in,
    not_waiting,
    press,
    replay,
    shown_in,
    take_away,
    until,
)
from tests.bot.discord.helpers.visible_text import seen

REFUSED = messages.ADMINS_ONLY
LEASE = "who signs the lease of the warehouse?"
NEW_LEASE = {"warehouse.txt": "The lease of the warehouse is signed by Omar Haddad.\n"}


@pytest.fixture
def reindexing(services: Services) -> HereReindexing:
    return cast("HereReindexing", services.reindexing)


@pytest.fixture
def held(reindexing: HereReindexing) -> Iterator[threading.Event]:
    """Return an event; the next reindex stops in the middle until it is set."""
    release = threading.Event()
    reindexing.hold = lambda: release.wait(60)
    yield release
    release.set()


async def ask(guild: Guild) -> str:
    asked = await guild.ann.slash(guild.channel, "ask", question=LEASE)
    await until(guild.env, lambda: asked.response and asked.response.components)
    return seen(asked.response)


# /reindex


async def test_it_ends_with_what_was_done(guild: Guild, services: Services) -> None:
    corpus = services.settings.corpus
    write_corpus(corpus, {**NEW_LEASE, "new_plan.md": "# Plan\n\nWe go north.\n", "bad.docx": "?"})
    (corpus / "hostile.md").unlink()
    done = await guild.ada.slash(guild.channel, "reindex")
    assert done.ephemeral
    assert seen(done.response) == (
        "I now answer from 3 documents. That took 1 second.\n"
        "\n**Added (1)**\n- new\\_plan.md\n"
        "\n**Changed (1)**\n- warehouse.txt\n"
        "\n**Removed (1)**\n- hostile.md\n"
        "\n**Not read (1)**\n- bad.docx: it is not a Word document: it is not even a zip file."
    )
    (entry,) = services.records.audits(9)
    assert (entry.person, entry.guild) == (guild.ada.id, guild.handle.id)
    assert (entry.action, entry.detail) == (
        "reindex",
        "generation 2: 1 added, 1 changed, 1 removed, 1 not read, in 0 seconds",
    )


async def test_long_lists_are_shortened_and_sent_as_a_file(
    guild: Guild, services: Services
) -> None:
    names = [f"many/note_{number:03}.md" for number in range(50)]
    write_corpus(services.settings.corpus, {name: f"# {name}\n\nText.\n" for name in names})
    done = await guild.ada.slash(guild.channel, "reindex", dry_run=True)
    said = seen(done.response)
    assert said.startswith("A reindex would do this for 50 documents. Nothing was done.")
    assert said.endswith("- many/note\\_039.md\n- and 10 more")
    (more,) = done.followups
    assert more.ephemeral
    assert more.content == REINDEX_ALL_OF_IT
    (file,) = more.attachments
    assert file.filename == "reindex.txt"
    listed = (await file.read()).decode()
    assert listed == "\n".join(["Would be added (50)", *(f"- {name}" for name in names), ""])


async def test_a_folder_that_lost_most_of_its_documents_drops_them_after_a_yes(
    guild: Guild, services: Services
) -> None:
    for name in ("warehouse.txt", "hostile.md"):
        (services.settings.corpus / name).unlink()
    done = await guild.ada.slash(guild.channel, "reindex")
    assert seen(done.response).startswith("**2 of 3 documents are no longer in the folder**")
    assert "Ines Vidal" in await ask(guild)
    (entry,) = services.records.audits(9)
    assert "2 of 3" in entry.detail
    dropped = await press(guild.ada, done, str(DROP_MISSING))
    await until(guild.env, lambda: "**Removed (2)**" in seen(dropped.response))
    assert services.current.generation().manifest.documents == 1


async def test_a_dry_run_says_what_would_be_done(guild: Guild, services: Services) -> None:
    write_corpus(services.settings.corpus, NEW_LEASE)
    done = await guild.ada.slash(guild.channel, "reindex", dry_run=True)
    assert seen(done.response) == (
        "A reindex would do this for 1 document. Nothing was done.\n"
        "\n**Would be read again (1)**\n- warehouse.txt"
    )
    assert services.current.generation().number == 1
    assert services.records.audits(9) == []


async def test_a_first_reindex_needs_no_index(guild: Guild, settings: Settings) -> None:
    empty = settings.model_copy(update={"index": settings.index / "another"})
    await guild.env.restart_bot(bot_of(services_of(empty)))
    done = await guild.ada.slash(guild.channel, "reindex")
    assert seen(done.response).startswith("I now answer from 3 documents.")


async def test_questions_are_answered_meanwhile_from_what_was_there_before(
    guild: Guild, services: Services, held: threading.Event
) -> None:
    write_corpus(services.settings.corpus, NEW_LEASE)
    with not_waiting(guild.env):
        reindex = await guild.ada.slash(guild.channel, "reindex")
        await until(guild.env, lambda: services.reindexing.running)
        assert "Ines Vidal" in await ask(guild)
        held.set()
        await until(guild.env, lambda: "I now answer" in seen(reindex.response))
        assert "Omar Haddad" in await ask(guild)
    await guild.env.settle()


async def test_a_second_one_is_told_of_the_first(
    guild: Guild, services: Services, held: threading.Event
) -> None:
    with not_waiting(guild.env):
        await guild.ada.slash(guild.channel, "reindex")
        await until(guild.env, lambda: services.reindexing.running)
        second = await guild.ada.slash(guild.channel, "reindex")
        status = await guild.ada.slash(guild.channel, "status")
        await until(guild.env, lambda: second.response and second.response.content)
        await until(guild.env, lambda: status.response and status.response.components)
        held.set()
        await until(guild.env, lambda: not services.reindexing.running)
    await guild.env.settle()
    assert seen(second.response) == (
        "A reindex is running already. Please try again when it has ended."
    )
    assert str(STATUS_REINDEXING) in seen(status.response)
    assert len(services.records.audits(9)) == 1


async def test_progress_is_shown_in_one_message_and_not_too_often(
    guild: Guild, reindexing: HereReindexing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(
        dry_run: bool,
        drop_missing: bool | str,
        release: Collection[str],
        only: Collection[str],
        progress: Callable[[ReindexProgress], None],
    ) -> ReindexReport:
        for done in range(1_000):
            progress(ReindexProgress(done, 1_000, done * 3))
        while not shown_in(guild.env):
            time.sleep(0.01)
        return ReindexReport(generation=1, documents=3, passages=5, seconds=0.1)

    monkeypatch.setattr(reindexing, "_run", run)
    done = await guild.ada.slash(guild.channel, "reindex")
    shown = shown_in(guild.env)
    assert len(shown) == 2
    assert shown[0].startswith("Reindexing: ")
    assert shown[1] == seen(done.response) == ("Nothing has changed. I answer from 3 documents.")
    assert len(guild.channel.history()) == 0


async def test_progress_goes_on_being_shown(
    guild: Guild, reindexing: HereReindexing, held: threading.Event
) -> None:
    tell: list[Callable[[ReindexProgress], None]] = []

    def run(
        dry_run: bool,
        drop_missing: bool | str,
        release: Collection[str],
        only: Collection[str],
        progress: Callable[[ReindexProgress], None],
    ) -> ReindexReport:
        tell.append(progress)
        reindexing.hold()
        return ReindexReport(generation=1, documents=3, passages=4)

    reindexing._run = run  # type: ignore[method-assign]
    with not_waiting(guild.env):
        await guild.ada.slash(guild.channel, "reindex")
        await until(guild.env, lambda: tell)
        for done in (1, 2, 3):
            tell[0](ReindexProgress(done, 3, done))
            while f"{done} of 3" not in shown_in(guild.env)[-1]:
                await guild.env.settle()
        held.set()
        await until(guild.env, lambda: "I answer from" in shown_in(guild.env)[-1])
    await guild.env.settle()


async def test_what_ends_after_the_interaction_is_told_in_a_direct_message(
    guild: Guild, services: Services, held: threading.Event
) -> None:
    write_corpus(services.settings.corpus, NEW_LEASE)
    with not_waiting(guild.env):
        begun = await guild.ada.slash(guild.channel, "reindex")
        await until(guild.env, lambda: services.reindexing.running)
        await guild.env.advance_time(14.5 * 60)
        await until(guild.env, lambda: seen(begun.response) == REINDEX_GOES_ON)
        await guild.env.advance_time(60)
        held.set()
        await until(guild.env, lambda: guild.ada.user.dm_channel.last_message)
    await guild.env.settle()
    assert "**Changed (1)**\n- warehouse.txt" in seen(guild.ada.user.dm_channel.last_message)
    assert seen(begun.response) == REINDEX_GOES_ON


async def test_a_failure_is_one_sentence(
    guild: Guild, services: Services, reindexing: HereReindexing
) -> None:
    def fail() -> None:
        raise ReindexFailed("The reindex failed, and nothing was changed: no room in *here*.")

    reindexing.hold = fail
    done = await guild.ada.slash(guild.channel, "reindex")
    assert seen(done.response) == (
        "The reindex failed, and nothing was changed: no room in \\*here\\*."
    )
    (entry,) = services.records.audits(9)
    assert entry.detail == (
        "failed: The reindex failed, and nothing was changed: no room in *here*."
    )


async def test_a_reindex_goes_on_if_its_message_is_gone(guild: Guild, services: Services) -> None:
    guild.env.inject_error("PATCH", "*/messages/@original", status=404, code=10008, times=None)
    write_corpus(services.settings.corpus, NEW_LEASE)
    await guild.ada.slash(guild.channel, "reindex")
    assert services.current.generation().number == 2
    assert "warehouse.txt" in seen(guild.ada.user.dm_channel.last_message)


# /rollback


@pytest.fixture
def second(services: Services) -> None:
    """Make a second generation, with one document added and one removed."""
    write_corpus(services.settings.corpus, {"new_plan.md": "# Plan\n\nWe go north.\n"})
    (services.settings.corpus / "warehouse.txt").unlink()
    reindexer_of(services.settings).run()


def _built(services: Services) -> str:
    store = services.current.store
    manifest = store.open(None).manifest
    assert manifest.number == 2
    made = (folder_of(store).directory(1) / "manifest.json").read_text()
    moment = made.split('"created_at": "')[1].split('"')[0]
    return f"<t:{int(datetime.fromisoformat(moment).astimezone(UTC).timestamp())}:R>"


@pytest.mark.usefixtures("second")
async def test_it_says_what_going_back_means_and_does_it_after_a_yes(
    guild: Guild, services: Services
) -> None:
    shown = await guild.ada.slash(guild.channel, "rollback")
    assert shown.ephemeral
    assert seen(shown.response) == (
        f"**Go back to the documents as I read them {_built(services)}?**\n"
        "I would answer from 3 documents. What came or changed since then stays out until its file"
        " changes again, or an admin takes it in; `/documents` names it.\n"
        "\n**Would answer again (1)**\n- warehouse.txt\n"
        "\n**Would no longer answer (1)**\n- new\\_plan.md\n"
        "[Go back] | [Cancel]"
    )
    assert services.current.generation().number == 2
    await press(guild.ada, shown, "Go back")
    assert seen(shown.response) == (
        "Done: I answer as before the last reindex.\n[1 file kept out by a rollback]"
    )
    assert "warehouse.txt" in services.current.generation().catalog.document_names()
    (entry,) = services.records.audits(9)
    assert (entry.action, entry.detail) == (
        "rollback",
        "from generation 2 to what answered before it, as generation 3",
    )


@pytest.mark.usefixtures("second")
async def test_cancelled(guild: Guild, services: Services) -> None:
    shown = await guild.ada.slash(guild.channel, "rollback")
    await press(guild.ada, shown, "Cancel")
    assert seen(shown.response) == "Cancelled. Nothing was changed."
    assert services.current.generation().number == 2


@pytest.mark.usefixtures("second")
async def test_a_click_on_an_old_question_does_nothing(guild: Guild, services: Services) -> None:
    shown = await guild.ada.slash(guild.channel, "rollback")
    write_corpus(services.settings.corpus)
    reindexer_of(services.settings).run()
    clicked = await press(guild.ada, shown, "Go back")
    (said,) = clicked.followups
    assert said.content == ROLLBACK_OVERTAKEN
    assert said.ephemeral
    assert services.current.generation().number == 3
    assert services.records.audits(9) == []


@pytest.mark.usefixtures("second")
async def test_not_while_a_reindex_runs(guild: Guild, services: Services) -> None:
    shown = await guild.ada.slash(guild.channel, "rollback")
    with services.current.store.lock():
        clicked = await press(guild.ada, shown, "Go back")
    assert clicked.followups[0].content.startswith("A reindex is running already.")
    assert services.current.generation().number == 2


async def test_nothing_to_go_back_to(guild: Guild) -> None:
    refused = await guild.ada.slash(guild.channel, "rollback")
    assert seen(refused.response) == NOTHING_TO_GO_BACK_TO
    assert guild.env.errors


@pytest.mark.usefixtures("second")
async def test_a_damaged_one_is_not_gone_back_to(guild: Guild, services: Services) -> None:
    (folder_of(services.current.store).directory(1) / "catalog.sqlite").write_bytes(b"")
    refused = await guild.ada.slash(guild.channel, "rollback")
    assert seen(refused.response) == (
        "Generation 1, the one before, is damaged or was made by another version or for another"
        " model, so there is nothing to go back to."
    )
    assert guild.env.errors


@pytest.mark.usefixtures("second")
async def test_a_damaged_one_is_gone_back_from(guild: Guild, services: Services) -> None:
    (folder_of(services.current.store).directory(2) / "catalog.sqlite").write_bytes(b"")
    shown = await guild.ada.slash(guild.channel, "rollback")
    assert str(CURRENT_DAMAGED) in seen(shown.response)
    await press(guild.ada, shown, "Go back")
    assert services.current.generation().number == 3
    assert "warehouse.txt" in services.current.generation().catalog.document_names()


async def test_what_was_closed_since_stays_closed_whoever_goes_back(
    guild: Guild, indexed: Settings
) -> None:
    planner = guild.handle.create_role("Planner")
    policy = Policy(
        guilds=frozenset({guild.handle.id}),
        audiences={"open": OPEN, "planners": Audience(roles=frozenset({planner.id}))},
        path=Path("policy.toml"),
    )
    services = services_of(indexed, policy=policy)
    await guild.env.restart_bot(bot_of(services))
    closed = "---\naudience: planners\n---\n# Force\n\nThe force would go home.\n"
    lease = "The lease of the warehouse ends in June.\n"
    write_corpus(indexed.corpus, {"norway/force.md": closed, "warehouse.txt": lease})
    reindexer_of(indexed).run()
    shown = await guild.ada.slash(guild.channel, "rollback")
    assert "force" not in seen(shown.response)
    earlier = "**Would answer with their earlier text (1)**\n- warehouse.txt\n"
    assert earlier in seen(shown.response)
    guild.env.backend.add_member_role(guild.handle.id, guild.ada.id, planner.id)
    shown = await guild.ada.slash(guild.channel, "rollback")
    assert earlier in seen(shown.response)
    assert "**Would no longer answer (1)**\n- norway/force.md\n" in seen(shown.response)
    await press(guild.ada, shown, "Go back")
    assert services.current.generation().number == 3
    assert "norway/force.md" not in services.current.generation().catalog.document_names()
    reindexer_of(indexed).run()
    assert "norway/force.md" not in services.current.generation().catalog.document_names()
    shown = await guild.ada.slash(guild.channel, "reindex")
    assert (
        "**Kept out by a rollback (2)**\n- norway/force.md\n- warehouse.txt\n"
        "[2 files kept out by a rollback]"
    ) in seen(shown.response)
    await press(guild.ada, shown, "2 files kept out by a rollback")
    assert "**1.** **norway/force.md**" in seen(shown.response)
    take_away(guild.ada, planner)
    others = await guild.ada.slash(guild.channel, "reindex")
    assert "force" not in seen(others.response)
    assert "**Kept out by a rollback (1)**\n- warehouse.txt\n" in seen(others.response)
    for custom_id in ids_of(shown):
        if custom_id.startswith(f"x:hr:{key_of('norway/force.md')}"):
            clicked = await replay(guild.ada, as_it_is(shown), custom_id)
            assert [one.content for one in clicked.followups] == [RELEASE_OVERTAKEN]
    guild.env.backend.add_member_role(guild.handle.id, guild.ada.id, planner.id)
    shown = await guild.ada.slash(guild.channel, "documents")
    await press(guild.ada, shown, "2 files kept out by a rollback")
    await press(guild.ada, shown, "1: Take in")
    assert "Taken in again: **norway/force.md**." in seen(shown.response)
    assert services.current.document("norway/force.md").metadata["audience"] == "planners"
    assert ("release", "norway/force.md") in [
        (entry.action, entry.detail) for entry in services.records.audits(9)
    ]


# The right


async def test_members_are_not_shown_the_commands(guild: Guild) -> None:
    theirs = guild.ann.available_commands(guild.channel)
    assert "ask" in theirs
    admins = {"reindex", "rollback", "upload", "remove", "status", "gaps", "conflicts"}
    assert not admins & set(theirs)


@pytest.mark.parametrize(
    "command", ["reindex", "rollback", "status", "gaps", "access", "conflicts"]
)
async def test_whoever_is_shown_them_without_the_right_is_told(
    guild: Guild, services: Services, command: str
) -> None:
    let_in(guild, guild.ann, command)
    write_corpus(services.settings.corpus, NEW_LEASE)
    refused = await guild.ann.slash(guild.channel, command)
    assert refused.ephemeral
    assert seen(refused.response) == REFUSED
    assert services.current.generation().number == 1
    assert guild.env.errors


@pytest.mark.usefixtures("second")
async def test_a_right_that_was_taken_away_is_gone_for_old_buttons_too(
    guild: Guild, services: Services
) -> None:
    shown = await guild.ada.slash(guild.channel, "rollback")
    take_away(guild.ada, guild.handle.roles["Manager"])
    for label in ("Go back", "Cancel"):
        clicked = await press(guild.ada, shown, label)
        assert seen(clicked.response) == REFUSED
    assert services.current.generation().number == 2


async def test_named_people_and_roles_have_the_right(indexed: Settings, guild: Guild) -> None:
    role = guild.handle.create_role("Librarians")
    carl = guild.handle.add_member(guild.env.create_user("carl"), roles=[role])
    named = GuildSettings(admin_people=frozenset({guild.ann.id}), admin_roles=frozenset({role.id}))
    await guild.env.restart_bot(bot_of(services_of(indexed, guilds=GuildBook(named, {}))))
    for actor in (guild.ann, carl):
        let_in(guild, actor, "reindex")
        done = await actor.slash(guild.channel, "reindex", dry_run=True)
        assert seen(done.response) == "Nothing has changed."


# The audit channel


@pytest.fixture
def audited(indexed: Settings) -> Callable[[int], BriefingBot]:
    def build(channel: int) -> BriefingBot:
        book = GuildBook(GuildSettings(audit_channel=channel), {})
        return bot_of(services_of(indexed, guilds=book))

    return build


async def test_it_is_in_the_log_and_told_in_the_audit_channel(
    guild: Guild, audited: Callable[[int], BriefingBot], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bot.discord.ui.audit_log")
    log = guild.handle.create_text_channel("bot-log")
    await guild.env.restart_bot(audited(log.id))
    await guild.ada.slash(guild.channel, "reindex")
    (line,) = [one for one in caplog.records if one.name == "bot.discord.ui.audit_log"]
    assert line.getMessage() == "Admin: reindex"
    assert vars(line)["person"] == guild.ada.id
    (told,) = log.history()
    assert told.content == (
        f"<@{guild.ada.id}> · **reindex** · generation 1: no changes, in 0 seconds"
    )
    assert not told.flags.value
    (request,) = (r for r in guild.env.http_requests if r.path == f"/channels/{log.id}/messages")
    assert cast("dict[str, object]", request.json)["allowed_mentions"] == {"parse": []}


async def test_an_audit_channel_that_is_gone_stops_nothing(
    guild: Guild, audited: Callable[[int], BriefingBot]
) -> None:
    await guild.env.restart_bot(audited(42))
    done = await guild.ada.slash(guild.channel, "reindex")
    assert seen(done.response).startswith("Nothing has changed.")
