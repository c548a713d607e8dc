"""What this Discord knows: channels, messages, commands and interactions.

The server's thread writes here, and a test through `Loopback`; otherwise a test only reads.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from testing.layouts import LAYOUT, walked
from testing.loopback import payloads
from testing.loopback.payloads import (
    ADA,
    ALICE,
    BOB,
    BOT,
    CHANNELS,
    EPHEMERAL,
    GUILD,
    LOADING,
    OTHER_BOT,
    Payload,
    Person,
)
from testing.loopback.records import Interaction, Request, Upload

ACKNOWLEDGE_WITHIN = 3.0  # seconds
_NAMES_A_MESSAGE = ("id", "channel_id", "guild_id")
TOKEN_LIVES = 15 * 60.0  # seconds


class Refused(Exception):
    """Discord's answer to a request that it does not carry out."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{status} (error code: {code}): {message}")
        self.status, self.code, self.message = status, code, message


class State:
    def __init__(
        self,
        emit: Callable[[str, Payload], None],
        people: tuple[Person, ...] = (BOT, ALICE, BOB, ADA, OTHER_BOT),
    ) -> None:
        self.people = {person.id: person for person in people}
        self.channels = {
            id_: payloads.guild_channel(id_, name, kind) for id_, (name, kind) in CHANNELS.items()
        }
        self.application = payloads.application()
        self.invited = True  # into the guild
        self.messages: dict[int, Payload] = {}
        self.files: dict[str, Upload] = {}  # by path on the CDN
        self.commands: dict[int | None, list[Payload]] = {}  # by guild; None: everywhere
        self.interactions: dict[int, Interaction] = {}
        self.typing: list[int] = []
        self._tokens: dict[str, Interaction] = {}
        self.outsiders: set[int] = set()
        """People who are in no server of the bot's, whatever they do."""
        self._by_nonce: dict[str, Payload] = {}
        self.cdn = ""
        self._emit = emit

    # What a test brings about: `Loopback.dispatch` tells it here before the bot hears of it.

    def learn(self, event: str, data: Payload) -> None:
        """Remember what an event makes true."""
        if event == "INTERACTION_CREATE":
            interaction = Interaction(data)
            self.interactions[interaction.id] = interaction
            self._tokens[interaction.token] = interaction
            if "member" in data:
                self._meet(data["member"]["user"])
            if data.get("guild_id") != str(GUILD):  # where the bot is not
                where = data["channel"]
                self.channels.setdefault(int(where["id"]), deepcopy(where))
        elif event == "MESSAGE_CREATE" and "channel_id" in data:
            self.messages[int(data["id"])] = deepcopy(data)
            self._meet(data["author"])
        elif event == "MESSAGE_UPDATE" and int(data.get("id", 0)) in self.messages:
            self.messages[int(data["id"])] |= data
        elif event == "MESSAGE_DELETE":
            self.messages.pop(int(data.get("id", 0)), None)
        elif event in ("THREAD_CREATE", "CHANNEL_CREATE"):
            self.channels[int(data["id"])] = deepcopy(data)

    def _meet(self, user: Payload) -> None:
        """Whoever does something in the guild is a member of it."""
        number = int(user["id"])
        if number in self.outsiders:
            return
        self.people.setdefault(number, Person(number, user["username"], user["bot"]))

    # Messages

    def channel(self, id_: str) -> Payload:
        """A channel; one with a person is there as soon as it is asked for."""
        found = self.channels.get(int(id_))
        if found is not None:
            return found
        for person in self.people.values():
            if person.dm_channel == int(id_):
                return payloads.dm_channel(person)
        raise Refused(404, 10003, "Unknown Channel")

    def message(self, id_: str | int, channel: str | None = None) -> Payload:
        found = self.messages.get(int(id_))
        if found is None or channel not in (None, found["channel_id"]):
            raise Refused(404, 10008, "Unknown Message")
        return found

    def say(self, body: Payload, files: tuple[Upload, ...], channel: str, **extra: Any) -> Payload:
        """A new message of the bot, from the body of a request; the gateway hears of it.

        One whose nonce is known is that message again.
        """
        check_limits(body, files, new=True)
        nonce = body.get("nonce") if body.get("enforce_nonce") else None
        if nonce in self._by_nonce:
            return answered(self._by_nonce[nonce])
        said = self._post(body, files, channel, **extra)
        if nonce is not None:
            said["nonce"] = nonce
            self._by_nonce[nonce] = said
        return said

    def _post(
        self, body: Payload, files: tuple[Upload, ...], channel: str, **extra: Any
    ) -> Payload:
        where = self.channel(channel)
        payload = payloads.message(BOT, body.get("content") or "", channel=int(channel))
        if "guild_id" not in where:
            del payload["guild_id"], payload["member"]
        payload |= self._refer(body.get("message_reference"), channel)
        payload |= {
            "embeds": [{"type": "rich", **embed} for embed in body.get("embeds") or []],
            "components": numbered(body.get("components") or []),
            "attachments": self._keep_files(body, files, [], channel),
            "flags": body.get("flags") or 0,
        }
        payload |= extra
        self.messages[int(payload["id"])] = payload
        self._tell("MESSAGE_CREATE", payload)
        return answered(payload)

    def change(self, payload: Payload, body: Payload, files: tuple[Upload, ...]) -> Payload:
        """Edit a message by the body of a request; what the body does not name stays."""
        if payload["flags"] & LAYOUT and (body.get("content") or body.get("embeds")):
            raise Refused(400, 50035, "Invalid Form Body: a layout stays one.")
        check_limits(body, files, new=False)
        if "content" in body:
            payload["content"] = body["content"] or ""
        if "embeds" in body:
            payload["embeds"] = [{"type": "rich", **embed} for embed in body["embeds"] or []]
        if "components" in body:
            payload["components"] = numbered(body["components"] or [])
        payload["attachments"] = self._keep_files(
            body, files, payload["attachments"], payload["channel_id"]
        )
        payload["flags"] = (payload["flags"] | (body.get("flags") or 0)) & ~LOADING
        payload["edited_timestamp"] = payloads.now()
        self._tell("MESSAGE_UPDATE", payload)
        return answered(payload)

    def forget_before(self, id_: int) -> list[Payload]:
        """Lets go of messages, interactions and files of before this id; what messages there were.

        A test may be adding others meanwhile, so the dictionaries stay the same ones.
        """
        for key in [key for key in list(self.interactions) if key < id_]:
            del self._tokens[self.interactions.pop(key).token]
        for path in [path for path in list(self.files) if int(path.split("/")[3]) < id_]:
            del self.files[path]
        for nonce in [n for n, said in self._by_nonce.items() if int(said["id"]) < id_]:
            del self._by_nonce[nonce]
        self.typing.clear()
        return [self.messages.pop(key) for key in list(self.messages) if key < id_]

    def forget(self, payload: Payload) -> None:
        del self.messages[int(payload["id"])]
        gone = {key: value for key, value in payload.items() if key in _NAMES_A_MESSAGE}
        if not payload["flags"] & EPHEMERAL:
            self._emit("MESSAGE_DELETE", gone)

    def open_thread(self, id_: int, body: Payload, parent: str) -> Payload:
        self.channel(parent)
        if id_ in self.channels:
            raise Refused(400, 160004, "A thread has already been created for this message")
        opened = payloads.thread(id_, body["name"], int(parent))
        self.channels[id_] = opened
        self._emit("THREAD_CREATE", opened | {"newly_created": True})
        return opened

    def _tell(self, event: str, payload: Payload) -> None:
        if not payload["flags"] & EPHEMERAL:
            self._emit(event, deepcopy(payload))

    def _refer(self, reference: Payload | None, channel: str) -> Payload:
        if not reference:
            return {}
        target = self.messages.get(int(reference["message_id"]))
        if target is None:
            if reference.get("fail_if_not_exists", True):
                raise Refused(400, 50035, "Invalid Form Body: Unknown message")
            return {}
        return {
            "type": 19,
            "message_reference": {"type": 0, "channel_id": channel, "message_id": target["id"]},
            "referenced_message": answered(target),
        }

    def _keep_files(
        self, body: Payload, files: tuple[Upload, ...], there: list[Payload], channel: str
    ) -> list[Payload]:
        """Attachments: those the body keeps (all, if it names none), then the new files."""
        named = body.get("attachments")
        if named is not None:
            kept = {str(attachment["id"]) for attachment in named}
            there = [attachment for attachment in there if attachment["id"] in kept]
        return [*there, *(self.keep_file(file, channel) for file in files)]

    def keep_file(self, file: Upload, channel: str) -> Payload:
        """Put a file on the CDN."""
        path = f"/attachments/{channel}/{payloads.snowflake()}/{file.filename}"
        self.files[path] = file
        return payloads.attachment(self.cdn + path, file.filename, file.data, file.content_type)

    # Interactions

    def by_token(self, token: str) -> Interaction:
        """The interaction whose token a webhook's path carries."""
        found = self._tokens.get(token)
        if found is None or found.response is None:
            raise Refused(404, 10015, "Unknown Webhook")
        if found.sent is not None and time.monotonic() - found.sent > TOKEN_LIVES:
            raise Refused(401, 50027, "Invalid Webhook Token")
        return found

    def id_by_token(self, token: str) -> int | None:
        """Whose token this is."""
        found = self._tokens.get(token)
        return None if found is None else found.id

    def original(self, interaction: Interaction) -> Payload:
        """The message that `@original` stands for."""
        if interaction.original is None:
            raise Refused(404, 10008, "Unknown Message")
        return self.message(interaction.original)

    def respond(self, interaction_id: str, token: str, request: Request) -> Payload:
        """The first response to an interaction, as Discord takes it, or refuses it."""
        found = self.interactions.get(int(interaction_id))
        late = found is None or found.sent is None or request.time - found.sent > ACKNOWLEDGE_WITHIN
        if found is None or token != found.token or (late and found.response is None):
            raise Refused(404, 10062, "Unknown interaction")
        if found.response is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        body: Payload = request.json
        said = self._show(found, body, request.files)
        found.response, found.acknowledged = body, request.time
        answer: Payload = {"interaction": {"id": str(found.id), "type": found.payload["type"]}}
        if said is not None:
            answer["interaction"] |= {
                "response_message_id": said["id"],
                "response_message_loading": bool(said["flags"] & LOADING),
                "response_message_ephemeral": bool(said["flags"] & EPHEMERAL),
            }
            if body["type"] in (4, 7):
                answer["resource"] = {"type": body["type"], "message": said}
        return answer

    def _show(self, found: Interaction, body: Payload, files: tuple[Upload, ...]) -> Payload | None:
        """The message that a response makes or changes, if it is one that does."""
        data = body.get("data") or {}
        match body["type"]:
            case 4:
                said = self.say(data, files, found.payload["channel_id"], **self._metadata(found))
                found.original = int(said["id"])
                found.ephemeral = bool(said["flags"] & EPHEMERAL)
                return said
            case 5:
                found.thinking = True
                found.ephemeral = bool((data.get("flags") or 0) & EPHEMERAL)
                flags = LOADING | (EPHEMERAL if found.ephemeral else 0)
                said = self._post(
                    {"flags": flags}, (), found.payload["channel_id"], **self._metadata(found)
                )
                found.original = int(said["id"])
                return said
            case 6 | 7:
                clicked = found.payload["message"]
                found.original = int(clicked["id"])
                self.messages.setdefault(found.original, deepcopy(clicked))
                if body["type"] == 7:
                    return self.change(self.messages[found.original], data, files)
                return None
            case 8 | 9:
                return None
            case unknown:
                raise Refused(400, 50035, f"Invalid Form Body: type {unknown}")

    def follow_up(
        self, interaction: Interaction, body: Payload, files: tuple[Upload, ...]
    ) -> Payload:
        """A further message; the first one after a deferral takes the place of "thinking"."""
        if interaction.thinking:
            return self.edit_original(interaction, body, files)
        said = self.say(
            body, files, interaction.payload["channel_id"], **self._metadata(interaction)
        )
        interaction.followups.append(int(said["id"]))
        return said

    def edit_original(
        self, interaction: Interaction, body: Payload, files: tuple[Upload, ...]
    ) -> Payload:
        said = self.change(self.original(interaction), body, files)
        interaction.thinking = False
        return said

    def _metadata(self, interaction: Interaction) -> Payload:
        payload = interaction.payload
        who = payload["member"]["user"] if "member" in payload else payload["user"]
        metadata: Payload = {
            "id": str(interaction.id),
            "type": payload["type"],
            "user": who,
            "authorizing_integration_owners": payload["authorizing_integration_owners"],
        }
        if payload["type"] == 3:
            metadata["interacted_message_id"] = payload["message"]["id"]
        if payload["type"] == 5:
            metadata["triggering_interaction_metadata"] = {**metadata, "type": 2}
        return {
            "application_id": payload["application_id"],
            "webhook_id": payload["application_id"],
            "interaction_metadata": metadata,
        }

    # Commands

    def register(self, guild: int | None, commands: list[Payload]) -> list[Payload]:
        """Take the place of all commands there were; a command keeps its id by kind and name."""
        names = [(command.get("type") or 1, command["name"]) for command in commands]
        if len(set(names)) != len(names):
            raise Refused(400, 50035, "Invalid Form Body: application command names must be unique")
        if sum(kind == 1 for kind, _ in names) > 100:
            raise Refused(400, 30032, "Maximum number of application commands reached (100).")
        ids = {(old["type"], old["name"]): old["id"] for old in self.commands.get(guild, [])}
        self.commands[guild] = [
            {
                "default_member_permissions": None,
                "description": "",
                **{key: value for key, value in command.items() if value is not None},
                **_permissions(command),
                "id": ids.get(name, str(payloads.snowflake())),
                "application_id": str(payloads.APPLICATION),
                "version": str(payloads.snowflake()),
                "type": name[0],
                **({} if guild is None else {"guild_id": str(guild)}),
            }
            for name, command in zip(names, commands, strict=True)
        ]
        return self.commands[guild]

    def command_id(self, kind: int, name: str) -> str | None:
        """The id of a registered command."""
        for registered in (self.commands.get(GUILD, []), self.commands.get(None, [])):
            for command in registered:
                if (command["type"], command["name"]) == (kind, name):
                    return str(command["id"])
        return None


