"""What statements on the records have in common: columns, joined tables and conditions."""

from __future__ import annotations

EXCHANGE_COLUMNS = """
    exchanges.id, kind, exchanges.at, exchanges.person, guild, channel,
    coalesce(question, ''), coalesce(rewritten, ''),
    generation, confidence, verdict, excerpts, private, message, document, question_kind,
    coalesce(choices, '[]'), named_documents, folder, since, follows, source_documents,
    coalesce(source_people, '[]'),
    (SELECT json_group_array(json_array(position, message)) FROM replies
        WHERE exchange = exchanges.id)
"""
WORDED = "wordings ON wordings.exchange = exchanges.id"
EXCHANGES = f"exchanges LEFT JOIN {WORDED}"
FEEDBACK_COLUMNS = "feedback.exchange, feedback.person, mark, reason, feedback.at, fault"
FEEDBACK_TABLES = """feedback LEFT JOIN reasons
    ON reasons.exchange = feedback.exchange AND reasons.person = feedback.person"""
AUDIT = "at, person, guild, action, detail, document, other"
IS_OPEN = "verdict <> 'answered' AND question_kind <> 'unclear'"
IS_DOWN = "EXISTS (SELECT * FROM feedback WHERE exchange = exchanges.id AND mark = 'down')"
WITH_WORDS_OF = "EXISTS (SELECT * FROM json_each(source_people) WHERE CAST(value AS BIGINT) = ?)"


def is_document(column: str) -> str:
    """Return the condition that a column has :name, or the name of a document in that file."""
    return f"({column} = :name OR substr({column}, 1, length(:name) + 1) = :name || '/')"


WITH_DOCUMENT = """
    {document}
    OR EXISTS (SELECT * FROM json_each(excerpts) WHERE {excerpt})
    OR EXISTS (SELECT * FROM json_each(named_documents) WHERE {value})
    OR EXISTS (SELECT * FROM json_each(source_documents) WHERE {value})
    OR EXISTS (SELECT * FROM wordings, json_each(choices) AS choice
        WHERE exchange = exchanges.id AND {choice})
""".format(
    document=is_document("document"),
    excerpt=is_document("json_extract(value, '$.document')"),
    value=is_document("value"),
    choice=is_document("json_extract(choice.value, '$.document')"),
)
STILL_THERE = {
    "wordings": "EXISTS (SELECT * FROM exchanges WHERE id = wordings.exchange AND at >= :since)",
    "reasons": """at >= :since AND EXISTS (SELECT * FROM feedback
        WHERE feedback.exchange = reasons.exchange AND feedback.person = reasons.person)""",
}
# Small talk asks nothing. An edited question was asked again: only its newest wording stands.
STANDS = """
    kind = 'ask' AND question_kind <> 'talk' AND NOT EXISTS (SELECT * FROM exchanges AS later
        WHERE later.message = exchanges.message AND later.kind = 'ask' AND later.id > exchanges.id
            AND later.private = exchanges.private)
"""
