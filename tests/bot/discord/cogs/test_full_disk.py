"""On a full disk the bot goes on answering; people are told nothing of it, and admins are."""

from __future__ import annotations

import pytest

from bot.config.settings import Settings
from bot.discord.ui.errors import sentence_of
from bot.errors import RecordsBlocked, RecordsDamaged
from bot.records import Mark
from bot.services import Services
from index.errors import IndexNotWritten
from testing.disks import no_room
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.visible_text import seen

LEASE = "who signs the lease of the warehouse?"


async def test_it_answers_and_writes_it_down_later(guild: Guild, services: Services) -> None:
    with no_room():
        await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
        answer = guild.channel.last_message
        assert answer is not None
        assert "Ines Vidal" in seen(answer)
        given = services.records.by_reply(answer.id)
        assert given is not None
        await guild.ann.click(answer, custom_id=f"f:{given.id}:up")
        asked = await guild.bob.slash(guild.channel, "ask", question=LEASE)
        assert "Ines Vidal" in seen(asked.response)
        status = await guild.ada.slash(guild.channel, "status")
        assert "The disk takes nothing, so what I answer waits in memory" in seen(status.response)
        assert services.records.waiting == 3
        assert services.records.counts().exchanges == 0

        forgetting = await guild.ann.slash(guild.channel, "forget-me")
        assert "- 1 question or search" in seen(forgetting.response)
        assert forgetting.response is not None
        await guild.ann.click(forgetting.response, custom_id="y:forget")
        assert services.records.waiting == 3

    services.records.write_waiting()
    counts = services.records.counts()
    assert (counts.exchanges, counts.up) == (2, 1)
    ((mark, exchange),) = services.records.feedback()
    assert (mark.mark, exchange.id, exchange.replies) == (Mark.UP, given.id, (answer.id,))
    status = await guild.ada.slash(guild.channel, "status")
    assert "The disk takes nothing" not in seen(status.response)


@pytest.mark.parametrize("kind", [RecordsBlocked, RecordsDamaged, IndexNotWritten])
def test_people_are_told_of_no_path(
    kind: type[Exception], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    path = settings.records / "records.sqlite"
    said = sentence_of(kind(path, "the disk is full"))
    assert str(path.parent) not in said
    assert str(path) in caplog.text


async def test_what_changed_is_shown_all_the_same(guild: Guild) -> None:
    with no_room():
        shown = await guild.ann.slash(guild.channel, "changes")
        assert seen(shown.response).startswith("**Nothing changed since")
