"""The lexical index through the catalog that holds it."""

from __future__ import annotations

import math
import sqlite3
import tracemalloc
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunking.chunker import ChunkLimits, split
from index.store.catalog.catalog import Catalog
from index.store.segments.segment import MappedTokens, PostingList, Rows
from index.store.words import tokens as tokenizing
from index.store.words.lexical import content_words
from index.store.words.tokens import OF_TEXTS, know_tokens, tokens_of
from index.text import LONGEST_KEPT
from testing.fakes import count_words, document_of

DOCUMENTS = {
    "norway.txt": "Prime Minister Støre said that troops would monitor borders.",
    "france.txt": "Président Élysée café résumé.",
    "turkey.txt": "Talks in İstanbul ended.",
    "code.txt": "call my_function with C++ and AT&T near the end NEAR NOT OR AND",
    "japan.txt": "東京 で 会議",
    "india.txt": "हिन्दी में समाचार",
}


LONG, SHORT = ChunkLimits(), ChunkLimits(target=4, most=8, short=2)


def catalog_of(path: Path, texts: Mapping[str, str], limits: ChunkLimits = LONG) -> Catalog:
    """By document name; a document's title is its name."""
    catalog = Catalog.create(path)
    for name, text in texts.items():
        document = document_of(*text.splitlines(), name=name)
        catalog.put_document(document, "")
        for passage in split(document, count_words, limits):
            catalog.put_passage(passage, b"")
    return catalog


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    catalog = catalog_of(tmp_path_factory.mktemp("catalog") / "catalog.sqlite", DOCUMENTS)
    yield catalog
    catalog.close()


def found(catalog: Catalog, question: str) -> list[str]:
    keys = [key for key, _ in catalog.search(question, 10)]
    passages = catalog.passages(keys)
    return [passages[key].document for key in keys]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What would the troops monitor?", ["norway.txt"]),
        ("monitoring a border", ["norway.txt"]),  # the stemmer's doing
        ("TROOPS", ["norway.txt"]),
        ("elysee cafe", ["france.txt"]),
        ("ÉLYSÉE", ["france.txt"]),
        (unicodedata.normalize("NFD", "résumé"), ["france.txt"]),
        ("istanbul", ["turkey.txt"]),
        ("İstanbul", ["turkey.txt"]),
        ("東京", ["japan.txt"]),
        ("हिन्दी", ["india.txt"]),
        ("my_function", ["code.txt"]),
        ("c++", ["code.txt"]),
        ("submarine", []),
        ("𞤀𞤣𞤤𞤢𞤥", []),  # letters that are newer than FTS5's
    ],
)
def test_words_are_found(catalog: Catalog, question: str, names: list[str]) -> None:
    assert found(catalog, question) == names


SPELLINGS = ["Støre", "Stoere", "Store"], ["Müller", "Mueller", "Muller"], ["Ås", "Aas"]


@pytest.mark.parametrize("spellings", [*SPELLINGS, ["Straße", "Strasse"], ["Łódź", "Lodz"]])
def test_spellings_of_one_name_find_each_other(tmp_path: Path, spellings: list[str]) -> None:
    texts = {name: f"Then {name} spoke of troops." for name in spellings}
    catalog = catalog_of(tmp_path / "c", {**texts, "other": "A word on troops."})
    for name in spellings:
        assert sorted(found(catalog, f"what {name.lower()} said")) == sorted(spellings)
        assert catalog.coverage(name, [])[name.lower()] == (len(spellings), frozenset())
    catalog.close()


def test_words_that_only_look_like_spellings_of_one_are_kept_apart(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path / "c", {"a": "The poet spoke.", "b": "The pot broke."})
    assert found(catalog, "poet") == ["a"]
    assert found(catalog, "pot") == ["b"]
    catalog.close()


@pytest.mark.parametrize(
    "question",
    [
        '"',
        'troops "unclosed',
        "troops AND",
        "NOT troops",
        "NEAR(troops borders, 2)",
        "troops*",
        "^troops",
        "-troops",
        "body:troops",
        "{context body}: troops",
        "troops + borders",
        "(troops",
        "troops; DROP TABLE passages",
        "troops\0borders",
        "_ troops ² ½ _",
    ],
)
def test_syntax_in_a_question_is_harmless(catalog: Catalog, question: str) -> None:
    assert ("norway.txt" in found(catalog, question)) is ("troops" in question)
    assert catalog.passage_count() == len(DOCUMENTS)


