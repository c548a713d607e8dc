"""Finds the passages that bear on a question: two searches, fused, and the best read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from index.answering.scope import Candidate
from index.answering.scope.stopwatch import Stopwatch
from index.answering.tuning import Tuning
from index.ports import Embedder, Filter, Reader, VectorIndex, Vectors
from index.store.generation import Generation
from index.store.words.lexical import content_words
from index.store.words.name_index import name_terms

_MOST_COMPARED = 1_000
"""Passages of a document, in which the one is sought that stands in place of another."""
_Found = list[tuple[int, float]]
"""Keys with their scores, the best first."""


def retrieve(
    question: str,
    generation: Generation,
    embedder: Embedder,
    reader: Reader,
    tuning: Tuning,
    *,
    read: int,
    kept: int,
    stopwatch: Stopwatch,
    allowed: Filter | None = None,
    names: Collection[str] | None = None,
    holding_version: Callable[[str], str] | None = None,
) -> list[Candidate]:
    """Return at most `kept` passages, best first; the reader scores the first `read` of them.

    With `allowed`, all other passages are ignored as if they did not exist; `names` are those
    of their documents. `holding_version` returns the version of a document that holds: its nearest
    passage is read before that of another.
    """
    with stopwatch("documents"):
        documents: Mapping[str, float] = {}
        if tuning.document_weight:
            search = generation.catalog.search_documents
            documents = search(question, tuning.candidates, names)
        favoured = _favoured(documents, tuning)
        words = {name: generation.catalog.document_words(name) for name in favoured}
    fused = fuse(*_search(question, generation, embedder, tuning, stopwatch, allowed), tuning)
    if favoured:
        inside = _rest_of(question, frozenset().union(*words.values()))
        within = generation.catalog.filter_of(favoured)
        found = _search(inside, generation, embedder, tuning, stopwatch, within)
        fused = {
            key: max(fused.get(key, 0.0), score)
            for key, score in (*fused.items(), *fuse(*found, tuning).items())
        }
    if documents:
        fused = lift(fused, generation.catalog.documents_of(list(fused)), documents, tuning)
    if holding_version:
        fused = _with_versions(fused, generation, holding_version, read)
    keys = list(fused)[: max(kept, read)]
    with stopwatch("fetch"):
        passages = generation.catalog.passages(keys)
    candidates = [
        Candidate(key, passages[key], fused[key])
        for key in keys
        if any(character.isalnum() for character in passages[key].text)
    ]
    if favoured:
        said = generation.catalog.said_by_documents(question, favoured)
        candidates = [_marked_down(each, favoured, said, tuning) for each in candidates]
    with stopwatch("read"):
        scored = _read(question, candidates[:read], words, reader)
    return (rank(scored, tuning) + candidates[read:])[:kept]


def _with_versions(
    fused: Mapping[int, float],
    generation: Generation,
    holding_version: Callable[[str], str],
    read: int,
) -> Mapping[int, float]:
    """Return the fused scores, each passage after the nearest one of the version that holds."""
    catalog, vectors = generation.catalog, generation.vectors
    keys = list(fused)[:read]
    document_of = catalog.documents_of(keys)
    holding_of = {name: holding_version(name) for name in document_of.values()}
    others = {holding for name, holding in holding_of.items() if holding != name}
    keys_of = catalog.keys_of_each(others) if others else {}
    ordered: dict[int, float] = {}
    for key in keys:
        holding = holding_of[document_of[key]]
        if holding != document_of[key] and (theirs := keys_of.get(holding, [])[:_MOST_COMPARED]):
            nearest = (vectors.get(theirs) @ vectors.get([key])[0]).argmax()
            at = theirs[int(nearest)]
            ordered.setdefault(at, max(fused[key], fused.get(at, 0.0)))
        ordered.setdefault(key, fused[key])
    return {**ordered, **{key: score for key, score in fused.items() if key not in ordered}}


def read_candidates(
    question: str, candidates: Sequence[Candidate], reader: Reader
) -> list[Candidate]:
    """Return the candidates with the reader's scores."""
    read = reader.read(question, [candidate.passage for candidate in candidates])
    return [
        replace(candidate, passage_scores=scores)
        for candidate, scores in zip(candidates, read, strict=True)
    ]


def _read(
    question: str,
    candidates: Sequence[Candidate],
    words: Mapping[str, Collection[str]],
    reader: Reader,
) -> list[Candidate]:
    """Return the candidates with the reader's scores.

    Of a document that is favoured, by the words in its names, no passage need repeat the names that
    the question has, and hardly any does.
    """
    asked: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        said = words.get(candidate.passage.document)
        text = question if said is None else _unsaid(question, said, candidate.passage.index_text)
        asked.setdefault(text, []).append(candidate)
    return [
        scored for text, those in asked.items() for scored in read_candidates(text, those, reader)
    ]


