"""How old an answer is: whether the documents still say what it showed, and a way to ask again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import look_up
from bot.discord.rendering.answers.watches import replaced_line
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.limits import shortened
from bot.discord.rendering.message import Button, MessagePart, with_button
from bot.library import ExcerptStatus, Library
from bot.localization import LazyText
from bot.records import Exchange
from bot.services import Services
from index.answering.answer import Verdict

GONE_SINCE = LazyText(
    "A document of this answer is no longer among those that I can show you: ask again."
)
CHANGED_SINCE = LazyText(
    "A document of this answer has changed since, and no longer says all of this: ask again."
)
MOVED_SINCE = LazyText(
    "A document of this answer has changed since; what is quoted still stands in it, so there is "
    "nothing to do."
)
NEAR_CHANGED = LazyText(
    "The documents have changed since: ask again, to see whether they answer now."
)
_HOLDS_NOW = LazyText("{replaced} Ask again for what holds now.")
_TITLE = 150
"""Units of a title."""
_ASK_AGAIN = LazyText("Ask again")


@dataclass(frozen=True, slots=True)
class Age:
    """What has become of an answer, in one line; `is_stale` where another may be given now.

    The line is plain text, with titles of documents in it.
    """

    line: str
    is_stale: bool = True


def age_of(services: Services, library: Library, exchange: Exchange) -> Age | None:
    """Return how old an answer is to those whose library it is; None where nothing is to be said.

    Blocks.
    """
    found = {library.locate(excerpt).status for excerpt in exchange.excerpts}
    if exchange.verdict is Verdict.SILENT:
        return Age(str(NEAR_CHANGED)) if found - {ExcerptStatus.SAME} else None
    if ExcerptStatus.GONE in found:
        return Age(str(GONE_SINCE))
    documents = {excerpt.document for excerpt in exchange.excerpts}
    replaced = services.watching.replaced_since(
        documents, library.generation_and_names()[1], exchange.at
    )
    if replaced:
        return Age(_HOLDS_NOW.format(replaced=replaced_line(replaced[0], _named)))
    if ExcerptStatus.CHANGED in found:
        return Age(str(CHANGED_SINCE))
    return Age(str(MOVED_SINCE), is_stale=False) if ExcerptStatus.MOVED in found else None


def _named(title: str) -> str:
    return f"“{shortened(title, _TITLE)}”"


def again_button(exchange: Exchange) -> Button:
    return Button(str(_ASK_AGAIN), f"w:again:{exchange.id}")


async def with_age(interaction: Interaction, part: MessagePart, exchange: Exchange) -> MessagePart:
    """Return what the person who clicked is told, with how old the answer is, if it is."""
    services = interaction.client.services
    age = await look_up(interaction, lambda library: age_of(services, library, exchange))
    if age is None:
        return part
    part = replace(part, content=f"{part.content}\n{escape_line(age.line)}".strip())
    return with_ask_again(part, exchange) if age.is_stale else part


def with_ask_again(part: MessagePart, exchange: Exchange) -> MessagePart:
    return with_button(part, again_button(exchange))
