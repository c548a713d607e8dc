"""/upload and /remove, as admins use them."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import simcord

from bot import messages
from bot.access import OPEN, Audience, Policy
from bot.config.settings import Settings
from bot.discord.cogs.administering.reindexing import REINDEX_WAITS
from bot.discord.cogs.administering.uploads import NO_FILES, REMOVE_OVERTAKEN, UPLOAD_THESE
from bot.documents.uploads.incoming import NAME_TAKEN, RIGHT_NOT_KNOWN, WIDER
from bot.documents.uploads.uploads import CORPUS_READ_ONLY, FILE_GONE, PLACE_CHANGED, TYPE_NOT_READ
from bot.documents.uploads.waiting_files import UPLOAD_GONE
from bot.errors import ReindexFailed
from bot.library import key_of
from bot.services import Services
from testing.command import reindexer_of
from testing.layouts import walked
from testing.services import HereReindexing, bot_of, services_of, write_corpus
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import (
    as_it_is,
    ids_of,
    let_in,
    not_waiting,
    press,
    replay,
    take_away,
    until,
)
from tests.bot.discord.helpers.visible_text import seen

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("parsing_here")]

PLAN = b"# The plan\n\nThe convoy goes north on Tuesday.\n"
NEW_LEASE = b"The lease\n\nThe lease of the warehouse is signed by Omar Haddad.\n"
CONVOY = "when does the convoy go north?"
LEASE = "who signs the lease of the warehouse?"


@pytest.fixture
def folder(services: Services) -> Path:
    return services.settings.corpus


async def ask(guild: Guild, question: str) -> str:
    return seen((await guild.ann.slash(guild.channel, "ask", question=question)).response)


async def upload(guild: Guild, **options: object) -> simcord.InteractionResult:
    return await guild.ada.slash(guild.channel, "upload", **options)


def staged(services: Services) -> list[str]:
    return [path.name for path in (services.settings.records / "uploads").glob("*/*")]


def names_in(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


# /upload


async def test_a_new_file_answers_after_a_yes(
    guild: Guild, services: Services, folder: Path
) -> None:
    shown = await upload(guild, file=("the_plan.md", PLAN), folder="convoys")
    assert shown.ephemeral
    assert seen(shown.response) == (
        "**Put this file into the documents?**\n"
        "- **convoys/the\\_plan.md** (46 bytes): new; titled “The plan”\n"
        "  Seen by everybody on the documents' servers.\n"
        "[Put in] | [Cancel]\n"
        "[Into no folder] | [Another folder …]"
    )
    assert "convoys/the_plan.md" not in names_in(folder)
    assert services.records.audits(9) == []
    await press(guild.ada, shown, "Put in")
    assert seen(shown.response) == (
        "Put in: **convoys/the\\_plan.md**.\n"
        "I now answer from 4 documents. That took 1 second.\n"
        "\n**Added (1)**\n- convoys/the\\_plan.md"
    )
    assert (folder / "convoys" / "the_plan.md").read_bytes() == PLAN
    assert cast("HereReindexing", services.reindexing).only == []  # nobody watches the others
    assert "> The convoy goes north on Tuesday." in await ask(guild, CONVOY)
    assert [(entry.person, entry.action, entry.detail) for entry in services.records.audits(9)] == [
        (guild.ada.id, "upload", "convoys/the_plan.md (new)"),
        (guild.ada.id, "reindex", "generation 2: 1 added, in 0 seconds"),
    ]
    assert staged(services) == []


async def test_what_is_replaced_is_said_before(
    guild: Guild, services: Services, folder: Path
) -> None:
    shown = await upload(guild, file=("Warehouse.txt", NEW_LEASE))
    said = seen(shown.response)
    assert said.startswith(
        "**There is a file of that name. Replace it?**\n"
        "- **warehouse.txt** (64 bytes): **replaces** the one of that name; titled “The lease”\n"
        "  1 passage differs; 2 no longer there; 1 new; no sentence agrees\n"
        "  Seen by everybody on the documents' servers.\n"
    )
    assert "Omar Haddad" in said
    assert "Ines Vidal" in said
    assert said.endswith("\n[Put in and replace] | [Cancel]\n[Another folder …]")
    await press(guild.ada, shown, "Put in and replace")
    kept = services.settings.records / "removed"
    first, *_ = seen(shown.response).splitlines()
    assert first.startswith("Put in: **warehouse.txt**. What was replaced is kept where I run, in ")
    assert first.replace("\\", "").endswith(f"{kept}.")
    assert [path.name for path in kept.rglob("*.txt")] == ["warehouse.txt"]
    said = await ask(guild, LEASE)
    assert "Omar Haddad" in said
    assert "Ines Vidal" not in said
    assert services.records.audits(9)[0].detail == "warehouse.txt (replaced)"


async def test_each_of_several_files_is_looked_at(
    guild: Guild, services: Services, folder: Path
) -> None:
    shown = await upload(
        guild,
        file=("plan.md", PLAN),
        file2=("PLAN.md", b"# Another\n\nText.\n"),
        file3=("run.exe", b"MZ"),
        file4=("scan*.pdf", b"%PDF-1.7"),
        file5=("broken.docx", b"nothing"),
    )
    assert seen(shown.response) == (
        "**Put this file into the documents?**\n"
        "- **plan.md** (46 bytes): new; titled “The plan”\n"
        "  Seen by everybody on the documents' servers.\n"
        "**PLAN.md** is left out: two of the files have that name.\n"
        f"**run.exe** is left out: {TYPE_NOT_READ}.\n"
        "**scan\\*.pdf** is left out: its name is not possible on every system; rename it.\n"
        "**broken.docx** is left out: it could not be read: it is not a Word document: it"
        " is not even a zip file.\n"
        "[Put in] | [Cancel]\n[Another folder …]"
    )
    await press(guild.ada, shown, "Put in")
    assert "plan.md" in names_in(folder)
    assert services.current.generation().number == 2


async def test_nothing_to_put_in_asks_nothing(guild: Guild, services: Services) -> None:
    shown = await upload(guild, file=("empty.txt", b""), file2=("@everyone.png", b"PNG"))
    assert seen(shown.response) == (
        "**empty.txt** is left out: it could not be read: it is empty.\n"
        f"**\\@everyone.png** is left out: {TYPE_NOT_READ}."
    )
    assert staged(services) == []


async def test_a_file_too_large_is_not_even_fetched(guild: Guild, settings: Settings) -> None:
    small = settings.model_copy(update={"max_file_mb": 1})
    await guild.env.restart_bot(bot_of(services_of(small)))
    before = len(guild.env.http_requests)
    shown = await upload(guild, file=("large.txt", b"x" * 1_000_001))
    assert seen(shown.response) == "**large.txt** is left out: it is larger than 1 MB."
    assert not any("cdn" in request.path for request in guild.env.http_requests[before:])


async def test_a_file_that_discord_does_not_hand_over(
    guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guild.env.backend.cdn, "get", lambda _: None)
    shown = await upload(guild, file=("plan.md", PLAN))
    assert seen(shown.response) == (
        "**plan.md** is left out: Discord did not hand it over; send it again."
    )


async def test_cancelling_leaves_nothing_behind(
    guild: Guild, services: Services, folder: Path
) -> None:
    shown = await upload(guild, file=("plan.md", PLAN))
    assert len(staged(services)) == 2
    await press(guild.ada, shown, "Cancel")
    assert seen(shown.response) == "Cancelled. Nothing was changed."
    assert staged(services) == []
    assert "plan.md" not in names_in(folder)


async def test_a_second_click_does_nothing(guild: Guild, services: Services) -> None:
    shown = await upload(guild, file=("plan.md", PLAN))
    yes, *_ = ids_of(shown)
    before = as_it_is(shown)
    await replay(guild.ada, before, yes)
    clicked = await replay(guild.ada, before, yes)
    assert [one.content for one in clicked.followups] == [UPLOAD_GONE]
    assert services.current.generation().number == 2


async def test_buttons_work_after_a_restart(guild: Guild, indexed: Settings, folder: Path) -> None:
    shown = await upload(guild, file=("plan.md", PLAN))
    await guild.env.restart_bot(bot_of(services_of(indexed)))
    await press(guild.ada, shown, "Put in")
    assert "Put in: **plan.md**." in seen(shown.response)
    assert "plan.md" in names_in(folder)


async def test_a_place_that_was_taken_meanwhile(
    guild: Guild, services: Services, folder: Path
) -> None:
    shown = await upload(guild, file=("plan.md", PLAN))
    (folder / "plan.md").write_text("# Mine\n")
    clicked = await press(guild.ada, shown, "Put in")
    assert [one.content for one in clicked.followups] == [PLACE_CHANGED.format(name="plan.md")]
    assert (folder / "plan.md").read_text() == "# Mine\n"
    assert services.records.audits(9) == []


async def test_without_a_corpus_folder(guild: Guild, folder: Path) -> None:
    shutil.rmtree(folder)
    refused = await upload(guild, file=("plan.md", PLAN))
    assert seen(refused.response) == (
        "The folder of the documents could not be changed (No such file or directory)."
    )
    assert guild.env.errors


async def test_a_corpus_that_is_read_only(guild: Guild, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_, **__: False)
    refused = await upload(guild, file=("plan.md", PLAN))
    assert seen(refused.response) == CORPUS_READ_ONLY
    assert guild.env.errors


async def test_a_reindex_that_fails_says_where_the_file_is(
    guild: Guild, services: Services, folder: Path
) -> None:
    def fail() -> None:
        raise ReindexFailed("The reindex failed, and nothing was changed: no room.")

    cast("HereReindexing", services.reindexing).hold = fail
    shown = await upload(guild, file=("plan.md", PLAN))
    await press(guild.ada, shown, "Put in")
    assert seen(shown.response) == (
        "Put in: **plan.md**, but not indexed yet; /reindex tries again. "
        "The reindex failed, and nothing was changed: no room."
    )
    assert "plan.md" in names_in(folder)
    assert [entry.action for entry in services.records.audits(9)] == ["upload", "reindex"]


async def test_it_waits_for_a_reindex_that_runs(
    guild: Guild, services: Services, folder: Path
) -> None:
    shown = await upload(guild, file=("plan.md", PLAN))
    release = threading.Event()
    cast("HereReindexing", services.reindexing).hold = lambda: release.wait(60)
    with not_waiting(guild.env):
        await guild.ada.slash(guild.channel, "reindex")
        await until(guild.env, lambda: services.reindexing.running)
        await press(guild.ada, shown, "Put in")
        await until(guild.env, lambda: seen(shown.response) == REINDEX_WAITS)
        release.set()
        await until(guild.env, lambda: seen(shown.response).startswith("Put in: **plan.md**."))
    await guild.env.settle()
    assert "> The convoy goes north on Tuesday." in await ask(guild, CONVOY)


async def test_leftovers_go_when_the_bot_starts(
    guild: Guild, indexed: Settings, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    await upload(guild, file=("plan.md", PLAN))
    await guild.env.restart_bot(bot_of(services_of(indexed)))
    assert len(staged(services)) == 2
    monkeypatch.setattr("bot.documents.uploads.uploads.KEPT_FOR", timedelta(seconds=-60))
    await guild.env.restart_bot(bot_of(services_of(indexed)))
    assert staged(services) == []


async def test_folders_are_offered_to_admins(guild: Guild) -> None:
    choices = await guild.ada.autocomplete(guild.channel, "upload", "folder", "NOR")
    assert [choice["value"] for choice in choices] == ["norway"]
    let_in(guild, guild.ann, "upload")
    assert await guild.ann.autocomplete(guild.channel, "upload", "folder", "") == []


# /remove


async def test_a_document_is_removed_after_a_yes(
    guild: Guild, services: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (choice,) = await guild.ada.autocomplete(guild.channel, "remove", "document", "karsk")
    shown = await guild.ada.slash(guild.channel, "remove", document=choice["value"])
    assert shown.ephemeral
    assert seen(shown.response) == (
        "**Remove The Karsk warehouse?**\n"
        "It no longer answers then. Its file **warehouse.txt** is kept aside where I run.\n"
        "Seen by everybody on the documents' servers.\n"
        "[Remove] | [Cancel]"
    )
    assert "Ines Vidal" in await ask(guild, LEASE)
    monkeypatch.setitem(services.settings.__dict__, "watch_seconds", 5)
    await press(guild.ada, shown, "Remove")
    assert cast("HereReindexing", services.reindexing).only == ["warehouse.txt"]
    (kept,) = (services.settings.records / "removed").rglob("*.txt")
    said = seen(shown.response).replace("\\", "")
    assert said == (
        f"Removed: **The Karsk warehouse**. Its file is kept where I run, in {kept}.\n"
        "I now answer from 2 documents. That took 1 second.\n"
        "\n**Removed (1)**\n- warehouse.txt"
    )
    assert "warehouse.txt" not in names_in(folder)
    assert "Ines Vidal" not in await ask(guild, LEASE)
    assert [(entry.action, entry.detail) for entry in services.records.audits(9)][1:] == [
        ("remove", "warehouse.txt")
    ]


async def test_a_removal_cancelled(guild: Guild, folder: Path) -> None:
    shown = await guild.ada.slash(guild.channel, "remove", document="warehouse.txt")
    await press(guild.ada, shown, "Cancel")
    assert seen(shown.response) == "Cancelled. Nothing was changed."
    assert "warehouse.txt" in names_in(folder)


async def test_a_misspelt_name_is_said_to_be_one(guild: Guild) -> None:
    shown = await guild.ada.slash(guild.channel, "remove", document="warehose.txt")
    assert seen(shown.response).startswith("-# I took that to mean **The Karsk warehouse** (")


async def test_what_is_not_known_cannot_be_removed(guild: Guild) -> None:
    refused = await guild.ada.slash(guild.channel, "remove", document="*nothing*")
    assert seen(refused.response).startswith("I know no document called “\\*nothing\\*”.")
    assert guild.env.errors


async def test_a_document_that_changed_since_is_left_alone(
    guild: Guild, services: Services, folder: Path
) -> None:
    shown = await guild.ada.slash(guild.channel, "remove", document="warehouse.txt")
    write_corpus(folder, {"warehouse.txt": "Something else.\n"})
    reindexer_of(services.settings).run()
    clicked = await press(guild.ada, shown, "Remove")
    assert [one.content for one in clicked.followups] == [REMOVE_OVERTAKEN]
    assert "warehouse.txt" in names_in(folder)


async def test_a_document_that_is_gone_already(
    guild: Guild, services: Services, folder: Path
) -> None:
    shown = await guild.ada.slash(guild.channel, "remove", document="warehouse.txt")
    (folder / "warehouse.txt").unlink()
    clicked = await press(guild.ada, shown, "Remove")
    assert [one.content for one in clicked.followups] == [FILE_GONE]
    reindexer_of(services.settings).run()
    clicked = await press(guild.ada, shown, "Remove")
    assert [one.content for one in clicked.followups] == ["That document is no longer indexed."]


async def test_a_failed_reindex_after_a_removal_says_that_it_still_answers(
    guild: Guild, services: Services
) -> None:
    def fail() -> None:
        raise ReindexFailed("The reindex failed, and nothing was changed: no room.")

    cast("HereReindexing", services.reindexing).hold = fail
    shown = await guild.ada.slash(guild.channel, "remove", document="warehouse.txt")
    await press(guild.ada, shown, "Remove")
    assert "the document **still answers** until a /reindex has come to its end" in seen(
        shown.response
    )


MAIL = """Subject: The plan
Content-Type: multipart/mixed; boundary=B

