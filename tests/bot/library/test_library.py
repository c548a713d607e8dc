"""The door: generations that come and go, originals, keys, suggestions, examples."""

from __future__ import annotations

import gc
import hashlib
import os
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot import library
from bot.access import OPERATOR, Access, Person, Policy
from bot.access.policy import CLOSED
from bot.library import (
    DocumentMatch,
    ExcerptStatus,
    Libraries,
    Library,
    Located,
    Original,
    OriginalChanged,
    OriginalNotOffered,
    OriginalUnavailable,
    UnknownKey,
    key_of,
)
from bot.library.originals import Offered
from bot.library.viewing.views import DocumentViews
from bot.library.visible_documents import _made_once
from index.answering.answer import Excerpt
from index.decisions import Decisions
from index.document import Document, Span
from index.errors import IndexMissing, UnknownDocument
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.fakes import document_of, publish

FUEL = document_of("Fuel is full.", name="supply/fuel.txt", title="Fuel stocks")
FORCE = document_of("# Force", "A force of nine.", name="force.md", title="Norway's force")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus"
    path.mkdir()
    return path


@pytest.fixture
def lib(store: IndexStore, corpus: Path) -> Library:
    current = CurrentGeneration(store, None)
    return Libraries(current, corpus, Access(current, Policy())).of(OPERATOR)


def _file(corpus: Path, name: str, content: bytes = b"words") -> Document:
    (corpus / name).parent.mkdir(parents=True, exist_ok=True)
    (corpus / name).write_bytes(content)
    return document_of("words", name=name, sha256=hashlib.sha256(content).hexdigest())


def test_public_names() -> None:
    assert library.__all__ == sorted(library.__all__)
    assert all(hasattr(library, name) for name in library.__all__)


def test_without_an_index(lib: Library) -> None:
    with pytest.raises(IndexMissing):
        lib.rows()


def test_keys(lib: Library, store: IndexStore) -> None:
    publish(store, FUEL, FORCE)
    keys = [key_of(name) for name in ("supply/fuel.txt", "force.md")]
    assert keys == ["-yW72c6JnIZ-", "lWL2ihNDlCFo"]
    assert [lib.name_of(key) for key in keys] == ["supply/fuel.txt", "force.md"]
    publish(store, FUEL)
    with pytest.raises(UnknownKey) as raised:
        lib.name_of(keys[1])
    assert str(raised.value) == "That document is no longer indexed."


def test_documents_are_suggested_from_the_generation_that_answers(
    lib: Library, store: IndexStore
) -> None:
    fuel, force = DocumentMatch(FUEL.name, FUEL.title), DocumentMatch(FORCE.name, FORCE.title)
    publish(store, FUEL)
    assert lib.suggest_documents("") == [fuel]
    publish(store, FUEL, FORCE)
    assert lib.suggest_documents(" ") == [force, fuel]
    assert lib.suggest_documents("", limit=1) == [force]
    assert lib.suggest_documents("norwya") == [force]
    assert lib.suggest_documents("f") == [fuel, force]
    store.rollback()
    assert lib.suggest_documents("norway") == []


@pytest.mark.parametrize(
    "typed",
    ["supply/fuel.txt", "Supply/Fuel.txt", "fuel.txt", "fuel", "fuel stocks", "-yW72c6JnIZ-"],
)
def test_find_document(typed: str, lib: Library, store: IndexStore) -> None:
    publish(store, FUEL, FORCE)
    assert lib.named(typed).name == "supply/fuel.txt"


REPORTS = [
    document_of("a", name="a/budget-2026.md", title="Budget for 2026"),
    document_of("b", name="b/northern-route.pdf", title="The northern route"),
    document_of("c", name="c/southern-route.pdf", title="The southern route"),
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("northern-route.pdf", "b/northern-route.pdf"),
        ("northern", "b/northern-route.pdf"),
        ("northernroute", "b/northern-route.pdf"),
        ("the nothern rout", "b/northern-route.pdf"),
        ("Budjet for 2026", "a/budget-2026.md"),
        ("Budget for 2025", None),  # that of another year is no typing error
        ("the othern route", None),  # as near to one as to the other
        ("route", None),
        ("bud", None),
        ("", None),
    ],
)
def test_what_is_near_to_one_document_alone_means_it(
    typed: str, found: str | None, lib: Library, store: IndexStore
) -> None:
    publish(store, *REPORTS)
    if found is None:
        with pytest.raises(UnknownDocument):
            lib.named(typed)
    else:
        assert lib.named(typed).name == found


