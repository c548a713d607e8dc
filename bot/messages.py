"""Everything the bot says, in one place.

A text with something to fill in is a function of named arguments that returns whole sentences, so
that another language can order its words as it needs. `plural` is the only place where a number
decides a word. What is filled in comes ready to be shown: nothing here knows about escaping.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.errors import (
    BriefingError,
    CorpusShrunk,
    CorpusUnavailable,
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexOutdated,
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


def rewritten(*, question: str) -> str:
    return f"Understood as: {question}"


def confidence(*, probability: float) -> str:
    """`probability`, from 0 to 1, that the documents answer the question."""
    return f"Confidence {probability:.0%}"


def doubt(*, probability: float) -> str:
    """The same below "the documents do not say"."""
    return f"How likely it is that they do: {probability:.0%}"


def uncovered(*, parts: Sequence[str]) -> str:
    """Parts of a question that the documents do not answer, below the excerpts for the rest."""
    return f"The documents do not say: {'; '.join(parts)}."


def unmentioned(*, names: Sequence[str]) -> str:
    """Names in a question that stand nowhere in the documents."""
    return f"The documents do not mention {' or '.join(names)}."


def mixed_letters(*, names: Sequence[str]) -> str:
    """Below the sentence above, where a name may well be there, in the letters it seems to have."""
    return (
        f"The letters of {' and '.join(names)} are of more than one alphabet: some only look like "
        "those that the documents have."
    )


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


def and_more(*, number: int) -> str:
    return f"and {number:,} more"


def failure(*, document: str, reason: str, stale: bool) -> str:
    still = " Its last good version still answers." if stale else ""
    return f"{document}: {reason}.{still}"


def generation_holds(*, generation: int, documents_held: int, passages_held: int) -> str:
    held = f"{documents(documents_held)} in {passages(passages_held)}"
    return f"Generation {generation:,} holds {held}."


def reindex_took(*, embedded: int, reused: int, seconds: float) -> str:
    took = plural(max(1, round(seconds)), one="{n} second", many="{n} seconds")
    if reused:
        return f"{passages(embedded)} embedded and {reused:,} reused in {took}."
    return f"{passages(embedded)} embedded in {took}."


def dry_run_done(*, number: int) -> str:
    return f"A reindex would do this for {documents(number)}. Nothing was done."


# Reindexing, going back and changing the documents, by admins

REINDEX_DESCRIPTION = "Take in what was added, changed or removed since the last time"
REINDEX_DRY_RUN = "Only say what would be done"
REINDEX_WAITS = "Another reindex is running; this one begins when it has ended …"
REINDEX_NOT_YOURS = (
    "The reindex failed, and nothing was changed. Why, an admin can see who may see all documents."
)
REINDEX_ALL_OF_IT = "The lists are long; all of them are in this file."
REINDEX_FILE = "reindex.txt"
REINDEX_GOES_ON = (
    "The reindex goes on for longer than Discord lets me show it here. When it has ended, I send "
    "you a direct message."
)
CANCEL = "Cancel"
NOTHING_CHANGED_BY_YOU = "Cancelled. Nothing was changed."

ROLLBACK_DESCRIPTION = "Go back to the state of the index before the last reindex"
DROP_MISSING = "They are meant to go"
GO_BACK = "Go back"
NOTHING_TO_GO_BACK_TO = "There is no earlier generation to go back to."
CURRENT_DAMAGED = "The one that should answer now is damaged."
ROLLBACK_OVERTAKEN = (
    "Another generation answers by now, so nothing was done. Use /rollback again to see what going "
    "back would mean."
)

UPLOAD_DESCRIPTION = "Put files into the documents, and index them at once"
UPLOAD_FILE = "A text, Markdown, HTML, PDF, Word, PowerPoint, Excel, CSV or e-mail file"
UPLOAD_ANOTHER = "Another one"
UPLOAD_FOLDER = "The folder below the documents that they go to; it is made if there is none"
PUT_IN = "Put in"
REPLACE = "Put in and replace"
UPLOAD_GONE = "That upload no longer waits: it was put in, cancelled, or is older than a day."
NAME_EMPTY = "it has no name"
NAME_UNSEEN = "its name has characters in it that cannot be seen"
NAME_HIDDEN = "its name begins like that of a hidden or temporary file"
NAME_FORBIDDEN = "its name is not possible on every system; rename it"
NAME_IS_FOLDER = "there is a folder of that name"
FOLDER_TOO_DEEP = "the folder lies too deep"
NOT_A_FOLDER = "where it should go there is a file or a link, and no folder"
THE_SAME = "the very same file is there already"
FOLDER_NOT_YOURS = "you may not see what is kept there, so you cannot put anything there"
NAME_TAKEN = "there is a file of that name, which you cannot replace; choose another name"
RIGHT_NOT_KNOWN = (
    "the index cannot be used just now, and without it nobody can tell whether you may put it there"
)
NOT_HANDED_OVER = "Discord did not hand it over; send it again"
TWICE = "two of the files have that name"
CORPUS_READ_ONLY = "The folder of the documents cannot be written to, so files come from elsewhere."

REMOVE_DESCRIPTION = "Take a document out; its file is kept aside"
REMOVE_DOCUMENT = "Which one"
REMOVE = "Remove"
FILE_GONE = "Its file is no longer in the folder of the documents; /reindex takes the document out."
REMOVE_OVERTAKEN = "That document has changed since you were asked, so nothing was done."


def going_back(
    *, current: int, previous: int, built: str, documents_held: int, passages_held: int
) -> str:
    """`built` in words, such as "2 hours ago"."""
    return (
        f"**Go back from generation {current:,} to generation {previous:,}?**\nIt was built {built}"
        f" and holds {documents(documents_held)} in {passages(passages_held)}. The next reindex"
        " takes in again whatever lies in the folder of the documents; until then what is for"
        " others now than it was then does not answer."
    )


def would_return(*, number: int) -> str:
    return f"Would answer again ({number:,})"


def would_leave(*, number: int) -> str:
    return f"Would no longer answer ({number:,})"


def would_answer_as_before(*, number: int) -> str:
    return f"Would answer with their earlier text ({number:,})"


def corpus_shrunk(*, gone: int, known: int) -> str:
    return (
        f"**{gone:,} of {documents(known)} are no longer in the folder**, so nothing was changed: "
        "all of them still answer. If the folder is on another disk, see whether that is there. If "
        "they are meant to go, `/reindex` drops them once you say so."
    )


def index_mended(*, damaged: int, generation: int) -> str:
    if not damaged:
        return (
            f"What says which generation answers was found damaged. Generation {generation:,}, the "
            "newest, answers; `/reindex` brings it up to date."
        )
    return (
        f"Generation {damaged:,} was found damaged and is not used. Generation {generation:,} was "
        "made from the one before it, without documents that had changed since; `/reindex` brings "
        "them back."
    )


def went_back(*, generation: int, before: int) -> str:
    return f"Generation {generation:,} answers now: what answered before generation {before:,}."


def previous_unusable(*, generation: int) -> str:
    return (
        f"Generation {generation:,}, the one before, is damaged or was made by another version or "
        "for another model, so there is nothing to go back to."
    )


def name_too_long(*, most: int) -> str:
    return f"its name is longer than {most:,} characters"


def type_not_read(*, suffixes: str) -> str:
    return f"only files of these types are read: {suffixes}"


def too_large(*, megabytes: float) -> str:
    return f"it is larger than {megabytes:,g} MB"


def unreadable(*, reason: str) -> str:
    return f"it could not be read: {reason}"


def place_changed(*, name: str) -> str:
    return (
        f"Where {name} should go, another file was put since you were asked. Nothing was done; send"
        " it again."
    )


def corpus_not_changed(*, reason: str) -> str:
    return f"The folder of the documents could not be changed ({reason})."


def size(number: int) -> str:
    """Of a file, from its bytes."""
    if number < 1_000:
        return plural(number, one="{n} byte", many="{n} bytes")
    return f"{number / 1e3:,.0f} kB" if number < 1_000_000 else f"{number / 1e6:,.1f} MB"


def put_in(*, number: int) -> str:
    return plural(
        number,
        one="**Put this file into the documents?**",
        many="**Put these {n} files into the documents?**",
    )


def arriving(*, name: str, title: str, facts: str, replaces: bool) -> str:
    """`facts` are its size and, if it has some, its pages."""
    does = "**replaces** the one of that name" if replaces else "new"
    return f"{name} ({facts}): {does}; titled “{title}”"


def left_out(*, name: str, reason: str) -> str:
    return f"{name} is left out: {reason}."


def was_put_in(*, names: str) -> str:
    return f"Put in: {names}."


def put_in_but(*, names: str, problem: str) -> str:
    return f"Put in: {names}, but not indexed yet; /reindex tries again. {problem}"


def replaced_are_kept(*, folder: str) -> str:
    return f"What was replaced is kept where I run, in {folder}."


def remove(*, title: str, name: str) -> str:
    return (
        f"**Remove {title}?**\nIts file {name} is moved out of the folder of the documents and kept"
        " aside where I run. It no longer answers then."
    )


def was_removed(*, title: str, folder: str) -> str:
    return f"Removed: {title}. Its file is kept where I run, in {folder}."


def removed_but(*, title: str, folder: str, problem: str) -> str:
    return (
        f"The file of {title} was moved to {folder} where I run, but the document **still answers**"
        f" until a /reindex has come to its end. {problem}"
    )


# What admins did

AUDIT_REINDEX, AUDIT_ROLLBACK = "reindex", "rollback"
AUDIT_UPLOAD, AUDIT_REMOVE = "upload", "remove"


def audit_line(*, who: str, action: str, detail: str) -> str:
    """`detail` may be empty."""
    return " · ".join(filter(None, (who, f"**{action}**", detail)))


def audit_reindexed(
    *, generation: int, added: int, changed: int, removed: int, failed: int, seconds: float
) -> str:
    return (
        f"generation {generation:,}: {added:,} added, {changed:,} changed, {removed:,} removed,"
        f" {failed:,} not read, in {plural(round(seconds), one='{n} second', many='{n} seconds')}"
    )


def audit_failed(*, reason: str) -> str:
    return f"failed: {reason}"


def audit_went_back(*, generation: int, before: int) -> str:
    return f"from generation {before:,} to what answered before it, as generation {generation:,}"


def audit_put_in(*, name: str, replaces: bool) -> str:
    return f"{name} (replaced)" if replaces else f"{name} (new)"


# Questions asked in vain

GAPS_DESCRIPTION = "What people asked that the documents do not answer, or not well"
GAPS_DAYS = "Of how many days (30 if you say nothing)"


def gaps_head(*, days: int, number: int) -> str:
    since = plural(days, one="the last day", many="the last {n} days")
    if not number:
        return f"**No question of {since} went unanswered or was marked down.**"
    did = plural(
        number,
        one=f"{{n}} question of {since} went unanswered or was marked down",
        many=f"{{n}} questions of {since} went unanswered or were marked down",
    )
    return f"**{did}**, most frequent first."


def gap(*, count: int, question: str, last: str) -> str:
    """`last` in words, such as "2 days ago"."""
    return f"**{count:,}×** {question} (last {last})"


def gap_reason(*, reason: str) -> str:
    return f"{NOT_HELPFUL} {reason}"


GAPS_NOT_KEPT = (
    "Questions are not kept, so I cannot say which went unanswered. The setting "
    "BRIEFING_KEEP_QUESTIONS_DAYS keeps them from then on."
)


def gaps_kept(*, days: int) -> str:
    kept = plural(days, one="the last day", many="the last {n} days")
    return f"Only the questions of {kept} are kept."


def gap_more_reasons(*, number: int) -> str:
    return plural(number, one="{n} more reason", many="{n} more reasons")


def gaps_hidden(*, number: int) -> str:
    more = plural(number, one="{n} more was", many="{n} more were")
    return (
        f"{more} asked in private, or where you cannot look (any more), so the words are not shown."
    )


def gaps_newest(*, number: int) -> str:
    return f"Only the newest {number:,} were looked at; ask for fewer days to see all of them."


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


INDEX_OUTDATED = (
    "I was updated, and read all documents anew before I answer again. That begins by itself and "
    "takes some minutes; should it not end, an admin can use `/reindex`."
)
STATUS_OUTDATED = (
    "The index was made by an older version and cannot answer. A reindex reads all documents anew; "
    "the bot begins one when it starts."
)
READ_ANEW = "An older version had made the index, so all documents were read anew."


def status_queue(*, waiting: int, answered: int) -> str:
    return f"{questions(waiting)} waiting or being answered; {answered:,} answered since the start."


def status_speed(*, mean: float, worst: float) -> str:
    return f"An answer takes {mean:.1f} s; the longest wait of late was {worst:.1f} s."


STATUS_DESCRIPTION = "How I am: the index, the questions, what admins did last"
STATUS_REINDEXING = "A reindex is running."
REINDEX_UNEXPECTED = "It ended unexpectedly; the log says where."
STATUS_AUDIT = "**What admins did last**"


def status_loop(*, seconds: float) -> str:
    return f"At worst I was out of reach for {seconds * 1000:,.0f} ms."


def status_reindex_failed(*, problem: str) -> str:
    return f"⚠️ The last reindex: {problem}"


def status_feedback(*, up: int, down: int) -> str:
    return f"Feedback: {up:,} {HELPFUL}, {down:,} {NOT_HELPFUL}."


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
TYPED_COMMAND = (
    "That looks like a command. Type `/` and choose it from the list that Discord then shows."
)
CANNOT_READ = (
    "I cannot see the words of that message. Mention me in it, or leave the ping of your reply "
    "switched on, and I can."
)

# Looking sources up

SHARE_ANSWER = "Share"
SHARED = "Shared: everybody in this channel can read it now."
NOT_TO_BE_SHARED = (
    "This answer cannot be shared: not everybody who can read this channel may see its documents, "
    "or they have changed since. Ask again, and you see what there is to say here."
)
SHARE_FORGOTTEN = "I no longer know what was asked. Please ask again, and share that answer."
SEARCH_FORGOTTEN = "I no longer know what was searched for. Please search again."
FOR_YOU_ALONE = (
    "-# Not everybody who can read this channel may see that document, so this is for you alone."
)


def answered_further(*, where: str) -> str:
    """`where` is the mention of the channel that was asked in."""
    return (
        f"-# Not everybody who can read {where} may see what answers this best, so this is for you "
        "alone."
    )


def shared_by(*, who: str) -> str:
    return f"-# Shared by {who}"


FIND_SOURCES = "Find sources"
NO_CLAIM = "There are no words in that message that I could look up."
CLAIM_CLOSEST = (
    "**The documents do not say anything like it.** These passages come closest; none of them "
    "bears it out."
)
CLAIM_NOTHING = "**The documents do not say anything like it.**"
SOURCE_DESCRIPTION = "Look a document up, at a page or a heading"
SOURCE_DOCUMENT = "Which document"
SOURCE_PLACE = "A page or a heading"
SHARE = "Show it to everybody in this channel"
SEARCH_DESCRIPTION = "Find passages without asking for an answer"
SEARCH_WORDS = "What to look for"
DOCUMENTS_DESCRIPTION = "See which documents I know, and how well I could read them"
DOCUMENTS_FILTER = "Only those with this in their name or title; * and ? work"

DOCUMENT_GONE = "The document is no longer among those that I can show you."
NOT_FOR_ALL = (
    "Not everybody who can read this channel may see that document, so it is not shown here. "
    "Without sharing it, I show it to you alone."
)
EXCHANGE_GONE = "This answer is no longer kept, so I cannot show what belongs to it."
EXCERPT_MOVED = "The document has changed since. The excerpt still stands in it, at another place."
EXCERPT_CHANGED = (
    "The document has changed since, and no longer says this. Here is what stands there now."
)
EXCERPT_LOST = (
    "The document has changed since, and nothing like the excerpt is left in it. "
    "This is how it begins now."
)
PASSAGE_CHANGED = (
    "The document has changed since, and that passage no longer stands there. Here is what does."
)
ORIGINAL_TOO_LARGE = "The file is too large for Discord. An admin can give it to you."
BACK_TO_EXCERPT = "↩ Back to the excerpt"
BACK_TO_PASSAGE = "↩ Back to the passage"
TEXT_BEFORE = "↑ Text before"
TEXT_AFTER = "↓ Text after"
ORIGINAL = "Original file"
PREVIOUS_PAGE = "Previous page"
NEXT_PAGE = "Next page"


def claim(*, who: str, text: str) -> str:
    """`text` is set off already."""
    return f"What bears on what {who} wrote: {text}"


def filter_too_long(*, most: int) -> str:
    return f"That is too long to look for in names and titles: {most:,} characters is the most."


def claim_cut(*, most: int) -> str:
    return f"-# Only the first {most:,} characters of the message were looked up."


def left_out_since_changed(*, number: int) -> str:
    return plural(
        number,
        one="One passage is left out: its document no longer says it.",
        many="{n} passages are left out: their documents no longer say them.",
    )


def excerpt_of(*, number: int, count: int) -> str:
    return f"-# Excerpt {number} of {count}"


def previous_excerpt(number: int | None) -> str:
    """None where there is none."""
    return "‹ Excerpt" if number is None else f"‹ Excerpt {number}"


def next_excerpt(number: int | None) -> str:
    return "Excerpt ›" if number is None else f"Excerpt {number} ›"


# Feedback

THANKS_UP = "Thank you. It is recorded that this helped."
THANKS_DOWN = "Thank you. It is recorded, and shown to the admins."
THANKS_DOWN_COUNTED = "Thank you. It is recorded. Your question and its words are not kept."
REASON_TITLE = "What was wrong?"
REASON_LABEL = "A reason, if you like"
REASON_PLACEHOLDER = "The wrong document, a missing line, an answer although there is none, …"

# What is kept of a person

FORGET_DESCRIPTION = "See what I keep of you, and have it deleted"
FORGET_ME = "Delete it"
FORGET_NOTHING = "I keep nothing of you."
FORGET_NOT = "Nothing was deleted."
FORGOTTEN = "Deleted. I keep nothing of you any more."


def forget(*, exchanges: int, worded: int, marks: int, uploads: int) -> str:
    """Whoever reads it is asked whether all of that shall go."""
    lines = ["**Delete what I keep of you?**"]
    if exchanges:
        asked = plural(exchanges, one="{n} question or search", many="{n} questions and searches")
        wording = f"the words of {worded:,} of them" if worded else "without the words"
        lines.append(f"- {asked}: when and where you asked, what I quoted, {wording}")
    if marks:
        given = plural(marks, one="{n} mark", many="{n} marks")
        lines.append(f"- {given} that you gave, with your reasons where they are kept")
    if uploads:
        waiting = plural(uploads, one="{n} upload that waits", many="{n} uploads that wait")
        lines.append(f"- {waiting} for your yes")
    lines.append(
        "My messages stay, though Sources and the other buttons below them no longer work. To have "
        "an answer gone as well, delete your question before you go on here: the answer goes with "
        "it. Copies in backups go when whoever runs me deletes those."
    )
    return "\n".join(lines)


def forget_not_actions(*, number: int) -> str:
    """What an admin is told: their lines in the audit log stay."""
    stay = plural(number, one="{n} line about you stays", many="{n} lines about you stay")
    return (
        f"{stay} in the log of what admins did, which says who changed the documents for everybody."
    )


# Help

HELP_DESCRIPTION = "What I can do, with examples from your documents"
HELP_INTRODUCTION = (
    "**I answer from the briefing documents, word for word.** Every quote is compared with the "
    "stored document before you see it. Where the documents do not say, I say so and cite nothing."
)
HELP_CHECKING = (
    "**Check an answer**\n"
    "**Sources** below an answer, or the number of an excerpt, shows it in its place, with the "
    "text around it and the original file.\n"
    "`/source` opens a document at a page or a heading, `/search` finds passages, `/documents` "
    "lists what I know.\n"
    "Right-click a message (on a phone, press it long), *Apps*, *Find sources*: what bears on what "
    "somebody wrote.\n"
    "👍 and 👎 tell the admins what works.\n"
    "`/forget-me` shows what I keep of you, and deletes it."
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
COMMAND_CHANGED = (
    "I do not know that command as your Discord sent it. Start Discord again, so that it learns "
    "the commands as they are now."
)
TOKEN_REFUSED = (
    "Discord does not take this DISCORD_TOKEN. Copy it anew from your application's page "
    "(Bot, Reset Token)."
)
TOKEN_MALFORMED = (
    "DISCORD_TOKEN is not what a bot's token looks like, three parts with dots between them. Copy "
    "it from your application's page (Bot, Reset Token); it is not the client secret."
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
    if isinstance(error, IndexOutdated):
        return INDEX_OUTDATED
    if isinstance(error, IndexMismatch | IndexDamaged):
        return "The index cannot be used just now. An admin sees why with `/status`."
    if isinstance(error, ModelUnavailable | CorpusUnavailable):
        return "Something I need is missing where I run. An admin sees what with `/status`."
    if isinstance(error, CorpusShrunk):
        return corpus_shrunk(gone=error.gone, known=error.known)
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
