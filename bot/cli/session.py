"""The session that each command gets: the settings, the screen, and the parts to build."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, TypeVarTuple, cast

import typer

from bot import messages
from bot.app import composition
from bot.cli.output.screen import Screen
from bot.config.settings import Settings, load_settings
from bot.localization import _, speak
from bot.requests.narrowing import narrowed
from index.errors import BadQuestion

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bot.chat.answering import QuestionEngine
    from bot.library import Library
    from bot.records import Records
    from index.indexing.reindex import Reindexer
    from index.store.generation import Generation

Ts = TypeVarTuple("Ts")
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@dataclass
class Session:
    """One run of the program. Settings are read at their first use, so `--help` needs none."""

    read_settings: Callable[[], Settings] = load_settings
    engine_for: Callable[[Settings], QuestionEngine] = composition.engine
    reindexer_for: Callable[[Settings], Reindexer] = composition.reindexer
    screen: Screen = field(default_factory=Screen.of_this_process)
    debug: bool = False

    @cached_property
    def settings(self) -> Settings:
        settings = self.read_settings()
        self.debug = self.debug or settings.debug
        speak(settings.language)
        return settings

    def engine(self) -> QuestionEngine:
        return self.engine_for(self.settings)

    def library(self) -> Library:
        """Return the library of whoever runs the program, which may see every document.

        What admins withheld is withheld here too.
        """
        from bot.access import OPERATOR, Access, Policy
        from bot.library import Libraries

        settings = self.settings
        current = composition.current_generation(settings)
        withheld: frozenset[tuple[str, str]] = frozenset()
        if self.has_records():
            with self.records() as records:
                withheld = records.withheld.all()
        libraries = Libraries(
            current,
            settings.corpus,
            Access(current, Policy.read(settings.policy)),
            offered="all",
            withheld=lambda: withheld,
            keep_changes_days=settings.keep_changes_days,
        )
        return libraries.of(OPERATOR)

    def tell(
        self,
        as_json: Callable[[*Ts], Mapping[str, object]],
        as_text: Callable[[*Ts], Iterable[RenderableType]],
        *found: *Ts,
        json: bool,
        fill: bool = True,
    ) -> None:
        """Print what was found: as one JSON object, or as text for people."""
        if json:
            self.screen.write(as_json(*found))
        else:
            self.screen.show(as_text(*found), fill=fill)

    def has_records(self) -> bool:
        from bot.records.databases.opening import are_there

        return are_there(self.settings.records_place)

    @contextmanager
    def records(self) -> Iterator[Records]:
        """Open the records, or make them; the bot may run. Raises RecordsUnavailable."""
        from bot.records import Records

        settings = self.settings
        kept = settings.keep_questions_days is not None
        with closing(Records(settings.records_place, keep_questions=kept)) as records:
            yield records

    def reindexer(self) -> Reindexer:
        return self.reindexer_for(self.settings)


def named(session: Session, generation: Generation, typed: str, *, guess: bool = True) -> str:
    """Return the name of the document that was typed, and tell where it was guessed.

    Raises UnknownDocument, with those that are near. What is decided is decided without `guess`.
    """
    if generation.catalog.sha256(typed):  # comparing takes time that a right name needs not
        return typed
    from bot.library import find_in

    found = find_in(generation, typed, guess=guess)
    if found.guessed:
        session.screen.note(_("Taken to mean {name}.").format(name=found.name))
    return found.name


def documents_in(
    session: Session, folder: str | None, since: date | None = None
) -> Collection[str] | None:
    """Return the documents that are asked, None for all; raise BadQuestion if there is none."""
    if folder is None and since is None:
        return None
    catalog = composition.current_generation(session.settings).generation().catalog
    dates = {name: stated.get("date") for name, stated in catalog.metadata().items()}
    found = narrowed(dates, folder=folder, since=since)
    if not found:
        raise BadQuestion(messages.none_narrowed(folder=folder, since=since))
    return found


def session_of(context: typer.Context) -> Session:
    return cast(Session, context.obj)