def _unsaid(question: str, said: Collection[str], text: str) -> str:
    """Return the question without the names and years that stand in the document's name only."""
    known = {*name_terms(text)}
    kept = [
        word
        for word in question.split()
        if not (terms := set(name_terms(word)))
        or word.islower()
        or not terms <= set(said)
        or terms & known
    ]
    return " ".join(kept)


def rank(candidates: Sequence[Candidate], tuning: Tuning) -> list[Candidate]:
    """Return the candidates that were read, the best first.

    Equal ones are in order of name and place: a key tells when a document was last indexed, which
    an attachment that may not be seen can cause.
    """
    return sorted(
        candidates,
        key=lambda each: (-each.score(tuning), each.passage.document, each.passage.span.start),
    )


def _search(
    question: str,
    generation: Generation,
    embedder: Embedder,
    tuning: Tuning,
    stopwatch: Stopwatch,
    allowed: Filter | None,
) -> tuple[_Found, _Found]:
    """Return what the dense and the lexical search find."""
    dense: _Found = []
    lexical: _Found = []
    if tuning.dense_weight:
        with stopwatch("embed"):
            vector = embedder.embed_query(question)
        with stopwatch("dense"):
            dense = generation.nearest(vector, tuning.candidates, allowed)
    if tuning.lexical_weight:
        with stopwatch("lexical"):
            lexical = generation.catalog.search(question, tuning.candidates, allowed)
    if tuning.dense_weight and tuning.complete_cosines:
        with stopwatch("dense"):
            dense = complete(dense, lexical, vector, generation.vectors)
    return dense, lexical


def _favoured(documents: Mapping[str, float], tuning: Tuning) -> list[str]:
    """Return the documents that fit far better than others, by name."""
    best = max(documents.values(), default=0.0)
    if best < tuning.least_favoured:
        return []
    favoured = [name for name, score in documents.items() if score >= tuning.favoured_share * best]
    return favoured if len(favoured) <= tuning.most_favoured else []


def _marked_down(
    candidate: Candidate, favoured: Collection[str], said: Collection[str], tuning: Tuning
) -> Candidate:
    """Return a candidate with less score, as far as it lacks the terms that favour others."""
    passage = candidate.passage
    if passage.document in favoured or not said:
        return candidate
    missing = len(set(said).difference(name_terms(passage.index_text))) / len(said)
    return replace(candidate, fused=candidate.fused - tuning.missing_names * missing)


def _rest_of(question: str, words: Collection[str]) -> str:
    """Return the question without the words that the documents' names have said already."""
    kept = [
        word
        for word in question.split()
        if not (terms := name_terms(word)) or set(terms) - set(words)
    ]
    rest = " ".join(kept)
    return (
        rest
        if any(term not in words for term in name_terms(rest)) and content_words(rest)
        else question
    )


def lift(
    fused: Mapping[int, float],
    document_of: Mapping[int, str],
    documents: Mapping[str, float],
    tuning: Tuning,
) -> Mapping[int, float]:
    """Return the fused scores with those of the passages' documents, the best first."""
    weight = tuning.document_weight
    lifted = {
        key: (score + weight * documents.get(document_of[key], 0.0)) for key, score in fused.items()
    }
    return dict(sorted(lifted.items(), key=lambda item: (-item[1], item[0])))


def complete(
    dense: Sequence[tuple[int, float]],
    lexical: Sequence[tuple[int, float]],
    vector: Vectors,
    vectors: VectorIndex,
) -> _Found:
    """Return the dense list, then the cosines of passages that only the lexical search found."""
    known = {key for key, _ in dense}
    keys = [key for key, _ in lexical if key not in known]
    if not keys:
        return list(dense)
    return [*dense, *zip(keys, (vectors.get(keys) @ vector).tolist(), strict=True)]


def fuse(
    dense: Sequence[tuple[int, float]], lexical: Sequence[tuple[int, float]], tuning: Tuning
) -> Mapping[int, float]:
    """Return key to score in [0, 1], best first: each list's scores over its greatest, weighted.

    On the development sets this puts the right passage first more often than reciprocal ranks do
    (docs/QUALITY.md), because it keeps how much better the first is than the second.
    """
    scores: dict[int, float] = {}
    for found, weight in ((dense, tuning.dense_weight), (lexical, tuning.lexical_weight)):
        top = max((score for _, score in found), default=0.0)
        if top <= 0:
            continue
        for key, score in found:
            scores[key] = scores.get(key, 0.0) + weight * max(0.0, score) / top
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))
