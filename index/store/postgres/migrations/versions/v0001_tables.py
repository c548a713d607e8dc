"""The tables of the catalog, each row with the generations that it holds for, and their blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

_TEXT, _NUMBER, _BYTES = 'text COLLATE "C" NOT NULL', "bigint NOT NULL", "bytea NOT NULL"
_MAYBE_TEXT, _MAYBE_NUMBER = 'text COLLATE "C"', "bigint"
_KEY = "bigint NOT NULL DEFAULT nextval('briefing_rows.{table}_key')"
_TABLES: Mapping[str, Mapping[str, str]] = {
    "files": {
        "name": _TEXT,
        "size": _MAYBE_NUMBER,
        "mtime_ns": _MAYBE_NUMBER,
        "ctime_ns": _MAYBE_NUMBER,
        "inode": "numeric(20)",
        "sha256": _TEXT,
        "failure": _MAYBE_TEXT,
        "remarks": _TEXT,
    },
    "documents": {
        "key": _KEY,
        "name": _TEXT,
        "file": _TEXT,
        "class": _TEXT,
        "title": _TEXT,
        "metadata": _TEXT,
        "sha256": _TEXT,
        "indexed_at": _TEXT,
        "remarks": _TEXT,
        "doubtful": _TEXT,
        "has_hidden": _NUMBER,
        "pages": _TEXT,
        "text": _TEXT,
        "blocks": _TEXT,
    },
    "document_words": {"key": _NUMBER, "called": _TEXT, "placed": _TEXT, "opening": _TEXT},
    "passages": {
        "key": _KEY,
        "id": _TEXT,
        "document": _TEXT,
        "start": _NUMBER,
        "stop": _NUMBER,
        "page": _MAYBE_NUMBER,
        "heading": _TEXT,
        "title": _TEXT,
        "text": _TEXT,
        "context": _TEXT,
        "units": _TEXT,
        "lead": _TEXT,
        "index_sha256": _BYTES,
    },
    "particulars": {
        "document": _TEXT,
        "what": _TEXT,
        "value": _TEXT,
        "origin": _TEXT,
        "start": _MAYBE_NUMBER,
        "stop": _MAYBE_NUMBER,
    },
    "dated": {
        "document": _TEXT,
        "first": _NUMBER,
        "last": _NUMBER,
        "is_row": _NUMBER,
        "start": _NUMBER,
        "stop": _NUMBER,
        "passage": _NUMBER,
    },
    "identities": {
        "document": _TEXT,
        "title": _TEXT,
        "titled": _TEXT,
        "filed": _TEXT,
        "version": _TEXT,
        "date": _TEXT,
        "is_stated": _NUMBER,
        "since": _TEXT,
        "times": _TEXT,
        "sketch": _BYTES,
    },
    "replacing": {
        "document": _TEXT,
        "is_newer": _NUMBER,
        "basis": _TEXT,
        "reach": _TEXT,
        "naming": _TEXT,
        "file": _TEXT,
        "start": _MAYBE_NUMBER,
        "stop": _MAYBE_NUMBER,
        "since": _TEXT,
    },
    "figures": {
        "document": _TEXT,
        "key": _NUMBER,
        "start": _NUMBER,
        "stop": _NUMBER,
        "passage": _NUMBER,
        "digest": _NUMBER,
        "weighty": _NUMBER,
        "said": _NUMBER,
    },
    "history": {
        "key": _KEY,
        "generation": _NUMBER,
        "at": _TEXT,
        "became": _TEXT,
        "name": _TEXT,
        "title": _TEXT,
        "other": _TEXT,
        "places": _TEXT,
        "version": "bytea",
    },
    "layouts": {"document": _TEXT, "stretch": _NUMBER, "styles": _TEXT},
    "segments": {"name": _TEXT},
}
_UNIQUE: Mapping[str, Sequence[str]] = {
    "files": ["name"],
    "documents": ["name", "key"],
    "document_words": ["key"],
    "passages": ["key", "id"],
    "identities": ["document"],
    "figures": ["document, key, start, stop"],
    "history": ["key"],
    "layouts": ["document, stretch"],
    "segments": ["name"],
}
_INDEXES: Mapping[str, Sequence[str]] = {
    "documents": ["file", "class"],
    "passages": ["document, start", "index_sha256"],
    "particulars": ["document", "what, value, document"],
    "dated": ["document, first, last", "first, last"],
    "replacing": ["document"],
    "history": ["name"],
}
_OPEN = "9223372036854775807"
"""The end of what holds until something else is published."""
_GENERATION = "current_setting('briefing.generation')::bigint"

_FUNCTIONS = (
    'CREATE DOMAIN briefing.word AS text COLLATE "C"',
    """CREATE FUNCTION briefing.json_each(listed text) RETURNS TABLE (value briefing.word)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 100
    AS $$ SELECT json_array_elements_text(listed::json)::briefing.word $$""",
    """CREATE FUNCTION briefing.instr(within text, sought text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT strpos(within, sought) $$""",
)
_OTHERS = (
    # One row: the oldest program, by the version of its schema, that works with this one.
    "CREATE TABLE briefing_rows.works_with (oldest text NOT NULL)",
    "INSERT INTO briefing_rows.works_with VALUES ('0001')",
    """CREATE TABLE briefing_rows.generations (
        number bigint PRIMARY KEY, manifest text NOT NULL,
        replaced_at timestamptz
    )""",
    # What CURRENT and HELD say in a folder.
    """CREATE TABLE briefing_rows.pointers (
        name text PRIMARY KEY, content text NOT NULL, written bigint NOT NULL DEFAULT 1
    )""",
    # The files of segments, in pieces; PostgreSQL is not to compress what is read in parts.
    """CREATE TABLE briefing_rows.pieces (
        name text COLLATE "C" NOT NULL, number integer NOT NULL, bytes bytea NOT NULL,
        sha256 bytea NOT NULL, PRIMARY KEY (name, number)
    )""",
    "ALTER TABLE briefing_rows.pieces ALTER COLUMN bytes SET STORAGE EXTERNAL",
)


def upgrade() -> None:
    op.execute("CREATE SCHEMA briefing")
    for statement in (*_FUNCTIONS, *_OTHERS):
        op.execute(statement)
    for table, columns in _TABLES.items():
        for statement in _versioned(table, columns):
            op.execute(statement)


def _versioned(table: str, columns: Mapping[str, str]) -> Iterator[str]:
    """Yield what makes a table of rows that hold from one generation until another, and a view of
    those that hold in the generation that a connection asks for."""
    base = f"briefing_rows.{table}"
    if "key" in columns and columns["key"] == _KEY:
        yield f"CREATE SEQUENCE {base}_key"
    made = ", ".join(f"{name} {of.format(table=table)}" for name, of in columns.items())
    yield (
        f"CREATE TABLE {base} ({made}, rowid bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        f" valid_from bigint NOT NULL DEFAULT {_GENERATION},"
        f" valid_until bigint NOT NULL DEFAULT {_OPEN})"
    )
    for unique in _UNIQUE.get(table, ()):
        yield f"CREATE UNIQUE INDEX ON {base} ({unique}, valid_from)"
    for indexed in _INDEXES.get(table, ()):
        yield f"CREATE INDEX ON {base} ({indexed})"
    yield f"CREATE INDEX ON {base} (valid_from)"
    yield f"CREATE INDEX ON {base} (valid_until) WHERE valid_until < {_OPEN}"
    listed = ", ".join(columns)
    yield (
        f"CREATE VIEW briefing.{table} AS SELECT {listed}, rowid FROM {base}"
        f" WHERE valid_from <= (SELECT {_GENERATION}) AND valid_until > (SELECT {_GENERATION})"
    )
    news = ", ".join(f"NEW.{name}" for name in columns)
    end = f"""UPDATE {base} SET valid_until = {_GENERATION}
            WHERE rowid = OLD.rowid AND valid_from < {_GENERATION};
        IF NOT FOUND THEN DELETE FROM {base} WHERE rowid = OLD.rowid; END IF;"""
    for event, then in (
        ("delete", "RETURN OLD;"),
        ("update", f"INSERT INTO {base} ({listed}) VALUES ({news}); RETURN NEW;"),
    ):
        yield f"""CREATE FUNCTION briefing_rows.{event}_{table}() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN {end} {then} END $$"""
        yield (
            f"CREATE TRIGGER {event}s INSTEAD OF {event.upper()} ON briefing.{table}"
            f" FOR EACH ROW EXECUTE FUNCTION briefing_rows.{event}_{table}()"
        )
