"""When the policy opened what to whom, and that it is known after the next start."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.access import CLOSED, OPEN, Audience, Openings, Policy, openings_under

FIRST = datetime(2026, 5, 1, tzinfo=UTC)
LATER = FIRST + timedelta(days=1)
ONE, BOTH = Audience(roles=frozenset({1})), Audience(roles=frozenset({1, 2}))
PATH = Path("policy.toml")


def policy(default: Audience = OPEN, few: Audience | None = None, **folders: Audience) -> Policy:
    return Policy(
        default=default,
        audiences={"open": OPEN, "closed": CLOSED} | ({"few": few} if few else {}),
        folders=tuple((f"{path}/", audience) for path, audience in folders.items()),
        path=PATH,
    )


def opened(
    before: Policy, after: Policy, name: str = "plans/a.md", written: str | None = None
) -> bool:
    """Return whether the second policy shows a document to more people than the first."""
    openings = Openings().under(before, FIRST)
    assert openings.since([(name, written)]) is None
    since = openings.under(after, LATER).since([(name, written)])
    assert since in (None, LATER)
    return since is not None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (policy(plans=ONE), policy()),
        (policy(plans=ONE), policy(plans=BOTH)),
        (policy(plans=CLOSED), policy(plans=ONE)),
        (policy(default=CLOSED), policy()),
        (policy(default=CLOSED), policy(default=CLOSED, plans=ONE)),
        (policy(plans=ONE), policy(plans=Audience(people=frozenset({1})))),
    ],
)
def test_what_more_people_see_was_opened(before: Policy, after: Policy) -> None:
    assert opened(before, after)
    assert not opened(after, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (policy(), policy(plans=ONE)),
        (policy(plans=BOTH), policy(plans=ONE)),
        (policy(plans=ONE), policy(plans=ONE, travel=ONE)),
        (policy(travel=ONE), policy()),
    ],
)
def test_what_others_do_not_see_was_not(before: Policy, after: Policy) -> None:
    assert not opened(before, after)


def test_an_audience_that_front_matter_names() -> None:
    assert opened(policy(few=ONE), policy(few=BOTH), written="few")
    assert not opened(policy(few=ONE), policy(few=BOTH))
    assert opened(policy(), policy(few=ONE), written="Few"), "nobody was in it"
    assert opened(policy(few=ONE), Policy(), written="few"), "no audience counts any more"
    assert not opened(Policy(), policy(few=ONE), written="few")


def test_words_that_the_policy_gives_a_meaning_are_opened_by_it() -> None:
    line = "All hubs, few"
    said = replace(policy(few=ONE), wordings={"all hubs, few": ONE})
    assert opened(policy(few=ONE), said, written=line)
    assert not opened(said, policy(), written=line)
    assert opened(said, policy(few=BOTH), written=line), "they are names again"
    assert opened(said, replace(said, wordings={"all hubs, few": BOTH}), written=line)
    assert not opened(said, replace(said, wordings={"all hubs, few": BOTH}), written="all hubs")


def test_a_guild_more_is_an_opening() -> None:
    here = Policy(path=PATH, guilds=frozenset({5}))
    assert opened(here, Policy(path=PATH, guilds=frozenset({5, 6})))
    assert opened(here, Policy(path=PATH)), "of whichever"
    assert not opened(Policy(path=PATH), here)
    assert not opened(Policy(), here)


def test_what_was_closed_and_opened_again_stays_opened() -> None:
    openings = Openings()
    for day, now in enumerate((policy(), policy(plans=ONE), policy(), policy(), policy(plans=ONE))):
        openings = openings.under(now, FIRST + timedelta(days=day))
    assert openings.since([("plans/a.md", None)]) == FIRST + timedelta(days=2)
    assert openings.since([("b.md", None)]) is None


def test_it_is_kept_without_the_ids() -> None:
    facts: dict[str, str] = {}

    class Facts:
        recall = facts.get
        remember = facts.__setitem__

    person = Audience(people=frozenset({123456789}))
    openings_under(policy(plans=person), Facts(), FIRST)
    kept = openings_under(policy(), Facts(), LATER)
    assert openings_under(policy(), Facts(), LATER + timedelta(days=1)) == kept
    assert kept.since([("Plans/a.md", None)]) == LATER
    assert "123456789" not in "".join(facts.values())
