"""Training files as documents and questions about them.

Each document is a file as a team has them: text, a table as CSV, or records in Markdown. The gold
is where the parser puts the words, so that it fits what is indexed.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.chunking.sentences import sentence_spans
from index.document import BlockKind, Document, Span
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from tools.training.reader.phrasings import content_words

_COVID_EVERY = 2
"""Every second question of covid-qa is taken: its documents are as long as all the others'."""
_MOST_TURNS = 30
"""A question of qmsum whose answer is spread over more turns is one for a summary."""
_MOST_RECORDS = 40
_COMPUTED = re.compile(r"\b(?:difference|total|combined|average|sum|how many more)\b", re.I)
_SHORTEST_GOLD = 15
"""Characters. Spans of policyqa below it say little: "We", "you"."""


@dataclass(frozen=True, slots=True)
class TrainingQuestion:
    """A question about a document; without gold it has no answer there.

    `perhaps` are places that may answer as well: what lies in them is not taken for silent.
    `previous` holds the questions of the conversation before it, as they were typed.
    """

    question: str
    document: str
    gold: tuple[Span, ...]
    perhaps: tuple[Span, ...] = ()
    previous: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether anything in the document answers it."""
        return bool(self.gold)


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """`files` are contents by name, `texts` what the parser makes of them."""

    files: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    questions: list[TrainingQuestion] = field(default_factory=list)

    def add(self, name: str, content: str) -> Document:
        """Add a file, and return it parsed."""
        document = parse_bytes(content.encode(), name, Path(name).suffix, limits=ParsingLimits())
        self.files[name], self.texts[name] = content, document.text
        return document


def load_training(name: str, source: Path) -> TrainingSet:
    """Return a training file as documents and questions."""
    loader = _LOADERS.get(name)
    return loader(source) if loader else _contexts(name, source)


def load_team(folder: Path) -> TrainingSet:
    """Return the documents of an invented team, and what is asked of them.

    `questions.jsonl` has, for each question, its document, the quotes that answer, `gold`, those
    that may do so as well, `also`, and for a follow-up the questions before it, `previous`. Each
    quote stands once in the document's parsed text.
    """
    made = TrainingSet()
    documents = folder / "documents"
    for path in sorted(path for path in documents.rglob("*") if path.is_file()):
        made.add(path.relative_to(documents).as_posix(), path.read_text(encoding="utf-8"))
    for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = made.texts[row["document"]]
        gold, also = (
            tuple(Span(text.index(quote), text.index(quote) + len(quote)) for quote in row[key])
            for key in ("gold", "also")
        )
        previous = tuple(row.get("previous", ()))
        made.questions.append(
            TrainingQuestion(row["question"], row["document"], gold, also, previous)
        )
    return made


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _named(name: str, identity: str, suffix: str = ".txt") -> str:
    return f"{name}-{hashlib.sha256(identity.encode()).hexdigest()[:12]}{suffix}"


def _contexts(name: str, source: Path) -> TrainingSet:
    """Return a file of contexts.

    The contexts below one title are one document. A context without a title, or of nq-oracle, is a
    document of its own.
    """
    rows = _rows(source)
    if name == "covid-qa":
        rows = rows[::_COVID_EVERY]
    made = TrainingSet()
    places: dict[tuple[str, str], int] = {}
    for row in rows:
        title, context = str(row["title"]), str(row["context"])
        alone = not title or name == "nq-oracle"
        document = _named(name, f"{title}\0{context}" if alone else title)
        if (document, context) not in places:
            before = made.files.get(document, title)
            text = f"{before}\n\n{context}" if before else context
            places[document, context] = len(text) - len(context)
            made.files[document] = made.texts[document] = text
        offset = places[document, context]
        gold = tuple(Span(offset + start, offset + end) for start, end in row["gold"])
        made.questions.append(TrainingQuestion(row["question"], document, gold))
    return made


def _policies(source: Path) -> TrainingSet:
    """Return policyqa; what is asked of one policy in the same words is one question.

    Nearly the same is asked in many words, so a policy's other passages may answer too.
    """
    made = _contexts("policyqa", source)
    asked: dict[tuple[str, str], list[Span]] = {}
    for one in made.questions:
        long = [gold for gold in one.gold if len(gold) >= _SHORTEST_GOLD]
        asked.setdefault((one.question, one.document), []).extend(long or one.gold)
    made.questions[:] = [
        TrainingQuestion(
            question, document, tuple(dict.fromkeys(gold)), (Span(0, len(made.texts[document])),)
        )
        for (question, document), gold in asked.items()
    ]
    return made


def _tables(source: Path) -> TrainingSet:
    """Return the tables as CSV, and some of them as records: a heading a row, an item a cell.

    The gold is the row, and in records the cell, which may be the heading. Questions that no cell
    answers, because they want a count or a comparison, are left out.
    """
    tables = {str(row["id"]): row for row in _rows(source)}
    asked: dict[str, list[dict[str, Any]]] = {}
    for question in _rows(source.with_name("wikitable-questions.jsonl.gz")):
        if question["cells"]:
            asked.setdefault(str(question["table"]), []).append(question)
    made = TrainingSet()
    for identity, questions in asked.items():
        header = [_line(cell) for cell in tables[identity]["header"]]
        rows = [[_line(cell) for cell in row] for row in tables[identity]["rows"]]
        digest = hashlib.sha256(identity.encode()).hexdigest()[:12]
        stem = "-".join(re.findall(r"\w+", " ".join(header[:4]).lower())[:5]) or "table"
        as_records = int(digest[-1], 16) % 2 == 0 and _are_records(rows)
        suffix = "md" if as_records else "csv"
        name = f"{digest}/{stem}.{suffix}"
        content = _as_records(header, rows) if as_records else _as_csv(header, rows)
        spans = _cells if as_records else _whole_rows
        place = spans(made.add(name, content), header, rows)
        for question in questions:
            gold = {place(row - 1, column) for row, column in question["cells"]}
            found = sorted(span for span in gold if span is not None)
            named = " ".join(" ".join(rows[row - 1]) for row, _ in question["cells"])
            if found and not _computed(question["question"], named):
                made.questions.append(TrainingQuestion(question["question"], name, tuple(found)))
    return made


def _computed(question: str, row: str) -> bool:
    """Return whether the cell is the answer by chance: it wants a count, and names no such row."""
    if _COMPUTED.search(question):
        return True
    counts = question.lower().startswith("how many") or "number of" in question.lower()
    return counts and not set(content_words(question)) & set(content_words(row))


_Place = Callable[[int, int], Span | None]


def _whole_rows(document: Document, _: Sequence[str], rows: Sequence[Sequence[str]]) -> _Place:
    spans = iter([block.span for block in document.blocks if block.kind is BlockKind.ROW])
    of = [next(spans, None) if any(row) else None for row in rows]
    return lambda row, _column: of[row] if 0 <= row < len(of) else None


def _cells(document: Document, header: Sequence[str], rows: Sequence[Sequence[str]]) -> _Place:
    places: dict[tuple[int, int], Span] = {}
    headings = [b.span for b in document.blocks if b.kind is BlockKind.HEADING][1:]
    ends = [heading.start for heading in headings[1:]] + [len(document.text)]
    for number, (heading, end) in enumerate(zip(headings, ends, strict=True)):
        places[number, 0] = heading
        items = [
            block.span
            for block in document.blocks
            if block.kind is BlockKind.ITEM and heading.end <= block.span.start < end
        ]
        told = [n for n, cell in enumerate(rows[number]) if n and cell and n < len(header)]
        places |= {(number, n): item for n, item in zip(told, items, strict=False)}
    return lambda row, column: places.get((row, column))


def _are_records(rows: Sequence[Sequence[str]]) -> bool:
    names = [row[0] for row in rows if row]
    return (
        len(rows) <= _MOST_RECORDS
        and len(set(names)) == len(rows)
        and all(re.search(r"[^\W\d]", name) for name in names)
    )


def _as_records(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"# {', '.join(cell for cell in header[:3] if cell) or 'Records'}", ""]
    for row in rows:
        lines += [f"## {_plain(row[0])}", ""]
        cells = list(zip(header, row, strict=False))[1:]
        lines += [f"- {_plain(name)}: {_plain(cell)}" for name, cell in cells if cell]
        lines.append("")
    return "\n".join(lines)


def _as_csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(header)
    writer.writerows(row for row in rows if any(row))
    return written.getvalue()


def _line(cell: str) -> str:
    return " ".join(str(cell).split())


def _plain(text: str) -> str:
    """Return a text without what Markdown would take for marks."""
    return re.sub(r"[*_`<>\[\]#|\\~]", " ", text).strip() or "–"


def _meetings(source: Path) -> TrainingSet:
    """Return the meetings, a turn a paragraph; the gold are the sentences that carry the answer.

    The file names a stretch of turns. Of its sentences, those that share most words with the
    written answer are the gold, and the whole stretch may answer.
    """
    made = TrainingSet()
    for row in _rows(source):
        turns = [re.sub(r"\s+", " ", re.sub(r"\{[^}]*\}", "", turn)) for turn in row["meeting"]]
        text, places = "Meeting", list[Span]()
        for turn in map(untokenized, turns):
            places.append(Span(len(text) + 2, len(text) + 2 + len(turn)))
            text += f"\n\n{turn}"
        name = _named("qmsum", text)
        made.files[name] = made.texts[name] = text
        for query in row["queries"]:
            spoken = [n for first, last in query["turns"] for n in range(first, last + 1)]
            if len(spoken) > _MOST_TURNS or query["query"].startswith("Summar"):
                continue
            stretch = tuple(places[n] for n in spoken if n < len(places) and len(places[n]))
            gold = _carrying(text, stretch, f"{query['query']} {query['answer']}")
            if gold:
                question = untokenized(query["query"])
                made.questions.append(TrainingQuestion(question, name, gold, stretch))
    return made


def _carrying(text: str, stretch: Iterable[Span], answer: str) -> tuple[Span, ...]:
    wanted = {word[:6] for word in content_words(answer)}
    shared = [
        (len(wanted & {word[:6] for word in content_words(sentence.of(text))}), sentence)
        for turn in stretch
        for sentence in sentence_spans(text, turn)
    ]
    best = sorted((one for one in shared if one[0] >= 3), key=lambda one: -one[0])[:3]
    return tuple(sorted(sentence for _, sentence in best))


def _articles(source: Path) -> TrainingSet:
    """Return the long articles of time-sensitive-qa, as people write: its text is in tokens."""
    made = TrainingSet()
    for row in _rows(source):
        text, places = "", list[tuple[int, list[int]]]()
        for paragraph in row["paragraphs"]:
            words, moved = _moved(paragraph)
            text += "\n\n" if text else ""
            places.append((len(text), moved))
            text += words
        name = _named("time-sensitive-qa", text)
        made.files[name] = made.texts[name] = text
        for question in row["questions"]:
            gold = []
            for paragraph, start, end in question["gold"]:
                at, moved = places[paragraph]
                gold.append(Span(at + moved[start], at + moved[end - 1] + 1))
            made.questions.append(TrainingQuestion(question["question"], name, tuple(gold)))
    return made


_GLUED = re.compile(r" (?=[.,;:!?)\]%]|'s\b|n't\b|'(?:ll|re|ve|d|m)\b)|(?<=[(\[$]) ")


def untokenized(text: str) -> str:
    """Return a tokenised text as people write it."""
    return _moved(text)[0]


def _moved(text: str) -> tuple[str, list[int]]:
    """Return the text without the spaces of tokens, and where each character has gone."""
    left = {match.start() for match in _GLUED.finditer(text)}
    moved, kept = list[int](), 0
    for place in range(len(text)):
        moved.append(kept)
        kept += place not in left
    return "".join(c for n, c in enumerate(text) if n not in left), moved


_LOADERS: Mapping[str, Callable[[Path], TrainingSet]] = {
    "policyqa": _policies,
    "wikitables": _tables,
    "qmsum": _meetings,
    "time-sensitive-qa": _articles,
}


def write_files(made: TrainingSet, folder: Path) -> None:
    """Write the set's files to `folder`, and remove others."""
    for path in list(_files(folder)):
        if path.relative_to(folder).as_posix() not in made.files:
            path.unlink()
    for name, content in made.files.items():
        path, data = folder / name, content.encode()
        if not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
