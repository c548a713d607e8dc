"""A guild with hidden documents and private answers, for tests that attack it."""

from __future__ import annotations

import hashlib
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import simcord
from simcord.actors import _dispatch_actor_interaction
from simcord.backend import serializers
from simcord.results import InteractionResult, ResponseMessage

from bot.access import Audience, Policy
from bot.config.settings import Settings
from bot.discord.cogs.looking_up.sources import FIND_SOURCES
from bot.discord.ui.errors import unexpected
from bot.services import Services
from testing.layouts import buttons_of
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.visible_text import seen

CANARY = "zanzibar"
"""Stands in the hidden document and in what Ann asked in private, and nowhere else."""
HIDDEN, OPEN = "plans/convoy.md", "yard.md"
DOCUMENTS = {
    OPEN: "# Convoys\n\nEvery convoy is logged in the yard book.\n\n## Gates\n\nTwo gates.\n",
    "bread.md": "# Bread\n\nThe bread is baked daily by Olga.\n",
    HIDDEN: f"# The convoy\n\nThe {CANARY} convoy leaves from Tromso.\n",
}
_UNEXPECTED = unexpected("").partition(".")[0]


@dataclass
class Siege:
    """The guild: `ann` sees all, `bob` only open documents, and so does `ada`, who is an admin.

    Ann has asked in public (exchange 1), in private (2), searched in private (3), looked up a claim
    (4), written directly (5), and asked in vain (6). An upload of Ada's waits under `token`.
    """

    guild: Guild
    services: Services
    token: str

    @property
    def env(self) -> simcord.Env:
        return self.guild.env

    def state(self) -> tuple[object, ...]:
        """Return all that an attack might change, without the feedback; exchanges come last."""
        settings, records = self.services.settings, self.services.records
        return (
            _files(settings.corpus),
            _files(settings.records / "uploads"),
            _files(settings.records / "removed"),
            self.services.current.store.pointer(),
            records.audits(99),
            [records.exchange(number) for number in range(1, 9)],
        )


async def besieged(guild: Guild, settings: Settings) -> Siege:
    """Return a siege over DOCUMENTS, indexed; questions and reasons are kept."""
    settings = settings.model_copy(update={"keep_questions_days": 30})
    planner = guild.handle.create_role("Planner")
    guild.env.backend.add_member_role(guild.handle.id, guild.ann.id, planner.id)
    few = Audience(roles=frozenset({planner.id}))
    policy = Policy(
        guilds=frozenset({guild.handle.id}), folders=(("plans/", few),), audiences={"planners": few}
    )
    services = services_of(settings, policy=policy)
    await guild.env.restart_bot(bot_of(services))
    ann, channel = guild.ann, guild.channel
    await ann.slash(channel, "ask", question="where is every convoy logged?")
    await ann.slash(channel, "ask", question=f"where does the {CANARY} convoy leave?", private=True)
    await ann.slash(channel, "search", words=f"{CANARY} convoy")
    said = await ann.send(channel, f"The {CANARY} convoy leaves from Tromso.")
    await ann.context_menu(channel, FIND_SOURCES, said)
    await ann.delete(said)
    await ann.send_dm(f"where does the {CANARY} convoy leave?")
    await ann.slash(channel, "ask", question=f"who paints {CANARY} lorries?", private=True)
    done = await guild.ada.slash(channel, "upload", file=("new.md", b"# New\n\nText.\n"))
    assert done.response is not None
    ids = [one["custom_id"] for one in buttons_of(done.response.components)]
    (yes,) = [custom_id for custom_id in ids if custom_id.startswith("x:up:")]
    return Siege(guild, services, yes.rpartition(":")[2])


async def press_crafted(
    actor: simcord.MemberActor, channel: simcord.ChannelHandle, custom_id: str, **message: Any
) -> InteractionResult:
    """Click a button of that id, below a message that the bot never sent."""
    button = {"type": 2, "style": 2, "label": "?", "custom_id": custom_id}
    on = _any_message(actor, channel) | {"components": [{"type": 1, "components": [button]}]}
    data = {"custom_id": custom_id, "component_type": 2}
    return await interact(actor, channel, 3, data, message=on | message)


async def interact(
    actor: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    kind: int,
    data: dict[str, Any],
    **extra: Any,
) -> InteractionResult:
    """Send any interaction; simcord's people only do what Discord's own client allows."""
    return await _dispatch_actor_interaction(actor, kind, channel, data, extra=extra)


def is_planned(done: InteractionResult) -> bool:
    """Return whether the bot shows no unexpected error."""
    return _UNEXPECTED not in shown_by(done)


def shown_by(done: InteractionResult) -> str:
    return "\n".join(map(seen, _shown(done)))


def _shown(done: InteractionResult) -> list[ResponseMessage]:
    return [one for one in (done.response, *done.followups) if one is not None]


def _any_message(actor: simcord.MemberActor, channel: simcord.ChannelHandle) -> dict[str, Any]:
    backend = actor._env.backend
    stored = next(iter(backend.messages[channel.id].values()))
    return deepcopy(dict(serializers.message_payload(backend, stored)))


def _files(folder: Path) -> dict[str, str]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}
