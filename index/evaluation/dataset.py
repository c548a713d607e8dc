"""Evaluation sets: questions with known evidence, and the documents to ask them of.

A set is a folder with two files of JSON Lines:

    docs.jsonl   {"id", "text"}: a document; offsets count in characters of its text, of which those
                 that are not seen are left out, as they are where it is read
    dev.jsonl    {"question", "answerable", "doc_id", "gold": [[start, end), ...]}
                 or {"question", "answerability", "contexts": [id, ...]}

`previous`, in both, holds what was said before: {"speaker": "user" or "agent", "text"}, the oldest
first. `contexts` are documents of which any one answers. `answerability` is "ANSWERABLE",
"UNANSWERABLE", or another word where it is neither, as in MTRAG (Katsis et al. 2025,
https://arxiv.org/abs/2501.03468).

The gold spans of a question are either alternatives, of which any one will do, or parts, of which
all are wanted. The caller may say which. Otherwise they are alternatives in a set where two spans
of one question overlap: annotators mark the same place differently, but parts do not overlap.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal, Protocol, TypeAlias, TypeVar

import numpy as np
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, model_validator

from index.answering.conversation import Message
from index.document import Span
from index.errors import BadEvaluationSet
from index.parsing.text.invisible import INVISIBLE

Gold: TypeAlias = Literal["any", "all"]
_SEED = 0
_FOLDER = "An evaluation set is a folder with docs.jsonl and dev.jsonl."


@dataclass(frozen=True, slots=True)
class ExpectedAnswer:
    """A question, and what is known about a good answer to it.

    `answerable` is None where it is not known whether the documents answer it. `documents` are
    those that an answer may quote; `places` are the gold spans, each with its document. Both may be
    empty.
    """

    question: str
    answerable: bool | None
    documents: frozenset[str] = frozenset()
    places: tuple[tuple[str, Span], ...] = ()
    previous: tuple[Message, ...] = ()


class EvaluationQuestion(BaseModel, frozen=True):
    """One line of dev.jsonl; other keys are ignored."""

    question: str = Field(min_length=1)
    answerable: bool | None
    doc_id: str | None = None
    gold: tuple[tuple[int, int], ...] = ()
    contexts: tuple[str, ...] = ()
    previous: tuple[Message, ...] = ()
    id: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _in_words(cls, row: object) -> object:
        """Take `answerability` where there is no `answerable`."""
        if not isinstance(row, dict) or "answerable" in row or "answerability" not in row:
            return row
        known = {"ANSWERABLE": True, "UNANSWERABLE": False}
        return {**row, "answerable": known.get(str(row["answerability"]))}

    @property
    def document(self) -> str | None:
        return None if self.doc_id is None else _file_name(self.doc_id)

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(Span(start, end) for start, end in self.gold)

    @property
    def expected(self) -> ExpectedAnswer:
        names = {_file_name(document) for document in self.contexts}
        places: tuple[tuple[str, Span], ...] = ()
        if self.document is not None:
            names.add(self.document)
            places = tuple((self.document, span) for span in self.spans)
        if self.answerable is not True:
            return ExpectedAnswer(self.question, self.answerable, previous=self.previous)
        return ExpectedAnswer(self.question, True, frozenset(names), places, self.previous)


class _DocumentRow(BaseModel, frozen=True):
    id: str = Field(min_length=1)
    text: str


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """`documents` are texts by file name; `gold` says whether any or all spans are wanted."""

    name: str
    documents: Mapping[str, str]
    questions: tuple[EvaluationQuestion, ...]
    gold: Gold

    def sample(self, size: int | None) -> tuple[EvaluationQuestion, ...]:
        """Return `size` questions (see `sample_of`); None takes all."""
        return sample_of(self.questions, size)


class _Answerable(Protocol):
    @property
    def answerable(self) -> bool | None: ...


_Sampled = TypeVar("_Sampled", bound=_Answerable)


def sample_of(questions: Sequence[_Sampled], size: int | None) -> tuple[_Sampled, ...]:
    """Return `size` of the questions, the same at every call; None takes all.

    They are taken evenly over the whole, and as far as possible in its proportion of answerable
    and unanswerable questions.
    """
    if size is None or size >= len(questions):
        return tuple(questions)
    # Systematic sampling of a sorted list keeps the proportions of the key it is sorted by.
    order = sorted(range(len(questions)), key=lambda n: not questions[n].answerable)
    offset = np.random.default_rng(_SEED).random()
    rows = [order[int((step + offset) * len(order) / size)] for step in range(size)]
    return tuple(questions[row] for row in sorted(rows))


def load_set(directory: Path, gold: Gold | None = None) -> EvaluationSet:
    """Load a set; raises BadEvaluationSet with the line that is wrong."""
    documents: dict[str, str] = {}
    for where, row in rows_of(directory / "docs.jsonl", _DocumentRow, _FOLDER):
        name = _file_name(row.id)
        if name in documents:
            raise BadEvaluationSet(f"{where}: another document would have the file {name} too.")
        documents[name] = row.text
    questions = []
    for where, question in rows_of(directory / "dev.jsonl", EvaluationQuestion, _FOLDER):
        text = documents.get(question.document or "")
        unknown = {_file_name(document) for document in question.contexts} - documents.keys()
        if unknown:
            raise BadEvaluationSet(f"{where}: no document is called {min(unknown)}.")
        if question.answerable and not question.contexts and (text is None or not question.gold):
            raise BadEvaluationSet(f"{where}: answerable, but without gold in a known document.")
        if any(not 0 <= start < end <= len(text or "") for start, end in question.gold):
            raise BadEvaluationSet(f"{where}: a gold span lies outside of its document.")
        questions.append(question.model_copy(update={"gold": _seen(question.gold, text or "")}))
    if not questions:
        raise BadEvaluationSet(f"{directory / 'dev.jsonl'} holds no question.")
    documents = {name: INVISIBLE.sub("", text) for name, text in documents.items()}
    derived: Gold = "any" if any(map(_overlapping, questions)) else "all"
    return EvaluationSet(directory.resolve().name, documents, tuple(questions), gold or derived)


def write_corpus(chosen: EvaluationSet, folder: Path) -> int:
    """Write the set's documents to `folder`, and return how many files had to be written.

    Files that are right already are left alone, so that reindexing finds nothing to do.
    """
    written = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.txt"):
            if path.name not in chosen.documents:
                path.unlink()
        for name, text in chosen.documents.items():
            path, content = folder / name, text.encode()
            if not path.is_file() or path.read_bytes() != content:
                path.write_bytes(content)
                written += 1
    except (OSError, ValueError) as exc:
        raise BadEvaluationSet(f"The set's documents cannot be put in {folder}: {exc}.") from exc
    return written


_Row = TypeVar("_Row")


def rows_of(path: Path, kind: type[_Row], hint: str) -> Iterator[tuple[str, _Row]]:
    """Yield each line of a JSON Lines file with its place; `kind` is a model or a dataclass.

    Raises BadEvaluationSet, with `hint` where there is no such file.
    """
    adapter = TypeAdapter(kind)
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    where = f"{path}, line {number}"
                    yield where, adapter.validate_json(line)
    except ValidationError as exc:
        problem = exc.errors()[0]
        field = ".".join(map(str, problem["loc"]))
        message = f"{field}: {problem['msg']}" if field else problem["msg"]
        raise BadEvaluationSet(f"{where}: {message}.") from exc
    except OSError as exc:
        raise BadEvaluationSet(f"{path} cannot be read ({exc.strerror}). {hint}") from exc


def _seen(spans: Sequence[tuple[int, int]], text: str) -> tuple[tuple[int, int], ...]:
    """Return spans of a text as they are without the characters that are not seen."""
    left_out = [found.start() for found in INVISIBLE.finditer(text)]
    return tuple(
        (start - bisect_left(left_out, start), end - bisect_left(left_out, end))
        for start, end in spans
    )


def _file_name(document_id: str) -> str:
    return f"{document_id.replace('/', '_')}.txt"


def _overlapping(question: EvaluationQuestion) -> bool:
    return any(span.overlaps(after) for span, after in pairwise(sorted(question.spans)))
