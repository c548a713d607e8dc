"""Choices below an unclear question, lists of documents, their cards: what people see of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import simcord

from bot import messages
from bot.access import Audience, Policy
from bot.config.settings import Settings
from bot.discord.cogs.asking.interaction_answers import ANSWERED_FURTHER
from bot.discord.cogs.asking.sharing import SHARE_ANSWER
from bot.discord.ui.answers.answers import QUESTION_FORGOTTEN
from bot.services import Services
from index.answering.answer import (
    Choice,
    Excerpt,
    ListedDocument,
    QuestionKind,
    Reply,
    Response,
    Says,
    Verdict,
)
from index.document import Span
from testing.budget import one_in
from testing.layouts import buttons_of
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import as_it_is, press, replay
from tests.bot.discord.helpers.briefings import DOCUMENTS, answer_of, click, reindex
from tests.bot.discord.helpers.canned import Canned, Canning
from tests.bot.discord.helpers.hidden_documents import press_crafted
from tests.bot.discord.helpers.visible_text import seen

DEPOT = "what does the depot keep?"
NORTH, SOUTH = "where is the diesel kept in the north?", "where is the diesel kept in the yard?"
UNCLEAR = Response(
    DEPOT,
    Verdict.UNSURE,
    0.4,
    1,
    kind=QuestionKind.UNCLEAR,
    choices=(Choice("the *north* depot", NORTH), Choice("the south depot", SOUTH)),
)
WHICH = "which documents mention the depot?"
CHOICES = "[the *north* depot] | [the south depot]"
YARD = "> The diesel is kept in the yard."


def _quote(name: str, title: str, text: str, quote: str) -> Excerpt:
    span = Span(text.index(quote), text.index(quote) + len(quote))
    return Excerpt(1, quote, name, title, (), None, span, "0" * 20, 1.0)


def _listed(number: int) -> ListedDocument:
    text = f"Note {number}\n\nThe depot has note {number}.\n"
    name, title, quote = _note(number), f"Note {number}", f"The depot has note {number}."
    found = _quote(name, title, text, quote)
    return ListedDocument(name, title, "2026-05-12", 1 + number % 2, found)


def _note(number: int) -> str:
    return f"plans/note-{number:02}.txt" if number == 3 else f"note-{number:02}.txt"


NOTES = {_note(n): f"Note {n}\n\nThe depot has note {n}.\n" for n in range(12)}
SOUTHERN = "depot/south.txt"


def _which(documents: Collection[str] | None) -> Response:
    listed = [_listed(number) for number in range(12)]
    seen_ones = tuple(one for one in listed if documents is None or one.name in documents)
    return Response(
        WHICH, Verdict.ANSWERED, 1.0, 1, kind=QuestionKind.COLLECTION, documents=seen_ones
    )


ANSWERS: dict[str, Canning] = {DEPOT: UNCLEAR, WHICH: _which}


@dataclass
class Place:
    guild: Guild
    services: Services
    engine: Canned
    planner: simcord.RoleHandle


SETTINGS = {"keep_questions_days": 30}


@pytest.fixture
async def place(guild: Guild, settings: Settings) -> Place:
    """`ann` is a planner; notes 3 and the south depot are for planners alone."""
    documents = {**DOCUMENTS, **NOTES, f"plans/{SOUTHERN}": DOCUMENTS[SOUTHERN]}
    del documents[SOUTHERN]
    reindex(settings, documents)
    planner = guild.handle.create_role("Planner")
    guild.env.backend.add_member_role(guild.handle.id, guild.ann.id, planner.id)
    few = Audience(roles=frozenset({planner.id}))
    policy = Policy(guilds=frozenset({guild.handle.id}), folders=(("plans/", few),))
    engine = Canned(settings, ANSWERS)
    services = services_of(settings, policy=policy, engine=engine)
    await guild.env.restart_bot(bot_of(services))
    return Place(guild, services, engine, planner)


# Choices


async def test_the_choices_are_buttons(place: Place) -> None:
    shown = await answer_of(place.guild, DEPOT)
    assert seen(shown) == f"**Which of these do you mean?**\n{CHOICES}\n[👍] | [👎]"


async def test_a_choice_is_answered_in_the_same_place(place: Place) -> None:
    guild = place.guild
    shown = await answer_of(guild, DEPOT)
    done = await guild.bob.click(shown, label="the *north* depot")
    assert not done.ephemeral
    assert seen(done.response).startswith(f"Question: **{NORTH}**\n> The diesel is kept in Hall A.")
    assert place.engine.asked[-1][0] == NORTH


async def test_a_choice_goes_by_who_can_read_it(place: Place) -> None:
    """Ann may see the south depot; not everybody who can read the channel may."""
    guild = place.guild
    shown = await answer_of(guild, DEPOT)
    done = await guild.ann.click(shown, label="the south depot")
    assert not done.ephemeral
    assert "in the yard.\n" not in seen(done.response)
    (further,) = done.followups
    assert further.ephemeral
    assert seen(further).startswith(ANSWERED_FURTHER.format(where=f"<#{guild.channel.id}>"))
    assert YARD in seen(further)
    other = await guild.bob.click(shown, label="the south depot")
    assert other.followups == []
    assert seen(other.response) == seen(done.response)


async def test_a_choice_of_a_private_question_stays_private(place: Place) -> None:
    guild = place.guild
    asked = await guild.ann.slash(guild.channel, "ask", question=DEPOT, private=True)
    done = await press(guild.ann, asked, "the south depot")
    assert done.ephemeral
    assert YARD in seen(done.response)
    assert str(SHARE_ANSWER) not in seen(done.response)
    stolen = await replay(guild.bob, as_it_is(asked), _ids(asked)[0])
    assert seen(stolen.response) == messages.EXCHANGE_GONE


async def test_rights_are_those_of_the_moment(place: Place) -> None:
    guild = place.guild
    asked = await guild.ann.slash(guild.channel, "ask", question=DEPOT, private=True)
    guild.env.backend.remove_member_role(guild.handle.id, guild.ann.id, place.planner.id)
    done = await press(guild.ann, asked, "the south depot")
    assert "in the yard.\n" not in seen(done.response)


async def test_a_choice_works_after_a_restart(place: Place) -> None:
    guild = place.guild
    shown = await answer_of(guild, DEPOT)
    await guild.env.restart_bot(bot_of(place.services))
    done = await guild.bob.click(shown, label="the *north* depot")
    assert "> The diesel is kept in Hall A." in seen(done.response)


@pytest.mark.parametrize("number", ["0", "3", "9" * 30, "00"])
@pytest.mark.parametrize("exchange", one_in(3, ["1", "0", "9" * 30]))
async def test_a_choice_that_is_made_up(place: Place, exchange: str, number: str) -> None:
    guild = place.guild
    await answer_of(guild, DEPOT)
    done = await press_crafted(guild.bob, guild.channel, f"a:{exchange}:{number}")
    assert seen(done.response) == messages.EXCHANGE_GONE


async def test_a_choice_elsewhere(place: Place) -> None:
    guild = place.guild
    await answer_of(guild, DEPOT)
    other = guild.handle.create_text_channel("other")
    await guild.bob.send(other, "hello")
    done = await press_crafted(guild.bob, other, "a:1:1")
    assert seen(done.response) == messages.EXCHANGE_GONE


# Lists of documents


def _ids(shown: simcord.InteractionResult) -> list[str]:
    assert shown.response is not None
    return [button["custom_id"] for button in buttons_of(shown.response.components)]


async def test_each_document_stands_there_once(place: Place) -> None:
    said = seen(await answer_of(place.guild, WHICH))
    assert said.startswith(
        "\\[1] **Note 0** · 12 May 2026\n> The depot has note 0.\n\nnote-00.txt\n[Source 1]\n\n"
        "\\[2] **Note 1** · 12 May 2026 · 2 mentions\n> The depot has note 1.\n\nnote-01.txt\n"
        "[Source 2]\n\n"
    )
    assert said.endswith(
        "[Source 5]\n(Page 1 of 3)\n(Previous page) | [Next page]\n"
        "[👍] | [👎] | [Tell me when this changes]"
    )
    assert "Note 3" not in said  # for planners alone


async def test_pages_are_for_who_turns_them(place: Place) -> None:
    guild = place.guild
    shown = await answer_of(guild, WHICH)
    for member, numbers in ((guild.bob, [6, 7, 8, 9, 10]), (guild.ann, [5, 6, 7, 8, 9])):
        page = await member.click(shown, label="Next page")
        assert page.ephemeral
        said = seen(page.response)
        assert [n for n in range(12) if f"**Note {n}**" in said] == numbers
        assert "(Page 2 of 3)" in said
        last = await press(member, page, "Next page")
        assert "(Page 3 of 3)" in seen(last.response)


async def test_turning_a_page_is_no_question(place: Place) -> None:
    guild = place.guild
    shown = await answer_of(guild, WHICH)
    before = place.services.records.counts()
    await guild.bob.click(shown, label="Next page")
    assert place.services.records.counts() == before


async def test_pages_of_words_that_are_not_kept(place: Place) -> None:
    guild = place.guild
    shown = await answer_of(guild, WHICH)
    now = datetime.now(UTC) + timedelta(days=9)
    place.services.records.prune(now - timedelta(days=99), words_before=now)
    done = await guild.bob.click(shown, label="Next page")
    assert seen(done.response) == QUESTION_FORGOTTEN


async def test_a_document_opens_at_its_quote(place: Place) -> None:
    guild = place.guild
    shown = await answer_of(guild, WHICH)
    opened = await click(guild.bob, shown, "Source 2")
    assert opened.ephemeral
    assert "> The depot has note 1." in seen(opened)


async def test_what_an_excerpt_cites_is_not_listed_again(place: Place, settings: Settings) -> None:
    one, other = _listed(1), _listed(2)
    assert one.quote is not None
    listed = (replace(one, quote=None), replace(other, quote=None))
    found = replace(_which(None), documents=listed, excerpts=(one.quote,))
    await _restart(place, settings, {"is it current?": found})
    said = seen(await answer_of(place.guild, "is it current?"))
    assert said.startswith(
        "> The depot has note 1.\n\n\\[1] **Note 1**\n[Source]\n\n\\[2] **Note 2**"
    )
    assert said.count("Note 1") == 1


async def test_the_document_that_was_asked_for_is_shown_by_its_card(
    place: Place, settings: Settings
) -> None:
    guild = place.guild
    north = ListedDocument("depot/north.md", "The north depot", "2026-02-03")
    asked_for = Reply(Says.CARD, {"title": north.title})
    found = replace(_which(None), documents=(north,), replies=(asked_for,))
    await _restart(place, settings, {"send me the north depot": found})
    shown = await answer_of(guild, "send me the north depot")
    assert seen(shown) == (
        "Here is The north depot.\n"
        "**The north depot**\ndated 3 Feb 2026 · depot/north.md\n\n- Fuel\n- Spares\n"
        "[Fuel] | [Spares]\n[Read] | [Original file]\n"
        "[👍] | [👎] | [Tell me when this changes]"
    )
    sent = await guild.bob.click(shown, label="Original file")
    assert sent.ephemeral
    assert sent.response is not None
    assert [one.filename for one in sent.response.attachments] == ["north.md"]


async def test_a_document_without_a_quote_has_a_card(place: Place, settings: Settings) -> None:
    guild = place.guild
    north = ListedDocument("depot/north.md", "The north depot", "2026-02-03")
    both = (north, ListedDocument("note-01.txt", "Note 1"))
    found = replace(_which(None), documents=both)
    await _restart(place, settings, {"what do you have?": found})
    shown = await answer_of(guild, "what do you have?")
    assert seen(shown).startswith("\\[1] **The north depot** · 3 Feb 2026\ndepot/north.md\n")
    card = await click(guild.bob, shown, "Document 1")
    assert card.ephemeral
    assert seen(card) == (
        "**The north depot**\ndated 3 Feb 2026 · depot/north.md\n\n- Fuel\n- Spares\n"
        "[Fuel] | [Spares]\n[Read] | [Original file]"
    )
    place_ = await click(guild.bob, card, "Spares")
    assert seen(place_).startswith("**The north depot** › Spares\n")
    again = await click(guild.bob, place_, "↩ Contents")
    assert (again.id, seen(again)) == (card.id, seen(card))
    begun = await click(guild.bob, again, "Read")
    assert "Hall A" in seen(begun)
    after = await click(guild.bob, begun, "↓ Text after")
    assert seen(await click(guild.bob, after, "↩ Contents")) == seen(card)


async def _restart(place: Place, settings: Settings, answers: dict[str, Canning]) -> None:
    services = services_of(settings, engine=Canned(settings, answers))
    await place.guild.env.restart_bot(bot_of(services))
