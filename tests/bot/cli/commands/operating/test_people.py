"""What is kept of a person or a document, shown and removed at the terminal."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from bot.app.composition import index_store
from bot.config.settings import Settings
from bot.documents import purge as purging
from bot.documents.uploads.probe import ProbeResult
from bot.documents.uploads.uploads import Uploads
from bot.records import Exchange, Fault, Mark, Records
from bot.records.parts.handed import HandedQuestion
from index.answering.answer import Choice
from index.indexing.work.queue import connection_to, make_tables
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.command import CommandLine
from testing.exchanges import ask
from testing.made_files import zipped
from testing.samples import ANSWER

ANN, BEN = 111111111111111111, 222222222222222222
CANARY = "zyxomma"
PLAN = f"# Plan\n\nThe codeword is {CANARY}.\n"


SETTINGS = {"keep_questions_days": 365}


@pytest.fixture
def records(settings: Settings) -> Iterator[Records]:
    """The records, open beside the command as a bot that runs has them."""
    with closing(Records(settings.records / "records.sqlite", keep_questions=True)) as opened:
        yield opened


def hand(records: Records, exchange: Exchange) -> None:
    """Hand an exchange's question to a person."""
    records.handed.add(
        HandedQuestion(
            exchange=exchange.id,
            person=exchange.person,
            guild=1,
            channel=2,
            reply_to=None,
            is_public=True,
            question="Who?",
            people=(),
            source_documents=(),
            recipient=77,
            is_role=False,
            place=3,
            began=exchange.at,
        )
    )


def asked(records: Records, person: int, question: str, **rest: Any) -> Exchange:
    return ask(records, question, person=person, **rest)


def send(settings: Settings, name: str, text: str) -> str:
    uploads = Uploads(settings, probe=lambda *_: ProbeResult("Plan", 0))
    token = uploads.begin()
    uploads.seal(token, ANN, 1, [uploads.receive(token, name, text.encode())])
    return token


