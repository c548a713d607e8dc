"""Puts right what was mistyped in a question, by words of the passages that may be seen."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

from index.errors import ModelUnavailable
from index.models.registry import PACKAGED_RERANKER, model_directory
from index.store.catalog import Catalog
from index.store.lexical import STOP_WORDS, WORD, tokens_of

__all__ = ["Speller", "english_words"]

_SHORTEST, _LONG = 4, 8
"""Letters of a word that is put right, and of one in which two slips may be."""
_MOST_WORDS = 64
"""Of a question of more different words, the first are put right. Each may take milliseconds."""
_CLEARLY = 4
"""How many times as often as any other a word must stand in the passages to be the one meant."""
_PREFIXES = (
    "anti co counter de dis extra in inter mis non over post pre re semi sub un under".split()
)
_SUFFIXES = "d ed es ing ly s".split()
_CONTRACTED = frozenset(
    "arent couldnt didnt doesnt dont hadnt hasnt havent hows isnt shouldnt thats theres theyre"
    " wasnt werent whats whens wheres whos wont wouldnt youre".split()
)


class Speller:
    """A word is left alone if a passage holds it, or if it is known: who asks for Iraq where the
    passages tell of Iran only must not get an answer."""

    def __init__(self, known: Collection[str]) -> None:
        """`known` are words in lower case."""
        self._known = frozenset(known) | STOP_WORDS | _CONTRACTED

    def corrected(
        self, question: str, catalog: Catalog, allowed: Sequence[int] | None = None
    ) -> str:
        """The question with each mistyped word as the passages of `allowed` (None: all) write
        it."""
        typed = list(dict.fromkeys(WORD.findall(question)))[:_MOST_WORDS]
        meant = {word: self._meant(word, catalog, allowed) for word in typed}
        return WORD.sub(lambda match: meant.get(match[0], match[0]), question)

    def _meant(self, typed: str, catalog: Catalog, allowed: Sequence[int] | None) -> str:
        word = typed.lower()
        if (
            len(word) < _SHORTEST
            or not word.isalpha()
            or (typed.isupper() and not typed.islower())
            or self._is_known(word)
            or catalog.document_frequency(word, allowed)
        ):
            return typed
        # Two slips in a name make another name.
        edits = 2 if len(word) >= _LONG and not typed[0].isupper() else 1
        near = catalog.near(word, edits)
        for distance in range(edits + 1):
            written = {
                other: forms
                for other in near
                if near[other] == distance and other.isalpha()
                if (forms := catalog.written(other, allowed))
            }
            if written:
                stems = Counter(
                    {tokens_of(w): catalog.document_frequency(w, allowed) for w in written}
                )
                (stem, most), *others = stems.most_common(2)
                if others and (len(word) <= _SHORTEST or most < _CLEARLY * others[0][1]):
                    return typed
                forms = sum((written[w] for w in written if tokens_of(w) == stem), Counter[str]())
                form = _as_typed(typed, forms)
                # The first letter is seldom mistyped, and a short word without it is another.
                is_likely = distance < 2 and len(word) > _SHORTEST
                return form if is_likely or form[0].lower() == word[0] else typed
        return typed

    def _is_known(self, word: str) -> bool:
        known = self._known
        return (
            word in known
            or any(word.startswith(p) and word.removeprefix(p) in known for p in _PREFIXES)
            or any(word.endswith(s) and word.removesuffix(s) in known for s in _SUFFIXES)
        )


def _as_typed(typed: str, forms: Counter[str]) -> str:
    # At the head of a sentence or in a title any word is written large.
    form = max(forms, key=lambda form: (form.islower(), forms[form]))
    return form[0].upper() + form[1:] if typed[0].isupper() else form


def english_words() -> set[str]:
    """Some 95,000 words and names: a list of words, and what the reader's tokenizer knows whole.

    Raises ModelUnavailable where the list is not installed.
    """
    spec = importlib.util.find_spec("symspellpy")
    if spec is None or not spec.submodule_search_locations:
        raise ModelUnavailable(
            "for spelling", "the package symspellpy is not installed", "Run `make setup`."
        )
    (listed,) = Path(spec.submodule_search_locations[0]).glob("frequency_dictionary_en_*.txt")
    tokenizer = json.loads((model_directory(PACKAGED_RERANKER) / "tokenizer.json").read_bytes())
    lines = listed.read_text("utf-8-sig").splitlines()
    return {line.partition(" ")[0] for line in lines} | set(tokenizer["model"]["vocab"])
