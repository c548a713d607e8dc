"""Statements that say themselves that they change what was said before."""

from __future__ import annotations

import re

from index.claims.statement import Statement
from index.claims.words import OF_DOCUMENTS, terms_of

CHANGED_TO = re.compile(
    r"\b(?:is|are|was|were|has been|have been|will be|been|be)\s+(?:now\s+|hereby\s+)?(?:moved"
    r"|postponed|deferred|delayed|extended|prolonged|shortened|raised|increased|reduced|lowered|cut"
    r"|changed|corrected|amended|adjusted|brought forward|put (?:back|off))"
    r"(?:\s+by\s+[^.;,]{1,30})?(?:\s+from\s+(?P<was>[^.;,]{1,40}))?\s+to\b",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    rf"{CHANGED_TO.pattern}|\b(?:(?:goes|went|rises|rose|falls|fell|drops|dropped|moves|moved"
    r"|increases|increased)\s+(?:(?:up|down)\s+)?(?:from\s+[^.;,]{1,40}\s+)?to|no longer"
    r"|not any more|instead of|from now on|until now|previously|formerly|up from|down from)\b",
    re.IGNORECASE,
)
_AMENDMENT = re.compile(
    r"\b(?:amendment|addendum|erratum|errata|corrigendum|correction|corrections|update|change"
    r"|supplement|revision)\b",
    re.IGNORECASE,
)
_RECORDED = re.compile(
    r"(?:last |date )?(?:updated?|modified|changed|checked|verified|revised|recorded|reviewed"
    r"|confirmed)(?: on| at| by date)?|as of|stand|aktualisiert|oppdatert",
    re.IGNORECASE,
)


def changes_what_was(newer: Statement, older: Statement) -> bool:
    """Return whether a statement, or the title above it, says that it changes what was said.

    An amendment does of the document that its title names.
    """
    if _CHANGES.search(newer.text):
        return True
    named = _AMENDMENT.search(newer.title)
    about = terms_of(older.title) - OF_DOCUMENTS
    return named is not None and bool(about) and _shares(about, terms_of(newer.title))


def recorded_on(statement: Statement) -> str:
    """Return the cell of a row that says when the row was written, if it has one."""
    return next(
        (cell.text for cell in statement.cells if _RECORDED.fullmatch(cell.header.strip())), ""
    )


def _shares(about: frozenset[str], named: frozenset[str]) -> bool:
    return 2 * len(about & named) >= len(about)