@pytest.mark.parametrize("question", ["", " \n", "?!", "😀😀", "-*^\"'"])
def test_a_question_without_a_word_finds_nothing(catalog: Catalog, question: str) -> None:
    assert content_words(question) == []
    assert catalog.search(question, 5) == []


@given(st.text(max_size=40))
def test_no_question_is_an_error(catalog: Catalog, question: str) -> None:
    for key, score in catalog.search(question, 5):
        assert key
        assert score > 0


def test_words_that_every_text_holds_are_left_out_unless_there_are_no_others() -> None:
    assert content_words("What would the Troops of the troops do?") == ["troops"]
    assert content_words("What is it?") == ["what", "is", "it"]


def test_of_a_very_long_question_the_first_words_are_looked_up(catalog: Catalog) -> None:
    question = " ".join(f"word{n}" for n in range(5000))
    assert content_words(question) == [f"word{n}" for n in range(64)]
    assert found(catalog, f"troops {question}") == ["norway.txt"]


JOINER = "\u0345"
"""A mark on a letter, at which FTS5 cuts."""


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens whose places were read, in order."""
    tokens: list[str] = []
    held = MappedTokens.postings

    def noted(
        blocks: MappedTokens, token: str, starts: Rows, stops: Rows, *, places: bool = False
    ) -> PostingList:
        tokens.append(token)
        return held(blocks, token, starts, stops, places=places)

    monkeypatch.setattr(MappedTokens, "postings", noted)
    return tokens


def test_tokens_are_found_all_at_once_and_are_those_of_each_word() -> None:
    words = [*map(str, range(10_000, 10_040)), "réunions", "東京", "☃", JOINER.join(["a", "b"])]
    one_by_one = {word: tokens_of(word) for word in words}
    tokenizing._known_tokens.clear()
    statements: list[str] = []
    tokenizing._tokenizer().set_trace_callback(statements.append)
    try:
        know_tokens(frozenset(words))
        assert len([each for each in statements if each.startswith("SELECT")]) == 1
        statements.clear()
        assert {word: tokens_of(word) for word in words} == one_by_one
        assert not statements
    finally:
        tokenizing._tokenizer().set_trace_callback(None)


def test_only_so_many_words_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenizing, "_TOKENS_KNOWN", 50)
    know_tokens(frozenset(map(str, range(80))))
    for number in range(200):
        assert tokens_of(f"word{number}") == (f"word{number}",)
        assert len(tokenizing._known_tokens) <= 50


def test_a_word_is_looked_up_by_its_first_tokens(tmp_path: Path, looked_up: list[str]) -> None:
    catalog = catalog_of(tmp_path / "c", {"a": "the " * 50, "b": "the end"})
    word = JOINER.join(["the"] * 499)
    assert content_words(word) == [word]
    assert len(tokens_of(word)) == 499
    assert found(catalog, word) == ["a"]
    assert looked_up == ["the"] * 8
    catalog.close()


def test_of_a_word_the_places_of_one_token_are_held(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path / "c", {"a": "the " * 5_000})
    postings = catalog.lexical()._postings
    texts = catalog.view(None).passages

    def most_held(tokens: int) -> int:
        tracemalloc.start()
        postings._read(("the",) * tokens, texts)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    most_held(2)  # what is read once is held by then
    assert most_held(8) < 1.5 * most_held(2)
    catalog.close()


def test_words_that_no_text_holds_do_not_fill_memory(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path / "c", {"a": "the end"})
    postings = catalog.lexical()._postings
    texts = catalog.view(None).passages
    for number in range(1_100):
        assert not len(postings.of((f"unheard{number}",), texts).rows)
    assert len(postings.of(("end",), texts).rows) == 1
    cache = postings._cache
    assert len(cache._kept) == 1_024
    assert cache._bytes == sum(each.nbytes + 500 for each in cache._kept.values())
    assert (("end",), texts) in cache._kept
    catalog.close()


def test_tokens_of_a_word_as_long_as_a_text_are_not_kept() -> None:
    short, long = "k" * LONGEST_KEPT, "k" * (LONGEST_KEPT + 1)
    assert (tokens_of(short), tokens_of(long)) == ((short,), (long,))
    assert short in tokenizing._known_tokens
    assert long not in tokenizing._known_tokens


def test_what_is_kept_of_a_word_counts_as_much_beside_hidden_texts(tmp_path: Path) -> None:
    """Else a word that many hidden texts hold would be read anew for each question."""
    alone = catalog_of(tmp_path / "c", {"a": "the end"})
    beside = catalog_of(tmp_path / "d", {"a": "the end", **{f"b{n}": "the end" for n in range(99)}})
    sizes = []
    for catalog in (alone, beside):
        texts = catalog.view(catalog.filter_of(["a"])).passages
        postings = catalog.lexical()._postings
        sizes.append([postings.of(tokens, texts).nbytes for tokens in (("the",), ("the", "end"))])
        catalog.close()
    assert sizes[0] == sizes[1]


def test_what_is_joined_by_a_line_is_several_words(tmp_path: Path, looked_up: list[str]) -> None:
    catalog = catalog_of(tmp_path / "c", {"code.txt": "the_code", "other.txt": "code"})
    assert content_words("the_" * 499) == ["the"]
    assert content_words("_my_function__") == ["function"]
    assert found(catalog, "the_" * 499) == ["code.txt"]
    assert looked_up == ["the"]


def test_of_many_words_that_are_cut_as_many_tokens_are_looked_up(
    tmp_path: Path, looked_up: list[str]
) -> None:
    catalog = catalog_of(tmp_path / "c", {"a": " ".join(f"w{n} {'the ' * 8}" for n in range(60))})
    words = [JOINER.join([f"w{n}", *["the"] * 8]) for n in range(60)]
    assert content_words(" ".join(words)) == words[:8]
    catalog.search(" ".join(words), 5)
    assert looked_up == [token for n in range(8) for token in (f"w{n}", *["the"] * 7)]
    catalog.close()


def test_a_word_is_given_up_at_the_first_token_that_does_not_follow(
    tmp_path: Path, looked_up: list[str]
) -> None:
    catalog = catalog_of(tmp_path / "c", {"a": "the end of the beginning"})
    assert found(catalog, JOINER.join(["end", "the", "of", "the"])) == []
    assert looked_up == ["end", "the"]
    catalog.close()


def test_the_best_match_comes_first_and_titles_count_double(tmp_path: Path) -> None:
    catalog = Catalog.create(tmp_path / "c")
    keys = {}
    for name, title, text in [
        ("a", "Other matters", "one two three norway four"),
        ("b", "Norway", "one two three other four"),
        ("c", "Other matters", "one two three four five"),
    ]:
        document = document_of(text, name=name, title=title)
        (passage,) = split(document, count_words, ChunkLimits())
        catalog.put_document(document, "")
        keys[name] = catalog.put_passage(passage, b"")
    (first, one), (second, two) = catalog.search("Norway", 5)
    assert (first, second) == (keys["b"], keys["a"])
    assert one > two > 0
    assert catalog.search("Norway", 1) == [(first, one)]
    catalog.close()


def test_coverage_counts_passages_by_word(catalog: Catalog) -> None:
    (key,) = (key for key, _ in catalog.search("troops", 5))
    other = max(key for key, _ in catalog.search("function", 5))
    covered = catalog.coverage("Would troops monitoring end it? zebra", [key])
    assert covered == {
        "troops": (1, frozenset({key})),
        "monitoring": (1, frozenset({key})),
        "end": (2, frozenset()),
        "zebra": (0, frozenset()),
    }
    assert catalog.coverage("end", [key, other])["end"] == (2, frozenset({other}))
    assert catalog.coverage("end", [])["end"] == (2, frozenset())


# What a person may not see

VOCABULARY = ["troops", "troop", "border", "guards", "guarding", "a_b", "b", "the", "résumé", "25"]
WORDS = st.sampled_from(VOCABULARY)
LINES = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)
TEXTS = st.lists(LINES, min_size=1, max_size=3).map("\n".join)
QUESTIONS = st.lists(st.sampled_from([*VOCABULARY, "zebra"]), min_size=1, max_size=5).map(" ".join)
MARKED = [
    *["İstanbul", "Istanbul", "istanbul", "ıstanbul", "ſtation", "station", "STATION", "Straße"],
    *["strasse", "STRASSE", "ΛΟΓΟΣ", "λογος", "λογοσ", "smørbrød", "smorbrod", "smo\u0338rbrod"],
    *["re\u0301sume\u0301", "résumé", "resume", f"end{JOINER}of", "end_of", "end of"],
]
MARKED_TEXTS = st.lists(st.sampled_from(MARKED), min_size=1, max_size=6).map(" ".join)
BY_FTS5 = "SELECT rowid, -bm25(lexical, 2.0, 1.0) FROM lexical WHERE lexical MATCH ?"


def with_fts5(catalog: Catalog) -> Catalog:
    """The passages in a full-text table beside, to hold the index against."""
    catalog._db.execute(f"CREATE VIRTUAL TABLE lexical USING fts5(context, body, {OF_TEXTS})")
    catalog._db.execute(
        "INSERT INTO lexical (rowid, context, body) SELECT key, context, text FROM passages"
    )
    return catalog


@given(st.lists(TEXTS, min_size=1, max_size=6), QUESTIONS)
def test_where_all_is_seen_scores_are_those_of_fts5(texts: list[str], question: str) -> None:
    named = {f"{n}.txt": text for n, text in enumerate(texts)}
    catalog = with_fts5(catalog_of(Path(":memory:"), named, SHORT))
    query = " OR ".join(f'"{word}"' for word in content_words(question))
    expected = dict(catalog._db.execute(BY_FTS5, (query,)).fetchall())
    scored = catalog.search(question, 100)
    assert dict(scored) == pytest.approx(expected, rel=1e-12)
    assert scored == sorted(scored, key=lambda pair: (-pair[1], pair[0]))
    for word, (count, holders) in catalog.coverage(question, list(expected)).items():
        assert holders == set(dict(catalog._db.execute(BY_FTS5, (f'"{word}"',))))
        assert count == len(holders)
    catalog.close()


def bm25_by_the_book(catalog: Catalog, keys: set[int], question: str) -> dict[int, float]:
    """As it was computed before: over every token that FTS5 finds in what is seen."""
    catalog._db.execute("CREATE VIRTUAL TABLE instances USING fts5vocab(lexical, instance)")
    found = catalog._db.execute("SELECT term, doc, col FROM instances").fetchall()
    seen = [(term, key, column) for term, key, column in found if key in keys]
    lengths = Counter(key for _, key, _ in seen)
    scores: dict[int, float] = defaultdict(float)
    for word in content_words(question):
        frequencies: dict[int, float] = defaultdict(float)
        for term, key, column in seen:
            if (term,) == tokens_of(word):
                frequencies[key] += 2.0 if column == "context" else 1.0
        ratio = (len(keys) - len(frequencies) + 0.5) / (len(frequencies) + 0.5)
        for key, frequency in frequencies.items():
            length = 1 - 0.75 + 0.75 * lengths[key] / (lengths.total() / len(keys))
            saturated = frequency * 2.2 / (frequency + 1.2 * length)
            scores[key] += max(math.log(ratio), 1e-6) * saturated
    return scores


@given(st.lists(st.tuples(TEXTS, st.booleans()), min_size=1, max_size=8), QUESTIONS)
def test_scores_are_those_of_the_book_to_the_last_bit(
    texts: list[tuple[str, bool]], question: str
) -> None:
    named = {f"{n}.txt": text for n, (text, _) in enumerate(texts)}
    shown = [name for name, (_, seen) in zip(named, texts, strict=True) if seen]
    catalog = with_fts5(catalog_of(Path(":memory:"), named, SHORT))
    keys = set(catalog.keys_of(shown))
    assert dict(catalog.search(question, 999, catalog.filter_of(shown))) == bm25_by_the_book(
        catalog, keys, question
    )
    catalog.close()


@given(
    st.lists(st.tuples(TEXTS | MARKED_TEXTS, st.booleans()), min_size=1, max_size=8),
    QUESTIONS | MARKED_TEXTS,
    st.integers(1, 9),
)
def test_what_is_not_seen_changes_nothing(
    texts: list[tuple[str, bool]], question: str, k: int
) -> None:
    """Not one bit of a score: as in a catalog that holds only what is seen."""
    # Spellings too: "résumé" is a variant of what only hidden texts may hold.
    question = f"{question} resumé stoere"
    named = {f"{n}.txt": (f"{text} Støre" if n % 2 else text) for n, (text, _) in enumerate(texts)}
    shown = [f"{n}.txt" for n, (_, seen) in enumerate(texts) if seen]
    everything = catalog_of(Path(":memory:"), named, SHORT)
    alone = catalog_of(Path(":memory:"), {name: named[name] for name in shown}, SHORT)
    allowed, keys = everything.filter_of(shown), everything.keys_of(shown)
    alone_keys = alone.keys_of(shown)
    key_in = dict(zip(alone_keys, keys, strict=True))
    expected = [(key_in[key], score) for key, score in alone.search(question, k)]
    assert everything.search(question, k, allowed) == expected
    covered = alone.coverage(question, alone_keys[:3])
    assert everything.coverage(question, keys[:3], allowed) == {
        word: (count, frozenset(key_in[key] for key in holders))
        for word, (count, holders) in covered.items()
    }
    everything.close()
    alone.close()


@given(st.lists(st.tuples(TEXTS, st.booleans()), min_size=1, max_size=8), QUESTIONS)
def test_the_few_best_are_the_first_of_all(texts: list[tuple[str, bool]], question: str) -> None:
    named = {f"{n}.txt": text for n, (text, _) in enumerate(texts)}
    shown = [name for name, (_, seen) in zip(named, texts, strict=True) if seen]
    catalog = catalog_of(Path(":memory:"), named, SHORT)
    allowed = catalog.filter_of(shown)
    ranked = catalog.search(question, 999, allowed)
    for k in range(5):
        assert catalog.search(question, k, allowed) == ranked[:k]
    catalog.close()


@given(
    st.lists(TEXTS | MARKED_TEXTS, min_size=1, max_size=6),
    st.lists(QUESTIONS | MARKED_TEXTS, min_size=1, max_size=2),
)
def test_mentions_are_where_fts5_finds_the_phrases(texts: list[str], phrases: list[str]) -> None:
    named = {f"{n}.txt": text for n, text in enumerate(texts)}
    catalog = with_fts5(catalog_of(Path(":memory:"), named, SHORT))
    mentions, query = catalog.lexical().mentions(phrases, None)
    matching = "SELECT rowid FROM lexical WHERE lexical MATCH ? ORDER BY rowid"
    assert [each.key for each in mentions] == [
        key for (key,) in catalog._db.execute(matching, (query,))
    ]
    assert [each.key for each in mentions if each.in_text] == [
        key for (key,) in catalog._db.execute(matching, (f"body : ({query})",))
    ]
    catalog.close()


@pytest.mark.parametrize(
    ("shown", "hidden"),
    [
        ("İstanbul", "istanbul"),
        ("ſtation", "station"),
        ("\N{KELVIN SIGN}elvin", "kelvin"),  # in small letters that is a k: here they are one word
        ("e\u0301lan", "élan"),
    ],
)
def test_a_word_is_written_only_as_what_it_is_known_from(shown: str, hidden: str) -> None:
    """The vocabulary has the words of what is not seen, too."""
    catalog = catalog_of(Path(":memory:"), {"a": f"near {shown}", "b": f"near {hidden}"})
    allowed = catalog.filter_of(["a"])
    for word in {shown.lower(), hidden}:
        written = dict(catalog.written(word, allowed))
        assert written == ({shown: 1} if word == shown.lower() else {})
    catalog.close()


def test_how_many_spellings_are_written_is_not_looked_up_in_every_text() -> None:
    def steps(texts: int) -> int:
        spellings = " ".join(islice(map("".join, product("rř", "eéè", "s", "u", "m", "eéè")), 18))
        plain = {f"{n}.txt": f"a resume of {n}" for n in range(texts)}
        catalog = catalog_of(Path(":memory:"), {**plain, "z.txt": spellings})
        lexical, taken = catalog.lexical(), 0

        def step() -> int:
            nonlocal taken
            taken += 1
            return 0

        assert isinstance(catalog._db, sqlite3.Connection)
        catalog._db.set_progress_handler(step, 1)
        assert len(lexical.mentions(["resume"], None)[0]) == texts + 1
        catalog.close()
        return taken

    fewer, more = steps(100), steps(200)
    assert more - fewer < 100 * 40


def test_what_is_written_is_found_and_what_is_deleted_is_not(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path / "c", {"a": "troops", "b": "the border"})
    assert found(catalog, "troops Støre") == ["a"]
    document = document_of("Stoere", name="c")
    (passage,) = split(document, count_words, ChunkLimits())
    catalog.put_document(document, "")
    catalog.put_passage(passage, b"")
    catalog.delete_passages("a")
    assert found(catalog, "troops Støre") == ["c"]
    catalog.close()
