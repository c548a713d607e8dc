"""Who may see what lies in a file: whoever may see the file, and is in its own audience as well."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.access import CLOSED, OPEN, Access, Audience, Person, Policy
from bot.errors import NotAllowed
from bot.library import Libraries, Library, OriginalUnavailable
from index.errors import UnknownDocument
from index.indexing.reindex import Reindexer
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.fakes import WordEmbedder, recipe_of
from testing.made_files import zipped

FEW, HR = (Audience(roles=frozenset({role})) for role in (77, 88))
AUDIENCES = {"open": OPEN, "closed": CLOSED, "few": FEW, "hr": HR}
ANYBODY, OF_FEW, OF_HR, OF_BOTH = (
    Person(1, roles=frozenset(roles), at_home=True) for roles in ((), {77}, {88}, {77, 88})
)
PLAIN, FOR_HR = b"# Plan\n\nWords.\n", b"---\naudience: hr\n---\n# Pay\n\nWords.\n"
MISTAKEN = b"---\naudience hr\n---\n# Pay\n\nWords.\n"


def mail(subject: str, **attached: bytes) -> bytes:
    message = EmailMessage()
    message["Subject"] = subject
    message.set_content("See below.")
    for name, data in attached.items():
        message.add_attachment(
            data, maintype="application", subtype="octet-stream", filename=name.replace("_", ".")
        )
    return message.as_bytes()


CORPUS = {
    "open.zip": zipped({"plan.md": PLAIN, "pay.md": FOR_HR, "mistaken.md": MISTAKEN}),
    "few/bundle.zip": zipped({"plan.md": PLAIN, "deep/pay.md": FOR_HR}),
    "few/mail.eml": mail("Plans", plan_md=PLAIN, inner_eml=mail("Inner", pay_md=FOR_HR)),
    "whole.eml": mail("Whole", plan_md=PLAIN),
}
ENCLOSED = {
    "open.zip/plan.md": {ANYBODY, OF_FEW, OF_HR, OF_BOTH},
    "open.zip/pay.md": {OF_HR, OF_BOTH},
    "open.zip/mistaken.md": set[Person](),
    "few/bundle.zip/plan.md": {OF_FEW, OF_BOTH},
    "few/bundle.zip/deep/pay.md": {OF_BOTH},
    "few/mail.eml/plan.md": {OF_FEW, OF_BOTH},
    "few/mail.eml/inner.eml": {OF_FEW, OF_BOTH},
    "few/mail.eml/inner.eml/pay.md": {OF_BOTH},
    "whole.eml/plan.md": {ANYBODY, OF_FEW, OF_HR, OF_BOTH},
}


def policy(default: Audience = OPEN, folders: Mapping[str, Audience] = {"few/": FEW}) -> Policy:
    ordered = tuple(sorted(folders.items(), key=lambda item: -len(item[0])))
    return Policy(default=default, audiences=AUDIENCES, folders=ordered, path=Path("policy.toml"))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for name, data in CORPUS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def current(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> CurrentGeneration:
    store = IndexStore(tmp_path_factory.mktemp("index"))
    Reindexer(corpus, store, recipe_of(), WordEmbedder).run()
    return CurrentGeneration(store, None)


def seen(current: CurrentGeneration, policy: Policy, viewer: Person) -> set[str]:
    visible = Access(current, policy).visible(viewer)
    names = current.generation().catalog.document_names()
    return names if visible is None else names & visible


@pytest.mark.parametrize("viewer", [ANYBODY, OF_FEW, OF_HR, OF_BOTH])
def test_both_audiences_must_admit_the_viewer(current: CurrentGeneration, viewer: Person) -> None:
    enclosed = {name for name in seen(current, policy(), viewer) if name in ENCLOSED}
    assert enclosed == {name for name, people in ENCLOSED.items() if viewer in people}


def test_what_is_closed_unless_said_otherwise_is_not_opened_from_inside(
    current: CurrentGeneration,
) -> None:
    """A file of its own may name an audience and so be open to it; nothing in a file may."""
    found = policy(default=CLOSED, folders={})
    assert not any(seen(current, found, viewer) for viewer in (ANYBODY, OF_HR, OF_BOTH))


def test_a_folder_of_the_policy_that_lies_in_an_archive_narrows_and_never_widens(
    current: CurrentGeneration,
) -> None:
    rules = {"few/": FEW, "few/bundle.zip/": OPEN, "open.zip/": HR}
    assert not {name for name in seen(current, policy(folders=rules), ANYBODY) if "zip" in name}
    assert "open.zip/plan.md" in seen(current, policy(folders=rules), OF_HR)
    assert "few/bundle.zip/plan.md" in seen(current, policy(folders=rules), OF_FEW)


def library(current: CurrentGeneration, corpus: Path, viewer: Person) -> Library:
    return Libraries(current, corpus, Access(current, policy())).of(viewer)


@pytest.mark.parametrize(
    ("name", "viewer", "file"),
    [
        ("open.zip/plan.md", ANYBODY, None),
        ("open.zip/pay.md", OF_BOTH, None),  # the one with the mistake is for nobody
        ("few/bundle.zip/plan.md", OF_FEW, None),
        ("few/bundle.zip/plan.md", OF_BOTH, "few/bundle.zip"),
        ("few/mail.eml", OF_FEW, None),
        ("few/mail.eml", OF_BOTH, "few/mail.eml"),
        ("few/mail.eml/inner.eml/pay.md", OF_BOTH, "few/mail.eml"),
        ("whole.eml/plan.md", ANYBODY, "whole.eml"),
    ],
)
def test_a_file_is_had_only_by_those_who_may_see_all_that_lies_in_it(
    current: CurrentGeneration, corpus: Path, name: str, viewer: Person, file: str | None
) -> None:
    found = library(current, corpus, viewer)
    if file:
        assert found.original(name).path == corpus.resolve() / file
        assert found.file_of(name).name == file
        return
    with pytest.raises(OriginalUnavailable):
        found.original(name)
    with pytest.raises(NotAllowed):
        found.file_of(name)


def test_an_archive_is_known_to_those_who_see_something_in_it(
    current: CurrentGeneration, corpus: Path
) -> None:
    found = library(current, corpus, OF_BOTH).file_of("few/bundle.zip")
    assert (found.title, found.enclosed) == (
        "bundle.zip",
        ("few/bundle.zip/deep/pay.md", "few/bundle.zip/plan.md"),
    )
    with pytest.raises(UnknownDocument):
        library(current, corpus, ANYBODY).file_of("few/bundle.zip")
