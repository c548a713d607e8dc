"""/changes and /compare, as people see them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.cogs.looking_up.changing import FIRST_TIME, LAST_TIME
from bot.discord.ui.documents.differences import SHOWN_AGAIN, WITHHELD
from bot.library import Changes
from bot.services import Services
from testing.command import reindexer_of
from testing.services import bot_of, services_of, write_corpus
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import ids_of, press
from tests.bot.discord.helpers.visible_text import seen

OLD = (
    "# Travel policy\n\nEscorts get 40 EUR a day. They report at nine.\n\n## Fuel\n\nDiesel only.\n"
)
NEW = OLD.replace("40 EUR", "55 EUR").replace("Diesel only.", "Diesel only. Petrol is out.")


@pytest.fixture
def indexed(settings: Settings) -> Settings:
    reindex(settings, **{"travel": OLD, "depot/stock": "# Stock\n\nTwelve tanks stand there.\n"})
    reindex(settings, travel=NEW, lease="# Lease\n\nInes signs.\n", **{"depot/stock": None})
    return settings


def reindex(settings: Settings, **texts: str | None) -> None:
    for name in [name for name, text in texts.items() if text is None]:
        (settings.corpus / f"{name}.md").unlink()
    write_corpus(settings.corpus, {f"{n}.md": text for n, text in texts.items() if text})
    reindexer_of(settings).run(drop_missing=True)


async def said(guild: Guild, command: str = "changes", **options: str) -> str:
    shown = await guild.ann.slash(guild.channel, command, **options)
    assert shown.ephemeral
    return plain(seen(shown.response))


def plain(text: str) -> str:
    return re.sub(r"<t:\d+:\w>", "DAY", text)


async def test_what_changed_since_a_date(guild: Guild) -> None:
    assert await said(guild, since="2020") == (
        "**Since DAY** (earlier changes are not known): 1 changed, 1 new, 1 removed\n"
        "A number shows old beside new.\n\u00a0\n"
        "\\[1] **Lease** · new, DAY\nlease.md\n\u00a0\n"
        "\\[2] **Stock** · removed on DAY\ndepot/stock.md\n\u00a0\n"
        "\\[3] **Travel policy** · changed on DAY\ntravel.md\n[3]"
    )


async def test_old_stands_beside_new_with_the_words_set_off(guild: Guild) -> None:
    shown = await guild.ann.slash(guild.channel, "changes", since="last week")
    opened = await press(guild.ann, shown, "3")
    assert plain(seen(opened.response)) == (
        "**Travel policy**\n"
        "As it was until DAY, beside what it is now.\n"
        "1 passage differs; 1 new; 4 sentences and rows agree\n\n"
        "\\[1] Before:\n> Escorts get **40** EUR a day.\n\n"
        "Now:\n> Escorts get **55** EUR a day.\n\n"
        "\\[2] Fuel\nNew:\n> Petrol is out."
    )


async def test_the_last_visit_is_kept_and_forgotten(guild: Guild, services: Services) -> None:
    assert "(earlier changes are not known)" in await said(guild)
    visits, person = services.records.visits, guild.ann.id
    assert visits.last(person) is not None
    visits.come(person, datetime.now(UTC) + timedelta(hours=1))
    text = await said(guild, since="my last visit")
    assert str(LAST_TIME) in text
    assert "**Nothing changed since DAY.**" in text
    asked = await guild.ann.slash(guild.channel, "forget-me")
    assert "- when you last looked at `/changes`" in seen(asked.response)
    await press(guild.ann, asked, "Delete it")
    assert visits.last(person) is None


async def test_since_when_changes_are_known_is_told_once(
    guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime.now(UTC) + timedelta(hours=1)
    monkeypatch.setattr(Changes, "begins", lambda _: moment - timedelta(days=30))
    assert str(FIRST_TIME) in await said(guild)
    monkeypatch.setattr(Changes, "begins", lambda _: moment)
    assert await said(guild) == "**Nothing changed since DAY.** Earlier changes are not known."


async def test_a_folder_and_a_document(guild: Guild) -> None:
    assert "Escorts" in await said(guild, document="travel.md")
    assert "new since" in await said(guild, document="lease")
    assert "No document is in a folder" in await said(guild, folder="nowhere")
    guild.env.errors.clear()  # simcord keeps them, though they were shown


async def test_two_documents_beside_each_other(guild: Guild) -> None:
    text = await said(guild, "compare", document="travel.md", **{"with": "lease.md"})
    assert "**Travel policy** beside **Lease**" in text
    assert "2 only in the first; 1 only in the second; no sentence agrees" in text
    assert "Only in **Travel policy**:\n> ### Fuel\n> \n> Diesel only." in text
    assert "> Ines signs." in text


async def test_an_answer_says_what_differs_and_opens_the_comparison(
    guild: Guild, indexed: Settings
) -> None:
    roles = "# {month} brief\n\n{number} roles are open. Oslo decides.\n"
    for month, number in (("April", "Four"), ("January", "Five")):
        reindex(indexed, **{f"{month}-brief": roles.format(month=month, number=number)})
    question = "what is the difference between the April brief and the January brief?"
    asked = await guild.ann.slash(guild.channel, "ask", question=question)
    assert "**Five** roles are open." in seen(asked.response)
    opened = await press(guild.ann, asked, "Compare")
    assert "Before" not in seen(opened.response)
    assert "> **Four** roles are open." in seen(opened.response)


async def test_an_answer_opens_what_a_document_was(guild: Guild, services: Services) -> None:
    question = "what changed in the travel policy?"
    asked = await guild.ann.slash(guild.channel, "ask", question=question)
    opened = await press(guild.ann, asked, "Old beside new")
    assert "Before:\n> Escorts get **40** EUR" in seen(opened.response)
    services.guilds.sections[guild.handle.id] = GuildSettings.model_validate(
        {"commands_off": ["changes"]}
    )
    asked = await guild.ann.slash(guild.channel, "ask", question=question)
    assert "ld beside new" not in seen(asked.response)


async def test_each_of_two_questions_opens_the_documents_that_it_is_about(
    guild: Guild, indexed: Settings
) -> None:
    roles = "# {month} brief\n\n{number} roles are open. Oslo decides.\n"
    for month, number in (("April", "Four"), ("January", "Five")):
        reindex(indexed, **{f"{month}-brief": roles.format(month=month, number=number)})
    question = (
        "What changed in the travel policy? "
        "And what is the difference between the April brief and the January brief?"
    )
    asked = await guild.ann.slash(guild.channel, "ask", question=question)
    old = await press(guild.ann, asked, "Old beside new: Travel policy")
    assert "Escorts get **40** EUR" in seen(old.response)
    two = await press(guild.ann, asked, "Compare: April brief · January brief")
    assert "**Four** roles are open." in seen(two.response)


async def test_an_answer_names_no_command_that_is_off(guild: Guild, indexed: Settings) -> None:
    roles = "# {month} brief\n\n{number} roles are open. Oslo decides.\n"
    for month, number in (("April", "Four"), ("January", "Five")):
        reindex(indexed, **{f"{month}-brief": roles.format(month=month, number=number)})
    book = GuildBook(GuildSettings(commands_off=frozenset({"changes", "compare"})), {})
    await guild.env.restart_bot(bot_of(services_of(indexed, guilds=book)))
    for question, said in (
        ("what is the difference between the April brief and the January brief?", "**Five** roles"),
        ("what changed in the travel policy?", "changed"),
        ("which documents changed since 2020?", "added or changed"),
        ("what is new since my last visit?", "switched off"),
    ):
        text = seen((await guild.ann.slash(guild.channel, "ask", question=question)).response)
        assert said in text
        assert not re.search("/compare|/changes|[Cc]ompare]|ld beside new", text)


async def test_a_document_beside_what_it_was(guild: Guild) -> None:
    text = await said(guild, "compare", document="travel policy")
    assert "Before:\n> Escorts get **40** EUR" in text


async def test_a_document_that_only_replaced_another_beside_that(
    guild: Guild, indexed: Settings
) -> None:
    newer = OLD.replace("# Travel", "---\nreplaces: travel.md\n---\n# Travel abroad")
    reindex(indexed, **{"travel-abroad": newer.replace("40", "70")})
    differs = "> Escorts get **70** EUR a day."
    assert differs in await said(guild, "compare", document="travel-abroad.md")
    since = await guild.ann.slash(
        guild.channel, "compare", document="travel-abroad.md", since="2020"
    )
    changed = await guild.ann.slash(guild.channel, "changes", document="travel-abroad.md")
    for shown in (since, changed):
        assert "It is new since" in seen(shown.response)
        opened = await press(guild.ann, shown, "Compare")
        assert differs in seen(opened.response)


async def test_one_of_no_earlier_text_is_compared_with_its_namesake_by_a_click(
    guild: Guild, settings: Settings
) -> None:
    reindex(settings, lease_2="# Lease\n\nOmar signs.\n")
    shown = await guild.ann.slash(guild.channel, "compare", document="lease.md")
    assert plain(seen(shown.response)) == (
        "**Lease**\nIt is new since DAY.\n[Compare with lease_2.md]"
    )
    compared = await press(guild.ann, shown, "Compare with lease_2.md")
    assert "> **Omar** signs." in seen(compared.response)


async def test_a_date_that_is_none(guild: Guild) -> None:
    assert "I do not understand that date" in await said(guild, since="the flood")
    guild.env.errors.clear()  # simcord keeps them, though they were shown


async def test_generations_are_dates_too(guild: Guild) -> None:
    assert "1 changed" in await said(guild, since="generation 1")
    assert "Nothing changed" in await said(guild, since="#2")


async def test_an_admin_withholds_a_change_and_shows_it_again(
    guild: Guild, services: Services
) -> None:
    shown = await guild.ada.slash(guild.channel, "changes", document="travel.md")
    withheld = await press(guild.ada, shown, "Do not show this")
    assert seen(withheld.response) == f"{WITHHELD}\n[Show it again]"
    assert "40" not in await said(guild, document="travel.md")
    assert "1 changed" not in await said(guild, since="2020")
    entry = services.records.audits(1)[0]
    assert (entry.action, entry.document) == ("withhold change", "travel.md")
    assert seen((await press(guild.ada, withheld, "Show it again")).response) == SHOWN_AGAIN
    assert "40" in await said(guild, document="travel.md")


async def test_nobody_else_is_offered_to_withhold_it(guild: Guild) -> None:
    shown = await guild.ann.slash(guild.channel, "changes", document="travel.md")
    assert not any(one.startswith("z:h:") for one in ids_of(shown))


async def test_buttons_are_off_where_the_command_is(guild: Guild, services: Services) -> None:
    shown = await guild.ann.slash(guild.channel, "changes", since="2020")
    services.guilds.sections[guild.handle.id] = GuildSettings.model_validate(
        {"commands_off": ["changes"]}
    )
    opened = await press(guild.ann, shown, "3")
    assert seen(opened.response) == "That is switched off on this server."


async def test_it_counts_as_a_question(guild: Guild, services: Services) -> None:
    before = services.admission.state.answered
    await said(guild, since="2020")
    assert services.admission.state.answered == before + 1
