"""👍 and 👎: what is recorded, and what the person sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import simcord

from bot import messages
from bot.config.settings import Settings
from bot.discord.cogs.asking.feedback import THANKS_DOWN, THANKS_UP
from bot.records import Fault, Mark
from bot.services import Services
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.hidden_documents import interact

LEASE = "who signs the lease of the warehouse?"
UP, DOWN = "f:1:up", "f:1:down"


SETTINGS = {"keep_questions_days": 365}


async def asked(guild: Guild, question: str = LEASE) -> discord.Message:
    await guild.ann.send(guild.channel, f"{guild.me} {question}")
    answer = guild.channel.last_message
    assert answer is not None
    return answer


async def rate(member: simcord.MemberActor, answer: Any, custom_id: str) -> Any:
    done = await member.click(answer, custom_id=custom_id)
    assert done.acknowledged
    return done


def told(done: Any) -> str:
    """Return the sentence that only the person who clicked sees."""
    assert done.response is not None
    assert done.response.ephemeral
    return str(done.response.content)


def recorded(services: Services) -> list[tuple[int, str, Mark, str | None]]:
    """Return person, question, mark and reason of each record, the newest first."""
    found = services.records.feedback()
    return [(one.person, exchange.question, one.mark, one.reason) for one, exchange in found]


def faults(services: Services) -> list[Fault | None]:
    """Return what was chosen for each mark, the newest first."""
    return [entry.fault for entry, _ in services.records.feedback()]


async def test_thumbs_up(guild: Guild, services: Services) -> None:
    answer = await asked(guild)
    assert told(await rate(guild.bob, answer, UP)) == THANKS_UP
    assert recorded(services) == [(guild.bob.id, LEASE, Mark.UP, None)]


async def test_of_nothing_found_only_what_fits_can_be_chosen(guild: Guild) -> None:
    done = await rate(guild.bob, await asked(guild, "which helicopters fly?"), DOWN)
    options = done.modal["components"][0]["component"]["options"]
    assert [each["value"] for each in options] == ["incomplete", "misunderstood", "unfit"]
    assert options[0]["description"] == "The documents do answer it."


async def test_thumbs_down_with_a_reason(guild: Guild, services: Services) -> None:
    done = await rate(guild.bob, await asked(guild), DOWN)
    assert done.modal is not None
    assert done.modal["title"] == "What was wrong?"
    choice, label = done.modal["components"]
    offered = [option["value"] for option in choice["component"]["options"]]
    assert offered == list(Fault)
    assert label["label"] == "A reason, if you like"
    assert label["component"]["required"] is False
    said = {"fault": "outdated", "reason": "  It was Otto's,\nnot hers. "}
    sent = await guild.bob.submit_modal(done, said)
    assert told(sent) == THANKS_DOWN
    assert recorded(services) == [(guild.bob.id, LEASE, Mark.DOWN, "It was Otto's,\nnot hers.")]
    assert faults(services) == [Fault.OUTDATED]


async def test_changing_one_s_mind(guild: Guild, services: Services) -> None:
    answer = await asked(guild)
    await rate(guild.bob, answer, UP)
    form = await rate(guild.bob, answer, DOWN)
    await guild.bob.submit_modal(form, {"fault": "incomplete", "reason": "No."})
    assert recorded(services) == [(guild.bob.id, LEASE, Mark.DOWN, "No.")]
    await rate(guild.bob, answer, DOWN)
    assert recorded(services) == [(guild.bob.id, LEASE, Mark.DOWN, "No.")]
    assert faults(services) == [Fault.INCOMPLETE]
    await rate(guild.bob, answer, UP)
    assert recorded(services) == [(guild.bob.id, LEASE, Mark.UP, None)]
    assert faults(services) == [None]


async def test_that_there_is_no_answer_can_be_marked_down(guild: Guild, services: Services) -> None:
    question = "which helicopters fly?"
    await rate(guild.ann, await asked(guild, question), DOWN)
    assert recorded(services) == [(guild.ann.id, question, Mark.DOWN, None)]


async def test_verdicts_and_forms_outlive_a_restart(
    guild: Guild, services: Services, settings: Settings
) -> None:
    answer = await asked(guild)
    await rate(guild.ann, answer, UP)
    open_form = await rate(guild.bob, answer, DOWN)
    await guild.env.restart_bot(bot_of(services_of(settings)))
    await guild.env.advance_time(3_600)
    late = {"fault": "wrong", "reason": "Late."}
    assert told(await guild.bob.submit_modal(open_form, late)) == THANKS_DOWN
    assert recorded(services) == [
        (guild.bob.id, LEASE, Mark.DOWN, "Late."),
        (guild.ann.id, LEASE, Mark.UP, None),
    ]


async def test_an_answer_that_is_no_longer_kept(guild: Guild, services: Services) -> None:
    answer = await asked(guild)
    open_form = await rate(guild.bob, answer, DOWN)
    services.records.prune(datetime.now(UTC) + timedelta(days=1))
    assert told(await rate(guild.ann, answer, UP)) == messages.EXCHANGE_GONE
    assert told(await rate(guild.ann, answer, DOWN)) == messages.EXCHANGE_GONE
    late = {"fault": "wrong", "reason": "x"}
    assert told(await guild.bob.submit_modal(open_form, late)) == messages.EXCHANGE_GONE
    assert recorded(services) == []


async def test_a_form_says_what_was_never_offered(guild: Guild, services: Services) -> None:
    """Discord passes on what a client sends; the mark counts, and nothing else."""
    await asked(guild)
    radio = {"type": 21, "custom_id": "fault", "value": "zanzibar"}
    data = {"custom_id": "f:1:reason", "components": [{"type": 18, "component": radio}]}
    done = await interact(guild.bob, guild.channel, 5, data)
    assert told(done) == THANKS_DOWN
    assert faults(services) == [None]