def test_a_guess_is_told_from_a_name_and_need_not_be_taken(lib: Library, store: IndexStore) -> None:
    publish(store, *REPORTS)
    assert not lib.named("Northern-route.PDF").guessed
    assert lib.named("nothern route").guessed
    with pytest.raises(UnknownDocument) as raised:
        lib.named("nothern route", guess=False)
    assert raised.value.similar == ("b/northern-route.pdf",)


def test_a_document_that_is_not_named_clearly(lib: Library, store: IndexStore) -> None:
    publish(store, FUEL, replace(FUEL, name="other.txt"), FORCE)
    for typed, similar in {
        "fuel stocks": ("supply/fuel.txt", "other.txt"),
        "norwya": ("force.md",),
        "zebra": (),
    }.items():
        with pytest.raises(UnknownDocument) as raised:
            lib.named(typed)
        assert set(raised.value.similar) == set(similar)


def test_rows(lib: Library, store: IndexStore) -> None:
    publish(store, FUEL, FORCE)
    assert [row.name for row in lib.rows()] == ["force.md", "supply/fuel.txt"]
    assert [row.name for row in lib.rows("STOCKS")] == ["supply/fuel.txt"]
    assert [row.name for row in lib.rows("*.md")] == ["force.md"]


def test_places_and_views(lib: Library, store: IndexStore) -> None:
    publish(store, FUEL, FORCE)
    assert lib.suggest_headings("force.md", "fo") == ["Force"]
    assert lib.resolve_place("force.md", "force") == 0
    assert lib.view("force.md", 1) == lib.view_at("force.md", 12)
    view = lib.view_of_excerpt("force.md", Span(8, 15))
    assert (view.before, view.excerpt, view.after) == ("# Force\n", "A force", " of nine.\n")
    for name in ("forse.md", "../force.md"):
        with pytest.raises(UnknownDocument):
            lib.view(name, 1)


def test_locate(lib: Library, store: IndexStore) -> None:
    span = Span(0, 13)
    excerpt = Excerpt(1, "Fuel is full.", FUEL.name, "", (), None, span, "", 0.0)
    publish(store, FUEL)
    assert lib.locate(excerpt) == Located(ExcerptStatus.SAME, span)
    publish(store, FORCE)
    assert lib.locate(excerpt) == Located(ExcerptStatus.GONE, None)
    store.rollback()
    assert lib.locate(excerpt) == Located(ExcerptStatus.SAME, span)


def test_original(lib: Library, store: IndexStore, corpus: Path) -> None:
    inside = _file(corpus, "a/b.txt")
    (corpus / "link.txt").symlink_to(corpus / "a/b.txt")
    publish(store, inside, replace(inside, name="link.txt"))
    for name in ("a/b.txt", "link.txt"):
        found = lib.original(name)
        assert found == Original(name, (corpus / "a/b.txt").resolve(), 5, ())
        with found.open() as file:
            assert file.read() == b"words"


def test_an_original_is_the_file_whose_bytes_were_compared(
    lib: Library, store: IndexStore, corpus: Path, tmp_path: Path
) -> None:
    publish(store, _file(corpus, "a.txt"))
    (tmp_path / "secret").write_bytes(b"token")
    found = lib.original("a.txt")
    (corpus / "a.txt").unlink()
    for put in (
        lambda: (corpus / "a.txt").symlink_to(tmp_path / "secret"),
        lambda: (corpus / "a.txt").write_bytes(b"words"),
        lambda: None,
    ):
        put()
        with pytest.raises(OriginalChanged):
            found.open()
        (corpus / "a.txt").unlink(missing_ok=True)


def test_an_original_that_changed(lib: Library, store: IndexStore, corpus: Path) -> None:
    publish(store, _file(corpus, "a.txt"))
    (corpus / "a.txt").write_bytes(b"Words")
    with pytest.raises(OriginalChanged, match="has changed since it was indexed"):
        lib.original("a.txt")


