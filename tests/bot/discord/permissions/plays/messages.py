"""Messages of the bot as they are: their text, their parts, and the ids of their buttons."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import simcord
from simcord.backend.models import Message

from testing.layouts import buttons_of, walked


@dataclass(frozen=True)
class Used:
    """What somebody was shown for a command."""

    response: Any
    followups: list[Any]

    @classmethod
    def of(cls, done: simcord.InteractionResult) -> Self:
        assert done.response is not None
        return cls(done.response, [one for one in done.followups if one])

    @property
    def text(self) -> str:
        return "".join(all_of(one._message) for one in (self.response, *self.followups))

    @property
    def ids(self) -> list[str]:
        return ids_below(self.response._message)

    @property
    def is_laid_out(self) -> bool:
        """Return whether it is more than a sentence."""
        return bool(self.response.components)

    def id_of(self, beginning: str) -> str | None:
        return next((one for one in self.ids if one.startswith(beginning)), None)


def ids_below(message: Message) -> list[str]:
    """Return the ids of the buttons that can be clicked."""
    buttons = buttons_of(message.components)
    return [one["custom_id"] for one in buttons if not one.get("disabled")]


def last_in(channel: simcord.ChannelHandle) -> str:
    messages = list(channel._env.backend.messages[channel.id].values())
    return "".join(all_of(one) for one in messages[-3:] if one.author_id)


def all_of(message: Message) -> str:
    parts = [message.content, message.embeds, message.components, message.attachments]
    return json.dumps(parts, ensure_ascii=False, default=str)


def parts_of(message: Message) -> Iterator[str]:
    yield from message.content.split("\n")
    for one in walked(message.components):
        yield from str(one.get("content") or one.get("label") or "").split("\n")
    for part in (*message.embeds, *message.attachments):
        yield json.dumps(part, ensure_ascii=False, default=str)
