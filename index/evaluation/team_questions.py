"""A team's questions, for evaluating the index that answers the team.

A file of JSON Lines, one question each:

    {"question", "document", "excerpt", "answerable"}

`document` is the name of the document that an answer should quote, and `excerpt` words of it that
an answer should show; white space in it does not matter. `answerable` says whether the documents
answer the question at all. All but the question may be null or left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, Field

from index.document import Span
from index.errors import BadEvaluationSet
from index.evaluation.dataset import ExpectedAnswer, rows_of
from index.store.catalog.catalog import Catalog


class TeamQuestion(BaseModel, frozen=True):
    """One line of the file; other keys are ignored. `where` is set to its file and line."""

    question: str = Field(min_length=1)
    document: str | None = Field(default=None, min_length=1)
    excerpt: str | None = Field(default=None, pattern=r"\S")
    answerable: bool | None = None
    where: str = ""


def load_questions(path: Path) -> list[TeamQuestion]:
    """Load a file of questions; raises BadEvaluationSet with the line that is wrong."""
    hint = "A file of questions has one JSON object a line."
    questions = []
    for where, question in rows_of(path, TeamQuestion, hint):
        if question.excerpt and question.answerable is False:
            raise BadEvaluationSet(f"{where}: it has an excerpt to show, but is not answerable.")
        questions.append(question.model_copy(update={"where": where}))
    if not questions:
        raise BadEvaluationSet(f"{path} holds no question.")
    return questions


class Locator:
    """Finds the expected excerpts in the documents of one generation."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._squeezed: dict[str, str] = {}

    def __call__(self, asked: TeamQuestion) -> tuple[ExpectedAnswer, str | None]:
        """Return what a question expects, or a sentence on why the documents do not hold it."""
        wanted, excerpt = asked.document, asked.excerpt
        if asked.answerable is False or not (wanted or excerpt):
            return ExpectedAnswer(asked.question, asked.answerable), None
        unknown = ExpectedAnswer(asked.question, None)
        if wanted and wanted not in self._names:
            return unknown, f"{asked.where}: no document {wanted} is indexed (any more)."
        if not excerpt:
            assert wanted
            return ExpectedAnswer(asked.question, True, frozenset({wanted})), None
        names = [wanted] if wanted else sorted(self._names)
        places = tuple((name, span) for name in names for span in self._find(excerpt, name))
        if not places:
            where = wanted or "any document"
            return unknown, f"{asked.where}: the excerpt is not in {where} (any more)."
        return ExpectedAnswer(
            asked.question, True, frozenset(name for name, _ in places), places
        ), None

    @cached_property
    def _names(self) -> set[str]:
        return self._catalog.document_names()

    def _find(self, excerpt: str, name: str) -> Iterator[Span]:
        """Yield every place of the excerpt that does not overlap an earlier one."""
        wanted = "".join(excerpt.split())
        if name not in self._squeezed:
            self._squeezed[name] = "".join(self._text(name).split())
        at = self._squeezed[name].find(wanted)
        if at < 0:
            return
        offsets = [n for n, character in enumerate(self._text(name)) if not character.isspace()]
        while at >= 0:
            end = at + len(wanted)
            yield Span(offsets[at], offsets[end - 1] + 1)
            at = self._squeezed[name].find(wanted, end)

    def _text(self, name: str) -> str:
        document = self._catalog.document(name)
        return document.text if document else ""