def test_originals_that_are_not_handed_out(
    lib: Library, store: IndexStore, corpus: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_bytes(b"words")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/x.txt").write_bytes(b"words")
    (corpus / "out.txt").symlink_to(tmp_path / "secret")
    (corpus / "away").symlink_to(tmp_path / "folder")
    (corpus / "circle").symlink_to(corpus / "circle")
    (corpus / "folder.txt").mkdir()
    os.mkfifo(corpus / "pipe")
    sha256 = hashlib.sha256(b"words").hexdigest()
    reasons = {
        "out.txt": "it lies outside the corpus folder",
        "../secret": "it lies outside the corpus folder",
        str(tmp_path / "secret"): "it lies outside the corpus folder",
        "away/x.txt": "it lies outside the corpus folder",
        "missing.txt": "it is no longer in the corpus folder",
        "folder.txt": "it is not an ordinary file",
        "pipe": "it is not an ordinary file",
    }
    names = [*reasons, "circle", "nul\0.txt", "x" * 300]
    publish(store, *(document_of("words", name=name, sha256=sha256) for name in names))
    for name, reason in reasons.items():
        with pytest.raises(OriginalUnavailable) as raised:
            lib.original(name)
        assert raised.value.reason == reason
    for name in ("circle", "nul\0.txt", "x" * 300):
        with pytest.raises(OriginalUnavailable, match="it cannot be opened"):
            lib.original(name)
    with pytest.raises(UnknownDocument):
        lib.original("unknown.txt")


@pytest.mark.parametrize(
    ("offered", "handed_out"),
    [("all", {"open.txt", "hides.txt"}), ("without-hidden", {"open.txt"}), ("none", set())],
)
def test_originals_are_offered_as_is_set(
    store: IndexStore, corpus: Path, offered: Offered, handed_out: set[str]
) -> None:
    current = CurrentGeneration(store, None)
    lib = Libraries(current, corpus, Access(current, Policy()), offered).of(OPERATOR)
    publish(
        store,
        _file(corpus, "open.txt"),
        replace(_file(corpus, "hides.txt"), has_hidden=True),
    )
    for name in ("open.txt", "hides.txt"):
        is_offered = name in handed_out
        assert lib.offers_original(name) is is_offered
        assert lib.card(name).has_original is is_offered
        if is_offered:
            assert lib.original(name).size == 5
        else:
            with pytest.raises(OriginalNotOffered, match="not handed out"):
                lib.original(name)


def test_many_threads_and_generations(lib: Library, store: IndexStore) -> None:
    publish(store, FUEL)
    publish(store, FUEL, FORCE)

    def look(_: int) -> int:
        assert lib.view(FUEL.name, 1).before == FUEL.text
        return len(lib.suggest_documents("f"))

    with ThreadPoolExecutor(max_workers=8) as pool:
        for turn in range(20):
            store.rollback()
            now = 1 if turn % 2 == 0 else 2
            assert set(pool.map(look, range(20))) == {now}


def test_many_who_open_the_same_document_wait_for_one_book(
    lib: Library, store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store, FUEL, FORCE)
    cut: list[str] = []
    begun, others_wait = threading.Event(), threading.Event()

    def slowly(document: Document) -> DocumentViews:
        cut.append(document.name)
        if document.name == FUEL.name:
            begun.set()
            assert others_wait.wait(60)
        return DocumentViews(document)

    monkeypatch.setattr("bot.library.visible_documents.DocumentViews", slowly)
    with ThreadPoolExecutor(max_workers=5) as pool:
        first = pool.submit(lib.view, FUEL.name, 1)
        assert begun.wait(60)
        others = [pool.submit(lib.view, FUEL.name, 1) for _ in range(3)]
        # Another document is opened meanwhile.
        assert pool.submit(lib.view, FORCE.name, 1).result(60).document == FORCE.name
        others_wait.set()
        assert len({one.result(60) for one in (first, *others)}) == 1
    assert cut == [FUEL.name, FORCE.name]


def test_what_replaces_a_document_is_known_to_those_alone_who_see_both(
    store: IndexStore, corpus: Path
) -> None:
    old = document_of("Date: 1 March 2025", "The limit is 30 euros.", name="rules.md")
    new = document_of(
        "Date: 1 March 2026", "The limit is 40 euros.", name="closed/rules.md", title="New rules"
    )
    publish(store, old, new)
    member = Person(7, at_home=True)
    current = CurrentGeneration(store, None)
    policy = Policy(folders=(("closed/", CLOSED),))
    decisions = Decisions(confirmed=frozenset({("rules.md", "closed/rules.md")}))
    libraries = Libraries(current, corpus, Access(current, policy), decisions=lambda: decisions)
    today = date(2026, 6, 1)
    assert libraries.of(OPERATOR).successors(today)["rules.md"].document == "closed/rules.md"
    assert [row.name for row in libraries.of(member).rows()] == ["rules.md"]
    assert not libraries.of(member).successors(today)


def test_of_what_was_made_as_much_is_kept_as_is_said() -> None:
    class Names(frozenset[str]):
        """As of one class of viewers; of all documents, where there are many."""

    made = _made_once(2, repr)
    seen = []
    for number in range(5):
        names = Names({str(number)})
        seen.append(weakref.ref(names))
        assert made(names)
    del names
    gc.collect()
    assert [each() is not None for each in seen] == [False, False, False, True, True]
