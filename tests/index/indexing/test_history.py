"""What is kept of earlier versions, over reindexes, rollbacks, purges and healing."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from index.store.catalog import history
from index.store.catalog.catalog import Catalog
from index.store.catalog.history import ChangeKind, DocumentEvent, History, Moment
from index.store.folder.generation_files import CATALOG
from index.store.folder.recovery import recover
from index.store.rows import compact_json
from testing.desk import Desk


@dataclass
class Bench(Desk):
    """A corpus, its index, and the history of both."""

    days: int = 365

    def write_all(self, **texts: str | None) -> None:
        for name, text in texts.items():
            if text is None:
                (self.corpus / f"{name}.md").unlink()
            else:
                self.write(f"{name}.md", text)

    def reindex(self, *, full: bool = False, **texts: str | None) -> None:
        self.write_all(**texts)
        reindexer = self.reindexer(keep_changes_days=self.days)
        reindexer.run(full=full, drop_missing=True)

    @property
    def history(self) -> History:
        return self.store.open(None).catalog.history

    def events(self) -> list[tuple[int, str, str]]:
        return [(one.moment.generation, one.became, one.name) for one in self.history.events()]

    def older(self) -> list[str]:
        """All older texts that are kept."""
        found = [self.history.version(one.name, one.moment.generation) for one in self.kept()]
        return [document.text.strip() for document in found if document]

    def kept(self) -> list[DocumentEvent]:
        return [one for one in self.history.events() if one.has_text]

    def bytes(self) -> bytes:
        path = self.store.directory(self.store.pointer().current) / CATALOG
        return path.read_bytes()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    bench.reindex(a="# A\n\nOne.", b="# B\n\nTwo.", c="# C\n\nThree.", d="# D\n\nFour.")
    return bench


def test_the_first_generation_has_no_history(bench: Bench) -> None:
    assert bench.events() == []
    assert bench.history.begins() is not None


def test_many_versions_are_thinned_out_between_the_first_and_the_last(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_MOST_VERSIONS", 3)
    for number in range(6):
        bench.reindex(a=f"# A\n\nVersion {number}.")
    assert len(bench.older()) == 3
    assert bench.older()[0] == "# A\n\nOne."
    assert bench.older()[-1] == "# A\n\nVersion 4."


def test_what_became_of_each_document(bench: Bench) -> None:
    bench.reindex(a="# A\n\nOnce.", b=None, e="# E\n\nFive.")
    bench.write_all(d=None, f="# D\n\nFour.")
    bench.reindex()
    assert bench.events() == [
        *((2, "changed", "a.md"), (2, "removed", "b.md"), (2, "added", "e.md")),
        (3, "renamed", "f.md"),
    ]
    assert bench.older() == ["# A\n\nOne."]
    assert bench.history.events(["f.md"])[0].other == "d.md"


def test_only_names_with_events_are_looked_up(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.reindex(a="# A\n\nOnce.")
    looked_up: list[object] = []

    def as_json(value: object) -> str:
        looked_up.append(value)
        return compact_json(value)

    monkeypatch.setattr(history, "compact_json", as_json)
    assert [each.name for each in bench.history.events({"a.md", "b.md", "c.md"})] == ["a.md"]
    assert looked_up == [["a.md"]]


def test_a_version_has_the_blocks_that_it_had(bench: Bench) -> None:
    before = bench.store.open(None).catalog.document("a.md")
    bench.reindex(a="# A\n\nOnce.")
    assert bench.history.version("a.md", 2) == before


def test_a_full_reindex_takes_it_over_and_adds_nothing(bench: Bench) -> None:
    bench.reindex(a="# A\n\nOnce.")
    bench.reindex(full=True)
    assert bench.store.pointer().current == 3
    assert bench.events() == [(2, "changed", "a.md")]
    assert bench.older() == ["# A\n\nOne."]


@pytest.mark.parametrize(
    "after",
    [None, "---\naudience: few\n---\n# A\n\nTwice."],
    ids=["removed", "closed"],
)
def test_no_older_text_of_what_is_removed_or_closed(bench: Bench, after: str | None) -> None:
    bench.reindex(a="# A\n\nOnce.")
    assert bench.older()
    bench.reindex(a=after)
    assert bench.older() == []
    bench.store.rollback()
    assert bench.older() == [], "no way back brings it back"


def test_what_lies_in_a_file_closes_with_it(bench: Bench) -> None:
    def pack(front: str, text: str) -> None:
        with zipfile.ZipFile(bench.corpus / "x.zip", "w") as archive:
            archive.writestr("in/plan.md", f"{front}# Plan\n\n{text}")
            archive.writestr("in/pay.md", "# Pay\n\nNine.")

    pack("", "North.")
    bench.reindex()
    pack("", "South.")
    bench.reindex()
    (event,) = bench.kept()
    assert event.places == (("x.zip", None), ("x.zip/in", None), ("x.zip/in/plan.md", None))
    pack("---\naudience: few\n---\n", "South.")
    bench.reindex()
    assert bench.kept() == []
    assert bench.history.events(["x.zip/in/plan.md"])[-1].became is ChangeKind.CHANGED


def test_a_new_attachment_does_not_change_the_mail(bench: Bench) -> None:
    def send(*attached: str) -> None:
        mail = EmailMessage()
        mail["Subject"] = "The convoy"
        mail.set_content("The ferry brings bread.")
        for name in attached:
            mail.add_attachment("---\naudience: few\n---\n# Pay", filename=name)
        (bench.corpus / "x.eml").write_bytes(bytes(mail))
        bench.reindex()

    send()
    send("pay.md")
    assert bench.events()[1:] == [(3, "added", "x.eml/pay.md")]


def test_a_rollback_is_a_change_and_keeps_no_text_that_was_taken_back(bench: Bench) -> None:
    bench.reindex(a="# A\n\nA secret.", b=None)
    bench.store.rollback()
    assert bench.events()[-2:] == [(3, "changed", "a.md"), (3, "added", "b.md")]
    assert bench.older() == ["# A\n\nOne."]


def test_a_purge_leaves_no_older_text_and_no_name(bench: Bench) -> None:
    bench.reindex(a="# A\n\nOnce.", b="# B\n\nTwice.")
    bench.reindex(a=None, c=None)
    with bench.store.lock():
        bench.store.purge("a.md")
    assert bench.events() == [(2, "changed", "b.md")]
    assert bench.older() == []
    assert b"Once" not in bench.bytes()
    assert b"a.md" not in bench.bytes()


def test_healing_keeps_no_older_text(bench: Bench) -> None:
    bench.reindex(a="# A\n\nOnce.")
    bench.reindex(a="---\naudience: few\n---\n# A\n\nTwice.")
    current = bench.store.directory(bench.store.pointer().current) / CATALOG
    current.write_bytes(b"damaged")
    with bench.store.lock():
        recover(bench.store)
    assert bench.older() == []


def test_a_rollback_from_a_damaged_generation_keeps_no_older_text(bench: Bench) -> None:
    bench.reindex(a="# A\n\nOnce.")
    bench.reindex(a="---\naudience: few\n---\n# A\n\nTwice.")
    (bench.store.directory(bench.store.pointer().current) / CATALOG).write_bytes(b"damaged")
    bench.store.rollback()
    assert bench.older() == []


def test_nothing_is_kept_for_longer_than_it_should(bench: Bench) -> None:
    bench.reindex(a="# A\n\nOnce.")
    bench.days = 0
    bench.reindex(b="# B\n\nTwice.")
    assert bench.events() == []
    assert bench.history.begins() is None


def test_history_is_pruned_by_age(bench: Bench) -> None:
    bench.reindex(a="# A\n\nOnce.")
    with bench.store.stage(2) as staging:
        catalog = Catalog.edit(staging / CATALOG)
        catalog.history.prune(Moment(3, "2020-01-01T00:00:00+00:00"), 30)
        assert catalog.history.events()
        catalog.history.prune(Moment(3, "2100-01-01T00:00:00+00:00"), 30)
        assert catalog.history.events() == []
        catalog.commit()
