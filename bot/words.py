"""Everything the bot says, in one place.

A text with something to fill in is a function of named arguments that returns whole sentences, so
that another language can order its words as it needs. `plural` is the only place where a number
decides a word. What is filled in comes ready to be shown: nothing here knows about escaping.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.errors import (
    BriefingError,
    CorpusUnavailable,
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    ModelUnavailable,
)

__all__ = ["plural"]


def plural(number: int, *, one: str, many: str) -> str:
    """`one` or `many`, with the number in place of `{n}`."""
    return (one if number == 1 else many).format(n=f"{number:,}")


# Things that are counted


def documents(number: int) -> str:
    return plural(number, one="{n} document", many="{n} documents")


def passages(number: int) -> str:
    return plural(number, one="{n} passage", many="{n} passages")


def pages(number: int) -> str:
    return plural(number, one="{n} page", many="{n} pages")


def questions(number: int) -> str:
    return plural(number, one="{n} question", many="{n} questions")


# Answers

NO_ANSWER = "**The documents do not say.**\nI found nothing in them that answers this question."
NO_ANSWER_BUT_CLOSEST = (
    "**The documents do not say.**\nI found nothing in them that answers this question. You can"
    " look at the closest passages, but they are no answer."
)
CLOSEST_INTRODUCTION = "These passages come closest. **None of them answers the question.**"
NOTHING_CLOSE = "No passage comes close to the question."

SOURCES = "Sources"
CLOSEST_PASSAGES = "Closest passages"
HELPFUL, NOT_HELPFUL = "👍", "👎"


def asked(*, question: str) -> str:
    """`question` is set off already."""
    return f"Question: {question}"


def understood(*, question: str) -> str:
    return f"Understood as: {question}"


def confidence(*, probability: float) -> str:
    """`probability`, from 0 to 1, that the documents answer the question."""
    return f"Confidence {probability:.0%}"


def cited(*, number: str, source: str) -> str:
    """The line below an excerpt; `number` with its brackets."""
    return f"{number} {source}"


def continued(*, number: str) -> str:
    return f"{number} (continued)"


def source(*, title: str, path: str, page: int | None) -> str:
    """Where an excerpt stands. `path` are the headings above it, which may be none."""
    place = f"{title} › {path}" if path else title
    return f"{place}, page {page:,}" if page else place


# Sources

CONTINUED = "(continued)"
SOURCE_EMPTY = "There is no text here."
NOTHING_FOUND = "Nothing was found."
NO_DOCUMENTS = "No document of that name is known."


def page_of(*, page: int, pages: int | None) -> str:
    return f"page {page:,} of {pages:,}" if pages else f"page {page:,}"


def dated(*, date: str) -> str:
    return f"dated {date}"


def view_number(*, number: int, count: int) -> str:
    return f"Part {number:,} of {count:,}"


def searched(*, words: str) -> str:
    return f"Passages for: {words}"


def results_page(*, number: int, count: int) -> str:
    return f"Page {number:,} of {count:,}"


# Documents


def indexed_on(*, moment: str) -> str:
    return f"indexed {moment}"


def read_with_remarks(*, remarks: str) -> str:
    return f"Read with remarks: {remarks}"


def stale(*, reason: str) -> str:
    return f"The file as it is now could not be read: {reason}. Its last good version answers."


def not_read(*, reason: str) -> str:
    return f"Not read: {reason}."


# Reindexing

NOTHING_CHANGED = "Nothing has changed."
REINDEX_STARTED = "Reindexing: getting ready …"


def reindex_progress(*, done: int, total: int, embedded: int) -> str:
    return (
        f"Reindexing: {done:,} of {documents(total)} read, {passages(embedded)} embedded. Questions"
        " are answered meanwhile."
    )


def added(*, number: int) -> str:
    return f"Added ({number:,})"


def changed(*, number: int) -> str:
    return f"Changed ({number:,})"


def removed(*, number: int) -> str:
    return f"Removed ({number:,})"


def failed(*, number: int) -> str:
    return f"Not read ({number:,})"


def would_add(*, number: int) -> str:
    return f"Would be added ({number:,})"


def would_change(*, number: int) -> str:
    return f"Would be read again ({number:,})"


def would_remove(*, number: int) -> str:
    return f"Would be removed ({number:,})"


def would_fail(*, number: int) -> str:
    return f"Cannot be read ({number:,})"


def failure(*, document: str, reason: str, stale: bool) -> str:
    still = " Its last good version still answers." if stale else ""
    return f"{document}: {reason}.{still}"


def generation_holds(*, generation: int, documents_held: int, passages_held: int) -> str:
    held = f"{documents(documents_held)} in {passages(passages_held)}"
    return f"Generation {generation:,} holds {held}."


def reindex_took(*, embedded: int, reused: int, seconds: float) -> str:
    return (
        f"{passages(embedded)} embedded and {reused:,} reused in"
        f" {plural(max(1, round(seconds)), one='{n} second', many='{n} seconds')}."
    )


def dry_run_done(*, number: int) -> str:
    return f"A reindex would do this for {documents(number)}. Nothing was done."


# Status

STATUS_UP_TO_DATE = "Nothing has changed since then."


def status_generation(*, generation: int, age: str) -> str:
    """`age` in words, such as "2 hours ago"."""
    return f"Generation {generation:,} answers. It was built {age}."


def status_previous(*, generation: int) -> str:
    return f"Generation {generation:,} is kept, and can be gone back to."


def status_holds(*, documents_held: int, passages_held: int) -> str:
    return f"It holds {documents(documents_held)} in {passages(passages_held)}."


def status_index(*, megabytes: float, model: str) -> str:
    return f"The index takes {megabytes:,.1f} MB. The embedding model is {model}."


def status_changes(*, added: int, changed: int, removed: int) -> str:
    return (
        f"Since then, {documents(added)} came, {documents(changed)} changed and"
        f" {documents(removed)} went: a reindex brings the index up to date."
    )


def status_queue(*, waiting: int, answered: int) -> str:
    return f"{questions(waiting)} waiting or being answered; {answered:,} answered since the start."


def status_speed(*, mean: float, worst: float) -> str:
    return f"An answer takes {mean:.1f} s; the longest wait of late was {worst:.1f} s."


# Asking

ASK_DESCRIPTION = "Ask the briefing documents; the answer is word for word from them"
ASK_QUESTION = "What you want to know, in words"
ASK_DOCUMENT = "Only this document"
ASK_PRIVATE = "Show the answer to me alone"
NOTHING_ASKED = (
    "Ask me about the briefing documents: write your question after my name, or use `/ask`. "
    "`/help` shows what else I can do."
)
ASKED_BY_FILE = (
    "I answer questions in words, and cannot read attachments. "
    "To add a document, an admin can use `/upload`."
)
ASKED_BY_POLL = "I cannot vote. Write your question as a message, and I will look it up."
CANNOT_READ = (
    "I cannot see the words of that message. Mention me in it, or leave the ping of your reply "
    "switched on, and I can."
)

# Looking sources up

FIND_SOURCES = "Find sources"
NO_CLAIM = "There are no words in that message that I could look up."
SOURCE_DESCRIPTION = "Look a document up, at a page or a heading"
SOURCE_DOCUMENT = "Which document"
SOURCE_PLACE = "A page or a heading"
SHARE = "Show it to everybody in this channel"
SEARCH_DESCRIPTION = "Find passages without asking for an answer"
SEARCH_WORDS = "What to look for"
DOCUMENTS_DESCRIPTION = "See which documents I know, and how well I could read them"
DOCUMENTS_FILTER = "Only those with this in their name or title; * and ? work"

EXCHANGE_GONE = "This answer is no longer kept, so I cannot show what belongs to it."
EXCERPT_MOVED = "The document has changed since. The excerpt still stands in it, at another place."
EXCERPT_CHANGED = (
    "The document has changed since, and no longer says this. Here is what stands there now."
)
EXCERPT_LOST = (
    "The document has changed since, and nothing like the excerpt is left in it. "
    "This is how it begins now."
)
ORIGINAL_TOO_LARGE = "The file is too large for Discord. An admin can give it to you."
PREVIOUS_EXCERPT = "◀ Excerpt"
NEXT_EXCERPT = "Excerpt ▶"
BACK_TO_EXCERPT = "↩ Back to the excerpt"
TEXT_BEFORE = "▲ Before"
TEXT_AFTER = "▼ After"
ORIGINAL = "Original file"
PREVIOUS_PAGE = "◀ Page"
NEXT_PAGE = "Page ▶"


def document_gone(*, title: str) -> str:
    return f"**{title}** is no longer among the documents, so its text cannot be shown."


# Feedback

THANKS_UP = "Thank you. It is recorded that this helped."
THANKS_DOWN = "Thank you. It is recorded, and shown to the admins."
REASON_TITLE = "What was wrong?"
REASON_LABEL = "A reason, if you like"
REASON_PLACEHOLDER = "The wrong document, a missing line, an answer although there is none, …"

# Help

HELP_DESCRIPTION = "What I can do, with examples from your documents"
HELP_INTRODUCTION = (
    "**I answer from the briefing documents, word for word.** Every quote is compared with the "
    "stored document before you see it. Where the documents do not say, I say so and cite nothing."
)
HELP_CHECKING = (
    "**Check an answer**\n"
    "**Sources** below an answer shows each excerpt in its place, with the text around it.\n"
    "`/source` opens a document at a page or a heading, `/search` finds passages, `/documents` "
    "lists what I know.\n"
    "Right-click a message, *Apps*, *Find sources*: what bears on what somebody wrote.\n"
    "👍 and 👎 tell the admins what works."
)
HELP_ADMINS = (
    "**For admins**\n"
    "`/reindex` takes in what changed, `/upload` and `/remove` change the documents, `/rollback` "
    "goes back one state.\n"
    "`/status` shows how I am, `/gaps` what people asked in vain."
)


def help_examples(*, examples: list[str]) -> str:
    lines = "\n".join(f"- {example}" for example in examples)
    return f"**Try**\n{lines}"


def help_asking(*, me: str, channels: str) -> str:
    """`channels`, as mentions, may be empty."""
    also = f" In {channels} every message is a question." if channels else ""
    return (
        "**Ask**\n"
        f"Mention {me}, write to me directly, or use `/ask`; `private` shows the answer to you "
        f"alone.{also}\n"
        "Reply to an answer to go on: *and how large would it be?*\n"
        "Edit your question, and I answer again; delete it, and the answer goes."
    )


# Problems

ADMINS_ONLY = (
    "That takes the right to manage the server, or a role that the bot's settings name for it."
)
TOKEN_REFUSED = (
    "Discord does not take this DISCORD_TOKEN. Copy it anew from your application's page "
    "(Bot, Reset Token)."
)
TOKEN_MISSING = (
    'DISCORD_TOKEN is not set. README.md says in a minute how to get one ("Connecting to '
    'Discord"); `make demo` needs none.'
)
INTENT_MISSING = (
    "The guild settings name channels for questions, which needs the Message Content intent. "
    "Switch it on at your application's page (Bot, Privileged Gateway Intents), or take "
    "question_channels out."
)


def problem(error: BriefingError) -> str | None:
    """What a person in a chat is told instead of the error's own text, which is for whoever runs
    the program; None where that text does for both."""
    if isinstance(error, IndexMissing):
        return "Nothing is indexed yet. An admin can change that with `/reindex`."
    if isinstance(error, IndexMismatch | IndexDamaged):
        return "The index cannot be used just now. An admin sees why with `/status`."
    if isinstance(error, ModelUnavailable | CorpusUnavailable):
        return "Something I need is missing where I run. An admin sees what with `/status`."
    if isinstance(error, IndexBusy):
        return "A reindex is running already. Please try again when it has ended."
    return None


def unknown_document(*, name: str, similar: Sequence[str]) -> str:
    hint = f" Did you mean {' or '.join(similar)}?" if similar else ""
    return f"I know no document called “{name}”.{hint} `/documents` lists them all."


def unexpected(number: str) -> str:
    return (
        "Something went wrong that should not have. Please try again; if it goes on, tell whoever "
        f"runs me this number: {number}"
    )
