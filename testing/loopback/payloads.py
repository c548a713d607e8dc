"""What Discord sends: people, channels, messages and interactions, as JSON.

Every builder gives a new dictionary, complete enough for discord.py and for Discord's own
description of its answers (`test_loopback.py` checks both).
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Payload = dict[str, Any]

DISCORD_EPOCH_MS = 1_420_070_400_000
ORDINARY = 1 << 6 | 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 31 | 1 << 38
MANAGE_SERVER = 1 << 5
THREADS = 1 << 34 | 1 << 35
"""To open public threads and to manage all; the bot's own role has that."""
FILE_LIMIT = 10 * 1024 * 1024

TOKEN = "a-token-for-the-loopback-only"
APPLICATION = 1_100_000_000_000_000_001
GUILD = 1_100_000_000_000_000_002
GENERAL = 1_100_000_000_000_000_003
QUESTIONS = 1_100_000_000_000_000_004
FORUM = 1_100_000_000_000_000_005
ADMINS = 1_100_000_000_000_000_006
BOTS = 1_100_000_000_000_000_007
CHANNELS = {GENERAL: ("general", 0), QUESTIONS: ("questions", 0), FORUM: ("forum", 15)}

EPHEMERAL = 1 << 6
LOADING = 1 << 7


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    bot: bool = False
    admin: bool = False

    @property
    def permissions(self) -> int:
        return ORDINARY | MANAGE_SERVER if self.admin else ORDINARY

    @property
    def dm_channel(self) -> int:
        """The channel between this person and the bot."""
        return self.id + 1


BOT = Person(APPLICATION, "briefing-bot", bot=True)
ALICE = Person(1_200_000_000_000_000_010, "alice")
BOB = Person(1_200_000_000_000_000_020, "bob")
ADA = Person(1_200_000_000_000_000_030, "ada", admin=True)
OTHER_BOT = Person(1_200_000_000_000_000_040, "other-bot", bot=True)


def crowd(size: int) -> list[Person]:
    """So many people besides those above."""
    return [Person(1_300_000_000_000_000_000 + 10 * n, f"person-{n}") for n in range(size)]


def snowflake_at(moment: float) -> int:
    """The least id of this moment (`time.time()`)."""
    return int(moment * 1000) - DISCORD_EPOCH_MS << 22


def _snowflakes() -> Iterator[int]:
    last = 0
    while True:
        last = max(last + 1, snowflake_at(time.time()))
        yield last


_ids = _snowflakes()
_one_at_a_time = threading.Lock()
_numbers = itertools.count(1)


def snowflake() -> int:
    """An id of this moment, greater than all given before, in whichever thread."""
    with _one_at_a_time:  # a generator that is asked by two threads at once raises ValueError
        return next(_ids)


def now() -> str:
    return datetime.now(UTC).isoformat()


