"""What the bot says in its own words: the text of each reply that the engine chooses."""

from __future__ import annotations

import enum
from collections.abc import Callable, Container, Mapping

from bot.localization import LazyText, _, ngettext
from bot.text import visible_line
from bot.wording.command_names import command_name
from bot.wording.languages import LANGUAGE_NAMES
from bot.wording.list_replies import dated_statements, list_found, list_offer
from bot.wording.reply_values import Values, count_in, first_shown, period_text
from bot.wording.standings import written_day
from index.answering.answer import Reply, Says


class Surface(enum.StrEnum):
    """Where people read the reply: the help has another name there, and so have commands."""

    DISCORD = "Discord"
    TERMINAL = "terminal"

    @property
    def help(self) -> str:
        return self.command("help") if self is Surface.DISCORD else "briefing-bot --help"

    @property
    def listing(self) -> str:
        """Return the command that lists, where a topic follows it."""
        return self.command("list").strip("`")

    def command(self, name: str) -> str:
        """Return what people type there for a command."""
        if self is Surface.DISCORD:
            return f"`/{command_name(name)}`"
        return f"briefing-bot {name}"


_DATES = frozenset(("date", "written", "first", "last"))
"""Values that are days, months or years in ISO 8601, and are shown in words."""
_MONTHS_FROM, _YEARS_FROM = 60, 24
"""Days from which on months are told, and months from which on years are."""


def _document_count(values: Values) -> str:
    number = count_in(values)
    kind = _(" of the kind {kind}").format(kind=values["kind"]) if "kind" in values else ""
    folder = _(" in {folder}").format(folder=values["folder"]) if "folder" in values else ""
    return ngettext(
        "There is {n:,} document{which}.", "There are {n:,} documents{which}.", number
    ).format(n=number, which=f"{kind}{folder}{period_text(values)}")


def _mentioned_in(values: Values) -> str:
    number, shown = count_in(values), int(values["shown"])
    said = ngettext(
        "{n:,} document{period} mentions {name}.", "{n:,} documents{period} mention {name}.", number
    ).format(n=number, period=period_text(values), name=values["name"])
    if "more" in values:
        said = _("{said} There may be more than could be read.").format(said=said)
    return said if shown == number else f"{said} {first_shown(shown)}"


def _not_mentioned(values: Values) -> str:
    if period := period_text(values):
        return _("No document{period} mentions {name}.").format(period=period, name=values["name"])
    return _("The documents do not mention {name}.").format(name=values["name"])


def _latest(values: Values) -> str:
    text = _("The newest document is {title}, of {date}.")
    if "name" in values:
        text = _("The newest document that mentions {name} is {title}, of {date}.")
    return text.format(**values)


def _oldest(values: Values) -> str:
    text = _("The oldest document is {title}, of {date}.")
    if "name" in values:
        text = _("The oldest document that mentions {name} is {title}, of {date}.")
    return text.format(**values)


def _new_since(values: Values) -> str:
    number = count_in(values)
    return ngettext(
        "There is {n:,} document{period}.", "There are {n:,} documents{period}.", number
    ).format(n=number, period=period_text(values))


def _nothing_new(values: Values) -> str:
    nothing = _("There is no document{period}.").format(period=period_text(values))
    if "title" not in values:
        return nothing
    return f"{nothing} {_latest({'title': values['title'], 'date': values['date']})}"


def _undated(values: Values) -> str:
    number = count_in(values)
    return ngettext(
        "{n:,} document states no date, and is not among these.",
        "{n:,} documents state no date, and are not among these.",
        number,
    ).format(n=number)


def _dated(values: Values) -> str:
    said = _("{title} is of {date}").format(title=values["title"], date=values["date"])
    days = int(values.get("days", -1))
    return f"{said}, {_ago(days)}." if days >= 0 else f"{said}."


