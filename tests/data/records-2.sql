-- The records of version 0.3.0 (format 2), as sqlite3's .dump shows them; tests/bot/test_records.py.
PRAGMA application_id = 1114784372;
PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE audit (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, person INTEGER NOT NULL, guild INTEGER,
            action TEXT NOT NULL, detail TEXT NOT NULL
        , document TEXT) STRICT;
INSERT INTO "audit" VALUES(1,1768824120000000,104,10,'upload','norway/force.pdf (new)','norway/force.pdf');
CREATE TABLE exchanges (
            id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at INTEGER NOT NULL,
            person INTEGER NOT NULL, guild INTEGER, channel INTEGER NOT NULL,
            question TEXT NOT NULL, understood TEXT NOT NULL, generation INTEGER NOT NULL,
            confidence REAL NOT NULL, answered INTEGER NOT NULL, excerpts TEXT NOT NULL,
            private INTEGER NOT NULL, message INTEGER, document TEXT
        , drawn_from TEXT NOT NULL DEFAULT '[]') STRICT;
INSERT INTO "exchanges" VALUES(1,'ask',1768824000000000,101,10,20,'and there? Canary-question','What roles are there? Canary-understood',7,0.93,1,'[{"number": 1, "quote": "Observers check the truce.", "document": "norway/force.pdf", "title": "Norway''s force", "heading": ["Roles"], "page": 1, "span": {"start": 7, "end": 33}, "passage": "0123456789abcdef0123", "score": 4.25, "emphasis": [{"start": 7, "end": 16}, {"start": 27, "end": 32}]}, {"number": 2, "quote": "Oslo decides\u001b[31m [bold]alone[/bold].", "document": "notes\n[2].txt", "title": "Notes", "heading": [], "page": null, "span": {"start": 100, "end": 134}, "passage": "fedcba98765432100000", "score": -1.5, "emphasis": []}]',0,31,NULL,'["norway/force.pdf"]');
INSERT INTO "exchanges" VALUES(2,'ask',1768824060000000,102,10,20,'who won? Canary-question','who won? Canary-question',7,0.04,0,'[{"number": 1, "quote": "Observers check the truce.", "document": "norway/force.pdf", "title": "Norway''s force", "heading": ["Roles"], "page": 1, "span": {"start": 7, "end": 33}, "passage": "0123456789abcdef0123", "score": 4.25, "emphasis": []}]',1,NULL,NULL,'[]');
INSERT INTO "exchanges" VALUES(3,'claim',1768824060000000,102,10,20,'Somebody said Canary-claim','Somebody said Canary-claim',7,0.5,1,'[]',0,33,NULL,'[]');
INSERT INTO "exchanges" VALUES(4,'search',1768824060000000,101,NULL,21,'roles Canary-search','roles Canary-search',7,0.0,1,'[]',0,NULL,'norway/force.pdf','[]');
CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
INSERT INTO "facts" VALUES('home guild','10');
CREATE TABLE feedback (
            exchange INTEGER NOT NULL REFERENCES exchanges ON DELETE CASCADE,
            person INTEGER NOT NULL, verdict TEXT NOT NULL, reason TEXT, at INTEGER NOT NULL,
            PRIMARY KEY (exchange, person)
        ) STRICT;
INSERT INTO "feedback" VALUES(1,102,'down','It is about Sweden. Canary-reason',1768824060000000);
INSERT INTO "feedback" VALUES(1,101,'up',NULL,1768824120000000);
INSERT INTO "feedback" VALUES(2,102,'up',NULL,1768824120000000);
CREATE TABLE replies (
            message INTEGER PRIMARY KEY, position INTEGER NOT NULL,
            exchange INTEGER NOT NULL REFERENCES exchanges ON DELETE CASCADE
        ) STRICT;
INSERT INTO "replies" VALUES(41,0,1);
INSERT INTO "replies" VALUES(42,1,1);
CREATE INDEX exchanges_message ON exchanges (message);
CREATE INDEX exchanges_person ON exchanges (person, channel);
CREATE INDEX exchanges_guild ON exchanges (guild, at);
CREATE INDEX exchanges_at ON exchanges (at);
CREATE INDEX replies_exchange ON replies (exchange);
CREATE INDEX feedback_person ON feedback (person);
CREATE INDEX feedback_at ON feedback (at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('exchanges',5);
COMMIT;
