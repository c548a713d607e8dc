"""Discord's HTTP API: one function an endpoint, from a call to the JSON that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from testing.loopback import payloads
from testing.loopback.payloads import GUILD, Payload
from testing.loopback.records import Interaction, Request
from testing.loopback.state import Refused, State


@dataclass(frozen=True)
class Call:
    """A request to an endpoint, with the names in its path and the gateway's address."""

    state: State
    request: Request
    path: Mapping[str, str]
    gateway: str

    @property
    def body(self) -> Payload:
        body: Payload = self.request.json or {}
        return body

    @property
    def interaction(self) -> Interaction:
        """The interaction that a webhook's path is about."""
        return self.state.by_token(self.path["token"])

    @property
    def webhook_message(self) -> Payload:
        """The message that a webhook's path names, by its id or as `@original`."""
        interaction = self.interaction
        if self.path["message"] == "@original":
            return self.state.original(interaction)
        return self.state.message(self.path["message"])


Answer = Any  # JSON; None is 204, without a body
Endpoint = Callable[[Call], Answer]
ENDPOINTS: list[tuple[str, str, Endpoint]] = []


def endpoint(method: str, path: str) -> Callable[[Endpoint], Endpoint]:
    def register(function: Endpoint) -> Endpoint:
        ENDPOINTS.append((method, path, function))
        return function

    return register


# Who the bot is


@endpoint("GET", "/users/@me")
def myself(call: Call) -> Answer:
    return payloads.bot_user()


@endpoint("GET", "/applications/@me")
@endpoint("GET", "/oauth2/applications/@me")
def my_application(call: Call) -> Answer:
    return call.state.application


@endpoint("GET", "/gateway")
def gateway(call: Call) -> Answer:
    return {"url": call.gateway}


@endpoint("GET", "/gateway/bot")
def gateway_for_bots(call: Call) -> Answer:
    left = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    return {"url": call.gateway, "shards": 1, "session_start_limit": left}


# People, the guild, channels


@endpoint("GET", "/users/{user}")
def one_user(call: Call) -> Answer:
    person = call.state.people.get(int(call.path["user"]))
    if person is None:
        raise Refused(404, 10013, "Unknown User")
    return payloads.user(person)


@endpoint("POST", "/users/@me/channels")
def open_dm(call: Call) -> Answer:
    person = call.state.people.get(int(call.body["recipient_id"]))
    if person is None:
        raise Refused(400, 50033, "Invalid Recipient(s)")
    return payloads.dm_channel(person)


@endpoint("GET", "/guilds/{guild}")
def one_guild(call: Call) -> Answer:
    if int(call.path["guild"]) != GUILD:
        raise Refused(404, 10004, "Unknown Guild")
    return payloads.guild(list(call.state.people.values()))


@endpoint("GET", "/users/@me/guilds")
def my_guilds(call: Call) -> Answer:
    known = ("id", "name", "icon", "banner", "features")
    there = [payloads.guild([])] if call.state.invited else []
    return [
        {**{key: one[key] for key in known}, "owner": False, "permissions": str(payloads.ORDINARY)}
        for one in there
    ]


@endpoint("GET", "/guilds/{guild}/channels")
def channels(call: Call) -> Answer:
    return [
        channel
        for channel in call.state.channels.values()
        if channel.get("guild_id") == call.path["guild"] and "thread_metadata" not in channel
    ]


@endpoint("GET", "/guilds/{guild}/members/{user}")
def one_member(call: Call) -> Answer:
    person = call.state.people.get(int(call.path["user"]))
    if person is None:
        raise Refused(404, 10007, "Unknown Member")
    return {**payloads.member(person), "user": payloads.user(person)}


@endpoint("GET", "/channels/{channel}")
def one_channel(call: Call) -> Answer:
    return call.state.channel(call.path["channel"])


@endpoint("POST", "/channels/{channel}/typing")
def type_in(call: Call) -> Answer:
    call.state.channel(call.path["channel"])
    call.state.typing.append(int(call.path["channel"]))


