"""Watches: questions that people want to be told of once the documents answer them otherwise.

A watch keeps the words of its question until it ends, whatever the settings say of other words:
whoever began it agreed to that.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.records.databases.database import Transaction
from bot.records.part import Part, is_of
from bot.records.tables.rows import excerpt_of, moment, stamp, storable
from index.answering.answer import Excerpt, QuestionKind

CREATE_WATCHES = (
    # Random ids: they stand in buttons, and should not show how many watches there are.
    """CREATE TABLE watches (
        id INTEGER PRIMARY KEY, person INTEGER NOT NULL, guild INTEGER, channel INTEGER NOT NULL,
        is_here INTEGER NOT NULL, awaits_answer INTEGER NOT NULL, question TEXT NOT NULL,
        question_kind TEXT NOT NULL, people TEXT NOT NULL, source_documents TEXT NOT NULL,
        document TEXT, folder TEXT, since TEXT, began INTEGER NOT NULL, ends INTEGER NOT NULL,
        baseline TEXT NOT NULL, checked INTEGER NOT NULL, telling TEXT, is_untold INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX watches_person ON watches (person)",
)

MOST_WATCHES = 25
"""Watches of one person at a time."""
LASTS = timedelta(days=365)
_COLUMNS = (
    "id, person, guild, channel, is_here, awaits_answer, question, question_kind, people,"
    " source_documents, document, folder, since, began, ends, baseline, checked, telling, is_untold"
)