def user(person: Person) -> Payload:
    return {
        "id": str(person.id),
        "username": person.name,
        "global_name": None if person.bot else person.name.capitalize(),
        "discriminator": "0",
        "avatar": None,
        "bot": person.bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def bot_user() -> Payload:
    """The bot as it sees itself."""
    return {**user(BOT), "mfa_enabled": False, "verified": True, "locale": "en-US", "email": None}


def member(person: Person) -> Payload:
    """A person's membership, without the person, as it stands in a message."""
    return {
        "roles": [str(ADMINS)] if person.admin else [str(BOTS)] if person is BOT else [],
        "nick": None,
        "avatar": None,
        "banner": None,
        "joined_at": "2024-01-01T00:00:00+00:00",
        "premium_since": None,
        "communication_disabled_until": None,
        "flags": 0,
        "pending": False,
        "mute": False,
        "deaf": False,
    }


def role(id: int, name: str, permissions: int, position: int) -> Payload:  # noqa: A002
    return {
        "id": str(id),
        "name": name,
        "permissions": str(permissions),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def guild_channel(id: int, name: str, kind: int) -> Payload:  # noqa: A002
    return {
        "id": str(id),
        "guild_id": str(GUILD),
        "type": kind,
        "name": name,
        "position": 0,
        "permission_overwrites": [],
        "nsfw": False,
        "parent_id": None,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "topic": None,
        "flags": 0,
        **({"available_tags": [tag(1, "answered"), tag(2, "open")]} if kind == 15 else {}),
    }


def tag(id: int, name: str) -> Payload:  # noqa: A002
    """A tag of a forum."""
    return {"id": str(id), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}


def dm_channel(person: Person) -> Payload:
    return {
        "id": str(person.dm_channel),
        "type": 1,
        "last_message_id": None,
        "flags": 0,
        "recipients": [user(person)],
    }


def thread(id: int, name: str, parent: int, owner: Person = BOT) -> Payload:  # noqa: A002
    return {
        "id": str(id),
        "guild_id": str(GUILD),
        "parent_id": str(parent),
        "owner_id": str(owner.id),
        "type": 11,
        "name": name,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "message_count": 0,
        "member_count": 1,
        "total_message_sent": 0,
        "flags": 0,
        "thread_metadata": {
            "archived": False,
            "archive_timestamp": now(),
            "auto_archive_duration": 1440,
            "locked": False,
            "create_timestamp": now(),
        },
    }


def guild(members: Sequence[Person]) -> Payload:
    """The one guild, as READY's GUILD_CREATE brings it."""
    return {
        "id": str(GUILD),
        "name": "The Team",
        "owner_id": str(ADA.id),
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": [],
        "banner": None,
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 1,
        "roles": [
            role(GUILD, "@everyone", ORDINARY, 0),
            role(ADMINS, "Admins", MANAGE_SERVER, 1),
            role(BOTS, BOT.name, THREADS, 2) | {"managed": True, "tags": {"bot_id": str(BOT.id)}},
        ],
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
        # From here on: only in GUILD_CREATE.
        "joined_at": "2024-01-01T00:00:00+00:00",
        "large": False,
        "unavailable": False,
        "member_count": len(members),
        "members": [{**member(person), "user": user(person)} for person in members],
        "channels": [guild_channel(id_, *named) for id_, named in CHANNELS.items()],
        "threads": [],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def application() -> Payload:
    return {
        "id": str(APPLICATION),
        "name": BOT.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user(BOT),
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 1 << 19,
        "flags_new": str(1 << 19),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(ADA),
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }


def message(
    author: Person,
    content: str,
    *,
    channel: int = GENERAL,
    mentions: Sequence[Person] = (),
    reply_to: Payload | None = None,
    attachments: Sequence[Payload] = (),
    **other: Any,
) -> Payload:
    """A message as MESSAGE_CREATE brings it; in `author.dm_channel` it is a direct one."""
    payload: Payload = {
        "id": str(snowflake()),
        "channel_id": str(channel),
        "author": user(author),
        "content": content,
        "timestamp": now(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [user(person) for person in mentions],
        "mention_roles": [],
        "attachments": list(attachments),
        "embeds": [],
        "components": [],
        "pinned": False,
        "type": 0,
        "flags": 0,
    }
    if channel != author.dm_channel:
        payload |= {"guild_id": str(GUILD), "member": member(author)}
    if reply_to is not None:
        payload |= {"type": 19, "referenced_message": reply_to}
        payload["message_reference"] = {
            "type": 0,
            "channel_id": reply_to["channel_id"],
            "message_id": reply_to["id"],
        }
    return payload | other


def attachment(url: str, filename: str, data: bytes, content_type: str) -> Payload:
    return {
        "id": str(snowflake()),
        "filename": filename,
        "size": len(data),
        "url": url,
        "proxy_url": url,
        "content_type": content_type,
    }


def interaction(kind: int, person: Person, channel: int, data: Payload) -> Payload:
    """What is common to all interactions; in `person.dm_channel` it is a direct one."""
    id_ = snowflake()
    payload: Payload = {
        "id": str(id_),
        "application_id": str(APPLICATION),
        "type": kind,
        "token": f"interaction-{next(_numbers)}-{id_}",
        "version": 1,
        "data": data,
        "channel_id": str(channel),
        "app_permissions": str(ORDINARY),
        "locale": "en-US",
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": FILE_LIMIT,
    }
    if channel == person.dm_channel:
        return payload | {
            "user": user(person),
            "channel": dm_channel(person),
            "context": 1,
            "authorizing_integration_owners": {"0": "0"},
        }
    name, channel_type = CHANNELS.get(channel, ("a thread", 11))
    return payload | {
        "guild_id": str(GUILD),
        "guild_locale": "en-US",
        "guild": {"id": str(GUILD), "locale": "en-US", "features": []},
        "channel": {
            **(
                thread(channel, name, GENERAL)
                if channel_type == 11
                else guild_channel(channel, name, channel_type)
            ),
            "permissions": str(person.permissions),
        },
        "member": {**member(person), "user": user(person), "permissions": str(person.permissions)},
        "context": 0,
        "authorizing_integration_owners": {"0": str(GUILD)},
    }


# An option's type, by the Python type of the value given for it.
_OPTION_TYPES: tuple[tuple[type, int], ...] = ((bool, 5), (str, 3), (int, 4), (float, 10))


def _command(name: str, options: list[Payload]) -> Payload:
    """`"documents list"` is the subcommand `list` of `documents`."""
    top, *nested = name.split()
    for depth, part in enumerate(reversed(nested), start=1):
        options = [{"type": min(depth, 2), "name": part, "options": options}]
    return {"id": str(APPLICATION + 100), "name": top, "type": 1, "options": options}


def slash(
    name: str,
    person: Person = ALICE,
    channel: int = GENERAL,
    **options: str | int | float | Payload,
) -> Payload:
    """A slash command; an attachment's payload as a value is an uploaded file."""
    given: list[Payload] = []
    files: Payload = {}
    for option, value in options.items():
        if isinstance(value, dict):
            files[value["id"]] = value
            given.append({"name": option, "type": 11, "value": value["id"]})
        else:
            kind = next(kind for type_, kind in _OPTION_TYPES if isinstance(value, type_))
            given.append({"name": option, "type": kind, "value": value})
    data = _command(name, given)
    if files:
        data["resolved"] = {"attachments": files}
    return interaction(2, person, channel, data)


def autocomplete(
    name: str,
    focused: str,
    typed: str,
    person: Person = ALICE,
    channel: int = GENERAL,
    **others: str,
) -> Payload:
    """Typing into the option `focused` of a slash command whose `others` are filled in."""
    options: list[Payload] = [
        {"name": name, "type": 3, "value": value} for name, value in others.items()
    ]
    options.append({"name": focused, "type": 3, "value": typed, "focused": True})
    return interaction(4, person, channel, _command(name, options))


def click(
    on: Payload, custom_id: str, person: Person = ALICE, *, values: Sequence[str] | None = None
) -> Payload:
    """A click on a button, or with `values` a choice in a menu, of the message `on`."""
    data: Payload = {"custom_id": custom_id, "component_type": 2, "id": 1}
    if values is not None:
        data |= {"component_type": 3, "values": list(values)}
    return interaction(3, person, int(on["channel_id"]), data) | {"message": on}


def submit(
    custom_id: str,
    fields: Mapping[str, str],
    person: Person = ALICE,
    channel: int = GENERAL,
    *,
    on: Payload | None = None,
) -> Payload:
    """A modal filled in, its text fields by their custom ids; `on`: opened from that message."""
    components = [
        {
            "type": 18,
            "id": 2 * number,
            "component": {"type": 4, "id": 2 * number + 1, "custom_id": field, "value": value},
        }
        for number, (field, value) in enumerate(fields.items(), start=1)
    ]
    data = {"custom_id": custom_id, "components": components}
    payload = interaction(5, person, channel, data)
    return payload if on is None else payload | {"message": on}


def message_command(name: str, target: Payload, person: Person = ALICE) -> Payload:
    """A right-click on the message `target`, and the entry `name` chosen."""
    data = {
        "id": str(APPLICATION + 101),
        "name": name,
        "type": 3,
        "target_id": target["id"],
        "resolved": {"messages": {target["id"]: target}},
    }
    return interaction(2, person, int(target["channel_id"]), data)
