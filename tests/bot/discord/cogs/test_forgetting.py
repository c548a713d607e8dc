"""/forget-me: what it says is kept, what it removes, and of whom."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import simcord

from bot import messages
from bot.config.settings import Settings
from bot.discord.cogs.forgetting import FORGET_NOT, FORGET_NOTHING, FORGOTTEN
from bot.documents.uploads.uploads import Uploads
from bot.documents.uploads.waiting_files import WaitingFile
from bot.records import Mark, PersonCounts
from bot.services import Services
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.briefings import forged

LEASE = "who signs the lease of the warehouse?"
ROLES = "what roles would the force take?"
YES = "y:forget"
STAY = (
    "My answers stay, but their buttons stop working. To have one gone, delete its question "
    "first. Copies in backups go when whoever runs me deletes those."
)


async def forget(member: simcord.MemberActor, channel: Any) -> Any:
    done = await member.slash(channel, "forget-me")
    assert done.ephemeral
    return done.response


async def answered(guild: Guild, member: simcord.MemberActor, question: str) -> Any:
    await member.send(guild.channel, f"{guild.me} {question}")
    return guild.channel.last_message


def response_of(done: simcord.InteractionResult) -> simcord.ResponseMessage:
    assert done.response is not None
    return done.response


def waiting(services: Services, person: int) -> str:
    """Return the token of an upload that waits for that person's confirmation."""
    changes = Uploads(services.settings)
    token = changes.begin()
    file = WaitingFile(name="a.md", size=1, sha256="ab", replaces=None, title="A", pages=0)
    changes.seal(token, person, 1, [file])
    return token


def on_disk(settings: Settings) -> bytes:
    return b"".join(path.read_bytes() for path in settings.records.rglob("*") if path.is_file())


SETTINGS = {"keep_questions_days": 30}


async def test_what_somebody_said_of_documents_stays_without_who_said_it(
    guild: Guild, services: Services
) -> None:
    decided = services.records.decided
    decided.decide_succession("a.md", "b.md", confirmed=True, person=guild.ann.id)
    before = decided.decisions()
    shown = await forget(guild.ann, guild.channel)
    assert shown.content == (
        "**Delete what I keep of you?**\n"
        "- that it was you who said something of 1 document; what you said stays\n" + STAY
    )
    await guild.ann.click(shown, custom_id=YES)
    assert not decided.of_person(guild.ann.id)
    assert decided.decisions() == before
    assert (await forget(guild.ann, guild.channel)).content == FORGET_NOTHING


async def test_everything_of_a_person_goes_and_nothing_of_others(
    guild: Guild, services: Services
) -> None:
    hers = await answered(guild, guild.ann, LEASE)
    his = await answered(guild, guild.bob, ROLES)
    await guild.bob.click(hers, custom_id="f:1:up")
    await guild.ann.click(his, custom_id="f:2:up")
    await guild.bob.click(his, custom_id="f:2:up")
    mine, others = waiting(services, guild.ann.id), waiting(services, guild.bob.id)

    shown = await forget(guild.ann, guild.channel)
    assert shown.content == (
        "**Delete what I keep of you?**\n"
        "- 1 question or search: when and where you asked, what I quoted, the words of 1 of them\n"
        "- 1 mark that you gave, with your reasons where they are kept\n"
        "- 1 upload that waits for your yes\n" + STAY
    )
    assert services.records.counts_of_person(guild.ann.id) == PersonCounts(
        1, 1, 1, 0
    )  # asking changes nothing
    done = await guild.ann.click(shown, custom_id=YES)
    assert response_of(done).content == FORGOTTEN

    records = services.records
    assert records.counts_of_person(guild.ann.id) == PersonCounts(0, 0, 0, 0)
    assert records.counts_of_person(guild.bob.id) == PersonCounts(1, 1, 1, 0)
    assert records.exchange(1) is None
    assert [(one.person, one.mark) for one, _ in records.feedback()] == [(guild.bob.id, Mark.UP)]
    assert LEASE.encode() not in on_disk(services.settings)
    assert ROLES.encode() in on_disk(services.settings)
    changes = Uploads(services.settings)
    assert changes.waiting_of(guild.ann.id) == []
    assert changes.waiting_of(guild.bob.id) == [others]
    assert mine != others
    assert guild.channel.last_message is not None  # messages stay, but no button brings it back
    clicked = await guild.bob.click(hers, custom_id="s:1:1")
    shown_for_it = (clicked.response, *clicked.followups)
    assert messages.EXCHANGE_GONE in [one.content for one in shown_for_it if one is not None]
    again = await forget(guild.ann, guild.channel)
    assert (again.content, again.components) == (FORGET_NOTHING, [])


async def test_a_conversation_in_memory_goes_as_well(guild: Guild, settings: Settings) -> None:
    services = services_of(settings.model_copy(update={"keep_questions_days": None}))
    await guild.env.restart_bot(bot_of(services))
    await answered(guild, guild.ann, LEASE)
    shown = await forget(guild.ann, guild.channel)
    assert "the words of 1 of them" in shown.content
    await guild.ann.click(shown, custom_id=YES)
    assert services.records.counts_of_person(guild.ann.id) == PersonCounts(0, 0, 0, 0)
    await answered(guild, guild.ann, "and of Norway?")
    last = services.records.last(guild.ann.id, guild.channel.id, datetime(2000, 1, 1, tzinfo=UTC))
    assert last is not None
    assert last.rewritten == "and of Norway?"


async def test_in_a_direct_message(guild: Guild, services: Services) -> None:
    await answered(guild, guild.ann, LEASE)
    done = await guild.ann.user.slash("forget-me")
    shown = response_of(done)
    assert "1 question or search" in shown.content
    await guild.ann.user.click(shown, custom_id=YES)
    assert services.records.counts_of_person(guild.ann.id) == PersonCounts(0, 0, 0, 0)


async def test_a_no_deletes_nothing(guild: Guild, services: Services) -> None:
    await answered(guild, guild.ann, LEASE)
    shown = await forget(guild.ann, guild.channel)
    done = await guild.ann.click(shown, label=str(messages.CANCEL))
    after = response_of(done)
    assert (after.content, after.components) == (str(FORGET_NOT), [])
    assert services.records.counts_of_person(guild.ann.id) == PersonCounts(1, 1, 0, 0)


async def test_whoever_clicks_deletes_their_own(guild: Guild, services: Services) -> None:
    await answered(guild, guild.ann, LEASE)
    await answered(guild, guild.bob, ROLES)
    assert await forged(guild, guild.bob, YES) == FORGOTTEN  # to him alone, not in its place
    assert services.records.counts_of_person(guild.ann.id) == PersonCounts(1, 1, 0, 0)
    assert services.records.counts_of_person(guild.bob.id) == PersonCounts(0, 0, 0, 0)


async def test_what_an_admin_did_stays_and_that_is_said(guild: Guild, services: Services) -> None:
    services.records.audit(guild.ada.id, guild.handle.id, "remove", "old.md")
    stays = (
        "1 line about you stays in the log of what admins did, which says who changed the documents"
        " for everybody."
    )
    nothing = await forget(guild.ada, guild.channel)
    assert nothing.content == f"{FORGET_NOTHING}\n{stays}"
    await answered(guild, guild.ada, LEASE)
    shown = await forget(guild.ada, guild.channel)
    assert shown.content.endswith(f"{STAY}\n{stays}")
    done = await guild.ada.click(shown, custom_id=YES)
    assert response_of(done).content == f"{FORGOTTEN}\n{stays}"
    assert len(services.records.audits(9)) == 1
