"""People who ask in a chat, and an engine that says what a test tells it to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.access import Audience, Person, Policy, Viewer
from bot.chat.question import ChatQuestion
from index.answering.answer import Excerpt, Response, SearchResult, Verdict
from index.document import Span
from index.rewriting import Turn

ANN, BEN, GUILD, CHANNEL = 11, 12, 20, 30
PLANNERS = Audience(roles=frozenset({5}))
POLICY = Policy(folders=(("norway/", PLANNERS),))
"""Only planners may see the document on the force; everybody may see that on the warehouse."""
FORCE, WAREHOUSE = "norway/force.md", "warehouse.txt"


def excerpt_of(document: str, number: int = 1) -> Excerpt:
    return Excerpt(number, "Yes.", document, "Title", (), None, Span(0, 4), "", 1.0)


@dataclass
class Seeing:
    """Those who see the answer; tests change `who` meanwhile."""

    who: Viewer

    async def __call__(self) -> Viewer:
        return self.who


def asked(
    question: str, person: int = ANN, *, planner: bool = True, **changes: Any
) -> ChatQuestion:
    """A question in the channel, seen by a person as they are unless `changes` say otherwise."""
    roles = frozenset({5}) if planner else frozenset[int]()
    viewer = Person(person, roles=roles, at_home=True)
    return replace(
        ChatQuestion(question, person, GUILD, CHANNEL, viewer, Seeing(viewer)), **changes
    )


@dataclass
class Scripted:
    """Answers with an excerpt on the warehouse, but for questions in `says`.

    It completes a question that begins with "and" by the question before it. `asked`,
    `conversations`, `documents` and `days` have what it was asked, in order.
    """

    says: dict[str, Response] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    conversations: list[list[Turn]] = field(default_factory=list)
    documents: list[Collection[str] | None] = field(default_factory=list)
    days: list[date | None] = field(default_factory=list)

    def ask(
        self,
        question: str,
        documents: Collection[str] | None = None,
        *,
        conversation: Sequence[Turn] = (),
        today: date | None = None,
    ) -> Response:
        self.asked.append(question)
        self.conversations.append(list(conversation))
        self.documents.append(documents)
        self.days.append(today)
        carried = question.startswith("and") and bool(conversation)
        whole = f"{conversation[-1].question} {question}" if carried else question
        said = self.says.get(question) or Response(
            "", Verdict.ANSWERED, 0.9, 1, excerpts=(excerpt_of(WAREHOUSE),)
        )
        return replace(said, question=whole, rewritten=whole, carried=carried)

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None
    ) -> SearchResult:
        self.documents.append(documents)
        return SearchResult(query, 1, {"total": 1.0}, ())