def _permissions(command: Payload) -> Payload:
    """Discord takes permissions as a number and gives them as a string."""
    permissions = command.get("default_member_permissions")
    return {} if permissions is None else {"default_member_permissions": str(permissions)}


def answered(payload: Payload) -> Payload:
    """A message as an answer shows it: what only the gateway tells is left out."""
    return {key: deepcopy(v) for key, v in payload.items() if key not in ("guild_id", "member")}


def numbered(components: list[Payload]) -> list[Payload]:
    """Components with the ids that Discord gives to those that came without."""
    counter = 0

    def number(component: Any) -> Any:
        nonlocal counter
        if isinstance(component, list):
            return [number(one) for one in component]
        if not isinstance(component, dict) or "type" not in component:
            return component
        counter += 1
        ids = {"id": component.get("id", counter)}
        return {key: number(value) for key, value in component.items()} | ids

    return [number(component) for component in components]


def utf16(text: str) -> int:
    """Length in UTF-16 code units: what Discord counts in places, hence what we hold to."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_limits(body: Payload, files: tuple[Upload, ...], *, new: bool) -> None:
    """The limits that Discord's own description leaves out or sets too wide for a bot."""
    if utf16(body.get("content") or "") > 2000:
        raise Refused(400, 50035, "Invalid Form Body: content must be 2000 or fewer in length.")
    if (body.get("flags") or 0) & LAYOUT:
        _check_layout(body)
    embeds = body.get("embeds") or []
    if sum(utf16(text) for embed in embeds for text in _embed_texts(embed)) > 6000:
        raise Refused(400, 50035, "Invalid Form Body: embeds exceed 6000 characters.")
    if any(len(file.data) > payloads.FILE_LIMIT for file in files):
        raise Refused(413, 40005, "Request entity too large")
    said = any(body.get(key) for key in ("content", "embeds", "components", "sticker_ids", "poll"))
    if new and not said and not files:
        raise Refused(400, 50006, "Cannot send an empty message")


def _check_layout(body: Payload) -> None:
    """The limits of a message that is laid out in components."""
    found = list(walked(body.get("components") or []))
    if body.get("content") or body.get("embeds") or not found:
        raise Refused(400, 50035, "Invalid Form Body: a layout has components and nothing else.")
    if len(found) > 40 or sum(utf16(one.get("content") or "") for one in found) > 4000:
        raise Refused(400, 50035, "Invalid Form Body: a layout has 40 components, 4000 characters.")


def _embed_texts(embed: Payload) -> list[str]:
    """The texts that count towards an embed's 6,000 characters."""
    parts = [embed.get("title"), embed.get("description")]
    parts.append((embed.get("footer") or {}).get("text"))
    parts.append((embed.get("author") or {}).get("name"))
    for one in embed.get("fields") or []:
        parts += [one.get("name"), one.get("value")]
    return [part for part in parts if part]
