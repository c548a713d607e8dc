"""From an answer to its place in the document, also after a reindex."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.admission import AdmissionLimits
from bot.config.settings import Settings
from bot.discord.ui.documents.source_view import (
    DOCUMENT_GONE,
    EXCERPT_CHANGED,
    EXCERPT_LOST,
    EXCERPT_MOVED,
    ORIGINAL_TOO_LARGE,
    PASSAGE_CHANGED,
    OpenPassage,
    passage_button,
)
from bot.library import Library
from bot.services import Services
from index.document import Span
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.briefings import (
    CRANES,
    DATED,
    DIESEL,
    DOCUMENTS,
    HALL,
    TYRES,
    answer_of,
    click,
    reindex,
    write_manual,
)
from tests.bot.discord.helpers.visible_text import seen

NORTH = DOCUMENTS["depot/north.md"]
LINE = "\N{NO-BREAK SPACE}"
ANSWER = (
    f"> {TYRES}\n\n\\[1] **The north depot** › Spares{DATED}\n[Source 1]\n\n"
    f"> {HALL}\n\n\\[2] **The north depot** › Fuel › Tanks{DATED}\n[Source 2]\n\n"
    "> The diesel is kept in the yard.\n\n\\[3] **The south depot**\n[Source 3]\n"
    "(Confidence 98%)\n"
    "[👍] | [👎] | [Tell me when this changes]"
)
SPARES = (
    f"**The north depot** › Spares\ndated 3 Feb 2026 · depot/north.md\n{LINE}\n"
    f"## Spares\n\n> {TYRES}\n(Part 2 of 2)\n"
)
TANKS = (
    f"-# Excerpt 2 of 3\n"
    f"**The north depot** › Fuel › Tanks\ndated 3 Feb 2026 · depot/north.md\n{LINE}\n"
    f"## Fuel\n\n### Tanks\n\n> {HALL}\n\n### Cranes\n\n{CRANES[0]}\n(Part 1 of 2)\n"
    "[‹ Excerpt 1] | [Excerpt 3 ›]\n"
    "[↑ Text before] | [↓ Text after] | [Picture] | [Original file]"
)
FIRST_PART = (
    f"**The north depot**\ndated 3 Feb 2026 · depot/north.md\n{LINE}\n"
    "**Title** The north depot\n**Date** 2026-02-03\n\n## Fuel\n\n### Tanks\n\n"
    f"{HALL}\n\n### Cranes\n\n{CRANES[0]}\n\n{CRANES[1]}\n(Part 1 of 2)\n"
    "[↩ Back to the excerpt]\n"
    "(↑ Text before) | [↓ Text after] | [Picture] | [Original file]"
)
YARD = (
    "-# Excerpt 3 of 3\n**The south depot**\ndepot/south.txt\n\N{NO-BREAK SPACE}\n"
    "## The south depot\n\n> The diesel is kept in the yard.\n\nNobody guards it.\n"
    "[‹ Excerpt 2] | (Excerpt ›)\n[Picture] | [Original file]"
)


@pytest.fixture
def indexed(settings: Settings) -> Settings:
    write_manual(settings, "Keep calm.", "Call the depot.", "Sign the form.")
    reindex(settings, DOCUMENTS)
    return settings


# An excerpt in its place


async def test_sources_opens_the_best_excerpt_in_its_place(guild: Guild) -> None:
    answer = await answer_of(guild)
    assert seen(answer) == ANSWER
    shown = await click(guild.bob, answer, "Source 1")
    assert shown.ephemeral
    assert seen(shown) == (
        f"-# Excerpt 1 of 3\n{SPARES}"
        "(‹ Excerpt) | [Excerpt 2 ›]\n"
        "[↑ Text before] | (↓ Text after) | [Picture] | [Original file]"
    )
    assert seen(await click(guild.bob, answer, "Source 1")) == seen(shown)


async def test_a_number_opens_its_own_excerpt(guild: Guild) -> None:
    answer = await answer_of(guild)
    assert seen(await click(guild.ann, answer, "Source 2")) == TANKS
    assert seen(await click(guild.ann, answer, "Source 3")) == YARD


async def test_from_one_excerpt_to_the_next_in_the_same_message(guild: Guild) -> None:
    first = await click(guild.ann, await answer_of(guild), "Source 1")
    second = await click(guild.ann, first, "Excerpt 2 ›")
    assert second.id == first.id
    assert seen(second) == TANKS
    third = await click(guild.ann, second, "Excerpt 3 ›")
    assert seen(third) == YARD
    assert seen(await click(guild.ann, third, "‹ Excerpt 2")) == TANKS


async def test_the_text_before_and_after_and_the_way_back(guild: Guild) -> None:
    opened = await click(guild.ann, await answer_of(guild), "Source 2")
    after = await click(guild.ann, opened, "↓ Text after")
    assert after.id == opened.id
    # The excerpt's surroundings end within the first part, so it is read to its end first.
    assert seen(after) == FIRST_PART
    last = await click(guild.ann, after, "↓ Text after")
    assert seen(last) == (
        f"**The north depot** › Fuel › Cranes\ndated 3 Feb 2026 · depot/north.md\n{LINE}\n"
        f"{CRANES[2]}\n\n{CRANES[3]}\n\n## Spares\n\n{TYRES}\n(Part 2 of 2)\n"
        "[↩ Back to the excerpt]\n"
        "[↑ Text before] | (↓ Text after) | [Picture] | [Original file]"
    )
    before = await click(guild.ann, last, "↑ Text before")
    assert seen(before) == FIRST_PART
    assert seen(await click(guild.ann, before, "↩ Back to the excerpt")) == TANKS


async def test_an_only_excerpt_of_a_short_document_has_no_needless_buttons(guild: Guild) -> None:
    answer = await answer_of(guild, "is bread baked daily?")
    assert "\n[Source]\n(Confidence 98%)\n[👍] | [👎] | [Tell me when this changes]" in seen(answer)
    shown = await click(guild.ann, answer, "Source")
    assert seen(shown) == (
        f"**Bread is baked daily.**\nnote.txt\n{LINE}\n> Bread is baked daily.\n"
        "[Picture] | [Original file]"
    )


async def test_two_people_read_each_for_themselves(guild: Guild) -> None:
    answer = await answer_of(guild)
    anns = await click(guild.ann, answer, "Source 2")
    bobs = await click(guild.bob, answer, "Source 3")
    assert anns.id != bobs.id
    await click(guild.bob, bobs, "‹ Excerpt 2")
    assert seen(anns) == TANKS
    assert seen(answer) == ANSWER
    visible = [message.id for message in guild.channel.history(viewer=guild.bob)]
    assert anns.id not in visible
    assert bobs.id in visible


async def test_in_a_direct_message(guild: Guild) -> None:
    await guild.ann.send_dm(DIESEL)
    answer = guild.ann.user.dm_channel.last_message
    assert answer is not None
    opened = (await guild.ann.user.click(answer, label="Source 2")).response
    assert opened is not None
    assert seen(opened) == TANKS
    turned = (await guild.ann.user.click(opened, label="Excerpt 3 ›")).response
    assert turned is not None
    assert seen(turned) == YARD


# The original file


async def test_the_original_file(guild: Guild, settings: Settings) -> None:
    opened = await click(guild.ann, await answer_of(guild), "Source 2")
    sent = await click(guild.ann, opened, "Original file")
    assert sent.ephemeral
    (attachment,) = sent.attachments
    assert attachment.filename == "north.md"
    assert await attachment.read() == (settings.corpus / "depot/north.md").read_bytes()


async def test_a_file_that_has_changed_is_not_handed_out(guild: Guild, settings: Settings) -> None:
    opened = await click(guild.ann, await answer_of(guild), "Source 2")
    (settings.corpus / "depot/north.md").write_text("Other words.")
    told = await click(guild.ann, opened, "Original file")
    assert told.attachments == []
    assert told.content == (
        "The file of 'depot/north.md' has changed since it was indexed, so it is not what the "
        "answers quote. It can be had after the next reindex."
    )
    (settings.corpus / "depot/north.md").unlink()
    told = await click(guild.ann, opened, "Original file")
    assert told.content == (
        "The file of 'depot/north.md' cannot be handed out: it is no longer in the corpus folder."
    )


async def test_a_file_that_discord_would_not_take(
    guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = await click(guild.ann, await answer_of(guild), "Source 2")
    small = Library.original
    monkeypatch.setattr(
        Library, "original", lambda self, name: replace(small(self, name), size=30_000_000)
    )
    told = await click(guild.ann, opened, "Original file")
    assert told.content == ORIGINAL_TOO_LARGE
    assert told.attachments == []


async def test_a_file_behind_a_link_is_called_as_the_document_is(
    guild: Guild, settings: Settings
) -> None:
    reindex(settings, {"plans/operation-zanzibar.md": "# Minutes\n\nThe minutes are kept.\n"})
    (settings.corpus / "minutes.md").symlink_to("plans/operation-zanzibar.md")
    reindex(settings, {})
    shown = await guild.ann.slash(guild.channel, "source", document="minutes.md")
    assert shown.response is not None
    (attachment,) = (await click(guild.ann, shown.response, "Original file")).attachments
    assert attachment.filename == "minutes.md"
    assert b"The minutes are kept." in await attachment.read()


async def test_files_count_as_questions(guild: Guild, indexed: Settings) -> None:
    await guild.env.restart_bot(bot_of(services_of(indexed, limits=AdmissionLimits(per_minute=3))))
    opened = await click(guild.ann, await answer_of(guild), "Source 2")
    for _ in range(2):
        assert (await click(guild.ann, opened, "Original file")).attachments
    told = await click(guild.ann, opened, "Original file")
    assert told.attachments == []
    assert told.content.startswith("That was a lot of questions in a short time.")
    assert seen(await click(guild.ann, opened, "↓ Text after"))  # to read on is free


# Later


async def test_buttons_live_on_after_a_restart(guild: Guild, settings: Settings) -> None:
    answer = await answer_of(guild)
    opened = await click(guild.ann, answer, "Source 2")
    await guild.env.restart_bot(bot_of(services_of(settings)))
    assert seen(await click(guild.bob, answer, "Source 3")) == YARD
    after = await click(guild.ann, opened, "↓ Text after")
    assert seen(await click(guild.ann, after, "↩ Back to the excerpt")) == TANKS


@pytest.mark.parametrize(
    ("now", "again", "remark", "shown"),
    [
        (
            "New!\n\nThe diesel is kept in the yard. For now.\n",
            "",
            EXCERPT_MOVED,
            f"**New!**\ndepot/south.txt\n{LINE}\n## New!\n\n> The diesel is kept in the yard.\n\n"
            "For now.\n",
        ),
        (
            "The south depot\n\nThe diesel is kept in the cellar.\n",
            " | [Ask again]",
            EXCERPT_CHANGED,
            f"**The south depot**\ndepot/south.txt\n{LINE}\n## The south depot\n\n"
            "> The diesel is kept in the cellar.\n",
        ),
        (
            "Shoes\n\nBoots stand in rows.\n",
            " | [Ask again]",
            EXCERPT_LOST,
            f"**Shoes**\ndepot/south.txt\n{LINE}\n## Shoes\n\nBoots stand in rows.\n",
        ),
    ],
    ids=["moved", "changed", "lost"],
)
async def test_an_excerpt_of_a_document_that_changed(
    guild: Guild, settings: Settings, now: str, again: str, remark: str, shown: str
) -> None:
    answer = await answer_of(guild)
    reindex(settings, {"depot/south.txt": now})
    assert seen(await click(guild.ann, answer, "Source 3")) == (
        f"-# Excerpt 3 of 3\n⚠️ {remark}\n{shown}[‹ Excerpt 2] | (Excerpt ›)\n"
        f"[Picture] | [Original file]{again}"
    )


async def test_a_document_that_is_gone_is_never_shown_again(
    guild: Guild, settings: Settings
) -> None:
    answer = await answer_of(guild)
    opened = await click(guild.ann, answer, "Source 2")
    reading = await click(guild.bob, await click(guild.bob, answer, "Source 2"), "↓ Text after")
    reindex(settings, {"depot/north.md": None})
    gone = f"{DOCUMENT_GONE}\n[‹ Excerpt 1] | [Excerpt 3 ›] | [Ask again]"
    told = await click(guild.ann, answer, "Source 2")
    assert seen(told) == f"-# Excerpt 2 of 3\n{gone}"
    # What was open goes as soon as it is touched, and the way to the other excerpts stays.
    turned = await click(guild.ann, await click(guild.ann, opened, "Excerpt 3 ›"), "‹ Excerpt 2")
    assert turned.id == opened.id
    assert seen(turned) == f"-# Excerpt 2 of 3\n{gone}"
    for label in ("↓ Text after", "Original file"):
        result = await guild.bob.click(reading, label=label)
        told = result.followups[0] if result.followups else result.response
        assert seen(told) == "That document is no longer indexed."
    back = await click(guild.bob, reading, "↩ Back to the excerpt")
    assert seen(back) == f"-# Excerpt 2 of 3\n{gone}"


async def test_after_going_back_a_generation(
    guild: Guild, services: Services, settings: Settings
) -> None:
    reindex(settings, {"new.txt": "The kerosene is kept by Ivar.\n"})
    answer = await answer_of(guild, "who is the kerosene kept by?")
    opened = await click(guild.ann, answer, "Source 1")
    assert "> The kerosene is kept by Ivar." in seen(opened)
    services.current.store.rollback()
    assert seen(await click(guild.ann, answer, "Source 1")) == (
        f"-# Excerpt 1 of 4\n{DOCUMENT_GONE}\n(‹ Excerpt) | [Excerpt 2 ›] | [Ask again]"
    )


async def test_without_an_index_it_is_said(guild: Guild, settings: Settings) -> None:
    answer = await answer_of(guild)
    nowhere = settings.model_copy(update={"index": settings.index / "none"})
    await guild.env.restart_bot(bot_of(services_of(nowhere)))
    told = await click(guild.ann, answer, "Source 2")
    assert (
        seen(told)
        == "I have not read any documents yet. An admin has me read them with `/reindex`."
    )


# What comes closest

YACHT = "which old helicopters are kept in Hall?"
LESS_CLOSE = (
    f"> {TYRES}\n\n\\[2] **The north depot** › Spares\n[Source 2]\n\n"
    "> The diesel is kept in the yard.\n\n\\[3] **The south depot**\n[Source 3]\n\n"
    "> Keep calm.\n\n\\[4] **The manual**, page 1\n[Source 4]"
)


async def test_the_closest_passages(guild: Guild) -> None:
    answer = await answer_of(guild, YACHT)
    assert "diesel" not in seen(answer)
    shown = await click(guild.bob, answer, "Closest passages")
    assert shown.ephemeral
    assert seen(shown) == (
        "These passages come closest. **I do not think that they answer the question.**\n\n"
        f"> {HALL}\n\n\\[1] **The north depot** › Fuel › Tanks\n[Source 1]\n\n{LESS_CLOSE}"
    )
    opened = await click(guild.bob, shown, "Source 1")
    assert opened.id != shown.id
    assert seen(opened) == TANKS.partition("\n")[2].replace("[‹ Excerpt 1] | [Excerpt 3 ›]\n", "")
    after = await click(guild.bob, opened, "↓ Text after")
    back = await click(guild.bob, after, "↩ Back to the passage")
    assert (back.id, seen(back)) == (opened.id, seen(opened))


async def test_what_is_no_longer_said_is_not_close(guild: Guild, settings: Settings) -> None:
    answer = await answer_of(guild, YACHT)
    shown = await click(guild.bob, answer, "Closest passages")
    reindex(settings, {"depot/north.md": NORTH.replace(HALL, "Nothing is here.")})
    assert seen(await click(guild.bob, answer, "Closest passages")) == (
        "These passages come closest. **I do not think that they answer the question.**\n\n"
        f"{LESS_CLOSE}\n\nOne passage is left out: its document no longer says it.\n[Ask again]"
    )
    opened = await click(guild.bob, shown, "Source 1")
    assert seen(opened).startswith(f"⚠️ {PASSAGE_CHANGED}\n**The north depot**")
    reindex(settings, {"depot/north.md": None})
    told = await click(guild.bob, shown, "Source 1")
    assert seen(told) == "That document is no longer indexed."


# What the bot keeps


async def test_messages_with_buttons_are_not_kept_in_memory(guild: Guild) -> None:
    answer = await answer_of(guild)
    opened = await click(guild.ann, answer, "Source 2")
    await click(guild.ann, opened, "Excerpt 3 ›")
    await guild.ann.slash(guild.channel, "search", words="diesel")
    await guild.ann.slash(guild.channel, "documents")
    await guild.ann.click(answer, custom_id="f:1:down")
    store = guild.env.bot._connection._view_store
    assert store._views == {}
    assert store._synced_message_views == {}
    assert store._modals == {}


def test_buttons_to_the_same_words_have_ids_of_their_own() -> None:
    """Two lines of a list may quote one sentence."""
    ids = {passage_button(n, "a.md", Span(12, 20), "It is so.").custom_id for n in range(41, 49)}
    assert len(ids) == 8
    assert all(OpenPassage.__discord_ui_compiled_template__.fullmatch(one) for one in ids)