@dataclass(frozen=True, slots=True)
class ReplyText:
    """Something that was said without an excerpt, and the documents that it is from."""

    text: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the documents said to a watched question at the last look that made a difference.

    `gist`, `units` and `replaced` are digests: of what was said without an excerpt, of the texts
    that bear on the question, and of which documents are replaced. `world` tells all that could be
    seen from any other. `is_lost`: some of it was purged since.
    """

    shown: tuple[Excerpt, ...] = ()
    said: tuple[ReplyText, ...] = ()
    gist: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()
    world: str = ""
    is_lost: bool = False

    @property
    def documents(self) -> frozenset[str]:
        """Return the documents whose words or names are in it."""
        said = (name for each in self.said for name in each.documents)
        return frozenset((*(excerpt.document for excerpt in self.shown), *said))

    def without(self, name: str) -> Baseline:
        """Return it without what is of a document, or of one that lies in it."""
        return Baseline(
            shown=tuple(one for one in self.shown if not is_of(one.document, name)),
            said=tuple(
                one for one in self.said if not any(is_of(each, name) for each in one.documents)
            ),
            is_lost=True,
        )


@dataclass(frozen=True, slots=True)
class Watch:
    """A question that a person watches.

    `guild` and `channel`: where it was answered. `is_here`: all who read that channel are told, not
    the person alone. `awaits_answer`: the documents did not answer, and the watch ends when they
    do. `people` and `source_documents`: whose words may be in `question`. `document`, `folder` and
    `since` narrow it. `checked`: the generation that was looked at last. `telling`: what is being
    told at this moment, or was when the program ended. `is_untold`: there was something to tell,
    and no way to.
    """

    id: int
    person: int
    guild: int | None
    channel: int
    is_here: bool
    awaits_answer: bool
    question: str
    question_kind: QuestionKind
    people: tuple[int, ...]
    source_documents: tuple[str, ...]
    document: str | None
    folder: str | None
    since: date | None
    began: datetime
    ends: datetime
    baseline: Baseline
    checked: int
    telling: str | None = None
    is_untold: bool = False


class Watches(Part):
    """The watches that have not ended."""

    def add(self, watch: Watch) -> Watch | None:
        """Store a watch under a new id, from now until it ends; None where the person has too many.

        Raises RecordsBlocked. A person who watches the same already keeps that watch.
        """
        now = self._clock()
        new = replace(watch, id=10**17 + secrets.randbelow(9 * 10**17), began=now, ends=now + LASTS)
        with self._database.transaction() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM watches WHERE person = ? AND ends > ?",
                (watch.person, stamp(now)),
            )
            known = [_watch_of(row) for row in rows]
            for one in known:
                if _subject(one) == _subject(new):
                    return one
            if len(known) >= MOST_WATCHES:
                return None
            marks = ", ".join("?" * len(_COLUMNS.split(",")))
            db.execute(f"INSERT INTO watches ({_COLUMNS}) VALUES ({marks})", _row_of(new))
        return new

    def get(self, number: int, person: int) -> Watch | None:
        """Return a person's watch; None where it has ended, or is another person's."""
        found = self._read("(id, person) = (?, ?)", number, person)
        return found[0] if found else None

    def of_person(self, person: int) -> list[Watch]:
        """Return a person's watches, the oldest first."""
        return self._read("person = ?", person)

    def due(self, generation: int) -> list[tuple[int, int]]:
        """Return the watches for which this generation has not been looked at, the oldest first:
        the id of each, and whose it is.
        """
        return self._database.read(
            lambda row: (int(row[0]), int(row[1])),
            "SELECT id, person FROM watches WHERE checked <> ? AND ends > ? ORDER BY began, id",
            (generation, stamp(self._clock())),
        )

    def all(self) -> list[Watch]:
        """Return all watches, the oldest first."""
        return self._read("TRUE")

    def checked(self, number: int, generation: int, baseline: Baseline | None = None) -> None:
        """Keep that a generation leaves nothing to tell, and what it says where that is given."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE watches SET checked = ?, is_untold = 0 WHERE id = ?", (generation, number)
            )
            if baseline is not None:
                _set_baseline(db, number, baseline)

    def begin_telling(self, number: int, mark: str) -> None:
        """Keep what the person is about to be told, so that a crash does not tell it twice."""
        self._update("telling = ?", mark, number)

    def told(self, number: int, generation: int, baseline: Baseline) -> None:
        """Keep that the person was told what a generation says."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE watches SET checked = ?, telling = NULL, is_untold = 0 WHERE id = ?",
                (generation, number),
            )
            _set_baseline(db, number, baseline)

    def not_told(self, number: int, generation: int) -> None:
        """Keep that there is something to tell, and no way to."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE watches SET checked = ?, telling = NULL, is_untold = 1 WHERE id = ?",
                (generation, number),
            )

    def tell_here(self, number: int, baseline: Baseline) -> None:
        """Tell all who read the channel from now on; `baseline` is what they know."""
        with self._database.transaction() as db:
            db.execute("UPDATE watches SET is_here = 1 WHERE id = ?", (number,))
            _set_baseline(db, number, baseline)

    def end(self, number: int) -> None:
        """End a watch, and remove all that is kept of it."""
        self._remove("id = ?", number)

    def end_of_guild(self, guild: int) -> None:
        """End the watches on what was answered in a guild."""
        self._remove("guild = ?", guild)

    def forget_person(self, db: Transaction, person: int) -> None:
        """Remove a person's watches, and those of others on a question with their words."""
        db.keep_only(
            "watches",
            "person <> :who AND NOT EXISTS ("
            "SELECT * FROM json_each(people) WHERE CAST(value AS BIGINT) = :who)",
            {"who": person},
        )

    def forget_document(self, db: Transaction, name: str) -> None:
        """Remove old quotes of a document, and watches on it or on a question with its words."""
        name = storable(name)
        for watch in [_watch_of(row) for row in db.execute(f"SELECT {_COLUMNS} FROM watches")]:
            if any(is_of(one, name) for one in (*watch.source_documents, watch.document or "")):
                db.execute("DELETE FROM watches WHERE id = ?", (watch.id,))
            elif any(is_of(one, name) for one in watch.baseline.documents):
                _set_baseline(db, watch.id, watch.baseline.without(name))
            else:  # a digest of a short text tells what it was, and which are its own is not known
                _set_baseline(db, watch.id, replace(watch.baseline, units=frozenset(), world=""))
        db.keep_only("watches", "TRUE", {}, anyway=True)

    def prune(self, db: Transaction, before: int) -> None:
        """Remove watches that have ended, unless the clock is doubted."""
        if before > 0:
            db.keep_only("watches", "ends > :now", {"now": stamp(self._clock())})

    def _read(self, condition: str, *parameters: int) -> list[Watch]:
        return self._database.read(
            _watch_of,
            f"SELECT {_COLUMNS} FROM watches WHERE ({condition}) AND ends > ? ORDER BY began, id",
            (*parameters, stamp(self._clock())),
        )

    def _update(self, change: str, value: object, number: int) -> None:
        with self._database.transaction() as db:
            db.execute(f"UPDATE watches SET {change} WHERE id = ?", (value, number))

    def _remove(self, condition: str, number: int) -> None:
        with self._database.transaction() as db:
            db.keep_only("watches", f"coalesce({condition}, FALSE) = FALSE", (number,))
        self._database.wipe()