--B
Content-Type: text/plain

See the plan.
--B
Content-Type: text/markdown
Content-Disposition: attachment; filename=plan.md

# The plan

The convoy goes north on Tuesday.
--B--
"""


async def test_what_lies_in_a_file_is_removed_with_it(
    guild: Guild, services: Services, folder: Path
) -> None:
    write_corpus(folder, {"mail.eml": MAIL})
    reindexer_of(services.settings).run()
    assert "Tuesday" in await ask(guild, CONVOY)
    shown = await guild.ada.slash(guild.channel, "remove", document="mail.eml/plan.md")
    assert seen(shown.response) == (
        "**Remove The plan?**\n"
        "It no longer answers then. Its file **mail.eml** is kept aside where I run.\n"
        "**mail.eml/plan.md** lies in that file, and can only be removed with it.\n"
        "One document that lies in it goes as well.\n"
        "Seen by everybody on the documents' servers.\n"
        "[Remove] | [Cancel]"
    )
    await press(guild.ada, shown, "Remove")
    assert "**Removed (2)**\n- mail.eml\n- mail.eml/plan.md" in seen(shown.response)
    assert "mail.eml" not in names_in(folder)
    assert "Tuesday" not in await ask(guild, CONVOY)
    assert ("remove", "mail.eml") in [
        (one.action, one.detail) for one in services.records.audits(9)
    ]


async def test_a_file_that_holds_what_is_hidden_is_neither_removed_nor_replaced(
    guild: Guild, services: Services, folder: Path
) -> None:
    services.access.policy = Policy(path=Path("policy.toml"))
    hidden = MAIL.replace("# The plan", "---\naudience: few\n---\n# The plan")
    write_corpus(folder, {"mail.eml": hidden})
    reindexer_of(services.settings).run()
    refused = await guild.ada.slash(guild.channel, "remove", document="mail.eml")
    assert seen(refused.response) == (
        "That file also holds what you may not see, so it stays as it is."
    )
    assert guild.env.errors
    sent = await upload(guild, file=("mail.eml", MAIL.encode()))
    assert str(NAME_TAKEN) in seen(sent.response)
    assert (folder / "mail.eml").read_text() == hidden


# The right


@pytest.mark.parametrize(
    ("command", "options"),
    [("upload", {"file": ("plan.md", PLAN)}), ("remove", {"document": "warehouse.txt"})],
)
async def test_without_the_right_nothing_happens(
    guild: Guild, services: Services, command: str, options: dict[str, object]
) -> None:
    let_in(guild, guild.ann, command)
    refused = await guild.ann.slash(guild.channel, command, **options)
    assert refused.ephemeral
    assert seen(refused.response) == messages.ADMINS_ONLY
    assert staged(services) == []
    assert guild.env.errors


async def test_an_admins_buttons_do_nothing_for_others(
    guild: Guild, services: Services, folder: Path
) -> None:
    before = names_in(folder)
    sent = await upload(guild, file=("plan.md", PLAN))
    removal = await guild.ada.slash(guild.channel, "remove", document="warehouse.txt")
    for shown in (sent, removal):
        for custom_id in ids_of(shown):
            clicked = await replay(guild.ann, as_it_is(shown), custom_id)
            assert clicked.ephemeral
            assert seen(clicked.response) == messages.ADMINS_ONLY
    take_away(guild.ada, guild.handle.roles["Manager"])
    for message in (sent, removal):
        for custom_id in ids_of(message):
            clicked = await replay(guild.ada, as_it_is(message), custom_id)
            assert seen(clicked.response) == messages.ADMINS_ONLY
    assert names_in(folder) == before
    assert len(staged(services)) == 2
    assert services.records.audits(9) == []


async def test_another_admin_cannot_put_in_what_they_were_not_shown(
    guild: Guild, folder: Path
) -> None:
    other = guild.handle.add_member(
        guild.env.create_user("eve"), roles=[guild.handle.roles["Manager"]]
    )
    sent = await upload(guild, file=("plan.md", PLAN))
    clicked = await replay(other, as_it_is(sent), ids_of(sent)[0])
    assert [one.content for one in clicked.followups] == [UPLOAD_GONE]
    assert "plan.md" not in names_in(folder)
    await press(guild.ada, sent, "Put in")
    assert "plan.md" in names_in(folder)


# While it is not known what is hidden

MEMO = "---\naudience: planners\n---\n# Memo\n\nThe convoy goes south.\n"


def outdated(settings: Settings) -> None:
    """Make the index one of an older version, so that nothing can be answered."""
    now = reindexer_of(settings)
    replace(now, recipe=now.recipe.model_copy(update={"parser": 0})).run(full=True)


async def with_a_memo(guild: Guild, settings: Settings, role: simcord.RoleHandle) -> Path:
    """Return the path of `memo.md`, which is for those with the role alone."""
    memo = settings.corpus / "memo.md"
    memo.write_text(MEMO)
    reindexer_of(settings).run()
    planners = Audience(roles=frozenset({role.id}))
    policy = Policy(
        guilds=frozenset({guild.handle.id}),
        audiences={"open": OPEN, "planners": planners},
        path=Path("policy.toml"),
    )
    await guild.env.restart_bot(bot_of(services_of(settings, policy=policy)))
    return memo


async def test_without_an_index_nobody_replaces_what_may_be_hidden_from_them(
    guild: Guild, indexed: Settings
) -> None:
    memo = await with_a_memo(guild, indexed, guild.handle.create_role("Planner"))
    taken = await upload(guild, file=("memo.md", PLAN))
    assert str(NAME_TAKEN) in seen(taken.response)
    waiting = await upload(guild, file=("other.md", PLAN))
    outdated(indexed)
    for name in ("memo.md", "another.md"):  # alike, whether there is one
        refused = await upload(guild, file=(name, PLAN))
        assert str(RIGHT_NOT_KNOWN) in seen(refused.response)
        assert "Put in" not in seen(refused.response)
    clicked = await press(guild.ada, waiting, "Put in")
    assert [one.content for one in clicked.followups] == [RIGHT_NOT_KNOWN]
    assert "other.md" not in names_in(indexed.corpus)
    assert memo.read_text() == MEMO


async def test_without_an_index_who_sees_all_goes_on(guild: Guild, indexed: Settings) -> None:
    memo = await with_a_memo(guild, indexed, guild.handle.roles["Manager"])
    outdated(indexed)
    sent = await upload(guild, file=("memo.md", PLAN))
    await press(guild.ada, sent, "Put in and replace")
    assert memo.read_bytes() == PLAN


# Where it goes, what it changes, and who would see it

FORCE = b"# The force\n\nThe force would go home after the winter.\n"


async def send_form(guild: Guild, files: list[tuple[str, bytes]], **values: object) -> str:
    form = await upload(guild)
    done = await guild.ada.submit_modal(form, {"files": files, **values})
    return seen(done.response)


async def test_a_form_takes_several_files_at_once(guild: Guild, folder: Path) -> None:
    form = await upload(guild)
    sent = await guild.ada.submit_modal(
        form, {"files": [("plan.md", PLAN), ("lease.txt", NEW_LEASE)], "new": "convoys/2026"}
    )
    assert sent.ephemeral
    said = seen(sent.response)
    assert "**Put these 2 files into the documents?**" in said
    assert "- **convoys/2026/plan.md** (46 bytes): new" in said
    assert said.count("Seen by everybody on the documents' servers.") == 1
    await press(guild.ada, sent, "Put in")
    assert {"convoys/2026/plan.md", "convoys/2026/lease.txt"} <= set(names_in(folder))
    assert "> The convoy goes north on Tuesday." in await ask(guild, CONVOY)


async def test_a_form_lets_choose_a_folder(guild: Guild) -> None:
    said = await send_form(guild, [("plan.md", PLAN)], folder=[key_of("norway")])
    assert "- **norway/plan.md** (46 bytes): new" in said


async def test_a_form_that_was_open_during_a_restart_is_accepted(
    guild: Guild, indexed: Settings
) -> None:
    form = await upload(guild)
    await guild.env.restart_bot(bot_of(services_of(indexed)))
    done = await guild.ada.submit_modal(form, {"files": [("plan.md", PLAN)]})
    assert "**plan.md**" in seen(done.response)


async def test_a_file_goes_to_where_one_of_its_name_is(guild: Guild, folder: Path) -> None:
    shown = await upload(guild, file=("Force.md", FORCE))
    said = seen(shown.response)
    assert said.startswith("**There is a file of that name in norway. Replace it?**\n")
    assert "- **norway/force.md**" in said
    assert "> The force would go home **after the winter**." in said or "after the winter" in said
    assert said.endswith("[Put in and replace] | [Cancel]\n[Into no folder] | [Another folder …]")
    await press(guild.ada, shown, "Into no folder")
    assert "- **force.md** (" in seen(shown.response)
    assert "[Put in] | [Cancel]\n[Into norway] | [Another folder …]" in seen(shown.response)
    await press(guild.ada, shown, "Into norway")
    await press(guild.ada, shown, "Put in and replace")
    assert (folder / "norway" / "force.md").read_bytes() == FORCE
    assert "force.md" not in names_in(folder)


async def test_a_file_goes_beside_what_is_called_like_it(guild: Guild) -> None:
    shown = await upload(guild, file=("force-2026-11.md", b"# Force 2026\n\nIt stays.\n"))
    said = seen(shown.response)
    assert "- **norway/force-2026-11.md** (" in said
    assert "It would lie beside **" in said


async def test_another_folder_is_asked_for_in_a_form(guild: Guild, services: Services) -> None:
    shown = await upload(guild, file=("plan.md", PLAN))
    form = await press(guild.ada, shown, "Another folder …")
    await guild.ada.submit_modal(form, {"folder": [key_of("norway")]})
    assert "- **norway/plan.md** (" in seen(shown.response)
    form = await press(guild.ada, shown, "Another folder …")
    await guild.ada.submit_modal(form, {"new": "../etc"})
    assert "- **norway/plan.md** (" in seen(shown.response)
    form = await press(guild.ada, shown, "Another folder …")
    await guild.ada.submit_modal(form, {"new": "convoys"})
    assert "- **convoys/plan.md** (" in seen(shown.response)
    assert len(staged(services)) == 2
    await press(guild.ada, shown, "Put in")
    assert staged(services) == []


async def test_nothing_that_was_not_offered_moves_an_upload(
    guild: Guild, services: Services, folder: Path
) -> None:
    shown = await upload(guild, file=("plan.md", PLAN))
    token = ids_of(shown)[0].rpartition(":")[2]
    before = names_in(folder)
    other = guild.handle.add_member(
        guild.env.create_user("eve"), roles=[guild.handle.roles["Manager"]]
    )
    for actor, custom_id, said in (
        (guild.ada, f"x:um:{token}:{key_of('secret')}", "no longer there, or you may not see"),
        (other, f"x:um:{token}:{key_of('norway')}", str(UPLOAD_GONE)),
        (other, f"x:um:{'a' * 16}:{key_of('norway')}", str(UPLOAD_GONE)),
        (guild.ann, f"x:um:{token}:{key_of('norway')}", str(messages.ADMINS_ONLY)),
        (guild.ann, f"x:uf:{token}", str(messages.ADMINS_ONLY)),
    ):
        message = as_it_is(shown)
        button: Any = next(one for one in walked(message.components) if "custom_id" in one)
        button["custom_id"] = custom_id
        clicked = await replay(actor, message, custom_id)
        own = [seen(clicked.response)] if clicked.response else []
        told = [*(one.content for one in clicked.followups), *own]
        assert any(said in one for one in told), (custom_id, told)
    assert names_in(folder) == before
    (file,) = services.uploads.waiting(token).files
    assert file.name == "plan.md"


async def test_the_files_of_a_message_are_uploaded(guild: Guild, folder: Path) -> None:
    message = await guild.bob.send(guild.channel, "Look", attachments=[("plan.md", PLAN)])
    shown = await guild.ada.context_menu(guild.channel, UPLOAD_THESE, message)
    assert "- **plan.md** (46 bytes): new" in seen(shown.response)
    await press(guild.ada, shown, "Put in")
    assert "plan.md" in names_in(folder)
    empty = await guild.bob.send(guild.channel, "Nothing")
    shown = await guild.ada.context_menu(guild.channel, UPLOAD_THESE, empty)
    assert seen(shown.response) == str(NO_FILES)


async def test_who_would_see_it_is_said_to_whoever_may_know(
    guild: Guild, indexed: Settings
) -> None:
    planner = guild.handle.create_role("Planner")
    await with_a_memo(guild, indexed, planner)
    for text, said in (
        (PLAN, "Whoever sees the rest of that folder would see it."),
        (MEMO.encode(), "It names an audience itself, so others would see it than the rest there."),
        (MEMO.replace("planners", "plan nerds").encode(), "**Nobody would see it**: it says that"),
    ):
        assert said in seen((await upload(guild, file=("other.md", text))).response)
    guild.env.backend.add_member_role(guild.handle.id, guild.ada.id, planner.id)
    said = seen((await upload(guild, file=("other.md", MEMO.encode()))).response)
    assert f"Seen by whoever has <@&{planner.id}>." in said


async def test_what_nobody_sees_is_counted_for_whoever_sees_all(
    guild: Guild, indexed: Settings
) -> None:
    planner = guild.handle.create_role("Planner")
    memo = await with_a_memo(guild, indexed, planner)
    memo.with_name("lost.md").write_text(MEMO.replace("planners", "all hubs, Oslo"))
    reindexer_of(indexed).run()
    listed = seen((await guild.ada.slash(guild.channel, "documents")).response)
    assert "seen by nobody" not in listed
    guild.env.backend.add_member_role(guild.handle.id, guild.ada.id, planner.id)
    listed = seen((await guild.ada.slash(guild.channel, "documents")).response)
    assert "1 document is seen by nobody: whom it names is no audience of the policy." in listed
    assert "lost.md" not in listed


async def test_what_is_for_few_is_not_replaced_by_what_is_for_more(
    guild: Guild, indexed: Settings
) -> None:
    planner = guild.handle.create_role("Planner")
    memo = await with_a_memo(guild, indexed, planner)
    guild.env.backend.add_member_role(guild.handle.id, guild.ada.id, planner.id)
    refused = await upload(guild, file=("memo.md", PLAN))
    assert str(WIDER) in seen(refused.response)
    fewer = MEMO.replace("planners", "closed").replace("south", "west")
    assert str(WIDER) not in seen((await upload(guild, file=("memo.md", fewer.encode()))).response)
    same = await upload(guild, file=("memo.md", MEMO.replace("south", "east").encode()))
    assert "1 passage differs" in seen(same.response)
    assert memo.read_text() == MEMO


async def test_a_policy_that_changes_before_the_yes_is_told_of(
    guild: Guild, services: Services, folder: Path
) -> None:
    """Who puts a file in knows for whom."""
    planners = Audience(people=frozenset({guild.ada.id, guild.bob.id}))
    closed = Policy(
        guilds=frozenset({guild.handle.id}),
        folders=(("plans/", planners),),
        audiences={"planners": planners},
        path=Path("policy.toml"),
    )
    services.access.policy = closed
    shown = await upload(guild, file=("plan.md", PLAN), folder="plans")
    services.access.policy = replace(closed, folders=())
    said = seen((await press(guild.ada, shown, "Put in")).response)
    assert said.startswith("Who would see it has changed since you were asked, so nothing was done")
    assert "plans/plan.md" not in names_in(folder)
    await press(guild.ada, shown, "Put in")
    assert "plans/plan.md" in names_in(folder)


async def test_what_is_hidden_suggests_no_folder(guild: Guild, indexed: Settings) -> None:
    await with_a_memo(guild, indexed, guild.handle.create_role("Planner"))
    (indexed.corpus / "plans").mkdir()
    (indexed.corpus / "plans" / "memo-2026.md").write_text(MEMO)
    reindexer_of(indexed).run()
    said = seen((await upload(guild, file=("memo-2026.md", PLAN))).response)
    assert "- **memo-2026.md** (46 bytes): new" in said
    assert "plans" not in said
    form = await upload(guild)
    assert "plans" not in str(form.modal)


async def test_what_a_rollback_took_back_is_named_before_it_is_put_in_again(
    guild: Guild, services: Services, folder: Path
) -> None:
    (folder / "plan.md").write_bytes(PLAN)
    reindexer_of(services.settings).run()
    with services.current.store.lock():
        services.current.store.rollback()
    reindexer_of(services.settings).run()
    assert "Tuesday" not in await ask(guild, CONVOY)
    shown = await upload(guild, file=("plan.md", PLAN))
    assert "A rollback **took this back**: putting it in lets it answer again." in seen(
        shown.response
    )
    await press(guild.ada, shown, "Put in and replace")
    assert "> The convoy goes north on Tuesday." in await ask(guild, CONVOY)
    refused = await upload(guild, file=("plan.md", PLAN))
    assert "the very same file is there already" in seen(refused.response)


async def test_what_a_rollback_took_back_is_named_under_another_name_too(
    guild: Guild, services: Services, folder: Path
) -> None:
    (folder / "plans").mkdir()
    (folder / "plans" / "plan.md").write_bytes(PLAN)
    reindexer_of(services.settings).run()
    with services.current.store.lock():
        services.current.store.rollback()
    took_back = "A rollback **took this back**: putting it in lets it answer again."
    shown = await upload(guild, file=("other.md", PLAN))
    assert took_back in seen(shown.response)
    few = Audience(people=frozenset({guild.bob.id}))
    services.access.policy = replace(
        Policy(path=Path("policy.toml")),
        guilds=frozenset({guild.handle.id}),
        audiences={"few": few},
        folders=(("plans/", few),),
    )
    shown = await upload(guild, file=("other.md", PLAN))
    assert took_back not in seen(shown.response), "of a file that this admin may not see"


# What it replaces


def travel(number: int) -> bytes:
    says = f"This policy replaces version {number - 1}.0.\n\n" if number > 1 else ""
    dated = f"Version {number}.0, 3 May {2020 + number}"
    return f"# Travel policy\n\n{dated}\n\n{says}Trips are booked by convoy {number}.\n".encode()


async def put(guild: Guild, name: str, data: bytes, folder: str) -> simcord.InteractionResult:
    shown = await upload(guild, file=(name, data), folder=folder)
    return await press(guild.ada, shown, "Put in")


async def test_what_it_says_that_it_replaces_is_named(guild: Guild, services: Services) -> None:
    await put(guild, "travel-v1.md", travel(1), "policies")
    shown = await put(guild, "travel-v2.md", travel(2), "policies")
    (said,) = [one for one in shown.followups if "one of the two says so" in seen(one)]
    assert "**1.** **policies/travel-v2.md** replaces **policies/travel-v1.md**" in seen(said)
    await guild.ada.click(said, label="1: It does not")
    assert services.records.decided.decisions().refused == {
        ("policies/travel-v1.md", "policies/travel-v2.md")
    }
    removal = await guild.ada.slash(guild.channel, "remove", document="policies/travel-v2.md")
    assert "comes first again" not in seen(removal.response)


async def test_removing_what_replaces_brings_the_older_one_forward(guild: Guild) -> None:
    await put(guild, "travel-v1.md", travel(1), "policies")
    await put(guild, "travel-v2.md", travel(2), "policies")
    removal = await guild.ada.slash(guild.channel, "remove", document="policies/travel-v2.md")
    assert "**policies/travel-v1.md**, which it replaces, comes first again." in seen(
        removal.response
    )


async def test_what_it_says_of_another_folder_is_proposed(guild: Guild, services: Services) -> None:
    await put(guild, "travel-v1.md", travel(1), "policies")
    shown = await put(guild, "travel-v2.md", travel(2), "inbox")
    (said,) = [one for one in shown.followups if "It says so itself" in seen(one)]
    assert not any("one of the two" in seen(one) for one in shown.followups)
    pair = ("policies/travel-v1.md", "inbox/travel-v2.md")
    assert services.records.decided.decisions().confirmed == frozenset()
    await guild.ada.click(said, label="1: Yes, it replaces it")
    assert services.records.decided.decisions().confirmed == {pair}