# Messages in channels


@endpoint("GET", "/channels/{channel}/messages")
def history(call: Call) -> Answer:
    call.state.channel(call.path["channel"])
    limit = int(call.request.query.get("limit", 50))
    before = int(call.request.query.get("before", 1 << 63))
    return [
        call.state.message(id_)
        for id_, message in sorted(call.state.messages.items(), reverse=True)
        if message["channel_id"] == call.path["channel"] and id_ < before
    ][:limit]


@endpoint("POST", "/channels/{channel}/messages")
def create_message(call: Call) -> Answer:
    return call.state.say(call.body, call.request.files, call.path["channel"])


@endpoint("GET", "/channels/{channel}/messages/{message}")
def one_message(call: Call) -> Answer:
    return call.state.message(call.path["message"], call.path["channel"])


@endpoint("PATCH", "/channels/{channel}/messages/{message}")
def edit_message(call: Call) -> Answer:
    message = call.state.message(call.path["message"], call.path["channel"])
    if message["author"]["id"] != str(payloads.BOT.id):
        raise Refused(403, 50005, "Cannot edit a message authored by another user")
    return call.state.change(message, call.body, call.request.files)


@endpoint("DELETE", "/channels/{channel}/messages/{message}")
def delete_message(call: Call) -> Answer:
    call.state.forget(call.state.message(call.path["message"], call.path["channel"]))


@endpoint("PUT", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me")
@endpoint("DELETE", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me")
def react(call: Call) -> Answer:
    call.state.message(call.path["message"], call.path["channel"])


@endpoint("POST", "/channels/{channel}/messages/{message}/threads")
def start_thread_from(call: Call) -> Answer:
    call.state.message(call.path["message"], call.path["channel"])
    return call.state.open_thread(int(call.path["message"]), call.body, call.path["channel"])


@endpoint("POST", "/channels/{channel}/threads")
def start_thread(call: Call) -> Answer:
    return call.state.open_thread(payloads.snowflake(), call.body, call.path["channel"])


# Commands


@endpoint("GET", "/applications/{application}/commands")
def commands(call: Call) -> Answer:
    return call.state.commands.get(None, [])


@endpoint("PUT", "/applications/{application}/commands")
def sync(call: Call) -> Answer:
    return call.state.register(None, call.request.json)


@endpoint("GET", "/applications/{application}/guilds/{guild}/commands")
def guild_commands(call: Call) -> Answer:
    return call.state.commands.get(int(call.path["guild"]), [])


@endpoint("PUT", "/applications/{application}/guilds/{guild}/commands")
def sync_guild(call: Call) -> Answer:
    return call.state.register(int(call.path["guild"]), call.request.json)


# Interactions and what follows them; the token in the path is the only credential.


@endpoint("POST", "/interactions/{interaction}/{token}/callback")
def respond(call: Call) -> Answer:
    answer = call.state.respond(call.path["interaction"], call.path["token"], call.request)
    wanted = call.request.query.get("with_response") in ("1", "true")
    return answer if wanted else None


@endpoint("POST", "/webhooks/{application}/{token}")
def follow_up(call: Call) -> Answer:
    return call.state.follow_up(call.interaction, call.body, call.request.files)


@endpoint("GET", "/webhooks/{application}/{token}/messages/{message}")
def webhook_message(call: Call) -> Answer:
    return call.webhook_message


@endpoint("PATCH", "/webhooks/{application}/{token}/messages/{message}")
def edit_webhook_message(call: Call) -> Answer:
    if call.path["message"] == "@original":
        return call.state.edit_original(call.interaction, call.body, call.request.files)
    return call.state.change(call.webhook_message, call.body, call.request.files)


@endpoint("DELETE", "/webhooks/{application}/{token}/messages/{message}")
def delete_webhook_message(call: Call) -> Answer:
    call.state.forget(call.webhook_message)
