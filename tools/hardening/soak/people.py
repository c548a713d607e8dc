"""The simulated people of soak, who ask, edit, delete, click, rate and search.

Each of them does one thing after the other, chosen by a random number generator of their own, and
knows what may come of it. What comes otherwise is a problem, in a sentence.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot import messages
from bot.discord.cogs.looking_up.sources import FIND_SOURCES
from testing.layouts import text_of
from testing.loopback.payloads import (
    BOT,
    autocomplete,
    click,
    message,
    message_command,
    slash,
    submit,
)
from tools.hardening.soak.asking import Asking, Member
from tools.hardening.soak.responses import PATIENCE, custom_ids


class People(Asking):
    """People who do things until enough questions were asked."""

    async def current(self, until: int) -> None:
        """Go on until `until` questions were asked, and end what was begun."""
        await asyncio.gather(*(self._current(member, until) for member in self._members))

    async def _current(self, member: Member, until: int) -> None:
        while not self.shared.enough(until):
            act = member.rng.choices(_ACTS, _WEIGHTS)[0]
            name = act.__name__.strip("_").replace("_", " ")
            try:
                await act(self, member)
            except TimeoutError:
                self._problem(member, f"waited {PATIENCE:.0f} s in vain: {name}")
            self.shared.done[name] += 1

    # What is looked up

    async def _click(self, member: Member) -> None:
        """Click on the last answer, and on what comes of that."""
        shown = member.answer
        while shown and (ids := [id_ for id_ in custom_ids(shown) if id_[0] != "f"]):
            shown = await self._look(member, click(shown, member.rng.choice(ids), member.person))
            if member.rng.random() < 0.4:
                break

    async def _rate(self, member: Member) -> None:
        ids = [id_ for id_ in custom_ids(member.answer or {}) if id_.startswith("f:")]
        if not ids or member.answer is None:
            return
        clicked = click(member.answer, member.rng.choice(ids), member.person)
        shown = await self._look(member, clicked)
        if shown.get("type") == 9 and member.rng.random() < 0.7:
            form = submit(
                str(shown["custom_id"]),
                {"reason": f"It is wrong, by {member.rng.random():.0%}."},
                member.person,
                int(member.answer["channel_id"]),
                on=member.answer,
            )
            await self._look(member, form)

    async def _type(self, member: Member) -> None:
        """Type the name of a document or place, letter by letter."""
        text = member.rng.choice(["", "nor", "plan", "velin", "zzz", "😀", "2026", "cold chain"])
        for length in range(len(text) + 1):
            payload = autocomplete("ask", "document", text[:length], member.person)
            if member.rng.random() < 0.2:
                payload = autocomplete(
                    "source", "place", text[:length], member.person, document="glossary.html"
                )
            offered = await self._look(member, payload)
            if "choices" not in offered:
                self._problem(member, f"typed {text!r} and was offered {offered}")

    async def _search(self, member: Member) -> None:
        await self._browse(member, "search", words=self._worded(member))

    async def _see_documents(self, member: Member) -> None:
        name = member.rng.choice(_NAMES)
        await self._browse(member, "documents", **({"filter": name} if name else {}))

    async def _see_what_changed(self, member: Member) -> None:
        """Look at what changed, beside what it was, and at what is watched."""
        command, options = member.rng.choice(_LOOKS)
        await self._browse(member, command, **options)

    async def _open_source(self, member: Member) -> None:
        options: dict[str, Any] = {"document": member.rng.choice(_NAMES) or "😀"}
        if member.rng.random() < 0.4:
            options["place"] = member.rng.choice(["2", "page 1", "Roles", "nowhere", "0", "😀"])
        if member.rng.random() < 0.2:
            options["share"] = True
        await self._browse(member, "source", **options)

    async def _browse(self, member: Member, command: str, **options: Any) -> None:
        """Run a command, and click on what it shows a few times."""
        shown = await self._look(member, slash(command, member.person, **options))
        for _ in range(member.rng.randrange(3)):
            if not (ids := custom_ids(shown)):
                return
            shown = await self._look(member, click(shown, member.rng.choice(ids), member.person))

    async def _find_sources(self, member: Member) -> None:
        text = self._worded(member)
        target = message(member.person, member.rng.choice([text, text, "", "😀"]))
        await self._look(member, message_command(FIND_SOURCES, target, member.person))

    async def _help(self, member: Member) -> None:
        await self._look(member, slash("help", member.person))

    async def _try_what_admins_may(self, member: Member) -> None:
        name = member.rng.choice(["reindex", "rollback", "status", "gaps"])
        shown = await self._look(member, slash(name, member.person))
        if text_of(shown) != messages.ADMINS_ONLY:
            self._problem(member, f"is no admin and got this of /{name}: {text_of(shown)}")

    async def _make_ids_up(self, member: Member) -> None:
        id_ = member.rng.choice(["s:999999999:1", "c:0", "d:AAAAAAAAAAAA:1", "x:drop", "f:0:up"])
        button = {"type": 2, "style": 2, "label": "?", "custom_id": id_}
        on = message(BOT, "An answer", components=[{"type": 1, "components": [button]}])
        await self._look(member, click(on, id_, member.person))


_NAMES = (None, "glossary.html", "norway*", "Evacuation plan", "nothing like it", "*", "x" * 80)
_LOOKS: tuple[tuple[str, dict[str, str]], ...] = (
    ("changes", {}),
    ("changes", {"since": "yesterday"}),
    ("changes", {"since": "no time"}),
    ("compare", {"document": "glossary.html"}),
    ("compare", {"document": "glossary.html", "with": "Evacuation plan"}),
    ("watches", {}),
)
_CHOICES: dict[Callable[[People, Member], Awaitable[None]], int] = {
    People._ask: 40,
    People._ask_by_command: 25,
    People._follow_up: 12,
    People._edit: 3,
    People._edit_at_once: 2,
    People._delete: 3,
    People._flood: 1,
    People._ask_nonsense: 5,
    People._ask_what_is_no_question: 1,
    People._talk_to_others: 2,
    People._click: 10,
    People._rate: 6,
    People._type: 1,
    People._search: 2,
    People._see_documents: 1,
    People._see_what_changed: 2,
    People._open_source: 2,
    People._find_sources: 1,
    People._help: 1,
    People._try_what_admins_may: 1,
    People._make_ids_up: 1,
}
_ACTS, _WEIGHTS = list(_CHOICES), list(_CHOICES.values())
