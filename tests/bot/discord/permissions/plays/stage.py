"""The stage of a play: servers, people, channels, a policy and documents as they were drawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import discord
import simcord

from bot.access import Policy
from bot.chat.admission import AdmissionLimits
from bot.chat.answering import QuestionEngine
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from index.answering.answer import Choice, Excerpt, ListedDocument, QuestionKind, Response, Verdict
from index.answering.understanding.spelling import Speller
from testing.command import reindexer_of
from testing.services import bot_of, engine_of, services_of, write_corpus
from tests.bot.discord.helpers.policies import (
    CANARIES,
    HANDLES,
    STEWARD,
    Drawn,
    Oracle,
    places_of,
    policy_file,
    text_of,
)
from tests.bot.discord.permissions.plays import administering, asking, clicking, looking_up
from tests.bot.discord.permissions.plays.play import AUDIT, EXPERT, QUESTIONS, Act, Play

_OF_ACTS = (administering, asking, clicking, looking_up)  # each brings its acts along
KNOWN = "which guard stands at the gate night what who tell more locked".split()


class _OfMoreKinds:
    """An engine that lists what it was asked of to LISTED, and asks back to UNCLEAR."""

    def __init__(self, engine: QuestionEngine) -> None:
        self._engine = engine
        self.search = engine.search

    def ask(
        self, question: str, documents: Collection[str] | None = None, **context: Any
    ) -> Response:
        found = self._engine.ask(question, documents, **context)
        if question not in (asking.LISTED, asking.UNCLEAR):
            return found
        hits = self._engine.search("guard gate night", 50, documents).hits
        first = {hit.passage.document: hit.passage for hit in reversed(hits)}
        quotes = tuple(
            Excerpt(n, one.text, one.document, one.title, (), None, one.span, one.id, 0.0)
            for n, (_, one) in enumerate(sorted(first.items()), start=1)
        )
        found = replace(found, excerpts=(), closest=(), uncovered=(), unknown_names=())
        if question == asking.LISTED:
            listed = (ListedDocument(one.document, one.title, None, 1, one) for one in quotes)
            kind, verdict = QuestionKind.COLLECTION, Verdict.ANSWERED
            return replace(found, kind=kind, verdict=verdict, documents=tuple(listed))
        choices = tuple(Choice(one.title, f"Who stands at {one.title}?") for one in quotes[:3])
        kind, verdict = QuestionKind.UNCLEAR, Verdict.SILENT
        return replace(found, kind=kind, verdict=verdict, closest=quotes[:3], choices=choices)


async def play(
    folder: Path, plan: Drawn, script: list[Act], beside: Mapping[str, str] = MappingProxyType({})
) -> Play:
    """Play acts under a policy; `beside` are documents that nobody here may see."""
    for name in ("corpus", "index", "records", "no records"):
        (folder / name).mkdir()
    settings = Settings(
        corpus=folder / "corpus",
        index=folder / "index",
        records=folder / "records",
        keep_questions_days=30,
    )
    for number, one in enumerate(plan.documents):
        path = settings.corpus / one.folder / f"{HANDLES[number]}-{CANARIES[number]}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(number, one.written), encoding="utf-8")
    write_corpus(settings.corpus, beside)
    reindexer_of(settings).run()
    # With records of its own: else the policy would open, in the second in which the acts begin,
    # what changes then, and whether a change is of that second goes by the machine.
    idle = bot_of(services_of(settings.model_copy(update={"records": folder / "no records"})))
    async with simcord.run(idle, check_errors=False) as env:
        env.settle_timeout = 120  # seconds; a busy machine must not fail a test
        home = env.create_guild("Home")
        elsewhere = env.create_guild("Elsewhere")
        roles = [home.create_role(f"role {n}") for n in range(3)]
        manager = home.create_role("Manager", permissions=discord.Permissions(manage_guild=True))
        people = [env.create_user(f"person{n}") for n in range(len(plan.people))]
        for person, drawn_person in zip(people, plan.people, strict=True):
            if drawn_person.at_home:
                held = [roles[n] for n in sorted(drawn_person.roles)]
                is_last = person is people[-1]
                home.add_member(person, roles=[*held, manager] if is_last else held)
            if drawn_person.elsewhere:
                elsewhere.add_member(person)
        places = places_of(env, plan, home, elsewhere, roles, people)
        guilds = [home, elsewhere]
        policy = folder / "policy.toml"
        policy.write_text(policy_file(plan, guilds, roles, people, places), encoding="utf-8")
        audit = places[AUDIT].channel.id
        of_home = GuildSettings.model_validate(
            {
                "question_channels": [places[QUESTIONS].parent.id],
                "audit_channel": audit,
                "digest_channel": audit,
                "digest": "reindex",
                "mark_outdated": True,
                "owners": {STEWARD: people[1].id},
                "review_channel": audit,
                "experts_channel": audit,
                "experts": {"/": people[EXPERT].id},
                "add_to": {
                    place.parent.id: folder
                    for place, folder in zip(places, ("c", "a", "b", "a/deep"), strict=False)
                },
            }
        )
        services = services_of(
            settings,
            guilds=GuildBook(GuildSettings(), {home.id: of_home}),
            policy=Policy.read(policy),
            limits=AdmissionLimits(per_minute=10_000),
            engine=_OfMoreKinds(engine_of(settings, Speller(KNOWN + HANDLES))),
        )
        services.records.remember("home guild", str(home.id))
        await env.restart_bot(bot_of(services))
        oracle = Oracle(env, plan, guilds, roles, people, places)
        playing = Play(env, plan, oracle, services)
        playing.look_at_index()
        for one_act in script:
            await playing.do(one_act)
        return playing
