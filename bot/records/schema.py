"""Tables of the records, and the migrations from one version of them to the next."""

from __future__ import annotations

from bot.records.databases.database import Migrations
from bot.records.parts.claims import CREATE_CLAIMED_QUESTIONS, CREATE_CLAIMS
from bot.records.parts.closed_gaps import CREATE_CLOSED_GAPS, CREATE_SETTLED_GAPS
from bot.records.parts.decisions import CREATE_DECIDED
from bot.records.parts.handed import CREATE_HANDED
from bot.records.parts.marked_answers import CREATE_MARKED_ANSWERS
from bot.records.parts.notices import CREATE_NOTICES
from bot.records.parts.settled import CREATE_SETTLED
from bot.records.parts.turns import CREATE_TURNS
from bot.records.parts.visits import CREATE_VISITS
from bot.records.parts.watches import CREATE_WATCHES
from bot.records.parts.withheld import CREATE_WITHHELD

TABLES = {
    "exchanges": "id",
    "replies": "message",
    "feedback": "exchange, person",
    "wordings": "exchange",
    "reasons": "exchange, person",
    "audit": "id",
    "decided_successions": "old, new",
    "reviews": "document",
    "reminders": "document, recipient",
    "settled_conflicts": "pair, document",
    "visits": "person",
    "withheld_changes": "document, moment",
    "watches": "id",
    "gap_checks": "exchange",
    "settled_gaps": "exchange",
    "marked_answers": "exchange",
    "notices": "exchange, person, channel",
    "handed": "id",
    "facts": "key",
}
"""All tables that are worth moving, what others refer to first; and their keys."""

FIRST_VERSION = 4
"""The version that the first migration makes: that of 0.5.0, the first release."""

MIGRATIONS: Migrations = (
    # A migration that was released is never edited; a change is another entry. SQLite runs them as
    # they stand here, PostgreSQL with its own types (bot/records/databases/dialect.py).
    (
        # AUTOINCREMENT: buttons carry the id, so the id of a removed exchange is never given again.
        # Moments are microseconds since 1970 in UTC.
        """CREATE TABLE exchanges (
            id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at INTEGER NOT NULL,
            person INTEGER NOT NULL, guild INTEGER, channel INTEGER NOT NULL,
            generation INTEGER NOT NULL, confidence REAL NOT NULL, answered INTEGER NOT NULL,
            excerpts TEXT NOT NULL, private INTEGER NOT NULL, message INTEGER, document TEXT,
            source_documents TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX exchanges_message ON exchanges (message)",
        "CREATE INDEX exchanges_person ON exchanges (person, channel)",
        "CREATE INDEX exchanges_guild ON exchanges (guild, at)",
        "CREATE INDEX exchanges_at ON exchanges (at)",
        """CREATE TABLE replies (
            message INTEGER PRIMARY KEY, position INTEGER NOT NULL,
            exchange INTEGER NOT NULL REFERENCES exchanges ON DELETE CASCADE
        ) STRICT""",
        "CREATE INDEX replies_exchange ON replies (exchange)",
        """CREATE TABLE feedback (
            exchange INTEGER NOT NULL REFERENCES exchanges ON DELETE CASCADE,
            person INTEGER NOT NULL, verdict TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (exchange, person)
        ) STRICT""",
        "CREATE INDEX feedback_person ON feedback (person)",
        "CREATE INDEX feedback_at ON feedback (at)",
        # The words of people stand in tables of their own. No foreign keys here: with them, SQLite
        # would not empty a table page by page.
        """CREATE TABLE wordings (
            exchange INTEGER PRIMARY KEY, question TEXT NOT NULL, rewritten TEXT NOT NULL,
            source_people TEXT NOT NULL DEFAULT '[]'
        ) STRICT""",
        """CREATE TABLE reasons (
            exchange INTEGER NOT NULL, person INTEGER NOT NULL, reason TEXT NOT NULL,
            at INTEGER NOT NULL, PRIMARY KEY (exchange, person)
        ) STRICT""",
        """CREATE TABLE audit (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, person INTEGER NOT NULL, guild INTEGER,
            action TEXT NOT NULL, detail TEXT NOT NULL, document TEXT
        ) STRICT""",
        "CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    ),
    # Three verdicts, kinds of questions, and conversations of several turns.
    (
        "ALTER TABLE exchanges ADD COLUMN verdict TEXT NOT NULL DEFAULT 'silent'",
        "UPDATE exchanges SET verdict = 'answered' WHERE answered = 1",
        "ALTER TABLE exchanges DROP COLUMN answered",
        "ALTER TABLE exchanges ADD COLUMN question_kind TEXT NOT NULL DEFAULT 'fact'",
        "ALTER TABLE exchanges ADD COLUMN named_documents TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE exchanges ADD COLUMN folder TEXT",
        "ALTER TABLE exchanges ADD COLUMN since TEXT",  # a date in ISO 8601
        """ALTER TABLE exchanges ADD COLUMN follows INTEGER
            REFERENCES exchanges ON DELETE SET NULL""",
        "CREATE INDEX exchanges_follows ON exchanges (follows)",
        "ALTER TABLE feedback RENAME COLUMN verdict TO mark",
        "ALTER TABLE wordings ADD COLUMN choices TEXT NOT NULL DEFAULT '[]'",
    ),
    # What holds, what changed, and who wants to know.
    (
        "ALTER TABLE audit ADD COLUMN other TEXT",
        *(*CREATE_DECIDED, *CREATE_SETTLED, *CREATE_VISITS, *CREATE_WITHHELD),
        *(*CREATE_WATCHES, *CREATE_CLOSED_GAPS, *CREATE_MARKED_ANSWERS),
    ),
    # What is wrong with an answer, who was told of it, and what people are asked instead.
    (
        "ALTER TABLE feedback ADD COLUMN fault TEXT",
        *(*CREATE_NOTICES, *CREATE_HANDED),
    ),
    # Open questions that an admin is done with, or that were taken back.
    CREATE_SETTLED_GAPS,
    # Which of several bots deals with what, and who is in line at any of them.
    (*CREATE_CLAIMS, *CREATE_TURNS),
    # What was claimed and is not answered, for whichever bot takes it over.
    CREATE_CLAIMED_QUESTIONS,
)
