"""Everything that the bot may say in its own words has words."""

from __future__ import annotations

import pytest

from bot.wording import replies
from bot.wording.replies import Surface, reply_text
from index.answering.answer import Reply, Says


def test_every_reply_has_its_words() -> None:
    assert set(replies._TEXTS) == set(Says)


@pytest.mark.parametrize(
    ("says", "where", "begins", "names_help"),
    [
        (Says.GREETING, Surface.DISCORD, "Hello!", "`/help`"),
        (Says.GREETING, Surface.TERMINAL, "Hello!", "briefing-bot --help"),
        (Says.THANKS, Surface.DISCORD, "You are welcome.", "`/help`"),
        (Says.FAREWELL, Surface.DISCORD, "Goodbye!", ""),
        (Says.AGREEMENT, Surface.DISCORD, "Good.", "`/help`"),
        (Says.APOLOGY, Surface.DISCORD, "Sorry", "`/help`"),
        (Says.HELP, Surface.DISCORD, "Ask me a question", "`/help`"),
        (Says.WHO, Surface.TERMINAL, "I am Briefing Bot.", "briefing-bot --help"),
        (Says.HOW, Surface.DISCORD, "I look for the passages", "`/help`"),
    ],
)
def test_small_talk(says: Says, where: Surface, begins: str, names_help: str) -> None:
    text = reply_text(Reply(says), where=where)
    assert text.startswith(begins)
    assert names_help in text
    assert ("help" in text.lower().replace("did not help", "")) is bool(names_help)


_PLAN: dict[str, str | int | tuple[str, ...]] = {"title": "The plan", "date": "2026-05-22"}
_COUNTS: dict[str, str | int | tuple[str, ...]] = {
    "one": "A",
    "other": "B",
    "differ": 2,
    "only_one": 1,
    "only_other": 3,
    "agree": 40,
}
_JUNE: dict[str, str | int | tuple[str, ...]] = {"first": "2026-06-01", "last": "2026-06-30"}


