"""What of a response is shown, and by which documents it is answered."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from bot.access import Names
from index.answering.answer import QuestionKind, Response


def with_numbered_quotes(response: Response) -> Response:
    """Return the response with the quotes of listed documents numbered after its excerpts.

    A button that opens a quote knows it by its number.
    """
    numbers = count(len(response.excerpts) + len(response.closest) + 1)
    documents = tuple(
        replace(listed, quote=replace(listed.quote, number=next(numbers)))
        if listed.quote
        else listed
        for listed in response.documents
    )
    return replace(response, documents=documents)


def documents_without_excerpt(response: Response) -> set[str]:
    """Return documents that are shown, or whose words are in a choice, beside the excerpts."""
    found = {listed.name for listed in response.documents if not listed.quote}
    found |= {cell.document for value in response.computed for cell in value.cells}
    found |= {heading.document for heading in response.contents}
    found |= {choice.document for choice in response.choices if choice.document}
    found |= {each.replaced_by.document for each in response.standings if each.replaced_by}
    if response.choices:
        found |= {excerpt.document for excerpt in (*response.excerpts, *response.closest)}
    return found


def answers_beyond(response: Response, common: Names) -> bool:
    """Return whether it is answered, and best by a document that is not among the `common` ones.

    Where it takes several documents to answer, any of them counts.
    """
    if not response.answered:
        return False
    if response.kind is QuestionKind.FACT:
        return any(excerpt.document not in common for excerpt in response.excerpts[:1])
    shown = {excerpt.document for excerpt in response.excerpts}
    shown |= {listed.name for listed in response.documents}
    return not common >= shown | documents_without_excerpt(response)
