"""The tables of the records, and how those of older versions become these."""

from __future__ import annotations

from bot.records.database import Migrations

__all__ = ["MIGRATIONS"]

MIGRATIONS: Migrations = (
    # What was released is never edited; a change is another entry.
    (
        # AUTOINCREMENT: buttons carry the id, so that of a removed exchange is never given again.
        # Moments are microseconds since 1970 in UTC.
        """CREATE TABLE exchanges (
            id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at INTEGER NOT NULL,
            person INTEGER NOT NULL, guild INTEGER, channel INTEGER NOT NULL,
            question TEXT NOT NULL, rewritten TEXT NOT NULL, generation INTEGER NOT NULL,
            confidence REAL NOT NULL, answered INTEGER NOT NULL, excerpts TEXT NOT NULL,
            private INTEGER NOT NULL, message INTEGER, document TEXT
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
            person INTEGER NOT NULL, verdict TEXT NOT NULL, reason TEXT, at INTEGER NOT NULL,
            PRIMARY KEY (exchange, person)
        ) STRICT""",
        "CREATE INDEX feedback_person ON feedback (person)",
        "CREATE INDEX feedback_at ON feedback (at)",
        """CREATE TABLE audit (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, person INTEGER NOT NULL, guild INTEGER,
            action TEXT NOT NULL, detail TEXT NOT NULL
        ) STRICT""",
        "CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    ),
    (
        "ALTER TABLE exchanges ADD COLUMN source_documents TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE audit ADD COLUMN document TEXT",
    ),
    (
        # No foreign keys here: with them, SQLite would not empty a table page by page.
        """CREATE TABLE wordings (
            exchange INTEGER PRIMARY KEY, question TEXT NOT NULL, rewritten TEXT NOT NULL,
            source_people TEXT NOT NULL DEFAULT '[]'
        ) STRICT""",
        """CREATE TABLE reasons (
            exchange INTEGER NOT NULL, person INTEGER NOT NULL, reason TEXT NOT NULL,
            at INTEGER NOT NULL, PRIMARY KEY (exchange, person)
        ) STRICT""",
        "INSERT INTO wordings (exchange, question, rewritten)"
        " SELECT id, question, rewritten FROM exchanges WHERE kind <> 'claim'",
        "INSERT INTO reasons SELECT exchange, person, reason, at FROM feedback"
        " WHERE reason IS NOT NULL",
        # Made anew: a column that is dropped leaves copies of its texts behind.
        """CREATE TABLE feedback_3 (
            exchange INTEGER NOT NULL REFERENCES exchanges ON DELETE CASCADE,
            person INTEGER NOT NULL, verdict TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (exchange, person)
        ) STRICT""",
        "INSERT INTO feedback_3 SELECT exchange, person, verdict, at FROM feedback ORDER BY rowid",
        "DROP TABLE feedback",
        "ALTER TABLE feedback_3 RENAME TO feedback",
        "CREATE INDEX feedback_person ON feedback (person)",
        "CREATE INDEX feedback_at ON feedback (at)",
        """CREATE TABLE exchanges_3 (
            id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at INTEGER NOT NULL,
            person INTEGER NOT NULL, guild INTEGER, channel INTEGER NOT NULL,
            generation INTEGER NOT NULL, confidence REAL NOT NULL, answered INTEGER NOT NULL,
            excerpts TEXT NOT NULL, private INTEGER NOT NULL, message INTEGER, document TEXT,
            source_documents TEXT NOT NULL
        ) STRICT""",
        """INSERT INTO exchanges_3 SELECT id, kind, at, person, guild, channel, generation,
            confidence, answered, excerpts, private, message, document, source_documents
            FROM exchanges ORDER BY id""",
        "DELETE FROM sqlite_sequence WHERE name = 'exchanges_3'",
        "INSERT INTO sqlite_sequence SELECT 'exchanges_3', seq FROM sqlite_sequence"
        " WHERE name = 'exchanges'",
        "DROP TABLE exchanges",
        "ALTER TABLE exchanges_3 RENAME TO exchanges",
        "CREATE INDEX exchanges_message ON exchanges (message)",
        "CREATE INDEX exchanges_person ON exchanges (person, channel)",
        "CREATE INDEX exchanges_guild ON exchanges (guild, at)",
        "CREATE INDEX exchanges_at ON exchanges (at)",
    ),
)