def holds(folder: Path, word: str) -> list[str]:
    """The files that hold the word, in letters of any case."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in found if word.encode() in path.read_bytes().lower()]


# People


def test_without_records_nothing_is_kept_and_none_are_made(command: CommandLine) -> None:
    assert command("forget", str(ANN)).out.startswith(f"Nothing is kept of {ANN}.\n")
    assert json.loads(command("export", str(ANN)).out) == {
        "person": str(ANN), "exchanges": [], "marks": [], "actions": [], "reviews": [],
        "successions": [], "uploads": [], "watches": [], "handed": [],
        "elsewhere": 0, "visited": None,
    }  # fmt: skip
    assert not command.settings.records.exists()


@pytest.mark.parametrize("person", ["0", "ann", str(2**63)])
def test_what_is_no_id_is_refused(command: CommandLine, person: str) -> None:
    assert command("forget", person).code == 2
    assert command("export", person).code == 2


def test_a_person_is_exported_and_forgotten(command: CommandLine, records: Records) -> None:
    hers = asked(records, ANN, "Who checks the truce?", excerpts=ANSWER.excerpts, replies=(5, 6))
    his = asked(records, BEN, "What now?", rewritten="What now? truce", source_people=(ANN,))
    records.rate(his.id, ANN, Mark.DOWN, "Wrong.", Fault.OUTDATED)
    hand(records, hers)
    records.rate(hers.id, BEN, Mark.UP)
    records.audit(ANN, 1, "remove", "by hand", "plan.md")
    send(command.settings, "plan.md", PLAN)

    found = json.loads(command("export", str(ANN)).out)
    (exchange,), (mark,), (action,) = found["exchanges"], found["marks"], found["actions"]
    assert (exchange["exchange"], exchange["replies"]) == (str(hers.id), ["5", "6"])
    assert exchange["question"] == exchange["rewritten"] == "Who checks the truce?"
    assert exchange["excerpts"][0]["quote"] == ANSWER.excerpts[0].quote
    assert (mark["exchange"], mark["mark"], mark["reason"]) == (str(his.id), "down", "Wrong.")
    assert (action["action"], action["document"], action["guild"]) == ("remove", "plan.md", "1")
    assert found["uploads"][0]["files"] == [{"document": "plan.md", "bytes": len(PLAN)}]
    assert found["elsewhere"] == 1
    assert mark["fault"] == "outdated"
    (handed,) = found["handed"]
    assert (handed["question"], handed["state"], handed["recipient"]) == ("Who?", "asked", "77")

    assert json.loads(command("forget", str(ANN), "--json").out) == {
        "person": str(ANN), "exchanges": 1, "marks": 1, "uploads": 1, "watches": 0, "handed": 1,
        "actions_kept": 1,
    }  # fmt: skip
    assert not holds(command.settings.records, "truce")
    assert command("forget", str(ANN)).out.startswith(
        f"Nothing is kept of {ANN}.\nLines about them that stay in the log of what admins did: 1. "
    )
    left = json.loads(command("export", str(ANN)).out)
    assert [key for key, value in left.items() if value] == ["person", "actions"]
    assert records.exchange(his.id) == replace(his, rewritten="What now?", source_people=())


def test_words_of_others_are_not_exported(command: CommandLine, records: Records) -> None:
    choice = Choice("The truce", "What of the truce?", "plan.md")
    asked(records, BEN, "And?", rewritten="And? truce", source_people=(ANN,), choices=(choice,))
    asked(records, BEN, "What of the truce?", source_people=(ANN,))
    completed, chosen = json.loads(command("export", str(BEN)).out)["exchanges"]
    assert (completed["question"], completed["rewritten"], completed["choices"]) == (
        "And?",
        None,
        [],
    )
    assert (chosen["question"], chosen["rewritten"]) == (None, None)


# Documents


@pytest.fixture
def purged(command: CommandLine, records: Records) -> CommandLine:
    """A document that was indexed, changed, uploaded anew, quoted, and taken out of the corpus."""
    settings = command.settings
    command.write("a.md", "# A\n\nThe first.\n")
    command.write("plans/plan.md", PLAN)
    command.write("z.md", "# Z\n\nThe last.\n")
    command("reindex")
    quote = replace(ANSWER.excerpts[0], document="plans/plan.md", quote=CANARY)
    other = Choice(CANARY, f"What of {CANARY}?", "plans/plan.md")
    asked(records, ANN, "quoted", excerpts=(quote,))
    asked(records, ANN, "named", named_documents=("plans/plan.md",))
    asked(records, ANN, "source", rewritten=CANARY, source_documents=("plans/plan.md",))
    asked(records, ANN, "chosen", choices=(other,))
    asked(records, ANN, "stays", excerpts=ANSWER.excerpts)
    send(settings, "plans/plan.md", f"{PLAN} Again.")
    Uploads(settings).remove("plans/plan.md")
    return command


def test_a_document_is_purged_from_everywhere(purged: CommandLine, records: Records) -> None:
    settings = purged.settings
    purged("reindex")
    assert len(holds(settings.index, CANARY)) > 1
    done = json.loads(purged("purge", "plans/plan.md", "--json").out)
    assert done == {
        "document": "plans/plan.md", "generation": 3, "was_indexed": True, "kept_files": 1,
        "uploads": 1, "exchanges": 4, "copies": [],
    }  # fmt: skip
    assert holds(settings.index, CANARY) == holds(settings.records, CANARY) == []
    assert list((settings.records / "removed").iterdir()) == []
    assert records.counts().exchanges == 1
    assert purged("reindex", "--rollback").code == 1
    generation = CurrentGeneration(IndexStore(settings.index), None).generation()
    assert generation.catalog.document_names() == {"a.md", "z.md"}
    assert list(generation.catalog.search_documents("z", 5)) == ["z.md"]
    assert [key for key, _ in generation.catalog.search("last", 5)] == [
        key for key, _ in generation.vectors.search(generation.vectors.get([3])[0], 1)
    ]


def test_what_earlier_reindexes_left_of_it_goes_too(purged: CommandLine) -> None:
    """Two reindexes later no generation has the document, but its segment still has the words."""
    for name in "bcdefgh":
        purged.write(f"{name}.md", "Words.")
    plan = purged.write("plans/plan.md", PLAN)
    purged("reindex", "--full")  # all in one segment, of which little is gone afterwards
    plan.unlink()
    for number in range(2):
        purged.write("new.md", f"Words, {number}.")
        purged("reindex")
    assert holds(purged.settings.index, CANARY)
    assert json.loads(purged("purge", "plans/plan.md", "--json").out)["was_indexed"] is False
    assert not holds(purged.settings.index, CANARY)


def test_what_lay_in_a_mailbox_goes_with_it_reindexes_later(purged: CommandLine) -> None:
    """The mailbox is no document itself; the history has a subject of before."""
    mail = "From a@example.org Tue Mar  4 09:00:00 2031\nSubject: {}\n\nWords.\n\n"
    for subject in (CANARY, "Crane"):
        box = purged.write("box.mbox", mail.format(subject))
        purged("reindex")
    box.unlink()
    for number in range(2):
        purged.write("new.md", f"Words, {number}.")
        purged("reindex")
    assert holds(purged.settings.index, CANARY)
    assert purged("purge", "box").code == 1
    assert purged("purge", "box.mbox").code == 0
    assert not holds(purged.settings.index, CANARY)


def test_what_the_index_no_longer_knows_is_purged_anyway(command: CommandLine) -> None:
    """Without a history nobody knows the name, but a segment still has the words."""
    command.settings = command.settings.model_copy(update={"keep_changes_days": 0})
    for name in "bcdefgh":
        command.write(f"{name}.md", "Words.")
    plan = command.write("plan.md", PLAN)
    command("reindex")
    plan.unlink()
    for number in range(2):
        command.write("new.md", f"Words, {number}.")
        command("reindex")
    assert command("purge", "plan.md").code == 1
    assert holds(command.settings.index, CANARY)
    assert command("purge", "plan.md", "--anyway").code == 0
    assert not holds(command.settings.index, CANARY)


@pytest.mark.slow
def test_what_a_killed_reindex_left_on_the_server_goes_too(
    settings: Settings, postgres_url: str
) -> None:
    settings.corpus.mkdir(exist_ok=True)
    settings = settings.model_copy(update={"database": SecretStr(postgres_url)})
    with psycopg.connect(connection_to(postgres_url), autocommit=True) as db:
        make_tables(db)
        db.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('a', 'embed')")
        db.execute("INSERT INTO results VALUES (1, %s)", (CANARY.encode(),))
        purging.purge(settings, index_store(settings), Uploads(settings), "plan.md", anyway=True)
        assert db.execute("SELECT * FROM results, procrastinate_jobs").fetchall() == []


def test_a_file_in_the_corpus_is_not_touched(purged: CommandLine, records: Records) -> None:
    path = purged.write("plans/plan.md", PLAN)
    done = purged("purge", "plans/plan.md")
    assert done.code == 1
    assert "Nothing was purged. Take its file out of there" in done.err
    assert path.read_text() == PLAN
    assert records.counts().exchanges == 5
    shutil.rmtree(purged.settings.corpus)
    assert purged("purge", "plans/plan.md").code == 1


def test_what_lies_in_a_file_goes_with_it(command: CommandLine, records: Records) -> None:
    members = {"plan.txt": f"The codeword is {CANARY}.", "other.txt": "Other words."}
    (command.settings.corpus / "a.zip").write_bytes(zipped(members))
    command.write("a.zipped.txt", "Words.")
    command("reindex")
    quote = replace(ANSWER.excerpts[0], document="a.zip/plan.txt", quote=CANARY)
    asked(records, ANN, "quoted", excerpts=(quote,))
    asked(records, ANN, "stays", named_documents=("a.zipped.txt",))
    Uploads(command.settings).remove("a.zip")
    inner = command("purge", "a.zip/plan.txt")
    assert (inner.code, inner.err) == (
        1, "'a.zip/plan.txt' lies in the file 'a.zip'. Nothing was purged; purge that.\n",
    )  # fmt: skip
    done = json.loads(command("purge", "a.zip", "--json").out)
    assert (done["was_indexed"], done["kept_files"], done["exchanges"]) == (True, 1, 1)
    assert holds(command.settings.index, CANARY) == holds(command.settings.records, CANARY) == []
    generation = CurrentGeneration(IndexStore(command.settings.index), None).generation()
    assert generation.catalog.document_names() == {"a.zipped.txt"}


def test_a_folder_is_not_purged(purged: CommandLine, records: Records) -> None:
    purged.write("plans/other.md", "Words.")
    done = purged("purge", "plans")
    assert (done.code, records.counts().exchanges) == (1, 5)
    assert "'plans' is a folder." in done.err


def test_copies_of_it_are_named(purged: CommandLine) -> None:
    purged.write("copy.md", PLAN)
    purged("reindex")
    done = purged("purge", "plans/plan.md")
    assert done.out.startswith(
        "Purged plans/plan.md: the index, 1 of the removed or replaced files, 1 of the waiting "
        "uploads, 4 of the recorded questions.\n"
    )
    assert "Documents with the same bytes still answer (1):\n  copy.md\n" in done.out
    assert "backups made before" in done.out


def test_after_an_interruption_it_is_purged_again(
    purged: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    settings = purged.settings
    for step in ("_remove", "_documents_with", "_forget"):
        monkeypatch.setattr(purging, step, killed)
        assert purged("purge", "plans/plan.md").code == 130
        monkeypatch.undo()
        assert not holds(settings.index, CANARY)
    monkeypatch.setattr(IndexStore, "prune", killed)
    purged.write("b.md", "Words.")
    purged("reindex")
    assert purged("purge", "plans/plan.md").code == 130
    monkeypatch.undo()
    assert IndexStore(settings.index).pointer().previous is None
    assert purged("purge", "plans/plan.md").code == 0
    assert len(IndexStore(settings.index).numbers()) == 1
    assert holds(settings.index, CANARY) == holds(settings.records, CANARY) == []


@pytest.mark.parametrize("name", ["../records/records.sqlite", "/etc/passwd", "plans/plam.md", ""])
def test_of_a_name_that_nothing_has_nothing_is_changed(
    purged: CommandLine, records: Records, name: str
) -> None:
    purged("reindex")
    store = IndexStore(purged.settings.index)
    before = store.pointer(), store.numbers(), records.counts()
    done = purged("purge", name)
    assert (done.code, store.pointer(), store.numbers(), records.counts()) == (1, *before)
    assert done.err.startswith(f"Nothing is kept of {name!r}")
    assert ("did you mean plans/plan.md?" in done.err) == (name == "plans/plam.md")
