"""Each person is spoken to as their Discord is set, and all who read along as their server is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import discord
import pytest
import simcord
from simcord import interactions

from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.permissions.languages import Languages, language_of
from bot.localization import language, speaking
from bot.services import Services
from testing.command import reindexer_of
from testing.layouts import buttons_of
from testing.services import services_of, write_corpus
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.visible_text import seen

_GERMAN = {
    "lager.md": "# Lager\n\nDen Mietvertrag des Lagers unterschreibt Ines Vidal.\n",
    "einsatz.md": "# Einsatz\n\nDie Beobachter bleiben zwei Jahre. Das Budget: drei Millionen.\n",
}
_LEASE = "Wer unterschreibt den Mietvertrag des Lagers?"
_ENGLISH = re.compile(
    r"\b(?:the|and|or|of|is|are|not|no|to|that|this|which|what|you|your|answer|question|"
    r"document|documents|source|page|since|nothing|with|for|from|by|shows)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"<[^>]*>|`[^`]*`|briefing-bot \w+|\*[^*\n]+\*(?!\*)|^- W.*$", re.MULTILINE)
"""What stays as it is: mentions and moments, commands, settings, and examples of questions, which
the engine reads in English."""

_Speak = Callable[[str], None]


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> _Speak:
    """Set the language in which people use Discord from then on; simcord's is English."""
    payload, locale = interactions.base_payload, ["en-US"]

    def with_locale(*arguments: Any, **more: Any) -> tuple[Any, dict[str, Any]]:
        record, made = payload(*arguments, **more)
        return record, made | {"locale": locale[0]}

    monkeypatch.setattr(interactions, "base_payload", with_locale)
    return lambda name: locale.__setitem__(0, name)


def _buttons(shown: simcord.InteractionResult) -> list[dict[str, Any]]:
    assert shown.response is not None
    return buttons_of(shown.response.components)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("en-US", "en"), ("en-GB", "en"), ("de", "de"), ("no", "nb"), ("fr", None), ("sv-SE", None)],
)
def test_discords_locales(locale: str, expected: str | None) -> None:
    assert language_of(discord.Locale(locale)) == expected


class TestInAnswerToWhoAsks:
    async def test_a_command(self, guild: Guild, spoken: _Speak) -> None:
        for locale, begins in (
            ("de", "**Ich kenne 3 Dokumente**"),
            ("no", "**Jeg svarer fra 3 dokumenter**"),
            ("fr", "**I answer from 3 documents**"),
        ):
            spoken(locale)
            said = seen((await guild.ada.slash(guild.channel, "status")).response)
            assert said.startswith(begins)

    async def test_a_click_by_somebody_else(self, guild: Guild, spoken: _Speak) -> None:
        spoken("de")
        question = "who signs the lease of the warehouse?"
        asked = await guild.ann.slash(guild.channel, "ask", question=question)
        assert "[Sag mir, wenn sich das ändert]" in seen(asked.response)
        spoken("no")
        assert asked.response is not None
        found = await guild.bob.click(asked.response, label="Sag mir, wenn sich das ändert")
        assert seen(found.response).startswith("**Jeg skriver til deg når")
        spoken("en-GB")
        up = next(one["custom_id"] for one in _buttons(asked) if one["custom_id"].endswith(":up"))
        again = await guild.bob.click(asked.response, custom_id=up)
        assert seen(again.response).startswith("Thank you, that is noted.")

    async def test_a_form(self, guild: Guild, spoken: _Speak) -> None:
        form = await guild.ada.slash(guild.channel, "upload")
        spoken("de")
        done = await guild.ada.submit_modal(form, {"files": [("tram.md", b"# Tram\n\nAt six.\n")]})
        assert "[Abbrechen]" in seen(done.response)

    async def test_a_mention(self, guild: Guild, spoken: _Speak) -> None:
        """Discord does not say in which language somebody uses it who only writes."""

        async def answer() -> str:
            await guild.ann.send(guild.channel, f"{guild.me} who signs the lease?")
            return seen(guild.channel.last_message)

        assert "[Tell me when this changes]" in await answer()
        spoken("no")
        await guild.ann.slash(guild.channel, "help")
        assert "[Si fra når dette endrer seg]" in await answer()