@pytest.mark.parametrize(
    ("says", "values", "text"),
    [
        (Says.DOCUMENT_COUNT, {"number": 1}, "There is 1 document."),
        (Says.DOCUMENT_COUNT, {"number": 1200}, "There are 1,200 documents."),
        (
            Says.DOCUMENT_COUNT,
            {"number": 2, "kind": "policies", "folder": "hr", **_JUNE},
            "There are 2 documents of the kind policies in hr from 1 June 2026 to 30 June 2026.",
        ),
        (
            Says.MENTIONED_IN,
            {"name": "Karsk", "number": 1, "mentions": 3, "shown": 1},
            "1 document mentions Karsk.",
        ),
        (
            Says.MENTIONED_IN,
            {"name": "Karsk", "number": 12, "mentions": 30, "shown": 10, "first": "2026-06-01"},
            "12 documents since 1 June 2026 mention Karsk. Here are the first 10.",
        ),
        (Says.NOT_MENTIONED, {"name": "Karsk"}, "The documents do not mention Karsk."),
        (
            Says.NOT_MENTIONED,
            {"name": "Karsk", "last": "2026-06-30"},
            "No document until 30 June 2026 mentions Karsk.",
        ),
        (Says.LATEST, _PLAN, "The newest document is The plan, of 22 May 2026."),
        (
            Says.LATEST,
            {**_PLAN, "name": "Karsk"},
            "The newest document that mentions Karsk is The plan, of 22 May 2026.",
        ),
        (Says.OLDEST, _PLAN, "The oldest document is The plan, of 22 May 2026."),
        (
            Says.NEW_SINCE,
            {"number": 1, "first": "2026-06-30", "last": "2026-06-30"},
            "There is 1 document of 30 June 2026.",
        ),
        (
            Says.NOTHING_NEW,
            {**_PLAN, "first": "2026-06-01"},
            "There is no document since 1 June 2026. "
            "The newest document is The plan, of 22 May 2026.",
        ),
        (Says.NOTHING_NEW, _JUNE, "There is no document from 1 June 2026 to 30 June 2026."),
        (Says.UNDATED, {"number": 1}, "1 document states no date, and is not among these."),
        (
            Says.WRITTEN_BY,
            {"title": "The plan", "people": ("Ann Lee", "Ben Day")},
            "The plan was written by Ann Lee, Ben Day.",
        ),
        (Says.DATED, _PLAN, "The plan is of 22 May 2026."),
        (Says.DATED, {**_PLAN, "days": 0}, "The plan is of 22 May 2026, today."),
        (Says.DATED, {**_PLAN, "days": 1}, "The plan is of 22 May 2026, yesterday."),
        (Says.DATED, {**_PLAN, "days": 40}, "The plan is of 22 May 2026, 40 days ago."),
        (Says.DATED, {**_PLAN, "days": 288}, "The plan is of 22 May 2026, 9 months ago."),
        (Says.DATED, {**_PLAN, "days": 1289}, "The plan is of 22 May 2026, 3 years ago."),
        (Says.DATED, {**_PLAN, "days": -4}, "The plan is of 22 May 2026."),
        (Says.REVIEW_DUE, _PLAN, "The plan is to be reviewed by 22 May 2026."),
        (
            Says.REVIEW_DUE,
            {"title": "The plan"},
            "The plan says how often it is reviewed, but not when next.",
        ),
        (
            Says.NOT_STATED,
            {"title": "The plan", "what": "author"},
            "I found nobody named as the author of The plan.",
        ),
        (
            Says.DOCUMENTS_BY,
            {"number": 2, "name": "Ann Lee"},
            "2 documents name Ann Lee as their author or owner.",
        ),
        (
            Says.DUE_FOR_REVIEW,
            {"number": 1},
            "1 document is due for review, or no longer valid.",
        ),
        (
            Says.CHANGED_SINCE,
            {"number": 1, "first": "2026-06-01"},
            "1 document was added or changed since 1 June 2026. `/changes` shows old beside new.",
        ),
        (
            Says.NOTHING_CHANGED,
            {"first": "2026-06-01"},
            "I know of no document that was added or changed since 1 June 2026.",
        ),
        (
            Says.CHANGED,
            {"title": "The plan", "number": 2, "date": "2026-06-01"},
            "The plan changed 2 times, last on 1 June 2026. `/changes` shows old beside new.",
        ),
        (
            Says.COMPARED,
            {**_COUNTS, "quoted": 0},
            "A beside B: passages that differ 2, only in the first 1, only in the second 3; "
            "sentences that agree 40. `/compare` shows them.",
        ),
        (
            Says.COMPARED,
            {**_COUNTS, "quoted": 2},
            "A beside B: passages that differ 2, only in the first 1, only in the second 3; "
            "sentences that agree 40. The first, each above what it was before; `/compare` shows "
            "all:",
        ),
        (
            Says.CONFIRMED,
            {"title": "Rules", "date": "2026-04-15", "right": 1, "owner": 1},
            "Rules was confirmed by its owner on 15 April 2026.",
        ),
        (
            Says.CONFIRMED,
            {"title": "Rules", "date": "2026-04-15"},
            "Rules is no longer right, as was said on 15 April 2026.",
        ),
        (
            Says.NEWER,
            {"title": "Rules 2026", "date": "2026-04"},
            "There is a newer one: Rules 2026, of April 2026.",
        ),
        (
            Says.SAID_SINCE,
            {"title": "Rules", "date": "2026-04-15", "written": "2025-03"},
            "Rules says this since 15 April 2026; the version before, of March 2025, does not.",
        ),
        (
            Says.SAID_SINCE,
            {"title": "Rules", "date": "2026-04-15"},
            "Rules says this since 15 April 2026; I know of no version before that.",
        ),
        (
            Says.HAPPENED,
            {"number": 9, "shown": 6, **_JUNE},
            "I found 9 dated statements from 1 June 2026 to 30 June 2026. Here are the first 6.",
        ),
    ],
)
def test_the_collection(
    says: Says, values: dict[str, str | int | tuple[str, ...]], text: str
) -> None:
    assert reply_text(Reply(says, values), where=Surface.DISCORD) == text


@pytest.mark.parametrize(
    "what", ["author", "owner", "approver", "date", "review", "validity", "version"]
)
def test_what_a_document_may_not_state(what: str) -> None:
    said = Reply(Says.NOT_STATED, {"title": "The plan", "what": what})
    assert reply_text(said, where=Surface.DISCORD).startswith("I found n")


@pytest.fixture
def template(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {Says.WHO: "{n} in {titles}: {help}", Says.HOW: lambda values: f"{values['n']}!"}
    monkeypatch.setattr(replies, "_TEXTS", texts)


@pytest.mark.usefixtures("template")
def test_values_are_made_ready_to_be_shown() -> None:
    reply = Reply(Says.WHO, {"n": 2, "titles": ("A\nplan", "b")})
    assert reply_text(reply, where=Surface.DISCORD) == "2 in A␤plan, b: `/help`"
    shouted = reply_text(reply, where=Surface.TERMINAL, escape=str.upper)
    assert shouted == "2 in A\nPLAN, B: briefing-bot --help"
    assert reply_text(Reply(Says.HOW, {"n": 2}), where=Surface.DISCORD) == "2!"