def _subject(watch: Watch) -> object:
    question = " ".join(watch.question.casefold().split())
    return question, watch.document, watch.folder, watch.since, watch.guild


def _set_baseline(db: Transaction, number: int, baseline: Baseline) -> None:
    db.execute("UPDATE watches SET baseline = ? WHERE id = ?", (_json_of(baseline), number))


def _json_of(baseline: Baseline) -> str:
    return json.dumps(
        {
            "shown": [asdict(excerpt) for excerpt in baseline.shown],
            "said": [[storable(one.text), one.documents] for one in baseline.said],
            "gist": sorted(baseline.gist),
            "units": sorted(baseline.units),
            "replaced": sorted(baseline.replaced),
            "world": baseline.world,
            "is_lost": baseline.is_lost,
        }
    )


def _baseline_of(stored: dict[str, Any]) -> Baseline:
    return Baseline(
        shown=tuple(map(excerpt_of, stored["shown"])),
        said=tuple(ReplyText(text, tuple(documents)) for text, documents in stored["said"]),
        gist=frozenset(stored["gist"]),
        units=frozenset(stored["units"]),
        replaced=frozenset(stored["replaced"]),
        world=stored["world"],
        is_lost=stored["is_lost"],
    )


def _row_of(watch: Watch) -> tuple[object, ...]:
    return (
        watch.id,
        watch.person,
        watch.guild,
        watch.channel,
        watch.is_here,
        watch.awaits_answer,
        storable(watch.question),
        watch.question_kind,
        json.dumps(sorted(watch.people)),
        json.dumps(sorted(watch.source_documents)),
        None if watch.document is None else storable(watch.document),
        None if watch.folder is None else storable(watch.folder),
        None if watch.since is None else watch.since.isoformat(),
        stamp(watch.began),
        stamp(watch.ends),
        _json_of(watch.baseline),
        watch.checked,
        watch.telling,
        watch.is_untold,
    )


def _watch_of(row: Sequence[Any]) -> Watch:
    (
        number, person, guild, channel, is_here, awaits_answer, question, kind, people,
        source_documents, document, folder, since, began, ends, baseline, checked, telling,
        is_untold,
    ) = row  # fmt: skip
    return Watch(
        id=number,
        person=person,
        guild=guild,
        channel=channel,
        is_here=bool(is_here),
        awaits_answer=bool(awaits_answer),
        question=question,
        question_kind=QuestionKind(kind),
        people=tuple(json.loads(people)),
        source_documents=tuple(json.loads(source_documents)),
        document=document,
        folder=folder,
        since=None if since is None else date.fromisoformat(since),
        began=moment(began),
        ends=moment(ends),
        baseline=_baseline_of(json.loads(baseline)),
        checked=checked,
        telling=telling,
        is_untold=bool(is_untold),
    )
