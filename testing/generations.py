"""What holds for every generation of an index."""

from __future__ import annotations

from index.store.generation import Generation
from testing.fakes import WordEmbedder


def documents(generation: Generation) -> dict[str, str]:
    catalog = generation.catalog
    found = {name: catalog.document(name) for name in catalog.document_names()}
    return {name: document.text for name, document in found.items() if document}


def assert_whole(generation: Generation) -> None:
    """Manifest, documents, passages, words and vectors agree with each other."""
    catalog, manifest = generation.catalog, generation.manifest
    texts = documents(generation)
    assert manifest.documents == len(texts)
    passages = [passage for name in texts for passage in catalog.passages_of(name)]
    assert manifest.passages == catalog.passage_count() == len(passages)
    assert len(generation.vectors) == len(passages)
    for passage in passages:
        assert passage.text == passage.span.of(texts[passage.document])
    found = generation.vectors.search(WordEmbedder().embed_query("state"), len(passages) + 1)
    keys = [key for key, _ in found]
    stored = catalog.passages(keys)
    assert {passage.id for passage in stored.values()} == {passage.id for passage in passages}
    expected = WordEmbedder().embed_passages([stored[key].index_text for key in keys])
    assert abs(generation.vectors.get(keys) - expected).max() < 1e-6
    assert {key for key, _ in catalog.search("state file more", 1000)} == set(keys)
