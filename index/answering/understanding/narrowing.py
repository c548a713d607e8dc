"""Narrows a question to the documents that it points at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.answering.answer import Reply, Says
from index.answering.scope import Scope
from index.answering.tuning import Tuning
from index.answering.understanding.moments import asked_moment
from index.answering.understanding.names.document_names import NamedDocument, named_documents
from index.store.words.lexical import STOP_WORDS
from index.text import words_of


@dataclass(frozen=True, slots=True, eq=False)
class NarrowedQuestion:
    """What is asked of the documents that a question points at, in their `scope`.

    It is asked without their names, and as it was typed: a single word that is left is no question.
    """

    questions: tuple[str, ...]
    scope: Scope
    names: tuple[str, ...]
    titles: tuple[str, ...]

    def reply(self, says: Says) -> Reply:
        """Return a reply that names the documents."""
        return Reply(says, {"titles": self.titles})


def narrow(question: str, scope: Scope, tuning: Tuning) -> NarrowedQuestion | None:
    """Return what is asked of the documents that a question points at; None without any."""
    if scope.names is not None and not scope.names:
        return None
    with scope.stopwatch("documents"):
        named = [
            each
            for each in named_documents(question, scope)
            if each.pointed and each.sure >= tuning.sure_name
        ]
        if not named or len({each.name for each in named}) > tuning.most_named:
            return None
        names = tuple(dict.fromkeys(each.name for each in named))
        moment = asked_moment(question, scope.today)
        if moment.is_now:
            # What replaces a document that is named speaks for it.
            new = (scope.replaced[name].document for name in names if name in scope.replaced)
            names = tuple(dict.fromkeys((*names, *new)))
        allowed = scope.catalog.filter_of(names)
        inside = replace(scope, names=names, allowed=allowed, moment=moment)
    return NarrowedQuestion(_asked(question, named[0].rest), inside, names, _titles(named))


def _asked(question: str, rest: str) -> tuple[str, ...]:
    has_content = any(word not in STOP_WORDS for word in words_of(rest))
    return (rest, question) if has_content else (question,)


def _titles(named: Sequence[NamedDocument]) -> tuple[str, ...]:
    """Return the titles, each once; the file's name where two have the same."""
    titles = [each.title for each in named]
    return tuple(
        dict.fromkeys(
            each.title if titles.count(each.title) == 1 else each.name.rpartition("/")[2]
            for each in named
        )
    )