def _ago(days: int) -> str:
    if days < 2:
        return _("yesterday") if days else _("today")
    if days < _MONTHS_FROM:
        return ngettext("{n:,} day ago", "{n:,} days ago", days).format(n=days)
    months = days * 12 // 365
    if months < _YEARS_FROM:
        return ngettext("{n:,} month ago", "{n:,} months ago", months).format(n=months)
    return ngettext("{n:,} year ago", "{n:,} years ago", months // 12).format(n=months // 12)


def _replaced_by(values: Values) -> str:
    if "date" in values and "written" in values:
        text = _("{title} of {written} was replaced on {date} by {by}.")
    elif "date" in values:
        text = _("{title} was replaced on {date} by {by}.")
    else:
        text = _("{title} was replaced by {by}.")
    return text.format(**values)


def _section_replaced(values: Values) -> str:
    text = _("{part} of {title} was replaced by {by}.")
    if "date" in values:
        text = _("{part} of {title} was replaced on {date} by {by}.")
    return text.format(**values)


def _successor_silent(values: Values) -> str:
    return _("{replaced} The newer one does not seem to say anything on this.").format(
        replaced=_replaced_by(values)
    )


def _review_due(values: Values) -> str:
    text = _("{title} says how often it is reviewed, but not when next.")
    if "date" in values:
        text = _("{title} is to be reviewed by {date}.")
    return text.format(**values)


_NOT_STATED: Mapping[str, LazyText] = {
    "author": LazyText("I found nobody named as the author of {title}."),
    "owner": LazyText("I found nobody named as the owner of {title}."),
    "approver": LazyText("I found nobody named who approved {title}."),
    "date": LazyText("I found no date in {title}."),
    "review": LazyText("I found nothing in {title} on when it is reviewed."),
    "validity": LazyText("I found nothing in {title} on how long it is valid."),
    "version": LazyText("I found no version in {title}."),
    "confirmation": LazyText("I found nobody who confirmed that {title} is still right."),
}


def _confirmed(values: Values) -> str:
    if "right" in values:
        by_owner = _("{title} was confirmed by its owner on {date}.")
        otherwise = _("{title} was confirmed on {date}.")
    else:
        by_owner = _("{title} is no longer right, as its owner said on {date}.")
        otherwise = _("{title} is no longer right, as was said on {date}.")
    return (by_owner if "owner" in values else otherwise).format(**values)


def _documents_by(values: Values) -> str:
    number = count_in(values)
    return ngettext(
        "{n:,} document{period} names {name} as its author or owner.",
        "{n:,} documents{period} name {name} as their author or owner.",
        number,
    ).format(n=number, period=period_text(values), name=values["name"])


def _due_for_review(values: Values) -> str:
    number = count_in(values)
    return ngettext(
        "{n:,} document is due for review, or no longer valid.",
        "{n:,} documents are due for review, or no longer valid.",
        number,
    ).format(n=number)


def _changed_since(values: Values) -> str:
    number = count_in(values)
    said = ngettext(
        "{n:,} document was added or changed{period}.",
        "{n:,} documents were added or changed{period}.",
        number,
    ).format(n=number, period=period_text(values, _(" on {first}")))
    return f"{said} {_old_beside_new(values)}".rstrip()


def _nothing_changed(values: Values) -> str:
    return _("I know of no document that was added or changed{period}.").format(
        period=period_text(values, _(" on {first}"))
    )


def _changed(values: Values) -> str:
    number = count_in(values)
    said = ngettext(
        "{title} changed on {date}.", "{title} changed {n:,} times, last on {date}.", number
    ).format(n=number, title=values["title"], date=values["date"])
    return f"{said} {_old_beside_new(values)}".rstrip()


def _old_beside_new(values: Values) -> str:
    if "changes" not in values:
        return ""
    return _("{changes} shows old beside new.").format(changes=values["changes"])


def _changed_last_seen(values: Values) -> str:
    if "changes" not in values:
        return _("That is switched off on this server.")
    return _("{changes} shows what changed since you looked last.").format(
        changes=values["changes"]
    )


def _compared(values: Values) -> str:
    beside = _("{one} beside {other}")
    if "written" in values:
        beside = _("{one} of {written} beside {other} of {date}")
    counted = _(
        "passages that differ {differ:,}, only in the first {only_one:,}, "
        "only in the second {only_other:,}; sentences that agree {agree:,}."
    )
    said = f"{beside.format(**values)}: {counted.format(**values)}"
    if "compare" not in values:
        return said
    shows = _("{compare} shows them.")
    if values["quoted"]:
        shows = _("The first, each above what it was before; {compare} shows all:")
    return f"{said} {shows.format(**values)}"


def _said_since(values: Values) -> str:
    if "written" in values:
        text = _("{title} says this since {date}; the version before, of {written}, does not.")
    else:
        text = _("{title} says this since {date}; I know of no version before that.")
    return text.format(**values)


def _language(values: Values) -> str:
    read = [str(LANGUAGE_NAMES[code]) for code in str(values["read"]).split(_(", "))]
    return _(
        "Your question looks like {asked}. I read {read}, and may miss what is asked or written in "
        "another language."
    ).format(asked=LANGUAGE_NAMES[str(values["asked"])], read=_(", ").join(read))


_TEXTS: Mapping[Says, LazyText | Callable[[Values], str]] = {
    # A text with the values of the reply in it; a function where a number changes the words.
    Says.GREETING: LazyText("Hello! Ask me anything that the documents may say; {help} shows how."),
    Says.THANKS: LazyText("You are welcome. {help} shows what else I can do."),
    Says.FAREWELL: LazyText("Goodbye! I am here when you need something from the documents."),
    Says.AGREEMENT: LazyText("Good. Ask on whenever you like; {help} shows what else I can do."),
    Says.APOLOGY: LazyText(
        "Sorry that this did not help. Other words may find more, and {help} shows what else you "
        "can try."
    ),
    Says.NO_MATTER: LazyText("No harm done. Ask on whenever you like."),
    Says.UNCLEAR: LazyText(
        "I cannot tell what you ask about. Name the thing, the place or the document, and I look "
        "again."
    ),
    Says.DIFFER: LazyText("The documents differ on this, and I cannot tell which is right:"),
    Says.DIFFERS_WITHIN: LazyText(
        "{title} says two things about this, and I cannot tell which is right:"
    ),
    Says.NO_DIFFERENCE: LazyText(
        "I found no contradiction on this, and may have missed one. This is what they say:"
    ),
    Says.INSTEAD: LazyText("That is not what I found. The documents say this instead:"),
    Says.HELP: LazyText(
        "Ask me a question in your own words, and I look for the passages in the documents that "
        "answer it. I can also list the documents, sum one up, and read its tables. {help} shows "
        "all that I can do."
    ),
    Says.WHO: LazyText(
        "I am Briefing Bot. I answer questions from the documents of this team, word for word, and "
        "say where each passage stands. {help} shows what I can do."
    ),
    Says.IN_DOCUMENT: LazyText("From {titles}, which you named."),
    Says.NOT_IN_DOCUMENT: LazyText(
        "I found no answer in {titles}, which you named, and looked in all documents."
    ),
    Says.LANGUAGE: _language,
    Says.HOW: LazyText(
        "I look for the passages nearest to your question, weigh each sentence, and show the "
        "best exactly as they stand, with their source. I write nothing of my own, and ask no "
        "other service. {help} shows what I can do."
    ),
    # The collection
    Says.NO_DOCUMENTS: LazyText("There are no documents yet that may be shown here."),
    Says.DOCUMENT_COUNT: _document_count,
    Says.MENTIONED_IN: _mentioned_in,
    Says.NOT_MENTIONED: _not_mentioned,
    Says.LATEST: _latest,
    Says.OLDEST: _oldest,
    Says.NEW_SINCE: _new_since,
    Says.NOTHING_NEW: _nothing_new,
    Says.UNDATED: _undated,
    Says.WRITTEN_BY: LazyText("{title} was written by {people}."),
    Says.OWNED_BY: LazyText("{title} is owned by {people}."),
    Says.APPROVED_BY: LazyText("{title} was approved by {people}."),
    Says.DATED: _dated,
    Says.VERSION: LazyText("{title} says that it is version {version}."),
    Says.IN_FORCE_FROM: LazyText("{title} is in force since {date}."),
    Says.NOT_YET_IN_FORCE: LazyText("{title} is not yet in force: it will be from {date} on."),
    Says.VALID_UNTIL: LazyText("{title} is valid until {date}."),
    Says.EXPIRED: LazyText("{title} was valid until {date}, and is no longer."),
    Says.REPLACED: LazyText("{title} says itself that it no longer holds."),
    Says.REPLACED_BY: _replaced_by,
    Says.SECTION_REPLACED: _section_replaced,
    Says.HOLDS: LazyText("Nothing in the documents says that {title} no longer holds."),
    Says.SUCCESSOR_SILENT: _successor_silent,
    Says.REVIEW_DUE: _review_due,
    Says.REVIEW_OVERDUE: LazyText("{title} was to be reviewed by {date}."),
    Says.OF_THE_FILE: LazyText("That is from the properties of the file, not from its text."),
    Says.NOT_STATED: lambda values: _NOT_STATED[str(values["what"])].format(**values),
    Says.CONFIRMED: _confirmed,
    Says.NEWER: LazyText("There is a newer one: {title}, of {date}."),
    Says.DOCUMENTS_BY: _documents_by,
    Says.DUE_FOR_REVIEW: _due_for_review,
    Says.NOTHING_DUE: LazyText("No document is due for review."),
    Says.CHANGED_SINCE: _changed_since,
    Says.NOTHING_CHANGED: _nothing_changed,
    Says.CHANGED: _changed,
    Says.CHANGED_LAST_SEEN: _changed_last_seen,
    Says.COMPARED: _compared,
    Says.SAID_SINCE: _said_since,
    Says.CARD: LazyText("Here is {title}."),
    Says.HAPPENED: dated_statements,
    Says.LISTED: list_found,
    Says.LISTABLE: list_offer,
}


def reply_text(
    reply: Reply,
    *,
    where: Surface,
    escape: Callable[[str], str] = visible_line,
    off: Container[str] = (),
) -> str:
    """Return the words of a reply; `escape` makes each value ready to be shown at `where`.

    Commands that are `off` there are not named. What would only name one is empty.
    """
    commands = {"changes": where.command("changes"), "compare": where.command("compare")}
    commands |= {"list": where.listing}
    values: dict[str, str | int] = {"help": where.help}
    values |= {name: said for name, said in commands.items() if name not in off}
    for name, value in reply.values.items():
        if isinstance(value, int):
            values[name] = value
        else:
            texts = (value,) if isinstance(value, str) else value
            texts = tuple(map(written_day, texts)) if name in _DATES else texts
            values[name] = _(", ").join(map(escape, texts))
    text = _TEXTS[reply.says]
    return text(values) if callable(text) else text.format(**values)
