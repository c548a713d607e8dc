"""The contract of Discord's API: which requests it accepts, and which not."""

from __future__ import annotations

import pytest

from testing.loopback.openapi import DESCRIPTION, Contract, described


@pytest.fixture
def contract() -> Contract:
    found = described()
    if found is None:
        pytest.skip(f"Discord's description of its API is not at {DESCRIPTION}")
    return found


def test_is_nothing_where_there_is_no_description() -> None:
    assert described(DESCRIPTION.with_name("not-there.json")) is None


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/users/@me", "/users/@me"),
        ("/users/17", "/users/{user_id}"),
        ("/channels/1/messages/2", "/channels/{channel_id}/messages/{message_id}"),
        (
            "/webhooks/1/a-token/messages/@original",
            "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
        ),
        (
            "/webhooks/1/a-token/messages/2",
            "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
        ),
        ("/nowhere", None),
        ("/users/17/and/on", None),
    ],
)
def test_takes_the_most_literal_path(contract: Contract, path: str, template: str) -> None:
    assert contract.template(path) == template


def test_passes_what_discord_takes(contract: Contract) -> None:
    message = {
        "content": "Hello",
        "embeds": [{"title": "A title", "fields": [{"name": "n", "value": "v"}]}],
        "components": [
            {"type": 1, "components": [{"type": 2, "style": 1, "label": "1", "custom_id": "a"}]}
        ],
        "allowed_mentions": {"parse": [], "replied_user": False},
        "message_reference": {"message_id": 17, "channel_id": "18"},
    }
    assert contract.faults_of_request("POST", "/channels/1/messages", (), message) == []
    assert (
        contract.faults_of_request("POST", "/channels/1/messages", (), message, multipart=True)
        == []
    )
    assert contract.faults_of_request("GET", "/users/@me") == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"content": 17}, "$.content: 17 is not of type 'string', 'null'"),
        ({"embeds": [{}] * 11}, "is too long"),
        ({"embeds": [{"title": "x" * 257}]}, "is too long"),
        ({"embeds": [{"fields": [{"name": "", "value": "v", "inline": 3}]}]}, "$.embeds[0]"),
        ({"allowed_mentions": {"parse": ["everybody"]}}, "$.allowed_mentions"),
        (
            {
                "components": [
                    {"type": 1, "components": [{"type": 2, "style": 1, "label": "x" * 81}]}
                ]
            },
            "$.components[0]",
        ),
    ],
)
def test_finds_fault_with_a_body(contract: Contract, body: dict[str, object], fault: str) -> None:
    found = contract.faults_of_request("POST", "/channels/1/messages", (), body)
    assert len(found) == 1
    assert found[0].startswith("POST /channels/1/messages: ")
    assert fault in found[0]


def test_finds_fault_with_paths_methods_queries_and_missing_bodies(contract: Contract) -> None:
    said = contract.faults_of_request
    assert said("GET", "/nowhere") == ["GET /nowhere: Discord describes no such operation"]
    assert said("PUT", "/users/@me") == ["PUT /users/@me: Discord describes no such operation"]
    assert said("POST", "/channels/1/messages") == ["POST /channels/1/messages: no body"]
    assert said("GET", "/users/@me", (), {}) == ["GET /users/@me: a body where none belongs"]
    assert said("GET", "/users/@me", ["colour"]) == ["GET /users/@me: no query parameter 'colour'"]


def test_finds_fault_with_answers(contract: Contract) -> None:
    said = contract.faults_of_answer
    assert said("POST", "/channels/1/typing", 204, None) == []
    assert said("GET", "/gateway", 200, {"url": "wss://gateway"}) == []
    assert said("GET", "/gateway", 200, {}) == [
        "GET /gateway answered $: 'url' is a required property"
    ]
    assert said("GET", "/gateway", 299, {}) == ["GET /gateway: Discord describes no answer 299"]