class TestOfAServer:
    def languages(self, **settings: Any) -> Languages:
        return Languages(GuildBook(GuildSettings(), {1: GuildSettings(**settings)}))

    def server(self, locale: str, *features: str) -> Any:
        class Server:
            id = 1
            preferred_locale = discord.Locale(locale)

        Server.features = features  # type: ignore[attr-defined]
        return Server()

    def test_as_set(self) -> None:
        chosen = self.languages(language="nb")
        assert chosen.here(self.server("de", "COMMUNITY")) == "nb"

    def test_as_a_community_has_chosen(self) -> None:
        assert self.languages().here(self.server("de", "COMMUNITY")) == "de"

    def test_where_nobody_has_chosen(self) -> None:
        with speaking("nb"):  # as BRIEFING_LANGUAGE says
            languages = self.languages()
        assert languages.here(self.server("en-US")) == "nb"
        assert languages.here(self.server("fr", "COMMUNITY")) == "nb"


class TestWhereAServerHasChosen:
    @pytest.fixture
    def services(self, indexed: Settings) -> Services:
        return services_of(indexed, guilds=GuildBook(GuildSettings(language="nb"), {}))

    async def test_what_all_read_is_in_its_language(self, guild: Guild) -> None:
        question = "who signs the lease of the warehouse?"
        public = await guild.ann.slash(guild.channel, "ask", question=question)
        assert "[Kilde]" in seen(public.response)
        alone = await guild.ann.slash(guild.channel, "ask", question=question, private=True)
        assert "[Source]" in seen(alone.response)
        assert alone.response is not None
        said = await guild.ann.click(alone.response, label="Share")
        assert "Shared: everybody" in seen(said.response)
        assert "-# Delt av" in seen(guild.channel.last_message)
        await guild.ann.send(guild.channel, f"{guild.me} {question}")
        assert "[Kilde]" in seen(guild.channel.last_message)


class TestWholeWalk:
    @pytest.fixture
    def services(self, settings: Settings) -> Services:
        write_corpus(settings.corpus, _GERMAN)
        reindexer_of(settings).run()
        return services_of(settings.model_copy(update={"keep_questions_days": 30}))

    async def test_in_german_no_english_is_left(self, guild: Guild, spoken: _Speak) -> None:
        spoken("de")
        ada, channel = guild.ada, guild.channel
        shown: list[simcord.InteractionResult] = []
        texts: list[str] = []  # at once, since a click may change its message
        for command, options in (
            ("ask", {"question": _LEASE}),
            ("ask", {"question": "Wo landet der Hubschrauber?", "private": True}),
            ("help", {}),
            ("documents", {}),
            ("documents", {"show": "replacements"}),
            ("source", {"document": "lager.md"}),
            ("search", {"words": "Beobachter"}),
            ("list", {"topic": "Beobachter"}),
            ("changes", {}),
            ("watches", {}),
            ("conflicts", {}),
            ("access", {}),
            ("gaps", {}),
            ("reindex", {"dry_run": True}),
            ("forget-me", {}),
            ("status", {}),
        ):
            shown.append(await ada.slash(channel, command, **options))
            texts.append(seen(shown[-1].response))
        (answer, silent, help_, *_) = shown
        for message, labels in (
            (help_, ("Fragen", "Antwort prüfen", "Neues ansehen", "Finden und auflisten")),
            (help_, ("Du und ich", "Für Admins")),
            (answer, ("Quelle", "Sag mir, wenn sich das ändert")),
            (silent, ("Nächste Textstellen",)),
        ):
            for label in labels:
                assert message.response is not None
                clicked = await ada.click(message.response, label=label)
                texts.append(seen(clicked.response))
        assert len(texts) > 20
        for text in texts:
            assert not _ENGLISH.findall(_NAMED.sub("", text)), text
        assert language() == "en"
